/* Where could a slot go? The visits of a round keep their order; its breaks may move, for a break is no promise to a
 * client. A test on the round alone, one comparison a place, throws out most; the timetable decides the rest.
 */
#include "breaks.h"
#include "cost.h"
#include "crew.h"
#include "explain_internal.h"
#include "on_board.h"

#include <stdlib.h>
#include <string.h>

#define FREE_BREAKS_MOST 2 /* rounds with more breaks keep them where they stand */

bool explainer_is_out_of_time(explainer *x)
{
    if (x->is_cut_short)
        return true;
    x->n_trials++;
    bool look = x->options->clock_s && x->options->time_s >= 0 && x->n_trials % 64 == 0;
    x->is_cut_short = x->n_trials > x->trials_most || (look && x->options->clock_s(x->options->user) > x->deadline_s);
    return x->is_cut_short;
}

/* ---- rounds as they stand ---- */

static const int32_t *round_stops(const explainer *x, int32_t shift, int32_t *ret_n)
{
    const timetable *tt = x->timetable;
    *ret_n = tt->stops_first[shift + 1] - tt->stops_first[shift];
    return tt->stops + tt->stops_first[shift];
}

/* The k-th visit's slot; CR_NONE before the first and behind the last. */
static int32_t round_slot(const explainer *x, int32_t shift, int32_t k)
{
    return k >= 0 && k < shift_n_visits(x, shift) ? x->visits[x->visits_first[shift] + k] : CR_NONE;
}

static bool is_anywhere(const explainer *x, int32_t slot)
{
    return slot != CR_NONE && x->problem->visits[x->problem->slots[slot].visit].is_anywhere;
}

/* The same from k on, backwards or forwards, but for time held back: where the carer comes from, or goes to. */
static int32_t placed_slot(const explainer *x, int32_t shift, int32_t k, int32_t step)
{
    while (is_anywhere(x, round_slot(x, shift, k)))
        k += step;
    return round_slot(x, shift, k);
}

/* ---- layouts: the visits' order with the slot in it, and where the breaks stand between them ---- */

/* With so many visits in the round, the new one included: every way to put its breaks between them. */
static int32_t n_layouts(int32_t n_breaks, int32_t n_visits)
{
    if (n_breaks > FREE_BREAKS_MOST)
        return 2;
    int32_t n = 1;
    for (int32_t b = 0; b < n_breaks; b++)
        n *= n_visits + 1 + b;
    return n;
}

static int32_t insert_at(int32_t *stops, int32_t n, int32_t at, int32_t stop)
{
    memmove(stops + at + 1, stops + at, (size_t)(n - at) * sizeof *stops);
    stops[at] = stop;
    return n + 1;
}

/* Put the breaks of a shift among n stops: the digits of layout say where, one break after the other. */
static int32_t insert_breaks(const cr_problem *p, int32_t shift, int32_t layout, int32_t *stops, int32_t n)
{
    cr_range breaks = p->shifts[shift].breaks;
    for (int32_t b = 0; b < breaks.n; b++) {
        int32_t n_places = n + 1;
        n = insert_at(stops, n, layout % n_places, p->n_slots + breaks.first + b);
        layout /= n_places;
    }
    return n;
}

static int32_t lay_out_freely(const explainer *x, const placement *at, int32_t *ret_stops)
{
    int32_t n = shift_n_visits(x, at->shift);
    memcpy(ret_stops, x->visits + x->visits_first[at->shift], (size_t)n * sizeof *ret_stops);
    n = insert_at(ret_stops, n, at->after, at->slot);
    return insert_breaks(x->problem, at->shift, at->layout, ret_stops, n);
}

/* Breaks stay where they stand; the slot goes behind (layout 0) or before (1) those that follow its predecessor. In a
 * shift that was idle they stand in their order and "after" counts them. */
static int32_t lay_out_as_they_stand(const explainer *x, const placement *at, int32_t *ret_stops)
{
    const cr_problem *p = x->problem;
    cr_range breaks = p->shifts[at->shift].breaks;
    int32_t n, place = 0;
    const int32_t *stops = round_stops(x, at->shift, &n);
    if (n == 0) {
        for (int32_t b = 0; b < breaks.n; b++)
            ret_stops[n++] = p->n_slots + breaks.first + b;
        return insert_at(ret_stops, n, at->after, at->slot);
    }
    memcpy(ret_stops, stops, (size_t)n * sizeof *ret_stops);
    for (int32_t n_visits = 0; n_visits < at->after; place++)
        n_visits += timetable_is_slot(x->timetable, stops[place]);
    while (at->layout == 0 && place < n && !timetable_is_slot(x->timetable, stops[place]))
        place++;
    return insert_at(ret_stops, n, place, at->slot);
}

static int32_t lay_out(const explainer *x, const placement *at, int32_t *ret_stops)
{
    bool is_free = x->problem->shifts[at->shift].breaks.n <= FREE_BREAKS_MOST;
    return is_free ? lay_out_freely(x, at, ret_stops) : lay_out_as_they_stand(x, at, ret_stops);
}

static int32_t n_afters(const explainer *x, int32_t shift)
{
    int32_t n_visits = shift_n_visits(x, shift), n_breaks = x->problem->shifts[shift].breaks.n;
    return n_visits == 0 && n_breaks > FREE_BREAKS_MOST ? n_breaks + 1 : n_visits + 1;
}

/* ---- a shift with this visit only ---- */

static bool walk_alone(const explainer *x, int32_t slot, int32_t shift_idx, const int32_t *stops, int32_t n)
{
    const cr_problem *p = x->problem;
    const cr_shift *shift = &p->shifts[shift_idx];
    const cr_visit *v = &p->visits[p->slots[slot].visit];
    int32_t now = shift->begin, place = v->is_anywhere ? shift->start_place : v->place;
    if (cr_problem_fastest(p, shift->mode, shift->start_place, place) >= CR_NO_WAY ||
        cr_problem_fastest(p, shift->mode, place, shift->end_place) >= CR_NO_WAY)
        return false;
    for (int32_t k = 0; k < n; k++) {
        if (timetable_is_slot(x->timetable, stops[k])) {
            now += cr_problem_travel(p, shift->mode, shift->start_place, place, now) +
                   (shift->start_place != place ? v->door : 0);
            now = timetable_start_from(p, p->slots[slot].visit, now);
            if (now == INT32_MAX)
                return false;
        } else {
            now = break_start_from(p, &p->breaks[stops[k] - p->n_slots], now);
            if (now == INT32_MAX)
                return false;
        }
        now += timetable_length(x->timetable, stops[k], shift_idx);
    }
    return now + cr_problem_travel(p, shift->mode, place, shift->end_place, now) <= shift->end;
}

bool fits_alone(const explainer *x, int32_t slot, int32_t shift)
{
    const cr_problem *p = x->problem;
    cr_range breaks = p->shifts[shift].breaks;
    bool is_free = breaks.n <= FREE_BREAKS_MOST;
    if (p->shifts[shift].is_over || !crew_may_take(p, shift, cr_problem_crew(p, shift), slot))
        return false;
    int32_t n_ways = is_free ? n_layouts(breaks.n, 1) : breaks.n + 1;
    for (int32_t way = 0; way < n_ways; way++) {
        int32_t *stops = x->buffer, n = 0;
        for (int32_t b = 0; !is_free && b < breaks.n; b++)
            stops[n++] = p->n_slots + breaks.first + b;
        n = insert_at(stops, n, is_free ? 0 : way, slot);
        if (is_free)
            n = insert_breaks(p, shift, way, stops, n);
        if (walk_alone(x, slot, shift, stops, n))
            return true;
    }
    return false;
}

/* ---- the price of a place in work and money ---- */

leg leg_between(const cr_problem *p, int32_t shift_idx, int32_t from_slot, int32_t to_slot)
{
    const cr_shift *shift = &p->shifts[shift_idx];
    const cr_visit *to_visit = to_slot == CR_NONE ? NULL : &p->visits[p->slots[to_slot].visit];
    int32_t from = from_slot == CR_NONE ? shift->start_place : p->visits[p->slots[from_slot].visit].place;
    int32_t to = to_visit ? to_visit->place : shift->end_place;
    leg l = {0};
    if (to_visit && from != to)
        l.door = to_visit->door;
    if (from != CR_NONE && to != CR_NONE) {
        l.time = cr_problem_fastest(p, shift->mode, from, to);
        l.dist_m = cr_problem_shortest(p, shift->mode, from, to);
    }
    return l;
}

int64_t leg_cost(const cr_problem *p, const cr_shift *shift, leg l)
{
    return l.time * p->prices.travel + l.dist_m * distance_price(p, shift) +
           (l.time + l.door) * p->carers[shift->carer].wage_price;
}

int64_t person_cost(const cr_problem *p, int32_t slot, int32_t carer)
{
    cr_cost cost = {0};
    int64_t sum = 0;
    slot_terms(p, slot, carer, &cost);
    for (int32_t t = 0; t < CR_TERM_N; t++)
        sum += cost.term[t];
    return sum;
}

detour detour_of(const explainer *x, int32_t slot, int32_t shift_idx, int32_t after)
{
    const cr_problem *p = x->problem;
    const cr_shift *shift = &p->shifts[shift_idx];
    int32_t n_visits = shift_n_visits(x, shift_idx);
    int32_t before = n_visits ? placed_slot(x, shift_idx, after - 1, -1) : CR_NONE;
    int32_t behind = placed_slot(x, shift_idx, after, 1);
    bool stays = is_anywhere(x, slot);
    leg in = stays ? (leg){0} : leg_between(p, shift_idx, before, slot);
    leg on = leg_between(p, shift_idx, stays ? before : slot, behind);
    leg old = n_visits ? leg_between(p, shift_idx, before, behind) : (leg){0};
    detour d;
    d.way_in = in.time >= CR_NO_WAY ? CR_NO_WAY : in.time + in.door;
    d.way_on = on.time >= CR_NO_WAY ? CR_NO_WAY : on.time + on.door;
    d.work = (int64_t)cr_problem_work(p, slot, shift->carer) + d.way_in + d.way_on - old.time - old.door;
    d.travel = (int64_t)in.time + on.time - old.time;
    d.dist_m = in.dist_m + on.dist_m - old.dist_m;
    d.cost = leg_cost(p, shift, in) + leg_cost(p, shift, on) - leg_cost(p, shift, old) +
             person_cost(p, slot, shift->carer) + contract_growth(x, slot, shift->carer) +
             (n_visits ? 0 : shift->use_price);
    return d;
}

/* Her work of the shift's day, as the plan stands. */
static int64_t day_work(const explainer *x, int32_t shift_idx)
{
    const cr_problem *p = x->problem;
    int32_t carer = p->shifts[shift_idx].carer;
    int64_t work = 0;
    for (int32_t i = x->carer_first[carer]; i < x->carer_first[carer + 1]; i++)
        if (p->shifts[x->carer_shifts[i]].day == p->shifts[shift_idx].day)
            work += x->timetable->work[x->carer_shifts[i]];
    return work;
}

bool has_rest(const explainer *x, int32_t shift_idx)
{
    const cr_problem *p = x->problem;
    const cr_shift *shift = &p->shifts[shift_idx];
    for (int32_t i = x->carer_first[shift->carer]; i < x->carer_first[shift->carer + 1]; i++) {
        const cr_shift *other = &p->shifts[x->carer_shifts[i]];
        if (other->day == shift->day || shift_n_visits(x, x->carer_shifts[i]) == 0 || is_rest_over(shift, other))
            continue;
        int32_t rest = other->day < shift->day ? shift->begin - other->end : other->begin - shift->end;
        if (rest < p->carers[shift->carer].min_rest)
            return false;
    }
    return true;
}

/* On board, where the slot comes after so many visits: in any layout of the breaks, if they ask for room. */
static bool has_room(const explainer *x, int32_t slot, int32_t shift, int32_t after)
{
    const cr_problem *p = x->problem;
    bool breaks_ask = on_board_asks_breaks(p, shift);
    placement at = {.slot = slot, .shift = shift, .after = after};
    int32_t n_each = breaks_ask ? n_layouts(p->shifts[shift].breaks.n, shift_n_visits(x, shift) + 1) : 1;
    if (p->shifts[shift].rooms.n == 0 && !breaks_ask)
        return true;
    for (; at.layout < n_each; at.layout++)
        if (on_board_holds(p, shift, x->buffer, lay_out(x, &at, x->buffer)))
            return true;
    return false;
}

bool ways_within_limits(const cr_shift *shift, int64_t travel, int64_t dist_m)
{
    return (shift->max_travel == CR_NONE || travel <= shift->max_travel) &&
           (shift->max_dist_m == CR_NONE || shift->rides || dist_m <= shift->max_dist_m);
}

static bool ways_hold(const explainer *x, int32_t shift, const detour *d)
{
    const timetable_ways ways = x->timetable->ways[shift];
    return ways_within_limits(&x->problem->shifts[shift], ways.travel + d->travel, ways.dist_m + d->dist_m);
}

/* But for ways and room on board. d: NULL where work is looked at later. */
static bool is_within_limits(const explainer *x, int32_t slot, int32_t shift_idx, const detour *d)
{
    const cr_problem *p = x->problem;
    const cr_shift *shift = &p->shifts[shift_idx];
    const cr_carer *carer = &p->carers[shift->carer];
    int32_t load = p->visits[p->slots[slot].visit].load;
    bool holds =
        !d || carer->max_work == CR_NONE || x->timetable->carer_work[shift->carer] + d->work <= carer->max_work;
    holds = holds && (!d || carer->max_day_work == CR_NONE || day_work(x, shift_idx) + d->work <= carer->max_day_work);
    return holds && (shift->max_load == CR_NONE || x->timetable->load[shift_idx] + load <= shift->max_load) &&
           contracts_leave_room(x, &(placement){.slot = slot, .shift = shift_idx}, 1);
}

/* Nothing comes before the visits of a round that have begun. */
static int32_t first_after(const explainer *x, int32_t shift)
{
    const cr_problem *p = x->problem;
    cr_range held = p->shifts[shift].held;
    int32_t n = 0;
    for (int32_t i = held.first; i < held.first + held.n; i++)
        n += p->held[i].slot != CR_NONE;
    return p->shifts[shift].is_over ? INT32_MAX : n;
}

/* Where travel depends on the time of day, work and ways depend on the starts: looked at once they are known. */
static bool work_holds(const explainer *x, int32_t shift_idx)
{
    const cr_problem *p = x->problem;
    const cr_shift *shift = &p->shifts[shift_idx];
    const cr_carer *carer = &p->carers[shift->carer];
    const timetable_ways ways = timetable_ways_of(x->timetable, shift_idx);
    int64_t work = 0, of_day = 0;
    for (int32_t i = x->carer_first[shift->carer]; i < x->carer_first[shift->carer + 1]; i++) {
        int64_t of_shift = timetable_work(x->timetable, x->carer_shifts[i]);
        work += of_shift;
        of_day += p->shifts[x->carer_shifts[i]].day == shift->day ? of_shift : 0;
    }
    return (carer->max_work == CR_NONE || work <= carer->max_work) &&
           (carer->max_day_work == CR_NONE || of_day <= carer->max_day_work) &&
           ways_within_limits(shift, ways.travel, ways.dist_m);
}

cr_reason limits_reason(const explainer *x, int32_t slot, int32_t shift)
{
    cr_reason reason = CR_REASON_MAX_WORK;
    for (int32_t after = first_after(x, shift); after < n_afters(x, shift); after++) {
        detour d = detour_of(x, slot, shift, after);
        if (!is_within_limits(x, slot, shift, &d))
            continue;
        cr_reason here = !ways_hold(x, shift, &d)           ? CR_REASON_MAX_WAYS
                         : !has_room(x, slot, shift, after) ? CR_REASON_ROOM
                                                            : CR_REASON_NO_TIME;
        reason = here > reason ? here : reason;
    }
    return reason;
}

/* ---- the cheap test: this round's visits and windows, no breaks, no partners ---- */

/* When she could leave the visit before the place, at the earliest; INT32_MAX: never. */
static int32_t free_from(const explainer *x, int32_t shift_idx, int32_t after)
{
    const cr_problem *p = x->problem;
    int32_t now = p->shifts[shift_idx].begin, before = CR_NONE;
    for (int32_t k = 0; k < after; k++) {
        int32_t slot = round_slot(x, shift_idx, k);
        leg l = leg_between(p, shift_idx, before, slot);
        now = timetable_start_from(p, p->slots[slot].visit, now + l.time + l.door);
        if (now == INT32_MAX)
            return INT32_MAX;
        now += cr_problem_duration(p, slot, p->shifts[shift_idx].carer);
        before = slot;
    }
    return now;
}

/* When the visit behind the place must start (or she be home) at the latest; INT32_MIN: too late. */
static int32_t needed_by(const explainer *x, int32_t shift_idx, int32_t after)
{
    const cr_problem *p = x->problem;
    int32_t limit = p->shifts[shift_idx].end, behind = CR_NONE;
    for (int32_t k = shift_n_visits(x, shift_idx); k-- > after;) {
        int32_t slot = round_slot(x, shift_idx, k);
        leg l = leg_between(p, shift_idx, slot, behind);
        limit =
            timetable_start_until(p, p->slots[slot].visit,
                                  limit - l.time - l.door - cr_problem_duration(p, slot, p->shifts[shift_idx].carer));
        if (limit == INT32_MIN)
            return INT32_MIN;
        behind = slot;
    }
    return limit;
}

/* Time held back is spent where she is, which moves the ways around it: then only the shift limits the visit here. */
static bool has_anywhere(const explainer *x, const placement *at)
{
    bool has_any = is_anywhere(x, at->slot);
    for (int32_t k = 0; k < shift_n_visits(x, at->shift); k++)
        has_any = has_any || is_anywhere(x, round_slot(x, at->shift, k));
    return has_any;
}

/* The starts that the round alone would leave the visit. False: none. */
static bool quick_starts(const explainer *x, placement *at, const detour *d)
{
    const cr_problem *p = x->problem;
    if (has_anywhere(x, at)) {
        const cr_shift *shift = &p->shifts[at->shift];
        at->earliest = timetable_start_from(p, p->slots[at->slot].visit, shift->begin);
        at->latest = timetable_start_until(p, p->slots[at->slot].visit,
                                           shift->end - cr_problem_duration(p, at->slot, shift->carer));
        return d->way_in < CR_NO_WAY && d->way_on < CR_NO_WAY && at->earliest != INT32_MAX && at->latest != INT32_MIN &&
               at->earliest <= at->latest;
    }
    int32_t after = shift_n_visits(x, at->shift) ? at->after : 0;
    int32_t from = free_from(x, at->shift, after), until = needed_by(x, at->shift, after);
    if (d->way_in >= CR_NO_WAY || d->way_on >= CR_NO_WAY || from == INT32_MAX || until == INT32_MIN)
        return false;
    int32_t visit = p->slots[at->slot].visit;
    at->earliest = timetable_start_from(p, visit, from + d->way_in);
    at->latest = timetable_start_until(
        p, visit, until - d->way_on - cr_problem_duration(p, at->slot, p->shifts[at->shift].carer));
    return at->earliest != INT32_MAX && at->latest != INT32_MIN && at->earliest <= at->latest;
}

/* ---- placements ---- */

void placements_done(placements *list)
{
    free(list->items);
    *list = (placements){0};
}

static cr_status placements_add(placements *list, const placement *item)
{
    if (list->n == list->room) {
        int32_t room = list->room ? 2 * list->room : 64;
        placement *grown = realloc(list->items, (size_t)room * sizeof *grown);
        if (!grown)
            return CR_E_NOMEM;
        list->items = grown;
        list->room = room;
    }
    list->items[list->n++] = *item;
    return CR_OK;
}

bool try_team(explainer *x, const placement *team, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        int32_t *stops = x->buffer + (size_t)i * (size_t)x->longest_round;
        x->edits[i] = (timetable_edit){team[i].shift, stops, lay_out(x, &team[i], stops)};
    }
    return timetable_try(x->timetable, x->problem->slots[team[0].slot].visit, x->edits, n);
}

void undo_team(explainer *x, const placement *team, int32_t n)
{
    timetable_undo(x->timetable, x->problem->slots[team[0].slot].visit, x->edits, n);
}

/* Could the visit start while the shift lasts? Half of all shifts fall here, before anything is looked up. */
static bool may_overlap(const cr_problem *p, int32_t visit, int32_t shift)
{
    return timetable_start_from(p, visit, p->shifts[shift].begin) <= p->shifts[shift].end;
}

cr_status gather_placements(explainer *x, int32_t slot, int32_t shift, int32_t most, placements *found)
{
    if (x->is_cut_short || !may_overlap(x->problem, x->problem->slots[slot].visit, shift) || !has_rest(x, shift) ||
        !crew_may_take(x->problem, shift, cr_problem_crew(x->problem, shift), slot))
        return CR_OK;
    int32_t n_found = 0;
    bool breaks_ask = on_board_asks_breaks(x->problem, shift);
    int32_t n_each = n_layouts(x->problem->shifts[shift].breaks.n, shift_n_visits(x, shift) + 1);
    for (int32_t after = first_after(x, shift); after < n_afters(x, shift); after++) {
        placement at = {.slot = slot, .shift = shift, .after = after};
        detour d = detour_of(x, slot, shift, after);
        bool by_hour = x->problem->n_periods > 0;
        bool is_open = is_within_limits(x, slot, shift, by_hour ? NULL : &d) && (by_hour || ways_hold(x, shift, &d)) &&
                       has_room(x, slot, shift, after);
        if (!is_open || !quick_starts(x, &at, &d))
            continue;
        for (at.layout = 0; at.layout < n_each && n_found < most; at.layout++) {
            if (explainer_is_out_of_time(x))
                return CR_OK;
            bool fits = try_team(x, &at, 1) && (!by_hour || work_holds(x, shift)) &&
                        (!breaks_ask || on_board_holds(x->problem, shift, x->edits[0].stops, x->edits[0].n));
            undo_team(x, &at, 1);
            cr_status st = fits ? placements_add(found, &at) : CR_OK;
            if (st)
                return st;
            n_found += fits;
        }
    }
    return CR_OK;
}
