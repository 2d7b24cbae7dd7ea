/* A row under the reader's finger: take values out of it, note what is wrong with it. */
#ifndef API_ROW_H
#define API_ROW_H

#include "table.h"

typedef struct row {
    table *t;
    int32_t at;
    findings_book *findings;
} row;

/* The row has an error: noted, and the row marked bad. Always false. */
__attribute__((format(printf, 3, 4))) bool row_error(const row *r, int32_t column, const char *format, ...);
__attribute__((format(printf, 3, 4))) void row_warning(const row *r, int32_t column, const char *format, ...);

const char *row_text(const row *r, int32_t column);
int32_t row_line(const row *r);
bool row_is_bad(const row *r);

/* Another row of the table as a message of this one names it: "row 2", and of which list if that is another. */
const char *row_name(const row *r, int32_t other);

/* Text that must be there: NULL (and an error) if it is empty. */
const char *row_required(const row *r, int32_t column);

/* Each gives true when the cell holds a value that was understood; false when it is empty or (noted) wrong, and the
 * output is then untouched, so that it can hold the default beforehand. */
bool row_time(const row *r, int32_t column, int32_t *ret_s);
bool row_duration(const row *r, int32_t column, int32_t least_s, int32_t most_s, int32_t *ret_s);
bool row_bool(const row *r, int32_t column, bool *ret_bool);
bool row_number(const row *r, int32_t column, double least, double most, double *ret_number);
bool row_int(const row *r, int32_t column, int32_t least, int32_t most, int32_t *ret_int);

/* The day of a row, as days after day0 (since 1970-01-01): up to six. */
bool row_day(const row *r, int32_t column, int32_t day0, int32_t *ret_day);

/* An instant of the day: a time, or a date and time counted from day0 (days since 1970-01-01). */
bool row_instant(const row *r, int32_t column, int32_t day0, int32_t *ret_s);

#endif
