/* Compiling where a slot is likely to go, so that the search need not look everywhere: the shifts that could take it at
 * all, those that would take it cheapest on its own, and for each visit the visits near it, whose rounds are tried
 * first (granular neighbourhoods: Toth and Vigo 2003).
 */
#include "likely.h"

#include "crews.h"
#include "goods.h"

#include <stdlib.h>

#define NEAR_MOST       256
#define LARGE           2000 /* visits; from here on memory and time count */
#define NEAR_MOST_LARGE 96
#define USUAL_MOST      8 /* shifts of a slot */

/* ---- shifts for a slot ---- */

/* Could shift r ever take slot s? Necessary only. The way there is not looked at: it may lead by another visit. */
static bool could_take(const model *m, int32_t r, int32_t s)
{
    const model_shift *shift = &m->shifts[r];
    const model_start *start = &m->starts[m->start_of[s]];
    if (is_nowhere(start) || m->slot_cost[(size_t)s * (size_t)m->n_carers + (size_t)shift->carer] == COST_NEVER)
        return false;
    if (!crews_let(m, r, s))
        return false;
    int32_t first = shift->begin > start->lo ? shift->begin : start->lo;
    int32_t last = shift->end - shift->length[s] < start->hi ? shift->end - shift->length[s] : start->hi;
    return first <= last && start->load <= shift->max_load && goods_fit_alone(m, shift, m->start_of[s]);
}

static cr_status compile_candidates(model *m)
{
    m->candidates = calloc((size_t)m->n_slots + 1, sizeof *m->candidates);
    if (!m->candidates)
        return CR_E_NOMEM;
    size_t used = 0, room = 0;
    for (int32_t s = 0; s < m->n_slots; s++) {
        m->candidates[s] = (cr_range){(int32_t)used, 0};
        if (used + (size_t)m->n_shifts > room) {
            room = (used + (size_t)m->n_shifts) * 2;
            int32_t *grown = room < INT32_MAX ? realloc(m->candidate_pool, room * sizeof *grown) : NULL;
            if (!grown)
                return CR_E_NOMEM;
            m->candidate_pool = grown;
        }
        for (int32_t r = 0; r < m->n_shifts; r++)
            if (could_take(m, r, s)) {
                m->candidate_pool[used++] = r;
                m->candidates[s].n++;
            }
    }
    return CR_OK;
}

/* Of a slot on its own in the shift; twins have none, for one is as good as the other. */
static int64_t price_alone(const model *m, int32_t r, int32_t s)
{
    const model_shift *shift = &m->shifts[r];
    int32_t place = is_placeless(m, s) ? shift->start_place : m->starts[m->start_of[s]].place;
    const leg *in = leg_of(m, shift, shift->start_place, place), *out = leg_of(m, shift, place, shift->end_place);
    return m->slot_cost[(size_t)s * (size_t)m->n_carers + (size_t)shift->carer] +
           shift->travel_rate * ((int64_t)in->time + out->time) +
           shift->dist_rate * ((int64_t)in->dist_m + out->dist_m);
}

static cr_status compile_usual(model *m)
{
    m->usual = calloc((size_t)m->n_slots + 1, sizeof *m->usual);
    m->usual_pool = calloc((size_t)m->n_slots * USUAL_MOST + 1, sizeof *m->usual_pool);
    bool *has_twin = calloc((size_t)m->n_shifts + 1, sizeof *has_twin);
    if (!m->usual || !m->usual_pool || !has_twin) {
        free(has_twin);
        return CR_E_NOMEM;
    }
    for (int32_t r = 0; r < m->n_shifts; r++)
        if (m->shifts[r].twin != r)
            has_twin[r] = has_twin[m->shifts[r].twin] = true;
    for (int32_t s = 0; s < m->n_slots; s++) {
        int32_t *usual = m->usual_pool + (size_t)s * USUAL_MOST, n = 0;
        int64_t prices[USUAL_MOST];
        for (int32_t i = 0; i < m->candidates[s].n; i++) {
            int32_t r = m->candidate_pool[m->candidates[s].first + i];
            int64_t price = has_twin[r] ? COST_NEVER : price_alone(m, r, s);
            if (price >= (n < USUAL_MOST ? COST_NEVER : prices[n - 1]))
                continue;
            int32_t at = n < USUAL_MOST ? n++ : n - 1;
            for (; at > 0 && prices[at - 1] > price; at--) {
                prices[at] = prices[at - 1];
                usual[at] = usual[at - 1];
            }
            prices[at] = price;
            usual[at] = r;
        }
        m->usual[s] = (cr_range){(int32_t)((size_t)s * USUAL_MOST), n};
    }
    free(has_twin);
    return CR_OK;
}

/* ---- visits near each other ---- */

typedef struct near_visit {
    int64_t distance;
    int32_t visit;
} near_visit;

static int compare_near(const void *a, const void *b)
{
    const near_visit *x = a, *y = b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

/* Bring the n_first smallest to the front, in any order (Hoare 1961, "Algorithm 65: find"). */
static void select_nearest(near_visit *list, int32_t n, int32_t n_first)
{
    int32_t low = 0, high = n - 1;
    while (low < high) {
        near_visit pivot = list[low + (high - low) / 2];
        int32_t i = low, j = high;
        while (i <= j) {
            while (compare_near(&list[i], &pivot) < 0)
                i++;
            while (compare_near(&pivot, &list[j]) < 0)
                j--;
            if (i <= j) {
                near_visit swapped = list[i];
                list[i++] = list[j];
                list[j--] = swapped;
            }
        }
        if (n_first <= j)
            high = j;
        else if (n_first > i)
            low = i;
        else
            return;
    }
}

/* How far apart two visits are for one carer: the travel, and part of the waiting that their windows force. */
static int64_t apart(const model *m, const model_shift *shift, int32_t v, int32_t w)
{
    const model_start *a = &m->starts[v], *b = &m->starts[w];
    if (a->place == CR_NONE || b->place == CR_NONE)
        return COST_NEVER;
    int64_t there = leg_time(m, shift, a->place, b->place), back = leg_time(m, shift, b->place, a->place);
    int64_t travel = there < back ? there : back;
    int64_t wait = 0;
    if (b->lo > (int64_t)a->hi + travel)
        wait = (int64_t)b->lo - a->hi - travel;
    else if (a->lo > (int64_t)b->hi + travel)
        wait = (int64_t)a->lo - b->hi - travel;
    return travel + wait / 5;
}

static cr_status compile_near(model *m)
{
    int32_t n = m->n_visits;
    int32_t most = n > LARGE ? NEAR_MOST_LARGE : NEAR_MOST;
    m->n_near = n - 1 < most ? n - 1 : most;
    if (m->n_near <= 0 || m->n_shifts == 0) {
        m->n_near = 0;
        return CR_OK;
    }
    m->near = calloc((size_t)n * (size_t)m->n_near + 1, sizeof *m->near);
    near_visit *others = calloc((size_t)n + 1, sizeof *others);
    if (!m->near || !others) {
        free(others);
        return CR_E_NOMEM;
    }
    for (int32_t v = 0; v < n; v++) {
        int32_t k = 0;
        for (int32_t w = 0; w < n; w++)
            if (w != v)
                others[k++] = (near_visit){apart(m, &m->shifts[0], v, w), w};
        select_nearest(others, k, m->n_near);
        qsort(others, (size_t)m->n_near, sizeof *others, compare_near);
        for (int32_t i = 0; i < m->n_near; i++)
            m->near[(size_t)v * (size_t)m->n_near + (size_t)i] =
                others[i].distance < COST_NEVER ? others[i].visit : CR_NONE;
    }
    free(others);
    return CR_OK;
}

static cr_status compile_near_slots(model *m)
{
    m->near_slots = calloc((size_t)m->n_visits * NEAR_SLOTS + 1, sizeof *m->near_slots);
    if (!m->near_slots)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < m->n_visits; v++) {
        int32_t *to = m->near_slots + (size_t)v * NEAR_SLOTS, n = 0;
        for (int32_t k = 0; k < m->n_near; k++) { /* a day without shifts has no list of near visits */
            int32_t near = m->near[(size_t)v * (size_t)m->n_near + (size_t)k];
            if (near == CR_NONE)
                break;
            const cr_range slots = m->p->visits[near].slots;
            for (int32_t i = 0; i < slots.n && n < NEAR_SLOTS; i++)
                to[n++] = slots.first + i;
        }
        while (n < NEAR_SLOTS)
            to[n++] = CR_NONE;
    }
    return CR_OK;
}

cr_status likely_compile(model *m)
{
    cr_status st;
    if ((st = compile_candidates(m)) || (st = compile_usual(m)) || (st = compile_near(m)))
        return st;
    return compile_near_slots(m);
}
