/* Values as people write them. One little scanner serves all: digits, then what stands between them. */
#include "value.h"

#include "near.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define HOUR   3600
#define MINUTE 60

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_spaces(const char *p)
{
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

/* Up to nine digits at *p; how many there were is returned, and *p moved behind them. */
static int scan_digits(const char **p, int32_t *ret_number)
{
    int n = 0;
    int32_t number = 0;
    for (; n < 9 && is_digit((*p)[n]); n++)
        number = number * 10 + ((*p)[n] - '0');
    if (is_digit((*p)[n]))
        return 10; /* too long for anything here */
    *p += n;
    *ret_number = number;
    return n;
}

/* Does the text go on with this word, whatever its case? Then *p is moved behind it. */
static bool scan_word(const char **p, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < n; i++) {
        char c = (*p)[i];
        if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != word[i])
            return false;
    }
    *p += n;
    return true;
}

/* ---- times ---- */

#define TIME_WANTED "not a time; write 07:30 (7.30, 0730 and 7:30am will do; 24:15 is a quarter past midnight)"

typedef enum half_day {
    HALF_NONE,
    HALF_AM,
    HALF_PM,
} half_day;

static half_day scan_half_day(const char **p)
{
    const char *at = skip_spaces(*p);
    half_day half = HALF_NONE;
    if (scan_word(&at, "am") || scan_word(&at, "a.m.") || scan_word(&at, "a.m"))
        half = HALF_AM;
    else if (scan_word(&at, "pm") || scan_word(&at, "p.m.") || scan_word(&at, "p.m"))
        half = HALF_PM;
    if (half)
        *p = at;
    return half;
}

/* ":30", ".30" or "h30", then perhaps ":15". False if it goes on otherwise. */
static bool scan_minutes(const char **p, int32_t *ret_minutes, int32_t *ret_seconds)
{
    if (**p != ':' && **p != '.' && **p != 'h' && **p != 'H')
        return false;
    const char *at = *p + 1;
    if (scan_digits(&at, ret_minutes) != 2)
        return false;
    if (*at == ':') {
        at++;
        if (scan_digits(&at, ret_seconds) != 2)
            return false;
    }
    *p = at;
    return true;
}

#define PART_OF_DAY "looks like a spreadsheet's fraction of a day; format the column as hh:mm and save it again"

/* A spreadsheet that lost the cell's format writes half past seven as 0.3125, and six hours as 0.25. */
static bool looks_like_part_of_day(const char *text)
{
    const char *p = text;
    int32_t whole;
    if (scan_digits(&p, &whole) != 1 || whole > 1 || (*p != '.' && *p != ','))
        return false;
    size_t n = strspn(++p, "0123456789");
    return n >= 2 + (size_t)whole && !p[n];
}

const char *value_time(const char *text, int32_t *ret_s)
{
    if (looks_like_part_of_day(text))
        return PART_OF_DAY;
    const char *p = text;
    int32_t hours, minutes = 0, seconds = 0;
    int n = scan_digits(&p, &hours);
    bool has_minutes = true;
    if (n == 3 || n == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (n == 1 || n == 2) {
        has_minutes = scan_minutes(&p, &minutes, &seconds);
    } else {
        return TIME_WANTED;
    }
    half_day half = scan_half_day(&p);
    if (*p || (!has_minutes && !half))
        return TIME_WANTED;
    if (minutes > 59 || seconds > 59)
        return "not a time; an hour has minutes 00 to 59";
    if (half && (hours < 1 || hours > 12))
        return "not a time; before am or pm the hour is 1 to 12";
    if (hours > 47)
        return "not a time; hours go up to 47:59, the end of the next day";
    if (half)
        hours = hours % 12 + (half == HALF_PM ? 12 : 0);
    *ret_s = hours * HOUR + minutes * MINUTE + seconds;
    return NULL;
}

/* ---- durations ---- */

#define DURATION_WANTED "not a duration; write minutes (45) or hours and minutes (0:45)"

/* "45", "37.5": minutes. A comma will do, a duration is never a list. */
static bool scan_decimal_minutes(const char **p, int32_t whole, int32_t *ret_s)
{
    int32_t part = 0;
    double parts = 1;
    if (**p == '.' || **p == ',') {
        const char *at = *p + 1;
        int n = scan_digits(&at, &part);
        if (n < 1 || n > 9)
            return false;
        while (n-- > 0)
            parts *= 10;
        *p = at;
    }
    *ret_s = whole > 48 * 60 ? 49 * HOUR : whole * MINUTE + (int32_t)(part * 60.0 / parts + 0.5);
    return true;
}

static void scan_minutes_word(const char **p)
{
    const char *at = skip_spaces(*p);
    if (scan_word(&at, "minutes") || scan_word(&at, "minute") || scan_word(&at, "mins") || scan_word(&at, "min") ||
        scan_word(&at, "m"))
        *p = at;
}

/* "1h", "1h30", "1 hour 30 min"; the hours are already read. */
static bool scan_hours_word(const char **p, int32_t hours, int32_t *ret_s)
{
    const char *at = skip_spaces(*p);
    if (!scan_word(&at, "hours") && !scan_word(&at, "hour") && !scan_word(&at, "hrs") && !scan_word(&at, "hr") &&
        !scan_word(&at, "h"))
        return false;
    at = skip_spaces(at);
    int32_t minutes = 0;
    int n = scan_digits(&at, &minutes);
    if (n > 2 || minutes > 59)
        return false;
    if (n > 0)
        scan_minutes_word(&at);
    *p = at;
    *ret_s = (hours > 48 ? 49 : hours) * HOUR + minutes * MINUTE;
    return true;
}

const char *value_duration(const char *text, int32_t *ret_s)
{
    const char *p = text;
    int32_t whole, minutes, seconds = 0, duration;
    if (looks_like_part_of_day(text))
        return PART_OF_DAY;
    int n = scan_digits(&p, &whole);
    if (n < 1 || n > 9)
        return DURATION_WANTED;
    if (*p == ':') {
        if (!scan_minutes(&p, &minutes, &seconds) || minutes > 59 || seconds > 59)
            return DURATION_WANTED;
        duration = (whole > 48 ? 49 : whole) * HOUR + minutes * MINUTE + seconds;
    } else if (!scan_hours_word(&p, whole, &duration)) {
        if (!scan_decimal_minutes(&p, whole, &duration))
            return DURATION_WANTED;
        scan_minutes_word(&p);
    }
    if (*p)
        return DURATION_WANTED;
    if (duration > 48 * HOUR)
        return "longer than two days; write minutes (45) or hours and minutes (0:45)";
    *ret_s = duration;
    return NULL;
}

/* ---- yes and no, numbers ---- */

const char *value_bool(const char *text, bool *ret_bool)
{
    static const char *const yes[] = {"yes", "y", "true", "t", "1", "x"}, *const no[] = {"no", "n", "false", "f", "0"};
    char key[8];
    near_key(text, key, sizeof key);
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (strcmp(key, yes[i]) == 0) {
            *ret_bool = true;
            return NULL;
        }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (strcmp(key, no[i]) == 0) {
            *ret_bool = false;
            return NULL;
        }
    return "neither yes nor no; write yes or no (y, n, true, false, 1 and 0 will do)";
}

#define NUMBER_WANTED "not a number; write digits and a decimal point (12.5)"

/* Digits into a double that is exact up to 15 of them; the number of digits is returned. */
static int scan_fraction(const char **p, double *number, int *places)
{
    int n = 0;
    for (; is_digit(**p); (*p)++, n++)
        if (*number < 1e15) {
            *number = *number * 10 + (**p - '0');
            *places -= 1;
        }
    return n;
}

static bool scan_exponent(const char **p, int *ret_exponent)
{
    if (**p != 'e' && **p != 'E')
        return true;
    (*p)++;
    bool negative = **p == '-';
    if (**p == '-' || **p == '+')
        (*p)++;
    int32_t exponent;
    int n = scan_digits(p, &exponent);
    if (n < 1 || n > 3)
        return false;
    *ret_exponent = negative ? -exponent : exponent;
    return true;
}

const char *value_number(const char *text, bool decimal_comma, double *ret_number)
{
    const char *p = text;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    double number = 0;
    int whole_places = 0, places = 0, exponent = 0, n_digits = scan_fraction(&p, &number, &whole_places);
    int dropped = n_digits + whole_places; /* whole digits beyond the precision still count as zeros */
    if (*p == ',' && !decimal_comma)
        return "not a number; write the decimals after a point (12.5)";
    if (*p == '.' || *p == ',') {
        p++;
        n_digits += scan_fraction(&p, &number, &places);
    }
    if (n_digits == 0 || !scan_exponent(&p, &exponent) || *p)
        return NUMBER_WANTED;
    int scale = exponent + places + dropped;
    if (scale < -300) { /* in two steps, for the power alone would be infinite */
        number /= 1e300;
        scale += 300;
    }
    number = scale < 0 ? number / pow(10, -scale) : number * pow(10, scale);
    if (!isfinite(number))
        return NUMBER_WANTED;
    *ret_number = negative ? -number : number;
    return NULL;
}

bool value_int(const char *text, int32_t least, int32_t most, int32_t *ret_int)
{
    double number; /* a comma in a whole number can only part thousands: 1,000 must not be read as 1 */
    if (value_number(text, false, &number) || number != floor(number) || number < least || number > most)
        return false;
    *ret_int = (int32_t)number;
    return true;
}

/* ---- dates ---- */

#define DATE_WANTED "not a date; write 2026-11-23 (or 23/11/2026, the day first)"

/* Days since 1970-01-01 in the Gregorian calendar, by counting years from March so that the leap day comes last. */
static int32_t days_from_civil(int32_t year, int32_t month, int32_t day)
{
    int32_t y = month <= 2 ? year - 1 : year, m = (month + 9) % 12;
    return 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719468;
}

static bool is_date(int32_t year, int32_t month, int32_t day)
{
    static const int8_t days_of[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_of[month - 1] + (month == 2 && leap);
}

static const char *scan_date(const char **p, int32_t *ret_days)
{
    int32_t a, b, c;
    int n = scan_digits(p, &a);
    char between = **p;
    if ((n != 4 && n != 2 && n != 1) || (between != '-' && between != '/' && between != '.'))
        return DATE_WANTED;
    (*p)++;
    int n_month = scan_digits(p, &b);
    if (n_month < 1 || n_month > 2 || **p != between)
        return DATE_WANTED;
    (*p)++;
    if (scan_digits(p, &c) != (n == 4 ? 2 : 4))
        return DATE_WANTED;
    if (n == 4 ? !is_date(a, b, c) : !is_date(c, b, a))
        return "no such date; write 2026-11-23 (or 23/11/2026, the day first)";
    *ret_days = n == 4 ? days_from_civil(a, b, c) : days_from_civil(c, b, a);
    return NULL;
}

const char *value_date(const char *text, int32_t *ret_days)
{
    const char *p = text;
    int32_t days;
    const char *wrong = scan_date(&p, &days);
    if (!wrong && *p)
        wrong = DATE_WANTED;
    if (!wrong)
        *ret_days = days;
    return wrong;
}

const char *value_date_time(const char *text, int32_t *ret_days, int32_t *ret_s)
{
    const char *p = text;
    int32_t days, s = CR_FREE;
    const char *wrong = scan_date(&p, &days);
    if (!wrong && *p) {
        if (*p != ' ' && *p != 'T')
            return DATE_WANTED;
        wrong = value_time(skip_spaces(p + 1), &s);
    }
    if (!wrong) {
        *ret_days = days;
        *ret_s = s;
    }
    return wrong;
}

char *value_date_text(int32_t days, char *buffer)
{
    int32_t z = days + 719468, era = z / 146097, of_era = z - era * 146097;
    int32_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    int32_t day = of_year - (153 * m + 2) / 5 + 1, month = m < 10 ? m + 3 : m - 9;
    snprintf(buffer, 16, "%04d-%02d-%02d", (int)((y + era * 400 + (month <= 2)) % 10000), (int)(month % 100),
             (int)(day % 100));
    return buffer;
}

/* ---- days of the week ---- */

int32_t value_weekday_of(int32_t days)
{
    return ((days + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
}

/* "Tu", "tue", "Tuesday"; CR_NONE: none. */
static int32_t find_weekday(const char *text, size_t n)
{
    static const char *const names[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    for (int32_t d = 0; d < 7; d++)
        if (n >= 2 && n <= strlen(names[d]) && strncasecmp(text, names[d], n) == 0)
            return d;
    return CR_NONE;
}

bool value_weekdays(const char *item, bool on[7])
{
    static const struct {
        const char *word;
        int32_t first, last;
    } words[] = {{"daily", 0, 6}, {"weekdays", 0, 4}, {"weekends", 5, 6}};
    int32_t first = CR_NONE, last = CR_NONE;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(item, words[i].word) == 0) {
            first = words[i].first;
            last = words[i].last;
        }
    if (first == CR_NONE) {
        const char *dash = strchr(item, '-');
        first = find_weekday(item, dash ? (size_t)(dash - item) : strlen(item));
        last = dash ? find_weekday(dash + 1, strlen(dash + 1)) : first;
    }
    if (first == CR_NONE || last == CR_NONE)
        return false;
    for (int32_t d = first;; d = (d + 1) % 7) { /* fri-mon goes over the weekend */
        on[d] = true;
        if (d == last)
            return true;
    }
}

/* ---- lists ---- */

static bool is_list_mark(char c)
{
    return c == ';' || c == ',' || c == '|' || c == '\n' || c == '\r';
}

bool value_next_item(const char **list, value_item *ret_item)
{
    const char *p = *list;
    while (is_list_mark(*p) || *p == ' ' || *p == '\t')
        p++;
    const char *begin = p;
    while (*p && !is_list_mark(*p))
        p++;
    *list = p;
    while (p > begin && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    *ret_item = (value_item){begin, (size_t)(p - begin)};
    return p > begin;
}

value_text value_print_number(double number, int digits)
{
    value_text t;
    locale_t c_locale = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    locale_t before = c_locale ? uselocale(c_locale) : (locale_t)0;
    snprintf(t.text, sizeof t.text, "%.*g", digits, number);
    if (c_locale) {
        uselocale(before);
        freelocale(c_locale);
    }
    return t;
}
