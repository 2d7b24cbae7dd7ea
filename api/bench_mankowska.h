/* A file of the Mankowska set as read, for the two files that make something of it. */
#ifndef API_BENCH_MANKOWSKA_H
#define API_BENCH_MANKOWSKA_H

#include "bench.h"

#define MANKOWSKA_SERVICES_MOST 64

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

/* Every section as a flat array, row by row; patients are nodes 1 .. n_nodes - 2. */
typedef struct mankowska {
    int32_t n_nodes, n_carers, n_services;
    double *section[SECTION_N]; /* those with an array */
    double *duration;           /* of each slot of the problem, minutes; for settling */
} mankowska;

static inline double mankowska_distance(const mankowska *file, int64_t from, int64_t to)
{
    return file->section[SECTION_DISTANCES][from * file->n_nodes + to];
}

static inline bool mankowska_has_skill(const mankowska *file, int32_t carer, int32_t service)
{
    return file->section[SECTION_SKILLS][carer * file->n_services + service] != 0;
}

static inline double mankowska_opens(const mankowska *file, int64_t node)
{
    return file->section[SECTION_OPEN][node];
}

static inline double mankowska_closes(const mankowska *file, int64_t node)
{
    return file->section[SECTION_CLOSE][node];
}

/* What a patient needs. */
typedef struct mankowska_patient {
    int32_t node, n_services;
    int32_t service[2];
    double duration[2];
    double gap_least, gap_most;
    bool one_after_other;
} mankowska_patient;

/* Read the text; the file is yours to mankowska_free(). */
cr_status mankowska_parse(const char *text, size_t size, mankowska **ret_file, bench_message *message);
void mankowska_free(void *file);

/* The needs of a patient's node, 1 .. n_nodes - 2. */
cr_status mankowska_patient_of(const mankowska *file, int32_t node, mankowska_patient *ret_patient,
                               bench_message *message);

/* Of an instance that was read from this set (bench_mankowska_starts.c). */
double mankowska_objective(const bench_instance *instance, const cr_plan *plan, const double *start);
void mankowska_settle_starts(const bench_instance *instance, const cr_plan *plan, double *start);

#endif
