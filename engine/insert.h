/* Where an unallocated visit can go, and what that costs: the inner loop of the search. */
#ifndef ENGINE_INSERT_H
#define ENGINE_INSERT_H

#include "price.h"
#include "random.h"
#include "rota.h"

typedef struct inserter inserter;

cr_status inserter_new(const model *m, inserter **ret_inserter);
inserter *inserter_free(inserter *in);
CR_AUTO_DEFINE(inserter)

/* How much insertions heed what shifts lean to (spread.h) from now on: 0 not at all, 1 in full, as at the beginning. */
void inserter_heed_lean(inserter *in, double share);

/* How much cheaper than it is insertions take an empty round to be from now on; 0 at the beginning. */
void inserter_reward_rounds(inserter *in, int64_t premium);

typedef struct insert_how {
    double blink;     /* the probability that a place is overlooked */
    bool is_thorough; /* if there is none in the likely rounds, look in all */
    rng *random;
} insert_how;

/* Put the visit where it costs least now, all its carers or none; a place that costs more than leaving the visit out is
 * mostly overlooked. Takes it from the bank, propagates. False: no place found (the rota is as before). */
bool insert_cheapest(inserter *in, rota *x, pricer *price, int32_t visit, const insert_how *how);

/* Put the visit where it is told: slot i before index k[i] of round shift[i]. Every rule is looked at. False: it does
 * not fit there (the rota is as before). */
bool insert_as_told(inserter *in, rota *x, pricer *price, int32_t visit, const int32_t *shift, const int32_t *k);

/* Put some visits of one carer, chosen at random out of n in the bank, into one round at once and in any order. Where
 * ways are missing, or a shift is dear to open, visits may be possible together that are not one by one. False: they
 * are not. */
bool insert_together(rota *x, pricer *price, const int32_t *visits, int32_t n, rng *random);

/* Do carers and loads hold in the rounds as they are? Time does, where rota_propagate() says so. */
bool carers_hold(const rota *x);
/* The same of the carers of one visit, which is in the rounds. */
bool carers_hold_of(const rota *x, int32_t visit);

/* How much dearer the second best round is than the best, for a visit of one carer. COST_NEVER: only one round (or a
 * team) can take it; CR_NONE: no round can. */
int64_t insert_regret(inserter *in, rota *x, pricer *price, int32_t visit);

/* Move a break of the round to another place that its window allows, chosen at random. Propagates; false: as before. */
bool insert_break_elsewhere(rota *x, int32_t r, rng *random);

#endif
