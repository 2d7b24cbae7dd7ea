/* Exchanging stretches of two rounds ("CROSS-exchange": Taillard, Badeau, Gendreau, Guertin and Potvin 1997, "A tabu
 * search heuristic for the vehicle routing problem with soft time windows", Transportation Science 31), half the time
 * all that is left of both ("2-opt*": Potvin and Rousseau 1995, "An exchange heuristic for routing problems with time
 * windows", Journal of the Operational Research Society 46).
 *
 * Ruin and recreate puts one visit in after the other, so it hardly ever comes by such an exchange. Both rounds are
 * walked as they would be, and most exchanges are thrown out by time or cost before anything is changed. Breaks stay
 * with their carer, where they come by the clock.
 */
#include "exchange.h"

#include "goods.h"
#include "insert.h"
#include "swap_tails.h"

#define NEAR_TRIED   16  /* visits near the first: each is tried as the one that then comes behind it */
#define REST_CHANCE  0.5 /* that it is the rests of both rounds */
#define STRETCH_MOST 3   /* stops of a stretch otherwise */
#define STOPS_MOST   64  /* of a stretch at all; longer rests stay */

/* ---- which rounds ---- */

/* Where all are of one pace the rests alone are quicker to try, and as good (swap_tails.c). */
void exchange_compile(model *m)
{
    bool is_possible = m->n_placed == m->n_slots && !m->has_contracts && !m->has_crews;
    for (int32_t r = 0; r < m->n_shifts; r++) {
        model_shift *shift = &m->shifts[r];
        shift->exchanges = is_possible && shift->n_held == 0 && !shift->is_over && !shift->times;
        m->has_exchanges =
            m->has_exchanges || (shift->exchanges && (shift->pace == CR_NONE || shift->pace != m->shifts[0].pace));
    }
}

/* ---- one exchange ---- */

/* The stops of round r from index k on, n of them, breaks counted. */
typedef struct stretch {
    int32_t r, k, n;
} stretch;

/* What stands in place of a stretch. */
typedef struct stops {
    int32_t n, of[2 * STOPS_MOST];
} stops;

static int32_t earliest_of_stop(const model *m, int32_t r, const stop_state *at)
{
    return at->ready - m->shifts[r].length[at->stop];
}

/* The visits of `in`, and among them the breaks of `out`, each before the first visit that could not start sooner. */
static void merge(const rota *x, const stretch *out, const stretch *in, stops *ret)
{
    const model *m = x->m;
    const stop_state *breaks = rota_stops(x, out->r) + out->k, *visits = rota_stops(x, in->r) + in->k;
    int32_t b = 0;
    ret->n = 0;
    for (int32_t v = 0; v < in->n; v++) {
        if (is_placeless(m, visits[v].stop))
            continue;
        for (; b < out->n; b++) {
            if (!is_placeless(m, breaks[b].stop))
                continue;
            if (earliest_of_stop(m, out->r, &breaks[b]) > earliest_of_stop(m, in->r, &visits[v]))
                break;
            ret->of[ret->n++] = breaks[b].stop;
        }
        ret->of[ret->n++] = visits[v].stop;
    }
    for (; b < out->n; b++)
        if (is_placeless(m, breaks[b].stop))
            ret->of[ret->n++] = breaks[b].stop;
}

/* A carer on the way through a round that is not there yet. */
typedef struct walker {
    const model *m;
    const model_shift *shift;
    int32_t place, ready;
    int64_t cost;
} walker;

static void go_on_to(walker *w, int32_t place, int32_t door)
{
    const leg *way = leg_of(w->m, w->shift, w->place, place);
    w->ready += way->time + door;
    w->cost += w->shift->travel_rate * way->time + w->shift->dist_rate * way->dist_m + w->shift->wage * door;
    w->place = place;
}

/* To a visit or a break. False: too late for it. */
static bool go_through(walker *w, int32_t stop)
{
    const model_start *start = &w->m->starts[w->m->start_of[stop]];
    if (!is_placeless(w->m, stop))
        go_on_to(w, start->place, door_after(start, w->place));
    int32_t e = window_after(start, w->ready);
    w->ready = e + w->shift->length[stop];
    return e <= start->hi;
}

static int32_t n_visits_of(const model *m, const stop_state *at, int32_t n)
{
    int32_t n_visits = 0;
    for (int32_t i = 0; i < n; i++)
        n_visits += !is_placeless(m, at[i].stop);
    return n_visits;
}

/* What the ways through the stretch and on from it cost, and its slots with their carer. */
static int64_t cost_of(const rota *x, const stretch *s, const stop_state *after)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[s->r];
    const stop_state *first = rota_stops(x, s->r) + s->k;
    int64_t cost = 0;
    for (const stop_state *at = first; at <= after; at++) {
        cost += shift->travel_rate * at->leg_time + shift->dist_rate * at->leg_dist + shift->wage * at->door;
        if (at < first + s->n && !is_placeless(m, at->stop))
            cost += model_slot_price(m, at->stop, shift->carer);
    }
    return cost;
}

/* Let the carer of `out` take these stops in place of it: what does that cost more? False: she may not, or something
 * is too late. */
static bool would_go(const rota *x, const stretch *out, const stops *in, int64_t *cost)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[out->r];
    const stop_state *first = rota_stops(x, out->r) + out->k, *after = first + out->n;
    walker w = {.m = m, .shift = shift, .place = first[-1].place, .ready = first[-1].ready};
    int32_t n_visits = rota_n_visits_in(x, out->r), n_then = n_visits - n_visits_of(m, first, out->n);
    for (int32_t i = 0; i < in->n; i++) {
        int64_t price = is_placeless(m, in->of[i]) ? 0 : model_slot_price(m, in->of[i], shift->carer);
        n_then += !is_placeless(m, in->of[i]);
        if (price == COST_NEVER || !go_through(&w, in->of[i]))
            return false;
        w.cost += price;
    }
    for (; is_placeless(m, after->stop); after++)
        if (!go_through(&w, after->stop))
            return false;
    if (n_then > 0) { /* from the next stop on the round knows how late it can be */
        go_on_to(&w, after->place, after->stop == CR_NONE ? 0 : door_after(&m->starts[after->start], w.place));
        if (w.ready > after->latest)
            return false;
    }
    *cost += w.cost - cost_of(x, out, after) + ((n_then > 0) - (n_visits > 0)) * shift->use_price;
    return true;
}

/* Can it change rounds without those it is tied to by a gap? */
static bool is_free(const rota *x, const stretch *s)
{
    const stop_state *at = rota_stops(x, s->r) + s->k;
    for (int32_t i = 0; i < s->n; i++)
        if (!is_placeless(x->m, at[i].stop) && x->m->gaps_of[at[i].start].n > 0)
            return false;
    return true;
}

static int32_t load_of(const rota *x, const stretch *s)
{
    const stop_state *at = rota_stops(x, s->r) + s->k;
    int32_t load = 0;
    for (int32_t i = 0; i < s->n; i++)
        load += is_placeless(x->m, at[i].stop) ? 0 : x->m->starts[at[i].start].load;
    return load;
}

static bool has_room(rota *x, const stretch *out, const stretch *in, int32_t n_in)
{
    return rota_load(x, out->r) - load_of(x, out) + load_of(x, in) <= x->m->shifts[out->r].max_load &&
           rota_has_room_for(x, out->r, rota_n(x, out->r) - out->n + n_in);
}

static void take_out(rota *x, const stretch *s)
{
    for (int32_t k = s->k + s->n - 1; k >= s->k; k--)
        rota_remove_stop(x, rota_stops(x, s->r)[k].stop, s->r, k);
}

static void put_in(rota *x, const stretch *s, const stops *in)
{
    for (int32_t i = 0; i < in->n; i++)
        rota_insert(x, in->of[i], s->r, s->k + i);
}

/* Of one provider where they must be, nobody twice (which starts mostly do not allow), and goods for all? */
static bool holds(rota *x, const stretch *s, const stops *in)
{
    const model *m = x->m;
    for (int32_t i = 0; i < in->n; i++) {
        int32_t visit = is_placeless(m, in->of[i]) ? CR_NONE : m->start_of[in->of[i]];
        if (visit != CR_NONE && m->p->visits[visit].slots.n > 1 && !carers_hold_of(x, visit))
            return false;
    }
    return m->n_goods == 0 || goods_hold(x, s->r);
}

static bool try_exchange(rota *x, pricer *price, const stretch *a, const stretch *b, double cost_most)
{
    stops in_a, in_b;
    int64_t cost = 0;
    merge(x, a, b, &in_a);
    if (!would_go(x, a, &in_a, &cost))
        return false;
    merge(x, b, a, &in_b);
    if (!would_go(x, b, &in_b, &cost) || (double)cost >= cost_most || !is_free(x, a) || !is_free(x, b) ||
        !has_room(x, a, b, in_a.n) || !has_room(x, b, a, in_b.n))
        return false;
    rota_mark mark = rota_now(x);
    take_out(x, a);
    take_out(x, b);
    put_in(x, a, &in_a);
    put_in(x, b, &in_b);
    assert(x->m->has_company || x->m->has_hours || x->cost - mark.cost == cost);
    if (holds(x, a, &in_a) && holds(x, b, &in_b) && rota_propagate(x, false)) {
        price_touch(price, a->r);
        price_touch(price, b->r);
        return true;
    }
    rota_undo(x, mark);
    return rota_forget_waiting(x);
}

/* ---- which stretches ---- */

static int32_t draw_length(int32_t least, int32_t rest, rng *random)
{
    int32_t most = rest < STRETCH_MOST ? rest : STRETCH_MOST;
    return least + rng_below(random, most - least + 1);
}

/* Could the round go on with this visit behind whoever stands before the stretch? */
static bool is_in_reach(const rota *x, const stretch *s, int32_t visit)
{
    const model *m = x->m;
    const stop_state *before = rota_stops(x, s->r) + s->k - 1;
    const model_start *start = &m->starts[visit];
    return before->ready + leg_time(m, &m->shifts[s->r], before->place, start->place) +
               door_after(start, before->place) <=
           start->hi;
}

bool exchange_stretches(rota *x, pricer *price, int32_t visit, double cost_most, rng *random)
{
    const model *m = x->m;
    int32_t n_near = m->n_near < NEAR_TRIED ? m->n_near : NEAR_TRIED;
    if (n_near == 0 || !rota_is_served(x, visit))
        return false;
    int32_t slot = draw_slot(m, visit, random), from = rng_below(random, n_near);
    stretch a = {.r = rota_round_of(x, slot)};
    if (!m->shifts[a.r].exchanges)
        return false;
    a.k = rota_place_of(x, a.r, slot) + 1;
    bool are_rests = rng_chance(random, REST_CHANCE);
    int32_t rest_a = rota_n(x, a.r) - a.k;
    for (int32_t i = 0; i < n_near; i++) {
        int32_t u = m->near[(size_t)visit * (size_t)m->n_near + (size_t)((from + i) % n_near)];
        if (u == CR_NONE || !rota_is_served(x, u) || !is_in_reach(x, &a, u))
            continue;
        int32_t behind = draw_slot(m, u, random);
        stretch b = {.r = rota_round_of(x, behind)};
        if (b.r == a.r || !m->shifts[b.r].exchanges)
            continue;
        b.k = rota_place_of(x, b.r, behind);
        int32_t rest_b = rota_n(x, b.r) - b.k;
        a.n = are_rests ? rest_a : draw_length(0, rest_a, random);
        b.n = are_rests ? rest_b : draw_length(1, rest_b, random);
        if (a.n <= STOPS_MOST && b.n <= STOPS_MOST && try_exchange(x, price, &a, &b, cost_most))
            return true;
    }
    return false;
}
