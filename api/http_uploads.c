/* Uploads: one list, or several in a form, read and checked row by row before any of it is kept. */
#include "http.h"

#include "cmd.h"
#include "day_folder.h"
#include "problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FORM_MOST   16
#define FORM_BUFFER 4096

/* One list that came. */
typedef struct upload_part {
    store_upload about;
    char *content;
    size_t size, room;
    int32_t n_rows;
} upload_part;

/* ---- what it is ---- */

static bool is_table(const char *name)
{
    for (const char *const *t = day_folder_tables; *t; t++)
        if (strcmp(*t, name) == 0)
            return true;
    return false;
}

/* Settings, ready travel times and the like are about everybody's clients and carers. */
static bool is_for_providers(const char *table)
{
    static const char *const tables[] = {"visits", "packages", "carers", "history"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strcmp(table, tables[i]) == 0)
            return true;
    return false;
}

/* True, or the answer is set. */
static bool may_have(http_call *call, const char *table)
{
    if (call->scope != SCOPE_PROVIDER || is_for_providers(table))
        return true;
    http_reply_problem(call, 403, "scope", "Not for this token", "a provider has visits, packages, carers and history");
    return false;
}

static const char *table_of(http_call *call)
{
    char names[200] = "table:";
    if (is_table(call->part[3]))
        return may_have(call, call->part[3]) ? call->part[3] : NULL;
    for (const char *const *t = day_folder_tables; *t; t++)
        if (call->scope != SCOPE_PROVIDER || is_for_providers(*t))
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s %s",
                     strlen(names) > strlen("table:") ? "," : "", *t);
    http_reply_not_found(call, names);
    return NULL;
}

/* A day has settings once. True, or the answer is set. */
static bool may_put(http_call *call, const char *table, const char *provider)
{
    if (strcmp(table, "settings") != 0 || strcmp(provider, DAY_OWN_LIST) == 0)
        return true;
    http_reply_problem(call, 422, "provider", "Not a provider's", "settings are of the whole day; leave provider out");
    return false;
}

static const char *provider_of(http_call *call)
{
    const char *provider = http_query(call, "provider");
    if (call->scope == SCOPE_PROVIDER && provider && strcmp(provider, call->provider) != 0) {
        http_reply_problem(call, 403, "scope", "Not for this token", "the token is of another provider");
        return NULL;
    }
    if (!provider)
        return call->scope == SCOPE_PROVIDER ? call->provider : DAY_OWN_LIST;
    if (day_folder_is_name(provider))
        return provider;
    http_reply_problem(call, 422, "provider", "Not a provider",
                       "provider must be 1 to 64 letters, digits, '_', '-' or '.', beginning with a letter or digit");
    return NULL;
}

/* "json" or "csv"; NULL: neither, and the answer set. What says nothing is CSV, as settings are JSON. */
static const char *format_of(http_call *call, const char *table, const char *type)
{
    bool is_settings = strcmp(table, "settings") == 0;
    if (type && strncasecmp(type, "application/json", 16) == 0)
        return "json";
    if (is_settings && (!type || strncasecmp(type, "application/octet-stream", 24) == 0))
        return "json";
    if (!is_settings && (!type || strncasecmp(type, "text/", 5) == 0 || strncasecmp(type, "application/", 12) == 0))
        return "csv";
    http_reply_problem(call, 415, "type", "Not a type that is read here",
                       is_settings ? "settings are application/json" : "send text/csv or application/json");
    return NULL;
}

/* ---- checking ---- */

/* The settings that the newest version of the date has; none: it has none. */
static cr_status find_settings(cr_store *store, const char *date, store_bytes **ret_settings)
{
    cr_auto(store_days) day = NULL;
    cr_status st = store_get_day(store, date, 0, &day);
    for (int32_t i = 0; !st && day && i < day->items[0].n_parts; i++) {
        const store_upload *u = &day->items[0].parts[i];
        if (strcmp(u->table, "settings") == 0 && strcmp(u->provider, DAY_OWN_LIST) == 0)
            return store_get_content(store, u->upload_id, ret_settings);
    }
    return st;
}

/* Settings that come with a list in a form, or else those that are there, into a file beside the list. */
static cr_status put_settings(http_call *call, const char *path, const upload_part *part, const upload_part *sent,
                              bool *ret_any)
{
    cr_auto(store_bytes) kept = NULL;
    cr_status st = CR_OK;
    *ret_any = false;
    if (part == sent || strcmp(part->about.table, "settings") == 0)
        return CR_OK;
    if (!sent)
        st = find_settings(call->store, part->about.date, &kept);
    *ret_any = !st && (sent || kept);
    if (!*ret_any)
        return st;
    return sent ? day_folder_put_file(path, sent->content ? sent->content : "", sent->size)
                : day_folder_put_file(path, kept->bytes, kept->size);
}

static cr_status check_in(http_call *call, const char *scratch, const upload_part *part, const upload_part *settings,
                          int32_t *ret_n_rows, day_findings **ret_findings)
{
    char folder[DAY_FOLDER_PATH + 20], beside[DAY_FOLDER_PATH + 20];
    bool any_settings = false;
    day_read_options options = call->server->o.read;
    snprintf(folder, sizeof folder, "%s/%s", scratch, part->about.date);
    snprintf(beside, sizeof beside, "%s/settings.json", scratch);
    cr_status st = mkdir(folder, 0700) ? CR_E_UPSTREAM : CR_OK;
    if (!st)
        st = day_folder_put(folder, &part->about, part->content ? part->content : "", part->size);
    if (!st)
        st = put_settings(call, beside, part, settings, &any_settings);
    options.path = folder;
    options.list_settings_path = any_settings ? beside : NULL;
    options.list_provider = call->scope == SCOPE_PROVIDER ? call->provider : NULL;
    return st ? st : day_check_list(&options, ret_n_rows, ret_findings);
}

/* The findings of a list without errors; NULL: the answer is set. settings: what came with it; NULL: none. */
static json_t *check_part(http_call *call, upload_part *part, const upload_part *settings)
{
    char scratch[DAY_FOLDER_PATH];
    cr_auto(day_findings) findings = NULL;
    cr_status st = http_scratch(call, scratch);
    if (!st) {
        st = check_in(call, scratch, part, settings, &part->n_rows, &findings);
        day_folder_remove(scratch);
    }
    json_t *report = findings && (!st || st == CR_E_INPUT) ? cmd_findings_json(findings) : NULL;
    if (st == CR_E_INPUT && report) {
        http_reply_problem_json(call, problem_of_findings("nothing of this upload is kept", report));
        return NULL;
    }
    if (st || !report) {
        json_decref(report);
        http_reply_fault(call, st ? st : CR_E_NOMEM);
        return NULL;
    }
    if (part->n_rows > call->server->o.most_rows) {
        json_decref(report);
        http_reply_problem(call, 413, "size", "Too large", "%d rows; at most %d are read here", part->n_rows,
                           call->server->o.most_rows);
        return NULL;
    }
    return report;
}

/* ---- keeping ---- */

/* What a part is, for http_once: the same only for the same list. */
static json_t *words_of(const upload_part *part)
{
    char mapping[STORE_HASH_SIZE], content[STORE_HASH_SIZE];
    store_hash(part->about.mapping, strlen(part->about.mapping), mapping);
    store_hash(part->content ? part->content : "", part->size, content);
    return json_pack("[s, s, s, s, s, s]", part->about.date, part->about.table, part->about.provider,
                     part->about.format, mapping, content);
}

/* Keep a part; its receipt has the findings, which are taken over. */
static cr_status keep_part(http_call *call, const upload_part *part, json_t *report, json_t **ret_receipt,
                           bool *ret_is_new)
{
    store_receipt receipt;
    store_upload about = part->about;
    about.n_rows = part->n_rows;
    cr_status st =
        store_put_upload(call->store, &about, part->content ? part->content : "", part->size, http_act(call), &receipt);
    json_t *all = st ? NULL
                     : json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:b}", "upload", receipt.upload_id, "date", about.date,
                                 "table", about.table, "provider", about.provider, "version", (int)receipt.version,
                                 "rows", (int)part->n_rows, "is_new", receipt.is_new);
    if (all && call->scope != SCOPE_PROVIDER) /* it would count what others upload */
        json_object_set_new(all, "day_version", json_integer(receipt.day_version));
    if (all)
        json_object_update(all, report);
    json_decref(report);
    if (!all)
        return st ? st : CR_E_NOMEM;
    *ret_is_new = *ret_is_new || receipt.is_new;
    *ret_receipt = all;
    return CR_OK;
}

static void keep_one(http_call *call, const http_once *once, const upload_part *part, json_t *report)
{
    bool is_new = false;
    json_t *receipt = NULL;
    char location[80] = "";
    if (!http_once_begin(call, once, part->about.date)) {
        json_decref(report);
        return;
    }
    cr_status st = keep_part(call, part, report, &receipt, &is_new);
    if (receipt)
        snprintf(location, sizeof location, "/v1/uploads/%s", json_string_value(json_object_get(receipt, "upload")));
    http_once_reply(call, once, st, is_new ? 201 : 200, location, receipt);
}

void http_put_upload(http_call *call)
{
    const char *date = http_date(call, call->part[2]), *table = date ? table_of(call) : NULL;
    const char *provider = table ? provider_of(call) : NULL, *columns = http_query(call, "columns");
    if (provider && !may_put(call, table, provider))
        return;
    const char *format = provider ? format_of(call, table, http_header(call, "Content-Type")) : NULL;
    if (!format)
        return;
    upload_part part = {.about = {.date = date,
                                  .table = table,
                                  .provider = provider,
                                  .format = format,
                                  .mapping = columns ? columns : ""},
                        .content = call->body,
                        .size = call->size};
    http_once once;
    if (!http_once_look(call, words_of(&part), &once))
        return;
    json_t *report = check_part(call, &part, NULL);
    if (report)
        keep_one(call, &once, &part, report);
}

/* ---- several lists in a form: each field is named by its table ---- */

typedef struct form {
    http_call *call;
    upload_part parts[FORM_MOST];
    int32_t n;
    const char *provider;
} form;

static upload_part *part_of(form *f, const char *table)
{
    for (int32_t i = 0; i < f->n; i++)
        if (strcmp(f->parts[i].about.table, table) == 0)
            return &f->parts[i];
    return NULL;
}

/* A new field; NULL, and the answer set: it is none of ours. */
static upload_part *add_part(form *f, const char *key, const char *file, const char *type)
{
    const char *const *table = day_folder_tables;
    while (*table && strcmp(*table, key) != 0)
        table++;
    if (!*table) {
        http_reply_problem(f->call, 422, "field", "Not a field of ours",
                           "the field '%.40s' is no table; name each field by its table, as in visits=@visits.csv",
                           key);
        return NULL;
    }
    bool is_json = file && strlen(file) > 5 && strcasecmp(file + strlen(file) - 5, ".json") == 0;
    if (!may_have(f->call, *table) || !may_put(f->call, *table, f->provider))
        return NULL;
    const char *format =
        format_of(f->call, *table, is_json || strcmp(*table, "settings") == 0 ? "application/json" : type);
    if (!format)
        return NULL;
    upload_part *part = &f->parts[f->n++]; /* no more than there are tables */
    part->about = (store_upload){
        .date = f->call->part[2], .table = *table, .provider = f->provider, .format = format, .mapping = ""};
    return part;
}

static enum MHD_Result take_field(void *user, enum MHD_ValueKind kind, const char *key, const char *file,
                                  const char *type, const char *encoding, const char *data, uint64_t offset,
                                  size_t size)
{
    form *f = user;
    (void)kind;
    (void)encoding;
    if (!key) { /* a part that has no name, or none in quotes */
        if (!f->call->response)
            http_reply_problem(
                f->call, 422, "field", "A field without a name",
                "a part of the form has no name=\"...\"; name each by its table, as in visits=@visits.csv");
        return MHD_NO;
    }
    upload_part *part = part_of(f, key);
    if (f->call->response)
        return MHD_NO;
    if (part && offset == 0) {
        http_reply_problem(f->call, 422, "field", "A field twice", "the field '%.40s' is there twice", key);
        return MHD_NO;
    }
    if (!part && !(part = add_part(f, key, file, type)))
        return MHD_NO;
    if (part->size + size > part->room) {
        size_t room = (part->size + size) * 2 + FORM_BUFFER;
        char *grown = realloc(part->content, room);
        if (!grown) {
            http_reply_fault(f->call, CR_E_NOMEM);
            return MHD_NO;
        }
        part->content = grown;
        part->room = room;
    }
    if (size)
        memcpy(part->content + part->size, data, size);
    part->size += size;
    return MHD_YES;
}

static bool read_form(form *f)
{
    http_call *call = f->call;
    struct MHD_PostProcessor *reader = MHD_create_post_processor(call->connection, FORM_BUFFER, take_field, f);
    bool whole = reader && MHD_post_process(reader, call->body ? call->body : "", call->size) == MHD_YES;
    if (reader && MHD_destroy_post_processor(reader) != MHD_YES)
        whole = false;
    if (!call->response && (!whole || f->n == 0))
        http_reply_problem(call, 415, "form", "Not a form with lists",
                           "send multipart/form-data with a field for each table, or PUT a single list");
    return !call->response;
}

static json_t *words_of_form(const form *f)
{
    json_t *words = json_array();
    for (int32_t i = 0; i < f->n; i++)
        json_array_append_new(words, words_of(&f->parts[i]));
    return words;
}

/* All of them or none; reports are taken over. */
static void keep_all(form *f, const http_once *once, json_t *reports[FORM_MOST])
{
    json_t *receipts = json_array(), *receipt;
    bool any_new = false;
    cr_status st = CR_OK;
    for (int32_t i = 0; i < f->n; i++) {
        if (st)
            json_decref(reports[i]);
        else if (!(st = keep_part(f->call, &f->parts[i], reports[i], &receipt, &any_new)))
            json_array_append_new(receipts, receipt);
    }
    http_once_reply(f->call, once, st, any_new ? 201 : 200, NULL, json_pack("{s:o}", "uploads", receipts));
}

/* All are checked before the first is kept. */
static void keep_form(form *f)
{
    json_t *reports[FORM_MOST] = {NULL};
    http_once once;
    if (!http_once_look(f->call, words_of_form(f), &once))
        return;
    for (int32_t i = 0; i < f->n && !f->call->response; i++)
        reports[i] = check_part(f->call, &f->parts[i], part_of(f, "settings"));
    if (!f->call->response && http_once_begin(f->call, &once, f->call->part[2])) {
        keep_all(f, &once, reports);
        return;
    }
    for (int32_t i = 0; i < f->n; i++)
        json_decref(reports[i]);
}

void http_post_uploads(http_call *call)
{
    form f = {.call = call, .provider = http_date(call, call->part[2]) ? provider_of(call) : NULL};
    if (!f.provider)
        return;
    if (read_form(&f))
        keep_form(&f);
    for (int32_t i = 0; i < f.n; i++)
        free(f.parts[i].content);
}

void http_delete_upload(http_call *call)
{
    const char *date = http_date(call, call->part[2]), *table = date ? table_of(call) : NULL;
    const char *provider = table ? provider_of(call) : NULL;
    int32_t version;
    if (!provider)
        return;
    cr_status st = store_remove_upload(call->store, date, table, provider, http_act(call), &version);
    if (st)
        http_reply_fault(call, st);
    else if (version == 0)
        http_reply_not_found(call, "list");
    else
        http_reply_json(call, 200,
                        call->scope == SCOPE_PROVIDER
                            ? json_pack("{s:s}", "date", date)
                            : json_pack("{s:s, s:i}", "date", date, "day_version", (int)version));
}

/* ---- looking at them ---- */

/* Who put it there: a provider is told the names of its own tokens, and of others' only what they may ("coordinator").
 */
static json_t *by_json(const http_call *call, const store_upload *u)
{
    size_t n = strlen("provider:"), m = strlen(call->provider);
    bool is_theirs =
        call->scope == SCOPE_PROVIDER &&
        (strncmp(u->who, "provider:", n) != 0 || strncmp(u->who + n, call->provider, m) != 0 || u->who[n + m] != ' ');
    return json_stringn(u->who, is_theirs ? strcspn(u->who, " ") : strlen(u->who));
}

static json_t *upload_json(const http_call *call, const store_upload *u)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:i, s:I, s:s, s:o, s:o}", "upload", u->upload_id, "date", u->date,
                     "table", u->table, "provider", u->provider, "version", (int)u->version, "format", u->format,
                     "rows", (int)u->n_rows, "bytes", (json_int_t)u->size, "sha256", u->hash, "uploaded_at",
                     http_time(u->at_ms), "by", by_json(call, u));
}

void http_list_uploads(http_call *call)
{
    const char *date = http_date(call, call->part[2]), *table = date ? table_of(call) : NULL;
    const char *provider = http_query(call, "provider");
    cr_auto(store_uploads) list = NULL;
    if (!table || ((provider || call->scope == SCOPE_PROVIDER) && !(provider = provider_of(call))))
        return;
    cr_status st = store_list_uploads(call->store, date, table, provider, &list);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    json_t *items = json_array();
    for (int32_t i = 0; i < list->n; i++)
        json_array_append_new(items, upload_json(call, &list->items[i]));
    http_reply_json(call, 200, json_pack("{s:o}", "uploads", items));
}

/* The upload of the path; NULL: the answer is set. */
static store_uploads *find_upload(http_call *call)
{
    store_uploads *upload = NULL;
    cr_status st = store_get_upload(call->store, call->part[2], &upload);
    if (st)
        http_reply_fault(call, st);
    else if (!upload || (call->scope == SCOPE_PROVIDER && strcmp(upload->items[0].provider, call->provider) != 0)) {
        upload = store_uploads_free(upload); /* another's is not there: it is not said that it is */
        http_reply_not_found(call, "upload");
    }
    return upload;
}

void http_get_upload(http_call *call)
{
    cr_auto(store_uploads) upload = find_upload(call);
    if (upload)
        http_reply_json(call, 200, upload_json(call, &upload->items[0]));
}

void http_get_content(http_call *call)
{
    cr_auto(store_uploads) upload = find_upload(call);
    cr_auto(store_bytes) content = NULL;
    char etag[STORE_HASH_SIZE + 2];
    if (!upload)
        return;
    snprintf(etag, sizeof etag, "\"%s\"", upload->items[0].hash);
    if (http_has_it(call, etag))
        return;
    cr_status st = store_get_content(call->store, upload->items[0].upload_id, &content);
    if (st)
        http_reply_fault(call, st);
    else
        http_reply_bytes(call, strcmp(upload->items[0].format, "json") == 0 ? "application/json" : "text/csv", etag,
                         content ? content->bytes : "", content ? content->size : 0);
}
