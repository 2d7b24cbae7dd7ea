/* Providers of a random problem, their contracts, and whose carer somebody is. */
#include "random_maker.h"

/* Contracts are of hours that a few visits fill. */
static void add_provider(maker *m)
{
    dice *d = &m->later;
    cr_provider provider = CR_PROVIDER_INIT;
    cr_length_price by_length[3];
    int32_t n = dice_chance(d, 50) ? dice_between(d, 1, 3) : 0;
    for (int32_t k = 0; k < n; k++)
        by_length[k] = (cr_length_price){(k > 0 ? by_length[k - 1].up_to : 0) + m->unit * dice_between(d, 1, 30),
                                         m->price_unit * dice_between(d, 0, 300)};
    must(cr_problem_add_length_prices(m->p, by_length, n, &provider.by_length));
    if (dice_chance(d, 50)) {
        provider.block = m->unit * dice_between(d, 0, 120);
        provider.block_price = m->price_unit * dice_between(d, 0, 8);
    }
    provider.care_price = dice_chance(d, 50) ? m->price_unit * dice_between(d, 0, 8) : 0;
    if (dice_chance(d, 40)) {
        provider.least_care = m->unit * dice_between(d, 0, 120);
        provider.shortfall_price = m->price_unit * dice_between(d, 0, 8);
    }
    provider.max_care = dice_chance(d, 30) ? m->unit * dice_between(d, 10, 180) : CR_NONE;
    provider.max_slots = dice_chance(d, 30) ? dice_between(d, 0, 5) : CR_NONE;
    must(cr_problem_add_provider(m->p, &provider));
}

void random_providers(maker *m)
{
    for (int32_t i = 0; m->has.contracts && i < RANDOM_PROVIDERS; i++)
        add_provider(m);
}

int32_t random_provider(maker *m)
{
    const features *has = &m->has;
    dice *of_feature = has->providers   ? &m->more
                       : has->contracts ? &m->later
                       : has->agencies  ? &m->firm
                       : has->addresses ? &m->door
                                        : NULL;
    return of_feature ? dice_between(of_feature, CR_NONE, RANDOM_PROVIDERS - 1) : CR_NONE;
}
