/* plan.json: the whole answer for programs, and the form in which a plan is kept.
 *
 * One object, keys in the order they are written here, described by data/schema/plan.schema.json. Ids tie it to the day
 * (plan_json_read.c reads only those, the order and the times); the names, legs and figures beside them are for readers
 * who do not have the day at hand. Every time stands twice: seconds after the first midnight, and the clock.
 */
#include "explain_text.h"
#include "plan_json.h"
#include "providers.h"
#include "words.h"

#include <jansson.h>
#include <math.h>

/* json_array_append_new() that passes on a failed json_pack(): false without memory. */
static bool append(json_t *array, json_t *item)
{
    return json_array_append_new(array, item) == 0;
}

static json_t *take_if(bool ok, json_t **json)
{
    if (!ok) {
        json_decref(*json);
        *json = NULL;
    }
    return *json;
}

/* "No road" is null for programs, never a number that could be added up. */
static json_t *length_or_null(int32_t length)
{
    return length < CR_NO_WAY ? json_integer(length) : json_null();
}

static json_t *distance_or_null(const cr_day *day, int64_t dist_m)
{
    return words_knows_distance(day, dist_m) ? json_integer(dist_m) : json_null();
}

static json_t *leg_distance_or_null(const cr_day *day, const itinerary_leg *leg)
{
    return leg->dist_m < CR_NO_WAY ? distance_or_null(day, leg->dist_m) : json_null();
}

static const char *provider_id(const cr_day *day, int32_t carer)
{
    int32_t provider = day->carers[carer].provider;
    return provider >= 0 ? day->providers[provider].provider_id : NULL;
}

/* ---- the head: what was planned, how, and the figures ---- */

static json_t *day_json(const cr_day *day)
{
    char fingerprint[DAY_FINGERPRINT_SIZE];
    day_fingerprint(day, fingerprint);
    return json_pack("{s:s, s:s, s:i, s:s, s:s}", "name", day->name, "date", day->date, "days",
                     day->n_days > 1 ? day->n_days : 1, "time_zone", day->time_zone, "fingerprint", fingerprint);
}

static json_t *run_json(const answer_run *run)
{
    if (!run)
        return json_null();
    return json_pack("{s:s, s:I, s:o, s:o, s:b}", "careround", run->version, "seed", (json_int_t)run->seed,
                     "time_limit_s", run->time_s < 0 ? json_null() : json_real(run->time_s), "iteration_limit",
                     run->iterations < 0 ? json_null() : json_integer(run->iterations), "glpk", run->use_glpk);
}

static json_t *figures_json(const answer *a)
{
    const cr_problem *p = a->day->problem;
    const cr_report *r = a->report;
    const cr_round_figures *sum = &r->sum;
    return json_pack(
        "{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i,"
        " s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o,"
        " s:i, s:I, s:I, s:i, s:i, s:i, s:i, s:i}",
        "visits", r->n_visits, "visits_served", r->n_visits_served, "carer_visits", r->n_slots, "carer_visits_served",
        r->n_slots_served, "double_ups", r->n_double_ups, "double_ups_served", r->n_double_ups_served, "carers",
        p->n_carers, "carers_used", r->n_carers_used, "shifts", p->n_shifts, "shifts_used", r->n_shifts_used, /**/
        "care_s", (json_int_t)sum->care, "travel_s", (json_int_t)sum->travel, "door_s", (json_int_t)sum->door,
        "waiting_s", (json_int_t)sum->waiting, "break_s", (json_int_t)sum->rest, "held_back_s",
        (json_int_t)sum->held_back, "held_back_wanted_s", (json_int_t)r->held_back, "distance_m",
        distance_or_null(a->day, sum->dist_m), /**/
        "clients_served", r->n_clients_served, "faces", (json_int_t)r->n_faces, "faces_with_history",
        (json_int_t)r->n_faces_lately, "familiar_carer_visits", r->n_familiar_slots, "known_carer_visits",
        r->n_known_slots, "starts_in_preferred_time", r->n_start_in_preferred, "visits_with_preferred_time",
        r->n_with_preference, "starts_within_15_min_of_it", answer_near_preferred(a, 15 * 60));
}

/* "s*" would leave a key out when memory runs out, and nobody would know: "s?" where a text may be missing. */
static json_t *money_json(int64_t cost)
{
    return json_pack("{s:I, s:I}", "pence", (json_int_t)words_pence(cost), "units", (json_int_t)cost);
}

static json_t *term_json(const cr_cost *cost, cr_term term)
{
    return json_pack("{s:s, s:I, s:I}", "term", cr_term_name(term), "pence", (json_int_t)words_pence(cost->term[term]),
                     "units", (json_int_t)cost->term[term]);
}

/* Whole pence for people; the exact units are what the checker compares. */
static json_t *cost_json(const cr_cost *cost)
{
    json_t *terms = json_array();
    bool ok = terms;
    for (int term = 0; term < CR_TERM_N; term++)
        ok = ok && append(terms, term_json(cost, (cr_term)term));
    return json_pack("{s:i, s:o, s:o}", "units_per_penny", (int)CR_COST_PENNY, "total", money_json(cost->total),
                     "terms", take_if(ok, &terms));
}

/* What is proved about the cost of every plan; null if nothing is. */
static json_t *bound_json(const answer *a)
{
    if (!a->bound || a->bound->cost <= 0)
        return json_null();
    json_t *relaxed = json_array();
    bool ok = relaxed;
    for (int k = 0; k < CR_RELAXED_N; k++)
        if (a->bound->relaxed[k])
            ok = ok && append(relaxed, json_string(cr_relaxed_name((cr_relaxed)k)));
    return json_pack("{s:I, s:I, s:f, s:b, s:o}", "pence", (json_int_t)(a->bound->cost / CR_COST_PENNY), "units",
                     (json_int_t)a->bound->cost, "gap_percent", (double)words_gap(&a->check->cost, a->bound) / 100,
                     "converged", a->bound->converged, "relaxed", take_if(ok, &relaxed));
}

/* ---- who and where ---- */

/* Jansson refuses what is no number; a place without a position has none. */
static json_t *degrees_or_null(const cr_place *place, double deg)
{
    return place->quality == CR_PLACE_NONE ? json_null() : json_real(deg);
}

static json_t *client_json(const day_client *client)
{
    const cr_place *place = &client->place;
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:o}", "client", client->client_id, "name", client->name,
                     "address", client->address, "postcode", client->postcode, "lat",
                     degrees_or_null(place, place->lat_deg), "lon", degrees_or_null(place, place->lon_deg), "quality",
                     cr_place_quality_name(place->quality), "accuracy_m",
                     place->accuracy_m >= 0 ? json_real(place->accuracy_m) : json_null());
}

static json_t *clients_json(const cr_day *day)
{
    json_t *clients = json_array();
    bool ok = clients;
    for (int32_t c = 0; ok && c < day->n_clients; c++)
        ok = append(clients, client_json(&day->clients[c]));
    return take_if(ok, &clients);
}

static json_t *carers_json(const cr_day *day)
{
    json_t *carers = json_array();
    bool ok = carers;
    for (int32_t c = 0; ok && c < day->problem->n_carers; c++) {
        const day_carer *carer = &day->carers[c];
        ok = append(carers, json_pack("{s:s, s:s, s:s, s:s?}", "carer", carer->carer_id, "name", carer->name, "team",
                                      carer->team, "provider", provider_id(day, c)));
    }
    return take_if(ok, &carers);
}

/* null where nothing was agreed. */
static json_t *contract_json(const answer *a, int32_t provider)
{
    const cr_contract_figures *f = &a->report->contracts[provider];
    if (!provider_has_contract(a->day, provider))
        return json_null();
    return json_pack("{s:I, s:i, s:I, s:I}", "care_s", (json_int_t)f->care, "carer_visits", f->n_slots, "pence",
                     (json_int_t)words_pence(f->cost), "units", (json_int_t)f->cost);
}

static json_t *providers_json(const answer *a)
{
    const cr_day *day = a->day;
    json_t *providers = json_array();
    bool ok = providers;
    for (int32_t i = 0; ok && i < day->n_providers; i++) {
        const day_provider *provider = &day->providers[i];
        ok = append(providers,
                    json_pack("{s:s, s:s, s:b, s:o}", "provider", provider->provider_id, "name", provider->name,
                              "in_house", provider->in_house, "contract", contract_json(a, i)));
    }
    return take_if(ok, &providers);
}

/* ---- rounds ---- */

/* The ids of the other carers of a double-up. */
static json_t *partners_json(const answer *a, int32_t slot)
{
    const cr_problem *p = a->day->problem;
    int32_t others[DAY_COMPANIONS_MOST], n = day_companions(a->day, slot, others);
    json_t *partners = json_array();
    bool ok = partners;
    for (int32_t i = 0; ok && i < n; i++) {
        int32_t stop = a->itinerary->stop_of_slot[others[i]];
        if (stop == CR_NONE)
            continue;
        int32_t shift = a->plan->rounds[a->itinerary->stops[stop].round].shift;
        ok = append(partners, json_string(a->day->carers[p->shifts[shift].carer].carer_id));
    }
    return take_if(ok, &partners);
}

/* What is walked while the car stays parked; null where it is driven, or there is no car. */
static json_t *leg_walk_or_null(const cr_day *day, const itinerary_leg *leg)
{
    const day_walk *walk = day_walk_between(day, leg->mode, leg->from, leg->to);
    return walk ? json_integer(walk->walk_m) : json_null();
}

/* NULL without memory: the object is gone then. */
static json_t *with_rides(const cr_day *day, const itinerary_leg *leg, bool is_home, json_t *object)
{
    bool ok = object && !plan_json_add_rides(day, leg, is_home, object);
    return take_if(ok, &object);
}

/* What it brings and takes; only where there is something. NULL without memory: the object is gone then. */
static json_t *with_goods(const cr_day *day, int32_t visit, json_t *object)
{
    const cr_range goods = day->problem->visits[visit].goods;
    json_t *list = object && goods.n > 0 ? json_array() : NULL;
    bool ok = object && (goods.n == 0 || list);
    for (int32_t i = goods.first; ok && i < goods.first + goods.n; i++) {
        const cr_goods *g = &day->problem->goods[i];
        ok = append(list, json_pack("{s:s, s:i, s:i}", "goods", day->goods_name[g->kind], "brings", g->brings, "takes",
                                    g->takes));
    }
    if (list)
        ok = !json_object_set_new(object, "goods", list) && ok;
    return take_if(ok, &object);
}

static json_t *visit_stop_json(const answer *a, int32_t k)
{
    const cr_day *day = a->day;
    const itinerary_stop *s = &a->itinerary->stops[k];
    const int32_t slot = a->plan->stops[k].slot;
    const day_visit *visit = &day->visits[s->visit];
    const day_client *client = &day->clients[visit->client];
    json_t *json = json_pack(
        "{s:s, s:s, s:i, s:s, s:s, s:s," TIME_PAIR ", s:o, s:o, s:o, " TIME_PAIR ", s:i, s:i, " TIME_PAIR ", " TIME_PAIR
        ", s:o, s:s}",
        "kind", "visit", "visit", visit->visit_id, "slot", slot - day->problem->visits[s->visit].slots.first, "client",
        client->client_id, "client_name", client->name, "band", visit->band, TIME_ARGS("leave", day, s->leg.leave),
        "travel_s", length_or_null(s->leg.travel), "distance_m", leg_distance_or_null(day, &s->leg), "walk_m",
        leg_walk_or_null(day, &s->leg), TIME_ARGS("arrive", day, s->leg.arrive), "door_s", s->door, "wait_s", s->wait,
        TIME_ARGS("start", day, s->start), TIME_ARGS("end", day, s->end), "with", partners_json(a, slot), "notes",
        visit->notes);
    bool is_said = !json || !day->problem->visits[s->visit].is_anywhere ||
                   json_object_set_new(json, "held_back", json_true()) == 0;
    json = take_if(is_said, &json);
    return with_rides(day, &s->leg, false, with_goods(day, s->visit, json));
}

static json_t *break_stop_json(const answer *a, int32_t k, const cr_shift *shift)
{
    const itinerary_stop *s = &a->itinerary->stops[k];
    const int32_t brk = a->plan->stops[k].brk;
    return json_pack("{s:s, s:i, s:i, " TIME_PAIR ", " TIME_PAIR ", s:b, s:b}", "kind", "break", "break",
                     brk - shift->breaks.first, "wait_s", s->wait, TIME_ARGS("start", a->day, s->start),
                     TIME_ARGS("end", a->day, s->end), "paid", a->day->problem->breaks[brk].paid, "kept_free",
                     a->day->problem->breaks[brk].kept_free);
}

static json_t *stops_json(const answer *a, const cr_round *round)
{
    const cr_shift *shift = &a->day->problem->shifts[round->shift];
    json_t *stops = json_array();
    bool ok = stops;
    for (int32_t k = round->stops.first; ok && k < round->stops.first + round->stops.n; k++)
        ok = append(stops, a->plan->stops[k].slot == CR_NONE ? break_stop_json(a, k, shift) : visit_stop_json(a, k));
    return take_if(ok, &stops);
}

static json_t *round_figures_json(const cr_day *day, const cr_round_figures *f)
{
    return json_pack("{s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "visits", f->n_visits, "care_s", (json_int_t)f->care,
                     "travel_s", (json_int_t)f->travel, "door_s", (json_int_t)f->door, "waiting_s",
                     (json_int_t)f->waiting, "break_s", (json_int_t)f->rest, "held_back_s", (json_int_t)f->held_back,
                     "distance_m", distance_or_null(day, f->dist_m));
}

static json_t *round_json(const answer *a, int32_t r)
{
    const cr_day *day = a->day;
    const cr_round *round = &a->plan->rounds[r];
    const cr_shift *shift = &day->problem->shifts[round->shift];
    const itinerary_leg *home = &a->itinerary->way_home[r];
    const day_carer *carer = &day->carers[shift->carer];
    int32_t crew = cr_problem_crew(day->problem, round->shift);
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:s?, s:s, s:s?, " TIME_PAIR ", " TIME_PAIR ", " TIME_PAIR
                  ", s:o, s:o, s:o, " TIME_PAIR ", s:o, s:f}",
                  "shift", day->shifts[round->shift].shift_id, "carer", carer->carer_id, "carer_name", carer->name,
                  "provider", provider_id(day, shift->carer), "mode", day->mode_name[shift->mode], "shares_car_with",
                  crew == CR_NONE ? NULL : day->carers[day->problem->shifts[crew].carer].carer_id,
                  TIME_ARGS("begin", day, shift->begin), TIME_ARGS("finish", day, shift->end),
                  TIME_ARGS("depart", day, round->depart), "stops", stops_json(a, round), "home_travel_s",
                  length_or_null(home->travel), "home_distance_m", leg_distance_or_null(day, home),
                  TIME_ARGS("arrive", day, round->arrive), "figures", round_figures_json(day, &a->report->rounds[r]),
                  "speed_factor", day->speed_factor[shift->mode] > 0 ? day->speed_factor[shift->mode] : 1.0);
    return with_rides(day, home, true, json);
}

static json_t *rounds_json(const answer *a)
{
    json_t *rounds = json_array();
    bool ok = rounds;
    for (int32_t r = 0; ok && r < a->plan->n_rounds; r++)
        ok = append(rounds, round_json(a, r));
    return take_if(ok, &rounds);
}

/* ---- the unallocated ---- */

static json_t *windows_json(const cr_day *day, const cr_visit *visit)
{
    json_t *windows = json_array();
    bool ok = windows;
    for (int32_t w = visit->windows.first; ok && w < visit->windows.first + visit->windows.n; w++) {
        const cr_window *window = &day->problem->windows[w];
        ok = append(windows, json_pack("{" TIME_PAIR ", " TIME_PAIR "}", TIME_ARGS("open", day, window->open),
                                       TIME_ARGS("close", day, window->close)));
    }
    return take_if(ok, &windows);
}

static json_t *durations_json(const cr_problem *p, const cr_visit *visit)
{
    json_t *durations = json_array();
    bool ok = durations;
    for (int32_t i = visit->slots.first; ok && i < visit->slots.first + visit->slots.n; i++)
        ok = append(durations, json_integer(p->slots[i].duration));
    return take_if(ok, &durations);
}

static json_t *reason_json(const cr_day *day, const cr_explanation *e, cr_reason reason)
{
    char *text = explain_text_reason(day, e, reason);
    json_t *json =
        json_pack("{s:s, s:i, s:s}", "reason", cr_reason_name(reason), "carers", e->count[reason], "text", text);
    free(text);
    return json;
}

/* A carer counts once, so the counts add up to all carers. */
static json_t *reasons_json(const cr_day *day, const cr_explanation *e)
{
    json_t *reasons = json_array();
    bool ok = reasons;
    for (int reason = 0; ok && reason < CR_REASON_N; reason++)
        if (e->count[reason] > 0)
            ok = append(reasons, reason_json(day, e, (cr_reason)reason));
    return take_if(ok, &reasons);
}

static json_t *change_json(const cr_day *day, const cr_explanation *e)
{
    const cr_change *c = &e->change;
    if (c->kind == CR_CHANGE_NONE)
        return json_null();
    char *text = explain_text_change(day, e);
    json_t *json =
        json_pack("{s:s, s:i, s:s?, s:s?, s:s?, s:i, s:s?, s:s?, " TIME_PAIR ", s:i, s:I, s:s}", "kind",
                  cr_change_kind_name(c->kind), "widen_s", c->ticks, "shift",
                  c->shift >= 0 ? day->shifts[c->shift].shift_id : NULL, "carer",
                  c->carer >= 0 ? day->carers[c->carer].carer_id : NULL, "skill",
                  c->kind == CR_CHANGE_SKILL ? day->skill_name[c->skill] : NULL, "level",
                  c->kind == CR_CHANGE_SKILL ? c->level : 0, "attribute",
                  c->kind == CR_CHANGE_ATTRIBUTE ? day->attribute_name[c->attribute] : NULL, "with",
                  c->with_carer >= 0 ? day->carers[c->with_carer].carer_id : NULL, TIME_ARGS("start", day, c->start),
                  "visits_moved", c->n_moved, "pence", (json_int_t)words_pence(c->cost), "text", text);
    free(text);
    return json;
}

static json_t *unallocated_visit_json(const cr_day *day, int32_t v, const cr_explanation *e)
{
    const cr_visit *visit = &day->problem->visits[v];
    const day_client *client = &day->clients[day->visits[v].client];
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:i, s:b, s:o, s:o, s:o, s:o, s:o}", "visit", day->visits[v].visit_id,
        "client", client->client_id, "client_name", client->name, "band", day->visits[v].band, "windows",
        windows_json(day, visit), "durations_s", durations_json(day->problem, visit), "time_critical",
        visit->time_critical, "priority", visit->priority, "lives_alone", visit->lives_alone, "reasons",
        e ? reasons_json(day, e) : json_null(), "pairs", e ? json_integer(e->n_pairs) : json_null(), "smallest_change",
        e ? change_json(day, e) : json_null(), "is_smallest", e ? json_boolean(e->change.is_smallest) : json_null(),
        "cut_short", e ? json_boolean(e->cut_short) : json_null());
}

json_t *explain_json(const cr_day *day, const cr_explanation *e)
{
    return unallocated_visit_json(day, e->visit, e);
}

/* Most at risk first where they were explained. */
static json_t *unallocated_json(const answer *a)
{
    json_t *list = json_array();
    bool ok = list;
    if (a->explanations) {
        for (int32_t i = 0; ok && i < a->explanations->n; i++) {
            const cr_explanation *e = &a->explanations->items[i];
            ok = append(list, unallocated_visit_json(a->day, e->visit, e));
        }
    } else {
        for (int32_t i = 0; ok && i < a->plan->n_unallocated; i++)
            ok = append(list, unallocated_visit_json(a->day, a->plan->unallocated[i], NULL));
    }
    return take_if(ok, &list);
}

/* ---- what the coordinator accepted ---- */

static json_t *accepted_json(const answer *a)
{
    const cr_day *day = a->day;
    json_t *list = json_array();
    bool ok = list;
    for (int32_t i = 0; ok && i < a->check->n_accepted; i++) {
        const cr_breach *b = &a->check->accepted[i];
        const day_accepted *by = words_accepted_by(day, b);
        char *text = words_breach(day, b);
        ok = append(list,
                    json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:s}", "rule", cr_rule_name(b->rule), "visit",
                              b->visit != CR_NONE ? day->visits[b->visit].visit_id : NULL, "carer",
                              b->carer != CR_NONE ? day->carers[b->carer].carer_id : NULL, "who", by ? by->who : NULL,
                              "when", by ? by->when : NULL, "why", by ? by->why : NULL, "text", text));
        free(text);
    }
    return take_if(ok, &list);
}

/* ---- the rota that people know ---- */

static json_t *published_carers_json(const cr_day *day, cr_range slots)
{
    json_t *carers = json_array();
    bool ok = carers;
    for (int32_t i = slots.first; ok && i < slots.first + slots.n; i++) {
        int32_t carer = day->problem->slots[i].published_carer;
        ok = append(carers, carer != CR_NONE ? json_string(day->carers[carer].carer_id) : json_null());
    }
    return take_if(ok, &carers);
}

/* null: there is none. */
static json_t *published_json(const cr_day *day)
{
    const cr_problem *p = day->problem;
    json_t *list = json_array();
    bool ok = list;
    for (int32_t v = 0; ok && v < p->n_visits; v++) {
        const cr_visit *visit = &p->visits[v];
        if (visit->published_start != CR_FREE)
            ok = append(list, json_pack("{s:s, " TIME_PAIR ", s:o}", "visit", day->visits[v].visit_id,
                                        TIME_ARGS("start", day, visit->published_start), "carers",
                                        published_carers_json(day, visit->slots)));
    }
    if (ok && json_array_size(list) == 0) {
        json_decref(list);
        return json_null();
    }
    return take_if(ok, &list);
}

/* ---- all of it ---- */

static json_t *plan_json(const answer *a)
{
    const cr_day *day = a->day;
    return json_pack("{s:s, s:i, s:o, s:o, s:s, s:s?, s:o, s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
                     "format", "careround plan", "format_version", PLAN_FORMAT_VERSION, "day", day_json(day), "made_by",
                     run_json(a->run), "travel_source", day->travel_source, "places_source", day->places_source,
                     "figures", figures_json(a), "cost", cost_json(&a->check->cost), "bound", bound_json(a),
                     "broken_rules", a->check->n_breaches, "accepted_breaches", accepted_json(a), "rounds",
                     rounds_json(a), "unallocated", unallocated_json(a), "clients", clients_json(day), "carers",
                     carers_json(day), "providers", providers_json(a), "published", published_json(day), "replanned",
                     replanned_json(a));
}

/* 9 digits: a degree to a centimetre, and 0.1 stays 0.1. Jansson writes a point in every locale. */
static cr_status dump(const json_t *root, FILE *out)
{
    if (!root)
        return CR_E_NOMEM;
    if (json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) || fputc('\n', out) == EOF)
        return ferror(out) ? CR_E_UPSTREAM : CR_E_NOMEM;
    return CR_OK;
}

cr_status write_plan_json(const answer *a, FILE *out)
{
    json_auto_t *root = plan_json(a);
    return dump(root, out);
}

cr_status write_summary_json(const answer *a, FILE *out)
{
    const cr_day *day = a->day;
    json_auto_t *root =
        json_pack("{s:s, s:i, s:o, s:o, s:s, s:s?, s:o, s:o, s:o, s:i, s:o, s:o}", "format", "careround summary",
                  "format_version", PLAN_FORMAT_VERSION, "day", day_json(day), "made_by", run_json(a->run),
                  "travel_source", day->travel_source, "places_source", day->places_source, "figures", figures_json(a),
                  "cost", cost_json(&a->check->cost), "bound", bound_json(a), "broken_rules", a->check->n_breaches,
                  "unallocated", unallocated_json(a), "replanned", replanned_json(a));
    return dump(root, out);
}
