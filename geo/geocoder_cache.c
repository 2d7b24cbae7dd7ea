/* The geocoders' cache: what was found once need not be asked, or told, again.
 *
 *     {"format": "careround geocoder cache 1", "services": {"nominatim http://...": {"1 High Street": [lat, lon,
 * accuracy, quality]}}}
 */
#include "geocoder.h"

#include "careround/file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FORMAT           "careround geocoder cache 1"
#define CACHE_MOST_BYTES (256 << 20)

struct geocoder_cache {
    char *path;
    json_t *root, *services;
    bool is_changed;
};

geocoder_cache *geocoder_cache_free(geocoder_cache *cache)
{
    if (cache) {
        json_decref(cache->root);
        free(cache->path);
        free(cache);
    }
    return NULL;
}

/* ---- reading ---- */

static bool place_of(const json_t *entry, cr_place *ret_place)
{
    double number[4];
    if (json_array_size(entry) != 4)
        return false;
    for (size_t i = 0; i < 4; i++) {
        if (!json_is_number(json_array_get(entry, i)))
            return false;
        number[i] = json_number_value(json_array_get(entry, i));
    }
    if (fabs(number[0]) > 90 || fabs(number[1]) > 180 || !(number[2] >= -1 && number[2] <= 1e7) ||
        number[3] != floor(number[3]) || number[3] < CR_PLACE_SECTOR || number[3] > CR_PLACE_ROOFTOP)
        return false;
    *ret_place = (cr_place){number[0], number[1], number[2], (cr_place_quality)number[3]};
    return true;
}

static bool is_sound(const json_t *root)
{
    const char *format = json_string_value(json_object_get(root, "format")), *name, *text;
    json_t *service, *entry, *services = json_object_get(root, "services");
    cr_place place;
    if (!format || strcmp(format, FORMAT) != 0 || !json_is_object(services))
        return false;
    json_object_foreach(services, name, service)
    {
        if (!json_is_object(service))
            return false;
        json_object_foreach(service, text, entry) if (!place_of(entry, &place)) return false;
    }
    return true;
}

static geocoder_cache *take_root(json_t *root)
{
    geocoder_cache *cache = is_sound(root) ? calloc(1, sizeof *cache) : NULL;
    if (!cache) {
        json_decref(root);
        return NULL;
    }
    cache->root = root;
    cache->services = json_object_get(root, "services");
    return cache;
}

geocoder_cache *geocoder_cache_parse(const char *text, size_t n)
{
    return take_root(json_loadb(text, n, 0, NULL));
}

cr_status geocoder_cache_open(const char *path, geocoder_cache **ret_cache, char *message, size_t size)
{
    struct stat info;
    json_error_t error;
    bool is_there = stat(path, &info) == 0;
    if (!is_there && errno != ENOENT) {
        snprintf(message, size, "%s: %s", path, strerror(errno));
        return CR_E_UPSTREAM;
    }
    bool may_read = is_there && S_ISREG(info.st_mode) && info.st_size <= CACHE_MOST_BYTES;
    json_t *root = !is_there  ? json_pack("{s:s, s:{}}", "format", FORMAT, "services")
                   : may_read ? json_load_file(path, 0, &error)
                              : NULL;
    geocoder_cache *cache = take_root(root);
    if (!cache && !is_there)
        return CR_E_NOMEM;
    if (!cache) {
        snprintf(message, size, "%s: is no cache of careround's geocoders; move it away or name another", path);
        return CR_E_INPUT;
    }
    cache->path = strdup(path);
    if (!cache->path) {
        geocoder_cache_free(cache);
        return CR_E_NOMEM;
    }
    *ret_cache = cache;
    return CR_OK;
}

bool geocoder_cache_get(const geocoder_cache *cache, const char *service, const char *text, cr_place *ret_place)
{
    const json_t *entry = json_object_get(json_object_get(cache->services, service), text);
    return entry && place_of(entry, ret_place);
}

/* ---- writing ---- */

bool geocoder_cache_put(geocoder_cache *cache, const char *service, const char *text, const cr_place *place)
{
    json_t *of_service = json_object_get(cache->services, service);
    if (!of_service && json_object_set_new(cache->services, service, of_service = json_object()))
        return false;
    cache->is_changed = true;
    return !json_object_set_new(
        of_service, text,
        json_pack("[f, f, f, i]", place->lat_deg, place->lon_deg, place->accuracy_m, (int)place->quality));
}

static bool write_cache(FILE *file, void *user)
{
    const geocoder_cache *cache = user;
    return !json_dumpf(cache->root, file, JSON_INDENT(1) | JSON_REAL_PRECISION(9) | JSON_SORT_KEYS) &&
           fputc('\n', file) != EOF;
}

cr_status geocoder_cache_save(const geocoder_cache *cache, char *message, size_t size)
{
    if (!cache->is_changed)
        return CR_OK;
    return cr_file_write_private(cache->path, write_cache, (void *)cache, message, size);
}
