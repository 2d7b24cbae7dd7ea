/* Rests of two rounds change carers: what changes is known before, and can be undone. */
#include "careround/check.h"
#include "careround/solve.h"

#include "begin_from.h"
#include "dice.h"
#include "exchange.h"
#include "small_day.h"
#include "swap_tails.h"
#include "walk.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define N_DAYS   60
#define N_VISITS 24
#define N_TRIES  300
#define HOT      20.0 /* cost units */

typedef bool exchange_fn(rota *x, pricer *price, int32_t visit, double cost_most, rng *random);
static exchange_fn *const kinds[] = {swap_tails, exchange_stretches};
#define N_KINDS 2

static int32_t any_visit(walk *w)
{
    return rng_below(&w->random, w->m->n_visits);
}

static void begin(const small_day *day, model **ret_model, walk **ret_walk)
{
    assert_int_equal(model_new(day->problem, ret_model), CR_OK);
    assert_int_equal(walk_new(*ret_model, 1, false, ret_walk), CR_OK);
    assert_int_equal(begin_from((*ret_walk)->x, (*ret_walk)->in, (*ret_walk)->price, day->plan), CR_OK);
    assert_int_equal(walk_settle(*ret_walk), CR_OK);
}

/* One exchange gives this cost, and then none gives less. */
static void exchange_until(exchange_fn *exchange, walk *w, int64_t cost)
{
    bool found = false;
    for (int i = 0; i < 1000 && !found; i++)
        found = exchange(w->x, w->price, any_visit(w), 0, &w->random);
    assert_true(found);
    assert_int_equal(w->x->cost, cost);
    for (int i = 0; i < 100; i++)
        assert_false(exchange(w->x, w->price, any_visit(w), 0, &w->random));
}

/* Ann sees 10 in the morning and 50 in the afternoon, Bea the other way about: 10 + 40 + 50 minutes of way each. With
 * the afternoons exchanged it is 10 + 0 + 10 and 50 + 0 + 50: 80 less. */
static void two_who_cross_stay_where_they_are(exchange_fn *exchange)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(18, 0));
    small_day_carer(&day, HM(8, 0), HM(18, 0));
    for (int32_t i = 0; i < 2; i++) {
        small_day_visit(&day, 10, HM(9 + 6 * i, 0), HM(9 + 6 * i, 0), 30);
        small_day_visit(&day, 50, HM(9 + 6 * i, 0), HM(9 + 6 * i, 0), 30);
    }
    const int32_t rounds[2][SMALL_DAY_STOPS] = {{0, 3, CR_NONE}, {1, 2, CR_NONE}};
    small_day_plan(&day, rounds, 2);
    assert_int_equal(day.plan->cost.total, 200);

    cr_auto(model) m = NULL;
    cr_auto(walk) w = NULL;
    begin(&day, &m, &w);
    exchange_until(exchange, w, 120);
    assert_int_equal(rota_round_of(w->x, 0), rota_round_of(w->x, 2));
    assert_int_equal(rota_round_of(w->x, 1), rota_round_of(w->x, 3));
    w = walk_free(w);
    m = model_free(m);
    small_day_done(&day);
}

static void test_two_who_cross_stay_where_they_are(void **state)
{
    for (int k = 0; k < N_KINDS; k++)
        two_who_cross_stay_where_they_are(kinds[k]);
}

/* Three work other hours. Ann sees 10, then is one of two at 60: 120 minutes of way. Bea sees 50, then 10: 100. Cat
 * sees 50, then is the other at 60: 120. With what comes second exchanged, Ann has 20 and Bea 120: 80 less, and Cat,
 * who waits for who is with her at 60, is as she was. */
static void a_double_up_goes_with_the_rest_to_other_hours(exchange_fn *exchange)
{
    small_day day;
    small_day_init(&day);
    for (int32_t c = 0; c < 3; c++)
        small_day_carer(&day, HM(8, 0), HM(14 + c, 0));
    small_day_visit(&day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&day, 50, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&day, 50, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&day, 60, HM(11, 0), HM(11, 0), 30);
    small_day_one_more(&day);
    small_day_visit(&day, 10, HM(11, 0), HM(11, 0), 30);
    const int32_t rounds[3][SMALL_DAY_STOPS] = {{0, 3, CR_NONE}, {1, 5, CR_NONE}, {2, 4, CR_NONE}};
    small_day_plan(&day, rounds, 3);
    assert_int_equal(day.plan->cost.total, 340);

    cr_auto(model) m = NULL;
    cr_auto(walk) w = NULL;
    begin(&day, &m, &w);
    exchange_until(exchange, w, 260);
    assert_int_equal(rota_round_of(w->x, 0), rota_round_of(w->x, 5));
    w = walk_free(w);
    m = model_free(m);
    small_day_done(&day);
}

static void test_a_double_up_goes_with_the_rest_to_other_hours(void **state)
{
    for (int k = 0; k < N_KINDS; k++)
        a_double_up_goes_with_the_rest_to_other_hours(kinds[k]);
}

/* Ann sees 10 at 9:00 and 50 at 10:00, Bea the other way about. Bea may not come to 50 at 10:00; or she could not be
 * back from there at 11:00, when her shift ends: care till 10:20, then 50 minutes of way. */
static void test_who_may_not_come_keeps_her_rest(void **state)
{
    for (int32_t is_gone = 0; is_gone < 2; is_gone++) {
        small_day day;
        small_day_init(&day);
        small_day_carer(&day, HM(8, 0), HM(18, 0));
        small_day_carer(&day, HM(8, 0), is_gone ? HM(11, 0) : HM(18, 0));
        int32_t bea = 1;
        for (int32_t i = 0; i < 2; i++) {
            small_day_visit(&day, 10, HM(9 + i, 0), HM(9 + i, 0), 20);
            small_day_visit(&day, 50, HM(9 + i, 0), HM(9 + i, 0), 20);
        }
        if (!is_gone)
            assert_int_equal(cr_problem_add_ids(day.problem, &bea, 1, &day.problem->visits[3].forbidden), CR_OK);
        const int32_t rounds[2][SMALL_DAY_STOPS] = {{0, 3, CR_NONE}, {1, 2, CR_NONE}};
        small_day_plan(&day, rounds, 2);

        cr_auto(model) m = NULL;
        cr_auto(walk) w = NULL;
        begin(&day, &m, &w);
        assert_true(m->has_rests && m->shifts[0].exchanges && m->shifts[1].exchanges);
        for (int i = 0; i < 100; i++)
            for (int k = 0; k < N_KINDS; k++)
                assert_false(kinds[k](w->x, w->price, any_visit(w), 0, &w->random));
        w = walk_free(w);
        m = model_free(m);
        small_day_done(&day);
    }
}

/* Carers of whom no two work the same hours, nor (unless they are of one pace) for the same pay on the way, and then
 * half of them with a break, who may carry only so much, end where they please, one with two shifts, of two providers;
 * visits of one or two of them, some not by this one, some with a gap. */
static void set_up_random_day(small_day *day, dice *d, bool are_of_one_pace)
{
    small_day_init(day);
    for (int32_t c = 0; c < 4; c++) {
        small_day_carer(day, HM(8, 0) + dice_between(d, 0, 60), HM(16, 0) + dice_between(d, 0, 120));
        day->problem->carers[c].provider = c % 2;
        day->problem->shifts[c].max_load = N_VISITS / 3;
        day->problem->shifts[c].end_place = dice_between(d, -1, 60);
        if (are_of_one_pace)
            continue;
        day->problem->shifts[c].use_price = 5 * c;
        day->problem->carers[c].distance_price = c % 3;
        if (c < 2)
            assert_int_equal(cr_problem_add_break(day->problem, HM(11, 0), HM(13, 0), 30, false), CR_OK);
    }
    cr_shift evening = day->problem->shifts[3];
    evening.begin = evening.end;
    evening.end += HM(2, 0);
    assert_int_equal(cr_problem_add_shift(day->problem, &evening), CR_OK);
    day->problem->prices.not_preferred = 3;
    for (int32_t v = 0; v < N_VISITS; v++) {
        int32_t open = HM(8, 0) + dice_between(d, 0, 540);
        small_day_visit(day, dice_between(d, 1, 60), open, open + dice_between(d, 0, 120), dice_between(d, 5, 40));
        if (dice_between(d, 0, 4) == 0) {
            small_day_one_more(day);
            day->problem->visits[v].same_provider = dice_between(d, 0, 1);
        }
        int32_t her = dice_between(d, 0, 3);
        cr_range *wish =
            dice_between(d, 0, 1) ? &day->problem->visits[v].forbidden : &day->problem->visits[v].preferred;
        if (dice_between(d, 0, 4) == 0)
            assert_int_equal(cr_problem_add_ids(day->problem, &her, 1, wish), CR_OK);
    }
    cr_gap gap = {.first = 0, .second = 1, .min = -HM(4, 0), .max = HM(4, 0), .carers = CR_GAP_DIFFERENT};
    assert_int_equal(cr_problem_add_gap(day->problem, &gap), CR_OK);
    char message[200];
    assert_int_equal(cr_problem_validate(day->problem, message, sizeof message), CR_OK);
}

static void assert_is_sound(const cr_problem *p, const walk *w)
{
    cr_auto(cr_plan) plan = NULL;
    cr_auto(cr_check) check = NULL;
    assert_int_equal(rota_to_plan(w->x, &plan), CR_OK);
    assert_int_equal(cr_plan_time(p, plan), CR_OK);
    assert_int_equal(plan->cost.total, w->x->cost);
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    if (check->n_breaches > 0)
        fail_msg("rule broken: %s", cr_rule_name(check->breaches[0].rule));
}

static void assert_is_same(const cr_plan *a, const cr_plan *b)
{
    assert_int_equal(a->n_rounds, b->n_rounds);
    assert_int_equal(a->n_stops, b->n_stops);
    for (int32_t k = 0; k < a->n_stops; k++) {
        assert_int_equal(a->stops[k].slot, b->stops[k].slot);
        assert_int_equal(a->stops[k].start, b->stops[k].start);
    }
}

/* One exchange, judged, and half of them taken back. True if there was one. */
static bool exchange_once(exchange_fn *exchange, const cr_problem *p, walk *w, bool goes_back)
{
    cr_auto(cr_plan) before = NULL;
    cr_auto(cr_plan) after = NULL;
    rota_mark mark = rota_now(w->x);
    int64_t cost = w->x->cost;
    assert_int_equal(rota_to_plan(w->x, &before), CR_OK);
    if (exchange(w->x, w->price, any_visit(w), HOT, &w->random)) {
        assert_true((double)(w->x->cost - cost) < HOT);
        assert_is_sound(p, w);
        if (!goes_back) {
            assert_int_equal(walk_settle(w), CR_OK);
            return true;
        }
        rota_undo(w->x, mark);
        price_undo(w->price);
    }
    assert_int_equal(w->x->cost, cost);
    assert_int_equal(rota_to_plan(w->x, &after), CR_OK);
    assert_is_same(before, after);
    return false;
}

static void every_exchange_is_sound_and_can_be_undone(exchange_fn *exchange, bool are_of_one_pace)
{
    int32_t n_exchanged = 0;
    for (uint64_t seed = 1; seed <= N_DAYS; seed++) {
        dice d = {seed};
        small_day day;
        set_up_random_day(&day, &d, are_of_one_pace);
        cr_auto(model) m = NULL;
        cr_auto(walk) w = NULL;
        assert_int_equal(model_new(day.problem, &m), CR_OK);
        assert_int_equal(walk_new(m, seed, false, &w), CR_OK);
        assert_int_equal(walk_settle(w), CR_OK);
        for (int i = 0; i < N_TRIES; i++) {
            if (i % 10 == 0)
                walk_iterate(w, HOT, false);
            n_exchanged += exchange_once(exchange, day.problem, w, i % 2);
        }
        w = walk_free(w);
        m = model_free(m);
        small_day_done(&day);
    }
    print_message("%d exchanges\n", n_exchanged);
    assert_true(n_exchanged > N_DAYS);
}

static void test_every_exchange_is_sound_and_can_be_undone(void **state)
{
    every_exchange_is_sound_and_can_be_undone(swap_tails, true);
    every_exchange_is_sound_and_can_be_undone(exchange_stretches, true);
    every_exchange_is_sound_and_can_be_undone(exchange_stretches, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_who_cross_stay_where_they_are),
        cmocka_unit_test(test_a_double_up_goes_with_the_rest_to_other_hours),
        cmocka_unit_test(test_who_may_not_come_keeps_her_rest),
        cmocka_unit_test(test_every_exchange_is_sound_and_can_be_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
