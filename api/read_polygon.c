/* Polygons: rings of positions, from the form that osmosis and Geofabrik use, or from GeoJSON.
 *
 * A .poly file has a name, then rings: a line with the ring's name ("!" before it: a hole), a line "lon lat" for each
 * point, END; at last another END. In GeoJSON every Polygon and MultiPolygon counts, wherever it stands.
 */
#include "read_polygon.h"

#include "text_file.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MOST 20 /* of collections inside collections */

typedef struct polygon_reading {
    const char *file;
    polygon_rings *rings;
    findings_book *findings;
    bool lacks_memory;
} polygon_reading;

/* ---- rings ---- */

static bool grow(void *array, size_t *room, size_t n, size_t item_bytes)
{
    size_t more = *room * 2 + 64;
    if (n <= *room)
        return true;
    void *moved = realloc(*(void **)array, more * item_bytes);
    if (!moved)
        return false;
    *(void **)array = moved;
    *room = more;
    return true;
}

static int32_t n_points(const polygon_reading *r)
{
    const cr_road_polygon *p = &r->rings->polygon;
    return p->ring_first ? p->ring_first[p->n_rings] : 0;
}

static void open_ring(polygon_reading *r)
{
    cr_road_polygon *p = &r->rings->polygon;
    int32_t n = n_points(r);
    if (!grow(&p->ring_first, &r->rings->first_room, (size_t)p->n_rings + 2, sizeof *p->ring_first)) {
        r->lacks_memory = true;
        return;
    }
    p->ring_first[p->n_rings] = p->ring_first[p->n_rings + 1] = n;
    p->n_rings++;
}

static void add_point(polygon_reading *r, int32_t row, double lon_deg, double lat_deg)
{
    cr_road_polygon *p = &r->rings->polygon;
    int32_t n = n_points(r);
    if (!(lon_deg >= -180 && lon_deg <= 180 && lat_deg >= -90 && lat_deg <= 90)) {
        findings_error(r->findings, (finding_at){r->file, row, "", ""},
                       "longitude %.10g, latitude %.10g: must be degrees, longitude first", lon_deg, lat_deg);
        return;
    }
    if (r->lacks_memory || !grow(&p->at, &r->rings->at_room, (size_t)n + 1, sizeof *p->at)) {
        r->lacks_memory = true;
        return;
    }
    p->at[n] = (cr_road_position){lat_deg, lon_deg};
    p->ring_first[p->n_rings]++;
}

static void close_ring(polygon_reading *r, int32_t row)
{
    const cr_road_polygon *p = &r->rings->polygon;
    if (!r->lacks_memory && p->ring_first[p->n_rings] - p->ring_first[p->n_rings - 1] < 3)
        findings_error(r->findings, (finding_at){r->file, row, "", ""}, "a ring has fewer than three points");
}

/* ---- .poly ---- */

typedef struct poly_lines {
    const char *next;
    int32_t row;
    char line[200];
} poly_lines;

/* The next line that is not blank, without blanks at its ends; false at the end of the file. */
static bool next_line(poly_lines *l)
{
    while (*l->next) {
        size_t n = strcspn(l->next, "\n"), first = strspn(l->next, " \t\r");
        size_t end = n;
        while (end > first && strchr(" \t\r", l->next[end - 1]))
            end--;
        size_t kept = first < end ? end - first : 0;
        kept = kept < sizeof l->line ? kept : sizeof l->line - 1;
        memcpy(l->line, l->next + first, kept);
        l->line[kept] = '\0';
        l->next += n + (l->next[n] == '\n');
        l->row++;
        if (kept)
            return true;
    }
    return false;
}

static void read_poly_point(polygon_reading *r, const poly_lines *l, locale_t plain)
{
    char *middle, *end;
    double lon_deg = strtod_l(l->line, &middle, plain), lat_deg = strtod_l(middle, &end, plain);
    if (middle == l->line || end == middle || *end)
        findings_error(r->findings, (finding_at){r->file, l->row, "", l->line},
                       "must be longitude and latitude, or END");
    else
        add_point(r, l->row, lon_deg, lat_deg);
}

static void read_poly(polygon_reading *r, const char *text, locale_t plain)
{
    poly_lines l = {.next = text};
    bool in_ring = false, is_over = false;
    if (!next_line(&l)) /* the polygon's name */
        return;
    while (!r->lacks_memory && !is_over && next_line(&l)) {
        bool is_end = strcmp(l.line, "END") == 0;
        if (in_ring && is_end)
            close_ring(r, l.row);
        if (in_ring && !is_end)
            read_poly_point(r, &l, plain);
        else if (!in_ring && !is_end)
            open_ring(r);
        else
            is_over = !in_ring;
        in_ring = !is_end;
    }
    if (!is_over)
        findings_error(r->findings, (finding_at){r->file, l.row, "", ""},
                       "is cut short: a .poly file ends with END, END");
}

/* ---- GeoJSON ---- */

static void read_ring(polygon_reading *r, const json_t *ring)
{
    size_t n = json_array_size(ring);
    const json_t *first = json_array_get(ring, 0), *last = json_array_get(ring, n ? n - 1 : 0);
    open_ring(r);
    n -= n > 1 && json_equal(first, last); /* rings close themselves here */
    for (size_t i = 0; i < n && !r->lacks_memory; i++) {
        const json_t *at = json_array_get(ring, i);
        const json_t *lon = json_array_get(at, 0), *lat = json_array_get(at, 1);
        if (json_is_number(lon) && json_is_number(lat))
            add_point(r, 0, json_number_value(lon), json_number_value(lat));
        else
            findings_error(r->findings, (finding_at){r->file, 0, "coordinates", ""},
                           "must be positions: longitude, latitude");
    }
    close_ring(r, 0);
}

static void read_rings(polygon_reading *r, const json_t *rings)
{
    for (size_t i = 0; i < json_array_size(rings) && !r->lacks_memory; i++)
        read_ring(r, json_array_get(rings, i));
}

static void read_geojson(polygon_reading *r, const json_t *object, int depth)
{
    static const char *const lists[] = {"features", "geometries"};
    const char *type = json_string_value(json_object_get(object, "type"));
    const json_t *coordinates = json_object_get(object, "coordinates");
    if (!type || depth == DEPTH_MOST)
        return;
    if (strcmp(type, "Polygon") == 0)
        read_rings(r, coordinates);
    else if (strcmp(type, "MultiPolygon") == 0)
        for (size_t i = 0; i < json_array_size(coordinates); i++)
            read_rings(r, json_array_get(coordinates, i));
    read_geojson(r, json_object_get(object, "geometry"), depth + 1);
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        const json_t *list = json_object_get(object, lists[k]);
        for (size_t i = 0; i < json_array_size(list); i++)
            read_geojson(r, json_array_get(list, i), depth + 1);
    }
}

/* ---- both ---- */

cr_status polygon_read_text(const char *name, const char *text, size_t size, polygon_rings *ret_rings,
                            findings_book *findings)
{
    polygon_reading r = {name, ret_rings, findings, false};
    int32_t n_errors = findings_n_errors(findings);
    json_error_t error;
    *ret_rings = (polygon_rings){.at_room = 0};
    if (text[strspn(text, " \t\r\n")] == '{') {
        json_t *root = json_loadb(text, size, 0, &error);
        if (root)
            read_geojson(&r, root, 0);
        else
            findings_error(findings, (finding_at){name, error.line, "", ""}, "is not JSON: %s", error.text);
        json_decref(root);
    } else {
        locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
        if (!plain)
            return CR_E_NOMEM;
        read_poly(&r, text, plain);
        freelocale(plain);
    }
    if (!r.lacks_memory && ret_rings->polygon.n_rings == 0 && findings_n_errors(findings) == n_errors)
        findings_error(findings, (finding_at){name, 0, "", ""},
                       "has no polygon: must be an Osmosis .poly file, or GeoJSON with a Polygon or MultiPolygon");
    return r.lacks_memory ? CR_E_NOMEM : CR_OK;
}

cr_status polygon_read_file(const char *path, polygon_rings *ret_rings, findings_book *findings)
{
    char message[300] = "";
    text_file file = {NULL, 0, TEXT_UTF8};
    *ret_rings = (polygon_rings){.at_room = 0};
    cr_status st = text_file_read(path, &file, message, sizeof message);
    if (st) {
        findings_error(findings, (finding_at){path, 0, "", ""}, "%s", message);
        return st;
    }
    st = polygon_read_text(path, file.text, file.size, ret_rings, findings);
    text_file_done(&file);
    return st;
}

void polygon_rings_done(polygon_rings *rings)
{
    free(rings->polygon.at);
    free(rings->polygon.ring_first);
    *rings = (polygon_rings){.at_room = 0};
}
