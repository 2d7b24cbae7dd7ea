/* Double-ups that overlap only partly: the second carer's part, a visit of its own beside the first carer's. */
#include "careround/check.h"
#include "careround/explain.h"
#include "careround/solve.h"

#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { WHOLE, PART, ELSEWHERE };

/* Ann and Bea, 08:00 to 12:00. A visit 10 minutes away at 09:00, 45 minutes, and for 20 of them a second carer, who
 * begins so long after the first. A visit 20 minutes away at 09:00, 10 minutes. */
static void set_up_day(small_day *day, int32_t n_carers, int32_t least, int32_t most)
{
    small_day_init(day);
    for (int32_t c = 0; c < n_carers; c++)
        small_day_carer(day, HM(8, 0), HM(12, 0));
    small_day_visit(day, 10, HM(9, 0), HM(9, 0), 45);
    small_day_visit(day, 10, HM(9, 0) + least, HM(9, 0) + most, 20);
    small_day_visit(day, 20, HM(9, 0), HM(9, 0), 10);
    cr_gap gap = {.first = WHOLE, .second = PART, .min = least, .max = most, .carers = CR_GAP_DIFFERENT, .both = true};
    assert_int_equal(cr_problem_add_gap(day->problem, &gap), CR_OK);
}

static cr_plan *solve(small_day *day)
{
    char message[200];
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    cr_plan *plan = NULL;
    options.iterations = 300;
    assert_int_equal(cr_problem_validate(day->problem, message, sizeof message), CR_OK);
    assert_int_equal(cr_solve(day->problem, &options, &plan, NULL), CR_OK);
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(day->problem, plan, &check), CR_OK);
    assert_int_equal(check->n_breaches, 0);
    return plan;
}

/* One comes from the visit elsewhere (09:10 and 10 minutes of way): ways of 10 + 10 and 20 + 10 + 10. */
static void test_the_second_carer_comes_from_elsewhere(void **state)
{
    (void)state;
    small_day day;
    set_up_day(&day, 2, 20, 25);
    cr_auto(cr_plan) plan = solve(&day);
    assert_int_equal(plan->n_unallocated, 0);
    assert_int_equal(plan->cost.total, 60);
    small_day_done(&day);
}

/* She would be there at 09:20, but is needed by 09:15: the visit elsewhere (1000) is the least to leave out. */
static void test_a_part_that_begins_too_soon_for_her(void **state)
{
    (void)state;
    small_day day;
    set_up_day(&day, 2, 0, 15);
    cr_auto(cr_plan) plan = solve(&day);
    assert_int_equal(plan->n_unallocated, 1);
    assert_int_equal(plan->unallocated[0], ELSEWHERE);
    assert_int_equal(plan->cost.total, 1000 + 20 + 20);
    small_day_done(&day);
}

/* With Ann alone neither the visit nor the part is served, 2 x 1000; she goes elsewhere, 20 and 20. Alone she could. */
static void test_no_visit_by_half(void **state)
{
    (void)state;
    small_day day;
    set_up_day(&day, 1, 50, 60);
    cr_auto(cr_plan) plan = solve(&day);
    assert_int_equal(plan->n_unallocated, 2);
    assert_int_equal(plan->cost.total, 2000 + 40);
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    options.visit = PART;
    cr_auto(cr_explanations) why = NULL;
    assert_int_equal(cr_explain_plan(day.problem, plan, &options, &why), CR_OK);
    assert_int_equal(why->items[0].count[CR_REASON_PARTNER], 1);
    assert_int_equal(why->items[0].change.kind, CR_CHANGE_NONE);
    small_day_done(&day);
}

static int32_t count(const small_day *day, cr_rule rule, int64_t is, int64_t should)
{
    cr_auto(cr_check) check = NULL;
    int32_t n = 0;
    assert_int_equal(cr_check_plan(day->problem, day->plan, &check), CR_OK);
    for (int32_t b = 0; b < check->n_breaches; b++) {
        const cr_breach *breach = &check->breaches[b];
        n += breach->rule == rule && breach->is == is && breach->should == should;
    }
    return n;
}

/* 26 minutes after the first, one more than the most; by the same carer; and without the first. */
static void test_the_checker_knows_when_and_by_whom(void **state)
{
    static const int32_t rounds[][SMALL_DAY_STOPS] = {{WHOLE, CR_NONE}, {ELSEWHERE, PART, CR_NONE}};
    (void)state;
    small_day day;
    set_up_day(&day, 2, 20, 25);
    small_day_plan(&day, rounds, 2);
    assert_int_equal(day.plan->stops[2].slot, PART);
    day.plan->stops[2].start = HM(9, 26);
    assert_int_equal(count(&day, CR_RULE_GAP, 26, 25), 1);
    day.plan->rounds[1].shift = 0;
    day.plan->rounds[0].shift = 1;
    assert_int_equal(count(&day, CR_RULE_GAP_CARERS, 1, 0), 0);
    day.problem->shifts[1].carer = 0;
    assert_int_equal(count(&day, CR_RULE_GAP_CARERS, 1, 0), 1);
    day.plan->rounds[1].stops.n = 1;
    assert_int_equal(count(&day, CR_RULE_BOTH, 1, 2), 1);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_second_carer_comes_from_elsewhere),
        cmocka_unit_test(test_a_part_that_begins_too_soon_for_her),
        cmocka_unit_test(test_no_visit_by_half),
        cmocka_unit_test(test_the_checker_knows_when_and_by_whom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
