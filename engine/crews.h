/* Crews in the search: a visit goes into both rounds of a crew, before the same stop, or into neither (crew.h).
 *
 * Where nobody shares a car (model.has_crews) only the flag is looked at.
 */
#ifndef ENGINE_CREWS_H
#define ENGINE_CREWS_H

#include "crew.h"
#include "rota.h"

/* Sets has_crews, and the crew of each shift; after the shifts are compiled. */
void crews_compile(model *m);

static inline bool crews_let(const model *m, int32_t r, int32_t slot)
{
    return m->shifts[r].crew == CR_NONE || crew_may_take(m->p, r, m->shifts[r].crew, slot);
}

/* Are the two rounds of each crew one? */
bool crews_hold(const rota *x);

#endif
