/* Values as people write them: times, durations, dates, numbers, yes and no.
 *
 * Each parser returns NULL when it understood, and otherwise what would be right, ready for a message; the output is
 * then untouched. Spaces around the value are the caller's to trim. Nothing here depends on the locale.
 */
#ifndef API_VALUE_H
#define API_VALUE_H

#include "careround/base.h"

/* 07:30, 7.30, 0730, 7:30am, 7pm, 07:30:15; hours go on past midnight: 24:15, 31:00 (up to 47:59). Seconds. */
const char *value_time(const char *text, int32_t *ret_s);

/* Minutes (45, 37.5, "45 min") or h:mm (0:45), 1h, 1h30. From 0 to 48 hours. Seconds. */
const char *value_duration(const char *text, int32_t *ret_s);

/* yes, y, true, t, 1, x / no, n, false, f, 0. */
const char *value_bool(const char *text, bool *ret_bool);

/* 53.4, -3, +1e3; 53,4 as well where decimal_comma says that a comma cannot be the delimiter. Finite. */
const char *value_number(const char *text, bool decimal_comma, double *ret_number);

/* Whole number in [least, most]; the message is for the caller to make: false if it is not one. */
bool value_int(const char *text, int32_t least, int32_t most, int32_t *ret_int);

/* 2026-11-23, 23/11/2026, 23.11.2026 (the day first). Days since 1970-01-01. */
const char *value_date(const char *text, int32_t *ret_days);

/* A date, with a time after a space or T if one is given (*ret_s CR_FREE otherwise). */
const char *value_date_time(const char *text, int32_t *ret_days, int32_t *ret_s);

/* "2026-11-23" into a buffer of at least 16 bytes, returned. */
char *value_date_text(int32_t days, char *buffer);

/* Of days since 1970-01-01: 0 is Monday. */
int32_t value_weekday_of(int32_t days);

/* mon, Tuesday, mon-fri, fri-mon, daily, weekdays, weekends: turns these on. False: it is none of them. */
bool value_weekdays(const char *item, bool on[7]);

/* The next item of a list "a; b|c, d": items are trimmed, empty ones passed over. False at the end. */
typedef struct value_item {
    const char *text;
    size_t n;
} value_item;
bool value_next_item(const char **list, value_item *ret_item);

#define METRES_A_MILE 1609.344

/* A number with so many significant digits and, in every locale, a decimal point. */
#define VALUE_NUMBER_SIZE 32

typedef struct value_text {
    char text[VALUE_NUMBER_SIZE];
} value_text;
value_text value_print_number(double number, int digits);

#endif
