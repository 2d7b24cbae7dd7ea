/* Decoding an order of visits to starts: only what a move has changed, and undoing it.
 *
 * The inner loop of order_search.c, millions of times a second: nothing allocates. Starts settle at the least solution
 * of their difference constraints: raised from the left by rounds, windows and least gaps, and from the right by floors
 * of largest gaps. A floor from before the move is taken back when either end of its gap is decoded again, for what it
 * rested on may have gone.
 */
#include "order_internal.h"

#include <assert.h>

#define RELAXED_MOST 4 /* times that a floor is taken back in one move before the move is given up */

static void wait_for(order *o, int32_t visit, int64_t key)
{
    int32_t k = o->n_waiting++;
    for (; k > 0 && o->waiting[k - 1].key < key; k--)
        o->waiting[k] = o->waiting[k - 1];
    o->waiting[k] = (order_waiting){key, visit};
}

void order_touch(order *o, int32_t visit, bool may_fall)
{
    order_visit *v = &o->visits[visit];
    if (!v->is_waiting) {
        v->is_waiting = true;
        v->may_fall = may_fall;
        o->n_may_fall += may_fall;
        wait_for(o, visit, v->key);
    } else if (may_fall && !v->may_fall) {
        v->may_fall = true;
        o->n_may_fall++;
    }
}

void order_touch_again(order *o, int32_t visit)
{
    int32_t n = 0;
    for (int32_t k = 0; k < o->n_waiting; k++)
        if (o->waiting[k].visit != visit)
            o->waiting[n++] = o->waiting[k];
    o->n_waiting = n;
    wait_for(o, visit, o->visits[visit].key);
}

/* ---- what a start costs ---- */

int64_t order_price_of_start(const order *o, int32_t visit, int32_t start)
{
    const model_start *s = &o->m->starts[visit];
    int64_t price = 0;
    if (s->lateness && start > s->due)
        price += s->lateness * ((int64_t)start - s->due);
    if (s->late && start > s->prefer_close)
        price += s->late * ((int64_t)start - s->prefer_close);
    return price;
}

int32_t order_lateness_at(const order *o, int32_t visit, int32_t start)
{
    const model_start *s = &o->m->starts[visit];
    return s->due != CR_FREE && start > s->due ? start - s->due : 0;
}

void order_note_late(order *o, int32_t visit, int32_t late)
{
    int32_t was = o->late[visit];
    if (was == late)
        return;
    o->late[visit] = late;
    if (late >= o->worst) {
        o->worst = late;
        o->worst_is_stale = false;
    } else if (was >= o->worst) {
        o->worst_is_stale = true;
    }
}

static void set_start(order *o, int32_t visit, int32_t start)
{
    order_visit *v = &o->visits[visit];
    order_log(o, UNDO_START, visit)->was.number = v->start;
    o->start_cost += order_price_of_start(o, visit, start) - order_price_of_start(o, visit, v->start);
    v->start = start;
    order_note_late(o, visit, order_lateness_at(o, visit, start));
}

static void find_worst(order *o)
{
    int32_t worst = 0;
    for (int32_t v = 0; v < o->m->n_visits; v++)
        worst = o->late[v] > worst ? o->late[v] : worst;
    o->worst = worst;
    o->worst_is_stale = false;
}

/* ---- largest gaps ---- */

static void touch_seconds(order *o, int32_t visit)
{
    const cr_range in = o->m->links_in[visit];
    for (int32_t i = 0; i < in.n; i++) {
        const model_link *link = &o->m->link_pool[in.first + i];
        if (link->is_most && order_is_served(o, link->other))
            order_touch(o, link->other, true);
    }
}

static void drop_floor(order *o, int32_t visit)
{
    order_visit *v = &o->visits[visit];
    order_log(o, UNDO_VISIT, visit)->was.visit = *v;
    v->floor = CR_FREE;
    v->floor_move = o->move;
}

/* The visit starts at `start` now: those that must not be too long before it are delayed, or no more so. */
static bool pull_firsts(order *o, int32_t visit, int32_t start)
{
    const cr_range out = o->m->links_out[visit];
    for (int32_t i = 0; i < out.n; i++) {
        const model_link *link = &o->m->link_pool[out.first + i];
        if (!link->is_most || !order_is_served(o, link->other))
            continue;
        order_visit *first = &o->visits[link->other];
        int32_t need = start + link->distance;
        if (first->floor != CR_FREE && (first->floor_move != o->move || first->floor > need)) {
            uint8_t n_relaxed = first->floor_move == o->move ? (uint8_t)(first->n_relaxed + 1) : 0;
            if (n_relaxed > RELAXED_MOST)
                return false;
            drop_floor(o, link->other);
            first->n_relaxed = n_relaxed;
            order_touch(o, link->other, true);
            touch_seconds(o, link->other);
        } else if (need > first->start && need > first->floor) {
            order_log(o, UNDO_VISIT, link->other)->was.visit = *first;
            if (first->floor_move != o->move)
                first->n_relaxed = 0;
            first->floor = need;
            first->floor_move = o->move;
            order_touch(o, link->other, false);
        }
    }
    return true;
}

/* ---- one visit ---- */

/* The soonest that the rounds, the floor and the least gaps allow. */
static int32_t soonest(const order *o, int32_t visit)
{
    const order_visit *v = &o->visits[visit];
    int32_t t = v->lo;
    for (int32_t slot = v->first; slot < v->first + v->n; slot++) {
        const order_node *node = &o->nodes[slot];
        int32_t ready = o->visits[o->nodes[node->prev].visit].start + node->in;
        t = ready > t ? ready : t;
    }
    if (!v->has_links)
        return t;
    t = v->floor > t ? v->floor : t;
    const cr_range in = o->m->links_in[visit];
    for (int32_t i = 0; i < in.n; i++) {
        const model_link *link = &o->m->link_pool[in.first + i];
        if (!link->is_most && order_is_served(o, link->other)) {
            int32_t after = o->visits[link->other].start + link->distance;
            t = after > t ? after : t;
        }
    }
    return t;
}

static bool is_home_in_time(const order *o, int32_t shift)
{
    const order_node *head = &o->nodes[order_head(o, shift)];
    return o->visits[o->nodes[head->prev].visit].start + head->in <= o->m->shifts[shift].end;
}

static bool touch_followers(order *o, int32_t visit, bool fell)
{
    const order_visit *v = &o->visits[visit];
    for (int32_t slot = v->first; slot < v->first + v->n; slot++) {
        const order_node *node = &o->nodes[slot];
        if (node->next < o->m->n_slots)
            order_touch(o, o->nodes[node->next].visit, fell);
        else if (!is_home_in_time(o, node->shift))
            return false;
    }
    if (!v->has_links)
        return true;
    const cr_range out = o->m->links_out[visit];
    for (int32_t i = 0; i < out.n; i++) {
        const model_link *link = &o->m->link_pool[out.first + i];
        if (!link->is_most && order_is_served(o, link->other))
            order_touch(o, link->other, fell);
    }
    return true;
}

static bool decode(order *o, int32_t visit)
{
    const order_visit *v = &o->visits[visit];
    if (v->has_links && v->floor != CR_FREE && v->floor_move != o->move) {
        drop_floor(o, visit);
        touch_seconds(o, visit);
    }
    int32_t start = soonest(o, visit), was = v->start;
    const model_start *s = &o->m->starts[visit];
    if (s->n_windows > 1)
        start = window_after(s, start);
    if (start > v->hi)
        return false;
    if (start != was) {
        set_start(o, visit, start);
        if (v->has_links && start < was)
            touch_seconds(o, visit);
        if (!touch_followers(o, visit, start < was))
            return false;
    }
    return !v->has_links || pull_firsts(o, visit, start);
}

/* Only those that the move has changed. */
static bool limits_hold(const order *o)
{
    const model *m = o->m;
    for (int32_t i = 0; (m->has_max_work || o->counts_load) && i < o->n_log; i++) {
        int32_t at = o->log[i].at;
        if (o->log[i].kind == UNDO_LOAD && o->load[at] > m->shifts[at].max_load)
            return false;
        if (o->log[i].kind == UNDO_WORK && m->p->carers[at].max_work != CR_NONE &&
            o->work[at] > m->p->carers[at].max_work)
            return false;
    }
    return true;
}

/* Every visit that waits can only become later: then the plan costs at least what is decoded already. */
static bool costs_too_much(const order *o, int64_t limit)
{
    return o->n_may_fall == 0 && (o->worst_is_stale ? o->cost + o->start_cost : order_cost(o)) >= limit;
}

bool order_settle(order *o, int64_t limit)
{
    int32_t n_visits = o->m->n_visits;
    bool holds = o->n_blocked == 0;
    while (holds && o->n_waiting > 0) {
        int32_t visit = o->waiting[--o->n_waiting].visit;
        o->visits[visit].is_waiting = false;
        o->n_may_fall -= o->visits[visit].may_fall;
        if (visit >= n_visits)
            holds = is_home_in_time(o, visit - n_visits);
        else if (order_is_served(o, visit))
            holds = --o->n_steps > 0 && decode(o, visit) && !costs_too_much(o, limit);
    }
    if (!holds)
        return false;
    if (o->worst_is_stale)
        find_worst(o);
    return order_cost(o) < limit && limits_hold(o);
}

/* ---- a move begins and ends ---- */

void order_begin(order *o)
{
    assert(o->n_log == 0 && o->n_waiting == 0);
    o->move++;
    o->was_cost = o->cost;
    o->was_start_cost = o->start_cost;
    o->was_worst = o->worst;
    o->n_steps = o->steps_most;
}

void order_commit(order *o)
{
    assert(o->n_waiting == 0 && o->n_blocked == 0);
    o->n_log = 0;
}

static void unwind(order *o, const order_undo *undo)
{
    switch (undo->kind) {
    case UNDO_NODE:
        o->nodes[undo->at] = undo->was.node;
        break;
    case UNDO_START:
        o->visits[undo->at].start = undo->was.number;
        o->late[undo->at] = order_is_served(o, undo->at) ? order_lateness_at(o, undo->at, undo->was.number) : 0;
        break;
    case UNDO_VISIT:
        o->visits[undo->at] = undo->was.visit;
        o->visits[undo->at].is_waiting = false;
        break;
    case UNDO_WORK:
        o->work[undo->at] = undo->was.work;
        break;
    case UNDO_LOAD:
        o->load[undo->at] = undo->was.number;
        break;
    case UNDO_TO_BANK:
        order_unlist(o, undo->at);
        o->late[undo->at] = order_lateness_at(o, undo->at, o->visits[undo->at].start);
        break;
    case UNDO_FROM_BANK:
        order_list_at(o, undo->at, undo->was.number);
        o->late[undo->at] = 0;
        break;
    }
}

void order_undo_move(order *o)
{
    while (o->n_waiting > 0) /* given up before it was settled */
        o->visits[o->waiting[--o->n_waiting].visit].is_waiting = false;
    o->n_may_fall = 0;
    while (o->n_log > 0)
        unwind(o, &o->log[--o->n_log]);
    o->cost = o->was_cost;
    o->start_cost = o->was_start_cost;
    o->worst = o->was_worst;
    o->worst_is_stale = false;
    o->n_blocked = 0;
}

int64_t order_cost_at_least(const order *o)
{
    return o->cost;
}
