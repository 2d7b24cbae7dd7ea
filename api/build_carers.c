/* Providers, carers and shifts into the problem. */
#include "building.h"

static int32_t wider(int32_t limit, int32_t by)
{
    return limit == CR_NONE ? CR_NONE : limit + by;
}

static int32_t least_limit(int32_t a, int32_t b)
{
    return a == CR_NONE || (b != CR_NONE && b < a) ? b : a;
}

cr_status building_add_providers(building *b)
{
    const day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->n_providers; i++) {
        const provider_record *from = &r->contracts[i];
        cr_provider provider = from->contract;
        st = cr_problem_add_length_prices(b->problem, from->by_length, from->n_lengths, &provider.by_length);
        if (!st)
            st = cr_problem_add_provider(b->problem, &provider);
    }
    return st;
}

static cr_status concede_to_carer(building *b, const carer_record *from, int32_t index, cr_carer *carer)
{
    const cr_carer strict = *carer;
    bool one_day = b->r->n_days <= 1;
    int32_t work = wider(from->max_work_s, from->more_work_s);
    int32_t week = wider(from->max_week_work_s, from->more_week_work_s);
    carer->max_work = one_day ? least_limit(work, week) : week;
    carer->max_day_work = one_day ? CR_NONE : work;
    carer->min_rest = carer->min_rest > from->less_rest_s ? carer->min_rest - from->less_rest_s : 0;
    cr_status st = CR_OK;
    if (carer->max_work != strict.max_work)
        st = concede(b, CR_CONCEDED_MAX_WORK, index, strict.max_work);
    if (!st && carer->max_day_work != strict.max_day_work)
        st = concede(b, CR_CONCEDED_MAX_DAY_WORK, index, strict.max_day_work);
    if (!st && carer->min_rest != strict.min_rest)
        st = concede(b, CR_CONCEDED_REST, index, strict.min_rest);
    return st;
}

cr_status building_add_carers(building *b)
{
    day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t c = 0; !st && c < r->n_carers; c++) {
        const carer_record *from = &r->carers[c];
        cr_carer carer = CR_CARER_INIT;
        carer.grade = from->grade;
        carer.keeps_patches = from->keeps_patches;
        carer.provider = from->provider;
        bool one_day = r->n_days <= 1;
        carer.max_work = one_day ? least_limit(from->max_work_s, from->max_week_work_s) : from->max_week_work_s;
        carer.max_day_work = one_day ? CR_NONE : from->max_work_s;
        carer.min_rest = one_day ? 0 : r->settings.rest_between_days_s;
        st = concede_to_carer(b, from, c, &carer);
        carer.overtime_after = from->overtime_after_s;
        carer.overtime_price = pence_per_hour(from->pay_per_hour * (from->overtime_rate - 1));
        carer.least_work = from->contracted_s;
        carer.shortfall_price = pence_per_hour(from->pay_per_hour);
        carer.wage_price = pence_per_hour(from->pay_per_hour);
        if (from->pence_per_mile >= 0)
            carer.distance_price = pence_per_mile(from->pence_per_mile);
        if (!st)
            st = cr_problem_add_skills(b->problem, from->skills.items, from->skills.n, &carer.skills);
        if (!st)
            st = cr_problem_add_ids(b->problem, from->attributes.items, from->attributes.n, &carer.attributes);
        if (!st)
            st = cr_problem_add_ids(b->problem, from->patches.items, from->patches.n, &carer.patches);
        if (!st)
            st = cr_problem_add_carer(b->problem, &carer);
        b->day->carers[c] = (day_carer){from->carer_id, from->name, from->team, from->provider};
    }
    return st;
}

/* ---- shifts ---- */

/* The 6-hour rule (docs/model.md section 2): a break of its own is enough, otherwise one is given. */
static cr_status add_breaks(building *b, const shift_record *s)
{
    const settings *set = &b->r->settings;
    const break_record *own = &s->brk;
    cr_status st = CR_OK;
    if (own->given)
        st = cr_problem_add_break(b->problem, own->open, own->close, own->length_s, own->paid);
    bool rested = own->given && own->length_s >= set->rest_break_s;
    int32_t open = s->begin + set->rest_margin_s, close = s->end - set->rest_margin_s - set->rest_break_s;
    if (st || !set->rest_rule || rested || s->end - s->begin <= set->rest_work_over_s || open > close)
        return st;
    return cr_problem_add_break(b->problem, open, close, set->rest_break_s, set->rest_paid);
}

/* Times held back are breaks too, paid and at their time; all in the order of time. */
static cr_status add_kept_free(building *b, const shift_record *s)
{
    cr_problem *p = b->problem;
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < s->n_kept; k++) {
        st = cr_problem_add_break(p, s->kept[k].open, s->kept[k].open, s->kept[k].close - s->kept[k].open, true);
        if (!st)
            p->breaks[p->n_breaks - 1].kept_free = true;
    }
    for (int32_t n = p->shifts[p->n_shifts - 1].breaks.n, i = p->n_breaks - n + 1; !st && i < p->n_breaks; i++)
        for (int32_t k = i; k > p->n_breaks - n && p->breaks[k - 1].open > p->breaks[k].open; k--) {
            cr_break later = p->breaks[k - 1];
            p->breaks[k - 1] = p->breaks[k];
            p->breaks[k] = later;
        }
    return st;
}

/* Past its end the shift runs over, which has a price. */
static cr_status concede_to_shift(building *b, const shift_record *from, int32_t index, cr_shift *shift)
{
    cr_status st = CR_OK;
    if (from->late_s > 0) {
        st = concede(b, CR_CONCEDED_SHIFT, index, shift->end);
        shift->paid_end = shift->paid_end == CR_FREE ? shift->end : shift->paid_end;
        shift->overrun_price = pence_per_minute(b->r->settings.overrun_per_minute);
        shift->end += from->late_s;
    }
    if (!st && from->more_visits > 0 && shift->max_load != CR_NONE) {
        st = concede(b, CR_CONCEDED_MAX_LOAD, index, shift->max_load);
        shift->max_load += from->more_visits;
    }
    if (!st && from->more_travel_s > 0 && shift->max_travel != CR_NONE) {
        st = concede(b, CR_CONCEDED_MAX_TRAVEL, index, shift->max_travel);
        shift->max_travel += from->more_travel_s;
    }
    if (!st && from->more_dist_m > 0 && shift->max_dist_m != CR_NONE) {
        st = concede(b, CR_CONCEDED_MAX_DISTANCE, index, shift->max_dist_m);
        shift->max_dist_m += from->more_dist_m;
    }
    return st;
}

/* How long past its end the shift may run: of two who share a car, both have to. */
static int32_t late_of_crew(const day_reading *r, int32_t s)
{
    int32_t late_s = r->shifts[s].late_s;
    for (int32_t i = 0; i < r->n_shifts; i++)
        if ((r->shifts[i].rides_with == s || r->shifts[s].rides_with == i) && r->shifts[i].late_s < late_s)
            late_s = r->shifts[i].late_s;
    return late_s;
}

cr_status building_add_shifts(building *b)
{
    day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t s = 0; !st && s < r->n_shifts; s++) {
        shift_record ticking = building_ticking_shift(b, &r->shifts[s]);
        const shift_record *from = &ticking;
        ticking.late_s = late_of_crew(r, s);
        cr_shift shift = CR_SHIFT_INIT;
        shift.carer = from->carer;
        shift.day = from->day;
        shift.begin = from->begin;
        shift.end = from->end;
        shift.paid_end = from->paid_end;
        shift.overrun_price = from->paid_end != CR_FREE ? pence_per_minute(r->settings.overrun_per_minute) : 0;
        shift.leaves_at_begin = from->at_begin;
        shift.start_place = from->start_place;
        shift.end_place = from->end_place;
        shift.mode = building_mode_of(b, from);
        shift.max_load = from->max_visits;
        shift.max_travel = from->max_travel_s;
        shift.max_dist_m = from->max_dist_m;
        shift.use_price = pence_each(from->on_call ? r->settings.on_call_use : r->settings.shift_use);
        shift.rides = from->rides_with != CR_NONE;
        shift.crew = shift.rides ? from->rides_with : from->has_rider ? s : CR_NONE;
        st = concede_to_shift(b, from, s, &shift);
        if (!st)
            st = cr_problem_add_rooms(b->problem, from->rooms.items, from->rooms.n, &shift.rooms);
        if (!st)
            st = cr_problem_add_shift(b->problem, &shift);
        if (!st)
            st = add_breaks(b, from);
        if (!st)
            st = add_kept_free(b, from);
        b->day->shifts[s] = (day_shift){from->shift_id, from->line};
    }
    return st;
}
