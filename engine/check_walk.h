/* Walking a round as docs/model.md section 2 says: leg, door and length of each stop, one after the other.
 *
 * For those who judge and count (check*.c, report.c). The search has its own way of saying the same and must not use
 * this one: the two are held against each other by the tests.
 */
#ifndef ENGINE_CHECK_WALK_H
#define ENGINE_CHECK_WALK_H

#include "careround/problem.h"

typedef struct cr_walk {
    const cr_problem *problem;
    const cr_shift *shift;
    int32_t at; /* place where the carer is; CR_NONE: still at an open start */
} cr_walk;

typedef struct cr_step {
    int32_t leg, door, length; /* ticks; leg 0 if there is no way */
    int32_t dist_m;
    bool no_way;
} cr_step;

cr_walk cr_walk_begin(const cr_problem *problem, const cr_shift *shift);

/* slot and brk are in range; the caller has looked. leave: when she sets off, where travel depends on the time of day.
 */
cr_step cr_walk_to_slot(cr_walk *walk, int32_t slot, int64_t leave);
cr_step cr_walk_break(cr_walk *walk, int32_t brk);
cr_step cr_walk_to_end(cr_walk *walk, int64_t leave);

#endif
