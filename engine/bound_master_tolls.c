/* Tolls in the master: where a shift serves more than its one of a visit (see bound_master.h). */
#include "bound_master_internal.h"

#define ABOVE_LEAST 0.01 /* of a shift at a visit, for a toll */

static void add_served(void *info, int32_t worth, double value)
{
    bound_master *master = info;
    if (worth < master->b->n_worths)
        master->served[master->b->moment_of[worth]] += value * master->share;
}

/* How far, in parts, the carers of a visit meet at a moment. */
static double met_at(const bound_master *master, int32_t visit, int32_t moment)
{
    const cr_range ends = master->b->ends_of[visit];
    double sum = 0;
    for (int32_t e = 0; e < ends.n; e++)
        if (master->b->ends[ends.first + e].moment == moment)
            sum += master->part[master->column[visit] + 1 + e];
    return sum;
}

/* Is more asked of a group at a moment of a visit than each of its shifts coming whenever its carers meet? */
static bool is_above(const bound_master *master, int32_t group, int32_t visit)
{
    const bound_nodes *b = master->b;
    const cr_range moments = b->moments_of[visit];
    for (int32_t k = 0; k < moments.n; k++)
        if (master->served[moments.first + k] > b->groups[group].count * met_at(master, visit, k) + ABOVE_LEAST)
            return true;
    return false;
}

static cr_status find_tolls(bound_master *master, int32_t group)
{
    const bound_nodes *b = master->b;
    for (int32_t k = 0; k < b->n_moments; k++)
        master->served[k] = 0;
    for (int32_t c = 0; c < master->columns.n; c++) {
        const bound_column *column = &master->columns.items[c];
        master->share = master->part[master->n_fixed_columns + 1 + c];
        for (int32_t k = 0; column->group == group && master->share > SPARE_LEAST && k < column->stays.n; k++)
            bound_master_tell(master, group, &master->columns.stays[column->stays.first + k], add_served, master);
    }
    for (int32_t v = 0; v < b->m->n_visits; v++) {
        if (b->rows_of[v].n == 0 || !bound_is_met(b, v) || *bound_master_toll(master, group, v) != CR_NONE ||
            !is_above(master, group, v))
            continue;
        int32_t worth = master->tolls->n_worths;
        cr_status st = bound_tolls_add(b, master->tolls, group, v);
        if (st)
            return st;
        *bound_master_toll(master, group, v) = worth;
    }
    return CR_OK;
}

typedef struct toll_row {
    bound_master *master;
    int32_t worth; /* whose row it is */
    double value;  /* of the column at hand */
} toll_row;

static void add_toll(void *info, int32_t worth, double value)
{
    toll_row *row = info;
    if (worth == row->worth)
        row->value += value;
}

static void add_toll_row(bound_master *master, const bound_toll *toll, int32_t moment)
{
    const bound_nodes *b = master->b;
    toll_row row = {master, toll->worth + moment, 0};
    const cr_range ends = b->ends_of[toll->visit];
    int n = 0, i = bound_master_row(master, row.worth);
    for (int32_t e = 0; e < ends.n; e++) {
        if (b->ends[ends.first + e].moment != moment)
            continue;
        master->index[++n] = master->column[toll->visit] + 1 + e;
        master->value[n] = b->groups[toll->group].count;
    }
    for (int32_t c = 0; c < master->columns.n; c++) {
        const bound_column *column = &master->columns.items[c];
        row.value = 0;
        for (int32_t k = column->stays.first; column->group == toll->group && k < column->stays.first + column->stays.n;
             k++)
            bound_master_tell(master, toll->group, &master->columns.stays[k], add_toll, &row);
        if (row.value == 0)
            continue;
        master->index[++n] = master->n_fixed_columns + 1 + c;
        master->value[n] = row.value;
    }
    glp_set_row_bnds(master->lp, i, GLP_LO, 0, 0);
    glp_set_mat_row(master->lp, i, n, master->index, master->value);
}

void bound_master_toll_rows(void *info)
{
    bound_master *master = info;
    for (int32_t t = master->first; t < master->tolls->n; t++) {
        int32_t n = master->b->moments_of[master->tolls->items[t].visit].n;
        glp_add_rows(master->lp, n);
        for (int32_t k = 0; k < n; k++)
            add_toll_row(master, &master->tolls->items[t], k);
    }
}

cr_status bound_master_add_tolls(bound_master *master, bool *ret_added)
{
    master->first = master->tolls->n;
    for (int32_t g = 0; g < master->b->n_groups; g++) {
        cr_status st = find_tolls(master, g);
        if (st)
            return st;
    }
    *ret_added = master->tolls->n > master->first;
    return *ret_added ? bound_master_ask(master, bound_master_toll_rows) : CR_OK;
}
