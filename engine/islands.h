/* Several trajectories of one whole problem, side by side: a thread each, and now and then all go on from where the
 * best of them stands. With an iteration limit their number follows from nothing but this file, so the plan is the same
 * on any number of threads; of ruin and recreate there is one trajectory then, which makes more of so many iterations
 * than two do that have half of them each.
 */
#ifndef ENGINE_ISLANDS_H
#define ENGINE_ISLANDS_H

#include "solve_run.h"

/* How many there would be; 1: a single trajectory does as well. */
int32_t islands_n(const solve_run *run, trajectory_kind kind);

/* From this plan to the end of the run's time or iterations; better plans are offered to the run. CR_E_NOMEM,
 * CR_E_INTERNAL. */
cr_status islands_run(solve_run *run, const model *m, trajectory_kind kind, const cr_plan *start);

#endif
