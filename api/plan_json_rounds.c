/* plan.json: the rounds, stop by stop. */
#include "plan_json_write.h"

/* "No road" is null for programs, never a number that could be added up. */
static json_t *length_or_null(int32_t length)
{
    return length < CR_NO_WAY ? json_integer(length) : json_null();
}

static json_t *leg_distance_or_null(const cr_day *day, const itinerary_leg *leg)
{
    return leg->dist_m < CR_NO_WAY ? distance_or_null(day, leg->dist_m) : json_null();
}

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

json_t *rounds_json(const answer *a)
{
    json_t *rounds = json_array();
    bool ok = rounds;
    for (int32_t r = 0; ok && r < a->plan->n_rounds; r++)
        ok = append(rounds, round_json(a, r));
    return take_if(ok, &rounds);
}
