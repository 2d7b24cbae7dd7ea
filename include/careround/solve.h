/* The search: from a problem to the best plan found in the time given. Always gives a plan. */
#ifndef CAREROUND_SOLVE_H
#define CAREROUND_SOLVE_H

#include "careround/plan.h"

typedef struct cr_progress {
    double elapsed_s;
    int64_t iterations;
    int64_t cost;          /* of the best plan so far */
    int32_t n_unallocated; /* slots */
} cr_progress;

typedef struct cr_solve_options {
    double time_s;      /* stop after this long; < 0 no limit */
    int64_t iterations; /* stop after so many; < 0 no limit. One of the two must be set */
    uint64_t seed;
    int32_t n_threads;             /* at most so many; 0 as 1. With an iteration limit the plan does not depend on it */
    int32_t part_visits;           /* search in parts of about so many visits; 0: in parts where that pays */
    bool use_glpk;                 /* choose among the rounds found by set partitioning */
    const cr_plan *start;          /* begin from this plan's rounds (those that still hold); NULL: from nothing */
    double (*clock_s)(void *user); /* monotonic seconds; asked from any of the threads */
    bool (*should_stop)(void *user); /* NULL or asked now and then; true: stop and keep the best */
    void (*on_best)(const cr_progress *progress, void *user); /* NULL or told of every better plan; like should_stop,
                                                                 on the caller's thread only */
    void *user;
} cr_solve_options;

#define CR_SOLVE_OPTIONS_INIT ((cr_solve_options){.time_s = -1, .iterations = -1, .seed = 1, .use_glpk = true})

typedef struct cr_solve_stats {
    int64_t iterations;
    double elapsed_s, first_complete_s; /* first plan with nothing unallocated; < 0 never */
    int32_t glpk_runs, glpk_wins, glpk_faults;
} cr_solve_stats;

/* Solve a validated problem. stats may be NULL. Same problem, options and seed with an iteration limit: same plan,
 * whatever the number of threads. */
cr_status cr_solve(const cr_problem *problem, const cr_solve_options *options, cr_plan **ret_plan,
                   cr_solve_stats *stats);

/* Give the rounds of a plan (who and in what order) the cheapest starts there are; the starts in it are ignored.
 * CR_E_INPUT if no starts satisfy the rules of time; plan is then untouched. Sets plan->cost. */
cr_status cr_plan_time(const cr_problem *problem, cr_plan *plan);

#endif
