/* The ends of a table: places on arcs, the states they lead to and are reached from, and the part of the hierarchy that
 * leads to any target.
 */
#include "road_table.h"

#include <math.h>

int32_t table_walk_ds(const struct cr_roads *roads, const cr_road_snap *place)
{
    return (int32_t)lround(fmin(place->distance_m * 36 / roads->header.walk_kmh, 1e8));
}

road_cost table_part_cost(const roads_look *look, const roads_arc *arc, double fraction)
{
    road_cost cost = look_arc_cost(look, arc);
    double along = arc->segment % 2 ? 1 - fraction : fraction;
    return cost_of((uint64_t)lround(cost_ds(cost) * along), (uint64_t)lround(cost_dm(cost) * along));
}

road_cost table_direct_cost(const roads_look *look, const cr_road_snap *from, const cr_road_snap *to)
{
    road_cost best = COST_NO_WAY;
    if (from->segment != to->segment)
        return best;
    for (size_t back = 0; back < 2; back++) {
        uint32_t a = look->mode->arc_of[2 * (size_t)from->segment + back];
        if (a == NO_ARC || (back ? from->fraction < to->fraction : from->fraction > to->fraction))
            continue;
        const roads_arc *arc = &look->mode->arcs[a];
        road_cost cost = table_part_cost(look, arc, to->fraction) - table_part_cost(look, arc, from->fraction);
        best = cost < best ? cost : best;
    }
    return best;
}

void table_each_start(const roads_look *look, const cr_road_snap *from,
                      void (*start)(void *user, uint32_t state, road_cost cost), void *user)
{
    const roads_mode_view *m = look->mode;
    for (size_t back = 0; from->segment != CR_NONE && back < 2; back++) {
        uint32_t a = m->arc_of[2 * (size_t)from->segment + back];
        if (a == NO_ARC)
            continue;
        road_cost left = look_arc_cost(look, &m->arcs[a]) - table_part_cost(look, &m->arcs[a], from->fraction);
        for (uint32_t i = m->arcs[a].first_next; i < m->arcs[a + 1].first_next; i++)
            start(user, m->next_state[i], left + look_turn_cost(look, i));
    }
}

int table_list_ends(const roads_look *look, const cr_road_snap *to, road_end *ends, int most)
{
    const roads_mode_view *m = look->mode;
    int n = 0;
    for (size_t back = 0; to->segment != CR_NONE && back < 2; back++)
        for (uint32_t a = m->arc_of[2 * (size_t)to->segment + back]; a != NO_ARC && n < most; a = m->arcs[a].next_copy)
            ends[n++] = (road_end){m->arcs[a].state, table_part_cost(look, &m->arcs[a], to->fraction)};
    return n;
}

/* ---- targets ---- */

#define ENDS_MOST 128 /* of one target: two arcs, and their copies for restrictions over ways */

/* Marks (bits) every state from which a way goes down to one that is marked; listed: room for all states. */
static void mark_above(const roads_metric_view *m, uint64_t *marks, uint32_t *listed, uint32_t n_listed)
{
    while (n_listed > 0) {
        uint32_t v = listed[--n_listed];
        for (uint32_t i = m->down_first[v]; i < m->down_first[v + 1]; i++) {
            uint32_t u = m->down_tail[i];
            if (marks[u / 64] >> (u % 64) & 1)
                continue;
            marks[u / 64] |= UINT64_C(1) << (u % 64);
            listed[n_listed++] = u;
        }
    }
}

/* Numbers the marked states in their order, and lists their arcs. */
static bool take_marked(const roads_metric_view *m, uint32_t n_all, const uint64_t *marks, table_targets *t)
{
    uint32_t n_arcs = 0;
    memset(t->place_of, 0xff, (size_t)n_all * sizeof *t->place_of);
    for (uint32_t word = 0; word <= n_all / 64; word++)
        for (uint64_t left = marks[word]; left; left &= left - 1) {
            uint32_t v = word * 64 + (uint32_t)__builtin_ctzll(left);
            t->place_of[v] = t->n_states++;
            n_arcs += (m->down_first[v + 1] - m->down_first[v] + 1) / 2 * 2;
        }
    t->first = room_raw((size_t)t->n_states + 1, sizeof *t->first);
    t->tail = room_raw(n_arcs, sizeof *t->tail);
    t->cost = room_raw(n_arcs, sizeof *t->cost);
    if (!t->first || !t->tail || !t->cost)
        return false;
    n_arcs = 0;
    for (uint32_t word = 0, n = 0; word <= n_all / 64; word++)
        for (uint64_t left = marks[word]; left; left &= left - 1) {
            uint32_t v = word * 64 + (uint32_t)__builtin_ctzll(left);
            t->first[n++] = n_arcs;
            for (uint32_t i = m->down_first[v]; i < m->down_first[v + 1]; i++) {
                t->tail[n_arcs] = t->place_of[m->down_tail[i]];
                t->cost[n_arcs++] = (double)m->down_cost[i];
            }
            if (n_arcs % 2) { /* an even number of arcs into each: the last counts twice */
                t->tail[n_arcs] = t->tail[n_arcs - 1];
                t->cost[n_arcs] = t->cost[n_arcs - 1];
                n_arcs++;
            }
        }
    t->first[t->n_states] = n_arcs;
    return true;
}

typedef struct on_segment {
    int32_t segment;
    uint32_t target;
} on_segment;

static int by_segment(const void *a, const void *b)
{
    const on_segment *x = a, *y = b;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return x->target < y->target ? -1 : x->target > y->target;
}

static bool sort_by_segment(const cr_road_snap *targets, int32_t n, table_targets *t)
{
    on_segment *list = room_raw((size_t)n, sizeof *list);
    t->by_segment = room_raw((size_t)n, sizeof *t->by_segment);
    for (int32_t i = 0; list && i < n; i++)
        list[i] = (on_segment){targets[i].segment, (uint32_t)i};
    if (list)
        qsort(list, (size_t)n, sizeof *list, by_segment);
    for (int32_t i = 0; list && t->by_segment && i < n; i++)
        t->by_segment[i] = list[i].target;
    free(list);
    return list && t->by_segment;
}

static bool list_all_ends(const roads_look *look, const cr_road_snap *targets, int32_t n, table_targets *t,
                          size_t *ret_n_ends)
{
    size_t n_ends = 0, room = 0;
    t->end_first = room_raw((size_t)n + 1, sizeof *t->end_first);
    t->walk_ds = room_raw((size_t)n, sizeof *t->walk_ds);
    if (!t->end_first || !t->walk_ds)
        return false;
    for (int32_t i = 0; i < n; i++) {
        road_end ends[ENDS_MOST];
        int k = table_list_ends(look, &targets[i], ends, ENDS_MOST);
        if (!room_for(&t->ends, &room, n_ends + (size_t)k, sizeof *t->ends))
            return false;
        t->end_first[i] = (uint32_t)n_ends;
        for (int e = 0; e < k; e++)
            t->ends[n_ends++] = (sweep_end){(double)ends[e].cost, ends[e].state};
        t->walk_ds[i] = table_walk_ds(look->roads, &targets[i]);
    }
    t->end_first[n] = (uint32_t)n_ends;
    *ret_n_ends = n_ends;
    return true;
}

static bool make(const roads_look *look, const cr_road_snap *targets, int32_t n, table_targets *t)
{
    const roads_metric_view *m = look->metric;
    uint32_t n_all = look->n_states, n_listed = 0;
    size_t n_ends = 0;
    uint64_t *marks = room_zeroed((size_t)n_all / 64 + 1, sizeof *marks);
    uint32_t *listed = room_raw(n_all, sizeof *listed);
    t->place_of = room_raw(n_all, sizeof *t->place_of);
    bool ok =
        marks && listed && t->place_of && list_all_ends(look, targets, n, t, &n_ends) && sort_by_segment(targets, n, t);
    for (size_t i = 0; ok && i < n_ends; i++) {
        uint32_t v = t->ends[i].state;
        if (!(marks[v / 64] >> (v % 64) & 1))
            listed[n_listed++] = v;
        marks[v / 64] |= UINT64_C(1) << (v % 64);
    }
    if (ok) {
        mark_above(m, marks, listed, n_listed);
        ok = take_marked(m, n_all, marks, t);
    }
    for (size_t i = 0; ok && i < n_ends; i++)
        t->ends[i].state = t->place_of[t->ends[i].state];
    free(marks);
    free(listed);
    return ok;
}

cr_status table_targets_make(const roads_look *look, const cr_road_snap *targets, int32_t n_targets,
                             table_targets *ret_targets)
{
    table_targets t = {.n_states = 0};
    if (!make(look, targets, n_targets, &t)) {
        table_targets_done(&t);
        return CR_E_NOMEM;
    }
    *ret_targets = t;
    return CR_OK;
}

void table_targets_done(table_targets *t)
{
    free(t->place_of);
    free(t->first);
    free(t->tail);
    free(t->cost);
    free(t->end_first);
    free(t->ends);
    free(t->by_segment);
    free(t->walk_ds);
}
