/* The net of roads: ways cut into segments where they meet, end, or something stands in the way.
 *
 * Segments keep the shape of the road. Points twice in a row and ways with a single known point vanish here; a way that
 * leaves the extract is cut where it does.
 */
#include "road_build.h"

#include <math.h>

/* ---- measuring ---- */

#define RAD (M_PI / 180)

/* Metres to the north and east from a to b, by the ellipsoid's two radii of curvature midway. */
static void offset_m(road_point a, road_point b, double *ret_north_m, double *ret_east_m)
{
    const double a_m = 6378137, f = 1 / 298.257223563, e2 = f * (2 - f);
    double lat = (a.lat_e7 + (double)b.lat_e7) / 2 * 1e-7 * RAD, sin_lat = sin(lat);
    double w2 = 1 - e2 * sin_lat * sin_lat;
    double east_e7 = (double)b.lon_e7 - a.lon_e7;
    east_e7 -= 3600000000.0 * rint(east_e7 / 3600000000.0); /* the short way over the date line */
    *ret_north_m = ((double)b.lat_e7 - a.lat_e7) * 1e-7 * RAD * a_m * (1 - e2) / (w2 * sqrt(w2));
    *ret_east_m = east_e7 * 1e-7 * RAD * a_m / sqrt(w2) * cos(lat);
}

double road_point_distance_m(road_point a, road_point b)
{
    double north_m, east_m;
    offset_m(a, b, &north_m, &east_m);
    return sqrt(north_m * north_m + east_m * east_m);
}

double road_point_bearing_deg(road_point from, road_point to)
{
    double north_m, east_m;
    offset_m(from, to, &north_m, &east_m);
    return atan2(east_m, north_m) / RAD;
}

/* ---- junctions ---- */

/* A node is a junction where two ways meet, a way ends or comes back, or something happens to those who pass. */
static cr_status mark_junctions(const road_import *m)
{
    uint8_t *n_uses = room_zeroed(m->n_nodes, 1);
    if (!n_uses)
        return CR_E_NOMEM;
    for (size_t w = 0; w < m->n_ways; w++) {
        const uint32_t *at = m->at + m->ways[w].first_ref;
        uint32_t last = m->ways[w].n_refs - 1;
        for (uint32_t i = 0; i <= last; i++)
            if (at[i] != NODE_MISSING && (i == 0 || at[i] != at[i - 1]))
                n_uses[at[i]] = n_uses[at[i]] || i == 0 || i == last ? 2 : 1;
    }
    for (size_t i = 0; i < m->n_nodes; i++)
        m->nodes[i].is_junction = m->nodes[i].is_junction || n_uses[i] > 1 || m->nodes[i].use;
    free(n_uses);
    return CR_OK;
}

typedef struct cutting {
    const road_import *m;
    road_net *net;
    double length_m; /* of the segment being laid */
} cutting;

static cr_status junction_at(cutting *c, uint32_t node, uint32_t *ret_junction)
{
    road_net *net = c->net;
    if (net->junction_of[node] == NODE_MISSING) {
        if (!room_for(&net->junctions, &net->junctions_room, net->n_junctions + 1, sizeof *net->junctions))
            return CR_E_NOMEM;
        const import_node *n = &c->m->nodes[node];
        net->junction_of[node] = (uint32_t)net->n_junctions;
        net->junctions[net->n_junctions++] = (road_junction){{n->lat_e7, n->lon_e7}, node, n->use};
    }
    *ret_junction = net->junction_of[node];
    return CR_OK;
}

/* ---- segments ---- */

static cr_status add_point(cutting *c, uint32_t node)
{
    road_net *net = c->net;
    if (!room_for(&net->points, &net->points_room, net->n_points + 1, sizeof *net->points))
        return CR_E_NOMEM;
    net->points[net->n_points++] = (road_point){c->m->nodes[node].lat_e7, c->m->nodes[node].lon_e7};
    return CR_OK;
}

static cr_status open_segment(cutting *c, uint32_t way, uint32_t node)
{
    road_net *net = c->net;
    road_segment segment = {.first_point = (uint32_t)net->n_points, .way = way};
    cr_status st = junction_at(c, node, &segment.from);
    if (st || !room_for(&net->segments, &net->segments_room, net->n_segments + 2, sizeof segment))
        return st ? st : CR_E_NOMEM;
    net->segments[net->n_segments] = segment;
    c->length_m = 0;
    return add_point(c, node);
}

static cr_status go_on(cutting *c, uint32_t node)
{
    cr_status st = add_point(c, node);
    const road_point *last = c->net->points + c->net->n_points - 1;
    if (!st)
        c->length_m += road_point_distance_m(last[-1], last[0]);
    return st;
}

/* Ends the segment at its last point; one of a single point never was. */
static cr_status close_segment(cutting *c, uint32_t node)
{
    road_net *net = c->net;
    road_segment *segment = &net->segments[net->n_segments];
    if (net->n_points - segment->first_point < 2) {
        net->n_points = segment->first_point;
        return CR_OK;
    }
    cr_status st = junction_at(c, node, &segment->to);
    segment->length_dm = (uint32_t)fmin(fmax(lround(c->length_m * 10), 1), (1 << COST_DM_BITS) - 1);
    net->road_km += c->length_m / 1000;
    net->n_segments++;
    return st;
}

static cr_status cut_way(cutting *c, uint32_t way)
{
    const import_way *w = &c->m->ways[way];
    const uint32_t *at = c->m->at + w->first_ref;
    uint32_t last = NODE_MISSING; /* of the open segment */
    cr_status st = CR_OK;
    for (uint32_t i = 0; !st && i < w->n_refs; i++) {
        bool is_known = at[i] != NODE_MISSING && c->m->nodes[at[i]].is_known;
        if (!is_known) {
            if (last != NODE_MISSING)
                st = close_segment(c, last);
            last = NODE_MISSING;
            continue;
        }
        if (at[i] == last)
            continue;
        st = last == NODE_MISSING ? open_segment(c, way, at[i]) : go_on(c, at[i]);
        if (!st && last != NODE_MISSING && c->m->nodes[at[i]].is_junction) {
            st = close_segment(c, at[i]);
            if (!st)
                st = open_segment(c, way, at[i]);
        }
        last = at[i];
    }
    return st || last == NODE_MISSING ? st : close_segment(c, last);
}

/* ---- the net ---- */

/* By most of the map's junctions: a stray one far away has no say. */
static bool is_left(const cr_roads_options *o, const road_net *net)
{
    if (o->side_given)
        return o->drive_on_left;
    size_t n_left = 0;
    for (size_t i = 0; i < net->n_junctions; i++) {
        double lat = net->junctions[i].at.lat_e7 * 1e-7, lon = net->junctions[i].at.lon_e7 * 1e-7;
        for (int32_t b = 0; b < o->n_left; b++)
            if (lat >= o->left[b].south_deg && lat <= o->left[b].north_deg && lon >= o->left[b].west_deg &&
                lon <= o->left[b].east_deg) {
                n_left++;
                break;
            }
    }
    return n_left * 2 > net->n_junctions;
}

cr_status road_net_make(const road_import *m, road_net *ret_net)
{
    road_net net = {.n_segments = 0};
    net.junction_of = room_raw(m->n_nodes, sizeof *net.junction_of);
    cutting c = {m, &net, 0};
    cr_status st = net.junction_of ? mark_junctions(m) : CR_E_NOMEM;
    if (!st)
        memset(net.junction_of, 0xff, m->n_nodes * sizeof *net.junction_of);
    if (!room_for(&net.segments, &net.segments_room, 1, sizeof *net.segments))
        st = CR_E_NOMEM;
    for (size_t way = 0; !st && way < m->n_ways; way++)
        st = cut_way(&c, (uint32_t)way);
    if (st) {
        road_net_done(&net);
        return st;
    }
    net.segments[net.n_segments] = (road_segment){.first_point = (uint32_t)net.n_points};
    net.drive_on_left = is_left(m->options, &net);
    *ret_net = net;
    return CR_OK;
}

void road_net_done(road_net *net)
{
    free(net->segments);
    free(net->points);
    free(net->junctions);
    free(net->junction_of);
    memset(net, 0, sizeof *net);
}
