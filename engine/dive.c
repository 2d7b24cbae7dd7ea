/* Diving: see dive.h. GLPK's manual: sections 2.4 (problem), 2.8 (simplex). */
#include "dive.h"

#include "glpk_guard.h"

#include <glpk.h>
#include <stdlib.h>

#define NOTHING 1e-6 /* of a column */
#define WHOLE   0.999

typedef struct run {
    const dive *d;
    bool *chosen;
    cr_status result;
    /* Plain memory, so that nothing of GLPK's is needed to free it after a fault. */
    int *index;
    double *value;
} run;

static void add_rows(glp_prob *lp, const dive *d)
{
    glp_add_rows(lp, d->n_rows + d->n_groups);
    for (int32_t i = 0; i < d->n_rows; i++)
        glp_set_row_bnds(lp, i + 1, GLP_LO, d->needs[i], 0);
    for (int32_t g = 0; g < d->n_groups; g++)
        glp_set_row_bnds(lp, d->n_rows + g + 1, GLP_UP, 0, d->counts[g]);
}

static void add_column(glp_prob *lp, run *r, double cost, int n)
{
    int j = glp_add_cols(lp, 1);
    glp_set_col_bnds(lp, j, GLP_LO, 0, 0);
    glp_set_obj_coef(lp, j, cost);
    glp_set_mat_col(lp, j, n, r->index, r->value);
}

static void add_columns(glp_prob *lp, run *r)
{
    const dive *d = r->d;
    for (int32_t i = 1; i <= d->n_rows + 1; i++)
        r->value[i] = 1;
    for (int32_t j = 0; j < d->n_columns; j++) {
        const partition_column *column = &d->columns[j];
        int n = 0;
        for (int32_t i = 0; i < column->n_rows; i++)
            r->index[++n] = column->rows[i] + 1;
        r->index[++n] = d->n_rows + column->group + 1;
        add_column(lp, r, column->cost, n);
    }
    for (int32_t i = 0; i < d->n_rows; i++) {
        r->index[1] = i + 1;
        add_column(lp, r, d->left_out, 1);
    }
}

static bool answer(glp_prob *lp, const dive *d, int method)
{
    if (d->should_stop && d->should_stop(d->user))
        return false;
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = method;
    if (d->time_most_ms > 0)
        how.tm_lim = d->time_most_ms;
    return glp_simplex(lp, &how) == 0 && glp_get_status(lp) == GLP_OPT;
}

/* Fix what is whole, and of the rest the largest. False: there is no rest. */
static bool fix_some(glp_prob *lp, int n_columns)
{
    int largest = 0;
    double most = NOTHING;
    for (int j = 1; j <= n_columns; j++) {
        double part = glp_get_col_prim(lp, j);
        if (glp_get_col_type(lp, j) == GLP_FX)
            continue;
        if (part > WHOLE)
            glp_set_col_bnds(lp, j, GLP_FX, 1, 1);
        else if (part > most) {
            most = part;
            largest = j;
        }
    }
    if (largest > 0)
        glp_set_col_bnds(lp, largest, GLP_FX, 1, 1);
    return largest > 0;
}

static void solve(void *info)
{
    run *r = info;
    const dive *d = r->d;
    glp_prob *lp = glp_create_prob();
    glp_set_obj_dir(lp, GLP_MIN);
    add_rows(lp, d);
    add_columns(lp, r);
    bool has_answer = answer(lp, d, GLP_PRIMAL);
    for (int32_t k = 0; has_answer && k < d->n_columns && fix_some(lp, d->n_columns); k++)
        has_answer = answer(lp, d, GLP_DUALP); /* a column fixed leaves the prices as good as they were */
    for (int32_t j = 0; has_answer && j < d->n_columns; j++)
        r->chosen[j] = glp_get_col_prim(lp, j + 1) > 0.5;
    r->result = has_answer ? CR_OK : CR_E_INPUT;
    glp_delete_prob(lp);
}

cr_status dive_solve(const dive *d, bool *chosen)
{
    size_t most = (size_t)d->n_rows + 3;
    run r = {
        .d = d, .chosen = chosen, .index = malloc(most * sizeof *r.index), .value = malloc(most * sizeof *r.value)};
    cr_status st = r.index && r.value ? CR_OK : CR_E_NOMEM;
    if (!st)
        st = glpk_guard(solve, &r) ? r.result : CR_E_INTERNAL;
    free(r.index);
    free(r.value);
    return st;
}
