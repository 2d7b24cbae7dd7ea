/* Which visits are near each visit. */
#ifndef ENGINE_NEAREST_H
#define ENGINE_NEAREST_H

#include "model.h"

/* How far apart two visits are, whoever goes: the shorter way in ticks, and a fifth of the waiting that their windows
 * force on who goes from one to the other. `way` is the way between their places. */
int64_t nearest_apart(const model_start *a, const model_start *b, int64_t way);

/* Fill model.near, for each visit the others by that distance (equal ones by their index), and model.near_slots. For
 * model_new(), once it has starts and shifts. Ways are those of the first shift. CR_E_NOMEM. */
cr_status nearest_compile(model *m);

#endif
