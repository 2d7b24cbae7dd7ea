/* Is there room on board, all along a round? */
#include "on_board.h"

static cr_goods goods_of_kind(const cr_problem *p, int32_t stop, int32_t kind)
{
    const cr_range goods = stop < p->n_slots ? p->visits[p->slots[stop].visit].goods : (cr_range){0, 0};
    for (int32_t i = goods.first; i < goods.first + goods.n; i++)
        if (p->goods[i].kind == kind)
            return p->goods[i];
    return (cr_goods){.kind = kind};
}

bool on_board_holds(const cr_problem *p, int32_t shift, const int32_t *stops, int32_t n)
{
    const cr_range rooms = p->shifts[shift].rooms;
    for (int32_t i = rooms.first; i < rooms.first + rooms.n; i++) {
        int64_t now = 0;
        for (int32_t k = 0; k < n; k++)
            now += goods_of_kind(p, stops[k], p->rooms[i].kind).brings;
        for (int32_t k = 0; k < n && now <= p->rooms[i].most; k++) {
            cr_goods goods = goods_of_kind(p, stops[k], p->rooms[i].kind);
            now += (int64_t)goods.takes - goods.brings;
        }
        if (now > p->rooms[i].most)
            return false;
    }
    return true;
}
