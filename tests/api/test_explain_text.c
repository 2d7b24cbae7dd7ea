/* Explanations in sentences, and the money in them. */
#include "explain_text.h"
#include "sample_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_says(const sample *s, const cr_explanation *e, const char *expected)
{
    char *why = explain_text_reasons(s->day, e), *change = explain_text_change(s->day, e), text[500];
    assert_non_null(why);
    assert_non_null(change);
    snprintf(text, sizeof text, "%s. %s.", why, change);
    assert_string_equal(text, expected);
    free(why);
    free(change);
}

static void test_a_skill_that_nobody_has(void **state)
{
    const sample *s = *state;
    cr_explanation e = s->explanations.items[0];
    e.change.terms.term[CR_TERM_WAGES] = 320 * CR_COST_PENNY;
    e.change.terms.term[CR_TERM_CONTINUITY] = 999 * CR_COST_PENNY; /* nobody is paid this */
    assert_says(
        s, &e,
        "Nobody free: 3 carers lack the skill 'medication' at level 2. Smallest change found: give Ann Brown the skill "
        "'medication' at level 2 and Ann Brown can come at 12:00 (+£3.20).");
}

static void test_a_client_without_a_position(void **state)
{
    const sample *s = *state;
    assert_says(s, &s->explanations.items[1],
                "Nobody can get there: the client has no position. No small change was found that would place it.");
}

static void test_proved_cut_short_and_others_moved(void **state)
{
    const sample *s = *state;
    cr_explanation e = s->explanations.items[1];
    e.count[CR_REASON_NO_POSITION] = 0;
    e.count[CR_REASON_NO_SHIFT] = 1;
    e.count[CR_REASON_NO_TIME] = 2;
    e.change.is_smallest = true;
    assert_says(s, &e, "Nobody free: 1 carer has no shift then, 2 have no time left. No small change would place it.");
    e.n_pairs = 1;
    e.cut_short = true;
    e.change = s->explanations.items[0].change;
    e.change.kind = CR_CHANGE_WINDOW_EARLIER;
    e.change.ticks = 600;
    e.change.n_moved = 1;
    assert_says(s, &e,
                "Nobody free: 1 carer has no shift then, 2 have no time left; 1 pair would do but for times and "
                "limits. Smallest "
                "change found: open the window 10 min earlier and Ann Brown can come at 12:00 (+£0.00); 1 other visit "
                "changes carer (the search for a change was cut short).");
}

static void test_what_would_fit_is_not_called_nobody_free(void **state)
{
    const sample *s = *state;
    cr_explanation e = s->explanations.items[0];
    e.count[CR_REASON_SKILL] = 2;
    e.count[CR_REASON_FITS] = 1;
    e.change.kind = CR_CHANGE_NOTHING;
    e.change.terms.term[CR_TERM_MILEAGE] = -5 * CR_COST_PENNY;
    assert_says(s, &e,
                "Left out: 2 carers lack the skill 'medication' at level 2, 1 could take it: search longer. No change "
                "is needed: "
                "plan for longer, Ann Brown can come at 12:00 (-£0.05).");
}

static void test_one_carer_needs_no_second_one(void **state)
{
    const sample *s = *state;
    cr_explanation e = s->explanations.items[0];
    e.count[CR_REASON_SKILL] = 2;
    e.count[CR_REASON_PARTNER] = 1;
    e.change.kind = CR_CHANGE_NONE;
    assert_says(
        s, &e,
        "Nobody free: 2 carers lack the skill 'medication' at level 2, 1 could, but a visit that must come with it "
        "finds nobody. No small change was found that would place it.");
}

#define WITH_SAMPLE(test) cmocka_unit_test_setup_teardown(test, sample_setup, sample_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SAMPLE(test_a_skill_that_nobody_has),           WITH_SAMPLE(test_a_client_without_a_position),
        WITH_SAMPLE(test_proved_cut_short_and_others_moved), WITH_SAMPLE(test_what_would_fit_is_not_called_nobody_free),
        WITH_SAMPLE(test_one_carer_needs_no_second_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
