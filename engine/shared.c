/* What slots cost together. Formulas: docs/model.md section 4, faces, several providers, overtime, shortfall. */
#include "shared.h"

#include "cost.h"

#include <stdlib.h>

/* ---- compiling ---- */

static bool list_slots_of_clients(model *m)
{
    const cr_problem *p = m->p;
    m->slots_of_client = calloc((size_t)p->n_clients + 1, sizeof *m->slots_of_client);
    m->client_slots = calloc((size_t)p->n_slots + 1, sizeof *m->client_slots);
    if (!m->slots_of_client || !m->client_slots)
        return false;
    for (int32_t s = 0; s < p->n_slots; s++)
        m->slots_of_client[p->visits[p->slots[s].visit].client].n++;
    for (int32_t c = 0, at = 0; c < p->n_clients; c++) {
        m->slots_of_client[c].first = at;
        at += m->slots_of_client[c].n;
        m->slots_of_client[c].n = 0;
    }
    for (int32_t s = 0; s < p->n_slots; s++) {
        cr_range *mine = &m->slots_of_client[p->visits[p->slots[s].visit].client];
        m->client_slots[mine->first + mine->n++] = s;
    }
    return true;
}

/* Carers of one provider get one number, that of the first of them. */
static bool number_providers(model *m)
{
    const cr_problem *p = m->p;
    m->provider_of = calloc((size_t)m->n_carers + 1, sizeof *m->provider_of);
    if (!m->provider_of)
        return false;
    for (int32_t c = 0; c < m->n_carers; c++)
        while (p->carers[m->provider_of[c]].provider != p->carers[c].provider)
            m->provider_of[c]++;
    return true;
}

/* Where each client's rows of history begin; they are sorted by client. */
static bool find_history(model *m)
{
    const cr_problem *p = m->p;
    m->history_first = calloc((size_t)p->n_clients + 2, sizeof *m->history_first);
    if (!m->history_first)
        return false;
    for (int32_t f = 0; f < p->n_familiar; f++)
        m->history_first[p->familiar[f].client + 1]++;
    for (int32_t c = 0; c < p->n_clients; c++)
        m->history_first[c + 1] += m->history_first[c];
    return true;
}

cr_status shared_compile(model *m)
{
    const cr_problem *p = m->p;
    for (int32_t c = 0; c < m->n_carers; c++)
        m->has_hours = m->has_hours || has_priced_hours(&p->carers[c]);
    m->has_company = p->prices.new_face > 0 || p->prices.several_providers > 0;
    if (!m->has_company)
        return CR_OK;
    return list_slots_of_clients(m) && number_providers(m) && find_history(m) ? CR_OK : CR_E_NOMEM;
}

/* ---- as the rota has them ---- */

static bool is_known(const model *m, int32_t client, int32_t carer)
{
    for (int32_t f = m->history_first[client]; f < m->history_first[client + 1]; f++)
        if (m->p->familiar[f].carer == carer)
            return m->p->familiar[f].n_visits > 0;
    return false;
}

static bool has_history(const model *m, int32_t client)
{
    for (int32_t f = m->history_first[client]; f < m->history_first[client + 1]; f++)
        if (m->p->familiar[f].n_visits > 0)
            return true;
    return false;
}

static int32_t carer_at(const rota *x, int32_t slot)
{
    int32_t r = rota_round_of(x, slot);
    return r == CR_NONE ? CR_NONE : x->m->shifts[r].carer;
}

static int32_t day_of(const model *m, int32_t slot)
{
    return m->p->visits[m->p->slots[slot].visit].day;
}

/* A client has few slots, so those before each are looked through again. */
static int64_t company_cost(const rota *x, int32_t client)
{
    const model *m = x->m;
    const cr_range mine = m->slots_of_client[client];
    const int32_t *slots = m->client_slots + mine.first;
    int32_t n_new = 0, n_more = 0;
    for (int32_t i = 0; i < mine.n; i++) {
        int32_t carer = carer_at(x, slots[i]), day = day_of(m, slots[i]);
        bool is_first = true, is_first_of_day = true, is_first_of_provider = true;
        for (int32_t k = 0; k < i && carer != CR_NONE; k++) {
            int32_t other = carer_at(x, slots[k]);
            is_first = is_first && other != carer;
            if (other == CR_NONE || day_of(m, slots[k]) != day)
                continue;
            is_first_of_day = false;
            is_first_of_provider = is_first_of_provider && m->provider_of[other] != m->provider_of[carer];
        }
        n_new += carer != CR_NONE && is_first && !is_known(m, client, carer);
        n_more += carer != CR_NONE && is_first_of_provider && !is_first_of_day;
    }
    return faces_cost(m->p, n_new, has_history(m, client)) + m->p->prices.several_providers * n_more;
}

int64_t shared_cost(const rota *x, int32_t visit, int32_t carer)
{
    const model *m = x->m;
    return (m->has_company ? company_cost(x, m->p->visits[visit].client) : 0) +
           (m->has_hours ? hours_cost(&m->p->carers[carer], rota_work(x, carer)) : 0);
}

int64_t shared_hours(const rota *x)
{
    int64_t cost = 0;
    for (int32_t c = 0; c < x->m->n_carers; c++)
        cost += hours_cost(&x->m->p->carers[c], rota_work(x, c));
    return cost;
}

int64_t hours_grow(const cr_carer *carer, int64_t from, int64_t to)
{
    return hours_cost(carer, to) - hours_cost(carer, from);
}

/* ---- for one more slot ---- */

bool company_init(company *c, const model *m)
{
    *c = (company){.m = m};
    if (!m->has_company)
        return true;
    c->carer_seen = calloc((size_t)m->n_carers + 1, sizeof *c->carer_seen);
    c->provider_seen = calloc((size_t)m->n_carers + 1, sizeof *c->provider_seen);
    return c->carer_seen && c->provider_seen;
}

void company_done(company *c)
{
    free(c->carer_seen);
    free(c->provider_seen);
}

static void start_question(company *c)
{
    if (c->now == INT32_MAX) {
        for (int32_t i = 0; i < c->m->n_carers; i++)
            c->carer_seen[i] = c->provider_seen[i] = 0;
        c->now = 0;
    }
    c->now++;
}

void company_ask(company *c, const rota *x, int32_t visit)
{
    const model *m = c->m;
    int32_t client = m->p->visits[visit].client, n_new = 0, n_providers = 0;
    start_question(c);
    for (int32_t f = m->history_first[client]; f < m->history_first[client + 1]; f++)
        if (m->p->familiar[f].n_visits > 0)
            c->carer_seen[m->p->familiar[f].carer] = c->now;
    for (int32_t i = 0; i < m->slots_of_client[client].n; i++) {
        int32_t slot = m->client_slots[m->slots_of_client[client].first + i], carer = carer_at(x, slot);
        if (carer == CR_NONE)
            continue;
        n_new += c->carer_seen[carer] != c->now;
        c->carer_seen[carer] = c->now;
        if (day_of(m, slot) != m->p->visits[visit].day)
            continue;
        n_providers += c->provider_seen[m->provider_of[carer]] != c->now;
        c->provider_seen[m->provider_of[carer]] = c->now;
    }
    bool known = has_history(m, client);
    c->face_price = faces_cost(m->p, n_new + 1, known) - faces_cost(m->p, n_new, known);
    c->provider_price = providers_cost(m->p, n_providers + 1) - providers_cost(m->p, n_providers);
}
