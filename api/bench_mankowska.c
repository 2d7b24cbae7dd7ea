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
#include "bench.h"
#include "bench_words.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MOST      3000
#define CARERS_MOST     1000
#define SERVICES_MOST   64
#define TIME_MOST       1e5
#define HORIZON_TICKS   5e8 /* below the INT32_MAX / 4 that the problem allows */
#define TICKS_MOST      100000.0
#define TICKS_LEAST     100.0
#define PASSES_TO_SPARE 2

typedef enum section {
    SECTION_NODES,
    SECTION_CARERS,
    SECTION_SERVICES,
    SECTION_NEEDS,
    SECTION_DOUBLES,
    SECTION_SKILLS,
    SECTION_X,
    SECTION_Y,
    SECTION_DISTANCES,
    SECTION_DURATIONS,
    SECTION_GAP_LEAST,
    SECTION_GAP_MOST,
    SECTION_OPEN,
    SECTION_CLOSE,
    SECTION_N
} section;

static const char *const section_name[SECTION_N] = {
    [SECTION_NODES] = "nbNodes",
    [SECTION_CARERS] = "nbVehi",
    [SECTION_SERVICES] = "nbServi",
    [SECTION_NEEDS] = "r",
    [SECTION_DOUBLES] = "DS",
    [SECTION_SKILLS] = "a",
    [SECTION_X] = "x",
    [SECTION_Y] = "y",
    [SECTION_DISTANCES] = "d",
    [SECTION_DURATIONS] = "p",
    [SECTION_GAP_LEAST] = "mind",
    [SECTION_GAP_MOST] = "maxd",
    [SECTION_OPEN] = "e",
    [SECTION_CLOSE] = "l",
};

/* Every section as a flat array, row by row; patients are nodes 1 .. n_nodes - 2. */
typedef struct mankowska {
    int32_t n_nodes, n_carers, n_services;
    double *section[SECTION_N]; /* those with an array */
    double *duration;           /* of each slot of the problem, minutes; for settling */
} mankowska;

static void mankowska_free(void *own)
{
    mankowska *file = own;
    if (!file)
        return;
    for (int32_t s = 0; s < SECTION_N; s++)
        free(file->section[s]);
    free(file->duration);
    free(file);
}

static double distance(const mankowska *file, int64_t from, int64_t to)
{
    return file->section[SECTION_DISTANCES][from * file->n_nodes + to];
}

static bool needs(const mankowska *file, int32_t node, int32_t service)
{
    return file->section[SECTION_NEEDS][node * file->n_services + service] != 0;
}

static bool has_skill(const mankowska *file, int32_t carer, int32_t service)
{
    return file->section[SECTION_SKILLS][carer * file->n_services + service] != 0;
}

/* ---- reading ---- */

static int64_t section_size(const mankowska *file, section s)
{
    int64_t n = file->n_nodes, carers = file->n_carers, services = file->n_services;
    switch (s) {
    case SECTION_NEEDS:
        return n * services;
    case SECTION_SKILLS:
        return carers * services;
    case SECTION_DISTANCES:
        return n * n;
    case SECTION_DURATIONS:
        return n * carers * services;
    default:
        return n;
    }
}

static void section_range(section s, double *ret_least, double *ret_most)
{
    bool is_flag = s == SECTION_NEEDS || s == SECTION_SKILLS;
    *ret_least = s == SECTION_X || s == SECTION_Y ? -TIME_MOST : 0;
    *ret_most = is_flag ? 1 : TIME_MOST;
}

static cr_status read_array(bench_words *words, mankowska *file, section s)
{
    if (!file->n_nodes || !file->n_carers || !file->n_services)
        return bench_fault(words->message, "line %d: section %s before nbNodes, nbVehi and nbServi", words->line,
                           section_name[s]);
    int64_t size = section_size(file, s);
    /* Every value takes two characters at least: never take more memory than the file can fill. */
    if (size > (words->end - words->at + 1) / 2)
        return bench_fault(words->message, "line %d: section %s should have %lld values, the file ends before that",
                           words->line, section_name[s], (long long)size);
    double *values = malloc((size_t)size * sizeof *values);
    if (!values)
        return CR_E_NOMEM;
    file->section[s] = values;
    double least, most;
    section_range(s, &least, &most);
    for (int64_t i = 0; i < size; i++) {
        cr_status st = bench_words_number(words, section_name[s], least, most, &values[i]);
        if (st)
            return st;
    }
    return CR_OK;
}

/* DS says nothing that r does not: its values are read as numbers and left. */
static cr_status read_doubles(bench_words *words)
{
    for (bench_words ahead = *words; bench_words_next(&ahead) && bench_words_numeric(&ahead); ahead = *words) {
        int32_t node;
        cr_status st = bench_words_integer(words, "DS", 0, NODES_MOST + 1, &node);
        if (st)
            return st;
    }
    return CR_OK;
}

static cr_status read_section(bench_words *words, mankowska *file, section s)
{
    switch (s) {
    case SECTION_NODES:
        return bench_words_integer(words, "nbNodes", 2, NODES_MOST, &file->n_nodes);
    case SECTION_CARERS:
        return bench_words_integer(words, "nbVehi", 1, CARERS_MOST, &file->n_carers);
    case SECTION_SERVICES:
        return bench_words_integer(words, "nbServi", 1, SERVICES_MOST, &file->n_services);
    case SECTION_DOUBLES:
        return read_doubles(words);
    default:
        return read_array(words, file, s);
    }
}

static cr_status find_section(const bench_words *words, const bool *seen, section *ret_section)
{
    for (int32_t s = 0; s < SECTION_N; s++) {
        if (!bench_words_is(words, section_name[s]))
            continue;
        if (seen[s])
            return bench_fault(words->message, "line %d: section %s twice", words->line, section_name[s]);
        *ret_section = (section)s;
        return CR_OK;
    }
    return bench_fault(words->message, "line %d: \"%.*s\" is no section of this format", words->line,
                       words->length < 40 ? (int)words->length : 40, words->word);
}

static cr_status read_file(bench_words *words, mankowska *file)
{
    bool seen[SECTION_N] = {false};
    while (bench_words_next(words)) {
        section s = SECTION_N;
        cr_status st = find_section(words, seen, &s);
        if (!st)
            st = read_section(words, file, s);
        if (st)
            return st;
        seen[s] = true;
    }
    for (int32_t s = 0; s < SECTION_N; s++)
        if (!seen[s])
            return bench_fault(words->message, "section %s is missing", section_name[s]);
    return CR_OK;
}

/* ---- what a patient needs ---- */

typedef struct patient {
    int32_t node, n_services;
    int32_t service[2];
    double duration[2];
    double gap_least, gap_most;
    bool one_after_other;
} patient;

/* The set gives a duration for every carer, and the same to all: other files would be another problem. */
static cr_status service_duration(const mankowska *file, int32_t node, int32_t service, double *ret_duration,
                                  bench_message *message)
{
    const double *durations =
        file->section[SECTION_DURATIONS] + (int64_t)node * file->n_carers * file->n_services + service;
    double duration = durations[0];
    bool found = false;
    for (int32_t v = 0; v < file->n_carers; v++) {
        double other = durations[(int64_t)v * file->n_services];
        if (!has_skill(file, v, service))
            continue;
        if (found && other != duration)
            return bench_fault(message, "node %d, service %d: the duration depends on the carer (%g and %g)", node,
                               service + 1, duration, other);
        duration = other;
        found = true;
    }
    *ret_duration = duration;
    return CR_OK;
}

static cr_status patient_of(const mankowska *file, int32_t node, patient *ret_patient, bench_message *message)
{
    patient p = {.node = node};
    for (int32_t s = 0; s < file->n_services; s++) {
        if (!needs(file, node, s))
            continue;
        if (p.n_services == 2)
            return bench_fault(message, "node %d needs more than two services", node);
        p.service[p.n_services] = s;
        cr_status st = service_duration(file, node, s, &p.duration[p.n_services++], message);
        if (st)
            return st;
    }
    if (p.n_services == 0)
        return bench_fault(message, "node %d needs no service", node);
    if (p.n_services == 2) {
        p.gap_least = file->section[SECTION_GAP_LEAST][node];
        p.gap_most = file->section[SECTION_GAP_MOST][node];
        p.one_after_other = p.gap_least > 0 || p.gap_most > 0;
        if (p.gap_least > p.gap_most)
            return bench_fault(message, "node %d: mind %g is more than maxd %g", node, p.gap_least, p.gap_most);
    }
    *ret_patient = p;
    return CR_OK;
}

static double longest_leg_to(const mankowska *file, int32_t node)
{
    double longest = 0;
    for (int32_t from = 0; from < file->n_nodes; from++)
        longest = fmax(longest, distance(file, from, node));
    return longest;
}

/* No earliest start lies beyond this: a chain of stops enters every service once, by a leg after a service or by a gap.
 */
static cr_status horizon_minutes(const mankowska *file, double *ret_horizon, bench_message *message)
{
    double opens_last = 0, chain = longest_leg_to(file, file->n_nodes - 1);
    for (int32_t node = 1; node < file->n_nodes - 1; node++) {
        patient p;
        cr_status st = patient_of(file, node, &p, message);
        if (st)
            return st;
        opens_last = fmax(opens_last, file->section[SECTION_OPEN][node]);
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
        cr_skill skills[SERVICES_MOST];
        int32_t n = 0;
        for (int32_t s = 0; s < file->n_services; s++)
            if (has_skill(file, v, s))
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

static cr_status add_slot(const patient *p, int32_t k, const tick_scale *scale, bench_instance *instance)
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

static cr_status add_visit(const patient *p, const tick_scale *scale, bench_instance *instance)
{
    const mankowska *file = instance->own;
    cr_visit visit = CR_VISIT_INIT;
    visit.client = p->node;
    visit.place = p->node;
    visit.due = ticks_down(scale, file->section[SECTION_CLOSE][p->node]);
    visit.lateness_price = 1;
    /* Later than anybody can be costs the horizon once as tardiness, once as the worst; and there is the way. */
    visit.unallocated_price = 4 * (int64_t)scale->horizon;
    cr_window window = {ticks_up(scale, file->section[SECTION_OPEN][p->node]), scale->horizon};
    return bench_instance_add_visit(instance, &visit, window, p->node);
}

static cr_status add_patient(const patient *p, const tick_scale *scale, bench_instance *instance)
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
            int32_t leg = ticks_up(scale, distance(file, from, to));
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
        patient p;
        st = patient_of(file, node, &p, message);
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
    mankowska *file = calloc(1, sizeof *file);
    if (!file)
        return CR_E_NOMEM;
    bench_words words;
    cr_status st = bench_words_init(&words, text, size, message);
    if (!st) {
        st = read_file(&words, file);
        bench_words_done(&words);
    }
    if (st) {
        mankowska_free(file);
        return st;
    }
    return build(file, ret_instance, message);
}

static cr_status mankowska_read(const char *path, bench_instance **ret_instance, bench_message *message)
{
    char *text;
    size_t size;
    cr_status st = bench_file_read(path, &text, &size, message);
    if (st)
        return st;
    st = bench_mankowska_parse(text, size, ret_instance, message);
    free(text);
    return st;
}

/* ---- the objective, and the starts in double precision ---- */

static int32_t visit_of(const bench_instance *instance, const cr_plan *plan, int32_t stop)
{
    return instance->problem->slots[plan->stops[stop].slot].visit;
}

static double mankowska_objective(const bench_instance *instance, const cr_plan *plan, const double *start)
{
    const mankowska *file = instance->own;
    double travel = 0, tardiness = 0, worst = 0;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        cr_range stops = plan->rounds[r].stops;
        int64_t at = 0;
        for (int32_t k = stops.first; k < stops.first + stops.n; k++) {
            int64_t node = instance->node[visit_of(instance, plan, k)];
            double late = fmax(0, start[k] - file->section[SECTION_CLOSE][node]);
            travel += distance(file, at, node);
            tardiness += late;
            worst = fmax(worst, late);
            at = node;
        }
        travel += distance(file, at, file->n_nodes - 1);
    }
    return (travel + tardiness + worst) / 3;
}

typedef struct settling {
    const bench_instance *instance;
    const cr_plan *plan;
    double *start; /* of each visit; < 0: not in the plan */
    bool moved;
} settling;

/* Rounding noise must not keep a tight pair of gaps moving each other for ever. */
static void not_before(settling *s, int32_t visit, double earliest)
{
    if (s->start[visit] < earliest - 1e-9) {
        s->start[visit] = earliest;
        s->moved = true;
    }
}

static void push_along_round(settling *s, const cr_round *round)
{
    const mankowska *file = s->instance->own;
    double free_at = 0;
    int64_t at = 0;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
        int32_t visit = visit_of(s->instance, s->plan, k);
        int64_t node = s->instance->node[visit];
        not_before(s, visit, free_at + distance(file, at, node));
        free_at = s->start[visit] + file->duration[s->plan->stops[k].slot];
        at = node;
    }
}

static void push_across_gaps(settling *s)
{
    const mankowska *file = s->instance->own;
    const cr_problem *problem = s->instance->problem;
    for (int32_t g = 0; g < problem->n_gaps; g++) {
        int32_t first = problem->gaps[g].first, second = problem->gaps[g].second;
        int64_t node = s->instance->node[first];
        if (s->start[first] < 0 || s->start[second] < 0)
            continue;
        not_before(s, second, s->start[first] + file->section[SECTION_GAP_LEAST][node]);
        not_before(s, first, s->start[second] - file->section[SECTION_GAP_MOST][node]);
    }
}

/* Earliest starts by pushing until nothing moves. As many passes as there are visits suffice, because the plan's own
 * starts prove that the rules can be met. False: they never came to rest, so the plan does not hold. */
static bool settle(settling *s)
{
    int32_t n_visits = s->instance->problem->n_visits;
    for (int32_t v = 0; v < n_visits; v++)
        s->start[v] = -1;
    for (int32_t k = 0; k < s->plan->n_stops; k++) {
        int32_t visit = visit_of(s->instance, s->plan, k);
        const mankowska *file = s->instance->own;
        s->start[visit] = file->section[SECTION_OPEN][s->instance->node[visit]];
    }
    for (int32_t pass = 0; pass < n_visits + PASSES_TO_SPARE; pass++) {
        s->moved = false;
        for (int32_t r = 0; r < s->plan->n_rounds; r++)
            push_along_round(s, &s->plan->rounds[r]);
        push_across_gaps(s);
        if (!s->moved)
            return true;
    }
    return false;
}

/* Without memory, or if the plan does not hold, the starts stay as the ticks have them. */
static void mankowska_settle_starts(const bench_instance *instance, const cr_plan *plan, double *start)
{
    settling s = {.instance = instance, .plan = plan};
    s.start = calloc((size_t)instance->problem->n_visits + 1, sizeof *s.start);
    if (s.start && settle(&s))
        for (int32_t k = 0; k < plan->n_stops; k++)
            start[k] = s.start[visit_of(instance, plan, k)];
    free(s.start);
}

const bench_format bench_mankowska = {
    .name = "mankowska",
    .read = mankowska_read,
    .objective = mankowska_objective,
    .settle_starts = mankowska_settle_starts,
};
