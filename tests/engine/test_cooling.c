/* How a search cools: by the problem, and by how many iterations it will have. */
#include "cooling.h"
#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N_VISITS 10

/* Ten visits for two carers; the second goes home earlier if they are to differ. */
static model *day_model(small_day *day, bool are_alike)
{
    small_day_init(day);
    small_day_carer(day, 0, HM(12, 0));
    small_day_carer(day, 0, are_alike ? HM(12, 0) : HM(11, 0));
    for (int i = 0; i < N_VISITS; i++)
        small_day_visit(day, i, 0, HM(10, 0), 5);
    assert_int_equal(cr_problem_validate(day->problem, NULL, 0), CR_OK);
    model *m = NULL;
    assert_int_equal(model_new(day->problem, &m), CR_OK);
    return m;
}

static int32_t falls_of_ruins(const model *m, double n_iterations)
{
    return cooling_of(m, n_iterations, false).n_falls;
}

static void test_temperatures_fall_more_often_the_more_iterations_there_are_up_to_a_most(void **state)
{
    static int32_t (*const falls[])(const model *, double) = {falls_of_ruins, cooling_falls_of_order};
    small_day day;
    model *m = day_model(&day, true);
    for (size_t k = 0; k < sizeof falls / sizeof *falls; k++) {
        int32_t before = 1, n_more = 0;
        assert_int_equal(falls[k](m, 0), 1);
        for (double n = 1; n < 1e12; n *= 2) {
            int32_t now = falls[k](m, n);
            assert_true(now >= before);
            n_more += now > before;
            before = now;
        }
        assert_true(n_more > 0);
        assert_int_equal(falls[k](m, 1e300), before);
    }
    assert_int_equal(cooling_of(m, 1e300, true).n_falls, 1);
    model_free(m);
    small_day_done(&day);
}

static void test_where_starts_are_priced_it_begins_hotter_and_stays_hot_for_longer_the_more_iterations(void **state)
{
    small_day day;
    model *m = day_model(&day, true);
    const cooling first = cooling_of(m, 0, false);
    for (double n = 1; n < 1e12; n *= 2) {
        cooling c = cooling_of(m, n, false);
        assert_true(c.hot == first.hot && c.cold == first.cold && c.power == first.power);
    }
    m->timing = TIMING_PRICED;
    const cooling first_priced = cooling_of(m, 0, false);
    cooling before = first_priced;
    for (double n = 1; n < 1e12; n *= 2) {
        cooling c = cooling_of(m, n, false);
        assert_int_equal(c.n_falls, 1);
        assert_true(c.hot >= before.hot && c.power >= before.power && c.cold == first_priced.cold);
        before = c;
    }
    assert_true(before.hot > first_priced.hot && before.power > first_priced.power);
    const cooling most = cooling_of(m, 1e300, true);
    assert_true(most.hot == before.hot && most.power == before.power);
    assert_true(cooling_fallen(&most, 0.5) < cooling_fallen(&first_priced, 0.5));
    model_free(m);
    small_day_done(&day);
}

/* Four times as many for twice the visits: so much there is to exchange. */
static void test_twice_the_visits_ask_for_four_times_the_iterations_of_a_fall(void **state)
{
    small_day day;
    model *m = day_model(&day, true);
    double least = 1;
    while (cooling_falls_of_order(m, least) < 2)
        least++;
    m->n_visits *= 2;
    assert_int_equal(cooling_falls_of_order(m, 4 * least - 1), 1);
    assert_int_equal(cooling_falls_of_order(m, 4 * least), 2);
    m->n_visits /= 2;
    model_free(m);
    small_day_done(&day);
}

static void test_each_fall_goes_from_hot_to_cold(void **state)
{
    const cooling once = {1, 0.1, 1, 1}, four_times = {1, 0.1, 1, 4}, slowly = {1, 0.1, 2, 2};
    assert_float_equal(cooling_fallen(&once, 0.4), 0.4, 1e-12);
    assert_float_equal(cooling_fallen(&once, 1), 1, 1e-12);
    assert_float_equal(cooling_fallen(&four_times, 0), 0, 1e-12);
    assert_float_equal(cooling_fallen(&four_times, 0.2), 0.8, 1e-12);
    assert_float_equal(cooling_fallen(&four_times, 0.25), 0, 1e-12);
    assert_float_equal(cooling_fallen(&four_times, 0.975), 0.9, 1e-12);
    assert_float_equal(cooling_fallen(&slowly, 0.7), 0.16, 1e-12);
}

static void test_a_round_more_is_worth_a_premium_only_where_all_shifts_are_alike_and_starts_are_free(void **state)
{
    small_day day;
    model *m = day_model(&day, true);
    assert_true(m->timing == TIMING_FREE);
    assert_true(cooling_premium_of_rounds(m) > 0);
    m->timing = TIMING_PRICED;
    assert_true(cooling_premium_of_rounds(m) == 0);
    model_free(m);
    small_day_done(&day);
    m = day_model(&day, false);
    assert_true(cooling_premium_of_rounds(m) == 0);
    model_free(m);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_temperatures_fall_more_often_the_more_iterations_there_are_up_to_a_most),
        cmocka_unit_test(test_where_starts_are_priced_it_begins_hotter_and_stays_hot_for_longer_the_more_iterations),
        cmocka_unit_test(test_twice_the_visits_ask_for_four_times_the_iterations_of_a_fall),
        cmocka_unit_test(test_each_fall_goes_from_hot_to_cold),
        cmocka_unit_test(test_a_round_more_is_worth_a_premium_only_where_all_shifts_are_alike_and_starts_are_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
