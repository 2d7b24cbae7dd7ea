/* What a ruin's visits are put back by: which, and in what order. */
#include "walk_inserts.h"

#include "goods.h"

#include <stdlib.h>

#define BANK_TRIED   12  /* unallocated visits tried again in one iteration, beside those just taken out */
#define WORTH_CHANCE 0.7 /* where many are left out: that what is worth most for its time is put in first, */
#define WORTH_LEAST  0.7 /* each worth from so much */
#define WORTH_SPAN   0.6 /* to so much more */
#define LEAVE_CHANCE 0.3 /* that an iteration leaves out some of the cheap ones that it took out, */
#define LEAVE_MOST   0.7 /* each with a chance of up to this; */
#define LEAVE_BEFORE 0.5 /* that it does not try those that were out before */

typedef enum order_kind {
    ORDER_RANDOM,
    ORDER_TIGHT,
    ORDER_LONG,
    ORDER_EARLY,
    ORDER_LATE,
    ORDER_FAR,
    ORDER_WORTH
} order_kind;

static order_kind choose_order(const walk *w, rng *random)
{
    if (w->bank_price > 0 && rng_chance(random, WORTH_CHANCE))
        return ORDER_WORTH;
    double u = rng_unit(random);
    return u < 0.36   ? ORDER_RANDOM
           : u < 0.55 ? ORDER_TIGHT
           : u < 0.72 ? ORDER_LONG
           : u < 0.82 ? ORDER_EARLY
           : u < 0.91 ? ORDER_LATE
                      : ORDER_FAR;
}

/* What leaving the visit out costs for each tick of its carers, the way to it taken as usual; in millionths of what a
 * visit left out costs, so that the size of prices does not matter. */
static double worth_of_time(const walk *w, int32_t v)
{
    const cr_range slots = w->m->p->visits[v].slots;
    double time = 1;
    for (int32_t i = 0; i < slots.n; i++)
        time += w->m->length[slots.first + i] + w->m->mean_leg_ticks;
    return 1e6 * ((double)walk_price_of_leaving_out(w, v) / w->bank_price) / time;
}

/* The smaller, the sooner it is inserted. */
static double order_key(const walk *w, order_kind kind, int32_t v, rng *random)
{
    const model_start *start = &w->m->starts[v];
    const cr_range slots = w->m->p->visits[v].slots;
    switch (kind) {
    case ORDER_TIGHT:
        return (double)start->hi - start->lo;
    case ORDER_LONG:
        return -(double)w->m->length[slots.first] - (double)start->load - goods_share(w->m, v);
    case ORDER_EARLY:
        return start->lo;
    case ORDER_LATE:
        return -(double)start->hi;
    case ORDER_FAR: {
        const model_shift *shift = &w->m->shifts[0];
        if (shift->start_place != CR_NONE && start->place != CR_NONE)
            return -(double)leg_of(w->m, shift, shift->start_place, start->place)->time;
        return rng_unit(random);
    }
    case ORDER_WORTH:
        return -worth_of_time(w, v) * (WORTH_LEAST + WORTH_SPAN * rng_unit(random));
    case ORDER_RANDOM:
        break;
    }
    return rng_unit(random);
}

/* Must the two have a carer in common? */
static bool share_carer(const model *m, int32_t visit, int32_t other)
{
    const cr_range gaps = m->gaps_of[visit];
    for (int32_t g = 0; g < gaps.n; g++) {
        const cr_gap *gap = &m->p->gaps[m->gap_pool[gaps.first + g]];
        if (gap->carers == CR_GAP_SAME && (gap->first == other || gap->second == other))
            return true;
    }
    return false;
}

int32_t walk_choose_inserts(walk *w, int32_t n_before, int32_t wanted)
{
    rota *x = w->x;
    rng *random = &w->random;
    keyed *list = w->list;
    int32_t n = 0, n_bank = x->n_bank, n_tried = n_before < BANK_TRIED ? n_before : BANK_TRIED, from = 0;
    double leave = w->n_cheap > 0 && rng_chance(random, LEAVE_CHANCE) ? LEAVE_MOST * rng_unit(random) : 0;
    bool leaves_before = w->n_cheap > 0 && rng_chance(random, LEAVE_BEFORE);
    for (int32_t i = n_before; i < n_bank; i++) {
        int32_t v = rota_bank(x)[i];
        w->ruined_in[v] = w->n_iterations;
        if (!w->is_cheap[v] || !rng_chance(random, leave))
            list[n++].visit = v;
    }
    if (n_before > BANK_TRIED)
        from = wanted != CR_NONE ? rota_bank_place(x, wanted) : rng_below(random, n_before);
    for (int32_t i = 0; i < n_tried; i++) {
        int32_t v = rota_bank(x)[(from + i) % n_before];
        if (v == wanted || !w->is_cheap[v] || !leaves_before)
            list[n++].visit = v;
    }
    order_kind kind = choose_order(w, random);
    bool teams_first = rng_chance(random, 0.7);
    for (int32_t i = 0; i < n; i++) {
        list[i].key = order_key(w, kind, list[i].visit, random);
        if (teams_first && w->m->p->visits[list[i].visit].slots.n > 1)
            list[i].key -= 1e12;
        if (list[i].visit == wanted)
            list[i].key = -1e15;
        else if (wanted != CR_NONE && share_carer(w->m, wanted, list[i].visit))
            list[i].key = -1e14;
    }
    if (n <= FEW_KEYED)
        sort_few_keyed(list, n);
    else
        qsort(list, (size_t)n, sizeof *list, compare_keyed);
    for (int32_t i = 0; i < n; i++)
        w->order[i] = list[i].visit;
    return n;
}
