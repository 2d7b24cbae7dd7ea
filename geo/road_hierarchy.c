/* The hierarchy: a customisable contraction hierarchy (Dibbelt, Strasser and Wagner 2014).
 *
 * States are contracted from the least important up, and every two neighbours left behind are joined, whatever their
 * costs: the arcs depend on the order only. Then the costs are put in: all lower triangles make each arc as short as
 * the way over less important states, all upper ones say which arcs no shortest way needs, and those are left out.
 * Lists of neighbours are sorted, so a triangle is found by marking one list.
 */
#include "road_order.h"

struct road_contraction {
    const roads_mode_view *m;
    const roads_mode_counts *counts;
    uint32_t n;
    uint32_t *own;  /* of each turn: the arc that joins its states; NO_ARC: it leads back to its own */
    size_t *first;  /* n + 1; of each state's more important neighbours, */
    uint32_t *head; /* in rising order */
    size_t n_arcs, room;
    road_cost *up, *down; /* of each arc, in the metric at hand */
    uint8_t *needless;    /* bit 0: up, bit 1: down */
    size_t *below_first;  /* n + 1; arcs that end in a state, from less important ones */
    uint32_t *below_tail, *below_arc;
    uint32_t *place; /* scratch: the arc from the state at hand to each neighbour */
};

/* ---- the graph's own neighbours ---- */

/* For each state its more important neighbours, some of them several times. */
typedef struct own_lists {
    uint32_t *first, *low; /* first: n + 2 */
} own_lists;

typedef void (*on_turn)(void *user, uint32_t turn, uint32_t from, uint32_t to);

static void each_turn(const road_contraction *c, on_turn run, void *user)
{
    for (uint64_t a = 0; a < c->counts->n_arcs; a++)
        for (uint32_t i = c->m->arcs[a].first_next; i < c->m->arcs[a + 1].first_next; i++)
            run(user, i, c->m->arcs[a].state, c->m->next_state[i]);
}

static void count_own(void *user, uint32_t turn, uint32_t from, uint32_t to)
{
    own_lists *own = user;
    (void)turn;
    own->first[(from > to ? from : to) + 2]++;
}

static void list_own(void *user, uint32_t turn, uint32_t from, uint32_t to)
{
    own_lists *own = user;
    (void)turn;
    own->low[own->first[(from > to ? from : to) + 1]++] = from < to ? from : to;
}

static bool own_lists_make(const road_contraction *c, own_lists *own)
{
    own->first = room_zeroed((size_t)c->n + 2, sizeof *own->first);
    own->low = room_raw((size_t)c->counts->n_nexts, sizeof *own->low);
    if (!own->first || !own->low)
        return false;
    each_turn(c, count_own, own);
    for (uint32_t v = 0; v < c->n; v++)
        own->first[v + 2] += own->first[v + 1];
    each_turn(c, list_own, own);
    return true;
}

/* ---- contraction ---- */

/* Short lists, mostly sorted already. */
static void sort_numbers(uint32_t *at, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t number = at[i];
        size_t j = i;
        for (; j > 0 && at[j - 1] > number; j--)
            at[j] = at[j - 1];
        at[j] = number;
    }
}

typedef struct children {
    uint32_t *first, *next; /* states whose least important neighbour is this one, as lists */
} children;

static void add_head(road_contraction *c, uint32_t v, uint32_t u, uint32_t *mark, size_t *n)
{
    if (u == v || mark[u] == v)
        return;
    mark[u] = v;
    c->head[(*n)++] = u;
}

/* The neighbours of v: its own, and those that its children leave behind. Lists are written from the last state to the
 * first, and put the other way round at the end. */
static bool gather(road_contraction *c, uint32_t v, const own_lists *own, const children *kids, const size_t *begin,
                   const size_t *end, uint32_t *mark)
{
    size_t n = c->n_arcs;
    size_t need = own->first[v + 1] - own->first[v];
    for (uint32_t kid = kids->first[v]; kid != NO_STATE; kid = kids->next[kid])
        need += end[kid] - begin[kid];
    if (!room_for(&c->head, &c->room, c->n_arcs + need, sizeof *c->head))
        return false;
    for (uint32_t i = own->first[v]; i < own->first[v + 1]; i++)
        add_head(c, v, own->low[i], mark, &n);
    for (uint32_t kid = kids->first[v]; kid != NO_STATE; kid = kids->next[kid])
        for (size_t i = begin[kid]; i < end[kid]; i++)
            add_head(c, v, c->head[i], mark, &n);
    sort_numbers(c->head + c->n_arcs, n - c->n_arcs);
    c->n_arcs = n;
    return true;
}

/* Lists from the last state to the first become lists from the first on. */
static bool turn_lists(road_contraction *c, const size_t *begin, const size_t *end)
{
    uint32_t *head = room_raw(c->n_arcs, sizeof *head);
    size_t n = 0;
    for (uint32_t v = 0; head && v < c->n; v++) {
        c->first[v] = n;
        if (begin[v] < end[v])
            memcpy(head + n, c->head + begin[v], (end[v] - begin[v]) * sizeof *head);
        n += end[v] - begin[v];
    }
    if (!head)
        return false;
    c->first[c->n] = n;
    free(c->head);
    c->head = head;
    return true;
}

static bool contract(road_contraction *c, const own_lists *own)
{
    size_t *begin = room_raw(c->n, sizeof *begin), *end = room_raw(c->n, sizeof *end);
    uint32_t *mark = room_raw(c->n, sizeof *mark);
    children kids = {room_raw(c->n, sizeof *kids.first), room_raw(c->n, sizeof *kids.next)};
    bool ok = begin && end && mark && kids.first && kids.next;
    if (ok) {
        memset(mark, 0xff, c->n * sizeof *mark);
        memset(kids.first, 0xff, c->n * sizeof *kids.first);
    }
    for (uint32_t v = c->n; ok && v-- > 0;) {
        begin[v] = c->n_arcs;
        ok = gather(c, v, own, &kids, begin, end, mark);
        end[v] = c->n_arcs;
        if (!ok || begin[v] == end[v])
            continue;
        uint32_t parent = c->head[end[v] - 1];
        kids.next[v] = kids.first[parent];
        kids.first[parent] = v;
    }
    ok = ok && turn_lists(c, begin, end);
    free(begin);
    free(end);
    free(mark);
    free(kids.first);
    free(kids.next);
    return ok;
}

/* ---- costs ---- */

static uint32_t arc_between(const road_contraction *c, uint32_t high, uint32_t low)
{
    size_t from = c->first[high], to = c->first[high + 1];
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (c->head[middle] < low)
            from = middle + 1;
        else
            to = middle;
    }
    return (uint32_t)from;
}

static void find_own(void *user, uint32_t turn, uint32_t from, uint32_t to)
{
    road_contraction *c = user;
    c->own[turn] = from == to ? NO_ARC : arc_between(c, from > to ? from : to, from < to ? from : to);
}

static bool take_room_for_costs(road_contraction *c)
{
    c->own = room_raw((size_t)c->counts->n_nexts, sizeof *c->own);
    c->up = room_raw(c->n_arcs, sizeof *c->up);
    c->down = room_raw(c->n_arcs, sizeof *c->down);
    c->needless = room_raw(c->n_arcs, 1);
    if (!c->own || !c->up || !c->down || !c->needless)
        return false;
    each_turn(c, find_own, c);
    return true;
}

/* Each arc costs what the cheapest of the turns that it stands for does. */
static void put_costs(road_contraction *c, const cr_road_period *period, const roads_kind *kinds, const uint8_t *shut)
{
    for (size_t a = 0; a < c->n_arcs; a++) {
        c->up[a] = c->down[a] = COST_NO_WAY;
        c->needless[a] = 0;
    }
    for (uint64_t a = 0; a < c->counts->n_arcs; a++) {
        const roads_arc *arc = &c->m->arcs[a];
        road_cost along = period ? roads_cost_in(period, kinds[arc->segment / 2], arc->cost) : arc->cost;
        for (uint32_t i = arc[0].first_next; i < arc[1].first_next; i++) {
            if (c->own[i] == NO_ARC)
                continue;
            road_cost *at = arc->state > c->m->next_state[i] ? &c->up[c->own[i]] : &c->down[c->own[i]];
            road_cost cost = along + turn_cost(c->m->next_turn[i], shut);
            *at = cost < *at ? cost : *at;
        }
    }
}

static bool list_below(road_contraction *c)
{
    c->below_first = room_zeroed((size_t)c->n + 2, sizeof *c->below_first);
    c->below_tail = room_raw(c->n_arcs, sizeof *c->below_tail);
    c->below_arc = room_raw(c->n_arcs, sizeof *c->below_arc);
    c->place = room_raw(c->n, sizeof *c->place);
    if (!c->below_first || !c->below_tail || !c->below_arc || !c->place || c->n_arcs >= UINT32_MAX)
        return false;
    for (size_t a = 0; a < c->n_arcs; a++)
        c->below_first[c->head[a] + 2]++;
    for (uint32_t v = 0; v < c->n; v++)
        c->below_first[v + 2] += c->below_first[v + 1];
    for (uint32_t v = 0; v < c->n; v++)
        for (size_t a = c->first[v]; a < c->first[v + 1]; a++) {
            size_t at = c->below_first[c->head[a] + 1]++;
            c->below_tail[at] = v;
            c->below_arc[at] = (uint32_t)a;
        }
    return true;
}

static road_cost least(road_cost a, road_cost b)
{
    return a < b ? a : b;
}

/* All triangles v, y, x with x more important than y and y than v: arcs vy, vx and yx. */
typedef void (*on_triangle)(road_contraction *c, size_t vy, size_t vx, size_t yx);

static inline __attribute__((always_inline)) void each_triangle_over(road_contraction *c, uint32_t y, on_triangle run)
{
    for (size_t a = c->first[y]; a < c->first[y + 1]; a++)
        c->place[c->head[a]] = (uint32_t)a;
    for (size_t i = c->below_first[y]; i < c->below_first[y + 1]; i++) {
        size_t vy = c->below_arc[i];
        for (size_t vx = c->first[c->below_tail[i]]; vx < vy; vx++)
            run(c, vy, vx, c->place[c->head[vx]]);
    }
}

/* The way over the least important. */
static inline void shorten_upper(road_contraction *c, size_t vy, size_t vx, size_t yx)
{
    c->up[yx] = least(c->up[yx], c->down[vy] + c->up[vx]);
    c->down[yx] = least(c->down[yx], c->down[vx] + c->up[vy]);
}

/* The ways over the other two: where one is shorter, the arc is never on a shortest way. */
static inline void find_needless(road_contraction *c, size_t vy, size_t vx, size_t yx)
{
    road_cost vx_up = c->up[vy] + c->up[yx], vx_down = c->down[yx] + c->down[vy];
    road_cost vy_up = c->up[vx] + c->down[yx], vy_down = c->up[yx] + c->down[vx];
    if (vx_up < c->up[vx]) {
        c->up[vx] = vx_up;
        c->needless[vx] |= 1;
    }
    if (vx_down < c->down[vx]) {
        c->down[vx] = vx_down;
        c->needless[vx] |= 2;
    }
    if (vy_up < c->up[vy]) {
        c->up[vy] = vy_up;
        c->needless[vy] |= 1;
    }
    if (vy_down < c->down[vy]) {
        c->down[vy] = vy_down;
        c->needless[vy] |= 2;
    }
}

static void customise(road_contraction *c)
{
    for (uint32_t y = c->n; y-- > 0;)
        each_triangle_over(c, y, shorten_upper);
    for (uint32_t y = 0; y < c->n; y++)
        each_triangle_over(c, y, find_needless);
}

/* ---- the hierarchy ---- */

/* The arcs of one direction that are needed. */
static bool take_needed(const road_contraction *c, const road_cost *cost, uint8_t bit, size_t *ret_n,
                        uint32_t **ret_first, uint32_t **ret_end, road_cost **ret_cost)
{
    size_t n = 0;
    for (size_t a = 0; a < c->n_arcs; a++)
        n += cost[a] < COST_NO_WAY && !(c->needless[a] & bit);
    uint32_t *first = *ret_first = room_raw((size_t)c->n + 1, sizeof *first);
    uint32_t *end = *ret_end = room_raw(n, sizeof *end);
    road_cost *kept = *ret_cost = room_raw(n, sizeof *kept);
    if (!first || !end || !kept || n >= UINT32_MAX)
        return false;
    n = 0;
    for (uint32_t v = 0; v < c->n; v++) {
        first[v] = (uint32_t)n;
        for (size_t a = c->first[v]; a < c->first[v + 1]; a++)
            if (cost[a] < COST_NO_WAY && !(c->needless[a] & bit)) {
                end[n] = c->head[a];
                kept[n++] = cost[a];
            }
    }
    first[c->n] = (uint32_t)n;
    *ret_n = n;
    return true;
}

cr_status road_contraction_make(const roads_mode_view *mode, const roads_mode_counts *counts,
                                road_contraction **ret_contraction)
{
    road_contraction *c = calloc(1, sizeof *c);
    own_lists own = {NULL, NULL};
    if (!c)
        return CR_E_NOMEM;
    c->m = mode;
    c->counts = counts;
    c->n = (uint32_t)counts->n_states;
    c->first = room_raw((size_t)c->n + 1, sizeof *c->first);
    bool ok = c->first && own_lists_make(c, &own) && contract(c, &own);
    free(own.first);
    free(own.low);
    if (!ok || !list_below(c) || !take_room_for_costs(c)) {
        road_contraction_free(c);
        return CR_E_NOMEM;
    }
    *ret_contraction = c;
    return CR_OK;
}

road_contraction *road_contraction_free(road_contraction *c)
{
    if (!c)
        return NULL;
    void *arrays[] = {c->own,      c->first,       c->head,       c->up,        c->down,
                      c->needless, c->below_first, c->below_tail, c->below_arc, c->place};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    free(c);
    return NULL;
}

cr_status road_contraction_customise(road_contraction *c, const cr_road_period *period, const roads_kind *kinds,
                                     const uint8_t *shut, road_hierarchy *ret_hierarchy)
{
    road_hierarchy h = {.n_up = 0};
    put_costs(c, period, kinds, shut);
    customise(c);
    if (!take_needed(c, c->up, 1, &h.n_up, &h.up_first, &h.up_head, &h.up_cost) ||
        !take_needed(c, c->down, 2, &h.n_down, &h.down_first, &h.down_tail, &h.down_cost)) {
        road_hierarchy_done(&h);
        return CR_E_NOMEM;
    }
    *ret_hierarchy = h;
    return CR_OK;
}
