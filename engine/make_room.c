/* Making room for visits that are left out, where no single change does. */
#include "make_room.h"

#include "begin_from.h"

#include <stdlib.h>
#include <string.h>

#define WAIT_LEAST   100  /* iterations from one beginning to the next, */
#define WAIT_SHARE   0.25 /* in those done, */
#define WAIT_MOST    20000
#define LENGTH_LEAST 20   /* iterations that it goes on, */
#define LENGTH_SHARE 0.5  /* in those waited, where a visit is dear; */
#define LENGTH_FALLS 0.95 /* so much of that is left after each time in vain, */
#define LENGTH_LOW   0.05 /* and no less than this, as where none is */
#define RAISE_SHARE  0.05 /* of its price that a visit weighs more after each iteration out */
#define EJECT_CHANCE 0.6

struct room_maker {
    walk *w;
    int64_t next_at, end_at; /* iterations */
    double length_share;
    double usual_chance; /* of the walk's ejections */
    int64_t before_cost;
    cr_plan *before; /* NULL: nothing is under way */
};

cr_status room_maker_new(walk *w, room_maker **ret_maker)
{
    room_maker *rm = calloc(1, sizeof *rm);
    if (!rm)
        return CR_E_NOMEM;
    *rm = (room_maker){.w = w, .next_at = WAIT_LEAST, .length_share = LENGTH_SHARE};
    *ret_maker = rm;
    return CR_OK;
}

room_maker *room_maker_free(room_maker *rm)
{
    if (rm)
        cr_plan_free(rm->before);
    free(rm);
    return NULL;
}

static cr_status begin_if_due(room_maker *rm)
{
    walk *w = rm->w;
    if (w->n_iterations < rm->next_at)
        return CR_OK;
    double wait = WAIT_SHARE * (double)w->n_iterations;
    int64_t waited = wait < WAIT_LEAST ? WAIT_LEAST : wait > WAIT_MOST ? WAIT_MOST : (int64_t)wait;
    double length = (walk_bank_has_dear(w) ? rm->length_share : LENGTH_LOW) * (double)waited;
    rm->next_at = w->n_iterations + waited;
    if (w->x->n_bank == 0 || walk_bank_is_cheap(w))
        return CR_OK;
    rm->end_at = w->n_iterations + (length < LENGTH_LEAST ? LENGTH_LEAST : (int64_t)length);
    rm->before_cost = walk_cost(w);
    rm->usual_chance = w->eject_chance;
    w->eject_chance = EJECT_CHANCE;
    w->is_raised = true;
    return rota_to_plan(w->x, &rm->before);
}

static void raise_prices(walk *w)
{
    for (int32_t i = 0; i < w->x->n_bank; i++) {
        int32_t v = rota_bank(w->x)[i];
        w->raised[v] += (int64_t)(RAISE_SHARE * (double)walk_price_of_leaving_out(w, v));
    }
}

static cr_status end(room_maker *rm, bool goes_back)
{
    walk *w = rm->w;
    memset(w->raised, 0, (size_t)w->m->n_visits * sizeof *w->raised);
    w->is_raised = false;
    w->eject_chance = rm->usual_chance;
    cr_status st = CR_OK;
    if (goes_back) {
        walk_empty(w);
        if (!(st = begin_from(w->x, w->in, w->price, rm->before)))
            st = walk_settle(w);
    }
    double left = goes_back ? LENGTH_FALLS * rm->length_share : LENGTH_SHARE;
    rm->length_share = left > LENGTH_LOW ? left : LENGTH_LOW;
    rm->before = cr_plan_free(rm->before);
    return st;
}

cr_status room_maker_step(room_maker *rm)
{
    walk *w = rm->w;
    if (!rm->before)
        return begin_if_due(rm);
    if (walk_cost(w) < rm->before_cost)
        return end(rm, false);
    if (w->n_iterations >= rm->end_at)
        return end(rm, true);
    raise_prices(w);
    return CR_OK;
}

cr_status room_maker_end(room_maker *rm)
{
    return rm->before ? end(rm, walk_cost(rm->w) >= rm->before_cost) : CR_OK;
}
