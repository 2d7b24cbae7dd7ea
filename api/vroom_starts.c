/* The starts that VROOM would give a round: back as soon as can be, away as late as that allows. */
#include "vroom_walk.h"

#include <stdlib.h>

/* None: a break with the one window that it says itself. */
static cr_range windows_of(const vroom_walk *w, int32_t k)
{
    const cr_stop *stop = &w->stops[k];
    return stop->slot == CR_NONE ? w->p->breaks[stop->brk].windows
                                 : w->p->visits[w->p->slots[stop->slot].visit].windows;
}

static cr_window window_at(const vroom_walk *w, int32_t k, int32_t i)
{
    const cr_range windows = windows_of(w, k);
    const cr_break *brk = windows.n == 0 ? &w->p->breaks[w->stops[k].brk] : NULL;
    return brk ? (cr_window){brk->open, brk->close} : w->p->windows[windows.first + i];
}

/* The earliest start that a stop may have from a time on (is_latest: the latest up to it); CR_FREE: none. */
static int32_t start_near(const vroom_walk *w, int32_t k, int32_t time, bool is_latest)
{
    int32_t n = windows_of(w, k).n > 0 ? windows_of(w, k).n : 1, best = CR_FREE;
    for (int32_t i = 0; i < n; i++) {
        cr_window open = window_at(w, k, i);
        if (!is_latest && open.close >= time)
            return open.open > time ? open.open : time;
        if (is_latest && open.open <= time)
            best = open.close < time ? open.close : time;
    }
    return best;
}

/* The starts so far, by visit, and what shipments ask of them. */
typedef struct settling {
    int32_t *gap_to, *gap_from; /* of each visit: that ends, begins with it; CR_NONE */
    int32_t *start;             /* of each visit */
} settling;

static int32_t visit_of(const vroom_walk *w, int32_t k)
{
    return w->stops[k].slot == CR_NONE ? CR_NONE : w->p->slots[w->stops[k].slot].visit;
}

/* Not before the pickup has begun; not after the delivery allows. */
static int32_t after_pickup(const settling *s, const vroom_walk *w, int32_t k, int32_t time)
{
    int32_t v = visit_of(w, k), g = v == CR_NONE ? CR_NONE : s->gap_to[v];
    int32_t least = g == CR_NONE ? time : s->start[w->p->gaps[g].first] + w->p->gaps[g].min;
    return least > time ? least : time;
}

static int32_t before_delivery(const settling *s, const vroom_walk *w, int32_t k, int32_t time)
{
    int32_t v = visit_of(w, k), g = v == CR_NONE ? CR_NONE : s->gap_from[v];
    int32_t most = g == CR_NONE ? time : s->start[w->p->gaps[g].second] - w->p->gaps[g].min;
    return most < time ? most : time;
}

static bool note_start(settling *s, const vroom_walk *w, int32_t k, int32_t start)
{
    if (visit_of(w, k) != CR_NONE)
        s->start[visit_of(w, k)] = start;
    return start != CR_FREE;
}

/* Back as early as can be; then each stop as late as that allows, so that nobody waits longer than she must. */
static bool settle_round(settling *s, const vroom_walk *w, cr_stop *stops, cr_round *round)
{
    int32_t done = w->shift->begin;
    for (int32_t k = 0; k < w->n; k++) {
        int32_t start =
            start_near(w, k, after_pickup(s, w, k, done + vroom_walk_way(w, k) + vroom_walk_door(w, k)), false);
        if (!note_start(s, w, k, start))
            return false;
        done = start + vroom_walk_length(w, k);
    }
    int32_t latest = round->arrive = done + vroom_walk_way(w, w->n);
    for (int32_t k = w->n - 1; k >= 0; k--) {
        latest -= vroom_walk_way(w, k + 1) + vroom_walk_length(w, k) + (k + 1 < w->n ? vroom_walk_door(w, k + 1) : 0);
        latest = stops[k].start = start_near(w, k, before_delivery(s, w, k, latest), true);
        if (!note_start(s, w, k, latest))
            return false;
    }
    round->depart = latest - vroom_walk_way(w, 0) - vroom_walk_door(w, 0);
    return true;
}

static bool settle_rounds(settling *s, const cr_problem *p, cr_plan *plan)
{
    for (int32_t v = 0; v < p->n_visits; v++)
        s->gap_to[v] = s->gap_from[v] = CR_NONE;
    for (int32_t g = 0; g < p->n_gaps; g++) {
        s->gap_from[p->gaps[g].first] = g;
        s->gap_to[p->gaps[g].second] = g;
    }
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        cr_round *round = &plan->rounds[r];
        cr_stop *stops = &plan->stops[round->stops.first];
        vroom_walk w = {p, &p->shifts[round->shift], stops, round->stops.n};
        if (!settle_round(s, &w, stops, round))
            return false;
    }
    return true;
}

cr_status vroom_settle_starts(const vroom_question *question, cr_plan *plan)
{
    size_t n = (size_t)question->problem->n_visits;
    int32_t *room = calloc(3 * n + 1, sizeof *room);
    if (!room)
        return CR_E_NOMEM;
    settling s = {room, room + n, room + 2 * n};
    bool is_settled = settle_rounds(&s, question->problem, plan);
    free(room);
    return is_settled ? CR_OK : CR_E_INTERNAL;
}
