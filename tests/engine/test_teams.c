/* Visits of several carers are put in where they cost the least together. Slots that ask for the same share the list of
 * their places. */
#include "careround/solve.h"

#include "dice.h"
#include "every_insertion.h"
#include "small_day.h"
#include "walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define N_DAYS   120
#define N_CARERS 4
#define N_OWN    2 /* visits of each carer that nobody else does: no more places in a round than are kept */

/* Three of four slots ask for the same; one needs a skill. With a lock, or longer, a slot is like none before it. */
static void test_slots_that_ask_for_the_same_are_alike(void **state)
{
    small_day day;
    small_day_init(&day);
    for (int32_t c = 0; c < N_CARERS; c++)
        small_day_carer(&day, HM(8, 0), HM(18, 0));
    small_day_has_skill(&day, 1, 1);
    small_day_visit(&day, 10, HM(9, 0), HM(10, 0), 30);
    int32_t team = small_day_visit(&day, 20, HM(9, 0), HM(10, 0), 30);
    for (int32_t i = 1; i < 4; i++)
        small_day_one_more(&day);
    small_day_needs_skill(&day, 1, 1);
    cr_slot *slots = day.problem->slots + day.problem->visits[team].slots.first;
    slots[0].skills.n = slots[2].skills.n = slots[3].skills.n = 0;
    for (int32_t kind = 0; kind < 3; kind++) {
        slots[3].locked_carer = kind == 1 ? 2 : CR_NONE;
        slots[3].duration = kind == 2 ? 40 : 30;
        assert_int_equal(cr_problem_validate(day.problem, NULL, 0), CR_OK);
        cr_auto(model) m = NULL;
        assert_int_equal(model_new(day.problem, &m), CR_OK);
        const int32_t expected[] = {0, 1, 2, 1, kind == 0 ? 1 : 4};
        for (int32_t s = 0; s < 5; s++)
            assert_int_equal(m->alike[s], expected[s]);
        m = model_free(m);
    }
    small_day_done(&day);
}

/* Carers of other hours, half of whom have a skill, with visits of their own; and a visit of two carers, whose second
 * slot asks for the same as the first, or for the skill, or for longer. */
static void set_up_random_day(small_day *day, dice *d)
{
    small_day_init(day);
    for (int32_t c = 0; c < N_CARERS; c++) {
        small_day_carer(day, HM(8, 0) + dice_between(d, 0, 90), HM(13, 0) + dice_between(d, 0, 120));
        if (dice_between(d, 0, 1))
            small_day_has_skill(day, 1, 1);
    }
    for (int32_t v = 0; v < N_CARERS * N_OWN; v++) {
        int32_t open = HM(8, 0) + dice_between(d, 0, 300);
        small_day_visit(day, dice_between(d, 1, 60), open, open + dice_between(d, 0, 120), dice_between(d, 10, 40));
        day->problem->slots[v].locked_carer = v % N_CARERS;
    }
    int32_t open = HM(9, 0) + dice_between(d, 0, 120), team;
    team = small_day_visit(day, dice_between(d, 1, 60), open, open + dice_between(d, 0, 120), dice_between(d, 10, 40));
    small_day_one_more(day);
    cr_slot *slots = day->problem->slots + day->problem->visits[team].slots.first;
    int32_t kind = dice_between(d, 0, 2);
    if (kind == 1) {
        small_day_needs_skill(day, 1, 1);
        slots[0].skills.n = 0;
    }
    slots[1].duration += kind == 2 ? 15 : 0;
    assert_int_equal(cr_problem_validate(day->problem, NULL, 0), CR_OK);
}

/* The team that is chosen is the cheapest of all there are, each of them timed and judged. True if there is one. */
static bool chooses_the_cheapest_team(const cr_problem *p, uint64_t seed)
{
    cr_auto(model) m = NULL;
    cr_auto(walk) w = NULL;
    cr_auto(cr_plan) before = NULL;
    assert_int_equal(model_new(p, &m), CR_OK);
    assert_int_equal(walk_new(m, seed, false, &w), CR_OK);
    insert_how how = {.random = &w->random};
    for (int32_t v = 0; v + 1 < p->n_visits; v++)
        insert_cheapest(w->in, w->x, w->price, v, &how);
    assert_int_equal(rota_to_plan(w->x, &before), CR_OK);
    int32_t team = p->n_visits - 1;
    bool can[N_CARERS] = {false};
    insertion_truth truth = {.carer_can = can};
    every_insertion(p, before, team, &truth);
    bool is_in = insert_cheapest(w->in, w->x, w->price, team, &how);
    if (is_in != (truth.n_plans > 0) || (is_in && w->x->cost != truth.least_cost))
        fail_msg("seed %llu: %s at %lld, the cheapest of %lld costs %lld", (unsigned long long)seed,
                 is_in ? "put in" : "left out", (long long)w->x->cost, (long long)truth.n_plans,
                 (long long)truth.least_cost);
    return is_in;
}

static void test_the_cheapest_team_is_chosen(void **state)
{
    int32_t n_in = 0;
    for (uint64_t seed = 1; seed <= N_DAYS; seed++) {
        small_day day;
        dice d = {seed};
        set_up_random_day(&day, &d);
        n_in += chooses_the_cheapest_team(day.problem, seed);
        small_day_done(&day);
    }
    assert_in_range(n_in, N_DAYS / 2, N_DAYS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slots_that_ask_for_the_same_are_alike),
        cmocka_unit_test(test_the_cheapest_team_is_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
