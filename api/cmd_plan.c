/* careround plan DAY: read, solve, check, write. */
#include "cmd.h"
#include "plan_run.h"
#include "value.h"
#include "words.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_TIME_S 10

static const char help[] =
    "usage: careround plan DAY [options]\n\n"
    "DAY is a folder of CSV files (visits.csv, carers.csv, ...) or one JSON file with the same content;\n"
    "docs/input.md describes both. A summary goes to standard output.\n\n"
    "      --format vroom   FILE ('-': standard input) is VROOM's JSON, and so is the answer; docs/vroom.md\n\n"
    "How long to search (default: --time 10)\n"
    "      --time S         seconds of search; Ctrl-C stops earlier and keeps the best plan so far. To find why\n"
    "                       visits are not placed takes at most 10 more\n"
    "      --iterations N   so many steps of search instead: the same input and seed then give the same plan\n"
    "      --bound S        seconds more for a proved lower bound of the cost (default: as long as the search, at\n"
    "                       most 15; above 1,500 visits a first look only; no bound with --iterations or --bound 0)\n"
    "      --seed K         of the random numbers (default 1)\n"
    "      --published PLAN the rota that people know (plan.json): each change of carer and each moved start costs\n"
    "      --threads N      that search side by side, and for the bound (default 1)\n\n"
    "What to write (each file appears whole or not at all)\n"
    "      --out FILE       the plan for programs and for 'careround check' (plan.json)\n"
    "      --html FILE      one page with everything, for the eye\n"
    "      --csv FOLDER     run sheets, calendars and lists: a file for each carer and client, and rota.geojson\n"
    "      --ics FOLDER     only the calendars, one for each carer\n"
    "      --geojson FILE   rounds and visits for map programs\n"
    "      --json           findings, or the summary of the plan, as JSON on standard output\n\n"
    "How to read\n"
    "      --dry-run        only read and check the input\n"
    "      --skip-bad-rows  plan the good rows; the bad ones go to rejected.csv with their reasons (status stays 3)\n"
    "      --rejected FILE  where the bad rows go (default: rejected.csv beside --out, or in the current folder)\n"
    "      --gazetteer FILE postcodes, made by 'careround gazetteer build' (default: postcodes.gaz in the folder)\n"
    "      --roads FILE     travel by road, made by 'careround roads build' (default: area.roads in the folder)\n"
    "      --gtfs FILE      a timetable (GTFS) for carers of mode transit\n"
    "      --defaults FILE  instead of the defaults.json that came with careround\n\n"
    "Outside services (docs/services.md; none is asked unless it is named here)\n"
    "      --router [MODE:]KIND=URL   travel by a router: osrm (for one mode, car if none is given) or valhalla\n"
    "      --router-profile MODE=NAME its profile or costing for car, bicycle or foot\n"
    "      --router-unanswered WHAT   ways that it does not answer: error (default) or estimate by straight line\n"
    "      --geocoder KIND=URL        places of addresses (nominatim) or of postcodes (postcodes.io) without one\n"
    "      --geocoder-cache FILE      what was found is kept there and not asked again\n"
    "      --geocoder-rate R          requests a second (default: 1 of Nominatim)\n"
    "      --service-timeout S        seconds for one request (default: 60)\n"
    "      --service-tries N          how often one is asked before giving up (default: 5)\n";

enum {
    OPT_DRY_RUN = 256,
    OPT_FORMAT,
    OPT_SKIP_BAD_ROWS,
    OPT_REJECTED,
    OPT_JSON,
    OPT_TIME,
    OPT_ITERATIONS,
    OPT_BOUND,
    OPT_SEED,
    OPT_THREADS,
    OPT_PUBLISHED,
    OPT_OUT,
    OPT_HTML,
    OPT_CSV,
    OPT_ICS,
    OPT_GEOJSON,
};

typedef struct plan_options {
    day_read_options read;
    bool dry_run, is_vroom;
    double time_s, iterations, bound_s, seed, threads; /* time, iterations and bound < 0: not given */
    const char *rejected_path, *published_path;
    answer_files files;
} plan_options;

static const struct option long_options[] = {
    {"dry-run", no_argument, NULL, OPT_DRY_RUN},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"skip-bad-rows", no_argument, NULL, OPT_SKIP_BAD_ROWS},
    {"rejected", required_argument, NULL, OPT_REJECTED},
    CMD_DAY_OPTIONS,
    {"json", no_argument, NULL, OPT_JSON},
    {"time", required_argument, NULL, OPT_TIME},
    {"iterations", required_argument, NULL, OPT_ITERATIONS},
    {"bound", required_argument, NULL, OPT_BOUND},
    {"seed", required_argument, NULL, OPT_SEED},
    {"threads", required_argument, NULL, OPT_THREADS},
    {"published", required_argument, NULL, OPT_PUBLISHED},
    {"out", required_argument, NULL, OPT_OUT},
    {"html", required_argument, NULL, OPT_HTML},
    {"csv", required_argument, NULL, OPT_CSV},
    {"ics", required_argument, NULL, OPT_ICS},
    {"geojson", required_argument, NULL, OPT_GEOJSON},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* ---- options ---- */

/* False if the option is wrong; that is said on standard error. */
static bool take_option(int c, plan_options *o)
{
    switch (c) {
    case OPT_DRY_RUN:
        o->dry_run = true;
        return true;
    case OPT_FORMAT:
        o->is_vroom = strcmp(optarg, "vroom") == 0;
        return o->is_vroom ||
               (cmd_usage_error("plan", "--format '%s' is not known: vroom is, a DAY needs none", optarg), false);
    case OPT_SKIP_BAD_ROWS:
        o->read.skip_bad_rows = true;
        return true;
    case OPT_REJECTED:
        o->rejected_path = optarg;
        return true;
    case OPT_JSON:
        o->files.json = true;
        return true;
    case OPT_TIME:
        return cmd_option_number("plan", "time", optarg, 0, 1e7, &o->time_s);
    case OPT_ITERATIONS:
        return cmd_option_count("plan", "iterations", optarg, 0, CMD_COUNT_MOST, &o->iterations);
    case OPT_BOUND:
        return cmd_option_number("plan", "bound", optarg, 0, 1e7, &o->bound_s);
    case OPT_SEED:
        return cmd_option_count("plan", "seed", optarg, 0, CMD_COUNT_MOST, &o->seed);
    case OPT_THREADS:
        return cmd_option_count("plan", "threads", optarg, 1, 1024, &o->threads);
    case OPT_PUBLISHED:
        o->published_path = optarg;
        return true;
    case OPT_OUT:
        o->files.out = optarg;
        return true;
    case OPT_HTML:
        o->files.html = optarg;
        return true;
    case OPT_CSV:
        o->files.csv = optarg;
        return true;
    case OPT_ICS:
        o->files.ics = optarg;
        return true;
    case OPT_GEOJSON:
        o->files.geojson = optarg;
        return true;
    default:
        return cmd_take_day_option(c, optarg, &o->read) || (cmd_usage_error("plan", "see above"), false);
    }
}

/* Are only those options given that mean something there? */
static bool fits_vroom(const plan_options *o)
{
    const answer_files *files = &o->files;
    return !o->dry_run && !o->read.skip_bad_rows && !o->rejected_path && !o->published_path && o->bound_s < 0 &&
           !files->html && !files->csv && !files->ics && !files->geojson && !o->read.gazetteer_path &&
           !o->read.gtfs_path;
}

static int plan_vroom(const plan_options *o)
{
    return cmd_plan_vroom(&(cmd_vroom_options){
        .path = o->read.path,
        .out_path = o->files.out,
        .roads_path = o->read.roads_path,
        .defaults_path = o->read.defaults_path,
        .time_s = o->time_s,
        .iterations = o->iterations < 0 ? -1 : (int64_t)o->iterations,
        .seed = (uint64_t)o->seed,
        .n_threads = (int32_t)o->threads,
    });
}

/* *ret_go_on false: end with the status returned. */
static int parse_options(int argc, char **argv, plan_options *o, bool *ret_go_on)
{
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", long_options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (!take_option(c, o))
            return EXIT_USAGE;
    }
    if (optind + 1 != argc)
        return cmd_usage_error("plan", optind < argc ? "more than one DAY" : "which DAY? Give a folder or a JSON file");
    if (o->time_s >= 0 && o->iterations >= 0)
        return cmd_usage_error("plan", "give --time or --iterations, not both");
    if (o->is_vroom && !fits_vroom(o))
        return cmd_usage_error("plan", "--format vroom takes --time or --iterations, --seed, --threads, --roads, "
                                       "--defaults and --out");
    if (o->time_s < 0 && o->iterations < 0 && !o->is_vroom)
        o->time_s = DEFAULT_TIME_S;
    o->read.path = argv[optind];
    *ret_go_on = true;
    return EXIT_DONE;
}

/* ---- solve ---- */

static void show_progress(const cr_progress *progress, void *user)
{
    (void)user;
    fprintf(stderr, "\r%7.1f s  %12" PRId64 " iterations  %4d carer-visits unallocated  cost %s      ",
            progress->elapsed_s, progress->iterations, progress->n_unallocated, words_money(progress->cost).text);
}

static plan_request request_of(const plan_options *o, const cr_plan *published)
{
    return (plan_request){
        .time_s = o->time_s,
        .bound_s = o->bound_s,
        .iterations = o->iterations < 0 ? -1 : (int64_t)o->iterations,
        .seed = (uint64_t)o->seed,
        .n_threads = (int32_t)o->threads,
        .published = published,
        .should_stop = cmd_should_stop,
        .on_best = isatty(STDERR_FILENO) ? show_progress : NULL,
    };
}

static cr_status solve(const plan_request *request, const cr_day *day, cr_plan **ret_plan)
{
    cmd_watch_signals();
    cr_status st = plan_search(request, day, ret_plan);
    if (request->on_best)
        fputc('\n', stderr);
    return st;
}

/* ---- write ---- */

static cr_status answer_all(const plan_options *o, const plan_request *request, const cr_day *day, const cr_plan *plan)
{
    plan_facts facts;
    answer a;
    cr_status st = plan_judge(request, day, plan, &facts);
    if (st)
        return st;
    st = plan_answer(&facts, day, plan, &a);
    if (!st) {
        st = cmd_write_answer("plan", &o->files, &a);
        answer_done(&a);
    }
    plan_facts_done(&facts);
    return st;
}

/* ---- rows left out ---- */

static cr_status write_rejected(const plan_options *o, const day_findings *findings)
{
    if (!findings->rejected_csv)
        return CR_OK;
    const char *out = o->files.out, *slash = out ? strrchr(out, '/') : NULL;
    char *path = NULL;
    if (asprintf(&path, "%.*srejected.csv", slash ? (int)(slash - out + 1) : 0, out ? out : "") < 0)
        return CR_E_NOMEM;
    const char *chosen = o->rejected_path ? o->rejected_path : path;
    cr_status st = cmd_write_text(chosen, findings->rejected_csv);
    if (!st)
        fprintf(stderr, "careround plan: the rows left out are in %s\n", chosen);
    free(path);
    return st;
}

/* ---- the command ---- */

static void print_findings(const plan_options *o, const day_findings *findings, bool is_all)
{
    if (o->files.json && is_all)
        (void)cmd_print_findings_json(findings, stdout);
    else
        cmd_print_findings(findings, stderr);
}

static const char *plural(int32_t n)
{
    return n == 1 ? "" : "s";
}

static void print_ready(const cr_day *day)
{
    int32_t n_held_back = day_n_held_back(day);
    int32_t n_visits = day->problem->n_visits - n_held_back, n_clients = day->n_clients - n_held_back;
    int32_t n_shifts = day->problem->n_shifts, n_carers = day->problem->n_carers;
    printf("%d visit%s of %d client%s, %d shift%s of %d carer%s: ready to plan\n", n_visits, plural(n_visits),
           n_clients, plural(n_clients), n_shifts, plural(n_shifts), n_carers, plural(n_carers));
}

/* The search begins from it, too: what is as good as it was stays. */
static cr_status read_published(const plan_options *o, const cr_day *day, cr_plan **ret_published)
{
    plan_origin origin = {0};
    if (!o->published_path)
        return CR_OK;
    cr_status st = cmd_read_plan(o->published_path, day, ret_published, &origin);
    if (!st)
        cr_problem_publish(day->problem, *ret_published);
    return st;
}

static cr_status plan_day(const plan_options *o, const cr_day *day, const day_findings *findings)
{
    cr_auto(cr_plan) plan = NULL;
    cr_auto(cr_plan) published = NULL;
    cr_status st = cmd_try_answer("plan", &o->files);
    if (!st)
        st = write_rejected(o, findings);
    if (!st)
        st = read_published(o, day, &published);
    const plan_request request = request_of(o, published);
    if (!st)
        st = solve(&request, day, &plan);
    return st ? st : answer_all(o, &request, day, plan);
}

int cmd_plan(int argc, char **argv)
{
    plan_options o = {.time_s = -1, .iterations = -1, .bound_s = -1, .seed = 1, .threads = 1};
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    if (o.is_vroom)
        return plan_vroom(&o);
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status read = cr_day_read(&o.read, &day, &findings);
    bool ends_here = !day || o.dry_run;
    if (findings)
        print_findings(&o, findings, ends_here);
    if (day && o.dry_run && !o.files.json)
        print_ready(day);
    cr_status st = ends_here ? read : plan_day(&o, day, findings);
    return cmd_exit_status(st ? st : read);
}
