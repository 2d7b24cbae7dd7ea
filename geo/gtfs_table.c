/* Files of a feed, row by row, by libcsv. */
#include "gtfs.h"

#include <csv.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELL_MOST_BYTES  1000
#define FIELD_MOST_BYTES ((size_t)1 << 20) /* so much of a field that has not ended */
#define MOST_HEADINGS    200

/* ---- faults ---- */

static void note(gtfs_reader *reader, const cr_feed_fault *fault)
{
    if (reader->n_faults++ < GTFS_MOST_FAULTS)
        reader->note(reader->user, fault);
}

void gtfs_fault(gtfs_reader *reader, const char *file, int64_t row, const char *format, ...)
{
    char text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    note(reader, &(cr_feed_fault){file, row, "", "", text});
}

bool gtfs_row_fault(const gtfs_row *row, int32_t column, const char *format, ...)
{
    char text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    note(row->reader, &(cr_feed_fault){row->file, row->number, column < 0 ? "" : row->columns[column],
                                       column < 0 ? "" : row->value[column], text});
    return false;
}

bool gtfs_row_int(const gtfs_row *row, int32_t column, int32_t least, int32_t most, int32_t *ret)
{
    const char *text = row->value[column];
    char *end;
    if (!*text)
        return true;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno || *end || end == text || number < least || number > most)
        return gtfs_row_fault(row, column, "must be a whole number from %d to %d", least, most);
    *ret = (int32_t)number;
    return true;
}

/* ---- cutting ---- */

typedef struct cutting {
    gtfs_reader *reader;
    const gtfs_table *table;
    struct csv_parser parser;
    int32_t column_of[MOST_HEADINGS]; /* ours, by heading; CR_NONE */
    bool has[GTFS_MOST_COLUMNS];
    char cell[GTFS_MOST_COLUMNS][CELL_MOST_BYTES + 1];
    int32_t at; /* field of the row */
    int64_t row;
    bool is_empty, is_bad, has_ended;
    size_t n_mark; /* bytes of the byte order mark passed over; all of them: the text has begun */
} cutting;

static const char byte_order_mark[3] = {'\xef', '\xbb', '\xbf'};

static bool may_go_on(const cutting *c)
{
    return !c->has_ended && !c->reader->st && c->reader->n_faults < GTFS_MOST_FAULTS;
}

static void take_heading(cutting *c, const char *text, size_t n)
{
    c->column_of[c->at] = CR_NONE;
    for (int32_t k = 0; k < c->table->n_columns; k++)
        if (strlen(c->table->columns[k]) == n && memcmp(c->table->columns[k], text, n) == 0) {
            c->column_of[c->at] = k;
            c->has[k] = true;
        }
}

static void take_field(void *bytes, size_t n, void *user)
{
    cutting *c = user;
    const char *text = bytes ? bytes : "";
    if (!may_go_on(c))
        return;
    if (c->at < MOST_HEADINGS && c->row == 1) {
        take_heading(c, text, n);
    } else if (c->at < MOST_HEADINGS && c->column_of[c->at] != CR_NONE) {
        int32_t k = c->column_of[c->at];
        if (n > CELL_MOST_BYTES || memchr(text, '\0', n)) {
            gtfs_fault(c->reader, c->table->file, c->row, "%s is longer than %d bytes or has a NUL in it",
                       c->table->columns[k], CELL_MOST_BYTES);
            c->is_bad = true;
            n = 0;
        }
        memcpy(c->cell[k], text, n);
        c->cell[k][n] = '\0';
    }
    c->is_empty = c->is_empty && n == 0;
    c->at++;
}

static void check_headings(cutting *c)
{
    for (int32_t k = 0; k < c->table->n_required; k++)
        if (!c->has[k]) {
            gtfs_fault(c->reader, c->table->file, 1, "has no column %s", c->table->columns[k]);
            c->has_ended = true;
        }
}

static void take_row(int end, void *user)
{
    (void)end;
    cutting *c = user;
    if (!may_go_on(c))
        return;
    if (c->row == 1)
        check_headings(c);
    gtfs_row row = {c->reader, c->table->file, c->table->columns, c->row, {NULL}};
    for (int32_t k = 0; k < c->table->n_columns; k++)
        row.value[k] = c->cell[k];
    if (c->row > 1 && !c->is_empty && !c->is_bad)
        c->table->take(&row);
    for (int32_t k = 0; k < c->table->n_columns; k++)
        *c->cell[k] = '\0';
    c->row++;
    c->at = 0;
    c->is_empty = true;
    c->is_bad = false;
}

static bool take_bytes(void *user, const char *bytes, size_t n)
{
    cutting *c = user;
    /* Before the first field, which may be quoted: a quote counts at its beginning only. */
    for (; c->n_mark < sizeof byte_order_mark && n > 0 && *bytes == byte_order_mark[c->n_mark]; bytes++, n--)
        c->n_mark++;
    if (n > 0)
        c->n_mark = sizeof byte_order_mark;
    bool is_read = csv_parse(&c->parser, bytes, n, take_field, take_row, c) == n;
    if (is_read && csv_get_buffer_size(&c->parser) <= FIELD_MOST_BYTES)
        return may_go_on(c);
    if (is_read)
        gtfs_fault(c->reader, c->table->file, c->row, "has a quote that never closes, or a field of more than 1 MB");
    else if (csv_error(&c->parser) == CSV_ENOMEM)
        c->reader->st = CR_E_NOMEM;
    else
        gtfs_fault(c->reader, c->table->file, c->row, "%s", csv_strerror(csv_error(&c->parser)));
    c->has_ended = true;
    return false;
}

cr_status gtfs_table_read(gtfs_reader *reader, const gtfs_table *table, bool *ret_is_there)
{
    char reason[200] = "";
    cutting *c = calloc(1, sizeof *c);
    if (!c)
        return CR_E_NOMEM;
    *c = (cutting){.reader = reader, .table = table, .row = 1, .is_empty = true};
    for (int32_t k = 0; k < MOST_HEADINGS; k++) /* fields beyond the headings are nobody's */
        c->column_of[k] = CR_NONE;
    csv_init(&c->parser, 0);
    const gtfs_source *source = reader->source;
    gtfs_found found = source->read(source->source, table->file, take_bytes, c, reason, sizeof reason);
    if (found == GTFS_FOUND && may_go_on(c))
        csv_fini(&c->parser, take_field, take_row, c);
    if (found == GTFS_UNREADABLE)
        gtfs_fault(reader, table->file, 0, "cannot be read: %s", reason);
    else if (found == GTFS_MISSING && table->is_needed)
        gtfs_fault(reader, table->file, 0, "is not in the feed");
    else if (found == GTFS_FOUND && c->row == 1)
        gtfs_fault(reader, table->file, 0, "has no header");
    csv_free(&c->parser);
    free(c);
    if (ret_is_there)
        *ret_is_there = found == GTFS_FOUND;
    return reader->st;
}
