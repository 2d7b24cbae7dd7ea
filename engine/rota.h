/* The plan that the search works on: rounds, earliest and latest starts, and an undo log.
 *
 * Starts form a simple temporal network: edges along rounds, carers of a visit merged into one start, gaps as edges
 * between visits. Earliest and latest starts are its longest paths; both are kept exact after every change, by
 * worklists over the rounds. A round is copied aside before its first change and copied back by undoing; all other
 * numbers live in one pool of int32_t, so that undoing them is unwinding a log of (place, old value).
 */
#ifndef ENGINE_ROTA_H
#define ENGINE_ROTA_H

#include "careround/plan.h"
#include "model.h"

#define TIME_MIN (-(INT32_MAX / 2))
#define TIME_MAX (INT32_MAX / 2)

/* One stop of a round, with what pricing a neighbour needs: two to a cache line. Before the first stand the start place
 * and the begin of the shift, behind the last its end, so that a place between two stops is like any other. */
typedef struct stop_state {
    int32_t stop;   /* CR_NONE: the begin or end of the shift */
    int32_t start;  /* of the stop */
    int32_t place;  /* where the carer is after it; CR_NONE: not anywhere yet (break before the first visit of an
                       open start) */
    int32_t ready;  /* earliest she can leave it */
    int32_t latest; /* latest it can start */
    int32_t leg_time, leg_dist; /* the way here, at the earliest starts; nothing for a break, nor to the end of an empty
                                   round */
    int32_t door;               /* paid here */
} stop_state;

typedef struct round_state {
    size_t first; /* of its stops in the states; one more stands before, and one behind the last */
    int32_t cap, n, n_visits, load;
    int32_t empty_place; /* in the list of empty rounds; CR_NONE: it has a visit */
    int32_t saved;       /* its newest copy among those set aside; CR_NONE: it has not been touched */
    int64_t version;     /* no two different states of it have the same */
} round_state;

/* A round as it was before it was touched. */
typedef struct saved_round {
    int32_t r, saved;
    int32_t n, n_visits, load;
    int64_t version;
    size_t first; /* of its stops among those set aside */
} saved_round;

typedef struct undo_entry {
    uint32_t at;
    int32_t old;
} undo_entry;

typedef struct worklist {
    int32_t *queue;   /* rounds waiting, */
    int32_t *lo, *hi; /* each with the range of stops that have to be looked at again; lo is CR_NONE: not waiting */
    int32_t head, n, size;
} worklist;

typedef struct rota {
    const model *m;
    int32_t *pool;
    size_t used;
    /* Offsets into the pool. */
    size_t at_earliest, at_latest, at_arrive, at_leave, at_round, at_work, at_day_work, at_round_work, at_start,
        at_provider_care, at_provider_slots, at_bank, at_bank_place;
    undo_entry *log;
    size_t n_log, room_log;
    round_state *rounds;
    int32_t *empty; /* rounds without a visit, in no order */
    int32_t n_empty;
    stop_state *states;
    size_t n_states, room_states;
    struct goods_state *goods; /* of each stop, as goods.h has them; NULL where room has no limit */
    int64_t *goods_version;    /* of each round, for which they were worked out */
    size_t room_goods;
    saved_round *saves;
    size_t n_saves, room_saves;
    stop_state *aside;
    size_t n_aside, room_aside;
    int32_t saves_wanted; /* copies before this one are too old for the newest mark */
    int64_t n_versions;
    worklist forward, backward;
    int32_t n_bank;      /* unallocated visits */
    int32_t n_in_rounds; /* slots */
    int64_t cost;        /* all terms that do not depend on starts, unallocated included */
    int32_t guard;       /* a start that must not be raised again (it would close a cycle), CR_NONE: none */
    bool rising;         /* starts only get tighter: passing a latest start is then the end */
    bool ignore_most;    /* leave out largest gaps for the moment */
    int32_t *most_seen;  /* visits with a largest gap that were met meanwhile */
    int32_t n_most_seen;
    bool *most_marked;
    bool *closed; /* shifts whose breaks cannot be taken at all */
    bool *full;   /* rounds that met their room; given more at the next commit */
    int32_t *full_rounds;
    int32_t n_full;
    bool out_of_memory;
} rota;

typedef struct rota_mark {
    size_t n_log, n_saves;
    int32_t n_bank, n_in_rounds;
    int64_t cost;
} rota_mark;

/* Every visit unallocated, every round empty but for its breaks. */
cr_status rota_new(const model *m, rota **ret_rota);
rota *rota_free(rota *x);
CR_AUTO_DEFINE(rota)

/* Of visits that are coupled or priced; for others the round has them (rota_earliest_at(), `latest`). */
static inline int32_t *rota_earliest(const rota *x)
{
    return x->pool + x->at_earliest;
}
static inline int32_t *rota_latest(const rota *x)
{
    return x->pool + x->at_latest;
}
/* The start that each visit has at present; kept by price_exact.c. */
static inline int32_t *rota_start(const rota *x)
{
    return x->pool + x->at_start;
}
static inline int32_t rota_round_of(const rota *x, int32_t slot)
{
    return x->pool[x->at_round + (size_t)slot];
}
/* Also while it is being put in. */
static inline bool rota_is_in_rounds(const rota *x, int32_t visit)
{
    return rota_round_of(x, x->m->p->visits[visit].slots.first) != CR_NONE;
}
static inline int32_t rota_n(const rota *x, int32_t r)
{
    return x->rounds[r].n;
}
static inline stop_state *rota_stops(const rota *x, int32_t r)
{
    return x->states + x->rounds[r].first;
}
/* Of stop k of round r. */
static inline int32_t rota_earliest_at(const rota *x, int32_t r, int32_t k)
{
    const stop_state *at = rota_stops(x, r) + k;
    return at->ready - x->m->shifts[r].length[at->stop];
}
/* A number of the round's state as it is, never 0 and never that of another state. */
static inline int64_t rota_version(const rota *x, int32_t r)
{
    return x->rounds[r].version + 1;
}
static inline int32_t rota_load(const rota *x, int32_t r)
{
    return x->rounds[r].load;
}
/* Care, legs and door time of all rounds of a carer. */
static inline int32_t rota_work(const rota *x, int32_t carer)
{
    return x->pool[x->at_work + (size_t)carer];
}
/* The same over the rounds of its carer on its day; kept where the problem has limits by the day. */
static inline int32_t rota_day_work(const rota *x, int32_t r)
{
    return x->pool[x->at_day_work + (size_t)x->m->shifts[r].day_first];
}
/* Of one round, care that may be slept through included; kept only where idle time has a price. */
static inline int32_t rota_round_work(const rota *x, int32_t r)
{
    return x->pool[x->at_round_work + (size_t)r];
}
static inline int32_t rota_n_visits_in(const rota *x, int32_t r)
{
    return x->rounds[r].n_visits;
}
static inline const int32_t *rota_bank(const rota *x)
{
    return x->pool + x->at_bank;
}
static inline int32_t rota_bank_place(const rota *x, int32_t visit)
{
    return x->pool[x->at_bank_place + (size_t)visit];
}
static inline bool rota_is_served(const rota *x, int32_t visit)
{
    return rota_bank_place(x, visit) == CR_NONE;
}

/* Rounds with a visit. */
static inline int32_t rota_n_used(const rota *x)
{
    return x->m->n_shifts - x->n_empty;
}

/* Slots of a round with a visit, on average. */
static inline double rota_mean_round(const rota *x)
{
    int32_t n_used = rota_n_used(x);
    return n_used ? (double)x->n_in_rounds / n_used : 1;
}

/* Log and change one number of the pool. */
void rota_put(rota *x, int32_t *at, int32_t value);

/* From here on, until it is undone or another is set: what changes can be taken back to here. */
static inline rota_mark rota_now(rota *x)
{
    x->saves_wanted = (int32_t)x->n_saves;
    return (rota_mark){x->n_log, x->n_saves, x->n_bank, x->n_in_rounds, x->cost};
}

void rota_save_round(rota *x, int32_t r);

/* Before a round is changed. */
static inline void rota_touch(rota *x, int32_t r)
{
    if (x->rounds[r].saved < x->saves_wanted)
        rota_save_round(x, r);
    x->rounds[r].version = ++x->n_versions;
}

void rota_undo(rota *x, rota_mark mark);
/* Forget how to undo, and give room to rounds that need it. */
void rota_commit(rota *x);

/* Does every round have the stops that it had at the last commit, in their order? */
bool rota_is_as_before(const rota *x);

/* Is there room for one more stop? If not, there will be after the next commit. */
bool rota_has_room(rota *x, int32_t r);
bool rota_has_room_for(rota *x, int32_t r, int32_t n);

int32_t rota_place_of(const rota *x, int32_t r, int32_t stop); /* its index in the round */

/* When she is back at the end place, by the starts that the rota has; of a round with a visit. */
int32_t rota_arrives(const rota *x, int32_t r);

/* The latest she may be ready to leave `place` for stop k of the round (or for its end). */
int32_t rota_must_leave(const rota *x, int32_t r, int32_t k, int32_t place);

/* What putting a stop of a visit at this place before index k of the round adds: to cost (no starts, no slot price),
 * and to work. */
typedef struct detour {
    int64_t cost;
    int32_t work;
} detour;
detour rota_detour(const rota *x, int32_t r, int32_t k, int32_t place, int32_t door);

/* Where the carer of round r would be for the stop, put in before index k: breaks, and time held back, are spent where
 * she is. */
static inline int32_t rota_place_for(const rota *x, int32_t r, int32_t k, int32_t stop)
{
    return is_placeless(x->m, stop) ? rota_stops(x, r)[k - 1].place : x->m->starts[x->m->start_of[stop]].place;
}

/* The way to stop k of the round (or to its end) is another, as starts have moved: in cost and work too. */
void rota_change_way(rota *x, int32_t r, int32_t k, leg way);

/* Put a stop before index k of a round that has room. The caller takes the visit from the bank when all its slots are
 * in. Starts are not yet propagated. */
void rota_insert(rota *x, int32_t stop, int32_t r, int32_t k);
void rota_remove_stop(rota *x, int32_t stop, int32_t r, int32_t k);

/* A slot just put in can start from e to l as its own round has it: known before the rounds of its partners are walked.
 */
void rota_expect(rota *x, int32_t slot, int32_t e, int32_t l);

/* A visit whose slots were just put in starts at e at the soonest, as the caller worked out; its partners feel it. */
void rota_announce(rota *x, int32_t visit, int32_t e);

/* All slots of a visit out, the visit to the bank. Not yet propagated. */
void rota_remove_visit(rota *x, int32_t visit);
void rota_from_bank(rota *x, int32_t visit);

/* Bring earliest and latest up to date. False: no starts satisfy the rules; the caller undoes.
 * after_insert: starts only got tighter. Otherwise stops were removed too, and they may get looser. */
bool rota_propagate(rota *x, bool after_insert);

/* Changes that were undone before they were propagated need no second look. Always false. */
bool rota_forget_waiting(rota *x);

/* The rounds as a plan, at their earliest starts; not yet costed. */
cr_status rota_to_plan(const rota *x, cr_plan **ret_plan);

#endif
