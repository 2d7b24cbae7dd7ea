/* Small maps, and a search that knows nothing of hierarchies. */
#include "tiny_map.h"

#include "road_table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define M_PER_DEGREE_EAST  111319.49079327357 /* on the equator, WGS 84 */
#define M_PER_DEGREE_NORTH 110574.38855779878

static void set_plain_speeds(cr_roads_options *o)
{
    *o = (cr_roads_options){.wants = {true, true, true}, .walk_kmh = 3.6, .side_given = true, .drive_on_left = true};
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        cr_road_speeds *speeds = &o->speeds[mode];
        *speeds = (cr_road_speeds){.opened_kmh = 36, .narrow_factor = 1, .turn_bias = 1};
        for (int c = 0; c < CR_ROAD_CLASSES; c++)
            speeds->kmh[c] = 36;
    }
    for (int c = CR_ROAD_PEDESTRIAN; c <= CR_ROAD_STEPS; c++)
        o->speeds[CR_ROAD_CAR].kmh[c] = 0;
    o->speeds[CR_ROAD_BICYCLE].kmh[CR_ROAD_FOOTWAY] = o->speeds[CR_ROAD_BICYCLE].kmh[CR_ROAD_STEPS] = 0;
    o->speeds[CR_ROAD_FOOT].kmh[CR_ROAD_MOTORWAY] = o->speeds[CR_ROAD_BICYCLE].kmh[CR_ROAD_MOTORWAY] = 0;
}

int tiny_new(void **state)
{
    tiny_map *map = calloc(1, sizeof *map);
    if (!map)
        return -1;
    snprintf(map->folder, sizeof map->folder, "/tmp/careround-map-XXXXXX");
    if (!mkdtemp(map->folder))
        return -1;
    snprintf(map->osm, sizeof map->osm, "%s/map.osm", map->folder);
    snprintf(map->roads_path, sizeof map->roads_path, "%s/map.roads", map->folder);
    map->out = fopen(map->osm, "w");
    if (!map->out)
        return -1;
    fputs("<?xml version='1.0'?>\n<osm version='0.6'>\n", map->out);
    set_plain_speeds(&map->options);
    map->period = CR_NONE;
    *state = map;
    return 0;
}

int tiny_free(void **state)
{
    tiny_map *map = *state;
    if (map->out)
        fclose(map->out);
    cr_roads_free(map->roads);
    unlink(map->osm);
    unlink(map->roads_path);
    rmdir(map->folder);
    free(map);
    return 0;
}

/* ---- drawing ---- */

/* Words "key=value" one after the other; false at the end. */
static bool next_pair(const char **text, char key[40], char value[60])
{
    int n = 0;
    if (sscanf(*text, " %39[^= ]=%59s%n", key, value, &n) != 2)
        return false;
    *text += n;
    return true;
}

static void put_tags(FILE *out, const char *tags)
{
    char key[40], value[60];
    while (next_pair(&tags, key, value))
        fprintf(out, "<tag k='%s' v='%s'/>", key, value);
}

/* In whole numbers, for the decimal point of a printed double is a comma in half of Europe. */
static void put_degrees(FILE *out, const char *name, double degrees)
{
    long long tenths_of_a_micro = llround(fabs(degrees) * 1e7);
    fprintf(out, " %s='%s%lld.%07lld'", name, degrees < 0 ? "-" : "", tenths_of_a_micro / 10000000,
            tenths_of_a_micro % 10000000);
}

void tiny_node(tiny_map *map, int id, double east_m, double north_m, const char *tags)
{
    fprintf(map->out, "<node id='%d'", id);
    put_degrees(map->out, "lat", north_m / M_PER_DEGREE_NORTH);
    put_degrees(map->out, "lon", east_m / M_PER_DEGREE_EAST);
    fputs(">", map->out);
    put_tags(map->out, tags);
    fputs("</node>\n", map->out);
}

void tiny_way(tiny_map *map, int id, const char *refs, const char *tags)
{
    int n, ref;
    fprintf(map->out, "<way id='%d'>", id);
    for (; sscanf(refs, " %d%n", &ref, &n) == 1; refs += n)
        fprintf(map->out, "<nd ref='%d'/>", ref);
    put_tags(map->out, tags);
    fputs("</way>\n", map->out);
}

void tiny_relation(tiny_map *map, int id, const char *members, const char *tags)
{
    char role[40], ref[60];
    fprintf(map->out, "<relation id='%d'>", id);
    while (next_pair(&members, role, ref))
        fprintf(map->out, "<member type='%s' ref='%s' role='%s'/>", *ref == 'w' ? "way" : "node", ref + 1, role);
    put_tags(map->out, tags);
    fputs("</relation>\n", map->out);
}

void tiny_build(tiny_map *map)
{
    fputs("</osm>\n", map->out);
    fclose(map->out);
    map->out = NULL;
    cr_status st =
        cr_roads_build(map->osm, map->roads_path, &map->options, &map->counts, map->message, sizeof map->message);
    if (st)
        fail_msg("build: status %d: %s", st, map->message);
    st = cr_roads_open(map->roads_path, &map->roads, map->message, sizeof map->message);
    if (st)
        fail_msg("open: status %d: %s", st, map->message);
}

void tiny_add_period(tiny_map *map, int mode, const char *name, int from_h, double time_factor)
{
    cr_road_speeds *speeds = &map->options.speeds[mode];
    assert_true(speeds->n_periods < CR_ROAD_PERIODS_MOST);
    cr_road_period *period = &speeds->periods[speeds->n_periods];
    *period = (cr_road_period){.from_s = from_h * 3600, .weekend = speeds->n_periods++};
    snprintf(period->name, sizeof period->name, "%s", name);
    for (int c = 0; c < CR_ROAD_CLASSES; c++)
        for (int area = 0; area < CR_ROAD_AREAS; area++)
            period->time_factor[c][area] = time_factor;
}

/* ---- ways ---- */

cr_place tiny_place(double east_m, double north_m)
{
    return (cr_place){north_m / M_PER_DEGREE_NORTH, east_m / M_PER_DEGREE_EAST, -1, CR_PLACE_ROOFTOP};
}

static void ask(const tiny_map *map, int mode, tiny_xy from, tiny_xy to, int32_t *ret_time_s, int32_t *ret_dist_m)
{
    cr_road_table_options options = {map->period, 1, NULL, NULL};
    cr_place places[2] = {tiny_place(from.east_m, from.north_m), tiny_place(to.east_m, to.north_m)};
    cr_road_snap snaps[2];
    cr_roads_snap(map->roads, mode, places, 2, snaps);
    assert_int_equal(cr_roads_table(map->roads, mode, &snaps[0], 1, &snaps[1], 1, &options, ret_time_s, ret_dist_m),
                     CR_OK);
    assert_as_plain_search(map->roads, mode, places, 2);
}

int32_t tiny_time_s(const tiny_map *map, int mode, tiny_xy from, tiny_xy to)
{
    int32_t time_s, dist_m;
    ask(map, mode, from, to, &time_s, &dist_m);
    return time_s;
}

int32_t tiny_dist_m(const tiny_map *map, int mode, tiny_xy from, tiny_xy to)
{
    int32_t time_s, dist_m;
    ask(map, mode, from, to, &time_s, &dist_m);
    return dist_m;
}

/* ---- the plain search: Dijkstra 1959 on the states and turns of the file, with a binary heap ---- */

typedef struct plain_search {
    roads_look look;
    uint32_t *first_arc, *arcs; /* of each state */
    road_cost *cost;
    struct {
        road_cost cost;
        uint32_t state;
    } * heap;
    size_t n_heap, room;
} plain_search;

static void push(plain_search *p, road_cost cost, uint32_t state)
{
    assert_true(room_for(&p->heap, &p->room, p->n_heap + 1, sizeof *p->heap));
    size_t i = p->n_heap++;
    for (; i > 0 && p->heap[(i - 1) / 2].cost > cost; i = (i - 1) / 2)
        p->heap[i] = p->heap[(i - 1) / 2];
    p->heap[i].cost = cost;
    p->heap[i].state = state;
}

static void pop(plain_search *p, road_cost *ret_cost, uint32_t *ret_state)
{
    *ret_cost = p->heap[0].cost;
    *ret_state = p->heap[0].state;
    size_t i = 0, last = --p->n_heap;
    for (size_t child; (child = 2 * i + 1) < last; i = child) {
        child += child + 1 < last && p->heap[child + 1].cost < p->heap[child].cost;
        if (p->heap[child].cost >= p->heap[last].cost)
            break;
        p->heap[i] = p->heap[child];
    }
    p->heap[i] = p->heap[last];
}

static void reach(void *user, uint32_t state, road_cost cost)
{
    plain_search *p = user;
    if (cost < p->cost[state]) {
        p->cost[state] = cost;
        push(p, cost, state);
    }
}

static void plain_search_new(plain_search *p, roads_look look)
{
    const roads_look *c = &look;
    *p = (plain_search){.look = look};
    p->cost = room_raw(c->n_states, sizeof *p->cost);
    p->first_arc = room_zeroed((size_t)c->n_states + 2, sizeof *p->first_arc);
    p->arcs = room_raw(c->n_arcs, sizeof *p->arcs);
    assert_true(p->cost && p->first_arc && p->arcs);
    for (uint32_t a = 0; a < c->n_arcs; a++)
        p->first_arc[p->look.mode->arcs[a].state + 2]++;
    for (uint32_t v = 0; v < c->n_states; v++)
        p->first_arc[v + 2] += p->first_arc[v + 1];
    for (uint32_t a = 0; a < c->n_arcs; a++)
        p->arcs[p->first_arc[p->look.mode->arcs[a].state + 1]++] = a;
}

static void plain_search_done(plain_search *p)
{
    free(p->first_arc);
    free(p->arcs);
    free(p->cost);
    free(p->heap);
}

static void search_from(plain_search *p, const cr_road_snap *from)
{
    for (uint32_t v = 0; v < p->look.n_states; v++)
        p->cost[v] = COST_NO_WAY;
    table_each_start(&p->look, from, reach, p);
    while (p->n_heap > 0) {
        road_cost cost;
        uint32_t v;
        pop(p, &cost, &v);
        for (uint32_t i = p->first_arc[v]; cost == p->cost[v] && i < p->first_arc[v + 1]; i++) {
            const roads_arc *arc = &p->look.mode->arcs[p->arcs[i]];
            for (uint32_t next = arc[0].first_next; next < arc[1].first_next; next++)
                reach(p, p->look.mode->next_state[next],
                      cost + look_arc_cost(&p->look, arc) + look_turn_cost(&p->look, next));
        }
    }
}

static road_cost found_cost(const plain_search *p, const cr_road_snap *from, const cr_road_snap *to)
{
    road_end ends[128];
    road_cost best = from->segment == CR_NONE ? COST_NO_WAY : table_direct_cost(&p->look, from, to);
    int n = table_list_ends(&p->look, to, ends, 128);
    for (int i = 0; i < n; i++)
        if (p->cost[ends[i].state] + ends[i].cost < best)
            best = p->cost[ends[i].state] + ends[i].cost;
    return best;
}

/* Says by hand what sweep_decode() says in vectors. */
static void assert_cell(road_cost cost, int32_t walk_ds, int32_t time_s, int32_t dist_m)
{
    if (cost >= COST_NO_WAY) {
        assert_int_equal(time_s, CR_NO_WAY);
        assert_int_equal(dist_m, CR_NO_WAY);
        return;
    }
    assert_int_equal(time_s, ((int32_t)cost_ds(cost) + walk_ds + 9) / 10);
    assert_int_equal(dist_m, (cost_dm(cost) + 5) / 10);
}

static void assert_period(roads_look look, int mode, int32_t period, const cr_road_snap *snaps, int32_t n)
{
    int32_t *time_s = room_raw((size_t)n * (size_t)n, sizeof *time_s), *dist_m = room_raw((size_t)n * (size_t)n, 4);
    /* Every width of vectors in turn: they have the same answer. */
    cr_road_table_options options = {period, 2, NULL, NULL, 128 << (mode + period + 1) % 3};
    plain_search p;
    assert_true(time_s && dist_m);
    assert_int_equal(cr_roads_table(look.roads, mode, snaps, n, snaps, n, &options, time_s, dist_m), CR_OK);
    plain_search_new(&p, look);
    for (int32_t i = 0; i < n; i++) {
        search_from(&p, &snaps[i]);
        for (int32_t j = 0; j < n; j++)
            assert_cell(found_cost(&p, &snaps[i], &snaps[j]),
                        table_walk_ds(look.roads, &snaps[i]) + table_walk_ds(look.roads, &snaps[j]), time_s[i * n + j],
                        dist_m[i * n + j]);
    }
    plain_search_done(&p);
    free(time_s);
    free(dist_m);
}

void assert_as_plain_search(const cr_roads *roads, int mode, const cr_place *places, int32_t n)
{
    cr_road_snap *snaps = room_raw((size_t)n, sizeof *snaps);
    assert_true(snaps);
    cr_roads_snap(roads, mode, places, n, snaps);
    for (int32_t period = CR_NONE; period < cr_roads_n_periods(roads, mode); period++)
        assert_period(roads_look_at(roads, mode, period), mode, period, snaps, n);
    free(snaps);
}
