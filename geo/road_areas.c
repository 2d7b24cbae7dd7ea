/* Country, town or city: how dense the junctions of driven roads lie.
 *
 * The map is its own witness, so no other data is needed and none can disagree with it. Junctions of three and more
 * arms are counted in squares of half a kilometre. A road is in a town where the 3 x 3 squares around its middle have
 * many, so that a crossroads between fields is none; it is in a city where the 9 x 9 squares do too: a market town is
 * as dense as a city, and not as large. Footpaths, drives and tracks do not count: they say how well a place is mapped
 * rather than how many people drive there.
 */
#include "road_metrics.h"

#include <math.h>

#define SQUARE_M     500
#define M_PER_DEGREE 111195 /* on a sphere; squares need not be exact */
#define ROWS         (180 * M_PER_DEGREE / SQUARE_M)

/* Junctions for each square kilometre from which on it is town or city (docs/roads.md), and how many squares beyond the
 * one in the middle are looked at. */
#define TOWN_PER_KM2 20
#define TOWN_REACH   1
#define CITY_PER_KM2 60
#define CITY_REACH   4

/* A square's key: its row from the south pole, its column from the date line. */
static uint64_t key_of(road_point p, int32_t rows_up, int32_t columns_right)
{
    int32_t row = (int32_t)floor((p.lat_e7 * 1e-7 + 90) * M_PER_DEGREE / SQUARE_M) + rows_up;
    double middle_deg = (row + 0.5) * SQUARE_M / M_PER_DEGREE - 90; /* the columns of a row are all as wide */
    double east_m = (p.lon_e7 * 1e-7 + 180) * M_PER_DEGREE * fmax(cos(middle_deg * M_PI / 180), 0);
    uint32_t column = (uint32_t)((int32_t)floor(east_m / SQUARE_M) + CITY_REACH + columns_right);
    return (uint64_t)(row < 0 ? 0 : row > ROWS ? ROWS : row) << 32 | column;
}

static bool is_driven(const way_use *use)
{
    return use->road_class <= CR_ROAD_TERTIARY_LINK && use->road_class != CR_ROAD_SERVICE &&
           use->road_class != CR_ROAD_TRACK;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* The squares of all junctions that count, sorted; a square stands there once for each. */
static uint64_t *list_squares(const road_import *m, const road_net *net, size_t *ret_n)
{
    uint8_t *n_arms = room_zeroed(net->n_junctions, 1);
    uint64_t *squares = room_raw(net->n_junctions, sizeof *squares);
    size_t n = 0;
    for (size_t s = 0; n_arms && s < net->n_segments; s++) {
        const road_segment *segment = &net->segments[s];
        if (!is_driven(&m->ways[segment->way].use))
            continue;
        n_arms[segment->from] += n_arms[segment->from] < 3;
        n_arms[segment->to] += n_arms[segment->to] < 3;
    }
    for (size_t j = 0; n_arms && squares && j < net->n_junctions; j++)
        if (n_arms[j] >= 3)
            squares[n++] = key_of(net->junctions[j].at, 0, 0);
    if (squares)
        qsort(squares, n, sizeof *squares, by_number);
    if (!n_arms) {
        free(squares);
        squares = NULL;
    }
    free(n_arms);
    *ret_n = n;
    return squares;
}

/* How many numbers are less. */
static size_t n_below(const uint64_t *squares, size_t n, uint64_t key)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (squares[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static double per_km2(const uint64_t *squares, size_t n, road_point at, int32_t reach)
{
    size_t n_junctions = 0;
    for (int32_t up = -reach; up <= reach; up++) {
        uint64_t left = key_of(at, up, -reach);
        n_junctions += n_below(squares, n, left + 2 * (uint64_t)reach + 1) - n_below(squares, n, left);
    }
    double side_km = (2 * reach + 1) * SQUARE_M / 1000.0;
    return (double)n_junctions / (side_km * side_km);
}

static uint8_t area_at(const uint64_t *squares, size_t n, road_point at)
{
    if (per_km2(squares, n, at, TOWN_REACH) < TOWN_PER_KM2)
        return CR_AREA_COUNTRY;
    return per_km2(squares, n, at, CITY_REACH) < CITY_PER_KM2 ? CR_AREA_TOWN : CR_AREA_CITY;
}

cr_status road_kinds_make(const road_import *m, const road_net *net, roads_kind **ret_kinds)
{
    size_t n = 0;
    uint64_t *squares = list_squares(m, net, &n);
    roads_kind *kinds = room_raw(net->n_segments, sizeof *kinds);
    for (size_t s = 0; squares && kinds && s < net->n_segments; s++) {
        uint32_t first = net->segments[s].first_point, n_points = net->segments[s + 1].first_point - first;
        kinds[s] = (roads_kind){m->ways[net->segments[s].way].use.road_class,
                                area_at(squares, n, net->points[first + n_points / 2])};
    }
    if (!squares) {
        free(kinds);
        kinds = NULL;
    }
    free(squares);
    if (!kinds)
        return CR_E_NOMEM;
    *ret_kinds = kinds;
    return CR_OK;
}
