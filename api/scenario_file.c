/* The scenario file: read, and everything wrong with it told at once. */
#include "scenario.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MOST     80                 /* bytes of a scenario's name */
#define ABOUT_MOST    2000               /* bytes of a title or an explanation */
#define PATH_MOST     4000               /* bytes */
#define COUNT_MOST    9007199254740992.0 /* 2^53: a double still counts by ones */
#define TIME_MOST_S   1e7
#define N_SEEDS_USUAL 5

typedef struct parsing {
    scenario_file *f;
    findings_book *findings;
} parsing;

__attribute__((format(printf, 4, 5))) static void wrong(parsing *p, const char *name, const char *value,
                                                        const char *format, ...)
{
    char text[500];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings_error(p->findings, (finding_at){p->f->file, 0, name, value}, "%s", text);
}

static const char *shown(const parsing *p, const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    char *text = json_is_number(value) ? json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) : NULL;
    const char *copy = arena_copy(p->f->strings, text ? text : "");
    free(text);
    return copy;
}

/* A text of 1 to `most` bytes in one line; NULL (and an error) otherwise, and where it is missing but needed. */
static const char *take_text(parsing *p, const json_t *object, const char *path, const char *name, size_t most,
                             bool is_needed)
{
    const json_t *value = json_object_get(object, name);
    const char *where = arena_print(p->f->strings, "%s%s%s", path, *path ? "." : "", name);
    const char *text = json_string_value(value);
    if (!value) {
        if (is_needed)
            wrong(p, where, "", "is missing");
        return NULL;
    }
    bool is_plain = text && strlen(text) == json_string_length(value) && *text && strlen(text) <= most;
    for (const char *c = is_plain ? text : ""; *c; c++)
        is_plain = is_plain && (unsigned char)*c >= 0x20 && *c != 0x7F;
    if (!is_plain) {
        wrong(p, where, "", "must be a text in one line of 1 to %zu bytes", most);
        return NULL;
    }
    return text;
}

static void check_names(parsing *p, const json_t *object, const char *path, const char *const *names, int32_t n)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        bool is_known = false;
        for (int32_t i = 0; i < n; i++)
            is_known = is_known || strcmp(names[i], name) == 0;
        if (!is_known)
            wrong(p, arena_print(p->f->strings, "%s%s%s", path, *path ? "." : "", name), "", "unknown%s",
                  findings_hint(p->findings, name, names, n));
    }
}

/* ---- paths ---- */

/* Paths count from the folder of the file. */
static const char *take_path(parsing *p, const char *file_path, const char *name, bool is_needed)
{
    const char *text = take_text(p, p->f->root, "", name, PATH_MOST, is_needed), *slash = strrchr(file_path, '/');
    if (!text || *text == '/' || !slash)
        return text;
    return arena_print(p->f->strings, "%.*s%s", (int)(slash - file_path + 1), file_path, text);
}

/* ---- seeds and limit ---- */

static bool is_count(const json_t *value, double least)
{
    double number = json_number_value(value);
    return json_is_number(value) && number >= least && number <= COUNT_MOST && number == floor(number);
}

static void take_seeds(parsing *p)
{
    const json_t *list = json_object_get(p->f->root, "seeds");
    size_t n = list ? json_array_size(list) : N_SEEDS_USUAL;
    if (list && (!json_is_array(list) || n < 1 || n > SEEDS_MOST)) {
        wrong(p, "seeds", shown(p, list), "must be a list of 1 to %d whole numbers: [1, 2, 3, 4, 5]", SEEDS_MOST);
        return;
    }
    p->f->seeds = arena_take_bytes(p->f->strings, n * sizeof *p->f->seeds);
    for (size_t i = 0; p->f->seeds && i < n; i++) {
        const json_t *seed = json_array_get(list, i);
        const char *where = arena_print(p->f->strings, "seeds[%zu]", i);
        if (list && !is_count(seed, 0)) {
            wrong(p, where, shown(p, seed), "must be a whole number, 0 or more");
            continue;
        }
        p->f->seeds[i] = list ? (int64_t)json_number_value(seed) : (int64_t)i + 1;
        for (size_t k = 0; k < i; k++)
            if (p->f->seeds[k] == p->f->seeds[i])
                wrong(p, where, shown(p, seed), "is there twice; the same run again would tell nothing new");
    }
    p->f->n_seeds = (int32_t)n;
}

static void take_limit(parsing *p)
{
    static const char *const names[] = {"iterations", "time_s"};
    const json_t *limit = json_object_get(p->f->root, "limit");
    const json_t *iterations = json_object_get(limit, "iterations"), *time_s = json_object_get(limit, "time_s");
    p->f->iterations = -1;
    p->f->time_s = -1;
    if (!json_is_object(limit) || !iterations == !time_s) {
        wrong(p, "limit", "",
              limit ? "must have iterations (the same table every time) or time_s (seconds for each run), one of them"
                    : "is missing; give {\"iterations\": 20000} or {\"time_s\": 30}");
        return;
    }
    check_names(p, limit, "limit", names, 2);
    if (iterations && !is_count(iterations, 1))
        wrong(p, "limit.iterations", shown(p, iterations), "must be a whole number, 1 or more");
    else if (iterations)
        p->f->iterations = (int64_t)json_number_value(iterations);
    double seconds = json_number_value(time_s);
    if (time_s && !(json_is_number(time_s) && seconds > 0 && seconds <= TIME_MOST_S))
        wrong(p, "limit.time_s", shown(p, time_s), "must be a number of seconds above 0");
    else if (time_s)
        p->f->time_s = seconds;
}

/* ---- scenarios ---- */

static void take_name(parsing *p, const json_t *object, const char *path, int32_t at)
{
    const char *name = take_text(p, object, path, "name", NAME_MOST, true);
    p->f->scenarios[at].name = name ? name : "";
    for (int32_t k = 0; name && k < at; k++)
        if (strcmp(p->f->scenarios[k].name, name) == 0)
            wrong(p, arena_print(p->f->strings, "%s.name", path), name,
                  k ? "is there twice; the table needs different names"
                    : "is the day without changes; give another name");
}

static void take_scenario(parsing *p, const json_t *object, int32_t at)
{
    static const char *const names[] = {"name", "about", "changes"};
    const char *path = arena_print(p->f->strings, "scenarios[%d]", at - 1);
    scenario *s = &p->f->scenarios[at];
    int32_t before;
    *s = (scenario){"", "", {p->f->file, arena_print(p->f->strings, "%s.changes", path), NULL}, false};
    if (!json_is_object(object)) {
        wrong(p, path, "", "must be an object: {\"name\": \"wider windows\", \"changes\": [...]}");
        return;
    }
    check_names(p, object, path, names, 3);
    take_name(p, object, path, at);
    const char *about = take_text(p, object, path, "about", ABOUT_MOST, false);
    s->about = about ? about : "";
    s->changes.list = json_object_get(object, "changes");
    before = findings_n_errors(p->findings);
    if (s->changes.list)
        changes_check(&s->changes, p->f->strings, p->findings);
    else
        wrong(p, s->changes.where, "", "is missing");
    if (json_is_array(s->changes.list) && json_array_size(s->changes.list) == 0)
        wrong(p, s->changes.where, "", "is empty; the day without changes is compared anyway, as \"base\"");
    s->is_sound = findings_n_errors(p->findings) == before;
}

static void take_scenarios(parsing *p)
{
    const json_t *list = json_object_get(p->f->root, "scenarios");
    size_t n = json_array_size(list);
    if (!json_is_array(list) || n < 1 || n > SCENARIOS_MOST) {
        wrong(p, "scenarios", "",
              list ? "must be a list of 1 to %d scenarios" : "is missing; give a list of 1 to %d scenarios",
              SCENARIOS_MOST);
        return;
    }
    p->f->scenarios = arena_take_bytes(p->f->strings, (n + 1) * sizeof *p->f->scenarios);
    if (!p->f->scenarios)
        return;
    p->f->scenarios[0] = (scenario){"base", "the day as it is", {p->f->file, "", NULL}, true};
    for (size_t i = 0; i < n; i++)
        take_scenario(p, json_array_get(list, i), (int32_t)i + 1);
    p->f->n_scenarios = (int32_t)n + 1;
}

/* ---- the whole ---- */

static void take_all(parsing *p, const char *path)
{
    static const char *const names[] = {"$schema", "title",    "about", "day",       "gazetteer", "roads",
                                        "limit",   "defaults", "seeds", "scenarios", "gtfs"};
    scenario_file *f = p->f;
    if (!json_is_object(f->root)) {
        wrong(p, "", "", "must be an object: {\"day\": ..., \"limit\": ..., \"scenarios\": [...]}");
        return;
    }
    check_names(p, f->root, "", names, sizeof names / sizeof *names);
    const char *title = take_text(p, f->root, "", "title", ABOUT_MOST, false);
    f->title = title ? title : "";
    f->day_path = take_path(p, path, "day", true);
    f->gazetteer_path = take_path(p, path, "gazetteer", false);
    f->roads_path = take_path(p, path, "roads", false);
    f->gtfs_path = take_path(p, path, "gtfs", false);
    f->defaults_path = take_path(p, path, "defaults", false);
    take_seeds(p);
    take_limit(p);
    take_scenarios(p);
}

/* Where it lies, and its name for messages. */
static cr_status new_file(const char *path, scenario_file **ret_file)
{
    cr_auto(scenario_file) f = calloc(1, sizeof *f);
    const char *slash = strrchr(path, '/');
    if (!f || arena_new(&f->strings))
        return CR_E_NOMEM;
    f->file = arena_copy(f->strings, slash ? slash + 1 : path);
    *ret_file = scenario_file_take(&f);
    return CR_OK;
}

cr_status scenario_file_take_json(json_t *root, const char *path, findings_book *findings, scenario_file **ret_file)
{
    cr_auto(scenario_file) f = NULL;
    cr_status st = root ? new_file(path, &f) : CR_E_NOMEM;
    if (st) {
        json_decref(root);
        return st;
    }
    f->root = root;
    take_all(&(parsing){f, findings}, path);
    if (arena_failed(f->strings))
        return CR_E_NOMEM;
    *ret_file = scenario_file_take(&f);
    return CR_OK;
}

cr_status scenario_file_parse(const char *text, size_t size, const char *path, findings_book *findings,
                              scenario_file **ret_file)
{
    cr_auto(scenario_file) f = NULL;
    json_error_t error;
    int32_t before = findings_n_errors(findings);
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!root && json_error_code(&error) == json_error_out_of_memory)
        return CR_E_NOMEM;
    cr_status st = root ? scenario_file_take_json(root, path, findings, &f) : new_file(path, &f);
    if (st)
        return st;
    if (!root)
        findings_error(findings, (finding_at){f->file, error.line, "", ""}, "not JSON at column %d: %s", error.column,
                       error.text);
    if (findings_n_errors(findings) > before)
        return CR_E_INPUT;
    *ret_file = scenario_file_take(&f);
    return CR_OK;
}

scenario_file *scenario_file_free(scenario_file *file)
{
    if (file) {
        json_decref(file->root);
        arena_free(file->strings);
        free(file);
    }
    return NULL;
}
