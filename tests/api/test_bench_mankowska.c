/* Reading the home health care files, their objective, and starts settled in double precision. */
#include "bench_fixture.h"

#include "careround/check.h"
#include "careround/solve.h"

#include <jansson.h>
#include <locale.h>

/* Two carers who can both services. Node 1: both services at once. Node 2: service 1. Node 3: service 1, then service 2
 * five to eight minutes after. Every service takes ten minutes; node 4 is the depot again.
 *
 * Slots: 0 and 1 node 1; 2 node 2; 3 and 4 node 3. Visits: node 1, node 2, node 3 first, node 3 second. */
static const char small[] = "nbNodes\n5\nnbVehi\n2\nnbServi\n2\n"
                            "r\n1 1\n1 1\n1 0\n1 1\n1 1\n"
                            "DS\n2 4 \n"
                            "a\n1 1\n1  1\n"
                            "x\n0 1 2 3 0\ny\n0 1 2 3 0\n"
                            "d\n0 10.5 9 7 0\n10.5 0 4 8 10.5\n9 4 0 6.25 9\n7 8 6.25 0 7\n0 10.5 9 7 0\n"
                            "p\n0 0\n0 0\n10 10\n10 10\n10 10\n10 10\n10 10\n10 10\n0 0\n0 0\n"
                            "mind\n9 0 9 5 9\nmaxd\n9 0 9 8 9\n"
                            "e\n0 20 0 0 0\nl\n600 40 30 50 1000\n";

static bench_instance *read_small(void)
{
    bench_instance *instance;
    bench_message message = {""};
    assert_int_equal(bench_mankowska_parse(small, strlen(small), &BENCH_CONVENTION_INIT, &instance, &message), CR_OK);
    assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
    return instance;
}

static void test_together_is_one_visit_and_one_after_the_other_is_two(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    const cr_problem *p = instance->problem;
    int32_t minute = p->ticks_per_unit;
    assert_int_equal(minute, 100000);
    assert_int_equal(p->n_visits, 4);
    assert_int_equal(p->n_slots, 5);
    assert_int_equal(p->visits[0].slots.n, 2);
    assert_int_equal(p->visits[0].due, 40 * minute);
    assert_int_equal(p->n_gaps, 1);
    assert_int_equal(p->gaps[0].first, 2);
    assert_int_equal(p->gaps[0].min, 5 * minute);
    assert_int_equal(p->gaps[0].max, 8 * minute);
    assert_int_equal(p->gaps[0].carers, CR_GAP_DIFFERENT);
    assert_int_equal(cr_matrix_time(p->matrix[0], 2, 3), 625000);
    assert_int_equal(p->shifts[0].end_place, 4);
    assert_int_equal(instance->service[4], 2);
    assert_int_equal(instance->node[3], 3);
}

static cr_plan *plan_of(const bench_instance *instance, const int32_t *first, const int32_t *second)
{
    return plan_of_slots(instance->problem, (const int32_t *[]){first, second}, 2);
}

static void test_the_objective_counts_every_late_service_and_the_worst(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    cr_auto(cr_plan) plan = plan_of(instance, (int32_t[]){0, 2, 3, -1}, (int32_t[]){1, 4, -1});
    double *start = bench_starts(&bench_mankowska, instance, plan);
    /* Node 1 opens at 20. Node 2 at 30 + 4 = 34, 4 late. Node 3 at 44 + 6.25 = 50.25, 0.25 late, and again 5 later,
     * 5.25 late. Travel 10.5 + 4 + 6.25 + 7 and 10.5 + 8 + 7. (53.25 + 9.5 + 5.25) / 3. */
    const double expected[] = {20, 34, 50.25, 20, 55.25};
    for (int32_t k = 0; k < plan->n_stops; k++)
        assert_float_equal(start[k], expected[k], 1e-9);
    assert_float_equal(bench_mankowska.objective(instance, plan, start), 68.0 / 3, 1e-9);
    free(start);
}

static void test_a_greatest_gap_holds_the_first_service_back(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    cr_auto(cr_plan) plan = plan_of(instance, (int32_t[]){3, -1}, (int32_t[]){2, 4, -1});
    double *start = bench_starts(&bench_mankowska, instance, plan);
    /* The second carer is at node 3 at 9 + 10 + 6.25 = 25.25, so the first may not start before 17.25. */
    assert_float_equal(start[0], 17.25, 1e-9);
    assert_float_equal(start[2], 25.25, 1e-9);
    /* 7 + 7 + 9 + 6.25 + 7 minutes of travel, nobody late. */
    assert_float_equal(bench_mankowska.objective(instance, plan, start), 36.25 / 3, 1e-9);
    free(start);
}

/* Orders that wait for each other: node 3 needs both within eight minutes, but each carer goes to node 1 in between. */
static void test_orders_that_cannot_be_met_keep_the_starts_of_the_plan(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    cr_auto(cr_plan) plan = plan_of(instance, (int32_t[]){3, 0, -1}, (int32_t[]){1, 4, -1});
    double *start = bench_starts(&bench_mankowska, instance, plan);
    for (int32_t k = 0; k < plan->n_stops; k++)
        assert_float_equal(start[k], 0, 0);
    free(start);
}

static void test_broken_files_are_refused_with_line_and_value(void **state)
{
    static const broken_input broken[] = {
        {"nbNodes\n5", "nbNodes\n1", "line 2: nbNodes: 1 is outside 2 to 3000"},
        {"nbNodes\n5", "nbNodes\n3000", "line 7: section r should have 6000 values, the file ends before that"},
        {"nbVehi\n2", "nbVehi\n-2", "line 4: nbVehi: -2 is outside 1 to 1000"},
        {"nbVehi\n2\n", "", "line 5: section r before nbNodes, nbVehi and nbServi"},
        {"nbServi\n2", "nbServi\n1e9", "line 6: nbServi: 1e9 is outside 1 to 64"},
        {"DS", "SD", "line 13: \"SD\" is no section of this format"},
        {"DS\n2 4", "DS\n2 4.5", "line 14: DS: 4.5 is not a whole number"},
        {"r\n1 1\n1 1\n", "r\n1 1\n1 2\n", "line 9: r: 2 is outside 0 to 1"},
        {"r\n1 1\n1 1\n1 0", "r\n1 1\n1 1\n0 0", "node 2 needs no service"},
        {"1 1\n1  1\n", "1 1\n1  1 1\n", "line 17: \"1\" is no section of this format"},
        {"10.5 9 7", "10.5 nan 7", "line 23: d: \"nan\" is no number"},
        {"10.5 9 7", "10.5 -9 7", "line 23: d: -9 is outside 0 to 100000"},
        {"10 10\n0 0\n0 0\nmind", "10 11\n0 0\n0 0\nmind",
         "node 3, service 2: the duration depends on the carer (10 and 11)"},
        {"mind\n9 0 9 5 9", "mind\n9 0 9 9 9", "node 3: mind 9 is more than maxd 8"},
        {"mind\n9 0 9 5 9", "e\n9 0 9 5 9", "line 43: section e twice"},
        {"l\n600 40 30 50 1000\n", "l\n600 40 30", "line 46: the file ends where l should be"},
        {"l\n600 40 30 50 1000\n", "", "section l is missing"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_refused(bench_mankowska_parse, small, &broken[i]);
}

/* ---- published solutions ---- */

static bench_instance *read_shared(const char *file)
{
    char *part, *path;
    bench_instance *instance = NULL;
    bench_message message = {""};
    assert_true(asprintf(&part, "mankowska-2014/%s", file) > 0);
    path = shared_path(part);
    assert_int_equal(bench_read(&bench_mankowska, &(bench_source){.path = path}, &instance, &message), CR_OK);
    assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
    free(part);
    free(path);
    return instance;
}

static int32_t slot_of(const bench_instance *instance, int64_t node, int32_t service)
{
    const cr_problem *p = instance->problem;
    for (int32_t s = 0; s < p->n_slots; s++)
        if (instance->node[p->slots[s].visit] == node && instance->service[s] == service)
            return s;
    fail_msg("no service %d at node %lld", service, (long long)node);
    return CR_NONE;
}

static int number_of(const json_t *object, const char *key)
{
    return atoi(json_string_value(json_object_get(object, key)) + 1); /* "p7", "s4", "c1" */
}

/* A published solution as a plan; its starts, rounded to three decimals, in *ret_start. */
static cr_plan *plan_of_solution(const bench_instance *instance, const json_t *solution, double **ret_start)
{
    const json_t *routes = json_object_get(solution, "routes");
    cr_plan *plan;
    assert_int_equal(cr_plan_new((int32_t)json_array_size(routes), instance->problem->n_slots, 0, &plan), CR_OK);
    double *start = calloc((size_t)instance->problem->n_slots, sizeof *start);
    plan->n_rounds = plan->n_stops = 0;
    for (size_t r = 0; r < json_array_size(routes); r++) {
        const json_t *route = json_array_get(routes, r), *stops = json_object_get(route, "locations");
        cr_round round = {.shift = number_of(route, "caregiver_id") - 1,
                          .stops = {plan->n_stops, (int32_t)json_array_size(stops)}};
        for (int32_t k = 0; k < round.stops.n; k++) {
            const json_t *stop = json_array_get(stops, (size_t)k);
            int32_t slot = slot_of(instance, number_of(stop, "patient"), number_of(stop, "service"));
            assert_true(plan->n_stops < instance->problem->n_slots);
            start[plan->n_stops] = json_number_value(json_object_get(stop, "arrival_time"));
            plan->stops[plan->n_stops++] = (cr_stop){.slot = slot, .brk = CR_NONE};
        }
        if (round.stops.n)
            plan->rounds[plan->n_rounds++] = round;
    }
    *ret_start = start;
    return plan;
}

/* The same orders as a plan of the problem in ticks: timed, it breaks no rule and costs what was published. */
static void assert_holds_in_ticks(const bench_instance *instance, cr_plan *plan, double published)
{
    assert_int_equal(cr_plan_time(instance->problem, plan), CR_OK);
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(instance->problem, plan, &check), CR_OK);
    assert_int_equal(check->n_breaches, 0);
    assert_float_equal((double)check->cost.total / 3 / instance->problem->ticks_per_unit, published, 0.02);
}

static bool solution_costs(const char *file, const char *ending, double published)
{
    char *part;
    assert_true(asprintf(&part, "mankowska-2014/solutions/%.*s%s", (int)strcspn(file, "."), file, ending) > 0);
    char *path = shared_path(part);
    json_t *solution = json_load_file(path, 0, NULL);
    free(part);
    free(path);
    if (!solution)
        return false;
    cr_auto(bench_instance) instance = read_shared(file);
    double *start;
    cr_auto(cr_plan) plan = plan_of_solution(instance, solution, &start);
    assert_int_equal(plan->n_stops, instance->problem->n_slots);
    assert_float_equal(bench_mankowska.objective(instance, plan, start), published, 0.01);
    /* The earliest starts of the same orders: the published schedules are that good. */
    double *settled = bench_starts(&bench_mankowska, instance, plan);
    assert_float_equal(bench_mankowska.objective(instance, plan, settled), published, 0.01);
    free(settled);
    assert_holds_in_ticks(instance, plan, published);
    free(start);
    json_decref(solution);
    return true;
}

/* Columns: file, cls, patients, carers, sim, seq, best, src, sa24, ... */
static void test_published_solutions_have_their_published_cost(void **state)
{
    char *path = shared_path("mankowska-2014/best_known.csv");
    if (!path)
        skip();
    FILE *table = fopen(path, "r");
    free(path);
    assert_non_null(table);
    char row[512];
    int n_solutions = 0;
    while (fgets(row, sizeof row, table)) {
        char file[128], source[32];
        double best, sa24;
        if (sscanf(row, "%127[^,],%*[^,],%*d,%*d,%*d,%*d,%lf,%31[^,],%lf", file, &best, source, &sa24) != 4)
            continue;
        n_solutions += solution_costs(file, ".sol.json", sa24);
        n_solutions += solution_costs(file, ".here.sol.json", best);
    }
    fclose(table);
    assert_int_equal(n_solutions, 33);
}

static void test_published_files_have_their_published_size(void **state)
{
    /* file, visits (patients + one more for each one-after-the-other), slots, gaps, carers */
    static const struct {
        const char *file;
        int32_t n_visits, n_slots, n_gaps, n_carers;
    } published[] = {
        {"InstanzCPLEX_HCSRP_10_1.txt", 12, 13, 2, 3},
        {"InstanzCPLEX_HCSRP_50_1.txt", 58, 65, 8, 10},
        {"InstanzVNS_HCSRP_300_2.txt", 350, 400, 50, 40},
    };
    char *path = shared_path("mankowska-2014");
    if (!path)
        skip();
    free(path);
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        cr_auto(bench_instance) instance = read_shared(published[i].file);
        assert_int_equal(instance->problem->n_visits, published[i].n_visits);
        assert_int_equal(instance->problem->n_slots, published[i].n_slots);
        assert_int_equal(instance->problem->n_gaps, published[i].n_gaps);
        assert_int_equal(instance->problem->n_shifts, published[i].n_carers);
    }
}

int main(void)
{
    setlocale(LC_NUMERIC, "C"); /* the published tables have decimal points, and sscanf() reads them here */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_together_is_one_visit_and_one_after_the_other_is_two),
        cmocka_unit_test(test_the_objective_counts_every_late_service_and_the_worst),
        cmocka_unit_test(test_a_greatest_gap_holds_the_first_service_back),
        cmocka_unit_test(test_orders_that_cannot_be_met_keep_the_starts_of_the_plan),
        cmocka_unit_test(test_broken_files_are_refused_with_line_and_value),
        cmocka_unit_test(test_published_solutions_have_their_published_cost),
        cmocka_unit_test(test_published_files_have_their_published_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
