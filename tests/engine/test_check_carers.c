/* The checker on rules and prices that hang on who comes: grades, patches, faces, providers,
 * hours, days, and what
 * the coordinator accepts.
 *
 * The day and its sums are in worked_day.h, what is added to it stands in each test. Slots: 0 is v0's, 1 and 2 are
 * v1's (Ada 30, Bo 45), 3 is v2's, 4 and 5 are v3's.
 */
#include "checked_day.h"

#include "careround/solve.h"

/* ---- durations by grade ---- */

static void grade_bo(worked_day *day, int32_t duration)
{
    const cr_grade_duration by_grade[] = {{4, 90}, {1, duration}};
    day->problem->carers[BO].grade = 1;
    assert_int_equal(cr_problem_add_durations(day->problem, by_grade, 2, &day->problem->slots[2].by_grade), CR_OK);
}

static void test_a_slot_takes_a_grade_its_own_time(void **state)
{
    worked_day *day = *state;
    grade_bo(day, 40);
    /* Bo is done at 10:05 and stays until 10:10 as the plan says: 5 of care become 5 of waiting. Her pay is the same.
     */
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->care, 120);
    assert_int_equal(made->waiting, 14);
    assert_int_equal(made->cost.term[CR_TERM_WAITING], 4 * 14);
    assert_int_equal(made->cost.term[CR_TERM_WAGES], worked_day_terms[CR_TERM_WAGES]);
}

static void test_a_slower_grade_cannot_be_gone_before_she_is_done(void **state)
{
    worked_day *day = *state;
    grade_bo(day, 46);
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_TRAVEL, CR_NONE, 1, BO, HM(10, 10), HM(10, 11));
}

static void test_other_grades_and_none_take_it_as_it_is_written(void **state)
{
    worked_day *day = *state;
    grade_bo(day, 46);
    day->problem->carers[BO].grade = 2;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 0);
    day->problem->carers[BO].grade = CR_NONE;
    cr_auto(cr_check) again = check(day);
    assert_int_equal(again->n_breaches, 0);
}

static void test_the_cheapest_starts_know_the_grades(void **state)
{
    worked_day *day = *state;
    grade_bo(day, 40);
    assert_int_equal(cr_plan_time(day->problem, day->plan), CR_OK);
    assert_int_equal(day->plan->rounds[1].arrive - day->plan->stops[3].start, 40);
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 0);
}

static void test_a_gap_from_the_end_counts_the_time_as_written(void **state)
{
    worked_day *day = *state;
    const cr_grade_duration by_grade = {1, 20};
    day->problem->carers[ADA].grade = 1;
    assert_int_equal(cr_problem_add_durations(day->problem, &by_grade, 1, &day->problem->slots[0].by_grade), CR_OK);
    day->problem->gaps[1].min = 21; /* 09:05, as written, to 09:25: though Ada is done at 08:55 */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_GAP, 0, CR_NONE, CR_NONE, 20, 21);
}

/* ---- patches ---- */

static void test_a_carer_out_of_her_patches_costs_or_is_forbidden(void **state)
{
    worked_day *day = *state;
    cr_carer *bo = &day->problem->carers[BO];
    day->problem->visits[1].patch = 5;
    day->problem->prices.off_patch = 13;
    const int32_t others[] = {4, 6}, hers[] = {4, 5};
    assert_int_equal(cr_problem_add_ids(day->problem, others, 2, &bo->patches), CR_OK);
    /* v1 has Ada, who works everywhere, and Bo: 13 once. */
    cr_auto(cr_check) priced = check(day);
    assert_int_equal(priced->cost.term[CR_TERM_PATCH], 13);
    assert_int_equal(priced->cost.total, 11854 + 13);
    bo->keeps_patches = true;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_PATCH, 1, 1, BO, 5, CR_NONE);
    assert_int_equal(cr_problem_add_ids(day->problem, hers, 2, &bo->patches), CR_OK);
    cr_auto(cr_check) at_home = check(day);
    assert_int_equal(at_home->n_breaches, 0);
    bo->patches.n = 1; /* only patch 4 left, but the visit is in none */
    day->problem->visits[1].patch = CR_NONE;
    cr_auto(cr_check) in_none = check(day);
    assert_int_equal(in_none->n_breaches, 0);
}

/* ---- faces, providers, hours ---- */

/* Client 0 knows Ada, who comes. Client 1 knows Bo; Ada is new. Client 2 knows nobody, so that Ada is her first. */
static void test_a_carer_who_is_new_to_a_client_counts_once(void **state)
{
    worked_day *day = *state;
    day->problem->prices.new_face = 9;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_FACES], 9);
    day->problem->visits[2].client = 1; /* Ada comes to client 1 twice: still one face */
    cr_auto(cr_check) twice = check(day);
    assert_int_equal(twice->cost.term[CR_TERM_FACES], 9);
    day->problem->visits[1].client = 2; /* client 2 sees Ada and Bo, the first of them free; client 1 sees Ada */
    cr_auto(cr_check) both = check(day);
    assert_int_equal(both->cost.term[CR_TERM_FACES], 9 + 9);
}

/* Whoever was there long ago, or is no carer of ours, counts as the days say. */
static void test_faces_are_those_of_the_window_that_ends_with_the_plan(void **state)
{
    worked_day *day = *state;
    cr_problem *p = day->problem;
    p->prices.new_face = 9;
    p->familiar[0].n_lately = 0; /* Ada was with client 0, but not lately: her first face again, which is free */
    cr_auto(cr_check) again = check(day);
    assert_int_equal(again->cost.term[CR_TERM_FACES], 9);
    assert_int_equal(cr_problem_add_familiar(p, 0, CR_NONE, 2), CR_OK); /* two others were: now she is a third */
    assert_int_equal(cr_problem_add_familiar(p, 2, CR_NONE, 1), CR_OK);
    char message[200];
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_OK);
    cr_auto(cr_check) others = check(day);
    assert_int_equal(others->cost.term[CR_TERM_FACES], 9 + 9 + 9);
    assert_int_equal(cr_plan_time(p, day->plan), CR_OK);
    assert_int_equal(day->plan->cost.term[CR_TERM_FACES], 27);
}

static void test_each_provider_after_the_first_costs(void **state)
{
    worked_day *day = *state;
    day->problem->prices.several_providers = 17;
    cr_auto(cr_check) same = check(day);
    assert_int_equal(same->cost.term[CR_TERM_PROVIDERS], 0);
    day->problem->carers[BO].provider = 3; /* both come to client 1 */
    cr_auto(cr_check) two = check(day);
    assert_int_equal(two->cost.term[CR_TERM_PROVIDERS], 17);
}

static void test_the_carers_of_a_visit_may_have_to_be_of_one_provider(void **state)
{
    worked_day *day = *state;
    day->problem->visits[1].same_provider = true; /* Ada and Bo, both of none */
    assert_int_equal(count(day, CR_RULE_SAME_PROVIDER), 0);
    day->problem->carers[ADA].provider = 2;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_SAME_PROVIDER, 1, 1, BO, CR_NONE, 2);
    day->problem->carers[BO].provider = 2;
    assert_int_equal(count(day, CR_RULE_SAME_PROVIDER), 0);
}

/* v0 is Ada's, v1 hers and Bo's. */
static void test_a_gap_may_ask_for_one_provider(void **state)
{
    worked_day *day = *state;
    day->problem->gaps[1].same_provider = true;
    assert_int_equal(count(day, CR_RULE_SAME_PROVIDER), 0);
    day->problem->carers[BO].provider = 3;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_SAME_PROVIDER, 0, CR_NONE, CR_NONE, 3, CR_NONE);
    assert_int_equal(b.other_visit, 1);
    assert_int_equal(b.item, 1);
}

/* Ada works 112 in her first round and 35 in her second: 147. Bo works 69. */
static void test_overtime_and_contracted_work_are_over_all_rounds(void **state)
{
    worked_day *day = *state;
    cr_carer *ada = &day->problem->carers[ADA], *bo = &day->problem->carers[BO];
    ada->overtime_after = 140;
    ada->overtime_price = 6;
    ada->least_work = 147;
    ada->shortfall_price = 100;
    bo->overtime_after = 69;
    bo->overtime_price = 100;
    bo->least_work = 80;
    bo->shortfall_price = 2;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_OVERTIME], 6 * 7);
    assert_int_equal(made->cost.term[CR_TERM_SHORTFALL], 2 * 11);
    assert_int_equal(made->cost.total, 11854 + 42 + 22);
}

static void test_the_engine_sums_the_shared_terms_as_the_checker_does(void **state)
{
    worked_day *day = *state;
    day->problem->prices.new_face = 9;
    day->problem->prices.several_providers = 17;
    day->problem->carers[BO].provider = 3;
    day->problem->carers[BO].least_work = 80;
    day->problem->carers[BO].shortfall_price = 2;
    assert_int_equal(cr_plan_time(day->problem, day->plan), CR_OK);
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 0);
    assert_int_equal(day->plan->cost.term[CR_TERM_FACES], 9);
    assert_int_equal(day->plan->cost.term[CR_TERM_PROVIDERS], 17);
    assert_int_equal(day->plan->cost.term[CR_TERM_SHORTFALL], 22);
}

/* ---- addresses ---- */

/* v0, v1 and v2 at one address, thought to be at 09:00, 09:45 and 10:30; Ada is in all, Bo in v1. */
static void test_a_shared_address_costs_each_visit_near(void **state)
{
    worked_day *day = *state;
    cr_problem *p = day->problem;
    p->prices.shared_address = 11;
    p->prices.address_within = 45;
    for (int32_t v = 0; v < 3; v++) {
        p->visits[v].address = 4;
        p->visits[v].about = HM(9, 0) + 45 * v;
    }
    cr_auto(cr_check) one_provider = check(day);
    assert_int_equal(one_provider->cost.term[CR_TERM_ADDRESS], 0);
    p->carers[BO].provider = 3; /* v1 has both, and is within 45 minutes of each */
    cr_auto(cr_check) all = check(day);
    assert_int_equal(all->cost.term[CR_TERM_ADDRESS], 3 * 11);
    p->prices.address_within = 44; /* v1 alone */
    cr_auto(cr_check) alone = check(day);
    assert_int_equal(alone->cost.term[CR_TERM_ADDRESS], 11);
    p->visits[0].about = HM(9, 1);
    p->visits[2].address = 5; /* elsewhere */
    cr_auto(cr_check) two = check(day);
    assert_int_equal(two->cost.term[CR_TERM_ADDRESS], 2 * 11);
    assert_int_equal(cr_plan_time(p, day->plan), CR_OK); /* the engine's own sum is claimed */
    cr_auto(cr_check) claimed = check(day);
    assert_int_equal(claimed->n_breaches, 0);
    assert_int_equal(day->plan->cost.term[CR_TERM_ADDRESS], 2 * 11);
}

/* ---- miles ---- */

/* Ada goes 45 and 12 minutes in her two rounds, Bo 20, at 100 metres a minute. */
static void test_a_carer_may_have_her_own_price_of_a_metre(void **state)
{
    worked_day *day = *state;
    day->problem->prices.distance[0] = 2;
    cr_auto(cr_check) as_the_mode = check(day);
    assert_int_equal(as_the_mode->cost.term[CR_TERM_MILEAGE], 2 * (5700 + 2000));
    day->problem->carers[ADA].distance_price = 5;
    day->problem->carers[BO].distance_price = 0;
    cr_auto(cr_check) own = check(day);
    assert_int_equal(own->cost.term[CR_TERM_MILEAGE], 5 * 5700);
    assert_int_equal(cr_plan_time(day->problem, day->plan), CR_OK);
    assert_int_equal(day->plan->cost.term[CR_TERM_MILEAGE], 5 * 5700);
}

/* Ada cares for 60 and 20 minutes, Bo for 45; of v2 she sleeps through the 20, which then have a price of their own. */
static void test_a_carer_may_have_a_price_of_care(void **state)
{
    worked_day *day = *state;
    day->problem->carers[ADA].care_price = 4;
    day->problem->carers[BO].care_price = 1;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->cost.term[CR_TERM_WAGES], worked_day_terms[CR_TERM_WAGES] + 4 * 80 + 45);
    day->problem->slots[day->problem->visits[2].slots.first].sleeps = true;
    cr_auto(cr_check) asleep = check(day);
    assert_int_equal(asleep->cost.term[CR_TERM_WAGES], worked_day_terms[CR_TERM_WAGES] - 3 * 20 + 4 * 60 + 45);
    assert_int_equal(cr_plan_time(day->problem, day->plan),
                     CR_OK); /* what the engine says it costs, the checker says */
    cr_auto(cr_check) timed = check(day);
    assert_int_equal(timed->n_breaches, 0);
}

/* ---- several days ---- */

static void test_the_most_work_of_a_day_is_by_the_day(void **state)
{
    worked_day *day = *state;
    day->problem->carers[ADA].max_day_work = 146; /* 112 and 35 */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_MAX_DAY_WORK, CR_NONE, CR_NONE, ADA, 147, 146);
    assert_int_equal(b.item, 0);
    day->problem->shifts[2].day = 1;
    cr_auto(cr_check) apart = check(day);
    assert_int_equal(apart->n_breaches, 0);
    day->problem->carers[ADA].max_day_work = 111;
    b = only_breach(day);
    EXPECT(b, CR_RULE_MAX_DAY_WORK, CR_NONE, CR_NONE, ADA, 112, 111);
}

/* Ada's first shift ends at 12:00, her second begins at 14:00. */
static void test_rest_is_between_shifts_of_different_days(void **state)
{
    worked_day *day = *state;
    day->problem->carers[ADA].min_rest = 121;
    cr_auto(cr_check) same_day = check(day);
    assert_int_equal(same_day->n_breaches, 0);
    day->problem->shifts[2].day = 1;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_REST, CR_NONE, 2, ADA, 120, 121);
    assert_int_equal(b.item, 0);
    day->problem->carers[ADA].min_rest = 120;
    cr_auto(cr_check) rested = check(day);
    assert_int_equal(rested->n_breaches, 0);
}

static void test_providers_are_counted_by_the_day(void **state)
{
    worked_day *day = *state;
    day->problem->prices.several_providers = 17;
    day->problem->visits[2].client = 1;
    day->problem->carers[BO].provider = 3;
    day->problem->visits[2].day = 1; /* Ada alone, on another day */
    cr_auto(cr_check) one = check(day);
    assert_int_equal(one->cost.term[CR_TERM_PROVIDERS], 17);
    day->problem->visits[0].client = 1; /* Ada, on the same day as v1: still two providers */
    cr_auto(cr_check) more = check(day);
    assert_int_equal(more->cost.term[CR_TERM_PROVIDERS], 17);
}

/* ---- accepted breaches ---- */

static void test_a_lock_may_break_what_the_coordinator_accepts(void **state)
{
    worked_day *day = *state;
    cr_slot *slot = &day->problem->slots[0];
    day->problem->skills[slot->skills.first].level = 3; /* Ada has it at 2 */
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_SKILL, 0, 0, ADA, 2, 3);
    slot->locked_carer = ADA;
    b = only_breach(day); /* a lock alone is no word of the coordinator's */
    EXPECT(b, CR_RULE_SKILL, 0, 0, ADA, 2, 3);
    slot->accepted = CR_ACCEPT_ATTRIBUTE; /* nor is one on another rule */
    b = only_breach(day);
    EXPECT(b, CR_RULE_SKILL, 0, 0, ADA, 2, 3);
    slot->accepted = CR_ACCEPT_SKILL;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->n_breaches, 0);
    assert_int_equal(made->n_accepted, 1);
    EXPECT(made->accepted[0], CR_RULE_SKILL, 0, 0, ADA, 2, 3);
    slot->locked_carer = BO; /* accepted of Bo, and Ada comes */
    assert_int_equal(count(day, CR_RULE_SKILL), 1);
}

static void test_nothing_is_accepted_without_a_lock(void **state)
{
    worked_day *day = *state;
    char message[200];
    day->problem->slots[0].accepted = CR_ACCEPT_SKILL;
    assert_int_equal(cr_problem_validate(day->problem, message, sizeof message), CR_E_INPUT);
    assert_string_equal(message, "visit 0: slot 0 accepts breaches (1) without a lock, or unknown ones");
}

/* ---- changes against the published rota ---- */

static void test_changes_of_carer_and_start_cost(void **state)
{
    worked_day *day = *state;
    day->problem->prices.changed_carer = 100;
    day->problem->prices.moved = 7;
    day->problem->prices.moved_free = 5;
    cr_problem_publish(day->problem, day->plan);
    cr_auto(cr_check) as_published = check(day);
    assert_int_equal(as_published->n_breaches, 0);
    assert_int_equal(as_published->cost.term[CR_TERM_CHANGES], 0);
    /* v0 was to be at 08:27 by Bo: she starts at 08:35, 3 more than 5 later, and is Ada: 100 + 3 x 7. v1 was to be at
     * 09:32 by Bo and Ada, the slots the other way round: both come, 2 more than 5 earlier: 2 x 7. v3 is unallocated,
     * which is no change but has its own price. */
    day->problem->visits[0].published_start = HM(8, 27);
    day->problem->slots[0].published_carer = BO;
    day->problem->visits[1].published_start = HM(9, 32);
    day->problem->slots[1].published_carer = BO;
    day->problem->slots[2].published_carer = ADA;
    day->problem->visits[3].published_start = HM(9, 0);
    day->problem->slots[4].published_carer = ADA;
    cr_auto(cr_check) changed = check(day);
    assert_int_equal(changed->cost.term[CR_TERM_CHANGES], 100 + 3 * 7 + 2 * 7);
    assert_int_equal(changed->cost.total, 11854 + 135);
    /* The search's sum says the same; and a high price draws the start back to within 5 of 09:32. */
    assert_int_equal(cr_plan_time(day->problem, day->plan), CR_OK);
    cr_auto(cr_check) timed = check(day);
    assert_int_equal(timed->n_breaches, 0);
    day->problem->prices.moved = 700;
    assert_int_equal(cr_plan_time(day->problem, day->plan), CR_OK);
    assert_int_equal(day->plan->stops[3].start, HM(9, 27));
    cr_problem_publish(day->problem, NULL);
    cr_auto(cr_check) unpublished = check(day);
    assert_int_equal(unpublished->cost.term[CR_TERM_CHANGES], 0);
}

/* ---- sleep-in ---- */

/* Bo may sleep through her 45 minutes at v1: 21 for all of it in place of 2 x 45, and only 24 of work. */
static void test_a_carer_who_may_sleep_is_paid_for_the_night(void **state)
{
    worked_day *day = *state;
    day->problem->slots[2].sleeps = true;
    day->problem->slots[2].sleep_price = 21;
    day->problem->carers[BO].max_work = 24;
    cr_auto(cr_check) made = check(day);
    assert_int_equal(made->care, 125);
    assert_int_equal(made->waiting, 9);
    assert_int_equal(made->cost.term[CR_TERM_WAGES], worked_day_terms[CR_TERM_WAGES] - 2 * 45 + 21);
    assert_int_equal(made->n_breaches, 2); /* the plan claims other wages, and so another total */
    assert_int_equal(cr_plan_time(day->problem, day->plan), CR_OK);
    cr_auto(cr_check) timed = check(day);
    assert_int_equal(timed->n_breaches, 0);
    day->problem->carers[BO].max_work = 23;
    cr_breach b = only_breach(day);
    EXPECT(b, CR_RULE_MAX_WORK, CR_NONE, CR_NONE, BO, 24, 23);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAY(test_a_carer_who_may_sleep_is_paid_for_the_night),
        WITH_DAY(test_a_lock_may_break_what_the_coordinator_accepts),
        WITH_DAY(test_nothing_is_accepted_without_a_lock),
        WITH_DAY(test_a_shared_address_costs_each_visit_near),
        WITH_DAY(test_a_carer_may_have_her_own_price_of_a_metre),
        WITH_DAY(test_a_carer_may_have_a_price_of_care),
        WITH_DAY(test_the_most_work_of_a_day_is_by_the_day),
        WITH_DAY(test_rest_is_between_shifts_of_different_days),
        WITH_DAY(test_providers_are_counted_by_the_day),
        WITH_DAY(test_a_carer_who_is_new_to_a_client_counts_once),
        WITH_DAY(test_faces_are_those_of_the_window_that_ends_with_the_plan),
        WITH_DAY(test_each_provider_after_the_first_costs),
        WITH_DAY(test_the_carers_of_a_visit_may_have_to_be_of_one_provider),
        WITH_DAY(test_a_gap_may_ask_for_one_provider),
        WITH_DAY(test_overtime_and_contracted_work_are_over_all_rounds),
        WITH_DAY(test_the_engine_sums_the_shared_terms_as_the_checker_does),
        WITH_DAY(test_a_carer_out_of_her_patches_costs_or_is_forbidden),
        WITH_DAY(test_changes_of_carer_and_start_cost),
        WITH_DAY(test_a_slot_takes_a_grade_its_own_time),
        WITH_DAY(test_a_slower_grade_cannot_be_gone_before_she_is_done),
        WITH_DAY(test_other_grades_and_none_take_it_as_it_is_written),
        WITH_DAY(test_the_cheapest_starts_know_the_grades),
        WITH_DAY(test_a_gap_from_the_end_counts_the_time_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
