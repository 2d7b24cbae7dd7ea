/* Time held back of whoever suits, in a random problem: the last visits, as far as they are plain enough. */
#include "random_maker.h"

#define ANYWHERE_MOST 4

static bool is_plain(const maker *m, int32_t v)
{
    const cr_visit *visit = &m->p->visits[v];
    bool is_plain = visit->slots.n == 1 && visit->goods.n == 0;
    for (int32_t g = 0; g < m->p->n_gaps; g++)
        is_plain = is_plain && m->p->gaps[g].first != v && m->p->gaps[g].second != v;
    return is_plain;
}

void random_anywhere(maker *m)
{
    int32_t n = m->has.anywhere ? dice_between(&m->idle, 1, ANYWHERE_MOST) : 0;
    for (int32_t v = m->n_visits - 1; v >= 0 && n > 0 && is_plain(m, v); v--, n--) {
        cr_visit *visit = &m->p->visits[v];
        cr_slot *slot = &m->p->slots[visit->slots.first];
        visit->place = CR_NONE;
        visit->is_anywhere = true;
        visit->door = 0;
        visit->windows.n = 1;
        slot->sleeps = false;
        slot->sleep_price = 0;
    }
}
