/* The figures of the day worked out in worked_day.h. */
#include "careround/report.h"

#include "worked_day.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

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

static cr_report *report(const worked_day *day)
{
    cr_report *made = NULL;
    assert_int_equal(cr_report_plan(day->problem, day->plan, &made), CR_OK);
    return made;
}

static void test_a_round_adds_up_to_its_span(void **state)
{
    cr_auto(cr_report) made = report(*state);
    const cr_round_figures *ada = &made->rounds[0]; /* 08:20-10:35 */
    assert_int_equal(ada->span, 135);
    assert_int_equal(ada->care, 60);
    assert_int_equal(ada->travel, 45);
    assert_int_equal(ada->door, 7);
    assert_int_equal(ada->rest, 15);
    assert_int_equal(ada->waiting, 8);
    assert_int_equal(ada->dist_m, 4500);
    assert_int_equal(ada->n_visits, 2);
}

static void test_the_rounds_add_up_to_the_day(void **state)
{
    cr_auto(cr_report) made = report(*state);
    assert_int_equal(made->sum.span, 135 + 70 + 35);
    assert_int_equal(made->sum.care, 60 + 45 + 20);
    assert_int_equal(made->sum.travel, 77);
    assert_int_equal(made->sum.door, 14);
    assert_int_equal(made->sum.rest, 15);
    assert_int_equal(made->sum.waiting, 9);
    assert_int_equal(made->sum.dist_m, 7700);
    assert_int_equal(made->sum.n_visits, 4);
}

static void test_visits_slots_and_double_ups_are_counted(void **state)
{
    cr_auto(cr_report) made = report(*state);
    assert_int_equal(made->n_visits, 4);
    assert_int_equal(made->n_visits_served, 3);
    assert_int_equal(made->n_slots, 6);
    assert_int_equal(made->n_slots_served, 4);
    assert_int_equal(made->n_double_ups, 2); /* v1 and the unallocated v3 */
    assert_int_equal(made->n_double_ups_served, 1);
    assert_int_equal(made->n_shifts_used, 3);
    assert_int_equal(made->n_carers_used, 2); /* Ada has two of the rounds */
}

static void test_faces_and_familiar_carers_are_counted(void **state)
{
    cr_auto(cr_report) made = report(*state);
    assert_int_equal(made->n_familiar_slots, 2); /* Ada at client 0, Bo at client 1 */
    assert_int_equal(made->n_known_slots, 3);    /* and Ada at client 1, who knows Bo only */
    assert_int_equal(made->n_clients_served, 3);
    assert_int_equal(made->n_faces, 4);        /* client 1 sees two */
    assert_int_equal(made->n_faces_lately, 4); /* Ada and Bo were there before */
    cr_problem *p = ((worked_day *)*state)->problem;
    assert_int_equal(cr_problem_add_familiar(p, 2, CR_NONE, 3), CR_OK);
    assert_int_equal(cr_problem_add_familiar(p, 3, ADA, 3), CR_OK); /* who is not served */
    cr_auto(cr_report) lately = report(*state);
    assert_int_equal(lately->n_faces, 4);
    assert_int_equal(lately->n_faces_lately, 7);
}

static void test_a_client_with_two_visits_by_one_carer_sees_one_face(void **state)
{
    worked_day *day = *state;
    day->problem->visits[2].client = 0;
    cr_auto(cr_report) made = report(day);
    assert_int_equal(made->n_clients_served, 2);
    assert_int_equal(made->n_faces, 3);
}

static void test_starts_at_the_preferred_time_are_counted(void **state)
{
    worked_day *day = *state;
    cr_auto(cr_report) late = report(day); /* v0 08:35, wished until 08:20 */
    assert_int_equal(late->n_with_preference, 1);
    assert_int_equal(late->n_start_in_preferred, 0);
    day->problem->visits[0].prefer_close = HM(8, 35);
    day->problem->visits[3].prefer_open = 0; /* unallocated: no start, no wish met or missed */
    cr_auto(cr_report) in_time = report(day);
    assert_int_equal(in_time->n_with_preference, 1);
    assert_int_equal(in_time->n_start_in_preferred, 1);
}

static void test_an_empty_plan_has_figures_of_nothing(void **state)
{
    worked_day *day = *state;
    day->plan->n_rounds = 0;
    cr_auto(cr_report) made = report(day);
    assert_int_equal(made->n_visits, 4);
    assert_int_equal(made->n_visits_served, 0);
    assert_int_equal(made->sum.span, 0);
    assert_int_equal(made->n_faces, 0);
}

static void test_a_plan_that_names_what_does_not_exist_is_refused(void **state)
{
    worked_day *day = *state;
    cr_report *made = NULL;
    day->plan->stops[1].slot = 6;
    assert_int_equal(cr_report_plan(day->problem, day->plan, &made), CR_E_INPUT);
    day->plan->stops[1].slot = 1;
    day->plan->stops[2].brk = 1;
    assert_int_equal(cr_report_plan(day->problem, day->plan, &made), CR_E_INPUT);
    day->plan->stops[2].brk = 0;
    day->plan->rounds[2].shift = 3;
    assert_int_equal(cr_report_plan(day->problem, day->plan, &made), CR_E_INPUT);
    day->plan->rounds[2].shift = 2;
    day->plan->rounds[2].stops.n = 2;
    assert_int_equal(cr_report_plan(day->problem, day->plan, &made), CR_E_INPUT);
    assert_null(made);
}

#define WITH_DAY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DAY(test_a_round_adds_up_to_its_span),
        WITH_DAY(test_the_rounds_add_up_to_the_day),
        WITH_DAY(test_visits_slots_and_double_ups_are_counted),
        WITH_DAY(test_faces_and_familiar_carers_are_counted),
        WITH_DAY(test_a_client_with_two_visits_by_one_carer_sees_one_face),
        WITH_DAY(test_starts_at_the_preferred_time_are_counted),
        WITH_DAY(test_an_empty_plan_has_figures_of_nothing),
        WITH_DAY(test_a_plan_that_names_what_does_not_exist_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
