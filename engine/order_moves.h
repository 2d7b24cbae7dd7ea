/* The moves of order_search.c: one random change of an order of visits at a time. */
#ifndef ENGINE_ORDER_MOVES_H
#define ENGINE_ORDER_MOVES_H

#include "order.h"
#include "random.h"

typedef struct order_moves {
    order *o;
    rng *random;
    int32_t n_near;  /* neighbours of a visit that are looked at */
    bool is_crowded; /* two keys are so near each other that nothing goes between: renumber */
} order_moves;

/* Make one random move, begun but not settled. False: it cannot be; perhaps half made. Either way the caller undoes it
 * or commits it. */
bool order_move(order_moves *s);

#endif
