/* Putting a visit where another one is. */
#include "push_out.h"

#include "ruin.h"
#include "spots.h"

#include <stdlib.h>

#define OVERLOOKED  0.7 /* chance that a place is, so that it is not always the same visit that gives way */
#define PLACES_MOST 3   /* tried in earnest */

struct pusher {
    const model *m;
    spotter spotter;
    spot places[PLACES_MOST]; /* of those that might give way, the cheapest, sorted */
    int32_t n_places;
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

/* Is there time for it in the place of stop k, as far as ways at their usual times tell? *ret_way: what the ways to it
 * and on take more. */
static bool has_time(const model *m, const request *q, const model_shift *shift, const stop_state *stops, int32_t k,
                     int32_t *ret_way)
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
    e = e > q->lo ? e : q->lo;
    l = l < q->hi ? l : q->hi;
    return e <= l;
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
        int32_t way;
        if (stops[k + 1].latest < q->lo || is_placeless(m, at->stop) || (m->is_held && m->is_held[at->start]) ||
            !has_time(m, q, shift, stops, k, &way) || rng_chance(random, OVERLOOKED))
            continue;
        const spot found = {.slot = q->slot,
                            .shift = r,
                            .k = k,
                            .price = shift->travel_rate * way + model_slot_price(m, q->slot, shift->carer) -
                                     model_slot_price(m, at->stop, shift->carer)};
        pu->n_places = spots_keep(pu->places, pu->n_places, PLACES_MOST, &found);
    }
}

int32_t push_out(pusher *pu, inserter *in, rota *x, pricer *price, int32_t visit, rng *random)
{
    const model *m = pu->m;
    const cr_range slots = m->p->visits[visit].slots;
    if (slots.n > 1 || m->starts[visit].place == CR_NONE)
        return CR_NONE;
    request q = spots_ask(&pu->spotter, x, price, slots.first, 0, NULL);
    spots_list_rounds(&pu->spotter, &q, false);
    pu->n_places = 0;
    for (int32_t i = 0; i < pu->spotter.n_rounds; i++)
        look_in_round(pu, &q, pu->spotter.rounds[i], random);
    const rota_mark mark = rota_now(x);
    for (int32_t i = 0; i < pu->n_places; i++) {
        const spot *at = &pu->places[i];
        int32_t out = m->start_of[rota_stops(x, at->shift)[at->k].stop];
        ruin_take_out(x, price, out);
        if (rota_propagate(x, false) && insert_as_told(in, x, price, visit, &at->shift, &at->k))
            return out;
        rota_undo(x, mark);
    }
    return CR_NONE;
}
