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

/* How to time rounds whose orders leave no starts that satisfy the rules: ends of windows, of breaks and of shifts, and
 * gaps, may be broken at a price a tick; ways, beginnings and "together" may not. */
typedef struct starts_slack {
    int64_t price;            /* of a tick past an end, or short of a gap or over it */
    int32_t latest;           /* no start is later than this */
    const cr_window *windows; /* those of the problem, the last of each visit closing at `latest` */
    int32_t n_strays;         /* stops from n_slots + n_breaks on stand for ... */
    const int32_t *strays;    /* ... these, and have a start of their own, tied to nobody else's */
} starts_slack;

typedef struct starts {
    timing *net;
    int32_t n;           /* starts that there is room for */
    int32_t *node;       /* of each start; CR_NONE: not in the network */
    bool *has_round;     /* of each shift; all false between calls */
    int64_t idle_beside; /* in: the longest idle time of shifts outside the rounds, where that has a price; < 0: they
                            are empty (as it is from the beginning) */
    int32_t *at; /* in: where a start outside the rounds is held fast, or CR_FREE. Out: starts of the rounds given */
    const starts_slack *slack; /* NULL: every rule is kept */
    /* Where travel depends on the time of day only (otherwise NULL): ways take what they take at these starts. */
    int32_t *when;   /* in, of each start of the rounds */
    bool stays_near; /* nobody may leave at a time when a way takes longer than that */
} starts;

/* n_strays: room for so many starts more, where the slack will have strays. */
cr_status starts_init(starts *s, const cr_problem *p, int32_t n_strays);
void starts_done(starts *s);

/* The cheapest starts of these rounds, into s->at. Visits that also stand in other rounds, or are tied by a gap to
 * visits elsewhere, are held where s->at says; CR_FREE there: the visit is not served elsewhere. gaps: those to obey
 * (indices). CR_E_INPUT: there are none. */
cr_status starts_solve(starts *s, const cr_problem *p, const round_view *rounds, int32_t n_rounds, const int32_t *gaps,
                       int32_t n_gaps);

/* The same, but where travel depends on the time of day the ways are those of the starts found (starts_find.c says
 * how); then no start of the rounds may be held, and these starts are not always the cheapest. given: starts to try
 * too; NULL. */
cr_status starts_find(starts *s, const cr_problem *p, const round_view *rounds, int32_t n_rounds, const int32_t *gaps,
                      int32_t n_gaps, const int32_t *given);

/* Walking a round, stop by stop. */
typedef struct starts_walk {
    const cr_problem *p;
    const starts_slack *slack;
    const cr_shift *shift;
    const int32_t *when; /* as starts.when; NULL */
    int32_t place;       /* where she is; CR_NONE before the first stop of an open start */
    int32_t from;        /* where she was before */
    int32_t leave;       /* when she is done, and goes home; CR_FREE: as late as can be. Only where `when` is given */
    int32_t stay;        /* so long she stands by before she leaves for another stop */
    int32_t left;        /* when she left for the stop just reached */
} starts_walk;

starts_walk starts_walk_begin(const cr_problem *p, const starts_slack *slack, int32_t shift, const int32_t *when);

/* Leg and door time to the next stop. */
int32_t starts_walk_to(starts_walk *w, int32_t stop);
int32_t starts_walk_home(const starts_walk *w);

/* Of a stop when the carer of the walk has it. */
int32_t starts_length(const starts_walk *w, int32_t stop);

/* How long she stands by after it before she can go on to another. */
int32_t starts_stay(const starts_walk *w, int32_t stop);

/* The slot or break that a stop is, strays included. */
int32_t starts_plain(const cr_problem *p, const starts_slack *slack, int32_t stop);

/* The first departure and last return that go with the starts: out as late, back as early as can be.
 * slack: as they were found with; NULL. */
void round_ends(const cr_problem *p, const starts_slack *slack, const round_view *round, const int32_t *at,
                int32_t *ret_depart, int32_t *ret_arrive);

#endif
