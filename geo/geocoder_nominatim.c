/* Nominatim's search: OpenStreetMap's addresses. */
#include "geocoder.h"

#include <curl/curl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Its place_rank: 30 is a house or a thing in one, 28 and 29 what stands alone, 26 and 27 roads, 25 and below areas, 16
 * a town. */
#define RANK_HOUSE 28
#define RANK_TOWN  16

cr_status nominatim_question(const geocoder_batch *batch, http_question *ret_question)
{
    char *text = curl_easy_escape(NULL, batch->texts[0], 0), *query = NULL, *path = strdup("/search");
    bool made = text && path && asprintf(&query, "format=jsonv2&limit=1&countrycodes=gb,im,je,gg&q=%s", text) >= 0;
    curl_free(text);
    if (!made) {
        free(path);
        return CR_E_NOMEM;
    }
    *ret_question = (http_question){path, query, NULL};
    return CR_OK;
}

/* It writes degrees as strings. */
static bool degrees(const json_t *value, double most, double *ret_deg)
{
    const char *text = json_string_value(value);
    json_t *number = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
    bool is_number = json_is_number(number);
    *ret_deg = json_number_value(number);
    json_decref(number);
    return is_number && fabs(*ret_deg) <= most;
}

/* Half of the box around what was found, corner to corner; -1 where it gives none. */
static double half_box_m(const json_t *box)
{
    double south, north, west, east;
    if (!degrees(json_array_get(box, 0), 90, &south) || !degrees(json_array_get(box, 1), 90, &north) ||
        !degrees(json_array_get(box, 2), 180, &west) || !degrees(json_array_get(box, 3), 180, &east))
        return -1;
    cr_place a = {south, west, -1, CR_PLACE_ROOFTOP}, b = {north, east, -1, CR_PLACE_ROOFTOP};
    return cr_place_distance_m(&a, &b) / 2;
}

static cr_place_quality quality_of(const json_t *found)
{
    const char *type = json_string_value(json_object_get(found, "type"));
    json_int_t rank = json_integer_value(json_object_get(found, "place_rank"));
    if (type && strcmp(type, "postcode") == 0)
        return CR_PLACE_POSTCODE;
    return rank >= RANK_HOUSE ? CR_PLACE_ROOFTOP : rank > RANK_TOWN ? CR_PLACE_SECTOR : CR_PLACE_NONE;
}

bool nominatim_read(const http_reply *reply, geocoder_batch *batch, char *message, size_t size)
{
    json_auto_t *root = json_loadb(reply->body, reply->n, 0, NULL);
    char begins[40];
    if (reply->status >= 300 || !json_is_array(root)) {
        snprintf(message, size, "the reply (status %d) is not the JSON it should be; it begins '%s'", reply->status,
                 http_printable(reply->body, begins, sizeof begins));
        return false;
    }
    const json_t *found = json_array_get(root, 0);
    *batch->places[0] = (cr_place){0, 0, -1, CR_PLACE_NONE};
    if (!found)
        return true;
    cr_place place = {.accuracy_m = half_box_m(json_object_get(found, "boundingbox")), .quality = quality_of(found)};
    if (!degrees(json_object_get(found, "lat"), 90, &place.lat_deg) ||
        !degrees(json_object_get(found, "lon"), 180, &place.lon_deg)) {
        snprintf(message, size, "the place that it found has no lat and lon in degrees");
        return false;
    }
    if (place.quality != CR_PLACE_NONE)
        *batch->places[0] = place;
    return true;
}
