/* The line that is printed for an instance. */
#include "bench_fixture.h"

#include <jansson.h>

static const char small[] = "nbNodes\n3\nnbVehi\n1\nnbServi\n2\nr\n1 1\n0 1\n1 1\nDS\na\n1 1\nx\n0 1 0\ny\n0 1 0\n"
                            "d\n0 4.25 0\n4.25 0 4.25\n0 4.25 0\np\n0 0\n5 5\n0 0\nmind\n0 0 0\nmaxd\n0 0 0\n"
                            "e\n0 0 0\nl\n9 9 9\n";

static bench_instance *read_small(void)
{
    bench_instance *instance;
    bench_message message = {""};
    assert_int_equal(bench_mankowska_parse(small, strlen(small), &BENCH_CONVENTION_INIT, &instance, &message), CR_OK);
    return instance;
}

static void test_a_line_has_the_fields_of_the_contract(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    cr_auto(cr_plan) plan = plan_of_slots(instance->problem, (const int32_t *[]){(int32_t[]){0, -1}}, 1);
    double start[] = {4.25};
    bench_result result = {.instance_name = "small",
                           .plan = plan,
                           .start = start,
                           .feasible = true,
                           .objective = 8.5 / 3,
                           .seconds = 0.5,
                           .first_feasible_s = 0.25,
                           .iterations_per_s = 1500,
                           .seed = 7,
                           .threads = 1};
    char *line = bench_line(&bench_mankowska, instance, &result);
    assert_string_equal(line, "{\"instance\":\"small\",\"format\":\"mankowska\",\"objective\":2.83333333333333,"
                              "\"bound\":null,\"feasible\":true,\"unserved\":[],\"seconds\":0.5,"
                              "\"first_feasible_s\":0.25,\"iterations_per_s\":1500.0,\"seed\":7,\"threads\":1,"
                              "\"routes\":[{\"vehicle\":0,"
                              "\"stops\":[{\"node\":1,\"service\":2,\"start\":4.25}]}]}");
    free(line);
}

static void test_the_unserved_are_named_once_for_each_carer(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    cr_slot second = CR_SLOT_INIT;
    assert_int_equal(cr_problem_add_slot(instance->problem, &second), CR_OK);
    cr_auto(cr_plan) plan = plan_of_slots(instance->problem, (const int32_t *[]){(int32_t[]){-1}}, 1);
    bench_result result = {.instance_name = "small", .plan = plan, .first_feasible_s = -1, .threads = 1};
    char *text = bench_line(&bench_mankowska, instance, &result);
    json_t *line = json_loads(text, 0, NULL);
    json_t *unserved = json_object_get(line, "unserved");
    assert_int_equal(json_array_size(unserved), 2);
    assert_int_equal(json_integer_value(json_array_get(unserved, 1)), 1);
    assert_true(json_is_null(json_object_get(line, "first_feasible_s")));
    assert_int_equal(json_array_size(json_object_get(line, "routes")), 0);
    json_decref(line);
    free(text);
}

static void test_a_trace_is_told_against_the_last_best(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    cr_auto(cr_plan) plan = plan_of_slots(instance->problem, (const int32_t *[]){(int32_t[]){-1}}, 1);
    bench_trace trace = {0};
    bench_trace_add(&trace, 0.25, 300);
    bench_trace_add(&trace, 1.5, 200);
    bench_result result = {.instance_name = "small", .plan = plan, .trace = &trace, .first_feasible_s = -1};
    char *text = bench_line(&bench_mankowska, instance, &result);
    assert_non_null(strstr(text, "\"trace\":[[0.25,1.5],[1.5,1.0]]"));
    free(text);
    bench_trace_done(&trace);
}

static void test_an_error_line_has_a_name_and_a_reason(void **state)
{
    char *line = bench_error_line("C101", "line 5: number of vehicles: \"two\" is no number");
    assert_string_equal(line,
                        "{\"instance\":\"C101\",\"error\":\"line 5: number of vehicles: \\\"two\\\" is no number\"}");
    free(line);
}

static void test_bytes_that_are_no_utf_8_are_left_out_of_an_error_line(void **state)
{
    char *line = bench_error_line("M\xfcller", "line 1: \"\xff\" is no number");
    assert_string_equal(line, "{\"instance\":\"M?ller\",\"error\":\"line 1: \\\"?\\\" is no number\"}");
    free(line);
    line = bench_error_line("Müller", "unknown");
    assert_string_equal(line, "{\"instance\":\"Müller\",\"error\":\"unknown\"}");
    free(line);
}

static void test_a_name_that_is_no_utf_8_has_a_line_all_the_same(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    cr_auto(cr_plan) plan = plan_of_slots(instance->problem, (const int32_t *[]){(int32_t[]){-1}}, 1);
    bench_result result = {.instance_name = "M\xfcller", .plan = plan, .first_feasible_s = -1, .threads = 1};
    char *line = bench_line(&bench_mankowska, instance, &result);
    assert_non_null(line);
    assert_non_null(strstr(line, "{\"instance\":\"M?ller\",\"format\":\"mankowska\","));
    free(line);
}

static void test_an_instance_is_named_without_folder_and_last_ending(void **state)
{
    static const char *const names[][2] = {
        {"sets/HHCRSP_10_3_22_1.6_R_C.json", "HHCRSP_10_3_22_1.6_R_C"},
        {"C101.txt", "C101"},
        {"data/strathclyde-2017/2017-10-03", "2017-10-03"},
        {"data/midlothian/", "midlothian"},
        {"/", ""},
        {".hidden", ".hidden"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *name = bench_instance_name(names[i][0]);
        assert_string_equal(name, names[i][1]);
        free(name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_has_the_fields_of_the_contract),
        cmocka_unit_test(test_the_unserved_are_named_once_for_each_carer),
        cmocka_unit_test(test_a_trace_is_told_against_the_last_best),
        cmocka_unit_test(test_an_error_line_has_a_name_and_a_reason),
        cmocka_unit_test(test_bytes_that_are_no_utf_8_are_left_out_of_an_error_line),
        cmocka_unit_test(test_a_name_that_is_no_utf_8_has_a_line_all_the_same),
        cmocka_unit_test(test_an_instance_is_named_without_folder_and_last_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
