/* Cheap starts where travel depends on the time of day.
 *
 * For given orders the least starts are exact, periods or not: ways are first-in-first-out, so that raising starts
 * until every rule holds finds them or proves that there are none. From such starts on, the network of starts.c is
 * solved with the ways as they are there, each carer leaving only at times at which her way takes no longer: what comes
 * out holds, and it is where the next solution starts from. As that never crosses a peak, it is also tried from where
 * the cheapest starts would be if no way changed, and with each way in turn left for when a period begins in which it
 * takes less. The cheapest of all is taken. Rounds that do not hang together are timed each for themselves.
 */
#include "breaks.h"
#include "cost.h"
#include "crew.h"
#include "starts.h"
#include "timetable.h"

#include <stdlib.h>
#include <string.h>

#define DAY_TICKS  86400
#define STEPS_MOST 8  /* solutions from one beginning */
#define LEAPS_MOST 3  /* beginnings across peaks */
#define WAITS_MOST 3  /* times that all ways are looked at for a better time to leave, */
#define LONG_PART  60 /* where the rounds that hang together have no more stops */

/* Rounds that hang together. */
/* What there are limits on, of a round. */
typedef struct limited_sums {
    int64_t work, travel, dist_m;
} limited_sums;

typedef struct finding {
    starts *s;
    const cr_problem *p;
    round_view *rounds;
    int32_t *gaps;
    int32_t n_rounds, n_gaps, n_stops;
    int32_t *best;                /* of each start */
    limited_sums *sums;           /* of each round */
    int64_t best_over, best_cost; /* work and ways past the limits; it comes first */
} finding;

/* ---- the least starts ---- */

static int32_t first_in(const cr_window *windows, cr_range range, int32_t at)
{
    for (int32_t w = range.first; w < range.first + range.n; w++)
        if (at <= windows[w].close)
            return at > windows[w].open ? at : windows[w].open;
    return INT32_MAX;
}

/* The first start that is allowed at `at` or later; INT32_MAX: none. */
static int32_t allowed_from(const finding *f, int32_t stop, int32_t at)
{
    const cr_problem *p = f->p;
    const starts_slack *slack = f->s->slack;
    int32_t what = starts_plain(p, slack, stop);
    if (what >= p->n_slots) {
        const cr_break *b = &p->breaks[what - p->n_slots];
        if (!slack)
            return break_start_from(p, b, at);
        if (b->windows.n > 0)
            return first_in(slack->windows, b->windows, at);
        at = at > b->open ? at : b->open;
        return at <= slack->latest ? at : INT32_MAX;
    }
    const cr_visit *visit = &p->visits[p->slots[what].visit];
    if (!slack)
        return timetable_start_from(p, p->slots[what].visit, at);
    if (visit->locked_start != CR_FREE) {
        at = at > visit->locked_start ? at : visit->locked_start;
        return at <= slack->latest ? at : INT32_MAX;
    }
    return first_in(slack->windows, visit->windows, at);
}

/* Raise what the round asks for. False: a start passes its end. */
static bool raise_round(finding *f, const round_view *round, bool *changed)
{
    const cr_problem *p = f->p;
    int32_t *when = f->s->when;
    starts_walk w = starts_walk_begin(p, f->s->slack, round->shift, when);
    w.leave = w.shift->begin;
    for (int32_t k = 0; k < round->n; k++) {
        int32_t stop = round->stops[k], i = start_of_stop(p, stop), on_road = starts_walk_to(&w, stop);
        int32_t there = w.left + on_road;
        if (there > when[i]) {
            when[i] = allowed_from(f, stop, there);
            if (when[i] == INT32_MAX)
                return false;
            *changed = true;
        }
        w.leave = when[i] + starts_length(&w, stop);
    }
    return f->s->slack || round->n == 0 || w.leave + starts_walk_home(&w) <= w.shift->end;
}

static bool raise_visit(finding *f, int32_t visit, int64_t at, bool *changed)
{
    int32_t *when = &f->s->when[visit];
    if (at <= *when)
        return true;
    *when = at < INT32_MAX / 2 ? allowed_from(f, f->p->visits[visit].slots.first, (int32_t)at) : INT32_MAX;
    *changed = true;
    return *when != INT32_MAX;
}

static bool raise_gap(finding *f, const cr_gap *gap, bool *changed)
{
    int64_t from = 0;
    const cr_range slots = f->p->visits[gap->first].slots;
    for (int32_t i = slots.first; gap->from == CR_GAP_END_TO_START && i < slots.first + slots.n; i++)
        from = f->p->slots[i].duration > from ? f->p->slots[i].duration : from;
    int32_t *when = f->s->when;
    return (gap->min == CR_FREE || raise_visit(f, gap->second, when[gap->first] + from + gap->min, changed)) &&
           (gap->max == CR_FREE || raise_visit(f, gap->first, (int64_t)when[gap->second] - from - gap->max, changed));
}

/* The least starts that are not below s->when; CR_FREE there: visits that the rounds do not have. */
static bool raise_all(finding *f)
{
    bool changed = true;
    for (int32_t pass = 0; changed; pass++) {
        changed = false;
        if (pass > 4 * f->n_stops + 64)
            return false; /* around a circle without end */
        for (int32_t r = 0; r < f->n_rounds; r++)
            if (!raise_round(f, &f->rounds[r], &changed))
                return false;
        for (int32_t g = 0; !f->s->slack && g < f->n_gaps; g++) {
            const cr_gap *gap = &f->p->gaps[f->gaps[g]];
            if (f->s->when[gap->first] != CR_FREE && f->s->when[gap->second] != CR_FREE && !raise_gap(f, gap, &changed))
                return false;
        }
    }
    return true;
}

/* ---- what starts cost ---- */

/* Ways, waiting, being back late: all of a round that its starts change. ret_sums: what counts for the limits. */
static int64_t cost_of_round(const finding *f, const round_view *round, limited_sums *ret_sums)
{
    const cr_problem *p = f->p;
    const cr_shift *shift = &p->shifts[round->shift];
    int32_t depart, arrive;
    int64_t busy = 0, legs = 0, metres = 0, asleep = 0, travel = 0;
    starts_walk w = starts_walk_begin(p, f->s->slack, round->shift, f->s->when);
    for (int32_t k = 0; k < round->n; k++) {
        int32_t what = starts_plain(p, f->s->slack, round->stops[k]), length = starts_length(&w, round->stops[k]);
        legs += starts_walk_to(&w, round->stops[k]);
        busy += length;
        asleep += what >= p->n_slots || p->slots[what].sleeps ? length : 0; /* or at rest */
        metres += w.from == w.place ? 0 : cr_problem_metres(p, shift->mode, w.from, w.place, w.left);
        travel += w.from == w.place || shift->max_travel == CR_NONE
                      ? 0
                      : cr_problem_travel(p, shift->mode, w.from, w.place, w.left);
    }
    int32_t home = starts_walk_home(&w);
    legs += home;
    metres += cr_problem_metres(p, shift->mode, w.place, shift->end_place, w.leave);
    round_ends(p, f->s->slack, round, f->s->when, &depart, &arrive);
    int64_t span = (int64_t)arrive - depart, late = shift->paid_end == CR_FREE ? 0 : (int64_t)arrive - shift->paid_end;
    *ret_sums = (limited_sums){busy + legs - asleep, travel + home, metres};
    return p->carers[shift->carer].wage_price * span + p->prices.travel * legs +
           p->prices.waiting * (span - busy - legs) + distance_price(p, shift) * metres +
           (late > 0 ? shift->overrun_price * late : 0);
}

static int64_t past(int64_t is, int32_t most)
{
    return most != CR_NONE && is > most ? is - most : 0;
}

/* Work, ticks and metres of ways beyond what the carers may have, as far as it is in these rounds. */
static int64_t sum_over_limits(const finding *f)
{
    int64_t over = 0;
    for (int32_t r = 0; r < f->n_rounds; r++) {
        const cr_shift *shift = &f->p->shifts[f->rounds[r].shift];
        const cr_carer *carer = &f->p->carers[shift->carer];
        int64_t of_all = 0, of_day = 0;
        bool is_first = true, is_first_of_day = true;
        over += past(f->sums[r].travel, shift->max_travel);
        over += shift->rides ? 0 : past(f->sums[r].dist_m, shift->max_dist_m);
        if (carer->max_work == CR_NONE && carer->max_day_work == CR_NONE)
            continue;
        for (int32_t q = 0; q < f->n_rounds; q++) {
            const cr_shift *other = &f->p->shifts[f->rounds[q].shift];
            if (other->carer != shift->carer)
                continue;
            is_first = is_first && q >= r;
            is_first_of_day = is_first_of_day && (q >= r || other->day != shift->day);
            of_all += f->sums[q].work;
            of_day += other->day == shift->day ? f->sums[q].work : 0;
        }
        over += is_first ? past(of_all, carer->max_work) : 0;
        over += is_first_of_day ? past(of_day, carer->max_day_work) : 0;
    }
    return over;
}

/* All that starts change in these rounds, but for what is shared with others. */
static int64_t cost_of_all(const finding *f)
{
    int64_t cost = 0, worst = 0;
    for (int32_t r = 0; r < f->n_rounds; r++) {
        const round_view *round = &f->rounds[r];
        f->sums[r] = (limited_sums){0, 0, 0};
        cost += round->n > 0 ? cost_of_round(f, round, &f->sums[r]) : 0;
        for (int32_t k = 0; k < round->n; k++) {
            int32_t stop = starts_plain(f->p, f->s->slack, round->stops[k]);
            if (stop >= f->p->n_slots || f->p->visits[f->p->slots[stop].visit].slots.first != stop)
                continue;
            int32_t v = f->p->slots[stop].visit, at = f->s->when[start_of_stop(f->p, round->stops[k])];
            cost += start_price(f->p, v, at);
            int64_t late = f->p->visits[v].due == CR_FREE ? 0 : (int64_t)at - f->p->visits[v].due;
            worst = late > worst ? late : worst;
        }
    }
    return cost + worst * f->p->prices.worst_lateness;
}

/* ---- better ones ---- */

/* Solve with the ways as they are at s->when; the answer is the new s->when. */
static cr_status solve_from_here(finding *f, bool stays_near, bool *ret_changed)
{
    starts *s = f->s;
    s->stays_near = stays_near;
    cr_status st = starts_solve(s, f->p, f->rounds, f->n_rounds, f->gaps, f->n_gaps);
    s->stays_near = false;
    *ret_changed = false;
    for (int32_t r = 0; !st && r < f->n_rounds; r++)
        for (int32_t k = 0; k < f->rounds[r].n; k++) {
            int32_t i = start_of_stop(f->p, f->rounds[r].stops[k]);
            *ret_changed = *ret_changed || (s->at[i] != CR_FREE && s->when[i] != s->at[i]);
            s->when[i] = s->at[i] != CR_FREE ? s->at[i] : s->when[i];
            s->at[i] = CR_FREE;
        }
    return st;
}

static void copy_starts(const finding *f, int32_t *to, const int32_t *from)
{
    for (int32_t r = 0; r < f->n_rounds; r++)
        for (int32_t k = 0; k < f->rounds[r].n; k++) {
            int32_t i = start_of_stop(f->p, f->rounds[r].stops[k]);
            to[i] = from[i];
        }
}

/* Keep what s->when has if it is the best so far. */
static void offer(finding *f)
{
    int64_t cost = cost_of_all(f), over = sum_over_limits(f);
    bool is_better = over < f->best_over || (over == f->best_over && cost < f->best_cost);
    if (!is_better && !f->s->slack) /* with slack the network says what is best: being past an end comes first */
        return;
    f->best_over = over;
    f->best_cost = cost;
    copy_starts(f, f->best, f->s->when);
}

/* Step by step from s->when on. */
static cr_status settle_here(finding *f)
{
    bool changed = true;
    offer(f);
    for (int32_t step = 0; changed && step < STEPS_MOST; step++) {
        cr_status st = solve_from_here(f, true, &changed);
        if (st == CR_E_INPUT) /* windows in pieces, and too many to try */
            return CR_OK;
        if (st)
            return st;
        offer(f);
    }
    return CR_OK;
}

static cr_status leap(finding *f)
{
    for (int32_t n = 0; n < LEAPS_MOST; n++) {
        bool changed;
        int64_t before = f->best_cost;
        cr_status st = solve_from_here(f, false, &changed);
        if (st == CR_E_INPUT || (!st && (!changed || !raise_all(f))))
            return CR_OK;
        if (st || (st = settle_here(f)))
            return st;
        if (f->best_cost == before)
            return CR_OK;
    }
    return CR_OK;
}

/* ---- leaving later ---- */

/* One way of a round: to stop k of it, or home. */
typedef struct way {
    int32_t from, to, left;
    int32_t door; /* at its end */
} way;

static way way_to(const finding *f, const round_view *round, int32_t k)
{
    starts_walk w = starts_walk_begin(f->p, f->s->slack, round->shift, f->best);
    int32_t on_road = 0;
    for (int32_t j = 0; j <= k && j < round->n; j++)
        on_road = starts_walk_to(&w, round->stops[j]);
    if (k == round->n)
        return (way){w.place, w.shift->end_place, w.leave, 0};
    int32_t travel = cr_problem_travel(f->p, w.shift->mode, w.from, w.place, w.left);
    return (way){w.from, w.place, w.left, on_road - travel};
}

/* The next time at which a period begins that makes the way shorter than if she leaves at `left`; CR_FREE: none. */
static int32_t better_time(const finding *f, int32_t mode, const way *w)
{
    const cr_problem *p = f->p;
    int32_t now = cr_problem_travel(p, mode, w->from, w->to, w->left);
    for (int32_t i = 1; i < p->n_periods; i++)
        if (p->periods[i].begin > w->left && p->periods[i].begin < w->left + DAY_TICKS * p->ticks_per_unit &&
            cr_problem_travel(p, mode, w->from, w->to, p->periods[i].begin) < now)
            return p->periods[i].begin;
    return CR_FREE;
}

/* Set off for stop k of the round (n: home) when a quicker period begins. */
static cr_status leave_later(finding *f, const round_view *round, int32_t k)
{
    const cr_shift *shift = &f->p->shifts[round->shift];
    way w = way_to(f, round, k);
    if (w.from == w.to || w.from == CR_NONE || w.to == CR_NONE || (k == 0 && shift->leaves_at_begin))
        return CR_OK;
    int32_t at = better_time(f, shift->mode, &w), stop = round->stops[k > 0 ? k - 1 : 0];
    if (at == CR_FREE)
        return CR_OK;
    starts_walk of = starts_walk_begin(f->p, f->s->slack, round->shift, NULL);
    at += k > 0 ? -starts_length(&of, stop) - (k < round->n ? starts_stay(&of, stop) : 0)
                : cr_problem_travel(f->p, shift->mode, w.from, w.to, at) + w.door;
    copy_starts(f, f->s->when, f->best);
    int32_t *start = &f->s->when[start_of_stop(f->p, stop)], then = allowed_from(f, stop, at);
    if (then == INT32_MAX || then <= *start)
        return CR_OK;
    *start = then;
    return raise_all(f) ? settle_here(f) : CR_OK;
}

static cr_status wait_for_quicker(finding *f)
{
    int64_t before = INT64_MAX;
    for (int32_t n = 0; n < WAITS_MOST && f->best_cost < before; n++) {
        before = f->best_cost;
        for (int32_t r = 0; r < f->n_rounds; r++)
            for (int32_t k = 0; k <= f->rounds[r].n && f->rounds[r].n > 0; k++) {
                cr_status st = leave_later(f, &f->rounds[r], k);
                if (st)
                    return st;
            }
    }
    return CR_OK;
}

/* ---- rounds that hang together ---- */

/* From where every start is first allowed, or first after these. */
static bool begin_from_given(finding *f, const int32_t *given)
{
    bool is_allowed = true;
    for (int32_t r = 0; r < f->n_rounds; r++)
        for (int32_t k = 0; k < f->rounds[r].n; k++) {
            int32_t stop = f->rounds[r].stops[k], i = start_of_stop(f->p, stop);
            f->s->when[i] = allowed_from(f, stop, given ? given[i] : -(INT32_MAX / 2));
            is_allowed = is_allowed && f->s->when[i] != INT32_MAX;
        }
    return is_allowed && raise_all(f);
}

static cr_status find_part(finding *f, const int32_t *given)
{
    cr_status st = CR_OK;
    f->best_over = f->best_cost = INT64_MAX;
    if (given && begin_from_given(f, given))
        st = settle_here(f);
    if (st)
        return st;
    if (!begin_from_given(f, NULL))
        return CR_E_INPUT;
    if ((st = settle_here(f)))
        return st;
    if (!f->s->slack && begin_from_given(f, NULL))
        st = leap(f);
    if (!st && !f->s->slack && f->n_stops <= LONG_PART)
        st = wait_for_quicker(f);
    return st;
}

static int32_t root_of(int32_t *part, int32_t r)
{
    while (part[r] != r)
        r = part[r] = part[part[r]];
    return r;
}

/* Joins round r to the one that is known, the lower leads; r is known from now on. */
static void join(int32_t *part, int32_t *known, int32_t r)
{
    if (*known != CR_NONE) {
        int32_t a = root_of(part, *known), b = root_of(part, r);
        part[a > b ? a : b] = a < b ? a : b;
    }
    *known = r;
}

typedef struct parting {
    const round_view *rounds;
    const int32_t *gaps;
    int32_t n_rounds, n_gaps;
    int32_t *part;  /* of each round: the first of those that hang together */
    int32_t *round; /* of each visit and then each carer: one of its rounds; CR_NONE */
} parting;

static void part_rounds(const parting *of, const finding *f)
{
    const cr_problem *p = f->p;
    int32_t all = CR_NONE;
    for (int32_t i = 0; i < p->n_visits + p->n_carers; i++)
        of->round[i] = CR_NONE;
    for (int32_t r = 0; r < of->n_rounds; r++) {
        of->part[r] = r;
        const cr_carer *carer = &p->carers[p->shifts[of->rounds[r].shift].carer];
        if (p->prices.worst_lateness > 0 || p->prices.worst_idle > 0)
            join(of->part, &all, r);
        if (carer->max_work != CR_NONE || carer->max_day_work != CR_NONE)
            join(of->part, &of->round[p->n_visits + p->shifts[of->rounds[r].shift].carer], r);
        for (int32_t k = 0; k < of->rounds[r].n; k++) {
            int32_t stop = of->rounds[r].stops[k];
            if (stop < p->n_slots)
                join(of->part, &of->round[p->slots[stop].visit], r);
        }
    }
    for (int32_t g = 0; g < of->n_gaps; g++) {
        const cr_gap *gap = &p->gaps[of->gaps[g]];
        if (of->round[gap->first] != CR_NONE && of->round[gap->second] != CR_NONE) {
            int32_t second = of->round[gap->second];
            join(of->part, &second, of->round[gap->first]);
        }
    }
}

/* The rounds and gaps of one part. */
static void gather_part(const parting *of, finding *f, int32_t first)
{
    f->n_rounds = f->n_gaps = f->n_stops = 0;
    for (int32_t r = first; r < of->n_rounds; r++)
        if (root_of(of->part, r) == first) {
            f->rounds[f->n_rounds++] = of->rounds[r];
            f->n_stops += of->rounds[r].n;
        }
    for (int32_t g = 0; g < of->n_gaps; g++) {
        int32_t r = of->round[f->p->gaps[of->gaps[g]].first], q = of->round[f->p->gaps[of->gaps[g]].second];
        if (r != CR_NONE && q != CR_NONE && root_of(of->part, r) == first)
            f->gaps[f->n_gaps++] = of->gaps[g];
    }
}

static cr_status find(const parting *of, finding *f, const int32_t *given)
{
    cr_status st = CR_OK;
    part_rounds(of, f);
    for (int32_t i = 0; i < f->s->n; i++)
        f->s->when[i] = CR_FREE;
    for (int32_t r = 0; !st && r < of->n_rounds; r++)
        if (root_of(of->part, r) == r) {
            gather_part(of, f, r);
            st = find_part(f, given);
        }
    for (int32_t r = 0; !st && r < of->n_rounds; r++)
        for (int32_t k = 0; k < of->rounds[r].n; k++) {
            int32_t i = start_of_stop(f->p, of->rounds[r].stops[k]);
            f->s->at[i] = f->best[i];
        }
    return st;
}

cr_status starts_find(starts *s, const cr_problem *p, const round_view *rounds, int32_t n_rounds, const int32_t *gaps,
                      int32_t n_gaps, const int32_t *given)
{
    if (p->n_periods == 0) {
        cr_status st = starts_solve(s, p, rounds, n_rounds, gaps, n_gaps);
        if (!st)
            crew_align(p, rounds, n_rounds, s->at);
        return st;
    }
    size_t n = (size_t)n_rounds + 1, n_who = (size_t)p->n_visits + (size_t)p->n_carers + 1;
    parting of = {rounds, gaps, n_rounds, n_gaps, malloc(n * sizeof *of.part), malloc(n_who * sizeof *of.round)};
    finding f = {.s = s,
                 .p = p,
                 .rounds = malloc(n * sizeof *f.rounds),
                 .gaps = malloc(((size_t)n_gaps + 1) * sizeof *f.gaps),
                 .best = malloc((size_t)s->n * sizeof *f.best),
                 .sums = malloc(n * sizeof *f.sums)};
    bool has_room = of.part && of.round && f.rounds && f.gaps && f.best && f.sums;
    cr_status st = has_room ? find(&of, &f, given) : CR_E_NOMEM;
    if (!st)
        crew_align(p, rounds, n_rounds, s->at);
    free(of.part);
    free(of.round);
    free(f.rounds);
    free(f.gaps);
    free(f.best);
    free(f.sums);
    return st;
}
