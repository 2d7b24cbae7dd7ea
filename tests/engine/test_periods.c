/* Days on which travel depends on the time of day: sums done by hand, and what must not change the answer. */
#include "careround/bound.h"
#include "careround/check.h"
#include "careround/evaluate.h"
#include "careround/explain.h"
#include "careround/solve.h"

#include "brute_force.h"
#include "random_problem.h"
#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Places a minute apart; from 08:00 to 09:00 two minutes. */
typedef struct rush {
    small_day day;
    cr_matrix *slow;
} rush;

static void rush_init(rush *r)
{
    small_day_init(&r->day);
    assert_int_equal(cr_matrix_new(SMALL_DAY_PLACES, &r->slow), CR_OK);
    for (int32_t from = 0; from < SMALL_DAY_PLACES; from++)
        for (int32_t to = 0; to < SMALL_DAY_PLACES; to++)
            cr_matrix_set(r->slow, from, to, 2 * abs(from - to), 1100 * abs(from - to));
    cr_problem *p = r->day.problem;
    p->tables[0][1] = r->slow;
    assert_int_equal(cr_problem_add_period(p, 0, 0), CR_OK);
    assert_int_equal(cr_problem_add_period(p, HM(8, 0), 1), CR_OK);
    assert_int_equal(cr_problem_add_period(p, HM(9, 0), 0), CR_OK);
}

static void rush_done(rush *r)
{
    small_day_done(&r->day);
    r->slow = cr_matrix_free(r->slow);
}

static int32_t n_breaches(const cr_problem *p, const cr_plan *plan, cr_rule rule)
{
    cr_auto(cr_check) check = NULL;
    int32_t n = 0;
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    for (int32_t b = 0; b < check->n_breaches; b++)
        n += rule == CR_RULE_N || check->breaches[b].rule == rule;
    return n;
}

/* At place 20 at 08:10. From 07:50 on 10 of the 20 minutes are done by 08:00, the other half takes 20: too late. She
 * leaves at 07:45: 15 by 08:00, a quarter is left, 10. Away 08:20, back 09:00 on the dot: 40. */
static void test_she_leaves_in_time_for_the_peak(void **state)
{
    (void)state;
    rush r;
    rush_init(&r);
    small_day_carer(&r.day, HM(6, 0), HM(12, 0));
    small_day_visit(&r.day, 20, HM(8, 10), HM(8, 10), 10);
    small_day_plan(&r.day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    cr_plan *plan = r.day.plan;
    assert_int_equal(plan->rounds[0].depart, HM(7, 45));
    assert_int_equal(plan->rounds[0].arrive, HM(9, 0));
    assert_int_equal(plan->cost.term[CR_TERM_TRAVEL], 25 + 40);
    assert_int_equal(n_breaches(r.day.problem, plan, CR_RULE_N), 0);
    plan->rounds[0].depart++; /* a minute later: 14 by 08:00, 6 are left, 12 */
    assert_int_equal(n_breaches(r.day.problem, plan, CR_RULE_TRAVEL), 1);
    plan->rounds[0].depart--;
    plan->rounds[0].arrive--;
    assert_int_equal(n_breaches(r.day.problem, plan, CR_RULE_TRAVEL), 1);
    rush_done(&r);
}

/* Two visits with 30 places between them, the second from 08:40 to 10:00. She could leave the first at 07:40 and be
 * there at 08:20 (20 by 08:00, 10 are left, 20), 40 on the road and 20 waiting before the door; or wait at home and go
 * after the peak. With waiting free and travel at 1 a minute the cheapest leaves at 09:00: 30. */
static void test_the_cheapest_starts_go_round_the_peak(void **state)
{
    (void)state;
    rush r;
    rush_init(&r);
    small_day_carer(&r.day, HM(6, 0), HM(12, 0));
    small_day_visit(&r.day, 10, HM(7, 30), HM(9, 30), 10);
    small_day_visit(&r.day, 40, HM(8, 40), HM(10, 0), 10);
    r.day.problem->prices.waiting = 1;
    small_day_plan(&r.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, CR_NONE}}, 1);
    assert_int_equal(r.day.plan->cost.term[CR_TERM_TRAVEL], 10 + 30 + 40);
    assert_int_equal(r.day.plan->cost.term[CR_TERM_WAITING], 0);
    assert_int_equal(n_breaches(r.day.problem, r.day.plan, CR_RULE_N), 0);
    rush_done(&r);
}

/* A break is taken where she is, and she travels on when it is over. */
static void test_she_leaves_when_the_break_is_over(void **state)
{
    (void)state;
    rush r;
    rush_init(&r);
    small_day_carer(&r.day, HM(6, 0), HM(12, 0));
    assert_int_equal(cr_problem_add_break(r.day.problem, HM(8, 30), HM(8, 30), 15, false), CR_OK);
    small_day_visit(&r.day, 0, HM(7, 0), HM(7, 0), 60);
    small_day_visit(&r.day, 5, HM(8, 30), HM(10, 0), 10);
    small_day_plan(&r.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 2, 1, CR_NONE}}, 1);
    assert_int_equal(r.day.plan->stops[2].start, HM(8, 55));   /* away at 08:45, 10 minutes */
    assert_int_equal(r.day.plan->rounds[0].arrive, HM(9, 10)); /* away at 09:05, 5 minutes */
    assert_int_equal(n_breaches(r.day.problem, r.day.plan, CR_RULE_N), 0);
    rush_done(&r);
}

/* A way that is cut off in one of the tables leads nowhere, at no time. */
static void test_no_way_in_one_period_is_no_way(void **state)
{
    (void)state;
    rush r;
    rush_init(&r);
    small_day_carer(&r.day, HM(6, 0), HM(12, 0));
    small_day_visit(&r.day, 20, HM(10, 0), HM(10, 0), 10);
    small_day_plan(&r.day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    cr_matrix_set(r.slow, 0, 20, CR_NO_WAY, CR_NO_WAY);
    assert_int_equal(n_breaches(r.day.problem, r.day.plan, CR_RULE_UNREACHABLE), 1);
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 20;
    cr_auto(cr_plan) found = NULL;
    assert_int_equal(cr_solve(r.day.problem, &options, &found, NULL), CR_OK);
    assert_int_equal(found->n_unallocated, 1);
    rush_done(&r);
}

/* Nobody goes by the other tables of a day without periods, not even where one of them has no way. The visit at 10:00
 * is short of a skill, which the only carer may learn; brute_force() and checker always knew that she gets there. */
static void test_without_periods_only_the_first_table_counts(void **state)
{
    (void)state;
    rush r;
    rush_init(&r);
    cr_problem *p = r.day.problem;
    p->n_periods = 0;
    cr_matrix_set(r.slow, 0, 20, CR_NO_WAY, CR_NO_WAY);
    assert_int_equal(cr_problem_fastest(p, 0, 0, 20), 20);
    small_day_carer(&r.day, HM(6, 0), HM(12, 0));
    cr_skill skill = {0, 1};
    small_day_visit(&r.day, 20, HM(10, 0), HM(10, 0), 10);
    assert_int_equal(cr_problem_add_skills(p, &skill, 1, &p->slots[0].skills), CR_OK);
    cr_auto(cr_plan) plan = NULL;
    assert_int_equal(cr_plan_new(0, 0, 1, &plan), CR_OK);
    plan->unallocated[0] = 0;
    assert_int_equal(cr_plan_time(p, plan), CR_OK);
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    cr_auto(cr_explanations) list = NULL;
    assert_int_equal(cr_explain_plan(p, plan, &options, &list), CR_OK);
    assert_int_equal(list->items[0].change.kind, CR_CHANGE_SKILL);
    rush_done(&r);
}

/* An order that cannot be walked in time is timed all the same: past an end, but never before she can be there. */
static void test_a_round_that_is_late_is_evaluated(void **state)
{
    (void)state;
    rush r;
    rush_init(&r);
    small_day_carer(&r.day, HM(6, 0), HM(12, 0));
    small_day_visit(&r.day, 10, HM(8, 0), HM(8, 0), 10);
    small_day_visit(&r.day, 40, HM(8, 20), HM(8, 30), 10);
    char message[200];
    assert_int_equal(cr_problem_validate(r.day.problem, message, sizeof message), CR_OK);
    cr_auto(cr_plan) plan = NULL;
    assert_int_equal(cr_plan_new(1, 2, 0, &plan), CR_OK);
    plan->rounds[0] = (cr_round){0, {0, 2}, 0, 0};
    plan->stops[0] = (cr_stop){0, CR_NONE, 0};
    plan->stops[1] = (cr_stop){1, CR_NONE, 0};
    cr_auto(cr_evaluator) evaluator = NULL;
    const cr_evaluation *e;
    assert_int_equal(cr_evaluator_new(r.day.problem, &evaluator), CR_OK);
    assert_int_equal(cr_evaluate(evaluator, plan, &e), CR_OK);
    /* Away at 08:10: 50 of 60 minutes by 09:00, 5 of 30 are left. */
    assert_int_equal(e->plan->stops[1].start, HM(9, 5));
    assert_int_equal(n_breaches(r.day.problem, e->plan, CR_RULE_TRAVEL), 0);
    assert_int_equal(n_breaches(r.day.problem, e->plan, CR_RULE_WINDOW), 1);
    rush_done(&r);
}

/* ---- the same told otherwise ---- */

static cr_plan *solve(const cr_problem *p, int64_t iterations)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = iterations;
    cr_plan *plan = NULL;
    assert_int_equal(cr_solve(p, &options, &plan, NULL), CR_OK);
    return plan;
}

/* Tables of its own that say the same at any time, as another kind of day. */
static void say_it_twice(cr_problem *p, cr_matrix **copies)
{
    p->n_periods = 0;
    for (int32_t t = 0; t < 4; t++)
        assert_int_equal(cr_problem_add_period(p, 100 * t, t % 2), CR_OK);
    for (int32_t m = 0; m < p->n_modes; m++) {
        assert_int_equal(cr_matrix_new(p->n_places, &copies[m]), CR_OK);
        for (int32_t i = 0; i < p->n_places; i++)
            for (int32_t j = 0; j < p->n_places; j++)
                cr_matrix_set(copies[m], i, j, cr_matrix_time(p->matrix[m], i, j),
                              cr_matrix_dist_m(p->matrix[m], i, j));
        p->tables[m][1] = copies[m];
    }
}

static void test_equal_tables_are_the_same_as_none(void **state)
{
    (void)state;
    int32_t n_same = 0;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        random_problem random;
        cr_matrix *copies[2] = {NULL, NULL};
        random_problem_init(&random, RANDOM_SMALL, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_plan) plain = solve(random.problem, 60);
        say_it_twice(random.problem, copies);
        assert_int_equal(cr_plan_time(random.problem, plain), CR_OK);
        assert_int_equal(n_breaches(random.problem, plain, CR_RULE_N), 0);
        cr_auto(cr_plan) by_hour = solve(random.problem, 60);
        assert_int_equal(n_breaches(random.problem, by_hour, CR_RULE_N), 0);
        n_same += by_hour->cost.total == plain->cost.total;
        cr_matrix_free(copies[0]);
        cr_matrix_free(copies[1]);
        random_problem_done(&random);
    }
    print_message("24 days with equal tables, %d planned at the cost without\n", n_same);
    assert_true(n_same >= 16);
}

/* Plans that the search finds for days with periods keep every rule, starts that cr_plan_time finds do not cost more
 * than those that the plan had, and to time them again changes nothing for the worse. */
static void test_timing_again_is_never_dearer(void **state)
{
    (void)state;
    int32_t n_by_hour = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        random_problem random;
        random_problem_init(&random, seed % 3 ? RANDOM_SMALL : RANDOM_COUPLED, seed);
        if (random.problem->n_periods > 0) {
            cr_auto(cr_plan) plan = solve(random.problem, 100);
            int64_t before = plan->cost.total - plan->cost.term[CR_TERM_OVERTIME] - plan->cost.term[CR_TERM_SHORTFALL] -
                             plan->cost.term[CR_TERM_IDLE] - plan->cost.term[CR_TERM_IMBALANCE];
            assert_int_equal(n_breaches(random.problem, plan, CR_RULE_N), 0);
            assert_int_equal(cr_plan_time(random.problem, plan), CR_OK);
            assert_int_equal(n_breaches(random.problem, plan, CR_RULE_N), 0);
            int64_t after = plan->cost.total - plan->cost.term[CR_TERM_OVERTIME] - plan->cost.term[CR_TERM_SHORTFALL] -
                            plan->cost.term[CR_TERM_IDLE] - plan->cost.term[CR_TERM_IMBALANCE];
            assert_true(after <= before);
            n_by_hour++;
        }
        random_problem_done(&random);
    }
    assert_true(n_by_hour >= 8);
}

/* ---- against every plan there is ---- */

/* What brute_force_least() can say of it. False: a visit needs several carers. */
static bool tame(cr_problem *p)
{
    p->n_gaps = 0;
    p->prices.worst_lateness = 0;
    for (int32_t c = 0; c < p->n_carers; c++) {
        cr_carer *carer = &p->carers[c];
        carer->max_work = carer->max_day_work = carer->overtime_after = CR_NONE;
        carer->least_work = carer->min_rest = 0;
    }
    for (int32_t s = 0; s < p->n_shifts; s++)
        p->shifts[s].max_travel = p->shifts[s].max_dist_m = CR_NONE;
    for (int32_t v = 0; v < p->n_visits; v++)
        if (p->visits[v].slots.n > 1)
            return false;
    return p->n_periods > 0;
}

/* No plan is below the least there is, nor the bound above it; and most are as cheap. */
static void test_tiny_days_against_every_plan_and_start(void **state)
{
    (void)state;
    int32_t n_days = 0, n_least = 0, n_unserved = 0;
    for (uint64_t seed = 1; seed <= 220; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        if (tame(random.problem)) {
            cr_auto(cr_plan) plan = solve(random.problem, 600);
            int64_t least = brute_force_least(random.problem);
            cr_bound_options options = CR_BOUND_OPTIONS_INIT;
            cr_bound bound;
            assert_int_equal(cr_bound_find(random.problem, &options, &bound), CR_OK);
            assert_int_equal(n_breaches(random.problem, plan, CR_RULE_N), 0);
            if (plan->cost.total < least || bound.cost > least)
                fail_msg("seed %llu: plan %lld, bound %lld, least %lld", (unsigned long long)seed,
                         (long long)plan->cost.total, (long long)bound.cost, (long long)least);
            n_days++;
            n_least += plan->cost.total == least;
            n_unserved += plan->cost.term[CR_TERM_UNALLOCATED] > 0;
            if (plan->cost.total > least)
                print_message("seed %llu: %lld, least %lld\n", (unsigned long long)seed, (long long)plan->cost.total,
                              (long long)least);
        }
        random_problem_done(&random);
    }
    print_message("%d tiny days with periods: %d plans are the cheapest there is (%d leave somebody out)\n", n_days,
                  n_least, n_unserved);
    assert_true(n_days >= 15);
    assert_true(n_least * 10 >= n_days * 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_she_leaves_in_time_for_the_peak),
        cmocka_unit_test(test_the_cheapest_starts_go_round_the_peak),
        cmocka_unit_test(test_she_leaves_when_the_break_is_over),
        cmocka_unit_test(test_no_way_in_one_period_is_no_way),
        cmocka_unit_test(test_without_periods_only_the_first_table_counts),
        cmocka_unit_test(test_a_round_that_is_late_is_evaluated),
        cmocka_unit_test(test_equal_tables_are_the_same_as_none),
        cmocka_unit_test(test_timing_again_is_never_dearer),
        cmocka_unit_test(test_tiny_days_against_every_plan_and_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
