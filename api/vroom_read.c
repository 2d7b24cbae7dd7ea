/* Reading VROOM's JSON: every value is checked where it is read, every fault is kept with its place, and none stops
 * the reading of the rest. */
#include "vroom.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TASKS_MOST    20000
#define VEHICLES_MOST 10000
#define PLACES_MOST   20000
#define AMOUNTS_MOST  16
#define AMOUNT_MOST   100000000
#define LIST_MOST     10000
#define SECONDS_MOST  INT64_C(8589934592) /* a time stamp until 2242 */
#define DURATION_MOST 31622400            /* a year */
#define ID_MOST       INT64_C(9007199254740991)
#define COST_MOST     100000000
#define FAULTS_SHOWN  20
#define VALUE_SHOWN   40
#define PRIORITY_MOST 100

/* Where a value stands, for its faults: no text is made until there is one. */
typedef struct at {
    const struct at *up; /* NULL: the root */
    const char *key;     /* NULL: an item of a list, */
    size_t item;         /* this one */
} at;

typedef struct reader {
    vroom_input *in;
    FILE *faults;
    int32_t n_faults;
} reader;

const char *vroom_kind_name(vroom_kind kind)
{
    static const char *const names[VROOM_KINDS] = {"job", "pickup", "delivery"};
    return names[kind];
}

/* ---- faults ---- */

static void print_at(FILE *out, const at *where)
{
    if (!where)
        return;
    print_at(out, where->up);
    if (where->key)
        fprintf(out, "%s%s", where->up ? "." : "", where->key);
    else
        fprintf(out, "[%zu]", where->item);
}

__attribute__((format(printf, 4, 5))) static void fault(reader *r, const at *where, const json_t *value,
                                                        const char *format, ...)
{
    if (r->n_faults++ >= FAULTS_SHOWN)
        return;
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    if (r->n_faults > 1)
        fputs("; ", r->faults);
    print_at(r->faults, where);
    if (text)
        fprintf(r->faults, "%s%.*s%s ", where ? ": " : "", VALUE_SHOWN, text, strlen(text) > VALUE_SHOWN ? "..." : "");
    else
        fputc(' ', r->faults);
    free(text);
    va_list args;
    va_start(args, format);
    vfprintf(r->faults, format, args);
    va_end(args);
}

/* ---- values ---- */

static void *take(reader *r, size_t n, size_t size)
{
    return arena_take_bytes(r->in->memory, (n + 1) * size);
}

/* A whole number in [least, most]; else a fault, and least. */
static int64_t whole(reader *r, const at *where, const json_t *value, int64_t least, int64_t most)
{
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    if (json_is_integer(value) && json_integer_value(value) >= least && json_integer_value(value) <= most)
        return json_integer_value(value);
    if (json_is_real(value) && number == floor(number) && number >= (double)least && number <= (double)most)
        return (int64_t)number;
    fault(r, where, value, "is no whole number from %lld to %lld", (long long)least, (long long)most);
    return least;
}

static bool has(const json_t *object, const char *key)
{
    const json_t *member = json_object_get(object, key);
    return member && !json_is_null(member);
}

static int64_t whole_of(reader *r, const at *where, const json_t *object, const char *key, int64_t otherwise,
                        int64_t least, int64_t most)
{
    at here = {where, key, 0};
    return has(object, key) ? whole(r, &here, json_object_get(object, key), least, most) : otherwise;
}

/* The length of a list that may be missing; a fault, and 0, if it is no list. */
static size_t list_of(reader *r, const at *where, const json_t *object, const char *key, size_t most,
                      const json_t **ret_list)
{
    at here = {where, key, 0};
    const json_t *list = json_object_get(object, key);
    *ret_list = list;
    if (!has(object, key))
        return 0;
    if (!json_is_array(list))
        fault(r, &here, list, "is no list");
    else if (json_array_size(list) > most)
        fault(r, &here, NULL, "has %zu items, %zu are possible", json_array_size(list), most);
    else
        return json_array_size(list);
    return 0;
}

static const char *text_of(reader *r, const at *where, const json_t *object, const char *key, const char *otherwise)
{
    at here = {where, key, 0};
    const json_t *text = json_object_get(object, key);
    if (!has(object, key))
        return otherwise;
    if (json_is_string(text))
        return json_string_value(text);
    fault(r, &here, text, "is no text");
    return otherwise;
}

/* What is known and not done: refused, since a plan without it would not be what was asked for. */
static void refuse(reader *r, const at *where, const json_t *object, const char *key, const char *why)
{
    at here = {where, key, 0};
    if (has(object, key))
        fault(r, &here, json_object_get(object, key), "%s", why);
}

/* ---- what tasks and vehicles share ---- */

static int32_t find_place(vroom_input *in, double lat_deg, double lon_deg)
{
    for (int32_t p = 0; p < in->n_places; p++)
        if (in->places[p].lat_deg == lat_deg && in->places[p].lon_deg == lon_deg)
            return p;
    if (in->n_places >= PLACES_MOST)
        return CR_NONE;
    in->places[in->n_places] = (cr_place){lat_deg, lon_deg, -1, CR_PLACE_ROOFTOP};
    return in->n_places++;
}

static double degrees(reader *r, const at *where, const json_t *value, double most)
{
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    if (fabs(number) <= most)
        return number;
    fault(r, where, value, "must be degrees from %.0f to %.0f", -most, most);
    return 0;
}

/* [longitude, latitude] */
static int32_t read_location(reader *r, const at *where, const json_t *location)
{
    if (!json_is_array(location) || json_array_size(location) < 2) {
        fault(r, where, location, "must be [longitude, latitude]");
        return CR_NONE;
    }
    at lon_at = {where, NULL, 0}, lat_at = {where, NULL, 1};
    double lon_deg = degrees(r, &lon_at, json_array_get(location, 0), 180);
    double lat_deg = degrees(r, &lat_at, json_array_get(location, 1), 90);
    int32_t place = find_place(r->in, lat_deg, lon_deg);
    if (place == CR_NONE)
        fault(r, where, NULL, "is one place too many: %d are possible", PLACES_MOST);
    return place;
}

/* By the matrix's numbers if there is one, by coordinates otherwise. CR_NONE: not given. */
static int32_t read_place(reader *r, const at *where, const json_t *object, const char *index_key, const char *key)
{
    at here = {where, r->in->has_matrices ? index_key : key, 0};
    if (!has(object, here.key))
        return CR_NONE;
    const json_t *value = json_object_get(object, here.key);
    if (!r->in->has_matrices)
        return read_location(r, &here, value);
    return (int32_t)whole(r, &here, value, 0, r->in->n_places - 1);
}

/* An array of n_amounts numbers; zeros if it is not given. */
static int64_t *read_amounts(reader *r, const at *where, const json_t *object, const char *key)
{
    at here = {where, key, 0};
    const json_t *list;
    size_t n = list_of(r, where, object, key, AMOUNTS_MOST, &list);
    int64_t *amounts = take(r, (size_t)r->in->n_amounts, sizeof *amounts);
    if (n != 0 && n != (size_t)r->in->n_amounts)
        fault(r, &here, list, "has not as many amounts as the others: %d", r->in->n_amounts);
    for (size_t i = 0; amounts && i < n && i < (size_t)r->in->n_amounts; i++) {
        at item = {&here, NULL, i};
        amounts[i] = whole(r, &item, json_array_get(list, i), 0, AMOUNT_MOST);
    }
    return amounts;
}

/* [from, to], both included. */
static void read_window(reader *r, const at *where, const json_t *window, int64_t *ret_open_s, int64_t *ret_close_s)
{
    if (!json_is_array(window) || json_array_size(window) != 2) {
        fault(r, where, window, "must be [from, to]");
        return;
    }
    at from = {where, NULL, 0}, to = {where, NULL, 1};
    *ret_open_s = whole(r, &from, json_array_get(window, 0), 0, SECONDS_MOST);
    *ret_close_s = whole(r, &to, json_array_get(window, 1), 0, INT64_C(1) << 53);
    if (*ret_close_s < *ret_open_s)
        fault(r, where, window, "closes before it opens");
}

static void check_windows(reader *r, const at *where, const json_t *object, size_t most)
{
    const json_t *list;
    size_t n = list_of(r, where, object, "time_windows", most, &list);
    at here = {where, "time_windows", 0};
    int64_t before_s = -1;
    if (n == 0 && json_is_array(list) && json_array_size(list) == 0)
        fault(r, &here, NULL, "is empty");
    for (size_t i = 0; i < n; i++) {
        at item = {&here, NULL, i};
        int64_t open_s = 0, close_s = 0;
        read_window(r, &item, json_array_get(list, i), &open_s, &close_s);
        if (open_s <= before_s)
            fault(r, &item, json_array_get(list, i), "must begin after the one before has closed");
        before_s = close_s;
    }
}

static void check_skills(reader *r, const at *where, const json_t *object)
{
    const json_t *list;
    size_t n = list_of(r, where, object, "skills", LIST_MOST, &list);
    at here = {where, "skills", 0};
    for (size_t i = 0; i < n; i++) {
        at item = {&here, NULL, i};
        (void)whole(r, &item, json_array_get(list, i), 0, ID_MOST);
    }
}

static void check_per_type(reader *r, const at *where, const json_t *object, const char *key)
{
    at here = {where, key, 0};
    const json_t *types = json_object_get(object, key), *value;
    const char *type;
    if (!has(object, key))
        return;
    if (!json_is_object(types))
        fault(r, &here, types, "is no object");
    json_object_foreach((json_t *)types, type, value)
    {
        at item = {&here, type, 0};
        (void)whole(r, &item, value, 0, DURATION_MOST);
    }
}

/* ---- tasks ---- */

static void read_times(reader *r, const at *where, const json_t *given, vroom_task *task)
{
    task->given = given;
    task->id = whole_of(r, where, given, "id", CR_NONE, 0, ID_MOST);
    task->setup_s = (int32_t)whole_of(r, where, given, "setup", 0, 0, DURATION_MOST);
    task->service_s = (int32_t)whole_of(r, where, given, "service", 0, 0, DURATION_MOST);
    task->place = read_place(r, where, given, "location_index", "location");
    if (!has(given, "id"))
        fault(r, where, NULL, "has no id");
    if (task->place == CR_NONE && !has(given, r->in->has_matrices ? "location_index" : "location"))
        fault(r, where, NULL, "has no %s", r->in->has_matrices ? "location_index" : "location");
    check_windows(r, where, given, LIST_MOST);
    check_per_type(r, where, given, "setup_per_type");
    check_per_type(r, where, given, "service_per_type");
}

static bool is_object(reader *r, const at *where, const json_t *value)
{
    if (!json_is_object(value))
        fault(r, where, value, "is no object");
    return json_is_object(value);
}

static void read_shared(reader *r, const at *where, const json_t *given, vroom_task *task)
{
    task->priority = (int32_t)whole_of(r, where, given, "priority", 0, 0, PRIORITY_MOST);
    task->skills = json_object_get(given, "skills");
    check_skills(r, where, given);
}

static void read_job(reader *r, const at *where, const json_t *given, vroom_task *task)
{
    task->kind = VROOM_JOB;
    if (!is_object(r, where, given))
        return;
    read_times(r, where, given, task);
    read_shared(r, where, given, task);
    /* "amount" is the old name of what is delivered. */
    task->delivery = read_amounts(r, where, given, has(given, "delivery") ? "delivery" : "amount");
    task->pickup = read_amounts(r, where, given, "pickup");
}

static void read_shipment(reader *r, const at *where, const json_t *given, vroom_task *ends)
{
    static const char *const keys[] = {"pickup", "delivery"};
    if (!is_object(r, where, given))
        return;
    int64_t *amount = read_amounts(r, where, given, "amount"),
            *nothing = take(r, (size_t)r->in->n_amounts, sizeof *nothing);
    for (int32_t e = 0; e < 2; e++) {
        at end_at = {where, keys[e], 0};
        const json_t *end = json_object_get(given, keys[e]);
        ends[e].kind = e == 0 ? VROOM_PICKUP : VROOM_DELIVERY;
        read_shared(r, where, given, &ends[e]);
        ends[e].pickup = e == 0 ? amount : nothing;
        ends[e].delivery = e == 0 ? nothing : amount;
        if (!end)
            fault(r, &end_at, NULL, "is missing");
        else if (is_object(r, &end_at, end))
            read_times(r, &end_at, end, &ends[e]);
    }
}

static void read_tasks(reader *r)
{
    vroom_input *in = r->in;
    const json_t *jobs, *shipments;
    at jobs_at = {NULL, "jobs", 0}, shipments_at = {NULL, "shipments", 0};
    size_t n_jobs = list_of(r, NULL, in->root, "jobs", TASKS_MOST, &jobs);
    size_t n_shipments = list_of(r, NULL, in->root, "shipments", TASKS_MOST / 2, &shipments);
    if (n_jobs + 2 * n_shipments > TASKS_MOST) {
        fault(r, NULL, NULL, "%zu jobs and %zu shipments: %d tasks are possible", n_jobs, n_shipments, TASKS_MOST);
        return;
    }
    in->n_jobs = (int32_t)n_jobs;
    in->tasks = take(r, n_jobs + 2 * n_shipments, sizeof *in->tasks);
    if (!in->tasks)
        return;
    in->n_tasks = (int32_t)(n_jobs + 2 * n_shipments);
    for (size_t i = 0; i < n_jobs; i++) {
        at here = {&jobs_at, NULL, i};
        read_job(r, &here, json_array_get(jobs, i), &in->tasks[i]);
    }
    for (size_t i = 0; i < n_shipments; i++) {
        at here = {&shipments_at, NULL, i};
        read_shipment(r, &here, json_array_get(shipments, i), &in->tasks[n_jobs + 2 * i]);
    }
}

/* ---- vehicles ---- */

static void read_costs(reader *r, const at *where, const json_t *given, vroom_vehicle *v)
{
    at here = {where, "costs", 0};
    const json_t *costs = json_object_get(given, "costs");
    v->per_hour = 3600;
    if (!has(given, "costs") || !is_object(r, &here, costs))
        return;
    v->fixed = whole_of(r, &here, costs, "fixed", 0, 0, COST_MOST);
    v->per_hour = whole_of(r, &here, costs, "per_hour", 3600, 0, COST_MOST);
    v->per_km = whole_of(r, &here, costs, "per_km", 0, 0, COST_MOST);
    if (whole_of(r, &here, costs, "per_task_hour", 0, 0, COST_MOST) > 0)
        fault(r, &here, json_object_get(costs, "per_task_hour"), "per_task_hour is not counted here");
}

static void check_breaks(reader *r, const at *where, const json_t *given)
{
    const json_t *breaks;
    size_t n = list_of(r, where, given, "breaks", 16, &breaks);
    at list_at = {where, "breaks", 0};
    for (size_t i = 0; i < n; i++) {
        at here = {&list_at, NULL, i};
        const json_t *brk = json_array_get(breaks, i);
        if (!is_object(r, &here, brk))
            continue;
        (void)whole_of(r, &here, brk, "id", 0, 0, ID_MOST);
        (void)whole_of(r, &here, brk, "service", 0, 0, DURATION_MOST);
        check_windows(r, &here, brk, 1);
        refuse(r, &here, brk, "max_load", "breaks that depend on the load are not known here");
    }
}

static int32_t find_text(const char **texts, int32_t *n, int32_t most, const char *text)
{
    for (int32_t i = 0; i < *n; i++)
        if (strcmp(texts[i], text) == 0)
            return i;
    if (*n >= most)
        return CR_NONE;
    texts[*n] = text;
    return (*n)++;
}

static int32_t read_speed(reader *r, const at *where, const json_t *given)
{
    at here = {where, "speed_factor", 0};
    const json_t *speed = json_object_get(given, "speed_factor");
    if (!has(given, "speed_factor"))
        return 100;
    double factor = json_is_number(speed) ? json_number_value(speed) : NAN;
    if (factor > 0 && factor <= 5 && lround(factor * 100) > 0)
        return (int32_t)lround(factor * 100);
    fault(r, &here, speed, "must be above 0 and at most 5");
    return 100;
}

static void read_profile_and_type(reader *r, const at *where, const json_t *given, vroom_vehicle *v)
{
    vroom_input *in = r->in;
    v->profile =
        find_text(in->profiles, &in->n_profiles, VROOM_PROFILES_MOST, text_of(r, where, given, "profile", "car"));
    if (v->profile == CR_NONE) {
        fault(r, where, NULL, "has one profile too many: %d are possible", VROOM_PROFILES_MOST);
        v->profile = 0;
    }
    v->type = CR_NONE;
    const char *type = text_of(r, where, given, "type", NULL);
    if (!type)
        return;
    v->type = find_text(in->types, &in->n_types, CR_GRADES_MOST, type);
    if (v->type == CR_NONE)
        fault(r, where, NULL, "has one type too many: %d are possible", CR_GRADES_MOST);
}

static void read_vehicle(reader *r, const at *where, const json_t *given, vroom_vehicle *v)
{
    if (!is_object(r, where, given))
        return;
    at window_at = {where, "time_window", 0};
    v->given = given;
    v->id = whole_of(r, where, given, "id", CR_NONE, 0, ID_MOST);
    v->start = read_place(r, where, given, "start_index", "start");
    v->end = read_place(r, where, given, "end_index", "end");
    v->speed_hundredths = read_speed(r, where, given);
    v->max_tasks = (int32_t)whole_of(r, where, given, "max_tasks", CR_NONE, 0, INT32_MAX);
    v->close_s = -1;
    if (has(given, "time_window"))
        read_window(r, &window_at, json_object_get(given, "time_window"), &v->open_s, &v->close_s);
    if (has(given, "capacity"))
        v->capacity = read_amounts(r, where, given, "capacity");
    if (!has(given, "id"))
        fault(r, where, NULL, "has no id");
    if (v->start == CR_NONE && v->end == CR_NONE)
        fault(r, where, NULL,
              r->in->has_matrices ? "has neither start_index nor end_index" : "has neither start nor end");
    read_costs(r, where, given, v);
    check_skills(r, where, given);
    check_breaks(r, where, given);
    refuse(r, where, given, "max_travel_time", "a most travel time is not known here");
    refuse(r, where, given, "max_distance", "a most distance is not known here");
    read_profile_and_type(r, where, given, v);
}

static void read_vehicles(reader *r)
{
    vroom_input *in = r->in;
    const json_t *vehicles;
    at list_at = {NULL, "vehicles", 0};
    size_t n = list_of(r, NULL, in->root, "vehicles", VEHICLES_MOST, &vehicles);
    in->vehicles = take(r, n, sizeof *in->vehicles);
    in->types = take(r, CR_GRADES_MOST, sizeof *in->types);
    if (!in->vehicles || !in->types)
        return;
    in->n_vehicles = (int32_t)n;
    if (n == 0 && r->n_faults == 0)
        fault(r, &list_at, NULL, "has no vehicle");
    for (size_t i = 0; i < n; i++) {
        at here = {&list_at, NULL, i};
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
static void check_ids(reader *r)
{
    const vroom_input *in = r->in;
    int32_t n = in->n_tasks + in->n_vehicles;
    id_at *ids = take(r, (size_t)n, sizeof *ids);
    if (!ids)
        return;
    for (int32_t t = 0; t < in->n_tasks; t++)
        ids[t] = (id_at){in->tasks[t].id, (int32_t)in->tasks[t].kind, t};
    for (int32_t v = 0; v < in->n_vehicles; v++)
        ids[in->n_tasks + v] = (id_at){in->vehicles[v].id, VROOM_KINDS, v};
    qsort(ids, (size_t)n, sizeof *ids, compare_ids);
    for (int32_t i = 1; i < n; i++)
        if (ids[i].kind == ids[i - 1].kind && ids[i].id == ids[i - 1].id && ids[i].id != CR_NONE)
            fault(r, NULL, NULL, "two %ss have the id %lld",
                  ids[i].kind == VROOM_KINDS ? "vehicle" : vroom_kind_name((vroom_kind)ids[i].kind),
                  (long long)ids[i].id);
}

static int compare_whole(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void number_skills(reader *r)
{
    vroom_input *in = r->in;
    size_t n = 0, room = 0;
    for (int32_t t = 0; t < in->n_tasks; t++)
        room += json_array_size(in->tasks[t].skills);
    in->skills = take(r, room, sizeof *in->skills);
    for (int32_t t = 0; in->skills && t < in->n_tasks; t++)
        for (size_t i = 0; i < json_array_size(in->tasks[t].skills); i++)
            in->skills[n++] = json_integer_value(json_array_get(in->tasks[t].skills, i));
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

/* ---- matrices ---- */

static int32_t *read_table(reader *r, const at *where, const json_t *rows, int64_t most)
{
    size_t n = (size_t)r->in->n_places;
    if (!json_is_array(rows) || json_array_size(rows) != n) {
        fault(r, where, NULL, "must have as many rows as the first matrix: %zu", n);
        return NULL;
    }
    int32_t *cells = take(r, n * n, sizeof *cells);
    for (size_t i = 0; cells && i < n; i++) {
        at row_at = {where, NULL, i};
        const json_t *row = json_array_get(rows, i);
        if (!json_is_array(row) || json_array_size(row) != n) {
            fault(r, &row_at, NULL, "must have %zu numbers, one for each row", n);
            continue;
        }
        for (size_t j = 0; j < n; j++) {
            at cell_at = {&row_at, NULL, j};
            cells[i * n + j] = (int32_t)whole(r, &cell_at, json_array_get(row, j), 0, most);
        }
    }
    return cells;
}

static void read_profile_tables(reader *r, const char *profile, const json_t *given)
{
    at up = {NULL, "matrices", 0}, here = {&up, profile, 0};
    at duration_at = {&here, "durations", 0}, distance_at = {&here, "distances", 0}, cost_at = {&here, "costs", 0};
    vroom_input *in = r->in;
    if (!is_object(r, &here, given))
        return;
    int32_t p = find_text(in->profiles, &in->n_profiles, VROOM_PROFILES_MOST, profile);
    if (p == CR_NONE) {
        fault(r, &here, NULL, "is one profile too many: %d are possible", VROOM_PROFILES_MOST);
        return;
    }
    const json_t *durations = json_object_get(given, "durations");
    if (!json_is_array(durations) || json_array_size(durations) == 0 || json_array_size(durations) > PLACES_MOST) {
        fault(r, &duration_at, NULL, "must be a list of 1 to %d rows", PLACES_MOST);
        return;
    }
    if (in->n_places == 0)
        in->n_places = (int32_t)json_array_size(durations);
    in->tables[p].duration_s = read_table(r, &duration_at, durations, CR_NO_WAY - 1);
    if (has(given, "distances"))
        in->tables[p].distance_m = read_table(r, &distance_at, json_object_get(given, "distances"), CR_NO_WAY - 1);
    if (!has(given, "costs"))
        return;
    size_t n = (size_t)in->n_places * (size_t)in->n_places;
    const int32_t *costs = read_table(r, &cost_at, json_object_get(given, "costs"), CR_NO_WAY - 1);
    in->tables[p].cost = costs ? take(r, n, sizeof *in->tables[p].cost) : NULL;
    for (size_t i = 0; in->tables[p].cost && i < n; i++)
        in->tables[p].cost[i] = costs[i];
}

/* Before all others: they say what a location_index may be. */
static void read_matrices(reader *r)
{
    vroom_input *in = r->in;
    const json_t *matrices = json_object_get(in->root, "matrices"), *given;
    const char *profile;
    at here = {NULL, "matrices", 0}, old_at = {NULL, "matrix", 0};
    for (int32_t p = 0; p < VROOM_PROFILES_MOST; p++)
        in->tables[p].road_mode = CR_NONE;
    if (has(in->root, "matrices") && is_object(r, &here, matrices))
        json_object_foreach((json_t *)matrices, profile, given) read_profile_tables(r, profile, given);
    const json_t *old = json_object_get(in->root, "matrix"); /* the old form: durations of cars */
    if (in->n_places == 0 && has(in->root, "matrix")) {
        if (json_is_array(old) && json_array_size(old) > 0 && json_array_size(old) <= PLACES_MOST) {
            in->n_places = (int32_t)json_array_size(old);
            in->tables[find_text(in->profiles, &in->n_profiles, VROOM_PROFILES_MOST, "car")].duration_s =
                read_table(r, &old_at, old, CR_NO_WAY - 1);
        } else {
            fault(r, &old_at, NULL, "must be a list of 1 to %d rows", PLACES_MOST);
        }
    }
    in->has_matrices = in->n_places > 0 || has(in->root, "matrices") || has(in->root, "matrix");
    if (!in->has_matrices)
        in->places = take(r, PLACES_MOST, sizeof *in->places);
}

/* With matrices every vehicle needs one; costs by the hour and a matrix of costs are one too many. */
static void check_profiles(reader *r)
{
    const vroom_input *in = r->in;
    at list_at = {NULL, "vehicles", 0};
    for (int32_t v = 0; v < in->n_vehicles && in->has_matrices; v++) {
        at here = {&list_at, NULL, (size_t)v};
        const vroom_vehicle *vehicle = &in->vehicles[v];
        const vroom_table *table = &in->tables[vehicle->profile];
        if (!table->duration_s)
            fault(r, &here, NULL, "has the profile '%s', for which matrices has no durations",
                  in->profiles[vehicle->profile]);
        if (table->cost && (vehicle->per_hour != 3600 || vehicle->per_km != 0))
            fault(r, &here, NULL, "has costs by the hour or kilometre, and its profile a matrix of costs");
        if (!table->distance_m && vehicle->per_km > 0)
            fault(r, &here, NULL, "has costs by the kilometre, and its profile no matrix of distances");
    }
}

/* ---- the whole ---- */

static void read_all(reader *r)
{
    vroom_input *in = r->in;
    const json_t *options = json_object_get(in->root, "options");
    in->wants_geometry = json_is_true(json_object_get(options, "g"));
    if (json_is_true(json_object_get(options, "c")))
        fault(r, NULL, NULL, "options.c: only solving is known here, not choosing times for given routes");
    in->n_amounts = count_amounts(in->root);
    read_matrices(r);
    read_vehicles(r);
    read_tasks(r);
    check_profiles(r);
    if (r->n_faults > 0)
        return;
    check_ids(r);
    number_skills(r);
}

static cr_status finish(reader *r, char **faults, vroom_message *message)
{
    if (r->n_faults > FAULTS_SHOWN)
        fprintf(r->faults, "; and %d more", r->n_faults - FAULTS_SHOWN);
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
    reader r = {in, open_memstream(&faults, &n), 0};
    if (!r.faults)
        return CR_E_NOMEM;
    read_all(&r);
    st = finish(&r, &faults, message);
    if (!st)
        *ret_input = vroom_input_take(&in);
    return st;
}
