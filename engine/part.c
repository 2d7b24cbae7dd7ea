/* A part of a cut as a problem of its own. The way back is in part_merge.c. */
#include "part.h"

#include <stdlib.h>

#define FROZEN_PRICE INT64_C(1000000000000000)    /* far above any real price, */
#define FROZEN_SUM   INT64_C(1000000000000000000) /* but never so many that a sum could overflow */

typedef struct builder {
    const cr_problem *whole;
    const cr_plan *plan;
    const cut *cut;
    int32_t index; /* of the part */
    part *q;
    int32_t *visit_at, *slot_at, *shift_at, *break_at, *carer_at, *place_at; /* the whole's to the part's; CR_NONE */
    int32_t *places;                                                         /* the part's to the whole's */
    int32_t *round_at; /* of each shift of the part, in the plan; CR_NONE: idle */
    bool *has_client;
} builder;

/* ---- who is in it ---- */

static bool is_here(const builder *b, int32_t slot)
{
    int32_t r = b->cut->shift_of[slot];
    return r != CR_NONE && b->cut->part_of_shift[r] == b->index;
}

static bool has_visit(const builder *b, int32_t v)
{
    if (!cut_is_frozen(b->cut, v))
        return b->cut->part_of_visit[v] == b->index;
    const cr_range slots = b->whole->visits[v].slots;
    for (int32_t i = 0; i < slots.n; i++)
        if (is_here(b, slots.first + i))
            return true;
    return false;
}

static int32_t take_place(builder *b, int32_t place)
{
    if (place == CR_NONE)
        return CR_NONE;
    if (b->place_at[place] == CR_NONE) {
        b->places[b->q->problem->n_places] = place;
        b->place_at[place] = b->q->problem->n_places++;
    }
    return b->place_at[place];
}

/* ---- records ---- */

/* What a limit over the whole plan leaves this part: what it has now, and its share of what is free (or too much). */
static int32_t allowance(const builder *b, int32_t limit, int64_t all, int64_t here)
{
    int64_t left = here + (limit - all) / b->cut->n_parts;
    return left > 0 ? (int32_t)left : 0;
}

/* The contracts as they are to this part, so that all parts together keep them. */
static cr_status add_provider(builder *b, int32_t index)
{
    const cr_problem *whole = b->whole;
    cr_provider provider = whole->providers[index];
    int64_t care = 0, care_here = 0, slots = 0, slots_here = 0;
    for (int32_t s = 0; s < whole->n_slots; s++) {
        int32_t r = b->cut->shift_of[s];
        if (r == CR_NONE || whole->carers[whole->shifts[r].carer].provider != index)
            continue;
        care += cr_problem_contract_care(whole, s);
        care_here += is_here(b, s) ? cr_problem_contract_care(whole, s) : 0;
        slots++;
        slots_here += is_here(b, s);
    }
    provider.block = allowance(b, provider.block, care, care_here);
    provider.least_care = allowance(b, provider.least_care, care, care_here);
    if (provider.max_care != CR_NONE)
        provider.max_care = allowance(b, provider.max_care, care, care_here);
    if (provider.max_slots != CR_NONE)
        provider.max_slots = allowance(b, provider.max_slots, slots, slots_here);
    return cr_problem_add_provider(b->q->problem, &provider);
}

/* Pools as they are, so that ranges of the whole's records hold; the part's own lists are appended. */
static cr_status add_pools(builder *b)
{
    const cr_problem *whole = b->whole;
    cr_problem *p = b->q->problem;
    cr_range all;
    cr_status st;
    if ((st = cr_problem_add_skills(p, whole->skills, whole->n_skills, &all)) ||
        (st = cr_problem_add_ids(p, whole->ids, whole->n_ids, &all)) ||
        (st = cr_problem_add_goods(p, whole->goods, whole->n_goods, &all)) ||
        (st = cr_problem_add_rooms(p, whole->rooms, whole->n_rooms, &all)) ||
        (st = cr_problem_add_length_prices(p, whole->length_prices, whole->n_length_prices, &all)))
        return st;
    return cr_problem_add_durations(p, whole->durations, whole->n_durations, &all);
}

/* "Somebody elsewhere" comes last: a carer without shifts, who stands for all of the other parts' carers. */
static int32_t carer_here(const builder *b, int32_t carer)
{
    return b->carer_at[carer] != CR_NONE ? b->carer_at[carer] : b->q->problem->n_carers - 1;
}

static cr_status add_carer_ids(builder *b, cr_range of_whole, cr_range *ret)
{
    cr_range added = {b->q->problem->n_ids, 0}, one;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < of_whole.n; i++) {
        int32_t id = carer_here(b, b->whole->ids[of_whole.first + i]);
        st = cr_problem_add_ids(b->q->problem, &id, 1, &one);
        added.n++;
    }
    *ret = added;
    return st;
}

static cr_status add_carers(builder *b)
{
    const cr_problem *whole = b->whole;
    bool *is_in = calloc((size_t)whole->n_carers + 1, sizeof *is_in);
    if (!is_in)
        return CR_E_NOMEM;
    for (int32_t r = 0; r < whole->n_shifts; r++)
        if (b->cut->part_of_shift[r] == b->index)
            is_in[whole->shifts[r].carer] = true;
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < whole->n_carers; k++) {
        if (!is_in[k])
            continue;
        b->carer_at[k] = b->q->problem->n_carers;
        st = cr_problem_add_carer(b->q->problem, &whole->carers[k]);
    }
    free(is_in);
    return st ? st : cr_problem_add_carer(b->q->problem, &CR_CARER_INIT);
}

static cr_status add_shift(builder *b, int32_t r)
{
    cr_problem *p = b->q->problem;
    cr_shift shift = b->whole->shifts[r];
    const cr_range breaks = shift.breaks;
    shift.carer = b->carer_at[shift.carer];
    shift.start_place = take_place(b, shift.start_place);
    shift.end_place = take_place(b, shift.end_place);
    b->q->shifts[p->n_shifts] = r;
    b->shift_at[r] = p->n_shifts;
    cr_status st = cr_problem_add_shift(p, &shift);
    for (int32_t i = 0; !st && i < breaks.n; i++) {
        const cr_break *brk = &b->whole->breaks[breaks.first + i];
        b->q->breaks[p->n_breaks] = breaks.first + i;
        b->break_at[breaks.first + i] = p->n_breaks;
        st = cr_problem_add_break(p, brk->open, brk->close, brk->length, brk->paid);
        if (!st && brk->windows.n > 0)
            st = cr_problem_add_break_windows(p, b->whole->windows + brk->windows.first, brk->windows.n);
        if (!st) {
            p->breaks[p->n_breaks - 1].rooms = brk->rooms;
            p->breaks[p->n_breaks - 1].stay = brk->stay;
        }
    }
    return st;
}

static cr_status add_slot(builder *b, int32_t s)
{
    cr_problem *p = b->q->problem;
    cr_slot slot = b->whole->slots[s];
    if (b->cut->hold[slot.visit] == CUT_CARERS)
        slot.locked_carer = b->whole->shifts[b->cut->shift_of[s]].carer;
    if (slot.locked_carer != CR_NONE)
        slot.locked_carer = carer_here(b, slot.locked_carer);
    if (slot.published_carer != CR_NONE)
        slot.published_carer = carer_here(b, slot.published_carer);
    b->q->slots[p->n_slots] = s;
    b->slot_at[s] = p->n_slots;
    return cr_problem_add_slot(p, &slot);
}

static cr_status add_visit(builder *b, int32_t v)
{
    const cr_problem *whole = b->whole;
    cr_problem *p = b->q->problem;
    cr_visit visit = whole->visits[v];
    const cr_range slots = visit.slots, windows = visit.windows;
    bool frozen = cut_is_frozen(b->cut, v);
    cr_status st;
    if ((st = add_carer_ids(b, visit.forbidden, &visit.forbidden)) ||
        (st = add_carer_ids(b, visit.preferred, &visit.preferred)))
        return st;
    visit.place = take_place(b, visit.place);
    if (b->cut->hold[v] != CUT_FREE)
        visit.locked_start = b->cut->start_of[v];
    if (frozen)
        visit.unallocated_price = b->q->frozen_price;
    b->has_client[visit.client] = true;
    b->q->visits[p->n_visits] = v;
    b->visit_at[v] = p->n_visits;
    st = cr_problem_add_visit(p, &visit);
    for (int32_t i = 0; !st && i < windows.n; i++)
        st = cr_problem_add_window(p, whole->windows[windows.first + i].open, whole->windows[windows.first + i].close);
    for (int32_t i = 0; !st && i < slots.n; i++)
        if (!frozen || is_here(b, slots.first + i))
            st = add_slot(b, slots.first + i);
    return st;
}

/* Gaps between two visits of the part; where one is frozen or elsewhere, starts and carers are held instead. */
static cr_status add_gaps(builder *b)
{
    cr_status st = CR_OK;
    for (int32_t g = 0; !st && g < b->whole->n_gaps; g++) {
        cr_gap gap = b->whole->gaps[g];
        if (b->cut->part_of_visit[gap.first] != b->index || b->cut->part_of_visit[gap.second] != b->index)
            continue;
        gap.first = b->visit_at[gap.first];
        gap.second = b->visit_at[gap.second];
        st = cr_problem_add_gap(b->q->problem, &gap);
    }
    return st;
}

static bool is_elsewhere(const builder *b, const cr_familiar *f)
{
    return f->carer == CR_NONE || b->carer_at[f->carer] == CR_NONE;
}

/* Carers of other parts are faces of others here. */
static cr_familiar others_of(const builder *b, int32_t first, int32_t end)
{
    cr_familiar others = {b->whole->familiar[first].client, CR_NONE, 0, 0};
    for (int32_t i = first; i < end; i++) {
        const cr_familiar *f = &b->whole->familiar[i];
        if (!is_elsewhere(b, f))
            continue;
        others.n_visits += f->carer == CR_NONE ? f->n_visits : f->n_visits > 0;
        others.n_lately += f->carer == CR_NONE ? f->n_lately : f->n_lately > 0;
    }
    return others;
}

static cr_status add_seen(cr_problem *p, const cr_familiar *seen, int32_t carer)
{
    cr_status st = cr_problem_add_familiar(p, seen->client, carer, seen->n_visits);
    if (!st)
        p->familiar[p->n_familiar - 1].n_lately = seen->n_lately;
    return st;
}

/* Sorted as in the whole: others first, and the part's carers are in the same order. */
static cr_status add_familiar(builder *b)
{
    const cr_problem *whole = b->whole;
    cr_status st = CR_OK;
    for (int32_t first = 0, end = 0; !st && first < whole->n_familiar; first = end) {
        int32_t client = whole->familiar[first].client;
        while (end < whole->n_familiar && whole->familiar[end].client == client)
            end++;
        if (!b->has_client[client])
            continue;
        cr_familiar others = others_of(b, first, end);
        if (others.n_visits > 0)
            st = add_seen(b->q->problem, &others, CR_NONE);
        for (int32_t i = first; !st && i < end; i++)
            if (!is_elsewhere(b, &whole->familiar[i]))
                st = add_seen(b->q->problem, &whole->familiar[i], b->carer_at[whole->familiar[i].carer]);
    }
    return st;
}

/* The block of the part's places. time, dist_m: room for it. */
static cr_status copy_matrix(const builder *b, const cr_matrix *whole, int32_t *time, int32_t *dist_m,
                             cr_matrix **ret_matrix)
{
    size_t n = (size_t)b->q->problem->n_places;
    cr_status st = cr_matrix_new((int32_t)n, ret_matrix);
    if (st)
        return st;
    cr_matrix_copy_block(whole, b->places, (int32_t)n, time, dist_m);
    for (size_t i = 0; i < n * n; i++)
        cr_matrix_set(*ret_matrix, (int32_t)(i / n), (int32_t)(i % n), time[i], dist_m[i]);
    return CR_OK;
}

static cr_status add_matrices(builder *b)
{
    part *q = b->q;
    size_t n = (size_t)q->problem->n_places;
    int32_t *time = malloc((n * n + 1) * sizeof *time), *dist_m = malloc((n * n + 1) * sizeof *dist_m);
    cr_status st = time && dist_m ? CR_OK : CR_E_NOMEM;
    for (int32_t mode = 0; !st && mode < b->whole->n_modes; mode++) {
        st = copy_matrix(b, b->whole->matrix[mode], time, dist_m, &q->matrix[mode]);
        q->problem->matrix[mode] = q->matrix[mode];
        for (int32_t t = 1; !st && t < CR_TABLES_MAX && b->whole->n_periods > 0; t++)
            if (b->whole->tables[mode][t]) {
                st = copy_matrix(b, b->whole->tables[mode][t], time, dist_m, &q->tables[mode][t]);
                q->problem->tables[mode][t] = q->tables[mode][t];
            }
    }
    for (int32_t i = 0; !st && i < b->whole->n_periods; i++)
        st = cr_problem_add_period(q->problem, b->whole->periods[i].begin, b->whole->periods[i].table);
    free(time);
    free(dist_m);
    return st;
}

static cr_status add_all(builder *b)
{
    const cr_problem *whole = b->whole;
    cr_problem *p = b->q->problem;
    p->ticks_per_unit = whole->ticks_per_unit;
    p->n_clients = whole->n_clients;
    p->n_modes = whole->n_modes;
    p->prices = whole->prices;
    int32_t n_frozen = 1;
    for (int32_t v = 0; v < whole->n_visits; v++)
        n_frozen += cut_is_frozen(b->cut, v) ? whole->visits[v].slots.n : 0;
    b->q->frozen_price = FROZEN_SUM / n_frozen < FROZEN_PRICE ? FROZEN_SUM / n_frozen : FROZEN_PRICE;
    cr_status st = add_pools(b);
    for (int32_t i = 0; !st && i < whole->n_providers; i++)
        st = add_provider(b, i);
    if (!st)
        st = add_carers(b);
    for (int32_t i = 0; !st && i < whole->n_shifts; i++)
        if (b->cut->part_of_shift[b->cut->shift_order[i]] == b->index)
            st = add_shift(b, b->cut->shift_order[i]);
    for (int32_t i = 0; !st && i < whole->n_visits; i++)
        if (has_visit(b, b->cut->visit_order[i]))
            st = add_visit(b, b->cut->visit_order[i]);
    if (st || (st = add_gaps(b)) || (st = add_familiar(b)))
        return st;
    return add_matrices(b);
}

/* ---- its share of the plan ---- */

static cr_status copy_start(builder *b)
{
    part *q = b->q;
    int32_t n_rounds = 0, n_stops = 0, n_unallocated = 0;
    for (int32_t i = 0; i < b->plan->n_rounds; i++) {
        int32_t r = b->shift_at[b->plan->rounds[i].shift];
        if (r == CR_NONE)
            continue;
        b->round_at[r] = i;
        n_rounds++;
        n_stops += b->plan->rounds[i].stops.n;
    }
    for (int32_t v = 0; v < q->problem->n_visits; v++)
        n_unallocated += b->cut->start_of[q->visits[v]] == CR_FREE;
    cr_status st = cr_plan_new(n_rounds, n_stops, n_unallocated, &q->start);
    if (st)
        return st;
    int32_t at = 0, at_stop = 0, at_unallocated = 0;
    for (int32_t r = 0; r < q->problem->n_shifts; r++) {
        if (b->round_at[r] == CR_NONE)
            continue;
        cr_round round = b->plan->rounds[b->round_at[r]];
        const cr_stop *stops = b->plan->stops + round.stops.first;
        round.shift = r;
        round.stops.first = at_stop;
        for (int32_t k = 0; k < round.stops.n; k++)
            q->start->stops[at_stop++] =
                (cr_stop){stops[k].slot != CR_NONE ? b->slot_at[stops[k].slot] : CR_NONE,
                          stops[k].brk != CR_NONE ? b->break_at[stops[k].brk] : CR_NONE, stops[k].start};
        q->start->rounds[at++] = round;
    }
    for (int32_t v = 0; v < q->problem->n_visits; v++)
        if (b->cut->start_of[q->visits[v]] == CR_FREE)
            q->start->unallocated[at_unallocated++] = v;
    return CR_OK;
}

/* ---- made and freed ---- */

static int32_t *no_indices(int32_t n)
{
    int32_t *made = malloc(((size_t)n + 1) * sizeof *made);
    for (int32_t i = 0; made && i < n; i++)
        made[i] = CR_NONE;
    return made;
}

static cr_status make(builder *b)
{
    const cr_problem *whole = b->whole;
    part *q = b->q;
    b->visit_at = no_indices(whole->n_visits);
    b->slot_at = no_indices(whole->n_slots);
    b->shift_at = no_indices(whole->n_shifts);
    b->break_at = no_indices(whole->n_breaks);
    b->carer_at = no_indices(whole->n_carers);
    b->place_at = no_indices(whole->n_places);
    b->places = no_indices(whole->n_places);
    b->round_at = no_indices(whole->n_shifts);
    b->has_client = calloc((size_t)whole->n_clients + 1, sizeof *b->has_client);
    q->visits = no_indices(whole->n_visits);
    q->slots = no_indices(whole->n_slots);
    q->shifts = no_indices(whole->n_shifts);
    q->breaks = no_indices(whole->n_breaks);
    if (!b->visit_at || !b->slot_at || !b->shift_at || !b->break_at || !b->carer_at || !b->place_at || !b->places ||
        !b->round_at || !b->has_client || !q->visits || !q->slots || !q->shifts || !q->breaks)
        return CR_E_NOMEM;
    cr_status st = cr_problem_new(&q->problem);
    if (!st)
        st = add_all(b);
    return st ? st : copy_start(b);
}

cr_status part_new(const cr_problem *whole, const cr_plan *plan, const cut *c, int32_t index, part **ret_part)
{
    cr_auto(part) q = calloc(1, sizeof *q);
    if (!q)
        return CR_E_NOMEM;
    builder b = {.whole = whole, .plan = plan, .cut = c, .index = index, .q = q};
    cr_status st = make(&b);
    free(b.visit_at);
    free(b.slot_at);
    free(b.shift_at);
    free(b.break_at);
    free(b.carer_at);
    free(b.place_at);
    free(b.places);
    free(b.round_at);
    free(b.has_client);
    if (!st)
        *ret_part = part_take(&q);
    return st;
}

part *part_free(part *q)
{
    if (q) {
        cr_problem_free(q->problem);
        for (int32_t k = 0; k < CR_MODES_MAX; k++) {
            cr_matrix_free(q->matrix[k]);
            for (int32_t t = 1; t < CR_TABLES_MAX; t++)
                cr_matrix_free(q->tables[k][t]);
        }
        cr_plan_free(q->start);
        free(q->visits);
        free(q->slots);
        free(q->shifts);
        free(q->breaks);
        free(q);
    }
    return NULL;
}
