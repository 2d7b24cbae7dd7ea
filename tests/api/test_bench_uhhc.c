/* Reading the files of the unified home health care problem. */
#include "bench_fixture.h"

/* Node 1: two services at once, two windows. Node 2: services a and b independent. Node 3: b, then a, 5 to 8 minutes
 * later. Carer c3 must not come to node 1; only c1 is wished for at node 2. */
static const char small[] =
    "{\"metadata\": {\"time_window_met\": \"at_service_end\", \"origin\": \"bazirha\", \"cost_components\":\n"
    "    {\"travel_time\": 2, \"total_tardiness\": \"HARD\", \"total_extra_time\": \"HARD\"}},\n"
    "\"distances\": [[0, 10, 9, 7], [12, 0, 4, 8], [9, 5, 0, 6], [8, 8, 6, 0]],\n"
    "\"terminal_points\": [{\"id\": \"d\", \"distance_matrix_index\": 0}],\n"
    "\"services\": [{\"id\": \"a\", \"default_duration\": 10}, {\"id\": \"b\"}],\n"
    "\"caregivers\": [\n"
    "{\"id\": \"c1\", \"abilities\": [\"a\", \"b\"], \"departing_point\": \"d\", \"arrival_point\": \"d\",\n"
    "    \"working_shift\": {\"start\": 5, \"end\": 300}},\n"
    "{\"id\": \"c2\", \"abilities\": [\"a\"], \"departing_point\": \"d\", \"arrival_point\": \"d\",\n"
    "    \"working_shift\": {\"start\": 0, \"end\": 200}, \"lunch_break\": false},\n"
    "{\"id\": \"c3\", \"abilities\": [\"a\", \"b\"], \"departing_point\": \"d\", \"arrival_point\": \"d\",\n"
    "    \"working_shift\": {\"start\": 0, \"end\": 200}}],\n"
    "\"patients\": [\n"
    "{\"id\": \"p1\", \"distance_matrix_index\": 1, \"incompatible_caregivers\": [\"c3\"],\n"
    "    \"time_windows\": [{\"start\": 20, \"end\": 40}, {\"start\": 90, \"end\": 110}],\n"
    "    \"required_services\": [{\"service\": \"a\"}, {\"service\": \"b\", \"duration\": 15}],\n"
    "    \"synchronization\": {\"type\": \"simultaneous\"}},\n"
    "{\"id\": \"p2\", \"distance_matrix_index\": 2, \"preferred_caregivers\": [\"c1\"],\n"
    "    \"time_windows\": [{\"start\": 0, \"end\": 100}],\n"
    "    \"required_services\": [{\"service\": \"a\"}, {\"service\": \"b\", \"duration\": 20}],\n"
    "    \"synchronization\": {\"type\": \"independent\"}},\n"
    "{\"id\": \"p3\", \"distance_matrix_index\": 3, \"time_windows\": [{\"start\": 0, \"end\": 150}],\n"
    "    \"required_services\": [{\"service\": \"b\", \"duration\": 20}, {\"service\": \"a\"}],\n"
    "    \"synchronization\": {\"type\": \"sequential\", \"distance\": {\"min\": 5, \"max\": 8}}}]}\n";

static bench_instance *read_text(const char *text)
{
    bench_instance *instance = NULL;
    bench_message message = {""};
    cr_status st = bench_uhhc_parse(text, strlen(text), &BENCH_CONVENTION_INIT, &instance, &message);
    if (st)
        fail_msg("%s", message.text);
    assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
    return instance;
}

static void test_services_become_visits_slots_and_gaps(void **state)
{
    cr_auto(bench_instance) instance = read_text(small);
    const cr_problem *p = instance->problem;
    assert_int_equal(p->n_visits, 5);
    assert_int_equal(p->visits[0].slots.n, 2); /* at once */
    assert_int_equal(p->visits[1].slots.n, 1);
    assert_int_equal(p->n_gaps, 1); /* independent services have none */
    assert_int_equal(p->gaps[0].first, 3);
    assert_int_equal(p->gaps[0].min, 5);
    assert_int_equal(p->gaps[0].max, 8);
    assert_int_equal(p->gaps[0].carers, CR_GAP_DIFFERENT);
    assert_int_equal(p->shifts[0].begin, 5);
    assert_int_equal(p->shifts[0].end, 300);
}

static void test_a_window_that_counts_the_end_lets_the_longest_service_end_in_it(void **state)
{
    cr_auto(bench_instance) instance = read_text(small);
    const cr_problem *p = instance->problem;
    assert_int_equal(p->visits[0].windows.n, 2);
    assert_int_equal(p->windows[0].open, 20);
    assert_int_equal(p->windows[0].close, 40 - 15);
    assert_int_equal(p->windows[1].close, 110 - 15);
    assert_int_equal(p->windows[p->visits[1].windows.first].close, 100 - 10);
    char *by_start = text_with(small, "at_service_end", "at_service_start");
    cr_auto(bench_instance) other = read_text(by_start);
    assert_int_equal(other->problem->windows[0].close, 40);
    free(by_start);
}

/* The window of a start is the last that opened: from 30 on it is the second. */
static void test_a_window_ends_where_the_next_opens(void **state)
{
    char *text = text_with(small, "\"start\": 90", "\"start\": 22");
    cr_auto(bench_instance) instance = read_text(text);
    assert_int_equal(instance->problem->windows[0].open, 20);
    assert_int_equal(instance->problem->windows[0].close, 21);
    assert_int_equal(instance->problem->windows[1].open, 22);
    free(text);
}

static void test_carers_who_must_not_come_are_forbidden(void **state)
{
    cr_auto(bench_instance) instance = read_text(small);
    const cr_problem *p = instance->problem;
    assert_int_equal(p->visits[0].forbidden.n, 1);
    assert_int_equal(p->ids[p->visits[0].forbidden.first], 2);
    /* Wishes have no weight, so they are a rule: all but c1 must not come to node 2. */
    assert_int_equal(p->visits[1].forbidden.n, 2);
    assert_int_equal(p->ids[p->visits[1].forbidden.first], 1);
}

static void test_broken_files_are_refused_with_place_and_value(void **state)
{
    static const broken_input broken[] = {
        {"{\"metadata\"", "[{\"metadata\"", "line 25: ']' expected near end of file"},
        {"\"at_service_end\"", "\"at_noon\"",
         "metadata.time_window_met: \"at_noon\" is neither at_service_start nor at_service_end"},
        {"\"travel_time\"", "\"joy\"", "cost component joy is not known"},
        {"\"HARD\"", "\"SOFT\"", "metadata.cost_components.total_tardiness: \"SOFT\" is neither a weight nor HARD"},
        {"\"travel_time\": 2", "\"travel_time\": -2",
         "metadata.cost_components.travel_time: -2 is outside 0 to 1000000"},
        {"{\"id\": \"b\"}", "{\"id\": \"a\"}", "services[1]: {\"id\":\"a\"} has the id of another"},
        {"[12, 0, 4, 8]", "[12, 0, 4]", "distances[1] has 3 items, not 4 to 4"},
        {"[12, 0, 4, 8]", "[12, 0, 4.5, 8]", "distances[1][2]: 4.5 is not a whole number"},
        {"\"departing_point\": \"d\"", "\"departing_point\": \"e\"",
         "caregivers[0].departing_point: \"e\" names nothing in this file"},
        {"\"start\": 5, \"end\": 300", "\"start\": 5, \"end\": 3",
         "caregivers[0].working_shift.end: 3 is outside 5 to 100000"},
        {"\"lunch_break\": false", "\"lunch_break\": 1", "caregivers[1].lunch_break: 1 is neither true nor false"},
        {"\"distance_matrix_index\": 3", "\"distance_matrix_index\": 4",
         "patients[2].distance_matrix_index: 4 is outside 0 to 3"},
        {"\"distance_matrix_index\": 3", "\"distance_matrix_index\": 2",
         "patients[2]: another patient has distance_matrix_index 2"},
        {"[\"c3\"]", "[\"c4\"]", "patients[0].incompatible_caregivers[0]: \"c4\" names nothing in this file"},
        {"\"start\": 90, \"end\": 110", "\"start\": 20, \"end\": 110",
         "patients[0].time_windows[1].start: 20 is outside 21 to 100000"},
        {"{\"start\": 0, \"end\": 100}", "{\"start\": 0, \"end\": 9}",
         "the patient at node 2 has no window that is long enough"},
        {"\"type\": \"independent\"", "\"type\": \"shy\"",
         "patients[1].synchronization.type: \"shy\" is not simultaneous, sequential or independent"},
        {"{\"min\": 5, \"max\": 8}", "{\"min\": 5, \"max\": 4}",
         "patients[2].synchronization.distance.max: 4 is outside 5 to 100000"},
        {"{\"service\": \"b\", \"duration\": 20}, {\"service\": \"a\"}", "{\"service\": \"a\"}, {\"service\": \"a\"}",
         "patients[2].required_services[1]: {\"service\":\"a\"} needs a service twice"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_refused(bench_uhhc_parse, small, &broken[i]);
}

static void test_published_files_have_their_published_size(void **state)
{
    char *path = shared_path("uhhc-2026/bazirha/F2.json");
    if (!path)
        skip();
    cr_auto(bench_instance) instance = NULL;
    bench_message message = {""};
    assert_int_equal(bench_read(&bench_uhhc, &(bench_source){.path = path}, &instance, &message), CR_OK);
    free(path);
    assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
    assert_int_equal(instance->problem->n_clients, 50);
    assert_int_equal(instance->problem->n_shifts, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_services_become_visits_slots_and_gaps),
        cmocka_unit_test(test_a_window_that_counts_the_end_lets_the_longest_service_end_in_it),
        cmocka_unit_test(test_a_window_ends_where_the_next_opens),
        cmocka_unit_test(test_carers_who_must_not_come_are_forbidden),
        cmocka_unit_test(test_broken_files_are_refused_with_place_and_value),
        cmocka_unit_test(test_published_files_have_their_published_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
