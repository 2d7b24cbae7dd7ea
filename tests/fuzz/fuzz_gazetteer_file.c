/* Fuzz: any bytes as a gazetteer file, as they are and then signed, so that the search in it is reached as well. */
#include "fuzz.h"

#include "gazetteer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void look_up(const struct cr_gazetteer *gazetteer)
{
    static const char *const postcodes[] = {"AB1 0AA", "EH22 1AA", "EH22 1AB", "EH22 1ZZ", "EH22 9AA", "ZE3 9ZZ"};
    for (size_t i = 0; i < sizeof postcodes / sizeof *postcodes; i++) {
        cr_place place;
        FUZZ_CHECK(cr_gazetteer_find(gazetteer, postcodes[i], &place) == CR_OK);
        FUZZ_CHECK(fabs(place.lat_deg) <= 90 && fabs(place.lon_deg) <= 180 && !isnan(place.accuracy_m));
    }
}

static void view(const void *bytes, size_t size)
{
    struct cr_gazetteer gazetteer;
    const char *reason = NULL;
    if (gaz_view(bytes, size, &gazetteer, &reason) == CR_OK)
        look_up(&gazetteer);
    else
        FUZZ_CHECK(reason);
}

/* Make the header fit the length and the checksum the content; the records stay as they are. */
static size_t sign(gaz_header *header, size_t size)
{
    size_t rest = size - sizeof *header;
    header->version = GAZ_VERSION;
    header->byte_order = GAZ_BYTE_ORDER;
    header->n_areas %= 8;
    if (header->n_areas * sizeof(gaz_area) > rest)
        header->n_areas = 0;
    header->n_postcodes = (rest - header->n_areas * sizeof(gaz_area)) / sizeof(gaz_postcode);
    rest = header->n_areas * sizeof(gaz_area) + header->n_postcodes * sizeof(gaz_postcode);
    memcpy(header->magic, GAZ_MAGIC, sizeof header->magic);
    header->checksum = gaz_checksum(header, header + 1, rest);
    return sizeof *header + rest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    void *bytes = malloc(size ? size : 1);
    FUZZ_CHECK(bytes);
    memcpy(bytes, data, size);
    view(bytes, size);
    if (size >= sizeof(gaz_header))
        view(bytes, sign(bytes, size));
    free(bytes);
    return 0;
}
