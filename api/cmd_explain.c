/* careround explain DAY PLAN [VISIT]: why visits are unallocated, and the smallest change that would place each. */
#include "answers_json.h"
#include "cmd.h"
#include "explain_text.h"
#include "write.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: careround explain DAY PLAN [VISIT] [--time S | --iterations N] [--gazetteer FILE] [--json]\n\n"
    "Say of each unallocated visit (or of VISIT only) why no carer can come, most at risk first, and the smallest\n"
    "change that would place it: a skill, a wider window or a wider shift. Nobody who is served now drops out; every\n"
    "change is checked. Status 3 if the day or the plan cannot be read, 4 if the plan breaks a rule.\n\n"
    "      --time S         for all of it, seconds (20)\n"
    "      --iterations N   let the search re-plan the other visits too, so much for each change tried; 0 does not\n"
    "                       (300). With this and no --time the answer is the same on every run\n" CMD_DAY_HELP
    "      --json           as JSON on standard output\n";

#define TIME_S     20
#define ITERATIONS 300

typedef struct explain_options {
    day_read_options read;
    const char *plan_path, *visit_id; /* visit_id NULL: all */
    double time_s, iterations;        /* < 0: not given */
    bool json;
} explain_options;

static int parse_arguments(int argc, char **argv, explain_options *o, bool *ret_go_on)
{
    if (argc < 2 || argc > 3)
        return cmd_usage_error("explain", "give DAY and PLAN, and perhaps a VISIT");
    o->read.path = argv[0];
    o->plan_path = o->read.plan_path = argv[1];
    o->visit_id = argc == 3 ? argv[2] : NULL;
    *ret_go_on = true;
    return EXIT_DONE;
}

static int parse_options(int argc, char **argv, explain_options *o, bool *ret_go_on)
{
    static const struct option options[] = {{"time", required_argument, NULL, 't'},
                                            {"iterations", required_argument, NULL, 'i'},
                                            CMD_DAY_OPTIONS,
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (c) {
        case 't':
            if (!cmd_option_number("explain", "time", optarg, 0, 1e6, &o->time_s))
                return EXIT_USAGE;
            break;
        case 'i':
            if (!cmd_option_count("explain", "iterations", optarg, 0, 1e9, &o->iterations))
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
                return cmd_usage_error("explain", "see above");
        }
    }
    return parse_arguments(argc - optind, argv + optind, o, ret_go_on);
}

/* ---- for people ---- */

static cr_status print_visit(const cr_day *day, const cr_explanation *e)
{
    const cr_visit *visit = &day->problem->visits[e->visit];
    char *why = explain_text_reasons(day, e), *change = explain_text_change(day, e);
    const bool ok = why && change;
    if (ok)
        printf("%s, %s%s%s%s\n  %s.\n  %s.\n", day->visits[e->visit].visit_id, day->clients[visit->client].name,
               visit->time_critical ? ", time-critical" : "", visit->lives_alone ? ", lives alone" : "",
               visit->slots.n > 1 ? ", double-up" : "", why, change);
    free(why);
    free(change);
    return ok ? CR_OK : CR_E_NOMEM;
}

static cr_status print_all(const cr_day *day, const cr_explanations *list)
{
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < list->n; i++)
        st = print_visit(day, &list->items[i]);
    if (list->n == 0)
        puts("every visit has a carer");
    return st;
}

/* ---- the whole ---- */

/* CR_NONE: all. Status 3 with a message if there is no such visit, or it is not unallocated. */
static int find_visit(const explain_options *o, const cr_day *day, const cr_plan *plan, int32_t *ret_visit)
{
    *ret_visit = CR_NONE;
    if (!o->visit_id)
        return EXIT_DONE;
    for (int32_t i = 0; i < plan->n_unallocated; i++)
        if (strcmp(day->visits[plan->unallocated[i]].visit_id, o->visit_id) == 0)
            *ret_visit = plan->unallocated[i];
    if (*ret_visit != CR_NONE)
        return EXIT_DONE;
    bool is_known = day_find_visit(day, o->visit_id) != CR_NONE;
    fprintf(stderr,
            is_known ? "careround explain: visit '%s' is in the plan; only unallocated visits have reasons\n"
                     : "careround explain: there is no visit '%s' on this day\n",
            o->visit_id);
    return EXIT_INPUT;
}

static int explain(const explain_options *o, const cr_day *day, const cr_plan *plan)
{
    cr_auto(cr_explanations) list = NULL;
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    options.iterations = o->iterations < 0 ? ITERATIONS : (int64_t)o->iterations;
    options.time_s = o->time_s >= 0 ? o->time_s : o->iterations < 0 ? TIME_S : -1;
    options.clock_s = cmd_clock_s;
    int status = find_visit(o, day, plan, &options.visit);
    if (status)
        return status;
    cr_status st = cr_explain_plan(day->problem, plan, &options, &list);
    if (st == CR_E_INPUT) {
        fputs("careround explain: the plan breaks a rule; 'careround check' says which\n", stderr);
        return EXIT_CHECK;
    }
    if (!st)
        st = o->json ? cmd_print_json(explanations_json(day, list)) : print_all(day, list);
    return cmd_exit_status(st);
}

int cmd_explain(int argc, char **argv)
{
    explain_options o = {.time_s = -1, .iterations = -1};
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    cr_auto(cr_day) day = NULL;
    cr_auto(cr_plan) plan = NULL;
    plan_origin origin = {0};
    cr_status st = cmd_read_day(&o.read, &day);
    if (!day)
        return cmd_exit_status(st);
    st = cmd_read_plan(o.plan_path, day, &plan, &origin);
    return st ? cmd_exit_status(st) : explain(&o, day, plan);
}
