/* Two carers who share a car: see crew.h. */
#include "crew.h"

#include "breaks.h"

static bool same_breaks(const cr_problem *p, const cr_shift *a, const cr_shift *b)
{
    bool same = a->breaks.n == b->breaks.n;
    for (int32_t i = 0; same && i < a->breaks.n; i++) {
        const cr_break *x = &p->breaks[a->breaks.first + i], *y = &p->breaks[b->breaks.first + i];
        same = breaks_are_alike(p, x, y) && x->stay == y->stay;
    }
    return same;
}

static bool same_held(const cr_problem *p, const cr_shift *a, const cr_shift *b)
{
    bool same = a->held.n == b->held.n && a->is_over == b->is_over;
    for (int32_t i = 0; same && i < a->held.n; i++) {
        const cr_held *x = &p->held[a->held.first + i], *y = &p->held[b->held.first + i];
        bool is_visit = x->slot != CR_NONE && y->slot != CR_NONE;
        same = x->start == y->start && (x->slot == CR_NONE) == (y->slot == CR_NONE) &&
               (is_visit ? p->slots[x->slot].visit == p->slots[y->slot].visit &&
                               p->slots[x->slot].stay == p->slots[y->slot].stay
                         : x->brk - a->breaks.first == y->brk - b->breaks.first);
    }
    return same;
}

const char *crew_difference(const cr_problem *p, const cr_shift *a, const cr_shift *b)
{
    if (a->carer == b->carer)
        return "carers";
    if (a->day != b->day || a->begin != b->begin || a->end != b->end || a->leaves_at_begin != b->leaves_at_begin)
        return "times";
    if (a->paid_end != b->paid_end || a->overrun_price != b->overrun_price)
        return "paid ends";
    if (a->start_place != b->start_place || a->end_place != b->end_place)
        return "places";
    if (a->mode != b->mode || (a->rides && b->rides))
        return "ways to travel";
    if (!same_breaks(p, a, b))
        return "breaks";
    return same_held(p, a, b) ? NULL : "beginnings";
}

bool crew_may_take(const cr_problem *p, int32_t shift, int32_t other, int32_t slot)
{
    if (other == CR_NONE)
        return true;
    const cr_range slots = p->visits[p->slots[slot].visit].slots;
    int32_t hers = 2 * slots.first + 1 - slot; /* the other of two slots */
    return slots.n == 2 && cr_problem_duration(p, slot, p->shifts[shift].carer) + p->slots[slot].stay ==
                               cr_problem_duration(p, hers, p->shifts[other].carer) + p->slots[hers].stay;
}

bool crew_has_same_stop(const cr_problem *p, int32_t a, int32_t shift_a, int32_t b, int32_t shift_b)
{
    if (a < p->n_slots && b < p->n_slots)
        return p->slots[a].visit == p->slots[b].visit;
    return a >= p->n_slots && b >= p->n_slots &&
           a - p->shifts[shift_a].breaks.first == b - p->shifts[shift_b].breaks.first;
}

/* ---- starts ---- */

static bool are_alike(const cr_problem *p, const round_view *a, const round_view *b)
{
    bool alike = a->n == b->n;
    for (int32_t k = 0; alike && k < a->n; k++)
        alike = crew_has_same_stop(p, a->stops[k], a->shift, b->stops[k], b->shift) &&
                (a->stops[k] >= p->n_slots || crew_may_take(p, a->shift, b->shift, a->stops[k]));
    return alike;
}

void crew_align(const cr_problem *p, const round_view *rounds, int32_t n_rounds, int32_t *at)
{
    for (int32_t r = 0; r < n_rounds; r++) {
        const round_view *from = &rounds[r];
        int32_t other = cr_problem_crew(p, from->shift);
        for (int32_t q = r + 1; other != CR_NONE && q < n_rounds; q++) {
            const round_view *to = &rounds[q];
            if (to->shift != other || !are_alike(p, from, to))
                continue;
            if (p->carers[p->shifts[to->shift].carer].wage_price >
                p->carers[p->shifts[from->shift].carer].wage_price) { /* whose time costs more has the better answer */
                to = from;
                from = &rounds[q];
            }
            for (int32_t k = 0; k < from->n; k++)
                at[start_of_stop(p, to->stops[k])] = at[start_of_stop(p, from->stops[k])];
        }
    }
}
