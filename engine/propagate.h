/* Keeping earliest and latest starts exact: which stops have to be looked at again, and looking.
 *
 * rota.c says what changed; rota_propagate() (declared with the rota) walks the rounds concerned until nothing moves
 * any more.
 */
#ifndef ENGINE_PROPAGATE_H
#define ENGINE_PROPAGATE_H

#include "rota.h"

bool worklist_init(worklist *w, int32_t n);
void worklist_done(worklist *w);

/* A stop was put in before index k of the round, or the one at k was taken out. */
void wake_around(rota *x, int32_t r, int32_t k, bool inserted);

/* Visits tied to this one by a gap feel that it came or went. */
void wake_partners(rota *x, int32_t visit);

#endif
