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

/* On board behind so many of the stops. */
static int64_t load_behind(const cr_problem *p, int32_t kind, const int32_t *stops, int32_t n, int32_t k)
{
    int64_t load = 0;
    for (int32_t i = 0; i < n; i++)
        load += i < k ? goods_of_kind(p, stops[i], kind).takes : goods_of_kind(p, stops[i], kind).brings;
    return load;
}

static bool breaks_hold(const cr_problem *p, const int32_t *stops, int32_t n)
{
    for (int32_t k = 0; k < n; k++) {
        const cr_range rooms = stops[k] < p->n_slots ? (cr_range){0, 0} : p->breaks[stops[k] - p->n_slots].rooms;
        for (int32_t i = rooms.first; i < rooms.first + rooms.n; i++)
            if (load_behind(p, p->rooms[i].kind, stops, n, k) > p->rooms[i].most)
                return false;
    }
    return true;
}

bool on_board_holds(const cr_problem *p, int32_t shift, const int32_t *stops, int32_t n)
{
    const cr_range rooms = p->shifts[shift].rooms;
    for (int32_t i = rooms.first; i < rooms.first + rooms.n; i++) {
        int64_t now = load_behind(p, p->rooms[i].kind, stops, n, 0);
        for (int32_t k = 0; k < n && now <= p->rooms[i].most; k++) {
            cr_goods goods = goods_of_kind(p, stops[k], p->rooms[i].kind);
            now += (int64_t)goods.takes - goods.brings;
        }
        if (now > p->rooms[i].most)
            return false;
    }
    return breaks_hold(p, stops, n);
}

bool on_board_asks_breaks(const cr_problem *p, int32_t shift)
{
    const cr_range breaks = p->shifts[shift].breaks;
    for (int32_t b = breaks.first; b < breaks.first + breaks.n; b++)
        if (p->breaks[b].rooms.n > 0)
            return true;
    return false;
}
