/* Fuzz: any bytes at all as a plan.json of the sample day.
 *
 * Either the faults are named or there is a plan; a plan may be as bad as it likes, but the checker judges it, it is
 * written down again, and what is read from that is the same plan.
 */
#include "fuzz.h"
#include "sample_day.h"

#include <stdlib.h>
#include <string.h>

static const sample *the_sample(void)
{
    static void *state;
    if (!state)
        sample_setup(&state);
    return state;
}

static char *written_again(const cr_day *day, const cr_plan *plan)
{
    cr_auto(cr_check) check = NULL;
    cr_auto(cr_report) report = NULL;
    answer a;
    if (cr_check_plan(day->problem, plan, &check) || check->n_breaches > 0)
        return NULL; /* figures are only promised for plans that the checker passes */
    FUZZ_CHECK(cr_report_plan(day->problem, plan, &report) == CR_OK);
    FUZZ_CHECK(answer_init(&a, day, plan, check, report, NULL, NULL) == CR_OK);
    char *text = sample_written(&a, write_plan_json);
    answer_done(&a);
    return text;
}

static bool same_plan(const cr_plan *a, const cr_plan *b)
{
    return a->n_rounds == b->n_rounds && a->n_stops == b->n_stops && a->n_unallocated == b->n_unallocated &&
           memcmp(a->stops, b->stops, sizeof *a->stops * (size_t)a->n_stops) == 0 &&
           memcmp(&a->cost, &b->cost, sizeof a->cost) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cr_auto(cr_problem) problem = NULL;
    cr_auto(cr_problem) again_problem = NULL; /* a plan that was planned anew makes its own of them */
    cr_day mine = *the_sample()->day, *day = &mine;
    FUZZ_CHECK(cr_problem_copy(mine.problem, &problem) == CR_OK);
    FUZZ_CHECK(cr_problem_copy(mine.problem, &again_problem) == CR_OK);
    mine.problem = problem;
    cr_auto(cr_plan) plan = NULL;
    cr_auto(plan_faults) faults = NULL;
    cr_status st = plan_json_parse((const char *)data, size, day, &plan, NULL, &faults);
    FUZZ_CHECK(st == CR_OK || st == CR_E_INPUT);
    FUZZ_CHECK((st == CR_OK) == (plan != NULL) && (st == CR_OK) == (faults->n == 0));
    char *again = plan ? written_again(day, plan) : NULL;
    if (again) {
        cr_auto(cr_plan) same = NULL;
        cr_auto(plan_faults) no_faults = NULL;
        mine.problem = again_problem;
        FUZZ_CHECK(plan_json_parse(again, strlen(again), day, &same, NULL, &no_faults) == CR_OK);
        FUZZ_CHECK(same_plan(plan, same));
    }
    free(again);
    return 0;
}
