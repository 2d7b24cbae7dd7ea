/* The rest of a day that is under way, said in the problem's own terms: locks, shifts, breaks and limits.
 *
 * What is new to search and checker is little: the held stops that a round begins with, how long a carer stands by
 * after the last of them, and that a shift is over.
 */
#include "careround/as_of.h"

#include "breaks.h"
#include "crew.h"
#include "travel.h"

#include <stdlib.h>

/* What of a shift's round has begun. */
typedef struct progress {
    int32_t done;           /* end of the last held stop; the shift's begin */
    int32_t place;          /* where she is then; CR_NONE: nothing is held, and the way home is no matter */
    int64_t work;           /* of the round, were it only that; ways by time of day as slow as they ever are */
    int64_t travel, dist_m; /* likewise, of its legs */
} progress;

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int32_t sooner(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* The slowest that a way ever is. */
static int32_t slowest(const cr_problem *p, const cr_shift *shift, int32_t from, int32_t to)
{
    int32_t time[CR_TABLES_MAX], most;
    travel_times(p, shift->mode, from, to, time);
    most = time[0];
    for (int32_t t = 1; t < CR_TABLES_MAX && p->n_periods > 0; t++)
        most = later(most, time[t]);
    return most;
}

/* The farthest that it ever is. */
static int32_t farthest(const cr_problem *p, const cr_shift *shift, int32_t from, int32_t to)
{
    int32_t most = cr_problem_metres(p, shift->mode, from, to, -(INT32_MAX / 2));
    for (int32_t i = 1; i < p->n_periods; i++)
        most = later(most, cr_problem_metres(p, shift->mode, from, to, p->periods[i].begin));
    return most;
}

static void count_way(const cr_problem *p, const cr_shift *shift, int32_t from, int32_t to, progress *at)
{
    int32_t time = slowest(p, shift, from, to);
    at->work += time;
    at->travel += time;
    at->dist_m += farthest(p, shift, from, to);
}

/* From where she is when the held stops are done to the shift's end place, for who leaves then. */
static int32_t way_home(const cr_problem *p, const cr_shift *shift, const progress *at, int32_t leave)
{
    return cr_problem_travel(p, shift->mode, at->place, shift->end_place, leave);
}

/* Where no way leads home from the last stop that is held, the shift ends there. */
static progress progress_of(cr_problem *p, cr_shift *shift)
{
    progress at = {.done = shift->begin, .place = CR_NONE};
    int32_t place = shift->start_place;
    for (int32_t i = shift->held.first; i < shift->held.first + shift->held.n; i++) {
        const cr_held *held = &p->held[i];
        if (held->slot == CR_NONE) {
            at.done = held->start + p->breaks[held->brk].length;
            continue;
        }
        const cr_visit *visit = &p->visits[p->slots[held->slot].visit];
        int32_t to = visit->is_anywhere ? place : visit->place;
        count_way(p, shift, place, to, &at);
        at.work += (place == to ? 0 : visit->door) + cr_problem_work(p, held->slot, shift->carer);
        at.done = held->start + cr_problem_duration(p, held->slot, shift->carer);
        place = to;
    }
    if (shift->held.n == 0)
        return at;
    at.place = place;
    if (way_home(p, shift, &at, at.done) >= CR_NO_WAY)
        shift->end_place = CR_NONE;
    count_way(p, shift, place, shift->end_place, &at);
    return at;
}

/* ---- visits ---- */

static void lock_held(cr_problem *p)
{
    for (int32_t s = 0; s < p->n_shifts; s++)
        for (int32_t i = p->shifts[s].held.first; i < p->shifts[s].held.first + p->shifts[s].held.n; i++) {
            const cr_held *held = &p->held[i];
            if (held->slot == CR_NONE)
                continue;
            p->slots[held->slot].locked_carer = p->shifts[s].carer;
            p->visits[p->slots[held->slot].visit].locked_start = held->start;
        }
}

/* Between two visits that have begun nothing can be asked any more, and one that has begun needs no other. */
static void loosen_gaps(cr_problem *p)
{
    for (int32_t g = 0; p->n_held > 0 && g < p->n_gaps; g++) {
        cr_gap *gap = &p->gaps[g];
        bool first = cr_problem_has_begun(p, gap->first), second = cr_problem_has_begun(p, gap->second);
        if (first && second) {
            gap->min = gap->max = CR_FREE;
            gap->carers = CR_GAP_ANY;
            gap->same_provider = false;
        }
        gap->both = gap->both && !first && !second;
    }
}

/* ---- shifts ---- */

/* A visit that takes longer may keep her past the end of her shift: then it ends later, and her next one begins then.
 */
static void run_over(cr_problem *p, int32_t s, const progress *at)
{
    cr_shift *shift = &p->shifts[s];
    int32_t end = at->done + way_home(p, shift, at, at->done);
    if (shift->held.n == 0 || end <= shift->end)
        return;
    for (int32_t i = 0; i < p->n_shifts; i++) {
        cr_shift *next = &p->shifts[i];
        if (next->carer != shift->carer || i == s || next->begin < shift->end || next->begin >= end)
            continue;
        next->begin = end;
        next->end = later(next->end, end);
        next->paid_end = next->paid_end == CR_FREE ? CR_FREE : later(next->paid_end, end);
    }
    shift->paid_end = shift->paid_end == CR_FREE && shift->overrun_price > 0 ? shift->end : shift->paid_end;
    shift->end = end;
}

/* When she can go on, or begin: not while she is away. */
static int32_t free_from(const cr_as_of *as_of, const cr_shift *shift, const progress *at)
{
    int32_t free = later(at->done, as_of->time);
    for (int32_t again = 0; again <= as_of->n_absences; again++)
        for (int32_t a = 0; a < as_of->n_absences; a++) {
            const cr_absence *away = &as_of->absences[a];
            if (away->carer == shift->carer && away->from <= free && free < away->to)
                free = away->to;
        }
    return free;
}

/* She goes for good at the first time away that is still to come. */
static void leave_early(const cr_problem *p, const cr_as_of *as_of, cr_shift *shift, const progress *at, int32_t free)
{
    for (int32_t a = 0; a < as_of->n_absences; a++) {
        const cr_absence *away = &as_of->absences[a];
        if (away->carer == shift->carer && away->from > free && away->from < shift->end)
            shift->end = later(away->from, at->done + way_home(p, shift, at, at->done));
    }
    if (shift->paid_end != CR_FREE)
        shift->paid_end = sooner(shift->paid_end, shift->end);
}

static void stand_by(cr_problem *p, const cr_shift *shift, int32_t ticks)
{
    const cr_held *last = &p->held[shift->held.first + shift->held.n - 1];
    if (last->slot != CR_NONE)
        p->slots[last->slot].stay = ticks;
    else
        p->breaks[last->brk].stay = ticks;
}

/* What was fetched at held visits may be more than a break has room for, until it is put down. */
static bool is_on_board(const cr_problem *p, const cr_shift *shift, const cr_room *room)
{
    int64_t load = 0;
    for (int32_t i = shift->held.first; i < shift->held.first + shift->held.n; i++) {
        const cr_range goods =
            p->held[i].slot == CR_NONE ? (cr_range){0, 0} : p->visits[p->slots[p->held[i].slot].visit].goods;
        for (int32_t k = goods.first; k < goods.first + goods.n; k++)
            load += p->goods[k].kind == room->kind ? p->goods[k].takes : 0;
    }
    return load > room->most;
}

static const cr_held *held_break(const cr_problem *p, const cr_shift *shift, int32_t brk)
{
    for (int32_t i = shift->held.first; i < shift->held.first + shift->held.n; i++)
        if (p->held[i].brk == brk)
            return &p->held[i];
    return NULL;
}

/* Those that are held stay; those that can no longer be taken in what is left of the shift take no time. */
static void set_breaks(cr_problem *p, const cr_shift *shift, const progress *at, int32_t free)
{
    int32_t floor = shift->is_over ? at->done : free, now = floor;
    for (int32_t b = shift->breaks.first; b < shift->breaks.first + shift->breaks.n; b++) {
        cr_break *brk = &p->breaks[b];
        const cr_held *held = held_break(p, shift, b);
        int32_t start = break_start_from(p, brk, now);
        if (held) {
            brk->open = brk->close = held->start;
            brk->windows.n = brk->rooms.n = 0;
        } else if (shift->is_over || start == INT32_MAX ||
                   start + brk->length + way_home(p, shift, at, start + brk->length) > shift->end) {
            brk->length = 0;
            brk->windows.n = brk->rooms.n = 0;
            brk->open = sooner(brk->open, floor);
            brk->close = later(brk->close, shift->end);
        } else {
            now = start + brk->length;
            for (int32_t i = brk->rooms.first; i < brk->rooms.first + brk->rooms.n; i++)
                if (is_on_board(p, shift, &p->rooms[i])) {
                    brk->rooms.n = 0;
                    break;
                }
        }
        if (b > shift->breaks.first && shift->held.n == 0) /* they stand in the order of their windows */
            brk->open = later(brk->open, brk[-1].open);
        brk->close = later(brk->close, brk->open);
    }
}

static void stand(cr_problem *p, const cr_as_of *as_of, cr_shift *shift, const progress *at)
{
    int32_t free = free_from(as_of, shift, at);
    if (!shift->is_over)
        leave_early(p, as_of, shift, at, free);
    shift->is_over = shift->is_over || free + way_home(p, shift, at, free) > shift->end ||
                     (shift->held.n == 0 && free >= shift->end);
    if (shift->is_over && shift->held.n == 0)
        return;
    if (shift->held.n > 0) {
        if (!shift->is_over)
            stand_by(p, shift, free - at->done);
    } else {
        shift->begin = free;
        shift->paid_end = shift->paid_end == CR_FREE ? CR_FREE : later(shift->paid_end, free);
    }
    set_breaks(p, shift, at, free);
}

/* May what has begun in a shift be a crew's? Not where it has become longer for one of the two. */
static bool is_held_for_crew(const cr_problem *p, int32_t s, int32_t other)
{
    const cr_range held = p->shifts[s].held;
    for (int32_t i = held.first; i < held.first + held.n; i++)
        if (p->held[i].slot != CR_NONE && !crew_may_take(p, s, other, p->held[i].slot))
            return false;
    return true;
}

/* Of a crew of which only one is away, late or kept, each is by herself from now on, and drives. */
static void part_crews(cr_problem *p)
{
    for (int32_t s = 0; s < p->n_shifts; s++) {
        int32_t other = cr_problem_crew(p, s);
        if (other == CR_NONE ||
            (!crew_difference(p, &p->shifts[s], &p->shifts[other]) && is_held_for_crew(p, s, other)))
            continue;
        p->shifts[s].crew = p->shifts[other].crew = CR_NONE;
        p->shifts[s].rides = p->shifts[other].rides = false;
    }
}

/* ---- limits ---- */

static void raise_limits(cr_problem *p, cr_shift *shift, const progress *at)
{
    const progress *own = &at[shift - p->shifts];
    if (shift->max_travel != CR_NONE && shift->max_travel < own->travel)
        shift->max_travel = (int32_t)own->travel;
    if (shift->max_dist_m != CR_NONE && shift->max_dist_m < own->dist_m)
        shift->max_dist_m = (int32_t)own->dist_m;
    cr_carer *carer = &p->carers[shift->carer];
    int64_t day = 0, all = 0;
    for (int32_t i = 0; i < p->n_shifts; i++) {
        if (p->shifts[i].carer != shift->carer)
            continue;
        all += at[i].work;
        day += p->shifts[i].day == shift->day ? at[i].work : 0;
    }
    if (carer->max_work != CR_NONE && carer->max_work < all)
        carer->max_work = (int32_t)all;
    if (carer->max_day_work != CR_NONE && carer->max_day_work < day)
        carer->max_day_work = (int32_t)day;
}

/* A visit that takes longer may be more than is left of a provider's contract. */
static void raise_contract(cr_problem *p, int32_t provider)
{
    int64_t care = 0;
    for (int32_t s = 0; s < p->n_shifts; s++)
        for (int32_t i = p->shifts[s].held.first; i < p->shifts[s].held.first + p->shifts[s].held.n; i++)
            if (p->held[i].slot != CR_NONE && p->carers[p->shifts[s].carer].provider == provider)
                care += p->slots[p->held[i].slot].sleeps ? 0 : p->slots[p->held[i].slot].duration;
    if (p->providers[provider].max_care != CR_NONE && p->providers[provider].max_care < care)
        p->providers[provider].max_care = (int32_t)care;
}

/* Who leaves before the end that she had without her overrun, overruns no more. */
static void cut_concessions(cr_problem *p)
{
    for (int32_t i = 0; i < p->n_concessions; i++) {
        cr_concession *c = &p->concessions[i];
        if (c->rule == CR_CONCEDED_SHIFT)
            c->was = sooner(c->was, p->shifts[c->item].end);
    }
}

cr_status cr_problem_stand_at(cr_problem *p, const cr_as_of *as_of, char *message, size_t size)
{
    progress *at = calloc((size_t)p->n_shifts + 1, sizeof *at);
    if (!at)
        return CR_E_NOMEM;
    p->as_of = as_of->time;
    for (int32_t s = 0; s < p->n_shifts; s++) {
        at[s] = progress_of(p, &p->shifts[s]);
        run_over(p, s, &at[s]);
    }
    for (int32_t s = 0; s < p->n_shifts; s++) {
        at[s].done = p->shifts[s].held.n > 0 ? at[s].done : p->shifts[s].begin;
        stand(p, as_of, &p->shifts[s], &at[s]);
    }
    part_crews(p);
    for (int32_t s = 0; s < p->n_shifts; s++)
        raise_limits(p, &p->shifts[s], at);
    for (int32_t i = 0; i < p->n_providers; i++)
        raise_contract(p, i);
    free(at);
    lock_held(p);
    loosen_gaps(p);
    cut_concessions(p);
    return cr_problem_validate(p, message, size);
}
