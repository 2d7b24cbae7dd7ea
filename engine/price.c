/* What starts cost, while places are tried: estimates, or the earliest starts as they stand. */
#include "price_internal.h"

#include "estimate.h"

#include <stdlib.h>

cr_status pricer_new(const model *m, pricer **ret_pricer)
{
    cr_auto(pricer) price = calloc(1, sizeof *price);
    if (!price)
        return CR_E_NOMEM;
    size_t n_shifts = (size_t)m->n_shifts + 1, n_visits = (size_t)m->n_visits + 1;
    price->m = m;
    price->room_log = 1024;
    price->round_price = calloc(n_shifts, sizeof *price->round_price);
    price->visit_price = calloc(n_visits, sizeof *price->visit_price);
    price->log = malloc((size_t)price->room_log * sizeof *price->log);
    price->touched = malloc(n_shifts * sizeof *price->touched);
    price->is_touched = calloc(n_shifts, sizeof *price->is_touched);
    price->base = calloc(n_shifts, sizeof *price->base);
    price->base_version = calloc(n_shifts, sizeof *price->base_version);
    price->noted = calloc(n_shifts, sizeof *price->noted);
    price->is_noted = calloc(n_shifts, sizeof *price->is_noted);
    price->is_joined = calloc(n_shifts, sizeof *price->is_joined);
    price->has_from = calloc(n_shifts, sizeof *price->has_from);
    size_t n_spans = m->timing == TIMING_PRICED ? (size_t)m->n_stops + 1 : 1;
    price->spans.to = calloc(n_spans, sizeof *price->spans.to);
    price->spans.from = calloc(n_spans, sizeof *price->spans.from);
    price->views = malloc(n_shifts * sizeof *price->views);
    price->stops = malloc(((size_t)m->n_stops + 1) * sizeof *price->stops);
    price->gaps = malloc(((size_t)m->p->n_gaps + 1) * sizeof *price->gaps);
    price->gap_listed = calloc((size_t)m->p->n_gaps + 1, sizeof *price->gap_listed);
    price->region = malloc(n_shifts * sizeof *price->region);
    price->in_region = calloc(n_shifts, sizeof *price->in_region);
    if (!price->round_price || !price->visit_price || !price->log || !price->touched || !price->is_touched ||
        !price->base || !price->base_version || !price->noted || !price->is_noted || !price->is_joined ||
        !price->has_from || !price->spans.to || !price->spans.from || !price->views || !price->stops || !price->gaps ||
        !price->gap_listed || !price->region || !price->in_region || starts_init(&price->solver, m->p, 0))
        return CR_E_NOMEM;
    *ret_pricer = pricer_take(&price);
    return CR_OK;
}

pricer *pricer_free(pricer *price)
{
    if (price) {
        free(price->round_price);
        free(price->visit_price);
        free(price->log);
        free(price->touched);
        free(price->is_touched);
        free(price->base);
        free(price->base_version);
        free(price->noted);
        free(price->is_noted);
        free(price->is_joined);
        free(price->has_from);
        free(price->spans.to);
        free(price->spans.from);
        free(price->views);
        free(price->stops);
        free(price->gaps);
        free(price->gap_listed);
        free(price->region);
        free(price->in_region);
        starts_done(&price->solver);
        free(price);
    }
    return NULL;
}

static int64_t base_of(pricer *price, const rota *x, int32_t r)
{
    if (price->base_version[r] != rota_version(x, r)) {
        price->base_version[r] = rota_version(x, r);
        price->is_joined[r] =
            !price->m->shifts[r].times && estimate_spans_to(price->hinges, x, r, &price->spans, &price->base[r]);
        price->has_from[r] = false;
        if (!price->is_joined[r])
            price->base[r] = estimate_round(price->hinges, x, r, NULL);
        if (rota_n_visits_in(x, r) == 0)
            price->base[r] = 0;
    }
    return price->base[r];
}

void price_note(pricer *price, const rota *x, int32_t r)
{
    if (price->m->timing != TIMING_PRICED || price->is_touched[r] || price->is_noted[r])
        return;
    price->noted[r] = base_of(price, x, r);
    price->is_noted[r] = true;
}

int64_t price_guess(pricer *price, const rota *x)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < price->n_touched; i++) {
        int32_t r = price->touched[i];
        sum += price->is_noted[r] ? base_of(price, x, r) - price->noted[r] : 0;
    }
    return sum;
}

/* Are the spans before and behind index k of the round remembered? Those behind are worked out once they are asked for:
 * in many a round no place passes the tests that come before. */
static bool has_spans(pricer *price, const rota *x, int32_t r, int32_t k)
{
    if (price->is_joined[r] && !price->has_from[r] && k < rota_n(x, r))
        price->is_joined[r] = price->has_from[r] = estimate_spans_from(price->hinges, x, r, &price->spans);
    return price->is_joined[r];
}

/* What the round's starts cost with one slot more. The stop behind a break (or time held back) comes from the new slot
 * then, so the break and what follows cannot be taken as they are. */
static int64_t base_with(pricer *price, const rota *x, const trial *t)
{
    const stop_state *after = rota_stops(x, t->shift) + t->k;
    if ((t->k < rota_n(x, t->shift) && is_placeless(x->m, after->stop)) || !has_spans(price, x, t->shift, t->k))
        return estimate_round(price->hinges, x, t->shift, t);
    int64_t joined = estimate_joined(price->hinges, x, t, &price->spans);
    assert(joined == estimate_round(price->hinges, x, t->shift, t));
    return joined;
}

/* ---- being late only: walk on until the push is absorbed ---- */

static int64_t late_price(const model *m, const model_start *s, int32_t at)
{
    int64_t price = 0;
    if (s->lateness && at > s->due)
        price += s->lateness * (at - s->due);
    if (s->late && at > s->prefer_close)
        price += s->late * (at - s->prefer_close);
    for (int32_t k = 0; k < s->later_dues.n; k++) {
        const model_due *due = &m->later_dues[s->later_dues.first + k];
        price += at > due->at ? due->price * (at - due->at) : 0;
    }
    if (s->moved && at > s->moved_close)
        price += s->moved * (at - s->moved_close);
    return price;
}

static int64_t lateness(const model_start *s, int32_t at)
{
    return s->due != CR_FREE && at > s->due ? (int64_t)at - s->due : 0;
}

/* What waiting costs from when the shift begins, and coming back late, in a round of so much work. */
static int64_t waiting_price(const model_shift *shift, int64_t arrive, int64_t work)
{
    return shift->waiting_rate * (arrive - shift->begin - work) +
           (shift->overrun && arrive > shift->paid_end ? shift->overrun * (arrive - shift->paid_end) : 0);
}

/* When the carer is back at the earliest starts. */
static int32_t earliest_back(const rota *x, int32_t r)
{
    const stop_state *end = rota_stops(x, r) + rota_n(x, r);
    return end[-1].ready + end->leg_time;
}

static int64_t earliest_waiting(const rota *x, int32_t r)
{
    bool is_priced = x->m->has_earliest_waiting && rota_n_visits_in(x, r) > 0;
    return is_priced ? waiting_price(&x->m->shifts[r], earliest_back(x, r), rota_round_work(x, r)) : 0;
}

/* With the slot of the trial in its round, which comes back at `back`. */
static int64_t more_waiting(const rota *x, const trial *t, int32_t back)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[t->shift];
    const model_start *start = &m->starts[m->start_of[t->slot]];
    int32_t place = rota_place_for(x, t->shift, t->k, t->slot);
    int64_t work = (int64_t)rota_detour(x, t->shift, t->k, place, start->door).work + shift->length[t->slot];
    return waiting_price(shift, back, rota_round_work(x, t->shift) + work) - earliest_waiting(x, t->shift);
}

static int64_t price_push(const pricer *price, const rota *x, const trial *t)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[t->shift];
    const stop_state *stops = rota_stops(x, t->shift);
    int32_t n = rota_n(x, t->shift), at = t->e;
    int32_t place = rota_place_for(x, t->shift, t->k, t->slot);
    int32_t length = shift->length[t->slot];
    int64_t cost = late_price(m, &m->starts[m->start_of[t->slot]], at),
            worst = lateness(&m->starts[m->start_of[t->slot]], at);
    bool is_absorbed = false;
    for (int32_t k = t->k; k < n; k++) {
        int32_t i = stops[k].start, old = rota_earliest_at(x, t->shift, k);
        footstep s = step_to(m, shift, place, length, stops[k].stop);
        int32_t there = at + s.distance;
        if (shift->times && place != s.place)
            there = leg_arrive(m, shift, place, s.place, at + length) + m->starts[i].door;
        at = window_after(&m->starts[i], there);
        is_absorbed = at <= old;
        if (is_absorbed)
            break;
        cost += late_price(m, &m->starts[i], at) - late_price(m, &m->starts[i], old);
        worst = most(worst, lateness(&m->starts[i], at));
        place = s.place;
        length = shift->length[stops[k].stop];
    }
    if (m->has_earliest_waiting)
        cost += more_waiting(
            x, t, is_absorbed ? earliest_back(x, t->shift) : at + length + leg_time(m, shift, place, shift->end_place));
    return cost + m->p->prices.worst_lateness * most(0, worst - price->worst);
}

/* ---- trials ---- */

int64_t price_at(pricer *price, const rota *x, const trial *t)
{
    switch (price->m->timing) {
    case TIMING_FREE:
        return 0;
    case TIMING_EARLIEST:
        return price_push(price, x, t);
    case TIMING_PRICED: {
        int64_t base = base_of(price, x, t->shift);
        return base_with(price, x, t) - base +
               price->m->p->prices.worst_lateness *
                   most(0, lateness(&price->m->starts[price->m->start_of[t->slot]], t->e) - price->worst);
    }
    }
    return 0;
}

int64_t price_saved_most(pricer *price, const rota *x, int32_t r)
{
    return price->m->timing == TIMING_PRICED ? base_of(price, x, r) : earliest_waiting(x, r);
}

int64_t price_of_round(pricer *price, const rota *x, int32_t r)
{
    const model *m = price->m;
    if (m->timing == TIMING_PRICED)
        return base_of(price, x, r);
    int64_t sum = earliest_waiting(x, r);
    for (int32_t k = 0; m->timing == TIMING_EARLIEST && k < rota_n(x, r); k++) {
        int32_t i = m->start_of[rota_stops(x, r)[k].stop];
        if (m->starts[i].priced)
            sum += late_price(m, &m->starts[i], rota_earliest_at(x, r, k)) /
                   m->p->visits[i].slots.n; /* the carers share it */
    }
    return sum;
}

/* The slot's own start where it costs least. */
static int64_t own_price(const model *m, const model_start *s, int32_t e, int32_t l)
{
    int64_t price = late_price(m, s, e);
    if (s->early && l < s->prefer_open)
        price += s->early * (s->prefer_open - l);
    if (s->moved && l < s->moved_open)
        price += s->moved * (s->moved_open - l);
    return price;
}

int64_t price_at_least(pricer *price, const rota *x, const trial *t, int32_t work)
{
    const model *m = price->m;
    int64_t own = own_price(m, &m->starts[m->start_of[t->slot]], t->e, t->l), rate = m->shifts[t->shift].waiting_rate;
    if (m->timing == TIMING_PRICED)
        return own - least(base_of(price, x, t->shift), rate * work);
    if (!m->has_earliest_waiting)
        return own;
    int64_t now = earliest_waiting(x, t->shift);
    return own - (work < 0 ? now : least(now, rate * work)); /* < 0: a short cut; she may be back sooner */
}

/* ---- the plan at its earliest starts ---- */

int64_t price_worst_lateness(pricer *price, const rota *x, const int32_t *at)
{
    const model *m = price->m;
    int64_t worst = 0;
    if (m->has_worst)
        for (int32_t v = 0; v < m->n_visits; v++)
            if (m->starts[v].due != CR_FREE && rota_is_served(x, v))
                worst = most(worst, (int64_t)at[v] - m->starts[v].due);
    price->worst = worst;
    return worst * m->p->prices.worst_lateness;
}

int64_t price_earliest(pricer *price, const rota *x)
{
    const model *m = x->m;
    int64_t sum = 0;
    for (int32_t v = 0; v < m->n_visits; v++)
        if (m->starts[v].priced && rota_is_served(x, v))
            sum += late_price(m, &m->starts[v], rota_earliest(x)[v]);
    for (int32_t r = 0; m->has_earliest_waiting && r < m->n_shifts; r++)
        sum += earliest_waiting(x, r);
    return sum + price_worst_lateness(price, x, rota_earliest(x));
}
