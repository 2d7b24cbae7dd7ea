/* Goods of a random problem: what visits bring, take and pass on, and the room for it. */
#include "random_maker.h"

#define N_GOODS 2

static int32_t some_goods(maker *m)
{
    return dice_chance(&m->boot, 60) ? 0 : dice_between(&m->boot, 0, 3);
}

/* The second visit gets what is fetched at the first: by the same carer, both or neither. */
static void carry(maker *m, int32_t first, int32_t second)
{
    cr_gap gap = CR_GAP_INIT;
    cr_goods goods = {dice_between(&m->boot, 0, N_GOODS - 1), 0, dice_between(&m->boot, 1, 3)};
    gap.first = first;
    gap.second = second;
    gap.min = dice_between(&m->boot, 1, 10 * m->unit);
    gap.carers = CR_GAP_SAME;
    gap.both = true;
    must(cr_problem_add_goods(m->p, &goods, 1, &m->p->visits[first].goods));
    goods.takes = -goods.takes;
    must(cr_problem_add_goods(m->p, &goods, 1, &m->p->visits[second].goods));
    must(cr_problem_add_gap(m->p, &gap));
}

/* What visits bring, take away and pass on, and how much there is room for. */
void random_goods(maker *m)
{
    for (int32_t v = 0; m->has.goods && v < m->n_visits; v++) {
        cr_goods goods[N_GOODS];
        if (v + 1 < m->n_visits && dice_chance(&m->boot, 25)) {
            carry(m, v, v + 1);
            v++;
            continue;
        }
        for (int32_t kind = 0; kind < N_GOODS; kind++)
            goods[kind] = (cr_goods){kind, some_goods(m), some_goods(m)};
        must(cr_problem_add_goods(m->p, goods, N_GOODS, &m->p->visits[v].goods));
    }
    for (int32_t s = 0; m->has.goods && s < m->p->n_shifts; s++) {
        int32_t kind = dice_between(&m->boot, 0, N_GOODS - 1);
        int32_t most = m->size == RANDOM_TINY ? 5 : 15;
        cr_room rooms[2] = {{kind, dice_between(&m->boot, 1, most)},
                            {N_GOODS - 1 - kind, dice_between(&m->boot, 2, most)}};
        must(cr_problem_add_rooms(m->p, rooms, dice_between(&m->boot, 0, 2), &m->p->shifts[s].rooms));
    }
    for (int32_t b = 0; m->has.goods && b < m->p->n_breaks; b++) {
        cr_room room = {dice_between(&m->rest, 0, N_GOODS - 1), dice_between(&m->rest, 0, 4)};
        must(cr_problem_add_rooms(m->p, &room, dice_between(&m->rest, 0, 1), &m->p->breaks[b].rooms));
    }
    for (int32_t s = 0; m->has.goods && s < m->p->n_shifts; s++) { /* who shares a car has the breaks of the other */
        int32_t other = cr_problem_crew(m->p, s);
        for (int32_t k = 0; other != CR_NONE && other < s && k < m->p->shifts[s].breaks.n; k++)
            m->p->breaks[m->p->shifts[s].breaks.first + k].rooms =
                m->p->breaks[m->p->shifts[other].breaks.first + k].rooms;
    }
}
