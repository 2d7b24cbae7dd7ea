/* Visits: each row alone. Their times are read in read_times.c, what ties rows together (gaps, same carer) in
 * read_links.c. */
#include "columns.h"
#include "near.h"
#include "reading.h"
#include "value.h"

#include <stdio.h>
#include <string.h>

#define VISIT_MOST_S (24 * 3600)
#define CANDIDATES   2000 /* ids looked at for a hint */
#define WISHES_MOST  1000

static const place_columns visit_place = {VISIT_LATITUDE, VISIT_LONGITUDE, VISIT_EASTING, VISIT_NORTHING,
                                          VISIT_GRID_REF, VISIT_POSTCODE,  VISIT_ADDRESS};

/* ---- carers named by a visit ---- */

static const char *carer_hint(day_reading *r, const char *id)
{
    const char *ids[CANDIDATES];
    int32_t n = r->n_carers < CANDIDATES ? r->n_carers : CANDIDATES;
    for (int32_t i = 0; i < n; i++)
        ids[i] = r->carers[i].carer_id;
    return findings_hint(r->findings, id, ids, n);
}

static bool copy_id(const row *at, int32_t column, value_item item, char *id, size_t size)
{
    if (item.n >= size)
        return row_error(at, column, "an id is longer than %zu bytes", size - 1);
    memcpy(id, item.text, item.n);
    id[item.n] = '\0';
    return true;
}

/* Wishes may name carers who are off today; that is worth a warning, no more. */
static void read_wish(day_reading *r, const row *at, int32_t column, id_list *ret_list)
{
    const char *list = row_text(at, column);
    int32_t *ids = *list ? arena_take_bytes(r->strings, (strlen(list) / 2 + 1) * sizeof *ids) : NULL;
    int32_t n = 0;
    value_item item;
    while (ids && n <= WISHES_MOST && !row_is_bad(at) && value_next_item(&list, &item)) {
        char id[128];
        if (!copy_id(at, column, item, id, sizeof id))
            continue;
        int32_t carer = name_index_get(r->carer_index, id);
        if (n == WISHES_MOST)
            row_error(at, column, "more than %d carers", WISHES_MOST);
        else if (carer >= 0)
            ids[n++] = carer;
        else if (carer == CR_NONE && !r->options->is_list)
            row_warning(at, column, "'%s' is not in carers.csv, so has no effect today%s", id, carer_hint(r, id));
    }
    *ret_list = (id_list){ids, n};
}

static bool is_in(const id_list *list, int32_t id)
{
    for (int32_t i = 0; i < list->n; i++)
        if (list->items[i] == id)
            return true;
    return false;
}

static int32_t find_locked(day_reading *r, const row *at, visit_record *v, const char *id)
{
    int32_t carer = name_index_get(r->carer_index, id);
    if (carer == CR_NONE && !r->options->is_list)
        row_error(at, VISIT_LOCK_CARER, "no carer '%s' in carers.csv%s", id, carer_hint(r, id));
    else if (carer == REJECTED)
        row_error(at, VISIT_LOCK_CARER, "carer '%s' has an error in carers.csv herself", id);
    else if (is_in(&v->forbidden, carer))
        row_error(at, VISIT_LOCK_CARER, "'%s' is also among the forbidden carers", id);
    return carer;
}

static void read_lock_carer(day_reading *r, const row *at, visit_record *v)
{
    const char *list = row_text(at, VISIT_LOCK_CARER);
    value_item item;
    int32_t n = 0;
    while (value_next_item(&list, &item)) {
        char id[128];
        if (!copy_id(at, VISIT_LOCK_CARER, item, id, sizeof id))
            continue;
        if (n == v->n_carers) {
            row_error(at, VISIT_LOCK_CARER, "more carers than the visit needs (%d)", v->n_carers);
            return;
        }
        int32_t carer = find_locked(r, at, v, id);
        for (int32_t k = 0; k < n; k++)
            if (carer >= 0 && v->locked[k] == carer)
                row_error(at, VISIT_LOCK_CARER, "'%s' twice; a visit needs different people", id);
        v->locked[n++] = carer;
    }
    for (int32_t k = 1; v->same_provider && k < n; k++)
        if (v->locked[0] >= 0 && v->locked[k] >= 0 &&
            r->carers[v->locked[k]].provider != r->carers[v->locked[0]].provider)
            row_error(at, VISIT_LOCK_CARER, "'%s' and '%s' are of different providers, and the visit's must be of one",
                      r->carers[v->locked[0]].carer_id, r->carers[v->locked[k]].carer_id);
}

/* ---- needs ---- */

static void read_needs(day_reading *r, const row *at, visit_record *v)
{
    row_int(at, VISIT_CARERS, 1, VISIT_MOST_CARERS, &v->n_carers);
    if (row_required(at, VISIT_DURATION))
        row_duration(at, VISIT_DURATION, 60, VISIT_MOST_S, &v->duration_s[0]);
    v->duration_s[1] = v->duration_s[0];
    read_second_after(at, v);
    row_bool(at, VISIT_SLEEP_IN, &v->sleep_in);
    if (row_bool(at, VISIT_SAME_PROVIDER, &v->same_provider) && v->same_provider && v->n_carers == 1)
        row_warning(at, VISIT_SAME_PROVIDER, "has no effect on a visit of one carer");
    read_durations_by_grade(r, at, VISIT_DURATION_BY_GRADE, &v->by_grade[0]);
    if (!row_duration(at, VISIT_DURATION_2, 60, VISIT_MOST_S, &v->duration_s[1]))
        v->by_grade[1] = v->by_grade[0];
    read_goods(r, at, &v->goods);
    read_skills_needed(r, at, VISIT_SKILLS, &v->skills[0]);
    v->skills[1] = v->skills[0];
    if (*row_text(at, VISIT_SKILLS_2))
        read_skills_needed(r, at, VISIT_SKILLS_2, &v->skills[1]);
    read_attributes_needed(r, at, VISIT_ATTRIBUTES, &v->attributes[0]);
    v->attributes[1] = v->attributes[0];
    if (*row_text(at, VISIT_ATTRIBUTES_2))
        read_attributes_needed(r, at, VISIT_ATTRIBUTES_2, &v->attributes[1]);
    static const int32_t of_second[] = {VISIT_DURATION_2, VISIT_SKILLS_2, VISIT_ATTRIBUTES_2};
    for (size_t i = 0; i < sizeof of_second / sizeof *of_second; i++)
        if (v->n_carers == 1 && *row_text(at, of_second[i]))
            row_warning(at, of_second[i], "has no effect on a visit of one carer");
}

static void read_flags(day_reading *r, const row *at, visit_record *v)
{
    row_int(at, VISIT_PRIORITY, 1, 5, &v->priority);
    row_bool(at, VISIT_TIME_CRITICAL, &v->time_critical);
    row_bool(at, VISIT_LIVES_ALONE, &v->lives_alone);
    row_duration(at, VISIT_DOOR_MIN, 0, 2 * 3600, &v->door_s);
    v->patch = read_patch_of(r, at, VISIT_PATCH);
    v->notes = row_text(at, VISIT_NOTES);
    read_wish(r, at, VISIT_FORBIDDEN_CARERS, &v->forbidden);
    read_wish(r, at, VISIT_PREFERRED_CARERS, &v->preferred);
    for (int32_t i = 0; i < v->preferred.n; i++)
        if (is_in(&v->forbidden, v->preferred.items[i]))
            row_error(at, VISIT_PREFERRED_CARERS, "'%s' is both preferred and forbidden",
                      r->carers[v->preferred.items[i]].carer_id);
}

/* ---- clients and rows ---- */

static void keep_if_empty(const char **kept, const char *text)
{
    if (!**kept)
        *kept = text;
}

/* Her first row as a message of this one names it: "row 2", and of which file if that is another. */
static const char *first_row(day_reading *r, const row *at, const client_record *c)
{
    return strcmp(c->file, table_row_file(at->t, at->at)) == 0
               ? arena_print(r->strings, "row %d", c->line)
               : arena_print(r->strings, "row %d of %s", c->line, c->file);
}

/* Two lists with one client: each provider counts its clients from 1, say, and they are two people. */
static void doubt_name(day_reading *r, const row *at, client_record *c)
{
    const char *name = row_text(at, VISIT_CLIENT_NAME);
    if (c->has_two_names || !*name || strcmp(name, c->name) == 0 || strcmp(c->file, table_row_file(at->t, at->at)) == 0)
        return;
    c->has_two_names = true;
    row_warning(at, VISIT_CLIENT_NAME,
                "the same client is '%s' in %s; if these are two people, give one of them another client_id", c->name,
                first_row(r, at, c));
}

/* The visit's client, made at her first sound row; her later rows add what is missing. */
static int32_t client_of_row(day_reading *r, const row *at, const cr_place *place, const char *postcode,
                             visit_record *v, cr_status *ret_st)
{
    const char *id = row_text(at, VISIT_CLIENT_ID);
    int32_t client = name_index_get(r->client_index, id);
    if (client == CR_NONE) {
        if (!array_room((void **)&r->clients, r->n_clients, &r->clients_room, sizeof *r->clients) ||
            !name_index_set(r->client_index, id, r->n_clients)) {
            *ret_st = CR_E_NOMEM;
            return CR_NONE;
        }
        client = r->n_clients++;
        r->clients[client] = (client_record){.client_id = id,
                                             .name = "",
                                             .address = "",
                                             .postcode = "",
                                             .place = {0, 0, -1, CR_PLACE_NONE},
                                             .place_at = CR_NONE,
                                             .file = table_row_file(at->t, at->at),
                                             .line = row_line(at),
                                             .last_visit = CR_FREE};
    }
    client_record *c = &r->clients[client];
    keep_if_empty(&c->name, row_text(at, VISIT_CLIENT_NAME));
    keep_if_empty(&c->address, row_text(at, VISIT_ADDRESS));
    keep_if_empty(&c->postcode, postcode);
    doubt_name(r, at, c);
    if (v->place_given && !c->has_place) {
        c->has_place = true;
        c->place = *place;
        c->place_at = v->place_at;
    } else if (v->place_given && c->place_at != v->place_at) {
        row_warning(at, VISIT_CLIENT_ID,
                    "the same client lives elsewhere in %s; this visit goes to the place in its own row",
                    first_row(r, at, c));
    }
    return client;
}

static void read_ids(day_reading *r, const row *at, visit_record *v)
{
    v->visit_id = row_required(at, VISIT_ID);
    row_required(at, VISIT_CLIENT_ID);
    if (!v->visit_id)
        return;
    int32_t other = name_index_get(r->visit_index, v->visit_id);
    if (other >= 0)
        row_error(at, VISIT_ID, "is there twice (also in %s); every visit needs its own id",
                  row_name(at, r->visits[other].row));
    else if (other == REJECTED)
        row_error(at, VISIT_ID, "is there twice; every visit needs its own id");
    else if (other == CANCELLED)
        row_error(at, VISIT_ID, "is there already, and cancelled (events); this visit needs an id of its own");
    else if (strpbrk(v->visit_id, ";,|"))
        row_error(at, VISIT_ID, "an id must be without ; , and |, which separate ids in lists");
}

cr_status keep_visit(day_reading *r, const row *at, visit_record *v, const cr_place *place, const char *postcode)
{
    cr_status st = CR_OK;
    if (v->place_given)
        v->place_at = place_index(&r->places, place, &st);
    if (!st)
        v->client = client_of_row(r, at, place, postcode, v, &st);
    if (st)
        return st;
    if (event_changes_visit(r, v))
        return name_index_set(r->visit_index, v->visit_id, CANCELLED) ? CR_OK : CR_E_NOMEM;
    if (!array_room((void **)&r->visits, r->n_visits, &r->visits_room, sizeof *r->visits) ||
        !name_index_set(r->visit_index, v->visit_id, r->n_visits))
        return CR_E_NOMEM;
    r->visits[r->n_visits++] = *v;
    return CR_OK;
}

/* What a visit and a package have in common; times are of the row's own day. */
bool read_visit_row(day_reading *r, const row *at, int32_t day, visit_record *v, cr_place *ret_place,
                    const char **ret_postcode)
{
    *v = (visit_record){.row = at->at,
                        .day = day,
                        .line = row_line(at),
                        .place_at = CR_NONE,
                        .prefer_open = CR_FREE,
                        .prefer_close = CR_FREE,
                        .n_carers = 1,
                        .locked = {CR_NONE, CR_NONE, CR_NONE, CR_NONE},
                        .locked_start = CR_FREE,
                        .same_provider = r->settings.same_provider,
                        .priority = r->settings.priority,
                        .door_s = r->settings.door_s};
    *ret_place = (cr_place){0, 0, -1, CR_PLACE_NONE};
    *ret_postcode = "";
    v->place_given = read_place(r, at, &visit_place, ret_place, ret_postcode) != PLACE_NOT_GIVEN;
    read_flags(r, at, v);
    read_visit_times(r, at, v);
    read_needs(r, at, v);
    read_lock_carer(r, at, v);
    return !row_is_bad(at);
}

static cr_status read_visit(day_reading *r, int32_t table_at, int32_t i)
{
    row at = row_of(r, table_at, i);
    visit_record v;
    cr_place place;
    const char *postcode;
    int32_t day = 0;
    row_day(&at, VISIT_DATE, r->day0, &day);
    bool sound = read_visit_row(r, &at, day, &v, &place, &postcode);
    v.table = table_at;
    read_ids(r, &at, &v);
    if (sound && !row_is_bad(&at)) {
        move_visit_to_day(r, &v, day);
        int32_t n_before = r->n_visits;
        cr_status st = keep_visit(r, &at, &v, &place, postcode);
        return st || r->n_visits == n_before ? st : keep_part(r, &at, &place, postcode);
    }
    bool kept = !v.visit_id || name_index_get(r->visit_index, v.visit_id) >= 0 ||
                name_index_set(r->visit_index, v.visit_id, REJECTED);
    return kept ? CR_OK : CR_E_NOMEM;
}

static bool row_gives_place(const day_reading *r, const row *at)
{
    cr_place found;
    static const int32_t columns[] = {VISIT_LATITUDE, VISIT_LONGITUDE, VISIT_EASTING,
                                      VISIT_NORTHING, VISIT_GRID_REF,  VISIT_POSTCODE};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (*row_text(at, columns[i]))
            return true;
    return geocoded_place(r, at, &visit_place, &found);
}

/* Clients who have a place in some row, be it a bad one. */
static cr_status find_clients_with_place(day_reading *r, int32_t kind, name_index *with_place)
{
    for (int32_t i = 0; i < r->tables[kind].n_rows; i++) {
        row at = row_of(r, kind, i);
        if (row_gives_place(r, &at) && !name_index_set(with_place, row_text(&at, VISIT_CLIENT_ID), i))
            return CR_E_NOMEM;
    }
    return CR_OK;
}

static void miss_places_in(day_reading *r, int32_t kind, const name_index *with_place)
{
    for (int32_t i = 0; i < r->tables[kind].n_rows && !r->has_table[TABLE_MATRIX]; i++) {
        row at = row_of(r, kind, i);
        if (!row_gives_place(r, &at) && name_index_get(with_place, row_text(&at, VISIT_CLIENT_ID)) == CR_NONE)
            row_error(&at, CR_NONE,
                      "no place; give latitude and longitude, easting and northing, grid_ref or postcode");
    }
}

static cr_status miss_places(day_reading *r)
{
    cr_auto(name_index) with_place = NULL;
    cr_status st = name_index_new(&with_place);
    if (st || (st = find_clients_with_place(r, TABLE_VISITS, with_place)) ||
        (st = find_clients_with_place(r, TABLE_PACKAGES, with_place)) ||
        (st = find_clients_with_place(r, TABLE_NEW_VISITS, with_place)))
        return st;
    miss_places_in(r, TABLE_VISITS, with_place);
    miss_places_in(r, TABLE_PACKAGES, with_place);
    miss_places_in(r, TABLE_NEW_VISITS, with_place);
    return CR_OK;
}

/* Of a package that brings no visit on these days. */
static void take_place_from_package(day_reading *r, client_record *c, cr_status *ret_st)
{
    int32_t k = name_index_get(r->package_place_index, c->client_id);
    if (c->has_place || k == CR_NONE)
        return;
    c->has_place = true;
    c->place = r->package_places[k].place;
    c->place_at = place_index(&r->places, &c->place, ret_st);
    keep_if_empty(&c->postcode, r->package_places[k].postcode);
}

/* A visit without a place goes where another row of its client says. */
static cr_status take_places_from_clients(day_reading *r)
{
    cr_status st = CR_OK;
    for (int32_t i = 0; i < r->n_visits && !st; i++) {
        visit_record *v = &r->visits[i];
        client_record *c = &r->clients[v->client];
        row at = row_of_visit(r, i);
        if (v->place_given || row_is_bad(&at))
            continue;
        take_place_from_package(r, c, &st);
        v->place_given = c->has_place;
        v->place_at = c->place_at;
        if (!c->has_place && !r->has_table[TABLE_MATRIX] && r->options->skip_bad_rows)
            row_error(&at, CR_NONE, "no place of its own, and the row that has the client's place has an error");
    }
    return st;
}

cr_status read_visits(day_reading *r)
{
    cr_status st = name_index_new(&r->client_index);
    if (!st)
        st = name_index_new(&r->visit_index);
    for (int32_t i = 0; !st && i < r->tables[TABLE_VISITS].n_rows; i++)
        st = read_visit(r, TABLE_VISITS, i);
    for (int32_t i = 0; !st && i < r->tables[TABLE_NEW_VISITS].n_rows; i++)
        st = read_visit(r, TABLE_NEW_VISITS, i);
    if (!st)
        st = read_packages(r);
    if (!st)
        st = miss_places(r);
    if (!st)
        st = take_places_from_clients(r);
    return st ? st : change_visits(r);
}
