/* Is a problem sound: its shifts, with their breaks, rooms, crews and what is held of them. */
#include "crew.h"
#include "problem_validate.h"

#include <stdlib.h>

/* Kinds that are, each at most once; nothing below 0 but what is put down. */
static bool validate_rooms(const cr_problem *p, int32_t s, cr_range rooms, validation *v)
{
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

/* None, or several from open to close. */
static bool break_windows_fit(const cr_problem *p, const cr_break *b)
{
    const cr_range range = b->windows;
    if (!range_fits(range, p->n_windows))
        return false;
    if (range.n == 0)
        return true;
    const cr_window *w = p->windows + range.first;
    bool fit = w[0].open == b->open && w[range.n - 1].close == b->close;
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
        if (!validate_rooms(p, s, b->rooms, v))
            return false;
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

bool problem_validate_all_held(const cr_problem *p, validation *v)
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

bool problem_validate_shifts(const cr_problem *p, validation *v)
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
        if (!validate_rooms(p, s, shift->rooms, v))
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
bool problem_validate_crews(const cr_problem *p, validation *v)
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

bool problem_validate_shifts_apart(const cr_problem *p, validation *v)
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
