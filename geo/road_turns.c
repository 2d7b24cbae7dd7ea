/* Turns that are forbidden: restrictions over a node, and over whole ways.
 *
 * Over a node, the turn is taken out of the arc's list. Over ways, the ban holds only for those who come from the first
 * way, so the arcs in between are copied: whoever comes from there drives on the copies, from whose last the forbidden
 * turn is missing, and is back on the common arcs after it.
 */
#include "road_build.h"

#define PATH_MOST   256 /* arcs between the ends of a restriction over ways */
#define COPIES_MOST 64  /* of an arc: restrictions over ways that share a piece of road */

typedef struct restricting {
    road_import *m;
    const road_net *net;
    int mode;
    road_graph *g;
} restricting;

static uint32_t head_of(const road_net *net, const road_arc *arc)
{
    const road_segment *s = &net->segments[arc->segment];
    return arc->is_backward ? s->from : s->to;
}

static int64_t way_of(const restricting *r, uint32_t arc)
{
    return r->m->ways[r->net->segments[r->g->arcs[arc].segment].way].id;
}

static bool is_target(const restricting *r, const import_restriction *ban, uint32_t arc)
{
    int64_t way = way_of(r, arc);
    for (uint32_t i = 0; i < ban->n_to; i++)
        if (r->m->pool[ban->first_to + i] == way)
            return true;
    return false;
}

static bool is_back(const road_graph *g, uint32_t a, uint32_t b)
{
    return g->arcs[a].segment == g->arcs[b].segment && g->arcs[a].is_backward != g->arcs[b].is_backward;
}

/* Takes the banned turns, or all but the bidden ones, out of an arc's list, or notes when they are. False: the ban
 * names no turn there is. */
static bool ban_turns(restricting *r, const import_restriction *ban, uint32_t arc)
{
    road_arc *a = &r->g->arcs[arc];
    road_next *next = r->g->nexts + a->first_next;
    uint32_t n_named = 0, n_kept = 0;
    uint16_t hours = ban->ban.hours[r->mode];
    for (uint32_t i = 0; i < a->n_next; i++)
        n_named += is_target(r, ban, next[i].arc);
    if (!n_named)
        return false;
    for (uint32_t i = 0; i < a->n_next; i++) {
        bool is_banned = is_target(r, ban, next[i].arc) != ban->ban.is_only;
        if (is_banned && hours)
            next[i].turn =
                turn_with_hours(next[i].turn, road_hours_either(&r->m->hours, turn_hours(next[i].turn), hours));
        if (!is_banned || hours)
            next[n_kept++] = next[i];
    }
    a->n_next = n_kept;
    return true;
}

/* ---- the arcs of a way ---- */

/* The first segment of the first way with this id, and one past the last of the last. */
static void segments_of(const restricting *r, int64_t way_id, size_t *ret_first, size_t *ret_end)
{
    const road_net *net = r->net;
    size_t bounds[2];
    for (int side = 0; side < 2; side++) {
        size_t low = 0, high = net->n_segments;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            int64_t id = r->m->ways[net->segments[middle].way].id;
            if (id < way_id || (side == 1 && id == way_id))
                low = middle + 1;
            else
                high = middle;
        }
        bounds[side] = low;
    }
    *ret_first = bounds[0];
    *ret_end = bounds[1];
}

/* ---- over a node ---- */

static bool ban_over_node(restricting *r, const import_restriction *ban)
{
    uint32_t junction = ban->via_node == NODE_MISSING ? NODE_MISSING : r->net->junction_of[ban->via_node];
    bool fits = false;
    size_t first, end;
    segments_of(r, ban->from_way, &first, &end);
    for (size_t s = first; junction != NODE_MISSING && s < end; s++)
        for (size_t back = 0; back < 2; back++) {
            uint32_t arc = r->g->arc_of[2 * s + back];
            if (arc == NO_ARC || head_of(r->net, &r->g->arcs[arc]) != junction)
                continue;
            for (; arc != NO_ARC; arc = r->g->arcs[arc].next_copy)
                fits |= ban_turns(r, ban, arc);
        }
    return fits;
}

/* ---- over ways ---- */

/* The next arc from the end of one that lies on a way (by id), not straight back; NO_ARC: none. */
static uint32_t next_on_way(const restricting *r, uint32_t arc, int64_t way)
{
    const road_arc *a = &r->g->arcs[arc];
    for (uint32_t i = 0; i < a->n_next; i++) {
        uint32_t to = r->g->nexts[a->first_next + i].arc;
        if (way_of(r, to) == way && !is_back(r->g, arc, to))
            return to;
    }
    return NO_ARC;
}

static bool leads_to_target(const restricting *r, const import_restriction *ban, uint32_t arc)
{
    const road_arc *a = &r->g->arcs[arc];
    for (uint32_t i = 0; i < a->n_next; i++)
        if (is_target(r, ban, r->g->nexts[a->first_next + i].arc))
            return true;
    return false;
}

/* The arcs from the end of `arc` along the ways in between until the target can be turned to. 0: there is no such way.
 */
static int path_over_ways(const restricting *r, const import_restriction *ban, uint32_t arc, uint32_t path[PATH_MOST])
{
    int n = 0;
    for (uint32_t via = 0; n < PATH_MOST;) {
        uint32_t next = via < ban->n_via ? next_on_way(r, arc, r->m->pool[ban->first_via + via]) : NO_ARC;
        if (next != NO_ARC)
            via++;
        else if (n > 0)
            next = next_on_way(r, arc, r->m->pool[ban->first_via + via - 1]);
        if (next == NO_ARC)
            return 0;
        path[n++] = arc = next;
        if (via == ban->n_via && leads_to_target(r, ban, arc))
            return n;
    }
    return 0;
}

static cr_status copy_arc(road_graph *g, uint32_t arc, uint32_t *ret_copy)
{
    uint32_t n_next = g->arcs[arc].n_next;
    if (!room_for(&g->arcs, &g->arcs_room, g->n_arcs + 1, sizeof *g->arcs) ||
        !room_for(&g->nexts, &g->nexts_room, g->n_nexts + n_next, sizeof *g->nexts))
        return CR_E_NOMEM;
    road_arc *copy = &g->arcs[g->n_arcs];
    *copy = g->arcs[arc];
    copy->state = (uint32_t)g->n_states++;
    copy->first_next = g->n_nexts;
    copy->next_copy = NO_ARC;
    memcpy(g->nexts + g->n_nexts, g->nexts + g->arcs[arc].first_next, n_next * sizeof *g->nexts);
    g->n_nexts += n_next;
    while (g->arcs[arc].next_copy != NO_ARC) /* at the end, so that a list of copies goes upwards */
        arc = g->arcs[arc].next_copy;
    g->arcs[arc].next_copy = (uint32_t)g->n_arcs;
    *ret_copy = (uint32_t)g->n_arcs++;
    return CR_OK;
}

/* Leads whoever comes over `arc` onto copies of the path, and bans the turn at their end. */
static cr_status lead_apart(restricting *r, const import_restriction *ban, uint32_t arc, const uint32_t *path, int n)
{
    road_graph *g = r->g;
    for (int i = 0; i < n; i++) {
        road_arc *a = &g->arcs[arc];
        uint32_t at = 0, copy;
        while (at < a->n_next &&
               (g->arcs[g->nexts[a->first_next + at].arc].segment != g->arcs[path[i]].segment ||
                g->arcs[g->nexts[a->first_next + at].arc].is_backward != g->arcs[path[i]].is_backward))
            at++;
        if (at == a->n_next)
            return CR_OK; /* another ban has closed this way already */
        size_t next = a->first_next + at;
        cr_status st = copy_arc(g, g->nexts[next].arc, &copy);
        if (st)
            return st;
        g->nexts[next].arc = arc = copy;
        g->nexts[next].state = g->arcs[copy].state;
    }
    ban_turns(r, ban, arc);
    return CR_OK;
}

static cr_status ban_over_ways(restricting *r, const import_restriction *ban, bool *ret_fits)
{
    size_t first, end;
    cr_status st = CR_OK;
    segments_of(r, ban->from_way, &first, &end);
    for (size_t s = first; s < end; s++)
        for (size_t back = 0; back < 2; back++) {
            uint32_t path[PATH_MOST], same[COPIES_MOST];
            uint32_t arc = r->g->arc_of[2 * s + back];
            int n = arc == NO_ARC ? 0 : path_over_ways(r, ban, arc, path), n_same = 0;
            *ret_fits = *ret_fits || n > 0;
            for (; arc != NO_ARC && n_same < COPIES_MOST; arc = r->g->arcs[arc].next_copy)
                same[n_same++] = arc; /* listed first: a way round makes more of them */
            for (int i = 0; !st && n > 0 && i < n_same; i++)
                st = lead_apart(r, ban, same[i], path, n);
        }
    return st;
}

cr_status road_turns_restrict(road_import *import, const road_net *net, int mode, road_graph *graph)
{
    restricting r = {import, net, mode, graph};
    cr_status st = CR_OK;
    for (size_t i = 0; !st && i < import->n_restrictions; i++) {
        const import_restriction *ban = &import->restrictions[i];
        bool fits = false;
        if (!(ban->ban.modes >> mode & 1))
            continue;
        if (ban->ban.is_u_turn && import->pool[ban->first_to] == ban->from_way)
            continue; /* nobody turns round in the middle of a road anyway */
        if (ban->n_via)
            st = ban_over_ways(&r, ban, &fits);
        else
            fits = ban_over_node(&r, ban);
        graph->n_unused += !fits;
    }
    return st;
}
