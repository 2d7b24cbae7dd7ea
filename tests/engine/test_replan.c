/* Re-planning, worked out by hand: what has begun, what stays, who goes instead, and why. */
#include "careround/check.h"
#include "careround/replan.h"

#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ANN, BOB };

#define VISITS_MOST 8

typedef struct story {
    small_day day;
    cr_absence away;
    int32_t event_of_visit[VISITS_MOST], event_of_shift[VISITS_MOST];
    cr_replan_options options;
    cr_replanned *x;
} story;

static void begin(story *s)
{
    *s = (story){.options = CR_REPLAN_OPTIONS_INIT};
    small_day_init(&s->day);
    s->day.problem->prices.changed_carer = 50;
    s->day.problem->prices.moved = 1;
    s->options.iterations = 500;
    s->options.has_events = true;
    for (int32_t v = 0; v < VISITS_MOST; v++)
        s->event_of_visit[v] = s->event_of_shift[v] = CR_NONE;
    s->options.event_of_visit = s->event_of_visit;
    s->options.event_of_shift = s->event_of_shift;
}

static void end(story *s)
{
    cr_replanned_free(s->x);
    small_day_done(&s->day);
}

static void is_away(story *s, int32_t carer, int32_t from, int32_t to)
{
    s->away = (cr_absence){carer, from, to};
    s->options.as_of.absences = &s->away;
    s->options.as_of.n_absences = 1;
}

static void replan_at(story *s, int32_t time)
{
    char message[200];
    s->options.as_of.time = time;
    assert_int_equal(cr_replan(s->day.problem, s->day.plan, &s->options, &s->x, message, sizeof message), CR_OK);
}

/* Who serves the visit's first slot, and when; CR_NONE: nobody. */
static int32_t carer_of(const story *s, int32_t visit, int32_t *ret_start)
{
    for (int32_t r = 0; r < s->x->plan->n_rounds; r++)
        for (int32_t k = 0; k < s->x->plan->rounds[r].stops.n; k++) {
            const cr_stop *stop = &s->x->plan->stops[s->x->plan->rounds[r].stops.first + k];
            if (stop->slot == s->x->problem->visits[visit].slots.first) {
                *ret_start = stop->start;
                return s->x->problem->shifts[s->x->plan->rounds[r].shift].carer;
            }
        }
    return CR_NONE;
}

static void expect(const story *s, int32_t visit, int32_t carer, int32_t start)
{
    int32_t is = CR_FREE;
    assert_int_equal(carer_of(s, visit, &is), carer);
    if (carer != CR_NONE)
        assert_int_equal(is, start);
}

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

/* Ann's first shift is to 12:00, her next one of another day from 20:00 on: 8 hours of rest. A visit at 11:00 takes
 * until 12:40, she is home at 12:50, and comes to the next shift all the same. At 20:30 it has begun too: nobody can
 * rest any more in between. */
static void test_who_had_too_little_rest_has_begun_all_the_same(void **state)
{
    story s;
    begin(&s);
    cr_problem *p = s.day.problem;
    small_day_carer(&s.day, HM(8, 0), HM(12, 0));
    p->carers[ANN].min_rest = HM(8, 0);
    cr_shift next = p->shifts[0];
    next.day = 1;
    next.begin = HM(20, 0);
    next.end = HM(24, 0);
    assert_int_equal(cr_problem_add_shift(p, &next), CR_OK);
    small_day_visit(&s.day, 10, HM(11, 0), HM(11, 0), 30);
    small_day_visit(&s.day, 10, HM(20, 20), HM(20, 20), 30);
    small_day_visit(&s.day, 20, HM(22, 0), HM(23, 0), 30);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}, {1, 2, CR_NONE}}, 2);
    p->slots[0].duration = 100;
    s.event_of_visit[0] = 0;
    replan_at(&s, HM(20, 30));
    assert_int_equal(s.x->n_frozen, 2);
    assert_int_equal(s.x->problem->shifts[0].end, HM(12, 50));
    assert_int_equal(s.x->plan->n_unallocated, 0);
    assert_int_equal(s.x->n_changes, 0);
    end(&s);
}

/* Ann's visit at 11:00 takes until 12:40, so her second shift, from 12:30 on, begins when she is home: at 12:50. Nobody
 * knew at 13:00, and the rota has her at place 20 at 13:00, for which she left at 12:40. She cannot have: she gets
 * there at 13:20, who leaves now. */
static void test_who_was_kept_by_an_earlier_shift_has_not_begun_the_next(void **state)
{
    story s;
    begin(&s);
    cr_problem *p = s.day.problem;
    small_day_carer(&s.day, HM(8, 0), HM(12, 0));
    cr_shift next = p->shifts[0];
    next.begin = HM(12, 30);
    next.end = HM(16, 0);
    assert_int_equal(cr_problem_add_shift(p, &next), CR_OK);
    small_day_visit(&s.day, 10, HM(11, 0), HM(11, 0), 30);
    small_day_visit(&s.day, 20, HM(13, 0), HM(14, 0), 30);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}, {1, CR_NONE}}, 2);
    assert_int_equal(s.day.plan->stops[1].start, HM(13, 0));
    p->slots[0].duration = 100;
    s.event_of_visit[0] = 0;
    replan_at(&s, HM(13, 0));
    assert_int_equal(s.x->n_frozen, 1);
    expect(&s, 1, ANN, HM(13, 20));
    end(&s);
}

/* From place 10 it is 200 minutes straight home, and 30 by way of the visit at place 20. At 10:00 Ann waits for that
 * one, from where she would be home at 13:20, too late: so she has set off. */
static void test_who_gets_home_by_way_of_a_visit_has_set_off(void **state)
{
    story s;
    begin(&s);
    cr_matrix_set(s.day.matrix, 10, 0, 200, 200000);
    small_day_carer(&s.day, HM(8, 0), HM(13, 0));
    small_day_visit(&s.day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&s.day, 20, HM(10, 30), HM(10, 30), 30);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, CR_NONE}}, 1);
    s.options.has_events = false;
    replan_at(&s, HM(10, 0));
    expect(&s, 1, ANN, HM(10, 30));
    assert_int_equal(s.x->n_frozen, 2);
    end(&s);
}

/* Ann has fetched 3 at 9:00 and puts them down at 9:40, before her break, at which there is room for 2. At 9:20 that is
 * still to come, and the search puts the visit that has begun back by itself, with the break behind it. */
static void test_what_was_fetched_is_on_board_until_it_is_put_down(void **state)
{
    story s;
    begin(&s);
    cr_problem *p = s.day.problem;
    cr_gap gap = CR_GAP_INIT;
    gap.second = 1;
    gap.carers = CR_GAP_SAME;
    gap.both = true;
    small_day_carer(&s.day, HM(8, 0), HM(13, 0));
    assert_int_equal(cr_problem_add_break(p, HM(10, 30), HM(11, 0), 15, false), CR_OK);
    assert_int_equal(cr_problem_add_rooms(p, &(cr_room){0, 2}, 1, &p->breaks[0].rooms), CR_OK);
    small_day_visit(&s.day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&s.day, 20, HM(9, 40), HM(10, 0), 30);
    assert_int_equal(cr_problem_add_goods(p, &(cr_goods){0, 0, 3}, 1, &p->visits[0].goods), CR_OK);
    assert_int_equal(cr_problem_add_goods(p, &(cr_goods){0, 0, -3}, 1, &p->visits[1].goods), CR_OK);
    assert_int_equal(cr_problem_add_gap(p, &gap), CR_OK);
    small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    replan_at(&s, HM(9, 20));
    expect(&s, 0, ANN, HM(9, 0));
    expect(&s, 1, ANN, HM(9, 40));
    assert_int_equal(s.x->n_frozen, 1);
    end(&s);
}

/* ---- ways by time of day ---- */

/* Places a minute apart, from 8:00 to 9:00 two, and 1,100 metres in place of 1,000. Ann has 9:10-9:20 at place 20. */
static void begin_with_a_peak(story *s, cr_matrix **ret_slow)
{
    begin(s);
    cr_problem *p = s->day.problem;
    assert_int_equal(cr_matrix_new(SMALL_DAY_PLACES, ret_slow), CR_OK);
    for (int32_t from = 0; from < SMALL_DAY_PLACES; from++)
        for (int32_t to = 0; to < SMALL_DAY_PLACES; to++)
            cr_matrix_set(*ret_slow, from, to, 2 * abs(from - to), 1100 * abs(from - to));
    p->tables[0][1] = *ret_slow;
    assert_int_equal(cr_problem_add_period(p, 0, 0), CR_OK);
    assert_int_equal(cr_problem_add_period(p, HM(8, 0), 1), CR_OK);
    assert_int_equal(cr_problem_add_period(p, HM(9, 0), 0), CR_OK);
    small_day_carer(&s->day, HM(7, 0), HM(12, 0));
    small_day_visit(&s->day, 20, HM(9, 10), HM(9, 10), 10);
    s->options.has_events = false;
}

/* Before, Ann has 7:30-7:40 at place 10, from where she goes on when she is done: 10 + 10 + 20 minutes on the way. She
 * need not before 9:00, so at 8:10 she is taken to wait there; but who sets off at 8:10 needs 20 minutes and not 10,
 * and a kilometre more. Where that is more than she may she has set off, and the second visit is frozen too. */
static void test_who_may_not_be_longer_on_the_way_has_set_off(void **state)
{
    /* Of her shift: minutes and metres of ways; of her: minutes of work in all, and a day. */
    static const struct {
        int32_t max_travel, max_dist_m, max_work, max_day_work, n_frozen;
    } rows[] = {
        {CR_NONE, CR_NONE, CR_NONE, CR_NONE, 1}, {40, CR_NONE, CR_NONE, CR_NONE, 2},
        {50, CR_NONE, CR_NONE, CR_NONE, 1},      {CR_NONE, 40000, CR_NONE, CR_NONE, 2},
        {CR_NONE, 41000, CR_NONE, CR_NONE, 1},   {CR_NONE, CR_NONE, 60, CR_NONE, 2},
        {CR_NONE, CR_NONE, 70, CR_NONE, 1},      {CR_NONE, CR_NONE, CR_NONE, 60, 2},
        {CR_NONE, CR_NONE, CR_NONE, 70, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        story s;
        cr_auto(cr_matrix) slow = NULL;
        begin_with_a_peak(&s, &slow);
        small_day_visit(&s.day, 10, HM(7, 30), HM(7, 30), 10);
        s.day.problem->shifts[ANN].max_travel = rows[i].max_travel;
        s.day.problem->shifts[ANN].max_dist_m = rows[i].max_dist_m;
        s.day.problem->carers[ANN].max_work = rows[i].max_work;
        s.day.problem->carers[ANN].max_day_work = rows[i].max_day_work;
        small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{1, 0, CR_NONE}}, 1);
        replan_at(&s, HM(8, 10));
        expect(&s, 1, ANN, HM(7, 30));
        expect(&s, 0, ANN, HM(9, 10));
        assert_int_equal(s.x->n_frozen, rows[i].n_frozen);
        end(&s);
    }
}

/* She was told to leave at 7:45: 15 places by 8:00 and 5 in the peak, 25 minutes, and 20 home. At 8:40 would do, so at
 * 8:10 she is taken to wait at home still, and leaves from then on; from 8:10 it is 40 minutes. Who may be 45 on the
 * way left when she was told to. */
static void test_who_was_told_to_leave_early(void **state)
{
    for (int32_t is_limited = 0; is_limited < 2; is_limited++) {
        story s;
        cr_auto(cr_matrix) slow = NULL;
        begin_with_a_peak(&s, &slow);
        s.day.problem->shifts[ANN].max_travel = is_limited ? 45 : CR_NONE;
        small_day_plan(&s.day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
        s.day.plan->rounds[0].depart = HM(7, 45);
        replan_at(&s, HM(8, 10));
        expect(&s, 0, ANN, HM(9, 10));
        assert_int_equal(s.x->n_frozen, is_limited);
        assert_int_equal(s.x->plan->rounds[0].depart, is_limited ? HM(7, 45) : HM(8, 10));
        end(&s);
    }
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
        cmocka_unit_test(test_nothing_happens),
        cmocka_unit_test(test_the_checkers_see_what_was_moved),
        cmocka_unit_test(test_the_checker_sees_a_carer_who_leaves_in_the_past),
        cmocka_unit_test(test_who_had_too_little_rest_has_begun_all_the_same),
        cmocka_unit_test(test_who_was_kept_by_an_earlier_shift_has_not_begun_the_next),
        cmocka_unit_test(test_who_gets_home_by_way_of_a_visit_has_set_off),
        cmocka_unit_test(test_what_was_fetched_is_on_board_until_it_is_put_down),
        cmocka_unit_test(test_who_may_not_be_longer_on_the_way_has_set_off),
        cmocka_unit_test(test_who_was_told_to_leave_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
