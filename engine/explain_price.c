/* What would the plan be, and cost, with the visit in it?
 *
 * Read out of the timetable while a trial stands. Only the rounds that hang together with the edited ones, through
 * double-ups and gaps, are timed again, at their cheapest; all others keep the starts that the plan states. The checker
 * has the last word on whether the plan is valid and what it costs.
 */
#include "careround/check.h"
#include "careround/solve.h"

#include "cost.h"
#include "explain_internal.h"
#include "starts.h"

#include <stdlib.h>
#include <string.h>

/* The rounds that hang together with those of a trial. */
typedef struct cluster {
    int32_t n_shifts, n_stops, n_gaps;
    int32_t *shifts, *stops, *gaps;
    int32_t *view_of; /* of each shift; CR_NONE: not in */
    round_view *views;
} cluster;

static void cluster_done(cluster *c)
{
    free(c->shifts);
    free(c->stops);
    free(c->gaps);
    free(c->view_of);
    free(c->views);
}

static bool cluster_init(cluster *c, const cr_problem *p)
{
    size_t n_shifts = (size_t)p->n_shifts + 1, n_stops = (size_t)p->n_slots + (size_t)p->n_breaks + 1;
    *c = (cluster){.shifts = malloc(n_shifts * sizeof *c->shifts),
                   .stops = malloc(n_stops * sizeof *c->stops),
                   .gaps = malloc((2 * (size_t)p->n_gaps + 1) * sizeof *c->gaps),
                   .view_of = malloc(n_shifts * sizeof *c->view_of),
                   .views = malloc(n_shifts * sizeof *c->views)};
    for (int32_t i = 0; c->view_of && i < p->n_shifts; i++)
        c->view_of[i] = CR_NONE;
    return c->shifts && c->stops && c->gaps && c->view_of && c->views;
}

static void cluster_add_shift(cluster *c, int32_t shift)
{
    if (shift == CR_NONE || c->view_of[shift] != CR_NONE)
        return;
    c->view_of[shift] = c->n_shifts;
    c->shifts[c->n_shifts++] = shift;
}

static void cluster_add_visit(cluster *c, const timetable *tt, int32_t visit)
{
    cr_range slots = tt->problem->visits[visit].slots;
    for (int32_t slot = slots.first; slot < slots.first + slots.n; slot++)
        cluster_add_shift(c, tt->shift[slot]);
}

/* The gaps of a visit and what they tie to it. Noted from both sides: twice does no harm. */
static void cluster_follow_gaps(cluster *c, const timetable *tt, int32_t visit)
{
    for (int32_t g = tt->gap_first[visit]; g < tt->gap_first[visit + 1]; g++) {
        const cr_gap *gap = &tt->problem->gaps[tt->gap_of[g]];
        int32_t other = gap->first == visit ? gap->second : gap->first;
        if (!tt->is_served[other])
            continue;
        cluster_add_visit(c, tt, other);
        c->gaps[c->n_gaps++] = tt->gap_of[g];
    }
}

static void cluster_grow(cluster *c, const timetable *tt)
{
    const cr_problem *p = tt->problem;
    for (int32_t i = 0; i < c->n_shifts; i++) {
        int32_t s = c->shifts[i], first = c->n_stops;
        for (int32_t e = tt->first[s]; e != CR_NONE; e = tt->next[e]) {
            c->stops[c->n_stops++] = e;
            if (!timetable_is_slot(tt, e))
                continue;
            cluster_add_visit(c, tt, p->slots[e].visit);
            if (p->visits[p->slots[e].visit].slots.first == e) /* once a visit */
                cluster_follow_gaps(c, tt, p->slots[e].visit);
        }
        c->views[i] = (round_view){s, c->n_stops - first, c->stops + first};
    }
}

/* ---- the plan of a trial ---- */

static cr_status read_rounds(const explainer *x, int32_t visit, cr_plan **ret_plan)
{
    const timetable *tt = x->timetable;
    const cr_problem *p = x->problem;
    cr_plan *plan;
    cr_status st = cr_plan_new(p->n_shifts, p->n_slots + p->n_breaks, x->plan->n_unallocated, &plan);
    if (st)
        return st;
    plan->n_rounds = plan->n_stops = plan->n_unallocated = 0;
    for (int32_t s = 0; s < p->n_shifts; s++) {
        if (tt->first[s] == CR_NONE)
            continue;
        cr_round *round = &plan->rounds[plan->n_rounds++];
        round->shift = s;
        round->stops.first = plan->n_stops;
        for (int32_t e = tt->first[s]; e != CR_NONE; e = tt->next[e])
            plan->stops[plan->n_stops++] =
                timetable_is_slot(tt, e) ? (cr_stop){e, CR_NONE, 0} : (cr_stop){CR_NONE, e - p->n_slots, 0};
        round->stops.n = plan->n_stops - round->stops.first;
    }
    for (int32_t i = 0; i < x->plan->n_unallocated; i++)
        if (x->plan->unallocated[i] != visit)
            plan->unallocated[plan->n_unallocated++] = x->plan->unallocated[i];
    *ret_plan = plan;
    return CR_OK;
}

static int32_t start_index(const cr_problem *p, const cr_stop *stop)
{
    return stop->slot != CR_NONE ? p->slots[stop->slot].visit : p->n_visits + stop->brk;
}

/* Hold every start where the plan states it, those of the cluster not at all. */
static void hold_starts(const explainer *x, const cluster *c, starts *s)
{
    const cr_problem *p = x->problem;
    for (int32_t k = 0; k < x->plan->n_stops; k++)
        s->at[start_index(p, &x->plan->stops[k])] = x->plan->stops[k].start;
    for (int32_t k = 0; k < c->n_stops; k++)
        s->at[start_of_stop(p, c->stops[k])] = CR_FREE;
}

/* Departures and returns: as the plan states outside the cluster, as late and as early as can be inside. */
static void set_times(const explainer *x, const cluster *c, const starts *s, cr_plan *plan)
{
    const cr_problem *p = x->problem;
    for (int32_t k = 0; k < plan->n_stops; k++)
        plan->stops[k].start = s->at[start_index(p, &plan->stops[k])];
    for (int32_t r = 0, old = 0; r < plan->n_rounds; r++) {
        cr_round *round = &plan->rounds[r];
        while (old < x->plan->n_rounds && x->plan->rounds[old].shift < round->shift)
            old++;
        if (c->view_of[round->shift] != CR_NONE) {
            round_ends(p, NULL, &c->views[c->view_of[round->shift]], s->at, &round->depart, &round->arrive);
        } else {
            round->depart = x->plan->rounds[old].depart;
            round->arrive = x->plan->rounds[old].arrive;
        }
    }
}

static cr_status realise(const explainer *x, int32_t visit, cluster *c, starts *s, cr_plan **ret_plan)
{
    for (int32_t k = 0; k < x->problem->visits[visit].slots.n; k++)
        cluster_add_shift(c, x->timetable->shift[x->problem->visits[visit].slots.first + k]);
    cluster_grow(c, x->timetable);
    hold_starts(x, c, s);
    cr_auto(cr_plan) plan = NULL;
    cr_status st = starts_find(s, x->problem, c->views, c->n_shifts, c->gaps, c->n_gaps, NULL);
    if (st || (st = read_rounds(x, visit, &plan)))
        return st;
    set_times(x, c, s, plan);
    st = plan_set_cost(x->problem, plan);
    if (!st)
        *ret_plan = cr_plan_take(&plan);
    return st;
}

cr_status price_trial(const explainer *x, int32_t visit, cr_plan **ret_plan)
{
    cluster c;
    starts s = {0};
    cr_status st = cluster_init(&c, x->problem) ? starts_init(&s, x->problem, 0) : CR_E_NOMEM;
    if (!st)
        st = realise(x, visit, &c, &s, ret_plan);
    starts_done(&s);
    cluster_done(&c);
    return st;
}

/* ---- the last word ---- */

/* Is everybody served who was, and the visit too? Both lists ascend. */
static bool nobody_drops_out(const cr_plan *before, const cr_plan *after, int32_t visit)
{
    int32_t old = 0;
    for (int32_t i = 0; i < after->n_unallocated; i++) {
        while (old < before->n_unallocated && before->unallocated[old] < after->unallocated[i])
            old++;
        if (after->unallocated[i] == visit || old == before->n_unallocated ||
            before->unallocated[old] != after->unallocated[i])
            return false;
    }
    return true;
}

cr_status verify_change(const explainer *x, int32_t visit, const cr_plan *plan, cr_change *change, bool *ret_is_sound)
{
    cr_auto(cr_problem) changed = NULL;
    cr_auto(cr_check) check = NULL;
    cr_status st = cr_explain_apply(x->given, visit, change, &changed);
    if (st || (st = cr_check_plan(changed, plan, &check)))
        return st;
    *ret_is_sound = check->n_breaches == 0 && nobody_drops_out(x->plan, plan, visit);
    for (int32_t t = 0; t < CR_TERM_N; t++)
        change->terms.term[t] = check->cost.term[t] - x->cost.term[t];
    change->cost = change->terms.total = check->cost.total - x->cost.total;
    return CR_OK;
}

/* ---- who has moved ---- */

static void list_carers(const cr_problem *p, const cr_plan *plan, int32_t *carer_of_slot)
{
    for (int32_t i = 0; i < p->n_slots; i++)
        carer_of_slot[i] = CR_NONE;
    for (int32_t r = 0; r < plan->n_rounds; r++)
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            int32_t slot = plan->stops[plan->rounds[r].stops.first + k].slot;
            if (slot != CR_NONE)
                carer_of_slot[slot] = p->shifts[plan->rounds[r].shift].carer;
        }
}

/* The carers of a visit are different people, so as many as before and each of them there before means the same. */
static bool has_same_carers(cr_range slots, const int32_t *before, const int32_t *after)
{
    for (int32_t i = slots.first; i < slots.first + slots.n; i++) {
        bool was_there = false;
        for (int32_t k = slots.first; k < slots.first + slots.n; k++)
            was_there = was_there || before[k] == after[i];
        if (!was_there)
            return false;
    }
    return true;
}

cr_status count_moved(const explainer *x, int32_t visit, const cr_plan *plan, int32_t *ret_n)
{
    const cr_problem *p = x->given;
    int32_t *before = malloc(((size_t)p->n_slots + 1) * sizeof *before);
    int32_t *after = malloc(((size_t)p->n_slots + 1) * sizeof *after);
    if (before && after) {
        list_carers(p, x->plan, before);
        list_carers(p, plan, after);
        *ret_n = 0;
        for (int32_t v = 0; v < p->n_visits; v++)
            *ret_n += v != visit && before[p->visits[v].slots.first] != CR_NONE &&
                      !has_same_carers(p->visits[v].slots, before, after);
    }
    cr_status st = before && after ? CR_OK : CR_E_NOMEM;
    free(before);
    free(after);
    return st;
}
