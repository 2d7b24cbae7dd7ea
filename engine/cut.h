/* Cutting a plan into parts that can be searched apart: neighbouring rounds, by where and when they are.
 *
 * Barycentre clustering (Santini, Schneider, Vidal, Vigo 2023, "Decomposition strategies for vehicle routing
 * heuristics", INFORMS Journal on Computing 35), by halving along random directions, so that every cut has other
 * borders. Where the places lie is in chart.h.
 */
#ifndef ENGINE_CUT_H
#define ENGINE_CUT_H

#include "careround/plan.h"
#include "chart.h"
#include "random.h"

/* What a border leaves of a visit. */
typedef enum cut_hold {
    CUT_FREE,
    CUT_START,  /* it has rounds in several parts, or a gap crosses a border: its start is kept, */
    CUT_CARERS, /* and its carers too: a rule speaks of who they are */
} cut_hold;

typedef struct cut {
    int32_t n_parts;
    int32_t *part_of_shift;
    int32_t *part_of_visit; /* CR_NONE: its rounds lie in several parts, or it is unallocated and left out this time */
    int32_t *n_visits;      /* of each part, frozen ones not counted */
    cut_hold *hold;         /* of each visit */
    int32_t *shift_of;      /* of each slot, as the plan has it; CR_NONE: unallocated */
    int32_t *start_of;      /* of each visit; CR_FREE: unallocated */
    /* As parts list them: what is near is side by side, for what a search reads together is then on few pages. */
    int32_t *visit_order, *shift_order;
} cut;

/* Served, but by no part alone: it must stay as it is. */
static inline bool cut_is_frozen(const cut *c, int32_t visit)
{
    return c->part_of_visit[visit] == CR_NONE && c->start_of[visit] != CR_FREE;
}

/* About how large the parts should be. */
typedef struct cut_size {
    int32_t parts; /* so many; 0: as follows */
    int32_t visits;
    int32_t rounds_least; /* a part of fewer has nothing to exchange */
} cut_size;

/* Cut into parts, the unallocated visits included: each joins a part that has a carer for it near
 * by. The plan's starts must hold. CR_E_NOMEM. */
cr_status cut_new(const cr_problem *p, const chart *c, const cr_plan *plan, const cut_size *size, rng *random,
                  cut **ret_cut);
cut *cut_free(cut *c);
CR_AUTO_DEFINE(cut)

/* For cut_new(): fill visit_order and shift_order, for which there is room; a shift is where its round begins. Visits
 * without a place of their own (is_anywhere) stay behind all others. CR_E_NOMEM. */
cr_status cut_put_in_order(const cr_problem *p, const chart *c, const cr_plan *plan, cut *made);

#endif
