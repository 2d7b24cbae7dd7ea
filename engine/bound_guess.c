/* A first guess: see bound_guess.h. Nothing proved rests on it. */
#include "bound_guess.h"

#include "cost.h"

#include <stdlib.h>

static int32_t row_of(const bound_nodes *b, int32_t slot)
{
    const cr_range rows = b->rows_of[b->m->start_of[slot]];
    for (int32_t r = rows.first; r < rows.first + rows.n; r++)
        if (bound_slots_are_alike(b->m, b->rows[r].slot, slot))
            return r;
    return CR_NONE;
}

static void set_worth(const bound_nodes *b, int32_t row, int64_t of_row, int64_t *worth)
{
    for (int32_t k = 0; k < b->moments_of[b->rows[row].visit].n; k++)
        worth[b->rows[row].worth + k] = of_row;
}

static void guess_without(const bound_nodes *b, int64_t *worth)
{
    const model *m = b->m;
    for (int32_t r = 0; r < b->n_rows; r++) {
        int64_t least = COST_NEVER, left_out = bound_left_out(b, b->rows[r].visit);
        for (int32_t c = 0; c < m->n_carers; c++) {
            int64_t price = bound_slot_price(b, b->rows[r].slot, c);
            least = price < least ? price : least;
        }
        int64_t guess = least + 2 * b->parts * (int64_t)m->mean_leg_cost;
        set_worth(b, r, guess < left_out ? guess : left_out, worth);
    }
}

typedef void visitor(void *info, const cr_stop *stop, int64_t cost);

static int64_t leg_price(const bound_nodes *b, const model_shift *shift, int32_t from, int32_t to)
{
    if (from == CR_NONE || to == CR_NONE)
        return 0;
    const leg *way = leg_of(b->m, shift, from, to);
    return b->parts * (way->time * shift->travel_rate + way->dist_m * shift->dist_rate);
}

/* Tell what each slot of a round costs in it: its carer, its start, the way to it and the wait before it, and a share
 * of what the round costs as a whole. Returns the sum, to the last part. */
static int64_t walk(const bound_nodes *b, const cr_plan *plan, const cr_round *round, visitor *visit, void *info)
{
    const model *m = b->m;
    const model_shift *shift = &m->shifts[round->shift];
    int32_t place = shift->start_place, n = 0;
    int64_t at = round->depart, sum = 0, whole = b->parts * shift->use_price;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++)
        if (plan->stops[k].slot != CR_NONE && !is_placeless(m, plan->stops[k].slot)) {
            place = m->starts[m->start_of[plan->stops[k].slot]].place;
            n++;
        }
    whole += leg_price(b, shift, place, shift->end_place);
    place = shift->start_place;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
        const cr_stop *stop = &plan->stops[k];
        if (stop->slot == CR_NONE) {
            at = stop->start + (int64_t)m->p->breaks[stop->brk].length;
            continue;
        }
        if (is_placeless(m, stop->slot)) {
            at = stop->start + (int64_t)shift->length[stop->slot];
            continue;
        }
        int32_t v = m->start_of[stop->slot];
        const model_start *start = &m->starts[v];
        int32_t door = door_after(start, place);
        int64_t waits = stop->start - at - leg_time(m, shift, place, start->place) - door;
        int64_t cost = bound_slot_price(b, stop->slot, shift->carer) + leg_price(b, shift, place, start->place) +
                       b->parts * start_price(m->p, v, stop->start) / m->p->visits[v].slots.n +
                       b->parts * (door * shift->wage + (waits > 0 ? waits * shift->waiting_rate : 0));
        visit(info, stop, cost + whole / n);
        sum += cost;
        place = start->place;
        at = stop->start + (int64_t)shift->length[stop->slot];
    }
    return sum + whole;
}

typedef struct guess {
    const bound_nodes *b;
    int64_t *worth;
    bound_stay *stays;
    int32_t n;
} guess;

static void take_worth(void *info, const cr_stop *stop, int64_t cost)
{
    guess *g = info;
    int32_t r = row_of(g->b, stop->slot);
    if (r != CR_NONE)
        set_worth(g->b, r, cost, g->worth);
}

static void take_stay(void *info, const cr_stop *stop, int64_t cost)
{
    guess *g = info;
    int32_t r = row_of(g->b, stop->slot);
    if (r != CR_NONE)
        g->stays[g->n++] = (bound_stay){r, stop->start};
}

void bound_guess(const bound_nodes *b, const cr_plan *plan, int64_t *ret_worth)
{
    guess_without(b, ret_worth);
    guess g = {.b = b, .worth = ret_worth};
    for (int32_t k = 0; plan && k < plan->n_rounds; k++)
        walk(b, plan, &plan->rounds[k], take_worth, &g);
}

bool bound_guess_known(const bound_nodes *b, const double *slot_worth, int64_t *worth)
{
    int32_t n_known = 0;
    for (int32_t r = 0; r < b->n_rows; r++) {
        if (slot_worth[b->rows[r].slot] < 0)
            continue;
        set_worth(b, r, (int64_t)(slot_worth[b->rows[r].slot] * (double)b->parts), worth);
        n_known++;
    }
    return 2 * n_known > b->n_rows;
}

void bound_guess_keep(const bound_nodes *b, const int64_t *worth, double *ret_slot_worth)
{
    for (int32_t s = 0; s < b->m->n_slots; s++) {
        int32_t r = row_of(b, s);
        ret_slot_worth[s] = r == CR_NONE ? -1 : (double)worth[b->rows[r].worth] / (double)b->parts;
    }
}

cr_status bound_guess_columns(const bound_nodes *b, const cr_plan *plan, bound_columns *list)
{
    guess g = {.b = b, .stays = malloc(((size_t)b->m->n_slots + 1) * sizeof *g.stays)};
    cr_status st = g.stays ? CR_OK : CR_E_NOMEM;
    for (int32_t k = 0; !st && k < plan->n_rounds; k++) {
        g.n = 0;
        int64_t cost = walk(b, plan, &plan->rounds[k], take_stay, &g);
        if (g.n > 0)
            st = bound_columns_add(list, b->group_of[plan->rounds[k].shift], cost, g.stays, g.n);
    }
    free(g.stays);
    return st;
}
