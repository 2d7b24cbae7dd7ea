/* Reading the home health care files in JSON. What is made of them is tested with Mankowska's. */
#include "bench_fixture.h"

#include "careround/solve.h"

/* Node 1: both services at once. Node 2: service a, window with float noise. Node 3: service b, then a five to eight
 * minutes after. Slots: 0 and 1 node 1; 2 node 2; 3 and 4 node 3. */
static const char small[] =
    "{\"distances\": [[0, 10, 9, 7], [12, 0, 4, 8], [9, 5, 0, 6], [8, 8, 6, 0]],\n"
    "\"central_offices\": [{\"id\": \"d\"}],\n"
    "\"services\": [{\"id\": \"a\", \"default_duration\": 10}, {\"id\": \"b\"}],\n"
    "\"caregivers\": [{\"id\": \"c1\", \"abilities\": [\"a\", \"b\"]}, {\"id\": \"c2\", \"abilities\": [\"a\"]}],\n"
    "\"patients\": [\n"
    "{\"id\": \"p1\", \"time_window\": [20, 40], \"required_caregivers\": [{\"service\": \"a\"},\n"
    "    {\"service\": \"b\", \"duration\": 5}], \"synchronization\": {\"type\": \"simultaneous\"}},\n"
    "{\"id\": \"p2\", \"time_window\": [0.5, 31.99999999999999], \"required_caregivers\": [{\"service\": \"a\"}]},\n"
    "{\"id\": \"p3\", \"time_window\": [0, 50], \"required_caregivers\": [{\"service\": \"b\", \"duration\": 20},\n"
    "    {\"service\": \"a\"}], \"synchronization\": {\"type\": \"sequential\", \"distance\": [5, 8]}}]}\n";

static bench_instance *read_small(void)
{
    bench_instance *instance;
    bench_message message = {""};
    assert_int_equal(bench_udine_parse(small, strlen(small), &BENCH_CONVENTION_INIT, &instance, &message), CR_OK);
    assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
    return instance;
}

static void test_whole_minutes_are_ticks_and_windows_round_down(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    const cr_problem *p = instance->problem;
    assert_int_equal(p->ticks_per_unit, 1);
    assert_int_equal(p->n_visits, 4);
    assert_int_equal(p->visits[0].slots.n, 2);
    assert_int_equal(p->visits[1].due, 31);
    assert_int_equal(p->windows[1].open, 0);
    assert_int_equal(p->n_gaps, 1);
    assert_int_equal(p->gaps[0].min, 5);
    assert_int_equal(p->gaps[0].max, 8);
}

static void test_the_way_there_is_not_the_way_back(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    assert_int_equal(cr_matrix_time(instance->problem->matrix[0], 0, 1), 10);
    assert_int_equal(cr_matrix_time(instance->problem->matrix[0], 1, 0), 12);
    assert_int_equal(instance->problem->shifts[0].end_place, 0);
}

static void test_of_two_services_the_list_says_which_comes_first(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    const cr_problem *p = instance->problem;
    int32_t first = p->visits[p->gaps[0].first].slots.first;
    assert_int_equal(p->slots[first].duration, 20);
    assert_int_equal(instance->service[first], 2);
    assert_int_equal(p->slots[p->visits[p->gaps[0].second].slots.first].duration, 10);
}

static void test_services_are_printed_by_name(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    /* c1: node 1 (b) at 20, node 3 (b); c2: node 1 (a) at 20, node 2 at 34, 3 late of 31, node 3 (a) at 50, so the
     * first at node 3 waits until 42. (26 + 28 of travel + 3 + 3) / 3. */
    const int32_t *slots[] = {(int32_t[]){1, 3, -1}, (int32_t[]){0, 2, 4, -1}};
    cr_auto(cr_plan) plan = plan_of_slots(instance->problem, slots, 2);
    double *start = bench_starts(&bench_udine, instance, plan);
    assert_float_equal(start[1], 42, 0);
    bench_result result = {.instance_name = "small",
                           .plan = plan,
                           .start = start,
                           .feasible = true,
                           .objective = bench_udine.objective(instance, plan, start),
                           .first_feasible_s = -1};
    assert_float_equal(result.objective, 20, 1e-12);
    char *line = bench_line(&bench_udine, instance, &result);
    assert_non_null(strstr(line, "{\"node\":3,\"service\":\"b\",\"start\":42}"));
    free(line);
    free(start);
}

static void test_broken_files_are_refused_with_place_and_value(void **state)
{
    static const broken_input broken[] = {
        {"[0, 10,", "[0, 10", "line 1: ']' expected near '9'"},
        {"{\"distances\"", "[{\"distances\"", "line 11: ']' expected near end of file"},
        {"\"central_offices\": [{\"id\": \"d\"}],\n", "", "central_offices is missing"},
        {"[{\"id\": \"d\"}]", "[]", "central_offices has 0 items, not 1 to 1"},
        {"[{\"id\": \"d\"}]", "1", "central_offices: 1 is no list"},
        {"{\"id\": \"b\"}", "{\"id\": \"a\"}", "services[1]: {\"id\":\"a\"} has the id of another service"},
        {"{\"id\": \"b\"}", "{\"id\": \"\"}", "services[1].id: \"\" is no text"},
        {"{\"id\": \"b\"}", "[]", "services[1]: [] is no object"},
        {"\"default_duration\": 10", "\"default_duration\": -1",
         "services[0].default_duration: -1 is outside 0 to 100000"},
        {"[\"a\", \"b\"]", "[\"a\", \"B\"]", "caregivers[0].abilities[1]: \"B\" is not in services"},
        {"[20, 40]", "[20]", "patients[0].time_window has 1 items, not 2 to 2"},
        {"[20, 40]", "[\"early\", 40]", "patients[0].time_window[0]: \"early\" is no number"},
        {"[{\"service\": \"a\"}]", "[]", "patients[1].required_caregivers has 0 items, not 1 to 2"},
        {"{\"service\": \"b\", \"duration\": 5}", "{\"service\": \"b\"}",
         "patients[0].required_caregivers[1]: {\"service\":\"b\"} has no duration, nor has its service"},
        {"{\"service\": \"b\", \"duration\": 5}", "{\"service\": \"a\"}",
         "patients[0].required_caregivers[1].service: \"a\" is needed twice"},
        {"simultaneous", "at once",
         "patients[0].synchronization.type: \"at once\" is neither simultaneous nor sequential"},
        {", \"synchronization\": {\"type\": \"simultaneous\"}", "", "patients[0].synchronization is missing"},
        {"[5, 8]", "[9, 8]", "patients[2].synchronization.distance: [9,8] has the least above the most"},
        {"[9, 5, 0, 6], ", "", "distances has 3 items, not 4 to 4"},
        {"[9, 5, 0, 6]", "[9, 5, null, 6]", "distances[2][2]: null is no number"},
        {"[9, 5, 0, 6]", "[9, 5, 0, 1e6]", "distances[2][3]: 1000000.0 is outside 0 to 100000"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_refused(bench_udine_parse, small, &broken[i]);
}

static void test_published_files_have_their_published_size(void **state)
{
    /* file, patients, of these one after the other, carers */
    static const struct {
        const char *file;
        int32_t n_patients, n_gaps, n_carers;
    } published[] = {
        {"udine-italian-2024/instance_003-rome-r19-p44-s4-sim22.3-seq22.9.json", 44, 10, 8},
        {"kummer-2021/HHCRSP_10_3_11_0.4_R_C.json", 10, 2, 3},
    };
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        char *path = shared_path(published[i].file);
        if (!path)
            skip();
        cr_auto(bench_instance) instance = NULL;
        bench_message message = {""};
        assert_int_equal(bench_read(&bench_udine, &(bench_source){.path = path}, &instance, &message), CR_OK);
        free(path);
        assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
        assert_int_equal(instance->problem->n_gaps, published[i].n_gaps);
        assert_int_equal(instance->problem->n_visits, published[i].n_patients + published[i].n_gaps);
        assert_int_equal(instance->problem->n_shifts, published[i].n_carers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_minutes_are_ticks_and_windows_round_down),
        cmocka_unit_test(test_the_way_there_is_not_the_way_back),
        cmocka_unit_test(test_of_two_services_the_list_says_which_comes_first),
        cmocka_unit_test(test_services_are_printed_by_name),
        cmocka_unit_test(test_broken_files_are_refused_with_place_and_value),
        cmocka_unit_test(test_published_files_have_their_published_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
