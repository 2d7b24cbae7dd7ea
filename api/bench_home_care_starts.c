/* The objective of the home health care problem, and the starts that are printed for it, in the file's own numbers.
 *
 * A plan comes in ticks, which are a little coarser than the file. Its orders are kept and the earliest starts that
 * obey the file are found by pushing from the windows on: for fixed orders nothing costs less.
 */
#include "bench_home_care.h"

#include <math.h>
#include <stdlib.h>

#define PASSES_TO_SPARE 2

static int32_t visit_of(const bench_instance *instance, const cr_plan *plan, int32_t stop)
{
    return instance->problem->slots[plan->stops[stop].slot].visit;
}

double home_care_objective(const bench_instance *instance, const cr_plan *plan, const double *start)
{
    const home_care *file = instance->own;
    double travel = 0, tardiness = 0, worst = 0;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        cr_range stops = plan->rounds[r].stops;
        int64_t at = 0;
        for (int32_t k = stops.first; k < stops.first + stops.n; k++) {
            int64_t node = instance->node[visit_of(instance, plan, k)];
            double late = fmax(0, start[k] - home_care_patient_at(file, node)->closes);
            travel += home_care_distance(file, at, node);
            tardiness += late;
            worst = fmax(worst, late);
            at = node;
        }
        travel += home_care_distance(file, at, file->end_node);
    }
    return (travel + tardiness + worst) / 3;
}

typedef struct settling {
    const bench_instance *instance;
    const cr_plan *plan;
    double *start; /* of each visit; < 0: not in the plan */
    bool moved;
} settling;

/* Rounding noise must not keep a tight pair of gaps moving each other for ever. */
static void not_before(settling *s, int32_t visit, double earliest)
{
    if (s->start[visit] < earliest - 1e-9) {
        s->start[visit] = earliest;
        s->moved = true;
    }
}

static void push_along_round(settling *s, const cr_round *round)
{
    const home_care *file = s->instance->own;
    double free_at = 0;
    int64_t at = 0;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
        int32_t visit = visit_of(s->instance, s->plan, k);
        int64_t node = s->instance->node[visit];
        not_before(s, visit, free_at + home_care_distance(file, at, node));
        free_at = s->start[visit] + file->slot_duration[s->plan->stops[k].slot];
        at = node;
    }
}

static void push_across_gaps(settling *s)
{
    const home_care *file = s->instance->own;
    const cr_problem *problem = s->instance->problem;
    for (int32_t g = 0; g < problem->n_gaps; g++) {
        int32_t first = problem->gaps[g].first, second = problem->gaps[g].second;
        int64_t node = s->instance->node[first];
        if (s->start[first] < 0 || s->start[second] < 0)
            continue;
        not_before(s, second, s->start[first] + home_care_patient_at(file, node)->gap_least);
        not_before(s, first, s->start[second] - home_care_patient_at(file, node)->gap_most);
    }
}

/* Earliest starts by pushing until nothing moves. As many passes as there are visits suffice, because the plan's own
 * starts prove that the rules can be met. False: they never came to rest, so the plan does not hold. */
static bool settle(settling *s)
{
    int32_t n_visits = s->instance->problem->n_visits;
    for (int32_t v = 0; v < n_visits; v++)
        s->start[v] = -1;
    for (int32_t k = 0; k < s->plan->n_stops; k++) {
        int32_t visit = visit_of(s->instance, s->plan, k);
        const home_care *file = s->instance->own;
        s->start[visit] = home_care_patient_at(file, s->instance->node[visit])->opens;
    }
    for (int32_t pass = 0; pass < n_visits + PASSES_TO_SPARE; pass++) {
        s->moved = false;
        for (int32_t r = 0; r < s->plan->n_rounds; r++)
            push_along_round(s, &s->plan->rounds[r]);
        push_across_gaps(s);
        if (!s->moved)
            return true;
    }
    return false;
}

/* Without memory, or if the plan does not hold, the starts stay as the ticks have them. */
void home_care_settle_starts(const bench_instance *instance, const cr_plan *plan, double *start)
{
    settling s = {.instance = instance, .plan = plan};
    s.start = calloc((size_t)instance->problem->n_visits + 1, sizeof *s.start);
    if (s.start && settle(&s))
        for (int32_t k = 0; k < plan->n_stops; k++)
            start[k] = s.start[visit_of(instance, plan, k)];
    free(s.start);
}
