/* What starts cost: waiting, lateness, preferred times.
 *
 * Three kinds of problem (model_timing). Where nothing about starts is priced, all of this is 0. Where only being late
 * costs, or waiting from when a shift begins, the earliest starts are the cheapest and are priced as they stand.
 * Otherwise a round's cheapest starts are estimated when a place is tried, and worked out exactly (starts.c) for the
 * rounds that changed before a change is accepted.
 */
#ifndef ENGINE_PRICE_H
#define ENGINE_PRICE_H

#include "estimate.h"

typedef struct pricer pricer;

cr_status pricer_new(const model *m, pricer **ret_pricer);
pricer *pricer_free(pricer *price);
CR_AUTO_DEFINE(pricer)

/* An estimate of what the starts of the round cost more with the slot in it. */
int64_t price_at(pricer *price, const rota *x, const trial *t);

/* A quick lower bound of that, from the slot's own start and the waiting it could fill. */
int64_t price_at_least(pricer *price, const rota *x, const trial *t, int32_t work);

/* A round was changed (once or more) since the last price_now() or price_undo(). */
void price_touch(pricer *price, int32_t shift);
/* Memory ran out while pricing: "no starts found" then means nothing, and the search must end. */
bool price_is_out_of_memory(const pricer *price);

/* Called before the round is first changed, it makes price_guess() know of it. */
void price_note(pricer *price, const rota *x, int32_t shift);

/* What the starts of the rounds that were noted and touched are thought to cost more than before; 0 where nothing is
 * thought of starts. A visit of several carers counts in each of their rounds, and nobody waits for anybody. */
int64_t price_guess(pricer *price, const rota *x);

bool price_is_touched(const pricer *price, int32_t shift);
int32_t price_n_touched(const pricer *price);
int32_t price_touched_shift(const pricer *price, int32_t i);

/* The cost of all starts with the changes made, exact for the rounds touched (others keep theirs where they can).
 * Writes the starts into the rota. False: no starts found (then undo). */
bool price_now(pricer *price, rota *x, int64_t *ret_cost);

/* An estimate of what the starts of one round cost as it stands. */
int64_t price_of_round(pricer *price, const rota *x, int32_t shift);

/* What one more visit in the round could at most take off what the starts of the others cost. */
int64_t price_saved_most(pricer *price, const rota *x, int32_t shift);

/* The changes were kept, or undone. */
void price_commit(pricer *price);
void price_undo(pricer *price);

/* Work out all starts together, exactly, and their cost. */
bool price_all(pricer *price, rota *x, int64_t *ret_cost);

#endif
