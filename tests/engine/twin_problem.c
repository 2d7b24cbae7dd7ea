/* The same problem told another way: see twin_problem.h. */
#include "twin_problem.h"

#include "dice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(cr_status st)
{
    if (st)
        abort();
}

static cr_problem *copy_of(const cr_problem *problem)
{
    cr_problem *copy;
    must(cr_problem_copy(problem, &copy));
    return copy;
}

static cr_problem *validated(cr_problem *problem)
{
    char message[200];
    cr_status st = cr_problem_validate(problem, message, sizeof message);
    if (st)
        fprintf(stderr, "twin problem: %s\n", message);
    must(st);
    return problem;
}

/* ---- in another order ---- */

typedef struct order {
    int32_t n, *old;  /* what stands at each new place, */
    int32_t *new_one; /* and where each old one went; CR_NONE: left out */
} order;

static order order_new(int32_t n_old)
{
    order o = {n_old, malloc(((size_t)n_old + 1) * sizeof *o.old), malloc(((size_t)n_old + 1) * sizeof *o.new_one)};
    if (!o.old || !o.new_one)
        abort();
    for (int32_t i = 0; i < n_old; i++)
        o.old[i] = o.new_one[i] = i;
    return o;
}

static void order_done(order *o)
{
    free(o->old);
    free(o->new_one);
}

static void shuffle(order *o, dice *d)
{
    for (int32_t i = o->n - 1; i > 0; i--) {
        int32_t k = dice_between(d, 0, i), kept = o->old[i];
        o->old[i] = o->old[k];
        o->old[k] = kept;
    }
    for (int32_t i = 0; i < o->n; i++)
        o->new_one[o->old[i]] = i;
}

static void leave_out(order *o, int32_t one)
{
    o->n--;
    o->new_one[one] = CR_NONE;
    for (int32_t i = one; i < o->n; i++) {
        o->old[i] = i + 1;
        o->new_one[i + 1] = i;
    }
}

typedef struct retelling {
    const cr_problem *from;
    cr_problem *to;
    order visits, carers, shifts;
} retelling;

/* A list of carers under their new numbers. */
static cr_range retell_carers(retelling *r, cr_range list)
{
    cr_range told = {0, 0};
    for (int32_t i = 0; i < list.n; i++) {
        cr_range one;
        int32_t carer = r->carers.new_one[r->from->ids[list.first + i]];
        must(cr_problem_add_ids(r->to, &carer, 1, &one));
        told = i == 0 ? one : (cr_range){told.first, told.n + 1};
    }
    return told;
}

static void retell_shift(retelling *r, const cr_shift *old)
{
    cr_shift shift = *old;
    shift.carer = r->carers.new_one[old->carer];
    must(cr_problem_add_shift(r->to, &shift));
    for (int32_t b = old->breaks.first; b < old->breaks.first + old->breaks.n; b++) {
        const cr_break *rest = &r->from->breaks[b];
        must(cr_problem_add_break(r->to, rest->open, rest->close, rest->length, rest->paid));
        if (rest->windows.n > 0)
            must(cr_problem_add_break_windows(r->to, r->from->windows + rest->windows.first, rest->windows.n));
        r->to->breaks[r->to->n_breaks - 1].rooms = rest->rooms; /* the pool is the same */
    }
}

static void retell_visit(retelling *r, const cr_visit *old)
{
    cr_visit visit = *old;
    visit.forbidden = retell_carers(r, old->forbidden);
    visit.preferred = retell_carers(r, old->preferred);
    must(cr_problem_add_visit(r->to, &visit));
    for (int32_t w = old->windows.first; w < old->windows.first + old->windows.n; w++)
        must(cr_problem_add_window(r->to, r->from->windows[w].open, r->from->windows[w].close));
    for (int32_t i = old->slots.first; i < old->slots.first + old->slots.n; i++) {
        cr_slot slot = r->from->slots[i];
        if (slot.locked_carer != CR_NONE)
            slot.locked_carer = r->carers.new_one[slot.locked_carer];
        if (slot.published_carer != CR_NONE)
            slot.published_carer = r->carers.new_one[slot.published_carer];
        must(cr_problem_add_slot(r->to, &slot));
    }
}

static void retell_gaps(retelling *r)
{
    for (int32_t g = 0; g < r->from->n_gaps; g++) {
        cr_gap gap = r->from->gaps[g];
        gap.first = r->visits.new_one[gap.first];
        gap.second = r->visits.new_one[gap.second];
        if (gap.first != CR_NONE && gap.second != CR_NONE)
            must(cr_problem_add_gap(r->to, &gap));
    }
}

static cr_problem *retell(retelling *r)
{
    const cr_problem *from = r->from;
    cr_range all;
    must(cr_problem_new(&r->to));
    cr_problem *to = r->to;
    to->ticks_per_unit = from->ticks_per_unit;
    to->n_clients = from->n_clients;
    to->n_places = from->n_places;
    to->n_modes = from->n_modes;
    to->prices = from->prices;
    for (int32_t m = 0; m < from->n_modes; m++)
        to->matrix[m] = from->matrix[m];
    memcpy(to->tables, from->tables, sizeof to->tables);
    for (int32_t i = 0; i < from->n_periods; i++)
        must(cr_problem_add_period(to, from->periods[i].begin, from->periods[i].table));
    must(cr_problem_add_skills(to, from->skills, from->n_skills, &all)); /* so that ranges of them still hold */
    must(cr_problem_add_ids(to, from->ids, from->n_ids, &all));
    must(cr_problem_add_goods(to, from->goods, from->n_goods, &all));
    must(cr_problem_add_rooms(to, from->rooms, from->n_rooms, &all));
    must(cr_problem_add_durations(to, from->durations, from->n_durations, &all));
    must(cr_problem_add_length_prices(to, from->length_prices, from->n_length_prices, &all));
    for (int32_t i = 0; i < from->n_providers; i++)
        must(cr_problem_add_provider(to, &from->providers[i]));
    for (int32_t c = 0; c < r->carers.n; c++)
        must(cr_problem_add_carer(to, &from->carers[r->carers.old[c]]));
    for (int32_t s = 0; s < r->shifts.n; s++)
        retell_shift(r, &from->shifts[r->shifts.old[s]]);
    for (int32_t v = 0; v < r->visits.n; v++)
        retell_visit(r, &from->visits[r->visits.old[v]]);
    retell_gaps(r);
    for (int32_t f = 0; f < from->n_familiar; f++) {
        const cr_familiar *seen = &from->familiar[f];
        int32_t carer = seen->carer == CR_NONE ? CR_NONE : r->carers.new_one[seen->carer];
        must(cr_problem_add_familiar(to, seen->client, carer, seen->n_visits));
        to->familiar[to->n_familiar - 1].n_lately = seen->n_lately;
    }
    order_done(&r->visits);
    order_done(&r->carers);
    order_done(&r->shifts);
    return validated(to);
}

static retelling retelling_of(const cr_problem *p)
{
    return (retelling){.from = p,
                       .visits = order_new(p->n_visits),
                       .carers = order_new(p->n_carers),
                       .shifts = order_new(p->n_shifts)};
}

/* Visits that may be anywhere come after all others, in whatever order. */
static void put_anywhere_last(order *o, const cr_problem *p)
{
    int32_t n = 0, n_last = 0, *last = malloc(((size_t)o->n + 1) * sizeof *last);
    if (!last)
        abort();
    for (int32_t i = 0; i < o->n; i++)
        if (p->visits[o->old[i]].is_anywhere)
            last[n_last++] = o->old[i];
        else
            o->old[n++] = o->old[i];
    for (int32_t i = 0; i < n_last; i++)
        o->old[n++] = last[i];
    for (int32_t i = 0; i < o->n; i++)
        o->new_one[o->old[i]] = i;
    free(last);
}

cr_problem *twin_shuffled(const cr_problem *problem, uint64_t seed)
{
    retelling r = retelling_of(problem);
    dice d = {seed};
    shuffle(&r.visits, &d);
    put_anywhere_last(&r.visits, problem);
    shuffle(&r.carers, &d);
    shuffle(&r.shifts, &d);
    return retell(&r);
}

cr_problem *twin_without_visit(const cr_problem *problem, int32_t visit)
{
    retelling r = retelling_of(problem);
    leave_out(&r.visits, visit);
    return retell(&r);
}

/* ---- with other numbers ---- */

cr_problem *twin_dearer(const cr_problem *problem, int64_t factor)
{
    cr_problem *p = copy_of(problem);
    cr_prices *prices = &p->prices;
    prices->travel *= factor;
    for (int32_t m = 0; m < CR_MODES_MAX; m++)
        prices->distance[m] *= factor;
    prices->waiting *= factor;
    prices->worst_lateness *= factor;
    prices->worst_idle *= factor;
    prices->imbalance *= factor;
    prices->unfamiliar *= factor;
    prices->stranger_short *= factor;
    prices->not_preferred *= factor;
    prices->off_patch *= factor;
    prices->changed_carer *= factor;
    prices->moved *= factor;
    prices->new_face *= factor;
    prices->several_providers *= factor;
    prices->shared_address *= factor;
    for (int32_t c = 0; c < p->n_carers; c++) {
        p->carers[c].wage_price *= factor;
        p->carers[c].care_price *= factor;
        if (p->carers[c].distance_price != CR_NONE)
            p->carers[c].distance_price *= factor;
        p->carers[c].overtime_price *= factor;
        p->carers[c].shortfall_price *= factor;
    }
    for (int32_t i = 0; i < p->n_providers; i++) {
        p->providers[i].block_price *= factor;
        p->providers[i].care_price *= factor;
        p->providers[i].shortfall_price *= factor;
    }
    for (int32_t i = 0; i < p->n_length_prices; i++)
        p->length_prices[i].price *= factor;
    for (int32_t i = 0; i < p->n_slots; i++)
        p->slots[i].sleep_price *= factor;
    for (int32_t s = 0; s < p->n_shifts; s++) {
        p->shifts[s].use_price *= factor;
        p->shifts[s].overrun_price *= factor;
    }
    for (int32_t v = 0; v < p->n_visits; v++) {
        p->visits[v].early_price *= factor;
        p->visits[v].late_price *= factor;
        p->visits[v].lateness_price *= factor;
        p->visits[v].unallocated_price *= factor;
    }
    return validated(p);
}

static void add_ticks(int32_t *time, int32_t ticks)
{
    if (*time != CR_FREE)
        *time += ticks;
}

cr_problem *twin_later(const cr_problem *problem, int32_t ticks)
{
    cr_problem *p = copy_of(problem);
    for (int32_t s = 0; s < p->n_shifts; s++) {
        p->shifts[s].begin += ticks;
        p->shifts[s].end += ticks;
        add_ticks(&p->shifts[s].paid_end, ticks);
    }
    for (int32_t b = 0; b < p->n_breaks; b++) {
        p->breaks[b].open += ticks;
        p->breaks[b].close += ticks;
    }
    for (int32_t w = 0; w < p->n_windows; w++) {
        p->windows[w].open += ticks;
        p->windows[w].close += ticks;
    }
    for (int32_t i = 0; i < p->n_periods; i++)
        p->periods[i].begin += ticks;
    for (int32_t v = 0; v < p->n_visits; v++) {
        add_ticks(&p->visits[v].locked_start, ticks);
        add_ticks(&p->visits[v].prefer_open, ticks);
        add_ticks(&p->visits[v].prefer_close, ticks);
        add_ticks(&p->visits[v].due, ticks);
        add_ticks(&p->visits[v].published_start, ticks);
    }
    return validated(p);
}

cr_problem *twin_with_idle_carer(const cr_problem *problem)
{
    cr_problem *p = copy_of(problem);
    cr_shift shift = CR_SHIFT_INIT;
    shift.carer = p->n_carers;
    shift.end = 480;
    must(cr_problem_add_carer(p, &CR_CARER_INIT));
    must(cr_problem_add_shift(p, &shift));
    for (int32_t v = 0; v < p->n_visits; v++) {
        cr_range old = p->visits[v].forbidden, told, one;
        must(cr_problem_add_ids(p, &shift.carer, 1, &told));
        for (int32_t i = 0; i < old.n; i++) {
            int32_t carer = p->ids[old.first + i]; /* the pool may move */
            must(cr_problem_add_ids(p, &carer, 1, &one));
        }
        p->visits[v].forbidden = (cr_range){told.first, old.n + 1};
    }
    return validated(p);
}

cr_problem *twin_wider(const cr_problem *problem, int32_t ticks)
{
    cr_problem *p = copy_of(problem);
    for (int32_t v = 0; v < p->n_visits; v++) {
        cr_range windows = p->visits[v].windows;
        for (int32_t w = windows.first; w < windows.first + windows.n; w++) {
            bool first = w == windows.first;
            int32_t open = p->windows[w].open - ticks;
            p->windows[w].open = first || open > p->windows[w - 1].close ? open : p->windows[w].open;
        }
        p->windows[windows.first + windows.n - 1].close += ticks;
    }
    return validated(p);
}
