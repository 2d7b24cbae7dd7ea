/* Inside a table: the targets made ready once, and one worker's room for sixteen sources at a time. */
#ifndef GEO_ROAD_TABLE_H
#define GEO_ROAD_TABLE_H

#include "road_sweep.h"
#include "roads_file.h"

/* A state from which a place on an arc is reached, and how far it is from the arc's beginning. */
typedef struct road_end {
    uint32_t state;
    road_cost cost;
} road_end;

/* All that leads down to any target: states by falling importance, arcs as a list of tails for each. */
typedef struct table_targets {
    uint32_t n_states;
    uint32_t *place_of; /* of a state of the map in the sweep; NO_STATE: leads to no target */
    uint32_t *first, *tail;
    double *cost;
    uint32_t *end_first; /* n_targets + 1; of each target's ends */
    sweep_end *ends;
    uint32_t *by_segment; /* targets sorted by the segment they are on */
    int32_t *walk_ds;
} table_targets;

cr_status table_targets_make(const roads_look *look, const cr_road_snap *targets, int32_t n_targets,
                             table_targets *ret_targets);
void table_targets_done(table_targets *targets);

/* Deciseconds from a place's road to its door. */
int32_t table_walk_ds(const struct cr_roads *roads, const cr_road_snap *place);

/* The part of an arc's cost up to a fraction of its segment, from its beginning. */
road_cost table_part_cost(const roads_look *look, const roads_arc *arc, double fraction);

/* The way along one segment from one place to another on it; COST_NO_WAY: not in this direction. */
road_cost table_direct_cost(const roads_look *look, const cr_road_snap *from, const cr_road_snap *to);

/* Where one gets from a place: calls `start` for each state that the end of its arc, or arcs, leads to. */
void table_each_start(const roads_look *look, const cr_road_snap *from,
                      void (*start)(void *user, uint32_t state, road_cost cost), void *user);

/* The states from which a place is reached, and what is left from there: at most `most`; returns how many. */
int table_list_ends(const roads_look *look, const cr_road_snap *to, road_end *ends, int most);

#endif
