/* What somebody has accepted: the checker lists it, and nothing more.
 *
 * The day of worked_day.h, and random problems: what a plan makes use of is just what it breaks of the stricter
 * problem.
 */
#include "checked_day.h"

#include "careround/solve.h"

#include "dice.h"
#include "random_problem.h"

#include <stdio.h>
#include <stdlib.h>

#define N_RANDOM 150

static cr_check *check_with(worked_day *day, cr_conceded rule, int32_t item, int32_t was)
{
    day->problem->n_concessions = 0;
    assert_int_equal(cr_problem_add_concession(day->problem, &(cr_concession){rule, item, was}), CR_OK);
    char message[200];
    assert_int_equal(cr_problem_validate(day->problem, message, sizeof message), CR_OK);
    return check(day);
}

/* v1 starts at 09:25 in the window that closes at 09:30; it closed at 09:20. */
static void test_a_window_that_closed_sooner(void **state)
{
    worked_day *day = *state;
    cr_auto(cr_check) made = check_with(day, CR_CONCEDED_WINDOW, 1, HM(9, 20));
    assert_int_equal(made->n_breaches, 0);
    assert_int_equal(made->n_accepted, 1);
    EXPECT(made->accepted[0], CR_RULE_WINDOW, 1, 0, ADA, HM(9, 25), HM(9, 20));
    cr_auto(cr_check) in_time = check_with(day, CR_CONCEDED_WINDOW, 1, HM(9, 25));
    assert_int_equal(in_time->n_accepted, 0);
    day->plan->stops[1].start = day->plan->stops[3].start = HM(9, 35); /* past what was accepted, too */
    cr_auto(cr_check) late = check_with(day, CR_CONCEDED_WINDOW, 1, HM(9, 20));
    assert_int_equal(late->n_accepted, 0);
    assert_int_equal(count(day, CR_RULE_WINDOW), 1);
}

/* Ada is back at 10:35 and 15:32, works 147, has a load of 3 in her first shift. */
static void test_shifts_work_and_load(void **state)
{
    worked_day *day = *state;
    cr_auto(cr_check) shift = check_with(day, CR_CONCEDED_SHIFT, 0, HM(10, 30));
    assert_int_equal(shift->n_accepted, 1);
    EXPECT(shift->accepted[0], CR_RULE_SHIFT, CR_NONE, 0, ADA, HM(10, 35), HM(10, 30));
    cr_auto(cr_check) work = check_with(day, CR_CONCEDED_MAX_WORK, ADA, 140);
    assert_int_equal(work->n_accepted, 1);
    EXPECT(work->accepted[0], CR_RULE_MAX_WORK, CR_NONE, CR_NONE, ADA, 147, 140);
    cr_auto(cr_check) load = check_with(day, CR_CONCEDED_MAX_LOAD, 0, 2);
    assert_int_equal(load->n_accepted, 1);
    EXPECT(load->accepted[0], CR_RULE_MAX_LOAD, CR_NONE, 0, ADA, 3, 2);
}

/* Her first round is on the road for 45 and goes 4500 metres. */
static void test_ways(void **state)
{
    worked_day *day = *state;
    day->problem->shifts[0].max_travel = 45;
    day->problem->shifts[0].max_dist_m = 4500;
    cr_auto(cr_check) travel = check_with(day, CR_CONCEDED_MAX_TRAVEL, 0, 44);
    assert_int_equal(travel->n_accepted, 1);
    EXPECT(travel->accepted[0], CR_RULE_MAX_TRAVEL, CR_NONE, 0, ADA, 45, 44);
    cr_auto(cr_check) as_before = check_with(day, CR_CONCEDED_MAX_TRAVEL, 0, 45);
    assert_int_equal(as_before->n_accepted, 0);
    cr_auto(cr_check) distance = check_with(day, CR_CONCEDED_MAX_DISTANCE, 0, 4499);
    assert_int_equal(distance->n_accepted, 1);
    EXPECT(distance->accepted[0], CR_RULE_MAX_DISTANCE, CR_NONE, 0, ADA, 4500, 4499);
    day->problem->shifts[0].max_dist_m = 4499; /* beyond what was accepted, too */
    cr_auto(cr_check) beyond = check_with(day, CR_CONCEDED_MAX_DISTANCE, 0, 4000);
    assert_int_equal(beyond->n_accepted, 0);
    assert_int_equal(count(day, CR_RULE_MAX_DISTANCE), 1);
}

/* From v0 to v2 are 385; from the end of v0 to v1 are 20. Ada does v0 and v2. */
static void test_gaps(void **state)
{
    worked_day *day = *state;
    cr_auto(cr_check) most = check_with(day, CR_CONCEDED_GAP_MAX, 0, 380);
    assert_int_equal(most->n_accepted, 1);
    EXPECT(most->accepted[0], CR_RULE_GAP, 0, CR_NONE, CR_NONE, 385, 380);
    cr_auto(cr_check) least = check_with(day, CR_CONCEDED_GAP_MIN, 1, 30);
    assert_int_equal(least->n_accepted, 1);
    EXPECT(least->accepted[0], CR_RULE_GAP, 0, CR_NONE, CR_NONE, 20, 30);
    day->problem->gaps[0].carers = CR_GAP_ANY;
    cr_auto(cr_check) different = check_with(day, CR_CONCEDED_GAP_CARERS, 0, CR_GAP_DIFFERENT);
    assert_int_equal(different->n_accepted, 1);
    EXPECT(different->accepted[0], CR_RULE_GAP_CARERS, 0, CR_NONE, CR_NONE, 1, 0);
    cr_auto(cr_check) same = check_with(day, CR_CONCEDED_GAP_CARERS, 0, CR_GAP_SAME);
    assert_int_equal(same->n_accepted, 0);
}

static void test_a_rule_that_was_looser_is_no_concession(void **state)
{
    worked_day *day = *state;
    char message[200];
    assert_int_equal(cr_problem_add_concession(day->problem, &(cr_concession){CR_CONCEDED_MAX_WORK, ADA, 148}), CR_OK);
    assert_int_equal(cr_problem_validate(day->problem, message, sizeof message), CR_E_INPUT);
    assert_string_equal(message, "concession 0: the rule was not stricter before (148)");
    day->problem->concessions[0] = (cr_concession){CR_CONCEDED_SHIFT, 3, 0};
    assert_int_equal(cr_problem_validate(day->problem, message, sizeof message), CR_E_INPUT);
}

/* ---- against the stricter problem ---- */

static void concede(cr_problem *p, cr_conceded rule, int32_t item, int32_t was)
{
    assert_int_equal(cr_problem_add_concession(p, &(cr_concession){rule, item, was}), CR_OK);
}

/* A concession for about a half of the rules there are; rest counts from a shift's end, so only one of the two gives.
 */
static void draw_concessions(cr_problem *p, dice *d)
{
    bool shifts_give = dice_chance(d, 50);
    for (int32_t v = 0; v < p->n_visits; v++) { /* a break's windows give nothing */
        const cr_range windows = p->visits[v].windows;
        for (int32_t w = windows.first; w < windows.first + windows.n; w++)
            if (dice_chance(d, 50))
                concede(p, CR_CONCEDED_WINDOW, w, dice_between(d, p->windows[w].open, p->windows[w].close));
    }
    for (int32_t s = 0; s < p->n_shifts; s++) {
        if (shifts_give && dice_chance(d, 50))
            concede(p, CR_CONCEDED_SHIFT, s, dice_between(d, p->shifts[s].begin, p->shifts[s].end));
        if (p->shifts[s].max_load > 0 && dice_chance(d, 50))
            concede(p, CR_CONCEDED_MAX_LOAD, s, dice_between(d, 0, p->shifts[s].max_load));
        if (p->shifts[s].max_travel != CR_NONE && dice_chance(d, 50))
            concede(p, CR_CONCEDED_MAX_TRAVEL, s, dice_between(d, 0, p->shifts[s].max_travel));
        if (p->shifts[s].max_dist_m != CR_NONE && dice_chance(d, 50))
            concede(p, CR_CONCEDED_MAX_DISTANCE, s, dice_between(d, 0, p->shifts[s].max_dist_m));
    }
    for (int32_t g = 0; g < p->n_gaps; g++) {
        const cr_gap *gap = &p->gaps[g];
        if (dice_chance(d, 50))
            concede(p, CR_CONCEDED_GAP_MIN, g, (gap->min == CR_FREE ? 0 : gap->min) + dice_between(d, 0, 60));
        if (dice_chance(d, 50))
            concede(p, CR_CONCEDED_GAP_MAX, g, (gap->max == CR_FREE ? 100 : gap->max) - dice_between(d, 0, 60));
        if (gap->carers == CR_GAP_ANY && dice_chance(d, 50))
            concede(p, CR_CONCEDED_GAP_CARERS, g, dice_chance(d, 50) ? CR_GAP_SAME : CR_GAP_DIFFERENT);
    }
    for (int32_t c = 0; c < p->n_carers; c++) {
        if (p->carers[c].max_work != CR_NONE && dice_chance(d, 50))
            concede(p, CR_CONCEDED_MAX_WORK, c, dice_between(d, 0, p->carers[c].max_work));
        if (p->carers[c].max_day_work != CR_NONE && dice_chance(d, 50))
            concede(p, CR_CONCEDED_MAX_DAY_WORK, c, dice_between(d, 0, p->carers[c].max_day_work));
        if (!shifts_give && dice_chance(d, 30))
            concede(p, CR_CONCEDED_REST, c, p->carers[c].min_rest + dice_between(d, 0, 400));
    }
}

/* The problem as it was. */
static cr_problem *strict_twin(const cr_problem *problem)
{
    cr_problem *p;
    assert_int_equal(cr_problem_copy(problem, &p), CR_OK);
    for (int32_t i = 0; i < p->n_concessions; i++) {
        const cr_concession *c = &p->concessions[i];
        int32_t *const bounds[CR_CONCEDED_N] = {
            [CR_CONCEDED_WINDOW] = c->rule == CR_CONCEDED_WINDOW ? &p->windows[c->item].close : NULL,
            [CR_CONCEDED_SHIFT] = c->rule == CR_CONCEDED_SHIFT ? &p->shifts[c->item].end : NULL,
            [CR_CONCEDED_MAX_LOAD] = c->rule == CR_CONCEDED_MAX_LOAD ? &p->shifts[c->item].max_load : NULL,
            [CR_CONCEDED_GAP_MIN] = c->rule == CR_CONCEDED_GAP_MIN ? &p->gaps[c->item].min : NULL,
            [CR_CONCEDED_GAP_MAX] = c->rule == CR_CONCEDED_GAP_MAX ? &p->gaps[c->item].max : NULL,
            [CR_CONCEDED_MAX_WORK] = c->rule == CR_CONCEDED_MAX_WORK ? &p->carers[c->item].max_work : NULL,
            [CR_CONCEDED_MAX_DAY_WORK] = c->rule == CR_CONCEDED_MAX_DAY_WORK ? &p->carers[c->item].max_day_work : NULL,
            [CR_CONCEDED_REST] = c->rule == CR_CONCEDED_REST ? &p->carers[c->item].min_rest : NULL,
            [CR_CONCEDED_MAX_TRAVEL] = c->rule == CR_CONCEDED_MAX_TRAVEL ? &p->shifts[c->item].max_travel : NULL,
            [CR_CONCEDED_MAX_DISTANCE] = c->rule == CR_CONCEDED_MAX_DISTANCE ? &p->shifts[c->item].max_dist_m : NULL,
        };
        if (c->rule == CR_CONCEDED_GAP_CARERS)
            p->gaps[c->item].carers = (cr_gap_carers)c->was;
        else
            *bounds[c->rule] = c->was;
    }
    p->n_concessions = 0;
    return p;
}

static bool are_same(const cr_breach *a, const cr_breach *b)
{
    return a->rule == b->rule && a->visit == b->visit && a->other_visit == b->other_visit && a->shift == b->shift &&
           a->carer == b->carer && a->is == b->is && a->should == b->should && a->item == b->item;
}

static bool is_rule_on_persons(cr_rule rule)
{
    return rule == CR_RULE_SKILL || rule == CR_RULE_ATTRIBUTE || rule == CR_RULE_PATCH;
}

/* Every breach of the first list is in the second, prices and persons aside. Returns how many. */
static int32_t assert_within(const cr_breach *a, int32_t n_a, const cr_breach *b, int32_t n_b, uint64_t seed)
{
    int32_t n = 0;
    for (int32_t i = 0; i < n_a; i++) {
        if (a[i].rule == CR_RULE_COST || is_rule_on_persons(a[i].rule))
            continue;
        bool found = false;
        for (int32_t k = 0; k < n_b; k++)
            found = found || are_same(&a[i], &b[k]);
        if (!found)
            fail_msg("seed %llu: %s, visit %d, shift %d, item %d, %lld, %lld is in one list only",
                     (unsigned long long)seed, cr_rule_name(a[i].rule), a[i].visit, a[i].shift, a[i].item,
                     (long long)a[i].is, (long long)a[i].should);
        n++;
    }
    return n;
}

static void test_what_is_accepted_is_what_the_stricter_problem_forbids(void **state)
{
    int32_t n_all = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= N_RANDOM; seed++) {
        random_problem random;
        char message[200];
        dice d = {seed ^ UINT64_C(0xACCE97)};
        cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
        random_problem_init(&random, seed % 2 ? RANDOM_SMALL : RANDOM_COUPLED, seed);
        draw_concessions(random.problem, &d);
        assert_int_equal(cr_problem_validate(random.problem, message, sizeof message), CR_OK);
        options.iterations = 60;
        options.use_glpk = false;
        cr_auto(cr_plan) plan = NULL;
        cr_auto(cr_check) wide = NULL;
        cr_auto(cr_check) strict = NULL;
        cr_auto(cr_problem) twin = strict_twin(random.problem);
        assert_int_equal(cr_solve(random.problem, &options, &plan, NULL), CR_OK);
        assert_int_equal(cr_check_plan(random.problem, plan, &wide), CR_OK);
        assert_int_equal(cr_check_plan(twin, plan, &strict), CR_OK);
        assert_int_equal(wide->n_breaches, 0);
        n_all += assert_within(wide->accepted, wide->n_accepted, strict->breaches, strict->n_breaches, seed);
        assert_within(strict->breaches, strict->n_breaches, wide->accepted, wide->n_accepted, seed);
        random_problem_done(&random);
    }
    print_message("%d accepted breaches of %d plans\n", n_all, N_RANDOM);
    assert_true(n_all > N_RANDOM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAY(test_a_window_that_closed_sooner),
        WITH_DAY(test_shifts_work_and_load),
        WITH_DAY(test_ways),
        WITH_DAY(test_gaps),
        WITH_DAY(test_a_rule_that_was_looser_is_no_concession),
        cmocka_unit_test(test_what_is_accepted_is_what_the_stricter_problem_forbids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
