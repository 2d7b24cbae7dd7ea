/* Shifts, compiled for the search, and which of them are twins: no use to try the second where the first is empty. */
#include "breaks.h"
#include "cost.h"
#include "crews.h"
#include "exchange.h"
#include "model_internal.h"
#include "swap_tails.h"

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
        has_priced_hours(cy) || model_length_row(m, x->carer) != model_length_row(m, y->carer))
        return false;
    if (!same_rooms(p, x, y))
        return false;
    for (int32_t s = 0; s < m->n_slots; s++)
        if (model_slot_price(m, s, x->carer) != model_slot_price(m, s, y->carer))
            return false;
    return true;
}

/* Of who rides along metres are not counted. */
static bool has_way_limits(const cr_shift *shift)
{
    return shift->max_travel != CR_NONE || (shift->max_dist_m != CR_NONE && !shift->rides);
}

cr_status model_compile_shifts(model *m)
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
        m->shifts[r] = (model_shift){.length = model_length_row(m, shift->carer),
                                     .work = model_work_row(m, shift->carer),
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
        model_point_to_legs(m, &m->shifts[r], shift->mode);
        m->has_max_work = m->has_max_work || p->carers[shift->carer].max_work != CR_NONE;
        m->has_way_limits = m->has_way_limits || m->shifts[r].has_way_limits;
        for (int32_t q = 0; q < r && n_shifts_of[shift->carer] == 1; q++)
            if (m->shifts[q].twin == q && n_shifts_of[p->shifts[q].carer] == 1 && are_twins(m, r, q)) {
                m->shifts[r].twin = q;
                break;
            }
    }
    free(n_shifts_of);
    crews_compile(m);
    swap_tails_compile(m);
    exchange_compile(m);
    return CR_OK;
}
