/* The projection against the 40 points that Ordnance Survey publishes for it, without the OSTN15 grid and with it. */
#include "careround/place.h"

#include "ostn15_file.h"
#include "shared_data.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#define GRID_FILE "uk_os_OSTN15_NTv2_OSGBtoETRS.tif" /* what PROJ looks for, and projsync fetches */

typedef struct test_point {
    double lat_deg, lon_deg, east_m, north_m;
} test_point;

typedef struct test_points {
    test_point at[64];
    int n;
} test_points;

/* Degrees from one file, metres from the other; the points stand in the same order. */
static test_points read_points(void)
{
    char path[512];
    FILE *degrees = fopen(shared_file("geo/osgb/OSTN15_OSGM15_TestInput_ETRStoOSGB.txt", path, sizeof path), "r");
    FILE *metres = fopen(shared_file("geo/osgb/OSTN15_OSGM15_TestOutput_ETRStoOSGB.txt", path, sizeof path), "r");
    assert_non_null(degrees);
    assert_non_null(metres);
    test_points points = {.n = 0};
    char a[512], b[512];
    while (fgets(a, sizeof a, degrees) && fgets(b, sizeof b, metres)) {
        test_point *p = &points.at[points.n];
        char name_a[8], name_b[8];
        if (sscanf(a, "%7[^,],%lf,%lf", name_a, &p->lat_deg, &p->lon_deg) == 3 &&
            sscanf(b, "%7[^,],%lf,%lf", name_b, &p->east_m, &p->north_m) == 3) {
            assert_string_equal(name_a, name_b);
            points.n++;
        }
    }
    fclose(degrees);
    fclose(metres);
    assert_int_equal(points.n, 40);
    return points;
}

/* The worst error over all points, there (degrees to metres) and back. */
static double worst_error_m(cr_grid *grid, const test_points *points)
{
    double worst_m = 0;
    for (int i = 0; i < points->n; i++) {
        const test_point *p = &points->at[i];
        cr_place truth = {p->lat_deg, p->lon_deg, 0, CR_PLACE_ROOFTOP}, place;
        double east_m, north_m;
        assert_int_equal(cr_grid_from_place(grid, &truth, &east_m, &north_m), CR_OK);
        assert_int_equal(cr_grid_to_place(grid, p->east_m, p->north_m, &place), CR_OK);
        double there_m = hypot(east_m - p->east_m, north_m - p->north_m);
        worst_m = fmax(worst_m, fmax(there_m, cr_place_distance_m(&truth, &place)));
    }
    return worst_m;
}

/* PROJ_USER_WRITABLE_DIRECTORY is where projsync puts its grids, and PROJ looks there first. */
typedef struct proj_folder {
    char path[64], grid_path[128];
} proj_folder;

static int enter_empty_proj_folder(void **state)
{
    proj_folder *folder = calloc(1, sizeof *folder);
    strcpy(folder->path, "/tmp/careround-proj-XXXXXX");
    if (!mkdtemp(folder->path))
        return -1;
    snprintf(folder->grid_path, sizeof folder->grid_path, "%s/" GRID_FILE, folder->path);
    setenv("PROJ_USER_WRITABLE_DIRECTORY", folder->path, 1);
    *state = folder;
    return 0;
}

static int leave_proj_folder(void **state)
{
    proj_folder *folder = *state;
    unlink(folder->grid_path);
    rmdir(folder->path);
    unsetenv("PROJ_USER_WRITABLE_DIRECTORY");
    free(folder);
    return 0;
}

static void test_without_the_ostn15_grid_the_points_agree_within_5_m(void **state)
{
    test_points points = read_points();
    cr_auto(cr_grid) grid = NULL;
    assert_int_equal(cr_grid_new(&grid), CR_OK);
    double worst_m = worst_error_m(grid, &points);
    print_message("worst of 40 points %.2f m, grid %s\n", worst_m, cr_grid_has_ostn15(grid) ? "installed" : "absent");
    assert_true(worst_m <= 5);
}

static void test_with_the_ostn15_grid_the_points_agree_within_1_cm(void **state)
{
    const proj_folder *folder = *state;
    char east[512], north[512];
    test_points points = read_points();
    assert_true(ostn15_file_write(shared_file("geo/osgb/ostn15-east-shift-base82140.u16le", east, sizeof east),
                                  shared_file("geo/osgb/ostn15-north-shift-base-84180.u16le", north, sizeof north),
                                  folder->grid_path));
    cr_auto(cr_grid) grid = NULL;
    assert_int_equal(cr_grid_new(&grid), CR_OK);
    assert_true(cr_grid_has_ostn15(grid));
    double worst_m = worst_error_m(grid, &points);
    print_message("worst of 40 points %.4f m\n", worst_m);
    assert_true(worst_m <= 0.01);
    cr_place place;
    assert_int_equal(cr_grid_to_place(grid, 333480, 667000, &place), CR_OK);
    assert_true(place.accuracy_m > 0 && place.accuracy_m <= 0.2); /* EPSG says 0.03 m */
}

static void test_a_place_carries_the_accuracy_that_proj_states(void **state)
{
    cr_auto(cr_grid) grid = NULL;
    cr_place place;
    assert_int_equal(cr_grid_new(&grid), CR_OK);
    assert_int_equal(cr_grid_to_place(grid, 333480, 667000, &place), CR_OK); /* Dalkeith */
    assert_int_equal(place.quality, CR_PLACE_ROOFTOP);
    /* EPSG: 0.03 m for the OSTN15 grid; else 2 m for the Helmert transformation to WGS 84 and 1 m from there to ETRS89.
     * Later editions may put it a little otherwise. */
    print_message("%g m, grid %s\n", place.accuracy_m, cr_grid_has_ostn15(grid) ? "installed" : "absent");
    assert_true(cr_grid_has_ostn15(grid) ? place.accuracy_m > 0 && place.accuracy_m <= 0.2
                                         : place.accuracy_m >= 1 && place.accuracy_m <= 5);
}

static void test_there_and_back_is_the_same_point_to_millimetres(void **state)
{
    cr_auto(cr_grid) grid = NULL;
    assert_int_equal(cr_grid_new(&grid), CR_OK);
    /* The Helmert transformation starts from height 0 on either side; that costs a millimetre. */
    for (double east_m = 100e3; east_m <= 600e3; east_m += 50e3)
        for (double north_m = 50e3; north_m <= 1200e3; north_m += 50e3) {
            cr_place place;
            double e, n;
            assert_int_equal(cr_grid_to_place(grid, east_m, north_m, &place), CR_OK);
            assert_int_equal(cr_grid_from_place(grid, &place, &e, &n), CR_OK);
            assert_true(hypot(e - east_m, n - north_m) < 2e-3);
        }
}

static void test_outside_the_national_grid_is_refused(void **state)
{
    cr_auto(cr_grid) grid = NULL;
    assert_int_equal(cr_grid_new(&grid), CR_OK);
    static const double bad[][2] = {{-1, 100e3},      {700001, 100e3}, {100e3, -1},
                                    {100e3, 1300001}, {NAN, 0},        {0, INFINITY}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_place place = {.lat_deg = -1};
        assert_int_equal(cr_grid_to_place(grid, bad[i][0], bad[i][1], &place), CR_E_INPUT);
        assert_true(place.lat_deg == -1);
    }
    static const cr_place far[] = {{48.85, 2.35, 0, CR_PLACE_ROOFTOP}, {-33.9, 151.2, 0, CR_PLACE_ROOFTOP},
                                   {NAN, 0, 0, CR_PLACE_ROOFTOP},      {99.999999, 0, 0, CR_PLACE_ROOFTOP},
                                   {55.9, -3.1, 0, CR_PLACE_NONE},     {55.9, 1e9, 0, CR_PLACE_ROOFTOP}};
    for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
        double east_m, north_m;
        assert_int_equal(cr_grid_from_place(grid, &far[i], &east_m, &north_m), CR_E_INPUT);
    }
}

static void test_a_broken_grid_file_is_not_taken_for_ostn15(void **state)
{
    const proj_folder *folder = *state;
    FILE *file = fopen(folder->grid_path, "wb");
    assert_non_null(file);
    fputs("<html>404 not found</html>", file);
    fclose(file);
    cr_auto(cr_grid) grid = NULL;
    assert_int_equal(cr_grid_new(&grid), CR_OK);
    assert_false(cr_grid_has_ostn15(grid));
    cr_place place, truth = {55.891518, -3.065163, 0, CR_PLACE_ROOFTOP}; /* Dalkeith */
    assert_int_equal(cr_grid_to_place(grid, 333480, 667000, &place), CR_OK);
    assert_true(cr_place_distance_m(&place, &truth) < 5);
}

static void test_proj_without_its_database_is_an_outside_failure(void **state)
{
    const proj_folder *folder = *state;
    setenv("PROJ_DATA", folder->path, 1); /* PROJ 9.1 and later; */
    setenv("PROJ_LIB", folder->path, 1);  /* before that */
    cr_grid *grid = NULL;
    cr_status st = cr_grid_new(&grid);
    unsetenv("PROJ_DATA");
    unsetenv("PROJ_LIB");
    assert_int_equal(st, CR_E_UPSTREAM);
    assert_null(grid);
}

int main(void)
{
    setlocale(LC_NUMERIC, "C"); /* the published tables have decimal points, and sscanf() reads them here */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_without_the_ostn15_grid_the_points_agree_within_5_m,
                                        enter_empty_proj_folder, leave_proj_folder),
        cmocka_unit_test_setup_teardown(test_with_the_ostn15_grid_the_points_agree_within_1_cm, enter_empty_proj_folder,
                                        leave_proj_folder),
        cmocka_unit_test(test_a_place_carries_the_accuracy_that_proj_states),
        cmocka_unit_test(test_there_and_back_is_the_same_point_to_millimetres),
        cmocka_unit_test(test_outside_the_national_grid_is_refused),
        cmocka_unit_test_setup_teardown(test_a_broken_grid_file_is_not_taken_for_ostn15, enter_empty_proj_folder,
                                        leave_proj_folder),
        cmocka_unit_test_setup_teardown(test_proj_without_its_database_is_an_outside_failure, enter_empty_proj_folder,
                                        leave_proj_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
