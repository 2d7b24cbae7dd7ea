/* Scenarios: looked at, cancelled, taken away. http_scenario_post.c asks for one, http_scenario_files.c has what comes
 * of it. */
#include "http.h"

#include <string.h>

#define LIST_MOST 200

/* ---- as JSON ---- */

static json_t *runs_json(const store_scenario *s)
{
    json_t *runs = json_object();
    for (int32_t i = 0; i < N_PLAN_STATES; i++)
        json_object_set_new(runs, store_plan_state_name[i], json_integer(s->n_runs[i]));
    return runs;
}

static json_t *asked_json(const store_scenario *s)
{
    json_t *asked = http_kept_json(s->file);
    json_object_del(asked, "day"); /* where the bundle has it */
    return asked;
}

json_t *http_scenario_json(const store_scenario *s, bool with_asked)
{
    store_plan_state state = store_scenario_state(s);
    bool has_ended = state != PLAN_QUEUED && state != PLAN_RUNNING;
    json_t *facts = http_kept_json(s->facts);
    json_t *all =
        json_pack("{s:s, s:s, s:i, s:s, s:O, s:s, s:o, s:o, s:o, s:o, s:o}", "scenario", s->scenario_id, "date",
                  s->date, "day_version", (int)s->day_version, "state", store_plan_state_name[state], "title",
                  json_object_get(facts, "title"), "by", s->who, "queued_at", http_time(s->at_ms), "started_at",
                  http_time(s->started_ms), "finished_at", http_time(has_ended ? s->finished_ms : 0), "runs",
                  runs_json(s), "problem", http_kept_json(s->problem));
    if (all && with_asked)
        json_object_set_new(all, "asked", asked_json(s));
    json_decref(facts);
    return all;
}

store_scenarios *http_find_scenario(http_call *call)
{
    store_scenarios *scenario = NULL;
    cr_status st = store_get_scenario(call->store, call->part[2], &scenario);
    if (st)
        http_reply_fault(call, st);
    else if (!scenario)
        http_reply_not_found(call, "scenario");
    return scenario;
}

/* ---- looking at them ---- */

void http_list_scenarios(http_call *call)
{
    const char *date = http_query(call, "date");
    cr_auto(store_scenarios) scenarios = NULL;
    if (date && !http_is_date(date)) {
        http_reply_problem(call, 422, "query", "The query has errors", "date must be like 2026-11-23");
        return;
    }
    cr_status st = store_list_scenarios(call->store, date, LIST_MOST, &scenarios);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    json_t *list = json_array();
    for (int32_t i = 0; i < scenarios->n; i++)
        json_array_append_new(list, http_scenario_json(&scenarios->items[i], false));
    http_reply_json(call, 200, json_pack("{s:o}", "scenarios", list));
}

void http_get_scenario(http_call *call)
{
    cr_auto(store_scenarios) scenario = http_find_scenario(call);
    if (scenario)
        http_reply_json(call, 200, http_scenario_json(&scenario->items[0], true));
}

/* ---- ending them ---- */

static void refuse_for_state(http_call *call, const store_scenario *s, const char *what_to_do)
{
    http_reply_problem(call, 409, "state", "Not in this state", "the scenario is %s%s",
                       store_plan_state_name[store_scenario_state(s)], what_to_do);
}

void http_cancel_scenario(http_call *call)
{
    cr_auto(store_scenarios) scenario = http_find_scenario(call);
    cr_auto(store_scenarios) now = NULL;
    bool taken;
    if (!scenario)
        return;
    cr_status st = store_cancel_scenario(call->store, scenario->items[0].scenario_id, http_act(call), &taken);
    if (!st && !taken) {
        refuse_for_state(call, &scenario->items[0], "");
        return;
    }
    jobs_doubt(call->server->jobs);
    if (!st)
        st = store_get_scenario(call->store, scenario->items[0].scenario_id, &now);
    if (st)
        http_reply_fault(call, st);
    else if (!now) /* deleted meanwhile */
        http_reply_not_found(call, "scenario");
    else
        http_reply_json(call, 200, http_scenario_json(&now->items[0], true));
}

void http_delete_scenario(http_call *call)
{
    cr_auto(store_scenarios) scenario = http_find_scenario(call);
    bool taken;
    if (!scenario)
        return;
    cr_status st = store_delete_scenario(call->store, scenario->items[0].scenario_id, http_act(call), &taken);
    if (st)
        http_reply_fault(call, st);
    else if (!taken)
        refuse_for_state(call, &scenario->items[0], "; cancel it first");
    else
        http_reply_json(call, 200,
                        json_pack("{s:s, s:b}", "scenario", scenario->items[0].scenario_id, "deleted", true));
}
