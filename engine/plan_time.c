/* Give the rounds of a plan their cheapest starts. */
#include "careround/solve.h"

#include "cost.h"
#include "starts.h"

#include <stdlib.h>

typedef struct views {
    round_view *rounds;
    int32_t *stops, *gaps;
    int32_t *given; /* of each start, as the plan has it; asked for only where travel depends on the time of day */
} views;

static void views_done(views *v)
{
    free(v->rounds);
    free(v->stops);
    free(v->gaps);
    free(v->given);
}

static cr_status views_init(views *v, const cr_problem *p, const cr_plan *plan)
{
    *v = (views){
        .rounds = malloc(((size_t)plan->n_rounds + 1) * sizeof *v->rounds),
        .stops = malloc(((size_t)plan->n_stops + 1) * sizeof *v->stops),
        .gaps = malloc(((size_t)p->n_gaps + 1) * sizeof *v->gaps),
        .given = calloc((size_t)p->n_visits + (size_t)p->n_breaks + 1, sizeof *v->given),
    };
    if (!v->rounds || !v->stops || !v->gaps || !v->given)
        return CR_E_NOMEM;
    for (int32_t k = 0; k < plan->n_stops; k++) {
        v->stops[k] = plan->stops[k].slot != CR_NONE ? plan->stops[k].slot : p->n_slots + plan->stops[k].brk;
        v->given[start_of_stop(p, v->stops[k])] = plan->stops[k].start;
    }
    for (int32_t r = 0; r < plan->n_rounds; r++)
        v->rounds[r] =
            (round_view){plan->rounds[r].shift, plan->rounds[r].stops.n, v->stops + plan->rounds[r].stops.first};
    for (int32_t g = 0; g < p->n_gaps; g++)
        v->gaps[g] = g;
    return CR_OK;
}

/* Starts, departures, returns and cost of a copy of the plan. */
static cr_status set_times(const cr_problem *p, const views *v, const starts *s, cr_plan *timed)
{
    for (int32_t k = 0; k < timed->n_stops; k++)
        timed->stops[k].start = s->at[start_of_stop(p, v->stops[k])];
    for (int32_t r = 0; r < timed->n_rounds; r++)
        if (timed->rounds[r].stops.n > 0)
            round_ends(p, NULL, &v->rounds[r], s->at, &timed->rounds[r].depart, &timed->rounds[r].arrive);
    return plan_set_cost(p, timed);
}

cr_status cr_plan_time(const cr_problem *p, cr_plan *plan)
{
    cr_auto(cr_plan) timed = NULL;
    views v;
    starts s = {0};
    cr_status st = views_init(&v, p, plan);
    if (!st)
        st = starts_init(&s, p, 0);
    if (!st)
        st = starts_find(&s, p, v.rounds, plan->n_rounds, v.gaps, p->n_gaps, v.given);
    if (!st)
        st = cr_plan_copy(plan, &timed);
    if (!st)
        st = set_times(p, &v, &s, timed);
    if (!st) {
        cr_plan untimed = *plan;
        *plan = *timed;
        *timed = untimed;
    }
    starts_done(&s);
    views_done(&v);
    return st;
}
