/* The limits of a round and its carer that a way can break: most work, most travel, most distance (docs/model.md
 * section 3).
 */
#ifndef ENGINE_ROUND_LIMITS_H
#define ENGINE_ROUND_LIMITS_H

#include "rota.h"

/* Ticks and metres; below 0: the round is beyond its limit. */
typedef struct ways_left {
    int64_t time, dist_m;
} ways_left;

/* What the ways of a round may still grow by; asked only of shifts with a limit (has_way_limits). */
ways_left limits_ways_left(const rota *x, int32_t r);

/* Is the round within its most travel and distance, and its carer within her most work? */
bool limits_hold(const rota *x, int32_t r);

/* Are all rounds that were touched since the last commit? */
bool limits_hold_in_touched(const rota *x);

#endif
