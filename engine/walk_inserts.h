/* Which visits an iteration puts in, and in what order. */
#ifndef ENGINE_WALK_INSERTS_H
#define ENGINE_WALK_INSERTS_H

#include "walk.h"

/* Which of the bank to insert, in what order: those just taken out (at its end), and some that were there before; the
 * one for which room was made comes first, and what shares its carer next. Cheap visits only now and then: what their
 * partners and those behind them lose by it shows when all is priced, and where there is always one that seems worth
 * it, no change is ever kept. */
int32_t walk_choose_inserts(walk *w, int32_t n_before, int32_t wanted);

#endif
