/* A ready matrix: its rows laid over the straight lines. */
#include "columns.h"
#include "reading.h"

#include <string.h>

/* Where a name of matrix.csv lies: a client, "home:" and a carer, or a carer. CR_NONE if it is not of today. */
static int32_t place_of_name(const day_reading *r, const char *name)
{
    int32_t client = name_index_get(r->client_index, name);
    if (client >= 0)
        return r->clients[client].place_at;
    bool home = strncmp(name, "home:", 5) == 0;
    int32_t carer = name_index_get(r->carer_index, home ? name + 5 : name);
    return carer >= 0 ? r->carers[carer].home_place : CR_NONE;
}

static bool is_known(const day_reading *r, const char *name)
{
    bool home = strncmp(name, "home:", 5) == 0;
    return name_index_get(r->client_index, name) != CR_NONE ||
           name_index_get(r->carer_index, home ? name + 5 : name) != CR_NONE;
}

/* Clients and carers' homes whose only position is their name in the matrix. */
static cr_status give_place(day_reading *r, const char *name)
{
    cr_status st = CR_OK;
    cr_place nowhere = {0, 0, -1, CR_PLACE_NONE};
    int32_t client = name_index_get(r->client_index, name);
    bool home = strncmp(name, "home:", 5) == 0;
    int32_t carer = name_index_get(r->carer_index, home ? name + 5 : name);
    if (client >= 0 && r->clients[client].place_at == CR_NONE) {
        r->clients[client].place_at = place_add(&r->places, &nowhere, &st);
        r->clients[client].has_place = true;
    } else if (client < 0 && carer >= 0 && r->carers[carer].home_place == CR_NONE) {
        r->carers[carer].home_place = place_add(&r->places, &nowhere, &st);
    }
    return st;
}

/* Visits and shifts without a position of their own lie where the matrix says. */
static void spread_places(day_reading *r)
{
    for (int32_t i = 0; i < r->n_visits; i++) {
        visit_record *v = &r->visits[i];
        row at = row_of(r, v->table, v->row);
        if (v->place_at == CR_NONE)
            v->place_at = r->clients[v->client].place_at;
        if (v->place_at == CR_NONE && !v->place_given)
            row_error(&at, CR_NONE, "no place, and matrix.csv does not name the client either");
    }
    for (int32_t s = 0; s < r->n_shifts; s++) {
        shift_record *shift = &r->shifts[s];
        int32_t home = r->carers[shift->carer].home_place;
        shift->start_place = shift->start_place == CR_NONE ? home : shift->start_place;
        shift->end_place = shift->end_place == CR_NONE ? home : shift->end_place;
    }
}

static cr_status add_leg(day_reading *r, const leg_record *leg)
{
    if (!array_room((void **)&r->legs, r->n_legs, &r->legs_room, sizeof *r->legs))
        return CR_E_NOMEM;
    r->legs[r->n_legs++] = *leg;
    return CR_OK;
}

static int32_t read_leg_mode(const day_reading *r, const row *at)
{
    const char *name = row_text(at, MATRIX_MODE);
    int32_t mode = *name ? settings_find_mode(&r->settings, name) : CR_NONE;
    if (*name && mode == CR_NONE)
        row_error(at, MATRIX_MODE, "no such way to travel; write car, bicycle or foot, or leave it empty for all");
    return mode;
}

static int32_t read_leg_period(const day_reading *r, const row *at)
{
    const char *name = row_text(at, MATRIX_PERIOD);
    int32_t period = *name ? settings_find_period(&r->settings, name) : CR_NONE;
    if (*name && period == CR_NONE)
        row_error(at, MATRIX_PERIOD,
                  r->settings.n_periods > 0 ? "no such period; settings.json has them under travel.periods"
                                            : "no periods are set; name them in settings.json under travel.periods");
    return period;
}

static cr_status read_leg(day_reading *r, int32_t i, int32_t *n_strange)
{
    row at = row_of(r, TABLE_MATRIX, i);
    const char *from = row_required(&at, MATRIX_FROM), *to = row_required(&at, MATRIX_TO);
    leg_record leg = {.mode = read_leg_mode(r, &at), .period = read_leg_period(r, &at), .dist_m = -1};
    if (row_required(&at, MATRIX_SECONDS))
        row_int(&at, MATRIX_SECONDS, 0, 172800, &leg.time_s);
    if (*row_text(&at, MATRIX_METRES))
        row_int(&at, MATRIX_METRES, 0, 5000000, &leg.dist_m);
    if (row_is_bad(&at))
        return CR_OK;
    if (!is_known(r, from) || !is_known(r, to)) {
        *n_strange += 1;
        return CR_OK;
    }
    cr_status st = give_place(r, from);
    if (!st)
        st = give_place(r, to);
    leg.from = place_of_name(r, from);
    leg.to = place_of_name(r, to);
    return st || leg.from == CR_NONE || leg.to == CR_NONE || leg.from == leg.to ? st : add_leg(r, &leg);
}

cr_status read_matrix(day_reading *r)
{
    int32_t n_strange = 0;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->tables[TABLE_MATRIX].n_rows; i++)
        st = read_leg(r, i, &n_strange);
    if (n_strange)
        findings_warning(r->findings, (finding_at){r->tables[TABLE_MATRIX].file, 0, "", ""},
                         "%d row%s of somebody who is in neither visits.csv nor carers.csv", n_strange,
                         n_strange == 1 ? "" : "s");
    if (!st && r->has_table[TABLE_MATRIX])
        spread_places(r);
    return st;
}
