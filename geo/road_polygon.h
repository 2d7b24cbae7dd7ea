/* Inside or outside of a polygon, for millions of nodes. */
#ifndef GEO_ROAD_POLYGON_H
#define GEO_ROAD_POLYGON_H

#include "careround/roads.h"

typedef struct road_polygon road_polygon;

cr_status road_polygon_new(const cr_road_polygon *rings, road_polygon **ret_polygon);
road_polygon *road_polygon_free(road_polygon *polygon);
bool road_polygon_has(const road_polygon *polygon, double lat_deg, double lon_deg);

#endif
