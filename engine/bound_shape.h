/* What a partial round costs, by the time at which its carer can leave the last stop.
 *
 * Convex and piecewise linear (Ioachim, Gelinas, Soumis, Desrosiers 1998, "A dynamic programming algorithm for the
 * shortest path problem with time windows and linear node costs"): leaving sooner may be impossible, later may cost
 * waiting or a late visit, or save an early one. All in integers: breakpoints are whole ticks, so nothing is rounded.
 */
#ifndef ENGINE_BOUND_SHAPE_H
#define ENGINE_BOUND_SHAPE_H

#include "careround/base.h"

#define SHAPE_PIECES 12

/* From `from` to the next piece's; the last goes on for ever. Slopes rise from piece to piece. */
typedef struct shape_piece {
    int64_t slope; /* cost units a tick */
    int32_t from;
} shape_piece;

typedef struct shape {
    int64_t value; /* at the first piece's from */
    int32_t n;
    shape_piece pieces[SHAPE_PIECES];
} shape;

/* A shape kept elsewhere. */
typedef struct shape_view {
    int64_t value;
    int32_t n;
    const shape_piece *pieces;
} shape_view;

/* What a start costs: early before early_until, late after late_from and more after due; and in any case tilt for each
 * tick after tilt_from, less than nothing where it falls. */
typedef struct shape_price {
    int64_t early, late, lateness, tilt; /* a tick */
    int32_t early_until, late_from, due, tilt_from;
} shape_price;

/* A stop to go to: start in [lo, hi], stay for length. */
typedef struct shape_stop {
    int32_t lo, hi, length;
    shape_price price;
} shape_stop;

/* After the way (ticks) and the stop; waiting costs a tick's price before and after it. False: it cannot be reached in
 * time. Where there are more pieces than fit, the result lies below the true cost. */
bool shape_extend(shape_view at, int32_t way, const shape_stop *to, int64_t waiting, shape *ret_shape);

/* The start at the stop, reached by then from a shape, that is cheapest for one who leaves it again at `leaves`; not
 * before the extended shape begins. */
int32_t shape_start(shape_view at, int32_t way, const shape_stop *to, int64_t waiting, int32_t leaves);

/* The least value up to `until`, which is not before the first piece; and when that is, the soonest. */
int64_t shape_least(shape_view s, int32_t until);
int32_t shape_best(shape_view s, int32_t until);

/* The value at t, not before the first piece. */
int64_t shape_at(shape_view s, int32_t t);

/* Is a nowhere above b, from where b begins until `until`? a begins no later than b. */
bool shape_is_below(shape_view a, shape_view b, int32_t until);

#endif
