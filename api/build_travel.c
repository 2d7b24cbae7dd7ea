/* Modes and matrices: the best travel that there is for each mode of the day. */
#include "building.h"

#include "cmd.h"
#include "day_on_demand.h"
#include "day_roads.h"
#include "day_router.h"
#include "day_transit.h"
#include "day_walks.h"
#include "travel_periods.h"

#include <stdlib.h>
#include <string.h>

/* ---- which modes ---- */

/* In whose car she is, she goes at the driver's pace. */
static double speed_of(const day_reading *r, const shift_record *shift)
{
    int32_t carer = shift->rides_with != CR_NONE ? r->shifts[shift->rides_with].carer : shift->carer;
    return r->carers[carer].speed_factor;
}

static void add_mode(building *b, int32_t m)
{
    b->own_mode[b->problem->n_modes] = m;
    b->day->mode_name[b->problem->n_modes++] = b->r->settings.modes[m].name;
}

/* Is there room for one more that somebody of carers.csv asks for? */
static cr_status find_room(const building *b, const char *column)
{
    if (b->problem->n_modes < CR_MODES_MAX)
        return CR_OK;
    findings_error(b->r->findings, (finding_at){b->r->tables[TABLE_CARERS].file, 0, column, ""},
                   "more than %d ways to travel at different speeds; give some carers the same", CR_MODES_MAX);
    return CR_E_INPUT;
}

int32_t building_mode_of(const building *b, const shift_record *shift)
{
    double speed = speed_of(b->r, shift);
    int32_t base = b->mode_at[shift->mode];
    if (day_goes_by_transit(b->day, base))
        return day_transit_mode_on(b->day->transit, shift->day);
    for (int32_t m = 0; speed != 1 && m < b->problem->n_modes; m++)
        if (b->day->speed_factor[m] == speed && b->day->base_mode[m] == base)
            return m;
    return speed == 1 ? base : CR_NONE;
}

/* A pace of somebody's own is a mode of the problem, with matrices of its own. */
static cr_status add_paces(building *b)
{
    day_reading *r = b->r;
    for (int32_t s = 0; s < r->n_shifts; s++) {
        if (building_mode_of(b, &r->shifts[s]) != CR_NONE)
            continue;
        cr_status st = find_room(b, "speed_factor");
        if (st)
            return st;
        b->day->speed_factor[b->problem->n_modes] = speed_of(r, &r->shifts[s]);
        b->day->base_mode[b->problem->n_modes] = b->mode_at[r->shifts[s].mode];
        add_mode(b, r->shifts[s].mode);
    }
    return CR_OK;
}

cr_status building_number_modes(building *b)
{
    const day_reading *r = b->r;
    bool used[CR_MODES_MAX] = {false};
    for (int32_t s = 0; s < r->n_shifts; s++)
        used[r->shifts[s].mode] = true;
    for (int32_t m = 0; m < r->settings.n_modes; m++) {
        b->mode_at[m] = used[m] ? b->problem->n_modes : CR_NONE;
        if (used[m])
            add_mode(b, m);
    }
    return add_paces(b);
}

/* ---- their matrices ---- */

static cr_straight_line how_straight(const settings *s, int32_t m)
{
    return (cr_straight_line){s->modes[m].detour, s->modes[m].town_kmh, s->modes[m].country_kmh, s->town_radius_m,
                              s->town_places};
}

static cr_status straight_lines(building *b, int32_t m)
{
    cr_straight_line how = how_straight(&b->r->settings, m);
    cr_matrix **matrix = &b->day->matrix[b->mode_at[m]];
    cr_status st = cr_straight_line_matrix(&how, b->day->places, b->day->n_places, matrix);
    b->problem->matrix[b->mode_at[m]] = *matrix;
    return st;
}

/* Is a mile of the mode paid, or are there only so many that somebody may go by it? */
static bool counts_miles(const day_reading *r, int32_t m)
{
    for (int32_t s = 0; s < r->n_shifts; s++)
        if (r->shifts[s].mode == m && r->shifts[s].max_dist_m != CR_NONE)
            return true;
    return r->settings.modes[m].pence_per_mile > 0;
}

/* Lay the rows of matrix.csv over one mode's ways, and count the pairs that it does not have. */
static cr_status lay_rows_over(building *b, int32_t m, int32_t at)
{
    const day_reading *r = b->r;
    size_t n = (size_t)b->day->n_places;
    bool *has = calloc(n * n + 1, sizeof *has);
    if (!has)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < r->n_legs; i++) {
        const leg_record *leg = &r->legs[i];
        if ((leg->mode != CR_NONE && leg->mode != m) || leg->period != CR_NONE)
            continue;
        bool has_dist = leg->dist_m >= 0;
        cr_matrix_set(b->day->matrix[at], leg->from, leg->to, leg->time_s, has_dist ? leg->dist_m : 0);
        b->day->lacks_distances = b->day->lacks_distances || !has_dist;
        b->n_unpaid_legs += !has_dist && counts_miles(r, m);
        has[(size_t)leg->from * n + (size_t)leg->to] = true;
    }
    for (size_t i = 0; i < n * n; i++)
        b->n_pairs_missing += !has[i] && i % (n + 1) != 0 && at == b->mode_at[m];
    free(has);
    return CR_OK;
}

static void warn_of_matrix(const building *b, const char *lines)
{
    const day_reading *r = b->r;
    const finding_at at = {r->tables[TABLE_MATRIX].file, 0, "", ""};
    if (b->n_pairs_missing > 0)
        findings_warning(r->findings, at, "%d pair%s of places not there, taken as %s", b->n_pairs_missing,
                         b->n_pairs_missing == 1 ? "" : "s", lines);
    if (b->n_unpaid_legs > 0)
        findings_warning(r->findings, at, "%d way%s without metres, so no mileage is counted there", b->n_unpaid_legs,
                         b->n_unpaid_legs == 1 ? "" : "s");
}

/* By what the modes of the day travel. */
typedef struct travel_count {
    int32_t n_by_road, n_by_line;
} travel_count;

/* What the answers say about travel: the best first. */
static void name_travel(building *b, const day_roads *roads, const day_router *router, travel_count n,
                        const char *lines)
{
    day_reading *r = b->r;
    const char *source = router->names;
    if (b->day->transit)
        source = arena_print(r->strings, "%s%s%s", source, *source ? ", " : "", b->day->transit->name);
    if (n.n_by_road > 0)
        source = arena_print(r->strings, "%s%s%s", source, *source ? ", " : "", day_roads_name(roads));
    if (router->n_estimated > 0)
        lines = arena_print(r->strings, "%s (%lld estimated way%s)", lines, (long long)router->n_estimated,
                            router->n_estimated == 1 ? "" : "s");
    if (!*source)
        source = lines;
    else if (n.n_by_line > 0 || roads->n_by_line > 0 || router->n_estimated > 0)
        source = arena_print(r->strings, "%s, otherwise %s", source, lines);
    if (r->has_table[TABLE_MATRIX])
        warn_of_matrix(b, source);
    if (r->has_table[TABLE_MATRIX])
        source = b->n_pairs_missing == 0 ? "matrix.csv" : arena_print(r->strings, "matrix.csv, otherwise %s", source);
    b->day->travel_source = source;
}

/* Roads over the straight lines of a mode, or the router that the user has named for it. */
static cr_status lay_ways_over(building *b, day_roads *roads, day_router *router, int32_t m, travel_count *n)
{
    const char *mode_name = b->r->settings.modes[m].name;
    cr_matrix *matrix = b->day->matrix[b->mode_at[m]];
    bool is_laid = false;
    b->day->road_mode[b->mode_at[m]] = CR_NONE;
    if (day_router_serves(router, mode_name))
        return day_router_lay_over(router, mode_name, b->day->places, matrix);
    cr_status st = day_roads_lay_over(roads, mode_name, b->day->places, matrix, &is_laid);
    if (!st && roads->roads && !is_laid)
        findings_warning(b->r->findings, (finding_at){"area.roads", 0, "", roads->path},
                         "has no roads for mode '%s', which takes straight lines", mode_name);
    if (is_laid)
        b->day->road_mode[b->mode_at[m]] = cr_road_mode_find(mode_name);
    n->n_by_road += is_laid;
    n->n_by_line += !is_laid;
    return st;
}

/* A large day by road has its cells computed when they are asked for: not all pairs of places ever are. */
static bool is_on_demand(const building *b, const day_roads *roads, const day_router *router, int32_t m)
{
    const settings *s = &b->r->settings;
    int32_t road_mode = cr_road_mode_find(s->modes[m].name);
    return b->day->n_places >= s->on_demand_from && !b->r->has_table[TABLE_MATRIX] && roads->roads &&
           road_mode != CR_NONE && cr_roads_has_mode(roads->roads, road_mode) &&
           !day_router_serves(router, s->modes[m].name);
}

static cr_status ways_on_demand(building *b, day_roads *roads, int32_t m, travel_count *n)
{
    cr_straight_line how = how_straight(&b->r->settings, m);
    cr_straight_lines *lines = NULL;
    int32_t mode = b->mode_at[m], road_mode = cr_road_mode_find(b->r->settings.modes[m].name);
    cr_status st = cr_straight_lines_new(&how, b->day->places, b->day->n_places, &lines);
    if (!st)
        st = day_on_demand_new(roads, road_mode, lines, b->day->places, &b->day->matrix[mode]);
    b->problem->matrix[mode] = b->day->matrix[mode];
    b->day->road_mode[mode] = road_mode;
    n->n_by_road++;
    return st;
}

static cr_status lay_walks_over(building *b, const day_roads *roads, int32_t m)
{
    int32_t mode = b->mode_at[m];
    b->day->walk_mode = mode;
    return day_walks_lay_over(b->r, b->day->road_mode[mode] == CR_NONE ? NULL : roads->roads, b->day,
                              b->day->matrix[mode]);
}

/* A mode of the same metres for the days of one more timetable. */
static cr_status add_timetable_mode(building *b, int32_t m, int32_t *ret_mode)
{
    cr_day *day = b->day;
    int32_t first = b->mode_at[m], at = b->problem->n_modes;
    cr_status st = find_room(b, "mode");
    if (st || (st = cr_matrix_new(day->n_places, &day->matrix[at])))
        return st;
    for (int32_t i = 0; i < day->n_places; i++)
        for (int32_t j = 0; j < day->n_places; j++)
            cr_matrix_set(day->matrix[at], i, j, 0, cr_matrix_dist_m(day->matrix[first], i, j));
    add_mode(b, m);
    b->problem->matrix[at] = day->matrix[at];
    day->road_mode[at] = CR_NONE;
    *ret_mode = at;
    return CR_OK;
}

/* Over the ways on foot, by road where there are roads for that; a mode for each timetable of the horizon. */
static cr_status lay_transit_over(building *b, day_roads *roads, int32_t m, travel_count *n)
{
    int32_t mode = b->mode_at[m], n_laid = 0;
    bool is_laid = false;
    b->day->road_mode[mode] = CR_NONE;
    cr_status st = day_roads_lay_over(roads, "foot", b->day->places, b->day->matrix[mode], &is_laid);
    n->n_by_road += is_laid;
    n->n_by_line += !is_laid;
    if (!st)
        st = day_transit_open(b->r, m, b->day, b->day->matrix[mode], &b->day->transit);
    for (int32_t t = 0; !st && b->day->transit && t < b->day->transit->days.n_timetables; t++) {
        if (!day_transit_is_used(b->r, m, b->day->transit, t))
            continue;
        if (n_laid++ > 0)
            st = add_timetable_mode(b, m, &mode);
        if (!st)
            st = day_transit_lay_over(b->r, is_laid ? roads->roads : NULL, m, b->day, t, mode, b->day->matrix[mode]);
    }
    return st;
}

/* The cells of a matrix at a pace of one's own. */
static cr_status at_pace(const cr_day *day, const cr_matrix *usual, double factor, cr_matrix **ret_matrix)
{
    if (cr_matrix_is_on_demand(usual))
        return day_on_demand_times(usual, factor, day->places, ret_matrix);
    cr_status st = cr_matrix_new(day->n_places, ret_matrix);
    for (int32_t i = 0; !st && i < day->n_places; i++)
        for (int32_t j = 0; j < day->n_places; j++)
            cr_matrix_set(*ret_matrix, i, j, times_as_long(cr_matrix_time(usual, i, j), factor),
                          cr_matrix_dist_m(usual, i, j));
    return st;
}

static cr_status make_pace(cr_day *day, int32_t m)
{
    int32_t base = day->base_mode[m];
    double factor = 1 / day->speed_factor[m];
    cr_status st = at_pace(day, day->matrix[base], factor, &day->matrix[m]);
    day->problem->matrix[m] = day->matrix[m];
    day->road_mode[m] = day->road_mode[base];
    for (int32_t t = 1; t < CR_TABLES_MAX; t++) {
        day->road_period[m][t] = day->road_period[base][t];
        day->time_factor[m][t] = day->time_factor[base][t];
        if (!st && day->tables[base][t])
            st = at_pace(day, day->tables[base][t], factor, &day->tables[m][t]);
        day->problem->tables[m][t] = day->tables[m][t];
    }
    return st;
}

/* Over the ways of a mode of the day, the rows of a ready table and what periods have of their own. */
static cr_status lay_tables_over(building *b, day_roads *roads, int32_t m, int32_t at)
{
    cr_status st = b->r->has_table[TABLE_MATRIX] ? lay_rows_over(b, m, at) : CR_OK;
    if (!st && b->day->walk_mode == at)
        day_walks_keep_laid(b->day, b->day->matrix[at]);
    return st ? st : travel_periods_add_tables(roads, b->day, m, at);
}

/* Straight lines, over them roads or a router's table, over them a ready table: each mode has the best that there is.
 */
static cr_status make_matrices_over(building *b, day_roads *roads)
{
    day_reading *r = b->r;
    const char *lines = "straight line";
    travel_count n = {0, 0};
    day_router router;
    cr_status st = CR_OK;
    day_router_init(&router, r, b->day->n_places);
    for (int32_t m = 0; !st && m < r->settings.n_modes; m++) {
        if (b->mode_at[m] == CR_NONE)
            continue;
        bool on_demand = is_on_demand(b, roads, &router, m);
        st = on_demand ? ways_on_demand(b, roads, m, &n) : straight_lines(b, m);
        if (b->mode_at[m] == 0)
            lines = arena_print(r->strings, "straight line x %.4g", r->settings.modes[m].detour);
        bool is_transit = strcmp(r->settings.modes[m].name, TRANSIT_MODE) == 0;
        if (!st && is_transit)
            st = lay_transit_over(b, roads, m, &n);
        else if (!st && !on_demand)
            st = lay_ways_over(b, roads, &router, m, &n);
        if (!st && strcmp(r->settings.modes[m].name, "car") == 0)
            st = lay_walks_over(b, roads, m);
        if (!st)
            st = lay_tables_over(b, roads, m, b->mode_at[m]);
        for (int32_t at = b->mode_at[m] + 1; !st && is_transit && at < b->problem->n_modes; at++)
            if (day_goes_by_transit(b->day, at))
                st = lay_tables_over(b, roads, m, at);
    }
    for (int32_t m = 0; !st && m < b->problem->n_modes; m++)
        if (b->day->speed_factor[m] > 0)
            st = make_pace(b->day, m);
    if (!st) {
        day_roads_warn(roads);
        name_travel(b, roads, &router, n, lines);
        st = travel_periods_add(r, b->day);
    }
    return st;
}

cr_status building_make_matrices(building *b)
{
    day_roads roads;
    double begun_s = cmd_clock_s(NULL);
    cr_status st = day_roads_init(&roads, b->r, b->day->n_places);
    if (!st)
        st = make_matrices_over(b, &roads);
    b->day->matrix_s = cmd_clock_s(NULL) - begun_s;
    if (!st && !b->r->has_table[TABLE_MATRIX]) {
        b->day->roads = b->r->roads;
        b->r->roads = NULL;
    }
    day_roads_done(&roads);
    return st;
}
