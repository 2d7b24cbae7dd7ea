/* postcodes.io: many postcodes in one call. */
#include "geocoder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ONSPD's positional quality, which it passes on: 1 to 5 are the postcode, 6 is the mean of its sector, 8 a terminated
 * postcode's last known point, 9 none. */
#define QUALITY_POSTCODE  5
#define QUALITY_NONE      9

#define POSTCODE_SPREAD_M 223 /* as in the gazetteer: nine homes of ten are nearer (docs/places.md) */

cr_status postcodes_io_question(const geocoder_batch *batch, http_question *ret_question)
{
    json_auto_t *list = json_array();
    for (int32_t i = 0; i < batch->n; i++)
        if (json_array_append_new(list, json_string(batch->texts[i])))
            return CR_E_NOMEM;
    json_auto_t *all = json_pack("{s:O}", "postcodes", list);
    char *text = json_dumps(all, JSON_COMPACT), *path = strdup("/postcodes");
    char *query = strdup("filter=postcode,quality,latitude,longitude");
    if (!text || !path || !query) {
        free(text);
        free(path);
        free(query);
        return CR_E_NOMEM;
    }
    *ret_question = (http_question){path, query, text};
    return CR_OK;
}

/* Where the postcode is; CR_PLACE_NONE if it has no position. False if that cannot be read. */
static bool read_result(const json_t *result, cr_place *ret_place)
{
    const json_t *lat = json_object_get(result, "latitude"), *lon = json_object_get(result, "longitude");
    const json_t *quality = json_object_get(result, "quality");
    *ret_place = (cr_place){0, 0, -1, CR_PLACE_NONE};
    if (json_is_null(result) || json_is_null(lat) || json_integer_value(quality) == QUALITY_NONE)
        return true;
    if (!json_is_number(lat) || !json_is_number(lon) || !json_is_integer(quality) ||
        fabs(json_number_value(lat)) > 90 || fabs(json_number_value(lon)) > 180)
        return false;
    bool is_own = json_integer_value(quality) <= QUALITY_POSTCODE;
    *ret_place = (cr_place){json_number_value(lat), json_number_value(lon), is_own ? POSTCODE_SPREAD_M : -1,
                            is_own ? CR_PLACE_POSTCODE : CR_PLACE_SECTOR};
    return true;
}

bool postcodes_io_read(const http_reply *reply, geocoder_batch *batch, char *message, size_t size)
{
    json_auto_t *root = json_loadb(reply->body, reply->n, 0, NULL);
    const json_t *results = json_object_get(root, "result");
    char begins[40];
    if (reply->status >= 300 || !json_is_array(results)) {
        snprintf(message, size, "the reply (status %d) is not the JSON it should be; it begins '%s'", reply->status,
                 http_printable(reply->body, begins, sizeof begins));
        return false;
    }
    if (json_array_size(results) != (size_t)batch->n) {
        snprintf(message, size, "it has %zu results for %d postcodes", json_array_size(results), batch->n);
        return false;
    }
    for (int32_t i = 0; i < batch->n; i++) {
        const json_t *one = json_array_get(results, (size_t)i);
        const char *query = json_string_value(json_object_get(one, "query"));
        if (!query || strcmp(query, batch->texts[i]) != 0 ||
            !read_result(json_object_get(one, "result"), batch->places[i])) {
            snprintf(message, size, "result %d is none for the postcode asked for", i);
            return false;
        }
    }
    return true;
}
