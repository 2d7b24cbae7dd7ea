/* Scenarios in the queue of plans, whatever database is behind it: all runs or none, each done once, turns that leave
 * room for plans, and counts that say how far it is. */
#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "store_fixture.h"

static void check_scenario(cr_store *s, store_plan_state state, const int64_t n_runs[N_PLAN_STATES])
{
    cr_auto(store_scenarios) scenario = NULL;
    assert_int_equal(store_get_scenario(s, "s1", &scenario), CR_OK);
    assert_non_null(scenario);
    assert_int_equal(store_scenario_state(&scenario->items[0]), state);
    for (int32_t i = 0; i < N_PLAN_STATES; i++)
        assert_int_equal(scenario->items[0].n_runs[i], n_runs[i]);
}

/* In the order of the states: queued, running, done, failed, cancelled. */
#define N_RUNS(...) ((const int64_t[N_PLAN_STATES]){__VA_ARGS__})

static void check_record(cr_store *s, int32_t run, const char *expected)
{
    cr_auto(store_records) records = NULL;
    assert_int_equal(store_get_records(s, "s1", &records), CR_OK);
    assert_true(run < records->n);
    assert_string_equal(records->items[run], expected);
}

static void test_its_runs_wait_run_and_are_done(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue_scenario(s, "s1", 2);
    check_scenario(s, PLAN_QUEUED, N_RUNS(2));
    cr_auto(store_plans) first = claim(s, 5);
    cr_auto(store_plans) second = claim(s, 6);
    assert_string_equal(first->items[0].scenario_id, "s1");
    assert_int_equal(first->items[0].run, 0);
    assert_int_equal(second->items[0].run, 1);
    assert_string_equal(second->items[0].options, "{\"iterations\": 5}");
    check_scenario(s, PLAN_RUNNING, N_RUNS(0, 2));
    assert_true(finish(s, second->items[0].plan_id, 1, "the second"));
    assert_false(finish(s, second->items[0].plan_id, 1, "once more"));
    check_record(s, 0, "");
    check_record(s, 1, "the second");
    check_scenario(s, PLAN_RUNNING, N_RUNS(0, 1, 1));
    assert_true(finish(s, first->items[0].plan_id, 1, "the first"));
    check_record(s, 0, "the first");
    check_scenario(s, PLAN_DONE, N_RUNS(0, 0, 2));
    cr_auto(store_scenarios) scenario = NULL;
    assert_int_equal(store_get_scenario(s, "s1", &scenario), CR_OK);
    assert_int_equal(scenario->items[0].started_ms, 5);
    assert_int_equal(scenario->items[0].finished_ms, ann.at_ms);
}

static void test_a_late_run_cannot_overwrite(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue_scenario(s, "s1", 1);
    cr_auto(store_plans) first = claim(s, 5);
    int32_t n = 0;
    assert_int_equal(store_requeue_plans(s, "here", 3, "{}", ann, &n), CR_OK);
    check_scenario(s, PLAN_QUEUED, N_RUNS(1));
    cr_auto(store_plans) again = claim(s, 6);
    assert_string_equal(again->items[0].plan_id, first->items[0].plan_id);
    assert_false(finish(s, first->items[0].plan_id, first->items[0].fence, "late"));
    assert_true(finish(s, first->items[0].plan_id, again->items[0].fence, "in time"));
    check_record(s, 0, "in time");
}

static void test_plans_do_not_wait_behind_all_runs(void **state)
{
    /* Four runs wait when a plan is asked for, and another scenario of one run: one run of each, and the plan, come
     * first. */
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue_scenario(s, "s1", 4);
    queue(s, "p1", "");
    queue_scenario(s, "s2", 1);
    static const char *const expected[] = {"s1", "", "s2", "s1", "s1", "s1"};
    for (int32_t i = 0; i < 6; i++) {
        cr_auto(store_plans) job = claim(s, 10 + i);
        assert_string_equal(job->items[0].scenario_id, expected[i]);
        assert_true(finish(s, job->items[0].plan_id, 1, "x"));
    }
}

static void test_runs_are_no_plans(void **state)
{
    cr_store *s = store_of(state);
    store_counts n;
    put(s, "visits", "north", "one");
    queue_scenario(s, "s1", 2);
    queue(s, "p1", "");
    cr_auto(store_plans) plans = NULL;
    assert_int_equal(store_list_plans(s, DATE, 10, &plans), CR_OK);
    assert_int_equal(plans->n, 1);
    cr_auto(store_plans) run = claim(s, 5);
    cr_auto(store_plans) none = NULL;
    assert_string_equal(run->items[0].scenario_id, "s1");
    assert_int_equal(store_get_plan(s, run->items[0].plan_id, &none), CR_OK);
    assert_null(none);
    assert_int_equal(store_count_plans(s, &n), CR_OK);
    assert_int_equal(n.plans[PLAN_QUEUED], 1);
    assert_int_equal(n.plans[PLAN_RUNNING], 0);
    assert_int_equal(n.runs[PLAN_QUEUED], 1);
    assert_int_equal(n.runs[PLAN_RUNNING], 1);
}

static void test_one_that_fails_is_said_and_the_others_go_on(void **state)
{
    cr_store *s = store_of(state);
    bool taken = false;
    store_outcome failed = {.state = PLAN_FAILED, .problem = "{\"title\": \"lost\"}"};
    put(s, "visits", "north", "one");
    queue_scenario(s, "s1", 2);
    cr_auto(store_plans) first = claim(s, 5);
    assert_int_equal(store_finish_plan(s, first->items[0].plan_id, 1, &failed, ann, &taken), CR_OK);
    assert_true(taken);
    check_scenario(s, PLAN_RUNNING, N_RUNS(1, 0, 0, 1));
    cr_auto(store_plans) second = claim(s, 6);
    assert_true(finish(s, second->items[0].plan_id, 1, "x"));
    check_scenario(s, PLAN_FAILED, N_RUNS(0, 0, 1, 1));
    cr_auto(store_scenarios) scenario = NULL;
    assert_int_equal(store_get_scenario(s, "s1", &scenario), CR_OK);
    assert_string_equal(scenario->items[0].problem, "{\"title\": \"lost\"}");
}

static void test_cancelled_it_keeps_what_was_done_and_only_then_is_it_deleted(void **state)
{
    cr_store *s = store_of(state);
    bool taken = true;
    store_hold hold = HOLD_KEPT;
    put(s, "visits", "north", "one");
    queue_scenario(s, "s1", 3);
    cr_auto(store_plans) done = claim(s, 5);
    assert_true(finish(s, done->items[0].plan_id, 1, "x"));
    cr_auto(store_plans) runs = claim(s, 6);
    assert_int_equal(store_delete_scenario(s, "s1", jo, &taken), CR_OK);
    assert_false(taken);
    check_scenario(s, PLAN_RUNNING, N_RUNS(1, 1, 1));
    assert_int_equal(store_cancel_scenario(s, "s1", jo, &taken), CR_OK);
    assert_true(taken);
    check_scenario(s, PLAN_CANCELLED, N_RUNS(0, 0, 1, 0, 2));
    assert_int_equal(store_renew_plan(s, runs->items[0].plan_id, 1, LEASE_MS, NULL, &hold), CR_OK);
    assert_int_equal(hold, HOLD_LOST);
    assert_false(finish(s, runs->items[0].plan_id, 1, "late"));
    assert_int_equal(store_cancel_scenario(s, "s1", jo, &taken), CR_OK);
    assert_false(taken);
    assert_int_equal(store_delete_scenario(s, "s1", jo, &taken), CR_OK);
    assert_true(taken);
    cr_auto(store_scenarios) gone = NULL;
    assert_int_equal(store_get_scenario(s, "s1", &gone), CR_OK);
    assert_null(gone);
    assert_int_equal(store_delete_scenario(s, "s1", jo, &taken), CR_OK);
    assert_false(taken);
}

static void test_a_purge_takes_all_of_it_or_nothing(void **state)
{
    cr_store *s = store_of(state);
    store_purged n;
    put(s, "visits", "north", "one");
    queue_scenario(s, "s1", 2);
    cr_auto(store_plans) first = claim(s, 5);
    assert_true(finish(s, first->items[0].plan_id, 1, "x"));
    assert_int_equal(store_purge(s, "2026-12-01", ann, &n), CR_OK);
    assert_int_equal(n.plans + n.scenarios + n.uploads, 0);
    check_record(s, 0, "x");
    cr_auto(store_plans) second = claim(s, 6);
    assert_true(finish(s, second->items[0].plan_id, 1, "x"));
    assert_int_equal(store_purge(s, "2026-12-01", ann, &n), CR_OK);
    assert_int_equal(n.plans, 2);
    assert_int_equal(n.scenarios, 1);
    assert_int_equal(n.uploads, 1);
}

static void test_they_are_listed_newest_first(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue_scenario(s, "s1", 1);
    queue_scenario(s, "s2", 2);
    cr_auto(store_scenarios) all = NULL;
    assert_int_equal(store_list_scenarios(s, NULL, 10, &all), CR_OK);
    assert_int_equal(all->n, 2);
    assert_string_equal(all->items[0].scenario_id, "s2");
    assert_int_equal(all->items[0].n_runs[PLAN_QUEUED], 2);
    cr_auto(store_scenarios) newest = NULL;
    assert_int_equal(store_list_scenarios(s, DATE, 1, &newest), CR_OK);
    assert_int_equal(newest->n, 1);
    assert_string_equal(newest->items[0].scenario_id, "s2");
    cr_auto(store_scenarios) elsewhere = NULL;
    assert_int_equal(store_list_scenarios(s, "2026-11-24", 10, &elsewhere), CR_OK);
    assert_int_equal(elsewhere->n, 0);
}

static void test_one_of_a_day_that_is_not_there_is_refused_whole(void **state)
{
    cr_store *s = store_of(state);
    store_scenario one = {.scenario_id = "s1", .date = DATE, .day_version = 7, .file = "{}", .facts = "{}"};
    store_counts n;
    assert_int_equal(store_add_scenario(s, &one, 3, "{}", jo), CR_E_INTERNAL);
    assert_int_equal(store_count_plans(s, &n), CR_OK);
    assert_int_equal(n.runs[PLAN_QUEUED], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_its_runs_wait_run_and_are_done),
        WITH_STORE(test_a_late_run_cannot_overwrite),
        WITH_STORE(test_plans_do_not_wait_behind_all_runs),
        WITH_STORE(test_runs_are_no_plans),
        WITH_STORE(test_one_that_fails_is_said_and_the_others_go_on),
        WITH_STORE(test_cancelled_it_keeps_what_was_done_and_only_then_is_it_deleted),
        WITH_STORE(test_a_purge_takes_all_of_it_or_nothing),
        WITH_STORE(test_they_are_listed_newest_first),
        WITH_STORE(test_one_of_a_day_that_is_not_there_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
