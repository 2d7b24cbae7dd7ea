/* Is a problem sound? Looked at once, when it is complete, so that nothing later needs to. */
#include "problem_validate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define COST_MOST 2.0e18 /* of everything together, below INT64_MAX / 4 */

bool fault(validation *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(v->message, v->size, format, args);
    va_end(args);
    return false;
}

bool ids_fit(const cr_problem *p, cr_range range, int32_t n)
{
    if (!range_fits(range, p->n_ids))
        return false;
    for (int32_t i = 0; i < range.n; i++)
        if (p->ids[range.first + i] < 0 || p->ids[range.first + i] >= n)
            return false;
    return true;
}

/* The ticks of all care together have to fit, for a contract may be asked for all of it. */
static double all_contract_care(const cr_problem *p)
{
    double all = 0;
    for (int32_t s = 0; s < p->n_slots; s++)
        all += cr_problem_contract_care(p, s);
    return all;
}

static bool validate_by_length(const cr_problem *p, int32_t i, double care, validation *v)
{
    cr_range by_length = p->providers[i].by_length;
    if (!range_fits(by_length, p->n_length_prices))
        return fault(v, "provider %d: prices by length outside the pool", i);
    for (int32_t k = 0; k < by_length.n; k++) {
        const cr_length_price *step = &p->length_prices[by_length.first + k];
        if (!length_fits(step->up_to) || !price_fits(step->price) || step->up_to <= (k > 0 ? step[-1].up_to : 0))
            return fault(v, "provider %d: length %d is not above the one before it, or its price is out of range", i,
                         k);
        v->worst_cost += (double)step->price * (p->n_slots + care / step->up_to);
    }
    return true;
}

static bool validate_providers(const cr_problem *p, validation *v)
{
    double care = p->n_providers > 0 ? all_contract_care(p) : 0;
    if (care > INT32_MAX / 2)
        return fault(v, "more care than can be counted for contracts (%.3g ticks)", care);
    for (int32_t i = 0; i < p->n_providers; i++) {
        const cr_provider *provider = &p->providers[i];
        if (!length_fits(provider->block) || !length_fits(provider->least_care) ||
            (provider->max_care != CR_NONE && !length_fits(provider->max_care)))
            return fault(v, "provider %d: hours out of range", i);
        if (provider->max_slots < CR_NONE)
            return fault(v, "provider %d: negative most visits", i);
        if (!price_fits(provider->block_price) || !price_fits(provider->care_price) ||
            !price_fits(provider->shortfall_price))
            return fault(v, "provider %d: price out of range", i);
        if (!validate_by_length(p, i, care, v))
            return false;
        v->worst_cost += (double)provider->block_price * provider->block +
                         (double)provider->shortfall_price * provider->least_care + (double)provider->care_price * care;
    }
    return true;
}

static bool validate_carers(const cr_problem *p, validation *v)
{
    for (int32_t c = 0; c < p->n_carers; c++) {
        const cr_carer *carer = &p->carers[c];
        if (!range_fits(carer->skills, p->n_skills))
            return fault(v, "carer %d: skills outside the pool", c);
        if (!ids_fit(p, carer->attributes, INT32_MAX))
            return fault(v, "carer %d: attributes outside the pool", c);
        if (carer->grade < CR_NONE || carer->grade >= CR_GRADES_MOST)
            return fault(v, "carer %d: no grade %d, at most %d are possible", c, carer->grade, CR_GRADES_MOST);
        if (p->n_providers > 0 && (carer->provider < CR_NONE || carer->provider >= p->n_providers))
            return fault(v, "carer %d: no provider %d", c, carer->provider);
        if (!ids_fit(p, carer->patches, INT32_MAX))
            return fault(v, "carer %d: patches outside the pool", c);
        if (!price_fits(carer->wage_price) || !price_fits(carer->care_price))
            return fault(v, "carer %d: wage or care price out of range", c);
        if (carer->distance_price != CR_NONE && !price_fits(carer->distance_price))
            return fault(v, "carer %d: price of a metre out of range", c);
        if (carer->max_work != CR_NONE && !length_fits(carer->max_work))
            return fault(v, "carer %d: most work out of range", c);
        if ((carer->max_day_work != CR_NONE && !length_fits(carer->max_day_work)) || !length_fits(carer->min_rest))
            return fault(v, "carer %d: most work of a day or least rest out of range", c);
        if ((carer->overtime_after != CR_NONE && !length_fits(carer->overtime_after)) ||
            !length_fits(carer->least_work) || !price_fits(carer->overtime_price) ||
            !price_fits(carer->shortfall_price))
            return fault(v, "carer %d: overtime or contracted work out of range", c);
        v->worst_cost += (double)carer->shortfall_price * carer->least_work;
    }
    return true;
}

/* How many of the things that such a concession is about there are. */
static int32_t n_conceded(const cr_problem *p, cr_conceded rule)
{
    switch (rule) {
    case CR_CONCEDED_WINDOW:
        return p->n_windows;
    case CR_CONCEDED_SHIFT:
    case CR_CONCEDED_MAX_LOAD:
    case CR_CONCEDED_MAX_TRAVEL:
    case CR_CONCEDED_MAX_DISTANCE:
        return p->n_shifts;
    case CR_CONCEDED_GAP_MIN:
    case CR_CONCEDED_GAP_MAX:
    case CR_CONCEDED_GAP_CARERS:
        return p->n_gaps;
    case CR_CONCEDED_MAX_WORK:
    case CR_CONCEDED_MAX_DAY_WORK:
    case CR_CONCEDED_REST:
        return p->n_carers;
    case CR_CONCEDED_N:
        break;
    }
    return 0;
}

/* Was the rule no looser than it is? */
static bool was_stricter(const cr_problem *p, const cr_concession *c)
{
    switch (c->rule) {
    case CR_CONCEDED_WINDOW:
        return c->was >= p->windows[c->item].open && c->was <= p->windows[c->item].close;
    case CR_CONCEDED_SHIFT:
        return c->was != CR_FREE && time_fits(c->was) && c->was <= p->shifts[c->item].end; /* it may begin later now */
    case CR_CONCEDED_MAX_LOAD:
        return c->was >= 0 && c->was <= p->shifts[c->item].max_load;
    case CR_CONCEDED_MAX_TRAVEL:
        return c->was >= 0 && c->was <= p->shifts[c->item].max_travel;
    case CR_CONCEDED_MAX_DISTANCE:
        return c->was >= 0 && c->was <= p->shifts[c->item].max_dist_m;
    case CR_CONCEDED_GAP_MIN:
        return c->was != CR_FREE && time_fits(c->was) && c->was >= p->gaps[c->item].min;
    case CR_CONCEDED_GAP_MAX:
        return c->was != CR_FREE && time_fits(c->was) &&
               (p->gaps[c->item].max == CR_FREE || c->was <= p->gaps[c->item].max);
    case CR_CONCEDED_GAP_CARERS:
        return p->gaps[c->item].carers == CR_GAP_ANY && (c->was == CR_GAP_SAME || c->was == CR_GAP_DIFFERENT);
    case CR_CONCEDED_MAX_WORK:
        return c->was >= 0 && c->was <= p->carers[c->item].max_work;
    case CR_CONCEDED_MAX_DAY_WORK:
        return c->was >= 0 && c->was <= p->carers[c->item].max_day_work;
    case CR_CONCEDED_REST:
        return length_fits(c->was) && c->was >= p->carers[c->item].min_rest;
    case CR_CONCEDED_N:
        break;
    }
    return false;
}

static bool validate_concessions(const cr_problem *p, validation *v)
{
    for (int32_t i = 0; i < p->n_concessions; i++) {
        const cr_concession *c = &p->concessions[i];
        if (c->item < 0 || c->item >= n_conceded(p, c->rule))
            return fault(v, "concession %d: nothing has the index %d", i, c->item);
        if (!was_stricter(p, c))
            return fault(v, "concession %d: the rule was not stricter before (%d)", i, c->was);
    }
    return true;
}

static bool validate_prices(const cr_problem *p, validation *v)
{
    const cr_prices *prices = &p->prices;
    bool fit = price_fits(prices->travel) && price_fits(prices->waiting) && price_fits(prices->worst_lateness) &&
               price_fits(prices->unfamiliar) && price_fits(prices->stranger_short) &&
               price_fits(prices->not_preferred) && price_fits(prices->off_patch) && price_fits(prices->new_face) &&
               price_fits(prices->several_providers) && price_fits(prices->shared_address) &&
               price_fits(prices->worst_idle) && price_fits(prices->imbalance) && price_fits(prices->changed_carer) &&
               price_fits(prices->moved) && length_fits(prices->moved_free) && length_fits(prices->address_within);
    for (int32_t m = 0; m < CR_MODES_MAX; m++)
        fit = fit && price_fits(prices->distance[m]);
    if (!fit)
        return fault(v, "prices: one is negative or out of range");
    v->worst_cost += ((double)prices->unfamiliar + (double)prices->stranger_short + (double)prices->not_preferred +
                      (double)prices->off_patch + (double)prices->new_face + (double)prices->several_providers +
                      (double)prices->changed_carer + (double)prices->shared_address) *
                     p->n_slots;
    return true;
}

static bool validate_matrices(const cr_problem *p, validation *v)
{
    if (p->n_modes < 0 || p->n_modes > CR_MODES_MAX)
        return fault(v, "%d modes, at most %d are possible", p->n_modes, CR_MODES_MAX);
    for (int32_t m = 0; m < p->n_modes; m++) {
        if (!p->matrix[m] || cr_matrix_n_places(p->matrix[m]) < p->n_places)
            return fault(v, "mode %d: no matrix of %d places", m, p->n_places);
        for (int32_t t = 1; t < CR_TABLES_MAX; t++)
            if (p->tables[m][t] && cr_matrix_n_places(p->tables[m][t]) < p->n_places)
                return fault(v, "mode %d: table %d is not of %d places", m, t, p->n_places);
    }
    for (int32_t i = 0; i < p->n_periods; i++) {
        const cr_period *period = &p->periods[i];
        if (!time_fits(period->begin) || period->table < 0 || period->table >= CR_TABLES_MAX)
            return fault(v, "period %d: no such begin or table (%d, %d)", i, period->begin, period->table);
        if (i > 0 && period->begin <= period[-1].begin)
            return fault(v, "period %d does not begin after the one before", i);
    }
    return true;
}

static int compare_familiar(const void *a, const void *b)
{
    const cr_familiar *x = a, *y = b;
    if (x->client != y->client)
        return x->client < y->client ? -1 : 1;
    return x->carer < y->carer ? -1 : x->carer > y->carer;
}

static bool validate_familiar(cr_problem *p, validation *v)
{
    if (p->n_familiar)
        qsort(p->familiar, (size_t)p->n_familiar, sizeof *p->familiar, compare_familiar);
    for (int32_t i = 0; i < p->n_familiar; i++) {
        const cr_familiar *f = &p->familiar[i];
        if (f->client < 0 || f->client >= p->n_clients || f->carer < CR_NONE || f->carer >= p->n_carers ||
            f->n_visits < 0)
            return fault(v, "history: client %d, carer %d do not exist", f->client, f->carer);
        if (f->n_lately < 0 || f->n_lately > f->n_visits)
            return fault(v, "history: client %d, carer %d: %d of %d lately", f->client, f->carer, f->n_lately,
                         f->n_visits);
        if (i > 0 && compare_familiar(f - 1, f) == 0)
            return fault(v, "history: client %d, carer %d twice", f->client, f->carer);
    }
    return true;
}

cr_status cr_problem_validate(cr_problem *problem, char *message, size_t size)
{
    validation v = {.message = message, .size = size};
    if (problem->ticks_per_unit < 1) {
        fault(&v, "ticks per unit must be 1 or more, not %d", problem->ticks_per_unit);
        return CR_E_INPUT;
    }
    if (!validate_matrices(problem, &v) || !validate_prices(problem, &v) || !validate_carers(problem, &v) ||
        !problem_validate_shifts(problem, &v) || !problem_validate_shifts_apart(problem, &v) ||
        !problem_validate_visits(problem, &v) || !validate_providers(problem, &v) ||
        !problem_validate_gaps(problem, &v) || !validate_concessions(problem, &v) ||
        !problem_validate_all_held(problem, &v) || !problem_validate_crews(problem, &v) ||
        !validate_familiar(problem, &v))
        return v.no_memory ? CR_E_NOMEM : CR_E_INPUT;
    if (v.worst_cost > COST_MOST) {
        fault(&v, "the prices are so high that a plan's cost could overflow (%.3g cost units)", v.worst_cost);
        return CR_E_INPUT;
    }
    return CR_OK;
}
