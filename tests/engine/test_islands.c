/* Islands: several trajectories of one problem. Threads change nothing, and every plan holds. */
#include "careround/check.h"
#include "careround/solve.h"

#include "order_search.h"
#include "random_problem.h"
#include "trajectory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>

#include <cmocka.h>

#define N_PROBLEMS 6
#define N_RUIN     20
#ifdef __SANITIZE_THREAD__ /* thirty times slower */
#define CALLS_S 1          /* by a clock that gains a millisecond a call */
#else
#define CALLS_S 3
#endif

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

/* One trajectory of ruin and recreate, gone some way. */
static trajectory *some_way(const model *m, uint64_t seed)
{
    trajectory_options how = {.kind = TRAJECTORY_RUIN, .seed = seed};
    trajectory_stretch stretch = {0, 0.5, 400, -1};
    trajectory *s = NULL;
    assert_int_equal(trajectory_new(m, &how, &s), CR_OK);
    assert_int_equal(trajectory_begin(s, NULL, -1), CR_OK);
    assert_int_equal(trajectory_run(s, &stretch), CR_OK);
    return s;
}

/* What another trajectory arrived at is put together again in full: nothing is left out that it served, and it costs
 * no more (its starts may cost less, as all of them are chosen anew). */
static void test_one_goes_on_from_where_another_stands(void **state)
{
    int32_t n_moved = 0;
    for (uint64_t seed = 1; seed <= N_RUIN; seed++) {
        random_problem random;
        random_problem_init(&random, seed % 2 ? RANDOM_COUPLED : RANDOM_SMALL, seed);
        cr_auto(model) m = NULL;
        assert_int_equal(model_new(random.problem, &m), CR_OK);
        cr_auto(trajectory) a = some_way(m, seed);
        cr_auto(trajectory) b = some_way(m, seed + 1000);
        cr_auto(cr_plan) plan = NULL;
        cr_auto(cr_plan) again = NULL;
        int64_t best = trajectory_best_cost(b);
        n_moved += trajectory_cost_now(a) != trajectory_cost_now(b);
        assert_int_equal(trajectory_plan_now(a, &plan), CR_OK);
        assert_int_equal(trajectory_go_from(b, plan), CR_OK);
        assert_int_equal(trajectory_plan_now(b, &again), CR_OK);
        assert_true(trajectory_cost_now(b) <= trajectory_cost_now(a));
        assert_int_equal(again->n_unallocated, plan->n_unallocated);
        assert_int_equal(again->n_stops, plan->n_stops);
        assert_true(trajectory_best_cost(b) == best);
        random_problem_done(&random);
    }
    assert_true(n_moved > N_RUIN / 2);
}

typedef struct caller {
    atomic_int n_clock_calls;
    int32_t n_told;
    int64_t last_cost;
} caller;

static double count_on_all_threads(void *user)
{
    caller *c = user;
    return 0.001 * atomic_fetch_add(&c->n_clock_calls, 1);
}

static void told_of_better(const cr_progress *progress, void *user)
{
    caller *c = user;
    assert_true(c->n_told == 0 || progress->cost < c->last_cost);
    c->n_told++;
    c->last_cost = progress->cost;
}

/* Each thread has a trajectory of its own where there is a time limit; whichever wins, its plan holds. */
static void test_with_a_time_limit_threads_search_side_by_side(void **state)
{
    for (uint64_t seed = 1; seed <= N_PROBLEMS; seed++) {
        random_problem random;
        random_problem_init(&random, seed % 2 ? RANDOM_COUPLED : RANDOM_SMALL, seed);
        caller c = {.last_cost = 0};
        cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
        options.time_s = CALLS_S;
        options.n_threads = 3;
        options.clock_s = count_on_all_threads;
        options.on_best = told_of_better;
        options.user = &c;
        cr_auto(cr_plan) plan = NULL;
        cr_solve_stats stats;
        assert_int_equal(cr_solve(random.problem, &options, &plan, &stats), CR_OK);
        cr_auto(cr_check) check = NULL;
        assert_int_equal(cr_check_plan(random.problem, plan, &check), CR_OK);
        if (check->n_breaches > 0)
            fail_msg("seed %d: rule broken: %s", (int)seed, cr_rule_name(check->breaches[0].rule));
        assert_true(stats.iterations > 0);
        assert_true(c.n_told > 0 && plan->cost.total <= c.last_cost);
        assert_true(stats.first_complete_s <= stats.elapsed_s);
        assert_true(plan->n_unallocated > 0 || stats.first_complete_s >= 0);
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
        cmocka_unit_test(test_one_goes_on_from_where_another_stands),
        cmocka_unit_test(test_with_a_time_limit_threads_search_side_by_side),
        cmocka_unit_test(test_a_stop_ends_them_all_with_a_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
