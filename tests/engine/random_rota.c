/* Random orders: see random_rota.h.
 *
 * Each visit draws a start in its windows and a shift for each slot; it stays if all stops of those shifts, sorted by
 * start, can be reached in time and every gap holds. Breaks are drawn first.
 */
#include "random_rota.h"

#include "dice.h"

#include <stdlib.h>
#include <string.h>

#define STOPS_MOST 64

typedef struct draft {
    int32_t n;
    cr_stop stops[STOPS_MOST]; /* by start */
} draft;

typedef struct maker {
    dice dice;
    const cr_problem *p;
    draft *drafts;  /* by shift */
    int32_t *start; /* by visit; CR_FREE: unallocated */
} maker;

static void insert(draft *d, cr_stop stop)
{
    assert(d->n < STOPS_MOST);
    int32_t at = d->n++;
    for (; at > 0 && d->stops[at - 1].start > stop.start; at--)
        d->stops[at] = d->stops[at - 1];
    d->stops[at] = stop;
}

static void take_out(draft *d, int32_t slot)
{
    int32_t kept = 0;
    for (int32_t k = 0; k < d->n; k++)
        if (d->stops[k].slot != slot)
            d->stops[kept++] = d->stops[k];
    d->n = kept;
}

static int64_t leg(const cr_problem *p, const cr_shift *shift, int32_t from, int32_t to)
{
    return from == CR_NONE || to == CR_NONE ? 0 : cr_matrix_time(p->matrix[shift->mode], from, to);
}

/* Can she keep to the hidden starts? Says when she must leave and when she is back. */
static bool holds(const cr_problem *p, int32_t s, const draft *d, int64_t *ret_depart, int64_t *ret_arrive)
{
    const cr_shift *shift = &p->shifts[s];
    int64_t free_from = 0;
    int32_t at = shift->start_place;
    for (int32_t k = 0; k < d->n; k++) {
        const cr_stop *stop = &d->stops[k];
        int64_t way = 0, length;
        if (stop->slot == CR_NONE) {
            length = p->breaks[stop->brk].length;
        } else {
            const cr_visit *visit = &p->visits[p->slots[stop->slot].visit];
            int32_t to = visit->is_anywhere ? at : visit->place;
            if (visit->place == CR_NONE && !visit->is_anywhere)
                return false;
            way = leg(p, shift, at, to) + (at == to ? 0 : visit->door);
            at = to;
            length = cr_problem_duration(p, stop->slot, shift->carer);
        }
        if (k == 0)
            *ret_depart = free_from = stop->start - way;
        if (free_from + way > stop->start)
            return false;
        free_from = stop->start + length;
    }
    *ret_arrive = free_from + leg(p, shift, at, shift->end_place);
    bool fits = *ret_depart >= shift->begin && *ret_arrive <= shift->end;
    *ret_depart = shift->leaves_at_begin ? shift->begin : *ret_depart;
    return d->n == 0 || fits;
}

static void draw_breaks(maker *m)
{
    for (int32_t s = 0; s < m->p->n_shifts; s++) {
        cr_range breaks = m->p->shifts[s].breaks;
        for (int32_t b = breaks.first; b < breaks.first + breaks.n; b++) {
            int32_t start = dice_between(&m->dice, m->p->breaks[b].open, m->p->breaks[b].close);
            const cr_range windows = m->p->breaks[b].windows;
            if (windows.n > 0) {
                const cr_window *in = &m->p->windows[windows.first + dice_between(&m->dice, 0, windows.n - 1)];
                start = dice_between(&m->dice, in->open, in->close);
            }
            insert(&m->drafts[s], (cr_stop){CR_NONE, b, start});
        }
    }
}

static bool gaps_hold(const maker *m, int32_t v)
{
    for (int32_t g = 0; g < m->p->n_gaps; g++) {
        const cr_gap *gap = &m->p->gaps[g];
        if ((gap->first != v && gap->second != v) || m->start[gap->first] == CR_FREE ||
            m->start[gap->second] == CR_FREE)
            continue;
        const cr_visit *first = &m->p->visits[gap->first];
        int64_t between = (int64_t)m->start[gap->second] - m->start[gap->first];
        int32_t longest = 0;
        for (int32_t k = 0; k < first->slots.n; k++)
            if (m->p->slots[first->slots.first + k].duration > longest)
                longest = m->p->slots[first->slots.first + k].duration;
        between -= gap->from == CR_GAP_END_TO_START ? longest : 0;
        if ((gap->min != CR_FREE && between < gap->min) || (gap->max != CR_FREE && between > gap->max))
            return false;
    }
    return true;
}

/* One slot more in a shift of its own; false if it does not hold there. */
static bool place_slot(maker *m, int32_t slot, int32_t start, int32_t shift)
{
    int64_t depart, arrive;
    for (int32_t k = 0; k < m->drafts[shift].n; k++)
        if (m->drafts[shift].stops[k].slot != CR_NONE &&
            m->p->slots[m->drafts[shift].stops[k].slot].visit == m->p->slots[slot].visit)
            return false;
    insert(&m->drafts[shift], (cr_stop){slot, CR_NONE, start});
    if (holds(m->p, shift, &m->drafts[shift], &depart, &arrive))
        return true;
    take_out(&m->drafts[shift], slot);
    return false;
}

static bool place_slots(maker *m, int32_t v, int32_t start)
{
    cr_range slots = m->p->visits[v].slots;
    for (int32_t k = 0; k < slots.n; k++) {
        int32_t first = dice_between(&m->dice, 0, m->p->n_shifts - 1);
        bool placed = false;
        for (int32_t s = 0; s < m->p->n_shifts && !placed; s++)
            placed = place_slot(m, slots.first + k, start, (first + s) % m->p->n_shifts);
        if (placed)
            continue;
        for (int32_t s = 0; s < m->p->n_shifts; s++)
            for (int32_t i = 0; i < k; i++)
                take_out(&m->drafts[s], slots.first + i);
        return false;
    }
    return true;
}

static void draw_visit(maker *m, int32_t v)
{
    const cr_visit *visit = &m->p->visits[v];
    for (int32_t trial = 0; trial < 12; trial++) {
        int32_t w = visit->windows.first + dice_between(&m->dice, 0, visit->windows.n - 1);
        m->start[v] = dice_between(&m->dice, m->p->windows[w].open, m->p->windows[w].close);
        if (visit->locked_start != CR_FREE)
            m->start[v] = visit->locked_start;
        if (gaps_hold(m, v) && place_slots(m, v, m->start[v]))
            return;
        m->start[v] = CR_FREE;
    }
}

static cr_plan *read_drafts(const maker *m)
{
    int32_t n_rounds = 0, n_stops = 0, n_bank = 0;
    for (int32_t v = 0; v < m->p->n_visits; v++)
        n_bank += m->start[v] == CR_FREE;
    cr_plan *plan;
    if (cr_plan_new(m->p->n_shifts, m->p->n_shifts * STOPS_MOST, n_bank, &plan))
        abort();
    for (int32_t v = 0, k = 0; v < m->p->n_visits; v++)
        if (m->start[v] == CR_FREE)
            plan->unallocated[k++] = v;
    for (int32_t s = 0; s < m->p->n_shifts; s++) {
        const draft *d = &m->drafts[s];
        int64_t depart, arrive;
        if (d->n == m->p->shifts[s].breaks.n) /* no visit, no round */
            continue;
        if (!holds(m->p, s, d, &depart, &arrive))
            abort();
        plan->rounds[n_rounds++] = (cr_round){s, {n_stops, d->n}, (int32_t)depart, (int32_t)arrive};
        memcpy(plan->stops + n_stops, d->stops, (size_t)d->n * sizeof *d->stops);
        n_stops += d->n;
    }
    plan->n_rounds = n_rounds;
    plan->n_stops = n_stops;
    return plan;
}

cr_plan *random_rota(const cr_problem *problem, uint64_t seed)
{
    maker m = {.dice = {seed}, .p = problem};
    m.drafts = calloc((size_t)problem->n_shifts + 1, sizeof *m.drafts);
    m.start = malloc(((size_t)problem->n_visits + 1) * sizeof *m.start);
    if (!m.drafts || !m.start)
        abort();
    for (int32_t v = 0; v < problem->n_visits; v++)
        m.start[v] = CR_FREE;
    draw_breaks(&m);
    for (int32_t v = 0; v < problem->n_visits; v++)
        draw_visit(&m, v);
    cr_plan *plan = read_drafts(&m);
    free(m.drafts);
    free(m.start);
    return plan;
}

void random_rota_disturb(cr_plan *rota, uint64_t seed)
{
    dice d = {seed};
    for (int32_t trial = 0; trial < 8 && rota->n_rounds > 0; trial++) {
        cr_range stops = rota->rounds[dice_between(&d, 0, rota->n_rounds - 1)].stops;
        if (stops.n < 2)
            continue;
        int32_t a = dice_between(&d, 0, stops.n - 2), b = a + 1;
        cr_stop first = rota->stops[stops.first + a];
        rota->stops[stops.first + a] = rota->stops[stops.first + b];
        rota->stops[stops.first + b] = first;
        return;
    }
}
