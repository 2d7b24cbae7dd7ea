/* Cells by road on demand: tables of the tiles that are asked for. */
#include "day_on_demand.h"

#include <math.h>
#include <stdlib.h>

typedef struct travel_source {
    const cr_roads *roads;
    int32_t road_mode, period;
    const cr_matrix *usual;   /* of a period: as built, with what no road joins; NULL: as built it is */
    cr_straight_lines *lines; /* as built: for what no road joins */
    cr_road_snap snaps[];     /* of all places */
} travel_source;

static cr_road_snap *snaps_of(const travel_source *s, const int32_t *places, int32_t n)
{
    cr_road_snap *snaps = malloc(((size_t)n + 1) * sizeof *snaps);
    for (int32_t i = 0; snaps && i < n; i++)
        snaps[i] = s->snaps[places[i]];
    return snaps;
}

static void fill_gaps(const travel_source *s, const int32_t *from, int32_t n_from, const int32_t *to, int32_t n_to,
                      int32_t *time_s, int32_t *dist_m)
{
    for (int32_t i = 0; i < n_from; i++)
        for (int32_t j = 0; j < n_to; j++, time_s++, dist_m++)
            if (*time_s == CR_NO_WAY && s->usual) {
                *time_s = cr_matrix_time(s->usual, from[i], to[j]);
                *dist_m = cr_matrix_dist_m(s->usual, from[i], to[j]);
            } else if (*time_s == CR_NO_WAY) {
                cr_straight_lines_block(s->lines, &from[i], 1, &to[j], 1, time_s, dist_m);
            }
}

static cr_status fill(void *user, const int32_t *from, int32_t n_from, const int32_t *to, int32_t n_to,
                      int32_t *ret_time, int32_t *ret_dist_m)
{
    const travel_source *s = user;
    cr_road_table_options options = CR_ROAD_TABLE_OPTIONS_INIT;
    cr_road_snap *sources = snaps_of(s, from, n_from), *targets = snaps_of(s, to, n_to);
    options.n_threads = day_roads_n_cores();
    options.period = s->period;
    cr_status st = sources && targets ? CR_OK : CR_E_NOMEM;
    if (!st)
        st = cr_roads_table(s->roads, s->road_mode, sources, n_from, targets, n_to, &options, ret_time, ret_dist_m);
    if (!st)
        fill_gaps(s, from, n_from, to, n_to, ret_time, ret_dist_m);
    free(sources);
    free(targets);
    return st;
}

static void source_free(void *user)
{
    travel_source *s = user;
    if (s->lines)
        cr_straight_lines_free(s->lines);
    free(s);
}

/* Everybody in a part of the map gets to everybody in it and to nobody else (geo/road_parts.c), so one row for each
 * part says which places no road joins. */
static cr_status count_gaps(day_roads *d, const travel_source *s, const cr_place *places)
{
    size_t n = (size_t)d->n_places;
    int32_t *row_s = malloc((n + 1) * sizeof *row_s);
    bool *is_met = calloc(n + 1, sizeof *is_met);
    int64_t n_known = 0, n_joined = 0;
    cr_status st = row_s && is_met ? CR_OK : CR_E_NOMEM;
    for (int32_t i = 0; i < d->n_places; i++)
        n_known += places[i].quality != CR_PLACE_NONE;
    for (int32_t i = 0; !st && i < d->n_places; i++) {
        if (is_met[i] || places[i].quality == CR_PLACE_NONE)
            continue;
        st = cr_roads_table(s->roads, s->road_mode, &s->snaps[i], 1, s->snaps, d->n_places,
                            &(cr_road_table_options)CR_ROAD_TABLE_OPTIONS_INIT, row_s, NULL);
        int64_t n_part = 1;
        for (int32_t j = 0; !st && j < d->n_places; j++)
            if (j != i && row_s[j] != CR_NO_WAY) {
                is_met[j] = true;
                n_part++;
            }
        d->is_cut_off[i] = d->is_cut_off[i] || (n_part == 1 && n_known > 1);
        n_joined += n_part * n_part;
    }
    d->n_by_line += n_known * n_known - n_joined;
    free(row_s);
    free(is_met);
    return st;
}

static cr_status source_new(day_roads *d, int32_t road_mode, int32_t period, const cr_place *places,
                            travel_source **ret_source)
{
    const cr_road_snap *snaps = NULL;
    cr_status st = day_roads_snap(d, road_mode, places, &snaps);
    travel_source *s = st ? NULL : malloc(sizeof *s + ((size_t)d->n_places + 1) * sizeof *s->snaps);
    if (!s)
        return CR_E_NOMEM;
    *s = (travel_source){.roads = d->roads, .road_mode = road_mode, .period = period};
    for (int32_t i = 0; i < d->n_places; i++)
        s->snaps[i] = snaps[i];
    *ret_source = s;
    return CR_OK;
}

static cr_status matrix_of(const day_roads *d, travel_source *s, const cr_place *places, cr_matrix **ret_matrix)
{
    cr_matrix_source source = {fill, source_free, s};
    return cr_matrix_new_on_demand(d->n_places, places, &source, ret_matrix);
}

cr_status day_on_demand_new(day_roads *d, int32_t road_mode, cr_straight_lines *lines, const cr_place *places,
                            cr_matrix **ret_matrix)
{
    travel_source *s = NULL;
    cr_status st = source_new(d, road_mode, CR_NONE, places, &s);
    if (st) {
        cr_straight_lines_free(lines);
        return st;
    }
    s->lines = lines;
    for (int32_t i = 0; i < d->n_places; i++)
        d->is_far[i] = d->is_far[i] || s->snaps[i].distance_m > d->r->settings.odd_road_m;
    st = count_gaps(d, s, places);
    if (!st)
        st = matrix_of(d, s, places, ret_matrix);
    if (st)
        source_free(s);
    return st;
}

cr_status day_on_demand_period(day_roads *d, int32_t road_mode, int32_t period, const cr_matrix *usual,
                               const cr_place *places, cr_matrix **ret_matrix)
{
    travel_source *s = NULL;
    cr_status st = source_new(d, road_mode, period, places, &s);
    if (st)
        return st;
    s->usual = usual;
    st = matrix_of(d, s, places, ret_matrix);
    if (st)
        source_free(s);
    return st;
}

/* ---- a figure for all of it ---- */

int32_t times_as_long(int32_t time_s, double factor)
{
    double product = ceil(time_s * factor - 1e-9);
    return time_s >= CR_NO_WAY ? CR_NO_WAY : product < CR_NO_WAY ? (int32_t)product : CR_NO_WAY - 1;
}

typedef struct times_source {
    const cr_matrix *usual;
    double factor;
} times_source;

static cr_status fill_times(void *user, const int32_t *from, int32_t n_from, const int32_t *to, int32_t n_to,
                            int32_t *ret_time, int32_t *ret_dist_m)
{
    const times_source *s = user;
    for (int32_t i = 0; i < n_from; i++)
        for (int32_t j = 0; j < n_to; j++) {
            *ret_time++ = times_as_long(cr_matrix_time(s->usual, from[i], to[j]), s->factor);
            *ret_dist_m++ = cr_matrix_dist_m(s->usual, from[i], to[j]);
        }
    return cr_matrix_lacks_memory(s->usual) ? CR_E_NOMEM : CR_OK;
}

cr_status day_on_demand_times(const cr_matrix *usual, double factor, const cr_place *places, cr_matrix **ret_matrix)
{
    times_source *s = malloc(sizeof *s);
    if (!s)
        return CR_E_NOMEM;
    *s = (times_source){usual, factor};
    cr_matrix_source source = {fill_times, free, s};
    cr_status st = cr_matrix_new_on_demand(cr_matrix_n_places(usual), places, &source, ret_matrix);
    if (st)
        free(s);
    return st;
}
