/* Cutting a plan into parts. */
#include "cut.h"

#include "crew.h"
#include "model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AXES          3   /* two of place, one of time */
#define TIME_WEIGHT   0.1 /* of a tick's distance in time beside a tick of travel */
#define PARTNER_STEPS 5   /* so often rounds are moved towards those with which they share a visit, */
#define PARTNER_PULL  0.5 /* by so much of the way */
#define NEAREST       3   /* shifts among which an unallocated visit chooses the part to join */
#define DRAWN         8   /* visits drawn until an idle shift could have one */

/* ---- what must stay together ---- */

/* Shifts that only one part can have: those of a carer whose limits or pay look at all of them; otherwise one shift. */
typedef struct unit {
    double at[AXES], key;
    int64_t weight;
    int32_t index;
} unit;

typedef struct cutter {
    const cr_problem *p;
    const chart *chart;
    const cr_plan *plan;
    rng *random;
    cut *cut;
    unit *units;
    int32_t n_units, *unit_of; /* of each shift */
    int32_t *part_of;          /* of each unit */
    double (*at)[2];           /* of each shift: the middle of its round */
} cutter;

/* Does a rule or a price look at all shifts of the carer together? */
static bool are_tied(const cr_carer *carer)
{
    return carer->max_work != CR_NONE || carer->max_day_work != CR_NONE || carer->min_rest > 0 ||
           carer->overtime_after != CR_NONE || carer->least_work > 0;
}

/* Who shares a car is in the same part: the later of two units goes into the other, and the last takes its index. */
static void join_crew(cutter *c, int32_t shift)
{
    int32_t other = cr_problem_crew(c->p, shift);
    if (other <= shift || c->unit_of[other] == c->unit_of[shift])
        return;
    int32_t a = c->unit_of[shift], b = c->unit_of[other], last = --c->n_units;
    int32_t into = a < b ? a : b, gone = a < b ? b : a;
    for (int32_t r = 0; r < c->p->n_shifts; r++) {
        c->unit_of[r] = c->unit_of[r] == gone ? into : c->unit_of[r];
        c->unit_of[r] = c->unit_of[r] == last ? gone : c->unit_of[r];
    }
}

static bool list_units(cutter *c)
{
    const cr_problem *p = c->p;
    int32_t *unit_of_carer = malloc(((size_t)p->n_carers + 1) * sizeof *unit_of_carer);
    if (!unit_of_carer)
        return false;
    for (int32_t k = 0; k < p->n_carers; k++)
        unit_of_carer[k] = CR_NONE;
    for (int32_t r = 0; r < p->n_shifts; r++) {
        int32_t carer = p->shifts[r].carer;
        if (!are_tied(&p->carers[carer]) || unit_of_carer[carer] == CR_NONE) {
            c->units[c->n_units] = (unit){.index = c->n_units};
            unit_of_carer[carer] = c->n_units++;
        }
        c->unit_of[r] = unit_of_carer[carer];
    }
    for (int32_t r = 0; r < p->n_shifts; r++)
        join_crew(c, r);
    free(unit_of_carer);
    return true;
}

static void note_plan(cutter *c)
{
    const cr_problem *p = c->p;
    for (int32_t s = 0; s < p->n_slots; s++)
        c->cut->shift_of[s] = CR_NONE;
    for (int32_t v = 0; v < p->n_visits; v++)
        c->cut->start_of[v] = CR_FREE;
    for (int32_t r = 0; r < c->plan->n_rounds; r++) {
        const cr_round *round = &c->plan->rounds[r];
        for (int32_t k = 0; k < round->stops.n; k++) {
            const cr_stop *stop = &c->plan->stops[round->stops.first + k];
            if (stop->slot == CR_NONE)
                continue;
            c->cut->shift_of[stop->slot] = round->shift;
            c->cut->start_of[p->slots[stop->slot].visit] = stop->start;
        }
    }
}

/* ---- where units are ---- */

/* Could this shift ever take the slot? */
static bool could_take(const cr_problem *p, const cr_shift *shift, int32_t slot)
{
    const cr_range windows = p->visits[p->slots[slot].visit].windows;
    return p->windows[windows.first + windows.n - 1].close >= shift->begin &&
           p->windows[windows.first].open <= shift->end - cr_problem_duration(p, slot, shift->carer) &&
           model_may_come(p, slot, shift->carer);
}

static void add_to_middle(double *middle, const double *place, double time)
{
    middle[0] += place[0];
    middle[1] += place[1];
    middle[2] += TIME_WEIGHT * time;
}

/* Do other carers begin where this shift does? */
static bool begins_at_base(const cr_problem *p, int32_t r)
{
    for (int32_t q = 0; q < p->n_shifts; q++)
        if (p->shifts[q].carer != p->shifts[r].carer && p->shifts[q].start_place == p->shifts[r].start_place)
            return true;
    return false;
}

/* A visit that the shift could have; any, if several draws bring none. CR_NONE: there is none at all. */
static int32_t draw_visit_of(const cutter *c, int32_t r)
{
    const cr_problem *p = c->p;
    int32_t v = CR_NONE;
    for (int32_t tries = 0; tries < DRAWN && p->n_visits > 0; tries++) {
        v = rng_below(c->random, p->n_visits);
        if (could_take(p, &p->shifts[r], p->visits[v].slots.first))
            break;
    }
    return v;
}

/* An idle shift is at home. With no home to speak of it is where a round with a visit is that it could have: at a base
 * all would be in one part, and no other could open a round. */
static void place_idle(cutter *c, int32_t r)
{
    const cr_problem *p = c->p;
    const cr_shift *shift = &p->shifts[r];
    const double nowhere[2] = {0, 0}, time = 0.5 * ((double)shift->begin + shift->end);
    int32_t place = shift->start_place != CR_NONE ? shift->start_place : shift->end_place;
    int32_t v = place == CR_NONE || begins_at_base(p, r) ? draw_visit_of(c, r) : CR_NONE;
    int32_t beside = v != CR_NONE ? c->cut->shift_of[p->visits[v].slots.first] : CR_NONE;
    place = v != CR_NONE ? p->visits[v].place : place;
    const double *at = beside != CR_NONE ? c->at[beside] : place != CR_NONE ? c->chart->at[place] : nowhere;
    memcpy(c->at[r], at, sizeof c->at[r]);
    unit *u = &c->units[c->unit_of[r]];
    if (u->weight > 0) /* another shift of hers says where she is */
        return;
    u->at[0] = at[0];
    u->at[1] = at[1];
    u->at[2] = beside != CR_NONE ? c->units[c->unit_of[beside]].at[2] : TIME_WEIGHT * time;
}

static void place_units(cutter *c)
{
    const cr_problem *p = c->p;
    bool is_empty = c->plan->n_rounds == 0;
    for (int32_t i = 0; i < c->plan->n_rounds; i++) {
        const cr_round *round = &c->plan->rounds[i];
        unit *u = &c->units[c->unit_of[round->shift]];
        double middle[AXES] = {0};
        int32_t n = 0;
        for (int32_t k = 0; k < round->stops.n; k++) {
            const cr_stop *stop = &c->plan->stops[round->stops.first + k];
            int32_t place = stop->slot != CR_NONE ? p->visits[p->slots[stop->slot].visit].place : CR_NONE;
            if (place == CR_NONE) /* a break, or time held back */
                continue;
            add_to_middle(middle, c->chart->at[place], stop->start);
            n++;
        }
        for (int32_t a = 0; a < AXES; a++)
            u->at[a] += middle[a];
        u->weight += n;
        for (int32_t a = 0; n > 0 && a < 2; a++)
            c->at[round->shift][a] = middle[a] / n;
    }
    for (int32_t i = 0; i < c->n_units; i++)
        for (int32_t a = 0; a < AXES && c->units[i].weight > 0; a++)
            c->units[i].at[a] /= (double)c->units[i].weight;
    for (int32_t r = 0, next = 0; r < p->n_shifts; r++) { /* rounds stand in the order of their shifts */
        while (next < c->plan->n_rounds && c->plan->rounds[next].shift < r)
            next++;
        if (next == c->plan->n_rounds || c->plan->rounds[next].shift != r)
            place_idle(c, r);
    }
    for (int32_t r = 0; is_empty && r < p->n_shifts; r++) /* nothing planned yet: by the time they have */
        c->units[c->unit_of[r]].weight += p->shifts[r].end - p->shifts[r].begin;
}

/* Rounds that share a visit belong together: move each towards its partners. */
static bool draw_partners_near(cutter *c)
{
    const cr_problem *p = c->p;
    unit *sum = calloc((size_t)c->n_units + 1, sizeof *sum);
    if (!sum)
        return false;
    for (int32_t v = 0; v < p->n_visits; v++)
        for (int32_t i = 0; i < p->visits[v].slots.n && c->cut->start_of[v] != CR_FREE; i++)
            for (int32_t j = 0; j < p->visits[v].slots.n; j++) {
                int32_t a = c->unit_of[c->cut->shift_of[p->visits[v].slots.first + i]];
                int32_t b = c->unit_of[c->cut->shift_of[p->visits[v].slots.first + j]];
                if (a == b)
                    continue;
                for (int32_t k = 0; k < AXES; k++)
                    sum[a].at[k] += c->units[b].at[k];
                sum[a].weight++;
            }
    for (int32_t u = 0; u < c->n_units; u++)
        for (int32_t k = 0; k < AXES && sum[u].weight > 0; k++)
            c->units[u].at[k] =
                (1 - PARTNER_PULL) * c->units[u].at[k] + PARTNER_PULL * sum[u].at[k] / (double)sum[u].weight;
    free(sum);
    return true;
}

/* ---- halving ---- */

static int compare_units(const void *a, const void *b)
{
    const unit *u = a, *w = b;
    if (u->key != w->key)
        return u->key < w->key ? -1 : 1;
    return u->index < w->index ? -1 : u->index > w->index;
}

/* Normal, by the sum of uniform ones: only the direction matters. */
static double draw_normal(rng *random)
{
    double sum = -6;
    for (int k = 0; k < 12; k++)
        sum += rng_unit(random);
    return sum;
}

/* Sort units by how far they lie in a random direction, more likely one in which they are spread out. */
static void sort_along_direction(cutter *c, unit *units, int32_t n)
{
    double direction[AXES];
    for (int32_t a = 0; a < AXES; a++) {
        double sum = 0, squares = 0;
        for (int32_t i = 0; i < n; i++)
            sum += units[i].at[a];
        for (int32_t i = 0; i < n; i++)
            squares += (units[i].at[a] - sum / n) * (units[i].at[a] - sum / n);
        direction[a] = draw_normal(c->random) * sqrt(squares / n);
    }
    for (int32_t i = 0; i < n; i++) {
        units[i].key = 0;
        for (int32_t a = 0; a < AXES; a++)
            units[i].key += direction[a] * units[i].at[a];
    }
    qsort(units, (size_t)n, sizeof *units, compare_units);
}

static void halve(cutter *c, unit *units, int32_t n, int32_t n_parts, int32_t first_part)
{
    if (n_parts <= 1 || n <= 1) {
        for (int32_t i = 0; i < n; i++)
            c->part_of[units[i].index] = first_part;
        return;
    }
    sort_along_direction(c, units, n);
    int64_t total = 0, left = 0;
    for (int32_t i = 0; i < n; i++)
        total += units[i].weight;
    int32_t n_left = n_parts / 2, at = 0;
    while (at < n - 1 && (at == 0 || (left + units[at].weight / 2) * n_parts < total * n_left))
        left += units[at++].weight;
    int32_t n_idle = 0; /* between the halves: each has its share */
    while (at + n_idle < n - 1 && units[at + n_idle].weight == 0)
        n_idle++;
    at += n_idle / 2;
    halve(c, units, at, n_left, first_part);
    halve(c, units + at, n - at, n_parts - n_left, first_part + n_left);
}

/* ---- visits ---- */

static bool has_crews(const cr_problem *p)
{
    for (int32_t r = 0; r < p->n_shifts; r++)
        if (p->shifts[r].crew != CR_NONE)
            return true;
    return false;
}

/* Two of more carers are not for a crew, but in a part that has only these two they would look so. */
static cut_hold hold_of(const cr_visit *visit, bool are_crews)
{
    return visit->same_provider || (are_crews && visit->slots.n > 2) ? CUT_CARERS : CUT_START;
}

/* A visit whose rounds lie in one part belongs to it; one that crosses a border is held as it is. */
static void place_served(cutter *c)
{
    const cr_problem *p = c->p;
    cut *made = c->cut;
    const bool are_crews = has_crews(p);
    for (int32_t v = 0; v < p->n_visits; v++) {
        const cr_range slots = p->visits[v].slots;
        int32_t part = CR_NONE;
        made->hold[v] = CUT_FREE;
        for (int32_t i = 0; made->start_of[v] != CR_FREE && i < slots.n; i++) {
            int32_t here = made->part_of_shift[made->shift_of[slots.first + i]];
            if (i > 0 && here != part)
                made->hold[v] = hold_of(&p->visits[v], are_crews);
            part = here;
        }
        made->part_of_visit[v] = made->hold[v] == CUT_FREE ? part : CR_NONE;
    }
}

/* The part of one of the nearest shifts that could take the slot. */
static int32_t part_near(cutter *c, int32_t slot)
{
    const cr_problem *p = c->p;
    const cr_visit *visit = &p->visits[p->slots[slot].visit];
    int32_t place = visit->place, near[NEAREST + 1], n = 0;
    double apart[NEAREST + 1];
    for (int32_t r = 0; r < p->n_shifts && (place != CR_NONE || visit->is_anywhere); r++) {
        double x = visit->is_anywhere ? rng_unit(c->random) : c->chart->at[place][0] - c->at[r][0];
        double y = visit->is_anywhere ? 0 : c->chart->at[place][1] - c->at[r][1];
        double far = x * x + y * y;
        if ((n == NEAREST && far >= apart[n - 1]) || !could_take(p, &p->shifts[r], slot))
            continue;
        int32_t k = n;
        for (; k > 0 && apart[k - 1] > far; k--) {
            near[k] = near[k - 1];
            apart[k] = apart[k - 1];
        }
        near[k] = r;
        apart[k] = far;
        n = n < NEAREST ? n + 1 : n;
    }
    return n > 0 ? c->cut->part_of_shift[near[rng_below(c->random, n)]] : CR_NONE;
}

/* Unallocated visits go where there is a carer for them, or where visits are that they are tied to. */
static void place_unallocated(cutter *c)
{
    const cr_problem *p = c->p;
    cut *made = c->cut;
    for (int32_t i = 0; i < c->plan->n_unallocated; i++) {
        int32_t v = c->plan->unallocated[i];
        made->part_of_visit[v] = part_near(c, p->visits[v].slots.first);
    }
    for (int32_t g = 0; g < p->n_gaps; g++) {
        int32_t a = p->gaps[g].first, b = p->gaps[g].second;
        bool a_served = made->start_of[a] != CR_FREE, b_served = made->start_of[b] != CR_FREE;
        if (!b_served)
            made->part_of_visit[b] = made->part_of_visit[a];
        else if (!a_served)
            made->part_of_visit[a] = made->part_of_visit[b];
    }
}

/* Where a gap's visits are not in one part: those served keep their starts, others are left out this time. */
static void hold_across_gaps(cutter *c)
{
    const cr_problem *p = c->p;
    cut *made = c->cut;
    for (int32_t g = 0; g < p->n_gaps; g++) {
        const int32_t ends[2] = {p->gaps[g].first, p->gaps[g].second};
        int32_t part = made->part_of_visit[ends[0]];
        if (part != CR_NONE && part == made->part_of_visit[ends[1]])
            continue;
        bool both_served = made->start_of[ends[0]] != CR_FREE && made->start_of[ends[1]] != CR_FREE;
        bool is_of_carers = p->gaps[g].carers != CR_GAP_ANY || p->gaps[g].same_provider;
        cut_hold least = is_of_carers ? CUT_CARERS : CUT_START;
        for (int k = 0; k < 2; k++) {
            if (both_served && made->hold[ends[k]] < least)
                made->hold[ends[k]] = least;
            if (!both_served && made->start_of[ends[k]] == CR_FREE)
                made->part_of_visit[ends[k]] = CR_NONE;
        }
    }
}

/* Where visits that are served both or neither are not in one part, both stay as they are: held, one could still be
 * left out. False: nothing is changed. */
static bool freeze_across_gaps(cutter *c)
{
    const cr_problem *p = c->p;
    cut *made = c->cut;
    bool is_changed = false;
    for (int32_t g = 0; g < p->n_gaps; g++) {
        int32_t *a = &made->part_of_visit[p->gaps[g].first], *b = &made->part_of_visit[p->gaps[g].second];
        if (!p->gaps[g].both || *a == *b)
            continue;
        *a = *b = CR_NONE;
        is_changed = true;
    }
    return is_changed;
}

/* ---- all of it ---- */

/* Parts of about the size wanted, but not of too few rounds to exchange anything; an even number, for two cores. */
static int32_t n_parts_by_size(const cutter *c, const cut_size *size)
{
    int32_t by_visits = (c->p->n_visits + size->visits / 2) / size->visits;
    int32_t by_rounds = (c->plan->n_rounds > 0 ? c->plan->n_rounds : c->p->n_shifts) / size->rounds_least;
    int32_t n = by_visits < by_rounds ? by_visits : by_rounds;
    return n + (n > 1 ? n % 2 : 0);
}

static int32_t n_parts_of(const cutter *c, const cut_size *size)
{
    int32_t n = size->parts > 0 ? size->parts : n_parts_by_size(c, size);
    n = n < c->n_units ? n : c->n_units;
    return n > 1 ? n : 1;
}

static cr_status make(cutter *c, const cut_size *size)
{
    const cr_problem *p = c->p;
    cut *made = c->cut;
    if (!list_units(c))
        return CR_E_NOMEM;
    note_plan(c);
    place_units(c);
    for (int32_t k = 0; k < PARTNER_STEPS; k++)
        if (!draw_partners_near(c))
            return CR_E_NOMEM;
    made->n_parts = n_parts_of(c, size);
    halve(c, c->units, c->n_units, made->n_parts, 0);
    for (int32_t r = 0; r < p->n_shifts; r++)
        made->part_of_shift[r] = c->part_of[c->unit_of[r]];
    place_served(c);
    place_unallocated(c);
    do
        hold_across_gaps(c);
    while (freeze_across_gaps(c)); /* each may be tied to a third */
    made->n_visits = calloc((size_t)made->n_parts, sizeof *made->n_visits);
    if (!made->n_visits)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < p->n_visits; v++)
        if (made->part_of_visit[v] != CR_NONE)
            made->n_visits[made->part_of_visit[v]]++;
    return CR_OK;
}

cr_status cut_new(const cr_problem *p, const chart *ch, const cr_plan *plan, const cut_size *size, rng *random,
                  cut **ret_cut)
{
    size_t n_shifts = (size_t)p->n_shifts + 1, n_visits = (size_t)p->n_visits + 1;
    cr_auto(cut) made = calloc(1, sizeof *made);
    if (!made)
        return CR_E_NOMEM;
    cutter c = {.p = p, .chart = ch, .plan = plan, .random = random, .cut = made};
    made->part_of_shift = malloc(n_shifts * sizeof *made->part_of_shift);
    made->part_of_visit = malloc(n_visits * sizeof *made->part_of_visit);
    made->hold = malloc(n_visits * sizeof *made->hold);
    made->shift_of = malloc(((size_t)p->n_slots + 1) * sizeof *made->shift_of);
    made->start_of = malloc(n_visits * sizeof *made->start_of);
    made->visit_order = malloc(n_visits * sizeof *made->visit_order);
    made->shift_order = malloc(n_shifts * sizeof *made->shift_order);
    c.units = malloc(n_shifts * sizeof *c.units);
    c.unit_of = malloc(n_shifts * sizeof *c.unit_of);
    c.part_of = malloc(n_shifts * sizeof *c.part_of);
    c.at = calloc(n_shifts, sizeof *c.at);
    bool has_room = made->part_of_shift && made->part_of_visit && made->hold && made->shift_of && made->start_of &&
                    made->visit_order && made->shift_order && c.units && c.unit_of && c.part_of && c.at;
    cr_status st = has_room ? make(&c, size) : CR_E_NOMEM;
    if (!st)
        st = cut_put_in_order(p, ch, plan, made);
    free(c.units);
    free(c.unit_of);
    free(c.part_of);
    free(c.at);
    if (!st)
        *ret_cut = cut_take(&made);
    return st;
}

cut *cut_free(cut *c)
{
    if (c) {
        free(c->part_of_shift);
        free(c->part_of_visit);
        free(c->n_visits);
        free(c->hold);
        free(c->shift_of);
        free(c->start_of);
        free(c->visit_order);
        free(c->shift_order);
        free(c);
    }
    return NULL;
}
