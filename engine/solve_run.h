/* One call of cr_solve(): what its ways of searching share. The public calls of the caller's functions are made here,
 * progress and stop on the caller's thread only. */
#ifndef ENGINE_SOLVE_RUN_H
#define ENGINE_SOLVE_RUN_H

#include "trajectory.h"

#include <stdatomic.h>

typedef struct solve_run {
    const cr_problem *problem;
    const cr_solve_options *options;
    int32_t n_threads;
    bool prices_rounds; /* in some passes of its parts */
    int32_t n_parts;    /* that it is searched in; 0: as many as its visits make (divide.h) */
    double begun_s;
    atomic_bool is_stopped;
    trajectory_stats stats; /* of the trajectories that have ended, together */
    cr_plan *best;          /* timed exactly */
    int64_t told;           /* cost of the last plan that the caller was told of */
} solve_run;

double run_elapsed_s(const solve_run *run);

/* What a trajectory is told: which caller's functions it may reach. worker: 0 on the caller's thread. */
trajectory_options run_trajectory(solve_run *run, int32_t worker, uint64_t seed);

/* Add up what a trajectory has done. */
void run_count(solve_run *run, const trajectory_stats *stats);

/* Times the plan exactly and keeps a copy if it is the best so far. CR_E_NOMEM, CR_E_INPUT: no starts hold. */
cr_status run_offer(solve_run *run, cr_plan *plan, bool *ret_is_best);
/* The same for a plan that is timed exactly. CR_E_NOMEM. */
cr_status run_offer_timed(solve_run *run, const cr_plan *plan, bool *ret_is_best);

/* Tell the caller of a better plan; not if it was told of one as good. On its thread only. */
void run_tell(solve_run *run, const cr_plan *plan, int64_t cost, int64_t iterations);

#endif
