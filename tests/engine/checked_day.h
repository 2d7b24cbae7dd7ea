/* The day of worked_day.h under the checker's eyes: what the tests of the checker share. */
#ifndef TESTS_CHECKED_DAY_H
#define TESTS_CHECKED_DAY_H

#include "careround/check.h"

#include "worked_day.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static inline int set_up(void **state)
{
    static worked_day day;
    worked_day_init(&day);
    *state = &day;
    return 0;
}

static inline int tear_down(void **state)
{
    worked_day_done(*state);
    return 0;
}

static inline cr_check *check(const worked_day *day)
{
    cr_check *made = NULL;
    assert_int_equal(cr_check_plan(day->problem, day->plan, &made), CR_OK);
    return made;
}

/* The only breach but for the cost, which a change of times changes too. */
static inline cr_breach only_breach(const worked_day *day)
{
    cr_auto(cr_check) made = check(day);
    cr_breach found = {.rule = CR_RULE_N};
    for (int32_t b = 0; b < made->n_breaches; b++) {
        if (made->breaches[b].rule == CR_RULE_COST)
            continue;
        assert_int_equal(found.rule, CR_RULE_N);
        found = made->breaches[b];
    }
    assert_int_not_equal(found.rule, CR_RULE_N);
    return found;
}

static inline int32_t count(const worked_day *day, cr_rule rule)
{
    cr_auto(cr_check) made = check(day);
    int32_t n = 0;
    for (int32_t b = 0; b < made->n_breaches; b++)
        n += made->breaches[b].rule == rule;
    return n;
}

#define EXPECT(breach, rule_, visit_, shift_, carer_, is_, should_)                                                    \
    do {                                                                                                               \
        assert_string_equal(cr_rule_name((breach).rule), cr_rule_name(rule_));                                         \
        assert_int_equal((breach).visit, (visit_));                                                                    \
        assert_int_equal((breach).shift, (shift_));                                                                    \
        assert_int_equal((breach).carer, (carer_));                                                                    \
        assert_int_equal((breach).is, (is_));                                                                          \
        assert_int_equal((breach).should, (should_));                                                                  \
    } while (0)

#define WITH_DAY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
