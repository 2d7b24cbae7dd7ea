/* cr_plan_time against GLPK: the cheapest starts of random coupled rotas, to the last cost unit. */
#include "careround/check.h"
#include "careround/solve.h"

#include "lp_starts.h"
#include "random_problem.h"
#include "random_rota.h"

#include <glpk.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Rules of time and structure; who may come and how much is not asked here. */
static bool is_about_time(const cr_breach *breach)
{
    switch (breach->rule) {
    case CR_RULE_STRUCTURE:
    case CR_RULE_WINDOW:
    case CR_RULE_LOCKED_START:
    case CR_RULE_TOGETHER:
    case CR_RULE_TRAVEL:
    case CR_RULE_UNREACHABLE:
    case CR_RULE_SHIFT:
    case CR_RULE_BREAK:
    case CR_RULE_GAP:
        return true;
    default:
        return false;
    }
}

/* The checker's sum, once it has found nothing against the times. */
static int64_t cost_of(const cr_problem *p, const cr_plan *plan, uint64_t seed, const char *whose)
{
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    for (int32_t b = 0; b < check->n_breaches; b++)
        if (is_about_time(&check->breaches[b]))
            fail_msg("seed %llu: the starts of %s break the rule '%s'", (unsigned long long)seed, whose,
                     cr_rule_name(check->breaches[b].rule));
    return check->cost.total;
}

typedef struct rota_tally {
    int32_t n_rotas, n_feasible, n_coupled, n_cheaper_than_hidden;
    int64_t n_stops;
} rota_tally;

static bool is_coupled(const cr_problem *p, const cr_plan *plan)
{
    if (p->n_gaps > 0)
        return true;
    for (int32_t k = 0; k < plan->n_stops; k++)
        if (plan->stops[k].slot != CR_NONE && p->visits[p->slots[plan->stops[k].slot].visit].slots.n > 1)
            return true;
    return false;
}

/* Time one rota twice: by the engine and by GLPK. */
static void compare(const cr_problem *p, const cr_plan *rota, uint64_t seed, rota_tally *tally)
{
    cr_auto(cr_plan) ours = NULL;
    cr_auto(cr_plan) theirs = NULL;
    assert_int_equal(cr_plan_copy(rota, &ours), CR_OK);
    assert_int_equal(cr_plan_copy(rota, &theirs), CR_OK);
    cr_status st = cr_plan_time(p, ours);
    bool found = lp_starts(p, theirs, NULL);
    if ((st == CR_OK) != found || (st != CR_OK && st != CR_E_INPUT))
        fail_msg("seed %llu: cr_plan_time says %d, GLPK %s starts", (unsigned long long)seed, (int)st,
                 found ? "found" : "found no");
    tally->n_rotas++;
    if (!found)
        return;
    int64_t our_cost = cost_of(p, ours, seed, "cr_plan_time"), their_cost = cost_of(p, theirs, seed, "GLPK");
    if (our_cost != their_cost)
        fail_msg("seed %llu: cr_plan_time costs %lld, GLPK %lld", (unsigned long long)seed, (long long)our_cost,
                 (long long)their_cost);
    if (ours->cost.total != our_cost)
        fail_msg("seed %llu: claims %lld, costs %lld", (unsigned long long)seed, (long long)ours->cost.total,
                 (long long)our_cost);
    tally->n_feasible++;
    tally->n_coupled += is_coupled(p, rota);
    tally->n_stops += rota->n_stops;
}

static void run(random_size size, uint64_t first_seed, int32_t n, bool disturbed, rota_tally *tally)
{
    for (uint64_t seed = first_seed; seed < first_seed + (uint64_t)n; seed++) {
        random_problem random;
        random_problem_init(&random, size, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_plan) rota = random_rota(random.problem, seed);
        int64_t hidden = cost_of(random.problem, rota, seed, "the rota");
        if (disturbed)
            random_rota_disturb(rota, seed);
        compare(random.problem, rota, seed, tally);
        if (!disturbed) {
            assert_int_equal(cr_plan_time(random.problem, rota), CR_OK); /* the hidden starts are starts */
            assert_true(rota->cost.total <= hidden);
            tally->n_cheaper_than_hidden += rota->cost.total < hidden;
        }
        random_problem_done(&random);
    }
}

static int32_t runs(int32_t usual)
{
    const char *wanted = getenv("CAREROUND_PROPERTY_RUNS");
    return wanted ? atoi(wanted) : usual;
}

static void test_coupled_rotas_cost_what_the_linear_program_says(void **state)
{
    rota_tally tally = {0};
    run(RANDOM_COUPLED, 1, runs(1000), false, &tally);
    print_message("%d coupled rotas, %lld stops; %d cheaper than the hidden starts\n", tally.n_coupled,
                  (long long)tally.n_stops, tally.n_cheaper_than_hidden);
    assert_int_equal(tally.n_feasible, tally.n_rotas);
    assert_true(tally.n_coupled * 10 > tally.n_rotas * 9);
    assert_true(tally.n_cheaper_than_hidden * 10 > tally.n_rotas * 8); /* else the prices would test nothing */
}

static void test_disturbed_rotas_are_possible_where_the_linear_program_says_so(void **state)
{
    rota_tally tally = {0};
    run(RANDOM_COUPLED, 1000001, runs(1000) / 2, true, &tally);
    print_message("%d of %d disturbed rotas still have starts\n", tally.n_feasible, tally.n_rotas);
    assert_true(tally.n_feasible * 10 > tally.n_rotas); /* both kinds come up */
    assert_true(tally.n_feasible * 10 < tally.n_rotas * 9);
}

static void test_small_and_tiny_rotas_too(void **state)
{
    rota_tally tally = {0};
    run(RANDOM_SMALL, 2000001, runs(1000) / 4, false, &tally);
    run(RANDOM_TINY, 3000001, runs(1000), false, &tally);
    run(RANDOM_TINY, 4000001, runs(1000), true, &tally);
    print_message("%d of %d rotas have starts\n", tally.n_feasible, tally.n_rotas);
}

/* The comparison can fail: starts one tick off where that costs are seen. */
static void test_starts_a_tick_off_are_dearer(void **state)
{
    int32_t n_dearer = 0, n = 0;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_COUPLED, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_plan) rota = random_rota(random.problem, seed);
        assert_true(lp_starts(random.problem, rota, NULL));
        cr_auto(cr_check) best = NULL;
        cr_auto(cr_check) moved = NULL;
        assert_int_equal(cr_check_plan(random.problem, rota, &best), CR_OK);
        for (int32_t k = 0; k < rota->n_stops; k++)
            rota->stops[k].start++;
        for (int32_t r = 0; r < rota->n_rounds; r++) {
            rota->rounds[r].depart++;
            rota->rounds[r].arrive++;
        }
        assert_int_equal(cr_check_plan(random.problem, rota, &moved), CR_OK);
        n += rota->n_rounds > 0;
        n_dearer += moved->n_breaches > best->n_breaches || moved->cost.total > best->cost.total;
        random_problem_done(&random);
    }
    assert_true(n_dearer * 10 > n * 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coupled_rotas_cost_what_the_linear_program_says),
        cmocka_unit_test(test_disturbed_rotas_are_possible_where_the_linear_program_says_so),
        cmocka_unit_test(test_small_and_tiny_rotas_too),
        cmocka_unit_test(test_starts_a_tick_off_are_dearer),
    };
    glp_term_out(GLP_OFF);
    int n_failed = cmocka_run_group_tests(tests, NULL, NULL);
    glp_free_env();
    return n_failed;
}
