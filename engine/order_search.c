/* Simulated annealing over one order of all visits: the second kind of trajectory. */
#include "order_search.h"

#include "order_moves.h"

#include <math.h>
#include <stdlib.h>

#define HOT            16.0 /* first temperature, in typical legs: with less, a round that is late all day keeps its order */
#define COLD           0.3  /* last temperature, likewise */
#define MOVES          64   /* of one iteration */
#define RENUMBER_EVERY 4096 /* kept moves */
#define NEAR           80   /* neighbours of a visit that moves look at */
#define VISITS_LEAST   8    /* of a problem that suits; smaller ones are tried out anyway */
#define VISITS_MOST    450
#define COUPLED_LEAST  0.1 /* of the visits */

struct order_search {
    order *o;
    order_moves moves;
    rng random;
    double scale; /* the cost of a typical leg */
    int64_t n_kept;
    order_memory best;
    int64_t best_cost;
};

bool order_search_suits(const model *m)
{
    int32_t n_coupled = 0;
    for (int32_t v = 0; v < m->n_visits; v++)
        n_coupled += m->starts[v].coupled;
    return m->timing == TIMING_EARLIEST && order_knows(m) && m->n_visits >= VISITS_LEAST &&
           m->n_visits <= VISITS_MOST && n_coupled >= m->n_visits * COUPLED_LEAST;
}

order_search *order_search_free(order_search *s)
{
    if (s) {
        order_free(s->o);
        order_memory_done(&s->best);
        free(s);
    }
    return NULL;
}

cr_status order_search_new(const model *m, uint64_t seed, order_search **ret_search)
{
    cr_auto(order_search) s = calloc(1, sizeof *s);
    if (!s)
        return CR_E_NOMEM;
    s->random = rng_seeded(seed);
    s->scale = m->mean_leg_cost;
    cr_status st = order_new(m, &s->o);
    if (!st)
        st = order_memory_init(&s->best, m);
    if (st)
        return st;
    s->moves = (order_moves){.o = s->o, .random = &s->random, .n_near = m->n_near < NEAR ? m->n_near : NEAR};
    *ret_search = order_search_take(&s);
    return CR_OK;
}

static void keep_best(order_search *s)
{
    s->best_cost = order_cost(s->o);
    order_remember(s->o, &s->best);
}

cr_status order_search_begin(order_search *s, const cr_plan *start)
{
    cr_status st = order_load(s->o, start);
    if (!st)
        st = order_renumber(s->o);
    if (!st)
        keep_best(s);
    return st;
}

/* True if the move is kept. */
static bool try_move(order_search *s, double temperature)
{
    order *o = s->o;
    int64_t limit = order_cost(o) + (int64_t)ceil(-temperature * log(1.0 - rng_unit(&s->random)));
    if (order_move(&s->moves) && order_cost_at_least(o) < limit && order_settle(o, limit)) {
        order_commit(o);
        return true;
    }
    order_undo_move(o);
    return false;
}

cr_status order_search_step(order_search *s, double share)
{
    double temperature = s->scale * HOT * pow(COLD / HOT, share);
    for (int32_t i = 0; i < MOVES; i++) {
        if (!try_move(s, temperature))
            continue;
        s->n_kept++;
        if (order_cost(s->o) < s->best_cost)
            keep_best(s);
        if (s->n_kept % RENUMBER_EVERY == 0 || s->moves.is_crowded) {
            s->moves.is_crowded = false;
            cr_status st = order_renumber(s->o);
            if (st)
                return st;
        }
    }
    return CR_OK;
}

int64_t order_search_best_cost(const order_search *s)
{
    return s->best_cost;
}

int64_t order_search_cost_now(const order_search *s)
{
    return order_cost(s->o);
}

cr_status order_search_best(const order_search *s, cr_plan **ret_plan)
{
    return order_memory_to_plan(&s->best, s->o->m, ret_plan);
}

cr_status order_search_plan_now(const order_search *s, cr_plan **ret_plan)
{
    order_memory now;
    cr_status st = order_memory_init(&now, s->o->m);
    if (!st) {
        order_remember(s->o, &now);
        st = order_memory_to_plan(&now, s->o->m, ret_plan);
    }
    order_memory_done(&now);
    return st;
}
