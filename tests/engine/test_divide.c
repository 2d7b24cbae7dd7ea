/* Searching in parts, on one thread and on several: parts are sound problems, and threads change nothing. */
#include "careround/check.h"
#include "careround/solve.h"

#include "divide.h"
#include "part.h"
#include "random_problem.h"
#include "small_day.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#ifdef __SANITIZE_THREAD__ /* thirty times slower; and most of these tests have one thread */
#define N_SEEDS 4
#else
#define N_SEEDS 8
#endif

static void assert_holds(const cr_problem *p, const cr_plan *plan)
{
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    if (check->n_breaches > 0)
        fail_msg("rule broken: %s", cr_rule_name(check->breaches[0].rule));
}

static cr_plan *solve(const cr_problem *p, const cr_solve_options *options)
{
    cr_plan *plan = NULL;
    assert_int_equal(cr_solve(p, options, &plan, NULL), CR_OK);
    assert_holds(p, plan);
    return plan;
}

static cr_plan *some_plan(const cr_problem *p)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 200;
    return solve(p, &options);
}

static cut *cut_plan(const cr_problem *p, const cr_plan *plan, int32_t visits, uint64_t seed)
{
    cr_auto(chart) ch = NULL;
    cut *made = NULL;
    rng random = rng_seeded(seed);
    assert_int_equal(chart_new(p, &ch), CR_OK);
    assert_int_equal(cut_new(p, ch, plan, &(cut_size){.visits = visits, .rounds_least = 1}, &random, &made), CR_OK);
    return made;
}

/* Every part is a problem that could have been asked, and its share of the plan keeps every rule of it. */
static int32_t check_parts(const cr_problem *p, const cr_plan *plan, const cut *made)
{
    cr_plan *plans[64] = {NULL};
    int32_t n_frozen = 0;
    assert_in_range(made->n_parts, 1, 64);
    for (int32_t k = 0; k < made->n_parts; k++) {
        cr_auto(part) q = NULL;
        char message[300] = "";
        assert_int_equal(part_new(p, plan, made, k, &q), CR_OK);
        if (cr_problem_validate(q->problem, message, sizeof message))
            fail_msg("%s", message);
        assert_int_equal(cr_plan_time(q->problem, q->start), CR_OK);
        assert_holds(q->problem, q->start);
        n_frozen += q->problem->n_visits - made->n_visits[k];
        assert_int_equal(part_to_whole(q, made, q->start, &plans[k]), CR_OK);
    }
    cr_auto(cr_plan) merged = NULL;
    assert_int_equal(part_merge(p, made, plans, &merged), CR_OK);
    assert_int_equal(cr_plan_time(p, merged), CR_OK);
    assert_holds(p, merged);
    if (p->n_periods == 0) /* otherwise the starts found are not always the cheapest */
        assert_true(merged->cost.total == plan->cost.total);
    for (int32_t k = 0; k < made->n_parts; k++)
        cr_plan_free(plans[k]);
    return n_frozen;
}

static void test_parts_are_sound_and_make_the_whole_again(void **state)
{
    int32_t n_frozen = 0;
    for (uint64_t seed = 1; seed <= 10 * N_SEEDS; seed++) {
        random_problem random;
        random_problem_init(&random, seed % 2 ? RANDOM_COUPLED : RANDOM_SMALL, seed);
        cr_auto(cr_plan) plan = some_plan(random.problem);
        cr_auto(cut) made = cut_plan(random.problem, plan, 5, seed);
        n_frozen += check_parts(random.problem, plan, made);
        random_problem_done(&random);
    }
    assert_true(n_frozen > N_SEEDS); /* borders were crossed */
}

/* In no part, at the same cost always: visits that no shift could take, and carers without a shift. */
static int64_t cost_of_nobodys(const cr_problem *p, const cut *made)
{
    int64_t cost = 0;
    for (int32_t v = 0; v < p->n_visits; v++)
        if (made->part_of_visit[v] == CR_NONE)
            cost += p->visits[v].unallocated_price * p->visits[v].slots.n;
    for (int32_t c = 0; c < p->n_carers; c++) {
        bool has_shift = false;
        for (int32_t r = 0; r < p->n_shifts; r++)
            has_shift = has_shift || p->shifts[r].carer == c;
        cost += has_shift ? 0 : p->carers[c].shortfall_price * p->carers[c].least_work;
    }
    return cost;
}

/* Eight rounds of three visits each along the line, 200 carers at the base with nothing to do. */
static void test_each_part_has_idle_carers_of_the_base(void **state)
{
    (void)state;
    enum { ROUNDS = 8, CARERS = 208 };
    small_day day;
    small_day_init(&day);
    int32_t rounds[ROUNDS][SMALL_DAY_STOPS], n_idle[4];
    for (int32_t c = 0; c < CARERS; c++)
        small_day_carer(&day, HM(8, 0), HM(18, 0));
    for (int32_t r = 0; r < ROUNDS; r++) {
        for (int32_t k = 0; k < 3; k++)
            rounds[r][k] = small_day_visit(&day, 4 + 7 * r + k, HM(8, 0), HM(17, 0), 30);
        rounds[r][3] = CR_NONE;
    }
    small_day_plan(&day, (const int32_t(*)[SMALL_DAY_STOPS])rounds, ROUNDS);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        cr_auto(cut) made = cut_plan(day.problem, day.plan, 6, seed);
        assert_int_equal(made->n_parts, 4);
        memset(n_idle, 0, sizeof n_idle);
        for (int32_t c = ROUNDS; c < CARERS; c++)
            n_idle[made->part_of_shift[c]]++;
        for (int k = 0; k < 4; k++)
            assert_true(n_idle[k] > 0);
    }
    small_day_done(&day);
}

/* Two of a visit's three carers in one part: they are not for the crew there, for in the whole they are not. */
static void test_a_crew_gets_no_two_of_three(void **state)
{
    (void)state;
    enum { CARERS = 6 };
    small_day day;
    small_day_init(&day);
    for (int32_t c = 0; c < CARERS; c++)
        small_day_carer(&day, HM(8, 0), HM(18, 0));
    small_day_visit(&day, 30, HM(12, 0), HM(12, 0), 30);
    small_day_one_more(&day);
    small_day_one_more(&day);
    for (int32_t v = 1; v <= CARERS; v++)
        small_day_visit(&day, 8 * v, HM(9, 0), HM(9, 0), 30);
    day.problem->shifts[4].crew = day.problem->shifts[5].crew = 7;
    day.problem->shifts[5].rides = true;
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{3, 0, CR_NONE}, {4, 1, CR_NONE}, {5, 2, CR_NONE}}, 3);
    int32_t n_crossing = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        cr_auto(cut) made = cut_plan(day.problem, day.plan, 2, seed);
        n_crossing += cut_is_frozen(made, 0);
        assert_int_equal(made->hold[0], cut_is_frozen(made, 0) ? CUT_CARERS : CUT_FREE);
    }
    assert_true(n_crossing > 5);
    small_day_done(&day);
}

/* On a line the curve goes from one end to the other. */
static void test_a_part_lists_what_is_near_side_by_side(void **state)
{
    (void)state;
    enum { VISITS = 11, CARERS = 3 };
    small_day day;
    small_day_init(&day);
    for (int32_t c = 0; c < CARERS; c++)
        small_day_carer(&day, HM(8, 0), HM(18, 0));
    for (int32_t v = 0; v < VISITS; v++)
        small_day_visit(&day, 1 + 5 * (7 * v % VISITS), HM(8, 0), HM(17, 0), 10);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{6, CR_NONE}, {0, CR_NONE}, {3, 9, CR_NONE}}, CARERS);
    cr_auto(cut) made = cut_plan(day.problem, day.plan, 100, 1);
    cr_auto(part) q = NULL;
    assert_int_equal(made->n_parts, 1);
    assert_int_equal(part_new(day.problem, day.plan, made, 0, &q), CR_OK);
    assert_int_equal(q->problem->n_visits, VISITS);
    for (int32_t v = 1; v < VISITS; v++) {
        int32_t before = day.problem->visits[q->visits[v - 1]].place, here = day.problem->visits[q->visits[v]].place;
        assert_int_equal(abs(here - before), 5);
    }
    for (int32_t r = 0; r < CARERS; r++) { /* their first visits: at 1 + 5 * 9, 1 and 1 + 5 * 10 */
        const int32_t along[2][CARERS] = {{1, 0, 2}, {2, 0, 1}};
        assert_int_equal(q->shifts[r], along[day.problem->visits[q->visits[0]].place == 1 ? 0 : 1][r]);
    }
    small_day_done(&day);
}

static void test_the_whole_as_one_part_costs_the_same(void **state)
{
    for (uint64_t seed = 1; seed <= 10 * N_SEEDS; seed++) {
        random_problem random;
        random_problem_init(&random, seed % 2 ? RANDOM_COUPLED : RANDOM_SMALL, seed);
        cr_auto(cr_plan) plan = some_plan(random.problem);
        cr_auto(cut) made = cut_plan(random.problem, plan, 1000, seed);
        cr_auto(part) q = NULL;
        assert_int_equal(made->n_parts, 1);
        assert_int_equal(part_new(random.problem, plan, made, 0, &q), CR_OK);
        assert_int_equal(cr_plan_time(q->problem, q->start), CR_OK);
        assert_true(q->start->cost.total + cost_of_nobodys(random.problem, made) == plan->cost.total);
        random_problem_done(&random);
    }
}

static int32_t parts_of(int32_t n_visits, model_timing timing, int32_t n_threads, int64_t iterations)
{
    const cr_problem p = {.n_visits = n_visits};
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = iterations;
    const solve_run run = {.problem = &p, .options = &options, .n_threads = n_threads};
    return divide_parts(&run, timing);
}

/* What crosses a border keeps its start: where starts have prices there are few borders. */
static void test_where_starts_have_prices_there_is_a_part_for_each_thread(void **state)
{
    assert_int_equal(parts_of(10000, TIMING_PRICED, 1, -1), 1);
    assert_int_equal(parts_of(10000, TIMING_PRICED, 2, -1), 2);
    assert_int_equal(parts_of(10000, TIMING_PRICED, 8, -1), 8);
    assert_int_equal(parts_of(1000, TIMING_PRICED, 8, -1), 2); /* none is small */
    assert_int_equal(parts_of(500, TIMING_PRICED, 8, -1), 1);
    assert_int_equal(parts_of(10000, TIMING_FREE, 1, -1), 0);
    assert_int_equal(parts_of(100, TIMING_FREE, 2, -1), 1);
    for (int32_t n_threads = 1; n_threads <= 4; n_threads++)
        assert_int_equal(parts_of(10000, TIMING_PRICED, n_threads, 100000), 2);
}

static bool same_plan(const cr_plan *a, const cr_plan *b)
{
    return a->n_rounds == b->n_rounds && a->n_stops == b->n_stops && a->n_unallocated == b->n_unallocated &&
           memcmp(&a->cost, &b->cost, sizeof a->cost) == 0 &&
           memcmp(a->rounds, b->rounds, (size_t)a->n_rounds * sizeof *a->rounds) == 0 &&
           memcmp(a->stops, b->stops, (size_t)a->n_stops * sizeof *a->stops) == 0 &&
           memcmp(a->unallocated, b->unallocated, (size_t)a->n_unallocated * sizeof *a->unallocated) == 0;
}

static void test_one_two_and_four_threads_give_the_same_plan(void **state)
{
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        random_problem random;
        random_problem_init(&random, seed % 2 ? RANDOM_COUPLED : RANDOM_SMALL, seed);
        cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
        options.iterations = 40000; /* several passes */
        options.iterations /= seed % 2 ? 4 : 1;
        options.part_visits = 5;
        options.seed = seed;
        cr_auto(cr_plan) one = solve(random.problem, &options);
        for (options.n_threads = 2; options.n_threads <= 4; options.n_threads += 2) {
            cr_auto(cr_plan) more = solve(random.problem, &options);
            assert_true(same_plan(one, more));
        }
        random_problem_done(&random);
    }
}

typedef struct caller {
    pthread_t thread;
    int32_t n_told, n_asked, stop_after;
    int64_t last_cost;
} caller;

static bool asked_to_stop(void *user)
{
    caller *c = user;
    assert_true(pthread_equal(pthread_self(), c->thread));
    return ++c->n_asked > c->stop_after;
}

static void told_of_better(const cr_progress *progress, void *user)
{
    caller *c = user;
    assert_true(pthread_equal(pthread_self(), c->thread));
    if (c->n_told++ > 0)
        assert_true(progress->cost < c->last_cost);
    c->last_cost = progress->cost;
}

static void test_the_caller_hears_of_it_on_its_own_thread(void **state)
{
    random_problem random;
    random_problem_init(&random, RANDOM_SMALL, 3);
    caller c = {.thread = pthread_self(), .stop_after = INT32_MAX};
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 20000;
    options.part_visits = 5;
    options.n_threads = 3;
    options.should_stop = asked_to_stop;
    options.on_best = told_of_better;
    options.user = &c;
    cr_auto(cr_plan) plan = solve(random.problem, &options);
    assert_true(c.n_told > 0);
    assert_true(c.n_asked > 0);
    assert_true(plan->cost.total <= c.last_cost);
    random_problem_done(&random);
}

static void test_a_stop_ends_all_threads(void **state)
{
    random_problem random;
    random_problem_init(&random, RANDOM_SMALL, 4);
    caller c = {.thread = pthread_self(), .stop_after = 60};
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 100000000; /* would take hours */
    options.part_visits = 5;
    options.n_threads = 2;
    options.should_stop = asked_to_stop;
    options.user = &c;
    cr_auto(cr_plan) plan = solve(random.problem, &options);
    assert_true(plan->n_rounds > 0);
    random_problem_done(&random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_are_sound_and_make_the_whole_again),
        cmocka_unit_test(test_each_part_has_idle_carers_of_the_base),
        cmocka_unit_test(test_a_crew_gets_no_two_of_three),
        cmocka_unit_test(test_a_part_lists_what_is_near_side_by_side),
        cmocka_unit_test(test_the_whole_as_one_part_costs_the_same),
        cmocka_unit_test(test_where_starts_have_prices_there_is_a_part_for_each_thread),
        cmocka_unit_test(test_one_two_and_four_threads_give_the_same_plan),
        cmocka_unit_test(test_the_caller_hears_of_it_on_its_own_thread),
        cmocka_unit_test(test_a_stop_ends_all_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
