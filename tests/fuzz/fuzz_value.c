/* Fuzz: any text as a time, a duration, a date, a number, yes or no, and as a list.
 *
 * What is understood lies within the limits promised; what is not leaves the output alone; a date is written and read
 * back as the same day.
 */
#include "fuzz.h"
#include "value.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEFT_ALONE (-12345)

static void try_times(const char *text)
{
    int32_t s = LEFT_ALONE, days = LEFT_ALONE, again;
    bool is_time = value_time(text, &s) == NULL;
    FUZZ_CHECK(is_time ? s >= 0 && s < 48 * 3600 : s == LEFT_ALONE);
    s = LEFT_ALONE;
    bool is_duration = value_duration(text, &s) == NULL;
    FUZZ_CHECK(is_duration ? s >= 0 && s <= 48 * 3600 : s == LEFT_ALONE);
    s = LEFT_ALONE;
    if (value_date_time(text, &days, &s)) {
        FUZZ_CHECK(days == LEFT_ALONE && s == LEFT_ALONE);
        return;
    }
    char date[16];
    FUZZ_CHECK(s == CR_FREE || (s >= 0 && s < 48 * 3600));
    FUZZ_CHECK(value_date(value_date_text(days, date), &again) == NULL && again == days);
}

/* What the C library reads where a decimal point is a point. */
static double with_decimal_point(const char *text)
{
    locale_t c_locale = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    double number = c_locale ? strtod_l(text, NULL, c_locale) : strtod(text, NULL);
    if (c_locale)
        freelocale(c_locale);
    return number;
}

static void try_numbers(const char *text)
{
    double number = LEFT_ALONE;
    bool is_number = value_number(text, true, &number) == NULL;
    FUZZ_CHECK(is_number ? isfinite(number) : number == LEFT_ALONE);
    /* Below the normal numbers doubles lie DBL_TRUE_MIN apart, and dividing in two steps may round to the next. */
    if (is_number && !strchr(text, ','))
        FUZZ_CHECK(fabs(number - with_decimal_point(text)) <= 1e-12 * fabs(number) + DBL_TRUE_MIN);
    int32_t whole = LEFT_ALONE;
    bool is_whole = value_int(text, -10, 10, &whole);
    FUZZ_CHECK(is_whole ? whole >= -10 && whole <= 10 : whole == LEFT_ALONE);
    bool yes;
    (void)value_bool(text, &yes);
}

static void try_list(const char *text)
{
    size_t left = strlen(text);
    value_item item;
    while (value_next_item(&text, &item)) {
        FUZZ_CHECK(item.n > 0 && item.n <= left);
        left -= item.n;
    }
    FUZZ_CHECK(*text == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size + 1);
    FUZZ_CHECK(text != NULL);
    if (size)
        memcpy(text, data, size);
    try_times(text);
    try_numbers(text);
    try_list(text);
    free(text);
    return 0;
}
