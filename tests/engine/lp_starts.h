/* The cheapest starts for the orders of a plan, by a linear program in GLPK: the oracle of cr_plan_time.
 *
 * Written from docs/model.md; shares nothing with engine/. Several windows are branched on.
 */
#ifndef TESTS_LP_STARTS_H
#define TESTS_LP_STARTS_H

#include "careround/plan.h"

/* Give the plan (who and in what order; its starts are ignored) starts, departures and returns. False: there are none,
 * and the plan is spoilt. Its cost is not touched. ret_cost (may be NULL): waiting, also in the wages, lateness, worst
 * lateness and preferred times. The plan may have a visit in part; it is priced where its first slot is. */
bool lp_starts(const cr_problem *problem, cr_plan *plan, int64_t *ret_cost);

/* The oracle of cr_evaluate: the least sum of ticks past the ends of windows, breaks and shifts, and off the gaps, that
 * any starts of these orders have; those starts go into the plan. False: none do, for some wait for each other. */
bool lp_least_past(const cr_problem *problem, cr_plan *plan, int64_t *ret_ticks);

#endif
