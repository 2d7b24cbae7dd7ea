/* careround scenario run FILE, careround scenario repeat BUNDLE: a day and changes to it, several seeds each, compared.
 *
 * Every finished run is kept in the bundle at once, so that a run stopped or killed at any moment goes on where it was.
 */
#include "cmd.h"
#include "scenario.h"
#include "text_file.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "usage: careround scenario run FILE [options]      plan a day and changes to it, and compare\n"
    "       careround scenario run BUNDLE [options]    go on with a run, from what its folder holds\n"
    "       careround scenario repeat BUNDLE [options] plan all of it again, and say whether it comes to the same\n\n"
    "FILE names a day, a list of scenarios, the seeds and a limit (docs/scenarios.md). Each scenario is planned with "
    "each\n"
    "seed on all cores, and every plan is checked. The table goes to standard output and, as text, CSV, JSON and one\n"
    "page, into the bundle, a folder from which anybody repeats it. Runs that are done are kept: the same command "
    "again\n"
    "goes on where the last one was stopped. Status 4 if a plan breaks a rule, or if a repeat with an iteration limit\n"
    "comes to something else.\n\n"
    "      --out FOLDER     the bundle (default: FILE without .json, with .bundle, in the current folder; for repeat\n"
    "                       BUNDLE.repeat)\n"
    "      --threads N      cores to use (default: all): so many runs at a time where iterations are the limit, and "
    "the\n"
    "                       table is the same on any number; else one run at a time on all of them\n"
    "      --json           the table as JSON on standard output\n"
    "      --gazetteer FILE postcodes, as for 'careround plan'; these four go before what FILE says\n"
    "      --roads FILE     roads, as for 'careround plan'\n"
    "      --gtfs FILE      a timetable, as for 'careround plan'\n"
    "      --defaults FILE  instead of the defaults.json that came with careround\n";

typedef struct scenario_options {
    day_read_options read; /* paths given on the command line */
    const char *path, *out;
    double n_threads; /* 0: all cores */
    bool is_repeat, json;
} scenario_options;

static int parse_options(int argc, char **argv, scenario_options *o, bool *ret_go_on)
{
    /* no --router: a bundle cannot hold what a server would answer tomorrow */
    static const struct option options[] = {{"gazetteer", required_argument, NULL, CMD_OPT_GAZETTEER},
                                            {"roads", required_argument, NULL, CMD_OPT_ROADS},
                                            {"gtfs", required_argument, NULL, CMD_OPT_GTFS},
                                            {"defaults", required_argument, NULL, CMD_OPT_DEFAULTS},
                                            {"out", required_argument, NULL, 'o'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "ho:", options, NULL)) != -1;) {
        switch (c) {
        case 'o':
            o->out = optarg;
            break;
        case 't':
            if (!cmd_option_count("scenario", "threads", optarg, 1, 1024, &o->n_threads))
                return EXIT_USAGE;
            break;
        case 'j':
            o->json = true;
            break;
        case 'h':
            fputs(help, stdout);
            return EXIT_DONE;
        default:
            if (!cmd_take_day_option(c, optarg, &o->read))
                return cmd_usage_error("scenario", "see above");
        }
    }
    if (optind + 2 != argc)
        return cmd_usage_error("scenario", "give run and a FILE, or repeat and a BUNDLE");
    o->is_repeat = strcmp(argv[optind], "repeat") == 0;
    if (!o->is_repeat && strcmp(argv[optind], "run") != 0)
        return cmd_usage_error("scenario", "'%s' must be run or repeat", argv[optind]);
    o->path = argv[optind + 1];
    *ret_go_on = true;
    return EXIT_DONE;
}

/* ---- reading ---- */

static cr_status read_file(const char *path, scenario_file **ret_file)
{
    findings_book *book = NULL;
    cr_auto(day_findings) findings = NULL;
    text_file text = {0};
    char message[300];
    cr_status st = text_file_read(path, &text, message, sizeof message);
    if (st) {
        fprintf(stderr, "error: %s: %s\n", path, message);
        return st == CR_E_NOMEM ? st : CR_E_INPUT;
    }
    st = findings_new(&book);
    if (!st)
        st = scenario_file_parse(text.text, text.size, path, book, ret_file);
    text_file_done(&text);
    if (st == CR_E_INPUT && findings_publish(&book, &findings) == CR_OK)
        cmd_print_findings(findings, stderr);
    findings_free(book);
    return st;
}

/* The command line goes before the file. */
static day_read_options read_options(const scenario_options *o, const scenario_file *f)
{
    day_read_options read = o->read;
    read.path = f->day_path;
    read.gazetteer_path = read.gazetteer_path ? read.gazetteer_path : f->gazetteer_path;
    read.roads_path = read.roads_path ? read.roads_path : f->roads_path;
    read.gtfs_path = read.gtfs_path ? read.gtfs_path : f->gtfs_path;
    read.defaults_path = read.defaults_path ? read.defaults_path : f->defaults_path;
    return read;
}

static void print_findings(void *user, const scenario *of, const day_findings *findings)
{
    (void)user;
    fprintf(stderr, "%s:\n", of->name);
    cmd_print_findings(findings, stderr);
}

static void be_quiet(void *user, const scenario *of, const day_findings *findings)
{
    (void)user;
    (void)of;
    (void)findings;
}

/* Quiet: what is odd has been told, of the files that these are the copies of. A day that is planned "today" would be
 * another one at the next run. */
static cr_status read_days(const scenario_file *f, const day_read_options *read, bool is_quiet, scenario_days *ret_days)
{
    cr_status st = scenario_days_read(f, read, is_quiet ? be_quiet : print_findings, NULL, ret_days);
    if ((st && st != CR_E_INPUT) || !ret_days->lacks_date)
        return st;
    fprintf(stderr,
            "error: %s, day '%s': has no date; a repeat would be of another day. Give it a date in its settings\n",
            f->file, f->day_path);
    return CR_E_INPUT;
}

/* ---- the answer ---- */

static cr_status answer_with_table(const scenario_options *o, const scenario_work *w, const scenario_work_done *done,
                                   const scenario_days *days, bool *ret_is_sound)
{
    cr_auto(scenario_table) table = NULL;
    words dates = words_dates(days->base);
    const scenario_facts facts = {.day_name = days->base->name,
                                  .date = dates.text,
                                  .travel = days->base->travel_source,
                                  .inputs = w->bundle->inputs_hash,
                                  .notes = days->notes};
    cr_status st = scenario_table_new(w->file, &facts, done->records, &table);
    if (!st)
        st = scenario_forms_write(w->bundle, table);
    if (!st)
        st = o->json ? scenario_write_json(table, stdout) : scenario_write_text(table, stdout);
    *ret_is_sound = !st && scenario_table_is_sound(table);
    return st;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* Run by run against the bundle that is repeated: the same plans? */
static bool is_repeated(const scenario_file *f, const json_t *records, const char *folder, const json_t *bundle)
{
    const json_t *run;
    size_t i;
    int32_t n_same = 0, n_missing = 0, n_all = f->n_scenarios * f->n_seeds;
    json_array_foreach(json_object_get(bundle, "runs"), i, run)
    {
        json_t *then = scenario_bundle_record(folder, text_of(run, "key"));
        const json_t *now = json_array_get(records, i);
        bool is_same = then && strcmp(text_of(then, "plan_sha256"), text_of(now, "plan_sha256")) == 0 &&
                       json_equal(json_object_get(then, "figures"), json_object_get(now, "figures"));
        if (!then)
            n_missing++;
        else if (!is_same)
            fprintf(stderr, "%s, seed %lld: another plan than in %s\n", text_of(run, "scenario"),
                    (long long)json_integer_value(json_object_get(run, "seed")), folder);
        n_same += is_same;
        json_decref(then);
    }
    fprintf(stderr, "careround scenario: %d of %d runs came to the same plan", n_same, n_all);
    if (n_missing)
        fprintf(stderr, "; %d had not been done", n_missing);
    fputs(f->time_s >= 0 ? " (with a limit of time they need not)\n" : "\n", stderr);
    return n_same == n_all || f->time_s >= 0;
}

static cr_status do_work(const scenario_options *o, const scenario_work *w, const json_t *repeated, bool *ret_is_sound)
{
    scenario_days days = {NULL};
    scenario_work_done done = {NULL};
    cmd_watch_signals();
    cr_status st = scenario_bundle_write(w->bundle, w->file, w->n_threads);
    if (!st)
        st = read_days(w->file, w->read, true, &days);
    if (!st)
        st = scenario_work_do(w, &done);
    if (!st && done.n_kept)
        fprintf(stderr, "careround scenario: %d runs were kept from before, %d done now\n", done.n_kept, done.n_done);
    if (!st && done.is_stopped)
        fprintf(stderr, "careround scenario: stopped; the same command again goes on (%s)\n", w->bundle->folder);
    else if (!st)
        st = answer_with_table(o, w, &done, &days, ret_is_sound);
    if (!st && !done.is_stopped && repeated)
        *ret_is_sound = is_repeated(w->file, done.records, o->path, repeated) && *ret_is_sound;
    json_decref(done.records);
    scenario_days_done(&days);
    return st;
}

static cr_status run_in_bundle(const scenario_options *o, const scenario_bundle *bundle, const json_t *repeated,
                               bool *ret_is_sound)
{
    cr_auto(scenario_file) f = NULL;
    cr_status st = read_file(scenario_bundle_path(bundle, "inputs/scenarios.json"), &f);
    if (st)
        return st;
    day_read_options read = read_options(&(scenario_options){0}, f);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    scenario_work w = {.file = f, .bundle = bundle, .read = &read};
    w.n_threads = o->n_threads >= 1 ? (int32_t)o->n_threads : cores > 0 ? (int32_t)cores : 1;
    return do_work(o, &w, repeated, ret_is_sound);
}

/* ---- the whole ---- */

/* Where the bundle goes. Yours to free; NULL without memory. */
static char *out_of(const scenario_options *o, bool is_bundle)
{
    char *out = NULL;
    const char *slash = strrchr(o->path, '/'), *name = slash ? slash + 1 : o->path;
    size_t n = strlen(name);
    if (o->out)
        return strdup(o->out);
    if (o->is_repeat) {
        n = strlen(o->path);
        while (n > 1 && o->path[n - 1] == '/')
            n--;
        return asprintf(&out, "%.*s.repeat", (int)n, o->path) < 0 ? NULL : out;
    }
    if (is_bundle)
        return strdup(o->path);
    if (n > 5 && strcmp(name + n - 5, ".json") == 0)
        n -= 5;
    return asprintf(&out, "%.*s.bundle", (int)n, name) < 0 ? NULL : out;
}

/* Everything is read where it lies before anything is written. */
static cr_status check_inputs(const scenario_file *f, const day_read_options *read)
{
    scenario_days days = {NULL};
    cr_status st = read_days(f, read, false, &days);
    scenario_days_done(&days);
    return st;
}

static cr_status open_and_run(const scenario_options *o, const char *path, bool is_bundle, const json_t *repeated,
                              bool *ret_is_sound)
{
    cr_auto(scenario_file) f = NULL;
    cr_auto(scenario_bundle) bundle = NULL;
    cr_status st = read_file(path, &f);
    if (st)
        return st;
    day_read_options read = read_options(o, f);
    char *out = out_of(o, is_bundle);
    st = out ? check_inputs(f, &read) : CR_E_NOMEM;
    if (!st)
        st = scenario_bundle_open(f, &read, out, &bundle);
    free(out);
    return st ? st : run_in_bundle(o, bundle, o->is_repeat ? repeated : NULL, ret_is_sound);
}

int cmd_scenario(int argc, char **argv)
{
    scenario_options o = {0};
    bool go_on, is_sound = true;
    struct stat about;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    bool is_bundle = o.is_repeat || (stat(o.path, &about) == 0 && S_ISDIR(about.st_mode));
    json_t *bundle = NULL;
    char *path = NULL;
    cr_status st = asprintf(&path, "%s%s", o.path, is_bundle ? "/inputs/scenarios.json" : "") < 0 ? CR_E_NOMEM : CR_OK;
    if (!st && is_bundle)
        st = scenario_bundle_verify(o.path, &bundle);
    if (!st)
        st = open_and_run(&o, path, is_bundle, bundle, &is_sound);
    free(path);
    json_decref(bundle);
    return st ? cmd_exit_status(st) : is_sound ? EXIT_DONE : EXIT_CHECK;
}
