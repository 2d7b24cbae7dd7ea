/* Is a problem sound: its visits, with slots, windows and goods, and the gaps between them. */
#include "problem_validate.h"

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

bool problem_validate_visits(const cr_problem *p, validation *v)
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

bool problem_validate_gaps(const cr_problem *p, validation *v)
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
