/* Simulated annealing over one order of all visits (order.h): the second kind of trajectory. */
#ifndef ENGINE_ORDER_SEARCH_H
#define ENGINE_ORDER_SEARCH_H

#include "order.h"

typedef struct order_search order_search;

/* Is this problem one for this kind of search? It must know all its rules and prices, and the problem must be small,
 * dense in visits that hang together, and price being late; else ruin and recreate does better: measured on
 * Bredstroem's hard windows and the Strathclyde days (560 visits). */
bool order_search_suits(const model *m);

/* The model is borrowed. CR_E_NOMEM. */
cr_status order_search_new(const model *m, uint64_t seed, order_search **ret_search);
order_search *order_search_free(order_search *s);
CR_AUTO_DEFINE(order_search)

/* Begin with the rounds of a plan, as far as they hold. CR_E_NOMEM. */
cr_status order_search_begin(order_search *s, const cr_plan *start);

/* One iteration: a fixed number of moves at the temperature that belongs to this share (0: hot, 1: cold) of the course.
 * CR_E_NOMEM. */
cr_status order_search_step(order_search *s, double share);

/* Of the best plan since the beginning, and of the one where the search stands. */
int64_t order_search_best_cost(const order_search *s);
int64_t order_search_cost_now(const order_search *s);

/* At earliest starts, yet to be timed; the caller's. CR_E_NOMEM. */
cr_status order_search_best(const order_search *s, cr_plan **ret_plan);
cr_status order_search_plan_now(const order_search *s, cr_plan **ret_plan);

#endif
