/* Building a gazetteer: rows of published files become sorted postcodes, sectors and districts.
 *
 * 1.7 million rows in seconds, so each step is one sweep over an array: project, sort, keep the best row of each
 * postcode, sum up the areas. The best is one in use, then one with a position, then the one read last. Hence files may
 * overlap: give the older edition first.
 */
#include "gazetteer.h"
#include "grid.h"
#include "postcode.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_position(const gaz_row *row)
{
    return (row->kind & GAZ_QUALITY) != 0;
}

/* ---- metres to degrees ---- */

static bool is_in_metres(const gaz_row *row)
{
    return has_position(row) && !(row->kind & GAZ_DEGREES);
}

/* PROJ is handed runs of rows at once. What it cannot do loses its position. */
static void project(cr_grid *grid, gaz_row *rows, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        to = from + 1;
        if (!is_in_metres(&rows[from]))
            continue;
        while (to < n && is_in_metres(&rows[to]))
            to++;
        geo_grid_to_degrees(grid, &rows[from].lon_or_east, &rows[from].lat_or_north, sizeof *rows, to - from);
    }
    for (size_t i = 0; i < n; i++)
        if (!(fabs(rows[i].lon_or_east) <= 180) || !(fabs(rows[i].lat_or_north) <= 90))
            rows[i].kind &= (uint8_t)~GAZ_QUALITY;
}

/* ---- one row for each postcode ---- */

static int worth(const gaz_row *row)
{
    return (row->kind & GAZ_TERMINATED ? 0 : 2) + has_position(row);
}

/* By postcode, and the best row of a postcode last. */
static int compare_rows(const void *a, const void *b)
{
    const gaz_row *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (worth(x) != worth(y))
        return worth(x) < worth(y) ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Returns how many are left. */
static size_t keep_best(gaz_row *rows, size_t n)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++)
        if (i + 1 == n || rows[i + 1].key != rows[i].key)
            rows[n_kept++] = rows[i];
    return n_kept;
}

static int32_t e7_of(double degrees)
{
    return (int32_t)lround(degrees * 1e7);
}

static cr_status make_postcodes(const gaz_row *rows, size_t n, gaz_content *content)
{
    content->postcodes = calloc(n + 1, sizeof *content->postcodes);
    if (!content->postcodes)
        return CR_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        gaz_postcode *to = &content->postcodes[i];
        to->key_and_kind = rows[i].key | rows[i].kind;
        if (has_position(&rows[i])) {
            to->lat_e7 = e7_of(rows[i].lat_or_north);
            to->lon_e7 = e7_of(rows[i].lon_or_east);
        }
    }
    content->n_postcodes = n;
    return CR_OK;
}

/* ---- sectors and districts ---- */

/* Rows of one area, all with the same leading part of the key. Two sweeps: the middle first, then how far from it. */
static gaz_area sum_up(uint64_t key, const gaz_row *rows, size_t n)
{
    gaz_area area = {.key = key};
    double lat = 0, lon = 0, sum_m2 = 0;
    for (size_t i = 0; i < n; i++)
        if (has_position(&rows[i])) {
            lat += rows[i].lat_or_north;
            lon += rows[i].lon_or_east;
            area.n++;
        }
    if (!area.n)
        return area;
    lat /= area.n;
    lon /= area.n;
    const double m_per_deg = 111195; /* good enough for a spread */
    for (size_t i = 0; i < n; i++)
        if (has_position(&rows[i])) {
            double north_m = (rows[i].lat_or_north - lat) * m_per_deg;
            double east_m = (rows[i].lon_or_east - lon) * m_per_deg * cos(lat * M_PI / 180);
            sum_m2 += north_m * north_m + east_m * east_m;
        }
    area.lat_e7 = e7_of(lat);
    area.lon_e7 = e7_of(lon);
    area.spread_m = (uint32_t)ceil(sqrt(sum_m2 / area.n));
    return area;
}

/* Calls sum_up for each run of rows with the same area; areas NULL: count them only. */
static size_t sum_up_all(const gaz_row *rows, size_t n, uint64_t (*area_of)(uint64_t key), gaz_area *areas)
{
    size_t n_areas = 0;
    for (size_t from = 0, to; from < n; from = to) {
        uint64_t key = area_of(rows[from].key);
        for (to = from + 1; to < n && area_of(rows[to].key) == key;)
            to++;
        if (areas)
            areas[n_areas] = sum_up(key, rows + from, to - from);
        n_areas++;
    }
    return n_areas;
}

static int compare_areas(const void *a, const void *b)
{
    const gaz_area *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* Areas without any position are not worth a record. */
static cr_status make_areas(const gaz_row *rows, size_t n, gaz_content *content)
{
    size_t n_areas = sum_up_all(rows, n, geo_postcode_sector, NULL) + sum_up_all(rows, n, geo_postcode_district, NULL);
    content->areas = calloc(n_areas + 1, sizeof *content->areas);
    if (!content->areas)
        return CR_E_NOMEM;
    size_t n_sectors = sum_up_all(rows, n, geo_postcode_sector, content->areas);
    sum_up_all(rows, n, geo_postcode_district, content->areas + n_sectors);
    for (size_t i = 0; i < n_areas; i++)
        if (content->areas[i].n)
            content->areas[content->n_areas++] = content->areas[i];
    qsort(content->areas, content->n_areas, sizeof *content->areas, compare_areas);
    return CR_OK;
}

/* ---- all of it ---- */

static void count(const gaz_rows *read, const gaz_row *kept, size_t n_kept, cr_gazetteer_counts *ret_counts)
{
    *ret_counts = (cr_gazetteer_counts){
        .n_rows = read->n_read,
        .n_postcodes = (int64_t)n_kept,
        .n_duplicates = (int64_t)(read->n - n_kept),
        .n_bad_rows = read->n_bad,
    };
    for (size_t i = 0; i < n_kept; i++) {
        ret_counts->n_no_position += !has_position(&kept[i]);
        ret_counts->n_terminated += (kept[i].kind & GAZ_TERMINATED) != 0;
    }
}

static cr_status build(gaz_rows *rows, const char *gaz_path, cr_gazetteer_counts *ret_counts, char *message,
                       size_t size)
{
    cr_auto(cr_grid) grid = NULL;
    cr_status st = cr_grid_new(&grid);
    if (st) {
        snprintf(message, size, "PROJ cannot transform from the British National Grid (EPSG:27700)");
        return st;
    }
    project(grid, rows->at, rows->n);
    qsort(rows->at, rows->n, sizeof *rows->at, compare_rows);
    size_t n_kept = keep_best(rows->at, rows->n);

    gaz_content content = {.accuracy_m = geo_grid_accuracy_m(grid)};
    st = make_postcodes(rows->at, n_kept, &content);
    if (st == CR_OK)
        st = make_areas(rows->at, n_kept, &content);
    if (st == CR_OK)
        st = gaz_write(&content, gaz_path, message, size);
    if (st == CR_OK)
        count(rows, rows->at, n_kept, ret_counts);
    free(content.postcodes);
    free(content.areas);
    return st;
}

cr_status cr_gazetteer_build(const char *const *csv_paths, int32_t n_paths, const char *gaz_path,
                             cr_gazetteer_counts *ret_counts, char *message, size_t size)
{
    gaz_rows rows = {.n = 0};
    cr_status st = n_paths > 0 ? CR_OK : CR_E_INPUT;
    if (st)
        snprintf(message, size, "no file to read");
    for (int32_t i = 0; i < n_paths && st == CR_OK; i++)
        st = gaz_read_file(csv_paths[i], &rows, message, size);
    if (st == CR_OK)
        st = build(&rows, gaz_path, ret_counts, message, size);
    if (st == CR_E_NOMEM)
        snprintf(message, size, "out of memory after %lld rows", (long long)rows.n_read);
    free(rows.at);
    return st;
}
