/* careround-latency: how long a coordinator's page waits, in milliseconds, for what it asks of the engine while she
 * drags.
 *
 *   careround-latency DAY PLAN [GAZETTEER]
 *
 * Reads the day and a plan of it (plan.json), and prints a JSON line for each question: how often it was asked, and the
 * median, 95th percentile and longest answer. Reading and compiling are not counted; they happen once a day.
 *
 *   evaluate all     the whole plan by a new evaluator
 *   evaluate moved   a visit of one carer moved to another place, as a rule in another round; the evaluator knows the
 * plan
 *   suggest          ten carers and times for one visit, one of them all in turn
 */
#include "careround/suggest.h"

#include "write.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ASKED 300

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void print_times(const char *question, double *ms, int32_t n)
{
    qsort(ms, (size_t)n, sizeof *ms, compare_doubles);
    printf("{\"question\": \"%s\", \"asked\": %d, \"median_ms\": %.3f, \"p95_ms\": %.3f, \"longest_ms\": %.3f}\n",
           question, n, ms[n / 2], ms[n * 95 / 100], ms[n - 1]);
}

static void die(const char *what)
{
    fprintf(stderr, "careround-latency: %s\n", what);
    exit(1);
}

/* A stop of one carer taken out and put in elsewhere: the same moves every time. */
static void move_a_visit(const cr_problem *p, cr_plan *plan, uint64_t *random)
{
    int32_t k, to;
    do {
        *random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
        k = (int32_t)((*random >> 33) % (uint64_t)plan->n_stops);
        to = (int32_t)((*random >> 13) % (uint64_t)plan->n_stops);
    } while (k == to || plan->stops[k].slot == CR_NONE || p->visits[p->slots[plan->stops[k].slot].visit].slots.n > 1);
    cr_stop moved = plan->stops[k];
    int32_t from = CR_NONE, into = CR_NONE;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        cr_range stops = plan->rounds[r].stops;
        from = k >= stops.first && k < stops.first + stops.n ? r : from;
        into = to >= stops.first && to < stops.first + stops.n ? r : into;
    }
    memmove(plan->stops + k, plan->stops + k + 1, (size_t)(plan->n_stops - k - 1) * sizeof moved);
    memmove(plan->stops + to + 1, plan->stops + to, (size_t)(plan->n_stops - to - 1) * sizeof moved);
    plan->stops[to] = moved;
    plan->rounds[from].stops.n--;
    plan->rounds[into].stops.n++;
    for (int32_t r = 0, first = 0; r < plan->n_rounds; r++) {
        plan->rounds[r].stops.first = first;
        first += plan->rounds[r].stops.n;
    }
}

static void measure_evaluate(const cr_problem *p, const cr_plan *plan)
{
    double all[ASKED], moved[ASKED];
    const cr_evaluation *made;
    uint64_t random = 1;
    for (int32_t i = 0; i < ASKED; i++) {
        cr_auto(cr_evaluator) e = NULL;
        cr_auto(cr_plan) changed = NULL;
        if (cr_evaluator_new(p, &e) || cr_plan_copy(plan, &changed))
            die("out of memory");
        double begun = now_ms();
        if (cr_evaluate(e, changed, &made))
            die("out of memory");
        all[i] = now_ms() - begun;
        move_a_visit(p, changed, &random);
        begun = now_ms();
        if (cr_evaluate(e, changed, &made))
            die("out of memory");
        moved[i] = now_ms() - begun;
    }
    print_times("evaluate all", all, ASKED);
    print_times("evaluate moved", moved, ASKED);
}

static void measure_suggest(const cr_problem *p, const cr_plan *plan)
{
    double ms[ASKED];
    int32_t n = p->n_visits < ASKED ? p->n_visits : ASKED;
    for (int32_t i = 0; i < n; i++) {
        cr_auto(cr_suggestions) list = NULL;
        double begun = now_ms();
        if (cr_suggest(p, plan, (int32_t)((int64_t)i * p->n_visits / n), 10, &list))
            die("out of memory");
        ms[i] = now_ms() - begun;
    }
    print_times("suggest", ms, n);
}

int main(int argc, char **argv)
{
    cr_auto(cr_day) day = NULL;
    cr_auto(cr_plan) plan = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_auto(plan_faults) faults = NULL;
    if (argc < 3 || argc > 4)
        die("usage: careround-latency DAY PLAN [GAZETTEER]");
    day_read_options options = {.path = argv[1], .gazetteer_path = argc > 3 ? argv[3] : NULL};
    if (cr_day_read(&options, &day, &findings))
        die("the day cannot be read; try 'careround plan DAY --dry-run'");
    if (plan_json_read(argv[2], day, &plan, NULL, &faults))
        die("the plan cannot be read; try 'careround check DAY PLAN'");
    printf("{\"visits\": %d, \"carers\": %d, \"shifts\": %d, \"places\": %d}\n", day->problem->n_visits,
           day->problem->n_carers, day->problem->n_shifts, day->problem->n_places);
    measure_evaluate(day->problem, plan);
    measure_suggest(day->problem, plan);
    return 0;
}
