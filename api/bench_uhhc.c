/* The unified home health care problem (Ceschia and others 2026) as a cr_problem: one day with shifts, several windows,
 * wishes, and patients with several services.
 *
 * A patient whose services are simultaneous is one visit with a slot each. Others are a visit for each service:
 * sequential ones are tied by gaps from start to start and have different carers, independent ones are free. A tick is
 * a minute, and a cost unit is 1/840 of the objective, so that a price for a patient can be shared out among up to
 * eight slots.
 */
#include "bench_uhhc.h"
#include "bench_words.h"

#include <stdlib.h>

#define UNIT         840
#define HORIZON_MOST 10000000

typedef struct building {
    uhhc *file;
    bench_instance *instance;
    bench_message *message;
    int32_t horizon;       /* nobody is out later */
    int64_t missing_price; /* of a service that must be given, more than it can save */
} building;

static int64_t price_of(const building *b, uhhc_component c)
{
    return (int64_t)b->file->weight[c] * UNIT;
}

/* What the engine has no term for is refused, not left out. */
static cr_status check_components(const building *b)
{
    for (int32_t c = 0; c < UHHC_COMPONENT_N; c++) {
        bool no_weight = c == UHHC_INCOMPATIBILITIES || c == UHHC_QUALIFICATION;
        bool no_rule = c == UHHC_TRAVEL || c == UHHC_WAITING || c == UHHC_IDLE || c == UHHC_BALANCE;
        if ((no_weight && b->file->weight[c] > 0) || (no_rule && b->file->must_be_zero[c]))
            return bench_fault(b->message, "cost component %s as a %s is not built in",
                               uhhc_component_name((uhhc_component)c), no_weight ? "weight" : "rule");
    }
    return CR_OK;
}

/* Do starts after a window closes break a rule, or only cost? */
static bool windows_are_hard(const uhhc *file)
{
    return file->must_be_zero[UHHC_TARDINESS] || file->must_be_zero[UHHC_WORST_TARDINESS];
}

/* May the patient be left out, at a price? */
static bool may_be_left_out(const uhhc *file, const uhhc_patient *p)
{
    return p->is_optional && file->weight[UHHC_OPTIONAL] > 0;
}

/* ---- carers ---- */

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* Every service after every other, from the last opening on, and home. */
static cr_status set_horizon(building *b)
{
    const uhhc *file = b->file;
    int64_t longest = 0, horizon = file->lunch_closes + file->lunch_length;
    for (int64_t i = 0; i < (int64_t)file->n_nodes * file->n_nodes; i++)
        longest = later((int32_t)longest, file->distance[i]);
    for (int32_t v = 0; v < file->n_carers; v++)
        horizon = later((int32_t)horizon, file->carers[v].end);
    for (int32_t i = 0; i < file->n_patients; i++)
        horizon = later((int32_t)horizon, file->patients[i].windows[file->patients[i].n_windows - 1].close);
    for (int32_t i = 0; i < file->n_patients; i++)
        for (int32_t k = 0; k < file->patients[i].n_services; k++)
            horizon += file->patients[i].duration[k] + longest + file->patients[i].gap_least;
    horizon += longest;
    if (horizon > HORIZON_MOST)
        return bench_fault(b->message, "the times are too long: a day could take %lld minutes", (long long)horizon);
    b->horizon = (int32_t)horizon;
    return CR_OK;
}

static cr_status add_abilities(const building *b, int32_t v, cr_range *ret_skills)
{
    cr_range all = {b->instance->problem->n_skills, 0};
    cr_status st = CR_OK;
    for (int32_t s = 0; !st && s < b->file->n_services; s++) {
        cr_range one;
        cr_skill skill = {.skill = s, .level = 1};
        if (!b->file->ability[(size_t)v * (size_t)b->file->n_services + (size_t)s])
            continue;
        st = cr_problem_add_skills(b->instance->problem, &skill, 1, &one);
        all.n++;
    }
    *ret_skills = all;
    return st;
}

/* Lunch is always taken where the shift begins in time for it: missing it is a price in the set, but a rule here. */
static cr_status add_lunch(const building *b, const uhhc_carer *c)
{
    const uhhc *file = b->file;
    int32_t last = file->lunch_closes - (file->late_by_end ? file->lunch_length : 0);
    int32_t open = later(file->lunch_opens, c->begin);
    return open <= last ? cr_problem_add_break(b->instance->problem, open, last, file->lunch_length, false) : CR_OK;
}

static cr_status add_carer(const building *b, int32_t v)
{
    const uhhc_carer *c = &b->file->carers[v];
    cr_problem *problem = b->instance->problem;
    cr_carer carer = CR_CARER_INIT;
    cr_shift shift = CR_SHIFT_INIT;
    shift.carer = v;
    shift.begin = c->begin;
    shift.end = b->file->must_be_zero[UHHC_EXTRA_TIME] ? c->end : b->horizon;
    shift.paid_end = c->end;
    shift.overrun_price = price_of(b, UHHC_EXTRA_TIME);
    shift.leaves_at_begin = b->file->leaves_at_begin;
    shift.start_place = c->start_node;
    shift.end_place = c->end_node;
    cr_status st = add_abilities(b, v, &carer.skills);
    if (!st)
        st = cr_problem_add_carer(problem, &carer);
    if (!st)
        st = cr_problem_add_shift(problem, &shift);
    return st || !c->has_lunch ? st : add_lunch(b, c);
}

/* ---- patients ---- */

/* Of these slots: how long the longest counts for the window. */
static int32_t length_in_window(const building *b, const uhhc_patient *p, int32_t first, int32_t n)
{
    int32_t longest = 0;
    for (int32_t k = first; k < first + n; k++)
        longest = later(longest, p->duration[k]);
    return b->file->late_by_end ? longest : 0;
}

/* Starts that are late in no window; where windows are not hard, the last one has no end, and its own close is what
 * lateness counts from. The window of a start is the last that opened, so a window that opens ends the one before it.
 */
static cr_status add_windows(const building *b, const uhhc_patient *p, int32_t length)
{
    int32_t n = 0;
    cr_status st = CR_OK;
    for (int32_t w = 0; !st && w < p->n_windows; w++) {
        bool is_last = w + 1 == p->n_windows;
        int32_t close = is_last && !windows_are_hard(b->file) ? b->horizon : p->windows[w].close - length;
        if (!is_last && close >= p->windows[w + 1].open)
            close = p->windows[w + 1].open - 1;
        if (close < p->windows[w].open)
            continue;
        st = cr_problem_add_window(b->instance->problem, p->windows[w].open, close);
        n++;
    }
    return !st && n == 0 ? bench_fault(b->message, "the patient at node %d has no window that is long enough", p->node)
                         : st;
}

/* Carers who must not come: those named, and where wishes must be granted all who are not wished for. */
static cr_status add_forbidden(const building *b, const uhhc_patient *p, cr_range *ret_forbidden)
{
    const uhhc *file = b->file;
    bool *is_out = calloc((size_t)file->n_carers, sizeof *is_out);
    if (!is_out)
        return CR_E_NOMEM;
    bool only_wished = p->has_wish && file->must_be_zero[UHHC_PREFERENCES];
    for (int32_t v = 0; only_wished && v < file->n_carers; v++)
        is_out[v] = true;
    for (int32_t i = 0; only_wished && i < p->preferred.n; i++)
        is_out[file->ids[p->preferred.first + i]] = false;
    for (int32_t i = 0; i < p->incompatible.n; i++)
        is_out[file->ids[p->incompatible.first + i]] = true;
    cr_range all = {b->instance->problem->n_ids, 0}, one;
    cr_status st = CR_OK;
    for (int32_t v = 0; !st && v < file->n_carers; v++)
        if (is_out[v]) {
            st = cr_problem_add_ids(b->instance->problem, &v, 1, &one);
            all.n++;
        }
    free(is_out);
    *ret_forbidden = all;
    return st;
}

static cr_status add_slot(const building *b, const uhhc_patient *p, int32_t k)
{
    cr_problem *problem = b->instance->problem;
    cr_slot slot = CR_SLOT_INIT;
    slot.duration = p->duration[k];
    cr_skill skill = {.skill = p->service[k], .level = 1};
    cr_status st = cr_problem_add_skills(problem, &skill, 1, &slot.skills);
    if (st)
        return st;
    b->file->slot_index[problem->n_slots] = k;
    return bench_instance_add_slot(b->instance, &slot, p->service[k] + 1);
}

/* One visit for n services from the first on. */
static cr_status add_visit(const building *b, int32_t patient, int32_t first, int32_t n)
{
    const uhhc_patient *p = &b->file->patients[patient];
    cr_problem *problem = b->instance->problem;
    cr_visit visit = CR_VISIT_INIT;
    visit.client = patient;
    visit.place = p->node;
    visit.unallocated_price =
        may_be_left_out(b->file, p) ? price_of(b, UHHC_OPTIONAL) / p->n_services : b->missing_price;
    if (!windows_are_hard(b->file)) {
        visit.due = p->windows[p->n_windows - 1].close;
        visit.lateness_price = price_of(b, UHHC_TARDINESS);
        visit.late_by_end = b->file->late_by_end;
    }
    cr_status st = add_forbidden(b, p, &visit.forbidden);
    if (!st && p->has_wish)
        st = cr_problem_add_ids(problem, b->file->ids + p->preferred.first, p->preferred.n, &visit.preferred);
    if (!st)
        st = cr_problem_add_visit(problem, &visit);
    if (st)
        return st;
    b->instance->node[problem->n_visits - 1] = p->node;
    b->instance->is_optional[problem->n_visits - 1] = may_be_left_out(b->file, p);
    b->file->visit_patient[problem->n_visits - 1] = patient;
    st = add_windows(b, p, length_in_window(b, p, first, n));
    for (int32_t k = first; !st && k < first + n; k++)
        st = add_slot(b, p, k);
    return st;
}

/* Sequential: neighbours in the list keep the gap, and all have different carers. An optional patient gets all of her
 * services or none. */
static cr_status add_gaps(const building *b, const uhhc_patient *p, int32_t first_visit)
{
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < p->n_services; i++)
        for (int32_t k = i + 1; !st && k < p->n_services; k++) {
            cr_gap gap = CR_GAP_INIT;
            gap.first = first_visit + i;
            gap.second = first_visit + k;
            bool is_sequential = p->synchronization == UHHC_SEQUENTIAL;
            gap.carers = is_sequential ? CR_GAP_DIFFERENT : CR_GAP_ANY;
            gap.both = may_be_left_out(b->file, p);
            if (k == i + 1 && is_sequential) {
                gap.min = p->gap_least;
                gap.max = p->gap_most;
            }
            st = cr_problem_add_gap(b->instance->problem, &gap);
        }
    return st;
}

static cr_status add_patient(const building *b, int32_t patient)
{
    const uhhc_patient *p = &b->file->patients[patient];
    int32_t first_visit = b->instance->problem->n_visits;
    if (p->n_services == 1 || p->synchronization == UHHC_SIMULTANEOUS)
        return add_visit(b, patient, 0, p->n_services);
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < p->n_services; k++)
        st = add_visit(b, patient, k, 1);
    bool is_tied = p->synchronization == UHHC_SEQUENTIAL || may_be_left_out(b->file, p);
    return st || !is_tied ? st : add_gaps(b, p, first_visit);
}

/* ---- all together ---- */

static void fill_matrix(const building *b)
{
    for (int32_t from = 0; from < b->file->n_nodes; from++)
        for (int32_t to = 0; to < b->file->n_nodes; to++) {
            int32_t leg = uhhc_distance(b->file, from, to);
            cr_matrix_set(b->instance->matrix, from, to, leg, leg);
        }
}

static cr_status fill(building *b, int32_t n_services)
{
    uhhc *file = b->file;
    cr_problem *problem = b->instance->problem;
    file->visit_patient = calloc((size_t)n_services, sizeof *file->visit_patient);
    file->slot_index = calloc((size_t)n_services, sizeof *file->slot_index);
    if (!file->visit_patient || !file->slot_index)
        return CR_E_NOMEM;
    problem->n_clients = file->n_patients;
    problem->prices.travel = price_of(b, UHHC_TRAVEL);
    problem->prices.waiting = price_of(b, UHHC_WAITING);
    problem->prices.worst_lateness = price_of(b, UHHC_WORST_TARDINESS);
    problem->prices.worst_idle = price_of(b, UHHC_IDLE);
    problem->prices.imbalance = price_of(b, UHHC_BALANCE);
    problem->prices.not_preferred = price_of(b, UHHC_PREFERENCES);
    b->missing_price = 1;
    for (int32_t c = 0; c < UHHC_COMPONENT_N; c++)
        b->missing_price += price_of(b, (uhhc_component)c) * b->horizon;
    b->instance->must_serve_all = true;
    b->instance->is_optional = calloc((size_t)n_services, sizeof *b->instance->is_optional);
    if (!b->instance->is_optional)
        return CR_E_NOMEM;
    fill_matrix(b);
    cr_status st = CR_OK;
    for (int32_t v = 0; !st && v < file->n_carers; v++)
        st = add_carer(b, v);
    for (int32_t i = 0; !st && i < file->n_patients; i++)
        st = add_patient(b, i);
    return st;
}

static int32_t count_services(const uhhc *file)
{
    int32_t n = 0;
    for (int32_t i = 0; i < file->n_patients; i++)
        n += file->patients[i].n_services;
    return n;
}

cr_status bench_uhhc_parse(const char *text, size_t size, const bench_convention *convention,
                           bench_instance **ret_instance, bench_message *message)
{
    cr_auto(bench_instance) instance = NULL;
    building b = {.message = message};
    cr_status st = uhhc_parse(text, size, &b.file, message);
    if (st)
        return st;
    int32_t n_services = count_services(b.file);
    st = bench_instance_new(b.file->n_nodes, n_services, n_services, &instance);
    if (st) {
        uhhc_free(b.file);
        return st;
    }
    instance->own = b.file;
    instance->own_free = uhhc_free;
    b.instance = instance;
    if ((st = check_components(&b)) || (st = set_horizon(&b)) || (st = fill(&b, n_services)))
        return st;
    *ret_instance = bench_instance_take(&instance);
    return CR_OK;
}

/* ---- the line ---- */

static int name_service(const bench_instance *instance, int32_t slot, json_t *item)
{
    const uhhc *file = instance->own;
    return json_object_set_new(item, "service", json_string(file->service_name[instance->service[slot] - 1]));
}

/* Lunch is had where the carer is: at the patient before it, or where she sets off. */
static int name_break(const bench_instance *instance, int32_t shift, int32_t slot_before, json_t *item)
{
    const uhhc *file = instance->own;
    int64_t node = slot_before == CR_NONE ? file->carers[shift].start_node : bench_slot_node(instance, slot_before);
    return json_object_set_new(item, "node", json_integer(node));
}

static int name_route(const bench_instance *instance, const cr_round *round, json_t *route)
{
    return json_object_set_new(route, "depart", json_integer(round->depart)) ||
                   json_object_set_new(route, "return", json_integer(round->arrive))
               ? -1
               : 0;
}

const bench_format bench_uhhc = {
    .name = "uhhc",
    .parse = bench_uhhc_parse,
    .objective = uhhc_objective,
    .name_route = name_route,
    .name_stop = name_service,
    .name_break = name_break,
};
