/* Scenarios: what is noise, what is not, and that no run is left out in silence. */
#include "scenario.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ALMOST 1e-6

static void test_the_quantiles_of_student_are_those_of_the_books(void **state)
{
    /* Abramowitz and Stegun, table 26.10. */
    assert_float_equal(scenario_student_quantile(0.975, 1), 12.706, 0.0005);
    assert_float_equal(scenario_student_quantile(0.975, 2), 4.303, 0.0005);
    assert_float_equal(scenario_student_quantile(0.975, 3), 3.182, 0.0005);
    assert_float_equal(scenario_student_quantile(0.975, 4), 2.776, 0.0005);
    assert_float_equal(scenario_student_quantile(0.995, 9), 3.250, 0.0005);
    assert_float_equal(scenario_student_quantile(0.995, 10), 3.169, 0.0005);
    assert_float_equal(scenario_student_quantile(0.975, 30), 2.042, 0.0005);
    assert_float_equal(scenario_student_quantile(0.5, 7), 0, ALMOST);
}

static void test_a_spread_is_the_sample_s(void **state)
{
    /* 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, over 2 = 13. */
    scenario_spread s = scenario_spread_of((const double[]){2, 4, 9}, 3);
    assert_int_equal(s.n, 3);
    assert_float_equal(s.mean, 5, ALMOST);
    assert_float_equal(s.sd, sqrt(13), ALMOST);
    assert_float_equal(s.least, 2, 0);
    assert_float_equal(s.most, 9, 0);
    assert_float_equal(scenario_spread_of((const double[]){0.1, 0.1, 0.1}, 3).sd, 0, 0);
    assert_true(isnan(scenario_spread_of(NULL, 0).mean));
}

static void test_what_moves_every_seed_alike_is_beyond_the_noise(void **state)
{
    /* Seeds lie 100 apart, the scenario saves 10, 12, 8 and 10: mean -10, sd sqrt(8/3) = 1.633, t(0.975, 3) = 3.182, so
     * 3.182 x 1.633 / 2 = 2.598 to either side. */
    const double base[] = {1000, 1100, 1200, 1300}, with[] = {990, 1088, 1192, 1290};
    scenario_difference d = scenario_difference_of(base, with, 4, 0.05);
    assert_float_equal(d.mean, -10, ALMOST);
    assert_float_equal(d.low, -12.598, 0.001);
    assert_float_equal(d.high, -7.402, 0.001);
    assert_int_equal(d.verdict, SCENARIO_LESS);
    assert_int_equal(scenario_difference_of(with, base, 4, 0.05).verdict, SCENARIO_MORE);
}

static void test_what_goes_both_ways_is_noise(void **state)
{
    const double base[] = {1000, 1100, 1200}, with[] = {990, 1120, 1195};
    assert_int_equal(scenario_difference_of(base, with, 3, 0.05).verdict, SCENARIO_NOISE);
    assert_int_equal(scenario_difference_of(base, base, 3, 0.05).verdict, SCENARIO_SAME);
    scenario_difference one = scenario_difference_of(base, with, 1, 0.05);
    assert_int_equal(one.verdict, SCENARIO_UNKNOWN);
    assert_float_equal(one.mean, -10, ALMOST);
}

static void test_many_scenarios_share_the_doubt(void **state)
{
    /* Savings of 10, 5 and 8: mean -7.667, sd 2.517, standard error 1.453. t(0.975, 2) = 4.303 gives 6.25 to either
     * side: beyond the noise. A fifth of alpha, t(0.995, 2) = 9.925, gives 14.4: noise. */
    const double base[] = {0, 0, 0}, with[] = {-10, -5, -8};
    assert_int_equal(scenario_difference_of(base, with, 3, 0.05).verdict, SCENARIO_LESS);
    assert_int_equal(scenario_difference_of(base, with, 3, 0.01).verdict, SCENARIO_NOISE);
}

/* ---- the table ---- */

static const char text[] =
    "{\"day\": \"d\", \"limit\": {\"iterations\": 5}, \"seeds\": [7, 8, 9], \"scenarios\": "
    "[{\"name\": \"fewer\", \"changes\": [{\"change\": \"remove_visits\", \"visits\": [\"V1\"]}]}]}";

static json_t *sound_record(int64_t cost_pence, int familiar, int known)
{
    return json_pack(
        "{s:s, s:b, s:[], s:i, s:{s:I, s:i, s:i, s:i, s:i, s:i, s:i, s:[{s:s, s:s, s:i, s:i, s:i, s:i, s:i, "
        "s:i}]}}",
        "plan_sha256", "00", "is_sound", 1, "broken_rules", "seed", 7, "figures", "cost_units",
        (json_int_t)(cost_pence * CR_COST_PENNY), "paid_units", 0, "unallocated_visits", 2, "travel_s", 3600, "dist_m",
        16093, "familiar", familiar, "known", known, "providers", "provider", "P", "name", "Provider <P>",
        "carer_visits", 4, "care_s", 7200, "travel_s", 3600, "dist_m", 0, "familiar", 1, "known", 2);
}

static json_t *broken_record(void)
{
    return json_pack("{s:s, s:b, s:[{s:s, s:s}], s:i, s:n}", "plan_sha256", "00", "is_sound", 0, "broken_rules", "rule",
                     "window", "message", "too late", "seed", 7, "figures");
}

/* Three seeds of the base, then three of the scenario, with one run that broke a rule. */
static scenario_table *make_table(scenario_file **ret_file)
{
    findings_book *book = NULL;
    scenario_table *table = NULL;
    assert_int_equal(findings_new(&book), CR_OK);
    assert_int_equal(scenario_file_parse(text, strlen(text), "x/s.json", book, ret_file), CR_OK);
    findings_free(book);
    json_t *records = json_array(), *notes = json_pack("[[], [s]]", "1 visit removed");
    json_array_append_new(records, sound_record(1000, 1, 2));
    json_array_append_new(records, sound_record(1100, 1, 2));
    json_array_append_new(records, sound_record(1200, 1, 2));
    json_array_append_new(records, sound_record(900, 1, 2));
    json_array_append_new(records, broken_record());
    json_array_append_new(records, sound_record(1090, 1, 2));
    const scenario_facts facts = {"d", "Monday 23 November 2026", "straight line", "abc", notes};
    assert_int_equal(scenario_table_new(*ret_file, &facts, records, &table), CR_OK);
    json_decref(records);
    json_decref(notes);
    return table;
}

static void test_a_run_that_breaks_a_rule_is_shown_and_not_counted(void **state)
{
    scenario_file *f = NULL;
    scenario_table *t = make_table(&f);
    const scenario_line *cost = &t->lines[0];
    assert_false(scenario_table_is_sound(t));
    assert_int_equal(t->n_broken[0], 0);
    assert_int_equal(t->n_broken[1], 1);
    assert_int_equal(cost->cells[1].spread.n, 2);
    assert_int_equal(cost->cells[1].difference.n, 2);                  /* seeds 7 and 9 */
    assert_float_equal(cost->cells[1].difference.mean, -1.05, ALMOST); /* (9.00 - 10.00 + 10.90 - 12.00) / 2 */
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);
    assert_int_equal(scenario_write_text(t, out), CR_OK);
    fclose(out);
    assert_non_null(strstr(written, "NOT COUNTED: in 1 of 3 runs the checker found a broken rule"));
    free(written);
    out = open_memstream(&written, &size);
    assert_int_equal(scenario_write_html(t, out), CR_OK);
    fclose(out);
    assert_non_null(strstr(written, "In 1 of 3 runs the checker found a broken rule: not counted."));
    assert_non_null(strstr(written, "Provider &lt;P&gt;"));
    free(written);
    scenario_table_free(t);
    scenario_file_free(f);
}

static void test_a_record_with_another_key_or_half_of_it_is_none(void **state)
{
    json_t *record = sound_record(1, 1, 2);
    json_object_set_new(record, "format", json_string("careround scenario run"));
    json_object_set_new(record, "key", json_string("k"));
    assert_true(scenario_record_is_whole(record, "k"));
    assert_false(scenario_record_is_whole(record, "l"));
    json_object_del(json_object_get(record, "figures"), "dist_m");
    assert_false(scenario_record_is_whole(record, "k"));
    assert_false(scenario_record_is_whole(NULL, "k"));
    json_decref(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_quantiles_of_student_are_those_of_the_books),
        cmocka_unit_test(test_a_spread_is_the_sample_s),
        cmocka_unit_test(test_what_moves_every_seed_alike_is_beyond_the_noise),
        cmocka_unit_test(test_what_goes_both_ways_is_noise),
        cmocka_unit_test(test_many_scenarios_share_the_doubt),
        cmocka_unit_test(test_a_run_that_breaks_a_rule_is_shown_and_not_counted),
        cmocka_unit_test(test_a_record_with_another_key_or_half_of_it_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
