/* What the files of order.h share. */
#ifndef ENGINE_ORDER_INTERNAL_H
#define ENGINE_ORDER_INTERNAL_H

#include "order.h"

#include <assert.h>

static inline order_undo *order_log(order *o, enum order_undo_kind kind, int32_t at)
{
    assert(o->n_log < o->room_log);
    order_undo *undo = &o->log[o->n_log++];
    undo->kind = kind;
    undo->at = at;
    return undo;
}

/* The visit has to be decoded again. may_fall: its start may become earlier. */
void order_touch(order *o, int32_t visit, bool may_fall);
void order_touch_again(order *o, int32_t visit); /* its key has changed meanwhile */

int64_t order_price_of_start(const order *o, int32_t visit, int32_t start);
int32_t order_lateness_at(const order *o, int32_t visit, int32_t start); /* ticks after due */
void order_note_late(order *o, int32_t visit, int32_t late);

/* Into the bank at its end, or where it was; and out of it. Not logged. */
void order_list_at(order *o, int32_t visit, int32_t at);
void order_unlist(order *o, int32_t visit);

#endif
