/* What the commands find, as JSON. */
#include "answers_json.h"

#include "cmd.h"
#include "explain_text.h"
#include "words.h"

/* ---- check ---- */

json_t *check_json(const cr_day *day, const cr_plan *plan, const cr_check *check)
{
    return json_pack("{s:b, s:o, s:o, s:i, s:I, s:I, s:I, s:I, s:I, s:o}", "valid", check->n_breaches == 0, "breaches",
                     cmd_breaches_json(day, check), "accepted", cmd_accepted_json(day, check), "unallocated",
                     (int)plan->n_unallocated, "travel_s", (json_int_t)check->travel, "waiting_s",
                     (json_int_t)check->waiting, "care_s", (json_int_t)check->care, "door_s", (json_int_t)check->door,
                     "distance_m", (json_int_t)check->dist_m, "cost_pence", cmd_terms_json(&check->cost));
}

/* ---- evaluate ---- */

static json_t *left_out_json(const plan_faults *faults)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < faults->n; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "where", faults->items[i].where, "message", faults->items[i].text));
    return list;
}

static json_t *stop_json(const cr_day *day, const cr_plan *plan, const cr_round *round, int32_t k)
{
    const cr_problem *p = day->problem;
    const cr_stop *stop = &plan->stops[k];
    if (stop->slot == CR_NONE)
        return json_pack("{s:s, s:i, s:i, s:s}", "kind", "break", "break",
                         (int)(stop->brk - p->shifts[round->shift].breaks.first), "start_s", (int)stop->start, "start",
                         words_clock(day, stop->start).text);
    int32_t visit = p->slots[stop->slot].visit;
    return json_pack("{s:s, s:s, s:i, s:i, s:s}", "kind", "visit", "visit", day->visits[visit].visit_id, "slot",
                     (int)(stop->slot - p->visits[visit].slots.first), "start_s", (int)stop->start, "start",
                     words_clock(day, stop->start).text);
}

static json_t *rounds_json(const cr_day *day, const cr_plan *plan)
{
    json_t *rounds = json_array();
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        const cr_round *round = &plan->rounds[r];
        json_t *stops = json_array();
        for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++)
            json_array_append_new(stops, stop_json(day, plan, round, k));
        json_array_append_new(
            rounds, json_pack("{s:s, s:s, s:i, s:s, s:o, s:i, s:s}", "shift", day->shifts[round->shift].shift_id,
                              "carer", day->carers[day->problem->shifts[round->shift].carer].carer_id, "depart_s",
                              (int)round->depart, "depart", words_clock(day, round->depart).text, "stops", stops,
                              "arrive_s", (int)round->arrive, "arrive", words_clock(day, round->arrive).text));
    }
    return rounds;
}

static json_t *unallocated_json(const cr_day *day, const cr_plan *plan)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < plan->n_unallocated; i++)
        json_array_append_new(list, json_string(day->visits[plan->unallocated[i]].visit_id));
    return list;
}

json_t *evaluation_json(const cr_day *day, const cr_evaluation *e, const plan_faults *faults)
{
    return json_pack("{s:s, s:i, s:b, s:o, s:o, s:o, s:o, s:o}", "format", "careround evaluation", "format_version", 1,
                     "valid", e->check->n_breaches == 0 && faults->n == 0, "left_out", left_out_json(faults),
                     "breaches", cmd_breaches_json(day, e->check), "cost_pence", cmd_terms_json(&e->check->cost),
                     "rounds", rounds_json(day, e->plan), "unallocated", unallocated_json(day, e->plan));
}

/* ---- suggest ---- */

static json_t *suggested_carers_json(const cr_day *day, const cr_suggestion *s)
{
    json_t *carers = json_array();
    for (int32_t i = 0; i < s->n_carers; i++)
        json_array_append_new(carers, json_pack("{s:s, s:s}", "carer",
                                                day->carers[day->problem->shifts[s->shift[i]].carer].carer_id, "shift",
                                                day->shifts[s->shift[i]].shift_id));
    return carers;
}

static json_t *delays_json(const cr_day *day, const cr_suggestion *s)
{
    json_t *delays = json_array();
    for (int32_t i = 0; i < s->n_delays; i++)
        json_array_append_new(
            delays, json_pack("{s:s, s:i, s:s, s:i, s:s}", "visit", day->visits[s->delays[i].visit].visit_id, "was_s",
                              (int)s->delays[i].was, "was", words_clock(day, s->delays[i].was).text, "now_s",
                              (int)s->delays[i].now, "now", words_clock(day, s->delays[i].now).text));
    return delays;
}

static json_t *given_up_json(const cr_day *day, const cr_suggestion *s)
{
    json_t *pieces = json_array();
    for (int32_t i = 0; i < s->n_given_up; i++)
        json_array_append_new(pieces, json_pack("{s:s, s:i, s:s}", "visit", day->visits[s->given_up[i].visit].visit_id,
                                                "start_s", (int)s->given_up[i].start, "start",
                                                words_clock(day, s->given_up[i].start).text));
    return pieces;
}

static json_t *suggestion_json(const cr_day *day, const cr_suggestion *s)
{
    cr_check broken = {.n_breaches = s->n_broken, .breaches = s->broken};
    json_t *json =
        json_pack("{s:o, s:i, s:s, s:b, s:o, s:o, s:o}", "carers", suggested_carers_json(day, s), "start_s",
                  (int)s->start, "start", words_clock(day, s->start).text, "is_now", s->is_now, "cost_pence",
                  cmd_terms_json(&s->cost), "breaks", cmd_breaches_json(day, &broken), "moves", delays_json(day, s));
    if (json && s->n_given_up > 0 && json_object_set_new(json, "gives_up", given_up_json(day, s))) {
        json_decref(json);
        return NULL;
    }
    return json;
}

json_t *suggestions_json(const cr_day *day, int32_t visit, const cr_suggestions *list)
{
    json_t *items = json_array();
    for (int32_t i = 0; i < list->n; i++)
        json_array_append_new(items, suggestion_json(day, &list->items[i]));
    if (json_array_size(items) != (size_t)list->n) {
        json_decref(items);
        return NULL;
    }
    return json_pack("{s:s, s:i, s:s, s:o}", "format", "careround suggestions", "format_version", 1, "visit",
                     day->visits[visit].visit_id, "suggestions", items);
}

/* ---- explain ---- */

/* The same objects as in plan.json. */
json_t *explanations_json(const cr_day *day, const cr_explanations *list)
{
    json_t *all = json_array();
    for (int32_t i = 0; all && i < list->n; i++)
        if (json_array_append_new(all, explain_json(day, &list->items[i]))) {
            json_decref(all);
            return NULL;
        }
    return all;
}
