/* Fuzz: any bytes as a plan made by hand for the sample day; the first byte says whether its order counts.
 *
 * Whatever is understood is evaluated, and the answer stands: only times and persons may be wrong in it, evaluated
 * again it is the same, and a plan that breaks no rule passes the checker.
 */
#include "fuzz.h"
#include "hand_plan.h"
#include "sample_day.h"

#include "careround/evaluate.h"

#include <string.h>

static const sample *the_sample(void)
{
    static void *state;
    if (!state)
        sample_setup(&state);
    return state;
}

static void evaluate(const cr_problem *p, const cr_plan *plan)
{
    cr_auto(cr_evaluator) first = NULL;
    cr_auto(cr_evaluator) second = NULL;
    cr_auto(cr_check) check = NULL;
    const cr_evaluation *made = NULL, *again = NULL;
    FUZZ_CHECK(cr_evaluator_new(p, &first) == CR_OK && cr_evaluator_new(p, &second) == CR_OK);
    FUZZ_CHECK(cr_evaluate(first, plan, &made) == CR_OK);
    FUZZ_CHECK(cr_check_plan(p, made->plan, &check) == CR_OK);
    FUZZ_CHECK(check->n_breaches == made->check->n_breaches);
    FUZZ_CHECK(cr_evaluate(second, made->plan, &again) == CR_OK);
    FUZZ_CHECK(made->plan->n_stops == again->plan->n_stops && made->check->n_breaches == again->check->n_breaches);
    FUZZ_CHECK(memcmp(made->plan->stops, again->plan->stops, (size_t)made->plan->n_stops * sizeof *made->plan->stops) ==
               0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const cr_day *day = the_sample()->day;
    cr_auto(cr_plan) plan = NULL;
    cr_auto(plan_faults) faults = NULL;
    if (size == 0)
        return 0;
    cr_status st = hand_plan_parse((const char *)data + 1, size - 1, day, data[0] == 'a', &plan, &faults);
    FUZZ_CHECK(st == CR_OK || st == CR_E_INPUT);
    FUZZ_CHECK((st == CR_OK) == (plan != NULL) && (st == CR_OK || faults->n > 0));
    if (plan)
        evaluate(day->problem, plan);
    return 0;
}
