/* Questions about plans of the day on the desk: what check, evaluate, suggest, explain, compare and report say. */
#include "desk_call.h"

#include "answers_json.h"
#include "cmd.h"
#include "comparison.h"
#include "hand_plan.h"
#include "problem.h"
#include "text_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUGGEST_MOST       10 /* unless said */
#define EXPLAIN_TIME_S     5
#define EXPLAIN_MOST_S     60
#define EXPLAIN_ITERATIONS 300
#define REPORT_TIME_S      2 /* for the reasons of the unallocated */

/* ---- plans ---- */

static json_t *faults_json(const plan_faults *faults)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < faults->n; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "where", faults->items[i].where, "detail", faults->items[i].text));
    return list;
}

static void refuse_plan(desk_call *call, const plan_faults *faults)
{
    json_t *problem = problem_json(422, "plan", "The plan has errors", NULL);
    if (problem)
        json_object_set_new(problem, "errors", faults_json(faults));
    desk_reply_problem(call, problem);
}

/* A plan or the day could not be read. */
static void refuse(desk_call *call, cr_status st, const plan_faults *faults)
{
    if (st == CR_E_INPUT && faults && faults->n)
        refuse_plan(call, faults);
    else if (st == CR_E_INPUT && call->day->findings)
        desk_reply_findings(call, "the day cannot be planned as it is", call->day->findings);
    else
        desk_reply_fault(call, st);
}

static const desk_kept *read_plan(desk_call *call, const char *plan_id, const char *text, size_t size,
                                  bool may_change_day)
{
    cr_auto(plan_faults) faults = NULL;
    const desk_kept *plan = NULL;
    cr_status st = desk_day_read_plan(call->day, plan_id, text, size, may_change_day, &plan, &faults);
    if (st)
        refuse(call, st, faults);
    return st ? NULL : plan;
}

/* A plan of the store: the service sends it. NULL: the answer is set. */
static const desk_kept *fetch_plan(desk_call *call, const char *plan_id, bool may_change_day)
{
    desk_message wanted = {.head = {.kind = 0, .n_text = strlen(plan_id)}, .text = (char *)plan_id}, sent;
    cr_status st = desk_send(call->to, &wanted, -1);
    if (!st)
        st = desk_receive(call->from, -1, &sent);
    if (st) {
        call->is_spent = true;
        desk_reply_fault(call, st);
        return NULL;
    }
    const desk_kept *plan = read_plan(call, plan_id, sent.text, sent.head.n_text, may_change_day);
    desk_message_done(&sent);
    return plan;
}

/* The plan that the question is about. NULL: the answer is set. */
static const desk_kept *find_plan(desk_call *call)
{
    const char *plan_id = desk_word(call->question, "plan", 0);
    if (plan_id && call->question->head.n_text) {
        desk_problem(call, 422, "query", "The query has errors", "of which plan? One is named and one is sent");
        return NULL;
    }
    const desk_kept *plan = plan_id ? desk_day_find(call->day, plan_id) : NULL;
    if (plan)
        return plan;
    if (plan_id)
        return fetch_plan(call, plan_id, true);
    if (call->question->head.n_text)
        return read_plan(call, NULL, call->question->text, call->question->head.n_text, true);
    desk_problem(call, 422, "query", "The query has errors",
                 "of which plan? Send a plan.json, or name one that is kept here: ?plan=ID");
    return NULL;
}

/* The visit of the query. CR_NONE: the answer is set, or there is none and none is needed. */
static int32_t find_visit(desk_call *call, bool is_needed)
{
    const char *visit_id = desk_word(call->question, "visit", 0);
    int32_t visit = visit_id ? day_find_visit(call->day->day, visit_id) : CR_NONE;
    if (!visit_id && is_needed)
        desk_problem(call, 422, "query", "The query has errors", "for which visit? Give ?visit=ID");
    if (visit_id && visit == CR_NONE)
        desk_problem(call, 404, "not-found", "Not found", "there is no such visit on this day");
    return visit;
}

/* ---- check, suggest, explain ---- */

void desk_check(desk_call *call)
{
    cr_auto(cr_check) check = NULL;
    const desk_kept *plan = find_plan(call);
    if (!plan)
        return;
    const cr_day *day = call->day->day;
    double begun_s = cmd_clock_s(NULL);
    cr_status st = cr_check_plan(day->problem, plan->plan, &check);
    call->engine_s = cmd_clock_s(NULL) - begun_s;
    json_t *json = st ? NULL : check_json(day, plan->plan, check);
    if (json) /* in place of the warning on a terminal */
        json_object_set_new(json, "of_this_day", json_boolean(!desk_day_is_other(call->day, plan)));
    if (st)
        desk_reply_fault(call, st);
    else
        desk_reply_json(call, json);
}

void desk_suggest(desk_call *call)
{
    double most = SUGGEST_MOST;
    cr_auto(cr_suggestions) list = NULL;
    const desk_kept *plan = desk_take_number(call, "most", 1, 1000, true, &most) ? find_plan(call) : NULL;
    if (!plan)
        return;
    const cr_day *day = call->day->day;
    int32_t visit = find_visit(call, true);
    if (visit == CR_NONE)
        return;
    if (cr_problem_has_begun(day->problem, visit)) {
        desk_problem(call, 422, "query", "The query has errors",
                     "the visit has begun by the time of this plan, and stays");
        return;
    }
    double begun_s = cmd_clock_s(NULL);
    cr_status st = cr_suggest(day->problem, plan->plan, visit, (int32_t)most, &list);
    call->engine_s = cmd_clock_s(NULL) - begun_s;
    if (st)
        desk_reply_fault(call, st);
    else
        desk_reply_json(call, suggestions_json(day, visit, list));
}

static bool is_unallocated(const cr_plan *plan, int32_t visit)
{
    for (int32_t i = 0; i < plan->n_unallocated; i++)
        if (plan->unallocated[i] == visit)
            return true;
    return false;
}

static void explain(desk_call *call, const cr_plan *plan, const cr_explain_options *options)
{
    const cr_day *day = call->day->day;
    cr_auto(cr_explanations) list = NULL;
    cr_status st = cr_explain_plan(day->problem, plan, options, &list);
    if (st == CR_E_INPUT)
        desk_problem(call, 422, "plan", "The plan has errors", "the plan breaks a rule; check says which");
    else if (st)
        desk_reply_fault(call, st);
    else
        desk_reply_json(call, explanations_json(day, list));
}

void desk_explain(desk_call *call)
{
    double time_s = -1, iterations = -1;
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    if (!desk_take_number(call, "time_s", 0, EXPLAIN_MOST_S, false, &time_s) ||
        !desk_take_number(call, "iterations", 0, 1e9, true, &iterations))
        return;
    const desk_kept *plan = find_plan(call);
    if (!plan)
        return;
    options.visit = find_visit(call, false);
    if (desk_is_answered(call))
        return;
    options.iterations = iterations < 0 ? EXPLAIN_ITERATIONS : (int64_t)iterations;
    options.time_s = time_s >= 0 ? time_s : iterations < 0 ? EXPLAIN_TIME_S : EXPLAIN_MOST_S;
    options.clock_s = cmd_clock_s;
    if (options.visit != CR_NONE && !is_unallocated(plan->plan, options.visit))
        desk_problem(call, 422, "query", "The query has errors",
                     "that visit is in the plan; only unallocated visits have reasons");
    else
        explain(call, plan->plan, &options);
}

/* ---- evaluate ---- */

static cr_status evaluation_as_plan(const cr_day *day, const cr_evaluation *e, char **ret_text, size_t *ret_size)
{
    cr_auto(cr_report) report = NULL;
    answer a;
    FILE *out = open_memstream(ret_text, ret_size);
    if (!out)
        return CR_E_NOMEM;
    cr_status st = cr_report_plan(day->problem, e->plan, &report);
    if (!st)
        st = answer_init(&a, day, e->plan, e->check, report, NULL, NULL);
    if (!st) {
        st = write_plan_json(&a, out);
        answer_done(&a);
    }
    if (fclose(out))
        st = CR_E_NOMEM;
    if (st)
        free(*ret_text);
    return st;
}

static void reply_evaluation(desk_call *call, const cr_evaluation *e, const plan_faults *faults, bool as_plan)
{
    const cr_day *day = call->day->day;
    char *text = NULL;
    size_t size = 0;
    cr_status st = as_plan ? evaluation_as_plan(day, e, &text, &size) : CR_OK;
    if (st)
        desk_reply_fault(call, st);
    else if (as_plan)
        desk_reply_text(call, DESK_JSON, text, size);
    else
        desk_reply_json(call, evaluation_json(day, e, faults));
}

static void evaluate(desk_call *call, const text_file *file, bool any_order, bool as_plan)
{
    desk_day *d = call->day;
    cr_auto(plan_faults) faults = NULL;
    cr_auto(cr_plan) plan = NULL;
    const cr_evaluation *e = NULL;
    cr_status st = desk_day_open(d);
    if (!st)
        st = hand_plan_parse(file->text, file->size, d->day, any_order, &plan, &faults);
    if (st) {
        refuse(call, st, faults);
        return;
    }
    if (as_plan && faults->n) { /* it could not say what was left out */
        refuse_plan(call, faults);
        return;
    }
    double begun_s = cmd_clock_s(NULL);
    st = d->evaluator ? CR_OK : cr_evaluator_new(d->day->problem, &d->evaluator);
    if (!st)
        st = cr_evaluate(d->evaluator, plan, &e);
    call->engine_s = cmd_clock_s(NULL) - begun_s;
    if (st)
        desk_reply_fault(call, st);
    else
        reply_evaluation(call, e, faults, as_plan);
}

void desk_evaluate(desk_call *call)
{
    bool any_order = false, as_plan = false;
    text_file file = {0};
    char message[300] = "";
    if (!desk_take_yes(call, "any_order", &any_order) || !desk_take_yes(call, "as_plan", &as_plan))
        return;
    if (call->question->head.n_text == 0) {
        desk_problem(call, 422, "plan", "The plan has errors", "nothing was sent; send a plan as JSON or CSV");
        return;
    }
    cr_status st = text_file_decode(call->question->text, call->question->head.n_text, &file, message, sizeof message);
    if (st == CR_E_INPUT)
        desk_problem(call, 422, "plan", "The plan has errors", "%s", message);
    else if (st)
        desk_reply_fault(call, st);
    else
        evaluate(call, &file, any_order, as_plan);
    text_file_done(&file);
}

/* ---- compare ---- */

/* The n-th plan: of the query, and behind these the body. NULL: the answer is set. */
static const desk_kept *find_compared(desk_call *call, int32_t n, char *ret_name, size_t size)
{
    const char *plan_id = desk_word(call->question, "plan", n);
    snprintf(ret_name, size, "%s", plan_id ? plan_id : "sent");
    return plan_id ? fetch_plan(call, plan_id, false)
                   : read_plan(call, NULL, call->question->text, call->question->head.n_text, false);
}

static void compare(desk_call *call, compared *all, int32_t n)
{
    char name[COMPARED_MOST][STORE_ID_SIZE];
    const char *names[COMPARED_MOST];
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < n; i++) {
        const desk_kept *plan = find_compared(call, i, name[i], sizeof name[i]);
        if (!plan)
            return;
        cr_plan *taken = desk_day_take(call->day, plan);
        names[i] = name[i];
        st = compared_init(&all[i], call->day->day, &taken);
    }
    if (st)
        desk_reply_fault(call, st);
    else
        desk_reply_json(call, comparison_json(call->day->day, names, all, n));
}

void desk_compare(desk_call *call)
{
    compared all[COMPARED_MOST] = {{0}};
    int32_t n = 0;
    while (n <= COMPARED_MOST && desk_word(call->question, "plan", n))
        n++;
    n += call->question->head.n_text > 0;
    if (n < 2 || n > COMPARED_MOST) {
        desk_problem(call, 422, "query", "The query has errors",
                     "two to %d plans: ?plan=ID for each that is kept here, and one may be sent", COMPARED_MOST);
        return;
    }
    compare(call, all, n);
    for (int32_t i = 0; i < n; i++)
        compared_done(&all[i]);
}

/* ---- report ---- */

static cr_status write_report(const cr_day *day, const desk_kept *plan, const cr_check *check, FILE *out)
{
    cr_auto(cr_report) report = NULL;
    cr_auto(cr_explanations) explanations = NULL;
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    answer a;
    options.time_s = REPORT_TIME_S;
    options.clock_s = cmd_clock_s;
    cr_status st = cr_report_plan(day->problem, plan->plan, &report);
    if (!st)
        st = cr_explain_plan(day->problem, plan->plan, &options, &explanations);
    if (!st)
        st = answer_init(&a, day, plan->plan, check, report, explanations, &plan->origin.run);
    if (!st) {
        st = write_summary_json(&a, out);
        answer_done(&a);
    }
    return st;
}

static void reply_report(desk_call *call, const desk_kept *plan, const cr_check *check)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_status st = out ? write_report(call->day->day, plan, check, out) : CR_E_NOMEM;
    if (out && fclose(out))
        st = CR_E_NOMEM;
    if (!st) {
        desk_reply_text(call, DESK_JSON, text, size);
        return;
    }
    free(text);
    desk_reply_fault(call, st);
}

static void refuse_broken(desk_call *call, const cr_check *check)
{
    json_t *problem = problem_json(422, "plan", "The plan has errors", "it breaks rules");
    if (problem)
        json_object_set_new(problem, "breaches", cmd_breaches_json(call->day->day, check));
    desk_reply_problem(call, problem);
}

void desk_report(desk_call *call)
{
    cr_auto(cr_check) check = NULL;
    const desk_kept *plan = find_plan(call);
    if (!plan)
        return;
    cr_status st = cr_check_plan(call->day->day->problem, plan->plan, &check);
    if (st)
        desk_reply_fault(call, st);
    else if (check->n_breaches)
        refuse_broken(call, check);
    else
        reply_report(call, plan, check);
}
