/* What must hold without anybody knowing the answer: the same day told another way, or a little more of it. Of the best
 * plan there is, by brute force: exact, so equal means equal. test_metamorphic_search.c asks the search.
 */
#include "brute_force.h"
#include "metamorphic.h"
#include "random_problem.h"
#include "twin_problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int64_t best_cost(const cr_problem *p)
{
    cr_auto(cr_plan) best = brute_force(p);
    return best->cost.total;
}

static void test_order_of_visits_carers_and_shifts_does_not_matter(void **state)
{
    for (uint64_t seed = 1; seed <= N_BRUTE; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_problem) twin = twin_shuffled(random.problem, seed);
        EXPECT(best_cost(twin) == best_cost(random.problem), seed);
        random_problem_done(&random);
    }
}

static void test_ten_times_the_prices_cost_ten_times_as_much(void **state)
{
    for (uint64_t seed = 1; seed <= N_BRUTE; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_problem) twin = twin_dearer(random.problem, 10);
        EXPECT(best_cost(twin) == 10 * best_cost(random.problem), seed);
        random_problem_done(&random);
    }
}

static void test_a_day_an_hour_earlier_costs_the_same(void **state)
{
    for (uint64_t seed = 1; seed <= N_BRUTE; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_problem) twin = twin_later(random.problem, -61); /* before midnight, too */
        EXPECT(best_cost(twin) == best_cost(random.problem), seed);
        random_problem_done(&random);
    }
}

/* More to do costs more, but never more than leaving it undone. */
static void test_one_visit_more_costs_at_most_its_place_in_the_bank(void **state)
{
    int32_t n_dearer = 0;
    for (uint64_t seed = 1; seed <= N_BRUTE; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        cr_problem *p = random.problem;
        int64_t with = best_cost(p);
        for (int32_t v = 0; v < p->n_visits; v++) {
            bool is_bound[16] = {false};
            int32_t n_bound = 0;
            is_bound[v] = true;
            random_problem_mark_halves(p, is_bound);
            for (int32_t i = 0; i < p->n_visits; i++)
                n_bound += is_bound[i];
            if (n_bound > 1) /* left undone, it would take another with it */
                continue;
            cr_auto(cr_problem) twin = twin_without_visit(p, v);
            int64_t without = best_cost(twin);
            EXPECT(with <= without + p->visits[v].unallocated_price * p->visits[v].slots.n, seed);
            n_dearer += with > without;
        }
        random_problem_done(&random);
    }
    assert_true(n_dearer > 2 * N_BRUTE);
}

static void test_wider_windows_and_idle_carers_do_no_harm(void **state)
{
    int32_t n_better = 0;
    for (uint64_t seed = 1; seed <= N_BRUTE; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        int64_t cost = best_cost(random.problem);
        cr_auto(cr_problem) wider = twin_wider(random.problem, 20);
        int64_t wider_cost = best_cost(wider);
        EXPECT(wider_cost <= cost, seed);
        n_better += wider_cost < cost;
        if (random.problem->n_shifts < 3) {
            cr_auto(cr_problem) idle = twin_with_idle_carer(random.problem);
            EXPECT(best_cost(idle) == cost, seed);
        }
        random_problem_done(&random);
    }
    assert_true(n_better > 5);
}

/* used[mode * n * n + from * n + to]: the legs that somebody goes in the plan. */
static void mark_legs(const cr_problem *p, const cr_plan *plan, bool *used)
{
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        const cr_round *round = &plan->rounds[r];
        const cr_shift *shift = &p->shifts[round->shift];
        int32_t at = shift->start_place;
        for (int32_t k = 0; k <= round->stops.n; k++) {
            const cr_stop *stop = k < round->stops.n ? &plan->stops[round->stops.first + k] : NULL;
            if (stop && stop->slot == CR_NONE)
                continue; /* a break is spent where she is, */
            if (stop && p->visits[p->slots[stop->slot].visit].is_anywhere)
                continue; /* and so is time held back */
            int32_t to = stop ? p->visits[p->slots[stop->slot].visit].place : shift->end_place;
            if (at != CR_NONE && to != CR_NONE)
                used[(shift->mode * p->n_places + at) * p->n_places + to] = true;
            at = to;
        }
    }
}

static void test_a_longer_way_that_nobody_goes_changes_nothing(void **state)
{
    int32_t n_longer = 0;
    for (uint64_t seed = 1; seed <= N_BRUTE; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        const cr_problem *p = random.problem;
        cr_auto(cr_plan) best = brute_force(p);
        bool *used = calloc((size_t)(p->n_modes * p->n_places * p->n_places) + 1, sizeof *used);
        assert_non_null(used);
        mark_legs(p, best, used);
        for (int32_t i = 0; i < p->n_modes * p->n_places * p->n_places; i++) {
            cr_matrix *matrix = random.matrix[i / (p->n_places * p->n_places)];
            int32_t from = i / p->n_places % p->n_places, to = i % p->n_places;
            int32_t time = cr_matrix_time(matrix, from, to);
            if (used[i] || from == to || time == CR_NO_WAY)
                continue;
            cr_matrix_set(matrix, from, to, 2 * time + 1, 2 * cr_matrix_dist_m(matrix, from, to) + 1);
            n_longer++;
        }
        EXPECT(best_cost(p) == best->cost.total, seed);
        free(used);
        random_problem_done(&random);
    }
    assert_true(n_longer > 10 * N_BRUTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_of_visits_carers_and_shifts_does_not_matter),
        cmocka_unit_test(test_ten_times_the_prices_cost_ten_times_as_much),
        cmocka_unit_test(test_a_day_an_hour_earlier_costs_the_same),
        cmocka_unit_test(test_one_visit_more_costs_at_most_its_place_in_the_bank),
        cmocka_unit_test(test_a_longer_way_that_nobody_goes_changes_nothing),
        cmocka_unit_test(test_wider_windows_and_idle_carers_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
