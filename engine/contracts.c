/* How much care and how many slots each provider has in the rota. */
#include "contracts.h"

#include "cost.h"

static bool has_sum(const cr_provider *provider)
{
    return (provider->block > 0 && provider->block_price > 0) || provider->care_price > 0 ||
           (provider->least_care > 0 && provider->shortfall_price > 0) || provider->max_care != CR_NONE ||
           provider->max_slots != CR_NONE;
}

void contracts_compile(model *m)
{
    const cr_problem *p = m->p;
    for (int32_t i = 0; i < p->n_providers; i++)
        m->has_contracts = m->has_contracts || has_sum(&p->providers[i]);
}

static int32_t *care_of(const rota *x, int32_t provider)
{
    return &x->pool[x->at_provider_care + (size_t)provider];
}

static int32_t *slots_of(const rota *x, int32_t provider)
{
    return &x->pool[x->at_provider_slots + (size_t)provider];
}

void contracts_count(rota *x, int32_t slot, int32_t r, int32_t sign)
{
    int32_t provider = x->m->shifts[r].contract;
    if (provider == CR_NONE)
        return;
    int32_t *care = care_of(x, provider), *slots = slots_of(x, provider);
    rota_put(x, care, *care + sign * cr_problem_contract_care(x->m->p, slot));
    rota_put(x, slots, *slots + sign);
}

int64_t contracts_cost_of_round(const rota *x, int32_t r)
{
    int32_t provider = x->m->shifts[r].contract;
    return provider == CR_NONE ? 0 : contract_cost(&x->m->p->providers[provider], *care_of(x, provider));
}

int64_t contracts_cost(const rota *x)
{
    int64_t cost = 0;
    for (int32_t i = 0; i < x->m->p->n_providers; i++)
        cost += contract_cost(&x->m->p->providers[i], *care_of(x, i));
    return cost;
}

int64_t contracts_grow(const rota *x, int32_t slot, int32_t r)
{
    int32_t provider = x->m->shifts[r].contract;
    if (provider == CR_NONE)
        return 0;
    const cr_provider *contract = &x->m->p->providers[provider];
    int64_t care = *care_of(x, provider);
    return contract_cost(contract, care + cr_problem_contract_care(x->m->p, slot)) - contract_cost(contract, care);
}

/* So much more, of so many slots. */
static bool has_room(const rota *x, int32_t provider, int64_t care, int32_t n_slots)
{
    const cr_provider *contract = &x->m->p->providers[provider];
    return (contract->max_care == CR_NONE || *care_of(x, provider) + care <= contract->max_care) &&
           (contract->max_slots == CR_NONE || *slots_of(x, provider) + n_slots <= contract->max_slots);
}

bool contracts_allow(const rota *x, int32_t slot, int32_t r)
{
    int32_t provider = x->m->shifts[r].contract;
    return provider == CR_NONE || has_room(x, provider, cr_problem_contract_care(x->m->p, slot), 1);
}

bool contracts_allow_all(const rota *x, int32_t visit, const int32_t *rounds)
{
    const cr_range slots = x->m->p->visits[visit].slots;
    for (int32_t i = 0; i < slots.n; i++) {
        int32_t provider = x->m->shifts[rounds[i]].contract, n = 0;
        int64_t care = 0;
        for (int32_t k = 0; k < slots.n; k++)
            if (x->m->shifts[rounds[k]].contract == provider) {
                care += cr_problem_contract_care(x->m->p, slots.first + k);
                n++;
            }
        if (provider != CR_NONE && !has_room(x, provider, care, n))
            return false;
    }
    return true;
}

bool contracts_hold(const rota *x)
{
    for (int32_t i = 0; i < x->m->p->n_providers; i++)
        if (!has_room(x, i, 0, 0))
            return false;
    return true;
}
