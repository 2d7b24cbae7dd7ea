/* Suggest, the quick look: the best places of every shift for one visit, ranked. */
#ifndef ENGINE_SUGGEST_PLACES_H
#define ENGINE_SUGGEST_PLACES_H

#include "careround/suggest.h"

typedef struct place {
    int32_t slot, shift, at;                                /* before this stop of the round as it is */
    int32_t n_unfit;                                        /* rules on persons that are broken */
    int32_t n_given_up, given_up[CR_SUGGEST_GIVEN_UP_EACH]; /* slots of time held back that leave the round */
    int64_t past, cost;                                     /* ticks past ends, against the round as it is */
} place;

typedef struct places {
    place *items; /* of all slots, each slot's sorted: its first at first[slot] */
    int32_t n, first[CR_SUGGEST_CARERS_MOST + 1];
} places;

/* round_of, by shift, is its round in the plan without the visit, CR_NONE: none. Of each shift that is not over there
 * is the best place in its round as it is, and, where she suits and her round has time held back, the best with some of
 * it given up. CR_E_NOMEM; the caller frees ret_places->items. */
cr_status suggest_places(const cr_problem *p, int32_t visit, const cr_plan *without, const int32_t *round_of,
                         places *ret_places);

/* What places and teams are ranked by; less is better. */
int64_t place_worth(int32_t n_unfit, int64_t past, int64_t cost);

#endif
