/* Making room for visits left out: it ends with a cheaper plan, or with the plan that it began with. */
#include "careround/check.h"
#include "careround/solve.h"

#include "make_room.h"
#include "random_problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_SEEDS  150
#define N_BEFORE 90  /* iterations, before it begins for the first time; */
#define N_AFTER  120 /* from then on, so that it ends at least twice */
#define COLD     1.0 /* cost units */

static void assert_is_sound(const cr_problem *p, const walk *w)
{
    cr_auto(cr_plan) plan = NULL;
    cr_auto(cr_check) check = NULL;
    assert_int_equal(rota_to_plan(w->x, &plan), CR_OK);
    assert_int_equal(cr_plan_time(p, plan), CR_OK);
    assert_int_equal(plan->n_unallocated, w->x->n_bank);
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    if (check->n_breaches > 0)
        fail_msg("rule broken: %s", cr_rule_name(check->breaches[0].rule));
}

static walk *walk_from_nothing(const model *m, uint64_t seed)
{
    walk *w;
    assert_int_equal(walk_new(m, seed, false, &w), CR_OK);
    assert_int_equal(walk_settle(w), CR_OK);
    for (int i = 0; i < N_BEFORE; i++)
        walk_iterate(w, COLD, false);
    walk_retime(w);
    return w;
}

static int64_t sum_of_raises(const walk *w)
{
    int64_t sum = 0;
    for (int32_t v = 0; v < w->m->n_visits; v++)
        sum += w->raised[v];
    return sum;
}

/* One time from beginning to end. True if it found a cheaper plan; *ret_began says whether there was anything to do. */
static bool make_room(const cr_problem *p, walk *w, room_maker *rm, bool *ret_began)
{
    cr_auto(cr_plan) before = NULL;
    while (!w->is_raised && w->n_iterations < N_BEFORE + N_AFTER) {
        cr_plan_free(before);
        before = NULL;
        assert_int_equal(rota_to_plan(w->x, &before), CR_OK);
        assert_int_equal(room_maker_step(rm), CR_OK);
        if (!w->is_raised)
            walk_iterate(w, COLD, false);
    }
    *ret_began = w->is_raised;
    if (!w->is_raised)
        return false;
    int64_t cost = walk_cost(w);
    while (w->is_raised) {
        walk_iterate(w, COLD, false);
        assert_int_equal(room_maker_step(rm), CR_OK);
    }
    assert_int_equal(sum_of_raises(w), 0);
    assert_is_sound(p, w);
    if (walk_cost(w) < cost)
        return true;
    cr_auto(cr_plan) after = NULL;
    assert_int_equal(rota_to_plan(w->x, &after), CR_OK);
    assert_int_equal(after->n_unallocated, before->n_unallocated);
    assert_int_equal(after->n_stops, before->n_stops);
    for (int32_t k = 0; k < after->n_stops; k++)
        assert_int_equal(after->stops[k].slot, before->stops[k].slot);
    return false;
}

static void test_it_ends_cheaper_or_as_it_began(void **state)
{
    int32_t n_began = 0, n_found = 0;
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_SMALL, seed);
        cr_auto(model) m = NULL;
        assert_int_equal(model_new(random.problem, &m), CR_OK);
        cr_auto(walk) w = walk_from_nothing(m, seed);
        cr_auto(room_maker) rm = NULL;
        assert_int_equal(room_maker_new(w, &rm), CR_OK);
        for (int k = 0; k < 2; k++) {
            bool began;
            n_found += make_room(random.problem, w, rm, &began);
            n_began += began;
        }
        w = walk_free(w); /* they borrow the problem */
        m = model_free(m);
        random_problem_done(&random);
    }
    print_message("%d times begun, %d cheaper plans found\n", n_began, n_found);
    assert_true(n_began > N_SEEDS / 4);
    assert_true(n_found > 0 && n_found < n_began);
}

/* Left under way, it goes back at once. */
static void test_it_can_be_left(void **state)
{
    int32_t n_left = 0;
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_SMALL, seed);
        cr_auto(model) m = NULL;
        assert_int_equal(model_new(random.problem, &m), CR_OK);
        cr_auto(walk) w = walk_from_nothing(m, seed);
        cr_auto(room_maker) rm = NULL;
        assert_int_equal(room_maker_new(w, &rm), CR_OK);
        while (!w->is_raised && w->n_iterations < N_BEFORE + N_AFTER) {
            assert_int_equal(room_maker_step(rm), CR_OK);
            walk_iterate(w, COLD, false);
        }
        int64_t cost = walk_cost(w);
        for (int i = 0; i < 5 && w->is_raised; i++) {
            assert_int_equal(room_maker_step(rm), CR_OK);
            walk_iterate(w, COLD, false);
        }
        n_left += w->is_raised && walk_cost(w) > cost;
        assert_int_equal(room_maker_end(rm), CR_OK);
        assert_false(w->is_raised);
        assert_int_equal(sum_of_raises(w), 0);
        assert_is_sound(random.problem, w);
        w = walk_free(w);
        m = model_free(m);
        random_problem_done(&random);
    }
    assert_true(n_left > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_ends_cheaper_or_as_it_began),
        cmocka_unit_test(test_it_can_be_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
