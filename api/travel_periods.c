/* Travel by time of day: tables of periods, and when they begin.
 *
 * Table 1 + k of a mode is that of the settings' period k: the ways of the rest of the day times the period's factor (a
 * door to which the driver walks is no further in a peak), and over them the rows of matrix.csv that name the period.
 */
#include "travel_periods.h"

#include <math.h>
#include <stdlib.h>

static bool has_rows(const day_reading *r, int32_t mode, int32_t period)
{
    for (int32_t i = 0; i < r->n_legs; i++)
        if (r->legs[i].period == period && (r->legs[i].mode == CR_NONE || r->legs[i].mode == mode))
            return true;
    return false;
}

static int32_t times(int32_t time_s, double factor)
{
    double product = ceil(time_s * factor - 1e-9);
    return time_s >= CR_NO_WAY ? CR_NO_WAY : product < CR_NO_WAY ? (int32_t)product : CR_NO_WAY - 1;
}

static void fill(const day_reading *r, cr_day *day, int32_t mode, int32_t at, int32_t period)
{
    const cr_matrix *usual = day->matrix[at];
    cr_matrix *own = day->tables[at][period + 1];
    double factor = r->settings.periods[period].factor[mode];
    for (int32_t i = 0; i < day->n_places; i++)
        for (int32_t j = 0; j < day->n_places; j++)
            cr_matrix_set(own, i, j, times(cr_matrix_time(usual, i, j), day_walk_between(day, at, i, j) ? 1 : factor),
                          cr_matrix_dist_m(usual, i, j));
    for (int32_t i = 0; i < r->n_legs; i++) {
        const leg_record *leg = &r->legs[i];
        if (leg->period != period || (leg->mode != CR_NONE && leg->mode != mode))
            continue;
        int32_t usual_m = cr_matrix_dist_m(usual, leg->from, leg->to);
        int32_t dist_m = leg->dist_m >= 0 ? leg->dist_m : usual_m < CR_NO_WAY ? usual_m : 0;
        cr_matrix_set(own, leg->from, leg->to, leg->time_s, dist_m);
    }
}

cr_status travel_periods_add_tables(const day_reading *r, cr_day *day, int32_t mode, int32_t at)
{
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < r->settings.n_periods; k++) {
        if (r->settings.periods[k].factor[mode] == 1 && !has_rows(r, mode, k))
            continue;
        if (cr_matrix_is_on_demand(day->matrix[at])) {
            findings_error(r->findings, (finding_at){r->name, 0, "travel.periods", r->settings.periods[k].name},
                           "a day of %d places by road is too large for periods; leave them out", day->n_places);
            return CR_E_INPUT;
        }
        st = cr_matrix_new(day->n_places, &day->tables[at][k + 1]);
        if (!st)
            fill(r, day, mode, at, k);
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

cr_status travel_periods_add(const day_reading *r, cr_day *day)
{
    const settings *s = &r->settings;
    int32_t n_days = day->n_days + 3, n = 0; /* from the day before: a period may last past midnight */
    const char *names = "";
    border *borders = calloc((size_t)n_days * SETTINGS_MOST_PERIODS * 2 + 1, sizeof *borders);
    if (!borders)
        return CR_E_NOMEM;
    for (int32_t k = 0; k < s->n_periods; k++) {
        if (!changes_anything(day, k + 1))
            continue;
        names = arena_print(r->strings, "%s%s%s", names, *names ? ", " : "", s->periods[k].name);
        for (int32_t d = -1; d < n_days - 1; d++) {
            borders[n++] = (border){d * 86400 + s->periods[k].hours.open, k + 1};
            borders[n++] = (border){d * 86400 + s->periods[k].hours.close, 0};
        }
    }
    qsort(borders, (size_t)n, sizeof *borders, compare_borders);
    cr_status st = add_borders(day, borders, n);
    free(borders);
    if (!st && n > 0)
        day->travel_source = arena_print(r->strings, "%s, with times of their own in: %s", day->travel_source, names);
    return st;
}
