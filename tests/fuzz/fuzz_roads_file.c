/* Fuzz: any bytes as a .roads file, as they are and then signed, so that tables are asked of what was made up. */
#include "fuzz.h"

#include "roads_file.h"

#include <stdlib.h>

static void ask_for_ways(const struct cr_roads *roads)
{
    cr_place places[5];
    cr_road_snap snaps[5];
    int32_t time_s[25], dist_m[25];
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        if (!cr_roads_has_mode(roads, mode))
            continue;
        for (int i = 0; i < 5; i++)
            places[i] = (cr_place){i * 0.001, i % 3 * 0.001, -1, i == 4 ? CR_PLACE_NONE : CR_PLACE_ROOFTOP};
        cr_roads_snap(roads, mode, places, 5, snaps);
        for (int32_t period = CR_NONE; period < cr_roads_n_periods(roads, mode); period++) {
            cr_road_table_options options = {period, 1, NULL, NULL};
            FUZZ_CHECK(cr_roads_table(roads, mode, snaps, 5, snaps, 5, &options, time_s, dist_m) == CR_OK);
            for (int i = 0; i < 25; i++)
                FUZZ_CHECK(time_s[i] >= 0 && time_s[i] <= CR_NO_WAY && dist_m[i] >= 0 && dist_m[i] <= CR_NO_WAY);
        }
    }
}

static void view(const void *bytes, size_t size)
{
    struct cr_roads roads;
    const char *reason = NULL;
    if (roads_view(bytes, size, &roads, &reason) == CR_OK)
        ask_for_ways(&roads);
    else
        FUZZ_CHECK(reason);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    void *bytes = aligned_alloc(64, (size + 64) / 64 * 64);
    FUZZ_CHECK(bytes);
    if (size)
        memcpy(bytes, data, size);
    view(bytes, size);
    if (size >= sizeof(roads_header)) {
        roads_header *header = bytes;
        memcpy(header->magic, ROADS_MAGIC, sizeof header->magic);
        header->version = ROADS_VERSION;
        header->byte_order = ROADS_BYTE_ORDER;
        header->file_bytes = size;
        header->checksum = roads_checksum(header, header + 1, size - sizeof *header);
        view(bytes, size);
    }
    free(bytes);
    return 0;
}
