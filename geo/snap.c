/* Snapping: the nearest point of a road that the mode can use.
 *
 * A walk down the tree of boxes, nearest first, that passes over every box farther away than the best road so far.
 * Distances are on a plane that touches the globe at the place.
 */
#include "roads_file.h"

#include <math.h>

#define LEVELS_MOST 12
#define RAD         (M_PI / 180)

typedef struct tree_level {
    uint64_t first, n; /* of its boxes; in the leaves' level, each box stands over segments */
} tree_level;

typedef struct snapping {
    const struct cr_roads *roads;
    const roads_mode_view *mode;
    double lat_e7, lon_e7;
    double north_m, east_m; /* of a unit of 10^-7 degrees here */
    double best_m2;
    cr_road_snap best;
    tree_level levels[LEVELS_MOST];
} snapping;

static void set_scale(snapping *s, double lat_deg)
{
    const double a_m = 6378137, f = 1 / 298.257223563, e2 = f * (2 - f);
    double sin_lat = sin(lat_deg * RAD), w2 = 1 - e2 * sin_lat * sin_lat;
    s->north_m = 1e-7 * RAD * a_m * (1 - e2) / (w2 * sqrt(w2));
    s->east_m = 1e-7 * RAD * a_m / sqrt(w2) * cos(lat_deg * RAD);
}

static double box_m2(const snapping *s, const roads_box *box)
{
    double north = fmax(fmax(box->south_e7 - s->lat_e7, s->lat_e7 - box->north_e7), 0) * s->north_m;
    double east = fmax(fmax(box->west_e7 - s->lon_e7, s->lon_e7 - box->east_e7), 0) * s->east_m;
    return north * north + east * east;
}

/* ---- one segment ---- */

typedef struct xy {
    double x, y;
} xy;

static xy place_of(const snapping *s, road_point p)
{
    return (xy){(p.lon_e7 - s->lon_e7) * s->east_m, (p.lat_e7 - s->lat_e7) * s->north_m};
}

/* How far along a to b (0 to 1) the origin's nearest point lies. */
static double along(xy a, xy b)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    return length2 > 0 ? fmin(fmax(-(a.x * dx + a.y * dy) / length2, 0), 1) : 0;
}

static void try_segment(snapping *s, uint32_t segment)
{
    const road_point *p = s->roads->points + s->roads->segments[segment].first_point;
    const road_point *end = s->roads->points + s->roads->segments[segment + 1].first_point;
    if (s->mode->arc_of[2 * (size_t)segment] == NO_ARC && s->mode->arc_of[2 * (size_t)segment + 1] == NO_ARC)
        return;
    double before_m = 0, best_before_m = -1;
    for (xy a = place_of(s, *p), b; ++p < end; a = b) {
        b = place_of(s, *p);
        double t = along(a, b), x = a.x + t * (b.x - a.x), y = a.y + t * (b.y - a.y);
        double piece_m = hypot(b.x - a.x, b.y - a.y);
        if (x * x + y * y < s->best_m2) {
            s->best_m2 = x * x + y * y;
            s->best = (cr_road_snap){(int32_t)segment, 0, 0, (s->lat_e7 + y / s->north_m) * 1e-7,
                                     (s->lon_e7 + x / s->east_m) * 1e-7};
            best_before_m = before_m + t * piece_m;
        }
        before_m += piece_m;
    }
    if (best_before_m >= 0)
        s->best.fraction = before_m > 0 ? fmin(best_before_m / before_m, 1) : 0;
}

/* ---- the tree ---- */

static void try_below(snapping *s, int level, uint64_t first, uint64_t n);

/* The boxes of a level from `first` on, nearest first. */
static void try_boxes(snapping *s, int level, uint64_t first, uint64_t n)
{
    uint64_t box[TREE_FAN];
    double m2[TREE_FAN];
    int n_near = 0;
    for (uint64_t b = first; b < first + n; b++) {
        double distance = box_m2(s, &s->roads->boxes[s->levels[level].first + b]);
        if (distance >= s->best_m2)
            continue;
        int i = n_near++;
        for (; i > 0 && m2[i - 1] > distance; i--) {
            m2[i] = m2[i - 1];
            box[i] = box[i - 1];
        }
        m2[i] = distance;
        box[i] = b;
    }
    for (int i = 0; i < n_near && m2[i] < s->best_m2; i++)
        try_below(s, level, box[i] * TREE_FAN, TREE_FAN);
}

static void try_below(snapping *s, int level, uint64_t first, uint64_t n)
{
    uint64_t n_below = level ? s->levels[level - 1].n : s->roads->header.n_segments;
    if (first + n > n_below)
        n = first < n_below ? n_below - first : 0;
    if (level) {
        try_boxes(s, level - 1, first, n);
        return;
    }
    for (uint64_t i = first; i < first + n; i++)
        try_segment(s, s->roads->leaf_segment[i]);
}

/* Returns the number of levels. */
static int set_levels(snapping *s)
{
    uint64_t n = s->roads->header.n_segments, first = 0;
    int n_levels = 0;
    do {
        n = (n + TREE_FAN - 1) / TREE_FAN;
        s->levels[n_levels++] = (tree_level){first, n};
        first += n;
    } while (n > 1);
    return n_levels;
}

void cr_roads_snap(const cr_roads *roads, int32_t mode, const cr_place *places, int32_t n, cr_road_snap *ret_snaps)
{
    assert(cr_roads_has_mode(roads, mode));
    snapping s = {.roads = roads, .mode = &roads->modes[mode]};
    int n_levels = set_levels(&s);
    for (int32_t i = 0; i < n; i++) {
        ret_snaps[i] = (cr_road_snap){.segment = CR_NONE};
        if (places[i].quality == CR_PLACE_NONE)
            continue;
        s.lat_e7 = places[i].lat_deg * 1e7;
        s.lon_e7 = places[i].lon_deg * 1e7;
        s.best = ret_snaps[i];
        s.best_m2 = INFINITY;
        set_scale(&s, places[i].lat_deg);
        try_boxes(&s, n_levels - 1, 0, 1);
        s.best.distance_m = sqrt(s.best_m2);
        if (s.best.segment != CR_NONE)
            ret_snaps[i] = s.best;
    }
}
