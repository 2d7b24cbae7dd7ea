/* The least way to a node: see bound_ways.h. */
#include "bound_ways.h"

#include <stdlib.h>

struct bound_ways {
    const bound_nodes *b;
    bound_least_way **to; /* [group][node]; NULL: not open */
};

bound_ways *bound_ways_free(bound_ways *ways)
{
    if (ways) {
        for (int32_t g = 0; ways->to && g < ways->b->n_groups; g++)
            free(ways->to[g]);
        free(ways->to);
        free(ways);
    }
    return NULL;
}

cr_status bound_ways_new(const bound_nodes *b, bound_ways **ret_ways)
{
    cr_auto(bound_ways) ways = calloc(1, sizeof *ways);
    if (!ways)
        return CR_E_NOMEM;
    ways->b = b;
    ways->to = calloc((size_t)b->n_groups + 1, sizeof *ways->to);
    if (!ways->to)
        return CR_E_NOMEM;
    *ret_ways = bound_ways_take(&ways);
    return CR_OK;
}

void bound_ways_forget(bound_ways *ways)
{
    for (int32_t g = 0; g < ways->b->n_groups; g++) {
        free(ways->to[g]);
        ways->to[g] = NULL;
    }
}

cr_status bound_ways_open(bound_ways *ways, int32_t group)
{
    if (!ways->to[group])
        ways->to[group] = calloc((size_t)ways->b->groups[group].nodes.n + 1, sizeof **ways->to);
    return ways->to[group] ? CR_OK : CR_E_NOMEM;
}

static bound_least_way find(const bound_nodes *b, const bound_group *group, const bound_node *to)
{
    const model_shift *shift = &b->m->shifts[group->shift];
    bound_least_way least = {COST_NEVER, INT32_MAX, true};
    for (int32_t k = -1; k < group->nodes.n; k++) {
        const bound_node *from = k < 0 ? NULL : &b->nodes[b->ids[group->nodes.first + k]];
        int32_t time;
        int64_t cost;
        if ((from && from->visit == to->visit) ||
            !bound_way(b, shift, from ? from->place : shift->start_place, to, &time, &cost))
            continue;
        least.time = time < least.time ? time : least.time;
        least.cost = cost < least.cost ? cost : least.cost;
    }
    return least;
}

const bound_least_way *bound_ways_least(bound_ways *ways, int32_t group, int32_t node)
{
    const bound_nodes *b = ways->b;
    bound_least_way *least = &ways->to[group][node];
    if (!least->is_known)
        *least = find(b, &b->groups[group], &b->nodes[b->ids[b->groups[group].nodes.first + node]]);
    return least;
}
