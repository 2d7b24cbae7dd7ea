/* A small day worked out by hand: one tick is a minute, so that every sum can be done in the head.
 *
 *   places   base, A, B, C          to:  base    A    B    C      metres: 100 a minute
 *                             from base    0   10   20    5
 *                                     A   12    0   15    7
 *                                     B   20   14    0    9
 *                                     C    5    7    9    0
 *
 *   Ada (skill 1 at level 2, attribute 7, wage 3, at most 147 of work)
 *       shift 0  08:00-12:00 base to base, paid break of 15 from 10:00 to 11:00, most load 3, use 50
 *       shift 2  14:00-18:00 from anywhere to base
 *   Bo  (skill 1 at level 1, wage 2)
 *       shift 1  08:00-12:00 from base to anywhere, use 40
 *
 *   v0  client 0 at A, 30, door 3, window 08:30-09:00, skill 1 at level 2, attribute 7, preferred until 08:20 (2 late)
 *   v1  client 1 at B, two carers for 30 and 45, door 4, windows 09:00-09:30 and 10:00-10:30, due 09:20 (5 late),
 *       load 2, wishes for Bo
 *   v2  client 2 at A, 20, door 3, window 14:00-17:00
 *   v3  client 3 at C, two carers for 10, window 08:00-12:00, unallocated at 1000 a carer
 *   gap 0  v0 to v2, start to start, 300 to 400, same carer       gap 1  v0 to v1, end to start, 20 to 60
 *
 *   Round 0, Ada   leaves 08:20, v0 08:35-09:05, v1 09:25-09:55, break 10:00-10:15, back 10:35
 *       legs 10 + 15 + 20 = 45, door 3 + 4 = 7, care 60, break 15, in all 135: waiting 2 + 1 + 5 = 8
 *   Round 1, Bo    leaves 09:00, v1 09:25-10:10
 *       leg 20, door 4, care 45, in all 70: waiting 1
 *   Round 2, Ada   leaves 14:57 (at the door), v2 15:00-15:20, back 15:32
 *       leg 12, door 3, care 20, in all 35: waiting 0
 */
#ifndef TESTS_WORKED_DAY_H
#define TESTS_WORKED_DAY_H

#include "careround/plan.h"

#define HM(h, m) ((h)*60 + (m))

typedef struct worked_day {
    cr_matrix *matrix;
    cr_problem *problem;
    cr_plan *plan; /* obeys every rule, and claims the right cost */
} worked_day;

enum { ADA, BO };
enum { BASE, AT_A, AT_B, AT_C };

/* Aborts when memory runs out. */
void worked_day_init(worked_day *day);
void worked_day_done(worked_day *day);

/* What the plan costs, and in all: 11854. */
extern const int64_t worked_day_terms[CR_TERM_N];

#endif
