/* A day whose ways all take the least: see bound_quickest.h. */
#include "bound_quickest.h"

void bound_quickest_done(cr_matrix **quickest)
{
    for (int32_t mode = 0; mode < CR_MODES_MAX; mode++)
        quickest[mode] = cr_matrix_free(quickest[mode]);
}

cr_status bound_make_quickest(cr_problem *p, cr_matrix **quickest)
{
    for (int32_t mode = 0; mode < p->n_modes; mode++) {
        cr_status st = cr_matrix_new(p->n_places, &quickest[mode]);
        if (st)
            return st;
        for (int32_t i = 0; i < p->n_places; i++)
            for (int32_t j = 0; j < p->n_places; j++)
                cr_matrix_set(quickest[mode], i, j, cr_problem_fastest(p, mode, i, j),
                              cr_problem_shortest(p, mode, i, j));
    }
    for (int32_t mode = 0; mode < p->n_modes; mode++)
        p->matrix[mode] = quickest[mode];
    p->n_periods = 0;
    p->prices.waiting = p->prices.waiting < p->prices.travel ? p->prices.waiting : p->prices.travel;
    return CR_OK;
}
