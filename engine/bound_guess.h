/* What rows are worth before anything is known: a guess that column generation begins from. */
#ifndef ENGINE_BOUND_GUESS_H
#define ENGINE_BOUND_GUESS_H

#include "bound_price.h"

/* From a plan (NULL: none): what each slot costs where it stands. Without one, or where it leaves a visit out, the
 * cheapest carer and two typical legs. */
void bound_guess(const bound_nodes *b, const cr_plan *plan, int64_t *ret_worth);

/* Instead what slots are known to be worth, cost units; < 0: not known. Answers: are most? And the way back. */
bool bound_guess_known(const bound_nodes *b, const double *slot_worth, int64_t *worth);
void bound_guess_keep(const bound_nodes *b, const int64_t *worth, double *ret_slot_worth);

/* The rounds of a plan, as columns. CR_E_NOMEM. */
cr_status bound_guess_columns(const bound_nodes *b, const cr_plan *plan, bound_columns *list);

#endif
