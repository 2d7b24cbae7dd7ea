/* A plan as one order of all visits: the second way to search, for days that are dense in double-ups and gaps.
 *
 * Every visit has a key, and every round holds its slots by ascending key. So whatever move is made, no visit waits in
 * a circle for itself: visits are decoded from left to right, each at the earliest start that its rounds, its windows
 * and its gaps allow. A move changes keys and shifts; only the starts that come out different are decoded again, in the
 * order of the keys, until they agree with the old ones. A largest gap works backwards: its first visit is delayed, and
 * what follows that one is decoded again. (The representation of Ceschia, Di Gaspero, Rosati and Schaerf 2024,
 * "Multi-neighborhood simulated annealing for the home health care routing and scheduling problem", International
 * Transactions in Operational Research; local decoding, and largest gaps between visits far apart, are ours.)
 *
 * A "node" is a slot, or n_slots + a shift: the head and the tail of its round, which is a ring. A "visit" beyond
 * n_visits is that of a shift: it starts when the shift begins.
 */
#ifndef ENGINE_ORDER_H
#define ENGINE_ORDER_H

#include "careround/plan.h"
#include "model.h"

#define ORDER_KEY_STEP ((int64_t)1 << 40) /* between neighbours after order_renumber() */

typedef struct order_node {
    int32_t next, prev;
    int32_t shift; /* CR_NONE: in no round */
    int32_t visit;
    int32_t place, door; /* of a shift: where it starts */
    int32_t in;          /* ticks from the start of the stop before it to its own: care, leg, door */
    int64_t in_cost;     /* of the leg to it */
} order_node;

typedef struct order_visit {
    int64_t key;
    int32_t start;
    int32_t lo, hi;
    int32_t floor;       /* no earlier, because of a largest gap; CR_FREE: none */
    uint32_t floor_move; /* that set it; another than the present one: it may be stale */
    int32_t first, n;    /* its slots */
    int32_t bank_at;     /* place in the bank; CR_NONE: served */
    bool has_links, is_waiting;
    bool may_fall;     /* waiting because something fell away; otherwise its start can only rise */
    uint8_t n_relaxed; /* how often its floor was taken back in this move */
} order_visit;

typedef struct order_waiting {
    int64_t key;
    int32_t visit;
} order_waiting;

/* What a record was before the move. */
typedef struct order_undo {
    enum order_undo_kind { UNDO_NODE, UNDO_START, UNDO_VISIT, UNDO_WORK, UNDO_LOAD, UNDO_TO_BANK, UNDO_FROM_BANK } kind;
    int32_t at;
    union {
        order_node node;
        order_visit visit;
        int64_t work;
        int32_t number;
    } was;
} order_undo;

typedef struct order {
    const model *m;
    order_node *nodes;
    order_visit *visits;
    int32_t *late; /* ticks after due of each visit, 0 of unallocated ones */
    int32_t *bank;
    int32_t n_bank;
    int64_t *work; /* of each carer: care, legs, door time; only where somebody has a limit */
    int32_t *load; /* of each shift; only where one has a limit */
    bool counts_load;
    int64_t cost;           /* legs, slots, used shifts, unallocated visits */
    int64_t start_cost;     /* lateness and late preferred times */
    int32_t worst;          /* largest lateness */
    order_waiting *waiting; /* visits to decode, largest key first */
    int32_t n_waiting, n_may_fall;
    int32_t n_steps, steps_most; /* visits that may still be decoded in this move, and at its start */
    order_undo *log;
    int32_t n_log, room_log;
    int64_t was_cost, was_start_cost; /* before the move */
    int32_t was_worst;
    uint32_t move;
    int32_t n_blocked; /* stops to which no road leads from the one before; 0 between moves */
    bool worst_is_stale;
} order;

/* Does this way of searching know every rule and price of the problem? A new rule that is not in the model's slot
 * costs, legs or links has to be asked for here. */
bool order_knows(const model *m);

/* Every visit unallocated, keys by the first allowed start. CR_E_NOMEM. */
cr_status order_new(const model *m, order **ret_order);
order *order_free(order *o);
CR_AUTO_DEFINE(order)

static inline bool order_is_served(const order *o, int32_t visit)
{
    return o->visits[visit].bank_at == CR_NONE;
}

static inline int32_t order_head(const order *o, int32_t shift)
{
    return o->m->n_slots + shift;
}

static inline int64_t order_key_of(const order *o, int32_t node)
{
    return o->visits[o->nodes[node].visit].key;
}

static inline int64_t order_cost(const order *o)
{
    return o->cost + o->start_cost + o->m->p->prices.worst_lateness * o->worst;
}

/* ---- a move: begin, change, settle; then commit or undo ---- */

void order_begin(order *o);

/* Take a slot out of its round, or put it into one by its visit's key. A visit is changed whole before order_settle().
 */
void order_take_slot(order *o, int32_t slot);
void order_put_slot(order *o, int32_t slot, int32_t shift);
void order_set_key(order *o, int32_t visit, int64_t key); /* while none of its slots is in a round */
void order_to_bank(order *o, int32_t visit);              /* while none of its slots is in a round */
void order_from_bank(order *o, int32_t visit);

/* Exchange what two rounds hold from one key to another, both included; keys stay. False, and nothing is changed: a
 * carer may not come, or there is nothing to exchange. */
bool order_exchange(order *o, int32_t shift, int32_t other, int64_t from, int64_t to);

static inline int64_t order_slot_cost(const order *o, int32_t slot, int32_t shift)
{
    return model_slot_price(o->m, slot, o->m->shifts[shift].carer);
}

/* Do the rules on persons and the order of keys hold for the visit as it now is? */
bool order_visit_holds(const order *o, int32_t visit);

/* The least that the plan can cost after this move, starts not yet decoded. */
int64_t order_cost_at_least(const order *o);

/* Decode what has changed. False: some rule of time or of work cannot hold, or the plan will cost `limit` or more. */
bool order_settle(order *o, int64_t limit);

void order_commit(order *o);
void order_undo_move(order *o);

/* ---- the whole ---- */

/* Spread the keys evenly, in the same order. Between moves. CR_E_NOMEM. */
cr_status order_renumber(order *o);

/* Empty rounds, then those of a plan, as far as they hold; keys by its starts. CR_E_NOMEM. */
cr_status order_load(order *o, const cr_plan *plan);

/* A plan as it was found, quick to take down. */
typedef struct order_memory {
    struct order_memory_slot {
        int64_t key;
        int32_t shift, start, slot;
    } * slots; /* one for each; shift CR_NONE: unallocated */
} order_memory;

/* CR_E_NOMEM. done is welcome after a failed init. */
cr_status order_memory_init(order_memory *memory, const model *m);
void order_memory_done(order_memory *memory);
void order_remember(const order *o, order_memory *memory);

/* At the starts decoded; not yet costed. CR_E_NOMEM. */
cr_status order_memory_to_plan(const order_memory *memory, const model *m, cr_plan **ret_plan);

#endif
