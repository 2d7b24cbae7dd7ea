/* Points, read and put into a table of travel by road. */
#include "points_matrix.h"

#include "cmd.h"
#include "table.h"
#include "value.h"

#include <math.h>
#include <stdlib.h>

/* ---- points ---- */

enum { COLUMN_LAT, COLUMN_LON };

static const table_column point_columns[] = {{"lat", true, "latitude;y"}, {"lon", true, "longitude;lng;x"}};
static const table_kind points_kind = {"points", "points", point_columns, 2, true};

static void take_point(const table *t, int32_t row, findings_book *findings, cr_place *ret_place)
{
    static const double most[] = {90, 180};
    double degrees[2] = {0, 0};
    for (int32_t c = COLUMN_LAT; c <= COLUMN_LON; c++) {
        const char *text = table_text(t, row, c), *fault = value_number(text, t->decimal_comma, &degrees[c]);
        finding_at at = {t->file, t->line[row], point_columns[c].name, text};
        if (fault)
            findings_error(findings, at, "%s", fault);
        else if (fabs(degrees[c]) > most[c])
            findings_error(findings, at, "must be degrees from %.0f to %.0f", -most[c], most[c]);
    }
    *ret_place = (cr_place){degrees[COLUMN_LAT], degrees[COLUMN_LON], -1, CR_PLACE_ROOFTOP};
}

static cr_status take_points(const table *t, findings_book *findings, point_list *ret_points)
{
    ret_points->n = t->n_rows;
    ret_points->at = calloc((size_t)t->n_rows + 1, sizeof *ret_points->at);
    if (!ret_points->at)
        return CR_E_NOMEM;
    for (int32_t row = 0; row < t->n_rows && !findings_n_errors(findings); row++)
        take_point(t, row, findings, &ret_points->at[row]);
    if (t->n_rows == 0 && !findings_n_errors(findings))
        findings_error(findings, (finding_at){t->file, 0, "", ""}, "has no point");
    return CR_OK;
}

cr_status points_read(const char *text, size_t size, const char *file, findings_book *findings, point_list *ret_points)
{
    cr_auto(arena) strings = NULL;
    table t;
    cr_status st = arena_new(&strings);
    if (st)
        return st;
    table_init(&t, &points_kind, file, strings);
    st = table_read_text(&t, text, size, findings);
    if (!st)
        st = take_points(&t, findings, ret_points);
    table_done(&t);
    return st;
}

void points_done(point_list *points)
{
    free(points->at);
    *points = (point_list){NULL, 0};
}

/* ---- the table ---- */

/* CR_NO_WAY becomes -1; a place is 0 from itself. */
static void tidy(points_matrix *a)
{
    size_t n = (size_t)a->n;
    for (size_t i = 0; i < n; i++)
        a->time_s[i * n + i] = a->dist_m[i * n + i] = 0;
    for (size_t i = 0; i < n * n; i++) {
        if (a->time_s[i] != CR_NO_WAY)
            continue;
        a->time_s[i] = a->dist_m[i] = -1;
        a->n_unreachable++;
    }
}

static cr_status compute(const points_request *r, const cr_roads *roads, const point_list *points, cr_road_snap *snaps,
                         points_matrix *m)
{
    cr_road_table_options options = {r->period, r->n_threads, r->go_on, r->user, r->vector_bits};
    double start_s = cmd_clock_s(NULL);
    cr_status st = CR_OK;
    cr_roads_snap(roads, r->mode, points->at, points->n, snaps);
    m->snap_s = cmd_clock_s(NULL) - start_s;
    for (int32_t repeat = 0; !st && repeat < r->n_repeats; repeat++) {
        start_s = cmd_clock_s(NULL);
        st = cr_roads_table(roads, r->mode, snaps, points->n, snaps, points->n, &options, m->time_s, m->dist_m);
        double took_s = cmd_clock_s(NULL) - start_s;
        m->table_s = repeat == 0 || took_s < m->table_s ? took_s : m->table_s;
    }
    return st;
}

cr_status points_matrix_make(const points_request *request, const cr_roads *roads, const point_list *points,
                             points_matrix *ret_matrix)
{
    size_t n_cells = (size_t)points->n * (size_t)points->n;
    cr_road_snap *snaps = calloc((size_t)points->n, sizeof *snaps);
    points_matrix m = {
        .n = points->n, .time_s = malloc(n_cells * sizeof *m.time_s), .dist_m = malloc(n_cells * sizeof *m.dist_m)};
    cr_status st = snaps && m.time_s && m.dist_m ? compute(request, roads, points, snaps, &m) : CR_E_NOMEM;
    free(snaps);
    if (st) {
        points_matrix_done(&m);
        return st;
    }
    tidy(&m);
    *ret_matrix = m;
    return CR_OK;
}

void points_matrix_done(points_matrix *matrix)
{
    free(matrix->time_s);
    free(matrix->dist_m);
    *matrix = (points_matrix){0};
}
