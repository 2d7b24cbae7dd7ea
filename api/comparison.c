/* Plans of one day side by side: which visits differ, and the comparison as JSON. */
#include "comparison.h"

#include "cmd.h"
#include "words.h"

#include <stdlib.h>

void compared_done(compared *c)
{
    cr_plan_free(c->plan);
    cr_check_free(c->check);
    cr_report_free(c->report);
    free(c->start);
    free(c->shift_of);
}

cr_status compared_init(compared *c, const cr_day *day, cr_plan **plan)
{
    const cr_problem *p = day->problem;
    c->day = day;
    c->plan = cr_plan_take(plan);
    cr_status st = cr_check_plan(p, c->plan, &c->check);
    if (!st)
        st = cr_report_plan(p, c->plan, &c->report);
    if (st)
        return st;
    c->start = malloc(((size_t)p->n_visits + 1) * sizeof *c->start);
    c->shift_of = malloc(((size_t)p->n_slots + 1) * sizeof *c->shift_of);
    if (!c->start || !c->shift_of)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < p->n_visits; v++)
        c->start[v] = CR_FREE;
    for (int32_t i = 0; i < p->n_slots; i++)
        c->shift_of[i] = CR_NONE;
    for (int32_t r = 0; r < c->plan->n_rounds; r++)
        for (int32_t k = 0; k < c->plan->rounds[r].stops.n; k++) {
            const cr_stop *stop = &c->plan->stops[c->plan->rounds[r].stops.first + k];
            if (stop->slot == CR_NONE)
                continue;
            c->start[p->slots[stop->slot].visit] = stop->start;
            c->shift_of[stop->slot] = c->plan->rounds[r].shift;
        }
    return CR_OK;
}

int32_t compared_left(const compared *c)
{
    return c->report->n_visits - c->report->n_visits_served;
}

int32_t compared_carer(const cr_problem *p, const compared *c, int32_t slot)
{
    return c->shift_of[slot] == CR_NONE ? CR_NONE : p->shifts[c->shift_of[slot]].carer;
}

/* Carers as a set: who has which slot is no difference. */
static bool same_carers(const cr_problem *p, cr_range slots, const compared *a, const compared *b)
{
    for (int32_t i = slots.first; i < slots.first + slots.n; i++) {
        bool found = false;
        for (int32_t k = slots.first; k < slots.first + slots.n; k++)
            found = found || compared_carer(p, a, i) == compared_carer(p, b, k);
        if (!found)
            return false;
    }
    return true;
}

bool compared_differ(const cr_problem *p, int32_t visit, const compared *all, int32_t n)
{
    for (int32_t i = 1; i < n; i++)
        if (all[i].start[visit] != all[0].start[visit] || !same_carers(p, p->visits[visit].slots, &all[0], &all[i]))
            return true;
    return false;
}

static json_t *assignment_json(const cr_day *day, int32_t visit, const compared *c)
{
    cr_range slots = day->problem->visits[visit].slots;
    if (c->start[visit] == CR_FREE)
        return json_null();
    json_t *carers = json_array();
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (compared_carer(day->problem, c, i) != CR_NONE)
            json_array_append_new(carers, json_string(day->carers[compared_carer(day->problem, c, i)].carer_id));
    return json_pack("{s:i, s:s, s:o}", "start_s", (int)c->start[visit], "start",
                     words_clock(day, c->start[visit]).text, "carers", carers);
}

static json_t *compared_json(const char *path, const compared *c)
{
    const cr_report *r = c->report;
    json_t *dist_m = words_knows_distance(c->day, r->sum.dist_m) ? json_integer(r->sum.dist_m) : json_null();
    return json_pack("{s:s, s:i, s:i, s:i, s:i, s:I, s:I, s:I, s:o, s:i, s:i, s:o}", "plan", path, "broken_rules",
                     (int)c->check->n_breaches, "visits_served", (int)r->n_visits_served, "unallocated",
                     (int)compared_left(c), "carers_used", (int)r->n_carers_used, "care_s", (json_int_t)r->sum.care,
                     "travel_s", (json_int_t)r->sum.travel, "waiting_s", (json_int_t)r->sum.waiting, "distance_m",
                     dist_m, "familiar_carer_visits", (int)r->n_familiar_slots, "known_carer_visits",
                     (int)r->n_known_slots, "cost_pence", cmd_terms_json(&c->check->cost));
}

json_t *comparison_json(const cr_day *day, const char *const *names, const compared *all, int32_t n)
{
    json_t *plans = json_array(), *visits = json_array();
    size_t n_different = 0;
    for (int32_t i = 0; i < n; i++)
        json_array_append_new(plans, compared_json(names[i], &all[i]));
    for (int32_t v = 0; v < day->problem->n_visits; v++) {
        if (!compared_differ(day->problem, v, all, n))
            continue;
        json_t *list = json_array();
        for (int32_t i = 0; i < n; i++)
            json_array_append_new(list, assignment_json(day, v, &all[i]));
        json_array_append_new(visits, json_pack("{s:s, s:o}", "visit", day->visits[v].visit_id, "plans", list));
        n_different++;
    }
    if (json_array_size(plans) != (size_t)n || json_array_size(visits) != n_different) {
        json_decref(plans);
        json_decref(visits);
        return NULL;
    }
    return json_pack("{s:s, s:i, s:o, s:o}", "format", "careround comparison", "format_version", 1, "plans", plans,
                     "visits", visits);
}
