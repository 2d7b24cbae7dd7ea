/* Travel by time of day: when she is there, when she must leave (docs/model.md section 2).
 *
 * All on one way by one mode: `time` has its ticks in each table. First-in-first-out, so that both are exact for
 * earliest and latest starts. The checker has its own.
 */
#ifndef ENGINE_TRAVEL_H
#define ENGINE_TRAVEL_H

#include "careround/problem.h"

typedef struct travel_day {
    const cr_period *periods; /* one or more */
    int32_t n_periods, n_tables;
} travel_day;

static inline travel_day travel_day_of(const cr_problem *p)
{
    travel_day day = {p->periods, p->n_periods, 1};
    for (int32_t i = 0; i < p->n_periods; i++)
        day.n_tables = p->periods[i].table >= day.n_tables ? p->periods[i].table + 1 : day.n_tables;
    return day;
}

/* The table that holds at this time. */
int32_t travel_table(const travel_day *day, int32_t at);

/* When who leaves then is there; depart + CR_NO_WAY where no way leads. */
int32_t travel_arrive(const travel_day *day, const int32_t *time, int32_t depart);

/* The latest that she may leave to be there by then. */
int32_t travel_leave(const travel_day *day, const int32_t *time, int32_t arrive);

/* The times around `at`, with `at` among them, at which to leave takes no longer than then. Not always all of them,
 * where a way takes longer than a period. */
void travel_no_slower(const travel_day *day, const int32_t *time, int32_t at, int32_t *ret_first, int32_t *ret_last);

/* The ticks of a way in each table, into CR_TABLES_MAX cells. From or to CR_NONE: nothing. */
void travel_times(const cr_problem *p, int32_t mode, int32_t from, int32_t to, int32_t *ret_time);

#endif
