/* First questions of the bound: up the hill of L(w), before GLPK knows rounds enough to say what they are worth.
 *
 * A step goes where the least rounds of late cover too little, and away from what they cover twice (deflected
 * subgradients: Camerini, Fratta, Maffioli 1975; the step's length after Polyak, by the cost of the plan at hand).
 * The rounds met on the way are good ones for GLPK to begin with. Nothing proved rests on it.
 */
#ifndef ENGINE_BOUND_CLIMB_H
#define ENGINE_BOUND_CLIMB_H

#include "bound_price.h"

typedef struct bound_climb bound_climb;

/* aim: the cost of a plan, in parts. CR_E_NOMEM. */
cr_status bound_climb_new(const bound_nodes *b, int64_t aim, bound_climb **ret_climb);
bound_climb *bound_climb_free(bound_climb *climb);
CR_AUTO_DEFINE(bound_climb)

/* The rounds found at the last question, the least of each group first; rose: L is the highest so far. */
void bound_climb_note(bound_climb *climb, const bound_columns *columns, bool rose);

/* The next question, from the best so far; the same worth at all moments of a visit. */
void bound_climb_step(const bound_climb *climb, const int64_t *best, int64_t best_value, int64_t *ret_worth);

#endif
