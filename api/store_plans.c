/* Plans: queued, taken in turn by owners, ended once.
 *
 * How often a plan was taken is a fencing token: who took it may renew and end it only as long as nobody has taken it
 * since. It never goes back, as the number of attempts does when a worker stops in good order.
 */
#include "store.h"

#include "store_db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ABOUT_SIZE 300

const char *const store_plan_state_name[N_PLAN_STATES] = {"queued", "running", "done", "failed", "cancelled"};

store_plan_state store_state_of(const char *name)
{
    for (int32_t s = 0; s < N_PLAN_STATES; s++)
        if (strcmp(store_plan_state_name[s], name) == 0)
            return (store_plan_state)s;
    return PLAN_FAILED; /* no statement writes another word */
}

store_plans *store_plans_free(store_plans *list)
{
    if (list) {
        arena_free(list->strings);
        free(list->items);
        free(list);
    }
    return NULL;
}

static void read_plan(const db_rows *rows, arena *strings, void *ret_plan)
{
    *(store_plan *)ret_plan = (store_plan){
        .plan_id = db_row_text(rows, 0, strings),
        .date = db_row_text(rows, 1, strings),
        .owner = db_row_text(rows, 2, strings),
        .who = db_row_text(rows, 3, strings),
        .options = db_row_text(rows, 4, strings),
        .problem = db_row_text(rows, 5, strings),
        .summary = db_row_text(rows, 6, strings),
        .hash = db_row_text(rows, 7, strings),
        .state = store_state_of(db_row_text(rows, 8, strings)),
        .day_version = (int32_t)db_row_int(rows, 9),
        .attempts = (int32_t)db_row_int(rows, 10),
        .queued_ms = db_row_int(rows, 11),
        .started_ms = db_row_int(rows, 12),
        .finished_ms = db_row_int(rows, 13),
        .fence = db_row_int(rows, 14),
        .worker = db_row_text(rows, 15, strings),
        .progress = db_row_text(rows, 16, strings),
        .scenario_id = db_row_text(rows, 17, strings),
        .run = (int32_t)db_row_int(rows, 18),
    };
}

static cr_status plans_of(db_rows *rows, store_plans **ret_list)
{
    cr_auto(store_plans) list = calloc(1, sizeof *list);
    cr_status st = STORE_READ_LIST(rows, list, read_plan);
    if (!st)
        *ret_list = store_plans_take(&list);
    return st;
}

/* Of a query that finds one or none. */
static cr_status plan_of(db_rows *rows, store_plans **ret_plan)
{
    cr_auto(store_plans) list = NULL;
    cr_status st = plans_of(rows, &list);
    if (!st && list->n)
        *ret_plan = store_plans_take(&list);
    return st;
}

cr_status store_get_plan(cr_store *store, const char *plan_id, store_plans **ret_plan)
{
    db_rows rows;
    db_query(store->db, SQL_GET_PLAN, &rows, DB_WITH(db_text(plan_id)));
    return plan_of(&rows, ret_plan);
}

cr_status store_list_plans(cr_store *store, const char *date, int32_t most, store_plans **ret_list)
{
    db_rows rows;
    if (date)
        db_query(store->db, SQL_LIST_PLANS_OF_DATE, &rows, DB_WITH(db_text(date), db_int(most)));
    else
        db_query(store->db, SQL_LIST_PLANS, &rows, DB_WITH(db_int(most)));
    return plans_of(&rows, ret_list);
}

cr_status store_get_result(cr_store *store, const char *plan_id, store_bytes **ret_result)
{
    return store_read_bytes(store, SQL_GET_RESULT, plan_id, ret_result);
}

cr_status store_listen(cr_store *store)
{
    return db_listen(store->db);
}

int store_news_fd(const cr_store *store)
{
    return db_news_fd(store->db);
}

int store_hear(cr_store *store)
{
    return db_hear(store->db);
}

cr_status store_count_plans(cr_store *store, store_counts *ret_counts)
{
    cr_auto(arena) strings = NULL;
    store_counts n = {.plans = {0}};
    if (arena_new(&strings))
        return CR_E_NOMEM;
    db_rows rows;
    for (db_query(store->db, SQL_COUNT_PLANS, &rows, NULL, 0); db_next(&rows);)
        (db_row_int(&rows, 1) ? n.runs : n.plans)[store_state_of(db_row_text(&rows, 0, strings))] =
            db_row_int(&rows, 2);
    cr_status st = db_rows_done(&rows);
    if (!st)
        *ret_counts = n;
    return st;
}

/* ---- queueing and taking ---- */

static cr_status add_plan(cr_store *store, const store_plan *p, store_act act)
{
    char about[ABOUT_SIZE];
    snprintf(about, sizeof about, "plan %s of %s version %d", p->plan_id, p->date, p->day_version);
    cr_status st = db_run(store->db, SQL_LOCK_DATE, NULL, DB_WITH(db_text(p->date)));
    if (!st)
        st = db_run(store->db, SQL_ADD_PLAN, NULL,
                    DB_WITH(db_text(p->plan_id), db_text(p->date), db_int(p->day_version), db_text(p->owner),
                            db_text(act.who), db_text(p->options), db_int(act.at_ms)));
    return st ? st : store_note(store, act, "queue", about);
}

cr_status store_add_plan(cr_store *store, const store_plan *plan, store_act act)
{
    cr_status st = store_begin(store);
    return st ? st : store_end(store, add_plan(store, plan, act));
}

static cr_status claim_plan(cr_store *store, const char *worker, int64_t lease_ms, store_act act,
                            store_plans **ret_plan)
{
    db_rows rows;
    db_query(store->db, SQL_NEXT_PLAN, &rows, NULL, 0);
    cr_status st = plan_of(&rows, ret_plan);
    if (st || !*ret_plan)
        return st;
    store_plan *plan = &(*ret_plan)->items[0];
    plan->state = PLAN_RUNNING;
    plan->attempts++;
    plan->fence++;
    plan->started_ms = act.at_ms;
    return db_run(store->db, SQL_START_PLAN, NULL,
                  DB_WITH(db_int(act.at_ms), db_text(worker), db_int(lease_ms), db_text(plan->plan_id)));
}

cr_status store_claim_plan(cr_store *store, const char *worker, int64_t lease_ms, store_act act, store_plans **ret_plan)
{
    cr_auto(store_plans) plan = NULL;
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, claim_plan(store, worker, lease_ms, act, &plan));
    if (!st)
        *ret_plan = store_plans_take(&plan);
    return st;
}

cr_status store_renew_plan(cr_store *store, const char *plan_id, int64_t fence, int64_t lease_ms, const char *progress,
                           store_hold *ret_hold)
{
    cr_auto(arena) strings = NULL;
    store_hold hold = HOLD_LOST;
    db_rows rows;
    if (arena_new(&strings))
        return CR_E_NOMEM;
    db_query(store->db, SQL_RENEW_PLAN, &rows,
             DB_WITH(db_int(lease_ms), db_text(progress), db_text(plan_id), db_int(fence)));
    while (db_next(&rows))
        hold = *db_row_text(&rows, 0, strings) ? HOLD_STOP : HOLD_KEPT;
    cr_status st = db_rows_done(&rows);
    if (!st)
        *ret_hold = hold;
    return st;
}

/* ---- ending ---- */

/* Note what was done, if it was. */
static cr_status noted(cr_store *store, cr_status st, int64_t changed, store_act act, const char *what,
                       const char *plan_id)
{
    char about[ABOUT_SIZE];
    snprintf(about, sizeof about, "plan %s", plan_id);
    return st || changed == 0 ? st : store_note(store, act, what, about);
}

static cr_status finish_plan(cr_store *store, const char *plan_id, int64_t fence, const store_outcome *o, store_act act,
                             int64_t *ret_changed)
{
    char hash[STORE_HASH_SIZE];
    if (o->result)
        store_hash(o->result, o->size, hash);
    cr_status st = db_run(store->db, SQL_FINISH_PLAN, ret_changed,
                          DB_WITH(db_text(store_plan_state_name[o->state]), db_text(o->problem), db_text(o->summary),
                                  db_bytes(o->result, o->size), db_text(o->result ? hash : NULL), db_int(act.at_ms),
                                  db_text(plan_id), db_int(fence)));
    return noted(store, st, *ret_changed, act, store_plan_state_name[o->state], plan_id);
}

cr_status store_finish_plan(cr_store *store, const char *plan_id, int64_t fence, const store_outcome *outcome,
                            store_act act, bool *ret_taken)
{
    int64_t changed = 0;
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, finish_plan(store, plan_id, fence, outcome, act, &changed));
    if (!st)
        *ret_taken = changed > 0;
    return st;
}

static cr_status requeue_plans(cr_store *store, const char *worker, int32_t most_attempts, const char *problem,
                               store_act act, int32_t *ret_n)
{
    char about[ABOUT_SIZE];
    int64_t failed = 0, queued = 0;
    cr_status st = db_run(store->db, SQL_FAIL_LOST_PLANS, &failed,
                          DB_WITH(db_text(problem), db_int(act.at_ms), db_int(most_attempts), db_text(worker)));
    if (!st)
        st = db_run(store->db, SQL_REQUEUE_LOST_PLANS, &queued, DB_WITH(db_text(worker)));
    *ret_n = (int32_t)(failed + queued);
    snprintf(about, sizeof about, "%d running plans queued again, %d failed", (int)queued, (int)failed);
    return st || *ret_n == 0 ? st : store_note(store, act, "recover", about);
}

cr_status store_requeue_plans(cr_store *store, const char *worker, int32_t most_attempts, const char *problem,
                              store_act act, int32_t *ret_n)
{
    int32_t n = 0;
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, requeue_plans(store, worker, most_attempts, problem, act, &n));
    if (!st)
        *ret_n = n;
    return st;
}

static cr_status give_back_plan(cr_store *store, const char *plan_id, int64_t fence, store_act act)
{
    int64_t changed = 0;
    cr_status st = db_run(store->db, SQL_GIVE_BACK_PLAN, &changed, DB_WITH(db_text(plan_id), db_int(fence)));
    return noted(store, st, changed, act, "give back", plan_id);
}

cr_status store_give_back_plan(cr_store *store, const char *plan_id, int64_t fence, store_act act)
{
    cr_status st = db_begin(store->db);
    return st ? st : db_end(store->db, give_back_plan(store, plan_id, fence, act));
}

static cr_status stop_plan(cr_store *store, const char *plan_id, store_act act, int64_t *ret_changed)
{
    cr_status st = db_run(store->db, SQL_STOP_PLAN, ret_changed, DB_WITH(db_text(plan_id)));
    return noted(store, st, *ret_changed, act, "stop", plan_id);
}

cr_status store_stop_plan(cr_store *store, const char *plan_id, store_act act, bool *ret_taken)
{
    int64_t changed = 0;
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, stop_plan(store, plan_id, act, &changed));
    if (!st)
        *ret_taken = changed > 0;
    return st;
}

static cr_status cancel_plan(cr_store *store, const char *plan_id, store_act act, int64_t *ret_changed)
{
    cr_status st = db_run(store->db, SQL_CANCEL_PLAN, ret_changed, DB_WITH(db_int(act.at_ms), db_text(plan_id)));
    return noted(store, st, *ret_changed, act, "cancel", plan_id);
}

cr_status store_cancel_plan(cr_store *store, const char *plan_id, store_act act, bool *ret_taken)
{
    int64_t changed = 0;
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, cancel_plan(store, plan_id, act, &changed));
    if (!st)
        *ret_taken = changed > 0;
    return st;
}

static cr_status delete_plan(cr_store *store, const char *plan_id, store_act act, int64_t *ret_changed)
{
    cr_status st = db_run(store->db, SQL_DELETE_PLAN, ret_changed, DB_WITH(db_text(plan_id)));
    return noted(store, st, *ret_changed, act, "delete", plan_id);
}

cr_status store_delete_plan(cr_store *store, const char *plan_id, store_act act, bool *ret_taken)
{
    int64_t changed = 0;
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, delete_plan(store, plan_id, act, &changed));
    if (!st)
        *ret_taken = changed > 0;
    return st;
}
