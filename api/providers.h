/* Figures by provider: what the in-house team and each agency do in a plan. */
#ifndef API_PROVIDERS_H
#define API_PROVIDERS_H

#include "write.h"

typedef struct provider_figures {
    int32_t n_carers, n_carers_used;
    int32_t n_visits;            /* carer visits */
    int32_t n_double_ups;        /* of these, parts of a double-up */
    int32_t n_known, n_familiar; /* of these, clients with a history, and carers whom they know */
    cr_round_figures sum;
} provider_figures;

/* One for each provider of the day, and a last one for carers without. Yours to free; NULL without memory. */
provider_figures *provider_figures_make(const answer *a);

/* Was anything agreed with the provider? */
bool provider_has_contract(const cr_day *day, int32_t provider);

/* What its contract counts, what was agreed and what it comes to, in a line: "38 h 30 min of care (40 h paid for), 45
 * visits (at most 50), £412.00". Yours to free; NULL without memory. */
char *provider_contract_text(const answer *a, int32_t provider);

#endif
