/* Fuzz: any bytes as OSM XML, as they are and inside a sound root. */
#include "osm_walk.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char open[] = "<osm>", close[] = "</osm>";
    walk_osm(data, size);
    char *file = malloc(size + sizeof open + sizeof close);
    FUZZ_CHECK(file);
    memcpy(file, open, sizeof open - 1);
    if (size)
        memcpy(file + sizeof open - 1, data, size);
    memcpy(file + sizeof open - 1 + size, close, sizeof close - 1);
    walk_osm(file, size + sizeof open + sizeof close - 2);
    free(file);
    return 0;
}
