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

/* The first node whose window has not closed at t: those before it have. */
int32_t bound_rest_open(const bound_rest *rest, int32_t t);

/* The first node from k on to which a round may go on from another (the number of nodes: from the start place), ready
 * at t or later, so that way and all that follows cost less than `below`; the number of nodes: none. Nodes that are
 * left out would not; those told need not. */
int32_t bound_rest_next(const bound_rest *rest, int32_t from, int32_t ready, int64_t below, int32_t k);

/* The least cost of what follows an arrival at a node between two ticks, the node included; before: the visit before
 * (CR_NONE). */
int64_t bound_rest_from(const bound_rest *rest, int32_t node, int32_t first, int32_t last, int32_t before);

/* The least that the rest of a round costs which leaves a node of the group between ready and last, or has waited
 * since, and came there from a visit (CR_NONE). */
int64_t bound_rest_least(const bound_rest *rest, int32_t node, int32_t ready, int32_t last, int32_t before);

#endif
