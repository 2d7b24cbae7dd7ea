/* CSV as spreadsheets want it: RFC 4180, UTF-8 with a byte order mark (Excel takes the file for the local code page
 * without one), CRLF at the end of a row, and no text that a spreadsheet would run as a formula. */
#ifndef API_CSV_OUT_H
#define API_CSV_OUT_H

#include "careround/base.h"

#include <stdio.h>

typedef struct csv_out {
    FILE *out;
    bool in_row;
} csv_out;

/* Writes the byte order mark. */
csv_out csv_begin(FILE *out);

/* A text that starts with = + - @ (or a tab or line end before them) gets an apostrophe in front, which spreadsheets
 * take as "this is text" (OWASP, CSV injection). Line ends inside are kept, quoted. */
void csv_text(csv_out *csv, const char *text);

/* A figure or a time of ours. */
void csv_value(csv_out *csv, const char *value);
void csv_int(csv_out *csv, int64_t value);

void csv_end_row(csv_out *csv);

/* A row of headings. */
void csv_head(csv_out *csv, const char *const *names, int32_t n);

#endif
