/* The .roads file: its layout, and the view of it that everything after the building works on.
 *
 * header, then sections, each beginning at a multiple of 64 bytes, in the machine's own byte order. roads_write.c
 * writes a view of what was built; roads_open.c maps a file, believes nothing, and fills the same view.
 */
#ifndef GEO_ROADS_FILE_H
#define GEO_ROADS_FILE_H

#include "road_build.h"

#define ROADS_MAGIC      "CRROADS\x1a"
#define ROADS_VERSION    3
#define ROADS_BYTE_ORDER UINT32_C(0x01020304)
#define ROADS_ALIGN      64

#define ROADS_METRICS    (1 + CR_ROAD_PERIODS_MOST) /* the first: as built, the others: in each period */

typedef struct roads_mode_counts {
    uint64_t n_arcs, n_nexts, n_states, n_periods; /* all 0: the file does not have the mode */
    struct {
        uint64_t n_up, n_down; /* both 0 in a period: it is as the first */
    } metrics[ROADS_METRICS];
} roads_mode_counts;

typedef struct roads_header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t checksum; /* of all after it */
    uint64_t file_bytes;
    int64_t timestamp_s;
    uint64_t n_segments, n_points, n_boxes, n_hours;
    double walk_kmh; /* from the road's edge to the door */
    roads_mode_counts modes[CR_ROAD_MODES];
} roads_header;

typedef struct roads_segment {
    uint32_t first_point, length_dm;
} roads_segment;

/* What the factors of a period go by. */
typedef struct roads_kind {
    uint8_t road_class, area;
} roads_kind;

typedef struct roads_arc {
    road_cost cost;
    uint32_t segment; /* times two, and one more if backward */
    uint32_t state, next_copy, first_next;
} roads_arc;

typedef struct roads_box {
    int32_t south_e7, west_e7, north_e7, east_e7;
} roads_box;

static_assert(sizeof(roads_header) == 608 && sizeof(roads_segment) == 8 && sizeof(roads_kind) == 2 &&
                  sizeof(roads_arc) == 24 && sizeof(roads_box) == 16 && sizeof(road_point) == 8 &&
                  sizeof(road_hours) == 256 && sizeof(cr_road_period) == 32 + 8 * CR_ROAD_CLASSES * CR_ROAD_AREAS,
              "no padding");

typedef struct roads_metric_view {
    const uint32_t *up_first, *up_head, *down_first, *down_tail;
    const road_cost *up_cost, *down_cost;
    const uint8_t *shut; /* what its time makes of each of the map's hours */
} roads_metric_view;

/* States are numbered by importance, so the order in which they are contracted is there, whatever the metric. */
typedef struct roads_mode_view {
    const uint32_t *arc_of; /* two for each segment */
    const roads_arc *arcs;  /* and one more, where the nexts end */
    const uint32_t *next_state;
    const road_turn *next_turn;
    const cr_road_period *periods;
    roads_metric_view metrics[ROADS_METRICS];
} roads_mode_view;

struct cr_roads {
    roads_header header;
    const roads_segment *segments; /* and one more, where the points end */
    const roads_kind *kinds;
    const road_point *points;
    const uint32_t *leaf_segment; /* segments in the order of the tree's leaves */
    const road_hours *hours;      /* of closed roads and forbidden turns */
    const roads_box *boxes;       /* the tree: each level's boxes, leaves first (snap_tree.h) */
    roads_mode_view modes[CR_ROAD_MODES];
    void *mapping;
    size_t mapping_bytes;
};

typedef struct roads_section {
    const void **at; /* the view's pointer to it */
    uint64_t n, item_bytes, offset;
} roads_section;

#define ROADS_SECTIONS_MOST (6 + (5 + 7 * ROADS_METRICS) * CR_ROAD_MODES)

/* The sections that the header's counts imply; returns how many. *ret_bytes: of the whole file. */
int roads_sections(struct cr_roads *view, roads_section sections[ROADS_SECTIONS_MOST], uint64_t *ret_bytes);

uint64_t roads_checksum(const roads_header *header, const void *rest, size_t rest_bytes);

/* Complete the header of a view and write it all. */
cr_status roads_write(struct cr_roads *view, const char *path, char *message, size_t size);

/* Look at bytes (aligned to 8) as a .roads file, if they are a sound one; otherwise CR_E_INPUT and the reason. */
cr_status roads_view(const void *bytes, size_t n_bytes, struct cr_roads *ret_view, const char **ret_reason);

/* ---- one mode's roads at one time of day ---- */

typedef struct roads_look {
    const struct cr_roads *roads;
    const roads_mode_view *mode;
    const roads_metric_view *metric;
    const cr_road_period *period; /* NULL: as built */
    uint32_t n_states, n_arcs;
} roads_look;

/* period: CR_NONE or one of the mode's. */
roads_look roads_look_at(const struct cr_roads *roads, int32_t mode, int32_t period);

/* An arc's cost in a period. */
road_cost roads_cost_in(const cr_road_period *period, roads_kind kind, road_cost cost);

static inline road_cost look_arc_cost(const roads_look *look, const roads_arc *arc)
{
    return look->period ? roads_cost_in(look->period, look->roads->kinds[arc->segment / 2], arc->cost) : arc->cost;
}

static inline road_cost look_turn_cost(const roads_look *look, uint32_t next)
{
    return turn_cost(look->mode->next_turn[next], look->metric->shut);
}

/* ---- the tree of boxes in which a place finds the segments near it ---- */

#define TREE_FAN 16

/* Boxes of a tree over so many segments, all levels. */
uint64_t snap_tree_n_boxes(uint64_t n_segments);

/* Segments along a Z-order curve, and the boxes over each TREE_FAN of them, level by level. */
cr_status snap_tree_make(const road_net *net, uint32_t **ret_leaf_segment, roads_box **ret_boxes);

#endif
