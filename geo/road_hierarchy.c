/* The hierarchy: a customisable contraction hierarchy (Dibbelt, Strasser and Wagner 2014).
 *
 * States are contracted from the least important up, and every two neighbours left behind are joined, whatever their
 * costs: the arcs depend on the order only. Then the costs are put in: all lower triangles make each arc as short as
 * the way over less important states, all upper ones say which arcs no shortest way needs, and those are left out.
 * Lists of neighbours are sorted, so a triangle is found by marking one list.
 */
#include "road_order.h"

typedef struct contraction {
    const road_graph *g;
    uint32_t n;
    size_t *first;  /* n + 1; of each state's more important neighbours, */
    uint32_t *head; /* in rising order */
    size_t n_arcs, room;
    road_cost *up, *down; /* of each arc */
    uint8_t *needless;    /* bit 0: up, bit 1: down */
    size_t *below_first;  /* n + 1; arcs that end in a state, from less important ones */
    uint32_t *below_tail;
    size_t *below_arc;
    size_t *place; /* scratch: the arc from the state at hand to each neighbour */
} contraction;

/* ---- the graph's own edges ---- */

typedef struct own_edge {
    uint32_t low, high; /* low: the more important */
    road_cost up, down;
} own_edge;

static int by_ends(const void *a, const void *b)
{
    const own_edge *x = a, *y = b;
    if (x->high != y->high)
        return x->high < y->high ? -1 : 1;
    return x->low < y->low ? -1 : x->low > y->low;
}

/* Each pair of joined states once, sorted by the less important, then by the other. */
static own_edge *list_edges(const road_graph *g, size_t *ret_n)
{
    own_edge *edges = room_raw(g->n_nexts, sizeof *edges);
    size_t n = 0, n_merged = 0;
    for (size_t a = 0; edges && a < g->n_arcs; a++)
        for (uint32_t i = 0; i < g->arcs[a].n_next; i++) {
            const road_next *next = &g->nexts[g->arcs[a].first_next + i];
            uint32_t from = g->arcs[a].state, to = next->state;
            road_cost cost = g->arcs[a].cost + next->cost;
            if (from > to)
                edges[n++] = (own_edge){to, from, cost, COST_NO_WAY};
            else if (from < to)
                edges[n++] = (own_edge){from, to, COST_NO_WAY, cost};
        }
    if (!edges)
        return NULL;
    qsort(edges, n, sizeof *edges, by_ends);
    for (size_t i = 0; i < n; i++) {
        own_edge *last = n_merged ? &edges[n_merged - 1] : NULL;
        if (last && by_ends(last, &edges[i]) == 0) {
            last->up = edges[i].up < last->up ? edges[i].up : last->up;
            last->down = edges[i].down < last->down ? edges[i].down : last->down;
        } else {
            edges[n_merged++] = edges[i];
        }
    }
    *ret_n = n_merged;
    return edges;
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

/* The neighbours of v: its own, and those that its children leave behind. Lists are written from the last state to the
 * first, and put the other way round at the end. */
static bool gather(contraction *c, uint32_t v, const own_edge *edges, size_t n_edges, const children *kids,
                   const size_t *begin, const size_t *end, uint32_t *mark)
{
    size_t n = c->n_arcs;
    size_t need = n_edges;
    for (uint32_t kid = kids->first[v]; kid != NO_STATE; kid = kids->next[kid])
        need += end[kid] - begin[kid];
    if (!room_for(&c->head, &c->room, c->n_arcs + need, sizeof *c->head))
        return false;
    for (size_t i = 0; i < n_edges; i++) {
        mark[edges[i].low] = v;
        c->head[n++] = edges[i].low;
    }
    for (uint32_t kid = kids->first[v]; kid != NO_STATE; kid = kids->next[kid])
        for (size_t i = begin[kid]; i < end[kid]; i++) {
            uint32_t u = c->head[i];
            if (u == v || mark[u] == v)
                continue;
            mark[u] = v;
            c->head[n++] = u;
        }
    sort_numbers(c->head + c->n_arcs, n - c->n_arcs);
    c->n_arcs = n;
    return true;
}

static bool contract(contraction *c, const own_edge *edges, size_t n_edges)
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
        size_t last = n_edges;
        while (n_edges > 0 && edges[n_edges - 1].high == v)
            n_edges--;
        begin[v] = c->n_arcs;
        ok = gather(c, v, edges + n_edges, last - n_edges, &kids, begin, end, mark);
        end[v] = c->n_arcs;
        if (!ok || begin[v] == end[v])
            continue;
        uint32_t parent = c->head[end[v] - 1];
        kids.next[v] = kids.first[parent];
        kids.first[parent] = v;
    }
    /* Lists from the last state to the first become lists from the first on. */
    uint32_t *head = ok ? room_raw(c->n_arcs, sizeof *head) : NULL;
    size_t n = 0;
    for (uint32_t v = 0; head && v < c->n; v++) {
        c->first[v] = n;
        memcpy(head + n, c->head + begin[v], (end[v] - begin[v]) * sizeof *head);
        n += end[v] - begin[v];
    }
    if (head) {
        c->first[c->n] = n;
        free(c->head);
        c->head = head;
    }
    free(begin);
    free(end);
    free(mark);
    free(kids.first);
    free(kids.next);
    return head;
}

/* ---- costs ---- */

static bool put_costs(contraction *c, const own_edge *edges, size_t n_edges)
{
    c->up = room_raw(c->n_arcs, sizeof *c->up);
    c->down = room_raw(c->n_arcs, sizeof *c->down);
    c->needless = room_zeroed(c->n_arcs, 1);
    if (!c->up || !c->down || !c->needless)
        return false;
    for (uint32_t v = 0; v < c->n; v++)
        for (size_t a = c->first[v]; a < c->first[v + 1]; a++) {
            bool is_own = n_edges > 0 && edges->high == v && edges->low == c->head[a];
            c->up[a] = is_own ? edges->up : COST_NO_WAY;
            c->down[a] = is_own ? edges->down : COST_NO_WAY;
            edges += is_own;
            n_edges -= is_own;
        }
    assert(n_edges == 0);
    return true;
}

static bool list_below(contraction *c)
{
    c->below_first = room_zeroed((size_t)c->n + 2, sizeof *c->below_first);
    c->below_tail = room_raw(c->n_arcs, sizeof *c->below_tail);
    c->below_arc = room_raw(c->n_arcs, sizeof *c->below_arc);
    c->place = room_raw(c->n, sizeof *c->place);
    if (!c->below_first || !c->below_tail || !c->below_arc || !c->place)
        return false;
    for (size_t a = 0; a < c->n_arcs; a++)
        c->below_first[c->head[a] + 2]++;
    for (uint32_t v = 0; v < c->n; v++)
        c->below_first[v + 2] += c->below_first[v + 1];
    for (uint32_t v = 0; v < c->n; v++)
        for (size_t a = c->first[v]; a < c->first[v + 1]; a++) {
            size_t at = c->below_first[c->head[a] + 1]++;
            c->below_tail[at] = v;
            c->below_arc[at] = a;
        }
    return true;
}

static road_cost least(road_cost a, road_cost b)
{
    return a < b ? a : b;
}

/* All triangles v, y, x with x more important than y and y than v: arcs vy, vx and yx. */
typedef void (*on_triangle)(contraction *c, size_t vy, size_t vx, size_t yx);

static inline __attribute__((always_inline)) void each_triangle_over(contraction *c, uint32_t y, on_triangle run)
{
    for (size_t a = c->first[y]; a < c->first[y + 1]; a++)
        c->place[c->head[a]] = a;
    for (size_t i = c->below_first[y]; i < c->below_first[y + 1]; i++) {
        size_t vy = c->below_arc[i];
        for (size_t vx = c->first[c->below_tail[i]]; vx < vy; vx++)
            run(c, vy, vx, c->place[c->head[vx]]);
    }
}

/* The way over the least important. */
static inline void shorten_upper(contraction *c, size_t vy, size_t vx, size_t yx)
{
    c->up[yx] = least(c->up[yx], c->down[vy] + c->up[vx]);
    c->down[yx] = least(c->down[yx], c->down[vx] + c->up[vy]);
}

/* The ways over the other two: where one is shorter, the arc is never on a shortest way. */
static inline void find_needless(contraction *c, size_t vy, size_t vx, size_t yx)
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

static void customise(contraction *c)
{
    for (uint32_t y = c->n; y-- > 0;)
        each_triangle_over(c, y, shorten_upper);
    for (uint32_t y = 0; y < c->n; y++)
        each_triangle_over(c, y, find_needless);
}

/* ---- the hierarchy ---- */

/* The arcs of one direction that are needed. */
static bool take_needed(const contraction *c, const road_cost *cost, uint8_t bit, size_t *ret_n, uint32_t **ret_first,
                        uint32_t **ret_end, road_cost **ret_cost)
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

static bool make(contraction *c, road_hierarchy *h)
{
    size_t n_edges = 0;
    own_edge *edges = list_edges(c->g, &n_edges);
    c->first = room_raw((size_t)c->n + 1, sizeof *c->first);
    bool ok = edges && c->first && contract(c, edges, n_edges) && put_costs(c, edges, n_edges);
    free(edges);
    ok = ok && list_below(c);
    if (ok)
        customise(c);
    h->n_states = c->n;
    h->n_chordal = c->n_arcs;
    return ok && take_needed(c, c->up, 1, &h->n_up, &h->up_first, &h->up_head, &h->up_cost) &&
           take_needed(c, c->down, 2, &h->n_down, &h->down_first, &h->down_tail, &h->down_cost);
}

cr_status road_hierarchy_make(const road_graph *graph, road_hierarchy *ret_hierarchy)
{
    contraction c = {.g = graph, .n = (uint32_t)graph->n_states};
    road_hierarchy h = {.n_states = 0};
    bool ok = make(&c, &h);
    free(c.first);
    free(c.head);
    free(c.up);
    free(c.down);
    free(c.needless);
    free(c.below_first);
    free(c.below_tail);
    free(c.below_arc);
    free(c.place);
    if (!ok) {
        road_hierarchy_done(&h);
        return CR_E_NOMEM;
    }
    *ret_hierarchy = h;
    return CR_OK;
}

void road_hierarchy_done(road_hierarchy *h)
{
    free(h->up_first);
    free(h->down_first);
    free(h->up_head);
    free(h->down_tail);
    free(h->up_cost);
    free(h->down_cost);
    memset(h, 0, sizeof *h);
}
