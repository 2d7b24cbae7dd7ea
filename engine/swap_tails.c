/* Exchanging the rests of two rounds from some stop on ("2-opt*": Potvin and Rousseau 1995, "An exchange heuristic for
 * routing problems with time windows", Journal of the Operational Research Society 46).
 *
 * Ruin and recreate puts one visit in after the other, so it hardly ever comes by such an exchange; here only two legs
 * change, and most exchanges are thrown out by their cost and by when the first of each rest could start. The shifts
 * may be of other hours and carers, as long as these are as long on the way and at a visit (model_shift.pace).
 */
#include "swap_tails.h"

#include "goods.h"
#include "insert.h"

#define NEAR_TRIED 16 /* visits near the first: each is tried as the one that then comes behind it */

/* ---- which rounds ---- */

/* Can the visits behind some stop leave the round, and others come? Not where stops have no place or are held. */
static bool may_change_rest(const model *m, int32_t r)
{
    const cr_shift *shift = &m->p->shifts[r];
    return shift->breaks.n == 0 && shift->held.n == 0 && !shift->is_over && !m->shifts[r].times;
}

/* Is one as long on the way and at a visit, for the same pay on the way? */
static bool is_of_pace(const model_shift *a, const model_shift *b)
{
    return a->legs == b->legs && a->length == b->length && a->work == b->work && a->travel_rate == b->travel_rate &&
           a->dist_rate == b->dist_rate && a->wage == b->wage;
}

void swap_tails_compile(model *m)
{
    bool may_change = m->n_placed == m->n_slots && !m->has_contracts && !m->has_crews;
    for (int32_t r = 0; r < m->n_shifts; r++) {
        model_shift *shift = &m->shifts[r];
        shift->pace = may_change && may_change_rest(m, r) ? r : CR_NONE;
        for (int32_t q = 0; q < r && shift->pace == r; q++)
            if (m->shifts[q].pace == q && is_of_pace(shift, &m->shifts[q]))
                shift->pace = q;
        m->has_rests = m->has_rests || (shift->pace != CR_NONE && shift->pace != r);
    }
}

/* ---- one exchange ---- */

/* A round, and the place before which it is cut. */
typedef struct end {
    int32_t r, k;
} end;

/* Can it change rounds without those it is tied to by a gap? */
static bool is_free(const model *m, int32_t visit)
{
    return m->gaps_of[visit].n == 0;
}

static bool are_exchangeable(const model *m, int32_t r, int32_t q)
{
    return r != q && m->shifts[r].pace != CR_NONE && m->shifts[r].pace == m->shifts[q].pace;
}

/* Not later than this may the rest of round `from` begin in round r: as there, or as much later as r ends later. */
static int32_t latest_in(const model *m, const stop_state *rest, int32_t from, int32_t r)
{
    int32_t later = m->shifts[r].end - m->shifts[from].end, hi = m->starts[rest->start].hi;
    int32_t latest = rest->latest + (later > 0 ? later : 0);
    return latest < hi ? latest : hi;
}

/* The head of one round goes on with the tail of another: might that be in time, and what does the way between them
 * cost? */
static bool is_in_time(const rota *x, end head, end tail, int64_t *cost)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[head.r];
    const stop_state *before = rota_stops(x, head.r) + head.k - 1, *after = rota_stops(x, tail.r) + tail.k;
    bool is_end = after->stop == CR_NONE;
    if (before->stop == CR_NONE && is_end) { /* an empty round */
        *cost -= shift->use_price;
        return true;
    }
    int32_t to = is_end ? shift->end_place : after->place;
    const leg *way = leg_of(m, shift, before->place, to);
    int32_t door = is_end ? 0 : door_after(&m->starts[after->start], before->place);
    *cost += shift->travel_rate * way->time + shift->dist_rate * way->dist_m + shift->wage * door;
    return before->ready + way->time + door <= (is_end ? shift->end : latest_in(m, after, tail.r, head.r));
}

static int64_t cost_of_way_to(const rota *x, end at)
{
    const model_shift *shift = &x->m->shifts[at.r];
    const stop_state *to = rota_stops(x, at.r) + at.k;
    return shift->travel_rate * to->leg_time + shift->dist_rate * to->leg_dist + shift->wage * to->door;
}

/* What the way to the end of one shift costs more to the end of another. */
static int64_t cost_of_other_end(const rota *x, end tail, end head)
{
    const model *m = x->m;
    const model_shift *from = &m->shifts[tail.r], *to = &m->shifts[head.r];
    const stop_state *last = rota_stops(x, tail.r) + rota_n(x, tail.r) - 1;
    if (tail.k == rota_n(x, tail.r) || from->end_place == to->end_place)
        return 0;
    const leg *was = leg_of(m, from, last->place, from->end_place), *is = leg_of(m, to, last->place, to->end_place);
    return to->travel_rate * ((int64_t)is->time - was->time) + to->dist_rate * ((int64_t)is->dist_m - was->dist_m);
}

/* What the rest of a round costs more with another carer. False: she may not come to all of it, or some must stay. */
static bool may_go(const rota *x, end tail, end head, int64_t *cost)
{
    const model *m = x->m;
    const stop_state *stops = rota_stops(x, tail.r);
    int32_t carer = m->shifts[tail.r].carer, other = m->shifts[head.r].carer;
    for (int32_t k = tail.k; k < rota_n(x, tail.r); k++) {
        if (!is_free(m, stops[k].start) || !model_is_carer_for(m, stops[k].stop, other))
            return false;
        *cost += model_slot_price(m, stops[k].stop, other) - model_slot_price(m, stops[k].stop, carer);
    }
    return true;
}

static int32_t load_of_head(const rota *x, end at)
{
    const stop_state *stops = rota_stops(x, at.r);
    int32_t load = 0;
    for (int32_t k = 0; k < at.k; k++)
        load += x->m->starts[stops[k].start].load;
    return load;
}

static bool have_room(rota *x, end a, end b)
{
    int32_t load_a = load_of_head(x, a), load_b = load_of_head(x, b);
    int32_t rest_a = rota_load(x, a.r) - load_a, rest_b = rota_load(x, b.r) - load_b;
    return load_a + rest_b <= x->m->shifts[a.r].max_load && load_b + rest_a <= x->m->shifts[b.r].max_load &&
           (x->m->n_goods == 0 ||
            (goods_hold_joined(x, a.r, a.k, b.r, b.k) && goods_hold_joined(x, b.r, b.k, a.r, a.k))) &&
           rota_has_room_for(x, a.r, a.k + rota_n(x, b.r) - b.k) &&
           rota_has_room_for(x, b.r, rota_n(x, b.r) + rota_n(x, a.r) - a.k);
}

/* Take the last stop of the round from its end to the place before another round's stop k. */
static void move_last(rota *x, int32_t from, int32_t to, int32_t k)
{
    int32_t last = rota_n(x, from) - 1, stop = rota_stops(x, from)[last].stop;
    rota_remove_stop(x, stop, from, last);
    rota_insert(x, stop, to, k);
}

static void exchange(rota *x, end a, end b)
{
    int32_t n_a = rota_n(x, a.r) - a.k, n_b = rota_n(x, b.r) - b.k;
    for (int32_t i = 0; i < n_a; i++) /* last first: each before those that came from there already, */
        move_last(x, a.r, b.r, b.k);
    for (int32_t i = 0; i < n_b; i++) /* and these behind all */
        move_last(x, b.r, a.r, a.k);
}

/* Of one provider where they must be, and nobody twice (which starts mostly do not allow)? */
static bool teams_hold(const rota *x, end at)
{
    for (int32_t k = at.k; k < rota_n(x, at.r); k++) {
        int32_t visit = rota_stops(x, at.r)[k].start;
        if (x->m->p->visits[visit].slots.n > 1 && !carers_hold_of(x, visit))
            return false;
    }
    return true;
}

static bool try_exchange(rota *x, pricer *price, end a, end b, double cost_most)
{
    int64_t cost = -cost_of_way_to(x, a) - cost_of_way_to(x, b);
    if (!is_in_time(x, a, b, &cost) || !is_in_time(x, b, a, &cost))
        return false;
    cost += cost_of_other_end(x, a, b) + cost_of_other_end(x, b, a);
    if ((double)cost >= cost_most || !may_go(x, a, b, &cost) || !may_go(x, b, a, &cost) || (double)cost >= cost_most ||
        !have_room(x, a, b))
        return false;
    rota_mark mark = rota_now(x);
    exchange(x, a, b);
    if (teams_hold(x, a) && teams_hold(x, b) && rota_propagate(x, false)) {
        price_touch(price, a.r);
        price_touch(price, b.r);
        return true;
    }
    rota_undo(x, mark);
    return rota_forget_waiting(x);
}

bool swap_tails(rota *x, pricer *price, int32_t visit, double cost_most, rng *random)
{
    const model *m = x->m;
    int32_t n_near = m->n_near < NEAR_TRIED ? m->n_near : NEAR_TRIED;
    if (n_near == 0 || !rota_is_served(x, visit))
        return false;
    int32_t slot = draw_slot(m, visit, random), from = rng_below(random, n_near);
    end a = {.r = rota_round_of(x, slot)};
    if (m->shifts[a.r].pace == CR_NONE)
        return false;
    a.k = rota_place_of(x, a.r, slot) + 1;
    int32_t ready = rota_stops(x, a.r)[a.k - 1].ready;
    for (int32_t i = 0; i < n_near; i++) {
        int32_t u = m->near[(size_t)visit * (size_t)m->n_near + (size_t)((from + i) % n_near)];
        if (u == CR_NONE || m->starts[u].hi < ready || !rota_is_served(x, u))
            continue;
        int32_t behind = draw_slot(m, u, random);
        end b = {.r = rota_round_of(x, behind)};
        if (!are_exchangeable(m, a.r, b.r))
            continue;
        b.k = rota_place_of(x, b.r, behind);
        if (try_exchange(x, price, a, b, cost_most))
            return true;
    }
    return false;
}
