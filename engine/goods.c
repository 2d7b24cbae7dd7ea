/* Goods on board along a round.
 *
 * With L(k) on board behind k stops, a visit put in behind k of them that brings b and takes t adds b to L(0)..L(k),
 * and t to what comes after. So the most up to each place and the most from there on say at once whether it fits ("max
 * load" segments of Vidal, Crainic, Gendreau and Prins 2014, "A unified solution framework for multi-attribute vehicle
 * routing problems", European Journal of Operational Research 234). A break that leaves less room than the shift has
 * counts as a load that is larger by as much, between its stops. They are worked out when a round that has changed
 * is first asked for.
 */
#include "goods.h"

#include <math.h>
#include <stdlib.h>

/* ---- compiled ---- */

static void bind_by(const cr_problem *p, cr_range rooms, const int64_t *all, bool *binds)
{
    for (int32_t i = rooms.first; i < rooms.first + rooms.n; i++)
        binds[p->rooms[i].kind] = binds[p->rooms[i].kind] || p->rooms[i].most < all[p->rooms[i].kind];
}

/* A number for each kind that binds; CR_NONE for the others. */
static int32_t number_kinds(const cr_problem *p, int32_t *number)
{
    int64_t all[CR_GOODS_MOST] = {0};
    bool binds[CR_GOODS_MOST] = {false};
    int32_t n = 0;
    for (int32_t v = 0; v < p->n_visits; v++)
        for (int32_t i = 0; i < p->visits[v].goods.n; i++) {
            const cr_goods *g = &p->goods[p->visits[v].goods.first + i];
            all[g->kind] += g->brings + (int64_t)(g->takes > 0 ? g->takes : 0);
        }
    for (int32_t s = 0; s < p->n_shifts; s++)
        bind_by(p, p->shifts[s].rooms, all, binds);
    for (int32_t b = 0; b < p->n_breaks; b++)
        bind_by(p, p->breaks[b].rooms, all, binds);
    for (int32_t kind = 0; kind < CR_GOODS_MOST; kind++)
        number[kind] = binds[kind] ? n++ : CR_NONE;
    return n;
}

static void fill_visits(model *m, const int32_t *number)
{
    const cr_problem *p = m->p;
    for (int32_t v = 0; v < m->n_visits; v++) {
        const cr_range goods = p->visits[v].goods;
        m->put_down_at[v] = CR_NONE;
        for (int32_t i = goods.first; i < goods.first + goods.n; i++) {
            int32_t kind = number[p->goods[i].kind];
            if (kind == CR_NONE)
                continue;
            m->goods[(size_t)v * (size_t)m->n_goods + (size_t)kind] =
                (model_goods){p->goods[i].brings, p->goods[i].takes};
            m->starts[v].has_goods = true;
        }
    }
}

static bool puts_down(const model *m, int32_t visit)
{
    for (int32_t kind = 0; kind < m->n_goods; kind++)
        if (m->goods[(size_t)visit * (size_t)m->n_goods + (size_t)kind].takes < 0)
            return true;
    return false;
}

/* Room of each kind that counts; INT32_MAX: no limit. */
static void fill_rooms(const model *m, const int32_t *number, cr_range given, int32_t *ret_room)
{
    for (int32_t kind = 0; kind < m->n_goods; kind++)
        ret_room[kind] = INT32_MAX;
    for (int32_t i = given.first; i < given.first + given.n; i++)
        if (number[m->p->rooms[i].kind] != CR_NONE)
            ret_room[number[m->p->rooms[i].kind]] = m->p->rooms[i].most;
}

cr_status goods_compile(model *m)
{
    const cr_problem *p = m->p;
    int32_t number[CR_GOODS_MOST];
    m->n_goods = number_kinds(p, number);
    if (m->n_goods == 0)
        return CR_OK;
    m->goods = calloc((size_t)m->n_visits * (size_t)m->n_goods + 1, sizeof *m->goods);
    m->rooms = malloc(((size_t)m->n_shifts * (size_t)m->n_goods + 1) * sizeof *m->rooms);
    m->break_rooms = malloc(((size_t)p->n_breaks * (size_t)m->n_goods + 1) * sizeof *m->break_rooms);
    m->put_down_at = malloc(((size_t)m->n_visits + 1) * sizeof *m->put_down_at);
    if (!m->goods || !m->rooms || !m->break_rooms || !m->put_down_at)
        return CR_E_NOMEM;
    fill_visits(m, number);
    for (int32_t s = 0; s < m->n_shifts; s++) {
        int32_t *room = m->rooms + (size_t)s * (size_t)m->n_goods;
        fill_rooms(m, number, p->shifts[s].rooms, room);
        m->shifts[s].room = room;
    }
    for (int32_t b = 0; b < p->n_breaks; b++)
        fill_rooms(m, number, p->breaks[b].rooms, m->break_rooms + (size_t)b * (size_t)m->n_goods);
    for (int32_t g = 0; g < p->n_gaps; g++)
        if (p->gaps[g].both && puts_down(m, p->gaps[g].second))
            m->put_down_at[p->gaps[g].first] = p->gaps[g].second;
    return CR_OK;
}

bool goods_fit_alone(const model *m, const model_shift *shift, int32_t visit)
{
    for (int32_t kind = 0; kind < m->n_goods; kind++) { /* none: then there is no list either */
        const model_goods *goods = &m->goods[(size_t)visit * (size_t)m->n_goods + (size_t)kind];
        if (goods->brings > shift->room[kind] || goods->takes > shift->room[kind])
            return false;
    }
    return true;
}

double goods_share(const model *m, int32_t visit)
{
    double share = 0;
    for (int32_t kind = 0; kind < m->n_goods; kind++) {
        const model_goods *goods = &m->goods[(size_t)visit * (size_t)m->n_goods + (size_t)kind];
        share += 1000.0 * ((double)goods->brings + fabs((double)goods->takes)) / (1.0 + m->shifts[0].room[kind]);
    }
    return share;
}

/* ---- along a round ---- */

static const model_goods *goods_of(const model *m, const stop_state *stop)
{
    return is_break(m, stop->stop) ? NULL : m->goods + (size_t)stop->start * (size_t)m->n_goods;
}

/* What a stop asks for besides what is on board: at a break, as much as it has less room than the shift. */
static int64_t held_free(const model *m, int32_t r, const stop_state *stop, int32_t kind)
{
    if (!is_break(m, stop->stop))
        return 0;
    int64_t room = m->break_rooms[(size_t)(stop->stop - m->n_slots) * (size_t)m->n_goods + (size_t)kind],
            less = m->shifts[r].room[kind] - room;
    return less > 0 ? less : 0;
}

static void work_out(const rota *x, int32_t r, int32_t kind, goods_state *along)
{
    const model *m = x->m;
    const stop_state *stops = rota_stops(x, r);
    const int32_t n = rota_n(x, r);
    const size_t step = (size_t)m->n_goods;
    int64_t now = 0;
    for (int32_t k = 0; k < n; k++) {
        const model_goods *goods = goods_of(m, &stops[k]);
        now += goods ? goods[kind].brings : 0;
    }
    int64_t most = now;
    for (int32_t k = 0; k <= n; k++) {
        goods_state *at = &along[(size_t)k * step + (size_t)kind];
        most = now > most ? now : most;
        at->now = now;
        at->before = most;
        int64_t asks = k < n ? now + held_free(m, r, &stops[k], kind) : now;
        most = asks > most ? asks : most;
        const model_goods *goods = k < n ? goods_of(m, &stops[k]) : NULL;
        now += goods ? (int64_t)goods[kind].takes - goods[kind].brings : 0;
    }
    most = along[(size_t)n * step + (size_t)kind].now;
    for (int32_t k = n; k >= 0; k--) {
        goods_state *at = &along[(size_t)k * step + (size_t)kind];
        int64_t asks = k < n ? at->now + held_free(m, r, &stops[k], kind) : at->now;
        most = asks > most ? asks : most;
        at->after = most;
    }
}

const goods_state *goods_along(const rota *x, int32_t r)
{
    goods_state *along = x->goods + (size_t)(x->rounds[r].first - 1) * (size_t)x->m->n_goods;
    if (x->goods_version[r] != rota_version(x, r)) {
        for (int32_t kind = 0; kind < x->m->n_goods; kind++)
            work_out(x, r, kind, along);
        x->goods_version[r] = rota_version(x, r);
    }
    return along;
}

bool goods_fit(const rota *x, int32_t r, int32_t k, int32_t visit, bool is_put_down_later)
{
    const model *m = x->m;
    const goods_state *at = goods_along(x, r) + (size_t)k * (size_t)m->n_goods;
    const model_goods *goods = m->goods + (size_t)visit * (size_t)m->n_goods;
    const int32_t *room = m->shifts[r].room;
    for (int32_t kind = 0; kind < m->n_goods; kind++) {
        int64_t after = is_put_down_later ? at[kind].now : at[kind].after;
        if (at[kind].before + goods[kind].brings > room[kind] || after + goods[kind].takes > room[kind])
            return false;
    }
    return true;
}

bool goods_are_put_down_later(const rota *x, int32_t visit)
{
    int32_t other = x->m->put_down_at[visit];
    return other != CR_NONE && !rota_is_in_rounds(x, other);
}

bool goods_hold(const rota *x, int32_t r)
{
    const goods_state *begin = goods_along(x, r);
    for (int32_t kind = 0; kind < x->m->n_goods; kind++)
        if (begin[kind].after > x->m->shifts[r].room[kind])
            return false;
    return true;
}

bool goods_hold_everywhere(const rota *x)
{
    for (int32_t r = 0; r < x->m->n_shifts; r++)
        if (!goods_hold(x, r))
            return false;
    return true;
}

bool goods_hold_joined(const rota *x, int32_t r, int32_t k, int32_t q, int32_t l)
{
    const model *m = x->m;
    const stop_state *head = rota_stops(x, r), *rest = rota_stops(x, q) + l;
    const int32_t n = k + rota_n(x, q) - l;
    for (int32_t kind = 0; kind < m->n_goods; kind++) {
        int64_t now = 0;
        for (int32_t i = 0; i < n; i++) {
            const model_goods *goods = goods_of(m, i < k ? &head[i] : &rest[i - k]);
            now += goods ? goods[kind].brings : 0;
        }
        for (int32_t i = 0; i < n && now <= m->shifts[r].room[kind]; i++) {
            const model_goods *goods = goods_of(m, i < k ? &head[i] : &rest[i - k]);
            now += goods ? (int64_t)goods[kind].takes - goods[kind].brings : 0;
        }
        if (now > m->shifts[r].room[kind])
            return false;
    }
    return true;
}
