/* The checker's sums over several slots: who a client sees, and how much a carer works. */
#include "check_inside.h"

#include <stdlib.h>

/* ---- who a client sees ---- */

typedef struct sight {
    int32_t client, day, who; /* a carer (whatever the day: 0), or a provider */
} sight;

static int compare_sights(const void *a, const void *b)
{
    const sight *x = a, *y = b;
    if (x->client != y->client)
        return x->client < y->client ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->who < y->who ? -1 : x->who > y->who;
}

/* Sorted, each once. Returns how many are left. */
static int32_t each_once(sight *sights, int32_t n)
{
    int32_t kept = 0;
    qsort(sights, (size_t)n, sizeof *sights, compare_sights);
    for (int32_t i = 0; i < n; i++)
        if (i == 0 || compare_sights(&sights[i], &sights[kept - 1]) != 0)
            sights[kept++] = sights[i];
    return kept;
}

static int32_t list_sights(const cr_checking *c, bool of_providers, sight *sights)
{
    const cr_problem *p = c->problem;
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_slots; i++) {
        int32_t visit = p->slots[i].visit, carer = c->served[i].carer;
        if (cr_checking_is_served(c, visit))
            sights[n++] = of_providers
                              ? (sight){p->visits[visit].client, p->visits[visit].day, p->carers[carer].provider}
                              : (sight){p->visits[visit].client, 0, carer};
    }
    return each_once(sights, n);
}

/* Each provider of a day after the first. */
static void add_providers(const cr_checking *c, sight *sights, int64_t *term)
{
    int32_t n = list_sights(c, true, sights);
    for (int32_t i = 1; i < n; i++)
        if (sights[i].client == sights[i - 1].client && sights[i].day == sights[i - 1].day)
            cr_checking_add_cost(&term[CR_TERM_PROVIDERS], c->problem->prices.several_providers);
}

/* Has anybody been with the client in the window, also one who is no carer of the problem's? */
static bool has_seen_somebody(const cr_problem *p, int32_t client)
{
    for (int32_t carer = CR_NONE; carer < p->n_carers; carer++)
        if (cr_problem_seen_lately(p, client, carer) > 0)
            return true;
    return false;
}

/* Each carer whom the client has not seen in the window; the very first face in it is free. */
static void add_faces(const cr_checking *c, sight *sights, int64_t *term)
{
    const cr_problem *p = c->problem;
    int32_t n = list_sights(c, false, sights);
    for (int32_t i = 0; i < n; i++) {
        bool is_first = i == 0 || sights[i - 1].client != sights[i].client;
        bool is_free = is_first && !has_seen_somebody(p, sights[i].client);
        if (!is_free && cr_problem_seen_lately(p, sights[i].client, sights[i].who) == 0)
            cr_checking_add_cost(&term[CR_TERM_FACES], p->prices.new_face);
    }
}

/* ---- who meets at an address ---- */

typedef struct at_address {
    int32_t address, about, visit;
} at_address;

static int compare_at_address(const void *a, const void *b)
{
    const at_address *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    if (x->about != y->about)
        return x->about < y->about ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

/* Is a carer of another provider than this in the visit? */
static bool has_other_provider(const cr_checking *c, int32_t visit, int32_t provider)
{
    cr_range slots = c->problem->visits[visit].slots;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (c->problem->carers[c->served[i].carer].provider != provider)
            return true;
    return false;
}

/* Each visit by itself: those before it and behind it in the order of time, as long as they are near. */
static void add_addresses(cr_checking *c, int64_t *term)
{
    const cr_problem *p = c->problem;
    at_address *list = malloc(((size_t)p->n_visits + 1) * sizeof *list);
    int32_t n = 0;
    if (!list) {
        c->no_memory = true;
        return;
    }
    for (int32_t v = 0; v < p->n_visits; v++)
        if (p->visits[v].address != CR_NONE && cr_checking_is_served(c, v))
            list[n++] = (at_address){p->visits[v].address, p->visits[v].about, v};
    qsort(list, (size_t)n, sizeof *list, compare_at_address);
    for (int32_t i = 0; i < n; i++) {
        int32_t provider = p->carers[c->served[p->visits[list[i].visit].slots.first].carer].provider;
        bool meets = false;
        for (int32_t step = -1; step <= 1; step += 2)
            for (int32_t k = i; k >= 0 && k < n && list[k].address == list[i].address; k += step) {
                int64_t apart = (int64_t)list[k].about - list[i].about;
                if ((apart < 0 ? -apart : apart) > p->prices.address_within)
                    break;
                meets = meets || has_other_provider(c, list[k].visit, provider);
            }
        if (meets)
            cr_checking_add_cost(&term[CR_TERM_ADDRESS], p->prices.shared_address);
    }
    free(list);
}

/* ---- how much a carer works ---- */

static int64_t work_of(const cr_checking *c, int32_t carer)
{
    int64_t work = 0;
    for (int32_t r = 0; r < c->plan->n_rounds; r++) {
        const cr_shift *shift = cr_checking_shift(c, r);
        if (shift && shift->carer == carer)
            work += c->rounds[r].care - c->rounds[r].sleep + c->rounds[r].travel + c->rounds[r].door;
    }
    return work;
}

static void add_hours(const cr_checking *c, int64_t *term)
{
    for (int32_t i = 0; i < c->problem->n_carers; i++) {
        const cr_carer *carer = &c->problem->carers[i];
        if (carer->overtime_after == CR_NONE && carer->least_work == 0)
            continue;
        int64_t work = work_of(c, i);
        if (carer->overtime_after != CR_NONE && work > carer->overtime_after)
            cr_checking_add_priced(&term[CR_TERM_OVERTIME], carer->overtime_price, work - carer->overtime_after);
        if (work < carer->least_work)
            cr_checking_add_priced(&term[CR_TERM_SHORTFALL], carer->shortfall_price, carer->least_work - work);
    }
}

/* ---- how the work is shared out ---- */

static bool has_shift(const cr_problem *p, int32_t carer)
{
    for (int32_t s = 0; s < p->n_shifts; s++)
        if (p->shifts[s].carer == carer)
            return true;
    return false;
}

/* The distance of each carer from the mean, in ticks begun. */
static void add_imbalance(const cr_checking *c, int64_t *term)
{
    int64_t all = 0, n = 0;
    for (int32_t i = 0; i < c->problem->n_carers; i++)
        if (has_shift(c->problem, i)) {
            all += work_of(c, i);
            n++;
        }
    for (int32_t i = 0; i < c->problem->n_carers; i++) {
        if (!has_shift(c->problem, i))
            continue;
        int64_t off = work_of(c, i) * n - all;
        off = off < 0 ? -off : off;
        cr_checking_add_priced(&term[CR_TERM_IMBALANCE], c->problem->prices.imbalance, off / n + (off % n > 0));
    }
}

/* From the begin of a shift to its paid end, or to the return if that is later, what is not travel, door, care or
 * break. */
static int64_t idle_of(const cr_checking *c, int32_t s)
{
    const cr_shift *shift = &c->problem->shifts[s];
    int64_t until = shift->paid_end == CR_FREE ? shift->end : shift->paid_end;
    int32_t r = c->shift_round[s];
    if (r == CR_NONE || c->rounds[r].n_visits == 0)
        return until - shift->begin;
    const cr_round_sums *sums = &c->rounds[r];
    until = sums->arrive > until ? sums->arrive : until;
    return until - shift->begin - sums->travel - sums->door - sums->care - sums->rest;
}

static void add_idle(const cr_checking *c, int64_t *term)
{
    int64_t longest = 0;
    for (int32_t s = 0; s < c->problem->n_shifts; s++) {
        int64_t idle = idle_of(c, s);
        longest = idle > longest ? idle : longest;
    }
    cr_checking_add_priced(&term[CR_TERM_IDLE], c->problem->prices.worst_idle, longest);
}

void cr_checking_shared_cost(cr_checking *c, int64_t *term)
{
    sight *sights = malloc(((size_t)c->problem->n_slots + 1) * sizeof *sights);
    if (!sights) {
        c->no_memory = true;
        return;
    }
    if (c->problem->prices.several_providers > 0)
        add_providers(c, sights, term);
    if (c->problem->prices.new_face > 0)
        add_faces(c, sights, term);
    if (c->problem->prices.shared_address > 0)
        add_addresses(c, term);
    add_hours(c, term);
    cr_checking_contract_cost(c, term);
    if (c->problem->prices.imbalance > 0)
        add_imbalance(c, term);
    add_idle(c, term);
    free(sights);
}
