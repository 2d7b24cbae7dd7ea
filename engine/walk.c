/* One plan under change, an iteration of ruin and recreate at a time. */
#include "walk.h"

#include "exchange.h"
#include "goods.h"
#include "halves.h"
#include "round_limits.h"
#include "swap_tails.h"
#include "walk_inserts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLINK           0.01 /* chance that a place is overlooked */
#define SMALL_CHANCE    0.3  /* that an iteration on a small plan overlooks more, */
#define SMALL_BLINK     0.7  /* up to so much (the smaller the plan, the nearer) */
#define SMALL_PLAN      20   /* visits; up to here it is tried, */
#define TOGETHER_CHANCE 0.2  /* with this chance, to put some in at once */
#define TWO_TRIES_EACH  40   /* iterations for each visit in which what finds no place is tried twice */
#define PUSHES_MOST     2    /* visits that give way to another, in one iteration */
#define BREAK_CHANCE    0.3  /* that a ruined round's break moves */
#define LEAN_CHANCE     0.5
#define EJECT_CHANCE    0.1
#define EJECT_CHEAP     0.2  /* times that, where only cheap ones are left out */
#define CHEAP_SHARE     4    /* times the mean cost of a visit: those that cost less to leave out are cheap; */
#define DEAR_SHARE      40   /* times that: those that cost more are dear */
#define MANY_LEFT       0.05 /* of all visits; where so many are left out that are not cheap, there is no serving all */

/* What a changed plan must cost less than, and where more is left out than before; with more rounds than before by a
 * premium for each, with fewer by as much less. */
typedef struct bar {
    double limit, exchange_limit, premium;
    int64_t bank_before; /* INT64_MAX: both are the same */
    int32_t used_before; /* rounds */
} bar;

int64_t walk_cost(const walk *w)
{
    return w->x->cost + w->start_cost;
}

static void move_break(walk *w, int32_t r)
{
    if (insert_break_elsewhere(w->x, r, &w->random) && w->m->shifts[r].crew != CR_NONE)
        price_touch(w->price, w->m->shifts[r].crew);
}

static void move_breaks(walk *w)
{
    for (int32_t i = 0; i < price_n_touched(w->price); i++) {
        int32_t r = price_touched_shift(w->price, i);
        if (w->m->p->shifts[r].breaks.n > 0 && rota_n_visits_in(w->x, r) > 0 && rng_chance(&w->random, BREAK_CHANCE))
            move_break(w, r);
    }
}

/* Places are only taken where work and ways allow it, but where a detour is shorter than the straight way (the triangle
 * inequality need not hold), taking a visit out can add to it; and what it would have put down stays on board. */
static bool is_within_limits(const walk *w)
{
    const model *m = w->m;
    if (m->n_goods > 0 && !goods_hold_everywhere(w->x))
        return false;
    if (m->has_periods) /* ways also change in rounds that only hang together with those touched */
        return limits_hold_in_touched(w->x);
    for (int32_t i = 0; m->has_limits && i < price_n_touched(w->price); i++)
        if (!limits_hold(w->x, price_touched_shift(w->price, i)))
            return false;
    return true;
}

static void collect_rounds(walk *w)
{
    for (int32_t i = 0; i < price_n_touched(w->price); i++) {
        int32_t r = price_touched_shift(w->price, i);
        if (rota_n_visits_in(w->x, r) > 0)
            pool_add(w->rounds, w->x, r, price_of_round(w->price, w->x, r));
    }
}

int64_t walk_price_of_leaving_out(const walk *w, int32_t visit)
{
    return w->m->p->visits[visit].unallocated_price * w->m->p->visits[visit].slots.n;
}

/* Small plans need more chance to come by every order; in large ones much of it only does harm. */
static double draw_blink(walk *w)
{
    double small = exp(-w->m->n_visits / 8.0);
    return BLINK + (rng_chance(&w->random, SMALL_CHANCE) ? SMALL_BLINK * small : 0);
}

/* What the rounds are worth that the plan has more than before. */
static double worth_of_rounds(const walk *w, const bar *b)
{
    return b->premium * (rota_n_used(w->x) - b->used_before);
}

/* What visits left out weigh beside their prices. */
static int64_t sum_of_raises(const walk *w)
{
    int64_t sum = 0;
    for (int32_t i = 0; w->is_raised && i < w->x->n_bank; i++)
        sum += w->raised[rota_bank(w->x)[i]];
    return sum;
}

/* Is it no use to go on, for the plan will cost more than the bar? To come: what those still to be put in cost at the
 * least. Starts never cost less than nothing, and visits seldom less to put in (but contracted hours do, and in small
 * plans it matters; of rounds one more may still be opened). What the starts are thought to cost by now is no more than
 * a guess: where it is far above the bar that is enough. */
static bool is_too_dear(walk *w, const bar *b, int64_t to_come)
{
    double cost = (double)(w->x->cost + to_come), limit = b->exchange_limit + worth_of_rounds(w, b) + b->premium;
    if (cost >= limit)
        return true;
    return w->doubt > 0 &&
           cost + (double)(w->start_cost + sum_of_raises(w)) + (double)price_guess(w->price, w->x) >= limit + w->doubt;
}

/* Put one of them in; where it finds no place, perhaps in that of another, which is then put in after all others. */
static bool put_one_in(walk *w, int32_t visit, insert_how *how, bool may_push, int32_t *ret_out)
{
    const bool is_ruined = w->ruined_in[visit] == w->n_iterations;
    *ret_out = CR_NONE;
    how->is_thorough = is_ruined && !may_push;
    if (insert_cheapest(w->in, w->x, w->price, visit, how))
        return true;
    if (!is_ruined || !may_push)
        return false;
    *ret_out = push_out(w->pu, w->in, w->x, w->price, visit, &w->random);
    how->is_thorough = true;
    return *ret_out != CR_NONE || insert_cheapest(w->in, w->x, w->price, visit, how);
}

/* What a visit costs at the least to put in, more than to leave it out. */
static int64_t least_of_putting_in(const walk *w, int32_t visit)
{
    return w->least_price[visit] - walk_price_of_leaving_out(w, visit);
}

/* Put in n visits in their order. False: it was no use to go on. *ret_failed: which of them had just found no place,
 * CR_NONE if none. */
static bool put_in(walk *w, int32_t n, const bar *b, insert_how *how, int32_t *ret_failed)
{
    rota *x = w->x;
    bool gives_up = w->m->n_visits > SMALL_PLAN && !w->m->has_hours && !w->m->has_contracts;
    bool are_many_left = w->bank_price > 0; /* then it is their worth that decides who gives way */
    int64_t to_come = 0;
    int32_t pushes_left = PUSHES_MOST, out;
    *ret_failed = CR_NONE;
    for (int32_t i = 0; i < n; i++)
        to_come += rota_is_served(x, w->order[i]) ? 0 : least_of_putting_in(w, w->order[i]);
    for (int32_t i = 0; i < n; i++) {
        int32_t v = w->order[i];
        if (rota_is_served(x, v))
            continue;
        to_come -= least_of_putting_in(w, v);
        bool is_in = put_one_in(w, v, how, pushes_left > 0 && !are_many_left, &out);
        if (out != CR_NONE) {
            pushes_left--;
            w->order[n++] = out;
            w->ruined_in[out] = w->n_iterations;
            to_come += least_of_putting_in(w, out);
        }
        *ret_failed = is_in ? CR_NONE : i;
        if (gives_up && is_too_dear(w, b, to_come))
            return false;
    }
    return true;
}

/* Bring one of the visits to insert to the front. */
static void put_first(walk *w, int32_t which)
{
    int32_t visit = w->order[which];
    memmove(w->order + 1, w->order, (size_t)which * sizeof *w->order);
    w->order[0] = visit;
}

/* Put in what the ruin took out. In the beginning, while a few visits are unallocated, there is a second try, at which
 * the one that found no place comes first; later more ruins are worth as much, and where many are left out whatever
 * happens they come by their worth. */
static bool recreate(walk *w, int32_t n_before, int32_t wanted, const bar *b)
{
    rota *x = w->x;
    int32_t n = walk_choose_inserts(w, n_before, wanted), failed;
    insert_how how = {.blink = draw_blink(w), .random = &w->random};
    rota_mark mark = rota_now(x);
    if (w->m->has_spread) /* the pull is a guess at the margin: as often as not the places are chosen without it */
        inserter_heed_lean(w->in, rng_chance(&w->random, LEAN_CHANCE) ? rng_unit(&w->random) : 0);
    if (w->m->n_visits <= SMALL_PLAN && n > 0 && rng_chance(&w->random, TOGETHER_CHANCE))
        insert_together(x, w->price, w->order, n, &w->random);
    if (put_in(w, n, b, &how, &failed))
        return true;
    bool is_early = w->n_iterations <= (int64_t)TWO_TRIES_EACH * w->m->n_visits;
    if (n_before == 0 || failed <= 0 || failed >= n || !is_early || w->bank_price > 0)
        return false;
    rota_undo(x, mark);
    put_first(w, failed);
    return put_in(w, n, b, &how, &failed);
}

/* What all visits left out cost. */
static int64_t price_of_bank(const walk *w)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < w->x->n_bank; i++)
        sum += walk_price_of_leaving_out(w, rota_bank(w->x)[i]);
    return sum;
}

/* What a changed plan must cost less than, to be kept (Metropolis). A visit costs so much more to leave out than any
 * way is long, that none would ever be exchanged for another of less worth: that has a temperature of its own. */
static bar draw_bar(walk *w, double temperature)
{
    double now = (double)(walk_cost(w) + sum_of_raises(w)), draw = -log(1.0 - rng_unit(&w->random));
    bar b = {.limit = now + temperature * draw,
             .premium = floor(w->round_premium * temperature),
             .bank_before = INT64_MAX,
             .used_before = rota_n_used(w->x)};
    b.exchange_limit = b.limit;
    if (w->bank_temperature > temperature) {
        b.exchange_limit = now + w->bank_temperature * draw;
        b.bank_before = price_of_bank(w);
    }
    return b;
}

/* True if the changed plan holds and costs less than the bar; it then is the plan. */
static bool keep_if_below(walk *w, const bar *b, bool keeps_rounds)
{
    rota *x = w->x;
    int64_t start_cost;
    double limit = b->bank_before < INT64_MAX && price_of_bank(w) > b->bank_before ? b->exchange_limit : b->limit;
    limit += worth_of_rounds(w, b);
    if ((double)x->cost >= limit || !is_within_limits(w) || !price_now(w->price, x, &start_cost) ||
        (double)(x->cost + start_cost + sum_of_raises(w)) >= limit)
        return false;
    w->start_cost = start_cost;
    if (keeps_rounds && w->rounds)
        collect_rounds(w);
    rota_commit(x);
    price_commit(w->price);
    return true;
}

static void undo(walk *w, rota_mark mark)
{
    rota_undo(w->x, mark);
    price_undo(w->price);
}

static bool exchange(walk *w, double temperature, bool keeps_rounds)
{
    rota_mark mark = rota_now(w->x);
    bar b = draw_bar(w, temperature);
    double cost_most = b.limit - (double)(walk_cost(w) + sum_of_raises(w));
    int32_t visit = districts_draw(w->where, &w->random);
    if (!(w->m->has_exchanges ? exchange_stretches(w->x, w->price, visit, cost_most, &w->random)
                              : swap_tails(w->x, w->price, visit, cost_most, &w->random)))
        return false;
    if (keep_if_below(w, &b, keeps_rounds))
        return true;
    undo(w, mark);
    return false;
}

static bool ruin_and_recreate(walk *w, double temperature, bool keeps_rounds)
{
    rota *x = w->x;
    rota_mark mark = rota_now(x);
    bar b = draw_bar(w, temperature);
    int32_t n_before = x->n_bank;
    double eject_chance = w->eject_chance * (walk_bank_is_cheap(w) ? EJECT_CHEAP : 1);
    int32_t wanted = ruin(w->ru, x, w->price, w->where, eject_chance, &w->random);
    if (rota_propagate(x, false)) {
        if (w->m->p->n_breaks > 0)
            move_breaks(w);
        inserter_reward_rounds(w->in, (int64_t)b.premium);
        bool is_worth_it = recreate(w, n_before, wanted, &b);
        inserter_reward_rounds(w->in, 0);
        /* A fifth of all iterations put back what was there. */
        if (is_worth_it && !rota_is_as_before(x) && halves_drop(x, w->price) && keep_if_below(w, &b, keeps_rounds))
            return true;
    }
    undo(w, mark);
    return false;
}

bool walk_iterate(walk *w, double temperature, bool keeps_rounds)
{
    w->n_iterations++;
    districts_step(w->where, &w->random);
    /* While room is sought for visits, stretches that change carers come between. */
    bool may_exchange = (w->m->has_exchanges || w->m->has_rests) && walk_bank_is_cheap(w);
    bool is_changed = may_exchange && exchange(w, temperature, keeps_rounds);
    return ruin_and_recreate(w, temperature, keeps_rounds) || is_changed;
}

bool walk_bank_is_cheap(const walk *w)
{
    for (int32_t i = 0; i < w->x->n_bank; i++)
        if (!w->is_cheap[rota_bank(w->x)[i]])
            return false;
    return true;
}

bool walk_bank_has_dear(const walk *w)
{
    for (int32_t i = 0; i < w->x->n_bank; i++) {
        int32_t v = rota_bank(w->x)[i];
        if ((double)walk_price_of_leaving_out(w, v) > w->dear_price && !model_is_hopeless(w->m, v))
            return true;
    }
    return false;
}

void walk_weigh_visits(walk *w)
{
    const rota *x = w->x;
    double cost = (double)walk_cost(w);
    int32_t n_served = w->m->n_visits - x->n_bank;
    for (int32_t i = 0; i < x->n_bank; i++)
        cost -= (double)walk_price_of_leaving_out(w, rota_bank(x)[i]);
    w->dear_price = n_served > 0 ? DEAR_SHARE * cost / n_served : 0;
    w->n_cheap = 0;
    for (int32_t v = 0; v < w->m->n_visits; v++) { /* whom nobody can serve must not keep the others from exchanges */
        bool is_hopeless = model_is_hopeless(w->m, v);
        w->is_cheap[v] = is_hopeless || (double)walk_price_of_leaving_out(w, v) * n_served < CHEAP_SHARE * cost;
        w->n_cheap += w->is_cheap[v] && !is_hopeless;
    }
}

void walk_weigh_bank(walk *w)
{
    double sum = 0;
    int32_t n = 0;
    for (int32_t i = 0; i < w->x->n_bank; i++) {
        int32_t v = rota_bank(w->x)[i];
        n += !w->is_cheap[v];
        sum += w->is_cheap[v] ? 0 : (double)walk_price_of_leaving_out(w, v);
    }
    w->bank_price = w->m->n_visits > SMALL_PLAN && n >= MANY_LEFT * w->m->n_visits ? sum / n : 0;
}

void walk_empty(walk *w)
{
    for (int32_t v = 0; v < w->m->n_visits; v++)
        if (rota_is_served(w->x, v) && !(w->m->is_held && w->m->is_held[v]))
            ruin_take_out(w->x, w->price, v);
    rota_propagate(w->x, false);
}

cr_status walk_settle(walk *w)
{
    int64_t start_cost = 0;
    if (w->x->out_of_memory)
        return CR_E_NOMEM;
    if (!price_all(w->price, w->x, &start_cost))
        return price_is_out_of_memory(w->price) ? CR_E_NOMEM : CR_E_INTERNAL;
    w->start_cost = start_cost;
    rota_commit(w->x);
    price_commit(w->price);
    return CR_OK;
}

void walk_retime(walk *w)
{
    int64_t start_cost;
    if (w->m->timing == TIMING_PRICED && price_all(w->price, w->x, &start_cost)) {
        w->start_cost = start_cost;
        rota_commit(w->x);
        price_commit(w->price);
    }
}

bool walk_is_out_of_memory(const walk *w)
{
    return w->x->out_of_memory || price_is_out_of_memory(w->price);
}

/* What the carers of a visit cost at the least, whatever their rounds; or leaving it out. */
static int64_t least_price_of(const walk *w, int32_t v)
{
    const model *m = w->m;
    const cr_range slots = m->p->visits[v].slots;
    int64_t sum = 0;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++) {
        int64_t cheapest = COST_NEVER;
        for (int32_t k = m->candidates[i].first; k < m->candidates[i].first + m->candidates[i].n; k++) {
            int32_t carer = m->shifts[m->candidate_pool[k]].carer;
            int64_t price = model_slot_price(m, i, carer);
            cheapest = price < cheapest ? price : cheapest;
        }
        sum += cheapest == COST_NEVER ? walk_price_of_leaving_out(w, v) : cheapest;
    }
    return sum < walk_price_of_leaving_out(w, v) ? sum : walk_price_of_leaving_out(w, v);
}

cr_status walk_new(const model *m, uint64_t seed, bool keeps_rounds, walk **ret_walk)
{
    cr_auto(walk) w = calloc(1, sizeof *w);
    if (!w)
        return CR_E_NOMEM;
    size_t n = (size_t)m->n_visits + 1;
    w->m = m;
    w->random = rng_seeded(seed);
    w->eject_chance = EJECT_CHANCE;
    w->raised = calloc(n, sizeof *w->raised);
    w->order = malloc((n + PUSHES_MOST) * sizeof *w->order);
    w->least_price = malloc(n * sizeof *w->least_price);
    w->ruined_in = calloc(n, sizeof *w->ruined_in);
    w->list = malloc(n * sizeof *w->list);
    w->is_cheap = calloc(n, sizeof *w->is_cheap);
    cr_status st =
        w->is_cheap && w->raised && w->order && w->least_price && w->ruined_in && w->list ? CR_OK : CR_E_NOMEM;
    if (st || (st = rota_new(m, &w->x)) || (st = inserter_new(m, &w->in)) || (st = pusher_new(m, &w->pu)) ||
        (st = pricer_new(m, &w->price)) || (st = ruiner_new(m, &w->ru)) || (st = districts_new(m, &w->where)) ||
        (keeps_rounds && (st = pool_new(m, &w->rounds))))
        return st;
    for (int32_t v = 0; v < m->n_visits; v++)
        w->least_price[v] = least_price_of(w, v);
    *ret_walk = walk_take(&w);
    return CR_OK;
}

walk *walk_free(walk *w)
{
    if (w) {
        rota_free(w->x);
        inserter_free(w->in);
        pusher_free(w->pu);
        pricer_free(w->price);
        ruiner_free(w->ru);
        districts_free(w->where);
        pool_free(w->rounds);
        free(w->raised);
        free(w->order);
        free(w->least_price);
        free(w->ruined_in);
        free(w->list);
        free(w->is_cheap);
        free(w);
    }
    return NULL;
}
