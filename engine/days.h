/* What ties a carer's shifts together: the most work of a day, and the rest between days.
 *
 * Her rounds are told apart by nothing else, so these are the only questions that one round asks of another of the same
 * carer. Where a problem has no such limits (model.has_days), nobody calls this.
 */
#ifndef ENGINE_DAYS_H
#define ENGINE_DAYS_H

#include "rota.h"

/* Sets has_days, and each shift's day_most, day_first and too_near. */
cr_status days_compile(model *m);

/* May the round, empty so far, be used beside the others of its carer? */
bool days_allow(const rota *x, int32_t r);

/* Do all rounds of this round's carer keep the limits, as far as they concern it? */
bool days_hold(const rota *x, int32_t r);

#endif
