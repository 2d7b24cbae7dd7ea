/* In which order the parts of a cut list visits and shifts: along the chart's curve. */
#include "cut.h"

#include "keyed.h"

#include <stdlib.h>

static double rank_of(const chart *c, int32_t place)
{
    return place != CR_NONE ? c->rank[place] : -1;
}

static void take_order(keyed *list, int32_t n, int32_t *ret_order)
{
    qsort(list, (size_t)n, sizeof *list, compare_keyed);
    for (int32_t i = 0; i < n; i++)
        ret_order[i] = list[i].visit;
}

/* Of its first visit; -1: it has none that is anywhere. */
static double rank_of_round(const cr_problem *p, const chart *c, const cr_plan *plan, const cr_round *round)
{
    double rank = -1;
    for (int32_t k = 0; k < round->stops.n && rank < 0; k++) {
        int32_t slot = plan->stops[round->stops.first + k].slot;
        rank = slot != CR_NONE ? rank_of(c, p->visits[p->slots[slot].visit].place) : -1;
    }
    return rank;
}

cr_status cut_put_in_order(const cr_problem *p, const chart *c, const cr_plan *plan, cut *made)
{
    int32_t n = p->n_visits > p->n_shifts ? p->n_visits : p->n_shifts;
    keyed *list = malloc(((size_t)n + 1) * sizeof *list);
    if (!list)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < p->n_visits; v++)
        list[v] = (keyed){p->visits[v].is_anywhere ? p->n_places : rank_of(c, p->visits[v].place), v};
    take_order(list, p->n_visits, made->visit_order);
    for (int32_t r = 0; r < p->n_shifts; r++)
        list[r] = (keyed){-1, r};
    for (int32_t i = 0; i < plan->n_rounds; i++)
        list[plan->rounds[i].shift].key = rank_of_round(p, c, plan, &plan->rounds[i]);
    take_order(list, p->n_shifts, made->shift_order);
    free(list);
    return CR_OK;
}
