/* Building a .roads file: the steps in order. */
#include "roads_file.h"

#include "whole_file.h"

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

/* ---- one mode ---- */

/* What was made for a mode, kept until the file is written. */
typedef struct built_mode {
    road_graph graph;
    road_hierarchy hierarchy;
    roads_arc *arcs;
    uint32_t *next_state;
    road_cost *next_cost;
} built_mode;

static void built_mode_done(built_mode *b)
{
    road_graph_done(&b->graph);
    road_hierarchy_done(&b->hierarchy);
    free(b->arcs);
    free(b->next_state);
    free(b->next_cost);
}

static cr_status order_states(const road_net *net, road_graph *g)
{
    uint32_t *rank = room_raw(g->n_states, sizeof *rank);
    cr_status st = rank ? road_order_make(net, g, rank) : CR_E_NOMEM;
    for (size_t a = 0; !st && a < g->n_arcs; a++)
        g->arcs[a].state = rank[g->arcs[a].state];
    for (size_t i = 0; !st && i < g->n_nexts; i++)
        g->nexts[i].state = rank[g->nexts[i].state];
    free(rank);
    return st;
}

/* Arcs and turns in the file's form. */
static cr_status flatten(built_mode *b)
{
    const road_graph *g = &b->graph;
    b->arcs = room_raw(g->n_arcs + 1, sizeof *b->arcs);
    b->next_state = room_raw(g->n_nexts, sizeof *b->next_state);
    b->next_cost = room_raw(g->n_nexts, sizeof *b->next_cost);
    if (!b->arcs || !b->next_state || !b->next_cost)
        return CR_E_NOMEM;
    for (size_t a = 0; a < g->n_arcs; a++) {
        const road_arc *arc = &g->arcs[a];
        b->arcs[a] = (roads_arc){arc->cost, arc->segment * 2 + arc->is_backward, arc->state, arc->next_copy,
                                 (uint32_t)arc->first_next};
    }
    b->arcs[g->n_arcs] = (roads_arc){0, 0, 0, NO_ARC, (uint32_t)g->n_nexts};
    for (size_t i = 0; i < g->n_nexts; i++) {
        b->next_state[i] = g->nexts[i].state;
        b->next_cost[i] = g->nexts[i].cost;
    }
    return CR_OK;
}

static cr_status build_mode(const road_import *import, const road_net *net, int mode, built_mode *b)
{
    cr_status st = road_graph_make(import, net, mode, &b->graph);
    if (!st)
        st = order_states(net, &b->graph);
    if (!st)
        st = road_hierarchy_make(&b->graph, &b->hierarchy);
    if (!st)
        st = flatten(b);
    free(b->graph.nexts); /* the largest part, and not needed any more */
    b->graph.nexts = NULL;
    return st;
}

static void count_mode(const built_mode *b, int mode, cr_roads_counts *counts)
{
    counts->n_dropped[mode] = (int64_t)b->graph.n_dropped;
    counts->n_arcs[mode] = (int64_t)(b->graph.n_arcs + b->graph.n_dropped);
    counts->n_states[mode] = (int64_t)b->graph.n_states;
    counts->n_turns[mode] = (int64_t)b->graph.n_nexts;
    counts->n_up[mode] = (int64_t)b->hierarchy.n_up;
    counts->n_down[mode] = (int64_t)b->hierarchy.n_down;
    if ((int64_t)b->graph.n_unused > counts->n_unused)
        counts->n_unused = (int64_t)b->graph.n_unused;
}

/* ---- the file ---- */

static void view_mode(const built_mode *b, struct cr_roads *view, int mode)
{
    const road_hierarchy *h = &b->hierarchy;
    view->header.modes[mode] =
        (roads_mode_counts){b->graph.n_arcs, b->graph.n_nexts, b->graph.n_states, h->n_up, h->n_down};
    view->modes[mode] = (roads_mode_view){b->graph.arc_of, b->arcs,       b->next_state, b->next_cost, h->up_first,
                                          h->up_head,      h->down_first, h->down_tail,  h->up_cost,   h->down_cost};
}

static bool put_padding(FILE *file, uint64_t *hash, uint64_t *at, uint64_t to)
{
    static const char zeros[ROADS_ALIGN];
    size_t n = (size_t)(to - *at);
    if (file && n && fwrite(zeros, n, 1, file) != 1)
        return false;
    *hash = whole_file_hash(*hash, zeros, n);
    *at = to;
    return true;
}

/* All after the header, to a file or only into the hash. Sections are padded to 8 bytes so that the hash of the parts
 * is the hash of the whole. */
static bool put_sections(struct cr_roads *view, FILE *file, uint64_t *hash)
{
    roads_section sections[ROADS_SECTIONS_MOST];
    uint64_t bytes, at = sizeof view->header;
    int n = roads_sections(view, sections, &bytes);
    for (int i = 0; i < n; i++) {
        size_t size = (size_t)(sections[i].n * sections[i].item_bytes), whole = size / 8 * 8;
        const char *from = *sections[i].at;
        if (!put_padding(file, hash, &at, sections[i].offset) || (file && size && fwrite(from, size, 1, file) != 1))
            return false;
        *hash = whole_file_hash(*hash, from, whole);
        at += size;
        if (size > whole) { /* an odd number of four-byte items: the word is completed by the padding */
            uint64_t word = 0;
            memcpy(&word, from + whole, size - whole);
            *hash = whole_file_hash(*hash, &word, sizeof word);
            static const char zeros[8];
            if (file && fwrite(zeros, 8 - (size - whole), 1, file) != 1)
                return false;
            at += 8 - (size - whole);
        }
    }
    return true;
}

static bool write_view(FILE *file, void *user)
{
    struct cr_roads *view = user;
    return fwrite(&view->header, sizeof view->header, 1, file) == 1 && put_sections(view, file, &(uint64_t){0});
}

static cr_status write_file(struct cr_roads *view, const char *path, char *message, size_t size)
{
    roads_header *h = &view->header;
    roads_section sections[ROADS_SECTIONS_MOST];
    memcpy(h->magic, ROADS_MAGIC, sizeof h->magic);
    h->version = ROADS_VERSION;
    h->byte_order = ROADS_BYTE_ORDER;
    (void)roads_sections(view, sections, &h->file_bytes);
    h->file_bytes = (h->file_bytes + 7) / 8 * 8;
    uint64_t hash = roads_checksum(h, "", 0);
    (void)put_sections(view, NULL, &hash);
    h->checksum = hash;
    return whole_file_write(path, write_view, view, message, size);
}

/* ---- all of it ---- */

typedef struct building {
    road_import import;
    road_net net;
    built_mode modes[CR_ROAD_MODES];
    roads_segment *segments;
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
    counts->n_segments = (int64_t)b->net.n_segments;
    counts->road_km = b->net.road_km;
    counts->drive_on_left = b->net.drive_on_left;
    counts->timestamp_s = m->timestamp_s;
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
    struct cr_roads view = {.header = {.timestamp_s = b->import.timestamp_s,
                                       .n_segments = b->net.n_segments,
                                       .n_points = b->net.n_points,
                                       .n_boxes = snap_tree_n_boxes(b->net.n_segments),
                                       .walk_kmh = o->walk_kmh}};
    for (int mode = 0; !st && mode < CR_ROAD_MODES; mode++) {
        if (!o->wants[mode])
            continue;
        st = build_mode(&b->import, &b->net, mode, &b->modes[mode]);
        if (!st && b->modes[mode].graph.n_arcs > 0) /* a map of footpaths has nothing for cars */
            view_mode(&b->modes[mode], &view, mode);
        count_mode(&b->modes[mode], mode, counts);
    }
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
    st = write_file(&view, roads_path, message, size);
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
