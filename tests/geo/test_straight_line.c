/* Distances and travel without roads. */
#include "careround/matrix.h"
#include "careround/place.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const cr_straight_line car = {
    .detour = 1.5, .town_kmh = 20, .country_kmh = 60, .town_radius_m = 1000, .town_places = 2};

static cr_place at(double lat_deg, double lon_deg)
{
    return (cr_place){lat_deg, lon_deg, 0, CR_PLACE_ROOFTOP};
}

/* The same points on every machine. */
static double uniform(uint64_t *seed, double low, double high)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * (double)(*seed >> 11) / (double)(UINT64_C(1) << 53);
}

static void test_the_geodesic_of_a_known_line(void **state)
{
    /* Flinders Peak to Buninyong, the worked example of the Australian geodetic manual: 54,972.271 m (GRS 80, whose
     * flattening is that of WGS 84 to ten digits). */
    cr_place flinders = at(-(37 + 57 / 60.0 + 3.72030 / 3600), 144 + 25 / 60.0 + 29.52440 / 3600);
    cr_place buninyong = at(-(37 + 39 / 60.0 + 10.15610 / 3600), 143 + 55 / 60.0 + 35.38390 / 3600);
    assert_true(fabs(cr_place_distance_m(&flinders, &buninyong) - 54972.271) < 0.001);
    assert_true(cr_place_distance_m(&flinders, &flinders) == 0);
}

static void test_qualities_have_names_that_people_read(void **state)
{
    assert_string_equal(cr_place_quality_name(CR_PLACE_ROOFTOP), "rooftop");
    assert_string_equal(cr_place_quality_name(CR_PLACE_POSTCODE), "postcode centroid");
    assert_string_equal(cr_place_quality_name(CR_PLACE_SECTOR), "sector only");
    assert_string_equal(cr_place_quality_name(CR_PLACE_NONE), "no position");
}

static void test_a_straight_line_is_within_a_thousandth_of_a_percent_of_the_geodesic(void **state)
{
    /* Detour 1: the matrix holds the rounded line itself. Half a metre is the rounding. */
    cr_straight_line line = car;
    line.detour = 1;
    uint64_t seed = 20261122;
    double worst = 0;
    for (int round = 0; round < 20; round++) {
        cr_place places[50];
        /* Half of the rounds: a town of 0.1 degrees; the others: from Gibraltar to Shetland. */
        double span_deg = round % 2 ? 0.1 : 1;
        for (int i = 0; i < 50; i++)
            places[i] = round % 2 ? at(uniform(&seed, 55.8, 55.8 + span_deg), uniform(&seed, -3.2, -3.2 + span_deg))
                                  : at(uniform(&seed, 49, 61), uniform(&seed, -9, 2));
        cr_auto(cr_matrix) matrix = NULL;
        assert_int_equal(cr_straight_line_matrix(&line, places, 50, &matrix), CR_OK);
        for (int i = 0; i < 50; i++)
            for (int j = 0; j < 50; j++) {
                double truth_m = cr_place_distance_m(&places[i], &places[j]);
                double excess_m = fabs(cr_matrix_dist_m(matrix, i, j) - truth_m) - 0.5;
                if (truth_m > 0)
                    worst = fmax(worst, excess_m / truth_m);
            }
    }
    print_message("worst relative error %.2e\n", worst);
    assert_true(worst < 1e-5);
}

static void test_a_leg_takes_the_mean_speed_of_its_two_ends(void **state)
{
    /* Three neighbours make a town for each other (two others within 1 km), the fourth lies 20 km north. */
    const cr_place places[] = {at(55.900, -3.1), at(55.901, -3.1), at(55.902, -3.1), at(56.08, -3.1)};
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_straight_line_matrix(&car, places, 4, &matrix), CR_OK);
    double town_m = 1.5 * cr_place_distance_m(&places[0], &places[1]);
    double out_m = 1.5 * cr_place_distance_m(&places[0], &places[3]);
    assert_int_equal(cr_matrix_dist_m(matrix, 0, 1), lround(town_m));
    assert_int_equal(cr_matrix_time(matrix, 0, 1), (int32_t)ceil(town_m / (20 / 3.6)));
    assert_int_equal(cr_matrix_dist_m(matrix, 0, 3), lround(out_m));
    assert_int_equal(cr_matrix_time(matrix, 0, 3), (int32_t)ceil(out_m / (40 / 3.6)));
    assert_int_equal(cr_matrix_time(matrix, 3, 0), cr_matrix_time(matrix, 0, 3));
    assert_int_equal(cr_matrix_time(matrix, 2, 2), 0);
}

static void test_a_place_does_not_count_as_its_own_neighbour(void **state)
{
    /* Two places near each other are one other each, and a town needs two. */
    const cr_place places[] = {at(55.900, -3.1), at(55.901, -3.1)};
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_straight_line_matrix(&car, places, 2, &matrix), CR_OK);
    double road_m = 1.5 * cr_place_distance_m(&places[0], &places[1]);
    assert_int_equal(cr_matrix_time(matrix, 0, 1), (int32_t)ceil(road_m / (60 / 3.6)));
}

static void test_no_way_leads_to_a_place_without_position(void **state)
{
    const cr_place places[] = {at(55.9, -3.1), {.quality = CR_PLACE_NONE}, at(55.9, -3.1)};
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_straight_line_matrix(&car, places, 3, &matrix), CR_OK);
    assert_int_equal(cr_matrix_time(matrix, 0, 1), CR_NO_WAY);
    assert_int_equal(cr_matrix_dist_m(matrix, 1, 2), CR_NO_WAY);
    assert_int_equal(cr_matrix_time(matrix, 1, 1), 0);
    assert_int_equal(cr_matrix_time(matrix, 0, 2), 0); /* the same spot */
}

static void test_settings_that_make_no_sense_are_refused(void **state)
{
    cr_straight_line bad[] = {car, car, car, car, car};
    bad[0].detour = 0.9;
    bad[1].town_kmh = 0;
    bad[2].country_kmh = -5;
    bad[3].detour = NAN;
    bad[4].town_radius_m = -1;
    cr_place place = at(55.9, -3.1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_matrix *matrix = NULL;
        assert_int_equal(cr_straight_line_matrix(&bad[i], &place, 1, &matrix), CR_E_INPUT);
        assert_null(matrix);
    }
}

static void test_no_places_make_an_empty_matrix(void **state)
{
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_straight_line_matrix(&car, NULL, 0, &matrix), CR_OK);
    assert_int_equal(cr_matrix_n_places(matrix), 0);
}

static void test_a_slow_way_round_the_world_stays_a_number(void **state)
{
    cr_straight_line snail = {.detour = 100, .town_kmh = 1e-6, .country_kmh = 1e-6, .town_radius_m = 0};
    const cr_place places[] = {at(0, 0), at(0, 180)};
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_straight_line_matrix(&snail, places, 2, &matrix), CR_OK);
    assert_int_equal(cr_matrix_time(matrix, 0, 1), CR_NO_WAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_geodesic_of_a_known_line),
        cmocka_unit_test(test_qualities_have_names_that_people_read),
        cmocka_unit_test(test_a_straight_line_is_within_a_thousandth_of_a_percent_of_the_geodesic),
        cmocka_unit_test(test_a_leg_takes_the_mean_speed_of_its_two_ends),
        cmocka_unit_test(test_a_place_does_not_count_as_its_own_neighbour),
        cmocka_unit_test(test_no_way_leads_to_a_place_without_position),
        cmocka_unit_test(test_settings_that_make_no_sense_are_refused),
        cmocka_unit_test(test_no_places_make_an_empty_matrix),
        cmocka_unit_test(test_a_slow_way_round_the_world_stays_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
