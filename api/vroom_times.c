/* The times of given routes ("plan mode"): off the windows by the least there is, then the shortest route, then each
 * stop as soon as can be.
 *
 * With C(k) what stops and ways before stop k take, u(k) = t(k) - C(k) never falls along the route. What a time costs
 * is piecewise linear, so the best u are all among the ends of windows (and the bounds of steps) less C: a table over
 * stops and those finds them (isotonic regression by dynamic programming).
 */
#include "vroom_violations.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_MOST 5e8 /* to be looked at for one route */
#define NEVER      1e300
#define TICK_MOST  2000000000 /* from the first time that is named: far from where a clock would overflow */

/* Compared from left to right; exact as long as it stays below 2^53. */
typedef struct price {
    double off_s, length_s, sum_s;
} price;

/* A stop, the start (0) or the end (last) of a route. */
typedef struct moment {
    const json_t *windows;   /* on the input's clock; NULL: any time */
    int64_t take_s;          /* C */
    int64_t open_s, close_s; /* what the step asks for */
} moment;

typedef struct route {
    moment *moments;
    int32_t n, n_times;
    int64_t *times; /* u, ascending */
    price *best;    /* of the stops so far, at each of them */
    bool *is_own;   /* [stop * n_times + time]: no time before is better */
} route;

static cr_status fault(vroom_message *message, const vroom_vehicle *v, const char *text)
{
    snprintf(message->text, sizeof message->text, "vehicle %lld: %s", (long long)v->id, text);
    return CR_E_INPUT;
}

/* ---- the route ---- */

static void bound_moment(moment *m, const json_t *step)
{
    const json_t *at = json_object_get(step, "service_at"), *after = json_object_get(step, "service_after"),
                 *before = json_object_get(step, "service_before");
    m->open_s = 0;
    m->close_s = INT64_MAX;
    if (json_is_number(at))
        m->open_s = m->close_s = (int64_t)json_number_value(at);
    if (json_is_number(after) && json_number_value(after) > (double)m->open_s)
        m->open_s = (int64_t)json_number_value(after);
    if (json_is_number(before) && json_number_value(before) < (double)m->close_s)
        m->close_s = (int64_t)json_number_value(before);
}

static const json_t *windows_of(const vroom_input *in, const vroom_question *q, const cr_stop *stop)
{
    const json_t *given =
        stop->slot == CR_NONE ? q->breaks[stop->brk] : in->tasks[q->problem->slots[stop->slot].visit].given;
    return json_object_get(given, "time_windows");
}

/* Steps are in the order of the stops, with the start and the end of the route among them. */
static void fill_moments(const vroom_input *in, const vroom_question *q, const vroom_walk *w, route *r)
{
    size_t i;
    const json_t *step, *steps = json_object_get(in->vehicles[w->shift->carer].given, "steps");
    int64_t take_s = 0;
    for (int32_t k = 0; k < r->n; k++) {
        moment *m = &r->moments[k];
        bool is_stop = k > 0 && k < r->n - 1;
        if (k > 0)
            take_s += vroom_walk_way(w, k - 1);
        m->take_s = take_s;
        m->windows = is_stop ? windows_of(in, q, &w->stops[k - 1]) : NULL;
        bound_moment(m, NULL);
        if (is_stop)
            take_s += vroom_walk_door(w, k - 1) + vroom_walk_length(w, k - 1);
    }
    int32_t k = 0;
    json_array_foreach(steps, i, step)
    {
        const char *type = json_string_value(json_object_get(step, "type"));
        bool is_end = strcmp(type, "end") == 0;
        bound_moment(&r->moments[strcmp(type, "start") == 0 ? 0 : is_end ? r->n - 1 : ++k], step);
    }
}

/* ---- the times that there are to choose from ---- */

static int compare_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static size_t n_ends(const route *r)
{
    size_t n = 3; /* the vehicle's window, and 0 */
    for (int32_t k = 0; k < r->n; k++)
        n += 2 * (json_array_size(r->moments[k].windows) + 1);
    return n;
}

static void list_times(route *r, const vroom_vehicle *v)
{
    size_t i;
    const json_t *window;
    int32_t n = 0;
    r->times[n++] = -r->moments[0].take_s;
    if (v->close_s >= 0) {
        r->times[n++] = v->open_s - r->moments[0].take_s;
        r->times[n++] = v->close_s - r->moments[r->n - 1].take_s;
    }
    for (int32_t k = 0; k < r->n; k++) {
        const moment *m = &r->moments[k];
        json_array_foreach(m->windows, i, window)
        {
            r->times[n++] = (int64_t)json_number_value(json_array_get(window, 0)) - m->take_s;
            r->times[n++] = (int64_t)json_number_value(json_array_get(window, 1)) - m->take_s;
        }
        r->times[n++] = m->open_s - m->take_s;
        if (m->close_s < INT64_MAX)
            r->times[n++] = m->close_s - m->take_s;
    }
    qsort(r->times, (size_t)n, sizeof *r->times, compare_times);
    r->n_times = 0;
    for (int32_t t = 0; t < n; t++)
        if (t == 0 || r->times[t] != r->times[t - 1])
            r->times[r->n_times++] = r->times[t];
}

/* ---- the table ---- */

static bool is_cheaper(const price *a, const price *b)
{
    if (a->off_s != b->off_s)
        return a->off_s < b->off_s;
    return a->length_s != b->length_s ? a->length_s < b->length_s : a->sum_s < b->sum_s;
}

/* What it costs that a stop begins then. */
static price price_at(const route *r, const vroom_vehicle *v, int32_t k, int64_t time_s)
{
    const moment *m = &r->moments[k];
    bool is_start = k == 0, is_end = k == r->n - 1;
    if (time_s < m->open_s || time_s > m->close_s)
        return (price){NEVER, 0, 0};
    if (is_start)
        return (price){v->close_s >= 0 ? fmax(0, (double)(v->open_s - time_s)) : 0, -(double)time_s, 0};
    if (is_end)
        return (price){v->close_s >= 0 ? fmax(0, (double)(time_s - v->close_s)) : 0, (double)time_s, 0};
    return (price){fabs((double)vroom_off_windows(m->windows, time_s)), 0, (double)time_s};
}

static void fill_table(route *r, const vroom_vehicle *v)
{
    for (int32_t k = 0; k < r->n; k++) {
        price least = {NEVER, 0, 0};
        for (int32_t t = 0; t < r->n_times; t++) {
            price here = price_at(r, v, k, r->times[t] + r->moments[k].take_s), so_far = {0, 0, 0};
            if (k > 0)
                so_far = r->best[t];
            here.off_s = here.off_s >= NEVER || so_far.off_s >= NEVER ? NEVER : here.off_s + so_far.off_s;
            here.length_s += so_far.length_s;
            here.sum_s += so_far.sum_s;
            bool is_own = t == 0 || is_cheaper(&here, &least);
            least = is_own ? here : least;
            r->is_own[(size_t)k * (size_t)r->n_times + (size_t)t] = is_own;
            r->best[t] = least; /* of all times up to this one: what the next stop begins from */
        }
    }
}

/* False: they are too far from each other. */
static bool take_times(const route *r, const vroom_walk *w, int64_t base_s, cr_stop *stops, cr_round *round)
{
    int32_t t = r->n_times - 1;
    for (int32_t k = r->n - 1; k >= 0; k--) {
        while (!r->is_own[(size_t)k * (size_t)r->n_times + (size_t)t])
            t--;
        int64_t time_s = r->times[t] + r->moments[k].take_s - base_s;
        if (llabs(time_s) > TICK_MOST)
            return false;
        int32_t tick = (int32_t)time_s;
        if (k == r->n - 1)
            round->arrive = tick;
        else if (k == 0)
            round->depart = tick;
        else
            stops[k - 1].start = tick + vroom_walk_door(w, k - 1); /* ours is after the setup at the door */
    }
    return true;
}

static cr_status choose_route(const vroom_input *in, const vroom_question *q, const vroom_walk *w, cr_stop *stops,
                              cr_round *round, vroom_message *message)
{
    const vroom_vehicle *v = &in->vehicles[w->shift->carer];
    route r = {.n = w->n + 2};
    cr_status st = CR_OK;
    r.moments = calloc((size_t)r.n, sizeof *r.moments);
    if (!r.moments)
        return CR_E_NOMEM;
    fill_moments(in, q, w, &r);
    size_t n_times = n_ends(&r), n_cells = n_times * (size_t)r.n;
    if ((double)n_times * ((double)r.n + (double)n_times / 2) > CELLS_MOST)
        st = fault(message, v, "has too many steps and windows to choose its times");
    r.times = st ? NULL : calloc(n_times, sizeof *r.times);
    r.best = st ? NULL : calloc(n_times, sizeof *r.best);
    r.is_own = st ? NULL : calloc(n_cells, sizeof *r.is_own);
    if (!st && (!r.times || !r.best || !r.is_own))
        st = CR_E_NOMEM;
    if (!st) {
        list_times(&r, v);
        fill_table(&r, v);
        if (r.best[r.n_times - 1].off_s >= NEVER)
            st = fault(message, v, "no times keep to the service_at, service_after and service_before of its steps");
    }
    if (!st && !take_times(&r, w, q->base_s, stops, round))
        st = fault(message, v, "its times are too far apart");
    free(r.moments);
    free(r.times);
    free(r.best);
    free(r.is_own);
    return st;
}

cr_status vroom_choose_times(const vroom_input *in, const vroom_question *q, cr_plan *plan, vroom_message *message)
{
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < plan->n_rounds; i++) {
        cr_round *round = &plan->rounds[i];
        cr_stop *stops = &plan->stops[round->stops.first];
        vroom_walk w = {q->problem, &q->problem->shifts[round->shift], stops, round->stops.n};
        st = choose_route(in, q, &w, stops, round, message);
    }
    return st;
}
