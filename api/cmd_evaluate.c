/* careround evaluate DAY PLAN: a plan made by hand, timed as well as can be, with every broken rule. */
#include "careround/evaluate.h"

#include "answers_json.h"
#include "cmd.h"
#include "hand_plan.h"
#include "words.h"

#include <getopt.h>
#include <stdlib.h>

static const char help[] =
    "usage: careround evaluate DAY PLAN [options]\n\n"
    "Time a plan made by hand and list every rule that it breaks; it is never refused. PLAN is a CSV file with a row\n"
    "for each carer and visit (visit_id, shift_id or carer_id, and perhaps order or start), or JSON with rounds, such\n"
    "as plan.json. Only who goes where in what order counts: visits start when the plan's cost is least, or, where no\n"
    "starts satisfy the rules, with the least time past the ends of windows, breaks and shifts. Breaks that are left\n"
    "out are put in. Status 4 if a rule is broken or a row is left out, 3 if the day or the plan cannot be read.\n\n"
    "      --any-order      the order in the file means nothing: visits come by the times they are wished for\n"
    "      --out FILE       the plan as plan.json\n"
    "      --json           as JSON on standard output\n" CMD_DAY_HELP
    "      --skip-bad-rows  leave out the bad rows of the day; status 3 if there are some\n";

typedef struct evaluate_options {
    day_read_options read;
    const char *plan_path, *out;
    bool any_order, json;
} evaluate_options;

static int parse_options(int argc, char **argv, evaluate_options *o, bool *ret_go_on)
{
    static const struct option options[] = {CMD_DAY_OPTIONS,
                                            {"any-order", no_argument, NULL, 'a'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"skip-bad-rows", no_argument, NULL, 's'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (c) {
        case 'a':
            o->any_order = true;
            break;
        case 'o':
            o->out = optarg;
            break;
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
                return cmd_usage_error("evaluate", "see above");
        }
    }
    if (optind + 2 != argc)
        return cmd_usage_error("evaluate", "give DAY and PLAN");
    o->read.path = argv[optind];
    o->plan_path = argv[optind + 1];
    *ret_go_on = true;
    return EXIT_DONE;
}

/* ---- for people ---- */

static void print_left_out(const plan_faults *faults, FILE *out)
{
    for (int32_t i = 0; i < faults->n; i++)
        fprintf(out, "left out: %s%s%s\n", faults->items[i].where, *faults->items[i].where ? ": " : "",
                faults->items[i].text);
}

static void print_rounds(const cr_day *day, const cr_plan *plan)
{
    const cr_problem *p = day->problem;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        const cr_round *round = &plan->rounds[r];
        printf("\n%s, shift %s: leaves at %s, back at %s\n", day->carers[p->shifts[round->shift].carer].name,
               day->shifts[round->shift].shift_id, words_clock(day, round->depart).text,
               words_clock(day, round->arrive).text);
        for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
            const cr_stop *stop = &plan->stops[k];
            const day_visit *visit = stop->slot == CR_NONE ? NULL : &day->visits[p->slots[stop->slot].visit];
            printf("  %s  %s%s%s\n", words_clock(day, stop->start).text, visit ? visit->visit_id : "break",
                   visit ? ", " : "", visit ? day->clients[visit->client].name : "");
        }
    }
}

static void print_evaluation(const cr_day *day, const cr_evaluation *e, const plan_faults *faults)
{
    print_left_out(faults, stdout);
    cmd_print_breaches(day, e->check, stdout);
    if (e->check->n_breaches)
        printf("%d broken rule%s\n", e->check->n_breaches, e->check->n_breaches == 1 ? "" : "s");
    else
        puts("every rule holds");
    printf("%d visits unallocated; travel %s over %s, waiting %s; cost %s\n", e->plan->n_unallocated,
           words_duration(e->check->travel).text, words_distance(day, e->check->dist_m).text,
           words_duration(e->check->waiting).text, words_money(e->check->cost.total).text);
    print_rounds(day, e->plan);
}

/* ---- the whole ---- */

static cr_status write_plan(const char *path, const cr_day *day, const cr_evaluation *e)
{
    cr_auto(cr_report) report = NULL;
    char message[500] = "out of memory";
    answer a;
    cr_status st = cr_report_plan(day->problem, e->plan, &report);
    if (!st)
        st = answer_init(&a, day, e->plan, e->check, report, NULL, NULL);
    if (st)
        return st;
    st = write_file_whole(path, write_plan_json, &a, message, sizeof message);
    answer_done(&a);
    if (st)
        fprintf(stderr, "careround evaluate: %s\n", message);
    return st;
}

static cr_status answer_all(const evaluate_options *o, const cr_day *day, const cr_plan *plan,
                            const plan_faults *faults, bool *ret_holds)
{
    cr_auto(cr_evaluator) evaluator = NULL;
    const cr_evaluation *e = NULL;
    cr_status st = cr_evaluator_new(day->problem, &evaluator);
    if (!st)
        st = cr_evaluate(evaluator, plan, &e);
    if (!st && o->out)
        st = write_plan(o->out, day, e);
    if (!st && o->json)
        st = cmd_print_json(evaluation_json(day, e, faults));
    else if (!st)
        print_evaluation(day, e, faults);
    if (!st)
        *ret_holds = e->check->n_breaches == 0 && faults->n == 0;
    return st;
}

static int evaluate(const evaluate_options *o, const cr_day *day)
{
    cr_auto(cr_plan) plan = NULL;
    cr_auto(plan_faults) faults = NULL;
    bool holds = false;
    cr_status st = hand_plan_read(o->plan_path, day, o->any_order, &plan, &faults);
    if (st == CR_E_INPUT)
        for (int32_t i = 0; i < faults->n; i++)
            fprintf(stderr, "error: %s%s%s: %s\n", o->plan_path, *faults->items[i].where ? ", " : "",
                    faults->items[i].where, faults->items[i].text);
    if (!st)
        st = answer_all(o, day, plan, faults, &holds);
    return st ? cmd_exit_status(st) : holds ? EXIT_DONE : EXIT_CHECK;
}

int cmd_evaluate(int argc, char **argv)
{
    evaluate_options o = {0};
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    cr_auto(cr_day) day = NULL;
    cr_status st = cmd_read_day(&o.read, &day);
    if (!day)
        return cmd_exit_status(st);
    status = evaluate(&o, day);
    return status == EXIT_DONE ? cmd_exit_status(st) : status; /* rows left out are still wrong */
}
