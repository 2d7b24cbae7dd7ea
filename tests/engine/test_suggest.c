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

/* What moves, moves against the plan as it is: 10 from there Ann would be at the third at 9:50, were it not for the
 * second, which comes between and makes it 10:20. With Bob in her place it moves to 9:50; where it is, nothing moves.
 */
static void test_moves_are_against_the_plan_as_it_is(void **state)
{
    small_day day;
    small_day_init(&day);
    for (int32_t c = 0; c < 2; c++)
        small_day_carer(&day, HM(8, 0), HM(16, 0));
    small_day_visit(&day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&day, 10, HM(9, 30), HM(9, 35), 30);
    small_day_visit(&day, 20, HM(9, 40), HM(10, 20), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    cr_auto(cr_suggestions) list = NULL;
    assert_int_equal(cr_suggest(day.problem, day.plan, 1, 2, &list), CR_OK);
    assert_int_equal(list->n, 2);
    for (int32_t i = 0; i < 2; i++) {
        const cr_suggestion *s = &list->items[i];
        assert_int_equal(s->is_now, s->shift[0] == 0);
        assert_int_equal(s->n_delays, s->is_now ? 0 : 1);
        if (s->is_now)
            continue;
        assert_int_equal(s->delays[0].visit, 2);
        assert_int_equal(s->delays[0].was, HM(10, 10));
        assert_int_equal(s->delays[0].now, HM(9, 40));
    }
    small_day_done(&day);
}

/* A plan by hand with three rounds of one shift. A visit that goes to it goes to one of them, once. */
static void test_a_shift_has_several_rounds(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(16, 0));
    for (int32_t v = 0; v < 4; v++)
        small_day_visit(&day, 10, HM(9, 0), HM(12, 0), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    cr_auto(cr_plan) by_hand = NULL;
    assert_int_equal(cr_plan_new(3, 3, 0, &by_hand), CR_OK);
    for (int32_t r = 0; r < 3; r++) {
        by_hand->rounds[r] = (cr_round){0, {r, 1}, HM(8, 0), HM(16, 0)};
        by_hand->stops[r] = (cr_stop){r, CR_NONE, HM(9 + r, 0)};
    }
    cr_auto(cr_suggestions) list = NULL;
    assert_int_equal(cr_suggest(day.problem, by_hand, 3, 5, &list), CR_OK);
    assert_int_equal(list->n, 1);
    for (int32_t b = 0; b < list->items[0].n_broken; b++)
        assert_int_not_equal(list->items[0].broken[b].visit, 3);
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

static void add_held(small_day *day, int32_t open, int32_t close, int32_t minutes, int64_t price)
{
    cr_visit *visit = &day->problem->visits[small_day_visit(day, 0, open, close, minutes)];
    visit->place = CR_NONE;
    visit->is_anywhere = true;
    visit->unallocated_price = price;
}

static int64_t checked_cost(const small_day *day)
{
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(day->problem, day->plan, &check), CR_OK);
    assert_int_equal(check->n_breaches, 0);
    return check->cost.total;
}

/* Ann is at place 20 from 8:30 to 9:00, holds three times back there, 9:00-10:00, 10:00-11:00 and 11:00-11:30, and is
 * home at 11:50; her shift ends at 12:00. The new visit, 40 minutes at place 25, begins between 9:00 and 11:00. */
static void full_of_held_time(small_day *day, int32_t minutes)
{
    small_day_init(day);
    small_day_carer(day, HM(8, 0), HM(12, 0));
    small_day_visit(day, 20, HM(8, 30), HM(8, 30), 30);
    small_day_visit(day, 25, HM(9, 0), HM(11, 0), minutes);
    add_held(day, HM(9, 0), HM(9, 0), 60, 300);
    add_held(day, HM(10, 0), HM(10, 0), 60, 200);
    add_held(day, HM(11, 0), HM(11, 0), 30, 100);
    small_day_plan(day, (const int32_t[][SMALL_DAY_STOPS]){{0, 2, 3, 4, CR_NONE}}, 1);
}

/* Without the first piece she is there from 9:05 to 9:45, without the second from 10:05 to 10:45, holds the third there
 * and is home at 11:55; without the third, 11:05 is too late. It is 10 more to travel, and the second costs 200, the
 * first 300. As it is, no place breaks nothing. */
static void test_held_time_is_given_up(void **state)
{
    small_day day;
    cr_auto(cr_suggestions) list = NULL;
    full_of_held_time(&day, 40);
    assert_int_equal(cr_suggest(day.problem, day.plan, 1, 10, &list), CR_OK);
    assert_int_equal(list->n, 2);
    const cr_suggestion *s = &list->items[0];
    assert_int_equal(s->n_broken, 0);
    assert_int_equal(s->n_delays, 0);
    assert_int_equal(s->start, HM(10, 5));
    assert_int_equal(s->n_given_up, 1);
    assert_int_equal(s->given_up[0].visit, 3);
    assert_int_equal(s->given_up[0].start, HM(10, 0));
    assert_int_equal(s->cost.term[CR_TERM_TRAVEL], 10);
    assert_int_equal(s->cost.term[CR_TERM_UNALLOCATED], 200 - 1000);
    assert_int_equal(s->cost.total, 10 + 200 - 1000);
    assert_true(list->items[1].n_broken > 0);
    assert_int_equal(list->items[1].n_given_up, 0);
    int64_t before = checked_cost(&day);
    day.plan = cr_plan_free(day.plan);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, 2, 1, 4, CR_NONE}}, 1);
    assert_int_equal(checked_cost(&day) - before, s->cost.total);
    /* Moving it to where it is gives up nothing, and neither does a piece that is to be held again. */
    cr_auto(cr_suggestions) again = NULL;
    cr_auto(cr_suggestions) piece = NULL;
    assert_int_equal(cr_suggest(day.problem, day.plan, 1, 10, &again), CR_OK);
    assert_int_equal(again->n, 1);
    assert_true(again->items[0].is_now);
    assert_int_equal(cr_suggest(day.problem, day.plan, 3, 10, &piece), CR_OK);
    assert_int_equal(piece->n, 1);
    assert_int_equal(piece->items[0].n_given_up, 0);
    assert_true(piece->items[0].n_broken > 0);
    small_day_done(&day);
}

/* Of 100 minutes, from 9:05 to 10:45, the first two pieces have to go: 10 more to travel, and 500. */
static void test_as_many_pieces_are_given_up_as_it_takes(void **state)
{
    small_day day;
    cr_auto(cr_suggestions) list = NULL;
    full_of_held_time(&day, 100);
    assert_int_equal(cr_suggest(day.problem, day.plan, 1, 1, &list), CR_OK);
    assert_int_equal(list->n, 1);
    assert_int_equal(list->items[0].n_broken, 0);
    assert_int_equal(list->items[0].n_given_up, 2);
    assert_int_equal(list->items[0].cost.total, 10 + 500 - 1000);
    small_day_done(&day);
}

/* Ann holds 9:00-10:00 and 10:00-11:00 back; the second could begin at 9:00 as well. Without the first, for 50, she
 * could hold it then and be at the new visit at 10:05; but at 9:01 the first has begun, and the second goes, for 200.
 */
static void test_time_that_has_begun_stays(void **state)
{
    small_day day;
    cr_auto(cr_suggestions) list = NULL;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 20, HM(8, 30), HM(8, 30), 30);
    small_day_visit(&day, 25, HM(9, 0), HM(10, 30), 40);
    add_held(&day, HM(9, 0), HM(9, 0), 60, 50);
    add_held(&day, HM(9, 0), HM(10, 0), 60, 200);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, 2, 3, CR_NONE}}, 1);
    const cr_held held[] = {{0, CR_NONE, HM(8, 30)}, {2, CR_NONE, HM(9, 0)}};
    assert_int_equal(cr_problem_add_held(day.problem, held, 2, &day.problem->shifts[0].held), CR_OK);
    day.problem->as_of = HM(9, 1);
    assert_int_equal(cr_suggest(day.problem, day.plan, 1, 10, &list), CR_OK);
    assert_int_equal(list->items[0].n_broken, 0);
    assert_int_equal(list->items[0].n_given_up, 1);
    assert_int_equal(list->items[0].given_up[0].visit, 3);
    assert_int_equal(list->items[0].cost.total, 10 + 200 - 1000);
    small_day_done(&day);
}

/* A double-up at place 10, at 9:00, of two who both hold 8:30-10:00 back: each gives hers up, for 250 and 150. */
static void test_both_of_a_double_up_give_time_up(void **state)
{
    small_day day;
    cr_auto(cr_suggestions) list = NULL;
    small_day_init(&day);
    for (int32_t c = 0; c < 2; c++)
        small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_one_more(&day);
    add_held(&day, HM(8, 30), HM(8, 30), 90, 250);
    add_held(&day, HM(8, 30), HM(8, 30), 90, 150);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{2, CR_NONE}, {3, CR_NONE}}, 2);
    assert_int_equal(cr_suggest(day.problem, day.plan, 0, 10, &list), CR_OK);
    assert_true(list->n >= 2);
    for (int32_t i = 0; i < 2; i++) {
        assert_int_equal(list->items[i].n_broken, 0);
        assert_int_equal(list->items[i].n_given_up, 2);
        assert_int_equal(list->items[i].given_up[0].visit + list->items[i].given_up[1].visit, 1 + 2);
        assert_int_equal(list->items[i].cost.total, 2 * 20 + 250 + 150 - 2 * 1000);
    }
    for (int32_t i = 2; i < list->n; i++)
        assert_true(list->items[i].n_broken > 0 && list->items[i].n_given_up < 2);
    small_day_done(&day);
}

static bool has_same_carers(const cr_suggestion *a, const cr_suggestion *b)
{
    return memcmp(a->shift, b->shift, sizeof a->shift) == 0;
}

/* Returns what it costs. */
static int64_t look_at_given_up(const cr_problem *p, int32_t visit, const cr_suggestions *list, int32_t i)
{
    const cr_suggestion *s = &list->items[i];
    int64_t price = 0;
    for (int32_t g = 0; g < s->n_given_up; g++) {
        assert_true(p->visits[s->given_up[g].visit].is_anywhere && !p->visits[visit].is_anywhere);
        assert_int_not_equal(s->given_up[g].start, CR_FREE);
        for (int32_t k = 0; k < g; k++)
            assert_int_not_equal(s->given_up[k].visit, s->given_up[g].visit);
        price += p->visits[s->given_up[g].visit].unallocated_price;
    }
    for (int32_t k = 0; k < i && s->n_given_up > 0; k++)
        assert_false(has_same_carers(&list->items[k], s));
    return price;
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
    int32_t n_sound = 0, n_broken = 0, n_delayed = 0, n_giving_up = 0;
    for (uint64_t seed = 1; seed <= (uint64_t)runs(80); seed++) {
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
                                 look_at_given_up(p, v, list, i) -
                                     p->visits[v].unallocated_price * p->visits[v].slots.n);
                for (int32_t k = 0; k < s->n_delays; k++)
                    assert_int_not_equal(s->delays[k].was, s->delays[k].now);
                if (i > 0)
                    assert_true(
                        list->items[i - 1].n_broken < s->n_broken ||
                        (list->items[i - 1].n_broken == s->n_broken && list->items[i - 1].cost.total <= s->cost.total));
                n_sound += s->n_broken == 0;
                n_broken += s->n_broken > 0;
                n_delayed += s->n_delays > 0;
                n_giving_up += s->n_given_up > 0;
            }
        }
        random_problem_done(&random);
    }
    print_message("%d suggestions break nothing, %d something; %d move others, %d give time held back up\n", n_sound,
                  n_broken, n_delayed, n_giving_up);
    assert_true(n_sound > 100 && n_broken > 100 && n_delayed > 100 && n_giving_up > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_detour_decides_and_the_skill_forbids),
        cmocka_unit_test(test_a_visit_that_fits_only_behind_moves_nobody),
        cmocka_unit_test(test_a_visit_that_pushes_another_says_so),
        cmocka_unit_test(test_moves_are_against_the_plan_as_it_is),
        cmocka_unit_test(test_a_shift_has_several_rounds),
        cmocka_unit_test(test_a_double_up_gets_pairs),
        cmocka_unit_test(test_held_time_is_given_up),
        cmocka_unit_test(test_as_many_pieces_are_given_up_as_it_takes),
        cmocka_unit_test(test_time_that_has_begun_stays),
        cmocka_unit_test(test_both_of_a_double_up_give_time_up),
        cmocka_unit_test(test_random_plans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
