/* Where in a large problem the search works: in one district for some iterations, then in another.
 *
 * What an iteration reads of a visit and of the rounds near it is in the processor's caches if the one before was there
 * too. Where each is anywhere in a county, most of the time goes into waiting for memory.
 */
#ifndef ENGINE_DISTRICTS_H
#define ENGINE_DISTRICTS_H

#include "model.h"
#include "random.h"

typedef struct districts districts;

/* Divide the visits by where they are; where there are few, all are one district. Borrows nothing. CR_E_NOMEM. */
cr_status districts_new(const model *m, districts **ret_districts);
districts *districts_free(districts *d);
CR_AUTO_DEFINE(districts)

/* An iteration begins. A district has as many as it has visits, then comes any of them. */
void districts_step(districts *d, rng *random);

/* A visit of the present district, of which there must be one. Over many steps all visits are drawn alike. */
int32_t districts_draw(const districts *d, rng *random);

#endif
