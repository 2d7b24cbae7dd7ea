/* What is proved hangs on no number of threads. Apart from test_bound.c, so that the thread sanitizer, under which a
 * bound takes ten times as long, sees this alone. */
#include "careround/bound.h"

#include "random_problem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static cr_bound bound_by(const cr_problem *p, int32_t n_threads, int32_t core_rows, int64_t iterations)
{
    cr_bound_options options = CR_BOUND_OPTIONS_INIT;
    options.iterations = iterations;
    options.core_rows = core_rows;
    options.n_threads = n_threads;
    cr_bound bound;
    assert_int_equal(cr_bound_find(p, &options, &bound), CR_OK);
    assert_int_equal(bound.glpk_faults, 0);
    return bound;
}

static void expect_the_same_by_threads(int32_t core_rows, int64_t iterations)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        random_problem random;
        random_problem_init(&random, seed % 2 ? RANDOM_SMALL : RANDOM_COUPLED, seed);
        cr_bound alone = bound_by(random.problem, 1, core_rows, iterations);
        for (int32_t n_threads = 2; n_threads <= 4; n_threads += 2) {
            cr_bound bound = bound_by(random.problem, n_threads, core_rows, iterations);
            assert_int_equal(bound.cost, alone.cost);
            assert_int_equal(bound.labels, alone.labels);
            assert_int_equal(bound.columns, alone.columns);
        }
        random_problem_done(&random);
    }
}

static void test_threads_change_nothing_that_is_proved(void **state)
{
    expect_the_same_by_threads(-1, 8);
}

static void test_threads_change_nothing_where_a_core_is_priced(void **state)
{
    expect_the_same_by_threads(0, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_change_nothing_that_is_proved),
        cmocka_unit_test(test_threads_change_nothing_where_a_core_is_priced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
