/* A proved lower bound: no plan of this problem costs less, whoever makes it.
 *
 * Column generation on a relaxed problem (docs/model.md section 8). What the bound leaves out can only make plans
 * dearer, so it holds for every rule and price, also for those it knows nothing of.
 */
#ifndef CAREROUND_BOUND_H
#define CAREROUND_BOUND_H

#include "careround/plan.h"

/* What a problem asks and the bound does not: the true least cost may be higher for each of these. */
typedef enum cr_relaxed {
    CR_RELAXED_TOGETHER, /* the carers of a visit start together, and are different people: only on the whole, over
                            rounds that are mixed */
    CR_RELAXED_GAPS,     /* gaps between visits, and their carers */
    CR_RELAXED_MAX_WORK, /* most work over several shifts of a carer, and rest between days: each shift stands alone */
    CR_RELAXED_BREAKS, /* breaks of shifts with more than CR_BOUND_BREAKS of them, their waiting is free; times between
                          the windows of a break */
    CR_RELAXED_SHARED_PRICES, /* prices that rounds share: worst lateness, overtime, contracted work, faces, providers
                               */
    CR_RELAXED_GOODS,         /* room on board, along the round and at breaks */
    CR_RELAXED_WAYS,          /* most travel and distance of a round */
    CR_RELAXED_REPEATS,       /* no visit twice in a round, and each visit whole: only the nearest are looked at */
    CR_RELAXED_HELD_BACK,     /* time held back: neither held nor paid for, and waiting costs no more than it */
    CR_RELAXED_N
} cr_relaxed;

#define CR_BOUND_BREAKS 4

/* "together", "gaps", ... as in plan.json. */
const char *cr_relaxed_name(cr_relaxed relaxed);

typedef struct cr_bound_options {
    double time_s;                   /* stop after this long; < 0 no limit */
    int64_t iterations;              /* stop after so many rounds of pricing; < 0 no limit; 0: what is proved without
                                        any, in a moment also on a large day */
    int32_t n_threads;               /* to use; what so many rounds of pricing prove is the same with any number */
    int32_t core_rows;               /* with so many slots to serve, alike ones counted once, or more, mostly rounds of
                                        visits that a shift was met to serve are priced; < 0: where that is quicker */
    const cr_plan *start;            /* a plan to begin from: the bound comes sooner. NULL: from nothing */
    double (*clock_s)(void *user);   /* monotonic seconds; NULL: no time limit */
    bool (*should_stop)(void *user); /* NULL or asked now and then; true: stop and keep the best bound. This and
                                        clock_s on any of the threads, on one at a time */
    void *user;
} cr_bound_options;

#define CR_BOUND_OPTIONS_INIT ((cr_bound_options){.time_s = -1, .iterations = -1, .n_threads = 1, .core_rows = -1})

typedef struct cr_bound {
    int64_t cost;                /* every plan costs so much or more, cost units; 0 proves nothing */
    bool converged;              /* more time would give no more than a thousandth of a percent more */
    bool relaxed[CR_RELAXED_N];  /* of what the problem has */
    int32_t iterations, columns; /* rounds of pricing; rounds of carers met */
    int64_t labels;              /* partial rounds looked at */
    int32_t glpk_faults;         /* GLPK failed so often, and was caught: the bound stays proved, but may be lower */
    double elapsed_s;
} cr_bound;

/* Find a lower bound for a validated problem. At any stop what is proved so far is the answer. CR_E_NOMEM otherwise. */
cr_status cr_bound_find(const cr_problem *problem, const cr_bound_options *options, cr_bound *ret_bound);

#endif
