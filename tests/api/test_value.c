/* Times, durations, dates, numbers, yes and no, as people write them. */
#include "value.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define HM(h, m) ((h)*3600 + (m)*60)
#define WRONG    (-12345) /* what an output keeps when the value is not understood */

typedef struct spelling {
    const char *text;
    int32_t s;
} spelling;

static void test_times_in_all_spellings(void **state)
{
    (void)state;
    static const spelling spellings[] = {
        {"07:30", HM(7, 30)},   {"7:30", HM(7, 30)},      {"7.30", HM(7, 30)},
        {"0730", HM(7, 30)},    {"730", HM(7, 30)},       {"7h30", HM(7, 30)},
        {"7:30am", HM(7, 30)},  {"7:30 AM", HM(7, 30)},   {"7.30 a.m.", HM(7, 30)},
        {"7pm", HM(19, 0)},     {"7:30 p.m", HM(19, 30)}, {"12am", 0},
        {"12:15am", HM(0, 15)}, {"12pm", HM(12, 0)},      {"07:30:15", HM(7, 30) + 15},
        {"24:15", HM(24, 15)},  {"2415", HM(24, 15)},     {"47:59", HM(47, 59)},
        {"00:00", 0},
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        int32_t s = WRONG;
        const char *wrong = value_time(spellings[i].text, &s);
        if (wrong || s != spellings[i].s)
            print_error("'%s': %s %d\n", spellings[i].text, wrong ? wrong : "", s);
        assert_null(wrong);
        assert_int_equal(s, spellings[i].s);
    }
}

static void test_what_is_no_time_is_left_alone(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "7",      "7.3",         "7.300",  "0.3125",  "25",     "24:60",
                                        "48:00",      "0:00pm", "13pm",        "07:30x", "07:3",    "7:30:1", "-7:30",
                                        "07:30am pm", "am",     "12345678901", "1e3",    "07:30 -", "7::30"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int32_t s = WRONG;
        if (!value_time(wrong[i], &s))
            print_error("'%s' taken as %d\n", wrong[i], s);
        assert_non_null(value_time(wrong[i], &s));
        assert_int_equal(s, WRONG);
    }
}

static void test_durations_in_all_spellings(void **state)
{
    (void)state;
    static const spelling spellings[] = {
        {"45", HM(0, 45)},         {"0:45", HM(0, 45)},
        {"1:30", HM(1, 30)},       {"90", HM(1, 30)},
        {"37.5", 37 * 60 + 30},    {"37,5", 37 * 60 + 30},
        {"45 min", HM(0, 45)},     {"45min", HM(0, 45)},
        {"45 Minutes", HM(0, 45)}, {"1h", HM(1, 0)},
        {"1h30", HM(1, 30)},       {"1 h 30 min", HM(1, 30)},
        {"2 hours", HM(2, 0)},     {"0", 0},
        {"48:00", HM(48, 0)},      {"0:20:30", 20 * 60 + 30},
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        int32_t s = WRONG;
        const char *wrong = value_duration(spellings[i].text, &s);
        if (wrong || s != spellings[i].s)
            print_error("'%s': %s %d\n", spellings[i].text, wrong ? wrong : "", s);
        assert_null(wrong);
        assert_int_equal(s, spellings[i].s);
    }
}

static void test_what_is_no_duration_is_left_alone(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",     "x",     "-5",    "4x",    "1:5",        "1:60",  "0:45:99",
                                        "1h60", "1h5h",  "48:01", "99999", "9999999999", "45 mi", "30 minutes more",
                                        "4.",   "1h2345"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int32_t s = WRONG;
        if (!value_duration(wrong[i], &s))
            print_error("'%s' taken as %d\n", wrong[i], s);
        assert_int_equal(s, WRONG);
    }
}

static void test_yes_and_no(void **state)
{
    (void)state;
    static const char *const yes[] = {"yes", "Y", "TRUE", "t", "1", "x"}, *const no[] = {"no", "N", "False", "f", "0"};
    bool is = false;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++, is = false) {
        assert_null(value_bool(yes[i], &is));
        assert_true(is);
    }
    is = true;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++, is = true) {
        assert_null(value_bool(no[i], &is));
        assert_false(is);
    }
    assert_non_null(value_bool("maybe", &is));
    assert_non_null(value_bool("", &is));
    assert_non_null(value_bool("yesyesyesyes", &is));
}

static void check_number(const char *text, bool decimal_comma, double expected)
{
    double number = WRONG;
    assert_null(value_number(text, decimal_comma, &number));
    if (number != expected)
        print_error("'%s' taken as %.17g\n", text, number);
    assert_true(number == expected);
}

/* Exactly what the compiler makes of the same digits, whatever the locale. */
static void test_numbers_are_exact(void **state)
{
    (void)state;
    check_number("55.9533", false, 55.9533);
    check_number("-3.18826754", false, -3.18826754);
    check_number("55,9533", true, 55.9533);
    check_number("+7", false, 7);
    check_number(".5", false, .5);
    check_number("5.", false, 5);
    check_number("1e3", false, 1000);
    check_number("1.25E-2", false, 0.0125);
    check_number("123456789012345", false, 123456789012345.0);
    check_number("73e-322", false, 73e-322); /* 1e322 is no double, 73e-322 is one */
    double number = WRONG;
    static const char *const wrong[] = {"",      "-",    ".",   "e5",  "1e",  "1e9999",
                                        "1e999", "0x10", "nan", "inf", "1 2", "1.2.3"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_non_null(value_number(wrong[i], false, &number));
    assert_non_null(value_number("55,9533", false, &number));
    assert_true(number == WRONG);
}

static void test_dates(void **state)
{
    (void)state;
    int32_t days, s;
    char text[16];
    assert_null(value_date("1970-01-01", &days));
    assert_int_equal(days, 0);
    assert_null(value_date("2026-11-23", &days));
    assert_int_equal(days, 20780); /* 56 years of 365 and 14 leap days, then 326 days into 2026 */
    int32_t same;
    assert_null(value_date("23/11/2026", &same));
    assert_int_equal(same, days);
    assert_null(value_date_time("23.11.2026 7:30pm", &same, &s));
    assert_int_equal(same, days);
    assert_int_equal(s, HM(19, 30));
    assert_null(value_date_time("2026-11-23T07:30:00", &same, &s));
    assert_int_equal(s, HM(7, 30));
    assert_null(value_date_time("2026-11-23", &same, &s));
    assert_int_equal(s, CR_FREE);
    static const char *const wrong[] = {"",      "2026-02-29", "2026-13-01", "11/23/2026", "23/11/26", "2026/11/23x",
                                        "23-11", "2026-11",    "1899-12-31", "2026-11-231"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_non_null(value_date(wrong[i], &same));
    assert_string_equal(value_date_text(days, text), "2026-11-23");
}

static void test_every_day_of_three_centuries_is_written_and_read_back(void **state)
{
    (void)state;
    int32_t first, last, back;
    assert_null(value_date("1900-01-01", &first));
    assert_null(value_date("2200-12-31", &last));
    assert_int_equal(last - first,
                     300 * 365 + 72 + 365); /* 72 leap days from 1904 to 2196, 1900 is none; 2100 neither */
    for (int32_t day = first; day <= last; day++) {
        char text[16];
        assert_null(value_date(value_date_text(day, text), &back));
        assert_int_equal(back, day);
    }
}

static void test_lists_by_any_mark(void **state)
{
    (void)state;
    const char *list = " a; b b |c,,\n d ;";
    static const char *const items[] = {"a", "b b", "c", "d"};
    value_item item;
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        assert_true(value_next_item(&list, &item));
        assert_int_equal(item.n, strlen(items[i]));
        assert_memory_equal(item.text, items[i], item.n);
    }
    assert_false(value_next_item(&list, &item));
}

int main(void)
{
    setlocale(LC_ALL,
              "de_DE.UTF-8"); /* a comma for the decimal point must change nothing; where it is not there, fine */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_in_all_spellings),
        cmocka_unit_test(test_what_is_no_time_is_left_alone),
        cmocka_unit_test(test_durations_in_all_spellings),
        cmocka_unit_test(test_what_is_no_duration_is_left_alone),
        cmocka_unit_test(test_yes_and_no),
        cmocka_unit_test(test_numbers_are_exact),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_every_day_of_three_centuries_is_written_and_read_back),
        cmocka_unit_test(test_lists_by_any_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
