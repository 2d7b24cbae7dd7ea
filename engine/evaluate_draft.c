/* A plan as evaluate.c times it.
 *
 * Nothing of the plan is trusted: whatever is out of range or there twice keeps its place, so that the checker can say
 * so, and gets no part in the timing (or, a slot twice, a start of its own).
 */
#include "careround/evaluate.h"

#include "breaks.h"
#include "cost.h"
#include "evaluate_draft.h"
#include "timetable.h"

#include <stdlib.h>
#include <string.h>

#define BREAK_TRIED_MOST 256 /* stops of a round; in a longer one a missing break goes to the end */

draft *draft_free(draft *d)
{
    if (d) {
        cr_plan_free(d->plan);
        free(d->element);
        free(d->is_double);
        free(d->is_timed);
        free(d->is_forced);
        free(d->cluster);
        free(d->n_in);
        free(d->n_slots);
        free(d);
    }
    return NULL;
}

typedef struct drafting {
    const cr_problem *p;
    const cr_plan *from;
    draft *d;
    bool *seen;      /* by element */
    bool *has_round; /* by shift */
    struct ranked *order;
} drafting;

/* ---- a break that is not stated ---- */

static int32_t last_start(const cr_problem *p, const cr_visit *visit)
{
    return visit->locked_start != CR_FREE ? visit->locked_start
                                          : p->windows[visit->windows.first + visit->windows.n - 1].close;
}

static int64_t way(const cr_problem *p, const cr_shift *shift, int32_t from, int32_t to, int64_t leave)
{
    int32_t depart = leave < INT32_MAX / 2 ? (int32_t)leave : INT32_MAX / 2;
    int32_t time = cr_problem_travel(p, shift->mode, from, to, depart);
    return time < CR_NO_WAY ? time : 0;
}

outcome walk_round(const cr_problem *p, const cr_shift *shift, const int32_t *elements, int32_t n)
{
    outcome out = {0, shift->begin};
    int32_t place = shift->start_place;
    for (int32_t k = 0; k < n; k++) {
        int64_t start = out.back, until;
        int32_t e = elements[k];
        if (e == CR_NONE)
            continue;
        if (e < p->n_slots) {
            const cr_visit *visit = &p->visits[p->slots[e].visit];
            start += way(p, shift, place, visit->place, start) + (place == visit->place ? 0 : visit->door);
            until = last_start(p, visit);
            if (start <= until)
                start = timetable_start_from(p, p->slots[e].visit, (int32_t)start);
            place = visit->is_anywhere ? place : visit->place;
            out.back = start + cr_problem_duration(p, e, shift->carer) + (k + 1 < n ? p->slots[e].stay : 0);
        } else {
            const cr_break *b = &p->breaks[e - p->n_slots];
            until = b->close;
            if (start <= until)
                start = break_start_from(p, b, (int32_t)start);
            out.back = start + b->length + (k + 1 < n ? b->stay : 0);
        }
        out.past += start > until ? start - until : 0;
    }
    out.back += way(p, shift, place, shift->end_place, out.back);
    out.past += out.back > shift->end ? out.back - shift->end : 0;
    return out;
}

static void put_in(int32_t *elements, int32_t n, int32_t at, int32_t element)
{
    memmove(elements + at + 1, elements + at, (size_t)(n - at) * sizeof *elements);
    elements[at] = element;
}

/* Where the round is least past its ends, then soonest over, then soonest taken. elements has room for one more. */
static int32_t place_of_break(const cr_problem *p, const cr_shift *shift, int32_t *elements, int32_t n, int32_t element)
{
    int32_t best = n;
    outcome least = {INT64_MAX, INT64_MAX};
    for (int32_t at = 0; at <= n && n <= BREAK_TRIED_MOST; at++) {
        put_in(elements, n, at, element);
        outcome out = walk_round(p, shift, elements, n + 1);
        memmove(elements + at, elements + at + 1, (size_t)(n - at) * sizeof *elements);
        if (out.past < least.past || (out.past == least.past && out.back < least.back)) {
            least = out;
            best = at;
        }
    }
    return best;
}

/* ---- rounds ---- */

static int32_t element_of(const drafting *s, const cr_round *round, const cr_stop *stop)
{
    const cr_problem *p = s->p;
    if ((stop->slot == CR_NONE) == (stop->brk == CR_NONE))
        return CR_NONE;
    if (stop->brk == CR_NONE)
        return stop->slot >= 0 && stop->slot < p->n_slots ? stop->slot : CR_NONE;
    bool is_own = stop->brk >= 0 && stop->brk < p->n_breaks && p->breaks[stop->brk].shift == round->shift;
    return is_own ? p->n_slots + stop->brk : CR_NONE;
}

static bool range_fits(const cr_plan *plan, const cr_round *round)
{
    return round->stops.first >= 0 && round->stops.n >= 0 && round->stops.n <= plan->n_stops - round->stops.first;
}

/* The stops of a round behind those of the rounds before. Returns how many slots are among them. */
static int32_t copy_stops(drafting *s, const cr_round *from, cr_round *to, bool is_timed)
{
    draft *d = s->d;
    int32_t n_visits = 0;
    for (int32_t k = 0; range_fits(s->from, from) && k < from->stops.n; k++) {
        int32_t at = d->plan->n_stops++;
        const cr_stop *stop = &s->from->stops[from->stops.first + k];
        int32_t element = is_timed ? element_of(s, from, stop) : CR_NONE;
        d->plan->stops[at] = *stop;
        d->element[at] = element;
        to->stops.n++;
        if (element == CR_NONE)
            continue;
        d->is_double[at] = s->seen[element];
        s->seen[element] = true;
        n_visits += element < s->p->n_slots;
    }
    return n_visits;
}

static void add_breaks(drafting *s, cr_round *round)
{
    const cr_problem *p = s->p;
    const cr_shift *shift = &p->shifts[round->shift];
    draft *d = s->d;
    for (int32_t b = shift->breaks.first; b < shift->breaks.first + shift->breaks.n; b++) {
        int32_t element = p->n_slots + b, first = round->stops.first, n = round->stops.n;
        if (s->seen[element])
            continue;
        int32_t at = place_of_break(p, shift, d->element + first, n, element);
        put_in(d->element + first, n, at, element);
        memmove(d->plan->stops + first + at + 1, d->plan->stops + first + at,
                (size_t)(n - at) * sizeof *d->plan->stops);
        memmove(d->is_double + first + at + 1, d->is_double + first + at, (size_t)(n - at) * sizeof *d->is_double);
        d->plan->stops[first + at] = (cr_stop){CR_NONE, b, 0};
        d->is_double[first + at] = false;
        s->seen[element] = true;
        round->stops.n++;
        d->plan->n_stops++;
    }
}

static void forget_round(drafting *s, const cr_round *round)
{
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++)
        if (!s->d->is_double[k])
            s->seen[s->d->element[k]] = false;
    s->d->plan->n_stops = round->stops.first;
}

/* A round with breaks and nothing else is left out: the carer is not needed. */
static bool is_idle(const drafting *s, const cr_round *from, const cr_round *round, int32_t n_visits)
{
    if (n_visits > 0 || !range_fits(s->from, from))
        return false;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++)
        if (s->d->element[k] == CR_NONE)
            return false;
    return true;
}

static void add_round(drafting *s, const cr_round *from)
{
    draft *d = s->d;
    int32_t r = d->plan->n_rounds;
    bool is_timed = from->shift >= 0 && from->shift < s->p->n_shifts && !s->has_round[from->shift];
    cr_round *round = &d->plan->rounds[r];
    *round = (cr_round){from->shift, {d->plan->n_stops, 0}, from->depart, from->arrive};
    int32_t n_visits = copy_stops(s, from, round, is_timed);
    if (is_timed && is_idle(s, from, round, n_visits)) {
        forget_round(s, round);
        return;
    }
    if (is_timed) {
        s->has_round[from->shift] = true;
        add_breaks(s, round);
    }
    d->is_timed[r] = is_timed;
    d->plan->n_rounds++;
}

typedef struct ranked {
    int32_t shift, round;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->shift != y->shift)
        return x->shift < y->shift ? -1 : 1;
    return x->round < y->round ? -1 : x->round > y->round;
}

static void add_rounds(drafting *s)
{
    for (int32_t r = 0; r < s->from->n_rounds; r++)
        s->order[r] = (ranked){s->from->rounds[r].shift, r};
    qsort(s->order, (size_t)s->from->n_rounds, sizeof *s->order, compare_ranked);
    for (int32_t r = 0; r < s->from->n_rounds; r++)
        add_round(s, &s->from->rounds[s->order[r].round]);
}

static void list_unallocated(drafting *s)
{
    const cr_problem *p = s->p;
    draft *d = s->d;
    for (int32_t i = 0; i < p->n_slots; i++)
        d->n_slots[p->slots[i].visit] += s->seen[i];
    for (int32_t v = 0; v < p->n_visits; v++)
        if (d->n_slots[v] == 0)
            d->plan->unallocated[d->plan->n_unallocated++] = v;
}

/* ---- which rounds hang together ---- */

static int32_t find(int32_t *cluster, int32_t r)
{
    while (cluster[r] != r)
        r = cluster[r] = cluster[cluster[r]];
    return r;
}

/* The lower round leads, so that a cluster is named by its first. */
static void join(int32_t *cluster, int32_t a, int32_t b)
{
    a = find(cluster, a);
    b = find(cluster, b);
    cluster[a > b ? a : b] = a < b ? a : b;
}

/* round_of: by visit, one of its rounds. */
static void join_rounds(drafting *s, int32_t *round_of)
{
    const cr_problem *p = s->p;
    draft *d = s->d;
    int32_t first_timed = CR_NONE;
    for (int32_t r = 0; r < d->plan->n_rounds; r++) {
        const cr_round *round = &d->plan->rounds[r];
        for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
            if (d->element[k] == CR_NONE || d->element[k] >= p->n_slots || d->is_double[k])
                continue;
            int32_t *known = &round_of[p->slots[d->element[k]].visit];
            if (*known != CR_NONE)
                join(d->cluster, *known, r);
            *known = r;
        }
        if (d->is_timed[r] && first_timed == CR_NONE)
            first_timed = r;
        else if (d->is_timed[r] && (p->prices.worst_lateness > 0 || p->prices.worst_idle > 0))
            join(d->cluster, first_timed, r); /* the worst of all is priced */
    }
    for (int32_t g = 0; g < p->n_gaps; g++) {
        int32_t first = p->gaps[g].first, second = p->gaps[g].second;
        if (d->n_slots[first] == p->visits[first].slots.n && d->n_slots[second] == p->visits[second].slots.n)
            join(d->cluster, round_of[first], round_of[second]);
    }
    for (int32_t r = 0; r < d->plan->n_rounds; r++) {
        d->cluster[r] = find(d->cluster, r);
        d->n_in[d->cluster[r]]++;
    }
}

/* ---- the whole ---- */

static cr_status take_memory(drafting *s)
{
    const cr_problem *p = s->p;
    draft *d = s->d;
    int64_t n_stops = p->n_breaks;
    for (int32_t r = 0; r < s->from->n_rounds; r++)
        n_stops += range_fits(s->from, &s->from->rounds[r]) ? s->from->rounds[r].stops.n : 0;
    size_t n_rounds = (size_t)s->from->n_rounds + 1;
    if (n_stops > INT32_MAX / 2 || cr_plan_new(s->from->n_rounds, (int32_t)n_stops, p->n_visits, &d->plan))
        return CR_E_NOMEM;
    d->plan->n_rounds = d->plan->n_stops = d->plan->n_unallocated = 0;
    d->element = malloc(((size_t)n_stops + 1) * sizeof *d->element);
    d->is_double = calloc((size_t)n_stops + 1, sizeof *d->is_double);
    d->is_timed = calloc(n_rounds, sizeof *d->is_timed);
    d->is_forced = calloc(n_rounds, sizeof *d->is_forced);
    d->cluster = malloc(n_rounds * sizeof *d->cluster);
    d->n_in = calloc(n_rounds, sizeof *d->n_in);
    d->n_slots = calloc((size_t)p->n_visits + 1, sizeof *d->n_slots);
    s->seen = calloc((size_t)p->n_slots + (size_t)p->n_breaks + 1, sizeof *s->seen);
    s->has_round = calloc((size_t)p->n_shifts + 1, sizeof *s->has_round);
    s->order = malloc(n_rounds * sizeof *s->order);
    bool whole = d->element && d->is_double && d->is_timed && d->is_forced && d->cluster && d->n_in && d->n_slots &&
                 s->seen && s->has_round && s->order;
    for (size_t r = 0; whole && r < n_rounds; r++)
        d->cluster[r] = (int32_t)r;
    return whole ? CR_OK : CR_E_NOMEM;
}

cr_status draft_new(const cr_problem *p, const cr_plan *plan, draft **ret_draft)
{
    cr_auto(draft) d = calloc(1, sizeof *d);
    drafting s = {.p = p, .from = plan, .d = d};
    int32_t *round_of = malloc(((size_t)p->n_visits + 1) * sizeof *round_of);
    cr_status st = d && round_of ? take_memory(&s) : CR_E_NOMEM;
    if (!st) {
        for (int32_t v = 0; v < p->n_visits; v++)
            round_of[v] = CR_NONE;
        add_rounds(&s);
        list_unallocated(&s);
        join_rounds(&s, round_of);
        *ret_draft = draft_take(&d);
    }
    free(s.seen);
    free(s.has_round);
    free(s.order);
    free(round_of);
    return st;
}

/* ---- which slot ---- */

/* By what the slots of one visit can differ in. */
static bool may_take(const cr_problem *p, int32_t s, int32_t carer)
{
    const cr_slot *slot = &p->slots[s];
    bool may = slot->locked_carer == CR_NONE;
    for (int32_t i = slot->skills.first; i < slot->skills.first + slot->skills.n; i++)
        may = may && has_skill(p, p->carers[carer].skills, p->skills[i]);
    for (int32_t i = slot->attributes.first; i < slot->attributes.first + slot->attributes.n; i++)
        may = may && has_id(p, p->carers[carer].attributes, p->ids[i]);
    return may;
}

int32_t cr_slot_for(const cr_problem *p, int32_t visit, int32_t carer, const bool *taken)
{
    const cr_range slots = p->visits[visit].slots;
    int32_t any = CR_NONE, fit = CR_NONE;
    for (int32_t s = slots.first + slots.n; s-- > slots.first;) {
        if (taken[s])
            continue;
        if (p->slots[s].locked_carer == carer)
            return s;
        any = s;
        fit = may_take(p, s, carer) ? s : fit;
    }
    return fit != CR_NONE ? fit : any;
}
