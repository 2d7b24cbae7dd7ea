/* The clock on the wall against what passes: London and Auckland 2026, sums by hand. */
#include "time_zone.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define HM(h, m) (((h)*60 + (m)) * 60)

enum { MARCH_28 = 20540, MARCH_29, OCTOBER_25 = 20751, SEPTEMBER_27 = 20723 }; /* of 2026, since 1970-01-01 */

static void test_in_spring_an_hour_never_comes(void **state)
{
    clock_change change = time_zone_change("Europe/London", MARCH_29, 1);
    assert_int_equal(change.at_s, HM(1, 0));
    assert_int_equal(change.by_s, HM(1, 0));
    assert_int_equal(clock_elapsed(&change, HM(0, 59)), HM(0, 59));
    assert_int_equal(clock_doubt_of(&change, HM(0, 59)), CLOCK_CLEAR);
    assert_int_equal(clock_elapsed(&change, HM(1, 30)), HM(1, 0)); /* as if it were 02:00 */
    assert_int_equal(clock_doubt_of(&change, HM(1, 30)), CLOCK_NEVER);
    assert_int_equal(clock_elapsed(&change, HM(2, 0)), HM(1, 0));
    assert_int_equal(clock_doubt_of(&change, HM(2, 0)), CLOCK_CLEAR);
    assert_int_equal(clock_elapsed(&change, HM(7, 0)), HM(6, 0));
    assert_int_equal(clock_wall(&change, HM(1, 0)), HM(2, 0));
    assert_int_equal(clock_wall(&change, HM(6, 0)), HM(7, 0));
}

static void test_in_autumn_an_hour_comes_twice(void **state)
{
    clock_change change = time_zone_change("Europe/London", OCTOBER_25, 1);
    assert_int_equal(change.at_s, HM(2, 0));
    assert_int_equal(change.by_s, -HM(1, 0));
    assert_int_equal(clock_elapsed(&change, HM(1, 30)), HM(1, 30)); /* the first */
    assert_int_equal(clock_doubt_of(&change, HM(1, 30)), CLOCK_TWICE);
    assert_int_equal(clock_doubt_of(&change, HM(0, 59)), CLOCK_CLEAR);
    assert_int_equal(clock_doubt_of(&change, HM(2, 0)), CLOCK_CLEAR);
    assert_int_equal(clock_elapsed(&change, HM(2, 0)), HM(3, 0));
    assert_int_equal(clock_wall(&change, HM(1, 30)), HM(1, 30));
    assert_int_equal(clock_wall(&change, HM(2, 30)), HM(1, 30)); /* the second */
    assert_int_equal(clock_wall(&change, HM(8, 0)), HM(7, 0));
}

static void test_a_change_after_the_horizon_is_none(void **state)
{
    assert_int_equal(time_zone_change("Europe/London", MARCH_28, 1).by_s, 0);
    clock_change change = time_zone_change("Europe/London", MARCH_28, 2);
    assert_int_equal(change.at_s, HM(25, 0));
    assert_int_equal(clock_elapsed(&change, HM(24 + 7, 0)),
                     HM(24 + 6, 0)); /* the morning after a night of nine hours */
}

/* Auckland is half a day ahead: its clocks change at 02:00 when it is still the day before in Greenwich. */
static void test_far_from_greenwich(void **state)
{
    clock_change change = time_zone_change("Pacific/Auckland", SEPTEMBER_27, 1);
    assert_int_equal(change.at_s, HM(2, 0));
    assert_int_equal(change.by_s, HM(1, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_spring_an_hour_never_comes),
        cmocka_unit_test(test_in_autumn_an_hour_comes_twice),
        cmocka_unit_test(test_a_change_after_the_horizon_is_none),
        cmocka_unit_test(test_far_from_greenwich),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
