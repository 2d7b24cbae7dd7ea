/* Visits that are served both or neither (cr_gap.both). */
#ifndef ENGINE_HALVES_H
#define ENGINE_HALVES_H

#include "price.h"

/* Lists the gaps in question. */
cr_status halves_compile(model *m);

/* Is no visit in rounds without the one that it needs? */
bool halves_hold(const rota *x);

/* Take out what is served without the other, until nothing is. False: the starts no longer hold (the caller undoes). */
bool halves_drop(rota *x, pricer *price);

#endif
