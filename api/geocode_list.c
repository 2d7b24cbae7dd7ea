/* Places of a list, by the steps of a day's reader. */
#include "geocode_list.h"

#include "reading.h"

#include <math.h>
#include <string.h>

#define LIST_FILE "places"

enum { LIST_LATITUDE, LIST_LONGITUDE, LIST_EASTING, LIST_NORTHING, LIST_GRID_REF, LIST_POSTCODE, LIST_ADDRESS };

static const table_column list_columns[] = {
    {"latitude", false, "lat"}, {"longitude", false, "lon;lng;long"},
    {"easting", false, NULL},   {"northing", false, NULL},
    {"grid_ref", false, NULL},  {"postcode", false, NULL},
    {"address", false, NULL},
};
static const table_kind list_kind = {LIST_FILE, "places", list_columns, sizeof list_columns / sizeof *list_columns,
                                     true};
static const place_columns where = {LIST_LATITUDE, LIST_LONGITUDE, LIST_EASTING, LIST_NORTHING,
                                    LIST_GRID_REF, LIST_POSTCODE,  LIST_ADDRESS};

static json_t *degrees(const cr_place *place, double deg)
{
    return place->quality == CR_PLACE_NONE ? json_null() : json_real(round(deg * 1e7) / 1e7);
}

static json_t *place_json(const cr_place *place, int32_t line, const char *postcode)
{
    return json_pack("{s:i, s:o, s:o, s:s, s:o, s:s}", "row", (int)line, "latitude", degrees(place, place->lat_deg),
                     "longitude", degrees(place, place->lon_deg), "quality", cr_place_quality_name(place->quality),
                     "accuracy_m", place->accuracy_m < 0 ? json_null() : json_real(round(place->accuracy_m)),
                     "postcode", postcode);
}

static void take_row(day_reading *r, table *t, int32_t i, json_t *places)
{
    cr_place place = {0, 0, -1, CR_PLACE_NONE};
    const char *postcode = "";
    row at = {t, i, r->findings};
    place_answer found = read_place(r, &at, &where, &place, &postcode);
    if (found == PLACE_NOT_GIVEN)
        row_error(&at, CR_NONE,
                  "has no place; give latitude and longitude, easting and northing, grid_ref or postcode");
    else if (found == PLACE_FOUND)
        json_array_append_new(places, place_json(&place, row_line(&at), postcode));
}

static cr_status read_list(day_reading *r, table *t, const char *name, const char *text, size_t size, int32_t most_rows,
                           json_t *places)
{
    cr_status st = table_read_text(t, text, size, r->findings);
    if (st || findings_n_errors(r->findings))
        return st;
    if (t->n_rows == 0)
        findings_error(r->findings, (finding_at){name, 0, "", ""}, "has no place");
    if (t->n_rows > most_rows) {
        findings_error(r->findings, (finding_at){name, 0, "", ""}, "has %d rows; at most %d are looked up at once",
                       t->n_rows, most_rows);
        return CR_OK;
    }
    if ((st = places_open(r)) || (st = geocode_table(r, t, &where)))
        return st;
    for (int32_t i = 0; i < t->n_rows; i++)
        take_row(r, t, i, places);
    return arena_failed(r->strings) ? CR_E_NOMEM : CR_OK;
}

cr_status geocode_list(const char *name, const char *text, size_t size, int32_t most_rows, const day_read_options *read,
                       json_t **ret_places, day_findings **ret_findings)
{
    day_reading r = {.options = read};
    json_t *places = json_array();
    table t;
    cr_status st = places ? findings_new(&r.findings) : CR_E_NOMEM;
    if (!st)
        st = arena_new(&r.strings);
    table_init(&t, &list_kind, name, r.strings);
    if (!st)
        st = read_list(&r, &t, name, text, size, most_rows, places);
    bool has_errors = r.findings && findings_n_errors(r.findings) > 0;
    bool is_whole = has_errors || json_array_size(places) == (size_t)t.n_rows;
    table_done(&t);
    if (!st && !is_whole)
        st = CR_E_NOMEM;
    if (st != CR_E_NOMEM && findings_publish(&r.findings, ret_findings))
        st = CR_E_NOMEM;
    places_close(&r.places);
    arena_free(r.strings);
    findings_free(r.findings);
    if (!st && has_errors)
        st = CR_E_INPUT;
    if (st && st != CR_E_INPUT)
        json_decref(places);
    else
        *ret_places = places;
    return st;
}
