/* What comes of a scenario: the table in each of its forms, and the bundle from which anybody repeats it. Neither is
 * kept: the records of the runs are, and the same writers write as those of the command line.
 */
#include "http.h"

#include "day_folder.h"
#include "findings.h"
#include "scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUNDLE "bundle.zip"

/* A scenario taken out of the store. */
typedef struct kept {
    const store_scenario *s;
    scenario_file *file;
    json_t *facts;
    json_t *records; /* by scenario, then seed; null: that run has none */
} kept;

/* ---- out of the store ---- */

static cr_status read_records(http_call *call, kept *k)
{
    cr_auto(store_records) texts = NULL;
    cr_status st = store_get_records(call->store, k->s->scenario_id, &texts);
    k->records = st ? NULL : json_array();
    for (int32_t i = 0; !st && i < texts->n; i++)
        if (json_array_append_new(k->records, http_kept_json(texts->items[i])))
            st = CR_E_NOMEM;
    return st;
}

static cr_status open_kept(http_call *call, const store_scenario *s, kept *k)
{
    findings_book *book = NULL;
    *k = (kept){.s = s, .facts = http_kept_json(s->facts)};
    cr_status st = findings_new(&book);
    if (!st)
        st = scenario_file_parse(s->file, strlen(s->file), "scenarios.json", book, &k->file);
    findings_free(book);
    if (st == CR_E_INPUT)
        st = CR_E_INTERNAL; /* it was looked at when it came */
    return st ? st : read_records(call, k);
}

static void close_kept(kept *k)
{
    scenario_file_free(k->file);
    json_decref(k->facts);
    json_decref(k->records);
}

static const char *fact(const kept *k, const char *name)
{
    const char *text = json_string_value(json_object_get(k->facts, name));
    return text ? text : "";
}

static cr_status make_table(const kept *k, scenario_table **ret_table)
{
    const scenario_facts facts = {.day_name = fact(k, "day"),
                                  .date = fact(k, "date"),
                                  .travel = fact(k, "travel"),
                                  .inputs = fact(k, "inputs_sha256"),
                                  .notes = json_object_get(k->facts, "notes")};
    return scenario_table_new(k->file, &facts, k->records, ret_table);
}

/* ---- the table ---- */

static void reply_table(http_call *call, const kept *k, const scenario_form *form)
{
    cr_auto(scenario_table) table = NULL;
    char *text = NULL;
    size_t size = 0;
    cr_status st = make_table(k, &table);
    FILE *out = st ? NULL : open_memstream(&text, &size);
    if (!st)
        st = out ? form->write(table, out) : CR_E_NOMEM;
    if (out && fclose(out))
        st = CR_E_NOMEM;
    if (st)
        http_reply_fault(call, st);
    else
        http_reply_bytes(call, form->type, NULL, text, size);
    if (!st && form->write == scenario_write_html) /* its style stands in it; it has no script */
        http_replace_header(call, "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    free(text);
}

/* ---- the bundle ---- */

/* The records that the program of the bundle made: those of another have another key. */
static cr_status keep_records(const scenario_bundle *b, const kept *k)
{
    cr_status st = CR_OK;
    for (int32_t run = 0; !st && run < k->file->n_scenarios * k->file->n_seeds; run++) {
        char key[STORE_HASH_SIZE];
        const json_t *record = json_array_get(k->records, (size_t)run);
        st = scenario_key(&b->origin, k->file, run / k->file->n_seeds, run % k->file->n_seeds, 1, key);
        if (!st && scenario_record_is_whole(record, key))
            st = scenario_bundle_keep(b, key, record);
    }
    return st;
}

static cr_status write_table(const scenario_bundle *b, const kept *k)
{
    cr_auto(scenario_table) table = NULL;
    if (store_scenario_state(k->s) != PLAN_DONE)
        return CR_OK;
    cr_status st = make_table(k, &table);
    return st ? st : scenario_forms_write(b, table);
}

/* The bundle that the day and this service's own files make; NULL and CR_OK: they are not what they were. */
static cr_status make_bundle(http_call *call, const kept *k, const char *scratch, scenario_bundle **ret_bundle)
{
    char day_path[DAY_FOLDER_PATH + 20], folder[DAY_FOLDER_PATH + 20];
    day_read_options read = call->server->o.read;
    cr_auto(store_days) day = NULL;
    cr_auto(scenario_bundle) b = NULL;
    snprintf(day_path, sizeof day_path, "%s/%s", scratch, k->s->date);
    snprintf(folder, sizeof folder, "%s/bundle", scratch);
    read.path = day_path;
    cr_status st = store_get_day(call->store, k->s->date, k->s->day_version, &day);
    if (!st)
        st = day ? day_folder_write(call->store, &day->items[0], day_path) : CR_E_INTERNAL;
    if (!st)
        st = scenario_bundle_open(k->file, &read, folder, &b);
    if (st || strcmp(b->inputs_hash, fact(k, "inputs_sha256")) != 0)
        return st;
    b->origin.version = fact(k, "careround");
    snprintf(b->origin.program_hash, sizeof b->origin.program_hash, "%s", fact(k, "program_sha256"));
    st = scenario_bundle_write(b, k->file, 1);
    if (!st)
        st = keep_records(b, k);
    if (!st)
        st = write_table(b, k);
    if (!st)
        *ret_bundle = scenario_bundle_take(&b);
    return st;
}

/* The file is open, so it may be removed. */
static void reply_file(http_call *call, const char *path)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct MHD_Response *response =
        fd >= 0 && fstat(fd, &about) == 0 ? MHD_create_response_from_fd((size_t)about.st_size, fd) : NULL;
    if (!response) {
        if (fd >= 0)
            close(fd);
        http_reply_fault(call, CR_E_UPSTREAM);
        return;
    }
    call->n_answer = (size_t)about.st_size;
    http_reply(call, 200, response);
    http_add_header(call, "Content-Type", "application/zip");
}

static void zip_and_reply(http_call *call, const kept *k, const char *scratch)
{
    char path[DAY_FOLDER_PATH + 20], name[STORE_ID_SIZE + 20];
    cr_auto(scenario_bundle) bundle = NULL;
    cr_status st = make_bundle(call, k, scratch, &bundle);
    snprintf(path, sizeof path, "%s/" BUNDLE, scratch);
    snprintf(name, sizeof name, "%s.bundle", k->s->scenario_id);
    if (!st && bundle)
        st = scenario_bundle_zip(bundle, name, path);
    if (st)
        http_reply_fault(call, st);
    else if (!bundle)
        http_reply_problem(call, 409, "day", "The day cannot be read as it was",
                           "the service was started with another gazetteer, other roads, another timetable or other "
                           "defaults since");
    else
        reply_file(call, path);
}

static void reply_bundle(http_call *call, const kept *k)
{
    char scratch[DAY_FOLDER_PATH];
    cr_status st = http_scratch(call, scratch);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    zip_and_reply(call, k, scratch);
    day_folder_remove(scratch);
}

/* ---- which is asked for ---- */

/* NULL: the bundle, or the answer is set. */
static const scenario_form *find_form(http_call *call)
{
    char names[200] = BUNDLE;
    if (strcmp(call->part[4], BUNDLE) == 0)
        return NULL;
    for (const scenario_form *form = scenario_forms; form->name; form++) {
        if (strcmp(form->name, call->part[4]) == 0)
            return form;
        strcat(strcat(names, ", "), form->name);
    }
    http_reply_problem(call, 404, "not-found", "Not found", "there is no such file; there are %s", names);
    return NULL;
}

static void refuse_for_state(http_call *call, const store_scenario *s)
{
    http_reply_problem(call, 409, "state", "Not done", "the scenario is %s",
                       store_plan_state_name[store_scenario_state(s)]);
}

void http_get_scenario_file(http_call *call)
{
    const scenario_form *form = find_form(call);
    cr_auto(store_scenarios) found = call->response ? NULL : http_find_scenario(call);
    if (!found)
        return;
    if (form && store_scenario_state(&found->items[0]) != PLAN_DONE) {
        refuse_for_state(call, &found->items[0]);
        return;
    }
    kept k;
    cr_status st = open_kept(call, &found->items[0], &k);
    if (st)
        http_reply_fault(call, st);
    else if ((int32_t)json_array_size(k.records) != k.file->n_scenarios * k.file->n_seeds) /* deleted meanwhile */
        http_reply_not_found(call, "scenario");
    else if (form)
        reply_table(call, &k, form);
    else
        reply_bundle(call, &k);
    close_kept(&k);
}
