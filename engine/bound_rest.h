/* What a round can still earn from a node and a time on: a lower bound on all that may follow a label.
 *
 * Backwards over nodes and steps of time, without the memory of a round but for the visit it comes from, and no better
 * than the knapsack of bound_earn.h says (completion bounds; Sadykov, Uchoa, Pessoa 2021, "A bucket graph based
 * labeling algorithm with application to vehicle routing"). Rounds that come straight back to a visit are left out,
 * which no true round does. All roundings of time go down, so it holds for every true round.
 */
#ifndef ENGINE_BOUND_REST_H
#define ENGINE_BOUND_REST_H

#include "bound_earn.h"

typedef struct bound_rest bound_rest;

cr_status bound_rest_new(const bound_nodes *b, bound_rest **ret_rest);
bound_rest *bound_rest_free(bound_rest *rest);
CR_AUTO_DEFINE(bound_rest)

/* For a group; gain: of each of its nodes. CR_E_NOMEM. */
cr_status bound_rest_find(bound_rest *rest, int32_t group, const bound_gain *gain, const bound_earn *earn);

/* A node of the group, by what most questions to it ask: packed, as there are very many. */
typedef struct bound_ahead {
    int64_t least; /* of what may follow an arrival there, the node included, whenever it is */
    int32_t place, door, hi, visit;
} bound_ahead;

/* Of each node of the group. Borrowed. */
const bound_ahead *bound_rest_ahead(const bound_rest *rest);

/* The same as bound_way. */
static inline bool bound_ahead_way(const bound_nodes *b, const model_shift *shift, int32_t from, const bound_ahead *to,
                                   int32_t *ret_time, int64_t *ret_cost)
{
    return bound_way_to(b, shift, from, to->place, to->door, ret_time, ret_cost);
}

/* The least cost of what follows an arrival at a node between two ticks, the node included; before: the visit before
 * (CR_NONE). */
int64_t bound_rest_from(const bound_rest *rest, int32_t node, int32_t first, int32_t last, int32_t before);

/* The least that the rest of a round costs which leaves a node of the group between ready and last, or has waited
 * since, and came there from a visit (CR_NONE). */
int64_t bound_rest_least(const bound_rest *rest, int32_t node, int32_t ready, int32_t last, int32_t before);

#endif
