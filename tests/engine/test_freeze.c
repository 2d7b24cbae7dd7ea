/* What has begun when a day is planned anew, where that is not plain: worked out by hand. */
#include "replan_story.h"

#include <stdlib.h>

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
        cmocka_unit_test(test_who_had_too_little_rest_has_begun_all_the_same),
        cmocka_unit_test(test_who_was_kept_by_an_earlier_shift_has_not_begun_the_next),
        cmocka_unit_test(test_who_gets_home_by_way_of_a_visit_has_set_off),
        cmocka_unit_test(test_what_was_fetched_is_on_board_until_it_is_put_down),
        cmocka_unit_test(test_who_may_not_be_longer_on_the_way_has_set_off),
        cmocka_unit_test(test_who_was_told_to_leave_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
