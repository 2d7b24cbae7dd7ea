/* What is odd but possible: worth a look by somebody who knows the clients, no reason to stop. */
#include "columns.h"
#include "reading.h"
#include "value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACES_MOST 12000

static void note_lengths(day_reading *r, const row *at, const visit_record *v)
{
    const settings *s = &r->settings;
    for (int32_t k = 0; k < 2 && k < v->n_carers; k++) {
        int32_t duration_s = v->duration_s[k], column = k || v->is_part ? VISIT_DURATION_2 : VISIT_DURATION;
        if (k && duration_s == v->duration_s[0])
            continue;
        if (duration_s >= s->odd_long_visit_s)
            row_warning(at, column, "a visit of %d:%02d is unusually long", duration_s / 3600, duration_s / 60 % 60);
        else if (duration_s < s->odd_short_visit_s)
            row_warning(at, column, "a visit of less than %d minutes is unusually short", s->odd_short_visit_s / 60);
    }
}

/* ---- can anybody come at all ---- */

/* Shifts by their begin, with the latest end among those that begin so early: one look-up per window. */
typedef struct shift_span {
    int32_t begin, end;
} shift_span;

static int compare_spans(const void *a, const void *b)
{
    const shift_span *x = a, *y = b;
    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static shift_span *sorted_spans(const day_reading *r)
{
    shift_span *spans = malloc(((size_t)r->n_shifts + 1) * sizeof *spans);
    if (!spans)
        return NULL;
    for (int32_t s = 0; s < r->n_shifts; s++)
        spans[s] = (shift_span){r->shifts[s].begin, r->shifts[s].end + r->shifts[s].late_s};
    qsort(spans, (size_t)r->n_shifts, sizeof *spans, compare_spans);
    for (int32_t s = 1; s < r->n_shifts; s++)
        spans[s].end = spans[s].end > spans[s - 1].end ? spans[s].end : spans[s - 1].end;
    return spans;
}

/* Is there a shift that begins by `latest` and ends at max(earliest, its begin) + duration or later? Travel left out,
 * so that no visit is named wrongly. */
static bool some_shift_holds(const shift_span *spans, int32_t n, cr_window start, int32_t duration_s)
{
    int32_t low = 0, high = n;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (spans[mid].begin <= start.close)
            low = mid + 1;
        else
            high = mid;
    }
    return low > 0 && spans[low - 1].end >= start.open + duration_s;
}

static void note_outside_shifts(day_reading *r, const row *at, const visit_record *v, const shift_span *spans)
{
    char date[16], on_day[24] = "";
    if (v->table == TABLE_PACKAGES)
        snprintf(on_day, sizeof on_day, "on %s ", value_date_text(r->day0 + v->day, date));
    if (v->locked_start != CR_FREE) {
        cr_window lock = {v->locked_start, v->locked_start};
        if (!some_shift_holds(spans, r->n_shifts, lock, v->duration_s[0]))
            row_warning(at, VISIT_LOCK_TIME, "%soutside every carer's shift, so the visit cannot be served", on_day);
        return;
    }
    for (int32_t i = 0; i < v->n_windows; i++) {
        cr_window start = v->windows[i];
        start.close += i + 1 == v->n_windows ? v->late_s : 0; /* as was accepted */
        if (some_shift_holds(spans, r->n_shifts, start, v->duration_s[0]))
            return;
    }
    row_warning(at, CR_NONE, "%sthe visit's times lie outside every carer's shift, so it cannot be served", on_day);
}

static void note_preferred_outside(const row *at, const visit_record *v)
{
    int32_t from = v->prefer_open != CR_FREE ? v->prefer_open : v->prefer_close;
    int32_t to = v->prefer_close != CR_FREE ? v->prefer_close : v->prefer_open;
    if (from == CR_FREE)
        return;
    for (int32_t i = 0; i < v->n_windows; i++)
        if (v->windows[i].open <= to && v->windows[i].close >= from)
            return;
    int32_t column = *row_text(at, VISIT_PREFERRED_TIME)    ? VISIT_PREFERRED_TIME
                     : *row_text(at, VISIT_PREFERRED_START) ? VISIT_PREFERRED_START
                                                            : VISIT_PREFERRED_END;
    row_warning(at, column, "outside the visit's windows, so it is never kept");
}

/* A locked carer who has not got what the visit needs: the lock then keeps everybody out. */
static void note_useless_locks(day_reading *r, const row *at, const visit_record *v)
{
    for (int32_t k = 0; k < v->n_carers; k++) {
        if (v->locked[k] < 0)
            continue;
        const carer_record *c = &r->carers[v->locked[k]];
        const skill_list *needs = &v->skills[k > 0];
        if (c->n_shifts == 0)
            row_warning(at, VISIT_LOCK_CARER, "'%s' has no shift, so the visit cannot be served", c->carer_id);
        for (int32_t i = 0; i < needs->n && !(v->accepted[k] & CR_ACCEPT_SKILL); i++) {
            bool has = false;
            for (int32_t j = 0; j < c->skills.n; j++)
                has = has || (c->skills.items[j].skill == needs->items[i].skill &&
                              c->skills.items[j].level >= needs->items[i].level);
            if (!has)
                row_warning(at, VISIT_LOCK_CARER, "'%s' has not the skill '%s', so the visit cannot be served",
                            c->carer_id, r->skills.name[needs->items[i].skill]);
        }
    }
}

static bool has_bad_row(const table *t)
{
    for (int32_t i = 0; i < t->n_rows; i++)
        if (t->bad[i])
            return true;
    return false;
}

static void note_odd_visits(day_reading *r, const shift_span *spans)
{
    /* A shift that is only missing because of an error in its row is not worth a second complaint. */
    bool carers_are_whole = r->options->skip_bad_rows || !has_bad_row(&r->tables[TABLE_CARERS]);
    for (int32_t i = 0; i < r->n_visits; i++) {
        const visit_record *v = &r->visits[i];
        if (visit_is_left_out(r, i))
            continue;
        row at = row_of_visit(r, i);
        if (carers_are_whole && !v->is_part)
            note_outside_shifts(r, &at, v, spans);
        if (v->is_repeat)
            continue;
        note_lengths(r, &at, v);
        note_preferred_outside(&at, v);
        note_useless_locks(r, &at, v);
        if (v->n_carers > r->n_carers)
            row_warning(&at, VISIT_CARERS, "more carers than there are in carers.csv");
    }
}

/* ---- far apart ---- */

static int32_t farthest_from(const day_reading *r, int32_t from)
{
    int32_t farthest = from;
    double most_m = 0;
    for (int32_t c = 0; c < r->n_clients; c++) {
        if (r->clients[c].place.quality == CR_PLACE_NONE)
            continue;
        double m = cr_place_distance_m(&r->clients[from].place, &r->clients[c].place);
        if (m > most_m) {
            most_m = m;
            farthest = c;
        }
    }
    return farthest;
}

/* From anywhere to the farthest, and from there again: on a plane that finds a pair within a factor of two of the
 * widest (in practice the widest), and never one that is not there. */
static void note_far_apart(day_reading *r)
{
    int32_t first = 0;
    while (first < r->n_clients && r->clients[first].place.quality == CR_PLACE_NONE)
        first++;
    if (first >= r->n_clients)
        return;
    int32_t a = farthest_from(r, first), b = farthest_from(r, a);
    double km = cr_place_distance_m(&r->clients[a].place, &r->clients[b].place) / 1000;
    bool in_one = strcmp(r->clients[a].file, r->clients[b].file) == 0;
    if (km > r->settings.odd_apart_km)
        findings_warning(
            r->findings, (finding_at){r->clients[b].file, r->clients[b].line, "client_id", r->clients[b].client_id},
            "%.0f km from client '%s' (row %d%s%s); is one of the two places wrong?", km, r->clients[a].client_id,
            r->clients[a].line, in_one ? "" : " of ", in_one ? "" : r->clients[a].file);
}

/* The tables of travel grow with the square of the places. */
static void note_too_many_places(day_reading *r)
{
    if (r->places.n > PLACES_MOST)
        findings_error(r->findings, (finding_at){r->tables[TABLE_VISITS].file, 0, "", ""},
                       "%d different places, at most %d can be planned at once; plan the area in parts", r->places.n,
                       PLACES_MOST);
}

cr_status note_what_is_odd(day_reading *r)
{
    note_too_many_places(r);
    shift_span *spans = sorted_spans(r);
    if (!spans)
        return CR_E_NOMEM;
    if (r->n_carers > 0)
        note_odd_visits(r, spans);
    free(spans);
    note_far_apart(r);
    return CR_OK;
}
