/* Values out of rows. */
#include "row.h"

#include "value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static finding_at place_of(const row *r, int32_t column)
{
    const char *origin = r->t->origin[r->at];
    if (origin && column == CR_NONE)
        return (finding_at){r->t->origin_file, 0, origin, ""};
    if (origin)
        return (finding_at){r->t->origin_file, 0,
                            arena_print(r->t->strings, "%s.%s", origin, r->t->kind->columns[column].name),
                            row_text(r, column)};
    if (column == CR_NONE)
        return (finding_at){table_row_file(r->t, r->at), row_line(r), "", ""};
    return (finding_at){table_row_file(r->t, r->at), row_line(r), r->t->kind->columns[column].name,
                        row_text(r, column)};
}

bool row_error(const row *r, int32_t column, const char *format, ...)
{
    char text[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings_error(r->findings, place_of(r, column), "%s", text);
    r->t->bad[r->at] = true;
    r->t->n_row_errors++;
    return false;
}

void row_warning(const row *r, int32_t column, const char *format, ...)
{
    char text[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings_warning(r->findings, place_of(r, column), "%s", text);
}

const char *row_text(const row *r, int32_t column)
{
    return table_text(r->t, r->at, column);
}

int32_t row_line(const row *r)
{
    return r->t->line[r->at];
}

const char *row_name(const row *r, int32_t other)
{
    const char *file = table_row_file(r->t, other);
    bool same = strcmp(file, table_row_file(r->t, r->at)) == 0;
    return same ? arena_print(r->t->strings, "row %d", r->t->line[other])
                : arena_print(r->t->strings, "row %d of %s", r->t->line[other], file);
}

bool row_is_bad(const row *r)
{
    return r->t->bad[r->at];
}

/* A missing column was reported once for the file; the rows need not repeat it. */
const char *row_required(const row *r, int32_t column)
{
    const char *text = row_text(r, column);
    if (*text)
        return text;
    if (r->t->heading_of[column] != CR_NONE)
        row_error(r, column, "is empty, but every row needs it");
    else
        r->t->bad[r->at] = true;
    return NULL;
}

bool row_time(const row *r, int32_t column, int32_t *ret_s)
{
    const char *text = row_text(r, column);
    if (!*text)
        return false;
    const char *wrong = value_time(text, ret_s);
    return wrong ? row_error(r, column, "%s", wrong) : true;
}

bool row_day(const row *r, int32_t column, int32_t day0, int32_t *ret_day)
{
    const char *text = row_text(r, column);
    int32_t days;
    char first[16], last[16];
    if (!*text)
        return false;
    const char *wrong = value_date(text, &days);
    if (wrong)
        return row_error(r, column, "%s", wrong);
    if (days < day0 || days > day0 + 6)
        return row_error(r, column, "not within the week planned (%s to %s)", value_date_text(day0, first),
                         value_date_text(day0 + 6, last));
    *ret_day = days - day0;
    return true;
}

bool row_instant(const row *r, int32_t column, int32_t day0, int32_t *ret_s)
{
    const char *text = row_text(r, column);
    if (!*text)
        return false;
    int32_t days, s;
    if (value_date_time(text, &days, &s) != NULL || s == CR_FREE)
        return row_time(r, column, ret_s);
    if (days < day0 || days > day0 + 1) {
        char date[16];
        return row_error(r, column, "not on the day planned (%s) or the day after it", value_date_text(day0, date));
    }
    *ret_s = (days - day0) * 86400 + s;
    return true;
}

bool row_duration(const row *r, int32_t column, int32_t least_s, int32_t most_s, int32_t *ret_s)
{
    const char *text = row_text(r, column);
    if (!*text)
        return false;
    int32_t s;
    const char *wrong = value_duration(text, &s);
    if (wrong)
        return row_error(r, column, "%s", wrong);
    if (s < least_s || s > most_s)
        return row_error(r, column, "must be from %d to %d minutes", least_s / 60, most_s / 60);
    *ret_s = s;
    return true;
}

bool row_bool(const row *r, int32_t column, bool *ret_bool)
{
    const char *text = row_text(r, column);
    if (!*text)
        return false;
    const char *wrong = value_bool(text, ret_bool);
    return wrong ? row_error(r, column, "%s", wrong) : true;
}

bool row_number(const row *r, int32_t column, double least, double most, double *ret_number)
{
    const char *text = row_text(r, column);
    if (!*text)
        return false;
    double number;
    const char *wrong = value_number(text, table_row_decimal_comma(r->t, r->at), &number);
    if (wrong)
        return row_error(r, column, "%s", wrong);
    if (number < least || number > most)
        return row_error(r, column, "must be from %.10g to %.10g", least, most);
    *ret_number = number;
    return true;
}

bool row_int(const row *r, int32_t column, int32_t least, int32_t most, int32_t *ret_int)
{
    const char *text = row_text(r, column);
    if (!*text)
        return false;
    if (!value_int(text, least, most, ret_int))
        return row_error(r, column, "must be a whole number from %d to %d", least, most);
    return true;
}
