/* cr_suggest: who could come, worked out by hand, and on random plans against evaluations of their own. */
#include "careround/solve.h"
#include "careround/suggest.h"

#include "random_problem.h"
#include "random_rota.h"
#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Ann has a visit at place 10 from 9:00 to 9:30, Bob is idle, Cleo lacks the skill. The new visit is at place 12 for 30
 * minutes, from 9:00 to 10:00: Ann goes 2 further and back, 4 more than she travels anyway; Bob travels 24. Travel
 * costs 1 a minute. Cleo would cost as much as Bob but breaks a rule. */
static void test_the_detour_decides_and_the_skill_forbids(void **state)
{
    small_day day;
    small_day_init(&day);
    for (int32_t c = 0; c < 3; c++) {
        small_day_carer(&day, HM(8, 0), HM(12, 0));
        if (c < 2)
            small_day_has_skill(&day, 1, 1);
    }
    small_day_visit(&day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&day, 12, HM(9, 0), HM(10, 0), 30);
    small_day_needs_skill(&day, 1, 1);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    cr_auto(cr_suggestions) list = NULL;
    assert_int_equal(cr_suggest(day.problem, day.plan, 1, 10, &list), CR_OK);
    assert_int_equal(list->n, 3);
    const int64_t travel[] = {4, 24, 24};
    for (int32_t i = 0; i < 3; i++) {
        assert_int_equal(list->items[i].shift[0], i);
        assert_int_equal(list->items[i].cost.term[CR_TERM_TRAVEL], travel[i]);
        assert_int_equal(list->items[i].cost.total, travel[i] - 1000);
        assert_int_equal(list->items[i].n_broken, i == 2);
        assert_int_equal(list->items[i].n_delays, 0);
        assert_false(list->items[i].is_now);
    }
    assert_int_equal(list->items[0].start, HM(9, 32));
    assert_int_equal(list->items[2].broken[0].rule, CR_RULE_SKILL);
    small_day_done(&day);
}

/* Ann is at place 10 from 9:00 and at place 20 from 9:40 at the soonest (until 10:00). A visit of 30 minutes at place
 * 10 between them pushes the second from 9:40 to 10:10: 10 too late. After it, 10 further back, all is well. */
static void test_a_visit_that_fits_only_behind_moves_nobody(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(16, 0));
    small_day_visit(&day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&day, 20, HM(9, 40), HM(10, 0), 30);
    small_day_visit(&day, 10, HM(9, 0), HM(12, 0), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, CR_NONE}}, 1);
    cr_auto(cr_suggestions) list = NULL;
    assert_int_equal(cr_suggest(day.problem, day.plan, 2, 1, &list), CR_OK);
    assert_int_equal(list->n, 1);
    assert_int_equal(list->items[0].n_broken, 0);
    assert_int_equal(list->items[0].n_delays, 0);
    assert_int_equal(list->items[0].start, HM(10, 20));
    small_day_done(&day);
}

/* The same with the second visit open until 10:20: now it can be pushed, and the visit between them costs no travel. */
static void test_a_visit_that_pushes_another_says_so(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(16, 0));
    small_day_visit(&day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&day, 20, HM(9, 40), HM(10, 20), 30);
    small_day_visit(&day, 10, HM(9, 0), HM(9, 35), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, CR_NONE}}, 1);
    cr_auto(cr_suggestions) list = NULL;
    assert_int_equal(cr_suggest(day.problem, day.plan, 2, 1, &list), CR_OK);
    assert_int_equal(list->items[0].n_broken, 0);
    assert_int_equal(list->items[0].start, HM(9, 30));
    assert_int_equal(list->items[0].cost.term[CR_TERM_TRAVEL], 0);
    assert_int_equal(list->items[0].n_delays, 1);
    assert_int_equal(list->items[0].delays[0].visit, 1);
    assert_int_equal(list->items[0].delays[0].was, HM(9, 40));
    assert_int_equal(list->items[0].delays[0].now, HM(10, 10));
    small_day_done(&day);
}

/* A double-up gets two different carers; the pair that has it now is known. */
static void test_a_double_up_gets_pairs(void **state)
{
    small_day day;
    small_day_init(&day);
    for (int32_t c = 0; c < 3; c++)
        small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_one_more(&day);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}, {CR_NONE}, {1, CR_NONE}}, 3);
    cr_auto(cr_suggestions) list = NULL;
    assert_int_equal(cr_suggest(day.problem, day.plan, 0, 20, &list), CR_OK);
    assert_int_equal(list->n, 6);
    int32_t n_now = 0;
    for (int32_t i = 0; i < list->n; i++) {
        assert_int_not_equal(list->items[i].shift[0], list->items[i].shift[1]);
        assert_int_equal(list->items[i].cost.term[CR_TERM_TRAVEL], 40);
        assert_int_equal(list->items[i].n_broken, 0);
        n_now += list->items[i].is_now;
    }
    assert_int_equal(n_now, 1);
    small_day_done(&day);
}

static int32_t runs(int32_t usual)
{
    const char *wanted = getenv("CAREROUND_PROPERTY_RUNS");
    return wanted ? atoi(wanted) : usual;
}

/* Of every third visit of random solved plans: terms add up, the visit is no longer unallocated, the order is the
 * promised one, and only what moves is said to move. */
static void test_random_plans(void **state)
{
    int32_t n_sound = 0, n_broken = 0, n_delayed = 0;
    for (uint64_t seed = 1; seed <= (uint64_t)runs(60); seed++) {
        random_problem random;
        random_problem_init(&random, seed % 2 ? RANDOM_SMALL : RANDOM_COUPLED, seed);
        const cr_problem *p = random.problem;
        cr_auto(cr_plan) plan = NULL;
        cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
        options.iterations = 200;
        assert_int_equal(cr_solve(p, &options, &plan, NULL), CR_OK);
        for (int32_t v = 0; v < p->n_visits; v += 3) {
            cr_auto(cr_suggestions) list = NULL;
            assert_int_equal(cr_suggest(p, plan, v, 8, &list), CR_OK);
            assert_true(list->n <= 8);
            for (int32_t i = 0; i < list->n; i++) {
                const cr_suggestion *s = &list->items[i];
                int64_t sum = 0;
                for (int32_t t = 0; t < CR_TERM_N; t++)
                    sum += s->cost.term[t];
                assert_int_equal(sum, s->cost.total);
                assert_int_equal(s->cost.term[CR_TERM_UNALLOCATED],
                                 -p->visits[v].unallocated_price * p->visits[v].slots.n);
                for (int32_t k = 0; k < s->n_delays; k++)
                    assert_int_not_equal(s->delays[k].was, s->delays[k].now);
                if (i > 0)
                    assert_true(
                        list->items[i - 1].n_broken < s->n_broken ||
                        (list->items[i - 1].n_broken == s->n_broken && list->items[i - 1].cost.total <= s->cost.total));
                n_sound += s->n_broken == 0;
                n_broken += s->n_broken > 0;
                n_delayed += s->n_delays > 0;
            }
        }
        random_problem_done(&random);
    }
    print_message("%d suggestions break nothing, %d something; %d move others\n", n_sound, n_broken, n_delayed);
    assert_true(n_sound > 100 && n_broken > 100 && n_delayed > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_detour_decides_and_the_skill_forbids),
        cmocka_unit_test(test_a_visit_that_fits_only_behind_moves_nobody),
        cmocka_unit_test(test_a_visit_that_pushes_another_says_so),
        cmocka_unit_test(test_a_double_up_gets_pairs),
        cmocka_unit_test(test_random_plans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
