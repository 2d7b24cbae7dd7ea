/* The oracle of the search, itself put to the test: sums done by hand, and no random plan is cheaper. */
#include "brute_force.h"

#include "careround/check.h"

#include "lp_starts.h"
#include "random_problem.h"
#include "random_rota.h"
#include "worked_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* v3 stays out: Ada's work is at its limit with the others. v1 in time, at 09:20, saves 550 of lateness; it begins 20
 * after v0 at the least, so v0 begins at 08:30, which also saves 10 of its own. For that Ada waits 1 before v1 and 10
 * before her break, 3 more than in the plan by hand (12 and 9), and Bo 1 less (2). */
static void test_the_worked_day_can_be_had_cheaper(void **state)
{
    worked_day day;
    worked_day_init(&day);
    for (int32_t v = 0; v < 3; v++)
        day.problem->visits[v].unallocated_price = 100000;
    cr_auto(cr_plan) best = brute_force(day.problem);
    assert_int_equal(best->n_unallocated, 1);
    assert_int_equal(best->unallocated[0], 3);
    assert_int_equal(best->stops[0].start, HM(8, 30));
    assert_int_equal(best->stops[1].start, HM(9, 20));
    assert_int_equal(best->cost.total, 11854 - 550 - 10 + 3 * (3 + 4) - 1 * (2 + 4));
    worked_day_done(&day);
}

/* One carer, one visit at A: nothing to choose but when. */
static void test_one_visit_costs_what_the_hand_says(void **state)
{
    worked_day day;
    worked_day_init(&day);
    cr_problem *p = day.problem;
    p->n_visits = 1;
    p->n_slots = 1;
    p->n_gaps = 0;
    p->n_shifts = 1;
    p->visits[0].unallocated_price = 100000;
    cr_auto(cr_plan) best = brute_force(p);
    /* Shift 0 has a break, 10:00 at the earliest, at A or before. As soon as may be: v0 08:30-09:00 is 10 late, 20.
     * Then 60 of waiting for the break and 15 of break, paid; home 12. Legs 22, door 3, care 30.
     * Later is dearer: a minute saves waiting (4 + 3) and costs 2. So as late as may be: 09:00-09:30, 40 late, 80;
     * waiting 30. */
    assert_int_equal(best->stops[0].start, HM(9, 0));
    assert_int_equal(best->cost.term[CR_TERM_PREFERRED_TIME], 80);
    assert_int_equal(best->cost.term[CR_TERM_WAITING], 4 * 30);
    assert_int_equal(best->cost.term[CR_TERM_WAGES], 3 * (22 + 3 + 30 + 30 + 15));
    assert_int_equal(best->cost.term[CR_TERM_TRAVEL], 220);
    assert_int_equal(best->cost.total, 80 + 120 + 300 + 220 + 2200 + 50);
    worked_day_done(&day);
}

static void test_a_visit_too_dear_stays_in_the_bank(void **state)
{
    worked_day day;
    worked_day_init(&day);
    day.problem->n_visits = 1;
    day.problem->n_slots = 1;
    day.problem->n_gaps = 0;
    day.problem->n_shifts = 1;
    day.problem->visits[0].unallocated_price = 2969; /* the sum above is 2970 */
    cr_auto(cr_plan) bank = brute_force(day.problem);
    assert_int_equal(bank->n_unallocated, 1);
    day.problem->visits[0].unallocated_price = 2971;
    cr_auto(cr_plan) served = brute_force(day.problem);
    assert_int_equal(served->n_unallocated, 0);
    worked_day_done(&day);
}

/* Random rounds with the best starts; the cost if the checker finds nothing against them. */
static bool random_plan_cost(const cr_problem *p, uint64_t seed, int64_t *ret_cost)
{
    cr_auto(cr_plan) plan = random_rota(p, seed);
    cr_auto(cr_check) check = NULL;
    if (!lp_starts(p, plan, NULL))
        return false;
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    for (int32_t b = 0; b < check->n_breaches; b++)
        if (check->breaches[b].rule != CR_RULE_COST)
            return false;
    *ret_cost = check->cost.total;
    return true;
}

static void test_no_random_plan_is_cheaper(void **state)
{
    int32_t n_sound = 0, n_equal = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_plan) best = brute_force(random.problem);
        for (uint64_t k = 0; k < 20; k++) {
            int64_t cost;
            if (!random_plan_cost(random.problem, 100 * seed + k, &cost))
                continue;
            n_sound++;
            n_equal += cost == best->cost.total;
            if (cost < best->cost.total)
                fail_msg("seed %llu: a random plan costs %lld, brute force %lld", (unsigned long long)seed,
                         (long long)cost, (long long)best->cost.total);
        }
        random_problem_done(&random);
    }
    print_message("%d sound random plans, %d of them the best there is\n", n_sound, n_equal);
    assert_true(n_sound > 1000);
    assert_true(n_equal > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_worked_day_can_be_had_cheaper),
        cmocka_unit_test(test_one_visit_costs_what_the_hand_says),
        cmocka_unit_test(test_a_visit_too_dear_stays_in_the_bank),
        cmocka_unit_test(test_no_random_plan_is_cheaper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
