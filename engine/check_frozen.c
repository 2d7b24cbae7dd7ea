/* The checker of what is frozen: written from docs/model.md, section 9, and sharing nothing with freeze.c or as_of.c.
 *
 * Where that one counts stops of each round until nothing changes, this one marks single stops and follows what hangs
 * on them: first those that cannot stay as they were, then, among the others, those that must.
 */
#include "careround/as_of.h"

#include "check_walk.h"

#include <stdlib.h>

/* One stop of the published rota. */
typedef struct frozen_stop {
    int32_t round, visit; /* CR_NONE: a break */
    bool has_begun, is_possible;
    bool must, cannot; /* stay; by what others hang on it, and it on others */
} frozen_stop;

typedef struct frozen_check {
    const cr_problem *p;
    const cr_plan *old;
    const cr_as_of *as_of;
    frozen_stop *stops; /* as those of the old plan */
    int32_t *stop_of;   /* of each slot, in the old plan; CR_NONE */
    bool *is_looked_at; /* of each round */
} frozen_check;

/* What the ways and the work of a carer's rounds come to. */
typedef struct burden {
    int64_t travel, dist_m; /* of one shift */
    int64_t work, day_work;
} burden;

/* When care can begin, for who sets off then to the slot, from where she is. */
static int64_t ready_after(const cr_problem *p, const cr_shift *shift, int32_t from, int32_t slot, int64_t leave)
{
    cr_walk walk = cr_walk_begin(p, shift);
    walk.at = from;
    cr_step step = cr_walk_to_slot(&walk, slot, leave);
    return step.no_way && walk.at != CR_NONE ? INT64_MAX / 2 : leave + step.leg + step.door;
}

/* When she is back, for who sets off home then from where she is. */
static int64_t home_after(const cr_problem *p, const cr_shift *shift, int32_t from, int64_t leave)
{
    cr_walk walk = cr_walk_begin(p, shift);
    walk.at = from;
    cr_step step = cr_walk_to_end(&walk, leave);
    return step.no_way ? INT64_MAX / 2 : leave + step.leg;
}

static int32_t care_of(const cr_problem *p, const cr_stop *stop, int32_t carer)
{
    if (stop->slot == CR_NONE)
        return p->breaks[stop->brk].length;
    const cr_slot *slot = &p->slots[stop->slot];
    for (int32_t i = slot->by_grade.first; i < slot->by_grade.first + slot->by_grade.n; i++)
        if (p->durations[i].grade == p->carers[carer].grade)
            return p->durations[i].duration;
    return slot->duration;
}

static bool is_there(const frozen_check *f, int32_t carer, int32_t at)
{
    for (int32_t a = 0; a < f->as_of->n_absences; a++)
        if (f->as_of->absences[a].carer == carer && at >= f->as_of->absences[a].from && at < f->as_of->absences[a].to)
            return false;
    return true;
}

/* When the carer is back from the stops of a round that have begun, each as it can be. */
static int64_t back_from(const frozen_check *f, const cr_round *round)
{
    const cr_shift *shift = &f->p->shifts[round->shift];
    int32_t place = shift->start_place;
    int64_t back = INT64_MIN;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n && f->stops[k].is_possible; k++) {
        const cr_stop *stop = &f->old->stops[k];
        if (f->stops[k].visit != CR_NONE && !f->p->visits[f->stops[k].visit].is_anywhere)
            place = f->p->visits[f->stops[k].visit].place;
        if (!f->stops[k].has_begun)
            continue;
        int64_t done = (int64_t)stop->start + care_of(f->p, stop, shift->carer);
        back = home_after(f->p, shift, place, done);
        back = back < INT64_MAX / 2 ? back : done; /* no way leads home: her shift ends there */
    }
    return back;
}

static void look(frozen_check *f, int32_t r);

/* When she can begin a shift: not before she is back from those before it. */
static int64_t free_for(frozen_check *f, const cr_shift *shift)
{
    int64_t free = shift->begin;
    for (int32_t r = 0; r < f->old->n_rounds; r++) {
        const cr_round *round = &f->old->rounds[r];
        const cr_shift *sooner = &f->p->shifts[round->shift];
        if (sooner->carer != shift->carer || sooner->begin >= shift->begin)
            continue;
        look(f, r);
        int64_t back = back_from(f, round);
        free = back > free ? back : free;
    }
    return free;
}

/* What each stop is by itself. */
static void look(frozen_check *f, int32_t r)
{
    if (f->is_looked_at[r]) /* for one of a later shift of the same carer */
        return;
    f->is_looked_at[r] = true;
    const cr_problem *p = f->p;
    const cr_round *round = &f->old->rounds[r];
    const cr_shift *shift = &p->shifts[round->shift];
    int32_t place = shift->start_place;
    int64_t free = free_for(f, shift);
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
        const cr_stop *stop = &f->old->stops[k];
        const cr_visit *visit = stop->slot == CR_NONE ? NULL : &p->visits[p->slots[stop->slot].visit];
        /* Who is in time if she leaves at the time that it is has not left yet: nobody arrives sooner by leaving later.
         */
        int64_t soonest = visit ? ready_after(p, shift, place, stop->slot, free) : free;
        int64_t from_now = visit ? ready_after(p, shift, place, stop->slot, f->as_of->time) : f->as_of->time;
        bool has_begun = from_now > stop->start;
        if (k > round->stops.first && free < f->as_of->time) /* nor does she wait where home is too far */
            has_begun = has_begun || home_after(p, shift, place, f->as_of->time) > shift->end;
        if (k == round->stops.first && shift->leaves_at_begin)
            has_begun = shift->begin < f->as_of->time;
        f->stops[k] = (frozen_stop){.round = r,
                                    .visit = visit ? p->slots[stop->slot].visit : CR_NONE,
                                    .has_begun = has_begun,
                                    .is_possible = soonest <= stop->start && is_there(f, shift->carer, stop->start) &&
                                                   (!visit || visit->is_anywhere || visit->place != CR_NONE)};
        if (visit)
            f->stop_of[stop->slot] = k;
        if (visit && !visit->is_anywhere)
            place = visit->place;
        free = (int64_t)stop->start + care_of(p, stop, shift->carer);
    }
}

/* Add what a round is, were the carer to wait until that time before the stop `waiting` (CR_NONE: she waits for none).
 */
static void add_round(const frozen_check *f, const cr_round *round, const cr_shift *of, int32_t waiting, burden *sum)
{
    const cr_shift *shift = &f->p->shifts[round->shift];
    cr_walk walk = cr_walk_begin(f->p, shift);
    int64_t leave = round->depart, travel = 0, dist_m = 0, rest = 0;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
        const cr_stop *stop = &f->old->stops[k];
        leave = k == waiting && leave < f->as_of->time ? f->as_of->time : leave;
        if (stop->slot != CR_NONE) {
            cr_step step = cr_walk_to_slot(&walk, stop->slot, leave);
            travel += step.leg;
            dist_m += step.dist_m;
            rest += step.door + (f->p->slots[stop->slot].sleeps ? 0 : step.length);
        }
        leave = (int64_t)stop->start + care_of(f->p, stop, shift->carer);
    }
    cr_step home = cr_walk_to_end(&walk, leave);
    travel += home.leg;
    sum->work += travel + rest;
    sum->day_work += shift->day == of->day ? travel + rest : 0;
    sum->travel += shift == of ? travel : 0;
    sum->dist_m += shift == of ? dist_m + home.dist_m : 0;
}

static burden burden_of(const frozen_check *f, const cr_shift *shift, int32_t waiting)
{
    burden sum = {0};
    for (int32_t r = 0; r < f->old->n_rounds; r++)
        if (f->p->shifts[f->old->rounds[r].shift].carer == shift->carer)
            add_round(f, &f->old->rounds[r], shift, waiting, &sum);
    return sum;
}

static bool is_allowed(int64_t is, int32_t most)
{
    return most == CR_NONE || is <= most;
}

/* Her round is as she may go and work, but not if she waits for this stop until the time: she has left for it. */
static bool cannot_wait(const frozen_check *f, int32_t k)
{
    const cr_shift *shift = &f->p->shifts[f->old->rounds[f->stops[k].round].shift];
    const cr_carer *carer = &f->p->carers[shift->carer];
    const burden is = burden_of(f, shift, CR_NONE), were = burden_of(f, shift, k);
    return (is_allowed(is.travel, shift->max_travel) && !is_allowed(were.travel, shift->max_travel)) ||
           (is_allowed(is.dist_m, shift->max_dist_m) && !is_allowed(were.dist_m, shift->max_dist_m)) ||
           (is_allowed(is.work, carer->max_work) && !is_allowed(were.work, carer->max_work)) ||
           (is_allowed(is.day_work, carer->max_day_work) && !is_allowed(were.day_work, carer->max_day_work));
}

static cr_range partners_of(const frozen_check *f, int32_t k)
{
    return f->stops[k].visit == CR_NONE ? (cr_range){0, 0} : f->p->visits[f->stops[k].visit].slots;
}

static bool lacks_partner(const frozen_check *f, int32_t k)
{
    cr_range slots = partners_of(f, k);
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (f->stop_of[i] == CR_NONE)
            return true;
    return false;
}

/* It cannot stay: nor can what comes after it in its round, nor its partners. */
static void mark_cannot(frozen_check *f, int32_t k)
{
    const cr_round *round = &f->old->rounds[f->stops[k].round];
    if (f->stops[k].cannot)
        return;
    f->stops[k].cannot = true;
    if (k + 1 < round->stops.first + round->stops.n)
        mark_cannot(f, k + 1);
    cr_range slots = partners_of(f, k);
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (f->stop_of[i] != CR_NONE)
            mark_cannot(f, f->stop_of[i]);
}

/* It must stay: so must what comes before it in its round, and its partners. */
static void mark_must(frozen_check *f, int32_t k)
{
    if (f->stops[k].must)
        return;
    f->stops[k].must = true;
    if (k > f->old->rounds[f->stops[k].round].stops.first)
        mark_must(f, k - 1);
    cr_range slots = partners_of(f, k);
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (f->stop_of[i] != CR_NONE)
            mark_must(f, f->stop_of[i]);
}

static const cr_round *round_of_shift(const cr_plan *plan, int32_t shift)
{
    for (int32_t r = 0; r < plan->n_rounds; r++)
        if (plan->rounds[r].shift == shift)
            return &plan->rounds[r];
    return NULL;
}

/* Faults of one round: frozen stops that are not where they were, and others before the time. */
static int32_t compare_round(frozen_check *f, const cr_round *old, const cr_plan *plan)
{
    const cr_round *now = round_of_shift(plan, old->shift);
    int32_t n_frozen = 0, faults = 0;
    bool has_visit = false;
    for (; n_frozen < old->stops.n; n_frozen++) {
        int32_t k = old->stops.first + n_frozen;
        if (!f->stops[k].must)
            break;
        has_visit = has_visit || f->stops[k].visit != CR_NONE;
    }
    if (!now)
        return has_visit ? n_frozen : 0;
    for (int32_t k = 0; k < now->stops.n; k++) {
        const cr_stop *is = &plan->stops[now->stops.first + k];
        if (k >= n_frozen) {
            faults += is->slot != CR_NONE && is->start < f->as_of->time;
            continue;
        }
        const cr_stop *was = &f->old->stops[old->stops.first + k];
        faults += is->slot != was->slot || is->brk != was->brk || is->start != was->start;
    }
    return faults + (n_frozen > now->stops.n ? n_frozen - now->stops.n : 0);
}

/* Rounds of shifts that had none. */
static int32_t compare_new_rounds(const frozen_check *f, const cr_plan *plan)
{
    int32_t faults = 0;
    for (int32_t r = 0; r < plan->n_rounds; r++)
        if (!round_of_shift(f->old, plan->rounds[r].shift))
            faults += plan->rounds[r].depart < f->as_of->time;
    return faults;
}

cr_status cr_check_frozen(const cr_problem *problem, const cr_plan *published, const cr_as_of *as_of,
                          const cr_plan *plan, int32_t *ret_breaches)
{
    frozen_check f = {problem,
                      published,
                      as_of,
                      calloc((size_t)published->n_stops + 1, sizeof *f.stops),
                      malloc(((size_t)problem->n_slots + 1) * sizeof *f.stop_of),
                      calloc((size_t)published->n_rounds + 1, sizeof *f.is_looked_at)};
    if (!f.stops || !f.stop_of || !f.is_looked_at) {
        free(f.stops);
        free(f.stop_of);
        free(f.is_looked_at);
        return CR_E_NOMEM;
    }
    for (int32_t i = 0; i < problem->n_slots; i++)
        f.stop_of[i] = CR_NONE;
    for (int32_t r = 0; r < published->n_rounds; r++)
        look(&f, r);
    for (int32_t k = 0; problem->n_periods > 0 && k < published->n_stops; k++)
        f.stops[k].has_begun = f.stops[k].has_begun || cannot_wait(&f, k);
    for (int32_t k = 0; k < published->n_stops; k++)
        if (!f.stops[k].is_possible || lacks_partner(&f, k))
            mark_cannot(&f, k);
    for (int32_t k = 0; k < published->n_stops; k++)
        if (f.stops[k].has_begun && !f.stops[k].cannot)
            mark_must(&f, k);
    int32_t faults = compare_new_rounds(&f, plan);
    for (int32_t r = 0; r < published->n_rounds; r++)
        faults += compare_round(&f, &published->rounds[r], plan);
    free(f.stops);
    free(f.stop_of);
    free(f.is_looked_at);
    *ret_breaches = faults;
    return CR_OK;
}
