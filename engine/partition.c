/* Set partitioning in GLPK. Its manual: sections 2.4 (problem), 5 (integer). */
#include "partition.h"

#include "glpk_guard.h"

#include <glpk.h>
#include <stdlib.h>

typedef struct run {
    const partition *p;
    bool *chosen;
    int32_t nodes_left;
    cr_status result;
    /* Plain memory, so that nothing of GLPK's is needed to free it after a fault. */
    int *index;
    double *value;
} run;

static void count_nodes(glp_tree *tree, void *info)
{
    run *r = info;
    if (glp_ios_reason(tree) == GLP_ISELECT && r->nodes_left-- <= 0)
        glp_ios_terminate(tree);
}

static void add_rows(glp_prob *lp, const partition *p)
{
    glp_add_rows(lp, p->n_rows + p->n_groups);
    for (int32_t i = 0; i < p->n_rows; i++)
        glp_set_row_bnds(lp, i + 1, GLP_FX, 1, 1);
    for (int32_t g = 0; g < p->n_groups; g++)
        glp_set_row_bnds(lp, p->n_rows + g + 1, GLP_UP, 0, 1);
}

static void add_columns(glp_prob *lp, run *r)
{
    const partition *p = r->p;
    glp_add_cols(lp, p->n_columns);
    for (int32_t j = 0; j < p->n_columns; j++) {
        const partition_column *column = &p->columns[j];
        int n = 0;
        for (int32_t i = 0; i < column->n_rows; i++) {
            r->index[++n] = column->rows[i] + 1;
            r->value[n] = 1;
        }
        r->index[++n] = p->n_rows + column->group + 1;
        r->value[n] = 1;
        glp_set_col_kind(lp, j + 1, GLP_BV);
        glp_set_obj_coef(lp, j + 1, column->cost);
        glp_set_mat_col(lp, j + 1, n, r->index, r->value);
    }
}

static cr_status optimise(glp_prob *lp, run *r)
{
    glp_iocp how;
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.presolve = GLP_ON;
    how.br_tech = GLP_BR_PCH;
    how.cb_func = count_nodes;
    how.cb_info = r;
    if (r->p->time_most_ms > 0)
        how.tm_lim = r->p->time_most_ms;
    glp_intopt(lp, &how); /* a stop is not an error: what counts is whether there is a solution */
    int status = glp_mip_status(lp);
    return status == GLP_OPT || status == GLP_FEAS ? CR_OK : CR_E_INPUT;
}

static void solve(void *info)
{
    run *r = info;
    glp_prob *lp = glp_create_prob();
    glp_set_obj_dir(lp, GLP_MIN);
    add_rows(lp, r->p);
    add_columns(lp, r);
    r->result = optimise(lp, r);
    for (int32_t j = 0; !r->result && j < r->p->n_columns; j++)
        r->chosen[j] = glp_mip_col_val(lp, j + 1) > 0.5;
    glp_delete_prob(lp);
}

cr_status partition_solve(const partition *p, bool *chosen)
{
    size_t most = (size_t)p->n_rows + 3;
    run r = {.p = p,
             .chosen = chosen,
             .nodes_left = p->nodes_most,
             .index = malloc(most * sizeof *r.index),
             .value = malloc(most * sizeof *r.value)};
    cr_status st = r.index && r.value ? CR_OK : CR_E_NOMEM;
    if (!st)
        st = glpk_guard(solve, &r) ? r.result : CR_E_INTERNAL;
    free(r.index);
    free(r.value);
    return st;
}

bool partition_is_threaded(void)
{
    return glp_config("TLS") != NULL;
}

void partition_thread_ends(void)
{
    if (partition_is_threaded()) /* otherwise it is everybody's */
        glp_free_env();
}
