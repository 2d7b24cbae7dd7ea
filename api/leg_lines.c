/* Lines of legs: asked of the roads leg by leg, once for all writers. */
#include "leg_lines.h"

#include <stdlib.h>
#include <string.h>

#define TOLERANCE_M 10 /* closer than the page's lines are wide */

#define WALKER      CR_MODES_MAX /* after the modes of the day: who leaves the car parked */

/* What is needed for one mode of the day; NULLs where it has no roads. */
typedef struct mode_finder {
    cr_road_finder *finder;
    cr_road_snap *snaps; /* of the day's places */
} mode_finder;

static cr_status open_mode(const cr_day *day, int32_t road_mode, mode_finder *f)
{
    f->snaps = calloc((size_t)day->n_places + 1, sizeof *f->snaps);
    if (!f->snaps)
        return CR_E_NOMEM;
    cr_roads_snap(day->roads, road_mode, day->places, day->n_places, f->snaps);
    return cr_road_finder_new(day->roads, road_mode, CR_NONE, &f->finder);
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

static cr_status add_leg(leg_lines *lines, const mode_finder *finders, const cr_day *day, const itinerary_leg *leg,
                         cr_range *ret_range)
{
    const cr_road_position *at = NULL;
    int32_t n = 0;
    *ret_range = (cr_range){lines->n, 0};
    if (leg->from < 0 || leg->to < 0 || leg->from == leg->to)
        return CR_OK;
    bool is_walked = day_walk_between(day, leg->mode, leg->from, leg->to);
    const mode_finder *f = &finders[is_walked ? WALKER : leg->mode];
    if (!f->finder)
        return CR_OK;
    cr_status st = cr_road_finder_find(f->finder, &f->snaps[leg->from], &f->snaps[leg->to], TOLERANCE_M, &at, &n);
    if (st)
        return st;
    ret_range->n = n;
    return append(lines, at, n) ? CR_OK : CR_E_NOMEM;
}

static cr_status add_round(leg_lines *lines, const mode_finder *finders, const cr_day *day, const cr_plan *plan,
                           const itinerary *it, int32_t r)
{
    const cr_round *round = &plan->rounds[r];
    cr_status st = CR_OK;
    for (int32_t k = round->stops.first; !st && k < round->stops.first + round->stops.n; k++)
        st = add_leg(lines, finders, day, &it->stops[k].leg, &lines->of_stop[k]);
    return st ? st : add_leg(lines, finders, day, &it->way_home[r], &lines->of_home[r]);
}

cr_status leg_lines_new(const cr_day *day, const cr_plan *plan, const itinerary *it, leg_lines **ret_lines)
{
    mode_finder finders[WALKER + 1] = {{NULL, NULL}};
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
            st = open_mode(day, day->road_mode[m], &finders[m]);
    if (!st && day->n_walks && cr_roads_has_mode(day->roads, CR_ROAD_FOOT))
        st = open_mode(day, CR_ROAD_FOOT, &finders[WALKER]);
    for (int32_t r = 0; !st && r < plan->n_rounds; r++)
        st = add_round(lines, finders, day, plan, it, r);
    for (int32_t m = 0; m <= WALKER; m++) {
        cr_road_finder_free(finders[m].finder);
        free(finders[m].snaps);
    }
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
