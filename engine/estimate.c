/* What the starts of one round cost at least, if the others stay as they are.
 *
 * Asked for every place that is tried in a problem with priced starts, so it must not allocate. Starts are measured
 * from where they would be without waiting: y = start - the distances before it, so that y never falls along the round
 * and waiting is y(last) - y(first). F(y), the least cost of the stops so far if the last has y or less, is convex and
 * falling: a sorted list of hinges ("slope trick").
 */
#include "estimate.h"

typedef struct estimate {
    hinge *hinges;
    int32_t n;
    int64_t cost; /* of the flat right end */
} estimate;

static void add_falling(estimate *f, int64_t at, int64_t price, int64_t floor, int64_t ceiling)
{
    if (at > ceiling) {
        f->cost += price * (at - ceiling);
        at = ceiling;
    }
    if (at <= floor || price == 0 || f->n == HINGES_MOST)
        return;
    int32_t k = f->n++;
    for (; k > 0 && f->hinges[k - 1].at > at; k--)
        f->hinges[k] = f->hinges[k - 1];
    f->hinges[k] = (hinge){price, (int32_t)at};
}

/* price x max(0, y - at): pushes back what wanted to be later than `at`. */
static void add_rising(estimate *f, int64_t at, int64_t price, int64_t floor)
{
    if (at < floor) {
        f->cost += price * (floor - at);
        at = floor;
    }
    int64_t moved = 0;
    while (price > 0 && f->n > 0 && f->hinges[f->n - 1].at > at) {
        hinge *top = &f->hinges[f->n - 1];
        int64_t part = least(price, top->price);
        f->cost += part * (top->at - at);
        moved += part;
        price -= part;
        top->price -= part;
        if (top->price == 0)
            f->n--;
    }
    if (moved > 0 && at > floor)
        add_falling(f, at, moved, floor, INT32_MAX);
}

static void add_start(estimate *f, const model *m, const rota *x, int32_t i, int64_t moved, int64_t floor,
                      int64_t ceiling, int64_t waiting_rate)
{
    const model_start *s = &m->starts[i];
    if (s->early)
        add_falling(f, s->prefer_open - moved, s->early, floor, ceiling);
    if (s->late)
        add_rising(f, s->prefer_close - moved, s->late, floor);
    if (s->moved) {
        add_falling(f, s->moved_open - moved, s->moved, floor, ceiling);
        add_rising(f, s->moved_close - moved, s->moved, floor);
    }
    if (s->lateness)
        add_rising(f, s->due - moved, s->lateness, floor);
    for (int32_t k = 0; k < s->later_dues.n; k++) {
        const model_due *due = &m->later_dues[s->later_dues.first + k];
        add_rising(f, due->at - moved, due->price, floor);
    }
    if (s->coupled && rota_start(x)[i] != CR_FREE) { /* others wait when it moves */
        add_falling(f, rota_start(x)[i] - moved, waiting_rate, floor, ceiling);
        add_rising(f, rota_start(x)[i] - moved, waiting_rate, floor);
    }
}

/* The way home, and where travel depends on the time of day any other, is that at the earliest starts; of those that
 * the trial changes, at its own. k counts the stop that is tried too. */
static int32_t way_at_hour(const rota *x, int32_t r, const trial *t, int32_t k)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    int32_t next = t ? t->k : 0;
    while (t && is_break(m, stops[next].stop))
        next++;
    if (t && k == t->k) {
        const model_start *start = &m->starts[m->start_of[t->slot]];
        int32_t door = door_after(start, stops[k - 1].place);
        int32_t depart = k == 0 && !shift->leaves_at_begin
                             ? leg_leave(m, shift, stops[k - 1].place, start->place, t->e - door)
                             : stops[k - 1].ready;
        return leg_at(m, shift, stops[k - 1].place, start->place, depart).time + door;
    }
    const stop_state *at = &stops[t && k > t->k ? k - 1 : k];
    if (!t || at != &stops[next])
        return at->leg_time + at->door;
    int32_t place = m->starts[m->start_of[t->slot]].place, out = t->e + shift->length[t->slot];
    return leg_at(m, shift, place, at->place, out).time +
           (at->stop == CR_NONE ? 0 : door_after(&m->starts[at->start], place));
}

static footstep step_in_round(const rota *x, int32_t r, const trial *t, int32_t k, int32_t stop, int32_t place,
                              int32_t length_before)
{
    const model *m = x->m;
    footstep s = step_to(m, &m->shifts[r], place, length_before, stop);
    if (m->shifts[r].times && !is_break(m, stop))
        s.distance = length_before + way_at_hour(x, r, t, k);
    return s;
}

/* The least cost of the round's starts; with slot t->slot before index t->k if t is given. */
int64_t estimate_round(hinge *scratch, const rota *x, int32_t r, const trial *t)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    int32_t n = rota_n(x, r), place = shift->start_place, length = 0;
    int64_t moved = 0, floor = INT64_MIN / 4, cap = INT64_MAX / 4;
    estimate f = {scratch, 0, 0};
    if (t) { /* nobody before the new stop may be so late that it passes its latest start */
        for (int32_t k = 0; k <= t->k; k++) {
            footstep s = step_in_round(x, r, t, k, k < t->k ? stops[k].stop : t->slot, place, length);
            moved += s.distance;
            place = s.place;
            length = shift->length[k < t->k ? stops[k].stop : t->slot];
        }
        cap = t->l - moved;
        moved = 0;
        place = shift->start_place;
        length = 0;
    }
    bool is_first = true;
    for (int32_t k = 0, end = n + (t != NULL); k < end; k++) {
        bool is_new = t && k == t->k;
        int32_t old_k = k - (t && k > t->k);
        int32_t stop = is_new ? t->slot : stops[old_k].stop, i = m->start_of[stop];
        footstep s = step_in_round(x, r, t, k, stop, place, length);
        moved += s.distance;
        place = s.place;
        length = shift->length[stop];
        floor = most(floor, (is_new ? t->e : rota_earliest_at(x, r, old_k)) - moved);
        int64_t ceiling = (is_new ? t->l : stops[old_k].latest) - moved;
        if (t && k < t->k)
            ceiling = least(ceiling, cap);
        ceiling = most(ceiling, floor);
        if (is_first && shift->leaves_at_begin) {
            f.cost -= shift->waiting_rate * shift->begin; /* she waits from then on, however late she starts */
            is_first = false;
        } else if (is_first) {
            f.cost -= shift->waiting_rate * ceiling; /* - rate x y, y <= ceiling */
            add_falling(&f, ceiling, shift->waiting_rate, floor, ceiling);
            is_first = false;
        }
        add_start(&f, m, x, i, moved, floor, ceiling, shift->waiting_rate);
    }
    if (shift->overrun && place != CR_NONE) {
        int32_t home =
            shift->times ? way_at_hour(x, r, t, n + (t != NULL)) : leg_time(m, shift, place, shift->end_place);
        add_rising(&f, shift->paid_end - home - length - moved, shift->overrun, floor);
    }
    f.cost += shift->waiting_rate * floor; /* + rate x y, y >= floor */
    add_rising(&f, floor, shift->waiting_rate, floor);
    return f.cost;
}
