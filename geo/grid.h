/* What geo/ itself needs of the projection beyond the public calls: many points at once, and the stated accuracy. */
#ifndef GEO_GRID_H
#define GEO_GRID_H

#include "careround/place.h"

/* In metres, as PROJ states it for every place of this grid; < 0 unknown. */
double geo_grid_accuracy_m(const cr_grid *grid);

/* Within the lettered squares, 700 by 1300 km. */
bool geo_grid_contains(double east_m, double north_m);

/* n points in place, eastings becoming longitudes and northings latitudes; stride bytes from one to the next. What
 * cannot be transformed becomes HUGE_VAL. */
void geo_grid_to_degrees(cr_grid *grid, double *east_to_lon, double *north_to_lat, size_t stride, size_t n);

#endif
