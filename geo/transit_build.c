/* The timetable of a day: its trips, grouped into lines; the ways between stops. */
#include "gtfs.h"
#include "transit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PATHS  20000000
#define LINES_TRIED 16     /* of the lines of one pattern, for a trip that overtakes */
#define DEGREE_M    111195 /* of latitude */

typedef struct building {
    const gtfs_feed *feed;
    const cr_transit_options *options;
    cr_transit *t;
    int32_t *stop_at;      /* by the feed's stop; CR_NONE: no trip of the day calls there */
    int32_t *feed_stop;    /* by ours */
    int32_t *first_member; /* of each of the feed's stops and stations, in `members`; one more than there are */
    int32_t *members;      /* our stops that it is, or that it has */
    transit_run *runs;
    int32_t n_runs;
} building;

cr_transit *cr_transit_free(cr_transit *t)
{
    if (t) {
        free(t->text);
        free(t->stop_name);
        free(t->places);
        free(t->change_s);
        free(t->lines);
        free(t->line_stops);
        free(t->may_board);
        free(t->may_alight);
        free(t->arrive_s);
        free(t->depart_s);
        free(t->first_call);
        free(t->calls);
        free(t->first_path);
        free(t->paths);
        free(t);
    }
    return NULL;
}

/* ---- stops ---- */

static cr_status number_stops(building *b)
{
    const gtfs_feed *f = b->feed;
    cr_transit *t = b->t;
    size_t n = (size_t)f->n_stops + 1;
    b->stop_at = malloc(n * sizeof *b->stop_at);
    b->feed_stop = malloc(n * sizeof *b->feed_stop);
    t->stop_name = malloc(n * sizeof *t->stop_name);
    t->places = malloc(n * sizeof *t->places);
    t->change_s = malloc(n * sizeof *t->change_s);
    if (!b->stop_at || !b->feed_stop || !t->stop_name || !t->places || !t->change_s)
        return CR_E_NOMEM;
    for (int32_t s = 0; s < f->n_stops; s++)
        b->stop_at[s] = CR_NONE;
    for (int32_t r = 0; r < b->n_runs; r++)
        for (int32_t i = 0; i < b->runs[r].n; i++)
            b->stop_at[f->calls[b->runs[r].first + i].stop] = 0;
    for (int32_t s = 0; s < f->n_stops; s++) {
        if (b->stop_at[s] == CR_NONE)
            continue;
        int32_t at = b->stop_at[s] = t->counts.n_stops++;
        b->feed_stop[at] = s;
        t->stop_name[at] = f->stops[s].name;
        t->places[at] = f->stops[s].place;
        t->change_s[at] = b->options->change_s;
    }
    return CR_OK;
}

/* ---- lines ---- */

/* Same route, same stops, same ways to get on and off. */
static int by_pattern(const gtfs_feed *f, const transit_run *x, const transit_run *y)
{
    const gtfs_call *a = f->calls + x->first, *b = f->calls + y->first;
    int32_t route_a = f->trips[a->trip].route, route_b = f->trips[b->trip].route;
    if (route_a != route_b)
        return route_a < route_b ? -1 : 1;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    for (int32_t i = 0; i < x->n; i++) {
        if (a[i].stop != b[i].stop)
            return a[i].stop < b[i].stop ? -1 : 1;
        int way_a = a[i].may_board * 2 + a[i].may_alight, way_b = b[i].may_board * 2 + b[i].may_alight;
        if (way_a != way_b)
            return way_a - way_b;
    }
    return 0;
}

static int by_pattern_and_time(const void *a, const void *b, void *user)
{
    const gtfs_feed *f = user;
    const transit_run *x = a, *y = b;
    int pattern = by_pattern(f, x, y);
    if (pattern)
        return pattern;
    int32_t at_x = f->calls[x->first].depart_s + x->later_s, at_y = f->calls[y->first].depart_s + y->later_s;
    if (at_x != at_y)
        return at_x < at_y ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Is the later run nowhere before the earlier one? */
static bool may_follow(const gtfs_feed *f, const transit_run *earlier, const transit_run *later)
{
    for (int32_t i = 0; i < later->n; i++) {
        const gtfs_call *a = &f->calls[earlier->first + i], *b = &f->calls[later->first + i];
        if (b->arrive_s + later->later_s < a->arrive_s + earlier->later_s ||
            b->depart_s + later->later_s < a->depart_s + earlier->later_s)
            return false;
    }
    return true;
}

/* Number the lines: a run goes to the latest line of its pattern whose last trip it does not overtake. */
static void tell_lines(building *b, int32_t *line_of, int32_t *last_of_line)
{
    int32_t first_line = 0;
    for (int32_t r = 0; r < b->n_runs; r++) {
        int32_t n_lines = b->t->counts.n_lines;
        if (r > 0 && by_pattern(b->feed, &b->runs[r - 1], &b->runs[r]) != 0)
            first_line = n_lines;
        int32_t line = n_lines - 1, tried = 0;
        while (line >= first_line && tried < LINES_TRIED &&
               !may_follow(b->feed, &b->runs[last_of_line[line]], &b->runs[r])) {
            line--;
            tried++;
        }
        if (line < first_line || tried == LINES_TRIED)
            line = b->t->counts.n_lines++;
        line_of[r] = line;
        last_of_line[line] = r;
    }
}

/* Where each line's stops and times are. */
static void lay_out(building *b, const int32_t *line_of)
{
    cr_transit *t = b->t;
    int32_t n_stops = 0;
    size_t n_times = 0;
    for (int32_t r = 0; r < b->n_runs; r++) {
        transit_line *line = &t->lines[line_of[r]];
        const gtfs_call *first = &b->feed->calls[b->runs[r].first];
        line->n_stops = b->runs[r].n;
        line->name = b->feed->routes[b->feed->trips[first->trip].route];
        line->n_trips++;
    }
    for (int32_t l = 0; l < t->counts.n_lines; l++) {
        transit_line *line = &t->lines[l];
        line->first_stop = n_stops;
        line->first_time = n_times;
        n_stops += line->n_stops;
        n_times += (size_t)line->n_stops * (size_t)line->n_trips;
        line->n_trips = 0; /* counted again as they are put */
    }
}

static void put_run(building *b, int32_t r, transit_line *line)
{
    cr_transit *t = b->t;
    size_t at = line->first_time + (size_t)line->n_trips++ * (size_t)line->n_stops;
    for (int32_t i = 0; i < line->n_stops; i++) {
        const gtfs_call *call = &b->feed->calls[b->runs[r].first + i];
        t->arrive_s[at + (size_t)i] = call->arrive_s + b->runs[r].later_s;
        t->depart_s[at + (size_t)i] = call->depart_s + b->runs[r].later_s;
        t->line_stops[line->first_stop + i] = b->stop_at[call->stop];
        t->may_board[line->first_stop + i] = call->may_board;
        t->may_alight[line->first_stop + i] = call->may_alight;
    }
}

static cr_status make_lines(building *b)
{
    cr_transit *t = b->t;
    size_t n_runs = (size_t)b->n_runs + 1, n_times = 1;
    for (int32_t r = 0; r < b->n_runs; r++)
        n_times += (size_t)b->runs[r].n;
    int32_t *line_of = malloc(n_runs * sizeof *line_of), *last_of_line = malloc(n_runs * sizeof *last_of_line);
    t->lines = calloc(n_runs, sizeof *t->lines);
    t->arrive_s = malloc(n_times * sizeof *t->arrive_s);
    t->depart_s = malloc(n_times * sizeof *t->depart_s);
    t->line_stops = malloc(n_times * sizeof *t->line_stops);
    t->may_board = malloc(n_times * sizeof *t->may_board);
    t->may_alight = malloc(n_times * sizeof *t->may_alight);
    cr_status st = line_of && last_of_line && t->lines && t->arrive_s && t->depart_s && t->line_stops && t->may_board &&
                           t->may_alight
                       ? CR_OK
                       : CR_E_NOMEM;
    if (!st) {
        if (b->n_runs)
            qsort_r(b->runs, (size_t)b->n_runs, sizeof *b->runs, by_pattern_and_time, (void *)b->feed);
        tell_lines(b, line_of, last_of_line);
        lay_out(b, line_of);
        for (int32_t r = 0; r < b->n_runs; r++)
            put_run(b, r, &t->lines[line_of[r]]);
        t->counts.n_trips = b->n_runs;
    }
    free(line_of);
    free(last_of_line);
    return st;
}

/* Which lines call at a stop, and where along them. */
static cr_status index_calls(building *b)
{
    cr_transit *t = b->t;
    int32_t n_stops = t->counts.n_stops, n_lines = t->counts.n_lines;
    const transit_line *last = n_lines ? &t->lines[n_lines - 1] : NULL;
    int32_t n_calls = last ? last->first_stop + last->n_stops : 0;
    t->first_call = calloc((size_t)n_stops + 2, sizeof *t->first_call);
    t->calls = malloc(((size_t)n_calls + 1) * sizeof *t->calls);
    if (!t->first_call || !t->calls)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < n_calls; i++)
        t->first_call[t->line_stops[i] + 2]++;
    for (int32_t s = 0; s < n_stops; s++)
        t->first_call[s + 2] += t->first_call[s + 1];
    for (int32_t l = 0; l < n_lines; l++)
        for (int32_t p = 0; p < t->lines[l].n_stops; p++)
            t->calls[t->first_call[t->line_stops[t->lines[l].first_stop + p] + 1]++] = (transit_at){l, p};
    return CR_OK;
}

/* ---- ways between stops ---- */

/* A way and how it was come by: what transfers.txt says counts more than what was reckoned. */
typedef struct way {
    transit_path path;
    int32_t rank;
} way;

typedef struct way_list {
    way *items;
    int64_t n, room;
} way_list;

static cr_status add_way(way_list *ways, int32_t from, int32_t to, int32_t time_s, int32_t rank)
{
    if (ways->n == ways->room) {
        int64_t room = ways->room < 64 ? 64 : ways->room + ways->room / 2;
        way *moved = room <= MOST_PATHS * INT64_C(2) ? realloc(ways->items, (size_t)room * sizeof *moved) : NULL;
        if (!moved)
            return CR_E_NOMEM;
        ways->items = moved;
        ways->room = room;
    }
    ways->items[ways->n++] = (way){{from, to, time_s}, rank};
    return CR_OK;
}

/* On foot; near enough on a plane, for stops that one would walk between. */
static int32_t walk_s(const building *b, int32_t from, int32_t to)
{
    const cr_place *p = &b->t->places[from], *q = &b->t->places[to];
    double north_m = (p->lat_deg - q->lat_deg) * DEGREE_M;
    double east_m = (p->lon_deg - q->lon_deg) * DEGREE_M * cos((p->lat_deg + q->lat_deg) * (M_PI / 360));
    double s = ceil(hypot(north_m, east_m) * b->options->walk_detour * 3.6 / b->options->walk_kmh);
    int32_t walk = s < CR_NO_WAY ? (int32_t)s : CR_NO_WAY;
    return walk > b->options->change_s ? walk : b->options->change_s;
}

static int by_latitude(const void *a, const void *b, void *user)
{
    const cr_place *places = user;
    double x = places[*(const int32_t *)a].lat_deg, y = places[*(const int32_t *)b].lat_deg;
    return (x > y) - (x < y);
}

/* Between stops in reach, by a sweep from south to north. */
static cr_status add_near(building *b, way_list *ways)
{
    const cr_transit *t = b->t;
    int32_t n = t->counts.n_stops, *order = malloc(((size_t)n + 1) * sizeof *order);
    double reach_deg = b->options->most_change_s * b->options->walk_kmh / 3.6 / b->options->walk_detour / DEGREE_M;
    cr_status st = order ? CR_OK : CR_E_NOMEM;
    for (int32_t i = 0; order && i < n; i++)
        order[i] = i;
    if (order && n)
        qsort_r(order, (size_t)n, sizeof *order, by_latitude, t->places);
    for (int32_t i = 0; !st && i < n; i++)
        for (int32_t k = i + 1; !st && k < n && t->places[order[k]].lat_deg - t->places[order[i]].lat_deg <= reach_deg;
             k++) {
            int32_t time_s = walk_s(b, order[i], order[k]);
            if (time_s > b->options->most_change_s)
                continue;
            st = add_way(ways, order[i], order[k], time_s, 0);
            if (!st)
                st = add_way(ways, order[k], order[i], time_s, 0);
        }
    free(order);
    return st;
}

/* Which of our stops a stop or station of the feed is or has: listed once, as transfers.txt may be long. */
static cr_status list_members(building *b)
{
    const gtfs_feed *f = b->feed;
    const int32_t n = b->t->counts.n_stops;
    b->first_member = calloc((size_t)f->n_stops + 2, sizeof *b->first_member);
    b->members = malloc((2 * (size_t)n + 1) * sizeof *b->members);
    if (!b->first_member || !b->members)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < n; i++) {
        const int32_t at = b->feed_stop[i], parent = f->stops[at].parent;
        b->first_member[at + 1]++;
        if (parent != CR_NONE && parent != at)
            b->first_member[parent + 1]++;
    }
    for (int32_t s = 0; s < f->n_stops; s++)
        b->first_member[s + 1] += b->first_member[s];
    for (int32_t i = 0; i < n; i++) { /* each `first` moves to its end, which is where the next begins */
        const int32_t at = b->feed_stop[i], parent = f->stops[at].parent;
        b->members[b->first_member[at]++] = i;
        if (parent != CR_NONE && parent != at)
            b->members[b->first_member[parent]++] = i;
    }
    memmove(b->first_member + 1, b->first_member, (size_t)f->n_stops * sizeof *b->first_member);
    b->first_member[0] = 0;
    return CR_OK;
}

static cr_status add_transfer(building *b, const gtfs_transfer *x, way_list *ways)
{
    cr_transit *t = b->t;
    cr_status st = CR_OK;
    for (int32_t f = b->first_member[x->from]; f < b->first_member[x->from + 1]; f++)
        for (int32_t g = b->first_member[x->to]; !st && g < b->first_member[x->to + 1]; g++) {
            const int32_t i = b->members[f], k = b->members[g];
            if (i != k)
                st = add_way(ways, i, k, x->least_s == CR_NONE ? walk_s(b, i, k) : x->least_s, 1);
            else if (x->least_s != CR_NONE)
                t->change_s[i] = x->least_s;
        }
    return st;
}

static int by_ends_and_rank(const void *a, const void *b)
{
    const way *x = a, *y = b;
    if (x->path.from != y->path.from)
        return x->path.from < y->path.from ? -1 : 1;
    if (x->path.to != y->path.to)
        return x->path.to < y->path.to ? -1 : 1;
    if (x->rank != y->rank)
        return y->rank - x->rank;
    return (x->path.time_s > y->path.time_s) - (x->path.time_s < y->path.time_s);
}

static cr_status keep_ways(building *b, way_list *ways)
{
    cr_transit *t = b->t;
    t->first_path = calloc((size_t)t->counts.n_stops + 2, sizeof *t->first_path);
    t->paths = malloc(((size_t)ways->n + 1) * sizeof *t->paths);
    if (!t->first_path || !t->paths)
        return CR_E_NOMEM;
    if (ways->n)
        qsort(ways->items, (size_t)ways->n, sizeof *ways->items, by_ends_and_rank);
    for (int64_t i = 0; i < ways->n; i++) {
        const transit_path *path = &ways->items[i].path;
        bool is_again = i > 0 && ways->items[i - 1].path.from == path->from && ways->items[i - 1].path.to == path->to;
        if (is_again || path->time_s >= CR_NO_WAY)
            continue;
        t->paths[t->counts.n_paths++] = *path;
        t->first_path[path->from + 1]++;
    }
    for (int32_t s = 0; s < t->counts.n_stops; s++)
        t->first_path[s + 1] += t->first_path[s];
    return CR_OK;
}

static cr_status make_paths(building *b)
{
    way_list ways = {NULL, 0, 0};
    cr_status st = add_near(b, &ways);
    if (!st)
        st = list_members(b);
    for (int32_t i = 0; !st && i < b->feed->n_transfers; i++)
        st = add_transfer(b, &b->feed->transfers[i], &ways);
    if (!st)
        st = keep_ways(b, &ways);
    free(ways.items);
    return st;
}

/* ---- the whole ---- */

static cr_status build(building *b)
{
    cr_transit *t = b->t;
    t->text = malloc(b->feed->n_text + 1);
    if (!t->text)
        return CR_E_NOMEM;
    if (b->feed->n_text)
        memcpy(t->text, b->feed->text, b->feed->n_text);
    cr_status st = number_stops(b);
    if (st || (st = make_lines(b)) || (st = index_calls(b)) || (st = make_paths(b)))
        return st;
    return CR_OK;
}

cr_status transit_build(const gtfs_feed *feed, const cr_transit_options *options, transit_run *runs, int32_t n_runs,
                        cr_transit **ret_transit)
{
    cr_auto(cr_transit) t = calloc(1, sizeof *t);
    if (!t)
        return CR_E_NOMEM;
    building b = {.feed = feed, .options = options, .t = t, .runs = runs, .n_runs = n_runs};
    cr_status st = build(&b);
    free(b.stop_at);
    free(b.feed_stop);
    free(b.first_member);
    free(b.members);
    if (!st)
        *ret_transit = cr_transit_take(&t);
    return st;
}
