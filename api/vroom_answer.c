/* From a plan to VROOM's answer. */
#include "vroom_violations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- sums ---- */

typedef struct sums {
    int64_t cost, setup_s, service_s, duration_s, waiting_s, priority, distance_m;
    int64_t *delivery, *pickup; /* n_amounts */
    vroom_violations found;
} sums;

typedef struct writer {
    const vroom_input *in;
    const vroom_question *q;
    sums all, round;
    int64_t *load;
    int32_t *round_of, *index_of; /* of each task: its round (CR_NONE), and where it is there */
    int32_t n_tasks;              /* of the route so far */
    vroom_violations found;       /* at the step at hand */
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
    put(out, object, "violations", kept(out, vroom_violations_list(&s->found)));
}

/* ---- what a given route breaks ---- */

/* Off the windows, at a time on the input's clock. */
static void judge_time(writer *out, int64_t off_s)
{
    out->found.has[VROOM_LEAD_TIME] = out->found.has[VROOM_LEAD_TIME] || off_s < 0;
    out->found.has[VROOM_DELAY] = out->found.has[VROOM_DELAY] || off_s > 0;
    out->found.lead_s += off_s < 0 ? -off_s : 0;
    out->found.delay_s += off_s > 0 ? off_s : 0;
}

static bool is_above(const writer *out, const int64_t *load, const int64_t *most)
{
    for (int32_t a = 0; most && a < out->in->n_amounts; a++)
        if (load[a] > most[a])
            return true;
    return false;
}

/* What every step may be beyond. */
static void judge_limits(writer *out, const vroom_vehicle *v)
{
    out->found.has[VROOM_LOAD] = is_above(out, out->load, v->capacity);
    out->found.has[VROOM_MAX_TRAVEL_TIME] = v->max_travel_s != CR_NONE && out->round.duration_s > v->max_travel_s;
    out->found.has[VROOM_MAX_DISTANCE] = v->max_distance_m != CR_NONE && out->round.distance_m > v->max_distance_m;
}

/* Without its other end in this route, or before it. */
static bool breaks_precedence(const writer *out, int32_t t)
{
    if (out->in->tasks[t].kind == VROOM_JOB)
        return false;
    bool is_pickup = out->in->tasks[t].kind == VROOM_PICKUP;
    int32_t other = is_pickup ? t + 1 : t - 1;
    if (out->round_of[other] != out->round_of[t])
        return true;
    return !is_pickup && out->index_of[other] > out->index_of[t];
}

static void judge_task(writer *out, const vroom_vehicle *v, int32_t t, int64_t time_s)
{
    const vroom_task *task = &out->in->tasks[t];
    if (!out->in->chooses_times)
        return;
    judge_time(out, vroom_off_windows(json_object_get(task->given, "time_windows"), time_s));
    judge_limits(out, v);
    out->found.has[VROOM_SKILLS] = vroom_lacks_skill(task, v);
    out->found.has[VROOM_MAX_TASKS] = v->max_tasks != CR_NONE && out->n_tasks > v->max_tasks;
    out->found.has[VROOM_PRECEDENCE] = breaks_precedence(out, t);
}

static void judge_break(writer *out, const vroom_vehicle *v, const json_t *given, int64_t time_s)
{
    size_t a;
    const json_t *most;
    if (!out->in->chooses_times)
        return;
    judge_time(out, vroom_off_windows(json_object_get(given, "time_windows"), time_s));
    judge_limits(out, v);
    json_array_foreach(json_object_get(given, "max_load"), a, most) if (out->load[a] > json_number_value(most))
        out->found.has[VROOM_MAX_LOAD] = true;
}

static void judge_end(writer *out, const vroom_vehicle *v, bool is_start, int64_t time_s)
{
    if (!out->in->chooses_times)
        return;
    if (v->close_s >= 0 && is_start && time_s < v->open_s)
        judge_time(out, time_s - v->open_s);
    if (v->close_s >= 0 && !is_start && time_s > v->close_s)
        judge_time(out, time_s - v->close_s);
    judge_limits(out, v);
}

/* ---- steps ---- */

/* The way to a stop counts in time, metres and cost. */
static int32_t go(writer *out, const vroom_walk *w, int32_t k)
{
    int32_t from = vroom_walk_place(w, k - 1), to = k < w->n ? vroom_walk_place(w, k) : w->shift->end_place;
    if (from == CR_NONE || to == CR_NONE || (k < w->n && w->stops[k].slot == CR_NONE))
        return 0;
    const vroom_table *table = &out->in->tables[out->in->vehicles[w->shift->carer].profile];
    out->round.cost += vroom_cost_of_way(w->p, w->shift->mode, from, to);
    if (table->distance_m)
        out->round.distance_m += table->distance_m[(size_t)from * (size_t)out->in->n_places + (size_t)to];
    int32_t way = vroom_walk_way(w, k);
    out->round.duration_s += way;
    return way;
}

static void finish_step(writer *out, json_t *step, int64_t arrival)
{
    put_amounts(out, step, "load", out->load);
    put_whole(out, step, "arrival", arrival + out->q->base_s);
    put_whole(out, step, "duration", out->round.duration_s);
    put(out, step, "violations", kept(out, vroom_violations_list(&out->found)));
    vroom_violations_add(&out->round.found, &out->found);
    out->found = (vroom_violations){0};
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

static void put_end_step(writer *out, json_t *steps, const vroom_walk *w, bool is_start, int64_t time)
{
    const json_t *given = out->in->vehicles[w->shift->carer].given;
    json_t *step = new_step(out, steps, is_start ? "start" : "end");
    put_given(out, step, "location", given, is_start ? "start" : "end");
    put_given(out, step, "location_index", given, is_start ? "start_index" : "end_index");
    put_times(out, step, 0, 0, 0);
    judge_end(out, &out->in->vehicles[w->shift->carer], is_start, time + out->q->base_s);
    finish_step(out, step, time);
}

static void put_break(writer *out, json_t *steps, const vroom_walk *w, int32_t k, int64_t arrival)
{
    const json_t *given = out->q->breaks[w->stops[k].brk];
    json_t *step = new_step(out, steps, "break");
    put_given(out, step, "id", given, "id");
    put_given(out, step, "description", given, "description");
    put_times(out, step, 0, w->p->breaks[w->stops[k].brk].length, w->stops[k].start - arrival);
    judge_break(out, &out->in->vehicles[w->shift->carer], given, w->stops[k].start + out->q->base_s);
    finish_step(out, step, arrival);
}

static void put_task(writer *out, json_t *steps, const vroom_walk *w, int32_t k, int64_t arrival)
{
    int32_t t = w->p->slots[w->stops[k].slot].visit, door_s = vroom_walk_door(w, k);
    const vroom_task *task = &out->in->tasks[t];
    const vroom_vehicle *vehicle = &out->in->vehicles[w->shift->carer];
    int64_t care_s = vroom_walk_length(w, k), setup_s = door_s;
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
    out->round.cost +=
        llround((double)vehicle->per_task_hour * (double)(door_s + care_s) / 3600 * (double)out->q->cost_scale);
    out->n_tasks++;
    judge_task(out, vehicle, t, w->stops[k].start - door_s + out->q->base_s);
    finish_step(out, step, arrival);
}

static json_t *steps_of(writer *out, const vroom_walk *w, const cr_round *round)
{
    json_t *steps = kept(out, json_array());
    int64_t now = round->depart;
    for (int32_t k = 0; k < w->n; k++)
        if (w->stops[k].slot != CR_NONE && out->in->tasks[w->p->slots[w->stops[k].slot].visit].kind == VROOM_JOB)
            add_to(out, out->load, out->in->tasks[w->p->slots[w->stops[k].slot].visit].delivery, 1);
    if (w->shift->start_place != CR_NONE)
        put_end_step(out, steps, w, true, now);
    else
        judge_end(out, &out->in->vehicles[w->shift->carer], true, now + out->q->base_s); /* told by the first step */
    for (int32_t k = 0; k < w->n; k++) {
        now += go(out, w, k);
        if (w->stops[k].slot == CR_NONE)
            put_break(out, steps, w, k, now);
        else
            put_task(out, steps, w, k, now);
        now = w->stops[k].start + vroom_walk_length(w, k);
    }
    now += go(out, w, w->n);
    if (w->shift->end_place != CR_NONE)
        put_end_step(out, steps, w, false, now);
    else
        judge_end(out, &out->in->vehicles[w->shift->carer], false, now + out->q->base_s); /* told by the route */
    return steps;
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
    out->found = (vroom_violations){0};
    out->n_tasks = 0;
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
    vroom_violations_add(&all->found, &r->found);
}

/* Violations of the route and no step of it. */
static void note_the_rest(writer *out, const vroom_walk *w)
{
    int32_t n_breaks = 0;
    for (int32_t k = 0; k < w->n; k++)
        n_breaks += w->stops[k].slot == CR_NONE;
    out->found.has[VROOM_MISSING_BREAK] = n_breaks < w->p->shifts[w->shift->carer].breaks.n;
    vroom_violations_add(&out->round.found, &out->found);
    out->found = (vroom_violations){0};
}

static void note_rounds(writer *out, const cr_plan *plan)
{
    for (int32_t t = 0; t < out->in->n_tasks; t++)
        out->round_of[t] = CR_NONE;
    for (int32_t r = 0; r < plan->n_rounds; r++)
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            int32_t slot = plan->stops[plan->rounds[r].stops.first + k].slot;
            if (slot == CR_NONE)
                continue;
            out->round_of[out->q->problem->slots[slot].visit] = r;
            out->index_of[out->q->problem->slots[slot].visit] = k;
        }
}

static cr_status put_route(writer *out, json_t *routes, const cr_plan *plan, const cr_round *round)
{
    const cr_problem *p = out->q->problem;
    vroom_walk w = {p, &p->shifts[round->shift], &plan->stops[round->stops.first], round->stops.n};
    const vroom_vehicle *vehicle = &out->in->vehicles[round->shift];
    json_t *route = kept(out, json_object());
    append(out, routes, route);
    start_round(out, vehicle->fixed);
    json_t *steps = steps_of(out, &w, round);
    note_the_rest(out, &w);
    put_whole(out, route, "vehicle", vehicle->id);
    put_given(out, route, "description", vehicle->given, "description");
    put_sums(out, route, &out->round);
    put(out, route, "steps", steps);
    add_round(out);
    return out->in->wants_geometry && out->in->places ? vroom_put_geometry(out->in, &w, route) : CR_OK;
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
    int32_t *places = calloc(2 * (size_t)in->n_tasks + 1, sizeof *places);
    json_t *answer = json_object();
    if (!amounts || !places || !answer) {
        free(amounts);
        free(places);
        json_decref(answer);
        return CR_E_NOMEM;
    }
    writer out = {.in = in, .q = question, .has_distances = knows_distances(in), .load = amounts};
    out.round_of = places;
    out.index_of = places + in->n_tasks;
    note_rounds(&out, plan);
    out.all.delivery = amounts + n;
    out.all.pickup = amounts + 2 * n;
    out.round.delivery = amounts + 3 * n;
    out.round.pickup = amounts + 4 * n;
    cr_status st = write_answer(&out, plan, answer);
    free(amounts);
    free(places);
    if (st)
        json_decref(answer);
    else
        *ret_answer = answer;
    return st;
}
