/* Putting visits in where it costs least.
 *
 * spots.c finds the places of each slot. Carers of one visit, and gaps, can close cycles that its test cannot see; so
 * the chosen place is propagated, and undone if it fails, and the next best is tried.
 */
#include "insert.h"

#include "contracts.h"
#include "crews.h"
#include "goods.h"
#include "round_limits.h"
#include "spots.h"

#include <stdlib.h>

#define TOGETHER_MOST     4 /* visits put in at once */
#define ANY_PRICE_CHANCE  0.2
#define EVERYWHERE_CHANCE 0.01 /* that all rounds are looked at */
#define SPOTS_MOST        4    /* kept for a visit of one carer */
#define SPOTS_OF_A_ROUND  3    /* kept for each round and slot of a visit of several carers */
#define TEAMS_MOST        6    /* choices of places for several carers that are tried in earnest */

typedef struct team {
    spot spots[CR_SLOTS_MOST];
    int32_t e;
    int64_t price;
} team;

/* A spot to be sorted: small, and what mostly decides comes first. */
typedef struct ranked {
    int64_t price;
    int32_t shift, k, spot;
} ranked;

struct inserter {
    const model *m;
    spotter spotter;
    spot *spots;    /* of each slot of a visit of several carers */
    ranked *ranked; /* the same, cheapest first */
    int32_t n_spots[CR_SLOTS_MOST], room_spots;
    int32_t list[CR_SLOTS_MOST]; /* of each slot: the first slot like it, whose spots it shares; */
    int32_t next[CR_SLOTS_MOST]; /* of each of those: the first spot behind the one chosen last */
    team teams[TEAMS_MOST];
    int32_t n_teams;
};

cr_status inserter_new(const model *m, inserter **ret_inserter)
{
    cr_auto(inserter) in = calloc(1, sizeof *in);
    if (!in)
        return CR_E_NOMEM;
    in->m = m;
    in->room_spots = m->n_shifts * SPOTS_OF_A_ROUND + 1;
    in->spots = malloc((size_t)in->room_spots * CR_SLOTS_MOST * sizeof *in->spots);
    in->ranked = malloc((size_t)in->room_spots * CR_SLOTS_MOST * sizeof *in->ranked);
    if (spotter_init(&in->spotter, m) || !in->spots || !in->ranked)
        return CR_E_NOMEM;
    *ret_inserter = inserter_take(&in);
    return CR_OK;
}

void inserter_heed_lean(inserter *in, double share)
{
    in->spotter.heed_lean = share;
}

void inserter_reward_rounds(inserter *in, int64_t premium)
{
    in->spotter.premium = premium;
}

inserter *inserter_free(inserter *in)
{
    if (in) {
        spotter_done(&in->spotter);
        free(in->spots);
        free(in->ranked);
        free(in);
    }
    return NULL;
}

/* What a place may cost: usually no more than leaving the visit out; but two may be worth a shift that neither is
 * alone. */
static int64_t draw_limit(const cr_problem *p, int32_t visit, rng *random)
{
    return rng_chance(random, ANY_PRICE_CHANCE) ? COST_NEVER
                                                : p->visits[visit].unallocated_price * p->visits[visit].slots.n;
}

/* ---- a visit of one carer ---- */

/* Is the next stop reached sooner with the slot before it than without? Where triangles do not hold, it may be. */
static bool is_short_cut(const rota *x, const spot *s)
{
    const model_start *start = &x->m->starts[x->m->start_of[s->slot]];
    return rota_detour(x, s->shift, s->k, rota_place_for(x, s->shift, s->k, s->slot), start->door).work +
               x->m->shifts[s->shift].length[s->slot] <
           0;
}

static bool settle(rota *x, pricer *price, const spot *spots, int32_t n, int32_t visit, int32_t e)
{
    for (int32_t i = 0; i < n; i++)
        price_note(price, x, spots[i].shift);
    rota_mark mark = rota_now(x);
    bool may_fall = false; /* some start */
    for (int32_t i = 0; i < n; i++) {
        may_fall = may_fall || (x->m->has_most_gaps && is_short_cut(x, &spots[i]));
        rota_insert(x, spots[i].slot, spots[i].shift, spots[i].k);
        rota_expect(x, spots[i].slot, spots[i].e, spots[i].l);
    }
    rota_announce(x, visit, e);
    if (x->m->starts[visit].coupled)
        rota_put(x, &rota_start(x)[visit], e); /* until it is priced; its partners will be there then */
    bool sound = rota_propagate(x, !may_fall) && (!x->m->has_periods || limits_hold_in_touched(x));
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

/* The `most` cheapest places in the rounds listed; how many there are. */
static int32_t cheapest_spots(spotter *sp, rota *x, const request *q, int64_t limit, spot *spots, int32_t most)
{
    int32_t n = 0;
    for (int32_t i = 0; i < sp->n_rounds; i++)
        if (rota_has_room(x, sp->rounds[i]))
            n = spots_in_round(sp, q, sp->rounds[i], spots, n, most, limit);
    spots_forget_twins(sp);
    return n;
}

/* The cheapest place mostly holds, and the fewer are asked for, the more are thrown out at once; so the next ones are
 * only looked for where it does not. */
static bool insert_single(inserter *in, rota *x, pricer *price, int32_t slot, const insert_how *how, bool everywhere)
{
    const model *m = in->m;
    request q = spots_ask(&in->spotter, x, price, slot, how->blink, how->random);
    spot first, spots[SPOTS_MOST];
    int64_t limit = draw_limit(m->p, q.visit, how->random);
    spots_list_rounds(&in->spotter, &q, everywhere);
    if (cheapest_spots(&in->spotter, x, &q, limit, &first, 1) == 0)
        return false;
    if (settle(x, price, &first, 1, q.visit, first.e))
        return true;
    if (!q.start->coupled && !m->has_most_gaps && !(m->has_periods && m->has_limits))
        return false;
    int32_t n = cheapest_spots(&in->spotter, x, &q, limit, spots, SPOTS_MOST);
    for (int32_t i = 0; i < n; i++)
        if ((spots[i].shift != first.shift || spots[i].k != first.k) &&
            settle(x, price, &spots[i], 1, q.visit, spots[i].e))
            return true;
    return false;
}

/* ---- a visit of several carers ---- */

static bool comes_before(const ranked *a, const ranked *b)
{
    if (a->price != b->price)
        return a->price < b->price;
    return a->shift != b->shift ? a->shift < b->shift : a->k < b->k;
}

/* Shell's sort with Ciura's gaps ("Best increments for the average case of shellsort", 2001): without the scratch that
 * qsort may take, and for some tens in a third of its time. */
static void sort_ranked(ranked *list, int32_t n)
{
    static const int32_t gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (int32_t i = gaps[g]; i < n; i++) {
            ranked moved = list[i];
            int32_t at = i;
            for (; at >= gaps[g] && comes_before(&moved, &list[at - gaps[g]]); at -= gaps[g])
                list[at] = list[at - gaps[g]];
            list[at] = moved;
        }
}

static void gather_spots(inserter *in, rota *x, const request *q, int32_t i, bool everywhere)
{
    spotter *sp = &in->spotter;
    spot *spots = in->spots + (size_t)i * (size_t)in->room_spots;
    int32_t n = 0;
    spots_list_rounds(sp, q, everywhere);
    for (int32_t c = 0; c < sp->n_rounds; c++)
        if (rota_has_room(x, sp->rounds[c]))
            n += spots_in_round(sp, q, sp->rounds[c], spots + n, 0, SPOTS_OF_A_ROUND, COST_NEVER);
    spots_forget_twins(sp);
    ranked *order = in->ranked + (size_t)i * (size_t)in->room_spots;
    for (int32_t s = 0; s < n; s++)
        order[s] = (ranked){spots[s].price, spots[s].shift, spots[s].k, s};
    sort_ranked(order, n);
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

/* The same carer twice, two providers where there must be one, or half a crew? */
static bool clashes(const model *m, const model_start *start, const spot *a, const spot *b)
{
    const model_shift *x = &m->shifts[a->shift], *y = &m->shifts[b->shift];
    return x->carer == y->carer || crew_is_apart(x->crew, y->crew, b->shift, a->k, b->k) ||
           (start->same_provider && m->p->carers[x->carer].provider != m->p->carers[y->carer].provider);
}

/* Choose a place for slot i and the rest: cheapest first, stop where even the cheapest rest cannot do better. Carers of
 * slots that are alike do not change places. */
static void extend_team(inserter *in, const model_start *start, int32_t n_slots, int32_t i, team *so_far, int32_t l,
                        const int64_t *least_rest)
{
    if (i == n_slots) {
        keep_team(in, so_far);
        return;
    }
    const spot *spots = in->spots + (size_t)in->list[i] * (size_t)in->room_spots;
    const ranked *order = in->ranked + (size_t)in->list[i] * (size_t)in->room_spots;
    int64_t price = so_far->price;
    int32_t e = so_far->e, *next = &in->next[in->list[i]], first = *next;
    for (int32_t s = first; s < in->n_spots[in->list[i]]; s++) {
        if (in->n_teams == TEAMS_MOST && price + order[s].price + least_rest[i] >= in->teams[TEAMS_MOST - 1].price)
            break;
        const spot *here = &spots[order[s].spot];
        int32_t e_all = here->e > e ? here->e : e, l_all = here->l < l ? here->l : l;
        e_all = start->n_windows > 1 ? window_after(start, e_all) : e_all;
        if (e_all > l_all)
            continue;
        bool clash = false;
        for (int32_t j = 0; j < i; j++)
            clash = clash || clashes(in->m, start, &so_far->spots[j], here);
        if (clash)
            continue;
        so_far->spots[i] = *here;
        so_far->spots[i].slot += i - in->list[i];
        *next = s + 1;
        so_far->price = price + order[s].price;
        so_far->e = e_all;
        extend_team(in, start, n_slots, i + 1, so_far, l_all, least_rest);
    }
    so_far->price = price;
    so_far->e = e;
    *next = first;
}

static bool team_agrees_with_gaps(const rota *x, const team *t, int32_t n_slots, int32_t visit)
{
    const cr_problem *p = x->m->p;
    const cr_range gaps = x->m->gaps_of[visit];
    for (int32_t g = 0; g < gaps.n; g++) {
        const cr_gap *gap = &p->gaps[x->m->gap_pool[gaps.first + g]];
        int32_t other = gap->first == visit ? gap->second : gap->first;
        if (gap->carers != CR_GAP_SAME || !rota_is_in_rounds(x, other))
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

/* Rules that look at the whole team, which is not in the rounds yet. */
static bool team_is_allowed(const rota *x, const team *t, int32_t n_slots, int32_t visit)
{
    int32_t rounds[CR_SLOTS_MOST];
    for (int32_t i = 0; i < n_slots; i++)
        rounds[i] = t->spots[i].shift;
    return team_agrees_with_gaps(x, t, n_slots, visit) &&
           (!x->m->has_contracts || contracts_allow_all(x, visit, rounds));
}

/* Nothing is overlooked then: a place missed for one carer would be missed for all of them, and with it each team that
 * has it. Looked for apart, such a team came a second time with the carers the other way round. */
static bool shares_places(const model *m, cr_range slots, int32_t i)
{
    for (int32_t k = i + 1; k < slots.n; k++)
        if (m->alike[slots.first + k] == slots.first + i)
            return true;
    return false;
}

static bool insert_team(inserter *in, rota *x, pricer *price, int32_t visit, const insert_how *how, bool everywhere)
{
    const cr_range slots = in->m->p->visits[visit].slots;
    const model_start *start = &in->m->starts[visit];
    int64_t least_rest[CR_SLOTS_MOST];
    if (slots.n > CR_SLOTS_MOST)
        return false;
    for (int32_t i = 0; i < slots.n; i++) {
        in->list[i] = in->m->alike[slots.first + i] - slots.first;
        in->next[i] = 0;
        if (in->list[i] < i)
            continue;
        const double blink = shares_places(in->m, slots, i) ? 0 : how->blink;
        spots_draw_blink(&in->spotter, blink, how->random);
        request q = spots_ask(&in->spotter, x, price, slots.first + i, blink, how->random);
        gather_spots(in, x, &q, i, everywhere);
        spots_draw_blink(&in->spotter, how->blink, how->random);
        if (in->n_spots[i] == 0)
            return false;
    }
    int64_t rest = 0;
    for (int32_t i = slots.n - 1; i >= 0; i--) {
        least_rest[i] = rest;
        rest += in->ranked[(size_t)in->list[i] * (size_t)in->room_spots].price;
    }
    in->n_teams = 0;
    team so_far = {.e = start->lo};
    extend_team(in, start, slots.n, 0, &so_far, start->hi, least_rest);
    int64_t limit = draw_limit(in->m->p, visit, how->random);
    for (int32_t i = 0; i < in->n_teams && in->teams[i].price < limit; i++)
        if (team_is_allowed(x, &in->teams[i], slots.n, visit) &&
            settle(x, price, in->teams[i].spots, slots.n, visit, in->teams[i].e))
            return true;
    return false;
}

static bool insert_somewhere(inserter *in, rota *x, pricer *price, int32_t visit, const insert_how *how,
                             bool everywhere)
{
    const cr_range slots = in->m->p->visits[visit].slots;
    return slots.n == 1 ? insert_single(in, x, price, slots.first, how, everywhere)
                        : insert_team(in, x, price, visit, how, everywhere);
}

/* What was taken here is put down there, so that there is room again: both or neither. */
static bool put_down_later(inserter *in, rota *x, pricer *price, int32_t visit, const insert_how *how)
{
    const cr_range slots = in->m->p->visits[visit].slots;
    if (!goods_are_put_down_later(x, visit))
        return true;
    bool holds = insert_somewhere(in, x, price, in->m->put_down_at[visit], how, false);
    for (int32_t i = 0; i < slots.n && holds; i++)
        holds = goods_hold(x, rota_round_of(x, slots.first + i));
    return holds;
}

bool insert_cheapest(inserter *in, rota *x, pricer *price, int32_t visit, const insert_how *how)
{
    const rota_mark mark = rota_now(x);
    const cr_range slots = in->m->p->visits[visit].slots;
    bool are_many = false;
    for (int32_t i = 0; i < slots.n; i++)
        are_many = are_many || spots_are_many(&in->spotter, slots.first + i);
    spots_draw_blink(&in->spotter, how->blink, how->random);
    bool everywhere = are_many && rng_chance(how->random, EVERYWHERE_CHANCE);
    bool is_in = insert_somewhere(in, x, price, visit, how, everywhere) ||
                 (are_many && !everywhere && how->is_thorough && insert_somewhere(in, x, price, visit, how, true));
    if (is_in && in->m->n_goods > 0 && !put_down_later(in, x, price, visit, how)) {
        rota_undo(x, mark);
        return false;
    }
    return is_in;
}

bool carers_hold_of(const rota *x, int32_t visit)
{
    const model *m = x->m;
    const cr_range slots = m->p->visits[visit].slots;
    team t;
    for (int32_t i = 0; i < slots.n; i++) {
        int32_t slot = slots.first + i, r = rota_round_of(x, slot), carer = m->shifts[r].carer;
        t.spots[i].shift = r;
        if (is_nowhere(&m->starts[visit]) || !model_is_carer_for(m, slot, carer) || !spots_allow_carer(x, visit, carer))
            return false;
        for (int32_t j = 0; j < i; j++) {
            int32_t other = m->shifts[t.spots[j].shift].carer;
            if (other == carer ||
                (m->starts[visit].same_provider && m->p->carers[other].provider != m->p->carers[carer].provider))
                return false;
        }
    }
    return team_agrees_with_gaps(x, &t, slots.n, visit);
}

bool carers_hold(const rota *x)
{
    const model *m = x->m;
    for (int32_t r = 0; r < m->n_shifts; r++) {
        if (rota_load(x, r) > m->shifts[r].max_load || (m->has_limits && !limits_hold(x, r)) ||
            (x->closed[r] && rota_n_visits_in(x, r) > 0) || (m->n_goods > 0 && !goods_hold(x, r)))
            return false;
    }
    for (int32_t v = 0; v < m->n_visits; v++)
        if (rota_is_served(x, v) && !carers_hold_of(x, v))
            return false;
    return (!m->has_contracts || contracts_hold(x)) && (!m->has_crews || crews_hold(x));
}

bool insert_together(rota *x, pricer *price, const int32_t *visits, int32_t n, rng *random)
{
    const model *m = x->m;
    int32_t r = rng_below(random, m->n_shifts), n_held = m->shifts[r].n_held, n_put = 0,
            most = 2 + rng_below(random, TOGETHER_MOST - 1);
    rota_mark mark = rota_now(x);
    bool is_open = !m->shifts[r].is_over && m->shifts[r].crew == CR_NONE;
    for (int32_t tries = 0; tries < 2 * TOGETHER_MOST && n_put < most && is_open; tries++) {
        int32_t v = visits[rng_below(random, n)], slot = m->p->visits[v].slots.first;
        bool may_come = model_is_carer_for(m, slot, m->shifts[r].carer);
        if (m->p->visits[v].slots.n > 1 || rota_is_served(x, v) || is_nowhere(&m->starts[v]) || !may_come ||
            !rota_has_room(x, r))
            continue;
        rota_insert(x, slot, r, n_held + rng_below(random, rota_n(x, r) - n_held + 1));
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
        request q = spots_ask(&in->spotter, x, price, slots.first + i, 0, NULL);
        const model_shift *s = &m->shifts[shift[i]];
        spot *at = &t.spots[i];
        *at = (spot){.slot = q.slot, .shift = shift[i], .k = k[i]};
        bool is_open = q.lo <= q.hi && !is_nowhere(q.start) && spots_round_is_open(&in->spotter, &q, shift[i]);
        spots_forget_twins(&in->spotter);
        if (!is_open || !rota_has_room(x, shift[i]) || !model_is_carer_for(m, q.slot, s->carer))
            return false;
        way_between way = spots_way(&q, shift[i], k[i]);
        if (!spots_start_range(&q, &way, s->length[q.slot], &at->e, &at->l) ||
            way.d.work + s->work[q.slot] > spots_work_left(x, shift[i]) || !spots_ways_fit(&q, shift[i], k[i], at->e) ||
            (q.start->has_goods && !goods_fit(x, shift[i], k[i], visit, false)))
            return false;
        for (int32_t j = 0; j < i; j++)
            if (clashes(m, &m->starts[visit], &t.spots[j], at))
                return false;
        t.e = at->e > t.e ? at->e : t.e;
        l = at->l < l ? at->l : l;
    }
    t.e = m->starts[visit].n_windows > 1 ? window_after(&m->starts[visit], t.e) : t.e;
    return t.e <= l && team_is_allowed(x, &t, slots.n, visit) && settle(x, price, t.spots, slots.n, visit, t.e);
}

int64_t insert_regret(inserter *in, rota *x, pricer *price, int32_t visit)
{
    const cr_range slots = in->m->p->visits[visit].slots;
    spotter *sp = &in->spotter;
    if (slots.n > 1)
        return COST_NEVER;
    spots_draw_blink(sp, 0, NULL);
    request q = spots_ask(&in->spotter, x, price, slots.first, 0, NULL);
    int64_t best = COST_NEVER, second = COST_NEVER;
    spots_list_rounds(sp, &q, false);
    for (int32_t i = 0; i < sp->n_rounds; i++) {
        spot found;
        if (!rota_has_room(x, sp->rounds[i]) || spots_in_round(sp, &q, sp->rounds[i], &found, 0, 1, second) == 0)
            continue;
        if (found.price < best) {
            second = best;
            best = found.price;
        } else {
            second = found.price;
        }
    }
    spots_forget_twins(sp);
    return best == COST_NEVER ? CR_NONE : second == COST_NEVER ? COST_NEVER : second - best;
}

/* ---- breaks ---- */

bool insert_break_elsewhere(rota *x, int32_t r, rng *random)
{
    const model *m = x->m;
    const cr_range breaks = m->p->shifts[r].breaks;
    int32_t stop = m->n_slots + breaks.first + rng_below(random, breaks.n), n = rota_n(x, r), crew = m->shifts[r].crew;
    int32_t from = rota_place_of(x, r, stop), to = rng_below(random, n - 1);
    to += to >= from; /* anywhere but where it is */
    if (from < m->shifts[r].n_held || to < m->shifts[r].n_held)
        return false;
    rota_mark mark = rota_now(x);
    rota_remove_stop(x, stop, r, from);
    rota_insert(x, stop, r, to);
    if (crew != CR_NONE) { /* who shares her car has it when she does */
        int32_t hers = stop - breaks.first + m->p->shifts[crew].breaks.first;
        rota_remove_stop(x, hers, crew, from);
        rota_insert(x, hers, crew, to);
    }
    if (rota_propagate(x, false) && (m->n_goods == 0 || (goods_hold(x, r) && (crew == CR_NONE || goods_hold(x, crew)))))
        return true;
    rota_undo(x, mark);
    return false;
}
