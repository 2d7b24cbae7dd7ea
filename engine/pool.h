/* Rounds that the search has met, for GLPK to choose from: of each shift and set of slots, the cheapest order seen. */
#ifndef ENGINE_POOL_H
#define ENGINE_POOL_H

#include "rota.h"

typedef struct pool_round {
    int32_t shift, n, n_slots;
    size_t first; /* of its stops in the pool's store */
    int64_t cost; /* without what depends on the starts of other rounds */
    uint64_t key;
    int64_t seen; /* when it was last met, counted in additions */
} pool_round;

typedef struct pool pool;

cr_status pool_new(const model *m, pool **ret_pool);
pool *pool_free(pool *q);
CR_AUTO_DEFINE(pool)

/* Note round r as it stands; start_price: what its starts cost. Forgets the rounds not met for longest when full. */
void pool_add(pool *q, const rota *x, int32_t r, int64_t start_price);

int32_t pool_n(const pool *q);
const pool_round *pool_at(const pool *q, int32_t i);
const int32_t *pool_stops(const pool *q, const pool_round *round);

#endif
