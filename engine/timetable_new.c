/* A timetable made: its memory, the gaps by visit, and the stops of the plan. */
#include "timetable_internal.h"

#include <stdlib.h>

timetable *timetable_free(timetable *tt)
{
    if (tt) {
        void *const owned[] = {tt->next,        tt->prev,        tt->way,        tt->at,        tt->shift,
                               tt->first,       tt->last,        tt->way_home,   tt->work,      tt->load,
                               tt->stops,       tt->stops_first, tt->carer_work, tt->earliest,  tt->is_served,
                               tt->gap_first,   tt->gap_of,      tt->queue,      tt->is_queued, tt->trail_node,
                               tt->trail_start, tt->reset,       tt->is_marked,  tt->ways};
        for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
            free(owned[i]);
        free(tt);
    }
    return NULL;
}

static int32_t *ints(int32_t n)
{
    return calloc((size_t)n + 1, sizeof(int32_t));
}

static bool take_memory(timetable *tt, const cr_problem *p, int32_t n_stops)
{
    int32_t n_e = tt->n_elements, n_n = tt->n_nodes, n_s = p->n_shifts;
    size_t n_s1 = (size_t)n_s + 1, n_n1 = (size_t)n_n + 1;
    return (tt->next = ints(n_e)) && (tt->prev = ints(n_e)) && (tt->way = ints(n_e)) && (tt->at = ints(n_e)) &&
           (tt->shift = ints(n_e)) && (tt->first = ints(n_s)) && (tt->last = ints(n_s)) && (tt->way_home = ints(n_s)) &&
           (tt->ways = calloc(n_s1, sizeof *tt->ways)) && (tt->work = calloc(n_s1, sizeof *tt->work)) &&
           (tt->load = calloc(n_s1, sizeof *tt->load)) && (tt->stops = ints(n_stops)) &&
           (tt->stops_first = ints(n_s + 1)) &&
           (tt->carer_work = calloc((size_t)p->n_carers + 1, sizeof *tt->carer_work)) && (tt->earliest = ints(n_n)) &&
           (tt->is_served = calloc(n_n1, sizeof *tt->is_served)) && (tt->gap_first = ints(p->n_visits + 1)) &&
           (tt->gap_of = ints(2 * p->n_gaps)) && (tt->queue = ints(n_n)) &&
           (tt->is_queued = calloc(n_n1, sizeof *tt->is_queued)) && (tt->trail_node = ints(n_n)) &&
           (tt->trail_start = ints(n_n)) && (tt->reset = ints(n_n)) &&
           (tt->is_marked = calloc(n_n1, sizeof *tt->is_marked));
}

/* Counting sort of the gaps by their two visits. */
static void sort_gaps(timetable *tt, const cr_problem *p)
{
    int32_t *first = tt->gap_first;
    for (int32_t g = 0; g < p->n_gaps; g++) {
        first[p->gaps[g].first + 1]++;
        first[p->gaps[g].second + 1]++;
    }
    for (int32_t v = 0; v < p->n_visits; v++)
        first[v + 1] += first[v];
    for (int32_t g = p->n_gaps; g-- > 0;) {
        tt->gap_of[--first[p->gaps[g].first + 1]] = g;
        tt->gap_of[--first[p->gaps[g].second + 1]] = g;
    }
    /* Each end moved down to its own beginning: shift them back by one place. */
    for (int32_t v = 0; v < p->n_visits; v++)
        first[v] = first[v + 1];
    first[p->n_visits] = 2 * p->n_gaps;
}

static void copy_stops(timetable *tt, const cr_plan *plan)
{
    const cr_problem *p = tt->problem;
    for (int32_t r = 0; r < plan->n_rounds; r++)
        tt->stops_first[plan->rounds[r].shift + 1] = plan->rounds[r].stops.n;
    for (int32_t s = 0; s < p->n_shifts; s++)
        tt->stops_first[s + 1] += tt->stops_first[s];
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        const cr_stop *stops = plan->stops + plan->rounds[r].stops.first;
        int32_t *mine = tt->stops + tt->stops_first[plan->rounds[r].shift];
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            mine[k] = stops[k].slot != CR_NONE ? stops[k].slot : p->n_slots + stops[k].brk;
            if (stops[k].slot != CR_NONE)
                tt->is_served[p->slots[stops[k].slot].visit] = true;
        }
    }
}

cr_status timetable_new(const cr_problem *problem, const cr_plan *plan, timetable **ret_timetable)
{
    cr_auto(timetable) tt = calloc(1, sizeof *tt);
    if (!tt)
        return CR_E_NOMEM;
    tt->problem = problem;
    tt->n_elements = problem->n_slots + problem->n_breaks;
    tt->n_nodes = problem->n_visits + problem->n_breaks;
    if (!take_memory(tt, problem, plan->n_stops))
        return CR_E_NOMEM;
    sort_gaps(tt, problem);
    copy_stops(tt, plan);
    if (!timetable_time_plan(tt))
        return CR_E_INPUT;
    *ret_timetable = timetable_take(&tt);
    return CR_OK;
}
