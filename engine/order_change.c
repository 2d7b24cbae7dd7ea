/* Changing an order of visits: slots out of rounds and into them, pieces of rounds exchanged, visits banked. */
#include "order_internal.h"

#include <stdlib.h>

/* ---- memory ---- */

bool order_knows(const model *m)
{
    return m->timing != TIMING_PRICED && !m->has_earliest_waiting && !m->has_company && !m->has_hours &&
           !m->has_contracts && !m->has_days && !m->has_way_limits && !m->has_crews && !m->has_spread &&
           !m->has_periods && !m->work && m->n_later_dues == 0 && m->n_both_gaps == 0 && m->n_goods == 0 &&
           m->n_placed == m->n_slots && m->p->n_breaks == 0 && !m->is_held && m->n_visits > 0 && m->n_shifts > 0;
}

order *order_free(order *o)
{
    if (o) {
        free(o->nodes);
        free(o->visits);
        free(o->late);
        free(o->bank);
        free(o->work);
        free(o->load);
        free(o->waiting);
        free(o->log);
        free(o);
    }
    return NULL;
}

static void place_nodes(order *o)
{
    const model *m = o->m;
    for (int32_t slot = 0; slot < m->n_slots; slot++) {
        const model_start *s = &m->starts[m->start_of[slot]];
        o->nodes[slot] = (order_node){CR_NONE, CR_NONE, CR_NONE, m->start_of[slot], s->place, s->door, 0, 0};
    }
    for (int32_t r = 0; r < m->n_shifts; r++) {
        int32_t head = order_head(o, r);
        o->nodes[head] = (order_node){head, head, r, m->n_visits + r, m->shifts[r].start_place, 0, 0, 0};
        o->visits[m->n_visits + r] =
            (order_visit){.key = INT64_MAX, .start = m->shifts[r].begin, .bank_at = CR_NONE, .floor = CR_FREE};
        o->counts_load = o->counts_load || m->shifts[r].max_load != INT32_MAX;
    }
}

static void place_visits(order *o)
{
    const model *m = o->m;
    for (int32_t v = 0; v < m->n_visits; v++) {
        const model_start *s = &m->starts[v];
        const cr_range slots = m->p->visits[v].slots;
        o->visits[v] = (order_visit){.key = ((int64_t)s->lo * m->n_visits + v) * 2,
                                     .start = s->lo,
                                     .lo = s->lo,
                                     .hi = s->hi,
                                     .floor = CR_FREE,
                                     .first = slots.first,
                                     .n = slots.n,
                                     .has_links = m->links_in[v].n > 0 || m->links_out[v].n > 0};
        order_list_at(o, v, o->n_bank);
        o->cost += m->p->visits[v].unallocated_price * slots.n;
    }
}

cr_status order_new(const model *m, order **ret_order)
{
    cr_auto(order) o = calloc(1, sizeof *o);
    if (!o)
        return CR_E_NOMEM;
    size_t n_nodes = (size_t)m->n_slots + (size_t)m->n_shifts, n_visits = (size_t)m->n_visits + (size_t)m->n_shifts;
    o->m = m;
    o->steps_most = 4 * m->n_visits + 64;
    o->room_log = (int32_t)(12 * n_nodes + 4 * n_visits) + 4 * o->steps_most;
    o->nodes = calloc(n_nodes + 1, sizeof *o->nodes);
    o->visits = calloc(n_visits + 1, sizeof *o->visits);
    o->late = calloc((size_t)m->n_visits + 1, sizeof *o->late);
    o->bank = calloc((size_t)m->n_visits + 1, sizeof *o->bank);
    o->work = calloc((size_t)m->n_carers + 1, sizeof *o->work);
    o->load = calloc((size_t)m->n_shifts + 1, sizeof *o->load);
    o->waiting = calloc(n_visits + 1, sizeof *o->waiting);
    o->log = malloc((size_t)o->room_log * sizeof *o->log);
    if (!o->nodes || !o->visits || !o->late || !o->bank || !o->work || !o->load || !o->waiting || !o->log)
        return CR_E_NOMEM;
    place_nodes(o);
    place_visits(o);
    *ret_order = order_take(&o);
    return CR_OK;
}

/* ---- rounds ---- */

static void add_work(order *o, int32_t shift, int32_t ticks)
{
    if (!o->m->has_max_work || ticks == 0)
        return;
    int32_t carer = o->m->shifts[shift].carer;
    order_log(o, UNDO_WORK, carer)->was.work = o->work[carer];
    o->work[carer] += ticks;
}

static void add_load(order *o, int32_t shift, int32_t load)
{
    if (!o->counts_load || load == 0)
        return;
    order_log(o, UNDO_LOAD, shift)->was.number = o->load[shift];
    o->load[shift] += load;
}

static order_node *change_node(order *o, int32_t node)
{
    order_log(o, UNDO_NODE, node)->was.node = o->nodes[node];
    return &o->nodes[node];
}

/* Where no road leads; longer than any stop with its leg and door. */
#define NO_WAY CR_NO_WAY

static void set_in(order *o, order_node *node, int32_t in, int64_t cost)
{
    o->n_blocked += (in >= NO_WAY) - (node->in >= NO_WAY);
    o->cost += cost - node->in_cost;
    add_work(o, node->shift, in - node->in);
    node->in = in;
    node->in_cost = cost;
}

/* The way to a node (already logged) from the one that is before it now. */
static void lead(order *o, order_node *node, bool may_fall)
{
    const model *m = o->m;
    const model_shift *shift = &m->shifts[node->shift];
    const order_node *before = &o->nodes[node->prev];
    bool is_home = node->visit >= m->n_visits;
    int32_t from = before->place, to = is_home ? shift->end_place : node->place, in = 0;
    int64_t cost = 0;
    if (before != node) {
        in = node->prev < m->n_slots ? shift->length[node->prev] : 0;
        if (from != CR_NONE && to != CR_NONE) {
            const leg *l = leg_of(m, shift, from, to);
            in += l->time;
            cost = shift->travel_rate * l->time + shift->dist_rate * l->dist_m;
            if (l->time >= CR_NO_WAY) {
                in = NO_WAY;
                cost = 0;
            }
        }
        if (!is_home && from != to && in < NO_WAY)
            in += node->door;
    }
    set_in(o, node, in, cost);
    order_touch(o, node->visit, may_fall);
}

void order_take_slot(order *o, int32_t slot)
{
    order_node *node = change_node(o, slot), *before = change_node(o, node->prev), *after = change_node(o, node->next);
    int32_t shift = node->shift;
    before->next = node->next;
    after->prev = node->prev;
    o->cost -= order_slot_cost(o, slot, shift);
    add_load(o, shift, -o->m->starts[node->visit].load);
    set_in(o, node, 0, 0);
    node->shift = CR_NONE;
    lead(o, after, true);
    if (before == after && before->next == order_head(o, shift))
        o->cost -= o->m->shifts[shift].use_price;
}

void order_put_slot(order *o, int32_t slot, int32_t shift)
{
    order_node *node = change_node(o, slot);
    int32_t head = order_head(o, shift), at = o->nodes[head].prev;
    int64_t key = o->visits[node->visit].key;
    assert(node->shift == CR_NONE);
    while (at != head && order_key_of(o, at) > key)
        at = o->nodes[at].prev;
    order_node *before = change_node(o, at), *after = change_node(o, before->next);
    if (before == after)
        o->cost += o->m->shifts[shift].use_price;
    node->prev = at;
    node->next = before->next;
    node->shift = shift;
    after->prev = slot;
    before->next = slot;
    o->cost += order_slot_cost(o, slot, shift);
    add_load(o, shift, o->m->starts[node->visit].load);
    lead(o, node, true);
    lead(o, after, false);
}

void order_set_key(order *o, int32_t visit, int64_t key)
{
    order_log(o, UNDO_VISIT, visit)->was.visit = o->visits[visit];
    o->visits[visit].key = key;
    if (o->visits[visit].is_waiting)
        order_touch_again(o, visit);
}

/* ---- pieces of rounds ---- */

/* What a round holds from one key to another. */
typedef struct piece {
    int32_t shift, before, after; /* the nodes around it */
    bool is_empty;
} piece;

static piece find_piece(const order *o, int32_t shift, int64_t from, int64_t to)
{
    int32_t head = order_head(o, shift);
    piece p = {shift, head, head, true};
    while (o->nodes[p.before].next != head && order_key_of(o, o->nodes[p.before].next) < from)
        p.before = o->nodes[p.before].next;
    p.after = o->nodes[p.before].next;
    while (p.after != head && order_key_of(o, p.after) <= to) {
        p.after = o->nodes[p.after].next;
        p.is_empty = false;
    }
    return p;
}

static bool may_move(const order *o, const piece *p, int32_t shift)
{
    for (int32_t node = o->nodes[p->before].next; node != p->after; node = o->nodes[node].next)
        if (order_slot_cost(o, node, shift) == COST_NEVER)
            return false;
    return true;
}

/* Out of its round, and every slot of it into the other; links at its ends still as they were. Returns first and last.
 */
static void lift_piece(order *o, const piece *p, int32_t shift)
{
    for (int32_t slot = o->nodes[p->before].next; slot != p->after; slot = o->nodes[slot].next) {
        order_node *node = change_node(o, slot);
        o->cost += order_slot_cost(o, slot, shift) - order_slot_cost(o, slot, p->shift);
        add_load(o, p->shift, -o->m->starts[node->visit].load);
        add_load(o, shift, o->m->starts[node->visit].load);
        set_in(o, node, 0, 0);
        node->shift = shift;
    }
}

static void join(order *o, int32_t before, int32_t after)
{
    change_node(o, before)->next = after;
    change_node(o, after)->prev = before;
}

static void lead_from(order *o, int32_t before, int32_t after)
{
    int32_t node = before;
    do {
        node = o->nodes[node].next;
        lead(o, &o->nodes[node], true);
    } while (node != after);
}

static int64_t use_prices(const order *o, int32_t r, int32_t s)
{
    int32_t a = order_head(o, r), b = order_head(o, s);
    return (o->nodes[a].next != a ? o->m->shifts[r].use_price : 0) +
           (o->nodes[b].next != b ? o->m->shifts[s].use_price : 0);
}

bool order_exchange(order *o, int32_t shift, int32_t other, int64_t from, int64_t to)
{
    assert(shift != other);
    piece a = find_piece(o, shift, from, to), b = find_piece(o, other, from, to);
    if ((a.is_empty && b.is_empty) || !may_move(o, &a, other) || !may_move(o, &b, shift))
        return false;
    int32_t a_first = o->nodes[a.before].next, a_last = o->nodes[a.after].prev;
    int32_t b_first = o->nodes[b.before].next, b_last = o->nodes[b.after].prev;
    o->cost -= use_prices(o, shift, other);
    lift_piece(o, &a, other);
    lift_piece(o, &b, shift);
    if (b.is_empty) {
        join(o, a.before, a.after);
    } else {
        join(o, a.before, b_first);
        join(o, b_last, a.after);
    }
    if (a.is_empty) {
        join(o, b.before, b.after);
    } else {
        join(o, b.before, a_first);
        join(o, a_last, b.after);
    }
    o->cost += use_prices(o, shift, other);
    lead_from(o, a.before, a.after);
    lead_from(o, b.before, b.after);
    return true;
}

/* ---- the bank ---- */

void order_list_at(order *o, int32_t visit, int32_t at)
{
    if (at < o->n_bank) {
        o->bank[o->n_bank] = o->bank[at];
        o->visits[o->bank[at]].bank_at = o->n_bank;
    }
    o->bank[at] = visit;
    o->visits[visit].bank_at = at;
    o->n_bank++;
}

void order_unlist(order *o, int32_t visit)
{
    int32_t at = o->visits[visit].bank_at, last = o->bank[--o->n_bank];
    o->bank[at] = last;
    o->visits[last].bank_at = at;
    o->visits[visit].bank_at = CR_NONE;
}

/* Those tied to it by a gap, which now binds or no longer does. */
static void touch_partners(order *o, int32_t visit)
{
    const cr_range ranges[2] = {o->m->links_in[visit], o->m->links_out[visit]};
    for (int k = 0; k < 2; k++)
        for (int32_t i = 0; i < ranges[k].n; i++) {
            int32_t other = o->m->link_pool[ranges[k].first + i].other;
            if (order_is_served(o, other))
                order_touch(o, other, true);
        }
}

void order_to_bank(order *o, int32_t visit)
{
    order_log(o, UNDO_TO_BANK, visit);
    order_list_at(o, visit, o->n_bank);
    o->cost += o->m->p->visits[visit].unallocated_price * o->visits[visit].n;
    o->start_cost -= order_price_of_start(o, visit, o->visits[visit].start);
    order_note_late(o, visit, 0);
    touch_partners(o, visit);
}

void order_from_bank(order *o, int32_t visit)
{
    const order_visit *v = &o->visits[visit];
    order_log(o, UNDO_FROM_BANK, visit)->was.number = v->bank_at;
    order_unlist(o, visit);
    o->cost -= o->m->p->visits[visit].unallocated_price * v->n;
    o->start_cost += order_price_of_start(o, visit, v->start);
    order_note_late(o, visit, order_lateness_at(o, visit, v->start));
    order_touch(o, visit, true);
    touch_partners(o, visit);
}

/* ---- rules on persons ---- */

static bool are_different_people(const order *o, int32_t visit)
{
    const order_visit *v = &o->visits[visit];
    for (int32_t a = v->first; a < v->first + v->n; a++)
        for (int32_t b = a + 1; b < v->first + v->n; b++)
            if (o->m->shifts[o->nodes[a].shift].carer == o->m->shifts[o->nodes[b].shift].carer)
                return false;
    return true;
}

static bool have_one_in_common(const order *o, int32_t visit, int32_t other)
{
    const order_visit *v = &o->visits[visit], *w = &o->visits[other];
    for (int32_t a = v->first; a < v->first + v->n; a++)
        for (int32_t b = w->first; b < w->first + w->n; b++)
            if (o->m->shifts[o->nodes[a].shift].carer == o->m->shifts[o->nodes[b].shift].carer)
                return true;
    return false;
}

/* Are all carers of the two visits (which may be one) of one provider? */
static bool have_one_provider(const order *o, int32_t visit, int32_t other)
{
    const order_visit *v = &o->visits[visit], *w = &o->visits[other];
    const cr_carer *carers = o->m->p->carers;
    for (int32_t a = v->first; a < v->first + v->n; a++)
        for (int32_t b = w->first; b < w->first + w->n; b++)
            if (carers[o->m->shifts[o->nodes[a].shift].carer].provider !=
                carers[o->m->shifts[o->nodes[b].shift].carer].provider)
                return false;
    return true;
}

/* A least gap is decoded from the left: its first visit must have the smaller key. */
static bool keys_agree(const order *o, int32_t visit)
{
    const cr_range in = o->m->links_in[visit], out = o->m->links_out[visit];
    int64_t key = o->visits[visit].key;
    for (int32_t i = 0; i < in.n; i++) {
        const model_link *link = &o->m->link_pool[in.first + i];
        if (!link->is_most && order_is_served(o, link->other) && o->visits[link->other].key > key)
            return false;
    }
    for (int32_t i = 0; i < out.n; i++) {
        const model_link *link = &o->m->link_pool[out.first + i];
        if (!link->is_most && order_is_served(o, link->other) && o->visits[link->other].key < key)
            return false;
    }
    return true;
}

bool order_visit_holds(const order *o, int32_t visit)
{
    const model *m = o->m;
    const cr_range gaps = m->gaps_of[visit];
    if ((o->visits[visit].n > 1 && !are_different_people(o, visit)) ||
        (m->starts[visit].same_provider && !have_one_provider(o, visit, visit)))
        return false;
    for (int32_t i = 0; i < gaps.n; i++) {
        const cr_gap *gap = &m->p->gaps[m->gap_pool[gaps.first + i]];
        int32_t other = gap->first == visit ? gap->second : gap->first;
        if (gap->carers != CR_GAP_ANY && order_is_served(o, other) &&
            have_one_in_common(o, visit, other) != (gap->carers == CR_GAP_SAME))
            return false;
        if (gap->same_provider && order_is_served(o, other) && !have_one_provider(o, visit, other))
            return false;
    }
    return keys_agree(o, visit);
}
