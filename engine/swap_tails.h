/* The rests of two rounds change carers. */
#ifndef ENGINE_SWAP_TAILS_H
#define ENGINE_SWAP_TAILS_H

#include "price.h"
#include "random.h"
#include "rota.h"

/* Try it once, behind a random visit and before one near it, for less than `cost_most` more (cost units, starts not
 * counted). True: the rota is changed and propagated, its rounds touched, neither priced nor committed. */
bool swap_tails(rota *x, pricer *price, double cost_most, rng *random);

#endif
