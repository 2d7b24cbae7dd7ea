/* Suggest: the places for one visit, ranked.
 *
 * First every place of every shift, quickly (suggest_places.c). For each slot the best place of each shift competes,
 * and the best with time held back given up; teams are put together from the best of their slots. The best of all are
 * then put into the plan and evaluated exactly.
 */
#include "careround/suggest.h"

#include "crew.h"
#include "suggest_places.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_PLACES_MOST 8 /* of each slot of a visit of several carers */
#define TRIED_AT_LEAST   12

typedef struct team {
    int32_t place[CR_SUGGEST_CARERS_MOST];
    int32_t n_unfit, n_given_up;
    int64_t past, cost;
} team;

typedef struct suggesting {
    const cr_problem *p;
    int32_t visit, most;
    cr_plan *without;   /* the plan, the visit taken out */
    cr_evaluation base; /* of it; breaches and plan are copies of ours */
    int32_t *start_now; /* by slot, in the plan as it is; CR_FREE */
    int32_t *noted_in;  /* by slot: the last suggestion that told when it starts */
    int32_t *round_of;  /* by shift, in the plan without; CR_NONE */
    int32_t *shift_now; /* of the visit's slots in the plan as it is; CR_NONE */
    places places;
    team *teams;
    int32_t n_teams, room_teams;
    cr_evaluator *evaluator;
    cr_suggestions *made;
} suggesting;

static void forget(cr_suggestion *item)
{
    free(item->broken);
    free(item->delays);
}

cr_suggestions *cr_suggestions_free(cr_suggestions *list)
{
    if (list) {
        for (int32_t i = 0; i < list->n; i++)
            forget(&list->items[i]);
        free(list->items);
        free(list);
    }
    return NULL;
}

/* ---- teams ---- */

static int compare_teams(const void *a, const void *b)
{
    const team *x = a, *y = b;
    int64_t i = place_worth(x->n_unfit, x->past, x->cost), k = place_worth(y->n_unfit, y->past, y->cost);
    if (i != k)
        return i < k ? -1 : 1;
    return memcmp(x->place, y->place, sizeof x->place);
}

static bool is_in_team(const suggesting *s, const team *t, int32_t n, const place *next)
{
    for (int32_t i = 0; i < n; i++)
        if (s->p->shifts[s->places.items[t->place[i]].shift].carer == s->p->shifts[next->shift].carer)
            return true;
    return false;
}

/* Carers of the team who share a car with somebody who is not in it, or at another of her stops. */
static int32_t count_half_crews(const suggesting *s, const team *t, int32_t n_slots)
{
    int32_t n = 0;
    for (int32_t i = 0; i < n_slots; i++) {
        const place *at = &s->places.items[t->place[i]];
        int32_t other = cr_problem_crew(s->p, at->shift);
        bool is_with_her = other == CR_NONE;
        for (int32_t k = 0; k < n_slots; k++) {
            const place *hers = &s->places.items[t->place[k]];
            is_with_her = is_with_her || (hers->shift == other && hers->at == at->at);
        }
        n += !is_with_her;
    }
    return n;
}

/* Carers of the team who are not of the provider of its first, where all must be of one. */
static int32_t count_other_providers(const suggesting *s, const team *t, int32_t n_slots)
{
    const cr_problem *p = s->p;
    int32_t n = 0, first = p->carers[p->shifts[s->places.items[t->place[0]].shift].carer].provider;
    for (int32_t i = 1; i < n_slots && p->visits[s->visit].same_provider; i++)
        n += p->carers[p->shifts[s->places.items[t->place[i]].shift].carer].provider != first;
    return n;
}

static cr_status extend_team(suggesting *s, const team *so_far, int32_t n)
{
    int32_t n_slots = s->p->visits[s->visit].slots.n;
    if (n == n_slots) {
        if (s->n_teams == s->room_teams) {
            int32_t room = 2 * s->room_teams + 64;
            team *grown = realloc(s->teams, (size_t)room * sizeof *grown);
            if (!grown)
                return CR_E_NOMEM;
            s->teams = grown;
            s->room_teams = room;
        }
        s->teams[s->n_teams] = *so_far;
        s->teams[s->n_teams++].n_unfit += count_half_crews(s, so_far, n) + count_other_providers(s, so_far, n);
        return CR_OK;
    }
    int32_t end = s->places.first[n + 1];
    if (n_slots > 1 && end > s->places.first[n] + SLOT_PLACES_MOST)
        end = s->places.first[n] + SLOT_PLACES_MOST;
    cr_status st = CR_OK;
    for (int32_t i = s->places.first[n]; !st && i < end; i++) {
        const place *next = &s->places.items[i];
        if (is_in_team(s, so_far, n, next))
            continue;
        team larger = *so_far;
        larger.place[n] = i;
        larger.n_unfit += next->n_unfit;
        larger.n_given_up += next->n_given_up;
        larger.past += next->past > 0 ? next->past : 0;
        larger.cost += next->cost;
        st = extend_team(s, &larger, n + 1);
    }
    return st;
}

/* ---- the exact look ---- */

static bool is_given_up(const suggesting *s, const team *t, int32_t slot)
{
    for (int32_t i = 0; i < s->p->visits[s->visit].slots.n; i++) {
        const place *at = &s->places.items[t->place[i]];
        for (int32_t g = 0; g < at->n_given_up; g++)
            if (at->given_up[g] == slot)
                return true;
    }
    return false;
}

/* The plan with a team in it, and without the time held back that it gives up. */
static cr_status put_team_in(const suggesting *s, const team *t, cr_plan **ret_plan)
{
    int32_t n_slots = s->p->visits[s->visit].slots.n;
    cr_auto(cr_plan) plan = NULL;
    cr_status st = cr_plan_new(s->without->n_rounds + n_slots, s->without->n_stops + n_slots, 0, &plan);
    if (st)
        return st;
    plan->n_rounds = plan->n_stops = 0;
    for (int32_t r = 0; r < s->without->n_rounds; r++) {
        const cr_round *from = &s->without->rounds[r];
        cr_round *to = &plan->rounds[plan->n_rounds++];
        *to = *from;
        to->stops.first = plan->n_stops;
        for (int32_t k = 0; k <= from->stops.n; k++) {
            for (int32_t i = 0; i < n_slots; i++) {
                const place *at = &s->places.items[t->place[i]];
                if (s->round_of[at->shift] == r && at->at == k)
                    plan->stops[plan->n_stops++] = (cr_stop){at->slot, CR_NONE, 0};
            }
            if (k < from->stops.n && !is_given_up(s, t, s->without->stops[from->stops.first + k].slot))
                plan->stops[plan->n_stops++] = s->without->stops[from->stops.first + k];
        }
        to->stops.n = plan->n_stops - to->stops.first;
    }
    for (int32_t i = 0; i < n_slots; i++) {
        const place *at = &s->places.items[t->place[i]];
        if (s->round_of[at->shift] != CR_NONE)
            continue;
        plan->rounds[plan->n_rounds++] = (cr_round){at->shift, {plan->n_stops, 1}, 0, 0};
        plan->stops[plan->n_stops++] = (cr_stop){at->slot, CR_NONE, 0};
    }
    *ret_plan = cr_plan_take(&plan);
    return CR_OK;
}

static int64_t off_by(const cr_breach *b)
{
    return b->is < b->should ? b->should - b->is : b->is - b->should;
}

static bool is_broken_anyway(const suggesting *s, const cr_breach *b)
{
    for (int32_t i = 0; i < s->base.check->n_breaches; i++) {
        const cr_breach *old = &s->base.check->breaches[i];
        if (old->rule == b->rule && old->visit == b->visit && old->shift == b->shift && old->carer == b->carer &&
            old->item == b->item && old->other_visit == b->other_visit && off_by(old) >= off_by(b))
            return true;
    }
    return false;
}

static cr_status note_broken(const suggesting *s, const cr_evaluation *e, cr_suggestion *item)
{
    item->broken = malloc(((size_t)e->check->n_breaches + 1) * sizeof *item->broken);
    if (!item->broken)
        return CR_E_NOMEM;
    for (int32_t b = 0; b < e->check->n_breaches; b++)
        if (!is_broken_anyway(s, &e->check->breaches[b]))
            item->broken[item->n_broken++] = e->check->breaches[b];
    return CR_OK;
}

static int compare_delays(const void *a, const void *b)
{
    const cr_delay *x = a, *y = b;
    if (x->now != y->now)
        return x->now < y->now ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

static cr_status note_delays(const suggesting *s, const cr_plan *plan, cr_suggestion *item)
{
    const cr_problem *p = s->p;
    item->delays = malloc(((size_t)plan->n_stops + 1) * sizeof *item->delays);
    if (!item->delays)
        return CR_E_NOMEM;
    for (int32_t k = 0; k < plan->n_stops; k++) {
        const cr_stop *stop = &plan->stops[k];
        if (stop->slot == CR_NONE || s->noted_in[stop->slot] == s->made->n)
            continue;
        int32_t visit = p->slots[stop->slot].visit;
        bool is_moved = visit != s->visit && stop->start != s->start_now[stop->slot];
        s->noted_in[stop->slot] = s->made->n;
        if (visit == s->visit)
            item->start = stop->start;
        if (is_moved)
            item->delays[item->n_delays++] = (cr_delay){visit, s->start_now[stop->slot], stop->start};
        for (int32_t i = 0; is_moved && i < p->visits[visit].slots.n; i++) /* once for all who come */
            s->noted_in[p->visits[visit].slots.first + i] = s->made->n;
    }
    qsort(item->delays, (size_t)item->n_delays, sizeof *item->delays, compare_delays);
    return CR_OK;
}

static void note_given_up(const suggesting *s, const team *t, cr_suggestion *item)
{
    for (int32_t i = 0; i < item->n_carers; i++) {
        const place *at = &s->places.items[t->place[i]];
        for (int32_t g = 0; g < at->n_given_up; g++) {
            int32_t visit = s->p->slots[at->given_up[g]].visit;
            item->given_up[item->n_given_up++] = (cr_given_up){visit, s->start_now[at->given_up[g]]};
        }
    }
    item->is_now = item->is_now && item->n_given_up == 0;
}

static cr_status work_out(suggesting *s, const team *t)
{
    cr_auto(cr_plan) plan = NULL;
    const cr_evaluation *e;
    cr_status st = put_team_in(s, t, &plan);
    if (!st)
        st = cr_evaluate(s->evaluator, plan, &e);
    if (st)
        return st;
    cr_suggestion *item = &s->made->items[s->made->n++];
    *item = (cr_suggestion){.n_carers = s->p->visits[s->visit].slots.n, .start = CR_FREE, .is_now = true};
    for (int32_t i = 0; i < item->n_carers; i++) {
        item->shift[i] = s->places.items[t->place[i]].shift;
        item->is_now = item->is_now && item->shift[i] == s->shift_now[i];
    }
    note_given_up(s, t, item);
    for (int32_t term = 0; term < CR_TERM_N; term++)
        item->cost.term[term] = e->check->cost.term[term] - s->base.check->cost.term[term];
    item->cost.total = e->check->cost.total - s->base.check->cost.total;
    st = note_broken(s, e, item);
    return st ? st : note_delays(s, e->plan, item);
}

static int compare_suggestions(const void *a, const void *b)
{
    const cr_suggestion *x = a, *y = b;
    if (x->n_broken != y->n_broken)
        return x->n_broken < y->n_broken ? -1 : 1;
    if (x->cost.total != y->cost.total)
        return x->cost.total < y->cost.total ? -1 : 1;
    int by_shift = memcmp(x->shift, y->shift, sizeof x->shift);
    return by_shift ? by_shift : x->n_given_up - y->n_given_up;
}

/* Of those with the same carers, one that gives time up is of use only if none before it has them. */
static void drop_useless(cr_suggestions *list)
{
    int32_t n = 0;
    for (int32_t i = 0; i < list->n; i++) {
        bool is_useless = false;
        for (int32_t k = 0; k < n && list->items[i].n_given_up > 0 && !is_useless; k++)
            is_useless = memcmp(list->items[k].shift, list->items[i].shift, sizeof list->items[i].shift) == 0;
        if (is_useless)
            forget(&list->items[i]);
        else
            list->items[n++] = list->items[i];
    }
    list->n = n;
}

/* ---- the whole ---- */

static void note_shifts_now(suggesting *s, const cr_plan *plan)
{
    cr_range slots = s->p->visits[s->visit].slots;
    for (int32_t i = 0; i < slots.n; i++)
        s->shift_now[i] = CR_NONE;
    for (int32_t r = 0; r < plan->n_rounds; r++)
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            int32_t slot = plan->stops[plan->rounds[r].stops.first + k].slot;
            if (slot >= slots.first && slot < slots.first + slots.n)
                s->shift_now[slot - slots.first] = plan->rounds[r].shift;
        }
}

static cr_status take_visit_out(const suggesting *s, const cr_plan *plan, cr_plan **ret_plan)
{
    cr_range slots = s->p->visits[s->visit].slots;
    cr_auto(cr_plan) without = NULL;
    cr_status st = cr_plan_new(plan->n_rounds, plan->n_stops, 0, &without);
    if (st)
        return st;
    without->n_stops = 0;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        without->rounds[r] = plan->rounds[r];
        without->rounds[r].stops = (cr_range){without->n_stops, 0};
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            const cr_stop *stop = &plan->stops[plan->rounds[r].stops.first + k];
            if (stop->slot >= slots.first && stop->slot < slots.first + slots.n)
                continue;
            without->stops[without->n_stops++] = *stop;
            without->rounds[r].stops.n++;
        }
    }
    *ret_plan = cr_plan_take(&without);
    return CR_OK;
}

/* When everybody comes as it is planned, the visit included: what moves, moves against that. Of a slot that is in the
 * plan twice the first counts. */
static cr_status note_starts_now(suggesting *s, const cr_plan *plan)
{
    const cr_evaluation *e;
    cr_status st = cr_evaluate(s->evaluator, plan, &e);
    if (st)
        return st;
    for (int32_t i = 0; i < s->p->n_slots; i++) {
        s->start_now[i] = CR_FREE;
        s->noted_in[i] = CR_NONE;
    }
    for (int32_t k = e->plan->n_stops; k-- > 0;)
        if (e->plan->stops[k].slot != CR_NONE)
            s->start_now[e->plan->stops[k].slot] = e->plan->stops[k].start;
    return CR_OK;
}

/* The plan without the visit, evaluated; kept in memory of our own, for the evaluator goes on. */
static cr_status evaluate_base(suggesting *s, const cr_plan *plan)
{
    cr_auto(cr_plan) without = NULL;
    const cr_evaluation *e;
    cr_status st = take_visit_out(s, plan, &without);
    if (!st)
        st = cr_evaluate(s->evaluator, without, &e);
    if (!st)
        st = cr_plan_copy(e->plan, &s->without);
    if (!st)
        st = cr_check_plan(s->p, s->without, &s->base.check);
    if (st)
        return st;
    for (int32_t i = 0; i < s->p->n_shifts; i++)
        s->round_of[i] = CR_NONE;
    for (int32_t r = 0; r < s->without->n_rounds; r++) /* of a shift that has several the first: it has times */
        if (s->round_of[s->without->rounds[r].shift] == CR_NONE)
            s->round_of[s->without->rounds[r].shift] = r;
    return CR_OK;
}

static cr_status take_memory(suggesting *s)
{
    const cr_problem *p = s->p;
    int32_t n_slots = p->visits[s->visit].slots.n;
    s->start_now = malloc(((size_t)p->n_slots + 1) * sizeof *s->start_now);
    s->noted_in = malloc(((size_t)p->n_slots + 1) * sizeof *s->noted_in);
    s->round_of = malloc(((size_t)p->n_shifts + 1) * sizeof *s->round_of);
    s->shift_now = malloc(((size_t)n_slots + 1) * sizeof *s->shift_now);
    s->made = calloc(1, sizeof *s->made);
    return s->start_now && s->noted_in && s->round_of && s->shift_now && s->made ? cr_evaluator_new(p, &s->evaluator)
                                                                                 : CR_E_NOMEM;
}

/* The best teams, as many again of those that give time held back up: the others are as without it. */
static cr_status work_out_best(suggesting *s)
{
    int32_t most = s->most < TRIED_AT_LEAST ? TRIED_AT_LEAST : s->most, n_plain = 0, n_giving_up = 0;
    cr_status st = CR_OK;
    qsort(s->teams, (size_t)s->n_teams, sizeof *s->teams, compare_teams);
    s->made->items = calloc(2 * (size_t)(most < s->n_teams ? most : s->n_teams) + 1, sizeof *s->made->items);
    if (!s->made->items)
        return CR_E_NOMEM;
    for (int32_t i = 0; !st && i < s->n_teams; i++) {
        int32_t *n = s->teams[i].n_given_up > 0 ? &n_giving_up : &n_plain;
        if ((*n)++ < most)
            st = work_out(s, &s->teams[i]);
    }
    return st;
}

static cr_status suggest(suggesting *s, const cr_plan *plan)
{
    team nobody = {.n_unfit = 0};
    cr_status st = take_memory(s);
    if (!st)
        st = note_starts_now(s, plan);
    if (!st)
        st = evaluate_base(s, plan);
    if (st)
        return st;
    note_shifts_now(s, plan);
    st = suggest_places(s->p, s->visit, s->without, s->round_of, &s->places);
    if (!st)
        st = extend_team(s, &nobody, 0);
    if (!st)
        st = work_out_best(s);
    if (st)
        return st;
    qsort(s->made->items, (size_t)s->made->n, sizeof *s->made->items, compare_suggestions);
    drop_useless(s->made);
    while (s->made->n > s->most)
        forget(&s->made->items[--s->made->n]);
    return CR_OK;
}

cr_status cr_suggest(const cr_problem *problem, const cr_plan *plan, int32_t visit, int32_t most,
                     cr_suggestions **ret_suggestions)
{
    assert(visit >= 0 && visit < problem->n_visits && most >= 0);
    suggesting s = {.p = problem, .visit = visit, .most = most};
    cr_status st = suggest(&s, plan);
    if (!st) {
        *ret_suggestions = s.made;
        s.made = NULL;
    }
    cr_suggestions_free(s.made);
    cr_evaluator_free(s.evaluator);
    cr_check_free(s.base.check);
    cr_plan_free(s.without);
    free(s.start_now);
    free(s.noted_in);
    free(s.round_of);
    free(s.shift_now);
    free(s.places.items);
    free(s.teams);
    return st;
}
