/* Every insertion: see every_insertion.h. As plain as can be: whole plans, no filter, no increments. */
#include "every_insertion.h"

#include "careround/check.h"
#include "careround/solve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STOPS_MOST 64

typedef struct order {
    int32_t n;
    int32_t stops[STOPS_MOST]; /* slots, or n_slots + break */
} order;

typedef struct walk {
    const cr_problem *p;
    const cr_plan *plan;
    int32_t visit;
    order *orders; /* by shift */
    insertion_truth *truth;
} walk;

static void must(bool ok)
{
    if (!ok) {
        fprintf(stderr, "every insertion: out of memory or too large\n");
        abort();
    }
}

static cr_plan *make_plan(const walk *w)
{
    cr_plan *plan = NULL;
    must(cr_plan_new(w->p->n_shifts, w->p->n_slots + w->p->n_breaks, w->p->n_visits, &plan) == CR_OK);
    plan->n_rounds = plan->n_stops = plan->n_unallocated = 0;
    for (int32_t s = 0; s < w->p->n_shifts; s++) {
        const order *o = &w->orders[s];
        if (o->n == 0)
            continue;
        plan->rounds[plan->n_rounds++] = (cr_round){s, {plan->n_stops, o->n}, 0, 0};
        for (int32_t k = 0; k < o->n; k++)
            plan->stops[plan->n_stops++] = o->stops[k] < w->p->n_slots
                                               ? (cr_stop){o->stops[k], CR_NONE, 0}
                                               : (cr_stop){CR_NONE, o->stops[k] - w->p->n_slots, 0};
    }
    for (int32_t i = 0; i < w->plan->n_unallocated; i++)
        if (w->plan->unallocated[i] != w->visit)
            plan->unallocated[plan->n_unallocated++] = w->plan->unallocated[i];
    return plan;
}

/* All slots are placed: is it a plan? */
static void judge(walk *w)
{
    cr_auto(cr_plan) plan = make_plan(w);
    cr_auto(cr_check) check = NULL;
    if (cr_plan_time(w->p, plan) != CR_OK)
        return;
    must(cr_check_plan(w->p, plan, &check) == CR_OK);
    if (check->n_breaches)
        return;
    insertion_truth *truth = w->truth;
    if (truth->n_plans++ == 0 || plan->cost.total < truth->least_cost)
        truth->least_cost = plan->cost.total;
    for (int32_t s = 0; s < w->p->n_shifts; s++)
        for (int32_t k = 0; k < w->orders[s].n; k++)
            if (w->orders[s].stops[k] < w->p->n_slots && w->p->slots[w->orders[s].stops[k]].visit == w->visit)
                truth->carer_can[w->p->shifts[s].carer] = true;
}

static void insert_at(order *o, int32_t at, int32_t stop)
{
    must(o->n < STOPS_MOST);
    memmove(o->stops + at + 1, o->stops + at, (size_t)(o->n - at) * sizeof *o->stops);
    o->stops[at] = stop;
    o->n++;
}

static void place_slots(walk *w, int32_t k);

/* Put break b and those after it anywhere into the order. */
static void place_breaks(walk *w, int32_t shift, int32_t b, int32_t k)
{
    cr_range breaks = w->p->shifts[shift].breaks;
    if (b == breaks.n) {
        place_slots(w, k + 1);
        return;
    }
    order before = w->orders[shift];
    for (int32_t at = 0; at <= before.n; at++) {
        insert_at(&w->orders[shift], at, w->p->n_slots + breaks.first + b);
        place_breaks(w, shift, b + 1, k);
        w->orders[shift] = before;
    }
}

/* The k-th slot of the visit in every shift, after every visit. */
static void place_slots(walk *w, int32_t k)
{
    cr_range slots = w->p->visits[w->visit].slots;
    if (k == slots.n) {
        judge(w);
        return;
    }
    for (int32_t s = 0; s < w->p->n_shifts; s++) {
        order before = w->orders[s], visits = {0};
        for (int32_t i = 0; i < before.n; i++)
            if (before.stops[i] < w->p->n_slots)
                visits.stops[visits.n++] = before.stops[i];
        for (int32_t at = 0; at <= visits.n; at++) {
            w->orders[s] = visits;
            insert_at(&w->orders[s], at, slots.first + k);
            place_breaks(w, s, 0, k);
        }
        w->orders[s] = before;
    }
}

void every_insertion(const cr_problem *problem, const cr_plan *plan, int32_t visit, insertion_truth *truth)
{
    walk w = {problem, plan, visit, calloc((size_t)problem->n_shifts + 1, sizeof *w.orders), truth};
    must(w.orders);
    truth->n_plans = truth->least_cost = 0;
    memset(truth->carer_can, 0, (size_t)problem->n_carers * sizeof *truth->carer_can);
    for (int32_t r = 0; r < plan->n_rounds; r++)
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            const cr_stop *stop = &plan->stops[plan->rounds[r].stops.first + k];
            order *o = &w.orders[plan->rounds[r].shift];
            insert_at(o, o->n, stop->slot != CR_NONE ? stop->slot : problem->n_slots + stop->brk);
        }
    if (problem->visits[visit].place != CR_NONE || problem->visits[visit].is_anywhere)
        place_slots(&w, 0);
    free(w.orders);
}
