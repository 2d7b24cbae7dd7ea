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

cr_status day_roads_open(day_roads *d, day_reading *r, int32_t n_places)
{
    char beside[4096], message[300];
    const char *path = r->options->roads_path;
    *d = (day_roads){.r = r, .n_places = n_places};
    snprintf(beside, sizeof beside, "%s/area.roads", r->options->path);
    if (!path && !r->root && access(beside, R_OK) == 0)
        path = beside;
    if (!path)
        return CR_OK;
    const char *slash = strrchr(path, '/');
    d->path = arena_copy(r->strings, slash ? slash + 1 : path);
    d->is_far = calloc((size_t)n_places + 1, sizeof *d->is_far);
    d->is_cut_off = calloc((size_t)n_places + 1, sizeof *d->is_cut_off);
    if (!d->is_far || !d->is_cut_off)
        return CR_E_NOMEM;
    cr_status st = cr_roads_open(path, &d->roads, message, sizeof message);
    if (st != CR_E_INPUT)
        return st;
    findings_error(r->findings, (finding_at){"area.roads", 0, "", path}, "%s", message);
    return CR_OK;
}

void day_roads_done(day_roads *d)
{
    cr_roads_free(d->roads);
    free(d->is_far);
    free(d->is_cut_off);
}

int32_t day_roads_n_cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : (int32_t)n;
}

/* Row i of the table into the matrix, where a road leads; counts the pairs where none does. */
static void lay_row(day_roads *d, int32_t i, const cr_place *places, const int32_t *time_s, const int32_t *dist_m,
                    bool *is_reached, cr_matrix *matrix)
{
    for (int32_t j = 0; j < d->n_places; j++) {
        if (i == j || places[i].quality == CR_PLACE_NONE || places[j].quality == CR_PLACE_NONE)
            continue;
        if (time_s[j] == CR_NO_WAY) {
            d->n_by_line++;
            continue;
        }
        is_reached[i] = is_reached[j] = true;
        cr_matrix_set(matrix, i, j, time_s[j], dist_m[j]);
    }
}

static cr_status lay_table(day_roads *d, int32_t mode, const cr_place *places, cr_road_snap *snaps, cr_matrix *matrix)
{
    size_t n = (size_t)d->n_places;
    int32_t *time_s = malloc((n * n + 1) * sizeof *time_s), *dist_m = malloc((n * n + 1) * sizeof *dist_m);
    bool *is_reached = calloc(n + 1, sizeof *is_reached);
    cr_road_table_options options = CR_ROAD_TABLE_OPTIONS_INIT;
    options.n_threads = day_roads_n_cores();
    cr_status st = time_s && dist_m && is_reached ? CR_OK : CR_E_NOMEM;
    if (!st)
        st = cr_roads_table(d->roads, mode, snaps, d->n_places, snaps, d->n_places, &options, time_s, dist_m);
    for (int32_t i = 0; !st && i < d->n_places; i++)
        lay_row(d, i, places, time_s + (size_t)i * n, dist_m + (size_t)i * n, is_reached, matrix);
    for (int32_t i = 0; !st && n > 1 && i < d->n_places; i++)
        if (places[i].quality != CR_PLACE_NONE) {
            d->is_far[i] = d->is_far[i] || snaps[i].distance_m > d->r->settings.odd_road_m;
            d->is_cut_off[i] = d->is_cut_off[i] || !is_reached[i];
        }
    free(time_s);
    free(dist_m);
    free(is_reached);
    return st;
}

cr_status day_roads_lay_over(day_roads *d, const char *mode_name, const cr_place *places, cr_matrix *matrix,
                             bool *ret_laid)
{
    int32_t mode = cr_road_mode_find(mode_name);
    *ret_laid = d->roads && mode != CR_NONE && cr_roads_has_mode(d->roads, mode);
    if (!*ret_laid)
        return CR_OK;
    cr_road_snap *snaps = calloc((size_t)d->n_places + 1, sizeof *snaps);
    if (!snaps)
        return CR_E_NOMEM;
    cr_roads_snap(d->roads, mode, places, d->n_places, snaps);
    cr_status st = lay_table(d, mode, places, snaps, matrix);
    free(snaps);
    return st;
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
