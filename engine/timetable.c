/* Timetable: see timetable.h for what it is and why it is exact.
 *
 * A trial must not inherit starts that only hold because of the orders it replaces. So first all starts that may hang
 * on the edited rounds fall back to their windows (follow the bounds that are tight), then the new rounds are linked
 * and starts are raised again. Everything that changes is kept on a trail for timetable_undo().
 */
#include "timetable_internal.h"

#include "breaks.h"

#include <string.h>

/* ---- allowed starts ---- */

int32_t timetable_start_from(const cr_problem *problem, int32_t visit, int32_t bound)
{
    const cr_visit *v = &problem->visits[visit];
    if (v->locked_start != CR_FREE)
        return bound <= v->locked_start ? v->locked_start : INT32_MAX;
    int32_t best = INT32_MAX;
    for (int32_t w = v->windows.first; w < v->windows.first + v->windows.n; w++) {
        int32_t start = bound > problem->windows[w].open ? bound : problem->windows[w].open;
        if (start <= problem->windows[w].close && start < best)
            best = start;
    }
    return best;
}

int32_t timetable_start_until(const cr_problem *problem, int32_t visit, int32_t bound)
{
    const cr_visit *v = &problem->visits[visit];
    if (v->locked_start != CR_FREE)
        return bound >= v->locked_start ? v->locked_start : INT32_MIN;
    int32_t best = INT32_MIN;
    for (int32_t w = v->windows.first; w < v->windows.first + v->windows.n; w++) {
        int32_t start = bound < problem->windows[w].close ? bound : problem->windows[w].close;
        if (start >= problem->windows[w].open && start > best)
            best = start;
    }
    return best;
}

static int32_t start_from(const timetable *tt, int32_t node, int32_t bound)
{
    if (node < tt->problem->n_visits)
        return timetable_start_from(tt->problem, node, bound);
    return break_start_from(tt->problem, &tt->problem->breaks[node - tt->problem->n_visits], bound);
}

static int32_t lowest(const timetable *tt, int32_t node)
{
    return start_from(tt, node, INT32_MIN);
}

/* ---- rounds ---- */

static void add_way(timetable *tt, int32_t s, int32_t leg, int32_t from, int32_t to)
{
    const cr_shift *shift = &tt->problem->shifts[s];
    tt->ways[s].travel += leg;
    if (shift->max_dist_m != CR_NONE)
        tt->ways[s].dist_m += cr_problem_metres(tt->problem, shift->mode, from, to, shift->begin);
}

/* Chain the stops of a shift. False if no road leads. */
static bool link_round(timetable *tt, int32_t s, const int32_t *stops, int32_t n)
{
    const cr_problem *p = tt->problem;
    const cr_shift *shift = &p->shifts[s];
    int32_t place = shift->start_place, prev = CR_NONE;
    bool is_reachable = true;
    tt->first[s] = tt->last[s] = CR_NONE;
    tt->work[s] = tt->load[s] = tt->way_home[s] = 0;
    tt->ways[s] = (timetable_ways){0, 0};
    for (int32_t k = 0; k < n; k++) {
        int32_t e = stops[k];
        int32_t way = 0;
        if (timetable_is_slot(tt, e)) {
            const cr_visit *v = &p->visits[p->slots[e].visit];
            int32_t to = v->is_anywhere ? place : v->place;
            int32_t leg = cr_problem_travel(p, shift->mode, place, to, shift->begin);
            is_reachable = is_reachable && leg < CR_NO_WAY;
            way = leg + (place != to ? v->door : 0);
            add_way(tt, s, leg, place, to);
            tt->work[s] += (int64_t)way + cr_problem_work(p, e, shift->carer);
            tt->load[s] += v->load;
            place = to;
        }
        tt->way[e] = way;
        tt->at[e] = place;
        tt->shift[e] = s;
        tt->prev[e] = prev;
        tt->next[e] = CR_NONE;
        if (prev == CR_NONE)
            tt->first[s] = e;
        else
            tt->next[prev] = e;
        tt->last[s] = prev = e;
    }
    if (n)
        tt->way_home[s] = cr_problem_travel(p, shift->mode, place, shift->end_place, shift->begin);
    tt->work[s] += tt->way_home[s];
    if (n)
        add_way(tt, s, tt->way_home[s], place, shift->end_place);
    return is_reachable && tt->way_home[s] < CR_NO_WAY;
}

int32_t timetable_there(const timetable *tt, int32_t e, int32_t leave)
{
    const cr_problem *p = tt->problem;
    const cr_shift *shift = &p->shifts[tt->shift[e]];
    if (p->n_periods == 0 || !timetable_is_slot(tt, e))
        return leave + tt->way[e];
    int32_t from = tt->prev[e] == CR_NONE ? shift->start_place : tt->at[tt->prev[e]];
    int32_t door = from == tt->at[e] ? 0 : p->visits[p->slots[e].visit].door;
    return leave + cr_problem_travel(p, shift->mode, from, tt->at[e], leave) + door;
}

int32_t timetable_home(const timetable *tt, int32_t s, int32_t leave)
{
    const cr_shift *shift = &tt->problem->shifts[s];
    if (tt->problem->n_periods == 0)
        return leave + tt->way_home[s];
    return leave + cr_problem_travel(tt->problem, shift->mode, tt->at[tt->last[s]], shift->end_place, leave);
}

/* When she sets off, at the least starts of a round with a stop: at the last moment, unless the shift says when. */
static int32_t sets_off(const timetable *tt, int32_t s)
{
    const cr_problem *p = tt->problem;
    const cr_shift *shift = &p->shifts[s];
    int32_t first = tt->first[s];
    if (shift->leaves_at_begin || !timetable_is_slot(tt, first))
        return shift->begin;
    int32_t door = tt->at[first] == shift->start_place ? 0 : p->visits[p->slots[first].visit].door;
    return cr_problem_leave_by(p, shift->mode, shift->start_place, tt->at[first],
                               tt->earliest[timetable_node(tt, first)] - door);
}

timetable_ways timetable_ways_of(const timetable *tt, int32_t s)
{
    const cr_problem *p = tt->problem;
    const cr_shift *shift = &p->shifts[s];
    int32_t first = tt->first[s], place = shift->start_place;
    timetable_ways ways = {0, 0};
    if (p->n_periods == 0 || first == CR_NONE)
        return tt->ways[s];
    int32_t leave = sets_off(tt, s);
    for (int32_t e = first; e != CR_NONE; e = tt->next[e]) {
        ways.travel += cr_problem_travel(p, shift->mode, place, tt->at[e], leave);
        ways.dist_m += cr_problem_metres(p, shift->mode, place, tt->at[e], leave);
        place = tt->at[e];
        leave = tt->earliest[timetable_node(tt, e)] + timetable_length(tt, e, s);
    }
    ways.travel += cr_problem_travel(p, shift->mode, place, shift->end_place, leave);
    ways.dist_m += cr_problem_metres(p, shift->mode, place, shift->end_place, leave);
    return ways;
}

int64_t timetable_work(const timetable *tt, int32_t s)
{
    const cr_problem *p = tt->problem;
    const cr_shift *shift = &p->shifts[s];
    int32_t first = tt->first[s];
    int64_t work = 0;
    if (p->n_periods == 0 || first == CR_NONE)
        return tt->work[s];
    int32_t leave = sets_off(tt, s);
    for (int32_t e = first; e != CR_NONE; e = tt->next[e]) {
        if (timetable_is_slot(tt, e))
            work += (int64_t)timetable_there(tt, e, leave) - leave + cr_problem_work(p, e, shift->carer);
        leave = tt->earliest[timetable_node(tt, e)] + timetable_length(tt, e, s);
    }
    return work + timetable_home(tt, s, leave) - leave;
}

/* ---- bounds ---- */

/* Give every bound that starts at a node: bound(target, at least). Elements first, then gaps. */
typedef struct bound_walk {
    const timetable *tt;
    int32_t node, start;
    int32_t element, element_end; /* of the node's elements still to come */
    int32_t gap, gap_end;
} bound_walk;

static bound_walk bounds_from(const timetable *tt, int32_t node, int32_t start)
{
    const cr_problem *p = tt->problem;
    bound_walk walk = {.tt = tt, .node = node, .start = start};
    if (node < p->n_visits) {
        walk.element = p->visits[node].slots.first;
        walk.element_end = walk.element + p->visits[node].slots.n;
        walk.gap = tt->gap_first[node];
        walk.gap_end = tt->gap_first[node + 1];
    } else {
        walk.element = p->n_slots + (node - p->n_visits);
        walk.element_end = walk.element + 1;
    }
    return walk;
}

static int32_t longest_slot(const cr_problem *p, int32_t visit)
{
    int32_t longest = 0;
    cr_range slots = p->visits[visit].slots;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        longest = p->slots[i].duration > longest ? p->slots[i].duration : longest;
    return longest;
}

/* What the gap says of the other visit, if anything. */
static bool gap_bound(const bound_walk *walk, const cr_gap *gap, int32_t *ret_node, int32_t *ret_bound)
{
    int32_t from = gap->from == CR_GAP_END_TO_START ? longest_slot(walk->tt->problem, gap->first) : 0;
    bool is_first = gap->first == walk->node;
    int32_t limit = is_first ? gap->min : gap->max;
    *ret_node = is_first ? gap->second : gap->first;
    if (limit == CR_FREE || !walk->tt->is_served[*ret_node])
        return false;
    *ret_bound = is_first ? walk->start + from + limit : walk->start - from - limit;
    return true;
}

static bool next_bound(bound_walk *walk, int32_t *ret_node, int32_t *ret_bound)
{
    const timetable *tt = walk->tt;
    while (walk->element < walk->element_end) {
        int32_t e = walk->element++;
        if (tt->shift[e] != CR_NONE && tt->next[e] != CR_NONE) {
            *ret_node = timetable_node(tt, tt->next[e]);
            *ret_bound = timetable_there(tt, tt->next[e], walk->start + timetable_length(tt, e, tt->shift[e]));
            return true;
        }
    }
    while (walk->gap < walk->gap_end)
        if (gap_bound(walk, &tt->problem->gaps[tt->gap_of[walk->gap++]], ret_node, ret_bound))
            return true;
    return false;
}

/* ---- raising starts ---- */

static void set_start(timetable *tt, int32_t node, int32_t start)
{
    if (!tt->is_marked[node]) {
        tt->is_marked[node] = true;
        tt->trail_node[tt->trail_n] = node;
        tt->trail_start[tt->trail_n++] = tt->earliest[node];
    }
    tt->earliest[node] = start;
}

static void enqueue(timetable *tt, int32_t node)
{
    if (tt->is_queued[node])
        return;
    tt->is_queued[node] = true;
    tt->queue[(tt->queue_head + tt->queue_n++) % tt->n_nodes] = node;
}

static int32_t dequeue(timetable *tt)
{
    int32_t node = tt->queue[tt->queue_head];
    tt->queue_head = (tt->queue_head + 1) % tt->n_nodes;
    tt->queue_n--;
    tt->is_queued[node] = false;
    return node;
}

static bool raise(timetable *tt, int32_t node, int32_t bound)
{
    if (bound <= tt->earliest[node])
        return true;
    int32_t start = start_from(tt, node, bound);
    if (start == INT32_MAX)
        return false;
    set_start(tt, node, start);
    enqueue(tt, node);
    return true;
}

/* Back before the end of each shift in which the node is the last stop? */
static bool is_home_in_time(const timetable *tt, int32_t node)
{
    const cr_problem *p = tt->problem;
    bound_walk walk = bounds_from(tt, node, tt->earliest[node]);
    for (int32_t e = walk.element; e < walk.element_end; e++) {
        int32_t s = tt->shift[e];
        if (s != CR_NONE && tt->last[s] == e &&
            timetable_home(tt, s, walk.start + timetable_length(tt, e, tt->shift[e])) > p->shifts[s].end)
            return false;
    }
    return true;
}

static bool settle(timetable *tt)
{
    while (tt->queue_n) {
        int32_t node = dequeue(tt), target, bound;
        if (!is_home_in_time(tt, node))
            return false;
        bound_walk walk = bounds_from(tt, node, tt->earliest[node]);
        while (next_bound(&walk, &target, &bound))
            if (!raise(tt, target, bound))
                return false;
    }
    return true;
}

static bool raise_first(timetable *tt, int32_t s)
{
    int32_t e = tt->first[s];
    return e == CR_NONE || raise(tt, timetable_node(tt, e), timetable_there(tt, e, tt->problem->shifts[s].begin));
}

/* ---- trials ---- */

static void mark_for_reset(timetable *tt, int32_t node)
{
    if (tt->is_marked[node] || tt->earliest[node] == lowest(tt, node))
        return;
    tt->reset[tt->reset_n++] = node;
    set_start(tt, node, tt->earliest[node]); /* marks it */
}

/* All starts that may hang on the rounds that are about to change. Conservative: one too many only costs time. */
static void collect_reset(timetable *tt, const timetable_edit *edits, int32_t n_edits)
{
    tt->reset_n = 0;
    for (int32_t i = 0; i < n_edits; i++)
        for (int32_t e = tt->first[edits[i].shift]; e != CR_NONE; e = tt->next[e])
            mark_for_reset(tt, timetable_node(tt, e));
    for (int32_t i = 0; i < tt->reset_n; i++) {
        bound_walk walk = bounds_from(tt, tt->reset[i], tt->earliest[tt->reset[i]]);
        int32_t target, bound;
        while (next_bound(&walk, &target, &bound))
            if (start_from(tt, target, bound) == tt->earliest[target])
                mark_for_reset(tt, target);
    }
}

/* Raise a node that fell back by what others, who did not, ask of it. */
static bool pull(timetable *tt, int32_t node)
{
    const cr_problem *p = tt->problem;
    bound_walk own = bounds_from(tt, node, 0);
    for (int32_t e = own.element; e < own.element_end; e++) {
        if (tt->shift[e] == CR_NONE)
            continue;
        int32_t before = tt->prev[e];
        int32_t ready = before == CR_NONE
                            ? p->shifts[tt->shift[e]].begin
                            : tt->earliest[timetable_node(tt, before)] + timetable_length(tt, before, tt->shift[e]);
        if (!raise(tt, node, timetable_there(tt, e, ready)))
            return false;
    }
    for (int32_t g = own.gap; g < own.gap_end; g++) {
        const cr_gap *gap = &p->gaps[tt->gap_of[g]];
        int32_t other = gap->first == node ? gap->second : gap->first, target, bound;
        if (!tt->is_served[other])
            continue;
        bound_walk back = {.tt = tt, .node = other, .start = tt->earliest[other]};
        if (gap_bound(&back, gap, &target, &bound) && !raise(tt, node, bound))
            return false;
    }
    enqueue(tt, node);
    return true;
}

static bool pull_round(timetable *tt, int32_t s)
{
    for (int32_t e = tt->first[s]; e != CR_NONE; e = tt->next[e])
        if (!pull(tt, timetable_node(tt, e)))
            return false;
    return true;
}

bool timetable_try(timetable *tt, int32_t visit, const timetable_edit *edits, int32_t n_edits)
{
    tt->queue_head = tt->queue_n = tt->trail_n = 0;
    collect_reset(tt, edits, n_edits);
    for (int32_t i = 0; i < tt->reset_n; i++)
        tt->earliest[tt->reset[i]] = lowest(tt, tt->reset[i]);
    bool fits = true;
    for (int32_t i = 0; i < n_edits; i++)
        fits = link_round(tt, edits[i].shift, edits[i].stops, edits[i].n) && fits;
    if (!fits)
        return false;
    tt->is_served[visit] = true;
    for (int32_t i = 0; i < n_edits; i++) /* breaks of a shift that was idle, and the visit, have no start yet */
        for (int32_t k = 0; k < edits[i].n; k++) {
            int32_t node = timetable_node(tt, edits[i].stops[k]);
            if (tt->earliest[node] == CR_FREE)
                set_start(tt, node, lowest(tt, node));
        }
    for (int32_t i = 0; i < tt->reset_n; i++)
        if (!pull(tt, tt->reset[i]))
            return false;
    for (int32_t i = 0; i < n_edits; i++)
        if (!pull_round(tt, edits[i].shift))
            return false;
    return settle(tt);
}

void timetable_undo(timetable *tt, int32_t visit, const timetable_edit *edits, int32_t n_edits)
{
    while (tt->queue_n)
        dequeue(tt);
    while (tt->trail_n) {
        int32_t node = tt->trail_node[--tt->trail_n];
        tt->earliest[node] = tt->trail_start[tt->trail_n];
        tt->is_marked[node] = false;
    }
    tt->is_served[visit] = false;
    for (int32_t i = 0; i < n_edits; i++) {
        int32_t s = edits[i].shift;
        for (int32_t k = 0; k < edits[i].n; k++)
            tt->shift[edits[i].stops[k]] = CR_NONE;
        link_round(tt, s, tt->stops + tt->stops_first[s], tt->stops_first[s + 1] - tt->stops_first[s]);
    }
}

/* ---- the plan as it stands ---- */

bool timetable_time_plan(timetable *tt)
{
    const cr_problem *p = tt->problem;
    for (int32_t e = 0; e < tt->n_elements; e++)
        tt->shift[e] = tt->next[e] = tt->prev[e] = CR_NONE;
    for (int32_t n = 0; n < tt->n_nodes; n++)
        tt->earliest[n] = CR_FREE;
    bool fits = true;
    for (int32_t s = 0; s < p->n_shifts; s++) {
        fits = link_round(tt, s, tt->stops + tt->stops_first[s], tt->stops_first[s + 1] - tt->stops_first[s]) && fits;
        tt->carer_work[p->shifts[s].carer] += tt->work[s];
    }
    for (int32_t s = 0; s < p->n_shifts; s++)
        for (int32_t e = tt->first[s]; e != CR_NONE; e = tt->next[e]) {
            int32_t node = timetable_node(tt, e);
            tt->earliest[node] = lowest(tt, node);
            enqueue(tt, node);
        }
    for (int32_t s = 0; fits && s < p->n_shifts; s++)
        fits = raise_first(tt, s);
    fits = fits && settle(tt);
    tt->trail_n = 0;
    memset(tt->is_marked, 0, (size_t)tt->n_nodes);
    return fits;
}
