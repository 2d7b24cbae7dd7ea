/* careround compare DAY PLAN...: plans of one day side by side. */
#include "cmd.h"
#include "comparison.h"
#include "words.h"

#include <getopt.h>
#include <stdlib.h>

#define VISITS_MOST 40 /* that differ, on a terminal; --json has all */

static const char help[] =
    "usage: careround compare DAY PLAN PLAN... [options]\n\n"
    "Up to eight plans (plan.json) of one day side by side: figures, each term of the cost as the checker sums it, "
    "and\n"
    "the visits that have other carers or another start. Status 4 if a plan breaks a rule, 3 if one cannot be read.\n\n"
    "      --json           as JSON on standard output\n" CMD_DAY_HELP;

typedef struct compare_options {
    day_read_options read;
    int32_t n_plans;
    char **paths;
    bool json;
} compare_options;

static int parse_options(int argc, char **argv, compare_options *o, bool *ret_go_on)
{
    static const struct option options[] = {
        CMD_DAY_OPTIONS, {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (c) {
        case 'j':
            o->json = true;
            break;
        case 'h':
            fputs(help, stdout);
            return EXIT_DONE;
        default:
            if (!cmd_take_day_option(c, optarg, &o->read))
                return cmd_usage_error("compare", "see above");
        }
    }
    o->n_plans = argc - optind - 1;
    if (o->n_plans < 2 || o->n_plans > COMPARED_MOST)
        return cmd_usage_error("compare", "give DAY and two to eight PLANs");
    o->read.path = argv[optind];
    o->paths = argv + optind + 1;
    *ret_go_on = true;
    return EXIT_DONE;
}

/* ---- for people ---- */

/* Room for "at least 10,000 miles" where the input lacks distances. */
static int width_of(const compared *c)
{
    return c->day->lacks_distances ? 21 : 16;
}

static void print_row(const char *name, const compared *all, int32_t n, words (*figure)(const compared *))
{
    printf("%-18s", name);
    for (int32_t i = 0; i < n; i++)
        printf(" %*s", width_of(&all[i]), figure(&all[i]).text);
    putchar('\n');
}

static words figure_broken(const compared *c)
{
    return words_count(c->check->n_breaches);
}

static words figure_placed(const compared *c)
{
    return words_count(c->report->n_visits_served);
}

static words figure_left(const compared *c)
{
    return words_count(compared_left(c));
}

static words figure_carers(const compared *c)
{
    return words_count(c->report->n_carers_used);
}

static words figure_care(const compared *c)
{
    return words_duration(c->report->sum.care);
}

static words figure_travel(const compared *c)
{
    return words_duration(c->report->sum.travel);
}

static words figure_distance(const compared *c)
{
    return words_distance(c->day, c->report->sum.dist_m);
}

static words figure_waiting(const compared *c)
{
    return words_duration(c->report->sum.waiting);
}

static words figure_familiar(const compared *c)
{
    return words_percent(c->report->n_familiar_slots, c->report->n_known_slots);
}

static words figure_total(const compared *c)
{
    return words_money(c->check->cost.total);
}

static void print_terms(const compared *all, int32_t n)
{
    for (int32_t t = 0; t < CR_TERM_N; t++) {
        bool is_used = false;
        for (int32_t i = 0; i < n; i++)
            is_used = is_used || all[i].check->cost.term[t] != 0;
        if (!is_used)
            continue;
        printf("  %-16s", cr_term_name((cr_term)t));
        for (int32_t i = 0; i < n; i++)
            printf(" %*s", width_of(&all[i]), words_money(all[i].check->cost.term[t]).text);
        putchar('\n');
    }
}

static void print_assignment(const cr_day *day, int32_t visit, const compared *c)
{
    cr_range slots = day->problem->visits[visit].slots;
    if (c->start[visit] == CR_FREE) {
        fputs("not placed", stdout);
        return;
    }
    fputs(words_clock(day, c->start[visit]).text, stdout);
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (compared_carer(day->problem, c, i) != CR_NONE)
            printf("%s%s", i > slots.first ? " and " : " ", day->carers[compared_carer(day->problem, c, i)].name);
}

static void print_differences(const cr_day *day, const compared *all, int32_t n)
{
    int32_t n_different = 0;
    for (int32_t v = 0; v < day->problem->n_visits; v++) {
        if (!compared_differ(day->problem, v, all, n) || n_different++ >= VISITS_MOST)
            continue;
        printf("%s%s, %s: ", n_different == 1 ? "\n" : "", day->visits[v].visit_id,
               day->clients[day->visits[v].client].name);
        for (int32_t i = 0; i < n; i++) {
            fputs(i ? " | " : "", stdout);
            print_assignment(day, v, &all[i]);
        }
        putchar('\n');
    }
    if (n_different > VISITS_MOST)
        printf("... and %d more\n", n_different - VISITS_MOST);
    printf("\n%d of %d visits differ\n", n_different, day->problem->n_visits);
}

static void print_comparison(const cr_day *day, char **paths, const compared *all, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        printf("%d: %s\n", i + 1, paths[i]);
    printf("\n%-18s", "");
    for (int32_t i = 0; i < n; i++)
        printf(" %*d", width_of(&all[i]), i + 1);
    putchar('\n');
    print_row("broken rules", all, n, figure_broken);
    print_row("visits placed", all, n, figure_placed);
    print_row("not placed", all, n, figure_left);
    print_row("carers used", all, n, figure_carers);
    print_row("care", all, n, figure_care);
    print_row("travel", all, n, figure_travel);
    print_row("distance", all, n, figure_distance);
    print_row("waiting", all, n, figure_waiting);
    print_row("familiar faces", all, n, figure_familiar);
    print_row("cost", all, n, figure_total);
    print_terms(all, n);
    print_differences(day, all, n);
}

/* ---- the whole ---- */

/* What had begun there now stands in the day, and the other plans would be judged by it. */
static cr_status refuse_anew(const char *path)
{
    fprintf(stderr,
            "error: %s, replanned: the day is taken as its files have it here, and this plan was planned anew\n", path);
    return CR_E_INPUT;
}

/* Judged at once: reading the next plan may bring another published rota. */
static cr_status read_one(const char *path, const cr_day *day, compared *c)
{
    cr_auto(cr_plan) plan = NULL;
    plan_origin origin = {0};
    cr_status st = cmd_read_plan(path, day, &plan, &origin);
    if (!st && day->problem->as_of != CR_FREE)
        st = refuse_anew(path);
    return st ? st : compared_init(c, day, &plan);
}

static int compare(const compare_options *o, const cr_day *day)
{
    compared all[COMPARED_MOST] = {{0}};
    cr_status st = CR_OK;
    bool holds = true;
    for (int32_t i = 0; !st && i < o->n_plans; i++)
        st = read_one(o->paths[i], day, &all[i]);
    if (!st && o->json)
        st = cmd_print_json(comparison_json(day, (const char *const *)o->paths, all, o->n_plans));
    else if (!st)
        print_comparison(day, o->paths, all, o->n_plans);
    for (int32_t i = 0; i < o->n_plans; i++) {
        holds = holds && all[i].check && all[i].check->n_breaches == 0;
        compared_done(&all[i]);
    }
    return st ? cmd_exit_status(st) : holds ? EXIT_DONE : EXIT_CHECK;
}

int cmd_compare(int argc, char **argv)
{
    compare_options o = {0};
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    cr_auto(cr_day) day = NULL;
    cr_status st = cmd_read_day(&o.read, &day);
    return day ? compare(&o, day) : cmd_exit_status(st);
}
