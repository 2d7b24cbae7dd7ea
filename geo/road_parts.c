/* The parts of a graph within which everybody gets from everywhere to everywhere; the large ones stay.
 *
 * A road that cannot be reached, or not be left, is a fault of the map more often than a place where somebody lives, so
 * nothing snaps to it. Parts are strongly connected components (Tarjan 1972), found without recursion: a country would
 * overflow the stack.
 */
#include "road_build.h"

/* The largest stays (or both of a ring road's directions), and every other of at least this many states: an island with
 * roads of its own. */
#define LARGE_PART 1000

typedef struct parting {
    const road_graph *g;
    uint32_t *first_arc, *arcs; /* of each state */
    uint32_t *index, *low, *part, *stack, *path, *cursor;
    uint32_t *size; /* of each part */
    uint32_t n_stack, n_path, n_index, n_parts;
} parting;

static bool list_arcs(parting *p)
{
    const road_graph *g = p->g;
    p->first_arc = room_zeroed(g->n_states + 2, sizeof *p->first_arc);
    p->arcs = room_raw(g->n_arcs, sizeof *p->arcs);
    if (!p->first_arc || !p->arcs)
        return false;
    for (size_t a = 0; a < g->n_arcs; a++)
        p->first_arc[g->arcs[a].state + 2]++;
    for (size_t s = 0; s < g->n_states; s++)
        p->first_arc[s + 2] += p->first_arc[s + 1];
    for (size_t a = 0; a < g->n_arcs; a++)
        p->arcs[p->first_arc[g->arcs[a].state + 1]++] = (uint32_t)a;
    return true;
}

static bool take_room(parting *p)
{
    size_t n = p->g->n_states;
    p->index = room_zeroed(n, sizeof *p->index); /* 0: not met */
    p->low = room_zeroed(n, sizeof *p->low);
    p->part = room_raw(n, sizeof *p->part);
    p->stack = room_raw(n, sizeof *p->stack);
    p->path = room_raw(n, sizeof *p->path);
    p->cursor = room_zeroed(n, 2 * sizeof *p->cursor); /* arc and turn to look at next */
    p->size = room_zeroed(n + 1, sizeof *p->size);
    return p->index && p->low && p->part && p->stack && p->path && p->cursor && p->size && list_arcs(p);
}

static void meet(parting *p, uint32_t state)
{
    p->index[state] = p->low[state] = ++p->n_index;
    p->part[state] = NO_STATE;
    p->cursor[2 * (size_t)state] = p->first_arc[state];
    p->stack[p->n_stack++] = p->path[p->n_path++] = state;
}

/* The next state that can be reached from this one; NO_STATE: all were seen. */
static uint32_t next_neighbour(parting *p, uint32_t state)
{
    uint32_t *arc = &p->cursor[2 * (size_t)state], *turn = arc + 1;
    for (; *arc < p->first_arc[state + 1]; (*arc)++, *turn = 0) {
        const road_arc *a = &p->g->arcs[p->arcs[*arc]];
        if (*turn < a->n_next)
            return p->g->nexts[a->first_next + (*turn)++].state;
    }
    return NO_STATE;
}

static void close_part(parting *p, uint32_t root)
{
    uint32_t state;
    do {
        state = p->stack[--p->n_stack];
        p->part[state] = p->n_parts;
        p->size[p->n_parts]++;
    } while (state != root);
    p->n_parts++;
}

static void find_from(parting *p, uint32_t start)
{
    meet(p, start);
    while (p->n_path) {
        uint32_t state = p->path[p->n_path - 1], to = next_neighbour(p, state);
        if (to != NO_STATE) {
            if (!p->index[to])
                meet(p, to);
            else if (p->part[to] == NO_STATE && p->index[to] < p->low[state])
                p->low[state] = p->index[to];
            continue;
        }
        p->n_path--;
        if (p->low[state] == p->index[state])
            close_part(p, state);
        if (p->n_path && p->low[state] < p->low[p->path[p->n_path - 1]])
            p->low[p->path[p->n_path - 1]] = p->low[state];
    }
}

/* ---- what stays ---- */

/* Numbers the states that stay anew, in new_state; returns how many. */
static uint32_t number_anew(const parting *p, uint32_t *new_state)
{
    uint32_t largest = 2, n = 0; /* a state alone leads nowhere */
    for (uint32_t part = 0; part < p->n_parts; part++)
        largest = p->size[part] > largest ? p->size[part] : largest;
    for (size_t s = 0; s < p->g->n_states; s++) {
        uint32_t size = p->size[p->part[s]];
        new_state[s] = size == largest || size >= LARGE_PART ? n++ : NO_STATE;
    }
    return n;
}

/* Takes out arcs that lead nowhere any more, and turns into them. new_arc: room for n_arcs. */
static void take_out(road_graph *g, const uint32_t *part, const uint32_t *new_state, uint32_t *new_arc)
{
    uint32_t n_arcs = 0;
    for (size_t a = 0; a < g->n_arcs; a++) {
        road_arc *arc = &g->arcs[a];
        uint32_t n_next = 0;
        for (uint32_t i = 0; i < arc->n_next; i++) {
            road_next next = g->nexts[arc->first_next + i];
            if (new_state[next.state] != NO_STATE && new_state[arc->state] != NO_STATE &&
                part[next.state] == part[arc->state])
                g->nexts[arc->first_next + n_next++] = next;
        }
        arc->n_next = n_next;
        new_arc[a] = n_next ? n_arcs++ : NO_ARC;
    }
    g->n_dropped = g->n_arcs - n_arcs;
}

/* The arc in its new number, or else the first of its copies that is left. */
static uint32_t first_left(const road_graph *g, const uint32_t *new_arc, uint32_t arc)
{
    while (arc != NO_ARC && new_arc[arc] == NO_ARC)
        arc = g->arcs[arc].next_copy;
    return arc == NO_ARC ? NO_ARC : new_arc[arc];
}

static cr_status close_ranks(const road_net *net, road_graph *g, const uint32_t *new_state, const uint32_t *new_arc)
{
    road_next *nexts = room_raw(g->n_nexts, sizeof *nexts);
    uint32_t *next_copy = room_raw(g->n_arcs, sizeof *next_copy);
    size_t n_nexts = 0;
    if (!nexts || !next_copy) {
        free(nexts);
        free(next_copy);
        return CR_E_NOMEM;
    }
    for (size_t i = 0; i < net->n_segments * 2; i++)
        g->arc_of[i] = first_left(g, new_arc, g->arc_of[i]);
    for (size_t j = 0; j < net->n_junctions; j++)
        if (g->state_at[j] != NO_STATE)
            g->state_at[j] = new_state[g->state_at[j]];
    for (size_t a = 0; a < g->n_arcs; a++)
        next_copy[a] = first_left(g, new_arc, g->arcs[a].next_copy);
    for (size_t a = 0; a < g->n_arcs; a++) {
        if (new_arc[a] == NO_ARC)
            continue;
        road_arc arc = g->arcs[a];
        for (uint32_t i = 0; i < arc.n_next; i++) {
            road_next next = g->nexts[arc.first_next + i];
            nexts[n_nexts + i] = (road_next){new_arc[next.arc], new_state[next.state], next.turn};
        }
        arc.first_next = n_nexts;
        arc.state = new_state[arc.state];
        arc.next_copy = next_copy[a];
        n_nexts += arc.n_next;
        g->arcs[new_arc[a]] = arc;
    }
    free(next_copy);
    free(g->nexts);
    g->nexts = nexts;
    g->nexts_room = g->n_nexts;
    g->n_nexts = n_nexts;
    g->n_arcs -= g->n_dropped;
    return CR_OK;
}

cr_status road_parts_keep_large(const road_net *net, road_graph *g)
{
    parting p = {.g = g};
    uint32_t *new_state = room_raw(g->n_states, sizeof *new_state), *new_arc = room_raw(g->n_arcs, sizeof *new_arc);
    cr_status st = new_state && new_arc && take_room(&p) ? CR_OK : CR_E_NOMEM;
    for (size_t s = 0; !st && s < g->n_states; s++)
        if (!p.index[s])
            find_from(&p, (uint32_t)s);
    if (!st) {
        uint32_t n_states = number_anew(&p, new_state);
        take_out(g, p.part, new_state, new_arc);
        st = close_ranks(net, g, new_state, new_arc);
        g->n_states = n_states;
    }
    free(p.first_arc);
    free(p.arcs);
    free(p.index);
    free(p.low);
    free(p.part);
    free(p.stack);
    free(p.path);
    free(p.cursor);
    free(p.size);
    free(new_state);
    free(new_arc);
    return st;
}
