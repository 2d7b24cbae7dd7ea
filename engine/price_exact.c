/* What starts cost before a change is accepted: the rounds that changed, worked out exactly, with those that hang on
 * them where that must be. What they cost before is logged, and undone with the change.
 */
#include "price_internal.h"

#include "cost.h"
#include "spread.h"

#include <stdlib.h>

#define SMALL_PLAN 40 /* stops; up to here every change is priced with all starts free */

/* ---- which rounds changed, and undoing ---- */

void price_touch(pricer *price, int32_t r)
{
    if (!price->is_touched[r]) {
        price->is_touched[r] = true;
        price->touched[price->n_touched++] = r;
    }
}

bool price_is_out_of_memory(const pricer *price)
{
    return price->out_of_memory;
}

bool price_is_touched(const pricer *price, int32_t r)
{
    return price->is_touched[r];
}

int32_t price_n_touched(const pricer *price)
{
    return price->n_touched;
}

int32_t price_touched_shift(const pricer *price, int32_t i)
{
    return price->touched[i];
}

static void forget_touched(pricer *price)
{
    for (int32_t i = 0; i < price->n_touched; i++) {
        price->is_touched[price->touched[i]] = false;
        price->base_version[price->touched[i]] = 0; /* starts have moved, and stops changed rounds */
    }
    price->n_touched = 0;
}

void price_commit(pricer *price)
{
    for (int32_t i = 0; i < price->n_touched; i++)
        price->is_noted[price->touched[i]] = false;
    forget_touched(price);
    price->n_log = 0;
}

void price_undo(pricer *price)
{
    forget_touched(price);
    while (price->n_log > 0) {
        const saved *s = &price->log[--price->n_log];
        if (s->index < price->m->n_shifts)
            price->round_price[s->index] = s->old;
        else
            price->visit_price[s->index - price->m->n_shifts] = s->old;
        price->total = price->total_before;
    }
}

/* Change one part of the total, and remember the old. */
static void book(pricer *price, int64_t *at, int32_t index, int64_t value)
{
    if (*at == value)
        return;
    if (price->n_log == 0)
        price->total_before = price->total;
    if (price->n_log == price->room_log) {
        int32_t room = price->room_log * 2;
        saved *grown = realloc(price->log, (size_t)room * sizeof *grown);
        if (!grown) { /* the search stops; nothing is undone any more */
            price->out_of_memory = true;
            price->n_log = 0;
        } else {
            price->log = grown;
            price->room_log = room;
        }
    }
    price->log[price->n_log++] = (saved){index, *at};
    price->total += value - *at;
    *at = value;
}

/* ---- the rounds that changed, as a problem for starts.c ---- */

/* Waiting, and being back after the paid end. */
static int64_t round_price(const model *m, const rota *x, int32_t r)
{
    const model_shift *shift = &m->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    int32_t n = rota_n(x, r), place = shift->start_place, length = 0;
    if (rota_n_visits_in(x, r) == 0)
        return 0;
    int64_t shortest = 0;
    for (int32_t k = 0; k < n; k++) {
        footstep s = step_to(m, shift, place, length, stops[k].stop);
        if (shift->times)
            s.distance = length + stops[k].leg_time + stops[k].door;
        shortest += k > 0 || shift->leaves_at_begin ? s.distance : 0;
        place = s.place;
        length = shift->length[stops[k].stop];
    }
    int64_t first = shift->leaves_at_begin ? shift->begin : rota_start(x)[m->start_of[stops[0].stop]],
            last = rota_start(x)[m->start_of[stops[n - 1].stop]];
    int64_t arrive = rota_arrives(x, r);
    return shift->waiting_rate * (last - first - shortest) +
           (arrive > shift->paid_end ? shift->overrun * (arrive - shift->paid_end) : 0);
}

static void join_region(pricer *price, int32_t r)
{
    if (r != CR_NONE && !price->in_region[r]) {
        price->in_region[r] = true;
        price->region[price->n_region++] = r;
    }
}

/* Rounds that share a visit or a gap with stops of round r. */
static void join_neighbours(pricer *price, const rota *x, int32_t r)
{
    const model *m = price->m;
    const cr_problem *p = m->p;
    const stop_state *stops = rota_stops(x, r);
    for (int32_t k = 0; k < rota_n(x, r); k++) {
        if (is_break(m, stops[k].stop) || !m->starts[m->start_of[stops[k].stop]].coupled)
            continue;
        int32_t v = m->start_of[stops[k].stop];
        for (int32_t i = 0; i < p->visits[v].slots.n; i++)
            join_region(price, rota_round_of(x, p->visits[v].slots.first + i));
        for (int32_t g = 0; g < m->gaps_of[v].n; g++) {
            const cr_gap *gap = &p->gaps[m->gap_pool[m->gaps_of[v].first + g]];
            int32_t other = gap->first == v ? gap->second : gap->first;
            for (int32_t i = 0; i < p->visits[other].slots.n; i++)
                join_region(price, rota_round_of(x, p->visits[other].slots.first + i));
        }
    }
}

/* A visit of the region is free if all its rounds are in it. */
static bool is_free(const pricer *price, const rota *x, int32_t v)
{
    const cr_range slots = price->m->p->visits[v].slots;
    for (int32_t i = 0; i < slots.n; i++) {
        int32_t r = rota_round_of(x, slots.first + i);
        if (r == CR_NONE || !price->in_region[r])
            return false;
    }
    return true;
}

static void list_gaps(pricer *price, const rota *x, int32_t v)
{
    const model *m = price->m;
    for (int32_t g = 0; g < m->gaps_of[v].n; g++) {
        int32_t index = m->gap_pool[m->gaps_of[v].first + g];
        const cr_gap *gap = &m->p->gaps[index];
        int32_t other = gap->first == v ? gap->second : gap->first;
        if (price->gap_listed[index] || rota_round_of(x, m->p->visits[other].slots.first) == CR_NONE)
            continue;
        price->gap_listed[index] = true;
        price->gaps[price->n_gaps++] = index;
        if (!is_free(price, x, other))
            price->solver.at[other] = rota_start(x)[other];
    }
}

/* Describe the region to the solver: free starts are CR_FREE, others held where they are. */
static void describe_region(pricer *price, const rota *x)
{
    const model *m = price->m;
    int32_t n_stops = 0;
    price->n_views = price->n_gaps = 0;
    for (int32_t q = 0; q < price->n_region; q++) {
        int32_t r = price->region[q], n = rota_n(x, r);
        if (rota_n_visits_in(x, r) == 0)
            continue;
        price->views[price->n_views++] = (round_view){r, n, price->stops + n_stops};
        for (int32_t k = 0; k < n; k++) {
            int32_t stop = rota_stops(x, r)[k].stop, i = m->start_of[stop];
            price->stops[n_stops++] = stop;
            if (price->solver.when)
                price->solver.when[i] = rota_earliest_at(x, r, k);
            if (is_break(m, stop))
                continue;
            price->solver.at[i] = is_free(price, x, i) ? CR_FREE : rota_start(x)[i];
            if (m->starts[i].coupled)
                list_gaps(price, x, i);
        }
    }
}

static void clear_description(pricer *price)
{
    const model *m = price->m;
    for (int32_t q = 0; q < price->n_views; q++)
        for (int32_t k = 0; k < price->views[q].n; k++)
            price->solver.at[m->start_of[price->views[q].stops[k]]] = CR_FREE;
    for (int32_t g = 0; g < price->n_gaps; g++) {
        const cr_gap *gap = &m->p->gaps[price->gaps[g]];
        price->solver.at[gap->first] = price->solver.at[gap->second] = CR_FREE;
        price->gap_listed[price->gaps[g]] = false;
    }
}

/* Starts of the region as solved: into the rota, and booked. */
static void take_starts(pricer *price, rota *x)
{
    const model *m = price->m;
    for (int32_t q = 0; q < price->n_views; q++)
        for (int32_t k = 0; k < price->views[q].n; k++) {
            int32_t i = m->start_of[price->views[q].stops[k]], at = price->solver.at[i];
            rota_put(x, &rota_start(x)[i], at);
            if (i < m->n_visits && m->starts[i].priced)
                book(price, &price->visit_price[i], m->n_shifts + i, start_price(m->p, i, at));
        }
    for (int32_t q = 0; q < price->n_region; q++) {
        int32_t r = price->region[q];
        if (m->shifts[r].waiting_rate || m->shifts[r].overrun)
            book(price, &price->round_price[r], r, round_price(m, x, r));
        price->base_version[r] = 0;
    }
}

static bool solve_region(pricer *price, rota *x)
{
    describe_region(price, x);
    if (price->m->has_idle)
        price->solver.idle_beside = spread_idle_beside(x, price->in_region);
    cr_status st = starts_solve(&price->solver, price->m->p, price->views, price->n_views, price->gaps, price->n_gaps);
    bool sound = st == CR_OK;
    price->out_of_memory = price->out_of_memory || st == CR_E_NOMEM;
    if (sound)
        take_starts(price, x);
    clear_description(price);
    return sound;
}

static void leave_region(pricer *price)
{
    for (int32_t q = 0; q < price->n_region; q++)
        price->in_region[price->region[q]] = false;
    price->n_region = 0;
}

/* Visits in the bank have no start and no price. */
static void book_bank(pricer *price, rota *x)
{
    for (int32_t i = 0; i < x->n_bank; i++) {
        int32_t v = rota_bank(x)[i];
        rota_put(x, &rota_start(x)[v], CR_FREE);
        book(price, &price->visit_price[v], price->m->n_shifts + v, 0);
    }
}

static bool price_touched(pricer *price, rota *x)
{
    for (int32_t i = 0; i < price->n_touched; i++)
        join_region(price, price->touched[i]);
    book_bank(price, x);
    bool is_small = price->m->n_stops <= SMALL_PLAN;
    if (!is_small && solve_region(price, x))
        return true;
    /* Held starts elsewhere are in the way: let their rounds move too, step by step until all that hangs together
     * moves. */
    for (int32_t from = 0; from < price->n_region;) {
        int32_t till = price->n_region;
        for (; from < till; from++)
            join_neighbours(price, x, price->region[from]);
        if (!is_small && price->n_region > till && solve_region(price, x))
            return true;
    }
    return solve_region(price, x);
}

bool price_now(pricer *price, rota *x, int64_t *ret_cost)
{
    const model *m = price->m;
    if (m->timing != TIMING_PRICED) {
        *ret_cost =
            (m->timing == TIMING_EARLIEST ? price_earliest(price, x) : 0) + (m->has_spread ? spread_cost(x) : 0);
        return true;
    }
    bool sound = price_touched(price, x);
    leave_region(price);
    *ret_cost = price->total + price_worst_lateness(price, x, rota_start(x)) + (m->has_spread ? spread_cost(x) : 0);
    return sound;
}

bool price_all(pricer *price, rota *x, int64_t *ret_cost)
{
    if (price->m->timing == TIMING_PRICED)
        for (int32_t r = 0; r < price->m->n_shifts; r++)
            if (rota_n_visits_in(x, r) > 0)
                price_touch(price, r);
    return price_now(price, x, ret_cost);
}
