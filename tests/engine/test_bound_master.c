/* The bound's master problem: what it says that rows are worth, free and held near to a centre. */
#include "bound_master.h"
#include "small_day.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COST  1000000 /* of the one round there is, in parts; the visit's row needs it once */
#define LOWER 500000

/* What the row is worth where its centre is LOWER. */
static double worth_held(bound_hold how)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 10, HM(9, 0), HM(10, 0), 30);
    small_day_plan(&day, NULL, 0);
    cr_auto(model) m = NULL;
    assert_int_equal(model_new(day.problem, &m), CR_OK);
    cr_auto(bound_nodes) b = NULL;
    assert_int_equal(bound_nodes_new(m, 0, &b), CR_OK);
    assert_int_equal(b->n_worths, 1);
    assert_true(bound_left_out(b, 0) > COST);
    bound_tolls tolls;
    bound_tolls_init(b, &tolls);
    const int64_t guess = COST, centre = LOWER;
    cr_auto(bound_master) master = NULL;
    assert_int_equal(bound_master_new(b, &guess, &tolls, &master), CR_OK);
    bound_columns round = {0};
    const bound_stay stay = {0, HM(9, 0)};
    assert_int_equal(bound_columns_add(&round, 0, COST, &stay, 1), CR_OK);
    assert_int_equal(bound_master_add(master, &round, 0), CR_OK);
    double worth = 0, of_group = 0;
    bound_answer answer = {.worth = &worth, .of_group = &of_group};
    if (how.far > 0)
        assert_int_equal(bound_master_hold(master, &centre, how), CR_OK);
    assert_int_equal(bound_master_solve(master, 0, &answer), CR_OK);
    bound_columns_done(&round);
    bound_tolls_done(&tolls);
    small_day_done(&day);
    return worth;
}

static void check_near(double worth, double expected)
{
    if (fabs(worth - expected) > 1e-6 * COST)
        fail_msg("worth %.1f, not %.1f", worth, expected);
}

static void test_a_row_that_is_free_is_worth_its_round(void **state)
{
    check_near(worth_held((bound_hold){0, 0}), COST);
}

/* A unit more would bring 1, the row's need, and costs more than that. */
static void test_a_worth_held_dearly_stays_where_it_was(void **state)
{
    check_near(worth_held((bound_hold){1.5, 1.5}), LOWER);
}

/* It costs a half, and brings 1. */
static void test_a_worth_held_cheaply_leaves(void **state)
{
    check_near(worth_held((bound_hold){0.5, 0.5}), COST);
}

/* It costs a half near to the centre, and 1.5 from a twentieth more on (and a thousandth of a unit of the master, which
 * is a hundredth of the guess). */
static void test_a_worth_does_not_go_far_where_that_is_dear(void **state)
{
    check_near(worth_held((bound_hold){0.5, 1.5}), 1.05 * LOWER + 1e-3 * COST / 100);
}

/* A visit with more pieces than a pair has bits, as in a later stage: those beyond are in none. */
static void test_a_pair_has_only_pieces_that_it_names(void **state)
{
    const bound_pair pair = {.row = 1, .visit = 2, .pieces = 1ull | 1ull << 63};
    for (int32_t piece = 0; piece < 3 * BOUND_PIECES; piece++)
        assert_int_equal(bound_is_in_pair(&pair, 0, 2, piece), piece == 0 || piece == 63);
    assert_true(bound_is_in_pair(&pair, 1, 0, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_that_is_free_is_worth_its_round),
        cmocka_unit_test(test_a_worth_held_dearly_stays_where_it_was),
        cmocka_unit_test(test_a_worth_held_cheaply_leaves),
        cmocka_unit_test(test_a_worth_does_not_go_far_where_that_is_dear),
        cmocka_unit_test(test_a_pair_has_only_pieces_that_it_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
