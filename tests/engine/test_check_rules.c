/* The checker: one planted breach of each rule is told with its numbers.
 *
 * The day and its sums are in worked_day.h. Slots: 0 is v0's, 1 and 2 are v1's, 3 is v2's, 4 and 5 are v3's.
 */
#include "checked_day.h"

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

static void test_a_break_may_have_several_windows(void **state)
{
    worked_day *day = *state; /* the break is at 10:00 */
    const cr_window windows[] = {{HM(9, 0), HM(9, 50)}, {HM(10, 0), HM(10, 0)}, {HM(12, 0), HM(13, 0)}};
    assert_int_equal(cr_problem_add_break_windows(day->problem, windows, 3), CR_OK);
    cr_auto(cr_check) sound = check(day);
    assert_int_equal(sound->n_breaches, 0);
    day->problem->windows[day->problem->n_windows - 2].open = HM(10, 0) + 1;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_BREAK, CR_NONE, 0, ADA, HM(10, 0), HM(10, 1));
    day->problem->windows[day->problem->n_windows - 2].open = HM(10, 30);
    b = only_breach(day);
    EXPECT(b, CR_RULE_BREAK, CR_NONE, 0, ADA, HM(10, 0), HM(9, 50)); /* the nearest */
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

static void test_most_travel_and_distance_are_by_the_shift(void **state)
{
    worked_day *day = *state;
    day->problem->shifts[0].max_travel = 45; /* 10 + 15 + 20, the way home among them */
    day->problem->shifts[0].max_dist_m = 4500;
    day->problem->shifts[2].max_travel = 12; /* Ada's other round counts by itself */
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 0);
    day->problem->shifts[0].max_travel = 44;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_MAX_TRAVEL, CR_NONE, 0, ADA, 45, 44);
    day->problem->shifts[0].max_travel = CR_NONE;
    day->problem->shifts[0].max_dist_m = 4499;
    b = only_breach(day);
    EXPECT(b, CR_RULE_MAX_DISTANCE, CR_NONE, 0, ADA, 4500, 4499);
    day->problem->shifts[0].rides = true; /* then the miles are not hers */
    cr_auto(cr_check) riding = check(day);
    for (int32_t i = 0; i < riding->n_breaches; i++)
        assert_int_not_equal(riding->breaches[i].rule, CR_RULE_MAX_DISTANCE);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
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
        WITH_DAY(test_a_break_may_have_several_windows),
        WITH_DAY(test_a_break_is_taken_once),
        WITH_DAY(test_a_break_of_another_shift_is_told),
        WITH_DAY(test_a_gap_has_a_least_and_a_most),
        WITH_DAY(test_a_gap_counts_from_the_end_of_the_longest_slot),
        WITH_DAY(test_a_gap_says_nothing_when_one_is_unallocated),
        WITH_DAY(test_two_visits_with_the_same_or_different_carers),
        WITH_DAY(test_most_work_is_over_all_rounds_of_a_carer),
        WITH_DAY(test_most_load_is_by_the_shift),
        WITH_DAY(test_most_travel_and_distance_are_by_the_shift),
        WITH_DAY(test_nobody_is_in_two_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
