/* Every order of one shift: see brute_orders.h.
 *
 * Depth first: one more visit or break at a time. Beside each prefix goes a table: what the prefix costs if its last
 * stop starts at t, for each tick t of the day. So windows with holes, waiting and priced starts need no cleverness,
 * and a prefix whose table is empty is cut.
 */
#include "brute_orders.h"

#include <stdlib.h>
#include <string.h>

#define SPAN_MOST (24 * 60) /* ticks of a shift */
#define NEVER     (INT64_MAX / 4)

typedef struct table {
    int64_t cost[SPAN_MOST + 1]; /* by ticks since the shift began; NEVER: not then */
} table;

typedef struct prefix {
    brute_order order;
    uint32_t breaks; /* taken, a bit each */
    int32_t at, load;
    bool has_visit;
} prefix;

typedef struct finder {
    const cr_problem *p;
    const cr_shift *shift;
    const cr_carer *carer;
    int32_t span;    /* of the shift */
    int32_t *arrive; /* where travel depends on the time of day: by from, to and ticks since the shift began; NULL */
    brute_orders *orders;
    table own[BRUTE_STOPS_MOST];        /* of each stop: what its start costs by itself */
    table tables[BRUTE_STOPS_MOST + 1]; /* of the prefixes, by length */
} finder;

/* ---- what a start costs by itself ---- */

static int64_t past(int64_t time, int64_t limit)
{
    return time > limit ? time - limit : 0;
}

static bool is_within(const cr_problem *p, cr_range windows, int32_t t)
{
    for (int32_t w = windows.first; w < windows.first + windows.n; w++)
        if (t >= p->windows[w].open && t <= p->windows[w].close)
            return true;
    return false;
}

static bool allowed(const cr_problem *p, const cr_visit *visit, int32_t t)
{
    return visit->locked_start != CR_FREE ? t == visit->locked_start : is_within(p, visit->windows, t);
}

static bool break_allowed(const cr_problem *p, const cr_break *taken, int32_t t)
{
    return taken->windows.n > 0 ? is_within(p, taken->windows, t) : t >= taken->open && t <= taken->close;
}

static int64_t cost_of_start(const cr_problem *p, const cr_visit *visit, int32_t t)
{
    int64_t cost = 0;
    if (visit->published_start != CR_FREE)
        cost += p->prices.moved * (past(visit->published_start, t + p->prices.moved_free) +
                                   past(t, visit->published_start + p->prices.moved_free));
    if (visit->prefer_open != CR_FREE)
        cost += visit->early_price * past(visit->prefer_open, t);
    if (visit->prefer_close != CR_FREE)
        cost += visit->late_price * past(t, visit->prefer_close);
    if (visit->due != CR_FREE)
        cost += visit->lateness_price * visit->slots.n * past(t, visit->due);
    return cost;
}

static void fill_own(finder *f)
{
    const cr_problem *p = f->p;
    for (int32_t i = 0; i < p->n_slots; i++) {
        const cr_visit *visit = &p->visits[p->slots[i].visit];
        for (int32_t t = 0; t <= f->span; t++)
            f->own[i].cost[t] = !allowed(p, visit, f->shift->begin + t) ? NEVER
                                : i == visit->slots.first               ? cost_of_start(p, visit, f->shift->begin + t)
                                                                        : 0;
    }
    for (int32_t b = 0; b < f->shift->breaks.n; b++) {
        const cr_break *taken = &p->breaks[f->shift->breaks.first + b];
        for (int32_t t = 0; t <= f->span; t++)
            f->own[p->n_slots + b].cost[t] = break_allowed(p, taken, f->shift->begin + t) ? 0 : NEVER;
    }
}

/* ---- ways by time of day ---- */

static const cr_matrix *table_at(const cr_problem *p, int32_t mode, int32_t at)
{
    int32_t i = p->n_periods - 1;
    while (i > 0 && p->periods[i].begin > at)
        i--;
    int32_t t = p->periods[i].table;
    return t > 0 && p->tables[mode][t] ? p->tables[mode][t] : p->matrix[mode];
}

/* Tick by tick; past the end of the shift nobody asks. CR_NO_WAY where one of the tables has no way. */
static int32_t walked(const finder *f, int32_t from, int32_t to, int32_t depart)
{
    const cr_problem *p = f->p;
    int32_t mode = f->shift->mode, now = depart;
    for (int32_t t = 0; t < CR_TABLES_MAX; t++)
        if (cr_matrix_time(t > 0 && p->tables[mode][t] ? p->tables[mode][t] : p->matrix[mode], from, to) >= CR_NO_WAY)
            return CR_NO_WAY;
    int64_t whole = cr_matrix_time(table_at(p, mode, now), from, to), left = whole;
    while (left > 0 && now <= f->shift->end) {
        now++;
        left--;
        int64_t next = cr_matrix_time(table_at(p, mode, now), from, to);
        bool is_border = false;
        for (int32_t i = 1; i < p->n_periods; i++)
            is_border = is_border || p->periods[i].begin == now;
        if (left > 0 && is_border) {
            left = (left * next + whole - 1) / whole;
            whole = next;
        }
    }
    return now;
}

static void fill_arrive(finder *f)
{
    int32_t n = f->p->n_places;
    f->arrive = malloc((size_t)n * (size_t)n * (size_t)(f->span + 1) * sizeof *f->arrive);
    if (!f->arrive)
        abort();
    for (int32_t pair = 0; pair < n * n; pair++)
        for (int32_t t = 0; t <= f->span; t++) {
            int32_t there = walked(f, pair / n, pair % n, f->shift->begin + t);
            f->arrive[(size_t)pair * (size_t)(f->span + 1) + (size_t)t] =
                there >= CR_NO_WAY ? CR_NO_WAY : there - f->shift->begin;
        }
}

static bool is_nothing(int32_t from, int32_t to)
{
    return from == CR_NONE || to == CR_NONE || from == to;
}

static int64_t metre_price(const cr_problem *p, const cr_shift *shift)
{
    const cr_carer *carer = &p->carers[shift->carer];
    if (shift->rides)
        return 0;
    return carer->distance_price < 0 ? p->prices.distance[shift->mode] : carer->distance_price;
}

/* When she is there, in ticks since the shift began, and what the way costs. */
static int32_t there_at(const finder *f, int32_t from, int32_t to, int32_t t, int64_t *ret_cost)
{
    *ret_cost = 0;
    if (is_nothing(from, to))
        return t;
    int32_t there = f->arrive[(size_t)(from * f->p->n_places + to) * (size_t)(f->span + 1) + (size_t)t];
    const cr_matrix *now = table_at(f->p, f->shift->mode, f->shift->begin + t);
    if (there < CR_NO_WAY)
        *ret_cost = (there - t) * (f->p->prices.travel + f->carer->wage_price) +
                    cr_matrix_dist_m(now, from, to) * metre_price(f->p, f->shift);
    return there;
}

/* The next table: she leaves at t at the cost of leave[t], and starts, door time past, at once or waits. */
static bool travel_on(finder *f, const table *leave, int32_t n, int32_t own, int32_t from, int32_t to, int32_t door)
{
    int64_t wait = f->p->prices.waiting + f->carer->wage_price, least = NEVER, cost = 0;
    table *next = &f->tables[n];
    bool any = false;
    for (int32_t t = 0; t <= f->span; t++)
        next->cost[t] = NEVER;
    for (int32_t t = 0; t <= f->span; t++) {
        int32_t there = leave->cost[t] < NEVER ? there_at(f, from, to, t, &cost) : CR_NO_WAY;
        if (there <= f->span - door && leave->cost[t] + cost < next->cost[there + door])
            next->cost[there + door] = leave->cost[t] + cost;
    }
    for (int32_t t = 0; t <= f->span; t++) {
        least = least < NEVER ? least + wait : NEVER;
        least = next->cost[t] < least ? next->cost[t] : least;
        next->cost[t] = least < NEVER && f->own[own].cost[t] < NEVER ? least + f->own[own].cost[t] : NEVER;
        any = any || next->cost[t] < NEVER;
    }
    return any;
}

/* ---- one stop more ---- */

/* The first stop starts when she comes from the door: she leaves as late as she may. */
static bool begin_table(finder *f, int32_t own, int32_t way)
{
    bool any = false;
    for (int32_t t = 0; t <= f->span; t++) {
        f->tables[1].cost[t] = t >= way ? f->own[own].cost[t] : NEVER;
        any = any || f->tables[1].cost[t] < NEVER;
    }
    return any;
}

/* After a stop that starts at u the next starts at u + step or later, at the price of waiting. */
static bool extend_table(finder *f, int32_t n, int32_t own, int32_t step)
{
    int64_t wait = f->p->prices.waiting + f->carer->wage_price, least = NEVER;
    bool any = false;
    for (int32_t t = 0; t <= f->span; t++) {
        least = least < NEVER ? least + wait : NEVER;
        if (t >= step && f->tables[n].cost[t - step] < least)
            least = f->tables[n].cost[t - step];
        int64_t cost = f->own[own].cost[t];
        f->tables[n + 1].cost[t] = least < NEVER && cost < NEVER ? least + cost : NEVER;
        any = any || f->tables[n + 1].cost[t] < NEVER;
    }
    return any;
}

/* How long the shift's carer takes for a slot. */
static int32_t length_of(const finder *f, int32_t i)
{
    const cr_slot *slot = &f->p->slots[i];
    for (int32_t k = 0; k < slot->by_grade.n; k++)
        if (f->p->durations[slot->by_grade.first + k].grade == f->carer->grade)
            return f->p->durations[slot->by_grade.first + k].duration;
    return slot->duration;
}

static int32_t length_of_last(const finder *f, const prefix *x)
{
    int32_t last = x->order.stops[x->order.n - 1];
    return last < f->p->n_slots ? length_of(f, last) : f->p->breaks[last - f->p->n_slots].length;
}

/* What it costs to be done with the prefix at t, which is when she leaves; she may leave for the first stop whenever
 * she likes. */
static table leave_table(const finder *f, const prefix *x)
{
    table leave;
    int32_t length = x->order.n > 0 ? length_of_last(f, x) : 0;
    for (int32_t t = 0; t <= f->span; t++)
        leave.cost[t] = x->order.n == 0 ? 0 : t >= length ? f->tables[x->order.n].cost[t - length] : NEVER;
    return leave;
}

/* Table of x with the stop after it, at `to`, `way` ticks of leg and door away. */
static bool reach(finder *f, const prefix *x, int32_t own, int32_t to, int32_t way)
{
    if (f->arrive) {
        table leave = leave_table(f, x);
        return travel_on(f, &leave, x->order.n + 1, own, x->at, to, way);
    }
    return x->order.n == 0 ? begin_table(f, own, way) : extend_table(f, x->order.n, own, length_of_last(f, x) + way);
}

static int32_t earliest(const finder *f, int32_t n)
{
    int32_t t = 0;
    while (f->tables[n].cost[t] >= NEVER)
        t++;
    return f->shift->begin + t;
}

/* ---- who may ---- */

static bool holds_id(const cr_problem *p, cr_range ids, int32_t id)
{
    for (int32_t i = 0; i < ids.n; i++)
        if (p->ids[ids.first + i] == id)
            return true;
    return false;
}

static bool has_skill(const cr_problem *p, cr_range had, cr_skill needed)
{
    for (int32_t i = 0; i < had.n; i++)
        if (p->skills[had.first + i].skill == needed.skill && p->skills[had.first + i].level >= needed.level)
            return true;
    return false;
}

static bool may_serve(const finder *f, const cr_slot *slot)
{
    const cr_problem *p = f->p;
    if (holds_id(p, p->visits[slot->visit].forbidden, f->shift->carer) ||
        (slot->locked_carer != CR_NONE && slot->locked_carer != f->shift->carer))
        return false;
    for (int32_t i = 0; i < slot->skills.n && !(slot->accepted & CR_ACCEPT_SKILL); i++)
        if (!has_skill(p, f->carer->skills, p->skills[slot->skills.first + i]))
            return false;
    for (int32_t i = 0; i < slot->attributes.n && !(slot->accepted & CR_ACCEPT_ATTRIBUTE); i++)
        if (!holds_id(p, f->carer->attributes, p->ids[slot->attributes.first + i]))
            return false;
    return true;
}

static bool works_patch(const finder *f, const cr_slot *slot)
{
    int32_t patch = f->p->visits[slot->visit].patch;
    return patch == CR_NONE || f->carer->patches.n == 0 || holds_id(f->p, f->carer->patches, patch);
}

static int64_t cost_of_carer(const finder *f, const cr_slot *slot)
{
    const cr_problem *p = f->p;
    const cr_visit *visit = &p->visits[slot->visit];
    int64_t cost = 0;
    bool seen = false;
    for (int32_t i = 0; i < p->n_familiar; i++)
        seen = seen || (p->familiar[i].client == visit->client && p->familiar[i].carer == f->shift->carer &&
                        p->familiar[i].n_visits > 0);
    if (!seen)
        cost += p->prices.unfamiliar + (slot->duration < p->prices.short_visit ? p->prices.stranger_short : 0);
    if (visit->preferred.n > 0 && !holds_id(p, visit->preferred, f->shift->carer))
        cost += p->prices.not_preferred;
    if (!works_patch(f, slot))
        cost += p->prices.off_patch;
    bool is_published = false, is_known = false;
    for (int32_t i = visit->slots.first; i < visit->slots.first + visit->slots.n; i++) {
        is_published = is_published || p->slots[i].published_carer != CR_NONE;
        is_known = is_known || p->slots[i].published_carer == f->shift->carer;
    }
    if (is_published && !is_known)
        cost += p->prices.changed_carer;
    return cost;
}

/* ---- legs ---- */

/* Adds a leg's cost; false: there is no way. */
static bool go(const finder *f, prefix *x, int32_t to, int32_t *ret_leg)
{
    *ret_leg = 0;
    if (x->at == CR_NONE || to == CR_NONE)
        return true;
    if (f->arrive) { /* what it takes depends on when she leaves: see travel_on() */
        int64_t cost;
        return there_at(f, x->at, to, 0, &cost) < CR_NO_WAY;
    }
    const cr_matrix *matrix = f->p->matrix[f->shift->mode];
    *ret_leg = cr_matrix_time(matrix, x->at, to);
    if (*ret_leg >= CR_NO_WAY)
        return false;
    x->order.cost += *ret_leg * (f->p->prices.travel + f->carer->wage_price) +
                     cr_matrix_dist_m(matrix, x->at, to) * metre_price(f->p, f->shift);
    x->order.work += *ret_leg;
    x->order.travel += *ret_leg;
    x->order.dist_m += cr_matrix_dist_m(matrix, x->at, to);
    return true;
}

/* ---- the search ---- */

static void keep(finder *f, const prefix *done)
{
    brute_orders *orders = f->orders;
    if (orders->n == orders->room) {
        orders->room = 2 * orders->room + 64;
        orders->items = realloc(orders->items, (size_t)orders->room * sizeof *orders->items);
        if (!orders->items)
            abort();
    }
    orders->items[orders->n++] = done->order;
}

/* Room on board: what the stops bring is there from the start, what they take to the end. Of a break: before it. */
static bool has_room(const finder *f, const prefix *x, const cr_room *room, int32_t before)
{
    int64_t change[BRUTE_STOPS_MOST + 1] = {0}, now = 0;
    for (int32_t k = 0; k < x->order.n; k++) {
        int32_t stop = x->order.stops[k];
        cr_range goods = stop < f->p->n_slots ? f->p->visits[f->p->slots[stop].visit].goods : (cr_range){0, 0};
        for (int32_t i = goods.first; i < goods.first + goods.n; i++) {
            if (f->p->goods[i].kind != room->kind)
                continue;
            change[0] += f->p->goods[i].brings;
            change[k + 1] += (int64_t)f->p->goods[i].takes - f->p->goods[i].brings;
        }
    }
    for (int32_t k = 0; k <= x->order.n; k++) {
        now += change[k];
        if (now > room->most && (before == CR_NONE || k == before))
            return false;
    }
    return true;
}

static bool has_rooms(const finder *f, const prefix *x)
{
    for (int32_t i = 0; i < f->shift->rooms.n; i++)
        if (!has_room(f, x, &f->p->rooms[f->shift->rooms.first + i], CR_NONE))
            return false;
    for (int32_t k = 0; k < x->order.n; k++) {
        int32_t b = x->order.stops[k] - f->p->n_slots;
        for (int32_t i = 0; b >= 0 && i < f->p->breaks[b].rooms.n; i++)
            if (!has_room(f, x, &f->p->rooms[f->p->breaks[b].rooms.first + i], k))
                return false;
    }
    return true;
}

/* Go home, if the prefix is a round: a visit or more, and every break. */
static void finish(finder *f, const prefix *x)
{
    prefix done = *x;
    int32_t leg;
    if (!x->has_visit || x->breaks + 1 != UINT32_C(1) << f->shift->breaks.n || !go(f, &done, f->shift->end_place, &leg))
        return;
    if ((f->carer->max_work != CR_NONE && done.order.work > f->carer->max_work) || !has_rooms(f, x))
        return;
    if ((f->shift->max_travel != CR_NONE && done.order.travel > f->shift->max_travel) ||
        (f->shift->max_dist_m != CR_NONE && !f->shift->rides && done.order.dist_m > f->shift->max_dist_m))
        return;
    int64_t least = NEVER;
    for (int32_t t = 0; t <= f->span - length_of_last(f, x) - leg; t++) {
        int64_t home = 0, cost = f->tables[x->order.n].cost[t];
        if (f->arrive && there_at(f, x->at, f->shift->end_place, t + length_of_last(f, x), &home) > f->span)
            continue;
        if (cost < NEVER && cost + home < least)
            least = cost + home;
    }
    if (least == NEVER)
        return;
    done.order.fixed = done.order.cost + f->shift->use_price;
    done.order.cost = done.order.fixed + least;
    keep(f, &done);
}

static void extend(finder *f, const prefix *x);

static void add_stop(finder *f, prefix *next, int32_t stop, int32_t own, int32_t way, const prefix *x)
{
    next->order.stops[next->order.n++] = (uint8_t)stop;
    if (reach(f, x, own, next->at, way))
        extend(f, next);
}

static void add_visit(finder *f, const prefix *x, int32_t i)
{
    const cr_problem *p = f->p;
    const cr_slot *slot = &p->slots[i];
    const cr_visit *visit = &p->visits[slot->visit];
    int32_t place = visit->is_anywhere ? x->at : visit->place, leg, door = x->at == place ? 0 : visit->door;
    prefix next = *x;
    if ((x->order.key >> (2 * slot->visit)) & 3 || (visit->place == CR_NONE && !visit->is_anywhere) ||
        !may_serve(f, slot) ||
        (f->carer->keeps_patches && !(slot->accepted & CR_ACCEPT_PATCH) && !works_patch(f, slot)) ||
        !go(f, &next, place, &leg))
        return;
    next.order.key |= (brute_key)((i - visit->slots.first + 1) << (2 * slot->visit));
    next.order.work += door + (slot->sleeps ? 0 : length_of(f, i));
    next.order.cost +=
        slot->sleeps ? slot->sleep_price : length_of(f, i) * (f->carer->wage_price + f->carer->care_price);
    next.order.cost += door * f->carer->wage_price + cost_of_carer(f, slot);
    next.at = place;
    next.load += visit->load;
    next.has_visit = true;
    if ((f->shift->max_load != CR_NONE && next.load > f->shift->max_load) ||
        (f->carer->max_work != CR_NONE && next.order.work > f->carer->max_work))
        return;
    add_stop(f, &next, i, i, leg + door, x);
}

static void add_break(finder *f, const prefix *x, int32_t b)
{
    const cr_break *taken = &f->p->breaks[f->shift->breaks.first + b];
    if (x->breaks >> b & 1)
        return;
    prefix next = *x;
    next.breaks |= UINT32_C(1) << b;
    next.order.cost += taken->paid ? taken->length * f->carer->wage_price : 0;
    add_stop(f, &next, f->p->n_slots + f->shift->breaks.first + b, f->p->n_slots + b, 0, x);
}

static void note_lateness(const finder *f, prefix *x)
{
    int32_t last = x->order.stops[x->order.n - 1];
    if (last >= f->p->n_slots)
        return;
    const cr_visit *visit = &f->p->visits[f->p->slots[last].visit];
    int32_t t = earliest(f, x->order.n);
    if (visit->due != CR_FREE && t - visit->due > x->order.late)
        x->order.late = t - visit->due;
}

static void extend(finder *f, const prefix *x)
{
    prefix here = *x;
    if (x->order.n > 0) {
        note_lateness(f, &here);
        finish(f, &here);
    }
    for (int32_t i = 0; i < f->p->n_slots; i++)
        add_visit(f, &here, i);
    for (int32_t b = 0; b < f->shift->breaks.n; b++)
        add_break(f, &here, b);
}

static int compare_orders(const void *a, const void *b)
{
    const brute_order *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->cost < y->cost ? -1 : x->cost > y->cost;
}

void brute_orders_find(const cr_problem *problem, int32_t shift, brute_orders *ret_orders)
{
    if (problem->n_visits > BRUTE_VISITS_MOST ||
        problem->n_slots + problem->shifts[shift].breaks.n > BRUTE_STOPS_MOST ||
        problem->shifts[shift].end - problem->shifts[shift].begin > SPAN_MOST)
        abort();
    finder *f = calloc(1, sizeof *f);
    if (!f)
        abort();
    ret_orders->n = ret_orders->room = 0;
    ret_orders->items = NULL;
    f->p = problem;
    f->shift = &problem->shifts[shift];
    f->carer = &problem->carers[f->shift->carer];
    f->span = f->shift->end - f->shift->begin;
    f->orders = ret_orders;
    fill_own(f);
    if (problem->n_periods > 0)
        fill_arrive(f);
    extend(f, &(prefix){.at = f->shift->start_place});
    if (ret_orders->n)
        qsort(ret_orders->items, (size_t)ret_orders->n, sizeof *ret_orders->items, compare_orders);
    for (int32_t key = 0, k = 0; key <= BRUTE_KEYS; key++) {
        while (k < ret_orders->n && ret_orders->items[k].key < key)
            k++;
        ret_orders->first[key] = k;
    }
    free(f->arrive);
    free(f);
}

void brute_orders_done(brute_orders *orders)
{
    free(orders->items);
    orders->items = NULL;
}
