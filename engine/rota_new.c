/* A rota made: its memory, and rounds that are empty but for their breaks. */
#include "rota_internal.h"

#include "breaks.h"
#include "contracts.h"
#include "propagate.h"
#include "shared.h"

#include <stdlib.h>

#define ROUND_ROOM 47 /* stops in a round before it must move: more than a real shift has */

/* ---- memory ---- */

rota *rota_free(rota *x)
{
    if (x) {
        free(x->pool);
        free(x->log);
        free(x->rounds);
        free(x->empty);
        free(x->states);
        free(x->goods);
        free(x->goods_version);
        free(x->saves);
        free(x->aside);
        worklist_done(&x->forward);
        worklist_done(&x->backward);
        free(x->most_seen);
        free(x->most_marked);
        free(x->closed);
        free(x->full);
        free(x->full_rounds);
        free(x);
    }
    return NULL;
}

static size_t take(rota *x, size_t n)
{
    size_t at = x->used;
    x->used += n;
    return at;
}

static void lay_out(rota *x)
{
    const model *m = x->m;
    size_t n_starts = (size_t)m->n_starts, n_slots = (size_t)m->n_slots;
    x->at_earliest = take(x, n_starts);
    x->at_latest = take(x, n_starts);
    x->at_start = take(x, n_starts);
    x->at_arrive = take(x, n_slots);
    x->at_leave = take(x, n_slots);
    x->at_round = take(x, n_slots);
    x->at_work = take(x, (size_t)m->n_carers);
    x->at_day_work = take(x, (size_t)m->n_shifts);
    x->at_round_work = take(x, (size_t)m->n_shifts);
    x->at_provider_care = take(x, (size_t)m->p->n_providers);
    x->at_provider_slots = take(x, (size_t)m->p->n_providers);
    x->at_bank = take(x, (size_t)m->n_visits);
    x->at_bank_place = take(x, (size_t)m->n_visits);
}

/* ---- empty rounds ---- */

/* How the breaks of an empty round stand: as listed, or the one that must be taken soonest first, or as was found. */
typedef enum break_order { BREAKS_AS_LISTED, BREAKS_BY_CLOSE, BREAKS_AS_FOUND } break_order;

/* Those that are held come first, as they were. */
static int32_t break_key(const rota *x, const cr_shift *shift, int32_t b, break_order order, const int32_t *rank)
{
    const cr_problem *p = x->m->p;
    for (int32_t i = 0; i < shift->held.n; i++)
        if (p->held[shift->held.first + i].brk == b)
            return TIME_MIN + i;
    return order == BREAKS_AS_LISTED  ? b
           : order == BREAKS_BY_CLOSE ? p->breaks[b].close
                                      : rank[b - shift->breaks.first];
}

/* The breaks of an empty round. False: they cannot be taken so; after the last try the round has them all the same. */
static bool put_breaks(rota *x, int32_t r, break_order order)
{
    const model *m = x->m;
    const cr_shift *shift = &m->p->shifts[r];
    rota_mark mark = rota_now(x);
    int32_t rank[BREAKS_ORDERED];
    const bool is_last_try = order == BREAKS_AS_FOUND;
    if (order == BREAKS_AS_FOUND && !breaks_find_order(m->p, shift, rank))
        order = BREAKS_BY_CLOSE;
    for (int32_t b = shift->breaks.first; b < shift->breaks.first + shift->breaks.n; b++) {
        int32_t k = rota_n(x, r), key = break_key(x, shift, b, order, rank);
        while (k > 0 && break_key(x, shift, rota_stops(x, r)[k - 1].stop - m->n_slots, order, rank) > key)
            k--;
        rota_insert(x, m->n_slots + b, r, k);
    }
    if (rota_propagate(x, false))
        return true;
    if (!is_last_try)
        rota_undo(x, mark);
    return false;
}

static bool fill_empty(rota *x)
{
    const model *m = x->m;
    for (int32_t i = 0; i < m->n_starts; i++) {
        rota_earliest(x)[i] = m->starts[i].lo;
        rota_latest(x)[i] = m->starts[i].hi;
        rota_start(x)[i] = CR_FREE;
    }
    for (int32_t s = 0; s < m->n_slots; s++) {
        x->pool[x->at_arrive + (size_t)s] = TIME_MIN;
        x->pool[x->at_leave + (size_t)s] = TIME_MAX;
        x->pool[x->at_round + (size_t)s] = CR_NONE;
    }
    for (int32_t v = 0; v < m->n_visits; v++) {
        x->pool[x->at_bank + (size_t)v] = x->pool[x->at_bank_place + (size_t)v] = v;
        x->cost += m->p->visits[v].unallocated_price * m->p->visits[v].slots.n;
    }
    x->n_bank = m->n_visits;
    x->cost += (m->has_hours ? shared_hours(x) : 0) + (m->has_contracts ? contracts_cost(x) : 0);
    for (int32_t r = 0; r < m->n_shifts; r++) {
        const cr_range breaks = m->p->shifts[r].breaks;
        const model_shift *shift = &m->shifts[r];
        round_state *round = &x->rounds[r];
        *round = (round_state){.cap = breaks.n + (m->n_slots < ROUND_ROOM ? m->n_slots : ROUND_ROOM) + 1,
                               .empty_place = CR_NONE,
                               .saved = CR_NONE};
        rota_set_n_visits(x, r, 0);
        if (!rota_take_states(x, round->cap, &round->first))
            return false;
        stop_state *stops = rota_stops(x, r);
        stops[-1] = (stop_state){.stop = CR_NONE, .start = CR_NONE, .place = shift->start_place, .ready = shift->begin};
        stops[0] = (stop_state){.stop = CR_NONE, .start = CR_NONE, .place = shift->end_place, .latest = shift->end};
        x->closed[r] = !put_breaks(x, r, BREAKS_AS_LISTED) && !put_breaks(x, r, BREAKS_BY_CLOSE) &&
                       !put_breaks(x, r, BREAKS_AS_FOUND);
    }
    rota_commit(x);
    return !x->out_of_memory;
}

cr_status rota_new(const model *m, rota **ret_rota)
{
    cr_auto(rota) x = calloc(1, sizeof *x);
    if (!x)
        return CR_E_NOMEM;
    x->m = m;
    x->guard = CR_NONE;
    lay_out(x);
    x->room_log = x->room_saves = x->room_aside = 4096;
    x->pool = calloc(x->used, sizeof *x->pool); /* cells are compared before they are first written */
    x->log = malloc(x->room_log * sizeof *x->log);
    x->rounds = calloc((size_t)m->n_shifts + 1, sizeof *x->rounds);
    x->empty = calloc((size_t)m->n_shifts + 1, sizeof *x->empty);
    x->saves = malloc(x->room_saves * sizeof *x->saves);
    x->aside = malloc(x->room_aside * sizeof *x->aside);
    x->most_seen = malloc(((size_t)m->n_visits + 1) * sizeof *x->most_seen);
    x->most_marked = calloc((size_t)m->n_visits + 1, sizeof *x->most_marked);
    x->closed = calloc((size_t)m->n_shifts + 1, sizeof *x->closed);
    x->full = calloc((size_t)m->n_shifts + 1, sizeof *x->full);
    x->full_rounds = calloc((size_t)m->n_shifts + 1, sizeof *x->full_rounds);
    x->goods_version = calloc((size_t)m->n_shifts + 1, sizeof *x->goods_version); /* no version is 0 */
    if (!x->pool || !x->log || !x->rounds || !x->empty || !x->saves || !x->aside || !x->most_seen || !x->most_marked ||
        !x->closed || !x->full || !x->full_rounds || !x->goods_version || !worklist_init(&x->forward, m->n_shifts) ||
        !worklist_init(&x->backward, m->n_shifts))
        return CR_E_NOMEM;
    if (!fill_empty(x))
        return CR_E_NOMEM;
    *ret_rota = rota_take(&x);
    return CR_OK;
}
