/* The JSON form of the home health care problem (Ceschia, Di Gaspero, Rosati and Schaerf 2024): the Italian instances
 * of the University of Udine, and Kummer's of Porto Alegre.
 *
 * The problem is Mankowska's on road times, which are not symmetric. Windows carry float noise (401.99999999999994);
 * the published results round them down to whole minutes, and so do we. Node = row of `distances`: 0 the depot, then
 * the patients in the order of the file; of two services the first in the list comes first.
 */
#include "bench_home_care.h"
#include "bench_json.h"
#include "bench_words.h"
#include "index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The file as it is read; the indices end with the reading. */
typedef struct reading {
    bench_json root;
    home_care *care;
    name_index *services;
    double *default_duration; /* of each service; < 0: none */
} reading;

/* ---- services and carers ---- */

static cr_status read_service(reading *r, const bench_json *item, int32_t s)
{
    const char *id;
    cr_status st = bench_json_text_of(item, "id", &id);
    if (st)
        return st;
    if (name_index_get(r->services, id) != CR_NONE)
        return bench_json_fault(item, "has the id of another service");
    r->default_duration[s] = -1;
    r->care->service_name[s] = strdup(id);
    if (!r->care->service_name[s] || !name_index_set(r->services, id, s))
        return CR_E_NOMEM;
    if (!bench_json_has(item, "default_duration"))
        return CR_OK;
    return bench_json_number_of(item, "default_duration", 0, HOME_CARE_MINUTES_MOST, &r->default_duration[s]);
}

static cr_status read_services(reading *r)
{
    bench_json list;
    int32_t n;
    cr_status st = bench_json_list_of(&r->root, "services", 1, HOME_CARE_SERVICES_MOST, &list, &n);
    if (st)
        return st;
    r->care->n_services = n;
    r->care->service_name = calloc((size_t)n, sizeof *r->care->service_name);
    r->default_duration = calloc((size_t)n, sizeof *r->default_duration);
    if (!r->care->service_name || !r->default_duration)
        return CR_E_NOMEM;
    for (int32_t s = 0; !st && s < n; s++) {
        bench_json item = bench_json_item(&list, s);
        st = read_service(r, &item, s);
    }
    return st;
}

/* The service that a text names. */
static cr_status service_of(const reading *r, const bench_json *text, int32_t *ret_service)
{
    const char *id;
    cr_status st = bench_json_text(text, &id);
    if (st)
        return st;
    *ret_service = name_index_get(r->services, id);
    return *ret_service == CR_NONE ? bench_json_fault(text, "is not in services") : CR_OK;
}

static cr_status read_abilities(reading *r, const bench_json *item, int32_t carer)
{
    bench_json list;
    int32_t n, service;
    cr_status st = bench_json_list_of(item, "abilities", 0, HOME_CARE_SERVICES_MOST, &list, &n);
    for (int32_t i = 0; !st && i < n; i++) {
        bench_json ability = bench_json_item(&list, i);
        st = service_of(r, &ability, &service);
        if (!st)
            r->care->skill[carer * r->care->n_services + service] = true;
    }
    return st;
}

static cr_status read_carers(reading *r)
{
    bench_json list;
    int32_t n;
    cr_status st = bench_json_list_of(&r->root, "caregivers", 1, HOME_CARE_CARERS_MOST, &list, &n);
    if (st)
        return st;
    r->care->n_carers = n;
    r->care->skill = calloc((size_t)n * (size_t)r->care->n_services, sizeof *r->care->skill);
    if (!r->care->skill)
        return CR_E_NOMEM;
    for (int32_t v = 0; !st && v < n; v++) {
        bench_json item = bench_json_item(&list, v);
        st = read_abilities(r, &item, v);
    }
    return st;
}

/* ---- patients ---- */

static cr_status read_need(const reading *r, const bench_json *item, home_care_patient *p)
{
    int32_t k = p->n_services++;
    bench_json service;
    cr_status st = bench_json_member(item, "service", &service);
    if (!st)
        st = service_of(r, &service, &p->service[k]);
    if (st)
        return st;
    if (k == 1 && p->service[0] == p->service[1])
        return bench_json_fault(&service, "is needed twice");
    if (bench_json_has(item, "duration"))
        return bench_json_number_of(item, "duration", 0, HOME_CARE_MINUTES_MOST, &p->duration[k]);
    p->duration[k] = r->default_duration[p->service[k]];
    return p->duration[k] < 0 ? bench_json_fault(item, "has no duration, nor has its service") : CR_OK;
}

static cr_status read_window(const bench_json *item, home_care_patient *p)
{
    bench_json list;
    int32_t n;
    cr_status st = bench_json_list_of(item, "time_window", 2, 2, &list, &n);
    if (st)
        return st;
    bench_json open = bench_json_item(&list, 0), close = bench_json_item(&list, 1);
    if ((st = bench_json_number(&open, 0, HOME_CARE_MINUTES_MOST, &p->opens)) ||
        (st = bench_json_number(&close, 0, HOME_CARE_MINUTES_MOST, &p->closes)))
        return st;
    p->opens = floor(p->opens);
    p->closes = floor(p->closes);
    return CR_OK;
}

static cr_status read_gap(const bench_json *synchronization, home_care_patient *p)
{
    bench_json distance;
    int32_t n;
    cr_status st = bench_json_list_of(synchronization, "distance", 2, 2, &distance, &n);
    if (st)
        return st;
    bench_json least = bench_json_item(&distance, 0), most = bench_json_item(&distance, 1);
    if ((st = bench_json_number(&least, 0, HOME_CARE_MINUTES_MOST, &p->gap_least)) ||
        (st = bench_json_number(&most, 0, HOME_CARE_MINUTES_MOST, &p->gap_most)))
        return st;
    p->one_after_other = true;
    return p->gap_least > p->gap_most ? bench_json_fault(&distance, "has the least above the most") : CR_OK;
}

static cr_status read_synchronization(const bench_json *item, home_care_patient *p)
{
    bench_json synchronization, type;
    const char *text;
    cr_status st;
    if ((st = bench_json_member(item, "synchronization", &synchronization)) ||
        (st = bench_json_member(&synchronization, "type", &type)) || (st = bench_json_text(&type, &text)))
        return st;
    if (strcmp(text, "simultaneous") == 0)
        return CR_OK;
    if (strcmp(text, "sequential") == 0)
        return read_gap(&synchronization, p);
    return bench_json_fault(&type, "is neither simultaneous nor sequential");
}

static cr_status read_patient(const reading *r, const bench_json *item, home_care_patient *ret_patient)
{
    home_care_patient p = {0};
    bench_json needs;
    int32_t n;
    cr_status st = bench_json_list_of(item, "required_caregivers", 1, 2, &needs, &n);
    for (int32_t i = 0; !st && i < n; i++) {
        bench_json need = bench_json_item(&needs, i);
        st = read_need(r, &need, &p);
    }
    if (!st)
        st = read_window(item, &p);
    if (!st && n == 2)
        st = read_synchronization(item, &p);
    *ret_patient = p;
    return st;
}

static cr_status read_patients(reading *r)
{
    bench_json list;
    int32_t n;
    cr_status st = bench_json_list_of(&r->root, "patients", 1, HOME_CARE_NODES_MOST - 1, &list, &n);
    if (st)
        return st;
    r->care->n_patients = n;
    r->care->patients = calloc((size_t)n, sizeof *r->care->patients);
    if (!r->care->patients)
        return CR_E_NOMEM;
    for (int32_t i = 0; !st && i < n; i++) {
        bench_json item = bench_json_item(&list, i);
        st = read_patient(r, &item, &r->care->patients[i]);
    }
    return st;
}

/* ---- distances ---- */

static cr_status read_distances(reading *r)
{
    bench_json rows, row, cell;
    int32_t nodes = r->care->n_patients + 1, n;
    cr_status st = bench_json_list_of(&r->root, "distances", nodes, nodes, &rows, &n);
    if (st)
        return st;
    r->care->n_nodes = nodes;
    r->care->distance = calloc((size_t)nodes * (size_t)nodes, sizeof *r->care->distance);
    if (!r->care->distance)
        return CR_E_NOMEM;
    for (int32_t from = 0; !st && from < nodes; from++) {
        row = bench_json_item(&rows, from);
        st = bench_json_list(&row, nodes, nodes, &n);
        for (int32_t to = 0; !st && to < nodes; to++) {
            cell = bench_json_item(&row, to);
            st = bench_json_number(&cell, 0, HOME_CARE_MINUTES_MOST,
                                   &r->care->distance[(size_t)from * (size_t)nodes + (size_t)to]);
        }
    }
    return st;
}

static cr_status read_file(reading *r)
{
    bench_json offices;
    int32_t n_offices;
    cr_status st = name_index_new(&r->services);
    if (st)
        return st;
    if ((st = bench_json_list_of(&r->root, "central_offices", 1, 1, &offices, &n_offices)) || (st = read_services(r)) ||
        (st = read_carers(r)) || (st = read_patients(r)))
        return st;
    return read_distances(r);
}

cr_status bench_udine_parse(const char *text, size_t size, const bench_convention *convention,
                            bench_instance **ret_instance, bench_message *message)
{
    reading r = {.services = NULL};
    cr_status st = bench_json_parse(text, size, &r.root, message);
    if (st)
        return st;
    r.care = calloc(1, sizeof *r.care);
    st = r.care ? read_file(&r) : CR_E_NOMEM;
    json_decref((json_t *)r.root.value);
    name_index_free(r.services);
    free(r.default_duration);
    if (st) {
        home_care_free(r.care);
        return st;
    }
    return home_care_instance(r.care, ret_instance, message);
}

/* Services go by the file's names. */
static int name_service(const bench_instance *instance, int32_t slot, json_t *item)
{
    const home_care *file = instance->own;
    return json_object_set_new(item, "service", json_string(file->service_name[instance->service[slot] - 1]));
}

const bench_format bench_udine = {
    .name = "udine",
    .parse = bench_udine_parse,
    .objective = home_care_objective,
    .settle_starts = home_care_settle_starts,
    .name_stop = name_service,
};
