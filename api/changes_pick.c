/* Which rows a change is about. */
#include "changes_pick.h"

#include "columns.h"
#include "near.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANDIDATES 2000 /* names looked at for a hint */
#define NAME_SIZE  256
#define DATE_END   "-2026-11-23" /* of the id of a package's visit */

void change_error(const change_at *c, const char *field, const char *value, const char *format, ...)
{
    char text[500];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char *path = arena_print(c->r->strings, "%s%s%s", c->path, *field ? "." : "", field);
    findings_error(c->r->findings, (finding_at){c->r->options->changes->file, 0, path, value}, "%s", text);
}

cr_status change_note(const change_at *c, const char *format, ...)
{
    char text[500];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!array_room((void **)&c->r->notes, c->r->n_notes, &c->r->notes_room, sizeof *c->r->notes))
        return CR_E_NOMEM;
    c->r->notes[c->r->n_notes++] = arena_copy(c->r->strings, text);
    return CR_OK;
}

const char *change_text(const change_at *c, const char *name)
{
    return json_string_value(json_object_get(c->change, name));
}

const char *carer_row_text(const table *t, int32_t at_row, int32_t column)
{
    const char *text = table_text(t, at_row, column), *id = table_text(t, at_row, CARER_ID);
    for (int32_t i = 0; !*text && i < t->n_rows; i++)
        if (strcmp(table_text(t, i, CARER_ID), id) == 0)
            text = table_text(t, i, column);
    return text;
}

typedef struct pick_column {
    const char *field;
    int32_t column;
    bool is_word; /* case, spaces, _ and - do not count */
} pick_column;

static bool is_same(const pick_column *p, const char *name, const char *text)
{
    char a[NAME_SIZE], b[NAME_SIZE];
    if (!p->is_word)
        return strcmp(name, text) == 0;
    near_key(name, a, sizeof a);
    near_key(text, b, sizeof b);
    return strcmp(a, b) == 0;
}

static const char *text_at(const table *t, int32_t at_row, int32_t column)
{
    return t->kind == &table_kinds[TABLE_CARERS] ? carer_row_text(t, at_row, column) : table_text(t, at_row, column);
}

/* Unmark the rows that none of the names fit; note which names fit a row. */
static void keep_fitting(const pick_column *p, const json_t *names, const table *t, bool *rows, bool *is_met)
{
    size_t k;
    json_t *name;
    for (int32_t at_row = 0; at_row < t->n_rows; at_row++) {
        const char *text = text_at(t, at_row, p->column);
        bool fits = false;
        json_array_foreach((json_t *)names, k, name) if (is_same(p, json_string_value(name), text)) fits = is_met[k] =
            true;
        rows[at_row] = rows[at_row] && fits;
    }
}

static const char *hint(const change_at *c, const pick_column *p, const row_pick *pick, const char *name)
{
    const char *names[CANDIDATES];
    int32_t n = 0;
    for (int32_t i = 0; i < pick->n_tables; i++) {
        const table *t = &c->r->tables[pick->kind[i]];
        for (int32_t at_row = 0; at_row < t->n_rows && n < CANDIDATES; at_row++)
            names[n++] = table_text(t, at_row, p->column);
    }
    return findings_hint(c->r->findings, name, names, n);
}

static void tell_unmet(const change_at *c, const pick_column *p, const row_pick *pick, const json_t *names,
                       const bool *is_met)
{
    size_t k;
    json_t *name;
    const char *const whose = c->r->tables[pick->kind[0]].kind->name;
    json_array_foreach((json_t *)names, k, name) if (!is_met[k])
        change_error(c, arena_print(c->r->strings, "%s[%zu]", p->field, k), json_string_value(name),
                     "none of the %s has this%s", whose, hint(c, p, pick, json_string_value(name)));
}

static cr_status narrow(const change_at *c, const pick_column *p, row_pick *pick)
{
    const json_t *names = json_object_get(c->change, p->field);
    if (!names)
        return CR_OK;
    bool *is_met = calloc(json_array_size(names) + 1, sizeof *is_met);
    if (!is_met)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < pick->n_tables; i++)
        keep_fitting(p, names, &c->r->tables[pick->kind[i]], pick->rows[i], is_met);
    tell_unmet(c, p, pick, names, is_met);
    free(is_met);
    return CR_OK;
}

static cr_status pick_rows(const change_at *c, const pick_column *columns, int32_t n, row_pick *pick)
{
    for (int32_t i = 0; i < pick->n_tables; i++) {
        int32_t n_rows = c->r->tables[pick->kind[i]].n_rows;
        pick->rows[i] = malloc((size_t)n_rows + 1);
        if (!pick->rows[i])
            return CR_E_NOMEM;
        memset(pick->rows[i], true, (size_t)n_rows + 1);
    }
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < n; k++)
        st = narrow(c, &columns[k], pick);
    for (int32_t i = 0; i < pick->n_tables; i++)
        for (int32_t at_row = 0; at_row < c->r->tables[pick->kind[i]].n_rows; at_row++)
            pick->n_rows += pick->rows[i][at_row];
    return st;
}

cr_status row_pick_carers(const change_at *c, row_pick *ret_pick)
{
    static const pick_column columns[] = {
        {"carers", CARER_ID, false}, {"providers", CARER_PROVIDER, false}, {"teams", CARER_TEAM, true}};
    *ret_pick = (row_pick){.n_tables = 1, .kind = {TABLE_CARERS}};
    return pick_rows(c, columns, sizeof columns / sizeof *columns, ret_pick);
}

cr_status row_pick_providers(const change_at *c, row_pick *ret_pick)
{
    static const pick_column columns[] = {{"providers", PROVIDER_ID, false}};
    *ret_pick = (row_pick){.n_tables = 1, .kind = {TABLE_PROVIDERS}};
    return pick_rows(c, columns, 1, ret_pick);
}

cr_status row_pick_visits(const change_at *c, row_pick *ret_pick)
{
    static const pick_column columns[] = {
        {"visits", VISIT_ID, false}, {"clients", VISIT_CLIENT_ID, false}, {"bands", VISIT_BAND, true}};
    *ret_pick = (row_pick){.n_tables = 2, .kind = {TABLE_VISITS, TABLE_PACKAGES}};
    return pick_rows(c, columns, sizeof columns / sizeof *columns, ret_pick);
}

/* ---- rows that stand in for a package's visit ---- */

/* The package (in an index of rows by id) for whose visit the row of a visit stands, and on which day; CR_NONE. */
static int32_t package_of(const change_at *c, int32_t visit, const name_index *packages, int32_t *ret_days)
{
    const table *visits = &c->r->tables[TABLE_VISITS], *t = &c->r->tables[TABLE_PACKAGES];
    const char *id = table_text(visits, visit, VISIT_ID);
    size_t n = strlen(id), n_end = strlen(DATE_END);
    char date[16];
    if (n <= n_end || id[n - n_end] != '-' || value_date(id + n - n_end + 1, ret_days) ||
        strcmp(value_date_text(*ret_days, date), id + n - n_end + 1) != 0)
        return CR_NONE;
    int32_t found = name_index_get(packages, arena_copy_n(c->r->strings, id, n - n_end));
    if (found == CR_NONE)
        return CR_NONE;
    bool is_hers = strcmp(table_text(visits, visit, VISIT_CLIENT_ID), table_text(t, found, VISIT_CLIENT_ID)) == 0;
    return is_hers ? found : CR_NONE; /* another client's only looks like one */
}

static cr_status suspend(const change_at *c, int32_t package, int32_t days)
{
    table *t = &c->r->tables[TABLE_PACKAGES];
    const char *list = table_text(t, package, PACKAGE_SUSPENDED);
    char date[16];
    return table_set_text(t, package, PACKAGE_SUSPENDED,
                          arena_print(c->r->strings, "%s%s%s", list, *list ? ";" : "", value_date_text(days, date)));
}

cr_status row_pick_stand_ins(const change_at *c, row_pick *pick)
{
    cr_auto(name_index) packages = NULL;
    const table *visits = &c->r->tables[TABLE_VISITS], *t = &c->r->tables[TABLE_PACKAGES];
    bool *is_visit_gone = pick->rows[0], *is_package_gone = pick->rows[1];
    bool by_band = json_object_get(c->change, "bands") != NULL; /* a row of another band than its package's stays */
    cr_status st = name_index_new(&packages);
    for (int32_t i = 0; !st && i < t->n_rows; i++)
        if (!name_index_set(packages, table_text(t, i, PACKAGE_ID), i))
            st = CR_E_NOMEM;
    for (int32_t i = 0; !st && i < visits->n_rows; i++) {
        int32_t days = 0, package = package_of(c, i, packages, &days);
        if (package == CR_NONE)
            continue;
        if (is_package_gone[package] && !by_band)
            is_visit_gone[i] = true;
        else if (is_visit_gone[i])
            st = suspend(c, package, days);
    }
    return st;
}

void row_pick_done(row_pick *pick)
{
    for (int32_t i = 0; i < pick->n_tables; i++)
        free(pick->rows[i]);
}
