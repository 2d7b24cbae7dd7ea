/* Roads for a day.
 *
 * Where no road leads, the straight line stays, and a finding says so: a pair that could silently not be travelled
 * would cost somebody her visit, one that is silently a straight line would cost a carer her lunch.
 */
#include "day_roads.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAMED_MOST 5 /* places named one by one; the rest are counted */

cr_status day_roads_init(day_roads *d, day_reading *r, int32_t n_places)
{
    *d = (day_roads){.r = r, .roads = r->roads, .path = r->roads_file, .n_places = n_places};
    if (!d->roads)
        return CR_OK;
    d->is_far = calloc((size_t)n_places + 1, sizeof *d->is_far);
    d->is_cut_off = calloc((size_t)n_places + 1, sizeof *d->is_cut_off);
    return d->is_far && d->is_cut_off ? CR_OK : CR_E_NOMEM;
}

void day_roads_done(day_roads *d)
{
    for (int32_t mode = 0; mode < CR_ROAD_MODES; mode++)
        free(d->snaps[mode]);
    free(d->is_far);
    free(d->is_cut_off);
}

cr_status day_roads_snap(day_roads *d, int32_t mode, const cr_place *places, const cr_road_snap **ret_snaps)
{
    if (!d->snaps[mode]) {
        d->snaps[mode] = calloc((size_t)d->n_places + 1, sizeof *d->snaps[mode]);
        if (!d->snaps[mode])
            return CR_E_NOMEM;
        cr_roads_snap(d->roads, mode, places, d->n_places, d->snaps[mode]);
    }
    *ret_snaps = d->snaps[mode];
    return CR_OK;
}

int32_t day_roads_n_cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : (int32_t)n;
}

static bool is_pair(const cr_place *places, int32_t i, int32_t j)
{
    return i != j && places[i].quality != CR_PLACE_NONE && places[j].quality != CR_PLACE_NONE;
}

/* Which places no road leads to, or are far from any, and how many pairs no road joins. */
static cr_status note_gaps(day_roads *d, const cr_place *places, const cr_road_snap *snaps, const int32_t *time_s)
{
    size_t n = (size_t)d->n_places;
    bool *is_reached = calloc(n + 1, sizeof *is_reached);
    if (!is_reached)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < d->n_places; i++)
        for (int32_t j = 0; j < d->n_places; j++) {
            if (!is_pair(places, i, j))
                continue;
            bool is_joined = time_s[(size_t)i * n + (size_t)j] != CR_NO_WAY;
            d->n_by_line += !is_joined;
            is_reached[i] = is_reached[i] || is_joined;
            is_reached[j] = is_reached[j] || is_joined;
        }
    for (int32_t i = 0; n > 1 && i < d->n_places; i++)
        if (places[i].quality != CR_PLACE_NONE) {
            d->is_far[i] = d->is_far[i] || snaps[i].distance_m > d->r->settings.odd_road_m;
            d->is_cut_off[i] = d->is_cut_off[i] || !is_reached[i];
        }
    free(is_reached);
    return CR_OK;
}

/* The table into the matrix, where a road leads. */
static cr_status lay_table(day_roads *d, int32_t mode, int32_t period, const cr_place *places, cr_matrix *matrix)
{
    size_t n = (size_t)d->n_places;
    const cr_road_snap *snaps = NULL;
    int32_t *time_s = malloc((n * n + 1) * sizeof *time_s), *dist_m = malloc((n * n + 1) * sizeof *dist_m);
    cr_road_table_options options = CR_ROAD_TABLE_OPTIONS_INIT;
    options.n_threads = day_roads_n_cores();
    options.period = period;
    cr_status st = time_s && dist_m ? day_roads_snap(d, mode, places, &snaps) : CR_E_NOMEM;
    if (!st)
        st = cr_roads_table(d->roads, mode, snaps, d->n_places, snaps, d->n_places, &options, time_s, dist_m);
    for (size_t at = 0; !st && at < n * n; at++)
        if (is_pair(places, (int32_t)(at / n), (int32_t)(at % n)) && time_s[at] != CR_NO_WAY)
            cr_matrix_set(matrix, (int32_t)(at / n), (int32_t)(at % n), time_s[at], dist_m[at]);
    if (!st && period == CR_NONE) /* what a period joins is joined at any time */
        st = note_gaps(d, places, snaps, time_s);
    free(time_s);
    free(dist_m);
    return st;
}

cr_status day_roads_lay_over(day_roads *d, const char *mode_name, const cr_place *places, cr_matrix *matrix,
                             bool *ret_laid)
{
    int32_t mode = cr_road_mode_find(mode_name);
    *ret_laid = d->roads && mode != CR_NONE && cr_roads_has_mode(d->roads, mode);
    return *ret_laid ? lay_table(d, mode, CR_NONE, places, matrix) : CR_OK;
}

cr_status day_roads_lay_period(day_roads *d, int32_t mode, int32_t period, const cr_place *places, cr_matrix *matrix)
{
    return lay_table(d, mode, period, places, matrix);
}

/* ---- what it says ---- */

/* One warning for all marked places, the first of them by name. */
static void warn_of(const day_roads *d, const bool *is_marked, const char *what)
{
    const day_reading *r = d->r;
    const char *names = "";
    int32_t n = 0;
    for (int32_t i = 0; i < d->n_places; i++)
        if (is_marked[i] && n++ < NAMED_MOST)
            names = arena_print(r->strings, "%s%s%s", names, *names ? ", " : "", who_is_at(r, i));
    if (n > 0)
        findings_warning(r->findings, (finding_at){"area.roads", 0, "", d->path}, "%d place%s %s: %s%s", n,
                         n == 1 ? "" : "s", what, names, n > NAMED_MOST ? " ..." : "");
}

void day_roads_warn(const day_roads *d)
{
    if (!d->roads)
        return;
    char far[80];
    snprintf(far, sizeof far, "more than %.0f m from any road it can use", d->r->settings.odd_road_m);
    warn_of(d, d->is_far, far);
    warn_of(d, d->is_cut_off, "that no road leads to, so straight lines are taken");
    if (d->n_by_line > 0)
        findings_warning(d->r->findings, (finding_at){"area.roads", 0, "", d->path},
                         "%lld way%s between places not on these roads, taken as straight lines",
                         (long long)d->n_by_line, d->n_by_line == 1 ? "" : "s");
}

const char *day_roads_name(const day_roads *d)
{
    time_t t = (time_t)cr_roads_timestamp_s(d->roads);
    struct tm tm;
    char date[32] = "";
    if (t && gmtime_r(&t, &tm))
        strftime(date, sizeof date, " of %Y-%m-%d", &tm);
    return arena_print(d->r->strings, "%s%s", d->path, date);
}
