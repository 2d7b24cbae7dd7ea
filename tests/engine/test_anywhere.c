/* Time held back of whoever suits: docs/model.md section 3, "held back".
 *
 * Places on a line, a minute from each to the next; carers work from 08:00 to 12:00, from place 0 and back.
 */
#include "careround/bound.h"
#include "careround/check.h"
#include "careround/explain.h"
#include "careround/solve.h"

#include "brute_force.h"
#include "random_problem.h"
#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define N_RANDOM 60 /* tiny problems with time held back */

static int32_t add_held(small_day *day, int32_t open, int32_t close, int32_t minutes)
{
    int32_t v = small_day_visit(day, 0, open, close, minutes);
    day->problem->visits[v].place = CR_NONE;
    day->problem->visits[v].is_anywhere = true;
    return v;
}

static cr_plan *solve(const cr_problem *problem, int64_t iterations)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    cr_plan *plan = NULL;
    options.iterations = iterations;
    assert_int_equal(cr_solve(problem, &options, &plan, NULL), CR_OK);
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(problem, plan, &check), CR_OK);
    assert_int_equal(check->n_breaches, 0);
    return plan;
}

static void test_it_is_spent_where_she_is(void **state)
{
    /* A visit at 20 from 08:30 to 08:35, one at 30 that ends by 11:35. From 09:30 on, for an hour, she is at 20, and
     * the ten minutes on to 30 come after it: 20 + 10 + 30 minutes of way, as without it. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 20, HM(8, 30), HM(8, 30), 5);
    small_day_visit(&day, 30, HM(10, 0), HM(11, 30), 5);
    add_held(&day, HM(9, 30), HM(9, 30), 60);
    cr_auto(cr_plan) plan = solve(day.problem, 100);
    assert_int_equal(plan->n_unallocated, 0);
    assert_int_equal(plan->n_stops, 3);
    assert_int_equal(plan->stops[1].slot, 2);
    assert_int_equal(plan->stops[1].start, HM(9, 30));
    assert_true(plan->stops[2].start >= HM(10, 40));
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(day.problem, plan, &check), CR_OK);
    assert_int_equal(check->travel, 60);
    assert_int_equal(check->care, 70);
    /* A start at 10:35, when the way is not over, is found out. */
    plan->stops[2].start = HM(10, 35);
    cr_auto(cr_check) early = NULL;
    assert_int_equal(cr_check_plan(day.problem, plan, &early), CR_OK);
    assert_true(early->n_breaches > 0);
    assert_int_equal(early->breaches[0].rule, CR_RULE_TRAVEL);
    assert_int_equal(early->breaches[0].should, HM(10, 40));
    small_day_done(&day);
}

static void test_who_is_not_needed_holds_it(void **state)
{
    /* Both could; Bea has a visit in the middle of it, so Ada is at home for the two hours, and not out at all. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    int32_t bea = small_day_carer(&day, HM(8, 0), HM(12, 0));
    int32_t v = small_day_visit(&day, 20, HM(10, 0), HM(10, 0), 5);
    day.problem->slots[v].locked_carer = day.problem->shifts[bea].carer;
    add_held(&day, HM(9, 0), HM(9, 0), 120);
    cr_auto(cr_plan) plan = solve(day.problem, 100);
    assert_int_equal(plan->n_unallocated, 0);
    assert_int_equal(plan->n_rounds, 2);
    assert_int_equal(plan->rounds[0].shift, 0);
    assert_int_equal(plan->rounds[0].depart, HM(9, 0));
    assert_int_equal(plan->rounds[0].arrive, HM(11, 0));
    small_day_done(&day);
}

static void test_what_keeps_everybody_from_it_is_said(void **state)
{
    /* Ada is with a client from 09:00 to 09:30, and cannot hold herself free from 09:10 on. */
    small_day day;
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    cr_auto(cr_explanations) list = NULL;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 20, HM(9, 0), HM(9, 0), 30);
    add_held(&day, HM(9, 10), HM(9, 10), 20);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    assert_int_equal(cr_explain_plan(day.problem, day.plan, &options, &list), CR_OK);
    assert_int_equal(list->n, 1);
    assert_int_equal(list->items[0].count[CR_REASON_NO_TIME], 1);
    small_day_done(&day);
}

static bool has_anywhere(const cr_problem *p)
{
    for (int32_t v = 0; v < p->n_visits; v++)
        if (p->visits[v].is_anywhere)
            return true;
    return false;
}

static void test_tiny_problems_are_solved_as_brute_force_does(void **state)
{
    const char *runs = getenv("CAREROUND_PROPERTY_RUNS");
    int32_t n = 0, n_missed = 0, n_served = 0, n_wanted = runs ? atoi(runs) : N_RANDOM;
    for (uint64_t seed = 1; n < n_wanted; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        if (has_anywhere(random.problem)) {
            cr_plan_free(solve(random.problem, 400));
            random_problem_forget_periods(&random);
            cr_auto(cr_plan) plan = solve(random.problem, 2000);
            cr_auto(cr_plan) best = brute_force(random.problem);
            cr_bound_options options = CR_BOUND_OPTIONS_INIT;
            cr_bound bound;
            if (plan->cost.total != best->cost.total)
                print_error("seed %llu: %lld, by brute force %lld\n", (unsigned long long)seed,
                            (long long)plan->cost.total, (long long)best->cost.total);
            assert_true(plan->cost.total >= best->cost.total);
            assert_int_equal(cr_bound_find(random.problem, &options, &bound), CR_OK);
            assert_true(bound.cost <= best->cost.total);
            assert_true(bound.relaxed[CR_RELAXED_HELD_BACK]);
            n_missed += plan->cost.total > best->cost.total;
            for (int32_t k = 0; k < best->n_stops; k++)
                n_served += best->stops[k].slot != CR_NONE &&
                            random.problem->visits[random.problem->slots[best->stops[k].slot].visit].is_anywhere;
            n++;
        }
        random_problem_done(&random);
    }
    assert_true(n_missed * 50 <= n_wanted);
    assert_true(n_served > n_wanted / 2);
}

static void test_what_cannot_be_is_named(void **state)
{
    char message[200];
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    int32_t held = add_held(&day, HM(9, 0), HM(9, 0), 60);
    assert_int_equal(cr_problem_validate(day.problem, message, sizeof message), CR_OK);
    day.problem->visits[held].door = 60;
    assert_int_equal(cr_problem_validate(day.problem, message, sizeof message), CR_E_INPUT);
    assert_string_equal(message, "visit 0: may be anywhere, and has more than one carer and one window");
    day.problem->visits[held].door = 0;
    small_day_visit(&day, 20, HM(9, 0), HM(9, 0), 30);
    assert_int_equal(cr_problem_validate(day.problem, message, sizeof message), CR_E_INPUT);
    assert_string_equal(message, "visit 1: comes after one that may be anywhere");
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_spent_where_she_is),
        cmocka_unit_test(test_who_is_not_needed_holds_it),
        cmocka_unit_test(test_what_keeps_everybody_from_it_is_said),
        cmocka_unit_test(test_tiny_problems_are_solved_as_brute_force_does),
        cmocka_unit_test(test_what_cannot_be_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
