/* Fewer rounds, where using one more shift costs more than all travel. */
#include "fewer_rounds.h"

#include "begin_from.h"

#include <stdlib.h>
#include <string.h>

#define RAISE_SHARE  0.05 /* of its price that a visit weighs more after each iteration out */
#define EJECT_CHANCE 0.6

struct round_saver {
    walk *w;
    bool *was_closed;    /* shifts */
    int32_t n_left_out;  /* visits that were unallocated before */
    double usual_chance; /* of the walk's ejections */
    cr_plan *before;     /* NULL: nothing is under way */
};

int64_t fewer_rounds_weight(const walk *w)
{
    const rota *x = w->x;
    int64_t sum = 0, least = INT64_MAX, rest = walk_cost(w);
    for (int32_t i = 0; i < x->n_bank; i++)
        rest -= walk_price_of_leaving_out(w, rota_bank(x)[i]);
    for (int32_t r = 0; r < w->m->n_shifts; r++) {
        int64_t price = w->m->shifts[r].use_price;
        if (rota_n_visits_in(x, r) == 0)
            continue;
        sum += price;
        least = price < least ? price : least;
    }
    return least > rest - sum && sum > 0 ? sum : 0;
}

cr_status round_saver_new(walk *w, round_saver **ret_saver)
{
    cr_auto(round_saver) rs = calloc(1, sizeof *rs);
    if (!rs || !(rs->was_closed = calloc((size_t)w->m->n_shifts + 1, sizeof *rs->was_closed)))
        return CR_E_NOMEM;
    rs->w = w;
    *ret_saver = round_saver_take(&rs);
    return CR_OK;
}

round_saver *round_saver_free(round_saver *rs)
{
    if (rs) {
        cr_plan_free(rs->before);
        free(rs->was_closed);
        free(rs);
    }
    return NULL;
}

/* Could the other rounds carry what this one does? Necessary only. */
static bool loads_allow(const rota *x, int32_t saved)
{
    int64_t left = 0;
    for (int32_t r = 0; r < x->m->n_shifts; r++)
        if (r != saved && rota_n_visits_in(x, r) > 0)
            left += (int64_t)x->m->shifts[r].max_load - rota_load(x, r);
    return left >= rota_load(x, saved);
}

/* A random round with visits, none of which must stay; CR_NONE: none was found. */
static int32_t choose_round(const rota *x, rng *random)
{
    for (int32_t tries = 0; tries < x->m->n_shifts; tries++) {
        int32_t r = rng_below(random, x->m->n_shifts);
        if (rota_n_visits_in(x, r) > 0 && x->m->shifts[r].n_held == 0 && x->m->shifts[r].use_price > 0 &&
            loads_allow(x, r))
            return r;
    }
    return CR_NONE;
}

static void take_apart(walk *w, int32_t r)
{
    const model *m = w->m;
    for (int32_t k = rota_n(w->x, r) - 1; k >= 0; k = k < rota_n(w->x, r) ? k - 1 : rota_n(w->x, r) - 1) {
        int32_t stop = rota_stops(w->x, r)[k].stop;
        if (!is_break(m, stop))
            ruin_take_out(w->x, w->price, m->start_of[stop]);
    }
}

/* Only the rounds that are left may be used. */
static void close_empty(round_saver *rs)
{
    rota *x = rs->w->x;
    for (int32_t r = 0; r < x->m->n_shifts; r++) {
        rs->was_closed[r] = x->closed[r];
        x->closed[r] = x->closed[r] || rota_n_visits_in(x, r) == 0;
    }
}

static void be_usual(round_saver *rs)
{
    walk *w = rs->w;
    memcpy(w->x->closed, rs->was_closed, (size_t)w->m->n_shifts * sizeof *rs->was_closed);
    memset(w->raised, 0, (size_t)w->m->n_visits * sizeof *w->raised);
    w->is_raised = false;
    w->eject_chance = rs->usual_chance;
}

cr_status round_saver_begin(round_saver *rs, bool *ret_begun)
{
    walk *w = rs->w;
    int32_t r = choose_round(w->x, &w->random);
    *ret_begun = false;
    if (r == CR_NONE)
        return CR_OK;
    cr_status st = rota_to_plan(w->x, &rs->before);
    if (st)
        return st;
    rs->n_left_out = w->x->n_bank;
    rs->usual_chance = w->eject_chance;
    take_apart(w, r);
    close_empty(rs);
    w->eject_chance = EJECT_CHANCE;
    w->is_raised = true;
    if (!rota_propagate(w->x, false)) /* a way that is longer without a stop on it */
        return round_saver_end(rs);
    *ret_begun = true;
    return walk_settle(w);
}

bool round_saver_step(round_saver *rs)
{
    walk *w = rs->w;
    if (w->x->n_bank <= rs->n_left_out) {
        be_usual(rs);
        rs->before = cr_plan_free(rs->before);
        return true;
    }
    for (int32_t i = 0; i < w->x->n_bank; i++) {
        int32_t v = rota_bank(w->x)[i];
        w->raised[v] += (int64_t)(RAISE_SHARE * (double)walk_price_of_leaving_out(w, v));
    }
    return false;
}

cr_status round_saver_end(round_saver *rs)
{
    walk *w = rs->w;
    if (!rs->before)
        return CR_OK;
    be_usual(rs);
    walk_empty(w);
    cr_status st = begin_from(w->x, w->in, w->price, rs->before);
    rs->before = cr_plan_free(rs->before);
    return st ? st : walk_settle(w);
}
