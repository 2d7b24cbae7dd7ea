/* Searching a large problem in parts. */
#include "divide.h"

#include "part.h"
#include "workers.h"

#include <math.h>
#include <stdlib.h>

/* Where starts have no price, borders cost little. From so many visits parts are better than the whole, on one thread:
 * measured on Gehring and Homberger's files (worse at 400, better at 1000) and the Strathclyde days (449 to 508). */
#define DIVIDE_FROM   420
#define PART_VISITS   200  /* of one part, */
#define PART_ROUNDS   10   /* and at least so many rounds */
#define PARTS_MISSING 6    /* while visits are unallocated so many parts, */
#define MISSING_LEAST 600  /* of at least so many visits */
#define MISSING_MOST  2000 /* and at most so many */

/* Where they have, a search in parts of 200 ends some 3 % above one of the whole (1,000 visits, 60 s), as what crosses
 * a border keeps its start meanwhile: a part for each thread, and for one thread the whole. */
#define PRICED_VISITS 400 /* of a part at the least */
#define PRICED_PARTS  2   /* where the plan must not depend on the threads */

/* Passes whose parts begin with rounds by column generation (priced_rounds.h), in few parts, as it is the exchange of
 * rounds between many that it finds: */
#define PRICING_FROM          0.35 /* of the course, */
#define PRICING_TO            0.97
#define PRICING_PASS          0.08 /* so much of the time each, */
#define PRICING_S_LEAST       2    /* with less nothing would come of it, */
#define PRICING_S_MOST        10   /* and no more is needed */
#define PRICING_SHARE         0.67 /* of the pass; the rest is for ruin and recreate */
#define PRICING_PART          260  /* visits of a part at most */

#define PASSES_MOST           60
#define PASS_ITERATIONS_LEAST 3000 /* of each part, */
#define PASS_ITERATIONS_EACH  5    /* or so many for each of its visits */
#define PASS_S_LEAST          0.1  /* likewise, */
#define PASS_S_PAIR           2e-7 /* or so much for each pair of its visits: that is what making it takes */

typedef struct pass_run {
    solve_run *run;
    workers *crew;
    const cr_plan *start;
    cut *cut;
    uint64_t seed;
    int64_t iterations;     /* of all its parts; < 0: no limit */
    double iterations_each; /* for each visit in all passes; 0: not known yet */
    double from, to, scale;
    double until_s;     /* < 0: no limit */
    double pricing_s;   /* for each part; 0: none */
    double *slot_worth; /* at the end of the last pass with pricing, for the next (priced_rounds.h) */
    cr_plan **stands,
        **best; /* of each part: where its trajectory stood at last, and its best; in the whole's indices */
    trajectory_stats *stats;
    double *scales; /* of each part's temperatures */
} pass_run;

/* A stream of its own for each pass, and in it for each part. */
static uint64_t stream(uint64_t seed, int32_t index)
{
    uint64_t state = seed ^ (uint64_t)(uint32_t)index << 32;
    splitmix64(&state);
    return splitmix64(&state);
}

/* The part's share of the iterations, so that the shares of all add up. */
static int64_t share_of_iterations(const pass_run *now, int32_t index)
{
    int64_t before = 0, all = 0, here = now->cut->n_visits[index];
    if (now->iterations < 0)
        return -1;
    for (int32_t k = 0; k < now->cut->n_parts; k++) {
        before += k < index ? now->cut->n_visits[k] : 0;
        all += now->cut->n_visits[k];
    }
    double each = all > 0 ? (double)now->iterations / (double)all : 0;
    return (int64_t)(each * (double)(before + here)) - (int64_t)(each * (double)before);
}

/* The time that is left, divided among the parts that this thread may still have to search. */
static double end_of_part_s(const pass_run *now, int32_t index)
{
    int32_t n_left = now->cut->n_parts - index, n_threads = now->run->n_threads;
    if (now->until_s < 0)
        return -1;
    double at_s = run_elapsed_s(now->run), left_s = fmax(0, now->until_s - at_s);
    return at_s + left_s / ((n_left + n_threads - 1) / n_threads);
}

/* Pricing begins with what slots were worth in the last pass, though other parts had them. */
static cr_status price_rounds(pass_run *now, const part *q, trajectory *s)
{
    int32_t n = q->problem->n_slots;
    double *worth = malloc(((size_t)n + 1) * sizeof *worth);
    if (!worth)
        return CR_E_NOMEM;
    for (int32_t k = 0; k < n; k++)
        worth[k] = now->slot_worth[q->slots[k]];
    cr_status st = trajectory_price_rounds(s, now->pricing_s, worth);
    for (int32_t k = 0; k < n; k++)
        now->slot_worth[q->slots[k]] = worth[k];
    free(worth);
    return st;
}

static cr_status search_part(pass_run *now, const part *q, int32_t index, int32_t worker)
{
    cr_auto(model) m = NULL;
    cr_auto(trajectory) s = NULL;
    cr_auto(cr_plan) plan = NULL;
    trajectory_stretch stretch = {now->from, now->to, share_of_iterations(now, index), end_of_part_s(now, index)};
    trajectory_options how = run_trajectory(now->run, worker, stream(now->seed, index));
    how.scale = now->scale;
    how.falls_once = true;
    how.course_iterations = now->iterations_each * now->cut->n_visits[index];
    how.use_glpk = false;
    cr_status st;
    if ((st = model_new(q->problem, &m)) || (st = trajectory_new(m, &how, &s)) ||
        (st = trajectory_begin(s, q->start, stretch.until_s)) ||
        (now->pricing_s > 0 && trajectory_has_priced_rounds(s) && (st = price_rounds(now, q, s))) ||
        (st = trajectory_run(s, &stretch)) || (st = trajectory_plan_now(s, &plan)) ||
        (st = part_to_whole(q, now->cut, plan, &now->stands[index])) ||
        (st = part_to_whole(q, now->cut, trajectory_best(s), &now->best[index])))
        return st;
    now->stats[index] = trajectory_stats_of(s);
    now->scales[index] = trajectory_scale(s);
    return CR_OK;
}

static cr_status run_part(int32_t index, int32_t worker, void *user)
{
    pass_run *now = user;
    cr_auto(part) q = NULL;
    cr_status st = part_new(now->run->problem, now->start, now->cut, index, &q);
    if (!st)
        st = search_part(now, q, index, worker);
    /* Something that must stay was left out: then the part stays as it was. */
    if (!st && !now->stands[index])
        st = part_to_whole(q, now->cut, q->start, &now->stands[index]);
    if (!st && !now->best[index])
        st = part_to_whole(q, now->cut, q->start, &now->best[index]);
    return st;
}

/* Where the parts stand together, and their bests: two plans, whose timing takes a while. */
typedef struct together {
    const pass_run *now;
    cr_plan *stands, *best;
} together;

static cr_status put_one_together(int32_t index, int32_t worker, void *user)
{
    together *t = user;
    const cr_problem *p = t->now->run->problem;
    cr_plan **into = index ? &t->best : &t->stands;
    cr_status st = part_merge(p, t->now->cut, index ? t->now->best : t->now->stands, into);
    return st ? st : cr_plan_time(p, *into);
}

/* The best of all parts together may be the best plan; the search goes on from where the parts stand. */
static cr_status put_together(pass_run *now, cr_plan **ret_plan)
{
    together t = {.now = now};
    for (int32_t k = 0; k < now->cut->n_parts; k++)
        run_count(now->run, &now->stats[k]);
    bool is_best = false;
    cr_status st = workers_call(now->crew, 2, put_one_together, &t);
    if (!st)
        st = run_offer_timed(now->run, t.best, &is_best);
    if (is_best)
        run_tell(now->run, t.best, t.best->cost.total, now->run->stats.iterations);
    if (!st)
        *ret_plan = cr_plan_take(&t.stands);
    cr_plan_free(t.stands);
    cr_plan_free(t.best);
    return st;
}

static double mean_scale(const pass_run *now)
{
    double sum = 0, n = 0;
    for (int32_t k = 0; k < now->cut->n_parts; k++) {
        sum += now->scales[k] * now->cut->n_visits[k];
        n += now->cut->n_visits[k];
    }
    return n > 0 ? sum / n : 0;
}

static cr_status search_parts(pass_run *now, cr_plan **ret_plan)
{
    int32_t n = now->cut->n_parts;
    now->stands = calloc((size_t)n, sizeof *now->stands);
    now->best = calloc((size_t)n, sizeof *now->best);
    now->stats = calloc((size_t)n, sizeof *now->stats);
    now->scales = calloc((size_t)n, sizeof *now->scales);
    bool has_room = now->stands && now->best && now->stats && now->scales;
    cr_status st = has_room ? workers_call(now->crew, n, run_part, now) : CR_E_NOMEM;
    if (!st)
        st = put_together(now, ret_plan);
    if (!st && now->scale <= 0)
        now->scale = mean_scale(now);
    for (int32_t k = 0; has_room && k < n; k++) {
        cr_plan_free(now->stands[k]);
        cr_plan_free(now->best[k]);
    }
    free(now->stands);
    free(now->best);
    free(now->stats);
    free(now->scales);
    return st;
}

int32_t divide_parts(const solve_run *run, model_timing timing)
{
    const cr_solve_options *o = run->options;
    int32_t n_visits = run->problem->n_visits, n = o->iterations >= 0 ? PRICED_PARTS : run->n_threads;
    if (o->part_visits > 0)
        return 0;
    if (timing != TIMING_PRICED)
        return n_visits >= DIVIDE_FROM ? 0 : 1;
    n = n < n_visits / PRICED_VISITS ? n : n_visits / PRICED_VISITS;
    return n > 1 ? n : 1;
}

/* Unallocated visits need many rounds to find room in. */
static int32_t visits_of_part_missing(int32_t n_visits)
{
    int32_t share = n_visits / PARTS_MISSING;
    return share < MISSING_LEAST ? MISSING_LEAST : share < MISSING_MOST ? share : MISSING_MOST;
}

static int32_t n_pricing_parts(const solve_run *run)
{
    int32_t n = (run->problem->n_visits + PRICING_PART - 1) / PRICING_PART;
    return n > run->n_threads ? n : run->n_threads;
}

/* How long rounds are priced for each part of a pass; 0: not in this one. */
static double pricing_s(const solve_run *run, double share)
{
    const cr_solve_options *o = run->options;
    double pass_s = fmin(PRICING_PASS * o->time_s, PRICING_S_MOST);
    bool may_price = run->prices_rounds && o->time_s >= 0 && o->iterations < 0 && o->part_visits <= 0;
    return may_price && share >= PRICING_FROM && share < PRICING_TO && pass_s >= PRICING_S_LEAST
               ? PRICING_SHARE * pass_s
               : 0;
}

/* What such a pass takes. */
static double pricing_pass_s(const solve_run *run, double each_s)
{
    int32_t n_in_turn = (n_pricing_parts(run) + run->n_threads - 1) / run->n_threads;
    return n_in_turn * each_s / PRICING_SHARE;
}

static cut_size size_of_parts(const solve_run *run, const cr_plan *plan)
{
    const int32_t told = run->options->part_visits, n_visits = run->problem->n_visits;
    if (told > 0)
        return (cut_size){.visits = told, .rounds_least = 1};
    if (run->n_parts > 1)
        return (cut_size){.parts = run->n_parts, .visits = n_visits / run->n_parts};
    return (cut_size){.visits = plan->n_unallocated > 0 ? visits_of_part_missing(n_visits) : PART_VISITS,
                      .rounds_least = PART_ROUNDS};
}

bool divide_is_possible(const cr_plan *plan)
{
    return plan->n_rounds >= 2 * PART_ROUNDS;
}

static cr_status run_pass(pass_run *now, const chart *ch, cr_plan **ret_plan)
{
    rng random = rng_seeded(stream(now->seed, CR_NONE));
    cut_size size = size_of_parts(now->run, now->start);
    if (now->pricing_s > 0)
        size = (cut_size){.parts = n_pricing_parts(now->run),
                          .visits = now->run->problem->n_visits / n_pricing_parts(now->run)};
    cr_status st = cut_new(now->run->problem, ch, now->start, &size, &random, &now->cut);
    if (!st)
        st = search_parts(now, ret_plan);
    cut_free(now->cut);
    return st;
}

/* As many as give other borders often enough, but each part time to pay for its making. */
static int32_t n_passes(const solve_run *run, const cr_plan *plan, double left_s)
{
    double visits = size_of_parts(run, plan).visits, n_parts = ceil((double)run->problem->n_visits / visits);
    double n = PASSES_MOST;
    if (run->options->iterations >= 0)
        n = fmin(n, (double)run->options->iterations /
                        (n_parts * fmax(PASS_ITERATIONS_LEAST, PASS_ITERATIONS_EACH * visits)));
    if (run->options->time_s >= 0)
        n = fmin(n, left_s / (ceil(n_parts / run->n_threads) * fmax(PASS_S_LEAST, PASS_S_PAIR * visits * visits)));
    return n > 1 ? (int32_t)n : 1;
}

/* How many the course will have for each visit, where the first i of n passes had so many; 0: not known yet. */
static double iterations_each(const solve_run *run, int64_t n_done, int32_t i, int32_t n)
{
    double all = run->options->iterations >= 0 ? (double)run->options->iterations : i > 0 ? (double)n_done * n / i : 0;
    return all / run->problem->n_visits;
}

/* Iterations of the first k of n passes. */
static int64_t iterations_until(const solve_run *run, int32_t k, int32_t n)
{
    return (int64_t)((double)run->options->iterations * k / n);
}

static double *unknown_worths(int32_t n)
{
    double *worth = malloc(((size_t)n + 1) * sizeof *worth);
    for (int32_t k = 0; worth && k < n; k++)
        worth[k] = -1;
    return worth;
}

/* All passes of a search in parts. */
typedef struct passes {
    solve_run *run;
    workers *crew;
    chart *ch;
    cr_plan *plan;      /* where the last pass stood */
    double *slot_worth; /* as in pass_run */
    double scale;
    int32_t n;
    double begun_s, left_s, used; /* when they began, what was left of the time, and what share of it was used */
    double over_s;                /* what putting together takes */
    int64_t n_before;             /* iterations before the first */
} passes;

static cr_status passes_init(passes *all, solve_run *run, const cr_plan *start, double scale)
{
    const cr_solve_options *o = run->options;
    double begun_s = run_elapsed_s(run), left_s = o->time_s - begun_s;
    *all = (passes){.run = run,
                    .scale = scale,
                    .n = n_passes(run, start, left_s),
                    .begun_s = begun_s,
                    .left_s = left_s,
                    .used = o->time_s > 0 ? begun_s / o->time_s : 0,
                    .n_before = run->stats.iterations};
    all->slot_worth = unknown_worths(run->problem->n_slots);
    cr_status st = all->slot_worth ? chart_new(run->problem, &all->ch) : CR_E_NOMEM;
    if (!st)
        st = workers_new(run->n_threads, &all->crew);
    return st ? st : cr_plan_copy(start, &all->plan);
}

static void passes_done(passes *all)
{
    workers_free(all->crew);
    chart_free(all->ch);
    cr_plan_free(all->plan);
    free(all->slot_worth);
}

/* The i-th, from now on. */
static pass_run pass_of(const passes *all, int32_t i)
{
    solve_run *run = all->run;
    const cr_solve_options *o = run->options;
    pass_run now = {.run = run,
                    .crew = all->crew,
                    .start = all->plan,
                    .seed = stream(o->seed, i + 1),
                    .iterations = -1,
                    .iterations_each = iterations_each(run, run->stats.iterations - all->n_before, i, all->n),
                    .from = all->used + (1 - all->used) * i / all->n,
                    .to = all->used + (1 - all->used) * (i + 1) / all->n,
                    .scale = all->scale,
                    .until_s = -1,
                    .slot_worth = all->slot_worth};
    if (o->iterations >= 0)
        now.iterations = iterations_until(run, i + 1, all->n) - iterations_until(run, i, all->n);
    if (o->time_s >= 0)
        now.until_s = all->begun_s + all->left_s * (i + 1) / all->n - all->over_s;
    double each_s = pricing_s(run, now.from), at_s = run_elapsed_s(run), pass_s = pricing_pass_s(run, each_s);
    if (each_s > 0 && at_s < now.until_s && at_s + pass_s < o->time_s) {
        now.until_s = at_s + pass_s;
        now.pricing_s = each_s;
    }
    return now;
}

/* Later passes go on from where this one stands. */
static cr_status run_in_turn(passes *all, pass_run *now)
{
    cr_plan *next = NULL;
    cr_status st = run_pass(now, all->ch, &next);
    if (st)
        return st;
    bool is_late = now->until_s >= 0 && now->pricing_s <= 0;
    all->over_s = is_late ? fmax(0, run_elapsed_s(all->run) - now->until_s) : 0;
    all->scale = now->scale;
    cr_plan_free(all->plan);
    all->plan = next;
    return CR_OK;
}

cr_status divide_run(solve_run *run, const cr_plan *start, double scale)
{
    const cr_solve_options *o = run->options;
    passes all;
    cr_status st = passes_init(&all, run, start, scale);
    for (int32_t i = 0; !st && i < all.n && !atomic_load(&run->is_stopped); i++) {
        pass_run now = pass_of(&all, i);
        bool is_over = now.iterations == 0 || (o->time_s >= 0 && run_elapsed_s(run) >= now.until_s);
        if (!is_over || !run->best) /* a first plan always comes */
            st = run_in_turn(&all, &now);
    }
    passes_done(&all);
    return st;
}
