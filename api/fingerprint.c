/* The fingerprint of a day: does this plan belong to this day?
 *
 * A rule that came later counts only where a day uses it, so that plans made before still belong to their days.
 *
 * FNV-1a over 64-bit words (Fowler, Noll, Vo), field by field, so that padding and pointers do not count. It tells
 * honest days apart; it is no seal against forgery.
 */
#include "write.h"

#include <inttypes.h>
#include <string.h>

static void mix(uint64_t *hash, int64_t value)
{
    *hash = (*hash ^ (uint64_t)value) * UINT64_C(0x100000001b3);
    *hash ^= *hash >> 32; /* FNV works on bytes; whole words need their high half folded down */
}

static void mix_text(uint64_t *hash, const char *text)
{
    mix(hash, (int64_t)strlen(text));
    for (; *text; text++)
        mix(hash, (unsigned char)*text);
}

static void mix_degrees(uint64_t *hash, double deg)
{
    mix(hash, (int64_t)(deg * 1e7));
}

static void mix_range(uint64_t *hash, cr_range range)
{
    mix(hash, range.first);
    mix(hash, range.n);
}

static void mix_visits(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_visits; i++) {
        const cr_visit *v = &p->visits[i];
        const int64_t fields[] = {v->client,        v->place,          v->door,        v->locked_start,
                                  v->prefer_open,   v->prefer_close,   v->early_price, v->late_price,
                                  v->due,           v->lateness_price, v->load,        v->priority,
                                  v->time_critical, v->lives_alone,    v->last_visit,  v->unallocated_price};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            mix(hash, fields[k]);
        mix_range(hash, v->slots);
        mix_range(hash, v->windows);
        mix_range(hash, v->forbidden);
        mix_range(hash, v->preferred);
    }
    for (int32_t i = 0; i < p->n_slots; i++) {
        mix(hash, p->slots[i].duration);
        mix(hash, p->slots[i].locked_carer);
        mix_range(hash, p->slots[i].skills);
        mix_range(hash, p->slots[i].attributes);
    }
}

static void mix_carers(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_carers; i++) {
        const cr_carer *c = &p->carers[i];
        mix_range(hash, c->skills);
        mix_range(hash, c->attributes);
        mix(hash, c->provider);
        mix(hash, c->max_work);
        mix(hash, c->wage_price);
    }
    for (int32_t i = 0; i < p->n_shifts; i++) {
        const cr_shift *s = &p->shifts[i];
        const int64_t fields[] = {s->carer,     s->begin, s->end,      s->start_place,
                                  s->end_place, s->mode,  s->max_load, s->use_price};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            mix(hash, fields[k]);
        mix_range(hash, s->breaks);
    }
    for (int32_t i = 0; i < p->n_breaks; i++) {
        const cr_break *b = &p->breaks[i];
        const int64_t fields[] = {b->open, b->close, b->length, b->paid};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            mix(hash, fields[k]);
    }
}

static void mix_pools(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_windows; i++) {
        mix(hash, p->windows[i].open);
        mix(hash, p->windows[i].close);
    }
    for (int32_t i = 0; i < p->n_skills; i++) {
        mix(hash, p->skills[i].skill);
        mix(hash, p->skills[i].level);
    }
    for (int32_t i = 0; i < p->n_ids; i++)
        mix(hash, p->ids[i]);
    for (int32_t i = 0; i < p->n_gaps; i++) {
        const cr_gap *g = &p->gaps[i];
        const int64_t fields[] = {g->first, g->second, g->from, g->min, g->max, g->carers};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            mix(hash, fields[k]);
    }
    for (int32_t i = 0; i < p->n_familiar; i++) {
        if (p->familiar[i].carer == CR_NONE && !p->prices.new_face)
            continue; /* then such faces are told, not paid for */
        mix(hash, p->familiar[i].client);
        mix(hash, p->familiar[i].carer);
        mix(hash, p->familiar[i].n_visits);
        if (p->prices.new_face)
            mix(hash, p->familiar[i].n_lately);
    }
}

/* How long carers of each grade take. */
static void mix_grades(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_durations; i++) {
        mix(hash, p->durations[i].grade);
        mix(hash, p->durations[i].duration);
    }
    for (int32_t i = 0; p->n_durations > 0 && i < p->n_slots; i++)
        mix_range(hash, p->slots[i].by_grade);
    for (int32_t i = 0; p->n_durations > 0 && i < p->n_carers; i++)
        mix(hash, p->carers[i].grade);
}

static bool has_patches(const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_carers; i++)
        if (p->carers[i].patches.n > 0)
            return true;
    return false;
}

static void mix_patches(uint64_t *hash, const cr_problem *p)
{
    if (!has_patches(p))
        return;
    for (int32_t i = 0; i < p->n_visits; i++)
        mix(hash, p->visits[i].patch);
    for (int32_t i = 0; i < p->n_carers; i++) {
        mix_range(hash, p->carers[i].patches);
        mix(hash, p->carers[i].keeps_patches);
    }
    mix(hash, p->prices.off_patch);
}

static void mix_hours(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_carers; i++) {
        const cr_carer *c = &p->carers[i];
        if (c->overtime_after == CR_NONE && c->least_work == 0)
            continue;
        const int64_t fields[] = {i, c->overtime_after, c->overtime_price, c->least_work, c->shortfall_price};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            mix(hash, fields[k]);
    }
}

static void mix_days(uint64_t *hash, const cr_day *day)
{
    const cr_problem *p = day->problem;
    if (day->n_days <= 1)
        return;
    mix(hash, day->n_days);
    for (int32_t i = 0; i < p->n_visits; i++)
        mix(hash, p->visits[i].day);
    for (int32_t i = 0; i < p->n_shifts; i++)
        mix(hash, p->shifts[i].day);
    for (int32_t i = 0; i < p->n_carers; i++) {
        mix(hash, p->carers[i].max_day_work);
        mix(hash, p->carers[i].min_rest);
    }
}

static void mix_most_ways(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_shifts; i++) {
        const cr_shift *s = &p->shifts[i];
        if (s->max_travel == CR_NONE && s->max_dist_m == CR_NONE)
            continue;
        const int64_t fields[] = {i, s->max_travel, s->max_dist_m};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            mix(hash, fields[k]);
    }
}

static bool has_contract(const cr_provider *c)
{
    return c->block || c->block_price || c->care_price || c->least_care || c->shortfall_price ||
           c->max_care != CR_NONE || c->max_slots != CR_NONE || c->by_length.n;
}

static void mix_contracts(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_providers; i++) {
        const cr_provider *c = &p->providers[i];
        if (!has_contract(c))
            continue;
        const int64_t fields[] = {
            i, c->block, c->block_price, c->care_price, c->least_care, c->shortfall_price, c->max_care, c->max_slots};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            mix(hash, fields[k]);
        mix_range(hash, c->by_length);
    }
    for (int32_t i = 0; i < p->n_length_prices; i++) {
        mix(hash, p->length_prices[i].up_to);
        mix(hash, p->length_prices[i].price);
    }
}

static void mix_accepted(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_slots; i++)
        if (p->slots[i].accepted) {
            mix(hash, i);
            mix(hash, p->slots[i].accepted);
        }
}

static void mix_both_or_neither(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_gaps; i++)
        if (p->gaps[i].both)
            mix(hash, i);
}

static void mix_same_provider(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_visits; i++)
        if (p->visits[i].same_provider)
            mix(hash, i);
    for (int32_t i = 0; i < p->n_gaps; i++)
        if (p->gaps[i].same_provider)
            mix(hash, -1 - i);
}

static void mix_concessions(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_concessions; i++) {
        mix(hash, p->concessions[i].rule);
        mix(hash, p->concessions[i].item);
        mix(hash, p->concessions[i].was);
    }
}

static void mix_spread(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_shifts; i++)
        if (p->shifts[i].paid_end != CR_FREE || p->shifts[i].leaves_at_begin) {
            mix(hash, i);
            mix(hash, p->shifts[i].paid_end);
            mix(hash, p->shifts[i].overrun_price);
            mix(hash, p->shifts[i].leaves_at_begin);
        }
    if (p->prices.worst_idle || p->prices.imbalance) {
        mix(hash, p->prices.worst_idle);
        mix(hash, p->prices.imbalance);
    }
}

static void mix_crews(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_shifts; i++)
        if (p->shifts[i].crew != CR_NONE) {
            mix(hash, i);
            mix(hash, p->shifts[i].crew);
            mix(hash, p->shifts[i].rides);
        }
}

static void mix_miles(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_carers; i++)
        if (p->carers[i].distance_price != CR_NONE) {
            mix(hash, i);
            mix(hash, p->carers[i].distance_price);
        }
}

static void mix_break_windows(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_breaks; i++)
        if (p->breaks[i].windows.n > 0 || p->breaks[i].rooms.n > 0) {
            mix(hash, i);
            mix_range(hash, p->breaks[i].windows);
            mix_range(hash, p->breaks[i].rooms);
        }
}

static void mix_kept_free(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_breaks; i++)
        if (p->breaks[i].kept_free)
            mix(hash, i);
}

static void mix_goods(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_goods; i++) {
        const int64_t fields[] = {p->goods[i].kind, p->goods[i].brings, p->goods[i].takes};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            mix(hash, fields[k]);
    }
    for (int32_t i = 0; p->n_goods > 0 && i < p->n_visits; i++)
        mix_range(hash, p->visits[i].goods);
    for (int32_t i = 0; i < p->n_rooms; i++) {
        mix(hash, p->rooms[i].kind);
        mix(hash, p->rooms[i].most);
    }
    for (int32_t i = 0; p->n_rooms > 0 && i < p->n_shifts; i++)
        mix_range(hash, p->shifts[i].rooms);
}

static void mix_anywhere(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_visits; i++)
        if (p->visits[i].is_anywhere)
            mix(hash, i);
}

static void mix_sleep_ins(uint64_t *hash, const cr_problem *p)
{
    for (int32_t i = 0; i < p->n_slots; i++)
        if (p->slots[i].sleeps) {
            mix(hash, i);
            mix(hash, p->slots[i].sleep_price);
        }
}

static void mix_company(uint64_t *hash, const cr_problem *p)
{
    if (p->prices.new_face || p->prices.several_providers) {
        mix(hash, p->prices.new_face);
        mix(hash, p->prices.several_providers);
    }
}

static void mix_addresses(uint64_t *hash, const cr_problem *p)
{
    if (p->prices.shared_address == 0)
        return;
    mix(hash, p->prices.shared_address);
    mix(hash, p->prices.address_within);
    for (int32_t i = 0; i < p->n_visits; i++) {
        mix(hash, p->visits[i].address);
        mix(hash, p->visits[i].about);
    }
}

static void mix_prices(uint64_t *hash, const cr_problem *p)
{
    const cr_prices *q = &p->prices;
    const int64_t fields[] = {q->travel,         q->waiting,     q->worst_lateness, q->unfamiliar,
                              q->stranger_short, q->short_visit, q->not_preferred};
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
        mix(hash, fields[k]);
    for (int32_t m = 0; m < p->n_modes; m++)
        mix(hash, q->distance[m]);
}

static void mix_matrix(uint64_t *hash, const cr_problem *p, const cr_matrix *matrix)
{
    for (int32_t from = 0; from < p->n_places; from++)
        for (int32_t to = 0; to < p->n_places; to++)
            mix(hash, (int64_t)cr_matrix_time(matrix, from, to) << 32 | cr_matrix_dist_m(matrix, from, to));
}

/* What the cells of a matrix on demand follow from: asking for all would compute them. */
static void mix_on_demand(uint64_t *hash, const cr_day *day, int32_t mode)
{
    mix(hash, day->road_mode[mode]);
    if (day->speed_factor[mode] > 0)
        mix_degrees(hash, day->speed_factor[mode]);
    mix(hash, cr_roads_checksum(day->roads));
    for (int32_t i = 0; i < day->problem->n_places; i++) {
        mix_degrees(hash, day->places[i].lat_deg);
        mix_degrees(hash, day->places[i].lon_deg);
    }
}

static void mix_table(uint64_t *hash, const cr_day *day, int32_t mode, int32_t t)
{
    const cr_problem *p = day->problem;
    if (!cr_matrix_is_on_demand(p->tables[mode][t])) {
        mix_matrix(hash, p, p->tables[mode][t]);
        return;
    }
    mix(hash, day->road_period[mode][t]);
    mix_degrees(hash, day->time_factor[mode][t]);
}

/* A day without periods has the print that it had before there were any. */
static void mix_periods(uint64_t *hash, const cr_day *day)
{
    const cr_problem *p = day->problem;
    for (int32_t i = 0; i < p->n_periods; i++) {
        mix(hash, p->periods[i].begin);
        mix(hash, p->periods[i].table);
    }
    for (int32_t m = 0; m < p->n_modes && p->n_periods > 0; m++)
        for (int32_t t = 1; t < CR_TABLES_MAX; t++)
            if (p->tables[m][t])
                mix_table(hash, day, m, t);
}

static void mix_travel(uint64_t *hash, const cr_day *day)
{
    const cr_problem *p = day->problem;
    for (int32_t m = 0; m < p->n_modes; m++) {
        if (cr_matrix_is_on_demand(p->matrix[m]))
            mix_on_demand(hash, day, m);
        else
            mix_matrix(hash, p, p->matrix[m]);
    }
    mix_periods(hash, day);
}

static void mix_names(uint64_t *hash, const cr_day *day)
{
    const cr_problem *p = day->problem;
    mix_text(hash, day->date);
    mix_text(hash, day->time_zone);
    for (int32_t i = 0; i < p->n_visits; i++)
        mix_text(hash, day->visits[i].visit_id);
    for (int32_t i = 0; i < p->n_carers; i++)
        mix_text(hash, day->carers[i].carer_id);
    for (int32_t i = 0; i < p->n_shifts; i++)
        mix_text(hash, day->shifts[i].shift_id);
    for (int32_t i = 0; i < day->n_clients; i++) {
        mix_text(hash, day->clients[i].client_id);
        mix_degrees(hash, day->clients[i].place.lat_deg);
        mix_degrees(hash, day->clients[i].place.lon_deg);
    }
}

void day_fingerprint(const cr_day *day, char ret_hex[DAY_FINGERPRINT_SIZE])
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    mix_names(&hash, day);
    mix_visits(&hash, day->problem);
    mix_carers(&hash, day->problem);
    mix_pools(&hash, day->problem);
    mix_grades(&hash, day->problem);
    mix_patches(&hash, day->problem);
    mix_hours(&hash, day->problem);
    mix_contracts(&hash, day->problem);
    mix_accepted(&hash, day->problem);
    mix_concessions(&hash, day->problem);
    mix_spread(&hash, day->problem);
    mix_kept_free(&hash, day->problem);
    mix_break_windows(&hash, day->problem);
    mix_goods(&hash, day->problem);
    mix_anywhere(&hash, day->problem);
    mix_miles(&hash, day->problem);
    mix_crews(&hash, day->problem);
    mix_sleep_ins(&hash, day->problem);
    mix_both_or_neither(&hash, day->problem);
    mix_same_provider(&hash, day->problem);
    mix_company(&hash, day->problem);
    mix_addresses(&hash, day->problem);
    mix_days(&hash, day);
    mix_most_ways(&hash, day->problem);
    mix_prices(&hash, day->problem);
    mix_travel(&hash, day);
    snprintf(ret_hex, DAY_FINGERPRINT_SIZE, "%016" PRIx64, hash);
}
