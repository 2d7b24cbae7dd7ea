/* Other rounds for a whole plan, by column generation: see priced_rounds.c. */
#ifndef ENGINE_PRICED_ROUNDS_H
#define ENGINE_PRICED_ROUNDS_H

#include "careround/plan.h"
#include "model.h"

/* Times are seconds of clock_s, which is asked on the caller's thread. */
typedef struct priced_options {
    double time_s; /* of pricing; choosing takes a little more */
    double (*clock_s)(void *user);
    bool (*should_stop)(void *user); /* NULL or asked now and then; true: end, with what there is */
    void *user;
    double *slot_worth; /* of each slot, what it was worth before, cost units, < 0 if that is not known: pricing begins
                           there, and leaves here what it ends with. NULL: nothing is known, nor kept */
} priced_options;

/* Can a round be priced alone once the starts of visits that hang together are held? And do any hang together: where
 * none do, it was not measured. */
bool priced_rounds_suit(const model *m);

/* Rounds that are thought to be cheaper than those of the plan (sound and timed) on the whole. They may leave visits
 * out, and a visit of several carers may be there in part: the plan that begin_from() makes of it counts, not this one.
 * *ret_plan: NULL if there are none. *ret_is_fault: GLPK failed, and was caught. CR_E_NOMEM. */
cr_status priced_rounds_find(const model *m, const cr_plan *plan, const priced_options *options, cr_plan **ret_plan,
                             bool *ret_is_fault);

#endif
