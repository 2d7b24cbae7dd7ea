/* careround suggest DAY PLAN VISIT: who could do one visit, and when. */
#include "careround/suggest.h"

#include "answers_json.h"
#include "cmd.h"
#include "words.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define MOST 10

static const char help[] =
    "usage: careround suggest DAY PLAN VISIT [options]\n\n"
    "Rank the carers and times for one visit, allocated or not, everybody else staying in her round: what it costs by\n"
    "term, which other visits start at another time, which time held back (held_back.csv) is given up for it, and\n"
    "which rules would be broken. Those that break none come first, then the cheapest. Status 3 if the day or the\n"
    "plan cannot be read, there is no such visit, or it has begun (a plan of replan).\n\n"
    "      --most N         so many suggestions (default 10)\n"
    "      --json           as JSON on standard output\n" CMD_DAY_HELP;

typedef struct suggest_options {
    day_read_options read;
    const char *plan_path, *visit_id;
    double most;
    bool json;
} suggest_options;

static int parse_options(int argc, char **argv, suggest_options *o, bool *ret_go_on)
{
    static const struct option options[] = {CMD_DAY_OPTIONS,
                                            {"most", required_argument, NULL, 'm'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *ret_go_on = false;
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (c) {
        case 'm':
            if (!cmd_option_count("suggest", "most", optarg, 1, 1000, &o->most))
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
                return cmd_usage_error("suggest", "see above");
        }
    }
    if (optind + 3 != argc)
        return cmd_usage_error("suggest", "give DAY, PLAN and VISIT");
    o->read.path = argv[optind];
    o->plan_path = o->read.plan_path = argv[optind + 1];
    o->visit_id = argv[optind + 2];
    *ret_go_on = true;
    return EXIT_DONE;
}

/* ---- for people ---- */

static const char *carer_name(const cr_day *day, int32_t shift)
{
    return day->carers[day->problem->shifts[shift].carer].name;
}

/* Nobody notices seconds: what stays in its minute is left to --json. */
static void print_move(const cr_day *day, const cr_delay *delay)
{
    const day_visit *visit = &day->visits[delay->visit];
    words was = words_clock(day, delay->was), now = words_clock(day, delay->now);
    if (strcmp(was.text, now.text) != 0)
        printf("   moves %s of %s from %s to %s\n", visit->visit_id, day->clients[visit->client].name, was.text,
               now.text);
}

static void print_terms(const cr_cost *cost)
{
    const char *before = "   ";
    for (int32_t t = 0; t < CR_TERM_N; t++) {
        if (cost->term[t] == 0 || t == CR_TERM_UNALLOCATED)
            continue;
        printf("%s%s %s", before, cr_term_name((cr_term)t), words_money(cost->term[t]).text);
        before = ", ";
    }
    putchar('\n');
}

static int64_t given_up_price(const cr_day *day, const cr_given_up *piece)
{
    return day->problem->visits[piece->visit].unallocated_price;
}

static void print_given_up(const cr_day *day, const cr_given_up *piece)
{
    const cr_visit *visit = &day->problem->visits[piece->visit];
    printf("   gives up %s held back (%s) at %s: %s\n",
           words_duration(day->problem->slots[visit->slots.first].duration).text, day->clients[visit->client].name,
           words_clock(day, piece->start).text, words_money(given_up_price(day, piece)).text);
}

/* The price of leaving the visit out is the same for all, and far above the rest; that of time given up counts. */
static int64_t cost_to_show(const cr_day *day, const cr_suggestion *s)
{
    int64_t cost = s->cost.total - s->cost.term[CR_TERM_UNALLOCATED];
    for (int32_t i = 0; i < s->n_given_up; i++)
        cost += given_up_price(day, &s->given_up[i]);
    return cost;
}

static void print_suggestion(const cr_day *day, int32_t number, const cr_suggestion *s)
{
    printf("%d. ", number);
    for (int32_t i = 0; i < s->n_carers; i++)
        printf("%s%s", i ? " and " : "", carer_name(day, s->shift[i]));
    printf(" at %s: %s%s\n", words_clock(day, s->start).text, words_money(cost_to_show(day, s)).text,
           s->is_now ? " (as it is planned)" : "");
    print_terms(&s->cost);
    for (int32_t i = 0; i < s->n_given_up; i++)
        print_given_up(day, &s->given_up[i]);
    for (int32_t i = 0; i < s->n_broken; i++) {
        char *text = words_breach(day, &s->broken[i]);
        printf("   breaks %s: %s\n", cr_rule_name(s->broken[i].rule), text ? text : "");
        free(text);
    }
    for (int32_t i = 0; i < s->n_delays; i++)
        print_move(day, &s->delays[i]);
}

/* ---- the whole ---- */

static int suggest(const suggest_options *o, const cr_day *day)
{
    cr_auto(cr_plan) plan = NULL;
    cr_auto(cr_suggestions) list = NULL;
    plan_origin origin = {0};
    int32_t visit = day_find_visit(day, o->visit_id);
    cr_status st = cmd_read_plan(o->plan_path, day, &plan, &origin);
    if (!st && visit == CR_NONE) {
        fprintf(stderr, "careround suggest: no visit '%s' on this day\n", o->visit_id);
        return EXIT_INPUT;
    }
    if (!st && cr_problem_has_begun(day->problem, visit)) {
        fprintf(stderr, "careround suggest: %s has begun by the time of this plan, and stays as it is\n", o->visit_id);
        return EXIT_INPUT;
    }
    if (!st)
        st = cr_suggest(day->problem, plan, visit, (int32_t)o->most, &list);
    if (!st && o->json)
        st = cmd_print_json(suggestions_json(day, visit, list));
    for (int32_t i = 0; !st && !o->json && i < list->n; i++)
        print_suggestion(day, i + 1, &list->items[i]);
    if (!st && !o->json && list->n == 0)
        puts("nobody has a shift on this day");
    return cmd_exit_status(st);
}

int cmd_suggest(int argc, char **argv)
{
    suggest_options o = {.most = MOST};
    bool go_on;
    int status = parse_options(argc, argv, &o, &go_on);
    if (!go_on)
        return status;
    cr_auto(cr_day) day = NULL;
    cr_status st = cmd_read_day(&o.read, &day);
    return day ? suggest(&o, day) : cmd_exit_status(st);
}
