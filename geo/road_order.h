/* The order in which a mode's states are contracted, and the hierarchy that comes of it. */
#ifndef GEO_ROAD_ORDER_H
#define GEO_ROAD_ORDER_H

#include "road_build.h"

/* A new number for each state, in room for n_states: 0 is the most important, and each part of the map has a range. */
cr_status road_order_make(const road_net *net, const road_graph *graph, uint32_t *ret_rank);

/* Arcs that matter from a state to more important ones (lower numbers), and from those to it. A shortest way between
 * any two states goes up and then down. */
typedef struct road_hierarchy {
    size_t n_states, n_up, n_down;
    uint32_t *up_first, *down_first; /* n_states + 1 */
    uint32_t *up_head, *down_tail;   /* the more important end */
    road_cost *up_cost, *down_cost;
    size_t n_chordal; /* arcs before those that no shortest way needs were taken out */
} road_hierarchy;

/* For states numbered by rank. */
cr_status road_hierarchy_make(const road_graph *graph, road_hierarchy *ret_hierarchy);
void road_hierarchy_done(road_hierarchy *hierarchy);

#endif
