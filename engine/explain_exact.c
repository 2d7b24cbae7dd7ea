/* All plans of a tiny day: what proves that a change is the smallest.
 *
 * Rounds are written stop by stop, one shift after the other, so that nothing is assumed of travel (a detour may be the
 * shorter way). A branch ends where its own windows, breaks, shift or limits of work fail, or where what it costs
 * without waiting and lateness, and the least that the open slots must cost, is no better than the best plan so far.
 * Whole plans are timed exactly.
 */
#include "breaks.h"
#include "cost.h"
#include "explain_internal.h"
#include "on_board.h"
#include "starts.h"

#include <stdlib.h>

#define SHIFTS_MOST 3
#define SLOTS_MOST  9
#define BREAKS_MOST 4 /* of one shift */

struct exact {
    const cr_problem *p;
    int32_t n_slots, slots[SLOTS_MOST]; /* wanted */
    uint32_t open_to[SHIFTS_MOST];      /* by shift: which of them its carer may do; bit k for slots[k] */
    int64_t least[SLOTS_MOST];          /* what each costs whoever does it */
    int64_t unallocated_cost;

    /* the branch */
    int32_t *stops[SHIFTS_MOST], n_stops[SHIFTS_MOST];
    int32_t *not_before;          /* by visit: where a slot of it stands already; CR_FREE */
    int32_t carer_of[SLOTS_MOST]; /* CR_NONE: open */
    int64_t work[SHIFTS_MOST], load[SHIFTS_MOST], travel[SHIFTS_MOST], dist_m[SHIFTS_MOST];

    starts starts;
    int32_t *all_gaps;
    cr_plan *draft, *best;
    int64_t below, n_nodes;
    bool any;
    cr_status status;
};

/* Where a round has come to. */
typedef struct tip {
    int32_t shift, last_slot, now; /* CR_NONE: no slot yet */
    int32_t placed_slot;           /* the last that has a place; CR_NONE: she is at the start place */
    uint32_t open, breaks_open;    /* slots of the day, breaks of the shift */
    int64_t cost;
} tip;

exact *exact_free(exact *e)
{
    if (e) {
        for (int32_t s = 0; s < SHIFTS_MOST; s++)
            free(e->stops[s]);
        free(e->not_before);
        free(e->all_gaps);
        starts_done(&e->starts);
        cr_plan_free(e->draft);
        cr_plan_free(e->best);
        free(e);
    }
    return NULL;
}

bool exact_can_do(const cr_problem *p, const bool *is_wanted)
{
    int32_t n_slots = 0;
    for (int32_t v = 0; v < p->n_visits; v++)
        n_slots += is_wanted[v] ? p->visits[v].slots.n : 0;
    for (int32_t s = 0; s < p->n_shifts; s++)
        if (p->shifts[s].breaks.n > BREAKS_MOST)
            return false;
    for (int32_t s = 0; s < p->n_shifts; s++)
        if (p->shifts[s].crew != CR_NONE)
            return false;
    return p->n_held == 0 && p->n_periods == 0 && p->n_shifts <= SHIFTS_MOST && n_slots <= SLOTS_MOST;
}

/* ---- a whole plan ---- */

static void draft_plan(exact *e)
{
    const cr_problem *p = e->p;
    cr_plan *plan = e->draft;
    plan->n_rounds = plan->n_stops = 0;
    for (int32_t s = 0; s < p->n_shifts; s++) {
        if (e->n_stops[s] == 0)
            continue;
        plan->rounds[plan->n_rounds++] = (cr_round){s, {plan->n_stops, e->n_stops[s]}, 0, 0};
        for (int32_t k = 0; k < e->n_stops[s]; k++) {
            int32_t stop = e->stops[s][k];
            plan->stops[plan->n_stops++] =
                stop < p->n_slots ? (cr_stop){stop, CR_NONE, 0} : (cr_stop){CR_NONE, stop - p->n_slots, 0};
        }
    }
}

static cr_status time_draft(exact *e)
{
    const cr_problem *p = e->p;
    round_view views[SHIFTS_MOST];
    int32_t n_views = 0;
    for (int32_t s = 0; s < p->n_shifts; s++) {
        for (int32_t k = 0; k < e->n_stops[s]; k++)
            e->starts.at[start_of_stop(p, e->stops[s][k])] = CR_FREE;
        if (e->n_stops[s])
            views[n_views++] = (round_view){s, e->n_stops[s], e->stops[s]};
    }
    cr_status st = starts_find(&e->starts, p, views, n_views, e->all_gaps, p->n_gaps, NULL);
    if (!st) {
        for (int32_t r = 0, k = 0; r < n_views; r++) {
            for (int32_t i = 0; i < views[r].n; i++)
                e->draft->stops[k++].start = e->starts.at[start_of_stop(p, views[r].stops[i])];
            round_ends(p, NULL, &views[r], e->starts.at, &e->draft->rounds[r].depart, &e->draft->rounds[r].arrive);
        }
        st = plan_set_cost(p, e->draft);
    }
    /* What is not in a round must not look served elsewhere next time. */
    for (int32_t s = 0; s < p->n_shifts; s++)
        for (int32_t k = 0; k < e->n_stops[s]; k++)
            e->starts.at[start_of_stop(p, e->stops[s][k])] = CR_FREE;
    return st;
}

static bool visits_share_carer(const exact *e, int32_t first, int32_t second)
{
    for (int32_t i = 0; i < e->n_slots; i++)
        for (int32_t k = 0; k < e->n_slots; k++)
            if (e->p->slots[e->slots[i]].visit == first && e->p->slots[e->slots[k]].visit == second &&
                e->carer_of[i] == e->carer_of[k])
                return true;
    return false;
}

static bool is_wanted_visit(const exact *e, int32_t visit)
{
    for (int32_t i = 0; i < e->n_slots; i++)
        if (e->p->slots[e->slots[i]].visit == visit)
            return true;
    return false;
}

/* Are all carers of the two visits (which may be one) of one provider? */
static bool visits_share_provider(const exact *e, int32_t first, int32_t second)
{
    for (int32_t i = 0; i < e->n_slots; i++)
        for (int32_t k = 0; k < e->n_slots; k++)
            if (e->p->slots[e->slots[i]].visit == first && e->p->slots[e->slots[k]].visit == second &&
                e->p->carers[e->carer_of[i]].provider != e->p->carers[e->carer_of[k]].provider)
                return false;
    return true;
}

static bool carers_all_hold(const exact *e)
{
    for (int32_t g = 0; g < e->p->n_gaps; g++) {
        const cr_gap *gap = &e->p->gaps[g];
        if (!is_wanted_visit(e, gap->first) || !is_wanted_visit(e, gap->second))
            continue;
        if (gap->carers != CR_GAP_ANY && visits_share_carer(e, gap->first, gap->second) != (gap->carers == CR_GAP_SAME))
            return false;
        if (gap->same_provider && !visits_share_provider(e, gap->first, gap->second))
            return false;
    }
    for (int32_t i = 0; i < e->n_slots; i++) {
        int32_t visit = e->p->slots[e->slots[i]].visit;
        if (e->p->visits[visit].same_provider && !visits_share_provider(e, visit, visit))
            return false;
    }
    return true;
}

/* Everything is placed. True: stop here. */
static bool judge(exact *e)
{
    if (!carers_all_hold(e) || !contracts_are_kept(e->p, e->slots, e->carer_of, e->n_slots))
        return false;
    draft_plan(e);
    cr_status st = time_draft(e);
    if (st == CR_E_INPUT || (!st && e->draft->cost.total >= e->below))
        return false;
    e->best = cr_plan_free(e->best);
    e->status = st ? st : cr_plan_copy(e->draft, &e->best);
    e->below = e->draft->cost.total;
    return e->status || e->any;
}

/* ---- branches ---- */

static bool extend(exact *e, const tip *at);

static bool is_hopeless(const exact *e, const tip *at)
{
    int64_t cost = at->cost + e->unallocated_cost;
    for (int32_t i = 0; i < e->n_slots; i++)
        cost += at->open >> i & 1 ? e->least[i] : 0;
    return cost >= e->below;
}

static int64_t carer_work(const exact *e, int32_t carer)
{
    int64_t work = 0;
    for (int32_t s = 0; s < e->p->n_shifts; s++)
        work += e->p->shifts[s].carer == carer ? e->work[s] : 0;
    return work;
}

static int64_t day_work(const exact *e, int32_t shift)
{
    int64_t work = 0;
    for (int32_t s = 0; s < e->p->n_shifts; s++)
        if (e->p->shifts[s].carer == e->p->shifts[shift].carer && e->p->shifts[s].day == e->p->shifts[shift].day)
            work += e->work[s];
    return work;
}

/* Is the shift far enough from those used before it? */
static bool rest_holds(const exact *e, int32_t shift)
{
    const cr_shift *mine = &e->p->shifts[shift];
    for (int32_t s = 0; s < shift; s++) {
        const cr_shift *other = &e->p->shifts[s];
        if (e->n_stops[s] == 0 || other->carer != mine->carer || other->day == mine->day || is_rest_over(mine, other))
            continue;
        int32_t rest = other->day < mine->day ? mine->begin - other->end : other->begin - mine->end;
        if (rest < e->p->carers[mine->carer].min_rest)
            return false;
    }
    return true;
}

static bool is_within_work(const exact *e, int32_t shift)
{
    const cr_carer *carer = &e->p->carers[e->p->shifts[shift].carer];
    return ways_within_limits(&e->p->shifts[shift], e->travel[shift], e->dist_m[shift]) &&
           (carer->max_work == CR_NONE || carer_work(e, e->p->shifts[shift].carer) <= carer->max_work) &&
           (carer->max_day_work == CR_NONE || day_work(e, shift) <= carer->max_day_work);
}

/* The way is one of the shift's, or (sign -1) is not any more. */
static void count_way(exact *e, int32_t shift, leg way, int32_t sign)
{
    e->work[shift] += sign * ((int64_t)way.time + way.door);
    e->travel[shift] += sign * (int64_t)way.time;
    e->dist_m[shift] += sign * way.dist_m;
}

static tip begin_shift(const cr_problem *p, int32_t shift, uint32_t open, int64_t cost)
{
    tip next = {.shift = shift, .last_slot = CR_NONE, .placed_slot = CR_NONE, .open = open, .cost = cost};
    if (shift < p->n_shifts) {
        next.now = p->shifts[shift].begin;
        next.breaks_open = (UINT32_C(1) << p->shifts[shift].breaks.n) - 1;
    }
    return next;
}

/* Home, if the round is complete, and on to the next shift. */
static bool close_round(exact *e, const tip *at)
{
    const cr_problem *p = e->p;
    const cr_shift *shift = &p->shifts[at->shift];
    if (at->last_slot == CR_NONE) { /* idle: then no breaks either */
        tip next = begin_shift(p, at->shift + 1, at->open, at->cost);
        return e->n_stops[at->shift] == 0 && extend(e, &next);
    }
    leg home = leg_between(p, at->shift, at->placed_slot, CR_NONE);
    if (at->breaks_open || home.time >= CR_NO_WAY || at->now + home.time > shift->end)
        return false;
    tip next = begin_shift(p, at->shift + 1, at->open, at->cost + leg_cost(p, shift, home) + shift->use_price);
    count_way(e, at->shift, home, 1);
    bool stop = is_within_work(e, at->shift) && extend(e, &next);
    count_way(e, at->shift, home, -1);
    return stop;
}

static bool add_break(exact *e, const tip *at, int32_t b)
{
    const cr_problem *p = e->p;
    const cr_break *brk = &p->breaks[p->shifts[at->shift].breaks.first + b];
    tip next = *at;
    next.now = break_start_from(p, brk, at->now);
    if (next.now == INT32_MAX)
        return false;
    next.now += brk->length;
    next.breaks_open &= ~(UINT32_C(1) << b);
    next.cost += brk->paid ? brk->length * p->carers[p->shifts[at->shift].carer].wage_price : 0;
    e->stops[at->shift][e->n_stops[at->shift]++] = p->n_slots + p->shifts[at->shift].breaks.first + b;
    bool stop = on_board_holds(p, at->shift, e->stops[at->shift], e->n_stops[at->shift]) && extend(e, &next);
    e->n_stops[at->shift]--;
    return stop;
}

static bool is_carer_in_visit(const exact *e, int32_t visit, int32_t carer)
{
    for (int32_t i = 0; i < e->n_slots; i++)
        if (e->carer_of[i] == carer && e->p->slots[e->slots[i]].visit == visit)
            return true;
    return false;
}

static bool add_slot(exact *e, const tip *at, int32_t i)
{
    const cr_problem *p = e->p;
    const cr_slot *slot = &p->slots[e->slots[i]];
    const cr_shift *shift = &p->shifts[at->shift];
    const bool stays = p->visits[slot->visit].is_anywhere;
    leg in = stays ? (leg){0} : leg_between(p, at->shift, at->placed_slot, e->slots[i]);
    int32_t old_not_before = e->not_before[slot->visit], load = p->visits[slot->visit].load;
    int32_t duration = cr_problem_duration(p, e->slots[i], shift->carer);
    if (in.time >= CR_NO_WAY || !rest_holds(e, at->shift) || is_carer_in_visit(e, slot->visit, shift->carer) ||
        (shift->max_load != CR_NONE && e->load[at->shift] + load > shift->max_load))
        return false;
    int32_t ready = at->now + in.time + in.door;
    int32_t start = timetable_start_from(p, slot->visit, ready > old_not_before ? ready : old_not_before);
    if (start == INT32_MAX)
        return false;
    tip next = *at;
    next.last_slot = e->slots[i];
    next.placed_slot = stays ? at->placed_slot : e->slots[i];
    next.now = start + duration;
    next.open &= ~(UINT32_C(1) << i);
    next.cost += leg_cost(p, shift, in) + person_cost(p, e->slots[i], shift->carer);
    int32_t work = cr_problem_work(p, e->slots[i], shift->carer);
    e->stops[at->shift][e->n_stops[at->shift]++] = e->slots[i];
    e->not_before[slot->visit] = start;
    e->carer_of[i] = shift->carer;
    count_way(e, at->shift, in, 1);
    e->work[at->shift] += work;
    e->load[at->shift] += load;
    bool stop = is_within_work(e, at->shift) &&
                on_board_holds(p, at->shift, e->stops[at->shift], e->n_stops[at->shift]) && extend(e, &next);
    e->n_stops[at->shift]--;
    e->not_before[slot->visit] = old_not_before;
    e->carer_of[i] = CR_NONE;
    count_way(e, at->shift, in, -1);
    e->work[at->shift] -= work;
    e->load[at->shift] -= load;
    return stop;
}

/* Slots first: a good plan early makes the bound sharp. */
static bool extend(exact *e, const tip *at)
{
    if (e->n_nodes > 0)
        e->n_nodes--;
    if (e->n_nodes == 0)
        return true;
    if (is_hopeless(e, at))
        return false;
    if (at->shift == e->p->n_shifts)
        return at->open == 0 && judge(e);
    for (int32_t i = 0; i < e->n_slots; i++)
        if ((at->open & e->open_to[at->shift]) >> i & 1 && add_slot(e, at, i))
            return true;
    for (int32_t b = 0; b < e->p->shifts[at->shift].breaks.n; b++)
        if (at->breaks_open >> b & 1 && add_break(e, at, b))
            return true;
    return close_round(e, at);
}

/* ---- making one ---- */

static void list_slots(exact *e, const bool *is_wanted)
{
    const cr_problem *p = e->p;
    for (int32_t v = 0; v < p->n_visits; v++) {
        e->not_before[v] = CR_FREE;
        cr_range slots = p->visits[v].slots;
        if (!is_wanted[v]) {
            e->draft->unallocated[e->draft->n_unallocated++] = v;
            e->unallocated_cost += p->visits[v].unallocated_price * slots.n;
        }
        for (int32_t k = 0; is_wanted[v] && k < slots.n; k++)
            e->slots[e->n_slots++] = slots.first + k;
    }
}

static void list_who_may(exact *e)
{
    const cr_problem *p = e->p;
    for (int32_t i = 0; i < e->n_slots; i++) {
        e->carer_of[i] = CR_NONE;
        e->least[i] = INT64_MAX;
        for (int32_t s = 0; s < p->n_shifts; s++) {
            if (person_rule(p, e->slots[i], p->shifts[s].carer) != CR_REASON_N)
                continue;
            int64_t cost = person_cost(p, e->slots[i], p->shifts[s].carer);
            e->open_to[s] |= UINT32_C(1) << i;
            e->least[i] = cost < e->least[i] ? cost : e->least[i];
        }
        if (e->least[i] == INT64_MAX)
            e->least[i] = 0; /* nobody may: there is no plan anyway */
    }
}

cr_status exact_new(const cr_problem *problem, const bool *is_wanted, exact **ret_exact)
{
    cr_auto(exact) e = calloc(1, sizeof *e);
    size_t n_stops = SLOTS_MOST + BREAKS_MOST;
    if (!e)
        return CR_E_NOMEM;
    e->p = problem;
    for (int32_t s = 0; s < SHIFTS_MOST; s++)
        if (!(e->stops[s] = malloc(n_stops * sizeof *e->stops[s])))
            return CR_E_NOMEM;
    e->not_before = malloc(((size_t)problem->n_visits + 1) * sizeof *e->not_before);
    e->all_gaps = malloc(((size_t)problem->n_gaps + 1) * sizeof *e->all_gaps);
    if (!e->not_before || !e->all_gaps)
        return CR_E_NOMEM;
    for (int32_t g = 0; g < problem->n_gaps; g++)
        e->all_gaps[g] = g;
    cr_status st = starts_init(&e->starts, problem, 0);
    if (st || (st = cr_plan_new(SHIFTS_MOST, SHIFTS_MOST * (int32_t)n_stops, problem->n_visits, &e->draft)))
        return st;
    e->draft->n_unallocated = 0;
    list_slots(e, is_wanted);
    list_who_may(e);
    *ret_exact = exact_take(&e);
    return CR_OK;
}

cr_status exact_solve(exact *e, int64_t below, bool any, int64_t *n_nodes, cr_plan **ret_plan)
{
    e->below = below;
    e->any = any;
    e->n_nodes = *n_nodes;
    e->status = CR_OK;
    tip root = begin_shift(e->p, 0, (UINT32_C(1) << e->n_slots) - 1, 0);
    extend(e, &root);
    *n_nodes = e->n_nodes;
    if (e->best)
        *ret_plan = cr_plan_take(&e->best);
    return e->status;
}
