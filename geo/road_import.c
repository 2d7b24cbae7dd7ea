/* Reading an extract in two passes: ways and restrictions first, then only the nodes that they need.
 *
 * Memory goes with the roads, not with the extract. Ids reach beyond 10^10, so they are sorted and searched for;
 * objects may come in any order, and nodes may be missing.
 */
#include "road_build.h"
#include "road_polygon.h"

#include <stdio.h>

/* ---- first pass ---- */

static void note_kinds(road_import *m, uint32_t kinds)
{
    for (int kind = 0; kinds && kind < CR_HOURS_KINDS; kind++)
        m->n_unfollowed[kind] += kinds >> kind & 1;
}

static bool has_hours(const way_use *use)
{
    for (int mode = 0; mode < CR_ROAD_MODES; mode++)
        if (use->hours[mode][0] || use->hours[mode][1])
            return true;
    return false;
}

static cr_status on_way(void *user, int64_t id, const int64_t *refs, int32_t n_refs, osm_tags tags)
{
    road_import *m = user;
    way_use use;
    uint32_t kinds = 0;
    if (n_refs < 2 || !tags_use_way(m->options, tags, &m->hours, &use, &kinds))
        return CR_OK;
    note_kinds(m, kinds);
    m->n_timed_ways += has_hours(&use);
    if (m->hours.lacks_memory || !room_for(&m->ways, &m->ways_room, m->n_ways + 1, sizeof *m->ways) ||
        !room_for(&m->refs, &m->refs_room, m->n_refs + (size_t)n_refs, sizeof *m->refs))
        return CR_E_NOMEM;
    m->ways[m->n_ways++] = (import_way){id, m->n_refs, (uint32_t)n_refs, use};
    memcpy(m->refs + m->n_refs, refs, (size_t)n_refs * sizeof *refs);
    m->n_refs += (size_t)n_refs;
    return CR_OK;
}

/* The ids of the members with a role and kind, into the pool. */
static cr_status pool_members(road_import *m, const osm_member *members, int32_t n, const char *role, osm_kind kind,
                              size_t *ret_first, uint32_t *ret_n)
{
    *ret_first = m->n_pool;
    for (int32_t i = 0; i < n; i++) {
        if (members[i].kind != kind || strcmp(members[i].role, role) != 0)
            continue;
        if (!room_for(&m->pool, &m->pool_room, m->n_pool + 1, sizeof *m->pool))
            return CR_E_NOMEM;
        m->pool[m->n_pool++] = members[i].ref;
    }
    *ret_n = (uint32_t)(m->n_pool - *ret_first);
    return CR_OK;
}

static cr_status add_restrictions(road_import *m, import_restriction r, const osm_member *members, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (members[i].kind != OSM_WAY || strcmp(members[i].role, "from") != 0)
            continue;
        if (!room_for(&m->restrictions, &m->restrictions_room, m->n_restrictions + 1, sizeof r))
            return CR_E_NOMEM;
        r.from_way = members[i].ref;
        m->restrictions[m->n_restrictions++] = r;
    }
    return CR_OK;
}

static cr_status on_relation(void *user, int64_t id, const osm_member *members, int32_t n, osm_tags tags)
{
    road_import *m = user;
    import_restriction r = {.via_node = 0};
    uint32_t kinds = 0;
    bool is_ban = tags_use_restriction(tags, &m->hours, &r.ban, &kinds), has_ban_hours = false;
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        if (!m->options->wants[mode])
            r.ban.modes &= (uint8_t) ~(1 << mode);
        has_ban_hours = has_ban_hours || (r.ban.modes >> mode & 1 && r.ban.hours[mode]);
    }
    note_kinds(m, kinds);
    if (!is_ban || !r.ban.modes || m->hours.lacks_memory)
        return m->hours.lacks_memory ? CR_E_NOMEM : CR_OK;
    m->n_timed_turns += has_ban_hours;
    size_t first_node;
    uint32_t n_nodes;
    cr_status st = pool_members(m, members, n, "via", OSM_NODE, &first_node, &n_nodes);
    if (!st)
        st = pool_members(m, members, n, "via", OSM_WAY, &r.first_via, &r.n_via);
    if (!st)
        st = pool_members(m, members, n, "to", OSM_WAY, &r.first_to, &r.n_to);
    if (st || !r.n_to || n_nodes + r.n_via == 0 || n_nodes > 1) /* incomplete, or more than we can read out of it */
        return st;
    r.via_node = n_nodes ? m->pool[first_node] : 0;
    return add_restrictions(m, r, members, n);
}

/* ---- ids ---- */

/* By digits of 11 bits from the right, passing over those that are all the same. */
static bool sort_ids(int64_t *ids, size_t n)
{
    enum { DIGIT = 11, VALUES = 1 << DIGIT };
    uint64_t *from = (uint64_t *)ids, *to = room_raw(n, sizeof *to), *spare = to;
    size_t *count = room_raw(VALUES, sizeof *count);
    for (int shift = 0; from && to && count && shift < 64; shift += DIGIT) {
        memset(count, 0, VALUES * sizeof *count);
        for (size_t i = 0; i < n; i++)
            count[from[i] >> shift & (VALUES - 1)]++;
        if (n == 0 || count[from[0] >> shift & (VALUES - 1)] == n)
            continue;
        for (size_t v = 0, sum = 0; v < VALUES; v++) {
            size_t here = count[v];
            count[v] = sum;
            sum += here;
        }
        for (size_t i = 0; i < n; i++)
            to[count[from[i] >> shift & (VALUES - 1)]++] = from[i];
        uint64_t *other = from;
        from = to;
        to = other;
    }
    bool ok = spare && count;
    if (ok && from != (uint64_t *)ids)
        memcpy(ids, from, n * sizeof *ids);
    free(spare);
    free(count);
    return ok;
}

static cr_status list_nodes(road_import *m)
{
    m->node_ids = room_raw(m->n_refs, sizeof *m->node_ids);
    if (!m->node_ids)
        return CR_E_NOMEM;
    if (m->n_refs)
        memcpy(m->node_ids, m->refs, m->n_refs * sizeof *m->refs);
    if (!sort_ids(m->node_ids, m->n_refs))
        return CR_E_NOMEM;
    for (size_t i = 0; i < m->n_refs; i++)
        if (i == 0 || m->node_ids[i] != m->node_ids[i - 1])
            m->node_ids[m->n_nodes++] = m->node_ids[i];
    m->nodes = room_zeroed(m->n_nodes, sizeof *m->nodes);
    return m->nodes ? CR_OK : CR_E_NOMEM;
}

/* Where the id stands, or NODE_MISSING. Most files have their nodes in order, so the next is mostly the one. */
static uint32_t find_node(road_import *m, int64_t id)
{
    size_t low = 0, high = m->n_nodes, hint = m->hint;
    if (hint < high) {
        if (m->node_ids[hint] >= id)
            high = hint + 1;
        if (hint > 0 && m->node_ids[hint - 1] < id)
            low = hint;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->node_ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < m->n_nodes && m->node_ids[low] == id;
    m->hint = low + found;
    return found ? (uint32_t)low : NODE_MISSING;
}

/* ---- second pass ---- */

static bool is_inside(const road_import *m, int32_t lat_e7, int32_t lon_e7)
{
    const cr_roads_options *o = m->options;
    double lat = lat_e7 * 1e-7, lon = lon_e7 * 1e-7;
    bool in_box = !o->has_box || (lat >= o->box.south_deg && lat <= o->box.north_deg && lon >= o->box.west_deg &&
                                  lon <= o->box.east_deg);
    return in_box && (!m->polygon || road_polygon_has(m->polygon, lat, lon));
}

static cr_status on_node(void *user, int64_t id, int32_t lat_e7, int32_t lon_e7, osm_tags tags)
{
    road_import *m = user;
    uint32_t at = find_node(m, id);
    if (at == NODE_MISSING || !is_inside(m, lat_e7, lon_e7))
        return CR_OK;
    import_node *node = &m->nodes[at];
    uint32_t kinds = 0;
    *node = (import_node){lat_e7, lon_e7, tags.n ? tags_use_node(tags, &kinds) : 0, true, node->is_junction};
    note_kinds(m, kinds);
    return CR_OK;
}

static int by_id(const void *a, const void *b)
{
    const import_way *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id ? 1 : x->first_ref < y->first_ref ? -1 : x->first_ref > y->first_ref;
}

/* Ids become places; the ids of a file of millions of roads need not stay. */
static cr_status place_refs(road_import *m)
{
    m->at = room_raw(m->n_refs, sizeof *m->at);
    if (!m->at)
        return CR_E_NOMEM;
    for (size_t i = 0; i < m->n_refs; i++)
        m->at[i] = find_node(m, m->refs[i]);
    free(m->refs);
    m->refs = NULL;
    qsort(m->ways, m->n_ways, sizeof *m->ways, by_id);
    for (size_t r = 0; r < m->n_restrictions; r++) {
        import_restriction *restriction = &m->restrictions[r];
        uint32_t via = restriction->n_via ? NODE_MISSING : find_node(m, restriction->via_node);
        if (via != NODE_MISSING)
            m->nodes[via].is_junction = true;
        restriction->via_node = via; /* from here on a place */
    }
    free(m->node_ids);
    m->node_ids = NULL;
    return CR_OK;
}

cr_status road_import_read(const char *path, const cr_roads_options *options, road_import *ret_import, char *message,
                           size_t size)
{
    road_import m = {.options = options};
    osm_sink first = {.way = on_way, .relation = on_relation, .user = &m}, second = {.node = on_node, .user = &m};
    (void)road_hours_number(&m.hours, &(road_hours){{0}}); /* the first of the list: never */
    cr_status st = m.hours.lacks_memory ? CR_E_NOMEM : CR_OK;
    if (!st)
        st = options->polygon.n_rings ? road_polygon_new(&options->polygon, &m.polygon) : CR_OK;
    if (!st)
        st = osm_read_file(path, &first, message, size);
    m.timestamp_s = first.timestamp_s;
    if (!st && m.n_ways == 0) {
        snprintf(message, size, "%s: has no road for the modes wanted", path);
        st = CR_E_INPUT;
    }
    if (!st && m.n_refs >= NODE_MISSING / 4) {
        snprintf(message, size, "%s: has more roads than a .roads file can hold; cut it with --bbox or --polygon",
                 path);
        st = CR_E_INPUT;
    }
    if (!st)
        st = list_nodes(&m);
    if (!st)
        st = osm_read_file(path, &second, message, size);
    if (!st)
        st = place_refs(&m);
    if (st)
        road_import_done(&m);
    else
        *ret_import = m;
    return st;
}

void road_import_forget_nodes(road_import *m)
{
    free(m->at);
    free(m->nodes);
    m->at = NULL;
    m->nodes = NULL;
}

void road_import_done(road_import *m)
{
    free(m->ways);
    free(m->refs);
    free(m->at);
    free(m->node_ids);
    free(m->nodes);
    free(m->restrictions);
    free(m->pool);
    road_hours_list_done(&m->hours);
    road_polygon_free(m->polygon);
    memset(m, 0, sizeof *m);
}
