/* Starts that need not change: the cheapest starts of a plan are seldom the only ones, and people know the old ones.
 *
 * Rounds hang together where they share a visit or are tied by a gap. Where none of such a cluster differs from what
 * was published, and nothing happened to it, its starts stay as they were.
 */
#include "replan.h"

#include "cost.h"

#include <stdlib.h>

typedef struct keeping {
    const cr_problem *p;
    const cr_plan *old;
    cr_plan *plan;
    int32_t *leader;    /* of each shift's cluster, found by following */
    int32_t *old_round; /* of each shift; CR_NONE */
    int32_t *shift_of;  /* of each slot in the new plan; CR_NONE */
    bool *is_changed;   /* of each leader's cluster */
} keeping;

static int32_t find(keeping *k, int32_t shift)
{
    while (k->leader[shift] != shift)
        shift = k->leader[shift] = k->leader[k->leader[shift]];
    return shift;
}

static void join(keeping *k, int32_t slot_a, int32_t slot_b)
{
    if (k->shift_of[slot_a] != CR_NONE && k->shift_of[slot_b] != CR_NONE)
        k->leader[find(k, k->shift_of[slot_a])] = find(k, k->shift_of[slot_b]);
}

static bool is_as_it_was(const keeping *k, const cr_round *now)
{
    int32_t r = k->old_round[now->shift];
    const cr_round *old = r == CR_NONE ? NULL : &k->old->rounds[r];
    if (!old || old->stops.n != now->stops.n)
        return false;
    for (int32_t i = 0; i < now->stops.n; i++) {
        const cr_stop *a = &k->old->stops[old->stops.first + i], *b = &k->plan->stops[now->stops.first + i];
        if (a->slot != b->slot || a->brk != b->brk)
            return false;
    }
    return true;
}

static void note(keeping *k)
{
    for (int32_t s = 0; s < k->p->n_shifts; s++) {
        k->leader[s] = s;
        k->old_round[s] = CR_NONE;
    }
    for (int32_t i = 0; i < k->p->n_slots; i++)
        k->shift_of[i] = CR_NONE;
    for (int32_t r = 0; r < k->old->n_rounds; r++)
        k->old_round[k->old->rounds[r].shift] = r;
    for (int32_t r = 0; r < k->plan->n_rounds; r++)
        for (int32_t i = 0; i < k->plan->rounds[r].stops.n; i++) {
            int32_t slot = k->plan->stops[k->plan->rounds[r].stops.first + i].slot;
            if (slot != CR_NONE)
                k->shift_of[slot] = k->plan->rounds[r].shift;
        }
    for (int32_t v = 0; v < k->p->n_visits; v++)
        for (int32_t i = 1; i < k->p->visits[v].slots.n; i++)
            join(k, k->p->visits[v].slots.first, k->p->visits[v].slots.first + i);
    for (int32_t g = 0; g < k->p->n_gaps; g++)
        join(k, k->p->visits[k->p->gaps[g].first].slots.first, k->p->visits[k->p->gaps[g].second].slots.first);
}

/* An earlier shift took longer, and she comes too late for the first stop of this one as it was. */
static bool is_kept_away(const cr_problem *p, const cr_plan *old, const cr_round *round)
{
    const cr_shift *shift = &p->shifts[round->shift];
    const cr_stop *first = &old->stops[round->stops.first];
    int64_t ready = shift->begin;
    if (first->slot != CR_NONE && !p->visits[p->slots[first->slot].visit].is_anywhere) {
        const cr_visit *visit = &p->visits[p->slots[first->slot].visit];
        ready += cr_problem_travel(p, shift->mode, shift->start_place, visit->place, shift->begin);
        ready += visit->place == shift->start_place ? 0 : visit->door;
    }
    return shift->held.n == 0 && first->start < ready;
}

static void mark_changed(keeping *k, const cr_replan_options *o)
{
    const cr_problem *p = k->p;
    for (int32_t r = 0; r < k->plan->n_rounds; r++)
        if (!is_as_it_was(k, &k->plan->rounds[r]) ||
            is_kept_away(p, k->old, &k->old->rounds[k->old_round[k->plan->rounds[r].shift]]))
            k->is_changed[find(k, k->plan->rounds[r].shift)] = true;
    for (int32_t v = 0; o->event_of_visit && v < p->n_visits; v++)
        if (o->event_of_visit[v] != CR_NONE && k->shift_of[p->visits[v].slots.first] != CR_NONE)
            k->is_changed[find(k, k->shift_of[p->visits[v].slots.first])] = true;
    for (int32_t s = 0; o->event_of_shift && s < p->n_shifts; s++)
        if (o->event_of_shift[s] != CR_NONE)
            k->is_changed[find(k, s)] = true;
    for (int32_t a = 0; a < o->as_of.n_absences; a++)
        for (int32_t s = 0; s < p->n_shifts; s++)
            if (p->shifts[s].carer == o->as_of.absences[a].carer)
                k->is_changed[find(k, s)] = true;
}

/* Who had not left by the time is at home still. */
static int32_t departs(const cr_problem *p, const cr_round *old)
{
    const cr_shift *shift = &p->shifts[old->shift];
    return shift->held.n == 0 && old->depart < shift->begin ? shift->begin : old->depart;
}

static void put_back(const keeping *k, cr_round *now)
{
    const cr_round *old = &k->old->rounds[k->old_round[now->shift]];
    now->depart = departs(k->p, old);
    now->arrive = old->arrive;
    for (int32_t i = 0; i < now->stops.n; i++)
        k->plan->stops[now->stops.first + i].start = k->old->stops[old->stops.first + i].start;
}

cr_status replan_keep_times(const cr_problem *p, const cr_plan *published, const cr_replan_options *options,
                            cr_plan *plan)
{
    size_t n_shifts = (size_t)p->n_shifts + 1;
    keeping k = {p,
                 published,
                 plan,
                 malloc(n_shifts * sizeof *k.leader),
                 malloc(n_shifts * sizeof *k.old_round),
                 malloc(((size_t)p->n_slots + 1) * sizeof *k.shift_of),
                 calloc(n_shifts, sizeof *k.is_changed)};
    cr_status st = CR_E_NOMEM;
    if (k.leader && k.old_round && k.shift_of && k.is_changed) {
        note(&k);
        mark_changed(&k, options);
        for (int32_t r = 0; r < plan->n_rounds; r++)
            if (!k.is_changed[find(&k, plan->rounds[r].shift)])
                put_back(&k, &plan->rounds[r]);
        st = plan_set_cost(p, plan);
    }
    free(k.leader);
    free(k.old_round);
    free(k.shift_of);
    free(k.is_changed);
    return st;
}
