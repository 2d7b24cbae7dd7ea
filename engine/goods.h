/* Goods on board along a round: what its visits bring is there from the start, what they take until the end, and what
 * is carried from one visit to another in between (docs/model.md section 3, "most load"). */
#ifndef ENGINE_GOODS_H
#define ENGINE_GOODS_H

#include "rota.h"

/* One kind, before a stop of a round. */
typedef struct goods_state {
    int64_t now;           /* on board */
    int64_t before, after; /* the most up to here, and from here on, with what breaks ask for */
} goods_state;

/* The kinds that a shift has too little room for, and what each visit does to them. CR_E_NOMEM. */
cr_status goods_compile(model *m);

/* Has the shift room for what the visit alone brings and takes? */
bool goods_fit_alone(const model *m, const model_shift *shift, int32_t visit);

/* How much room the visit takes up: in a thousandth of that of the first shift, for visits to be put in by it. */
double goods_share(const model *m, int32_t visit);

/* What is on board before each of a round's stops and behind the last, [k * n_goods + kind]. Kept until the round
 * changes. */
const goods_state *goods_along(const rota *x, int32_t r);

/* Is there room where a visit comes before index k of the round? If what it takes is put down at a visit that is not in
 * the rounds yet, only up to the next stop: that one's place decides. */
bool goods_fit(const rota *x, int32_t r, int32_t k, int32_t visit, bool is_put_down_later);

/* Will what the visit takes be put down at one that is not in the rounds yet? */
bool goods_are_put_down_later(const rota *x, int32_t visit);

/* Is there room in a round, in all? */
bool goods_hold(const rota *x, int32_t r);
bool goods_hold_everywhere(const rota *x);

/* Would there be room in the head of a round, up to index k, with the rest of another from index l on? The first one's
 * shift. */
bool goods_hold_joined(const rota *x, int32_t r, int32_t k, int32_t q, int32_t l);

#endif
