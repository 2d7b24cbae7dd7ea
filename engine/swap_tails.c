/* Exchanging the rests of two rounds from some stop on ("2-opt*": Potvin and Rousseau 1995, "An exchange heuristic for
 * routing problems with time windows", Journal of the Operational Research Society 46).
 *
 * Strings taken out are short, so where rounds are long ruin and recreate hardly ever comes by such an exchange. It is
 * tried between shifts that are alike in everything: then only two legs change, and whether the starts hold is known
 * without walking the rounds.
 */
#include "swap_tails.h"

#include "goods.h"

#define NEAR_TRIED 16 /* visits near the first, among which the second is drawn */

/* A round, and the place before which it is cut. */
typedef struct end {
    int32_t r, k;
} end;

/* A visit of which the round alone says when it starts. */
static bool is_free(const model *m, int32_t visit)
{
    return m->p->visits[visit].slots.n == 1 && !m->starts[visit].coupled;
}

static bool are_exchangeable(const model *m, int32_t r, int32_t q)
{
    const model_shift *shift = &m->shifts[r];
    return r != q && shift->twin == m->shifts[q].twin && m->p->shifts[r].breaks.n == 0 && !shift->times;
}

/* The head of one round goes on with the tail of another: is that in time, and what does the way between them cost? */
static bool is_in_time(const rota *x, end head, end tail, int64_t *cost)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[head.r];
    const stop_state *before = rota_stops(x, head.r) + head.k - 1, *after = rota_stops(x, tail.r) + tail.k;
    if (before->stop == CR_NONE && after->stop == CR_NONE) { /* an empty round */
        *cost -= shift->use_price;
        return true;
    }
    const leg *way = leg_of(m, shift, before->place, after->place);
    int32_t door = after->stop == CR_NONE ? 0 : door_after(&m->starts[after->start], before->place);
    *cost += shift->travel_rate * way->time + shift->dist_rate * way->dist_m + shift->wage * door;
    return before->ready + way->time + door <= after->latest;
}

static int64_t cost_of_way_to(const rota *x, end at)
{
    const model_shift *shift = &x->m->shifts[at.r];
    const stop_state *to = rota_stops(x, at.r) + at.k;
    return shift->travel_rate * to->leg_time + shift->dist_rate * to->leg_dist + shift->wage * to->door;
}

/* Load of the stops before the cut; INT32_MAX: one behind it is not free to go. */
static int32_t load_of_head(const rota *x, end at)
{
    const model *m = x->m;
    const stop_state *stops = rota_stops(x, at.r);
    int32_t load = 0;
    for (int32_t k = 0; k < at.k; k++)
        load += m->starts[stops[k].start].load;
    for (int32_t k = at.k; k < rota_n(x, at.r); k++)
        if (!is_free(m, stops[k].start))
            return INT32_MAX;
    return load;
}

static bool have_room(rota *x, end a, end b)
{
    int32_t load_a = load_of_head(x, a), load_b = load_of_head(x, b);
    if (load_a == INT32_MAX || load_b == INT32_MAX)
        return false;
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

bool swap_tails(rota *x, pricer *price, double cost_most, rng *random)
{
    const model *m = x->m;
    int32_t n_near = m->n_near < NEAR_TRIED ? m->n_near : NEAR_TRIED;
    if (n_near == 0)
        return false;
    int32_t v = rng_below(random, m->n_visits),
            u = m->near[(size_t)v * (size_t)m->n_near + (size_t)rng_below(random, n_near)];
    if (u == CR_NONE || !is_free(m, v) || !is_free(m, u) || !rota_is_served(x, v) || !rota_is_served(x, u))
        return false;
    int32_t slot_v = m->p->visits[v].slots.first, slot_u = m->p->visits[u].slots.first;
    end a = {.r = rota_round_of(x, slot_v)}, b = {.r = rota_round_of(x, slot_u)};
    if (!are_exchangeable(m, a.r, b.r))
        return false;
    a.k = rota_place_of(x, a.r, slot_v) + 1;
    b.k = rota_place_of(x, b.r, slot_u);
    int64_t cost = -cost_of_way_to(x, a) - cost_of_way_to(x, b);
    if (!is_in_time(x, a, b, &cost) || !is_in_time(x, b, a, &cost) || (double)cost >= cost_most || !have_room(x, a, b))
        return false;
    rota_mark mark = rota_now(x);
    exchange(x, a, b);
    price_touch(price, a.r);
    price_touch(price, b.r);
    if (rota_propagate(x, false))
        return true;
    rota_undo(x, mark);
    return false;
}
