/* One trajectory of simulated annealing, by ruin and recreate or over one order of all visits: one compiled model, one
 * thread, one plan at a time.
 *
 * Its owner (solve.c) decides where it begins, which stretches of the temperature course it runs and for how long, and
 * what becomes of its plans. The same model, options, beginnings and stretches by iterations give the same plans. Any
 * kind of search that answers to these verbs can stand in its place.
 */
#ifndef ENGINE_TRAJECTORY_H
#define ENGINE_TRAJECTORY_H

#include "careround/solve.h"
#include "model.h"

typedef struct trajectory trajectory;

typedef enum trajectory_kind {
    TRAJECTORY_RUIN,  /* ruin and recreate, for every problem */
    TRAJECTORY_ORDER, /* one order of all visits, where order_search_suits() */
} trajectory_kind;

/* Times are seconds since begun_s, so that all trajectories of one solve count alike. */
typedef struct trajectory_options {
    trajectory_kind kind;
    uint64_t seed;
    bool use_glpk;
    double (*clock_s)(void *user);                    /* NULL: every time is 0 */
    bool (*should_stop)(void *user);                  /* NULL, or asked every few iterations; true: end the stretch */
    void (*on_best)(const trajectory *s, void *user); /* NULL, or told of every plan that is the best so far */
    void *user;
    double scale;             /* of the temperatures, cost units; 0: as its first plan has it */
    bool falls_once;          /* the temperatures fall but once in the course, however many iterations it has: */
    double course_iterations; /* so many; 0: as it shows under way, but not where they fall once */
    double begun_s;           /* what clock_s said when the solve began */
} trajectory_options;

/* A stretch of the temperature course, from share `from` (0: hot) to share `to` (1: cold). It ends when so many
 * iterations are done or the time has come, whichever is first; the temperature follows the one that is further on. */
typedef struct trajectory_stretch {
    double from, to;
    int64_t iterations; /* < 0: no limit */
    double until_s;     /* < 0: no limit. One of the two must be set */
} trajectory_stretch;

typedef struct trajectory_stats {
    int64_t iterations;
    double first_complete_s; /* first best plan with nothing unallocated; < 0 never */
    int32_t glpk_runs, glpk_wins, glpk_faults;
} trajectory_stats;

/* The model is borrowed, the options are copied. CR_E_NOMEM. */
cr_status trajectory_new(const model *m, const trajectory_options *options, trajectory **ret_trajectory);
trajectory *trajectory_free(trajectory *s);
CR_AUTO_DEFINE(trajectory)

/* Begin with the rounds of a plan, as far as they hold, and put in what is missing; NULL: with nothing. Once; it is
 * the first best plan. Past until_s (< 0: no limit) visits are put in as they come, without comparing, but none is left
 * out. CR_E_NOMEM, CR_E_INTERNAL. */
cr_status trajectory_begin(trajectory *s, const cr_plan *start, double until_s);

/* Whom it asks and tells from now on: should_stop and on_best of the options. They depend on the thread that runs it.
 */
void trajectory_listen(trajectory *s, const trajectory_options *options);

/* CR_E_NOMEM. */
cr_status trajectory_run(trajectory *s, const trajectory_stretch *stretch);

/* May trajectory_price_rounds() be worth its time, with so long rounds? */
bool trajectory_has_priced_rounds(const trajectory *s);
/* Go on from other rounds, if column generation finds any in so many seconds (priced_rounds.h): they may leave visits
 * out, which the next stretch puts in. The best so far is kept. slot_worth: as there. CR_E_NOMEM,
 * CR_E_INTERNAL. */
cr_status trajectory_price_rounds(trajectory *s, double time_s, double *slot_worth);

/* The best plan so far: rounds and unallocated, at its earliest starts; yet to be timed. Borrowed, until it
 * runs on or is freed. */
const cr_plan *trajectory_best(const trajectory *s);
int64_t trajectory_best_cost(const trajectory *s);
/* The plan where the trajectory stands, which may be worse; the caller's. CR_E_NOMEM. */
cr_status trajectory_plan_now(const trajectory *s, cr_plan **ret_plan);
double trajectory_scale(const trajectory *s);
int64_t trajectory_cost_now(const trajectory *s);
/* Go on from where another trajectory of the same model stands; the best so far is kept. CR_E_NOMEM, CR_E_INTERNAL. */
cr_status trajectory_go_from(trajectory *s, const cr_plan *plan);
trajectory_stats trajectory_stats_of(const trajectory *s);

#endif
