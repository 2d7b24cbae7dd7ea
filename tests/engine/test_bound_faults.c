/* GLPK fails in the midst of the bound: what is proved stays proved.
 *
 * The linker sends glp_simplex and glp_add_cols here (--wrap in meson.build).
 */
#include "careround/bound.h"

#include "brute_force.h"
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
    if (++n_added == fail_add_at)
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
        cmocka_unit_test(test_a_singular_basis_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
