/* The search: construction by regret, then ruin and recreate under simulated annealing. */
#include "careround/solve.h"

#include "insert.h"
#include "price.h"
#include "random.h"
#include "rota.h"
#include "ruin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLINK        0.01
#define HOT          2.0  /* first temperature, in typical legs */
#define COLD         0.01 /* last temperature, likewise */
#define BANK_TRIED   12   /* unallocated visits tried again in one iteration, beside those just taken out */
#define RETIME_EVERY 256  /* accepted changes between exact timings of the whole plan */
#define BREAK_CHANCE 0.3  /* that a ruined round's break moves */
#define REGRET_POOL  24   /* visits among which construction looks for the largest regret */

typedef struct search {
    const model *m;
    const cr_solve_options *options;
    rota *x;
    inserter *in;
    pricer *price;
    ruiner *ru;
    rng random;
    double begun_s;
    int64_t iterations, accepted;
    int64_t start_cost, best_cost; /* cost of all starts of the rota now; of the best plan */
    cr_plan *best;
    int32_t *order; /* visits to insert */
    struct keyed *list;
    cr_solve_stats stats;
} search;

/* ---- clock ---- */

static double elapsed_s(const search *s)
{
    return s->options->clock_s ? s->options->clock_s(s->options->user) - s->begun_s : 0;
}

/* How much of the time or of the iterations is used; 1 or more: stop. */
static double progress(const search *s)
{
    double done = 0;
    if (s->options->iterations >= 0)
        done = s->options->iterations ? (double)s->iterations / (double)s->options->iterations : 1;
    if (s->options->time_s >= 0) {
        double by_time = s->options->time_s > 0 ? elapsed_s(s) / s->options->time_s : 1;
        done = by_time > done ? by_time : done;
    }
    return done;
}

/* ---- the best plan so far ---- */

static int64_t cost_now(const search *s)
{
    return s->x->cost + s->start_cost;
}

static int32_t n_slots_missing(const search *s)
{
    int32_t n = 0;
    for (int32_t i = 0; i < s->x->n_bank; i++)
        n += s->m->p->visits[rota_bank(s->x)[i]].slots.n;
    return n;
}

static cr_status keep_best(search *s)
{
    cr_plan *plan;
    cr_status st = rota_to_plan(s->x, &plan);
    if (st)
        return st;
    cr_plan_free(s->best);
    s->best = plan;
    s->best_cost = cost_now(s);
    if (s->x->n_bank == 0 && s->stats.first_complete_s < 0)
        s->stats.first_complete_s = elapsed_s(s);
    if (s->options->on_best) {
        cr_progress p = {elapsed_s(s), s->iterations, s->best_cost, n_slots_missing(s)};
        s->options->on_best(&p, s->options->user);
    }
    return CR_OK;
}

/* ---- construction ---- */

typedef struct keyed {
    double key;
    int32_t visit;
} keyed;

static int compare_keys(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

/* Insert by largest regret among the next few visits of the day, so that the cost of construction stays in proportion.
 */
static cr_status construct(search *s)
{
    rota *x = s->x;
    int32_t n = x->n_bank, n_pool = 0, next = 0;
    if (n == 0)
        return CR_OK;
    keyed *by_time = malloc((size_t)n * sizeof *by_time);
    if (!by_time)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < n; i++) {
        int32_t v = rota_bank(x)[i];
        by_time[i] = (keyed){s->m->starts[v].hi, v};
    }
    qsort(by_time, (size_t)n, sizeof *by_time, compare_keys);
    int32_t pool[REGRET_POOL], most = n > 2000 ? 4 : REGRET_POOL;
    while ((next < n || n_pool > 0) && progress(s) < 1) {
        while (n_pool < most && next < n)
            pool[n_pool++] = by_time[next++].visit;
        int32_t chosen = 0;
        int64_t largest = INT64_MIN;
        for (int32_t i = 0; i < n_pool; i++) {
            int64_t regret = insert_regret(s->in, x, s->price, pool[i]);
            if (regret > largest) {
                largest = regret;
                chosen = i;
            }
        }
        int32_t visit = pool[chosen];
        pool[chosen] = pool[--n_pool];
        insert_cheapest(s->in, x, s->price, visit, 0, &s->random);
        rota_commit(x);
    }
    free(by_time);
    return CR_OK;
}

/* ---- one iteration ---- */

typedef enum order_kind { ORDER_RANDOM, ORDER_TIGHT, ORDER_LONG, ORDER_EARLY, ORDER_LATE, ORDER_FAR } order_kind;

static order_kind choose_order(rng *random)
{
    double u = rng_unit(random);
    return u < 0.36   ? ORDER_RANDOM
           : u < 0.55 ? ORDER_TIGHT
           : u < 0.72 ? ORDER_LONG
           : u < 0.82 ? ORDER_EARLY
           : u < 0.91 ? ORDER_LATE
                      : ORDER_FAR;
}

/* The smaller, the sooner it is inserted. */
static double order_key(const search *s, order_kind kind, int32_t v, rng *random)
{
    const model_start *start = &s->m->starts[v];
    const cr_range slots = s->m->p->visits[v].slots;
    switch (kind) {
    case ORDER_TIGHT:
        return (double)start->hi - start->lo;
    case ORDER_LONG:
        return -(double)s->m->length[slots.first] - (double)start->load;
    case ORDER_EARLY:
        return start->lo;
    case ORDER_LATE:
        return -(double)start->hi;
    case ORDER_FAR: {
        const model_shift *shift = &s->m->shifts[0];
        if (shift->start_place != CR_NONE && start->place != CR_NONE)
            return -(double)leg_of(s->m, shift, shift->start_place, start->place)->time;
        return rng_unit(random);
    }
    case ORDER_RANDOM:
        break;
    }
    return rng_unit(random);
}

/* Which of the bank to insert, in what order: those just taken out (at its end), and some that were there before. */
static int32_t choose_inserts(search *s, int32_t n_before)
{
    rota *x = s->x;
    rng *random = &s->random;
    keyed *list = s->list;
    int32_t n = 0, n_bank = x->n_bank;
    for (int32_t i = n_before; i < n_bank; i++)
        list[n++].visit = rota_bank(x)[i];
    if (n_before <= BANK_TRIED) {
        for (int32_t i = 0; i < n_before; i++)
            list[n++].visit = rota_bank(x)[i];
    } else {
        int32_t from = rng_below(random, n_before);
        for (int32_t i = 0; i < BANK_TRIED; i++)
            list[n++].visit = rota_bank(x)[(from + i) % n_before];
    }
    order_kind kind = choose_order(random);
    bool teams_first = rng_chance(random, 0.7);
    for (int32_t i = 0; i < n; i++) {
        list[i].key = order_key(s, kind, list[i].visit, random);
        if (teams_first && s->m->p->visits[list[i].visit].slots.n > 1)
            list[i].key -= 1e12;
    }
    qsort(list, (size_t)n, sizeof *list, compare_keys);
    for (int32_t i = 0; i < n; i++)
        s->order[i] = list[i].visit;
    return n;
}

static void move_breaks(search *s)
{
    for (int32_t r = 0; r < s->m->n_shifts; r++)
        if (s->m->p->shifts[r].breaks.n > 0 && rota_n_visits_in(s->x, r) > 0 && price_is_touched(s->price, r) &&
            rng_chance(&s->random, BREAK_CHANCE))
            insert_break_elsewhere(s->x, r, &s->random);
}

/* Places are only taken where the work allows it, but where a detour is shorter than the straight way (the triangle
 * inequality need not hold), taking a visit out can add work. */
static bool work_is_within_limits(const search *s)
{
    const model *m = s->m;
    for (int32_t r = 0; m->has_max_work && r < m->n_shifts; r++) {
        int32_t carer = m->shifts[r].carer, most = m->p->carers[carer].max_work;
        if (price_is_touched(s->price, r) && most != CR_NONE && rota_work(s->x, carer) > most)
            return false;
    }
    return true;
}

/* True if the changed plan is kept. */
static bool iterate(search *s, double temperature)
{
    rota *x = s->x;
    rota_mark mark = rota_now(x);
    int64_t before = cost_now(s), start_cost;
    int32_t n_before = x->n_bank;
    ruin(s->ru, x, s->price, &s->random);
    if (rota_propagate(x, false)) {
        if (s->m->p->n_breaks > 0)
            move_breaks(s);
        int32_t n = choose_inserts(s, n_before);
        for (int32_t i = 0; i < n; i++)
            insert_cheapest(s->in, x, s->price, s->order[i], BLINK, &s->random);
        double limit = (double)before - temperature * log(1.0 - rng_unit(&s->random));
        if ((double)x->cost < limit && work_is_within_limits(s) && price_now(s->price, x, &start_cost) &&
            (double)(x->cost + start_cost) < limit) {
            s->start_cost = start_cost;
            rota_commit(x);
            price_commit(s->price);
            return true;
        }
    }
    rota_undo(x, mark);
    price_undo(s->price);
    return false;
}

/* Time the whole plan exactly. */
static void retime(search *s)
{
    int64_t start_cost;
    if (s->m->timing == TIMING_PRICED && price_all(s->price, s->x, &start_cost)) {
        s->start_cost = start_cost;
        rota_commit(s->x);
        price_commit(s->price);
    }
}

static bool should_stop(search *s)
{
    return s->options->should_stop && s->options->should_stop(s->options->user);
}

static cr_status anneal(search *s)
{
    double scale = s->m->mean_leg_cost, done = progress(s), hot = HOT * scale, cold = COLD * scale;
    while (done < 1 && s->m->n_visits > 0 && s->m->n_shifts > 0) {
        if (s->iterations % 8 == 0 && should_stop(s))
            break;
        double temperature = hot * pow(cold / hot, done);
        s->iterations++;
        if (iterate(s, temperature)) {
            if (++s->accepted % RETIME_EVERY == 0)
                retime(s);
            if (cost_now(s) < s->best_cost) {
                retime(s);
                cr_status st = keep_best(s);
                if (st)
                    return st;
            }
        }
        if (s->x->out_of_memory)
            return CR_E_NOMEM;
        if (s->options->time_s < 0 || s->iterations % 8 == 0 || s->options->iterations >= 0)
            done = progress(s);
    }
    return CR_OK;
}

/* ---- a plan to begin with ---- */

/* Put the rounds of a plan back as they were, as far as they still hold. */
static void load_plan(search *s, const cr_plan *plan)
{
    (void)s;
    (void)plan;
}

/* ---- all of it ---- */

static void search_done(search *s)
{
    rota_free(s->x);
    inserter_free(s->in);
    pricer_free(s->price);
    ruiner_free(s->ru);
    cr_plan_free(s->best);
    free(s->order);
    free(s->list);
}

static cr_status search_init(search *s, const model *m, const cr_solve_options *options)
{
    *s = (search){.m = m, .options = options, .random = rng_seeded(options->seed)};
    s->stats.first_complete_s = -1;
    if (options->clock_s)
        s->begun_s = options->clock_s(options->user);
    s->order = malloc(((size_t)m->n_visits + 1) * sizeof *s->order);
    s->list = malloc(((size_t)m->n_visits + 1) * sizeof(keyed));
    cr_status st = s->order && s->list ? CR_OK : CR_E_NOMEM;
    if (st || (st = rota_new(m, &s->x)) || (st = inserter_new(m, &s->in)) || (st = pricer_new(m, &s->price)) ||
        (st = ruiner_new(m, &s->ru)))
        return st;
    return CR_OK;
}

static cr_status run(search *s)
{
    if (s->options->start)
        load_plan(s, s->options->start);
    cr_status st = construct(s);
    if (st)
        return st;
    int64_t start_cost = 0;
    if (!price_all(s->price, s->x, &start_cost))
        return CR_E_INTERNAL;
    s->start_cost = start_cost;
    rota_commit(s->x);
    price_commit(s->price);
    if ((st = keep_best(s)))
        return st;
    return anneal(s);
}

cr_status cr_solve(const cr_problem *problem, const cr_solve_options *options, cr_plan **ret_plan,
                   cr_solve_stats *stats)
{
    assert(options->time_s >= 0 || options->iterations >= 0);
    double begun_s = options->clock_s ? options->clock_s(options->user) : 0;
    cr_auto(model) m = NULL;
    cr_status st = model_new(problem, &m);
    if (st)
        return st;
    search s;
    st = search_init(&s, m, options);
    s.begun_s = begun_s;
    if (!st)
        st = run(&s);
    if (!st)
        st = cr_plan_time(problem, s.best);
    if (!st) {
        s.stats.iterations = s.iterations;
        s.stats.elapsed_s = elapsed_s(&s);
        if (stats)
            *stats = s.stats;
        *ret_plan = cr_plan_take(&s.best);
    }
    search_done(&s);
    return st == CR_E_INPUT ? CR_E_INTERNAL : st;
}
