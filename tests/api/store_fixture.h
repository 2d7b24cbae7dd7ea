/* A store for each test, and what most of them do with it. Definitions: one file of a program includes it. */
#ifndef TESTS_API_STORE_FIXTURE_H
#define TESTS_API_STORE_FIXTURE_H

#include "store_file.h"

#define DATE     "2026-11-23"
#define LEASE_MS 60000 /* longer than any test */

static const store_act jo = {"jo", 1000}, ann = {"ann", 2000};

typedef struct fixture {
    store_file file;
    cr_store *store;
} fixture;

static inline int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->file = store_file_new();
    f->store = store_at(f->file.path);
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    fixture *f = *state;
    cr_store_free(f->store);
    store_file_remove(&f->file);
    free(f);
    return 0;
}

static inline cr_store *store_of(void **state)
{
    return ((fixture *)*state)->store;
}

static inline store_receipt put(cr_store *s, const char *table, const char *provider, const char *content)
{
    store_upload u = list_of(DATE, table, provider);
    store_receipt receipt;
    assert_int_equal(store_put_upload(s, &u, content, strlen(content), jo, &receipt), CR_OK);
    return receipt;
}

static inline void check_content(cr_store *s, const char *upload_id, const char *expected)
{
    cr_auto(store_bytes) content = NULL;
    assert_int_equal(store_get_content(s, upload_id, &content), CR_OK);
    assert_non_null(content);
    assert_int_equal(content->size, strlen(expected));
    assert_string_equal(content->bytes, expected);
}

static inline int32_t n_parts(cr_store *s, int32_t version)
{
    cr_auto(store_days) day = NULL;
    assert_int_equal(store_get_day(s, DATE, version, &day), CR_OK);
    return day ? day->items[0].n_parts : -1;
}

static inline void queue(cr_store *s, const char *plan_id, const char *owner)
{
    store_plan p = {.plan_id = plan_id, .date = DATE, .day_version = 1, .owner = owner, .options = "{}"};
    assert_int_equal(store_add_plan(s, &p, jo), CR_OK);
}

static inline void queue_scenario(cr_store *s, const char *scenario_id, int32_t n_runs)
{
    store_scenario one = {.scenario_id = scenario_id, .date = DATE, .day_version = 1, .file = "{}", .facts = "[]"};
    assert_int_equal(store_add_scenario(s, &one, n_runs, "{\"iterations\": 5}", jo), CR_OK);
}

static inline store_plans *claim(cr_store *s, int64_t at_ms)
{
    store_plans *plan = NULL;
    assert_int_equal(store_claim_plan(s, "here", LEASE_MS, (store_act){"server", at_ms}, &plan), CR_OK);
    return plan;
}

static inline bool finish(cr_store *s, const char *plan_id, int64_t fence, const char *result)
{
    store_outcome o = {.state = PLAN_DONE, .summary = "{}", .result = result, .size = strlen(result)};
    bool taken = false;
    assert_int_equal(store_finish_plan(s, plan_id, fence, &o, ann, &taken), CR_OK);
    return taken;
}

/* A store of an earlier form had a plan p0 in its queue: it is a plan still, before the first run of a scenario. */
static inline void check_queue_of_before(cr_store *s)
{
    queue_scenario(s, "s0", 1);
    cr_auto(store_plans) plan = claim(s, 10);
    assert_string_equal(plan->items[0].plan_id, "p0");
    assert_string_equal(plan->items[0].scenario_id, "");
    cr_auto(store_plans) run = claim(s, 11);
    assert_string_equal(run->items[0].scenario_id, "s0");
}

/* And the result of one that was done. */
static inline void check_result_of_before(cr_store *s)
{
    cr_auto(store_bytes) made = NULL;
    cr_auto(store_plans) plan = NULL;
    assert_int_equal(store_get_result(s, "p1", &made), CR_OK);
    assert_int_equal(made->size, 4);
    assert_memory_equal(made->bytes, "made", 4);
    assert_int_equal(store_get_plan(s, "p1", &plan), CR_OK);
    assert_string_equal(plan->items[0].owner, "north");
    assert_int_equal(plan->items[0].queued_ms, 6);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
