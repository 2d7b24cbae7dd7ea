/* careround replan DAY PLAN --from T --events FILE: the rest of a day that is under way. */
#include "careround/replan.h"

#include "cmd.h"
#include "plan_json.h"
#include "value.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define TIME_S         0.7 /* of search, so that the whole answer comes within 2 seconds on 500 visits */
#define EXPLAIN_TIME_S 0.3

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
    "      --iterations N   so many rounds of search instead: the same input and seed then give the same plan\n"
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
        o->time_s = TIME_S;
    o->read.path = argv[optind];
    o->read.plan_path = argv[optind + 1];
    *ret_go_on = true;
    return EXIT_DONE;
}

/* ---- what happened, for the engine ---- */

typedef struct happened {
    int32_t from; /* ticks */
    cr_as_of as_of;
    int32_t *event_of_visit, *event_of_shift, *event_of_absence;
    bool has_events;
} happened;

static void happened_done(happened *h)
{
    free((void *)h->as_of.absences);
    free(h->event_of_visit);
    free(h->event_of_shift);
    free(h->event_of_absence);
}

static int32_t *no_events(int32_t n)
{
    int32_t *list = malloc(((size_t)n + 1) * sizeof *list);
    for (int32_t i = 0; list && i < n; i++)
        list[i] = CR_NONE;
    return list;
}

/* False (and a message): it is no time. */
static bool read_from(const char *text, const cr_day *day, int32_t *ret_from)
{
    int32_t days = day->first_day, s;
    const char *why = value_time(text, &s);
    if (why && !value_date_time(text, &days, &s) && s != CR_FREE)
        why = NULL;
    if (why)
        cmd_usage_error("replan", "--from %s: %s", text, why);
    else
        *ret_from = day_ticks(day, days - day->first_day, s);
    return !why;
}

/* Only what is new is a reason for a change; what happened before has had its answer. */
static cr_status happened_init(happened *h, const cr_day *day)
{
    const cr_problem *p = day->problem;
    h->event_of_visit = no_events(p->n_visits);
    h->event_of_shift = no_events(p->n_shifts);
    h->event_of_absence = no_events(day->n_events);
    if (!h->event_of_visit || !h->event_of_shift || !h->event_of_absence)
        return CR_E_NOMEM;
    for (int32_t i = 0, n = 0; i < day->n_events; i++) {
        const day_event *event = &day->events[i];
        h->has_events = h->has_events || event->is_new;
        if (event->carer >= 0)
            h->event_of_absence[n++] = i;
        for (int32_t v = 0; event->is_new && event->carer < 0 && v < p->n_visits; v++)
            if (strcmp(day->visits[v].visit_id, event->id) == 0)
                h->event_of_visit[v] = i;
    }
    return day_as_of(day, h->from, &h->as_of);
}

/* ---- the answer ---- */

static cr_status write_answer(const replan_options *o, const cr_day *day, const cr_replanned *x)
{
    cr_auto(cr_check) check = NULL;
    cr_auto(cr_report) report = NULL;
    cr_auto(cr_explanations) explanations = NULL;
    cr_explain_options explain = CR_EXPLAIN_OPTIONS_INIT;
    if (o->iterations < 0) {
        explain.time_s = EXPLAIN_TIME_S;
        explain.clock_s = cmd_clock_s;
    }
    cr_status st = cr_check_plan(day->problem, x->plan, &check);
    if (!st)
        st = cr_report_plan(day->problem, x->plan, &report);
    if (!st)
        st = cr_explain_plan(day->problem, x->plan, &explain, &explanations);
    answer a;
    answer_run run = {CAREROUND_VERSION, (uint64_t)o->seed, o->time_s, o->iterations < 0 ? -1 : (int64_t)o->iterations,
                      false};
    if (!st)
        st = answer_init(&a, day, x->plan, check, report, explanations, &run);
    if (st)
        return st;
    a.replanned = x;
    st = cmd_write_answer("replan", &o->files, &a);
    answer_done(&a);
    return st;
}

static void print_faults(const char *path, const plan_faults *faults)
{
    for (int32_t i = 0; faults && i < faults->n; i++)
        fprintf(stderr, "error: %s%s%s: %s\n", path, *faults->items[i].where ? ", " : "", faults->items[i].where,
                faults->items[i].text);
}

static cr_status replan_from(const replan_options *o, cr_day *day, happened *h)
{
    cr_auto(plan_faults) faults = NULL;
    cr_auto(cr_plan) published = NULL;
    cr_auto(cr_replanned) x = NULL;
    char message[300] = "";
    cr_status st = happened_init(h, day);
    if (!st)
        st = plan_json_read_published(o->read.plan_path, day, h->from, h->event_of_shift, &published, NULL, &faults);
    print_faults(o->read.plan_path, faults);
    if (st)
        return st;
    cr_replan_options options = CR_REPLAN_OPTIONS_INIT;
    options.as_of = h->as_of;
    options.has_events = h->has_events;
    options.event_of_visit = h->event_of_visit;
    options.event_of_shift = h->event_of_shift;
    options.event_of_absence = h->event_of_absence;
    options.time_s = o->time_s;
    options.iterations = o->iterations < 0 ? -1 : (int64_t)o->iterations;
    options.seed = (uint64_t)o->seed;
    options.clock_s = cmd_clock_s;
    st = cr_replan(day->problem, published, &options, &x, message, sizeof message);
    if (st == CR_E_INPUT)
        fprintf(stderr, "error: the day cannot stand at %s: %s\n", o->from, message);
    if (st)
        return st;
    cr_problem *before = day->problem; /* from here on the day is the rest of it */
    day->problem = x->problem;
    x->problem = NULL;
    cr_problem_free(before);
    return write_answer(o, day, x);
}

int cmd_replan(int argc, char **argv)
{
    replan_options o = {.time_s = -1, .iterations = -1, .seed = 1};
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    cr_auto(cr_day) day = NULL;
    happened h = {0};
    cr_status st = cmd_read_day(&o.read, &day);
    if (!day)
        return cmd_exit_status(st);
    if (!read_from(o.from, day, &h.from))
        return EXIT_USAGE;
    st = replan_from(&o, day, &h);
    happened_done(&h);
    return cmd_exit_status(st);
}
