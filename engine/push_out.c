/* Putting a visit where another one is. */
#include "push_out.h"

#include "ruin.h"
#include "spots.h"

#include <stdlib.h>

#define OVERLOOKED  0.7 /* chance that a place is, so that it is not always the same visit that gives way */
#define PLACES_MOST 6   /* kept, */
#define TRIES_MOST  3   /* and tried in earnest */
#define OTHERS_MOST 16  /* free places kept for each of the other carers */

/* Where each slot of a visit goes, and who gives way. */
typedef struct pushed_team {
    int32_t shift[CR_SLOTS_MOST], k[CR_SLOTS_MOST], out;
} pushed_team;

struct pusher {
    const model *m;
    spotter spotter;
    spot places[PLACES_MOST]; /* of those that might give way, the cheapest, sorted */
    int32_t n_places;
    spot others[CR_SLOTS_MOST][OTHERS_MOST]; /* of each slot: where there is room; slots that are alike share them */
    int32_t n_others[CR_SLOTS_MOST];
};

cr_status pusher_new(const model *m, pusher **ret_pusher)
{
    cr_auto(pusher) pu = calloc(1, sizeof *pu);
    if (!pu)
        return CR_E_NOMEM;
    pu->m = m;
    if (spotter_init(&pu->spotter, m))
        return CR_E_NOMEM;
    *ret_pusher = pusher_take(&pu);
    return CR_OK;
}

pusher *pusher_free(pusher *pu)
{
    if (pu)
        spotter_done(&pu->spotter);
    free(pu);
    return NULL;
}

/* Is there time for it in the place of stop k, as far as ways at their usual times tell? *ret_e, *ret_l: its starts.
 * *ret_way: what the ways to it and on take more. */
static bool has_time(const model *m, const request *q, const model_shift *shift, const stop_state *stops, int32_t k,
                     int32_t *ret_e, int32_t *ret_l, int32_t *ret_way)
{
    const stop_state *before = &stops[k - 1], *at = &stops[k], *after = &stops[k + 1];
    int32_t in = leg_time(m, shift, before->place, q->start->place), e = before->ready + in,
            l = after->latest - shift->length[q->slot];
    *ret_way = in - at->leg_time;
    if (!is_placeless(m, after->stop)) {
        int32_t on = leg_time(m, shift, q->start->place, after->place);
        l -= on;
        *ret_way += on - after->leg_time;
    }
    *ret_e = e > q->lo ? e : q->lo;
    *ret_l = l < q->hi ? l : q->hi;
    return *ret_e <= *ret_l;
}

/* The places in one round whose visits might give way. */
static void look_in_round(pusher *pu, const request *q, int32_t r, rng *random)
{
    const rota *x = q->x;
    const model *m = pu->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    if (x->closed[r] || shift->is_over)
        return;
    for (int32_t k = shift->n_held; k < rota_n(x, r) && stops[k - 1].ready <= q->hi; k++) {
        const stop_state *at = &stops[k];
        spot found = {.slot = q->slot, .shift = r, .k = k};
        int32_t way;
        if (stops[k + 1].latest < q->lo || is_placeless(m, at->stop) || (m->is_held && m->is_held[at->start]) ||
            !has_time(m, q, shift, stops, k, &found.e, &found.l, &way) || rng_chance(random, OVERLOOKED))
            continue;
        found.price = shift->travel_rate * way + model_slot_price(m, q->slot, shift->carer) -
                      model_slot_price(m, at->stop, shift->carer);
        pu->n_places = spots_keep(pu->places, pu->n_places, PLACES_MOST, &found);
    }
}

/* The places of one slot of the visit. */
static void look_for_slot(pusher *pu, rota *x, pricer *price, int32_t slot, rng *random)
{
    spotter *sp = &pu->spotter;
    request q = spots_ask(sp, x, price, slot, 0, NULL);
    const cr_range slots = pu->m->p->visits[q.visit].slots;
    int32_t i = slot - slots.first, *n = &pu->n_others[i];
    *n = 0;
    spots_list_rounds(sp, &q, false);
    for (int32_t c = 0; c < sp->n_rounds; c++) {
        look_in_round(pu, &q, sp->rounds[c], random);
        if (slots.n > 1 && rota_has_room(x, sp->rounds[c]))
            *n = spots_in_round(sp, &q, sp->rounds[c], pu->others[i], *n, OTHERS_MOST, COST_NEVER);
    }
    spots_forget_twins(sp);
}

/* The cheapest free place for slot i at a start from e to l, of a carer who is not among those of `t` so far, nor hers
 * for whom room is made; NULL: there is none. */
static const spot *free_place(const pusher *pu, const pushed_team *t, int32_t i, int32_t list, int32_t hers, int32_t e,
                              int32_t l)
{
    const model *m = pu->m;
    for (int32_t s = 0; s < pu->n_others[list]; s++) {
        const spot *here = &pu->others[list][s];
        const int32_t carer = m->shifts[here->shift].carer;
        bool is_free = here->e <= l && here->l >= e && carer != hers;
        for (int32_t j = 0; j < i && is_free; j++)
            is_free = m->shifts[t->shift[j]].carer != carer;
        if (is_free)
            return here;
    }
    return NULL;
}

/* Who comes beside her for whom room is made at `place`: one after the other, the cheapest that can come then. */
static bool find_others(const pusher *pu, const rota *x, const spot *place, pushed_team *t)
{
    const model *m = pu->m;
    const cr_range slots = m->p->visits[m->p->slots[place->slot].visit].slots;
    const int32_t at = place->slot - slots.first, hers = m->shifts[place->shift].carer;
    int32_t e = place->e, l = place->l;
    t->out = m->start_of[rota_stops(x, place->shift)[place->k].stop];
    for (int32_t i = 0; i < slots.n; i++) {
        const spot *chosen =
            i == at ? place : free_place(pu, t, i, m->alike[slots.first + i] - slots.first, hers, e, l);
        if (!chosen)
            return false;
        t->shift[i] = chosen->shift;
        t->k[i] = chosen->k;
        e = chosen->e > e ? chosen->e : e;
        l = chosen->l < l ? chosen->l : l;
    }
    return true;
}

/* Indices once `out` is gone from all rounds. */
static void close_up(const model *m, const rota *x, int32_t n_slots, pushed_team *t)
{
    const cr_range gone = m->p->visits[t->out].slots;
    for (int32_t s = gone.first; s < gone.first + gone.n; s++)
        for (int32_t i = 0; i < n_slots; i++)
            t->k[i] -= rota_round_of(x, s) == t->shift[i] && rota_place_of(x, t->shift[i], s) < t->k[i];
}

int32_t push_out(pusher *pu, inserter *in, rota *x, pricer *price, int32_t visit, rng *random)
{
    const model *m = pu->m;
    const cr_range slots = m->p->visits[visit].slots;
    pushed_team teams[TRIES_MOST];
    int32_t n_teams = 0;
    if (slots.n > CR_SLOTS_MOST || m->starts[visit].place == CR_NONE)
        return CR_NONE;
    pu->n_places = 0;
    spots_draw_blink(&pu->spotter, 0, NULL);
    for (int32_t i = 0; i < slots.n; i++)
        if (m->alike[slots.first + i] == slots.first + i)
            look_for_slot(pu, x, price, slots.first + i, random);
    for (int32_t i = 0; i < pu->n_places && n_teams < TRIES_MOST; i++)
        n_teams += find_others(pu, x, &pu->places[i], &teams[n_teams]);
    const rota_mark mark = rota_now(x);
    for (int32_t i = 0; i < n_teams; i++) {
        pushed_team *t = &teams[i];
        close_up(m, x, slots.n, t);
        ruin_take_out(x, price, t->out);
        if (rota_propagate(x, false) && insert_as_told(in, x, price, visit, t->shift, t->k))
            return t->out;
        rota_undo(x, mark);
    }
    return CR_NONE;
}
