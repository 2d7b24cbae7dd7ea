/* The plan that the search works on. */
#include "rota.h"

#include "propagate.h"
#include "shared.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

rota *rota_free(rota *x)
{
    if (x) {
        free(x->pool);
        free(x->log);
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

#define STATE_WIDTH (sizeof(stop_state) / sizeof(int32_t))

#define ROUND_ROOM  47 /* stops in a round before it must move: more than a real shift has */

static void lay_out(rota *x)
{
    const model *m = x->m;
    size_t n_starts = (size_t)m->n_starts, n_slots = (size_t)m->n_slots, n_shifts = (size_t)m->n_shifts;
    x->at_earliest = take(x, n_starts);
    x->at_latest = take(x, n_starts);
    x->at_start = take(x, n_starts);
    x->at_arrive = take(x, n_slots);
    x->at_leave = take(x, n_slots);
    x->at_round = take(x, n_slots);
    x->at_n = take(x, n_shifts);
    x->at_first = take(x, n_shifts);
    x->at_cap = take(x, n_shifts);
    x->at_load = take(x, n_shifts);
    x->at_work = take(x, (size_t)m->n_carers);
    x->at_day_work = take(x, n_shifts);
    x->at_round_work = take(x, n_shifts);
    x->at_bank = take(x, (size_t)m->n_visits);
    x->at_bank_place = take(x, (size_t)m->n_visits);
}

static bool pool_reserve(rota *x, size_t n)
{
    if (n <= x->room)
        return true;
    size_t room = n + n / 2;
    int32_t *grown = room < UINT32_MAX ? realloc(x->pool, room * sizeof *grown) : NULL;
    if (!grown) {
        x->out_of_memory = true;
        return false;
    }
    memset(grown + x->room, 0, (room - x->room) * sizeof *grown); /* cells are compared before they are first written */
    x->pool = grown;
    x->room = room;
    return true;
}

void rota_put(rota *x, int32_t *at, int32_t value)
{
    if (*at == value)
        return;
    if (x->n_log == x->room_log) { /* only while it warms up */
        size_t room = x->room_log * 2;
        undo_entry *grown = realloc(x->log, room * sizeof *grown);
        if (!grown) {
            x->out_of_memory = true; /* the search stops; nothing is undone any more */
            x->n_log = 0;
        } else {
            x->log = grown;
            x->room_log = room;
        }
    }
    x->log[x->n_log++] = (undo_entry){(uint32_t)(at - x->pool), *at};
    *at = value;
}

void rota_undo(rota *x, rota_mark mark)
{
    while (x->n_log > mark.n_log) {
        undo_entry e = x->log[--x->n_log];
        x->pool[e.at] = e.old;
    }
    x->n_bank = mark.n_bank;
    x->cost = mark.cost;
}

/* ---- legs and detours ---- */

int32_t rota_arrives(const rota *x, int32_t r)
{
    const model_shift *shift = &x->m->shifts[r];
    const stop_state *last = &rota_stops(x, r)[rota_n(x, r) - 1];
    return rota_start(x)[x->m->start_of[last->stop]] + shift->length[last->stop] +
           leg_time(x->m, shift, last->place, shift->end_place);
}

int32_t rota_must_leave(const rota *x, int32_t r, int32_t k, int32_t place)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    int32_t n = rota_n(x, r), first_visit = k;
    while (first_visit < n && is_break(m, stops[first_visit].stop))
        first_visit++;
    int32_t leave;
    if (first_visit == n) {
        leave = shift->end - leg_time(m, shift, place, shift->end_place);
    } else {
        const model_start *next = &m->starts[m->start_of[stops[first_visit].stop]];
        leave = stops[first_visit].latest - leg_time(m, shift, place, next->place) - door_after(next, place);
    }
    for (int32_t b = first_visit - 1; b >= k; b--) { /* breaks on the way are spent at this place */
        leave -= shift->length[stops[b].stop];
        int32_t close = m->starts[m->start_of[stops[b].stop]].hi;
        leave = leave < close ? leave : close;
    }
    return leave;
}

static int64_t leg_cost(const model *m, const model_shift *s, int32_t from, int32_t to)
{
    if (from == CR_NONE || to == CR_NONE)
        return 0;
    const leg *l = leg_of(m, s, from, to);
    return s->travel_rate * l->time + s->dist_rate * l->dist_m;
}

detour rota_detour(const rota *x, int32_t r, int32_t k, int32_t place, int32_t door)
{
    const model *m = x->m;
    const model_shift *s = &m->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    int32_t n = rota_n(x, r), before = k ? stops[k - 1].place : s->start_place, next = k;
    while (next < n && is_break(m, stops[next].stop))
        next++;
    int32_t after = s->end_place;
    int32_t door_in = before == place ? 0 : door, door_out = 0, door_was = 0;
    if (next < n) {
        const model_start *to = &m->starts[m->start_of[stops[next].stop]];
        after = to->place;
        door_out = door_after(to, place);
        door_was = door_after(to, before);
    }
    bool was_empty = rota_n_visits_in(x, r) == 0;
    int32_t work = leg_time(m, s, before, place) + leg_time(m, s, place, after) + door_in + door_out;
    int64_t cost =
        leg_cost(m, s, before, place) + leg_cost(m, s, place, after) + s->wage * ((int64_t)door_in + door_out);
    if (was_empty) {
        cost += s->use_price;
    } else {
        work -= leg_time(m, s, before, after) + door_was;
        cost -= leg_cost(m, s, before, after) + s->wage * door_was;
    }
    return (detour){cost, work};
}

/* ---- putting in and taking out ---- */

bool rota_has_room(rota *x, int32_t r)
{
    return rota_has_room_for(x, r, rota_n(x, r) + 1);
}

bool rota_has_room_for(rota *x, int32_t r, int32_t n)
{
    if (n <= x->pool[x->at_cap + (size_t)r])
        return true;
    if (!x->full[r]) {
        x->full[r] = true;
        x->full_rounds[x->n_full++] = r;
    }
    return false;
}

static void move_to_more_room(rota *x, int32_t r)
{
    int32_t cap = 2 * x->pool[x->at_cap + (size_t)r];
    if (!pool_reserve(x, x->used + (size_t)cap * STATE_WIDTH))
        return;
    size_t first = take(x, (size_t)cap * STATE_WIDTH);
    memcpy(x->pool + first, rota_stops(x, r), (size_t)rota_n(x, r) * sizeof(stop_state));
    x->pool[x->at_first + (size_t)r] = (int32_t)first;
    x->pool[x->at_cap + (size_t)r] = cap;
}

void rota_commit(rota *x)
{
    x->n_log = 0; /* nothing points into the old places any more */
    for (int32_t i = 0; i < x->n_full; i++) {
        move_to_more_room(x, x->full_rounds[i]);
        x->full[x->full_rounds[i]] = false;
    }
    x->n_full = 0;
}

/* A slot comes to a round, or leaves it, with so much work, and care that the carer may sleep through. */
static void add_work(rota *x, int32_t r, int32_t ticks, int32_t asleep)
{
    const model_shift *shift = &x->m->shifts[r];
    int32_t *work = &x->pool[x->at_work + (size_t)shift->carer];
    rota_put(x, work, *work + ticks);
    if (x->m->has_idle)
        rota_put(x, &x->pool[x->at_round_work + (size_t)r], rota_round_work(x, r) + ticks + asleep);
    if (x->m->has_days) {
        int32_t *of_day = &x->pool[x->at_day_work + (size_t)shift->day_first];
        rota_put(x, of_day, *of_day + ticks);
    }
}

static void put_state(rota *x, stop_state *at, stop_state value)
{
    rota_put(x, &at->stop, value.stop);
    rota_put(x, &at->place, value.place);
    rota_put(x, &at->ready, value.ready);
    rota_put(x, &at->latest, value.latest);
}

void rota_insert(rota *x, int32_t stop, int32_t r, int32_t k)
{
    const model *m = x->m;
    int32_t n = rota_n(x, r);
    assert(k >= 0 && k <= n && n < x->pool[x->at_cap + (size_t)r]);
    const model_shift *shift = &m->shifts[r];
    if (!is_break(m, stop)) {
        const model_start *start = &m->starts[m->start_of[stop]];
        detour d = rota_detour(x, r, k, start->place, start->door);
        bool shares = m->has_company || m->has_hours;
        int64_t shared = shares ? shared_cost(x, m->start_of[stop], shift->carer) : 0;
        x->cost += d.cost + m->slot_cost[(size_t)stop * (size_t)m->n_carers + (size_t)shift->carer];
        add_work(x, r, d.work + shift->work[stop], shift->length[stop] - shift->work[stop]);
        int32_t *load = &x->pool[x->at_load + (size_t)r];
        rota_put(x, load, *load + start->load);
        rota_put(x, &x->pool[x->at_round + (size_t)stop], r);
        x->cost += shares ? shared_cost(x, m->start_of[stop], shift->carer) - shared : 0;
    }
    stop_state *stops = rota_stops(x, r);
    for (int32_t i = n; i > k; i--)
        put_state(x, &stops[i], stops[i - 1]);
    int32_t place =
        is_break(m, stop) ? (k ? stops[k - 1].place : shift->start_place) : m->starts[m->start_of[stop]].place;
    put_state(x, &stops[k], (stop_state){stop, place, TIME_MIN, TIME_MAX});
    for (int32_t i = k + 1; i <= n && is_break(m, stops[i].stop); i++) /* breaks after it are spent there */
        rota_put(x, &stops[i].place, place);
    rota_put(x, &x->pool[x->at_n + (size_t)r], n + 1);
    wake_around(x, r, k, true);
}

void rota_remove_stop(rota *x, int32_t stop, int32_t r, int32_t k)
{
    const model *m = x->m;
    stop_state *stops = rota_stops(x, r);
    int32_t n = rota_n(x, r);
    assert(stops[k].stop == stop);
    for (int32_t i = k; i + 1 < n; i++)
        put_state(x, &stops[i], stops[i + 1]);
    rota_put(x, &x->pool[x->at_n + (size_t)r], n - 1);
    if (!is_break(m, stop)) {
        const model_shift *shift = &m->shifts[r];
        const model_start *start = &m->starts[m->start_of[stop]];
        /* Breaks that stood after it are now spent at the stop before it. */
        int32_t place = k ? stops[k - 1].place : shift->start_place;
        for (int32_t i = k; i < n - 1 && is_break(m, stops[i].stop); i++)
            rota_put(x, &stops[i].place, place);
        detour d = rota_detour(x, r, k, start->place, start->door);
        bool shares = m->has_company || m->has_hours;
        int64_t shared = shares ? shared_cost(x, m->start_of[stop], shift->carer) : 0;
        x->cost -= d.cost + m->slot_cost[(size_t)stop * (size_t)m->n_carers + (size_t)shift->carer];
        add_work(x, r, -d.work - shift->work[stop], shift->work[stop] - shift->length[stop]);
        int32_t *load = &x->pool[x->at_load + (size_t)r];
        rota_put(x, load, *load - start->load);
        rota_put(x, &x->pool[x->at_round + (size_t)stop], CR_NONE);
        x->cost += shares ? shared_cost(x, m->start_of[stop], shift->carer) - shared : 0;
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

/* ---- made, and turned into a plan ---- */

/* The breaks of an empty round, as listed or the one that must be taken soonest first. False: they cannot be taken so;
 * the round then has them all the same. */
static bool put_breaks(rota *x, int32_t r, bool by_close)
{
    const model *m = x->m;
    const cr_range breaks = m->p->shifts[r].breaks;
    rota_mark mark = rota_now(x);
    while (rota_n(x, r) > 0)
        rota_remove_stop(x, rota_stops(x, r)[rota_n(x, r) - 1].stop, r, rota_n(x, r) - 1);
    for (int32_t b = 0; b < breaks.n; b++) {
        int32_t stop = m->n_slots + breaks.first + b, k = b;
        while (by_close && k > 0 &&
               m->starts[m->start_of[rota_stops(x, r)[k - 1].stop]].hi > m->starts[m->start_of[stop]].hi)
            k--;
        rota_insert(x, stop, r, k);
    }
    if (rota_propagate(x, false))
        return true;
    if (by_close)
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
    x->cost += m->has_hours ? shared_hours(x) : 0;
    for (int32_t r = 0; r < m->n_shifts; r++) {
        const cr_range breaks = m->p->shifts[r].breaks;
        int32_t cap = breaks.n + (m->n_slots < ROUND_ROOM ? m->n_slots : ROUND_ROOM) + 1;
        if (!pool_reserve(x, x->used + (size_t)cap * STATE_WIDTH))
            return false;
        x->pool[x->at_first + (size_t)r] = (int32_t)take(x, (size_t)cap * STATE_WIDTH);
        x->pool[x->at_cap + (size_t)r] = cap;
        x->closed[r] = !put_breaks(x, r, false) && !put_breaks(x, r, true);
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
    x->room_log = 4096;
    x->log = malloc(x->room_log * sizeof *x->log);
    x->most_seen = malloc(((size_t)m->n_visits + 1) * sizeof *x->most_seen);
    x->most_marked = calloc((size_t)m->n_visits + 1, sizeof *x->most_marked);
    x->closed = calloc((size_t)m->n_shifts + 1, sizeof *x->closed);
    x->full = calloc((size_t)m->n_shifts + 1, sizeof *x->full);
    x->full_rounds = calloc((size_t)m->n_shifts + 1, sizeof *x->full_rounds);
    if (!pool_reserve(x, x->used + 1) || !x->log || !x->most_seen || !x->most_marked || !x->closed || !x->full ||
        !x->full_rounds || !worklist_init(&x->forward, m->n_shifts) || !worklist_init(&x->backward, m->n_shifts))
        return CR_E_NOMEM;
    if (!fill_empty(x))
        return CR_E_NOMEM;
    *ret_rota = rota_take(&x);
    return CR_OK;
}

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
