/* Rounds that the search has met. A hash table with open addressing over two growing stores of fixed size. */
#include "pool.h"

#include "random.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS_MOST 40000
#define TABLE_SIZE  131072 /* a power of two, over three times the rounds */
#define STOPS_MOST  800000

struct pool {
    const model *m;
    pool_round *rounds;
    int32_t *stops, *table; /* table: index into rounds, CR_NONE empty */
    uint64_t *slot_key;
    int32_t n;
    size_t n_stops;
    int64_t clock;
};

pool *pool_free(pool *q)
{
    if (q) {
        free(q->rounds);
        free(q->stops);
        free(q->table);
        free(q->slot_key);
        free(q);
    }
    return NULL;
}

static void clear_table(pool *q)
{
    for (int32_t i = 0; i < TABLE_SIZE; i++)
        q->table[i] = CR_NONE;
}

cr_status pool_new(const model *m, pool **ret_pool)
{
    cr_auto(pool) q = calloc(1, sizeof *q);
    if (!q)
        return CR_E_NOMEM;
    q->m = m;
    q->rounds = malloc(ROUNDS_MOST * sizeof *q->rounds);
    q->stops = malloc(STOPS_MOST * sizeof *q->stops);
    q->table = malloc(TABLE_SIZE * sizeof *q->table);
    q->slot_key = malloc(((size_t)m->n_slots + 1) * sizeof *q->slot_key);
    if (!q->rounds || !q->stops || !q->table || !q->slot_key)
        return CR_E_NOMEM;
    uint64_t state = 1;
    for (int32_t s = 0; s < m->n_slots; s++)
        q->slot_key[s] = splitmix64(&state);
    clear_table(q);
    *ret_pool = pool_take(&q);
    return CR_OK;
}

/* The place of this key in the table, or the empty place where it belongs. */
static int32_t find(const pool *q, uint64_t key)
{
    int32_t at = (int32_t)(key & (TABLE_SIZE - 1));
    while (q->table[at] != CR_NONE && q->rounds[q->table[at]].key != key)
        at = (at + 1) & (TABLE_SIZE - 1);
    return at;
}

static int compare_seen(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Keep the half that was met last. */
static void forget_half(pool *q)
{
    int64_t *seen = malloc((size_t)q->n * sizeof *seen);
    int32_t kept = 0;
    size_t n_stops = 0;
    int64_t limit = q->clock;
    if (seen) {
        for (int32_t i = 0; i < q->n; i++)
            seen[i] = q->rounds[i].seen;
        qsort(seen, (size_t)q->n, sizeof *seen, compare_seen);
        limit = seen[q->n / 2];
        free(seen);
    }
    clear_table(q);
    for (int32_t i = 0; i < q->n; i++) {
        pool_round round = q->rounds[i];
        if (round.seen < limit)
            continue;
        memmove(q->stops + n_stops, q->stops + round.first, (size_t)round.n * sizeof *q->stops);
        round.first = n_stops;
        n_stops += (size_t)round.n;
        q->rounds[kept] = round;
        q->table[find(q, round.key)] = kept++;
    }
    q->n = kept;
    q->n_stops = n_stops;
}

static int64_t round_cost(const rota *x, int32_t r)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    int32_t place = shift->start_place;
    int64_t cost = shift->use_price;
    for (int32_t k = 0; k <= rota_n(x, r); k++) {
        bool is_end = k == rota_n(x, r);
        if (!is_end && is_break(m, stops[k].stop))
            continue;
        const model_start *start = is_end ? NULL : &m->starts[m->start_of[stops[k].stop]];
        if (!is_end && is_placeless(m, stops[k].stop)) { /* time held back */
            cost += model_slot_price(m, stops[k].stop, shift->carer);
            continue;
        }
        int32_t to = is_end ? shift->end_place : start->place;
        if (place != CR_NONE && to != CR_NONE) {
            leg l = shift->times ? (leg){stops[k].leg_time, stops[k].leg_dist} : *leg_of(m, shift, place, to);
            cost += shift->travel_rate * l.time + shift->dist_rate * l.dist_m;
        }
        if (is_end)
            break;
        cost += (place == to ? 0 : shift->wage * start->door) + model_slot_price(m, stops[k].stop, shift->carer);
        place = to;
    }
    return cost;
}

void pool_add(pool *q, const rota *x, int32_t r, int64_t start_price)
{
    const model *m = q->m;
    const stop_state *stops = rota_stops(x, r);
    int32_t n = rota_n(x, r), n_slots = rota_n_visits_in(x, r);
    if (n_slots == 0 || n > 256)
        return;
    uint64_t state = (uint64_t)r, key = splitmix64(&state);
    for (int32_t k = 0; k < n; k++)
        key += is_break(m, stops[k].stop) ? 0 : q->slot_key[stops[k].stop];
    if (q->n == ROUNDS_MOST || q->n_stops + (size_t)n > STOPS_MOST)
        forget_half(q);
    int32_t at = find(q, key);
    int64_t cost = round_cost(x, r) + start_price;
    q->clock++;
    if (q->table[at] != CR_NONE) {
        pool_round *known = &q->rounds[q->table[at]];
        known->seen = q->clock;
        if (cost >= known->cost || known->n != n)
            return;
        known->cost = cost;
        for (int32_t k = 0; k < n; k++)
            q->stops[known->first + (size_t)k] = stops[k].stop;
        return;
    }
    q->table[at] = q->n;
    q->rounds[q->n++] = (pool_round){r, n, n_slots, q->n_stops, cost, key, q->clock};
    for (int32_t k = 0; k < n; k++)
        q->stops[q->n_stops++] = stops[k].stop;
}

int32_t pool_n(const pool *q)
{
    return q->n;
}

const pool_round *pool_at(const pool *q, int32_t i)
{
    return &q->rounds[i];
}

const int32_t *pool_stops(const pool *q, const pool_round *round)
{
    return q->stops + round->first;
}
