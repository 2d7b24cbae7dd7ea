/* What the engine says a plan costs. Formulas: docs/model.md section 4. */
#include "cost.h"

#include <stdlib.h>

bool is_off_patch(const cr_problem *p, const cr_visit *visit, int32_t carer)
{
    const cr_range patches = p->carers[carer].patches;
    return visit->patch != CR_NONE && patches.n > 0 && !has_id(p, patches, visit->patch);
}

bool is_change_of_carer(const cr_problem *p, const cr_visit *visit, int32_t carer)
{
    bool is_published = false;
    for (int32_t i = visit->slots.first; i < visit->slots.first + visit->slots.n; i++) {
        if (p->slots[i].published_carer == carer)
            return false;
        is_published = is_published || p->slots[i].published_carer != CR_NONE;
    }
    return is_published;
}

static void add_slot_terms(const cr_problem *p, int32_t s, int32_t carer, bool is_familiar, cr_cost *cost)
{
    const cr_slot *slot = &p->slots[s];
    const cr_visit *visit = &p->visits[slot->visit];
    cost->term[CR_TERM_WAGES] +=
        slot->sleeps ? slot->sleep_price
                     : (p->carers[carer].wage_price + p->carers[carer].care_price) * cr_problem_duration(p, s, carer);
    if (!is_familiar)
        cost->term[CR_TERM_CONTINUITY] +=
            p->prices.unfamiliar + (slot->duration < p->prices.short_visit ? p->prices.stranger_short : 0);
    if (visit->preferred.n > 0 && !has_id(p, visit->preferred, carer))
        cost->term[CR_TERM_PREFERENCE] += p->prices.not_preferred;
    if (is_off_patch(p, visit, carer))
        cost->term[CR_TERM_PATCH] += p->prices.off_patch;
    if (p->prices.changed_carer && is_change_of_carer(p, visit, carer))
        cost->term[CR_TERM_CHANGES] += p->prices.changed_carer;
    if (p->n_providers > 0 && p->carers[carer].provider != CR_NONE)
        cost->term[CR_TERM_CONTRACTS] +=
            length_price(p, &p->providers[p->carers[carer].provider], cr_problem_contract_care(p, s));
}

void slot_terms(const cr_problem *p, int32_t s, int32_t carer, cr_cost *cost)
{
    bool counts = p->prices.unfamiliar || p->prices.stranger_short;
    bool is_familiar = !counts || cr_problem_familiar(p, p->visits[p->slots[s].visit].client, carer) > 0;
    add_slot_terms(p, s, carer, is_familiar, cost);
}

int64_t slot_price(const cr_problem *p, int32_t s, int32_t carer, bool is_familiar)
{
    cr_cost terms = {0};
    add_slot_terms(p, s, carer, is_familiar, &terms);
    int64_t sum = 0;
    for (int32_t t = 0; t < CR_TERM_N; t++)
        sum += terms.term[t];
    return sum;
}

/* How late this slot of the visit is. */
static int64_t lateness_of(const cr_problem *p, const cr_visit *visit, int32_t slot, int32_t start)
{
    if (visit->due == CR_FREE)
        return 0;
    int64_t late = (int64_t)start + (visit->late_by_end ? p->slots[slot].duration : 0) - visit->due;
    return late > 0 ? late : 0;
}

/* Of all slots together, and of the latest. */
static int64_t lateness_of_all(const cr_problem *p, const cr_visit *visit, int32_t start, int64_t *ret_worst)
{
    int64_t sum = 0;
    *ret_worst = 0;
    for (int32_t i = visit->slots.first; i < visit->slots.first + visit->slots.n; i++) {
        int64_t late = lateness_of(p, visit, i, start);
        *ret_worst = late > *ret_worst ? late : *ret_worst;
        sum += late;
    }
    return sum;
}

static int64_t off_preferred(const cr_visit *visit, int32_t start)
{
    if (visit->prefer_open != CR_FREE && start < visit->prefer_open)
        return visit->early_price * (visit->prefer_open - start);
    if (visit->prefer_close != CR_FREE && start > visit->prefer_close)
        return visit->late_price * (start - visit->prefer_close);
    return 0;
}

static int64_t off_published(const cr_problem *p, const cr_visit *visit, int32_t start)
{
    if (visit->published_start == CR_FREE)
        return 0;
    int64_t moved = (int64_t)start - visit->published_start;
    moved = (moved < 0 ? -moved : moved) - p->prices.moved_free;
    return moved > 0 ? p->prices.moved * moved : 0;
}

int64_t start_price(const cr_problem *p, int32_t v, int32_t start)
{
    const cr_visit *visit = &p->visits[v];
    int64_t worst;
    return visit->lateness_price * lateness_of_all(p, visit, start, &worst) + off_preferred(visit, start) +
           off_published(p, visit, start);
}

/* ---- terms that slots share ---- */

/* A client who has seen nobody lately has to begin with somebody: her first face is free. */
int64_t faces_cost(const cr_problem *p, int32_t n_new, bool has_history)
{
    int32_t n_priced = has_history ? n_new : n_new - 1;
    return n_priced > 0 ? p->prices.new_face * n_priced : 0;
}

int64_t providers_cost(const cr_problem *p, int32_t n_providers)
{
    return n_providers > 1 ? p->prices.several_providers * (n_providers - 1) : 0;
}

int64_t overtime_cost(const cr_carer *carer, int64_t work)
{
    bool is_over = carer->overtime_after != CR_NONE && work > carer->overtime_after;
    return is_over ? carer->overtime_price * (work - carer->overtime_after) : 0;
}

int64_t shortfall_cost(const cr_carer *carer, int64_t work)
{
    return work < carer->least_work ? carer->shortfall_price * (carer->least_work - work) : 0;
}

int64_t length_price(const cr_problem *p, const cr_provider *provider, int32_t length)
{
    const cr_length_price *steps = p->length_prices + provider->by_length.first;
    int32_t n = provider->by_length.n, k = 0;
    if (n == 0)
        return 0;
    int64_t price = steps[n - 1].price * (length / steps[n - 1].up_to);
    length %= steps[n - 1].up_to;
    while (steps[k].up_to < length)
        k++;
    return price + (length > 0 ? steps[k].price : 0);
}

int64_t contract_cost(const cr_provider *provider, int64_t care)
{
    return provider->block_price * provider->block +
           (care > provider->block ? provider->care_price * (care - provider->block) : 0) +
           (care < provider->least_care ? provider->shortfall_price * (provider->least_care - care) : 0);
}

bool has_priced_hours(const cr_carer *carer)
{
    return (carer->overtime_after != CR_NONE && carer->overtime_price > 0) ||
           (carer->least_work > 0 && carer->shortfall_price > 0);
}

/* Somebody at a client: a carer, whatever the day (0), or a provider. */
typedef struct coming {
    int32_t client, day, who;
} coming;

static int compare_coming(const void *a, const void *b)
{
    const coming *x = a, *y = b;
    if (x->client != y->client)
        return x->client < y->client ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->who < y->who ? -1 : x->who > y->who;
}

static bool client_has_history(const cr_problem *p, int32_t client)
{
    for (int32_t f = 0; f < p->n_familiar; f++)
        if (p->familiar[f].client == client && p->familiar[f].n_lately > 0)
            return true;
    return false;
}

static int64_t faces_of_all(const cr_problem *p, coming *all, int32_t n)
{
    int64_t cost = 0;
    qsort(all, (size_t)n, sizeof *all, compare_coming);
    for (int32_t i = 0; i < n;) {
        int32_t client = all[i].client, n_new = 0;
        for (int32_t first = i; i < n && all[i].client == client; i++)
            n_new += (i == first || all[i - 1].who != all[i].who) && !cr_problem_seen_lately(p, client, all[i].who);
        cost += faces_cost(p, n_new, n_new > 0 && client_has_history(p, client));
    }
    return cost;
}

static int64_t providers_of_all(const cr_problem *p, coming *all, int32_t n)
{
    int64_t cost = 0;
    qsort(all, (size_t)n, sizeof *all, compare_coming);
    for (int32_t i = 0; i < n;) {
        int32_t client = all[i].client, day = all[i].day, n_providers = 0;
        for (int32_t first = i; i < n && all[i].client == client && all[i].day == day; i++)
            n_providers += i == first || all[i - 1].who != all[i].who;
        cost += providers_cost(p, n_providers);
    }
    return cost;
}

/* ---- providers at an address ---- */

#define NO_PROVIDER_YET   (CR_NONE - 1)
#define SEVERAL_PROVIDERS (CR_NONE - 2)

typedef struct meeting {
    int32_t address, about, visit;
} meeting;

static int compare_meetings(const void *a, const void *b)
{
    const meeting *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return x->about < y->about ? -1 : x->about > y->about;
}

/* By visit: the provider of its carers; or one of the two above. */
static void find_providers_of_visits(const cr_problem *p, const cr_plan *plan, int32_t *of_visit)
{
    for (int32_t v = 0; v < p->n_visits; v++)
        of_visit[v] = NO_PROVIDER_YET;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        int32_t provider = p->carers[p->shifts[plan->rounds[r].shift].carer].provider;
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            int32_t slot = plan->stops[plan->rounds[r].stops.first + k].slot;
            if (slot == CR_NONE)
                continue;
            int32_t *of = &of_visit[p->slots[slot].visit];
            *of = *of == NO_PROVIDER_YET || *of == provider ? provider : SEVERAL_PROVIDERS;
        }
    }
}

static cr_status address_term(const cr_problem *p, const cr_plan *plan, cr_cost *cost)
{
    int32_t *of_visit = malloc(((size_t)p->n_visits + 1) * sizeof *of_visit), n = 0;
    meeting *list = malloc(((size_t)p->n_visits + 1) * sizeof *list);
    if (of_visit && list) {
        find_providers_of_visits(p, plan, of_visit);
        for (int32_t v = 0; v < p->n_visits; v++)
            if (p->visits[v].address != CR_NONE && of_visit[v] != NO_PROVIDER_YET)
                list[n++] = (meeting){p->visits[v].address, p->visits[v].about, v};
        qsort(list, (size_t)n, sizeof *list, compare_meetings);
        for (int32_t i = 0, first = 0; i < n; i++) { /* first: of those that are near, or not much before */
            while (list[first].address != list[i].address ||
                   (int64_t)list[i].about - list[first].about > p->prices.address_within)
                first++;
            int32_t met = of_visit[list[i].visit];
            for (int32_t k = first; k < n && list[k].address == list[i].address &&
                                    (int64_t)list[k].about - list[i].about <= p->prices.address_within;
                 k++)
                met = of_visit[list[k].visit] == met ? met : SEVERAL_PROVIDERS;
            cost->term[CR_TERM_ADDRESS] += met == SEVERAL_PROVIDERS ? p->prices.shared_address : 0;
        }
    }
    bool has_memory = of_visit && list;
    free(of_visit);
    free(list);
    return has_memory ? CR_OK : CR_E_NOMEM;
}

static int32_t list_coming(const cr_problem *p, const cr_plan *plan, bool of_providers, coming *all)
{
    int32_t n = 0;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        int32_t carer = p->shifts[plan->rounds[r].shift].carer;
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            int32_t slot = plan->stops[plan->rounds[r].stops.first + k].slot;
            const cr_visit *visit = slot == CR_NONE ? NULL : &p->visits[p->slots[slot].visit];
            if (visit)
                all[n++] = of_providers ? (coming){visit->client, visit->day, p->carers[carer].provider}
                                        : (coming){visit->client, 0, carer};
        }
    }
    return n;
}

int64_t off_mean(int64_t work, int64_t work_of_all, int64_t n)
{
    int64_t off = n * work - work_of_all;
    return ((off < 0 ? -off : off) + n - 1) / n;
}

/* Sums over rounds that more than one term asks for. */
typedef struct totals {
    int64_t *work;     /* of each carer */
    int64_t *n_shifts; /* of each carer */
    int64_t *idle;     /* of each shift */
} totals;

static int64_t paid_end_of(const cr_shift *shift)
{
    return shift->paid_end != CR_FREE ? shift->paid_end : shift->end;
}

/* Work of nobody, and every shift idle from its begin to its paid end. */
static cr_status totals_init(totals *t, const cr_problem *p)
{
    size_t n_carers = (size_t)p->n_carers;
    t->work = calloc(2 * n_carers + (size_t)p->n_shifts + 1, sizeof *t->work);
    if (!t->work)
        return CR_E_NOMEM;
    t->n_shifts = t->work + n_carers;
    t->idle = t->n_shifts + n_carers;
    for (int32_t s = 0; s < p->n_shifts; s++) {
        t->n_shifts[p->shifts[s].carer]++;
        t->idle[s] = paid_end_of(&p->shifts[s]) - p->shifts[s].begin;
    }
    return CR_OK;
}

static void imbalance_term(const cr_problem *p, const totals *t, cr_cost *cost)
{
    int64_t all = 0, n = 0;
    for (int32_t c = 0; c < p->n_carers; c++) {
        n += t->n_shifts[c] > 0;
        all += t->work[c];
    }
    for (int32_t c = 0; c < p->n_carers; c++)
        cost->term[CR_TERM_IMBALANCE] += t->n_shifts[c] ? p->prices.imbalance * off_mean(t->work[c], all, n) : 0;
}

static void idle_term(const cr_problem *p, const totals *t, cr_cost *cost)
{
    int64_t longest = 0;
    for (int32_t s = 0; s < p->n_shifts; s++)
        longest = t->idle[s] > longest ? t->idle[s] : longest;
    cost->term[CR_TERM_IDLE] = p->prices.worst_idle * longest;
}

static void contract_terms(const cr_problem *p, const cr_plan *plan, cr_cost *cost)
{
    for (int32_t i = 0; i < p->n_providers; i++) {
        int64_t care = 0;
        for (int32_t r = 0; r < plan->n_rounds; r++)
            for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
                int32_t slot = plan->stops[plan->rounds[r].stops.first + k].slot;
                if (slot != CR_NONE && p->carers[p->shifts[plan->rounds[r].shift].carer].provider == i)
                    care += cr_problem_contract_care(p, slot);
            }
        cost->term[CR_TERM_CONTRACTS] += contract_cost(&p->providers[i], care);
    }
}

static cr_status shared_terms(const cr_problem *p, const cr_plan *plan, const totals *t, cr_cost *cost)
{
    for (int32_t c = 0; c < p->n_carers; c++) {
        cost->term[CR_TERM_OVERTIME] += overtime_cost(&p->carers[c], t->work[c]);
        cost->term[CR_TERM_SHORTFALL] += shortfall_cost(&p->carers[c], t->work[c]);
    }
    contract_terms(p, plan, cost);
    imbalance_term(p, t, cost);
    idle_term(p, t, cost);
    cr_status st = p->prices.shared_address > 0 ? address_term(p, plan, cost) : CR_OK;
    if (st || (p->prices.new_face == 0 && p->prices.several_providers == 0))
        return st;
    coming *all = malloc(((size_t)plan->n_stops + 1) * sizeof *all);
    if (!all)
        return CR_E_NOMEM;
    if (p->prices.new_face > 0)
        cost->term[CR_TERM_FACES] += faces_of_all(p, all, list_coming(p, plan, false, all));
    if (p->prices.several_providers > 0)
        cost->term[CR_TERM_PROVIDERS] += providers_of_all(p, all, list_coming(p, plan, true, all));
    free(all);
    return CR_OK;
}

/* ---- rounds and visits ---- */

/* Legs, door time and waiting of one round, walked from its start place. */
static void round_terms(const cr_problem *p, const cr_plan *plan, const cr_round *round, totals *t, cr_cost *cost)
{
    const cr_shift *shift = &p->shifts[round->shift];
    int64_t travel = 0, dist_m = 0, door = 0, at_stops = 0, unpaid = 0, care = 0, sleep = 0;
    int32_t place = shift->start_place, leave = round->depart;
    bool has_visit = false;
    for (int32_t k = 0; k < round->stops.n; k++) {
        const cr_stop *stop = &plan->stops[round->stops.first + k];
        bool is_last = k + 1 == round->stops.n;
        if (stop->slot == CR_NONE) {
            at_stops += p->breaks[stop->brk].length;
            leave = stop->start + p->breaks[stop->brk].length + (is_last ? 0 : p->breaks[stop->brk].stay);
            unpaid += p->breaks[stop->brk].paid ? 0 : p->breaks[stop->brk].length;
            continue;
        }
        const cr_visit *visit = &p->visits[p->slots[stop->slot].visit];
        travel += cr_problem_travel(p, shift->mode, place, visit->place, leave);
        dist_m += cr_problem_metres(p, shift->mode, place, visit->place, leave);
        door += place == visit->place ? 0 : visit->door;
        place = visit->is_anywhere ? place : visit->place;
        care += cr_problem_duration(p, stop->slot, shift->carer);
        leave =
            stop->start + cr_problem_duration(p, stop->slot, shift->carer) + (is_last ? 0 : p->slots[stop->slot].stay);
        sleep += p->slots[stop->slot].sleeps ? cr_problem_duration(p, stop->slot, shift->carer) : 0;
        slot_terms(p, stop->slot, shift->carer, cost);
        has_visit = true;
    }
    travel += cr_problem_travel(p, shift->mode, place, shift->end_place, leave);
    dist_m += cr_problem_metres(p, shift->mode, place, shift->end_place, leave);
    int64_t span = (int64_t)round->arrive - round->depart;
    int64_t waiting = span - travel - door - care - at_stops;
    cost->term[CR_TERM_TRAVEL] += p->prices.travel * travel;
    cost->term[CR_TERM_MILEAGE] += distance_price(p, shift) * dist_m;
    cost->term[CR_TERM_WAGES] += p->carers[shift->carer].wage_price * (span - unpaid - care); /* care: slot_terms */
    cost->term[CR_TERM_WAITING] += p->prices.waiting * waiting;
    t->work[shift->carer] += travel + door + care - sleep;
    int64_t paid_end = paid_end_of(shift), overrun = round->arrive > paid_end ? round->arrive - paid_end : 0;
    cost->term[CR_TERM_OVERRUN] += shift->paid_end != CR_FREE ? shift->overrun_price * overrun : 0;
    if (has_visit)
        t->idle[round->shift] = paid_end + overrun - shift->begin - travel - door - care - at_stops;
    cost->term[CR_TERM_SHIFT_USE] += has_visit ? shift->use_price : 0;
}

static void start_terms(const cr_problem *p, const cr_plan *plan, cr_cost *cost)
{
    int64_t worst = 0;
    for (int32_t k = 0; k < plan->n_stops; k++) {
        const cr_stop *stop = &plan->stops[k];
        if (stop->slot == CR_NONE || p->visits[p->slots[stop->slot].visit].slots.first != stop->slot)
            continue; /* once a visit: at its first slot */
        const cr_visit *visit = &p->visits[p->slots[stop->slot].visit];
        int64_t latest, late = lateness_of_all(p, visit, stop->start, &latest);
        worst = latest > worst ? latest : worst;
        cost->term[CR_TERM_LATENESS] += visit->lateness_price * late;
        cost->term[CR_TERM_PREFERRED_TIME] += off_preferred(visit, stop->start);
        cost->term[CR_TERM_CHANGES] += off_published(p, visit, stop->start);
    }
    cost->term[CR_TERM_WORST_LATENESS] = p->prices.worst_lateness * worst;
}

cr_status plan_set_cost(const cr_problem *p, cr_plan *plan)
{
    cr_cost cost = {0};
    totals t;
    cr_status st = totals_init(&t, p);
    if (st)
        return st;
    for (int32_t r = 0; r < plan->n_rounds; r++)
        round_terms(p, plan, &plan->rounds[r], &t, &cost);
    start_terms(p, plan, &cost);
    st = shared_terms(p, plan, &t, &cost);
    free(t.work);
    if (st)
        return st;
    for (int32_t i = 0; i < plan->n_unallocated; i++) {
        const cr_visit *visit = &p->visits[plan->unallocated[i]];
        cost.term[CR_TERM_UNALLOCATED] += visit->unallocated_price * visit->slots.n;
    }
    for (int32_t term = 0; term < CR_TERM_N; term++)
        cost.total += cost.term[term];
    plan->cost = cost;
    return CR_OK;
}
