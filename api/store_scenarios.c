/* Scenarios: what was asked, and the runs of it that wait, run and end in the queue of plans (store_plans.c).
 *
 * A run is a row of the plans, so that leases, tokens, turns and attempts are those of plans. Its owner is its
 * scenario: many runs of one do not keep the coordinators' plans waiting.
 */
#include "store.h"

#include "store_db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ABOUT_SIZE 300

store_plan_state store_scenario_state(const store_scenario *s)
{
    bool has_begun = s->n_runs[PLAN_DONE] || s->n_runs[PLAN_FAILED];
    if (s->n_runs[PLAN_RUNNING] || (s->n_runs[PLAN_QUEUED] && has_begun))
        return PLAN_RUNNING;
    return s->n_runs[PLAN_QUEUED]      ? PLAN_QUEUED
           : s->n_runs[PLAN_CANCELLED] ? PLAN_CANCELLED
           : s->n_runs[PLAN_FAILED]    ? PLAN_FAILED
                                       : PLAN_DONE;
}

/* ---- reading ---- */

store_scenarios *store_scenarios_free(store_scenarios *list)
{
    if (list) {
        arena_free(list->strings);
        free(list->items);
        free(list);
    }
    return NULL;
}

static void read_scenario(const db_rows *rows, arena *strings, void *ret_scenario)
{
    store_scenario s = {
        .scenario_id = db_row_text(rows, 0, strings),
        .date = db_row_text(rows, 1, strings),
        .who = db_row_text(rows, 2, strings),
        .day_version = (int32_t)db_row_int(rows, 3),
        .at_ms = db_row_int(rows, 4),
        .file = db_row_text(rows, 5, strings),
        .facts = db_row_text(rows, 6, strings),
        .started_ms = db_row_int(rows, 7 + N_PLAN_STATES),
        .finished_ms = db_row_int(rows, 8 + N_PLAN_STATES),
        .problem = db_row_text(rows, 9 + N_PLAN_STATES, strings),
    };
    for (int32_t i = 0; i < N_PLAN_STATES; i++) /* counted in the order of the states */
        s.n_runs[i] = db_row_int(rows, 7 + i);
    *(store_scenario *)ret_scenario = s;
}

static cr_status scenarios_of(db_rows *rows, store_scenarios **ret_list)
{
    cr_auto(store_scenarios) list = calloc(1, sizeof *list);
    cr_status st = STORE_READ_LIST(rows, list, read_scenario);
    if (!st)
        *ret_list = store_scenarios_take(&list);
    return st;
}

cr_status store_get_scenario(cr_store *store, const char *scenario_id, store_scenarios **ret_scenario)
{
    cr_auto(store_scenarios) list = NULL;
    db_rows rows;
    db_query(store->db, SQL_GET_SCENARIO, &rows, DB_WITH(db_text(scenario_id)));
    cr_status st = scenarios_of(&rows, &list);
    if (!st && list->n)
        *ret_scenario = store_scenarios_take(&list);
    return st;
}

cr_status store_list_scenarios(cr_store *store, const char *date, int32_t most, store_scenarios **ret_list)
{
    db_rows rows;
    db_query(store->db, SQL_LIST_SCENARIOS, &rows, DB_WITH(db_text(date), db_int(most)));
    return scenarios_of(&rows, ret_list);
}

/* ---- what came of the runs ---- */

store_records *store_records_free(store_records *records)
{
    if (records) {
        arena_free(records->strings);
        free(records->items);
        free(records);
    }
    return NULL;
}

static void read_record(const db_rows *rows, arena *strings, void *ret_record)
{
    size_t size;
    const void *bytes = db_row_bytes(rows, 0, &size);
    char *text = bytes ? arena_take_bytes(strings, size + 1) : NULL;
    if (text) {
        memcpy(text, bytes, size);
        text[size] = '\0';
    }
    *(const char **)ret_record = text ? text : "";
}

cr_status store_get_records(cr_store *store, const char *scenario_id, store_records **ret_records)
{
    cr_auto(store_records) list = calloc(1, sizeof *list);
    db_rows rows;
    db_query(store->db, SQL_GET_RECORDS, &rows, DB_WITH(db_text(scenario_id)));
    cr_status st = STORE_READ_LIST(&rows, list, read_record);
    if (!st)
        *ret_records = store_records_take(&list);
    return st;
}

/* ---- queueing ---- */

static cr_status add_runs(cr_store *store, const store_scenario *s, int32_t n_runs, const char *options, store_act act)
{
    cr_status st = CR_OK;
    for (int32_t run = 0; !st && run < n_runs; run++) {
        char plan_id[STORE_ID_SIZE];
        store_new_id(plan_id);
        st = db_run(store->db, SQL_ADD_RUN, NULL,
                    DB_WITH(db_text(plan_id), db_text(s->date), db_int(s->day_version), db_text(s->scenario_id),
                            db_text(act.who), db_text(options), db_int(act.at_ms), db_text(s->scenario_id),
                            db_int(run)));
    }
    return st;
}

static cr_status add_scenario(cr_store *store, const store_scenario *s, int32_t n_runs, const char *options,
                              store_act act)
{
    char about[ABOUT_SIZE];
    snprintf(about, sizeof about, "scenario %s of %s version %d, %d runs", s->scenario_id, s->date, s->day_version,
             n_runs);
    cr_status st = db_run(store->db, SQL_LOCK_DATE, NULL, DB_WITH(db_text(s->date)));
    if (!st)
        st = db_run(store->db, SQL_ADD_SCENARIO, NULL,
                    DB_WITH(db_text(s->scenario_id), db_text(s->date), db_int(s->day_version), db_text(act.who),
                            db_int(act.at_ms), db_text(s->file), db_text(s->facts)));
    if (!st)
        st = add_runs(store, s, n_runs, options, act);
    return st ? st : store_note(store, act, "queue", about);
}

cr_status store_add_scenario(cr_store *store, const store_scenario *scenario, int32_t n_runs, const char *options,
                             store_act act)
{
    assert(n_runs > 0);
    cr_status st = store_begin(store);
    return st ? st : store_end(store, add_scenario(store, scenario, n_runs, options, act));
}

/* ---- ending ---- */

static cr_status noted(cr_store *store, int64_t changed, store_act act, const char *what, const char *scenario_id)
{
    char about[ABOUT_SIZE];
    snprintf(about, sizeof about, "scenario %s", scenario_id);
    return changed ? store_note(store, act, what, about) : CR_OK;
}

static cr_status cancel_scenario(cr_store *store, const char *scenario_id, store_act act, int64_t *ret_changed)
{
    cr_status st =
        db_run(store->db, SQL_CANCEL_SCENARIO, ret_changed, DB_WITH(db_int(act.at_ms), db_text(scenario_id)));
    return st ? st : noted(store, *ret_changed, act, "cancel", scenario_id);
}

cr_status store_cancel_scenario(cr_store *store, const char *scenario_id, store_act act, bool *ret_taken)
{
    int64_t changed = 0;
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, cancel_scenario(store, scenario_id, act, &changed));
    if (!st)
        *ret_taken = changed > 0;
    return st;
}

static cr_status delete_scenario(cr_store *store, const char *scenario_id, store_act act, int64_t *ret_changed)
{
    cr_status st = db_run(store->db, SQL_DELETE_RUNS, NULL, DB_WITH(db_text(scenario_id)));
    if (!st)
        st = db_run(store->db, SQL_DELETE_SCENARIO, ret_changed, DB_WITH(db_text(scenario_id)));
    return st ? st : noted(store, *ret_changed, act, "delete", scenario_id);
}

cr_status store_delete_scenario(cr_store *store, const char *scenario_id, store_act act, bool *ret_taken)
{
    int64_t changed = 0;
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, delete_scenario(store, scenario_id, act, &changed));
    if (!st)
        *ret_taken = changed > 0;
    return st;
}
