/* Random orders for a random problem: rounds that hold together at random hidden starts, so that some starts exist. */
#ifndef TESTS_RANDOM_ROTA_H
#define TESTS_RANDOM_ROTA_H

#include "careround/plan.h"

/* Visits that do not fit are unallocated. Skills and limits of work are not asked: only time counts here. The starts in
 * the plan are the hidden ones. Aborts if memory runs out. */
cr_plan *random_rota(const cr_problem *problem, uint64_t seed);

/* Exchange two stops of one round, if any has two: perhaps no starts are left. */
void random_rota_disturb(cr_plan *rota, uint64_t seed);

#endif
