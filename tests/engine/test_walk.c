/* One plan under change: its earliest starts hold after every change, and cheap visits are left out where it pays. */
#include "careround/check.h"
#include "careround/solve.h"

#include "random.h"
#include "random_problem.h"
#include "small_day.h"
#include "walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_SEEDS           150
#define SHORT_CUT         1063 /* a seed with a way that is quicker over another visit than without it; */
#define WAITING_SHORT_CUT 1534 /* where waiting is priced, this one */
#define N_ITERATIONS      100
#define COLD              1.0 /* cost units */
#define N_AT_A_DOOR       24  /* visits, and carers for them */
#define N_OFFERED         40  /* visits, at one door, */
#define N_PREFERRED       15  /* visits with a time that they are best at */
#define N_TAKEN           4   /* of them, out and in again */
#define SHIFT_MIN         480 /* for a shift that a third of them fill */

/* Nobody served yet. The caller frees the walk, then the model, then the problem. */
static walk *begin_walk(const cr_problem *problem, uint64_t seed, model **ret_model)
{
    walk *w = NULL;
    assert_int_equal(model_new(problem, ret_model), CR_OK);
    assert_int_equal(walk_new(*ret_model, seed, false, &w), CR_OK);
    assert_int_equal(walk_settle(w), CR_OK);
    return w;
}

/* Walk the rounds again: nobody starts before she can be there, nor so late that the next would be late. */
static void assert_starts_hold(const rota *x, uint64_t seed, int iteration)
{
    for (int32_t r = 0; r < x->m->n_shifts; r++) {
        const stop_state *stops = rota_stops(x, r);
        for (int32_t k = 0; k < rota_n(x, r) && rota_n_visits_in(x, r) > 0; k++) {
            const stop_state *at = &stops[k], *next = at + 1;
            int32_t length = x->m->shifts[r].length[at->stop];
            if (rota_earliest_at(x, r, k) < at[-1].ready + at->leg_time + at->door)
                fail_msg("seed %llu, iteration %d: stop %d of round %d can start before she is there",
                         (unsigned long long)seed, iteration, k, r);
            if (at->latest > next->latest - next->door - next->leg_time - length && !x->m->shifts[r].times)
                fail_msg("seed %llu, iteration %d: stop %d of round %d can start too late for the next",
                         (unsigned long long)seed, iteration, k, r);
        }
    }
}

/* Kept change by change they are what they are when walked anew. (Putting a visit in before a break may leave the break
 * where it is, but the way from it is another.) */
static void test_earliest_and_latest_starts_hold_after_every_change(void **state)
{
    int32_t n_kept = 0;
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_SMALL, seed);
        cr_auto(model) m = NULL;
        cr_auto(walk) w = begin_walk(random.problem, seed, &m);
        for (int i = 0; i < N_ITERATIONS; i++)
            if (walk_iterate(w, COLD, false)) {
                assert_starts_hold(w->x, seed, i);
                n_kept++;
            }
        w = walk_free(w); /* they borrow the problem */
        m = model_free(m);
        random_problem_done(&random);
    }
    assert_true(n_kept > 5 * N_SEEDS);
}

/* Travel to 10 and back is 20 a visit: to leave one out for 5 may well be better, for 1,000 it is not. */
static void test_a_visit_is_cheap_to_leave_out_beside_what_visits_cost(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, 0, HM(8, 0));
    int32_t dear = small_day_visit(&day, 10, 0, HM(7, 0), 30), cheap = small_day_visit(&day, 10, 0, HM(7, 0), 30);
    day.problem->visits[cheap].unallocated_price = 5;
    assert_int_equal(cr_problem_validate(day.problem, NULL, 0), CR_OK);
    cr_auto(model) m = NULL;
    cr_auto(walk) w = begin_walk(day.problem, 1, &m);
    for (int i = 0; i < 100 && !rota_is_served(w->x, dear); i++)
        walk_iterate(w, COLD, false);
    walk_weigh_visits(w);
    assert_true(w->is_cheap[cheap] && !w->is_cheap[dear]);
    assert_int_equal(w->n_cheap, 1);
    assert_int_equal(walk_bank_is_cheap(w), rota_is_served(w->x, dear));
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    small_day_done(&day);
}

/* It must not keep the others from being exchanged, nor is room made for it. */
static void test_whom_nobody_can_serve_stands_in_nobodys_way(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, 0, HM(8, 0));
    int32_t served = small_day_visit(&day, 10, 0, HM(7, 0), 30), hopeless = small_day_visit(&day, 10, 0, HM(7, 0), 30);
    small_day_needs_skill(&day, 3, 1);
    assert_int_equal(cr_problem_validate(day.problem, NULL, 0), CR_OK);
    cr_auto(model) m = NULL;
    cr_auto(walk) w = begin_walk(day.problem, 1, &m);
    assert_true(model_is_hopeless(m, hopeless) && !model_is_hopeless(m, served));
    for (int i = 0; i < 100 && !rota_is_served(w->x, served); i++)
        walk_iterate(w, COLD, false);
    walk_weigh_visits(w);
    assert_int_equal(w->n_cheap, 0);
    assert_true(walk_bank_is_cheap(w));
    assert_false(walk_bank_has_dear(w));
    for (int i = 0; i < 50; i++) {
        rota_mark mark = rota_now(w->x);
        assert_int_equal(ruin(w->ru, w->x, w->price, w->where, 1, &w->random), CR_NONE);
        rota_undo(w->x, mark);
        price_undo(w->price);
    }
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    small_day_done(&day);
}

/* After a while at one temperature: how many rounds there are for visits at one door, which one carer could do all, and
 * what they cost. */
static int32_t rounds_after_a_walk(double premium, int64_t *ret_cost)
{
    small_day day;
    small_day_init(&day);
    for (int i = 0; i < N_AT_A_DOOR; i++) {
        small_day_carer(&day, 0, HM(23, 0));
        small_day_visit(&day, 10, 0, HM(22, 0), 5);
    }
    assert_int_equal(cr_problem_validate(day.problem, NULL, 0), CR_OK);
    cr_auto(model) m = NULL;
    cr_auto(walk) w = begin_walk(day.problem, 1, &m);
    w->round_premium = premium;
    for (int i = 0; i < 1000; i++)
        walk_iterate(w, COLD, false);
    int32_t n_used = rota_n_used(w->x);
    *ret_cost = walk_cost(w);
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    small_day_done(&day);
    return n_used;
}

/* There and back is 20 for each round: worth less than a premium of 30, more than one of 10. What the plan costs is
 * told without it. */
static void test_a_premium_on_rounds_opens_them_where_it_pays_for_the_way(void **state)
{
    int64_t cost;
    assert_int_equal(rounds_after_a_walk(0, &cost), 1);
    assert_int_equal(cost, 20);
    assert_int_equal(rounds_after_a_walk(10 / COLD, &cost), 1);
    assert_int_equal(cost, 20);
    assert_int_equal(rounds_after_a_walk(30 / COLD, &cost), N_AT_A_DOOR);
    assert_int_equal(cost, 20 * N_AT_A_DOOR);
}

/* Nobody has a break, and what starts cost is being late alone. */
static void price_lateness_only(cr_problem *p)
{
    p->n_breaks = 0;
    p->prices.worst_idle = p->prices.moved = p->prices.waiting = 0;
    for (int32_t c = 0; c < p->n_carers; c++)
        p->carers[c].wage_price = 0;
    for (int32_t r = 0; r < p->n_shifts; r++) {
        p->shifts[r].breaks.n = 0;
        p->shifts[r].overrun_price = 0;
    }
    for (int32_t v = 0; v < p->n_visits; v++)
        p->visits[v].early_price = 0;
}

/* The same, but all set out as their shifts begin, and waiting from then on and coming back late cost too. */
static void price_waiting_from_the_begin(cr_problem *p)
{
    p->n_breaks = 0;
    p->prices.worst_idle = p->prices.moved = 0;
    p->prices.waiting = 3;
    for (int32_t r = 0; r < p->n_shifts; r++) {
        p->shifts[r].breaks.n = 0;
        p->shifts[r].leaves_at_begin = true;
    }
    for (int32_t v = 0; v < p->n_visits; v++)
        p->visits[v].early_price = 0;
}

/* After every change the search's sum is that of the plan with its starts worked out anew. */
static int32_t compare_with_exact_costs(uint64_t seed, void (*simplify)(cr_problem *p))
{
    int32_t n_compared = 0;
    random_problem random;
    random_problem_init(&random, RANDOM_SMALL, seed);
    simplify(random.problem);
    cr_auto(model) m = NULL;
    cr_auto(walk) w = NULL;
    if (cr_problem_validate(random.problem, NULL, 0) == CR_OK)
        assert_int_equal(model_new(random.problem, &m), CR_OK);
    if (m && m->timing == TIMING_EARLIEST && !m->has_periods) {
        assert_int_equal(walk_new(m, seed, false, &w), CR_OK);
        assert_int_equal(walk_settle(w), CR_OK);
    }
    for (int i = 0; i < N_ITERATIONS && w; i++) {
        cr_auto(cr_plan) plan = NULL;
        if (!walk_iterate(w, COLD, false))
            continue;
        assert_int_equal(rota_to_plan(w->x, &plan), CR_OK);
        assert_int_equal(cr_plan_time(random.problem, plan), CR_OK);
        if (plan->cost.total != walk_cost(w))
            fail_msg("seed %llu, iteration %d: %lld to the search, %lld in truth", (unsigned long long)seed, i,
                     (long long)walk_cost(w), (long long)plan->cost.total);
        n_compared++;
    }
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    random_problem_done(&random);
    return n_compared;
}

static void test_where_the_earliest_starts_are_the_cheapest_the_search_knows_what_a_plan_costs(void **state)
{
    int32_t n_late = compare_with_exact_costs(SHORT_CUT, price_lateness_only),
            n_waiting = compare_with_exact_costs(WAITING_SHORT_CUT, price_waiting_from_the_begin);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        n_late += compare_with_exact_costs(seed, price_lateness_only);
        n_waiting += compare_with_exact_costs(seed, price_waiting_from_the_begin);
    }
    assert_true(n_late > N_SEEDS);
    assert_true(n_waiting > N_SEEDS);
}

static void test_what_is_put_back_as_it_was_is_no_change(void **state)
{
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, 0, HM(8, 0));
    int32_t v = small_day_visit(&day, 10, 0, HM(7, 0), 30);
    assert_int_equal(cr_problem_validate(day.problem, NULL, 0), CR_OK);
    cr_auto(model) m = NULL;
    cr_auto(walk) w = begin_walk(day.problem, 1, &m);
    for (int i = 0; i < 100 && !rota_is_served(w->x, v); i++)
        walk_iterate(w, COLD, false);
    assert_true(rota_is_served(w->x, v) && rota_is_as_before(w->x));
    for (int i = 0; i < 100; i++)
        assert_false(walk_iterate(w, COLD, false)); /* to leave it out costs 1,000 */
    rota_mark mark = rota_now(w->x);
    ruin_take_out(w->x, w->price, v);
    assert_false(rota_is_as_before(w->x));
    rota_undo(w->x, mark);
    price_undo(w->price);
    assert_true(rota_is_as_before(w->x) && rota_is_served(w->x, v));
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    small_day_done(&day);
}

/* Take some visits out of a plan and put them in again: the guess, and what the starts cost more in truth. False: every
 * place of a visit was overlooked. */
static bool guess_once(walk *w, rng *random, int64_t *ret_guess, int64_t *ret_truth)
{
    rota_mark mark = rota_now(w->x);
    insert_how how = {.blink = 0.5, .random = random}; /* not all back where they were */
    int32_t taken[N_TAKEN];
    int64_t cost;
    for (int k = 0; k < N_TAKEN; k++) {
        do
            taken[k] = rng_below(random, N_PREFERRED);
        while (!rota_is_served(w->x, taken[k]));
        ruin_take_out(w->x, w->price, taken[k]);
    }
    assert_true(rota_propagate(w->x, false));
    bool are_in = true;
    for (int k = 0; k < N_TAKEN; k++)
        are_in = insert_cheapest(w->in, w->x, w->price, taken[k], &how) && are_in;
    *ret_guess = price_guess(w->price, w->x);
    assert_true(price_now(w->price, w->x, &cost));
    *ret_truth = cost - w->start_cost;
    rota_undo(w->x, mark);
    price_undo(w->price);
    return are_in;
}

static void test_the_guess_at_starts_is_the_truth_where_nobody_waits_for_anybody(void **state)
{
    rng random = rng_seeded(1);
    small_day day;
    small_day_init(&day);
    day.problem->prices.waiting = 2;
    for (int c = 0; c < 3; c++)
        small_day_carer(&day, 0, HM(23, 0));
    for (int i = 0; i < N_PREFERRED; i++) {
        int32_t open = rng_below(&random, HM(12, 0)), best = open + rng_below(&random, HM(2, 0));
        int32_t v = small_day_visit(&day, 1 + rng_below(&random, SMALL_DAY_PLACES - 1), open, open + HM(2, 0), 20);
        cr_visit *visit = &day.problem->visits[v];
        visit->prefer_open = visit->prefer_close = best;
        visit->early_price = 1 + rng_below(&random, 3);
        visit->late_price = 1 + rng_below(&random, 3);
    }
    assert_int_equal(cr_problem_validate(day.problem, NULL, 0), CR_OK);
    cr_auto(model) m = NULL;
    cr_auto(walk) w = begin_walk(day.problem, 1, &m);
    assert_int_equal(m->timing, TIMING_PRICED);
    for (int i = 0; i < 1000; i++)
        walk_iterate(w, COLD, false);
    assert_int_equal(w->x->n_bank, 0);
    int32_t n_other = 0;
    for (int i = 0; i < 200; i++) {
        int64_t guess, truth;
        bool are_in = guess_once(w, &random, &guess, &truth);
        assert_int_equal(guess, truth);
        n_other += are_in && truth != 0;
    }
    assert_true(n_other > 20);
    w = walk_free(w); /* they borrow the problem */
    m = model_free(m);
    small_day_done(&day);
}

/* Whoever comes, a visit costs no less than the search takes for granted while it is still to be put in. */
static void test_no_team_is_cheaper_than_the_least_price_of_a_visit(void **state)
{
    int32_t n_served = 0, n_least = 0;
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_SMALL, seed);
        cr_auto(model) m = NULL;
        cr_auto(walk) w = begin_walk(random.problem, seed, &m);
        for (int i = 0; i < N_ITERATIONS; i++)
            walk_iterate(w, COLD, false);
        for (int32_t v = 0; v < m->n_visits; v++) {
            const cr_range slots = m->p->visits[v].slots;
            int64_t price = 0;
            assert_true(w->least_price[v] <= walk_price_of_leaving_out(w, v));
            if (!rota_is_served(w->x, v))
                continue;
            for (int32_t i = slots.first; i < slots.first + slots.n; i++)
                price += model_slot_price(m, i, m->shifts[rota_round_of(w->x, i)].carer);
            assert_true(w->least_price[v] <= price);
            n_served++;
            n_least += w->least_price[v] == price;
        }
        w = walk_free(w); /* they borrow the problem */
        m = model_free(m);
        random_problem_done(&random);
    }
    assert_true(n_served > N_SEEDS && n_least > N_SEEDS);
}

/* The most that visits at one door can be worth which a shift has time for (a knapsack, solved for every length). */
static int64_t worth_most(const cr_problem *p)
{
    int64_t most[SHIFT_MIN + 1] = {0};
    for (int32_t v = 0; v < p->n_visits; v++) {
        int32_t length = p->slots[p->visits[v].slots.first].duration;
        for (int32_t time = SHIFT_MIN; time >= length; time--) {
            int64_t with = most[time - length] + p->visits[v].unallocated_price;
            most[time] = with > most[time] ? with : most[time];
        }
    }
    return most[SHIFT_MIN];
}

/* Ways are worth a few units and visits thousands: which are left out is settled by exchanging some for others, also
 * for what is worth less at first. */
static void test_what_is_worth_least_is_left_out_of_a_day_with_too_many_visits(void **state)
{
    double over = 0; /* the least that could be left out, in shares of it */
    int32_t n_seeds = 8;
    for (uint64_t seed = 1; seed <= (uint64_t)n_seeds; seed++) {
        rng random = rng_seeded(seed);
        small_day day;
        small_day_init(&day);
        small_day_carer(&day, HM(8, 0), HM(8, 0) + SHIFT_MIN);
        int64_t offered = 0;
        for (int i = 0; i < N_OFFERED; i++) {
            int32_t length = 13 + rng_below(&random, 45), v = small_day_visit(&day, 0, 0, HM(23, 0), length);
            day.problem->visits[v].unallocated_price = 100 * length + rng_below(&random, 1500);
            offered += day.problem->visits[v].unallocated_price;
        }
        assert_int_equal(cr_problem_validate(day.problem, NULL, 0), CR_OK);
        cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
        options.iterations = 4000;
        options.time_s = -1;
        options.seed = seed;
        cr_auto(cr_plan) plan = NULL;
        assert_int_equal(cr_solve(day.problem, &options, &plan, NULL), CR_OK);
        int64_t least = offered - worth_most(day.problem);
        assert_true(plan->cost.total >= least);
        over += (double)(plan->cost.total - least) / (double)least / n_seeds;
        plan = cr_plan_free(plan);
        small_day_done(&day);
    }
    assert_true(over < 0.0015);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_earliest_and_latest_starts_hold_after_every_change),
        cmocka_unit_test(test_a_visit_is_cheap_to_leave_out_beside_what_visits_cost),
        cmocka_unit_test(test_whom_nobody_can_serve_stands_in_nobodys_way),
        cmocka_unit_test(test_a_premium_on_rounds_opens_them_where_it_pays_for_the_way),
        cmocka_unit_test(test_where_the_earliest_starts_are_the_cheapest_the_search_knows_what_a_plan_costs),
        cmocka_unit_test(test_what_is_put_back_as_it_was_is_no_change),
        cmocka_unit_test(test_the_guess_at_starts_is_the_truth_where_nobody_waits_for_anybody),
        cmocka_unit_test(test_no_team_is_cheaper_than_the_least_price_of_a_visit),
        cmocka_unit_test(test_what_is_worth_least_is_left_out_of_a_day_with_too_many_visits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
