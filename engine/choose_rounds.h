/* Of all rounds met so far, the best set for a few neighbouring shifts: an exact crossover of many parents. */
#ifndef ENGINE_CHOOSE_ROUNDS_H
#define ENGINE_CHOOSE_ROUNDS_H

#include "pool.h"
#include "price.h"
#include "random.h"

typedef struct chooser chooser;

cr_status chooser_new(const model *m, chooser **ret_chooser);
chooser *chooser_free(chooser *ch);
CR_AUTO_DEFINE(chooser)

typedef enum choice {
    CHOICE_NOTHING, /* nothing to choose from, or nothing better */
    CHOICE_BETTER,  /* GLPK found a cheaper set; it stands in the rota, propagated and priced, not yet committed */
    CHOICE_FAULT,   /* GLPK failed and was caught */
} choice;

/* Try a few shifts around a random one. ret_start_cost is set with CHOICE_BETTER. time_most_ms: 0 for no limit. */
choice choose_rounds(chooser *ch, const pool *q, rota *x, pricer *price, int64_t start_cost, int time_most_ms,
                     rng *random, int64_t *ret_start_cost);

#endif
