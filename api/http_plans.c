/* Plans: asked for, looked at, stopped, taken away. */
#include "http.h"

#include "problem.h"
#include "value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_TIME_S 10
#define LIST_MOST      200

/* ---- as JSON ---- */

static json_t *progress_json(http_call *call, const store_plan *p)
{
    job_progress progress;
    if (p->state != PLAN_RUNNING)
        return json_null();
    bool runs_here = jobs_progress(call->server->jobs, p->plan_id, &progress);
    return http_kept_json(!runs_here ? p->progress : progress.number ? progress.text : "");
}

/* What was asked; the events of the day stand in the plan, and may be long. */
static json_t *options_json(const store_plan *p)
{
    json_t *options = http_kept_json(p->options);
    if (json_is_object(options))
        json_object_del(options, "events");
    return options;
}

static json_t *plan_json(http_call *call, const store_plan *p)
{
    return json_pack("{s:s, s:s, s:i, s:s, s:o, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "plan", p->plan_id, "date",
                     p->date, "day_version", (int)p->day_version, "state", store_plan_state_name[p->state], "options",
                     options_json(p), "by", p->who, "attempts", (int)p->attempts, "queued_at", http_time(p->queued_ms),
                     "started_at", http_time(p->started_ms), "finished_at", http_time(p->finished_ms), "progress",
                     progress_json(call, p), "summary", http_kept_json(p->summary), "problem",
                     http_kept_json(p->problem));
}

/* The plan of the path; NULL: the answer is set. */
static store_plans *find_plan(http_call *call)
{
    store_plans *plan = NULL;
    cr_status st = store_get_plan(call->store, call->part[2], &plan);
    if (st)
        http_reply_fault(call, st);
    else if (!plan)
        http_reply_not_found(call, "plan");
    return plan;
}

static void reply_plan(http_call *call, int status, const char *plan_id)
{
    cr_auto(store_plans) plan = NULL;
    cr_status st = store_get_plan(call->store, plan_id, &plan);
    if (st)
        http_reply_fault(call, st);
    else if (!plan) /* somebody has deleted it since */
        http_reply_not_found(call, "plan");
    else
        http_reply_json(call, status, plan_json(call, &plan->items[0]));
}

/* ---- asking for one ---- */

static void refuse_for_state(http_call *call, const store_plan *p)
{
    http_reply_problem(call, 409, "state", "Not in this state", "the plan is %s", store_plan_state_name[p->state]);
}

typedef struct plan_field {
    const char *name;
    double least, most;
    bool is_whole;
} plan_field;

static void add_error(json_t *errors, const char *name, const char *detail)
{
    json_array_append_new(errors, json_pack("{s:o, s:s}", "pointer", json_sprintf("/%s", name), "detail", detail));
}

static void check_number(json_t *errors, const plan_field *f, const json_t *value)
{
    char detail[200];
    double number = json_number_value(value);
    if (json_is_number(value) && number >= f->least && number <= f->most && (!f->is_whole || number == floor(number)))
        return;
    snprintf(detail, sizeof detail, "must be a %snumber from %s to %s", f->is_whole ? "whole " : "",
             value_print_number(f->least, 16).text, value_print_number(f->most, 16).text);
    add_error(errors, f->name, detail);
}

static const plan_field *find_field(const plan_field *fields, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

/* All that is wrong with what was asked, each with where: a JSON list. */
static json_t *errors_of(const http_call *call, json_t *asked)
{
    const http_options *o = &call->server->o;
    const plan_field fields[] = {
        {"day_version", 1, INT32_MAX, true},   {"time_s", 0, o->most_time_s, false},
        {"iterations", 0, 1e12, true},         {"bound_s", 0, o->most_time_s, false},
        {"seed", 0, 9007199254740992.0, true}, {"threads", 1, o->most_threads, true},
    };
    json_t *errors = json_array(), *value;
    const char *name;
    const char *date = json_string_value(json_object_get(asked, "date"));
    if (!date || !http_is_date(date))
        add_error(errors, "date", "must be a date like \"2026-11-23\"");
    json_object_foreach(asked, name, value)
    {
        const plan_field *f = find_field(fields, sizeof fields / sizeof *fields, name);
        if (f)
            check_number(errors, f, value);
        else if (strcmp(name, "published") == 0 && !json_is_string(value))
            add_error(errors, name, "must be the id of a plan");
        else if (strcmp(name, "published") != 0 && strcmp(name, "date") != 0)
            add_error(errors, name,
                      "not known; known are date, day_version, time_s, iterations, bound_s, seed, threads, published");
    }
    if (json_object_get(asked, "time_s") && json_object_get(asked, "iterations"))
        add_error(errors, "iterations", "give time_s or iterations, not both");
    return errors;
}

/* What was asked, sound; NULL: the answer is set. */
static json_t *read_request(http_call *call)
{
    json_error_t error;
    json_t *asked = json_loadb(call->body ? call->body : "", call->size, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(asked)) {
        http_reply_problem(call, 400, "json", "Not JSON", "%s",
                           asked ? "must be an object: {\"date\": \"2026-11-23\"}" : error.text);
        json_decref(asked);
        return NULL;
    }
    json_t *errors = errors_of(call, asked);
    if (json_array_size(errors) == 0) {
        json_decref(errors);
        return asked;
    }
    json_t *problem = problem_json(422, "request", "The request has errors", NULL);
    json_object_set_new(problem, "errors", errors);
    http_reply_problem_json(call, problem);
    json_decref(asked);
    return NULL;
}

/* The day that was asked for, if it can be planned; NULL: the answer is set. */
static store_days *find_day(http_call *call, const json_t *asked)
{
    store_days *day = NULL;
    const char *date = json_string_value(json_object_get(asked, "date"));
    int32_t version = (int32_t)json_number_value(json_object_get(asked, "day_version"));
    cr_status st = store_get_day(call->store, date, version, &day);
    if (st) {
        http_reply_fault(call, st);
        return NULL;
    }
    if (!day) {
        http_reply_not_found(call, version ? "version of this day" : "day; upload its visits and carers first");
        return NULL;
    }
    json_t *report = http_day_report(call, &day->items[0]);
    if (report && json_integer_value(json_object_get(report, "errors")) > 0)
        http_reply_problem_json(call, problem_of_findings("the day cannot be planned as it is", report));
    else
        json_decref(report);
    return call->response ? store_days_free(day) : day;
}

/* The rota that people know, if one is named: kept here, done, and of that date. False: the answer is set. */
static bool look_at_published(http_call *call, const store_day *day, const json_t *asked)
{
    const char *plan_id = json_string_value(json_object_get(asked, "published"));
    cr_auto(store_plans) plan = NULL;
    cr_status st = plan_id ? store_get_plan(call->store, plan_id, &plan) : CR_OK;
    if (st)
        http_reply_fault(call, st);
    else if (plan_id && (!plan || strcmp(plan->items[0].date, day->date) != 0))
        http_reply_not_found(call, "published plan of this date");
    else if (plan_id && plan->items[0].state != PLAN_DONE)
        refuse_for_state(call, &plan->items[0]);
    return !call->response;
}

/* What the worker gets: the rest of the request. */
static char *options_of(json_t *asked)
{
    json_object_del(asked, "date");
    json_object_del(asked, "day_version");
    if (!json_object_get(asked, "time_s") && !json_object_get(asked, "iterations"))
        json_object_set_new(asked, "time_s", json_integer(DEFAULT_TIME_S));
    return json_dumps(asked, JSON_COMPACT);
}

static json_t *plan_now(http_call *call, const char *plan_id)
{
    cr_auto(store_plans) plan = NULL;
    return store_get_plan(call->store, plan_id, &plan) || !plan ? NULL : plan_json(call, &plan->items[0]);
}

void http_queue_plan(http_call *call, const http_once *once, const store_day *day, const char *options)
{
    char plan_id[STORE_ID_SIZE], location[60];
    store_new_id(plan_id);
    store_plan plan = {.plan_id = plan_id,
                       .date = day->date,
                       .day_version = day->version,
                       .owner = call->token_id,
                       .options = options};
    snprintf(location, sizeof location, "/v1/plans/%s", plan_id);
    if (!options)
        http_reply_fault(call, CR_E_NOMEM);
    else if (http_once_begin(call, once, day->date)) {
        cr_status st = store_add_plan(call->store, &plan, http_act(call));
        http_once_reply(call, once, st, 202, location, st ? NULL : plan_now(call, plan_id));
        jobs_wake(call->server->jobs);
    }
}

bool http_queue_has_room(http_call *call, int32_t n_more)
{
    store_counts n;
    cr_status st = store_count_plans(call->store, &n);
    int64_t n_waiting = st ? 0 : n.plans[PLAN_QUEUED] + n.runs[PLAN_QUEUED];
    if (st)
        http_reply_fault(call, st);
    else if (n_waiting + n_more > call->server->o.most_queued) {
        http_reply_problem(call, 503, "busy", "Too busy", "%d plans and runs of scenarios wait already",
                           (int)n_waiting);
        http_add_header(call, "Retry-After", "30");
    }
    return !call->response;
}

void http_post_plan(http_call *call)
{
    json_t *asked = read_request(call);
    cr_auto(store_days) day = NULL;
    http_once once;
    if (asked && http_once_look(call, json_pack("[s, O]", "plan", asked), &once) && http_queue_has_room(call, 1) &&
        (day = find_day(call, asked)) && look_at_published(call, &day->items[0], asked)) {
        char *options = options_of(asked);
        http_queue_plan(call, &once, &day->items[0], options);
        free(options);
    }
    json_decref(asked);
}

/* ---- looking at them ---- */

void http_list_plans(http_call *call)
{
    const char *date = http_query(call, "date");
    cr_auto(store_plans) plans = NULL;
    if (date && !http_is_date(date)) {
        http_reply_problem(call, 422, "query", "The query has errors", "date must be like 2026-11-23");
        return;
    }
    cr_status st = store_list_plans(call->store, date, LIST_MOST, &plans);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    json_t *list = json_array();
    for (int32_t i = 0; i < plans->n; i++)
        json_array_append_new(list, plan_json(call, &plans->items[i]));
    http_reply_json(call, 200, json_pack("{s:o}", "plans", list));
}

void http_get_plan(http_call *call)
{
    cr_auto(store_plans) plan = find_plan(call);
    if (plan)
        http_reply_json(call, 200, plan_json(call, &plan->items[0]));
}

void http_get_result(http_call *call)
{
    cr_auto(store_plans) plan = find_plan(call);
    cr_auto(store_bytes) result = NULL;
    char etag[STORE_HASH_SIZE + 2];
    if (!plan)
        return;
    if (plan->items[0].state != PLAN_DONE) {
        http_reply_problem(call, 409, "state", "Not done", "the plan is %s",
                           store_plan_state_name[plan->items[0].state]);
        return;
    }
    snprintf(etag, sizeof etag, "\"%s\"", plan->items[0].hash);
    if (http_has_it(call, etag))
        return;
    cr_status st = store_get_result(call->store, plan->items[0].plan_id, &result);
    if (st || !result)
        http_reply_fault(call, st ? st : CR_E_INTERNAL);
    else
        http_reply_bytes(call, "application/json", etag, result->bytes, result->size);
}

/* ---- ending them ---- */

/* A plan that waits has no best to keep. */
void http_stop_plan(http_call *call)
{
    cr_auto(store_plans) plan = find_plan(call);
    bool taken;
    if (!plan)
        return;
    cr_status st = store_stop_plan(call->store, plan->items[0].plan_id, http_act(call), &taken);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    if (!taken) {
        refuse_for_state(call, &plan->items[0]);
        return;
    }
    (void)jobs_end(call->server->jobs, plan->items[0].plan_id, true);
    reply_plan(call, 202, plan->items[0].plan_id);
}

void http_cancel_plan(http_call *call)
{
    cr_auto(store_plans) plan = find_plan(call);
    bool taken;
    if (!plan)
        return;
    cr_status st = store_cancel_plan(call->store, plan->items[0].plan_id, http_act(call), &taken);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    if (!taken) {
        refuse_for_state(call, &plan->items[0]);
        return;
    }
    (void)jobs_end(call->server->jobs, plan->items[0].plan_id, false);
    reply_plan(call, 200, plan->items[0].plan_id);
}

void http_delete_plan(http_call *call)
{
    cr_auto(store_plans) plan = find_plan(call);
    bool taken;
    if (!plan)
        return;
    cr_status st = store_delete_plan(call->store, plan->items[0].plan_id, http_act(call), &taken);
    if (st)
        http_reply_fault(call, st);
    else if (!taken)
        http_reply_problem(call, 409, "state", "Not in this state", "the plan is %s; cancel it first",
                           store_plan_state_name[plan->items[0].state]);
    else
        http_reply_json(call, 200, json_pack("{s:s, s:b}", "plan", plan->items[0].plan_id, "deleted", true));
}
