/* Every way to put one visit into a plan that keeps its other visits' carers and orders: the slow truth for the
 * explanations. Tries each with cr_plan_time and asks the checker. Breaks may stand anywhere in their round.
 */
#ifndef TESTS_EVERY_INSERTION_H
#define TESTS_EVERY_INSERTION_H

#include "careround/plan.h"

typedef struct insertion_truth {
    int64_t n_plans;    /* valid plans found */
    int64_t least_cost; /* of those, in all */
    bool *carer_can;    /* by carer: is she in one? Memory of the caller, n_carers */
} insertion_truth;

/* Aborts when memory runs out. For visits of one or two carers and at most two breaks a shift. */
void every_insertion(const cr_problem *problem, const cr_plan *plan, int32_t visit, insertion_truth *truth);

#endif
