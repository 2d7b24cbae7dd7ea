/* The rounds that column generation ends with, to make a plan of (priced_rounds.h). */
#ifndef ENGINE_BOUND_ROUNDS_H
#define ENGINE_BOUND_ROUNDS_H

#include "bound_master.h"

/* What there is when the first stage is over: the carers of a visit need not meet there, but where its start is told.
 */
typedef struct bound_rounds {
    const bound_nodes *b;
    const bound_master *master;
    const int64_t *worth; /* of rows: where the bound was best */
} bound_rounds;

typedef cr_status bound_taker(void *user, const bound_rounds *found);

/* Like cr_bound_find(), its first stage alone; `take` is then told what there is, unless nothing is. Not where travel
 * depends on the time of day. slot_worth: what slots were worth in a problem like this one, to begin with, cost units,
 * < 0 where that is not known; or NULL. CR_E_NOMEM, and what take answers. */
cr_status bound_find_rounds(const cr_problem *problem, const cr_bound_options *options, const double *slot_worth,
                            bound_taker *take, void *taker);

#endif
