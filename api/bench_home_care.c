/* The home health care problem as a cr_problem.
 *
 * One depot, soft windows, skills, and patients with two services: at the same moment (one visit with two slots) or one
 * after the other (two visits with a gap from start to start, and different carers). The objective is a third of
 * travel + tardiness of every service + the largest tardiness, in double precision.
 *
 * Where all times are whole minutes, a tick is a minute. Times with decimals get ticks as short as the longest possible
 * day allows; legs and least gaps round up and greatest gaps down, so the starts that the engine finds hold in the
 * file's own numbers too. Before they are printed they are settled: the earliest starts of the same orders in double
 * precision, which cost the least.
 */
#include "bench_home_care.h"

#include <math.h>
#include <stdlib.h>

#define HORIZON_TICKS 5e8 /* below the INT32_MAX / 4 that the problem allows */
#define TICKS_MOST    100000.0
#define TICKS_LEAST   100.0

void home_care_free(void *own)
{
    home_care *file = own;
    if (!file)
        return;
    for (int32_t s = 0; file->service_name && s < file->n_services; s++)
        free(file->service_name[s]);
    free(file->service_name);
    free(file->distance);
    free(file->skill);
    free(file->patients);
    free(file->slot_duration);
    free(file);
}

/* ---- ticks ---- */

static double longest_leg_to(const home_care *file, int32_t node)
{
    double longest = 0;
    for (int32_t from = 0; from < file->n_nodes; from++)
        longest = fmax(longest, home_care_distance(file, from, node));
    return longest;
}

/* No earliest start lies beyond this: a chain of stops enters every service once, by a leg after a service or by a gap.
 */
static double horizon_minutes(const home_care *file)
{
    double opens_last = 0, chain = longest_leg_to(file, file->end_node);
    for (int32_t node = 1; node <= file->n_patients; node++) {
        const home_care_patient *p = home_care_patient_at(file, node);
        opens_last = fmax(opens_last, p->opens);
        for (int32_t k = 0; k < p->n_services; k++)
            chain += p->duration[k] + longest_leg_to(file, node);
        chain += p->gap_least;
    }
    return opens_last + chain + 1;
}

static bool is_whole(double minutes)
{
    return minutes == floor(minutes);
}

static bool times_are_whole(const home_care *file)
{
    for (int64_t i = 0; i < (int64_t)file->n_nodes * file->n_nodes; i++)
        if (!is_whole(file->distance[i]))
            return false;
    for (int32_t node = 1; node <= file->n_patients; node++) {
        const home_care_patient *p = home_care_patient_at(file, node);
        if (!is_whole(p->opens) || !is_whole(p->closes) || !is_whole(p->gap_least) || !is_whole(p->gap_most))
            return false;
        for (int32_t k = 0; k < p->n_services; k++)
            if (!is_whole(p->duration[k]))
                return false;
    }
    return true;
}

typedef struct tick_scale {
    double ticks; /* a minute */
    int32_t horizon;
} tick_scale;

/* What lies beyond the horizon may lie on it: nobody gets there. */
static int32_t ticks_up(const tick_scale *scale, double minutes)
{
    return (int32_t)fmin(ceil(minutes * scale->ticks - 1e-6), scale->horizon);
}

static int32_t ticks_down(const tick_scale *scale, double minutes)
{
    return (int32_t)fmin(floor(minutes * scale->ticks + 1e-6), scale->horizon);
}

static cr_status scale_of(const home_care *file, tick_scale *ret_scale, bench_message *message)
{
    double horizon = horizon_minutes(file);
    double ticks = fmin(TICKS_MOST, floor(HORIZON_TICKS / horizon));
    if (ticks < TICKS_LEAST)
        return bench_fault(message, "the times are too long: a day could take %.10g minutes", horizon);
    if (times_are_whole(file))
        ticks = 1;
    *ret_scale = (tick_scale){ticks, (int32_t)(horizon * ticks)};
    return CR_OK;
}

/* ---- building ---- */

static cr_status add_carers(const home_care *file, const tick_scale *scale, cr_problem *problem)
{
    for (int32_t v = 0; v < file->n_carers; v++) {
        cr_skill skills[HOME_CARE_SERVICES_MOST];
        int32_t n = 0;
        for (int32_t s = 0; s < file->n_services; s++)
            if (file->skill[v * file->n_services + s])
                skills[n++] = (cr_skill){.skill = s, .level = 1};
        cr_carer carer = CR_CARER_INIT;
        cr_shift shift = CR_SHIFT_INIT;
        shift.carer = v;
        shift.end = scale->horizon;
        shift.start_place = 0;
        shift.end_place = file->end_node;
        cr_status st = cr_problem_add_skills(problem, skills, n, &carer.skills);
        if (!st)
            st = cr_problem_add_carer(problem, &carer);
        if (!st)
            st = cr_problem_add_shift(problem, &shift);
        if (st)
            return st;
    }
    return CR_OK;
}

static cr_status add_slot(const home_care_patient *p, int32_t k, const tick_scale *scale, bench_instance *instance)
{
    home_care *file = instance->own;
    cr_slot slot = CR_SLOT_INIT;
    slot.duration = ticks_up(scale, p->duration[k]);
    cr_skill skill = {.skill = p->service[k], .level = 1};
    cr_status st = cr_problem_add_skills(instance->problem, &skill, 1, &slot.skills);
    if (st)
        return st;
    file->slot_duration[instance->problem->n_slots] = p->duration[k];
    return bench_instance_add_slot(instance, &slot, p->service[k] + 1);
}

static cr_status add_visit(int32_t node, const tick_scale *scale, bench_instance *instance)
{
    const home_care_patient *p = home_care_patient_at(instance->own, node);
    cr_visit visit = CR_VISIT_INIT;
    visit.client = node;
    visit.place = node;
    visit.due = ticks_down(scale, p->closes);
    visit.lateness_price = 1;
    /* Later than anybody can be costs the horizon once as tardiness, once as the worst; and there is the way. */
    visit.unallocated_price = 4 * (int64_t)scale->horizon;
    cr_window window = {ticks_up(scale, p->opens), scale->horizon};
    return bench_instance_add_visit(instance, &visit, window, node);
}

static cr_status add_patient(int32_t node, const tick_scale *scale, bench_instance *instance)
{
    const home_care_patient *p = home_care_patient_at(instance->own, node);
    cr_status st = add_visit(node, scale, instance);
    if (!st)
        st = add_slot(p, 0, scale, instance);
    if (!st && p->one_after_other)
        st = add_visit(node, scale, instance);
    if (!st && p->n_services == 2)
        st = add_slot(p, 1, scale, instance);
    if (st || !p->one_after_other)
        return st;
    cr_gap gap = CR_GAP_INIT;
    gap.first = instance->problem->n_visits - 2;
    gap.second = instance->problem->n_visits - 1;
    gap.from = CR_GAP_START_TO_START;
    gap.min = ticks_up(scale, p->gap_least);
    gap.max = ticks_down(scale, p->gap_most);
    gap.carers = CR_GAP_DIFFERENT;
    return cr_problem_add_gap(instance->problem, &gap);
}

static void fill_matrix(const home_care *file, const tick_scale *scale, cr_matrix *matrix)
{
    for (int32_t from = 0; from < file->n_nodes; from++)
        for (int32_t to = 0; to < file->n_nodes; to++) {
            int32_t leg = ticks_up(scale, home_care_distance(file, from, to));
            cr_matrix_set(matrix, from, to, leg, leg);
        }
}

static cr_status fill(bench_instance *instance, const tick_scale *scale)
{
    home_care *file = instance->own;
    cr_problem *problem = instance->problem;
    file->slot_duration = calloc(2 * (size_t)file->n_nodes, sizeof *file->slot_duration);
    if (!file->slot_duration)
        return CR_E_NOMEM;
    problem->ticks_per_unit = (int32_t)scale->ticks;
    problem->n_clients = file->n_nodes;
    problem->prices.travel = 1;
    problem->prices.worst_lateness = 1;
    instance->must_serve_all = true;
    fill_matrix(file, scale, instance->matrix);
    cr_status st = add_carers(file, scale, problem);
    for (int32_t node = 1; !st && node <= file->n_patients; node++)
        st = add_patient(node, scale, instance);
    return st;
}

cr_status home_care_instance(home_care *file, bench_instance **ret_instance, bench_message *message)
{
    cr_auto(bench_instance) instance = NULL;
    tick_scale scale;
    cr_status st = scale_of(file, &scale, message);
    if (!st)
        st = bench_instance_new(file->n_nodes, 2 * file->n_nodes, 2 * file->n_nodes, &instance);
    if (st) {
        home_care_free(file);
        return st;
    }
    instance->own = file;
    instance->own_free = home_care_free;
    st = fill(instance, &scale);
    if (st)
        return st;
    *ret_instance = bench_instance_take(&instance);
    return CR_OK;
}
