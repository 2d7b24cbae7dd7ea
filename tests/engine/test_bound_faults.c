/* GLPK fails in the midst of the bound: what is proved stays proved.
 *
 * The linker sends glp_simplex and glp_add_cols here (--wrap in meson.build).
 */
#include "careround/bound.h"

#include "bound_rounds.h"
#include "brute_force.h"
#include "glpk_guard.h"
#include "random_problem.h"

#include <glpk.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

int __real_glp_simplex(glp_prob *lp, const glp_smcp *how);
int __wrap_glp_simplex(glp_prob *lp, const glp_smcp *how);

typedef enum fault {
    NO_FAULT,
    ABORTS,      /* an assertion of GLPK's own */
    MEMORY_ENDS, /* its limit of memory is reached */
    TIMES_OUT,
    SINGULAR, /* the basis, until it is made anew */
    LIES,     /* says all is well, and has not looked */
} fault;

static fault planned;
static int64_t n_asked, fail_at;
static int64_t n_added, fail_add_at; /* columns are added: an assertion of GLPK's fails; 0: never */
static int64_t n_begun, fail_begun;  /* likewise the first columns of a problem, of one for each stage */

int __wrap_glp_simplex(glp_prob *lp, const glp_smcp *how)
{
    if (++n_asked < fail_at)
        return __real_glp_simplex(lp, how);
    switch (planned) {
    case ABORTS:
        glp_assert(lp == NULL);
        return 0;
    case MEMORY_ENDS:
        glp_mem_limit(1);
        for (;;)
            (void)glp_alloc(1024, 1024);
    case TIMES_OUT:
        return GLP_ETMLIM;
    case SINGULAR:
        return n_asked == fail_at ? GLP_ESING : __real_glp_simplex(lp, how);
    case LIES:
        return 0;
    default:
        return __real_glp_simplex(lp, how);
    }
}

int __real_glp_add_cols(glp_prob *lp, int n);
int __wrap_glp_add_cols(glp_prob *lp, int n);

int __wrap_glp_add_cols(glp_prob *lp, int n)
{
    bool is_first = glp_get_num_cols(lp) == 0;
    n_begun += is_first;
    if (++n_added == fail_add_at || (is_first && n_begun == fail_begun))
        glp_assert(lp == NULL);
    return __real_glp_add_cols(lp, n);
}

static cr_bound bound_of(const cr_problem *p, const cr_plan *start, fault what, int64_t at)
{
    cr_bound_options options = CR_BOUND_OPTIONS_INIT;
    options.iterations = 40;
    options.start = start;
    planned = what;
    n_asked = 0;
    fail_at = at;
    cr_bound bound;
    assert_int_equal(cr_bound_find(p, &options, &bound), CR_OK);
    planned = NO_FAULT;
    return bound;
}

static void test_whatever_glpk_does_the_bound_is_one(void **state)
{
    int32_t n_caught = 0;
    for (uint64_t seed = 1; seed <= 15; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_plan) best = brute_force(random.problem);
        for (fault what = ABORTS; what <= LIES; what++)
            for (int64_t at = 1; at <= 5; at += 2) {
                cr_bound bound = bound_of(random.problem, best, what, at);
                assert_true(bound.cost >= 0 && bound.cost <= best->cost.total);
                n_caught += bound.glpk_faults;
            }
        /* And the next question is answered as if nothing had been. */
        cr_bound after = bound_of(random.problem, best, NO_FAULT, 1);
        assert_int_equal(after.glpk_faults, 0);
        assert_true(after.cost <= best->cost.total);
        random_problem_done(&random);
    }
    assert_true(n_caught > 30);
}

/* Its plan's columns, those of the climb and those of each answer: what was proved before stays. */
static void test_columns_that_glpk_does_not_take_end_it(void **state)
{
    int32_t n_caught = 0, n_proved = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_plan) best = brute_force(random.problem);
        for (int64_t at = 1; at <= 25; at += 3) {
            n_added = 0;
            fail_add_at = at;
            cr_bound bound = bound_of(random.problem, best, NO_FAULT, 1);
            fail_add_at = 0;
            assert_true(bound.cost >= 0 && bound.cost <= best->cost.total);
            n_caught += bound.glpk_faults;
            n_proved += bound.glpk_faults > 0 && bound.cost > 0;
        }
        random_problem_done(&random);
    }
    assert_true(n_caught > 30);
    assert_true(n_proved > 10); /* the climb had proved something already */
}

/* The problem of the stage before is gone by then: nobody may touch it. */
static void test_a_stage_that_glpk_does_not_begin_ends_it(void **state)
{
    int32_t n_caught[4] = {0};
    for (uint64_t seed = 1; seed <= 10; seed++) {
        random_problem random;
        random_problem_init(&random, RANDOM_TINY, seed);
        random_problem_forget_periods(&random);
        cr_auto(cr_plan) best = brute_force(random.problem);
        for (fail_begun = 1; fail_begun <= 3; fail_begun++) {
            n_begun = 0;
            cr_bound bound = bound_of(random.problem, best, NO_FAULT, 1);
            assert_true(bound.cost >= 0 && bound.cost <= best->cost.total);
            n_caught[fail_begun] += bound.glpk_faults;
        }
        fail_begun = 0;
        random_problem_done(&random);
    }
    assert_true(n_caught[1] > 5 && n_caught[2] > 2 && n_caught[3] > 0);
}

static void abort_now(void *info)
{
    glp_assert(info == NULL);
}

static cr_status fail_with_rounds(void *user, const bound_rounds *found)
{
    int32_t *n_failed = user;
    *n_failed += !glpk_guard(abort_now, n_failed);
    return CR_OK;
}

/* Nor the one that found the rounds, when GLPK fails at choosing among them. */
static void test_glpk_fails_with_the_rounds(void **state)
{
    random_problem random;
    random_problem_init(&random, RANDOM_TINY, 4);
    random_problem_forget_periods(&random);
    cr_bound_options options = CR_BOUND_OPTIONS_INIT;
    int32_t n_failed = 0;
    options.iterations = 40;
    assert_int_equal(bound_find_rounds(random.problem, &options, NULL, fail_with_rounds, &n_failed), CR_OK);
    assert_int_equal(n_failed, 1);
    random_problem_done(&random);
}

static void test_a_singular_basis_costs_nothing(void **state)
{
    random_problem random;
    random_problem_init(&random, RANDOM_TINY, 4);
    cr_bound straight = bound_of(random.problem, NULL, NO_FAULT, 1);
    cr_bound singular = bound_of(random.problem, NULL, SINGULAR, 2);
    assert_int_equal(singular.glpk_faults, 0);
    assert_true(straight.cost > 0);
    assert_int_equal(singular.cost, straight.cost);
    random_problem_done(&random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whatever_glpk_does_the_bound_is_one),
        cmocka_unit_test(test_columns_that_glpk_does_not_take_end_it),
        cmocka_unit_test(test_a_stage_that_glpk_does_not_begin_ends_it),
        cmocka_unit_test(test_glpk_fails_with_the_rounds),
        cmocka_unit_test(test_a_singular_basis_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
