/* From records to the problem: indices, prices in cost units, breaks, matrices, and the names beside them. */
#include "building.h"
#include "near.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- prices ---- */

static void set_prices(building *b)
{
    const settings *s = &b->r->settings;
    cr_prices *p = &b->problem->prices;
    p->travel = pence_per_hour(s->travel_per_hour);
    p->waiting = pence_per_hour(s->waiting_per_hour);
    p->unfamiliar = pence_each(s->unfamiliar_per_visit);
    p->stranger_short = pence_each(s->stranger_short_per_visit);
    p->short_visit = s->short_visit_s;
    p->new_face = pence_each(s->new_face_per_client);
    p->several_providers = pence_each(s->several_providers_per_client);
    p->shared_address = pence_each(s->several_providers_per_address);
    p->address_within = s->address_within_s;
    p->worst_idle = pence_per_minute(s->worst_idle_per_minute);
    p->imbalance = pence_per_minute(s->imbalance_per_minute);
    p->not_preferred = pence_each(s->not_preferred_per_visit);
    p->off_patch = pence_each(s->off_patch_per_visit);
    p->changed_carer = pence_each(s->changed_carer_per_visit);
    p->moved = pence_per_minute(s->moved_per_minute);
    p->moved_free = s->moved_within_s;
    for (int32_t m = 0; m < b->problem->n_modes; m++)
        p->distance[m] = pence_per_mile(s->modes[b->own_mode[m]].pence_per_mile);
}

static int64_t unallocated_price(const settings *s, const visit_record *v)
{
    double pence = s->unallocated[v->priority - 1];
    return pence_each(v->time_critical ? pence * s->time_critical_factor : pence);
}

/* ---- clients and visits ---- */

/* Only clients who still have a visit. */
static void number_clients_and_visits(building *b)
{
    const day_reading *r = b->r;
    for (int32_t c = 0; c < r->n_clients; c++)
        b->client_at[c] = CR_NONE;
    for (int32_t v = 0; v < r->n_visits; v++)
        if (!visit_is_left_out(r, v))
            b->client_at[r->visits[v].client] = 0;
    for (int32_t c = 0; c < r->n_clients; c++) {
        const client_record *from = &r->clients[c];
        if (b->client_at[c] == CR_NONE)
            continue;
        b->client_at[c] = b->day->n_clients++;
        b->day->clients[b->client_at[c]] = (day_client){from->client_id, *from->name ? from->name : from->client_id,
                                                        from->address,   from->postcode,
                                                        from->place,     false};
    }
    b->problem->n_clients = b->day->n_clients;
}

/* Who lives together: the same address and postcode, however they are written. Without an address by oneself. */
static cr_status find_addresses(building *b)
{
    cr_auto(name_index) first = NULL;
    cr_status st = name_index_new(&first);
    for (int32_t c = 0; !st && c < b->day->n_clients; c++) {
        const day_client *client = &b->day->clients[c];
        char street[200], postcode[20], key[230];
        near_key(client->address, street, sizeof street);
        near_key(client->postcode, postcode, sizeof postcode);
        snprintf(key, sizeof key, "%s, %s", street, postcode);
        int32_t found = *street ? name_index_get(first, key) : CR_NONE;
        b->address_at[c] = found == CR_NONE ? c : found;
        if (*street && found == CR_NONE && !name_index_set(first, key, c))
            st = CR_E_NOMEM;
    }
    return st;
}

/* When a visit is thought to be: its locked time, else the middle of what is preferred, else of what is possible. */
static int32_t about_when(const visit_record *v)
{
    bool has_open = v->prefer_open != CR_FREE, has_close = v->prefer_close != CR_FREE;
    if (v->locked_start != CR_FREE)
        return v->locked_start;
    if (has_open || has_close)
        return has_open && has_close ? v->prefer_open + (v->prefer_close - v->prefer_open) / 2
               : has_open            ? v->prefer_open
                                     : v->prefer_close;
    int32_t open = v->windows[0].open, close = v->windows[v->n_windows - 1].close;
    return open + (close - open) / 2;
}

static cr_status add_slots(building *b, const visit_record *from)
{
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < from->n_carers; k++) {
        int32_t which = k > 0;
        cr_slot slot = CR_SLOT_INIT;
        slot.duration = from->duration_s[which];
        slot.locked_carer = from->locked[k];
        slot.accepted = from->accepted[k];
        slot.sleeps = from->sleep_in;
        slot.sleep_price = from->sleep_in ? pence_each(b->r->settings.sleep_in) : 0;
        st = cr_problem_add_durations(b->problem, from->by_grade[which].items, from->by_grade[which].n, &slot.by_grade);
        if (st)
            return st;
        st = cr_problem_add_skills(b->problem, from->skills[which].items, from->skills[which].n, &slot.skills);
        if (!st)
            st = cr_problem_add_ids(b->problem, from->attributes[which].items, from->attributes[which].n,
                                    &slot.attributes);
        if (!st)
            st = cr_problem_add_slot(b->problem, &slot);
    }
    return st;
}

static cr_status add_visit(building *b, const visit_record *from)
{
    const settings *s = &b->r->settings;
    cr_visit visit = CR_VISIT_INIT;
    visit.client = b->client_at[from->client];
    visit.place = from->place_at;
    visit.day = from->day;
    visit.patch = from->patch;
    visit.door = from->door_s;
    if (s->several_providers_per_address > 0) {
        visit.address = b->address_at[visit.client];
        visit.about = about_when(from);
    }
    visit.locked_start = from->locked_start;
    visit.prefer_open = from->prefer_open;
    visit.prefer_close = from->prefer_close;
    visit.early_price = pence_per_minute(s->early_per_minute);
    visit.late_price = pence_per_minute(s->late_per_minute);
    if (from->late_s > 0 && !from->is_part) {
        visit.due = from->windows[from->n_windows - 1].close;
        visit.lateness_price = pence_per_minute(s->accepted_late_per_minute);
    }
    visit.load = 1;
    visit.unallocated_price = unallocated_price(s, from);
    visit.same_provider = from->same_provider && from->n_carers > 1;
    visit.time_critical = from->time_critical;
    visit.priority = from->priority;
    visit.lives_alone = from->lives_alone;
    visit.last_visit = b->r->clients[from->client].last_visit;
    cr_status st = cr_problem_add_ids(b->problem, from->forbidden.items, from->forbidden.n, &visit.forbidden);
    if (!st)
        st = cr_problem_add_ids(b->problem, from->preferred.items, from->preferred.n, &visit.preferred);
    if (!st)
        st = cr_problem_add_goods(b->problem, from->goods.items, from->goods.n, &visit.goods);
    if (!st)
        st = cr_problem_add_visit(b->problem, &visit);
    int32_t last = from->n_windows - 1;
    for (int32_t i = 0; !st && i < from->n_windows; i++)
        st = cr_problem_add_window(b->problem, from->windows[i].open,
                                   from->windows[i].close + (i == last ? from->late_s : 0));
    if (!st && from->late_s > 0)
        st = concede(b, CR_CONCEDED_WINDOW, b->problem->n_windows - 1, from->windows[last].close);
    return st ? st : add_slots(b, from);
}

static cr_status add_visits(building *b)
{
    day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t v = 0; !st && v < r->n_visits; v++) {
        const visit_record *from = &r->visits[v];
        b->visit_at[v] = CR_NONE;
        if (visit_is_left_out(r, v))
            continue;
        b->visit_at[v] = b->problem->n_visits;
        b->day->visits[b->problem->n_visits] =
            (day_visit){from->visit_id, from->band, from->notes, b->client_at[from->client], from->line, from->is_part};
        const visit_record ticking = building_ticking_visit(b, v);
        st = add_visit(b, &ticking);
    }
    return st;
}

/* Before the gap is added. */
static cr_status concede_to_gap(building *b, const link_record *link, cr_gap *gap)
{
    int32_t index = b->problem->n_gaps;
    cr_status st = CR_OK;
    if (link->gives_s > 0 && gap->min != CR_FREE) {
        st = concede(b, CR_CONCEDED_GAP_MIN, index, gap->min);
        gap->min -= link->gives_s;
    }
    if (!st && link->gives_s > 0 && gap->max != CR_FREE) {
        st = concede(b, CR_CONCEDED_GAP_MAX, index, gap->max);
        gap->max += link->gives_s;
    }
    if (!st && link->any_carers && gap->carers != CR_GAP_ANY) {
        st = concede(b, CR_CONCEDED_GAP_CARERS, index, (int32_t)gap->carers);
        gap->carers = CR_GAP_ANY;
    }
    return st;
}

static cr_status add_gaps(building *b)
{
    day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->n_links; i++) {
        const link_record *link = &r->links[i];
        cr_gap gap = {b->visit_at[link->first],
                      b->visit_at[link->second],
                      link->from,
                      link->min,
                      link->max,
                      link->carers,
                      link->both,
                      link->same_provider};
        if (gap.second == CR_NONE)
            continue;
        if (gap.first != CR_NONE) {
            st = concede_to_gap(b, link, &gap);
            if (!st)
                st = cr_problem_add_gap(b->problem, &gap);
            continue;
        }
        row at = row_of_visit(r, link->second);
        row_warning(&at, CR_NONE, "visit '%s' was left out, so the link to it is not kept",
                    r->visits[link->first].visit_id);
    }
    return st;
}

static void copy_accepted(building *b)
{
    const day_reading *r = b->r;
    for (int32_t i = 0; i < r->n_accepted; i++) {
        const accepted_record *a = &r->accepted[i];
        day_accepted to = {a->rule, CR_NONE, CR_NONE, a->carer, a->shift, a->who, a->when, a->why};
        to.visit = a->visit != CR_NONE ? b->visit_at[a->visit] : CR_NONE;
        to.other_visit = a->other_visit != CR_NONE ? b->visit_at[a->other_visit] : CR_NONE;
        bool is_here =
            (a->visit == CR_NONE || to.visit != CR_NONE) && (a->other_visit == CR_NONE || to.other_visit != CR_NONE);
        if (is_here)
            b->day->accepted[b->day->n_accepted++] = to;
    }
}

#define ALWAYS (400 * 86400) /* further than any horizon */

static int32_t ticks_of(const cr_day *day, int32_t wall_s)
{
    int32_t of_day = wall_s >= 0 ? wall_s / 86400 : -((86399 - wall_s) / 86400);
    return day_ticks(day, of_day, wall_s - of_day * 86400);
}

/* Carers keep their order, so their places hold; events about carers become times at which they are not there. */
static void copy_events(building *b)
{
    const day_reading *r = b->r;
    cr_day *day = b->day;
    for (int32_t i = 0; i < r->n_events; i++) {
        day_event event = r->events[i];
        bool is_carer = event.carer >= 0;
        event.from = !is_carer ? CR_FREE : event.from_s == CR_FREE ? -ALWAYS : ticks_of(day, event.from_s);
        event.to = !is_carer ? CR_FREE : event.to_s == CR_FREE ? ALWAYS : ticks_of(day, event.to_s);
        day->events[day->n_events++] = event;
    }
}

static cr_status add_history(building *b)
{
    const day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->n_familiar; i++) {
        const cr_familiar *f = &r->familiar[i];
        if (b->client_at[f->client] != CR_NONE)
            st = cr_problem_add_familiar(b->problem, b->client_at[f->client], f->carer, f->n_visits);
        if (!st && b->client_at[f->client] != CR_NONE)
            b->problem->familiar[b->problem->n_familiar - 1].n_lately = f->n_lately;
    }
    return st;
}

/* ---- the day ---- */

static void *take_array(day_reading *r, int32_t n, size_t size)
{
    return arena_take_bytes(r->strings, ((size_t)n + 1) * size);
}

static cr_status take_arrays(building *b)
{
    day_reading *r = b->r;
    cr_day *day = b->day;
    char date[16];
    day->name = r->name;
    day->date = arena_copy(r->strings, value_date_text(r->day0, date));
    day->first_day = r->day0;
    day->n_days = r->n_days > 1 ? r->n_days : 1;
    day->change = time_zone_change(r->settings.time_zone, r->day0, day->n_days + 1);
    day->time_zone = r->settings.time_zone;
    day->places_source = r->places_source;
    day->n_providers = r->n_providers;
    day->n_skills = r->skills.n;
    day->n_attributes = r->attributes.n;
    day->n_patches = r->patches.n;
    day->n_goods = r->goods.n;
    day->n_places = r->places.n;
    day->clients = take_array(r, r->n_clients + r->n_pieces, sizeof *day->clients);
    day->visits = take_array(r, r->n_visits + r->n_pieces, sizeof *day->visits);
    day->carers = take_array(r, r->n_carers, sizeof *day->carers);
    day->shifts = take_array(r, r->n_shifts, sizeof *day->shifts);
    day->providers = take_array(r, r->n_providers, sizeof *day->providers);
    day->skill_name = take_array(r, r->skills.n, sizeof *day->skill_name);
    day->attribute_name = take_array(r, r->attributes.n, sizeof *day->attribute_name);
    day->accepted = take_array(r, r->n_accepted, sizeof *day->accepted);
    day->events = take_array(r, r->n_events, sizeof *day->events);
    day->patch_name = take_array(r, r->patches.n, sizeof *day->patch_name);
    day->goods_name = take_array(r, r->goods.n, sizeof *day->goods_name);
    day->places = take_array(r, r->places.n, sizeof *day->places);
    b->visit_at = take_array(r, r->n_visits, sizeof *b->visit_at);
    b->client_at = take_array(r, r->n_clients, sizeof *b->client_at);
    b->address_at = take_array(r, r->n_clients, sizeof *b->address_at);
    return arena_failed(r->strings) ? CR_E_NOMEM : CR_OK;
}

static void copy_names(building *b)
{
    const day_reading *r = b->r;
    cr_day *day = b->day;
    if (r->n_providers)
        memcpy(day->providers, r->providers, (size_t)r->n_providers * sizeof *day->providers);
    if (r->skills.n)
        memcpy(day->skill_name, r->skills.name, (size_t)r->skills.n * sizeof *day->skill_name);
    if (r->attributes.n)
        memcpy(day->attribute_name, r->attributes.name, (size_t)r->attributes.n * sizeof *day->attribute_name);
    if (r->patches.n)
        memcpy(day->patch_name, r->patches.name, (size_t)r->patches.n * sizeof *day->patch_name);
    if (r->goods.n)
        memcpy(day->goods_name, r->goods.name, (size_t)r->goods.n * sizeof *day->goods_name);
    if (r->places.n)
        memcpy(day->places, r->places.places, (size_t)r->places.n * sizeof *day->places);
}

static cr_status fill(building *b)
{
    cr_status st = take_arrays(b);
    if (st)
        return st;
    copy_names(b);
    b->problem->n_places = b->day->n_places;
    b->day->walk_mode = CR_NONE;
    number_clients_and_visits(b);
    if ((st = find_addresses(b)) || (st = building_number_modes(b)))
        return st;
    if ((st = building_make_matrices(b)))
        return st;
    set_prices(b);
    if ((st = building_add_providers(b)) || (st = building_add_carers(b)) || (st = building_add_shifts(b)) ||
        (st = add_visits(b)) || (st = add_gaps(b)) || (st = add_history(b)) || (st = building_add_held_back(b)))
        return st;
    copy_accepted(b);
    copy_events(b);
    return arena_failed(b->r->strings) ? CR_E_NOMEM : CR_OK;
}

/* What passed our checks and still fails the engine's is named without a row, rather than planned. */
static cr_status validate(building *b)
{
    char message[300];
    cr_status st = cr_problem_validate(b->problem, message, sizeof message);
    if (st == CR_E_INPUT)
        findings_error(b->r->findings, (finding_at){b->r->name, 0, "", ""}, "%s", message);
    return st;
}

cr_status build_day(day_reading *r, cr_day **ret_day)
{
    cr_auto(cr_day) day = calloc(1, sizeof *day);
    if (!day)
        return CR_E_NOMEM;
    cr_status st = cr_problem_new(&day->problem);
    if (st)
        return st;
    building b = {.r = r, .day = day, .problem = day->problem};
    st = fill(&b);
    if (!st)
        st = validate(&b);
    if (st)
        return st;
    day->strings = r->strings;
    r->strings = NULL;
    *ret_day = cr_day_take(&day);
    return CR_OK;
}
