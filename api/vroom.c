/* VROOM's problems from end to end: read, solve, check, answer. */
#include "vroom.h"

#include "careround/check.h"
#include "careround/solve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Who asks as of VROOM waits for the answer: seconds by size, where nobody says how long. */
#define LEAST_S      1.0
#define MOST_S       10.0
#define SECONDS_TASK 0.02

static json_t *error_answer(cr_status status, bool is_routing, vroom_message *message)
{
    int code = is_routing || status == CR_E_UPSTREAM ? 3 : status == CR_E_INPUT ? 2 : 1;
    if (!*message->text)
        snprintf(message->text, sizeof message->text, "%s", status == CR_E_NOMEM ? "out of memory" : "internal error");
    json_t *text = json_string(message->text);
    /* What is quoted may be cut inside a character, and then is no UTF-8: only what is ASCII is kept. */
    for (char *c = message->text; !text && *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    return json_pack("{s:i, s:o}", "code", code, "error", text ? text : json_string(message->text));
}

static double time_of(const vroom_request *request, const vroom_input *in)
{
    const json_t *limit = json_object_get(json_object_get(in->root, "options"), "l");
    double time_s = fmin(MOST_S, fmax(LEAST_S, SECONDS_TASK * in->n_tasks));
    if (request->time_s >= 0)
        time_s = request->time_s;
    else if (json_is_number(limit))
        time_s = fmax(0, json_number_value(limit));
    return request->most_time_s > 0 ? fmin(request->most_time_s, time_s) : time_s;
}

/* No answer leaves that the checker did not find sound. */
static cr_status check(const cr_problem *problem, const cr_plan *plan)
{
    cr_auto(cr_check) check = NULL;
    cr_status st = cr_check_plan(problem, plan, &check);
    return st ? st : check->n_breaches > 0 ? CR_E_INTERNAL : CR_OK;
}

/* Given routes: they may break whatever they will, but nobody is in two places at once. */
static cr_status time_routes(const vroom_input *in, const vroom_question *question, cr_plan *plan,
                             vroom_message *message)
{
    cr_auto(cr_check) check = NULL;
    cr_status st = vroom_choose_times(in, question, plan, message);
    if (!st)
        st = cr_check_plan(question->problem, plan, &check);
    for (int32_t b = 0; !st && b < check->n_breaches; b++) {
        cr_rule rule = check->breaches[b].rule;
        if (rule == CR_RULE_UNREACHABLE) {
            snprintf(message->text, sizeof message->text,
                     "vehicle %lld: no way leads from one of its steps to the next",
                     (long long)in->vehicles[check->breaches[b].shift].id);
            st = CR_E_INPUT;
        } else if (rule == CR_RULE_TRAVEL) {
            st = CR_E_INTERNAL;
        }
    }
    return st;
}

static cr_status solve(const vroom_request *request, const vroom_input *in, const vroom_question *question,
                       json_t **ret_answer, vroom_message *message)
{
    cr_auto(cr_plan) plan = NULL;
    cr_auto(cr_plan) first = NULL;
    cr_solve_options how = CR_SOLVE_OPTIONS_INIT;
    cr_status st = vroom_first_plan(in, question, &first, message);
    if (!st && in->chooses_times)
        st = time_routes(in, question, first, message);
    if (st || in->chooses_times)
        return st ? st : vroom_answer(in, question, first, ret_answer);
    how.iterations = request->iterations;
    how.time_s = request->iterations < 0 ? time_of(request, in) : -1;
    how.seed = request->seed;
    how.n_threads = request->n_threads;
    how.start = first;
    how.clock_s = request->clock_s;
    how.should_stop = request->should_stop;
    st = cr_solve(question->problem, &how, &plan, NULL);
    if (!st)
        st = vroom_settle_starts(question, plan);
    if (!st)
        st = check(question->problem, plan);
    return st ? st : vroom_answer(in, question, plan, ret_answer);
}

cr_status vroom_solve(const vroom_request *request, const char *text, size_t size, json_t **ret_answer)
{
    vroom_message message = {""};
    cr_auto(vroom_input) in = NULL;
    cr_auto(vroom_question) question = NULL;
    bool is_routing = false;
    *ret_answer = NULL;
    cr_status st = vroom_read(text, size, &in, &message);
    if (!st) {
        st = vroom_travel_find(&request->travel, in, &message);
        is_routing = st == CR_E_INPUT;
    }
    if (!st)
        st = vroom_build(in, &question, &message);
    if (!st)
        st = solve(request, in, question, ret_answer, &message);
    if (st)
        *ret_answer = error_answer(st, is_routing, &message);
    return st;
}
