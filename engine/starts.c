/* From rounds to their cheapest starts. */
#include "starts.h"

#include <stdlib.h>

cr_status starts_init(starts *s, const cr_problem *p)
{
    size_t n = (size_t)p->n_visits + (size_t)p->n_breaks + 1;
    *s = (starts){0};
    cr_status st = timing_new(&s->net);
    s->node = malloc(n * sizeof *s->node);
    s->at = malloc(n * sizeof *s->at);
    if (st || !s->node || !s->at) {
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
    *s = (starts){0};
}

/* ---- walking a round ---- */

typedef struct walk {
    int32_t place;   /* where she is; CR_NONE before the first stop of an open start */
    int32_t on_road; /* leg and door time to the stop just reached */
} walk;

static int32_t travel(const cr_problem *p, const cr_shift *shift, int32_t from, int32_t to)
{
    return from == CR_NONE || to == CR_NONE ? 0 : cr_matrix_time(p->matrix[shift->mode], from, to);
}

static int32_t step_to(const cr_problem *p, const cr_shift *shift, walk *w, int32_t stop)
{
    if (stop >= p->n_slots)
        return w->on_road = 0; /* a break is spent where she is */
    const cr_visit *visit = &p->visits[p->slots[stop].visit];
    int32_t door = w->place == visit->place ? 0 : visit->door;
    w->on_road = travel(p, shift, w->place, visit->place) + door;
    w->place = visit->place;
    return w->on_road;
}

static int32_t length_of(const cr_problem *p, const cr_shift *shift, int32_t stop)
{
    return stop < p->n_slots ? cr_problem_duration(p, stop, shift->carer) : p->breaks[stop - p->n_slots].length;
}

void round_ends(const cr_problem *p, const round_view *round, const int32_t *at, int32_t *ret_depart,
                int32_t *ret_arrive)
{
    const cr_shift *shift = &p->shifts[round->shift];
    walk w = {shift->start_place, 0};
    *ret_depart = at[start_of_stop(p, round->stops[0])] - step_to(p, shift, &w, round->stops[0]);
    for (int32_t k = 1; k < round->n; k++)
        step_to(p, shift, &w, round->stops[k]);
    int32_t last = round->stops[round->n - 1];
    *ret_arrive = at[start_of_stop(p, last)] + length_of(p, shift, last) + travel(p, shift, w.place, shift->end_place);
}

/* ---- the network ---- */

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* The node of a visit; held fast where it stands in a round elsewhere. */
static int32_t visit_node(starts *s, const cr_problem *p, int32_t v)
{
    if (s->node[v] != CR_NONE)
        return s->node[v];
    const cr_visit *visit = &p->visits[v];
    const cr_window *windows = p->windows + visit->windows.first;
    int32_t lo = windows[0].open, hi = windows[visit->windows.n - 1].close, n_windows = visit->windows.n;
    if (visit->locked_start != CR_FREE) {
        lo = hi = visit->locked_start;
        n_windows = 0;
    }
    if (s->at[v] != CR_FREE) {
        lo = hi = s->at[v];
        n_windows = 0;
    }
    int32_t node = timing_add_node(s->net, lo, hi, windows, n_windows);
    if (visit->prefer_open != CR_FREE)
        timing_add_early(s->net, node, visit->prefer_open, visit->early_price);
    if (visit->prefer_close != CR_FREE)
        timing_add_late(s->net, node, visit->prefer_close, visit->late_price);
    if (visit->due != CR_FREE)
        timing_add_late(s->net, node, visit->due, visit->lateness_price * visit->slots.n);
    return s->node[v] = node;
}

static int32_t stop_node(starts *s, const cr_problem *p, int32_t stop)
{
    if (stop < p->n_slots)
        return visit_node(s, p, p->slots[stop].visit);
    const cr_break *b = &p->breaks[stop - p->n_slots];
    return s->node[p->n_visits + stop - p->n_slots] = timing_add_node(s->net, b->open, b->close, NULL, 0);
}

/* Node `zero` stands for time 0, so that a shift's begin and end are edges like any other. */
static void add_round(starts *s, const cr_problem *p, const round_view *round, int32_t zero)
{
    if (round->n == 0)
        return;
    const cr_shift *shift = &p->shifts[round->shift];
    int64_t waiting = p->prices.waiting + p->carers[shift->carer].wage_price;
    walk w = {shift->start_place, 0};
    int32_t before = CR_NONE;
    for (int32_t k = 0; k < round->n; k++) {
        int32_t stop = round->stops[k], node = stop_node(s, p, stop);
        int32_t on_road = step_to(p, shift, &w, stop);
        if (k == 0) {
            timing_add_edge(s->net, zero, node, shift->begin + on_road);
            timing_add_slope(s->net, node, -waiting);
        } else {
            timing_add_edge(s->net, before, node, length_of(p, shift, round->stops[k - 1]) + on_road);
        }
        before = node;
    }
    int32_t back = length_of(p, shift, round->stops[round->n - 1]) + travel(p, shift, w.place, shift->end_place);
    timing_add_edge(s->net, before, zero, back - shift->end);
    timing_add_slope(s->net, before, waiting);
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

static void add_gap(starts *s, const cr_problem *p, const cr_gap *gap)
{
    if (!is_served(s, gap->first) || !is_served(s, gap->second))
        return;
    int32_t first = visit_node(s, p, gap->first), second = visit_node(s, p, gap->second);
    int32_t from = gap->from == CR_GAP_END_TO_START ? longest_slot(p, gap->first) : 0;
    if (gap->min != CR_FREE)
        timing_add_edge(s->net, first, second, from + gap->min);
    if (gap->max != CR_FREE)
        timing_add_edge(s->net, second, first, -from - gap->max);
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
                timing_add_edge(s->net, s->node[v], worst, -p->visits[v].due);
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
