/* A JSON array of objects into a table: every value becomes the text that would stand in the CSV cell. */
#include "index.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct json_reading {
    table *t;
    findings_book *findings;
    arena *scratch;
    int32_t row; /* of the record at hand, from 1 */
} json_reading;

/* Locale-free, and short: 0.5, 30, 55.953252. */
static const char *number_text(arena *strings, const json_t *number)
{
    if (json_is_integer(number))
        return arena_print(strings, "%" JSON_INTEGER_FORMAT, json_integer_value(number));
    char *text = json_dumps(number, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    const char *copy = arena_copy(strings, text ? text : "");
    free(text);
    return copy;
}

/* NULL if the value is not one that a cell can hold. */
static const char *scalar_text(arena *strings, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return json_string_length(value) == strlen(json_string_value(value)) ? json_string_value(value) : NULL;
    case JSON_INTEGER:
    case JSON_REAL:
        return number_text(strings, value);
    case JSON_TRUE:
        return "yes";
    case JSON_FALSE:
        return "no";
    case JSON_NULL:
        return "";
    default:
        return NULL;
    }
}

/* A list is written "a;b;c" in a cell. */
static const char *list_text(arena *strings, const json_t *array)
{
    char *text = NULL;
    size_t size = 0, i;
    json_t *item;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    bool fits = true;
    json_array_foreach((json_t *)array, i, item)
    {
        const char *one = scalar_text(strings, item);
        fits = fits && one && size < CELL_MOST_BYTES;
        fprintf(out, "%s%s", i ? ";" : "", one ? one : "");
        fflush(out);
    }
    fclose(out);
    const char *copy = fits ? arena_copy(strings, text) : NULL;
    free(text);
    return copy;
}

const char *table_json_text(arena *strings, const json_t *value)
{
    return json_is_array(value) ? list_text(strings, value) : scalar_text(strings, value);
}

static const char *cell_text(json_reading *r, const char *key, const json_t *value, bool *ret_bad)
{
    const char *text = table_json_text(r->scratch, value);
    if (text && strlen(text) <= CELL_MOST_BYTES)
        return text;
    findings_error(r->findings, (finding_at){r->t->file, r->row, key, ""},
                   text ? "longer than 32,768 bytes" : "must be text, a number, true or false, or a list of these");
    *ret_bad = true;
    r->t->n_row_errors++;
    return "";
}

/* Headings are the keys of all objects, in the order in which they first appear. */
static cr_status gather_headings(json_reading *r, const json_t *array, name_index *index)
{
    const char *keys[TABLE_MOST_COLUMNS];
    int32_t n = 0;
    size_t i;
    json_t *object, *value;
    const char *key;
    json_array_foreach((json_t *)array, i, object)
    {
        json_object_foreach(object, key, value)
        {
            if (name_index_get(index, key) != CR_NONE)
                continue;
            if (n == TABLE_MOST_COLUMNS) {
                findings_error(r->findings, (finding_at){r->t->file, (int32_t)i + 1, key, ""},
                               "more than 500 different names");
                return table_set_headings(r->t, keys, n);
            }
            if (!name_index_set(index, key, n))
                return CR_E_NOMEM;
            keys[n++] = key;
        }
    }
    return table_set_headings(r->t, keys, n);
}

static cr_status add_object(json_reading *r, const json_t *object, const name_index *index)
{
    const char *cells[TABLE_MOST_COLUMNS];
    for (int32_t i = 0; i < r->t->n_headings; i++)
        cells[i] = "";
    bool bad = !json_is_object(object);
    if (bad) {
        r->t->n_row_errors++;
        findings_error(r->findings, (finding_at){r->t->file, r->row, "", ""},
                       "must be an object with the columns as names: {\"%s\": ...}", r->t->kind->columns[0].name);
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        int32_t at = name_index_get(index, key);
        if (at != CR_NONE)
            cells[at] = cell_text(r, key, value, &bad);
    }
    cr_status st = table_add_row(r->t, cells, r->t->n_headings, r->row);
    if (!st)
        r->t->bad[r->t->n_rows - 1] = bad;
    return st;
}

cr_status table_read_json(table *t, const json_t *array, findings_book *findings)
{
    if (!json_is_array(array)) {
        findings_error(findings, (finding_at){t->file, 0, "", ""}, "must be a list of objects: [{...}, {...}]");
        return CR_OK;
    }
    json_reading r = {.t = t, .findings = findings};
    cr_auto(name_index) index = NULL;
    cr_auto(arena) scratch = NULL;
    cr_status st = name_index_new(&index);
    if (!st)
        st = arena_new(&scratch);
    r.scratch = scratch;
    if (!st)
        st = gather_headings(&r, array, index);
    t->decimal_comma = false;
    for (size_t i = 0; !st && i < json_array_size(array) && i < TABLE_MOST_ROWS; i++) {
        r.row = (int32_t)i + 1;
        st = add_object(&r, json_array_get(array, i), index);
    }
    return st ? st : arena_failed(scratch) ? CR_E_NOMEM : CR_OK;
}

static cr_status read_json_text(table *t, const char *text, size_t size, findings_book *findings)
{
    json_error_t error;
    json_auto_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    const json_t *list = json_is_object(root) ? json_object_get(root, t->kind->name) : root;
    if (!root && json_error_code(&error) == json_error_out_of_memory)
        return CR_E_NOMEM;
    if (!root)
        findings_error(findings, (finding_at){t->file, error.line, "", ""}, "not JSON at column %d: %s", error.column,
                       error.text);
    else if (!json_is_array(list))
        findings_error(findings, (finding_at){t->file, 0, "", ""}, "must be a list, or an object with the list \"%s\"",
                       t->kind->name);
    else
        return table_read_json(t, list, findings);
    return CR_OK;
}

cr_status table_read_text(table *t, const char *text, size_t size, findings_book *findings)
{
    size_t at = 0;
    while (at < size && strchr(" \t\r\n", text[at]))
        at++;
    bool is_json = at < size && (text[at] == '{' || text[at] == '[');
    cr_status st = is_json ? read_json_text(t, text, size, findings) : table_read_csv(t, text, size, findings);
    return st || findings_n_errors(findings) ? st : table_match_headings(t, NULL, findings);
}
