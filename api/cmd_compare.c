/* careround compare DAY PLAN...: plans of one day side by side. */
#include "cmd.h"
#include "words.h"

#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define PLANS_MOST  8
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

/* A plan with what is known about it. */
typedef struct compared {
    cr_plan *plan;
    cr_check *check;
    cr_report *report;
    int32_t *start;    /* by visit; CR_FREE: not served */
    int32_t *shift_of; /* by slot; CR_NONE */
} compared;

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
    if (o->n_plans < 2 || o->n_plans > PLANS_MOST)
        return cmd_usage_error("compare", "give DAY and two to eight PLANs");
    o->read.path = argv[optind];
    o->paths = argv + optind + 1;
    *ret_go_on = true;
    return EXIT_DONE;
}

/* ---- reading ---- */

static void compared_done(compared *c)
{
    cr_plan_free(c->plan);
    cr_check_free(c->check);
    cr_report_free(c->report);
    free(c->start);
    free(c->shift_of);
}

/* Checked at once: reading the next plan may bring another published rota. */
static cr_status read_one(const char *path, const cr_day *day, compared *c)
{
    const cr_problem *p = day->problem;
    plan_origin origin = {0};
    cr_status st = cmd_read_plan(path, day, &c->plan, &origin);
    if (!st)
        st = cr_check_plan(p, c->plan, &c->check);
    if (!st)
        st = cr_report_plan(p, c->plan, &c->report);
    if (st)
        return st;
    c->start = malloc(((size_t)p->n_visits + 1) * sizeof *c->start);
    c->shift_of = malloc(((size_t)p->n_slots + 1) * sizeof *c->shift_of);
    if (!c->start || !c->shift_of)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < p->n_visits; v++)
        c->start[v] = CR_FREE;
    for (int32_t i = 0; i < p->n_slots; i++)
        c->shift_of[i] = CR_NONE;
    for (int32_t r = 0; r < c->plan->n_rounds; r++)
        for (int32_t k = 0; k < c->plan->rounds[r].stops.n; k++) {
            const cr_stop *stop = &c->plan->stops[c->plan->rounds[r].stops.first + k];
            if (stop->slot == CR_NONE)
                continue;
            c->start[p->slots[stop->slot].visit] = stop->start;
            c->shift_of[stop->slot] = c->plan->rounds[r].shift;
        }
    return CR_OK;
}

static int32_t carer_of(const cr_problem *p, const compared *c, int32_t slot)
{
    return c->shift_of[slot] == CR_NONE ? CR_NONE : p->shifts[c->shift_of[slot]].carer;
}

/* Carers as a set: who has which slot is no difference. */
static bool same_carers(const cr_problem *p, cr_range slots, const compared *a, const compared *b)
{
    for (int32_t i = slots.first; i < slots.first + slots.n; i++) {
        bool found = false;
        for (int32_t k = slots.first; k < slots.first + slots.n; k++)
            found = found || carer_of(p, a, i) == carer_of(p, b, k);
        if (!found)
            return false;
    }
    return true;
}

static bool differs(const cr_problem *p, int32_t visit, const compared *all, int32_t n)
{
    for (int32_t i = 1; i < n; i++)
        if (all[i].start[visit] != all[0].start[visit] || !same_carers(p, p->visits[visit].slots, &all[0], &all[i]))
            return true;
    return false;
}

/* ---- for people ---- */

static void print_row(const char *name, const compared *all, int32_t n, words (*figure)(const compared *))
{
    printf("%-18s", name);
    for (int32_t i = 0; i < n; i++)
        printf(" %16s", figure(&all[i]).text);
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
    return words_count(c->plan->n_unallocated);
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
    return words_miles(c->report->sum.dist_m);
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
            printf(" %16s", words_money(all[i].check->cost.term[t]).text);
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
        if (carer_of(day->problem, c, i) != CR_NONE)
            printf("%s%s", i > slots.first ? " and " : " ", day->carers[carer_of(day->problem, c, i)].name);
}

static void print_differences(const cr_day *day, const compared *all, int32_t n)
{
    int32_t n_different = 0;
    for (int32_t v = 0; v < day->problem->n_visits; v++) {
        if (!differs(day->problem, v, all, n) || n_different++ >= VISITS_MOST)
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
        printf(" %16d", i + 1);
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

/* ---- for programs ---- */

static json_t *assignment_json(const cr_day *day, int32_t visit, const compared *c)
{
    cr_range slots = day->problem->visits[visit].slots;
    if (c->start[visit] == CR_FREE)
        return json_null();
    json_t *carers = json_array();
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (carer_of(day->problem, c, i) != CR_NONE)
            json_array_append_new(carers, json_string(day->carers[carer_of(day->problem, c, i)].carer_id));
    return json_pack("{s:i, s:s, s:o}", "start_s", (int)c->start[visit], "start",
                     words_clock(day, c->start[visit]).text, "carers", carers);
}

static json_t *plan_json(const char *path, const compared *c)
{
    const cr_report *r = c->report;
    return json_pack("{s:s, s:i, s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:i, s:i, s:o}", "plan", path, "broken_rules",
                     (int)c->check->n_breaches, "visits_served", (int)r->n_visits_served, "unallocated",
                     (int)c->plan->n_unallocated, "carers_used", (int)r->n_carers_used, "care_s",
                     (json_int_t)r->sum.care, "travel_s", (json_int_t)r->sum.travel, "waiting_s",
                     (json_int_t)r->sum.waiting, "distance_m", (json_int_t)r->sum.dist_m, "familiar_carer_visits",
                     (int)r->n_familiar_slots, "known_carer_visits", (int)r->n_known_slots, "cost_pence",
                     cmd_terms_json(&c->check->cost));
}

static cr_status print_json(const cr_day *day, char **paths, const compared *all, int32_t n)
{
    json_t *plans = json_array(), *visits = json_array();
    size_t n_different = 0;
    for (int32_t i = 0; i < n; i++)
        json_array_append_new(plans, plan_json(paths[i], &all[i]));
    for (int32_t v = 0; v < day->problem->n_visits; v++) {
        if (!differs(day->problem, v, all, n))
            continue;
        json_t *list = json_array();
        for (int32_t i = 0; i < n; i++)
            json_array_append_new(list, assignment_json(day, v, &all[i]));
        json_array_append_new(visits, json_pack("{s:s, s:o}", "visit", day->visits[v].visit_id, "plans", list));
        n_different++;
    }
    bool whole = json_array_size(plans) == (size_t)n && json_array_size(visits) == n_different;
    json_t *root = json_pack("{s:s, s:i, s:o, s:o}", "format", "careround comparison", "format_version", 1, "plans",
                             plans, "visits", visits);
    bool written = whole && root && json_dumpf(root, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF;
    json_decref(root);
    return written ? CR_OK : !whole || !root ? CR_E_NOMEM : CR_E_UPSTREAM;
}

/* ---- the whole ---- */

static int compare(const compare_options *o, const cr_day *day)
{
    compared all[PLANS_MOST] = {{0}};
    cr_status st = CR_OK;
    bool holds = true;
    for (int32_t i = 0; !st && i < o->n_plans; i++)
        st = read_one(o->paths[i], day, &all[i]);
    if (!st && o->json)
        st = print_json(day, o->paths, all, o->n_plans);
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
