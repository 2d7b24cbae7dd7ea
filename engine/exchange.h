/* Stretches of two rounds change carers. */
#ifndef ENGINE_EXCHANGE_H
#define ENGINE_EXCHANGE_H

#include "price.h"
#include "random.h"
#include "rota.h"

/* Find out which shifts can exchange stretches of their rounds: model_shift.exchanges; and whether that is worth it,
 * as they are not all of one pace: model.has_exchanges. For model_new(), after swap_tails_compile(). */
void exchange_compile(model *m);

/* Try it behind a visit and before those near it, one after the other, until one costs less than `cost_most`
 * more (cost units, starts and what slots share not counted). True: the rota is changed and propagated, its rounds
 * touched, neither priced nor committed. */
bool exchange_stretches(rota *x, pricer *price, int32_t visit, double cost_most, rng *random);

#endif
