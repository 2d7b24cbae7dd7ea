/* A sink that looks at everything it is handed, so that a sanitizer sees what should not be there. */
#ifndef TESTS_FUZZ_OSM_WALK_H
#define TESTS_FUZZ_OSM_WALK_H

#include "fuzz.h"
#include "osm.h"
#include "tags.h"

#include <string.h>

static inline void look_at_tags(osm_tags tags)
{
    cr_roads_options options = {.wants = {true, true, true}};
    way_use use;
    turn_ban ban;
    road_hours_list hours = {.n = 0};
    uint32_t kinds = 0;
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        options.speeds[mode].of_limit = options.speeds[mode].narrow_factor = 1;
        for (int c = 0; c < CR_ROAD_CLASSES; c++)
            options.speeds[mode].kmh[c] = 30;
    }
    for (int32_t i = 0; i < tags.n; i++)
        FUZZ_CHECK(strlen(tags.at[i].key) + strlen(tags.at[i].value) < SIZE_MAX);
    if (tags_use_way(&options, tags, &hours, &use, &kinds))
        FUZZ_CHECK(use.road_class < CR_ROAD_CLASSES && use.duration_s >= 0);
    (void)tags_use_node(tags, &kinds);
    (void)tags_use_restriction(tags, &hours, &ban, &kinds);
    FUZZ_CHECK(kinds >> CR_HOURS_KINDS == 0);
    road_hours_list_done(&hours);
}

static inline cr_status walk_node(void *user, int64_t id, int32_t lat_e7, int32_t lon_e7, osm_tags tags)
{
    (void)user;
    (void)id;
    FUZZ_CHECK(lat_e7 >= -900000000 && lat_e7 <= 900000000 && lon_e7 >= -1800000000 && lon_e7 <= 1800000000);
    look_at_tags(tags);
    return CR_OK;
}

static inline cr_status walk_way(void *user, int64_t id, const int64_t *refs, int32_t n_refs, osm_tags tags)
{
    int64_t *sum = user;
    (void)id;
    for (int32_t i = 0; i < n_refs; i++)
        *sum ^= refs[i];
    look_at_tags(tags);
    return CR_OK;
}

static inline cr_status walk_relation(void *user, int64_t id, const osm_member *members, int32_t n, osm_tags tags)
{
    int64_t *sum = user;
    (void)id;
    for (int32_t i = 0; i < n; i++) {
        FUZZ_CHECK(members[i].kind <= OSM_RELATION);
        *sum ^= members[i].ref + (int64_t)strlen(members[i].role);
    }
    look_at_tags(tags);
    return CR_OK;
}

static inline cr_status walk_osm(const void *bytes, size_t n)
{
    int64_t sum = 0;
    char message[200] = "";
    osm_sink sink = {walk_node, walk_way, walk_relation, &sum, 0};
    cr_status st = osm_read_bytes("fuzz", bytes, n, &sink, message, sizeof message);
    FUZZ_CHECK(st == CR_OK || st == CR_E_NOMEM || *message);
    return st;
}

#endif
