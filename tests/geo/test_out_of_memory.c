/* Memory that runs out: the first allocation fails, then the second, and so on; each time a clean status and no leak.
 *
 * The linker hands geo/'s own calls of malloc(), calloc() and realloc() to failing_memory.h and the function below.
 * What libraries allocate is theirs.
 */
#include "careround/matrix.h"
#include "careround/place.h"

#include "../failing_memory.h"
#include "gazetteer_files.h"

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}

/* Run until no allocation fails any more; before that each run must say CR_E_NOMEM. Returns how many failed. */
static int fail_each(cr_status (*run)(scratch *s), scratch *s)
{
    for (int n = 0;; n++) {
        n_until_failure = n;
        has_failed = false;
        cr_status st = run(s);
        n_until_failure = -1;
        if (!has_failed) {
            assert_int_equal(st, CR_OK);
            return n;
        }
        assert_int_equal(st, CR_E_NOMEM);
    }
}

static cr_status run_build(scratch *s)
{
    cr_gazetteer_counts counts;
    const char *const paths[] = {s->csv};
    return cr_gazetteer_build(paths, 1, s->gaz, &counts, s->message, sizeof s->message);
}

static void test_building_a_gazetteer(void **state)
{
    scratch *s = *state;
    FILE *file = fopen(s->csv, "w");
    assert_non_null(file);
    fputs("postcode,easting,northing\n", file);
    for (int i = 0; i < 10000; i++) /* more than the first room for rows, so that it has to grow */
        fprintf(file, "EH%d %dAA,333480,667000\n", 1 + i % 99, i / 99 % 10);
    assert_int_equal(fclose(file), 0);
    assert_true(fail_each(run_build, s) >= 7);
    cr_auto(cr_gazetteer) gazetteer = open_built(s);
    assert_int_equal(cr_gazetteer_n_postcodes(gazetteer), 990);
}

static void test_nothing_appears_when_memory_runs_out(void **state)
{
    scratch *s = *state;
    static const char csv[] = "postcode,easting,northing\nEH22 1AA,333480,667000\n";
    write_file(s->csv, csv, sizeof csv - 1);
    for (n_until_failure = 0; n_until_failure < 3;) {
        int n = n_until_failure;
        assert_int_equal(run_build(s), CR_E_NOMEM);
        assert_int_not_equal(access(s->gaz, F_OK), 0);
        assert_non_null(strstr(s->message, "out of memory"));
        n_until_failure = n + 1;
    }
    n_until_failure = -1;
}

static cr_status run_open(scratch *s)
{
    cr_auto(cr_gazetteer) gazetteer = NULL;
    return cr_gazetteer_open(s->gaz, &gazetteer, s->message, sizeof s->message);
}

static void test_opening_a_gazetteer(void **state)
{
    cr_gazetteer_counts counts;
    assert_int_equal(build_from(*state, "postcode,easting,northing\nEH22 1AA,333480,667000\n", &counts), CR_OK);
    assert_true(fail_each(run_open, *state) >= 1);
}

static cr_status run_grid(scratch *s)
{
    cr_auto(cr_grid) grid = NULL;
    return cr_grid_new(&grid);
}

static void test_making_a_projection(void **state)
{
    assert_true(fail_each(run_grid, *state) >= 1);
}

static cr_status run_matrix(scratch *s)
{
    static const cr_straight_line how = {1.4, 30, 50, 1000, 3};
    static const cr_place places[] = {{55.9, -3.1, 0, CR_PLACE_ROOFTOP}, {55.8, -3.2, 0, CR_PLACE_ROOFTOP}};
    cr_auto(cr_matrix) matrix = NULL;
    return cr_straight_line_matrix(&how, places, 2, &matrix);
}

static void test_making_a_matrix(void **state)
{
    assert_true(fail_each(run_matrix, *state) >= 4);
}

int main(void)
{
#define WITH_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_new, scratch_free)
    const struct CMUnitTest tests[] = {
        WITH_SCRATCH(test_building_a_gazetteer), WITH_SCRATCH(test_nothing_appears_when_memory_runs_out),
        WITH_SCRATCH(test_opening_a_gazetteer),  WITH_SCRATCH(test_making_a_projection),
        WITH_SCRATCH(test_making_a_matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
