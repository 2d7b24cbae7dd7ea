/* What each slot costs with each carer. On a county these are nine million pairs, in parts a quarter of that again and
 * again. */
#include "model_internal.h"

#include "cost.h"

#include <stdlib.h>
#include <string.h>

#define KINDS_MOST 256 /* a byte tells one of them */
#define KIND_BITS  9   /* of the table that finds a price's kind: twice as many places */

typedef struct price_maker {
    const cr_problem *p;
    bool *is_familiar;               /* of each carer, to the client of the slot */
    int64_t *prices;                 /* of the slot, by carer */
    int16_t kind_at[1 << KIND_BITS]; /* by a number made of the price; CR_NONE: none yet */
    int64_t of_kind[KINDS_MOST];
    int32_t n_kinds;
} price_maker;

/* Who has been with the client; or forget it again. */
static void mark_familiar(price_maker *x, int32_t client, bool is_familiar)
{
    const cr_problem *p = x->p;
    for (int32_t i = cr_problem_first_familiar(p, client); i < p->n_familiar && p->familiar[i].client == client; i++)
        if (p->familiar[i].carer != CR_NONE && p->familiar[i].n_visits > 0)
            x->is_familiar[p->familiar[i].carer] = is_familiar;
}

static void find_prices(price_maker *x, int32_t slot, int64_t *ret_prices)
{
    const cr_problem *p = x->p;
    const int32_t client = p->visits[p->slots[slot].visit].client;
    mark_familiar(x, client, true);
    for (int32_t c = 0; c < p->n_carers; c++)
        ret_prices[c] = model_may_come(p, slot, c) ? slot_price(p, slot, c, x->is_familiar[c]) : COST_NEVER;
    mark_familiar(x, client, false);
}

/* CR_NONE: there are too many. */
static int32_t kind_of(price_maker *x, int64_t price)
{
    const uint32_t n_places = 1 << KIND_BITS;
    uint32_t at = (uint32_t)(((uint64_t)price * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - KIND_BITS));
    while (x->kind_at[at] != CR_NONE && x->of_kind[x->kind_at[at]] != price)
        at = (at + 1) % n_places;
    if (x->kind_at[at] == CR_NONE) {
        if (x->n_kinds == KINDS_MOST)
            return CR_NONE;
        x->of_kind[x->n_kinds] = price;
        x->kind_at[at] = (int16_t)x->n_kinds++;
    }
    return x->kind_at[at];
}

/* Which of its prices each one is. False: there are too many. */
static bool tell_kinds(price_maker *x, uint8_t *ret_kind)
{
    x->n_kinds = 0;
    memset(x->kind_at, 0xff, sizeof x->kind_at);
    kind_of(x, COST_NEVER);
    for (int32_t c = 0; c < x->p->n_carers; c++) {
        int32_t k = kind_of(x, x->prices[c]);
        if (k == CR_NONE)
            return false;
        ret_kind[c] = (uint8_t)k;
    }
    return true;
}

/* Keep those of one slot more. */
static cr_status add_kinds(const price_maker *x, model_prices *to, int32_t used, size_t *room)
{
    if ((size_t)used + KINDS_MOST > *room) {
        size_t wanted = 2 * ((size_t)used + KINDS_MOST);
        int64_t *grown = wanted < INT32_MAX ? realloc(to->of_kind, wanted * sizeof *grown) : NULL;
        if (!grown)
            return CR_E_NOMEM;
        to->of_kind = grown;
        *room = wanted;
    }
    memcpy(to->of_kind + used, x->of_kind, (size_t)x->n_kinds * sizeof *to->of_kind);
    return CR_OK;
}

/* *ret_are_few false: some slot has too many prices. */
static cr_status compile_kinds(price_maker *x, model *m, bool *ret_are_few)
{
    model_prices *to = &m->prices;
    size_t n_carers = (size_t)m->n_carers, room = 0;
    int32_t used = 0;
    to->kind = room_for((size_t)m->n_slots * n_carers, sizeof *to->kind);
    to->first = room_for((size_t)m->n_slots, sizeof *to->first);
    cr_status st = to->kind && to->first ? CR_OK : CR_E_NOMEM;
    *ret_are_few = true;
    for (int32_t s = 0; s < m->n_slots && !st && *ret_are_few; s++, used += x->n_kinds) {
        find_prices(x, s, x->prices);
        to->first[s] = used;
        *ret_are_few = tell_kinds(x, to->kind + (size_t)s * n_carers);
        st = add_kinds(x, to, used, &room);
    }
    return st;
}

static cr_status compile_whole(price_maker *x, model *m)
{
    size_t n_carers = (size_t)m->n_carers;
    free(m->prices.kind);
    m->prices.kind = NULL;
    m->prices.whole = room_for((size_t)m->n_slots * n_carers, sizeof *m->prices.whole);
    for (int32_t s = 0; m->prices.whole && s < m->n_slots; s++)
        find_prices(x, s, m->prices.whole + (size_t)s * n_carers);
    return m->prices.whole ? CR_OK : CR_E_NOMEM;
}

cr_status model_compile_prices(model *m)
{
    price_maker x = {.p = m->p};
    bool are_few = true;
    x.is_familiar = room_for((size_t)m->n_carers, sizeof *x.is_familiar);
    x.prices = room_for((size_t)m->n_carers, sizeof *x.prices);
    cr_status st = x.is_familiar && x.prices ? compile_kinds(&x, m, &are_few) : CR_E_NOMEM;
    if (!st && !are_few)
        st = compile_whole(&x, m);
    free(x.is_familiar);
    free(x.prices);
    return st;
}
