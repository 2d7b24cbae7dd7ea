/* Keeping earliest and latest starts exact.
 *
 * Starts form a simple temporal network (Dechter, Meiri, Pearl 1991); its longest paths are relaxed round by round from
 * a worklist. A walk ends where nothing changes, so a change costs what it touches and no more.
 */
#include "propagate.h"

#include <stdlib.h>

/* ---- what has to be looked at again ---- */

bool worklist_init(worklist *w, int32_t n)
{
    size_t size = (size_t)n + 1;
    *w = (worklist){.queue = malloc(size * sizeof *w->queue),
                    .lo = malloc(size * sizeof *w->lo),
                    .hi = malloc(size * sizeof *w->hi),
                    .size = n + 1};
    if (!w->queue || !w->lo || !w->hi)
        return false;
    for (int32_t i = 0; i <= n; i++)
        w->lo[i] = CR_NONE;
    return true;
}

void worklist_done(worklist *w)
{
    free(w->queue);
    free(w->lo);
    free(w->hi);
}

/* Stop k of a round has to be looked at again. */
static void wait_in(worklist *w, int32_t r, int32_t k)
{
    if (w->lo[r] == CR_NONE) {
        w->queue[(w->head + w->n++) % w->size] = r;
        w->lo[r] = w->hi[r] = k;
    } else {
        w->lo[r] = k < w->lo[r] ? k : w->lo[r];
        w->hi[r] = k > w->hi[r] ? k : w->hi[r];
    }
}

/* Stops from k on have moved by one; ranges waiting grow rather than miss one. */
static void shift_range(worklist *w, int32_t r, int32_t k, bool inserted)
{
    if (w->lo[r] == CR_NONE)
        return;
    if (inserted && w->hi[r] >= k)
        w->hi[r]++;
    if (!inserted && w->lo[r] > k)
        w->lo[r]--;
}

/* Stop k - 1 and those after it that are spent where she is: where a change at k first matters backwards. */
static int32_t chain_end(const rota *x, int32_t r, int32_t k)
{
    const stop_state *stops = rota_stops(x, r);
    while (k < rota_n(x, r) && is_placeless(x->m, stops[k].stop))
        k++;
    return k - 1;
}

void wake_around(rota *x, int32_t r, int32_t k, bool inserted)
{
    shift_range(&x->forward, r, k, inserted);
    shift_range(&x->backward, r, k, inserted);
    wait_in(&x->forward, r, k);
    int32_t last = chain_end(x, r, inserted ? k + 1 : k);
    if (last >= k + inserted) /* after breaks the way goes on from another place, though they may start as before */
        wait_in(&x->forward, r, last + 1);
    if (last >= 0) {
        wait_in(&x->backward, r, last);
        wait_in(&x->backward, r, k > 0 ? k - 1 : 0);
    }
}

/* ---- looking ---- */

static void note_most(rota *x, int32_t visit)
{
    if (!x->most_marked[visit]) {
        x->most_marked[visit] = true;
        x->most_seen[x->n_most_seen++] = visit;
    }
}

/* Let the rounds of a visit (all but one) look at it again. */
static void wake_rounds(rota *x, worklist *w, int32_t visit, int32_t but_slot)
{
    const cr_range slots = x->m->p->visits[visit].slots;
    for (int32_t i = 0; i < slots.n; i++) {
        int32_t slot = slots.first + i, r = rota_round_of(x, slot);
        if (slot != but_slot && r != CR_NONE)
            wait_in(w, r, rota_place_of(x, r, slot));
    }
}

static void wake_along(rota *x, worklist *w, const cr_range *links, int32_t visit)
{
    const cr_range range = links[visit];
    for (int32_t i = 0; i < range.n; i++) {
        int32_t other = x->m->link_pool[range.first + i].other;
        if (rota_is_in_rounds(x, other))
            wake_rounds(x, w, other, CR_NONE);
    }
}

void wake_partners(rota *x, int32_t visit)
{
    wake_along(x, &x->forward, x->m->links_out, visit);
    wake_along(x, &x->backward, x->m->links_in, visit);
}

static int32_t earliest_of(rota *x, int32_t visit)
{
    const model *m = x->m;
    const cr_range slots = m->p->visits[visit].slots, links = m->links_in[visit];
    const int32_t *arrive = x->pool + x->at_arrive, *earliest = rota_earliest(x);
    int32_t t = arrive[slots.first];
    for (int32_t i = 1; i < slots.n; i++)
        t = arrive[slots.first + i] > t ? arrive[slots.first + i] : t;
    for (int32_t i = 0; i < links.n; i++) {
        const model_link *link = &m->link_pool[links.first + i];
        if (link->is_most && x->ignore_most) {
            note_most(x, visit);
            continue;
        }
        if (rota_is_in_rounds(x, link->other) && earliest[link->other] + link->distance > t)
            t = earliest[link->other] + link->distance;
    }
    return window_after(&m->starts[visit], t);
}

static int32_t latest_of(rota *x, int32_t visit)
{
    const model *m = x->m;
    const cr_range slots = m->p->visits[visit].slots, links = m->links_out[visit];
    const int32_t *leave = x->pool + x->at_leave, *latest = rota_latest(x);
    int32_t t = leave[slots.first];
    for (int32_t i = 1; i < slots.n; i++)
        t = leave[slots.first + i] < t ? leave[slots.first + i] : t;
    for (int32_t i = 0; i < links.n; i++) {
        const model_link *link = &m->link_pool[links.first + i];
        if (link->is_most && x->ignore_most) {
            note_most(x, visit);
            continue;
        }
        if (rota_is_in_rounds(x, link->other) && latest[link->other] - link->distance < t)
            t = latest[link->other] - link->distance;
    }
    return window_before(&m->starts[visit], t);
}

/* Those whom largest gaps hold up (or back) with this visit may hold it where it is in turn: with the gaps left out
 * they are looked at too, even if this one stays. */
static void let_go(rota *x, worklist *w, const cr_range *links, int32_t visit)
{
    const cr_range range = links[visit];
    for (int32_t i = 0; i < range.n; i++) {
        const model_link *link = &x->m->link_pool[range.first + i];
        if (link->is_most && !x->most_marked[link->other] && rota_is_in_rounds(x, link->other)) {
            note_most(x, link->other);
            wake_rounds(x, w, link->other, CR_NONE);
        }
    }
}

/* Where travel depends on the time of day: the way to stop k of the round as it is now, which starts at `e` and comes
 * after somebody who is ready then. For her first visit she sets off at the last moment. */
static void keep_way(rota *x, int32_t r, int32_t k, int32_t ready, int32_t e)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *at = rota_stops(x, r) + k;
    int32_t from = at[-1].place, depart = ready;
    if (k == 0 && !shift->leaves_at_begin && at->stop != CR_NONE)
        depart = leg_leave(m, shift, from, at->place, e - at->door);
    rota_change_way(x, r, k, leg_at(m, shift, from, at->place, depart));
}

/* Walk a round from stop k on, through `must` and until nothing changes any more. */
static bool walk_forward(rota *x, int32_t r, int32_t k, int32_t must)
{
    const model *m = x->m;
    const int32_t *length = m->shifts[r].length;
    stop_state *stops = rota_stops(x, r);
    int32_t n = rota_n(x, r), ready = stops[k - 1].ready;
    const bool by_hour = m->shifts[r].times && rota_n_visits_in(x, r) > 0;
    for (; k < n; k++) {
        stop_state *at = &stops[k];
        int32_t stop = at->stop, i = at->start, left = ready;
        int32_t e = by_hour ? leg_arrive(m, &m->shifts[r], at[-1].place, at->place, left) + at->door
                            : left + at->leg_time + at->door;
        const model_start *start = &m->starts[i];
        if (start->coupled) {
            rota_put(x, &x->pool[x->at_arrive + (size_t)stop], e);
            e = earliest_of(x, i);
            if (x->ignore_most)
                let_go(x, &x->forward, m->links_out, i);
        } else {
            e = window_after(start, e);
        }
        ready = e + length[stop];
        bool changed = ready != at->ready;
        if (by_hour)
            keep_way(x, r, k, left, e);
        if (e > start->hi || (x->rising && e > (start->coupled ? rota_latest(x)[i] : at->latest)))
            return false;
        if (start->tracked && e != rota_earliest(x)[i]) {
            if (i == x->guard)
                return false;
            rota_put(x, &rota_earliest(x)[i], e);
            if (start->coupled) {
                wake_rounds(x, &x->forward, i, stop);
                wake_along(x, &x->forward, m->links_out, i);
            }
        } else if (k > must && !changed) {
            return true;
        }
        if (changed) {
            rota_touch(x, r);
            at->ready = ready;
        }
    }
    if (by_hour)
        keep_way(x, r, n, ready, 0);
    return ready + stops[n].leg_time <= stops[n].latest || rota_n_visits_in(x, r) == 0;
}

/* Walk a round from stop k back, through `must` and until nothing changes any more. */
static bool walk_backward(rota *x, int32_t r, int32_t must, int32_t k)
{
    const model *m = x->m;
    const int32_t *length = m->shifts[r].length;
    stop_state *stops = rota_stops(x, r);
    int32_t n = rota_n(x, r);
    const bool by_hour = m->shifts[r].times && rota_n_visits_in(x, r) > 0;
    for (k = k < n ? k : n - 1; k >= 0; k--) {
        stop_state *at = &stops[k];
        const stop_state *next = at + 1;
        int32_t stop = at->stop, i = at->start;
        int32_t l = next->latest - next->door - length[stop];
        l = by_hour ? leg_leave(m, &m->shifts[r], at->place, next->place, next->latest - next->door) - length[stop]
                    : l - next->leg_time;
        const model_start *start = &m->starts[i];
        if (start->coupled) {
            rota_put(x, &x->pool[x->at_leave + (size_t)stop], l);
            l = latest_of(x, i);
            if (x->ignore_most)
                let_go(x, &x->backward, m->links_in, i);
        } else {
            l = window_before(start, l);
        }
        bool changed = l != at->latest;
        if (l < at->ready - length[stop])
            return false;
        if (start->tracked && l != rota_latest(x)[i]) {
            rota_put(x, &rota_latest(x)[i], l);
            if (start->coupled) {
                wake_rounds(x, &x->backward, i, stop);
                wake_along(x, &x->backward, m->links_in, i);
            }
        } else if (k < must && !changed) {
            return true;
        }
        if (changed) {
            rota_touch(x, r);
            at->latest = l;
        }
    }
    return true;
}

static void forget(worklist *w)
{
    while (w->n > 0) {
        w->lo[w->queue[w->head]] = CR_NONE;
        w->head = (w->head + 1) % w->size;
        w->n--;
    }
}

typedef bool walk_fn(rota *x, int32_t r, int32_t lo, int32_t hi);

static bool drain(rota *x, worklist *w, walk_fn *walk)
{
    int64_t walks_left = 1000 + 64 * (int64_t)x->m->n_shifts; /* far more than any plan without a cycle needs */
    while (w->n > 0) {
        int32_t r = w->queue[w->head], lo = w->lo[r];
        w->head = (w->head + 1) % w->size;
        w->n--;
        w->lo[r] = CR_NONE;
        if (walks_left-- <= 0 || !walk(x, r, lo, w->hi[r])) {
            forget(w);
            return false;
        }
    }
    return true;
}

/* Largest gaps close cycles, and around a cycle without slack a start that was pushed up would hold itself there. So
 * when starts may fall, they first fall with those gaps left out, and rise again where they must. */
static bool drain_falling(rota *x, worklist *w, walk_fn *walk)
{
    if (!x->m->has_most_gaps)
        return drain(x, w, walk);
    x->ignore_most = true;
    bool sound = drain(x, w, walk);
    x->ignore_most = false;
    for (int32_t i = 0; i < x->n_most_seen; i++) {
        x->most_marked[x->most_seen[i]] = false;
        if (sound && rota_is_in_rounds(x, x->most_seen[i]))
            wake_rounds(x, w, x->most_seen[i], CR_NONE);
    }
    x->n_most_seen = 0;
    return sound && drain(x, w, walk);
}

bool rota_propagate(rota *x, bool after_insert)
{
    x->rising = after_insert;
    bool sound = after_insert ? drain(x, &x->forward, walk_forward) : drain_falling(x, &x->forward, walk_forward);
    sound =
        sound && (after_insert ? drain(x, &x->backward, walk_backward) : drain_falling(x, &x->backward, walk_backward));
    if (!sound) {
        forget(&x->forward);
        forget(&x->backward);
    }
    return sound;
}

bool rota_forget_waiting(rota *x)
{
    forget(&x->forward);
    forget(&x->backward);
    return false;
}
