/* A small day with everything that an answer must show, and a plan for it worked out by hand.
 *
 *   base ---10 min--- Mary ---15 min--- Bold (double-up) ---5 min--- Juergen
 *
 * Ann does Mary, then half of the double-up, has her break and does Juergen. Bob does the other half. Cara's evening is
 * idle. Two visits are unallocated: one needs a skill that nobody has, one client has no position. The names try to
 * break every format.
 */
#ifndef TESTS_API_SAMPLE_DAY_H
#define TESTS_API_SAMPLE_DAY_H

#include "write.h"

enum { BASE, MARY, BOLD, JUERGEN, ZOFIA }; /* places and, one less, clients; Zofia has no place */
enum { VISIT_MARY, VISIT_BOLD, VISIT_JUERGEN, VISIT_SKILLED, VISIT_ZOFIA };
enum { ANN, BOB, CARA }; /* carers and their shifts */

typedef struct sample {
    cr_day *day;
    cr_plan *plan;
    cr_check *check;
    cr_report *report;
    cr_explanations explanations;
    answer answer;
} sample;

/* cmocka setup and teardown; *state is a sample. */
int sample_setup(void **state);
int sample_teardown(void **state);

/* What a writer writes, yours to free. */
char *sample_written(const answer *a, answer_writer write);

/* Make every number locale a trap: "," for the decimal point. False where the machine has no such locale. */
bool sample_use_comma_locale(void);

#endif
