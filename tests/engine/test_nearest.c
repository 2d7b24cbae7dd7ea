/* Which visits are near each visit, against sorting all the others. */
#include "dice.h"
#include "nearest.h"
#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct other {
    int64_t distance;
    int32_t visit;
} other;

static int compare_others(const void *a, const void *b)
{
    const other *x = (const other *)a, *y = (const other *)b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

static int32_t list_all(const model *m, int32_t visit, other *ret_others)
{
    int32_t n = 0, here = m->starts[visit].place;
    for (int32_t v = 0; v < m->n_visits; v++) {
        int32_t there = m->starts[v].place;
        if (v == visit || here == CR_NONE || there == CR_NONE)
            continue;
        int32_t out = leg_time(m, &m->shifts[0], here, there), back = leg_time(m, &m->shifts[0], there, here);
        ret_others[n++] = (other){nearest_apart(&m->starts[visit], &m->starts[v], out < back ? out : back), v};
    }
    qsort(ret_others, (size_t)n, sizeof *ret_others, compare_others);
    return n;
}

static void assert_nearest_first(const model *m)
{
    other *others = malloc(((size_t)m->n_visits + 1) * sizeof *others);
    assert_non_null(others);
    for (int32_t v = 0; v < m->n_visits; v++) {
        int32_t n = list_all(m, v, others);
        for (int32_t k = 0; k < m->n_near; k++)
            assert_int_equal(m->near[(size_t)v * (size_t)m->n_near + (size_t)k], k < n ? others[k].visit : CR_NONE);
    }
    free(others);
}

/* Hours that suit each other and hours that do not; some places share many visits, some visits have none. */
static void near_lists_are_sorted(int32_t n_visits, uint64_t seed)
{
    dice d = {seed};
    small_day day;
    cr_auto(model) m = NULL;
    small_day_init(&day);
    small_day_carer(&day, HM(7, 0), HM(22, 0));
    for (int32_t v = 0; v < n_visits; v++) {
        int32_t open = HM(7, 0) + dice_between(&d, 0, HM(13, 0));
        small_day_visit(&day, dice_between(&d, 0, SMALL_DAY_PLACES - 1), open, open + dice_between(&d, 0, HM(2, 0)),
                        10);
        if (dice_between(&d, 0, 49) == 0)
            day.problem->visits[v].place = CR_NONE;
    }
    for (int32_t i = 0; i < 20; i++) /* one-way streets, and places that nothing leads to */
        cr_matrix_set(day.matrix, dice_between(&d, 0, SMALL_DAY_PLACES - 1),
                      1 + dice_between(&d, 0, SMALL_DAY_PLACES - 2), i % 4 ? 1 + dice_between(&d, 0, 199) : CR_NO_WAY,
                      1);
    for (int32_t k = 0; k < SMALL_DAY_PLACES - 1; k++) {
        cr_matrix_set(day.matrix, k, SMALL_DAY_PLACES - 1, CR_NO_WAY, CR_NO_WAY);
        cr_matrix_set(day.matrix, SMALL_DAY_PLACES - 1, k, CR_NO_WAY, CR_NO_WAY);
    }
    assert_int_equal(model_new(day.problem, &m), CR_OK);
    assert_nearest_first(m);
    m = model_free(m);
    small_day_done(&day);
}

static void test_the_nearest_come_first(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        near_lists_are_sorted(1 + (int32_t)seed, seed);
        near_lists_are_sorted(400, seed); /* more than are listed */
    }
}

static void test_of_a_large_day_too(void **state)
{
    (void)state;
    near_lists_are_sorted(2100, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_nearest_come_first),
        cmocka_unit_test(test_of_a_large_day_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
