/* Figures by provider: the rounds of the report, summed by whose carer does them. */
#include "providers.h"

#include <stdlib.h>

static int32_t provider_of(const cr_day *day, int32_t carer)
{
    int32_t provider = day->carers[carer].provider;
    return provider >= 0 ? provider : day->n_providers;
}

static void add_stop(const cr_problem *p, const bool *has_history, int32_t carer, int32_t slot, provider_figures *to)
{
    const cr_visit *visit = &p->visits[p->slots[slot].visit];
    to->n_visits++;
    to->n_double_ups += visit->slots.n > 1;
    to->n_known += has_history[visit->client];
    to->n_familiar += cr_problem_familiar(p, visit->client, carer) > 0;
}

static void add_round(const answer *a, const bool *has_history, int32_t r, provider_figures *to)
{
    const cr_problem *p = a->day->problem;
    const cr_round *round = &a->plan->rounds[r];
    const cr_round_figures *f = &a->report->rounds[r];
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++)
        if (a->plan->stops[k].slot != CR_NONE)
            add_stop(p, has_history, p->shifts[round->shift].carer, a->plan->stops[k].slot, to);
    to->sum.care += f->care;
    to->sum.travel += f->travel;
    to->sum.door += f->door;
    to->sum.waiting += f->waiting;
    to->sum.rest += f->rest;
    to->sum.dist_m += f->dist_m;
}

static void add_rounds(const answer *a, bool *has_history, bool *is_used, provider_figures *figures)
{
    const cr_problem *p = a->day->problem;
    for (int32_t i = 0; i < p->n_familiar; i++)
        has_history[p->familiar[i].client] = true;
    for (int32_t r = 0; r < a->plan->n_rounds; r++) {
        int32_t carer = p->shifts[a->plan->rounds[r].shift].carer;
        is_used[carer] = true;
        add_round(a, has_history, r, &figures[provider_of(a->day, carer)]);
    }
    for (int32_t c = 0; c < p->n_carers; c++) {
        figures[provider_of(a->day, c)].n_carers++;
        figures[provider_of(a->day, c)].n_carers_used += is_used[c];
    }
}

provider_figures *provider_figures_make(const answer *a)
{
    const cr_problem *p = a->day->problem;
    provider_figures *figures = calloc((size_t)a->day->n_providers + 1, sizeof *figures);
    bool *has_history = calloc((size_t)p->n_clients + 1, sizeof *has_history);
    bool *is_used = calloc((size_t)p->n_carers + 1, sizeof *is_used);
    if (figures && has_history && is_used) {
        add_rounds(a, has_history, is_used, figures);
    } else {
        free(figures);
        figures = NULL;
    }
    free(has_history);
    free(is_used);
    return figures;
}
