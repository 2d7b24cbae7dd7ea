/* Building a .roads file: the steps in order. */
#include "road_metrics.h"
#include "road_order.h"
#include "roads_file.h"

#include <stdio.h>

static const char *const mode_names[CR_ROAD_MODES] = {"car", "bicycle", "foot"};

static const char *const class_names[CR_ROAD_CLASSES] = {
    "motorway",     "trunk",          "primary",       "secondary",  "tertiary",      "unclassified",
    "residential",  "living_street",  "service",       "track",      "motorway_link", "trunk_link",
    "primary_link", "secondary_link", "tertiary_link", "pedestrian", "footway",       "cycleway",
    "path",         "bridleway",      "steps",         "ferry",
};

const char *cr_road_mode_name(int32_t mode)
{
    return mode_names[mode];
}

int32_t cr_road_mode_find(const char *name)
{
    for (int32_t mode = 0; mode < CR_ROAD_MODES; mode++)
        if (strcmp(name, mode_names[mode]) == 0)
            return mode;
    return CR_NONE;
}

const char *cr_road_class_name(int32_t road_class)
{
    return class_names[road_class];
}

const char *cr_hours_kind_name(int32_t kind)
{
    static const char *const names[CR_HOURS_KINDS] = {
        "by season or date", "by the sun",         "on holidays only",   "in other words",
        "speed limits",      "gates and bollards", "on some other sign",
    };
    return names[kind];
}

const char *cr_road_area_name(int32_t area)
{
    static const char *const area_names[CR_ROAD_AREAS] = {"country", "town", "city"};
    return area_names[area];
}

/* ---- one mode ---- */

/* What was made for a mode, kept until the file is written. */
typedef struct built_mode {
    road_graph graph;
    road_metrics metrics;
    roads_arc *arcs;
    uint32_t *next_state;
    road_turn *next_turn;
    uint32_t *n_arcs_of; /* arcs closed at each of the map's hours, HOURS_MOST */
} built_mode;

static void built_mode_done(built_mode *b)
{
    road_graph_done(&b->graph);
    road_metrics_done(&b->metrics);
    free(b->arcs);
    free(b->next_state);
    free(b->next_turn);
    free(b->n_arcs_of);
}

static cr_status order_states(const road_net *net, int32_t n_threads, road_graph *g)
{
    uint32_t *rank = room_raw(g->n_states, sizeof *rank);
    cr_status st = rank ? road_order_make(net, g, n_threads, rank) : CR_E_NOMEM;
    for (size_t a = 0; !st && a < g->n_arcs; a++)
        g->arcs[a].state = rank[g->arcs[a].state];
    for (size_t i = 0; !st && i < g->n_nexts; i++)
        g->nexts[i].state = rank[g->nexts[i].state];
    free(rank);
    return st;
}

/* Arcs and turns in the file's form. The graph's own, the largest of all that there is, are not needed any more. */
static cr_status flatten(built_mode *b)
{
    road_graph *g = &b->graph;
    b->n_arcs_of = room_zeroed(HOURS_MOST, sizeof *b->n_arcs_of);
    b->arcs = room_raw(g->n_arcs + 1, sizeof *b->arcs);
    b->next_state = room_raw(g->n_nexts, sizeof *b->next_state);
    b->next_turn = room_raw(g->n_nexts, sizeof *b->next_turn);
    if (!b->arcs || !b->next_state || !b->next_turn || !b->n_arcs_of)
        return CR_E_NOMEM;
    for (size_t a = 0; a < g->n_arcs; a++) {
        const road_arc *arc = &g->arcs[a];
        b->arcs[a] = (roads_arc){arc->cost, arc->segment * 2 + arc->is_backward, arc->state, arc->next_copy,
                                 (uint32_t)arc->first_next};
        b->n_arcs_of[arc->hours]++;
    }
    b->arcs[g->n_arcs] = (roads_arc){0, 0, 0, NO_ARC, (uint32_t)g->n_nexts};
    for (size_t i = 0; i < g->n_nexts; i++) {
        b->next_state[i] = g->nexts[i].state;
        b->next_turn[i] = g->nexts[i].turn;
    }
    free(g->arcs);
    free(g->nexts);
    free(g->state_at);
    g->arcs = NULL;
    g->nexts = NULL;
    g->state_at = NULL;
    return CR_OK;
}

/* The mode's part of the view; it stays empty where a map of footpaths has nothing for cars. */
static cr_status view_mode(built_mode *b, const cr_road_speeds *speeds, struct cr_roads *view, int mode)
{
    roads_mode_view *m = &view->modes[mode];
    roads_mode_counts *c = &view->header.modes[mode];
    if (b->graph.n_arcs == 0)
        return CR_OK;
    *c = (roads_mode_counts){.n_arcs = b->graph.n_arcs, .n_nexts = b->graph.n_nexts, .n_states = b->graph.n_states};
    *m = (roads_mode_view){
        .arc_of = b->graph.arc_of, .arcs = b->arcs, .next_state = b->next_state, .next_turn = b->next_turn};
    return road_metrics_make(speeds, view, mode, &b->metrics);
}

static cr_status build_mode(road_import *import, const road_net *net, int mode, built_mode *b, struct cr_roads *view)
{
    cr_status st = road_graph_make(import, net, mode, &b->graph);
    if (!st)
        st = order_states(net, import->options->n_threads, &b->graph);
    if (!st)
        st = flatten(b);
    view->hours = import->hours.at; /* with those of this mode's turns */
    view->header.n_hours = import->hours.n;
    return st || import->hours.is_full ? st : view_mode(b, &import->options->speeds[mode], view, mode);
}

static void count_mode(const built_mode *b, int mode, cr_roads_counts *counts)
{
    counts->n_dropped[mode] = (int64_t)b->graph.n_dropped;
    counts->n_arcs[mode] = (int64_t)(b->graph.n_arcs + b->graph.n_dropped);
    counts->n_states[mode] = (int64_t)b->graph.n_states;
    counts->n_turns[mode] = (int64_t)b->graph.n_nexts;
    counts->n_up[mode] = (int64_t)b->metrics.of[0].n_up;
    counts->n_down[mode] = (int64_t)b->metrics.of[0].n_down;
    if ((int64_t)b->graph.n_unused > counts->n_unused)
        counts->n_unused = (int64_t)b->graph.n_unused;
}

/* ---- all of it ---- */

typedef struct building {
    road_import import;
    road_net net;
    built_mode modes[CR_ROAD_MODES];
    roads_segment *segments;
    roads_kind *kinds;
    uint32_t *leaf_segment;
    roads_box *boxes;
} building;

static void building_done(building *b)
{
    road_import_done(&b->import);
    road_net_done(&b->net);
    for (int mode = 0; mode < CR_ROAD_MODES; mode++)
        built_mode_done(&b->modes[mode]);
    free(b->segments);
    free(b->kinds);
    free(b->leaf_segment);
    free(b->boxes);
}

static void count_map(const building *b, cr_roads_counts *counts)
{
    const road_import *m = &b->import;
    counts->n_ways = (int64_t)m->n_ways;
    counts->n_nodes = (int64_t)m->n_nodes;
    for (size_t i = 0; i < m->n_nodes; i++)
        counts->n_missing += !m->nodes[i].is_known;
    counts->n_restrictions = (int64_t)m->n_restrictions;
    counts->n_timed_ways = m->n_timed_ways;
    counts->n_timed_turns = m->n_timed_turns;
    memcpy(counts->n_unfollowed, m->n_unfollowed, sizeof counts->n_unfollowed);
    counts->n_segments = (int64_t)b->net.n_segments;
    counts->road_km = b->net.road_km;
    counts->drive_on_left = b->net.drive_on_left;
    counts->timestamp_s = m->timestamp_s;
}

/* What each period closes; those taken as open although they are closed for a part of it. */
static void count_closures(const building *b, int mode, const struct cr_roads *view, cr_roads_counts *counts)
{
    const uint32_t *n_arcs_of = b->modes[mode].n_arcs_of;
    for (uint64_t k = 0; k < view->header.modes[mode].n_periods; k++) {
        const uint8_t *shut = b->modes[mode].metrics.shut[k + 1];
        cr_road_closures *c = &counts->closures[mode][k];
        for (size_t h = 0; h < view->header.n_hours; h++) {
            c->n_pieces += shut[h] == HOURS_SHUT ? n_arcs_of[h] : 0;
            c->n_partly += shut[h] == HOURS_PARTLY ? n_arcs_of[h] : 0;
        }
        for (size_t i = 0; i < b->import.n_restrictions; i++) {
            const turn_ban *ban = &b->import.restrictions[i].ban;
            c->n_turns += ban->modes >> mode & 1 && shut[ban->hours[mode]] == HOURS_SHUT;
            c->n_partly += ban->modes >> mode & 1 && shut[ban->hours[mode]] == HOURS_PARTLY;
        }
    }
}

static void count_areas(const building *b, cr_roads_counts *counts)
{
    for (size_t s = 0; s < b->net.n_segments; s++)
        counts->area_km[b->kinds[s].area] += b->net.segments[s].length_dm / 1e4;
}

static cr_status flatten_segments(building *b)
{
    b->segments = room_raw(b->net.n_segments + 1, sizeof *b->segments);
    if (!b->segments)
        return CR_E_NOMEM;
    for (size_t s = 0; s <= b->net.n_segments; s++)
        b->segments[s] = (roads_segment){b->net.segments[s].first_point, b->net.segments[s].length_dm};
    return CR_OK;
}

static cr_status build(building *b, const char *osm_path, const char *roads_path, const cr_roads_options *o,
                       cr_roads_counts *counts, char *message, size_t size)
{
    cr_status st = road_import_read(osm_path, o, &b->import, message, size);
    if (!st)
        st = road_net_make(&b->import, &b->net);
    if (!st && b->net.n_segments == 0) {
        snprintf(message, size, "%s: none of its roads has two known points", osm_path);
        st = CR_E_INPUT;
    }
    if (st)
        return st;
    count_map(b, counts);
    road_import_forget_nodes(&b->import);
    struct cr_roads view = {.header = {.timestamp_s = b->import.timestamp_s,
                                       .n_segments = b->net.n_segments,
                                       .n_points = b->net.n_points,
                                       .n_boxes = snap_tree_n_boxes(b->net.n_segments),
                                       .walk_kmh = o->walk_kmh}};
    st = road_kinds_make(&b->import, &b->net, &b->kinds);
    view.kinds = b->kinds;
    for (int mode = 0; !st && mode < CR_ROAD_MODES; mode++) {
        if (!o->wants[mode])
            continue;
        b->modes[mode].metrics.beside = roads_path;
        st = build_mode(&b->import, &b->net, mode, &b->modes[mode], &view);
        count_mode(&b->modes[mode], mode, counts);
    }
    if (!st && b->import.hours.is_full) {
        snprintf(message, size,
                 "%s: has more than %d different hours at which roads are closed; cut it with --bbox or "
                 "--polygon",
                 osm_path, HOURS_MOST);
        st = CR_E_INPUT;
    }
    for (int mode = 0; !st && mode < CR_ROAD_MODES; mode++) {
        road_metrics_note_hours(&o->speeds[mode], &view, &b->modes[mode].metrics);
        count_closures(b, mode, &view, counts);
    }
    if (!st)
        count_areas(b, counts);
    if (!st)
        st = flatten_segments(b);
    if (!st)
        st = snap_tree_make(&b->net, &b->leaf_segment, &b->boxes);
    if (st)
        return st;
    view.segments = b->segments;
    view.points = b->net.points;
    view.leaf_segment = b->leaf_segment;
    view.boxes = b->boxes;
    st = roads_write(&view, roads_path, message, size);
    counts->file_bytes = (int64_t)view.header.file_bytes;
    return st;
}

cr_status cr_roads_build(const char *osm_path, const char *roads_path, const cr_roads_options *options,
                         cr_roads_counts *ret_counts, char *message, size_t size)
{
    building b = {.segments = NULL};
    cr_roads_counts counts = {0};
    cr_status st = build(&b, osm_path, roads_path, options, &counts, message, size);
    building_done(&b);
    if (!st)
        *ret_counts = counts;
    return st;
}
