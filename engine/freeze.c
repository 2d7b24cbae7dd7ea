/* What of a published rota is frozen at a time: the stops that have begun, with those that they hang on.
 *
 * In each round that is a first part of it. What can no longer be as it was is not frozen, nor what comes after it;
 * with a visit all its carers stay, and with a stop all those before it in its round. Both are closed over the rounds
 * by repeating until nothing changes.
 */
#include "careround/as_of.h"

#include <stdlib.h>

/* What a published round comes to, and what more it would if its carer set off at the time, for the stop that she waits
 * for. */
typedef struct round_sums {
    int64_t travel, dist_m, work;
    int64_t more_ticks, more_m;
    int32_t waits_for;   /* a stop of the plan; CR_NONE */
    bool gets_home_late; /* from where she waits, at the time */
    int64_t back;        /* when she is, from the last stop that has begun */
    bool is_looked_at;
} round_sums;

typedef struct freezing {
    const cr_problem *p;
    const cr_plan *published;
    const cr_as_of *as_of;
    bool *has_begun;          /* of each stop of the plan */
    int32_t *n_frozen;        /* stops of each round */
    int32_t *n_possible;      /* of each round: stops before the first that cannot be as it was */
    int32_t *round_of, *k_of; /* of each slot; CR_NONE: in none */
    round_sums *sums;         /* of each round */
} freezing;

static int32_t length_of(const freezing *f, const cr_stop *stop, int32_t carer)
{
    return stop->slot != CR_NONE ? cr_problem_duration(f->p, stop->slot, carer) : f->p->breaks[stop->brk].length;
}

static bool is_away(const freezing *f, int32_t carer, int32_t when)
{
    for (int32_t a = 0; a < f->as_of->n_absences; a++) {
        const cr_absence *absence = &f->as_of->absences[a];
        if (absence->carer == carer && absence->from <= when && when < absence->to)
            return true;
    }
    return false;
}

/* A carer who waits is taken to wait where she was: she sets off when she must. Before, her earlier rounds are looked
 * at: one that took longer keeps her from this one. */
static void look_at_round(freezing *f, int32_t r)
{
    const cr_round *round = &f->published->rounds[r];
    const cr_shift *shift = &f->p->shifts[round->shift];
    int32_t place = shift->start_place, time = f->as_of->time;
    int64_t ready = shift->begin;
    if (f->sums[r].is_looked_at)
        return;
    f->sums[r].is_looked_at = true;
    for (int32_t q = 0; q < f->published->n_rounds; q++) {
        const cr_shift *other = &f->p->shifts[f->published->rounds[q].shift];
        if (other->carer != shift->carer || other->begin >= shift->begin)
            continue;
        look_at_round(f, q);
        ready = f->sums[q].back > ready ? f->sums[q].back : ready;
    }
    for (int32_t k = 0; k < round->stops.n; k++) {
        const cr_stop *stop = &f->published->stops[round->stops.first + k];
        int64_t leaves = stop->start, soonest = ready;
        bool is_there = true;
        if (stop->slot != CR_NONE) {
            const cr_visit *visit = &f->p->visits[f->p->slots[stop->slot].visit];
            int32_t to = visit->is_anywhere ? place : visit->place, door = place == to ? 0 : visit->door;
            leaves = cr_problem_leave_by(f->p, shift->mode, place, to, stop->start - door);
            soonest += cr_problem_travel(f->p, shift->mode, place, to, (int32_t)ready) + door;
            is_there = visit->is_anywhere || to != CR_NONE;
            place = to;
        }
        leaves = k == 0 && shift->leaves_at_begin ? shift->begin : leaves;
        if (stop->start < soonest || is_away(f, shift->carer, stop->start) || !is_there)
            return;
        f->n_possible[r] = k + 1;
        f->has_begun[round->stops.first + k] = leaves < time;
        ready = (int64_t)stop->start + length_of(f, stop, shift->carer);
        if (leaves < time) {
            int32_t home = cr_problem_travel(f->p, shift->mode, place, shift->end_place, (int32_t)ready);
            f->sums[r].back = ready + (home < CR_NO_WAY ? home : 0); /* else the shift ends there */
        }
    }
}

/* ---- who cannot have waited ---- */

/* As the checker walks it: each way begins when the stop before is done, the first when the round departs. */
static void sum_round(freezing *f, int32_t r)
{
    const cr_problem *p = f->p;
    const cr_round *round = &f->published->rounds[r];
    const cr_shift *shift = &p->shifts[round->shift];
    round_sums *sums = &f->sums[r];
    int32_t place = shift->start_place, leave = round->depart, now = f->as_of->time;
    sums->waits_for = CR_NONE;
    for (int32_t k = 0; k < round->stops.n; k++) {
        const cr_stop *stop = &f->published->stops[round->stops.first + k];
        const bool waits = leave < now && k < f->n_possible[r] && !f->has_begun[round->stops.first + k];
        if (waits) {
            sums->waits_for = round->stops.first + k;
            sums->gets_home_late =
                k > 0 && now + cr_problem_travel(p, shift->mode, place, shift->end_place, now) > shift->end;
        }
        if (stop->slot != CR_NONE) {
            const cr_visit *visit = &p->visits[p->slots[stop->slot].visit];
            int32_t to = visit->is_anywhere ? place : visit->place;
            int32_t leg = cr_problem_travel(p, shift->mode, place, to, leave),
                    metres = cr_problem_metres(p, shift->mode, place, to, leave);
            if (waits) {
                sums->more_ticks = cr_problem_travel(p, shift->mode, place, to, now) - leg;
                sums->more_m = cr_problem_metres(p, shift->mode, place, to, now) - metres;
            }
            sums->travel += leg;
            sums->dist_m += metres;
            sums->work += (place == to ? 0 : visit->door) + cr_problem_work(p, stop->slot, shift->carer);
            place = to;
        }
        leave = stop->start + length_of(f, stop, shift->carer);
    }
    sums->travel += cr_problem_travel(p, shift->mode, place, shift->end_place, leave);
    sums->dist_m += cr_problem_metres(p, shift->mode, place, shift->end_place, leave);
    sums->work += sums->travel;
}

/* Of a carer, on one day or (CR_NONE) on all. */
static int64_t work_of(const freezing *f, int32_t carer, int32_t day)
{
    int64_t work = 0;
    for (int32_t r = 0; r < f->published->n_rounds; r++) {
        const cr_shift *shift = &f->p->shifts[f->published->rounds[r].shift];
        work += shift->carer == carer && (day == CR_NONE || shift->day == day) ? f->sums[r].work : 0;
    }
    return work;
}

static bool gets_past(int64_t is, int64_t more, int32_t most)
{
    return most != CR_NONE && is <= most && is + more > most;
}

/* Where ways depend on the time of day, waiting may make one longer than its carer may go; where the triangle
 * inequality does not hold, the way home from where she waits may be longer than by way of the next visit. Then she has
 * set off. */
static void let_set_off(freezing *f)
{
    for (int32_t r = 0; r < f->published->n_rounds; r++)
        sum_round(f, r);
    for (int32_t r = 0; r < f->published->n_rounds; r++) {
        const round_sums *sums = &f->sums[r];
        const cr_shift *shift = &f->p->shifts[f->published->rounds[r].shift];
        const cr_carer *carer = &f->p->carers[shift->carer];
        if (sums->waits_for != CR_NONE &&
            (sums->gets_home_late || gets_past(sums->travel, sums->more_ticks, shift->max_travel) ||
             (!shift->rides && gets_past(sums->dist_m, sums->more_m, shift->max_dist_m)) ||
             gets_past(work_of(f, shift->carer, CR_NONE), sums->more_ticks, carer->max_work) ||
             gets_past(work_of(f, shift->carer, shift->day), sums->more_ticks, carer->max_day_work)))
            f->has_begun[sums->waits_for] = true;
    }
}

/* ---- what hangs on what ---- */

/* Every slot of visits that are frozen in one round is frozen in its own. True if that changed anything. */
static bool take_partners(freezing *f, int32_t r)
{
    const cr_round *round = &f->published->rounds[r];
    bool changed = false;
    for (int32_t k = 0; k < f->n_frozen[r]; k++) {
        int32_t slot = f->published->stops[round->stops.first + k].slot;
        cr_range slots = slot == CR_NONE ? (cr_range){0, 0} : f->p->visits[f->p->slots[slot].visit].slots;
        for (int32_t i = slots.first; i < slots.first + slots.n; i++)
            if (f->round_of[i] != CR_NONE && f->n_frozen[f->round_of[i]] <= f->k_of[i]) {
                f->n_frozen[f->round_of[i]] = f->k_of[i] + 1;
                changed = true;
            }
    }
    return changed;
}

/* A visit can be as it was only if it can for all of its carers. True if that changed anything. */
static bool let_go(freezing *f, int32_t r)
{
    const cr_round *round = &f->published->rounds[r];
    int32_t n = f->n_possible[r];
    for (int32_t k = 0; k < n; k++) {
        int32_t slot = f->published->stops[round->stops.first + k].slot;
        cr_range slots = slot == CR_NONE ? (cr_range){0, 0} : f->p->visits[f->p->slots[slot].visit].slots;
        for (int32_t i = slots.first; i < slots.first + slots.n; i++)
            if (f->round_of[i] == CR_NONE || f->n_possible[f->round_of[i]] <= f->k_of[i])
                n = k;
    }
    bool changed = n != f->n_possible[r];
    f->n_possible[r] = n;
    return changed;
}

static void find_frozen(freezing *f)
{
    const cr_plan *plan = f->published;
    for (int32_t i = 0; i < f->p->n_slots; i++)
        f->round_of[i] = CR_NONE;
    for (int32_t r = 0; r < plan->n_rounds; r++)
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            int32_t slot = plan->stops[plan->rounds[r].stops.first + k].slot;
            if (slot != CR_NONE) {
                f->round_of[slot] = r;
                f->k_of[slot] = k;
            }
        }
    for (int32_t r = 0; r < plan->n_rounds; r++)
        look_at_round(f, r);
    let_set_off(f);
    for (bool changed = true; changed;) {
        changed = false;
        for (int32_t r = 0; r < plan->n_rounds; r++)
            changed = let_go(f, r) || changed;
    }
    for (int32_t r = 0; r < plan->n_rounds; r++)
        for (int32_t k = 0; k < f->n_possible[r]; k++)
            f->n_frozen[r] = f->has_begun[plan->rounds[r].stops.first + k] ? k + 1 : f->n_frozen[r];
    for (bool changed = true; changed;) {
        changed = false;
        for (int32_t r = 0; r < plan->n_rounds; r++)
            changed = take_partners(f, r) || changed;
    }
}

/* She is on her way home, or there. From an open end she can be sent on. */
static bool is_on_way_home(const freezing *f, const cr_round *round, int32_t n_frozen)
{
    const cr_shift *shift = &f->p->shifts[round->shift];
    if (n_frozen == 0 || n_frozen < round->stops.n || shift->end_place == CR_NONE)
        return false;
    const cr_stop *last = &f->published->stops[round->stops.first + n_frozen - 1];
    return last->start + length_of(f, last, shift->carer) < f->as_of->time;
}

static cr_status hold(const freezing *f, cr_problem *p)
{
    for (int32_t r = 0; r < f->published->n_rounds; r++) {
        const cr_round *round = &f->published->rounds[r];
        cr_shift *shift = &p->shifts[round->shift];
        shift->held = (cr_range){p->n_held, 0};
        shift->is_over = is_on_way_home(f, round, f->n_frozen[r]);
        for (int32_t k = 0; k < f->n_frozen[r]; k++) {
            const cr_stop *stop = &f->published->stops[round->stops.first + k];
            cr_range added;
            cr_status st = cr_problem_add_held(p, &(cr_held){stop->slot, stop->brk, stop->start}, 1, &added);
            if (st)
                return st;
            shift->held.n++;
        }
    }
    return CR_OK;
}

cr_status cr_problem_freeze(cr_problem *problem, const cr_plan *published, const cr_as_of *as_of)
{
    assert(problem->n_held == 0);
    size_t n_rounds = (size_t)published->n_rounds + 1, n_slots = (size_t)problem->n_slots + 1;
    freezing f = {.p = problem,
                  .published = published,
                  .as_of = as_of,
                  .has_begun = calloc((size_t)published->n_stops + 1, sizeof *f.has_begun),
                  .n_frozen = calloc(n_rounds, sizeof *f.n_frozen),
                  .n_possible = calloc(n_rounds, sizeof *f.n_possible),
                  .round_of = malloc(n_slots * sizeof *f.round_of),
                  .k_of = calloc(n_slots, sizeof *f.k_of),
                  .sums = calloc(n_rounds, sizeof *f.sums)};
    cr_status st = CR_E_NOMEM;
    if (f.has_begun && f.n_frozen && f.n_possible && f.round_of && f.k_of && f.sums) {
        find_frozen(&f);
        st = hold(&f, problem);
    }
    free(f.has_begun);
    free(f.n_frozen);
    free(f.n_possible);
    free(f.round_of);
    free(f.k_of);
    free(f.sums);
    return st;
}
