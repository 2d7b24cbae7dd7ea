/* Reading VROOM's JSON: every value is checked where it is read, every fault is kept with its place, and none stops
 * the reading of the rest. */
#include "vroom_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TASKS_MOST    20000
#define VEHICLES_MOST 10000
#define COST_MOST     100000000
#define PRIORITY_MOST 100
#define SECONDS_MOST  VROOM_SECONDS_MOST
#define STEPS_MOST    (TASKS_MOST + 100)

const char *vroom_kind_name(vroom_kind kind)
{
    static const char *const names[VROOM_KINDS] = {"job", "pickup", "delivery"};
    return names[kind];
}

/* ---- tasks ---- */

static void read_times(vroom_reader *r, const vroom_at *where, const json_t *given, vroom_task *task)
{
    task->given = given;
    task->id = vroom_whole_of(r, where, given, "id", CR_NONE, 0, VROOM_ID_MOST);
    task->setup_s = (int32_t)vroom_whole_of(r, where, given, "setup", 0, 0, VROOM_DURATION_MOST);
    task->service_s = (int32_t)vroom_whole_of(r, where, given, "service", 0, 0, VROOM_DURATION_MOST);
    task->place = vroom_read_place(r, where, given, "location_index", "location");
    if (!vroom_has(given, "id"))
        vroom_fault(r, where, NULL, "has no id");
    if (task->place == CR_NONE && !vroom_has(given, r->in->has_matrices ? "location_index" : "location"))
        vroom_fault(r, where, NULL, "has no %s", r->in->has_matrices ? "location_index" : "location");
    vroom_check_windows(r, where, given, VROOM_WINDOWS_MOST);
    vroom_check_per_type(r, where, given, "setup_per_type");
    vroom_check_per_type(r, where, given, "service_per_type");
}

static void read_shared(vroom_reader *r, const vroom_at *where, const json_t *given, vroom_task *task)
{
    task->priority = (int32_t)vroom_whole_of(r, where, given, "priority", 0, 0, PRIORITY_MOST);
    task->skills = json_object_get(given, "skills");
    vroom_check_skills(r, where, given);
}

static void read_job(vroom_reader *r, const vroom_at *where, const json_t *given, vroom_task *task)
{
    task->kind = VROOM_JOB;
    if (!vroom_is_object(r, where, given))
        return;
    read_times(r, where, given, task);
    read_shared(r, where, given, task);
    /* "amount" is the old name of what is delivered, from when nothing was picked up: beside either it says nothing. */
    bool is_old = !vroom_has(given, "delivery") && !vroom_has(given, "pickup");
    task->delivery = vroom_read_amounts(r, where, given, is_old ? "amount" : "delivery");
    task->pickup = vroom_read_amounts(r, where, given, "pickup");
}

static void read_shipment(vroom_reader *r, const vroom_at *where, const json_t *given, vroom_task *ends)
{
    static const char *const keys[] = {"pickup", "delivery"};
    if (!vroom_is_object(r, where, given))
        return;
    int64_t *amount = vroom_read_amounts(r, where, given, "amount"),
            *nothing = vroom_take(r, (size_t)r->in->n_amounts, sizeof *nothing);
    for (int32_t e = 0; e < 2; e++) {
        vroom_at end_at = {where, keys[e], 0};
        const json_t *end = json_object_get(given, keys[e]);
        ends[e].kind = e == 0 ? VROOM_PICKUP : VROOM_DELIVERY;
        read_shared(r, where, given, &ends[e]);
        ends[e].pickup = e == 0 ? amount : nothing;
        ends[e].delivery = e == 0 ? nothing : amount;
        if (!end)
            vroom_fault(r, &end_at, NULL, "is missing");
        else if (vroom_is_object(r, &end_at, end))
            read_times(r, &end_at, end, &ends[e]);
    }
}

static void read_tasks(vroom_reader *r)
{
    vroom_input *in = r->in;
    const json_t *jobs, *shipments;
    vroom_at jobs_at = {NULL, "jobs", 0}, shipments_at = {NULL, "shipments", 0};
    size_t n_jobs = vroom_list_of(r, NULL, in->root, "jobs", TASKS_MOST, &jobs);
    size_t n_shipments = vroom_list_of(r, NULL, in->root, "shipments", TASKS_MOST / 2, &shipments);
    if (n_jobs + 2 * n_shipments > TASKS_MOST) {
        vroom_fault(r, NULL, NULL, "%zu jobs and %zu shipments: %d tasks are possible", n_jobs, n_shipments,
                    TASKS_MOST);
        return;
    }
    in->n_jobs = (int32_t)n_jobs;
    in->tasks = vroom_take(r, n_jobs + 2 * n_shipments, sizeof *in->tasks);
    if (!in->tasks)
        return;
    in->n_tasks = (int32_t)(n_jobs + 2 * n_shipments);
    for (size_t i = 0; i < n_jobs; i++) {
        vroom_at here = {&jobs_at, NULL, i};
        read_job(r, &here, json_array_get(jobs, i), &in->tasks[i]);
    }
    for (size_t i = 0; i < n_shipments; i++) {
        vroom_at here = {&shipments_at, NULL, i};
        read_shipment(r, &here, json_array_get(shipments, i), &in->tasks[n_jobs + 2 * i]);
    }
}

/* ---- vehicles ---- */

static void read_costs(vroom_reader *r, const vroom_at *where, const json_t *given, vroom_vehicle *v)
{
    vroom_at here = {where, "costs", 0};
    const json_t *costs = json_object_get(given, "costs");
    v->per_hour = 3600;
    if (!vroom_has(given, "costs") || !vroom_is_object(r, &here, costs))
        return;
    v->fixed = vroom_whole_of(r, &here, costs, "fixed", 0, 0, COST_MOST);
    v->per_hour = vroom_whole_of(r, &here, costs, "per_hour", 3600, 0, COST_MOST);
    v->per_km = vroom_whole_of(r, &here, costs, "per_km", 0, 0, COST_MOST);
    v->per_task_hour = vroom_whole_of(r, &here, costs, "per_task_hour", 0, 0, COST_MOST);
}

static bool is_among(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static void check_breaks(vroom_reader *r, const vroom_at *where, const json_t *given)
{
    const json_t *breaks;
    int64_t ids[VROOM_BREAKS_MOST] = {0};
    size_t n_ids = 0, n = vroom_list_of(r, where, given, "breaks", VROOM_BREAKS_MOST, &breaks);
    vroom_at list_at = {where, "breaks", 0};
    for (size_t i = 0; i < n; i++) {
        vroom_at here = {&list_at, NULL, i};
        const json_t *brk = json_array_get(breaks, i);
        if (!vroom_is_object(r, &here, brk))
            continue;
        int64_t id = vroom_whole_of(r, &here, brk, "id", CR_NONE, 0, VROOM_ID_MOST);
        if (id == CR_NONE)
            vroom_fault(r, &here, NULL, "has no id");
        else if (is_among(ids, n_ids, id))
            vroom_fault(r, &here, NULL, "has the id of another break: %lld", (long long)id);
        else
            ids[n_ids++] = id;
        (void)vroom_whole_of(r, &here, brk, "service", 0, 0, VROOM_DURATION_MOST);
        vroom_check_windows(r, &here, brk, VROOM_WINDOWS_MOST);
        (void)vroom_read_amounts(r, &here, brk, "max_load");
    }
}

/* Of a given route: what each step is, and when it may be. */
static void check_steps(vroom_reader *r, const vroom_at *where, const json_t *given)
{
    static const char *const times[] = {"service_at", "service_after", "service_before"};
    const json_t *steps;
    size_t n = vroom_list_of(r, where, given, "steps", STEPS_MOST, &steps);
    vroom_at list_at = {where, "steps", 0};
    for (size_t i = 0; i < n; i++) {
        vroom_at here = {&list_at, NULL, i};
        const json_t *step = json_array_get(steps, i);
        if (!vroom_is_object(r, &here, step))
            continue;
        (void)vroom_whole_of(r, &here, step, "id", 0, 0, VROOM_ID_MOST);
        for (int32_t t = 0; t < 3; t++)
            (void)vroom_whole_of(r, &here, step, times[t], 0, 0, SECONDS_MOST);
        if (!vroom_text_of(r, &here, step, "type", NULL))
            vroom_fault(r, &here, NULL, "has no type");
    }
}

static int32_t read_speed(vroom_reader *r, const vroom_at *where, const json_t *given)
{
    vroom_at here = {where, "speed_factor", 0};
    const json_t *speed = json_object_get(given, "speed_factor");
    if (!vroom_has(given, "speed_factor"))
        return 100;
    double factor = json_is_number(speed) ? json_number_value(speed) : NAN;
    if (factor > 0 && factor <= 5 && lround(factor * 100) > 0)
        return (int32_t)lround(factor * 100);
    vroom_fault(r, &here, speed, "must be above 0 and at most 5");
    return 100;
}

static void read_profile_and_type(vroom_reader *r, const vroom_at *where, const json_t *given, vroom_vehicle *v)
{
    vroom_input *in = r->in;
    v->profile = vroom_find_text(in->profiles, &in->n_profiles, VROOM_PROFILES_MOST,
                                 vroom_text_of(r, where, given, "profile", "car"));
    if (v->profile == CR_NONE) {
        vroom_fault(r, where, NULL, "has one profile too many: %d are possible", VROOM_PROFILES_MOST);
        v->profile = 0;
    }
    v->type = CR_NONE;
    const char *type = vroom_text_of(r, where, given, "type", NULL);
    if (!type)
        return;
    v->type = vroom_find_text(in->types, &in->n_types, CR_GRADES_MOST, type);
    if (v->type == CR_NONE)
        vroom_fault(r, where, NULL, "has one type too many: %d are possible", CR_GRADES_MOST);
}

/* An end in the form that is not looked at would make the route an open one. */
static int32_t read_end(vroom_reader *r, const vroom_at *where, const json_t *given, const char *index_key,
                        const char *key)
{
    bool by_index = r->in->has_matrices;
    const char *used = by_index ? index_key : key;
    vroom_at unused_at = {where, by_index ? key : index_key, 0};
    if (!vroom_has(given, used) && vroom_has(given, unused_at.key))
        vroom_fault(r, &unused_at, NULL, "must be given as %s, since there are %smatrices", used,
                    by_index ? "" : "no ");
    return vroom_read_place(r, where, given, index_key, key);
}

static void read_vehicle(vroom_reader *r, const vroom_at *where, const json_t *given, vroom_vehicle *v)
{
    if (!vroom_is_object(r, where, given))
        return;
    vroom_at window_at = {where, "time_window", 0};
    v->given = given;
    v->id = vroom_whole_of(r, where, given, "id", CR_NONE, 0, VROOM_ID_MOST);
    v->start = read_end(r, where, given, "start_index", "start");
    v->end = read_end(r, where, given, "end_index", "end");
    v->speed_hundredths = read_speed(r, where, given);
    v->max_tasks = (int32_t)vroom_whole_of(r, where, given, "max_tasks", CR_NONE, 0, INT32_MAX);
    v->close_s = -1;
    if (vroom_has(given, "time_window"))
        vroom_read_window(r, &window_at, json_object_get(given, "time_window"), &v->open_s, &v->close_s);
    if (vroom_has(given, "capacity"))
        v->capacity = vroom_read_amounts(r, where, given, "capacity");
    if (!vroom_has(given, "id"))
        vroom_fault(r, where, NULL, "has no id");
    if (v->start == CR_NONE && v->end == CR_NONE)
        vroom_fault(r, where, NULL,
                    r->in->has_matrices ? "has neither start_index nor end_index" : "has neither start nor end");
    read_costs(r, where, given, v);
    vroom_check_skills(r, where, given);
    check_breaks(r, where, given);
    v->max_travel_s = vroom_whole_of(r, where, given, "max_travel_time", CR_NONE, 0, SECONDS_MOST);
    v->max_distance_m = vroom_whole_of(r, where, given, "max_distance", CR_NONE, 0, SECONDS_MOST);
    if (r->in->chooses_times)
        check_steps(r, where, given);
    read_profile_and_type(r, where, given, v);
}

static void read_vehicles(vroom_reader *r)
{
    vroom_input *in = r->in;
    const json_t *vehicles;
    vroom_at list_at = {NULL, "vehicles", 0};
    size_t n = vroom_list_of(r, NULL, in->root, "vehicles", VEHICLES_MOST, &vehicles);
    in->vehicles = vroom_take(r, n, sizeof *in->vehicles);
    in->types = vroom_take(r, CR_GRADES_MOST, sizeof *in->types);
    if (!in->vehicles || !in->types)
        return;
    in->n_vehicles = (int32_t)n;
    if (n == 0 && r->n_faults == 0)
        vroom_fault(r, &list_at, NULL, "has no vehicle");
    for (size_t i = 0; i < n; i++) {
        vroom_at here = {&list_at, NULL, i};
        read_vehicle(r, &here, json_array_get(vehicles, i), &in->vehicles[i]);
    }
}

/* ---- ids, skills, amounts ---- */

typedef struct id_at {
    int64_t id;
    int32_t kind, item;
} id_at;

static int compare_ids(const void *a, const void *b)
{
    const id_at *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

/* The same id twice among the tasks of a kind, or among the vehicles. */
static void check_ids(vroom_reader *r)
{
    const vroom_input *in = r->in;
    int32_t n = in->n_tasks + in->n_vehicles;
    id_at *ids = vroom_take(r, (size_t)n, sizeof *ids);
    if (!ids)
        return;
    for (int32_t t = 0; t < in->n_tasks; t++)
        ids[t] = (id_at){in->tasks[t].id, (int32_t)in->tasks[t].kind, t};
    for (int32_t v = 0; v < in->n_vehicles; v++)
        ids[in->n_tasks + v] = (id_at){in->vehicles[v].id, VROOM_KINDS, v};
    qsort(ids, (size_t)n, sizeof *ids, compare_ids);
    for (int32_t i = 1; i < n; i++)
        if (ids[i].kind == ids[i - 1].kind && ids[i].id == ids[i - 1].id && ids[i].id != CR_NONE)
            vroom_fault(r, NULL, NULL, "two %ss have the id %lld",
                        ids[i].kind == VROOM_KINDS ? "vehicle" : vroom_kind_name((vroom_kind)ids[i].kind),
                        (long long)ids[i].id);
}

static int compare_whole(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void number_skills(vroom_reader *r)
{
    vroom_input *in = r->in;
    size_t n = 0, room = 0;
    for (int32_t t = 0; t < in->n_tasks; t++)
        room += json_array_size(in->tasks[t].skills);
    in->skills = vroom_take(r, room, sizeof *in->skills);
    for (int32_t t = 0; in->skills && t < in->n_tasks; t++)
        for (size_t i = 0; i < json_array_size(in->tasks[t].skills); i++)
            in->skills[n++] = (int64_t)json_number_value(json_array_get(in->tasks[t].skills, i));
    if (n > 0)
        qsort(in->skills, n, sizeof *in->skills, compare_whole);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || in->skills[i] != in->skills[i - 1])
            in->skills[in->n_skills++] = in->skills[i];
}

/* How many amounts there are: as many as the first list of them has. */
static int32_t count_amounts(const json_t *root)
{
    static const char *const of_task[] = {"delivery", "pickup", "amount"};
    const json_t *list;
    size_t i;
    const json_t *item;
    list = json_object_get(root, "vehicles");
    json_array_foreach(list, i, item) if (json_array_size(json_object_get(item, "capacity")) >
                                          0) return (int32_t)json_array_size(json_object_get(item, "capacity"));
    for (int32_t k = 0; k < 2; k++) {
        list = json_object_get(root, k == 0 ? "jobs" : "shipments");
        json_array_foreach(list, i,
                           item) for (int32_t a = 0; a < 3;
                                      a++) if (json_array_size(json_object_get(item, of_task[a])) >
                                               0) return (int32_t)json_array_size(json_object_get(item, of_task[a]));
    }
    return 0;
}

/* ---- the whole ---- */

static void read_all(vroom_reader *r)
{
    vroom_input *in = r->in;
    const json_t *options = json_object_get(in->root, "options");
    in->wants_geometry = json_is_true(json_object_get(options, "g"));
    in->chooses_times = json_is_true(json_object_get(options, "c"));
    in->n_amounts = count_amounts(in->root);
    vroom_read_matrices(r);
    read_vehicles(r);
    read_tasks(r);
    vroom_check_profiles(r);
    if (r->n_faults > 0)
        return;
    check_ids(r);
    number_skills(r);
}

static cr_status finish(vroom_reader *r, char **faults, vroom_message *message)
{
    if (r->n_faults > VROOM_FAULTS_SHOWN)
        fprintf(r->faults, "; and %d more", r->n_faults - VROOM_FAULTS_SHOWN);
    bool failed = fclose(r->faults) != 0 || arena_failed(r->in->memory);
    if (!failed)
        snprintf(message->text, sizeof message->text, "%s", *faults);
    free(*faults);
    return failed ? CR_E_NOMEM : r->n_faults > 0 ? CR_E_INPUT : CR_OK;
}

vroom_input *vroom_input_free(vroom_input *input)
{
    if (input) {
        json_decref(input->root);
        arena_free(input->memory);
        cr_roads_free(input->roads);
        free(input);
    }
    return NULL;
}

static cr_status parse(const char *text, size_t size, vroom_input *in, vroom_message *message)
{
    json_error_t error;
    in->root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!in->root && json_error_code(&error) == json_error_out_of_memory)
        return CR_E_NOMEM;
    if (!in->root)
        snprintf(message->text, sizeof message->text, "line %d, column %d: %s", error.line, error.column, error.text);
    else if (!json_is_object(in->root))
        snprintf(message->text, sizeof message->text, "the input is no JSON object");
    else
        return CR_OK;
    return CR_E_INPUT;
}

cr_status vroom_read(const char *text, size_t size, vroom_input **ret_input, vroom_message *message)
{
    cr_auto(vroom_input) in = calloc(1, sizeof *in);
    if (!in)
        return CR_E_NOMEM;
    cr_status st = arena_new(&in->memory);
    if (!st)
        st = parse(text, size, in, message);
    if (st)
        return st;
    char *faults = NULL;
    size_t n = 0;
    vroom_reader r = {in, open_memstream(&faults, &n), 0};
    if (!r.faults)
        return CR_E_NOMEM;
    read_all(&r);
    st = finish(&r, &faults, message);
    if (!st)
        *ret_input = vroom_input_take(&in);
    return st;
}
