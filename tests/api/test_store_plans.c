/* The queue of plans, whatever database is behind it: turns are fair, each plan has one worker, and one result. */
#include "store.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "store_fixture.h"

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
    store_counts n;
    assert_int_equal(store_count_plans(s, &n), CR_OK);
    assert_int_equal(n.plans[PLAN_DONE], 1);
    assert_int_equal(n.plans[PLAN_QUEUED], 0);
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

/* ---- turns, as they are meant: worked out here the long way ---- */

#define N_DRAWN 60

typedef struct drawn_plan {
    char plan_id[8];
    const char *owner;
    store_plan_state state;
    int64_t started_ms, fence;
} drawn_plan;

/* The owner with the fewest plans running, of these who has waited longest since her last began, of these the plan that
 * was queued first. NULL: none waits. */
static drawn_plan *whose_turn(drawn_plan *plans, int32_t n)
{
    drawn_plan *best = NULL;
    int64_t best_running = 0, best_last_ms = 0;
    for (int32_t i = 0; i < n; i++) {
        int64_t n_running = 0, last_ms = 0;
        if (plans[i].state != PLAN_QUEUED)
            continue;
        for (int32_t k = 0; k < n; k++)
            if (strcmp(plans[k].owner, plans[i].owner) == 0) {
                n_running += plans[k].state == PLAN_RUNNING;
                last_ms = plans[k].started_ms > last_ms ? plans[k].started_ms : last_ms;
            }
        if (!best || n_running < best_running || (n_running == best_running && last_ms < best_last_ms)) {
            best = &plans[i];
            best_running = n_running;
            best_last_ms = last_ms;
        }
    }
    return best;
}

static void test_turns_are_those_that_are_worked_out_the_long_way(void **state)
{
    static const char *const owners[] = {"", "east", "north", "north-east", "south"};
    cr_store *s = store_of(state);
    drawn_plan plans[N_DRAWN];
    uint32_t random = 7;
    int32_t n = 0, n_claimed = 0;
    put(s, "visits", "north", "one");
    for (int64_t at_ms = 10; n_claimed < N_DRAWN; at_ms++) {
        random = random * 1103515245 + 12345;
        uint32_t drawn = random >> 16;
        if (n < N_DRAWN && drawn % 5 < 2) {
            plans[n] = (drawn_plan){.owner = owners[drawn / 5 % 5], .state = PLAN_QUEUED};
            snprintf(plans[n].plan_id, sizeof plans[n].plan_id, "p%d", n);
            queue(s, plans[n].plan_id, plans[n].owner);
            n++;
        } else if (drawn % 5 < 4) {
            drawn_plan *expected = whose_turn(plans, n);
            cr_auto(store_plans) plan = claim(s, at_ms / 2); /* two may begin at the same time */
            assert_true(!plan == !expected);
            if (!plan)
                continue;
            assert_string_equal(plan->items[0].plan_id, expected->plan_id);
            expected->state = PLAN_RUNNING;
            expected->started_ms = at_ms / 2;
            expected->fence = plan->items[0].fence;
            n_claimed++;
        } else if (n > 0 && plans[drawn / 5 % (uint32_t)n].state == PLAN_RUNNING) {
            drawn_plan *ends = &plans[drawn / 5 % (uint32_t)n];
            assert_true(finish(s, ends->plan_id, ends->fence, "x"));
            ends->state = PLAN_DONE;
        }
    }
}

static void test_a_worker_that_wakes_late_cannot_overwrite(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue(s, "p1", "");
    cr_auto(store_plans) first = claim(s, 5);
    int32_t n = 0;
    assert_int_equal(store_requeue_plans(s, "here", 3, "{}", ann, &n), CR_OK);
    assert_int_equal(n, 1);
    cr_auto(store_plans) second = claim(s, 6);
    assert_int_equal(second->items[0].attempts, 2);
    assert_false(finish(s, "p1", first->items[0].fence, "late"));
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
        assert_int_equal(store_requeue_plans(s, "here", 3, "{\"title\": \"lost\"}", ann, &n), CR_OK);
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
    /* Given back twice, because the first answer got lost on the way: the plan is not taken from who has it now. */
    assert_int_equal(store_give_back_plan(s, "p1", first->items[0].fence, ann), CR_OK);
    check_state(s, "p1", PLAN_RUNNING);
    assert_false(finish(s, "p1", first->items[0].fence, "late"));
    assert_true(finish(s, "p1", again->items[0].fence, "in time"));
}

static store_hold renew(cr_store *s, const char *plan_id, int64_t fence, int64_t lease_ms, const char *progress)
{
    store_hold hold = -1;
    assert_int_equal(store_renew_plan(s, plan_id, fence, lease_ms, progress, &hold), CR_OK);
    return hold;
}

static int32_t take_back(cr_store *s)
{
    int32_t n = -1;
    assert_int_equal(store_requeue_plans(s, NULL, 3, "{}", ann, &n), CR_OK);
    return n;
}

static void test_a_plan_whose_worker_is_not_heard_of_goes_to_another(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue(s, "p1", "");
    queue(s, "p2", "");
    cr_auto(store_plans) first = claim(s, 5);
    cr_auto(store_plans) other = claim(s, 6);
    int64_t fence = first->items[0].fence;
    assert_string_equal(first->items[0].plan_id, "p1");
    assert_int_equal(other->n, 1);
    assert_int_equal(take_back(s), 0);
    assert_int_equal(renew(s, "p1", fence, 0, NULL), HOLD_KEPT); /* for no time at all: at once too late */
    assert_int_equal(take_back(s), 1);
    check_state(s, "p1", PLAN_QUEUED);
    check_state(s, "p2", PLAN_RUNNING);
    assert_int_equal(renew(s, "p1", fence, LEASE_MS, NULL), HOLD_LOST);
    cr_auto(store_plans) second = claim(s, 7);
    assert_int_equal(second->items[0].attempts, 2);
    assert_int_equal(renew(s, "p1", fence, LEASE_MS, NULL), HOLD_LOST);
    assert_int_equal(renew(s, "p1", second->items[0].fence, LEASE_MS, NULL), HOLD_KEPT);
    assert_false(finish(s, "p1", fence, "late"));
    assert_true(finish(s, "p1", second->items[0].fence, "in time"));
}

/* Its time is over, but nobody has noticed yet: it goes on as if nothing had been. */
static void test_a_worker_that_wakes_before_anybody_noticed_keeps_its_plan(void **state)
{
    cr_store *s = store_of(state);
    put(s, "visits", "north", "one");
    queue(s, "p1", "");
    cr_auto(store_plans) plan = claim(s, 5);
    assert_int_equal(renew(s, "p1", plan->items[0].fence, 0, NULL), HOLD_KEPT);
    assert_int_equal(renew(s, "p1", plan->items[0].fence, LEASE_MS, NULL), HOLD_KEPT);
    assert_int_equal(take_back(s), 0);
    assert_true(finish(s, "p1", plan->items[0].fence, "made"));
}

static void test_who_makes_a_plan_hears_that_it_shall_stop_or_is_cancelled(void **state)
{
    cr_store *s = store_of(state);
    bool taken;
    put(s, "visits", "north", "one");
    queue(s, "p1", "");
    assert_int_equal(store_stop_plan(s, "p1", jo, &taken), CR_OK);
    assert_false(taken); /* it waits */
    cr_auto(store_plans) plan = claim(s, 5);
    int64_t fence = plan->items[0].fence;
    assert_int_equal(renew(s, "p1", fence, LEASE_MS, "{\"phase\": \"search\"}"), HOLD_KEPT);
    assert_int_equal(store_stop_plan(s, "p1", jo, &taken), CR_OK);
    assert_true(taken);
    assert_int_equal(renew(s, "p1", fence, LEASE_MS, NULL), HOLD_STOP);
    cr_auto(store_plans) seen = NULL;
    assert_int_equal(store_get_plan(s, "p1", &seen), CR_OK);
    assert_string_equal(seen->items[0].progress, "{\"phase\": \"search\"}");
    assert_string_equal(seen->items[0].worker, "here");
    assert_int_equal(store_cancel_plan(s, "p1", jo, &taken), CR_OK);
    assert_int_equal(renew(s, "p1", fence, LEASE_MS, NULL), HOLD_LOST);
}

static void test_a_wish_to_stop_ends_with_the_attempt(void **state)
{
    cr_store *s = store_of(state);
    bool taken;
    int32_t n;
    put(s, "visits", "north", "one");
    queue(s, "p1", "");
    cr_auto(store_plans) first = claim(s, 5);
    assert_int_equal(first->n, 1);
    assert_int_equal(store_stop_plan(s, "p1", jo, &taken), CR_OK);
    assert_int_equal(store_requeue_plans(s, "elsewhere", 3, "{}", ann, &n), CR_OK);
    assert_int_equal(n, 0); /* that is another's */
    assert_int_equal(store_requeue_plans(s, "here", 3, "{}", ann, &n), CR_OK);
    assert_int_equal(n, 1);
    cr_auto(store_plans) second = claim(s, 6);
    assert_int_equal(renew(s, "p1", second->items[0].fence, LEASE_MS, NULL), HOLD_KEPT);
}

#define CLAIMERS 4
#define WAITING  24

typedef struct claimer {
    const char *where;
    int32_t n_taken, n_faults;
} claimer;

static void *claim_all(void *user)
{
    claimer *c = user;
    cr_store *s = NULL;
    char message[500];
    c->n_faults = store_open(c->where, &s, message, sizeof message) != CR_OK;
    for (bool any = !c->n_faults; any;) {
        cr_auto(store_plans) plan = NULL;
        store_outcome o = {.state = PLAN_DONE, .summary = "{}", .result = "x", .size = 1};
        bool taken = false;
        c->n_faults += store_claim_plan(s, c->where, LEASE_MS, ann, &plan) != CR_OK;
        any = plan;
        if (!any)
            break;
        c->n_faults += store_finish_plan(s, plan->items[0].plan_id, plan->items[0].fence, &o, ann, &taken) != CR_OK;
        c->n_faults += !taken || plan->items[0].attempts != 1;
        c->n_taken++;
    }
    cr_store_free(s);
    return NULL;
}

/* Four workers take what they can get at the same time: each plan is made once, by one of them. */
static void test_nobody_takes_what_another_has_taken(void **state)
{
    fixture *f = *state;
    pthread_t thread[CLAIMERS];
    claimer claimers[CLAIMERS];
    int32_t n_taken = 0;
    put(f->store, "visits", "north", "one");
    for (int32_t i = 0; i < WAITING; i++) {
        char plan_id[STORE_ID_SIZE];
        store_new_id(plan_id);
        queue(f->store, plan_id, i % 3 ? "north" : "south");
    }
    for (int32_t i = 0; i < CLAIMERS; i++) {
        claimers[i] = (claimer){.where = f->file.path};
        assert_int_equal(pthread_create(&thread[i], NULL, claim_all, &claimers[i]), 0);
    }
    for (int32_t i = 0; i < CLAIMERS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(claimers[i].n_faults, 0);
        n_taken += claimers[i].n_taken;
    }
    assert_int_equal(n_taken, WAITING);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_a_plan_waits_runs_and_is_done),
        WITH_STORE(test_owners_take_turns),
        WITH_STORE(test_turns_go_on_when_one_plan_runs_at_a_time),
        WITH_STORE(test_turns_are_those_that_are_worked_out_the_long_way),
        WITH_STORE(test_a_worker_that_wakes_late_cannot_overwrite),
        WITH_STORE(test_a_plan_that_ends_its_server_three_times_has_failed),
        WITH_STORE(test_a_plan_given_back_has_not_been_tried),
        WITH_STORE(test_a_plan_whose_worker_is_not_heard_of_goes_to_another),
        WITH_STORE(test_a_worker_that_wakes_before_anybody_noticed_keeps_its_plan),
        WITH_STORE(test_who_makes_a_plan_hears_that_it_shall_stop_or_is_cancelled),
        WITH_STORE(test_a_wish_to_stop_ends_with_the_attempt),
        WITH_STORE(test_nobody_takes_what_another_has_taken),
        WITH_STORE(test_cancelled_plans_stay_cancelled_and_only_ended_ones_are_deleted),
        WITH_STORE(test_a_plan_of_a_day_that_is_not_there_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
