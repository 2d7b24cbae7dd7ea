/* Worths that are held near to the best so far (see bound_master.h).
 *
 * In the primal a row may be served too little or too often, by a part of what it needs, at what it is worth at the
 * centre; and by more of it at a worth that is well above or below.
 */
#include "bound_master_internal.h"

#define FAR_AWAY  0.05 /* from there on a worth is far from the centre, in its own size, */
#define FAR_LEAST 1e-3 /* and in units of the master */

/* Columns of each worth: too little (below nothing: too often) at a worth near to the centre, then each far away. */
enum { HELD_NEAR, HELD_LITTLE, HELD_OFTEN, KINDS };

void bound_master_add_held(bound_master *master)
{
    int32_t n = KINDS * master->b->n_worths;
    master->first_held = glp_add_cols(master->lp, n);
    master->n_fixed_columns += n;
    for (int32_t k = 0; k < n; k++) {
        master->index[1] = k / KINDS + 1;
        master->value[1] = k % KINDS == HELD_OFTEN ? -1 : 1;
        glp_set_col_bnds(master->lp, master->first_held + k, GLP_FX, 0, 0);
        glp_set_mat_col(master->lp, master->first_held + k, 1, master->index, master->value);
    }
}

static void hold_worth(bound_master *master, int32_t worth, int32_t need)
{
    double at = (double)master->centre[worth] / master->scale, away = FAR_AWAY * at + FAR_LEAST;
    double near = need * master->hold.near, far = need * (master->hold.far - master->hold.near);
    int j = master->first_held + KINDS * worth;
    glp_set_obj_coef(master->lp, j + HELD_NEAR, at);
    glp_set_col_bnds(master->lp, j + HELD_NEAR, near > 0 ? GLP_DB : GLP_FX, near > 0 ? -near : 0, near);
    glp_set_obj_coef(master->lp, j + HELD_LITTLE, at + away);
    glp_set_obj_coef(master->lp, j + HELD_OFTEN, away - at);
    for (int kind = HELD_LITTLE; kind <= HELD_OFTEN; kind++)
        glp_set_col_bnds(master->lp, j + kind, far > 0 ? GLP_DB : GLP_FX, 0, far > 0 ? far : 0);
}

static void hold(void *info)
{
    bound_master *master = info;
    const bound_nodes *b = master->b;
    for (int32_t r = 0; r < b->n_rows; r++)
        for (int32_t k = 0; k < b->moments_of[b->rows[r].visit].n; k++)
            hold_worth(master, b->rows[r].worth + k, b->rows[r].need);
}

cr_status bound_master_hold(bound_master *master, const int64_t *centre, bound_hold how)
{
    master->centre = centre;
    master->hold = how;
    return bound_master_ask(master, hold);
}
