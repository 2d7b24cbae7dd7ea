/* Explanations: why a visit is unallocated, and what would place it.
 *
 * Visits come in order of risk and the time left is shared out evenly among those to come, so that a county day with
 * hundreds of unallocated visits ends in time and the most urgent are explained first. See explain_internal.h for the
 * other parts.
 */
#include "careround/check.h"

#include "explain_internal.h"

#include <stdlib.h>

#define TRIALS_MOST INT64_C(2000000) /* for each visit: seconds of work on any day, and the same on every machine */

const char *cr_reason_name(cr_reason reason)
{
    static const char *const names[CR_REASON_N] = {
        [CR_REASON_NO_POSITION] = "no position",    [CR_REASON_LOCK] = "locked to another carer",
        [CR_REASON_FORBIDDEN] = "forbidden",        [CR_REASON_SKILL] = "skill",
        [CR_REASON_ATTRIBUTE] = "attribute",        [CR_REASON_PATCH] = "patch",
        [CR_REASON_NO_SHIFT] = "no shift then",     [CR_REASON_REST] = "rest",
        [CR_REASON_MAX_WORK] = "most work reached", [CR_REASON_MAX_WAYS] = "most travel or distance reached",
        [CR_REASON_ROOM] = "no room on board",      [CR_REASON_NO_TIME] = "no time left",
        [CR_REASON_PARTNER] = "no partner",         [CR_REASON_FITS] = "would fit",
    };
    return reason >= 0 && reason < CR_REASON_N ? names[reason] : "?";
}

const char *cr_change_kind_name(cr_change_kind kind)
{
    static const char *const names[CR_CHANGE_N] = {
        [CR_CHANGE_NONE] = "none found",
        [CR_CHANGE_NOTHING] = "nothing",
        [CR_CHANGE_WINDOW_EARLIER] = "window earlier",
        [CR_CHANGE_WINDOW_LATER] = "window later",
        [CR_CHANGE_SHIFT_EARLIER] = "shift earlier",
        [CR_CHANGE_SHIFT_LATER] = "shift later",
        [CR_CHANGE_SKILL] = "skill",
        [CR_CHANGE_ATTRIBUTE] = "attribute",
    };
    return kind >= 0 && kind < CR_CHANGE_N ? names[kind] : "?";
}

cr_explanations *cr_explanations_free(cr_explanations *explanations)
{
    if (explanations) {
        for (int32_t i = 0; i < explanations->n; i++)
            cr_plan_free(explanations->items[i].plan);
        free(explanations->items);
        free(explanations);
    }
    return NULL;
}

/* ---- the explainer ---- */

static explainer *explainer_free(explainer *x)
{
    if (x) {
        timetable_free(x->timetable);
        cr_problem_free(x->problem);
        free(x->carer_first);
        free(x->carer_shifts);
        free(x->visits_first);
        free(x->provider_care);
        free(x->provider_slots);
        free(x->visits);
        free(x->buffer);
        free(x->edits);
        free(x->team);
        free(x);
    }
    return NULL;
}
CR_AUTO_DEFINE(explainer)

/* The longest round there is, and the largest visit. */
static void measure(explainer *x)
{
    const cr_problem *p = x->given;
    int32_t most_stops = 0, most_breaks = 0;
    for (int32_t r = 0; r < x->plan->n_rounds; r++)
        most_stops = x->plan->rounds[r].stops.n > most_stops ? x->plan->rounds[r].stops.n : most_stops;
    for (int32_t s = 0; s < p->n_shifts; s++)
        most_breaks = p->shifts[s].breaks.n > most_breaks ? p->shifts[s].breaks.n : most_breaks;
    x->longest_round = most_stops + most_breaks + 1;
    x->n_team_most = 1;
    for (int32_t v = 0; v < p->n_visits; v++)
        x->n_team_most = p->visits[v].slots.n > x->n_team_most ? p->visits[v].slots.n : x->n_team_most;
}

static void sort_shifts_by_carer(explainer *x)
{
    const cr_problem *p = x->given;
    for (int32_t s = 0; s < p->n_shifts; s++)
        x->carer_first[p->shifts[s].carer + 1]++;
    for (int32_t c = 0; c < p->n_carers; c++)
        x->carer_first[c + 1] += x->carer_first[c];
    for (int32_t s = p->n_shifts; s-- > 0;)
        x->carer_shifts[--x->carer_first[p->shifts[s].carer + 1]] = s;
    for (int32_t c = 0; c < p->n_carers; c++) /* each end moved down to its beginning */
        x->carer_first[c] = x->carer_first[c + 1];
    x->carer_first[p->n_carers] = p->n_shifts;
}

static void list_visits_of_rounds(explainer *x)
{
    const timetable *tt = x->timetable;
    int32_t n = 0;
    for (int32_t s = 0; s < x->given->n_shifts; s++) {
        for (int32_t i = tt->stops_first[s]; i < tt->stops_first[s + 1]; i++)
            if (timetable_is_slot(tt, tt->stops[i]))
                x->visits[n++] = tt->stops[i];
        x->visits_first[s + 1] = n;
    }
}

static bool take_memory(explainer *x)
{
    size_t n_most = (size_t)x->n_team_most;
    return (x->carer_first = calloc((size_t)x->given->n_carers + 2, sizeof *x->carer_first)) &&
           (x->carer_shifts = calloc((size_t)x->given->n_shifts + 1, sizeof *x->carer_shifts)) &&
           (x->visits_first = calloc((size_t)x->given->n_shifts + 1, sizeof *x->visits_first)) &&
           (x->visits = calloc((size_t)x->plan->n_stops + 1, sizeof *x->visits)) &&
           (x->buffer = calloc(n_most * (size_t)x->longest_round, sizeof *x->buffer)) &&
           (x->edits = calloc(n_most, sizeof *x->edits)) && (x->team = calloc(n_most, sizeof *x->team));
}

static cr_status explainer_new(const cr_problem *problem, const cr_plan *plan, const cr_explain_options *options,
                               explainer **ret_explainer)
{
    cr_auto(explainer) x = calloc(1, sizeof *x);
    if (!x)
        return CR_E_NOMEM;
    x->given = problem;
    x->plan = plan;
    x->options = options;
    measure(x);
    if (!take_memory(x))
        return CR_E_NOMEM;
    cr_status st = cr_problem_copy(problem, &x->problem);
    if (st || (st = contracts_note(x)) || (st = timetable_new(x->problem, plan, &x->timetable)))
        return st;
    sort_shifts_by_carer(x);
    list_visits_of_rounds(x);
    *ret_explainer = explainer_take(&x);
    return CR_OK;
}

/* ---- order of risk ---- */

typedef struct at_risk {
    int32_t visit;
    const cr_visit *data;
} at_risk;

/* Most at risk first. An unknown last visit is CR_FREE, the smallest number there is: the longest ago. */
static int compare_risk(const void *a, const void *b)
{
    const at_risk *x = a, *y = b;
    if (x->data->time_critical != y->data->time_critical)
        return x->data->time_critical ? -1 : 1;
    if (x->data->priority != y->data->priority)
        return x->data->priority < y->data->priority ? -1 : 1;
    if (x->data->lives_alone != y->data->lives_alone)
        return x->data->lives_alone ? -1 : 1;
    if (x->data->last_visit != y->data->last_visit)
        return x->data->last_visit < y->data->last_visit ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

static cr_status list_by_risk(const cr_problem *problem, const cr_plan *plan, int32_t only,
                              cr_explanations **ret_explanations)
{
    cr_auto(cr_explanations) list = calloc(1, sizeof *list);
    if (!list || !(list->items = calloc((size_t)plan->n_unallocated + 1, sizeof *list->items)))
        return CR_E_NOMEM;
    at_risk *order = malloc(((size_t)plan->n_unallocated + 1) * sizeof *order);
    if (!order)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < plan->n_unallocated; i++)
        if (only == CR_NONE || only == plan->unallocated[i])
            order[list->n++] = (at_risk){plan->unallocated[i], &problem->visits[plan->unallocated[i]]};
    qsort(order, (size_t)list->n, sizeof *order, compare_risk);
    for (int32_t i = 0; i < list->n; i++)
        list->items[i].visit = order[i].visit;
    free(order);
    *ret_explanations = cr_explanations_take(&list);
    return CR_OK;
}

/* ---- the whole ---- */

/* A plan that breaks a rule has nothing to say about what would keep them. What it claims to cost does not matter. */
static cr_status require_valid(const cr_problem *problem, const cr_plan *plan, cr_cost *ret_cost)
{
    cr_auto(cr_check) check = NULL;
    cr_status st = cr_check_plan(problem, plan, &check);
    if (st)
        return st;
    for (int32_t i = 0; i < check->n_breaches; i++)
        if (check->breaches[i].rule != CR_RULE_COST)
            return CR_E_INPUT;
    *ret_cost = check->cost;
    return CR_OK;
}

static double now_s(const cr_explain_options *options)
{
    return options->clock_s ? options->clock_s(options->user) : 0;
}

/* An even share of the time left for each visit still to come. */
static void share_time(explainer *x, double end_s, int32_t n_to_come)
{
    double now = now_s(x->options);
    x->deadline_s = now + (end_s > now ? (end_s - now) / n_to_come : 0);
    x->n_trials = 0;
    x->trials_most = TRIALS_MOST;
    x->is_cut_short = x->options->clock_s && x->options->time_s >= 0 && now >= end_s;
}

typedef cr_status (*explain_fn)(explainer *x, cr_explanation *explanation);

static cr_status explain_each(explainer *x, cr_explanations *list, double end_s, explain_fn explain)
{
    for (int32_t i = 0; i < list->n; i++) {
        share_time(x, end_s, list->n - i);
        cr_status st = explain(x, &list->items[i]);
        list->items[i].cut_short = list->items[i].cut_short || x->is_cut_short;
        if (st)
            return st;
    }
    return CR_OK;
}

/* Reasons for all before changes for any, and insertion before planning anew: what is cheap, and asked first, is not
 * kept waiting by what is dear. */
cr_status cr_explain_plan(const cr_problem *problem, const cr_plan *plan, const cr_explain_options *options,
                          cr_explanations **ret_explanations)
{
    cr_auto(cr_explanations) list = NULL;
    cr_auto(explainer) x = NULL;
    double end_s = now_s(options) + options->time_s;
    cr_cost cost = {0};
    cr_status st = require_valid(problem, plan, &cost);
    if (st || (st = list_by_risk(problem, plan, options->visit, &list)) ||
        (st = explainer_new(problem, plan, options, &x)))
        return st;
    x->cost = cost;
    static const explain_fn passes[] = {explain_reasons, explain_change, explain_replan};
    int32_t n_passes = options->iterations > 0 ? 3 : 2;
    for (int32_t i = 0; i < n_passes; i++)
        if ((st = explain_each(x, list, end_s, passes[i])))
            return st;
    for (int32_t i = 0; !options->keep_plans && i < list->n; i++)
        list->items[i].plan = cr_plan_free(list->items[i].plan);
    *ret_explanations = cr_explanations_take(&list);
    return CR_OK;
}
