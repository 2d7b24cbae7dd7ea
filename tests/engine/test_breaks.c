/* Breaks that may be taken at some times only: docs/model.md section 2, "break".
 *
 * Places on a line, a minute from each to the next; Ada works from 08:00 to 12:00, from place 0 and back.
 */
#include "careround/check.h"
#include "careround/solve.h"

#include "breaks.h"
#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void add_break(small_day *day, const cr_window *windows, int32_t n, int32_t length)
{
    assert_int_equal(cr_problem_add_break(day->problem, 0, 0, length, false), CR_OK);
    assert_int_equal(cr_problem_add_break_windows(day->problem, windows, n), CR_OK);
}

/* Solved and sound. */
static cr_plan *solve(const small_day *day)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    cr_plan *plan = NULL;
    options.iterations = 300;
    assert_int_equal(cr_solve(day->problem, &options, &plan, NULL), CR_OK);
    cr_auto(cr_check) sound = NULL;
    assert_int_equal(cr_check_plan(day->problem, plan, &sound), CR_OK);
    assert_int_equal(sound->n_breaches, 0);
    return plan;
}

static int32_t start_of_break(const cr_plan *plan, int32_t brk)
{
    for (int32_t k = 0; k < plan->n_stops; k++)
        if (plan->stops[k].slot == CR_NONE && plan->stops[k].brk == brk)
            return plan->stops[k].start;
    fail();
    return 0;
}

static void test_a_break_waits_for_its_next_window(void **state)
{
    /* Care from 08:10 to 09:40 at place 10: the window until 09:00 is over, the next one opens at 10:00; the second
     * visit, 20 minutes later at 10:30, leaves that. */
    const cr_window windows[] = {{HM(8, 30), HM(9, 0)}, {HM(10, 0), HM(10, 5)}, {HM(11, 0), HM(11, 10)}};
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    add_break(&day, windows, 3, 20);
    small_day_visit(&day, 10, HM(8, 10), HM(8, 10), 90);
    small_day_visit(&day, 10, HM(10, 30), HM(10, 30), 60);
    cr_auto(cr_plan) plan = solve(&day);
    assert_int_equal(plan->n_unallocated, 0);
    assert_in_range(start_of_break(plan, 0), HM(10, 0), HM(10, 5));
    small_day_done(&day);
}

static void test_a_visit_finds_the_hole_between_windows(void **state)
{
    /* The break is an hour, at 08:30 or at 10:00. Care of two hours from 08:10 at the latest leaves neither. */
    const cr_window windows[] = {{HM(8, 30), HM(8, 30)}, {HM(10, 0), HM(10, 0)}};
    for (int32_t minutes = 100; minutes <= 120; minutes += 20) {
        small_day day;
        small_day_init(&day);
        small_day_carer(&day, HM(8, 0), HM(12, 0));
        add_break(&day, windows, 2, 60);
        small_day_visit(&day, 10, HM(8, 10), HM(8, 10), minutes);
        cr_auto(cr_plan) plan = solve(&day);
        assert_int_equal(plan->n_unallocated, minutes == 100 ? 0 : 1); /* over at 09:50, at 10:10 */
        small_day_done(&day);
    }
}

static void test_an_order_of_breaks_is_found(void **state)
{
    /* At 08:00 only the second can be taken, though the first opens and closes sooner. */
    const cr_window first[] = {{HM(7, 0), HM(7, 30)}, {HM(9, 0), HM(9, 0)}};
    const cr_window second[] = {{HM(8, 0), HM(8, 0)}, {HM(9, 30), HM(9, 30)}};
    int32_t rank[BREAKS_ORDERED];
    small_day day;
    small_day_init(&day);
    small_day_carer(&day, HM(8, 0), HM(12, 0));
    add_break(&day, first, 2, 60);
    add_break(&day, second, 2, 60);
    small_day_visit(&day, 10, HM(10, 0), HM(11, 0), 10);
    assert_true(breaks_find_order(day.problem, &day.problem->shifts[0], rank));
    assert_int_equal(rank[0], 1);
    assert_int_equal(rank[1], 0);
    cr_auto(cr_plan) plan = solve(&day);
    assert_int_equal(plan->n_unallocated, 0);
    assert_int_equal(start_of_break(plan, 0), HM(9, 0));
    assert_int_equal(start_of_break(plan, 1), HM(8, 0));
    day.problem->breaks[1].length = 61;
    assert_false(breaks_find_order(day.problem, &day.problem->shifts[0], rank));
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_break_waits_for_its_next_window),
        cmocka_unit_test(test_a_visit_finds_the_hole_between_windows),
        cmocka_unit_test(test_an_order_of_breaks_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
