/* Reading the days of a real provider, and their objective. */
#include "bench_fixture.h"

static const char visits[] = "VisitId,UserId,Date,Time,Duration,CarerCount\n"
                             "501,11,2017-10-02,08:00:00,600,1\n"
                             "502,12,2017-10-02,09:00:00,900,2\n"
                             "503,11,2017-10-03,08:00:00,600,1\n"
                             "504,13,2017-10-02,00:10:00,300,1\n";
/* Carer 7 has two segments on the day and one on the next. */
static const char carers[] = "CarerId,Date,Begin,End\n"
                             "7,2017-10-02,2017-10-02T07:30:00,2017-10-02T08:30:00\n"
                             "8,2017-10-02,2017-10-02T07:30:00,2017-10-02T12:00:00\n"
                             "7,2017-10-03,2017-10-03T07:30:00,2017-10-03T12:00:00\n"
                             "7,2017-10-02,2017-10-02T08:45:00,2017-10-02T12:00:00\n";
static const char distance[] = "UserId,11,12,13\n"
                               "0,11,0,300,70\n"
                               "1,12,310,0,80\n"
                               "2,13,70,80,0\n";

static bench_text text_of(const char *text)
{
    return (bench_text){text, strlen(text)};
}

static bench_instance *read_small(void)
{
    bench_instance *instance;
    bench_message message = {""};
    assert_int_equal(
        bench_strathclyde_parse(text_of(visits), text_of(carers), text_of(distance), "2017-10-02", &instance, &message),
        CR_OK);
    assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
    return instance;
}

static void test_one_date_becomes_visits_and_shifts(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    const cr_problem *p = instance->problem;
    assert_int_equal(p->n_visits, 3);
    assert_int_equal(p->n_slots, 4);
    assert_int_equal(instance->node[1], 502);
    assert_int_equal(p->windows[0].open, 8 * 3600 - 1800);
    assert_int_equal(p->windows[0].close, 8 * 3600 + 1800);
    assert_int_equal(p->windows[2].open, 600 - 1800); /* the day before, and that is not cut off */
    assert_int_equal(p->n_carers, 2);
    assert_int_equal(p->n_shifts, 3);
    assert_int_equal(p->shifts[2].carer, p->shifts[0].carer); /* so a double-up never goes to her twice */
    assert_int_equal(p->shifts[2].begin, 8 * 3600 + 45 * 60);
    assert_int_equal(p->shifts[0].start_place, CR_NONE);
    assert_int_equal(cr_matrix_time(p->matrix[0], 1, 0), 310);
}

static void test_the_objective_is_travel_and_a_price_for_each_carer_missing(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    /* The second shift goes 11 -> 13, 70 seconds; the double-up's two carers are missing. */
    cr_auto(cr_plan) plan = plan_of_slots(
        instance->problem, (const int32_t *[]){(int32_t[]){-1}, (int32_t[]){0, 3, -1}, (int32_t[]){-1}}, 3);
    double *start = bench_starts(&bench_strathclyde, instance, plan);
    assert_float_equal(bench_strathclyde.objective(instance, plan, start), 70 + 200000, 0);
    free(start);
}

static void assert_file_refused(const char *new_visits, const char *new_carers, const char *new_distance,
                                const char *date, const char *expected)
{
    bench_instance *instance = NULL;
    bench_message message = {""};
    cr_status st = bench_strathclyde_parse(text_of(new_visits), text_of(new_carers), text_of(new_distance), date,
                                           &instance, &message);
    if (!st)
        st = cr_problem_validate(instance->problem, message.text, sizeof message.text);
    bench_instance_free(instance);
    assert_string_equal(message.text, expected);
    assert_int_equal(st, CR_E_INPUT);
}

static void test_broken_files_are_refused_with_row_and_value(void **state)
{
    static const struct {
        int file; /* 0 visits, 1 carers, 2 distance */
        broken_input change;
    } broken[] = {
        {0, {"501,11", "x,11", "row 2: VisitId: \"x\" is no whole number"}},
        {0, {"501,11", "502,11", "visits.csv: VisitId 502 twice"}},
        {0, {"501,11", "501,99", "visits.csv: row 2: client 99 is not in distance.csv"}},
        {0, {"08:00:00,600,1", "25:00:00,600,1", "row 2: Time: \"25:00:00\" is no time"}},
        {0, {"600,1", "-600,1", "row 2: Duration: -600 is outside 0 to 86400"}},
        {0, {"600,1", "600,99", "row 2: CarerCount: 99 is outside 1 to 8"}},
        {0, {"600,1\n502", "600\n502", "row 2: CarerCount is missing"}},
        {1, {"7,2017-10-02,2017", "7,2017-10-02,", "row 2: Begin: \"-10-02T07:30:00\" is no time"}},
        {1, {"02T07:30:00,2017-10-02T08:30:00", "02T07:30:00", "row 2: End: \"\" is no time"}},
        {1,
         {"02T07:30:00,2017-10-02T08:30:00", "02T07:30:00,2017-10-02T07:00:00",
          "carers.csv: row 2: 2017-10-02T07:30:00 to 2017-10-02T07:00:00 is no segment of 2017-10-02"}},
        {1, {"02T08:45:00", "02T08:00:00", "carer 0: shift 2 begins before shift 0 ends"}},
        {2, {"0,11,0,300,70", "0,11,0,300", "distance.csv: row 2 has 4 fields, not 5"}},
        {2, {"0,11,0,300,70", "0,11,0,inf,70", "row 2: seconds: \"inf\" is no whole number"}},
        {2, {"0,11,0,300,70", "0,11,0,-3,70", "row 2: seconds: -3 is outside 0 to 86400"}},
        {2, {"0,11,0", "0,12,0", "distance.csv: row 2 is client 12, column 2 is 11"}},
        {2, {"2,13,70,80,0\n", "", "distance.csv: 2 rows for 3 clients"}},
        {2, {distance, "", "distance.csv: 0 rows for 0 clients"}},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const char *file[] = {visits, carers, distance};
        char *changed = text_with(file[broken[i].file], broken[i].change.from, broken[i].change.to);
        file[broken[i].file] = changed;
        assert_file_refused(file[0], file[1], file[2], "2017-10-02", broken[i].change.message);
        free(changed);
    }
}

static void test_the_date_is_part_of_the_question(void **state)
{
    assert_file_refused(visits, carers, distance, "2017-10-09", "visits.csv: no visits on 2017-10-09");
    assert_file_refused(visits, carers, distance, "2017-02-30",
                        "\"2017-02-30\" is no date; this format takes FOLDER/DATE");
    assert_file_refused(visits, carers, distance, "visits", "\"visits\" is no date; this format takes FOLDER/DATE");
}

static void test_published_days_have_their_published_size(void **state)
{
    /* carer-visits, double-ups and segments of the first and the sixth day */
    static const struct {
        const char *part;
        int32_t n_slots, n_double_ups, n_shifts;
    } days[] = {{"strathclyde-2017/2017-10-01", 562, 112, 93}, {"strathclyde-2017/2017-10-06", 617, 112, 112}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        char *path = shared_path(days[i].part);
        if (!path)
            skip();
        cr_auto(bench_instance) instance = NULL;
        bench_message message = {""};
        assert_int_equal(bench_read(&bench_strathclyde, &(bench_source){.path = path}, &instance, &message), CR_OK);
        free(path);
        const cr_problem *p = instance->problem;
        assert_int_equal(p->n_slots, days[i].n_slots);
        assert_int_equal(p->n_slots - p->n_visits, days[i].n_double_ups);
        assert_int_equal(p->n_shifts, days[i].n_shifts);
        assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_date_becomes_visits_and_shifts),
        cmocka_unit_test(test_the_objective_is_travel_and_a_price_for_each_carer_missing),
        cmocka_unit_test(test_broken_files_are_refused_with_row_and_value),
        cmocka_unit_test(test_the_date_is_part_of_the_question),
        cmocka_unit_test(test_published_days_have_their_published_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
