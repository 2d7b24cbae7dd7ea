/* The cheapest plan of a tiny problem (RANDOM_TINY), by trying them all: the oracle of the search.
 *
 * Every order of every shift (brute_orders.h); every way to share the visits out, the least cost first; the cheapest
 * starts of what is left by GLPK (lp_starts.h). Shares nothing with the search; the checker says what the plan costs.
 */
#ifndef TESTS_BRUTE_FORCE_H
#define TESTS_BRUTE_FORCE_H

#include "careround/plan.h"

/* Never NULL: with no visit served it is a plan too. plan->cost is the checker's. Aborts if memory runs out, or if the
 * checker finds a rule broken: then one of the two is wrong. */
cr_plan *brute_force(const cr_problem *problem);

/* What the cheapest plan costs where no round moves another's starts and carers have no limits and prices on their
 * hours; then also where travel depends on the time of day. Waiting, starts and departures are all tried. */
int64_t brute_force_least(const cr_problem *problem);

#endif
