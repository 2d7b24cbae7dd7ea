/* From a problem to a plan: compiles the problem, lets trajectories search, and times the best plan exactly. */
#include "order_search.h"
#include "trajectory.h"

typedef struct solve_run {
    const cr_problem *problem;
    const cr_solve_options *options;
    double begun_s;
} solve_run;

static int32_t n_slots_missing(const cr_problem *p, const cr_plan *plan)
{
    int32_t n = 0;
    for (int32_t i = 0; i < plan->n_unallocated; i++)
        n += p->visits[plan->unallocated[i]].slots.n;
    return n;
}

static double elapsed_s(const solve_run *run)
{
    return run->options->clock_s ? run->options->clock_s(run->options->user) - run->begun_s : 0;
}

static double clock_s(void *user)
{
    const solve_run *run = user;
    return run->options->clock_s(run->options->user);
}

static bool should_stop(void *user)
{
    const solve_run *run = user;
    return run->options->should_stop(run->options->user);
}

static void tell_of_best(const trajectory *s, void *user)
{
    const solve_run *run = user;
    cr_progress progress = {elapsed_s(run), trajectory_stats_of(s).iterations, trajectory_best_cost(s),
                            n_slots_missing(run->problem, trajectory_best(s))};
    run->options->on_best(&progress, run->options->user);
}

/* The whole problem as one trajectory, from hot to cold. */
static cr_status run_whole(solve_run *run, const model *m, trajectory **ret_trajectory)
{
    const cr_solve_options *options = run->options;
    trajectory_options how = {.kind = order_search_suits(m) ? TRAJECTORY_ORDER : TRAJECTORY_RUIN,
                              .seed = options->seed,
                              .use_glpk = options->use_glpk,
                              .clock_s = options->clock_s ? clock_s : NULL,
                              .should_stop = options->should_stop ? should_stop : NULL,
                              .on_best = options->on_best ? tell_of_best : NULL,
                              .user = run,
                              .begun_s = run->begun_s};
    cr_auto(trajectory) s = NULL;
    cr_status st = trajectory_new(m, &how, &s);
    if (!st)
        st = trajectory_begin(s, options->start, options->time_s);
    if (st)
        return st;
    double used = options->time_s > 0 ? elapsed_s(run) / options->time_s : 0;
    trajectory_stretch stretch = {used, 1, options->iterations, options->time_s};
    st = trajectory_run(s, &stretch);
    if (!st)
        *ret_trajectory = trajectory_take(&s);
    return st;
}

static cr_status take_plan(solve_run *run, const trajectory *s, cr_plan **ret_plan, cr_solve_stats *stats)
{
    cr_auto(cr_plan) plan = NULL;
    cr_status st = cr_plan_copy(trajectory_best(s), &plan);
    if (!st)
        st = cr_plan_time(run->problem, plan);
    if (st)
        return st;
    trajectory_stats found = trajectory_stats_of(s);
    if (stats)
        *stats = (cr_solve_stats){.iterations = found.iterations,
                                  .elapsed_s = elapsed_s(run),
                                  .first_complete_s = found.first_complete_s,
                                  .glpk_runs = found.glpk_runs,
                                  .glpk_wins = found.glpk_wins,
                                  .glpk_faults = found.glpk_faults};
    *ret_plan = cr_plan_take(&plan);
    return CR_OK;
}

cr_status cr_solve(const cr_problem *problem, const cr_solve_options *options, cr_plan **ret_plan,
                   cr_solve_stats *stats)
{
    assert(options->time_s >= 0 || options->iterations >= 0);
    solve_run run = {problem, options, options->clock_s ? options->clock_s(options->user) : 0};
    cr_auto(model) m = NULL;
    cr_auto(trajectory) s = NULL;
    cr_status st = model_new(problem, &m);
    if (!st)
        st = run_whole(&run, m, &s);
    if (!st)
        st = take_plan(&run, s, ret_plan, stats);
    return st == CR_E_INPUT ? CR_E_INTERNAL : st;
}
