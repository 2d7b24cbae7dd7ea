/* Planning anew on days too large to try every plan: a short search from the present plan for each change.
 *
 * The search may take a stranger in for a visit that was served before, so everybody who must be served gets a price
 * that nothing outweighs, and the other unallocated visits are kept out of it. What it finds is offered like any other
 * change: only if the checker passes it and nobody drops out. Tried are no change at all, and windows narrower than
 * what insertion needs; shifts and skills are left to insertion, there are too many of them.
 */
#include "careround/solve.h"

#include "cost.h"
#include "explain_internal.h"

#include <stdlib.h>

#define VISITS_MOST  1500               /* beyond that, a search is set up for longer than it may last */
#define WANTED_PRICE (INT64_C(1) << 45) /* some 97,000 pounds */

/* The changed problem as the search is to see it. */
static cr_status problem_to_search(const cr_problem *changed, const bool *is_wanted, cr_problem **ret_problem)
{
    cr_auto(cr_problem) p = NULL;
    char message[200];
    cr_status st = cr_problem_copy(changed, &p);
    if (st)
        return st;
    for (int32_t v = 0; v < p->n_visits; v++) {
        if (is_wanted[v])
            p->visits[v].unallocated_price = WANTED_PRICE;
        else { /* nobody can get there */
            p->visits[v].place = CR_NONE;
            p->visits[v].is_anywhere = false;
        }
    }
    if ((st = cr_problem_validate(p, message, sizeof message)))
        return st;
    *ret_problem = cr_problem_take(&p);
    return CR_OK;
}

/* *ret_plan is NULL if the search did not serve all that are wanted. */
static cr_status search_plan(explainer *x, const cr_problem *changed, const bool *is_wanted, cr_plan **ret_plan)
{
    const cr_explain_options *options = x->options;
    cr_auto(cr_problem) p = NULL;
    cr_auto(cr_plan) plan = NULL;
    cr_solve_options solve = CR_SOLVE_OPTIONS_INIT;
    solve.iterations = options->iterations;
    solve.start = x->plan;
    solve.use_glpk = false;
    solve.clock_s = options->clock_s;
    solve.user = options->user;
    if (options->clock_s && options->time_s >= 0) {
        double left_s = x->deadline_s - options->clock_s(options->user);
        solve.time_s = left_s > 0 ? left_s : 0;
    }
    cr_status st = problem_to_search(changed, is_wanted, &p);
    if (st || (st = cr_solve(p, &solve, &plan, NULL)))
        return st == CR_E_INPUT ? CR_OK : st; /* so large that the price would overflow: nothing found */
    for (int32_t i = 0; i < plan->n_unallocated; i++)
        if (is_wanted[plan->unallocated[i]])
            return CR_OK;
    st = plan_set_cost(changed, plan);
    if (!st)
        *ret_plan = cr_plan_take(&plan);
    return st;
}

static cr_status search_change(explainer *x, cr_explanation *explanation, const bool *is_wanted,
                               const cr_change *change, bool *ret_found)
{
    cr_auto(cr_problem) changed = NULL;
    cr_auto(cr_plan) plan = NULL;
    *ret_found = false;
    cr_status st = cr_explain_apply(x->given, explanation->visit, change, &changed);
    if (st || (st = search_plan(x, changed, is_wanted, &plan)))
        return st;
    *ret_found = plan != NULL;
    return plan ? offer_change(x, change, &plan, explanation) : CR_OK;
}

/* Is the clock past this visit's share? */
static bool is_late(explainer *x)
{
    const cr_explain_options *options = x->options;
    bool has_limit = options->clock_s && options->time_s >= 0;
    x->is_cut_short = x->is_cut_short || (has_limit && options->clock_s(options->user) >= x->deadline_s);
    return x->is_cut_short;
}

/* Fewer steps of one window than the best so far, by halving as long as the search keeps up. */
static cr_status search_window(explainer *x, cr_explanation *explanation, const bool *is_wanted, cr_change *change)
{
    const cr_explain_options *options = x->options;
    bool has_change = explanation->change.kind != CR_CHANGE_NONE;
    int32_t too_few = 0;
    int32_t enough = has_change ? explanation->change.ticks / options->step : options->most / options->step + 1;
    for (int32_t steps = enough - 1; steps > too_few && !is_late(x); steps = (too_few + enough) / 2) {
        bool found;
        change->ticks = steps * options->step;
        cr_status st = search_change(x, explanation, is_wanted, change, &found);
        if (st)
            return st;
        if (!found && steps == enough - 1)
            return CR_OK; /* not even with the most */
        if (found)
            enough = steps;
        else
            too_few = steps;
    }
    return CR_OK;
}

static cr_status search_windows(explainer *x, cr_explanation *explanation, const bool *is_wanted)
{
    const cr_visit *visit = &x->given->visits[explanation->visit];
    cr_status st = CR_OK;
    if (visit->locked_start != CR_FREE || x->options->step <= 0)
        return CR_OK;
    for (int32_t k = CR_CHANGE_WINDOW_EARLIER; k <= CR_CHANGE_WINDOW_LATER; k++)
        for (int32_t w = visit->windows.first; !st && w < visit->windows.first + visit->windows.n; w++) {
            cr_change change = no_change((cr_change_kind)k);
            change.window = w;
            st = search_window(x, explanation, is_wanted, &change);
        }
    return st;
}

cr_status explain_search(explainer *x, cr_explanation *explanation, const bool *is_wanted)
{
    cr_change nothing = no_change(CR_CHANGE_NOTHING);
    bool found = explanation->change.kind == CR_CHANGE_NOTHING;
    const cr_visit *visit = &x->given->visits[explanation->visit];
    bool is_nowhere = visit->place == CR_NONE && !visit->is_anywhere;
    if (found || is_nowhere || x->given->n_visits > VISITS_MOST || is_late(x))
        return CR_OK;
    cr_status st = search_change(x, explanation, is_wanted, &nothing, &found);
    bool has_free_change = explanation->change.kind != CR_CHANGE_NONE && explanation->change.ticks == 0;
    return st || has_free_change ? st : search_windows(x, explanation, is_wanted);
}
