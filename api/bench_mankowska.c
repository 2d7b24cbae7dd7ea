/* Reading the files of the Mankowska set: keyword by keyword, in any order after the three counts. */
#include "bench_home_care.h"
#include "bench_words.h"

#include <stdlib.h>

/* The file's keywords. */
typedef enum mankowska_section {
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
} mankowska_section;

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
} mankowska;

static void mankowska_done(mankowska *file)
{
    for (int32_t s = 0; s < SECTION_N; s++)
        free(file->section[s]);
}

static int64_t section_size(const mankowska *file, mankowska_section s)
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

static void section_range(mankowska_section s, double *ret_least, double *ret_most)
{
    bool is_flag = s == SECTION_NEEDS || s == SECTION_SKILLS;
    *ret_least = s == SECTION_X || s == SECTION_Y ? -HOME_CARE_MINUTES_MOST : 0;
    *ret_most = is_flag ? 1 : HOME_CARE_MINUTES_MOST;
}

static cr_status read_array(bench_words *words, mankowska *file, mankowska_section s)
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
        cr_status st = bench_words_integer(words, "DS", 0, HOME_CARE_NODES_MOST + 1, &node);
        if (st)
            return st;
    }
    return CR_OK;
}

static cr_status read_section(bench_words *words, mankowska *file, mankowska_section s)
{
    switch (s) {
    case SECTION_NODES:
        return bench_words_integer(words, "nbNodes", 2, HOME_CARE_NODES_MOST, &file->n_nodes);
    case SECTION_CARERS:
        return bench_words_integer(words, "nbVehi", 1, HOME_CARE_CARERS_MOST, &file->n_carers);
    case SECTION_SERVICES:
        return bench_words_integer(words, "nbServi", 1, HOME_CARE_SERVICES_MOST, &file->n_services);
    case SECTION_DOUBLES:
        return read_doubles(words);
    default:
        return read_array(words, file, s);
    }
}

static cr_status find_section(const bench_words *words, const bool *seen, mankowska_section *ret_section)
{
    for (int32_t s = 0; s < SECTION_N; s++) {
        if (!bench_words_is(words, section_name[s]))
            continue;
        if (seen[s])
            return bench_fault(words->message, "line %d: section %s twice", words->line, section_name[s]);
        *ret_section = (mankowska_section)s;
        return CR_OK;
    }
    return bench_fault(words->message, "line %d: \"%.*s\" is no section of this format", words->line,
                       words->length < 40 ? (int)words->length : 40, words->word);
}

static cr_status read_file(bench_words *words, mankowska *file)
{
    bool seen[SECTION_N] = {false};
    while (bench_words_next(words)) {
        mankowska_section s = SECTION_N;
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

static bool needs(const mankowska *file, int32_t node, int32_t service)
{
    return file->section[SECTION_NEEDS][node * file->n_services + service] != 0;
}

static bool has_skill(const mankowska *file, int32_t carer, int32_t service)
{
    return file->section[SECTION_SKILLS][carer * file->n_services + service] != 0;
}

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

static cr_status read_patient(const mankowska *file, int32_t node, home_care_patient *ret_patient,
                              bench_message *message)
{
    home_care_patient p = {.opens = file->section[SECTION_OPEN][node], .closes = file->section[SECTION_CLOSE][node]};
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

/* ---- what is made of it ---- */

static cr_status fill(mankowska *file, home_care *care, bench_message *message)
{
    care->n_nodes = file->n_nodes;
    care->n_patients = file->n_nodes - 2;
    care->end_node = file->n_nodes - 1;
    care->n_carers = file->n_carers;
    care->n_services = file->n_services;
    care->distance = file->section[SECTION_DISTANCES];
    file->section[SECTION_DISTANCES] = NULL;
    care->skill = calloc((size_t)file->n_carers * (size_t)file->n_services, sizeof *care->skill);
    care->patients = calloc((size_t)file->n_nodes, sizeof *care->patients);
    if (!care->skill || !care->patients)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < file->n_carers; v++)
        for (int32_t s = 0; s < file->n_services; s++)
            care->skill[v * file->n_services + s] = has_skill(file, v, s);
    cr_status st = CR_OK;
    for (int32_t node = 1; !st && node <= care->n_patients; node++)
        st = read_patient(file, node, &care->patients[node - 1], message);
    return st;
}

static cr_status build(mankowska *file, bench_instance **ret_instance, bench_message *message)
{
    home_care *care = calloc(1, sizeof *care);
    if (!care)
        return CR_E_NOMEM;
    cr_status st = fill(file, care, message);
    if (st) {
        home_care_free(care);
        return st;
    }
    return home_care_instance(care, ret_instance, message);
}

cr_status bench_mankowska_parse(const char *text, size_t size, const bench_convention *convention,
                                bench_instance **ret_instance, bench_message *message)
{
    mankowska file = {0};
    bench_words words;
    cr_status st = bench_words_init(&words, text, size, message);
    if (st)
        return st;
    st = read_file(&words, &file);
    bench_words_done(&words);
    if (!st)
        st = build(&file, ret_instance, message);
    mankowska_done(&file);
    return st;
}

const bench_format bench_mankowska = {
    .name = "mankowska",
    .parse = bench_mankowska_parse,
    .objective = home_care_objective,
    .settle_starts = home_care_settle_starts,
};
