/* Public transport for a day.
 *
 * A carer sets off when she is done, not when a bus goes, and the search knows no timetable: of all departures in the
 * time of the shifts, it is told a time that a chosen part keeps (travel.transit_quantile). The mean would be too short
 * for every second way, and where buses are rare it is far too short. Each period of the day has a time of its own.
 *
 * Where several days are planned, each goes by its own timetable. A timetable is a mode of the problem, and the shifts
 * of the days that have it are by that mode, so the engine knows nothing of days that differ.
 */
#include "day_transit.h"

#include "careround/matrix.h"
#include "value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP_S   420  /* seven minutes: no timetable keeps step with that */
#define MARGIN_S 3600 /* a plan by hand may have her set off before her shift, or after it */
#define DAY_S    86400

day_transit *day_transit_free(day_transit *t)
{
    if (t) {
        for (int32_t i = 0; i < t->days.n_timetables; i++)
            free(t->tables[i].stop_s);
        cr_transit_days_done(&t->days);
        free(t->walk_s);
        free(t);
    }
    return NULL;
}

/* ---- when ---- */

/* From the first shift's begin to the last one's end, of those who travel so; of all days together. */
static cr_transit_span time_of_shifts(const day_reading *r, int32_t mode)
{
    cr_transit_span span = {INT32_MAX, 0};
    for (int32_t s = 0; s < r->n_shifts; s++) {
        const shift_record *shift = &r->shifts[s];
        int32_t midnight = shift->day * DAY_S;
        if (shift->mode != mode)
            continue;
        span.begin_s = shift->begin - midnight < span.begin_s ? shift->begin - midnight : span.begin_s;
        span.end_s = shift->end - midnight > span.end_s ? shift->end - midnight : span.end_s;
    }
    if (span.end_s <= span.begin_s)
        span.end_s = span.begin_s + 1;
    return span;
}

static bool has_shift_on(const day_reading *r, int32_t mode, int32_t of_day)
{
    for (int32_t s = 0; s < r->n_shifts; s++)
        if (r->shifts[s].mode == mode && r->shifts[s].day == of_day)
            return true;
    return false;
}

bool day_transit_is_used(const day_reading *r, int32_t mode, const day_transit *t, int32_t timetable)
{
    for (int32_t d = 0; d < CR_TRANSIT_DAYS_MOST; d++)
        if (t->days.of_day[d] == timetable && has_shift_on(r, mode, d))
            return true;
    return false;
}

/* ---- the feed ---- */

typedef struct noting {
    day_reading *r;
    const char *path;
} noting;

static void note_fault(void *user, const cr_feed_fault *fault)
{
    const noting *n = user;
    bool is_the_feed = strcmp(fault->file, n->path) == 0;
    const char *file = is_the_feed ? n->path : arena_print(n->r->strings, "%s %s", n->path, fault->file);
    finding_at at = {file, fault->row > INT32_MAX ? INT32_MAX : (int32_t)fault->row, fault->column, fault->value};
    findings_error(n->r->findings, at, "%s", fault->text);
}

/* Days of shifts on which nothing runs: she walks, unless it is so on all of them. */
static cr_status find_days_without(day_reading *r, int32_t mode, const day_transit *t)
{
    finding_at at = {r->options->gtfs_path, 0, "", ""};
    char date[16], first[16], last[16];
    const char *without = "";
    bool has_service = false;
    for (int32_t d = 0; d < CR_TRANSIT_DAYS_MOST; d++) {
        if (!has_shift_on(r, mode, d))
            continue;
        has_service = has_service || t->days.n_on_day[d] > 0;
        if (t->days.n_on_day[d] == 0)
            without =
                arena_print(r->strings, "%s%s%s", without, *without ? ", " : "", value_date_text(r->day0 + d, date));
    }
    if (!has_service && t->days.first_day > t->days.last_day) {
        findings_error(r->findings, at, "no trip runs on any day: its calendars are empty");
        return CR_E_INPUT;
    }
    if (!has_service) {
        findings_error(r->findings, at, "no trip runs on %s; its calendars go from %s to %s", without,
                       value_date_text(t->days.first_day, first), value_date_text(t->days.last_day, last));
        return CR_E_INPUT;
    }
    if (*without)
        findings_warning(r->findings, at,
                         "no trip runs on %s: who goes by transit then walks; its calendars go from %s to %s", without,
                         value_date_text(t->days.first_day, first), value_date_text(t->days.last_day, last));
    return CR_OK;
}

/* Nobody is on the way for longer than she would walk, so what leaves after that does not matter, nor do the trips that
 * are over before the first shift: without them more days are alike. */
static cr_status open_feed(day_reading *r, int32_t mode, const cr_day *day, day_transit *t)
{
    noting n = {r, r->options->gtfs_path};
    const settings_mode *how = &r->settings.modes[mode];
    cr_transit_span shifts = time_of_shifts(r, mode);
    int32_t longest_s = 0;
    for (size_t i = 0; i < (size_t)day->n_places * (size_t)day->n_places; i++)
        longest_s = t->walk_s[i] > longest_s ? t->walk_s[i] : longest_s;
    cr_transit_options options = {.day = r->day0,
                                  .n_days = day->n_days,
                                  .begin_s = shifts.begin_s - MARGIN_S,
                                  .end_s = shifts.end_s + longest_s + MARGIN_S,
                                  .walk_kmh = how->town_kmh,
                                  .walk_detour = how->detour,
                                  .most_change_s = r->settings.transit_change_walk_s,
                                  .change_s = r->settings.transit_change_s};
    cr_status st = cr_transit_open(n.path, &options, note_fault, &n, &t->days);
    return st ? st : find_days_without(r, mode, t);
}

/* ---- on foot ---- */

/* From door to stop by the roads' footways. */
static cr_status walk_by_road(const cr_roads *roads, const cr_place *places, int32_t n_places, const cr_place *stops,
                              int32_t n_stops, int32_t *stop_s)
{
    cr_road_snap *snaps = calloc((size_t)n_places + (size_t)n_stops + 1, sizeof *snaps);
    if (!snaps)
        return CR_E_NOMEM;
    cr_roads_snap(roads, CR_ROAD_FOOT, places, n_places, snaps);
    cr_roads_snap(roads, CR_ROAD_FOOT, stops, n_stops, snaps + n_places);
    cr_status st = cr_roads_table(roads, CR_ROAD_FOOT, snaps, n_places, snaps + n_places, n_stops,
                                  &(cr_road_table_options)CR_ROAD_TABLE_OPTIONS_INIT, stop_s, NULL);
    free(snaps);
    return st;
}

static void walk_by_line(const settings_mode *mode, const cr_place *places, int32_t n_places, const cr_place *stops,
                         int32_t n_stops, int32_t *stop_s)
{
    for (int32_t i = 0; i < n_places; i++)
        for (int32_t k = 0; k < n_stops; k++) {
            double m = cr_place_distance_m(&places[i], &stops[k]) * mode->detour;
            stop_s[(size_t)i * (size_t)n_stops + (size_t)k] = (int32_t)fmin(ceil(m * 3.6 / mode->town_kmh), CR_NO_WAY);
        }
}

/* Stops further than travel.transit_walk are not walked to. */
static cr_status walk_to_stops(const day_reading *r, const cr_roads *roads, const settings_mode *mode,
                               const cr_day *day, const cr_transit *transit, day_timetable *t)
{
    int32_t n_stops = cr_transit_count(transit).n_stops;
    size_t n_cells = (size_t)day->n_places * (size_t)n_stops;
    cr_place *stops = malloc(((size_t)n_stops + 1) * sizeof *stops);
    t->stop_s = malloc((n_cells + 1) * sizeof *t->stop_s);
    cr_status st = stops && t->stop_s ? CR_OK : CR_E_NOMEM;
    for (int32_t k = 0; !st && k < n_stops; k++)
        stops[k] = cr_transit_stop(transit, k);
    if (!st && roads)
        st = walk_by_road(roads, day->places, day->n_places, stops, n_stops, t->stop_s);
    else if (!st)
        walk_by_line(mode, day->places, day->n_places, stops, n_stops, t->stop_s);
    for (size_t i = 0; !st && i < n_cells; i++)
        if (t->stop_s[i] > r->settings.transit_walk_s || day->places[i / (size_t)n_stops].quality == CR_PLACE_NONE)
            t->stop_s[i] = CR_NO_WAY;
    t->query = (cr_transit_query){day->n_places, day->transit->walk_s, t->stop_s};
    free(stops);
    return st;
}

static cr_status walk_between(const cr_day *day, const cr_matrix *matrix, day_transit *t)
{
    size_t n = (size_t)day->n_places;
    t->walk_s = malloc((n * n + 1) * sizeof *t->walk_s);
    if (!t->walk_s)
        return CR_E_NOMEM;
    for (size_t i = 0; i < n * n; i++)
        t->walk_s[i] = cr_matrix_time(matrix, (int32_t)(i / n), (int32_t)(i % n));
    return CR_OK;
}

/* ---- the table ---- */

#define HOURS_MOST (3 * SETTINGS_MOST_PERIODS) /* of the day before, of the day, and of the next one */
#define ANY_TABLE  (-2)

/* Does a day of the timetable go by this table in the hours of period k on the day `later`? On Saturdays and Sundays
 * that may be another period's. ANY_TABLE: by any but the rest of the day's. */
static bool is_in_table(const day_reading *r, const cr_day *day, int32_t timetable, int32_t k, int32_t later,
                        int32_t which)
{
    const settings_period *period = &r->settings.periods[k];
    for (int32_t d = 0; d < day->n_days; d++) {
        int32_t weekday = value_weekday_of(r->day0 + d + later), here = weekday < 5 ? k : period->weekend;
        if (day->transit->days.of_day[d] == timetable && period->on[weekday] && here != CR_NONE &&
            (which == ANY_TABLE || here == which))
            return true;
    }
    return false;
}

/* The hours in which a day of the timetable goes by the table, by period; returns how many. */
static int32_t list_hours(const day_reading *r, const cr_day *day, int32_t timetable, int32_t which,
                          cr_transit_span *ret_hours)
{
    const settings *s = &r->settings;
    int32_t n = 0;
    for (int32_t k = 0; k < s->n_periods; k++)
        for (int32_t later = -1; later <= 1; later++)
            if (is_in_table(r, day, timetable, k, later, which))
                ret_hours[n++] = (cr_transit_span){s->periods[k].hours.open + later * DAY_S,
                                                   s->periods[k].hours.close + later * DAY_S};
    return n;
}

static int compare_spans(const void *a, const void *b)
{
    const cr_transit_span *x = a, *y = b;
    return x->begin_s < y->begin_s ? -1 : x->begin_s > y->begin_s;
}

/* Those of them in which there are shifts, sorted. */
static int32_t hours_of_shifts(const day_reading *r, int32_t mode, int32_t which, const cr_day *day, int32_t timetable,
                               cr_transit_span *ret_hours)
{
    const cr_transit_span shifts = time_of_shifts(r, mode);
    int32_t n = 0, n_all = list_hours(r, day, timetable, which, ret_hours);
    for (int32_t i = 0; i < n_all; i++) {
        int32_t begin = ret_hours[i].begin_s > shifts.begin_s ? ret_hours[i].begin_s : shifts.begin_s,
                end = ret_hours[i].end_s < shifts.end_s ? ret_hours[i].end_s : shifts.end_s;
        if (begin < end)
            ret_hours[n++] = (cr_transit_span){begin, end};
    }
    qsort(ret_hours, (size_t)n, sizeof *ret_hours, compare_spans);
    return n;
}

/* What lies between the spans, and the end of the last; spans may overlap. */
static int32_t list_gaps(const cr_transit_span *spans, int32_t n, cr_transit_span *ret_gaps, int32_t *ret_end_s)
{
    int32_t n_gaps = 0, end_s = n > 0 ? spans[0].end_s : 0;
    for (int32_t i = 1; i < n; i++) {
        if (spans[i].begin_s > end_s)
            ret_gaps[n_gaps++] = (cr_transit_span){end_s, spans[i].begin_s};
        end_s = spans[i].end_s > end_s ? spans[i].end_s : end_s;
    }
    *ret_end_s = end_s;
    return n_gaps;
}

/* The metres stay those on foot. */
static cr_status fill(const cr_transit_period *period, const cr_day *day, int32_t timetable, cr_matrix *matrix)
{
    int32_t n = day->n_places;
    const day_transit *t = day->transit;
    int32_t *time_s = malloc(((size_t)n * (size_t)n + 1) * sizeof *time_s);
    cr_status st = CR_E_NOMEM;
    if (time_s)
        st = cr_transit_table(t->days.timetables[timetable], &t->tables[timetable].query, period, time_s);
    for (int32_t i = 0; !st && i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            size_t at = (size_t)i * (size_t)n + (size_t)j;
            if (i != j)
                cr_matrix_set(matrix, i, j, time_s[at] < t->walk_s[at] ? time_s[at] : t->walk_s[at],
                              cr_matrix_dist_m(matrix, i, j));
        }
    free(time_s);
    return st;
}

static cr_status fill_rest(const day_reading *r, int32_t mode, const cr_day *day, int32_t timetable, cr_matrix *matrix)
{
    cr_transit_span shifts = time_of_shifts(r, mode), others[HOURS_MOST];
    cr_transit_period rest = {.begin_s = shifts.begin_s,
                              .end_s = shifts.end_s,
                              .step_s = STEP_S,
                              .quantile = r->settings.transit_quantile,
                              .without = others,
                              .n_without = list_hours(r, day, timetable, ANY_TABLE, others)};
    return fill(&rest, day, timetable, matrix);
}

/* Which timetable a mode of the day goes by; CR_NONE: none. */
static int32_t timetable_of(const day_transit *t, int32_t at)
{
    for (int32_t i = 0; t && at != CR_NONE && i < t->days.n_timetables; i++)
        if (t->tables[i].mode == at)
            return i;
    return CR_NONE;
}

cr_status day_transit_lay_period(const day_reading *r, int32_t mode, int32_t period, const cr_day *day, int32_t at,
                                 cr_matrix *matrix)
{
    cr_transit_span hours[HOURS_MOST], gaps[HOURS_MOST];
    const int32_t timetable = timetable_of(day->transit, at);
    const int32_t n = hours_of_shifts(r, mode, period, day, timetable, hours);
    cr_transit_period departures = {.begin_s = n > 0 ? hours[0].begin_s : 0,
                                    .step_s = STEP_S,
                                    .quantile = r->settings.transit_quantile,
                                    .without = gaps};
    departures.n_without = list_gaps(hours, n, gaps, &departures.end_s);
    return fill(&departures, day, timetable, matrix);
}

bool day_transit_has_period(const day_reading *r, int32_t mode, int32_t period, const cr_day *day, int32_t at)
{
    cr_transit_span hours[HOURS_MOST];
    return hours_of_shifts(r, mode, period, day, timetable_of(day->transit, at), hours) > 0;
}

cr_status day_transit_lay_over(const day_reading *r, const cr_roads *roads, int32_t mode, const cr_day *day,
                               int32_t timetable, int32_t at, cr_matrix *matrix)
{
    day_timetable *own = &day->transit->tables[timetable];
    own->mode = at;
    cr_status st =
        walk_to_stops(r, roads, &r->settings.modes[mode], day, day->transit->days.timetables[timetable], own);
    return st ? st : fill_rest(r, mode, day, timetable, matrix);
}

/* "feed.zip of 2026-11-27 to 2026-11-29". */
static const char *name_of(const day_reading *r, const cr_day *day)
{
    const char *path = r->options->gtfs_path, *slash = strrchr(path, '/');
    char first[16], last[16];
    return arena_print(r->strings, day->n_days > 1 ? "%s of %s to %s" : "%s of %s", slash ? slash + 1 : path,
                       value_date_text(r->day0, first), value_date_text(r->day0 + day->n_days - 1, last));
}

cr_status day_transit_open(day_reading *r, int32_t mode, const cr_day *day, const cr_matrix *on_foot,
                           day_transit **ret_transit)
{
    if (!r->options->gtfs_path) {
        if (!r->has_table[TABLE_MATRIX])
            findings_error(r->findings, (finding_at){r->tables[TABLE_CARERS].file, 0, "mode", TRANSIT_MODE},
                           "needs a timetable: give a GTFS feed with --gtfs");
        return r->has_table[TABLE_MATRIX] ? CR_OK : CR_E_INPUT;
    }
    cr_auto(day_transit) t = calloc(1, sizeof *t);
    if (!t)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < CR_TRANSIT_DAYS_MOST; i++)
        t->tables[i].mode = CR_NONE;
    cr_status st = walk_between(day, on_foot, t);
    if (!st)
        st = open_feed(r, mode, day, t);
    if (st)
        return st;
    t->name = name_of(r, day);
    *ret_transit = day_transit_take(&t);
    return CR_OK;
}

/* ---- a leg ---- */

bool day_goes_by_transit(const cr_day *day, int32_t mode)
{
    return timetable_of(day->transit, mode) != CR_NONE;
}

int32_t day_transit_mode_on(const day_transit *t, int32_t of_day)
{
    return t->tables[t->days.of_day[of_day]].mode;
}

cr_status day_transit_rides(const cr_day *day, const itinerary_leg *leg, int32_t most, cr_transit_ride *ret_rides,
                            int32_t *ret_n, int32_t *ret_arrive_s)
{
    const day_transit *t = day->transit;
    int32_t timetable = timetable_of(t, leg->mode);
    *ret_n = 0;
    *ret_arrive_s = clock_wall(&day->change, leg->arrive);
    if (timetable == CR_NONE || leg->from < 0 || leg->to < 0 || leg->from == leg->to)
        return CR_OK;
    int32_t midnight_s = leg->day * DAY_S, leave_s = clock_wall(&day->change, leg->leave) - midnight_s;
    cr_status st = cr_transit_way(t->days.timetables[timetable], &t->tables[timetable].query, leg->from, leg->to,
                                  leave_s, most, ret_rides, ret_n, ret_arrive_s);
    *ret_arrive_s += st || *ret_arrive_s == CR_NO_WAY ? 0 : midnight_s;
    for (int32_t i = 0; !st && i < *ret_n; i++) {
        ret_rides[i].board_s += midnight_s;
        ret_rides[i].alight_s += midnight_s;
    }
    return st;
}
