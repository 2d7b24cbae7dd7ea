/* The search as its callers see it: the same plan again, stopping, time, and telling of better plans. */
#include "careround/check.h"
#include "careround/solve.h"

#include "random_problem.h"
#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static bool same_plan(const cr_plan *a, const cr_plan *b)
{
    return a->n_rounds == b->n_rounds && a->n_stops == b->n_stops && a->n_unallocated == b->n_unallocated &&
           a->cost.total == b->cost.total && memcmp(a->stops, b->stops, (size_t)a->n_stops * sizeof *a->stops) == 0 &&
           memcmp(a->unallocated, b->unallocated, (size_t)a->n_unallocated * sizeof *a->unallocated) == 0;
}

static cr_plan *solve(const cr_problem *p, const cr_solve_options *options)
{
    cr_plan *plan = NULL;
    assert_int_equal(cr_solve(p, options, &plan, NULL), CR_OK);
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    assert_int_equal(check->n_breaches, 0);
    return plan;
}

/* A clock that no two runs read alike. */
static double jumpy_clock(void *user)
{
    double *now = user;
    return *now += 0.37 + 1e-3 * *now;
}

static void test_the_same_seed_and_iterations_give_the_same_plan_whatever_the_clock(void **state)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_SMALL, seed);
        double now = (double)seed;
        cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
        options.iterations = 2000; /* enough for GLPK to choose */
        cr_auto(cr_plan) first = solve(random.problem, &options);
        options.clock_s = jumpy_clock;
        options.user = &now;
        cr_auto(cr_plan) second = solve(random.problem, &options);
        assert_true(same_plan(first, second));
        random_problem_done(&random);
    }
}

typedef struct watcher {
    int32_t n_told, stop_after, n_asked;
    int64_t last_cost;
} watcher;

static bool asked_to_stop(void *user)
{
    watcher *w = user;
    return ++w->n_asked > w->stop_after;
}

static void told_of_better(const cr_progress *progress, void *user)
{
    watcher *w = user;
    if (w->n_told++ > 0)
        assert_true(progress->cost < w->last_cost);
    w->last_cost = progress->cost;
}

static void test_every_plan_told_of_is_better_and_the_last_is_the_answer(void **state)
{
    random_problem random;
    random_problem_init(&random, RANDOM_SMALL, 3);
    watcher w = {.stop_after = INT32_MAX};
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 500;
    options.on_best = told_of_better;
    options.user = &w;
    cr_auto(cr_plan) plan = solve(random.problem, &options);
    assert_true(w.n_told > 0);
    assert_true(plan->cost.total <= w.last_cost);
    random_problem_done(&random);
}

static void test_a_stop_keeps_the_best_so_far(void **state)
{
    random_problem random;
    random_problem_init(&random, RANDOM_SMALL, 4);
    watcher w = {.stop_after = 60};
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 1000000; /* would take minutes */
    options.should_stop = asked_to_stop;
    options.user = &w;
    cr_auto(cr_plan) plan = solve(random.problem, &options);
    assert_in_range(w.n_asked, 61, 200);
    assert_true(plan->n_rounds > 0);
    random_problem_done(&random);
}

static void test_no_time_at_all_is_still_a_plan(void **state)
{
    random_problem random;
    random_problem_init(&random, RANDOM_SMALL, 5);
    double now = 0;
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.time_s = 0;
    options.clock_s = jumpy_clock;
    options.user = &now;
    cr_auto(cr_plan) plan = solve(random.problem, &options);
    assert_true(plan->n_rounds > 0);
    random_problem_done(&random);
}

/* Visit 0 is at place 10, on the way to visit 1 at place 20 and 20 back: 40 km of 45. It needs visit 2, which nobody
 * can get to any more, so it goes; but straight to place 20 it is 50 km, and with the way back more than she may. */
static void test_a_visit_that_goes_may_take_along_what_is_further_without_it(void **state)
{
    small_day day;
    small_day_init(&day);
    cr_matrix_set(day.matrix, 0, 20, 20, 50000);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    day.problem->shifts[0].max_dist_m = 45000;
    small_day_visit(&day, 10, HM(8, 0), HM(10, 0), 10);
    small_day_visit(&day, 20, HM(8, 0), HM(10, 0), 10);
    small_day_visit(&day, 30, HM(8, 0), HM(10, 0), 10);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, CR_NONE}}, 1);
    cr_gap gap = CR_GAP_INIT;
    gap.first = 0;
    gap.second = 2;
    gap.both = true;
    assert_int_equal(cr_problem_add_gap(day.problem, &gap), CR_OK);
    day.problem->visits[2].place = CR_NONE;
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 100;
    options.start = day.plan;
    cr_auto(cr_plan) plan = solve(day.problem, &options);
    assert_int_equal(plan->n_unallocated, 3);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_seed_and_iterations_give_the_same_plan_whatever_the_clock),
        cmocka_unit_test(test_every_plan_told_of_is_better_and_the_last_is_the_answer),
        cmocka_unit_test(test_a_stop_keeps_the_best_so_far),
        cmocka_unit_test(test_no_time_at_all_is_still_a_plan),
        cmocka_unit_test(test_a_visit_that_goes_may_take_along_what_is_further_without_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
