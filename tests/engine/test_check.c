/* The checker: a plan worked out by hand passes, and one planted breach of each rule is told with its numbers.
 *
 * The day and its sums are in worked_day.h. Slots: 0 is v0's, 1 and 2 are v1's, 3 is v2's, 4 and 5 are v3's.
 */
#include "careround/check.h"

#include "worked_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int set_up(void **state)
{
    static worked_day day;
    worked_day_init(&day);
    *state = &day;
    return 0;
}

static int tear_down(void **state)
{
    worked_day_done(*state);
    return 0;
}

static cr_check *check(const worked_day *day)
{
    cr_check *made = NULL;
    assert_int_equal(cr_check_plan(day->problem, day->plan, &made), CR_OK);
    return made;
}

/* The only breach but for the cost, which a change of times changes too. */
static cr_breach only_breach(const worked_day *day)
{
    cr_auto(cr_check) made = check(day);
    cr_breach found = {.rule = CR_RULE_N};
    for (int32_t b = 0; b < made->n_breaches; b++) {
        if (made->breaches[b].rule == CR_RULE_COST)
            continue;
        assert_int_equal(found.rule, CR_RULE_N);
        found = made->breaches[b];
    }
    assert_int_not_equal(found.rule, CR_RULE_N);
    return found;
}

static int32_t count(const worked_day *day, cr_rule rule)
{
    cr_auto(cr_check) made = check(day);
    int32_t n = 0;
    for (int32_t b = 0; b < made->n_breaches; b++)
        n += made->breaches[b].rule == rule;
    return n;
}

#define EXPECT(breach, rule_, visit_, shift_, carer_, is_, should_)                                                    \
    do {                                                                                                               \
        assert_string_equal(cr_rule_name((breach).rule), cr_rule_name(rule_));                                         \
        assert_int_equal((breach).visit, (visit_));                                                                    \
        assert_int_equal((breach).shift, (shift_));                                                                    \
        assert_int_equal((breach).carer, (carer_));                                                                    \
        assert_int_equal((breach).is, (is_));                                                                          \
        assert_int_equal((breach).should, (should_));                                                                  \
    } while (0)

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

/* ---- one breach of each rule ---- */

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

static void test_a_start_outside_the_windows_is_measured_from_the_nearest(void **state)
{
    worked_day *day = *state;
    day->problem->windows[0] = (cr_window){HM(8, 0), HM(8, 33)};
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_WINDOW, 0, 0, ADA, HM(8, 35), HM(8, 33));
    day->problem->windows[0] = (cr_window){HM(8, 0), HM(9, 0)};
    day->problem->windows[1].close = HM(9, 3); /* 09:25 lies between 09:03 and 09:40 */
    day->problem->windows[2].open = HM(9, 40);
    b = only_breach(day);
    EXPECT(b, CR_RULE_WINDOW, 1, 0, ADA, HM(9, 25), HM(9, 40));
}

static void test_the_ends_of_a_window_are_inside(void **state)
{
    worked_day *day = *state;
    day->problem->windows[0] = (cr_window){HM(8, 35), HM(8, 35)};
    assert_int_equal(count(day, CR_RULE_WINDOW), 0);
}

static void test_a_locked_start_replaces_the_windows(void **state)
{
    worked_day *day = *state;
    day->problem->visits[0].locked_start = HM(8, 36);
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_LOCKED_START, 0, 0, ADA, HM(8, 35), HM(8, 36));
    day->problem->visits[0].locked_start = HM(8, 35);
    day->problem->windows[0] = (cr_window){0, 1};
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 0);
}

static void test_a_locked_carer_is_that_carer(void **state)
{
    worked_day *day = *state;
    day->problem->slots[0].locked_carer = ADA;
    assert_int_equal(count(day, CR_RULE_LOCKED_CARER), 0);
    day->problem->slots[0].locked_carer = BO;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_LOCKED_CARER, 0, 0, ADA, ADA, BO);
}

static void test_the_carers_of_a_visit_start_together(void **state)
{
    worked_day *day = *state;
    day->plan->stops[3].start = HM(9, 24); /* the first she can */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_TOGETHER, 1, 1, BO, HM(9, 24), HM(9, 25));
    assert_int_equal(b.item, 2);
}

static void test_one_carer_cannot_be_both_carers(void **state)
{
    worked_day *day = *state;
    day->problem->shifts[1].carer = ADA;
    cr_auto(cr_check) made = check(day);
    EXPECT(made->breaches[0], CR_RULE_SAME_CARER_TWICE, 1, 0, ADA, 2, 1);
}

static void test_a_skill_is_needed_at_its_level(void **state)
{
    worked_day *day = *state;
    int32_t needed = day->problem->slots[0].skills.first;
    day->problem->skills[needed].level = 3;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_SKILL, 0, 0, ADA, 2, 3);
    assert_int_equal(b.item, 1);
    day->problem->skills[needed] = (cr_skill){5, 0};
    b = only_breach(day);
    EXPECT(b, CR_RULE_SKILL, 0, 0, ADA, CR_NONE, 0);
    assert_int_equal(b.item, 5);
}

static void test_an_attribute_is_needed(void **state)
{
    worked_day *day = *state;
    day->problem->ids[day->problem->slots[0].attributes.first] = 8;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_ATTRIBUTE, 0, 0, ADA, 0, 1);
    assert_int_equal(b.item, 8);
}

static void test_a_forbidden_carer_must_not_come(void **state)
{
    worked_day *day = *state;
    assert_int_equal(cr_problem_add_ids(day->problem, &(int32_t){BO}, 1, &day->problem->visits[1].forbidden), CR_OK);
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_FORBIDDEN, 1, 1, BO, 1, 0);
}

static void test_nobody_starts_before_she_can_be_there(void **state)
{
    worked_day *day = *state;
    day->plan->rounds[0].depart = HM(8, 23); /* 10 of travel and 3 at the door: 08:36 */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_TRAVEL, 0, 0, ADA, HM(8, 35), HM(8, 36));
}

static void test_nobody_is_back_before_she_can_be(void **state)
{
    worked_day *day = *state;
    day->plan->rounds[2].arrive = HM(15, 31); /* 15:20 and 12 */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_TRAVEL, CR_NONE, 2, ADA, HM(15, 31), HM(15, 32));
}

static void test_a_break_begins_when_care_is_over(void **state)
{
    worked_day *day = *state;
    day->problem->breaks[0].open = HM(9, 50);
    day->plan->stops[2].start = HM(9, 54); /* care ends 09:55 */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_TRAVEL, CR_NONE, 0, ADA, HM(9, 54), HM(9, 55));
    assert_int_equal(b.item, 0);
}

static void test_no_road_is_told(void **state)
{
    worked_day *day = *state;
    cr_matrix_set(day->matrix, AT_A, AT_B, CR_NO_WAY, CR_NO_WAY);
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_UNREACHABLE, 1, 0, ADA, AT_A, AT_B);
    assert_int_equal(b.other_visit, 0);
}

static void test_no_road_home_is_told(void **state)
{
    worked_day *day = *state;
    cr_matrix_set(day->matrix, AT_B, BASE, CR_NO_WAY, CR_NO_WAY);
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_UNREACHABLE, CR_NONE, 0, ADA, AT_B, BASE);
    assert_int_equal(b.other_visit, 1);
}

static void test_nobody_reaches_a_visit_without_a_position(void **state)
{
    worked_day *day = *state;
    day->problem->visits[2].place = CR_NONE; /* not even from an open start */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_UNREACHABLE, 2, 2, ADA, CR_NONE, CR_NONE);
}

static void test_a_round_keeps_to_its_shift(void **state)
{
    worked_day *day = *state;
    day->problem->shifts[1].begin = HM(9, 5);
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_SHIFT, CR_NONE, 1, BO, HM(9, 0), HM(9, 5));
    day->problem->shifts[1].begin = HM(9, 0);
    day->problem->shifts[1].end = HM(10, 9);
    b = only_breach(day);
    EXPECT(b, CR_RULE_SHIFT, CR_NONE, 1, BO, HM(10, 10), HM(10, 9));
}

static void test_a_break_has_its_window(void **state)
{
    worked_day *day = *state;
    day->problem->breaks[0].open = HM(10, 1);
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_BREAK, CR_NONE, 0, ADA, HM(10, 0), HM(10, 1));
    assert_false(b.counts);
    day->problem->breaks[0].open = HM(9, 0);
    day->problem->breaks[0].close = HM(9, 59);
    b = only_breach(day);
    EXPECT(b, CR_RULE_BREAK, CR_NONE, 0, ADA, HM(10, 0), HM(9, 59));
}

static void test_a_break_is_taken_once(void **state)
{
    worked_day *day = *state;
    day->plan->rounds[0].stops.n = 2; /* without the break */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_BREAK, CR_NONE, 0, ADA, 0, 1);
    assert_true(b.counts);
    day->plan->rounds[0].stops.n = 4; /* with it twice, in place of Bo's stop */
    day->plan->stops[3] = (cr_stop){CR_NONE, 0, HM(10, 15)};
    assert_int_equal(count(day, CR_RULE_BREAK), 1);
}

static void test_a_break_of_another_shift_is_told(void **state)
{
    worked_day *day = *state;
    day->plan->rounds[1].stops = (cr_range){2, 2}; /* Bo's round begins with Ada's break */
    cr_auto(cr_check) made = check(day);
    EXPECT(made->breaches[0], CR_RULE_STRUCTURE, CR_NONE, 1, BO, 0, 1);
    assert_int_equal(made->breaches[0].item, 0);
}

static void test_a_gap_has_a_least_and_a_most(void **state)
{
    worked_day *day = *state;
    day->problem->gaps[0].min = 386; /* 08:35 to 15:00 is 385 */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_GAP, 0, CR_NONE, CR_NONE, 385, 386);
    assert_int_equal(b.other_visit, 2);
    day->problem->gaps[0].min = CR_FREE;
    day->problem->gaps[0].max = 384;
    b = only_breach(day);
    EXPECT(b, CR_RULE_GAP, 0, CR_NONE, CR_NONE, 385, 384);
}

static void test_a_gap_counts_from_the_end_of_the_longest_slot(void **state)
{
    worked_day *day = *state;
    day->problem->gaps[1].min = 21; /* 09:05 to 09:25 */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_GAP, 0, CR_NONE, CR_NONE, 20, 21);
    assert_int_equal(b.item, 1);
    day->problem->gaps[1] = (cr_gap){.first = 1, .second = 2, .from = CR_GAP_END_TO_START, .min = CR_FREE, .max = 289};
    b = only_breach(day); /* 09:25 + 45 = 10:10 to 15:00 */
    EXPECT(b, CR_RULE_GAP, 1, CR_NONE, CR_NONE, 290, 289);
}

static void test_a_gap_says_nothing_when_one_is_unallocated(void **state)
{
    worked_day *day = *state;
    day->problem->gaps[0].second = 3;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 0);
}

static void test_two_visits_with_the_same_or_different_carers(void **state)
{
    worked_day *day = *state;
    day->problem->gaps[0].carers = CR_GAP_DIFFERENT;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_GAP_CARERS, 0, CR_NONE, CR_NONE, 1, 0);
    day->problem->gaps[0].carers = CR_GAP_SAME;
    day->problem->shifts[2].carer = BO;
    b = only_breach(day);
    EXPECT(b, CR_RULE_GAP_CARERS, 0, CR_NONE, CR_NONE, 0, 1);
}

static void test_most_work_is_over_all_rounds_of_a_carer(void **state)
{
    worked_day *day = *state;
    day->problem->carers[ADA].max_work = 146; /* 60 + 45 + 7 and 20 + 12 + 3 */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_MAX_WORK, CR_NONE, CR_NONE, ADA, 147, 146);
}

static void test_most_load_is_by_the_shift(void **state)
{
    worked_day *day = *state;
    day->problem->shifts[0].max_load = 2; /* 1 + 2 */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_MAX_LOAD, CR_NONE, 0, ADA, 3, 2);
}

static void test_nobody_is_in_two_places(void **state)
{
    worked_day *day = *state;
    day->problem->shifts[2].begin = HM(10, 0); /* as if shifts of one carer could overlap */
    day->problem->windows[3].open = HM(10, 0);
    day->problem->n_gaps = 0;
    day->plan->rounds[2] = (cr_round){2, {4, 1}, HM(10, 34), HM(11, 9)};
    day->plan->stops[4].start = HM(10, 37);
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_TWO_PLACES, CR_NONE, 2, ADA, HM(10, 34), HM(10, 35));
    assert_int_equal(b.item, 0);
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

#define WITH_DAY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

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
        WITH_DAY(test_a_start_outside_the_windows_is_measured_from_the_nearest),
        WITH_DAY(test_the_ends_of_a_window_are_inside),
        WITH_DAY(test_a_locked_start_replaces_the_windows),
        WITH_DAY(test_a_locked_carer_is_that_carer),
        WITH_DAY(test_the_carers_of_a_visit_start_together),
        WITH_DAY(test_one_carer_cannot_be_both_carers),
        WITH_DAY(test_a_skill_is_needed_at_its_level),
        WITH_DAY(test_an_attribute_is_needed),
        WITH_DAY(test_a_forbidden_carer_must_not_come),
        WITH_DAY(test_nobody_starts_before_she_can_be_there),
        WITH_DAY(test_nobody_is_back_before_she_can_be),
        WITH_DAY(test_a_break_begins_when_care_is_over),
        WITH_DAY(test_no_road_is_told),
        WITH_DAY(test_no_road_home_is_told),
        WITH_DAY(test_nobody_reaches_a_visit_without_a_position),
        WITH_DAY(test_a_round_keeps_to_its_shift),
        WITH_DAY(test_a_break_has_its_window),
        WITH_DAY(test_a_break_is_taken_once),
        WITH_DAY(test_a_break_of_another_shift_is_told),
        WITH_DAY(test_a_gap_has_a_least_and_a_most),
        WITH_DAY(test_a_gap_counts_from_the_end_of_the_longest_slot),
        WITH_DAY(test_a_gap_says_nothing_when_one_is_unallocated),
        WITH_DAY(test_two_visits_with_the_same_or_different_carers),
        WITH_DAY(test_most_work_is_over_all_rounds_of_a_carer),
        WITH_DAY(test_most_load_is_by_the_shift),
        WITH_DAY(test_nobody_is_in_two_places),
        WITH_DAY(test_a_false_claim_of_cost_is_told_term_by_term),
        WITH_DAY(test_every_rule_has_a_name_of_its_own),
        WITH_DAY(test_the_wildest_plan_gets_a_list_of_breaches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
