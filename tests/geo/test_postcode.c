/* Postcodes: one spelling out of many, and what cannot be one. */
#include "careround/place.h"
#include "postcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void assert_spelt(const char *text, const char *expected)
{
    char postcode[CR_POSTCODE_SIZE] = "?";
    if (cr_postcode_parse(text, postcode) != CR_OK)
        fail_msg("'%s' was refused", text);
    assert_string_equal(postcode, expected);
}

static void test_spaces_and_case_do_not_matter(void **state)
{
    static const char *const spellings[] = {"EH10 4AA",      "EH104AA",  "eh10 4aa",        "  Eh10  4aA ",
                                            "E H 1 0 4 A A", "EH1 04AA", "EH10\302\2404AA", "\tEH10 4AA\t"};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        assert_spelt(spellings[i], "EH10 4AA");
}

static void test_every_shape_of_outward_code(void **state)
{
    assert_spelt("m11ae", "M1 1AE");     /* A9 */
    assert_spelt("b338th", "B33 8TH");   /* A99 */
    assert_spelt("cr26xh", "CR2 6XH");   /* AA9 */
    assert_spelt("dn551pt", "DN55 1PT"); /* AA99 */
    assert_spelt("w1a1hq", "W1A 1HQ");   /* A9A */
    assert_spelt("ec1a1bb", "EC1A 1BB"); /* AA9A */
    assert_spelt("gir0aa", "GIR 0AA");
    assert_spelt("bt11aa", "BT1 1AA");
    assert_spelt("se1p5zz", "SE1P 5ZZ"); /* in ONSPD, for a few letter boxes */
    assert_spelt("w1x1aa", "W1X 1AA");   /* gone in 2000, still on old letters */
    assert_spelt("xx101aa", "XX10 1AA"); /* parcels sent back to shops */
}

static void test_what_cannot_be_a_postcode_is_refused_and_nothing_written(void **state)
{
    static const char *const bad[] = {
        "",         " ",        "EH10",       "EH10 4",   "EH10 4A",  "EH10 4AAA",       "EH100 4AA",
        "4AA EH10", "EHX 4AA",  "E 4AA",      "EH 4AA",   "10 4AA",   "QH10 4AA",        "VH10 4AA",
        "EI10 4AA", "EJ10 4AA", "EZ10 4AA",   "EH10 AAA", "EH10 44A", "EH10 4A4",        "EH10 4CA",
        "EH10 4AI", "EH10 4KA", "EH10 4MA",   "EH10 4AO", "EH10 4VA", "EH1C 4AA",        "W1I 1AA",
        "W1O 1AA",  "EH10-4AA", "EH10,4AA",   "EH10.4AA", "GIS 0AA",  "\xc3\x89H10 4AA", "NT 3348 6700",
        "EH1O 4AA", "Dalkeith", "EH10 4AA\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char postcode[CR_POSTCODE_SIZE] = "?";
        if (cr_postcode_parse(bad[i], postcode) != CR_E_INPUT)
            fail_msg("'%s' became '%s'", bad[i], postcode);
        assert_string_equal(postcode, "?");
    }
}

static void test_keys_sort_as_postcodes_do_and_hold_sector_and_district(void **state)
{
    static const char *const sorted[] = {"AB1 0BR", "EH1 1AD", "EH1 2AA", "EH10 4AA", "EH10 4AB",
                                         "EH2 1AA", "M1 1AE",  "W1A 1HQ", "WC2N 5DU"};
    for (size_t i = 1; i < sizeof sorted / sizeof *sorted; i++)
        assert_true(geo_postcode_key(sorted[i - 1], 9) < geo_postcode_key(sorted[i], 9));
    uint64_t a = geo_postcode_key("EH10 4AA", 9), b = geo_postcode_key("EH10 4ZZ", 9),
             c = geo_postcode_key("EH10 5AA", 9);
    assert_true(geo_postcode_sector(a) == geo_postcode_sector(b) && geo_postcode_sector(a) != geo_postcode_sector(c));
    assert_true(geo_postcode_district(a) == geo_postcode_district(c));
    assert_true(geo_postcode_district(a) != geo_postcode_district(geo_postcode_key("EH1 0AA", 9)));
    assert_true(geo_postcode_key("EH10 4AA and more", 8) == a); /* no further than told */
}

/* Whatever seven characters: what parses has one spelling, and that parses to itself. */
static void test_the_spelling_of_a_spelling_is_itself(void **state)
{
    static const char letters[] = "ABCEGHIKWXZ0149";
    uint64_t seed = 7;
    int n_parsed = 0;
    for (int round = 0; round < 300000; round++) {
        char text[9] = "", once[CR_POSTCODE_SIZE], twice[CR_POSTCODE_SIZE];
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int n = 5 + (int)(seed >> 60) % 3;
        for (int i = 0; i < n; i++)
            text[i] = letters[(seed >> (i * 7)) % (sizeof letters - 1)];
        if (cr_postcode_parse(text, once) != CR_OK)
            continue;
        n_parsed++;
        assert_int_equal(cr_postcode_parse(once, twice), CR_OK);
        assert_string_equal(once, twice);
        assert_true(geo_postcode_key(text, 8) == geo_postcode_key(once, 8));
    }
    assert_true(n_parsed > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spaces_and_case_do_not_matter),
        cmocka_unit_test(test_every_shape_of_outward_code),
        cmocka_unit_test(test_what_cannot_be_a_postcode_is_refused_and_nothing_written),
        cmocka_unit_test(test_keys_sort_as_postcodes_do_and_hold_sector_and_district),
        cmocka_unit_test(test_the_spelling_of_a_spelling_is_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
