/* The travel-time matrix: what was set is what is read. */
#include "careround/matrix.h"

#include <pthread.h>
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

/* ---- on demand ---- */

enum { N_PLACES = 700 }; /* two groups: 512 and the rest */

typedef struct made_up {
    int n_fills, n_frees;
    bool lacks_memory;
    int32_t factor_m; /* metres for each unit of the made-up distance */
} made_up;

static int32_t made_up_time(int32_t from, int32_t to)
{
    return from == to ? 0 : (from * 7919 + to * 104729) % 9973 == 0 ? CR_NO_WAY : (from * 31 + to * 17) % 5000;
}

static int32_t made_up_dist_m(const made_up *m, int32_t from, int32_t to)
{
    return made_up_time(from, to) == CR_NO_WAY ? CR_NO_WAY : from == to ? 0 : (from * 3 + to * 5) % 900 * m->factor_m;
}

static cr_status fill_made_up(void *user, const int32_t *from, int32_t n_from, const int32_t *to, int32_t n_to,
                              int32_t *ret_time, int32_t *ret_dist_m)
{
    made_up *m = user;
    m->n_fills++;
    for (int32_t i = 0; i < n_from && !m->lacks_memory; i++)
        for (int32_t j = 0; j < n_to; j++) {
            *ret_time++ = made_up_time(from[i], to[j]);
            *ret_dist_m++ = made_up_dist_m(m, from[i], to[j]);
        }
    return m->lacks_memory ? CR_E_NOMEM : CR_OK;
}

static void count_free(void *user)
{
    ((made_up *)user)->n_frees++;
}

static cr_matrix *new_on_demand(made_up *m)
{
    cr_matrix *matrix = NULL;
    cr_place places[N_PLACES];
    cr_matrix_source source = {fill_made_up, count_free, m};
    for (int32_t i = 0; i < N_PLACES; i++)
        places[i] = (cr_place){55 + i * 131 % N_PLACES * 1e-3, -3 + i * 37 % N_PLACES * 1e-3, -1,
                               i % 50 ? CR_PLACE_ROOFTOP : CR_PLACE_NONE};
    assert_int_equal(cr_matrix_new_on_demand(N_PLACES, places, &source, &matrix), CR_OK);
    assert_true(cr_matrix_is_on_demand(matrix));
    return matrix;
}

static void assert_made_up(const cr_matrix *matrix, const made_up *m)
{
    for (int32_t i = 0; i < N_PLACES; i++)
        for (int32_t j = 0; j < N_PLACES; j++)
            if (cr_matrix_time(matrix, i, j) != made_up_time(i, j) ||
                cr_matrix_dist_m(matrix, i, j) != made_up_dist_m(m, i, j))
                fail_msg("%d to %d: %d, %d m", i, j, cr_matrix_time(matrix, i, j), cr_matrix_dist_m(matrix, i, j));
}

static void test_what_is_asked_for_is_computed_once_and_nothing_else(void **state)
{
    made_up m = {.factor_m = 10};
    {
        cr_auto(cr_matrix) matrix = new_on_demand(&m);
        assert_int_equal(m.n_fills, 0);
        assert_int_equal(cr_matrix_time(matrix, 3, 5), made_up_time(3, 5));
        assert_int_equal(cr_matrix_dist_m(matrix, 3, 5), made_up_dist_m(&m, 3, 5));
        assert_int_equal(m.n_fills, 1);
        size_t one = cr_matrix_bytes(matrix);
        assert_made_up(matrix, &m);
        assert_int_equal(m.n_fills, 4); /* two groups: four tiles */
        assert_true(one > 0 && cr_matrix_bytes(matrix) > one);
        assert_true(cr_matrix_bytes(matrix) < (size_t)N_PLACES * N_PLACES * 4 + 20000); /* half of two dense tables */
    }
    assert_int_equal(m.n_frees, 1);
}

static void test_what_does_not_fit_two_bytes_is_held_in_four(void **state)
{
    made_up far = {.factor_m = 100}; /* up to 90 km */
    cr_auto(cr_matrix) matrix = new_on_demand(&far);
    assert_made_up(matrix, &far);
    assert_true(cr_matrix_bytes(matrix) > (size_t)N_PLACES * N_PLACES * 7);
}

static void test_cells_set_stay_set_whether_they_fit_or_not(void **state)
{
    made_up m = {.factor_m = 10};
    cr_auto(cr_matrix) matrix = new_on_demand(&m);
    cr_matrix_set(matrix, 1, 2, 77, 0);
    cr_matrix_set(matrix, 2, 1, 70000, 5); /* does not fit: the tile grows, and keeps what it had */
    cr_matrix_set(matrix, 2, 3, CR_NO_WAY, CR_NO_WAY);
    assert_int_equal(cr_matrix_time(matrix, 1, 2), 77);
    assert_int_equal(cr_matrix_dist_m(matrix, 1, 2), 0);
    assert_int_equal(cr_matrix_time(matrix, 2, 1), 70000);
    assert_int_equal(cr_matrix_dist_m(matrix, 2, 1), 5);
    assert_int_equal(cr_matrix_time(matrix, 2, 3), CR_NO_WAY);
    assert_int_equal(cr_matrix_time(matrix, 4, 3), made_up_time(4, 3));
}

static void test_want_of_memory_is_not_taken_for_no_way(void **state)
{
    made_up m = {.factor_m = 10, .lacks_memory = true};
    cr_auto(cr_matrix) matrix = new_on_demand(&m);
    assert_false(cr_matrix_lacks_memory(matrix));
    assert_int_equal(cr_matrix_time(matrix, 1, 2), CR_NO_WAY);
    assert_true(cr_matrix_lacks_memory(matrix));
}

static void *read_all(void *user)
{
    const cr_matrix *matrix = user;
    int64_t sum = 0;
    for (int32_t i = 0; i < N_PLACES; i++)
        for (int32_t j = 0; j < N_PLACES; j++)
            sum += cr_matrix_time(matrix, j, i);
    return (void *)(intptr_t)sum;
}

static void test_threads_read_together(void **state)
{
    made_up m = {.factor_m = 10};
    cr_auto(cr_matrix) matrix = new_on_demand(&m);
    pthread_t threads[3];
    void *sums[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_all, matrix), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_join(threads[i], &sums[i]), 0);
    assert_ptr_equal(sums[0], read_all(matrix));
    assert_ptr_equal(sums[1], sums[0]);
    assert_ptr_equal(sums[2], sums[0]);
    assert_int_equal(m.n_fills, 4);
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
        cmocka_unit_test(test_what_is_asked_for_is_computed_once_and_nothing_else),
        cmocka_unit_test(test_what_does_not_fit_two_bytes_is_held_in_four),
        cmocka_unit_test(test_cells_set_stay_set_whether_they_fit_or_not),
        cmocka_unit_test(test_want_of_memory_is_not_taken_for_no_way),
        cmocka_unit_test(test_threads_read_together),
        cmocka_unit_test(test_nothing_can_be_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
