/* Roads at different times of the day: slower ways, other ways, and periods put into a file that is built already. */
#include "tiny_map.h"

#include "roads_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CAR = CR_ROAD_CAR, FOOT = CR_ROAD_FOOT };

static const tiny_xy west = {0, 0}, east = {1000, 0};

/* The short way from west to east is a main road of 1,000 m, the long one goes round by side streets, 1,400 m. */
static void draw_two_ways(tiny_map *map)
{
    tiny_node(map, 1, 0, 0, "");
    tiny_node(map, 2, 1000, 0, "");
    tiny_node(map, 3, 0, 200, "");
    tiny_node(map, 4, 1000, 200, "");
    tiny_way(map, 11, "1 2", "highway=primary");
    tiny_way(map, 12, "1 3 4 2", "highway=residential");
}

static void slow_down(tiny_map *map, int32_t period, int road_class, double factor)
{
    for (int area = 0; area < CR_ROAD_AREAS; area++)
        map->options.speeds[CAR].periods[period].time_factor[road_class][area] = factor;
}

static void test_a_way_takes_as_many_times_as_long_and_no_more_metres(void **state)
{
    /* 1,000 m at 10 m/s; at night they take 0.85 of that. */
    tiny_map *map = *state;
    draw_two_ways(map);
    tiny_add_period(map, CAR, "night", 22, 0.85);
    tiny_build(map);
    assert_int_equal(tiny_time_s(map, CAR, west, east), 100);
    map->period = cr_roads_find_period(map->roads, CAR, "night");
    assert_int_equal(tiny_time_s(map, CAR, west, east), 85);
    assert_int_equal(tiny_dist_m(map, CAR, west, east), 1000);
    assert_int_equal(cr_roads_n_periods(map->roads, FOOT), 0);
    assert_int_equal(cr_roads_find_period(map->roads, CAR, "noon"), CR_NONE);
}

static void test_traffic_sends_us_another_way(void **state)
{
    /* In the peak the main road takes 150 s, the side streets 140 s as always. */
    tiny_map *map = *state;
    draw_two_ways(map);
    tiny_add_period(map, CAR, "peak", 7, 1);
    slow_down(map, 0, CR_ROAD_PRIMARY, 1.5);
    tiny_build(map);
    assert_int_equal(tiny_dist_m(map, CAR, west, east), 1000);
    map->period = 0;
    assert_int_equal(tiny_time_s(map, CAR, west, east), 140);
    assert_int_equal(tiny_dist_m(map, CAR, west, east), 1400);
    assert_int_equal(tiny_time_s(map, CAR, (tiny_xy){500, 0}, east), 75); /* half of it is still the nearer half */

    cr_auto(cr_road_finder) finder = NULL;
    cr_place places[2] = {tiny_place(0, 0), tiny_place(1000, 0)};
    cr_road_snap snaps[2];
    const cr_road_position *line;
    int32_t n;
    cr_roads_snap(map->roads, CAR, places, 2, snaps);
    assert_int_equal(cr_road_finder_new(map->roads, CAR, 0, &finder), CR_OK);
    assert_int_equal(cr_road_finder_find(finder, &snaps[0], &snaps[1], 1, &line, &n), CR_OK);
    assert_int_equal(n, 4); /* round by the side streets */
}

static void test_turns_take_what_they_take(void **state)
{
    tiny_map *map = *state;
    draw_two_ways(map);
    tiny_node(map, 5, 2000, 0, "highway=traffic_signals");
    tiny_node(map, 6, 3000, 0, "");
    tiny_way(map, 13, "2 5 6", "highway=primary");
    map->options.speeds[CAR].signal_s = 30;
    tiny_add_period(map, CAR, "peak", 7, 2);
    tiny_build(map);
    assert_int_equal(tiny_time_s(map, CAR, east, (tiny_xy){3000, 0}), 230);
    map->period = 0;
    assert_int_equal(tiny_time_s(map, CAR, east, (tiny_xy){3000, 0}), 430);
}

/* A grid of side x side junctions, so many metres apart, begun at (east_m, 0). */
static void draw_grid(tiny_map *map, int first_id, double east_m, int side, double step_m)
{
    char refs[40];
    for (int i = 0; i < side * side; i++)
        tiny_node(map, first_id + i, east_m + i % side * step_m, i / side * step_m, "");
    for (int i = 0; i < side * side; i++) {
        snprintf(refs, sizeof refs, "%d %d", first_id + i, first_id + i + 1);
        if (i % side < side - 1)
            tiny_way(map, 2 * (first_id + i), refs, "highway=residential");
        snprintf(refs, sizeof refs, "%d %d", first_id + i, first_id + i + side);
        if (i / side < side - 1)
            tiny_way(map, 2 * (first_id + i) + 1, refs, "highway=residential");
    }
}

static void test_many_junctions_make_a_town_and_many_of_these_a_city(void **state)
{
    /* Junctions every 100 m: 100 to the square kilometre. 5 km of them are a city in the middle, 1.5 km a town; every
     * kilometre, 1 to the square kilometre: fields. They lie 20 km apart. */
    tiny_map *map = *state;
    draw_grid(map, 1, 0, 50, 100);
    draw_grid(map, 10001, 20000, 15, 100);
    draw_grid(map, 20001, 40000, 5, 1000);
    tiny_node(map, 30001, 15000, 0, "");
    tiny_way(map, 70001, "50 30001 10001", "highway=residential");
    tiny_way(map, 70002, "10015 20001", "highway=residential");
    map->options.wants[CR_ROAD_BICYCLE] = map->options.wants[FOOT] = false;
    tiny_add_period(map, CAR, "peak", 7, 1);
    map->options.speeds[CAR].periods[0].time_factor[CR_ROAD_RESIDENTIAL][CR_AREA_TOWN] = 2;
    map->options.speeds[CAR].periods[0].time_factor[CR_ROAD_RESIDENTIAL][CR_AREA_CITY] = 3;
    tiny_build(map);
    map->period = 0;
    assert_int_equal(tiny_time_s(map, CAR, (tiny_xy){2500, 2500}, (tiny_xy){2600, 2500}), 30);
    assert_int_equal(tiny_time_s(map, CAR, (tiny_xy){20700, 700}, (tiny_xy){20800, 700}), 20);
    assert_int_equal(tiny_time_s(map, CAR, (tiny_xy){42000, 2000}, (tiny_xy){42100, 2000}), 10);
    assert_true(map->counts.area_km[CR_AREA_CITY] > 200 && map->counts.area_km[CR_AREA_TOWN] > 40);
    assert_int_equal((int)(map->counts.area_km[CR_AREA_COUNTRY] + map->counts.area_km[CR_AREA_TOWN] +
                           map->counts.area_km[CR_AREA_CITY] + 0.5),
                     (int)(map->counts.road_km + 0.5));
}

/* ---- periods put into a file ---- */

static void read_whole(const char *path, char **ret_bytes, size_t *ret_n)
{
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    assert_int_equal(fseek(in, 0, SEEK_END), 0);
    *ret_n = (size_t)ftell(in);
    rewind(in);
    *ret_bytes = malloc(*ret_n);
    assert_non_null(*ret_bytes);
    assert_int_equal(fread(*ret_bytes, 1, *ret_n, in), *ret_n);
    fclose(in);
}

static void test_periods_put_in_later_are_those_built_at_once(void **state)
{
    tiny_map *map = *state;
    char *built, *set;
    size_t n_built, n_set;
    draw_two_ways(map);
    draw_grid(map, 101, 3000, 6, 90);
    tiny_way(map, 13, "2 101", "highway=primary");
    tiny_add_period(map, CAR, "morning", 7, 1.25);
    tiny_add_period(map, CAR, "day", 10, 1); /* as built, so it costs no room */
    tiny_add_period(map, CAR, "night", 22, 0.9);
    slow_down(map, 0, CR_ROAD_PRIMARY, 1.5);
    cr_roads_options wanted = map->options;
    tiny_build(map);
    read_whole(map->roads_path, &built, &n_built);
    assert_int_equal(((roads_header *)built)->modes[CAR].metrics[2].n_up, 0);

    /* Built without any, then with the wrong ones, then with those wanted: in place, and the one mapped stays whole. */
    map->options.speeds[CAR].n_periods = 0;
    cr_roads_counts counts;
    assert_int_equal(
        cr_roads_build(map->osm, map->roads_path, &map->options, &counts, map->message, sizeof map->message), CR_OK);
    assert_true((size_t)counts.file_bytes < n_built);
    tiny_add_period(map, CAR, "wrong", 0, 5);
    for (int i = 0; i < 2; i++)
        assert_int_equal(cr_roads_set_periods(map->roads_path, map->roads_path, i ? &wanted : &map->options,
                                              map->message, sizeof map->message),
                         CR_OK);
    read_whole(map->roads_path, &set, &n_set);
    assert_int_equal(n_set, n_built);
    assert_memory_equal(set, built, n_built);
    assert_int_equal(tiny_time_s(map, CAR, west, east), 100);
    free(built);
    free(set);
}

static void test_a_file_that_is_none_gets_no_periods(void **state)
{
    tiny_map *map = *state;
    assert_int_equal(cr_roads_set_periods(map->osm, map->roads_path, &map->options, map->message, sizeof map->message),
                     CR_E_INPUT);
    assert_non_null(strstr(map->message, "is not a .roads file"));
    assert_int_not_equal(access(map->roads_path, F_OK), 0);
}

int main(void)
{
#define WITH_MAP(test) cmocka_unit_test_setup_teardown(test, tiny_new, tiny_free)
    const struct CMUnitTest tests[] = {
        WITH_MAP(test_a_way_takes_as_many_times_as_long_and_no_more_metres),
        WITH_MAP(test_traffic_sends_us_another_way),
        WITH_MAP(test_turns_take_what_they_take),
        WITH_MAP(test_many_junctions_make_a_town_and_many_of_these_a_city),
        WITH_MAP(test_periods_put_in_later_are_those_built_at_once),
        WITH_MAP(test_a_file_that_is_none_gets_no_periods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
