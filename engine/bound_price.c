/* Labels: see bound_price.h.
 *
 * Hot: nearly all of the bound's time is spent here. Labels of one call live in arrays that only grow.
 */
#include "bound_price.h"

#include "bound_earn.h"
#include "bound_rest.h"

#include <stdlib.h>
#include <string.h>

#define LABELS_MOST  1500000 /* of one call; beyond, a cruder bound is given */
#define COLUMNS_BEST 6       /* of one look */
#define ASK_EVERY    1024    /* labels between questions whether to stop */

/* A partial round: where it stands, what it has done, what it costs by time. */
typedef struct label {
    int64_t value, least, last; /* of its shape: at the first piece, the least, and when the shift ends */
    int32_t before;             /* visit before; CR_NONE */
    int32_t node;               /* place in the group's list; its length: at the start place */
    int32_t parent;             /* CR_NONE: nothing done yet */
    int32_t next;               /* in its bucket, by ready */
    int32_t ready;              /* where the shape begins */
    int32_t load, work;         /* 0 where it cannot bind */
    int32_t first_piece;
    uint16_t seen; /* bits of the visit's near list */
    uint8_t breaks, n_pieces;
    bool dead;
} label;

typedef enum look {
    LOOK_QUICK, /* past many rounds: the cheapest label that is ready first dominates */
    LOOK_EXACT,
} look;

typedef struct finish {
    int64_t value;
    int32_t label, leaves; /* the last stop, at that tick */
} finish;

struct bound_pricer {
    const bound_nodes *b;
    bool (*should_stop)(void *);
    void *user;
    /* of the call */
    const bound_group *group;
    const model_shift *shift;
    const int64_t *worth;
    const bound_tolls *tolls;
    look look;
    bool gave_up;
    int64_t least;  /* found */
    int64_t cutoff; /* rounds that cost no less are not looked for; never above 0 */
    label *labels;
    shape_piece *pieces;
    uint64_t *heap; /* ready and label of those not extended yet */
    size_t n_labels, n_pieces, n_heap, room_labels, room_pieces;
    int32_t *buckets; /* [node * masks + breaks]: first label */
    finish *finishes; /* by last node */
    bound_gain *gain; /* of each node of the group */
    int32_t *toll_of; /* of each visit: where the group's toll is in the worths; CR_NONE */
    bound_earn earn;  /* what a round can still earn, by time */
    bound_earning *earnings;
    bound_rest *rest; /* likewise, by node and time */
    uint64_t *marked; /* of each visit: is it in the label at hand? */
    uint64_t mark;
    bound_stay *path;
    size_t room_path;
    int64_t labels_made;
};

/* ---- lists of columns ---- */

cr_status bound_columns_add(bound_columns *list, int32_t group, int64_t cost, const bound_stay *stays, int32_t n)
{
    if ((size_t)list->n == list->room) {
        size_t room = 2 * list->room + 256;
        bound_column *grown = realloc(list->items, room * sizeof *grown);
        if (!grown)
            return CR_E_NOMEM;
        list->items = grown;
        list->room = room;
    }
    if (list->n_stays + (size_t)n > list->room_stays) {
        size_t room = 2 * list->room_stays + (size_t)n + 2048;
        bound_stay *grown = room < INT32_MAX ? realloc(list->stays, room * sizeof *grown) : NULL;
        if (!grown)
            return CR_E_NOMEM;
        list->stays = grown;
        list->room_stays = room;
    }
    list->items[list->n++] = (bound_column){cost, group, {(int32_t)list->n_stays, n}};
    for (int32_t k = 0; k < n; k++)
        list->stays[list->n_stays++] = stays[k];
    return CR_OK;
}

void bound_columns_done(bound_columns *list)
{
    free(list->items);
    free(list->stays);
    *list = (bound_columns){0};
}

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
        free(q->earnings);
        bound_rest_free(q->rest);
        free(q->marked);
        free(q->path);
        free(q);
    }
    return NULL;
}

cr_status bound_pricer_new(const bound_nodes *b, bool (*should_stop)(void *), void *user, bound_pricer **ret_pricer)
{
    cr_auto(bound_pricer) q = calloc(1, sizeof *q);
    if (!q)
        return CR_E_NOMEM;
    q->b = b;
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
    if (!q->buckets || !q->finishes || !q->gain || !q->earnings || !q->toll_of || !q->marked)
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

static const bound_node *node_at(const bound_pricer *q, int32_t node)
{
    return &q->b->nodes[q->b->ids[q->group->nodes.first + node]];
}

static shape_view shape_of(const bound_pricer *q, const label *l)
{
    return (shape_view){l->value, l->n_pieces, q->pieces + l->first_piece};
}

static int32_t place_of(const bound_pricer *q, const label *l)
{
    return l->node == q->group->nodes.n ? q->shift->start_place : node_at(q, l->node)->place;
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

/* Whatever b can go on to do, a can do as cheaply. */
static bool dominates(const bound_pricer *q, const label *a, const label *b)
{
    if (a->ready > b->ready || a->least > b->least || a->load > b->load || a->work > b->work)
        return false;
    return q->look == LOOK_QUICK || (a->last <= b->last && (a->seen & ~b->seen) == 0 &&
                                     shape_is_below(shape_of(q, a), shape_of(q, b), q->shift->end));
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
    l->least = shape_least(shape_of(q, l), q->shift->end);
    l->last = shape_at(shape_of(q, l), q->shift->end);
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

static int32_t sooner(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static shape_stop break_at(const bound_pricer *q, int32_t k)
{
    const cr_break *brk = &q->b->m->p->breaks[q->group->breaks.first + k];
    return (shape_stop){.lo = brk->open > q->shift->begin ? brk->open : q->shift->begin,
                        .hi = sooner(brk->close, q->shift->end - brk->length),
                        .length = brk->length,
                        .price = {.early_until = INT32_MIN, .late_from = INT32_MAX, .due = INT32_MAX}};
}

static shape_stop stop_at(const bound_pricer *q, int32_t node)
{
    const bound_node *at = node_at(q, node);
    shape_stop stop = at->stop;
    stop.price.tilt = q->gain[node].tilt;
    stop.price.tilt_from = stop.lo;
    stop.length = q->shift->length[at->slot];
    stop.lo = stop.lo > q->shift->begin ? stop.lo : q->shift->begin;
    stop.hi = sooner(stop.hi, q->shift->end - stop.length);
    return stop;
}

static void extend_to_break(bound_pricer *q, int32_t from, int32_t k)
{
    const label *l = &q->labels[from];
    shape_stop stop = break_at(q, k);
    shape s;
    uint8_t taken = (uint8_t)(l->breaks | 1u << k);
    if (!shape_extend(shape_of(q, l), 0, &stop, q->group->waiting, &s) ||
        !breaks_can_follow(q, taken, s.pieces[0].from))
        return;
    make_label(q, from, &s, 0)->breaks = taken;
    keep(q);
}

static void extend_to_node(bound_pricer *q, int32_t from, int32_t place, int32_t node)
{
    const bound_node *to = node_at(q, node);
    const label *l = &q->labels[from];
    int32_t way;
    int64_t cost;
    if (q->marked[to->visit] == q->mark || !bound_way(q->b, q->shift, place, to, &way, &cost))
        return;
    int32_t before = l->node == q->group->nodes.n ? CR_NONE : node_at(q, l->node)->visit;
    if (l->least + cost + bound_rest_from(q->rest, node, l->ready + way, last_bend(q, l) + way, before) >= q->cutoff)
        return;
    int32_t load = l->load + (q->group->max_load == INT32_MAX ? 0 : to->load);
    int64_t work = (int64_t)l->work + (q->group->max_work == INT32_MAX ? 0 : way + q->shift->work[to->slot]);
    if (load > q->group->max_load || work > q->group->max_work)
        return;
    shape_stop stop = stop_at(q, node);
    shape s;
    if (!shape_extend(shape_of(q, l), way, &stop, q->group->waiting, &s) ||
        !breaks_can_follow(q, l->breaks, s.pieces[0].from))
        return;
    label *made = make_label(q, from, &s, cost + q->gain[node].first);
    made->before = before;
    made->node = node;
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
    const int32_t *near = q->b->near + (size_t)node_at(q, l->node)->visit * BOUND_NEAR;
    for (int32_t k = 0; k < BOUND_NEAR; k++)
        if (l->seen >> k & 1)
            q->marked[near[k]] = q->mark;
}

/* The first node whose window has not closed at t. */
static int32_t first_open(const bound_pricer *q, int32_t t)
{
    int32_t low = 0, high = q->group->nodes.n;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (node_at(q, mid)->stop.hi < t)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static cr_status extend(bound_pricer *q, int32_t from)
{
    const bound_group *group = q->group;
    int32_t place = place_of(q, &q->labels[from]);
    mark_seen(q, &q->labels[from]);
    for (int32_t k = 0; k < group->breaks.n; k++) {
        cr_status st = make_room(q);
        if (st)
            return st;
        if (!(q->labels[from].breaks >> k & 1))
            extend_to_break(q, from, k);
    }
    for (int32_t node = first_open(q, q->labels[from].ready); node < group->nodes.n; node++) {
        if (q->look == LOOK_QUICK && q->gain[node].least >= 0)
            continue;
        cr_status st = make_room(q);
        if (st)
            return st;
        extend_to_node(q, from, place, node);
    }
    return CR_OK;
}

/* ---- the end of a round ---- */

static void finish_round(bound_pricer *q, int32_t at)
{
    const label *l = &q->labels[at];
    if (l->node == q->group->nodes.n || l->breaks != (1u << q->group->breaks.n) - 1)
        return;
    int32_t place = place_of(q, l);
    leg home = q->shift->end_place == CR_NONE ? (leg){0, 0} : *leg_of(q->b->m, q->shift, place, q->shift->end_place);
    if (home.time >= CR_NO_WAY || l->ready > q->shift->end - home.time)
        return;
    if (q->group->max_work != INT32_MAX && (int64_t)l->work + home.time > q->group->max_work)
        return;
    int64_t value = shape_least(shape_of(q, l), q->shift->end - home.time) +
                    q->b->parts * (home.time * q->shift->travel_rate + home.dist_m * q->shift->dist_rate);
    finish *best = &q->finishes[l->node];
    if (value < best->value)
        *best = (finish){value, at, shape_best(shape_of(q, l), q->shift->end - home.time)};
    if (q->look == LOOK_EXACT && value < q->cutoff)
        q->cutoff = value;
    q->least = value < q->least ? value : q->least;
}

static int compare_finishes(const void *a, const void *b)
{
    const finish *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->label < y->label ? -1 : x->label > y->label;
}

static cr_status room_for_path(bound_pricer *q, int32_t n)
{
    if ((size_t)n < q->room_path)
        return CR_OK;
    size_t room = 2 * q->room_path + 64;
    bound_stay *grown = realloc(q->path, room * sizeof *grown);
    if (!grown)
        return CR_E_NOMEM;
    q->path = grown;
    q->room_path = room;
    return CR_OK;
}

/* The break that a label took; CR_NONE: it went to a node. */
static int32_t break_taken(const bound_pricer *q, const label *l)
{
    int32_t k = 0, taken = l->breaks ^ q->labels[l->parent].breaks;
    if (!taken)
        return CR_NONE;
    while (!(taken >> k & 1))
        k++;
    return k;
}

/* Backwards, each stop at its cheapest time for leaving when the next must. */
static cr_status add_column(bound_pricer *q, const finish *f, bound_columns *list)
{
    int32_t n = 0, leaves = f->leaves;
    int64_t cost = f->value;
    for (int32_t at = f->label; q->labels[at].parent != CR_NONE; at = q->labels[at].parent) {
        const label *l = &q->labels[at], *before = &q->labels[l->parent];
        int32_t taken = break_taken(q, l), way = 0;
        shape_stop stop = taken == CR_NONE ? stop_at(q, l->node) : break_at(q, taken);
        if (taken == CR_NONE)
            bound_way(q->b, q->shift, place_of(q, before), node_at(q, l->node), &way, &(int64_t){0});
        int32_t start = shape_start(shape_of(q, before), way, &stop, q->group->waiting, leaves);
        leaves = start - way;
        if (taken != CR_NONE)
            continue;
        cr_status st = room_for_path(q, n);
        if (st)
            return st;
        const bound_node *node = node_at(q, l->node);
        q->path[n++] = (bound_stay){node->row, start};
        cost += bound_slot_price(q->b, node->slot, q->shift->carer) - q->gain[l->node].first -
                q->gain[l->node].tilt * (start - stop.price.tilt_from);
    }
    return bound_columns_add(list, (int32_t)(q->group - q->b->groups), cost, q->path, n);
}

/* The best below a value. */
static cr_status finish_all(bound_pricer *q, int64_t below, bound_columns *list)
{
    int32_t n = q->group->nodes.n;
    qsort(q->finishes, (size_t)n, sizeof *q->finishes, compare_finishes);
    for (int32_t k = 0; k < n && k < COLUMNS_BEST && q->finishes[k].value < below; k++) {
        cr_status st = add_column(q, &q->finishes[k], list);
        if (st)
            return st;
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
        q->gain[k] = gain_of(q, node_at(q, k));
    set_tolls(q, false);
    bound_earn_find(q->b, q->group, q->gain, q->earnings, &q->earn);
    return bound_rest_find(q->rest, (int32_t)(q->group - q->b->groups), q->gain, &q->earn);
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
        finish_round(q, at);
        st = extend(q, at);
        if (q->n_labels > LABELS_MOST || (n % ASK_EVERY == 0 && q->should_stop(q->user)))
            q->gave_up = true;
    }
    q->labels_made += (int64_t)q->n_labels;
    return st;
}

/* What a quick look found leaves little to look for. */
cr_status bound_price(bound_pricer *q, int32_t group, const int64_t *worth, const bound_tolls *tolls,
                      bound_columns *list, int64_t *ret_least)
{
    int32_t first = list->n;
    q->group = &q->b->groups[group];
    q->shift = &q->b->m->shifts[q->group->shift];
    q->worth = worth;
    q->tolls = tolls;
    q->cutoff = q->least = 0;
    cr_status st = weigh(q);
    if (!st)
        st = run(q, LOOK_QUICK);
    if (!st)
        st = finish_all(q, 0, list);
    int32_t n_quick = list->n;
    int64_t found = q->cutoff = q->least;
    if (!st)
        st = run(q, LOOK_EXACT);
    if (!st)
        st = finish_all(q, found, list);
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
