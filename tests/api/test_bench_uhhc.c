/* Reading the files of the unified home health care problem. */
#include "bench_fixture.h"

#include "careround/solve.h"

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

/* As small, but with weights on everything, soft windows and lunches. */
static char *weighted_text(void)
{
    static const char *const changes[][2] = {
        {"{\"travel_time\": 2, \"total_tardiness\": \"HARD\", \"total_extra_time\": \"HARD\"}",
         "{\"travel_time\": 1, \"total_tardiness\": 2, \"highest_tardiness\": 3, \"total_waiting_time\": 5,"
         "\"total_extra_time\": 7, \"max_idle_time\": 11, \"caregiver_preferences\": 13,"
         "\"optional_patients\": 100, \"missed_lunch_break\": 50, \"workload_balance\": 17}"},
        {"bazirha", "generated"},
        {"\"id\": \"p2\",", "\"id\": \"p2\", \"optional\": true,"},
        {"\"services\"", "\"lunch_breaks\": {\"start\": 60, \"end\": 120, \"min_duration\": 30}, \"services\""},
        {"\"end\": 300}", "\"end\": 300}, \"lunch_break\": true"},
    };
    char *text = strdup(small);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char *changed = text_with(text, changes[i][0], changes[i][1]);
        free(text);
        text = changed;
    }
    return text;
}

static void test_weights_become_prices(void **state)
{
    char *text = weighted_text();
    cr_auto(bench_instance) instance = read_text(text);
    free(text);
    const cr_problem *p = instance->problem;
    const int64_t unit = 840;
    assert_int_equal(p->prices.travel, unit);
    assert_int_equal(p->prices.worst_idle, 11 * unit);
    assert_int_equal(p->prices.imbalance, 17 * unit);
    assert_int_equal(p->prices.not_preferred, 13 * unit);
    assert_int_equal(p->shifts[0].paid_end, 300);
    assert_true(p->shifts[0].end > 300);
    assert_int_equal(p->shifts[0].overrun_price, 7 * unit);
    assert_false(p->shifts[0].leaves_at_begin);
    assert_int_equal(p->n_breaks, 1);
    assert_int_equal(p->breaks[0].open, 60);
    assert_int_equal(p->breaks[0].close, 120 - 30); /* ends count */
    /* The last window has no end, its close is due. */
    assert_int_equal(p->windows[0].close, 40 - 15);
    assert_true(p->windows[1].close > 300);
    assert_int_equal(p->visits[0].due, 110);
    assert_true(p->visits[0].late_by_end);
    assert_int_equal(p->visits[0].lateness_price, 2 * unit);
}

static void test_an_optional_patient_gets_all_services_or_none(void **state)
{
    char *text = weighted_text();
    cr_auto(bench_instance) instance = read_text(text);
    free(text);
    const cr_problem *p = instance->problem;
    assert_false(instance->is_optional[0]);
    assert_true(instance->is_optional[1]);
    assert_int_equal(p->visits[1].unallocated_price + p->visits[2].unallocated_price, 100 * 840);
    assert_int_equal(p->n_gaps, 2);
    assert_true(p->gaps[0].both);
    assert_int_equal(p->gaps[0].min, CR_FREE);
    assert_false(p->gaps[1].both);
}

static cr_plan *timed_plan(const cr_problem *problem, const int32_t *const *slots, int32_t n_shifts)
{
    cr_plan *plan = plan_of_slots(problem, slots, n_shifts);
    assert_int_equal(cr_plan_time(problem, plan), CR_OK);
    return plan;
}

/* What the file's sum and the engine's say is the same but for what is always missing: c1's lunch here. */
static void test_the_sum_of_the_file_is_the_cost_of_the_engine(void **state)
{
    char *text = weighted_text();
    char *no_lunch = text_with(text, "\"lunch_break\": true", "\"lunch_break\": false");
    free(text);
    cr_auto(bench_instance) instance = read_text(no_lunch);
    free(no_lunch);
    /* c1: node 1 (b), node 2 (a and b); c2: node 1 (a), node 3 (a); c3: node 3 (b). */
    const int32_t *slots[] = {(int32_t[]){1, 2, 3, -1}, (int32_t[]){0, 5, -1}, (int32_t[]){4, -1}};
    cr_auto(cr_plan) plan = timed_plan(instance->problem, slots, 3);
    double *start = bench_starts(&bench_uhhc, instance, plan);
    assert_float_equal(bench_uhhc.objective(instance, plan, start), (double)plan->cost.total / 840, 1e-9);
    free(start);
    cr_auto(cr_plan) less =
        timed_plan(instance->problem, (const int32_t *[]){(int32_t[]){1, -1}, slots[1], slots[2]}, 3);
    start = bench_starts(&bench_uhhc, instance, less);
    assert_int_equal(less->n_unallocated, 2);
    assert_float_equal(bench_uhhc.objective(instance, less, start), (double)less->cost.total / 840, 1e-9);
    free(start);
}

static void test_broken_files_are_refused_with_place_and_value(void **state)
{
    static const broken_input broken[] = {
        {"{\"metadata\"", "[{\"metadata\"", "line 25: ']' expected near end of file"},
        {"\"at_service_end\"", "\"at_noon\"",
         "metadata.time_window_met: \"at_noon\" is neither at_service_start nor at_service_end"},
        {"\"travel_time\"", "\"joy\"", "cost component joy is not known"},
        {"\"HARD\"", "\"SOFT\"", "metadata.cost_components.total_tardiness: \"SOFT\" is neither a weight nor HARD"},
        {"\"travel_time\": 2", "\"qualification\": 2", "cost component qualification as a weight is not built in"},
        {"\"travel_time\": 2", "\"max_idle_time\": \"HARD\"", "cost component max_idle_time as a rule is not built in"},
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
        cmocka_unit_test(test_weights_become_prices),
        cmocka_unit_test(test_an_optional_patient_gets_all_services_or_none),
        cmocka_unit_test(test_the_sum_of_the_file_is_the_cost_of_the_engine),
        cmocka_unit_test(test_broken_files_are_refused_with_place_and_value),
        cmocka_unit_test(test_published_files_have_their_published_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
