/* A first bound, before any round is priced: worths so low that no round earns more than it costs.
 *
 * Each stop of a round is dear by its slot's price, the way to it from wherever its carer could come, and the wait that
 * she then has at the least. If no row is worth more than that of its cheapest carer, the shifts add nothing to L(w)
 * (bound.c), and what the visits earn is a bound. It takes a moment, also where there is no time to price.
 */
#ifndef ENGINE_BOUND_FIRST_H
#define ENGINE_BOUND_FIRST_H

#include "bound_nodes.h"

/* ret_worth: of all rows, the same at all moments, not tidied; less is as valid. ret_found: false, and ret_worth is not
 * to be used, if should_stop said so meanwhile. CR_E_NOMEM. */
cr_status bound_first_worths(const bound_nodes *b, bool (*should_stop)(void *), void *user, int64_t *ret_worth,
                             bool *ret_found);

#endif
