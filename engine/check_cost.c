/* The checker's sum: each term of docs/model.md section 4, from the input and the times stated.
 *
 * Prices and the starts of a broken plan can be anything, so every product and sum saturates.
 */
#include "check_inside.h"

static int64_t saturated_times(int64_t a, int64_t b)
{
    int64_t product;
    if (!__builtin_mul_overflow(a, b, &product))
        return product;
    return (a < 0) == (b < 0) ? INT64_MAX : INT64_MIN;
}

void cr_checking_add_cost(int64_t *sum, int64_t amount)
{
    if (__builtin_add_overflow(*sum, amount, sum))
        *sum = amount > 0 ? INT64_MAX : INT64_MIN;
}

void cr_checking_add_priced(int64_t *sum, int64_t price, int64_t amount)
{
    cr_checking_add_cost(sum, saturated_times(price, amount));
}

static int64_t past(int64_t time, int32_t limit)
{
    return time > limit ? time - limit : 0;
}

/* ---- rounds ---- */

static void add_round(cr_checking *c, const cr_shift *shift, const cr_round_sums *sums, int64_t *term)
{
    const cr_prices *prices = &c->problem->prices;
    int64_t metre = c->problem->carers[shift->carer].distance_price;
    if (metre == CR_NONE)
        metre = prices->distance[shift->mode];
    int64_t paid = sums->care - sums->sleep + sums->travel + sums->door + sums->waiting + sums->paid_rest;
    cr_checking_add_priced(&term[CR_TERM_TRAVEL], prices->travel, sums->travel);
    cr_checking_add_priced(&term[CR_TERM_MILEAGE], metre, sums->dist_m);
    cr_checking_add_priced(&term[CR_TERM_WAGES], c->problem->carers[shift->carer].wage_price, paid);
    cr_checking_add_priced(&term[CR_TERM_WAGES], c->problem->carers[shift->carer].care_price, sums->care - sums->sleep);
    cr_checking_add_cost(&term[CR_TERM_WAGES], sums->sleep_cost);
    cr_checking_add_priced(&term[CR_TERM_WAITING], prices->waiting, sums->waiting);
    if (sums->n_visits > 0)
        cr_checking_add_cost(&term[CR_TERM_SHIFT_USE], shift->use_price);
    if (shift->paid_end != CR_FREE)
        cr_checking_add_priced(&term[CR_TERM_OVERRUN], shift->overrun_price, past(sums->arrive, shift->paid_end));
    c->check->travel += sums->travel;
    c->check->waiting += sums->waiting;
    c->check->care += sums->care;
    c->check->door += sums->door;
    c->check->dist_m += sums->dist_m;
}

/* ---- visits ---- */

static bool is_wished_for(const cr_problem *p, const cr_visit *visit, int32_t carer)
{
    for (int32_t i = 0; i < visit->preferred.n; i++)
        if (p->ids[visit->preferred.first + i] == carer)
            return true;
    return visit->preferred.n == 0;
}

/* One of those whom the client was told to expect; true also where nobody was. */
static bool keeps_published_carer(const cr_problem *p, const cr_visit *visit, int32_t carer)
{
    int32_t n_published = 0, n_she = 0;
    for (int32_t i = visit->slots.first; i < visit->slots.first + visit->slots.n; i++) {
        n_published += p->slots[i].published_carer != CR_NONE;
        n_she += p->slots[i].published_carer == carer;
    }
    return n_published == 0 || n_she > 0;
}

static void add_slot(const cr_checking *c, int32_t slot, int64_t *term)
{
    const cr_problem *p = c->problem;
    const cr_visit *visit = &p->visits[p->slots[slot].visit];
    int32_t carer = c->served[slot].carer;
    if (cr_problem_familiar(p, visit->client, carer) == 0) {
        cr_checking_add_cost(&term[CR_TERM_CONTINUITY], p->prices.unfamiliar);
        if (p->slots[slot].duration < p->prices.short_visit)
            cr_checking_add_cost(&term[CR_TERM_CONTINUITY], p->prices.stranger_short);
    }
    if (!is_wished_for(p, visit, carer))
        cr_checking_add_cost(&term[CR_TERM_PREFERENCE], p->prices.not_preferred);
    if (!cr_checking_works_patch(p, carer, visit->patch))
        cr_checking_add_cost(&term[CR_TERM_PATCH], p->prices.off_patch);
    if (!keeps_published_carer(p, visit, carer))
        cr_checking_add_cost(&term[CR_TERM_CHANGES], p->prices.changed_carer);
}

/* Each carer of the visit is late by her own end where ends count. Returns how late the latest is. */
static int64_t add_lateness(const cr_problem *p, const cr_visit *visit, int32_t start, int64_t *term)
{
    int64_t latest = 0;
    for (int32_t i = 0; i < visit->slots.n && visit->due != CR_FREE; i++) {
        int64_t counted = start;
        if (visit->late_by_end)
            counted += p->slots[visit->slots.first + i].duration;
        int64_t late = past(counted, visit->due);
        cr_checking_add_priced(&term[CR_TERM_LATENESS], visit->lateness_price, late);
        latest = late > latest ? late : latest;
    }
    return latest;
}

/* Returns how late the visit is. */
static int64_t add_start(const cr_problem *p, const cr_visit *visit, int32_t start, int64_t *term)
{
    if (visit->prefer_open != CR_FREE)
        cr_checking_add_priced(&term[CR_TERM_PREFERRED_TIME], visit->early_price, past(visit->prefer_open, start));
    if (visit->prefer_close != CR_FREE)
        cr_checking_add_priced(&term[CR_TERM_PREFERRED_TIME], visit->late_price, past(start, visit->prefer_close));
    if (visit->published_start != CR_FREE) {
        int64_t later = (int64_t)start - visit->published_start;
        cr_checking_add_priced(&term[CR_TERM_CHANGES], p->prices.moved,
                               past(later < 0 ? -later : later, p->prices.moved_free));
    }
    return add_lateness(p, visit, start, term);
}

static void add_visits(const cr_checking *c, int64_t *term)
{
    const cr_problem *p = c->problem;
    int64_t worst = 0;
    for (int32_t v = 0; v < p->n_visits; v++) {
        const cr_visit *visit = &p->visits[v];
        int32_t start;
        if (c->bank[v])
            cr_checking_add_priced(&term[CR_TERM_UNALLOCATED], visit->unallocated_price, visit->slots.n);
        if (!cr_checking_is_served(c, v) || !cr_checking_start(c, v, &start))
            continue;
        for (int32_t i = visit->slots.first; i < visit->slots.first + visit->slots.n; i++)
            add_slot(c, i, term);
        int64_t late = add_start(p, visit, start, term);
        worst = late > worst ? late : worst;
    }
    cr_checking_add_priced(&term[CR_TERM_WORST_LATENESS], p->prices.worst_lateness, worst);
}

/* ---- the claim ---- */

static void check_claim(cr_checking *c, int32_t item, int64_t is, int64_t should)
{
    if (is == should)
        return;
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = CR_RULE_COST;
    breach.item = item;
    breach.is = is;
    breach.should = should;
    cr_checking_add(c, &breach);
}

static bool structure_holds(const cr_check *check)
{
    for (int32_t b = 0; b < check->n_breaches; b++)
        if (check->breaches[b].rule == CR_RULE_STRUCTURE)
            return false;
    return true;
}

void cr_checking_cost(cr_checking *c)
{
    cr_cost *cost = &c->check->cost;
    for (int32_t r = 0; r < c->plan->n_rounds; r++) {
        const cr_shift *shift = cr_checking_shift(c, r);
        if (shift)
            add_round(c, shift, &c->rounds[r], cost->term);
    }
    add_visits(c, cost->term);
    cr_checking_shared_cost(c, cost->term);
    for (int32_t t = 0; t < CR_TERM_N; t++)
        cr_checking_add_cost(&cost->total, cost->term[t]);
    if (!structure_holds(c->check)) /* then nobody can say what it costs */
        return;
    for (int32_t t = 0; t < CR_TERM_N; t++)
        check_claim(c, t, c->plan->cost.term[t], cost->term[t]);
    check_claim(c, CR_TERM_N, c->plan->cost.total, cost->total);
}
