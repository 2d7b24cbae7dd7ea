/* Small maps, drawn by hand in metres, and the ways through them.
 *
 * North and east are metres from a point on the equator. Every road is driven, cycled and walked at 10 m/s, nothing
 * delays, and doors are walked to at 1 m/s, unless a test says otherwise: so 1,000 m take 100 s.
 */
#ifndef TESTS_GEO_TINY_MAP_H
#define TESTS_GEO_TINY_MAP_H

#include "careround/roads.h"

#include <stdio.h>

typedef struct tiny_map {
    char folder[64], osm[80], roads_path[80], message[300];
    FILE *out; /* while it is drawn */
    cr_roads_options options;
    cr_roads_counts counts;
    cr_roads *roads; /* after tiny_build() */
    int32_t period;  /* that tiny_time_s() asks for; CR_NONE: as built */
} tiny_map;

/* cmocka's setup and teardown: *state is a tiny_map with nothing drawn. */
int tiny_new(void **state);
int tiny_free(void **state);

/* tags: "highway=residential oneway=yes"; values without spaces. refs: "1 2 3". */
void tiny_node(tiny_map *map, int id, double east_m, double north_m, const char *tags);
void tiny_way(tiny_map *map, int id, const char *refs, const char *tags);

/* members: "from=w1 via=n2 to=w3". */
void tiny_relation(tiny_map *map, int id, const char *members, const char *tags);

/* Finish the drawing and build the roads of it. */
void tiny_build(tiny_map *map);

cr_place tiny_place(double east_m, double north_m);

/* Seconds or metres between two places in metres, or CR_NO_WAY. */
typedef struct tiny_xy {
    double east_m, north_m;
} tiny_xy;
int32_t tiny_time_s(const tiny_map *map, int mode, tiny_xy from, tiny_xy to);
int32_t tiny_dist_m(const tiny_map *map, int mode, tiny_xy from, tiny_xy to);

/* A period from an hour on in which all roads take so many times as long. */
void tiny_add_period(tiny_map *map, int mode, const char *name, int from_h, double time_factor);

/* What the table says is what a search of the plain graph says, exactly, for all pairs of the places, as built and in
 * every period. */
void assert_as_plain_search(const cr_roads *roads, int mode, const cr_place *places, int32_t n);

#endif
