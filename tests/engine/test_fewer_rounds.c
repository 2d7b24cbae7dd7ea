/* Saving rounds where a shift costs more than all travel: it ends with a round less, or as it began. */
#include "careround/check.h"
#include "careround/solve.h"

#include "begin_from.h"
#include "dice.h"
#include "fewer_rounds.h"
#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define N_DAYS     40
#define N_VISITS   24
#define N_CARERS   8
#define N_STEPS    400 /* iterations for each round to be saved */
#define COLD       2.0 /* cost units */
#define SHIFT_COST 100000

/* Visits here and there from 08:00 to 18:00, more carers than it takes; one visit in ten needs two of them. Where
 * nobody pays for the way from home, many rounds are cheapest. */
static void set_up_day(small_day *day, dice *d)
{
    small_day_init(day);
    for (int32_t c = 0; c < N_CARERS; c++) {
        small_day_carer(day, HM(7, 0), HM(20, 0));
        day->problem->shifts[c].start_place = day->problem->shifts[c].end_place = CR_NONE;
        day->problem->shifts[c].max_load = N_VISITS / 3;
    }
    for (int32_t v = 0; v < N_VISITS; v++) {
        int32_t open = HM(8, 0) + dice_between(d, 0, 480);
        small_day_visit(day, dice_between(d, 1, 60), open, open + dice_between(d, 0, 120), dice_between(d, 5, 40));
        if (dice_between(d, 0, 9) == 0)
            small_day_one_more(day);
        day->problem->visits[v].unallocated_price = (N_CARERS + 1) * SHIFT_COST;
    }
    char message[200];
    assert_int_equal(cr_problem_validate(day->problem, message, sizeof message), CR_OK);
}

/* A plan of many rounds, from before shifts had a price. */
static cr_plan *spread_out(const cr_problem *p, uint64_t seed)
{
    cr_plan *plan = NULL;
    cr_auto(model) m = NULL;
    cr_auto(walk) w = NULL;
    assert_int_equal(model_new(p, &m), CR_OK);
    assert_int_equal(walk_new(m, seed, false, &w), CR_OK);
    assert_int_equal(walk_settle(w), CR_OK);
    for (int i = 0; i < 100; i++)
        walk_iterate(w, COLD, false);
    assert_int_equal(rota_to_plan(w->x, &plan), CR_OK);
    w = walk_free(w);
    return plan;
}

static int32_t n_used(const walk *w)
{
    return w->m->n_shifts - w->x->n_empty;
}

static void assert_is_sound(const cr_problem *p, const walk *w)
{
    cr_auto(cr_plan) plan = NULL;
    cr_auto(cr_check) check = NULL;
    assert_int_equal(rota_to_plan(w->x, &plan), CR_OK);
    assert_int_equal(cr_plan_time(p, plan), CR_OK);
    assert_int_equal(plan->cost.total, walk_cost(w));
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    if (check->n_breaches > 0)
        fail_msg("rule broken: %s", cr_rule_name(check->breaches[0].rule));
    for (int32_t v = 0; v < p->n_visits; v++)
        assert_int_equal(w->raised[v], 0);
    for (int32_t r = 0; r < p->n_shifts; r++)
        assert_false(w->x->closed[r]);
}

/* Save one round. True: there is one less. */
static bool save(const cr_problem *p, walk *w, round_saver *rs)
{
    int64_t cost = walk_cost(w);
    int32_t n_rounds = n_used(w), n_bank = w->x->n_bank;
    bool is_begun, is_saved = false;
    assert_int_equal(round_saver_begin(rs, &is_begun), CR_OK);
    for (int i = 0; i < N_STEPS && is_begun && !is_saved; i++) {
        walk_iterate(w, COLD, false);
        is_saved = round_saver_step(rs);
    }
    assert_int_equal(round_saver_end(rs), CR_OK);
    assert_is_sound(p, w);
    assert_int_equal(w->x->n_bank, n_bank);
    if (is_saved) {
        assert_true(n_used(w) < n_rounds);
        assert_true(walk_cost(w) < cost);
    } else {
        assert_int_equal(n_used(w), n_rounds);
        assert_int_equal(walk_cost(w), cost);
    }
    return is_saved;
}

static void test_it_ends_with_fewer_rounds_or_as_it_began(void **state)
{
    int32_t n_saved = 0, n_given_up = 0;
    for (uint64_t seed = 1; seed <= N_DAYS; seed++) {
        dice d = {seed};
        small_day day;
        set_up_day(&day, &d);
        cr_auto(cr_plan) plan = spread_out(day.problem, seed);
        for (int32_t c = 0; c < N_CARERS; c++)
            day.problem->shifts[c].use_price = SHIFT_COST;
        cr_auto(model) m = NULL;
        cr_auto(walk) w = NULL;
        cr_auto(round_saver) rs = NULL;
        assert_int_equal(model_new(day.problem, &m), CR_OK);
        assert_int_equal(walk_new(m, seed, false, &w), CR_OK);
        assert_int_equal(begin_from(w->x, w->in, w->price, plan), CR_OK);
        assert_int_equal(walk_settle(w), CR_OK);
        assert_int_equal(fewer_rounds_weight(w), n_used(w) * (int64_t)SHIFT_COST);
        assert_int_equal(round_saver_new(w, &rs), CR_OK);
        while (save(day.problem, w, rs))
            n_saved++;
        n_given_up++;
        rs = round_saver_free(rs);
        w = walk_free(w);
        m = model_free(m);
        small_day_done(&day);
    }
    print_message("%d rounds saved, then given up on %d days\n", n_saved, n_given_up);
    assert_true(n_saved > N_DAYS);
}

/* A shift for the price of a few minutes of travel is not worth it: two rounds of 120 minutes each and 50 for a shift.
 */
static void test_it_does_not_pay_where_travel_weighs_more(void **state)
{
    small_day day;
    small_day_init(&day);
    for (int32_t c = 0; c < 2; c++) {
        small_day_carer(&day, HM(7, 0), HM(20, 0));
        day.problem->shifts[c].use_price = 50;
        small_day_visit(&day, 60, HM(9, 0), HM(9, 0), 30);
    }
    const int32_t rounds[2][SMALL_DAY_STOPS] = {{0, CR_NONE}, {1, CR_NONE}};
    small_day_plan(&day, rounds, 2);
    cr_auto(model) m = NULL;
    cr_auto(walk) w = NULL;
    assert_int_equal(model_new(day.problem, &m), CR_OK);
    assert_int_equal(walk_new(m, 1, false, &w), CR_OK);
    assert_int_equal(walk_settle(w), CR_OK);
    for (int i = 0; i < 20; i++)
        walk_iterate(w, COLD, false);
    assert_int_equal(walk_cost(w), 2 * (120 + 50));
    assert_int_equal(fewer_rounds_weight(w), 0);
    w = walk_free(w);
    m = model_free(m);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_ends_with_fewer_rounds_or_as_it_began),
        cmocka_unit_test(test_it_does_not_pay_where_travel_weighs_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
