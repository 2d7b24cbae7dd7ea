/* Changes to the tables of a day: rows gone (changes_remove.c), added, or with other values, before any row is read.
 * Each change says in a sentence what it did.
 */
#include "changes_pick.h"

#include "columns.h"
#include "near.h"
#include "value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- values set ---- */

static int32_t find_column(const table_kind *kind, const char *name)
{
    for (int32_t i = 0; i < kind->n_columns; i++)
        if (strcmp(kind->columns[i].name, name) == 0)
            return i;
    return CR_NONE;
}

static const char *column_hint(const change_at *c, const table_kind *kind, const char *name)
{
    const char *names[TABLE_MOST_COLUMNS];
    for (int32_t i = 0; i < kind->n_columns; i++)
        names[i] = kind->columns[i].name;
    return findings_hint(c->r->findings, name, names, kind->n_columns);
}

/* The column and text of a field "NAME": value; false (and an error) if there is no such column or text. */
static bool cell_of(const change_at *c, const table_kind *kind, const char *field, const char *name,
                    const json_t *value, int32_t *ret_column, const char **ret_text)
{
    const char *path = arena_print(c->r->strings, "%s.%s", field, name);
    *ret_column = find_column(kind, name);
    *ret_text = table_json_text(c->r->strings, value);
    if (*ret_column == CR_NONE)
        change_error(c, path, "", "%s has no such column%s", kind->file, column_hint(c, kind, name));
    else if (!*ret_text || strlen(*ret_text) > CELL_MOST_BYTES)
        change_error(c, path, "", "must be text, a number, true or false, or a list of these");
    else
        return true;
    return false;
}

/* A column in the rows picked of a table, if it has that: packages lack some of the columns of visits. */
static cr_status set_column(const change_at *c, const row_pick *pick, int32_t i, const char *name, const char *text,
                            bool *ret_is_set)
{
    table *t = change_table_of(c, pick->kind[i]);
    int32_t column = find_column(t->kind, name);
    for (int32_t at_row = 0; column != CR_NONE && at_row < t->n_rows; at_row++)
        if (pick->rows[i][at_row] && table_set_text(t, at_row, column, text))
            return CR_E_NOMEM;
    *ret_is_set = *ret_is_set || column != CR_NONE;
    return CR_OK;
}

/* "pay_per_hour, max_visits" */
static const char *names_of(const change_at *c, const json_t *object)
{
    const char *all = "", *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) all =
        arena_print(c->r->strings, "%s%s%s", all, *all ? ", " : "", name);
    return all;
}

static int32_t count_rows_set(const change_at *c, const row_pick *pick, const bool *is_set)
{
    int32_t n = 0;
    for (int32_t i = 0; i < pick->n_tables; i++)
        for (int32_t at_row = 0; is_set[i] && at_row < change_table_of(c, pick->kind[i])->n_rows; at_row++)
            n += pick->rows[i][at_row];
    return n;
}

/* The columns are those of the first table, be the day without it: a slip is one in any day. */
static cr_status set_columns(const change_at *c, const row_pick *pick)
{
    const json_t *columns = json_object_get(c->change, "columns");
    bool is_set[PICK_TABLES_MOST] = {false};
    const char *name;
    json_t *value;
    cr_status st = CR_OK;
    json_object_foreach((json_t *)columns, name, value)
    {
        int32_t column;
        const char *text;
        if (!cell_of(c, &table_kinds[pick->kind[0]], "columns", name, value, &column, &text))
            continue;
        if (column == 0)
            change_error(c, arena_print(c->r->strings, "columns.%s", name), text, "ids cannot be changed");
        for (int32_t i = 0; !st && column > 0 && i < pick->n_tables; i++)
            st = set_column(c, pick, i, name, text, &is_set[i]);
    }
    int32_t n = count_rows_set(c, pick, is_set);
    return st ? st : change_note(c, "%s set in %d row%s", names_of(c, columns), n, change_s_of(n));
}

/* ---- rows added ---- */

static cr_status add_row(const change_at *c, int32_t kind, size_t number, const json_t *object)
{
    table *t = change_table_of(c, kind);
    int32_t line = t->n_rows ? t->line[t->n_rows - 1] + 1 : 2;
    const char *field = arena_print(c->r->strings, "rows[%zu]", number), *name;
    cr_status st = table_add_row(t, NULL, 0, line);
    if (st)
        return st;
    int32_t at_row = t->n_rows - 1;
    t->origin[at_row] = arena_print(c->r->strings, "%s.%s", c->path, field);
    t->origin_file = c->r->options->changes->file;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        int32_t column;
        const char *text;
        if (!cell_of(c, t->kind, field, name, value, &column, &text)) {
            t->bad[at_row] = true;
            t->n_row_errors++;
        } else if ((st = table_set_text(t, at_row, column, text))) {
            return st;
        }
    }
    return st;
}

static cr_status add_rows(const change_at *c, int32_t kind)
{
    const json_t *rows = json_object_get(c->change, "rows");
    table *t = change_table_of(c, kind);
    size_t i;
    json_t *object;
    if (!t->heading_of && table_set_headings(t, NULL, 0))
        return CR_E_NOMEM;
    c->r->has_table[kind] = true;
    json_array_foreach((json_t *)rows, i, object)
    {
        cr_status st = add_row(c, kind, i, object);
        if (st)
            return st;
    }
    return change_note(c, "%zu row%s added to %s", i, change_s_of((int32_t)i), t->kind->file);
}

/* ---- ways to travel ---- */

static cr_status travel_by(const change_at *c, const row_pick *pick)
{
    table *t = change_table_of(c, TABLE_CARERS);
    const settings *s = &c->r->settings;
    const char *mode_name = change_text(c, "mode"), *old_name = change_text(c, "instead_of");
    int32_t mode = settings_find_mode(s, mode_name), old = old_name ? settings_find_mode(s, old_name) : CR_NONE;
    int32_t n = 0;
    if (mode == CR_NONE)
        change_error(c, "mode", mode_name, "no such way to travel; write car, bicycle or foot, or one of the settings");
    if (old_name && old == CR_NONE)
        change_error(c, "instead_of", old_name,
                     "no such way to travel; write car, bicycle or foot, or one of the settings");
    for (int32_t at_row = 0; mode != CR_NONE && at_row < t->n_rows; at_row++) {
        const char *now = table_text(t, at_row, CARER_MODE); /* of the shift: no other row speaks for it */
        int32_t now_mode = settings_find_mode(s, *now ? now : "car");
        if (!pick->rows[0][at_row] || now_mode == mode || (old_name && now_mode != old))
            continue;
        if (table_set_text(t, at_row, CARER_MODE, mode_name))
            return CR_E_NOMEM;
        n++;
    }
    return change_note(c, "%d shift%s now by %s", n, change_s_of(n), mode_name);
}

/* ---- hours from provider to provider ---- */

/* A time as the reader takes it, with its date or without, in seconds from the first midnight of the row's day; a row
 * that does not say its day is of the first that it names. False: the reader will say what is wrong with it. */
static bool shift_instant(const char *text, int32_t *day, int32_t *ret_s)
{
    int32_t days, s;
    if (value_date_time(text, &days, &s) || s == CR_FREE)
        return value_time(text, ret_s) == NULL;
    if (*day == CR_FREE)
        *day = days;
    *ret_s = (days > *day ? 86400 : 0) + s;
    return days == *day || days == *day + 1;
}

/* Seconds of all shifts of the carer of this row; times that cannot be read are told of later and count nothing. */
static int32_t hours_of_carer(const table *t, int32_t at)
{
    int32_t sum = 0;
    for (int32_t at_row = 0; at_row < t->n_rows; at_row++) {
        int32_t begin, end, day = CR_FREE;
        if (strcmp(table_text(t, at_row, CARER_ID), table_text(t, at, CARER_ID)) != 0)
            continue;
        (void)value_date(table_text(t, at_row, CARER_DATE), &day); /* what is no date leaves it */
        if (shift_instant(table_text(t, at_row, CARER_SHIFT_START), &day, &begin) &&
            shift_instant(table_text(t, at_row, CARER_SHIFT_END), &day, &end))
            sum += end > begin ? end - begin : end + 86400 - begin;
    }
    return sum;
}

static bool is_first_row(const table *t, int32_t at)
{
    for (int32_t at_row = 0; at_row < at; at_row++)
        if (strcmp(table_text(t, at_row, CARER_ID), table_text(t, at, CARER_ID)) == 0)
            return false;
    return true;
}

/* The carer with all her rows; another pay only where the change gives one. */
static cr_status move_carer(const change_at *c, int32_t at)
{
    table *t = change_table_of(c, TABLE_CARERS);
    const json_t *pay = json_object_get(c->change, "pay_per_hour");
    cr_status st = CR_OK;
    for (int32_t at_row = 0; !st && at_row < t->n_rows; at_row++) {
        if (strcmp(table_text(t, at_row, CARER_ID), table_text(t, at, CARER_ID)) != 0)
            continue;
        st = table_set_text(t, at_row, CARER_PROVIDER, change_text(c, "to"));
        if (!st && pay)
            st = table_set_text(t, at_row, CARER_PAY_PER_HOUR, table_json_text(c->r->strings, pay));
    }
    return st;
}

/* Whole carers in the order of the file, each whose hours fit in what is left: nobody works for two. */
static cr_status move_hours(const change_at *c, const row_pick *pick)
{
    const table *t = change_table_of(c, TABLE_CARERS);
    const char *from = change_text(c, "from"), *to = change_text(c, "to");
    int64_t wanted_s = llround(3600 * json_number_value(json_object_get(c->change, "hours"))), left_s = wanted_s;
    int32_t n = 0, n_of_from = 0;
    cr_status st = CR_OK;
    for (int32_t at_row = 0; !st && at_row < t->n_rows; at_row++) {
        if (!pick->rows[0][at_row] || !is_first_row(t, at_row) ||
            strcmp(carer_row_text(t, at_row, CARER_PROVIDER), from) != 0)
            continue;
        int32_t hours_s = hours_of_carer(t, at_row);
        n_of_from++;
        if (hours_s == 0 || hours_s > left_s)
            continue;
        st = move_carer(c, at_row);
        left_s -= hours_s;
        n++;
    }
    if (n == 0)
        change_error(c, n_of_from ? "hours" : "from", n_of_from ? "" : from,
                     n_of_from ? "none of the carers of '%s' works so few hours" : "no carer has the provider '%s'",
                     from);
    int64_t moved_min = (wanted_s - left_s) / 60;
    return st ? st
              : change_note(c, "%d carer%s with %d:%02d of %.4g hours moved from %s to %s", n, change_s_of(n),
                            (int)(moved_min / 60), (int)(moved_min % 60), (double)wanted_s / 3600, from, to);
}

/* ---- settings ---- */

static cr_status change_settings(const change_at *c)
{
    const json_t *set = json_object_get(c->change, "set");
    const char *file = arena_print(c->r->strings, "%s, %s.set", c->r->options->changes->file, c->path);
    cr_status st = settings_merge(&c->r->settings, set, file, c->r->strings, c->r->findings);
    char *text = json_dumps(set, JSON_COMPACT);
    if (!st)
        st = text ? change_note(c, "settings: %.400s", text) : CR_E_NOMEM;
    free(text);
    return st;
}

/* ---- the whole ---- */

static cr_status change_carers(const change_at *c, change_kind kind)
{
    row_pick pick;
    cr_status st = row_pick_carers(c, &pick);
    if (!st)
        st = kind == CHANGE_REMOVE_CARERS ? change_remove_carers(c, &pick)
             : kind == CHANGE_SET_CARERS  ? set_columns(c, &pick)
             : kind == CHANGE_TRAVEL_BY   ? travel_by(c, &pick)
                                          : move_hours(c, &pick);
    row_pick_done(&pick);
    return st;
}

static cr_status change_visit_rows(const change_at *c, change_kind kind)
{
    row_pick pick;
    cr_status st = row_pick_visits(c, &pick);
    if (!st)
        st = kind == CHANGE_REMOVE_VISITS ? change_remove_visits(c, &pick) : set_columns(c, &pick);
    row_pick_done(&pick);
    return st;
}

static cr_status change_providers(const change_at *c)
{
    row_pick pick;
    cr_status st = row_pick_providers(c, &pick);
    if (!st)
        st = set_columns(c, &pick);
    row_pick_done(&pick);
    return st;
}

static cr_status change_one(const change_at *c)
{
    change_kind kind = change_kind_of(c->change);
    switch (kind) {
    case CHANGE_REMOVE_CARERS:
    case CHANGE_SET_CARERS:
    case CHANGE_TRAVEL_BY:
    case CHANGE_MOVE_HOURS:
        return change_carers(c, kind);
    case CHANGE_REMOVE_VISITS:
    case CHANGE_SET_VISITS:
        return change_visit_rows(c, kind);
    case CHANGE_SET_PROVIDERS:
        return change_providers(c);
    case CHANGE_ADD_CARERS:
        return add_rows(c, TABLE_CARERS);
    case CHANGE_ADD_VISITS:
        return add_rows(c, TABLE_VISITS);
    case CHANGE_ADD_PROVIDERS:
        return add_rows(c, TABLE_PROVIDERS);
    case CHANGE_SETTINGS:
        return change_settings(c);
    default:
        return CR_OK; /* of what is read from the rows: changes_visits.c */
    }
}

cr_status change_tables(day_reading *r)
{
    const day_changes *changes = r->options->changes;
    size_t i;
    json_t *change;
    if (!changes)
        return CR_OK;
    json_array_foreach((json_t *)changes->list, i, change)
    {
        change_at c = {r, change, arena_print(r->strings, "%s[%zu]", changes->where, i)};
        cr_status st = change_one(&c);
        if (st)
            return st;
    }
    return CR_OK;
}
