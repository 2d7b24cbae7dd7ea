/* Suggest, the quick look: what the round is past its ends at its earliest starts, the detour, and what the carer
 * herself costs, in every place of every shift. */
#include "suggest_places.h"

#include "cost.h"
#include "evaluate_draft.h"

#include <stdlib.h>
#include <string.h>

#define WAYS_PAST INT64_C(1000000) /* what a tick past an end counts against a cost unit, among places only */

typedef struct looking {
    const cr_problem *p;
    int32_t visit;
    const cr_plan *without;
    const int32_t *round_of;
    int32_t *elements;   /* of the round looked at, without what is given up */
    int32_t *stands_at;  /* where each stands in the round */
    int32_t n, n_before; /* elements now, stops of the round as it is */
    int64_t past_before; /* of the round as it is */
    places *found;
} looking;

static int32_t count_unfit(const cr_problem *p, int32_t slot_idx, int32_t carer_idx)
{
    const cr_slot *slot = &p->slots[slot_idx];
    const cr_visit *visit = &p->visits[slot->visit];
    const cr_carer *carer = &p->carers[carer_idx];
    int32_t n = slot->locked_carer != CR_NONE && slot->locked_carer != carer_idx;
    n += has_id(p, visit->forbidden, carer_idx);
    n += carer->keeps_patches && is_off_patch(p, visit, carer_idx);
    for (int32_t i = slot->skills.first; i < slot->skills.first + slot->skills.n; i++)
        n += !has_skill(p, carer->skills, p->skills[i]);
    for (int32_t i = slot->attributes.first; i < slot->attributes.first + slot->attributes.n; i++)
        n += !has_id(p, carer->attributes, p->ids[i]);
    return n;
}

static int64_t way_cost(const cr_problem *p, const cr_shift *shift, int32_t from, int32_t to)
{
    if (from == CR_NONE || to == CR_NONE)
        return 0;
    int64_t time = cr_matrix_time(p->matrix[shift->mode], from, to); /* about: the best are timed exactly */
    return time >= CR_NO_WAY ? 0
                             : time * (p->prices.travel + p->carers[shift->carer].wage_price) +
                                   cr_matrix_dist_m(p->matrix[shift->mode], from, to) * distance_price(p, shift);
}

static bool has_place(const looking *s, int32_t element)
{
    return element < s->p->n_slots && !s->p->visits[s->p->slots[element].visit].is_anywhere;
}

/* The place of the last visit before stop k of the round, or of the first at or after it. */
static int32_t place_before(const looking *s, const cr_shift *shift, int32_t k)
{
    while (--k >= 0)
        if (has_place(s, s->elements[k]))
            return s->p->visits[s->p->slots[s->elements[k]].visit].place;
    return shift->start_place;
}

static int32_t place_after(const looking *s, const cr_shift *shift, int32_t k, int32_t n)
{
    for (; k < n; k++)
        if (has_place(s, s->elements[k]))
            return s->p->visits[s->p->slots[s->elements[k]].visit].place;
    return shift->end_place;
}

static int64_t detour_cost(const looking *s, const cr_shift *shift, int32_t k, bool is_used, int32_t to)
{
    int32_t before = place_before(s, shift, k), after = place_after(s, shift, k, s->n);
    to = s->p->visits[s->visit].is_anywhere ? before : to;
    int64_t old = is_used ? way_cost(s->p, shift, before, after) : -shift->use_price;
    return way_cost(s->p, shift, before, to) + way_cost(s->p, shift, to, after) - old;
}

static bool is_given_up(const place *at, int32_t slot)
{
    for (int32_t i = 0; i < at->n_given_up; i++)
        if (at->given_up[i] == slot)
            return true;
    return false;
}

static cr_range round_stops(const looking *s, int32_t shift)
{
    return s->round_of[shift] == CR_NONE ? (cr_range){0, 0} : s->without->rounds[s->round_of[shift]].stops;
}

static void gather_round(looking *s, const place *at)
{
    cr_range stops = round_stops(s, at->shift);
    s->n = 0;
    for (int32_t k = 0; k < stops.n; k++) {
        const cr_stop *stop = &s->without->stops[stops.first + k];
        if (is_given_up(at, stop->slot))
            continue;
        s->stands_at[s->n] = k;
        s->elements[s->n++] = stop->slot != CR_NONE ? stop->slot : s->p->n_slots + stop->brk;
    }
}

static bool is_better(const place *x, const place *than)
{
    return x->past < than->past || (x->past == than->past && x->cost < than->cost);
}

/* The best place among the elements. */
static void find_best(looking *s, place *at)
{
    const cr_shift *shift = &s->p->shifts[at->shift];
    int32_t n = s->n, home = s->p->visits[s->visit].place;
    place next = *at;
    at->past = INT64_MAX;
    for (int32_t k = shift->held.n; k <= n; k++) {
        next.cost = detour_cost(s, shift, k, s->n_before > 0, home);
        memmove(s->elements + k + 1, s->elements + k, (size_t)(n - k) * sizeof *s->elements);
        s->elements[k] = at->slot;
        next.past = walk_round(s->p, shift, s->elements, n + 1).past - s->past_before;
        memmove(s->elements + k, s->elements + k + 1, (size_t)(n - k) * sizeof *s->elements);
        if (is_better(&next, at)) {
            *at = next;
            at->at = k < n ? s->stands_at[k] : s->n_before;
        }
    }
}

static int64_t person_cost(const cr_problem *p, int32_t slot, int32_t carer)
{
    cr_cost terms = {0};
    int64_t sum = 0;
    slot_terms(p, slot, carer, &terms);
    for (int32_t t = 0; t < CR_TERM_N; t++)
        sum += terms.term[t];
    return sum;
}

/* ---- time held back that is given up ---- */

/* The best place in the round without what is given up. */
static void look_without(looking *s, place *at)
{
    const cr_problem *p = s->p;
    gather_round(s, at);
    find_best(s, at);
    for (int32_t i = 0; i < at->n_given_up; i++)
        at->cost += p->visits[p->slots[at->given_up[i]].visit].unallocated_price -
                    person_cost(p, at->given_up[i], p->shifts[at->shift].carer);
}

/* Stops between a place and stop k of the round. Of pieces that are alike the nearest goes, so that few others move. */
static int32_t stops_between(const place *at, int32_t k)
{
    return k >= at->at ? k - at->at : at->at - 1 - k;
}

/* The best with one piece more given up. What has begun stays. False: there is none. */
static bool give_one_up(looking *s, const place *so_far, place *ret_best)
{
    cr_range stops = round_stops(s, so_far->shift);
    int32_t nearest = INT32_MAX;
    *ret_best = (place){.past = INT64_MAX};
    for (int32_t k = s->p->shifts[so_far->shift].held.n; k < stops.n; k++) {
        int32_t slot = s->without->stops[stops.first + k].slot;
        if (slot == CR_NONE || !s->p->visits[s->p->slots[slot].visit].is_anywhere || is_given_up(so_far, slot))
            continue;
        place next = *so_far;
        next.given_up[next.n_given_up++] = slot;
        look_without(s, &next);
        int32_t between = stops_between(&next, k);
        if (is_better(&next, ret_best) || (!is_better(ret_best, &next) && between < nearest)) {
            *ret_best = next;
            nearest = between;
        }
    }
    return ret_best->n_given_up > 0;
}

/* The cheapest with one piece less given up, that fits as well. False: all are needed. */
static bool keep_one(looking *s, place *at)
{
    int64_t enough = at->past > 0 ? at->past : 0;
    place best = {.n_given_up = 0};
    for (int32_t i = 0; i < at->n_given_up && at->n_given_up > 1; i++) {
        place next = *at;
        next.given_up[i] = next.given_up[--next.n_given_up];
        look_without(s, &next);
        if (next.past <= enough && (best.n_given_up == 0 || next.cost < best.cost))
            best = next;
    }
    if (best.n_given_up > 0)
        *at = best;
    return best.n_given_up > 0;
}

/* One piece after another, until the round is not past its ends for the visit, and then not those that were for
 * nothing. */
static bool give_up(looking *s, int32_t slot, int32_t shift_idx, place *ret_best)
{
    place so_far = {.slot = slot, .shift = shift_idx}, next;
    *ret_best = (place){.past = INT64_MAX};
    while (so_far.n_given_up < CR_SUGGEST_GIVEN_UP_EACH && ret_best->past > 0 && give_one_up(s, &so_far, &next)) {
        so_far = next;
        if (next.past < ret_best->past)
            *ret_best = next;
    }
    while (keep_one(s, ret_best)) {
    }
    return ret_best->n_given_up > 0;
}

/* ---- all of them ---- */

static void look_at_shift(looking *s, int32_t slot, int32_t shift_idx)
{
    const cr_problem *p = s->p;
    const cr_shift *shift = &p->shifts[shift_idx];
    int64_t own_cost = person_cost(p, slot, shift->carer);
    place best = {.slot = slot, .shift = shift_idx, .n_unfit = count_unfit(p, slot, shift->carer)};
    gather_round(s, &best);
    s->n_before = s->n;
    s->past_before = walk_round(p, shift, s->elements, s->n).past;
    find_best(s, &best);
    if (best.past == INT64_MAX) /* all of the round has begun */
        return;
    best.cost += own_cost;
    s->found->items[s->found->n++] = best;
    if (best.n_unfit == 0 && !p->visits[s->visit].is_anywhere && give_up(s, slot, shift_idx, &best)) {
        best.cost += own_cost;
        s->found->items[s->found->n++] = best;
    }
}

int64_t place_worth(int32_t n_unfit, int64_t past, int64_t cost)
{
    return n_unfit * (INT64_C(1) << 56) + (past > 0 ? past : 0) * WAYS_PAST + cost;
}

static int compare_places(const void *a, const void *b)
{
    const place *x = a, *y = b;
    int64_t i = place_worth(x->n_unfit, x->past, x->cost), k = place_worth(y->n_unfit, y->past, y->cost);
    if (i != k)
        return i < k ? -1 : 1;
    if (x->shift != y->shift)
        return x->shift < y->shift ? -1 : 1;
    return x->n_given_up - y->n_given_up;
}

static void look_at_all(looking *s)
{
    places *found = s->found;
    cr_range slots = s->p->visits[s->visit].slots;
    for (int32_t i = 0; i < slots.n; i++) {
        found->first[i] = found->n;
        for (int32_t shift = 0; shift < s->p->n_shifts; shift++)
            if (!s->p->shifts[shift].is_over)
                look_at_shift(s, slots.first + i, shift);
        qsort(found->items + found->first[i], (size_t)(found->n - found->first[i]), sizeof *found->items,
              compare_places);
    }
    found->first[slots.n] = found->n;
}

cr_status suggest_places(const cr_problem *p, int32_t visit, const cr_plan *without, const int32_t *round_of,
                         places *ret_places)
{
    looking s = {.p = p, .visit = visit, .without = without, .round_of = round_of, .found = ret_places};
    size_t n_stops = (size_t)without->n_stops + 2, n_each = (size_t)p->visits[visit].slots.n * (size_t)p->n_shifts;
    s.elements = malloc(n_stops * sizeof *s.elements);
    s.stands_at = malloc(n_stops * sizeof *s.stands_at);
    *ret_places = (places){.items = malloc((2 * n_each + 1) * sizeof *ret_places->items)};
    bool has_memory = s.elements && s.stands_at && ret_places->items;
    if (has_memory)
        look_at_all(&s);
    free(s.elements);
    free(s.stands_at);
    return has_memory ? CR_OK : CR_E_NOMEM;
}
