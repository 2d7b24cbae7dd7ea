/* The plan that the search works on: what is put in, taken out and undone. rota_new.c makes it. */
#include "rota_internal.h"

#include "contracts.h"
#include "goods.h"
#include "propagate.h"
#include "shared.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

/* Room for n things where there is some already; NULL: memory ran out, and the search will stop. */
static void *grown(rota *x, void *old, size_t n, size_t *room, size_t size)
{
    if (n <= *room)
        return old;
    size_t more = n + n / 2;
    void *bigger = realloc(old, more * size);
    if (!bigger) {
        x->out_of_memory = true;
        return NULL;
    }
    *room = more;
    return bigger;
}

bool rota_take_states(rota *x, int32_t cap, size_t *ret_first)
{
    size_t n = (size_t)cap + 2;
    stop_state *states = grown(x, x->states, x->n_states + n, &x->room_states, sizeof *states);
    if (!states)
        return false;
    x->states = states;
    if (x->m->n_goods > 0) {
        size_t n_goods = (x->n_states + n) * (size_t)x->m->n_goods;
        goods_state *goods = grown(x, x->goods, n_goods, &x->room_goods, sizeof *goods);
        if (!goods)
            return false;
        x->goods = goods;
    }
    *ret_first = x->n_states + 1;
    x->n_states += n;
    return true;
}

void rota_put(rota *x, int32_t *at, int32_t value)
{
    if (*at == value)
        return;
    if (x->n_log == x->room_log) { /* only while it warms up */
        undo_entry *log = grown(x, x->log, x->n_log + 1, &x->room_log, sizeof *log);
        if (!log) { /* the search stops; nothing is undone any more */
            *at = value;
            return;
        }
        x->log = log;
    }
    x->log[x->n_log++] = (undo_entry){(uint32_t)(at - x->pool), *at};
    *at = value;
}

void rota_save_round(rota *x, int32_t r)
{
    round_state *round = &x->rounds[r];
    size_t n = (size_t)round->n + 1; /* the way to the end changes too */
    saved_round *saves = grown(x, x->saves, x->n_saves + 1, &x->room_saves, sizeof *saves);
    if (saves)
        x->saves = saves;
    stop_state *aside = grown(x, x->aside, x->n_aside + n, &x->room_aside, sizeof *aside);
    if (aside)
        x->aside = aside;
    if (!saves || !aside) /* the search stops; nothing is undone any more */
        return;
    x->saves[x->n_saves] =
        (saved_round){r, round->saved, round->n, round->n_visits, round->load, round->version, x->n_aside};
    round->saved = (int32_t)x->n_saves++;
    memcpy(x->aside + x->n_aside, rota_stops(x, r), n * sizeof *aside);
    x->n_aside += n;
}

void rota_undo(rota *x, rota_mark mark)
{
    if (x->out_of_memory)
        return;
    while (x->n_log > mark.n_log) {
        undo_entry e = x->log[--x->n_log];
        x->pool[e.at] = e.old;
    }
    while (x->n_saves > mark.n_saves) {
        const saved_round *saved = &x->saves[--x->n_saves];
        round_state *round = &x->rounds[saved->r];
        round->n = saved->n;
        rota_set_n_visits(x, saved->r, saved->n_visits);
        round->load = saved->load;
        round->version = saved->version;
        round->saved = saved->saved;
        memcpy(rota_stops(x, saved->r), x->aside + saved->first, ((size_t)saved->n + 1) * sizeof *x->aside);
        x->n_aside = saved->first;
    }
    x->saves_wanted = (int32_t)mark.n_saves;
    x->n_bank = mark.n_bank;
    x->n_in_rounds = mark.n_in_rounds;
    x->cost = mark.cost;
}

bool rota_is_as_before(const rota *x)
{
    for (size_t i = 0; i < x->n_saves; i++) {
        const saved_round *saved = &x->saves[i];
        if (saved->saved != CR_NONE) /* set aside before, so that is not how it was */
            continue;
        const stop_state *before = x->aside + saved->first, *now = rota_stops(x, saved->r);
        if (saved->n != rota_n(x, saved->r))
            return false;
        for (int32_t k = 0; k < saved->n; k++)
            if (before[k].stop != now[k].stop)
                return false;
    }
    return true;
}

/* ---- legs and detours ---- */

int32_t rota_arrives(const rota *x, int32_t r)
{
    const stop_state *end = rota_stops(x, r) + rota_n(x, r), *last = end - 1;
    return rota_start(x)[last->start] + x->m->shifts[r].length[last->stop] + end->leg_time;
}

/* The first visit from index k of the round on, or its end: where the carer goes next. */
static int32_t next_place(const rota *x, int32_t r, int32_t k)
{
    const stop_state *stops = rota_stops(x, r);
    while (is_placeless(x->m, stops[k].stop))
        k++;
    return k;
}

/* Door time that the carer pays on the way to a stop if she comes from there; nothing at the end. */
static int32_t door_at(const model *m, const stop_state *to, int32_t from)
{
    return to->stop == CR_NONE ? 0 : door_after(&m->starts[to->start], from);
}

int32_t rota_must_leave(const rota *x, int32_t r, int32_t k, int32_t place)
{
    const model *m = x->m;
    const stop_state *stops = rota_stops(x, r);
    int32_t next = next_place(x, r, k);
    int32_t leave =
        leg_leave(m, &m->shifts[r], place, stops[next].place, stops[next].latest - door_at(m, &stops[next], place));
    for (int32_t b = next - 1; b >= k; b--) { /* breaks, and time held back, on the way are spent at this place */
        leave -= m->shifts[r].length[stops[b].stop];
        leave = window_before(&m->starts[stops[b].start], leave);
    }
    return leave;
}

detour rota_detour(const rota *x, int32_t r, int32_t k, int32_t place, int32_t door)
{
    const model *m = x->m;
    const model_shift *s = &m->shifts[r];
    const stop_state *before = rota_stops(x, r) + k - 1, *after = rota_stops(x, r) + next_place(x, r, k);
    const leg *in = leg_of(m, s, before->place, place), *out = leg_of(m, s, place, after->place);
    int64_t on_road = (int64_t)in->time + out->time - after->leg_time;
    int64_t dist_m = (int64_t)in->dist_m + out->dist_m - after->leg_dist;
    int64_t at_doors = (int64_t)(before->place == place ? 0 : door) + door_at(m, after, place) - after->door;
    int64_t use_price = rota_n_visits_in(x, r) == 0 ? s->use_price : 0;
    return (detour){use_price + s->travel_rate * on_road + s->dist_rate * dist_m + s->wage * at_doors,
                    (int32_t)(on_road + at_doors)};
}

/* ---- putting in and taking out ---- */

bool rota_has_room_for(rota *x, int32_t r, int32_t n)
{
    if (n <= x->rounds[r].cap)
        return true;
    if (!x->full[r]) {
        x->full[r] = true;
        x->full_rounds[x->n_full++] = r;
    }
    return false;
}

bool rota_has_room(rota *x, int32_t r)
{
    return rota_has_room_for(x, r, rota_n(x, r) + 1);
}

static void move_to_more_room(rota *x, int32_t r)
{
    round_state *round = &x->rounds[r];
    size_t first;
    if (!rota_take_states(x, 2 * round->cap, &first))
        return;
    memcpy(x->states + first - 1, rota_stops(x, r) - 1, ((size_t)round->n + 2) * sizeof *x->states);
    round->first = first;
    round->cap *= 2;
    x->goods_version[r] = 0;
}

void rota_commit(rota *x)
{
    for (size_t i = 0; i < x->n_saves; i++)
        x->rounds[x->saves[i].r].saved = CR_NONE;
    x->n_log = x->n_saves = x->n_aside = 0;
    x->saves_wanted = 0;
    for (int32_t i = 0; i < x->n_full; i++) { /* nothing points into the old places any more */
        move_to_more_room(x, x->full_rounds[i]);
        x->full[x->full_rounds[i]] = false;
    }
    x->n_full = 0;
}

/* The way to a visit or to the end, as the stop before it now is. */
static void set_way_to(rota *x, int32_t r, int32_t k)
{
    const model *m = x->m;
    stop_state *at = rota_stops(x, r) + k;
    int32_t from = at[-1].place;
    const leg *way = leg_of(m, &m->shifts[r], from, at->place);
    bool is_used = rota_n_visits_in(x, r) > 0;
    at->leg_time = is_used ? way->time : 0;
    at->leg_dist = is_used ? way->dist_m : 0;
    at->door = door_at(m, at, from);
}

/* Breaks, and time held back, from index k on are spent where the stop before them is; beyond them the way goes on. */
static void set_ways_from(rota *x, int32_t r, int32_t k)
{
    stop_state *stops = rota_stops(x, r);
    for (; is_placeless(x->m, stops[k].stop); k++)
        stops[k].place = stops[k - 1].place;
    set_way_to(x, r, k);
}

/* Two ways that do not exist come to more than an int32_t holds, until the rounds that have them are given up: what is
 * added is taken away again, so the sum may go round. */
static int32_t sum_of(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* A slot comes to a round, or leaves it, with so much work, and care that the carer may sleep through. */
static void add_work(rota *x, int32_t r, int32_t ticks, int32_t asleep)
{
    const model_shift *shift = &x->m->shifts[r];
    int32_t *work = &x->pool[x->at_work + (size_t)shift->carer];
    rota_put(x, work, sum_of(*work, ticks));
    if (x->m->has_idle || x->m->has_earliest_waiting)
        rota_put(x, &x->pool[x->at_round_work + (size_t)r], sum_of(rota_round_work(x, r), sum_of(ticks, asleep)));
    if (x->m->has_days) {
        int32_t *of_day = &x->pool[x->at_day_work + (size_t)shift->day_first];
        rota_put(x, of_day, sum_of(*of_day, ticks));
    }
}

void rota_change_way(rota *x, int32_t r, int32_t k, leg way)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    stop_state *at = rota_stops(x, r) + k;
    int32_t longer = way.time - at->leg_time, farther = way.dist_m - at->leg_dist;
    if (longer == 0 && farther == 0)
        return;
    rota_touch(x, r);
    at->leg_time = way.time;
    at->leg_dist = way.dist_m;
    x->cost += shift->travel_rate * longer + shift->dist_rate * farther;
    if (m->has_hours) {
        int64_t work = rota_work(x, shift->carer);
        x->cost += hours_grow(&m->p->carers[shift->carer], work, work + longer);
    }
    add_work(x, r, longer, 0);
}

/* A slot comes to the round (sign 1) or leaves it (-1), which costs and takes so much. */
static void count_in(rota *x, int32_t slot, int32_t r, detour d, int32_t sign)
{
    const model *m = x->m;
    round_state *round = &x->rounds[r];
    int32_t carer = m->shifts[r].carer;
    bool shares = m->has_company || m->has_hours;
    x->cost -= shares ? shared_cost(x, m->start_of[slot], carer) : 0;
    x->cost -= m->has_contracts ? contracts_cost_of_round(x, r) : 0;
    x->cost += sign * (d.cost + model_slot_price(m, slot, carer));
    int32_t length = m->shifts[r].length[slot], care = m->shifts[r].work[slot];
    add_work(x, r, sign * (d.work + care), sign * (length - care));
    rota_put(x, &x->pool[x->at_round + (size_t)slot], sign > 0 ? r : CR_NONE);
    x->cost += shares ? shared_cost(x, m->start_of[slot], carer) : 0;
    if (m->has_contracts) {
        contracts_count(x, slot, r, sign);
        x->cost += contracts_cost_of_round(x, r);
    }
    rota_set_n_visits(x, r, round->n_visits + sign);
    round->load += sign * m->starts[m->start_of[slot]].load;
    x->n_in_rounds += sign;
}

void rota_insert(rota *x, int32_t stop, int32_t r, int32_t k)
{
    const model *m = x->m;
    int32_t n = rota_n(x, r), start = m->start_of[stop];
    assert(k >= 0 && k <= n && n < x->rounds[r].cap);
    rota_touch(x, r);
    stop_state *stops = rota_stops(x, r);
    bool is_visit = !is_break(m, stop);
    int32_t place = rota_place_for(x, r, k, stop);
    if (is_visit)
        count_in(x, stop, r, rota_detour(x, r, k, place, m->starts[start].door), 1);
    memmove(&stops[k + 1], &stops[k], (size_t)(n + 1 - k) * sizeof *stops);
    stops[k] = (stop_state){.stop = stop, .start = start, .place = place, .ready = TIME_MIN, .latest = TIME_MAX};
    x->rounds[r].n = n + 1;
    if (is_visit) {
        set_way_to(x, r, k);
        set_ways_from(x, r, k + 1);
    }
    wake_around(x, r, k, true);
}

void rota_remove_stop(rota *x, int32_t stop, int32_t r, int32_t k)
{
    const model *m = x->m;
    int32_t n = rota_n(x, r);
    rota_touch(x, r);
    stop_state *stops = rota_stops(x, r);
    assert(stops[k].stop == stop);
    if (!is_break(m, stop) && m->shifts[r].times) { /* the two ways as they are reckoned when a stop is put in */
        int32_t next = next_place(x, r, k + 1);
        rota_change_way(x, r, k, *leg_of(m, &m->shifts[r], stops[k - 1].place, stops[k].place));
        rota_change_way(x, r, next, *leg_of(m, &m->shifts[r], stops[k].place, stops[next].place));
    }
    memmove(&stops[k], &stops[k + 1], (size_t)(n - k) * sizeof *stops);
    x->rounds[r].n = n - 1;
    if (!is_break(m, stop)) {
        const model_start *start = &m->starts[m->start_of[stop]];
        x->rounds[r].n_visits--; /* the detour is that of putting it back */
        set_ways_from(x, r, k);
        detour d = rota_detour(x, r, k, rota_place_for(x, r, k, stop), start->door);
        x->rounds[r].n_visits++;
        count_in(x, stop, r, d, -1);
        rota_put(x, &x->pool[x->at_arrive + (size_t)stop], TIME_MIN);
        rota_put(x, &x->pool[x->at_leave + (size_t)stop], TIME_MAX);
    }
    wake_around(x, r, k, false);
}

int32_t rota_place_of(const rota *x, int32_t r, int32_t stop)
{
    const stop_state *stops = rota_stops(x, r);
    int32_t k = 0;
    while (stops[k].stop != stop)
        k++;
    return k;
}

void rota_remove_visit(rota *x, int32_t visit)
{
    if (x->m->starts[visit].coupled)
        rota_put(x, &rota_start(x)[visit], CR_FREE); /* nobody waits for it any more */
    const cr_range slots = x->m->p->visits[visit].slots;
    for (int32_t i = 0; i < slots.n; i++) {
        int32_t slot = slots.first + i, r = rota_round_of(x, slot);
        if (r != CR_NONE)
            rota_remove_stop(x, slot, r, rota_place_of(x, r, slot));
    }
    if (rota_is_served(x, visit)) {
        rota_put(x, &x->pool[x->at_bank + (size_t)x->n_bank], visit);
        rota_put(x, &x->pool[x->at_bank_place + (size_t)visit], x->n_bank++);
        x->cost += x->m->p->visits[visit].unallocated_price * slots.n;
    }
    wake_partners(x, visit);
}

void rota_from_bank(rota *x, int32_t visit)
{
    int32_t *bank = x->pool + x->at_bank, *place = x->pool + x->at_bank_place;
    int32_t at = place[visit], last = bank[--x->n_bank];
    assert(at >= 0 && bank[at] == visit);
    rota_put(x, &bank[at], last);
    rota_put(x, &place[last], at);
    rota_put(x, &place[visit], CR_NONE);
    x->cost -= x->m->p->visits[visit].unallocated_price * x->m->p->visits[visit].slots.n;
}

void rota_expect(rota *x, int32_t slot, int32_t e, int32_t l)
{
    rota_put(x, &x->pool[x->at_arrive + (size_t)slot], e);
    rota_put(x, &x->pool[x->at_leave + (size_t)slot], l);
}

void rota_announce(rota *x, int32_t visit, int32_t e)
{
    rota_put(x, &rota_earliest(x)[visit], e);
    rota_put(x, &rota_latest(x)[visit], x->m->starts[visit].hi);
    x->guard = x->m->has_most_gaps ? CR_NONE : visit;
    wake_partners(x, visit);
}

/* ---- turned into a plan ---- */

static int compare_ints(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

cr_status rota_to_plan(const rota *x, cr_plan **ret_plan)
{
    const model *m = x->m;
    int32_t n_rounds = 0, n_stops = 0;
    for (int32_t r = 0; r < m->n_shifts; r++)
        if (rota_n_visits_in(x, r) > 0) {
            n_rounds++;
            n_stops += rota_n(x, r);
        }
    cr_plan *plan;
    cr_status st = cr_plan_new(n_rounds, n_stops, x->n_bank, &plan);
    if (st)
        return st;
    int32_t at_round = 0, at_stop = 0;
    for (int32_t r = 0; r < m->n_shifts; r++) {
        if (rota_n_visits_in(x, r) == 0)
            continue;
        int32_t n = rota_n(x, r);
        plan->rounds[at_round++] = (cr_round){.shift = r, .stops = {at_stop, n}};
        for (int32_t k = 0; k < n; k++) {
            int32_t stop = rota_stops(x, r)[k].stop;
            plan->stops[at_stop++] = (cr_stop){.slot = is_break(m, stop) ? CR_NONE : stop,
                                               .brk = is_break(m, stop) ? stop - m->n_slots : CR_NONE,
                                               .start = rota_earliest(x)[m->start_of[stop]]};
        }
    }
    memcpy(plan->unallocated, rota_bank(x), (size_t)x->n_bank * sizeof *plan->unallocated);
    qsort(plan->unallocated, (size_t)x->n_bank, sizeof *plan->unallocated, compare_ints);
    *ret_plan = plan;
    return CR_OK;
}
