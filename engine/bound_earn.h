/* What a round can still earn from a time on: labels that cannot pay any more are given up.
 *
 * The visits still open as a knapsack of the time left, in its linear relaxation (Dantzig 1957, "Discrete-variable
 * extremum problems"): each counts once, for its gain less the cheapest way to it, and takes its length and the
 * shortest way. A true round serves nobody twice, so none that goes on from a label adds more.
 */
#ifndef ENGINE_BOUND_EARN_H
#define ENGINE_BOUND_EARN_H

#include "bound_ways.h"

#define BOUND_EARN_STEPS 48

typedef struct bound_earn {
    int64_t most[BOUND_EARN_STEPS + 1]; /* from each of these times on */
    int32_t begin, step;                /* of the times; ticks */
} bound_earn;

/* What a start at a node costs: its slot's price less what its row is worth. */
typedef struct bound_gain {
    int64_t first, tilt; /* as the node opens, and more for each tick after */
    int64_t least;
} bound_gain;

/* What a visit may add to a round at most, and the time it takes at least. */
typedef struct bound_earning {
    int64_t gain; /* > 0 */
    int32_t time, hi, visit;
} bound_earning;

/* gain: of each node of the group, which is open in ways. room: as many as the group has nodes. */
void bound_earn_find(const bound_nodes *b, int32_t group, const bound_gain *gain, bound_ways *ways, bound_earning *room,
                     bound_earn *ret_earn);

/* For a carer who is ready at a time of the shift. */
static inline int64_t bound_earn_most(const bound_earn *e, int32_t ready)
{
    int32_t i = (ready - e->begin) / e->step;
    return e->most[i < BOUND_EARN_STEPS ? i : BOUND_EARN_STEPS];
}

#endif
