/* The best cut through a set of junctions: inertial flow (Schild and Sommer 2015).
 *
 * The outer quarters along a direction are source and sink, and the least cut between them is tried for four
 * directions. Of all least cuts it is the one nearest to the source, so it does not matter in what order roads are
 * looked at.
 */
#include "road_cut.h"

#include <math.h>

/* ---- room ---- */

#define ROOM_LEAST 4096 /* junctions: less is not worth giving back */

void cut_room_done(cut_room *r)
{
    void *arrays[] = {r->edge_first, r->edge_head, r->edge_back, r->flow, r->level,    r->cursor,
                      r->queue,      r->path,      r->spare,     r->side, r->best_side};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    *r = (cut_room){0};
}

cr_status cut_room_fit(const cut_map *map, cut_room *r, uint32_t first, uint32_t n)
{
    size_t n_edges = 0;
    for (uint32_t i = first; i < first + n; i++)
        n_edges += map->seg_end[map->sorted[0][i]] - map->seg_first[map->sorted[0][i]];
    bool is_enough = n <= r->junctions_room && n_edges <= r->edges_room;
    if (is_enough && (r->junctions_room <= ROOM_LEAST || r->junctions_room / 2 < n))
        return CR_OK;
    cut_room_done(r);
    size_t room = n > ROOM_LEAST ? n : ROOM_LEAST;
    r->junctions_room = room;
    r->edges_room = n_edges > 4 * ROOM_LEAST ? n_edges : 4 * ROOM_LEAST;
    r->edge_first = room_raw(room + 1, sizeof *r->edge_first);
    r->edge_head = room_raw(r->edges_room, sizeof *r->edge_head);
    r->edge_back = room_raw(r->edges_room, sizeof *r->edge_back);
    r->flow = room_raw(r->edges_room, sizeof *r->flow);
    r->level = room_raw(room, sizeof *r->level);
    r->cursor = room_raw(room, sizeof *r->cursor);
    r->queue = room_raw(room, sizeof *r->queue);
    r->path = room_raw(room, sizeof *r->path);
    r->spare = room_raw(room, sizeof *r->spare);
    r->side = room_raw(room, sizeof *r->side);
    r->best_side = room_raw(room, sizeof *r->best_side);
    bool ok = r->edge_first && r->edge_head && r->edge_back && r->flow && r->level && r->cursor && r->queue &&
              r->path && r->spare && r->side && r->best_side;
    if (!ok)
        cut_room_done(r);
    return ok ? CR_OK : CR_E_NOMEM;
}

/* ---- the set as a network of unit capacities ---- */

/* Edges of the junctions listed, among themselves. */
static void make_network(const cut_map *map, cut_room *r, const uint32_t *junctions, uint32_t n)
{
    uint32_t n_edges = 0;
    for (uint32_t i = 0; i < n; i++)
        map->local[junctions[i]] = i;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t j = junctions[i];
        r->edge_first[i] = n_edges;
        for (uint32_t k = map->seg_first[j]; k < map->seg_end[j]; k++) {
            uint32_t segment = map->seg_at[k];
            r->edge_head[n_edges] = map->local[other_end(map->net, segment, j)];
            map->edge_of[2 * (size_t)segment + (map->net->segments[segment].from != j)] = n_edges++;
        }
    }
    r->edge_first[n] = n_edges;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = map->seg_first[junctions[i]], e = r->edge_first[i]; k < map->seg_end[junctions[i]]; k++) {
            uint32_t segment = map->seg_at[k];
            r->edge_back[e++] = map->edge_of[2 * (size_t)segment + (map->net->segments[segment].from == junctions[i])];
        }
}

/* ---- the greatest flow (Dinic 1970) ---- */

enum { BETWEEN, SOURCE, SINK };

/* Levels from all sources at once; true if a sink has one. */
static bool set_levels(cut_room *r, uint32_t n)
{
    uint32_t n_queue = 0;
    for (uint32_t i = 0; i < n; i++) {
        r->level[i] = r->side[i] == SOURCE ? 0 : -1;
        r->cursor[i] = r->edge_first[i];
        if (r->side[i] == SOURCE)
            r->queue[n_queue++] = i;
    }
    bool reached = false;
    for (uint32_t at = 0; at < n_queue; at++) {
        uint32_t u = r->queue[at];
        for (uint32_t e = r->edge_first[u]; e < r->edge_first[u + 1]; e++) {
            uint32_t v = r->edge_head[e];
            if (r->flow[e] > 0 || r->level[v] >= 0)
                continue;
            r->level[v] = r->level[u] + 1;
            if (r->side[v] == SINK)
                reached = true;
            else
                r->queue[n_queue++] = v;
        }
    }
    return reached;
}

/* One more unit from a source along rising levels; false if there is no way left. */
static bool augment(cut_room *r, uint32_t source)
{
    uint32_t n_path = 0, u = source;
    while (r->side[u] != SINK) {
        uint32_t e = r->cursor[u];
        if (e == r->edge_first[u + 1]) {
            r->level[u] = -2; /* nothing leads on from here */
            if (n_path == 0)
                return false;
            e = r->path[--n_path];
            u = r->edge_head[r->edge_back[e]];
            r->cursor[u]++;
            continue;
        }
        uint32_t v = r->edge_head[e];
        if (r->flow[e] <= 0 && r->level[v] == r->level[u] + 1) {
            r->path[n_path++] = e;
            u = v;
        } else {
            r->cursor[u]++;
        }
    }
    for (uint32_t i = 0; i < n_path; i++) {
        r->flow[r->path[i]]++;
        r->flow[r->edge_back[r->path[i]]]--;
    }
    return true;
}

/* The greatest flow, or UINT32_MAX as soon as it is at least `most`. */
static uint32_t greatest_flow(cut_room *r, uint32_t n, uint32_t most)
{
    uint32_t flow = 0;
    while (set_levels(r, n))
        for (uint32_t i = 0; i < n; i++)
            while (r->side[i] == SOURCE && r->level[i] == 0 && augment(r, i))
                if (++flow >= most)
                    return UINT32_MAX;
    return flow;
}

/* ---- cutting ---- */

/* Source and sink: the quarters at either end of a direction. */
static void mark_ends(const cut_map *map, cut_room *r, const uint32_t *sorted, uint32_t n)
{
    uint32_t quarter = n / 4 ? n / 4 : 1;
    for (uint32_t i = 0; i < n; i++)
        r->side[map->local[sorted[i]]] = i < quarter ? SOURCE : i >= n - quarter ? SINK : BETWEEN;
}

void cut_find(const cut_map *map, cut_room *r, uint32_t first, uint32_t n)
{
    double best = INFINITY;
    make_network(map, r, map->sorted[0] + first, n);
    for (int direction = 0; direction < CUT_DIRECTIONS; direction++) {
        mark_ends(map, r, map->sorted[direction] + first, n);
        memset(r->flow, 0, r->edge_first[n] * sizeof *r->flow);
        double most = best * (n / 2); /* a cut of so many is no better, however even */
        uint32_t flow = greatest_flow(r, n, most < UINT32_MAX ? (uint32_t)most + 1 : UINT32_MAX);
        if (flow == UINT32_MAX)
            continue;
        uint32_t n_reached = 0;
        for (uint32_t i = 0; i < n; i++)
            n_reached += r->level[i] >= 0;
        double score = flow / (double)(n_reached * 2 < n ? n_reached : n - n_reached);
        if (score >= best)
            continue;
        best = score;
        for (uint32_t i = 0; i < n; i++)
            r->best_side[i] = r->level[i] >= 0;
    }
}
