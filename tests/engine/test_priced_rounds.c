/* Rounds by column generation: they are rounds of the problem, an exchange of many is found, and what comes of them
 * keeps every rule. */
#include "careround/check.h"
#include "careround/solve.h"

#include "dive.h"
#include "priced_rounds.h"
#include "random_problem.h"
#include "small_day.h"
#include "trajectory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- diving ---- */

/* Three slots, the last of them to be covered twice. Alone each column is dear. */
static const int32_t rows_01[] = {0, 1}, rows_2[] = {2}, rows_02[] = {0, 2}, rows_12[] = {1, 2}, rows_0[] = {0};
static const partition_column columns[] = {
    {6, 0, rows_01, 2}, {4, 0, rows_2, 1}, {6, 1, rows_02, 2}, {5, 1, rows_12, 2}, {4, 1, rows_0, 1},
};

static void choose(const int32_t *needs, const int32_t *counts, bool *chosen)
{
    dive d = {.n_rows = 3,
              .n_groups = 2,
              .n_columns = 5,
              .columns = columns,
              .needs = needs,
              .counts = counts,
              .left_out = 1000};
    assert_int_equal(dive_solve(&d, chosen), CR_OK);
}

static void test_rows_are_covered_as_often_as_they_need(void **state)
{
    const int32_t needs[] = {1, 1, 2}, counts[] = {1, 2};
    bool chosen[5] = {false};
    choose(needs, counts, chosen);
    int32_t covered[3] = {0}, of_group[2] = {0};
    double cost = 0;
    for (int j = 0; j < 5; j++) {
        for (int i = 0; chosen[j] && i < columns[j].n_rows; i++)
            covered[columns[j].rows[i]]++;
        of_group[columns[j].group] += chosen[j];
        cost += chosen[j] * columns[j].cost;
    }
    for (int i = 0; i < 3; i++)
        assert_true(covered[i] >= needs[i]);
    assert_true(of_group[0] <= 1 && of_group[1] <= 2);
    assert_true(cost == 11); /* {0,2} and {1,2} */
}

static void test_what_nobody_covers_is_left_out(void **state)
{
    const int32_t needs[] = {1, 1, 1}, counts[] = {1, 0};
    bool chosen[5] = {false};
    choose(needs, counts, chosen);
    assert_true(chosen[0] && !chosen[1]);
    assert_false(chosen[2] || chosen[3] || chosen[4]);
}

static void test_an_abort_of_glpk_is_caught(void **state)
{
    static const int32_t twice[] = {0, 0};
    const partition_column bad = {1, 0, twice, 2};
    const int32_t one[] = {1};
    dive d = {
        .n_rows = 1, .n_groups = 1, .n_columns = 1, .columns = &bad, .needs = one, .counts = one, .left_out = 1000};
    bool chosen[1];
    for (int again = 0; again < 3; again++) {
        assert_int_equal(dive_solve(&d, chosen), CR_E_INTERNAL);
        test_what_nobody_covers_is_left_out(state);
    }
}

/* ---- rounds ---- */

static double no_time_passes(void *user)
{
    return 0;
}

static const priced_options no_limit = {.time_s = 1, .clock_s = no_time_passes};

static void assert_holds(const cr_problem *p, const cr_plan *plan)
{
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    if (check->n_breaches > 0)
        fail_msg("rule broken: %s", cr_rule_name(check->breaches[0].rule));
}

/* Three carers go to and fro between three ends, and meet two by two: all three have to change rounds at once. */
static void test_carers_who_cross_stay_where_they_are(void **state)
{
    small_day day;
    small_day_init(&day);
    int32_t rounds[3][SMALL_DAY_STOPS];
    memset(rounds, 0xff, sizeof rounds); /* CR_NONE */
    for (int r = 0; r < 3; r++)
        small_day_carer(&day, HM(8, 0), HM(20, 0));
    for (int r = 0; r < 3; r++)
        for (int k = 0; k < 3; k++) { /* carer r is at end (r + k) % 3 from hour to hour */
            int32_t at = HM(9 + 2 * k, 0);
            rounds[r][k] = small_day_visit(&day, 10 + 20 * ((r + k) % 3), at, at, 30);
        }
    small_day_visit(&day, 10, HM(17, 0), HM(17, 30), 30);
    small_day_one_more(&day);
    rounds[0][3] = day.problem->n_slots - 2;
    rounds[1][3] = day.problem->n_slots - 1;
    small_day_plan(&day, (const int32_t(*)[SMALL_DAY_STOPS])rounds, 3);
    cr_auto(model) m = NULL;
    cr_auto(cr_plan) found = NULL;
    bool is_fault;
    assert_int_equal(model_new(day.problem, &m), CR_OK);
    assert_true(priced_rounds_suit(m));
    assert_int_equal(priced_rounds_find(m, day.plan, &no_limit, &found, &is_fault), CR_OK);
    assert_non_null(found);
    assert_false(is_fault);
    assert_int_equal(cr_plan_time(day.problem, found), CR_OK);
    assert_holds(day.problem, found);
    assert_int_equal(found->n_stops, 11);
    assert_true(found->cost.total < day.plan->cost.total);
    for (int r = 0; r < 3; r++) { /* each stays at one end until all are done there */
        const cr_stop *stops = found->stops + found->rounds[r].stops.first;
        for (int k = 1; k < 3; k++)
            assert_int_equal(day.problem->visits[day.problem->slots[stops[k].slot].visit].place,
                             day.problem->visits[day.problem->slots[stops[0].slot].visit].place);
    }
    small_day_done(&day);
}

/* Each slot in one round at most, each shift with one round, stops in the order of their starts. */
static void assert_is_told_once(const cr_problem *p, const cr_plan *plan)
{
    bool *is_served = calloc((size_t)p->n_slots + 1, sizeof *is_served);
    assert_non_null(is_served);
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        const cr_round *round = &plan->rounds[r];
        assert_true(r == 0 || plan->rounds[r - 1].shift < round->shift);
        for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
            const cr_stop *stop = &plan->stops[k];
            assert_true(k == round->stops.first || plan->stops[k - 1].start <= stop->start);
            if (stop->slot == CR_NONE)
                continue;
            assert_false(is_served[stop->slot]);
            is_served[stop->slot] = true;
        }
    }
    free(is_served);
}

/* So that nothing depends on the machine: each look at it takes a fiftieth of a second. */
static double clock_by_looks(void *user)
{
    int64_t *n_looks = user;
    return (double)++*n_looks / 50;
}

static trajectory *begin(const model *m, uint64_t seed, int64_t *n_looks)
{
    trajectory_options how = {.kind = TRAJECTORY_RUIN, .seed = seed, .clock_s = clock_by_looks, .user = n_looks};
    trajectory *s = NULL;
    assert_int_equal(trajectory_new(m, &how, &s), CR_OK);
    assert_int_equal(trajectory_begin(s, NULL, -1), CR_OK);
    return s;
}

static double *unknown_worths(int32_t n)
{
    double *worth = malloc(((size_t)n + 1) * sizeof *worth);
    assert_non_null(worth);
    for (int32_t k = 0; k < n; k++)
        worth[k] = -1;
    return worth;
}

static int32_t n_known(const double *worth, int32_t n)
{
    int32_t known = 0;
    for (int32_t k = 0; k < n; k++)
        known += worth[k] >= 0;
    return known;
}

/* What slots are worth is left behind; what is found by whoever begins there is as sound, and leaves no fewer behind.
 */
static void try_again_from_worths(const model *m, const cr_plan *plan, const priced_options *limit)
{
    int32_t n = m->p->n_slots;
    bool is_fault;
    double *worth = unknown_worths(n);
    priced_options how = *limit;
    how.slot_worth = worth;
    int32_t known[2];
    for (int k = 0; k < 2; k++) {
        cr_auto(cr_plan) found = NULL;
        assert_int_equal(priced_rounds_find(m, plan, &how, &found, &is_fault), CR_OK);
        assert_false(is_fault);
        if (found)
            assert_is_told_once(m->p, found);
        known[k] = n_known(worth, n);
    }
    assert_true(known[0] > 0);
    assert_int_equal(known[0], known[1]);
    free(worth);
}

/* On random days: what is found is told soundly, and a trajectory that goes on from it never loses its best. */
static void test_trajectories_go_on_from_them(void **state)
{
    int32_t n_suit = 0, n_found = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        random_problem random;
        random_problem_init(&random, seed % 2 ? RANDOM_SMALL : RANDOM_COUPLED, seed);
        cr_auto(model) m = NULL;
        cr_auto(trajectory) s = NULL;
        cr_plan *best = NULL;
        cr_auto(cr_plan) before = NULL;
        cr_auto(cr_plan) found = NULL;
        assert_int_equal(model_new(random.problem, &m), CR_OK);
        int64_t n_looks = 0;
        priced_options limit = {.time_s = 10, .clock_s = clock_by_looks, .user = &n_looks};
        s = begin(m, seed, &n_looks);
        if (priced_rounds_suit(m)) {
            bool is_fault;
            int64_t cost = trajectory_best_cost(s);
            n_suit++;
            assert_int_equal(trajectory_plan_now(s, &before), CR_OK);
            assert_int_equal(cr_plan_time(random.problem, before), CR_OK);
            assert_int_equal(priced_rounds_find(m, before, &limit, &found, &is_fault), CR_OK);
            assert_false(is_fault);
            n_found += found != NULL;
            if (found)
                assert_is_told_once(random.problem, found);
            try_again_from_worths(m, before, &limit);
            assert_int_equal(trajectory_price_rounds(s, 1, NULL), CR_OK);
            assert_true(trajectory_best_cost(s) <= cost);
            assert_int_equal(trajectory_run(s, &(trajectory_stretch){0.5, 1, 200, -1}), CR_OK);
            assert_true(trajectory_best_cost(s) <= cost);
            assert_int_equal(cr_plan_copy(trajectory_best(s), &best), CR_OK);
            assert_int_equal(cr_plan_time(random.problem, best), CR_OK);
            assert_holds(random.problem, best);
            cr_plan_free(best);
        }
        random_problem_done(&random);
    }
    assert_true(n_suit > 5);
    assert_true(n_found > 5);
}

/* ---- in passes of a search in parts ---- */

#define BUSY_VISITS 450

static void test_a_search_in_parts_prices_rounds_in_some_passes(void **state)
{
    small_day day;
    small_day_init(&day);
    for (int r = 0; r < 130; r++)
        small_day_carer(&day, HM(7 + r % 8, 0), HM(11 + r % 8, 0));
    for (int v = 0; v < BUSY_VISITS; v++) {
        int32_t open = HM(7, 30) + 37 * v % HM(9, 0);
        small_day_visit(&day, 1 + 29 * v % 60, open, open + 60, 20);
        if (v % 6 == 0)
            small_day_one_more(&day);
    }
    char message[200];
    assert_int_equal(cr_problem_validate(day.problem, message, sizeof message), CR_OK);
    int64_t n_looks = 0;
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    cr_solve_stats stats;
    cr_auto(cr_plan) plan = NULL;
    options.time_s = 40;
    options.clock_s = clock_by_looks;
    options.user = &n_looks;
    assert_int_equal(cr_solve(day.problem, &options, &plan, &stats), CR_OK);
    assert_holds(day.problem, plan);
    assert_int_equal(plan->n_unallocated, 0);
    assert_true(stats.glpk_runs > 0); /* parts do nothing else with GLPK */
    assert_int_equal(stats.glpk_faults, 0);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_covered_as_often_as_they_need),
        cmocka_unit_test(test_what_nobody_covers_is_left_out),
        cmocka_unit_test(test_an_abort_of_glpk_is_caught),
        cmocka_unit_test(test_carers_who_cross_stay_where_they_are),
        cmocka_unit_test(test_trajectories_go_on_from_them),
        cmocka_unit_test(test_a_search_in_parts_prices_rounds_in_some_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
