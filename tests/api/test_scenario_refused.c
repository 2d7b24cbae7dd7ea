/* A real plan that the checker refuses, on its way to the table: the search is made to say starts that are not so, and
 * everything after it is as always. */
#include "scenario.h"

#include "careround/solve.h"
#include "sample_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int32_t late; /* ticks by which every start of the next plan is wrong */

cr_status __real_cr_solve(const cr_problem *problem, const cr_solve_options *options, cr_plan **ret_plan,
                          cr_solve_stats *stats);
cr_status __wrap_cr_solve(const cr_problem *problem, const cr_solve_options *options, cr_plan **ret_plan,
                          cr_solve_stats *stats);

cr_status __wrap_cr_solve(const cr_problem *problem, const cr_solve_options *options, cr_plan **ret_plan,
                          cr_solve_stats *stats)
{
    cr_status st = __real_cr_solve(problem, options, ret_plan, stats);
    for (int32_t i = 0; !st && i < (*ret_plan)->n_stops; i++)
        (*ret_plan)->stops[i].start += late;
    return st;
}

static json_t *record_of(const sample *s, int32_t late_ticks, int64_t seed)
{
    json_t *record = NULL;
    const scenario_run_options how = {
        .scenario = "base", .key = "k", .seed = seed, .iterations = 50, .time_s = -1, .n_threads = 1};
    late = late_ticks;
    assert_int_equal(scenario_run(s->day, &how, &record), CR_OK);
    assert_non_null(record);
    assert_true(scenario_record_is_whole(record, "k"));
    return record;
}

static void test_a_plan_that_breaks_rules_has_them_in_its_record_and_no_figures(void **state)
{
    const sample *s = *state;
    json_t *sound = record_of(s, 0, 1), *refused = record_of(s, 6 * 3600, 1);
    assert_true(json_is_true(json_object_get(sound, "is_sound")));
    assert_int_equal(json_array_size(json_object_get(sound, "broken_rules")), 0);
    assert_true(json_is_object(json_object_get(sound, "figures")));

    const json_t *rules = json_object_get(refused, "broken_rules");
    assert_true(json_is_false(json_object_get(refused, "is_sound")));
    assert_true(json_array_size(rules) > 0);
    assert_non_null(json_string_value(json_object_get(json_array_get(rules, 0), "message")));
    assert_true(json_is_null(json_object_get(refused, "figures")));
    assert_string_not_equal(json_string_value(json_object_get(sound, "plan_sha256")),
                            json_string_value(json_object_get(refused, "plan_sha256")));
    json_decref(sound);
    json_decref(refused);
}

static void test_the_table_counts_it_and_takes_no_figure_from_it(void **state)
{
    static const char text[] = "{\"day\": \"d\", \"seeds\": [1, 2], \"limit\": {\"iterations\": 50}, \"scenarios\": "
                               "[{\"name\": \"s\", \"changes\": [{\"change\": \"widen_windows\", \"minutes\": 1}]}]}";
    const sample *s = *state;
    findings_book *book = NULL;
    cr_auto(scenario_file) f = NULL;
    cr_auto(scenario_table) t = NULL;
    assert_int_equal(findings_new(&book), CR_OK);
    assert_int_equal(scenario_file_parse(text, strlen(text), "s.json", book, &f), CR_OK);
    findings_free(book);
    json_t *records = json_array(), *notes = json_pack("[[], []]");
    for (int32_t run = 0; run < 4; run++) /* of the base, of the scenario; the base's second is refused */
        json_array_append_new(records, record_of(s, run == 1 ? 6 * 3600 : 0, run % 2 + 1));
    const scenario_facts facts = {"d", "2026-11-23", "by hand", "abc", notes};
    assert_int_equal(scenario_table_new(f, &facts, records, &t), CR_OK);
    assert_false(scenario_table_is_sound(t));
    assert_int_equal(t->n_broken[0], 1);
    assert_int_equal(t->n_broken[1], 0);
    for (int32_t i = 0; i < 4; i++) { /* cost, paid, not placed, travel: every run that counts has them */
        assert_int_equal(t->lines[i].cells[0].spread.n, 1);
        assert_int_equal(t->lines[i].cells[1].spread.n, 2);
        assert_int_equal(t->lines[i].cells[1].difference.n, 1);
    }
    json_decref(records);
    json_decref(notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_plan_that_breaks_rules_has_them_in_its_record_and_no_figures,
                                        sample_setup, sample_teardown),
        cmocka_unit_test_setup_teardown(test_the_table_counts_it_and_takes_no_figure_from_it, sample_setup,
                                        sample_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
