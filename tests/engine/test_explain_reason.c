/* Why a visit is unallocated: a little story for each reason. */
#include "careround/explain.h"

#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOBODY                                                                                                         \
    {                                                                                                                  \
        CR_NONE                                                                                                        \
    }

static void explain(const small_day *day, int32_t visit, cr_explanation *ret_explanation)
{
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    options.step = 5;
    options.most = 60;
    options.visit = visit;
    cr_auto(cr_explanations) list = NULL;
    assert_int_equal(cr_explain_plan(day->problem, day->plan, &options, &list), CR_OK);
    assert_int_equal(list->n, 1);
    *ret_explanation = list->items[0];
    int32_t n = 0;
    for (int32_t r = 0; r < CR_REASON_N; r++)
        n += ret_explanation->count[r];
    assert_int_equal(n, day->problem->n_carers);
}

/* The whole day: nobody has a visit; everybody is shut out of the one there is for one reason. */
static void assert_all_shut_out(const small_day *day, cr_reason reason)
{
    cr_explanation e;
    explain(day, 0, &e);
    assert_int_equal(e.count[reason], day->problem->n_carers);
}

static const int32_t idle[][SMALL_DAY_STOPS] = {NOBODY, NOBODY, NOBODY};

static void test_nobody_can_find_a_client_without_a_position(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, CR_NONE, HM(9, 0), HM(10, 0), 30);
    small_day_plan(&day, idle, 2);
    assert_all_shut_out(&day, CR_REASON_NO_POSITION);
    small_day_done(&day);
}

static void test_locked_forbidden_skill_and_attribute_are_told_apart(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0)); /* not the one it is locked to */
    int32_t locked_to = small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 5, HM(9, 0), HM(10, 0), 30);
    day.problem->slots[0].locked_carer = locked_to;
    assert_int_equal(cr_problem_add_ids(day.problem, &locked_to, 1, &day.problem->visits[0].forbidden), CR_OK);
    small_day_plan(&day, idle, 2);
    cr_explanation e;
    explain(&day, 0, &e);
    assert_int_equal(e.count[CR_REASON_LOCK], 1);
    assert_int_equal(e.count[CR_REASON_FORBIDDEN], 1);
    small_day_done(&day);

    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0)); /* nothing: the skill comes first */
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_has_skill(&day, 1, 1); /* not at level 2 */
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_has_skill(&day, 1, 3); /* more than enough, but lacks the attribute */
    small_day_visit(&day, 5, HM(9, 0), HM(10, 0), 30);
    small_day_needs_skill(&day, 1, 2);
    small_day_needs_attribute(&day, 4);
    small_day_plan(&day, idle, 3);
    explain(&day, 0, &e);
    assert_int_equal(e.count[CR_REASON_SKILL], 2);
    assert_int_equal(e.count[CR_REASON_ATTRIBUTE], 1);
    small_day_done(&day);
}

static void test_no_shift_then(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(10, 56), HM(15, 0)); /* 5 minutes' way: at the door 11:01 */
    small_day_carer(&day, HM(7, 0), HM(10, 34));  /* care until 10:30 at best, home 10:35 */
    small_day_carer(&day, HM(8, 0), HM(12, 0));   /* would do but for her break, 10:00 to 11:30 */
    assert_int_equal(cr_problem_add_break(day.problem, HM(9, 50), HM(10, 0), 90, false), CR_OK);
    small_day_visit(&day, 5, HM(10, 0), HM(11, 0), 30);
    small_day_plan(&day, idle, 3);
    assert_all_shut_out(&day, CR_REASON_NO_SHIFT);
    small_day_done(&day);
}

static void test_most_work_and_most_visits(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    day.problem->carers[0].max_work = 79; /* there and back 10, care 30 + 40: a minute too much */
    day.problem->shifts[1].max_load = 1;
    small_day_visit(&day, 5, HM(9, 0), HM(10, 0), 30);
    small_day_visit(&day, 5, HM(9, 0), HM(10, 0), 30);
    int32_t left = small_day_visit(&day, 5, HM(9, 0), HM(11, 0), 40);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}, {1, CR_NONE}}, 2);
    cr_explanation e;
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_MAX_WORK], 2);
    small_day_done(&day);
}

static void test_most_travel_and_most_distance(void **state)
{
    /* At 5 and 10 on the line she is on the road for 20 minutes, there and back; with 5 alone for 10. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    day.problem->shifts[0].max_travel = 19;
    day.problem->shifts[1].max_dist_m = 0;
    small_day_visit(&day, 5, HM(9, 0), HM(10, 0), 30);
    int32_t left = small_day_visit(&day, 10, HM(9, 0), HM(11, 0), 40);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}, {CR_NONE}}, 2);
    cr_explanation e;
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_MAX_WAYS], 2);
    day.problem->shifts[0].max_travel = 20;
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_MAX_WAYS], 1);
    assert_int_equal(e.count[CR_REASON_FITS], 1);
    day.problem->carers[0].max_work = 49; /* care 30 + 40, on the road 20: asked before her ways are */
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_MAX_WORK], 1);
    assert_int_equal(e.count[CR_REASON_MAX_WAYS], 1);
    small_day_done(&day);
}

static void test_the_rest_of_her_round_leaves_no_time(void **state)
{
    /* She has care at 5 from 09:00 to 10:00 exactly, and would have to be at 10 between 09:10 and 10:04. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 5, HM(9, 0), HM(9, 0), 60);
    int32_t left = small_day_visit(&day, 10, HM(9, 10), HM(10, 4), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    cr_explanation e;
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_NO_TIME], 1);
    small_day_done(&day);
}

static void test_a_break_that_may_move_does_not_shut_out(void **state)
{
    /* Break 30 minutes between 09:00 and 11:00, taken at the base first. The visit must start at 09:10: care comes
     * first, then the break. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    assert_int_equal(cr_problem_add_break(day.problem, HM(9, 0), HM(11, 0), 30, false), CR_OK);
    small_day_visit(&day, 5, HM(10, 0), HM(10, 30), 30);
    int32_t left = small_day_visit(&day, 5, HM(9, 10), HM(9, 10), 20);
    int32_t brk = day.problem->n_slots;
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{brk, 0, CR_NONE}}, 1);
    cr_explanation e;
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_FITS], 1);
    small_day_done(&day);
}

static void test_a_gap_leaves_no_time(void **state)
{
    /* The second visit comes at least 3 hours after the first, and her shift ends before that. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(11, 0));
    small_day_visit(&day, 5, HM(8, 30), HM(9, 0), 30);
    int32_t left = small_day_visit(&day, 5, HM(8, 30), HM(14, 0), 30);
    cr_gap gap = CR_GAP_INIT;
    gap.first = 0;
    gap.second = left;
    gap.min = 180;
    assert_int_equal(cr_problem_add_gap(day.problem, &gap), CR_OK);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    cr_explanation e;
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_NO_TIME], 1);
    small_day_done(&day);
}

static void test_a_gap_between_different_carers_counts_as_no_time(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 5, HM(8, 30), HM(9, 0), 30);
    int32_t left = small_day_visit(&day, 5, HM(8, 30), HM(11, 0), 30);
    cr_gap gap = CR_GAP_INIT;
    gap.first = 0;
    gap.second = left;
    gap.carers = CR_GAP_DIFFERENT;
    assert_int_equal(cr_problem_add_gap(day.problem, &gap), CR_OK);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    cr_explanation e;
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_NO_TIME], 1);
    small_day_done(&day);
}

static void test_a_double_up_without_a_second_carer(void **state)
{
    /* Three may come by all rules but time: 3 pairs. One of them could alone, one has another visit all day, one has
     * no shift then. The fourth lacks the skill. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_has_skill(&day, 1, 1);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_has_skill(&day, 1, 1);
    small_day_carer(&day, HM(16, 0), HM(20, 0));
    small_day_has_skill(&day, 1, 1);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 5, HM(8, 5), HM(8, 5), 230);
    int32_t left = small_day_visit(&day, 5, HM(9, 0), HM(10, 0), 30);
    small_day_one_more(&day);
    small_day_needs_skill(&day, 1, 1);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY, {0, CR_NONE}}, 2);
    cr_explanation e;
    explain(&day, left, &e);
    assert_int_equal(e.n_pairs, 3);
    assert_int_equal(e.count[CR_REASON_PARTNER], 1);
    assert_int_equal(e.count[CR_REASON_NO_TIME], 1);
    assert_int_equal(e.count[CR_REASON_NO_SHIFT], 1);
    assert_int_equal(e.count[CR_REASON_SKILL], 1);
    small_day_done(&day);
}

static void test_two_who_could_but_never_together(void **state)
{
    /* One is free until 09:30, the other from 10:00: each could alone. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(9, 30));
    small_day_carer(&day, HM(10, 0), HM(12, 0));
    int32_t left = small_day_visit(&day, 5, HM(8, 30), HM(11, 0), 30);
    small_day_one_more(&day);
    small_day_plan(&day, idle, 2);
    assert_all_shut_out(&day, CR_REASON_PARTNER);
    /* An hour more for the first, and they meet. */
    day.problem->shifts[0].end = HM(10, 45);
    cr_explanation e;
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_FITS], 2);
    small_day_done(&day);
}

static void test_a_push_through_a_double_up_is_seen(void **state)
{
    /* Ann and Bea do visit 0 together (09:00-09:10 start, 30). Ann could squeeze visit 2 in before if they started at
     * 09:10; but then Bea would miss visit 1 at 09:41 sharp: 09:40 + 2 minutes' way. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 5, HM(9, 0), HM(9, 10), 30);
    small_day_one_more(&day);
    small_day_visit(&day, 7, HM(9, 41), HM(9, 41), 10);
    int32_t left = small_day_visit(&day, 5, HM(8, 55), HM(8, 55), 15);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}, {1, 2, CR_NONE}}, 2);
    cr_explanation e;
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_NO_TIME], 2);
    day.problem->windows[1] = (cr_window){HM(9, 42), HM(9, 42)}; /* a minute later it would do, for Ann and for Bea */
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}, {1, 2, CR_NONE}}, 2);
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_FITS], 2);
    small_day_done(&day);
}

static void test_a_break_that_moves_lets_others_start_earlier(void **state)
{
    /* All at one place. Ann: break 08:00, D1 08:30 with Bea, D3 09:30 with Cat, W by 10:10. Bea and Cat do D2 at 09:00
     * between. With Ann's break at the end everything moves up by 30 minutes, also D2 in which she has no part, and she
     * can start a visit by 09:40. */
    small_day day;
    small_day_init(&day);
    for (int32_t c = 0; c < 3; c++)
        small_day_carer(&day, HM(8, 0), HM(12, 0));
    cr_problem *p = day.problem;
    assert_int_equal(cr_problem_add_break(p, HM(8, 0), HM(11, 30), 30, false), CR_OK);
    p->breaks[0].shift = 0; /* it was added to the last shift */
    p->shifts[0].breaks = (cr_range){0, 1};
    p->shifts[2].breaks = (cr_range){0, 0};
    for (int32_t d = 0; d < 3; d++) {
        small_day_visit(&day, 0, HM(8, 0), HM(12, 0), 30);
        small_day_one_more(&day);
    }
    small_day_visit(&day, 0, HM(9, 0), HM(10, 10), 10);
    int32_t left = small_day_visit(&day, 0, HM(9, 30), HM(9, 40), 30);
    p->slots[p->n_slots - 1].locked_carer = 0;
    int32_t brk = p->n_slots; /* slots of D1: 0, 1; D2: 2, 3; D3: 4, 5; W: 6 */
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{brk, 0, 4, 6, CR_NONE}, {1, 2, CR_NONE}, {3, 5, CR_NONE}},
                   3);
    cr_explanation e;
    explain(&day, left, &e);
    assert_int_equal(e.count[CR_REASON_FITS], 1);
    assert_int_equal(e.count[CR_REASON_LOCK], 2);
    small_day_done(&day);
}

static void test_the_most_at_risk_come_first(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    for (int32_t v = 0; v < 6; v++)
        small_day_visit(&day, CR_NONE, HM(9, 0), HM(9, 0), 30);
    cr_visit *v = day.problem->visits;
    for (int32_t i = 0; i < 6; i++) {
        v[i].priority = 2;
        v[i].last_visit = -60;
    }
    v[5].time_critical = true; /* first */
    v[4].priority = 1;         /* second */
    v[2].lives_alone = true;   /* third */
    v[3].last_visit = CR_FREE; /* fourth: nobody knows when */
    v[1].last_visit = -120;    /* fifth: an hour longer than visit 0 */
    small_day_plan(&day, idle, 1);
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    cr_auto(cr_explanations) list = NULL;
    assert_int_equal(cr_explain_plan(day.problem, day.plan, &options, &list), CR_OK);
    static const int32_t expected[] = {5, 4, 2, 3, 1, 0};
    assert_int_equal(list->n, 6);
    for (int32_t i = 0; i < 6; i++)
        assert_int_equal(list->items[i].visit, expected[i]);
    small_day_done(&day);
}

static void test_a_plan_that_breaks_a_rule_is_not_explained(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 5, HM(9, 0), HM(9, 30), 30);
    small_day_visit(&day, 5, HM(9, 0), HM(9, 30), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    day.plan->stops[0].start = HM(8, 59);
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    cr_explanations *list = NULL;
    assert_int_equal(cr_explain_plan(day.problem, day.plan, &options, &list), CR_E_INPUT);
    assert_null(list);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_can_find_a_client_without_a_position),
        cmocka_unit_test(test_locked_forbidden_skill_and_attribute_are_told_apart),
        cmocka_unit_test(test_no_shift_then),
        cmocka_unit_test(test_most_work_and_most_visits),
        cmocka_unit_test(test_most_travel_and_most_distance),
        cmocka_unit_test(test_the_rest_of_her_round_leaves_no_time),
        cmocka_unit_test(test_a_break_that_may_move_does_not_shut_out),
        cmocka_unit_test(test_a_gap_leaves_no_time),
        cmocka_unit_test(test_a_gap_between_different_carers_counts_as_no_time),
        cmocka_unit_test(test_a_double_up_without_a_second_carer),
        cmocka_unit_test(test_two_who_could_but_never_together),
        cmocka_unit_test(test_a_push_through_a_double_up_is_seen),
        cmocka_unit_test(test_a_break_that_moves_lets_others_start_earlier),
        cmocka_unit_test(test_the_most_at_risk_come_first),
        cmocka_unit_test(test_a_plan_that_breaks_a_rule_is_not_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
