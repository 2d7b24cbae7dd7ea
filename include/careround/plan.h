/* A plan: who, in what order, and every start, break and departure. */
#ifndef CAREROUND_PLAN_H
#define CAREROUND_PLAN_H

#include "careround/problem.h"

/* The named terms of the one sum. docs/model.md gives each as a formula. */
typedef enum cr_term {
    CR_TERM_TRAVEL,
    CR_TERM_MILEAGE,
    CR_TERM_WAGES,
    CR_TERM_OVERTIME,  /* work above a carer's limit, on top of wages */
    CR_TERM_SHORTFALL, /* contracted work that a carer does not get */
    CR_TERM_WAITING,
    CR_TERM_OVERRUN,   /* back after the paid end of the shift */
    CR_TERM_IDLE,      /* the longest idle time of a shift */
    CR_TERM_IMBALANCE, /* work above and below the mean of the carers */
    CR_TERM_LATENESS,
    CR_TERM_WORST_LATENESS,
    CR_TERM_PREFERRED_TIME,
    CR_TERM_CONTINUITY, /* unfamiliar carers, and strangers on short visits */
    CR_TERM_FACES,      /* carers new to a client, each once */
    CR_TERM_PROVIDERS,  /* several providers at a client */
    CR_TERM_ADDRESS,    /* visits at about which several providers are at the address */
    CR_TERM_PREFERENCE, /* carers not on the wish list */
    CR_TERM_PATCH,      /* carers outside their patches */
    CR_TERM_SHIFT_USE,
    CR_TERM_CONTRACTS, /* what providers are paid for care */
    CR_TERM_CHANGES,   /* against the published rota: other carers, moved starts */
    CR_TERM_UNALLOCATED,
    CR_TERM_N
} cr_term;

/* "travel", "mileage", ... as in plan.json and the reports. */
const char *cr_term_name(cr_term term);

typedef struct cr_cost {
    int64_t term[CR_TERM_N]; /* cost units */
    int64_t total;           /* their sum */
} cr_cost;

/* A visit served or a break taken. */
typedef struct cr_stop {
    int32_t slot;  /* index into slots; CR_NONE for a break */
    int32_t brk;   /* index into breaks; CR_NONE for a visit */
    int32_t start; /* start of care or break, ticks */
} cr_stop;

/* The ordered stops of one shift. A break is spent where the carer is, before she travels on: at the stop before it, or
 * at the start place. */
typedef struct cr_round {
    int32_t shift;
    cr_range stops;
    int32_t depart,
        arrive; /* leaves the start place; is back at the end place. First start / last end on an open side */
} cr_round;

/* Rounds with at least one visit, in the order of their shifts. A visit is served when all its slots are in rounds and
 * unallocated when none is; never in part. */
typedef struct cr_plan {
    int32_t n_rounds, n_stops, n_unallocated;
    cr_round *rounds;
    cr_stop *stops;
    int32_t *unallocated; /* visits, ascending */
    cr_cost cost;         /* as the maker claims; the checker sums for itself */
} cr_plan;

/* An empty plan with room for so much. */
cr_status cr_plan_new(int32_t n_rounds, int32_t n_stops, int32_t n_unallocated, cr_plan **ret_plan);
cr_plan *cr_plan_free(cr_plan *plan);
CR_AUTO_DEFINE(cr_plan)
cr_status cr_plan_copy(const cr_plan *plan, cr_plan **ret_copy);

/* Make a plan (indices sound) the published rota of the problem: its carers and starts become published_carer and
 * published_start, and what it does not serve has none. NULL: no rota is published. */
void cr_problem_publish(cr_problem *problem, const cr_plan *plan);

#endif
