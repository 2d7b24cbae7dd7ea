/* Lines of ways: pieces of segments, then fewer points (Douglas and Peucker 1973). */
#include "road_line.h"

#include <math.h>

static cr_status add_position(road_line *line, double lat_e7, double lon_e7)
{
    cr_road_position at = {lat_e7 * 1e-7, lon_e7 * 1e-7};
    if (line->n > 0 && line->at[line->n - 1].lat_deg == at.lat_deg && line->at[line->n - 1].lon_deg == at.lon_deg)
        return CR_OK;
    if (!room_for(&line->at, &line->room, line->n + 1, sizeof *line->at))
        return CR_E_NOMEM;
    line->at[line->n++] = at;
    return CR_OK;
}

static double length_m(const road_point *points, uint32_t n)
{
    double sum_m = 0;
    for (uint32_t i = 1; i < n; i++)
        sum_m += road_point_distance_m(points[i - 1], points[i]);
    return sum_m;
}

/* The point so many metres along a segment, and the points passed on the way to it. */
static cr_status add_at(road_line *line, const road_point *points, uint32_t n, double along_m)
{
    for (uint32_t i = 1; i < n; i++) {
        double piece_m = road_point_distance_m(points[i - 1], points[i]);
        if (along_m <= piece_m || i + 1 == n) {
            double t = piece_m > 0 ? fmin(fmax(along_m / piece_m, 0), 1) : 0;
            return add_position(line, points[i - 1].lat_e7 + t * ((double)points[i].lat_e7 - points[i - 1].lat_e7),
                                points[i - 1].lon_e7 + t * ((double)points[i].lon_e7 - points[i - 1].lon_e7));
        }
        along_m -= piece_m;
    }
    return CR_OK;
}

/* Points strictly between two lengths along the segment, in rising order or falling. */
static cr_status add_between(road_line *line, const road_point *points, uint32_t n, double low_m, double high_m,
                             bool backward)
{
    cr_status st = CR_OK;
    double total_m = length_m(points, n), at_m = backward ? total_m : 0;
    for (uint32_t k = 1; !st && k + 1 < n; k++) {
        uint32_t i = backward ? n - 1 - k : k;
        double piece_m = road_point_distance_m(points[i], points[backward ? i + 1 : i - 1]);
        at_m += backward ? -piece_m : piece_m;
        if (at_m > low_m && at_m < high_m)
            st = add_position(line, points[i].lat_e7, points[i].lon_e7);
    }
    return st;
}

cr_status road_line_add(road_line *line, const struct cr_roads *roads, uint32_t segment, double from, double to)
{
    const road_point *points = roads->points + roads->segments[segment].first_point;
    uint32_t n = roads->segments[segment + 1].first_point - roads->segments[segment].first_point;
    double total_m = length_m(points, n);
    cr_status st = add_at(line, points, n, from * total_m);
    if (!st)
        st = add_between(line, points, n, fmin(from, to) * total_m, fmax(from, to) * total_m, from > to);
    return st ? st : add_at(line, points, n, to * total_m);
}

/* ---- fewer points ---- */

/* Metres from p to the line from a to b, on a plane about a. */
static double off_line_m(const cr_road_position *a, const cr_road_position *b, const cr_road_position *p)
{
    const double m_per_degree = 111195;
    double east = m_per_degree * cos(a->lat_deg * M_PI / 180);
    double bx = (b->lon_deg - a->lon_deg) * east, by = (b->lat_deg - a->lat_deg) * m_per_degree;
    double px = (p->lon_deg - a->lon_deg) * east, py = (p->lat_deg - a->lat_deg) * m_per_degree;
    double length2 = bx * bx + by * by, t = length2 > 0 ? fmin(fmax((px * bx + py * by) / length2, 0), 1) : 0;
    return hypot(px - t * bx, py - t * by);
}

/* Keeps the farthest point between two that are kept, and so on in both halves. */
static void keep_between(road_line *line, size_t first, size_t last, double tolerance_m)
{
    while (last - first > 1) {
        size_t farthest = first;
        double most_m = tolerance_m;
        for (size_t i = first + 1; i < last; i++) {
            double m = off_line_m(&line->at[first], &line->at[last], &line->at[i]);
            if (m > most_m) {
                most_m = m;
                farthest = i;
            }
        }
        if (farthest == first)
            return;
        line->is_kept[farthest] = 1;
        bool left_is_shorter = farthest - first < last - farthest; /* the call goes there: at most log2(n) deep */
        keep_between(line, left_is_shorter ? first : farthest, left_is_shorter ? farthest : last, tolerance_m);
        *(left_is_shorter ? &first : &last) = farthest;
    }
}

cr_status road_line_simplify(road_line *line, double tolerance_m)
{
    if (line->n < 3)
        return CR_OK;
    if (!room_for(&line->is_kept, &line->kept_room, line->n, 1))
        return CR_E_NOMEM;
    memset(line->is_kept, 0, line->n);
    line->is_kept[0] = line->is_kept[line->n - 1] = 1;
    keep_between(line, 0, line->n - 1, tolerance_m);
    size_t n = 0;
    for (size_t i = 0; i < line->n; i++)
        if (line->is_kept[i])
            line->at[n++] = line->at[i];
    line->n = n;
    return CR_OK;
}

void road_line_done(road_line *line)
{
    free(line->at);
    free(line->is_kept);
}
