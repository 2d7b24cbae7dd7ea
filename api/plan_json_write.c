/* plan.json: the whole answer for programs, and the form in which a plan is kept.
 *
 * One object, keys in the order they are written here, described by data/schema/plan.schema.json. Ids tie it to the day
 * (plan_json_read.c reads only those, the order and the times); the names, legs and figures beside them are for readers
 * who do not have the day at hand. Every time stands twice: seconds after the first midnight, and the clock.
 */
#include "plan_json_write.h"
#include "providers.h"
#include "words.h"

#include <jansson.h>
#include <math.h>

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

/* ---- what the coordinator accepted ---- */

static json_t *accepted_json(const answer *a)
{
    const cr_day *day = a->day;
    json_t *list = json_array();
    bool ok = list;
    for (int32_t i = 0; ok && i < a->check->n_accepted; i++) {
        const cr_breach *b = &a->check->accepted[i];
        const day_accepted *by = words_accepted_by(day, b);
        char *text = words_accepted_breach(day, b);
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
