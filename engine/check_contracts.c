/* The checker and the contracts with providers: how much care their carers give, and what it comes to. */
#include "check_contracts.h"

#include "check_inside.h"

typedef struct given {
    int64_t care, slots, by_length;
} given;

int64_t cr_contract_price_of_length(const cr_problem *p, cr_range by_length, int64_t length)
{
    int64_t price = 0;
    if (by_length.n == 0 || length == 0)
        return 0;
    const cr_length_price *steps = p->length_prices + by_length.first, *last = &steps[by_length.n - 1];
    cr_checking_add_priced(&price, last->price, length / last->up_to);
    length %= last->up_to;
    for (int32_t k = 0; k < by_length.n && length > 0; k++)
        if (length <= steps[k].up_to) {
            cr_checking_add_cost(&price, steps[k].price);
            length = 0;
        }
    return price;
}

static given given_by(const cr_checking *c, int32_t provider)
{
    const cr_problem *p = c->problem;
    given sum = {0, 0, 0};
    for (int32_t i = 0; i < p->n_slots; i++) {
        int32_t carer = c->served[i].carer;
        if (carer == CR_NONE || p->carers[carer].provider != provider)
            continue;
        int64_t care = p->slots[i].sleeps ? 0 : p->slots[i].duration;
        sum.slots++;
        sum.care += care;
        cr_checking_add_cost(&sum.by_length, cr_contract_price_of_length(p, p->providers[provider].by_length, care));
    }
    return sum;
}

static void add(cr_checking *c, cr_rule rule, int32_t provider, int64_t is, int32_t should)
{
    if (should == CR_NONE || is <= should)
        return;
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = rule;
    breach.item = provider;
    breach.is = is;
    breach.should = should;
    cr_checking_add(c, &breach);
}

void cr_checking_contracts(cr_checking *c)
{
    for (int32_t i = 0; i < c->problem->n_providers; i++) {
        const cr_provider *provider = &c->problem->providers[i];
        given sum = given_by(c, i);
        add(c, CR_RULE_PROVIDER_CARE, i, sum.care, provider->max_care);
        add(c, CR_RULE_PROVIDER_SLOTS, i, sum.slots, provider->max_slots);
    }
}

int64_t cr_contract_price(const cr_provider *provider, int64_t care)
{
    int64_t price = 0;
    cr_checking_add_priced(&price, provider->block_price, provider->block);
    if (care > provider->block)
        cr_checking_add_priced(&price, provider->care_price, care - provider->block);
    if (care < provider->least_care)
        cr_checking_add_priced(&price, provider->shortfall_price, provider->least_care - care);
    return price;
}

void cr_checking_contract_cost(cr_checking *c, int64_t *term)
{
    for (int32_t i = 0; i < c->problem->n_providers; i++) {
        given sum = given_by(c, i);
        cr_checking_add_cost(&term[CR_TERM_CONTRACTS], sum.by_length);
        cr_checking_add_cost(&term[CR_TERM_CONTRACTS], cr_contract_price(&c->problem->providers[i], sum.care));
    }
}
