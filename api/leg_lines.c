/* Lines of legs: asked of the roads leg by leg, once for all writers, each in the period in which the leg begins, so
 * that the line is the way that the leg's minutes and metres are of.
 */
#include "leg_lines.h"

#include <stdlib.h>
#include <string.h>

#define TOLERANCE_M 10 /* closer than the page's lines are wide */

#define WALKER      CR_MODES_MAX /* after the modes of the day: who leaves the car parked */

/* What is needed for one mode of the day; snaps NULL where it has no roads. */
typedef struct mode_finder {
    int32_t road_mode;
    cr_road_snap *snaps;                               /* of the day's places */
    cr_road_finder *finders[1 + CR_ROAD_PERIODS_MOST]; /* as built and in each period, made when first needed */
} mode_finder;

static cr_status open_mode(const cr_day *day, int32_t road_mode, mode_finder *f)
{
    f->road_mode = road_mode;
    f->snaps = calloc((size_t)day->n_places + 1, sizeof *f->snaps);
    if (!f->snaps)
        return CR_E_NOMEM;
    cr_roads_snap(day->roads, road_mode, day->places, day->n_places, f->snaps);
    return CR_OK;
}

static void close_mode(mode_finder *f)
{
    for (int32_t k = 0; k <= CR_ROAD_PERIODS_MOST; k++)
        cr_road_finder_free(f->finders[k]);
    free(f->snaps);
}

/* The roads' period of who sets off then; CR_NONE: as built. */
static int32_t road_period_at(const cr_day *day, int32_t mode, int32_t leave)
{
    const cr_problem *p = day->problem;
    int32_t k = 0;
    while (k + 1 < p->n_periods && p->periods[k + 1].begin <= leave)
        k++;
    int32_t table = p->n_periods > 0 ? p->periods[k].table : 0;
    return table > 0 && p->tables[mode][table] ? day->road_period[mode][table] : CR_NONE;
}

static bool append(leg_lines *lines, const cr_road_position *at, int32_t n)
{
    size_t need = (size_t)lines->n + (size_t)n;
    if (need > lines->room) {
        size_t room = need + need / 2 + 64;
        cr_road_position *moved = realloc(lines->at, room * sizeof *moved);
        if (!moved)
            return false;
        lines->at = moved;
        lines->room = room;
    }
    if (n)
        memcpy(lines->at + lines->n, at, (size_t)n * sizeof *at);
    lines->n += n;
    return true;
}

static cr_status add_leg(leg_lines *lines, mode_finder *modes, const cr_day *day, const itinerary_leg *leg,
                         cr_range *ret_range)
{
    const cr_road_position *at = NULL;
    int32_t n = 0;
    *ret_range = (cr_range){lines->n, 0};
    if (leg->from < 0 || leg->to < 0 || leg->from == leg->to)
        return CR_OK;
    bool is_walked = day_walk_between(day, leg->mode, leg->from, leg->to);
    mode_finder *f = &modes[is_walked ? WALKER : leg->mode];
    if (!f->snaps)
        return CR_OK;
    int32_t period = is_walked ? CR_NONE : road_period_at(day, leg->mode, leg->leave);
    cr_road_finder **finder = &f->finders[1 + period];
    cr_status st = *finder ? CR_OK : cr_road_finder_new(day->roads, f->road_mode, period, finder);
    if (!st)
        st = cr_road_finder_find(*finder, &f->snaps[leg->from], &f->snaps[leg->to], TOLERANCE_M, &at, &n);
    if (st)
        return st;
    ret_range->n = n;
    return append(lines, at, n) ? CR_OK : CR_E_NOMEM;
}

static cr_status add_round(leg_lines *lines, mode_finder *modes, const cr_day *day, const cr_plan *plan,
                           const itinerary *it, int32_t r)
{
    const cr_round *round = &plan->rounds[r];
    cr_status st = CR_OK;
    for (int32_t k = round->stops.first; !st && k < round->stops.first + round->stops.n; k++)
        st = add_leg(lines, modes, day, &it->stops[k].leg, &lines->of_stop[k]);
    return st ? st : add_leg(lines, modes, day, &it->way_home[r], &lines->of_home[r]);
}

cr_status leg_lines_new(const cr_day *day, const cr_plan *plan, const itinerary *it, leg_lines **ret_lines)
{
    mode_finder modes[WALKER + 1] = {{.snaps = NULL}};
    *ret_lines = NULL;
    if (!day->roads)
        return CR_OK;
    cr_auto(leg_lines) lines = calloc(1, sizeof *lines);
    if (!lines)
        return CR_E_NOMEM;
    lines->of_stop = calloc((size_t)plan->n_stops + 1, sizeof *lines->of_stop);
    lines->of_home = calloc((size_t)plan->n_rounds + 1, sizeof *lines->of_home);
    cr_status st = lines->of_stop && lines->of_home ? CR_OK : CR_E_NOMEM;
    for (int32_t m = 0; !st && m < day->problem->n_modes; m++)
        if (day->road_mode[m] != CR_NONE)
            st = open_mode(day, day->road_mode[m], &modes[m]);
    if (!st && day->n_walks && cr_roads_has_mode(day->roads, CR_ROAD_FOOT))
        st = open_mode(day, CR_ROAD_FOOT, &modes[WALKER]);
    for (int32_t r = 0; !st && r < plan->n_rounds; r++)
        st = add_round(lines, modes, day, plan, it, r);
    for (int32_t m = 0; m <= WALKER; m++)
        close_mode(&modes[m]);
    if (!st)
        *ret_lines = leg_lines_take(&lines);
    return st;
}

leg_lines *leg_lines_free(leg_lines *lines)
{
    if (lines) {
        free(lines->of_stop);
        free(lines->of_home);
        free(lines->at);
        free(lines);
    }
    return NULL;
}
