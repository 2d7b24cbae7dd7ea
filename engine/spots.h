/* Places for one slot, and what they cost. */
#ifndef ENGINE_SPOTS_H
#define ENGINE_SPOTS_H

#include "price.h"
#include "random.h"
#include "rota.h"
#include "shared.h"
#include "spread.h"

/* Before index k of a round, for starts from e to l. */
typedef struct spot {
    int32_t slot, shift, k, e, l;
    int64_t price;
} spot;

typedef struct request {
    const rota *x;
    pricer *price;
    rng *random;
    double blink; /* probability that a place is overlooked */
    int32_t slot, visit;
    const model_start *start;
    int32_t lo, hi; /* of the start, gaps to served visits included */
} request;

/* What coming to the slot's place between two stops adds, and the times these leave for it. */
typedef struct way_between {
    detour d;
    int32_t ready, leave; /* the soonest the visit can start as the stops before have it, and the latest it can end */
} way_between;

/* Scratch of one search for places. */
typedef struct spotter {
    const model *m;
    int32_t *twins_tried; /* of each shift that is the first of its kind: empty rounds tried for this slot */
    int32_t *twins_touched;
    int32_t n_touched;
    bool *is_listed; /* rounds to be looked at for this slot */
    int32_t *rounds; /* the same, nearest first */
    int32_t n_rounds, turn;
    int32_t until_blink; /* places to look at before the next is overlooked */
    double blink;        /* the probability for which it was drawn */
    company company;     /* at the client of the visit in question */
    double heed_lean;    /* from 0 to 1 */
    int64_t premium;     /* that an empty round is cheaper to come to than it is */
    spread_lean *lean;   /* of each shift: see spread.h; NULL where nothing asks for it */
} spotter;

cr_status spotter_init(spotter *sp, const model *m);
void spotter_done(spotter *sp);

void spots_draw_blink(spotter *sp, double blink, rng *random);
request spots_ask(spotter *sp, const rota *x, pricer *price, int32_t slot, double blink, rng *random);

/* The rounds to look at: `everywhere` all that could take the slot, otherwise only likely ones where they are many.
 * spotter.rounds has them until the next call. */
void spots_list_rounds(spotter *sp, const request *q, bool everywhere);
/* Are there many? */
bool spots_are_many(const spotter *sp, int32_t slot);

/* The cheapest places of a listed round that cost less than `limit`, among the n of the list so far, at most `most`,
 * sorted. Returns how many the list now has. */
int32_t spots_in_round(spotter *sp, const request *q, int32_t r, spot *spots, int32_t n, int32_t most, int64_t limit);
/* Put one among the n of the list, of which the `most` cheapest stay, sorted. Returns how many it now has. */
int32_t spots_keep(spot *spots, int32_t n, int32_t most, const spot *found);
/* After all rounds of one list. */
void spots_forget_twins(spotter *sp);

/* May the visit use this round at all now? Counts empty rounds that are alike, and of those lets one for each slot
 * through. */
bool spots_round_is_open(spotter *sp, const request *q, int32_t r);
/* May this carer come, as the visits tied by a gap have theirs? */
bool spots_allow_carer(const rota *x, int32_t visit, int32_t carer);

/* Is there as much travel and distance left in the round as a start then, before index k, adds? Asked only of
 * shifts with such a limit. */
bool spots_ways_fit(const request *q, int32_t r, int32_t k, int32_t e);

/* What a visit there may add to its carer's work. */
int64_t spots_work_left(const rota *x, int32_t r);

/* Index k of round r, breaks and doors as they may be. */
way_between spots_way(const request *q, int32_t r, int32_t k);
/* The starts that are possible there, if any. */
bool spots_start_range(const request *q, const way_between *way, int32_t length, int32_t *ret_e, int32_t *ret_l);

#endif
