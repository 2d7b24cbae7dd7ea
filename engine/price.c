/* What starts cost: estimates while places are tried, exact sums before a change is accepted. */
#include "price.h"

#include "cost.h"
#include "estimate.h"
#include "spread.h"
#include "starts.h"

#include <stdlib.h>
#include <string.h>

#define SMALL_PLAN 40 /* stops; up to here every change is priced with all starts free */

typedef struct saved {
    int32_t index; /* a shift, or n_shifts + a visit */
    int64_t old;
} saved;

struct pricer {
    const model *m;
    int64_t total;        /* of all starts, as they stand */
    int64_t worst;        /* the worst lateness when all was last priced, ticks */
    int64_t *round_price; /* waiting and overrun of each round */
    int64_t *visit_price; /* start price of each visit served; 0 for others */
    saved *log;
    int32_t n_log, room_log;
    int64_t total_before;
    bool out_of_memory;
    int32_t *touched;
    int32_t n_touched;
    bool *is_touched;
    int64_t *base;         /* estimate of each round as it stands, */
    int64_t *base_version; /* of its state with that number; 0: none yet */
    bool *is_joined;       /* and its spans are remembered, those from each stop on where has_from says so */
    bool *has_from;
    spans spans; /* of each stop */
    starts solver;
    round_view *views;
    int32_t *stops, *gaps;
    int32_t n_views, n_gaps, n_region;
    int32_t *region; /* shifts */
    bool *in_region, *gap_listed;
    hinge hinges[HINGES_MOST]; /* scratch */
};

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
        !price->base || !price->base_version || !price->is_joined || !price->has_from || !price->spans.to ||
        !price->spans.from || !price->views || !price->stops || !price->gaps || !price->gap_listed || !price->region ||
        !price->in_region || starts_init(&price->solver, m->p, 0))
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

/* ---- exact prices of the rounds that changed ---- */

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
        price->base_version[price->touched[i]] = 0; /* the starts have moved */
    }
    price->n_touched = 0;
}

void price_commit(pricer *price)
{
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

static int64_t worst_lateness_price(pricer *price, const rota *x, const int32_t *at)
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

static int64_t earliest_price(pricer *price, const rota *x)
{
    const model *m = x->m;
    int64_t sum = 0;
    for (int32_t v = 0; v < m->n_visits; v++)
        if (m->starts[v].priced && rota_is_served(x, v))
            sum += late_price(m, &m->starts[v], rota_earliest(x)[v]);
    for (int32_t r = 0; m->has_earliest_waiting && r < m->n_shifts; r++)
        sum += earliest_waiting(x, r);
    return sum + worst_lateness_price(price, x, rota_earliest(x));
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
            (m->timing == TIMING_EARLIEST ? earliest_price(price, x) : 0) + (m->has_spread ? spread_cost(x) : 0);
        return true;
    }
    bool sound = price_touched(price, x);
    leave_region(price);
    *ret_cost = price->total + worst_lateness_price(price, x, rota_start(x)) + (m->has_spread ? spread_cost(x) : 0);
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
