/* Visits that are served both or neither: while places are looked for, one of the two may stand alone; before the plan
 * is priced, it is taken out again. */
#include "halves.h"

#include "ruin.h"

#include <stdlib.h>

cr_status halves_compile(model *m)
{
    const cr_problem *p = m->p;
    m->both_gaps = malloc(((size_t)p->n_gaps + 1) * sizeof *m->both_gaps);
    if (!m->both_gaps)
        return CR_E_NOMEM;
    for (int32_t g = 0; g < p->n_gaps; g++)
        if (p->gaps[g].both)
            m->both_gaps[m->n_both_gaps++] = g;
    return CR_OK;
}

/* The visit of gap g that is served without the other; CR_NONE. */
static int32_t alone(const rota *x, int32_t g)
{
    const cr_gap *gap = &x->m->p->gaps[g];
    bool has_first = rota_is_served(x, gap->first);
    return has_first == rota_is_served(x, gap->second) ? CR_NONE : has_first ? gap->first : gap->second;
}

bool halves_hold(const rota *x)
{
    for (int32_t i = 0; i < x->m->n_both_gaps; i++)
        if (alone(x, x->m->both_gaps[i]) != CR_NONE)
            return false;
    return true;
}

bool halves_drop(rota *x, pricer *price)
{
    const model *m = x->m;
    bool is_changed = false, is_done = false;
    while (!is_done) {
        is_done = true;
        for (int32_t i = 0; i < m->n_both_gaps; i++) {
            int32_t visit = alone(x, m->both_gaps[i]);
            if (visit == CR_NONE)
                continue;
            ruin_take_out(x, price, visit);
            is_changed = true;
            is_done = false; /* a third may have needed it */
        }
    }
    return !is_changed || rota_propagate(x, false);
}
