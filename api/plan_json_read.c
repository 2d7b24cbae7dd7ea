/* plan.json read back against its day, by ids.
 *
 * Only what a plan decides is read: shifts, the order of stops, starts, departures and returns, the unallocated, and
 * the cost claimed. Every fault of the file is listed, with the place in it. Nothing here says whether the plan is any
 * good: that is the checker's.
 */
#include "plan_json.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define TIME_MOST (400 * 86400) /* a horizon has weeks, not years; sums of two stay far from overflow */

typedef struct reader {
    const cr_day *day;
    json_t *visit_by_id, *shift_by_id; /* id to index */
    plan_faults *faults;
    bool no_memory;
    /* Of a published rota, for planning anew: */
    int32_t *event_of_shift; /* NULL: it is not; which event cancelled a visit of the shift */
    int32_t from;            /* ticks: later visits can be cancelled */
} reader;

/* Where in the file: "rounds[3].stops[2].visit". Indices below 0 are left out. */
typedef struct spot {
    const char *list; /* "rounds", "unallocated" or "cost" */
    int32_t item, stop;
} spot;

/* ---- faults ---- */

plan_faults *plan_faults_free(plan_faults *faults)
{
    if (faults) {
        for (int32_t i = 0; i < faults->n; i++) {
            free(faults->items[i].where);
            free(faults->items[i].text);
        }
        free(faults->items);
        free(faults);
    }
    return NULL;
}

static char *spot_text(spot at, const char *key)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    if (at.list)
        fputs(at.list, out);
    if (at.list && at.item >= 0)
        fprintf(out, "[%d]", at.item);
    if (at.stop >= 0)
        fprintf(out, ".stops[%d]", at.stop);
    if (key)
        fprintf(out, "%s%s", at.list ? "." : "", key);
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}

__attribute__((format(printf, 4, 5))) static void fault(reader *r, spot at, const char *key, const char *format, ...)
{
    plan_faults *faults = r->faults;
    plan_fault item = {spot_text(at, key), NULL};
    va_list args;
    va_start(args, format);
    bool ok = vasprintf(&item.text, format, args) >= 0 && item.where;
    va_end(args);
    plan_fault *items = ok ? reallocarray(faults->items, (size_t)faults->n + 1, sizeof *items) : NULL;
    if (!items) {
        free(item.where);
        free(item.text);
        r->no_memory = true;
        return;
    }
    faults->items = items;
    faults->items[faults->n++] = item;
}

static const spot whole_file = {NULL, -1, -1};

/* ---- single values ---- */

static const char *kind_of(const json_t *json)
{
    static const char *const kinds[] = {"an object", "a list", "a text", "a whole number",
                                        "a number",  "true",   "false",  "null"};
    return json ? kinds[json_typeof(json)] : "missing";
}

static json_t *get_list(reader *r, const json_t *object, spot at, const char *key)
{
    json_t *list = json_object_get(object, key);
    if (json_is_array(list))
        return list;
    fault(r, at, key, "is %s, should be a list", kind_of(list));
    return NULL;
}

static int32_t get_int(reader *r, const json_t *object, spot at, const char *key, int32_t least, int32_t most)
{
    const json_t *json = json_object_get(object, key);
    if (!json_is_integer(json)) {
        fault(r, at, key, "is %s, should be a whole number", kind_of(json));
        return least;
    }
    json_int_t value = json_integer_value(json);
    if (value < least || value > most) {
        fault(r, at, key, "is %" JSON_INTEGER_FORMAT ", should be from %d to %d", value, least, most);
        return least;
    }
    return (int32_t)value;
}

static int32_t get_time(reader *r, const json_t *object, spot at, const char *key)
{
    return get_int(r, object, at, key, -TIME_MOST, TIME_MOST);
}

/* The index behind an id; CR_NONE with a fault. noun: "visit". */
static int32_t get_indexed(reader *r, const json_t *object, spot at, const char *noun, const json_t *index_by_id)
{
    const json_t *json = json_object_get(object, noun);
    if (!json_is_string(json)) {
        fault(r, at, noun, "is %s, should be the id of a %s", kind_of(json), noun);
        return CR_NONE;
    }
    const json_t *index = json_object_get(index_by_id, json_string_value(json));
    if (index)
        return (int32_t)json_integer_value(index);
    fault(r, at, noun, "\"%s\" is no %s of this day", json_string_value(json), noun);
    return CR_NONE;
}

/* ---- stops and rounds ---- */

static void read_visit_stop(reader *r, const json_t *json, spot at, cr_stop *ret_stop)
{
    const cr_problem *p = r->day->problem;
    int32_t visit = get_indexed(r, json, at, "visit", r->visit_by_id);
    if (visit == CR_NONE)
        return;
    cr_range slots = p->visits[visit].slots;
    ret_stop->slot = slots.first + get_int(r, json, at, "slot", 0, slots.n - 1);
}

static void read_break_stop(reader *r, const json_t *json, spot at, const cr_shift *shift, cr_stop *ret_stop)
{
    if (shift && shift->breaks.n == 0)
        fault(r, at, "kind", "is a break, but the shift has none");
    else if (shift)
        ret_stop->brk = shift->breaks.first + get_int(r, json, at, "break", 0, shift->breaks.n - 1);
}

/* The event that cancels the visit, and with it the second carer's part; CR_NONE: it is on. */
static int32_t cancelling_event(const reader *r, const json_t *json)
{
    const char *id = json_is_string(json) ? json_string_value(json) : "";
    for (int32_t i = 0; r->event_of_shift && i < r->day->n_events; i++) {
        const day_event *event = &r->day->events[i];
        size_t n = strlen(event->id);
        if (event->kind == EVENT_VISIT_CANCELLED && strncmp(event->id, id, n) == 0 &&
            (strcmp(id + n, "") == 0 || strcmp(id + n, "/2") == 0))
            return i;
    }
    return CR_NONE;
}

/* A visit that is cancelled is no stop any more. True: so it is. */
static bool leave_out(reader *r, const json_t *json, spot at, int32_t shift)
{
    int32_t event = cancelling_event(r, json_object_get(json, "visit"));
    if (event == CR_NONE)
        return false;
    int32_t start = get_time(r, json, at, "start_s");
    if (start < r->from)
        fault(r, at, "visit", "\"%s\" has begun at %s, so it cannot be cancelled (%s, row %d)",
              r->day->events[event].id, words_clock(r->day, start).text, r->day->events[event].file,
              r->day->events[event].row);
    if (shift != CR_NONE)
        r->event_of_shift[shift] = event;
    return true;
}

static void read_stop(reader *r, const json_t *json, spot at, const cr_shift *shift, cr_stop *ret_stop)
{
    *ret_stop = (cr_stop){.slot = CR_NONE, .brk = CR_NONE, .start = get_time(r, json, at, "start_s")};
    const char *kind = json_string_value(json_object_get(json, "kind"));
    if (kind && strcmp(kind, "visit") == 0)
        read_visit_stop(r, json, at, ret_stop);
    else if (kind && strcmp(kind, "break") == 0)
        read_break_stop(r, json, at, shift, ret_stop);
    else
        fault(r, at, "kind", "should be \"visit\" or \"break\"");
}

/* stops has room for those of all rounds; *n_stops is where this round's begin. */
static void read_round(reader *r, const json_t *json, int32_t item, cr_plan *plan, int32_t *n_stops)
{
    spot at = {"rounds", item, -1};
    cr_round *round = &plan->rounds[item];
    round->shift = get_indexed(r, json, at, "shift", r->shift_by_id);
    round->depart = get_time(r, json, at, "depart_s");
    round->arrive = get_time(r, json, at, "arrive_s");
    round->stops.first = *n_stops;
    const cr_shift *shift = round->shift >= 0 ? &r->day->problem->shifts[round->shift] : NULL;
    const json_t *stops = get_list(r, json, at, "stops");
    for (size_t k = 0; k < json_array_size(stops); k++) {
        at.stop = (int32_t)k;
        if (!leave_out(r, json_array_get(stops, k), at, round->shift))
            read_stop(r, json_array_get(stops, k), at, shift, &plan->stops[(*n_stops)++]);
    }
    round->stops.n = *n_stops - round->stops.first;
}

static int by_shift(const void *a, const void *b)
{
    const cr_round *x = a, *y = b;
    if (x->shift != y->shift)
        return x->shift < y->shift ? -1 : 1;
    return x->stops.first < y->stops.first ? -1 : x->stops.first > y->stops.first;
}

static int by_number(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

/* ---- the cost claimed ---- */

static int64_t get_units(reader *r, const json_t *money, spot at)
{
    const json_t *units = json_object_get(money, "units");
    if (!json_is_integer(units))
        fault(r, at, "units", "is %s, should be a whole number of cost units", kind_of(units));
    return json_integer_value(units);
}

static int term_named(const char *name)
{
    for (int term = 0; name && term < CR_TERM_N; term++)
        if (strcmp(name, cr_term_name((cr_term)term)) == 0)
            return term;
    return CR_TERM_N;
}

static void read_cost(reader *r, const json_t *root, cr_cost *ret_cost)
{
    const json_t *cost = json_object_get(root, "cost");
    const json_t *terms = get_list(r, cost, (spot){"cost", -1, -1}, "terms");
    for (size_t k = 0; k < json_array_size(terms); k++) {
        const json_t *money = json_array_get(terms, k);
        spot at = {"cost.terms", (int32_t)k, -1};
        int term = term_named(json_string_value(json_object_get(money, "term")));
        if (term == CR_TERM_N)
            fault(r, at, "term", "is no term of the cost");
        else
            ret_cost->term[term] = get_units(r, money, at);
    }
    ret_cost->total = get_units(r, json_object_get(cost, "total"), (spot){"cost.total", -1, -1});
}

/* ---- the rota that people know ---- */

static int32_t find_carer(const cr_day *day, const char *carer_id)
{
    for (int32_t c = 0; carer_id && c < day->problem->n_carers; c++)
        if (strcmp(day->carers[c].carer_id, carer_id) == 0)
            return c;
    return CR_NONE;
}

static void read_published_visit(reader *r, const json_t *json, spot at)
{
    cr_problem *p = r->day->problem;
    int32_t visit = get_indexed(r, json, at, "visit", r->visit_by_id);
    const json_t *carers = get_list(r, json, at, "carers");
    int32_t start = get_time(r, json, at, "start_s");
    if (visit == CR_NONE)
        return;
    cr_range slots = p->visits[visit].slots;
    if (carers && json_array_size(carers) != (size_t)slots.n)
        fault(r, at, "carers", "has %zu carers, the visit needs %d", json_array_size(carers), slots.n);
    p->visits[visit].published_start = start;
    for (int32_t i = 0; i < slots.n && (size_t)i < json_array_size(carers); i++) {
        const json_t *carer = json_array_get(carers, (size_t)i);
        p->slots[slots.first + i].published_carer = find_carer(r->day, json_string_value(carer));
        if (!json_is_null(carer) && p->slots[slots.first + i].published_carer == CR_NONE)
            fault(r, at, "carers", "\"%s\" is no carer of this day",
                  json_is_string(carer) ? json_string_value(carer) : "");
    }
}

/* What changes of the plan are counted against becomes the day's published rota; none where the file has none. */
static void read_published(reader *r, const json_t *root)
{
    const json_t *list = json_object_get(root, "published");
    cr_problem_publish(r->day->problem, NULL);
    if (list && !json_is_null(list) && !json_is_array(list))
        fault(r, whole_file, "published", "is %s, should be a list or null", kind_of(list));
    for (size_t i = 0; i < json_array_size(list); i++)
        read_published_visit(r, json_array_get(list, i), (spot){"published", (int32_t)i, -1});
}

static void told(void *user, const char *where, const char *text)
{
    fault(user, (spot){where, -1, -1}, NULL, "%s", text);
}

/* The rota that people know, and the rest of the day where it was planned anew. */
static cr_status read_standing(reader *r, const json_t *root)
{
    read_published(r, root);
    cr_status st = r->faults->n == 0 ? replanned_read(root, r->day, told, r) : CR_OK;
    return st == CR_E_INPUT ? CR_OK : st;
}

/* ---- the file ---- */

static bool has_sound_form(reader *r, const json_t *root)
{
    if (!json_is_object(root)) {
        fault(r, whole_file, NULL, "is %s, should be an object", kind_of(root));
        return false;
    }
    const char *format = json_string_value(json_object_get(root, "format"));
    if (!format || strcmp(format, "careround plan") != 0) {
        fault(r, whole_file, "format", "should be \"careround plan\": is this a plan.json?");
        return false;
    }
    if (json_integer_value(json_object_get(root, "format_version")) != PLAN_FORMAT_VERSION) {
        fault(r, whole_file, "format_version", "should be %d", PLAN_FORMAT_VERSION);
        return false;
    }
    return true;
}

static size_t count_stops(const json_t *rounds)
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(rounds); i++)
        n += json_array_size(json_object_get(json_array_get(rounds, i), "stops"));
    return n;
}

static void drop_empty_rounds(cr_plan *plan)
{
    int32_t n = 0;
    for (int32_t i = 0; i < plan->n_rounds; i++) {
        bool has_visit = false;
        for (int32_t k = 0; k < plan->rounds[i].stops.n; k++)
            has_visit = has_visit || plan->stops[plan->rounds[i].stops.first + k].slot != CR_NONE;
        if (has_visit)
            plan->rounds[n++] = plan->rounds[i];
    }
    plan->n_rounds = n;
}

static cr_status read_lists(reader *r, const json_t *root, cr_plan **ret_plan)
{
    const json_t *rounds = get_list(r, root, whole_file, "rounds");
    const json_t *unallocated = get_list(r, root, whole_file, "unallocated");
    cr_auto(cr_plan) plan = NULL;
    cr_status st = cr_plan_new((int32_t)json_array_size(rounds), (int32_t)count_stops(rounds),
                               (int32_t)json_array_size(unallocated), &plan);
    if (st)
        return st;
    int32_t n_stops = 0;
    for (int32_t i = 0; i < plan->n_rounds; i++)
        read_round(r, json_array_get(rounds, (size_t)i), i, plan, &n_stops);
    int32_t n_unallocated = 0;
    for (int32_t i = 0; i < plan->n_unallocated; i++) {
        const json_t *item = json_array_get(unallocated, (size_t)i);
        if (cancelling_event(r, json_object_get(item, "visit")) == CR_NONE)
            plan->unallocated[n_unallocated++] =
                get_indexed(r, item, (spot){"unallocated", i, -1}, "visit", r->visit_by_id);
    }
    plan->n_unallocated = n_unallocated;
    plan->n_stops = n_stops;
    if (r->event_of_shift)
        drop_empty_rounds(plan);
    read_cost(r, root, &plan->cost);
    qsort(plan->rounds, (size_t)plan->n_rounds, sizeof *plan->rounds, by_shift);
    qsort(plan->unallocated, (size_t)plan->n_unallocated, sizeof *plan->unallocated, by_number);
    *ret_plan = cr_plan_take(&plan);
    return CR_OK;
}

static void copy_text(char *to, size_t size, const json_t *json)
{
    const char *text = json_string_value(json);
    snprintf(to, size, "%s", text ? text : "");
}

/* What is not said stays "not known"; nothing depends on it. */
static void read_origin(const json_t *root, plan_origin *ret_origin)
{
    const json_t *made_by = json_object_get(root, "made_by");
    const json_t *iterations = json_object_get(made_by, "iteration_limit");
    const json_t *time_s = json_object_get(made_by, "time_limit_s");
    answer_run *run = &ret_origin->run;
    *run = (answer_run){
        .seed = (uint64_t)json_integer_value(json_object_get(made_by, "seed")),
        .time_s = json_is_number(time_s) ? json_number_value(time_s) : -1,
        .iterations = json_is_integer(iterations) ? json_integer_value(iterations) : -1,
        .use_glpk = json_is_true(json_object_get(made_by, "glpk")),
    };
    copy_text(run->version, sizeof run->version, json_object_get(made_by, "careround"));
    copy_text(ret_origin->fingerprint, sizeof ret_origin->fingerprint,
              json_object_get(json_object_get(root, "day"), "fingerprint"));
}

static bool index_ids(reader *r)
{
    const cr_day *day = r->day;
    bool ok = true;
    r->visit_by_id = json_object();
    r->shift_by_id = json_object();
    for (int32_t v = 0; v < day->problem->n_visits; v++)
        ok = ok && json_object_set_new(r->visit_by_id, day->visits[v].visit_id, json_integer(v)) == 0;
    for (int32_t s = 0; s < day->problem->n_shifts; s++)
        ok = ok && json_object_set_new(r->shift_by_id, day->shifts[s].shift_id, json_integer(s)) == 0;
    return ok;
}

static cr_status read_root(reader *r, const json_t *root, cr_plan **ret_plan, plan_origin *ret_origin)
{
    cr_auto(cr_plan) plan = NULL;
    if (has_sound_form(r, root)) {
        cr_status st = index_ids(r) ? read_lists(r, root, &plan) : CR_E_NOMEM;
        if (st)
            return st;
        if (!r->event_of_shift)
            st = read_standing(r, root);
        if (st)
            return st;
    }
    if (r->no_memory)
        return CR_E_NOMEM;
    if (r->faults->n > 0)
        return CR_E_INPUT;
    if (ret_origin)
        read_origin(root, ret_origin);
    *ret_plan = cr_plan_take(&plan);
    return CR_OK;
}

/* root NULL: Jansson did not understand, and error says where. */
static cr_status read_loaded(reader r, const json_t *root, const json_error_t *error, cr_plan **ret_plan,
                             plan_origin *ret_origin, plan_faults **ret_faults)
{
    r.faults = calloc(1, sizeof *r.faults);
    if (!r.faults)
        return CR_E_NOMEM;
    cr_status st;
    if (root) {
        st = read_root(&r, root, ret_plan, ret_origin);
    } else {
        if (error->line > 0)
            fault(&r, whole_file, NULL, "line %d, column %d: %s", error->line, error->column, error->text);
        else
            fault(&r, whole_file, NULL, "%s", error->text);
        st = r.no_memory || json_error_code(error) == json_error_out_of_memory ? CR_E_NOMEM : CR_E_INPUT;
    }
    json_decref(r.visit_by_id);
    json_decref(r.shift_by_id);
    if (st == CR_E_NOMEM)
        plan_faults_free(r.faults);
    else
        *ret_faults = r.faults;
    return st;
}

cr_status plan_json_take_loaded(const json_t *root, const json_error_t *error, const cr_day *day, cr_plan **ret_plan,
                                plan_origin *ret_origin, plan_faults **ret_faults)
{
    return read_loaded((reader){.day = day}, root, error, ret_plan, ret_origin, ret_faults);
}

cr_status plan_json_parse(const char *text, size_t size, const cr_day *day, cr_plan **ret_plan, plan_origin *ret_origin,
                          plan_faults **ret_faults)
{
    json_error_t error;
    json_auto_t *root = NULL;
    if (plan_json_load(text, size, &root, &error) == CR_E_NOMEM)
        return CR_E_NOMEM;
    return plan_json_take_loaded(root, &error, day, ret_plan, ret_origin, ret_faults);
}

cr_status plan_json_read(const char *path, const cr_day *day, cr_plan **ret_plan, plan_origin *ret_origin,
                         plan_faults **ret_faults)
{
    json_error_t error;
    json_auto_t *root = plan_json_load_file(path, &error);
    return read_loaded((reader){.day = day}, root, &error, ret_plan, ret_origin, ret_faults);
}

cr_status plan_json_read_published(const char *path, const cr_day *day, int32_t from, int32_t *event_of_shift,
                                   cr_plan **ret_plan, plan_origin *ret_origin, plan_faults **ret_faults)
{
    json_error_t error;
    json_auto_t *root = plan_json_load_file(path, &error);
    reader r = {.day = day, .event_of_shift = event_of_shift, .from = from};
    return read_loaded(r, root, &error, ret_plan, ret_origin, ret_faults);
}
