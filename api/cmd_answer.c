/* What plan, check, report and explain share: a day and a plan read, and answers written. */
#include "cmd.h"

#include "careround/file.h"

#include "words.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

cr_status cmd_read_day(const day_read_options *options, cr_day **ret_day)
{
    cr_auto(day_findings) findings = NULL;
    cr_status st = cr_day_read(options, ret_day, &findings);
    if (!*ret_day && findings)
        cmd_print_findings(findings, stderr);
    return st;
}

/* The rules may still hold on another day's input, so this is a warning. */
static void warn_of_another_day(const cr_day *day, const plan_origin *origin)
{
    char now[DAY_FINGERPRINT_SIZE];
    day_fingerprint(day, now);
    if (*origin->fingerprint && strcmp(now, origin->fingerprint) != 0)
        fprintf(stderr, "warning: the day has changed since the plan was made (then %s, now %s)\n", origin->fingerprint,
                now);
}

cr_status cmd_read_plan(const char *path, const cr_day *day, cr_plan **ret_plan, plan_origin *ret_origin)
{
    cr_auto(plan_faults) faults = NULL;
    cr_status st = plan_json_read(path, day, ret_plan, ret_origin, &faults);
    for (int32_t i = 0; faults && i < faults->n; i++)
        fprintf(stderr, "error: %s%s%s: %s\n", path, *faults->items[i].where ? ", " : "", faults->items[i].where,
                faults->items[i].text);
    if (!st)
        warn_of_another_day(day, ret_origin);
    return st;
}

void cmd_print_breaches(const cr_day *day, const cr_check *check, FILE *out)
{
    for (int32_t i = 0; i < check->n_breaches; i++) {
        char *text = words_breach(day, &check->breaches[i]);
        fprintf(out, "%s: %s\n", cr_rule_name(check->breaches[i].rule), text ? text : "");
        free(text);
    }
}

void cmd_print_accepted(const cr_day *day, const cr_check *check, FILE *out)
{
    for (int32_t i = 0; i < check->n_accepted; i++) {
        char *text = words_accepted_breach(day, &check->accepted[i]);
        fprintf(out, "accepted: %s: %s\n", cr_rule_name(check->accepted[i].rule), text ? text : "");
        free(text);
    }
}

static json_t *breaches_json(const cr_day *day, const cr_breach *breaches, int32_t n)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < n; i++) {
        char *text = words_breach(day, &breaches[i]);
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "rule", cr_rule_name(breaches[i].rule), "message", text ? text : ""));
        free(text);
    }
    return list;
}

json_t *cmd_breaches_json(const cr_day *day, const cr_check *check)
{
    return breaches_json(day, check->breaches, check->n_breaches);
}

json_t *cmd_accepted_json(const cr_day *day, const cr_check *check)
{
    return breaches_json(day, check->accepted, check->n_accepted);
}

json_t *cmd_terms_json(const cr_cost *cost)
{
    json_t *terms = json_object();
    for (int32_t t = 0; t < CR_TERM_N; t++)
        json_object_set_new(terms, cr_term_name((cr_term)t), json_integer(words_pence(cost->term[t])));
    json_object_set_new(terms, "total", json_integer(words_pence(cost->total)));
    return terms;
}

/* ---- writing ---- */

cr_status cmd_try_answer(const char *name, const answer_files *files)
{
    const struct {
        const char *path;
        cr_status (*can_write)(const char *path, char *message, size_t size);
    } goals[] = {
        {files->out, cr_file_try},      {files->html, cr_file_try},     {files->geojson, cr_file_try},
        {files->csv, write_folder_try}, {files->ics, write_folder_try},
    };
    cr_status all = CR_OK;
    for (size_t i = 0; i < sizeof goals / sizeof *goals; i++) {
        char message[500] = "out of memory";
        cr_status st = goals[i].path ? goals[i].can_write(goals[i].path, message, sizeof message) : CR_OK;
        if (st)
            fprintf(stderr, "careround %s: %s\n", name, message);
        all = all ? all : st;
    }
    return all;
}

static cr_status write_files(const answer_files *files, const answer *a, char *message, size_t size)
{
    cr_status st = CR_OK;
    if (files->out)
        st = write_file_whole(files->out, write_plan_json, a, message, size);
    if (files->html && !st)
        st = write_file_whole(files->html, write_html, a, message, size);
    if (files->geojson && !st)
        st = write_file_whole(files->geojson, write_geojson, a, message, size);
    if (files->csv && !st)
        st = write_folder(a, files->csv, message, size);
    if (files->ics && !st)
        st = write_calendars(a, files->ics, message, size);
    return st;
}

static void print_paths(const answer_files *files)
{
    const char *const paths[][2] = {
        {"the plan", files->out},    {"the page", files->html},
        {"the map", files->geojson}, {"run sheets, calendars, lists", files->csv},
        {"calendars", files->ics},
    };
    const char *before = "\nWritten\n";
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (!paths[i][1])
            continue;
        printf("%s  %-28s %s\n", before, paths[i][0], paths[i][1]);
        before = "";
    }
}

/* Lines are worth finding only where something draws them. */
static cr_status write_files_with_lines(const answer_files *files, const answer *a, char *message, size_t size)
{
    cr_auto(leg_lines) lines = NULL;
    answer drawn = *a;
    if (files->html || files->geojson || files->csv) {
        cr_status st = leg_lines_new(a->day, a->plan, a->itinerary, &lines);
        if (st)
            return st;
    }
    drawn.lines = lines;
    return write_files(files, &drawn, message, size);
}

cr_status cmd_write_answer(const char *name, const answer_files *files, const answer *a)
{
    char message[500] = "out of memory";
    cr_status st = write_files_with_lines(files, a, message, sizeof message);
    if (st) {
        fprintf(stderr, "careround %s: %s\n", name, message);
        return st;
    }
    st = files->json ? write_summary_json(a, stdout) : write_summary(a, stdout);
    if (!st && !files->json)
        print_paths(files);
    return st;
}
