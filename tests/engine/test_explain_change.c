/* The smallest change that would place a visit: a little story for each kind. */
#include "careround/check.h"
#include "careround/explain.h"

#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOBODY                                                                                                         \
    {                                                                                                                  \
        CR_NONE                                                                                                        \
    }

/* The change for one visit; the checker passes its plan on the changed problem. */
static cr_change explain(const small_day *day, int32_t visit)
{
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    options.step = 5;
    options.most = 60;
    options.visit = visit;
    options.keep_plans = true;
    cr_auto(cr_explanations) list = NULL;
    assert_int_equal(cr_explain_plan(day->problem, day->plan, &options, &list), CR_OK);
    assert_int_equal(list->n, 1);
    const cr_explanation *e = &list->items[0];
    if (e->change.kind == CR_CHANGE_NONE)
        return e->change;
    cr_auto(cr_problem) changed = NULL;
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_explain_apply(day->problem, visit, &e->change, &changed), CR_OK);
    assert_int_equal(cr_check_plan(changed, e->plan, &check), CR_OK);
    assert_int_equal(check->n_breaches, 0);
    assert_int_equal(e->plan->n_unallocated, day->plan->n_unallocated - 1);
    assert_int_equal(e->plan->cost.total - day->plan->cost.total, e->change.cost);
    return e->change;
}

static void test_the_window_closes_later_or_opens_earlier(void **state)
{
    /* Care at 5 from 09:00 to 10:00; the visit at 10 starts between 09:10 and 10:04. She could be there at 10:05, or
     * before: 08:25 + 30 care + 5 way = 09:00. Later by 1 minute is one step of 5; earlier would be 45. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 5, HM(9, 0), HM(9, 0), 60);
    int32_t left = small_day_visit(&day, 10, HM(9, 10), HM(10, 4), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    cr_change c = explain(&day, left);
    assert_int_equal(c.kind, CR_CHANGE_WINDOW_LATER);
    assert_int_equal(c.ticks, 5);
    assert_int_equal(c.with_carer, 0);
    assert_int_equal(c.start, HM(10, 5));
    assert_int_equal(c.cost, 10 - 1000); /* 5 minutes further out and back; no longer unallocated */

    day.problem->windows[1] = (cr_window){HM(8, 34), HM(9, 30)}; /* now 9 minutes earlier would do: two steps */
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    c = explain(&day, left);
    assert_int_equal(c.kind, CR_CHANGE_WINDOW_EARLIER);
    assert_int_equal(c.ticks, 10);
    assert_int_equal(c.start, HM(8, 24)); /* all starts are equally cheap; the earliest allowed */
    small_day_done(&day);
}

static void test_a_shift_begins_earlier_or_ends_later(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(9, 32), HM(12, 0)); /* at the door 09:37, the visit starts at 09:30: 7 minutes, 2 steps */
    int32_t left = small_day_visit(&day, 5, HM(9, 30), HM(9, 30), 30);
    day.problem->visits[0].locked_start = HM(9, 30); /* windows do not matter */
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY}, 1);
    cr_change c = explain(&day, left);
    assert_int_equal(c.kind, CR_CHANGE_SHIFT_EARLIER);
    assert_int_equal(c.ticks, 10);
    assert_int_equal(c.shift, 0);
    assert_int_equal(c.carer, 0);

    day.problem->shifts[0] = (cr_shift){.carer = 0,
                                        .begin = HM(8, 0),
                                        .end = HM(9, 4),
                                        .max_load = CR_NONE,
                                        .max_travel = CR_NONE,
                                        .max_dist_m = CR_NONE,
                                        .paid_end = CR_FREE,
                                        .crew = CR_NONE};
    c = explain(&day, left); /* home 10:05: 61 minutes, more than an hour */
    assert_int_equal(c.kind, CR_CHANGE_NONE);
    day.problem->shifts[0].end = HM(9, 5);
    c = explain(&day, left);
    assert_int_equal(c.kind, CR_CHANGE_SHIFT_LATER);
    assert_int_equal(c.ticks, 60);
    small_day_done(&day);
}

static void test_a_shift_does_not_grow_into_the_next_one(void **state)
{
    /* Her second shift begins at 10:00, so the first may end at most 10 minutes later; 15 would be needed. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(9, 50));
    int32_t left = small_day_visit(&day, 5, HM(9, 30), HM(9, 30), 30);
    day.problem->visits[0].locked_start = HM(9, 30);
    cr_shift second = day.problem->shifts[0];
    second.begin = HM(10, 0);
    second.end = HM(12, 0);
    second.start_place = 5; /* it would fit from here: 40 minutes earlier, but the first shift is in the way */
    assert_int_equal(cr_problem_add_shift(day.problem, &second), CR_OK);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY, NOBODY}, 2);
    assert_int_equal(explain(&day, left).kind, CR_CHANGE_NONE);
    small_day_done(&day);
}

static void test_no_shift_begins_before_now(void **state)
{
    /* She would have to leave five minutes earlier than the shift begins; the day stands two minutes before that. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(9, 32), HM(12, 0));
    int32_t left = small_day_visit(&day, 5, HM(9, 30), HM(9, 30), 30);
    day.problem->visits[0].locked_start = HM(9, 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY}, 1);
    assert_int_equal(explain(&day, left).kind, CR_CHANGE_SHIFT_EARLIER);
    day.problem->as_of = HM(9, 30);
    assert_int_equal(explain(&day, left).kind, CR_CHANGE_NONE);
    day.problem->as_of = HM(9, 20);
    assert_int_equal(explain(&day, left).kind, CR_CHANGE_SHIFT_EARLIER);
    small_day_done(&day);
}

static void test_what_is_accepted_is_nothing_to_learn(void **state)
{
    /* The slot may do without the skill; what she lacks is the attribute alone. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    int32_t left = small_day_visit(&day, 5, HM(9, 0), HM(9, 0), 30);
    small_day_needs_skill(&day, 1, 2);
    small_day_needs_attribute(&day, 4);
    day.problem->slots[0].locked_carer = 0; /* only then is anything accepted */
    day.problem->slots[0].accepted = CR_ACCEPT_SKILL;
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY}, 1);
    cr_change c = explain(&day, left);
    assert_int_equal(c.kind, CR_CHANGE_ATTRIBUTE);
    assert_int_equal(c.attribute, 4);
    small_day_done(&day);
}

static void test_a_skill_or_an_attribute_more(void **state)
{
    /* Ann lacks the level, Bea the attribute too. Only Ann is a single thing away. It costs no minutes, so it is
     * preferred to Cat, who has all but starts 5 minutes late. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_has_skill(&day, 1, 1);
    small_day_has_attribute(&day, 4);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_carer(&day, HM(9, 0), HM(12, 0));
    small_day_has_skill(&day, 1, 2);
    small_day_has_attribute(&day, 4);
    int32_t left = small_day_visit(&day, 5, HM(9, 0), HM(9, 0), 30);
    small_day_needs_skill(&day, 1, 2);
    small_day_needs_attribute(&day, 4);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY, NOBODY, NOBODY}, 3);
    cr_change c = explain(&day, left);
    assert_int_equal(c.kind, CR_CHANGE_SKILL);
    assert_int_equal(c.ticks, 0);
    assert_int_equal(c.carer, 0);
    assert_int_equal(c.skill, 1);
    assert_int_equal(c.level, 2);

    day.problem->carers[0].skills = day.problem->carers[2].skills;
    day.problem->carers[0].attributes.n = 0;
    c = explain(&day, left);
    assert_int_equal(c.kind, CR_CHANGE_ATTRIBUTE);
    assert_int_equal(c.carer, 0);
    assert_int_equal(c.attribute, 4);

    day.problem->carers[0].skills.n = 0; /* now two things are missing */
    c = explain(&day, left);
    assert_int_equal(c.ticks, 5); /* Cat, then: window later or shift earlier cost the same, the window comes first */
    assert_int_equal(c.kind, CR_CHANGE_WINDOW_LATER);
    assert_int_equal(c.with_carer, 2);
    small_day_done(&day);
}

static void test_of_equal_steps_the_cheapest(void **state)
{
    /* Both carers come 5 minutes late; Bea starts at the client's door. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(9, 0), HM(12, 0));
    small_day_carer(&day, HM(9, 5), HM(12, 0));
    day.problem->shifts[1].start_place = day.problem->shifts[1].end_place = 5;
    int32_t left = small_day_visit(&day, 5, HM(9, 0), HM(9, 0), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY, NOBODY}, 2);
    cr_change c = explain(&day, left);
    assert_int_equal(c.ticks, 5);
    assert_int_equal(c.with_carer, 1);
    assert_int_equal(c.cost, -1000);
    small_day_done(&day);
}

static void test_a_double_up_needs_one_of_the_two_changed(void **state)
{
    /* Free until 09:30 and from 10:00 on, for a visit of 30 minutes, 5 minutes out: the second is at the door at 10:05
     * and both leave at 10:35. The first would have to stay until 10:40, 70 minutes longer; or the second begin 65
     * minutes earlier, to start at 08:55: too much. With the first until 09:50 it is 50 minutes later, or 45 earlier.
     */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(9, 30));
    small_day_carer(&day, HM(10, 0), HM(12, 0));
    int32_t left = small_day_visit(&day, 5, HM(8, 30), HM(11, 0), 30);
    small_day_one_more(&day);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY, NOBODY}, 2);
    assert_int_equal(explain(&day, left).kind, CR_CHANGE_NONE);
    day.problem->shifts[0].end = HM(9, 50);
    cr_change c = explain(&day, left);
    assert_int_equal(c.ticks, 50);
    assert_int_equal(c.kind, CR_CHANGE_SHIFT_EARLIER);
    assert_int_equal(c.shift, 1);
    small_day_done(&day);
}

static void test_the_second_of_several_windows_is_the_one(void **state)
{
    /* She is free from 09:30 to 09:50 only at the client's place: windows 08:00-08:30 and 10:00-10:30. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(9, 25), HM(10, 15));
    int32_t left = small_day_visit(&day, 5, HM(8, 0), HM(8, 30), 30);
    assert_int_equal(cr_problem_add_window(day.problem, HM(10, 0), HM(10, 30)), CR_OK);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY}, 1);
    cr_change c = explain(&day, left); /* start at 09:40 at the latest: 20 minutes earlier, or home 20 later */
    assert_int_equal(c.kind, CR_CHANGE_WINDOW_EARLIER);
    assert_int_equal(c.window, 1);
    assert_int_equal(c.ticks, 20);
    small_day_done(&day);
}

static void test_windows_that_meet_become_one(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 5, HM(8, 0), HM(8, 30), 30);
    assert_int_equal(cr_problem_add_window(day.problem, HM(9, 0), HM(9, 10)), CR_OK);
    assert_int_equal(cr_problem_add_window(day.problem, HM(9, 30), HM(10, 30)), CR_OK);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY}, 1);
    cr_change change = {.kind = CR_CHANGE_WINDOW_EARLIER, .window = 2, .ticks = 60};
    cr_auto(cr_problem) changed = NULL;
    assert_int_equal(cr_explain_apply(day.problem, 0, &change, &changed), CR_OK);
    assert_int_equal(changed->visits[0].windows.n, 1); /* 08:30 reaches over 09:00-09:10 and touches 08:30 */
    assert_int_equal(changed->windows[0].open, HM(8, 0));
    assert_int_equal(changed->windows[0].close, HM(10, 30));
    small_day_done(&day);
}

static void test_a_visit_that_would_fit_needs_nothing(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 5, HM(9, 0), HM(9, 30), 30);
    int32_t left = small_day_visit(&day, 7, HM(9, 0), HM(10, 0), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}, NOBODY}, 2);
    cr_change c = explain(&day, left);
    assert_int_equal(c.kind, CR_CHANGE_NOTHING);
    assert_int_equal(c.with_carer, 0);
    assert_int_equal(c.cost, 4 - 1000); /* two minutes further and back */
    small_day_done(&day);
}

static void test_others_shift_but_nobody_drops_out(void **state)
{
    /* At the new visit's door from 09:00. Visit 0 may start until 09:33 and moves behind it, if it starts by 09:01. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 55), HM(10, 20));
    small_day_visit(&day, 7, HM(9, 0), HM(9, 33), 30);
    int32_t left = small_day_visit(&day, 5, HM(9, 4), HM(9, 10), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    cr_change c = explain(&day, left);
    assert_int_equal(c.kind, CR_CHANGE_WINDOW_EARLIER);
    assert_int_equal(c.ticks, 5);
    assert_int_equal(c.n_moved, 0);
    small_day_done(&day);
}

/* A clock that goes a second further every time somebody looks. */
static double impatient_clock(void *user)
{
    return *(double *)user += 1;
}

static void test_when_the_time_is_over_the_reasons_still_add_up(void **state)
{
    /* Three visits and 2 seconds: the clock is past them before the first change is tried. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_carer(&day, HM(14, 0), HM(18, 0));
    for (int32_t v = 0; v < 3; v++)
        small_day_visit(&day, 5, HM(9, 0), HM(9, 30), 30);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){NOBODY, NOBODY}, 2);
    double now = 0;
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    options.time_s = 2;
    options.clock_s = impatient_clock;
    options.user = &now;
    cr_auto(cr_explanations) list = NULL;
    assert_int_equal(cr_explain_plan(day.problem, day.plan, &options, &list), CR_OK);
    assert_int_equal(list->n, 3);
    for (int32_t i = 0; i < 3; i++) {
        const int32_t *count = list->items[i].count;
        assert_int_equal(count[CR_REASON_NO_SHIFT], 1);
        assert_int_equal(count[CR_REASON_NO_TIME] + count[CR_REASON_FITS], 1);
        assert_true(list->items[i].cut_short);
    }
    assert_true(now < 20); /* it was not asked for ever */
    small_day_done(&day);
}

static void test_others_get_another_carer_where_a_search_is_allowed(void **state)
{
    /* Ann could do both, Bea only the first; Ann has the first. As the plan stands the second needs Ann an hour free;
     * planned anew, Bea takes the first and nothing has to change. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_has_skill(&day, 1, 1);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 5, HM(9, 0), HM(9, 0), 30);
    int32_t left = small_day_visit(&day, 5, HM(9, 0), HM(9, 0), 30);
    small_day_needs_skill(&day, 1, 1);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}, NOBODY}, 2);
    assert_int_equal(explain(&day, left).kind, CR_CHANGE_SKILL); /* give it to Bea: 0 minutes */
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    options.step = 5;
    options.most = 60;
    options.iterations = 100;
    cr_auto(cr_explanations) list = NULL;
    assert_int_equal(cr_explain_plan(day.problem, day.plan, &options, &list), CR_OK);
    const cr_change *c = &list->items[0].change;
    assert_int_equal(c->kind, CR_CHANGE_NOTHING);
    assert_int_equal(c->with_carer, 0);
    assert_int_equal(c->n_moved, 1);
    assert_true(c->is_smallest);
    assert_int_equal(list->items[0].count[CR_REASON_NO_TIME], 1); /* the reasons are of the plan as it stands */
    small_day_done(&day);
}

static void test_a_search_moves_others_on_larger_days_too(void **state)
{
    /* The same story with four carers more who have no shift then: too many shifts to try every plan. */
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_has_skill(&day, 1, 1);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    for (int32_t c = 0; c < 4; c++)
        small_day_carer(&day, HM(14, 0), HM(18, 0));
    small_day_visit(&day, 5, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&day, 5, HM(9, 0), HM(9, 0), 30);
    small_day_needs_skill(&day, 1, 1);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    options.step = 5;
    options.most = 60;
    options.iterations = 200;
    cr_auto(cr_explanations) list = NULL;
    assert_int_equal(cr_explain_plan(day.problem, day.plan, &options, &list), CR_OK);
    assert_int_equal(list->items[0].change.kind, CR_CHANGE_NOTHING);
    assert_int_equal(list->items[0].change.n_moved, 1);
    assert_false(list->items[0].change.is_smallest);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_window_closes_later_or_opens_earlier),
        cmocka_unit_test(test_a_shift_begins_earlier_or_ends_later),
        cmocka_unit_test(test_a_shift_does_not_grow_into_the_next_one),
        cmocka_unit_test(test_no_shift_begins_before_now),
        cmocka_unit_test(test_what_is_accepted_is_nothing_to_learn),
        cmocka_unit_test(test_a_skill_or_an_attribute_more),
        cmocka_unit_test(test_of_equal_steps_the_cheapest),
        cmocka_unit_test(test_a_double_up_needs_one_of_the_two_changed),
        cmocka_unit_test(test_the_second_of_several_windows_is_the_one),
        cmocka_unit_test(test_windows_that_meet_become_one),
        cmocka_unit_test(test_a_visit_that_would_fit_needs_nothing),
        cmocka_unit_test(test_others_shift_but_nobody_drops_out),
        cmocka_unit_test(test_when_the_time_is_over_the_reasons_still_add_up),
        cmocka_unit_test(test_others_get_another_carer_where_a_search_is_allowed),
        cmocka_unit_test(test_a_search_moves_others_on_larger_days_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
