/* A proved lower bound by column generation: see bound.h and docs/model.md section 8.
 *
 * For any worth w >= 0 of the rows, every plan costs at least
 *
 *   L(w) = sum over visits of min(unallocated price, what its rows are worth when its carers meet, at the least)
 *        + sum over groups of count x min(0, the least of a round's cost less what it earns)
 *
 * (Lagrangian relaxation). GLPK only suggests w; L(w) is summed here in integers from exact pricing, so it holds
 * whatever GLPK does, and at any stop. Its w are held near to the best so far by a price, which falls until there is
 * none (bound_master.h). From then on the w asked for lie between GLPK's and the best so far (Wentges 1997, "Weighted
 * Dantzig-Wolfe decomposition for linear mixed-integer programming"), nearer to the one or the other by what came of
 * the last (after Pessoa, Sadykov, Uchoa, Vanderbeck 2018, "Automation and combination of linear-programming based
 * stabilization techniques in column generation").
 */
#include "careround/bound.h"

#include "bound_finder.h"
#include "bound_first.h"
#include "bound_guess.h"
#include "bound_quickest.h"

#include <stdlib.h>

#define CORE_ROWS 600 /* where nothing is asked for: with fewer GLPK takes most of the time */

/* The carers of a visit come nearer together from stage to stage. */
static const struct stage {
    int32_t n_steps;
    double close; /* so near to GLPK's value, and the next begins */
} stages[] = {{0, 2e-4}, {4, 2e-4}, {8, BOUND_CONVERGED}};

#define STAGES_N (int)(sizeof stages / sizeof *stages)

/* ---- stages ---- */

static void finder_done(bound_finder *f)
{
    bound_pricers_free(f->pricers);
    bound_pricers_free(f->of_core);
    bound_core_free(f->core);
    bound_master_free(f->master);
    bound_climb_free(f->climb);
    bound_columns_done(&f->columns);
    free(f->centre);
    free(f->worth);
    free(f->moments);
    bound_tolls_done(&f->tolls);
    free(f->answer.worth);
    free(f->answer.of_group);
    bound_nodes_free(f->b);
}

static bool has_core(const bound_finder *f)
{
    int32_t least = f->options->core_rows < 0 ? CORE_ROWS : f->options->core_rows;
    return !f->take && f->b->n_rows >= least;
}

static cr_status make_parts(bound_finder *f, const bound_core *old)
{
    f->moments = malloc((2 * (size_t)f->b->n_moments + 1) * sizeof *f->moments);
    f->answer.of_group = calloc((size_t)f->b->n_groups + 1, sizeof *f->answer.of_group);
    if (!f->moments || !f->answer.of_group)
        return CR_E_NOMEM;
    cr_status st = bound_finder_make_room(f);
    if (!st)
        st = bound_pricers_new(f->b, f->options->n_threads, bound_finder_should_stop, f, &f->pricers);
    if (!st && has_core(f))
        st = bound_core_new(f->b, old, &f->core);
    if (!st && f->core)
        st = bound_pricers_new(bound_core_view(f->core), f->options->n_threads, bound_finder_should_stop, f,
                               &f->of_core);
    return st;
}

static int64_t labels_of(const bound_finder *f)
{
    return f->labels + (f->pricers ? bound_pricers_labels(f->pricers) : 0) +
           (f->of_core ? bound_pricers_labels(f->of_core) : 0);
}

/* What holds before anything is priced. */
static cr_status prove_first(bound_finder *f)
{
    bool found = false;
    cr_status st = bound_first_worths(f->b, bound_finder_should_stop, f, f->worth, &found);
    if (st || !found)
        return st;
    bound_worth_tidy(f->b, &f->tolls, f->worth);
    f->best = bound_worth_in_all(f->b, &f->tolls, f->worth, f->moments);
    return CR_OK;
}

static cr_status begin(bound_finder *f, const model *m)
{
    cr_status st = bound_nodes_new(m, stages[0].n_steps, &f->b);
    if (st)
        return st;
    if (f->take) {
        f->b->rest_steps = BOUND_REST_COARSE;
        f->b->columns_each = BOUND_COLUMNS_TAKEN;
    }
    bound_tolls_init(f->b, &f->tolls);
    st = make_parts(f, NULL);
    if (st || f->b->n_rows == 0)
        return st;
    st = prove_first(f);
    if (!st && f->options->start)
        st = bound_guess_columns(f->b, f->options->start, &f->columns);
    if (!st && f->options->start)
        st = bound_climb_new(f->b, f->b->parts * f->options->start->cost.total, &f->climb);
    if (st)
        return st;
    bound_guess(f->b, f->options->start, f->centre);
    f->begins_near = f->slot_worth && bound_guess_known(f->b, f->slot_worth, f->centre);
    bound_worth_tidy(f->b, &f->tolls, f->centre);
    st = bound_master_new(f->b, f->centre, &f->tolls, &f->master);
    return st ? st : bound_master_add(f->master, &f->columns, 0);
}

/* The next stage begins where this one ends. */
static cr_status go_on(bound_finder *f, const model *m, int32_t n_steps)
{
    bound_finder old = *f;
    *f = (bound_finder){.options = old.options,
                        .result = old.result,
                        .centre_value = INT64_MIN,
                        .best = old.best,
                        .share = BOUND_SMOOTH,
                        .begun_s = old.begun_s,
                        .labels = labels_of(&old),
                        .begins_near = true};
    cr_status st = bound_nodes_new(m, n_steps, &f->b);
    if (!st) {
        bound_tolls_init(f->b, &f->tolls);
        st = bound_tolls_move(old.b, &old.tolls, f->b, &f->tolls);
    }
    if (!st)
        st = make_parts(f, old.core);
    if (!st) {
        bound_worth_move(old.b, &old.tolls, old.centre, f->b, &f->tolls, f->centre);
        bound_master_forget_lp(old.master);
        st = bound_master_new(f->b, f->centre, &f->tolls, &f->master);
    }
    if (!st)
        st = bound_master_add(f->master, bound_master_columns(old.master), 0);
    finder_done(&old);
    return st;
}

static cr_status go_through(bound_finder *f, const model *m)
{
    cr_status st = begin(f, m);
    if (!st && f->b->n_rows == 0) {
        f->best = f->b->unserved_cost;
        f->result->converged = true;
        return CR_OK;
    }
    for (int k = 0; !st && k < STAGES_N && bound_finder_may_go_on(f); k++) {
        bool is_last = k + 1 == STAGES_N || f->b->n_met == 0 || f->take;
        if (k > 0)
            st = go_on(f, m, stages[k].n_steps);
        f->close = is_last ? BOUND_CONVERGED : stages[k].close;
        if (!st)
            st = bound_finder_run(f, k == 0);
        if (is_last)
            break;
        f->result->converged = false;
    }
    if (!st && f->take && f->answer.value > 0) {
        bound_master_forget_lp(f->master);
        st = f->take(f->taker, &(bound_rounds){f->b, f->master, f->centre});
    }
    return st;
}

/* ---- all of it ---- */

/* What providers are paid for their blocks, whatever the plan. */
static int64_t paid_anyway(const cr_problem *p)
{
    int64_t cost = 0;
    for (int32_t i = 0; i < p->n_providers; i++)
        cost += p->providers[i].block_price * p->providers[i].block;
    return cost;
}

static cr_status find_static(const cr_problem *problem, const cr_bound_options *options, const double *slot_worth,
                             bound_taker *take, void *taker, cr_bound *ret_bound)
{
    cr_bound result = {0};
    bound_finder f = {.options = options,
                      .result = &result,
                      .centre_value = INT64_MIN,
                      .best = INT64_MIN,
                      .share = BOUND_SMOOTH,
                      .take = take,
                      .taker = taker,
                      .slot_worth = slot_worth};
    if (options->clock_s)
        f.begun_s = options->clock_s(options->user);
    cr_auto(model) m = NULL;
    cr_status st = model_new(problem, &m);
    if (!st)
        st = go_through(&f, m);
    if (st == CR_E_INTERNAL) { /* GLPK failed: what is proved stays */
        result.glpk_faults++;
        st = CR_OK;
    }
    if (!st) {
        result.labels = labels_of(&f);
        /* No plan costs a part of a unit: what is below a whole one is the next. */
        if (f.best > 0)
            result.cost = f.best / f.b->parts + (f.best % f.b->parts > 0);
        result.cost += paid_anyway(problem);
        for (int k = 0; k < CR_RELAXED_N; k++)
            result.relaxed[k] = f.b->relaxed[k];
        result.elapsed_s = bound_finder_elapsed_s(&f);
    }
    finder_done(&f);
    if (st)
        return st;
    *ret_bound = result;
    return CR_OK;
}

/* ---- travel by time of day ---- */

cr_status cr_bound_find(const cr_problem *problem, const cr_bound_options *options, cr_bound *ret_bound)
{
    if (problem->n_periods == 0)
        return find_static(problem, options, NULL, NULL, NULL, ret_bound);
    cr_auto(cr_problem) relaxed = NULL;
    cr_matrix *quickest[CR_MODES_MAX] = {NULL};
    cr_status st = cr_problem_copy(problem, &relaxed);
    if (!st)
        st = bound_make_quickest(relaxed, quickest);
    if (!st)
        st = find_static(relaxed, options, NULL, NULL, NULL, ret_bound);
    bound_quickest_done(quickest);
    return st;
}

cr_status bound_find_rounds(const cr_problem *problem, const cr_bound_options *options, const double *slot_worth,
                            bound_taker *take, void *taker)
{
    cr_bound bound;
    return find_static(problem, options, slot_worth, take, taker, &bound);
}
