/* Who has been where before, in a random problem. */
#include "random_maker.h"

/* Some of the visits were so long ago that they are not counted as lately. */
static void forget_some(maker *m)
{
    cr_familiar *seen = &m->p->familiar[m->p->n_familiar - 1];
    if (dice_chance(&m->seen, 30))
        seen->n_lately = dice_between(&m->seen, 0, seen->n_visits);
}

void random_history(maker *m)
{
    for (int32_t client = 0; m->has.history && client < m->p->n_clients; client++)
        for (int32_t carer = 0; carer < m->p->n_carers; carer++)
            if (chance(m, 40)) {
                must(cr_problem_add_familiar(m->p, client, carer, between(m, 0, 5)));
                forget_some(m);
            }
    for (int32_t client = 0; m->has.history && client < m->p->n_clients; client++)
        if (dice_chance(&m->seen, 20)) {
            must(cr_problem_add_familiar(m->p, client, CR_NONE, dice_between(&m->seen, 0, 3)));
            forget_some(m);
        }
}
