/* When a break may start (docs/model.md section 2, "break"), by the problem as it is. */
#ifndef ENGINE_BREAKS_H
#define ENGINE_BREAKS_H

#include "careround/problem.h"

/* The first start that its windows allow at bound or later; INT32_MAX: none. */
int32_t break_start_from(const cr_problem *p, const cr_break *brk, int32_t bound);

/* May the two start at the same times and with as much on board, and are they as long? */
bool breaks_are_alike(const cr_problem *p, const cr_break *a, const cr_break *b);

#define BREAKS_ORDERED 10 /* of one shift: more are not put in order */

/* An order in which a shift can take its breaks, if it has nothing else: ret_rank[k] says where its k-th stands. False:
 * there is none. */
bool breaks_find_order(const cr_problem *p, const cr_shift *shift, int32_t ret_rank[BREAKS_ORDERED]);

#endif
