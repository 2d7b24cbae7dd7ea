/* One plan under change: the rota, its prices and the tools that change it, an iteration of ruin and recreate at a
 * time. What is done with it, and how long, is trajectory.c's. */
#ifndef ENGINE_WALK_H
#define ENGINE_WALK_H

#include "insert.h"
#include "keyed.h"
#include "pool.h"
#include "push_out.h"
#include "ruin.h"

typedef struct walk {
    const model *m;
    rota *x;
    inserter *in;
    pusher *pu;
    pricer *price;
    ruiner *ru;
    districts *where;
    pool *rounds; /* rounds met, for choosing among them; NULL: they are not kept */
    rng random;
    int64_t start_cost; /* of all starts of the rota now */
    int64_t n_iterations;
    double eject_chance;     /* that room is made for an unallocated visit, if there is one */
    double round_premium;    /* what a round more is worth while plans are compared, in temperatures; 0: nothing */
    double bank_price;       /* mean of a visit left out; 0 unless many are that are not cheap */
    double bank_temperature; /* of changes that leave out what is worth more than before; 0: as of all */
    double doubt;            /* by so much what starts are thought to cost may be too much; 0: nothing is thought */
    bool is_raised;          /* visits left out weigh more than their prices, */
    int64_t *raised;         /* each so much */
    int32_t *order;          /* visits to insert */
    int64_t *least_price;    /* of each visit: what its carers cost at the least, or leaving it out */
    int64_t *ruined_in;      /* of each visit: the iteration that last took it out */
    keyed *list;
    bool *is_cheap; /* visits that cost so little to leave out that it may be better, */
    int32_t n_cheap;
    double dear_price; /* and the price of those that are to be served at nearly any price */
} walk;

/* An empty rota, everything unallocated. The model is borrowed. CR_E_NOMEM. */
cr_status walk_new(const model *m, uint64_t seed, bool keeps_rounds, walk **ret_walk);
walk *walk_free(walk *w);
CR_AUTO_DEFINE(walk)

int64_t walk_cost(const walk *w);
/* Find out which visits are cheap to leave out, as the rota now is. */
void walk_weigh_visits(walk *w);
/* Find out what a visit left out costs, if many are that are not cheap. */
void walk_weigh_bank(walk *w);
/* Are all visits that are left out cheap? */
bool walk_bank_is_cheap(const walk *w);
/* Is one of them dear, and somebody could get there? */
bool walk_bank_has_dear(const walk *w);
int64_t walk_price_of_leaving_out(const walk *w, int32_t visit);

/* Everything into the bank; not yet settled. */
void walk_empty(walk *w);

/* Time and price the rounds as they are, once something else than an iteration has changed them. CR_E_NOMEM;
 * CR_E_INTERNAL: no starts hold. */
cr_status walk_settle(walk *w);

/* Take a few visits out and put them in again. True if the changed plan is kept: it costs less, or not too much more at
 * this temperature (cost units). */
bool walk_iterate(walk *w, double temperature, bool keeps_rounds);

/* Time the whole plan exactly, where starts are priced. */
void walk_retime(walk *w);

bool walk_is_out_of_memory(const walk *w);

#endif
