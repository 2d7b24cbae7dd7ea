/* Beginning from a plan: its rounds put back as they were, as far as they still hold. */
#ifndef ENGINE_BEGIN_FROM_H
#define ENGINE_BEGIN_FROM_H

#include "insert.h"

/* Into an empty rota; committed, not yet priced. Indices in the plan are looked at, its starts only for the order.
 * CR_E_NOMEM. */
cr_status begin_from(rota *x, inserter *in, pricer *price, const cr_plan *plan);

#endif
