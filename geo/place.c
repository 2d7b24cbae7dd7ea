/* Places: the names of their qualities, and the exact distance between two of them. */
#include "careround/place.h"

#include <geodesic.h>

const char *cr_place_quality_name(cr_place_quality quality)
{
    switch (quality) {
    case CR_PLACE_SECTOR:
        return "sector only";
    case CR_PLACE_POSTCODE:
        return "postcode centroid";
    case CR_PLACE_ROOFTOP:
        return "rooftop";
    case CR_PLACE_NONE:
        break;
    }
    return "no position";
}

double cr_place_distance_m(const cr_place *a, const cr_place *b)
{
    struct geod_geodesic wgs84;
    double distance_m;
    geod_init(&wgs84, 6378137, 1 / 298.257223563);
    geod_inverse(&wgs84, a->lat_deg, a->lon_deg, b->lat_deg, b->lon_deg, &distance_m, NULL, NULL);
    return distance_m;
}
