/* The way itself: Dijkstra's search (1959) on the graph of turns, from a place until the other is reached.
 *
 * Rounds of care are short, so a search sees some thousands of states and takes a millisecond or two; the hierarchy
 * would have to remember what its arcs stand for. What is touched is put back after each search.
 */
#include "road_line.h"
#include "road_table.h"

typedef struct heap_entry {
    road_cost cost;
    uint32_t state;
} heap_entry;

struct cr_road_finder {
    roads_look look;
    const roads_mode_view *m;   /* of the look */
    uint32_t *first_arc, *arcs; /* of each state */
    road_cost *cost;            /* of each state; COST_NO_WAY between searches */
    uint32_t *by_arc;           /* by which a state was reached */
    uint8_t *is_first;          /* that arc is the one on which the way begins */
    uint32_t *touched;
    size_t n_touched;
    heap_entry *heap;
    size_t n_heap, heap_room;
    uint32_t *way; /* arcs, last to first */
    size_t n_way, way_room;
    bool lacks_memory;
    road_line line;
};

/* ---- heap ---- */

static void push(cr_road_finder *f, road_cost cost, uint32_t state)
{
    if (!room_for(&f->heap, &f->heap_room, f->n_heap + 1, sizeof *f->heap)) {
        f->lacks_memory = true;
        return;
    }
    size_t i = f->n_heap++;
    for (; i > 0 && f->heap[(i - 1) / 2].cost > cost; i = (i - 1) / 2)
        f->heap[i] = f->heap[(i - 1) / 2];
    f->heap[i] = (heap_entry){cost, state};
}

static heap_entry pop(cr_road_finder *f)
{
    heap_entry top = f->heap[0], last = f->heap[--f->n_heap];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < f->n_heap; i = child) {
        child += child + 1 < f->n_heap && f->heap[child + 1].cost < f->heap[child].cost;
        if (f->heap[child].cost >= last.cost)
            break;
        f->heap[i] = f->heap[child];
    }
    if (f->n_heap > 0)
        f->heap[i] = last;
    return top;
}

/* ---- the search ---- */

static void reach(cr_road_finder *f, uint32_t state, road_cost cost, uint32_t arc, bool is_first)
{
    if (cost >= f->cost[state])
        return;
    if (f->cost[state] == COST_NO_WAY)
        f->touched[f->n_touched++] = state;
    f->cost[state] = cost;
    f->by_arc[state] = arc;
    f->is_first[state] = is_first;
    push(f, cost, state);
}

static void go_on(cr_road_finder *f, uint32_t arc, road_cost cost, bool is_first)
{
    for (uint32_t i = f->m->arcs[arc].first_next; i < f->m->arcs[arc + 1].first_next; i++)
        reach(f, f->m->next_state[i], cost + look_turn_cost(&f->look, i), arc, is_first);
}

static void begin(cr_road_finder *f, const cr_road_snap *from)
{
    for (size_t back = 0; back < 2; back++) {
        uint32_t a = f->m->arc_of[2 * (size_t)from->segment + back];
        if (a != NO_ARC)
            go_on(f, a,
                  look_arc_cost(&f->look, &f->m->arcs[a]) - table_part_cost(&f->look, &f->m->arcs[a], from->fraction),
                  true);
    }
}

/* The arc on which the goal is reached, as far as the search has come, and the cost; NO_ARC: not yet. */
static uint32_t best_goal(const cr_road_finder *f, const cr_road_snap *to, road_cost *ret_cost)
{
    uint32_t best = NO_ARC;
    *ret_cost = COST_NO_WAY;
    for (size_t back = 0; back < 2; back++)
        for (uint32_t a = f->m->arc_of[2 * (size_t)to->segment + back]; a != NO_ARC; a = f->m->arcs[a].next_copy) {
            road_cost cost = f->cost[f->m->arcs[a].state] + table_part_cost(&f->look, &f->m->arcs[a], to->fraction);
            if (cost < *ret_cost) {
                *ret_cost = cost;
                best = a;
            }
        }
    return best;
}

static uint32_t search(cr_road_finder *f, const cr_road_snap *from, const cr_road_snap *to, road_cost *ret_cost)
{
    begin(f, from);
    uint32_t goal = best_goal(f, to, ret_cost);
    while (f->n_heap > 0 && f->heap[0].cost < *ret_cost && !f->lacks_memory) {
        heap_entry top = pop(f);
        if (top.cost > f->cost[top.state])
            continue;
        for (uint32_t i = f->first_arc[top.state]; i < f->first_arc[top.state + 1]; i++)
            go_on(f, f->arcs[i], top.cost + look_arc_cost(&f->look, &f->m->arcs[f->arcs[i]]), false);
        goal = best_goal(f, to, ret_cost);
    }
    return goal;
}

static void put_back(cr_road_finder *f)
{
    for (size_t i = 0; i < f->n_touched; i++)
        f->cost[f->touched[i]] = COST_NO_WAY;
    f->n_touched = f->n_heap = 0;
}

/* ---- the line ---- */

static cr_status add_arc(cr_road_finder *f, uint32_t arc, double from, double to)
{
    return road_line_add(&f->line, f->look.roads, f->m->arcs[arc].segment / 2, from, to);
}

static double end_of(const cr_road_finder *f, uint32_t arc)
{
    return f->m->arcs[arc].segment % 2 ? 0 : 1;
}

/* Back from the goal's arc to the arc on which the way began, then forward as a line. */
static cr_status draw(cr_road_finder *f, uint32_t goal, const cr_road_snap *from, const cr_road_snap *to)
{
    f->n_way = 0;
    for (uint32_t state = f->m->arcs[goal].state; !f->is_first[state]; state = f->m->arcs[f->by_arc[state]].state) {
        if (!room_for(&f->way, &f->way_room, f->n_way + 2, sizeof *f->way))
            return CR_E_NOMEM;
        f->way[f->n_way++] = f->by_arc[state];
    }
    uint32_t first_state = f->n_way ? f->m->arcs[f->way[f->n_way - 1]].state : f->m->arcs[goal].state;
    uint32_t first = f->by_arc[first_state];
    cr_status st = add_arc(f, first, from->fraction, end_of(f, first));
    for (size_t i = f->n_way; !st && i-- > 0;)
        st = add_arc(f, f->way[i], 1 - end_of(f, f->way[i]), end_of(f, f->way[i]));
    return st ? st : add_arc(f, goal, 1 - end_of(f, goal), to->fraction);
}

cr_status cr_road_finder_find(cr_road_finder *f, const cr_road_snap *from, const cr_road_snap *to, double tolerance_m,
                              const cr_road_position **ret_line, int32_t *ret_n)
{
    f->line.n = 0;
    f->lacks_memory = false;
    *ret_n = 0;
    if (from->segment == CR_NONE || to->segment == CR_NONE)
        return CR_OK;
    road_cost cost;
    uint32_t goal = search(f, from, to, &cost);
    cr_status st = f->lacks_memory ? CR_E_NOMEM : CR_OK;
    if (!st && table_direct_cost(&f->look, from, to) <= cost && from->segment == to->segment &&
        table_direct_cost(&f->look, from, to) < COST_NO_WAY)
        st = road_line_add(&f->line, f->look.roads, (uint32_t)from->segment, from->fraction, to->fraction);
    else if (!st && goal != NO_ARC)
        st = draw(f, goal, from, to);
    put_back(f);
    if (!st)
        st = road_line_simplify(&f->line, tolerance_m);
    if (st)
        return st;
    *ret_line = f->line.at;
    *ret_n = (int32_t)f->line.n;
    return CR_OK;
}

/* ---- the finder ---- */

static bool take_room(cr_road_finder *f)
{
    const roads_look *c = &f->look;
    f->first_arc = room_zeroed((size_t)c->n_states + 2, sizeof *f->first_arc);
    f->arcs = room_raw(c->n_arcs, sizeof *f->arcs);
    f->cost = room_raw(c->n_states, sizeof *f->cost);
    f->by_arc = room_raw(c->n_states, sizeof *f->by_arc);
    f->is_first = room_raw(c->n_states, sizeof *f->is_first);
    f->touched = room_raw(c->n_states, sizeof *f->touched);
    if (!f->first_arc || !f->arcs || !f->cost || !f->by_arc || !f->is_first || !f->touched)
        return false;
    for (uint32_t v = 0; v < c->n_states; v++)
        f->cost[v] = COST_NO_WAY;
    for (uint32_t a = 0; a < c->n_arcs; a++)
        f->first_arc[f->m->arcs[a].state + 2]++;
    for (uint32_t v = 0; v < c->n_states; v++)
        f->first_arc[v + 2] += f->first_arc[v + 1];
    for (uint32_t a = 0; a < c->n_arcs; a++)
        f->arcs[f->first_arc[f->m->arcs[a].state + 1]++] = a;
    return true;
}

cr_status cr_road_finder_new(const cr_roads *roads, int32_t mode, int32_t period, cr_road_finder **ret_finder)
{
    assert(cr_roads_has_mode(roads, mode));
    cr_auto(cr_road_finder) f = calloc(1, sizeof *f);
    if (!f)
        return CR_E_NOMEM;
    f->look = roads_look_at(roads, mode, period);
    f->m = f->look.mode;
    if (!take_room(f))
        return CR_E_NOMEM;
    *ret_finder = cr_road_finder_take(&f);
    return CR_OK;
}

cr_road_finder *cr_road_finder_free(cr_road_finder *f)
{
    if (!f)
        return NULL;
    void *arrays[] = {f->first_arc, f->arcs, f->cost, f->by_arc, f->is_first, f->touched, f->heap, f->way};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    road_line_done(&f->line);
    free(f);
    return NULL;
}
