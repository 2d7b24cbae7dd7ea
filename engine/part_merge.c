/* The plans of the parts in the whole's indices, and put together. */
#include "part.h"

#include <stdlib.h>
#include <string.h>

cr_status part_to_whole(const part *q, const cut *c, const cr_plan *plan, cr_plan **ret_plan)
{
    for (int32_t i = 0; i < plan->n_unallocated; i++)
        if (cut_is_frozen(c, q->visits[plan->unallocated[i]]))
            return CR_OK;
    cr_plan *moved;
    cr_status st = cr_plan_copy(plan, &moved);
    if (st)
        return st;
    for (int32_t i = 0; i < moved->n_rounds; i++)
        moved->rounds[i].shift = q->shifts[moved->rounds[i].shift];
    for (int32_t k = 0; k < moved->n_stops; k++) {
        cr_stop *stop = &moved->stops[k];
        if (stop->slot != CR_NONE)
            stop->slot = q->slots[stop->slot];
        else
            stop->brk = q->breaks[stop->brk];
    }
    for (int32_t i = 0; i < moved->n_unallocated; i++)
        moved->unallocated[i] = q->visits[moved->unallocated[i]];
    *ret_plan = moved;
    return CR_OK;
}

typedef struct merger {
    const cr_problem *whole;
    const cut *cut;
    const cr_plan **plan; /* of each shift: where its round is; NULL: idle */
    int32_t *round;
    bool *is_out; /* visits */
    int32_t n_rounds, n_stops, n_out;
} merger;

static void find_rounds(merger *g, cr_plan *const *plans)
{
    for (int32_t v = 0; v < g->whole->n_visits; v++) {
        g->is_out[v] = g->cut->part_of_visit[v] == CR_NONE && g->cut->start_of[v] == CR_FREE;
        g->n_out += g->is_out[v];
    }
    for (int32_t k = 0; k < g->cut->n_parts; k++) {
        for (int32_t i = 0; i < plans[k]->n_rounds; i++) {
            g->plan[plans[k]->rounds[i].shift] = plans[k];
            g->round[plans[k]->rounds[i].shift] = i;
        }
        for (int32_t i = 0; i < plans[k]->n_unallocated; i++)
            g->is_out[plans[k]->unallocated[i]] = true;
        g->n_rounds += plans[k]->n_rounds;
        g->n_stops += plans[k]->n_stops;
        g->n_out += plans[k]->n_unallocated;
    }
}

static void fill(const merger *g, cr_plan *merged)
{
    int32_t at = 0, at_stop = 0, at_out = 0;
    for (int32_t r = 0; r < g->whole->n_shifts; r++) {
        if (!g->plan[r])
            continue;
        cr_round round = g->plan[r]->rounds[g->round[r]];
        memcpy(merged->stops + at_stop, g->plan[r]->stops + round.stops.first,
               (size_t)round.stops.n * sizeof *merged->stops);
        round.stops.first = at_stop;
        at_stop += round.stops.n;
        merged->rounds[at++] = round;
    }
    for (int32_t v = 0; v < g->whole->n_visits; v++)
        if (g->is_out[v])
            merged->unallocated[at_out++] = v;
}

cr_status part_merge(const cr_problem *whole, const cut *c, cr_plan *const *plans, cr_plan **ret_plan)
{
    merger g = {.whole = whole, .cut = c};
    g.plan = calloc((size_t)whole->n_shifts + 1, sizeof *g.plan);
    g.round = calloc((size_t)whole->n_shifts + 1, sizeof *g.round);
    g.is_out = calloc((size_t)whole->n_visits + 1, sizeof *g.is_out);
    cr_status st = g.plan && g.round && g.is_out ? CR_OK : CR_E_NOMEM;
    if (!st) {
        find_rounds(&g, plans);
        st = cr_plan_new(g.n_rounds, g.n_stops, g.n_out, ret_plan);
    }
    if (!st)
        fill(&g, *ret_plan);
    free(g.plan);
    free(g.round);
    free(g.is_out);
    return st;
}
