/* The least way to a node from anywhere in its group, in time and in cost: found when it is first asked for and kept,
 * as what visits are worth does not change it. */
#ifndef ENGINE_BOUND_WAYS_H
#define ENGINE_BOUND_WAYS_H

#include "bound_nodes.h"

typedef struct bound_least_way {
    int64_t cost; /* COST_NEVER: there is no way */
    int32_t time;
    bool is_known;
} bound_least_way;

typedef struct bound_ways bound_ways;

cr_status bound_ways_new(const bound_nodes *b, bound_ways **ret_ways);
bound_ways *bound_ways_free(bound_ways *ways);
CR_AUTO_DEFINE(bound_ways)

/* Make room for a group's. Threads may ask for different groups at one time. CR_E_NOMEM. */
cr_status bound_ways_open(bound_ways *ways, int32_t group);

/* When groups have other nodes. */
void bound_ways_forget(bound_ways *ways);

/* To a node of a group that is open. Borrowed. */
const bound_least_way *bound_ways_least(bound_ways *ways, int32_t group, int32_t node);

#endif
