/* The home health care problem of Mankowska, Meisel and Bierwirth (2014), whatever file it came from.
 *
 * A reader fills one home_care (bench_mankowska.c, bench_udine.c); problem, objective and starts are made of it here.
 */
#ifndef API_BENCH_HOME_CARE_H
#define API_BENCH_HOME_CARE_H

#include "bench.h"

#define HOME_CARE_SERVICES_MOST 64
#define HOME_CARE_NODES_MOST    3000
#define HOME_CARE_CARERS_MOST   1000
#define HOME_CARE_MINUTES_MOST  1e5 /* of any time in a file */

/* What a patient needs: one service, or two. Of two the first is given first if they are not given at once. */
typedef struct home_care_patient {
    int32_t n_services;
    int32_t service[2]; /* from 0 */
    double duration[2];
    double opens, closes;
    double gap_least, gap_most; /* from start to start */
    bool one_after_other;
} home_care_patient;

/* Times in minutes. Patients are nodes 1 .. n_patients, carers begin at node 0. */
typedef struct home_care {
    int32_t n_nodes, n_patients, n_carers, n_services;
    int32_t end_node;            /* where carers end: the depot, or its copy */
    double *distance;            /* n_nodes x n_nodes, row = from */
    bool *skill;                 /* n_carers x n_services */
    home_care_patient *patients; /* of node 1 first */
    char **service_name;         /* n_services; NULL: services go by their number, from 1 */
    double *slot_duration;       /* of each slot of the problem, for settling; set by home_care_instance() */
} home_care;

static inline double home_care_distance(const home_care *file, int64_t from, int64_t to)
{
    return file->distance[from * file->n_nodes + to];
}

static inline const home_care_patient *home_care_patient_at(const home_care *file, int64_t node)
{
    return &file->patients[node - 1];
}

void home_care_free(void *file);

/* Make a problem of the file. Takes the file, also when it fails. */
cr_status home_care_instance(home_care *file, bench_instance **ret_instance, bench_message *message);

/* Of an instance made so (bench_home_care_starts.c). */
double home_care_objective(const bench_instance *instance, const cr_plan *plan, const double *start);
void home_care_settle_starts(const bench_instance *instance, const cr_plan *plan, double *start);

#endif
