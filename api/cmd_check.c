/* careround check DAY PLAN: every broken rule, and the cost and times as the checker sums them. */
#include "answers_json.h"
#include "cmd.h"
#include "words.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: careround check DAY PLAN [options]\n\n"
    "Judge a plan (plan.json) against the day that it was made for. Nothing of the plan is trusted but who goes\n"
    "where, in what order and when; every time and every cost is summed again from the input. Status 4 if a rule\n"
    "is broken, 3 if the day or the plan cannot be read.\n\n" CMD_DAY_HELP
    "      --skip-bad-rows  as the plan was made without them; status 3 if there are some\n"
    "      --json           as JSON on standard output\n";

typedef struct check_options {
    day_read_options read;
    const char *plan_path;
    bool json;
} check_options;

static int parse_options(int argc, char **argv, check_options *o, bool *ret_go_on)
{
    static const struct option options[] = {CMD_DAY_OPTIONS,
                                            {"json", no_argument, NULL, 'j'},
                                            {"skip-bad-rows", no_argument, NULL, 's'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (c) {
        case 'j':
            o->json = true;
            break;
        case 's':
            o->read.skip_bad_rows = true;
            break;
        case 'h':
            fputs(help, stdout);
            return EXIT_DONE;
        default:
            if (!cmd_take_day_option(c, optarg, &o->read))
                return cmd_usage_error("check", "see above");
        }
    }
    if (optind + 2 != argc)
        return cmd_usage_error("check", "give DAY and PLAN");
    o->read.path = argv[optind];
    o->plan_path = o->read.plan_path = argv[optind + 1];
    *ret_go_on = true;
    return EXIT_DONE;
}

/* ---- what was found ---- */

static void print_terms(const cr_cost *cost)
{
    for (int32_t t = 0; t < CR_TERM_N; t++)
        if (cost->term[t])
            printf("  %-15s %14s\n", cr_term_name((cr_term)t), words_money(cost->term[t]).text);
    printf("  %-15s %14s\n", "total", words_money(cost->total).text);
}

static void print_check(const cr_day *day, const cr_plan *plan, const cr_check *check)
{
    cmd_print_breaches(day, check, stdout);
    if (check->n_breaches)
        printf("%d broken rule%s\n", check->n_breaches, check->n_breaches == 1 ? "" : "s");
    else
        puts("every rule holds");
    cmd_print_accepted(day, check, stdout);
    printf("%d visits unallocated; travel %s over %s, care %s, waiting %s\n", plan->n_unallocated,
           words_duration(check->travel).text, words_distance(day, check->dist_m).text,
           words_duration(check->care).text, words_duration(check->waiting).text);
    print_terms(&check->cost);
}

static int check_plan(const check_options *o, const cr_day *day)
{
    cr_auto(cr_plan) plan = NULL;
    cr_auto(cr_check) check = NULL;
    plan_origin origin;
    cr_status st = cmd_read_plan(o->plan_path, day, &plan, &origin);
    if (st)
        return cmd_exit_status(st);
    st = cr_check_plan(day->problem, plan, &check);
    if (st)
        return cmd_exit_status(st);
    if (!o->json)
        print_check(day, plan, check);
    else if ((st = cmd_print_json(check_json(day, plan, check))))
        return cmd_exit_status(st);
    return check->n_breaches ? EXIT_CHECK : EXIT_DONE;
}

int cmd_check(int argc, char **argv)
{
    check_options o = {0};
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    cr_auto(cr_day) day = NULL;
    cr_status st = cmd_read_day(&o.read, &day);
    if (!day)
        return cmd_exit_status(st);
    status = check_plan(&o, day);
    return status == EXIT_DONE ? cmd_exit_status(st) : status; /* rows left out are still wrong */
}
