/* One trajectory: construction by regret, then ruin and recreate under simulated annealing. */
#include "trajectory.h"

#include "begin_from.h"
#include "choose_rounds.h"
#include "contracts.h"
#include "cooling.h"
#include "fewer_rounds.h"
#include "goods.h"
#include "halves.h"
#include "make_room.h"
#include "order_search.h"
#include "priced_rounds.h"
#include "round_limits.h"
#include "shared.h"
#include "walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXCHANGE_HOT        0.4   /* first temperature for visits left out, where they are many: in their mean price; */
#define EXCHANGE_COLD       0.005 /* and the last */
#define RETIME_EVERY        256   /* accepted changes between exact timings of the whole plan, */
#define RETIME_EACH         0.5   /* but so many for each visit: they take longer the larger it is */
#define LOOK_FROM           400   /* visits; from here on it counts that a plan is timed and copied: */
#define LOOK_EACH           0.5   /* iterations for each, between two looks at whether the plan is the best */
#define LENGTH_KNOWN_AT     0.02  /* of the course: by then it shows how many iterations there will be */
#define COLLECT_FROM        0.2   /* progress from which rounds are collected; before it they are too far from good */
#define CHOOSE_FROM         0.4   /* and chosen from, */
#define CHOOSE_STEP         0.02  /* so often */
#define CHOOSE_MS           500   /* of one choice, where the whole search has a time limit */
#define CHOOSE_SHARE        0.05  /* of the time; where rounds are long each choice takes as long as it may */
#define CHOOSE_MS_LEAST     20    /* less is left for it: not worth beginning */
#define CHOOSE_ROUNDS_LEAST 200   /* in the pool; fewer are not worth it */
#define PRICED_ROUND        12    /* visits of a round in the mean: pricing longer ones takes too long */
#define BATCH               16    /* quick iterations between two looks at the clock */
#define FEWER_SHARE         0.25 /* of a whole course that rounds are saved in, where that is worth more than all travel */
#define FEWER_HEAT          0.15 /* of the first temperature, meanwhile */
#define REGRET_POOL         24   /* visits among which construction looks for the largest regret */
#define DOUBT               100 /* by so much the guess at what starts cost may be too much, in the temperatures' scale */
#define SPREAD_PRICED       0.4 /* where starts are priced: what a leg changes in the spread weighs so much in it */

struct trajectory {
    const model *m;
    order_search *by_order; /* NULL: ruin and recreate */
    trajectory_options options;
    walk *w;
    room_maker *rm;
    chooser *ch;
    double chosen_s;  /* spent on choosing */
    double choose_at; /* share of the course at which rounds are chosen next */
    double scale;     /* of the temperatures */
    cooling cooling;
    bool knows_length; /* of the course, and so how it cools */
    int64_t accepted;
    int64_t look_at;   /* iterations done, from which a plan may be the best */
    int64_t best_cost; /* of the best plan */
    cr_plan *best;
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

/* Are all iterations done? */
static bool is_over(const course *c)
{
    return c->stretch->iterations >= 0 && c->n_done >= c->stretch->iterations;
}

/* How many iterations the whole course will have. */
static double expected_iterations(const course *c, double done)
{
    const trajectory_stretch *stretch = c->stretch;
    return (double)c->n_done / done * ((1 - stretch->from) / (stretch->to - stretch->from));
}

static void know_length(trajectory *s, double n_iterations)
{
    s->knows_length = true;
    s->cooling = cooling_of(s->m, n_iterations, s->options.falls_once);
}

/* ---- the best plan so far ---- */

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
    cr_status st = rota_to_plan(s->w->x, &plan);
    walk_weigh_bank(s->w);
    return st ? st : keep_plan(s, plan, walk_cost(s->w));
}

/* ---- construction ---- */

/* Insert by largest regret among the next few visits of the day, so that the cost of construction stays in proportion.
 */
static cr_status construct(trajectory *s, double until_s)
{
    rota *x = s->w->x;
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
            int64_t regret = insert_regret(s->w->in, x, s->w->price, next_ones[i]);
            if (regret > largest) {
                largest = regret;
                chosen = i;
            }
        }
        int32_t visit = next_ones[chosen];
        next_ones[chosen] = next_ones[--n_pool];
        if (rota_is_served(x, visit)) /* with another, where it is put down what that one takes */
            continue;
        insert_cheapest(s->w->in, x, s->w->price, visit, &(insert_how){.is_thorough = true, .random = &s->w->random});
        rota_commit(x);
    }
    free(by_time);
    return CR_OK;
}

/* ---- choosing among rounds ---- */

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
    if (!s->options.use_glpk || pool_n(s->w->rounds) < CHOOSE_ROUNDS_LEAST || (stretch->until_s >= 0 && !time_most_ms))
        return false;
    int64_t start_cost = 0;
    choice c = choose_rounds(s->ch, s->w->rounds, s->w->x, s->w->price, s->w->start_cost, time_most_ms, &s->w->random,
                             &start_cost);
    s->chosen_s += elapsed_s(s) - begun_s;
    s->stats.glpk_runs++;
    s->stats.glpk_faults += c == CHOICE_FAULT;
    if (c != CHOICE_BETTER)
        return false;
    s->stats.glpk_wins++;
    s->w->start_cost = start_cost;
    rota_commit(s->w->x);
    price_commit(s->w->price);
    return true;
}

/* What a leg changes in what the whole rota is asked for: one carer does more than the mean, another less. Of the
 * longest idle time a tick is enough, as few changes move it. */
static double spread_leg_cost(const model *m)
{
    return 2 * (double)m->p->prices.imbalance * m->mean_leg_ticks + (double)m->p->prices.worst_idle;
}

/* A typical leg; or a tenth of what a visit costs on the road and in shifts, where clients live door to door. Where
 * starts are priced always that tenth: legs are those to the nearest, and the denser the clients, the shorter they are,
 * while there is as much to gain on each visit. */
static double temperature_scale(const trajectory *s)
{
    const model *m = s->m;
    double cost = (double)(s->w->x->cost - fewer_rounds_weight(s->w) - (m->has_hours ? shared_hours(s->w->x) : 0) -
                           (m->has_contracts ? contracts_cost(s->w->x) : 0));
    int32_t n = 0;
    for (int32_t v = 0; v < m->n_visits; v++) {
        const cr_range slots = m->p->visits[v].slots;
        if (!rota_is_served(s->w->x, v))
            cost -= (double)m->p->visits[v].unallocated_price * slots.n;
        for (int32_t i = 0; i < slots.n && rota_is_served(s->w->x, v); i++, n++) {
            int32_t slot = slots.first + i, carer = m->shifts[rota_round_of(s->w->x, slot)].carer;
            cost -= (double)model_slot_price(m, slot, carer);
        }
    }
    double each = n > 0 ? cost / n / 10 : 0, spread = m->has_spread ? spread_leg_cost(m) : 0;
    if (m->timing == TIMING_PRICED && each > 0)
        return each + SPREAD_PRICED * spread;
    return fmax(m->mean_leg_cost + spread, each);
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
        for (int32_t i = 0; i < BATCH && !st && !is_over(&c); i++) {
            double share = stretch->from + (stretch->to - stretch->from) * done;
            st = order_search_step(s->by_order, cooling_fallen(&s->cooling, share));
            c.n_done++;
            s->stats.iterations++;
        }
        if (!st)
            st = keep_best_of_order(s);
        if (!s->knows_length && done >= LENGTH_KNOWN_AT) {
            s->knows_length = true;
            s->cooling.n_falls = cooling_falls_of_order(s->m, expected_iterations(&c, done));
        }
    }
    return st;
}

/* ---- fewer rounds ---- */

/* Save one round, until a share of the course is done. False: there is no more time, or none could be saved. */
static cr_status save_round(trajectory *s, course *c, double share_most, round_saver *rs, bool *ret_is_saved)
{
    bool is_saved = false, is_begun;
    cr_status st = round_saver_begin(rs, &is_begun);
    *ret_is_saved = false;
    if (st || !is_begun)
        return st;
    while (!is_saved && progress(s, c) < share_most && !should_stop(s)) {
        for (int32_t i = 0; i < BATCH && !is_saved && !is_over(c); i++) {
            walk_iterate(s->w, FEWER_HEAT * s->cooling.hot * s->scale, false);
            c->n_done++;
            s->stats.iterations++;
            is_saved = round_saver_step(rs);
        }
        if (walk_is_out_of_memory(s->w))
            return CR_E_NOMEM;
    }
    *ret_is_saved = is_saved;
    return is_saved ? CR_OK : round_saver_end(rs);
}

/* Where a shift more costs more than all travel, plans with fewer come first. */
static cr_status save_rounds(trajectory *s, course *c)
{
    double share_most = (FEWER_SHARE - c->stretch->from) / (c->stretch->to - c->stretch->from);
    if (share_most <= 0 || fewer_rounds_weight(s->w) == 0)
        return CR_OK;
    cr_auto(round_saver) rs = NULL;
    cr_status st = round_saver_new(s->w, &rs);
    for (bool is_saved = true; !st && is_saved;) {
        st = save_round(s, c, share_most < 1 ? share_most : 1, rs, &is_saved);
        if (!st && is_saved && walk_cost(s->w) < s->best_cost) {
            walk_retime(s->w);
            st = walk_cost(s->w) < s->best_cost ? keep_best(s) : CR_OK;
        }
    }
    return st;
}

/* ---- the verbs ---- */

/* As it was begun from a plan that need not hold, or visits were put in one after the other. */
static bool is_sound(trajectory *s)
{
    return halves_drop(s->w->x, s->w->price) && (!s->m->has_limits || limits_hold_in_touched(s->w->x)) &&
           (s->m->n_goods == 0 || goods_hold_everywhere(s->w->x));
}

static cr_status stand_on(trajectory *s, const cr_plan *plan)
{
    walk_empty(s->w);
    cr_status st = begin_from(s->w->x, s->w->in, s->w->price, plan);
    return st ? st : walk_settle(s->w);
}

/* A better plan is timed exactly and copied, all of it. */
static cr_status look_for_best(trajectory *s)
{
    if (walk_cost(s->w) >= s->best_cost)
        return CR_OK;
    if (s->m->n_visits >= LOOK_FROM)
        s->look_at = s->stats.iterations + (int64_t)(LOOK_EACH * s->m->n_visits);
    walk_retime(s->w); /* which gives up where it would take too long, and then may cost more */
    return walk_cost(s->w) < s->best_cost ? keep_best(s) : CR_OK;
}

bool trajectory_has_priced_rounds(const trajectory *s)
{
    return s->options.clock_s && !s->by_order && priced_rounds_suit(s->m) && rota_mean_round(s->w->x) <= PRICED_ROUND;
}

cr_status trajectory_price_rounds(trajectory *s, double time_s, double *slot_worth)
{
    cr_auto(cr_plan) now = NULL;
    cr_auto(cr_plan) found = NULL;
    priced_options how = {time_s, s->options.clock_s, s->options.should_stop, s->options.user, slot_worth};
    bool is_fault = false;
    cr_status st = rota_to_plan(s->w->x, &now);
    if (!st)
        st = cr_plan_time(s->m->p, now);
    if (!st)
        st = priced_rounds_find(s->m, now, &how, &found, &is_fault);
    s->stats.glpk_runs++;
    s->stats.glpk_faults += is_fault;
    if (st || !found)
        return st;
    int64_t best_cost = s->best_cost;
    walk_empty(s->w);
    if ((st = begin_from(s->w->x, s->w->in, s->w->price, found)))
        return st;
    st = is_sound(s) ? walk_settle(s->w) : stand_on(s, now);
    if (!st)
        st = look_for_best(s);
    s->stats.glpk_wins += s->best_cost < best_cost;
    return st;
}

cr_status trajectory_run(trajectory *s, const trajectory_stretch *stretch)
{
    assert(stretch->iterations >= 0 || stretch->until_s >= 0);
    if (s->by_order)
        return run_order(s, stretch);
    course c = {.stretch = stretch, .begun_s = elapsed_s(s)};
    cr_status st = save_rounds(s, &c);
    if (st)
        return st;
    double done = progress(s, &c), cold = s->cooling.cold * s->scale;
    const int64_t retime_every = (int64_t)fmax(RETIME_EVERY, RETIME_EACH * s->m->n_visits);
    s->w->round_premium = cooling_premium_of_rounds(s->m);
    while (done < 1 && s->m->n_visits > 0 && s->m->n_shifts > 0) {
        if (c.n_done % 8 == 0 && should_stop(s))
            break;
        double share = stretch->from + (stretch->to - stretch->from) * done;
        c.n_done++;
        s->stats.iterations++;
        if ((st = room_maker_step(s->rm)))
            return st;
        if (!s->knows_length && !s->options.falls_once && done >= LENGTH_KNOWN_AT)
            know_length(s, expected_iterations(&c, done));
        double fallen = cooling_fallen(&s->cooling, share);
        s->w->bank_temperature = s->w->bank_price * EXCHANGE_HOT * pow(EXCHANGE_COLD / EXCHANGE_HOT, fallen);
        const double hot = s->cooling.hot * s->scale;
        bool changed = walk_iterate(s->w, hot * pow(cold / hot, fallen), fallen >= COLLECT_FROM);
        if (share >= s->choose_at) {
            s->choose_at = share + CHOOSE_STEP;
            changed = choose(s, stretch) || changed;
        }
        if (changed) {
            if (++s->accepted % retime_every == 0)
                walk_retime(s->w);
            if (s->stats.iterations >= s->look_at && (st = look_for_best(s)))
                return st;
        }
        if (walk_is_out_of_memory(s->w))
            return CR_E_NOMEM;
        if (stretch->until_s < 0 || c.n_done % 8 == 0 || stretch->iterations >= 0)
            done = progress(s, &c);
    }
    st = room_maker_end(s->rm);
    return st ? st : look_for_best(s);
}

void trajectory_listen(trajectory *s, const trajectory_options *options)
{
    s->options.should_stop = options->should_stop;
    s->options.on_best = options->on_best;
}

cr_status trajectory_begin(trajectory *s, const cr_plan *start, double until_s)
{
    assert(!s->best);
    cr_status st = start ? begin_from(s->w->x, s->w->in, s->w->price, start) : CR_OK;
    if (!st)
        st = construct(s, until_s);
    if (!st && !is_sound(s))
        walk_empty(s->w); /* a way that is longer without a stop on it: begin with nobody served */
    if (!st)
        st = walk_settle(s->w);
    if (st)
        return st;
    s->scale = s->options.scale > 0 ? s->options.scale : temperature_scale(s);
    s->w->doubt = s->m->timing == TIMING_PRICED ? DOUBT * s->scale : 0;
    walk_weigh_visits(s->w);
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
    s->options.use_glpk = options->use_glpk && !m->is_held; /* it would put whole rounds in anew */
    s->choose_at = CHOOSE_FROM;
    s->cooling = cooling_of(m, 0, true);
    if (options->course_iterations > 0)
        know_length(s, options->course_iterations);
    s->stats.first_complete_s = -1;
    cr_status st;
    if ((st = walk_new(m, options->seed, s->options.use_glpk, &s->w)) || (st = room_maker_new(s->w, &s->rm)) ||
        (st = chooser_new(m, &s->ch)) ||
        (options->kind == TRAJECTORY_ORDER && (st = order_search_new(m, options->seed, &s->by_order))))
        return st;
    *ret_trajectory = trajectory_take(&s);
    return CR_OK;
}

trajectory *trajectory_free(trajectory *s)
{
    if (s) {
        order_search_free(s->by_order);
        walk_free(s->w);
        room_maker_free(s->rm);
        chooser_free(s->ch);
        cr_plan_free(s->best);
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
    return s->by_order ? order_search_plan_now(s->by_order, ret_plan) : rota_to_plan(s->w->x, ret_plan);
}

double trajectory_scale(const trajectory *s)
{
    return s->scale;
}

int64_t trajectory_cost_now(const trajectory *s)
{
    return s->by_order ? order_search_cost_now(s->by_order) : walk_cost(s->w);
}

cr_status trajectory_go_from(trajectory *s, const cr_plan *plan)
{
    return s->by_order ? order_search_begin(s->by_order, plan) : stand_on(s, plan);
}

trajectory_stats trajectory_stats_of(const trajectory *s)
{
    return s->stats;
}
