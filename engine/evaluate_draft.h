/* A plan as evaluate.c times it: rounds in order, breaks put in, and each stop looked at once. */
#ifndef ENGINE_EVALUATE_DRAFT_H
#define ENGINE_EVALUATE_DRAFT_H

#include "careround/plan.h"

typedef struct draft {
    cr_plan *plan;
    int32_t *element; /* of each stop: a slot, or n_slots + a break; CR_NONE: nothing that has a time */
    bool *is_double;  /* of each stop: the slot or break stands in a round before already */
    bool *is_timed;   /* of each round: it has a shift, and is the first with this one */
    bool *is_forced;  /* of each round: no starts satisfied the rules when it was timed */
    int32_t *cluster; /* of each round: the first of the rounds whose starts hang together with its own */
    int32_t *n_in;    /* of each first round of a cluster: rounds in it */
    int32_t *n_slots; /* of each visit: slots in rounds */
} draft;

cr_status draft_new(const cr_problem *p, const cr_plan *plan, draft **ret_draft);
draft *draft_free(draft *d);
CR_AUTO_DEFINE(draft)

/* How a round does at its earliest starts, by itself. */
typedef struct outcome {
    int64_t past; /* ticks past ends of windows, breaks and the shift */
    int64_t back;
} outcome;

/* elements as of draft.element. */
outcome walk_round(const cr_problem *p, const cr_shift *shift, const int32_t *elements, int32_t n);

#endif
