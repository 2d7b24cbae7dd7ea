/* Rules on whole shifts and on how work is shared out: overrun, idle time, imbalance, leaving at begin, late ends;
 * and visits that are served both or neither.
 *
 * The day of worked_day.h: Ada 08:20 to 10:35 (112 of work, a break of 15) and 14:57 to 15:32 (35); Bo 09:00 to 10:10
 * (69). Every shift is four hours long.
 */
#include "checked_day.h"

#include "careround/solve.h"

static void test_the_time_after_the_paid_end_costs(void **state)
{
    worked_day *day = *state;
    day->problem->shifts[0].paid_end = HM(10, 30);
    day->problem->shifts[0].overrun_price = 6;
    day->problem->shifts[1].paid_end = HM(10, 10); /* back in time */
    day->problem->shifts[1].overrun_price = 100;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_OVERRUN], 6 * 5);
    assert_int_equal(made->cost.total, 11854 + 30);
}

static void test_the_longest_idle_time_is_priced(void **state)
{
    worked_day *day = *state;
    day->problem->prices.worst_idle = 7;
    cr_auto(cr_check) made = check(day); /* 240 - 127, 240 - 69, 240 - 35 */
    assert_int_equal(made->cost.term[CR_TERM_IDLE], 7 * 205);
    day->problem->shifts[2].paid_end = HM(15, 0); /* back at 15:32: 92 - 35 */
    cr_auto(cr_check) late = check(day);
    assert_int_equal(late->cost.term[CR_TERM_IDLE], 7 * 171);
    day->problem->shifts[1].paid_end = HM(9, 10); /* back at 10:10: 130 - 69; now Ada's first round, 113 */
    cr_auto(cr_check) later = check(day);
    assert_int_equal(later->cost.term[CR_TERM_IDLE], 7 * 113);
}

static void test_a_shift_without_a_round_is_idle_all_the_time(void **state)
{
    worked_day *day = *state;
    cr_shift shift = CR_SHIFT_INIT;
    shift.carer = BO;
    shift.begin = HM(13, 0);
    shift.end = HM(18, 0);
    assert_int_equal(cr_problem_add_shift(day->problem, &shift), CR_OK);
    day->problem->prices.worst_idle = 7;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_IDLE], 7 * 300);
}

/* Ada works 147 and Bo 69: 39 off the mean each. With a third who works nothing the mean is 72: 75, 3 and 72. */
static void test_work_above_and_below_the_mean_costs(void **state)
{
    worked_day *day = *state;
    day->problem->prices.imbalance = 2;
    cr_carer idle = CR_CARER_INIT;
    assert_int_equal(cr_problem_add_carer(day->problem, &idle), CR_OK); /* has no shift: not counted */
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_IMBALANCE], 2 * 78);
    cr_shift shift = CR_SHIFT_INIT;
    shift.carer = 2;
    shift.end = HM(8, 0);
    assert_int_equal(cr_problem_add_shift(day->problem, &shift), CR_OK);
    cr_auto(cr_check) three = check(day);
    assert_int_equal(three->cost.term[CR_TERM_IMBALANCE], 2 * 150);
}

/* Three carers with 147, 70 and 0: 72.33 is the mean, they are 74.67, 2.33 and 72.33 off it. */
static void test_a_tick_begun_counts_whole(void **state)
{
    worked_day *day = *state;
    day->problem->prices.imbalance = 1;
    cr_carer carer = CR_CARER_INIT;
    cr_shift shift = CR_SHIFT_INIT;
    assert_int_equal(cr_problem_add_carer(day->problem, &carer), CR_OK);
    shift.carer = 2;
    shift.end = HM(8, 0);
    assert_int_equal(cr_problem_add_shift(day->problem, &shift), CR_OK);
    day->problem->slots[2].duration += 1;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_IMBALANCE], 75 + 3 + 73);
}

static void test_a_visit_late_by_its_end_counts_each_slot(void **state)
{
    worked_day *day = *state;
    day->problem->visits[1].late_by_end = true;
    day->problem->visits[1].due = HM(10, 0); /* 09:25 and 30 minutes, 09:25 and 45 minutes */
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_LATENESS], 5 * 10);
    assert_int_equal(made->cost.term[CR_TERM_WORST_LATENESS], 100 * 10);
}

static void test_who_leaves_as_the_shift_begins_waits_from_then_on(void **state)
{
    worked_day *day = *state;
    day->problem->shifts[1].leaves_at_begin = true;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_SHIFT, CR_NONE, 1, BO, HM(9, 0), HM(8, 0));
    day->plan->rounds[1].depart = HM(8, 0);
    cr_auto(cr_check) made = check(day);
    assert_int_equal(count(day, CR_RULE_SHIFT), 0);
    assert_int_equal(made->cost.term[CR_TERM_WAITING], 4 * (8 + 1 + 60));
}

static void test_visits_served_both_or_neither(void **state)
{
    worked_day *day = *state;
    assert_int_equal(count(day, CR_RULE_BOTH), 0);
    cr_gap gap = CR_GAP_INIT;
    gap.first = 2; /* served */
    gap.second = 3;
    gap.both = true;
    assert_int_equal(cr_problem_add_gap(day->problem, &gap), CR_OK);
    cr_breach b = only_breach(day);
    assert_int_equal(b.other_visit, 3);
    EXPECT(b, CR_RULE_BOTH, 2, CR_NONE, CR_NONE, 1, 2);
    day->problem->gaps[day->problem->n_gaps - 1].second = 0; /* both served */
    assert_int_equal(count(day, CR_RULE_BOTH), 0);
}

static void test_the_engine_sums_and_times_as_the_checker_does(void **state)
{
    worked_day *day = *state;
    day->problem->prices.worst_idle = 7;
    day->problem->prices.imbalance = 2;
    day->problem->shifts[0].paid_end = HM(10, 30);
    day->problem->shifts[0].overrun_price = 6;
    day->problem->shifts[1].leaves_at_begin = true;
    day->problem->visits[1].late_by_end = true;
    assert_int_equal(cr_plan_time(day->problem, day->plan), CR_OK);
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 0);
    assert_int_equal(day->plan->rounds[1].depart, HM(8, 0));
    assert_int_equal(day->plan->cost.term[CR_TERM_IDLE], 7 * 205);
    assert_int_equal(day->plan->cost.term[CR_TERM_IMBALANCE], 2 * 78);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAY(test_the_time_after_the_paid_end_costs),
        WITH_DAY(test_the_longest_idle_time_is_priced),
        WITH_DAY(test_a_shift_without_a_round_is_idle_all_the_time),
        WITH_DAY(test_work_above_and_below_the_mean_costs),
        WITH_DAY(test_a_tick_begun_counts_whole),
        WITH_DAY(test_a_visit_late_by_its_end_counts_each_slot),
        WITH_DAY(test_who_leaves_as_the_shift_begins_waits_from_then_on),
        WITH_DAY(test_visits_served_both_or_neither),
        WITH_DAY(test_the_engine_sums_and_times_as_the_checker_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
