/* Cutting a set of junctions in two where few roads cross, for road_order.c. */
#ifndef GEO_ROAD_CUT_H
#define GEO_ROAD_CUT_H

#include "road_build.h"

#define CUT_DIRECTIONS 4

enum { CUT_SECOND, CUT_FIRST, CUT_DROPPED }; /* a side; dropped: the junction's state stands on the cut itself */

/* The map while it is cut apart. What belongs to a junction or a segment is touched only by who has the set that it is
 * in, so threads may work on different sets. */
typedef struct cut_map {
    const road_net *net;
    const road_graph *g;
    uint32_t *seg_first, *seg_end, *seg_at; /* segments at each junction; those inside of its set end at seg_end */
    uint32_t *local;                        /* of each junction: its number in the set that is being cut, from 0 on */
    uint32_t *edge_of;                      /* two for each segment: where its edges are */
    uint32_t *sorted[CUT_DIRECTIONS];       /* all junctions along each direction; a set is one range of each of them */
} cut_map;

/* What one thread needs to cut a set. */
typedef struct cut_room {
    size_t junctions_room, edges_room;
    uint32_t *edge_first;            /* of each local junction; */
    uint32_t *edge_head, *edge_back; /* two edges for each segment inside, each knows the other */
    int8_t *flow;
    int32_t *level;
    uint32_t *cursor, *queue, *path, *spare;
    uint8_t *side, *best_side; /* of each local junction */
} cut_room;

static inline uint32_t other_end(const road_net *net, uint32_t segment, uint32_t junction)
{
    const road_segment *s = &net->segments[segment];
    return s->from == junction ? s->to : s->from;
}

/* Room for the set of n junctions at `first`. Room for sets much larger is given back. CR_E_NOMEM. */
cr_status cut_room_fit(const cut_map *map, cut_room *room, uint32_t first, uint32_t n);
void cut_room_done(cut_room *room);

/* The best of four cuts of the set into best_side, by roads cut for each junction of the smaller side. n >= 2. */
void cut_find(const cut_map *map, cut_room *room, uint32_t first, uint32_t n);

#endif
