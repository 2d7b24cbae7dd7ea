/* careround replan DAY PLAN --from T --events FILE: the rest of a day that is under way. */
#include "cmd.h"
#include "replan_run.h"

#include <getopt.h>

static const char help[] =
    "usage: careround replan DAY PLAN --from TIME [--events FILE] [options]\n\n"
    "Plan the rest of a day that is under way, from the published rota PLAN (plan.json): what has begun at TIME, or "
    "whose\n"
    "carer is on her way, stays; every other change costs, and each is listed with its reason. FILE (JSON or CSV) "
    "says\n"
    "what happened: carers ill, late or gone early, visits new, cancelled or longer; docs/during-the-day.md describes "
    "it.\n"
    "The new plan.json carries all of that: check, report, explain and suggest take it with the same DAY, and so does\n"
    "replan when something more happens. Status 3 if the day, the plan or the events cannot be read.\n\n"
    "      --from TIME      07:30, or with several days 2026-11-24 07:30\n"
    "      --events FILE    what happened; without it nothing changes\n"
    "      --time S         seconds of search (default 0.7)\n"
    "      --iterations N   so many steps of search instead: the same input and seed then give the same plan\n"
    "      --seed K         of the random numbers (default 1)\n"
    "      --out FILE       the plan for programs and for 'careround check' (plan.json)\n"
    "      --html FILE      one page with everything, for the eye\n"
    "      --csv FOLDER     run sheets, calendars and lists\n"
    "      --ics FOLDER     only the calendars, one for each carer\n"
    "      --geojson FILE   rounds and visits for map programs\n"
    "      --json           the summary as JSON on standard output\n" CMD_DAY_HELP;

typedef struct replan_options {
    day_read_options read;
    const char *from;
    double time_s, iterations, seed; /* time and iterations < 0: not given */
    answer_files files;
} replan_options;

enum {
    OPT_FROM = 256,
    OPT_EVENTS,
    OPT_TIME,
    OPT_ITERATIONS,
    OPT_SEED,
    OPT_OUT,
    OPT_HTML,
    OPT_CSV,
    OPT_ICS,
    OPT_GEOJSON,
    OPT_JSON
};

static const struct option long_options[] = {CMD_DAY_OPTIONS,
                                             {"from", required_argument, NULL, OPT_FROM},
                                             {"events", required_argument, NULL, OPT_EVENTS},
                                             {"time", required_argument, NULL, OPT_TIME},
                                             {"iterations", required_argument, NULL, OPT_ITERATIONS},
                                             {"seed", required_argument, NULL, OPT_SEED},
                                             {"out", required_argument, NULL, OPT_OUT},
                                             {"html", required_argument, NULL, OPT_HTML},
                                             {"csv", required_argument, NULL, OPT_CSV},
                                             {"ics", required_argument, NULL, OPT_ICS},
                                             {"geojson", required_argument, NULL, OPT_GEOJSON},
                                             {"json", no_argument, NULL, OPT_JSON},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

static bool take_option(int c, replan_options *o)
{
    switch (c) {
    case OPT_FROM:
        o->from = optarg;
        return true;
    case OPT_EVENTS:
        o->read.events_path = optarg;
        return true;
    case OPT_TIME:
        return cmd_option_number("replan", "time", optarg, 0, 1e6, &o->time_s);
    case OPT_ITERATIONS:
        return cmd_option_count("replan", "iterations", optarg, 0, CMD_COUNT_MOST, &o->iterations);
    case OPT_SEED:
        return cmd_option_count("replan", "seed", optarg, 0, CMD_COUNT_MOST, &o->seed);
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
    case OPT_JSON:
        o->files.json = true;
        return true;
    default:
        return cmd_take_day_option(c, optarg, &o->read);
    }
}

static int parse_options(int argc, char **argv, replan_options *o, bool *ret_go_on)
{
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", long_options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (!take_option(c, o))
            return cmd_usage_error("replan", "see above");
    }
    if (optind + 2 != argc || !o->from)
        return cmd_usage_error("replan", "give DAY, PLAN and --from TIME");
    if (o->time_s < 0 && o->iterations < 0)
        o->time_s = REPLAN_TIME_S;
    o->read.path = argv[optind];
    o->read.plan_path = argv[optind + 1];
    *ret_go_on = true;
    return EXIT_DONE;
}

/* ---- the answer ---- */

static cr_status write_answer(const replan_options *o, const replan_request *request, const cr_day *day,
                              const cr_replanned *x)
{
    plan_facts facts;
    answer a;
    cr_status st = replan_judge(request, day, x->plan, &facts);
    if (st)
        return st;
    st = plan_answer(&facts, day, x->plan, &a);
    if (!st) {
        a.replanned = x;
        st = cmd_write_answer("replan", &o->files, &a);
        answer_done(&a);
    }
    plan_facts_done(&facts);
    return st;
}

static void print_faults(const char *path, const plan_faults *faults)
{
    for (int32_t i = 0; faults && i < faults->n; i++)
        fprintf(stderr, "error: %s%s%s: %s\n", path, *faults->items[i].where ? ", " : "", faults->items[i].where,
                faults->items[i].text);
}

static cr_status replan_from(const replan_options *o, cr_day *day, int32_t from)
{
    cr_auto(plan_faults) faults = NULL;
    cr_auto(cr_replanned) x = NULL;
    char message[300] = "";
    const replan_request request = {
        .published_path = o->read.plan_path,
        .from = from,
        .time_s = o->time_s,
        .iterations = o->iterations < 0 ? -1 : (int64_t)o->iterations,
        .seed = (uint64_t)o->seed,
    };
    cr_status st = cmd_try_answer("replan", &o->files);
    if (st)
        return st;
    st = replan_day(&request, day, &x, &faults, message, sizeof message);
    print_faults(o->read.plan_path, faults);
    if (*message)
        fprintf(stderr, "error: the day cannot stand at %s: %s\n", o->from, message);
    return st ? st : write_answer(o, &request, day, x);
}

int cmd_replan(int argc, char **argv)
{
    replan_options o = {.time_s = -1, .iterations = -1, .seed = 1};
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    cr_auto(cr_day) day = NULL;
    int32_t from;
    cr_status st = cmd_read_day(&o.read, &day);
    if (!day)
        return cmd_exit_status(st);
    const char *why = replan_time(o.from, day, &from);
    return why ? cmd_usage_error("replan", "--from %s: %s", o.from, why) : cmd_exit_status(replan_from(&o, day, from));
}
