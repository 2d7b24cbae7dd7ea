/* An order of visits from a plan, and back. */
#include "order_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct ranked {
    int64_t rank;
    int32_t visit;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

cr_status order_renumber(order *o)
{
    int32_t n = o->m->n_visits;
    ranked *list = malloc((size_t)n * sizeof *list);
    if (!list)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < n; v++)
        list[v] = (ranked){o->visits[v].key, v};
    qsort(list, (size_t)n, sizeof *list, compare_ranked);
    for (int32_t k = 0; k < n; k++)
        o->visits[list[k].visit].key = (k + 1) * ORDER_KEY_STEP;
    free(list);
    return CR_OK;
}

/* ---- from a plan ---- */

/* Where a plan has a slot. */
typedef struct standing {
    int32_t shift, before; /* the slot before it in the round, CR_NONE: the first */
} standing;

typedef struct loading {
    order *o;
    standing *stand; /* of each slot */
    ranked *list;    /* visits that the plan serves, by start; then in an order that the rounds and gaps allow */
    bool *is_placed;
    int32_t n;
} loading;

static void note_round(loading *s, const cr_plan *plan, const cr_round *round)
{
    const cr_problem *p = s->o->m->p;
    int32_t before = CR_NONE;
    if (round->shift < 0 || round->shift >= p->n_shifts)
        return;
    for (int32_t k = 0; k < round->stops.n; k++) {
        int32_t slot = plan->stops[round->stops.first + k].slot;
        if (slot < 0 || slot >= p->n_slots || s->stand[slot].shift != CR_NONE)
            continue;
        s->stand[slot] = (standing){round->shift, before};
        before = slot;
        if (p->visits[p->slots[slot].visit].slots.first == slot)
            s->list[s->n++] = (ranked){plan->stops[round->stops.first + k].start, p->slots[slot].visit};
    }
}

static bool may_come(const loading *s, int32_t visit)
{
    const order_visit *v = &s->o->visits[visit];
    for (int32_t slot = v->first; slot < v->first + v->n; slot++)
        if (s->stand[slot].shift == CR_NONE || s->o->nodes[slot].place == CR_NONE ||
            order_slot_cost(s->o, slot, s->stand[slot].shift) == COST_NEVER)
            return false;
    return true;
}

/* Is everything placed that must come before it? */
static bool is_next(const loading *s, int32_t visit)
{
    const model *m = s->o->m;
    const order_visit *v = &s->o->visits[visit];
    for (int32_t slot = v->first; slot < v->first + v->n; slot++) {
        int32_t before = s->stand[slot].before;
        if (before != CR_NONE && !s->is_placed[m->start_of[before]])
            return false;
    }
    const cr_range in = m->links_in[visit];
    for (int32_t i = 0; i < in.n; i++) {
        const model_link *link = &m->link_pool[in.first + i];
        if (!link->is_most && !s->is_placed[link->other])
            return false;
    }
    return true;
}

/* By start, and where starts are equal (care of no length) as rounds and gaps have it. What cannot be ordered stays
 * out.
 */
static void sort_visits(loading *s)
{
    qsort(s->list, (size_t)s->n, sizeof *s->list, compare_ranked);
    for (int32_t v = 0; v < s->o->m->n_visits; v++)
        s->is_placed[v] = true; /* those that the plan does not serve are in nobody's way */
    for (int32_t i = 0; i < s->n; i++)
        s->is_placed[s->list[i].visit] = false;
    int32_t n_sorted = 0;
    for (int32_t i = 0; i < s->n;) {
        if (!is_next(s, s->list[i].visit)) {
            i++;
            continue;
        }
        ranked next = s->list[i];
        memmove(s->list + n_sorted + 1, s->list + n_sorted, (size_t)(i - n_sorted) * sizeof *s->list);
        s->list[n_sorted++] = next;
        s->is_placed[next.visit] = true;
        i = n_sorted;
    }
    s->n = n_sorted;
}

static void put_visit(loading *s, int32_t visit)
{
    const order_visit *v = &s->o->visits[visit];
    order_from_bank(s->o, visit);
    for (int32_t slot = v->first; slot < v->first + v->n; slot++)
        order_put_slot(s->o, slot, s->stand[slot].shift);
}

/* All at once: right whenever the plan still holds. */
static bool load_together(loading *s)
{
    order *o = s->o;
    order_begin(o);
    for (int32_t i = 0; i < s->n; i++)
        put_visit(s, s->list[i].visit);
    bool holds = order_settle(o, COST_NEVER);
    for (int32_t i = 0; i < s->n && holds; i++)
        holds = order_visit_holds(o, s->list[i].visit);
    if (holds)
        order_commit(o);
    else
        order_undo_move(o);
    return holds;
}

static void load_one_by_one(loading *s)
{
    order *o = s->o;
    for (int32_t i = 0; i < s->n; i++) {
        int32_t visit = s->list[i].visit;
        order_begin(o);
        put_visit(s, visit);
        if (order_visit_holds(o, visit) && order_settle(o, COST_NEVER))
            order_commit(o);
        else
            order_undo_move(o);
    }
}

static void empty(order *o)
{
    order_begin(o);
    for (int32_t slot = 0; slot < o->m->n_slots; slot++)
        if (o->nodes[slot].shift != CR_NONE)
            order_take_slot(o, slot);
    for (int32_t v = 0; v < o->m->n_visits; v++)
        if (order_is_served(o, v))
            order_to_bank(o, v);
    order_settle(o, COST_NEVER);
    o->n_log = 0;
    for (int32_t v = 0; v < o->m->n_visits; v++)
        o->visits[v].floor = CR_FREE;
}

static void load(loading *s, const cr_plan *plan)
{
    order *o = s->o;
    empty(o);
    for (int32_t slot = 0; slot < o->m->n_slots; slot++)
        s->stand[slot] = (standing){CR_NONE, CR_NONE};
    for (int32_t r = 0; r < plan->n_rounds; r++)
        note_round(s, plan, &plan->rounds[r]);
    int32_t n = 0;
    for (int32_t i = 0; i < s->n; i++)
        if (may_come(s, s->list[i].visit))
            s->list[n++] = s->list[i];
    s->n = n;
    sort_visits(s);
    for (int32_t i = 0; i < s->n; i++)
        o->visits[s->list[i].visit].key = (i + 1) * ORDER_KEY_STEP;
    if (!load_together(s))
        load_one_by_one(s);
}

cr_status order_load(order *o, const cr_plan *plan)
{
    loading s = {.o = o,
                 .stand = malloc(((size_t)o->m->n_slots + 1) * sizeof *s.stand),
                 .list = malloc(((size_t)o->m->n_slots + 1) * sizeof *s.list),
                 .is_placed = malloc(((size_t)o->m->n_visits + 1) * sizeof *s.is_placed)};
    cr_status st = s.stand && s.list && s.is_placed ? CR_OK : CR_E_NOMEM;
    if (!st)
        load(&s, plan);
    free(s.stand);
    free(s.list);
    free(s.is_placed);
    return st;
}

/* ---- to a plan ---- */

cr_status order_memory_init(order_memory *memory, const model *m)
{
    memory->slots = calloc((size_t)m->n_slots + 1, sizeof *memory->slots);
    return memory->slots ? CR_OK : CR_E_NOMEM;
}

void order_memory_done(order_memory *memory)
{
    free(memory->slots);
    memory->slots = NULL;
}

void order_remember(const order *o, order_memory *memory)
{
    for (int32_t slot = 0; slot < o->m->n_slots; slot++) {
        const order_visit *v = &o->visits[o->nodes[slot].visit];
        memory->slots[slot] = (struct order_memory_slot){v->key, o->nodes[slot].shift, v->start, slot};
    }
}

/* Unallocated ones first, then round by round. */
static int compare_slots(const void *a, const void *b)
{
    const struct order_memory_slot *x = a, *y = b;
    if (x->shift != y->shift)
        return x->shift < y->shift ? -1 : 1;
    return x->shift == CR_NONE || x->key == y->key ? (x->slot > y->slot) - (x->slot < y->slot)
                                                   : (x->key > y->key) - (x->key < y->key);
}

static void write_plan(const struct order_memory_slot *list, const model *m, int32_t n_banked, cr_plan *plan)
{
    int32_t n_rounds = 0, n_unallocated = 0;
    for (int32_t i = 0; i < n_banked; i++)
        if (i == 0 || m->start_of[list[i].slot] != m->start_of[list[i - 1].slot])
            plan->unallocated[n_unallocated++] = m->start_of[list[i].slot];
    for (int32_t i = n_banked; i < m->n_slots; i++) {
        int32_t at = i - n_banked;
        if (i == n_banked || list[i].shift != list[i - 1].shift)
            plan->rounds[n_rounds++] = (cr_round){.shift = list[i].shift, .stops = {at, 0}};
        plan->rounds[n_rounds - 1].stops.n++;
        plan->stops[at] = (cr_stop){list[i].slot, CR_NONE, list[i].start};
    }
}

cr_status order_memory_to_plan(const order_memory *memory, const model *m, cr_plan **ret_plan)
{
    size_t n = (size_t)m->n_slots;
    struct order_memory_slot *list = malloc((n + 1) * sizeof *list);
    if (!list)
        return CR_E_NOMEM;
    memcpy(list, memory->slots, n * sizeof *list);
    qsort(list, n, sizeof *list, compare_slots);
    int32_t n_banked = 0, n_visits = 0, n_rounds = 0;
    for (int32_t i = 0; i < m->n_slots; i++) {
        bool is_banked = list[i].shift == CR_NONE;
        n_banked += is_banked;
        n_visits += is_banked && (i == 0 || m->start_of[list[i].slot] != m->start_of[list[i - 1].slot]);
        n_rounds += !is_banked && (i == 0 || list[i].shift != list[i - 1].shift);
    }
    cr_plan *plan;
    cr_status st = cr_plan_new(n_rounds, m->n_slots - n_banked, n_visits, &plan);
    if (!st) {
        write_plan(list, m, n_banked, plan);
        *ret_plan = plan;
    }
    free(list);
    return st;
}
