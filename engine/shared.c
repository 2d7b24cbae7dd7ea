/* What slots cost together. Formulas: docs/model.md section 4, faces, several providers, shared address, overtime,
 * shortfall. */
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

/* The visits that count for each, those of a list sorted by address and time. Counts where there is no pool yet. */
static int32_t list_met(model *m, const at_address *list, int32_t n)
{
    int32_t at = 0;
    for (int32_t i = 0, first = 0; i < n; i++) {
        while (list[first].address != list[i].address ||
               (int64_t)list[i].about - list[first].about > m->p->prices.address_within)
            first++;
        cr_range *met = &m->met_at_address[list[i].visit];
        *met = (cr_range){at, 0};
        for (int32_t k = first; k < n && list[k].address == list[i].address &&
                                (int64_t)list[k].about - list[i].about <= m->p->prices.address_within;
             k++) {
            if (k == i)
                continue;
            if (m->met_pool)
                m->met_pool[at] = list[k].visit;
            met->n++;
            at++;
        }
    }
    return at;
}

static bool find_who_meets(model *m)
{
    const cr_problem *p = m->p;
    if (p->prices.shared_address == 0)
        return true;
    at_address *list = malloc(((size_t)p->n_visits + 1) * sizeof *list);
    m->met_at_address = calloc((size_t)p->n_visits + 1, sizeof *m->met_at_address);
    int32_t n = 0;
    for (int32_t v = 0; list && v < p->n_visits; v++)
        if (p->visits[v].address != CR_NONE)
            list[n++] = (at_address){p->visits[v].address, p->visits[v].about, v};
    if (list && m->met_at_address) {
        qsort(list, (size_t)n, sizeof *list, compare_at_address);
        m->met_pool = calloc((size_t)list_met(m, list, n) + 1, sizeof *m->met_pool);
    }
    if (m->met_pool)
        list_met(m, list, n);
    free(list);
    return m->met_pool != NULL;
}

cr_status shared_compile(model *m)
{
    const cr_problem *p = m->p;
    for (int32_t c = 0; c < m->n_carers; c++)
        m->has_hours = m->has_hours || has_priced_hours(&p->carers[c]);
    m->has_company = p->prices.new_face > 0 || p->prices.several_providers > 0 || p->prices.shared_address > 0;
    if (!m->has_company)
        return CR_OK;
    return list_slots_of_clients(m) && number_providers(m) && find_history(m) && find_who_meets(m) ? CR_OK : CR_E_NOMEM;
}

/* ---- as the rota has them ---- */

static bool is_known(const model *m, int32_t client, int32_t carer)
{
    for (int32_t f = m->history_first[client]; f < m->history_first[client + 1]; f++)
        if (m->p->familiar[f].carer == carer)
            return m->p->familiar[f].n_lately > 0;
    return false;
}

static bool has_history(const model *m, int32_t client)
{
    for (int32_t f = m->history_first[client]; f < m->history_first[client + 1]; f++)
        if (m->p->familiar[f].n_lately > 0)
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

#define NO_PROVIDER_YET   (-1)
#define SEVERAL_PROVIDERS (-2)

/* The provider of all who are in the visit, and of `so_far`; or one of the two above. */
static int32_t provider_with(const rota *x, int32_t visit, int32_t so_far)
{
    const cr_range slots = x->m->p->visits[visit].slots;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++) {
        int32_t carer = carer_at(x, i);
        if (carer != CR_NONE && x->m->provider_of[carer] != so_far)
            so_far = so_far == NO_PROVIDER_YET ? x->m->provider_of[carer] : SEVERAL_PROVIDERS;
    }
    return so_far;
}

/* That of all who are at the visit's address when it is thought to be. */
static int32_t provider_about(const rota *x, int32_t visit)
{
    const cr_range met = x->m->met_at_address[visit];
    int32_t provider = provider_with(x, visit, NO_PROVIDER_YET);
    for (int32_t i = 0; i < met.n && provider != SEVERAL_PROVIDERS; i++)
        provider = provider_with(x, x->m->met_pool[met.first + i], provider);
    return provider;
}

static bool has_somebody(const rota *x, int32_t visit)
{
    return provider_with(x, visit, NO_PROVIDER_YET) != NO_PROVIDER_YET;
}

/* Of the visit and those to which it counts; nothing without an address, even if its own carers are of two providers.
 */
static int64_t address_cost(const rota *x, int32_t visit)
{
    const model *m = x->m;
    const cr_range met = m->met_at_address[visit];
    if (m->p->visits[visit].address == CR_NONE)
        return 0;
    int32_t n = has_somebody(x, visit) && provider_about(x, visit) == SEVERAL_PROVIDERS;
    for (int32_t i = 0; i < met.n; i++) {
        int32_t other = m->met_pool[met.first + i];
        n += has_somebody(x, other) && provider_about(x, other) == SEVERAL_PROVIDERS;
    }
    return m->p->prices.shared_address * n;
}

int64_t shared_cost(const rota *x, int32_t visit, int32_t carer)
{
    const model *m = x->m;
    return (m->has_company ? company_cost(x, m->p->visits[visit].client) : 0) +
           (m->met_at_address ? address_cost(x, visit) : 0) +
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
    c->n_meetings_less = calloc((size_t)m->n_carers + 1, sizeof *c->n_meetings_less);
    c->meetings_less_in = calloc((size_t)m->n_carers + 1, sizeof *c->meetings_less_in);
    return c->carer_seen && c->provider_seen && c->n_meetings_less && c->meetings_less_in;
}

void company_done(company *c)
{
    free(c->carer_seen);
    free(c->provider_seen);
    free(c->n_meetings_less);
    free(c->meetings_less_in);
}

static void start_question(company *c)
{
    if (c->now == INT32_MAX) {
        for (int32_t i = 0; i < c->m->n_carers; i++)
            c->carer_seen[i] = c->provider_seen[i] = c->meetings_less_in[i] = 0;
        c->now = 0;
    }
    c->now++;
}

/* A visit whose address becomes a shared one if a carer comes who is not of this provider. */
static void count_meeting(company *c, int32_t provider)
{
    c->n_meetings++;
    if (provider == SEVERAL_PROVIDERS)
        return;
    if (c->meetings_less_in[provider] != c->now)
        c->n_meetings_less[provider] = 0;
    c->meetings_less_in[provider] = c->now;
    c->n_meetings_less[provider]++;
}

/* The visit is not served yet: it may itself come to a shared address, and make those near it shared. */
static void ask_who_meets(company *c, const rota *x, int32_t visit)
{
    const model *m = c->m;
    const cr_range met = m->met_at_address[visit];
    int32_t about = provider_about(x, visit);
    c->n_meetings = 0;
    c->meeting_price = m->p->prices.shared_address;
    if (about != NO_PROVIDER_YET)
        count_meeting(c, about);
    for (int32_t i = 0; i < met.n; i++) {
        int32_t other = m->met_pool[met.first + i], provider = provider_about(x, other);
        if (has_somebody(x, other) && provider != SEVERAL_PROVIDERS)
            count_meeting(c, provider);
    }
}

void company_ask(company *c, const rota *x, int32_t visit)
{
    const model *m = c->m;
    int32_t client = m->p->visits[visit].client, n_new = 0, n_providers = 0;
    start_question(c);
    for (int32_t f = m->history_first[client]; f < m->history_first[client + 1]; f++)
        if (m->p->familiar[f].n_lately > 0 && m->p->familiar[f].carer != CR_NONE)
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
    if (m->met_at_address)
        ask_who_meets(c, x, visit);
    c->provider_price = providers_cost(m->p, n_providers + 1) - providers_cost(m->p, n_providers);
}
