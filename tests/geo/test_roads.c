/* Roads on maps of a few streets: each rule of the road has a map that shows it. */
#include "tiny_map.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define CAR                 CR_ROAD_CAR
#define BICYCLE             CR_ROAD_BICYCLE
#define FOOT                CR_ROAD_FOOT

#define AT(east_m, north_m) ((tiny_xy){east_m, north_m})

/* Rounded to the decimetre and decisecond a piece: a metre and a second either way. */
#define assert_near(value, expected)                                                                                   \
    do {                                                                                                               \
        int32_t found = (value);                                                                                       \
        if (abs(found - (expected)) > 1)                                                                               \
            fail_msg("%s is %d, not about %d", #value, found, (expected));                                             \
    } while (0)

/* A square of streets, 1,000 m a side: corners 1 to 4, anticlockwise from the south-west.
 *
 *   4 ---w3--- 3
 *   |          |
 *   w4         w2
 *   |          |
 *   1 ---w1--- 2
 */
static void draw_corners(tiny_map *map)
{
    tiny_node(map, 1, 0, 0, "");
    tiny_node(map, 2, 1000, 0, "");
    tiny_node(map, 3, 1000, 1000, "");
    tiny_node(map, 4, 0, 1000, "");
}

static void draw_square(tiny_map *map, const char *tags_of_first)
{
    draw_corners(map);
    tiny_way(map, 11, "1 2", tags_of_first);
    tiny_way(map, 12, "2 3", "highway=residential");
    tiny_way(map, 13, "3 4", "highway=residential");
    tiny_way(map, 14, "4 1", "highway=residential");
}

static void test_a_straight_road_takes_its_length(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential");
    tiny_build(map);
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        assert_near(tiny_time_s(map, mode, AT(100, 0), AT(900, 0)), 80);
        assert_near(tiny_dist_m(map, mode, AT(100, 0), AT(900, 0)), 800);
        assert_near(tiny_dist_m(map, mode, AT(900, 0), AT(0, 900)), 900 + 900);
        assert_near(tiny_time_s(map, mode, AT(500, 1000), AT(500, 0)), 200);
    }
}

static void test_a_door_off_the_road_is_walked_to(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential");
    tiny_build(map);
    /* 30 m and 20 m at 1 m/s, and 500 m of road; metres are those of the road. */
    assert_near(tiny_time_s(map, CAR, AT(100, -30), AT(600, -20)), 30 + 50 + 20);
    assert_near(tiny_dist_m(map, CAR, AT(100, -30), AT(600, -20)), 500);
}

static void test_a_one_way_street_is_left_by_the_other_side(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential oneway=yes");
    tiny_build(map);
    assert_near(tiny_dist_m(map, CAR, AT(100, 0), AT(900, 0)), 800);
    assert_near(tiny_dist_m(map, CAR, AT(900, 0), AT(100, 0)), 100 + 3000 + 100);
    assert_near(tiny_dist_m(map, BICYCLE, AT(900, 0), AT(100, 0)), 100 + 3000 + 100);
    assert_near(tiny_dist_m(map, FOOT, AT(900, 0), AT(100, 0)), 800);
}

static void test_one_way_against_the_drawing(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential oneway=-1");
    tiny_build(map);
    assert_near(tiny_dist_m(map, CAR, AT(900, 0), AT(100, 0)), 800);
    assert_near(tiny_dist_m(map, CAR, AT(100, 0), AT(900, 0)), 3200);
}

static void test_cyclists_ride_against_one_way_where_signs_let_them(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential oneway=yes oneway:bicycle=no");
    tiny_build(map);
    assert_near(tiny_dist_m(map, BICYCLE, AT(900, 0), AT(100, 0)), 800);
    assert_near(tiny_dist_m(map, CAR, AT(900, 0), AT(100, 0)), 3200);
}

static void test_a_roundabout_goes_one_way_without_saying_so(void **state)
{
    tiny_map *map = *state;
    draw_corners(map);
    tiny_node(map, 5, -500, 0, "");
    tiny_way(map, 11, "1 2 3 4 1", "highway=primary junction=roundabout");
    tiny_way(map, 12, "5 1", "highway=primary");
    tiny_build(map);
    assert_near(tiny_dist_m(map, CAR, AT(900, 0), AT(100, 0)), 3200);
}

static void test_speed_limits_in_miles_and_by_name(void **state)
{
    tiny_map *map = *state;
    map->options.speeds[CAR].of_limit = 1;
    map->options.speeds[CAR].n_limits = 1;
    map->options.speeds[CAR].limits[0] = (cr_road_limit){"gb:nsl_single", 72};
    draw_corners(map);
    tiny_way(map, 11, "1 2", "highway=residential maxspeed=30mph"); /* 48.28 km/h: 1,000 m in 74.6 s */
    tiny_way(map, 12, "2 3", "highway=residential maxspeed=GB:nsl_single");
    tiny_way(map, 13, "3 4", "highway=residential maxspeed=50;40"); /* the lower: 90 s */
    tiny_way(map, 14, "4 1", "highway=residential maxspeed=none");
    tiny_build(map);
    assert_near(tiny_time_s(map, CAR, AT(1, 0), AT(999, 0)), 75);
    assert_near(tiny_time_s(map, CAR, AT(1000, 1), AT(1000, 999)), 50);
    assert_near(tiny_time_s(map, CAR, AT(999, 1000), AT(1, 1000)), 90);
    assert_near(tiny_time_s(map, CAR, AT(0, 999), AT(0, 1)), 100);
    assert_near(tiny_time_s(map, BICYCLE, AT(1, 0), AT(999, 0)), 100);
}

/* ---- turns ---- */

/* A cross: arms 1 west, 2 north, 3 east, 4 south of node 5, and a road round from north to east and on to south. */
static void draw_cross(tiny_map *map)
{
    tiny_node(map, 1, -1000, 0, "");
    tiny_node(map, 2, 0, 1000, "");
    tiny_node(map, 3, 1000, 0, "");
    tiny_node(map, 4, 0, -1000, "");
    tiny_node(map, 5, 0, 0, "");
    tiny_way(map, 11, "1 5", "highway=residential");
    tiny_way(map, 12, "5 2", "highway=residential");
    tiny_way(map, 13, "5 3", "highway=residential");
    tiny_way(map, 14, "5 4", "highway=residential");
    tiny_node(map, 6, 1000, 1000, "");
    tiny_way(map, 15, "2 6 3", "highway=residential");
}

static void test_a_forbidden_turn_is_driven_round_but_not_cycled_round(void **state)
{
    tiny_map *map = *state;
    map->options.speeds[CAR].u_turn_s = 3600; /* nor down to the south and back */
    draw_cross(map);
    tiny_relation(map, 21, "from=w11 via=n5 to=w12", "type=restriction restriction=no_left_turn except=bicycle");
    tiny_build(map);
    /* From the west to the north: not left, so straight on and round by the east and north. */
    assert_near(tiny_dist_m(map, CAR, AT(-500, 0), AT(0, 500)), 500 + 1000 + 2000 + 500);
    assert_near(tiny_dist_m(map, BICYCLE, AT(-500, 0), AT(0, 500)), 1000);
    assert_near(tiny_dist_m(map, FOOT, AT(-500, 0), AT(0, 500)), 1000);
    assert_near(tiny_dist_m(map, CAR, AT(0, 500), AT(-500, 0)), 1000);
    assert_near(tiny_dist_m(map, CAR, AT(500, 0), AT(0, 500)), 1000);
}

static void test_only_straight_on_forbids_both_turns(void **state)
{
    tiny_map *map = *state;
    draw_cross(map);
    tiny_relation(map, 21, "from=w11 via=n5 to=w13", "type=restriction restriction=only_straight_on");
    tiny_build(map);
    assert_near(tiny_dist_m(map, CAR, AT(-500, 0), AT(0, 500)), 500 + 1000 + 2000 + 500);
    /* To the south: on to the east, round to the north, and down through the cross. */
    assert_near(tiny_dist_m(map, CAR, AT(-500, 0), AT(0, -500)), 500 + 1000 + 2000 + 1000 + 500);
}

static void test_a_turn_forbidden_over_a_way_is_free_for_others(void **state)
{
    /* Streets 1-2 and 4-3 meet the short way 2-4; who comes from 1 may not go on to 3, who comes from 6 may.
     *
     *   6 --w16-- 2 --w12-- 4 --w13-- 3
     *             |         |
     *            w11       w14, 2,000 m to 7 and back by w17 of 4,000 m to 3
     *             1         7
     */
    tiny_map *map = *state;
    map->options.speeds[CAR].u_turn_s = 3600; /* nor out to 6 and back */
    tiny_node(map, 1, 0, -1000, "");
    tiny_node(map, 2, 0, 0, "");
    tiny_node(map, 4, 100, 0, "");
    tiny_node(map, 3, 1100, 0, "");
    tiny_node(map, 6, -1000, 0, "");
    tiny_node(map, 7, 100, -2000, "");
    tiny_way(map, 11, "1 2", "highway=residential");
    tiny_way(map, 12, "2 4", "highway=residential");
    tiny_way(map, 13, "4 3", "highway=residential");
    tiny_way(map, 14, "4 7", "highway=residential");
    tiny_way(map, 16, "6 2", "highway=residential");
    tiny_way(map, 17, "7 3", "highway=residential");
    tiny_relation(map, 21, "from=w11 via=w12 to=w13", "type=restriction restriction=no_right_turn");
    tiny_build(map);
    int round_m = 500 + 100 + 2000 + 2236 + 500; /* 2236: from 7 to 3, the root of 1,000² + 2,000² */
    assert_near(tiny_dist_m(map, CAR, AT(0, -500), AT(600, 0)), round_m);
    assert_near(tiny_dist_m(map, CAR, AT(-500, 0), AT(600, 0)), 500 + 100 + 500);
    assert_near(tiny_dist_m(map, CAR, AT(0, -500), AT(50, 0)), 550);   /* the way between is reached by all */
    assert_near(tiny_dist_m(map, CAR, AT(50, 0), AT(600, 0)), 550);    /* and who begins on it goes where he likes */
    assert_near(tiny_dist_m(map, CAR, AT(600, 0), AT(0, -500)), 1100); /* the other way round nothing is forbidden */
}

static void test_nobody_turns_round_but_at_the_end_of_a_road(void **state)
{
    tiny_map *map = *state;
    map->options.speeds[CAR].u_turn_s = 20;
    draw_cross(map);
    tiny_relation(map, 21, "from=w11 via=n5 to=w12", "type=restriction restriction=no_left_turn");
    tiny_relation(map, 22, "from=w11 via=n5 to=w13", "type=restriction restriction=no_straight_on");
    tiny_build(map);
    /* To the north only by the south: to its end, 1,000 m, round in 20 s, and back. */
    assert_near(tiny_time_s(map, CAR, AT(-500, 0), AT(0, 500)), 50 + 100 + 20 + 100 + 50);
    assert_near(tiny_time_s(map, BICYCLE, AT(-500, 0), AT(0, 500)), 50 + 100 + 100 + 50);
}

static void test_turning_costs_and_more_across_the_other_lane(void **state)
{
    tiny_map *map = *state;
    map->options.speeds[CAR].turn_s = 30;
    map->options.speeds[CAR].turn_bias = 2;
    draw_cross(map);
    tiny_build(map);
    /* 30 / (1 + e^-x), x = 13 a b/180 - 6.5 / b for turns across, and with 1/b for b for the others: at a right angle
     * across (b = 2) x = 13 - 3.25 = 9.75: 30.0 s; on the near side x = 3.25 - 13 = -9.75: 0.0 s. */
    assert_near(tiny_time_s(map, CAR, AT(-500, 0), AT(0, 500)), 100);       /* left, and we drive on the left */
    assert_near(tiny_time_s(map, CAR, AT(-500, 0), AT(0, -500)), 100 + 30); /* right */
}

static void test_signals_and_gates_delay(void **state)
{
    tiny_map *map = *state;
    map->options.speeds[CAR].signal_s = 15;
    map->options.speeds[CAR].gate_s = 40;
    tiny_node(map, 1, 0, 0, "");
    tiny_node(map, 2, 1000, 0, "highway=traffic_signals");
    tiny_node(map, 3, 2000, 0, "barrier=gate");
    tiny_node(map, 4, 3000, 0, "");
    tiny_way(map, 11, "1 2 3 4", "highway=residential");
    tiny_build(map);
    assert_near(tiny_time_s(map, CAR, AT(500, 0), AT(1500, 0)), 115);
    assert_near(tiny_time_s(map, CAR, AT(500, 0), AT(2500, 0)), 255);
    assert_near(tiny_time_s(map, FOOT, AT(500, 0), AT(2500, 0)), 200);
}

/* ---- what stands in the way ---- */

static void test_a_bollard_stops_cars_only(void **state)
{
    tiny_map *map = *state;
    draw_corners(map);
    tiny_node(map, 5, 500, 0, "barrier=bollard");
    tiny_way(map, 11, "1 5 2", "highway=residential");
    tiny_way(map, 12, "2 3 4 1", "highway=residential");
    tiny_build(map);
    assert_near(tiny_dist_m(map, CAR, AT(400, 0), AT(600, 0)), 400 + 3000 + 400);
    assert_near(tiny_dist_m(map, BICYCLE, AT(400, 0), AT(600, 0)), 200);
    assert_near(tiny_dist_m(map, FOOT, AT(400, 0), AT(600, 0)), 200);
}

static void test_a_private_road_is_for_its_ends_only(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential access=private");
    tiny_build(map);
    assert_near(tiny_dist_m(map, CAR, AT(0, 100), AT(1000, 100)), 900 + 1000 + 900); /* not through */
    assert_near(tiny_dist_m(map, CAR, AT(0, 100), AT(500, 0)), 600);                 /* but in, */
    assert_near(tiny_dist_m(map, CAR, AT(500, 0), AT(1000, 100)), 600);              /* and out */
}

static void test_a_private_road_leads_through_where_nothing_else_does(void **state)
{
    tiny_map *map = *state;
    tiny_node(map, 1, 0, 0, "");
    tiny_node(map, 2, 1000, 0, "");
    tiny_node(map, 3, 2000, 0, "");
    tiny_node(map, 4, 3000, 0, "");
    tiny_way(map, 11, "1 2", "highway=residential");
    tiny_way(map, 12, "2 3", "highway=service access=destination");
    tiny_way(map, 13, "3 4", "highway=residential");
    tiny_build(map);
    assert_near(tiny_time_s(map, CAR, AT(500, 0), AT(2500, 0)), 200);
    assert_near(tiny_dist_m(map, CAR, AT(500, 0), AT(2500, 0)), 2000);
}

static void test_the_most_particular_sign_decides(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential access=no bicycle=yes");
    tiny_build(map);
    assert_near(tiny_dist_m(map, BICYCLE, AT(0, 100), AT(1000, 100)), 1200);
    assert_near(tiny_dist_m(map, CAR, AT(0, 100), AT(1000, 100)), 2800);
    assert_near(tiny_dist_m(map, FOOT, AT(0, 100), AT(1000, 100)), 2800);
}

static void test_a_ferry_takes_the_time_it_states(void **state)
{
    tiny_map *map = *state;
    tiny_node(map, 1, 0, 0, "");
    tiny_node(map, 2, 1000, 0, "");
    tiny_node(map, 3, 6000, 0, "");
    tiny_node(map, 4, 7000, 0, "");
    tiny_way(map, 11, "1 2", "highway=residential");
    tiny_way(map, 12, "2 3", "route=ferry duration=00:20 motor_vehicle=yes");
    tiny_way(map, 13, "3 4", "highway=residential");
    tiny_build(map);
    assert_near(tiny_time_s(map, CAR, AT(500, 0), AT(6500, 0)), 50 + 1200 + 50);
    assert_near(tiny_dist_m(map, CAR, AT(500, 0), AT(6500, 0)), 6000);
}

static void test_a_road_cut_off_from_the_rest_is_not_snapped_to(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential");
    tiny_node(map, 21, 400, 450, "");
    tiny_node(map, 22, 600, 450, "");
    tiny_way(map, 31, "21 22", "highway=residential");
    tiny_build(map);
    /* The door stands on the island, and is reached from the south side 440 m away on foot. */
    assert_near(tiny_time_s(map, CAR, AT(100, 0), AT(500, 440)), 40 + 440);
    assert_int_equal(map->counts.n_dropped[CAR], 2);
}

static void test_a_way_that_leaves_the_map_ends_there(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential");
    tiny_way(map, 31, "3 99 98 4", "highway=residential");
    tiny_build(map);
    assert_int_equal(map->counts.n_missing, 2);
    assert_near(tiny_dist_m(map, CAR, AT(1000, 900), AT(0, 900)), 100 + 1000 + 100);
}

static void test_roads_outside_the_box_are_left_out(void **state)
{
    tiny_map *map = *state;
    map->options.has_box = true;
    map->options.box = (cr_road_box){-0.001, -0.001, 0.02, 0.005};
    draw_square(map, "highway=residential");
    tiny_build(map);
    assert_int_equal(map->counts.n_segments, 1); /* from 4 to 1, on the west side */
}

static void test_odd_shapes_are_survived(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential");
    tiny_node(map, 5, 500, 500, "");
    tiny_node(map, 6, 500, 500, ""); /* where 5 is */
    tiny_way(map, 31, "1 5 5 6 5 3", "highway=residential");
    tiny_way(map, 32, "5 5", "highway=residential");
    tiny_way(map, 33, "3 3 3 2 1 4 3", "highway=residential");
    tiny_build(map);
    assert_near(tiny_dist_m(map, CAR, AT(100, 100), AT(900, 900)), 1131); /* 800 times the root of 2 */
}

static void test_a_place_without_position_is_reached_by_no_road(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential");
    tiny_build(map);
    cr_place places[2] = {tiny_place(100, 0), {0, 0, -1, CR_PLACE_NONE}};
    cr_road_snap snaps[2];
    int32_t time_s[4];
    cr_road_table_options options = CR_ROAD_TABLE_OPTIONS_INIT;
    cr_roads_snap(map->roads, CAR, places, 2, snaps);
    assert_int_equal(snaps[1].segment, CR_NONE);
    assert_int_equal(cr_roads_table(map->roads, CAR, snaps, 2, snaps, 2, &options, time_s, NULL), CR_OK);
    assert_int_equal(time_s[0], 0);
    assert_int_equal(time_s[1], CR_NO_WAY);
    assert_int_equal(time_s[2], CR_NO_WAY);
    assert_int_equal(time_s[3], CR_NO_WAY);
}

static void test_it_says_on_which_side_to_drive(void **state)
{
    tiny_map *map = *state;
    map->options.side_given = false;
    map->options.n_left = 1;
    map->options.left[0] = (cr_road_box){-1, -1, 1, 1};
    draw_square(map, "highway=residential");
    tiny_build(map);
    assert_true(map->counts.drive_on_left);
}

/* ---- lines ---- */

/* Metres along a line. */
static double line_m(const cr_road_position *at, int32_t n)
{
    double sum_m = 0;
    for (int32_t i = 1; i < n; i++)
        sum_m += cr_place_distance_m(&(cr_place){.lat_deg = at[i - 1].lat_deg, .lon_deg = at[i - 1].lon_deg},
                                     &(cr_place){.lat_deg = at[i].lat_deg, .lon_deg = at[i].lon_deg});
    return sum_m;
}

/* The line from one to another: its metres are the table's, and it has so many points once it is made simple. */
static void assert_line(const tiny_map *map, int mode, tiny_xy from, tiny_xy to, int32_t n_points)
{
    cr_auto(cr_road_finder) finder = NULL;
    const cr_road_position *at = NULL;
    cr_road_snap snaps[2];
    cr_place places[2] = {tiny_place(from.east_m, from.north_m), tiny_place(to.east_m, to.north_m)};
    int32_t n = -1;
    cr_roads_snap(map->roads, mode, places, 2, snaps);
    assert_int_equal(cr_road_finder_new(map->roads, mode, CR_NONE, &finder), CR_OK);
    for (int again = 0; again < 2; again++) { /* the second time over what the first one touched */
        assert_int_equal(cr_road_finder_find(finder, &snaps[0], &snaps[1], 0.01, &at, &n), CR_OK);
        assert_near((int32_t)line_m(at, n), tiny_dist_m(map, mode, from, to));
        assert_int_equal(cr_road_finder_find(finder, &snaps[0], &snaps[1], 5, &at, &n), CR_OK);
        assert_int_equal(n, n_points);
    }
    assert_true(fabs(at[0].lat_deg - snaps[0].lat_deg) < 1e-7 && fabs(at[0].lon_deg - snaps[0].lon_deg) < 1e-7);
    assert_true(fabs(at[n - 1].lat_deg - snaps[1].lat_deg) < 1e-7);
}

static void test_a_line_follows_the_road_that_the_table_takes(void **state)
{
    tiny_map *map = *state;
    map->options.speeds[CAR].u_turn_s = 3600;
    draw_cross(map);
    tiny_node(map, 7, -1100, 1, "");
    tiny_node(map, 8, -1200, 0, "");
    tiny_way(map, 16, "1 7 8", "highway=residential");
    tiny_relation(map, 21, "from=w11 via=n5 to=w12", "type=restriction restriction=no_left_turn");
    tiny_build(map);
    assert_line(map, CAR, AT(-800, 0), AT(-200, 0), 2);  /* along one road, */
    assert_line(map, CAR, AT(-200, 0), AT(-800, 0), 2);  /* and back */
    assert_line(map, FOOT, AT(-500, 0), AT(0, 500), 3);  /* round the corner */
    assert_line(map, CAR, AT(-500, 0), AT(0, 500), 5);   /* on to the east, north, west, south */
    assert_line(map, CAR, AT(-1150, 0), AT(-500, 0), 2); /* past a bend of a metre, that nobody needs to see */
}

static void test_no_road_is_no_line(void **state)
{
    tiny_map *map = *state;
    draw_square(map, "highway=residential");
    tiny_build(map);
    cr_auto(cr_road_finder) finder = NULL;
    const cr_road_position *at = NULL;
    int32_t n = -1;
    cr_road_snap nowhere = {.segment = CR_NONE};
    assert_int_equal(cr_road_finder_new(map->roads, CAR, CR_NONE, &finder), CR_OK);
    assert_int_equal(cr_road_finder_find(finder, &nowhere, &nowhere, 1, &at, &n), CR_OK);
    assert_int_equal(n, 0);
}

int main(void)
{
#define ON_A_MAP(test) cmocka_unit_test_setup_teardown(test, tiny_new, tiny_free)
    const struct CMUnitTest tests[] = {
        ON_A_MAP(test_a_straight_road_takes_its_length),
        ON_A_MAP(test_a_door_off_the_road_is_walked_to),
        ON_A_MAP(test_a_one_way_street_is_left_by_the_other_side),
        ON_A_MAP(test_one_way_against_the_drawing),
        ON_A_MAP(test_cyclists_ride_against_one_way_where_signs_let_them),
        ON_A_MAP(test_a_roundabout_goes_one_way_without_saying_so),
        ON_A_MAP(test_speed_limits_in_miles_and_by_name),
        ON_A_MAP(test_a_forbidden_turn_is_driven_round_but_not_cycled_round),
        ON_A_MAP(test_only_straight_on_forbids_both_turns),
        ON_A_MAP(test_a_turn_forbidden_over_a_way_is_free_for_others),
        ON_A_MAP(test_nobody_turns_round_but_at_the_end_of_a_road),
        ON_A_MAP(test_turning_costs_and_more_across_the_other_lane),
        ON_A_MAP(test_signals_and_gates_delay),
        ON_A_MAP(test_a_bollard_stops_cars_only),
        ON_A_MAP(test_a_private_road_is_for_its_ends_only),
        ON_A_MAP(test_a_private_road_leads_through_where_nothing_else_does),
        ON_A_MAP(test_the_most_particular_sign_decides),
        ON_A_MAP(test_a_ferry_takes_the_time_it_states),
        ON_A_MAP(test_a_road_cut_off_from_the_rest_is_not_snapped_to),
        ON_A_MAP(test_a_way_that_leaves_the_map_ends_there),
        ON_A_MAP(test_roads_outside_the_box_are_left_out),
        ON_A_MAP(test_odd_shapes_are_survived),
        ON_A_MAP(test_a_place_without_position_is_reached_by_no_road),
        ON_A_MAP(test_it_says_on_which_side_to_drive),
        ON_A_MAP(test_a_line_follows_the_road_that_the_table_takes),
        ON_A_MAP(test_no_road_is_no_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
