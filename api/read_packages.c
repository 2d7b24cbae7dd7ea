/* Packages: a client's weekly pattern, made into the visits of the days planned.
 *
 * A row is read once, as a visit of no day in particular, and copied to each day on which it holds. A row of visits.csv
 * that has the id of such a visit goes before it.
 */
#include "columns.h"
#include "reading.h"
#include "value.h"

#include <stdio.h>
#include <string.h>

#define ITEM_SIZE        64
#define SUSPENSIONS_MOST 64
#define EVERY_WEEKS_MOST 12

typedef struct date_span {
    int32_t first, last; /* days since 1970-01-01 */
} date_span;

typedef struct pattern {
    date_span holds;
    bool on[7]; /* Monday first */
    int32_t every_weeks, n_suspended;
    date_span suspended[SUSPENSIONS_MOST];
} pattern;

/* ---- days of the week ---- */

static void read_days(const row *at, pattern *p)
{
    const char *list = row_text(at, PACKAGE_DAYS);
    value_item item;
    if (!*list)
        (void)value_weekdays("daily", p->on);
    while (value_next_item(&list, &item)) {
        char text[ITEM_SIZE];
        snprintf(text, sizeof text, "%.*s", (int)item.n, item.text);
        if (item.n >= sizeof text || !value_weekdays(text, p->on))
            row_error(at, PACKAGE_DAYS, "'%s' is no day; write mon;wed;fri, mon-fri, daily, weekdays or weekends",
                      text);
    }
}

/* ---- when it holds ---- */

static void read_suspension(const row *at, value_item item, pattern *p)
{
    char text[ITEM_SIZE], first[ITEM_SIZE];
    date_span span = {0, INT32_MAX};
    snprintf(text, sizeof text, "%.*s", (int)item.n, item.text);
    snprintf(first, sizeof first, "%s", text);
    char *dots = strstr(first, "..");
    const char *last = dots ? dots + 2 : first;
    if (dots)
        *dots = '\0';
    const char *wrong = item.n >= sizeof text ? "too long" : value_date(first, &span.first);
    if (!wrong && *last)
        wrong = value_date(last, &span.last);
    if (wrong)
        row_error(at, PACKAGE_SUSPENDED, "'%s': %s; write 2026-11-24, 2026-11-24..2026-11-30 or 2026-11-24..", text,
                  wrong);
    else if (span.last < span.first)
        row_error(at, PACKAGE_SUSPENDED, "'%s' ends before it begins", text);
    else if (p->n_suspended == SUSPENSIONS_MOST)
        row_error(at, PACKAGE_SUSPENDED, "more than %d suspensions", SUSPENSIONS_MOST);
    else
        p->suspended[p->n_suspended++] = span;
}

static void read_date(const row *at, int32_t column, int32_t *ret_days)
{
    const char *text = row_text(at, column);
    const char *wrong = *text ? value_date(text, ret_days) : NULL;
    if (wrong)
        row_error(at, column, "%s", wrong);
}

static void read_pattern(const row *at, pattern *p)
{
    *p = (pattern){.holds = {INT32_MIN, INT32_MAX}, .every_weeks = 1};
    read_date(at, PACKAGE_START, &p->holds.first);
    read_date(at, PACKAGE_END, &p->holds.last);
    if (p->holds.last < p->holds.first)
        row_error(at, PACKAGE_END, "before its start");
    read_days(at, p);
    if (row_int(at, PACKAGE_EVERY_WEEKS, 1, EVERY_WEEKS_MOST, &p->every_weeks) && p->every_weeks > 1 &&
        p->holds.first == INT32_MIN)
        row_error(at, PACKAGE_EVERY_WEEKS, "needs a start, from whose week it counts");
    const char *list = row_text(at, PACKAGE_SUSPENDED);
    value_item item;
    while (value_next_item(&list, &item))
        read_suspension(at, item, p);
}

static bool holds_on(const pattern *p, int32_t days)
{
    if (days < p->holds.first || days > p->holds.last || !p->on[value_weekday_of(days)])
        return false;
    for (int32_t i = 0; i < p->n_suspended; i++)
        if (days >= p->suspended[i].first && days <= p->suspended[i].last)
            return false;
    if (p->every_weeks == 1)
        return true;
    int32_t first_monday = p->holds.first - value_weekday_of(p->holds.first);
    return (days - first_monday) / 7 % p->every_weeks == 0;
}

/* ---- rows ---- */

const char *package_visit_id(day_reading *r, const char *package_id, int32_t day)
{
    char date[16];
    return arena_print(r->strings, "%s-%s", package_id, value_date_text(r->day0 + day, date));
}

/* The package's id; NULL: there is something wrong with it. */
static const char *read_package_id(day_reading *r, const row *at)
{
    const char *id = row_required(at, PACKAGE_ID);
    row_required(at, VISIT_CLIENT_ID);
    if (!id)
        return NULL;
    int32_t other = name_index_get(r->package_index, id);
    if (other != CR_NONE) {
        row_error(at, PACKAGE_ID, "is there twice (also in %s); every package needs its own id", row_name(at, other));
    } else if (strpbrk(id, ";,|")) {
        row_error(at, PACKAGE_ID, "an id must be without ; , and |, which separate ids in lists");
    }
    return row_is_bad(at) ? NULL : id;
}

/* "north" of "packages/north.csv"; "" of a table that is one file. */
static const char *list_of(const day_reading *r, const table *t, int32_t at)
{
    const char *file = table_row_file(t, at), *name = strchr(file, '/');
    return name ? arena_copy_n(r->strings, name + 1, (size_t)(strrchr(name, '.') - name - 1)) : "";
}

/* A provider's list changes the visits of its own packages; visits.csv, what has happened, and the council's own list,
 * those of any. */
bool may_change_package(const day_reading *r, const row *visit, const row *package)
{
    const char *theirs = list_of(r, visit->t, visit->at);
    return !*theirs || strcmp(theirs, DAY_OWN_LIST) == 0 || strcmp(theirs, list_of(r, package->t, package->at)) == 0;
}

/* One whose row has no date is on the day that its id says. */
static void put_on_day(day_reading *r, int32_t visit, int32_t day)
{
    row at = row_of_visit(r, visit);
    int32_t part = part_of_visit(r, visit);
    if (*row_text(&at, VISIT_DATE) || r->visits[visit].day != 0 || day == 0)
        return;
    move_visit_to_day(r, &r->visits[visit], day);
    if (part != CR_NONE)
        move_visit_to_day(r, &r->visits[part], day);
}

/* Does a row that has the id stand for the package's visit? One that may not is an error, and the visit stays. */
static bool has_stand_in(day_reading *r, const row *at, const char *visit_id, int32_t day)
{
    int32_t visit = name_index_get(r->visit_index, visit_id);
    if (visit < 0)
        return visit != CR_NONE;
    row other = row_of_visit(r, visit);
    if (strcmp(row_text(&other, VISIT_CLIENT_ID), row_text(at, VISIT_CLIENT_ID)) != 0)
        return row_error(&other, VISIT_ID, "is the visit of a package for client '%s' (row %d of %s)",
                         row_text(at, VISIT_CLIENT_ID), row_line(at), table_row_file(at->t, at->at));
    if (!may_change_package(r, &other, at))
        return row_error(&other, VISIT_ID, "is the visit of a package in another's list (row %d of %s)", row_line(at),
                         table_row_file(at->t, at->at));
    put_on_day(r, visit, day);
    return true;
}

static cr_status add_visits(day_reading *r, const row *at, const pattern *p, const visit_record *v,
                            const char *package_id, const cr_place *place, const char *postcode)
{
    cr_status st = CR_OK;
    bool is_repeat = false;
    int32_t n_days = r->n_days > 1 ? r->n_days : 1;
    for (int32_t day = 0; !st && day < n_days; day++) {
        visit_record visit = *v;
        if (!holds_on(p, r->day0 + day))
            continue;
        visit.visit_id = package_visit_id(r, package_id, day);
        if (has_stand_in(r, at, visit.visit_id, day))
            continue;
        visit.is_repeat = is_repeat;
        is_repeat = true;
        move_visit_to_day(r, &visit, day);
        int32_t n_before = r->n_visits;
        st = keep_visit(r, at, &visit, place, postcode);
        if (!st && r->n_visits > n_before)
            st = keep_part(r, at, place, postcode);
    }
    return st;
}

static cr_status note_place(day_reading *r, const row *at, const cr_place *place, const char *postcode)
{
    const char *client_id = row_text(at, VISIT_CLIENT_ID);
    if (name_index_get(r->package_place_index, client_id) != CR_NONE)
        return CR_OK;
    if (!array_room((void **)&r->package_places, r->n_package_places, &r->package_places_room,
                    sizeof *r->package_places) ||
        !name_index_set(r->package_place_index, client_id, r->n_package_places))
        return CR_E_NOMEM;
    r->package_places[r->n_package_places++] = (package_place){*place, postcode};
    return CR_OK;
}

static cr_status read_package(day_reading *r, int32_t i)
{
    row at = row_of(r, TABLE_PACKAGES, i);
    visit_record v;
    pattern p;
    cr_place place;
    const char *postcode, *id = read_package_id(r, &at);
    bool sound = read_visit_row(r, &at, 0, &v, &place, &postcode);
    v.table = TABLE_PACKAGES;
    read_pattern(&at, &p);
    if (id && !name_index_set(r->package_index, id, i))
        return CR_E_NOMEM;
    if (!id || !sound || row_is_bad(&at))
        return CR_OK;
    cr_status st = v.place_given ? note_place(r, &at, &place, postcode) : CR_OK;
    return st ? st : add_visits(r, &at, &p, &v, id, &place, postcode);
}

cr_status read_packages(day_reading *r)
{
    cr_status st = name_index_new(&r->package_index);
    if (!st)
        st = name_index_new(&r->package_place_index);
    return st ? st : read_each_row(r, TABLE_PACKAGES, read_package);
}
