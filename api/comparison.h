/* Plans of one day side by side. */
#ifndef API_COMPARISON_H
#define API_COMPARISON_H

#include "write.h"

#include <jansson.h>

#define COMPARED_MOST 8

/* A plan with what is known about it. */
typedef struct compared {
    const cr_day *day; /* borrowed */
    cr_plan *plan;
    cr_check *check;
    cr_report *report;
    int32_t *start;    /* by visit; CR_FREE: not served */
    int32_t *shift_of; /* by slot; CR_NONE */
} compared;

/* Judge a plan, which is taken over: also on a fault, after which compared_done() frees what there is. It may break
 * rules. The published rota of day->problem is the plan's own. */
cr_status compared_init(compared *c, const cr_day *day, cr_plan **plan);
void compared_done(compared *c); /* of zeros: nothing to do */

/* Visits of clients that are not placed: time held back that nobody holds is none. */
int32_t compared_left(const compared *c);

/* Who serves a slot; CR_NONE. */
int32_t compared_carer(const cr_problem *p, const compared *c, int32_t slot);

/* Do the plans give a visit other carers or another start? Carers as a set: who has which slot is no difference. */
bool compared_differ(const cr_problem *p, int32_t visit, const compared *all, int32_t n);

/* names: what each plan is called in it. A new reference; NULL: no memory. */
json_t *comparison_json(const cr_day *day, const char *const *names, const compared *all, int32_t n);

#endif
