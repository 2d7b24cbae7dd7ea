/* All groups: see bound_pricers.h. */
#include "bound_pricers.h"

#include "workers.h"

#include <stdlib.h>

#define NEAR 0.8 /* of a group's least round the last time: as cheap another is looked for quickly */

/* What pricing says of a group. */
typedef struct priced {
    bound_columns columns;
    int64_t least;
    bool is_done;
} priced;

struct bound_pricers {
    const bound_nodes *b;
    bool (*should_stop)(void *);
    void *user;
    int32_t n; /* one for each thread */
    bound_pricer **items;
    bound_ways *ways;
    priced *priced; /* of each group, in the last run */
    /* of the run */
    const int64_t *worth;
    const bound_tolls *tolls;
};

bound_pricers *bound_pricers_free(bound_pricers *all)
{
    if (all) {
        for (int32_t k = 0; all->items && k < all->n; k++)
            bound_pricer_free(all->items[k]);
        free(all->items);
        bound_ways_free(all->ways);
        for (int32_t g = 0; all->priced && g < all->b->n_groups; g++)
            bound_columns_done(&all->priced[g].columns);
        free(all->priced);
        free(all);
    }
    return NULL;
}

cr_status bound_pricers_new(const bound_nodes *b, int32_t n_threads, bool (*should_stop)(void *), void *user,
                            bound_pricers **ret_pricers)
{
    cr_auto(bound_pricers) all = calloc(1, sizeof *all);
    if (!all)
        return CR_E_NOMEM;
    all->b = b;
    all->should_stop = should_stop;
    all->user = user;
    all->n = n_threads < b->n_groups ? n_threads : b->n_groups;
    all->n = all->n < 1 ? 1 : all->n;
    all->items = calloc((size_t)all->n, sizeof *all->items);
    all->priced = calloc((size_t)b->n_groups + 1, sizeof *all->priced);
    if (!all->items || !all->priced)
        return CR_E_NOMEM;
    cr_status st = bound_ways_new(b, &all->ways);
    for (int32_t k = 0; !st && k < all->n; k++)
        st = bound_pricer_new(b, all->ways, should_stop, user, &all->items[k]);
    if (!st)
        *ret_pricers = bound_pricers_take(&all);
    return st;
}

static cr_status price_one(int32_t group, int32_t worker, void *user)
{
    bound_pricers *all = user;
    priced *ret = &all->priced[group];
    ret->columns.n = 0;
    ret->columns.n_stays = 0;
    ret->is_done = false;
    if (all->should_stop(all->user))
        return CR_OK;
    int64_t below = (int64_t)(NEAR * (double)ret->least); /* of the last run */
    cr_status st = bound_price(all->items[worker], group, all->worth, all->tolls, below, &ret->columns, &ret->least);
    ret->is_done = !st;
    return st;
}

cr_status bound_pricers_run(bound_pricers *all, const int64_t *worth, const bound_tolls *tolls, bound_columns *list,
                            int64_t *ret_sum, bool *ret_done)
{
    const bound_nodes *b = all->b;
    int64_t sum = 0;
    bool done = true;
    all->worth = worth;
    all->tolls = tolls;
    cr_status st = workers_run(all->n, b->n_groups, price_one, all);
    for (int32_t g = 0; !st && done && g < b->n_groups; g++) {
        done = all->priced[g].is_done;
        if (done)
            st = bound_columns_add_all(list, &all->priced[g].columns);
        sum = bound_plus(sum, all->priced[g].least, b->groups[g].count);
    }
    if (st)
        return st;
    *ret_done = done && !all->should_stop(all->user);
    *ret_sum = sum;
    return CR_OK;
}

void bound_pricers_renew(bound_pricers *all)
{
    bound_ways_forget(all->ways);
}

int64_t bound_pricers_labels(const bound_pricers *all)
{
    int64_t labels = 0;
    for (int32_t k = 0; k < all->n; k++)
        labels += bound_pricer_labels(all->items[k]);
    return labels;
}
