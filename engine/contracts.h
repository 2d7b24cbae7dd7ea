/* Contracts with providers, as the rota has them: docs/model.md sections 3 and 4.
 *
 * The care and the slots of each provider are kept as slots come and go, so that a cap is one comparison and what one
 * slot more costs is the difference of two sums. Where no provider has limits or prices over all of its care
 * (model.has_contracts), nobody calls this; prices by length are among the costs of slot and carer.
 */
#ifndef ENGINE_CONTRACTS_H
#define ENGINE_CONTRACTS_H

#include "rota.h"

/* Sets has_contracts; before the shifts are compiled. */
void contracts_compile(model *m);

/* A slot comes to the round (sign 1) or leaves it (-1). */
void contracts_count(rota *x, int32_t slot, int32_t r, int32_t sign);

/* What the contract of the round's provider costs, as it is; those of all providers. */
int64_t contracts_cost_of_round(const rota *x, int32_t r);
int64_t contracts_cost(const rota *x);

/* What more it costs if the round's carer serves the slot too. */
int64_t contracts_grow(const rota *x, int32_t slot, int32_t r);

/* Do the caps of the provider leave room for the slot? */
bool contracts_allow(const rota *x, int32_t slot, int32_t r);

/* Do the caps leave room for all slots of a visit that is in no round, each in the round of its place in the list? */
bool contracts_allow_all(const rota *x, int32_t visit, const int32_t *rounds);

/* Are all caps kept? */
bool contracts_hold(const rota *x);

#endif
