/* From a day to a plan that may be shown.
 *
 * The checker stands between the search and everything that is written: a plan that it finds fault with is our fault
 * and never leaves the program.
 */
#include "plan_run.h"

#include "cmd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BOUND_TIME_S      15   /* at most, on top of the search, for the bound; none with a number of iterations */
#define BOUND_VISITS      1500 /* at most: on larger days no round of pricing would end in that time, and none is begun */
#define EXPLAIN_TIME_S    10   /* on top of the search, for the reasons of the unallocated; none with iterations */
#define EXPLAIN_STOPPED_S 1    /* once somebody has asked to stop */
#define NEVER_S           1e12 /* later than any clock */

cr_status plan_search(const plan_request *request, const cr_day *day, cr_plan **ret_plan)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.time_s = request->time_s;
    options.iterations = request->iterations;
    options.seed = request->seed;
    options.n_threads = request->n_threads;
    options.start = request->published;
    options.clock_s = cmd_clock_s;
    options.should_stop = request->should_stop;
    options.on_best = request->on_best;
    options.user = request->user;
    return cr_solve(day->problem, &options, ret_plan, NULL);
}

/* Without names: a service has this in its log. */
static cr_status check(const cr_day *day, const cr_plan *plan, cr_check **ret_check)
{
    cr_auto(cr_check) found = NULL;
    cr_status st = cr_check_plan(day->problem, plan, &found);
    if (st)
        return st;
    for (int32_t i = 0; i < found->n_breaches; i++)
        fprintf(stderr, "careround: the plan found breaks a rule: %s\n", cr_rule_name(found->breaches[i].rule));
    if (found->n_breaches)
        return CR_E_INTERNAL;
    *ret_check = cr_check_take(&found);
    return CR_OK;
}

/* Who stops now wants the answer: no time is left then. */
static double clock_until_stopped(void *user)
{
    const plan_request *request = user;
    return request->should_stop(request->user) ? NEVER_S : cmd_clock_s(NULL);
}

static cr_status explain(const plan_request *request, const cr_day *day, const cr_plan *plan, cr_explanations **ret)
{
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    if (request->should_stop(request->user)) {
        options.time_s = EXPLAIN_STOPPED_S;
        options.clock_s = cmd_clock_s;
    } else if (request->iterations < 0) {
        options.time_s = EXPLAIN_TIME_S;
        options.clock_s = clock_until_stopped;
        options.user = (void *)request;
    }
    return cr_explain_plan(day->problem, plan, &options, ret);
}

/* Seconds for the bound; 0: none is wanted. */
static double bound_seconds(const plan_request *request)
{
    if (request->bound_s >= 0)
        return request->bound_s;
    return request->iterations < 0 ? fmin(request->time_s, BOUND_TIME_S) : 0;
}

static cr_status find_bound(const plan_request *request, const cr_day *day, const cr_plan *plan, plan_facts *facts)
{
    cr_bound_options options = CR_BOUND_OPTIONS_INIT;
    double time_s = bound_seconds(request);
    if (request->bound_s < 0 && day->problem->n_visits > BOUND_VISITS)
        options.iterations = 0; /* soon done: no limit */
    else
        options.time_s = time_s;
    options.n_threads = request->n_threads;
    options.start = plan;
    options.clock_s = cmd_clock_s;
    options.should_stop = request->should_stop;
    options.user = request->user;
    facts->has_bound = time_s > 0;
    return facts->has_bound ? cr_bound_find(day->problem, &options, &facts->bound) : CR_OK;
}

cr_status plan_judge(const plan_request *request, const cr_day *day, const cr_plan *plan, plan_facts *ret_facts)
{
    plan_facts facts = {
        .run = {CAREROUND_VERSION, request->seed, request->time_s, request->iterations, true},
    };
    cr_status st = check(day, plan, &facts.check);
    if (!st)
        st = cr_report_plan(day->problem, plan, &facts.report);
    if (!st)
        st = explain(request, day, plan, &facts.explanations);
    if (!st)
        st = find_bound(request, day, plan, &facts);
    if (st)
        plan_facts_done(&facts);
    else
        *ret_facts = facts;
    return st;
}

void plan_facts_done(plan_facts *facts)
{
    facts->check = cr_check_free(facts->check);
    facts->report = cr_report_free(facts->report);
    facts->explanations = cr_explanations_free(facts->explanations);
}

cr_status plan_answer(const plan_facts *facts, const cr_day *day, const cr_plan *plan, answer *ret_answer)
{
    cr_status st = answer_init(ret_answer, day, plan, facts->check, facts->report, facts->explanations, &facts->run);
    if (!st)
        ret_answer->bound = facts->has_bound ? &facts->bound : NULL;
    return st;
}
