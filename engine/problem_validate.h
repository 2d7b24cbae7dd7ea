/* What the parts of the validation share: problem_validate.c leads, problem_validate_shifts.c and
 * problem_validate_visits.c look at these. Each says the first fault and returns false; indices that were looked at
 * before are trusted.
 */
#ifndef ENGINE_PROBLEM_VALIDATE_H
#define ENGINE_PROBLEM_VALIDATE_H

#include "careround/problem.h"

#define TIME_MOST  (INT32_MAX / 4) /* any time, so that sums of two never overflow */
#define PRICE_MOST (INT64_C(1) << 50)

typedef struct validation {
    char *message;
    size_t size;
    double worst_cost;
    bool no_memory;
} validation;

/* Report a fault: "visit 3: window 2 closes before it opens (5, 4)". Always false, for `return fault(...)`. */
__attribute__((format(printf, 2, 3))) bool fault(validation *v, const char *format, ...);

static inline bool range_fits(cr_range range, int32_t n)
{
    return range.first >= 0 && range.n >= 0 && range.first <= n && range.n <= n - range.first;
}

static inline bool time_fits(int32_t time)
{
    return time >= -TIME_MOST && time <= TIME_MOST;
}

static inline bool length_fits(int32_t length)
{
    return length >= 0 && length <= TIME_MOST;
}

static inline bool price_fits(int64_t price)
{
    return price >= 0 && price <= PRICE_MOST;
}

/* In the pool of ids, and each from 0 and below n. */
bool ids_fit(const cr_problem *p, cr_range range, int32_t n);

/* Carers, places, modes and prices are looked at before shifts; shifts before visits. */
bool problem_validate_shifts(const cr_problem *p, validation *v);
bool problem_validate_shifts_apart(const cr_problem *p, validation *v);
bool problem_validate_crews(const cr_problem *p, validation *v);
bool problem_validate_all_held(const cr_problem *p, validation *v); /* slots are looked at before */
bool problem_validate_visits(const cr_problem *p, validation *v);
bool problem_validate_gaps(const cr_problem *p, validation *v);

#endif
