/* Evaluate: a plan made by hand, however wrong, timed as well as can be and judged. The base of drag and drop.
 *
 * A check refuses nothing either, but believes the starts that it is given. Here only who and in what order counts:
 * docs/model.md section 7 says which starts the rounds then get.
 */
#ifndef CAREROUND_EVALUATE_H
#define CAREROUND_EVALUATE_H

#include "careround/check.h"

typedef struct cr_evaluation {
    cr_plan *plan;     /* the rounds in the order of their shifts, breaks put in that were left out, with starts; visits
                          that stand in no round are its unallocated. Cost: as the checker sums it */
    cr_check *check;   /* every broken rule; never one of the rule "cost" */
    int32_t n_retimed; /* rounds that got their starts now; those of the others are known from the evaluation before */
    int32_t n_forced;  /* rounds that hang together with others so that no starts satisfy the rules of time */
} cr_evaluation;

/* Keeps the last evaluation, so that the next plan only costs what is different in it. */
typedef struct cr_evaluator cr_evaluator;

/* problem: validated, borrowed; keep it alive and unchanged. CR_E_NOMEM. */
cr_status cr_evaluator_new(const cr_problem *problem, cr_evaluator **ret_evaluator);
cr_evaluator *cr_evaluator_free(cr_evaluator *evaluator);
CR_AUTO_DEFINE(cr_evaluator)

/* Any plan: of its stops only slots and breaks are read, of its rounds the shift. What makes no sense (an index out of
 * range, a slot twice, a second round of a shift) stays in and is among the broken rules; such a second round keeps the
 * times stated, and rounds that would take a week longer than the problem get none (all stops at the shift's begin).
 * The answer is the same whatever was evaluated before. *ret_evaluation is borrowed and valid until the next call.
 * CR_E_NOMEM (the evaluation before then still stands). */
cr_status cr_evaluate(cr_evaluator *evaluator, const cr_plan *plan, const cr_evaluation **ret_evaluation);

/* Which slot of a visit a carer who is sent there should take: among those that are not taken, the one locked to her,
 * else the first that she may serve, else the first. CR_NONE: all are taken. taken: by slot. */
int32_t cr_slot_for(const cr_problem *problem, int32_t visit, int32_t carer, const bool *taken);

#endif
