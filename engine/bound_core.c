/* The core of the bound's problem: see bound_core.h. */
#include "bound_core.h"

#include <stdlib.h>
#include <string.h>

struct bound_core {
    const bound_nodes *b;
    bound_nodes view; /* all is the problem's but these two */
    int32_t *ids;
    bound_group *groups;
    bool *has; /* [group * visits + visit] */
};

bound_core *bound_core_free(bound_core *core)
{
    if (core) {
        free(core->ids);
        free(core->groups);
        free(core->has);
        free(core);
    }
    return NULL;
}

static size_t n_flags(const bound_nodes *b)
{
    return (size_t)b->n_groups * (size_t)b->m->n_visits;
}

static size_t n_ids(const bound_nodes *b)
{
    const bound_group *last = b->n_groups > 0 ? &b->groups[b->n_groups - 1] : NULL;
    return last ? (size_t)last->nodes.first + (size_t)last->nodes.n : 0;
}

cr_status bound_core_new(const bound_nodes *b, const bound_core *old, bound_core **ret_core)
{
    cr_auto(bound_core) core = calloc(1, sizeof *core);
    if (!core)
        return CR_E_NOMEM;
    core->b = b;
    core->view = *b;
    core->ids = core->view.ids = malloc((n_ids(b) + 1) * sizeof *core->ids);
    core->groups = core->view.groups = malloc(((size_t)b->n_groups + 1) * sizeof *core->groups);
    core->has = calloc(n_flags(b) + 1, sizeof *core->has);
    if (!core->ids || !core->groups || !core->has)
        return CR_E_NOMEM;
    if (n_ids(b) > 0)
        memcpy(core->ids, b->ids, n_ids(b) * sizeof *core->ids);
    if (b->n_groups > 0)
        memcpy(core->groups, b->groups, (size_t)b->n_groups * sizeof *core->groups);
    if (old)
        memcpy(core->has, old->has, n_flags(b) * sizeof *core->has);
    *ret_core = bound_core_take(&core);
    return CR_OK;
}

void bound_core_add(bound_core *core, const bound_columns *columns)
{
    for (int32_t c = 0; c < columns->n; c++) {
        const bound_column *column = &columns->items[c];
        bool *has = core->has + (size_t)column->group * (size_t)core->b->m->n_visits;
        for (int32_t k = column->stays.first; k < column->stays.first + column->stays.n; k++)
            has[core->b->rows[columns->stays[k].row].visit] = true;
    }
}

const bound_nodes *bound_core_view(const bound_core *core)
{
    return &core->view;
}

void bound_core_renew(bound_core *core)
{
    const bound_nodes *b = core->b;
    for (int32_t g = 0; g < b->n_groups; g++) {
        const bool *has = core->has + (size_t)g * (size_t)b->m->n_visits;
        const cr_range all = b->groups[g].nodes;
        core->groups[g].nodes.n = 0;
        for (int32_t k = all.first; k < all.first + all.n; k++)
            if (has[b->nodes[b->ids[k]].visit])
                core->ids[all.first + core->groups[g].nodes.n++] = b->ids[k];
    }
}

double bound_core_share(const bound_core *core)
{
    double n = 0;
    for (int32_t g = 0; g < core->b->n_groups; g++)
        n += core->groups[g].nodes.n;
    return n > 0 ? n / (double)n_ids(core->b) : 0;
}
