/* Travel by time of day: tables of periods, and when they begin.
 *
 * Table 1 + k of a mode is that of the settings' period k: the ways of the rest of the day times the period's factor,
 * or the ways of one of the roads' periods where they have it for this mode; a door to which the driver walks is no
 * further in a peak; and over them the rows of matrix.csv, those of any time first, then those that name the period.
 */
#include "travel_periods.h"

#include "day_on_demand.h"
#include "day_transit.h"
#include "day_walks.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

#define DAY_S 86400

/* What a period is to a mode. */
typedef struct own_times {
    const day_reading *r;
    cr_day *day;
    int32_t mode, at, period; /* of the settings, of the day, of the settings */
    int32_t road_period;      /* of the roads; CR_NONE: the factor alone */
    bool is_timetable;
    double factor;
} own_times;

static bool has_rows(const own_times *o)
{
    for (int32_t i = 0; i < o->r->n_legs; i++)
        if (o->r->legs[i].period == o->period && (o->r->legs[i].mode == CR_NONE || o->r->legs[i].mode == o->mode))
            return true;
    return false;
}

static int32_t find_road_period(const day_roads *roads, const cr_day *day, int32_t at, const settings_period *period)
{
    int32_t mode = day->road_mode[at];
    if (!period->roads || mode == CR_NONE)
        return CR_NONE;
    int32_t k = cr_roads_find_period(roads->roads, mode, period->roads);
    return k == CR_NONE || cr_roads_is_as_built(roads->roads, mode, k) ? CR_NONE : k;
}

/* Between neighbouring doors she walks as ever. */
static void lay_walks(const own_times *o, cr_matrix *own)
{
    const cr_matrix *usual = o->day->matrix[o->at];
    for (int32_t i = 0; o->at == o->day->walk_mode && i < o->day->n_walks; i++) {
        const day_walk *walk = &o->day->walks[i];
        cr_matrix_set(own, walk->from, walk->to, cr_matrix_time(usual, walk->from, walk->to),
                      cr_matrix_dist_m(usual, walk->from, walk->to));
    }
}

/* Rows of the period, or (CR_NONE) of any time, whose times are in the usual matrix. */
static void lay_rows(const own_times *o, int32_t period, cr_matrix *own)
{
    const cr_matrix *usual = o->day->matrix[o->at];
    for (int32_t i = 0; i < o->r->n_legs; i++) {
        const leg_record *leg = &o->r->legs[i];
        if (leg->period != period || (leg->mode != CR_NONE && leg->mode != o->mode))
            continue;
        int32_t usual_m = cr_matrix_dist_m(usual, leg->from, leg->to);
        int32_t dist_m = leg->dist_m >= 0 ? leg->dist_m : usual_m < CR_NO_WAY ? usual_m : 0;
        int32_t usual_s = times_as_long(cr_matrix_time(usual, leg->from, leg->to), o->factor);
        cr_matrix_set(own, leg->from, leg->to, period == CR_NONE ? usual_s : leg->time_s, dist_m);
    }
}

static cr_status fill_whole(day_roads *roads, const own_times *o, cr_matrix *own)
{
    const cr_matrix *usual = o->day->matrix[o->at];
    cr_status st = CR_OK;
    for (int32_t i = 0; i < o->day->n_places; i++)
        for (int32_t j = 0; j < o->day->n_places; j++)
            cr_matrix_set(own, i, j, times_as_long(cr_matrix_time(usual, i, j), o->factor),
                          cr_matrix_dist_m(usual, i, j));
    if (o->is_timetable)
        st = day_transit_lay_period(o->r, o->mode, o->period, o->day, o->at, own);
    else if (o->road_period != CR_NONE)
        st = day_roads_lay_period(roads, o->day->road_mode[o->at], o->road_period, o->day->places, own);
    if (st)
        return st;
    lay_rows(o, CR_NONE, own);
    lay_walks(o, own);
    lay_rows(o, o->period, own);
    return CR_OK;
}

static cr_status make_table(day_roads *roads, const own_times *o, cr_matrix **ret_own)
{
    const cr_matrix *usual = o->day->matrix[o->at];
    const cr_place *places = o->day->places;
    cr_status st;
    if (!cr_matrix_is_on_demand(usual)) {
        st = cr_matrix_new(o->day->n_places, ret_own);
        return st ? st : fill_whole(roads, o, *ret_own);
    }
    st = o->road_period != CR_NONE
             ? day_on_demand_period(roads, o->day->road_mode[o->at], o->road_period, usual, places, ret_own)
             : day_on_demand_times(usual, o->factor, places, ret_own);
    if (!st)
        lay_walks(o, *ret_own);
    return st;
}

static finding_at at_figure(const day_reading *r, const settings_period *period, int32_t mode)
{
    const char *name = r->settings.modes[mode].name;
    return (finding_at){r->settings_file, 0, arena_print(r->strings, "travel.periods.%s.%s", period->name, name), ""};
}

cr_status travel_periods_add_tables(day_roads *roads, cr_day *day, int32_t mode, int32_t at)
{
    const day_reading *r = roads->r;
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < r->settings.n_periods; k++) {
        const settings_period *period = &r->settings.periods[k];
        own_times o = {.r = r, .day = day, .mode = mode, .at = at, .period = k, .factor = period->factor[mode]};
        o.road_period = find_road_period(roads, day, at, period);
        o.is_timetable = day_goes_by_transit(day, at) && day_transit_has_period(r, mode, k, day, at);
        if (day_goes_by_transit(day, at) && o.factor != 1) {
            findings_error(r->findings, at_figure(r, period, mode),
                           "has its times from the timetable; leave out the figure");
            return CR_E_INPUT;
        }
        day->road_period[at][k + 1] = o.road_period;
        day->time_factor[at][k + 1] = o.factor;
        if (o.road_period == CR_NONE && !o.is_timetable && o.factor == 1 && !has_rows(&o))
            continue;
        st = make_table(roads, &o, &day->tables[at][k + 1]);
        day->problem->tables[at][k + 1] = day->tables[at][k + 1];
    }
    return st;
}

/* ---- when they begin ---- */

typedef struct border {
    int32_t wall_s, table;
} border;

/* At the same time, the period that begins comes after the one that ends. */
static int compare_borders(const void *a, const void *b)
{
    const border *x = a, *y = b;
    if (x->wall_s != y->wall_s)
        return x->wall_s < y->wall_s ? -1 : 1;
    return x->table < y->table ? -1 : x->table > y->table;
}

static bool changes_anything(const cr_day *day, int32_t which)
{
    for (int32_t m = 0; m < day->problem->n_modes; m++)
        if (day->tables[m][which])
            return true;
    return false;
}

/* Sorted borders as periods of the problem: of those at one tick the last counts. */
static cr_status add_borders(cr_day *day, const border *borders, int32_t n)
{
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < n; i++) {
        int32_t begin = clock_elapsed(&day->change, borders[i].wall_s);
        if (i + 1 == n || begin < clock_elapsed(&day->change, borders[i + 1].wall_s))
            st = cr_problem_add_period(day->problem, begin, borders[i].table);
    }
    return st;
}

/* The table of a period that begins on a day of the horizon; 0: as the rest of the day. CR_NONE: it does not begin. */
static int32_t table_on(const settings *s, const cr_day *day, int32_t period, int32_t of_day)
{
    int32_t weekday = value_weekday_of(day->first_day + of_day);
    int32_t which = (weekday < 5 ? period : s->periods[period].weekend) + 1;
    if (!s->periods[period].on[weekday])
        return CR_NONE;
    return changes_anything(day, which) ? which : 0;
}

static const char *add_name(arena *strings, const char *names, const char *name)
{
    return arena_print(strings, "%s%s%s", names, *names ? ", " : "", name);
}

cr_status travel_periods_add(day_reading *r, cr_day *day)
{
    const settings *s = &r->settings;
    int32_t n_days = day->n_days + 3, n = 0; /* from the day before: a period may last past midnight */
    bool is_named[SETTINGS_MOST_PERIODS + 1] = {false};
    const char *names = "";
    border *borders = calloc((size_t)n_days * SETTINGS_MOST_PERIODS * 2 + 1, sizeof *borders);
    if (!borders)
        return CR_E_NOMEM;
    for (int32_t k = 0; k < s->n_periods; k++)
        for (int32_t d = -1; d < n_days - 1; d++) {
            int32_t which = table_on(s, day, k, d);
            if (which <= 0)
                continue;
            is_named[which] = is_named[which] || (d >= 0 && (d == 0 || d < day->n_days));
            borders[n++] = (border){d * DAY_S + s->periods[k].hours.open, which};
            borders[n++] = (border){d * DAY_S + s->periods[k].hours.close, 0};
        }
    qsort(borders, (size_t)n, sizeof *borders, compare_borders);
    if (n > 0 && borders[0].wall_s >= 0) { /* what begins first also holds before it begins: the rest of the day does */
        memmove(borders + 1, borders, (size_t)n++ * sizeof *borders);
        borders[0] = (border){-DAY_S, 0};
    }
    for (int32_t t = 1; t <= s->n_periods; t++)
        if (is_named[t])
            names = add_name(r->strings, names, s->periods[t - 1].name);
    cr_status st = add_borders(day, borders, n);
    free(borders);
    if (!st && *names)
        day->travel_source = arena_print(r->strings, "%s, with times of their own in: %s", day->travel_source, names);
    return st;
}
