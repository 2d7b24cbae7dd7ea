/* Fuzz: any bytes as the reply of a geocoder, and as its cache. The first byte says which, and which status. What is
 * believed must be a place on the earth.
 */
#include "fuzz.h"
#include "geocoder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_place(const cr_place *place)
{
    FUZZ_CHECK(fabs(place->lat_deg) <= 90 && fabs(place->lon_deg) <= 180);
    FUZZ_CHECK(place->quality >= CR_PLACE_NONE && place->quality <= CR_PLACE_ROOFTOP);
    FUZZ_CHECK(place->accuracy_m >= 0 || place->accuracy_m == -1);
}

static void read_cache(const char *text, size_t n)
{
    cr_place place;
    geocoder_cache *cache = geocoder_cache_parse(text, n);
    if (cache && geocoder_cache_get(cache, "nominatim http://a", "1 High Street", &place))
        FUZZ_CHECK(place.quality != CR_PLACE_NONE);
    geocoder_cache_free(cache);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const texts[] = {"EH22 1AA", "EH22 1AB"};
    cr_place found[2] = {{0, 0, -1, CR_PLACE_NONE}, {0, 0, -1, CR_PLACE_NONE}}, *places[] = {&found[0], &found[1]};
    char message[120] = "";
    if (size == 0)
        return 0;
    char *text = malloc(size); /* as http.c gives it: with a NUL behind it */
    FUZZ_CHECK(text);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    http_reply reply = {data[0] & 4 ? 400 : 200, text, size - 1};
    geocoder_batch batch = {texts, places, data[0] & 1 ? 2 : 1};
    if (data[0] & 8)
        read_cache(text, size - 1);
    else if (data[0] & 1 ? postcodes_io_read(&reply, &batch, message, sizeof message)
                         : nominatim_read(&reply, &batch, message, sizeof message))
        for (int i = 0; i < 2; i++)
            check_place(&found[i]);
    free(text);
    return 0;
}
