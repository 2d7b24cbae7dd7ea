/* The order in which a mode's states are contracted, and the hierarchies that come of it. */
#ifndef GEO_ROAD_ORDER_H
#define GEO_ROAD_ORDER_H

#include "road_build.h"
#include "roads_file.h"

/* A new number for each state, in room for n_states: 0 is the most important, and each part of the map has a range. The
 * same with any number of threads. */
cr_status road_order_make(const road_net *net, const road_graph *graph, int32_t n_threads, uint32_t *ret_rank);

/* States numbered by rank, contracted: all arcs that any costs could need. One for all metrics of a mode. */
typedef struct road_contraction road_contraction;

/* The mode's arcs and turns in the file's form; borrowed. */
cr_status road_contraction_make(const roads_mode_view *mode, const roads_mode_counts *counts,
                                road_contraction **ret_contraction);
road_contraction *road_contraction_free(road_contraction *contraction);

/* Arcs that matter from a state to more important ones (lower numbers), and from those to it. A shortest way between
 * any two states goes up and then down. */
typedef struct road_hierarchy {
    size_t n_up, n_down;
    uint32_t *up_first, *down_first; /* n_states + 1 */
    uint32_t *up_head, *down_tail;   /* the more important end */
    road_cost *up_cost, *down_cost;
    void *parked; /* where the arrays are, once they are parked */
    size_t parked_bytes;
} road_hierarchy;

/* The hierarchy for one metric: what the mode's arcs cost in a period (NULL: as built), and what of the map's hours is
 * shut then. */
cr_status road_contraction_customise(road_contraction *contraction, const cr_road_period *period,
                                     const roads_kind *kinds, const uint8_t *shut, road_hierarchy *ret_hierarchy);

/* Put the arrays, if they are large, where memory need not hold them: in a file without a name in the folder of the
 * path `beside`. If that fails they stay where they are. */
void road_hierarchy_park(road_hierarchy *hierarchy, uint32_t n_states, const char *beside);
void road_hierarchy_done(road_hierarchy *hierarchy);

#endif
