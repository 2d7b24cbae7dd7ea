/* From a problem to a plan: chooses how to search, lets trajectories search, and times the best plan exactly. */
#include "divide.h"
#include "islands.h"
#include "order_search.h"
#include "partition.h"

#include <stdlib.h>

/* A first plan of the whole is better, but compiling the whole takes time by the square of the visits: with less time
 * than this, a large problem is in parts from the beginning. */
#define LARGE         3000  /* visits */
#define WHOLE_S_LEAST 0.001 /* for each of them */

/* ---- what all ways of searching share ---- */

double run_elapsed_s(const solve_run *run)
{
    return run->options->clock_s ? run->options->clock_s(run->options->user) - run->begun_s : 0;
}

static double clock_s(void *user)
{
    const solve_run *run = user;
    return run->options->clock_s(run->options->user);
}

/* The caller is asked on its own thread; the others hear of it. */
static bool ask_to_stop(void *user)
{
    solve_run *run = user;
    if (run->options->should_stop && run->options->should_stop(run->options->user))
        atomic_store(&run->is_stopped, true);
    return atomic_load(&run->is_stopped);
}

static bool is_stopped(void *user)
{
    solve_run *run = user;
    return atomic_load(&run->is_stopped);
}

trajectory_options run_trajectory(solve_run *run, int32_t worker, uint64_t seed)
{
    return (trajectory_options){.seed = seed,
                                .use_glpk = run->options->use_glpk,
                                .clock_s = run->options->clock_s ? clock_s : NULL,
                                .should_stop = worker == 0 ? ask_to_stop : is_stopped,
                                .user = run,
                                .begun_s = run->begun_s};
}

void run_count(solve_run *run, const trajectory_stats *stats)
{
    run->stats.iterations += stats->iterations;
    run->stats.glpk_runs += stats->glpk_runs;
    run->stats.glpk_wins += stats->glpk_wins;
    run->stats.glpk_faults += stats->glpk_faults;
}

static int32_t n_slots_missing(const cr_problem *p, const cr_plan *plan)
{
    int32_t n = 0;
    for (int32_t i = 0; i < plan->n_unallocated; i++)
        n += p->visits[plan->unallocated[i]].slots.n;
    return n;
}

cr_status run_offer_timed(solve_run *run, const cr_plan *plan, bool *ret_is_best)
{
    cr_plan *kept = NULL;
    *ret_is_best = !run->best || plan->cost.total < run->best->cost.total;
    cr_status st = *ret_is_best ? cr_plan_copy(plan, &kept) : CR_OK;
    if (st || !*ret_is_best)
        return st;
    cr_plan_free(run->best);
    run->best = kept;
    if (kept->n_unallocated == 0 && run->stats.first_complete_s < 0)
        run->stats.first_complete_s = run_elapsed_s(run);
    return CR_OK;
}

cr_status run_offer(solve_run *run, cr_plan *plan, bool *ret_is_best)
{
    *ret_is_best = false;
    cr_status st = cr_plan_time(run->problem, plan);
    return st ? st : run_offer_timed(run, plan, ret_is_best);
}

void run_tell(solve_run *run, const cr_plan *plan, int64_t cost, int64_t iterations)
{
    if (!run->options->on_best || cost >= run->told)
        return;
    run->told = cost;
    cr_progress progress = {run_elapsed_s(run), iterations, cost, n_slots_missing(run->problem, plan)};
    run->options->on_best(&progress, run->options->user);
}

/* ---- the ways ---- */

static void tell_of_best(const trajectory *s, void *user)
{
    solve_run *run = user;
    run_tell(run, trajectory_best(s), trajectory_best_cost(s),
             run->stats.iterations + trajectory_stats_of(s).iterations);
}

static cr_status offer_best(solve_run *run, const trajectory *s)
{
    cr_auto(cr_plan) plan = NULL;
    trajectory_stats stats = trajectory_stats_of(s);
    if (run->stats.first_complete_s < 0)
        run->stats.first_complete_s = stats.first_complete_s;
    run_count(run, &stats);
    cr_status st = cr_plan_copy(trajectory_best(s), &plan);
    bool is_best; /* the trajectory has told of it already */
    return st ? st : run_offer(run, plan, &is_best);
}

/* Nothing planned: every visit is unallocated. */
static cr_status empty_plan(const cr_problem *p, cr_plan **ret_plan)
{
    cr_status st = cr_plan_new(0, 0, p->n_visits, ret_plan);
    for (int32_t v = 0; !st && v < p->n_visits; v++)
        (*ret_plan)->unallocated[v] = v;
    return st;
}

/* In parts from the beginning: the whole is never compiled. */
static cr_status run_in_parts(solve_run *run)
{
    cr_auto(cr_plan) nothing = NULL;
    cr_status st = empty_plan(run->problem, &nothing);
    return st ? st : divide_run(run, nothing, 0);
}

/* A first plan of the whole, then from hot to cold as one trajectory, as islands, or in parts. */
static cr_status run_whole(solve_run *run)
{
    const cr_solve_options *o = run->options;
    trajectory_options how = run_trajectory(run, 0, o->seed);
    how.on_best = o->on_best ? tell_of_best : NULL;
    cr_auto(model) m = NULL;
    cr_auto(trajectory) s = NULL;
    cr_status st = model_new(run->problem, &m);
    if (st)
        return st;
    run->n_parts = m->is_held ? 1 : divide_parts(run, m->timing);
    bool in_parts = run->n_parts != 1;
    how.kind = !in_parts && order_search_suits(m) ? TRAJECTORY_ORDER : TRAJECTORY_RUIN;
    if ((st = trajectory_new(m, &how, &s)) || (st = trajectory_begin(s, o->start, o->time_s)))
        return st;
    in_parts = in_parts && (o->part_visits > 0 || divide_is_possible(trajectory_best(s)));
    run->prices_rounds =
        o->use_glpk && run->n_parts == 0 && m->timing == TIMING_FREE && trajectory_has_priced_rounds(s);
    bool as_islands = !in_parts && !m->is_held && islands_n(run, how.kind) > 1;
    double used = o->time_s > 0 ? run_elapsed_s(run) / o->time_s : 0, scale = trajectory_scale(s);
    trajectory_stretch stretch = {used, 1, o->iterations, o->time_s};
    if (!in_parts && !as_islands)
        st = trajectory_run(s, &stretch);
    if (st || (st = offer_best(run, s)) || (!in_parts && !as_islands))
        return st;
    s = trajectory_free(s); /* their memory is for the islands or parts now */
    if (as_islands)
        return islands_run(run, m, how.kind, run->best);
    m = model_free(m);
    return divide_run(run, run->best, scale);
}

static bool is_in_parts_at_once(const cr_solve_options *options, const cr_problem *p)
{
    int32_t n_visits = p->n_visits;
    bool is_short = n_visits >= LARGE && options->time_s >= 0 && options->time_s < WHOLE_S_LEAST * n_visits;
    return !options->start && p->n_held == 0 && (options->part_visits > 0 || is_short);
}

/* Without a GLPK for each thread there is one thread. */
static int32_t n_threads_of(const cr_solve_options *options)
{
    bool may_thread = !options->use_glpk || partition_is_threaded();
    return options->n_threads > 1 && may_thread ? options->n_threads : 1;
}

cr_status cr_solve(const cr_problem *problem, const cr_solve_options *options, cr_plan **ret_plan,
                   cr_solve_stats *stats)
{
    assert(options->time_s >= 0 || options->iterations >= 0);
    solve_run run = {.problem = problem,
                     .options = options,
                     .n_threads = n_threads_of(options),
                     .begun_s = options->clock_s ? options->clock_s(options->user) : 0,
                     .stats.first_complete_s = -1,
                     .told = INT64_MAX};
    atomic_init(&run.is_stopped, false);
    cr_status st = is_in_parts_at_once(options, problem) ? run_in_parts(&run) : run_whole(&run);
    if (!st && cr_problem_lacks_memory(problem))
        st = CR_E_NOMEM;
    if (!st) {
        if (stats)
            *stats = (cr_solve_stats){.iterations = run.stats.iterations,
                                      .elapsed_s = run_elapsed_s(&run),
                                      .first_complete_s = run.stats.first_complete_s,
                                      .glpk_runs = run.stats.glpk_runs,
                                      .glpk_wins = run.stats.glpk_wins,
                                      .glpk_faults = run.stats.glpk_faults};
        *ret_plan = cr_plan_take(&run.best);
    }
    cr_plan_free(run.best);
    return st == CR_E_INPUT ? CR_E_INTERNAL : st;
}
