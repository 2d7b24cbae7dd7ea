/* The files of a day: found, decoded, laid into tables; settings merged over the defaults. */
#include "columns.h"
#include "near.h"
#include "reading.h"
#include "text_file.h"
#include "value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DAYS_MOST 7

/* ---- JSON ---- */

cr_status read_json_file(day_reading *r, const char *path, const char *file, json_t **ret_value)
{
    text_file text = {0};
    char message[300];
    cr_status st = text_file_read(path, &text, message, sizeof message);
    if (st == CR_E_NOMEM)
        return st;
    if (st) {
        findings_error(r->findings, (finding_at){file, 0, "", ""}, "%s", message);
        return CR_E_INPUT;
    }
    json_error_t error;
    json_t *value = json_loadb(text.text, text.size, JSON_REJECT_DUPLICATES, &error);
    text_file_done(&text);
    if (!value && json_error_code(&error) == json_error_out_of_memory)
        return CR_E_NOMEM;
    if (!value) {
        findings_error(r->findings, (finding_at){file, error.line, "", ""}, "not JSON at column %d: %s", error.column,
                       error.text);
        return CR_E_INPUT;
    }
    *ret_value = value;
    return CR_OK;
}

static cr_status unless_input(cr_status st)
{
    return st == CR_E_INPUT ? CR_OK : st; /* it is among the findings, go on */
}

/* ---- settings ---- */

const char *day_defaults_path(const day_read_options *options)
{
    if (options->defaults_path)
        return options->defaults_path;
    return access(CAREROUND_DATA_INSTALLED "/defaults.json", R_OK) == 0 ? CAREROUND_DATA_INSTALLED "/defaults.json"
                                                                        : CAREROUND_DATA_SOURCE "/defaults.json";
}

static cr_status read_defaults(day_reading *r)
{
    __attribute__((cleanup(json_drop))) json_t *defaults = NULL;
    cr_status st = read_json_file(r, day_defaults_path(r->options), "defaults.json", &defaults);
    return st ? st : settings_load_defaults(defaults, "defaults.json", r->strings, r->findings, &r->settings);
}

bool folder_has(const day_reading *r, const char *file, char *ret_path)
{
    int n = snprintf(ret_path, DAY_PATH_SIZE, "%s/%s", r->options->path, file);
    return n > 0 && n < DAY_PATH_SIZE && access(ret_path, F_OK) == 0;
}

/* Bands and modes that a list may name. What is wrong with them is for who put them there, not for who has the list. */
static cr_status read_settings_of_list(day_reading *r)
{
    __attribute__((cleanup(json_drop))) json_t *theirs = NULL;
    findings_book *unsaid = NULL;
    cr_status st = read_json_file(r, r->options->list_settings_path, "settings.json", &theirs);
    if (!st)
        st = findings_new(&unsaid);
    if (!st)
        st = settings_merge(&r->settings, theirs, "settings.json", r->strings, unsaid);
    findings_free(unsaid);
    return st;
}

static cr_status read_own_settings(day_reading *r)
{
    char path[DAY_PATH_SIZE];
    __attribute__((cleanup(json_drop))) json_t *own = NULL;
    if (r->root) {
        own = json_incref(json_object_get(r->root, "settings"));
    } else if (folder_has(r, "settings.json", path)) {
        cr_status st = read_json_file(r, path, "settings.json", &own);
        if (st)
            return unless_input(st);
    }
    r->settings_file = "settings.json";
    if (!own && r->options->list_settings_path)
        return unless_input(read_settings_of_list(r));
    return own ? settings_merge(&r->settings, own, r->settings_file, r->strings, r->findings) : CR_OK;
}

/* The earliest day that a visit names; CR_FREE: none. */
static int32_t earliest_date(const day_reading *r)
{
    const table *t = &r->tables[TABLE_VISITS];
    int32_t earliest = CR_FREE, days;
    for (int32_t i = 0; i < t->n_rows; i++)
        if (value_date(table_text(t, i, VISIT_DATE), &days) == NULL && (earliest == CR_FREE || days < earliest))
            earliest = days;
    return earliest;
}

/* The latest day that a visit or a shift names; CR_FREE: none. */
static int32_t latest_date(const day_reading *r)
{
    const table *visits = &r->tables[TABLE_VISITS], *carers = &r->tables[TABLE_CARERS];
    int32_t latest = CR_FREE, days; /* CR_FREE is below all days */
    for (int32_t i = 0; i < visits->n_rows; i++)
        if (value_date(table_text(visits, i, VISIT_DATE), &days) == NULL && days > latest)
            latest = days;
    for (int32_t i = 0; i < carers->n_rows; i++)
        if (*table_text(carers, i, CARER_SHIFT_START) && *table_text(carers, i, CARER_SHIFT_END) &&
            value_date(table_text(carers, i, CARER_DATE), &days) == NULL && days > latest)
            latest = days;
    return latest;
}

static int32_t earlier(int32_t a, int32_t b)
{
    return a == CR_FREE || (b != CR_FREE && b < a) ? b : a;
}

/* The service keeps a day under its date: settings that say another must not plan that one instead. */
static void doubt_date(day_reading *r)
{
    char name[11], ours[16];
    int32_t named;
    const finding_at at = {"settings.json", 0, "date", value_date_text(r->day0, ours)};
    snprintf(name, sizeof name, "%s", r->name);
    if (value_date(name, &named) || named == r->day0)
        return;
    if (r->options->is_list)
        findings_error(r->findings, at, "is not the date of this day, %s; leave it out", name);
    else
        findings_warning(r->findings, at, "is planned, though the folder is named %s", name);
}

/* The date: settings.json, or a folder or file named by it (2026-11-23), or the earliest that a visit names, be it
 * before the changes (before; CR_FREE: none). CR_FREE: it has none. */
static int32_t date_given(const day_reading *r, int32_t before)
{
    char name[11];
    int32_t named;
    if (r->settings.date_days != CR_FREE)
        return r->settings.date_days;
    snprintf(name, sizeof name, "%s", r->name);
    return value_date(name, &named) == NULL ? named : earlier(before, earliest_date(r));
}

/* before: what it was before the changes. Without any it is today. */
static void choose_date(day_reading *r, int32_t before)
{
    char text[16] = "";
    r->day0 = date_given(r, before);
    if (r->settings.date_days != CR_FREE)
        doubt_date(r);
    if (r->day0 != CR_FREE)
        return;
    time_t now = time(NULL);
    struct tm local;
    if (localtime_r(&now, &local))
        strftime(text, sizeof text, "%Y-%m-%d", &local);
    if (value_date(text, &r->day0))
        r->day0 = (int32_t)(now / 86400);
    if (findings_n_errors(r->findings) == 0) /* a date that was given and wrong has been named */
        findings_warning(r->findings, (finding_at){"settings.json", 0, "date", ""},
                         "not given, so the day is taken as today, %s", value_date_text(r->day0, text));
}

/* Changes may take away the last shift or visit of a day, but not the day: packages go on having visits on it. Where
 * they set another date, the days are those that rows name then. */
static void keep_days(day_reading *r, int32_t before, int32_t latest)
{
    bool is_moved = r->settings.date_days != CR_FREE && r->day0 != before;
    if (r->options->changes && !is_moved && latest >= r->day0 && latest - r->day0 < DAYS_MOST)
        r->n_days = latest - r->day0 + 1;
}

/* ---- columns.json ---- */

void check_mapping(day_reading *r, const char *file, const json_t *mapping, const table_kind *kind)
{
    const char *theirs;
    json_t *ours;
    if (!json_is_object(mapping))
        findings_error(r->findings, (finding_at){file, 0, kind->name, ""},
                       "must be an object: {\"Their heading\": \"our_column\"}");
    json_object_foreach((json_t *)mapping, theirs, ours)
    {
        finding_at at = {file, 0, theirs, json_is_string(ours) ? json_string_value(ours) : ""};
        if (json_is_null(ours))
            continue;
        if (!json_is_string(ours)) {
            findings_error(r->findings, at, "must be a column of %s, or null to leave it out", kind->file);
            continue;
        }
        const char *names[TABLE_MOST_COLUMNS];
        bool known = false;
        for (int32_t c = 0; c < kind->n_columns; c++) {
            names[c] = kind->columns[c].name;
            known = known || strcmp(names[c], at.value) == 0;
        }
        if (!known)
            findings_error(r->findings, at, "%s has no such column%s", kind->file,
                           findings_hint(r->findings, at.value, names, kind->n_columns));
    }
}

/* "visits" or "visits.csv". */
static int32_t find_kind(const char *name)
{
    for (int32_t k = 0; k < N_TABLES; k++)
        if (strcmp(name, table_kinds[k].name) == 0 || strcmp(name, table_kinds[k].file) == 0)
            return k;
    return CR_NONE;
}

static const char *kind_hint(day_reading *r, const char *name)
{
    const char *names[N_TABLES];
    for (int32_t k = 0; k < N_TABLES; k++)
        names[k] = table_kinds[k].name;
    return findings_hint(r->findings, name, names, N_TABLES);
}

static void split_mappings(day_reading *r, const json_t *columns, const json_t *ret_mapping[N_TABLES])
{
    const char *name;
    json_t *mapping;
    if (!json_is_object(columns))
        findings_error(r->findings, (finding_at){"columns.json", 0, "", ""},
                       "must be an object: {\"visits\": {\"Their heading\": \"our_column\"}}");
    json_object_foreach((json_t *)columns, name, mapping)
    {
        int32_t kind = find_kind(name);
        if (kind == CR_NONE) {
            findings_error(r->findings, (finding_at){"columns.json", 0, name, ""},
                           "must be visits, packages, carers, history, accepted, held_back, providers or matrix%s",
                           kind_hint(r, name));
            continue;
        }
        check_mapping(r, "columns.json", mapping, &table_kinds[kind]);
        ret_mapping[kind] = mapping;
    }
}

static cr_status load_columns(day_reading *r, json_t **ret_columns)
{
    char path[DAY_PATH_SIZE];
    if (r->root) {
        *ret_columns = json_incref(json_object_get(r->root, "columns"));
        return CR_OK;
    }
    return folder_has(r, "columns.json", path) ? unless_input(read_json_file(r, path, "columns.json", ret_columns))
                                               : CR_OK;
}

/* ---- tables ---- */

cr_status read_csv_file(day_reading *r, table *t, const char *path)
{
    text_file text = {0};
    char message[300];
    cr_status st = text_file_read(path, &text, message, sizeof message);
    if (st == CR_E_NOMEM)
        return st;
    if (st) {
        findings_error(r->findings, (finding_at){t->file, 0, "", ""}, "%s", message);
        return CR_OK;
    }
    if (text.encoding == TEXT_WINDOWS_1252)
        findings_warning(r->findings, (finding_at){t->file, 0, "", ""},
                         "not UTF-8, so read as Windows-1252; look whether names with accents came out right");
    st = table_read_csv(t, text.text, text.size, r->findings);
    text_file_done(&text);
    return st;
}

static bool has_file(day_reading *r, int32_t kind)
{
    char path[DAY_PATH_SIZE];
    return r->root ? json_object_get(r->root, table_kinds[kind].name) != NULL
                   : folder_has(r, table_kinds[kind].file, path) || folder_has(r, table_kinds[kind].name, path);
}

/* Packages may bring all the visits. */
static bool is_needed(day_reading *r, int32_t kind)
{
    return !r->options->is_list && (kind == TABLE_CARERS || (kind == TABLE_VISITS && !has_file(r, TABLE_PACKAGES)));
}

/* From the one file, or an array of a JSON day. */
static cr_status load_rows(day_reading *r, int32_t kind, const json_t *array, const json_t *mapping)
{
    table *t = &r->tables[kind];
    char path[DAY_PATH_SIZE];
    if (!array)
        folder_has(r, t->file, path);
    cr_status st = array ? table_read_json(t, array, r->findings) : read_csv_file(r, t, path);
    return st ? st : table_match_headings(t, mapping, r->findings);
}

static cr_status load_table(day_reading *r, int32_t kind, const json_t *mapping)
{
    table *t = &r->tables[kind];
    char path[DAY_PATH_SIZE];
    table_init(t, &table_kinds[kind], r->root ? table_kinds[kind].name : table_kinds[kind].file, r->strings);
    const json_t *array = r->root ? json_object_get(r->root, t->kind->name) : NULL;
    r->has_table[kind] = has_file(r, kind);
    if (!r->has_table[kind]) {
        if (is_needed(r, kind))
            findings_error(r->findings, (finding_at){t->file, 0, "", ""}, "is missing; a day needs visits and carers");
        return CR_OK;
    }
    bool in_parts = !r->root && folder_has(r, t->kind->name, path);
    cr_status st = in_parts ? read_table_lists(r, kind, mapping) : load_rows(r, kind, array, mapping);
    if (!st && is_needed(r, kind) && t->heading_of && t->n_rows == 0 && !t->broken)
        findings_error(r->findings, (finding_at){t->file, 0, "", ""}, "has no rows under the headings");
    return st;
}

static void check_root(day_reading *r)
{
    const char *name;
    json_t *value;
    if (!json_is_object(r->root))
        findings_error(r->findings, (finding_at){r->name, 0, "", ""},
                       "must be an object: {\"visits\": [...], \"carers\": [...]}");
    json_object_foreach(r->root, name, value) if (find_kind(name) == CR_NONE && strcmp(name, "settings") != 0 &&
                                                  strcmp(name, "columns") != 0 && strcmp(name, "$schema") != 0)
        findings_warning(r->findings, (finding_at){r->name, 0, name, ""}, "unknown, left out%s", kind_hint(r, name));
}

static const char *last_name(arena *strings, const char *path)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    return arena_copy_n(strings, path + begin, end - begin);
}

/* A folder, or a JSON file that then holds everything. */
static cr_status open_day(day_reading *r)
{
    struct stat about;
    const char *path = r->options->path;
    r->name = last_name(r->strings, path);
    if (stat(path, &about)) {
        findings_error(r->findings, (finding_at){path, 0, "", ""}, "cannot be read: %s", strerror(errno));
        return CR_E_INPUT;
    }
    if (S_ISDIR(about.st_mode))
        return CR_OK;
    cr_status st = read_json_file(r, path, r->name, &r->root);
    if (!st)
        check_root(r);
    return st;
}

cr_status read_tables(day_reading *r)
{
    __attribute__((cleanup(json_drop))) json_t *columns = NULL;
    const json_t *mapping[N_TABLES] = {NULL};
    cr_status st = open_day(r);
    if (!st)
        st = read_defaults(r);
    if (!st)
        st = read_own_settings(r);
    if (!st)
        st = load_columns(r, &columns);
    if (st)
        return st;
    if (columns)
        split_mappings(r, columns, mapping);
    for (int32_t kind = 0; !st && kind < N_TABLES; kind++)
        st = load_table(r, kind, mapping[kind]);
    int32_t before = date_given(r, CR_FREE), latest = latest_date(r);
    if (!st)
        st = change_tables(r);
    choose_date(r, before);
    keep_days(r, before, latest);
    return st;
}
