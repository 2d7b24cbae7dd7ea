/* Questions about a day, or about places, which a desk answers (desks.h): what the query and the body have is its to
 * read, and what it says is the answer.
 */
#include "http.h"

#include "day_folder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct question_kind {
    const char *name; /* the last part of the path */
    desk_question question;
    bool is_slow, is_alone; /* needs no day */
} question_kind;

static const question_kind kinds[] = {
    {"check", DESK_CHECK, false, false},     {"evaluate", DESK_EVALUATE, false, false},
    {"suggest", DESK_SUGGEST, false, false}, {"compare", DESK_COMPARE, false, false},
    {"report", DESK_REPORT, true, false},    {"explain", DESK_EXPLAIN, true, false},
    {"matrix", DESK_MATRIX, false, true},    {"geocode", DESK_GEOCODE, true, true},
    {"vroom", DESK_VROOM, true, true},       {"optimization", DESK_VROOM, true, true},
};

static const question_kind *kind_of(const http_call *call)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, call->part[call->n_parts - 1]) == 0)
            return &kinds[i];
    assert(!"a route that leads here has one of these names");
    return NULL;
}

/* ---- which day ---- */

/* The plans of the query: all there, done, and of that date. *ret_version: that they were made for, 0 without a plan.
 * False: the answer is set. */
static bool look_at_plans(http_call *call, const desk_message *question, bool has_version, int32_t *ret_version)
{
    const char *plan_id;
    for (int32_t n = 0; (plan_id = desk_word(question, "plan", n)); n++) {
        cr_auto(store_plans) plan = NULL;
        cr_status st = store_get_plan(call->store, plan_id, &plan);
        const store_plan *p = plan ? &plan->items[0] : NULL;
        if (st)
            http_reply_fault(call, st);
        else if (!p)
            http_reply_not_found(call, "plan");
        else if (p->state != PLAN_DONE)
            http_reply_problem(call, 409, "state", "Not done", "the plan is %s", store_plan_state_name[p->state]);
        else if (strcmp(p->date, call->part[2]) != 0)
            http_reply_problem(call, 422, "query", "The query has errors", "the plan is of another date");
        else if (n > 0 && !has_version && p->day_version != *ret_version)
            http_reply_problem(call, 422, "query", "The query has errors",
                               "the plans are of several versions of the day; give ?version=N");
        if (call->response)
            return false;
        *ret_version = p->day_version;
    }
    return true;
}

/* NULL: the answer is set. */
static store_days *find_day(http_call *call, const desk_message *question)
{
    store_days *day = NULL;
    int32_t version = 0, of_plan = 0;
    if (!http_date(call, call->part[2]) || !http_query_int(call, "version", 1, INT32_MAX, &version) ||
        !look_at_plans(call, question, version > 0, &of_plan))
        return NULL;
    cr_status st = store_get_day(call->store, call->part[2], version ? version : of_plan, &day);
    if (st)
        http_reply_fault(call, st);
    else if (!day)
        http_reply_not_found(call, version ? "version of this day" : "day");
    return day;
}

/* ---- what a desk needs of the store ---- */

typedef struct supply_of {
    http_call *call;
    const store_days *day;
} supply_of;

static cr_status write_day(void *user, const char *folder)
{
    const supply_of *s = user;
    return day_folder_write(s->call->store, &s->day->items[0], folder);
}

static cr_status get_plan(void *user, const char *plan_id, store_bytes **ret_plan)
{
    const supply_of *s = user;
    return store_get_result(s->call->store, plan_id, ret_plan);
}

/* ---- asking ---- */

static enum MHD_Result add_word(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    fprintf(user, "%s%c%s%c", name, '\0', value ? value : "", '\0');
    return MHD_YES;
}

/* The words are malloc'ed, the text is the call's. */
static cr_status make_question(http_call *call, desk_question kind, desk_message *ret_question)
{
    desk_message q = {.text = call->body, .head = {.kind = kind, .n_text = call->size}};
    size_t size = 0;
    FILE *out = open_memstream(&q.words, &size);
    if (!out)
        return CR_E_NOMEM;
    (void)MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, add_word, out);
    if (fclose(out)) {
        free(q.words);
        return CR_E_NOMEM;
    }
    q.head.n_words = size;
    *ret_question = q;
    return CR_OK;
}

/* How long the engine took, in the form of W3C's Server Timing: beside the time until the answer is there, it tells
 * what the service adds. */
static void add_engine_time(http_call *call, uint64_t engine_us)
{
    char text[60];
    snprintf(text, sizeof text, "engine;dur=%" PRIu64 ".%03d", engine_us / 1000, (int)(engine_us % 1000));
    if (engine_us > 0)
        http_add_header(call, "Server-Timing", text);
}

static void reply_outcome(http_call *call, desk_outcome outcome, desk_message *said)
{
    static const char *const types[N_DESK_TYPES] = {"application/json", "application/problem+json"};
    if (outcome == DESK_ANSWERED && said->head.n_text > 0 && said->head.type < N_DESK_TYPES) {
        http_reply_text(call, (int)said->head.kind, types[said->head.type], said->text, said->head.n_text);
        add_engine_time(call, said->head.engine_us);
        said->text = NULL;
    } else if (outcome == DESK_ANSWERED) {
        http_reply_fault(call, CR_E_NOMEM);
    } else if (outcome == DESK_BUSY) {
        http_reply_problem(call, 503, "busy", "Too busy", "too many ask; try again in a second");
        http_add_header(call, "Retry-After", "1");
    } else if (outcome == DESK_TIME) {
        http_reply_problem(call, 503, "time", "The question took too much time", "%s", "");
    } else if (outcome == DESK_DIED) {
        http_reply_problem(call, 500, "worker", "The question could not be answered",
                           "the process that looked at it was ended; perhaps it takes too much memory");
    } else {
        http_reply_fault(call, CR_E_UPSTREAM);
    }
}

static void ask(http_call *call, const question_kind *kind, const desk_message *question)
{
    desk_key key = {.is_slow = kind->is_slow, .alone = kind->is_alone ? kind->question : DESK_CHECK};
    cr_auto(store_days) day = NULL;
    desk_message said = {0};
    if (!kind->is_alone && !(day = find_day(call, question)))
        return;
    if (day) {
        snprintf(key.date, sizeof key.date, "%s", day->items[0].date);
        key.version = day->items[0].version;
        key.at_ms = day->items[0].at_ms;
    }
    supply_of what = {call, day};
    const desk_supply supply = {write_day, get_plan, &what};
    desk_outcome outcome = desks_ask(call->server->desks, &key, &supply, question, &said);
    reply_outcome(call, outcome, &said);
    desk_message_done(&said);
}

void http_ask_desk(http_call *call)
{
    const question_kind *kind = kind_of(call);
    desk_message question;
    if (make_question(call, kind->question, &question)) {
        http_reply_fault(call, CR_E_NOMEM);
        return;
    }
    ask(call, kind, &question);
    free(question.words);
}
