/* A first bound: see bound_first.h. */
#include "bound_first.h"

#include <stdlib.h>

#define ASK_EVERY 64 /* visits between questions whether to stop */

/* Groups that go by the same legs. Where they differ it has what makes a stop cheapest. */
typedef struct kind {
    const leg *legs;
    int64_t travel_rate, dist_rate, wage, waiting; /* the last in parts */
    int32_t breaks;                                /* all of a shift together */
    int64_t *into;                                 /* of each visit: the way there and the wait; COST_NEVER: none */
    int32_t *longest, *shortest;                   /* of each visit: a stay */
} kind;

typedef struct first {
    const bound_nodes *b;
    kind *kinds;
    int32_t n_kinds;
    int32_t *kind_of; /* of each group */
} first;

static void first_done(first *f)
{
    for (int32_t k = 0; k < f->n_kinds; k++) {
        free(f->kinds[k].into);
        free(f->kinds[k].longest);
        free(f->kinds[k].shortest);
    }
    free(f->kinds);
    free(f->kind_of);
}

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static cr_status add_kind(first *f, const model_shift *shift)
{
    size_t n = (size_t)f->b->m->n_visits + 1;
    kind *k = &f->kinds[f->n_kinds++];
    *k = (kind){.legs = shift->legs,
                .travel_rate = INT64_MAX,
                .dist_rate = INT64_MAX,
                .wage = INT64_MAX,
                .waiting = INT64_MAX,
                .into = malloc(n * sizeof *k->into),
                .longest = malloc(n * sizeof *k->longest),
                .shortest = malloc(n * sizeof *k->shortest)};
    if (!k->into || !k->longest || !k->shortest)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < f->b->m->n_visits; v++) {
        k->into[v] = COST_NEVER;
        k->longest[v] = 0;
        k->shortest[v] = INT32_MAX;
    }
    return CR_OK;
}

static int64_t way_cost(const bound_nodes *b, const kind *k, leg way, int32_t door)
{
    return b->parts * (way.time * k->travel_rate + way.dist_m * k->dist_rate + door * k->wage);
}

static void take_rates(const bound_nodes *b, const bound_group *group, kind *k)
{
    const model_shift *shift = &b->m->shifts[group->shift];
    int32_t breaks = 0;
    for (int32_t i = group->breaks.first; i < group->breaks.first + group->breaks.n; i++)
        breaks += b->m->p->breaks[i].length;
    k->breaks = breaks > k->breaks ? breaks : k->breaks;
    k->travel_rate = lesser(k->travel_rate, shift->travel_rate);
    k->dist_rate = lesser(k->dist_rate, shift->dist_rate);
    k->wage = lesser(k->wage, shift->wage);
    k->waiting = lesser(k->waiting, group->waiting);
    for (int32_t i = group->nodes.first; i < group->nodes.first + group->nodes.n; i++) {
        const bound_node *node = &b->nodes[b->ids[i]];
        int32_t length = shift->length[node->slot];
        k->longest[node->visit] = length > k->longest[node->visit] ? length : k->longest[node->visit];
        k->shortest[node->visit] = length < k->shortest[node->visit] ? length : k->shortest[node->visit];
    }
}

static cr_status find_kinds(first *f)
{
    const bound_nodes *b = f->b;
    for (int32_t g = 0; g < b->n_groups; g++) {
        const model_shift *shift = &b->m->shifts[b->groups[g].shift];
        int32_t k = 0;
        while (k < f->n_kinds && f->kinds[k].legs != shift->legs)
            k++;
        cr_status st = k == f->n_kinds ? add_kind(f, shift) : CR_OK;
        if (st)
            return st;
        f->kind_of[g] = k;
        take_rates(b, &b->groups[g], &f->kinds[k]);
    }
    return CR_OK;
}

/* As the first visit of a round. */
static void come_from_start(const first *f, int32_t g)
{
    const bound_nodes *b = f->b;
    const bound_group *group = &b->groups[g];
    const model_shift *shift = &b->m->shifts[group->shift];
    kind *k = &f->kinds[f->kind_of[g]];
    for (int32_t i = group->nodes.first; i < group->nodes.first + group->nodes.n; i++) {
        const bound_node *to = &b->nodes[b->ids[i]];
        int32_t time;
        int64_t cost;
        if (bound_way(b, shift, shift->start_place, to, &time, &cost))
            k->into[to->visit] = lesser(k->into[to->visit], cost);
    }
}

/* After any other visit. */
static void come_from_others(const bound_nodes *b, kind *k, int32_t v)
{
    const model *m = b->m;
    const model_start *to = &m->starts[v];
    for (int32_t u = 0; u < m->n_visits && k->shortest[v] < INT32_MAX; u++) {
        const model_start *from = &m->starts[u];
        if (u == v || k->shortest[u] == INT32_MAX || from->place == CR_NONE)
            continue;
        leg way = *leg_in_table(m, k->legs, from->place, to->place);
        int32_t door = door_after(to, from->place);
        if (way.time >= CR_NO_WAY || (int64_t)from->lo + k->shortest[u] + way.time + door > to->hi)
            continue;
        int64_t waits = (int64_t)to->lo - from->hi - k->longest[u] - way.time - door - k->breaks;
        int64_t cost = way_cost(b, k, way, door) + (waits > 0 ? waits * k->waiting : 0);
        k->into[v] = lesser(k->into[v], cost);
    }
}

/* No row is worth more than with its cheapest carer. */
static void set_worths(const first *f, int64_t *worth)
{
    const bound_nodes *b = f->b;
    for (int32_t r = 0; r < b->n_rows; r++) {
        const bound_row *row = &b->rows[r];
        int64_t least = bound_left_out(b, row->visit);
        for (int32_t g = 0; g < b->n_groups; g++) {
            int64_t price = bound_slot_price(b, row->slot, b->m->shifts[b->groups[g].shift].carer);
            int64_t into = f->kinds[f->kind_of[g]].into[row->visit];
            if (price != COST_NEVER && into != COST_NEVER)
                least = lesser(least, price + into);
        }
        for (int32_t k = 0; k < b->moments_of[row->visit].n; k++)
            worth[row->worth + k] = least > 0 ? least : 0;
    }
}

cr_status bound_first_worths(const bound_nodes *b, bool (*should_stop)(void *), void *user, int64_t *ret_worth,
                             bool *ret_found)
{
    first f = {.b = b,
               .kinds = calloc((size_t)b->n_groups + 1, sizeof *f.kinds),
               .kind_of = malloc(((size_t)b->n_groups + 1) * sizeof *f.kind_of)};
    cr_status st = f.kinds && f.kind_of ? find_kinds(&f) : CR_E_NOMEM;
    bool stopped = false;
    for (int32_t g = 0; !st && g < b->n_groups; g++)
        come_from_start(&f, g);
    for (int32_t v = 0; !st && !stopped && v < b->m->n_visits; v++) {
        for (int32_t k = 0; k < f.n_kinds; k++)
            come_from_others(b, &f.kinds[k], v);
        stopped = v % ASK_EVERY == 0 && should_stop(user);
    }
    if (!st && !stopped)
        set_worths(&f, ret_worth);
    if (!st)
        *ret_found = !stopped;
    first_done(&f);
    return st;
}
