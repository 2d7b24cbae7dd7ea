/* Beginning from a plan: its rounds put back as they were, as far as they still hold. */
#include "begin_from.h"

#include "keyed.h"

#include <stdlib.h>

/* Where a stop stands in the plan's rounds: its rank in the round, and the round's shift. */
typedef struct standing {
    int32_t shift, rank;
} standing;

typedef struct loading {
    const model *m;
    rota *x;
    inserter *in;
    pricer *price;
    standing *stand; /* of each stop */
    keyed *visits;   /* that the plan serves whole, by start; before them those that are held */
    int32_t n_visits, n_held;
} loading;

static int32_t index_by_rank(const rota *x, const standing *stand, int32_t r, int32_t rank)
{
    const stop_state *stops = rota_stops(x, r);
    int32_t k = 0;
    while (k < rota_n(x, r) && stand[stops[k].stop].rank < rank)
        k++;
    return k;
}

static bool is_sound_stop(const cr_problem *p, const cr_stop *stop)
{
    return stop->slot == CR_NONE ? stop->brk >= 0 && stop->brk < p->n_breaks
                                 : stop->slot >= 0 && stop->slot < p->n_slots;
}

static void note_standing(const cr_problem *p, const cr_plan *plan, standing *stand)
{
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        const cr_round *round = &plan->rounds[r];
        for (int32_t k = 0; k < round->stops.n; k++) {
            const cr_stop *stop = &plan->stops[round->stops.first + k];
            if (round->shift >= 0 && round->shift < p->n_shifts && is_sound_stop(p, stop))
                stand[stop->slot != CR_NONE ? stop->slot : p->n_slots + stop->brk] = (standing){round->shift, k};
        }
    }
}

/* Who shares a car has her breaks where the first of the two has hers. */
static int32_t rank_of_break(const model *m, const standing *stand, int32_t r, int32_t stop)
{
    int32_t crew = m->shifts[r].crew;
    if (crew != CR_NONE && crew < r)
        stop += m->p->shifts[crew].breaks.first - m->p->shifts[r].breaks.first;
    return stand[stop].rank;
}

static void put_breaks_by_rank(rota *x, const standing *stand)
{
    const model *m = x->m;
    for (int32_t r = 0; r < m->n_shifts; r++) { /* few: sort by moving each to the end in turn */
        const cr_range breaks = m->p->shifts[r].breaks;
        for (int32_t pass = 1; pass < breaks.n; pass++)
            for (int32_t k = 0; k + 1 < rota_n(x, r); k++) { /* rounds are empty but for what is held */
                int32_t stop = rota_stops(x, r)[k].stop, next = rota_stops(x, r)[k + 1].stop;
                if (!is_break(m, stop) || !is_break(m, next))
                    continue;
                if (rank_of_break(m, stand, r, stop) <= rank_of_break(m, stand, r, next))
                    continue;
                rota_mark mark = rota_now(x);
                rota_remove_stop(x, stop, r, k);
                rota_insert(x, stop, r, k + 1);
                if (!rota_propagate(x, false))
                    rota_undo(x, mark);
            }
    }
    rota_commit(x);
}

/* Rounds longer than usual get their room before they are loaded: on the way they could only wait for it. */
static void make_room(rota *x, const cr_plan *plan)
{
    const model *m = x->m;
    for (bool is_enough = false; !is_enough && !x->out_of_memory;) {
        is_enough = true;
        for (int32_t i = 0; i < plan->n_rounds; i++) {
            const cr_round *round = &plan->rounds[i];
            if (round->shift < 0 || round->shift >= m->n_shifts)
                continue;
            int32_t n = round->stops.n < m->n_stops ? round->stops.n : m->n_stops;
            if (!rota_has_room_for(x, round->shift, n + m->p->shifts[round->shift].breaks.n + 1))
                is_enough = false;
        }
        if (!is_enough)
            rota_commit(x);
    }
}

static void list_whole_visits(loading *s, const cr_plan *plan)
{
    const cr_problem *p = s->m->p;
    for (int32_t k = 0; k < plan->n_stops && s->n_visits < s->m->n_visits; k++) {
        const cr_stop *stop = &plan->stops[k];
        if (!is_sound_stop(p, stop) || stop->slot == CR_NONE)
            continue;
        int32_t v = p->slots[stop->slot].visit;
        const cr_range slots = p->visits[v].slots;
        bool is_held = s->m->is_held && s->m->is_held[v], whole = slots.first == stop->slot; /* once a visit */
        for (int32_t j = 0; j < slots.n; j++)
            whole = whole && s->stand[slots.first + j].shift != CR_NONE &&
                    (is_held || !s->m->shifts[s->stand[slots.first + j].shift].is_over);
        s->n_held += whole && is_held;
        if (whole)
            s->visits[s->n_visits++] = (keyed){is_held ? TIME_MIN : stop->start, v};
    }
    qsort(s->visits, (size_t)s->n_visits, sizeof *s->visits, compare_keyed);
}

/* Put all slots of a visit in where the plan has them, without looking. False: it cannot be, or memory ran out. */
static bool load_visit(loading *s, int32_t v)
{
    rota *x = s->x;
    const cr_range slots = s->m->p->visits[v].slots;
    if (rota_is_served(x, v) || is_nowhere(&s->m->starts[v]))
        return false;
    for (int32_t j = 0; j < slots.n; j++) {
        const standing *at = &s->stand[slots.first + j];
        if (!rota_has_room(x, at->shift))
            return false;
        rota_insert(x, slots.first + j, at->shift, index_by_rank(x, s->stand, at->shift, at->rank));
        price_touch(s->price, at->shift);
    }
    rota_announce(x, v, s->m->starts[v].lo);
    rota_from_bank(x, v);
    return true;
}

/* All of these at once: right whenever the plan still holds. False: it does not, the rota is as before. */
static bool load_together(loading *s, int32_t from, int32_t to)
{
    rota *x = s->x;
    rota_mark mark = rota_now(x);
    bool loaded = true;
    for (int32_t i = from; i < to && loaded; i++)
        loaded = load_visit(s, s->visits[i].visit);
    x->guard = CR_NONE;
    if (loaded && rota_propagate(x, false) && carers_hold(x)) {
        rota_commit(x);
        return true;
    }
    rota_undo(x, mark);
    return rota_forget_waiting(x);
}

/* Visit by visit in the order of its starts; what no longer holds stays out. */
static void load_one_by_one(loading *s)
{
    for (int32_t i = 0; i < s->n_visits; i++) {
        int32_t v = s->visits[i].visit, shift[CR_SLOTS_MOST], k[CR_SLOTS_MOST];
        const cr_range slots = s->m->p->visits[v].slots;
        for (int32_t j = 0; j < slots.n; j++) {
            const standing *at = &s->stand[slots.first + j];
            shift[j] = at->shift;
            k[j] = index_by_rank(s->x, s->stand, at->shift, at->rank);
        }
        if (!rota_is_served(s->x, v))
            insert_as_told(s->in, s->x, s->price, v, shift, k);
        rota_commit(s->x);
    }
}

static cr_status load(loading *s, const cr_plan *plan)
{
    if (!s->stand || !s->visits)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < s->m->n_stops; i++)
        s->stand[i] = (standing){CR_NONE, INT32_MAX};
    note_standing(s->m->p, plan, s->stand);
    put_breaks_by_rank(s->x, s->stand);
    make_room(s->x, plan);
    list_whole_visits(s, plan);
    if (s->n_held > 0)
        load_together(s, 0, s->n_held);
    if (!load_together(s, s->n_held, s->n_visits))
        load_one_by_one(s);
    for (int32_t i = 0; i < s->n_held; i++) /* the search counts on them */
        if (!rota_is_served(s->x, s->visits[i].visit))
            return CR_E_INTERNAL;
    return CR_OK;
}

cr_status begin_from(rota *x, inserter *in, pricer *price, const cr_plan *plan)
{
    loading s = {.m = x->m,
                 .x = x,
                 .in = in,
                 .price = price,
                 .stand = malloc(((size_t)x->m->n_stops + 1) * sizeof *s.stand),
                 .visits = malloc(((size_t)x->m->n_visits + 1) * sizeof *s.visits)};
    cr_status st = load(&s, plan);
    free(s.stand);
    free(s.visits);
    return st;
}
