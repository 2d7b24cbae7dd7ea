/* The gazetteer, from published files to places. */
#include "careround/place.h"

#include "gazetteer_files.h"

#include <locale.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* Four rows as Code-Point Open has them, one of them without a position. */
static const char code_point[] =
    "\"EH22 1AA\",10,333480,667000,\"S92000003\",\"\",\"S08000024\",\"\",\"S12000019\",\"S13002919\"\n"
    "\"EH221AB\",10,333680,667000,\"S92000003\",\"\",\"S08000024\",\"\",\"S12000019\",\"S13002919\"\n"
    "\"EH221AD\",90,0,0,\"S92000003\",\"\",\"S08000024\",\"\",\"S12000019\",\"S13002919\"\n"
    "\"EH223XY\",50,340000,660000,\"S92000003\",\"\",\"S08000024\",\"\",\"S12000019\",\"S13002919\"\n";

static void test_a_postcode_is_found_where_its_row_says(void **state)
{
    cr_gazetteer_counts counts;
    assert_int_equal(build_from(*state, code_point, &counts), CR_OK);
    assert_every_row_is_counted(&counts);
    assert_int_equal(counts.n_postcodes, 4);
    assert_int_equal(counts.n_no_position, 1);
    cr_auto(cr_gazetteer) gazetteer = open_built(*state);
    cr_auto(cr_grid) grid = NULL;
    assert_int_equal(cr_grid_new(&grid), CR_OK);
    cr_place truth, place = find(gazetteer, "eh22 1ab");
    assert_int_equal(cr_grid_to_place(grid, 333680, 667000, &truth), CR_OK);
    assert_true(cr_place_distance_m(&place, &truth) < 0.02);
    assert_int_equal(place.quality, CR_PLACE_POSTCODE);
    assert_true(place.accuracy_m > truth.accuracy_m);
    /* Quality 50 is interpolated: known less well. */
    assert_true(find(gazetteer, "EH22 3XY").accuracy_m > place.accuracy_m);
}

static void test_without_a_position_the_middle_of_the_sector_stands_in(void **state)
{
    cr_gazetteer_counts counts;
    assert_int_equal(build_from(*state, code_point, &counts), CR_OK);
    cr_auto(cr_gazetteer) gazetteer = open_built(*state);
    cr_place a = find(gazetteer, "EH22 1AA"), b = find(gazetteer, "EH22 1AB");
    cr_place middle = {(a.lat_deg + b.lat_deg) / 2, (a.lon_deg + b.lon_deg) / 2, 0, CR_PLACE_ROOFTOP};
    static const char *const in_sector[] = {"EH22 1AD", "EH22 1ZZ"}; /* quality 90; never heard of */
    for (int i = 0; i < 2; i++) {
        assert_int_equal(cr_gazetteer_has(gazetteer, in_sector[i]), i == 0);
        cr_place place = find(gazetteer, in_sector[i]);
        assert_int_equal(place.quality, CR_PLACE_SECTOR);
        assert_true(cr_place_distance_m(&place, &middle) < 0.1);
        /* The two lie 200 m apart, each 100 m from the middle. */
        assert_true(place.accuracy_m >= a.accuracy_m + 100 && place.accuracy_m < a.accuracy_m + 102);
    }
}

static void test_an_unknown_sector_falls_back_to_the_district_and_that_to_nothing(void **state)
{
    cr_gazetteer_counts counts;
    assert_int_equal(build_from(*state, code_point, &counts), CR_OK);
    cr_auto(cr_gazetteer) gazetteer = open_built(*state);
    cr_place district = find(gazetteer, "EH22 9AA");
    assert_int_equal(district.quality, CR_PLACE_SECTOR);
    assert_true(district.accuracy_m > 1000); /* EH22 3XY is 9 km away */
    cr_place nowhere = find(gazetteer, "EH2 2AA");
    assert_int_equal(nowhere.quality, CR_PLACE_NONE);
    assert_true(nowhere.accuracy_m < 0);
    cr_place untouched = {.lat_deg = 1};
    assert_int_equal(cr_gazetteer_find(gazetteer, "Dalkeith", &untouched), CR_E_INPUT);
    assert_true(untouched.lat_deg == 1);
}

static void test_columns_are_found_by_name_in_old_and_new_onspd(void **state)
{
    static const char *const files[] = {
        "pcd,pcd2,pcds,dointr,doterm,oseast1m,osnrth1m,osgrdind,lat,long\n"
        "\"EH221AA\",\"EH22 1AA\",\"EH22 1AA\",\"198001\",\"\",\"333480\",\"0667000\",\"1\",55.89,-3.06\n",
        "\xef\xbb\xbfpcd7,pcd8,pcds,dointr,doterm,east1m,north1m,gridind,lat,long\r\n"
        "EH221AA,EH22 1AA,EH22 1AA,198001,,333480,0667000,1,55.89,-3.06\r\n",
        "Postcode,Positional_quality_indicator,Eastings,Northings\nEH22 1AA,10,333480,667000\n",
        "PC,PQ,EA,NO\nPostcode,Positional_quality_indicator,Eastings,Northings\nEH22 1AA,10,333480,667000",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        cr_gazetteer_counts counts;
        assert_int_equal(build_from(*state, files[i], &counts), CR_OK);
        assert_int_equal(counts.n_rows, 1);
        assert_int_equal(counts.n_bad_rows, 0);
        cr_auto(cr_gazetteer) gazetteer = open_built(*state);
        cr_place place = find(gazetteer, "EH22 1AA"), truth = {55.891518, -3.065163, 0, CR_PLACE_ROOFTOP};
        assert_true(cr_place_distance_m(&place, &truth) < 5); /* the metres, not the rough degrees */
    }
}

static void test_northern_irish_metres_are_not_on_this_grid_so_degrees_count(void **state)
{
    /* Belfast City Hall: 333900, 374000 on the Irish Grid would be a place in Cheshire on ours. */
    cr_gazetteer_counts counts;
    assert_int_equal(build_from(*state,
                                "pcds,doterm,oseast1m,osnrth1m,osgrdind,lat,long\n"
                                "BT1 5GS,,333900,0374000,1,54.596700,-5.930100\n"
                                "JE2 4WD,,,,9,99.999999,0.000000\n",
                                &counts),
                     CR_OK);
    assert_int_equal(counts.n_no_position, 1);
    cr_auto(cr_gazetteer) gazetteer = open_built(*state);
    cr_place place = find(gazetteer, "BT1 5GS");
    assert_true(fabs(place.lat_deg - 54.5967) < 1e-6 && fabs(place.lon_deg + 5.9301) < 1e-6);
    assert_int_equal(find(gazetteer, "JE2 4WD").quality, CR_PLACE_NONE);
}

static void test_of_two_rows_the_one_in_use_wins_then_the_one_placed_then_the_later(void **state)
{
    static const char header[] = "pcds,doterm,oseast1m,osnrth1m,osgrdind\n";
    static const struct {
        const char *rows;
        double east_m; /* of the row that must win */
        int64_t n_terminated;
    } stories[] = {
        {"EH22 1AA,,333480,667000,1\nEH22 1AA,202001,400000,667000,1\n", 333480, 0},
        {"EH22 1AA,202001,333480,667000,1\nEH22 1AA,,400000,667000,1\n", 400000, 0},
        {"EH22 1AA,,333480,667000,1\nEH22 1AA,,400000,667000,1\n", 400000, 0},
        {"EH22 1AA,,333480,667000,1\nEH22 1AA,,,,9\n", 333480, 0},
        {"EH22 1AA,202001,333480,667000,1\nEH22 1AA,202102,400000,667000,1\n", 400000, 1},
    };
    cr_auto(cr_grid) grid = NULL;
    assert_int_equal(cr_grid_new(&grid), CR_OK);
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        char csv[400];
        cr_gazetteer_counts counts;
        snprintf(csv, sizeof csv, "%s%s", header, stories[i].rows);
        assert_int_equal(build_from(*state, csv, &counts), CR_OK);
        assert_every_row_is_counted(&counts);
        assert_int_equal(counts.n_duplicates, 1);
        assert_int_equal(counts.n_terminated, stories[i].n_terminated);
        cr_auto(cr_gazetteer) gazetteer = open_built(*state);
        cr_place truth, place = find(gazetteer, "EH22 1AA");
        assert_int_equal(cr_grid_to_place(grid, stories[i].east_m, 667000, &truth), CR_OK);
        assert_true(cr_place_distance_m(&place, &truth) < 0.02);
    }
}

static void test_rows_that_are_no_postcode_are_counted_and_the_rest_is_used(void **state)
{
    cr_gazetteer_counts counts;
    assert_int_equal(build_from(*state,
                                "postcode,lat,long\nEH22 1AA,55.9,-3.1\nnonsense,55.9,-3.1\n,55.9,-3.1\n"
                                "EH22 1AB,fifty,-3.1\nEH22 1AD\nEH22 1AE,55.9,\"-3.1\"\n\n",
                                &counts),
                     CR_OK);
    assert_every_row_is_counted(&counts);
    assert_int_equal(counts.n_rows, 6);
    assert_int_equal(counts.n_bad_rows, 2);
    assert_int_equal(counts.n_no_position, 2); /* "fifty", and the row without a position */
}

static void test_what_is_not_a_postcode_file_is_refused_by_name_and_nothing_appears(void **state)
{
    scratch *s = *state;
    static const struct {
        const char *csv, *message;
    } stories[] = {
        {"", "no row has a postcode"},
        {"pcds,lat,long\n", "no row has a postcode"},
        {"visit_id,client_id,postcode\n1,2,EH22 1AA\n", "row 1 is neither"},
        {"<html><body>Sign in</body></html>\n", "row 1 is neither"},
        {"\"EH22 1AA\",\"ten\",1,2\n", "row 1 is neither"},
        {"postcode,lat,long\nx,1,2\ny,1,2\n", "no row has a postcode"},
    };
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        cr_gazetteer_counts counts;
        assert_int_equal(build_from(s, stories[i].csv, &counts), CR_E_INPUT);
        assert_non_null(strstr(s->message, stories[i].message));
        assert_non_null(strstr(s->message, "in.csv: "));
        assert_int_not_equal(access(s->gaz, F_OK), 0);
    }
    const char *const missing[] = {"/no/such/file.csv"};
    cr_gazetteer_counts counts;
    assert_int_equal(cr_gazetteer_build(missing, 1, s->gaz, &counts, s->message, sizeof s->message), CR_E_INPUT);
    assert_string_equal(s->message, "/no/such/file.csv: No such file or directory");
}

static void test_a_quote_that_never_closes_does_not_swallow_the_memory(void **state)
{
    scratch *s = *state;
    size_t n = (size_t)3 << 20;
    char *csv = malloc(n + 1);
    memset(csv, 'x', n);
    csv[n] = '\0';
    static const char head[] = "postcode,lat,long\nEH22 1AA,55.9,-3.1\n\"EH22";
    memcpy(csv, head, sizeof head - 1);
    cr_gazetteer_counts counts;
    cr_status st = build_from(s, csv, &counts);
    free(csv);
    assert_int_equal(st, CR_E_INPUT);
    assert_non_null(strstr(s->message, "a quote is opened after row 1 and never closed"));
}

static void test_each_file_has_its_own_header_and_its_own_rows(void **state)
{
    scratch *s = *state;
    char second[128];
    snprintf(second, sizeof second, "%s/second.csv", s->folder);
    static const char first_csv[] = "EH22 1AA,10,333480,667000\n";
    static const char second_csv[] = "PC,PQ,EA,NO\nPostcode,Positional_quality_indicator,Eastings,Northings\n"
                                     "EH22 1AB,10,333680,667000\n";
    write_file(s->csv, first_csv, sizeof first_csv - 1);
    write_file(second, second_csv, sizeof second_csv - 1);
    const char *const paths[] = {s->csv, second};
    cr_gazetteer_counts counts;
    cr_status st = cr_gazetteer_build(paths, 2, s->gaz, &counts, s->message, sizeof s->message);
    unlink(second);
    assert_int_equal(st, CR_OK);
    assert_int_equal(counts.n_rows, 2);
    assert_int_equal(counts.n_bad_rows, 0);
}

static void test_the_old_gazetteer_stays_when_the_new_one_cannot_be_written(void **state)
{
    scratch *s = *state;
    cr_gazetteer_counts counts;
    assert_int_equal(build_from(s, code_point, &counts), CR_OK);
    /* A goal in a folder that does not exist: nothing is left behind anywhere. */
    const char *const paths[] = {s->csv};
    assert_int_equal(cr_gazetteer_build(paths, 1, "/no/such/folder/uk.gaz", &counts, s->message, sizeof s->message),
                     CR_E_UPSTREAM);
    assert_non_null(strstr(s->message, "/no/such/folder/uk.gaz: cannot be written"));
    /* Sources that fail leave the file of before. */
    assert_int_equal(build_from(s, "nonsense\n", &counts), CR_E_INPUT);
    cr_auto(cr_gazetteer) gazetteer = open_built(s);
    assert_int_equal(cr_gazetteer_n_postcodes(gazetteer), 4);
}

static void test_a_full_disk_leaves_nothing_behind(void **state)
{
    scratch *s = *state;
    cr_gazetteer_counts counts;
    write_file(s->csv, code_point, sizeof code_point - 1);
    const char *const paths[] = {s->csv};
    struct rlimit before, tiny;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tiny = before;
    tiny.rlim_cur = 100; /* bytes: not even the header and one postcode */
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
    cr_status st = cr_gazetteer_build(paths, 1, s->gaz, &counts, s->message, sizeof s->message);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(st, CR_E_UPSTREAM);
    assert_non_null(strstr(s->message, "out.gaz: cannot be written: File too large"));
    /* That no other file is left is seen when the folder is removed. */
}

static void test_folders_are_neither_read_nor_replaced(void **state)
{
    scratch *s = *state;
    cr_gazetteer_counts counts;
    const char *const folders[] = {s->folder}, *const files[] = {s->csv};
    assert_int_equal(cr_gazetteer_build(folders, 1, s->gaz, &counts, s->message, sizeof s->message), CR_E_UPSTREAM);
    assert_non_null(strstr(s->message, "cannot be read to its end"));
    write_file(s->csv, code_point, sizeof code_point - 1);
    assert_int_equal(mkdir(s->gaz, 0700), 0);
    assert_int_equal(cr_gazetteer_build(files, 1, s->gaz, &counts, s->message, sizeof s->message), CR_E_UPSTREAM);
    assert_int_equal(rmdir(s->gaz), 0);
    assert_int_equal(cr_gazetteer_build(NULL, 0, s->gaz, &counts, s->message, sizeof s->message), CR_E_INPUT);
    assert_string_equal(s->message, "no file to read");
}

static void test_a_quality_that_is_no_number_is_no_position(void **state)
{
    cr_gazetteer_counts counts;
    assert_int_equal(build_from(*state,
                                "postcode,pq,easting,northing\nEH22 1AA,good,333480,667000\n"
                                "EH22 1AB,,333480,667000\nEH22 1AD,10,333480,667000\nEH22 1AE,7000,333480,667000\n",
                                &counts),
                     CR_OK);
    assert_int_equal(counts.n_no_position, 3);
}

static void test_the_file_is_readable_as_any_other(void **state)
{
    scratch *s = *state;
    cr_gazetteer_counts counts;
    mode_t before = umask(022);
    assert_int_equal(build_from(s, code_point, &counts), CR_OK);
    umask(before);
    struct stat info;
    assert_int_equal(stat(s->gaz, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0644);
}

/* ---- the published files ---- */

static cr_gazetteer_counts build_shared(scratch *s, const char *const *names, int32_t n)
{
    char paths[4][512];
    const char *list[4];
    for (int32_t i = 0; i < n; i++)
        list[i] = shared_file(names[i], paths[i], sizeof paths[i]);
    cr_gazetteer_counts counts;
    if (cr_gazetteer_build(list, n, s->gaz, &counts, s->message, sizeof s->message) != CR_OK)
        fail_msg("%s", s->message);
    assert_every_row_is_counted(&counts);
    return counts;
}

static void test_code_point_open_of_edinburgh_in_both_editions(void **state)
{
    static const char *const names[] = {"geo/postcodes/codepoint-open-eh-2020-08.csv",
                                        "geo/postcodes/codepoint-open-eh-2025-11.csv"};
    cr_gazetteer_counts counts = build_shared(*state, names, 2);
    assert_int_equal(counts.n_rows, 24426 + 25309);
    assert_int_equal(counts.n_duplicates, 24098); /* in both editions, spelt EH104AA in one and EH10 4AA in the other */
    assert_int_equal(counts.n_bad_rows, 0);
    assert_int_equal(counts.n_terminated, 0);
    cr_auto(cr_gazetteer) gazetteer = open_built(*state);
    cr_auto(cr_grid) grid = NULL;
    assert_int_equal(cr_grid_new(&grid), CR_OK);
    /* EH1 1AD moved from 325621, 673516 in 2020 to 325610, 673543: the edition given last counts. */
    cr_place truth, place = find(gazetteer, "EH1 1AD");
    assert_int_equal(cr_grid_to_place(grid, 325610, 673543, &truth), CR_OK);
    assert_true(cr_place_distance_m(&place, &truth) < 0.02);
}

static void test_code_point_rows_without_position_are_ten(void **state)
{
    static const char *const names[] = {"geo/postcodes/codepoint-open-eh-2025-11.csv"};
    cr_gazetteer_counts counts = build_shared(*state, names, 1);
    assert_int_equal(counts.n_postcodes, 25309);
    assert_int_equal(counts.n_no_position, 10);
}

static void test_onspd_as_published(void **state)
{
    static const char *const names[] = {"geo/postcodes/onspd-sample.csv"};
    cr_gazetteer_counts counts = build_shared(*state, names, 1);
    assert_int_equal(counts.n_rows, 315);
    assert_int_equal(counts.n_terminated, 315 - 166);
    assert_int_equal(counts.n_bad_rows, 0);
    cr_auto(cr_gazetteer) gazetteer = open_built(*state);
    assert_int_equal(find(gazetteer, "JE2 4WD").quality, CR_PLACE_NONE);
    assert_int_equal(find(gazetteer, "SE1P 5ZZ").quality, CR_PLACE_POSTCODE);
    /* Its row states the degrees beside the metres. */
    cr_place stated = {53.483784, -2.244866, 0, CR_PLACE_ROOFTOP}, place = find(gazetteer, "M1 1AD");
    assert_true(cr_place_distance_m(&place, &stated) < 5);
}

static void test_the_scottish_postcode_directory_as_published(void **state)
{
    static const char *const names[] = {"geo/postcodes/scottish-postcode-directory-small-user-sample.csv",
                                        "geo/postcodes/scottish-postcode-directory-large-user-sample.csv"};
    cr_gazetteer_counts counts = build_shared(*state, names, 2);
    assert_int_equal(counts.n_rows, 202);
    assert_int_equal(counts.n_bad_rows, 0);
    cr_auto(cr_gazetteer) gazetteer = open_built(*state);
    cr_place place = find(gazetteer, "G13 3AE"), stated = {55.88842777, -4.36412429, 0, CR_PLACE_ROOFTOP};
    assert_true(cr_place_distance_m(&place, &stated) < 8);
    assert_int_equal(find(gazetteer, "PA31 8UA").quality, CR_PLACE_POSTCODE); /* filed as PA31 8UAA and PA31 8UAB */
}

int main(void)
{
#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_new, scratch_free)
    setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is installed: a decimal comma must not turn 55.9 into 55 */
    const struct CMUnitTest tests[] = {
        WITH_SCRATCH(test_a_postcode_is_found_where_its_row_says),
        WITH_SCRATCH(test_without_a_position_the_middle_of_the_sector_stands_in),
        WITH_SCRATCH(test_an_unknown_sector_falls_back_to_the_district_and_that_to_nothing),
        WITH_SCRATCH(test_columns_are_found_by_name_in_old_and_new_onspd),
        WITH_SCRATCH(test_northern_irish_metres_are_not_on_this_grid_so_degrees_count),
        WITH_SCRATCH(test_of_two_rows_the_one_in_use_wins_then_the_one_placed_then_the_later),
        WITH_SCRATCH(test_rows_that_are_no_postcode_are_counted_and_the_rest_is_used),
        WITH_SCRATCH(test_what_is_not_a_postcode_file_is_refused_by_name_and_nothing_appears),
        WITH_SCRATCH(test_a_quote_that_never_closes_does_not_swallow_the_memory),
        WITH_SCRATCH(test_each_file_has_its_own_header_and_its_own_rows),
        WITH_SCRATCH(test_the_old_gazetteer_stays_when_the_new_one_cannot_be_written),
        WITH_SCRATCH(test_a_full_disk_leaves_nothing_behind),
        WITH_SCRATCH(test_folders_are_neither_read_nor_replaced),
        WITH_SCRATCH(test_a_quality_that_is_no_number_is_no_position),
        WITH_SCRATCH(test_the_file_is_readable_as_any_other),
        WITH_SCRATCH(test_code_point_open_of_edinburgh_in_both_editions),
        WITH_SCRATCH(test_code_point_rows_without_position_are_ten),
        WITH_SCRATCH(test_onspd_as_published),
        WITH_SCRATCH(test_the_scottish_postcode_directory_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
