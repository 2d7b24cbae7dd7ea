/* Putting a visit where another one is, which then has to go elsewhere. */
#include "begin_from.h"
#include "random_problem.h"
#include "small_day.h"
#include "walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define HOIST        1
#define N_TRIES      200
#define N_SEEDS      300
#define N_ITERATIONS 60
#define COLD         1.0 /* cost units */

enum { SKILLED, OTHER, HELPER }; /* carers, each with a shift */
enum { MEDICATION, HOISTED, LUNCH };

/* Medication at nine, which both may bring, is in the round of the only carer who can work the hoist; and that is
 * wanted at nine too. */
static void begin_day(small_day *day)
{
    const int32_t rounds[][SMALL_DAY_STOPS] = {{MEDICATION, CR_NONE}, {CR_NONE}};
    small_day_init(day);
    small_day_carer(day, HM(7, 0), HM(12, 0));
    small_day_has_skill(day, HOIST, 1);
    small_day_carer(day, HM(7, 0), HM(12, 0));
    small_day_visit(day, 5, HM(9, 0), HM(9, 0), 30);
    small_day_visit(day, 6, HM(9, 0), HM(9, 0), 30);
    small_day_needs_skill(day, HOIST, 1);
    small_day_plan(day, rounds, 2);
}

/* As the day's plan has it. The caller frees the walk, then the model. */
static walk *begin_walk(const small_day *day, model **ret_model)
{
    walk *w = NULL;
    assert_int_equal(model_new(day->problem, ret_model), CR_OK);
    assert_int_equal(walk_new(*ret_model, 1, false, &w), CR_OK);
    assert_int_equal(begin_from(w->x, w->in, w->price, day->plan), CR_OK);
    assert_int_equal(walk_settle(w), CR_OK);
    return w;
}

static void test_who_could_go_elsewhere_gives_way(void **state)
{
    small_day day;
    begin_day(&day);
    cr_auto(model) m = NULL;
    cr_auto(walk) w = begin_walk(&day, &m);
    const insert_how how = {.is_thorough = true, .random = &w->random};
    assert_false(insert_cheapest(w->in, w->x, w->price, HOISTED, &how));
    int32_t out = CR_NONE;
    for (int i = 0; i < N_TRIES && out == CR_NONE; i++)
        out = push_out(w->pu, w->in, w->x, w->price, HOISTED, &w->random);
    assert_int_equal(out, MEDICATION);
    assert_false(rota_is_served(w->x, MEDICATION));
    assert_int_equal(rota_round_of(w->x, HOISTED), SKILLED);
    assert_true(insert_cheapest(w->in, w->x, w->price, MEDICATION, &how));
    assert_int_equal(rota_round_of(w->x, MEDICATION), OTHER);
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    small_day_done(&day);
}

/* The same where the hoist takes two who can work it: the other one is free, or has a lunch at that time. Only one
 * visit gives way to another. */
static void begin_day_of_two(small_day *day, int32_t lunch_at)
{
    const int32_t rounds[][SMALL_DAY_STOPS] = {{MEDICATION, CR_NONE}, {CR_NONE}, {3, CR_NONE}};
    small_day_init(day);
    for (int32_t c = SKILLED; c <= HELPER; c++) {
        small_day_carer(day, HM(7, 0), HM(15, 0));
        if (c != OTHER)
            small_day_has_skill(day, HOIST, 1);
    }
    small_day_visit(day, 5, HM(9, 0), HM(9, 0), 30);
    small_day_visit(day, 6, HM(9, 0), HM(9, 0), 30);
    small_day_one_more(day);
    small_day_needs_skill(day, HOIST, 1);
    small_day_visit(day, 7, lunch_at, lunch_at, 30);
    small_day_plan(day, rounds, 3);
}

static void test_one_gives_way_to_a_visit_of_two(void **state)
{
    small_day day;
    begin_day_of_two(&day, HM(12, 0));
    cr_auto(model) m = NULL;
    cr_auto(walk) w = begin_walk(&day, &m);
    const int32_t first = m->p->visits[HOISTED].slots.first;
    const insert_how how = {.is_thorough = true, .random = &w->random};
    assert_int_equal(rota_round_of(w->x, m->p->visits[LUNCH].slots.first), HELPER);
    assert_false(insert_cheapest(w->in, w->x, w->price, HOISTED, &how));
    int32_t out = CR_NONE;
    for (int i = 0; i < N_TRIES && out == CR_NONE; i++)
        out = push_out(w->pu, w->in, w->x, w->price, HOISTED, &w->random);
    assert_int_equal(out, MEDICATION);
    assert_int_equal(rota_round_of(w->x, first) + rota_round_of(w->x, first + 1), SKILLED + HELPER);
    assert_true(insert_cheapest(w->in, w->x, w->price, MEDICATION, &how));
    assert_int_equal(rota_round_of(w->x, MEDICATION), OTHER);
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    small_day_done(&day);
}

static void test_two_do_not_give_way_to_one(void **state)
{
    small_day day;
    begin_day_of_two(&day, HM(9, 0));
    cr_auto(model) m = NULL;
    cr_auto(walk) w = begin_walk(&day, &m);
    for (int i = 0; i < N_TRIES; i++)
        assert_int_equal(push_out(w->pu, w->in, w->x, w->price, HOISTED, &w->random), CR_NONE);
    assert_true(rota_is_as_before(w->x));
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    small_day_done(&day);
}

static void test_what_is_held_does_not_give_way(void **state)
{
    small_day day;
    begin_day(&day);
    cr_auto(model) m = NULL;
    cr_auto(walk) w = begin_walk(&day, &m);
    assert_null(m->is_held);
    m->is_held = calloc((size_t)m->n_visits, sizeof *m->is_held);
    assert_non_null(m->is_held);
    m->is_held[MEDICATION] = true;
    for (int i = 0; i < N_TRIES; i++)
        assert_int_equal(push_out(w->pu, w->in, w->x, w->price, HOISTED, &w->random), CR_NONE);
    assert_int_equal(rota_round_of(w->x, MEDICATION), SKILLED);
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    small_day_done(&day);
}

/* Push out for whatever is left out, and take it back. Adds how often somebody gave way to a visit of one carer, and of
 * several. */
static void push_all(walk *w, int32_t *n_pushed)
{
    const int32_t n_bank = w->x->n_bank;
    const int64_t cost = w->x->cost;
    for (int32_t i = 0; i < n_bank; i++) {
        const int32_t visit = rota_bank(w->x)[i];
        const rota_mark mark = rota_now(w->x);
        const int32_t out = push_out(w->pu, w->in, w->x, w->price, visit, &w->random);
        assert_int_equal(w->x->n_bank, n_bank);
        if (out != CR_NONE) {
            assert_true(rota_is_served(w->x, visit) && !rota_is_served(w->x, out));
            assert_false(rota_is_as_before(w->x));
            assert_true(carers_hold_of(w->x, visit));
            n_pushed[w->m->p->visits[visit].slots.n > 1]++;
        } else {
            assert_true(rota_is_as_before(w->x) && !rota_is_served(w->x, visit));
            assert_int_equal(w->x->cost, cost);
        }
        rota_undo(w->x, mark);
        price_undo(w->price);
        assert_int_equal(w->x->cost, cost);
    }
}

/* Somebody gives way and everybody else stays, or nothing has changed. (The plans made with it are checked where the
 * search is: test_search_property.c.) */
static void test_one_comes_in_for_one_that_goes_or_nothing_changes(void **state)
{
    int32_t n_pushed[2] = {0};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        random_problem random;
        random_problem_init(&random, seed % 4 ? RANDOM_SMALL : RANDOM_COUPLED, seed);
        cr_auto(model) m = NULL;
        cr_auto(walk) w = NULL;
        assert_int_equal(model_new(random.problem, &m), CR_OK);
        assert_int_equal(walk_new(m, seed, false, &w), CR_OK);
        assert_int_equal(walk_settle(w), CR_OK);
        for (int i = 0; i < N_ITERATIONS; i++)
            walk_iterate(w, COLD, false);
        push_all(w, n_pushed);
        w = walk_free(w); /* they borrow the problem */
        m = model_free(m);
        random_problem_done(&random);
    }
    print_message("%d gave way to visits of one carer, %d to those of several\n", n_pushed[0], n_pushed[1]);
    assert_true(n_pushed[0] > N_SEEDS / 2 && n_pushed[1] > N_SEEDS / 5);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_could_go_elsewhere_gives_way),
        cmocka_unit_test(test_one_gives_way_to_a_visit_of_two),
        cmocka_unit_test(test_two_do_not_give_way_to_one),
        cmocka_unit_test(test_what_is_held_does_not_give_way),
        cmocka_unit_test(test_one_comes_in_for_one_that_goes_or_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
