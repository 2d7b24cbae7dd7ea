/* What slots cost with carers, as the search reads it: the same however many prices there are. */
#include "model.h"
#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N_VISITS 3
#define DURATION 30

/* Each carer has another wage; every third has not the skill that the last visit needs. */
static void prices_are_what_the_terms_sum_up_to(int32_t n_carers, bool are_kinds)
{
    small_day day;
    cr_auto(model) m = NULL;
    small_day_init(&day);
    for (int32_t c = 0; c < n_carers; c++) {
        small_day_carer(&day, HM(8, 0), HM(18, 0));
        day.problem->carers[c].wage_price = 7 * (c + 1);
        if (c % 3 != 0)
            small_day_has_skill(&day, 0, 1);
    }
    for (int32_t v = 0; v < N_VISITS; v++)
        small_day_visit(&day, 1 + v, HM(8, 0), HM(18, 0), DURATION * (v + 1));
    small_day_needs_skill(&day, 0, 1);
    assert_int_equal(model_new(day.problem, &m), CR_OK);
    assert_int_equal(m->prices.kind != NULL, are_kinds);
    for (int32_t s = 0; s < N_VISITS; s++)
        for (int32_t c = 0; c < n_carers; c++) {
            bool may_come = s < N_VISITS - 1 || c % 3 != 0;
            assert_int_equal(model_is_carer_for(m, s, c), may_come);
            assert_true(model_slot_price(m, s, c) ==
                        (may_come ? (int64_t)7 * (c + 1) * DURATION * (s + 1) : COST_NEVER));
        }
    m = model_free(m);
    small_day_done(&day);
}

static void test_up_to_255_prices_of_a_slot_are_told_by_a_byte(void **state)
{
    (void)state;
    prices_are_what_the_terms_sum_up_to(1, true);
    prices_are_what_the_terms_sum_up_to(255, true);
}

static void test_of_more_all_are_written_out(void **state)
{
    (void)state;
    prices_are_what_the_terms_sum_up_to(256, false);
    prices_are_what_the_terms_sum_up_to(400, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_up_to_255_prices_of_a_slot_are_told_by_a_byte),
        cmocka_unit_test(test_of_more_all_are_written_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
