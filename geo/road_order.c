/* The order of the states: nested dissection of the map by small cuts.
 *
 * A set of junctions is cut in two where few roads cross (inertial flow: Schild and Sommer 2015: the outer quarters
 * along a direction are source and sink, and the least cut between them is tried for four directions). The arcs on the
 * cut are the most important states of the set, then the two sides are cut in turn. On a graph of turns this is the
 * order of Buchhold, Wagner, Zeitz and Zündorf 2020: cut the roads, not the turns. Any order gives right answers; a
 * good one gives few arcs.
 */
#include "road_order.h"

#include <math.h>

#define DIRECTIONS 4

typedef struct dissection {
    const road_net *net;
    const road_graph *g;
    uint32_t *seg_first, *seg_at; /* segments at each junction */
    /* of the set being cut: its junctions have numbers from 0 on */
    uint32_t *set_of, *local;        /* of each junction */
    uint32_t *edge_first;            /* of each local junction; */
    uint32_t *edge_head, *edge_back; /* two edges for each segment inside, each knows the other */
    int8_t *flow;
    uint32_t *edge_of; /* two for each segment: where its edges are */
    int32_t *level;
    uint32_t *cursor, *queue, *path;
    uint8_t *side, *best_side;    /* of each local junction */
    uint32_t *sorted[DIRECTIONS]; /* all junctions along each direction; a set is one range of every one of them */
    uint32_t *spare;
    uint32_t n_sets;
    uint32_t *rank; /* of each state */
    uint32_t n_ranked;
} dissection;

/* ---- ranks ---- */

static void rank_state(dissection *d, uint32_t state)
{
    if (state != NO_STATE && d->rank[state] == NO_STATE)
        d->rank[state] = d->n_ranked++;
}

static void rank_segment(dissection *d, uint32_t segment)
{
    for (size_t back = 0; back < 2; back++)
        for (uint32_t a = d->g->arc_of[2 * (size_t)segment + back]; a != NO_ARC; a = d->g->arcs[a].next_copy)
            rank_state(d, d->g->arcs[a].state);
}

static bool is_open(const road_graph *g, size_t segment)
{
    return g->arc_of[2 * segment] != NO_ARC || g->arc_of[2 * segment + 1] != NO_ARC;
}

/* ---- the set as a network of unit capacities ---- */

static uint32_t other_end(const road_net *net, uint32_t segment, uint32_t junction)
{
    const road_segment *s = &net->segments[segment];
    return s->from == junction ? s->to : s->from;
}

/* Edges of the junctions listed, among themselves. */
static void make_network(dissection *d, const uint32_t *junctions, uint32_t n)
{
    uint32_t n_edges = 0, set = ++d->n_sets;
    for (uint32_t i = 0; i < n; i++) {
        d->set_of[junctions[i]] = set;
        d->local[junctions[i]] = i;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t j = junctions[i];
        d->edge_first[i] = n_edges;
        for (uint32_t k = d->seg_first[j]; k < d->seg_first[j + 1]; k++) {
            uint32_t segment = d->seg_at[k], other = other_end(d->net, segment, j);
            if (d->set_of[other] != set || other == j)
                continue;
            d->edge_head[n_edges] = d->local[other];
            d->flow[n_edges] = 0;
            d->edge_of[2 * (size_t)segment + (d->net->segments[segment].from != j)] = n_edges++;
        }
    }
    d->edge_first[n] = n_edges;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = d->seg_first[junctions[i]], e = d->edge_first[i]; k < d->seg_first[junctions[i] + 1]; k++) {
            uint32_t segment = d->seg_at[k], other = other_end(d->net, segment, junctions[i]);
            if (d->set_of[other] != set || other == junctions[i])
                continue;
            d->edge_back[e++] = d->edge_of[2 * (size_t)segment + (d->net->segments[segment].from == junctions[i])];
        }
}

/* ---- the greatest flow (Dinic 1970) ---- */

enum { BETWEEN, SOURCE, SINK };

/* Levels from all sources at once; true if a sink has one. */
static bool set_levels(dissection *d, uint32_t n)
{
    uint32_t n_queue = 0;
    for (uint32_t i = 0; i < n; i++) {
        d->level[i] = d->side[i] == SOURCE ? 0 : -1;
        d->cursor[i] = d->edge_first[i];
        if (d->side[i] == SOURCE)
            d->queue[n_queue++] = i;
    }
    bool reached = false;
    for (uint32_t at = 0; at < n_queue; at++) {
        uint32_t u = d->queue[at];
        for (uint32_t e = d->edge_first[u]; e < d->edge_first[u + 1]; e++) {
            uint32_t v = d->edge_head[e];
            if (d->flow[e] > 0 || d->level[v] >= 0)
                continue;
            d->level[v] = d->level[u] + 1;
            if (d->side[v] == SINK)
                reached = true;
            else
                d->queue[n_queue++] = v;
        }
    }
    return reached;
}

/* One more unit from a source along rising levels; false if there is no way left. */
static bool augment(dissection *d, uint32_t source)
{
    uint32_t n_path = 0, u = source;
    while (d->side[u] != SINK) {
        uint32_t e = d->cursor[u];
        if (e == d->edge_first[u + 1]) {
            d->level[u] = -2; /* nothing leads on from here */
            if (n_path == 0)
                return false;
            e = d->path[--n_path];
            u = d->edge_head[d->edge_back[e]];
            d->cursor[u]++;
            continue;
        }
        uint32_t v = d->edge_head[e];
        if (d->flow[e] <= 0 && d->level[v] == d->level[u] + 1) {
            d->path[n_path++] = e;
            u = v;
        } else {
            d->cursor[u]++;
        }
    }
    for (uint32_t i = 0; i < n_path; i++) {
        d->flow[d->path[i]]++;
        d->flow[d->edge_back[d->path[i]]]--;
    }
    return true;
}

/* The greatest flow, or UINT32_MAX as soon as it is at least `most`. */
static uint32_t greatest_flow(dissection *d, uint32_t n, uint32_t most)
{
    uint32_t flow = 0;
    while (set_levels(d, n))
        for (uint32_t i = 0; i < n; i++)
            while (d->side[i] == SOURCE && d->level[i] == 0 && augment(d, i))
                if (++flow >= most)
                    return UINT32_MAX;
    return flow;
}

/* ---- cutting ---- */

/* Source and sink: the quarters at either end of a direction. */
static void mark_ends(dissection *d, const uint32_t *sorted, uint32_t n)
{
    uint32_t quarter = n / 4 ? n / 4 : 1;
    for (uint32_t i = 0; i < n; i++)
        d->side[d->local[sorted[i]]] = i < quarter ? SOURCE : i >= n - quarter ? SINK : BETWEEN;
}

/* The best of four cuts into best_side (1: the source's), by roads cut for each junction of the smaller side. */
static void find_cut(dissection *d, uint32_t first, uint32_t n)
{
    double best = INFINITY;
    make_network(d, d->sorted[0] + first, n);
    for (int direction = 0; direction < DIRECTIONS; direction++) {
        mark_ends(d, d->sorted[direction] + first, n);
        memset(d->flow, 0, d->edge_first[n] * sizeof *d->flow);
        double most = best * (n / 2); /* a cut of so many is no better, however even */
        uint32_t flow = greatest_flow(d, n, most < UINT32_MAX ? (uint32_t)most + 1 : UINT32_MAX);
        if (flow == UINT32_MAX)
            continue;
        uint32_t n_reached = 0;
        for (uint32_t i = 0; i < n; i++)
            n_reached += d->level[i] >= 0;
        double score = flow / (double)(n_reached * 2 < n ? n_reached : n - n_reached);
        if (score >= best)
            continue;
        best = score;
        for (uint32_t i = 0; i < n; i++)
            d->best_side[i] = d->level[i] >= 0;
    }
}

enum { DROPPED = 2 }; /* a side: the junction's state stands on the cut itself */

/* Ranks what stands on the cut: both arcs of a road across it, or the junction at one end where its arcs share a state.
 */
static void rank_cut(dissection *d, const uint32_t *junctions, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = d->seg_first[junctions[i]]; k < d->seg_first[junctions[i] + 1]; k++) {
            uint32_t segment = d->seg_at[k], other = other_end(d->net, segment, junctions[i]);
            if (d->set_of[other] != d->n_sets || d->best_side[i] != 1 || d->best_side[d->local[other]] != 0)
                continue;
            if (d->g->state_at[junctions[i]] == NO_STATE) {
                rank_segment(d, segment);
                continue;
            }
            rank_state(d, d->g->state_at[junctions[i]]);
            d->best_side[i] = DROPPED;
        }
}

/* Puts the junctions of side 1 first, then those of side 0, and leaves out the dropped; order is kept. */
static void part_range(dissection *d, uint32_t *range, uint32_t n, uint32_t *ret_n_first, uint32_t *ret_n_second)
{
    uint32_t n_first = 0, n_second = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint8_t side = d->best_side[d->local[range[i]]];
        if (side == 1)
            range[n_first++] = range[i];
        else if (side == 0)
            d->spare[n_second++] = range[i];
    }
    memcpy(range + n_first, d->spare, n_second * sizeof *range);
    *ret_n_first = n_first;
    *ret_n_second = n_second;
}

/* No cut leaves less than a quarter on a side, so this goes no deeper than some fifty calls. */
static void dissect(dissection *d, uint32_t first, uint32_t n)
{
    if (n == 0)
        return;
    if (n == 1) {
        uint32_t j = d->sorted[0][first];
        rank_state(d, d->g->state_at[j]);
        for (uint32_t k = d->seg_first[j]; k < d->seg_first[j + 1]; k++)
            rank_segment(d, d->seg_at[k]);
        return;
    }
    uint32_t n_first = 0, n_second = 0;
    find_cut(d, first, n);
    rank_cut(d, d->sorted[0] + first, n);
    for (int direction = 0; direction < DIRECTIONS; direction++)
        part_range(d, d->sorted[direction] + first, n, &n_first, &n_second);
    dissect(d, first, n_first);
    dissect(d, first + n_first, n_second);
}

/* ---- making ready ---- */

static bool list_segments(dissection *d)
{
    const road_net *net = d->net;
    d->seg_first = room_zeroed(net->n_junctions + 2, sizeof *d->seg_first);
    d->seg_at = room_raw(net->n_segments * 2, sizeof *d->seg_at);
    if (!d->seg_first || !d->seg_at)
        return false;
    for (size_t s = 0; s < net->n_segments; s++) {
        d->seg_first[net->segments[s].from + 2] += is_open(d->g, s);
        d->seg_first[net->segments[s].to + 2] += is_open(d->g, s) && net->segments[s].to != net->segments[s].from;
    }
    for (size_t j = 0; j < net->n_junctions; j++)
        d->seg_first[j + 2] += d->seg_first[j + 1];
    for (size_t s = 0; s < net->n_segments; s++) {
        if (!is_open(d->g, s))
            continue;
        d->seg_at[d->seg_first[net->segments[s].from + 1]++] = (uint32_t)s;
        if (net->segments[s].to != net->segments[s].from)
            d->seg_at[d->seg_first[net->segments[s].to + 1]++] = (uint32_t)s;
    }
    return true;
}

typedef struct place_key {
    double key;
    uint32_t junction;
} place_key;

static int by_key(const void *a, const void *b)
{
    const place_key *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->junction < y->junction ? -1 : x->junction > y->junction;
}

/* Junctions with open segments, sorted along each direction; returns how many, or UINT32_MAX without memory. */
static uint32_t sort_places(dissection *d)
{
    static const double directions[DIRECTIONS][2] = {{1, 0}, {0, 1}, {1, 1}, {1, -1}};
    const road_net *net = d->net;
    place_key *keys = room_raw(net->n_junctions, sizeof *keys);
    uint32_t n = 0;
    for (int k = 0; keys && k < DIRECTIONS; k++) {
        n = 0;
        for (uint32_t j = 0; j < net->n_junctions; j++) {
            double lat = net->junctions[j].at.lat_e7 * 1e-7, lon = net->junctions[j].at.lon_e7 * 1e-7;
            double east = lon * cos(lat * M_PI / 180);
            if (d->seg_first[j + 1] > d->seg_first[j])
                keys[n++] = (place_key){directions[k][0] * east + directions[k][1] * lat, j};
        }
        qsort(keys, n, sizeof *keys, by_key);
        for (uint32_t i = 0; i < n; i++)
            d->sorted[k][i] = keys[i].junction;
    }
    free(keys);
    return keys ? n : UINT32_MAX;
}

static bool take_room(dissection *d)
{
    size_t n = d->net->n_junctions, n_edges = d->net->n_segments * 2;
    bool ok = true;
    for (int k = 0; k < DIRECTIONS; k++)
        ok = (d->sorted[k] = room_raw(n, sizeof *d->sorted[k])) && ok;
    d->set_of = room_zeroed(n, sizeof *d->set_of);
    d->local = room_raw(n, sizeof *d->local);
    d->edge_first = room_raw(n + 1, sizeof *d->edge_first);
    d->edge_head = room_raw(n_edges, sizeof *d->edge_head);
    d->edge_back = room_raw(n_edges, sizeof *d->edge_back);
    d->edge_of = room_raw(n_edges, sizeof *d->edge_of);
    d->flow = room_raw(n_edges, sizeof *d->flow);
    d->level = room_raw(n, sizeof *d->level);
    d->cursor = room_raw(n, sizeof *d->cursor);
    d->queue = room_raw(n, sizeof *d->queue);
    d->path = room_raw(n, sizeof *d->path);
    d->spare = room_raw(n, sizeof *d->spare);
    d->side = room_raw(n, sizeof *d->side);
    d->best_side = room_raw(n, sizeof *d->best_side);
    return ok && d->set_of && d->local && d->edge_first && d->edge_head && d->edge_back && d->edge_of && d->flow &&
           d->level && d->cursor && d->queue && d->path && d->spare && d->side && d->best_side;
}

static void give_back(dissection *d)
{
    void *arrays[] = {d->seg_first, d->seg_at,  d->set_of, d->local,    d->edge_first, d->edge_head,
                      d->edge_back, d->edge_of, d->flow,   d->level,    d->cursor,     d->queue,
                      d->path,      d->spare,   d->side,   d->best_side};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    for (int k = 0; k < DIRECTIONS; k++)
        free(d->sorted[k]);
}

cr_status road_order_make(const road_net *net, const road_graph *graph, uint32_t *ret_rank)
{
    dissection d = {.net = net, .g = graph, .rank = ret_rank};
    memset(ret_rank, 0xff, graph->n_states * sizeof *ret_rank);
    uint32_t n = take_room(&d) && list_segments(&d) ? sort_places(&d) : UINT32_MAX;
    if (n != UINT32_MAX)
        dissect(&d, 0, n);
    give_back(&d);
    assert(n == UINT32_MAX || d.n_ranked == graph->n_states);
    return n == UINT32_MAX ? CR_E_NOMEM : CR_OK;
}
