/* Re-planning, worked out by hand: what has begun, what stays, who goes instead, and why. */
#include "careround/check.h"
#include "careround/replan.h"

#include "replan_story.h"

#include <stdlib.h>
#include <string.h>

static const cr_visit_change *change_of(const story *s, int32_t visit)
{
    for (int32_t i = 0; i < s->x->n_changes; i++)
        if (s->x->changes[i].visit == visit)
            return &s->x->changes[i];
    return NULL;
}

/* Ann has 9:00-9:30 at place 10, 9:40-10:10 at place 20, 11:00-11:30 at place 30; Bob is idle at place 0. */
static void a_morning(story *s)
{
    begin(s);
    small_day_carer(&s->day, HM(8, 0), HM(13, 0));
    small_day_carer(&s->day, HM(8, 0), HM(13, 0));
    small_day_visit(&s->day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&s->day, 20, HM(9, 40), HM(10, 30), 30);
    small_day_visit(&s->day, 30, HM(11, 0), HM(11, 0), 30);
}

/* At 9:20 Ann falls ill. She finishes what she is at; Bob leaves at once and is at place 20 at 9:40, and then at 30. */
static void test_a_carer_falls_ill(void **state)
{
    story s;
    a_morning(&s);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    is_away(&s, ANN, HM(9, 20), HM(24, 0));
    replan_at(&s, HM(9, 20));
    expect(&s, 0, ANN, HM(9, 0));
    expect(&s, 1, BOB, HM(9, 40));
    expect(&s, 2, BOB, HM(11, 0));
    assert_int_equal(s.x->n_frozen, 1);
    assert_int_equal(s.x->n_changes, 2);
    for (int32_t i = 0; i < 2; i++) {
        assert_int_equal(s.x->changes[i].visit, i + 1);
        assert_int_equal(s.x->changes[i].cause, CR_CAUSE_CARER);
        assert_int_equal(s.x->changes[i].other, ANN);
        assert_true(s.x->changes[i].has_other_carers);
    }
    /* Ann's way there and back 20, Bob's 60; two visits have another carer, 50 each. */
    assert_int_equal(s.x->plan->cost.term[CR_TERM_TRAVEL], 80);
    assert_int_equal(s.x->plan->cost.term[CR_TERM_CHANGES], 100);
    end(&s);
}

/* She was ill from the beginning, and nobody said so: what she was to do at 9:00 is over, and cannot be placed. */
static void test_a_carer_never_came(void **state)
{
    story s;
    a_morning(&s);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    is_away(&s, ANN, 0, HM(24, 0));
    replan_at(&s, HM(9, 20));
    expect(&s, 0, CR_NONE, 0);
    expect(&s, 1, BOB, HM(9, 40));
    assert_int_equal(s.x->n_frozen, 0);
    assert_int_equal(s.x->plan->n_unallocated, 1);
    assert_int_equal(change_of(&s, 0)->now, CR_FREE);
    end(&s);
}

/* At 9:35 Ann is on her way to place 20. A new visit is at place 15, where she would be passing; but she is past
 * turning round, and Bob goes: 15 from base, at 9:50. */
static void test_who_is_on_the_way_stays_on_it(void **state)
{
    story s;
    a_morning(&s);
    small_day_visit(&s.day, 15, HM(9, 35), HM(9, 50), 5);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    s.event_of_visit[3] = 7;
    replan_at(&s, HM(9, 35));
    expect(&s, 1, ANN, HM(9, 40));
    expect(&s, 3, BOB, HM(9, 50));
    assert_int_equal(s.x->n_frozen, 2);
    assert_int_equal(s.x->n_changes, 1);
    assert_int_equal(s.x->changes[0].cause, CR_CAUSE_VISIT);
    assert_int_equal(s.x->changes[0].event, 7);
    assert_int_equal(s.x->changes[0].was, CR_FREE);
    end(&s);
}

/* At 10:30 Ann, done at 10:10, waits at place 20 until she must leave at 10:50. She can be sent to place 22, but not
 * before 10:30: there at 10:32, done at 10:42, at place 30 at 10:50. */
static void test_who_waits_can_be_sent_on_but_not_in_the_past(void **state)
{
    story s;
    a_morning(&s);
    small_day_visit(&s.day, 22, HM(10, 0), HM(11, 0), 10);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    s.event_of_visit[3] = 0;
    replan_at(&s, HM(10, 30));
    expect(&s, 3, ANN, HM(10, 32));
    expect(&s, 2, ANN, HM(11, 0));
    assert_int_equal(s.x->n_changes, 1);
    /* Waiting has no price here, but it is waiting: 20 until 10:30 and 10 at place 30. */
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(s.x->problem, s.x->plan, &check), CR_OK);
    assert_int_equal(check->waiting, 30);
    end(&s);
}

/* The first visit takes 60 instead of 30, as is known at 9:50: so the second, which should have begun at 9:40, has not,
 * and starts at 10:00 + 10, 30 late: 30 for the move. The third stays. */
static void test_a_visit_takes_longer(void **state)
{
    story s;
    a_morning(&s);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    s.day.problem->slots[0].duration = 60;
    s.event_of_visit[0] = 3;
    replan_at(&s, HM(9, 50));
    expect(&s, 0, ANN, HM(9, 0));
    expect(&s, 1, ANN, HM(10, 10));
    expect(&s, 2, ANN, HM(11, 0));
    assert_int_equal(s.x->n_frozen, 1);
    assert_int_equal(s.x->n_changes, 1);
    assert_int_equal(s.x->changes[0].cause, CR_CAUSE_ROOM);
    assert_int_equal(s.x->changes[0].other, 0);
    assert_int_equal(s.x->plan->cost.term[CR_TERM_CHANGES], 30);
    end(&s);
}

/* It takes 240, until 13:00, when her shift ends: with 10 minutes home it ends at 13:10. Bob has the rest. */
static void test_a_visit_outlasts_the_shift(void **state)
{
    story s;
    a_morning(&s);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    s.day.problem->slots[0].duration = 240;
    s.event_of_visit[0] = 3;
    replan_at(&s, HM(9, 20));
    expect(&s, 1, BOB, HM(9, 40));
    expect(&s, 2, BOB, HM(11, 0));
    assert_int_equal(s.x->problem->shifts[ANN].end, HM(13, 10));
    end(&s);
}

/* A double-up at place 20 at 9:40: Ann leaves place 10 at 9:30, Bob place 18 at 9:38. At 9:35 she is on her way, so the
 * visit stays for both of them, and Bob is not sent to place 16, where he could be at 9:37. */
static void test_a_double_up_stays_whole(void **state)
{
    story s;
    begin(&s);
    small_day_carer(&s.day, HM(8, 0), HM(13, 0));
    small_day_carer(&s.day, HM(8, 0), HM(13, 0));
    small_day_visit(&s.day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&s.day, 18, HM(9, 0), HM(9, 0), 20);
    small_day_visit(&s.day, 20, HM(9, 40), HM(9, 40), 30);
    small_day_one_more(&s.day);
    small_day_visit(&s.day, 16, HM(9, 30), HM(9, 45), 30);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 2, CR_NONE}, {1, 3, CR_NONE}}, 2);
    s.event_of_visit[3] = 0;
    replan_at(&s, HM(9, 35));
    assert_int_equal(s.x->n_frozen, 3);
    expect(&s, 3, CR_NONE, 0);
    end(&s);
}

/* Ann is done at 11:30 and has set off for home: from 11:40 nobody sends her anywhere. With an open end she stays where
 * she was, at place 30, and is sent back to 20: 11:50. */
static void test_who_goes_home_is_not_sent_on(void **state)
{
    for (int32_t open = 0; open < 2; open++) {
        story s;
        a_morning(&s);
        small_day_visit(&s.day, 20, HM(11, 40), HM(12, 0), 5);
        s.day.problem->shifts[ANN].end_place = open ? CR_NONE : 0;
        small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
        s.event_of_visit[3] = 0;
        s.day.problem->shifts[BOB].end = HM(12, 0); /* 12:00 at place 20: back too late */
        replan_at(&s, HM(11, 40));
        expect(&s, 3, open ? ANN : CR_NONE, HM(11, 50));
        end(&s);
    }
}

/* The visit at place 20 is cancelled: no visit of the day any more. The one that could not be placed, at the same time
 * at place 12, now can. */
static void test_a_visit_is_cancelled(void **state)
{
    story s;
    begin(&s);
    small_day_carer(&s.day, HM(8, 0), HM(13, 0));
    small_day_visit(&s.day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&s.day, 12, HM(9, 40), HM(9, 40), 60);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    s.event_of_shift[0] = 5;
    replan_at(&s, HM(9, 20));
    expect(&s, 1, ANN, HM(9, 40));
    assert_int_equal(s.x->n_changes, 1);
    assert_int_equal(s.x->changes[0].cause, CR_CAUSE_SHIFT);
    assert_int_equal(s.x->changes[0].event, 5);
    end(&s);
}

/* Her last visit, at 11:00, is cancelled at 10:20, when she waits at place 20 to leave for it: she is not on her way
 * home, and goes to place 22 instead. */
static void test_who_waits_for_what_is_cancelled_has_not_gone_home(void **state)
{
    story s;
    begin(&s);
    small_day_carer(&s.day, HM(8, 0), HM(13, 0));
    small_day_visit(&s.day, 20, HM(9, 40), HM(9, 40), 30);
    small_day_visit(&s.day, 22, HM(10, 30), HM(10, 30), 30);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    s.event_of_shift[ANN] = 0;
    s.event_of_visit[1] = 1;
    replan_at(&s, HM(10, 20));
    expect(&s, 1, ANN, HM(10, 30));
    end(&s);
}

/* The rota has Ann at a visit that asks for a skill she lacks, and it has begun. Whether something happened or not,
 * that is said, and is no fault of the search. */
static void test_what_the_rota_breaks_is_named(void **state)
{
    for (int32_t has_events = 0; has_events < 2; has_events++) {
        story s;
        char message[200] = "";
        begin(&s);
        small_day_carer(&s.day, HM(8, 0), HM(13, 0));
        small_day_carer(&s.day, HM(8, 0), HM(13, 0));
        small_day_has_skill(&s.day, 1, 1);
        small_day_visit(&s.day, 10, HM(9, 0), HM(9, 0), 30);
        small_day_needs_skill(&s.day, 1, 1);
        small_day_visit(&s.day, 20, HM(10, 0), HM(10, 0), 30);
        small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
        s.event_of_visit[1] = 0;
        s.options.has_events = has_events;
        s.options.as_of.time = HM(9, 20);
        assert_int_equal(cr_replan(s.day.problem, s.day.plan, &s.options, &s.x, message, sizeof message), CR_E_INPUT);
        assert_non_null(strstr(message, "(skill)"));
        assert_null(s.x);
        end(&s);
    }
}

/* Ann may be late by an hour, as was accepted: until 13:00 in place of 12:00. She leaves at 11:00, or only begins at
 * 12:15. */
static void test_an_overrun_that_was_accepted_is_cut(void **state)
{
    for (int32_t late = 0; late < 2; late++) {
        story s;
        begin(&s);
        small_day_carer(&s.day, HM(8, 0), HM(13, 0));
        small_day_visit(&s.day, 10, HM(12, 30), HM(12, 30), 10);
        cr_problem_add_concession(s.day.problem, &(cr_concession){CR_CONCEDED_SHIFT, ANN, HM(12, 0)});
        small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
        if (!late)
            is_away(&s, ANN, HM(11, 0), HM(24, 0));
        replan_at(&s, late ? HM(12, 15) : HM(9, 0));
        expect(&s, 0, late ? ANN : CR_NONE, HM(12, 30));
        end(&s);
    }
}

/* A week of three shifts a day: what has begun in each is looked at once, not once for each way back to the first. */
static void test_a_carer_of_many_shifts(void **state)
{
    story s;
    begin(&s);
    for (int32_t k = 0; k < 28; k++) {
        small_day_carer(&s.day, HM(k, 0), HM(k, 50));
        s.day.problem->shifts[k].carer = ANN;
        small_day_visit(&s.day, 10, HM(k, 10), HM(k, 10), 20);
    }
    int32_t rounds[28][SMALL_DAY_STOPS];
    for (int32_t k = 0; k < 28; k++) {
        rounds[k][0] = k;
        rounds[k][1] = CR_NONE;
    }
    small_day_plan(&s.day, (const int32_t(*)[SMALL_DAY_STOPS])rounds, 28);
    int32_t n;
    s.options.as_of.time = HM(14, 0);
    assert_int_equal(cr_check_frozen(s.day.problem, s.day.plan, &s.options.as_of, s.day.plan, &n), CR_OK);
    assert_int_equal(n, 0);
    end(&s);
}

/* Where nothing happened nothing changes, though the plan could be cheaper: Bob would drive less than Ann. */
static void test_nothing_happens(void **state)
{
    story s;
    a_morning(&s);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, CR_NONE}, {2, CR_NONE}}, 2);
    s.options.has_events = false;
    replan_at(&s, HM(9, 20));
    assert_int_equal(s.x->n_changes, 0);
    assert_int_equal(s.x->plan->n_stops, 3);
    assert_memory_equal(s.x->plan->stops, s.day.plan->stops, 3 * sizeof *s.day.plan->stops);
    end(&s);
}

/* ---- the checkers can say no ---- */

static int32_t n_frozen_moved(const story *s, const cr_plan *plan)
{
    int32_t n;
    assert_int_equal(cr_check_frozen(s->day.problem, s->day.plan, &s->options.as_of, plan, &n), CR_OK);
    return n;
}

static int32_t n_held_broken(const story *s, const cr_plan *plan)
{
    cr_auto(cr_check) check = NULL;
    int32_t n = 0;
    assert_int_equal(cr_check_plan(s->x->problem, plan, &check), CR_OK);
    for (int32_t b = 0; b < check->n_breaches; b++)
        n += check->breaches[b].rule == CR_RULE_HELD;
    return n;
}

/* At 9:35 two visits are frozen. One a minute later, two that change places, one too early for the time, a round that
 * is gone: each is seen, by both checkers where both can. */
static void test_the_checkers_see_what_was_moved(void **state)
{
    story s;
    a_morning(&s);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    s.event_of_visit[2] = 0;
    replan_at(&s, HM(9, 35));
    assert_int_equal(n_frozen_moved(&s, s.x->plan), 0);
    cr_plan *plan = s.x->plan;
    cr_stop *stops = plan->stops;
    stops[1].start++;
    assert_int_equal(n_frozen_moved(&s, plan), 1);
    assert_int_equal(n_held_broken(&s, plan), 1);
    stops[1].start--;
    cr_stop first = stops[0];
    stops[0] = stops[1];
    stops[1] = first;
    assert_int_equal(n_frozen_moved(&s, plan), 2);
    assert_int_equal(n_held_broken(&s, plan), 2);
    stops[1] = stops[0];
    stops[0] = first;
    stops[2].start = HM(9, 34);
    assert_int_equal(n_frozen_moved(&s, plan), 1);
    stops[2].start = HM(11, 0);
    assert_int_equal(n_frozen_moved(&s, plan) + n_held_broken(&s, plan), 0);
    plan->n_rounds = 0;
    assert_int_equal(n_frozen_moved(&s, plan), 2);
    assert_int_equal(n_held_broken(&s, plan), 2);
    end(&s);
}

/* Ann leaves place 20 before 10:30, while she stands by until the time: too early by 2. And nothing may come into a
 * shift that is over. */
static void test_the_checker_sees_a_carer_who_leaves_in_the_past(void **state)
{
    story s;
    a_morning(&s);
    small_day_visit(&s.day, 22, HM(10, 0), HM(11, 0), 10);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    s.event_of_visit[3] = 0;
    replan_at(&s, HM(10, 30));
    cr_auto(cr_check) check = NULL;
    s.x->plan->stops[2].start -= 2;
    assert_int_equal(cr_check_plan(s.x->problem, s.x->plan, &check), CR_OK);
    assert_int_equal(check->n_breaches, 1);
    assert_int_equal(check->breaches[0].rule, CR_RULE_TRAVEL);
    assert_int_equal(check->breaches[0].should, HM(10, 32));
    s.x->plan->stops[2].start += 2;
    s.x->problem->shifts[ANN].is_over = true;
    assert_int_equal(n_held_broken(&s, s.x->plan), 2);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_carer_falls_ill),
        cmocka_unit_test(test_a_carer_never_came),
        cmocka_unit_test(test_who_is_on_the_way_stays_on_it),
        cmocka_unit_test(test_who_waits_can_be_sent_on_but_not_in_the_past),
        cmocka_unit_test(test_a_visit_takes_longer),
        cmocka_unit_test(test_a_visit_outlasts_the_shift),
        cmocka_unit_test(test_a_double_up_stays_whole),
        cmocka_unit_test(test_who_goes_home_is_not_sent_on),
        cmocka_unit_test(test_a_visit_is_cancelled),
        cmocka_unit_test(test_who_waits_for_what_is_cancelled_has_not_gone_home),
        cmocka_unit_test(test_what_the_rota_breaks_is_named),
        cmocka_unit_test(test_an_overrun_that_was_accepted_is_cut),
        cmocka_unit_test(test_a_carer_of_many_shifts),
        cmocka_unit_test(test_nothing_happens),
        cmocka_unit_test(test_the_checkers_see_what_was_moved),
        cmocka_unit_test(test_the_checker_sees_a_carer_who_leaves_in_the_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
