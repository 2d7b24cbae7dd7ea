/* Rows of a day that a change removes.
 *
 * What is gone is gone everywhere: locks to a carer who is not there fall away, and so do gaps after a visit that
 * nobody makes.
 */
#include "changes_pick.h"

#include "columns.h"
#include "value.h"

#include <stdlib.h>

/* ---- names gone from lists ---- */

/* The list without the ids that are gone; false: it stays as it is. */
static bool without_gone(arena *strings, const char *list, const name_index *gone, const char **ret_list)
{
    const char *rest = list, *kept = "";
    bool is_changed = false;
    value_item item;
    while (value_next_item(&rest, &item)) {
        const char *id = arena_copy_n(strings, item.text, item.n);
        if (name_index_get(gone, id) == CR_NONE)
            kept = arena_print(strings, "%s%s%s", kept, *kept ? ";" : "", id);
        else
            is_changed = true;
    }
    *ret_list = kept;
    return is_changed;
}

/* Take the ids out of a column of lists; the number of cells that had one. */
static cr_status forget_in_column(const change_at *c, int32_t kind, int32_t column, const name_index *gone,
                                  int32_t *ret_n)
{
    table *t = change_table_of(c, kind);
    cr_status st = CR_OK;
    for (int32_t at_row = 0; !st && at_row < t->n_rows; at_row++) {
        const char *list;
        if (!*table_text(t, at_row, column) || !without_gone(c->r->strings, table_text(t, at_row, column), gone, &list))
            continue;
        st = table_set_text(t, at_row, column, list);
        *ret_n += 1;
    }
    return st;
}

/* Rows of accepted.csv that speak of somebody who is gone. */
static cr_status forget_accepted(const change_at *c, int32_t column, const name_index *gone)
{
    table *t = change_table_of(c, TABLE_ACCEPTED);
    bool *is_removed = calloc((size_t)t->n_rows + 1, sizeof *is_removed);
    if (!is_removed)
        return CR_E_NOMEM;
    for (int32_t at_row = 0; at_row < t->n_rows; at_row++)
        is_removed[at_row] = name_index_get(gone, table_text(t, at_row, column)) != CR_NONE;
    table_remove_rows(t, is_removed);
    free(is_removed);
    return CR_OK;
}

static cr_status forget_carers(const change_at *c, const name_index *gone)
{
    static const int32_t kinds[] = {TABLE_VISITS, TABLE_PACKAGES},
                         columns[] = {VISIT_LOCK_CARER, VISIT_FORBIDDEN_CARERS, VISIT_PREFERRED_CARERS};
    int32_t n[3] = {0}, n_rides = 0;
    cr_status st = forget_accepted(c, ACCEPTED_CARER, gone);
    if (!st)
        st = forget_in_column(c, TABLE_CARERS, CARER_RIDES_WITH, gone, &n_rides);
    for (int32_t k = 0; k < 2; k++)
        for (int32_t i = 0; !st && i < 3; i++)
            st = forget_in_column(c, kinds[k], columns[i], gone, &n[i]);
    if (!st && n[0])
        st = change_note(c, "%d lock%s to them fall%s away", n[0], change_s_of(n[0]), n[0] == 1 ? "s" : "");
    if (!st && n_rides)
        st = change_note(c, "%d ride%s with them fall%s away", n_rides, change_s_of(n_rides), n_rides == 1 ? "s" : "");
    return st;
}

/* A gap after nothing is none. */
static cr_status forget_gaps(const change_at *c, int32_t kind, const name_index *gone, int32_t *ret_n)
{
    static const int32_t columns[] = {VISIT_GAP_AFTER, VISIT_GAP_MIN, VISIT_GAP_MAX, VISIT_GAP_FROM};
    table *t = change_table_of(c, kind);
    cr_status st = CR_OK;
    for (int32_t at_row = 0; at_row < t->n_rows; at_row++) {
        const char *first = table_text(t, at_row, VISIT_GAP_AFTER);
        if (!*first || name_index_get(gone, first) == CR_NONE)
            continue;
        for (int32_t i = 0; !st && i < 4; i++)
            if (*table_text(t, at_row, columns[i]))
                st = table_set_text(t, at_row, columns[i], "");
        *ret_n += 1;
    }
    return st;
}

static cr_status forget_visits(const change_at *c, const name_index *gone)
{
    static const int32_t kinds[] = {TABLE_VISITS, TABLE_PACKAGES},
                         columns[] = {VISIT_SAME_CARER_AS, VISIT_DIFFERENT_CARER_FROM, VISIT_ONLY_WITH};
    int32_t n = 0;
    cr_status st = forget_accepted(c, ACCEPTED_VISIT, gone);
    if (!st)
        st = forget_accepted(c, ACCEPTED_OTHER_VISIT, gone);
    for (int32_t k = 0; !st && k < 2; k++) {
        st = forget_gaps(c, kinds[k], gone, &n);
        for (size_t i = 0; !st && i < sizeof columns / sizeof *columns; i++)
            st = forget_in_column(c, kinds[k], columns[i], gone, &n);
    }
    return st || !n ? st
                    : change_note(c, "%d tie%s to them (gaps, the same or another carer, only_with) fall%s away", n,
                                  change_s_of(n), n == 1 ? "s" : "");
}

/* ---- rows removed ---- */

/* The ids of the rows picked, each once; *ret_n of them. */
static cr_status ids_picked(const change_at *c, const row_pick *pick, int32_t column, name_index *ids, int32_t *ret_n)
{
    for (int32_t i = 0; i < pick->n_tables; i++) {
        const table *t = change_table_of(c, pick->kind[i]);
        for (int32_t at_row = 0; at_row < t->n_rows; at_row++) {
            const char *id = table_text(t, at_row, column);
            if (!pick->rows[i][at_row] || !*id || name_index_get(ids, id) != CR_NONE)
                continue;
            /* of a visit, the second carer's part has an id of its own */
            if (!name_index_set(ids, id, at_row) ||
                !name_index_set(ids, arena_print(c->r->strings, "%s/2", id), at_row))
                return CR_E_NOMEM;
            *ret_n += 1;
        }
    }
    return CR_OK;
}

cr_status change_remove_visits(const change_at *c, row_pick *pick)
{
    cr_auto(name_index) gone = NULL;
    int32_t n = 0;
    cr_status st = name_index_new(&gone);
    if (!st)
        st = row_pick_stand_ins(c, pick);
    if (!st)
        st = ids_picked(c, pick, VISIT_ID, gone, &n);
    for (int32_t i = 0; !st && i < pick->n_tables; i++)
        table_remove_rows(change_table_of(c, pick->kind[i]), pick->rows[i]);
    if (!st)
        st = change_note(c, "%d visit%s removed", n, change_s_of(n));
    return st ? st : forget_visits(c, gone);
}

/* Ids of the shifts in the rows picked: as they are written, or as the reader would name them (ANN-2, read_carers.c).
 */
static cr_status shift_ids_picked(const change_at *c, const row_pick *pick, name_index *ids)
{
    cr_auto(name_index) n_shifts = NULL; /* by carer */
    const table *t = change_table_of(c, TABLE_CARERS);
    cr_status st = name_index_new(&n_shifts);
    for (int32_t at_row = 0; !st && at_row < t->n_rows; at_row++) {
        const char *carer = table_text(t, at_row, CARER_ID), *id = table_text(t, at_row, CARER_SHIFT_ID);
        int32_t before = name_index_get(n_shifts, carer), n = before == CR_NONE ? 1 : before + 1;
        bool is_shift = *table_text(t, at_row, CARER_SHIFT_START) != '\0';
        if (!pick->rows[0][at_row] || (!is_shift && !*id))
            continue;
        if (!*id)
            id = arena_print(c->r->strings, "%s-%d", carer, n);
        if (!name_index_set(ids, id, at_row) || (is_shift && !name_index_set(n_shifts, carer, n)))
            st = CR_E_NOMEM;
    }
    return st;
}

cr_status change_remove_carers(const change_at *c, const row_pick *pick)
{
    cr_auto(name_index) gone = NULL;
    cr_auto(name_index) shifts = NULL;
    int32_t n = 0;
    cr_status st = name_index_new(&gone);
    if (!st)
        st = name_index_new(&shifts);
    if (!st)
        st = ids_picked(c, pick, CARER_ID, gone, &n);
    if (!st)
        st = shift_ids_picked(c, pick, shifts);
    if (st)
        return st;
    table_remove_rows(change_table_of(c, TABLE_CARERS), pick->rows[0]);
    st = change_note(c, "%d carer%s removed, with %d shift%s", n, change_s_of(n), pick->n_rows,
                     change_s_of(pick->n_rows));
    if (!st)
        st = forget_accepted(c, ACCEPTED_SHIFT, shifts);
    return st ? st : forget_carers(c, gone);
}
