/* A finished plan in the forms of the command line: the page, rotas, calendars, the map. Nothing of these is kept: the
 * day and the plan are, and the same writers write.
 */
#include "http.h"

#include "cmd.h"
#include "day_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPLAIN_TIME_S 2 /* for the reasons of the unallocated; the plan itself has those that its worker found */

typedef struct plan_file {
    const char *name, *type;
    answer_writer write;
    answer_part_writer write_part; /* instead, of one or of all */
    const char *whose;             /* of one: "carer" or "client", as the query calls it; NULL: of all */
    bool explains, is_drawn;
} plan_file;

static const plan_file files[] = {
    {"plan.html", "text/html; charset=utf-8", write_html, NULL, NULL, true, true},
    {"rota.geojson", "application/geo+json", write_geojson, NULL, NULL, false, true},
    {"summary.txt", "text/plain; charset=utf-8", write_summary, NULL, NULL, true, false},
    {"unallocated.csv", "text/csv; charset=utf-8", write_unallocated_csv, NULL, NULL, true, false},
    {"rota-by-carer.csv", "text/csv; charset=utf-8", NULL, write_carer_csv, NULL, false, false},
    {"rota-by-client.csv", "text/csv; charset=utf-8", NULL, write_client_csv, NULL, false, false},
    {"carer.csv", "text/csv; charset=utf-8", NULL, write_carer_csv, "carer", false, false},
    {"carer.ics", "text/calendar; charset=utf-8", NULL, write_carer_ical, "carer", false, false},
    {"client.csv", "text/csv; charset=utf-8", NULL, write_client_csv, "client", false, false},
};

/* ---- what is asked ---- */

static const plan_file *find_file(http_call *call)
{
    char names[300] = "";
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (strcmp(files[i].name, call->part[4]) == 0)
            return &files[i];
        strcat(strcat(names, *names ? ", " : ""), files[i].name);
    }
    http_reply_problem(call, 404, "not-found", "Not found", "there is no such file; there are %s", names);
    return NULL;
}

/* CR_NONE: of all; or the answer is set. */
static int32_t find_whose(http_call *call, const plan_file *file, const cr_day *day)
{
    const char *id = file->whose ? http_query(call, file->whose) : NULL;
    bool is_client = file->whose && strcmp(file->whose, "client") == 0;
    int32_t n = is_client ? day->n_clients : day->problem->n_carers;
    if (!file->whose)
        return CR_NONE;
    for (int32_t i = 0; id && i < n; i++)
        if (strcmp(is_client ? day->clients[i].client_id : day->carers[i].carer_id, id) == 0)
            return i;
    if (id)
        http_reply_not_found(call, is_client ? "client on this day" : "carer on this day");
    else
        http_reply_problem(call, 422, "query", "The query has errors", "of which %s? Give ?%s=ID", file->whose,
                           file->whose);
    return CR_NONE;
}

/* ---- writing ---- */

static cr_status write_to(FILE *out, const plan_file *file, const answer *a, int32_t who)
{
    return file->write ? file->write(a, out) : file->write_part(a, who, out);
}

static void write_and_reply(http_call *call, const plan_file *file, const answer *a, int32_t who)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_status st = out ? write_to(out, file, a, who) : CR_E_NOMEM;
    if (out && fclose(out))
        st = CR_E_NOMEM;
    if (st)
        http_reply_fault(call, st);
    else
        http_reply_bytes(call, file->type, NULL, text, size);
    if (!st && file->write == write_html) /* the page says by hashes which script and style are its own */
        http_replace_header(call, "Content-Security-Policy", "frame-ancestors 'none'");
    free(text);
}

static cr_status explain(const plan_file *file, const cr_day *day, const cr_plan *plan, cr_explanations **ret)
{
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    options.time_s = EXPLAIN_TIME_S;
    options.clock_s = cmd_clock_s;
    return file->explains ? cr_explain_plan(day->problem, plan, &options, ret) : CR_OK;
}

static void reply_file(http_call *call, const plan_file *file, const cr_day *day, const cr_plan *plan,
                       const answer_run *run)
{
    cr_auto(cr_check) check = NULL;
    cr_auto(cr_report) report = NULL;
    cr_auto(cr_explanations) explanations = NULL;
    cr_auto(leg_lines) lines = NULL;
    answer a;
    int32_t who = find_whose(call, file, day);
    if (call->response)
        return;
    cr_status st = cr_check_plan(day->problem, plan, &check);
    if (!st && check->n_breaches)
        st = CR_E_INTERNAL; /* it was judged when it was made */
    if (!st)
        st = cr_report_plan(day->problem, plan, &report);
    if (!st)
        st = explain(file, day, plan, &explanations);
    if (!st)
        st = answer_init(&a, day, plan, check, report, explanations, run);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    st = file->is_drawn ? leg_lines_new(day, plan, a.itinerary, &lines) : CR_OK;
    a.lines = lines;
    if (st)
        http_reply_fault(call, st);
    else
        write_and_reply(call, file, &a, who);
    answer_done(&a);
}

/* ---- reading the day and the plan back ---- */

static void refuse_day(http_call *call)
{
    http_reply_problem(call, 409, "day", "The day cannot be read as it was",
                       "the service was perhaps started with another gazetteer or other roads since the plan was made");
}

/* The day with what had happened, if it was planned anew. */
static void read_and_reply(http_call *call, const plan_file *file, const char *folder, const char *plan_path,
                           const store_bytes *result)
{
    day_read_options options = call->server->o.read;
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_auto(cr_plan) plan = NULL;
    cr_auto(plan_faults) faults = NULL;
    plan_origin origin = {0};
    options.path = folder;
    options.plan_path = plan_path;
    cr_status st = cr_day_read(&options, &day, &findings);
    if (!st)
        st = plan_json_parse(result->bytes, result->size, day, &plan, &origin, &faults);
    if (st == CR_E_INPUT)
        refuse_day(call);
    else if (st)
        http_reply_fault(call, st);
    else
        reply_file(call, file, day, plan, &origin.run);
}

static void reply_from_store(http_call *call, const plan_file *file, const store_plan *p)
{
    char scratch[DAY_FOLDER_PATH], folder[DAY_FOLDER_PATH + 20], plan_path[DAY_FOLDER_PATH + 20];
    cr_auto(store_days) day = NULL;
    cr_auto(store_bytes) result = NULL;
    cr_status st = store_get_day(call->store, p->date, p->day_version, &day);
    if (!st)
        st = store_get_result(call->store, p->plan_id, &result);
    if (!st && (!day || !result))
        st = CR_E_INTERNAL;
    if (!st)
        st = http_scratch(call, scratch);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    snprintf(folder, sizeof folder, "%s/%s", scratch, p->date);
    snprintf(plan_path, sizeof plan_path, "%s/plan.json", scratch);
    st = day_folder_write(call->store, &day->items[0], folder);
    if (!st)
        st = day_folder_put_file(plan_path, result->bytes, result->size);
    if (st)
        http_reply_fault(call, st);
    else
        read_and_reply(call, file, folder, plan_path, result);
    day_folder_remove(scratch);
}

void http_get_file(http_call *call)
{
    const plan_file *file = find_file(call);
    cr_auto(store_plans) plan = NULL;
    cr_status st = file ? store_get_plan(call->store, call->part[2], &plan) : CR_OK;
    if (st)
        http_reply_fault(call, st);
    else if (file && !plan)
        http_reply_not_found(call, "plan");
    else if (file && plan->items[0].state != PLAN_DONE)
        http_reply_problem(call, 409, "state", "Not done", "the plan is %s",
                           store_plan_state_name[plan->items[0].state]);
    else if (file)
        reply_from_store(call, file, &plan->items[0]);
}
