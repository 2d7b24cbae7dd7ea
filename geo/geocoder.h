/* Geocoders inside: what each kind asks, how its reply is read, and the cache. */
#ifndef GEO_GEOCODER_H
#define GEO_GEOCODER_H

#include "http.h"

#include <jansson.h>

/* Texts asked for in one request, and where their answers go. */
typedef struct geocoder_batch {
    const char *const *texts;
    cr_place *const *places; /* CR_PLACE_NONE: not known to the service */
    int32_t n;
} geocoder_batch;

/* The question (its strings are malloc'ed) and the reply; false with the reason in message if it is not to be believed.
 * One text for Nominatim. */
cr_status nominatim_question(const geocoder_batch *batch, http_question *ret_question);
bool nominatim_read(const http_reply *reply, geocoder_batch *batch, char *message, size_t size);

cr_status postcodes_io_question(const geocoder_batch *batch, http_question *ret_question);
bool postcodes_io_read(const http_reply *reply, geocoder_batch *batch, char *message, size_t size);

/* The cache: one JSON file, readable by its owner only, for it has addresses in it. */
typedef struct geocoder_cache geocoder_cache;

/* A file that is not there yet is an empty cache. CR_E_INPUT with a message if it is none of ours. */
cr_status geocoder_cache_open(const char *path, geocoder_cache **ret_cache, char *message, size_t size);
geocoder_cache *geocoder_cache_free(geocoder_cache *cache);

/* service: what answered, "nominatim http://127.0.0.1". */
bool geocoder_cache_get(const geocoder_cache *cache, const char *service, const char *text, cr_place *ret_place);
bool geocoder_cache_put(geocoder_cache *cache, const char *service, const char *text, const cr_place *place);
cr_status geocoder_cache_save(const geocoder_cache *cache, char *message, size_t size);

/* The cache as it stands in the file; NULL if that is none of ours. For the fuzz target. */
geocoder_cache *geocoder_cache_parse(const char *text, size_t n);

#endif
