/* The inner loops of a table: sixteen ways at once. */
#ifndef GEO_ROAD_SWEEP_H
#define GEO_ROAD_SWEEP_H

#include <stdint.h>

#define SWEEP_LANES 16

/* Costs of sixteen ways, each a whole number below 2^53 (road_build.h) or SWEEP_NO_WAY and more. */
typedef struct sweep_lanes {
    double at[SWEEP_LANES];
} __attribute__((aligned(64))) sweep_lanes;

#define SWEEP_NO_WAY 0x1p53

/* A place at the end of a way: the state from which it is reached, by its place in the sweep, and what is left. */
typedef struct sweep_end {
    double cost;
    uint32_t state;
} sweep_end;

/* The loops for one width of vectors; all widths have the same answer. */
typedef struct sweep_loops {
    /* States in an order in which every arc's tail comes before its head. For each state in turn: the least of what it
     * has (where has_start), and of its tails' costs plus the arcs', an even number of these. has_start is cleared. */
    void (*down)(uint32_t n, const uint32_t *first, const uint32_t *tail, const double *cost, uint8_t *has_start,
                 sweep_lanes *lanes);

    /* lanes[head] = least of itself and from + cost, for n arcs. */
    void (*up)(uint32_t n, const uint32_t *head, const double *cost, const sweep_lanes *from, sweep_lanes *lanes);

    /* For each of n targets the least over its ends. */
    void (*cells)(uint32_t n, const uint32_t *first, const sweep_end *ends, const sweep_lanes *lanes,
                  sweep_lanes *cells);

    /* Cells to rows, one for each lane: seconds, rounded up, and metres, to nearest, of costs plus walking (there_ds:
     * from each target's road to its door; walk_ds: of each lane); CR_NO_WAY for both where there is none.
     * A row that is NULL is not written. */
    void (*rows)(uint32_t n, const sweep_lanes *cells, const int32_t *there_ds, const sweep_lanes *walk_ds, int n_rows,
                 int32_t *const *time_s, int32_t *const *dist_m);
} sweep_loops;

/* Of the widest vectors that the machine has, at most so many bits wide; most 0: no limit. */
const sweep_loops *sweep_loops_for(int most);

#endif
