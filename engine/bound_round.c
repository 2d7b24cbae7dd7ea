/* Rounds of labels: the stops that a label goes to, how a round ends, and what it is as a column. */
#include "bound_price_internal.h"

#include <stdlib.h>

#define COLUMNS_BEST 6 /* of one look */

static int32_t sooner(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

shape_stop bound_price_break(const bound_pricer *q, int32_t k)
{
    const cr_break *brk = &q->b->m->p->breaks[q->group->breaks.first + k];
    return (shape_stop){.lo = brk->open > q->shift->begin ? brk->open : q->shift->begin,
                        .hi = sooner(brk->close, q->shift->end - brk->length),
                        .length = brk->length,
                        .price = {.early_until = INT32_MIN, .late_from = INT32_MAX, .due = INT32_MAX}};
}

shape_stop bound_price_stop(const bound_pricer *q, int32_t node)
{
    const bound_node *at = bound_price_node(q, node);
    shape_stop stop = at->stop;
    stop.price.tilt = q->gain[node].tilt;
    stop.price.tilt_from = stop.lo;
    stop.length = q->shift->length[at->slot];
    stop.lo = stop.lo > q->shift->begin ? stop.lo : q->shift->begin;
    stop.hi = sooner(stop.hi, q->shift->end - stop.length);
    return stop;
}

void bound_price_finish(bound_pricer *q, int32_t at)
{
    const label *l = &q->labels[at];
    if (l->node == q->group->nodes.n || l->breaks != (1u << q->group->breaks.n) - 1)
        return;
    int32_t place = bound_price_place(q, l);
    leg home = q->shift->end_place == CR_NONE ? (leg){0, 0} : *leg_of(q->b->m, q->shift, place, q->shift->end_place);
    if (home.time >= CR_NO_WAY || l->ready > q->shift->end - home.time)
        return;
    if (q->group->max_work != INT32_MAX && (int64_t)l->work + home.time > q->group->max_work)
        return;
    int64_t value = shape_least(bound_price_shape(q, l), q->shift->end - home.time) +
                    q->b->parts * (home.time * q->shift->travel_rate + home.dist_m * q->shift->dist_rate);
    finish *best = &q->finishes[l->node];
    if (value < best->value)
        *best = (finish){value, at, shape_best(bound_price_shape(q, l), q->shift->end - home.time)};
    if (q->look == LOOK_EXACT && value < q->cutoff)
        q->cutoff = value;
    q->least = value < q->least ? value : q->least;
}

static int compare_finishes(const void *a, const void *b)
{
    const finish *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->label < y->label ? -1 : x->label > y->label;
}

static cr_status room_for_path(bound_pricer *q, int32_t n)
{
    if ((size_t)n < q->room_path)
        return CR_OK;
    size_t room = 2 * q->room_path + 64;
    bound_stay *grown = realloc(q->path, room * sizeof *grown);
    if (!grown)
        return CR_E_NOMEM;
    q->path = grown;
    q->room_path = room;
    return CR_OK;
}

/* The break that a label took; CR_NONE: it went to a node. */
static int32_t break_taken(const bound_pricer *q, const label *l)
{
    int32_t k = 0, taken = l->breaks ^ q->labels[l->parent].breaks;
    if (!taken)
        return CR_NONE;
    while (!(taken >> k & 1))
        k++;
    return k;
}

/* Backwards, each stop at its cheapest time for leaving when the next must. */
static cr_status add_column(bound_pricer *q, const finish *f, bound_columns *list)
{
    int32_t n = 0, leaves = f->leaves;
    int64_t cost = f->value;
    for (int32_t at = f->label; q->labels[at].parent != CR_NONE; at = q->labels[at].parent) {
        const label *l = &q->labels[at], *before = &q->labels[l->parent];
        int32_t taken = break_taken(q, l), way = 0;
        shape_stop stop = taken == CR_NONE ? bound_price_stop(q, l->node) : bound_price_break(q, taken);
        if (taken == CR_NONE)
            bound_way(q->b, q->shift, bound_price_place(q, before), bound_price_node(q, l->node), &way, &(int64_t){0});
        int32_t start = shape_start(bound_price_shape(q, before), way, &stop, q->group->waiting, leaves);
        leaves = start - way;
        if (taken != CR_NONE)
            continue;
        cr_status st = room_for_path(q, n);
        if (st)
            return st;
        const bound_node *node = bound_price_node(q, l->node);
        q->path[n++] = (bound_stay){node->row, start};
        cost += bound_slot_price(q->b, node->slot, q->shift->carer) - q->gain[l->node].first -
                q->gain[l->node].tilt * (start - stop.price.tilt_from) -
                bound_price_tolls(q, &before->odd, &q->trios.of_node[l->node]);
    }
    return bound_columns_add(list, (int32_t)(q->group - q->b->groups), cost, q->path, n);
}

cr_status bound_price_columns(bound_pricer *q, int64_t below, bound_columns *list)
{
    int32_t n = q->group->nodes.n;
    qsort(q->finishes, (size_t)n, sizeof *q->finishes, compare_finishes);
    for (int32_t k = 0; k < n && k < COLUMNS_BEST && q->finishes[k].value < below; k++) {
        cr_status st = add_column(q, &q->finishes[k], list);
        if (st)
            return st;
    }
    return CR_OK;
}
