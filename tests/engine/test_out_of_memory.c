/* The 1st, 2nd, 3rd ... allocation fails: CR_E_NOMEM, nothing written, nothing leaked.
 *
 * The linker sends the allocations of engine/ and geo/ here (--wrap in meson.build); those of libraries are their own.
 */
#include "careround/bound.h"
#include "careround/check.h"
#include "careround/explain.h"
#include "careround/replan.h"
#include "careround/report.h"
#include "careround/solve.h"
#include "careround/suggest.h"

#include "worked_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *old);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *old);

static int64_t n_asked, fail_at, n_live;

static bool refused(void)
{
    return ++n_asked == fail_at;
}

static void *counted(void *made)
{
    n_live += made != NULL;
    return made;
}

void *__wrap_malloc(size_t size)
{
    return refused() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return refused() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    if (refused())
        return NULL;
    void *grown = __real_realloc(old, size);
    n_live += grown != NULL && old == NULL;
    return grown;
}

void __wrap_free(void *old)
{
    n_live -= old != NULL;
    __real_free(old);
}

/* Make something, and free it again if it came about. */
typedef cr_status deed(const worked_day *day);

/* Fails each allocation of the deed in turn, until it does without the one that would fail. */
static void fail_each(deed *do_it, const worked_day *day, int32_t least)
{
    int64_t live_before = n_live;
    cr_status st = CR_E_NOMEM;
    for (int64_t k = 1; st; k++) {
        n_asked = 0;
        fail_at = k;
        st = do_it(day);
        fail_at = 0;
        if ((st != CR_OK && st != CR_E_NOMEM) || (st == CR_OK) != (n_asked < k) || n_live != live_before)
            fail_msg("allocation %lld failed: status %d after %lld of them, %lld blocks left", (long long)k, (int)st,
                     (long long)n_asked, (long long)(n_live - live_before));
    }
    assert_true(n_asked >= least);
}

static int set_up(void **state)
{
    static worked_day day;
    worked_day_init(&day);
    *state = &day;
    return 0;
}

static int tear_down(void **state)
{
    worked_day_done(*state);
    return 0;
}

/* ---- problem and plan ---- */

static cr_status fill(cr_problem *p)
{
    cr_range range;
    cr_status st;
    if ((st = cr_problem_add_skills(p, &(cr_skill){1, 1}, 1, &range)) ||
        (st = cr_problem_add_ids(p, &(int32_t){0}, 1, &range)) || (st = cr_problem_add_carer(p, &CR_CARER_INIT)) ||
        (st = cr_problem_add_shift(p, &CR_SHIFT_INIT)) || (st = cr_problem_add_break(p, 0, 0, 0, true)))
        return st;
    for (int32_t v = 0; v < 40; v++) /* beyond the first room of each array */
        if ((st = cr_problem_add_visit(p, &CR_VISIT_INIT)) || (st = cr_problem_add_window(p, 0, 1)) ||
            (st = cr_problem_add_slot(p, &CR_SLOT_INIT)) || (st = cr_problem_add_familiar(p, v, 0, 1)))
            return st;
    cr_gap gap = CR_GAP_INIT;
    gap.second = 1;
    return cr_problem_add_gap(p, &gap);
}

static cr_status build_problem(const worked_day *day)
{
    cr_auto(cr_problem) p = NULL;
    cr_status st = cr_problem_new(&p);
    if (!st)
        st = fill(p);
    if (st || !p)
        return st;
    p->matrix[0] = day->matrix;
    p->n_modes = 1;
    p->n_places = 1;
    p->n_clients = 40;
    char message[200];
    return cr_problem_validate(p, message, sizeof message);
}

static cr_status copy_problem(const worked_day *day)
{
    cr_auto(cr_problem) copy = NULL;
    cr_status st = cr_problem_copy(day->problem, &copy);
    assert_int_equal(st == CR_OK, copy != NULL);
    return st;
}

static cr_status copy_plan(const worked_day *day)
{
    cr_auto(cr_plan) copy = NULL;
    cr_status st = cr_plan_copy(day->plan, &copy);
    assert_int_equal(st == CR_OK, copy != NULL);
    return st;
}

static void test_building_and_copying_without_memory(void **state)
{
    fail_each(build_problem, *state, 15);
    fail_each(copy_problem, *state, 10);
    fail_each(copy_plan, *state, 4);
}

/* ---- checker and report ---- */

static cr_status check_plan(const worked_day *day)
{
    cr_auto(cr_check) check = NULL;
    cr_status st = cr_check_plan(day->problem, day->plan, &check);
    assert_int_equal(st == CR_OK, check != NULL);
    return st;
}

static cr_status report_plan(const worked_day *day)
{
    cr_auto(cr_report) report = NULL;
    cr_status st = cr_report_plan(day->problem, day->plan, &report);
    assert_int_equal(st == CR_OK, report != NULL);
    return st;
}

static void test_checking_without_memory(void **state)
{
    worked_day *day = *state;
    fail_each(check_plan, day, 7);
    for (int32_t t = 0; t < CR_TERM_N; t++) /* now the list of breaches needs room, and more room */
        day->plan->cost.term[t] = -1;
    fail_each(check_plan, day, 9);
}

static void test_reporting_without_memory(void **state)
{
    fail_each(report_plan, *state, 7);
}

/* ---- timing ---- */

static cr_status time_plan(const worked_day *day)
{
    int32_t start = day->plan->stops[0].start;
    cr_status st = cr_plan_time(day->problem, day->plan);
    if (st)
        assert_int_equal(day->plan->stops[0].start, start); /* untouched */
    return st;
}

static void test_timing_without_memory(void **state)
{
    worked_day *day = *state;
    day->plan->stops[0].start = HM(8, 37);
    fail_each(time_plan, day, 5);
}

/* ---- evaluation ---- */

/* Twice with one evaluator: at its cheapest, then with a stop twice and so with slack. */
static cr_status evaluate(const worked_day *day)
{
    cr_auto(cr_evaluator) e = NULL;
    cr_auto(cr_plan) wrong = NULL;
    const cr_evaluation *made = NULL, *before = NULL;
    cr_status st = cr_evaluator_new(day->problem, &e);
    if (!st)
        st = cr_evaluate(e, day->plan, &before);
    if (!st)
        st = cr_plan_copy(day->plan, &wrong);
    if (st)
        return st;
    assert_int_equal(before->check->n_breaches, 0);
    wrong->stops[wrong->n_stops - 1].slot = 0;
    st = cr_evaluate(e, wrong, &made);
    assert_int_equal(before->check->n_breaches > 0, st == CR_OK); /* a failure leaves the one before */
    return st;
}

static void test_evaluating_without_memory(void **state)
{
    fail_each(evaluate, *state, 30);
}

/* A visit of two carers, so that teams need room as well. */
static cr_status suggest(const worked_day *day)
{
    cr_auto(cr_suggestions) list = NULL;
    cr_status st = cr_suggest(day->problem, day->plan, 1, 3, &list);
    assert_int_equal(st == CR_OK, list != NULL);
    return st;
}

static void test_suggesting_without_memory(void **state)
{
    fail_each(suggest, *state, 60);
}

/* At 8:30 Ada falls ill on her way to v0; all hers must go elsewhere or nowhere. */
static cr_status replan(const worked_day *day)
{
    cr_auto(cr_replanned) x = NULL;
    cr_absence away = {ADA, HM(8, 30), HM(24, 0)};
    cr_replan_options options = CR_REPLAN_OPTIONS_INIT;
    char message[200];
    options.as_of = (cr_as_of){HM(8, 30), 1, &away};
    options.has_events = true;
    options.iterations = 5;
    cr_status st = cr_replan(day->problem, day->plan, &options, &x, message, sizeof message);
    assert_int_equal(st == CR_OK, x != NULL);
    return st;
}

static void test_replanning_without_memory(void **state)
{
    fail_each(replan, *state, 60);
}

/* ---- explanations ---- */

/* With a skill that would place the visit left over, and all plans tried for it. */
static cr_status explain_plan(const worked_day *day)
{
    cr_auto(cr_explanations) list = NULL;
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    options.step = 15;
    options.most = 60;
    options.iterations = 1;
    options.keep_plans = true;
    cr_status st = cr_explain_plan(day->problem, day->plan, &options, &list);
    assert_int_equal(st == CR_OK, list != NULL);
    return st;
}

static void test_explaining_without_memory(void **state)
{
    fail_each(explain_plan, *state, 100);
}

/* ---- search ---- */

static cr_status solve(const worked_day *day)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 60;
    cr_auto(cr_plan) plan = NULL;
    cr_status st = cr_solve(day->problem, &options, &plan, NULL);
    assert_int_equal(st == CR_OK, plan != NULL);
    return st;
}

static void test_searching_without_memory(void **state)
{
    fail_each(solve, *state, 30);
}

/* ---- the bound ---- */

static cr_status find_bound(const worked_day *day)
{
    cr_bound_options options = CR_BOUND_OPTIONS_INIT;
    options.iterations = 8;
    options.start = day->plan;
    cr_bound bound = {.cost = -1};
    cr_status st = cr_bound_find(day->problem, &options, &bound);
    assert_int_equal(st == CR_OK, bound.cost >= 0);
    return st;
}

static void test_bounding_without_memory(void **state)
{
    fail_each(find_bound, *state, 30);
}

#define WITH_DAY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAY(test_building_and_copying_without_memory),
        WITH_DAY(test_checking_without_memory),
        WITH_DAY(test_reporting_without_memory),
        WITH_DAY(test_timing_without_memory),
        WITH_DAY(test_evaluating_without_memory),
        WITH_DAY(test_suggesting_without_memory),
        WITH_DAY(test_replanning_without_memory),
        WITH_DAY(test_explaining_without_memory),
        WITH_DAY(test_searching_without_memory),
        WITH_DAY(test_bounding_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
