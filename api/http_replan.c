/* A plan made anew while its day is under way: a job like any other, of a published plan and what happened. */
#include "http.h"

#include "cmd.h"
#include "day_folder.h"
#include "job_folder.h"
#include "problem.h"
#include "replan_run.h"
#include "text_file.h"
#include "value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FROM_SIZE 32
#define TIME_MOST 60 /* seconds of search: somebody waits */

/* ---- what is asked ---- */

static void refuse(http_call *call, const char *name, const char *must)
{
    http_reply_problem(call, 422, "query", "The query has errors", "%s must be %s", name, must);
}

/* A number of the query into the options. False: the answer is set. */
static bool take_number(http_call *call, const char *name, double most, bool is_whole, json_t *options)
{
    const char *text = http_query(call, name);
    char must[100];
    double number;
    if (!text)
        return true;
    if (value_number(text, false, &number) || number < 0 || number > most || (is_whole && number != floor(number))) {
        snprintf(must, sizeof must, "a %snumber from 0 to %s", is_whole ? "whole " : "",
                 value_print_number(most, 16).text);
        refuse(call, name, must);
        return false;
    }
    json_object_set_new(options, name, is_whole ? json_integer((json_int_t)number) : json_real(number));
    return true;
}

/* The events, if any were sent, as text. False: the answer is set. */
static bool take_events(http_call *call, json_t *options)
{
    text_file file = {0};
    char message[300] = "";
    if (call->size == 0)
        return true;
    cr_status st = text_file_decode(call->body, call->size, &file, message, sizeof message);
    if (st == CR_E_INPUT)
        http_reply_problem(call, 422, "input", "The input has errors", "%s", message);
    else if (st || json_object_set_new(options, "events", json_stringn(file.text, file.size)))
        http_reply_fault(call, CR_E_NOMEM);
    text_file_done(&file);
    return !call->response;
}

/* The options of the job; NULL: the answer is set. */
static json_t *read_request(http_call *call)
{
    const char *from = http_query(call, "from");
    json_t *options = json_pack("{s:s}", "published", call->part[2]);
    if (!options)
        http_reply_fault(call, CR_E_NOMEM);
    else if (!from || strlen(from) >= FROM_SIZE || json_object_set_new(options, "from", json_string(from)))
        refuse(call, "from", "a time, 07:30 or 2026-11-23 07:30: what has begun then stays");
    else if (http_query(call, "time_s") && http_query(call, "iterations"))
        http_reply_problem(call, 422, "query", "The query has errors", "give time_s or iterations, not both");
    else if (take_number(call, "time_s", TIME_MOST, false, options) &&
             take_number(call, "iterations", 1e9, true, options) &&
             take_number(call, "seed", 9007199254740992.0, true, options))
        (void)take_events(call, options);
    if (!call->response && !http_query(call, "time_s") && !http_query(call, "iterations"))
        json_object_set_new(options, "time_s", json_real(REPLAN_TIME_S));
    if (!call->response)
        return options;
    json_decref(options);
    return NULL;
}

/* The published plan; NULL: the answer is set. */
static store_plans *find_published(http_call *call)
{
    cr_auto(store_plans) plan = NULL;
    cr_status st = store_get_plan(call->store, call->part[2], &plan);
    if (st)
        http_reply_fault(call, st);
    else if (!plan)
        http_reply_not_found(call, "plan");
    else if (plan->items[0].state != PLAN_DONE)
        http_reply_problem(call, 409, "state", "Not done", "the plan is %s",
                           store_plan_state_name[plan->items[0].state]);
    return call->response ? NULL : store_plans_take(&plan);
}

/* ---- does it make sense? ---- */

static void read_day(http_call *call, const char *folder, const store_plan *plan, const char *from, bool has_events)
{
    char path[DAY_FOLDER_PATH + 40], published[DAY_FOLDER_PATH + 40], events[DAY_FOLDER_PATH + 40];
    day_read_options options = call->server->o.read;
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    int32_t ticks;
    snprintf(path, sizeof path, "%s/%s", folder, plan->date);
    snprintf(published, sizeof published, "%s/published.json", folder);
    snprintf(events, sizeof events, "%s/events", folder);
    options.path = path;
    options.plan_path = published;
    options.events_path = has_events ? events : NULL;
    cr_status st = cr_day_read(&options, &day, &findings);
    const char *why = st ? NULL : replan_time(from, day, &ticks);
    if (st == CR_E_INPUT)
        http_reply_problem_json(
            call, problem_of_findings("this cannot have happened on this day", cmd_findings_json(findings)));
    else if (st)
        http_reply_fault(call, st);
    else if (why)
        http_reply_problem(call, 422, "query", "The query has errors", "from: %s", why);
}

/* The day with what happened is read once, so that all that is wrong is said at once. False: the answer is set. */
static bool look_at_day(http_call *call, const store_plan *plan, const json_t *options)
{
    char scratch[DAY_FOLDER_PATH];
    json_t *events = json_object_get(options, "events");
    char *text = json_dumps(options, JSON_COMPACT);
    store_plan asked = {
        .date = plan->date, .day_version = plan->day_version, .options = text ? text : "{}", .scenario_id = ""};
    cr_auto(store_days) day = NULL;
    cr_status st = text ? store_get_day(call->store, plan->date, plan->day_version, &day) : CR_E_NOMEM;
    if (!st)
        st = day ? http_scratch(call, scratch) : CR_E_INTERNAL;
    if (!st) {
        st = job_folder_write(call->store, &asked, &day->items[0], scratch);
        if (!st)
            read_day(call, scratch, plan, json_string_value(json_object_get(options, "from")), events != NULL);
        day_folder_remove(scratch);
    }
    free(text);
    if (st)
        http_reply_fault(call, st);
    return !call->response;
}

/* ---- the job ---- */

static void replan(http_call *call, const store_plan *plan, const json_t *options)
{
    http_once once;
    char *text;
    const store_day day = {.date = plan->date, .version = plan->day_version};
    if (!http_once_look(call, json_pack("[s, O]", "replan", options), &once) || !http_queue_has_room(call, 1) ||
        !look_at_day(call, plan, options))
        return;
    text = json_dumps(options, JSON_COMPACT);
    http_queue_plan(call, &once, &day, text);
    free(text);
}

void http_replan(http_call *call)
{
    json_t *options = read_request(call);
    cr_auto(store_plans) plan = options ? find_published(call) : NULL;
    if (plan)
        replan(call, &plan->items[0], options);
    json_decref(options);
}
