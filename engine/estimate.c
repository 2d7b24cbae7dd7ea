/* What the starts of one round cost at least; those that others share come along with it, or stay (held_at()).
 *
 * Asked for every place that is tried in a problem with priced starts, so it must not allocate. Starts are measured
 * from where they would be without waiting: y = start - the distances before it, so that y never falls along the round
 * and waiting is y(last) - y(first). F(y), the least cost of the stops so far if the last has y or less, is convex and
 * falling: a sorted list of hinges ("slope trick"). The same from the other end, over -y, gives what the stops from one
 * on cost by its start; a place between two stops then costs what the two spans cost, joined at the new stop.
 */
#include "estimate.h"

#include <string.h>

typedef struct estimate {
    hinge *hinges;
    int32_t n;
    int64_t cost; /* of the flat right end */
    int32_t sign; /* -1: mirrored, for the stops from one on: in -y, backwards, everything else is the same */
} estimate;

/* The starts that a stop allows, as y (mirrored: -y). */
typedef struct bounds {
    int64_t floor, ceiling;
} bounds;

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

/* What came before is no later than this either. */
static void lower_ceiling(estimate *f, int64_t ceiling)
{
    for (int32_t k = f->n; k > 0 && f->hinges[k - 1].at > ceiling; k--) {
        f->cost += f->hinges[k - 1].price * (f->hinges[k - 1].at - ceiling);
        f->hinges[k - 1].at = (int32_t)ceiling;
    }
}

/* price x max(0, at - y) */
static void wants_later(estimate *f, int64_t at, int64_t price, const bounds *b)
{
    if (f->sign > 0)
        add_falling(f, at, price, b->floor, b->ceiling);
    else
        add_rising(f, -at, price, b->floor);
}

/* price x max(0, y - at) */
static void wants_sooner(estimate *f, int64_t at, int64_t price, const bounds *b)
{
    if (f->sign > 0)
        add_rising(f, at, price, b->floor);
    else
        add_falling(f, -at, price, b->floor, b->ceiling);
}

/* Where a start is now that others wait for if it moves; CR_FREE: it moves, and they come along. A start in hard
 * windows does not get far; one that may be late could be taken anywhere for nothing. */
static int32_t held_at(const rota *x, int32_t i)
{
    const model_start *s = &x->m->starts[i];
    return s->coupled && s->lateness ? rota_start(x)[i] : CR_FREE;
}

static void add_wants_later(estimate *f, const model_start *s, int64_t now, int64_t moved, const bounds *b,
                            int64_t waiting_rate)
{
    if (s->early)
        wants_later(f, s->prefer_open - moved, s->early, b);
    if (s->moved)
        wants_later(f, s->moved_open - moved, s->moved, b);
    if (now != CR_FREE) /* others wait when it moves */
        wants_later(f, now - moved, waiting_rate, b);
}

static void add_wants_sooner(estimate *f, const model *m, const model_start *s, int64_t now, int64_t moved,
                             const bounds *b, int64_t waiting_rate)
{
    if (s->late)
        wants_sooner(f, s->prefer_close - moved, s->late, b);
    if (s->moved)
        wants_sooner(f, s->moved_close - moved, s->moved, b);
    if (s->lateness)
        wants_sooner(f, s->due - moved, s->lateness, b);
    for (int32_t k = 0; k < s->later_dues.n; k++) {
        const model_due *due = &m->later_dues[s->later_dues.first + k];
        wants_sooner(f, due->at - moved, due->price, b);
    }
    if (now != CR_FREE)
        wants_sooner(f, now - moved, waiting_rate, b);
}

/* What falls comes before what rises: add_rising() forgets where it rises. */
static void add_start(estimate *f, const model *m, const rota *x, int32_t i, int64_t moved, const bounds *b,
                      int64_t waiting_rate)
{
    const model_start *s = &m->starts[i];
    int64_t now = held_at(x, i);
    if (f->sign > 0)
        add_wants_later(f, s, now, moved, b, waiting_rate);
    add_wants_sooner(f, m, s, now, moved, b, waiting_rate);
    if (f->sign < 0)
        add_wants_later(f, s, now, moved, b, waiting_rate);
}

/* The first stop: waiting is counted from its start on, or from the begin of the shift. */
static void add_first(estimate *f, const model_shift *shift, const bounds *b)
{
    if (shift->leaves_at_begin) { /* she waits from then on, however late she starts */
        f->cost -= shift->waiting_rate * shift->begin;
        return;
    }
    f->cost -= shift->waiting_rate * b->ceiling; /* - rate x y, y <= ceiling */
    add_falling(f, b->ceiling, shift->waiting_rate, b->floor, b->ceiling);
}

/* The last stop: from its start she takes so long until she is back, so far from the begin. */
static void add_last(estimate *f, const model_shift *shift, int64_t back, int64_t moved, const bounds *b)
{
    if (shift->overrun && back != CR_NONE)
        wants_sooner(f, shift->paid_end - back - moved, shift->overrun, b);
    if (f->sign > 0) {
        f->cost += shift->waiting_rate * b->floor; /* + rate x y, y >= floor */
        add_rising(f, b->floor, shift->waiting_rate, b->floor);
    } else {
        f->cost -= shift->waiting_rate * b->ceiling;
        add_falling(f, b->ceiling, shift->waiting_rate, b->floor, b->ceiling);
    }
}

/* From a start of this length at this place until she is back; CR_NONE: she is not anywhere yet. */
static int64_t back_after(const model *m, const model_shift *shift, int32_t place, int32_t length)
{
    return place == CR_NONE ? CR_NONE : (int64_t)length + leg_time(m, shift, place, shift->end_place);
}

/* The way home, and where travel depends on the time of day any other, is that at the earliest starts; of those that
 * the trial changes, at its own. k counts the stop that is tried too. */
static int32_t way_at_hour(const rota *x, int32_t r, const trial *t, int32_t k)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    int32_t next = t ? t->k : 0;
    while (t && is_placeless(m, stops[next].stop))
        next++;
    bool stays = t && is_placeless(m, t->slot);
    if (t && k == t->k && stays)
        return 0;
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
    int32_t place = stays ? stops[t->k - 1].place : m->starts[m->start_of[t->slot]].place,
            out = t->e + shift->length[t->slot];
    return leg_at(m, shift, place, at->place, out).time +
           (at->stop == CR_NONE ? 0 : door_after(&m->starts[at->start], place));
}

static footstep step_in_round(const rota *x, int32_t r, const trial *t, int32_t k, int32_t stop, int32_t place,
                              int32_t length_before)
{
    const model *m = x->m;
    footstep s = step_to(m, &m->shifts[r], place, length_before, stop);
    if (m->shifts[r].times && !is_placeless(m, stop))
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
    estimate f = {scratch, 0, 0, 1};
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
        const bounds b = {floor, ceiling};
        lower_ceiling(&f, ceiling);
        if (is_first)
            add_first(&f, shift, &b);
        is_first = false;
        add_start(&f, m, x, i, moved, &b, shift->waiting_rate);
    }
    if (is_first) /* nothing starts, so nothing has a price */
        return 0;
    const bounds b = {floor, floor};
    int64_t back = back_after(m, shift, place, length);
    if (shift->times && back != CR_NONE)
        back = length + way_at_hour(x, r, t, n + (t != NULL));
    add_last(&f, shift, back, moved, &b);
    return f.cost;
}

/* ---- by joining spans ---- */

static int64_t no_neighbour(int32_t r)
{
    return -1 - (int64_t)r;
}

static bool is_made_of(const span_cost *span, const span_key *key)
{
    const span_key *of = &span->key;
    return span->stamp > 0 && of->neighbour == key->neighbour && of->ready == key->ready && of->latest == key->latest &&
           of->now == key->now && of->place == key->place;
}

static span_key key_of(const rota *x, const stop_state *at, int64_t neighbour)
{
    return (span_key){at->ready, at->latest, held_at(x, at->start), at->place, neighbour};
}

/* False: it has too many hinges, and is not known now. */
static bool keep_span(const estimate *f, int64_t floor, int64_t moved, const span_key *key, spans *all, span_cost *span)
{
    bool fits = f->n <= SPAN_HINGES;
    span->stamp = fits ? ++all->n_stamps : 0;
    if (!fits)
        return false;
    span->key = *key;
    span->cost = f->cost;
    span->floor = floor;
    span->moved = moved;
    span->n = f->n;
    memcpy(span->hinges, f->hinges, (size_t)f->n * sizeof *f->hinges);
    return true;
}

/* To stop k of the round from the one before; as step_to() has it, but the ways stand in the round. */
static int32_t distance_to(const rota *x, int32_t r, int32_t k)
{
    const model_shift *shift = &x->m->shifts[r];
    const stop_state *at = rota_stops(x, r) + k;
    int32_t length_before = k > 0 ? shift->length[at[-1].stop] : 0;
    int32_t distance = length_before + (is_placeless(x->m, at->stop) ? 0 : at->leg_time + at->door);
    assert(distance == step_to(x->m, shift, at[-1].place, length_before, at->stop).distance);
    return distance;
}

static void take_span(estimate *f, const span_cost *span)
{
    f->cost = span->cost;
    f->n = span->n;
    memcpy(f->hinges, span->hinges, (size_t)span->n * sizeof *f->hinges);
}

bool estimate_spans_to(hinge *scratch, const rota *x, int32_t r, spans *all, int64_t *ret_cost)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    const int32_t n = rota_n(x, r);
    const span_cost *before = NULL; /* the last that is still known */
    int64_t neighbour = no_neighbour(r), moved = 0;
    int32_t k = 0;
    for (; k < n; k++) {
        const span_cost *here = &all->to[stops[k].stop];
        const span_key key = key_of(x, &stops[k], neighbour);
        if (!is_made_of(here, &key))
            break;
        neighbour = here->stamp;
        before = here;
    }
    bounds b = {INT64_MIN / 4, 0};
    estimate f = {scratch, 0, 0, 1};
    if (before) {
        take_span(&f, before);
        b.floor = before->floor;
        moved = before->moved;
    }
    for (; k < n; k++) {
        span_cost *here = &all->to[stops[k].stop];
        const span_key key = key_of(x, &stops[k], neighbour);
        moved += distance_to(x, r, k);
        b.floor = most(b.floor, rota_earliest_at(x, r, k) - moved);
        b.ceiling = most(stops[k].latest - moved, b.floor);
        lower_ceiling(&f, b.ceiling);
        if (k == 0)
            add_first(&f, shift, &b);
        add_start(&f, m, x, stops[k].start, moved, &b, shift->waiting_rate);
        if (!keep_span(&f, b.floor, moved, &key, all, here))
            return false;
        neighbour = here->stamp;
    }
    *ret_cost = 0;
    if (n == 0) /* nothing starts, so nothing has a price */
        return true;
    b.ceiling = b.floor;
    add_last(&f, shift, back_after(m, shift, stops[n - 1].place, shift->length[stops[n - 1].stop]), moved, &b);
    *ret_cost = f.cost;
    return true;
}

bool estimate_spans_from(hinge *scratch, const rota *x, int32_t r, spans *all)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    const int32_t n = rota_n(x, r);
    const span_cost *after = NULL; /* the first that is still known */
    int64_t neighbour = no_neighbour(r);
    int32_t k = n - 1;
    for (; k >= 0; k--) {
        const span_cost *here = &all->from[stops[k].stop];
        const span_key key = key_of(x, &stops[k], neighbour);
        if (!is_made_of(here, &key))
            break;
        neighbour = here->stamp;
        after = here;
    }
    if (k < 0)
        return true;
    const span_cost *to = &all->to[stops[k].stop];
    int64_t moved = to->moved;
    bounds b = {INT64_MIN / 4, 0};
    estimate f = {scratch, 0, 0, -1};
    if (after) {
        take_span(&f, after);
        b.floor = after->floor;
        moved += after->moved - all->to[stops[k + 1].stop].moved;
    }
    for (; k >= 0; k--) {
        span_cost *here = &all->from[stops[k].stop];
        const span_key key = key_of(x, &stops[k], neighbour);
        moved += all->to[stops[k].stop].moved - to->moved;
        to = &all->to[stops[k].stop];
        b.floor = most(b.floor, moved - stops[k].latest);
        b.ceiling = most(moved - rota_earliest_at(x, r, k), b.floor);
        lower_ceiling(&f, b.ceiling);
        if (k == n - 1)
            add_last(&f, shift, back_after(m, shift, stops[k].place, shift->length[stops[k].stop]), moved, &b);
        add_start(&f, m, x, stops[k].start, moved, &b, shift->waiting_rate);
        if (!keep_span(&f, b.floor, moved, &key, all, here))
            return false;
        neighbour = here->stamp;
    }
    return true;
}

int64_t estimate_joined(hinge *scratch, const rota *x, const trial *t, const spans *all)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[t->shift];
    const stop_state *before = rota_stops(x, t->shift) + t->k - 1, *after = before + 1;
    const span_cost *first = t->k > 0 ? &all->to[before->stop] : NULL;
    estimate f = {scratch, 0, 0, 1};
    footstep s =
        step_to(m, shift, first ? before->place : shift->start_place, first ? shift->length[before->stop] : 0, t->slot);
    int64_t moved = s.distance + (first ? first->moved : 0);
    bounds b = {first ? most(first->floor, t->e - moved) : t->e - moved, 0};
    b.ceiling = most(t->l - moved, b.floor);
    if (first) {
        take_span(&f, first);
        lower_ceiling(&f, b.ceiling);
    } else {
        add_first(&f, shift, &b);
    }
    add_start(&f, m, x, m->start_of[t->slot], moved, &b, shift->waiting_rate);
    if (t->k == rota_n(x, t->shift)) {
        add_last(&f, shift, back_after(m, shift, s.place, shift->length[t->slot]), moved, &b);
        return f.cost;
    }
    const span_cost *rest = &all->from[after->stop];
    int64_t later = moved + step_to(m, shift, s.place, shift->length[t->slot], after->stop).distance - rest->moved;
    f.cost += rest->cost - shift->waiting_rate * later; /* that is no waiting */
    for (int32_t k = 0; k < rest->n; k++)
        add_rising(&f, -(int64_t)rest->hinges[k].at - later, rest->hinges[k].price, b.floor);
    return f.cost;
}
