/* British National Grid to degrees and back, by PROJ.
 *
 * Takes part wherever a place arrives as easting and northing: grid references, Code-Point Open, ONSPD. PROJ knows
 * several ways between the grid and degrees. The best is the OSTN15 grid, centimetres, if its file is installed.
 * Without it PROJ has for ETRS89 only a "ballpark" that forgets the datum and is 100 m off, but for WGS 84 a Helmert
 * transformation of 2 m. So one operation is chosen once, for all Great Britain, never a ballpark, and every place
 * carries the accuracy that PROJ states for it. A PROJ context belongs to one thread, hence so does a cr_grid.
 */
#include "grid.h"

#include <math.h>
#include <proj.h>
#include <stdlib.h>
#include <string.h>

/* The lettered squares: 7 by 13 of 100 km. */
#define EAST_MOST_M  700e3
#define NORTH_MOST_M 1300e3

struct cr_grid {
    PJ_CONTEXT *context;
    PJ *degrees_to_metres; /* (lon, lat) to (east, north) */
    double accuracy_m;     /* as PROJ states it; < 0 unknown */
    bool has_ostn15;
};

cr_grid *cr_grid_free(cr_grid *grid)
{
    if (grid) {
        proj_destroy(grid->degrees_to_metres);
        if (grid->context)
            proj_context_destroy(grid->context);
        free(grid);
    }
    return NULL;
}

/* How to look for operations: no ballpark, nothing whose grid file is missing, all of Great Britain inside. */
static PJ_OPERATION_FACTORY_CONTEXT *new_operation_rules(PJ_CONTEXT *context)
{
    PJ_OPERATION_FACTORY_CONTEXT *rules = proj_create_operation_factory_context(context, NULL);
    if (!rules)
        return NULL;
    proj_operation_factory_context_set_area_of_interest(context, rules, -8.7, 49.8, 1.8, 60.9);
    proj_operation_factory_context_set_spatial_criterion(context, rules, PROJ_SPATIAL_CRITERION_STRICT_CONTAINMENT);
    proj_operation_factory_context_set_grid_availability_use(context, rules,
                                                             PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
    proj_operation_factory_context_set_allow_ballpark_transformations(context, rules, 0);
    return rules;
}

/* Does it lead back from the middle of England? A broken grid file shows only now. */
static bool works(PJ *degrees_to_metres)
{
    PJ_COORD degrees = proj_trans(degrees_to_metres, PJ_INV, proj_coord(400e3, 300e3, 0, HUGE_VAL));
    return isfinite(degrees.lp.lam) && isfinite(degrees.lp.phi);
}

/* The first operation that works, of those that PROJ lists from best to worst; NULL if none does. */
static PJ *first_working(PJ_CONTEXT *context, const PJ_OBJ_LIST *operations)
{
    int n = operations ? proj_list_get_count(operations) : 0;
    for (int i = 0; i < n; i++) {
        PJ *listed = proj_list_get(context, operations, i);
        PJ *lon_first = listed ? proj_normalize_for_visualization(context, listed) : NULL;
        proj_destroy(listed);
        if (lon_first && works(lon_first))
            return lon_first;
        proj_destroy(lon_first);
    }
    return NULL;
}

/* From these degrees, longitude first, to the National Grid; NULL if PROJ knows no way. */
static PJ *best_operation(PJ_CONTEXT *context, const char *degrees)
{
    PJ *source = proj_create(context, degrees), *target = proj_create(context, "EPSG:27700"), *best = NULL;
    PJ_OPERATION_FACTORY_CONTEXT *rules = new_operation_rules(context);
    if (source && target && rules) {
        PJ_OBJ_LIST *operations = proj_create_operations(context, source, target, rules);
        best = first_working(context, operations);
        proj_list_destroy(operations);
    }
    if (rules)
        proj_operation_factory_context_destroy(rules);
    proj_destroy(target);
    proj_destroy(source);
    return best;
}

static bool uses_ostn15(PJ_CONTEXT *context, const PJ *operation)
{
    for (int i = 0; i < proj_coordoperation_get_grid_used_count(context, operation); i++) {
        const char *name = NULL;
        if (proj_coordoperation_get_grid_used(context, operation, i, &name, NULL, NULL, NULL, NULL, NULL, NULL) &&
            strstr(name, "OSTN15"))
            return true;
    }
    return false;
}

/* A status tells our caller; a library does not print. (PROJ's log level does not stop all of its messages.) */
static void say_nothing(void *data, int level, const char *message)
{
}

cr_status cr_grid_new(cr_grid **ret_grid)
{
    cr_auto(cr_grid) grid = calloc(1, sizeof *grid);
    if (!grid)
        return CR_E_NOMEM;
    grid->context = proj_context_create();
    if (!grid->context)
        return CR_E_NOMEM;
    proj_log_func(grid->context, NULL, say_nothing);

    grid->degrees_to_metres = best_operation(grid->context, "EPSG:4258");
    if (!grid->degrees_to_metres) /* ETRS89 and WGS 84 are less than a metre apart */
        grid->degrees_to_metres = best_operation(grid->context, "EPSG:4326");
    if (!grid->degrees_to_metres)
        return CR_E_UPSTREAM;
    grid->accuracy_m = proj_coordoperation_get_accuracy(grid->context, grid->degrees_to_metres);
    grid->has_ostn15 = uses_ostn15(grid->context, grid->degrees_to_metres);
    *ret_grid = cr_grid_take(&grid);
    return CR_OK;
}

bool cr_grid_has_ostn15(const cr_grid *grid)
{
    return grid->has_ostn15;
}

double geo_grid_accuracy_m(const cr_grid *grid)
{
    return grid->accuracy_m;
}

bool geo_grid_contains(double east_m, double north_m)
{
    return east_m >= 0 && east_m <= EAST_MOST_M && north_m >= 0 && north_m <= NORTH_MOST_M;
}

void geo_grid_to_degrees(cr_grid *grid, double *east_to_lon, double *north_to_lat, size_t stride, size_t n)
{
    proj_errno_reset(grid->degrees_to_metres);
    proj_trans_generic(grid->degrees_to_metres, PJ_INV, east_to_lon, stride, n, north_to_lat, stride, n, NULL, 0, 0,
                       NULL, 0, 0);
}

cr_status cr_grid_to_place(cr_grid *grid, double east_m, double north_m, cr_place *ret_place)
{
    if (!geo_grid_contains(east_m, north_m))
        return CR_E_INPUT;
    double lon_deg = east_m, lat_deg = north_m;
    geo_grid_to_degrees(grid, &lon_deg, &lat_deg, sizeof lon_deg, 1);
    if (!isfinite(lon_deg) || !isfinite(lat_deg))
        return CR_E_INPUT;
    *ret_place = (cr_place){lat_deg, lon_deg, grid->accuracy_m, CR_PLACE_ROOFTOP};
    return CR_OK;
}

cr_status cr_grid_from_place(cr_grid *grid, const cr_place *place, double *ret_east_m, double *ret_north_m)
{
    if (place->quality == CR_PLACE_NONE || !(fabs(place->lat_deg) <= 90) || !(fabs(place->lon_deg) <= 180))
        return CR_E_INPUT;
    proj_errno_reset(grid->degrees_to_metres);
    PJ_COORD metres =
        proj_trans(grid->degrees_to_metres, PJ_FWD, proj_coord(place->lon_deg, place->lat_deg, 0, HUGE_VAL));
    if (!geo_grid_contains(metres.xy.x, metres.xy.y)) /* also when PROJ gave up: infinity is outside */
        return CR_E_INPUT;
    *ret_east_m = metres.xy.x;
    *ret_north_m = metres.xy.y;
    return CR_OK;
}
