/* Replan: a short search from the published rota in the day as it stands. */
#include "replan.h"

#include "careround/check.h"
#include "careround/solve.h"

#include "trajectory.h"

#include <stdio.h>
#include <stdlib.h>

#define WARM 0.7 /* where on its course from hot to cold the search begins: changes are to be few */

cr_replanned *cr_replanned_free(cr_replanned *x)
{
    if (x) {
        cr_problem_free(x->problem);
        cr_plan_free(x->plan);
        free(x->changes);
        free(x);
    }
    return NULL;
}

static cr_status search(const cr_problem *p, const cr_plan *start, const cr_replan_options *o, cr_plan **ret_plan)
{
    cr_auto(model) m = NULL;
    cr_auto(trajectory) s = NULL;
    cr_auto(cr_plan) plan = NULL;
    trajectory_options how = {.seed = o->seed, .clock_s = o->clock_s, .should_stop = o->should_stop, .user = o->user};
    how.begun_s = o->clock_s ? o->clock_s(o->user) : 0;
    trajectory_stretch stretch = {WARM, 1, o->iterations, o->time_s};
    cr_status st;
    if ((st = model_new(p, &m)) || (st = trajectory_new(m, &how, &s)) || (st = trajectory_begin(s, start, o->time_s)) ||
        (st = trajectory_run(s, &stretch)) || (st = cr_plan_copy(trajectory_best(s), &plan)) ||
        (st = cr_plan_time(p, plan)))
        return st == CR_E_INPUT ? CR_E_INTERNAL : st;
    *ret_plan = cr_plan_take(&plan);
    return CR_OK;
}

/* The published rota as a plan of the problem as it stands: what it has nowhere is unallocated. */
static cr_status as_published(const cr_problem *p, const cr_plan *published, cr_plan **ret_plan)
{
    cr_auto(cr_plan) plan = NULL;
    int32_t n_missing = 0;
    for (int32_t v = 0; v < p->n_visits; v++)
        n_missing += p->visits[v].published_start == CR_FREE;
    cr_status st = cr_plan_new(published->n_rounds, published->n_stops, n_missing, &plan);
    if (st)
        return st;
    for (int32_t r = 0; r < published->n_rounds; r++)
        plan->rounds[r] = published->rounds[r];
    for (int32_t k = 0; k < published->n_stops; k++)
        plan->stops[k] = published->stops[k];
    for (int32_t v = 0, n = 0; v < p->n_visits; v++)
        if (p->visits[v].published_start == CR_FREE)
            plan->unallocated[n++] = v;
    *ret_plan = cr_plan_take(&plan);
    return CR_OK;
}

/* What the published rota breaks by itself no search mends: what has begun stays, and where nothing happened all does.
 */
static cr_status blame(const cr_problem *p, const cr_check *found, bool is_all_as_published, char *message, size_t size)
{
    for (int32_t b = 0; b < found->n_breaches; b++) {
        const cr_breach *breach = &found->breaches[b];
        if (breach->rule == CR_RULE_COST || !(is_all_as_published || cr_problem_has_begun(p, breach->visit)))
            continue;
        snprintf(message, size,
                 "the rota that it goes on from breaks a rule (%s)%s, and that stays; check names the place, and with "
                 "it mended, or accepted (accepted.csv), the rest can be planned",
                 cr_rule_name(breach->rule), is_all_as_published ? "" : " in what has begun");
        return CR_E_INPUT;
    }
    return CR_E_INTERNAL;
}

/* The checker has the last word: on the plan, and on what was frozen. */
static cr_status check(const cr_problem *problem, const cr_plan *published, const cr_replan_options *options,
                       const cr_replanned *x, char *message, size_t size)
{
    cr_auto(cr_check) found = NULL;
    int32_t n_moved;
    cr_status st = cr_check_plan(x->problem, x->plan, &found);
    if (!st)
        st = cr_check_frozen(problem, published, &options->as_of, x->plan, &n_moved);
    if (st || found->n_breaches + n_moved == 0)
        return st;
    return n_moved > 0 ? CR_E_INTERNAL : blame(x->problem, found, !options->has_events, message, size);
}

/* The search could not begin: because of what the published rota breaks? */
static cr_status why_not(const cr_problem *p, const cr_plan *published, char *message, size_t size)
{
    cr_auto(cr_plan) plan = NULL;
    cr_auto(cr_check) found = NULL;
    cr_status st = as_published(p, published, &plan);
    if (!st)
        st = cr_check_plan(p, plan, &found);
    return st ? st : blame(p, found, false, message, size);
}

/* A carer whose last visits are cancelled waited for them: she has not set off for home. */
static void keep_who_waited(cr_problem *p, const cr_replan_options *options)
{
    for (int32_t s = 0; options->event_of_shift && s < p->n_shifts; s++)
        if (options->event_of_shift[s] != CR_NONE)
            p->shifts[s].is_over = false;
}

static int32_t n_held_visits(const cr_problem *p)
{
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_held; i++)
        n += p->held[i].slot != CR_NONE && p->visits[p->slots[p->held[i].slot].visit].slots.first == p->held[i].slot;
    return n;
}

cr_status cr_replan(const cr_problem *problem, const cr_plan *published, const cr_replan_options *options,
                    cr_replanned **ret_replanned, char *message, size_t size)
{
    assert(options->time_s >= 0 || options->iterations >= 0);
    cr_auto(cr_replanned) x = calloc(1, sizeof *x);
    cr_status st;
    if (!x)
        return CR_E_NOMEM;
    if ((st = cr_problem_copy(problem, &x->problem)))
        return st;
    cr_problem_publish(x->problem, published);
    if ((st = cr_problem_freeze(x->problem, published, &options->as_of)))
        return st;
    keep_who_waited(x->problem, options);
    if ((st = cr_problem_stand_at(x->problem, &options->as_of, message, size)))
        return st;
    x->n_frozen = n_held_visits(x->problem);
    st = options->has_events ? search(x->problem, published, options, &x->plan)
                             : as_published(x->problem, published, &x->plan);
    if (st == CR_E_INTERNAL)
        st = why_not(x->problem, published, message, size);
    if (st || (st = replan_keep_times(x->problem, published, options, x->plan)) ||
        (st = replan_list_changes(published, options, x)) ||
        (st = check(problem, published, options, x, message, size)))
        return st;
    *ret_replanned = cr_replanned_take(&x);
    return CR_OK;
}
