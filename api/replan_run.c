/* The rest of a day that is under way, planned anew.
 *
 * What happened is in the day as it was read (read_events.c); here it is told to the engine, by number.
 */
#include "replan_run.h"

#include "cmd.h"
#include "plan_json.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

#define EXPLAIN_TIME_S 0.3

const char *replan_time(const char *text, const cr_day *day, int32_t *ret_from)
{
    int32_t days = day->first_day, s;
    const char *why = value_time(text, &s);
    if (why && !value_date_time(text, &days, &s) && s != CR_FREE)
        why = NULL;
    if (!why && (days < day->first_day || days > day->first_day + day->n_days)) /* nights end on the day after */
        why = "must be on a day of this plan; give the time alone for the first";
    if (!why)
        *ret_from = day_ticks(day, days - day->first_day, s);
    return why;
}

/* ---- what happened, for the engine ---- */

typedef struct happened {
    cr_as_of as_of;
    int32_t *event_of_visit, *event_of_shift, *event_of_absence;
    bool has_events;
} happened;

static void happened_done(happened *h)
{
    free((void *)h->as_of.absences);
    free(h->event_of_visit);
    free(h->event_of_shift);
    free(h->event_of_absence);
}

static int32_t *no_events(int32_t n)
{
    int32_t *list = malloc(((size_t)n + 1) * sizeof *list);
    for (int32_t i = 0; list && i < n; i++)
        list[i] = CR_NONE;
    return list;
}

/* Only what is new is a reason for a change; what happened before has had its answer. */
static cr_status happened_init(happened *h, const cr_day *day, int32_t from)
{
    const cr_problem *p = day->problem;
    h->event_of_visit = no_events(p->n_visits);
    h->event_of_shift = no_events(p->n_shifts);
    h->event_of_absence = no_events(day->n_events);
    if (!h->event_of_visit || !h->event_of_shift || !h->event_of_absence)
        return CR_E_NOMEM;
    for (int32_t i = 0, n = 0; i < day->n_events; i++) {
        const day_event *event = &day->events[i];
        h->has_events = h->has_events || event->is_new;
        if (event->carer >= 0)
            h->event_of_absence[n++] = i;
        for (int32_t v = 0; event->is_new && event->carer < 0 && v < p->n_visits; v++)
            if (strcmp(day->visits[v].visit_id, event->id) == 0)
                h->event_of_visit[v] = i;
    }
    return day_as_of(day, from, &h->as_of);
}

/* ---- planning anew ---- */

static cr_status search(const replan_request *request, cr_day *day, happened *h, cr_replanned **ret_replanned,
                        plan_faults **ret_faults, char *message, size_t size)
{
    cr_auto(cr_plan) published = NULL;
    cr_status st = happened_init(h, day, request->from);
    if (!st)
        st = plan_json_read_published(request->published_path, day, request->from, h->event_of_shift, &published, NULL,
                                      ret_faults);
    if (st)
        return st;
    cr_replan_options options = CR_REPLAN_OPTIONS_INIT;
    options.as_of = h->as_of;
    options.has_events = h->has_events;
    options.event_of_visit = h->event_of_visit;
    options.event_of_shift = h->event_of_shift;
    options.event_of_absence = h->event_of_absence;
    options.time_s = request->time_s;
    options.iterations = request->iterations;
    options.seed = request->seed;
    options.clock_s = cmd_clock_s;
    options.should_stop = request->should_stop;
    options.user = request->user;
    return cr_replan(day->problem, published, &options, ret_replanned, message, size);
}

cr_status replan_day(const replan_request *request, cr_day *day, cr_replanned **ret_replanned, plan_faults **ret_faults,
                     char *message, size_t size)
{
    happened h = {0};
    cr_auto(cr_replanned) x = NULL;
    *message = '\0';
    cr_status st = search(request, day, &h, &x, ret_faults, message, size);
    happened_done(&h);
    if (st != CR_E_INPUT)
        *message = '\0';
    if (st)
        return st;
    cr_problem *before = day->problem; /* from here on the day is the rest of it */
    day->problem = x->problem;
    x->problem = NULL;
    cr_problem_free(before);
    *ret_replanned = cr_replanned_take(&x);
    return CR_OK;
}

cr_status replan_judge(const replan_request *request, const cr_day *day, const cr_plan *plan, plan_facts *ret_facts)
{
    plan_facts facts = {.run = {CAREROUND_VERSION, request->seed, request->time_s, request->iterations, false}};
    cr_explain_options explain = CR_EXPLAIN_OPTIONS_INIT;
    if (request->iterations < 0) {
        explain.time_s = EXPLAIN_TIME_S;
        explain.clock_s = cmd_clock_s;
    }
    cr_status st = cr_check_plan(day->problem, plan, &facts.check);
    if (!st)
        st = cr_report_plan(day->problem, plan, &facts.report);
    if (!st)
        st = cr_explain_plan(day->problem, plan, &explain, &facts.explanations);
    if (st)
        plan_facts_done(&facts);
    else
        *ret_facts = facts;
    return st;
}
