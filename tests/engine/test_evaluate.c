/* cr_evaluate: plans made by hand, right and wrong, against sums worked out by hand and against GLPK. */
#include "careround/evaluate.h"
#include "careround/solve.h"

#include "dice.h"
#include "lp_starts.h"
#include "random_problem.h"
#include "random_rota.h"
#include "small_day.h"

#include <glpk.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Who and in what order, nothing else: slots of the rounds of shifts 0, 1 ... */
static cr_plan *by_hand(const int32_t (*rounds)[SMALL_DAY_STOPS], int32_t n_rounds)
{
    cr_plan *plan;
    assert_int_equal(cr_plan_new(n_rounds, n_rounds * SMALL_DAY_STOPS, 0, &plan), CR_OK);
    plan->n_stops = 0;
    for (int32_t r = 0; r < n_rounds; r++) {
        plan->rounds[r] = (cr_round){r, {plan->n_stops, 0}, 0, 0};
        for (int32_t k = 0; rounds[r][k] != CR_NONE; k++, plan->rounds[r].stops.n++)
            plan->stops[plan->n_stops++] = (cr_stop){rounds[r][k], CR_NONE, 0};
    }
    return plan;
}

static const cr_breach *find_breach(const cr_evaluation *e, cr_rule rule)
{
    for (int32_t b = 0; b < e->check->n_breaches; b++)
        if (e->check->breaches[b].rule == rule)
            return &e->check->breaches[b];
    return NULL;
}

static int validated(small_day *day)
{
    char message[200] = "";
    assert_int_equal(cr_problem_validate(day->problem, message, sizeof message), CR_OK);
    return 0;
}

static const cr_evaluation *evaluated(cr_evaluator *e, const cr_plan *plan)
{
    const cr_evaluation *made = NULL;
    assert_int_equal(cr_evaluate(e, plan, &made), CR_OK);
    return made;
}

/* Two visits of 30 minutes at place 10, wanted at 9:00 and at 9:10 sharp: the second begins at 9:30, 20 too late, and
 * the third, which is in time whatever comes, at its cheapest. Nobody is to blame who could be earlier: the first stays
 * at 9:00. */
static void test_a_visit_too_late_is_late_by_the_least(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    small_day_visit(&day, 10, HM(9, 0), HM(9, 0), 30);
    small_day_visit(&day, 10, HM(9, 10), HM(9, 10), 30);
    small_day_visit(&day, 20, HM(9, 0), HM(11, 0), 30);
    validated(&day);
    cr_auto(cr_plan) plan = by_hand((const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    cr_auto(cr_evaluator) e = NULL;
    assert_int_equal(cr_evaluator_new(day.problem, &e), CR_OK);
    const cr_evaluation *made = evaluated(e, plan);
    assert_int_equal(made->check->n_breaches, 1);
    assert_int_equal(made->check->breaches[0].rule, CR_RULE_WINDOW);
    assert_int_equal(made->check->breaches[0].is, HM(9, 30));
    assert_int_equal(made->check->breaches[0].should, HM(9, 10));
    assert_int_equal(made->plan->stops[0].start, HM(9, 0));
    assert_int_equal(made->plan->stops[2].start, HM(10, 10)); /* 9:30 + 30 + 10 on the road */
    assert_int_equal(made->plan->rounds[0].depart, HM(8, 50));
    assert_int_equal(made->n_forced, 1);
    small_day_done(&day);
}

/* The shift ends at 10:00: three visits of 60 minutes at place 10 from 8:10 are over at 11:10, she is back at 11:20. */
static void test_over_the_shift(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(10, 0));
    for (int32_t k = 0; k < 3; k++)
        small_day_visit(&day, 10, HM(8, 0), HM(12, 0), 60);
    validated(&day);
    cr_auto(cr_plan) plan = by_hand((const int32_t[][SMALL_DAY_STOPS]){{0, 1, 2, CR_NONE}}, 1);
    cr_auto(cr_evaluator) e = NULL;
    assert_int_equal(cr_evaluator_new(day.problem, &e), CR_OK);
    const cr_evaluation *made = evaluated(e, plan);
    const cr_breach *shift = find_breach(made, CR_RULE_SHIFT);
    assert_non_null(shift);
    assert_int_equal(made->check->n_breaches, 1);
    assert_int_equal(shift->is, HM(11, 20));
    assert_int_equal(shift->should, HM(10, 0));
    small_day_done(&day);
}

/* Two double-ups, taken in one order by Ann and in the other by Bob: each waits for the other for ever. Somebody begins
 * alone, and that is the rule that is broken. */
static void test_carers_who_wait_for_each_other(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(16, 0));
    small_day_carer(&day, HM(8, 0), HM(16, 0));
    for (int32_t k = 0; k < 2; k++) {
        small_day_visit(&day, 10 + k, HM(8, 0), HM(12, 0), 60);
        small_day_one_more(&day);
    }
    validated(&day);
    cr_auto(cr_plan) plan = by_hand((const int32_t[][SMALL_DAY_STOPS]){{0, 2, CR_NONE}, {3, 1, CR_NONE}}, 2);
    cr_auto(cr_evaluator) e = NULL;
    assert_int_equal(cr_evaluator_new(day.problem, &e), CR_OK);
    const cr_evaluation *made = evaluated(e, plan);
    assert_non_null(find_breach(made, CR_RULE_TOGETHER));
    for (int32_t b = 0; b < made->check->n_breaches; b++)
        assert_int_equal(made->check->breaches[b].rule, CR_RULE_TOGETHER);
    small_day_done(&day);
}

/* Everything that makes no sense is named and does no harm: half a double-up, a visit in two rounds, slots and shifts
 * that do not exist, a second round of a shift, a break of somebody else. */
static void test_nonsense_is_listed_and_the_rest_is_timed(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(16, 0));
    small_day_carer(&day, HM(8, 0), HM(16, 0));
    small_day_visit(&day, 10, HM(8, 0), HM(12, 0), 60); /* slot 0 */
    small_day_visit(&day, 20, HM(8, 0), HM(12, 0), 60); /* slots 1, 2 */
    small_day_one_more(&day);
    small_day_visit(&day, 30, HM(8, 0), HM(12, 0), 60); /* slot 3 */
    validated(&day);
    cr_auto(cr_plan) plan =
        by_hand((const int32_t[][SMALL_DAY_STOPS]){{0, 99, 1, CR_NONE}, {0, CR_NONE}, {-7, CR_NONE}, {CR_NONE}}, 4);
    plan->rounds[2].shift = 1;
    plan->rounds[3].shift = 77;
    cr_auto(cr_evaluator) e = NULL;
    assert_int_equal(cr_evaluator_new(day.problem, &e), CR_OK);
    const cr_evaluation *made = evaluated(e, plan);
    int32_t n = 0, half = 0, twice = 0, unknown = 0;
    for (int32_t b = 0; b < made->check->n_breaches; b++, n++) {
        const cr_breach *breach = &made->check->breaches[b];
        assert_int_equal(breach->rule, CR_RULE_STRUCTURE);
        half += breach->visit == 1 && breach->is == 1 && breach->should == 2;
        twice += breach->visit == 0 && breach->is == 2;
        unknown += breach->is == 99 || breach->is == 77;
    }
    assert_int_equal(half, 1);
    assert_int_equal(twice, 1);
    assert_int_equal(unknown, 2);
    assert_int_equal(made->plan->stops[0].start, HM(8, 10)); /* as in any other plan */
    assert_int_equal(made->plan->stops[2].start, HM(9, 20));
    assert_int_equal(made->plan->n_unallocated, 1); /* nobody has visit 2 */
    assert_int_equal(made->plan->unallocated[0], 2);
    small_day_done(&day);
}

/* A break that the plan leaves out is taken where it does least harm: between 9:00 and 10:00, 30 minutes. After the
 * visit of 8:10-9:10 there is time; before it she would be late for 8:20, after the next (10:00) the break is. */
static void test_a_break_is_put_in(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(16, 0));
    assert_int_equal(cr_problem_add_break(day.problem, HM(9, 0), HM(10, 0), 30, false), CR_OK);
    small_day_visit(&day, 10, HM(8, 0), HM(8, 20), 60);
    small_day_visit(&day, 10, HM(10, 0), HM(12, 0), 60);
    validated(&day);
    cr_auto(cr_plan) plan = by_hand((const int32_t[][SMALL_DAY_STOPS]){{0, 1, CR_NONE}}, 1);
    cr_auto(cr_evaluator) e = NULL;
    assert_int_equal(cr_evaluator_new(day.problem, &e), CR_OK);
    const cr_evaluation *made = evaluated(e, plan);
    assert_int_equal(made->check->n_breaches, 0);
    assert_int_equal(made->plan->n_stops, 3);
    assert_int_equal(made->plan->stops[1].brk, 0);
    small_day_done(&day);
}

static void test_the_slot_that_she_may_take(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(16, 0));
    small_day_carer(&day, HM(8, 0), HM(16, 0));
    small_day_has_skill(&day, 4, 1);
    small_day_visit(&day, 10, HM(8, 0), HM(12, 0), 60);
    small_day_one_more(&day);
    day.problem->slots[0].skills = day.problem->carers[1].skills; /* the first slot needs what only the second has */
    validated(&day);
    bool taken[2] = {false, false};
    assert_int_equal(cr_slot_for(day.problem, 0, 0, taken), 1);
    assert_int_equal(cr_slot_for(day.problem, 0, 1, taken), 0);
    taken[1] = true;
    assert_int_equal(cr_slot_for(day.problem, 0, 0, taken), 0); /* better than nobody: the checker says what is wrong */
    taken[0] = true;
    assert_int_equal(cr_slot_for(day.problem, 0, 0, taken), CR_NONE);
    small_day_done(&day);
}

/* ---- random plans ---- */

static int32_t runs(int32_t usual)
{
    const char *wanted = getenv("CAREROUND_PROPERTY_RUNS");
    return wanted ? atoi(wanted) : usual;
}

/* Ticks past ends and off gaps, as the checker has them; windows that open later count as nothing of this. */
static int64_t ticks_past(const cr_evaluation *e)
{
    int64_t sum = 0;
    for (int32_t b = 0; b < e->check->n_breaches; b++) {
        const cr_breach *breach = &e->check->breaches[b];
        bool counts = breach->rule == CR_RULE_WINDOW || breach->rule == CR_RULE_LOCKED_START ||
                      breach->rule == CR_RULE_SHIFT || breach->rule == CR_RULE_GAP ||
                      (breach->rule == CR_RULE_BREAK && !breach->counts);
        sum += counts ? llabs(breach->is - breach->should) : 0;
    }
    return sum;
}

static bool starts_are_right(const cr_evaluation *e)
{
    return !find_breach(e, CR_RULE_TOGETHER) && !find_breach(e, CR_RULE_TRAVEL) && !find_breach(e, CR_RULE_UNREACHABLE);
}

/* Where starts exist, the cheapest; where none do, the least ticks past the ends. GLPK says both. */
static void test_random_orders_against_the_linear_program(void **state)
{
    int32_t n_forced = 0, n_free = 0, n_circles = 0;
    for (uint64_t seed = 1; seed <= (uint64_t)runs(600); seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_COUPLED, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_plan) rota = random_rota(random.problem, seed);
        for (uint64_t k = 0; k < seed % 4; k++)
            random_rota_disturb(rota, seed + k);
        cr_auto(cr_evaluator) e = NULL;
        assert_int_equal(cr_evaluator_new(random.problem, &e), CR_OK);
        const cr_evaluation *made = evaluated(e, rota);
        int64_t least = 0;
        if (cr_plan_time(random.problem, rota) == CR_OK) {
            assert_int_equal(made->n_forced, 0);
            assert_int_equal(made->plan->cost.total, rota->cost.total);
            assert_true(starts_are_right(made));
            assert_int_equal(ticks_past(made), 0);
            n_free++;
        } else if (lp_least_past(random.problem, rota, &least)) {
            if (ticks_past(made) != least || !starts_are_right(made))
                fail_msg("seed %llu: %lld ticks past, GLPK %lld", (unsigned long long)seed, (long long)ticks_past(made),
                         (long long)least);
            n_forced++;
        } else {
            assert_true(find_breach(made, CR_RULE_TOGETHER) || find_breach(made, CR_RULE_UNREACHABLE));
            n_circles++;
        }
        random_problem_done(&random);
    }
    print_message("%d rotas with starts, %d without, %d in a circle or without a way\n", n_free, n_forced, n_circles);
    assert_true(n_free > 50 && n_forced > 50 && n_circles > 5);
}

static bool same_evaluation(const cr_evaluation *a, const cr_evaluation *b)
{
    size_t n_stops = (size_t)a->plan->n_stops, n_rounds = (size_t)a->plan->n_rounds;
    return a->plan->n_stops == b->plan->n_stops && a->plan->n_rounds == b->plan->n_rounds &&
           memcmp(a->plan->stops, b->plan->stops, n_stops * sizeof *a->plan->stops) == 0 &&
           memcmp(a->plan->rounds, b->plan->rounds, n_rounds * sizeof *a->plan->rounds) == 0 &&
           a->check->n_breaches == b->check->n_breaches && a->check->cost.total == b->check->cost.total &&
           a->n_forced == b->n_forced;
}

/* Wild plans, one after the other through one evaluator: the answer is that of a new one, and less work. */
static void test_what_was_evaluated_before_does_not_matter(void **state)
{
    int32_t n_retimed = 0, n_rounds = 0;
    for (uint64_t seed = 1; seed <= (uint64_t)runs(600) / 4; seed++) {
        random_problem random;
        random_problem_init(&random, seed % 2 ? RANDOM_SMALL : RANDOM_COUPLED, seed);
        cr_auto(cr_plan) plan = random_rota(random.problem, seed);
        cr_auto(cr_evaluator) old = NULL;
        assert_int_equal(cr_evaluator_new(random.problem, &old), CR_OK);
        evaluated(old, plan);
        dice die = {seed};
        for (int32_t step = 0; step < 6 && plan->n_stops > 0; step++) {
            cr_stop *stop = &plan->stops[dice_between(&die, 0, plan->n_stops - 1)];
            if (stop->slot != CR_NONE && dice_chance(&die, 50))
                stop->slot = dice_between(&die, 0, random.problem->n_slots - 1);
            else
                random_rota_disturb(plan, seed + (uint64_t)step);
            cr_auto(cr_evaluator) fresh = NULL;
            assert_int_equal(cr_evaluator_new(random.problem, &fresh), CR_OK);
            const cr_evaluation *known = evaluated(old, plan);
            if (!same_evaluation(known, evaluated(fresh, plan)))
                fail_msg("seed %llu, step %d: not the same answer", (unsigned long long)seed, step);
            n_retimed += known->n_retimed;
            n_rounds += known->plan->n_rounds;
        }
        random_problem_done(&random);
    }
    print_message("%d of %d rounds timed again\n", n_retimed, n_rounds);
    assert_true(n_retimed < n_rounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_visit_too_late_is_late_by_the_least),
        cmocka_unit_test(test_over_the_shift),
        cmocka_unit_test(test_carers_who_wait_for_each_other),
        cmocka_unit_test(test_nonsense_is_listed_and_the_rest_is_timed),
        cmocka_unit_test(test_a_break_is_put_in),
        cmocka_unit_test(test_the_slot_that_she_may_take),
        cmocka_unit_test(test_random_orders_against_the_linear_program),
        cmocka_unit_test(test_what_was_evaluated_before_does_not_matter),
    };
    glp_term_out(GLP_OFF);
    int n_failed = cmocka_run_group_tests(tests, NULL, NULL);
    glp_free_env();
    return n_failed;
}
