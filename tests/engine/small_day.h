/* Small days for stories: places on a line, a tick is a minute, a place a minute from the next.
 *
 * Everything is added in a few words; what is left out is the simplest there is (no skills, base at place 0, free).
 */
#ifndef TESTS_SMALL_DAY_H
#define TESTS_SMALL_DAY_H

#include "careround/plan.h"

#define HM(h, m)         ((h)*60 + (m))
#define SMALL_DAY_PLACES 61

typedef struct small_day {
    cr_matrix *matrix;
    cr_problem *problem;
    cr_plan *plan;
} small_day;

/* Travel costs 1 a minute, an unallocated visit 1000 a carer. Aborts when memory runs out, as all of these. */
void small_day_init(small_day *day);
void small_day_done(small_day *day);

/* A carer with one shift from and to place 0. Returns her index, which is her shift's too as long as each has one. */
int32_t small_day_carer(small_day *day, int32_t begin, int32_t end);
/* ... who has a skill (level 1) or an attribute; each at most once, right after the carer. */
void small_day_has_skill(small_day *day, int32_t skill, int32_t level);
void small_day_has_attribute(small_day *day, int32_t attribute);

/* A visit of one carer; its start lies in [open, close]. Returns its index. */
int32_t small_day_visit(small_day *day, int32_t place, int32_t open, int32_t close, int32_t duration);
/* ... one carer more for the last visit; what all its carers need. */
void small_day_one_more(small_day *day);
void small_day_needs_skill(small_day *day, int32_t skill, int32_t level);
void small_day_needs_attribute(small_day *day, int32_t attribute);

/* Validate, then the plan whose round of shift s serves the slots listed in rounds[s] (CR_NONE ends a list; a break is
 * n_slots + its index), timed at its cheapest. All other visits are unallocated. */
#define SMALL_DAY_STOPS 12
void small_day_plan(small_day *day, const int32_t (*rounds)[SMALL_DAY_STOPS], int32_t n_rounds);

#endif
