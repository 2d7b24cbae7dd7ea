/* Beginning from a plan: all of it is there again. */
#include "begin_from.h"
#include "small_day.h"
#include "walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ROUNDS = 3, VISITS_EACH = 100 };

/* Three rounds, each of more visits than a round has room for at first, and no minute to spare: nothing could be put in
 * anywhere else. */
static void test_long_rounds_come_back_whole(void **state)
{
    small_day day;
    small_day_init(&day);
    for (int32_t r = 0; r < ROUNDS; r++)
        small_day_carer(&day, HM(8, 0), HM(8, VISITS_EACH));
    for (int32_t v = 0; v < ROUNDS * VISITS_EACH; v++)
        small_day_visit(&day, 0, HM(8, v % VISITS_EACH), HM(8, v % VISITS_EACH), 1);
    small_day_plan(&day, NULL, 0);
    cr_plan_free(day.plan);
    assert_int_equal(cr_plan_new(ROUNDS, ROUNDS * VISITS_EACH, 0, &day.plan), CR_OK);
    for (int32_t r = 0; r < ROUNDS; r++) {
        day.plan->rounds[r] = (cr_round){r, {r * VISITS_EACH, VISITS_EACH}, HM(8, 0), HM(8, VISITS_EACH)};
        for (int32_t k = 0; k < VISITS_EACH; k++)
            day.plan->stops[r * VISITS_EACH + k] = (cr_stop){r * VISITS_EACH + k, CR_NONE, HM(8, k)};
    }
    cr_auto(model) m = NULL;
    cr_auto(walk) w = NULL;
    assert_int_equal(model_new(day.problem, &m), CR_OK);
    assert_int_equal(walk_new(m, 1, false, &w), CR_OK);
    for (int32_t again = 0; again < 2; again++) {
        assert_int_equal(begin_from(w->x, w->in, w->price, day.plan), CR_OK);
        assert_int_equal(w->x->n_bank, 0);
        for (int32_t r = 0; r < ROUNDS; r++)
            assert_int_equal(rota_n(w->x, r), VISITS_EACH);
        walk_empty(w);
    }
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long_rounds_come_back_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
