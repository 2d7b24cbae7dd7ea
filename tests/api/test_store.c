/* The store's verbs, whatever database is behind them: nothing is lost, nothing is changed. */
#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "store_fixture.h"

/* ---- uploads and days ---- */

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

/* ---- answers ---- */

/* Within a transaction, as a request does it. */
static bool take(cr_store *s, const char *client, const char *key, int64_t since_ms, store_act act)
{
    bool taken;
    assert_int_equal(store_take_key(s, client, key, "hash", DATE, since_ms, act, &taken), CR_OK);
    return taken;
}

static void answer(cr_store *s, const char *client, const char *key, store_act act)
{
    const store_answer given = {.status = 201, .location = "/there", .body = "{}"};
    assert_int_equal(store_begin(s), CR_OK);
    assert_true(take(s, client, key, 0, act));
    assert_int_equal(store_put_answer(s, client, key, &given), CR_OK);
    assert_int_equal(store_end(s, CR_OK), CR_OK);
}

static bool is_answered(cr_store *s, const char *client, const char *key, int64_t since_ms)
{
    cr_auto(store_answer) kept = NULL;
    assert_int_equal(store_get_answer(s, client, key, since_ms, &kept), CR_OK);
    if (kept) {
        assert_int_equal(kept->status, 201);
        assert_string_equal(kept->request, "hash");
        assert_string_equal(kept->location, "/there");
        assert_string_equal(kept->body, "{}");
    }
    return kept;
}

static void test_an_answer_is_kept_for_its_client_and_key(void **state)
{
    cr_store *s = store_of(state);
    assert_false(is_answered(s, "jo", "k", 0));
    answer(s, "jo", "k", jo);
    assert_true(is_answered(s, "jo", "k", 0));
    assert_false(is_answered(s, "ann", "k", 0));
    assert_false(is_answered(s, "jo", "other", 0));
    assert_int_equal(store_begin(s), CR_OK);
    assert_false(take(s, "jo", "k", 0, ann));
    assert_true(take(s, "ann", "k", 0, ann));
    assert_int_equal(store_end(s, CR_OK), CR_OK);
}

/* jo was answered at 1000. From 1001 on that is over, and the key is free again. */
static void test_an_answer_is_forgotten_in_time(void **state)
{
    cr_store *s = store_of(state);
    answer(s, "jo", "k", jo);
    assert_false(is_answered(s, "jo", "k", 1001));
    assert_int_equal(store_begin(s), CR_OK);
    assert_true(take(s, "jo", "k", 1001, ann));
    assert_int_equal(store_end(s, CR_OK), CR_OK);
}

static void test_answers_about_old_dates_are_purged_with_them(void **state)
{
    cr_store *s = store_of(state);
    store_purged purged;
    answer(s, "jo", "k", jo);
    assert_int_equal(store_purge(s, DATE, ann, &purged), CR_OK);
    assert_true(is_answered(s, "jo", "k", 0));
    assert_int_equal(store_purge(s, "2026-11-24", ann, &purged), CR_OK);
    assert_false(is_answered(s, "jo", "k", 0));
}

static void test_what_is_done_and_what_is_answered_is_kept_together_or_not_at_all(void **state)
{
    cr_store *s = store_of(state);
    const store_answer given = {.status = 201, .location = "/there", .body = "{}"};
    for (int32_t keep = 0; keep < 2; keep++) {
        assert_int_equal(store_begin(s), CR_OK);
        assert_true(take(s, "jo", "k", 0, jo));
        put(s, "visits", "north", "one");
        put(s, "carers", "north", "two");
        assert_int_equal(store_put_answer(s, "jo", "k", &given), CR_OK);
        assert_int_equal(store_end(s, keep ? CR_OK : CR_E_INTERNAL), keep ? CR_OK : CR_E_INTERNAL);
        cr_auto(store_days) days = NULL;
        assert_int_equal(store_list_days(s, &days), CR_OK);
        assert_int_equal(days->n, keep);
        assert_int_equal(is_answered(s, "jo", "k", 0), keep);
    }
    assert_int_equal(n_parts(s, 2), 2);
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

/* ---- connections ---- */

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
        WITH_STORE(test_an_answer_is_kept_for_its_client_and_key),
        WITH_STORE(test_an_answer_is_forgotten_in_time),
        WITH_STORE(test_answers_about_old_dates_are_purged_with_them),
        WITH_STORE(test_what_is_done_and_what_is_answered_is_kept_together_or_not_at_all),
        WITH_STORE(test_a_token_is_found_by_its_secret_until_it_expires_or_is_revoked),
        WITH_STORE(test_every_change_leaves_a_line_with_who_and_when),
        WITH_STORE(test_what_was_kept_is_there_when_the_store_is_opened_again),
        WITH_STORE(test_two_connections_see_one_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
