/* What the rota costs as a whole. Formulas: docs/model.md section 4, idle time and imbalance. */
#include "spread.h"

#include "cost.h"

#include <math.h>
#include <stdlib.h>

/* The longest idle time alone counts, but where several shifts are nearly as idle, each of them has to become less so
 * for it to fall. Each gets a share of the pull by a power of its idle time. */
#define IDLE_POWER 8

void spread_compile(model *m)
{
    m->has_idle = m->p->prices.worst_idle > 0 && m->n_shifts > 0;
    m->has_imbalance = m->p->prices.imbalance > 0 && m->n_shifts > 0;
    m->has_spread = m->has_idle || m->has_imbalance;
}

/* ---- idle time ---- */

static int64_t idle_of(const rota *x, int32_t r)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    int64_t until = shift->paid_end, busy = 0;
    if (rota_n_visits_in(x, r) > 0) {
        int64_t arrive = rota_arrives(x, r);
        until = arrive > until ? arrive : until;
        busy = (int64_t)rota_round_work(x, r) + shift->rest;
    }
    return until - shift->begin - busy;
}

int64_t spread_idle_beside(const rota *x, const bool *is_marked)
{
    int64_t longest = 0;
    for (int32_t r = 0; r < x->m->n_shifts; r++) {
        if (is_marked && is_marked[r])
            continue;
        int64_t idle = idle_of(x, r);
        longest = idle > longest ? idle : longest;
    }
    return longest;
}

/* ---- imbalance ---- */

static int64_t imbalance_of(const rota *x)
{
    const model *m = x->m;
    int64_t all = 0, n = 0, sum = 0;
    for (int32_t c = 0; c < m->n_carers; c++)
        if (m->has_shift[c]) {
            all += rota_work(x, c);
            n++;
        }
    for (int32_t c = 0; c < m->n_carers; c++)
        if (m->has_shift[c])
            sum += off_mean(rota_work(x, c), all, n);
    return sum;
}

int64_t spread_cost(const rota *x)
{
    const model *m = x->m;
    return (m->has_idle ? m->p->prices.worst_idle * spread_idle_beside(x, NULL) : 0) +
           (m->has_imbalance ? m->p->prices.imbalance * imbalance_of(x) : 0);
}

/* ---- leaning ---- */

static void lean_by_idle(const rota *x, spread_lean *lean)
{
    int64_t longest = spread_idle_beside(x, NULL);
    double sum = 0;
    for (int32_t r = 0; longest > 0 && r < x->m->n_shifts; r++) {
        int64_t idle = idle_of(x, r);
        lean[r].less_idle = idle > 0 ? pow((double)idle / (double)longest, IDLE_POWER) : 0;
        sum += lean[r].less_idle;
    }
    for (int32_t r = 0; sum > 0 && r < x->m->n_shifts; r++)
        lean[r].less_idle /= sum;
}

/* A carer above the mean drifts further from it, and takes the mean with her. */
static void lean_by_imbalance(const rota *x, spread_lean *lean)
{
    const model *m = x->m;
    int64_t all = 0, n = 0, n_below = 0;
    for (int32_t c = 0; c < m->n_carers; c++)
        if (m->has_shift[c]) {
            all += rota_work(x, c);
            n++;
        }
    for (int32_t c = 0; c < m->n_carers; c++)
        n_below += m->has_shift[c] && rota_work(x, c) * n < all;
    double drift = (double)(2 * n_below - n) / (double)n;
    for (int32_t r = 0; r < m->n_shifts; r++) {
        bool is_below = rota_work(x, m->shifts[r].carer) * n < all;
        lean[r].more_off = (is_below ? -1 : 1) + drift;
    }
}

void spread_lean_now(const rota *x, double share, spread_lean *ret_lean)
{
    for (int32_t r = 0; r < x->m->n_shifts; r++)
        ret_lean[r] = (spread_lean){0, 0};
    if (x->m->has_idle && share > 0)
        lean_by_idle(x, ret_lean);
    if (x->m->has_imbalance && share > 0)
        lean_by_imbalance(x, ret_lean);
    for (int32_t r = 0; r < x->m->n_shifts; r++) {
        ret_lean[r].less_idle *= share;
        ret_lean[r].more_off *= share;
    }
}
