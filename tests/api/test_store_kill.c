/* The store, killed at any moment, keeps all that it has answered.
 *
 * A child puts lists and plans and says what the store has accepted; it is killed with SIGKILL at a random moment. Then
 * everything it said must be there, whole, and nothing by halves. CAREROUND_KILLS says how often (12 unless said).
 */
#include "store.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "store_file.h"

#define DATE "2026-11-23"
#define RUNS 3 /* of a scenario */

typedef struct said {
    char upload_id[STORE_ID_SIZE], plan_id[STORE_ID_SIZE], scenario_id[STORE_ID_SIZE];
    int32_t round; /* the list's content is made of it */
} said;

static size_t content_of(int32_t round, char content[5000])
{
    memset(content, 'a' + round % 26, 4999);
    return (size_t)(200 + round * 37 % 4700);
}

/* Queued and cancelled, so that the queue stays short. */
static bool put_scenario(cr_store *s, int32_t day_version, store_act act, char ret_id[STORE_ID_SIZE])
{
    bool taken = false;
    store_new_id(ret_id);
    store_scenario one = {.scenario_id = ret_id, .date = DATE, .day_version = day_version, .file = "{}", .facts = "{}"};
    return !store_add_scenario(s, &one, RUNS, "{}", act) && !store_cancel_scenario(s, ret_id, act, &taken) && taken;
}

/* A round: a list put, a plan queued, taken, done, and a scenario; said only after the store has answered all of it. */
static bool put_round(cr_store *s, int32_t round, said *ret)
{
    char content[5000];
    size_t size = content_of(round, content);
    store_upload u = list_of(DATE, "visits", "north");
    store_act act = {"child", round};
    store_receipt receipt;
    store_plans *plan = NULL;
    store_new_id(ret->plan_id);
    if (store_put_upload(s, &u, content, size, act, &receipt))
        return false;
    store_plan p = {
        .plan_id = ret->plan_id, .date = DATE, .day_version = receipt.day_version, .owner = "", .options = "{}"};
    store_outcome o = {.state = PLAN_DONE, .summary = "{}", .result = content, .size = size};
    bool taken = false, whole = !store_add_plan(s, &p, act) && !store_claim_plan(s, "child", 60000, act, &plan) &&
                                plan &&
                                !store_finish_plan(s, plan->items[0].plan_id, plan->items[0].fence, &o, act, &taken) &&
                                taken && put_scenario(s, receipt.day_version, act, ret->scenario_id);
    if (whole)
        memcpy(ret->plan_id, plan->items[0].plan_id, sizeof ret->plan_id);
    memcpy(ret->upload_id, receipt.upload_id, sizeof ret->upload_id);
    ret->round = round;
    store_plans_free(plan);
    return whole;
}

static _Noreturn void child(const char *path, int32_t first, int to)
{
    cr_store *s = NULL;
    char message[500];
    if (store_open(path, &s, message, sizeof message))
        _exit(1);
    for (int32_t round = first;; round++) {
        said one;
        if (!put_round(s, round, &one) || write(to, &one, sizeof one) != sizeof one)
            _exit(1);
    }
}

/* What the child said until it was killed, so long after its start or its first word; the bytes of a word cut off do
 * not count. */
static int32_t run_and_kill(const char *path, int32_t first, bool after_word, long after_us, said *ret, int32_t room)
{
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(path, first, ends[1]);
    close(ends[1]);
    if (after_word)
        assert_int_equal(poll(&(struct pollfd){.fd = ends[0], .events = POLLIN}, 1, 60000), 1);
    nanosleep(&(struct timespec){.tv_nsec = after_us * 1000}, NULL);
    kill(pid, SIGKILL);
    int32_t n = 0;
    while (n < room && read(ends[0], &ret[n], sizeof *ret) == (ssize_t)sizeof *ret)
        n++;
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status)); /* not ended by a fault of its own */
    return n;
}

static void check_all_there(cr_store *s, const said *all, int32_t n)
{
    char content[5000];
    for (int32_t i = 0; i < n; i++) {
        cr_auto(store_bytes) upload = NULL;
        cr_auto(store_bytes) result = NULL;
        size_t size = content_of(all[i].round, content);
        assert_int_equal(store_get_content(s, all[i].upload_id, &upload), CR_OK);
        assert_int_equal(store_get_result(s, all[i].plan_id, &result), CR_OK);
        assert_true(upload && upload->size == size && memcmp(upload->bytes, content, size) == 0);
        assert_non_null(result);
        cr_auto(store_scenarios) scenario = NULL;
        assert_int_equal(store_get_scenario(s, all[i].scenario_id, &scenario), CR_OK);
        assert_int_equal(scenario->items[0].n_runs[PLAN_CANCELLED], RUNS);
    }
}

/* PostgreSQL's tables keep their constraints themselves. */
static void check_sound(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA foreign_key_check", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

/* Nothing by halves: the newest version of the day is of as many rounds as there are lists, each with one part. */
static void check_whole(cr_store *s)
{
    cr_auto(store_uploads) uploads = NULL;
    cr_auto(store_days) day = NULL;
    cr_auto(store_scenarios) scenarios = NULL;
    assert_int_equal(store_list_scenarios(s, DATE, INT32_MAX, &scenarios), CR_OK);
    for (int32_t i = 0; i < scenarios->n; i++) {
        int64_t n_runs = 0;
        for (int32_t state = 0; state < N_PLAN_STATES; state++)
            n_runs += scenarios->items[i].n_runs[state];
        assert_int_equal(n_runs, RUNS);
    }
    assert_int_equal(store_list_uploads(s, DATE, "visits", NULL, &uploads), CR_OK);
    assert_int_equal(store_get_day(s, DATE, 0, &day), CR_OK);
    if (uploads->n == 0)
        return;
    assert_non_null(day);
    assert_int_equal(day->items[0].version, uploads->n);
    assert_int_equal(day->items[0].n_parts, 1);
    assert_string_equal(day->items[0].parts[0].upload_id, uploads->items[0].upload_id);
}

static void test_what_was_answered_is_there_after_a_kill(void **state)
{
    (void)state;
    static said all[100000];
    const char *asked = getenv("CAREROUND_KILLS");
    int32_t kills = asked ? atoi(asked) : 12, n = 0, first = 0;
    unsigned seed = (unsigned)time(NULL);
    store_file file = store_file_new();
    print_message("seed %u\n", seed);
    srandom(seed);
    for (int32_t k = 0; k < kills; k++) {
        int32_t room = (int32_t)(sizeof all / sizeof *all) - n;
        n += run_and_kill(file.path, first, k % 2, random() % 100000, all + n, room);
        first += 10000; /* no two rounds have the same content after one another */
        cr_auto(cr_store) s = store_at(file.path);
        int32_t requeued;
        assert_int_equal(store_requeue_plans(s, "child", 1000, "{}", (store_act){"parent", 0}, &requeued), CR_OK);
        check_whole(s);
        check_all_there(s, all, n);
    }
    if (store_is_file(file.path))
        check_sound(file.path);
    assert_true(n > 0);
    print_message("%d kills, %d rounds kept\n", kills, n);
    store_file_remove(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_was_answered_is_there_after_a_kill)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
