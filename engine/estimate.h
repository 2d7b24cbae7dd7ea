/* What the starts of one round cost at least, where those that others share come along or stay. */
#ifndef ENGINE_ESTIMATE_H
#define ENGINE_ESTIMATE_H

#include "rota.h"

#define HINGES_MOST 512 /* of one estimate; a longer round is estimated without the rest */
#define SPAN_HINGES 16  /* of what is remembered of a span; with more, the round is estimated anew each time */

/* price x max(0, at - y): the falling part of a convex cost. */
typedef struct hinge {
    int64_t price;
    int32_t at;
} hinge;

/* A slot put before index k of a round, if it starts at e at the soonest and l at the latest. */
typedef struct trial {
    int32_t slot, shift, k, e, l;
} trial;

/* The least cost of the round's starts; with slot t->slot before index t->k if t is given. scratch: HINGES_MOST hinges.
 */
int64_t estimate_round(hinge *scratch, const rota *x, int32_t r, const trial *t);

/* All that a span is made of, beside the stop at its end: how that one stands, and the span next to it, whose stamp
 * stands for all that one was made of. */
typedef struct span_key {
    int32_t ready, latest, now, place;
    int64_t neighbour; /* its stamp; without one less than 0, by shift */
} span_key;

/* What the first stops of a round cost, by the start of the last of them; or what the last stops cost, by the start of
 * the first of them. */
typedef struct span_cost {
    int64_t stamp; /* another each time it is worked out; 0: it is not known */
    span_key key;
    int64_t cost, floor; /* of the flat end; the first possible start */
    int64_t moved; /* distances before the stop, from the begin of the shift on; of from[] only the differences count */
    int32_t n;
    hinge hinges[SPAN_HINGES];
} span_cost;

/* What is remembered of all rounds, by number of stop: to[] up to it, from[] from it on. Begins zeroed. */
typedef struct spans {
    span_cost *to, *from;
    int64_t n_stamps;
} spans;

/* Bring to[] up to date at each stop of the round: what has not changed since it was worked out last is not worked out
 * again. False: too many hinges. *ret_cost: estimate_round(NULL). */
bool estimate_spans_to(hinge *scratch, const rota *x, int32_t r, spans *all, int64_t *ret_cost);

/* The same for from[], where to[] is up to date. */
bool estimate_spans_from(hinge *scratch, const rota *x, int32_t r, spans *all);

/* estimate_round(t) by joining the spans before and behind the slot: its price does not grow with the round. from[] is
 * not asked for a slot that comes last. */
int64_t estimate_joined(hinge *scratch, const rota *x, const trial *t, const spans *all);

typedef struct footstep {
    int32_t distance; /* from the start of the stop before (from the begin of the shift for the first) */
    int32_t place;
} footstep;

static inline footstep step_to(const model *m, const model_shift *shift, int32_t place, int32_t length_before,
                               int32_t stop)
{
    if (is_placeless(m, stop))
        return (footstep){length_before, place};
    const model_start *start = &m->starts[m->start_of[stop]];
    int32_t on_road = place == CR_NONE ? 0 : leg_of(m, shift, place, start->place)->time;
    return (footstep){length_before + on_road + (place == start->place ? 0 : start->door), start->place};
}

static inline int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

#endif
