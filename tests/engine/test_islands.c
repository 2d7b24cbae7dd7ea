/* Islands: several trajectories of one problem. Threads change nothing, and every plan holds. */
#include "careround/check.h"
#include "careround/solve.h"

#include "order_search.h"
#include "random_problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define N_PROBLEMS 6

/* The next problem for islands, its prices on waiting and early starts taken away. */
static uint64_t next_problem(random_problem *random, uint64_t seed)
{
    for (;; seed++) {
        random_problem_init(random, RANDOM_COUPLED, seed);
        cr_problem *p = random->problem;
        p->prices.waiting = p->prices.new_face = p->prices.several_providers = 0;
        for (int32_t c = 0; c < p->n_carers; c++)
            p->carers[c].wage_price = p->carers[c].overtime_price = p->carers[c].shortfall_price = 0;
        for (int32_t v = 0; v < p->n_visits; v++)
            p->visits[v].early_price = 0;
        model *m;
        assert_int_equal(model_new(p, &m), CR_OK);
        bool suits = order_search_suits(m);
        model_free(m);
        if (suits)
            return seed;
        random_problem_done(random);
    }
}

static cr_plan *solve(const cr_problem *p, int32_t n_threads)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 300;
    options.n_threads = n_threads;
    cr_plan *plan = NULL;
    assert_int_equal(cr_solve(p, &options, &plan, NULL), CR_OK);
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    if (check->n_breaches > 0)
        fail_msg("rule broken: %s", cr_rule_name(check->breaches[0].rule));
    return plan;
}

static void test_the_plan_is_the_same_on_any_number_of_threads(void **state)
{
    uint64_t seed = 1;
    for (int32_t i = 0; i < N_PROBLEMS; i++, seed++) {
        random_problem random;
        seed = next_problem(&random, seed);
        cr_auto(cr_plan) plan = solve(random.problem, 1);
        for (int32_t n_threads = 2; n_threads <= 3; n_threads++) {
            cr_auto(cr_plan) again = solve(random.problem, n_threads);
            assert_int_equal(plan->n_stops, again->n_stops);
            assert_memory_equal(plan->stops, again->stops, (size_t)plan->n_stops * sizeof *plan->stops);
            assert_true(plan->cost.total == again->cost.total);
        }
        random_problem_done(&random);
    }
}

static double count_calls(void *user)
{
    int32_t *n = user;
    return 0.001 * ++*n;
}

static bool stop_at_once(void *user)
{
    return true;
}

static void test_a_stop_ends_them_all_with_a_plan(void **state)
{
    random_problem random;
    int32_t n_calls = 0;
    next_problem(&random, 1);
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.time_s = 1e6;
    options.clock_s = count_calls;
    options.should_stop = stop_at_once;
    options.user = &n_calls;
    cr_auto(cr_plan) plan = NULL;
    assert_int_equal(cr_solve(random.problem, &options, &plan, NULL), CR_OK);
    options.iterations = 1000000000;
    cr_auto(cr_plan) other = NULL;
    assert_int_equal(cr_solve(random.problem, &options, &other, NULL), CR_OK);
    assert_true(plan->n_stops + plan->n_unallocated > 0 && other->n_stops + other->n_unallocated > 0);
    assert_true(n_calls < 1000);
    random_problem_done(&random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_plan_is_the_same_on_any_number_of_threads),
        cmocka_unit_test(test_a_stop_ends_them_all_with_a_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
