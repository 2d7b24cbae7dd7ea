/* Travel by time of day: worked sums, and random ways held against walking them tick by tick. */
#include "travel.h"

#include "dice.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const cr_period peak[] = {{0, 0}, {450, 1}, {540, 0}}; /* 07:30 to 09:00, in minutes */
static const travel_day morning = {peak, 3, 2};

static void test_a_way_in_one_period_takes_what_its_table_says(void **state)
{
    (void)state;
    const int32_t time[CR_TABLES_MAX] = {20, 30};
    assert_int_equal(travel_arrive(&morning, time, 400), 420);
    assert_int_equal(travel_arrive(&morning, time, 430), 450); /* there as the peak begins */
    assert_int_equal(travel_arrive(&morning, time, 450), 480);
    assert_int_equal(travel_arrive(&morning, time, 540), 560);
    assert_int_equal(travel_arrive(&morning, time, -100), -80); /* the first period holds before it begins, too */
    assert_int_equal(travel_leave(&morning, time, 450), 430);
    assert_int_equal(travel_leave(&morning, time, 500), 470);
    assert_int_equal(travel_leave(&morning, time, 560), 540);
}

static void test_what_is_left_at_a_border_goes_on_at_the_new_pace(void **state)
{
    (void)state;
    /* Leaves 07:20: 10 of 20 minutes are left at 07:30, half the way, which now takes 15. */
    const int32_t time[CR_TABLES_MAX] = {20, 30};
    assert_int_equal(travel_arrive(&morning, time, 440), 465);
    /* Leaves 08:45: 15 of 30 are left at 09:00, half the way, which now takes 10. */
    assert_int_equal(travel_arrive(&morning, time, 525), 550);
    /* 07:29: 1 of 20 done, 19/20 of 30 is 28.5, in whole minutes 29. */
    assert_int_equal(travel_arrive(&morning, time, 449), 479);
    assert_int_equal(travel_leave(&morning, time, 479), 449);
    assert_int_equal(travel_leave(&morning, time, 478), 448); /* 18 left: 27 */
}

/* Rounded up at three borders, a way can take longer than in any one period: 1 of 9 done at 208, 8/9 of 7 is 7; 4 of
 * them are left at 211, 4/7 of 9 is 6: 10 in all. */
static void test_rounding_up_at_several_borders_adds_up(void **state)
{
    (void)state;
    static const cr_period periods[] = {{164, 0}, {208, 1}, {211, 0}};
    const travel_day day = {periods, 3, 2};
    const int32_t time[CR_TABLES_MAX] = {9, 7};
    assert_int_equal(travel_arrive(&day, time, 207), 217);
    assert_int_equal(travel_arrive(&day, time, 206), 215);
    assert_int_equal(travel_leave(&day, time, 216), 206);
    assert_int_equal(travel_leave(&day, time, 217), 208); /* 4 of 7 left at 211: 6 as well */
}

static void test_no_way_stays_no_way(void **state)
{
    (void)state;
    const int32_t time[CR_TABLES_MAX] = {CR_NO_WAY, CR_NO_WAY};
    assert_int_equal(travel_arrive(&morning, time, 440), 440 + CR_NO_WAY);
    assert_int_equal(travel_leave(&morning, time, 440), 440 - CR_NO_WAY);
}

static void test_when_to_leave_without_being_longer_on_the_way(void **state)
{
    (void)state;
    const int32_t time[CR_TABLES_MAX] = {20, 30};
    int32_t first, last;
    travel_no_slower(&morning, time, 400, &first, &last); /* until the way would reach into the peak */
    assert_true(first < -1000);
    assert_int_equal(last, 430);
    travel_no_slower(&morning, time, 480, &first, &last); /* in the peak nothing is slower */
    assert_true(first < -1000);
    assert_true(last > 100000);
    travel_no_slower(&morning, time, 540, &first, &last);
    assert_int_equal(first, 540);
    assert_true(last > 100000);
}

/* ---- random ways ---- */

typedef struct random_way {
    cr_period periods[6];
    travel_day day;
    int32_t time[CR_TABLES_MAX];
} random_way;

static random_way draw(dice *d)
{
    random_way w = {.day = {.n_periods = dice_between(d, 1, 6), .n_tables = dice_between(d, 1, 4)}};
    int32_t at = dice_between(d, -50, 50), most = dice_chance(d, 70) ? 40 : 200;
    for (int32_t i = 0; i < w.day.n_periods; i++) {
        w.periods[i] = (cr_period){at, dice_between(d, 0, w.day.n_tables - 1)};
        at += dice_between(d, 1, 80);
    }
    for (int32_t t = 0; t < CR_TABLES_MAX; t++)
        w.time[t] = dice_chance(d, 8) ? 0 : dice_between(d, 0, most);
    return w;
}

/* The table of a moment, looked for from the end. */
static int32_t table_of(const random_way *w, int32_t at)
{
    int32_t i = w->day.n_periods - 1;
    while (i > 0 && w->periods[i].begin > at)
        i--;
    return w->periods[i].table;
}

static bool is_border(const random_way *w, int32_t at)
{
    for (int32_t i = 1; i < w->day.n_periods; i++)
        if (w->periods[i].begin == at)
            return true;
    return false;
}

/* One tick after the other. */
static int32_t walked(const random_way *w, int32_t depart)
{
    int32_t now = depart, whole = w->time[table_of(w, now)], left = whole;
    while (left > 0) {
        now++;
        left--;
        if (left > 0 && is_border(w, now)) {
            int32_t next = w->time[table_of(w, now)];
            left = left * next / whole + (left * next % whole > 0);
            whole = next;
        }
    }
    return now;
}

static void check_way(const random_way *w)
{
    int32_t least = INT32_MAX, most = 0, before = INT32_MIN;
    for (int32_t i = 0; i < w->day.n_periods; i++) {
        least = w->time[w->periods[i].table] < least ? w->time[w->periods[i].table] : least;
        most = w->time[w->periods[i].table] > most ? w->time[w->periods[i].table] : most;
    }
    for (int32_t depart = -100; depart < 500; depart++) {
        int32_t arrive = travel_arrive(&w->day, w->time, depart);
        assert_int_equal(arrive, walked(w, depart));
        assert_true(arrive >= before); /* first in, first out */
        assert_in_range(arrive - depart, least, most);
        if (before != INT32_MIN)
            for (int32_t by = before; by < arrive; by++)
                assert_int_equal(travel_leave(&w->day, w->time, by), depart - 1);
        before = arrive;
    }
}

static void check_no_slower(const random_way *w, int32_t at)
{
    int32_t first, last, takes = walked(w, at) - at;
    travel_no_slower(&w->day, w->time, at, &first, &last);
    assert_true(first <= at && at <= last);
    for (int32_t depart = first > -200 ? first : -200; depart <= last && depart < 700; depart++)
        assert_true(walked(w, depart) - depart <= takes);
}

static void test_random_ways_are_first_in_first_out_and_their_inverse_is_exact(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        dice d = {seed};
        random_way w = draw(&d);
        w.day.periods = w.periods;
        check_way(&w);
        for (int32_t k = 0; k < 20; k++)
            check_no_slower(&w, dice_between(&d, -100, 500));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_way_in_one_period_takes_what_its_table_says),
        cmocka_unit_test(test_what_is_left_at_a_border_goes_on_at_the_new_pace),
        cmocka_unit_test(test_rounding_up_at_several_borders_adds_up),
        cmocka_unit_test(test_no_way_stays_no_way),
        cmocka_unit_test(test_when_to_leave_without_being_longer_on_the_way),
        cmocka_unit_test(test_random_ways_are_first_in_first_out_and_their_inverse_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
