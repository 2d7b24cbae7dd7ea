/* Inside the making of a .roads file: what passes from step to step.
 *
 * extract -> road_import.c -> road_import -> road_net.c -> road_net (segments between junctions)
 *   -> road_graph.c, road_turns.c -> road_graph (one for each mode: states and edges, turns exact)
 *   -> order.c, hierarchy.c -> road_hierarchy -> roads_write.c -> the file.
 */
#ifndef GEO_ROAD_BUILD_H
#define GEO_ROAD_BUILD_H

#include "careround/roads.h"
#include "road_hours.h"
#include "room.h"
#include "tags.h"

#include <string.h>

/* ---- what the extract has ---- */

typedef struct import_way {
    int64_t id;
    size_t first_ref;
    uint32_t n_refs;
    way_use use;
} import_way;

/* From a way, over a node or ways, to ways. The lists are ranges of the import's pool of ids. */
typedef struct import_restriction {
    int64_t from_way;
    int64_t via_node; /* if n_via is 0 */
    size_t first_via, first_to;
    uint32_t n_via, n_to;
    turn_ban ban;
} import_restriction;

#define NODE_MISSING 0xffffffffu

typedef struct import_node {
    int32_t lat_e7, lon_e7;
    uint8_t use; /* NODE_..., modes closed */
    bool is_known, is_junction;
} import_node;

typedef struct road_import {
    const cr_roads_options *options;
    import_way *ways; /* by id, once all are read */
    int64_t *refs;    /* ids of nodes; */
    uint32_t *at;     /* then their places in nodes */
    int64_t *node_ids;
    import_node *nodes;
    import_restriction *restrictions;
    int64_t *pool;
    size_t n_ways, n_refs, n_nodes, n_restrictions, n_pool;
    size_t ways_room, refs_room, restrictions_room, pool_room;
    struct road_polygon *polygon;
    road_hours_list hours;
    int64_t n_timed_ways, n_timed_turns, n_unfollowed[CR_HOURS_KINDS];
    size_t hint; /* where the last node was found */
    int64_t timestamp_s;
} road_import;

/* Read what leads anywhere. The lists of ids are freed when they are no longer needed. */
cr_status road_import_read(const char *path, const cr_roads_options *options, road_import *ret_import, char *message,
                           size_t size);
void road_import_done(road_import *import);

/* Nodes and the ways' lists of them, which nobody asks for once there is a net. */
void road_import_forget_nodes(road_import *import);

/* ---- segments between junctions, common to all modes ---- */

typedef struct road_segment {
    uint32_t from, to;    /* junctions */
    uint32_t first_point; /* its points run to the next segment's */
    uint32_t length_dm;
    uint32_t way; /* of the import */
} road_segment;

typedef struct road_point {
    int32_t lat_e7, lon_e7;
} road_point;

typedef struct road_junction {
    road_point at;
    uint32_t node; /* of the import */
    uint8_t use;
} road_junction;

typedef struct road_net {
    road_segment *segments; /* and one more, where the points end */
    road_point *points;
    road_junction *junctions;
    uint32_t *junction_of; /* of a node of the import; NODE_MISSING: none */
    size_t n_segments, n_points, n_junctions;
    size_t segments_room, points_room, junctions_room;
    double road_km;
    bool drive_on_left;
} road_net;

cr_status road_net_make(const road_import *import, road_net *ret_net);
void road_net_done(road_net *net);

/* Metres on the ellipsoid between points that are near each other. */
double road_point_distance_m(road_point a, road_point b);

/* Direction in degrees, clockwise from north. */
double road_point_bearing_deg(road_point from, road_point to);

/* ---- costs ----
 *
 * One number says how a way compares: first how often it enters a road kept for those with business there, then
 * deciseconds, then decimetres. Below 2^53, so that a double holds it exactly and the least of two is one instruction.
 */
typedef uint64_t road_cost;

#define COST_DM_BITS 26                                             /* 6,700 km */
#define COST_DS_BITS 24                                             /* 19 days */
#define COST_ENTRY   (UINT64_C(1) << (COST_DM_BITS + COST_DS_BITS)) /* seven times at most */
#define COST_NO_WAY  (UINT64_C(1) << 53)

/* A turn is its deciseconds, whether it enters a road kept for those with business there, and the hours at which it is
 * as bad as that because it is forbidden, or enters a road that is closed then. */
typedef uint32_t road_turn;

#define TURN_DS_BITS 17 /* three hours and a half */
#define TURN_ENTRY   (UINT32_C(1) << 31)

static inline road_turn turn_of(uint32_t time_ds, bool is_entry, uint16_t hours)
{
    return time_ds | (uint32_t)hours << TURN_DS_BITS | (is_entry ? TURN_ENTRY : 0);
}

static inline uint16_t turn_hours(road_turn turn)
{
    return (uint16_t)((turn & ~TURN_ENTRY) >> TURN_DS_BITS);
}

static inline road_turn turn_with_hours(road_turn turn, uint16_t hours)
{
    return (turn & (TURN_ENTRY | ((UINT32_C(1) << TURN_DS_BITS) - 1))) | (uint32_t)hours << TURN_DS_BITS;
}

static_assert(TURN_DS_BITS + 14 + 1 == 32 && HOURS_MOST == 1 << 14, "time, hours, entry");

static inline road_cost cost_of(uint64_t time_ds, uint64_t length_dm)
{
    return time_ds << COST_DM_BITS | length_dm;
}

/* shut: what the time makes of the map's hours (road_hours_in_period()). */
static inline road_cost turn_cost(road_turn turn, const uint8_t *shut)
{
    bool is_entry = turn & TURN_ENTRY || shut[turn_hours(turn)] == HOURS_SHUT;
    return cost_of(turn & ((UINT32_C(1) << TURN_DS_BITS) - 1), 0) + (is_entry ? COST_ENTRY : 0);
}

static inline uint32_t cost_ds(road_cost cost)
{
    return (uint32_t)(cost >> COST_DM_BITS & ((UINT64_C(1) << COST_DS_BITS) - 1));
}

static inline uint32_t cost_dm(road_cost cost)
{
    return (uint32_t)(cost & ((UINT64_C(1) << COST_DM_BITS) - 1));
}

/* ---- one mode's graph ----
 *
 * An arc is a segment in a direction. Where turns matter, a state is "about to enter this arc"; where they do not, all
 * arcs that leave a junction share the state "at this junction". Going along an arc and turning leads to the next
 * state.
 */
typedef struct road_arc {
    uint32_t segment;
    uint32_t state;
    uint32_t next_copy; /* the same arc on the way through a restriction over several ways; NO_ARC: no more */
    uint32_t n_next;
    size_t first_next; /* in nexts: where one gets from its end */
    road_cost cost;    /* of its length */
    uint16_t hours;    /* at which it is as if restricted */
    bool is_backward, is_restricted;
} road_arc;

#define NO_ARC   0xffffffffu
#define NO_STATE 0xffffffffu

typedef struct road_next {
    uint32_t arc;
    uint32_t state;
    road_turn turn;
} road_next;

typedef struct road_graph {
    road_arc *arcs;
    road_next *nexts;
    uint32_t *arc_of;   /* two for each segment: forward, backward; NO_ARC: closed */
    uint32_t *state_at; /* of a junction that all its arcs share; NO_STATE: turns matter there */
    size_t n_arcs, n_nexts, n_states, arcs_room, nexts_room;
    size_t n_dropped, n_unused; /* arcs cut off; restrictions that fit no road */
} road_graph;

/* All arcs, states and turns; then without the turns that are forbidden; then without what is cut off from the rest.
 * Hours that come of others are put into the import's list. */
cr_status road_graph_make(road_import *import, const road_net *net, int mode, road_graph *ret_graph);
void road_graph_done(road_graph *graph);

/* The steps of it. */
cr_status road_turns_restrict(road_import *import, const road_net *net, int mode, road_graph *graph);
cr_status road_parts_keep_large(const road_net *net, road_graph *graph);

#endif
