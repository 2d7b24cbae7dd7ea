/* Days: which there are, what each is made of, and what reading it finds. */
#include "http.h"

#include "cmd.h"
#include "day_folder.h"
#include "log.h"
#include "problem.h"
#include "value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool http_is_date(const char *text)
{
    int32_t days;
    char ours[16];
    return value_date(text, &days) == NULL && strcmp(value_date_text(days, ours), text) == 0;
}

const char *http_date(http_call *call, const char *text)
{
    if (http_is_date(text))
        return text;
    http_reply_problem(call, 404, "not-found", "Not found", "'%.40s' is no date; write it like 2026-11-23", text);
    return NULL;
}

/* ---- reading a day ---- */

static json_t *counts_json(const cr_day *day)
{
    int32_t n_held_back = day_n_held_back(day);
    return json_pack("{s:i, s:i, s:i, s:i, s:s}", "visits", (int)(day->problem->n_visits - n_held_back), "clients",
                     (int)(day->n_clients - n_held_back), "shifts", (int)day->problem->n_shifts, "carers",
                     (int)day->problem->n_carers, "travel", day->travel_source);
}

static json_t *read_folder(http_call *call, const char *folder)
{
    day_read_options options = call->server->o.read;
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    options.path = folder;
    cr_status st = cr_day_read(&options, &day, &findings);
    json_t *report = findings && (!st || st == CR_E_INPUT) ? cmd_findings_json(findings) : NULL;
    if (report && day)
        json_object_set_new(report, "counts", counts_json(day));
    if (!report)
        http_reply_fault(call, st ? st : CR_E_NOMEM);
    return report;
}

static json_t *read_now(http_call *call, const store_day *day)
{
    char scratch[DAY_FOLDER_PATH], folder[DAY_FOLDER_PATH + 20];
    cr_status st = http_scratch(call, scratch);
    snprintf(folder, sizeof folder, "%s/%s", scratch, day->date);
    if (!st)
        st = day_folder_write(call->store, day, folder);
    json_t *report = NULL;
    if (st)
        http_reply_fault(call, st);
    else
        report = read_folder(call, folder);
    day_folder_remove(scratch);
    return report;
}

/* A sound day is kept as such. One with errors is read again each time: a gazetteer may be all that was missing. */
json_t *http_day_report(http_call *call, const store_day *day)
{
    if (*day->report)
        return json_loads(day->report, 0, NULL);
    json_t *report = read_now(call, day);
    if (report && json_integer_value(json_object_get(report, "errors")) == 0) {
        char *text = json_dumps(report, JSON_COMPACT);
        if (text && store_put_report(call->store, day->date, day->version, text))
            log_event("warning", "store",
                      json_pack("{s:s}", "detail", store_message(call->store))); /* it is only read again */
        free(text);
    }
    return report;
}

/* ---- answers ---- */

void http_list_days(http_call *call)
{
    cr_auto(store_days) days = NULL;
    cr_status st = store_list_days(call->store, &days);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    json_t *list = json_array();
    for (int32_t i = 0; i < days->n; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:i, s:o}", "date", days->items[i].date, "version",
                                        (int)days->items[i].version, "changed_at", http_time(days->items[i].at_ms)));
    http_reply_json(call, 200, json_pack("{s:o}", "days", list));
}

static json_t *day_json(const store_day *day, json_t *report)
{
    json_t *parts = json_array();
    for (int32_t i = 0; i < day->n_parts; i++) {
        const store_upload *u = &day->parts[i];
        json_array_append_new(parts,
                              json_pack("{s:s, s:s, s:s, s:i, s:i}", "table", u->table, "provider", u->provider,
                                        "upload", u->upload_id, "version", (int)u->version, "rows", (int)u->n_rows));
    }
    return json_pack("{s:s, s:i, s:o, s:o, s:o}", "date", day->date, "version", (int)day->version, "changed_at",
                     http_time(day->at_ms), "parts", parts, "report", report);
}

void http_get_day(http_call *call)
{
    int32_t version = 0;
    cr_auto(store_days) day = NULL;
    if (!http_date(call, call->part[2]) || !http_query_int(call, "version", 1, INT32_MAX, &version))
        return;
    cr_status st = store_get_day(call->store, call->part[2], version, &day);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    if (!day) {
        http_reply_not_found(call, version ? "version of this day" : "day");
        return;
    }
    json_t *report = http_day_report(call, &day->items[0]);
    if (report)
        http_reply_json(call, 200, day_json(&day->items[0], report));
}
