/* Roads that are closed, and turns that are forbidden, at some hours of the week: what is read of them, and what each
 * period of the day makes of it.
 */
#include "tiny_map.h"

#include "roads_file.h"
#include "tag_hours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAR = CR_ROAD_CAR, BICYCLE = CR_ROAD_BICYCLE, FOOT = CR_ROAD_FOOT };

/* ---- what is read ---- */

/* The hours of a tag's only clause in words: for each day the hours that it has, "0815-0915 Mo". */
static void assert_hours(const char *condition, const char *expected)
{
    static const char *const names[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    char text[300], found[600] = "";
    tag_clause clauses[CLAUSES_MOST];
    uint32_t kinds = 0;
    snprintf(text, sizeof text, "no @ %s", condition);
    assert_int_equal(tag_clauses_read(text, clauses, &kinds), 1);
    assert_int_equal(kinds, 0);
    assert_string_equal(clauses[0].value, "no");
    for (int day = 0; day < 7; day++)
        for (int s = 0; s < HOURS_A_DAY; s++) {
            int end = s;
            while (end < HOURS_A_DAY && hours_have(&clauses[0].hours, day * HOURS_A_DAY + end))
                end++;
            if (end > s)
                snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s %02d%02d-%02d%02d",
                         *found ? ", " : "", names[day], s / 12, s % 12 * 5, end / 12, end % 12 * 5);
            s = end;
        }
    if (strcmp(found, expected) != 0)
        fail_msg("'%s' was read as '%s', not '%s'", condition, found, expected);
    assert_false(hours_have(&clauses[0].hours, HOURS_NO_TIME));
}

static void test_hours_as_they_stand_on_signs(void **state)
{
    (void)state;
    assert_hours("(Mo-We 07:00-09:30)", "Mo 0700-0930, Tu 0700-0930, We 0700-0930");
    assert_hours("Sa 8:00-9:00,17:00-18:00", "Sa 0800-0900, Sa 1700-1800");
    assert_hours("(Fr 22:00-06:00)", "Fr 2200-2400, Sa 0000-0600");
    assert_hours("(Mo-Tu 22:00-06:00)", "Mo 2200-2400, Tu 0000-0600, Tu 2200-2400, We 0000-0600");
    assert_hours("(Su 22:00-30:00)", "Mo 0000-0600, Su 2200-2400"); /* into the next week */
    assert_hours("(Sa-Mo 10:00-11:00)", "Mo 1000-1100, Sa 1000-1100, Su 1000-1100");
    assert_hours("(Tu,Th)", "Tu 0000-2400, Th 0000-2400");
    assert_hours("(Tu-We 08:12-08:58)", "Tu 0810-0900, We 0810-0900"); /* by the middles of five minutes */
    assert_hours("(Mo 08:00-09:00, We 10:00-11:00)", "Mo 0800-0900, We 1000-1100");
    assert_hours("(Mo-Tu 08:00-09:00; Tu 15:00-16:00)", "Mo 0800-0900, Tu 1500-1600"); /* instead */
    assert_hours("(Mo-Tu 08:00-18:00; Tu off; PH off)", "Mo 0800-1800");
    assert_hours("(Mo-Tu 08:00-18:00; 12:00-14:00 off)", "Mo 0800-1200, Mo 1400-1800, Tu 0800-1200, Tu 1400-1800");
    assert_hours("(Mo,PH,SH 08:00-09:00)", "Mo 0800-0900");
    assert_hours("(Mo 06:00-10:00 AND Mo-Fr 09:00-12:00)", "Mo 0900-1000");
    assert_hours("(00:00-24:00; Tu-Su off)", "Mo 0000-2400");
    assert_hours("(24/7; Tu-Su off)", "Mo 0000-2400");
}

static void test_what_is_not_understood_is_noted_by_kind(void **state)
{
    static const struct {
        const char *text;
        int n;
        uint32_t kinds;
    } cases[] = {
        {"no @ (Jul-Aug)", 0, 1 << CR_HOURS_SEASON},
        {"no @ (Mo-Fr 07:00-09:00; Dec 25 off)", 0, 1 << CR_HOURS_SEASON},
        {"no @ (sunset-sunrise)", 0, 1 << CR_HOURS_SUN},
        {"no @ (PH 08:00-09:00)", 0, 1 << CR_HOURS_HOLIDAY},
        {"no @ (07:00+)", 0, 1 << CR_HOURS_UNREAD},
        {"no @ (Mo-Fr 7-9)", 0, 1 << CR_HOURS_UNREAD},
        {"no @ (Mo-Fr 25:00-26:00)", 0, 1 << CR_HOURS_UNREAD},
        {"no @ (Mo-Fr 08:70-09:00)", 0, 1 << CR_HOURS_UNREAD},
        {"no @ (Mo-Fr, 08:00-09:00)", 0, 1 << CR_HOURS_UNREAD},
        {"no @ (Mo- 08:00-09:00)", 0, 1 << CR_HOURS_UNREAD},
        {"no @ Mo 08:00-09:00; Tu 08:00-09:00", 1, 1 << CR_HOURS_UNREAD}, /* a second clause, or hours? */
        {"no @ (Mo 08:00-09:00) (Tu)", 0, 1 << CR_HOURS_UNREAD},
        {"Mo-Fr 08:00-09:00", 0, 1 << CR_HOURS_UNREAD},
        {"no @ (weight>7.5)", 0, 0}, /* not a carer's */
        {"no @ (Mo-Fr 07:00-19:00 AND weight>7.5)", 0, 0},
        {"destination @ (permit_holder)", 0, 0},
        {"no @ (Motorhome)", 0, 0},
        {"", 0, 0},
        {"no @ (Mo 08:00-09:00); yes @ (weight<3.5); destination @ (Tu 08:00-09:00)", 2, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tag_clause clauses[CLAUSES_MOST];
        uint32_t kinds = 0;
        int n = tag_clauses_read(cases[i].text, clauses, &kinds);
        if (n != cases[i].n || kinds != cases[i].kinds)
            fail_msg("'%s': %d clauses, kinds %x", cases[i].text, n, kinds);
    }
}

/* ---- what a period makes of it ---- */

static void add_day(tiny_map *map, int mode)
{
    tiny_add_period(map, mode, "morning", 7, 1);
    tiny_add_period(map, mode, "day", 10, 1);
    tiny_add_period(map, mode, "night", 19, 1);
    map->options.speeds[mode].periods[0].weekend = 1;
}

/* The short way is a school street of 1,000 m, the long one goes round, 1,400 m. */
static void draw_school_street(tiny_map *map, const char *tags)
{
    tiny_node(map, 1, 0, 0, "");
    tiny_node(map, 2, 1000, 0, "");
    tiny_node(map, 3, 0, 200, "");
    tiny_node(map, 4, 1000, 200, "");
    tiny_node(map, 5, -500, 0, "");
    tiny_node(map, 6, 1500, 0, "");
    tiny_way(map, 11, "1 2", tags);
    tiny_way(map, 12, "1 3 4 2", "highway=residential");
    tiny_way(map, 13, "5 1", "highway=residential");
    tiny_way(map, 14, "2 6", "highway=residential");
}

static int32_t metres_in(tiny_map *map, int mode, int32_t period)
{
    map->period = period;
    return tiny_dist_m(map, mode, (tiny_xy){-100, 0}, (tiny_xy){1100, 0});
}

static void test_a_school_street_is_gone_round_in_the_morning_peak(void **state)
{
    /* Closed for 90 of the 180 minutes of the morning (07:00 to 10:00), on the days on which there is one: half of it.
     */
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential motor_vehicle:conditional=no@(Mo-Fr08:00-09:30)");
    add_day(map, CAR);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, CR_NONE), 1200);
    assert_int_equal(metres_in(map, CAR, 0), 1600);
    assert_int_equal(metres_in(map, CAR, 1), 1200);
    assert_int_equal(metres_in(map, CAR, 2), 1200);
    assert_int_equal(metres_in(map, FOOT, CR_NONE), 1200);
    assert_int_equal(map->counts.n_timed_ways, 1);
    assert_int_equal(map->counts.closures[CAR][0].n_pieces, 2); /* in both directions */
    assert_int_equal(map->counts.closures[CAR][0].n_partly, 0);
    assert_int_equal(map->counts.closures[CAR][1].n_pieces, 0);
    assert_int_equal(cr_roads_n_periods(map->roads, BICYCLE), 0);
    assert_true(cr_roads_is_as_built(map->roads, CAR, 1));
    assert_false(cr_roads_is_as_built(map->roads, CAR, 0));
}

static void test_who_lives_on_it_is_reached_all_the_same(void **state)
{
    /* As on a private road: at the end of a way, and from either side; 300 m of the street, and 100 before it. */
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential motor_vehicle:conditional=no@(Mo-Fr08:00-09:30)");
    add_day(map, CAR);
    tiny_build(map);
    map->period = 0;
    assert_int_equal(tiny_dist_m(map, CAR, (tiny_xy){-100, 0}, (tiny_xy){300, 0}), 400);
    assert_int_equal(tiny_dist_m(map, CAR, (tiny_xy){300, 0}, (tiny_xy){1100, 0}), 800);
}

static void test_less_than_half_of_a_period_is_open_and_counted(void **state)
{
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential motor_vehicle:conditional=no@(Mo-Fr08:05-09:30)");
    add_day(map, CAR);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, 0), 1200);
    assert_int_equal(map->counts.closures[CAR][0].n_pieces, 0);
    assert_int_equal(map->counts.closures[CAR][0].n_partly, 2);
}

static void test_weekends_count_where_another_period_stands_in(void **state)
{
    /* The day holds for 9 hours on five days, and for 12 on two, for it stands in for the morning: 69 in a week. A
     * closure of 09:30 to 19:00 on weekdays is 45 of these, one on Saturday and Sunday 19. */
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential motor_vehicle:conditional=no@(Mo-Fr09:30-19:00)");
    add_day(map, CAR);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, 0), 1200);
    assert_int_equal(metres_in(map, CAR, 1), 1600);
    assert_int_equal(map->counts.closures[CAR][0].n_partly, 2);
}

static void test_on_weekends_only_is_too_little(void **state)
{
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential motor_vehicle:conditional=no@(Sa-Su09:30-19:00)");
    add_day(map, CAR);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, 1), 1200);
    assert_int_equal(map->counts.closures[CAR][0].n_partly, 0); /* no morning at weekends */
    assert_int_equal(map->counts.closures[CAR][1].n_partly, 2);
}

static void test_a_road_that_opens_at_night(void **state)
{
    /* Shut to cars at all other times, and where no time is asked; the sign for cars beats the one for all. */
    tiny_map *map = *state;
    draw_school_street(map, "highway=pedestrian access:conditional=no@(24/7) motor_vehicle=no "
                            "motor_vehicle:conditional=yes@(19:00-07:00) bicycle=yes foot=yes");
    map->options.speeds[CAR].kmh[CR_ROAD_PEDESTRIAN] = 0;
    map->options.speeds[CAR].opened_kmh = 36;
    add_day(map, CAR);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, CR_NONE), 1600);
    assert_int_equal(metres_in(map, CAR, 0), 1600);
    assert_int_equal(metres_in(map, CAR, 1), 1600);
    assert_int_equal(metres_in(map, CAR, 2), 1200);
    assert_int_equal(metres_in(map, BICYCLE, CR_NONE), 1200);
    assert_int_equal(metres_in(map, FOOT, CR_NONE), 1200);
}

static void test_a_private_road_at_some_hours_stays_private(void **state)
{
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential access=private access:conditional=no@(Mo-Fr07:00-10:00)");
    add_day(map, CAR);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, 0), 1600);
    assert_int_equal(metres_in(map, CAR, 1), 1600);
    assert_int_equal(map->counts.n_timed_ways, 0);
}

static void test_one_way_in_the_morning(void **state)
{
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential oneway:conditional=-1@(Mo-Fr07:00-10:00)");
    add_day(map, CAR);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, 0), 1600);
    assert_int_equal(metres_in(map, CAR, 1), 1200);
    map->period = 0;
    assert_int_equal(tiny_dist_m(map, CAR, (tiny_xy){1100, 0}, (tiny_xy){-100, 0}), 1200);
}

static void test_by_bicycle_it_has_its_own_hours(void **state)
{
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential vehicle:conditional=no@(07:00-10:00) bicycle=yes");
    add_day(map, CAR);
    add_day(map, BICYCLE);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, 0), 1600);
    assert_int_equal(metres_in(map, BICYCLE, 0), 1200);
}

static void test_on_foot_a_park_shuts_for_the_night(void **state)
{
    tiny_map *map = *state;
    draw_school_street(map, "highway=footway access:conditional=no@(19:00-07:00)");
    add_day(map, FOOT);
    tiny_build(map);
    assert_int_equal(metres_in(map, FOOT, 1), 1200);
    assert_int_equal(metres_in(map, FOOT, 2), 1600);
}

/* ---- turns ---- */

static const char *const no_turn = "type=restriction restriction:conditional=no_straight_on@(Mo-Fr07:00-10:00)";

static void test_a_turn_is_forbidden_in_the_morning(void **state)
{
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential");
    tiny_relation(map, 21, "from=w13 via=n1 to=w11", no_turn);
    add_day(map, CAR);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, CR_NONE), 1200);
    assert_int_equal(metres_in(map, CAR, 0), 1600);
    assert_int_equal(metres_in(map, CAR, 1), 1200);
    assert_int_equal(map->counts.n_timed_turns, 1);
    assert_int_equal(map->counts.closures[CAR][0].n_turns, 1);
    assert_int_equal(map->counts.closures[CAR][0].n_pieces, 0);
}

static void test_a_turn_over_a_road_is_forbidden_in_the_morning(void **state)
{
    /* West to east over the street in between; from the street itself one may go on. */
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential");
    tiny_relation(map, 21, "from=w13 via=w11 to=w14", no_turn);
    add_day(map, CAR);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, 0), 1600);
    assert_int_equal(metres_in(map, CAR, 1), 1200);
    map->period = 0;
    assert_int_equal(tiny_dist_m(map, CAR, (tiny_xy){100, 0}, (tiny_xy){1100, 0}), 1000);
}

static void test_all_but_one_turn_and_a_turn_that_opens(void **state)
{
    tiny_map *map = *state;
    draw_school_street(map, "highway=residential");
    tiny_relation(map, 21, "from=w13 via=n1 to=w12",
                  "type=restriction restriction:conditional=only_left_turn@(07:00-10:00)");
    tiny_relation(map, 22, "from=w14 via=n2 to=w11",
                  "type=restriction restriction=no_straight_on restriction:conditional=none@(19:00-07:00)");
    add_day(map, CAR);
    tiny_build(map);
    assert_int_equal(metres_in(map, CAR, 0), 1600);
    assert_int_equal(metres_in(map, CAR, 1), 1200);
    for (int32_t period = CR_NONE; period < 3; period++) {
        map->period = period;
        assert_int_equal(tiny_dist_m(map, CAR, (tiny_xy){1100, 0}, (tiny_xy){-100, 0}), period == 2 ? 1200 : 1600);
    }
}

static void test_what_is_not_followed_is_counted_and_changes_nothing(void **state)
{
    tiny_map *map = *state;
    draw_school_street(map,
                       "highway=residential access:conditional=no@(Jul-Aug) maxspeed:conditional=20@(08:00-09:00)");
    tiny_way(map, 15, "3 5", "highway=residential motor_vehicle:forward:conditional=no@(08:00-09:00)");
    tiny_node(map, 7, 500, 500, "barrier=gate access:conditional=no@(19:00-07:00)");
    tiny_way(map, 16, "3 7", "highway=residential access:conditional=no@(weight>7.5)");
    tiny_relation(map, 21, "from=w13 via=n1 to=w11",
                  "type=restriction restriction:conditional=no_left_turn@(dusk-dawn)");
    add_day(map, CAR);
    tiny_build(map);
    for (int32_t period = CR_NONE; period < 3; period++)
        assert_int_equal(metres_in(map, CAR, period), 1200);
    static const int64_t expected[CR_HOURS_KINDS] = {
        [CR_HOURS_SEASON] = 1, [CR_HOURS_SUN] = 1,     [CR_HOURS_SPEED] = 1,
        [CR_HOURS_SIGN] = 1,   [CR_HOURS_BARRIER] = 1, [CR_HOURS_UNREAD] = 0};
    for (int kind = 0; kind < CR_HOURS_KINDS; kind++)
        if (map->counts.n_unfollowed[kind] != expected[kind])
            fail_msg("%s: %d", cr_hours_kind_name(kind), (int)map->counts.n_unfollowed[kind]);
    assert_int_equal(map->counts.n_timed_ways + map->counts.n_timed_turns, 0);
    assert_int_equal(map->roads->header.n_hours, 1); /* never */
}

/* ---- closed for a time, and kept for those with business there all day ---- */

/* A grid whose roads are closed in the morning, or drawn as roads for those with business there, with the same dice. */
static void draw_town(tiny_map *map, unsigned seed, int side, bool by_hours)
{
    char refs[32];
    srand(seed);
    for (int i = 0; i < side * side; i++)
        tiny_node(map, i + 1, i % side * 100 + rand() % 40, i / side * 100 + rand() % 40, "");
    for (int i = 0, id = 1000; i < side * side; i++)
        for (int up = 0; up < 2; up++) {
            int other = up ? i + side : i + 1, dice = rand() % 4;
            if ((up ? i / side : i % side) == side - 1 || rand() % 10 == 0)
                continue;
            snprintf(refs, sizeof refs, "%d %d", i + 1, other + 1);
            tiny_way(map, id++, refs,
                     dice       ? dice == 1 ? "highway=residential oneway=yes" : "highway=residential"
                     : by_hours ? "highway=residential motor_vehicle:conditional=no@(Mo-Fr07:30-09:30)"
                                : "highway=residential motor_vehicle=destination");
        }
}

static void test_closed_is_as_if_restricted(void **state)
{
    enum { N = 30 };
    static int32_t cells[2][2][N * N];
    (void)state;
    for (unsigned seed = 1; seed <= 12; seed++)
        for (int by_hours = 0; by_hours < 2; by_hours++) {
            void *made;
            cr_place places[N];
            cr_road_snap snaps[N];
            cr_road_table_options options = CR_ROAD_TABLE_OPTIONS_INIT;
            assert_int_equal(tiny_new(&made), 0);
            tiny_map *map = made;
            draw_town(map, seed, 4 + (int)seed % 5, by_hours);
            map->options.speeds[CAR].turn_s = 5;
            map->options.speeds[CAR].turn_bias = 1.1;
            if (by_hours)
                add_day(map, CAR);
            tiny_build(map);
            for (int i = 0; i < N; i++)
                places[i] = tiny_place(rand() % 600, rand() % 600);
            cr_roads_snap(map->roads, CAR, places, N, snaps);
            options.period = by_hours ? 0 : CR_NONE;
            assert_int_equal(
                cr_roads_table(map->roads, CAR, snaps, N, snaps, N, &options, cells[by_hours][0], cells[by_hours][1]),
                CR_OK);
            assert_as_plain_search(map->roads, CAR, places, N);
            if (by_hours && memcmp(cells[0], cells[1], sizeof cells[0]) != 0)
                fail_msg("seed %u: closed in the morning is another way than kept for residents", seed);
            tiny_free(&made);
        }
}

int main(void)
{
#define WITH_MAP(test) cmocka_unit_test_setup_teardown(test, tiny_new, tiny_free)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hours_as_they_stand_on_signs),
        cmocka_unit_test(test_what_is_not_understood_is_noted_by_kind),
        WITH_MAP(test_a_school_street_is_gone_round_in_the_morning_peak),
        WITH_MAP(test_who_lives_on_it_is_reached_all_the_same),
        WITH_MAP(test_less_than_half_of_a_period_is_open_and_counted),
        WITH_MAP(test_weekends_count_where_another_period_stands_in),
        WITH_MAP(test_on_weekends_only_is_too_little),
        WITH_MAP(test_a_road_that_opens_at_night),
        WITH_MAP(test_a_private_road_at_some_hours_stays_private),
        WITH_MAP(test_one_way_in_the_morning),
        WITH_MAP(test_by_bicycle_it_has_its_own_hours),
        WITH_MAP(test_on_foot_a_park_shuts_for_the_night),
        WITH_MAP(test_a_turn_is_forbidden_in_the_morning),
        WITH_MAP(test_a_turn_over_a_road_is_forbidden_in_the_morning),
        WITH_MAP(test_all_but_one_turn_and_a_turn_that_opens),
        WITH_MAP(test_what_is_not_followed_is_counted_and_changes_nothing),
        cmocka_unit_test(test_closed_is_as_if_restricted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
