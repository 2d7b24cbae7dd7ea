/* A file of the unified home health care problem as read, for the files that make something of it. */
#ifndef API_BENCH_UHHC_H
#define API_BENCH_UHHC_H

#include "bench.h"

#define UHHC_WINDOWS_MOST  16
#define UHHC_SERVICES_MOST 8 /* of one patient */

typedef enum uhhc_component {
    UHHC_TRAVEL,
    UHHC_TARDINESS,
    UHHC_WORST_TARDINESS,
    UHHC_WAITING,
    UHHC_EXTRA_TIME,
    UHHC_IDLE,
    UHHC_PREFERENCES,
    UHHC_INCOMPATIBILITIES,
    UHHC_OPTIONAL,
    UHHC_LUNCH,
    UHHC_BALANCE,
    UHHC_QUALIFICATION,
    UHHC_COMPONENT_N
} uhhc_component;

typedef enum uhhc_synchronization { UHHC_INDEPENDENT, UHHC_SIMULTANEOUS, UHHC_SEQUENTIAL } uhhc_synchronization;

/* Lists of carers are ranges of uhhc.ids. */
typedef struct uhhc_patient {
    int32_t node; /* its distance_matrix_index */
    bool is_optional, has_wish;
    int32_t n_services, n_windows;
    int32_t service[UHHC_SERVICES_MOST], duration[UHHC_SERVICES_MOST];
    cr_window windows[UHHC_WINDOWS_MOST];
    cr_range preferred, incompatible;
    uhhc_synchronization synchronization;
    int32_t gap_least, gap_most; /* sequential: from start to start of neighbours in the list */
} uhhc_patient;

typedef struct uhhc_carer {
    int32_t start_node, end_node;
    int32_t begin, end; /* of her shift */
    bool has_lunch;
} uhhc_carer;

/* Times in whole minutes. */
typedef struct uhhc {
    int32_t n_nodes, n_patients, n_carers, n_services, n_ids;
    int32_t *distance; /* n_nodes x n_nodes, row = from */
    uhhc_patient *patients;
    uhhc_carer *carers;
    bool *ability; /* n_carers x n_services */
    int32_t *ids;  /* pool of carers */
    char **service_name;
    int32_t weight[UHHC_COMPONENT_N];
    bool must_be_zero[UHHC_COMPONENT_N];
    bool late_by_end;     /* the end of a service counts for its window, not its start */
    bool leaves_at_begin; /* carers set off when their shift begins, so that they can wait at the first visit */
    bool has_lunches;
    int32_t lunch_opens, lunch_closes, lunch_length;
    int32_t *visit_patient; /* of each visit of the problem, */
    int32_t *slot_index;    /* and the place of each slot among the services of its patient; set by building */
} uhhc;

static inline int32_t uhhc_distance(const uhhc *file, int64_t from, int64_t to)
{
    return file->distance[from * file->n_nodes + to];
}

/* As in the file: "travel_time". */
const char *uhhc_component_name(uhhc_component component);

/* Read the text; the file is yours to uhhc_free(). */
cr_status uhhc_parse(const char *text, size_t size, uhhc **ret_file, bench_message *message);
void uhhc_free(void *file);

/* Of an instance that was read from this set (bench_uhhc_sum.c). */
double uhhc_objective(const bench_instance *instance, const cr_plan *plan, const double *start);

#endif
