/* Tables: storage and the matching of headings. */
#include "table.h"

#include "near.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

#define KEY_SIZE 64

void table_init(table *t, const table_kind *kind, const char *file, arena *strings)
{
    *t = (table){.kind = kind, .file = file, .strings = strings};
}

void table_done(table *t)
{
    free(t->heading);
    free(t->heading_of);
    free(t->line);
    free(t->bad);
    free(t->origin);
    free(t->cell);
    free(t->parts);
    *t = (table){0};
}

/* Length of a blank at p: ASCII white space, or the no-break space that spreadsheets and web pages leave (C2 A0). */
static size_t blank_at(const char *p)
{
    if (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')
        return 1;
    return (unsigned char)p[0] == 0xC2 && (unsigned char)p[1] == 0xA0 ? 2 : 0;
}

static const char *copy_trimmed(arena *strings, const char *text)
{
    for (size_t n; *text && (n = blank_at(text)) > 0;)
        text += n;
    size_t end = strlen(text);
    while (end > 0) {
        if (blank_at(text + end - 1) == 1)
            end--;
        else if (end > 1 && blank_at(text + end - 2) == 2)
            end -= 2;
        else
            break;
    }
    return arena_copy_n(strings, text, end);
}

cr_status table_set_headings(table *t, const char *const *headings, int32_t n)
{
    t->heading = calloc((size_t)n + 1, sizeof *t->heading);
    t->heading_of = calloc((size_t)t->kind->n_columns + 1, sizeof *t->heading_of);
    if (!t->heading || !t->heading_of)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < n; i++)
        t->heading[i] = copy_trimmed(t->strings, headings[i]);
    for (int32_t c = 0; c < t->kind->n_columns; c++)
        t->heading_of[c] = CR_NONE;
    t->n_headings = n;
    return CR_OK;
}

static bool grow_rows(table *t)
{
    if (t->n_rows < t->rows_room)
        return true;
    int32_t room = t->rows_room ? t->rows_room * 2 : 64;
    int32_t *line = realloc(t->line, (size_t)room * sizeof *line);
    if (line)
        t->line = line;
    bool *bad = realloc(t->bad, (size_t)room * sizeof *bad);
    if (bad)
        t->bad = bad;
    const char **origin = realloc(t->origin, (size_t)room * sizeof *origin);
    if (origin)
        t->origin = origin;
    const char **cell = realloc(t->cell, ((size_t)room * (size_t)t->n_headings + 1) * sizeof *cell);
    if (cell)
        t->cell = cell;
    if (!line || !bad || !origin || !cell)
        return false;
    t->rows_room = room;
    return true;
}

cr_status table_add_row(table *t, const char *const *cells, int32_t n, int32_t line)
{
    if (!grow_rows(t))
        return CR_E_NOMEM;
    const char **row = t->cell + (size_t)t->n_rows * (size_t)t->n_headings;
    for (int32_t i = 0; i < t->n_headings; i++)
        row[i] = i < n ? copy_trimmed(t->strings, cells[i]) : "";
    t->line[t->n_rows] = line;
    t->bad[t->n_rows] = false;
    t->origin[t->n_rows] = NULL;
    t->n_rows++;
    return arena_failed(t->strings) ? CR_E_NOMEM : CR_OK;
}

/* ---- tables of several files ---- */

static const table_part *part_of(const table *t, int32_t row)
{
    int32_t at = t->n_parts - 1;
    while (at >= 0 && t->parts[at].first_row > row)
        at--;
    return at >= 0 ? &t->parts[at] : NULL;
}

const char *table_row_file(const table *t, int32_t row)
{
    const table_part *part = part_of(t, row);
    return part ? part->file : t->file;
}

bool table_row_decimal_comma(const table *t, int32_t row)
{
    const table_part *part = part_of(t, row);
    return part ? part->decimal_comma : t->decimal_comma;
}

static cr_status head_by_columns(table *t)
{
    const char *names[TABLE_MOST_COLUMNS];
    for (int32_t c = 0; c < t->kind->n_columns; c++)
        names[c] = t->kind->columns[c].name;
    cr_status st = table_set_headings(t, names, t->kind->n_columns);
    for (int32_t c = 0; !st && c < t->kind->n_columns; c++)
        t->heading_of[c] = c;
    return st;
}

/* A column that is missing was said of the part; its rows would only repeat it. */
static bool has_required(const table *part)
{
    for (int32_t c = 0; part->heading_of && c < part->kind->n_columns; c++)
        if (part->kind->columns[c].required && part->heading_of[c] == CR_NONE)
            return false;
    return part->heading_of;
}

cr_status table_append(table *t, const table *part)
{
    const char *cells[TABLE_MOST_COLUMNS];
    cr_status st = t->heading_of ? CR_OK : head_by_columns(t);
    if (!st && !array_room((void **)&t->parts, t->n_parts, &t->parts_room, sizeof *t->parts))
        st = CR_E_NOMEM;
    if (st)
        return st;
    t->parts[t->n_parts++] = (table_part){t->n_rows, part->file, part->decimal_comma};
    t->broken = t->broken || part->broken;
    t->n_row_errors += part->n_row_errors;
    for (int32_t i = 0; has_required(part) && i < part->n_rows; i++) {
        for (int32_t c = 0; c < t->kind->n_columns; c++)
            cells[c] = table_text(part, i, c);
        if ((st = table_add_row(t, cells, t->kind->n_columns, part->line[i])))
            return st;
        t->bad[t->n_rows - 1] = part->bad[i];
    }
    return CR_OK;
}

const char *table_text(const table *t, int32_t row, int32_t column)
{
    int32_t heading = t->heading_of ? t->heading_of[column] : CR_NONE;
    return heading == CR_NONE ? "" : t->cell[(size_t)row * (size_t)t->n_headings + (size_t)heading];
}

/* One more column for all rows, empty. */
static cr_status add_heading(table *t, int32_t column)
{
    int32_t n = t->n_headings;
    const char **heading = realloc(t->heading, ((size_t)n + 1) * sizeof *heading);
    if (heading)
        t->heading = heading;
    const char **cell = calloc((size_t)t->rows_room * ((size_t)n + 1) + 1, sizeof *cell);
    if (!heading || !cell) {
        free(cell);
        return CR_E_NOMEM;
    }
    for (int32_t row = 0; row < t->n_rows; row++) {
        for (int32_t h = 0; h < n; h++)
            cell[(size_t)row * ((size_t)n + 1) + (size_t)h] = t->cell[(size_t)row * (size_t)n + (size_t)h];
        cell[(size_t)row * ((size_t)n + 1) + (size_t)n] = "";
    }
    free(t->cell);
    t->cell = cell;
    t->heading[n] = t->kind->columns[column].name;
    t->heading_of[column] = t->n_headings++;
    return CR_OK;
}

cr_status table_set_text(table *t, int32_t row, int32_t column, const char *text)
{
    cr_status st = t->heading_of[column] == CR_NONE ? add_heading(t, column) : CR_OK;
    if (!st)
        t->cell[(size_t)row * (size_t)t->n_headings + (size_t)t->heading_of[column]] = copy_trimmed(t->strings, text);
    return st;
}

void table_remove_rows(table *t, const bool *is_removed)
{
    int32_t n = 0;
    for (int32_t p = 0; p < t->n_parts; p++) {
        int32_t first_row = t->parts[p].first_row;
        for (int32_t row = 0; row < first_row; row++)
            t->parts[p].first_row -= is_removed[row];
    }
    for (int32_t row = 0; row < t->n_rows; row++) {
        if (is_removed[row])
            continue;
        for (int32_t h = 0; h < t->n_headings; h++)
            t->cell[(size_t)n * (size_t)t->n_headings + (size_t)h] =
                t->cell[(size_t)row * (size_t)t->n_headings + (size_t)h];
        t->line[n] = t->line[row];
        t->bad[n] = t->bad[row];
        t->origin[n] = t->origin[row];
        n++;
    }
    t->n_rows = n;
}

/* ---- headings ---- */

static bool alias_matches(const char *aliases, const char *key)
{
    value_item item;
    while (aliases && value_next_item(&aliases, &item))
        if (strlen(key) == item.n && strncmp(key, item.text, item.n) == 0)
            return true;
    return false;
}

static int32_t find_column(const table_kind *kind, const char *heading)
{
    char key[KEY_SIZE], ours[KEY_SIZE];
    near_key(heading, key, sizeof key);
    for (int32_t c = 0; c < kind->n_columns; c++) {
        near_key(kind->columns[c].name, ours, sizeof ours);
        if (strcmp(key, ours) == 0 || alias_matches(kind->columns[c].aliases, key))
            return c;
    }
    return CR_NONE;
}

static const char *column_hint(const table_kind *kind, const char *heading, findings_book *findings)
{
    const char *names[TABLE_MOST_COLUMNS];
    for (int32_t c = 0; c < kind->n_columns; c++)
        names[c] = kind->columns[c].name;
    return findings_hint(findings, heading, names, kind->n_columns);
}

/* What the mapping says about a heading: our column's name, JSON null (leave it out), or NULL (nothing). */
static const json_t *mapped(const json_t *mapping, const char *heading)
{
    char key[KEY_SIZE], theirs[KEY_SIZE];
    near_key(heading, key, sizeof key);
    const char *name;
    json_t *ours;
    json_object_foreach((json_t *)mapping, name, ours)
    {
        near_key(name, theirs, sizeof theirs);
        if (strcmp(key, theirs) == 0)
            return ours;
    }
    return NULL;
}

static void match_heading(table *t, int32_t h, const json_t *mapping, findings_book *findings)
{
    const char *heading = t->heading[h];
    const json_t *ours = mapped(mapping, heading);
    if (json_is_null(ours) || (!*heading && !ours))
        return;
    finding_at at = {t->file, t->line && t->n_rows ? 1 : 0, heading, ""};
    int32_t column = find_column(t->kind, json_is_string(ours) ? json_string_value(ours) : heading);
    if (column == CR_NONE) {
        const char *hint = column_hint(t->kind, heading, findings);
        if (!ours && (*hint || !t->kind->has_others)) /* a mapping to an unknown column is reported with columns.json */
            findings_warning(findings, at, "unknown column, left out%s", hint);
        return;
    }
    if (t->heading_of[column] != CR_NONE) {
        findings_error(findings, at, "the column %s is there twice (also as '%s'); rename or remove one",
                       t->kind->columns[column].name, t->heading[t->heading_of[column]]);
        return;
    }
    t->heading_of[column] = h;
}

/* Two columns of the same heading would hide one another even if we know neither. */
cr_status table_match_headings(table *t, const json_t *mapping, findings_book *findings)
{
    if (!t->heading_of)
        return CR_OK;
    for (int32_t h = 0; h < t->n_headings; h++)
        match_heading(t, h, mapping, findings);
    for (int32_t c = 0; c < t->kind->n_columns; c++)
        if (t->kind->columns[c].required && t->heading_of[c] == CR_NONE)
            findings_error(findings, (finding_at){t->file, 0, t->kind->columns[c].name, ""},
                           "the column is missing, and every row needs it");
    return CR_OK;
}
