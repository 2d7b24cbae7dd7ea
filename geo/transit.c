/* The quickest way by public transport: RAPTOR (Delling, Pajor, Werneck, "Round-based public transit routing", 2012).
 *
 * Only the earliest arrival matters here, not the fewest changes, so one label a stop does for all rounds. Departures
 * of a period are searched from the last to the first: what was reached by leaving later is reached by leaving earlier
 * too, and only what gets better is followed (rRAPTOR in the paper). Between two rides lies a change at the stop or one
 * way from stop to stop, never two.
 */
#include "transit.h"

#include <stdlib.h>
#include <string.h>

cr_transit_counts cr_transit_count(const cr_transit *transit)
{
    return transit->counts;
}

cr_place cr_transit_stop(const cr_transit *transit, int32_t stop)
{
    assert(stop >= 0 && stop < transit->counts.n_stops);
    return transit->places[stop];
}

/* ---- the labels ---- */

/* How a stop was reached by a ride. */
typedef struct ride {
    int32_t line, trip, board, alight; /* positions along the line */
} ride;

typedef struct search {
    const cr_transit *t;
    int32_t *arrive_s;   /* by stop, by a ride; CR_NO_WAY: not yet */
    int32_t *ready_s;    /* by stop: when one may get on */
    int32_t *ready_from; /* the stop of the ride before; CR_NONE: walked from the door */
    ride *by;            /* of arrive_s */
    int32_t *marked, n_marked;
    bool *is_marked;
    int32_t *queue, n_queued; /* lines */
    int32_t *begin_at;        /* by line: the first position with news; CR_NONE: not queued */
} search;

static void search_done(search *s)
{
    free(s->arrive_s);
    free(s->ready_s);
    free(s->ready_from);
    free(s->by);
    free(s->marked);
    free(s->is_marked);
    free(s->queue);
    free(s->begin_at);
}

static cr_status search_init(search *s, const cr_transit *t)
{
    size_t n_stops = (size_t)t->counts.n_stops + 1, n_lines = (size_t)t->counts.n_lines + 1;
    *s = (search){.t = t};
    s->arrive_s = malloc(n_stops * sizeof *s->arrive_s);
    s->ready_s = malloc(n_stops * sizeof *s->ready_s);
    s->ready_from = malloc(n_stops * sizeof *s->ready_from);
    s->by = malloc(n_stops * sizeof *s->by);
    s->marked = malloc(n_stops * sizeof *s->marked);
    s->is_marked = calloc(n_stops, sizeof *s->is_marked);
    s->queue = malloc(n_lines * sizeof *s->queue);
    s->begin_at = malloc(n_lines * sizeof *s->begin_at);
    return s->arrive_s && s->ready_s && s->ready_from && s->by && s->marked && s->is_marked && s->queue && s->begin_at
               ? CR_OK
               : CR_E_NOMEM;
}

static void forget(search *s)
{
    for (int32_t i = 0; i < s->t->counts.n_stops; i++)
        s->arrive_s[i] = s->ready_s[i] = CR_NO_WAY;
    for (int32_t l = 0; l < s->t->counts.n_lines; l++)
        s->begin_at[l] = CR_NONE;
}

static void be_ready(search *s, int32_t stop, int32_t at_s, int32_t from)
{
    if (at_s >= s->ready_s[stop])
        return;
    s->ready_s[stop] = at_s;
    s->ready_from[stop] = from;
    if (!s->is_marked[stop])
        s->marked[s->n_marked++] = stop;
    s->is_marked[stop] = true;
}

static void alight(search *s, int32_t stop, int32_t at_s, ride by)
{
    const cr_transit *t = s->t;
    if (at_s >= s->arrive_s[stop])
        return;
    s->arrive_s[stop] = at_s;
    s->by[stop] = by;
    if (t->change_s[stop] < CR_NO_WAY)
        be_ready(s, stop, at_s + t->change_s[stop], stop);
    for (int64_t i = t->first_path[stop]; i < t->first_path[stop + 1]; i++)
        be_ready(s, t->paths[i].to, at_s + t->paths[i].time_s, stop);
}

/* ---- the rounds ---- */

/* The first trip that leaves at_s or later at a position; n_trips if none does. */
static int32_t first_trip(const cr_transit *t, const transit_line *line, int32_t position, int32_t at_s)
{
    int32_t low = 0, high = line->n_trips;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        size_t cell = line->first_time + (size_t)middle * (size_t)line->n_stops + (size_t)position;
        if (t->depart_s[cell] >= at_s)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void ride_along(search *s, int32_t l)
{
    const cr_transit *t = s->t;
    const transit_line *line = &t->lines[l];
    int32_t trip = line->n_trips, board = 0;
    for (int32_t p = s->begin_at[l]; p < line->n_stops; p++) {
        int32_t stop = t->line_stops[line->first_stop + p];
        size_t cell = line->first_time + (size_t)trip * (size_t)line->n_stops + (size_t)p;
        bool is_riding = trip < line->n_trips;
        if (is_riding && t->may_alight[line->first_stop + p])
            alight(s, stop, t->arrive_s[cell], (ride){l, trip, board, p});
        if (!t->may_board[line->first_stop + p] || s->ready_s[stop] == CR_NO_WAY ||
            (is_riding && s->ready_s[stop] > t->depart_s[cell]))
            continue;
        int32_t first = first_trip(t, line, p, s->ready_s[stop]);
        if (first < trip) {
            trip = first;
            board = p;
        }
    }
}

static void queue_lines(search *s)
{
    const cr_transit *t = s->t;
    s->n_queued = 0;
    for (int32_t m = 0; m < s->n_marked; m++) {
        int32_t stop = s->marked[m];
        s->is_marked[stop] = false;
        for (int32_t i = t->first_call[stop]; i < t->first_call[stop + 1]; i++) {
            const transit_at *at = &t->calls[i];
            if (s->begin_at[at->line] == CR_NONE)
                s->queue[s->n_queued++] = at->line;
            if (s->begin_at[at->line] == CR_NONE || at->position < s->begin_at[at->line])
                s->begin_at[at->line] = at->position;
        }
    }
    s->n_marked = 0;
}

static void ride_all(search *s)
{
    while (s->n_marked > 0) {
        queue_lines(s);
        for (int32_t q = 0; q < s->n_queued; q++) {
            ride_along(s, s->queue[q]);
            s->begin_at[s->queue[q]] = CR_NONE;
        }
    }
}

/* ---- doors ---- */

/* The stops in reach of each place. */
typedef struct door_stop {
    int32_t stop, walk_s;
} door_stop;

typedef struct doors {
    const cr_transit_query *query;
    int64_t *first; /* by place, and one more */
    door_stop *stops;
} doors;

static void doors_done(doors *d)
{
    free(d->first);
    free(d->stops);
}

static cr_status doors_init(doors *d, const cr_transit *t, const cr_transit_query *query)
{
    size_t n_stops = (size_t)t->counts.n_stops, n_cells = (size_t)query->n_places * n_stops;
    int64_t n = 0;
    *d = (doors){.query = query};
    for (size_t i = 0; i < n_cells; i++)
        n += query->stop_s[i] < CR_NO_WAY;
    d->first = malloc(((size_t)query->n_places + 1) * sizeof *d->first);
    d->stops = malloc(((size_t)n + 1) * sizeof *d->stops);
    if (!d->first || !d->stops)
        return CR_E_NOMEM;
    n = 0;
    for (int32_t i = 0; i < query->n_places; i++) {
        d->first[i] = n;
        for (size_t s = 0; s < n_stops; s++)
            if (query->stop_s[(size_t)i * n_stops + s] < CR_NO_WAY)
                d->stops[n++] = (door_stop){(int32_t)s, query->stop_s[(size_t)i * n_stops + s]};
    }
    d->first[query->n_places] = n;
    return CR_OK;
}

static void leave(search *s, const doors *d, int32_t from, int32_t depart_s)
{
    for (int64_t i = d->first[from]; i < d->first[from + 1]; i++)
        be_ready(s, d->stops[i].stop, depart_s + d->stops[i].walk_s, CR_NONE);
    ride_all(s);
}

/* Seconds from door to door; *ret_stop: the last one, CR_NONE if it was walked all the way. */
static int32_t time_to(const search *s, const doors *d, int32_t from, int32_t to, int32_t depart_s, int32_t *ret_stop)
{
    int32_t best_s = d->query->walk_s[(size_t)from * (size_t)d->query->n_places + (size_t)to];
    *ret_stop = CR_NONE;
    for (int64_t i = d->first[to]; i < d->first[to + 1]; i++) {
        int32_t at_s = s->arrive_s[d->stops[i].stop];
        if (at_s == CR_NO_WAY || at_s - depart_s + d->stops[i].walk_s >= best_s)
            continue;
        best_s = at_s - depart_s + d->stops[i].walk_s;
        *ret_stop = d->stops[i].stop;
    }
    return best_s;
}

cr_status cr_transit_from(const cr_transit *transit, const cr_transit_query *query, int32_t from, int32_t depart_s,
                          int32_t *ret_time_s)
{
    search s;
    doors d = {.query = query};
    int32_t last;
    cr_status st = search_init(&s, transit);
    if (!st)
        st = doors_init(&d, transit, query);
    if (!st) {
        forget(&s);
        leave(&s, &d, from, depart_s);
        for (int32_t to = 0; to < query->n_places; to++)
            ret_time_s[to] = time_to(&s, &d, from, to, depart_s, &last);
    }
    search_done(&s);
    doors_done(&d);
    return st;
}

/* ---- the table of a period ---- */

static int by_size(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static bool is_left_out(const cr_transit_period *period, int32_t depart_s)
{
    for (int32_t i = 0; i < period->n_without; i++)
        if (depart_s >= period->without[i].begin_s && depart_s < period->without[i].end_s)
            return true;
    return false;
}

/* The departures, ascending; returns how many. ret_depart_s has room for all of the period. */
static int32_t list_departures(const cr_transit_period *period, int32_t *ret_depart_s)
{
    int32_t n = 0;
    for (int64_t at = period->begin_s; at < period->end_s; at += period->step_s)
        if (!is_left_out(period, (int32_t)at))
            ret_depart_s[n++] = (int32_t)at;
    const bool are_none = n == 0;
    for (int64_t at = period->begin_s; are_none && at < period->end_s; at += period->step_s)
        ret_depart_s[n++] = (int32_t)at;
    return n;
}

typedef struct departures {
    int32_t n, *depart_s;
    int32_t *times_s; /* room for n_places x n */
    double quantile;
} departures;

static void fill_row(search *s, const doors *d, int32_t from, const departures *by, int32_t *ret_row_s)
{
    int32_t n_places = d->query->n_places, last;
    double share = by->quantile * by->n - 1e-9; /* 0.3 x 10 is 3 */
    int32_t rank = (int32_t)share;              /* of the least that so many do not exceed */
    forget(s);
    for (int32_t k = by->n - 1; k >= 0; k--) {
        leave(s, d, from, by->depart_s[k]);
        for (int32_t to = 0; to < n_places; to++)
            by->times_s[(size_t)to * (size_t)by->n + (size_t)k] = time_to(s, d, from, to, by->depart_s[k], &last);
    }
    for (int32_t to = 0; to < n_places; to++) {
        int32_t *of_pair = by->times_s + (size_t)to * (size_t)by->n;
        qsort(of_pair, (size_t)by->n, sizeof *of_pair, by_size);
        ret_row_s[to] = of_pair[rank < by->n ? rank : by->n - 1];
    }
}

cr_status cr_transit_table(const cr_transit *transit, const cr_transit_query *query, const cr_transit_period *period,
                           int32_t *ret_time_s)
{
    assert(period->begin_s < period->end_s && period->step_s > 0 && period->quantile > 0 && period->quantile <= 1);
    size_t n = (size_t)query->n_places;
    size_t n_most = ((size_t)(period->end_s - period->begin_s) + (size_t)period->step_s - 1) / (size_t)period->step_s;
    search s;
    doors d = {.query = query};
    departures by = {.depart_s = malloc(n_most * sizeof *by.depart_s),
                     .times_s = malloc((n * n_most + 1) * sizeof *by.times_s),
                     .quantile = period->quantile};
    cr_status st = search_init(&s, transit);
    if (!st)
        st = by.depart_s && by.times_s ? doors_init(&d, transit, query) : CR_E_NOMEM;
    if (!st)
        by.n = list_departures(period, by.depart_s);
    for (int32_t from = 0; !st && from < query->n_places; from++)
        fill_row(&s, &d, from, &by, ret_time_s + (size_t)from * n);
    search_done(&s);
    doors_done(&d);
    free(by.depart_s);
    free(by.times_s);
    return st;
}

/* ---- the way itself ---- */

static cr_transit_ride named(const cr_transit *t, const ride *by)
{
    const transit_line *line = &t->lines[by->line];
    size_t trip = line->first_time + (size_t)by->trip * (size_t)line->n_stops;
    return (cr_transit_ride){t->text + line->name, t->text + t->stop_name[t->line_stops[line->first_stop + by->board]],
                             t->text + t->stop_name[t->line_stops[line->first_stop + by->alight]],
                             t->depart_s[trip + (size_t)by->board], t->arrive_s[trip + (size_t)by->alight]};
}

/* From the last ride back to the first, then turned round. */
static int32_t gather_rides(const search *s, int32_t stop, int32_t most, cr_transit_ride *ret_rides)
{
    int32_t n = 0;
    while (stop != CR_NONE && n < most) {
        const ride *by = &s->by[stop];
        ret_rides[n++] = named(s->t, by);
        stop = s->ready_from[s->t->line_stops[s->t->lines[by->line].first_stop + by->board]];
    }
    for (int32_t i = 0; i < n / 2; i++) {
        cr_transit_ride swapped = ret_rides[i];
        ret_rides[i] = ret_rides[n - 1 - i];
        ret_rides[n - 1 - i] = swapped;
    }
    return n;
}

cr_status cr_transit_way(const cr_transit *transit, const cr_transit_query *query, int32_t from, int32_t to,
                         int32_t depart_s, int32_t most, cr_transit_ride *ret_rides, int32_t *ret_n,
                         int32_t *ret_arrive_s)
{
    search s;
    doors d = {.query = query};
    cr_status st = search_init(&s, transit);
    if (!st)
        st = doors_init(&d, transit, query);
    if (!st) {
        int32_t last;
        forget(&s);
        leave(&s, &d, from, depart_s);
        int32_t time_s = time_to(&s, &d, from, to, depart_s, &last);
        *ret_n = gather_rides(&s, last, most, ret_rides);
        *ret_arrive_s = time_s == CR_NO_WAY ? CR_NO_WAY : depart_s + time_s;
    }
    search_done(&s);
    doors_done(&d);
    return st;
}
