/* One plan under change: its earliest starts hold after every change, and cheap visits are left out where it pays. */
#include "careround/check.h"
#include "careround/solve.h"

#include "random_problem.h"
#include "small_day.h"
#include "walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_SEEDS      150
#define N_ITERATIONS 100
#define COLD         1.0 /* cost units */

/* Walk the rounds again: nobody starts before she can be there, nor so late that the next would be late. */
static void assert_starts_hold(const rota *x, uint64_t seed, int iteration)
{
    for (int32_t r = 0; r < x->m->n_shifts; r++) {
        const stop_state *stops = rota_stops(x, r);
        for (int32_t k = 0; k < rota_n(x, r) && rota_n_visits_in(x, r) > 0; k++) {
            const stop_state *at = &stops[k], *next = at + 1;
            int32_t length = x->m->shifts[r].length[at->stop];
            if (rota_earliest_at(x, r, k) < at[-1].ready + at->leg_time + at->door)
                fail_msg("seed %llu, iteration %d: stop %d of round %d can start before she is there",
                         (unsigned long long)seed, iteration, k, r);
            if (at->latest > next->latest - next->door - next->leg_time - length && !x->m->shifts[r].times)
                fail_msg("seed %llu, iteration %d: stop %d of round %d can start too late for the next",
                         (unsigned long long)seed, iteration, k, r);
        }
    }
}

/* Kept change by change they are what they are when walked anew. (Putting a visit in before a break may leave the break
 * where it is, but the way from it is another.) */
static void test_earliest_and_latest_starts_hold_after_every_change(void **state)
{
    int32_t n_kept = 0;
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_SMALL, seed);
        cr_auto(model) m = NULL;
        cr_auto(walk) w = NULL;
        assert_int_equal(model_new(random.problem, &m), CR_OK);
        assert_int_equal(walk_new(m, seed, false, &w), CR_OK);
        assert_int_equal(walk_settle(w), CR_OK);
        for (int i = 0; i < N_ITERATIONS; i++)
            if (walk_iterate(w, COLD, false)) {
                assert_starts_hold(w->x, seed, i);
                n_kept++;
            }
        w = walk_free(w); /* they borrow the problem */
        m = model_free(m);
        random_problem_done(&random);
    }
    assert_true(n_kept > 5 * N_SEEDS);
}

/* Travel to 10 and back is 20 a visit: to leave one out for 5 may well be better, for 1,000 it is not. */
static void test_a_visit_is_cheap_to_leave_out_beside_what_visits_cost(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, 0, HM(8, 0));
    int32_t dear = small_day_visit(&day, 10, 0, HM(7, 0), 30), cheap = small_day_visit(&day, 10, 0, HM(7, 0), 30);
    day.problem->visits[cheap].unallocated_price = 5;
    assert_int_equal(cr_problem_validate(day.problem, NULL, 0), CR_OK);
    cr_auto(model) m = NULL;
    cr_auto(walk) w = NULL;
    assert_int_equal(model_new(day.problem, &m), CR_OK);
    assert_int_equal(walk_new(m, 1, false, &w), CR_OK);
    assert_int_equal(walk_settle(w), CR_OK);
    for (int i = 0; i < 100 && !rota_is_served(w->x, dear); i++)
        walk_iterate(w, COLD, false);
    walk_weigh_visits(w);
    assert_true(w->is_cheap[cheap] && !w->is_cheap[dear]);
    assert_int_equal(w->n_cheap, 1);
    assert_int_equal(walk_bank_is_cheap(w), rota_is_served(w->x, dear));
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_earliest_and_latest_starts_hold_after_every_change),
        cmocka_unit_test(test_a_visit_is_cheap_to_leave_out_beside_what_visits_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
