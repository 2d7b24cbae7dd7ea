/* A part of a cut as a small problem of its own, with a dense matrix of its places, and the way back.
 *
 * Only what the part can change is in it: its shifts, the visits of their rounds, the unallocated visits that joined
 * it. A visit of several carers that crosses a border is there as its slots in this part alone, held to its start, and
 * must be served; which of the part's carers does so is free. So any plan of the part that keeps those fits together
 * with any such plans of the other parts: the same carer cannot be in two, for her shifts do not overlap. Prices
 * that look at a client's visits together or at all visits (faces, providers, shared addresses, imbalance, the worst
 * lateness) see the part alone: what a plan costs is only known of the whole.
 */
#ifndef ENGINE_PART_H
#define ENGINE_PART_H

#include "cut.h"

typedef struct part {
    cr_problem *problem; /* sound, though cr_problem_validate() has not seen it; carers' last is "somebody elsewhere" */
    cr_matrix *matrix[CR_MODES_MAX];
    cr_matrix *tables[CR_MODES_MAX][CR_TABLES_MAX]; /* as far as the whole has them */
    cr_plan *start;                                 /* the part's share of the plan that was cut, starts included */
    int32_t *visits, *slots, *shifts, *breaks;      /* of each of the part's: which one of the whole */
    int64_t frozen_price;                           /* unallocated price of what must not be left out */
} part;

/* CR_E_NOMEM. */
cr_status part_new(const cr_problem *whole, const cr_plan *plan, const cut *c, int32_t index, part **ret_part);
part *part_free(part *q);
CR_AUTO_DEFINE(part)

/* A plan of the part with the whole's indices. *ret_plan stays NULL if it leaves out what must be kept. CR_E_NOMEM. */
cr_status part_to_whole(const part *q, const cut *c, const cr_plan *plan, cr_plan **ret_plan);

/* Put the parts' plans together, and what no part has. CR_E_NOMEM. */
cr_status part_merge(const cr_problem *whole, const cut *c, cr_plan *const *plans, cr_plan **ret_plan);

#endif
