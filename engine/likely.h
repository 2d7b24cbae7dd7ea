/* Where a slot is likely to go: a part of compiling the model. */
#ifndef ENGINE_LIKELY_H
#define ENGINE_LIKELY_H

#include "model.h"

/* Fill candidates, usual, near and near_slots of a model whose slots, starts and shifts are compiled. CR_E_NOMEM; what
 * was allocated is the model's. */
cr_status likely_compile(model *m);

#endif
