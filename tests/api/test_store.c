/* The store's verbs, whatever database is behind them: nothing is lost, nothing is changed, turns are fair. */
#include "store_db.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "store_file.h"

#define DATE "2026-11-23"

static const store_act jo = {"jo", 1000}, ann = {"ann", 2000};

typedef struct fixture {
    store_file file;
    cr_store *store;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->file = store_file_new();
    f->store = store_at(f->file.path);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    cr_store_free(f->store);
    store_file_remove(&f->file);
    free(f);
    return 0;
}

static cr_store *store_of(void **state)
{
    return ((fixture *)*state)->store;
}

/* ---- uploads and days ---- */

static store_receipt put(cr_store *s, const char *table, const char *provider, const char *content)
{
    store_upload u = list_of(DATE, table, provider);
    store_receipt receipt;
    assert_int_equal(store_put_upload(s, &u, content, strlen(content), jo, &receipt), CR_OK);
    return receipt;
}

static void check_content(cr_store *s, const char *upload_id, const char *expected)
{
    cr_auto(store_bytes) content = NULL;
    assert_int_equal(store_get_content(s, upload_id, &content), CR_OK);
    assert_non_null(content);
    assert_int_equal(content->size, strlen(expected));
    assert_string_equal(content->bytes, expected);
}

static int32_t n_parts(cr_store *s, int32_t version)
{
    cr_auto(store_days) day = NULL;
    assert_int_equal(store_get_day(s, DATE, version, &day), CR_OK);
    return day ? day->items[0].n_parts : -1;
}

static void test_a_list_takes_the_place_of_the_one_before_and_both_stay(void **state)
{
    cr_store *s = store_of(state);
    store_receipt first = put(s, "visits", "north", "one"), second = put(s, "visits", "north", "two");
    assert_true(first.is_new && second.is_new);
    assert_int_equal(first.version, 1);
    assert_int_equal(second.version, 2);
    assert_int_equal(second.day_version, 2);
    check_content(s, first.upload_id, "one");
    check_content(s, second.upload_id, "two");

    cr_auto(store_days) day = NULL;
    assert_int_equal(store_get_day(s, DATE, 0, &day), CR_OK);
    assert_int_equal(day->items[0].version, 2);
    assert_int_equal(day->items[0].n_parts, 1);
    assert_string_equal(day->items[0].parts[0].upload_id, second.upload_id);
    assert_int_equal(n_parts(s, 1), 1); /* the version before is what it was */

    cr_auto(store_uploads) versions = NULL;
    assert_int_equal(store_list_uploads(s, DATE, "visits", "north", &versions), CR_OK);
    assert_int_equal(versions->n, 2);
    assert_int_equal(versions->items[0].version, 2);
}

static void test_the_same_list_again_changes_nothing(void **state)
{
    cr_store *s = store_of(state);
    store_receipt first = put(s, "visits", "north", "one"), again = put(s, "visits", "north", "one");
    assert_false(again.is_new);
    assert_string_equal(again.upload_id, first.upload_id);
    assert_int_equal(again.day_version, 1);

    /* Back to an old list is a change, though. */
    put(s, "visits", "north", "two");
    store_receipt back = put(s, "visits", "north", "one");
    assert_true(back.is_new);
    assert_int_equal(back.version, 3);

    /* So is the same content read with other names for its headings. */
    store_upload mapped = list_of(DATE, "visits", "north");
    mapped.mapping = "{\"Call\": \"visit_id\"}";
    store_receipt receipt;
    assert_int_equal(store_put_upload(s, &mapped, "one", 3, jo, &receipt), CR_OK);
    assert_true(receipt.is_new);
}

static void test_providers_tables_and_dates_do_not_touch_one_another(void **state)
{
    cr_store *s = store_of(state);
    store_receipt north = put(s, "visits", "north", "one"), south = put(s, "visits", "south", "two");
    put(s, "carers", "north", "three");
    assert_int_equal(n_parts(s, 0), 3);
    put(s, "visits", "north", "four");
    assert_int_equal(n_parts(s, 0), 3);
    check_content(s, north.upload_id, "one");
    check_content(s, south.upload_id, "two");

    store_upload other = list_of("2026-11-24", "visits", "north");
    store_receipt receipt;
    assert_int_equal(store_put_upload(s, &other, "one", 3, jo, &receipt), CR_OK);
    assert_int_equal(receipt.day_version, 1);
    assert_int_equal(n_parts(s, 0), 3);

    cr_auto(store_days) days = NULL;
    assert_int_equal(store_list_days(s, &days), CR_OK);
    assert_int_equal(days->n, 2);
    assert_string_equal(days->items[0].date, DATE);
    assert_int_equal(days->items[0].version, 4);

    cr_auto(store_uploads) all = NULL;
    assert_int_equal(store_list_uploads(s, DATE, "visits", NULL, &all), CR_OK);
    assert_int_equal(all->n, 3);
}

static void test_a_list_can_be_taken_out_and_stays_in_the_versions_before(void **state)
{
    cr_store *s = store_of(state);
    store_receipt north = put(s, "visits", "north", "one");
    put(s, "visits", "south", "two");
    int32_t version = -1;
    assert_int_equal(store_remove_upload(s, DATE, "visits", "north", jo, &version), CR_OK);
    assert_int_equal(version, 3);
    assert_int_equal(n_parts(s, 3), 1);
    assert_int_equal(n_parts(s, 2), 2);
    check_content(s, north.upload_id, "one");
    assert_int_equal(store_remove_upload(s, DATE, "visits", "north", jo, &version), CR_OK);
    assert_int_equal(version, 0); /* it had none */
    assert_int_equal(n_parts(s, 4), -1);
}

static void test_any_bytes_come_back_as_they_were(void **state)
{
    cr_store *s = store_of(state);
    static const char odd[] = "a\0b\xff\r\n\";";
    store_upload u = list_of(DATE, "visits", "n'); DROP TABLE upload; --");
    store_receipt receipt;
    assert_int_equal(store_put_upload(s, &u, odd, sizeof odd, jo, &receipt), CR_OK);
    cr_auto(store_bytes) content = NULL;
    assert_int_equal(store_get_content(s, receipt.upload_id, &content), CR_OK);
    assert_int_equal(content->size, sizeof odd);
    assert_memory_equal(content->bytes, odd, sizeof odd);
    cr_auto(store_uploads) back = NULL;
    assert_int_equal(store_get_upload(s, receipt.upload_id, &back), CR_OK);
    assert_string_equal(back->items[0].provider, u.provider);
    assert_int_equal(back->items[0].size, sizeof odd);
}

static void test_what_is_not_there_is_no_error(void **state)
{
    cr_store *s = store_of(state);
    cr_auto(store_uploads) upload = NULL;
    cr_auto(store_bytes) content = NULL;
    cr_auto(store_bytes) result = NULL;
    cr_auto(store_days) day = NULL;
    cr_auto(store_plans) plan = NULL;
    assert_int_equal(store_get_upload(s, "none", &upload), CR_OK);
    assert_int_equal(store_get_content(s, "none", &content), CR_OK);
    assert_int_equal(store_get_day(s, DATE, 0, &day), CR_OK);
    assert_int_equal(store_get_plan(s, "none", &plan), CR_OK);
    assert_int_equal(store_get_result(s, "none", &result), CR_OK);
    assert_true(!upload && !content && !day && !plan && !result);
}

static void test_the_first_report_of_a_version_stays(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    assert_int_equal(store_put_report(s, DATE, 1, "{\"errors\": 0}"), CR_OK);
    assert_int_equal(store_put_report(s, DATE, 1, "{\"errors\": 9}"), CR_OK);
    cr_auto(store_days) day = NULL;
    assert_int_equal(store_get_day(s, DATE, 1, &day), CR_OK);
    assert_string_equal(day->items[0].report, "{\"errors\": 0}");
}

/* ---- plans ---- */

static void queue(cr_store *s, const char *plan_id, const char *owner)
{
    store_plan p = {.plan_id = plan_id, .date = DATE, .day_version = 1, .owner = owner, .options = "{}"};
    assert_int_equal(store_add_plan(s, &p, jo), CR_OK);
}

static store_plans *claim(cr_store *s, int64_t at_ms)
{
    store_plans *plan = NULL;
    assert_int_equal(store_claim_plan(s, (store_act){"server", at_ms}, &plan), CR_OK);
    return plan;
}

static bool finish(cr_store *s, const char *plan_id, int32_t attempt, const char *result)
{
    store_outcome o = {.state = PLAN_DONE, .summary = "{}", .result = result, .size = strlen(result)};
    bool taken = false;
    assert_int_equal(store_finish_plan(s, plan_id, attempt, &o, ann, &taken), CR_OK);
    return taken;
}

static void check_state(cr_store *s, const char *plan_id, store_plan_state expected)
{
    cr_auto(store_plans) plan = NULL;
    assert_int_equal(store_get_plan(s, plan_id, &plan), CR_OK);
    assert_non_null(plan);
    assert_int_equal(plan->items[0].state, expected);
}

static void test_a_plan_waits_runs_and_is_done(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue(s, "p1", "");
    check_state(s, "p1", PLAN_QUEUED);
    cr_auto(store_plans) plan = claim(s, 5);
    assert_string_equal(plan->items[0].plan_id, "p1");
    assert_int_equal(plan->items[0].attempts, 1);
    check_state(s, "p1", PLAN_RUNNING);
    cr_auto(store_plans) none = claim(s, 6);
    assert_null(none);
    assert_true(finish(s, "p1", 1, "a plan"));
    assert_false(finish(s, "p1", 1, "another"));
    cr_auto(store_bytes) result = NULL;
    assert_int_equal(store_get_result(s, "p1", &result), CR_OK);
    assert_string_equal(result->bytes, "a plan");
    int64_t n[N_PLAN_STATES];
    assert_int_equal(store_count_plans(s, n), CR_OK);
    assert_int_equal(n[PLAN_DONE], 1);
    assert_int_equal(n[PLAN_QUEUED], 0);
}

static void test_owners_take_turns(void **state)
{
    /* North asks for three before south asks for one: south is second, not fourth. */
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue(s, "n1", "north");
    queue(s, "n2", "north");
    queue(s, "n3", "north");
    queue(s, "s1", "south");
    static const char *const expected[] = {"n1", "s1", "n2", "n3"};
    for (int32_t i = 0; i < 4; i++) {
        cr_auto(store_plans) plan = claim(s, 10 + i);
        assert_string_equal(plan->items[0].plan_id, expected[i]);
    }
}

static void test_turns_go_on_when_one_plan_runs_at_a_time(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue(s, "n1", "north");
    queue(s, "n2", "north");
    queue(s, "s1", "south");
    static const char *const expected[] = {"n1", "s1", "n2"};
    for (int32_t i = 0; i < 3; i++) {
        cr_auto(store_plans) plan = claim(s, 10 + i);
        assert_string_equal(plan->items[0].plan_id, expected[i]);
        assert_true(finish(s, expected[i], 1, "x"));
    }
}

static void test_a_worker_that_wakes_late_cannot_overwrite(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue(s, "p1", "");
    cr_auto(store_plans) first = claim(s, 5);
    int32_t n = 0;
    assert_int_equal(store_requeue_plans(s, 3, "{}", ann, &n), CR_OK);
    assert_int_equal(n, 1);
    cr_auto(store_plans) second = claim(s, 6);
    assert_int_equal(second->items[0].attempts, 2);
    assert_false(finish(s, "p1", first->items[0].attempts, "late"));
    assert_true(finish(s, "p1", 2, "in time"));
    cr_auto(store_bytes) result = NULL;
    assert_int_equal(store_get_result(s, "p1", &result), CR_OK);
    assert_string_equal(result->bytes, "in time");
}

static void test_a_plan_that_ends_its_server_three_times_has_failed(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue(s, "p1", "");
    for (int32_t i = 0; i < 3; i++) {
        cr_auto(store_plans) plan = claim(s, 5 + i);
        assert_non_null(plan);
        int32_t n = 0;
        assert_int_equal(store_requeue_plans(s, 3, "{\"title\": \"lost\"}", ann, &n), CR_OK);
    }
    cr_auto(store_plans) plan = NULL;
    assert_int_equal(store_get_plan(s, "p1", &plan), CR_OK);
    assert_int_equal(plan->items[0].state, PLAN_FAILED);
    assert_string_equal(plan->items[0].problem, "{\"title\": \"lost\"}");
}

static void test_a_plan_given_back_has_not_been_tried(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue(s, "p1", "");
    cr_auto(store_plans) first = claim(s, 5);
    assert_int_equal(first->n, 1);
    assert_int_equal(store_give_back_plan(s, "p1", 1, ann), CR_OK);
    check_state(s, "p1", PLAN_QUEUED);
    cr_auto(store_plans) again = claim(s, 6);
    assert_int_equal(again->items[0].attempts, 1);
}

static void test_cancelled_plans_stay_cancelled_and_only_ended_ones_are_deleted(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue(s, "waits", "");
    queue(s, "runs", "");
    bool taken;
    cr_auto(store_plans) first = claim(s, 5);
    assert_string_equal(first->items[0].plan_id, "waits");
    assert_int_equal(store_delete_plan(s, "waits", jo, &taken), CR_OK);
    assert_false(taken);
    assert_int_equal(store_cancel_plan(s, "waits", jo, &taken), CR_OK);
    assert_true(taken);
    assert_false(finish(s, "waits", 1, "too late"));
    assert_int_equal(store_cancel_plan(s, "waits", jo, &taken), CR_OK);
    assert_false(taken);
    assert_int_equal(store_delete_plan(s, "waits", jo, &taken), CR_OK);
    assert_true(taken);
    cr_auto(store_plans) left = NULL;
    assert_int_equal(store_list_plans(s, DATE, 10, &left), CR_OK);
    assert_int_equal(left->n, 1);
    assert_string_equal(left->items[0].plan_id, "runs");
    cr_auto(store_plans) elsewhere = NULL;
    assert_int_equal(store_list_plans(s, "2026-11-24", 10, &elsewhere), CR_OK);
    assert_int_equal(elsewhere->n, 0);
}

static void test_a_plan_of_a_day_that_is_not_there_is_refused_whole(void **state)
{
    cr_store *s = store_of(state);
    store_plan p = {.plan_id = "p1", .date = DATE, .day_version = 7, .owner = "", .options = "{}"};
    assert_int_equal(store_add_plan(s, &p, jo), CR_E_INTERNAL);
    cr_auto(store_events) events = NULL;
    assert_int_equal(store_list_events(s, 0, 10, &events), CR_OK);
    assert_int_equal(events->n, 0);
    put(s, "visits", "north", "one"); /* and the store goes on */
}

/* ---- tokens ---- */

static void test_a_token_is_found_by_its_secret_until_it_expires_or_is_revoked(void **state)
{
    cr_store *s = store_of(state);
    store_token north = {.name = "north's office", .scope = "provider", .provider = "north", .expires_ms = 5000};
    char id[STORE_ID_SIZE], secret[STORE_SECRET_SIZE];
    assert_int_equal(store_add_token(s, &north, jo, id, secret), CR_OK);
    cr_auto(store_tokens) found = NULL;
    assert_int_equal(store_find_token(s, secret, 4999, &found), CR_OK);
    assert_non_null(found);
    assert_string_equal(found->items[0].token_id, id);
    assert_string_equal(found->items[0].provider, "north");
    cr_auto(store_tokens) expired = NULL;
    assert_int_equal(store_find_token(s, secret, 5000, &expired), CR_OK);
    assert_null(expired);
    bool taken;
    assert_int_equal(store_revoke_token(s, id, ann, &taken), CR_OK);
    assert_true(taken);
    cr_auto(store_tokens) revoked = NULL;
    assert_int_equal(store_find_token(s, secret, 4999, &revoked), CR_OK);
    assert_null(revoked);
    cr_auto(store_tokens) all = NULL;
    assert_int_equal(store_list_tokens(s, &all), CR_OK);
    assert_int_equal(all->items[0].revoked_ms, 2000);
    assert_int_equal(store_revoke_token(s, id, ann, &taken), CR_OK);
    assert_false(taken);
}

/* The whole file, and the log beside it, as bytes. */
static bool file_holds(const char *path, const char *text)
{
    FILE *in = fopen(path, "rb");
    struct stat about;
    if (!in)
        return false;
    assert_int_equal(fstat(fileno(in), &about), 0);
    char *bytes = malloc((size_t)about.st_size + 1);
    assert_non_null(bytes);
    size_t n = fread(bytes, 1, (size_t)about.st_size, in);
    bool holds = memmem(bytes, n, text, strlen(text));
    free(bytes);
    fclose(in);
    return holds;
}

static void test_the_secret_of_a_token_is_nowhere_in_the_files(void **state)
{
    fixture *f = *state;
    store_token t = {.name = "found in the file", .scope = "viewer", .provider = ""};
    char id[STORE_ID_SIZE], secret[STORE_SECRET_SIZE], log[80];
    assert_int_equal(store_add_token(f->store, &t, jo, id, secret), CR_OK);
    snprintf(log, sizeof log, "%s-wal", f->file.path);
    assert_true(file_holds(log, t.name)); /* the control */
    assert_false(file_holds(log, secret) || file_holds(f->file.path, secret));
    assert_int_equal(strlen(secret), STORE_SECRET_SIZE - 1);
}

/* ---- who did what ---- */

static void test_every_change_leaves_a_line_with_who_and_when(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    put(s, "visits", "north", "one"); /* no change, no line */
    queue(s, "p1", "");
    cr_auto(store_plans) plan = claim(s, 5);
    assert_int_equal(plan->n, 1);
    finish(s, "p1", 1, "x");
    bool taken;
    assert_int_equal(store_delete_plan(s, "p1", jo, &taken), CR_OK);
    static const char *const expected[][3] = {
        {"jo", "upload", "2026-11-23 visits north version 1"},
        {"jo", "queue", "plan p1 of 2026-11-23 version 1"},
        {"ann", "done", "plan p1"},
        {"jo", "delete", "plan p1"},
    };
    cr_auto(store_events) events = NULL;
    assert_int_equal(store_list_events(s, 0, 10, &events), CR_OK);
    assert_int_equal(events->n, 4);
    for (int32_t i = 0; i < 4; i++) {
        assert_string_equal(events->items[i].who, expected[i][0]);
        assert_string_equal(events->items[i].what, expected[i][1]);
        assert_string_equal(events->items[i].about, expected[i][2]);
    }
    assert_int_equal(events->items[2].at_ms, 2000);
    cr_auto(store_events) later = NULL;
    assert_int_equal(store_list_events(s, events->items[2].event_id, 10, &later), CR_OK);
    assert_int_equal(later->n, 1);
}

/* ---- files ---- */

static void test_what_was_kept_is_there_when_the_store_is_opened_again(void **state)
{
    fixture *f = *state;
    store_receipt receipt = put(f->store, "visits", "north", "one");
    f->store = cr_store_free(f->store);
    f->store = store_at(f->file.path);
    check_content(f->store, receipt.upload_id, "one");
}

static void test_two_connections_see_one_store(void **state)
{
    fixture *f = *state;
    cr_auto(cr_store) other = store_at(f->file.path);
    store_receipt receipt = put(other, "visits", "north", "one");
    check_content(f->store, receipt.upload_id, "one");
    assert_int_equal(put(f->store, "visits", "north", "two").version, 2);
}

static void test_a_copy_is_a_store_with_everything_in_it(void **state)
{
    fixture *f = *state;
    store_receipt receipt = put(f->store, "visits", "north", "one");
    store_file copy = store_file_new();
    assert_int_equal(store_copy(f->store, copy.path), CR_OK);
    put(f->store, "visits", "north", "two"); /* and the store goes on */
    cr_store *copied = store_at(copy.path);
    check_content(copied, receipt.upload_id, "one");
    assert_int_equal(n_parts(copied, 2), -1);
    cr_store_free(copied);
    assert_int_equal(store_copy(f->store, copy.path), CR_E_INTERNAL); /* never over something */
    store_file_remove(&copy);
}

static void test_what_is_purged_is_nowhere_in_the_files(void **state)
{
    fixture *f = *state;
    cr_store *s = f->store;
    char log[80];
    store_upload later = list_of("2026-12-01", "visits", "north"), waits = list_of("2026-11-20", "visits", "north");
    store_receipt old = put(s, "visits", "north", "Ada Onequill, gone"), kept, waiting;
    put(s, "visits", "north", "Bob Twoquill, gone");
    assert_int_equal(store_put_upload(s, &later, "stays", 5, jo, &kept), CR_OK);
    assert_int_equal(store_put_upload(s, &waits, "waits", 5, jo, &waiting), CR_OK);
    queue(s, "done", "");
    cr_auto(store_plans) plan = claim(s, 5);
    assert_int_equal(plan->n, 1);
    assert_true(finish(s, "done", 1, "Ada Onequill at nine"));
    store_plan p = {.plan_id = "waits", .date = "2026-11-20", .day_version = 1, .owner = "", .options = "{}"};
    assert_int_equal(store_add_plan(s, &p, jo), CR_OK);

    store_purged n;
    assert_int_equal(store_purge(s, "2026-12-01", ann, &n), CR_OK);
    assert_int_equal(n.uploads, 2);
    assert_int_equal(n.plans, 1);
    check_content(s, kept.upload_id, "stays");
    check_content(s, waiting.upload_id, "waits");
    cr_auto(store_bytes) gone = NULL;
    assert_int_equal(store_get_content(s, old.upload_id, &gone), CR_OK);
    assert_null(gone);
    snprintf(log, sizeof log, "%s-wal", f->file.path);
    assert_true(file_holds(f->file.path, "stays")); /* the control */
    assert_false(file_holds(f->file.path, "quill") || file_holds(log, "quill"));
}

static void write_database(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static cr_status try_to_open(const char *path, char message[500])
{
    cr_store *store = NULL;
    cr_status st = store_open(path, &store, message, 500);
    cr_store_free(store);
    return st;
}

static void test_files_that_are_no_store_of_ours_are_refused_and_left_alone(void **state)
{
    (void)state;
    char message[500];
    store_file foreign = store_file_new();
    write_database(foreign.path, "CREATE TABLE theirs (x)");
    assert_int_equal(try_to_open(foreign.path, message), CR_E_INPUT);
    assert_non_null(strstr(message, "no store of careround"));
    store_file_remove(&foreign);

    store_file text = store_file_new();
    FILE *out = fopen(text.path, "w");
    assert_non_null(out);
    for (int i = 0; i < 1000; i++)
        fputs("visit_id,client_id\n", out);
    fclose(out);
    assert_int_equal(try_to_open(text.path, message), CR_E_INPUT);
    assert_true(file_holds(text.path, "visit_id,client_id\nvisit_id"));
    store_file_remove(&text);

    store_file later = store_file_new();
    cr_store_free(store_at(later.path));
    write_database(later.path, "PRAGMA user_version = 999");
    assert_int_equal(try_to_open(later.path, message), CR_E_INPUT);
    assert_non_null(strstr(message, "later careround"));
    store_file_remove(&later);

    assert_int_equal(try_to_open("no-such-folder/careround.db", message), CR_E_UPSTREAM);
}

/* A store of every earlier form, made by the steps up to it, is brought to ours. */
static void test_stores_of_every_earlier_form_are_brought_up_to_date(void **state)
{
    (void)state;
    for (int32_t version = 0; version <= store_sqlite_n_steps; version++) {
        store_file file = store_file_new();
        char mark[100];
        for (int32_t i = 0; i < version; i++)
            write_database(file.path, store_sqlite_steps[i]);
        snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", 0x63617265, version);
        if (version)
            write_database(file.path, mark);
        if (version)
            write_database(file.path,
                           "INSERT INTO upload VALUES ('u', '" DATE "', 'visits', 'north', 1, 'csv', '',"
                           " 'h', 1, 3, 0, 'jo', x'6f6e65'); INSERT INTO day VALUES ('" DATE "', 1, 0, NULL);"
                           "INSERT INTO part VALUES ('" DATE "', 1, 'u')");
        cr_store *store = store_at(file.path);
        if (version)
            check_content(store, "u", "one");
        assert_int_equal(put(store, "visits", "north", "two").version, version ? 2 : 1);
        cr_store_free(store);
        store_file_remove(&file);
    }
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_a_list_takes_the_place_of_the_one_before_and_both_stay),
        WITH_STORE(test_the_same_list_again_changes_nothing),
        WITH_STORE(test_providers_tables_and_dates_do_not_touch_one_another),
        WITH_STORE(test_a_list_can_be_taken_out_and_stays_in_the_versions_before),
        WITH_STORE(test_any_bytes_come_back_as_they_were),
        WITH_STORE(test_what_is_not_there_is_no_error),
        WITH_STORE(test_the_first_report_of_a_version_stays),
        WITH_STORE(test_a_plan_waits_runs_and_is_done),
        WITH_STORE(test_owners_take_turns),
        WITH_STORE(test_turns_go_on_when_one_plan_runs_at_a_time),
        WITH_STORE(test_a_worker_that_wakes_late_cannot_overwrite),
        WITH_STORE(test_a_plan_that_ends_its_server_three_times_has_failed),
        WITH_STORE(test_a_plan_given_back_has_not_been_tried),
        WITH_STORE(test_cancelled_plans_stay_cancelled_and_only_ended_ones_are_deleted),
        WITH_STORE(test_a_plan_of_a_day_that_is_not_there_is_refused_whole),
        WITH_STORE(test_a_token_is_found_by_its_secret_until_it_expires_or_is_revoked),
        WITH_STORE(test_the_secret_of_a_token_is_nowhere_in_the_files),
        WITH_STORE(test_every_change_leaves_a_line_with_who_and_when),
        WITH_STORE(test_what_was_kept_is_there_when_the_store_is_opened_again),
        WITH_STORE(test_two_connections_see_one_store),
        WITH_STORE(test_a_copy_is_a_store_with_everything_in_it),
        WITH_STORE(test_what_is_purged_is_nowhere_in_the_files),
        cmocka_unit_test(test_files_that_are_no_store_of_ours_are_refused_and_left_alone),
        cmocka_unit_test(test_stores_of_every_earlier_form_are_brought_up_to_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
