/* The rests of two rounds change carers. */
#ifndef ENGINE_SWAP_TAILS_H
#define ENGINE_SWAP_TAILS_H

#include "price.h"
#include "random.h"
#include "rota.h"

/* Find out which shifts can exchange rests of rounds: model_shift.pace, model.has_rests. For model_new(), once it has
 * the shifts. */
void swap_tails_compile(model *m);

/* One of the slots of a visit. */
static inline int32_t draw_slot(const model *m, int32_t visit, rng *random)
{
    const cr_range slots = m->p->visits[visit].slots;
    return slots.first + (slots.n > 1 ? rng_below(random, slots.n) : 0);
}

/* Try it behind a visit and before those near it, one after the other, until one costs less than `cost_most`
 * more (cost units, starts not counted). True: the rota is changed and propagated, its rounds touched, neither priced
 * nor committed. */
bool swap_tails(rota *x, pricer *price, int32_t visit, double cost_most, rng *random);

#endif
