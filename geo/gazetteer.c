/* The gazetteer in use: mapped, checked once, searched by halving.
 *
 * A file may come from anywhere and be cut short or altered, so nothing in it is believed before gaz_view() has looked
 * at all of it: 28 MB for 1.7 million postcodes, some hundredths of a second. After that a look-up touches a handful
 * of pages.
 */
#include "gazetteer.h"
#include "postcode.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* How far a home lies from its postcode's position at most, nine times out of ten, by quality. Measured: homes with
 * addr:postcode in OpenStreetMap against Code-Point Open lie within 103 m in Newport (22,741 homes) and 223 m in
 * Rutland (578); take the country. Both publishers give 3 as "within 50 m" of the mean and 5 as interpolated to 100 m;
 * 8 is a last known position of long ago. Not for 6, whose spread is that of its sector. */
static const double postcode_spread_m[] = {0, 223, 223, 273, 223, 323, 0, 323, 323};
static_assert(sizeof postcode_spread_m / sizeof *postcode_spread_m == GAZ_QUALITY_WORST + 1, "one each");

/* ---- is it sound? ---- */

static bool degrees_are_sound(int32_t lat_e7, int32_t lon_e7)
{
    return lat_e7 >= -900000000 && lat_e7 <= 900000000 && lon_e7 >= -1800000000 && lon_e7 <= 1800000000;
}

static bool postcodes_are_sound(const gaz_postcode *postcodes, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        if (i > 0 && postcodes[i].key_and_kind >> 8 <= postcodes[i - 1].key_and_kind >> 8)
            return false;
        if ((postcodes[i].key_and_kind & GAZ_QUALITY) > GAZ_QUALITY_WORST ||
            !degrees_are_sound(postcodes[i].lat_e7, postcodes[i].lon_e7))
            return false;
    }
    return true;
}

static bool areas_are_sound(const gaz_area *areas, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        if (i > 0 && areas[i].key <= areas[i - 1].key)
            return false;
        if (!degrees_are_sound(areas[i].lat_e7, areas[i].lon_e7))
            return false;
    }
    return true;
}

/* Header and length only; the counts are bounded before they are multiplied. */
static const char *fault_of_header(const gaz_header *header, size_t n_bytes)
{
    if (n_bytes < sizeof header->magic || memcmp(header->magic, GAZ_MAGIC, sizeof header->magic) != 0)
        return "is not a gazetteer";
    if (n_bytes < sizeof *header)
        return "is cut short";
    if (header->byte_order != GAZ_BYTE_ORDER)
        return "was built on a machine with the other byte order; build it again here";
    if (header->version != GAZ_VERSION)
        return "was built by another version of careround; build it again";
    size_t rest = n_bytes - sizeof *header;
    if (header->n_postcodes > rest / sizeof(gaz_postcode) || header->n_areas > rest / sizeof(gaz_area) ||
        header->n_postcodes * sizeof(gaz_postcode) + header->n_areas * sizeof(gaz_area) != rest)
        return "is cut short or too long";
    return NULL;
}

cr_status gaz_view(const void *bytes, size_t n_bytes, struct cr_gazetteer *ret_view, const char **ret_reason)
{
    const gaz_header *header = bytes;
    const char *reason = fault_of_header(header, n_bytes);
    if (!reason) {
        struct cr_gazetteer view = {.header = header, .postcodes = (const gaz_postcode *)(header + 1)};
        view.areas = (const gaz_area *)(view.postcodes + header->n_postcodes);
        if (gaz_checksum(header, header + 1, n_bytes - sizeof *header) != header->checksum)
            reason = "is damaged: its checksum does not fit";
        else if (!postcodes_are_sound(view.postcodes, header->n_postcodes) ||
                 !areas_are_sound(view.areas, header->n_areas) || isnan(header->accuracy_m))
            reason = "is damaged: its records are out of order or range";
        else
            *ret_view = view;
    }
    if (reason)
        *ret_reason = reason;
    return reason ? CR_E_INPUT : CR_OK;
}

/* ---- opening ---- */

/* NULL and errno if it cannot be mapped. Empty files and folders map to nothing, which is no gazetteer either. */
static void *map_file(const char *path, size_t *ret_bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    void *mapping = MAP_FAILED;
    if (fd < 0)
        return NULL;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
        mapping = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    else
        errno = EINVAL;
    int error = errno;
    close(fd);
    errno = error;
    if (mapping == MAP_FAILED)
        return NULL;
    *ret_bytes = (size_t)info.st_size;
    return mapping;
}

cr_status cr_gazetteer_open(const char *gaz_path, cr_gazetteer **ret_gazetteer, char *message, size_t size)
{
    cr_auto(cr_gazetteer) gazetteer = calloc(1, sizeof *gazetteer);
    if (!gazetteer)
        return CR_E_NOMEM;
    size_t n_bytes;
    void *mapping = map_file(gaz_path, &n_bytes);
    if (!mapping) {
        snprintf(message, size, "%s", errno == EINVAL ? "is not a gazetteer" : strerror(errno));
        return errno == ENOMEM ? CR_E_NOMEM : CR_E_INPUT;
    }
    const char *reason;
    cr_status st = gaz_view(mapping, n_bytes, gazetteer, &reason);
    gazetteer->mapping = mapping;
    gazetteer->mapping_bytes = n_bytes;
    if (st) {
        snprintf(message, size, "%s", reason);
        return st;
    }
    *ret_gazetteer = cr_gazetteer_take(&gazetteer);
    return CR_OK;
}

cr_gazetteer *cr_gazetteer_free(cr_gazetteer *gazetteer)
{
    if (gazetteer) {
        if (gazetteer->mapping)
            munmap(gazetteer->mapping, gazetteer->mapping_bytes);
        free(gazetteer);
    }
    return NULL;
}

int64_t cr_gazetteer_n_postcodes(const cr_gazetteer *gazetteer)
{
    return (int64_t)gazetteer->header->n_postcodes;
}

/* ---- finding ---- */

static const gaz_postcode *find_postcode(const cr_gazetteer *gazetteer, uint64_t key)
{
    uint64_t low = 0, high = gazetteer->header->n_postcodes;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (gazetteer->postcodes[middle].key_and_kind >> 8 < key >> 8)
            low = middle + 1;
        else
            high = middle;
    }
    const gaz_postcode *found = &gazetteer->postcodes[low];
    return low < gazetteer->header->n_postcodes && found->key_and_kind >> 8 == key >> 8 ? found : NULL;
}

static const gaz_area *find_area(const cr_gazetteer *gazetteer, uint64_t key)
{
    uint64_t low = 0, high = gazetteer->header->n_areas;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (gazetteer->areas[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < gazetteer->header->n_areas && gazetteer->areas[low].key == key ? &gazetteer->areas[low] : NULL;
}

static cr_place place_at(int32_t lat_e7, int32_t lon_e7, double accuracy_m, cr_place_quality quality)
{
    return (cr_place){lat_e7 / 1e7, lon_e7 / 1e7, accuracy_m, quality};
}

/* The transformation's accuracy and the spread together; unknown if the transformation's is. */
static double accuracy_of(const cr_gazetteer *gazetteer, bool is_transformed, double spread_m)
{
    double stated_m = is_transformed ? gazetteer->header->accuracy_m : 0;
    return stated_m < 0 ? -1 : stated_m + spread_m;
}

/* The middle of its sector, else of its district, else nowhere. An area may have a single position, so a home's
 * distance from that comes on top of the spread of the positions. */
static cr_place place_of_area(const cr_gazetteer *gazetteer, uint64_t key)
{
    const gaz_area *area = find_area(gazetteer, geo_postcode_sector(key));
    if (!area)
        area = find_area(gazetteer, geo_postcode_district(key));
    if (!area)
        return (cr_place){.accuracy_m = -1, .quality = CR_PLACE_NONE};
    double spread_m = area->spread_m + postcode_spread_m[GAZ_QUALITY_BEST];
    return place_at(area->lat_e7, area->lon_e7, accuracy_of(gazetteer, true, spread_m), CR_PLACE_SECTOR);
}

bool cr_gazetteer_has(const cr_gazetteer *gazetteer, const char *postcode)
{
    uint64_t key = geo_postcode_key(postcode, SIZE_MAX);
    return key && find_postcode(gazetteer, key);
}

cr_status cr_gazetteer_find(const cr_gazetteer *gazetteer, const char *postcode, cr_place *ret_place)
{
    uint64_t key = geo_postcode_key(postcode, SIZE_MAX);
    if (!key)
        return CR_E_INPUT;
    const gaz_postcode *found = find_postcode(gazetteer, key);
    int quality = found ? (int)(found->key_and_kind & GAZ_QUALITY) : 0;
    if (quality == 0 || quality == GAZ_QUALITY_SECTOR)
        *ret_place = place_of_area(gazetteer, key);
    else
        *ret_place = place_at(found->lat_e7, found->lon_e7,
                              accuracy_of(gazetteer, !(found->key_and_kind & GAZ_DEGREES), postcode_spread_m[quality]),
                              CR_PLACE_POSTCODE);
    return CR_OK;
}
