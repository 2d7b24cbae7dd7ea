/* Problems: built, validated, copied. */
#include "careround/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* One carer, one shift 08:00-12:00, one visit of 30 minutes in a window 09:00-10:00. */
static cr_problem *one_visit(const cr_matrix *matrix)
{
    cr_problem *p;
    assert_int_equal(cr_problem_new(&p), CR_OK);
    p->n_places = 2;
    p->n_modes = 1;
    p->n_clients = 1;
    p->matrix[0] = matrix;
    cr_carer carer = CR_CARER_INIT;
    assert_int_equal(cr_problem_add_carer(p, &carer), CR_OK);
    cr_shift shift = CR_SHIFT_INIT;
    shift.begin = 8 * 3600;
    shift.end = 12 * 3600;
    assert_int_equal(cr_problem_add_shift(p, &shift), CR_OK);
    cr_visit visit = CR_VISIT_INIT;
    visit.place = 1;
    assert_int_equal(cr_problem_add_visit(p, &visit), CR_OK);
    assert_int_equal(cr_problem_add_window(p, 9 * 3600, 10 * 3600), CR_OK);
    cr_slot slot = CR_SLOT_INIT;
    slot.duration = 1800;
    assert_int_equal(cr_problem_add_slot(p, &slot), CR_OK);
    return p;
}

static void test_a_sound_problem_is_accepted_and_copied_whole(void **state)
{
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_matrix_new(2, &matrix), CR_OK);
    cr_auto(cr_problem) p = one_visit(matrix);
    char message[200] = "";
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_OK);
    cr_auto(cr_problem) copy = NULL;
    assert_int_equal(cr_problem_copy(p, &copy), CR_OK);
    assert_int_equal(copy->n_visits, 1);
    assert_int_equal(copy->slots[0].duration, 1800);
    assert_int_equal(copy->visits[0].windows.n, 1);
}

static void test_a_window_that_closes_before_it_opens_is_named(void **state)
{
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_matrix_new(2, &matrix), CR_OK);
    cr_auto(cr_problem) p = one_visit(matrix);
    p->windows[0] = (cr_window){10, 9};
    char message[200] = "";
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_E_INPUT);
    assert_string_equal(message, "visit 0: window 0 closes before it opens (10, 9)");
}

static void test_windows_of_a_break_are_apart_and_in_order(void **state)
{
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_matrix_new(2, &matrix), CR_OK);
    cr_auto(cr_problem) p = one_visit(matrix);
    const cr_window windows[] = {{9 * 3600, 10 * 3600}, {10 * 3600 + 1, 11 * 3600}};
    char message[200] = "";
    assert_int_equal(cr_problem_add_break(p, 0, 0, 600, true), CR_OK);
    assert_int_equal(cr_problem_add_break_windows(p, windows, 1), CR_OK);
    assert_int_equal(p->breaks[0].windows.n, 0);
    assert_int_equal(p->breaks[0].close, 10 * 3600);
    assert_int_equal(cr_problem_add_break_windows(p, windows, 2), CR_OK);
    assert_int_equal(p->breaks[0].close, 11 * 3600);
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_OK);
    p->windows[p->breaks[0].windows.first + 1].open--;
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_E_INPUT);
    assert_string_equal(message, "shift 0: break 0 has windows that are not apart and in order");
    p->breaks[0].windows.n = 3;
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_E_INPUT);
}

static void test_overlapping_shifts_of_one_carer_are_named(void **state)
{
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_matrix_new(2, &matrix), CR_OK);
    cr_auto(cr_problem) p = one_visit(matrix);
    cr_shift shift = CR_SHIFT_INIT;
    shift.begin = 11 * 3600; /* the first ends at 12:00 */
    shift.end = 13 * 3600;
    assert_int_equal(cr_problem_add_shift(p, &shift), CR_OK);
    char message[200] = "";
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_E_INPUT);
    assert_string_equal(message, "carer 0: shift 1 begins before shift 0 ends");
}

static void test_history_is_found_by_client_and_carer(void **state)
{
    cr_auto(cr_matrix) matrix = NULL;
    assert_int_equal(cr_matrix_new(2, &matrix), CR_OK);
    cr_auto(cr_problem) p = one_visit(matrix);
    cr_carer carer = CR_CARER_INIT;
    assert_int_equal(cr_problem_add_carer(p, &carer), CR_OK);
    assert_int_equal(cr_problem_add_familiar(p, 0, 1, 7), CR_OK);
    char message[200] = "";
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_OK);
    assert_int_equal(cr_problem_familiar(p, 0, 1), 7);
    assert_int_equal(cr_problem_familiar(p, 0, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sound_problem_is_accepted_and_copied_whole),
        cmocka_unit_test(test_a_window_that_closes_before_it_opens_is_named),
        cmocka_unit_test(test_windows_of_a_break_are_apart_and_in_order),
        cmocka_unit_test(test_overlapping_shifts_of_one_carer_are_named),
        cmocka_unit_test(test_history_is_found_by_client_and_carer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
