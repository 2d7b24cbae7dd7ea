/* Places: coordinates, grid or postcode of a row to one place, the same index for the same coordinates.
 *
 * The most exact way that a row gives wins: latitude and longitude, then easting and northing, then a grid reference,
 * then the postcode.
 */
#include "reading.h"
#include "value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A grid square with this half side in metres or more says where a hamlet is, not where a door is. */
#define COARSE_HALF_M 500

cr_status places_open(day_reading *r)
{
    place_book *book = &r->places;
    cr_status st = name_index_new(&book->by_position);
    if (st)
        return st;
    char beside[4096], message[300];
    const char *path = r->options->gazetteer_path;
    snprintf(beside, sizeof beside, "%s/postcodes.gaz", r->options->path);
    if (!path && !r->root && access(beside, R_OK) == 0)
        path = beside;
    if (!path)
        return CR_OK;
    st = cr_gazetteer_open(path, &book->gazetteer, message, sizeof message);
    if (st == CR_E_INPUT || st == CR_E_UPSTREAM) {
        findings_error(r->findings, (finding_at){path == beside ? "postcodes.gaz" : path, 0, "", ""}, "%s", message);
        book->asked_for_gazetteer = true;
        return CR_OK;
    }
    return st;
}

void places_close(place_book *book)
{
    cr_grid_free(book->grid);
    cr_gazetteer_free(book->gazetteer);
    name_index_free(book->by_position);
    name_index_free(book->geocoded);
    free(book->of_text);
    free(book->places);
    *book = (place_book){0};
}

int32_t place_add(place_book *book, const cr_place *place, cr_status *ret_st)
{
    if (!array_room((void **)&book->places, book->n, &book->room, sizeof *book->places)) {
        *ret_st = CR_E_NOMEM;
        return CR_NONE;
    }
    book->places[book->n] = *place;
    return book->n++;
}

int32_t place_index(place_book *book, const cr_place *place, cr_status *ret_st)
{
    if (place->quality == CR_PLACE_NONE)
        return CR_NONE;
    char key[64];
    snprintf(key, sizeof key, "%a %a", place->lat_deg, place->lon_deg);
    int32_t at = name_index_get(book->by_position, key);
    if (at != CR_NONE)
        return at;
    at = place_add(book, place, ret_st);
    if (at != CR_NONE && !name_index_set(book->by_position, key, at))
        *ret_st = CR_E_NOMEM;
    return at;
}

/* Both of a pair or neither: false (and an error) if one is missing. */
static bool pair_whole(const row *at, int32_t a, int32_t b)
{
    if (!*row_text(at, a))
        return row_error(at, a, "is empty, but %s is given; both are needed", at->t->kind->columns[b].name);
    if (!*row_text(at, b))
        return row_error(at, b, "is empty, but %s is given; both are needed", at->t->kind->columns[a].name);
    return true;
}

static place_answer read_degrees(const row *at, const place_columns *c, cr_place *ret_place)
{
    double lat = NAN, lon = NAN;
    if (!pair_whole(at, c->latitude, c->longitude) || !row_number(at, c->latitude, -90, 90, &lat) ||
        !row_number(at, c->longitude, -180, 180, &lon))
        return PLACE_WRONG;
    if (lat == 0 && lon == 0) {
        row_error(at, c->latitude, "0, 0 is a spot in the Atlantic; leave both empty if the position is not known");
        return PLACE_WRONG;
    }
    if (lon >= 49 && lon <= 61 && lat >= -9 && lat <= 2.5) {
        row_error(at, c->latitude, "latitude and longitude are swapped (in the United Kingdom latitude is 49 to 61)");
        return PLACE_WRONG;
    }
    *ret_place = (cr_place){lat, lon, -1, CR_PLACE_ROOFTOP};
    return PLACE_FOUND;
}

static place_answer from_grid(day_reading *r, const row *at, int32_t column, double east_m, double north_m,
                              cr_place *ret_place)
{
    cr_status st = r->places.grid ? CR_OK : cr_grid_new(&r->places.grid);
    if (!st)
        st = cr_grid_to_place(r->places.grid, east_m, north_m, ret_place);
    if (!st)
        return PLACE_FOUND;
    row_error(at, column,
              st == CR_E_INPUT ? "outside the National Grid (easting 0 to 700000, northing 0 to 1300000)"
                               : "PROJ cannot convert from the National Grid");
    return PLACE_WRONG;
}

static place_answer read_grid(day_reading *r, const row *at, const place_columns *c, cr_place *ret_place)
{
    double east_m, north_m;
    if (!pair_whole(at, c->easting, c->northing) || !row_number(at, c->easting, 0, 700000, &east_m) ||
        !row_number(at, c->northing, 0, 1300000, &north_m))
        return PLACE_WRONG;
    if (east_m == 0 && north_m == 0) {
        row_error(at, c->easting, "0, 0 marks an unknown position; leave both empty");
        return PLACE_WRONG;
    }
    return from_grid(r, at, c->easting, east_m, north_m, ret_place);
}

static place_answer read_grid_ref(day_reading *r, const row *at, const place_columns *c, cr_place *ret_place)
{
    double east_m, north_m, half_m;
    if (cr_grid_ref_parse(row_text(at, c->grid_ref), &east_m, &north_m, &half_m)) {
        row_error(at, c->grid_ref, "not a grid reference; write two letters and 4 to 10 digits (NT 3348 6700)");
        return PLACE_WRONG;
    }
    place_answer answer = from_grid(r, at, c->grid_ref, east_m, north_m, ret_place);
    if (answer != PLACE_FOUND)
        return answer;
    ret_place->accuracy_m = fmax(ret_place->accuracy_m, 0) + half_m;
    if (half_m >= COARSE_HALF_M) {
        ret_place->quality = CR_PLACE_SECTOR;
        row_warning(at, c->grid_ref, "a square of %.0f km; its middle is taken", half_m / 500);
    }
    return PLACE_FOUND;
}

static void warn_of_rough_postcode(const day_reading *r, const row *at, int32_t column, const char *postcode,
                                   cr_place_quality quality)
{
    const char *trouble = cr_gazetteer_has(r->places.gazetteer, postcode) ? "in the gazetteer without a position"
                                                                          : "not in the gazetteer";
    if (quality == CR_PLACE_NONE)
        row_warning(at, column, "%s, so a visit there cannot be served, a shift starts or ends anywhere", trouble);
    else if (quality == CR_PLACE_SECTOR)
        row_warning(at, column, "%s; the middle of its sector or district is taken", trouble);
}

static place_answer look_up_postcode(day_reading *r, const row *at, int32_t column, const char *postcode,
                                     cr_place *ret_place)
{
    *ret_place = (cr_place){0, 0, -1, CR_PLACE_NONE};
    if (!r->places.gazetteer) {
        if (!r->places.asked_for_gazetteer)
            findings_error(r->findings, (finding_at){at->t->file, 0, at->t->kind->columns[column].name, ""},
                           "postcodes need a gazetteer; build one (careround gazetteer build) and give it with "
                           "--gazetteer or as postcodes.gaz in the folder");
        r->places.asked_for_gazetteer = true;
        return PLACE_FOUND;
    }
    (void)cr_gazetteer_find(r->places.gazetteer, postcode, ret_place); /* known to be a postcode */
    warn_of_rough_postcode(r, at, column, postcode, ret_place->quality);
    return PLACE_FOUND;
}

static place_answer found_by_geocoder(const day_reading *r, const row *at, const place_columns *c,
                                      const cr_place *place)
{
    if (place->quality == CR_PLACE_SECTOR)
        row_warning(at, *row_text(at, c->postcode) ? c->postcode : c->address,
                    "%s knows the street or area only; its middle is taken", r->places.geocoder);
    return PLACE_FOUND;
}

place_answer read_place(day_reading *r, const row *at, const place_columns *c, cr_place *ret_place,
                        const char **ret_postcode)
{
    char postcode[CR_POSTCODE_SIZE] = "";
    const char *text = row_text(at, c->postcode);
    bool is_postcode = *text && cr_postcode_parse(text, postcode) == CR_OK;
    *ret_postcode = is_postcode ? arena_copy(r->strings, postcode) : text;
    if (*row_text(at, c->latitude) || *row_text(at, c->longitude))
        return read_degrees(at, c, ret_place);
    if (*row_text(at, c->easting) || *row_text(at, c->northing))
        return read_grid(r, at, c, ret_place);
    if (*row_text(at, c->grid_ref))
        return read_grid_ref(r, at, c, ret_place);
    bool was_asked = geocoded_place(r, at, c, ret_place);
    if (was_asked && ret_place->quality != CR_PLACE_NONE)
        return found_by_geocoder(r, at, c, ret_place);
    if (was_asked && (!r->places.gazetteer || !is_postcode)) {
        row_warning(at, *text ? c->postcode : c->address,
                    "not known to %s, so a visit there cannot be served, a shift starts or ends anywhere",
                    r->places.geocoder);
        return PLACE_FOUND;
    }
    if (!*text)
        return PLACE_NOT_GIVEN;
    if (!is_postcode) {
        row_error(at, c->postcode, "not a UK postcode; write it like EH22 1AA");
        return PLACE_WRONG;
    }
    return look_up_postcode(r, at, c->postcode, postcode, ret_place);
}

const char *who_is_at(const day_reading *r, int32_t place)
{
    for (int32_t c = 0; c < r->n_clients; c++)
        if (r->clients[c].place_at == place)
            return arena_print(r->strings, "client '%s'", r->clients[c].client_id);
    for (int32_t c = 0; c < r->n_carers; c++)
        if (r->carers[c].home_place == place)
            return arena_print(r->strings, "carer '%s'", r->carers[c].carer_id);
    return "the start or end of a shift, or a visit's own place";
}
