/* The cheapest starts for fixed orders.
 *
 * A network of starts: each has a range, perhaps with holes (several windows), and a convex piecewise linear cost;
 * pairs of starts keep a least distance. Minimised exactly. Nothing here knows of visits: rota.c builds the network.
 */
#ifndef ENGINE_TIMING_H
#define ENGINE_TIMING_H

#include "careround/problem.h"

typedef struct timing timing;

cr_status timing_new(timing **ret_timing);
timing *timing_free(timing *t);
CR_AUTO_DEFINE(timing)

/* Forget the network, keep the memory. */
void timing_clear(timing *t);

/* A start in [lo, hi]; returns its number, counted from 0. windows (n of them, sorted, apart, borrowed) cut holes into
 * the range; n = 0: none. */
int32_t timing_add_node(timing *t, int32_t lo, int32_t hi, const cr_window *windows, int32_t n);

/* Cost price x start, of either sign. */
void timing_add_slope(timing *t, int32_t node, int64_t price);

/* Cost price x max(0, start - at), price >= 0. */
void timing_add_late(timing *t, int32_t node, int32_t at, int64_t price);

/* Cost price x max(0, at - start), price >= 0. */
void timing_add_early(timing *t, int32_t node, int32_t at, int64_t price);

/* start(to) >= start(from) + distance. */
void timing_add_edge(timing *t, int32_t from, int32_t to, int32_t distance);

/* CR_OK: timing_start() has the cheapest starts, the earliest ones where several cost the same. CR_E_INPUT: no starts
 * satisfy the network. CR_E_NOMEM also for any add call before that ran out of memory. */
cr_status timing_solve(timing *t);
int32_t timing_start(const timing *t, int32_t node);

#endif
