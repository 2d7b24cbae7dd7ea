/* The checker's rule on a day that is under way: what has begun is as it was.
 *
 * The round of a shift with held stops begins with these, in their order and at their starts; where the shift is over
 * no visit follows. How long a carer stands by before she goes on is the walk's (check_rounds.c).
 */
#include "check_inside.h"

static void add(cr_checking *c, int32_t shift, const cr_held *held, int64_t is, int64_t should)
{
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = CR_RULE_HELD;
    breach.shift = shift;
    breach.carer = c->problem->shifts[shift].carer;
    breach.visit = held->slot != CR_NONE ? c->problem->slots[held->slot].visit : CR_NONE;
    breach.item = held->brk;
    breach.is = is;
    breach.should = should;
    cr_checking_add(c, &breach);
}

static const cr_stop *stop_at(const cr_checking *c, int32_t shift, int32_t k)
{
    int32_t r = c->shift_round[shift];
    return r != CR_NONE && k < c->plan->rounds[r].stops.n ? &c->plan->stops[c->plan->rounds[r].stops.first + k] : NULL;
}

static bool holds_breaks_only(const cr_problem *p, const cr_shift *shift)
{
    for (int32_t k = shift->held.first; k < shift->held.first + shift->held.n; k++)
        if (p->held[k].slot != CR_NONE)
            return false;
    return true;
}

static void check_shift(cr_checking *c, int32_t s)
{
    const cr_problem *p = c->problem;
    const cr_shift *shift = &p->shifts[s];
    if (c->shift_round[s] == CR_NONE && holds_breaks_only(p, shift))
        return; /* a break that has begun asks for no round */
    for (int32_t k = 0; k < shift->held.n; k++) {
        const cr_held *held = &p->held[shift->held.first + k];
        const cr_stop *stop = stop_at(c, s, k);
        if (!stop || stop->slot != held->slot || stop->brk != held->brk)
            add(c, s, held, CR_FREE, held->start);
        else if (stop->start != held->start)
            add(c, s, held, stop->start, held->start);
    }
    const cr_stop *stop;
    for (int32_t k = shift->held.n; shift->is_over && (stop = stop_at(c, s, k)); k++)
        if (stop->slot >= 0 && stop->slot < p->n_slots)
            add(c, s, &(cr_held){stop->slot, CR_NONE, stop->start}, stop->start, CR_FREE);
}

void cr_checking_held(cr_checking *c)
{
    for (int32_t s = 0; s < c->problem->n_shifts; s++)
        check_shift(c, s);
}
