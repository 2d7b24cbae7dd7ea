/* Fuzz: any bytes as an OSM PBF file, and as the one block of a sound file, so that strings, tags and dense nodes are
 * reached without luck or zlib.
 */
#include "osm_walk.h"

#include <stdlib.h>

/* A header with an empty block, and the beginning of a block of data whose size (three bytes) follows. */
static const uint8_t sound_head[] = "\0\0\0\x0d"
                                    "\n\x09"
                                    "OSMHeader"
                                    "\x18\x02"
                                    "\n\0"
                                    "\0\0\0\x0d"
                                    "\n\x07"
                                    "OSMData"
                                    "\x18";

/* A number in three bytes of seven bits. */
static uint8_t *put_number(uint8_t *at, size_t number)
{
    for (int i = 0; i < 3; i++)
        *at++ = (uint8_t)((number >> (7 * i) & 0x7f) | (i < 2 ? 0x80 : 0));
    return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    walk_osm(data, size);
    if (size > 1 << 20)
        return 0;
    size_t n_head = sizeof sound_head - 1;
    uint8_t *file = malloc(n_head + size + 8);
    FUZZ_CHECK(file);
    memcpy(file, sound_head, n_head);
    uint8_t *at = put_number(file + n_head, size + 4);
    *at++ = 0x0a; /* the blob's raw bytes */
    at = put_number(at, size);
    if (size)
        memcpy(at, data, size);
    walk_osm(file, (size_t)(at - file) + size);
    free(file);
    return 0;
}
