/* A scenario asked for: the scenario file of the command line, with a date of the store in the place of the day.
 *
 * Everything is looked at before the first run is queued, and all that is wrong is said at once: the form, the limits
 * of the service, the day, and each change on it.
 */
#include "http.h"

#include "cmd.h"
#include "day_folder.h"
#include "findings.h"
#include "problem.h"
#include "scenario.h"
#include "value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "scenarios.json" /* that messages are about */

/* What is being asked. */
typedef struct asking {
    http_call *call;
    findings_book *book;
    scenario_file *file;
    store_days *day;  /* NULL: there is none */
    int32_t version;  /* of the day; 0: the newest; < 0: none that can be */
    const char *date; /* NULL: none was given */
    json_t *asked;    /* as it was sent */
    char *scratch;    /* of DAY_FOLDER_PATH bytes; "": not made */
    scenario_days days;
} asking;

__attribute__((format(printf, 3, 4))) static void wrong(asking *a, const char *name, const char *format, ...)
{
    char text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings_error(a->book, (finding_at){FILE_NAME, 0, name, ""}, "%s", text);
}

/* ---- the form ---- */

static void look_at_date(asking *a)
{
    const char *date = json_string_value(json_object_get(a->asked, "date"));
    const json_t *version = json_object_get(a->asked, "day_version");
    double number = json_number_value(version);
    if (date && http_is_date(date))
        a->date = date;
    else
        wrong(a, "date", "must be a date like \"2026-11-23\"");
    if (version && !(json_is_number(version) && number >= 1 && number <= INT32_MAX && number == floor(number)))
        wrong(a, "day_version", "must be a whole number from 1 to %d", INT32_MAX);
    else
        a->version = version ? (int32_t)number : 0;
}

/* As a file of the command line: the day where the bundle has it. NULL: no memory. */
static json_t *file_json(asking *a)
{
    static const char *const ours[] = {"day", "gazetteer", "roads", "gtfs", "defaults"};
    json_t *root = json_copy(a->asked);
    char day[40];
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (json_object_get(root, ours[i])) {
            wrong(a, ours[i], "is not said here: the day is that of the date, and the rest is the service's own");
            json_object_del(root, ours[i]);
        }
    json_object_del(root, "date");
    json_object_del(root, "day_version");
    snprintf(day, sizeof day, "day/%.30s", a->date ? a->date : "none");
    if (root && json_object_set_new(root, "day", json_string(day))) {
        json_decref(root);
        return NULL;
    }
    return root;
}

static int32_t n_runs_of(const scenario_file *f)
{
    return f->n_scenarios * f->n_seeds;
}

static void look_at_limits(asking *a)
{
    const http_options *o = &a->call->server->o;
    if (a->file->time_s > o->most_time_s)
        wrong(a, "limit.time_s", "must be at most %s here", value_print_number(o->most_time_s, 10).text);
    if (n_runs_of(a->file) > o->most_queued)
        wrong(a, "seeds", "%d runs are more than wait here at a time (%d); ask for fewer scenarios or seeds",
              n_runs_of(a->file), o->most_queued);
}

static cr_status look_at_form(asking *a)
{
    look_at_date(a);
    cr_status st = scenario_file_take_json(file_json(a), FILE_NAME, a->book, &a->file);
    if (!st)
        look_at_limits(a);
    return st;
}

/* ---- the day, and the changes on it ---- */

static cr_status find_day(asking *a)
{
    if (!a->date || a->version < 0)
        return CR_OK;
    cr_status st = store_get_day(a->call->store, a->date, a->version, &a->day);
    if (!st && !a->day)
        wrong(a, a->version ? "day_version" : "date", "there is no such %s",
              a->version ? "version of this day" : "day; upload its visits and carers first");
    return st;
}

/* Findings of a day into those of the whole. */
static void tell(void *user, const scenario *s, const day_findings *findings)
{
    asking *a = user;
    char with[200] = "";
    for (int32_t i = 0; i < findings->n; i++) {
        const day_finding *f = &findings->items[i];
        finding_at at = {f->file, f->row, f->column, f->value};
        if (s->changes.list && strcmp(f->file, FILE_NAME) != 0)
            snprintf(with, sizeof with, "with the changes of '%s': ", s->name);
        else
            *with = '\0';
        if (f->is_error)
            findings_error(a->book, at, "%s%s", with, f->text);
        else
            findings_warning(a->book, at, "%s%s", with, f->text);
    }
}

static day_read_options how_to_read(const asking *a, char path[DAY_FOLDER_PATH + 20])
{
    day_read_options read = a->call->server->o.read;
    snprintf(path, DAY_FOLDER_PATH + 20, "%s/%s", a->scratch, a->date);
    read.path = path;
    return read;
}

static cr_status look_at_days(asking *a)
{
    char path[DAY_FOLDER_PATH + 20];
    if (!a->day)
        return CR_OK;
    cr_status st = http_scratch(a->call, a->scratch);
    if (st)
        return st;
    day_read_options read = how_to_read(a, path);
    st = day_folder_write(a->call->store, &a->day->items[0], path);
    if (!st)
        st = scenario_days_read(a->file, &read, tell, a, &a->days);
    return st == CR_E_INPUT ? CR_OK : st; /* said in the book */
}

/* ---- queueing ---- */

/* What the table and the bundle say, found now and kept: also on a service that has other roads by then. */
static json_t *facts_of(const asking *a, const scenario_bundle *b)
{
    const cr_day *base = a->days.base;
    return json_pack("{s:s, s:s, s:s, s:s, s:O, s:s, s:s, s:s, s:O}", "title", a->file->title, "careround",
                     b->origin.version, "program_sha256", b->origin.program_hash, "inputs_sha256", b->inputs_hash,
                     "files", b->files, "day", base->name, "date", words_dates(base).text, "travel",
                     base->travel_source, "notes", a->days.notes);
}

/* What a worker is started with; the file says the rest. */
static json_t *options_of(const scenario_file *f)
{
    return f->iterations >= 0 ? json_pack("{s:I}", "iterations", (json_int_t)f->iterations)
                              : json_pack("{s:f}", "time_s", f->time_s);
}

static char *text_of(json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(json);
    return text;
}

static json_t *scenario_now(http_call *call, const char *scenario_id)
{
    cr_auto(store_scenarios) found = NULL;
    cr_status st = store_get_scenario(call->store, scenario_id, &found);
    return st || !found ? NULL : http_scenario_json(&found->items[0], true);
}

static void queue(asking *a, const http_once *once, const char *file, const char *facts, const char *options)
{
    char scenario_id[STORE_ID_SIZE], location[60];
    store_new_id(scenario_id);
    const store_scenario s = {.scenario_id = scenario_id,
                              .date = a->day->items[0].date,
                              .day_version = a->day->items[0].version,
                              .file = file,
                              .facts = facts};
    snprintf(location, sizeof location, "/v1/scenarios/%s", scenario_id);
    if (!http_once_begin(a->call, once, s.date))
        return;
    cr_status st = store_add_scenario(a->call->store, &s, n_runs_of(a->file), options, http_act(a->call));
    http_once_reply(a->call, once, st, 202, location, st ? NULL : scenario_now(a->call, scenario_id));
    jobs_wake(a->call->server->jobs);
}

static cr_status hash_and_queue(asking *a, const http_once *once)
{
    char path[DAY_FOLDER_PATH + 20];
    cr_auto(scenario_bundle) bundle = NULL;
    day_read_options read = how_to_read(a, path);
    cr_status st = scenario_bundle_open(a->file, &read, NULL, &bundle);
    if (st)
        return st;
    char *file = text_of(json_incref(a->file->root)), *facts = text_of(facts_of(a, bundle)),
         *options = text_of(options_of(a->file));
    if (file && facts && options)
        queue(a, once, file, facts, options);
    else
        st = CR_E_NOMEM;
    free(file);
    free(facts);
    free(options);
    return st;
}

/* ---- the whole ---- */

static void reply_findings(asking *a)
{
    cr_auto(day_findings) findings = NULL;
    if (findings_publish(&a->book, &findings))
        http_reply_fault(a->call, CR_E_NOMEM);
    else
        http_reply_problem_json(a->call, problem_of_findings("nothing is queued", cmd_findings_json(findings)));
}

static void look_and_queue(asking *a, const http_once *once)
{
    cr_status st = findings_new(&a->book);
    if (!st)
        st = look_at_form(a);
    if (!st && n_runs_of(a->file) <= a->call->server->o.most_queued &&
        !http_queue_has_room(a->call, n_runs_of(a->file)))
        return;
    if (!st)
        st = find_day(a);
    if (!st)
        st = look_at_days(a);
    if (!st && findings_n_errors(a->book))
        reply_findings(a);
    else if (!st)
        st = hash_and_queue(a, once);
    if (st && !a->call->response)
        http_reply_fault(a->call, st);
}

/* Nobody could repeat what an outside service answered: a bundle holds all that a scenario depends on. */
static bool asks_outside(const http_call *call)
{
    const day_services *s = &call->server->o.read.services;
    return s->n_routers > 0 || s->geocoder_url;
}

static void ask(http_call *call, json_t *asked)
{
    char scratch[DAY_FOLDER_PATH] = "";
    http_once once;
    asking a = {.call = call, .asked = asked, .scratch = scratch, .version = -1};
    if (!http_once_look(call, json_pack("[s, O]", "scenario", asked), &once))
        return;
    look_and_queue(&a, &once);
    scenario_days_done(&a.days);
    scenario_file_free(a.file);
    store_days_free(a.day);
    findings_free(a.book);
    if (*scratch)
        day_folder_remove(scratch);
}

void http_post_scenario(http_call *call)
{
    json_error_t error;
    json_t *asked = json_loadb(call->body ? call->body : "", call->size, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(asked))
        http_reply_problem(call, 400, "json", "Not JSON", "%s",
                           asked ? "must be an object: {\"date\": \"2026-11-23\", ...}" : error.text);
    else if (asks_outside(call))
        http_reply_problem(call, 409, "outside", "Not with outside services",
                           "this service asks a router or a geocoder, so nobody could repeat what comes of a scenario");
    else
        ask(call, asked);
    json_decref(asked);
}
