/* The cheapest plan of a tiny problem: see brute_force.h. */
#include "brute_force.h"

#include "careround/check.h"

#include "brute_orders.h"
#include "lp_starts.h"
#include "random_problem.h"

#include <stdio.h>
#include <stdlib.h>

#define SHIFTS_MOST 3
#define NEVER       (INT64_MAX / 4)

/* Who serves what, before any order. */
typedef struct share {
    brute_key key[SHIFTS_MOST];
    int64_t least; /* no plan that shares so is cheaper */
} share;

typedef struct brute {
    const cr_problem *p;
    brute_orders *orders; /* by shift */
    share *shares;
    int32_t n_shares, room;
    const brute_order *chosen[SHIFTS_MOST]; /* NULL: no round */
    int64_t rest[SHIFTS_MOST + 1];          /* of a share: the least that the shifts from here on can cost */
    int64_t bank; /* of a share: what its unallocated visits, faces, providers and contracts cost */
    cr_plan *best;
    int64_t best_cost;
} brute;

static int64_t least_of(const brute *b, int32_t shift, brute_key key)
{
    const brute_orders *orders = &b->orders[shift];
    if (key == 0)
        return 0;
    return orders->first[key] < orders->first[key + 1] ? orders->items[orders->first[key]].cost : NEVER;
}

/* The least worst lateness of the orders of a key. */
static int32_t least_late(const brute *b, int32_t shift, brute_key key)
{
    const brute_orders *orders = &b->orders[shift];
    int32_t least = key == 0 ? 0 : INT32_MAX;
    for (int32_t k = orders->first[key]; key && k < orders->first[key + 1]; k++)
        least = orders->items[k].late < least ? orders->items[k].late : least;
    return least;
}

/* ---- sharing out ---- */

static uint32_t digit(brute_key key, int32_t visit)
{
    return key >> (2 * visit) & 3;
}

static bool is_served(const share *s, int32_t visit)
{
    for (int32_t r = 0; r < SHIFTS_MOST; r++)
        if (digit(s->key[r], visit))
            return true;
    return false;
}

static bool carer_serves(const brute *b, const share *s, int32_t visit, int32_t carer)
{
    for (int32_t r = 0; r < b->p->n_shifts; r++)
        if (b->p->shifts[r].carer == carer && digit(s->key[r], visit))
            return true;
    return false;
}

/* No carer of the one is of another provider than any of the other. */
static bool is_of_one_provider(const brute *b, const share *s, int32_t first, int32_t second)
{
    const cr_problem *p = b->p;
    for (int32_t c = 0; c < p->n_carers; c++)
        for (int32_t d = 0; d < p->n_carers; d++)
            if (carer_serves(b, s, first, c) && carer_serves(b, s, second, d) &&
                p->carers[c].provider != p->carers[d].provider)
                return false;
    return true;
}

static bool providers_hold(const brute *b, const share *s)
{
    for (int32_t v = 0; v < b->p->n_visits; v++)
        if (b->p->visits[v].same_provider && !is_of_one_provider(b, s, v, v))
            return false;
    return true;
}

/* The rules of gaps on who is served, and by whom. */
static bool gap_carers_hold(const brute *b, const share *s)
{
    for (int32_t g = 0; g < b->p->n_gaps; g++) {
        const cr_gap *gap = &b->p->gaps[g];
        if (gap->both && is_served(s, gap->first) != is_served(s, gap->second))
            return false;
        if (!is_served(s, gap->first) || !is_served(s, gap->second))
            continue;
        if (gap->same_provider && !is_of_one_provider(b, s, gap->first, gap->second))
            return false;
        if (gap->carers == CR_GAP_ANY)
            continue;
        bool common = false;
        for (int32_t c = 0; c < b->p->n_carers; c++)
            common = common || (carer_serves(b, s, gap->first, c) && carer_serves(b, s, gap->second, c));
        if (common != (gap->carers == CR_GAP_SAME))
            return false;
    }
    return true;
}

/* The other of the crew; CR_NONE. */
static int32_t crew_of_shift(const cr_problem *p, int32_t r)
{
    for (int32_t q = 0; q < p->n_shifts && p->shifts[r].crew != CR_NONE; q++)
        if (q != r && p->shifts[q].crew == p->shifts[r].crew)
            return q;
    return CR_NONE;
}

/* Who shares a car has the same visits, which are of two and take both as long. */
static bool crews_share(const brute *b, const share *s)
{
    const cr_problem *p = b->p;
    for (int32_t r = 0; r < p->n_shifts; r++) {
        int32_t q = crew_of_shift(p, r);
        for (int32_t v = 0; q != CR_NONE && v < p->n_visits; v++) {
            int32_t mine = digit(s->key[r], v), hers = digit(s->key[q], v), first = p->visits[v].slots.first - 1;
            if (!mine && !hers)
                continue;
            if (!mine || !hers || p->visits[v].slots.n != 2 ||
                cr_problem_duration(p, first + mine, p->shifts[r].carer) !=
                    cr_problem_duration(p, first + hers, p->shifts[q].carer))
                return false;
        }
    }
    return true;
}

/* Is the order of shift r that of her crew, where both are chosen? */
static bool follows_crew(const brute *b, int32_t r)
{
    const cr_problem *p = b->p;
    int32_t q = crew_of_shift(p, r);
    if (q == CR_NONE || q > r || !b->chosen[r] || !b->chosen[q])
        return true;
    const brute_order *x = b->chosen[r], *y = b->chosen[q];
    bool same = x->n == y->n;
    for (int32_t k = 0; same && k < x->n; k++) {
        int32_t i = x->stops[k], j = y->stops[k];
        same = i < p->n_slots && j < p->n_slots ? p->slots[i].visit == p->slots[j].visit
                                                : i >= p->n_slots && j >= p->n_slots &&
                                                      i - p->shifts[r].breaks.first == j - p->shifts[q].breaks.first;
    }
    return same;
}

/* Starts that cost the same are as good as each other, and a crew's are the same: those of whose time costs more. */
static void bring_crews_together(const cr_problem *p, cr_plan *plan)
{
    for (int32_t i = 0; i < plan->n_rounds; i++)
        for (int32_t k = 0; k < plan->n_rounds; k++) {
            cr_round *x = &plan->rounds[i], *y = &plan->rounds[k];
            int64_t wage_x = p->carers[p->shifts[x->shift].carer].wage_price,
                    wage_y = p->carers[p->shifts[y->shift].carer].wage_price;
            if (crew_of_shift(p, x->shift) != y->shift || wage_x < wage_y || (wage_x == wage_y && i > k))
                continue;
            for (int32_t n = 0; n < x->stops.n; n++)
                plan->stops[y->stops.first + n].start = plan->stops[x->stops.first + n].start;
            y->depart = x->depart;
            y->arrive = x->arrive;
        }
}

static bool provider_comes(const brute *b, const share *s, int32_t client, int32_t day, int32_t provider)
{
    const cr_problem *p = b->p;
    for (int32_t v = 0; v < p->n_visits; v++)
        for (int32_t c = 0; c < p->n_carers; c++)
            if (p->visits[v].client == client && p->visits[v].day == day && p->carers[c].provider == provider &&
                carer_serves(b, s, v, c))
                return true;
    return false;
}

/* Does anybody come at about the visit's time to its address who is not of the provider? */
static bool meets_another(const brute *b, const share *s, int32_t visit, int32_t provider)
{
    const cr_problem *p = b->p;
    for (int32_t v = 0; v < p->n_visits; v++)
        for (int32_t c = 0; c < p->n_carers; c++)
            if (p->visits[v].address == p->visits[visit].address &&
                abs(p->visits[v].about - p->visits[visit].about) <= p->prices.address_within &&
                p->carers[c].provider != provider && carer_serves(b, s, v, c))
                return true;
    return false;
}

static int64_t cost_of_addresses(const brute *b, const share *s)
{
    const cr_problem *p = b->p;
    int64_t cost = 0;
    for (int32_t v = 0; v < p->n_visits; v++) {
        bool meets = false;
        for (int32_t c = 0; c < p->n_carers && p->visits[v].address != CR_NONE; c++)
            meets = meets || (carer_serves(b, s, v, c) && meets_another(b, s, v, p->carers[c].provider));
        cost += meets ? p->prices.shared_address : 0;
    }
    return cost;
}

/* What the plan's faces and providers cost, whatever the orders. */
static int64_t cost_of_company(const brute *b, const share *s, int32_t client)
{
    const cr_problem *p = b->p;
    int32_t n_new = 0, n_more = 0;
    bool known = false;
    for (int32_t f = 0; f < p->n_familiar; f++)
        known = known || (p->familiar[f].client == client && p->familiar[f].n_lately > 0);
    for (int32_t c = 0; c < p->n_carers; c++) {
        bool comes = false;
        for (int32_t v = 0; v < p->n_visits; v++)
            comes = comes || (p->visits[v].client == client && carer_serves(b, s, v, c));
        if (!comes)
            continue;
        bool was_there = false;
        for (int32_t f = 0; f < p->n_familiar; f++)
            was_there = was_there ||
                        (p->familiar[f].client == client && p->familiar[f].carer == c && p->familiar[f].n_lately > 0);
        n_new += !was_there;
    }
    for (int32_t day = 0; day < RANDOM_DAYS; day++) {
        int32_t n_providers = 0;
        for (int32_t provider = CR_NONE; provider < RANDOM_PROVIDERS; provider++)
            n_providers += provider_comes(b, s, client, day, provider);
        n_more += n_providers > 1 ? n_providers - 1 : 0;
    }
    n_new -= !known && n_new > 0;
    return n_new * p->prices.new_face + n_more * p->prices.several_providers;
}

/* The price of a length, found by trying every number of whole last steps. */
static int64_t price_of_length(const cr_problem *p, const cr_provider *provider, int32_t length)
{
    const cr_length_price *steps = p->length_prices + provider->by_length.first;
    int32_t n = provider->by_length.n;
    int64_t price = 0;
    if (n == 0)
        return 0;
    for (; length >= steps[n - 1].up_to; length -= steps[n - 1].up_to)
        price += steps[n - 1].price;
    for (int32_t k = 0; length > 0; k++)
        if (length <= steps[k].up_to)
            return price + steps[k].price;
    return price;
}

/* What the contract with a provider costs; NEVER: a cap is broken. */
static int64_t cost_of_contract(const brute *b, const share *s, int32_t index)
{
    const cr_problem *p = b->p;
    const cr_provider *provider = &p->providers[index];
    int64_t care = 0, n_slots = 0, cost = provider->block * provider->block_price;
    for (int32_t r = 0; r < p->n_shifts; r++)
        for (int32_t v = 0; v < p->n_visits; v++) {
            if (!digit(s->key[r], v) || p->carers[p->shifts[r].carer].provider != index)
                continue;
            const cr_slot *slot = &p->slots[p->visits[v].slots.first + (int32_t)digit(s->key[r], v) - 1];
            n_slots++;
            care += slot->sleeps ? 0 : slot->duration;
            cost += price_of_length(p, provider, slot->sleeps ? 0 : slot->duration);
        }
    if ((provider->max_care != CR_NONE && care > provider->max_care) ||
        (provider->max_slots != CR_NONE && n_slots > provider->max_slots))
        return NEVER;
    cost += care > provider->block ? (care - provider->block) * provider->care_price : 0;
    return cost + (care < provider->least_care ? (provider->least_care - care) * provider->shortfall_price : 0);
}

static int64_t cost_of_contracts(const brute *b, const share *s)
{
    int64_t cost = 0;
    for (int32_t i = 0; i < b->p->n_providers && cost < NEVER; i++) {
        int64_t one = cost_of_contract(b, s, i);
        cost = one < NEVER ? cost + one : NEVER;
    }
    return cost;
}

static int64_t cost_of_bank(const brute *b, const share *s)
{
    int64_t cost = cost_of_contracts(b, s) + (b->p->prices.shared_address > 0 ? cost_of_addresses(b, s) : 0);
    for (int32_t v = 0; v < b->p->n_visits; v++)
        if (!is_served(s, v))
            cost += b->p->visits[v].unallocated_price * b->p->visits[v].slots.n;
    for (int32_t client = 0; client < b->p->n_clients; client++)
        cost += cost_of_company(b, s, client);
    return cost;
}

static void keep_share(brute *b, const share *s)
{
    int64_t least = cost_of_bank(b, s);
    if (least >= NEVER)
        return;
    int32_t late = 0;
    for (int32_t r = 0; r < b->p->n_shifts; r++) {
        int64_t cost = least_of(b, r, s->key[r]);
        if (cost == NEVER)
            return;
        least += cost;
        if (b->p->prices.worst_lateness > 0 && least_late(b, r, s->key[r]) > late)
            late = least_late(b, r, s->key[r]);
    }
    least += late * b->p->prices.worst_lateness;
    if (!gap_carers_hold(b, s) || !crews_share(b, s) || !providers_hold(b, s))
        return;
    if (b->n_shares == b->room) {
        b->room = 2 * b->room + 64;
        b->shares = realloc(b->shares, (size_t)b->room * sizeof *b->shares);
        if (!b->shares)
            abort();
    }
    b->shares[b->n_shares] = *s;
    b->shares[b->n_shares++].least = least;
}

static void share_visit(brute *b, share *s, int32_t visit);

/* Slot k of the visit and those after it to different carers. */
static void share_slot(brute *b, share *s, int32_t visit, int32_t k)
{
    if (k == b->p->visits[visit].slots.n) {
        share_visit(b, s, visit + 1);
        return;
    }
    for (int32_t r = 0; r < b->p->n_shifts; r++) {
        brute_key bits = (brute_key)((k + 1) << (2 * visit));
        if (carer_serves(b, s, visit, b->p->shifts[r].carer))
            continue;
        s->key[r] |= bits;
        share_slot(b, s, visit, k + 1);
        s->key[r] &= (brute_key)~bits;
    }
}

static void share_visit(brute *b, share *s, int32_t visit)
{
    if (visit == b->p->n_visits) {
        keep_share(b, s);
        return;
    }
    share_visit(b, s, visit + 1); /* unallocated */
    share_slot(b, s, visit, 0);
}

/* ---- plans ---- */

static cr_plan *make_plan(const brute *b, const share *s)
{
    const cr_problem *p = b->p;
    cr_plan *plan;
    if (cr_plan_new(p->n_shifts, SHIFTS_MOST * BRUTE_STOPS_MOST, p->n_visits, &plan))
        abort();
    plan->n_rounds = plan->n_stops = plan->n_unallocated = 0;
    for (int32_t r = 0; r < p->n_shifts; r++) {
        const brute_order *order = b->chosen[r];
        if (!order)
            continue;
        plan->rounds[plan->n_rounds++] = (cr_round){.shift = r, .stops = {plan->n_stops, order->n}};
        for (int32_t k = 0; k < order->n; k++) {
            bool is_slot = order->stops[k] < p->n_slots;
            plan->stops[plan->n_stops++] = (cr_stop){.slot = is_slot ? order->stops[k] : CR_NONE,
                                                     .brk = is_slot ? CR_NONE : order->stops[k] - p->n_slots};
        }
    }
    for (int32_t v = 0; v < p->n_visits; v++)
        if (!is_served(s, v))
            plan->unallocated[plan->n_unallocated++] = v;
    return plan;
}

/* The checker's word on a plan that must be sound. */
static int64_t judge(const brute *b, cr_plan *plan)
{
    cr_check *check;
    if (cr_check_plan(b->p, plan, &check))
        abort();
    for (int32_t i = 0; i < check->n_breaches; i++)
        if (check->breaches[i].rule != CR_RULE_COST) {
            fprintf(stderr, "brute force and the checker disagree on '%s'\n", cr_rule_name(check->breaches[i].rule));
            abort();
        }
    plan->cost = check->cost;
    cr_check_free(check);
    return plan->cost.total;
}

static void try_chosen(brute *b, const share *s)
{
    cr_plan *plan = make_plan(b, s);
    bool found = lp_starts(b->p, plan, NULL);
    if (found)
        bring_crews_together(b->p, plan);
    if (found && judge(b, plan) < b->best_cost) {
        b->best_cost = plan->cost.total;
        cr_plan_free(b->best);
        b->best = plan;
        return;
    }
    cr_plan_free(plan);
}

/* Most work of a day, and rest, of the carer of shift r with the rounds chosen. */
static bool day_holds(const brute *b, int32_t r, int32_t n_shifts)
{
    const cr_shift *shift = &b->p->shifts[r];
    const cr_carer *carer = &b->p->carers[shift->carer];
    int64_t work = 0;
    for (int32_t k = 0; k < n_shifts; k++) {
        const cr_shift *other = &b->p->shifts[k];
        if (!b->chosen[k] || other->carer != shift->carer)
            continue;
        work += other->day == shift->day ? b->chosen[k]->work : 0;
        if (other->day > shift->day && b->chosen[r] && other->begin - shift->end < carer->min_rest)
            return false;
    }
    return carer->max_day_work == CR_NONE || work <= carer->max_day_work;
}

static bool work_holds(const brute *b, int32_t n_shifts)
{
    for (int32_t r = 0; r < n_shifts; r++)
        if (!day_holds(b, r, n_shifts))
            return false;
    for (int32_t c = 0; c < b->p->n_carers; c++) {
        int64_t work = 0;
        for (int32_t r = 0; r < n_shifts; r++)
            work += b->chosen[r] && b->p->shifts[r].carer == c ? b->chosen[r]->work : 0;
        if (b->p->carers[c].max_work != CR_NONE && work > b->p->carers[c].max_work)
            return false;
    }
    return true;
}

/* What the carers' hours cost with the rounds chosen; shifts from n_shifts on are still open. */
static int64_t cost_of_hours(const brute *b, int32_t n_shifts)
{
    int64_t cost = 0;
    for (int32_t c = 0; c < b->p->n_carers; c++) {
        const cr_carer *carer = &b->p->carers[c];
        int64_t work = 0;
        bool is_open = false;
        for (int32_t r = 0; r < b->p->n_shifts; r++) {
            work += r < n_shifts && b->chosen[r] && b->p->shifts[r].carer == c ? b->chosen[r]->work : 0;
            is_open = is_open || (r >= n_shifts && b->p->shifts[r].carer == c);
        }
        if (carer->overtime_after != CR_NONE && work > carer->overtime_after)
            cost += carer->overtime_price * (work - carer->overtime_after);
        if (!is_open && work < carer->least_work)
            cost += carer->shortfall_price * (carer->least_work - work);
    }
    return cost;
}

/* Do the rounds chosen so far move each other's starts, or weigh against each other? */
static bool are_coupled(const brute *b, brute_key served_twice, brute_key served)
{
    if (served_twice || b->p->prices.worst_lateness > 0)
        return true;
    for (int32_t g = 0; g < b->p->n_gaps; g++)
        if (digit(served, b->p->gaps[g].first) && digit(served, b->p->gaps[g].second))
            return true;
    return false;
}

/* The least that the rounds chosen so far cost together; NEVER if they cannot go together. */
static int64_t least_together(brute *b, const share *s, int32_t n_shifts, int64_t cost)
{
    brute_key served = 0, served_twice = 0;
    int64_t fixed = 0, timed;
    for (int32_t r = 0; r < n_shifts; r++) {
        if (!b->chosen[r])
            continue;
        brute_key visits = (s->key[r] | s->key[r] >> 1) & 0x5555; /* a bit each */
        served_twice |= served & visits;
        served |= visits;
        fixed += b->chosen[r]->fixed;
    }
    if (!are_coupled(b, served_twice, served))
        return cost;
    cr_plan *plan = make_plan(b, s);
    bool found = lp_starts(b->p, plan, &timed);
    cr_plan_free(plan);
    return found ? fixed + timed : NEVER;
}

/* An order for shift r and those after it; cost and late of those before. */
static void choose(brute *b, const share *s, int32_t r, int64_t cost, int32_t late)
{
    if (!work_holds(b, r))
        return;
    if (r == b->p->n_shifts) {
        try_chosen(b, s);
        return;
    }
    b->chosen[r] = NULL;
    if (s->key[r] == 0) {
        choose(b, s, r + 1, cost, late);
        return;
    }
    const brute_orders *orders = &b->orders[r];
    for (int32_t k = orders->first[s->key[r]]; k < orders->first[s->key[r] + 1]; k++) {
        const brute_order *order = b->chosen[r] = &orders->items[k];
        if (!follows_crew(b, r))
            continue;
        int32_t worst = order->late > late ? order->late : late;
        int64_t least = cost + order->cost + b->rest[r + 1] + b->bank;
        if (least >= b->best_cost)
            break; /* the others are dearer */
        if (least + worst * b->p->prices.worst_lateness + cost_of_hours(b, r + 1) >= b->best_cost)
            continue;
        if (r + 1 < b->p->n_shifts &&
            least_together(b, s, r + 1, cost + order->cost) + b->rest[r + 1] + b->bank >= b->best_cost)
            continue;
        choose(b, s, r + 1, cost + order->cost, worst);
    }
    b->chosen[r] = NULL;
}

static void try_share(brute *b, const share *s)
{
    int32_t n = b->p->n_shifts;
    b->bank = cost_of_bank(b, s);
    b->rest[n] = 0;
    for (int32_t r = n - 1; r >= 0; r--)
        b->rest[r] = b->rest[r + 1] + least_of(b, r, s->key[r]);
    choose(b, s, 0, 0, 0);
}

static int compare_shares(const void *a, const void *b)
{
    const share *x = a, *y = b;
    return x->least < y->least ? -1 : x->least > y->least;
}

/* Every order of every shift, and every way to share the visits out, the least cost first. */
static brute begin(const cr_problem *problem)
{
    brute b = {.p = problem, .best_cost = INT64_MAX};
    if (problem->n_shifts > SHIFTS_MOST)
        abort();
    b.orders = calloc((size_t)problem->n_shifts + 1, sizeof *b.orders);
    if (!b.orders)
        abort();
    for (int32_t r = 0; r < problem->n_shifts; r++)
        brute_orders_find(problem, r, &b.orders[r]);
    share_visit(&b, &(share){0}, 0);
    qsort(b.shares, (size_t)b.n_shares, sizeof *b.shares, compare_shares);
    return b;
}

static void end(brute *b)
{
    for (int32_t r = 0; r < b->p->n_shifts; r++)
        brute_orders_done(&b->orders[r]);
    free(b->orders);
    free(b->shares);
}

cr_plan *brute_force(const cr_problem *problem)
{
    brute b = begin(problem);
    for (int32_t k = 0; k < b.n_shares && b.shares[k].least < b.best_cost; k++)
        try_share(&b, &b.shares[k]);
    end(&b);
    return b.best;
}

int64_t brute_force_least(const cr_problem *problem)
{
    brute b = begin(problem);
    int64_t least = b.shares[0].least; /* nobody served is a share too */
    end(&b);
    return least;
}
