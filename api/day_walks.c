/* Park and walk.
 *
 * The car stays where it is, so the way back to it is part of a walk: both ways together are what the leg takes, and no
 * mile is driven. What the visit's door time has for parking is taken off again. So a round of such legs is one that
 * can be walked and driven, whatever comes after. A carer's own home is never walked to: the car would stay behind.
 */
#include "day_walks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define M_PER_DEGREE 111195

#define BLOCK        128 /* doors looked at together */

typedef struct walking {
    day_reading *r;
    cr_day *day;
    const cr_roads *roads; /* NULL: straight lines */
    cr_matrix *car;
    double most_m;      /* one way */
    double detour, m_s; /* in straight lines */
    int32_t *park_s;    /* of the door time of each place where there are visits; CR_NONE: there are none */
    int32_t *by_lat;    /* those places, from south to north */
    int32_t n_by_lat;
    int32_t first, n; /* of by_lat: the doors of a block and those that may be near them; n x n tables of these */
    int32_t *time_s, *dist_m; /* on foot */
    size_t cells_room;
    int32_t walks_room;
} walking;

/* ---- near each other ---- */

static double apart_m(const cr_place *a, const cr_place *b)
{
    double north_m = (b->lat_deg - a->lat_deg) * M_PER_DEGREE;
    double east_m = (b->lon_deg - a->lon_deg) * M_PER_DEGREE * cos((a->lat_deg + b->lat_deg) / 2 * M_PI / 180);
    return hypot(north_m, east_m);
}

static int by_latitude(const void *a, const void *b, void *user)
{
    const cr_place *places = user;
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    if (places[x].lat_deg != places[y].lat_deg)
        return places[x].lat_deg < places[y].lat_deg ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* What parking takes of the door time there: of the visit with the least. */
static cr_status list_doors(walking *w)
{
    const day_reading *r = w->r;
    int32_t n = w->day->n_places;
    w->park_s = malloc(((size_t)n + 1) * sizeof *w->park_s);
    w->by_lat = malloc(((size_t)n + 1) * sizeof *w->by_lat);
    if (!w->park_s || !w->by_lat)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < n; i++)
        w->park_s[i] = CR_NONE;
    for (int32_t v = 0; v < r->n_visits; v++) {
        int32_t place = r->visits[v].place_at, door_s = r->visits[v].door_s;
        if (place == CR_NONE)
            continue;
        int32_t park_s = door_s < r->settings.park_s ? door_s : r->settings.park_s;
        if (w->park_s[place] == CR_NONE || park_s < w->park_s[place])
            w->park_s[place] = park_s;
    }
    for (int32_t i = 0; i < n; i++)
        if (w->park_s[i] != CR_NONE && w->day->places[i].quality != CR_PLACE_NONE)
            w->by_lat[w->n_by_lat++] = i;
    qsort_r(w->by_lat, (size_t)w->n_by_lat, sizeof *w->by_lat, by_latitude, w->day->places);
    return CR_OK;
}

/* ---- on foot ---- */

static cr_status walk_by_road(walking *w)
{
    cr_place *places = malloc((size_t)w->n * sizeof *places);
    cr_road_snap *snaps = malloc((size_t)w->n * sizeof *snaps);
    cr_status st = places && snaps ? CR_OK : CR_E_NOMEM;
    for (int32_t i = 0; !st && i < w->n; i++)
        places[i] = w->day->places[w->by_lat[w->first + i]];
    if (!st) {
        cr_roads_snap(w->roads, CR_ROAD_FOOT, places, w->n, snaps);
        st = cr_roads_table(w->roads, CR_ROAD_FOOT, snaps, w->n, snaps, w->n,
                            &(cr_road_table_options)CR_ROAD_TABLE_OPTIONS_INIT, w->time_s, w->dist_m);
    }
    free(places);
    free(snaps);
    return st;
}

static void walk_by_line(walking *w)
{
    for (int32_t i = 0; i < w->n; i++)
        for (int32_t j = 0; j < w->n; j++) {
            size_t at = (size_t)i * (size_t)w->n + (size_t)j;
            double m = apart_m(&w->day->places[w->by_lat[w->first + i]], &w->day->places[w->by_lat[w->first + j]]);
            w->time_s[at] = (int32_t)ceil(m * w->detour / w->m_s);
            w->dist_m[at] = (int32_t)lround(m * w->detour);
        }
}

static cr_status fill_tables(walking *w)
{
    size_t n_cells = (size_t)w->n * (size_t)w->n;
    if (n_cells > w->cells_room) {
        free(w->time_s);
        free(w->dist_m);
        w->cells_room = n_cells;
        w->time_s = malloc(n_cells * sizeof *w->time_s);
        w->dist_m = malloc(n_cells * sizeof *w->dist_m);
    }
    if (!w->time_s || !w->dist_m)
        return CR_E_NOMEM;
    if (w->roads)
        return walk_by_road(w);
    walk_by_line(w);
    return CR_OK;
}

/* ---- walked or driven ---- */

static cr_status add_walk(walking *w, day_walk walk)
{
    cr_day *day = w->day;
    if (day->n_walks == w->walks_room) {
        int32_t room = w->walks_room * 2 + 64;
        day_walk *moved = realloc(day->walks, (size_t)room * sizeof *moved);
        if (!moved)
            return CR_E_NOMEM;
        day->walks = moved;
        w->walks_room = room;
    }
    day->walks[day->n_walks++] = walk;
    cr_matrix_set(w->car, walk.from, walk.to, walk.leg_s, 0);
    return CR_OK;
}

/* i and j: of the block's tables. */
static cr_status try_pair(walking *w, int32_t i, int32_t j)
{
    const settings *s = &w->r->settings;
    size_t there = (size_t)i * (size_t)w->n + (size_t)j, back = (size_t)j * (size_t)w->n + (size_t)i;
    int32_t from = w->by_lat[w->first + i], to = w->by_lat[w->first + j];
    double m = apart_m(&w->day->places[from], &w->day->places[to]);
    if (m <= s->same_building_m)
        return add_walk(w, (day_walk){from, to, 0, 0});
    if (m > w->most_m || w->time_s[there] == CR_NO_WAY || w->time_s[back] == CR_NO_WAY || w->dist_m[there] > w->most_m)
        return CR_OK;
    int32_t park_s = w->park_s[to], walk_s = w->time_s[there] + w->time_s[back];
    if (walk_s >= s->unpark_s + cr_matrix_time(w->car, from, to) + park_s)
        return CR_OK;
    return add_walk(w, (day_walk){from, to, walk_s > park_s ? walk_s - park_s : 0, w->dist_m[there] + w->dist_m[back]});
}

/* The walks that begin at the doors from `begin` to `end`. */
static cr_status walk_block(walking *w, int32_t begin, int32_t end)
{
    const cr_place *places = w->day->places;
    double reach_deg = fmax(w->most_m, w->r->settings.same_building_m) / M_PER_DEGREE;
    int32_t last = end;
    w->first = begin;
    while (w->first > 0 && places[w->by_lat[w->first - 1]].lat_deg >= places[w->by_lat[begin]].lat_deg - reach_deg)
        w->first--;
    while (last < w->n_by_lat && places[w->by_lat[last]].lat_deg <= places[w->by_lat[end - 1]].lat_deg + reach_deg)
        last++;
    w->n = last - w->first;
    cr_status st = fill_tables(w);
    for (int32_t i = begin - w->first; !st && i < end - w->first; i++)
        for (int32_t j = 0; !st && j < w->n; j++)
            if (i != j)
                st = try_pair(w, i, j);
    return st;
}

static int by_ends(const void *a, const void *b)
{
    const day_walk *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

cr_status day_walks_lay_over(day_reading *r, const cr_roads *roads, cr_day *day, cr_matrix *car)
{
    const settings *s = &r->settings;
    walking w = {.r = r, .day = day, .car = car, .most_m = roads ? s->walk_m : s->walk_m_by_line};
    const settings_mode *foot = NULL;
    for (int32_t m = 0; m < s->n_modes; m++)
        if (strcmp(s->modes[m].name, "foot") == 0)
            foot = &s->modes[m];
    w.roads = roads && cr_roads_has_mode(roads, CR_ROAD_FOOT) ? roads : NULL;
    if (w.most_m <= 0 || (!w.roads && !foot))
        return CR_OK;
    if (foot) {
        w.detour = foot->detour;
        w.m_s = foot->town_kmh / 3.6;
    }
    cr_status st = list_doors(&w);
    for (int32_t begin = 0; !st && begin < w.n_by_lat; begin += BLOCK)
        st = walk_block(&w, begin, begin + BLOCK < w.n_by_lat ? begin + BLOCK : w.n_by_lat);
    if (!st && day->n_walks)
        qsort(day->walks, (size_t)day->n_walks, sizeof *day->walks, by_ends);
    free(w.park_s);
    free(w.by_lat);
    free(w.time_s);
    free(w.dist_m);
    return st;
}

void day_walks_keep_laid(cr_day *day, const cr_matrix *car)
{
    int32_t n = 0;
    for (int32_t i = 0; i < day->n_walks; i++) {
        const day_walk *walk = &day->walks[i];
        if (cr_matrix_time(car, walk->from, walk->to) == walk->leg_s &&
            cr_matrix_dist_m(car, walk->from, walk->to) == 0)
            day->walks[n++] = *walk;
    }
    day->n_walks = n;
}

const day_walk *day_walk_between(const cr_day *day, int32_t mode, int32_t from, int32_t to)
{
    day_walk key = {.from = from, .to = to};
    if (mode >= 0 && day->speed_factor[mode] > 0)
        mode = day->base_mode[mode];
    if (mode != day->walk_mode || day->n_walks == 0)
        return NULL;
    return bsearch(&key, day->walks, (size_t)day->n_walks, sizeof key, by_ends);
}
