/* CSV into a table, parsed by libcsv.
 *
 * libcsv does not say where it is, so it is fed line by line: a record starts at the line that was fed when the last
 * one had ended. Quoted line breaks then count as they should, and every message names the line that an editor shows.
 */
#include "table.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#define FEED_BYTES 16384

typedef struct csv_reading {
    table *t;
    findings_book *findings;
    struct csv_parser parser;
    cr_status st;
    int32_t line, record_line;
    const char *text; /* from the first line of the record at hand, */
    size_t size;      /* up to the last one fed */
    char delimiter;
    bool stop; /* a limit was passed: no sense in going on */
    bool has_headings;
    const char *field[TABLE_MOST_COLUMNS];
    int32_t n_fields;
    arena *record; /* the fields of the record at hand */
} csv_reading;

static void give_up(csv_reading *r, const char *text)
{
    if (!r->stop)
        findings_error(r->findings, (finding_at){r->t->file, r->record_line, "", ""}, "%s", text);
    r->stop = r->t->broken = true;
}

static void on_field(void *bytes, size_t n, void *user)
{
    csv_reading *r = user;
    if (r->stop || r->st)
        return;
    if (n > CELL_MOST_BYTES)
        give_up(r, "a field is longer than 32,768 bytes; is a quotation mark missing its partner?");
    else if (r->n_fields >= TABLE_MOST_COLUMNS)
        give_up(r, "more than 500 fields in one row; is this the right file?");
    else
        r->field[r->n_fields++] = n ? arena_copy_n(r->record, bytes, n) : "";
}

static const char *skip_blanks(const csv_reading *r, const char *at)
{
    while (at < r->text + r->size && (*at == ' ' || *at == '\t') && *at != r->delimiter)
        at++;
    return at;
}

/* Behind a field in quotation marks that begins behind `at`; NULL: one of the marks in it is neither doubled nor the
 * last thing of it. libcsv takes such a mark for text and reads on, over the ends of lines. */
static const char *behind_quoted(const csv_reading *r, const char *at)
{
    const char *end = r->text + r->size;
    for (; at < end; at++) {
        if (*at != '"')
            continue;
        if (at + 1 < end && at[1] == '"') {
            at++;
            continue;
        }
        at = skip_blanks(r, at + 1);
        return at == end || *at == r->delimiter || *at == '\r' || *at == '\n' ? at : NULL;
    }
    return at;
}

/* Were lines made into one record by a quotation mark that has lost its partner? A visit would be in the notes of
 * another. */
static bool is_quoted_badly(const csv_reading *r)
{
    const char *at = r->text, *end = r->text + r->size;
    while (at < end) {
        at = skip_blanks(r, at);
        if (at < end && *at == '"' && !(at = behind_quoted(r, at + 1)))
            return true;
        while (at < end && *at != r->delimiter)
            at++;
        at++;
    }
    return false;
}

static bool all_empty(const csv_reading *r)
{
    for (int32_t i = 0; i < r->n_fields; i++)
        if (r->field[i][strspn(r->field[i], " \t\r\n")])
            return false;
    return true;
}

static int32_t last_filled(const csv_reading *r)
{
    int32_t n = r->n_fields;
    while (n > 0 && !*r->field[n - 1])
        n--;
    return n;
}

static void take_record(csv_reading *r)
{
    table *t = r->t;
    if (!r->has_headings) {
        r->has_headings = true;
        r->st = table_set_headings(t, r->field, last_filled(r));
        return;
    }
    if (t->n_rows >= TABLE_MOST_ROWS) {
        give_up(r, "more than 5,000,000 rows");
        return;
    }
    r->st = table_add_row(t, r->field, r->n_fields, r->record_line);
    if (r->st || last_filled(r) <= t->n_headings)
        return;
    t->bad[t->n_rows - 1] = true;
    t->n_row_errors++;
    findings_error(r->findings, (finding_at){t->file, r->record_line, "", ""},
                   "%d fields, but there are %d headings; put a field that holds the delimiter in quotation marks",
                   last_filled(r), t->n_headings);
}

static void on_record(int terminator, void *user)
{
    (void)terminator;
    csv_reading *r = user;
    if (r->st)
        return;
    if (arena_failed(r->record))
        r->st = CR_E_NOMEM;
    if (r->record_line < r->line && is_quoted_badly(r))
        give_up(
            r,
            "the lines from here on run into one, as a quotation mark has no partner; double those that are part of a "
            "text, and close the field with one before the delimiter");
    if (!r->stop && !r->st && r->n_fields > 0 && !all_empty(r))
        take_record(r);
    r->n_fields = 0;
    r->record = arena_free(r->record);
    if (!r->st && arena_new(&r->record))
        r->st = CR_E_NOMEM;
    r->record_line = r->line + 1;
    r->text += r->size;
    r->size = 0;
}

/* Which of comma, semicolon and tab is most frequent outside quotation marks in the first record. */
static char detect_delimiter(const char *text, size_t size)
{
    static const char marks[] = {',', ';', '\t'};
    int32_t count[sizeof marks] = {0};
    bool quoted = false;
    size_t begin = 0;
    while (begin < size && (text[begin] == '\n' || text[begin] == '\r'))
        begin++;
    for (size_t i = begin; i < size && (quoted || (text[i] != '\n' && text[i] != '\r')); i++) {
        if (text[i] == '"')
            quoted = !quoted;
        for (size_t m = 0; m < sizeof marks && !quoted; m++)
            count[m] += text[i] == marks[m];
    }
    size_t best = 0;
    for (size_t m = 1; m < sizeof marks; m++)
        if (count[m] > count[best])
            best = m;
    return marks[best];
}

/* The end of the line at `from`: behind its \n, \r\n or \r. The text need not end with a NUL; one inside ends the line.
 */
static size_t line_end(const char *text, size_t from, size_t size)
{
    size_t end = from;
    while (end < size && text[end] && text[end] != '\r' && text[end] != '\n')
        end++;
    if (end < size && text[end] == '\r')
        return end + 1 < size && text[end + 1] == '\n' ? end + 2 : end + 1;
    return end < size ? end + 1 : size;
}

/* Long lines in pieces, so that a field without end is noticed before it has grown. */
static void feed_line(csv_reading *r, const char *line, size_t size)
{
    for (size_t from = 0; from < size && !r->stop && !r->st;) {
        size_t n = size - from < FEED_BYTES ? size - from : FEED_BYTES;
        if (csv_parse(&r->parser, line + from, n, on_field, on_record, r) != n)
            r->st = CR_E_NOMEM;
        if (r->parser.entry_pos > CELL_MOST_BYTES)
            give_up(r, "a field is longer than 32,768 bytes; is a quotation mark missing its partner?");
        from += n;
    }
}

static void feed(csv_reading *r, const char *text, size_t size)
{
    r->text = text;
    for (size_t from = 0; from < size && !r->stop && !r->st;) {
        size_t end = line_end(text, from, size);
        r->line++;
        r->size = (size_t)(text + end - r->text);
        feed_line(r, text + from, end - from);
        from = end;
    }
    csv_set_opts(&r->parser, (unsigned char)(csv_get_opts(&r->parser) | CSV_STRICT)); /* or fini forgives */
    if (!r->stop && !r->st && csv_fini(&r->parser, on_field, on_record, r))
        give_up(r, "a quotation mark is opened here and never closed");
}

cr_status table_read_csv(table *t, const char *text, size_t size, findings_book *findings)
{
    csv_reading *r = calloc(1, sizeof *r);
    if (!r || arena_new(&r->record) || csv_init(&r->parser, CSV_STRICT_FINI | CSV_APPEND_NULL | CSV_REPALL_NL)) {
        if (r)
            arena_free(r->record);
        free(r);
        return CR_E_NOMEM;
    }
    r->t = t;
    r->findings = findings;
    r->record_line = 1;
    r->delimiter = detect_delimiter(text, size);
    csv_set_delim(&r->parser, (unsigned char)r->delimiter);
    csv_set_blk_size(&r->parser, 4096);
    t->decimal_comma = r->delimiter != ',';
    feed(r, text, size);
    if (!r->has_headings && !r->stop && !r->st)
        findings_error(findings, (finding_at){t->file, 0, "", ""},
                       "the file is empty; its first line must be headings");
    cr_status st = r->st;
    csv_free(&r->parser);
    arena_free(r->record);
    free(r);
    return st;
}
