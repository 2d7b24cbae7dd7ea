/* What changed against the published rota, and why: from what happened outwards. */
#include "replan.h"

#include <stdlib.h>

typedef struct comparing {
    const cr_problem *p;
    const cr_replan_options *o;
    cr_replanned *x;
    int32_t *was_shift, *now_shift; /* by slot; CR_NONE: not served */
    int32_t *was, *now;             /* by visit: starts */
} comparing;

static void note_shifts(const cr_problem *p, const cr_plan *plan, int32_t *shift_of, int32_t *start)
{
    for (int32_t i = 0; i < p->n_slots; i++)
        shift_of[i] = CR_NONE;
    for (int32_t v = 0; v < p->n_visits; v++)
        start[v] = CR_FREE;
    for (int32_t r = 0; r < plan->n_rounds; r++)
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            const cr_stop *stop = &plan->stops[plan->rounds[r].stops.first + k];
            if (stop->slot == CR_NONE)
                continue;
            shift_of[stop->slot] = plan->rounds[r].shift;
            start[p->slots[stop->slot].visit] = stop->start;
        }
}

static int32_t carer_at(const comparing *c, const int32_t *shift_of, int32_t slot)
{
    return shift_of[slot] == CR_NONE ? CR_NONE : c->p->shifts[shift_of[slot]].carer;
}

static bool has_other_carers(const comparing *c, cr_range slots)
{
    for (int32_t i = slots.first; i < slots.first + slots.n; i++) {
        bool was_there = false;
        for (int32_t k = slots.first; k < slots.first + slots.n; k++)
            was_there = was_there || carer_at(c, c->was_shift, k) == carer_at(c, c->now_shift, i);
        if (!was_there)
            return true;
    }
    return false;
}

/* ---- causes ---- */

static bool event_of_shift(const comparing *c, int32_t shift, cr_visit_change *change)
{
    int32_t event = c->o->event_of_shift && shift != CR_NONE ? c->o->event_of_shift[shift] : CR_NONE;
    if (event == CR_NONE)
        return false;
    change->cause = CR_CAUSE_SHIFT;
    change->event = event;
    return true;
}

/* What happened to the visit itself, to a carer whom it had, or to a round of its. False: nothing. */
static bool find_event(const comparing *c, cr_visit_change *change)
{
    cr_range slots = c->p->visits[change->visit].slots;
    if (c->o->event_of_visit && c->o->event_of_visit[change->visit] != CR_NONE) {
        change->cause = CR_CAUSE_VISIT;
        change->event = c->o->event_of_visit[change->visit];
        return true;
    }
    for (int32_t a = 0; a < c->o->as_of.n_absences; a++)
        for (int32_t i = slots.first; i < slots.first + slots.n; i++) {
            int32_t carer = carer_at(c, c->was_shift, i);
            if (carer == CR_NONE || carer != c->o->as_of.absences[a].carer)
                continue;
            change->cause = CR_CAUSE_CARER;
            change->event = c->o->event_of_absence ? c->o->event_of_absence[a] : CR_NONE;
            change->other = carer;
            return true;
        }
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (event_of_shift(c, c->was_shift[i], change) || event_of_shift(c, c->now_shift[i], change))
            return true;
    return false;
}

static bool shares_shift(const int32_t *a, cr_range slots_a, const int32_t *b, cr_range slots_b)
{
    for (int32_t i = slots_a.first; i < slots_a.first + slots_a.n; i++)
        for (int32_t k = slots_b.first; k < slots_b.first + slots_b.n; k++)
            if (a[i] != CR_NONE && a[i] == b[k])
                return true;
    return false;
}

static int64_t apart(int32_t a, int32_t b)
{
    return a == CR_FREE || b == CR_FREE ? INT32_MAX : a > b ? (int64_t)a - b : (int64_t)b - a;
}

/* Is `other` in a round where the visit was or is, or was it; and nearer in time than any before? Then it is noted. */
static void note_if_nearer(const comparing *c, cr_visit_change *change, int32_t other, int64_t *nearest)
{
    cr_range slots = c->p->visits[change->visit].slots, others = c->p->visits[other].slots;
    bool meet = shares_shift(c->was_shift, slots, c->now_shift, others) ||
                shares_shift(c->now_shift, slots, c->now_shift, others) ||
                shares_shift(c->was_shift, slots, c->was_shift, others) ||
                shares_shift(c->now_shift, slots, c->was_shift, others);
    int64_t away = apart(c->now[other] != CR_FREE ? c->now[other] : c->was[other],
                         change->was != CR_FREE ? change->was : change->now);
    if (other == change->visit || !meet || away >= *nearest)
        return;
    *nearest = away;
    change->other = other;
}

/* The nearest visit with a cause that came into a round where this one was or is, or left it, or to which something
 * happened there. False: there is none. */
static bool find_room(const comparing *c, cr_visit_change *change)
{
    int64_t nearest = INT64_MAX;
    for (int32_t v = 0; c->o->event_of_visit && v < c->p->n_visits; v++)
        if (c->o->event_of_visit[v] != CR_NONE)
            note_if_nearer(c, change, v, &nearest);
    for (int32_t i = 0; i < c->x->n_changes; i++)
        if (c->x->changes[i].cause != CR_CAUSE_NONE)
            note_if_nearer(c, change, c->x->changes[i].visit, &nearest);
    return nearest < INT64_MAX;
}

/* Each pass explains those whose room hangs on one explained before. */
static cr_status find_causes(const comparing *c)
{
    bool *found = calloc((size_t)c->x->n_changes + 1, sizeof *found);
    if (!found)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < c->x->n_changes; i++)
        find_event(c, &c->x->changes[i]);
    for (bool more = true; more;) {
        more = false;
        for (int32_t i = 0; i < c->x->n_changes; i++)
            found[i] = c->x->changes[i].cause == CR_CAUSE_NONE && find_room(c, &c->x->changes[i]);
        for (int32_t i = 0; i < c->x->n_changes; i++) {
            if (found[i])
                c->x->changes[i].cause = CR_CAUSE_ROOM;
            more = more || found[i];
        }
    }
    free(found);
    return CR_OK;
}

/* ---- the list ---- */

static int compare_changes(const void *a, const void *b)
{
    const cr_visit_change *x = a, *y = b;
    int32_t at_x = x->now != CR_FREE ? x->now : x->was, at_y = y->now != CR_FREE ? y->now : y->was;
    if (at_x != at_y)
        return at_x < at_y ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

/* Also a visit that is new and could not be placed. */
static cr_status list_all(const comparing *c)
{
    for (int32_t v = 0; v < c->p->n_visits; v++) {
        bool is_new = c->o->event_of_visit && c->o->event_of_visit[v] != CR_NONE && c->was[v] == CR_FREE;
        bool others = (c->was[v] != CR_FREE || c->now[v] != CR_FREE) && has_other_carers(c, c->p->visits[v].slots);
        if (c->was[v] != c->now[v] || others || is_new)
            c->x->changes[c->x->n_changes++] = (cr_visit_change){.visit = v,
                                                                 .was = c->was[v],
                                                                 .now = c->now[v],
                                                                 .has_other_carers = others,
                                                                 .event = CR_NONE,
                                                                 .other = CR_NONE};
    }
    if (c->x->n_changes > 0)
        qsort(c->x->changes, (size_t)c->x->n_changes, sizeof *c->x->changes, compare_changes);
    return find_causes(c);
}

cr_status replan_list_changes(const cr_plan *published, const cr_replan_options *options, cr_replanned *x)
{
    size_t n_slots = (size_t)x->problem->n_slots + 1, n_visits = (size_t)x->problem->n_visits + 1;
    comparing c = {.p = x->problem,
                   .o = options,
                   .x = x,
                   .was_shift = malloc(n_slots * sizeof *c.was_shift),
                   .now_shift = malloc(n_slots * sizeof *c.now_shift),
                   .was = malloc(n_visits * sizeof *c.was),
                   .now = malloc(n_visits * sizeof *c.now)};
    x->changes = calloc(n_visits, sizeof *x->changes);
    cr_status st = CR_E_NOMEM;
    if (c.was_shift && c.now_shift && c.was && c.now && x->changes) {
        note_shifts(x->problem, published, c.was_shift, c.was);
        note_shifts(x->problem, x->plan, c.now_shift, c.now);
        st = list_all(&c);
    }
    free(c.was_shift);
    free(c.now_shift);
    free(c.was);
    free(c.now);
    return st;
}
