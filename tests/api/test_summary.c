/* The summary on the terminal, as a coordinator reads it. */
#include "sample_day.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Wages: Ann 07:18 to 11:55 less 20 unpaid minutes and Bob 08:46 to 09:57 are 5 h 28 min at 12 pounds; mileage 32 km at
 * a pound each. */
static const char golden[] = "sample, 2026-11-23\n"
                             "\n"
                             "  Visits       3 of 5 placed, 2 not\n"
                             "  Double-ups   1 of 1 placed\n"
                             "  Carers       2 of 3 used, in 2 of 3 shifts\n"
                             "  Care         2 h 20 min, 43 % of working time\n"
                             "  Travel       1 h 02 min, 19.9 miles (drawn by hand)\n"
                             "  At the door  8 min\n"
                             "  Waiting      1 h 58 min\n"
                             "  Continuity   2 of 3 carer visits by a familiar face (67 %)\n"
                             "  Faces        1.3 different carers a client, on average\n"
                             "  To pay       £97.60\n"
                             "    Mileage                   £32.00\n"
                             "    Wages                     £65.60\n"
                             "  Steering     £2,000.00 set on what should rather not happen; nobody is paid this\n"
                             "    Unallocated            £2,000.00\n"
                             "\n"
                             "Not placed, most at risk first\n"
                             "  - </script><b>Bold & \"Quoted\", V4, 12:00-12:30, time-critical\n"
                             "    Nobody free: 3 carers lack the skill 'medication' at level 2\n"
                             "    Smallest change found: give Ann Brown the skill 'medication' at level 2 and Ann "
                             "Brown can come at 12:00 (+£0.00)\n"
                             "  - Żofia Łęcka, V5, 08:00-09:00, lives alone\n"
                             "    Nobody can get there: the client has no position\n"
                             "    No small change was found that would place it\n"
                             "\n"
                             "The checker recomputed every time and cost: no rule is broken\n";

static void test_the_summary_of_the_sample_day(void **state)
{
    const sample *s = *state;
    char *text = sample_written(&s->answer, write_summary);
    assert_string_equal(text, golden);
    free(text);
}

/* £2,097.60 in all. The bound is £2,090: 7.60 of 2,097.60 is 0.3623 %, rounded up. */
static void test_the_bound_is_said_when_it_was_asked_for(void **state)
{
    const sample *s = *state;
    cr_bound bound = {.cost = 209000 * CR_COST_PENNY};
    answer a = s->answer;
    a.bound = &bound;
    char *text = sample_written(&a, write_summary);
    assert_non_null(strstr(
        text,
        "\n  Bound        no plan costs less than £2,090.00; at most 0.37 % of this one's cost could be saved\n"));
    free(text);
    bound.cost = 188783 * CR_COST_PENNY; /* 10 % and a penny below */
    text = sample_written(&a, write_summary);
    assert_non_null(strstr(text, "\n  Bound        only £1,887.83 was proved in the time, which says little"));
    free(text);
    bound.cost = 0;
    text = sample_written(&a, write_summary);
    assert_non_null(strstr(text, "\n  Bound        none was proved\n"));
    free(text);
}

static void test_the_summary_for_programs_has_the_same_figures(void **state)
{
    const sample *s = *state;
    char *text = sample_written(&s->answer, write_summary_json);
    json_auto_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    int served, double_ups, pence;
    assert_int_equal(json_unpack(root, "{s:{s:i, s:i}, s:{s:{s:i}}}", "figures", "visits_served", &served,
                                 "double_ups_served", &double_ups, "cost", "total", "pence", &pence),
                     0);
    assert_int_equal(served, 3);
    assert_int_equal(double_ups, 1);
    assert_int_equal(pence, 209760);
    assert_int_equal(json_array_size(json_object_get(root, "unallocated")), 2);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_summary_of_the_sample_day, sample_setup, sample_teardown),
        cmocka_unit_test_setup_teardown(test_the_bound_is_said_when_it_was_asked_for, sample_setup, sample_teardown),
        cmocka_unit_test_setup_teardown(test_the_summary_for_programs_has_the_same_figures, sample_setup,
                                        sample_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
