/* The checker: a plan worked out by hand passes, a broken one is told apart, and no plan is too wild for it.
 *
 * The day and its sums are in worked_day.h; the rules one by one are in test_check_rules.c. Slots: 0 is v0's, 1 and 2
 * are v1's, 3 is v2's, 4 and 5 are v3's.
 */
#include "checked_day.h"

/* ---- a plan that obeys ---- */

static void test_the_worked_day_obeys_every_rule(void **state)
{
    cr_auto(cr_check) made = check(*state);
    assert_int_equal(made->n_breaches, 0);
    assert_int_equal(made->travel, 77);
    assert_int_equal(made->waiting, 9);
    assert_int_equal(made->care, 125);
    assert_int_equal(made->door, 14);
    assert_int_equal(made->dist_m, 7700);
}

static void test_each_cost_term_is_the_sum_done_by_hand(void **state)
{
    cr_auto(cr_check) made = check(*state);
    for (int32_t t = 0; t < CR_TERM_N; t++)
        assert_int_equal(made->cost.term[t], worked_day_terms[t]);
    assert_int_equal(made->cost.total, 11854);
}

static void test_too_early_costs_by_the_minute_too(void **state)
{
    worked_day *day = *state;
    day->problem->visits[0].prefer_open = HM(8, 45); /* 08:35 is 10 early, and still 5 before the close */
    day->problem->visits[0].prefer_close = HM(8, 50);
    day->problem->visits[0].early_price = 6;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_PREFERRED_TIME], 60);
}

static void test_an_unpaid_break_is_not_in_the_wages(void **state)
{
    worked_day *day = *state;
    day->problem->breaks[0].paid = false;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_WAGES], 650 - 3 * 15);
}

static void test_the_worst_lateness_counts_without_a_price_a_minute(void **state)
{
    worked_day *day = *state;
    day->problem->visits[0].due = HM(8, 25); /* 10 late: worse than v1's 5 */
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_LATENESS], 50);
    assert_int_equal(made->cost.term[CR_TERM_WORST_LATENESS], 1000);
}

static void test_door_time_is_not_paid_again_for_a_neighbour(void **state)
{
    /* v2 moves to B, after v1 in Bo's round: 10:10-10:30, no leg, no door, an open end. */
    worked_day *day = *state;
    cr_problem *p = day->problem;
    p->visits[2].place = AT_B;
    p->windows[p->visits[2].windows.first] = (cr_window){HM(10, 0), HM(11, 0)};
    p->n_gaps = 0;
    day->plan->n_rounds = 2;
    day->plan->rounds[1].stops.n = 2;
    day->plan->rounds[1].arrive = HM(10, 30);
    day->plan->stops[4].start = HM(10, 10);
    cr_auto(cr_check) made = check(day);
    assert_int_equal(count(day, CR_RULE_TRAVEL), 0);
    assert_int_equal(made->door, 7 + 4);
    assert_int_equal(made->travel, 45 + 20);
    assert_int_equal(made->waiting, 8 + 1);
    assert_int_equal(made->n_breaches, count(day, CR_RULE_COST));
}

static void test_a_break_before_the_first_visit_is_spent_at_the_start_place(void **state)
{
    /* Bo's shift gets a break from 08:30, of 10, before she leaves base: 9:00 - 20 - 4 of travel and door remain. */
    worked_day *day = *state;
    cr_problem *p = day->problem;
    p->shifts[1].breaks = (cr_range){1, 1};
    assert_int_equal(cr_problem_add_break(p, HM(8, 30), HM(9, 0), 10, false), CR_OK);
    p->shifts[2].breaks = (cr_range){0, 0}; /* add_break gave it to the last shift */
    p->breaks[1].shift = 1;
    day->plan->n_stops = 0;
    cr_auto(cr_plan) plan = NULL;
    assert_int_equal(cr_plan_new(3, 6, 1, &plan), CR_OK);
    const cr_stop stops[] = {{0, CR_NONE, HM(8, 35)}, {1, CR_NONE, HM(9, 25)}, {CR_NONE, 0, HM(10, 0)},
                             {CR_NONE, 1, HM(8, 51)}, {2, CR_NONE, HM(9, 25)}, {3, CR_NONE, HM(15, 0)}};
    for (int32_t k = 0; k < 6; k++)
        plan->stops[k] = stops[k];
    for (int32_t r = 0; r < 3; r++)
        plan->rounds[r] = day->plan->rounds[r];
    plan->rounds[1].stops = (cr_range){3, 2};
    plan->rounds[1].depart = HM(8, 50);
    plan->rounds[2].stops = (cr_range){5, 1};
    plan->unallocated[0] = 3;
    cr_auto(cr_check) made = NULL;
    assert_int_equal(cr_check_plan(p, plan, &made), CR_OK);
    /* 09:01 + 24 = 09:25: in time. Waiting 1 before the break: 08:50-10:10 is 80 = 20 + 4 + 45 + 10 + 1. */
    assert_int_equal(made->waiting, 8 + 1);
    for (int32_t b = 0; b < made->n_breaches; b++)
        assert_int_equal(made->breaches[b].rule, CR_RULE_COST);
}

/* ---- all there, and once ---- */

static void test_a_visit_in_no_round_and_not_on_the_list_is_lost(void **state)
{
    worked_day *day = *state;
    day->plan->n_unallocated = 0;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_STRUCTURE, 3, CR_NONE, CR_NONE, 0, 2);
}

static void test_half_a_double_up_is_no_visit(void **state)
{
    worked_day *day = *state;
    day->plan->n_rounds = 1; /* Bo stays at home, and v2 is not done */
    day->plan->rounds[1] = day->plan->rounds[2];
    day->plan->n_rounds = 2;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_STRUCTURE, 1, CR_NONE, CR_NONE, 1, 2);
}

static void test_a_visit_served_and_on_the_list_is_told(void **state)
{
    worked_day *day = *state;
    day->plan->unallocated[0] = 2;
    day->problem->visits[3].slots.n = 0; /* v3 would be lost: let it need nobody */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_STRUCTURE, 2, CR_NONE, CR_NONE, 1, 0);
}

static void test_a_slot_in_two_rounds_is_told(void **state)
{
    worked_day *day = *state;
    day->plan->stops[3].slot = 1; /* Bo has Ada's slot, of 30, and nobody has slot 2 */
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 2);
    EXPECT(made->breaches[0], CR_RULE_STRUCTURE, 1, 1, BO, 2, 1);
    EXPECT(made->breaches[1], CR_RULE_STRUCTURE, 1, CR_NONE, CR_NONE, 1, 2);
}

static void test_a_round_without_a_visit_is_told(void **state)
{
    worked_day *day = *state;
    day->plan->rounds[2].stops.n = 0;
    day->plan->rounds[2].arrive = HM(14, 57);
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 2);
    EXPECT(made->breaches[0], CR_RULE_STRUCTURE, CR_NONE, 2, ADA, 0, 1);
    EXPECT(made->breaches[1], CR_RULE_STRUCTURE, 2, CR_NONE, CR_NONE, 0, 1);
}

static void test_rounds_out_of_order_are_told(void **state)
{
    worked_day *day = *state;
    cr_round first = day->plan->rounds[0];
    day->plan->rounds[0] = day->plan->rounds[1];
    day->plan->rounds[1] = first;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_STRUCTURE, CR_NONE, 0, CR_NONE, 0, 2);
}

static void test_a_shift_with_two_rounds_is_told(void **state)
{
    worked_day *day = *state;
    day->plan->rounds[2].shift = 1;
    cr_auto(cr_check) made = check(day);
    EXPECT(made->breaches[0], CR_RULE_STRUCTURE, CR_NONE, 1, BO, 2, 1);
}

static void test_indices_out_of_range_are_told(void **state)
{
    worked_day *day = *state;
    day->plan->rounds[0].stops.n = INT32_MAX;
    day->plan->rounds[1].shift = 3;
    day->plan->stops[4].slot = 6;
    day->plan->unallocated[0] = -9;
    cr_auto(cr_check) made = check(day);
    EXPECT(made->breaches[0], CR_RULE_STRUCTURE, CR_NONE, 0, ADA, INT32_MAX, 5);
    EXPECT(made->breaches[1], CR_RULE_STRUCTURE, CR_NONE, CR_NONE, CR_NONE, 3, 3);
    EXPECT(made->breaches[2], CR_RULE_STRUCTURE, CR_NONE, 2, ADA, 6, 6);
    /* [3]: with that stop gone the round has no visit */
    EXPECT(made->breaches[4], CR_RULE_STRUCTURE, CR_NONE, CR_NONE, CR_NONE, -9, 4);
}

static void test_a_stop_that_is_visit_and_break_or_neither_is_told(void **state)
{
    worked_day *day = *state;
    day->plan->stops[2].slot = 4;
    cr_auto(cr_check) made = check(day);
    EXPECT(made->breaches[0], CR_RULE_STRUCTURE, CR_NONE, 0, ADA, 2, 1);
    day->plan->stops[2] = (cr_stop){CR_NONE, CR_NONE, HM(10, 0)};
    cr_auto(cr_check) again = check(day);
    EXPECT(again->breaches[0], CR_RULE_STRUCTURE, CR_NONE, 0, ADA, 0, 1);
}

static void test_a_false_claim_of_cost_is_told_term_by_term(void **state)
{
    worked_day *day = *state;
    day->plan->cost.term[CR_TERM_WAGES]--;
    day->plan->cost.total++;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 2);
    EXPECT(made->breaches[0], CR_RULE_COST, CR_NONE, CR_NONE, CR_NONE, 649, 650);
    assert_int_equal(made->breaches[0].item, CR_TERM_WAGES);
    EXPECT(made->breaches[1], CR_RULE_COST, CR_NONE, CR_NONE, CR_NONE, 11855, 11854);
    assert_int_equal(made->breaches[1].item, CR_TERM_N);
}

static void test_every_rule_has_a_name_of_its_own(void **state)
{
    for (int32_t a = 0; a < CR_RULE_N; a++)
        for (int32_t b = 0; b < a; b++)
            assert_string_not_equal(cr_rule_name((cr_rule)a), cr_rule_name((cr_rule)b));
    assert_string_equal(cr_rule_name(CR_RULE_N), "?");
}

/* ---- a plan from anywhere ---- */

static int32_t wild(uint32_t *seed)
{
    static const int32_t values[] = {INT32_MIN, INT32_MIN + 1, -2, -1, 0, 1, 2, 3, 5, 6, 500, INT32_MAX - 1, INT32_MAX};
    *seed = *seed * 1664525 + 1013904223;
    return values[(*seed >> 16) % (sizeof values / sizeof *values)];
}

static void spoil(cr_plan *plan, uint32_t *seed)
{
    uint32_t where = (uint32_t)wild(seed) % 12;
    cr_round *round = &plan->rounds[where % 3];
    cr_stop *stop = &plan->stops[where % 5];
    int32_t value = wild(seed);
    int32_t *const fields[] = {&round->shift, &round->depart, &round->arrive, &round->stops.first,  &round->stops.n,
                               &stop->slot,   &stop->brk,     &stop->start,   &plan->unallocated[0]};
    *fields[(*seed >> 8) % (sizeof fields / sizeof *fields)] = value;
}

static void test_the_wildest_plan_gets_a_list_of_breaches(void **state)
{
    worked_day *day = *state;
    day->problem->prices.worst_lateness = INT64_C(1) << 50; /* with a start of INT32_MAX beyond 64 bits */
    uint32_t seed = 1;
    int32_t n_breaches = 0;
    for (int32_t run = 0; run < 20000; run++) {
        cr_auto(cr_plan) plan = NULL;
        cr_auto(cr_check) made = NULL;
        assert_int_equal(cr_plan_copy(day->plan, &plan), CR_OK);
        for (int32_t k = 0; k < 1 + run % 6; k++)
            spoil(plan, &seed);
        assert_int_equal(cr_check_plan(day->problem, plan, &made), CR_OK);
        n_breaches += made->n_breaches;
    }
    assert_true(n_breaches > 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAY(test_the_worked_day_obeys_every_rule),
        WITH_DAY(test_each_cost_term_is_the_sum_done_by_hand),
        WITH_DAY(test_too_early_costs_by_the_minute_too),
        WITH_DAY(test_an_unpaid_break_is_not_in_the_wages),
        WITH_DAY(test_the_worst_lateness_counts_without_a_price_a_minute),
        WITH_DAY(test_door_time_is_not_paid_again_for_a_neighbour),
        WITH_DAY(test_a_break_before_the_first_visit_is_spent_at_the_start_place),
        WITH_DAY(test_a_visit_in_no_round_and_not_on_the_list_is_lost),
        WITH_DAY(test_half_a_double_up_is_no_visit),
        WITH_DAY(test_a_visit_served_and_on_the_list_is_told),
        WITH_DAY(test_a_slot_in_two_rounds_is_told),
        WITH_DAY(test_a_round_without_a_visit_is_told),
        WITH_DAY(test_rounds_out_of_order_are_told),
        WITH_DAY(test_a_shift_with_two_rounds_is_told),
        WITH_DAY(test_indices_out_of_range_are_told),
        WITH_DAY(test_a_stop_that_is_visit_and_break_or_neither_is_told),
        WITH_DAY(test_a_false_claim_of_cost_is_told_term_by_term),
        WITH_DAY(test_every_rule_has_a_name_of_its_own),
        WITH_DAY(test_the_wildest_plan_gets_a_list_of_breaches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
