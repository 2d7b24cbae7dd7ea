/* Small days for stories: see small_day.h. */
#include "small_day.h"

#include "careround/solve.h"

#include <stdio.h>
#include <stdlib.h>

static void must(cr_status st)
{
    if (st) {
        fprintf(stderr, "small day: status %d\n", st);
        abort();
    }
}

void small_day_init(small_day *day)
{
    *day = (small_day){0};
    must(cr_matrix_new(SMALL_DAY_PLACES, &day->matrix));
    for (int32_t from = 0; from < SMALL_DAY_PLACES; from++)
        for (int32_t to = 0; to < SMALL_DAY_PLACES; to++)
            cr_matrix_set(day->matrix, from, to, abs(from - to), 1000 * abs(from - to));
    must(cr_problem_new(&day->problem));
    day->problem->matrix[0] = day->matrix;
    day->problem->n_modes = 1;
    day->problem->n_places = SMALL_DAY_PLACES;
    day->problem->prices.travel = 1;
}

void small_day_done(small_day *day)
{
    day->plan = cr_plan_free(day->plan);
    day->problem = cr_problem_free(day->problem);
    day->matrix = cr_matrix_free(day->matrix);
}

int32_t small_day_carer(small_day *day, int32_t begin, int32_t end)
{
    cr_carer carer = CR_CARER_INIT;
    cr_shift shift = CR_SHIFT_INIT;
    shift.carer = day->problem->n_carers;
    shift.begin = begin;
    shift.end = end;
    shift.start_place = shift.end_place = 0;
    must(cr_problem_add_carer(day->problem, &carer));
    must(cr_problem_add_shift(day->problem, &shift));
    return shift.carer;
}

void small_day_has_skill(small_day *day, int32_t skill, int32_t level)
{
    cr_problem *p = day->problem;
    must(cr_problem_add_skills(p, &(cr_skill){skill, level}, 1, &p->carers[p->n_carers - 1].skills));
}

void small_day_has_attribute(small_day *day, int32_t attribute)
{
    cr_problem *p = day->problem;
    must(cr_problem_add_ids(p, &attribute, 1, &p->carers[p->n_carers - 1].attributes));
}

int32_t small_day_visit(small_day *day, int32_t place, int32_t open, int32_t close, int32_t duration)
{
    cr_problem *p = day->problem;
    cr_visit visit = CR_VISIT_INIT;
    cr_slot slot = CR_SLOT_INIT;
    visit.client = p->n_clients++;
    visit.place = place;
    visit.load = 1;
    visit.unallocated_price = 1000;
    slot.duration = duration;
    must(cr_problem_add_visit(p, &visit));
    must(cr_problem_add_window(p, open, close));
    must(cr_problem_add_slot(p, &slot));
    return p->n_visits - 1;
}

void small_day_one_more(small_day *day)
{
    cr_slot slot = day->problem->slots[day->problem->n_slots - 1];
    must(cr_problem_add_slot(day->problem, &slot));
}

void small_day_needs_skill(small_day *day, int32_t skill, int32_t level)
{
    cr_problem *p = day->problem;
    cr_range needed;
    must(cr_problem_add_skills(p, &(cr_skill){skill, level}, 1, &needed));
    for (int32_t i = 0; i < p->visits[p->n_visits - 1].slots.n; i++)
        p->slots[p->visits[p->n_visits - 1].slots.first + i].skills = needed;
}

void small_day_needs_attribute(small_day *day, int32_t attribute)
{
    cr_problem *p = day->problem;
    cr_range needed;
    must(cr_problem_add_ids(p, &attribute, 1, &needed));
    for (int32_t i = 0; i < p->visits[p->n_visits - 1].slots.n; i++)
        p->slots[p->visits[p->n_visits - 1].slots.first + i].attributes = needed;
}

static int32_t count_stops(const int32_t *stops)
{
    int32_t n = 0;
    while (n < SMALL_DAY_STOPS && stops[n] != CR_NONE)
        n++;
    return n;
}

static void list_unallocated(const cr_problem *p, cr_plan *plan, const bool *is_served)
{
    plan->n_unallocated = 0;
    for (int32_t v = 0; v < p->n_visits; v++)
        if (!is_served[v])
            plan->unallocated[plan->n_unallocated++] = v;
}

void small_day_plan(small_day *day, const int32_t (*rounds)[SMALL_DAY_STOPS], int32_t n_rounds)
{
    cr_problem *p = day->problem;
    char message[200];
    if (cr_problem_validate(p, message, sizeof message)) {
        fprintf(stderr, "small day: %s\n", message);
        abort();
    }
    bool *is_served = calloc((size_t)p->n_visits + 1, sizeof *is_served);
    cr_plan *plan = NULL;
    must(is_served ? CR_OK : CR_E_NOMEM);
    must(cr_plan_new(n_rounds, n_rounds * SMALL_DAY_STOPS, p->n_visits, &plan));
    plan->n_rounds = plan->n_stops = 0;
    for (int32_t s = 0; s < n_rounds; s++) {
        int32_t n = count_stops(rounds[s]);
        if (n)
            plan->rounds[plan->n_rounds++] = (cr_round){s, {plan->n_stops, n}, 0, 0};
        for (int32_t k = 0; k < n; k++) {
            bool is_slot = rounds[s][k] < p->n_slots;
            plan->stops[plan->n_stops++] =
                is_slot ? (cr_stop){rounds[s][k], CR_NONE, 0} : (cr_stop){CR_NONE, rounds[s][k] - p->n_slots, 0};
            if (is_slot)
                is_served[p->slots[rounds[s][k]].visit] = true;
        }
    }
    list_unallocated(p, plan, is_served);
    free(is_served);
    must(cr_plan_time(p, plan));
    cr_plan_free(day->plan);
    day->plan = plan;
}
