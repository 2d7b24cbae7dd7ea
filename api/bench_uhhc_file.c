/* Reading the files of the unified home health care problem. */
#include "bench_json.h"
#include "bench_uhhc.h"
#include "index.h"

#include <stdlib.h>
#include <string.h>

#define PATIENTS_MOST 3000
#define CARERS_MOST   1000
#define NAMES_MOST    1000 /* services, places */
#define MINUTES_MOST  100000
#define WEIGHT_MOST   1000000

static const char *const component_name[UHHC_COMPONENT_N] = {
    [UHHC_TRAVEL] = "travel_time",
    [UHHC_TARDINESS] = "total_tardiness",
    [UHHC_WORST_TARDINESS] = "highest_tardiness",
    [UHHC_WAITING] = "total_waiting_time",
    [UHHC_EXTRA_TIME] = "total_extra_time",
    [UHHC_IDLE] = "max_idle_time",
    [UHHC_PREFERENCES] = "caregiver_preferences",
    [UHHC_INCOMPATIBILITIES] = "incompabilities", /* the set spells it so */
    [UHHC_OPTIONAL] = "optional_patients",
    [UHHC_LUNCH] = "missed_lunch_break",
    [UHHC_BALANCE] = "workload_balance",
    [UHHC_QUALIFICATION] = "qualification",
};

const char *uhhc_component_name(uhhc_component component)
{
    return component_name[component];
}

/* The file as it is read; the indices end with the reading. */
typedef struct reading {
    bench_json root;
    uhhc *file;
    name_index *services, *places, *carers;
    int32_t *default_duration; /* of each service; < 0: none */
    int32_t room_ids;
} reading;

void uhhc_free(void *own)
{
    uhhc *file = own;
    if (!file)
        return;
    for (int32_t s = 0; file->service_name && s < file->n_services; s++)
        free(file->service_name[s]);
    free(file->service_name);
    free(file->distance);
    free(file->patients);
    free(file->carers);
    free(file->ability);
    free(file->ids);
    free(file->visit_patient);
    free(file->slot_index);
    free(file);
}

/* ---- names ---- */

static cr_status add_name(name_index *index, const bench_json *item, int32_t number, const char **ret_id)
{
    cr_status st = bench_json_text_of(item, "id", ret_id);
    if (st)
        return st;
    if (name_index_get(index, *ret_id) != CR_NONE)
        return bench_json_fault(item, "has the id of another");
    return name_index_set(index, *ret_id, number) ? CR_OK : CR_E_NOMEM;
}

static cr_status find_name(const name_index *index, const bench_json *text, int32_t *ret_number)
{
    const char *id;
    cr_status st = bench_json_text(text, &id);
    if (st)
        return st;
    *ret_number = name_index_get(index, id);
    return *ret_number == CR_NONE ? bench_json_fault(text, "names nothing in this file") : CR_OK;
}

static cr_status find_name_of(const name_index *index, const bench_json *object, const char *key, int32_t *ret_number)
{
    bench_json text;
    cr_status st = bench_json_member(object, key, &text);
    return st ? st : find_name(index, &text, ret_number);
}

/* ---- metadata ---- */

/* A number is a weight, "HARD" must be zero, and what is absent does not count, but for three rules on persons. */
static cr_status read_weight(uhhc *file, const bench_json *components, uhhc_component c)
{
    bench_json value;
    const char *text;
    bool on_persons = c == UHHC_PREFERENCES || c == UHHC_INCOMPATIBILITIES || c == UHHC_QUALIFICATION;
    if (!bench_json_has(components, component_name[c])) {
        file->must_be_zero[c] = on_persons;
        return CR_OK;
    }
    cr_status st = bench_json_member(components, component_name[c], &value);
    if (st || !json_is_string(value.value))
        return st ? st : bench_json_integer(&value, 0, WEIGHT_MOST, &file->weight[c]);
    st = bench_json_text(&value, &text);
    if (st || strcmp(text, "HARD") != 0)
        return st ? st : bench_json_fault(&value, "is neither a weight nor HARD");
    file->must_be_zero[c] = true;
    return CR_OK;
}

static bool is_component(const char *name)
{
    for (int32_t c = 0; c < UHHC_COMPONENT_N; c++)
        if (strcmp(component_name[c], name) == 0)
            return true;
    return false;
}

static cr_status read_weights(uhhc *file, const bench_json *metadata)
{
    bench_json components;
    cr_status st = bench_json_member(metadata, "cost_components", &components);
    for (int32_t c = 0; !st && c < UHHC_COMPONENT_N; c++)
        st = read_weight(file, &components, (uhhc_component)c);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)components.value, name, value)
    {
        if (!st && !is_component(name))
            st = bench_fault(components.message, "cost component %.60s is not known", name);
    }
    return st;
}

static cr_status read_metadata(reading *r)
{
    bench_json metadata, met;
    const char *text, *origin;
    cr_status st;
    if ((st = bench_json_member(&r->root, "metadata", &metadata)) ||
        (st = bench_json_member(&metadata, "time_window_met", &met)) || (st = bench_json_text(&met, &text)) ||
        (st = bench_json_text_of(&metadata, "origin", &origin)))
        return st;
    r->file->late_by_end = strcmp(text, "at_service_end") == 0;
    if (!r->file->late_by_end && strcmp(text, "at_service_start") != 0)
        return bench_json_fault(&met, "is neither at_service_start nor at_service_end");
    r->file->leaves_at_begin = strncmp(origin, "bazirha", strlen("bazirha")) == 0;
    return read_weights(r->file, &metadata);
}

/* ---- services, places, distances ---- */

static cr_status read_service(reading *r, const bench_json *item, int32_t s)
{
    const char *id;
    cr_status st = add_name(r->services, item, s, &id);
    if (st)
        return st;
    r->default_duration[s] = CR_NONE;
    r->file->service_name[s] = strdup(id);
    if (!r->file->service_name[s])
        return CR_E_NOMEM;
    return bench_json_has(item, "default_duration")
               ? bench_json_integer_of(item, "default_duration", 0, MINUTES_MOST, &r->default_duration[s])
               : CR_OK;
}

static cr_status read_services(reading *r)
{
    bench_json list;
    int32_t n;
    cr_status st = bench_json_list_of(&r->root, "services", 1, NAMES_MOST, &list, &n);
    if (st)
        return st;
    r->file->n_services = n;
    r->file->service_name = calloc((size_t)n, sizeof *r->file->service_name);
    r->default_duration = calloc((size_t)n, sizeof *r->default_duration);
    if (!r->file->service_name || !r->default_duration)
        return CR_E_NOMEM;
    for (int32_t s = 0; !st && s < n; s++) {
        bench_json item = bench_json_item(&list, s);
        st = read_service(r, &item, s);
    }
    return st;
}

static cr_status read_distances(reading *r)
{
    bench_json rows;
    int32_t n, n_cells;
    cr_status st = bench_json_list_of(&r->root, "distances", 1, PATIENTS_MOST + NAMES_MOST, &rows, &n);
    if (st)
        return st;
    r->file->n_nodes = n;
    r->file->distance = calloc((size_t)n * (size_t)n, sizeof *r->file->distance);
    if (!r->file->distance)
        return CR_E_NOMEM;
    for (int32_t from = 0; !st && from < n; from++) {
        bench_json row = bench_json_item(&rows, from);
        st = bench_json_list(&row, n, n, &n_cells);
        for (int32_t to = 0; !st && to < n; to++) {
            bench_json cell = bench_json_item(&row, to);
            st = bench_json_integer(&cell, 0, MINUTES_MOST, &r->file->distance[(size_t)from * (size_t)n + (size_t)to]);
        }
    }
    return st;
}

static cr_status read_node(const reading *r, const bench_json *item, int32_t *ret_node)
{
    return bench_json_integer_of(item, "distance_matrix_index", 0, r->file->n_nodes - 1, ret_node);
}

/* Places keep their node as their number. */
static cr_status read_places(reading *r)
{
    bench_json list;
    int32_t n, node;
    const char *id;
    cr_status st = bench_json_list_of(&r->root, "terminal_points", 1, NAMES_MOST, &list, &n);
    for (int32_t i = 0; !st && i < n; i++) {
        bench_json item = bench_json_item(&list, i);
        st = read_node(r, &item, &node);
        if (!st)
            st = add_name(r->places, &item, node, &id);
    }
    return st;
}

static cr_status read_lunch(reading *r)
{
    bench_json lunch;
    uhhc *file = r->file;
    file->has_lunches = bench_json_has(&r->root, "lunch_breaks");
    if (!file->has_lunches)
        return CR_OK;
    cr_status st;
    if ((st = bench_json_member(&r->root, "lunch_breaks", &lunch)) ||
        (st = bench_json_integer_of(&lunch, "start", 0, MINUTES_MOST, &file->lunch_opens)) ||
        (st = bench_json_integer_of(&lunch, "end", file->lunch_opens, MINUTES_MOST, &file->lunch_closes)))
        return st;
    return bench_json_integer_of(&lunch, "min_duration", 0, MINUTES_MOST, &file->lunch_length);
}

/* ---- carers ---- */

static cr_status read_flag(const bench_json *object, const char *key, bool *ret_flag)
{
    bench_json flag;
    *ret_flag = false;
    if (!bench_json_has(object, key))
        return CR_OK;
    cr_status st = bench_json_member(object, key, &flag);
    if (!st && !json_is_boolean(flag.value))
        st = bench_json_fault(&flag, "is neither true nor false");
    *ret_flag = json_is_true(flag.value);
    return st;
}

static cr_status read_abilities(reading *r, const bench_json *item, int32_t carer)
{
    bench_json list;
    int32_t n, service;
    cr_status st = bench_json_list_of(item, "abilities", 0, NAMES_MOST, &list, &n);
    for (int32_t i = 0; !st && i < n; i++) {
        bench_json ability = bench_json_item(&list, i);
        st = find_name(r->services, &ability, &service);
        if (!st)
            r->file->ability[(size_t)carer * (size_t)r->file->n_services + (size_t)service] = true;
    }
    return st;
}

static cr_status read_carer(reading *r, const bench_json *item, int32_t v)
{
    uhhc_carer *carer = &r->file->carers[v];
    bench_json shift;
    const char *id;
    cr_status st;
    if ((st = add_name(r->carers, item, v, &id)) || (st = read_abilities(r, item, v)) ||
        (st = find_name_of(r->places, item, "departing_point", &carer->start_node)) ||
        (st = find_name_of(r->places, item, "arrival_point", &carer->end_node)) ||
        (st = bench_json_member(item, "working_shift", &shift)) ||
        (st = bench_json_integer_of(&shift, "start", 0, MINUTES_MOST, &carer->begin)) ||
        (st = bench_json_integer_of(&shift, "end", carer->begin, MINUTES_MOST, &carer->end)) ||
        (st = read_flag(item, "lunch_break", &carer->has_lunch)))
        return st;
    return carer->has_lunch && !r->file->has_lunches ? bench_json_fault(item, "has a lunch break, the file has none")
                                                     : CR_OK;
}

static cr_status read_carers(reading *r)
{
    bench_json list;
    int32_t n;
    cr_status st = bench_json_list_of(&r->root, "caregivers", 1, CARERS_MOST, &list, &n);
    if (st)
        return st;
    r->file->n_carers = n;
    r->file->carers = calloc((size_t)n, sizeof *r->file->carers);
    r->file->ability = calloc((size_t)n * (size_t)r->file->n_services, sizeof *r->file->ability);
    if (!r->file->carers || !r->file->ability)
        return CR_E_NOMEM;
    for (int32_t v = 0; !st && v < n; v++) {
        bench_json item = bench_json_item(&list, v);
        st = read_carer(r, &item, v);
    }
    return st;
}

/* ---- patients ---- */

static cr_status add_id(reading *r, int32_t carer)
{
    uhhc *file = r->file;
    if (file->n_ids == r->room_ids) {
        int32_t room = r->room_ids ? 2 * r->room_ids : 64;
        int32_t *grown = realloc(file->ids, (size_t)room * sizeof *grown);
        if (!grown)
            return CR_E_NOMEM;
        file->ids = grown;
        r->room_ids = room;
    }
    file->ids[file->n_ids++] = carer;
    return CR_OK;
}

/* A list of carers that may be missing. */
static cr_status read_ids(reading *r, const bench_json *item, const char *key, cr_range *ret_range)
{
    bench_json list;
    int32_t n, carer;
    *ret_range = (cr_range){r->file->n_ids, 0};
    if (!bench_json_has(item, key))
        return CR_OK;
    cr_status st = bench_json_list_of(item, key, 0, CARERS_MOST, &list, &n);
    for (int32_t i = 0; !st && i < n; i++) {
        bench_json id = bench_json_item(&list, i);
        st = find_name(r->carers, &id, &carer);
        if (!st)
            st = add_id(r, carer);
    }
    ret_range->n = r->file->n_ids - ret_range->first;
    return st;
}

static cr_status read_need(const reading *r, const bench_json *item, uhhc_patient *p)
{
    int32_t k = p->n_services++;
    cr_status st = find_name_of(r->services, item, "service", &p->service[k]);
    if (st)
        return st;
    for (int32_t i = 0; i < k; i++)
        if (p->service[i] == p->service[k])
            return bench_json_fault(item, "needs a service twice");
    if (bench_json_has(item, "duration"))
        return bench_json_integer_of(item, "duration", 0, MINUTES_MOST, &p->duration[k]);
    p->duration[k] = r->default_duration[p->service[k]];
    return p->duration[k] < 0 ? bench_json_fault(item, "has no duration, nor has its service") : CR_OK;
}

static cr_status read_needs(const reading *r, const bench_json *item, uhhc_patient *p)
{
    bench_json list;
    int32_t n;
    cr_status st = bench_json_list_of(item, "required_services", 1, UHHC_SERVICES_MOST, &list, &n);
    for (int32_t i = 0; !st && i < n; i++) {
        bench_json need = bench_json_item(&list, i);
        st = read_need(r, &need, p);
    }
    return st;
}

static cr_status read_windows(const bench_json *item, uhhc_patient *p)
{
    bench_json list;
    int32_t before = 0;
    cr_status st = bench_json_list_of(item, "time_windows", 1, UHHC_WINDOWS_MOST, &list, &p->n_windows);
    for (int32_t i = 0; !st && i < p->n_windows; i++) {
        bench_json window = bench_json_item(&list, i);
        cr_window *w = &p->windows[i];
        st = bench_json_integer_of(&window, "start", before, MINUTES_MOST, &w->open);
        if (!st)
            st = bench_json_integer_of(&window, "end", w->open, MINUTES_MOST, &w->close);
        before = w->open + 1;
    }
    return st;
}

static cr_status read_synchronization(const bench_json *item, uhhc_patient *p)
{
    bench_json synchronization, type, distance;
    const char *text;
    cr_status st;
    if (p->n_services < 2)
        return CR_OK;
    if ((st = bench_json_member(item, "synchronization", &synchronization)) ||
        (st = bench_json_member(&synchronization, "type", &type)) || (st = bench_json_text(&type, &text)))
        return st;
    if (strcmp(text, "independent") == 0)
        return CR_OK;
    p->synchronization = strcmp(text, "simultaneous") == 0 ? UHHC_SIMULTANEOUS : UHHC_SEQUENTIAL;
    if (p->synchronization == UHHC_SIMULTANEOUS)
        return CR_OK;
    if (strcmp(text, "sequential") != 0)
        return bench_json_fault(&type, "is not simultaneous, sequential or independent");
    if ((st = bench_json_member(&synchronization, "distance", &distance)) ||
        (st = bench_json_integer_of(&distance, "min", 0, MINUTES_MOST, &p->gap_least)))
        return st;
    return bench_json_integer_of(&distance, "max", p->gap_least, MINUTES_MOST, &p->gap_most);
}

static cr_status read_patient(reading *r, const bench_json *item, uhhc_patient *p)
{
    cr_status st;
    if ((st = read_node(r, item, &p->node)) || (st = read_needs(r, item, p)) || (st = read_windows(item, p)) ||
        (st = read_synchronization(item, p)) || (st = read_flag(item, "optional", &p->is_optional)) ||
        (st = read_ids(r, item, "preferred_caregivers", &p->preferred)))
        return st;
    p->has_wish = bench_json_has(item, "preferred_caregivers");
    return read_ids(r, item, "incompatible_caregivers", &p->incompatible);
}

/* The line names patients by their node, so each has one of its own. */
static cr_status check_nodes_differ(const reading *r)
{
    bool *seen = calloc((size_t)r->file->n_nodes, sizeof *seen);
    if (!seen)
        return CR_E_NOMEM;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->file->n_patients; i++) {
        int32_t node = r->file->patients[i].node;
        if (seen[node])
            st = bench_fault(r->root.message, "patients[%d]: another patient has distance_matrix_index %d", i, node);
        seen[node] = true;
    }
    free(seen);
    return st;
}

static cr_status read_patients(reading *r)
{
    bench_json list;
    int32_t n;
    cr_status st = bench_json_list_of(&r->root, "patients", 1, PATIENTS_MOST, &list, &n);
    if (st)
        return st;
    r->file->n_patients = n;
    r->file->patients = calloc((size_t)n, sizeof *r->file->patients);
    if (!r->file->patients)
        return CR_E_NOMEM;
    for (int32_t i = 0; !st && i < n; i++) {
        bench_json item = bench_json_item(&list, i);
        st = read_patient(r, &item, &r->file->patients[i]);
    }
    return st ? st : check_nodes_differ(r);
}

static cr_status read_file(reading *r)
{
    cr_status st;
    if ((st = name_index_new(&r->services)) || (st = name_index_new(&r->places)) || (st = name_index_new(&r->carers)) ||
        (st = read_metadata(r)) || (st = read_services(r)) || (st = read_distances(r)) || (st = read_places(r)) ||
        (st = read_lunch(r)) || (st = read_carers(r)))
        return st;
    return read_patients(r);
}

cr_status uhhc_parse(const char *text, size_t size, uhhc **ret_file, bench_message *message)
{
    reading r = {.room_ids = 0};
    cr_status st = bench_json_parse(text, size, &r.root, message);
    if (st)
        return st;
    r.file = calloc(1, sizeof *r.file);
    st = r.file ? read_file(&r) : CR_E_NOMEM;
    json_decref((json_t *)r.root.value);
    name_index_free(r.services);
    name_index_free(r.places);
    name_index_free(r.carers);
    free(r.default_duration);
    if (st) {
        uhhc_free(r.file);
        return st;
    }
    *ret_file = r.file;
    return CR_OK;
}
