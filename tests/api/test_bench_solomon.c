/* Reading Solomon's files, and their objective. */
#include "bench_fixture.h"

#include <math.h>

/* Legs in tenths: 0-1 50, 0-2 30, 1-2 40, 0-3 floor(14.14) = 14. */
static const char small[] = "SMALL\r\n\r\nVEHICLE\r\nNUMBER     CAPACITY\r\n  2         20\r\n\r\nCUSTOMER\r\n"
                            "CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME\r\n \r\n"
                            "    0      0         0          0          0        100          0\r\n"
                            "    1      3         4         10          6         50          2\r\n"
                            "    2      3         0         10          0         90          2\r\n"
                            "    3      1         1         15          0         90          2.5\r\n";

static bench_instance *read_small(void)
{
    bench_instance *instance;
    bench_message message = {""};
    assert_int_equal(bench_solomon_parse(small, strlen(small), &BENCH_CONVENTION_INIT, &instance, &message), CR_OK);
    assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
    return instance;
}

static void test_a_file_becomes_visits_shifts_and_tenths(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    const cr_problem *p = instance->problem;
    assert_int_equal(p->ticks_per_unit, 10);
    assert_int_equal(p->n_visits, 3);
    assert_int_equal(p->n_shifts, 2);
    assert_int_equal(p->shifts[1].max_load, 20);
    assert_int_equal(p->shifts[1].end, 1000);
    assert_int_equal(p->windows[0].open, 60);
    assert_int_equal(p->windows[0].close, 500);
    assert_int_equal(p->slots[2].duration, 25);
    assert_int_equal(cr_matrix_time(p->matrix[0], 0, 1), 50);
    assert_int_equal(cr_matrix_time(p->matrix[0], 3, 0), 14);
    assert_int_equal(instance->node[2], 3);
}

static void test_the_objective_is_the_sum_of_cut_legs(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    /* 0-1-2-0: 5.0 + 4.0 + 3.0; 0-3-0: 1.4 + 1.4. */
    cr_auto(cr_plan) plan =
        plan_of_slots(instance->problem, (const int32_t *[]){(int32_t[]){0, 1, -1}, (int32_t[]){2, -1}}, 2);
    double *start = bench_starts(&bench_solomon, instance, plan);
    assert_float_equal(bench_solomon.objective(instance, plan, start), 14.8, 1e-12);
    free(start);
}

/* One customer left out must cost more than any way to serve all three: at most 5 legs of 50 tenths. */
static void test_leaving_a_customer_out_is_never_worth_it(void **state)
{
    cr_auto(bench_instance) instance = read_small();
    assert_true(instance->must_serve_all);
    assert_true(instance->problem->visits[0].unallocated_price > 250);
}

static int64_t integer_root(int64_t square)
{
    int64_t root = (int64_t)sqrt((double)square);
    while (root * root > square)
        root--;
    while ((root + 1) * (root + 1) <= square)
        root++;
    return root;
}

/* Every leg from the origin to a point of a 40 x 40 grid, against the root of 100 (x^2 + y^2) in integers: among them
 * are hundreds of exact tenths, which hypot() may miss by a hair. */
static void test_legs_are_exact_floors(void **state)
{
    enum { SIDE = 40 };
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "GRID VEHICLE NUMBER CAPACITY 1 1 CUSTOMER\n");
    for (int i = 0; i < SIDE * SIDE; i++)
        fprintf(out, "%d %d %d 0 0 1000 0\n", i, i / SIDE, i % SIDE);
    fclose(out);
    cr_auto(bench_instance) instance = NULL;
    bench_message message = {""};
    assert_int_equal(bench_solomon_parse(text, size, &BENCH_CONVENTION_INIT, &instance, &message), CR_OK);
    free(text);
    for (int32_t i = 0; i < SIDE * SIDE; i++) {
        int64_t x = i / SIDE, y = i % SIDE;
        assert_int_equal(cr_matrix_time(instance->matrix, 0, i), integer_root(100 * (x * x + y * y)));
    }
}

static void test_broken_files_are_refused_with_line_and_value(void **state)
{
    static const broken_input broken[] = {
        {"VEHICLE", "VEHICLES", "no heading VEHICLE"},
        {"CAPACITY", "LOAD", "no heading CAPACITY"},
        {"  2         20", "  two       20", "line 5: number of vehicles: \"two\" is no number"},
        {"  2         20", "  -1        20", "line 5: number of vehicles: -1 is outside 0 to 10000"},
        {"  2         20", "  1.5       20", "line 5: number of vehicles: 1.5 is not a whole number"},
        {"  2         20", "  99999999  20", "line 5: number of vehicles: 99999999 is outside 0 to 10000"},
        {"CUSTOMER\r\n", "\r\n", "no heading CUSTOMER"},
        {"    1      3 ", "    7      3 ", "line 11: customer 7 stands where 1 should"},
        {"    1      3         4 ", "    1      3       nan ", "line 11: y: \"nan\" is no number"},
        {"    1      3         4 ", "    1      3       0x4 ", "line 11: y: \"0x4\" is no number"},
        {"    1      3         4 ", "    1      3     1e999 ", "line 11: y: \"1e999\" is no number"},
        {"    1      3         4 ", "    1      3      3,14 ", "line 11: y: \"3,14\" is no number"},
        {"   6         50 ", "   60        50 ", "line 11: due date 50 before ready time 60"},
        {"   15          0 ", "  -15          0 ", "line 13: demand: -15 is outside 0 to 100000000"},
        {"2.5\r\n", "\r\n", "line 14: the file ends where service time should be"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_refused(bench_solomon_parse, small, &broken[i]);
}

static void assert_counts(const char *part, int32_t n_visits, int32_t n_shifts, int32_t max_load)
{
    char *path = shared_path(part);
    if (!path)
        skip();
    cr_auto(bench_instance) instance = NULL;
    bench_message message = {""};
    assert_int_equal(bench_read(&bench_solomon, &(bench_source){.path = path}, &instance, &message), CR_OK);
    free(path);
    assert_int_equal(cr_problem_validate(instance->problem, message.text, sizeof message.text), CR_OK);
    assert_int_equal(instance->problem->n_visits, n_visits);
    assert_int_equal(instance->problem->n_shifts, n_shifts);
    assert_int_equal(instance->problem->shifts[0].max_load, max_load);
}

static void test_published_files_have_their_published_size(void **state)
{
    assert_counts("solomon-1987/C101.txt", 100, 25, 200);
    assert_counts("gehring-homberger-1999/200/c1_2_1.txt", 200, 50, 200);
    assert_counts("gehring-homberger-1999/1000/c1_10_1.txt", 1000, 250, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_becomes_visits_shifts_and_tenths),
        cmocka_unit_test(test_the_objective_is_the_sum_of_cut_legs),
        cmocka_unit_test(test_leaving_a_customer_out_is_never_worth_it),
        cmocka_unit_test(test_legs_are_exact_floors),
        cmocka_unit_test(test_broken_files_are_refused_with_line_and_value),
        cmocka_unit_test(test_published_files_have_their_published_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
