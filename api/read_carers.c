/* Carers: one row of carers.csv is one shift; what belongs to the carer must agree between her rows. */
#include "columns.h"
#include "day_transit.h"
#include "reading.h"
#include "value.h"

#include <math.h>
#include <string.h>

#define SHIFT_MOST_S (24 * 3600)
#define WEEK_MOST_S  (48 * 3600) /* of work: the longest duration that is read */
#define MILES_MOST   10000
#define SHIFTS_MOST  64 /* of one carer */
#define DAY_S        86400

row row_of(day_reading *r, int32_t table_at, int32_t at)
{
    return (row){&r->tables[table_at], at, r->findings};
}

cr_status read_each_row(day_reading *r, int32_t table_at, cr_status (*read_one)(day_reading *r, int32_t at))
{
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->tables[table_at].n_rows; i++)
        st = read_one(r, i);
    return st;
}

bool span_over_midnight(int32_t begin, int32_t *end, int32_t most_s)
{
    if (*end >= begin)
        return true;
    if (begin < 12 * 3600 || *end > 12 * 3600 || *end + 86400 - begin > most_s)
        return false;
    *end += 86400;
    return true;
}

/* ---- carers ---- */

/* Without a providers.csv the carers' own words are the list. */
static int32_t find_provider(day_reading *r, const row *at, cr_status *ret_st)
{
    const char *id = row_text(at, CARER_PROVIDER);
    if (!*id)
        return CR_NONE;
    if (r->options->list_provider && strcmp(id, r->options->list_provider) != 0) {
        row_error(at, CARER_PROVIDER, "must be '%s' (or empty): the list is of that provider",
                  r->options->list_provider);
        return CR_NONE;
    }
    int32_t found = name_index_get(r->provider_index, id);
    if (found != CR_NONE)
        return found;
    if (r->has_table[TABLE_PROVIDERS]) {
        const char *ids[64];
        int32_t n = r->n_providers < 64 ? r->n_providers : 64;
        for (int32_t i = 0; i < n; i++)
            ids[i] = r->providers[i].provider_id;
        row_error(at, CARER_PROVIDER, "no such provider in providers.csv%s", findings_hint(r->findings, id, ids, n));
        return CR_NONE;
    }
    *ret_st = keep_plain_provider(r, id);
    return r->n_providers - 1;
}

static const place_columns start_columns = {CARER_START_LATITUDE,
                                            CARER_START_LONGITUDE,
                                            CARER_START_EASTING,
                                            CARER_START_NORTHING,
                                            CARER_START_GRID_REF,
                                            CARER_START_POSTCODE,
                                            CR_NONE};
static const place_columns end_columns = {CARER_END_LATITUDE,
                                          CARER_END_LONGITUDE,
                                          CARER_END_EASTING,
                                          CARER_END_NORTHING,
                                          CARER_END_GRID_REF,
                                          CARER_END_POSTCODE,
                                          CR_NONE};
static const place_columns home_columns = {CARER_HOME_LATITUDE,
                                           CARER_HOME_LONGITUDE,
                                           CARER_HOME_EASTING,
                                           CARER_HOME_NORTHING,
                                           CARER_HOME_GRID_REF,
                                           CARER_HOME_POSTCODE,
                                           CR_NONE};

/* A later row of the same carer may leave a field empty, but not contradict the first. */
static void must_agree(const row *at, const row *first, int32_t column)
{
    const char *now = row_text(at, column), *then = row_text(first, column);
    if (*now && strcmp(now, then) != 0)
        row_error(at, column,
                  "%s of the same carer says '%s'; what belongs to the carer must be the same in all her rows",
                  row_name(at, first->at), then);
}

static void must_agree_in_all(const row *at, const row *first)
{
    static const int32_t of_the_carer[] = {
        CARER_NAME,           CARER_PROVIDER,      CARER_TEAM,           CARER_GRADE,        CARER_PATCHES,
        CARER_PATCHES_HARD,   CARER_SKILLS,        CARER_ATTRIBUTES,     CARER_MAX_WORK,     CARER_MAX_WEEK_WORK,
        CARER_OVERTIME_AFTER, CARER_OVERTIME_RATE, CARER_CONTRACTED,     CARER_PAY_PER_HOUR, CARER_PAY_PER_MILE,
        CARER_SPEED_FACTOR,   CARER_HOME_LATITUDE, CARER_HOME_LONGITUDE, CARER_HOME_EASTING, CARER_HOME_NORTHING,
        CARER_HOME_GRID_REF,  CARER_HOME_POSTCODE};
    for (size_t i = 0; i < sizeof of_the_carer / sizeof *of_the_carer; i++)
        must_agree(at, first, of_the_carer[i]);
}

static void read_pay(day_reading *r, const row *at, carer_record *carer)
{
    double pounds;
    bool is_paid_by_contract = carer->provider != CR_NONE && contract_has_price(r, carer->provider);
    carer->pay_per_hour = is_paid_by_contract ? 0 : r->settings.pay_per_hour;
    if (!row_number(at, CARER_PAY_PER_HOUR, 0, 1000, &pounds))
        return;
    carer->pay_per_hour = pounds * 100;
    if (carer->pay_per_hour < r->settings.minimum_pay_per_hour)
        row_warning(at, CARER_PAY_PER_HOUR, "below the minimum wage of %.2f an hour",
                    r->settings.minimum_pay_per_hour / 100);
}

/* Place of one kind of a row; CR_NONE when open. *ret_given also when it has no position. */
static int32_t place_of_row(day_reading *r, const row *at, const place_columns *columns, cr_status *ret_st,
                            bool *ret_given)
{
    cr_place place;
    const char *postcode;
    place_answer answer = read_place(r, at, columns, &place, &postcode);
    *ret_given = answer != PLACE_NOT_GIVEN;
    return answer == PLACE_FOUND ? place_index(&r->places, &place, ret_st) : CR_NONE;
}

/* Hours of work that came to minutes, as 7.5 does: nobody is engaged for so little. */
static void read_hours(const row *at, int32_t column, int32_t most_s, int32_t *ret_s)
{
    if (row_duration(at, column, 0, most_s, ret_s) && *ret_s > 0 && *ret_s < 3600)
        row_warning(at, column, "less than an hour of work; a number alone is minutes, write hours as 7:30");
}

static void read_carer(day_reading *r, const row *at, carer_record *carer, cr_status *ret_st)
{
    bool given;
    *carer = (carer_record){.carer_id = row_text(at, CARER_ID),
                            .name = row_text(at, CARER_NAME),
                            .team = row_text(at, CARER_TEAM),
                            .max_work_s = CR_NONE,
                            .max_week_work_s = CR_NONE,
                            .overtime_after_s = CR_NONE,
                            .overtime_rate = r->settings.overtime_rate,
                            .pence_per_mile = CR_NONE,
                            .speed_factor = 1,
                            .last_shift = CR_NONE,
                            .row = at->at};
    if (!*carer->name)
        carer->name = carer->carer_id;
    carer->provider = find_provider(r, at, ret_st);
    carer->grade = read_grade_had(r, at, CARER_GRADE);
    read_patches_worked(r, at, CARER_PATCHES, &carer->patches);
    carer->keeps_patches = carer->provider != CR_NONE && r->providers[carer->provider].keeps_patches;
    row_bool(at, CARER_PATCHES_HARD, &carer->keeps_patches);
    read_skills_had(r, at, CARER_SKILLS, &carer->skills);
    read_attributes_had(r, at, CARER_ATTRIBUTES, &carer->attributes);
    read_hours(at, CARER_MAX_WORK, SHIFT_MOST_S, &carer->max_work_s);
    read_hours(at, CARER_MAX_WEEK_WORK, WEEK_MOST_S, &carer->max_week_work_s);
    read_hours(at, CARER_OVERTIME_AFTER, WEEK_MOST_S, &carer->overtime_after_s);
    row_number(at, CARER_OVERTIME_RATE, 1, 10, &carer->overtime_rate);
    read_hours(at, CARER_CONTRACTED, WEEK_MOST_S, &carer->contracted_s);
    if (carer->max_week_work_s != CR_NONE && carer->contracted_s > carer->max_week_work_s)
        row_error(at, CARER_CONTRACTED, "more than her most work (max_week_work)");
    if (carer->max_week_work_s != CR_NONE && carer->overtime_after_s > carer->max_week_work_s)
        row_warning(at, CARER_OVERTIME_AFTER, "has no effect above her most work (max_week_work)");
    read_pay(r, at, carer);
    if (row_number(at, CARER_PAY_PER_MILE, 0, 100, &carer->pence_per_mile))
        carer->pence_per_mile *= 100;
    row_number(at, CARER_SPEED_FACTOR, 0.2, 5, &carer->speed_factor);
    carer->home_place = place_of_row(r, at, &home_columns, ret_st, &given);
}

/* ---- shifts ---- */

static void read_break(day_reading *r, const row *at, shift_record *shift)
{
    break_record *b = &shift->brk;
    *b = (break_record){.open = shift->begin, .close = shift->end, .length_s = r->settings.break_s, .paid = false};
    bool has_open = row_instant(at, CARER_BREAK_START, r->day0 + shift->day, &b->open);
    bool has_close = row_instant(at, CARER_BREAK_END, r->day0 + shift->day, &b->close);
    bool has_length = row_duration(at, CARER_BREAK_MIN, 60, 8 * 3600, &b->length_s);
    b->given = has_open || has_close || has_length;
    row_bool(at, CARER_BREAK_PAID, &b->paid);
    if (!b->given || row_is_bad(at))
        return;
    /* On a night shift 02:00 is the next day's. */
    if (has_open && b->open < shift->begin && b->open + 86400 <= shift->end)
        b->open += 86400;
    if (has_close && b->close < shift->begin && b->close + 86400 <= shift->end)
        b->close += 86400;
    if (b->length_s > shift->end - shift->begin)
        row_error(at, CARER_BREAK_MIN, "the break is longer than the shift");
    else if (b->open < shift->begin || b->open > shift->end - b->length_s)
        row_error(at, CARER_BREAK_START,
                  "the break does not fit into the shift; it must start between its begin and %d "
                  "minutes before its end",
                  b->length_s / 60);
    else if (b->close < b->open)
        row_error(at, CARER_BREAK_END, "the break's window closes before it opens");
    else if (b->close > shift->end - b->length_s)
        b->close = shift->end - b->length_s;
}

static void read_mode(day_reading *r, const row *at, shift_record *shift)
{
    const char *name = row_text(at, CARER_MODE), *names[CR_MODES_MAX];
    shift->mode = *name ? settings_find_mode(&r->settings, name) : 0;
    if (shift->mode != CR_NONE)
        return;
    for (int32_t m = 0; m < r->settings.n_modes; m++)
        names[m] = r->settings.modes[m].name;
    row_error(at, CARER_MODE, "no such way to travel; write car, bicycle, foot or transit%s",
              findings_hint(r->findings, name, names, r->settings.n_modes));
}

/* A timetable waits for nobody. */
static void check_speed(day_reading *r, const row *at, const carer_record *carer, const shift_record *shift)
{
    if (carer->speed_factor != 1 && shift->mode != CR_NONE &&
        strcmp(r->settings.modes[shift->mode].name, TRANSIT_MODE) == 0)
        row_error(at, CARER_SPEED_FACTOR, "who goes by transit keeps to the timetable; leave it empty");
}

static void read_span(day_reading *r, const row *at, shift_record *shift)
{
    bool begins = row_instant(at, CARER_SHIFT_START, r->day0 + shift->day, &shift->begin);
    bool ends = row_instant(at, CARER_SHIFT_END, r->day0 + shift->day, &shift->end);
    if (begins != ends && !row_is_bad(at))
        row_error(at, begins ? CARER_SHIFT_END : CARER_SHIFT_START,
                  "is empty, but the other end of the shift is given");
    if (!begins || !ends)
        return;
    int32_t end = shift->end;
    if (!span_over_midnight(shift->begin, &shift->end, SHIFT_MOST_S) || shift->end == shift->begin)
        row_error(at, CARER_SHIFT_END, "the shift ends before it begins; past midnight go on counting (24:15, 31:00)");
    else if (end != shift->end)
        row_warning(at, CARER_SHIFT_END, "before the shift begins, so taken as the next day's");
    else if (shift->end - shift->begin > SHIFT_MOST_S)
        row_error(at, CARER_SHIFT_END, "the shift is longer than 24 hours");
}

/* On a night shift the morning hours are the next day's. */
static void read_paid_end(day_reading *r, const row *at, shift_record *shift)
{
    if (!row_instant(at, CARER_PAID_END, r->day0 + shift->day, &shift->paid_end) || shift->end <= shift->begin)
        return;
    if (shift->paid_end < shift->begin && shift->paid_end + DAY_S <= shift->end)
        shift->paid_end += DAY_S;
    if (shift->paid_end <= shift->begin || shift->paid_end > shift->end)
        row_error(at, CARER_PAID_END, "not within the shift; the carer may be back by shift_end, which is no sooner");
}

static void read_shift_places(day_reading *r, const row *at, const carer_record *carer, shift_record *shift,
                              cr_status *ret_st)
{
    bool start_given, end_given;
    shift->start_place = place_of_row(r, at, &start_columns, ret_st, &start_given);
    shift->end_place = place_of_row(r, at, &end_columns, ret_st, &end_given);
    if (!start_given)
        shift->start_place = carer->home_place;
    if (!end_given)
        shift->end_place = carer->home_place;
}

/* Two shifts too near to each other: the rule lets only one of them be used. */
static void note_rest(day_reading *r, const row *at, const shift_record *a, const shift_record *b)
{
    const shift_record *sooner = a->day < b->day ? a : b, *later = a->day < b->day ? b : a;
    int32_t rest_s = later->begin - sooner->end;
    if (a->day != b->day && rest_s < r->settings.rest_between_days_s)
        row_warning(at, CARER_SHIFT_START,
                    "%d:%02d between it and the same carer's shift in %s, less than the rest between days of "
                    "%d:%02d, so only one of the two is used",
                    rest_s / 3600, rest_s / 60 % 60, row_name(at, b->row), r->settings.rest_between_days_s / 3600,
                    r->settings.rest_between_days_s / 60 % 60);
}

static void must_not_overlap(day_reading *r, const row *at, const carer_record *carer, const shift_record *shift)
{
    if (carer->n_shifts >= SHIFTS_MOST)
        row_error(at, CARER_SHIFT_ID, "more than %d shifts of one carer", SHIFTS_MOST);
    for (int32_t s = carer->last_shift; s != CR_NONE; s = r->shifts[s].previous) {
        const shift_record *other = &r->shifts[s];
        if (other->begin < shift->end && shift->begin < other->end)
            row_error(at, CARER_SHIFT_START, "overlaps the same carer's shift in %s", row_name(at, other->row));
        else
            note_rest(r, at, shift, other);
    }
}

static void name_shift(day_reading *r, const row *at, const carer_record *carer, shift_record *shift)
{
    shift->shift_id = row_text(at, CARER_SHIFT_ID);
    if (!*shift->shift_id)
        shift->shift_id = arena_print(r->strings, "%s-%d", row_text(at, CARER_ID), carer->n_shifts + 1);
    int32_t other = name_index_get(r->shift_index, shift->shift_id);
    if (other != CR_NONE)
        row_error(at, CARER_SHIFT_ID, "the shift '%s' is there twice (also in %s)", shift->shift_id,
                  row_name(at, r->shifts[other].row));
}

/* Until here all times were of its own day. */
static void move_to_its_day(day_reading *r, shift_record *shift)
{
    shift->begin += shift->day * DAY_S;
    shift->end += shift->day * DAY_S;
    if (shift->paid_end != CR_FREE)
        shift->paid_end += shift->day * DAY_S;
    shift->brk.open += shift->day * DAY_S;
    shift->brk.close += shift->day * DAY_S;
    for (int32_t k = 0; k < shift->n_kept; k++) {
        shift->kept[k].open += shift->day * DAY_S;
        shift->kept[k].close += shift->day * DAY_S;
    }
    r->n_days = shift->day >= r->n_days ? shift->day + 1 : r->n_days;
}

static void read_shift(day_reading *r, const row *at, const carer_record *carer, shift_record *shift, cr_status *ret_st)
{
    *shift = (shift_record){.row = at->at,
                            .line = row_line(at),
                            .max_visits = CR_NONE,
                            .max_travel_s = CR_NONE,
                            .max_dist_m = CR_NONE,
                            .paid_end = CR_FREE,
                            .previous = carer->last_shift,
                            .rides_with = CR_NONE};
    row_day(at, CARER_DATE, r->day0, &shift->day);
    read_span(r, at, shift);
    read_mode(r, at, shift);
    check_speed(r, at, carer, shift);
    read_shift_places(r, at, carer, shift, ret_st);
    read_paid_end(r, at, shift);
    row_bool(at, CARER_ON_CALL, &shift->on_call);
    row_bool(at, CARER_STARTS_AT_BEGIN, &shift->at_begin);
    row_int(at, CARER_MAX_VISITS, 0, 1000, &shift->max_visits);
    read_rooms(r, at, CARER_ROOM, &shift->rooms);
    row_duration(at, CARER_MAX_TRAVEL, 0, SHIFT_MOST_S, &shift->max_travel_s);
    double miles;
    if (row_number(at, CARER_MAX_DISTANCE, 0, MILES_MOST, &miles))
        shift->max_dist_m = (int32_t)lround(miles * METRES_A_MILE);
    if (shift->end > shift->begin) {
        read_break(r, at, shift);
        read_kept_free(at, shift);
        move_to_its_day(r, shift);
        must_not_overlap(r, at, carer, shift);
        name_shift(r, at, carer, shift);
        read_rides_with(r, at, shift);
    } else if (!row_is_bad(at)) {
        row_warning(at, CR_NONE, "no shift_start and shift_end, so this row brings no shift");
    }
}

/* ---- rows ---- */

static cr_status add_carer(day_reading *r, const carer_record *carer)
{
    if (!array_room((void **)&r->carers, r->n_carers, &r->carers_room, sizeof *r->carers) ||
        !name_index_set(r->carer_index, carer->carer_id, r->n_carers))
        return CR_E_NOMEM;
    r->carers[r->n_carers++] = *carer;
    return CR_OK;
}

static cr_status add_shift(day_reading *r, const shift_record *shift, int32_t carer)
{
    if (!array_room((void **)&r->shifts, r->n_shifts, &r->shifts_room, sizeof *r->shifts) ||
        !name_index_set(r->shift_index, shift->shift_id, r->n_shifts))
        return CR_E_NOMEM;
    r->carers[carer].n_shifts++;
    r->carers[carer].last_shift = r->n_shifts;
    if (shift->rides_with != CR_NONE)
        r->shifts[shift->rides_with].has_rider = true;
    r->shifts[r->n_shifts] = *shift;
    r->shifts[r->n_shifts++].carer = carer;
    return CR_OK;
}

/* The row's own carer: the record of an earlier row, or a fresh one that is not kept yet. */
static int32_t carer_of_row(day_reading *r, const row *at, carer_record *ret_carer, cr_status *ret_st)
{
    const char *id = row_required(at, CARER_ID);
    int32_t known = id ? name_index_get(r->carer_index, id) : CR_NONE;
    if (known >= 0) {
        row first = row_of(r, TABLE_CARERS, r->carers[known].row);
        must_agree_in_all(at, &first);
        *ret_carer = r->carers[known];
        return known;
    }
    if (known == REJECTED && r->options->skip_bad_rows) /* this one may leave out what that one says of her */
        row_error(at, CARER_ID, "an earlier row of this carer has an error, and what it says of her is not known");
    if (id && strpbrk(id, ";,|"))
        row_error(at, CARER_ID, "an id must be without ; , and |, which separate ids in lists");
    read_carer(r, at, ret_carer, ret_st);
    return CR_NONE;
}

static cr_status read_carer_row(day_reading *r, int32_t i)
{
    cr_status st = CR_OK;
    row at = row_of(r, TABLE_CARERS, i);
    carer_record carer;
    shift_record shift;
    int32_t known = carer_of_row(r, &at, &carer, &st);
    read_shift(r, &at, &carer, &shift, &st);
    if (!st && row_is_bad(&at)) {
        const char *id = row_text(&at, CARER_ID);
        return known != CR_NONE || !*id || name_index_set(r->carer_index, id, REJECTED) ? CR_OK : CR_E_NOMEM;
    }
    if (!st && known == CR_NONE) {
        known = r->n_carers;
        st = add_carer(r, &carer);
    }
    return !st && shift.end > shift.begin ? add_shift(r, &shift, known) : st;
}

cr_status read_carers(day_reading *r)
{
    cr_status st = name_index_new(&r->carer_index);
    if (!st)
        st = name_index_new(&r->shift_index);
    if (!st)
        st = read_each_row(r, TABLE_CARERS, read_carer_row);
    r->skills.n_known = r->skills.n;
    r->attributes.n_known = r->attributes.n;
    r->patches.n_known = r->patches.n;
    r->goods.n_known = r->goods.n;
    return st;
}
