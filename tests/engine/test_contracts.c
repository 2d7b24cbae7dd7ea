/* Contracts with providers: what is paid for their carers' care, and how much of it there may be.
 *
 * In the day of worked_day.h Ada cares for 30, 30 and 20 minutes in three visits, Bo for 45 in one.
 */
#include "checked_day.h"

#include "careround/report.h"
#include "careround/solve.h"

#include "small_day.h"

static void add_provider(cr_problem *p, int32_t carer, cr_provider provider, const cr_length_price *by_length,
                         int32_t n)
{
    p->carers[carer].provider = p->n_providers;
    assert_int_equal(cr_problem_add_length_prices(p, by_length, n, &provider.by_length), CR_OK);
    assert_int_equal(cr_problem_add_provider(p, &provider), CR_OK);
}

/* 60 paid for at 5, the other 20 at 7; 20 short of the least, at 2; 12 for each half hour and 10 for the 20 minutes. */
static void test_block_least_and_lengths_are_paid(void **state)
{
    worked_day *day = *state;
    const cr_length_price by_length[] = {{15, 3}, {25, 10}, {30, 12}};
    cr_provider provider = CR_PROVIDER_INIT;
    provider.block = 60;
    provider.block_price = 5;
    provider.care_price = 7;
    provider.least_care = 100;
    provider.shortfall_price = 2;
    add_provider(day->problem, ADA, provider, by_length, 3);
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_CONTRACTS], 60 * 5 + 20 * 7 + 20 * 2 + 12 + 12 + 10);
    assert_int_equal(made->cost.total, 11854 + 514);
    day->problem->providers[0].block = 90; /* paid for, used or not */
    cr_auto(cr_check) larger = check(day);
    assert_int_equal(larger->cost.term[CR_TERM_CONTRACTS], 90 * 5 + 20 * 2 + 34);
    cr_auto(cr_report) report = NULL;
    assert_int_equal(cr_report_plan(day->problem, day->plan, &report), CR_OK);
    assert_int_equal(report->contracts[0].care, 80);
    assert_int_equal(report->contracts[0].n_slots, 3);
    assert_int_equal(report->contracts[0].cost, 524);
}

/* 45 minutes are two of 20, and 5 more that cost as 20 do. */
static void test_what_is_longer_than_the_last_length_counts_as_several(void **state)
{
    worked_day *day = *state;
    const cr_length_price by_length[] = {{20, 9}};
    add_provider(day->problem, BO, CR_PROVIDER_INIT, by_length, 1);
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_CONTRACTS], 27);
    day->problem->slots[2].duration = 40;
    cr_auto(cr_check) two = check(day);
    assert_int_equal(two->cost.term[CR_TERM_CONTRACTS], 18);
}

static void test_care_slept_through_is_not_counted(void **state)
{
    worked_day *day = *state;
    const cr_length_price by_length[] = {{60, 9}};
    cr_provider provider = CR_PROVIDER_INIT;
    provider.care_price = 1;
    add_provider(day->problem, BO, provider, by_length, 1);
    day->problem->slots[2].sleeps = true;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_CONTRACTS], 0);
}

static void test_caps_are_kept(void **state)
{
    worked_day *day = *state;
    cr_provider provider = CR_PROVIDER_INIT;
    provider.max_care = 80;
    provider.max_slots = 3;
    add_provider(day->problem, ADA, provider, NULL, 0);
    assert_int_equal(count(day, CR_RULE_PROVIDER_CARE) + count(day, CR_RULE_PROVIDER_SLOTS), 0);
    day->problem->providers[0].max_care = 79;
    cr_breach care = only_breach(day);
    EXPECT(care, CR_RULE_PROVIDER_CARE, CR_NONE, CR_NONE, CR_NONE, 80, 79);
    assert_int_equal(care.item, 0);
    day->problem->providers[0].max_care = CR_NONE;
    day->problem->providers[0].max_slots = 2;
    cr_breach slots = only_breach(day);
    EXPECT(slots, CR_RULE_PROVIDER_SLOTS, CR_NONE, CR_NONE, CR_NONE, 3, 2);
}

/* ---- the search ---- */

static cr_plan *solve(small_day *day)
{
    char message[200];
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    cr_plan *plan = NULL;
    options.iterations = 500;
    assert_int_equal(cr_problem_validate(day->problem, message, sizeof message), CR_OK);
    assert_int_equal(cr_solve(day->problem, &options, &plan, NULL), CR_OK);
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(day->problem, plan, &check), CR_OK);
    assert_int_equal(check->n_breaches, 0);
    return plan;
}

/* Ann is in-house, Bea and Cat an agency's; two visits of 30, a double-up of 60. */
static void set_up_agency(small_day *day, cr_provider agency)
{
    small_day_init(day);
    for (int32_t c = 0; c < 3; c++)
        small_day_carer(day, HM(8, 0), HM(12, 0));
    small_day_visit(day, 1, HM(9, 0), HM(9, 0), 30);
    small_day_visit(day, 1, HM(9, 40), HM(9, 40), 30);
    small_day_visit(day, 1, HM(10, 30), HM(10, 30), 60);
    small_day_one_more(day);
    assert_int_equal(cr_problem_add_provider(day->problem, &CR_PROVIDER_INIT), CR_OK);
    assert_int_equal(cr_problem_add_provider(day->problem, &agency), CR_OK);
    for (int32_t c = 0; c < 3; c++)
        day->problem->carers[c].provider = c > 0;
}

/* Ann can do both short visits and half of the double-up: 60 of the agency's at 3, and ways of 2 and 2. */
static void test_dear_care_is_done_by_others_where_they_can(void **state)
{
    (void)state;
    small_day day;
    cr_provider agency = CR_PROVIDER_INIT;
    agency.care_price = 3;
    set_up_agency(&day, agency);
    cr_auto(cr_plan) plan = solve(&day);
    assert_int_equal(plan->cost.total, 60 * 3 + 4);
    small_day_done(&day);
}

/* A block of 120 is paid for anyway, at 3: what it does not cover costs nothing here, so it does not matter who; but a
 * least of 90 is worth having, 30 short of it cost 9 each. */
static void test_hours_agreed_are_used(void **state)
{
    (void)state;
    small_day day;
    cr_provider agency = CR_PROVIDER_INIT;
    agency.block = 120;
    agency.block_price = 3;
    agency.least_care = 90;
    agency.shortfall_price = 9;
    set_up_agency(&day, agency);
    cr_auto(cr_plan) plan = solve(&day);
    assert_int_equal(plan->cost.term[CR_TERM_CONTRACTS], 360);
    assert_int_equal(plan->cost.total, 360 + 4);
    small_day_done(&day);
}

/* With Ann away the agency could do all; at most 2 visits are agreed: rather the two short ones by one carer, than the
 * double-up by two. */
static void test_a_cap_keeps_visits_out(void **state)
{
    (void)state;
    small_day day;
    cr_provider agency = CR_PROVIDER_INIT;
    agency.max_slots = 2;
    set_up_agency(&day, agency);
    day.problem->shifts[0].end = HM(8, 1);
    cr_auto(cr_plan) plan = solve(&day);
    assert_int_equal(plan->n_unallocated, 1);
    assert_int_equal(plan->cost.total, 2000 + 2);
    day.problem->providers[1].max_slots = 1; /* the double-up is two of them */
    cr_auto(cr_plan) one = solve(&day);
    assert_int_equal(one->cost.total, 1000 + 2000 + 2);
    small_day_done(&day);
}

/* Half hours cost 9 and hours 20 with the agency; Ann's are free. She does the double-up and one of the short ones,
 * which are at the same time. */
static void test_lengths_decide_who_comes(void **state)
{
    (void)state;
    small_day day;
    const cr_length_price by_length[] = {{30, 9}, {60, 20}};
    set_up_agency(&day, CR_PROVIDER_INIT);
    assert_int_equal(cr_problem_add_length_prices(day.problem, by_length, 2, &day.problem->providers[1].by_length),
                     CR_OK);
    day.problem->windows[1] = day.problem->windows[0];
    cr_auto(cr_plan) plan = solve(&day);
    assert_int_equal(plan->cost.total, 20 + 9 + 4);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAY(test_block_least_and_lengths_are_paid),
        WITH_DAY(test_what_is_longer_than_the_last_length_counts_as_several),
        WITH_DAY(test_care_slept_through_is_not_counted),
        WITH_DAY(test_caps_are_kept),
        cmocka_unit_test(test_dear_care_is_done_by_others_where_they_can),
        cmocka_unit_test(test_hours_agreed_are_used),
        cmocka_unit_test(test_a_cap_keeps_visits_out),
        cmocka_unit_test(test_lengths_decide_who_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
