/* From a plan to VROOM's answer. */
#include "vroom.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POLYLINE_SCALE   1e5 /* Google's encoded polylines, five digits */
#define LINE_TOLERANCE_M 10

/* ---- starts ---- */

/* One round on its way. */
typedef struct walk {
    const cr_problem *p;
    const cr_shift *shift;
    const cr_stop *stops;
    int32_t n;
} walk;

static int32_t place_of(const walk *w, int32_t k)
{
    for (; k >= 0; k--)
        if (w->stops[k].slot != CR_NONE)
            return w->p->visits[w->p->slots[w->stops[k].slot].visit].place;
    return w->shift->start_place;
}

static int32_t length_of(const walk *w, int32_t k)
{
    const cr_stop *stop = &w->stops[k];
    return stop->slot == CR_NONE ? w->p->breaks[stop->brk].length
                                 : cr_problem_duration(w->p, stop->slot, w->shift->carer);
}

static int32_t way_to(const walk *w, int32_t k)
{
    int32_t from = place_of(w, k - 1), to = k < w->n ? place_of(w, k) : w->shift->end_place;
    return from == CR_NONE || to == CR_NONE ? 0 : cr_matrix_time(w->p->matrix[w->shift->mode], from, to);
}

static int32_t door_of(const walk *w, int32_t k)
{
    const cr_stop *stop = &w->stops[k];
    if (stop->slot == CR_NONE || place_of(w, k - 1) == place_of(w, k))
        return 0;
    return w->p->visits[w->p->slots[stop->slot].visit].door;
}

static cr_range windows_of(const walk *w, int32_t k)
{
    const cr_stop *stop = &w->stops[k];
    return stop->slot == CR_NONE ? (cr_range){0, 0} : w->p->visits[w->p->slots[stop->slot].visit].windows;
}

static cr_window window_at(const walk *w, int32_t k, int32_t i)
{
    const cr_break *brk = w->stops[k].slot == CR_NONE ? &w->p->breaks[w->stops[k].brk] : NULL;
    return brk ? (cr_window){brk->open, brk->close} : w->p->windows[windows_of(w, k).first + i];
}

/* The earliest start that a stop may have from a time on (is_latest: the latest up to it); CR_FREE: none. */
static int32_t start_near(const walk *w, int32_t k, int32_t time, bool is_latest)
{
    int32_t n = w->stops[k].slot == CR_NONE ? 1 : windows_of(w, k).n, best = CR_FREE;
    for (int32_t i = 0; i < n; i++) {
        cr_window open = window_at(w, k, i);
        if (!is_latest && open.close >= time)
            return open.open > time ? open.open : time;
        if (is_latest && open.open <= time)
            best = open.close < time ? open.close : time;
    }
    return best;
}

/* The starts so far, by visit, and what shipments ask of them. */
typedef struct settling {
    int32_t *gap_to, *gap_from; /* of each visit: that ends, begins with it; CR_NONE */
    int32_t *start;             /* of each visit */
} settling;

static int32_t visit_of(const walk *w, int32_t k)
{
    return w->stops[k].slot == CR_NONE ? CR_NONE : w->p->slots[w->stops[k].slot].visit;
}

/* Not before the pickup has begun; not after the delivery allows. */
static int32_t after_pickup(const settling *s, const walk *w, int32_t k, int32_t time)
{
    int32_t v = visit_of(w, k), g = v == CR_NONE ? CR_NONE : s->gap_to[v];
    int32_t least = g == CR_NONE ? time : s->start[w->p->gaps[g].first] + w->p->gaps[g].min;
    return least > time ? least : time;
}

static int32_t before_delivery(const settling *s, const walk *w, int32_t k, int32_t time)
{
    int32_t v = visit_of(w, k), g = v == CR_NONE ? CR_NONE : s->gap_from[v];
    int32_t most = g == CR_NONE ? time : s->start[w->p->gaps[g].second] - w->p->gaps[g].min;
    return most < time ? most : time;
}

static bool note_start(settling *s, const walk *w, int32_t k, int32_t start)
{
    if (visit_of(w, k) != CR_NONE)
        s->start[visit_of(w, k)] = start;
    return start != CR_FREE;
}

/* Back as early as can be; then each stop as late as that allows, so that nobody waits longer than she must. */
static bool settle_round(settling *s, const walk *w, cr_stop *stops, cr_round *round)
{
    int32_t done = w->shift->begin;
    for (int32_t k = 0; k < w->n; k++) {
        int32_t start = start_near(w, k, after_pickup(s, w, k, done + way_to(w, k) + door_of(w, k)), false);
        if (!note_start(s, w, k, start))
            return false;
        done = start + length_of(w, k);
    }
    int32_t latest = round->arrive = done + way_to(w, w->n);
    for (int32_t k = w->n - 1; k >= 0; k--) {
        latest -= way_to(w, k + 1) + length_of(w, k) + (k + 1 < w->n ? door_of(w, k + 1) : 0);
        latest = stops[k].start = start_near(w, k, before_delivery(s, w, k, latest), true);
        if (!note_start(s, w, k, latest))
            return false;
    }
    round->depart = latest - way_to(w, 0) - door_of(w, 0);
    return true;
}

static bool settle_rounds(settling *s, const cr_problem *p, cr_plan *plan)
{
    for (int32_t v = 0; v < p->n_visits; v++)
        s->gap_to[v] = s->gap_from[v] = CR_NONE;
    for (int32_t g = 0; g < p->n_gaps; g++) {
        s->gap_from[p->gaps[g].first] = g;
        s->gap_to[p->gaps[g].second] = g;
    }
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        cr_round *round = &plan->rounds[r];
        cr_stop *stops = &plan->stops[round->stops.first];
        walk w = {p, &p->shifts[round->shift], stops, round->stops.n};
        if (!settle_round(s, &w, stops, round))
            return false;
    }
    return true;
}

cr_status vroom_settle_starts(const vroom_question *question, cr_plan *plan)
{
    size_t n = (size_t)question->problem->n_visits;
    int32_t *room = calloc(3 * n + 1, sizeof *room);
    if (!room)
        return CR_E_NOMEM;
    settling s = {room, room + n, room + 2 * n};
    bool is_settled = settle_rounds(&s, question->problem, plan);
    free(room);
    return is_settled ? CR_OK : CR_E_INTERNAL;
}

/* ---- sums ---- */

typedef struct sums {
    int64_t cost, setup_s, service_s, duration_s, waiting_s, priority, distance_m;
    int64_t *delivery, *pickup; /* n_amounts */
} sums;

typedef struct writer {
    const vroom_input *in;
    const vroom_question *q;
    sums all, round;
    int64_t *load;
    bool has_distances;
    bool failed; /* out of memory */
} writer;

static json_t *kept(writer *out, json_t *value)
{
    out->failed = out->failed || !value;
    return value;
}

static void put(writer *out, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value))
        out->failed = true;
}

static void put_whole(writer *out, json_t *object, const char *key, int64_t value)
{
    put(out, object, key, json_integer(value));
}

static void append(writer *out, json_t *list, json_t *value)
{
    if (json_array_append_new(list, value))
        out->failed = true;
}

static void put_given(writer *out, json_t *object, const char *key, const json_t *given, const char *given_key)
{
    json_t *value = json_object_get(given, given_key);
    if (value)
        put(out, object, key, json_incref(value));
}

static void put_amounts(writer *out, json_t *object, const char *key, const int64_t *amounts)
{
    if (out->in->n_amounts == 0)
        return;
    json_t *list = kept(out, json_array());
    for (int32_t a = 0; a < out->in->n_amounts; a++)
        append(out, list, json_integer(amounts[a]));
    put(out, object, key, list);
}

static void add_to(const writer *out, int64_t *sum, const int64_t *amounts, int64_t times)
{
    for (int32_t a = 0; a < out->in->n_amounts; a++)
        sum[a] += times * amounts[a];
}

static void put_sums(writer *out, json_t *object, const sums *s)
{
    put_whole(out, object, "cost", llround((double)s->cost / (double)out->q->cost_scale));
    put_amounts(out, object, "delivery", s->delivery);
    put_amounts(out, object, "pickup", s->pickup);
    put_whole(out, object, "setup", s->setup_s);
    put_whole(out, object, "service", s->service_s);
    put_whole(out, object, "duration", s->duration_s);
    put_whole(out, object, "waiting_time", s->waiting_s);
    put_whole(out, object, "priority", s->priority);
    if (out->has_distances)
        put_whole(out, object, "distance", s->distance_m);
    put(out, object, "violations", json_array());
}

/* ---- steps ---- */

/* The way to a stop counts in time, metres and cost. */
static int32_t go(writer *out, const walk *w, int32_t k)
{
    int32_t from = place_of(w, k - 1), to = k < w->n ? place_of(w, k) : w->shift->end_place;
    if (from == CR_NONE || to == CR_NONE || (k < w->n && w->stops[k].slot == CR_NONE))
        return 0;
    const vroom_table *table = &out->in->tables[out->in->vehicles[w->shift->carer].profile];
    out->round.cost += cr_matrix_dist_m(w->p->matrix[w->shift->mode], from, to);
    if (table->distance_m)
        out->round.distance_m += table->distance_m[(size_t)from * (size_t)out->in->n_places + (size_t)to];
    int32_t way = way_to(w, k);
    out->round.duration_s += way;
    return way;
}

static void finish_step(writer *out, json_t *step, int64_t arrival)
{
    put_amounts(out, step, "load", out->load);
    put_whole(out, step, "arrival", arrival + out->q->base_s);
    put_whole(out, step, "duration", out->round.duration_s);
    put(out, step, "violations", json_array());
    if (out->has_distances)
        put_whole(out, step, "distance", out->round.distance_m);
}

static json_t *new_step(writer *out, json_t *steps, const char *type)
{
    json_t *step = kept(out, json_object());
    append(out, steps, step);
    put(out, step, "type", json_string(type));
    return step;
}

static void put_times(writer *out, json_t *step, int64_t setup_s, int64_t service_s, int64_t waiting_s)
{
    put_whole(out, step, "setup", setup_s);
    put_whole(out, step, "service", service_s);
    put_whole(out, step, "waiting_time", waiting_s);
    out->round.setup_s += setup_s;
    out->round.service_s += service_s;
    out->round.waiting_s += waiting_s;
}

static void put_end_step(writer *out, json_t *steps, const walk *w, bool is_start, int64_t time)
{
    const json_t *given = out->in->vehicles[w->shift->carer].given;
    json_t *step = new_step(out, steps, is_start ? "start" : "end");
    put_given(out, step, "location", given, is_start ? "start" : "end");
    put_given(out, step, "location_index", given, is_start ? "start_index" : "end_index");
    put_times(out, step, 0, 0, 0);
    finish_step(out, step, time);
}

static void put_break(writer *out, json_t *steps, const walk *w, int32_t k, int64_t arrival)
{
    const json_t *given = out->q->breaks[w->stops[k].brk];
    json_t *step = new_step(out, steps, "break");
    put_given(out, step, "id", given, "id");
    put_given(out, step, "description", given, "description");
    put_times(out, step, 0, w->p->breaks[w->stops[k].brk].length, w->stops[k].start - arrival);
    finish_step(out, step, arrival);
}

static void put_task(writer *out, json_t *steps, const walk *w, int32_t k, int64_t arrival)
{
    int32_t t = w->p->slots[w->stops[k].slot].visit, door_s = door_of(w, k);
    const vroom_task *task = &out->in->tasks[t];
    const vroom_vehicle *vehicle = &out->in->vehicles[w->shift->carer];
    int64_t care_s = length_of(w, k), setup_s = door_s;
    if (out->q->setup_in_care[t])
        setup_s = vroom_setup_s(out->in, task, vehicle);
    json_t *step = new_step(out, steps, vroom_kind_name(task->kind));
    put_whole(out, step, "id", task->id);
    put_whole(out, step, "job", task->id); /* the old name */
    put_given(out, step, "description", task->given, "description");
    put_given(out, step, "location", task->given, "location");
    put_given(out, step, "location_index", task->given, "location_index");
    put_times(out, step, setup_s, out->q->setup_in_care[t] ? care_s - setup_s : care_s,
              w->stops[k].start - door_s - arrival);
    add_to(out, out->load, task->pickup, 1);
    add_to(out, out->load, task->delivery, -1);
    add_to(out, out->round.delivery, task->delivery, 1);
    add_to(out, out->round.pickup, task->pickup, 1);
    out->round.priority += task->priority;
    finish_step(out, step, arrival);
}

static json_t *steps_of(writer *out, const walk *w, const cr_round *round)
{
    json_t *steps = kept(out, json_array());
    int64_t now = round->depart;
    for (int32_t k = 0; k < w->n; k++)
        if (w->stops[k].slot != CR_NONE && out->in->tasks[w->p->slots[w->stops[k].slot].visit].kind == VROOM_JOB)
            add_to(out, out->load, out->in->tasks[w->p->slots[w->stops[k].slot].visit].delivery, 1);
    if (w->shift->start_place != CR_NONE)
        put_end_step(out, steps, w, true, now);
    for (int32_t k = 0; k < w->n; k++) {
        now += go(out, w, k);
        if (w->stops[k].slot == CR_NONE)
            put_break(out, steps, w, k, now);
        else
            put_task(out, steps, w, k, now);
        now = w->stops[k].start + length_of(w, k);
    }
    now += go(out, w, w->n);
    if (w->shift->end_place != CR_NONE)
        put_end_step(out, steps, w, false, now);
    return steps;
}

/* ---- geometry ---- */

/* Google's algorithm: five digits, differences, five bits a character. */
static void encode(FILE *out, double degrees, int64_t *before)
{
    int64_t now = llround(degrees * POLYLINE_SCALE), step = now - *before;
    uint64_t bits = step < 0 ? ~((uint64_t)step << 1) : (uint64_t)step << 1;
    *before = now;
    for (; bits >= 32; bits >>= 5)
        fputc((int)((32 | (bits & 31)) + 63), out);
    fputc((int)(bits + 63), out);
}

typedef struct pen {
    FILE *out;
    int64_t lat, lon;
} pen;

static void draw(pen *p, double lat_deg, double lon_deg)
{
    encode(p->out, lat_deg, &p->lat);
    encode(p->out, lon_deg, &p->lon);
}

/* The way along the roads, or a straight line where there are none. */
static cr_status draw_leg(const vroom_input *in, const vroom_table *table, cr_road_finder *finder, int32_t from,
                          int32_t to, pen *p)
{
    const cr_road_position *line = NULL;
    int32_t n = 0;
    cr_status st = CR_OK;
    if (finder) {
        cr_road_snap snaps[2];
        cr_place ends[2] = {in->places[from], in->places[to]};
        cr_roads_snap(in->roads, table->road_mode, ends, 2, snaps);
        st = cr_road_finder_find(finder, &snaps[0], &snaps[1], LINE_TOLERANCE_M, &line, &n);
    }
    for (int32_t i = 0; !st && i < n; i++)
        draw(p, line[i].lat_deg, line[i].lon_deg);
    draw(p, in->places[to].lat_deg, in->places[to].lon_deg);
    return st;
}

static cr_status draw_round(const vroom_input *in, const walk *w, pen *p)
{
    const vroom_table *table = &in->tables[in->vehicles[w->shift->carer].profile];
    cr_auto(cr_road_finder) finder = NULL;
    cr_status st =
        table->road_mode == CR_NONE ? CR_OK : cr_road_finder_new(in->roads, table->road_mode, CR_NONE, &finder);
    int32_t at = w->shift->start_place;
    if (at != CR_NONE)
        draw(p, in->places[at].lat_deg, in->places[at].lon_deg);
    for (int32_t k = 0; !st && k <= w->n; k++) {
        int32_t to = k < w->n ? place_of(w, k) : w->shift->end_place;
        if (to == CR_NONE || to == at)
            continue;
        if (at == CR_NONE)
            draw(p, in->places[to].lat_deg, in->places[to].lon_deg);
        else
            st = draw_leg(in, table, finder, at, to, p);
        at = to;
    }
    return st;
}

static cr_status put_geometry(writer *out, json_t *route, const walk *w)
{
    char *text = NULL;
    size_t size = 0;
    pen p = {open_memstream(&text, &size), 0, 0};
    if (!p.out)
        return CR_E_NOMEM;
    cr_status st = draw_round(out->in, w, &p);
    if (fclose(p.out))
        st = CR_E_NOMEM;
    if (!st)
        put(out, route, "geometry", json_string(text));
    free(text);
    return st;
}

/* ---- routes ---- */

static void start_round(writer *out, int64_t fixed)
{
    int64_t *delivery = out->round.delivery, *pickup = out->round.pickup;
    size_t size = (size_t)out->in->n_amounts * sizeof *out->load;
    if (size > 0) {
        memset(delivery, 0, size);
        memset(pickup, 0, size);
        memset(out->load, 0, size);
    }
    out->round = (sums){.cost = fixed * out->q->cost_scale, .delivery = delivery, .pickup = pickup};
}

static void add_round(writer *out)
{
    sums *all = &out->all;
    const sums *r = &out->round;
    all->cost += llround((double)r->cost / (double)out->q->cost_scale) * out->q->cost_scale; /* as the routes say */
    all->setup_s += r->setup_s;
    all->service_s += r->service_s;
    all->duration_s += r->duration_s;
    all->waiting_s += r->waiting_s;
    all->priority += r->priority;
    all->distance_m += r->distance_m;
    add_to(out, all->delivery, r->delivery, 1);
    add_to(out, all->pickup, r->pickup, 1);
}

static cr_status put_route(writer *out, json_t *routes, const cr_plan *plan, const cr_round *round)
{
    const cr_problem *p = out->q->problem;
    walk w = {p, &p->shifts[round->shift], &plan->stops[round->stops.first], round->stops.n};
    const vroom_vehicle *vehicle = &out->in->vehicles[round->shift];
    json_t *route = kept(out, json_object());
    append(out, routes, route);
    start_round(out, vehicle->fixed);
    json_t *steps = steps_of(out, &w, round);
    put_whole(out, route, "vehicle", vehicle->id);
    put_given(out, route, "description", vehicle->given, "description");
    put_sums(out, route, &out->round);
    put(out, route, "steps", steps);
    add_round(out);
    return out->in->wants_geometry && out->in->places ? put_geometry(out, route, &w) : CR_OK;
}

static json_t *unassigned_of(writer *out, const cr_plan *plan)
{
    json_t *list = kept(out, json_array());
    for (int32_t u = 0; u < plan->n_unallocated; u++) {
        const vroom_task *task = &out->in->tasks[plan->unallocated[u]];
        json_t *item = kept(out, json_object());
        append(out, list, item);
        put_whole(out, item, "id", task->id);
        put(out, item, "type", json_string(vroom_kind_name(task->kind)));
        put_given(out, item, "description", task->given, "description");
        put_given(out, item, "location", task->given, "location");
        put_given(out, item, "location_index", task->given, "location_index");
    }
    return list;
}

static cr_status write_answer(writer *out, const cr_plan *plan, json_t *answer)
{
    json_t *summary = kept(out, json_object()), *routes = kept(out, json_array());
    cr_status st = CR_OK;
    put_whole(out, answer, "code", 0);
    put(out, answer, "summary", summary);
    put(out, answer, "unassigned", unassigned_of(out, plan));
    put(out, answer, "routes", routes);
    for (int32_t r = 0; !st && r < plan->n_rounds; r++)
        st = put_route(out, routes, plan, &plan->rounds[r]);
    put_whole(out, summary, "routes", plan->n_rounds);
    put_whole(out, summary, "unassigned", plan->n_unallocated);
    put_sums(out, summary, &out->all);
    return st ? st : out->failed ? CR_E_NOMEM : CR_OK;
}

/* Metres are said where they are known for every vehicle. */
static bool knows_distances(const vroom_input *in)
{
    for (int32_t v = 0; v < in->n_vehicles; v++)
        if (!in->tables[in->vehicles[v].profile].distance_m)
            return false;
    return true;
}

cr_status vroom_answer(const vroom_input *in, const vroom_question *question, const cr_plan *plan, json_t **ret_answer)
{
    size_t n = (size_t)in->n_amounts;
    int64_t *amounts = calloc(5 * n + 1, sizeof *amounts);
    json_t *answer = json_object();
    if (!amounts || !answer) {
        free(amounts);
        json_decref(answer);
        return CR_E_NOMEM;
    }
    writer out = {.in = in, .q = question, .has_distances = knows_distances(in), .load = amounts};
    out.all.delivery = amounts + n;
    out.all.pickup = amounts + 2 * n;
    out.round.delivery = amounts + 3 * n;
    out.round.pickup = amounts + 4 * n;
    cr_status st = write_answer(&out, plan, answer);
    free(amounts);
    if (st)
        json_decref(answer);
    else
        *ret_answer = answer;
    return st;
}
