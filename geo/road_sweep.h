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

/* Bits of the widest vectors that the machine has, at most so many; most 0: no limit. */
int sweep_width(int most);

/* States in an order in which every arc's tail comes before its head. For each state in turn: the least of what it has
 * (where has_start), and of its tails' costs plus the arcs'. has_start is cleared. width:
 * of sweep_width(). */
void sweep_down(int width, uint32_t n, const uint32_t *first, const uint32_t *tail, const double *cost,
                uint8_t *has_start, sweep_lanes *lanes);

/* lanes[head] = least of itself and from + cost, for n arcs. */
void sweep_up(int width, uint32_t n, const uint32_t *head, const double *cost, const sweep_lanes *from,
              sweep_lanes *lanes);

/* Seconds, rounded up, and metres, to nearest, of costs plus walking; no_way for both where there is none. */
void sweep_decode(const sweep_lanes *lanes, const int32_t walk_ds[SWEEP_LANES], int32_t no_way,
                  int32_t ret_time_s[SWEEP_LANES], int32_t ret_dist_m[SWEEP_LANES]);

#endif
