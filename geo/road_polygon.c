/* A polygon cut into bands of latitude, each with the edges that cross it: a look at a point sees few of them.
 *
 * A point is inside if an odd number of edges lies east of it (Shimrat 1962), so holes are rings like any other.
 */
#include "road_polygon.h"

#include "room.h"

#include <math.h>

#define BANDS_MOST 4096

typedef struct edge {
    cr_road_position from, to;
} edge;

struct road_polygon {
    double south_deg, band_deg;
    uint32_t n_bands;
    uint32_t *first; /* n_bands + 2; of each band's edges */
    edge *edges;
};

static edge edge_of(const cr_road_polygon *rings, int32_t ring, int32_t i)
{
    int32_t next = i + 1 < rings->ring_first[ring + 1] ? i + 1 : rings->ring_first[ring];
    return (edge){rings->at[i], rings->at[next]};
}

static uint32_t band_of(const road_polygon *p, double lat_deg)
{
    double band = floor((lat_deg - p->south_deg) / p->band_deg);
    return band < 0 ? 0 : band >= p->n_bands ? p->n_bands - 1 : (uint32_t)band;
}

/* Counts the edges of each band, two places on; or lists them, one place on, where they are counted. */
static void each_band(road_polygon *p, const cr_road_polygon *rings, bool lists)
{
    for (int32_t ring = 0; ring < rings->n_rings; ring++)
        for (int32_t i = rings->ring_first[ring]; i < rings->ring_first[ring + 1]; i++) {
            edge e = edge_of(rings, ring, i);
            uint32_t low = band_of(p, fmin(e.from.lat_deg, e.to.lat_deg));
            uint32_t high = band_of(p, fmax(e.from.lat_deg, e.to.lat_deg));
            for (uint32_t band = low; band <= high; band++)
                if (lists)
                    p->edges[p->first[band + 1]++] = e;
                else
                    p->first[band + 2]++;
        }
}

cr_status road_polygon_new(const cr_road_polygon *rings, road_polygon **ret_polygon)
{
    double south = INFINITY, north = -INFINITY;
    int32_t n = rings->ring_first[rings->n_rings];
    assert(n > 0);
    for (int32_t i = 0; i < n; i++) {
        south = fmin(south, rings->at[i].lat_deg);
        north = fmax(north, rings->at[i].lat_deg);
    }
    road_polygon *p = calloc(1, sizeof *p);
    if (!p)
        return CR_E_NOMEM;
    p->n_bands = n < BANDS_MOST ? (uint32_t)n : BANDS_MOST;
    p->south_deg = south;
    p->band_deg = fmax((north - south) / p->n_bands, 1e-9);
    p->first = room_zeroed((size_t)p->n_bands + 2, sizeof *p->first);
    if (p->first)
        each_band(p, rings, false);
    for (uint32_t band = 0; p->first && band < p->n_bands; band++)
        p->first[band + 2] += p->first[band + 1];
    p->edges = p->first ? room_raw(p->first[p->n_bands + 1], sizeof *p->edges) : NULL;
    if (!p->edges) {
        road_polygon_free(p);
        return CR_E_NOMEM;
    }
    each_band(p, rings, true);
    *ret_polygon = p;
    return CR_OK;
}

road_polygon *road_polygon_free(road_polygon *p)
{
    if (p) {
        free(p->first);
        free(p->edges);
        free(p);
    }
    return NULL;
}

bool road_polygon_has(const road_polygon *p, double lat_deg, double lon_deg)
{
    bool is_inside = false;
    uint32_t band = band_of(p, lat_deg);
    for (uint32_t i = p->first[band]; i < p->first[band + 1]; i++) {
        const cr_road_position *a = &p->edges[i].from, *b = &p->edges[i].to;
        if ((a->lat_deg > lat_deg) == (b->lat_deg > lat_deg))
            continue;
        double along = (lat_deg - a->lat_deg) / (b->lat_deg - a->lat_deg);
        is_inside ^= lon_deg < a->lon_deg + along * (b->lon_deg - a->lon_deg);
    }
    return is_inside;
}
