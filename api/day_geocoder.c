/* A geocoder for a day: what its rows leave to it is gathered and asked for at once, before any row is read.
 *
 * It is told as little as will do: nothing of a row that has coordinates, or whose client has them in another row, and
 * no postcode that the gazetteer has.
 */
#include "columns.h"
#include "reading.h"

#include <stdlib.h>
#include <string.h>

static const place_columns asked_columns[] = {
    {CARER_START_LATITUDE, CARER_START_LONGITUDE, CARER_START_EASTING, CARER_START_NORTHING, CARER_START_GRID_REF,
     CARER_START_POSTCODE, CR_NONE},
    {CARER_END_LATITUDE, CARER_END_LONGITUDE, CARER_END_EASTING, CARER_END_NORTHING, CARER_END_GRID_REF,
     CARER_END_POSTCODE, CR_NONE},
    {CARER_HOME_LATITUDE, CARER_HOME_LONGITUDE, CARER_HOME_EASTING, CARER_HOME_NORTHING, CARER_HOME_GRID_REF,
     CARER_HOME_POSTCODE, CR_NONE},
    {VISIT_LATITUDE, VISIT_LONGITUDE, VISIT_EASTING, VISIT_NORTHING, VISIT_GRID_REF, VISIT_POSTCODE, VISIT_ADDRESS},
};

static bool has_coordinates(const row *at, const place_columns *c)
{
    return *row_text(at, c->latitude) || *row_text(at, c->longitude) || *row_text(at, c->easting) ||
           *row_text(at, c->northing) || *row_text(at, c->grid_ref);
}

/* What the geocoder is to find for a row; "" when there is nothing. In the arena. */
static const char *text_of(const day_reading *r, const row *at, const place_columns *c)
{
    char postcode[CR_POSTCODE_SIZE] = "";
    const char *written = row_text(at, c->postcode);
    const char *address = c->address == CR_NONE ? "" : row_text(at, c->address);
    bool is_postcode = cr_postcode_parse(written, postcode) == CR_OK;
    if (has_coordinates(at, c))
        return "";
    if (r->options->services.geocoder == CR_GEOCODER_NOMINATIM && *address)
        return *written && !strstr(address, written) ? arena_print(r->strings, "%s, %s", address, written) : address;
    if (!is_postcode || (r->places.gazetteer && cr_gazetteer_has(r->places.gazetteer, postcode)))
        return "";
    return arena_copy(r->strings, postcode);
}

/* ---- gathering ---- */

typedef struct gathering {
    day_reading *r;
    table *alone;                 /* the only table to look at; NULL: those of a day */
    const place_columns *columns; /* of that one */
    name_index *placed;           /* clients who have coordinates in some row */
    const char **texts;
    int32_t n, room;
    cr_status st;
} gathering;

static void gather_row(gathering *g, const row *at, const place_columns *c)
{
    const char *text = text_of(g->r, at, c);
    name_index *known = g->r->places.geocoded;
    if (!*text || name_index_get(known, text) != CR_NONE)
        return;
    if (!array_room((void **)&g->texts, g->n, &g->room, sizeof *g->texts) || !name_index_set(known, text, g->n)) {
        g->st = CR_E_NOMEM;
        return;
    }
    g->texts[g->n++] = text;
}

static void gather_carers(gathering *g)
{
    for (int32_t i = 0; i < g->r->tables[TABLE_CARERS].n_rows && !g->st; i++) {
        row at = row_of(g->r, TABLE_CARERS, i);
        for (int k = 0; k < 3; k++)
            gather_row(g, &at, &asked_columns[k]);
    }
}

static void note_placed(gathering *g, int32_t kind)
{
    for (int32_t i = 0; i < g->r->tables[kind].n_rows && !g->st; i++) {
        row at = row_of(g->r, kind, i);
        if (has_coordinates(&at, &asked_columns[3]) && !name_index_set(g->placed, row_text(&at, VISIT_CLIENT_ID), i))
            g->st = CR_E_NOMEM;
    }
}

static void gather_visits(gathering *g, int32_t kind)
{
    for (int32_t i = 0; i < g->r->tables[kind].n_rows && !g->st; i++) {
        row at = row_of(g->r, kind, i);
        if (name_index_get(g->placed, row_text(&at, VISIT_CLIENT_ID)) == CR_NONE)
            gather_row(g, &at, &asked_columns[3]);
    }
}

static void gather_table(gathering *g)
{
    for (int32_t i = 0; i < g->alone->n_rows && !g->st; i++) {
        row at = {g->alone, i, g->r->findings};
        gather_row(g, &at, g->columns);
    }
}

static cr_status gather(gathering *g)
{
    cr_status st = name_index_new(&g->r->places.geocoded);
    if (!st)
        st = name_index_new(&g->placed);
    if (st)
        return st;
    if (g->alone) {
        gather_table(g);
        return g->st;
    }
    note_placed(g, TABLE_VISITS);
    note_placed(g, TABLE_PACKAGES);
    gather_carers(g);
    gather_visits(g, TABLE_VISITS);
    gather_visits(g, TABLE_PACKAGES);
    return g->st;
}

/* ---- asking ---- */

static cr_status ask(gathering *g, cr_geocoder *geocoder)
{
    day_reading *r = g->r;
    char message[400] = "";
    cr_geocoder_counts counts;
    r->places.geocoder = arena_copy(r->strings, cr_geocoder_name(geocoder));
    r->places.of_text = malloc(((size_t)g->n + 1) * sizeof *r->places.of_text);
    if (!r->places.of_text)
        return CR_E_NOMEM;
    cr_status st = cr_geocoder_find(geocoder, g->texts, g->n, r->places.of_text, &counts, message, sizeof message);
    if (st == CR_E_UPSTREAM)
        findings_error(r->findings, (finding_at){"geocoder", 0, "", r->places.geocoder}, "%s", message);
    r->places_source = arena_print(r->strings, "%s: %d of %d found", r->places.geocoder, counts.n_found, g->n);
    return st;
}

static cr_status geocode(day_reading *r, table *alone, const place_columns *columns)
{
    char message[400] = "";
    const day_services *services = &r->options->services;
    cr_service_options options = services_options(services);
    gathering g = {.r = r, .alone = alone, .columns = columns};
    cr_auto(cr_geocoder) geocoder = NULL;
    if (!services->geocoder_url)
        return CR_OK;
    options.most_per_s = services->geocoder_per_s;
    cr_status st = cr_geocoder_new((cr_geocoder_kind)services->geocoder, services->geocoder_url, &options,
                                   services->geocoder_cache, &geocoder, message, sizeof message);
    if (st == CR_E_INPUT || st == CR_E_UPSTREAM)
        findings_error(r->findings, (finding_at){"--geocoder", 0, "", services->geocoder_url}, "%s", message);
    if (!st)
        st = gather(&g);
    if (!st && g.n > 0)
        st = ask(&g, geocoder);
    name_index_free(g.placed);
    free(g.texts);
    return st;
}

cr_status geocode_rows(day_reading *r)
{
    return geocode(r, NULL, NULL);
}

cr_status geocode_table(day_reading *r, table *t, const place_columns *columns)
{
    return geocode(r, t, columns);
}

bool geocoded_place(const day_reading *r, const row *at, const place_columns *columns, cr_place *ret_place)
{
    if (!r->places.of_text)
        return false;
    int32_t index = name_index_get(r->places.geocoded, text_of(r, at, columns));
    if (index == CR_NONE)
        return false;
    *ret_place = r->places.of_text[index];
    return true;
}
