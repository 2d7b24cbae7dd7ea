/* The store in SQLite: what is in its files and what is not, and the forms that it had. */
#include "store_db.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "store_fixture.h"

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
    char id[STORE_ID_SIZE], secret[STORE_SECRET_SIZE], log[420];
    assert_int_equal(store_add_token(f->store, &t, jo, id, secret), CR_OK);
    snprintf(log, sizeof log, "%s-wal", f->file.path);
    assert_true(file_holds(log, t.name)); /* the control */
    assert_false(file_holds(log, secret) || file_holds(f->file.path, secret));
    assert_int_equal(strlen(secret), STORE_SECRET_SIZE - 1);
}

static void test_a_copy_is_a_store_with_everything_in_it(void **state)
{
    fixture *f = *state;
    store_receipt receipt = put(f->store, "visits", "north", "one");
    store_file copy = store_file_new();
    queue_scenario(f->store, "s1", 3);
    assert_int_equal(store_copy(f->store, copy.path), CR_OK);
    put(f->store, "visits", "north", "two"); /* and the store goes on */
    cr_store *copied = store_at(copy.path);
    check_content(copied, receipt.upload_id, "one");
    assert_int_equal(n_parts(copied, 2), -1);
    cr_auto(store_scenarios) scenario = NULL;
    assert_int_equal(store_get_scenario(copied, "s1", &scenario), CR_OK);
    assert_int_equal(scenario->items[0].n_runs[PLAN_QUEUED], 3);
    cr_store_free(copied);
    assert_int_equal(store_copy(f->store, copy.path), CR_E_INTERNAL); /* never over something */
    store_file_remove(&copy);
}

static void test_what_is_purged_is_nowhere_in_the_files(void **state)
{
    fixture *f = *state;
    cr_store *s = f->store;
    char log[420];
    store_upload later = list_of("2026-12-01", "visits", "north"), waits = list_of("2026-11-20", "visits", "north");
    store_receipt old = put(s, "visits", "north", "Ada Onequill, gone"), kept, waiting;
    put(s, "visits", "north", "Bob Twoquill, gone");
    assert_int_equal(store_put_upload(s, &later, "stays", 5, jo, &kept), CR_OK);
    assert_int_equal(store_put_upload(s, &waits, "waits", 5, jo, &waiting), CR_OK);
    queue(s, "done", "");
    cr_auto(store_plans) plan = claim(s, 5);
    assert_int_equal(plan->n, 1);
    assert_true(finish(s, "done", 1, "Ada Onequill at nine"));
    store_scenario asked = {
        .scenario_id = "s1", .date = DATE, .day_version = 1, .file = "\"Ada Threequill\"", .facts = "{}"};
    assert_int_equal(store_add_scenario(s, &asked, 1, "{}", jo), CR_OK);
    cr_auto(store_plans) run = claim(s, 6);
    assert_true(finish(s, run->items[0].plan_id, 1, "Ada Fourquill"));
    store_plan p = {.plan_id = "waits", .date = "2026-11-20", .day_version = 1, .owner = "", .options = "{}"};
    assert_int_equal(store_add_plan(s, &p, jo), CR_OK);

    store_purged n;
    assert_int_equal(store_purge(s, "2026-12-01", ann, &n), CR_OK);
    assert_int_equal(n.uploads, 2);
    assert_int_equal(n.plans, 2);
    assert_int_equal(n.scenarios, 1);
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
            write_database(
                file.path,
                "INSERT INTO upload VALUES ('u', '" DATE "', 'visits', 'north', 1, 'csv', '',"
                " 'h', 1, 3, 0, 'jo', x'6f6e65'); INSERT INTO day VALUES ('" DATE "', 1, 0, NULL);"
                "INSERT INTO part VALUES ('" DATE "', 1, 'u');"
                "INSERT INTO plan (plan_id, date, day_version, owner, who, state, options, queued_ms)"
                " VALUES ('p0', '" DATE "', 1, '', 'jo', 'queued', '{}', 5);"
                "INSERT INTO plan (plan_id, date, day_version, owner, who, state, options, queued_ms, result)"
                " VALUES ('p1', '" DATE "', 1, 'north', 'jo', 'done', '{}', 6, x'6d616465')");
        cr_store *store = store_at(file.path);
        if (version) {
            check_content(store, "u", "one");
            check_queue_of_before(store);
            check_result_of_before(store);
        }
        assert_int_equal(put(store, "visits", "north", "two").version, version ? 2 : 1);
        cr_store_free(store);
        store_file_remove(&file);
    }
}

/* All of a table or an index: not what is made on the way (t and w), and not what a LIMIT ends (plan_newest). */
static bool goes_through_all(const char *step)
{
    static const char *const harmless[] = {"CONSTANT ROW", "t", "w", "plan USING INDEX plan_newest", "n"};
    if (strncmp(step, "SCAN ", 5) != 0)
        return false;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strcmp(step + 5, harmless[i]) == 0)
            return false;
    return true;
}

/* What a request or a turn of the queue costs grows with what is asked for, and not with the store. */
static void test_no_statement_goes_through_all_that_there_is(void **state)
{
    static const store_sql meant[] = {SQL_COUNT_PLANS, SQL_ANY_TOKEN, SQL_LIST_TOKENS, SQL_PURGE_ANSWERS};
    fixture *f = *state;
    sqlite3 *db = NULL;
    bool goes[N_STORE_SQL] = {false};
    assert_int_equal(sqlite3_open(f->file.path, &db), SQLITE_OK);
    for (int32_t i = 0; i < N_STORE_SQL; i++) {
        char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", store_sqlite_sql[i]);
        sqlite3_stmt *plan = NULL;
        assert_int_equal(sqlite3_prepare_v2(db, explain, -1, &plan, NULL), SQLITE_OK);
        while (sqlite3_step(plan) == SQLITE_ROW)
            goes[i] = goes[i] || goes_through_all((const char *)sqlite3_column_text(plan, 3));
        sqlite3_finalize(plan);
        sqlite3_free(explain);
    }
    sqlite3_close(db);
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++) {
        assert_true(goes[meant[i]]); /* the control */
        goes[meant[i]] = false;
    }
    for (int32_t i = 0; i < N_STORE_SQL; i++)
        if (goes[i])
            fail_msg("it is gone through all for: %s", store_sqlite_sql[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_the_secret_of_a_token_is_nowhere_in_the_files),
        WITH_STORE(test_a_copy_is_a_store_with_everything_in_it),
        WITH_STORE(test_what_is_purged_is_nowhere_in_the_files),
        WITH_STORE(test_no_statement_goes_through_all_that_there_is),
        cmocka_unit_test(test_files_that_are_no_store_of_ours_are_refused_and_left_alone),
        cmocka_unit_test(test_stores_of_every_earlier_form_are_brought_up_to_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
