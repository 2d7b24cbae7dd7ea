/* The travel-time matrix: what was set is what is read. */
#include "careround/matrix.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_a_new_matrix_knows_no_way_but_to_stay(void **state)
{
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_matrix_new(3, &matrix), CR_OK);
    assert_int_equal(cr_matrix_n_places(matrix), 3);
    for (int32_t from = 0; from < 3; from++)
        for (int32_t to = 0; to < 3; to++) {
            assert_int_equal(cr_matrix_time(matrix, from, to), from == to ? 0 : CR_NO_WAY);
            assert_int_equal(cr_matrix_dist_m(matrix, from, to), from == to ? 0 : CR_NO_WAY);
        }
}

static void test_there_and_back_are_two_ways(void **state)
{
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_matrix_new(3, &matrix), CR_OK);
    cr_matrix_set(matrix, 0, 2, 600, 5000); /* downhill */
    cr_matrix_set(matrix, 2, 0, 900, 5200); /* and up again */
    assert_int_equal(cr_matrix_time(matrix, 0, 2), 600);
    assert_int_equal(cr_matrix_dist_m(matrix, 0, 2), 5000);
    assert_int_equal(cr_matrix_time(matrix, 2, 0), 900);
    assert_int_equal(cr_matrix_dist_m(matrix, 2, 0), 5200);
    assert_int_equal(cr_matrix_time(matrix, 0, 1), CR_NO_WAY);
}

static void test_a_block_is_copied_in_the_order_asked_for(void **state)
{
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_matrix_new(4, &matrix), CR_OK);
    for (int32_t from = 0; from < 4; from++)
        for (int32_t to = 0; to < 4; to++)
            if (from != to)
                cr_matrix_set(matrix, from, to, 10 * from + to, 100 * from + to);
    const int32_t places[] = {3, 1, 3}; /* a place may come twice */
    const int32_t times[] = {0, 31, 0, 13, 0, 13, 0, 31, 0}, dists_m[] = {0, 301, 0, 103, 0, 103, 0, 301, 0};
    int32_t time[9], dist_m[9];
    cr_matrix_copy_block(matrix, places, 3, time, dist_m);
    assert_memory_equal(time, times, sizeof times);
    assert_memory_equal(dist_m, dists_m, sizeof dists_m);
    cr_matrix_copy_block(matrix, places, 3, NULL, NULL); /* neither is wanted */
    cr_matrix_copy_block(matrix, NULL, 0, time, dist_m);
}

static void test_nothing_can_be_freed(void **state)
{
    assert_null(cr_matrix_free(NULL));
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_matrix_new(0, &matrix), CR_OK);
    assert_int_equal(cr_matrix_n_places(matrix), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_matrix_knows_no_way_but_to_stay),
        cmocka_unit_test(test_there_and_back_are_two_ways),
        cmocka_unit_test(test_a_block_is_copied_in_the_order_asked_for),
        cmocka_unit_test(test_nothing_can_be_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
