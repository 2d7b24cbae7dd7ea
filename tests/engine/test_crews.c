/* Crews: Ada and Bo share a car all shift, Cy drives by herself; docs/model.md section 3.
 *
 * Places on a line, a minute and a kilometre from each to the next, all from 08:00 to 12:00 from place 0 and back; a
 * metre costs 1, a minute of travel 1. v0 (slots 0, 1)  two carers at 10, 30 minutes, from 08:30 to 09:00 v1 (slots 2,
 * 3)  two carers at 25, 20 minutes, from 09:00 to 10:00 v2 (slot 4)      one carer at 25, 10 minutes, from 08:00 to
 * 11:00 The crew's way is 10 + 15 + 25 = 50 minutes, Cy's 25 + 25 = 50: travel 3 x 50, and 50,000 metres for each car.
 */
#include "careround/as_of.h"
#include "careround/check.h"
#include "careround/explain.h"
#include "careround/solve.h"

#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ADA, BO, CY };

#define TOGETHER (3 * 50 + 2 * 50000)

static void add_break(small_day *day)
{
    assert_int_equal(cr_problem_add_break(day->problem, HM(9, 0), HM(11, 0), 15, false), CR_OK);
}

static void begin(small_day *day, bool has_breaks)
{
    small_day_init(day);
    for (int32_t carer = ADA; carer <= CY; carer++) {
        small_day_carer(day, HM(8, 0), HM(12, 0));
        if (has_breaks && carer != CY)
            add_break(day);
    }
    day->problem->shifts[ADA].crew = day->problem->shifts[BO].crew = 7;
    day->problem->shifts[BO].rides = true;
    day->problem->prices.distance[0] = 1;
    small_day_visit(day, 10, HM(8, 30), HM(9, 0), 30);
    small_day_one_more(day);
    small_day_visit(day, 25, HM(9, 0), HM(10, 0), 20);
    small_day_one_more(day);
    small_day_visit(day, 25, HM(8, 0), HM(11, 0), 10);
    for (int32_t v = 0; v < 3; v++)
        day->problem->visits[v].unallocated_price = 1000000;
}

static cr_check *check(const small_day *day)
{
    cr_check *made = NULL;
    assert_int_equal(cr_check_plan(day->problem, day->plan, &made), CR_OK);
    return made;
}

/* The one breach of a crew's; other rules may be broken beside it. */
static cr_breach crew_breach(const small_day *day)
{
    cr_auto(cr_check) made = check(day);
    cr_breach found = {.rule = CR_RULE_N};
    for (int32_t b = 0; b < made->n_breaches; b++)
        if (made->breaches[b].rule == CR_RULE_CREW) {
            assert_int_equal(found.rule, CR_RULE_N);
            found = made->breaches[b];
        }
    assert_int_equal(found.rule, CR_RULE_CREW);
    return found;
}

static void expect_breach(const small_day *day, int32_t visit, int32_t shift, int64_t is, int64_t should)
{
    cr_breach b = crew_breach(day);
    assert_int_equal(b.visit, visit);
    assert_int_equal(b.shift, shift);
    assert_int_equal(b.item, shift == ADA ? BO : ADA);
    assert_int_equal(b.carer, shift);
    assert_int_equal(b.is, is);
    assert_int_equal(b.should, should);
}

/* ---- what it costs ---- */

static void test_the_miles_of_a_car_are_paid_once(void **state)
{
    small_day day;
    begin(&day, false);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, 2, CR_NONE}, {1, 3, CR_NONE}, {4, CR_NONE}}, 3);
    cr_auto(cr_check) made = check(&day);
    assert_int_equal(made->n_breaches, 0);
    assert_int_equal(made->cost.term[CR_TERM_TRAVEL], 150);
    assert_int_equal(made->cost.term[CR_TERM_MILEAGE], 100000);
    assert_int_equal(made->dist_m, 100000);
    assert_int_equal(made->cost.total, day.plan->cost.total);
    day.problem->shifts[BO].rides = false; /* they meet at each door, in two cars */
    cr_auto(cr_check) apart = check(&day);
    assert_int_equal(apart->cost.term[CR_TERM_MILEAGE], 150000);
    small_day_done(&day);
}

/* ---- the search ---- */

static cr_plan *solve(const small_day *day)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 300;
    cr_plan *plan = NULL;
    assert_int_equal(cr_solve(day->problem, &options, &plan, NULL), CR_OK);
    return plan;
}

/* Ada would do v2 on her way for nothing more, but Bo would have to come along to where nobody needs her. */
static void test_a_crew_serves_visits_of_two(void **state)
{
    small_day day;
    begin(&day, true);
    char message[200];
    assert_int_equal(cr_problem_validate(day.problem, message, sizeof message), CR_OK);
    day.plan = solve(&day);
    cr_auto(cr_check) made = check(&day);
    assert_int_equal(made->n_breaches, 0);
    assert_int_equal(day.plan->cost.total, TOGETHER);
    assert_int_equal(day.plan->n_unallocated, 0);
    for (int32_t r = 0; r < 2; r++)
        day.problem->shifts[r].crew = CR_NONE;
    day.problem->shifts[BO].rides = false;
    cr_auto(cr_plan) apart = solve(&day);
    assert_int_equal(apart->cost.total, 2 * 50 + 2 * 50000);
    small_day_done(&day);
}

/* Cy is the third at v0: she may be, but then it is no visit for a crew. */
static void test_a_crew_is_not_at_a_visit_of_three(void **state)
{
    small_day day;
    small_day_init(&day);
    for (int32_t carer = ADA; carer <= CY; carer++)
        small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 10, HM(8, 30), HM(9, 0), 30);
    small_day_one_more(&day);
    small_day_one_more(&day);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}, {1, CR_NONE}, {2, CR_NONE}}, 3);
    day.problem->shifts[ADA].crew = day.problem->shifts[BO].crew = 7;
    day.problem->shifts[BO].rides = true;
    expect_breach(&day, 0, ADA, 3, 2);
    assert_int_equal(crew_breach(&day).other_visit, 0);
    small_day_done(&day);
}

/* Slots that there are not, with breaks that there are, in both rounds. */
static void test_stops_of_a_crew_that_are_none(void **state)
{
    small_day day;
    begin(&day, true);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, 2, CR_NONE}, {1, 3, CR_NONE}}, 2);
    const int32_t wild[] = {-5, day.problem->n_slots, INT32_MAX, INT32_MIN};
    for (int32_t i = 0; i < 4; i++) {
        for (int32_t r = 0; r < 2; r++)
            day.plan->stops[day.plan->rounds[r].stops.first] = (cr_stop){wild[i], r, HM(9, 0)};
        cr_auto(cr_check) made = check(&day);
        assert_true(made->n_breaches > 0);
    }
    small_day_done(&day);
}

static void test_the_reasons_know_of_the_crew(void **state)
{
    small_day day;
    begin(&day, false);
    day.problem->shifts[CY].is_over = true;
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{CR_NONE}, {CR_NONE}, {CR_NONE}}, 3);
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    options.iterations = 50;
    cr_auto(cr_explanations) list = NULL;
    assert_int_equal(cr_explain_plan(day.problem, day.plan, &options, &list), CR_OK);
    assert_int_equal(list->n, 3);
    for (int32_t i = 0; i < 3; i++) {
        const cr_explanation *e = &list->items[i];
        bool is_for_two = e->visit != 2;
        assert_int_equal(e->count[CR_REASON_FITS], is_for_two ? 2 : 0);
        assert_int_equal(e->count[CR_REASON_NO_SHIFT], is_for_two ? 1 : 3);
        assert_int_equal(e->change.kind, is_for_two ? CR_CHANGE_NOTHING : CR_CHANGE_NONE);
        assert_false(e->change.is_smallest);
    }
    small_day_done(&day);
}

/* ---- breaches ---- */

static void test_another_visit_is_told(void **state)
{
    small_day day;
    begin(&day, false);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, 2, CR_NONE}, {1, CR_NONE}, {3, CR_NONE}}, 3);
    expect_breach(&day, 1, ADA, 1, -2);
    assert_true(crew_breach(&day).counts);
    small_day_done(&day);
    begin(&day, true); /* the second break is not where the first is */
    const int32_t brk = day.problem->n_slots;
    const int32_t rounds[][SMALL_DAY_STOPS] = {{0, brk, 2, CR_NONE}, {1, 3, brk + 1, CR_NONE}, {4, CR_NONE}};
    small_day_plan(&day, rounds, 3);
    expect_breach(&day, 1, BO, 1, -3);
    small_day_done(&day);
}

static void test_other_times_are_told(void **state)
{
    small_day day;
    begin(&day, true);
    const int32_t brk = day.problem->n_slots;
    const int32_t rounds[][SMALL_DAY_STOPS] = {{0, 2, brk, CR_NONE}, {1, 3, brk + 1, CR_NONE}, {4, CR_NONE}};
    small_day_plan(&day, rounds, 3);
    cr_auto(cr_check) made = check(&day);
    assert_int_equal(made->n_breaches, 0);
    cr_round *of_bo = &day.plan->rounds[1];
    cr_stop *rest = &day.plan->stops[of_bo->stops.first + 2];
    of_bo->arrive += 5;
    expect_breach(&day, CR_NONE, ADA, of_bo->arrive - 5, of_bo->arrive);
    rest->start += 5;
    expect_breach(&day, CR_NONE, ADA, rest->start - 5, rest->start);
    rest->start -= 5;
    of_bo->arrive -= 5;
    of_bo->depart -= 1;
    expect_breach(&day, CR_NONE, ADA, of_bo->depart + 1, of_bo->depart);
    of_bo->depart += 1;
    day.problem->slots[1].duration = 25; /* Bo would be done sooner */
    int32_t start = day.plan->stops[0].start;
    expect_breach(&day, 0, ADA, start + 30, start + 25);
    small_day_done(&day);
}

/* ---- a sound crew ---- */

static void expect_fault(const small_day *day)
{
    char message[200];
    assert_int_equal(cr_problem_validate(day->problem, message, sizeof message), CR_E_INPUT);
}

static void test_the_shifts_of_a_crew_are_alike(void **state)
{
    small_day day;
    begin(&day, true);
    cr_shift *of_bo = &day.problem->shifts[BO], sound = *of_bo;
    of_bo->end -= 10;
    expect_fault(&day);
    *of_bo = sound;
    of_bo->end_place = 3;
    expect_fault(&day);
    *of_bo = sound;
    of_bo->crew = 8; /* two crews of one */
    expect_fault(&day);
    *of_bo = sound;
    day.problem->shifts[CY].crew = 7; /* three in a car */
    expect_fault(&day);
    day.problem->shifts[CY].crew = CR_NONE;
    day.problem->breaks[1].length = 20;
    expect_fault(&day);
    day.problem->breaks[1].length = 15;
    day.problem->shifts[ADA].rides = true; /* who drives? */
    expect_fault(&day);
    small_day_done(&day);
}

/* Bo goes at 09:30: Ada goes on, by herself. Where nobody goes they stay together. */
static void test_who_is_left_of_a_crew_goes_on(void **state)
{
    for (int32_t n_absences = 0; n_absences <= 1; n_absences++) {
        small_day day;
        begin(&day, false);
        const cr_absence ill = {BO, HM(9, 30), HM(24, 0)};
        const cr_as_of as_of = {HM(8, 0), n_absences, &ill};
        char message[200];
        assert_int_equal(cr_problem_stand_at(day.problem, &as_of, message, sizeof message), CR_OK);
        assert_int_equal(day.problem->shifts[ADA].crew, n_absences ? CR_NONE : 7);
        assert_int_equal(day.problem->shifts[BO].crew, n_absences ? CR_NONE : 7);
        assert_int_equal(day.problem->shifts[BO].rides, n_absences == 0);
        small_day_done(&day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_miles_of_a_car_are_paid_once),
        cmocka_unit_test(test_a_crew_serves_visits_of_two),
        cmocka_unit_test(test_a_crew_is_not_at_a_visit_of_three),
        cmocka_unit_test(test_stops_of_a_crew_that_are_none),
        cmocka_unit_test(test_the_reasons_know_of_the_crew),
        cmocka_unit_test(test_another_visit_is_told),
        cmocka_unit_test(test_other_times_are_told),
        cmocka_unit_test(test_the_shifts_of_a_crew_are_alike),
        cmocka_unit_test(test_who_is_left_of_a_crew_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
