/* What a round can still earn: see bound_rest.h. */
#include "bound_rest.h"

#include <stdlib.h>

#define CELLS_MOST 40 /* steps of all nodes together, in times their number */

/* The least cost of what follows, and the least that goes on to another visit than the first does. */
typedef struct follow {
    int64_t first, second;
    int32_t next; /* visit; CR_NONE: home */
} follow;

#define NOTHING ((follow){COST_NEVER, COST_NEVER, CR_NONE})

/* The starts of a node, in steps from its first. */
typedef struct span {
    int32_t lo, hi, length;
    cr_range cells;
} span;

typedef struct moment {
    int32_t start, node, step; /* the first tick of it */
} moment;

struct bound_rest {
    const bound_nodes *b;
    /* of the call */
    const bound_group *group;
    const model_shift *shift;
    const bound_gain *gain;
    const bound_earn *earn;
    int64_t waiting; /* 0 where breaks may fill it */
    int32_t step;
    bool is_crude; /* only the knapsack */
    span *spans;
    bound_ahead *ahead;
    follow *leave;  /* of each cell: leaving so many steps after the first start and the stay */
    follow *start;  /* starting there in this step, */
    follow *after;  /* or in a later one, and waiting from this one's first tick */
    follow *arrive; /* arriving there in this step or the next */
    moment *moments;
    size_t room;
};

bound_rest *bound_rest_free(bound_rest *rest)
{
    if (rest) {
        free(rest->spans);
        free(rest->ahead);
        free(rest->leave);
        free(rest->start);
        free(rest->after);
        free(rest->arrive);
        free(rest->moments);
        free(rest);
    }
    return NULL;
}

cr_status bound_rest_new(const bound_nodes *b, bound_rest **ret_rest)
{
    cr_auto(bound_rest) rest = calloc(1, sizeof *rest);
    if (!rest)
        return CR_E_NOMEM;
    rest->b = b;
    rest->spans = malloc(((size_t)b->n_nodes + 1) * sizeof *rest->spans);
    rest->ahead = malloc(((size_t)b->n_nodes + 1) * sizeof *rest->ahead);
    if (!rest->spans || !rest->ahead)
        return CR_E_NOMEM;
    *ret_rest = bound_rest_take(&rest);
    return CR_OK;
}

static const bound_node *node_at(const bound_rest *rest, int32_t node)
{
    return &rest->b->nodes[rest->b->ids[rest->group->nodes.first + node]];
}

/* ---- two best ---- */

static void offer(follow *f, int64_t cost, int32_t next)
{
    if (cost < f->first) {
        f->second = next == f->next ? f->second : f->first;
        f->first = cost;
        f->next = next;
    } else if (next != f->next && cost < f->second) {
        f->second = cost;
    }
}

/* What f offers, so much dearer. */
static void offer_all(follow *to, const follow *f, int64_t dearer)
{
    if (f->first < COST_NEVER)
        offer(to, f->first + dearer, f->next);
    if (f->second < COST_NEVER)
        offer(to, f->second + dearer, CR_NONE - 1); /* any other visit: it must not pass for the first's */
}

static int64_t without(const follow *f, int32_t visit)
{
    return f->next == visit && visit != CR_NONE ? f->second : f->first;
}

/* ---- cells ---- */

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* A stay is no shorter than a step, so that what follows a moment begins after it. */
static void measure(bound_rest *rest)
{
    const model_shift *shift = rest->shift;
    int32_t n = rest->group->nodes.n, shortest = INT32_MAX;
    for (int32_t k = 0; k < n; k++) {
        const bound_node *node = node_at(rest, k);
        int32_t length = shift->length[node->slot];
        rest->spans[k] = (span){.lo = later(node->stop.lo, shift->begin), .hi = node->stop.hi, .length = length};
        if (rest->spans[k].hi > shift->end - length)
            rest->spans[k].hi = shift->end - length;
        shortest = length < shortest ? length : shortest;
    }
    rest->step = (shift->end - shift->begin) / rest->b->rest_steps + 1;
    rest->step = shortest < rest->step ? shortest : rest->step;
    int64_t n_cells = 0;
    for (int32_t k = 0; k < n && rest->step > 0; k++) {
        span *s = &rest->spans[k];
        s->cells = (cr_range){(int32_t)n_cells, (s->hi - s->lo) / rest->step + 1};
        n_cells += s->cells.n;
    }
    rest->is_crude = rest->step <= 0 || n_cells > (int64_t)CELLS_MOST * n;
}

static cr_status make_room(bound_rest *rest)
{
    int32_t n = rest->group->nodes.n;
    size_t n_cells = n > 0 ? (size_t)rest->spans[n - 1].cells.first + (size_t)rest->spans[n - 1].cells.n : 0;
    if (n_cells <= rest->room)
        return CR_OK;
    size_t room = 2 * n_cells;
    follow **const all[] = {&rest->leave, &rest->start, &rest->after, &rest->arrive};
    for (int k = 0; k < 4; k++) {
        follow *grown = realloc(*all[k], room * sizeof *grown);
        if (!grown)
            return CR_E_NOMEM;
        *all[k] = grown;
    }
    moment *grown = realloc(rest->moments, room * sizeof *grown);
    if (!grown)
        return CR_E_NOMEM;
    rest->moments = grown;
    rest->room = room;
    return CR_OK;
}

static int compare_moments(const void *a, const void *b)
{
    const moment *x = a, *y = b;
    if (x->start != y->start)
        return x->start > y->start ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

/* The last first. */
static size_t list_moments(bound_rest *rest)
{
    size_t n = 0;
    for (int32_t k = 0; k < rest->group->nodes.n; k++)
        for (int32_t i = 0; i < rest->spans[k].cells.n; i++)
            rest->moments[n++] = (moment){rest->spans[k].lo + i * rest->step, k, i};
    if (n > 0)
        qsort(rest->moments, n, sizeof *rest->moments, compare_moments);
    return n;
}

/* ---- one moment ---- */

/* The least cost of a start between two ticks. */
static int64_t least_price(const shape_stop *stop, const bound_gain *gain, int32_t from, int32_t until)
{
    const shape_price *p = &stop->price;
    int64_t price = gain->first + gain->tilt * ((int64_t)(gain->tilt < 0 ? until : from) - stop->lo);
    if (until < p->early_until)
        price += p->early * ((int64_t)p->early_until - until);
    if (from > p->late_from)
        price += p->late * ((int64_t)from - p->late_from);
    if (from > p->due)
        price += p->lateness * ((int64_t)from - p->due);
    return price;
}

static void offer_home(const bound_rest *rest, int32_t place, int32_t leaves, follow *f)
{
    const model_shift *shift = rest->shift;
    leg home = shift->end_place == CR_NONE ? (leg){0, 0} : *leg_of(rest->b->m, shift, place, shift->end_place);
    if (home.time < CR_NO_WAY && leaves <= shift->end - home.time)
        offer(f, rest->b->parts * (home.time * shift->travel_rate + home.dist_m * shift->dist_rate), CR_NONE);
}

/* On to node k of a visit other than `from`, arriving at a tick or less than a step later. */
static void offer_next(const bound_rest *rest, int32_t k, int32_t arrives, int64_t way_cost, int32_t from, follow *f)
{
    const span *s = &rest->spans[k];
    if (arrives > s->hi)
        return;
    const follow *then = &rest->arrive[s->cells.first];
    int64_t cost = way_cost;
    if (arrives >= s->lo)
        then += (arrives - s->lo) / rest->step;
    else if (s->lo - arrives > rest->step)
        cost += rest->waiting * ((int64_t)s->lo - arrives - rest->step);
    int64_t after = without(then, from);
    if (after < COST_NEVER)
        offer(f, cost + after, rest->ahead[k].visit);
}

/* The first node whose window has not closed at t. */
static int32_t first_open(const bound_rest *rest, int32_t t)
{
    int32_t low = 0, high = rest->group->nodes.n;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (rest->ahead[mid].hi < t)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Most nodes cannot better the two best there are, by the least that any arrival there has come to. */
static follow after_leaving(const bound_rest *rest, const bound_node *node, int32_t leaves)
{
    int64_t most = bound_earn_most(rest->earn, leaves);
    follow f = NOTHING;
    offer_home(rest, node->place, leaves, &f);
    for (int32_t k = first_open(rest, leaves); k < rest->group->nodes.n && f.second > -most; k++) {
        const bound_ahead *to = &rest->ahead[k];
        int32_t way;
        int64_t cost;
        if (to->least < f.second && to->visit != node->visit &&
            bound_ahead_way(rest->b, rest->shift, node->place, to, &way, &cost) && cost + to->least < f.second)
            offer_next(rest, k, leaves + way, cost, node->visit, &f);
    }
    f.first = f.first < -most ? -most : f.first;
    f.second = f.second < -most ? -most : f.second;
    return f;
}

static void do_moment(bound_rest *rest, const moment *mo)
{
    const span *s = &rest->spans[mo->node];
    const bound_node *node = node_at(rest, mo->node);
    int32_t cell = s->cells.first + mo->step, until = mo->start + rest->step - 1;
    rest->leave[cell] = after_leaving(rest, node, mo->start + s->length);
    int64_t price = least_price(&node->stop, &rest->gain[mo->node], mo->start, until < s->hi ? until : s->hi);
    rest->start[cell] = NOTHING;
    offer_all(&rest->start[cell], &rest->leave[cell], price);
    rest->after[cell] = rest->arrive[cell] = rest->start[cell];
    if (mo->step + 1 < s->cells.n) {
        offer_all(&rest->after[cell], &rest->after[cell + 1], rest->waiting * rest->step);
        offer_all(&rest->arrive[cell], &rest->start[cell + 1], 0);
    }
    if (mo->step + 2 < s->cells.n)
        offer_all(&rest->arrive[cell], &rest->after[cell + 2], 0);
    bound_ahead *ahead = &rest->ahead[mo->node];
    ahead->least = rest->arrive[cell].first < ahead->least ? rest->arrive[cell].first : ahead->least;
}

/* ---- all of it ---- */

static void look_ahead(bound_rest *rest)
{
    int64_t most = bound_earn_most(rest->earn, rest->shift->begin);
    for (int32_t k = 0; k < rest->group->nodes.n; k++) {
        const bound_node *node = node_at(rest, k);
        rest->ahead[k] = (bound_ahead){.least = rest->is_crude ? rest->gain[k].least - most : COST_NEVER,
                                       .place = node->place,
                                       .door = node->door,
                                       .hi = node->stop.hi,
                                       .visit = node->visit};
    }
}

cr_status bound_rest_find(bound_rest *rest, int32_t group, const bound_gain *gain, const bound_earn *earn)
{
    rest->group = &rest->b->groups[group];
    rest->shift = &rest->b->m->shifts[rest->group->shift];
    rest->gain = gain;
    rest->earn = earn;
    rest->waiting = rest->group->breaks.n > 0 ? 0 : rest->group->waiting;
    measure(rest);
    look_ahead(rest);
    if (rest->is_crude)
        return CR_OK;
    cr_status st = make_room(rest);
    if (st)
        return st;
    size_t n = list_moments(rest);
    for (size_t k = 0; k < n; k++)
        do_moment(rest, &rest->moments[k]);
    return CR_OK;
}

const bound_ahead *bound_rest_ahead(const bound_rest *rest)
{
    return rest->ahead;
}

/* The least of some cells of a node. */
static int64_t least_of(const follow *cells, int32_t first, int32_t last, int32_t before)
{
    int64_t least = COST_NEVER;
    for (int32_t k = first; k <= last; k++) {
        int64_t cost = without(&cells[k], before);
        least = cost < least ? cost : least;
    }
    return least;
}

static int32_t cell_at(const bound_rest *rest, const span *s, int32_t start)
{
    int32_t k = start <= s->lo ? 0 : (start - s->lo) / rest->step;
    return k < s->cells.n ? k : s->cells.n - 1;
}

int64_t bound_rest_from(const bound_rest *rest, int32_t node, int32_t first, int32_t last, int32_t before)
{
    if (rest->is_crude)
        return rest->gain[node].least - bound_earn_most(rest->earn, first);
    const span *s = &rest->spans[node];
    int32_t from = cell_at(rest, s, first), until = rest->waiting > 0 ? cell_at(rest, s, last) : from;
    return least_of(rest->arrive + s->cells.first, from, until, before);
}

int64_t bound_rest_least(const bound_rest *rest, int32_t node, int32_t ready, int32_t last, int32_t before)
{
    int64_t most = bound_earn_most(rest->earn, ready);
    if (rest->is_crude)
        return -most;
    const span *s = &rest->spans[node];
    int32_t from = cell_at(rest, s, ready - s->length);
    int32_t until = rest->waiting > 0 ? cell_at(rest, s, last - s->length) : from;
    int64_t least = least_of(rest->leave + s->cells.first, from, until, before);
    return least > -most ? least : -most;
}
