/* The checker's walk through the rounds: is every stop what it says, and can she be there in time?
 *
 * Fills served (who has each slot, from when) and the sums of each round, on which all later rules stand.
 */
#include "check_inside.h"
#include "check_walk.h"

typedef struct round_walk {
    cr_checking *c;
    const cr_round *round;
    const cr_shift *shift;
    cr_walk walk;
    cr_round_sums *sums;
    int64_t free_from;  /* when the stop before is done: E(k - 1) */
    int32_t last_visit; /* CR_NONE before the first */
    bool is_last;       /* the stop is the last of the round */
    int64_t on_board[CR_GOODS_MOST], most_on_board[CR_GOODS_MOST];
    int32_t fullest_at[CR_GOODS_MOST]; /* the visit behind which most is on board; CR_NONE: as she sets off */
} round_walk;

static void add(const round_walk *w, cr_rule rule, int32_t visit, int32_t item, int64_t is, int64_t should)
{
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = rule;
    breach.shift = w->round->shift;
    breach.carer = w->shift->carer;
    breach.visit = visit;
    breach.item = item;
    breach.is = is;
    breach.should = should;
    breach.counts = rule == CR_RULE_STRUCTURE;
    cr_checking_add(w->c, &breach);
}

static void add_no_way(const round_walk *w, int32_t visit, int32_t from, int32_t to)
{
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = CR_RULE_UNREACHABLE;
    breach.shift = w->round->shift;
    breach.carer = w->shift->carer;
    breach.visit = visit;
    breach.other_visit = w->last_visit;
    breach.is = from;
    breach.should = to;
    cr_checking_add(w->c, &breach);
}

/* What the round's visits bring is on board when she sets off. */
static void load_goods(round_walk *w)
{
    const cr_problem *p = w->c->problem;
    for (int32_t k = 0; k < w->round->stops.n; k++) {
        int32_t slot = w->c->plan->stops[w->round->stops.first + k].slot;
        if (slot < 0 || slot >= p->n_slots)
            continue;
        const cr_visit *visit = &p->visits[p->slots[slot].visit];
        for (int32_t i = 0; i < visit->goods.n; i++)
            w->on_board[p->goods[visit->goods.first + i].kind] += p->goods[visit->goods.first + i].brings;
    }
    for (int32_t kind = 0; kind < CR_GOODS_MOST; kind++) {
        w->most_on_board[kind] = w->on_board[kind];
        w->fullest_at[kind] = CR_NONE;
    }
}

static void hand_over_goods(round_walk *w, int32_t visit)
{
    const cr_problem *p = w->c->problem;
    for (int32_t i = 0; i < p->visits[visit].goods.n; i++) {
        const cr_goods *goods = &p->goods[p->visits[visit].goods.first + i];
        int64_t *now = &w->on_board[goods->kind];
        *now += (int64_t)goods->takes - goods->brings;
        if (*now > w->most_on_board[goods->kind]) {
            w->most_on_board[goods->kind] = *now;
            w->fullest_at[goods->kind] = visit;
        }
    }
}

static void check_rooms(const round_walk *w)
{
    const cr_problem *p = w->c->problem;
    for (int32_t i = 0; i < w->shift->rooms.n; i++) {
        const cr_room *room = &p->rooms[w->shift->rooms.first + i];
        if (w->most_on_board[room->kind] > room->most)
            add(w, CR_RULE_MAX_LOAD, w->fullest_at[room->kind], room->kind, w->most_on_board[room->kind], room->most);
    }
}

static void walk_visit(round_walk *w, const cr_stop *stop)
{
    const cr_problem *p = w->c->problem;
    int32_t from = w->walk.at, visit = p->slots[stop->slot].visit;
    cr_step step = cr_walk_to_slot(&w->walk, stop->slot, w->free_from);
    if (step.no_way)
        add_no_way(w, visit, from, p->visits[visit].place);
    int64_t earliest = w->free_from + step.leg + step.door;
    if (stop->start < earliest)
        add(w, CR_RULE_TRAVEL, visit, CR_NONE, stop->start, earliest);
    w->free_from = (int64_t)stop->start + step.length + (w->is_last ? 0 : p->slots[stop->slot].stay);
    w->sums->travel += step.leg;
    w->sums->dist_m += step.dist_m;
    w->sums->door += step.door;
    w->sums->care += step.length;
    if (p->slots[stop->slot].sleeps) {
        w->sums->sleep += step.length;
        cr_checking_add_cost(&w->sums->sleep_cost, p->slots[stop->slot].sleep_price);
    }
    w->sums->load += p->visits[visit].load;
    hand_over_goods(w, visit);
    w->sums->n_visits++;
    w->last_visit = visit;
}

static void serve_slot(round_walk *w, const cr_stop *stop)
{
    const cr_problem *p = w->c->problem;
    if (stop->slot < 0 || stop->slot >= p->n_slots) {
        add(w, CR_RULE_STRUCTURE, CR_NONE, stop->slot, stop->slot, p->n_slots);
        return;
    }
    cr_served *served = &w->c->served[stop->slot];
    if (served->carer == CR_NONE)
        *served = (cr_served){w->shift->carer, w->round->shift, stop->start};
    else
        add(w, CR_RULE_STRUCTURE, p->slots[stop->slot].visit, stop->slot, 2, 1);
    walk_visit(w, stop);
}

static void check_break_rooms(const round_walk *w, const cr_break *taken)
{
    const cr_problem *p = w->c->problem;
    for (int32_t i = taken->rooms.first; i < taken->rooms.first + taken->rooms.n; i++)
        if (w->on_board[p->rooms[i].kind] > p->rooms[i].most)
            add(w, CR_RULE_BREAK_LOAD, w->last_visit, p->rooms[i].kind, w->on_board[p->rooms[i].kind],
                p->rooms[i].most);
}

/* The start that is nearest to this one. */
static int32_t allowed_for_break(const cr_problem *p, const cr_break *taken, int32_t start)
{
    if (taken->windows.n > 0)
        return cr_checking_nearest(p, taken->windows, start);
    return start < taken->open ? taken->open : start > taken->close ? taken->close : start;
}

static void take_break(round_walk *w, const cr_stop *stop)
{
    const cr_problem *p = w->c->problem;
    if (stop->brk < 0 || stop->brk >= p->n_breaks || p->breaks[stop->brk].shift != w->round->shift) {
        add(w, CR_RULE_STRUCTURE, CR_NONE, stop->brk, stop->brk, p->n_breaks);
        return;
    }
    const cr_break *taken = &p->breaks[stop->brk];
    if (stop->start < w->free_from)
        add(w, CR_RULE_TRAVEL, CR_NONE, stop->brk, stop->start, w->free_from);
    int32_t allowed = allowed_for_break(p, taken, stop->start);
    if (stop->start != allowed)
        add(w, CR_RULE_BREAK, CR_NONE, stop->brk, stop->start, allowed);
    check_break_rooms(w, taken);
    cr_step step = cr_walk_break(&w->walk, stop->brk);
    w->free_from = (int64_t)stop->start + step.length + (w->is_last ? 0 : taken->stay);
    w->sums->rest += step.length;
    w->sums->paid_rest += taken->paid ? step.length : 0;
}

static void walk_to_end(round_walk *w)
{
    int32_t from = w->walk.at;
    cr_step step = cr_walk_to_end(&w->walk, w->free_from);
    if (step.no_way)
        add_no_way(w, CR_NONE, from, w->shift->end_place);
    int64_t earliest = w->free_from + step.leg;
    if (w->round->arrive < earliest)
        add(w, CR_RULE_TRAVEL, CR_NONE, CR_NONE, w->round->arrive, earliest);
    w->sums->travel += step.leg;
    w->sums->dist_m += step.dist_m;
    w->sums->arrive = w->round->arrive;
    w->sums->waiting =
        (int64_t)w->round->arrive - w->round->depart - w->sums->travel - w->sums->door - w->sums->care - w->sums->rest;
}

static void check_shift(const round_walk *w)
{
    if (w->round->depart < w->shift->begin)
        add(w, CR_RULE_SHIFT, CR_NONE, CR_NONE, w->round->depart, w->shift->begin);
    if (w->shift->leaves_at_begin && w->round->depart > w->shift->begin)
        add(w, CR_RULE_SHIFT, CR_NONE, CR_NONE, w->round->depart, w->shift->begin);
    if (w->round->arrive > w->shift->end)
        add(w, CR_RULE_SHIFT, CR_NONE, CR_NONE, w->round->arrive, w->shift->end);
    if (w->shift->max_load != CR_NONE && w->sums->load > w->shift->max_load)
        add(w, CR_RULE_MAX_LOAD, CR_NONE, CR_NONE, w->sums->load, w->shift->max_load);
    if (w->shift->max_travel != CR_NONE && w->sums->travel > w->shift->max_travel)
        add(w, CR_RULE_MAX_TRAVEL, CR_NONE, CR_NONE, w->sums->travel, w->shift->max_travel);
    if (w->shift->max_dist_m != CR_NONE && !w->shift->rides && w->sums->dist_m > w->shift->max_dist_m)
        add(w, CR_RULE_MAX_DISTANCE, CR_NONE, CR_NONE, w->sums->dist_m, w->shift->max_dist_m);
    check_rooms(w);
}

static void check_breaks_taken(const round_walk *w)
{
    const cr_plan *plan = w->c->plan;
    for (int32_t b = w->shift->breaks.first; b < w->shift->breaks.first + w->shift->breaks.n; b++) {
        int32_t n_taken = 0;
        for (int32_t k = 0; k < w->round->stops.n; k++) {
            const cr_stop *stop = &plan->stops[w->round->stops.first + k];
            n_taken += stop->slot == CR_NONE && stop->brk == b;
        }
        if (n_taken == 1)
            continue;
        cr_breach breach = CR_BREACH_INIT;
        breach.rule = CR_RULE_BREAK;
        breach.shift = w->round->shift;
        breach.carer = w->shift->carer;
        breach.item = b;
        breach.is = n_taken;
        breach.should = 1;
        breach.counts = true;
        cr_checking_add(w->c, &breach);
    }
}

static void walk_round(round_walk *w)
{
    load_goods(w);
    for (int32_t k = 0; k < w->round->stops.n; k++) {
        const cr_stop *stop = &w->c->plan->stops[w->round->stops.first + k];
        w->is_last = k + 1 == w->round->stops.n;
        if ((stop->slot == CR_NONE) == (stop->brk == CR_NONE)) /* neither or both */
            add(w, CR_RULE_STRUCTURE, CR_NONE, CR_NONE, stop->slot == CR_NONE ? 0 : 2, 1);
        else if (stop->brk == CR_NONE)
            serve_slot(w, stop);
        else
            take_break(w, stop);
    }
    walk_to_end(w);
    if (w->sums->n_visits == 0)
        add(w, CR_RULE_STRUCTURE, CR_NONE, CR_NONE, 0, 1);
    check_breaks_taken(w);
    check_shift(w);
}

/* Does the round name a shift of its own, after those before it, and stops that exist? */
static bool round_stands(cr_checking *c, int32_t r)
{
    const cr_round *round = &c->plan->rounds[r];
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = CR_RULE_STRUCTURE;
    breach.counts = true;
    if (!cr_checking_shift(c, r)) {
        breach.is = round->shift;
        breach.should = c->problem->n_shifts;
        cr_checking_add(c, &breach);
        return false;
    }
    breach.shift = round->shift;
    breach.carer = c->problem->shifts[round->shift].carer;
    if (c->shift_round[round->shift] != CR_NONE) {
        breach.is = 2;
        breach.should = 1;
        cr_checking_add(c, &breach);
        return false;
    }
    if (round->stops.first < 0 || round->stops.n < 0 || round->stops.n > c->plan->n_stops - round->stops.first) {
        breach.is = (int64_t)round->stops.first + round->stops.n;
        breach.should = c->plan->n_stops;
        cr_checking_add(c, &breach);
        return false;
    }
    return true;
}

/* The rounds stand in the order of their shifts, so that two writers of one plan agree. */
static void check_order(cr_checking *c, int32_t r)
{
    if (r == 0 || !cr_checking_shift(c, r - 1) || c->plan->rounds[r].shift > c->plan->rounds[r - 1].shift)
        return;
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = CR_RULE_STRUCTURE;
    breach.shift = c->plan->rounds[r].shift;
    breach.is = breach.shift;
    breach.should = (int64_t)c->plan->rounds[r - 1].shift + 1;
    breach.counts = true;
    cr_checking_add(c, &breach);
}

void cr_checking_rounds(cr_checking *c)
{
    for (int32_t r = 0; r < c->plan->n_rounds; r++) {
        const cr_round *round = &c->plan->rounds[r];
        if (!round_stands(c, r))
            continue;
        c->shift_round[round->shift] = r;
        check_order(c, r);
        round_walk w = {.c = c, .round = round, .shift = &c->problem->shifts[round->shift], .sums = &c->rounds[r]};
        w.walk = cr_walk_begin(c->problem, w.shift);
        w.free_from = round->depart;
        w.last_visit = CR_NONE;
        walk_round(&w);
    }
}
