/* The checker's rule on crews: two carers who share a car all shift are at the same doors at the same times.
 *
 * Their rounds are compared stop by stop, and the first difference is told: another visit (or break, or none), a start
 * or an end of care at another time, another departure or return.
 */
#include "check_inside.h"

#define NOTHING (-2) /* of a round that has no such stop; breaks count down from there */

typedef struct crew_member {
    int32_t shift;
    const cr_round *round; /* NULL: none */
} crew_member;

static const cr_stop *stop_at(const cr_checking *c, const crew_member *m, int32_t k)
{
    return m->round && k < m->round->stops.n ? &c->plan->stops[m->round->stops.first + k] : NULL;
}

/* The visit, or which of her breaks it is, the first being NOTHING - 1. */
static int32_t what_at(const cr_checking *c, const crew_member *m, int32_t k)
{
    const cr_problem *p = c->problem;
    const cr_stop *stop = stop_at(c, m, k);
    if (stop && stop->slot >= 0 && stop->slot < p->n_slots)
        return p->slots[stop->slot].visit;
    return stop && stop->slot == CR_NONE && stop->brk >= 0 && stop->brk < p->n_breaks
               ? NOTHING - 1 - (stop->brk - p->shifts[m->shift].breaks.first)
               : NOTHING;
}

static int64_t end_at(const cr_checking *c, const crew_member *m, int32_t k)
{
    const cr_problem *p = c->problem;
    const cr_stop *stop = stop_at(c, m, k);
    if (stop->slot == CR_NONE)
        return (int64_t)stop->start + p->breaks[stop->brk].length;
    const cr_slot *slot = &p->slots[stop->slot];
    int32_t length = slot->duration, grade = p->carers[p->shifts[m->shift].carer].grade;
    for (int32_t i = slot->by_grade.first; i < slot->by_grade.first + slot->by_grade.n; i++)
        if (p->durations[i].grade == grade)
            length = p->durations[i].duration;
    return (int64_t)stop->start + length;
}

static cr_breach breach_of(const cr_checking *c, const crew_member *m, const crew_member *other, int32_t visit)
{
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = CR_RULE_CREW;
    breach.shift = m->shift;
    breach.carer = c->problem->shifts[m->shift].carer;
    breach.item = other->shift;
    breach.visit = visit;
    return breach;
}

static void add(cr_checking *c, const crew_member *m, const crew_member *other, int32_t visit, int64_t is,
                int64_t should, bool counts)
{
    cr_breach breach = breach_of(c, m, other, visit);
    breach.is = is;
    breach.should = should;
    breach.counts = counts;
    cr_checking_add(c, &breach);
}

static void add_not_for_two(cr_checking *c, const crew_member *m, const crew_member *other, int32_t visit)
{
    cr_breach breach = breach_of(c, m, other, visit);
    breach.other_visit = visit;
    breach.is = c->problem->visits[visit].slots.n;
    breach.should = 2;
    breach.counts = true;
    cr_checking_add(c, &breach);
}

/* False: they differ here, and it is told. */
static bool is_alike_at(cr_checking *c, const crew_member *m, const crew_member *other, int32_t k)
{
    int32_t here = what_at(c, m, k), there = what_at(c, other, k);
    if (here != there) {
        if (here >= 0)
            add(c, m, other, here, here, there, true);
        else
            add(c, other, m, there >= 0 ? there : CR_NONE, there, here, true);
        return false;
    }
    if (here == NOTHING) /* not well formed, which is told elsewhere */
        return true;
    int32_t visit = here >= 0 ? here : CR_NONE, start = stop_at(c, m, k)->start, starts = stop_at(c, other, k)->start;
    if (start != starts)
        add(c, m, other, visit, start, starts, false);
    else if (end_at(c, m, k) != end_at(c, other, k))
        add(c, m, other, visit, end_at(c, m, k), end_at(c, other, k), false);
    else if (visit != CR_NONE && c->problem->visits[visit].slots.n != 2)
        add_not_for_two(c, m, other, visit);
    else
        return true;
    return false;
}

static void compare(cr_checking *c, const crew_member *m, const crew_member *other)
{
    int32_t n = m->round ? m->round->stops.n : 0;
    if (other->round && other->round->stops.n > n)
        n = other->round->stops.n;
    for (int32_t k = 0; k < n; k++)
        if (!is_alike_at(c, m, other, k))
            return;
    if (!m->round || !other->round)
        return;
    if (m->round->depart != other->round->depart)
        add(c, m, other, CR_NONE, m->round->depart, other->round->depart, false);
    else if (m->round->arrive != other->round->arrive)
        add(c, m, other, CR_NONE, m->round->arrive, other->round->arrive, false);
}

static crew_member member(const cr_checking *c, int32_t shift)
{
    int32_t r = c->shift_round[shift];
    return (crew_member){shift, r != CR_NONE ? &c->plan->rounds[r] : NULL};
}

void cr_checking_crews(cr_checking *c)
{
    const cr_problem *p = c->problem;
    for (int32_t s = 0; s < p->n_shifts; s++)
        for (int32_t t = s + 1; p->shifts[s].crew != CR_NONE && t < p->n_shifts; t++)
            if (p->shifts[t].crew == p->shifts[s].crew) {
                crew_member one = member(c, s), two = member(c, t);
                compare(c, &one, &two);
            }
}
