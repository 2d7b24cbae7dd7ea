/* What the parts of pricing share: price.c answers while places are tried, price_exact.c before a change is accepted.
 */
#ifndef ENGINE_PRICE_INTERNAL_H
#define ENGINE_PRICE_INTERNAL_H

#include "price.h"
#include "starts.h"

typedef struct saved {
    int32_t index; /* a shift, or n_shifts + a visit */
    int64_t old;
} saved;

struct pricer {
    const model *m;
    int64_t total;        /* of all starts, as they stand */
    int64_t worst;        /* the worst lateness when all was last priced, ticks */
    int64_t *round_price; /* waiting and overrun of each round */
    int64_t *visit_price; /* start price of each visit served; 0 for others */
    saved *log;
    int32_t n_log, room_log;
    int64_t total_before;
    bool out_of_memory;
    int32_t *touched;
    int32_t n_touched;
    bool *is_touched;
    int64_t *base;         /* estimate of each round as it stands, */
    int64_t *base_version; /* of its state with that number; 0: none yet */
    int64_t *noted;        /* the same of each round as it was at the last commit, */
    bool *is_noted;        /* if it has been noted since then */
    bool *is_joined;       /* and its spans are remembered, those from each stop on where has_from says so */
    bool *has_from;
    spans spans; /* of each stop */
    starts solver;
    round_view *views;
    int32_t *stops, *gaps;
    int32_t n_views, n_gaps, n_region;
    int32_t *region; /* shifts */
    bool *in_region, *gap_listed;
    hinge hinges[HINGES_MOST]; /* scratch */
};

/* All starts as early as they can be, where those are the cheapest. Notes the worst lateness. */
int64_t price_earliest(pricer *price, const rota *x);

/* Of these starts of all visits; noted for the trials to come. */
int64_t price_worst_lateness(pricer *price, const rota *x, const int32_t *at);

#endif
