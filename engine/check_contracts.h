/* What contracts with providers come to, for those who judge and count (check*.c, report.c). The search has its own
 * sums and must not use these.
 */
#ifndef ENGINE_CHECK_CONTRACTS_H
#define ENGINE_CHECK_CONTRACTS_H

#include "careround/problem.h"

/* What a slot of this length is paid. */
int64_t cr_contract_price_of_length(const cr_problem *problem, cr_range by_length, int64_t length);

/* What so much care is paid, prices by length aside. */
int64_t cr_contract_price(const cr_provider *provider, int64_t care);

#endif
