/* What the tags of a way or node mean for the modes. */
#ifndef GEO_TAGS_H
#define GEO_TAGS_H

#include "careround/roads.h"
#include "osm.h"

/* A way as the modes see it. */
typedef struct way_use {
    uint8_t road_class;
    uint8_t restricted;              /* bit of each mode: only for those who have business there */
    uint16_t dkmh[CR_ROAD_MODES][2]; /* tenths of km/h forward and backward; 0: closed */
    int32_t duration_s;              /* of a ferry, all of the way; 0: not stated */
} way_use;

/* False: it leads nowhere for the wanted modes. */
bool tags_use_way(const cr_roads_options *options, osm_tags tags, way_use *ret_use);

/* Does a sign for a wanted mode say something else at some times of the day, week or year (access:conditional)? */
bool tags_have_timed_access(const cr_roads_options *options, osm_tags tags);

/* Bits of a node: closed to a mode (1 << mode), and what delays there. */
#define NODE_SIGNAL 0x10
#define NODE_GATE   0x20
uint8_t tags_use_node(osm_tags tags);

/* A turn restriction's modes (bits), whether it forbids all but the turn, and whether the turn is a U-turn. 0: it
 * restricts nothing of ours. */
uint8_t tags_use_restriction(osm_tags tags, bool *ret_is_only, bool *ret_is_u_turn);

/* A turn restriction that holds at some times only (restriction:conditional). */
bool tags_are_timed_restriction(osm_tags tags);

#endif
