/* What the tags of a way or node mean for the modes. */
#ifndef GEO_TAGS_H
#define GEO_TAGS_H

#include "osm.h"
#include "road_hours.h"

/* A way as the modes see it. */
typedef struct way_use {
    uint8_t road_class;
    uint8_t restricted;               /* bit of each mode: only for those who have business there */
    uint16_t dkmh[CR_ROAD_MODES][2];  /* tenths of km/h forward and backward; 0: closed */
    uint16_t hours[CR_ROAD_MODES][2]; /* at which it is as if restricted; numbers of the map's list */
    int32_t duration_s;               /* of a ferry, all of the way; 0: not stated */
} way_use;

/* False: it leads nowhere for the wanted modes. Its hours go into the list; what of hours is not followed is noted in
 * *kinds, a bit for each cr_hours_kind. */
bool tags_use_way(const cr_roads_options *options, osm_tags tags, road_hours_list *hours, way_use *ret_use,
                  uint32_t *kinds);

/* Bits of a node: closed to a mode (1 << mode), and what delays there. kinds: as above. */
#define NODE_SIGNAL 0x10
#define NODE_GATE   0x20
uint8_t tags_use_node(osm_tags tags, uint32_t *kinds);

typedef struct turn_ban {
    uint8_t modes; /* bits */
    bool is_only;  /* all but the turn are forbidden */
    bool is_u_turn;
    uint16_t hours[CR_ROAD_MODES]; /* at which it is in force, by mode; 0: at all times */
} turn_ban;

/* A turn restriction. False: it restricts nothing of ours. hours, kinds: as above. */
bool tags_use_restriction(osm_tags tags, road_hours_list *hours, turn_ban *ret_ban, uint32_t *kinds);

#endif
