/* Changes to windows and durations: made when the visits have been read, for only then are bands, tolerances and
 * preferred times windows, and packages visits. */
#include "changes_pick.h"

#include <stdlib.h>

#define DAY_S       86400
#define LEAST_USUAL (15 * 60)

/* Not before the visit's day begins, nor past the end of the next; windows that come to touch are one. */
static void widen(visit_record *v, int32_t by)
{
    int32_t first = v->day * DAY_S, last = (v->day + 2) * DAY_S - 1, n = 0;
    for (int32_t i = 0; i < v->n_windows; i++) {
        cr_window w = v->windows[i];
        if (w.open > first)
            w.open = w.open - by > first ? w.open - by : first;
        if (w.close < last)
            w.close = w.close + by < last ? w.close + by : last;
        if (n > 0 && w.open <= v->windows[n - 1].close)
            v->windows[n - 1].close = w.close > v->windows[n - 1].close ? w.close : v->windows[n - 1].close;
        else
            v->windows[n++] = w;
    }
    v->n_windows = n;
}

static int32_t shorter(int32_t duration_s, int32_t by, int32_t least)
{
    if (duration_s <= least)
        return duration_s;
    return duration_s - by > least ? duration_s - by : least;
}

static cr_status shorten(visit_record *v, int32_t by, int32_t least, arena *strings)
{
    for (int32_t k = 0; k < 2; k++) {
        duration_list *grades = &v->by_grade[k];
        v->duration_s[k] = shorter(v->duration_s[k], by, least);
        cr_grade_duration *copy = arena_take_bytes(strings, ((size_t)grades->n + 1) * sizeof *copy);
        if (!copy)
            return CR_E_NOMEM;
        for (int32_t g = 0; g < grades->n; g++)
            copy[g] = (cr_grade_duration){grades->items[g].grade, shorter(grades->items[g].duration, by, least)};
        grades->items = copy; /* the old ones may be shared with another visit */
    }
    return CR_OK;
}

static bool is_picked(const row_pick *pick, const visit_record *v)
{
    for (int32_t i = 0; i < pick->n_tables; i++)
        if (pick->kind[i] == v->table)
            return pick->rows[i][v->row];
    return false;
}

/* Medication has its time for a reason: without a word for it, time-critical visits are let be. */
static cr_status widen_windows(const change_at *c, const row_pick *pick)
{
    int32_t by = change_minutes_s(c->change, "minutes", 0), n = 0, n_critical = 0;
    bool also_critical = json_is_true(json_object_get(c->change, "time_critical"));
    for (int32_t i = 0; i < c->r->n_visits; i++) {
        visit_record *v = &c->r->visits[i];
        if (!is_picked(pick, v))
            continue;
        if (v->time_critical && !also_critical) {
            n_critical++;
            continue;
        }
        widen(v, by);
        n++;
    }
    cr_status st =
        change_note(c, "windows of %d visit%s wider by %d minutes to either side", n, n == 1 ? "" : "s", by / 60);
    if (!st && n_critical)
        st = change_note(c, "%d time-critical visit%s let be", n_critical, n_critical == 1 ? "" : "s");
    return st;
}

static cr_status shorten_visits(const change_at *c, const row_pick *pick)
{
    int32_t by = change_minutes_s(c->change, "minutes", 0), least = change_minutes_s(c->change, "least", LEAST_USUAL);
    int32_t n = 0;
    int64_t saved_s = 0;
    for (int32_t i = 0; i < c->r->n_visits; i++) {
        visit_record *v = &c->r->visits[i];
        int32_t first_s = v->duration_s[0], other_s = v->duration_s[1];
        if (!is_picked(pick, v) || v->sleep_in)
            continue;
        if (shorten(v, by, least, c->r->strings))
            return CR_E_NOMEM;
        int64_t one_s = first_s - v->duration_s[0] + (int64_t)(v->n_carers - 1) * (other_s - v->duration_s[1]);
        saved_s += one_s;
        n += one_s > 0;
    }
    return change_note(c, "%d visit%s shorter, by %lld minutes of care in all", n, n == 1 ? "" : "s",
                       (long long)(saved_s / 60));
}

cr_status change_visits(day_reading *r)
{
    const day_changes *changes = r->options->changes;
    size_t i;
    json_t *change;
    if (!changes)
        return CR_OK;
    json_array_foreach((json_t *)changes->list, i, change)
    {
        change_kind kind = change_kind_of(change);
        change_at c = {r, change, arena_print(r->strings, "%s[%zu]", changes->where, i)};
        row_pick pick;
        if (kind != CHANGE_WIDEN_WINDOWS && kind != CHANGE_SHORTEN_VISITS)
            continue;
        cr_status st = row_pick_visits(&c, &pick);
        if (!st)
            st = kind == CHANGE_WIDEN_WINDOWS ? widen_windows(&c, &pick) : shorten_visits(&c, &pick);
        row_pick_done(&pick);
        if (st)
            return st;
    }
    return CR_OK;
}
