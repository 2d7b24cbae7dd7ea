/* Caps of contracts with providers, for the explanations: most care, most visits. */
#include "cost.h"
#include "explain_internal.h"

#include <stdlib.h>

/* The provider whose contract the carer's visits count in; CR_NONE. */
static int32_t contract_of(const cr_problem *p, int32_t carer)
{
    return p->n_providers > 0 ? p->carers[carer].provider : CR_NONE;
}

cr_status contracts_note(explainer *x)
{
    const cr_problem *p = x->given;
    x->provider_care = calloc((size_t)p->n_providers + 1, sizeof *x->provider_care);
    x->provider_slots = calloc((size_t)p->n_providers + 1, sizeof *x->provider_slots);
    if (!x->provider_care || !x->provider_slots)
        return CR_E_NOMEM;
    for (int32_t r = 0; r < x->plan->n_rounds; r++)
        for (int32_t k = 0; k < x->plan->rounds[r].stops.n; k++) {
            int32_t slot = x->plan->stops[x->plan->rounds[r].stops.first + k].slot;
            int32_t provider = contract_of(p, p->shifts[x->plan->rounds[r].shift].carer);
            if (slot == CR_NONE || provider == CR_NONE)
                continue;
            x->provider_care[provider] += cr_problem_contract_care(p, slot);
            x->provider_slots[provider]++;
        }
    return CR_OK;
}

static bool keeps(const cr_provider *provider, int64_t care, int64_t n_slots)
{
    return (provider->max_care == CR_NONE || care <= provider->max_care) &&
           (provider->max_slots == CR_NONE || n_slots <= provider->max_slots);
}

bool contracts_leave_room(const explainer *x, const placement *team, int32_t n)
{
    const cr_problem *p = x->given;
    for (int32_t i = 0; i < n; i++) {
        int32_t provider = contract_of(p, p->shifts[team[i].shift].carer);
        if (provider == CR_NONE)
            continue;
        int64_t care = x->provider_care[provider], n_slots = x->provider_slots[provider];
        for (int32_t k = 0; k < n; k++) {
            if (contract_of(p, p->shifts[team[k].shift].carer) != provider)
                continue;
            care += cr_problem_contract_care(p, team[k].slot);
            n_slots++;
        }
        if (!keeps(&p->providers[provider], care, n_slots))
            return false;
    }
    return true;
}

int64_t contract_growth(const explainer *x, int32_t slot, int32_t carer)
{
    const cr_problem *p = x->given;
    int32_t provider = contract_of(p, carer);
    if (provider == CR_NONE)
        return 0;
    int64_t care = x->provider_care[provider];
    return contract_cost(&p->providers[provider], care + cr_problem_contract_care(p, slot)) -
           contract_cost(&p->providers[provider], care);
}

bool contracts_are_kept(const cr_problem *p, const int32_t *slots, const int32_t *carers, int32_t n)
{
    for (int32_t provider = 0; provider < p->n_providers; provider++) {
        int64_t care = 0, n_slots = 0;
        for (int32_t i = 0; i < n; i++) {
            bool counts = contract_of(p, carers[i]) == provider;
            care += counts ? cr_problem_contract_care(p, slots[i]) : 0;
            n_slots += counts;
        }
        if (!keeps(&p->providers[provider], care, n_slots))
            return false;
    }
    return true;
}
