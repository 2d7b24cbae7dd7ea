/* From rounds to their cheapest starts. */
#include "starts.h"

#include "travel.h"

#include <stdlib.h>

cr_status starts_init(starts *s, const cr_problem *p, int32_t n_strays)
{
    size_t n = (size_t)p->n_visits + (size_t)p->n_breaks + (size_t)n_strays + 1;
    *s = (starts){.n = (int32_t)n};
    cr_status st = timing_new(&s->net);
    s->node = malloc(n * sizeof *s->node);
    s->at = malloc(n * sizeof *s->at);
    s->has_round = calloc((size_t)p->n_shifts + 1, sizeof *s->has_round);
    s->when = p->n_periods > 0 ? calloc(n, sizeof *s->when) : NULL;
    s->idle_beside = -1;
    if (st || !s->node || !s->at || !s->has_round || (p->n_periods > 0 && !s->when)) {
        starts_done(s);
        return CR_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        s->node[i] = CR_NONE;
        s->at[i] = CR_FREE;
    }
    return CR_OK;
}

void starts_done(starts *s)
{
    timing_free(s->net);
    free(s->node);
    free(s->at);
    free(s->has_round);
    free(s->when);
    *s = (starts){0};
}

/* ---- walking a round ---- */

int32_t starts_plain(const cr_problem *p, const starts_slack *slack, int32_t stop)
{
    int32_t stray = stop - p->n_slots - p->n_breaks;
    return stray < 0 ? stop : slack->strays[stray];
}

starts_walk starts_walk_begin(const cr_problem *p, const starts_slack *slack, int32_t shift, const int32_t *when)
{
    const cr_shift *of = &p->shifts[shift];
    return (starts_walk){p, slack, of, when, of->start_place, CR_NONE, of->leaves_at_begin ? of->begin : CR_FREE, 0, 0};
}

/* Where no way leads, time cannot say so: with slack it is 0, and the checker names the missing way. */
static int32_t travel(const starts_walk *w, int32_t to)
{
    if (w->place == CR_NONE || to == CR_NONE)
        return 0;
    int32_t time = w->when ? cr_problem_travel(w->p, w->shift->mode, w->place, to, w->leave)
                           : cr_matrix_time(w->p->matrix[w->shift->mode], w->place, to);
    return w->slack && time >= CR_NO_WAY ? 0 : time;
}

int32_t starts_length(const starts_walk *w, int32_t stop)
{
    stop = starts_plain(w->p, w->slack, stop);
    return stop < w->p->n_slots ? cr_problem_duration(w->p, stop, w->shift->carer)
                                : w->p->breaks[stop - w->p->n_slots].length;
}

int32_t starts_stay(const starts_walk *w, int32_t stop)
{
    stop = starts_plain(w->p, w->slack, stop);
    return stop < w->p->n_slots ? w->p->slots[stop].stay : w->p->breaks[stop - w->p->n_slots].stay;
}

int32_t starts_walk_to(starts_walk *w, int32_t stop)
{
    int32_t on_road = 0, what = starts_plain(w->p, w->slack, stop),
            start = w->when ? w->when[start_of_stop(w->p, stop)] : 0;
    w->from = w->place;
    w->leave += w->leave == CR_FREE ? 0 : w->stay;
    w->left = w->leave;
    if (what < w->p->n_slots) {
        const cr_visit *visit = &w->p->visits[w->p->slots[what].visit];
        int32_t place = visit->is_anywhere ? w->place : visit->place, door = w->place == place ? 0 : visit->door;
        if (w->when && w->leave == CR_FREE)
            w->left = w->leave = cr_problem_leave_by(w->p, w->shift->mode, w->place, place, start - door);
        on_road = travel(w, place) + door;
        w->place = place;
    } else if (w->leave == CR_FREE) {
        w->left = start; /* a break is spent where she is */
    }
    w->leave = w->when ? start + starts_length(w, stop) : CR_FREE;
    w->stay = starts_stay(w, stop);
    return on_road;
}

int32_t starts_walk_home(const starts_walk *w)
{
    return travel(w, w->shift->end_place);
}

void round_ends(const cr_problem *p, const starts_slack *slack, const round_view *round, const int32_t *at,
                int32_t *ret_depart, int32_t *ret_arrive)
{
    starts_walk w = starts_walk_begin(p, slack, round->shift, p->n_periods > 0 ? at : NULL);
    int32_t on_road = starts_walk_to(&w, round->stops[0]);
    *ret_depart = w.when ? w.left : at[start_of_stop(p, round->stops[0])] - on_road;
    if (w.shift->leaves_at_begin && w.shift->begin < *ret_depart)
        *ret_depart = w.shift->begin;
    for (int32_t k = 1; k < round->n; k++)
        starts_walk_to(&w, round->stops[k]);
    int32_t last = round->stops[round->n - 1];
    *ret_arrive = at[start_of_stop(p, last)] + starts_length(&w, last) + starts_walk_home(&w);
}

/* ---- the network ---- */

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* A node in [lo, hi]; past hi at a price where there is slack. */
static int32_t bounded_node(const starts *s, int32_t lo, int32_t hi, const cr_window *windows, int32_t n_windows)
{
    if (!s->slack)
        return timing_add_node(s->net, lo, hi, windows, n_windows);
    int32_t node = timing_add_node(s->net, lo, s->slack->latest, windows, n_windows);
    timing_add_late(s->net, node, hi, s->slack->price);
    return node;
}

/* The node of a visit's start i, which is v unless it is a stray's; held fast where it stands in a round elsewhere. */
static int32_t visit_node(starts *s, const cr_problem *p, int32_t v, int32_t i)
{
    if (s->node[i] != CR_NONE)
        return s->node[i];
    const cr_visit *visit = &p->visits[v];
    const cr_window *given = p->windows + visit->windows.first;
    const cr_window *windows = s->slack ? s->slack->windows + visit->windows.first : given;
    int32_t lo = given[0].open, hi = given[visit->windows.n - 1].close, n_windows = visit->windows.n;
    if (visit->locked_start != CR_FREE) {
        lo = hi = visit->locked_start;
        n_windows = 0;
    }
    if (s->at[i] != CR_FREE) {
        lo = hi = s->at[i];
        n_windows = 0;
    }
    int32_t node = bounded_node(s, lo, hi, windows, n_windows);
    if (visit->prefer_open != CR_FREE)
        timing_add_early(s->net, node, visit->prefer_open, visit->early_price);
    if (visit->prefer_close != CR_FREE)
        timing_add_late(s->net, node, visit->prefer_close, visit->late_price);
    if (visit->published_start != CR_FREE) {
        timing_add_early(s->net, node, visit->published_start - p->prices.moved_free, p->prices.moved);
        timing_add_late(s->net, node, visit->published_start + p->prices.moved_free, p->prices.moved);
    }
    if (visit->due != CR_FREE && !visit->late_by_end)
        timing_add_late(s->net, node, visit->due, visit->lateness_price * visit->slots.n);
    for (int32_t k = 0; visit->due != CR_FREE && visit->late_by_end && k < visit->slots.n; k++)
        timing_add_late(s->net, node, visit->due - p->slots[visit->slots.first + k].duration, visit->lateness_price);
    return s->node[i] = node;
}

static int32_t stop_node(starts *s, const cr_problem *p, int32_t stop)
{
    int32_t i = start_of_stop(p, stop), what = starts_plain(p, s->slack, stop);
    if (what < p->n_slots)
        return visit_node(s, p, p->slots[what].visit, i);
    const cr_break *b = &p->breaks[what - p->n_slots];
    const cr_window *windows = (s->slack ? s->slack->windows : p->windows) + b->windows.first;
    return s->node[i] = bounded_node(s, b->open, b->close, b->windows.n > 0 ? windows : NULL, b->windows.n);
}

/* ---- ways by time of day ---- */

/* first <= start(node) <= last; zero is the node of time 0. */
static void keep_between(starts *s, int32_t zero, int32_t node, int32_t first, int32_t last)
{
    if (first > -(INT32_MAX / 4))
        timing_add_edge(s->net, zero, node, first);
    if (last < INT32_MAX / 4)
        timing_add_edge(s->net, node, zero, -last);
}

/* Whoever leaves `from` for `to` at `at` may not leave when that way takes longer. */
static void times_to_leave(const starts_walk *w, int32_t from, int32_t to, int32_t at, int32_t *ret_first,
                           int32_t *ret_last)
{
    int32_t time[CR_TABLES_MAX];
    travel_day day = travel_day_of(w->p);
    *ret_first = -(INT32_MAX / 2);
    *ret_last = INT32_MAX / 2;
    travel_times(w->p, w->shift->mode, from, to, time);
    if (from != CR_NONE && to != CR_NONE && time[0] < CR_NO_WAY)
        travel_no_slower(&day, time, at, ret_first, ret_last);
}

/* The walk has just come to a stop. The start before it stays where the way is no slower. */
static void stay_near(starts *s, const starts_walk *w, int32_t zero, int32_t before, int32_t length_before)
{
    int32_t open, close;
    if (w->from == w->place)
        return;
    times_to_leave(w, w->from, w->place, w->left, &open, &close);
    keep_between(s, zero, before, open - length_before, close - length_before);
}

/* The first start: she leaves for it at the last moment. */
static void stay_near_first(starts *s, const starts_walk *w, int32_t zero, int32_t node, int32_t now, int32_t on_road)
{
    int32_t open, close;
    if (w->from == w->place || w->shift->leaves_at_begin)
        return;
    times_to_leave(w, w->from, w->place, w->left, &open, &close);
    keep_between(s, zero, node, open + on_road, later(now, close + on_road));
}

static void stay_near_home(starts *s, const starts_walk *w, int32_t zero, int32_t last, int32_t stop)
{
    int32_t open, close, length = starts_length(w, stop);
    times_to_leave(w, w->place, w->shift->end_place, w->leave, &open, &close);
    keep_between(s, zero, last, open - length, close - length);
}

/* Node `zero` stands for time 0, so that a shift's begin and end are edges like any other. */
static void add_round(starts *s, const cr_problem *p, const round_view *round, int32_t zero)
{
    if (round->n == 0)
        return;
    const cr_shift *shift = &p->shifts[round->shift];
    int64_t waiting = p->prices.waiting + p->carers[shift->carer].wage_price;
    starts_walk w = starts_walk_begin(p, s->slack, round->shift, s->when);
    int32_t before = CR_NONE;
    for (int32_t k = 0; k < round->n; k++) {
        int32_t stop = round->stops[k], node = stop_node(s, p, stop);
        int32_t on_road = starts_walk_to(&w, stop);
        if (s->stays_near && k == 0)
            stay_near_first(s, &w, zero, node, s->when[start_of_stop(p, stop)], on_road);
        else if (s->stays_near)
            stay_near(s, &w, zero, before,
                      starts_length(&w, round->stops[k - 1]) + starts_stay(&w, round->stops[k - 1]));
        if (k == 0) {
            timing_add_edge(s->net, zero, node, shift->begin + on_road);
            if (!shift->leaves_at_begin)
                timing_add_slope(s->net, node, -waiting);
        } else {
            int32_t last = round->stops[k - 1];
            timing_add_edge(s->net, before, node, starts_length(&w, last) + starts_stay(&w, last) + on_road);
        }
        before = node;
    }
    int32_t back = starts_length(&w, round->stops[round->n - 1]) + starts_walk_home(&w);
    if (s->stays_near)
        stay_near_home(s, &w, zero, before, round->stops[round->n - 1]);
    if (s->slack)
        timing_add_late(s->net, before, shift->end - back, s->slack->price);
    else
        timing_add_edge(s->net, before, zero, back - shift->end);
    timing_add_slope(s->net, before, waiting);
    if (shift->paid_end != CR_FREE)
        timing_add_late(s->net, before, shift->paid_end - back, shift->overrun_price);
}

static int32_t longest_slot(const cr_problem *p, int32_t v)
{
    int32_t longest = 0;
    for (int32_t i = 0; i < p->visits[v].slots.n; i++)
        longest = later(longest, p->slots[p->visits[v].slots.first + i].duration);
    return longest;
}

static bool is_served(const starts *s, int32_t v)
{
    return s->node[v] != CR_NONE || s->at[v] != CR_FREE;
}

/* start(to) >= start(from) + distance; with slack, each tick short of it has its price: one more node stands for the
 * start that would do. */
static void add_distance(starts *s, int32_t from, int32_t to, int32_t distance)
{
    if (!s->slack) {
        timing_add_edge(s->net, from, to, distance);
        return;
    }
    int32_t would_do = timing_add_node(s->net, -(INT32_MAX / 2), INT32_MAX / 2, NULL, 0);
    timing_add_edge(s->net, from, would_do, distance);
    timing_add_edge(s->net, to, would_do, 0);
    timing_add_slope(s->net, would_do, s->slack->price);
    timing_add_slope(s->net, to, -s->slack->price);
}

static void add_gap(starts *s, const cr_problem *p, const cr_gap *gap)
{
    if (!is_served(s, gap->first) || !is_served(s, gap->second))
        return;
    int32_t first = visit_node(s, p, gap->first, gap->first), second = visit_node(s, p, gap->second, gap->second);
    int32_t from = gap->from == CR_GAP_END_TO_START ? longest_slot(p, gap->first) : 0;
    if (gap->min != CR_FREE)
        add_distance(s, first, second, from + gap->min);
    if (gap->max != CR_FREE)
        add_distance(s, second, first, -from - gap->max);
}

/* One more node stands for the worst lateness: it keeps above every single one and costs its price. */
static void add_worst_lateness(starts *s, const cr_problem *p, const round_view *rounds, int32_t n_rounds)
{
    if (p->prices.worst_lateness == 0)
        return;
    int32_t worst = timing_add_node(s->net, 0, INT32_MAX / 2, NULL, 0);
    timing_add_slope(s->net, worst, p->prices.worst_lateness);
    for (int32_t r = 0; r < n_rounds; r++)
        for (int32_t k = 0; k < rounds[r].n; k++) {
            int32_t stop = rounds[r].stops[k];
            if (stop >= p->n_slots)
                continue;
            int32_t v = p->slots[stop].visit;
            if (p->visits[v].due != CR_FREE)
                timing_add_edge(s->net, s->node[v], worst,
                                (p->visits[v].late_by_end ? longest_slot(p, v) : 0) - p->visits[v].due);
        }
}

/* Legs, door time, care and breaks of a round, and its way back from the last stop on. */
static int64_t busy_time(const cr_problem *p, const starts_slack *slack, const int32_t *when, const round_view *round,
                         int32_t *ret_back)
{
    starts_walk w = starts_walk_begin(p, slack, round->shift, when);
    int64_t busy = 0;
    for (int32_t k = 0; k < round->n; k++)
        busy += starts_walk_to(&w, round->stops[k]) + starts_length(&w, round->stops[k]);
    int32_t home = starts_walk_home(&w);
    *ret_back = starts_length(&w, round->stops[round->n - 1]) + home;
    return busy + home;
}

static int64_t paid_end_of(const cr_shift *shift)
{
    return shift->paid_end != CR_FREE ? shift->paid_end : shift->end;
}

/* The longest idle time of shifts without a round. */
static int64_t idle_without_round(starts *s, const cr_problem *p, const round_view *rounds, int32_t n_rounds)
{
    int64_t longest = 0;
    for (int32_t r = 0; r < n_rounds; r++)
        s->has_round[rounds[r].shift] = rounds[r].n > 0;
    for (int32_t i = 0; i < p->n_shifts; i++) {
        int64_t idle = s->has_round[i] ? 0 : paid_end_of(&p->shifts[i]) - p->shifts[i].begin;
        longest = idle > longest ? idle : longest;
    }
    for (int32_t r = 0; r < n_rounds; r++)
        s->has_round[rounds[r].shift] = false;
    return longest;
}

/* One more node stands for the longest idle time: it keeps above what the shifts beside have, and above each round's
 * own at its paid end and, should she be back later, then. */
static void add_worst_idle(starts *s, const cr_problem *p, const round_view *rounds, int32_t n_rounds)
{
    if (p->prices.worst_idle == 0)
        return;
    int64_t least = s->idle_beside >= 0 ? s->idle_beside : idle_without_round(s, p, rounds, n_rounds);
    for (int32_t r = 0; r < n_rounds; r++) {
        int32_t back;
        const cr_shift *shift = &p->shifts[rounds[r].shift];
        if (rounds[r].n == 0)
            continue;
        int64_t idle = paid_end_of(shift) - shift->begin - busy_time(p, s->slack, s->when, &rounds[r], &back);
        least = idle > least ? idle : least;
    }
    int32_t worst =
        timing_add_node(s->net, (int32_t)(least < INT32_MAX / 2 ? least : INT32_MAX / 2), INT32_MAX / 2, NULL, 0);
    timing_add_slope(s->net, worst, p->prices.worst_idle);
    for (int32_t r = 0; r < n_rounds; r++) {
        int32_t back;
        if (rounds[r].n == 0 || p->shifts[rounds[r].shift].paid_end == CR_FREE)
            continue;
        int64_t busy = busy_time(p, s->slack, s->when, &rounds[r], &back);
        int32_t last = s->node[start_of_stop(p, rounds[r].stops[rounds[r].n - 1])];
        timing_add_edge(s->net, last, worst, (int32_t)(back - p->shifts[rounds[r].shift].begin - busy));
    }
}

cr_status starts_solve(starts *s, const cr_problem *p, const round_view *rounds, int32_t n_rounds, const int32_t *gaps,
                       int32_t n_gaps)
{
    timing_clear(s->net);
    int32_t zero = timing_add_node(s->net, 0, 0, NULL, 0);
    for (int32_t r = 0; r < n_rounds; r++)
        add_round(s, p, &rounds[r], zero);
    for (int32_t g = 0; g < n_gaps; g++)
        add_gap(s, p, &p->gaps[gaps[g]]);
    add_worst_lateness(s, p, rounds, n_rounds);
    add_worst_idle(s, p, rounds, n_rounds);
    cr_status st = timing_solve(s->net);
    for (int32_t r = 0; r < n_rounds; r++)
        for (int32_t k = 0; k < rounds[r].n; k++) {
            int32_t i = start_of_stop(p, rounds[r].stops[k]);
            if (!st)
                s->at[i] = timing_start(s->net, s->node[i]);
        }
    for (int32_t r = 0; r < n_rounds; r++)
        for (int32_t k = 0; k < rounds[r].n; k++)
            s->node[start_of_stop(p, rounds[r].stops[k])] = CR_NONE;
    for (int32_t g = 0; g < n_gaps; g++)
        s->node[p->gaps[gaps[g]].first] = s->node[p->gaps[gaps[g]].second] = CR_NONE;
    return st;
}
