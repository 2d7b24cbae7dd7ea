/* Compiling a problem for the search. */
#include "model.h"

#include "breaks.h"
#include "contracts.h"
#include "cost.h"
#include "crews.h"
#include "days.h"
#include "goods.h"
#include "halves.h"
#include "likely.h"
#include "shared.h"
#include "spread.h"

#include <stdlib.h>
#include <string.h>

model *model_free(model *m)
{
    if (m) {
        for (int32_t k = 0; k < CR_MODES_MAX; k++) {
            free(m->legs[k]);
            free(m->into[k]);
            free(m->times[k]);
            free(m->metres[k]);
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
        free(m->met_at_address);
        free(m->met_pool);
        free(m->provider_of);
        free(m->history_first);
        free(m->has_shift);
        free(m->is_held);
        free(m->later_dues);
        free(m->both_gaps);
        free(m->goods);
        free(m->rooms);
        free(m->put_down_at);
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

/* All tables of a mode side by side, where they differ; a way that one of them does not have, none has. */
static cr_status compile_tables(model *m, int32_t mode)
{
    const cr_problem *p = m->p;
    bool is_one = true;
    for (int32_t t = 1; t < CR_TABLES_MAX; t++) /* also one that no period names may cut a way off */
        is_one = is_one && !p->tables[mode][t];
    if (p->n_periods == 0 || is_one)
        return CR_OK;
    size_t row = (size_t)p->n_places + 1, n_tables = (size_t)m->day.n_tables;
    m->times[mode] = room_for(row * row * n_tables, sizeof(int32_t));
    m->metres[mode] = room_for(row * row * n_tables, sizeof(int32_t));
    m->has_periods = true;
    if (!m->times[mode] || !m->metres[mode])
        return CR_E_NOMEM;
    for (int32_t i = 0; i < p->n_places; i++)
        for (int32_t j = 0; j < p->n_places; j++) {
            int32_t time[CR_TABLES_MAX];
            size_t at = ((size_t)i + 1) * row + (size_t)j + 1;
            travel_times(p, mode, i, j, time);
            m->legs[mode][at].time = time[0];
            for (size_t t = 0; t < n_tables; t++) {
                const cr_matrix *own = t > 0 && p->tables[mode][t] ? p->tables[mode][t] : p->matrix[mode];
                m->times[mode][at * n_tables + t] = time[t];
                m->metres[mode][at * n_tables + t] = cr_matrix_dist_m(own, i, j);
            }
        }
    return CR_OK;
}

static cr_status compile_legs(model *m)
{
    const cr_problem *p = m->p;
    bool used[CR_MODES_MAX] = {false};
    for (int32_t r = 0; r < p->n_shifts; r++)
        used[p->shifts[r].mode] = true;
    size_t row = (size_t)p->n_places + 1;
    m->day = travel_day_of(p);
    for (int32_t mode = 0; mode < p->n_modes; mode++) {
        if (!used[mode])
            continue;
        if (!(m->legs[mode] = legs_of_mode(p, mode)))
            return CR_E_NOMEM;
        cr_status st = compile_tables(m, mode);
        if (st)
            return st;
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
    shift->times = m->times[mode];
    shift->metres = m->metres[mode];
    shift->into = m->into[mode] ? m->into[mode] : m->legs[mode];
    shift->into_row = is_turned ? row : 1;
    shift->into_step = is_turned ? 1 : row;
}

/* ---- who may do what ---- */

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
                price = 0;
                for (int32_t t = 0; t < CR_TERM_N; t++)
                    price += terms.term[t];
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
                       .same_provider = visit->same_provider,
                       .is_anywhere = visit->is_anywhere,
                       .coupled = visit->slots.n > 1};
    m->has_same_provider = m->has_same_provider || visit->same_provider;
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

/* The lengths again, but for slots where the carer may sleep, or stands by. */
static bool compile_work(model *m)
{
    bool differs = false;
    for (int32_t s = 0; s < m->n_slots; s++)
        differs = differs || m->p->slots[s].sleeps || m->p->slots[s].stay > 0;
    if (!differs)
        return true;
    size_t n = (size_t)n_length_rows(m->p) * (size_t)m->n_stops;
    m->work = room_for(n, sizeof *m->work);
    for (size_t i = 0; m->work && i < n; i++) {
        int32_t stop = (int32_t)(i % (size_t)m->n_stops);
        bool is_slot = stop < m->n_slots;
        m->work[i] = is_slot && m->p->slots[stop].sleeps ? 0 : m->length[i] - (is_slot ? m->p->slots[stop].stay : 0);
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
            length[s] += p->slots[s].stay;
        }
        for (int32_t b = 0; b < p->n_breaks; b++)
            length[m->n_slots + b] = p->breaks[b].length + p->breaks[b].stay;
    }
}

static cr_status compile_held(model *m)
{
    const cr_problem *p = m->p;
    if (p->n_held == 0)
        return CR_OK;
    m->is_held = room_for((size_t)m->n_visits, sizeof *m->is_held);
    for (int32_t i = 0; m->is_held && i < p->n_held; i++)
        if (p->held[i].slot != CR_NONE)
            m->is_held[p->slots[p->held[i].slot].visit] = true;
    return m->is_held ? CR_OK : CR_E_NOMEM;
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
        const cr_range windows = p->breaks[b].windows;
        m->starts[m->n_visits + b] = (model_start){.lo = p->breaks[b].open,
                                                   .hi = p->breaks[b].close,
                                                   .place = CR_NONE,
                                                   .windows = windows.n > 0 ? p->windows + windows.first : NULL,
                                                   .n_windows = windows.n > 0 ? windows.n : 1};
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
            m->has_same_provider = m->has_same_provider || gap->same_provider;
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
        if (!breaks_are_alike(p, x, y) || x->paid != y->paid)
            return false;
    }
    return true;
}

static bool same_rooms(const cr_problem *p, const cr_shift *a, const cr_shift *b)
{
    if (a->rooms.n != b->rooms.n)
        return false;
    for (int32_t i = 0; i < a->rooms.n; i++) {
        const cr_room *x = &p->rooms[a->rooms.first + i], *y = &p->rooms[b->rooms.first + i];
        if (x->kind != y->kind || x->most != y->most)
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
        x->max_load != y->max_load || x->max_travel != y->max_travel || x->max_dist_m != y->max_dist_m ||
        x->paid_end != y->paid_end || x->overrun_price != y->overrun_price || x->held.n > 0 || y->held.n > 0 ||
        x->crew != CR_NONE || y->crew != CR_NONE || x->is_over != y->is_over ||
        x->leaves_at_begin != y->leaves_at_begin || x->use_price != y->use_price || !same_breaks(p, x, y) ||
        ((m->has_contracts || m->has_same_provider) && cx->provider != cy->provider) ||
        cx->wage_price != cy->wage_price || distance_price(p, x) != distance_price(p, y) || cx->max_work != CR_NONE ||
        cy->max_work != CR_NONE || cx->max_day_work != CR_NONE || cy->max_day_work != CR_NONE || has_priced_hours(cx) ||
        has_priced_hours(cy) || length_row(m, x->carer) != length_row(m, y->carer))
        return false;
    if (!same_rooms(p, x, y))
        return false;
    for (int32_t s = 0; s < m->n_slots; s++) {
        const int64_t *costs = m->slot_cost + (size_t)s * (size_t)m->n_carers;
        if (costs[x->carer] != costs[y->carer])
            return false;
    }
    return true;
}

/* Of who rides along metres are not counted. */
static bool has_way_limits(const cr_shift *shift)
{
    return shift->max_travel != CR_NONE || (shift->max_dist_m != CR_NONE && !shift->rides);
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
                                     .n_held = shift->held.n,
                                     .is_over = shift->is_over,
                                     .overrun = shift->paid_end != CR_FREE ? shift->overrun_price : 0,
                                     .carer = shift->carer,
                                     .max_load = shift->max_load == CR_NONE ? INT32_MAX : shift->max_load,
                                     .has_way_limits = has_way_limits(shift),
                                     .contract = m->has_contracts ? p->carers[shift->carer].provider : CR_NONE,
                                     .twin = r,
                                     .travel_rate = p->prices.travel + wage,
                                     .dist_rate = distance_price(p, shift),
                                     .crew = CR_NONE,
                                     .wage = wage,
                                     .waiting_rate = p->prices.waiting + wage,
                                     .use_price = shift->use_price + wage * paid_rest};
        point_to_legs(m, &m->shifts[r], shift->mode);
        m->has_max_work = m->has_max_work || p->carers[shift->carer].max_work != CR_NONE;
        m->has_way_limits = m->has_way_limits || m->shifts[r].has_way_limits;
        for (int32_t q = 0; q < r && n_shifts_of[shift->carer] == 1; q++)
            if (m->shifts[q].twin == q && n_shifts_of[p->shifts[q].carer] == 1 && are_twins(m, r, q)) {
                m->shifts[r].twin = q;
                m->has_twins =
                    m->has_twins || (shift->breaks.n == 0 && !m->shifts[r].times && m->n_placed == m->n_slots);
                break;
            }
    }
    free(n_shifts_of);
    crews_compile(m);
    return CR_OK;
}

/* ---- all of it ---- */

/* Who waits from when her shift begins waits least, and is back soonest, if all start as early as they can. Behind a
 * break, or time held back, a visit put in before it changes the way too: such days are priced otherwise. */
static bool earliest_wait_least(const model *m)
{
    bool is_plain =
        m->p->n_breaks == 0 && m->n_placed == m->n_slots && !m->has_periods && !m->has_idle && !m->work && !m->is_held;
    for (int32_t r = 0; r < m->n_shifts; r++)
        is_plain = is_plain && (m->shifts[r].leaves_at_begin || !m->shifts[r].waiting_rate);
    return is_plain;
}

static void choose_timing(model *m)
{
    bool late = m->p->prices.worst_lateness > 0, early = m->has_idle, waiting = false;
    for (int32_t v = 0; v < m->n_visits; v++) {
        late = late || m->starts[v].late || m->starts[v].lateness;
        early = early || m->starts[v].early || m->starts[v].moved;
    }
    for (int32_t r = 0; r < m->n_shifts; r++)
        waiting = waiting || m->shifts[r].waiting_rate || m->shifts[r].overrun;
    m->has_earliest_waiting = waiting && !early && earliest_wait_least(m);
    early = early || (waiting && !m->has_earliest_waiting);
    m->timing = early ? TIMING_PRICED : late || waiting ? TIMING_EARLIEST : TIMING_FREE;
}

/* The typical price and length of a leg between neighbours. */
static void compile_mean_leg(model *m)
{
    m->mean_leg_cost = 1;
    if (m->n_near == 0)
        return;
    double sum = 0, ticks = 0;
    int64_t n = 0;
    const model_shift *shift = &m->shifts[0];
    for (int32_t v = 0; v < m->n_visits; v++)
        for (int32_t k = 0; k < m->n_near && k < 5; k++) {
            int32_t w = m->near[(size_t)v * (size_t)m->n_near + (size_t)k];
            if (w == CR_NONE || m->starts[v].place == CR_NONE)
                break;
            const leg *l = leg_of(m, shift, m->starts[v].place, m->starts[w].place);
            sum += (double)shift->travel_rate * l->time + (double)shift->dist_rate * l->dist_m;
            ticks += l->time;
            n++;
        }
    m->mean_leg_cost = n && sum > 0 ? sum / (double)n : 1;
    m->mean_leg_ticks = n ? ticks / (double)n : 0;
}

static int32_t count_placed(const cr_problem *p)
{
    int32_t v = 0;
    while (v < p->n_visits && !p->visits[v].is_anywhere)
        v++;
    return v < p->n_visits ? p->visits[v].slots.first : p->n_slots;
}

cr_status model_new(const cr_problem *p, model **ret_model)
{
    cr_auto(model) m = room_for(1, sizeof *m);
    if (!m)
        return CR_E_NOMEM;
    m->p = p;
    m->n_slots = p->n_slots;
    m->n_placed = count_placed(p);
    m->n_stops = p->n_slots + p->n_breaks;
    m->n_visits = p->n_visits;
    m->n_starts = p->n_visits + p->n_breaks;
    m->n_shifts = p->n_shifts;
    m->n_carers = p->n_carers;
    m->n_places = p->n_places;
    m->has_worst = p->prices.worst_lateness > 0;
    spread_compile(m);
    contracts_compile(m);
    cr_status st;
    if ((st = compile_legs(m)) || (st = compile_slot_costs(m)) || (st = compile_stops(m)) || (st = compile_held(m)) ||
        (st = compile_gaps(m)) || (st = shared_compile(m)) || (st = halves_compile(m)) || (st = compile_shifts(m)) ||
        (st = days_compile(m)) || (st = goods_compile(m)) || (st = likely_compile(m)))
        return st;
    m->has_limits = m->has_max_work || m->has_days || m->has_way_limits;
    choose_timing(m);
    compile_mean_leg(m);
    *ret_model = model_take(&m);
    return CR_OK;
}
