/* Putting a visit where another one is, which then has to go elsewhere: an ejection (Nagata and Bräysy 2009, "A
 * powerful route minimization heuristic for the vehicle routing problem with time windows", Operations Research Letters
 * 37). */
#ifndef ENGINE_PUSH_OUT_H
#define ENGINE_PUSH_OUT_H

#include "insert.h"

typedef struct pusher pusher;

/* The model is borrowed. CR_E_NOMEM. */
cr_status pusher_new(const model *m, pusher **ret_pusher);
pusher *pusher_free(pusher *pu);
CR_AUTO_DEFINE(pusher)

/* Put a visit, for which there is no place, where a visit of a likely round is, and take that one out. Only one gives
 * way: of several carers the others come where there is room. Takes the first from the bank, propagates. Returns the
 * second, which is in the bank now; CR_NONE: nobody gives way (the rota is as before). */
int32_t push_out(pusher *pu, inserter *in, rota *x, pricer *price, int32_t visit, rng *random);

#endif
