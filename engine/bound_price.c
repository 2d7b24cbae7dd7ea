/* Labels: see bound_price.h.
 *
 * Hot: nearly all of the bound's time is spent here. Labels of one call live in arrays that only grow.
 */
#include "bound_price_internal.h"

#include <stdlib.h>
#include <string.h>

#define LABELS_MOST 1500000 /* of one call; beyond, a cruder bound is given */
#define ASK_EVERY   1024    /* labels between questions whether to stop */

/* ---- the pricer ---- */

bound_pricer *bound_pricer_free(bound_pricer *q)
{
    if (q) {
        free(q->labels);
        free(q->pieces);
        free(q->heap);
        free(q->buckets);
        free(q->finishes);
        free(q->gain);
        free(q->toll_of);
        free(q->trios.of_node);
        free(q->trios.last);
        free(q->earnings);
        bound_rest_free(q->rest);
        free(q->marked);
        free(q->path);
        free(q);
    }
    return NULL;
}

cr_status bound_pricer_new(const bound_nodes *b, bound_ways *ways, bool (*should_stop)(void *), void *user,
                           bound_pricer **ret_pricer)
{
    cr_auto(bound_pricer) q = calloc(1, sizeof *q);
    if (!q)
        return CR_E_NOMEM;
    q->b = b;
    q->ways = ways;
    q->should_stop = should_stop;
    q->user = user;
    size_t most = 1;
    for (int32_t g = 0; g < b->n_groups; g++)
        most = (size_t)b->groups[g].nodes.n + 1 > most ? (size_t)b->groups[g].nodes.n + 1 : most;
    q->buckets = malloc(most * (1 << CR_BOUND_BREAKS) * sizeof *q->buckets);
    q->finishes = malloc(most * sizeof *q->finishes);
    q->gain = malloc(most * sizeof *q->gain);
    q->earnings = malloc(most * sizeof *q->earnings);
    q->toll_of = malloc(((size_t)b->m->n_visits + 1) * sizeof *q->toll_of);
    q->marked = calloc((size_t)b->m->n_visits + 1, sizeof *q->marked);
    q->trios.of_node = malloc(most * sizeof *q->trios.of_node);
    q->trios.last = malloc(((size_t)b->n_rows + 1) * sizeof *q->trios.last);
    if (!q->buckets || !q->finishes || !q->gain || !q->earnings || !q->toll_of || !q->marked || !q->trios.of_node ||
        !q->trios.last)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < b->m->n_visits; v++)
        q->toll_of[v] = CR_NONE;
    cr_status st = bound_rest_new(b, &q->rest);
    if (!st)
        *ret_pricer = bound_pricer_take(&q);
    return st;
}

int64_t bound_pricer_labels(const bound_pricer *q)
{
    return q->labels_made;
}

static cr_status make_room(bound_pricer *q)
{
    if (q->n_labels == q->room_labels) {
        size_t room = 2 * q->room_labels + 4096;
        label *labels = realloc(q->labels, room * sizeof *labels);
        q->labels = labels ? labels : q->labels;
        uint64_t *heap = realloc(q->heap, room * sizeof *heap);
        q->heap = heap ? heap : q->heap;
        if (!labels || !heap)
            return CR_E_NOMEM;
        q->room_labels = room;
    }
    if (q->n_pieces + SHAPE_PIECES > q->room_pieces) {
        size_t room = 2 * q->room_pieces + 16384;
        shape_piece *pieces = room < INT32_MAX ? realloc(q->pieces, room * sizeof *pieces) : NULL;
        if (!pieces)
            return CR_E_NOMEM;
        q->pieces = pieces;
        q->room_pieces = room;
    }
    return CR_OK;
}

/* ---- the heap: the label that is ready first comes out first ---- */

static void push(bound_pricer *q, int32_t at)
{
    uint64_t key = (uint64_t)((int64_t)q->labels[at].ready - INT32_MIN) << 32 | (uint32_t)at;
    size_t k = q->n_heap++;
    while (k > 0 && q->heap[(k - 1) / 2] > key) {
        q->heap[k] = q->heap[(k - 1) / 2];
        k = (k - 1) / 2;
    }
    q->heap[k] = key;
}

static int32_t pop(bound_pricer *q)
{
    int32_t at = (int32_t)(uint32_t)q->heap[0];
    uint64_t key = q->heap[--q->n_heap];
    size_t k = 0;
    for (;;) {
        size_t child = 2 * k + 1;
        if (child + 1 < q->n_heap && q->heap[child + 1] < q->heap[child])
            child++;
        if (child >= q->n_heap || q->heap[child] >= key)
            break;
        q->heap[k] = q->heap[child];
        k = child;
    }
    q->heap[k] = key;
    return at;
}

/* ---- dominance ---- */

/* What a may have to pay, and b not yet. */
static int64_t tolls_ahead(const bound_pricer *q, const label *a, const label *b)
{
    trio_bits not_b;
    for (int w = 0; w < TRIO_WORDS; w++)
        not_b.words[w] = ~b->odd.words[w];
    return bound_price_tolls(q, &a->odd, &not_b);
}

/* Whatever b can go on to do, a can do as cheaply. */
static bool dominates(const bound_pricer *q, const label *a, const label *b)
{
    if (a->ready > b->ready || a->least > b->least || a->load > b->load || a->work > b->work)
        return false;
    if (q->look == LOOK_QUICK)
        return true;
    if (a->last > b->last || (a->seen & ~b->seen) != 0)
        return false;
    shape_view dearer = bound_price_shape(q, a);
    int64_t ahead = tolls_ahead(q, a, b);
    dearer.value += ahead;
    return a->least + ahead <= b->least && a->last + ahead <= b->last &&
           shape_is_below(dearer, bound_price_shape(q, b), q->shift->end);
}

/* From there on she waits; at the start place that costs nothing until she must be home. */
static int32_t last_bend(const bound_pricer *q, const label *l)
{
    return l->node == q->group->nodes.n ? q->shift->end : q->pieces[l->first_piece + l->n_pieces - 1].from;
}

static bool can_pay(const bound_pricer *q, const label *l)
{
    if (l->node == q->group->nodes.n)
        return l->least - bound_earn_most(&q->earn, l->ready) < q->cutoff;
    return l->least + bound_rest_least(q->rest, l->node, l->ready, last_bend(q, l), l->before) < q->cutoff;
}

/* Put the last label made into its bucket, unless it is dominated; then it is forgotten. */
static void keep(bound_pricer *q)
{
    int32_t at = (int32_t)q->n_labels;
    label *l = &q->labels[at];
    if (!can_pay(q, l))
        return;
    int32_t *link = &q->buckets[((size_t)l->node << q->group->breaks.n) + l->breaks];
    while (*link != CR_NONE && q->labels[*link].ready < l->ready) {
        if (dominates(q, &q->labels[*link], l))
            return;
        link = &q->labels[*link].next;
    }
    int32_t *after = link;
    while (*after != CR_NONE && q->labels[*after].ready == l->ready) {
        if (dominates(q, &q->labels[*after], l))
            return;
        after = &q->labels[*after].next;
    }
    l->next = *link;
    *link = at;
    for (after = &l->next; *after != CR_NONE;) {
        label *other = &q->labels[*after];
        if (dominates(q, l, other)) {
            other->dead = true;
            *after = other->next;
        } else {
            after = &other->next;
        }
    }
    q->n_labels++;
    q->n_pieces += l->n_pieces;
    push(q, at);
}

/* ---- extension ---- */

/* A label made from `from` with this shape and cost on top; the rest is the caller's to fill in. */
static label *make_label(bound_pricer *q, int32_t from, const shape *s, int64_t cost)
{
    label *l = &q->labels[q->n_labels];
    *l = q->labels[from];
    l->parent = from;
    l->dead = false;
    l->ready = s->pieces[0].from;
    l->value = s->value + cost;
    l->first_piece = (int32_t)q->n_pieces;
    l->n_pieces = (uint8_t)s->n;
    memcpy(q->pieces + q->n_pieces, s->pieces, (size_t)s->n * sizeof *s->pieces);
    l->least = shape_least(bound_price_shape(q, l), q->shift->end);
    l->last = shape_at(bound_price_shape(q, l), q->shift->end);
    if (l->least < -COST_NEVER)
        q->gave_up = true; /* sums might overflow */
    return l;
}

/* A break that is still to come must not have closed. */
static bool breaks_can_follow(const bound_pricer *q, uint8_t taken, int32_t ready)
{
    const cr_range breaks = q->group->breaks;
    for (int32_t k = 0; k < breaks.n; k++)
        if (!(taken >> k & 1) && q->b->m->p->breaks[breaks.first + k].close < ready)
            return false;
    return true;
}

static void extend_to_break(bound_pricer *q, int32_t from, int32_t k)
{
    const label *l = &q->labels[from];
    shape_stop stop = bound_price_break(q, k);
    shape s;
    uint8_t taken = (uint8_t)(l->breaks | 1u << k);
    if (!shape_extend(bound_price_shape(q, l), 0, &stop, q->group->waiting, &s) ||
        !breaks_can_follow(q, taken, s.pieces[0].from))
        return;
    make_label(q, from, &s, 0)->breaks = taken;
    keep(q);
}

/* Once some are served: those that are odd now, and of which more can be served from then on. */
static trio_bits still_odd(const bound_pricer *q, const trio_bits *odd, const trio_bits *served, int32_t ready)
{
    trio_bits now;
    for (int w = 0; w < TRIO_WORDS; w++) {
        now.words[w] = odd->words[w] ^ served->words[w];
        for (uint64_t rest = now.words[w]; rest; rest &= rest - 1)
            if (q->trios.until[64 * w + __builtin_ctzll(rest)] < ready)
                now.words[w] &= ~(rest & -rest);
    }
    return now;
}

static void extend_to_node(bound_pricer *q, int32_t from, int32_t place, int32_t node)
{
    const bound_node *to = bound_price_node(q, node);
    const label *l = &q->labels[from];
    int32_t way;
    int64_t cost;
    if (q->marked[to->visit] == q->mark || !bound_way(q->b, q->shift, place, to, &way, &cost))
        return;
    const trio_bits *served = &q->trios.of_node[node];
    cost += bound_price_tolls(q, &l->odd, served);
    int32_t before = l->node == q->group->nodes.n ? CR_NONE : bound_price_node(q, l->node)->visit;
    if (l->least + cost + bound_rest_from(q->rest, node, l->ready + way, last_bend(q, l) + way, before) >= q->cutoff)
        return;
    int32_t load = l->load + (q->group->max_load == INT32_MAX ? 0 : to->load);
    int64_t work = (int64_t)l->work + (q->group->max_work == INT32_MAX ? 0 : way + q->shift->work[to->slot]);
    if (load > q->group->max_load || work > q->group->max_work)
        return;
    shape_stop stop = bound_price_stop(q, node);
    shape s;
    if (!shape_extend(bound_price_shape(q, l), way, &stop, q->group->waiting, &s) ||
        !breaks_can_follow(q, l->breaks, s.pieces[0].from))
        return;
    label *made = make_label(q, from, &s, cost + q->gain[node].first);
    made->before = before;
    made->node = node;
    made->odd = still_odd(q, &l->odd, served, made->ready);
    made->load = load;
    made->work = (int32_t)work;
    made->seen = 1; /* the visit itself comes first in its list */
    const int32_t *near = q->b->near + (size_t)to->visit * BOUND_NEAR;
    for (int32_t k = 1; k < BOUND_NEAR && near[k] != CR_NONE; k++)
        if (q->marked[near[k]] == q->mark)
            made->seen |= (uint16_t)(1u << k);
    keep(q);
}

static void mark_seen(bound_pricer *q, const label *l)
{
    q->mark++;
    if (l->node == q->group->nodes.n)
        return;
    const int32_t *near = q->b->near + (size_t)bound_price_node(q, l->node)->visit * BOUND_NEAR;
    for (int32_t k = 0; k < BOUND_NEAR; k++)
        if (l->seen >> k & 1)
            q->marked[near[k]] = q->mark;
}

static cr_status extend(bound_pricer *q, int32_t from)
{
    const bound_group *group = q->group;
    int32_t place = bound_price_place(q, &q->labels[from]);
    mark_seen(q, &q->labels[from]);
    for (int32_t k = 0; k < group->breaks.n; k++) {
        cr_status st = make_room(q);
        if (st)
            return st;
        if (!(q->labels[from].breaks >> k & 1))
            extend_to_break(q, from, k);
    }
    const label l = q->labels[from];
    int64_t below = q->cutoff - l.least;
    int32_t node = bound_rest_open(q->rest, l.ready) - 1;
    while ((node = bound_rest_next(q->rest, l.node, l.ready, below, node + 1)) < group->nodes.n) {
        if (q->look == LOOK_QUICK && q->gain[node].least >= 0)
            continue;
        cr_status st = make_room(q);
        if (st)
            return st;
        extend_to_node(q, from, place, node);
    }
    return CR_OK;
}

/* ---- all of it ---- */

/* Every visit's best slot for its worth, and no time or way at all. */
static int64_t crude_least(const bound_pricer *q)
{
    const bound_nodes *b = q->b;
    int64_t least = 0;
    for (int32_t v = 0; v < b->m->n_visits; v++) {
        int64_t best = 0;
        for (int32_t r = b->rows_of[v].first; r < b->rows_of[v].first + b->rows_of[v].n; r++) {
            int64_t price = bound_slot_price(b, b->rows[r].slot, q->shift->carer);
            for (int32_t k = 0; price != COST_NEVER && k < b->moments_of[v].n; k++)
                best = price - q->worth[b->rows[r].worth + k] < best ? price - q->worth[b->rows[r].worth + k] : best;
        }
        least += best;
    }
    return least;
}

/* What a start at a moment of a node is worth to the group. */
static int64_t worth_at(const bound_pricer *q, const bound_node *node, int32_t moment)
{
    int32_t toll = q->toll_of[node->visit];
    return q->worth[q->b->rows[node->row].worth + moment] - (toll == CR_NONE ? 0 : q->worth[toll + moment]);
}

static bound_gain gain_of(const bound_pricer *q, const bound_node *node)
{
    int64_t worth = worth_at(q, node, node->moment);
    bound_gain gain = {.first = bound_slot_price(q->b, node->slot, q->shift->carer) - worth};
    if (node->span > 0)
        gain.tilt = (worth - worth_at(q, node, node->moment + 1)) / node->span; /* without a rest: worths are tidy */
    gain.least = gain.first + (gain.tilt < 0 ? gain.tilt * (node->stop.hi - node->stop.lo) : 0);
    return gain;
}

static void set_tolls(bound_pricer *q, bool are_due)
{
    for (int32_t t = 0; t < q->tolls->n; t++) {
        const bound_toll *toll = &q->tolls->items[t];
        if (toll->group == (int32_t)(q->group - q->b->groups))
            q->toll_of[toll->visit] = are_due ? toll->worth : CR_NONE;
    }
}

/* What the worths make of every node. */
static cr_status weigh(bound_pricer *q)
{
    set_tolls(q, true);
    for (int32_t k = 0; k < q->group->nodes.n; k++)
        q->gain[k] = gain_of(q, bound_price_node(q, k));
    set_tolls(q, false);
    bound_price_choose_trios(q);
    int32_t group = (int32_t)(q->group - q->b->groups);
    cr_status st = bound_ways_open(q->ways, group);
    if (st)
        return st;
    bound_earn_find(q->b, group, q->gain, q->ways, q->earnings, &q->earn);
    return bound_rest_find(q->rest, group, q->gain, &q->earn);
}

static cr_status begin(bound_pricer *q, look how)
{
    const bound_group *group = q->group;
    q->look = how;
    q->n_labels = q->n_pieces = q->n_heap = 0;
    q->gave_up = false;
    size_t n_buckets = ((size_t)group->nodes.n + 1) << group->breaks.n;
    for (size_t k = 0; k < n_buckets; k++)
        q->buckets[k] = CR_NONE;
    for (int32_t k = 0; k < group->nodes.n; k++)
        q->finishes[k] = (finish){INT64_MAX, CR_NONE, 0};
    cr_status st = make_room(q);
    if (st)
        return st;
    q->pieces[0] = (shape_piece){0, q->shift->begin}; /* leaving later than the shift begins costs nothing */
    int64_t use_price = q->b->parts * q->shift->use_price;
    q->labels[0] = (label){.value = use_price,
                           .least = use_price,
                           .last = use_price,
                           .before = CR_NONE,
                           .node = group->nodes.n,
                           .parent = CR_NONE,
                           .next = CR_NONE,
                           .ready = q->shift->begin,
                           .n_pieces = 1};
    keep(q);
    return CR_OK;
}

static cr_status run(bound_pricer *q, look how)
{
    cr_status st = begin(q, how);
    for (int64_t n = 1; !st && q->n_heap > 0 && !q->gave_up; n++) {
        int32_t at = pop(q);
        if (q->labels[at].dead)
            continue;
        bound_price_finish(q, at);
        st = extend(q, at);
        if (q->n_labels > LABELS_MOST || (n % ASK_EVERY == 0 && q->should_stop(q->user)))
            q->gave_up = true;
    }
    q->labels_made += (int64_t)q->n_labels;
    return st;
}

/* Where there is no round as cheap as it was thought, the next look is at all that pay. */
static cr_status look_quickly(bound_pricer *q, int64_t below)
{
    q->cutoff = below < 0 ? below : 0;
    q->least = 0;
    cr_status st = run(q, LOOK_QUICK);
    if (st || q->least < q->cutoff || q->cutoff == 0)
        return st;
    q->cutoff = q->least = 0;
    return run(q, LOOK_QUICK);
}

/* What a quick look found leaves little to look for. */
cr_status bound_price(bound_pricer *q, int32_t group, const int64_t *worth, const bound_tolls *tolls, int64_t below,
                      bound_columns *list, int64_t *ret_least)
{
    int32_t first = list->n;
    q->group = &q->b->groups[group];
    q->shift = &q->b->m->shifts[q->group->shift];
    q->worth = worth;
    q->tolls = tolls;
    cr_status st = weigh(q);
    if (!st)
        st = look_quickly(q, below);
    if (!st)
        st = bound_price_columns(q, 0, list);
    int32_t n_quick = list->n;
    int64_t found = q->cutoff = q->least;
    if (!st)
        st = run(q, LOOK_EXACT);
    if (!st)
        st = bound_price_columns(q, found, list);
    if (st)
        return st;
    if (list->n > n_quick) {
        bound_column least = list->items[n_quick];
        list->items[n_quick] = list->items[first];
        list->items[first] = least;
    }
    *ret_least = q->gave_up ? crude_least(q) : q->least;
    return CR_OK;
}
