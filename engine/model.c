/* Compiling a problem for the search: see model_internal.h for the other parts. */
#include "model.h"

#include "contracts.h"
#include "cost.h"
#include "days.h"
#include "goods.h"
#include "halves.h"
#include "likely.h"
#include "model_internal.h"
#include "shared.h"
#include "spread.h"

#include <stdlib.h>

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
        free(m->prices.kind);
        free(m->prices.first);
        free(m->prices.of_kind);
        free(m->prices.whole);
        free(m->candidates);
        free(m->candidate_pool);
        free(m->alike);
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
        free(m->break_rooms);
        free(m->put_down_at);
        free(m->near_slots);
        free(m);
    }
    return NULL;
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

/* ---- starts and stops ---- */

int32_t model_longest_slot(const cr_problem *p, int32_t v)
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
    int32_t longest = model_longest_slot(p, v);
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

const int32_t *model_length_row(const model *m, int32_t carer)
{
    return m->length + row_of_carer(m, carer);
}

const int32_t *model_work_row(const model *m, int32_t carer)
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
    if ((st = model_compile_legs(m)) || (st = model_compile_prices(m)) || (st = compile_stops(m)) ||
        (st = compile_held(m)) || (st = model_compile_gaps(m)) || (st = shared_compile(m)) ||
        (st = halves_compile(m)) || (st = model_compile_shifts(m)) || (st = days_compile(m)) ||
        (st = goods_compile(m)) || (st = likely_compile(m)))
        return st;
    m->has_limits = m->has_max_work || m->has_days || m->has_way_limits;
    choose_timing(m);
    compile_mean_leg(m);
    *ret_model = model_take(&m);
    return CR_OK;
}
