/* A table of several lists: one of each provider, say, each in the form that its provider's system writes.
 *
 * In the folder visits/ of a day every NAME.csv and NAME.json is such a list, with its own headings, delimiter and
 * encoding; NAME.columns.json gives its headings our names. Each is read like the one file of a plain day, then its
 * rows are put under our columns' names. Messages name the list and its own rows.
 */
#include "reading.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n > m && strcmp(name + n - m, ending) == 0;
}

static int is_list(const struct dirent *entry)
{
    const char *name = entry->d_name;
    return *name != '.' && (ends_in(name, ".csv") || (ends_in(name, ".json") && !ends_in(name, ".columns.json")));
}

/* By bytes, whatever the locale: the order of rows must not depend on it. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static cr_status read_json_list(day_reading *r, table *part, const char *path)
{
    __attribute__((cleanup(json_drop))) json_t *array = NULL;
    cr_status st = read_json_file(r, path, part->file, &array);
    return st ? st : table_read_json(part, array, r->findings);
}

/* NAME.columns.json beside the list. */
static cr_status read_mapping(day_reading *r, int32_t kind, const char *file, json_t **ret_mapping)
{
    char path[DAY_PATH_SIZE], name[DAY_PATH_SIZE];
    int n = snprintf(name, sizeof name, "%.*s.columns.json", (int)(strrchr(file, '.') - file), file);
    if (n < 0 || n >= DAY_PATH_SIZE || !folder_has(r, name, path))
        return CR_OK;
    cr_status st = read_json_file(r, path, name, ret_mapping);
    if (!st)
        check_mapping(r, arena_copy(r->strings, name), *ret_mapping, &table_kinds[kind]);
    return st;
}

static cr_status read_part(day_reading *r, int32_t kind, const char *file, const json_t *common)
{
    char path[DAY_PATH_SIZE];
    __attribute__((cleanup(json_drop))) json_t *own = NULL;
    table part;
    table_init(&part, &table_kinds[kind], file, r->strings);
    folder_has(r, file, path);
    cr_status st = read_mapping(r, kind, file, &own);
    if (!st)
        st = ends_in(file, ".json") ? read_json_list(r, &part, path) : read_csv_file(r, &part, path);
    if (!st)
        st = table_match_headings(&part, own ? own : common, r->findings);
    if (!st)
        st = table_append(&r->tables[kind], &part);
    table_done(&part);
    return st == CR_E_INPUT ? CR_OK : st; /* it is among the findings */
}

static cr_status read_listed(day_reading *r, int32_t kind, struct dirent *const *entries, int n, const json_t *mapping)
{
    char path[DAY_PATH_SIZE];
    cr_status st = CR_OK;
    if (folder_has(r, table_kinds[kind].file, path))
        st = read_part(r, kind, table_kinds[kind].file, mapping);
    for (int i = 0; !st && i < n; i++)
        st = read_part(r, kind, arena_print(r->strings, "%s/%s", table_kinds[kind].name, entries[i]->d_name), mapping);
    return st;
}

cr_status read_table_lists(day_reading *r, int32_t kind, const json_t *mapping)
{
    char path[DAY_PATH_SIZE];
    struct dirent **entries = NULL;
    folder_has(r, table_kinds[kind].name, path);
    int n = scandir(path, &entries, is_list, compare_names);
    if (n < 0 && errno == ENOMEM)
        return CR_E_NOMEM;
    if (n < 0)
        findings_error(r->findings, (finding_at){table_kinds[kind].name, 0, "", ""}, "cannot be read: %s",
                       strerror(errno));
    cr_status st = read_listed(r, kind, entries, n, mapping);
    for (int i = 0; i < n; i++)
        free(entries[i]);
    free(entries);
    return st;
}
