/* From rounds to their cheapest starts: builds the network of timing.c out of the rules of docs/model.md section 2. */
#ifndef ENGINE_STARTS_H
#define ENGINE_STARTS_H

#include "careround/plan.h"
#include "timing.h"

/* A stop is a slot, or n_slots + a break. */
typedef struct round_view {
    int32_t shift, n;
    const int32_t *stops;
} round_view;

/* A start belongs to a visit, or to n_visits + a break; all carers of a visit share it. */
static inline int32_t start_of_stop(const cr_problem *p, int32_t stop)
{
    return stop < p->n_slots ? p->slots[stop].visit : p->n_visits + (stop - p->n_slots);
}

typedef struct starts {
    timing *net;
    int32_t *node; /* of each start; CR_NONE: not in the network */
    int32_t *at;   /* in: where a start outside the rounds is held fast, or CR_FREE. Out: starts of the rounds given */
} starts;

cr_status starts_init(starts *s, const cr_problem *p);
void starts_done(starts *s);

/* The cheapest starts of these rounds, into s->at. Visits that also stand in other rounds, or are tied by a gap to
 * visits elsewhere, are held where s->at says; CR_FREE there: the visit is not served elsewhere. gaps: those to obey
 * (indices). CR_E_INPUT: there are none. */
cr_status starts_solve(starts *s, const cr_problem *p, const round_view *rounds, int32_t n_rounds, const int32_t *gaps,
                       int32_t n_gaps);

/* The first departure and last return that go with the starts: out as late, back as early as can be. */
void round_ends(const cr_problem *p, const round_view *round, const int32_t *at, int32_t *ret_depart,
                int32_t *ret_arrive);

#endif
