/* The objective of the unified home health care problem, summed from the file and the starts that are printed.
 *
 * Every weighted component, by the definitions of docs/benchmarks.md. Those that must be zero are the checker's affair.
 */
#include "bench_uhhc.h"

#include <math.h>
#include <stdlib.h>

typedef struct uhhc_sums {
    int64_t component[UHHC_COMPONENT_N];
    int64_t *work;  /* of each carer */
    bool *is_given; /* of each patient */
} uhhc_sums;

static void raise_to(int64_t *most, int64_t value)
{
    *most = value > *most ? value : *most;
}

static bool is_on(const uhhc *file, cr_range list, int32_t carer)
{
    for (int32_t i = 0; i < list.n; i++)
        if (file->ids[list.first + i] == carer)
            return true;
    return false;
}

/* The window that counts is the last that opened at the start or before it. */
static int64_t tardiness(const uhhc *file, const uhhc_patient *p, int64_t start, int64_t length)
{
    int32_t w = 0;
    while (w + 1 < p->n_windows && p->windows[w + 1].open <= start)
        w++;
    int64_t late = start + (file->late_by_end ? length : 0) - p->windows[w].close;
    return late > 0 ? late : 0;
}

static void add_service(const uhhc *file, const uhhc_patient *p, int32_t service, int32_t carer, int64_t start,
                        uhhc_sums *sums)
{
    int64_t late = tardiness(file, p, start, p->duration[service]);
    bool is_able = file->ability[(size_t)carer * (size_t)file->n_services + (size_t)p->service[service]];
    sums->component[UHHC_TARDINESS] += late;
    raise_to(&sums->component[UHHC_WORST_TARDINESS], late);
    sums->component[UHHC_QUALIFICATION] += !is_able;
    sums->component[UHHC_INCOMPATIBILITIES] += is_on(file, p->incompatible, carer);
    sums->component[UHHC_PREFERENCES] += p->has_wish && !is_on(file, p->preferred, carer);
}

/* A carer's day. Returns how long she was idle. */
static int64_t add_round(const bench_instance *instance, const cr_plan *plan, const cr_round *round,
                         const double *start, uhhc_sums *sums)
{
    const uhhc *file = instance->own;
    int32_t carer = round->shift, at = file->carers[carer].start_node;
    int64_t free_at = file->carers[carer].begin, idle = 0;
    bool ate = false;
    for (int32_t i = 0; i < round->stops.n; i++) {
        int32_t k = round->stops.first + i, slot = plan->stops[k].slot;
        int64_t from = (int64_t)start[k], length = file->lunch_length;
        const uhhc_patient *p = NULL;
        if (slot != CR_NONE) {
            p = &file->patients[file->visit_patient[instance->problem->slots[slot].visit]];
            length = p->duration[file->slot_index[slot]];
        }
        int64_t leg = p ? uhhc_distance(file, at, p->node) : 0;
        if (i == 0 && !file->leaves_at_begin && from - leg > free_at) {
            idle += from - leg - free_at; /* she leaves as late as she can */
            free_at = from - leg;
        }
        int64_t wait = from - free_at - leg;
        idle += wait;
        if (i != 1 || !ate) /* after a break that opens the round nobody counts waiting */
            sums->component[UHHC_WAITING] += wait;
        sums->component[UHHC_TRAVEL] += leg;
        sums->work[carer] += leg + (p ? length : 0);
        if (p) {
            add_service(file, p, file->slot_index[slot], carer, from, sums);
            sums->is_given[p - file->patients] = true;
            at = p->node;
        }
        ate = ate || !p;
        free_at = from + length;
    }
    int64_t back = uhhc_distance(file, at, file->carers[carer].end_node), over;
    sums->component[UHHC_TRAVEL] += back;
    sums->work[carer] += back;
    over = free_at + back - file->carers[carer].end;
    sums->component[UHHC_EXTRA_TIME] += over > 0 ? over : 0;
    sums->component[UHHC_LUNCH] -= ate;
    return idle + (over < 0 ? -over : 0);
}

static void add_carers(const bench_instance *instance, const cr_plan *plan, const double *start, uhhc_sums *sums)
{
    const uhhc *file = instance->own;
    int32_t r = 0;
    for (int32_t v = 0; v < file->n_carers; v++) {
        int64_t idle = file->carers[v].end - file->carers[v].begin;
        if (r < plan->n_rounds && plan->rounds[r].shift == v)
            idle = add_round(instance, plan, &plan->rounds[r++], start, sums);
        raise_to(&sums->component[UHHC_IDLE], idle);
        sums->component[UHHC_LUNCH] += file->carers[v].has_lunch;
    }
}

/* The distance of each from the mean, rounded up; the mean is a fraction, so all is n times as much. */
static int64_t imbalance(const uhhc *file, const int64_t *work)
{
    int64_t all = 0, sum = 0, n = file->n_carers;
    for (int32_t v = 0; v < n; v++)
        all += work[v];
    for (int32_t v = 0; v < n; v++)
        sum += (llabs(n * work[v] - all) + n - 1) / n;
    return sum;
}

/* NAN cannot be printed, so a sum that cannot be made is no plan's: without memory there is no line. */
double uhhc_objective(const bench_instance *instance, const cr_plan *plan, const double *start)
{
    const uhhc *file = instance->own;
    uhhc_sums sums = {.work = calloc((size_t)file->n_carers, sizeof *sums.work),
                      .is_given = calloc((size_t)file->n_patients, sizeof *sums.is_given)};
    int64_t objective = 0;
    bool has_memory = sums.work && sums.is_given;
    if (has_memory) {
        add_carers(instance, plan, start, &sums);
        for (int32_t i = 0; i < file->n_patients; i++)
            sums.component[UHHC_OPTIONAL] += !sums.is_given[i];
        sums.component[UHHC_BALANCE] = imbalance(file, sums.work);
        for (int32_t c = 0; c < UHHC_COMPONENT_N; c++)
            objective += file->weight[c] * sums.component[c];
    }
    free(sums.work);
    free(sums.is_given);
    return has_memory ? (double)objective : (double)NAN;
}
