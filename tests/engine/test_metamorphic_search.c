/* What must hold of the search without anybody knowing the answer: the same day asked twice, or told another way, and a
 * best plan locked or given to begin with. test_metamorphic.c asks the same of the best plan there is.
 */
#include "careround/solve.h"

#include "brute_force.h"
#include "metamorphic.h"
#include "random_problem.h"
#include "twin_problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_SEARCH 60

static cr_plan *solve(const cr_problem *p, int64_t iterations, const cr_plan *start)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = iterations;
    options.start = start;
    cr_plan *plan = NULL;
    assert_int_equal(cr_solve(p, &options, &plan, NULL), CR_OK);
    return plan;
}

static bool same_plan(const cr_plan *a, const cr_plan *b)
{
    return a->n_rounds == b->n_rounds && a->n_stops == b->n_stops && a->n_unallocated == b->n_unallocated &&
           memcmp(a->rounds, b->rounds, (size_t)a->n_rounds * sizeof *a->rounds) == 0 &&
           memcmp(a->stops, b->stops, (size_t)a->n_stops * sizeof *a->stops) == 0 &&
           memcmp(a->unallocated, b->unallocated, (size_t)a->n_unallocated * sizeof *a->unallocated) == 0 &&
           memcmp(&a->cost, &b->cost, sizeof a->cost) == 0;
}

static void test_the_same_question_has_the_same_answer(void **state)
{
    for (uint64_t seed = 1; seed <= N_SEARCH; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_SMALL, seed);
        cr_auto(cr_plan) once = solve(random.problem, 300, NULL);
        cr_auto(cr_plan) again = solve(random.problem, 300, NULL);
        EXPECT(same_plan(once, again), seed);
        random_problem_done(&random);
    }
}

/* Eight times, so that floating point loses nothing either. */
static void test_eight_times_the_prices_make_the_same_plan(void **state)
{
    for (uint64_t seed = 1; seed <= N_SEARCH; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_SMALL, seed);
        cr_auto(cr_problem) twin = twin_dearer(random.problem, 8);
        cr_auto(cr_plan) plan = solve(random.problem, 300, NULL);
        cr_auto(cr_plan) dearer = solve(twin, 300, NULL);
        EXPECT(dearer->cost.total == 8 * plan->cost.total, seed);
        dearer->cost = plan->cost;
        EXPECT(same_plan(plan, dearer), seed);
        random_problem_done(&random);
    }
}

static void test_a_day_later_makes_the_same_plan(void **state)
{
    for (uint64_t seed = 1; seed <= N_SEARCH; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_SMALL, seed);
        cr_auto(cr_problem) twin = twin_later(random.problem, 86400);
        cr_auto(cr_plan) plan = solve(random.problem, 300, NULL);
        cr_auto(cr_plan) later = solve(twin, 300, NULL);
        EXPECT(later->cost.total == plan->cost.total, seed);
        random_problem_done(&random);
    }
}

/* Lock carers and starts of the best plan: it is still there, and nothing better is. */
static void lock_all(cr_problem *p, const cr_plan *plan)
{
    for (int32_t r = 0; r < plan->n_rounds; r++)
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            const cr_stop *stop = &plan->stops[plan->rounds[r].stops.first + k];
            if (stop->slot == CR_NONE)
                continue;
            p->slots[stop->slot].locked_carer = p->shifts[plan->rounds[r].shift].carer;
            p->visits[p->slots[stop->slot].visit].locked_start = stop->start;
        }
}

static void test_with_all_locked_the_best_plan_comes_back(void **state)
{
    int32_t n_missed = 0;
    for (uint64_t seed = 1; seed <= N_BRUTE; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_plan) best = brute_force(random.problem);
        cr_auto(cr_problem) locked = NULL;
        assert_int_equal(cr_problem_copy(random.problem, &locked), CR_OK);
        lock_all(locked, best);
        cr_auto(cr_plan) best_locked = brute_force(locked);
        EXPECT(best_locked->cost.total == best->cost.total, seed);
        cr_auto(cr_plan) found = solve(locked, 1000, NULL);
        EXPECT(found->cost.total >= best->cost.total, seed);
        if (found->cost.total > best->cost.total) {
            n_missed++;
            print_error("seed %llu: locked, but %lld against %lld\n", (unsigned long long)seed,
                        (long long)found->cost.total, (long long)best->cost.total);
        }
        random_problem_done(&random);
    }
    assert_int_equal(n_missed, 0);
}

static void test_a_plan_to_begin_with_is_not_made_worse(void **state)
{
    int32_t n_lost = 0;
    for (uint64_t seed = 1; seed <= N_BRUTE; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_plan) best = brute_force(random.problem);
        for (int64_t iterations = 0; iterations <= 500; iterations += 500) {
            cr_auto(cr_plan) found = solve(random.problem, iterations, best);
            EXPECT(found->cost.total >= best->cost.total, seed);
            if (found->cost.total > best->cost.total) {
                n_lost++;
                print_error("seed %llu: began with %lld, %lld after %lld iterations\n", (unsigned long long)seed,
                            (long long)best->cost.total, (long long)found->cost.total, (long long)iterations);
            }
        }
        random_problem_done(&random);
    }
    assert_int_equal(n_lost, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_question_has_the_same_answer),
        cmocka_unit_test(test_eight_times_the_prices_make_the_same_plan),
        cmocka_unit_test(test_a_day_later_makes_the_same_plan),
        cmocka_unit_test(test_with_all_locked_the_best_plan_comes_back),
        cmocka_unit_test(test_a_plan_to_begin_with_is_not_made_worse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
