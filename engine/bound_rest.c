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
    int32_t open; /* the first node whose window has not closed when it is left at the earliest; */
    size_t ways;  /* to that and those after it */
} span;

/* Where a node's steps begin, from one whole number of steps of the clock to the next. */
typedef struct phase {
    int32_t ticks, node;
} phase;

/* From a node to another. */
typedef struct onward {
    int64_t cost; /* COST_NEVER: no way, or the same visit */
    int32_t time;
    int32_t steps; /* of the other node, until an arrival by the first start */
} onward;

/* A node by what is asked of it most: packed. */
typedef struct ahead {
    int64_t least; /* of what may follow an arrival there, the node included, whenever it is */
    int32_t hi, visit;
} ahead;

/* The nodes that were the best and the second to go on to from a node, leaving it a step later; CR_NONE. They are
 * likely to be so again. */
typedef struct leads {
    int32_t first, second;
} leads;

#define NO_LEADS ((leads){CR_NONE, CR_NONE})

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
    ahead *ahead;
    follow *leave;  /* of each cell: leaving so many steps after the first start and the stay */
    follow *start;  /* starting there in this step, */
    follow *after;  /* or in a later one, and waiting from this one's first tick */
    follow *arrive; /* arriving there in this step or the next */
    int64_t *least; /* arriving there in this step or later, whatever the visit before; after the last step, never */
    size_t room;    /* of these, in cells */
    onward *ways;   /* of each node, to those that are open when it is left at the earliest */
    size_t room_ways;
    bool keeps_ways; /* or they are worked out each time, as there are too many */
    phase *phases;   /* the last first */
    leads *leads;
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
        free(rest->least);
        free(rest->ways);
        free(rest->phases);
        free(rest->leads);
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
    rest->phases = malloc(((size_t)b->n_nodes + 1) * sizeof *rest->phases);
    rest->leads = malloc(((size_t)b->n_nodes + 1) * sizeof *rest->leads);
    if (!rest->spans || !rest->ahead || !rest->phases || !rest->leads)
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

/* A stay is no shorter than a step, so that what follows a step begins after it. */
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
        n_cells += s->cells.n + 1;
    }
    rest->is_crude = rest->step <= 0 || n_cells > (int64_t)CELLS_MOST * n;
}

/* What was there before is of no interest. */
static bool grow(void **room, size_t size)
{
    free(*room);
    *room = malloc(size);
    return *room;
}

static cr_status make_room(bound_rest *rest)
{
    int32_t n = rest->group->nodes.n;
    size_t n_ways = 0;
    for (int32_t k = 0; k < n; k++) {
        span *s = &rest->spans[k];
        s->open = bound_rest_open(rest, s->lo + s->length);
        s->ways = n_ways;
        n_ways += (size_t)(n - s->open);
    }
    size_t n_cells = n > 0 ? (size_t)rest->spans[n - 1].cells.first + (size_t)rest->spans[n - 1].cells.n + 1 : 0;
    follow **const all[] = {&rest->leave, &rest->start, &rest->after, &rest->arrive};
    if (n_cells > rest->room) {
        size_t room = 2 * n_cells;
        rest->room = 0;
        for (int k = 0; k < 4; k++)
            if (!grow((void **)all[k], room * sizeof **all[k]))
                return CR_E_NOMEM;
        if (!grow((void **)&rest->least, room * sizeof *rest->least))
            return CR_E_NOMEM;
        rest->room = room;
    }
    rest->keeps_ways = n_ways <= rest->b->ways_most;
    if (rest->keeps_ways && n_ways > rest->room_ways) {
        rest->room_ways = 0;
        if (!grow((void **)&rest->ways, n_ways * sizeof *rest->ways))
            return CR_E_NOMEM;
        rest->room_ways = n_ways;
    }
    for (int32_t k = 0; k < n; k++)
        rest->least[rest->spans[k].cells.first + rest->spans[k].cells.n] = COST_NEVER;
    return CR_OK;
}

static int compare_phases(const void *a, const void *b)
{
    const phase *x = a, *y = b;
    if (x->ticks != y->ticks)
        return x->ticks > y->ticks ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

static void list_phases(bound_rest *rest)
{
    int32_t n = rest->group->nodes.n;
    for (int32_t k = 0; k < n; k++)
        rest->phases[k] = (phase){(rest->spans[k].lo - rest->shift->begin) % rest->step, k};
    if (n > 0)
        qsort(rest->phases, (size_t)n, sizeof *rest->phases, compare_phases);
}

/* ---- one step of a node ---- */

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

int32_t bound_rest_open(const bound_rest *rest, int32_t t)
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

/* Division that rounds down. */
static int32_t steps_in(const bound_rest *rest, int32_t ticks)
{
    return ticks >= 0 ? ticks / rest->step : -((rest->step - 1 - ticks) / rest->step);
}

static onward find_way(const bound_rest *rest, int32_t from, int32_t k)
{
    const span *s = &rest->spans[from];
    const bound_node *node = node_at(rest, from), *to = node_at(rest, k);
    onward way = {.time = 0};
    if (to->visit == node->visit || !bound_way(rest->b, rest->shift, node->place, to, &way.time, &way.cost))
        way.cost = COST_NEVER;
    way.steps = steps_in(rest, s->lo + s->length + way.time - rest->spans[k].lo);
    return way;
}

static onward *place_of_way(const bound_rest *rest, int32_t from, int32_t k)
{
    return &rest->ways[rest->spans[from].ways + (size_t)(k - rest->spans[from].open)];
}

static void find_ways(bound_rest *rest, int32_t from)
{
    for (int32_t k = rest->spans[from].open; rest->keeps_ways && k < rest->group->nodes.n; k++)
        *place_of_way(rest, from, k) = find_way(rest, from, k);
}

static onward way_to(const bound_rest *rest, int32_t from, int32_t k)
{
    return rest->keeps_ways ? *place_of_way(rest, from, k) : find_way(rest, from, k);
}

/* On to node k of another visit, which may be among the two best. */
static void try_next(const bound_rest *rest, int32_t k, int32_t from, int32_t step, follow *f, leads *ret_leads)
{
    const span *s = &rest->spans[from];
    const onward way = way_to(rest, from, k);
    follow before = *f;
    offer_next(rest, k, s->lo + step * rest->step + s->length + way.time, way.cost, node_at(rest, from)->visit, f);
    if (f->first < before.first) {
        ret_leads->second = before.next == rest->ahead[k].visit ? ret_leads->second : ret_leads->first;
        ret_leads->first = k;
    } else if (f->second < before.second) {
        ret_leads->second = k;
    }
}

/* The least cost that there can be on the way to node k, left in a step, and from there on. */
static int64_t least_onward(const bound_rest *rest, int32_t from, int32_t k, int32_t step)
{
    const onward way = way_to(rest, from, k);
    const cr_range cells = rest->spans[k].cells;
    int32_t at = way.steps + step;
    at = at < 0 ? 0 : at;
    at = at > cells.n ? cells.n : at;
    return way.cost + rest->least[cells.first + at];
}

/* Most nodes cannot better the two best there are. */
static follow after_leaving(const bound_rest *rest, int32_t from, int32_t step, leads *ret_leads)
{
    const span *s = &rest->spans[from];
    int32_t n = rest->group->nodes.n, leaves = s->lo + step * rest->step + s->length;
    int64_t most = bound_earn_most(rest->earn, leaves);
    const leads likely = *ret_leads;
    follow f = NOTHING;
    *ret_leads = NO_LEADS;
    offer_home(rest, node_at(rest, from)->place, leaves, &f);
    if (likely.first != CR_NONE)
        try_next(rest, likely.first, from, step, &f, ret_leads);
    if (likely.second != CR_NONE)
        try_next(rest, likely.second, from, step, &f, ret_leads);
    for (int32_t k = bound_rest_open(rest, leaves); k < n && f.second > -most; k++)
        if (least_onward(rest, from, k, step) < f.second)
            try_next(rest, k, from, step, &f, ret_leads);
    f.first = f.first < -most ? -most : f.first;
    f.second = f.second < -most ? -most : f.second;
    return f;
}

static void do_step(bound_rest *rest, int32_t k, int32_t step)
{
    const span *s = &rest->spans[k];
    const bound_node *node = node_at(rest, k);
    int32_t cell = s->cells.first + step, from = s->lo + step * rest->step, until = from + rest->step - 1;
    if (step + 1 == s->cells.n)
        find_ways(rest, k);
    rest->leave[cell] = after_leaving(rest, k, step, &rest->leads[k]);
    int64_t price = least_price(&node->stop, &rest->gain[k], from, until < s->hi ? until : s->hi);
    rest->start[cell] = NOTHING;
    offer_all(&rest->start[cell], &rest->leave[cell], price);
    rest->after[cell] = rest->arrive[cell] = rest->start[cell];
    if (step + 1 < s->cells.n) {
        offer_all(&rest->after[cell], &rest->after[cell + 1], rest->waiting * rest->step);
        offer_all(&rest->arrive[cell], &rest->start[cell + 1], 0);
    }
    if (step + 2 < s->cells.n)
        offer_all(&rest->arrive[cell], &rest->after[cell + 2], 0);
    int64_t later = rest->least[cell + 1];
    rest->least[cell] = rest->arrive[cell].first < later ? rest->arrive[cell].first : later;
    rest->ahead[k].least = rest->least[cell];
}

/* ---- all of it ---- */

static void look_ahead(bound_rest *rest)
{
    int64_t most = bound_earn_most(rest->earn, rest->shift->begin);
    for (int32_t k = 0; k < rest->group->nodes.n; k++) {
        const bound_node *node = node_at(rest, k);
        rest->leads[k] = NO_LEADS;
        rest->ahead[k] = (ahead){.least = rest->is_crude ? rest->gain[k].least - most : COST_NEVER,
                                 .hi = node->stop.hi,
                                 .visit = node->visit};
    }
}

/* The last first: what follows a step begins after it, but maybe less than a step after. */
static void do_steps(bound_rest *rest)
{
    int32_t n = rest->group->nodes.n;
    for (int32_t at = (rest->shift->end - rest->shift->begin) / rest->step; at >= 0; at--)
        for (int32_t i = 0; i < n; i++) {
            int32_t k = rest->phases[i].node;
            const span *s = &rest->spans[k];
            int32_t step = at - (s->lo - rest->shift->begin) / rest->step;
            if (step >= 0 && step < s->cells.n)
                do_step(rest, k, step);
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
    list_phases(rest);
    do_steps(rest);
    return CR_OK;
}

int32_t bound_rest_next(const bound_rest *rest, int32_t from, int32_t ready, int64_t below, int32_t k)
{
    int32_t n = rest->group->nodes.n;
    if (from == n || rest->is_crude) {
        while (k < n && rest->ahead[k].least >= below)
            k++;
        return k;
    }
    const span *s = &rest->spans[from];
    int32_t step = (ready - s->lo - s->length) / rest->step;
    while (k < n && least_onward(rest, from, k, step) >= below)
        k++;
    return k;
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
