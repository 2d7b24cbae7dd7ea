/* Places for one slot: the inner loop of the search.
 *
 * A place between two stops is possible if the visit can start between the earliest arrival there and the latest start
 * that the stops behind still allow: O(1), and exact for a visit of one carer without gaps. Most places are thrown out
 * by the price of the way alone.
 *
 * Where many shifts could take a slot, only some rounds are looked at (granular neighbourhoods: Toth and Vigo 2003,
 * "The granular tabu search and its application to the vehicle-routing problem", INFORMS Journal on Computing 15):
 * those of the nearest visits, and the shifts that would serve it cheapest on its own, so that the price of an
 * iteration does not grow with the day.
 */
#include "spots.h"

#include "contracts.h"
#include "crews.h"
#include "days.h"
#include "goods.h"
#include "round_limits.h"

#include <math.h>
#include <stdlib.h>

#define NEAR_VISITS  48 /* whose rounds are looked at */
#define FEW_SHIFTS   24 /* up to here all are looked at */
#define EMPTY_ROUNDS 4  /* that are looked at beside */
#define LONG_ROUND   12 /* stops; here it pays not to walk to where the visit may come */

cr_status spotter_init(spotter *sp, const model *m)
{
    size_t n = (size_t)m->n_shifts + 1;
    *sp = (spotter){.m = m,
                    .heed_lean = 1,
                    .twins_tried = calloc(n, sizeof *sp->twins_tried),
                    .twins_touched = calloc(n, sizeof *sp->twins_touched),
                    .is_listed = calloc(n, sizeof *sp->is_listed),
                    .rounds = calloc(n, sizeof *sp->rounds),
                    .lean = m->has_spread ? calloc(n, sizeof *sp->lean) : NULL};
    return sp->twins_tried && sp->twins_touched && sp->is_listed && sp->rounds && (sp->lean || !m->has_spread) &&
                   company_init(&sp->company, m)
               ? CR_OK
               : CR_E_NOMEM;
}

void spotter_done(spotter *sp)
{
    free(sp->twins_tried);
    free(sp->twins_touched);
    free(sp->is_listed);
    free(sp->rounds);
    company_done(&sp->company);
    free(sp->lean);
}

/* ---- blinks ---- */

static int32_t next_blink(double blink, rng *random)
{
    if (blink <= 0)
        return INT32_MAX;
    double gap = log(1.0 - rng_unit(random)) / log(1.0 - blink);
    return gap < 1e9 ? 1 + (int32_t)gap : INT32_MAX;
}

void spots_draw_blink(spotter *sp, double blink, rng *random)
{
    if (sp->until_blink > 0 && sp->blink == blink)
        return;
    sp->blink = blink;
    sp->until_blink = next_blink(blink, random);
}

/* ---- one round ---- */

/* What the gaps to visits already served leave of the start's range. */
static void narrow_by_gaps(request *q)
{
    const rota *x = q->x;
    const cr_range in = x->m->links_in[q->visit], out = x->m->links_out[q->visit];
    for (int32_t i = 0; i < in.n; i++) {
        const model_link *link = &x->m->link_pool[in.first + i];
        if (rota_is_in_rounds(x, link->other) && rota_earliest(x)[link->other] + link->distance > q->lo)
            q->lo = rota_earliest(x)[link->other] + link->distance;
    }
    for (int32_t i = 0; i < out.n; i++) {
        const model_link *link = &x->m->link_pool[out.first + i];
        if (rota_is_in_rounds(x, link->other) && rota_latest(x)[link->other] - link->distance < q->hi)
            q->hi = rota_latest(x)[link->other] - link->distance;
    }
}

request spots_ask(spotter *sp, const rota *x, pricer *price, int32_t slot, double blink, rng *random)
{
    request q = {
        .x = x, .price = price, .random = random, .blink = blink, .slot = slot, .visit = x->m->p->slots[slot].visit};
    q.start = &x->m->starts[q.visit];
    q.lo = q.start->lo;
    q.hi = q.start->hi;
    if (q.start->coupled)
        narrow_by_gaps(&q);
    if (x->m->has_company)
        company_ask(&sp->company, x, q.visit);
    if (x->m->has_spread)
        spread_lean_now(x, sp->heed_lean, sp->lean);
    return q;
}

bool spots_allow_carer(const rota *x, int32_t visit, int32_t carer)
{
    const model *m = x->m;
    const cr_problem *p = m->p;
    const cr_range gaps = m->gaps_of[visit];
    for (int32_t i = 0; i < gaps.n; i++) {
        const cr_gap *gap = &p->gaps[m->gap_pool[gaps.first + i]];
        if (gap->carers == CR_GAP_ANY && !gap->same_provider)
            continue;
        int32_t other = gap->first == visit ? gap->second : gap->first;
        if (!rota_is_in_rounds(x, other))
            continue;
        bool shared = false;
        for (int32_t k = 0; k < p->visits[other].slots.n; k++) {
            int32_t hers = m->shifts[rota_round_of(x, p->visits[other].slots.first + k)].carer;
            if (gap->same_provider && p->carers[hers].provider != p->carers[carer].provider)
                return false;
            shared = shared || hers == carer;
        }
        if (gap->carers == CR_GAP_DIFFERENT && shared)
            return false;
        if (gap->carers == CR_GAP_SAME && !shared && p->visits[visit].slots.n == 1)
            return false; /* visits of several carers need only one in common: looked at when the team is known */
    }
    return true;
}

bool spots_round_is_open(spotter *sp, const request *q, int32_t r)
{
    const rota *x = q->x;
    const model_shift *shift = &sp->m->shifts[r];
    if (x->closed[r] || rota_load(x, r) > shift->max_load - q->start->load ||
        (sp->m->has_contracts && !contracts_allow(x, q->slot, r)))
        return false;
    if (sp->m->has_crews && !crews_let(sp->m, r, q->slot))
        return false;
    if (rota_n_visits_in(x, r) == 0) {
        if (sp->m->has_days && !days_allow(x, r))
            return false;
        int32_t twin = shift->twin;
        if (sp->twins_tried[twin] >= sp->m->p->visits[q->visit].slots.n)
            return false; /* as good as the empty ones before it */
        if (sp->twins_tried[twin]++ == 0)
            sp->twins_touched[sp->n_touched++] = twin;
    }
    return q->start->coupled ? spots_allow_carer(x, q->visit, shift->carer) : true;
}

void spots_forget_twins(spotter *sp)
{
    while (sp->n_touched > 0)
        sp->twins_tried[sp->twins_touched[--sp->n_touched]] = 0;
}

/* Where the carer would be for it, before index k of the round. */
static int32_t place_at(const request *q, int32_t r, int32_t k)
{
    return rota_place_for(q->x, r, k, q->slot);
}

/* The ways of a round around a visit before index k of it, and what comes after (her end, if no visit does). */
typedef struct ways_around {
    leg in, on;
    const stop_state *after;
    int32_t door;
} ways_around;

/* Where travel depends on the time of day: when she would leave for the visit, there no sooner than e, and for what is
 * next. Later stops are taken to keep their ways. */
static ways_around ways_at(const request *q, int32_t r, int32_t k, int32_t e)
{
    const rota *x = q->x;
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *before = rota_stops(x, r) + k - 1, *after = before + 1;
    int32_t place = place_at(q, r, k), door = before->place == place ? 0 : q->start->door,
            out = e + shift->length[q->slot];
    int32_t depart =
        k == 0 && !shift->leaves_at_begin ? leg_leave(m, shift, before->place, place, e - door) : before->ready;
    for (; is_placeless(m, after->stop); after++)
        out = window_after(&m->starts[after->start], out) + shift->length[after->stop];
    return (ways_around){leg_at(m, shift, before->place, place, depart), leg_at(m, shift, place, after->place, out),
                         after, door};
}

static detour detour_at(const request *q, int32_t r, int32_t k, int32_t e)
{
    const rota *x = q->x;
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    const ways_around ways = ways_at(q, r, k, e);
    const stop_state *after = ways.after;
    int64_t on_road = (int64_t)ways.in.time + ways.on.time - after->leg_time;
    int64_t dist_m = (int64_t)ways.in.dist_m + ways.on.dist_m - after->leg_dist;
    int64_t at_doors = (int64_t)ways.door - after->door;
    at_doors += after->stop == CR_NONE ? 0 : door_after(&m->starts[after->start], place_at(q, r, k));
    int64_t use_price = rota_n_visits_in(x, r) == 0 ? shift->use_price : 0;
    return (detour){use_price + shift->travel_rate * on_road + shift->dist_rate * dist_m + shift->wage * at_doors,
                    (int32_t)(on_road + at_doors)};
}

static way_between way_by_hour(const request *q, int32_t r, int32_t k)
{
    const rota *x = q->x;
    const stop_state *before = rota_stops(x, r) + k - 1;
    way_between way;
    int32_t place = place_at(q, r, k);
    way.ready = leg_arrive(x->m, &x->m->shifts[r], before->place, place, before->ready) +
                (before->place == place ? 0 : q->start->door);
    way.leave = rota_must_leave(x, r, k, place);
    way.d = detour_at(q, r, k, window_after(q->start, way.ready > q->lo ? way.ready : q->lo));
    return way;
}

way_between spots_way(const request *q, int32_t r, int32_t k)
{
    const rota *x = q->x;
    const model_shift *shift = &x->m->shifts[r];
    if (shift->times)
        return way_by_hour(q, r, k);
    const stop_state *before = rota_stops(x, r) + k - 1;
    int32_t place = place_at(q, r, k);
    return (way_between){rota_detour(x, r, k, place, q->start->door),
                         before->ready + leg_time(x->m, shift, before->place, place) +
                             (before->place == place ? 0 : q->start->door),
                         rota_must_leave(x, r, k, place)};
}

bool spots_start_range(const request *q, const way_between *way, int32_t length, int32_t *ret_e, int32_t *ret_l)
{
    int32_t e = way->ready > q->lo ? way->ready : q->lo, l = way->leave - length;
    l = l < q->hi ? l : q->hi;
    if (e > l)
        return false;
    if (q->start->n_windows > 1) {
        e = window_after(q->start, e);
        l = window_before(q->start, l);
        if (e > l)
            return false;
    }
    *ret_e = e;
    *ret_l = l;
    return true;
}

/* ---- which rounds ---- */

bool spots_are_many(const spotter *sp, int32_t slot)
{
    return sp->m->candidates[slot].n > FEW_SHIFTS;
}

static void list_round(spotter *sp, int32_t r)
{
    if (!sp->is_listed[r]) {
        sp->is_listed[r] = true;
        sp->rounds[sp->n_rounds++] = r;
    }
}

/* The rounds of the nearest visits, as far as their carers may come. */
static void list_near(spotter *sp, const request *q)
{
    const model *m = sp->m;
    const int32_t *near = m->near_slots + (size_t)q->visit * NEAR_SLOTS, n_used = rota_n_used(q->x);
    for (int32_t k = 0; k < NEAR_SLOTS && near[k] != CR_NONE && sp->n_rounds < n_used; k++) {
        int32_t r = rota_round_of(q->x, near[k]);
        if (r != CR_NONE && !sp->is_listed[r] && model_is_carer_for(m, q->slot, m->shifts[r].carer))
            list_round(sp, r);
    }
}

/* A few of the empty rounds, other ones each time. */
static void list_empty(spotter *sp, const request *q)
{
    const model *m = sp->m;
    const rota *x = q->x;
    int32_t n = x->n_empty < EMPTY_ROUNDS ? x->n_empty : EMPTY_ROUNDS;
    for (int32_t i = 0; i < n; i++) {
        int32_t r = x->empty[(sp->turn + i) % x->n_empty];
        if (model_is_carer_for(m, q->slot, m->shifts[r].carer))
            list_round(sp, r);
    }
    sp->turn = (sp->turn + n) & 0xfffff;
}

void spots_list_rounds(spotter *sp, const request *q, bool everywhere)
{
    const model *m = sp->m;
    while (sp->n_rounds > 0)
        sp->is_listed[sp->rounds[--sp->n_rounds]] = false;
    const cr_range candidates = m->candidates[q->slot], usual = m->usual[q->slot];
    if (candidates.n == 0 || q->lo > q->hi)
        return;
    if (everywhere || !spots_are_many(sp, q->slot)) {
        for (int32_t i = 0; i < candidates.n; i++)
            list_round(sp, m->candidate_pool[candidates.first + i]);
        return;
    }
    list_near(sp, q);
    for (int32_t i = 0; i < usual.n; i++)
        list_round(sp, m->usual_pool[usual.first + i]);
    list_empty(sp, q);
}

/* ---- the places of one round ---- */

int32_t spots_keep(spot *spots, int32_t n, int32_t most, const spot *found)
{
    int32_t at = n;
    while (at > 0 && spots[at - 1].price > found->price)
        at--;
    if (at == most)
        return n;
    n = n < most ? n + 1 : n;
    for (int32_t i = n - 1; i > at; i--)
        spots[i] = spots[i - 1];
    spots[at] = *found;
    return n;
}

int64_t spots_work_left(const rota *x, int32_t r)
{
    const model_shift *shift = &x->m->shifts[r];
    int32_t most = x->m->has_max_work ? x->m->p->carers[shift->carer].max_work : CR_NONE;
    int64_t left = most != CR_NONE ? (int64_t)most - rota_work(x, shift->carer) : INT32_MAX;
    int64_t of_day = x->m->has_days ? (int64_t)shift->day_most - rota_day_work(x, r) : INT32_MAX;
    return left < of_day ? left : of_day;
}

bool spots_ways_fit(const request *q, int32_t r, int32_t k, int32_t e)
{
    const ways_left left = limits_ways_left(q->x, r);
    const ways_around ways = ways_at(q, r, k, e);
    return (int64_t)ways.in.time + ways.on.time - ways.after->leg_time <= left.time &&
           (int64_t)ways.in.dist_m + ways.on.dist_m - ways.after->leg_dist <= left.dist_m;
}

/* What few visits and shifts ask. */
static bool goods_and_ways_fit(const request *q, int32_t r, int32_t k, int32_t e)
{
    const rota *x = q->x;
    return (!q->start->has_goods || goods_fit(x, r, k, q->visit, goods_are_put_down_later(x, q->visit))) &&
           (!x->m->shifts[r].has_way_limits || spots_ways_fit(q, r, k, e));
}

/* The first place behind which the visit may still come in time: latest starts only rise along a round. */
static int32_t first_place(const stop_state *stops, int32_t from, int32_t n, int32_t lo)
{
    if (n - from < LONG_ROUND)
        return from;
    while (from < n) {
        int32_t middle = from + (n - from) / 2;
        if (stops[middle].latest < lo)
            from = middle + 1;
        else
            n = middle;
    }
    return from;
}

/* Is there no time for it even if no way took any? A break gives way as far as its own window does. */
static bool is_too_narrow(const model *m, int32_t ready, int32_t length, const stop_state *after)
{
    return ready + length > (is_placeless(m, after->stop) ? m->starts[after->start].hi : after->latest);
}

/* Door time at `after`, a visit or the end of the round, for who comes from `place` and not from `before`. Mostly it is
 * the same, and its start need not be looked at. */
static int32_t door_between(const model *m, const stop_state *before, const stop_state *after, int32_t place)
{
    if (place == after->place || after->stop == CR_NONE)
        return 0;
    return before->place != after->place ? after->door : m->starts[after->start].door;
}

/* The first place from index k of the round on where there may be time for it, but those overlooked; behind the last
 * one: there is none. */
static inline int32_t next_in_time(spotter *sp, const request *q, int32_t r, int32_t k, int32_t length)
{
    const model *m = sp->m;
    const stop_state *stops = rota_stops(q->x, r);
    const int32_t n_stops = rota_n(q->x, r), lo = q->lo, hi = q->hi;
    const bool narrow_first = m->timing == TIMING_PRICED; /* where starts are priced, that leaves most of them */
    for (; k <= n_stops; k++) {
        const stop_state *before = &stops[k - 1], *after = &stops[k];
        if (after->latest < lo)
            continue; /* it cannot come before this stop */
        if (before->ready > hi)
            break; /* nor after the one before */
        if (--sp->until_blink <= 0) {
            sp->until_blink = next_blink(q->blink, q->random);
            continue;
        }
        if (!narrow_first || !is_too_narrow(m, before->ready > lo ? before->ready : lo, length, after))
            return k;
    }
    return n_stops + 1;
}

int32_t spots_in_round(spotter *sp, const request *q, int32_t r, spot *spots, int32_t n, int32_t most, int64_t limit)
{
    const rota *x = q->x;
    const model *m = sp->m;
    if (!spots_round_is_open(sp, q, r))
        return n;
    const model_shift *shift = &m->shifts[r];
    if (shift->is_over)
        return n;
    const stop_state *stops = rota_stops(x, r);
    const int32_t length = shift->length[q->slot], n_stops = rota_n(x, r);
    int32_t k = next_in_time(sp, q, r, first_place(stops, shift->n_held, n_stops, q->lo), length);
    if (k > n_stops) /* mostly: then nothing else need be known of the round */
        return n;
    const int32_t care = shift->work[q->slot], place = q->start->place, work = rota_work(x, shift->carer);
    const cr_carer *carer = &m->p->carers[shift->carer];
    const int64_t work_left = spots_work_left(x, r) - care;
    const leg *from_here = leg_of(m, shift, place, 0), *to_here = shift->into + ((size_t)place + 1) * shift->into_row;
    const size_t step = shift->into_step;
    const bool is_plain = !shift->times && !q->start->is_anywhere;
    const int32_t door = q->start->door;
    const int64_t slot_price =
        model_slot_price(m, q->slot, shift->carer) + (m->has_company ? company_price(&sp->company, shift->carer) : 0) +
        (m->has_contracts ? contracts_grow(x, q->slot, r) : 0) - (rota_n_visits_in(x, r) == 0 ? sp->premium : 0);
    const int64_t use_price = rota_n_visits_in(x, r) == 0 ? shift->use_price : 0;
    /* What the starts of the others could cost less: all that they cost now (late starts stay late). */
    const int64_t saved_most = m->timing != TIMING_FREE ? price_saved_most(q->price, x, r) : 0;
    int64_t bar = n == most && spots[n - 1].price < limit ? spots[n - 1].price : limit;
    /* Where the way is all that the price of a place is made of, most are thrown out before anything else is known. */
    const bool is_bare = !m->has_hours && !m->has_spread;
    if (is_bare && slot_price + use_price - saved_most >= bar) /* her price alone; no way is shorter for a stop on it */
        return n;
    const bool asks_more = q->start->has_goods || shift->has_way_limits;
    const int64_t travel_rate = shift->travel_rate, dist_rate = shift->dist_rate, wage = shift->wage;
    for (; k <= n_stops; k = next_in_time(sp, q, r, k + 1, length)) {
        const stop_state *before = &stops[k - 1], *after = &stops[k];
        way_between way;
        if (!is_plain || is_placeless(m, after->stop)) {
            way = spots_way(q, r, k);
        } else {
            const leg *way_in = &to_here[((size_t)before->place + 1) * step], *way_out = &from_here[after->place];
            const int32_t door_in = before->place == place ? 0 : door,
                          door_out = m->has_doors ? door_between(m, before, after, place) : 0;
            int64_t on_road = (int64_t)way_in->time + way_out->time - after->leg_time;
            int64_t dist_m = (int64_t)way_in->dist_m + way_out->dist_m - after->leg_dist;
            int64_t at_doors = (int64_t)door_in + door_out - after->door;
            int64_t cost = use_price + travel_rate * on_road + dist_rate * dist_m + wage * at_doors;
            if (is_bare && slot_price + cost - saved_most >= bar)
                continue;
            way = (way_between){{cost, (int32_t)(on_road + at_doors)},
                                before->ready + way_in->time + door_in,
                                after->latest - way_out->time - door_out};
        }
        spot found = {.slot = q->slot, .shift = r, .k = k, .price = slot_price + way.d.cost};
        if (m->has_hours)
            found.price += hours_grow(carer, work, (int64_t)work + way.d.work + care);
        if (m->has_spread)
            found.price += spread_price(m, &sp->lean[r], way.d.work + care);
        if (found.price - saved_most >= bar || way.d.work > work_left)
            continue;
        if (!spots_start_range(q, &way, length, &found.e, &found.l))
            continue;
        if (asks_more && !goods_and_ways_fit(q, r, k, found.e))
            continue;
        if (m->timing != TIMING_FREE) {
            trial t = {q->slot, r, k, found.e, found.l};
            if (found.price + price_at_least(q->price, x, &t, way.d.work + length) >= bar)
                continue;
            assert(m->timing == TIMING_PRICED ||
                   price_at_least(q->price, x, &t, way.d.work + length) <= price_at(q->price, x, &t));
            found.price += price_at(q->price, x, &t);
        }
        if (found.price < bar) {
            n = spots_keep(spots, n, most, &found);
            bar = n == most && spots[n - 1].price < limit ? spots[n - 1].price : limit;
        }
    }
    return n;
}
