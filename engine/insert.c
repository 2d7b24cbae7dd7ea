/* Where an unallocated visit can go, and what that costs.
 *
 * A place between two stops is possible if the visit can start between the earliest arrival there and the latest start
 * that the stops behind still allow: O(1), and exact for a visit of one carer without gaps. Carers of one visit, and
 * gaps, can close cycles that this test cannot see; so the chosen place is propagated, and undone if it fails, and the
 * next best is tried.
 */
#include "insert.h"

#include "days.h"
#include "shared.h"
#include "spread.h"

#include <math.h>
#include <stdlib.h>

#define TOGETHER_MOST    4 /* visits put in at once */
#define ANY_PRICE_CHANCE 0.2
#define SPOTS_MOST       4 /* kept for a visit of one carer */
#define SPOTS_OF_A_ROUND 3 /* kept for each round and slot of a visit of several carers */
#define TEAMS_MOST       6 /* choices of places for several carers that are tried in earnest */
#define CR_SLOTS_MOST    8

typedef struct spot {
    int32_t slot, shift, k, e, l;
    int64_t price;
} spot;

typedef struct team {
    spot spots[CR_SLOTS_MOST];
    int32_t e;
    int64_t price;
} team;

struct inserter {
    const model *m;
    int32_t *twins_tried; /* of each shift that is the first of its kind: empty rounds tried for this slot */
    int32_t *twins_touched;
    int32_t n_touched;
    int32_t until_blink; /* places to look at before the next is overlooked */
    double blink;        /* the probability for which it was drawn */
    spot *spots;         /* of each slot of a visit of several carers */
    int32_t n_spots[CR_SLOTS_MOST], room_spots;
    team teams[TEAMS_MOST];
    int32_t n_teams;
    company company;   /* at the client of the visit in question */
    double heed_lean;  /* from 0 to 1 */
    spread_lean *lean; /* of each shift: see spread.h; NULL where nothing asks for it */
};

cr_status inserter_new(const model *m, inserter **ret_inserter)
{
    cr_auto(inserter) in = calloc(1, sizeof *in);
    if (!in)
        return CR_E_NOMEM;
    in->m = m;
    in->heed_lean = 1;
    in->room_spots = m->n_shifts * SPOTS_OF_A_ROUND + 1;
    in->twins_tried = calloc((size_t)m->n_shifts + 1, sizeof *in->twins_tried);
    in->twins_touched = calloc((size_t)m->n_shifts + 1, sizeof *in->twins_touched);
    in->spots = malloc((size_t)in->room_spots * CR_SLOTS_MOST * sizeof *in->spots);
    in->lean = m->has_spread ? calloc((size_t)m->n_shifts + 1, sizeof *in->lean) : NULL;
    if (!in->twins_tried || !in->twins_touched || !in->spots || (m->has_spread && !in->lean) ||
        !company_init(&in->company, m))
        return CR_E_NOMEM;
    *ret_inserter = inserter_take(&in);
    return CR_OK;
}

void inserter_heed_lean(inserter *in, double share)
{
    in->heed_lean = share;
}

inserter *inserter_free(inserter *in)
{
    if (in) {
        free(in->twins_tried);
        free(in->twins_touched);
        free(in->spots);
        company_done(&in->company);
        free(in->lean);
        free(in);
    }
    return NULL;
}

/* ---- blinks ---- */

static int32_t next_blink(double blink, rng *random)
{
    if (blink <= 0)
        return INT32_MAX;
    double gap = log(1.0 - rng_unit(random)) / log(1.0 - blink);
    return gap < 1e9 ? 1 + (int32_t)gap : INT32_MAX;
}

static void draw_blink(inserter *in, double blink, rng *random)
{
    if (in->until_blink > 0 && in->blink == blink)
        return;
    in->blink = blink;
    in->until_blink = next_blink(blink, random);
}

/* ---- one round ---- */

typedef struct request {
    const rota *x;
    pricer *price;
    rng *random;
    double blink;
    int32_t slot, visit;
    const model_start *start;
    int32_t lo, hi; /* of the start, gaps to served visits included */
} request;

static bool is_in_rounds(const rota *x, int32_t visit)
{
    return rota_round_of(x, x->m->p->visits[visit].slots.first) != CR_NONE;
}

/* What the gaps to visits already served leave of the start's range. */
static void narrow_by_gaps(request *q)
{
    const rota *x = q->x;
    const cr_range in = x->m->links_in[q->visit], out = x->m->links_out[q->visit];
    for (int32_t i = 0; i < in.n; i++) {
        const model_link *link = &x->m->link_pool[in.first + i];
        if (is_in_rounds(x, link->other) && rota_earliest(x)[link->other] + link->distance > q->lo)
            q->lo = rota_earliest(x)[link->other] + link->distance;
    }
    for (int32_t i = 0; i < out.n; i++) {
        const model_link *link = &x->m->link_pool[out.first + i];
        if (is_in_rounds(x, link->other) && rota_latest(x)[link->other] - link->distance < q->hi)
            q->hi = rota_latest(x)[link->other] - link->distance;
    }
}

static request ask(inserter *in, const rota *x, pricer *price, int32_t slot, double blink, rng *random)
{
    request q = {
        .x = x, .price = price, .random = random, .blink = blink, .slot = slot, .visit = x->m->p->slots[slot].visit};
    q.start = &x->m->starts[q.visit];
    q.lo = q.start->lo;
    q.hi = q.start->hi;
    if (q.start->coupled)
        narrow_by_gaps(&q);
    if (x->m->has_company)
        company_ask(&in->company, x, q.visit);
    if (x->m->has_spread)
        spread_lean_now(x, in->heed_lean, in->lean);
    return q;
}

/* Same or different carers than in visits tied by a gap. */
static bool gaps_allow_carer(const rota *x, int32_t visit, int32_t carer)
{
    const model *m = x->m;
    const cr_problem *p = m->p;
    const cr_range gaps = m->gaps_of[visit];
    for (int32_t i = 0; i < gaps.n; i++) {
        const cr_gap *gap = &p->gaps[m->gap_pool[gaps.first + i]];
        if (gap->carers == CR_GAP_ANY)
            continue;
        int32_t other = gap->first == visit ? gap->second : gap->first;
        if (!is_in_rounds(x, other))
            continue;
        bool shared = false;
        for (int32_t k = 0; k < p->visits[other].slots.n; k++)
            shared = shared || m->shifts[rota_round_of(x, p->visits[other].slots.first + k)].carer == carer;
        if (gap->carers == CR_GAP_DIFFERENT && shared)
            return false;
        if (gap->carers == CR_GAP_SAME && !shared && p->visits[visit].slots.n == 1)
            return false; /* visits of several carers need only one in common: looked at when the team is known */
    }
    return true;
}

/* May the visit use this round at all now? */
static bool round_is_open(inserter *in, const request *q, int32_t r)
{
    const rota *x = q->x;
    const model_shift *shift = &in->m->shifts[r];
    if (x->closed[r] || rota_load(x, r) > shift->max_load - q->start->load)
        return false;
    if (rota_n_visits_in(x, r) == 0) {
        if (in->m->has_days && !days_allow(x, r))
            return false;
        int32_t twin = shift->twin;
        if (in->twins_tried[twin] >= in->m->p->visits[q->visit].slots.n)
            return false; /* as good as the empty ones before it */
        if (in->twins_tried[twin]++ == 0)
            in->twins_touched[in->n_touched++] = twin;
    }
    return q->start->coupled ? gaps_allow_carer(x, q->visit, shift->carer) : true;
}

static void forget_twins(inserter *in)
{
    while (in->n_touched > 0)
        in->twins_tried[in->twins_touched[--in->n_touched]] = 0;
}

/* The range of starts that index k of round r allows. */
static bool start_range(const request *q, int32_t r, int32_t k, int32_t *ret_e, int32_t *ret_l)
{
    const model *m = q->x->m;
    const model_shift *shift = &m->shifts[r];
    const stop_state *stops = rota_stops(q->x, r);
    int32_t n = rota_n(q->x, r), ready = k ? stops[k - 1].ready : shift->begin;
    int32_t before = k ? stops[k - 1].place : shift->start_place, place = q->start->place;
    if (before != CR_NONE)
        ready += leg_of(m, shift, before, place)->time;
    if (before != place)
        ready += q->start->door;
    if (ready > q->hi)
        return false;
    int32_t leave;
    if (k < n && !is_break(m, stops[k].stop)) {
        const model_start *next = &m->starts[m->start_of[stops[k].stop]];
        leave = stops[k].latest - leg_of(m, shift, place, next->place)->time - (next->place == place ? 0 : next->door);
    } else {
        leave = rota_must_leave(q->x, r, k, place);
    }
    int32_t e = ready > q->lo ? ready : q->lo, l = leave - shift->length[q->slot];
    l = l < q->hi ? l : q->hi;
    if (e > l)
        return false;
    if (q->start->n_windows > 1) {
        e = window_after(q->start, e);
        l = window_before(q->start, l);
        if (e > l)
            return false;
    }
    *ret_e = e;
    *ret_l = l;
    return true;
}

/* Keep the `most` cheapest, sorted. Returns the new count. */
static int32_t keep_spot(spot *spots, int32_t n, int32_t most, const spot *found)
{
    int32_t at = n;
    while (at > 0 && spots[at - 1].price > found->price)
        at--;
    if (at == most)
        return n;
    n = n < most ? n + 1 : n;
    for (int32_t i = n - 1; i > at; i--)
        spots[i] = spots[i - 1];
    spots[at] = *found;
    return n;
}

/* The cheapest places in one round, into the list. */
static int32_t scan_round(inserter *in, const request *q, int32_t r, spot *spots, int32_t n, int32_t most)
{
    const rota *x = q->x;
    const model *m = in->m;
    const model_shift *shift = &m->shifts[r];
    const cr_carer *carer = &m->p->carers[shift->carer];
    const stop_state *stops = rota_stops(x, r);
    int32_t n_stops = rota_n(x, r);
    int64_t slot_price = m->slot_cost[(size_t)q->slot * (size_t)m->n_carers + (size_t)shift->carer];
    if (m->has_company)
        slot_price += company_price(&in->company, shift->carer);
    for (int32_t k = 0; k <= n_stops; k++) {
        if (k < n_stops && stops[k].latest < q->lo)
            continue; /* it cannot come before this stop */
        if (k > 0 && stops[k - 1].ready > q->hi)
            break; /* nor after the one before */
        if (--in->until_blink <= 0) {
            in->until_blink = next_blink(q->blink, q->random);
            continue;
        }
        spot found = {.slot = q->slot, .shift = r, .k = k};
        if (!start_range(q, r, k, &found.e, &found.l))
            continue;
        detour d = rota_detour(x, r, k, q->start->place, q->start->door);
        d.work += shift->work[q->slot];
        if (carer->max_work != CR_NONE && rota_work(x, shift->carer) + d.work > carer->max_work)
            continue;
        if (m->has_days && rota_day_work(x, r) > shift->day_most - d.work)
            continue;
        found.price = d.cost + slot_price;
        if (m->has_hours)
            found.price += hours_grow(carer, rota_work(x, shift->carer), (int64_t)rota_work(x, shift->carer) + d.work);
        if (m->has_spread)
            found.price += spread_price(m, &in->lean[r], d.work);
        bool is_full = n == most;
        if (m->timing != TIMING_FREE) {
            trial t = {q->slot, r, k, found.e, found.l};
            if (is_full &&
                found.price + price_at_least(q->price, x, &t, d.work + shift->length[q->slot] - shift->work[q->slot]) >=
                    spots[n - 1].price)
                continue;
            found.price += price_at(q->price, x, &t);
        }
        if (!is_full || found.price < spots[n - 1].price)
            n = keep_spot(spots, n, most, &found);
    }
    return n;
}

/* What a place may cost: usually no more than leaving the visit out; but two may be worth a shift that neither is
 * alone. */
static int64_t draw_limit(const cr_problem *p, int32_t visit, rng *random)
{
    return rng_chance(random, ANY_PRICE_CHANCE) ? COST_NEVER
                                                : p->visits[visit].unallocated_price * p->visits[visit].slots.n;
}

/* ---- a visit of one carer ---- */

static bool settle(rota *x, pricer *price, const spot *spots, int32_t n, int32_t visit, int32_t e)
{
    rota_mark mark = rota_now(x);
    for (int32_t i = 0; i < n; i++) {
        rota_insert(x, spots[i].slot, spots[i].shift, spots[i].k);
        rota_expect(x, spots[i].slot, spots[i].e, spots[i].l);
    }
    rota_announce(x, visit, e);
    bool sound = rota_propagate(x, true);
    x->guard = CR_NONE;
    if (!sound) {
        rota_undo(x, mark);
        return false;
    }
    rota_from_bank(x, visit);
    for (int32_t i = 0; i < n; i++)
        price_touch(price, spots[i].shift);
    return true;
}

static bool insert_single(inserter *in, rota *x, pricer *price, int32_t slot, double blink, rng *random)
{
    const model *m = in->m;
    request q = ask(in, x, price, slot, blink, random);
    spot spots[SPOTS_MOST];
    int32_t n = 0, most = q.start->coupled || m->has_most_gaps ? SPOTS_MOST : 1;
    const cr_range candidates = m->candidates[slot];
    if (q.lo > q.hi)
        return false;
    for (int32_t i = 0; i < candidates.n; i++) {
        int32_t r = m->candidate_pool[candidates.first + i];
        if (round_is_open(in, &q, r) && rota_has_room(x, r))
            n = scan_round(in, &q, r, spots, n, most);
    }
    forget_twins(in);
    int64_t limit = n > 0 ? draw_limit(m->p, q.visit, random) : 0;
    for (int32_t i = 0; i < n && spots[i].price < limit; i++)
        if (settle(x, price, &spots[i], 1, q.visit, spots[i].e))
            return true;
    return false;
}

/* ---- a visit of several carers ---- */

static int compare_spots(const void *a, const void *b)
{
    const spot *s = a, *t = b;
    if (s->price != t->price)
        return s->price < t->price ? -1 : 1;
    if (s->shift != t->shift)
        return s->shift < t->shift ? -1 : 1;
    return s->k < t->k ? -1 : s->k > t->k;
}

static void gather_spots(inserter *in, rota *x, pricer *price, int32_t i, int32_t slot, double blink, rng *random)
{
    const model *m = in->m;
    request q = ask(in, x, price, slot, blink, random);
    spot *spots = in->spots + (size_t)i * (size_t)in->room_spots;
    int32_t n = 0;
    const cr_range candidates = m->candidates[slot];
    for (int32_t c = 0; q.lo <= q.hi && c < candidates.n; c++) {
        int32_t r = m->candidate_pool[candidates.first + c];
        if (round_is_open(in, &q, r) && rota_has_room(x, r))
            n += scan_round(in, &q, r, spots + n, 0, SPOTS_OF_A_ROUND);
    }
    forget_twins(in);
    qsort(spots, (size_t)n, sizeof *spots, compare_spots);
    in->n_spots[i] = n;
}

static void keep_team(inserter *in, const team *found)
{
    int32_t at = in->n_teams;
    while (at > 0 && in->teams[at - 1].price > found->price)
        at--;
    if (at == TEAMS_MOST)
        return;
    in->n_teams = in->n_teams < TEAMS_MOST ? in->n_teams + 1 : in->n_teams;
    for (int32_t i = in->n_teams - 1; i > at; i--)
        in->teams[i] = in->teams[i - 1];
    in->teams[at] = *found;
}

/* Choose a place for slot i and the rest: cheapest first, stop where even the cheapest rest cannot do better. */
static void extend_team(inserter *in, const model_start *start, int32_t n_slots, int32_t i, team *so_far, int32_t l,
                        const int64_t *least_rest)
{
    if (i == n_slots) {
        keep_team(in, so_far);
        return;
    }
    const spot *spots = in->spots + (size_t)i * (size_t)in->room_spots;
    int64_t price = so_far->price;
    int32_t e = so_far->e;
    for (int32_t s = 0; s < in->n_spots[i]; s++) {
        if (in->n_teams == TEAMS_MOST && price + spots[s].price + least_rest[i] >= in->teams[TEAMS_MOST - 1].price)
            break;
        int32_t e_all = spots[s].e > e ? spots[s].e : e, l_all = spots[s].l < l ? spots[s].l : l;
        e_all = start->n_windows > 1 ? window_after(start, e_all) : e_all;
        if (e_all > l_all)
            continue;
        bool clash = false;
        for (int32_t j = 0; j < i; j++)
            clash = clash || in->m->shifts[so_far->spots[j].shift].carer == in->m->shifts[spots[s].shift].carer;
        if (clash)
            continue;
        so_far->spots[i] = spots[s];
        so_far->price = price + spots[s].price;
        so_far->e = e_all;
        extend_team(in, start, n_slots, i + 1, so_far, l_all, least_rest);
    }
    so_far->price = price;
    so_far->e = e;
}

static bool team_agrees_with_gaps(const rota *x, const team *t, int32_t n_slots, int32_t visit)
{
    const cr_problem *p = x->m->p;
    const cr_range gaps = x->m->gaps_of[visit];
    for (int32_t g = 0; g < gaps.n; g++) {
        const cr_gap *gap = &p->gaps[x->m->gap_pool[gaps.first + g]];
        int32_t other = gap->first == visit ? gap->second : gap->first;
        if (gap->carers != CR_GAP_SAME || !is_in_rounds(x, other))
            continue;
        bool shared = false;
        for (int32_t k = 0; k < p->visits[other].slots.n; k++)
            for (int32_t i = 0; i < n_slots; i++)
                shared = shared || x->m->shifts[rota_round_of(x, p->visits[other].slots.first + k)].carer ==
                                       x->m->shifts[t->spots[i].shift].carer;
        if (!shared)
            return false;
    }
    return true;
}

static bool insert_team(inserter *in, rota *x, pricer *price, int32_t visit, double blink, rng *random)
{
    const cr_range slots = in->m->p->visits[visit].slots;
    const model_start *start = &in->m->starts[visit];
    int64_t least_rest[CR_SLOTS_MOST];
    if (slots.n > CR_SLOTS_MOST)
        return false;
    for (int32_t i = 0; i < slots.n; i++) {
        gather_spots(in, x, price, i, slots.first + i, blink, random);
        if (in->n_spots[i] == 0)
            return false;
    }
    int64_t rest = 0;
    for (int32_t i = slots.n - 1; i >= 0; i--) {
        least_rest[i] = rest;
        rest += in->spots[(size_t)i * (size_t)in->room_spots].price;
    }
    in->n_teams = 0;
    team so_far = {.e = start->lo};
    extend_team(in, start, slots.n, 0, &so_far, start->hi, least_rest);
    int64_t limit = draw_limit(in->m->p, visit, random);
    for (int32_t i = 0; i < in->n_teams && in->teams[i].price < limit; i++)
        if (team_agrees_with_gaps(x, &in->teams[i], slots.n, visit) &&
            settle(x, price, in->teams[i].spots, slots.n, visit, in->teams[i].e))
            return true;
    return false;
}

bool insert_cheapest(inserter *in, rota *x, pricer *price, int32_t visit, double blink, rng *random)
{
    draw_blink(in, blink, random);
    const cr_range slots = in->m->p->visits[visit].slots;
    return slots.n == 1 ? insert_single(in, x, price, slots.first, blink, random)
                        : insert_team(in, x, price, visit, blink, random);
}

static bool visit_holds(const rota *x, int32_t visit)
{
    const model *m = x->m;
    const cr_range slots = m->p->visits[visit].slots;
    team t;
    for (int32_t i = 0; i < slots.n; i++) {
        int32_t slot = slots.first + i, r = rota_round_of(x, slot), carer = m->shifts[r].carer;
        t.spots[i].shift = r;
        if (m->starts[visit].place == CR_NONE ||
            m->slot_cost[(size_t)slot * (size_t)m->n_carers + (size_t)carer] == COST_NEVER ||
            !gaps_allow_carer(x, visit, carer))
            return false;
        for (int32_t j = 0; j < i; j++)
            if (m->shifts[t.spots[j].shift].carer == carer)
                return false;
    }
    return team_agrees_with_gaps(x, &t, slots.n, visit);
}

bool carers_hold(const rota *x)
{
    const model *m = x->m;
    for (int32_t r = 0; r < m->n_shifts; r++) {
        int32_t work_most = m->p->carers[m->shifts[r].carer].max_work;
        if (rota_load(x, r) > m->shifts[r].max_load ||
            (work_most != CR_NONE && rota_work(x, m->shifts[r].carer) > work_most) ||
            (x->closed[r] && rota_n_visits_in(x, r) > 0) || (m->has_days && !days_hold(x, r)))
            return false;
    }
    for (int32_t v = 0; v < m->n_visits; v++)
        if (rota_is_served(x, v) && !visit_holds(x, v))
            return false;
    return true;
}

bool insert_together(rota *x, pricer *price, const int32_t *visits, int32_t n, rng *random)
{
    const model *m = x->m;
    int32_t r = rng_below(random, m->n_shifts), n_put = 0, most = 2 + rng_below(random, TOGETHER_MOST - 1);
    rota_mark mark = rota_now(x);
    for (int32_t tries = 0; tries < 2 * TOGETHER_MOST && n_put < most; tries++) {
        int32_t v = visits[rng_below(random, n)], slot = m->p->visits[v].slots.first;
        int64_t price_here = m->slot_cost[(size_t)slot * (size_t)m->n_carers + (size_t)m->shifts[r].carer];
        if (m->p->visits[v].slots.n > 1 || rota_is_served(x, v) || m->starts[v].place == CR_NONE ||
            price_here == COST_NEVER || !rota_has_room(x, r))
            continue;
        rota_insert(x, slot, r, rng_below(random, rota_n(x, r) + 1));
        rota_announce(x, v, m->starts[v].lo);
        rota_from_bank(x, v);
        n_put++;
    }
    x->guard = CR_NONE;
    price_touch(price, r);
    if (n_put > 0 && rota_propagate(x, false) && carers_hold(x))
        return true;
    rota_undo(x, mark);
    return rota_forget_waiting(x);
}

bool insert_as_told(inserter *in, rota *x, pricer *price, int32_t visit, const int32_t *shift, const int32_t *k)
{
    const model *m = in->m;
    const cr_range slots = m->p->visits[visit].slots;
    team t = {.e = m->starts[visit].lo};
    int32_t l = m->starts[visit].hi;
    if (slots.n > CR_SLOTS_MOST)
        return false;
    for (int32_t i = 0; i < slots.n; i++) {
        request q = ask(in, x, price, slots.first + i, 0, NULL);
        const model_shift *s = &m->shifts[shift[i]];
        const cr_carer *carer = &m->p->carers[s->carer];
        spot *at = &t.spots[i];
        *at = (spot){.slot = q.slot, .shift = shift[i], .k = k[i]};
        bool is_open = q.lo <= q.hi && q.start->place != CR_NONE && round_is_open(in, &q, shift[i]);
        forget_twins(in);
        if (!is_open || !rota_has_room(x, shift[i]) ||
            m->slot_cost[(size_t)q.slot * (size_t)m->n_carers + (size_t)s->carer] == COST_NEVER ||
            !start_range(&q, shift[i], k[i], &at->e, &at->l))
            return false;
        detour d = rota_detour(x, shift[i], k[i], q.start->place, q.start->door);
        d.work += s->work[q.slot];
        if ((carer->max_work != CR_NONE && rota_work(x, s->carer) + d.work > carer->max_work) ||
            (m->has_days && rota_day_work(x, shift[i]) > s->day_most - d.work))
            return false;
        for (int32_t j = 0; j < i; j++)
            if (m->shifts[shift[j]].carer == s->carer)
                return false;
        t.e = at->e > t.e ? at->e : t.e;
        l = at->l < l ? at->l : l;
    }
    t.e = m->starts[visit].n_windows > 1 ? window_after(&m->starts[visit], t.e) : t.e;
    return t.e <= l && team_agrees_with_gaps(x, &t, slots.n, visit) && settle(x, price, t.spots, slots.n, visit, t.e);
}

int64_t insert_regret(inserter *in, rota *x, pricer *price, int32_t visit)
{
    const model *m = in->m;
    const cr_range slots = m->p->visits[visit].slots;
    if (slots.n > 1)
        return COST_NEVER;
    draw_blink(in, 0, NULL);
    request q = ask(in, x, price, slots.first, 0, NULL);
    int64_t best = COST_NEVER, second = COST_NEVER;
    const cr_range candidates = m->candidates[slots.first];
    for (int32_t i = 0; q.lo <= q.hi && i < candidates.n; i++) {
        int32_t r = m->candidate_pool[candidates.first + i];
        spot found;
        if (!round_is_open(in, &q, r) || !rota_has_room(x, r) || scan_round(in, &q, r, &found, 0, 1) == 0)
            continue;
        if (found.price < best) {
            second = best;
            best = found.price;
        } else if (found.price < second) {
            second = found.price;
        }
    }
    forget_twins(in);
    return best == COST_NEVER ? CR_NONE : second == COST_NEVER ? COST_NEVER : second - best;
}

/* ---- breaks ---- */

bool insert_break_elsewhere(rota *x, int32_t r, rng *random)
{
    const model *m = x->m;
    const cr_range breaks = m->p->shifts[r].breaks;
    int32_t stop = m->n_slots + breaks.first + rng_below(random, breaks.n), n = rota_n(x, r);
    int32_t from = rota_place_of(x, r, stop), to = rng_below(random, n - 1);
    to += to >= from; /* anywhere but where it is */
    rota_mark mark = rota_now(x);
    rota_remove_stop(x, stop, r, from);
    rota_insert(x, stop, r, to);
    if (rota_propagate(x, false))
        return true;
    rota_undo(x, mark);
    return false;
}
