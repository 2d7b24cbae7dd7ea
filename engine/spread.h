/* What the rota costs as a whole: the worst idle time of a shift, and work that is unevenly shared.
 *
 * Neither is a sum over visits or rounds, so they are worked out anew, exactly, before a change is accepted; while
 * places are tried, each shift leans towards or away from more work by what a tick of it would change at the margin.
 * Where a problem has no such prices (model.has_spread), nobody calls this.
 */
#ifndef ENGINE_SPREAD_H
#define ENGINE_SPREAD_H

#include "rota.h"

/* Sets has_idle, has_imbalance and has_spread. */
void spread_compile(model *m);

/* The cost of both, exact for the starts that the rota has. */
int64_t spread_cost(const rota *x);

/* The longest idle time of the shifts that are not marked, ticks; never less than 0. */
int64_t spread_idle_beside(const rota *x, const bool *is_marked);

/* How a shift leans: of each tick of work more, so much comes off the longest idle time, and so much is added to what
 * the carers are off their mean. About, at the margin. */
typedef struct spread_lean {
    double less_idle, more_off;
} spread_lean;

/* Writes one for each shift, of which only a share is to be heeded. */
void spread_lean_now(const rota *x, double share, spread_lean *ret_lean);

/* Ticks are made whole before they are priced, so that the choice does not hang on the size of the prices. */
static inline int64_t spread_price(const model *m, const spread_lean *lean, int32_t work)
{
    return m->p->prices.imbalance * (int64_t)(lean->more_off * work) -
           m->p->prices.worst_idle * (int64_t)(lean->less_idle * work);
}

#endif
