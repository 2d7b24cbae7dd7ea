/* The store in PostgreSQL: what is no store of ours, the forms that it had, connections that are lost, and changes at
 * the same moment. */
#include "store_db.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "store_fixture.h"

static cr_status try_to_open(const char *where, char message[500])
{
    cr_store *store = NULL;
    cr_status st = store_open(where, &store, message, 500);
    cr_store_free(store);
    return st;
}

/* ---- whose it is ---- */

static void test_databases_that_are_no_store_of_ours_are_refused_and_left_alone(void **state)
{
    (void)state;
    char message[500];
    store_file foreign = store_file_new();
    postgres_run(foreign.path, "CREATE TABLE theirs (x int)");
    assert_int_equal(try_to_open(foreign.path, message), CR_E_INPUT);
    assert_non_null(strstr(message, "no store of careround"));
    assert_int_equal(postgres_run(foreign.path, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"),
                     1);
    store_file_remove(&foreign);

    store_file later = store_file_new();
    cr_store_free(store_at(later.path));
    postgres_run(later.path, "UPDATE careround_form SET version = 999");
    assert_int_equal(try_to_open(later.path, message), CR_E_INPUT);
    assert_non_null(strstr(message, "later careround"));
    store_file_remove(&later);
}

static void test_a_server_that_is_not_there_is_said_so_without_the_password(void **state)
{
    (void)state;
    char message[500];
    assert_int_equal(try_to_open("postgresql://jo:hunter2@127.0.0.1:1/careround", message), CR_E_UPSTREAM);
    assert_null(strstr(message, "hunter2"));
    assert_non_null(strstr(message, "127.0.0.1"));
    assert_int_equal(try_to_open("postgresql://jo:hunter2@[half/", message), CR_E_INPUT);
    assert_null(strstr(message, "hunter2"));
}

/* A store of every earlier form, made by the steps up to it, is brought to ours. */
static void test_stores_of_every_earlier_form_are_brought_up_to_date(void **state)
{
    (void)state;
    assert_int_equal(store_postgres_n_steps, store_sqlite_n_steps);
    for (int32_t version = 0; version <= store_postgres_n_steps; version++) {
        store_file file = store_file_new();
        char mark[120];
        snprintf(mark, sizeof mark,
                 "CREATE TABLE careround_form (version bigint NOT NULL); INSERT INTO careround_form VALUES (%d)",
                 version);
        for (int32_t i = 0; i < version; i++)
            postgres_run(file.path, store_postgres_steps[i]);
        if (version) {
            postgres_run(file.path, mark);
            postgres_run(file.path,
                         "INSERT INTO upload VALUES ('u', '" DATE "', 'visits', 'north', 1, 'csv', '', 'h', 1, 3, 0,"
                         " 'jo', 'one'); INSERT INTO day VALUES ('" DATE "', 1, 0, NULL);"
                         "INSERT INTO part VALUES ('" DATE "', 1, 'u');"
                         "INSERT INTO plan (plan_id, date, day_version, owner, who, state, options, queued_ms)"
                         " VALUES ('p0', '" DATE "', 1, '', 'jo', 'queued', '{}', 5);"
                         "INSERT INTO plan (plan_id, date, day_version, owner, who, state, options, queued_ms, result)"
                         " VALUES ('p1', '" DATE "', 1, 'north', 'jo', 'done', '{}', 6, 'made')");
        }
        cr_store *store = store_at(file.path);
        if (version) {
            check_content(store, "u", "one");
            check_queue_of_before(store);
            check_result_of_before(store);
        }
        assert_int_equal(put(store, "visits", "north", "two").version, version ? 2 : 1);
        cr_store_free(store);
        assert_int_equal(postgres_run(file.path, "SELECT version FROM careround_form"), store_postgres_n_steps);
        store_file_remove(&file);
    }
}

static void test_copying_is_for_tools_of_postgresql(void **state)
{
    cr_store *s = store_of(state);
    assert_int_equal(store_copy(s, "careround-copy.db"), CR_E_INPUT);
    assert_non_null(strstr(store_message(s), "pg_dump"));
    assert_int_not_equal(access("careround-copy.db", F_OK), 0);
}

static void test_what_is_purged_is_gone_and_the_tables_are_written_anew(void **state)
{
    fixture *f = *state;
    store_upload later = list_of("2026-12-01", "visits", "north");
    store_receipt old = put(f->store, "visits", "north", "Ada Onequill, gone"), kept;
    assert_int_equal(store_put_upload(f->store, &later, "stays", 5, jo, &kept), CR_OK);
    long long before = postgres_run(f->file.path, "SELECT pg_relation_filenode('upload')");
    store_purged n;
    assert_int_equal(store_purge(f->store, "2026-12-01", ann, &n), CR_OK);
    assert_int_equal(n.uploads, 1);
    cr_auto(store_bytes) gone = NULL;
    assert_int_equal(store_get_content(f->store, old.upload_id, &gone), CR_OK);
    assert_null(gone);
    check_content(f->store, kept.upload_id, "stays");
    assert_int_not_equal(postgres_run(f->file.path, "SELECT pg_relation_filenode('upload')"), before);
}

/* ---- connections ---- */

/* As a server that restarts does it to all. */
static void end_connections(void)
{
    postgres_run(test_postgres(), "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                  " WHERE application_name = 'careround' AND pid <> pg_backend_pid()");
}

static void test_a_connection_lost_between_verbs_is_made_again_unseen(void **state)
{
    cr_store *s = store_of(state);
    store_receipt first = put(s, "visits", "north", "one");
    end_connections();
    check_content(s, first.upload_id, "one");
    end_connections();
    assert_int_equal(put(s, "visits", "north", "two").version, 2);
}

static void test_a_connection_lost_within_a_verb_undoes_it_and_the_next_goes_on(void **state)
{
    cr_store *s = store_of(state);
    assert_int_equal(db_begin(s->db), CR_OK);
    assert_int_equal(store_note(s, jo, "half", "done"), CR_OK);
    end_connections();
    assert_int_equal(db_end(s->db, CR_OK), CR_E_UPSTREAM);
    cr_auto(store_events) events = NULL;
    assert_int_equal(store_list_events(s, 0, 10, &events), CR_OK);
    assert_int_equal(events->n, 0);
    put(s, "visits", "north", "one");
}

static void test_a_listener_is_told_and_is_told_again_after_its_connection_was_lost(void **state)
{
    fixture *f = *state;
    cr_auto(cr_store) listener = store_at(f->file.path);
    bool taken;
    put(f->store, "visits", "north", "one");
    assert_int_equal(store_listen(listener), CR_OK);
    assert_int_equal(store_hear(listener), 0);
    queue(f->store, "p1", "");
    assert_true(store_news_fd(listener) >= 0);
    struct pollfd news = {.fd = store_news_fd(listener), .events = POLLIN};
    assert_int_equal(poll(&news, 1, 10000), 1);
    assert_int_equal(store_hear(listener), NEWS_STATE);

    end_connections();
    store_counts n;
    assert_int_equal(store_count_plans(listener, &n), CR_OK); /* makes the connection again */
    assert_int_equal(store_cancel_plan(f->store, "p1", jo, &taken), CR_OK);
    news.fd = store_news_fd(listener);
    assert_int_equal(poll(&news, 1, 10000), 1);
    assert_int_equal(store_hear(listener), NEWS_STATE | NEWS_END);
}

/* ---- at the same moment ---- */

#define THREADS 4
#define ROUNDS  15

typedef struct putter {
    const char *where;
    char provider[8];
    int32_t n_faults;
} putter;

static void *put_many(void *user)
{
    putter *p = user;
    cr_store *s = NULL;
    char message[500], content[20];
    if (store_open(p->where, &s, message, sizeof message)) {
        p->n_faults = ROUNDS;
        return NULL;
    }
    for (int32_t i = 0; i < ROUNDS; i++) {
        store_upload u = list_of(DATE, "visits", p->provider);
        store_receipt receipt;
        snprintf(content, sizeof content, "%s %d", p->provider, i);
        p->n_faults += store_put_upload(s, &u, content, strlen(content), jo, &receipt) != CR_OK;
    }
    cr_store_free(s);
    return NULL;
}

/* Four providers put lists of one date: no version of the day is lost, none is of two lists at once. */
static void test_lists_of_one_date_put_at_the_same_moment_follow_one_another(void **state)
{
    fixture *f = *state;
    pthread_t thread[THREADS];
    putter putters[THREADS];
    for (int32_t i = 0; i < THREADS; i++) {
        putters[i] = (putter){.where = f->file.path};
        snprintf(putters[i].provider, sizeof putters[i].provider, "p%d", i);
        assert_int_equal(pthread_create(&thread[i], NULL, put_many, &putters[i]), 0);
    }
    for (int32_t i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(putters[i].n_faults, 0);
    }
    cr_auto(store_days) day = NULL;
    assert_int_equal(store_get_day(f->store, DATE, 0, &day), CR_OK);
    assert_int_equal(day->items[0].version, THREADS * ROUNDS);
    assert_int_equal(day->items[0].n_parts, THREADS);
    for (int32_t i = 0; i < THREADS; i++)
        assert_int_equal(day->items[0].parts[i].version, ROUNDS);
}

/* Another connection has the first plan locked: the next is taken at once, and nobody waits. */
static void test_a_plan_that_another_is_taking_is_passed_over(void **state)
{
    fixture *f = *state;
    put(f->store, "visits", "north", "one");
    queue(f->store, "n1", "north");
    queue(f->store, "n2", "north");
    PGconn *other = PQconnectdb(f->file.path);
    PQclear(PQexec(other, "BEGIN; SELECT * FROM plan WHERE plan_id = 'n1' FOR UPDATE"));
    cr_auto(store_plans) second = claim(f->store, 5);
    assert_string_equal(second->items[0].plan_id, "n2");
    cr_auto(store_plans) none = claim(f->store, 6);
    assert_null(none);
    PQclear(PQexec(other, "ROLLBACK"));
    PQfinish(other);
    cr_auto(store_plans) first = claim(f->store, 7);
    assert_string_equal(first->items[0].plan_id, "n1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_databases_that_are_no_store_of_ours_are_refused_and_left_alone),
        cmocka_unit_test(test_a_server_that_is_not_there_is_said_so_without_the_password),
        cmocka_unit_test(test_stores_of_every_earlier_form_are_brought_up_to_date),
        WITH_STORE(test_copying_is_for_tools_of_postgresql),
        WITH_STORE(test_what_is_purged_is_gone_and_the_tables_are_written_anew),
        WITH_STORE(test_a_connection_lost_between_verbs_is_made_again_unseen),
        WITH_STORE(test_a_connection_lost_within_a_verb_undoes_it_and_the_next_goes_on),
        WITH_STORE(test_a_listener_is_told_and_is_told_again_after_its_connection_was_lost),
        WITH_STORE(test_lists_of_one_date_put_at_the_same_moment_follow_one_another),
        WITH_STORE(test_a_plan_that_another_is_taking_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
