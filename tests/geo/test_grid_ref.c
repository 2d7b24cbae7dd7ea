/* OS grid references: every spelling people use, and what is none. */
#include "careround/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void assert_names(const char *text, double east_m, double north_m, double half_m)
{
    double east = -1, north = -1, half = -1;
    assert_int_equal(cr_grid_ref_parse(text, &east, &north, &half), CR_OK);
    assert_true(east == east_m && north == north_m && half == half_m);
}

static void test_all_spellings_of_one_square_mean_the_same(void **state)
{
    /* NT is 300-400 km east, 600-700 km north. 3348 6700 is a square of 10 m: its middle is 5 m further. */
    assert_names("NT 3348 6700", 333485, 667005, 5);
    assert_names("NT33486700", 333485, 667005, 5);
    assert_names("nt 33486700", 333485, 667005, 5);
    assert_names("  Nt3348 6700 ", 333485, 667005, 5);
}

static void test_each_pair_of_digits_makes_the_square_ten_times_smaller(void **state)
{
    assert_names("NT36", 335000, 665000, 5000);
    assert_names("NT3367", 333500, 667500, 500);
    assert_names("NT334670", 333450, 667050, 50);
    assert_names("NT33486700", 333485, 667005, 5);
    assert_names("NT 33481 67002", 333481.5, 667002.5, 0.5);
}

static void test_letters_from_scilly_to_shetland(void **state)
{
    assert_names("SV 00 00", 500, 500, 500);        /* the false origin, south-west of Scilly */
    assert_names("TQ 30 80", 530500, 180500, 500);  /* London */
    assert_names("TV 59 95", 559500, 95500, 500);   /* Beachy Head */
    assert_names("NN 16 71", 216500, 771500, 500);  /* Ben Nevis */
    assert_names("NA 10 00", 10500, 900500, 500);   /* west of Lewis */
    assert_names("OV 00 00", 500500, 500500, 500);  /* a strip of Yorkshire coast */
    assert_names("HY 50 10", 350500, 1010500, 500); /* Orkney */
    assert_names("HP 62 18", 462500, 1218500, 500); /* Unst */
    assert_names("JM 99 99", 699500, 1299500, 500); /* the north-east corner of the letters */
}

static void test_every_square_of_great_britain_has_its_own_letters(void **state)
{
    static const char letters[] = "ABCDEFGHJKLMNOPQRSTUVWXYZ";
    int n_seen[7][13] = {{0}}, n_squares = 0;
    for (int a = 0; a < 25; a++)
        for (int b = 0; b < 25; b++) {
            char text[8];
            double east, north, half;
            snprintf(text, sizeof text, "%c%c00", letters[a], letters[b]);
            if (cr_grid_ref_parse(text, &east, &north, &half))
                continue;
            n_squares++;
            n_seen[(int)(east / 1e5)][(int)(north / 1e5)]++;
        }
    assert_int_equal(n_squares, 7 * 13);
    for (int e = 0; e < 7; e++)
        for (int n = 0; n < 13; n++)
            assert_int_equal(n_seen[e][n], 1);
}

static void test_what_is_no_grid_reference_is_refused_and_nothing_written(void **state)
{
    static const char *const bad[] = {
        "",
        "N",
        "NT",
        "NT 3",
        "NT 334",
        "NT 334 67",
        "NI 33 67",
        "AA 33 67",
        "WT 33 67",
        "NT 3348 670x",
        "NT 3348 6700 1",
        "NT 333333 666666",
        "33 67",
        "3348 6700",
        "NT -348 6700",
        "NT 33,67",
        "EH10 4AA",
        "NT\n33 67",
        "NT 33 48 67 00",
        "TM 1 11",
        "\xc3\x84T 33 67",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double east = -1, north = -1, half = -1;
        if (cr_grid_ref_parse(bad[i], &east, &north, &half) != CR_E_INPUT)
            fail_msg("'%s' was accepted", bad[i]);
        assert_true(east == -1 && north == -1 && half == -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_spellings_of_one_square_mean_the_same),
        cmocka_unit_test(test_each_pair_of_digits_makes_the_square_ten_times_smaller),
        cmocka_unit_test(test_letters_from_scilly_to_shetland),
        cmocka_unit_test(test_every_square_of_great_britain_has_its_own_letters),
        cmocka_unit_test(test_what_is_no_grid_reference_is_refused_and_nothing_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
