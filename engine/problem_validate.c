/* Is a problem sound? Looked at once, when it is complete, so that nothing later needs to. */
#include "careround/problem.h"

#include "crew.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIME_MOST  (INT32_MAX / 4) /* any time, so that sums of two never overflow */
#define PRICE_MOST (INT64_C(1) << 50)
#define COST_MOST  2.0e18 /* of everything together, below INT64_MAX / 4 */

typedef struct validation {
    char *message;
    size_t size;
    double worst_cost;
    bool no_memory;
} validation;

/* Report a fault: "visit 3: window 2 closes before it opens (5, 4)". Always false, for `return fault(...)`. */
__attribute__((format(printf, 2, 3))) static bool fault(validation *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(v->message, v->size, format, args);
    va_end(args);
    return false;
}

static bool range_fits(cr_range range, int32_t n)
{
    return range.first >= 0 && range.n >= 0 && range.first <= n && range.n <= n - range.first;
}

static bool time_fits(int32_t time)
{
    return time >= -TIME_MOST && time <= TIME_MOST;
}

static bool length_fits(int32_t length)
{
    return length >= 0 && length <= TIME_MOST;
}

static bool price_fits(int64_t price)
{
    return price >= 0 && price <= PRICE_MOST;
}

static bool ids_fit(const cr_problem *p, cr_range range, int32_t n)
{
    if (!range_fits(range, p->n_ids))
        return false;
    for (int32_t i = 0; i < range.n; i++)
        if (p->ids[range.first + i] < 0 || p->ids[range.first + i] >= n)
            return false;
    return true;
}

/* The ticks of all care together have to fit, for a contract may be asked for all of it. */
static double all_contract_care(const cr_problem *p)
{
    double all = 0;
    for (int32_t s = 0; s < p->n_slots; s++)
        all += cr_problem_contract_care(p, s);
    return all;
}

static bool validate_by_length(const cr_problem *p, int32_t i, double care, validation *v)
{
    cr_range by_length = p->providers[i].by_length;
    if (!range_fits(by_length, p->n_length_prices))
        return fault(v, "provider %d: prices by length outside the pool", i);
    for (int32_t k = 0; k < by_length.n; k++) {
        const cr_length_price *step = &p->length_prices[by_length.first + k];
        if (!length_fits(step->up_to) || !price_fits(step->price) || step->up_to <= (k > 0 ? step[-1].up_to : 0))
            return fault(v, "provider %d: length %d is not above the one before it, or its price is out of range", i,
                         k);
        v->worst_cost += (double)step->price * (p->n_slots + care / step->up_to);
    }
    return true;
}

static bool validate_providers(const cr_problem *p, validation *v)
{
    double care = p->n_providers > 0 ? all_contract_care(p) : 0;
    if (care > INT32_MAX / 2)
        return fault(v, "more care than can be counted for contracts (%.3g ticks)", care);
    for (int32_t i = 0; i < p->n_providers; i++) {
        const cr_provider *provider = &p->providers[i];
        if (!length_fits(provider->block) || !length_fits(provider->least_care) ||
            (provider->max_care != CR_NONE && !length_fits(provider->max_care)))
            return fault(v, "provider %d: hours out of range", i);
        if (provider->max_slots < CR_NONE)
            return fault(v, "provider %d: negative most visits", i);
        if (!price_fits(provider->block_price) || !price_fits(provider->care_price) ||
            !price_fits(provider->shortfall_price))
            return fault(v, "provider %d: price out of range", i);
        if (!validate_by_length(p, i, care, v))
            return false;
        v->worst_cost += (double)provider->block_price * provider->block +
                         (double)provider->shortfall_price * provider->least_care + (double)provider->care_price * care;
    }
    return true;
}

static bool validate_carers(const cr_problem *p, validation *v)
{
    for (int32_t c = 0; c < p->n_carers; c++) {
        const cr_carer *carer = &p->carers[c];
        if (!range_fits(carer->skills, p->n_skills))
            return fault(v, "carer %d: skills outside the pool", c);
        if (!ids_fit(p, carer->attributes, INT32_MAX))
            return fault(v, "carer %d: attributes outside the pool", c);
        if (carer->grade < CR_NONE || carer->grade >= CR_GRADES_MOST)
            return fault(v, "carer %d: no grade %d, at most %d are possible", c, carer->grade, CR_GRADES_MOST);
        if (p->n_providers > 0 && (carer->provider < CR_NONE || carer->provider >= p->n_providers))
            return fault(v, "carer %d: no provider %d", c, carer->provider);
        if (!ids_fit(p, carer->patches, INT32_MAX))
            return fault(v, "carer %d: patches outside the pool", c);
        if (!price_fits(carer->wage_price) || !price_fits(carer->care_price))
            return fault(v, "carer %d: wage or care price out of range", c);
        if (carer->distance_price != CR_NONE && !price_fits(carer->distance_price))
            return fault(v, "carer %d: price of a metre out of range", c);
        if (carer->max_work != CR_NONE && !length_fits(carer->max_work))
            return fault(v, "carer %d: most work out of range", c);
        if ((carer->max_day_work != CR_NONE && !length_fits(carer->max_day_work)) || !length_fits(carer->min_rest))
            return fault(v, "carer %d: most work of a day or least rest out of range", c);
        if ((carer->overtime_after != CR_NONE && !length_fits(carer->overtime_after)) ||
            !length_fits(carer->least_work) || !price_fits(carer->overtime_price) ||
            !price_fits(carer->shortfall_price))
            return fault(v, "carer %d: overtime or contracted work out of range", c);
        v->worst_cost += (double)carer->shortfall_price * carer->least_work;
    }
    return true;
}

/* Kinds that are, each at most once; nothing below 0 but what is put down. */
static bool validate_rooms(const cr_problem *p, int32_t s, validation *v)
{
    const cr_range rooms = p->shifts[s].rooms;
    uint32_t seen = 0;
    if (!range_fits(rooms, p->n_rooms))
        return fault(v, "shift %d: rooms out of range", s);
    for (int32_t i = rooms.first; i < rooms.first + rooms.n; i++) {
        const cr_room *room = &p->rooms[i];
        if (room->kind < 0 || room->kind >= CR_GOODS_MOST || (seen >> room->kind & 1) || room->most < 0)
            return fault(v, "shift %d: room for %d goods of kind %d", s, room->most, room->kind);
        seen |= UINT32_C(1) << room->kind;
    }
    return true;
}

static bool validate_goods(const cr_problem *p, int32_t visit, validation *v)
{
    const cr_range goods = p->visits[visit].goods;
    uint32_t seen = 0;
    if (!range_fits(goods, p->n_goods))
        return fault(v, "visit %d: goods out of range", visit);
    for (int32_t i = goods.first; i < goods.first + goods.n; i++) {
        const cr_goods *g = &p->goods[i];
        if (g->kind < 0 || g->kind >= CR_GOODS_MOST || (seen >> g->kind & 1) || g->brings < 0 || g->takes < -INT32_MAX)
            return fault(v, "visit %d: brings %d and takes %d goods of kind %d", visit, g->brings, g->takes, g->kind);
        seen |= UINT32_C(1) << g->kind;
    }
    return true;
}

/* None, or several from open to close. */
static bool break_windows_fit(const cr_problem *p, const cr_break *b)
{
    const cr_range range = b->windows;
    if (!range_fits(range, p->n_windows))
        return false;
    const cr_window *w = p->windows + range.first;
    bool fit = range.n == 0 || (w[0].open == b->open && w[range.n - 1].close == b->close);
    for (int32_t k = 0; fit && k < range.n; k++)
        fit = w[k].open <= w[k].close && (k == 0 || w[k].open > w[k - 1].close);
    return fit;
}

static bool validate_breaks(const cr_problem *p, int32_t s, validation *v)
{
    const cr_shift *shift = &p->shifts[s];
    if (!range_fits(shift->breaks, p->n_breaks))
        return fault(v, "shift %d: breaks outside the pool", s);
    for (int32_t i = 0; i < shift->breaks.n; i++) {
        const cr_break *b = &p->breaks[shift->breaks.first + i];
        if (b->shift != s)
            return fault(v, "shift %d: break %d belongs to shift %d", s, i, b->shift);
        if (!time_fits(b->open) || !time_fits(b->close) || b->open > b->close || !length_fits(b->length))
            return fault(v, "shift %d: break %d has no sound window or length", s, i);
        if (!length_fits(b->stay))
            return fault(v, "shift %d: break %d has no sound time to stand by", s, i);
        if (!break_windows_fit(p, b))
            return fault(v, "shift %d: break %d has windows that are not apart and in order", s, i);
        if (i > 0 && b->open < b[-1].open && shift->held.n == 0) /* what is held stands where it was */
            return fault(v, "shift %d: break %d comes before break %d", s, i, i - 1);
    }
    return true;
}

/* Each held stop is of this shift, or of a slot that is held nowhere else; the first is marked. */
static bool validate_held(const cr_problem *p, int32_t s, bool *is_held, validation *v)
{
    const cr_shift *shift = &p->shifts[s];
    if (!range_fits(shift->held, p->n_held))
        return fault(v, "shift %d: held stops outside the pool", s);
    for (int32_t i = 0; i < shift->held.n; i++) {
        const cr_held *held = &p->held[shift->held.first + i];
        bool is_visit = held->slot != CR_NONE;
        int32_t at = is_visit ? held->slot : held->brk, n = is_visit ? p->n_slots : p->n_breaks;
        if (at < 0 || at >= n || (is_visit && held->brk != CR_NONE) || (!is_visit && p->breaks[at].shift != s))
            return fault(v, "shift %d: held stop %d is no stop of it", s, i);
        if (!time_fits(held->start))
            return fault(v, "shift %d: held stop %d starts at no sound time", s, i);
        if (is_held[is_visit ? at : p->n_slots + at])
            return fault(v, "shift %d: held stop %d is held twice", s, i);
        is_held[is_visit ? at : p->n_slots + at] = true;
    }
    return true;
}

static bool validate_all_held(const cr_problem *p, validation *v)
{
    if (p->n_held == 0)
        return true;
    bool *is_held = calloc((size_t)p->n_slots + (size_t)p->n_breaks + 1, sizeof *is_held);
    v->no_memory = !is_held;
    bool sound = is_held || fault(v, "out of memory");
    for (int32_t s = 0; sound && s < p->n_shifts; s++)
        sound = validate_held(p, s, is_held, v);
    for (int32_t i = 0; sound && i < p->n_slots; i++) {
        const cr_visit *visit = &p->visits[p->slots[i].visit];
        if (is_held[i] != is_held[visit->slots.first])
            sound = fault(v, "visit %d: not all of its carers are held", p->slots[i].visit);
    }
    free(is_held);
    return sound;
}

static bool validate_shifts(const cr_problem *p, validation *v)
{
    for (int32_t s = 0; s < p->n_shifts; s++) {
        const cr_shift *shift = &p->shifts[s];
        if (shift->carer < 0 || shift->carer >= p->n_carers)
            return fault(v, "shift %d: no carer %d", s, shift->carer);
        if (!time_fits(shift->begin) || !time_fits(shift->end) || shift->begin > shift->end)
            return fault(v, "shift %d: ends before it begins (%d, %d)", s, shift->begin, shift->end);
        if (shift->start_place < CR_NONE || shift->start_place >= p->n_places || shift->end_place < CR_NONE ||
            shift->end_place >= p->n_places)
            return fault(v, "shift %d: place out of range", s);
        if (shift->paid_end != CR_FREE && (shift->paid_end < shift->begin || shift->paid_end > shift->end))
            return fault(v, "shift %d: paid end %d is outside the shift (%d to %d)", s, shift->paid_end, shift->begin,
                         shift->end);
        if (!price_fits(shift->overrun_price))
            return fault(v, "shift %d: overrun price out of range", s);
        if (shift->day < 0 || shift->day >= CR_DAYS_MOST)
            return fault(v, "shift %d: no day %d", s, shift->day);
        if (shift->mode < 0 || shift->mode >= p->n_modes)
            return fault(v, "shift %d: no mode %d", s, shift->mode);
        if (shift->max_load != CR_NONE && shift->max_load < 0)
            return fault(v, "shift %d: negative most load", s);
        if ((shift->max_travel != CR_NONE && !length_fits(shift->max_travel)) || shift->max_dist_m < CR_NONE)
            return fault(v, "shift %d: most travel or most metres out of range", s);
        if (!validate_rooms(p, s, v))
            return false;
        if (!price_fits(shift->use_price))
            return fault(v, "shift %d: use price out of range", s);
        if (!validate_breaks(p, s, v))
            return false;
        v->worst_cost += (double)shift->use_price;
        v->worst_cost +=
            ((double)p->prices.travel + (double)p->prices.waiting + 3.0 * (double)p->carers[shift->carer].wage_price +
             (double)p->carers[shift->carer].care_price + (double)p->carers[shift->carer].overtime_price +
             (double)shift->overrun_price + 2.0 * (double)p->prices.imbalance + (double)p->prices.worst_idle) *
            ((double)shift->end - shift->begin);
    }
    return true;
}

/* The two shifts of a crew are alike in all that makes a round. */
static bool validate_crews(const cr_problem *p, validation *v)
{
    for (int32_t s = 0; s < p->n_shifts; s++) {
        const cr_shift *shift = &p->shifts[s];
        int32_t n = 0;
        for (int32_t r = 0; shift->crew != CR_NONE && r < p->n_shifts; r++)
            n += p->shifts[r].crew == shift->crew;
        if (shift->crew == CR_NONE ? shift->rides : n != 2)
            return fault(v, "shift %d: no crew of two (%d)", s, n);
        const char *differ = n == 2 ? crew_difference(p, shift, &p->shifts[cr_problem_crew(p, s)]) : NULL;
        if (differ)
            return fault(v, "shift %d: the %s of its crew are not those of one round", s, differ);
    }
    return true;
}

static int compare_shifts(const void *a, const void *b)
{
    const cr_shift *x = *(const cr_shift *const *)a, *y = *(const cr_shift *const *)b;
    if (x->carer != y->carer)
        return x->carer < y->carer ? -1 : 1;
    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static bool validate_shifts_apart(const cr_problem *p, validation *v)
{
    const cr_shift **sorted = malloc(((size_t)p->n_shifts + 1) * sizeof *sorted);
    if (!sorted) {
        v->no_memory = true;
        return fault(v, "out of memory");
    }
    for (int32_t s = 0; s < p->n_shifts; s++)
        sorted[s] = &p->shifts[s];
    qsort(sorted, (size_t)p->n_shifts, sizeof *sorted, compare_shifts);
    bool apart = true;
    for (int32_t s = 1; apart && s < p->n_shifts; s++)
        if (sorted[s]->carer == sorted[s - 1]->carer && sorted[s]->begin < sorted[s - 1]->end)
            apart = fault(v, "carer %d: shift %d begins before shift %d ends", sorted[s]->carer,
                          (int32_t)(sorted[s] - p->shifts), (int32_t)(sorted[s - 1] - p->shifts));
    free(sorted);
    return apart;
}

static bool validate_by_grade(const cr_problem *p, int32_t i, int32_t k, validation *v)
{
    const cr_slot *slot = &p->slots[p->visits[i].slots.first + k];
    if (!range_fits(slot->by_grade, p->n_durations))
        return fault(v, "visit %d: slot %d has durations outside the pool", i, k);
    bool seen[CR_GRADES_MOST] = {false};
    for (int32_t d = slot->by_grade.first; d < slot->by_grade.first + slot->by_grade.n; d++) {
        const cr_grade_duration *by_grade = &p->durations[d];
        if (by_grade->grade < 0 || by_grade->grade >= CR_GRADES_MOST || seen[by_grade->grade])
            return fault(v, "visit %d: slot %d has grade %d twice or out of range", i, k, by_grade->grade);
        if (!length_fits(by_grade->duration))
            return fault(v, "visit %d: slot %d has a duration out of range", i, k);
        seen[by_grade->grade] = true;
    }
    return true;
}

static bool validate_slots(const cr_problem *p, int32_t i, validation *v)
{
    const cr_visit *visit = &p->visits[i];
    if (!range_fits(visit->slots, p->n_slots) || visit->slots.n < 1)
        return fault(v, "visit %d: needs at least one slot", i);
    if (visit->slots.n > CR_SLOTS_MOST)
        return fault(v, "visit %d: needs %d carers, at most %d are possible", i, visit->slots.n, CR_SLOTS_MOST);
    for (int32_t k = 0; k < visit->slots.n; k++) {
        const cr_slot *slot = &p->slots[visit->slots.first + k];
        if (slot->visit != i)
            return fault(v, "visit %d: slot %d belongs to visit %d", i, k, slot->visit);
        if (!length_fits(slot->duration))
            return fault(v, "visit %d: slot %d has a duration out of range", i, k);
        if (!validate_by_grade(p, i, k, v))
            return false;
        if (!length_fits(slot->stay))
            return fault(v, "visit %d: slot %d has no sound time to stand by", i, k);
        if (!price_fits(slot->sleep_price))
            return fault(v, "visit %d: slot %d has a price out of range", i, k);
        v->worst_cost += (double)slot->sleep_price;
        if (!range_fits(slot->skills, p->n_skills) || !ids_fit(p, slot->attributes, INT32_MAX))
            return fault(v, "visit %d: slot %d has skills or attributes outside the pool", i, k);
        if (slot->accepted < 0 || slot->accepted > CR_ACCEPT_ALL || (slot->accepted && slot->locked_carer == CR_NONE))
            return fault(v, "visit %d: slot %d accepts breaches (%d) without a lock, or unknown ones", i, k,
                         slot->accepted);
        if (slot->locked_carer < CR_NONE || slot->locked_carer >= p->n_carers)
            return fault(v, "visit %d: locked to carer %d who does not exist", i, slot->locked_carer);
    }
    return true;
}

static bool validate_windows(const cr_problem *p, int32_t i, validation *v)
{
    const cr_visit *visit = &p->visits[i];
    if (!range_fits(visit->windows, p->n_windows) || visit->windows.n < 1)
        return fault(v, "visit %d: needs at least one window", i);
    const cr_window *w = p->windows + visit->windows.first;
    for (int32_t k = 0; k < visit->windows.n; k++) {
        if (!time_fits(w[k].open) || !time_fits(w[k].close) || w[k].open > w[k].close)
            return fault(v, "visit %d: window %d closes before it opens (%d, %d)", i, k, w[k].open, w[k].close);
        if (k > 0 && w[k].open <= w[k - 1].close)
            return fault(v, "visit %d: windows %d and %d are not apart and in order", i, k - 1, k);
    }
    return true;
}

/* It may be anywhere, like a break, but is one carer's care at any time of a span; the search tells by the number of
 * its slot. */
static bool validate_anywhere(const cr_problem *p, int32_t visit, validation *v)
{
    const cr_visit *here = &p->visits[visit];
    bool follows = visit > 0 && p->visits[visit - 1].is_anywhere;
    if (!here->is_anywhere)
        return !follows || here->place == CR_NONE || fault(v, "visit %d: comes after one that may be anywhere", visit);
    bool is_plain = here->place == CR_NONE && here->slots.n == 1 && here->windows.n == 1 && here->door == 0 &&
                    here->goods.n == 0 && !p->slots[here->slots.first].sleeps;
    for (int32_t g = 0; g < p->n_gaps; g++)
        is_plain = is_plain && p->gaps[g].first != visit && p->gaps[g].second != visit;
    return is_plain || fault(v, "visit %d: may be anywhere, and has more than one carer and one window", visit);
}

static bool validate_visits(const cr_problem *p, validation *v)
{
    for (int32_t i = 0; i < p->n_visits; i++) {
        const cr_visit *visit = &p->visits[i];
        if (visit->client < 0 || visit->client >= p->n_clients)
            return fault(v, "visit %d: no client %d", i, visit->client);
        if (visit->place < CR_NONE || visit->place >= p->n_places)
            return fault(v, "visit %d: no place %d", i, visit->place);
        if (visit->day < 0 || visit->day >= CR_DAYS_MOST)
            return fault(v, "visit %d: no day %d", i, visit->day);
        if (visit->patch < CR_NONE)
            return fault(v, "visit %d: no patch %d", i, visit->patch);
        if (visit->address < CR_NONE || !time_fits(visit->about))
            return fault(v, "visit %d: no address %d, or no time %d for it", i, visit->address, visit->about);
        if (!validate_slots(p, i, v) || !validate_windows(p, i, v))
            return false;
        if (!length_fits(visit->door) || visit->load < 0)
            return fault(v, "visit %d: negative door time or load", i);
        if (!validate_goods(p, i, v) || !validate_anywhere(p, i, v))
            return false;
        const int32_t times[] = {visit->locked_start, visit->prefer_open, visit->prefer_close, visit->due,
                                 visit->published_start};
        for (size_t k = 0; k < sizeof times / sizeof *times; k++)
            if (times[k] != CR_FREE && !time_fits(times[k]))
                return fault(v, "visit %d: time %d out of range", i, times[k]);
        if (visit->prefer_open != CR_FREE && visit->prefer_close != CR_FREE && visit->prefer_open > visit->prefer_close)
            return fault(v, "visit %d: preferred time closes before it opens", i);
        if (!price_fits(visit->early_price) || !price_fits(visit->late_price) || !price_fits(visit->lateness_price) ||
            !price_fits(visit->unallocated_price))
            return fault(v, "visit %d: price out of range", i);
        if (!ids_fit(p, visit->forbidden, p->n_carers) || !ids_fit(p, visit->preferred, p->n_carers))
            return fault(v, "visit %d: forbidden or preferred carer does not exist", i);
        double span = 86400.0 * 31 < TIME_MOST ? 86400.0 * 31 : TIME_MOST;
        v->worst_cost += (double)p->prices.moved * span + (double)visit->unallocated_price * visit->slots.n +
                         ((double)visit->early_price + (double)visit->late_price) * span +
                         ((double)visit->lateness_price * visit->slots.n) * span;
    }
    return true;
}

static bool validate_gaps(const cr_problem *p, validation *v)
{
    for (int32_t g = 0; g < p->n_gaps; g++) {
        const cr_gap *gap = &p->gaps[g];
        if (gap->first < 0 || gap->first >= p->n_visits || gap->second < 0 || gap->second >= p->n_visits ||
            gap->first == gap->second)
            return fault(v, "gap %d: not between two visits (%d, %d)", g, gap->first, gap->second);
        if ((gap->min != CR_FREE && !time_fits(gap->min)) || (gap->max != CR_FREE && !time_fits(gap->max)))
            return fault(v, "gap %d: bound out of range", g);
        if (gap->min != CR_FREE && gap->max != CR_FREE && gap->min > gap->max)
            return fault(v, "gap %d: least gap is more than the most (%d, %d)", g, gap->min, gap->max);
    }
    return true;
}

/* How many of the things that such a concession is about there are. */
static int32_t n_conceded(const cr_problem *p, cr_conceded rule)
{
    switch (rule) {
    case CR_CONCEDED_WINDOW:
        return p->n_windows;
    case CR_CONCEDED_SHIFT:
    case CR_CONCEDED_MAX_LOAD:
    case CR_CONCEDED_MAX_TRAVEL:
    case CR_CONCEDED_MAX_DISTANCE:
        return p->n_shifts;
    case CR_CONCEDED_GAP_MIN:
    case CR_CONCEDED_GAP_MAX:
    case CR_CONCEDED_GAP_CARERS:
        return p->n_gaps;
    case CR_CONCEDED_MAX_WORK:
    case CR_CONCEDED_MAX_DAY_WORK:
    case CR_CONCEDED_REST:
        return p->n_carers;
    case CR_CONCEDED_N:
        break;
    }
    return 0;
}

/* Was the rule no looser than it is? */
static bool was_stricter(const cr_problem *p, const cr_concession *c)
{
    switch (c->rule) {
    case CR_CONCEDED_WINDOW:
        return c->was >= p->windows[c->item].open && c->was <= p->windows[c->item].close;
    case CR_CONCEDED_SHIFT:
        return c->was >= p->shifts[c->item].begin && c->was <= p->shifts[c->item].end;
    case CR_CONCEDED_MAX_LOAD:
        return c->was >= 0 && c->was <= p->shifts[c->item].max_load;
    case CR_CONCEDED_MAX_TRAVEL:
        return c->was >= 0 && c->was <= p->shifts[c->item].max_travel;
    case CR_CONCEDED_MAX_DISTANCE:
        return c->was >= 0 && c->was <= p->shifts[c->item].max_dist_m;
    case CR_CONCEDED_GAP_MIN:
        return c->was != CR_FREE && time_fits(c->was) && c->was >= p->gaps[c->item].min;
    case CR_CONCEDED_GAP_MAX:
        return c->was != CR_FREE && time_fits(c->was) &&
               (p->gaps[c->item].max == CR_FREE || c->was <= p->gaps[c->item].max);
    case CR_CONCEDED_GAP_CARERS:
        return p->gaps[c->item].carers == CR_GAP_ANY && (c->was == CR_GAP_SAME || c->was == CR_GAP_DIFFERENT);
    case CR_CONCEDED_MAX_WORK:
        return c->was >= 0 && c->was <= p->carers[c->item].max_work;
    case CR_CONCEDED_MAX_DAY_WORK:
        return c->was >= 0 && c->was <= p->carers[c->item].max_day_work;
    case CR_CONCEDED_REST:
        return length_fits(c->was) && c->was >= p->carers[c->item].min_rest;
    case CR_CONCEDED_N:
        break;
    }
    return false;
}

static bool validate_concessions(const cr_problem *p, validation *v)
{
    for (int32_t i = 0; i < p->n_concessions; i++) {
        const cr_concession *c = &p->concessions[i];
        if (c->item < 0 || c->item >= n_conceded(p, c->rule))
            return fault(v, "concession %d: nothing has the index %d", i, c->item);
        if (!was_stricter(p, c))
            return fault(v, "concession %d: the rule was not stricter before (%d)", i, c->was);
    }
    return true;
}

static bool validate_prices(const cr_problem *p, validation *v)
{
    const cr_prices *prices = &p->prices;
    bool fit = price_fits(prices->travel) && price_fits(prices->waiting) && price_fits(prices->worst_lateness) &&
               price_fits(prices->unfamiliar) && price_fits(prices->stranger_short) &&
               price_fits(prices->not_preferred) && price_fits(prices->off_patch) && price_fits(prices->new_face) &&
               price_fits(prices->several_providers) && price_fits(prices->shared_address) &&
               price_fits(prices->worst_idle) && price_fits(prices->imbalance) && price_fits(prices->changed_carer) &&
               price_fits(prices->moved) && length_fits(prices->moved_free) && length_fits(prices->address_within);
    for (int32_t m = 0; m < CR_MODES_MAX; m++)
        fit = fit && price_fits(prices->distance[m]);
    if (!fit)
        return fault(v, "prices: one is negative or out of range");
    v->worst_cost += ((double)prices->unfamiliar + (double)prices->stranger_short + (double)prices->not_preferred +
                      (double)prices->off_patch + (double)prices->new_face + (double)prices->several_providers +
                      (double)prices->changed_carer + (double)prices->shared_address) *
                     p->n_slots;
    return true;
}

static bool validate_matrices(const cr_problem *p, validation *v)
{
    if (p->n_modes < 0 || p->n_modes > CR_MODES_MAX)
        return fault(v, "%d modes, at most %d are possible", p->n_modes, CR_MODES_MAX);
    for (int32_t m = 0; m < p->n_modes; m++) {
        if (!p->matrix[m] || cr_matrix_n_places(p->matrix[m]) < p->n_places)
            return fault(v, "mode %d: no matrix of %d places", m, p->n_places);
        for (int32_t t = 1; t < CR_TABLES_MAX; t++)
            if (p->tables[m][t] && cr_matrix_n_places(p->tables[m][t]) < p->n_places)
                return fault(v, "mode %d: table %d is not of %d places", m, t, p->n_places);
    }
    for (int32_t i = 0; i < p->n_periods; i++) {
        const cr_period *period = &p->periods[i];
        if (!time_fits(period->begin) || period->table < 0 || period->table >= CR_TABLES_MAX)
            return fault(v, "period %d: no such begin or table (%d, %d)", i, period->begin, period->table);
        if (i > 0 && period->begin <= period[-1].begin)
            return fault(v, "period %d does not begin after the one before", i);
    }
    return true;
}

static int compare_familiar(const void *a, const void *b)
{
    const cr_familiar *x = a, *y = b;
    if (x->client != y->client)
        return x->client < y->client ? -1 : 1;
    return x->carer < y->carer ? -1 : x->carer > y->carer;
}

static bool validate_familiar(cr_problem *p, validation *v)
{
    if (p->n_familiar)
        qsort(p->familiar, (size_t)p->n_familiar, sizeof *p->familiar, compare_familiar);
    for (int32_t i = 0; i < p->n_familiar; i++) {
        const cr_familiar *f = &p->familiar[i];
        if (f->client < 0 || f->client >= p->n_clients || f->carer < CR_NONE || f->carer >= p->n_carers ||
            f->n_visits < 0)
            return fault(v, "history: client %d, carer %d do not exist", f->client, f->carer);
        if (f->n_lately < 0 || f->n_lately > f->n_visits)
            return fault(v, "history: client %d, carer %d: %d of %d lately", f->client, f->carer, f->n_lately,
                         f->n_visits);
        if (i > 0 && compare_familiar(f - 1, f) == 0)
            return fault(v, "history: client %d, carer %d twice", f->client, f->carer);
    }
    return true;
}

cr_status cr_problem_validate(cr_problem *problem, char *message, size_t size)
{
    validation v = {.message = message, .size = size};
    if (problem->ticks_per_unit < 1) {
        fault(&v, "ticks per unit must be 1 or more, not %d", problem->ticks_per_unit);
        return CR_E_INPUT;
    }
    if (!validate_matrices(problem, &v) || !validate_prices(problem, &v) || !validate_carers(problem, &v) ||
        !validate_shifts(problem, &v) || !validate_shifts_apart(problem, &v) || !validate_visits(problem, &v) ||
        !validate_providers(problem, &v) || !validate_gaps(problem, &v) || !validate_concessions(problem, &v) ||
        !validate_all_held(problem, &v) || !validate_crews(problem, &v) || !validate_familiar(problem, &v))
        return v.no_memory ? CR_E_NOMEM : CR_E_INPUT;
    if (v.worst_cost > COST_MOST) {
        fault(&v, "the prices are so high that a plan's cost could overflow (%.3g cost units)", v.worst_cost);
        return CR_E_INPUT;
    }
    return CR_OK;
}
