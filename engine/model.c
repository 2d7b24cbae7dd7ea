/* Compiling a problem for the search. */
#include "model.h"

#include "cost.h"
#include "days.h"
#include "halves.h"
#include "shared.h"
#include "spread.h"

#include <stdlib.h>
#include <string.h>

#define NEAR_MOST       256
#define LARGE           2000 /* visits; from here on memory and time count */
#define NEAR_MOST_LARGE 96
#define USUAL_MOST      8 /* shifts of a slot */

model *model_free(model *m)
{
    if (m) {
        for (int32_t k = 0; k < CR_MODES_MAX; k++) {
            free(m->legs[k]);
            free(m->into[k]);
        }
        free(m->shifts);
        free(m->starts);
        free(m->start_of);
        free(m->length);
        free(m->work);
        free(m->slot_cost);
        free(m->candidates);
        free(m->candidate_pool);
        free(m->usual);
        free(m->usual_pool);
        free(m->links_out);
        free(m->links_in);
        free(m->link_pool);
        free(m->gaps_of);
        free(m->gap_pool);
        free(m->near);
        free(m->near_pool);
        free(m->slots_of_client);
        free(m->client_slots);
        free(m->provider_of);
        free(m->history_first);
        free(m->has_shift);
        free(m->later_dues);
        free(m->both_gaps);
        free(m->near_slots);
        free(m);
    }
    return NULL;
}

static void *room_for(size_t n, size_t size)
{
    return calloc(n ? n : 1, size);
}

/* ---- travel ---- */

#define TURNED_MOST 4000 /* places; above, a second table costs more memory than the time it saves is worth */

/* The table with a row and a column of nothing in front. */
static leg *legs_of_mode(const cr_problem *p, int32_t mode)
{
    size_t row = (size_t)p->n_places + 1;
    leg *legs = room_for(row * row, sizeof(leg));
    for (int32_t i = 0; legs && i < p->n_places; i++)
        for (int32_t j = 0; j < p->n_places; j++)
            legs[((size_t)i + 1) * row + (size_t)j + 1] =
                (leg){cr_matrix_time(p->matrix[mode], i, j), cr_matrix_dist_m(p->matrix[mode], i, j)};
    return legs;
}

static bool are_alike_both_ways(const leg *legs, size_t row)
{
    for (size_t i = 1; i < row; i++)
        for (size_t j = 1; j < i; j++)
            if (legs[i * row + j].time != legs[j * row + i].time ||
                legs[i * row + j].dist_m != legs[j * row + i].dist_m)
                return false;
    return true;
}

static leg *turned_over(const leg *legs, size_t row)
{
    leg *into = room_for(row * row, sizeof(leg));
    for (size_t i = 0; into && i < row; i++)
        for (size_t j = 0; j < row; j++)
            into[i * row + j] = legs[j * row + i];
    return into;
}

static cr_status compile_legs(model *m)
{
    const cr_problem *p = m->p;
    bool used[CR_MODES_MAX] = {false};
    for (int32_t r = 0; r < p->n_shifts; r++)
        used[p->shifts[r].mode] = true;
    size_t row = (size_t)p->n_places + 1;
    for (int32_t mode = 0; mode < p->n_modes; mode++) {
        if (!used[mode])
            continue;
        if (!(m->legs[mode] = legs_of_mode(p, mode)))
            return CR_E_NOMEM;
        m->is_alike[mode] = are_alike_both_ways(m->legs[mode], row);
        if (!m->is_alike[mode] && p->n_places <= TURNED_MOST && !(m->into[mode] = turned_over(m->legs[mode], row)))
            return CR_E_NOMEM;
    }
    return CR_OK;
}

/* The legs that end at a place stand in a row where they can. */
static void point_to_legs(const model *m, model_shift *shift, int32_t mode)
{
    size_t row = (size_t)m->n_places + 1;
    bool is_turned = m->is_alike[mode] || m->into[mode];
    shift->legs = m->legs[mode];
    shift->into = m->into[mode] ? m->into[mode] : m->legs[mode];
    shift->into_row = is_turned ? row : 1;
    shift->into_step = is_turned ? 1 : row;
}

/* ---- who may do what ---- */

static bool has_skill(const cr_problem *p, cr_range had, cr_skill needed)
{
    for (int32_t i = 0; i < had.n; i++) {
        cr_skill s = p->skills[had.first + i];
        if (s.skill == needed.skill && s.level >= needed.level)
            return true;
    }
    return false;
}

static bool has_id(const cr_problem *p, cr_range had, int32_t id)
{
    for (int32_t i = 0; i < had.n; i++)
        if (p->ids[had.first + i] == id)
            return true;
    return false;
}

bool model_may_come(const cr_problem *p, int32_t s, int32_t carer)
{
    const cr_slot *slot = &p->slots[s];
    if (slot->locked_carer != CR_NONE && slot->locked_carer != carer)
        return false;
    if (has_id(p, p->visits[slot->visit].forbidden, carer) ||
        (p->carers[carer].keeps_patches && !(slot->accepted & CR_ACCEPT_PATCH) &&
         is_off_patch(p, &p->visits[slot->visit], carer)))
        return false;
    for (int32_t i = 0; i < slot->skills.n && !(slot->accepted & CR_ACCEPT_SKILL); i++)
        if (!has_skill(p, p->carers[carer].skills, p->skills[slot->skills.first + i]))
            return false;
    for (int32_t i = 0; i < slot->attributes.n && !(slot->accepted & CR_ACCEPT_ATTRIBUTE); i++)
        if (!has_id(p, p->carers[carer].attributes, p->ids[slot->attributes.first + i]))
            return false;
    return true;
}

static cr_status compile_slot_costs(model *m)
{
    const cr_problem *p = m->p;
    m->slot_cost = room_for((size_t)m->n_slots * (size_t)m->n_carers, sizeof *m->slot_cost);
    if (!m->slot_cost)
        return CR_E_NOMEM;
    for (int32_t s = 0; s < m->n_slots; s++)
        for (int32_t c = 0; c < m->n_carers; c++) {
            int64_t price = COST_NEVER;
            if (model_may_come(p, s, c)) {
                cr_cost terms = {0};
                slot_terms(p, s, c, &terms);
                price = terms.term[CR_TERM_WAGES] + terms.term[CR_TERM_CONTINUITY] + terms.term[CR_TERM_PREFERENCE] +
                        terms.term[CR_TERM_PATCH] + terms.term[CR_TERM_CHANGES];
            }
            m->slot_cost[(size_t)s * (size_t)m->n_carers + (size_t)c] = price;
        }
    return CR_OK;
}

/* ---- starts and stops ---- */

static int32_t longest_slot(const cr_problem *p, int32_t v)
{
    int32_t longest = 0;
    for (int32_t i = 0; i < p->visits[v].slots.n; i++) {
        int32_t duration = p->slots[p->visits[v].slots.first + i].duration;
        longest = duration > longest ? duration : longest;
    }
    return longest;
}

/* Where ends count, each slot has a due start of its own: the longest comes first. */
static void compile_dues(model *m, int32_t v)
{
    const cr_problem *p = m->p;
    const cr_visit *visit = &p->visits[v];
    model_start *s = &m->starts[v];
    s->later_dues = (cr_range){m->n_later_dues, 0};
    if (visit->due == CR_FREE || !visit->late_by_end)
        return;
    int32_t longest = longest_slot(p, v);
    s->due -= longest;
    s->lateness = 0;
    for (int32_t i = visit->slots.first; i < visit->slots.first + visit->slots.n; i++) {
        if (p->slots[i].duration == longest) {
            s->lateness += visit->lateness_price;
        } else {
            m->later_dues[m->n_later_dues++] = (model_due){visit->due - p->slots[i].duration, visit->lateness_price};
            s->later_dues.n++;
        }
    }
}

static void compile_start(model *m, int32_t v)
{
    const cr_problem *p = m->p;
    const cr_visit *visit = &p->visits[v];
    const cr_window *windows = p->windows + visit->windows.first;
    model_start *s = &m->starts[v];
    *s = (model_start){.lo = windows[0].open,
                       .hi = windows[visit->windows.n - 1].close,
                       .place = visit->place,
                       .door = visit->door,
                       .load = visit->load,
                       .windows = windows,
                       .n_windows = visit->windows.n,
                       .prefer_open = visit->prefer_open,
                       .prefer_close = visit->prefer_close,
                       .due = visit->due,
                       .early = visit->prefer_open != CR_FREE ? visit->early_price : 0,
                       .late = visit->prefer_close != CR_FREE ? visit->late_price : 0,
                       .lateness = visit->due != CR_FREE ? visit->lateness_price * visit->slots.n : 0,
                       .coupled = visit->slots.n > 1};
    if (visit->locked_start != CR_FREE) {
        s->lo = s->hi = visit->locked_start;
        s->n_windows = 1;
    }
    compile_dues(m, v);
    if (visit->published_start != CR_FREE) {
        s->moved = p->prices.moved;
        s->moved_open = visit->published_start - p->prices.moved_free;
        s->moved_close = visit->published_start + p->prices.moved_free;
    }
    s->priced = s->early || s->late || s->lateness || s->moved || (s->due != CR_FREE && p->prices.worst_lateness);
    s->tracked = s->coupled || s->priced;
    m->has_doors = m->has_doors || s->door > 0;
}

/* Rows of lengths: one for carers without a grade and, where durations depend on it, one for each grade. */
static int32_t n_length_rows(const cr_problem *p)
{
    int32_t n = 1;
    for (int32_t c = 0; p->n_durations > 0 && c < p->n_carers; c++)
        n = p->carers[c].grade + 2 > n ? p->carers[c].grade + 2 : n;
    return n;
}

static size_t row_of_carer(const model *m, int32_t carer)
{
    size_t row = m->p->n_durations > 0 ? (size_t)(m->p->carers[carer].grade + 1) : 0;
    return row * (size_t)m->n_stops;
}

static const int32_t *length_row(const model *m, int32_t carer)
{
    return m->length + row_of_carer(m, carer);
}

static const int32_t *work_row(const model *m, int32_t carer)
{
    return (m->work ? m->work : m->length) + row_of_carer(m, carer);
}

/* The lengths again, but for slots where the carer may sleep. */
static bool compile_work(model *m)
{
    bool any_sleeps = false;
    for (int32_t s = 0; s < m->n_slots; s++)
        any_sleeps = any_sleeps || m->p->slots[s].sleeps;
    if (!any_sleeps)
        return true;
    size_t n = (size_t)n_length_rows(m->p) * (size_t)m->n_stops;
    m->work = room_for(n, sizeof *m->work);
    for (size_t i = 0; m->work && i < n; i++) {
        int32_t stop = (int32_t)(i % (size_t)m->n_stops);
        m->work[i] = stop < m->n_slots && m->p->slots[stop].sleeps ? 0 : m->length[i];
    }
    return m->work != NULL;
}

static void compile_lengths(model *m)
{
    const cr_problem *p = m->p;
    for (int32_t row = 0, n = n_length_rows(p); row < n; row++) {
        int32_t *length = m->length + (size_t)row * (size_t)m->n_stops;
        for (int32_t s = 0; s < m->n_slots; s++) {
            const cr_range by_grade = p->slots[s].by_grade;
            length[s] = p->slots[s].duration;
            for (int32_t i = 0; i < by_grade.n; i++)
                if (p->durations[by_grade.first + i].grade == row - 1)
                    length[s] = p->durations[by_grade.first + i].duration;
        }
        for (int32_t b = 0; b < p->n_breaks; b++)
            length[m->n_slots + b] = p->breaks[b].length;
    }
}

static cr_status compile_stops(model *m)
{
    const cr_problem *p = m->p;
    m->starts = room_for((size_t)m->n_starts, sizeof *m->starts);
    m->start_of = room_for((size_t)m->n_stops, sizeof *m->start_of);
    m->length = room_for((size_t)n_length_rows(p) * (size_t)m->n_stops, sizeof *m->length);
    m->later_dues = room_for((size_t)m->n_slots, sizeof *m->later_dues);
    if (!m->starts || !m->start_of || !m->length || !m->later_dues)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < m->n_visits; v++)
        compile_start(m, v);
    compile_lengths(m);
    if (!compile_work(m))
        return CR_E_NOMEM;
    for (int32_t s = 0; s < m->n_slots; s++)
        m->start_of[s] = p->slots[s].visit;
    for (int32_t b = 0; b < p->n_breaks; b++) {
        m->start_of[m->n_slots + b] = m->n_visits + b;
        m->starts[m->n_visits + b] =
            (model_start){.lo = p->breaks[b].open, .hi = p->breaks[b].close, .place = CR_NONE, .n_windows = 1};
    }
    return CR_OK;
}

/* ---- gaps ---- */

typedef struct arc {
    int32_t from, to, distance;
    bool is_most;
} arc;

/* Arcs of one gap; returns how many. */
static int32_t arcs_of(const cr_problem *p, const cr_gap *gap, arc arcs[2])
{
    int32_t n = 0, from = gap->from == CR_GAP_END_TO_START ? longest_slot(p, gap->first) : 0;
    if (gap->min != CR_FREE)
        arcs[n++] = (arc){gap->first, gap->second, from + gap->min, from + gap->min < 0};
    if (gap->max != CR_FREE)
        arcs[n++] = (arc){gap->second, gap->first, -from - gap->max, true};
    return n;
}

static void ranges_from_counts(cr_range *ranges, int32_t n, int32_t *at)
{
    for (int32_t i = 0; i < n; i++) {
        ranges[i].first = *at;
        *at += ranges[i].n;
        ranges[i].n = 0;
    }
}

static cr_status compile_gaps(model *m)
{
    const cr_problem *p = m->p;
    size_t n_visits = (size_t)m->n_visits, n_gaps = (size_t)p->n_gaps;
    m->links_out = room_for(n_visits, sizeof *m->links_out);
    m->links_in = room_for(n_visits, sizeof *m->links_in);
    m->gaps_of = room_for(n_visits, sizeof *m->gaps_of);
    m->link_pool = room_for(4 * n_gaps, sizeof *m->link_pool);
    m->gap_pool = room_for(2 * n_gaps, sizeof *m->gap_pool);
    if (!m->links_out || !m->links_in || !m->gaps_of || !m->link_pool || !m->gap_pool)
        return CR_E_NOMEM;
    /* Two passes: count, then fill. */
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t g = 0; g < p->n_gaps; g++) {
            const cr_gap *gap = &p->gaps[g];
            const int32_t ends[2] = {gap->first, gap->second};
            for (int k = 0; k < 2; k++) {
                cr_range *range = &m->gaps_of[ends[k]];
                if (pass)
                    m->gap_pool[range->first + range->n] = g;
                range->n++;
                m->starts[ends[k]].coupled = m->starts[ends[k]].tracked = true;
            }
            arc arcs[2];
            int32_t n = arcs_of(p, gap, arcs);
            for (int32_t k = 0; k < n; k++) {
                cr_range *out = &m->links_out[arcs[k].from], *in = &m->links_in[arcs[k].to];
                if (pass) {
                    m->link_pool[out->first + out->n] = (model_link){arcs[k].to, arcs[k].distance, arcs[k].is_most};
                    m->link_pool[in->first + in->n] = (model_link){arcs[k].from, arcs[k].distance, arcs[k].is_most};
                }
                out->n++;
                in->n++;
                m->has_most_gaps = m->has_most_gaps || arcs[k].is_most;
            }
        }
        if (!pass) {
            int32_t at = 0, at_gap = 0;
            ranges_from_counts(m->links_out, m->n_visits, &at);
            ranges_from_counts(m->links_in, m->n_visits, &at);
            ranges_from_counts(m->gaps_of, m->n_visits, &at_gap);
        }
    }
    return CR_OK;
}

/* ---- shifts ---- */

static bool same_breaks(const cr_problem *p, const cr_shift *a, const cr_shift *b)
{
    if (a->breaks.n != b->breaks.n)
        return false;
    for (int32_t i = 0; i < a->breaks.n; i++) {
        const cr_break *x = &p->breaks[a->breaks.first + i], *y = &p->breaks[b->breaks.first + i];
        if (x->open != y->open || x->close != y->close || x->length != y->length || x->paid != y->paid)
            return false;
    }
    return true;
}

/* Alike for every visit there is: then two empty rounds are the same, and one need not be tried after the other. Carers
 * with a limit or a price over all their work are never alike, nor where it counts who else comes to a client. */
static bool are_twins(const model *m, int32_t a, int32_t b)
{
    const cr_problem *p = m->p;
    const cr_shift *x = &p->shifts[a], *y = &p->shifts[b];
    const cr_carer *cx = &p->carers[x->carer], *cy = &p->carers[y->carer];
    if (m->has_company || m->has_spread || x->carer == y->carer || x->begin != y->begin || x->end != y->end ||
        x->start_place != y->start_place || x->end_place != y->end_place || x->mode != y->mode ||
        x->max_load != y->max_load || x->paid_end != y->paid_end || x->overrun_price != y->overrun_price ||
        x->leaves_at_begin != y->leaves_at_begin || x->use_price != y->use_price || !same_breaks(p, x, y) ||
        cx->wage_price != cy->wage_price || cx->max_work != CR_NONE || cy->max_work != CR_NONE ||
        cx->max_day_work != CR_NONE || cy->max_day_work != CR_NONE || has_priced_hours(cx) || has_priced_hours(cy) ||
        length_row(m, x->carer) != length_row(m, y->carer))
        return false;
    for (int32_t s = 0; s < m->n_slots; s++) {
        const int64_t *costs = m->slot_cost + (size_t)s * (size_t)m->n_carers;
        if (costs[x->carer] != costs[y->carer])
            return false;
    }
    return true;
}

static cr_status compile_shifts(model *m)
{
    const cr_problem *p = m->p;
    m->shifts = room_for((size_t)m->n_shifts, sizeof *m->shifts);
    m->has_shift = room_for((size_t)m->n_carers, sizeof *m->has_shift);
    int32_t *n_shifts_of = room_for((size_t)m->n_carers, sizeof *n_shifts_of);
    if (!m->shifts || !m->has_shift || !n_shifts_of) {
        free(n_shifts_of);
        return CR_E_NOMEM;
    }
    for (int32_t r = 0; r < m->n_shifts; r++)
        n_shifts_of[p->shifts[r].carer]++;
    for (int32_t r = 0; r < m->n_shifts; r++) {
        const cr_shift *shift = &p->shifts[r];
        int64_t wage = p->carers[shift->carer].wage_price, paid_rest = 0;
        int32_t rest = 0;
        for (int32_t i = 0; i < shift->breaks.n; i++) {
            paid_rest += p->breaks[shift->breaks.first + i].paid ? p->breaks[shift->breaks.first + i].length : 0;
            rest += p->breaks[shift->breaks.first + i].length;
        }
        m->has_shift[shift->carer] = true;
        m->shifts[r] = (model_shift){.length = length_row(m, shift->carer),
                                     .work = work_row(m, shift->carer),
                                     .begin = shift->begin,
                                     .end = shift->end,
                                     .start_place = shift->start_place,
                                     .end_place = shift->end_place,
                                     .paid_end = shift->paid_end != CR_FREE ? shift->paid_end : shift->end,
                                     .rest = rest,
                                     .leaves_at_begin = shift->leaves_at_begin,
                                     .overrun = shift->paid_end != CR_FREE ? shift->overrun_price : 0,
                                     .carer = shift->carer,
                                     .max_load = shift->max_load == CR_NONE ? INT32_MAX : shift->max_load,
                                     .twin = r,
                                     .travel_rate = p->prices.travel + wage,
                                     .dist_rate = p->prices.distance[shift->mode],
                                     .wage = wage,
                                     .waiting_rate = p->prices.waiting + wage,
                                     .use_price = shift->use_price + wage * paid_rest};
        point_to_legs(m, &m->shifts[r], shift->mode);
        m->has_max_work = m->has_max_work || p->carers[shift->carer].max_work != CR_NONE;
        for (int32_t q = 0; q < r && n_shifts_of[shift->carer] == 1; q++)
            if (m->shifts[q].twin == q && n_shifts_of[p->shifts[q].carer] == 1 && are_twins(m, r, q)) {
                m->shifts[r].twin = q;
                break;
            }
    }
    free(n_shifts_of);
    return CR_OK;
}

/* Could shift r ever take slot s? Necessary only. The way there is not looked at: it may lead by another visit. */
static bool could_take(const model *m, int32_t r, int32_t s)
{
    const model_shift *shift = &m->shifts[r];
    const model_start *start = &m->starts[m->start_of[s]];
    if (start->place == CR_NONE || m->slot_cost[(size_t)s * (size_t)m->n_carers + (size_t)shift->carer] == COST_NEVER)
        return false;
    int32_t first = shift->begin > start->lo ? shift->begin : start->lo;
    int32_t last = shift->end - shift->length[s] < start->hi ? shift->end - shift->length[s] : start->hi;
    return first <= last && start->load <= shift->max_load;
}

static cr_status compile_candidates(model *m)
{
    m->candidates = room_for((size_t)m->n_slots, sizeof *m->candidates);
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
    int32_t place = m->starts[m->start_of[s]].place;
    const leg *in = leg_of(m, shift, shift->start_place, place), *out = leg_of(m, shift, place, shift->end_place);
    return m->slot_cost[(size_t)s * (size_t)m->n_carers + (size_t)shift->carer] +
           shift->travel_rate * ((int64_t)in->time + out->time) +
           shift->dist_rate * ((int64_t)in->dist_m + out->dist_m);
}

static cr_status compile_usual(model *m)
{
    m->usual = room_for((size_t)m->n_slots, sizeof *m->usual);
    m->usual_pool = room_for((size_t)m->n_slots * USUAL_MOST, sizeof *m->usual_pool);
    bool *has_twin = room_for((size_t)m->n_shifts, sizeof *has_twin);
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

/* ---- which visits are near each other ---- */

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
    m->near = room_for((size_t)n * (size_t)m->n_near, sizeof *m->near);
    near_visit *others = room_for((size_t)n, sizeof *others);
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
    m->near_slots = room_for((size_t)m->n_visits * NEAR_SLOTS, sizeof *m->near_slots);
    if (!m->near_slots)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < m->n_visits; v++) {
        const int32_t *near = m->near + (size_t)v * (size_t)m->n_near;
        int32_t *to = m->near_slots + (size_t)v * NEAR_SLOTS, n = 0;
        for (int32_t k = 0; k < m->n_near && near[k] != CR_NONE; k++) {
            const cr_range slots = m->p->visits[near[k]].slots;
            for (int32_t i = 0; i < slots.n && n < NEAR_SLOTS; i++)
                to[n++] = slots.first + i;
        }
        while (n < NEAR_SLOTS)
            to[n++] = CR_NONE;
    }
    return CR_OK;
}

/* ---- all of it ---- */

static model_timing timing_kind(const model *m)
{
    bool late = m->p->prices.worst_lateness > 0, early = false;
    for (int32_t v = 0; v < m->n_visits; v++) {
        late = late || m->starts[v].late || m->starts[v].lateness;
        early = early || m->starts[v].early || m->starts[v].moved;
    }
    for (int32_t r = 0; r < m->n_shifts; r++)
        early = early || m->shifts[r].waiting_rate || m->shifts[r].overrun || m->has_idle;
    return early ? TIMING_PRICED : late ? TIMING_EARLIEST : TIMING_FREE;
}

/* The typical price of a leg between neighbours. */
static double mean_leg_cost(const model *m)
{
    if (m->n_near == 0)
        return 1;
    double sum = 0;
    int64_t n = 0;
    const model_shift *shift = &m->shifts[0];
    for (int32_t v = 0; v < m->n_visits; v++)
        for (int32_t k = 0; k < m->n_near && k < 5; k++) {
            int32_t w = m->near[(size_t)v * (size_t)m->n_near + (size_t)k];
            if (w == CR_NONE || m->starts[v].place == CR_NONE)
                break;
            const leg *l = leg_of(m, shift, m->starts[v].place, m->starts[w].place);
            sum += (double)shift->travel_rate * l->time + (double)shift->dist_rate * l->dist_m;
            n++;
        }
    return n && sum > 0 ? sum / (double)n : 1;
}

cr_status model_new(const cr_problem *p, model **ret_model)
{
    cr_auto(model) m = room_for(1, sizeof *m);
    if (!m)
        return CR_E_NOMEM;
    m->p = p;
    m->n_slots = p->n_slots;
    m->n_stops = p->n_slots + p->n_breaks;
    m->n_visits = p->n_visits;
    m->n_starts = p->n_visits + p->n_breaks;
    m->n_shifts = p->n_shifts;
    m->n_carers = p->n_carers;
    m->n_places = p->n_places;
    m->has_worst = p->prices.worst_lateness > 0;
    spread_compile(m);
    cr_status st;
    if ((st = compile_legs(m)) || (st = compile_slot_costs(m)) || (st = compile_stops(m)) || (st = compile_gaps(m)) ||
        (st = shared_compile(m)) || (st = halves_compile(m)) || (st = compile_shifts(m)) || (st = days_compile(m)) ||
        (st = compile_candidates(m)) || (st = compile_usual(m)) || (st = compile_near(m)) ||
        (st = compile_near_slots(m)))
        return st;
    m->timing = timing_kind(m);
    m->mean_leg_cost = mean_leg_cost(m);
    *ret_model = model_take(&m);
    return CR_OK;
}
