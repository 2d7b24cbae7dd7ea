/* One trajectory: construction by regret, then ruin and recreate under simulated annealing. */
#include "trajectory.h"

#include "begin_from.h"
#include "choose_rounds.h"
#include "days.h"
#include "halves.h"
#include "insert.h"
#include "keyed.h"
#include "order_search.h"
#include "pool.h"
#include "price.h"
#include "random.h"
#include "rota.h"
#include "ruin.h"
#include "shared.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLINK               0.01 /* chance that a place is overlooked */
#define SMALL_CHANCE        0.3  /* that an iteration on a small plan overlooks more, */
#define SMALL_BLINK         0.7  /* up to so much (the smaller the plan, the nearer) */
#define SMALL_PLAN          20   /* visits; up to here it is tried, */
#define TOGETHER_CHANCE     0.2  /* with this chance, to put some in at once */
#define HOT                 2    /* first temperature, in typical legs */
#define COLD                0.05 /* last temperature, likewise */
#define BANK_TRIED          12   /* unallocated visits tried again in one iteration, beside those just taken out */
#define RETIME_EVERY        256  /* accepted changes between exact timings of the whole plan */
#define BREAK_CHANCE        0.3  /* that a ruined round's break moves */
#define COLLECT_FROM        0.2  /* progress from which rounds are collected; before it they are too far from good */
#define CHOOSE_FROM         0.4  /* and chosen from, */
#define CHOOSE_STEP         0.02 /* so often */
#define CHOOSE_MS           500  /* of one choice, where the whole search has a time limit */
#define CHOOSE_SHARE        0.05 /* of the time; where rounds are long each choice takes as long as it may */
#define CHOOSE_MS_LEAST     20   /* less is left for it: not worth beginning */
#define CHOOSE_ROUNDS_LEAST 200  /* in the pool; fewer are not worth it */
#define ORDER_BATCH         16   /* iterations over the order between two looks at the clock */
#define LEAN_CHANCE         0.5
#define REGRET_POOL         24 /* visits among which construction looks for the largest regret */

struct trajectory {
    const model *m;
    order_search *by_order; /* NULL: ruin and recreate */
    trajectory_options options;
    rota *x;
    inserter *in;
    pricer *price;
    ruiner *ru;
    pool *rounds;
    chooser *ch;
    double chosen_s;  /* spent on choosing */
    double choose_at; /* share of the course at which rounds are chosen next */
    double scale;     /* of the temperatures */
    rng random;
    int64_t accepted;
    int64_t start_cost, best_cost; /* cost of all starts of the rota now; of the best plan */
    cr_plan *best;
    int32_t *order;     /* visits to insert */
    int64_t *ruined_in; /* of each visit: the iteration that last took it out */
    keyed *list;
    trajectory_stats stats;
};

/* ---- clock ---- */

static double elapsed_s(const trajectory *s)
{
    return s->options.clock_s ? s->options.clock_s(s->options.user) - s->options.begun_s : 0;
}

static bool should_stop(const trajectory *s)
{
    return s->options.should_stop && s->options.should_stop(s->options.user);
}

/* A stretch under way. */
typedef struct course {
    const trajectory_stretch *stretch;
    double begun_s;
    int64_t n_done; /* iterations */
} course;

/* How much of the time or of the iterations is used; 1 or more: stop. */
static double progress(const trajectory *s, const course *c)
{
    const trajectory_stretch *stretch = c->stretch;
    double done = 0;
    if (stretch->iterations >= 0)
        done = stretch->iterations ? (double)c->n_done / (double)stretch->iterations : 1;
    if (stretch->until_s >= 0) {
        double length_s = stretch->until_s - c->begun_s;
        double by_time = length_s > 0 ? (elapsed_s(s) - c->begun_s) / length_s : 1;
        done = by_time > done ? by_time : done;
    }
    return done;
}

/* Small plans need more chance to come by every order; in large ones much of it only does harm. */
static double draw_blink(trajectory *s)
{
    double small = exp(-s->m->n_visits / 8.0);
    return BLINK + (rng_chance(&s->random, SMALL_CHANCE) ? SMALL_BLINK * small : 0);
}

/* ---- the best plan so far ---- */

static int64_t cost_now(const trajectory *s)
{
    return s->x->cost + s->start_cost;
}

static cr_status keep_plan(trajectory *s, cr_plan *plan, int64_t cost)
{
    cr_plan_free(s->best);
    s->best = plan;
    s->best_cost = cost;
    if (plan->n_unallocated == 0 && s->stats.first_complete_s < 0)
        s->stats.first_complete_s = elapsed_s(s);
    if (s->options.on_best)
        s->options.on_best(s, s->options.user);
    return CR_OK;
}

static cr_status keep_best(trajectory *s)
{
    cr_plan *plan;
    cr_status st = rota_to_plan(s->x, &plan);
    return st ? st : keep_plan(s, plan, cost_now(s));
}

/* ---- construction ---- */

/* Insert by largest regret among the next few visits of the day, so that the cost of construction stays in proportion.
 */
static cr_status construct(trajectory *s, double until_s)
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
    qsort(by_time, (size_t)n, sizeof *by_time, compare_keyed);
    int32_t next_ones[REGRET_POOL], most = n > 2000 ? 4 : REGRET_POOL;
    while ((next < n || n_pool > 0) && !should_stop(s)) {
        while (n_pool < most && next < n)
            next_ones[n_pool++] = by_time[next++].visit;
        int32_t chosen = 0;
        int64_t largest = INT64_MIN;
        bool in_time = until_s < 0 || elapsed_s(s) < until_s; /* late, the next will do, but nobody is left out */
        for (int32_t i = 0; i < n_pool && in_time; i++) {
            int64_t regret = insert_regret(s->in, x, s->price, next_ones[i]);
            if (regret > largest) {
                largest = regret;
                chosen = i;
            }
        }
        int32_t visit = next_ones[chosen];
        next_ones[chosen] = next_ones[--n_pool];
        insert_cheapest(s->in, x, s->price, visit, &(insert_how){.is_thorough = true, .random = &s->random});
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
static double order_key(const trajectory *s, order_kind kind, int32_t v, rng *random)
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

/* Which of the bank to insert, in what order: those just taken out (at its end), and some that were there before; the
 * one for which room was made comes first. */
static int32_t choose_inserts(trajectory *s, int32_t n_before, int32_t wanted)
{
    rota *x = s->x;
    rng *random = &s->random;
    keyed *list = s->list;
    int32_t n = 0, n_bank = x->n_bank;
    for (int32_t i = n_before; i < n_bank; i++) {
        s->ruined_in[rota_bank(x)[i]] = s->stats.iterations;
        list[n++].visit = rota_bank(x)[i];
    }
    if (n_before <= BANK_TRIED) {
        for (int32_t i = 0; i < n_before; i++)
            list[n++].visit = rota_bank(x)[i];
    } else {
        int32_t from = wanted != CR_NONE ? rota_bank_place(x, wanted) : rng_below(random, n_before);
        for (int32_t i = 0; i < BANK_TRIED; i++)
            list[n++].visit = rota_bank(x)[(from + i) % n_before];
    }
    order_kind kind = choose_order(random);
    bool teams_first = rng_chance(random, 0.7);
    for (int32_t i = 0; i < n; i++) {
        list[i].key = order_key(s, kind, list[i].visit, random);
        if (teams_first && s->m->p->visits[list[i].visit].slots.n > 1)
            list[i].key -= 1e12;
        if (list[i].visit == wanted)
            list[i].key = -1e15;
    }
    if (n <= FEW_KEYED)
        sort_few_keyed(list, n);
    else
        qsort(list, (size_t)n, sizeof *list, compare_keyed);
    for (int32_t i = 0; i < n; i++)
        s->order[i] = list[i].visit;
    return n;
}

static void move_breaks(trajectory *s)
{
    for (int32_t i = 0; i < price_n_touched(s->price); i++) {
        int32_t r = price_touched_shift(s->price, i);
        if (s->m->p->shifts[r].breaks.n > 0 && rota_n_visits_in(s->x, r) > 0 && rng_chance(&s->random, BREAK_CHANCE))
            insert_break_elsewhere(s->x, r, &s->random);
    }
}

/* Places are only taken where the work allows it, but where a detour is shorter than the straight way (the triangle
 * inequality need not hold), taking a visit out can add work. */
static bool work_is_within_limits(const trajectory *s)
{
    const model *m = s->m;
    for (int32_t i = 0; (m->has_max_work || m->has_days) && i < price_n_touched(s->price); i++) {
        int32_t r = price_touched_shift(s->price, i), carer = m->shifts[r].carer, most = m->p->carers[carer].max_work;
        if ((most != CR_NONE && rota_work(s->x, carer) > most) || (m->has_days && !days_hold(s->x, r)))
            return false;
    }
    return true;
}

static void collect_rounds(trajectory *s, double share)
{
    if (!s->options.use_glpk || share < COLLECT_FROM)
        return;
    for (int32_t i = 0; i < price_n_touched(s->price); i++) {
        int32_t r = price_touched_shift(s->price, i);
        if (rota_n_visits_in(s->x, r) > 0)
            pool_add(s->rounds, s->x, r, price_of_round(s->price, s->x, r));
    }
}

static int64_t price_of_leaving_out(const trajectory *s, int32_t visit)
{
    return s->m->p->visits[visit].unallocated_price * s->m->p->visits[visit].slots.n;
}

/* Put in what the ruin took out. False: it is no use to go on, for the plan will cost `limit` or more: starts never
 * cost less than nothing, and visits seldom less to put in (but contracted hours do, and in small plans it matters). */
static bool recreate(trajectory *s, int32_t n_before, int32_t wanted, double limit)
{
    rota *x = s->x;
    int32_t n = choose_inserts(s, n_before, wanted);
    insert_how how = {.blink = draw_blink(s), .random = &s->random};
    bool gives_up = s->m->n_visits > SMALL_PLAN && !s->m->has_hours;
    if (s->m->has_spread) /* the pull is a guess at the margin: as often as not the places are chosen without it */
        inserter_heed_lean(s->in, rng_chance(&s->random, LEAN_CHANCE) ? rng_unit(&s->random) : 0);
    if (s->m->n_visits <= SMALL_PLAN && n > 0 && rng_chance(&s->random, TOGETHER_CHANCE))
        insert_together(x, s->price, s->order, n, &s->random);
    int64_t left_out = 0;
    for (int32_t i = 0; i < n; i++)
        left_out += rota_is_served(x, s->order[i]) ? 0 : price_of_leaving_out(s, s->order[i]);
    for (int32_t i = 0; i < n; i++) {
        int32_t v = s->order[i];
        if (rota_is_served(x, v))
            continue;
        left_out -= price_of_leaving_out(s, v);
        how.is_thorough = s->ruined_in[v] == s->stats.iterations;
        insert_cheapest(s->in, x, s->price, v, &how);
        if (gives_up && (double)(x->cost - left_out) >= limit)
            return false;
    }
    return true;
}

/* True if the changed plan is kept. */
static bool iterate(trajectory *s, double temperature, double share)
{
    rota *x = s->x;
    rota_mark mark = rota_now(x);
    int64_t before = cost_now(s), start_cost;
    double limit = (double)before - temperature * log(1.0 - rng_unit(&s->random));
    int32_t n_before = x->n_bank;
    int32_t wanted = ruin(s->ru, x, s->price, &s->random);
    if (rota_propagate(x, false)) {
        if (s->m->p->n_breaks > 0)
            move_breaks(s);
        if (recreate(s, n_before, wanted, limit) && halves_drop(x, s->price) && (double)x->cost < limit &&
            work_is_within_limits(s) && price_now(s->price, x, &start_cost) && (double)(x->cost + start_cost) < limit) {
            s->start_cost = start_cost;
            collect_rounds(s, share);
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
static void retime(trajectory *s)
{
    int64_t start_cost;
    if (s->m->timing == TIMING_PRICED && price_all(s->price, s->x, &start_cost)) {
        s->start_cost = start_cost;
        rota_commit(s->x);
        price_commit(s->price);
    }
}

/* How long GLPK may choose: not into the last of the time, as it can overshoot what it is given. 0: not worth it, or it
 * has had its share. */
static int choose_ms(const trajectory *s, const trajectory_stretch *stretch)
{
    if (s->chosen_s > CHOOSE_SHARE * elapsed_s(s))
        return 0;
    double left_ms = 1000 * (stretch->until_s - elapsed_s(s)) / 2;
    return left_ms < CHOOSE_MS_LEAST ? 0 : left_ms < CHOOSE_MS ? (int)left_ms : CHOOSE_MS;
}

/* Let GLPK choose among the rounds met, for some neighbouring shifts. True if it found a cheaper plan. */
static bool choose(trajectory *s, const trajectory_stretch *stretch)
{
    double begun_s = elapsed_s(s);
    int time_most_ms = stretch->until_s >= 0 ? choose_ms(s, stretch) : 0;
    if (!s->options.use_glpk || pool_n(s->rounds) < CHOOSE_ROUNDS_LEAST || (stretch->until_s >= 0 && !time_most_ms))
        return false;
    int64_t start_cost = 0;
    choice c = choose_rounds(s->ch, s->rounds, s->x, s->price, s->start_cost, time_most_ms, &s->random, &start_cost);
    s->chosen_s += elapsed_s(s) - begun_s;
    s->stats.glpk_runs++;
    s->stats.glpk_faults += c == CHOICE_FAULT;
    if (c != CHOICE_BETTER)
        return false;
    s->stats.glpk_wins++;
    s->start_cost = start_cost;
    rota_commit(s->x);
    price_commit(s->price);
    return true;
}

/* A typical leg; or a tenth of what a visit costs on the road and in shifts, where clients live door to door. */
static double temperature_scale(const trajectory *s)
{
    const model *m = s->m;
    double cost = (double)(s->x->cost - (m->has_hours ? shared_hours(s->x) : 0));
    int32_t n = 0;
    for (int32_t v = 0; v < m->n_visits; v++) {
        const cr_range slots = m->p->visits[v].slots;
        if (!rota_is_served(s->x, v))
            cost -= (double)m->p->visits[v].unallocated_price * slots.n;
        for (int32_t i = 0; i < slots.n && rota_is_served(s->x, v); i++, n++) {
            int32_t slot = slots.first + i, carer = m->shifts[rota_round_of(s->x, slot)].carer;
            cost -= (double)m->slot_cost[(size_t)slot * (size_t)m->n_carers + (size_t)carer];
        }
    }
    double each = n > 0 ? cost / n / 10 : 0;
    return m->mean_leg_cost > each ? m->mean_leg_cost : each;
}

/* ---- the other kind ---- */

static cr_status keep_best_of_order(trajectory *s)
{
    if (order_search_best_cost(s->by_order) >= s->best_cost)
        return CR_OK;
    cr_plan *plan;
    cr_status st = order_search_best(s->by_order, &plan);
    return st ? st : keep_plan(s, plan, order_search_best_cost(s->by_order));
}

/* If it sums up the same plan otherwise, it does not know some price of this problem: then ruin and recreate it is. */
static cr_status begin_order(trajectory *s)
{
    cr_status st = order_search_begin(s->by_order, s->best);
    if (!st && order_search_cost_now(s->by_order) != s->best_cost)
        s->by_order = order_search_free(s->by_order);
    return st;
}

static cr_status run_order(trajectory *s, const trajectory_stretch *stretch)
{
    course c = {.stretch = stretch, .begun_s = elapsed_s(s)};
    cr_status st = CR_OK;
    for (double done = progress(s, &c); done < 1 && !st; done = progress(s, &c)) {
        if (should_stop(s))
            break;
        for (int32_t i = 0; i < ORDER_BATCH && !st && (stretch->iterations < 0 || c.n_done < stretch->iterations);
             i++) {
            st = order_search_step(s->by_order, stretch->from + (stretch->to - stretch->from) * done);
            c.n_done++;
            s->stats.iterations++;
        }
        if (!st)
            st = keep_best_of_order(s);
    }
    return st;
}

/* ---- the verbs ---- */

cr_status trajectory_run(trajectory *s, const trajectory_stretch *stretch)
{
    assert(stretch->iterations >= 0 || stretch->until_s >= 0);
    if (s->by_order)
        return run_order(s, stretch);
    course c = {.stretch = stretch, .begun_s = elapsed_s(s)};
    double done = progress(s, &c), hot = HOT * s->scale, cold = COLD * s->scale;
    while (done < 1 && s->m->n_visits > 0 && s->m->n_shifts > 0) {
        if (c.n_done % 8 == 0 && should_stop(s))
            break;
        double share = stretch->from + (stretch->to - stretch->from) * done;
        c.n_done++;
        s->stats.iterations++;
        bool changed = iterate(s, hot * pow(cold / hot, share), share);
        if (share >= s->choose_at) {
            s->choose_at = share + CHOOSE_STEP;
            changed = choose(s, stretch) || changed;
        }
        if (changed) {
            if (++s->accepted % RETIME_EVERY == 0)
                retime(s);
            if (cost_now(s) < s->best_cost) {
                retime(s);
                cr_status st = keep_best(s);
                if (st)
                    return st;
            }
        }
        if (s->x->out_of_memory || price_is_out_of_memory(s->price))
            return CR_E_NOMEM;
        if (stretch->until_s < 0 || c.n_done % 8 == 0 || stretch->iterations >= 0)
            done = progress(s, &c);
    }
    return CR_OK;
}

static void empty(trajectory *s)
{
    for (int32_t v = 0; v < s->m->n_visits; v++)
        if (rota_is_served(s->x, v))
            ruin_take_out(s->x, s->price, v);
    rota_propagate(s->x, false);
}

void trajectory_listen(trajectory *s, const trajectory_options *options)
{
    s->options.should_stop = options->should_stop;
    s->options.on_best = options->on_best;
}

cr_status trajectory_begin(trajectory *s, const cr_plan *start, double until_s)
{
    assert(!s->best);
    cr_status st = start ? begin_from(s->x, s->in, s->price, start) : CR_OK;
    if (!st)
        st = construct(s, until_s);
    if (!st && !halves_drop(s->x, s->price))
        empty(s); /* a way that is longer without a stop on it: begin with nobody served */
    if (st)
        return st;
    int64_t start_cost = 0;
    if (s->x->out_of_memory)
        return CR_E_NOMEM;
    if (!price_all(s->price, s->x, &start_cost))
        return price_is_out_of_memory(s->price) ? CR_E_NOMEM : CR_E_INTERNAL;
    s->start_cost = start_cost;
    rota_commit(s->x);
    price_commit(s->price);
    s->scale = s->options.scale > 0 ? s->options.scale : temperature_scale(s);
    st = keep_best(s);
    return st || !s->by_order ? st : begin_order(s);
}

cr_status trajectory_new(const model *m, const trajectory_options *options, trajectory **ret_trajectory)
{
    cr_auto(trajectory) s = calloc(1, sizeof *s);
    if (!s)
        return CR_E_NOMEM;
    s->m = m;
    s->options = *options;
    s->random = rng_seeded(options->seed);
    s->choose_at = CHOOSE_FROM;
    s->stats.first_complete_s = -1;
    s->order = malloc(((size_t)m->n_visits + 1) * sizeof *s->order);
    s->ruined_in = calloc((size_t)m->n_visits + 1, sizeof *s->ruined_in);
    s->list = malloc(((size_t)m->n_visits + 1) * sizeof(keyed));
    cr_status st = s->order && s->ruined_in && s->list ? CR_OK : CR_E_NOMEM;
    if (st || (st = rota_new(m, &s->x)) || (st = inserter_new(m, &s->in)) || (st = pricer_new(m, &s->price)) ||
        (st = ruiner_new(m, &s->ru)) || (st = pool_new(m, &s->rounds)) || (st = chooser_new(m, &s->ch)) ||
        (options->kind == TRAJECTORY_ORDER && (st = order_search_new(m, options->seed, &s->by_order))))
        return st;
    *ret_trajectory = trajectory_take(&s);
    return CR_OK;
}

trajectory *trajectory_free(trajectory *s)
{
    if (s) {
        order_search_free(s->by_order);
        rota_free(s->x);
        inserter_free(s->in);
        pricer_free(s->price);
        ruiner_free(s->ru);
        pool_free(s->rounds);
        chooser_free(s->ch);
        cr_plan_free(s->best);
        free(s->order);
        free(s->ruined_in);
        free(s->list);
        free(s);
    }
    return NULL;
}

const cr_plan *trajectory_best(const trajectory *s)
{
    return s->best;
}

int64_t trajectory_best_cost(const trajectory *s)
{
    return s->best_cost;
}

cr_status trajectory_plan_now(const trajectory *s, cr_plan **ret_plan)
{
    return s->by_order ? order_search_plan_now(s->by_order, ret_plan) : rota_to_plan(s->x, ret_plan);
}

double trajectory_scale(const trajectory *s)
{
    return s->scale;
}

int64_t trajectory_cost_now(const trajectory *s)
{
    return s->by_order ? order_search_cost_now(s->by_order) : cost_now(s);
}

cr_status trajectory_go_from(trajectory *s, const cr_plan *plan)
{
    return s->by_order ? order_search_begin(s->by_order, plan) : CR_OK;
}

trajectory_stats trajectory_stats_of(const trajectory *s)
{
    return s->stats;
}
