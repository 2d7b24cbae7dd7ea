/* The home health care instances of Mankowska, Meisel and Bierwirth (2014).
 *
 * One depot, soft windows, skills, and patients with two services: at the same moment (one visit with two slots) or one
 * after the other (two visits with a gap from start to start, and different carers). The objective is a third of
 * travel + tardiness of every service + the largest tardiness, in double precision.
 *
 * Times of the file have six decimals. A tick is as short as the longest possible day allows; legs and least gaps round
 * up and greatest gaps down, so the starts that the engine finds hold in the file's own numbers too. Before they are
 * printed they are settled: the earliest starts of the same orders in double precision, which cost the least.
 */
#include "bench_mankowska.h"
#include "bench_words.h"

#include <math.h>
#include <stdlib.h>

#define HORIZON_TICKS 5e8 /* below the INT32_MAX / 4 that the problem allows */
#define TICKS_MOST    100000.0
#define TICKS_LEAST   100.0

static double longest_leg_to(const mankowska *file, int32_t node)
{
    double longest = 0;
    for (int32_t from = 0; from < file->n_nodes; from++)
        longest = fmax(longest, mankowska_distance(file, from, node));
    return longest;
}

/* No earliest start lies beyond this: a chain of stops enters every service once, by a leg after a service or by a gap.
 */
static cr_status horizon_minutes(const mankowska *file, double *ret_horizon, bench_message *message)
{
    double opens_last = 0, chain = longest_leg_to(file, file->n_nodes - 1);
    for (int32_t node = 1; node < file->n_nodes - 1; node++) {
        mankowska_patient p;
        cr_status st = mankowska_patient_of(file, node, &p, message);
        if (st)
            return st;
        opens_last = fmax(opens_last, mankowska_opens(file, node));
        for (int32_t k = 0; k < p.n_services; k++)
            chain += p.duration[k] + longest_leg_to(file, node);
        chain += p.gap_least;
    }
    *ret_horizon = opens_last + chain + 1;
    return CR_OK;
}

/* ---- building ---- */

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

static cr_status scale_of(const mankowska *file, tick_scale *ret_scale, bench_message *message)
{
    double horizon;
    cr_status st = horizon_minutes(file, &horizon, message);
    if (st)
        return st;
    double ticks = fmin(TICKS_MOST, floor(HORIZON_TICKS / horizon));
    if (ticks < TICKS_LEAST)
        return bench_fault(message, "the times are too long: a day could take %.10g minutes", horizon);
    *ret_scale = (tick_scale){ticks, (int32_t)(horizon * ticks)};
    return CR_OK;
}

static cr_status add_carers(const mankowska *file, const tick_scale *scale, cr_problem *problem)
{
    for (int32_t v = 0; v < file->n_carers; v++) {
        cr_skill skills[MANKOWSKA_SERVICES_MOST];
        int32_t n = 0;
        for (int32_t s = 0; s < file->n_services; s++)
            if (mankowska_has_skill(file, v, s))
                skills[n++] = (cr_skill){.skill = s, .level = 1};
        cr_carer carer = CR_CARER_INIT;
        cr_shift shift = CR_SHIFT_INIT;
        shift.carer = v;
        shift.end = scale->horizon;
        shift.start_place = 0;
        shift.end_place = file->n_nodes - 1;
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

static cr_status add_slot(const mankowska_patient *p, int32_t k, const tick_scale *scale, bench_instance *instance)
{
    mankowska *file = instance->own;
    cr_slot slot = CR_SLOT_INIT;
    slot.duration = ticks_up(scale, p->duration[k]);
    cr_skill skill = {.skill = p->service[k], .level = 1};
    cr_status st = cr_problem_add_skills(instance->problem, &skill, 1, &slot.skills);
    if (st)
        return st;
    file->duration[instance->problem->n_slots] = p->duration[k];
    return bench_instance_add_slot(instance, &slot, p->service[k] + 1);
}

static cr_status add_visit(const mankowska_patient *p, const tick_scale *scale, bench_instance *instance)
{
    const mankowska *file = instance->own;
    cr_visit visit = CR_VISIT_INIT;
    visit.client = p->node;
    visit.place = p->node;
    visit.due = ticks_down(scale, mankowska_closes(file, p->node));
    visit.lateness_price = 1;
    /* Later than anybody can be costs the horizon once as tardiness, once as the worst; and there is the way. */
    visit.unallocated_price = 4 * (int64_t)scale->horizon;
    cr_window window = {ticks_up(scale, mankowska_opens(file, p->node)), scale->horizon};
    return bench_instance_add_visit(instance, &visit, window, p->node);
}

static cr_status add_patient(const mankowska_patient *p, const tick_scale *scale, bench_instance *instance)
{
    cr_status st = add_visit(p, scale, instance);
    if (!st)
        st = add_slot(p, 0, scale, instance);
    if (!st && p->one_after_other)
        st = add_visit(p, scale, instance);
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

static void fill_matrix(const mankowska *file, const tick_scale *scale, cr_matrix *matrix)
{
    for (int32_t from = 0; from < file->n_nodes; from++)
        for (int32_t to = 0; to < file->n_nodes; to++) {
            int32_t leg = ticks_up(scale, mankowska_distance(file, from, to));
            cr_matrix_set(matrix, from, to, leg, leg);
        }
}

/* The instance owns the file from here, also when this fails. */
static cr_status fill(bench_instance *instance, const tick_scale *scale, bench_message *message)
{
    mankowska *file = instance->own;
    cr_problem *problem = instance->problem;
    file->duration = calloc(2 * (size_t)file->n_nodes, sizeof *file->duration);
    if (!file->duration)
        return CR_E_NOMEM;
    problem->ticks_per_unit = (int32_t)scale->ticks;
    problem->n_clients = file->n_nodes;
    problem->prices.travel = 1;
    problem->prices.worst_lateness = 1;
    instance->must_serve_all = true;
    fill_matrix(file, scale, instance->matrix);
    cr_status st = add_carers(file, scale, problem);
    for (int32_t node = 1; !st && node < file->n_nodes - 1; node++) {
        mankowska_patient p;
        st = mankowska_patient_of(file, node, &p, message);
        if (!st)
            st = add_patient(&p, scale, instance);
    }
    return st;
}

static cr_status build(mankowska *file, bench_instance **ret_instance, bench_message *message)
{
    cr_auto(bench_instance) instance = NULL;
    tick_scale scale;
    cr_status st = scale_of(file, &scale, message);
    if (!st)
        st = bench_instance_new(file->n_nodes, 2 * file->n_nodes, 2 * file->n_nodes, &instance);
    if (st) {
        mankowska_free(file);
        return st;
    }
    instance->own = file;
    instance->own_free = mankowska_free;
    st = fill(instance, &scale, message);
    if (st)
        return st;
    *ret_instance = bench_instance_take(&instance);
    return CR_OK;
}

cr_status bench_mankowska_parse(const char *text, size_t size, bench_instance **ret_instance, bench_message *message)
{
    mankowska *file;
    cr_status st = mankowska_parse(text, size, &file, message);
    return st ? st : build(file, ret_instance, message);
}

static cr_status mankowska_read(const bench_source *source, bench_instance **ret_instance, bench_message *message)
{
    char *text;
    size_t size;
    cr_status st = bench_file_read(source->path, &text, &size, message);
    if (st)
        return st;
    st = bench_mankowska_parse(text, size, ret_instance, message);
    free(text);
    return st;
}

const bench_format bench_mankowska = {
    .name = "mankowska",
    .read = mankowska_read,
    .objective = mankowska_objective,
    .settle_starts = mankowska_settle_starts,
};
