/* Compiling where a slot is likely to go, so that the search need not look everywhere: the shifts that could take it at
 * all, those that would take it cheapest on its own, and (nearest.h) for each visit the visits near it, whose rounds
 * are tried first (granular neighbourhoods: Toth and Vigo 2003).
 */
#include "likely.h"

#include "crews.h"
#include "goods.h"
#include "nearest.h"

#include <stdlib.h>
#include <string.h>

#define USUAL_MOST 8 /* shifts of a slot */

/* ---- shifts for a slot ---- */

/* Could shift r ever take slot s? Necessary only. The way there is not looked at: it may lead by another visit. */
static bool could_take(const model *m, int32_t r, int32_t s)
{
    const model_shift *shift = &m->shifts[r];
    const model_start *start = &m->starts[m->start_of[s]];
    if (is_nowhere(start) || !model_is_carer_for(m, s, shift->carer))
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

/* Does one slot of a visit ask for the same as another? Then the places of the one are the places of the other. */
static bool are_alike(const model *m, int32_t a, int32_t b)
{
    const cr_slot *one = &m->p->slots[a], *other = &m->p->slots[b];
    const cr_range of_a = m->candidates[a], of_b = m->candidates[b];
    if (one->duration != other->duration || of_a.n == 0 || of_a.n != of_b.n ||
        memcmp(m->candidate_pool + of_a.first, m->candidate_pool + of_b.first, (size_t)of_a.n * sizeof(int32_t)) != 0)
        return false;
    for (int32_t i = 0; i < of_a.n; i++) {
        const model_shift *shift = &m->shifts[m->candidate_pool[of_a.first + i]];
        if (model_slot_price(m, a, shift->carer) != model_slot_price(m, b, shift->carer) ||
            shift->length[a] != shift->length[b] || shift->work[a] != shift->work[b])
            return false;
    }
    return true;
}

static cr_status compile_alike(model *m)
{
    m->alike = malloc(((size_t)m->n_slots + 1) * sizeof *m->alike);
    if (!m->alike)
        return CR_E_NOMEM;
    for (int32_t s = 0; s < m->n_slots; s++) {
        m->alike[s] = s;
        for (int32_t first = m->p->visits[m->start_of[s]].slots.first; first < s && m->alike[s] == s; first++)
            if (m->alike[first] == first && are_alike(m, first, s))
                m->alike[s] = first;
    }
    return CR_OK;
}

/* Of a slot on its own in the shift; twins have none, for one is as good as the other. */
static int64_t price_alone(const model *m, int32_t r, int32_t s)
{
    const model_shift *shift = &m->shifts[r];
    int32_t place = is_placeless(m, s) ? shift->start_place : m->starts[m->start_of[s]].place;
    const leg *in = leg_of(m, shift, shift->start_place, place), *out = leg_of(m, shift, place, shift->end_place);
    return model_slot_price(m, s, shift->carer) + shift->travel_rate * ((int64_t)in->time + out->time) +
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

cr_status likely_compile(model *m)
{
    cr_status st;
    if ((st = compile_candidates(m)) || (st = compile_alike(m)) || (st = compile_usual(m)))
        return st;
    return nearest_compile(m);
}
