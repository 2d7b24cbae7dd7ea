/* careround plan DAY: read, solve, check, write. */
#include "cmd.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: careround plan DAY [options]\n\n"
    "DAY is a folder of CSV files (visits.csv, carers.csv, ...) or one JSON file with the same content.\n\n"
    "      --dry-run        only read and check the input\n"
    "      --skip-bad-rows  plan the good rows; the bad ones go to rejected.csv with their reasons (status stays 3)\n"
    "      --gazetteer F    postcodes, made by 'careround gazetteer build' (default: postcodes.gaz in the folder)\n"
    "      --json           findings and summary as JSON on standard output\n";

typedef struct plan_options {
    day_read_options read;
    bool dry_run, json;
} plan_options;

enum { OPT_DRY_RUN = 256, OPT_SKIP_BAD_ROWS, OPT_GAZETTEER, OPT_JSON, OPT_DEFAULTS };

static const struct option long_options[] = {{"dry-run", no_argument, NULL, OPT_DRY_RUN},
                                             {"skip-bad-rows", no_argument, NULL, OPT_SKIP_BAD_ROWS},
                                             {"gazetteer", required_argument, NULL, OPT_GAZETTEER},
                                             {"json", no_argument, NULL, OPT_JSON},
                                             {"defaults", required_argument, NULL, OPT_DEFAULTS},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

/* EXIT_DONE and *ret_go_on true, or the status to end with. */
static int parse_options(int argc, char **argv, plan_options *o, bool *ret_go_on)
{
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", long_options, NULL)) != -1;) {
        switch (c) {
        case OPT_DRY_RUN:
            o->dry_run = true;
            break;
        case OPT_SKIP_BAD_ROWS:
            o->read.skip_bad_rows = true;
            break;
        case OPT_GAZETTEER:
            o->read.gazetteer_path = optarg;
            break;
        case OPT_JSON:
            o->json = true;
            break;
        case OPT_DEFAULTS:
            o->read.defaults_path = optarg;
            break;
        case 'h':
            fputs(help, stdout);
            return EXIT_DONE;
        default:
            return cmd_usage_error("plan", "unknown option");
        }
    }
    if (optind + 1 != argc)
        return cmd_usage_error("plan", optind < argc ? "more than one DAY" : "which DAY? Give a folder or a JSON file");
    o->read.path = argv[optind];
    *ret_go_on = true;
    return EXIT_DONE;
}

int cmd_plan(int argc, char **argv)
{
    plan_options o = {0};
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status st = cr_day_read(&o.read, &day, &findings);
    if (findings && o.json)
        cmd_print_findings_json(findings, stdout);
    else if (findings)
        cmd_print_findings(findings, stderr);
    if (!day || o.dry_run) {
        if (day && !o.json)
            printf("%d visits of %d clients, %d shifts of %d carers: ready to plan\n", day->problem->n_visits,
                   day->n_clients, day->problem->n_shifts, day->problem->n_carers);
        return cmd_exit_status(st);
    }
    fputs("careround plan: solving is not built in yet; use --dry-run\n", stderr);
    return EXIT_FAULT;
}
