/* Set partitioning in GLPK: the cheapest cover, and what happens when GLPK gives up. */
#include "partition.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Three slots. Shift 0 can do {0}, {0,1} or {0,1,2}; shift 1 can do {1}, {2} or {1,2}.
 * {0} + {1,2} costs 4 + 5 = 9, {0,1} + {2} 6 + 4 = 10, {0,1,2} alone 12. */
static const int32_t rows_0[] = {0}, rows_01[] = {0, 1}, rows_012[] = {0, 1, 2}, rows_1[] = {1}, rows_2[] = {2},
                     rows_12[] = {1, 2};
static const partition_column columns[] = {
    {4, 0, rows_0, 1}, {6, 0, rows_01, 2}, {12, 0, rows_012, 3},
    {3, 1, rows_1, 1}, {4, 1, rows_2, 1},  {5, 1, rows_12, 2},
};

static void test_the_cheapest_cover_is_chosen(void **state)
{
    partition p = {.n_rows = 3, .n_groups = 2, .n_columns = 6, .columns = columns, .nodes_most = 100};
    bool chosen[6] = {false};
    assert_int_equal(partition_solve(&p, chosen), CR_OK);
    const bool wanted[6] = {true, false, false, false, false, true};
    for (int j = 0; j < 6; j++)
        assert_int_equal(chosen[j], wanted[j]);
}

static void test_rows_that_nobody_covers_have_no_solution(void **state)
{
    partition p = {.n_rows = 3, .n_groups = 2, .n_columns = 2, .columns = columns, .nodes_most = 100};
    bool chosen[2];
    assert_int_equal(partition_solve(&p, chosen), CR_E_INPUT);
}

static void test_an_abort_of_glpk_is_caught_and_the_next_question_answered(void **state)
{
    /* The same row twice in a column: glp_set_mat_col() calls its error handler, which would end the program. */
    static const int32_t twice[] = {0, 0};
    const partition_column bad = {1, 0, twice, 2};
    partition p = {.n_rows = 1, .n_groups = 1, .n_columns = 1, .columns = &bad, .nodes_most = 100};
    bool chosen[1];
    for (int again = 0; again < 3; again++) {
        assert_int_equal(partition_solve(&p, chosen), CR_E_INTERNAL);
        test_the_cheapest_cover_is_chosen(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_cheapest_cover_is_chosen),
        cmocka_unit_test(test_rows_that_nobody_covers_have_no_solution),
        cmocka_unit_test(test_an_abort_of_glpk_is_caught_and_the_next_question_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
