/* What those who answer a desk's questions share: words of the query, and answers. */
#include "desk_call.h"

#include "cmd.h"
#include "problem.h"
#include "value.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- answers ---- */

bool desk_is_answered(const desk_call *call)
{
    return call->answer->head.kind != 0;
}

static void reply(desk_call *call, int status, desk_type type, char *text, size_t size)
{
    assert(!desk_is_answered(call));
    call->answer->head = (desk_head){
        .kind = (uint32_t)status, .type = type, .n_text = size, .engine_us = (uint64_t)(call->engine_s * 1e6)};
    call->answer->text = text;
}

/* What to say without memory needs none. */
static void reply_no_memory(desk_call *call)
{
    call->is_spent = true;
    reply(call, 503, DESK_PROBLEM, NULL, 0);
}

static void reply_dumped(desk_call *call, int status, desk_type type, json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(json);
    if (text)
        reply(call, status, type, text, strlen(text));
    else
        reply_no_memory(call);
}

void desk_reply_json(desk_call *call, json_t *json)
{
    reply_dumped(call, 200, DESK_JSON, json);
}

void desk_reply_json_as(desk_call *call, int status, json_t *json)
{
    reply_dumped(call, status, DESK_JSON, json);
}

void desk_reply_text(desk_call *call, desk_type type, char *text, size_t size)
{
    reply(call, 200, type, text, size);
}

void desk_reply_problem(desk_call *call, json_t *problem)
{
    reply_dumped(call, (int)json_integer_value(json_object_get(problem, "status")), DESK_PROBLEM, problem);
}

void desk_problem(desk_call *call, int status, const char *name, const char *title, const char *format, ...)
{
    char detail[500];
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    desk_reply_problem(call, problem_json(status, name, title, detail));
}

void desk_reply_findings(desk_call *call, const char *detail, const day_findings *findings)
{
    desk_reply_problem(call, problem_of_findings(detail, cmd_findings_json(findings)));
}

void desk_reply_fault(desk_call *call, cr_status st)
{
    if (st == CR_E_NOMEM)
        reply_no_memory(call);
    else if (st == CR_E_UPSTREAM)
        desk_problem(call, 503, "store", "A file or a service failed", "the log says more");
    else
        desk_problem(call, 500, "internal", "A fault of ours", "the log says more");
}

/* ---- words ---- */

static void refuse(desk_call *call, const char *name, const char *must)
{
    desk_problem(call, 422, "query", "The query has errors", "%s must be %s", name, must);
}

bool desk_take_number(desk_call *call, const char *name, double least, double most, bool is_whole, double *ret_number)
{
    const char *text = desk_word(call->question, name, 0);
    char must[100];
    double number;
    if (!text)
        return true;
    if (!value_number(text, false, &number) && number >= least && number <= most &&
        (!is_whole || number == floor(number))) {
        *ret_number = number;
        return true;
    }
    snprintf(must, sizeof must, "a %snumber from %s to %s", is_whole ? "whole " : "",
             value_print_number(least, 10).text, value_print_number(most, 10).text);
    refuse(call, name, must);
    return false;
}

bool desk_take_yes(desk_call *call, const char *name, bool *ret_yes)
{
    const char *text = desk_word(call->question, name, 0);
    if (!text)
        return true;
    *ret_yes = strcmp(text, "yes") == 0;
    if (!*ret_yes && strcmp(text, "no") != 0)
        refuse(call, name, "yes or no");
    return !desk_is_answered(call);
}
