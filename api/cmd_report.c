/* careround report DAY PLAN: the figures of a plan that was made before, and every form of it made again. */
#include "cmd.h"

#include <getopt.h>
#include <stdlib.h>

#define EXPLAIN_TIME_S 10

static const char help[] =
    "usage: careround report DAY PLAN [options]\n\n"
    "The figures of a plan (plan.json) for the day that it was made for, and the forms of it that are asked for.\n"
    "Status 4, and no figures, if the plan breaks a rule: 'careround check' tells which.\n\n"
    "      --html FILE      one page with everything, for the eye\n"
    "      --csv FOLDER     run sheets, calendars and lists: a file for each carer and client, and rota.geojson\n"
    "      --out FILE       the plan again, with today's names and figures\n"
    "      --json           the summary as JSON on standard output\n" CMD_DAY_HELP;

typedef struct report_options {
    day_read_options read;
    const char *plan_path;
    answer_files files;
} report_options;

static const struct option long_options[] = {
    {"html", required_argument, NULL, 'H'},
    {"csv", required_argument, NULL, 'c'},
    {"out", required_argument, NULL, 'o'},
    {"json", no_argument, NULL, 'j'},
    CMD_DAY_OPTIONS,
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static bool take_option(int c, report_options *o)
{
    switch (c) {
    case 'H':
        o->files.html = optarg;
        return true;
    case 'c':
        o->files.csv = optarg;
        return true;
    case 'o':
        o->files.out = optarg;
        return true;
    case 'j':
        o->files.json = true;
        return true;
    default:
        return cmd_take_day_option(c, optarg, &o->read);
    }
}

/* *ret_go_on false: end with the status returned. */
static int parse_options(int argc, char **argv, report_options *o, bool *ret_go_on)
{
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", long_options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (!take_option(c, o))
            return cmd_usage_error("report", "see above");
    }
    if (optind + 2 != argc)
        return cmd_usage_error("report", "give DAY and PLAN");
    o->read.path = argv[optind];
    o->plan_path = o->read.plan_path = argv[optind + 1];
    *ret_go_on = true;
    return EXIT_DONE;
}

static cr_status write_report(const report_options *o, const cr_day *day, const cr_plan *plan, const cr_check *check,
                              const answer_run *run)
{
    cr_auto(cr_report) report = NULL;
    cr_auto(cr_explanations) explanations = NULL;
    cr_explain_options explain = CR_EXPLAIN_OPTIONS_INIT;
    explain.time_s = EXPLAIN_TIME_S;
    explain.clock_s = cmd_clock_s;
    cr_status st = cr_report_plan(day->problem, plan, &report);
    if (!st)
        st = cr_explain_plan(day->problem, plan, &explain, &explanations);
    answer a;
    if (!st)
        st = answer_init(&a, day, plan, check, report, explanations, run);
    if (st)
        return st;
    st = cmd_write_answer("report", &o->files, &a);
    answer_done(&a);
    return st;
}

static int report_plan(const report_options *o, const cr_day *day)
{
    cr_auto(cr_plan) plan = NULL;
    cr_auto(cr_check) check = NULL;
    plan_origin origin;
    cr_status st = cmd_read_plan(o->plan_path, day, &plan, &origin);
    if (!st)
        st = cr_check_plan(day->problem, plan, &check);
    if (st)
        return cmd_exit_status(st);
    if (check->n_breaches > 0) {
        cmd_print_breaches(day, check, stderr);
        return EXIT_CHECK;
    }
    return cmd_exit_status(write_report(o, day, plan, check, &origin.run));
}

int cmd_report(int argc, char **argv)
{
    report_options o = {0};
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    cr_auto(cr_day) day = NULL;
    cr_status st = cmd_read_day(&o.read, &day);
    if (!day)
        return cmd_exit_status(st);
    return report_plan(&o, day);
}
