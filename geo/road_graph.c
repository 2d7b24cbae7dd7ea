/* One mode's graph: arcs, the states between them, and what turning costs.
 *
 * By car and by bicycle a state is an arc about to be entered, so every turn has a price of its own and nobody turns
 * round but at the end of a road. On foot turns are free, and a junction is one state unless a gate or a private path
 * makes a difference there.
 */
#include "road_build.h"

#include <math.h>

typedef struct graph_making {
    road_import *m;
    const road_net *net;
    const cr_road_speeds *speeds;
    int mode;
    road_graph *g;
    uint32_t *out_first, *out; /* arcs that leave a junction */
} graph_making;

static uint32_t tail_of(const graph_making *k, const road_arc *arc)
{
    const road_segment *s = &k->net->segments[arc->segment];
    return arc->is_backward ? s->to : s->from;
}

static uint32_t head_of(const graph_making *k, const road_arc *arc)
{
    const road_segment *s = &k->net->segments[arc->segment];
    return arc->is_backward ? s->from : s->to;
}

/* ---- arcs ---- */

/* A ferry's stated duration is spread over its way. */
static double way_length_dm(const road_net *net, size_t segment)
{
    uint32_t way = net->segments[segment].way;
    double sum_dm = 0;
    while (segment > 0 && net->segments[segment - 1].way == way)
        segment--;
    for (; segment < net->n_segments && net->segments[segment].way == way; segment++)
        sum_dm += net->segments[segment].length_dm;
    return sum_dm;
}

static road_cost arc_cost(const graph_making *k, size_t segment, uint16_t dkmh)
{
    const way_use *use = &k->m->ways[k->net->segments[segment].way].use;
    double length_dm = k->net->segments[segment].length_dm;
    double ds = use->duration_s ? use->duration_s * 10.0 * length_dm / way_length_dm(k->net, segment)
                                : length_dm * 36 / dkmh; /* dm, and tenths of km/h */
    ds = fmin(fmax(rint(ds), 1), (1 << COST_DS_BITS) / 16);
    return cost_of((uint64_t)ds, (uint64_t)length_dm);
}

static cr_status add_arcs(graph_making *k)
{
    road_graph *g = k->g;
    g->arc_of = room_raw(k->net->n_segments * 2, sizeof *g->arc_of);
    if (!g->arc_of)
        return CR_E_NOMEM;
    for (size_t s = 0; s < k->net->n_segments; s++) {
        const way_use *use = &k->m->ways[k->net->segments[s].way].use;
        for (int back = 0; back < 2; back++) {
            uint16_t dkmh = use->dkmh[k->mode][back];
            g->arc_of[2 * s + (size_t)back] = dkmh ? (uint32_t)g->n_arcs : NO_ARC;
            if (!dkmh)
                continue;
            if (!room_for(&g->arcs, &g->arcs_room, g->n_arcs + 1, sizeof *g->arcs))
                return CR_E_NOMEM;
            g->arcs[g->n_arcs++] = (road_arc){
                .segment = (uint32_t)s,
                .next_copy = NO_ARC,
                .cost = arc_cost(k, s, dkmh),
                .hours = use->hours[k->mode][back],
                .is_backward = back,
                .is_restricted = use->restricted >> k->mode & 1,
            };
        }
    }
    return CR_OK;
}

static cr_status list_leaving(graph_making *k)
{
    const road_graph *g = k->g;
    size_t n = k->net->n_junctions;
    k->out_first = room_zeroed(n + 2, sizeof *k->out_first);
    k->out = room_raw(g->n_arcs, sizeof *k->out);
    if (!k->out_first || !k->out)
        return CR_E_NOMEM;
    for (size_t a = 0; a < g->n_arcs; a++)
        k->out_first[tail_of(k, &g->arcs[a]) + 2]++;
    for (size_t j = 0; j < n; j++)
        k->out_first[j + 2] += k->out_first[j + 1];
    for (size_t a = 0; a < g->n_arcs; a++)
        k->out[k->out_first[tail_of(k, &g->arcs[a]) + 1]++] = (uint32_t)a;
    return CR_OK;
}

/* ---- states ---- */

static bool is_blocked(const graph_making *k, uint32_t junction)
{
    return k->net->junctions[junction].use >> k->mode & 1;
}

/* On foot all arcs may share a junction's state, unless something there tells them apart. */
static bool is_shared(const graph_making *k, uint32_t junction)
{
    const uint32_t *first = k->out + k->out_first[junction], *end = k->out + k->out_first[junction + 1];
    if (k->mode != CR_ROAD_FOOT || k->net->junctions[junction].use)
        return false;
    for (const uint32_t *a = first; a < end; a++)
        if (k->g->arcs[*a].is_restricted != k->g->arcs[*first].is_restricted ||
            k->g->arcs[*a].hours != k->g->arcs[*first].hours)
            return false;
    return first < end;
}

static cr_status number_states(graph_making *k)
{
    road_graph *g = k->g;
    g->state_at = room_raw(k->net->n_junctions, sizeof *g->state_at);
    if (!g->state_at)
        return CR_E_NOMEM;
    for (size_t j = 0; j < k->net->n_junctions; j++)
        g->state_at[j] = is_shared(k, (uint32_t)j) ? (uint32_t)g->n_states++ : NO_STATE;
    for (size_t a = 0; a < g->n_arcs; a++) {
        uint32_t shared = g->state_at[tail_of(k, &g->arcs[a])];
        g->arcs[a].state = shared != NO_STATE ? shared : (uint32_t)g->n_states++;
    }
    return CR_OK;
}

/* ---- turns ---- */

static double bearing_of(const graph_making *k, const road_arc *arc, bool at_end)
{
    const road_segment *s = &k->net->segments[arc->segment];
    const road_point *first = k->net->points + s->first_point, *last = k->net->points + s[1].first_point - 1;
    bool at_last = at_end != arc->is_backward;
    double bearing = at_last ? road_point_bearing_deg(last[-1], last[0]) : road_point_bearing_deg(first[0], first[1]);
    return arc->is_backward ? bearing + 180 : bearing;
}

/* The sharper the dearer, by a sigmoid as in OSRM's car profile; across the other lane dearer still. */
static double turn_s(const graph_making *k, const road_arc *from, const road_arc *to)
{
    double right_deg = remainder(bearing_of(k, to, false) - bearing_of(k, from, true), 360);
    bool is_across = k->net->drive_on_left ? right_deg > 0 : right_deg < 0;
    double bias = is_across ? 1 / k->speeds->turn_bias : k->speeds->turn_bias;
    return k->speeds->turn_s / (1 + exp(-(13 / bias * fabs(right_deg) / 180 - 6.5 * bias)));
}

/* Roads that meet at a junction, open to the mode in either direction as far as they leave it. */
static uint32_t n_arms(const graph_making *k, uint32_t junction)
{
    return k->out_first[junction + 1] - k->out_first[junction];
}

static road_turn turn_between(graph_making *k, uint32_t junction, const road_arc *from, const road_arc *to)
{
    uint8_t use = k->net->junctions[junction].use;
    bool is_u_turn = from->segment == to->segment && from->is_backward != to->is_backward;
    double s = is_u_turn ? k->speeds->u_turn_s : 0;
    if (!is_u_turn && n_arms(k, junction) > 2 && k->speeds->turn_s > 0)
        s += turn_s(k, from, to);
    if (!is_u_turn)
        s += (use & NODE_SIGNAL ? k->speeds->signal_s : 0) + (use & NODE_GATE ? k->speeds->gate_s : 0);
    uint32_t time_ds = (uint32_t)fmin(rint(s * 10), (1 << TURN_DS_BITS) - 1);
    return turn_of(time_ds, to->is_restricted && !from->is_restricted,
                   road_hours_without(&k->m->hours, to->hours, from->hours));
}

static cr_status add_next(graph_making *k, road_arc *from, uint32_t to, uint32_t junction)
{
    road_graph *g = k->g;
    if (!room_for(&g->nexts, &g->nexts_room, g->n_nexts + 1, sizeof *g->nexts))
        return CR_E_NOMEM;
    g->nexts[g->n_nexts++] = (road_next){to, g->arcs[to].state, turn_between(k, junction, from, &g->arcs[to])};
    from->n_next++;
    return CR_OK;
}

/* All ways on from an arc's end; back only where there is no other. */
static cr_status add_turns_of(graph_making *k, road_arc *from)
{
    uint32_t junction = head_of(k, from), back = NO_ARC;
    cr_status st = CR_OK;
    from->first_next = k->g->n_nexts;
    if (k->g->state_at[junction] != NO_STATE) /* any arc that leaves it stands for all */
        return add_next(k, from, k->out[k->out_first[junction]], junction);
    for (uint32_t i = k->out_first[junction]; !st && i < k->out_first[junction + 1]; i++) {
        const road_arc *to = &k->g->arcs[k->out[i]];
        if (to->segment == from->segment && to->is_backward != from->is_backward)
            back = k->out[i];
        else if (!is_blocked(k, junction))
            st = add_next(k, from, k->out[i], junction);
    }
    if (!st && from->n_next == 0 && back != NO_ARC)
        st = add_next(k, from, back, junction);
    return st;
}

/* ---- the graph ---- */

static cr_status make(graph_making *k)
{
    cr_status st = add_arcs(k);
    if (!st)
        st = list_leaving(k);
    if (!st)
        st = number_states(k);
    for (size_t a = 0; !st && a < k->g->n_arcs; a++)
        st = add_turns_of(k, &k->g->arcs[a]);
    if (!st && k->mode != CR_ROAD_FOOT)
        st = road_turns_restrict(k->m, k->net, k->mode, k->g);
    return st ? st : road_parts_keep_large(k->net, k->g);
}

cr_status road_graph_make(road_import *import, const road_net *net, int mode, road_graph *ret_graph)
{
    road_graph g = {.n_arcs = 0};
    graph_making k = {import, net, &import->options->speeds[mode], mode, &g, NULL, NULL};
    cr_status st = make(&k);
    if (import->hours.lacks_memory)
        st = CR_E_NOMEM;
    free(k.out_first);
    free(k.out);
    if (st)
        road_graph_done(&g);
    else
        *ret_graph = g;
    return st;
}

void road_graph_done(road_graph *g)
{
    free(g->arcs);
    free(g->nexts);
    free(g->arc_of);
    free(g->state_at);
    memset(g, 0, sizeof *g);
}
