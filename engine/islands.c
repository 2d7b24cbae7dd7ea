/* Several trajectories of one whole problem, side by side. */
#include "islands.h"

#include "workers.h"

#include <stdlib.h>

#define ISLANDS      2 /* where the plan must not depend on the threads */
#define ISLANDS_MOST 8
#define STRETCHES    20   /* of the temperature course; between them the islands meet */
#define MEET_FROM    0.75 /* share of the course; hotter than this no plan is worth keeping to, */
#define MEET_ORDER   0.3  /* nor over one order hotter than this */

typedef struct islands {
    solve_run *run;
    workers *crew;
    trajectory_kind kind;
    trajectory *s[ISLANDS_MOST];
    int64_t offered[ISLANDS_MOST]; /* the cost of the best that each has offered */
    bool has_periods;
    int32_t n;
    double from, to, until_s; /* of the stretch under way */
    int64_t done, until;      /* iterations of each island before it, and after it; until < 0: no limit */
} islands;

int32_t islands_n(const solve_run *run, trajectory_kind kind)
{
    if (run->options->iterations >= 0)
        return kind == TRAJECTORY_ORDER ? ISLANDS : 1;
    return run->n_threads < ISLANDS_MOST ? run->n_threads : ISLANDS_MOST;
}

/* On the caller's thread; the others' plans are told of when all meet. */
static void tell_of_best(const trajectory *s, void *user)
{
    run_tell(user, trajectory_best(s), trajectory_best_cost(s), trajectory_stats_of(s).iterations);
}

static cr_status run_island(int32_t index, int32_t worker, void *user)
{
    islands *w = user;
    trajectory_options how = run_trajectory(w->run, worker, 0);
    how.on_best = worker == 0 && w->run->options->on_best ? tell_of_best : NULL;
    trajectory_listen(w->s[index], &how);
    trajectory_stretch stretch = {w->from, w->to, w->until < 0 ? -1 : w->until - w->done, w->until_s};
    return trajectory_run(w->s[index], &stretch);
}

/* Where travel depends on the time of day a trajectory knows its cost at the earliest starts, and the plan timed as a
 * whole may cost less: then each best is timed once. */
static bool is_worth_offering(const islands *w, int32_t k)
{
    int64_t cost = trajectory_best_cost(w->s[k]);
    if (!w->run->best)
        return true;
    return w->has_periods ? cost < w->offered[k] : cost < w->run->best->cost.total;
}

static cr_status offer_bests(islands *w)
{
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < w->n; k++) {
        cr_auto(cr_plan) plan = NULL;
        bool is_best;
        double complete_s = trajectory_stats_of(w->s[k]).first_complete_s, known_s = w->run->stats.first_complete_s;
        if (complete_s >= 0 && (known_s < 0 || complete_s < known_s))
            w->run->stats.first_complete_s = complete_s;
        if (!is_worth_offering(w, k))
            continue;
        w->offered[k] = trajectory_best_cost(w->s[k]);
        if (!(st = cr_plan_copy(trajectory_best(w->s[k]), &plan)) && !(st = run_offer(w->run, plan, &is_best)) &&
            is_best)
            run_tell(w->run, plan, plan->cost.total, trajectory_stats_of(w->s[k]).iterations);
    }
    return st;
}

/* All go on from where the cheapest stands (Aldous and Vazirani 1994, "Go with the winners"). */
static cr_status meet(islands *w)
{
    int32_t winner = 0;
    for (int32_t k = 1; k < w->n; k++)
        if (trajectory_cost_now(w->s[k]) < trajectory_cost_now(w->s[winner]))
            winner = k;
    cr_auto(cr_plan) plan = NULL;
    cr_status st = trajectory_plan_now(w->s[winner], &plan);
    for (int32_t k = 0; !st && k < w->n; k++)
        if (k != winner)
            st = trajectory_go_from(w->s[k], plan);
    return st;
}

static cr_status run_stretches(islands *w)
{
    const cr_solve_options *o = w->run->options;
    double begun_s = run_elapsed_s(w->run), used = o->time_s > 0 ? begun_s / o->time_s : 0;
    cr_status st = CR_OK;
    const double meet_from = w->kind == TRAJECTORY_ORDER ? MEET_ORDER : MEET_FROM;
    w->from = used;
    for (int32_t i = 0; !st && i < STRETCHES && !atomic_load(&w->run->is_stopped); i++) {
        w->to = used + (1 - used) * (i + 1) / STRETCHES;
        if (w->kind == TRAJECTORY_RUIN && w->to < meet_from) /* it saves rounds meanwhile, and had to begin again */
            continue;
        w->until_s = o->time_s >= 0 ? begun_s + (o->time_s - begun_s) * (i + 1) / STRETCHES : -1;
        w->done = i * (o->iterations / w->n) / STRETCHES;
        w->until = o->iterations >= 0 ? (i + 1) * (o->iterations / w->n) / STRETCHES : -1;
        st = workers_call(w->crew, w->n, run_island, w);
        if (!st)
            st = offer_bests(w);
        if (!st && w->to >= meet_from && i + 1 < STRETCHES)
            st = meet(w);
        w->from = w->to;
    }
    return st;
}

static cr_status found(islands *w, const model *m, const cr_plan *start)
{
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < w->n; k++) {
        uint64_t seed = w->run->options->seed + (uint64_t)k * UINT64_C(0x9e3779b97f4a7c15);
        trajectory_options how = run_trajectory(w->run, 0, seed);
        how.kind = w->kind;
        how.use_glpk = how.use_glpk && w->kind == TRAJECTORY_RUIN;
        if (!(st = trajectory_new(m, &how, &w->s[k])))
            st = trajectory_begin(w->s[k], start, -1);
    }
    return st;
}

cr_status islands_run(solve_run *run, const model *m, trajectory_kind kind, const cr_plan *start)
{
    cr_auto(workers) crew = NULL;
    cr_status st = workers_new(run->n_threads, &crew);
    islands w = {.run = run, .crew = crew, .kind = kind, .has_periods = m->has_periods, .n = islands_n(run, kind)};
    for (int32_t k = 0; k < w.n; k++)
        w.offered[k] = INT64_MAX;
    if (!st)
        st = found(&w, m, start);
    if (!st)
        st = run_stretches(&w);
    for (int32_t k = 0; k < w.n; k++) {
        if (!w.s[k])
            continue;
        trajectory_stats stats = trajectory_stats_of(w.s[k]);
        run_count(run, &stats);
        trajectory_free(w.s[k]);
    }
    return st;
}
