/* A table: rows of text cells under headings, wherever they came from.
 *
 * table_csv.c and table_json.c fill it, table.c matches the headings to our columns, row.h takes values out of it. All
 * readers of a day work on tables, so a CSV folder and a JSON file obey the same rules and get the same messages.
 */
#ifndef API_TABLE_H
#define API_TABLE_H

#include "arena.h"
#include "findings.h"

#include <jansson.h>

/* Limits against hostile input. A row is 2 billion cells away from overflow with these. */
#define TABLE_MOST_ROWS    5000000
#define TABLE_MOST_COLUMNS 500
#define CELL_MOST_BYTES    32768

typedef struct table_column {
    const char *name;
    bool required;
    const char *aliases; /* other headings that mean the same, "lat;y"; NULL: none */
} table_column;

typedef struct table_kind {
    const char *file; /* "visits.csv" */
    const char *name; /* "visits", in JSON and in columns.json */
    const table_column *columns;
    int32_t n_columns;
    bool has_others; /* a list of any kind, of which only these columns matter: others are only told of where they look
                        like a slip */
} table_kind;

/* Where rows come from when a table is put together of several files. */
typedef struct table_part {
    int32_t first_row;
    const char *file;
    bool decimal_comma;
} table_part;

typedef struct table {
    const table_kind *kind;
    const char *file; /* for messages: kind->file, or "day.json visits" */
    arena *strings;
    bool decimal_comma; /* 53,4 is a number, because the delimiter is not a comma */
    int32_t n_headings, n_rows, rows_room;
    const char **heading; /* as they stand in the file */
    int32_t *heading_of;  /* by column: which heading, CR_NONE */
    int32_t *line;        /* by row: where the record starts */
    bool *bad;            /* by row: has an error */
    const char **origin; /* by row: where it stands if a change added it ("scenarios[0].changes[1].rows[2]"), or NULL */
    const char *origin_file; /* the file of these */
    bool broken;             /* reading stopped before the end; why is among the findings */
    int32_t n_row_errors;    /* errors that leaving out the bad rows would cure */
    const char **cell;       /* n_rows x n_headings, trimmed */
    int32_t n_parts, parts_room;
    table_part *parts; /* by first_row; none: all rows are of `file` */
} table;

void table_init(table *t, const table_kind *kind, const char *file, arena *strings);
void table_done(table *t);

/* Headings, then row by row. The cells are copied into the arena; missing ones are "". */
cr_status table_set_headings(table *t, const char *const *headings, int32_t n);
cr_status table_add_row(table *t, const char *const *cells, int32_t n, int32_t line);

/* Match headings to columns: case, spaces, _ and - do not count; `mapping` (their heading -> our column or null) comes
 * first. Unknown headings get one warning each, missing required columns an error. */
cr_status table_match_headings(table *t, const json_t *mapping, findings_book *findings);

/* Add the rows of another table of the kind, read and matched, under our columns' names. */
cr_status table_append(table *t, const table *part);

/* The file that a row is of, and whether 53,4 is a number there. */
const char *table_row_file(const table *t, int32_t row);
bool table_row_decimal_comma(const table *t, int32_t row);

/* A cell's text, "" if the column is not there. */
const char *table_text(const table *t, int32_t row, int32_t column);

/* Set a cell, with a heading of our own for a column that the file does not have. The text is copied. */
cr_status table_set_text(table *t, int32_t row, int32_t column, const char *text);

/* Remove the rows that are marked. Lines stay as they are in the file. */
void table_remove_rows(table *t, const bool *is_removed);

/* Fill a table from CSV text (comma, semicolon or tab), or from a JSON array of objects. What cannot be read at all is
 * a finding, and the table holds what came before. CR_E_NOMEM only. */
cr_status table_read_csv(table *t, const char *text, size_t size, findings_book *findings);
cr_status table_read_json(table *t, const json_t *array, findings_book *findings);

/* CSV, or JSON: such an array, or an object that has one under the kind's name; with the headings matched. CR_E_NOMEM
 * only. */
cr_status table_read_text(table *t, const char *text, size_t size, findings_book *findings);

/* The text of a JSON value as it would stand in a cell (a list is "a;b;c"), in the arena; NULL: no cell holds that. */
const char *table_json_text(arena *strings, const json_t *value);

#endif
