/* The fast table and a plain search of the same graph: the same second and the same metre, on random maps and real
 * ones.
 */
#include "tiny_map.h"

#include "shared_data.h"

#include <string.h>

/* Reproducible, and the same everywhere. */
typedef struct dice {
    uint64_t state;
} dice;

static uint32_t roll(dice *d, uint32_t n)
{
    d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(d->state >> 33) % n;
}

/* ---- random maps: a grid of streets with everything that can happen to one ---- */

static const char *random_tags(dice *d)
{
    static const char *const tags[] = {
        "highway=residential",
        "highway=residential",
        "highway=primary",
        "highway=tertiary oneway=yes",
        "highway=service access=private",
        "highway=residential oneway=-1",
        "highway=unclassified maxspeed=20mph",
        "highway=footway",
        "highway=residential access=destination",
        "highway=cycleway",
        "highway=track tracktype=grade4",
        "highway=residential junction=roundabout",
        "highway=residential motor_vehicle:conditional=no@(07:00-09:00)",
        "highway=primary access=no access:conditional=yes@(18:00-07:00)",
        "highway=residential access=private motor_vehicle:conditional=yes@(19:00-07:00)",
        "highway=tertiary oneway:conditional=yes@(Mo-Fr06:00-16:00)",
    };
    return tags[roll(d, sizeof tags / sizeof *tags)];
}

static void draw_nodes(tiny_map *map, dice *d, int side)
{
    static const char *const tags[] = {"highway=traffic_signals", "barrier=gate", "barrier=bollard", "barrier=stile"};
    for (int i = 0; i < side * side; i++)
        tiny_node(map, i + 1, i % side * 100 + roll(d, 60), i / side * 100 + roll(d, 60),
                  roll(d, 12) ? "" : tags[roll(d, 4)]);
}

static void draw_streets(tiny_map *map, dice *d, int side, int *ret_n_ways)
{
    char refs[32];
    int n = 0;
    for (int i = 0; i < side * side; i++) {
        for (int up = 0; up < 2; up++) {
            int other = up ? i + side : i + 1;
            if ((up ? i / side : i % side) == side - 1 || roll(d, 10) == 0)
                continue;
            snprintf(refs, sizeof refs, "%d %d", roll(d, 2) ? i + 1 : other + 1, roll(d, 2) ? i + 1 : other + 1);
            if (refs[0] == refs[2] && !strchr(refs + 2, ' '))
                snprintf(refs, sizeof refs, "%d %d", i + 1, other + 1);
            tiny_way(map, 1000 + n++, refs, random_tags(d));
        }
    }
    *ret_n_ways = n;
}

/* From one way over a node, or over another way, to a third; most fit no road, as in real life. */
static void draw_restrictions(tiny_map *map, dice *d, int side, int n_ways)
{
    static const char *const kinds[] = {"type=restriction restriction=no_left_turn",
                                        "type=restriction restriction=only_straight_on",
                                        "type=restriction restriction=no_right_turn except=bicycle",
                                        "type=restriction restriction:conditional=no_left_turn@(07:00-19:00)",
                                        "type=restriction restriction:conditional=only_straight_on@(19:00-07:00)"};
    char members[80];
    for (int i = 0; i < n_ways * 4; i++) {
        uint32_t from = roll(d, (uint32_t)n_ways), near = from + 1 + roll(d, 3);
        if (roll(d, 2))
            snprintf(members, sizeof members, "from=w%u via=n%u to=w%u", 1000 + from,
                     1 + from / 2 % (uint32_t)(side * side) + roll(d, 3), 1000 + near);
        else
            snprintf(members, sizeof members, "from=w%u via=w%u to=w%u", 1000 + from, 1000 + near, 1000 + near + 1);
        tiny_relation(map, 5000 + i, members, kinds[roll(d, 5)]);
    }
}

static void random_speeds(tiny_map *map)
{
    for (int mode = 0; mode < CR_ROAD_FOOT; mode++) {
        map->options.speeds[mode].turn_s = 7.5;
        map->options.speeds[mode].turn_bias = 1.1;
        map->options.speeds[mode].u_turn_s = 20;
        map->options.speeds[mode].signal_s = 2;
        map->options.speeds[mode].gate_s = 10;
        map->options.speeds[mode].of_limit = 0.8;
    }
}

static void random_periods(tiny_map *map, dice *d)
{
    int n = (int)roll(d, 3);
    for (int k = 0; k < n; k++) {
        tiny_add_period(map, CR_ROAD_CAR, k ? "evening" : "morning", 7 + 12 * k, 1);
        for (int c = 0; c < CR_ROAD_CLASSES; c++)
            for (int area = 0; area < CR_ROAD_AREAS; area++)
                map->options.speeds[CR_ROAD_CAR].periods[k].time_factor[c][area] = 0.5 + roll(d, 200) / 100.0;
    }
}

static void test_random_maps(void **state)
{
    const char *runs = getenv("CAREROUND_PROPERTY_RUNS");
    int n_maps = runs ? atoi(runs) / 20 : 30;
    (void)state;
    for (int seed = 1; seed <= n_maps; seed++) {
        dice d = {(uint64_t)seed};
        void *made;
        assert_int_equal(tiny_new(&made), 0);
        tiny_map *map = made;
        int side = 3 + (int)roll(&d, 8), n_ways;
        cr_place places[40];
        random_speeds(map);
        random_periods(map, &d);
        draw_nodes(map, &d, side);
        draw_streets(map, &d, side, &n_ways);
        draw_restrictions(map, &d, side, n_ways);
        tiny_build(map);
        for (int i = 0; i < 40; i++)
            places[i] = tiny_place(roll(&d, 120 * (uint32_t)side), roll(&d, 120 * (uint32_t)side));
        places[7] = places[8];
        fprintf(stderr, "random map of seed %d: %ld ways, %ld restrictions, %ld of them fit\n", seed,
                (long)map->counts.n_ways, (long)map->counts.n_restrictions,
                (long)(map->counts.n_restrictions - map->counts.n_unused));
        for (int mode = 0; mode < CR_ROAD_MODES; mode++)
            if (cr_roads_has_mode(map->roads, mode))
                assert_as_plain_search(map->roads, mode, places, 40);
        tiny_free(&made);
    }
}

static char *read_bytes(const char *path, size_t *ret_n)
{
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    assert_int_equal(fseek(in, 0, SEEK_END), 0);
    *ret_n = (size_t)ftell(in);
    rewind(in);
    char *bytes = malloc(*ret_n);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *ret_n, in), *ret_n);
    fclose(in);
    return bytes;
}

/* 2,500 junctions are cut apart by one thread, by three, and by more than there are cores. */
static void test_threads_write_the_same_file(void **state)
{
    (void)state;
    void *made;
    dice d = {99};
    int n_ways;
    size_t n, n_again;
    assert_int_equal(tiny_new(&made), 0);
    tiny_map *map = made;
    random_speeds(map);
    draw_nodes(map, &d, 50);
    draw_streets(map, &d, 50, &n_ways);
    draw_restrictions(map, &d, 50, 200);
    tiny_build(map);
    char *bytes = read_bytes(map->roads_path, &n);
    for (int32_t n_threads = 3; n_threads <= 16; n_threads += 13) {
        map->options.n_threads = n_threads;
        assert_int_equal(
            cr_roads_build(map->osm, map->roads_path, &map->options, &map->counts, map->message, sizeof map->message),
            CR_OK);
        char *again = read_bytes(map->roads_path, &n_again);
        assert_int_equal(n, n_again);
        assert_memory_equal(bytes, again, n);
        free(again);
    }
    free(bytes);
    tiny_free(&made);
}

/* ---- real maps ---- */

/* 100 x 100 places anywhere on the map, and a little beside it. */
static void compare_real_map(const char *name)
{
    char path[512];
    void *made;
    shared_file(name, path, sizeof path); /* or skip, before there is anything to free */
    assert_int_equal(tiny_new(&made), 0);
    tiny_map *map = made;
    random_speeds(map);
    map->options.side_given = false;
    map->options.n_threads = 2;
    if (!strstr(name, ".pbf")) /* one more table is enough */
        tiny_add_period(map, CR_ROAD_CAR, "peak", 7, 1.37);
    assert_int_equal(
        cr_roads_build(path, map->roads_path, &map->options, &map->counts, map->message, sizeof map->message), CR_OK);
    assert_int_equal(cr_roads_open(map->roads_path, &map->roads, map->message, sizeof map->message), CR_OK);
    dice d = {7};
    enum { N = 100 };
    cr_place places[N];
    cr_road_snap snaps[N];
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        cr_place middle = {0, 0, -1, CR_PLACE_ROOFTOP};
        cr_roads_snap(map->roads, mode, &middle, 1, snaps); /* anywhere on it */
        for (int i = 0; i < N; i++)
            places[i] = (cr_place){snaps[0].lat_deg + (roll(&d, 20001) - 10000.0) * 1e-5,
                                   snaps[0].lon_deg + (roll(&d, 20001) - 10000.0) * 1e-5, -1, CR_PLACE_ROOFTOP};
        assert_as_plain_search(map->roads, mode, places, N);
    }
    tiny_free(&made);
}

static void test_oxford(void **state)
{
    (void)state;
    compare_real_map("geo/osm/oxford-centre-2015.osm");
}

static void test_newport(void **state)
{
    (void)state;
    compare_real_map("geo/osm/newport-wales-2023.osm.pbf");
}

static void test_rutland(void **state)
{
    (void)state;
    compare_real_map("geo/osm/rutland-2022.osm.pbf");
}

static void test_porto(void **state)
{
    (void)state;
    if (!getenv("CAREROUND_PROPERTY_RUNS")) /* a minute without optimisation */
        skip();
    compare_real_map("geo/osm/porto-roads.osm.pbf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_maps), cmocka_unit_test(test_threads_write_the_same_file),
        cmocka_unit_test(test_oxford),      cmocka_unit_test(test_rutland),
        cmocka_unit_test(test_newport),     cmocka_unit_test(test_porto),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
