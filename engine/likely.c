/* Compiling where a slot is likely to go, so that the search need not look everywhere: the shifts that could take it at
 * all, those that would take it cheapest on its own, and for each visit the visits near it, whose rounds are tried
 * first (granular neighbourhoods: Toth and Vigo 2003).
 */
#include "likely.h"

#include "crews.h"
#include "goods.h"

#include <stdlib.h>
#include <string.h>

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

/* ---- visits near each other ---- */

/* A visit and how far it is, in one number that sorts by both: the distance in the upper half. */
typedef uint64_t near_visit;

#define UNREACHED UINT32_MAX /* distance; ticks and what is made of them here stay below */
#define DRAWERS   1024       /* that visits are put in by their distance */
#define FEW_NEAR  12         /* in a drawer, sorted by insertion */

/* Hoare 1961, "Algorithm 64: quicksort". */
static void sort_near(near_visit *list, int32_t n)
{
    while (n > FEW_NEAR) {
        near_visit pivot = list[n / 2];
        int32_t i = 0, j = n - 1;
        while (i <= j) {
            while (list[i] < pivot)
                i++;
            while (pivot < list[j])
                j--;
            if (i <= j) {
                near_visit swapped = list[i];
                list[i++] = list[j];
                list[j--] = swapped;
            }
        }
        if (j + 1 < n - i) { /* the shorter side first, so that the calls do not go deep */
            sort_near(list, j + 1);
            list += i;
            n -= i;
        } else {
            sort_near(list + i, n - i);
            n = j + 1;
        }
    }
    for (int32_t k = 1; k < n; k++) {
        near_visit moved = list[k];
        int32_t at = k;
        for (; at > 0 && moved < list[at - 1]; at--)
            list[at] = list[at - 1];
        list[at] = moved;
    }
}

/* The legs from and to one place, by the other. */
typedef struct place_legs {
    const leg *there, *back;
    size_t back_step;
} place_legs;

static place_legs legs_at(const model *m, const model_shift *shift, int32_t place)
{
    size_t here = (size_t)place + 1;
    return (place_legs){shift->legs + here * ((size_t)m->n_places + 1), shift->into + here * shift->into_row,
                        shift->into_step};
}

/* How far apart two visits are for one carer: the travel, and part of the waiting that their windows force. */
static uint32_t apart(const place_legs *legs, const model_start *a, const model_start *b)
{
    if (b->place == CR_NONE)
        return UNREACHED;
    size_t at = (size_t)b->place + 1;
    int64_t there = legs->there[at].time, back = legs->back[at * legs->back_step].time;
    int64_t travel = there < back ? there : back;
    int64_t wait = 0;
    if (b->lo > (int64_t)a->hi + travel)
        wait = (int64_t)b->lo - a->hi - travel;
    else if (a->lo > (int64_t)b->hi + travel)
        wait = (int64_t)a->lo - b->hi - travel;
    return (uint32_t)(travel + wait / 5);
}

/* The visits near one visit, in the making. */
typedef struct neighbourhood {
    near_visit *all, *sorted;   /* the other visits in their order, and those wanted */
    int32_t first[DRAWERS + 2]; /* of each drawer: where it begins in `sorted` */
    int shift;                  /* bits of a distance that its drawer does not see */
} neighbourhood;

/* The last drawer is for those that cannot be reached. */
static int32_t drawer_of(const neighbourhood *nb, near_visit one)
{
    uint32_t distance = (uint32_t)(one >> 32);
    return distance < CR_NO_WAY ? (int32_t)(distance >> nb->shift) : DRAWERS;
}

static void list_others(const model *m, int32_t v, neighbourhood *nb)
{
    const model_start *here = &m->starts[v];
    place_legs legs = legs_at(m, &m->shifts[0], here->place);
    uint32_t most = 0;
    for (int32_t w = 0, n = 0; w < m->n_visits; w++) {
        if (w == v)
            continue;
        uint32_t distance = here->place != CR_NONE ? apart(&legs, here, &m->starts[w]) : UNREACHED;
        most = distance > most && distance < CR_NO_WAY ? distance : most;
        nb->all[n++] = (near_visit)distance << 32 | (uint32_t)w;
    }
    nb->shift = 0;
    while (most >> nb->shift >= DRAWERS)
        nb->shift++;
}

/* The n_near visits nearest to v to the front of `sorted`: only drawers as far as the last of them are filled. */
static void find_nearest(const model *m, int32_t v, neighbourhood *nb)
{
    int32_t n = m->n_visits - 1, last = 0, *first = nb->first;
    list_others(m, v, nb);
    memset(nb->first, 0, sizeof nb->first);
    for (int32_t k = 0; k < n; k++)
        first[drawer_of(nb, nb->all[k]) + 1]++;
    for (int32_t d = 0; d <= DRAWERS; d++) {
        first[d + 1] += first[d];
        last = first[d] < m->n_near ? d : last;
    }
    for (int32_t k = 0; k < n; k++) {
        int32_t d = drawer_of(nb, nb->all[k]);
        if (d <= last)
            nb->sorted[first[d]++] = nb->all[k];
    }
    for (int32_t d = 0, from = 0; d <= last; from = first[d++]) /* each now begins where the next did */
        sort_near(nb->sorted + from, first[d] - from);
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
    neighbourhood nb = {malloc((size_t)n * sizeof *nb.all), malloc((size_t)n * sizeof *nb.sorted)};
    bool has_room = m->near && nb.all && nb.sorted;
    for (int32_t v = 0; has_room && v < n; v++) {
        int32_t *to = m->near + (size_t)v * (size_t)m->n_near;
        find_nearest(m, v, &nb);
        for (int32_t i = 0; i < m->n_near; i++)
            to[i] = nb.sorted[i] >> 32 < UNREACHED ? (int32_t)(uint32_t)nb.sorted[i] : CR_NONE;
    }
    free(nb.all);
    free(nb.sorted);
    return has_room ? CR_OK : CR_E_NOMEM;
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
    if ((st = compile_candidates(m)) || (st = compile_alike(m)) || (st = compile_usual(m)) || (st = compile_near(m)))
        return st;
    return compile_near_slots(m);
}
