/* GeoJSON: the rounds as lines and the visits as points, for a map program (RFC 7946: WGS 84, longitude first). */
#include "words.h"

#include <jansson.h>

static json_t *position(const cr_place *place)
{
    return json_pack("[f, f]", place->lon_deg, place->lat_deg);
}

static bool has_position(const cr_day *day, int32_t place)
{
    return place >= 0 && day->places[place].quality != CR_PLACE_NONE;
}

/* Where the carer goes next; places in a row that are the same count once. */
static bool add_position(const cr_day *day, int32_t place, int32_t *last, json_t *line)
{
    if (!has_position(day, place) || place == *last)
        return true;
    *last = place;
    return json_array_append_new(line, position(&day->places[place])) == 0;
}

/* The road between, where there is one to draw. */
static bool add_road(const answer *a, const cr_range *part, json_t *line)
{
    for (int32_t i = part->first; i < part->first + part->n; i++) {
        const cr_road_position *at = &a->lines->at[i];
        if (json_array_append_new(line, json_pack("[f, f]", at->lon_deg, at->lat_deg)))
            return false;
    }
    return true;
}

/* A line has two positions or more; a round with less has no geometry, which the standard allows. */
static json_t *round_geometry(const answer *a, int32_t r)
{
    const cr_round *round = &a->plan->rounds[r];
    int32_t last = CR_NONE;
    json_t *line = json_array();
    bool ok = add_position(a->day, a->day->problem->shifts[round->shift].start_place, &last, line);
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++)
        ok = ok && (!a->lines || add_road(a, &a->lines->of_stop[k], line)) &&
             add_position(a->day, a->itinerary->stops[k].leg.to, &last, line);
    ok = ok && (!a->lines || add_road(a, &a->lines->of_home[r], line)) &&
         add_position(a->day, a->itinerary->way_home[r].to, &last, line);
    if (ok && json_array_size(line) >= 2)
        return json_pack("{s:s, s:o}", "type", "LineString", "coordinates", line);
    json_decref(line);
    return ok ? json_null() : NULL;
}

static json_t *round_feature(const answer *a, int32_t r)
{
    const cr_day *day = a->day;
    const cr_round *round = &a->plan->rounds[r];
    const cr_shift *shift = &day->problem->shifts[round->shift];
    const cr_round_figures *f = &a->report->rounds[r];
    return json_pack("{s:s, s:o, s:{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:I, s:o}}", "type", "Feature", "geometry",
                     round_geometry(a, r), "properties", "kind", "round", "shift", day->shifts[round->shift].shift_id,
                     "carer", day->carers[shift->carer].carer_id, "carer_name", day->carers[shift->carer].name, "mode",
                     day->mode_name[shift->mode], "depart", words_clock(day, round->depart).text, "arrive",
                     words_clock(day, round->arrive).text, "visits", f->n_visits, "travel_s", (json_int_t)f->travel,
                     "distance_m", words_knows_distance(day, f->dist_m) ? json_integer(f->dist_m) : json_null());
}

static json_t *point_geometry(const cr_place *place)
{
    if (place->quality == CR_PLACE_NONE)
        return json_null();
    return json_pack("{s:s, s:o}", "type", "Point", "coordinates", position(place));
}

/* The carers of a visit; empty when it is not placed. */
static json_t *carers_json(const answer *a, const cr_visit *visit)
{
    const cr_problem *p = a->day->problem;
    json_t *carers = json_array();
    bool ok = carers;
    for (int32_t i = visit->slots.first; ok && i < visit->slots.first + visit->slots.n; i++) {
        const int32_t stop = a->itinerary->stop_of_slot[i];
        if (stop == CR_NONE)
            continue;
        const int32_t shift = a->plan->rounds[a->itinerary->stops[stop].round].shift;
        ok = json_array_append_new(carers, json_string(a->day->carers[p->shifts[shift].carer].carer_id)) == 0;
    }
    if (!ok) {
        json_decref(carers);
        return NULL;
    }
    return carers;
}

static json_t *visit_feature(const answer *a, int32_t v)
{
    const cr_day *day = a->day;
    const cr_visit *visit = &day->problem->visits[v];
    const day_client *client = &day->clients[day->visits[v].client];
    const int32_t stop = a->itinerary->stop_of_slot[visit->slots.first];
    const itinerary_stop *s = stop >= 0 ? &a->itinerary->stops[stop] : NULL;
    return json_pack("{s:s, s:o, s:{s:s, s:s, s:s, s:s, s:s, s:b, s:s?, s:s?, s:o, s:s}}", "type", "Feature",
                     "geometry", point_geometry(&client->place), "properties", "kind", "visit", "visit",
                     day->visits[v].visit_id, "client", client->client_id, "client_name", client->name, "band",
                     day->visits[v].band, "placed", s != NULL, "start", s ? words_clock(day, s->start).text : NULL,
                     "end", s ? words_clock(day, s->end).text : NULL, "carers", carers_json(a, visit), "position",
                     cr_place_quality_name(client->place.quality));
}

cr_status write_geojson(const answer *a, FILE *out)
{
    json_t *features = json_array();
    bool ok = features;
    for (int32_t r = 0; ok && r < a->plan->n_rounds; r++)
        ok = json_array_append_new(features, round_feature(a, r)) == 0;
    for (int32_t v = 0; ok && v < a->day->problem->n_visits; v++)
        ok = json_array_append_new(features, visit_feature(a, v)) == 0;
    json_auto_t *root = ok ? json_pack("{s:s, s:O}", "type", "FeatureCollection", "features", features) : NULL;
    json_decref(features);
    if (!root)
        return CR_E_NOMEM;
    if (json_dumpf(root, out, JSON_COMPACT | JSON_REAL_PRECISION(9)) || fputc('\n', out) == EOF)
        return ferror(out) ? CR_E_UPSTREAM : CR_E_NOMEM;
    return CR_OK;
}
