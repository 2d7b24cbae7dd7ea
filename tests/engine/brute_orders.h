/* Every order in which one shift can serve some visits of a tiny problem, with the least it can cost by itself. */
#ifndef TESTS_BRUTE_ORDERS_H
#define TESTS_BRUTE_ORDERS_H

#include "careround/problem.h"

#define BRUTE_VISITS_MOST 7
#define BRUTE_STOPS_MOST  12
#define BRUTE_KEYS        (1 << (2 * BRUTE_VISITS_MOST))

/* Which slot of which visit a shift serves: two bits a visit, 0 none, else 1 + the place among its slots. */
typedef uint16_t brute_key;

typedef struct brute_order {
    brute_key key;
    uint8_t n, stops[BRUTE_STOPS_MOST]; /* slots, or n_slots + a break */
    int32_t work;                       /* care, legs and doors */
    int32_t travel, dist_m;             /* legs */
    int32_t late;                       /* the least worst lateness of its visits */
    /* All its cost but worst lateness. A visit's own time is charged to its first slot. Exact if nothing outside the
     * round moves its starts, else a lower bound. */
    int64_t cost;
    int64_t fixed; /* the part of it that no start changes */
} brute_order;

typedef struct brute_orders {
    int32_t n, room;
    brute_order *items;            /* by key, then cost */
    int32_t first[BRUTE_KEYS + 1]; /* the items of key: [first[key], first[key + 1]) */
} brute_orders;

/* Aborts if memory runs out or the problem is not tiny (RANDOM_TINY). */
void brute_orders_find(const cr_problem *problem, int32_t shift, brute_orders *ret_orders);
void brute_orders_done(brute_orders *orders);

#endif
