/* Figures by provider: the rounds of the report, summed by whose carer does them. */
#include "providers.h"

#include "words.h"

#include <stdio.h>
#include <stdlib.h>

static int32_t provider_of(const cr_day *day, int32_t carer)
{
    int32_t provider = day->carers[carer].provider;
    return provider >= 0 ? provider : day->n_providers;
}

static void add_stop(const cr_problem *p, const bool *has_history, int32_t carer, int32_t slot, provider_figures *to)
{
    const cr_visit *visit = &p->visits[p->slots[slot].visit];
    if (visit->is_anywhere) /* time held back visits nobody */
        return;
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
        if (p->familiar[i].carer != CR_NONE)
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

bool provider_has_contract(const cr_day *day, int32_t provider)
{
    if (provider >= day->problem->n_providers)
        return false;
    const cr_provider *c = &day->problem->providers[provider];
    return c->block || c->block_price || c->care_price || c->least_care || c->shortfall_price ||
           c->max_care != CR_NONE || c->max_slots != CR_NONE || c->by_length.n;
}

/* Begins with a bracket, goes on with commas, ends with a bracket if it ever began. */
static void put_agreed(FILE *out, const char **between, int32_t ticks, const char *what)
{
    fprintf(out, "%s%s %s", *between, words_duration(ticks).text, what);
    *between = ", ";
}

char *provider_contract_text(const answer *a, int32_t provider)
{
    const cr_provider *c = &a->day->problem->providers[provider];
    const cr_contract_figures *f = &a->report->contracts[provider];
    const char *between = " (";
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fprintf(out, "%s of care", words_duration(f->care).text);
    if (c->block > 0)
        put_agreed(out, &between, c->block, "paid for");
    if (c->least_care > 0)
        put_agreed(out, &between, c->least_care, "at least");
    if (c->max_care != CR_NONE)
        put_agreed(out, &between, c->max_care, "at most");
    fprintf(out, "%s, %s visit%s", *between == ',' ? ")" : "", words_count(f->n_slots).text,
            f->n_slots == 1 ? "" : "s");
    if (c->max_slots != CR_NONE)
        fprintf(out, " (%s at most)", words_count(c->max_slots).text);
    fprintf(out, ", %s", words_money(f->cost).text);
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}
