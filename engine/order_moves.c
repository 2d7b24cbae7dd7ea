/* The moves of order_search.c: one random change of an order of visits at a time. */
#include "order_moves.h"

#include "order_internal.h"

#define BANK_CHANCE    0.2 /* that an unallocated visit is put in, if there is one */
#define REPLACE_CHANCE 0.3 /* that it takes the place of another then */
#define OTHER_CHANCE   0.3 /* that another carer of a moved team changes too */
#define TAIL_CHANCE    0.4 /* that an exchange goes on to the end of the rounds */
#define PIECE_MOST     4   /* stops of a shorter exchange */
#define SHIFT_MOST     3   /* places that a visit moves within its round */
#define BLOCK_MOST     3   /* stops moved together */

/* ---- choosing ---- */

static int32_t slot_of(order_moves *s, int32_t visit)
{
    const order_visit *v = &s->o->visits[visit];
    return v->n == 1 ? v->first : v->first + rng_below(s->random, v->n);
}

/* A served visit near this one, the nearer the likelier; CR_NONE: none. */
static int32_t near_visit_of(order_moves *s, int32_t visit)
{
    const model *m = s->o->m;
    if (s->n_near == 0)
        return CR_NONE;
    int32_t k = rng_below(s->random, rng_below(s->random, s->n_near) + 1);
    int32_t w = m->near[(size_t)visit * (size_t)m->n_near + (size_t)k];
    return w != CR_NONE && order_is_served(s->o, w) ? w : CR_NONE;
}

/* A key between two neighbours of a round; at its ends as far out as the next stop usually is. */
static bool key_between(order_moves *s, int32_t before, int32_t after, int64_t *ret_key)
{
    const order *o = s->o;
    int32_t n_slots = o->m->n_slots;
    int64_t span = ORDER_KEY_STEP * (o->m->n_shifts + 1);
    int64_t lo = before < n_slots ? order_key_of(o, before) : order_key_of(o, after) - span;
    int64_t hi = after < n_slots ? order_key_of(o, after) : lo + span;
    if (hi - lo < 2) {
        s->is_crowded = s->is_crowded || hi >= lo;
        return false;
    }
    *ret_key = lo + 1 + (int64_t)(rng_next(s->random) % (uint64_t)(hi - lo - 1));
    return true;
}

static bool key_beside(order_moves *s, int32_t node, int64_t *ret_key)
{
    const order_node *n = &s->o->nodes[node];
    return rng_next(s->random) & UINT64_C(0x8000) ? key_between(s, node, n->next, ret_key)
                                                  : key_between(s, n->prev, node, ret_key);
}

static int32_t random_shift_for(order_moves *s, int32_t slot)
{
    const cr_range shifts = s->o->m->candidates[slot];
    return shifts.n ? s->o->m->candidate_pool[shifts.first + rng_below(s->random, shifts.n)] : CR_NONE;
}

/* ---- changing ---- */

static bool stays(const order *o, int32_t slot, int32_t shift, int64_t key)
{
    const order_node *node = &o->nodes[slot];
    int32_t n_slots = o->m->n_slots;
    return node->shift == shift && (node->prev >= n_slots || order_key_of(o, node->prev) < key) &&
           (node->next >= n_slots || order_key_of(o, node->next) > key);
}

/* Give a visit this key and its slots these shifts. */
static void set_visit(order *o, int32_t visit, int64_t key, const int32_t *shifts)
{
    const order_visit *v = &o->visits[visit];
    bool stay[CR_SLOTS_MOST];
    for (int32_t i = 0; i < v->n; i++) {
        stay[i] = stays(o, v->first + i, shifts[i], key);
        if (!stay[i] && o->nodes[v->first + i].shift != CR_NONE)
            order_take_slot(o, v->first + i);
    }
    if (v->bank_at != CR_NONE)
        order_from_bank(o, visit);
    if (v->key != key)
        order_set_key(o, visit, key);
    for (int32_t i = 0; i < v->n; i++)
        if (!stay[i])
            order_put_slot(o, v->first + i, shifts[i]);
}

static void shifts_of(const order *o, int32_t visit, int32_t *shifts)
{
    const order_visit *v = &o->visits[visit];
    for (int32_t i = 0; i < v->n; i++)
        shifts[i] = o->nodes[v->first + i].shift;
}

/* Let slot `slot` of the visit have the shift; if another of its slots has it, they exchange. */
static bool assign(order *o, int32_t visit, int32_t slot, int32_t shift, int32_t *shifts)
{
    const order_visit *v = &o->visits[visit];
    int32_t k = slot - v->first;
    if (order_slot_cost(o, slot, shift) == COST_NEVER)
        return false;
    for (int32_t i = 0; i < v->n; i++)
        if (i != k && shifts[i] == shift) {
            if (shifts[k] == CR_NONE || order_slot_cost(o, v->first + i, shifts[k]) == COST_NEVER)
                return false;
            shifts[i] = shifts[k];
        }
    shifts[k] = shift;
    return true;
}

static bool assign_others(order_moves *s, int32_t visit, int32_t slot, int32_t beside, int32_t *shifts)
{
    order *o = s->o;
    const order_visit *v = &o->visits[visit], *w = &o->visits[beside];
    for (int32_t i = 0; i < v->n; i++) {
        if (v->first + i == slot || (shifts[i] != CR_NONE && !rng_chance(s->random, OTHER_CHANCE)))
            continue;
        int32_t shift = w->n > 1 && rng_next(s->random) & 0x100 ? o->nodes[slot_of(s, beside)].shift
                                                                : random_shift_for(s, v->first + i);
        if (shift == CR_NONE || shift == shifts[slot - v->first] ||
            order_slot_cost(o, v->first + i, shift) == COST_NEVER) {
            if (shifts[i] == CR_NONE)
                return false;
            continue;
        }
        shifts[i] = shift;
    }
    return true;
}

/* Where a least gap now has its keys the wrong way round, or the same carer is asked for, the partner follows. */
static bool bring_partners(order_moves *s, int32_t visit)
{
    order *o = s->o;
    const model *m = o->m;
    const cr_range gaps = m->gaps_of[visit];
    for (int32_t i = 0; i < gaps.n; i++) {
        const cr_gap *gap = &m->p->gaps[m->gap_pool[gaps.first + i]];
        bool is_first = gap->first == visit;
        int32_t other = is_first ? gap->second : gap->first, shifts[CR_SLOTS_MOST];
        if (!order_is_served(o, other) || order_visit_holds(o, other))
            continue;
        int64_t key = o->visits[other].key, mine = o->visits[visit].key;
        if (is_first ? key < mine : key > mine) {
            int64_t step = 1 + (int64_t)(rng_next(s->random) % (uint64_t)(ORDER_KEY_STEP * 4));
            key = is_first ? mine + step : mine - step;
        }
        shifts_of(o, other, shifts);
        if (gap->carers == CR_GAP_SAME)
            assign(o, other, slot_of(s, other), o->nodes[slot_of(s, visit)].shift, shifts);
        set_visit(o, other, key, shifts);
        if (!order_visit_holds(o, other))
            return false;
    }
    return true;
}

static bool end_visit(order_moves *s, int32_t visit)
{
    return order_visit_holds(s->o, visit) || (bring_partners(s, visit) && order_visit_holds(s->o, visit));
}

/* ---- the moves ---- */

/* A visit goes beside another, to a carer of that one. */
static bool relocate(order_moves *s, int32_t visit)
{
    order *o = s->o;
    int32_t w = near_visit_of(s, visit), shifts[CR_SLOTS_MOST];
    int64_t key;
    if (w == CR_NONE)
        return false;
    int32_t beside = slot_of(s, w), slot = slot_of(s, visit);
    shifts_of(o, visit, shifts);
    if (!assign(o, visit, slot, o->nodes[beside].shift, shifts) || !key_beside(s, beside, &key) ||
        (o->visits[visit].n > 1 && !assign_others(s, visit, slot, w, shifts)))
        return false;
    set_visit(o, visit, key, shifts);
    return end_visit(s, visit);
}

/* A slot goes to another shift, at the same time of day; or two slots exchange their shifts. */
static bool reassign(order_moves *s, int32_t visit)
{
    order *o = s->o;
    int32_t slot = slot_of(s, visit), shift = random_shift_for(s, slot), shifts[CR_SLOTS_MOST];
    shifts_of(o, visit, shifts);
    if (shift == CR_NONE || shift == shifts[slot - o->visits[visit].first] || !assign(o, visit, slot, shift, shifts))
        return false;
    set_visit(o, visit, o->visits[visit].key, shifts);
    return end_visit(s, visit);
}

static bool exchange_carers(order_moves *s, int32_t visit)
{
    order *o = s->o;
    int32_t w = near_visit_of(s, visit), mine[CR_SLOTS_MOST], theirs[CR_SLOTS_MOST];
    if (w == CR_NONE)
        return false;
    int32_t a = slot_of(s, visit), b = slot_of(s, w), shift = o->nodes[a].shift, other = o->nodes[b].shift;
    shifts_of(o, visit, mine);
    shifts_of(o, w, theirs);
    if (shift == other || !assign(o, visit, a, other, mine) || !assign(o, w, b, shift, theirs))
        return false;
    set_visit(o, visit, o->visits[visit].key, mine);
    set_visit(o, w, o->visits[w].key, theirs);
    return order_visit_holds(o, visit) && order_visit_holds(o, w);
}

/* Two visits exchange everything. */
static bool exchange_visits(order_moves *s, int32_t visit)
{
    order *o = s->o;
    int32_t w = near_visit_of(s, visit), mine[CR_SLOTS_MOST], theirs[CR_SLOTS_MOST];
    if (w == CR_NONE || o->visits[w].n != o->visits[visit].n)
        return false;
    shifts_of(o, visit, mine);
    shifts_of(o, w, theirs);
    for (int32_t i = 0; i < o->visits[w].n; i++)
        if (order_slot_cost(o, o->visits[visit].first + i, theirs[i]) == COST_NEVER ||
            order_slot_cost(o, o->visits[w].first + i, mine[i]) == COST_NEVER)
            return false;
    int64_t key = o->visits[visit].key, other_key = o->visits[w].key;
    for (int32_t i = 0; i < o->visits[w].n; i++) {
        order_take_slot(o, o->visits[visit].first + i);
        order_take_slot(o, o->visits[w].first + i);
    }
    set_visit(o, visit, other_key, theirs);
    set_visit(o, w, key, mine);
    return end_visit(s, visit) && end_visit(s, w);
}

/* A visit goes some places forward or back in one of its rounds; its carers stay. */
static bool shift_visit(order_moves *s, int32_t visit)
{
    order *o = s->o;
    int32_t slot = slot_of(s, visit), n = 1 + rng_below(s->random, SHIFT_MOST), at = slot, shifts[CR_SLOTS_MOST];
    bool forward = rng_next(s->random) & 0x100;
    int64_t key;
    for (int32_t i = 0; i < n; i++) {
        int32_t next = forward ? o->nodes[at].next : o->nodes[at].prev;
        if (next >= o->m->n_slots)
            break;
        at = next;
    }
    /* At the end of its round it still moves against the rounds of others. */
    if (!(forward ? key_between(s, at, o->nodes[at].next, &key) : key_between(s, o->nodes[at].prev, at, &key)))
        return false;
    shifts_of(o, visit, shifts);
    set_visit(o, visit, key, shifts);
    return end_visit(s, visit);
}

/* Two rounds exchange what they hold from a visit on, to their ends ("2-opt*" in the literature) or for some stops
 * ("CROSS-exchange"). */
static bool exchange_pieces(order_moves *s, int32_t visit)
{
    order *o = s->o;
    int32_t w = near_visit_of(s, visit);
    if (w == CR_NONE)
        return false;
    int32_t slot = slot_of(s, visit), at = slot_of(s, w), shift = o->nodes[slot].shift, other = o->nodes[at].shift;
    if (shift == other)
        return false;
    int64_t from = order_key_of(o, slot), to = INT64_MAX - 1;
    if (rng_next(s->random) & 0x100)
        from++; /* it stays, what follows goes */
    if (!rng_chance(s->random, TAIL_CHANCE)) {
        int32_t n = rng_below(s->random, PIECE_MOST), last = slot;
        for (int32_t i = 0; i < n && o->nodes[last].next < o->m->n_slots; i++)
            last = o->nodes[last].next;
        to = order_key_of(o, last);
        if (rng_next(s->random) & 0x100 && order_key_of(o, at) > to)
            to = order_key_of(o, at);
    }
    if (!order_exchange(o, shift, other, from, to))
        return false;
    for (int32_t i = 0; i < o->n_log; i++) {
        if (o->log[i].kind != UNDO_NODE || o->log[i].at >= o->m->n_slots)
            continue;
        int32_t moved = o->nodes[o->log[i].at].visit;
        if ((o->visits[moved].n > 1 || o->m->gaps_of[moved].n > 0) && !order_visit_holds(o, moved))
            return false;
    }
    return true;
}

/* Some stops of a round that follow each other go beside a visit of another round. */
static bool relocate_block(order_moves *s, int32_t visit)
{
    order *o = s->o;
    int32_t w = near_visit_of(s, visit), block[BLOCK_MOST], n = 0;
    if (w == CR_NONE)
        return false;
    int32_t slot = slot_of(s, visit), beside = slot_of(s, w), shift = o->nodes[beside].shift;
    if (shift == o->nodes[slot].shift)
        return false;
    int32_t most = 2 + rng_below(s->random, BLOCK_MOST - 1);
    for (int32_t at = slot; at < o->m->n_slots && n < most; at = o->nodes[at].next) {
        if (o->nodes[at].visit == w || order_slot_cost(o, at, shift) == COST_NEVER)
            return false;
        block[n++] = at;
    }
    int32_t after = o->nodes[beside].next;
    for (int32_t i = 0; i < n; i++) {
        int32_t moved = o->nodes[block[i]].visit, shifts[CR_SLOTS_MOST];
        int64_t key;
        shifts_of(o, moved, shifts);
        if (!assign(o, moved, block[i], shift, shifts) || !key_between(s, beside, after, &key))
            return false;
        set_visit(o, moved, key, shifts);
        beside = block[i];
    }
    for (int32_t i = 0; i < n; i++)
        if (!end_visit(s, o->nodes[block[i]].visit))
            return false;
    return true;
}

/* ---- the bank ---- */

static void bank(order *o, int32_t visit)
{
    for (int32_t i = 0; i < o->visits[visit].n; i++)
        order_take_slot(o, o->visits[visit].first + i);
    order_to_bank(o, visit);
}

/* An unallocated visit takes the place of one that is served. */
static bool replace(order_moves *s, int32_t visit)
{
    order *o = s->o;
    int32_t w = near_visit_of(s, visit), shifts[CR_SLOTS_MOST];
    if (w == CR_NONE)
        return false;
    int32_t n = o->visits[visit].n;
    for (int32_t i = 0; i < n; i++) {
        shifts[i] = i < o->visits[w].n ? o->nodes[o->visits[w].first + i].shift
                                       : random_shift_for(s, o->visits[visit].first + i);
        if (shifts[i] == CR_NONE || order_slot_cost(o, o->visits[visit].first + i, shifts[i]) == COST_NEVER)
            return false;
    }
    int64_t key = o->visits[w].key, other_key = o->visits[visit].key; /* no two visits have the same */
    bank(o, w);
    order_set_key(o, w, other_key);
    set_visit(o, visit, key, shifts);
    return end_visit(s, visit);
}

/* An unallocated visit goes to random carers, where in the day its window is. */
static bool begin_anywhere(order_moves *s, int32_t visit)
{
    order *o = s->o;
    const order_visit *v = &o->visits[visit];
    int32_t shifts[CR_SLOTS_MOST];
    for (int32_t i = 0; i < v->n; i++) {
        shifts[i] = random_shift_for(s, v->first + i);
        if (shifts[i] == CR_NONE)
            return false;
    }
    int32_t head = order_head(o, shifts[0]), at = head;
    while (o->nodes[at].next != head && o->visits[o->nodes[o->nodes[at].next].visit].start < v->lo)
        at = o->nodes[at].next;
    int64_t key = v->key;
    if (o->nodes[head].next != head && !key_between(s, at, o->nodes[at].next, &key))
        return false;
    set_visit(o, visit, key, shifts);
    return end_visit(s, visit);
}

static bool move_bank(order_moves *s)
{
    int32_t visit = s->o->bank[rng_below(s->random, s->o->n_bank)];
    double u = rng_unit(s->random);
    return u < REPLACE_CHANCE ? replace(s, visit) : u < 0.7 ? relocate(s, visit) : begin_anywhere(s, visit);
}

static bool drop(order_moves *s, int32_t visit)
{
    bank(s->o, visit);
    return true;
}

/* ---- one of them ---- */

#define N_MOVES 8
static const struct {
    double chance;
    bool (*make)(order_moves *s, int32_t visit);
} moves[N_MOVES] = {
    {0.43, relocate},    {0.10, reassign},        {0.10, exchange_carers}, {0.10, exchange_visits},
    {0.10, shift_visit}, {0.08, exchange_pieces}, {0.088, relocate_block}, {0.002, drop},
};

bool order_move(order_moves *s)
{
    order *o = s->o;
    order_begin(o);
    if (o->n_bank > 0 && (o->n_bank == o->m->n_visits || rng_chance(s->random, BANK_CHANCE)))
        return move_bank(s);
    int32_t visit = rng_below(s->random, o->m->n_visits);
    if (!order_is_served(o, visit))
        return false;
    double u = rng_unit(s->random);
    int32_t k = 0;
    while (k + 1 < N_MOVES && u >= moves[k].chance)
        u -= moves[k++].chance;
    return moves[k].make(s, visit);
}
