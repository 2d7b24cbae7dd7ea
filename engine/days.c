/* What ties a carer's shifts together. Rules: docs/model.md section 3, most work of a day and rest. */
#include "days.h"

#include "cost.h"

#include <stdlib.h>

static bool are_too_near(const cr_problem *p, int32_t a, int32_t b)
{
    const cr_shift *x = &p->shifts[a], *y = &p->shifts[b];
    if (x->carer != y->carer || x->day == y->day || is_rest_over(x, y))
        return false;
    const cr_shift *sooner = x->day < y->day ? x : y, *later = x->day < y->day ? y : x;
    return later->begin - sooner->end < p->carers[x->carer].min_rest;
}

/* Shifts of one carer stand in a row of `by_carer`, from first[carer] to first[carer + 1]. */
static void sort_by_carer(const cr_problem *p, int32_t *first, int32_t *by_carer)
{
    for (int32_t r = 0; r < p->n_shifts; r++)
        first[p->shifts[r].carer + 1]++;
    for (int32_t c = 0; c < p->n_carers; c++)
        first[c + 1] += first[c];
    for (int32_t r = p->n_shifts - 1; r >= 0; r--)
        by_carer[--first[p->shifts[r].carer + 1]] = r;
    for (int32_t c = 0; c < p->n_carers; c++) /* each end has moved down to its own beginning */
        first[c] = first[c + 1];
    first[p->n_carers] = p->n_shifts;
}

static bool compile_carer(model *m, const int32_t *shifts, int32_t n, int32_t *used, int32_t *room)
{
    const cr_problem *p = m->p;
    for (int32_t i = 0; i < n; i++) {
        model_shift *shift = &m->shifts[shifts[i]];
        shift->too_near.first = *used;
        for (int32_t k = 0; k < n; k++) {
            if (p->shifts[shifts[k]].day == p->shifts[shifts[i]].day && shifts[k] < shift->day_first)
                shift->day_first = shifts[k];
            if (k == i || !are_too_near(p, shifts[i], shifts[k]))
                continue;
            if (*used == *room) {
                int32_t more = 2 * *room + 16;
                int32_t *grown = realloc(m->near_pool, (size_t)more * sizeof *grown);
                if (!grown)
                    return false;
                m->near_pool = grown;
                *room = more;
            }
            m->near_pool[(*used)++] = shifts[k];
        }
        shift->too_near.n = *used - shift->too_near.first;
        m->has_days = m->has_days || shift->too_near.n > 0 || shift->day_most != INT32_MAX;
    }
    return true;
}

cr_status days_compile(model *m)
{
    const cr_problem *p = m->p;
    int32_t *first = calloc((size_t)p->n_carers + 2, sizeof *first);
    int32_t *by_carer = calloc((size_t)p->n_shifts + 1, sizeof *by_carer);
    bool ok = first && by_carer;
    for (int32_t r = 0; r < p->n_shifts; r++) {
        int32_t most = p->carers[p->shifts[r].carer].max_day_work;
        m->shifts[r].day_most = most == CR_NONE ? INT32_MAX : most;
        m->shifts[r].day_first = r;
    }
    if (ok)
        sort_by_carer(p, first, by_carer);
    for (int32_t c = 0, used = 0, room = 0; ok && c < p->n_carers; c++)
        ok = compile_carer(m, by_carer + first[c], first[c + 1] - first[c], &used, &room);
    free(first);
    free(by_carer);
    return ok ? CR_OK : CR_E_NOMEM;
}

bool days_allow(const rota *x, int32_t r)
{
    const cr_range near = x->m->shifts[r].too_near;
    for (int32_t i = 0; i < near.n; i++)
        if (rota_n_visits_in(x, x->m->near_pool[near.first + i]) > 0)
            return false;
    return true;
}

bool days_hold(const rota *x, int32_t r)
{
    return (rota_n_visits_in(x, r) == 0 || days_allow(x, r)) && rota_day_work(x, r) <= x->m->shifts[r].day_most;
}
