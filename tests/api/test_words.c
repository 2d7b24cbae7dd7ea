/* Words: figures as people say them. */
#include "words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_money_has_pounds_pence_and_groups(void **state)
{
    assert_string_equal(words_money(0).text, "£0.00");
    assert_string_equal(words_money(123450 * CR_COST_PENNY).text, "£1,234.50");
    assert_string_equal(words_money(-20 * CR_COST_PENNY).text, "-£0.20");
    assert_string_equal(words_money(123456789 * CR_COST_PENNY).text, "£1,234,567.89");
    assert_string_equal(words_money_round(123450 * CR_COST_PENNY).text, "£1,235");
    assert_string_equal(words_money_round(-49 * CR_COST_PENNY).text, "£0");
}

static void test_pence_round_halves_away_from_zero(void **state)
{
    assert_int_equal(words_pence(CR_COST_PENNY / 2), 1);
    assert_int_equal(words_pence(CR_COST_PENNY / 2 - 1), 0);
    assert_int_equal(words_pence(-CR_COST_PENNY / 2), -1);
    assert_int_equal(words_pence(INT64_MAX), INT64_MAX / CR_COST_PENNY);
}

static void test_durations_turn_from_minutes_to_hours(void **state)
{
    assert_string_equal(words_duration(0).text, "0 min");
    assert_string_equal(words_duration(59 * 60 + 29).text, "59 min");
    assert_string_equal(words_duration(59 * 60 + 30).text, "1 h 00 min");
    assert_string_equal(words_duration(1234 * 3600 + 300).text, "1,234 h 05 min");
}

static void test_percent_never_says_all_of_not_quite_all(void **state)
{
    assert_string_equal(words_percent(420, 420).text, "100 %");
    assert_string_equal(words_percent(419, 420).text, "99 %");
    assert_string_equal(words_percent(1, 3).text, "33 %");
    assert_string_equal(words_percent(0, 0).text, "-");
}

static void test_miles_and_degrees(void **state)
{
    assert_string_equal(words_miles(1609).text, "1.0 miles");
    assert_string_equal(words_miles(160773).text, "99.9 miles");
    assert_string_equal(words_miles(16093440).text, "10,000 miles");
    assert_string_equal(words_degrees(-3.0681).text, "-3.0681000");
    assert_string_equal(words_degrees(-0.00000004).text, "0.0000000");
    assert_string_equal(words_fixed(-5, 2).text, "-0.05");
}

static void test_what_the_input_does_not_say_is_not_called_nothing(void **state)
{
    const cr_day whole = {0}, lacking = {.lacks_distances = true};
    assert_string_equal(words_distance(&whole, 0).text, "0.0 miles");
    assert_string_equal(words_distance(&lacking, 0).text, "no distances given");
    assert_string_equal(words_distance(&lacking, 16093440).text, "at least 10,000 miles");
}

/* Sunday has 25 hours, so Saturday's midnight is an hour later than six days. */
static void test_the_last_day_is_named_where_the_clocks_go_back(void **state)
{
    const cr_day week = {.date = "2026-10-25", .first_day = 20751, .n_days = 7, .change = {7200, -3600}};
    const cr_breach breach = {.rule = CR_RULE_MAX_DAY_WORK,
                              .visit = CR_NONE,
                              .other_visit = CR_NONE,
                              .shift = CR_NONE,
                              .carer = CR_NONE,
                              .is = 9 * 3600,
                              .should = 8 * 3600,
                              .item = 6};
    assert_string_equal(words_dates(&week).text, "2026-10-25 to 2026-10-31");
    char *text = words_breach(&week, &breach);
    assert_string_equal(text, "9 h 00 min of work on 2026-10-31, at most 8 h 00 min a day are allowed");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_money_has_pounds_pence_and_groups),
        cmocka_unit_test(test_pence_round_halves_away_from_zero),
        cmocka_unit_test(test_durations_turn_from_minutes_to_hours),
        cmocka_unit_test(test_percent_never_says_all_of_not_quite_all),
        cmocka_unit_test(test_miles_and_degrees),
        cmocka_unit_test(test_what_the_input_does_not_say_is_not_called_nothing),
        cmocka_unit_test(test_the_last_day_is_named_where_the_clocks_go_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
