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
            footstep s = step_to(m, shift, place, length, k < t->k ? stops[k].stop : t->slot);
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
        footstep s = step_to(m, shift, place, length, stop);
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
    if (shift->overrun && place != CR_NONE)
        add_rising(&f, shift->paid_end - leg_time(m, shift, place, shift->end_place) - length - moved, shift->overrun,
                   floor);
    f.cost += shift->waiting_rate * floor; /* + rate x y, y >= floor */
    add_rising(&f, floor, shift->waiting_rate, floor);
    return f.cost;
}
