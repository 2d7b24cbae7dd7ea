/* What slots cost together: the faces and providers that a client sees, who meets at an address, the hours of a carer.
 *
 * Unlike the price of a carer for a slot, these depend on who else comes. The rota keeps them exact, as the difference
 * that each slot makes when it comes or goes; the inserter asks for the difference before it decides. Where a problem
 * has no such prices (model.has_company, model.has_hours), nobody calls this.
 */
#ifndef ENGINE_SHARED_H
#define ENGINE_SHARED_H

#include "rota.h"

/* Sets has_company and has_hours, and lists each client's slots. */
cr_status shared_compile(model *m);

/* What the carer's hours cost, the faces and providers of the visit's client, and who meets at its address, as the rota
 * has them. */
int64_t shared_cost(const rota *x, int32_t visit, int32_t carer);

/* All carers' hours. */
int64_t shared_hours(const rota *x);

/* What more (or, for contracted hours, less) the hours of a carer cost when her work grows. */
int64_t hours_grow(const cr_carer *carer, int64_t from, int64_t to);

/* Who comes to a client, for one more slot there. */
typedef struct company {
    const model *m;
    int32_t now;                         /* the present question */
    int32_t *carer_seen, *provider_seen; /* last question in which they were there */
    int64_t face_price, provider_price;  /* of one more */
    int64_t meeting_price;               /* of one visit more whose address is shared */
    int32_t n_meetings;                  /* that it would be if the carer were of a provider who is not there, */
    int32_t *n_meetings_less;            /* and so many fewer for this one, */
    int32_t *meetings_less_in;           /* in the question */
} company;

bool company_init(company *c, const model *m);
void company_done(company *c);
void company_ask(company *c, const rota *x, int32_t visit);

static inline int64_t company_price(const company *c, int32_t carer)
{
    int32_t provider = c->m->provider_of[carer];
    int64_t price = (c->carer_seen[carer] != c->now ? c->face_price : 0) +
                    (c->provider_seen[provider] != c->now ? c->provider_price : 0);
    if (c->n_meetings > 0)
        price += c->meeting_price *
                 (c->n_meetings - (c->meetings_less_in[provider] == c->now ? c->n_meetings_less[provider] : 0));
    return price;
}

#endif
