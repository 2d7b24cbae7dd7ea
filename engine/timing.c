/* The cheapest starts for fixed orders, exactly.
 *
 * Minimising separable convex costs under bounds on differences is the dual of a minimum-cost flow (Ahuja, Hochbaum,
 * Orlin 2003, "Solving the convex cost integer dual network flow problem"). We start from the earliest starts and raise
 * sets of starts for as long as that pays, as in the primal-dual method: a start that wants to be later (falling cost)
 * sends flow along tight edges to those who resist (rising cost). When it finds nobody left to resist, all starts that
 * it reaches move up together until an edge becomes tight, a price changes, or a bound is met. Flow on an edge stays
 * valid while the edge is tight, so nothing is ever computed twice. The result is the earliest of the cheapest
 * schedules.
 *
 * Holes between windows are branched on: rare, and small.
 */
#include "timing.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY        (-1)
#define BRANCHES_MOST 4096 /* of one solve; then the best found so far stands */

typedef struct node {
    int32_t lo, hi;     /* as given */
    int32_t from, till; /* in the branch being solved */
    int32_t x;
    const cr_window *windows;
    int32_t n_windows;
    int32_t hinges;           /* first, sorted by place */
    int32_t hinge_now;        /* first hinge not yet passed */
    int32_t out, in;          /* first edge */
    int64_t slope;            /* left of all hinges */
    int64_t supply, capacity; /* flow it still wants to send; flow it can still take */
    int32_t parent_edge;      /* how the tree reached it: edge number, or ~edge against its direction */
    int32_t seen;             /* stamp of the tree it is in */
    bool queued;
} node;

typedef struct edge {
    int32_t from, to, distance;
    int32_t next_out, next_in;
    int64_t flow;
} edge;

typedef struct hinge {
    int32_t at;
    int64_t price; /* by which the slope grows there */
    int32_t next;
} hinge;

__extension__ typedef __int128 sum; /* prices of slack (starts.h) times times may not fit into 64 bits */

struct timing {
    node *nodes;
    edge *edges;
    hinge *hinges;
    int32_t *queue; /* of nodes; the earliest-start worklist and the flow tree */
    int32_t *best;  /* starts of the best branch */
    int32_t n_nodes, n_edges, n_hinges, room_nodes, room_edges, room_hinges;
    int32_t stamp, branches_left;
    sum best_cost;
    bool found, has_holes, out_of_memory;
};

cr_status timing_new(timing **ret_timing)
{
    timing *t = calloc(1, sizeof *t);
    if (!t)
        return CR_E_NOMEM;
    *ret_timing = t;
    return CR_OK;
}

timing *timing_free(timing *t)
{
    if (t) {
        free(t->nodes);
        free(t->edges);
        free(t->hinges);
        free(t->queue);
        free(t->best);
        free(t);
    }
    return NULL;
}

void timing_clear(timing *t)
{
    t->n_nodes = t->n_edges = t->n_hinges = t->stamp = 0;
    t->has_holes = t->out_of_memory = false;
}

/* ---- building ---- */

static bool grow(timing *t, void **array, int32_t used, int32_t *room, size_t size)
{
    if (used < *room)
        return true;
    int32_t wanted = *room ? *room * 2 : 64;
    void *grown = realloc(*array, (size_t)wanted * size);
    if (!grown) {
        t->out_of_memory = true;
        return false;
    }
    *array = grown;
    *room = wanted;
    return true;
}

int32_t timing_add_node(timing *t, int32_t lo, int32_t hi, const cr_window *windows, int32_t n)
{
    int32_t room = t->room_nodes;
    if (!grow(t, (void **)&t->nodes, t->n_nodes, &t->room_nodes, sizeof *t->nodes))
        return 0;
    if (t->room_nodes != room) {
        int32_t *queue = realloc(t->queue, (size_t)t->room_nodes * sizeof *queue);
        if (queue)
            t->queue = queue;
        int32_t *best = realloc(t->best, (size_t)t->room_nodes * sizeof *best);
        if (best)
            t->best = best;
        if (!queue || !best) {
            t->out_of_memory = true;
            t->room_nodes = room;
            return 0;
        }
    }
    t->nodes[t->n_nodes] = (node){.lo = lo,
                                  .hi = hi,
                                  .windows = windows,
                                  .n_windows = n > 1 ? n : 0,
                                  .hinges = NOBODY,
                                  .out = NOBODY,
                                  .in = NOBODY};
    t->has_holes = t->has_holes || n > 1;
    return t->n_nodes++;
}

void timing_add_slope(timing *t, int32_t i, int64_t price)
{
    if (!t->out_of_memory)
        t->nodes[i].slope += price;
}

void timing_add_late(timing *t, int32_t i, int32_t at, int64_t price)
{
    assert(price >= 0);
    if (t->out_of_memory || price == 0 ||
        !grow(t, (void **)&t->hinges, t->n_hinges, &t->room_hinges, sizeof *t->hinges))
        return;
    int32_t *link = &t->nodes[i].hinges;
    while (*link != NOBODY && t->hinges[*link].at < at)
        link = &t->hinges[*link].next;
    t->hinges[t->n_hinges] = (hinge){at, price, *link};
    *link = t->n_hinges++;
}

void timing_add_early(timing *t, int32_t i, int32_t at, int64_t price)
{
    /* price x max(0, at - x) = price x (at - x) + price x max(0, x - at); the constant plays no part. */
    timing_add_slope(t, i, -price);
    timing_add_late(t, i, at, price);
}

void timing_add_edge(timing *t, int32_t from, int32_t to, int32_t distance)
{
    if (t->out_of_memory || !grow(t, (void **)&t->edges, t->n_edges, &t->room_edges, sizeof *t->edges))
        return;
    t->edges[t->n_edges] = (edge){from, to, distance, t->nodes[from].out, t->nodes[to].in, 0};
    t->nodes[from].out = t->nodes[to].in = t->n_edges++;
}

/* ---- earliest starts ---- */

/* The first allowed start at x or later. */
static int32_t into_window(const node *n, int32_t x)
{
    for (int32_t k = 0; k < n->n_windows; k++)
        if (x <= n->windows[k].close)
            return x > n->windows[k].open ? x : n->windows[k].open;
    return x; /* after the last window: the caller sees that it is past `till` */
}

/* Longest paths by a worklist. False if some start cannot be met: then no starts satisfy the network. */
static bool earliest_starts(timing *t)
{
    int32_t head = 0, n_queued = 0, n = t->n_nodes;
    for (int32_t i = 0; i < n; i++) {
        node *v = &t->nodes[i];
        v->x = into_window(v, v->from);
        if (v->x > v->till)
            return false;
        v->queued = true;
        t->queue[n_queued++] = i;
    }
    while (n_queued > 0) {
        int32_t i = t->queue[head];
        head = head + 1 == n ? 0 : head + 1;
        n_queued--;
        t->nodes[i].queued = false;
        for (int32_t e = t->nodes[i].out; e != NOBODY; e = t->edges[e].next_out) {
            node *to = &t->nodes[t->edges[e].to];
            int32_t x = t->nodes[i].x + t->edges[e].distance;
            if (x <= to->x)
                continue;
            to->x = into_window(to, x);
            if (to->x > to->till)
                return false;
            if (!to->queued) {
                to->queued = true;
                t->queue[(head + n_queued++) % n] = t->edges[e].to;
            }
        }
    }
    return true;
}

/* ---- cheapest starts: primal-dual ---- */

/* Pass the hinges that the start has reached: each adds to what the start resists. */
static void pass_hinges(timing *t, node *v)
{
    while (v->hinge_now != NOBODY && t->hinges[v->hinge_now].at <= v->x) {
        v->capacity += t->hinges[v->hinge_now].price;
        v->hinge_now = t->hinges[v->hinge_now].next;
    }
}

/* What a node wants is met by what it resists itself. */
static void settle_alone(node *v)
{
    int64_t own = v->supply < v->capacity ? v->supply : v->capacity;
    v->supply -= own;
    v->capacity -= own;
}

static void start_flow(timing *t)
{
    for (int32_t i = 0; i < t->n_nodes; i++) {
        node *v = &t->nodes[i];
        v->supply = v->slope < 0 ? -v->slope : 0;
        v->capacity = v->slope > 0 ? v->slope : 0;
        v->hinge_now = v->hinges;
        v->seen = 0;
        pass_hinges(t, v);
        settle_alone(v);
    }
    for (int32_t e = 0; e < t->n_edges; e++)
        t->edges[e].flow = 0;
    t->stamp = 0;
}

static bool takes_flow(const node *v)
{
    return v->capacity > 0 || v->x == v->till;
}

/* Send as much as possible from the root to a node that takes it, along the tree. */
static void augment(timing *t, int32_t root, int32_t target)
{
    node *taker = &t->nodes[target];
    int64_t amount = t->nodes[root].supply;
    bool at_limit = taker->x == taker->till; /* cannot move: takes anything */
    if (!at_limit && taker->capacity < amount)
        amount = taker->capacity;
    for (int32_t i = target; i != root;) {
        int32_t e = t->nodes[i].parent_edge;
        if (e < 0 && t->edges[~e].flow < amount)
            amount = t->edges[~e].flow;
        i = e < 0 ? t->edges[~e].to : t->edges[e].from;
    }
    for (int32_t i = target; i != root;) {
        int32_t e = t->nodes[i].parent_edge;
        t->edges[e < 0 ? ~e : e].flow += e < 0 ? -amount : amount;
        i = e < 0 ? t->edges[~e].to : t->edges[e].from;
    }
    t->nodes[root].supply -= amount;
    if (!at_limit)
        taker->capacity -= amount;
}

static void join_tree(timing *t, int32_t i, int32_t parent_edge, int32_t *n_tree)
{
    if (t->nodes[i].seen == t->stamp)
        return;
    t->nodes[i].seen = t->stamp;
    t->nodes[i].parent_edge = parent_edge;
    t->queue[(*n_tree)++] = i;
}

/* Grow the tree over tight edges and against flow. Returns a node that takes flow, or NOBODY when the tree is complete.
 */
static int32_t grow_tree(timing *t, int32_t *at, int32_t *n_tree)
{
    for (; *at < *n_tree; (*at)++) {
        int32_t i = t->queue[*at];
        if (takes_flow(&t->nodes[i]))
            return i;
        for (int32_t e = t->nodes[i].out; e != NOBODY; e = t->edges[e].next_out)
            if (t->nodes[t->edges[e].to].x == t->nodes[i].x + t->edges[e].distance)
                join_tree(t, t->edges[e].to, e, n_tree);
        for (int32_t e = t->nodes[i].in; e != NOBODY; e = t->edges[e].next_in)
            if (t->edges[e].flow > 0)
                join_tree(t, t->edges[e].from, ~e, n_tree);
    }
    return NOBODY;
}

/* How far the whole tree can move up before something changes. */
static int32_t tree_step(const timing *t, int32_t n_tree)
{
    int32_t step = INT32_MAX;
    for (int32_t k = 0; k < n_tree; k++) {
        const node *v = &t->nodes[t->queue[k]];
        int32_t room = v->till - v->x;
        if (v->hinge_now != NOBODY && t->hinges[v->hinge_now].at - v->x < room)
            room = t->hinges[v->hinge_now].at - v->x;
        for (int32_t e = v->out; e != NOBODY; e = t->edges[e].next_out) {
            const node *to = &t->nodes[t->edges[e].to];
            if (to->seen != t->stamp && to->x - v->x - t->edges[e].distance < room)
                room = to->x - v->x - t->edges[e].distance;
        }
        step = room < step ? room : step;
    }
    return step;
}

static void move_tree(timing *t, int32_t n_tree, int32_t step)
{
    assert(step > 0);
    for (int32_t k = 0; k < n_tree; k++) {
        node *v = &t->nodes[t->queue[k]];
        v->x += step;
        pass_hinges(t, v);
    }
}

/* Meet all that the root wants, or move it up until it wants no more. */
static void serve_root(timing *t, int32_t root)
{
    while (t->nodes[root].supply > 0) {
        t->stamp++;
        int32_t n_tree = 0, at = 0, taker;
        join_tree(t, root, 0, &n_tree);
        while ((taker = grow_tree(t, &at, &n_tree)) == NOBODY) {
            move_tree(t, n_tree, tree_step(t, n_tree));
            at = 0; /* new tight edges and new takers anywhere in the tree */
        }
        augment(t, root, taker);
    }
}

static sum cost_of(const timing *t)
{
    sum cost = 0;
    for (int32_t i = 0; i < t->n_nodes; i++) {
        const node *v = &t->nodes[i];
        cost += (sum)v->slope * v->x;
        for (int32_t h = v->hinges; h != NOBODY && t->hinges[h].at < v->x; h = t->hinges[h].next)
            cost += (sum)t->hinges[h].price * (v->x - t->hinges[h].at);
    }
    return cost;
}

/* ---- windows with holes: branch ---- */

/* The first window that ends before the hole in which node v's start lies; NOBODY if it lies in a window. */
static int32_t window_before(const node *v)
{
    for (int32_t k = 0; k < v->n_windows; k++) {
        if (v->x < v->windows[k].open)
            return k - 1;
        if (v->x <= v->windows[k].close)
            return NOBODY;
    }
    return NOBODY;
}

static void branch(timing *t)
{
    if (t->branches_left-- <= 0 || !earliest_starts(t))
        return;
    start_flow(t);
    for (int32_t i = 0; i < t->n_nodes; i++)
        serve_root(t, i);
    sum cost = cost_of(t);
    if (t->found && cost >= t->best_cost)
        return;
    for (int32_t i = 0; t->has_holes && i < t->n_nodes; i++) {
        node *v = &t->nodes[i];
        int32_t k = window_before(v);
        if (k == NOBODY)
            continue;
        int32_t from = v->from, till = v->till;
        v->till = v->windows[k].close;
        branch(t);
        t->nodes[i].till = till;
        t->nodes[i].from = v->windows[k + 1].open;
        branch(t);
        t->nodes[i].from = from;
        return;
    }
    t->found = true;
    t->best_cost = cost;
    for (int32_t i = 0; i < t->n_nodes; i++)
        t->best[i] = t->nodes[i].x;
}

cr_status timing_solve(timing *t)
{
    if (t->out_of_memory)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < t->n_nodes; i++) {
        node *v = &t->nodes[i];
        v->from = v->lo;
        v->till = v->hi;
        if (v->n_windows > 0) {
            v->from = v->lo > v->windows[0].open ? v->lo : v->windows[0].open;
            int32_t last = v->windows[v->n_windows - 1].close;
            v->till = v->hi < last ? v->hi : last;
        }
    }
    t->found = false;
    t->branches_left = BRANCHES_MOST;
    branch(t);
    return t->found ? CR_OK : CR_E_INPUT;
}

int32_t timing_start(const timing *t, int32_t i)
{
    return t->best[i];
}
