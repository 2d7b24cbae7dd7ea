/* Reading the files with pairs of visits, and the two ways to count their durations. */
#include "bench_fixture.h"

#include "careround/solve.h"

/* Two carers, a day of 200. Visits 1 and 3 are a pair (10000 in t_ij), 2 is single. The list of pairs lies. */
static const char small[] = "# a comment: with marks = ;\r\n"
                            "set N0 = 0;\r\nset Shared_Visited:= (1,2),;\r\n"
                            "param kn:= 2;\r\nparam dn:= 2;\r\nparam T:= 200;\r\n"
                            "param s_id:\t1\t2\t:=\r\n0\t0\t0\r\n1\t45\t45\r\n2\t20\t20\r\n3\t45\t45\r\n;\r\n"
                            "param t_ij: 0\t1\t2\t3\t:=\r\n0\t0\t10\t12\t10\r\n1\t11\t10000\t7\t10000\r\n"
                            "2\t12\t7\t10000\t7\r\n3\t11\t10000\t7\t10000\r\n;\r\n"
                            "param w_id:\t1\t2\t:=\r\n1\t1\t0\r\n;\r\n"
                            "param e_id:\t1\t2\t:=\r\n0\t0\t0\r\n1\t30\t30\r\n2\t0\t0\r\n3\t30\t30\r\n;\r\n"
                            "param l_id:\t1\t2\t:=\r\n0\t200\t200\r\n1\t60\t60\r\n2\t150\t150\r\n3\t60\t60\r\n;\r\n"
                            "param prefer_id: 1\t2\t:=\r\n1\t-0.5\t2.25\r\n;\r\n";

static bench_instance *read_small(int32_t duration_tenths)
{
    bench_instance *instance;
    bench_message message = {""};
    bench_convention convention = {.duration_tenths = duration_tenths};
    assert_int_equal(bench_bredstrom_parse(small, strlen(small), &convention, &instance, &message), CR_OK);
    assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
    return instance;
}

static void test_a_pair_is_one_visit_with_two_numbers(void **state)
{
    cr_auto(bench_instance) instance = read_small(10);
    const cr_problem *p = instance->problem;
    assert_int_equal(p->n_visits, 2);
    assert_int_equal(p->visits[0].slots.n, 2);
    assert_int_equal(p->visits[1].slots.n, 1);
    assert_int_equal(bench_slot_node(instance, 0), 1);
    assert_int_equal(bench_slot_node(instance, 1), 3);
    assert_int_equal(bench_slot_node(instance, 2), 2);
    assert_int_equal(p->n_shifts, 2);
    assert_int_equal(p->shifts[1].end, 200);
    assert_int_equal(p->windows[0].open, 30);
    assert_int_equal(p->windows[0].close, 60);
    assert_int_equal(p->slots[1].duration, 45);
}

static void test_published_durations_of_some_files_are_14_tenths_rounded_down(void **state)
{
    cr_auto(bench_instance) instance = read_small(14);
    assert_int_equal(instance->problem->slots[0].duration, 63); /* 14 x 45 / 10 */
    assert_int_equal(instance->problem->slots[2].duration, 28);
}

static char *line_of(int32_t duration_tenths)
{
    cr_auto(bench_instance) instance = read_small(duration_tenths);
    /* 0-1-0 is 10 + 11, 0-3-2-0 is 10 + 7 + 12. */
    const int32_t *slots[] = {(int32_t[]){0, -1}, (int32_t[]){1, 2, -1}};
    cr_auto(cr_plan) plan = plan_of_slots(instance->problem, slots, 2);
    double *start = bench_starts(&bench_bredstrom, instance, plan);
    bench_result result = {.instance_name = "small", .plan = plan, .start = start, .first_feasible_s = -1};
    result.objective = bench_bredstrom.objective(instance, plan, start);
    assert_float_equal(result.objective, 50, 0);
    char *line = bench_line(&bench_bredstrom, instance, &result);
    free(start);
    return line;
}

static void test_the_line_says_which_durations(void **state)
{
    char *as_filed = line_of(10), *longer = line_of(14);
    assert_null(strstr(as_filed, "objective_kind"));
    assert_non_null(strstr(as_filed, "{\"node\":3,\"service\":null"));
    assert_non_null(strstr(longer, "\"objective_kind\":\"travel14\""));
    free(as_filed);
    free(longer);
}

static void test_a_pair_left_out_is_two_numbers(void **state)
{
    cr_auto(bench_instance) instance = read_small(10);
    const int32_t *slots[] = {(int32_t[]){2, -1}};
    cr_auto(cr_plan) plan = plan_of_slots(instance->problem, slots, 1);
    double *start = bench_starts(&bench_bredstrom, instance, plan);
    bench_result result = {.instance_name = "small", .plan = plan, .start = start, .first_feasible_s = -1};
    char *line = bench_line(&bench_bredstrom, instance, &result);
    assert_non_null(strstr(line, "\"unserved\":[1,3]"));
    free(line);
    free(start);
}

static void test_broken_files_are_refused_with_line_and_value(void **state)
{
    static const broken_input broken[] = {
        {"param kn:= 2;", "param kn:= 0;", "line 4: kn: 0 is outside 1 to 1000"},
        {"param kn:= 2;", "param kn 2;", "line 4: \"2\" stands where \":\" should"},
        {"param kn:= 2;\r\n", "", "kn is missing"},
        {"param T:= 200;\r\n", "", "T is missing"},
        {"param T:= 200;", "parm T:= 200;", "line 6: \"parm\" is neither set nor param"},
        {"1\t45\t45", "1\t45\t46", "line 9: s_id: the days differ (45 and 46)"},
        {"1\t45\t45", "1\t45.5\t45", "line 9: s_id: 45.5 is not a whole number"},
        {"2\t20\t20", "4\t20\t20", "line 10: row 4 of s_id stands where 2 should"},
        {"s_id:\t1\t2", "s_id:\t1\t3", "line 7: column 3 of s_id stands where 2 should"},
        {"s_id:\t1\t2\t:=", "s_id:\t:=", "line 7: s_id has no columns"},
        {"param e_id", "param s_id", "line 22: s_id twice"},
        {"3\t45\t45\r\n;", ";", "line 16: t_ij has 4 rows, not 3"},
        {"2\t12\t7\t10000\t7", "2\t12\t7\t10000\t-7", "line 16: t_ij: -7 is outside 0 to 100000"},
        {"2\t12\t7\t10000\t7", "2\t12\t10000\t10000\t7", "t_ij: visits 1 and 3 are a pair, but not to one client"},
        {"1\t11\t10000\t7\t10000", "1\t11\t10000\t10000\t10000",
         "t_ij: visits 1 and 2 are a pair, but not to one client"},
        {"3\t60\t60\r\n;", "3\t61\t61\r\n;", "t_ij: visits 1 and 3 are a pair, but not to one client"},
        {"3\t60\t60\r\n;\r\nparam prefer_id: 1\t2\t:=\r\n1\t-0.5\t2.25\r\n;", "3\t60\t60",
         "line 33: the file ends where \";\" should be"},
        {"2.25\r\n;", "2.25", "line 36: the file ends where \";\" should be"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_refused(bench_bredstrom_parse, small, &broken[i]);
}

static void test_published_files_have_their_published_size(void **state)
{
    static const struct {
        const char *file;
        int32_t n_visits, n_pairs, n_carers;
    } published[] = {
        {"bredstrom-2008/case_1_20_4_2_2.dat", 20, 2, 4},
        {"bredstrom-2008/case_2_80_16_8_3.dat", 80, 8, 16}, /* its own list of pairs is wrong */
    };
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        char *path = shared_path(published[i].file);
        if (!path)
            skip();
        cr_auto(bench_instance) instance = NULL;
        bench_message message = {""};
        bench_source source = {.path = path, .convention = BENCH_CONVENTION_INIT};
        assert_int_equal(bench_read(&bench_bredstrom, &source, &instance, &message), CR_OK);
        free(path);
        assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
        assert_int_equal(instance->problem->n_slots, published[i].n_visits);
        assert_int_equal(instance->problem->n_visits, published[i].n_visits - published[i].n_pairs);
        assert_int_equal(instance->problem->n_shifts, published[i].n_carers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pair_is_one_visit_with_two_numbers),
        cmocka_unit_test(test_published_durations_of_some_files_are_14_tenths_rounded_down),
        cmocka_unit_test(test_the_line_says_which_durations),
        cmocka_unit_test(test_a_pair_left_out_is_two_numbers),
        cmocka_unit_test(test_broken_files_are_refused_with_line_and_value),
        cmocka_unit_test(test_published_files_have_their_published_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
