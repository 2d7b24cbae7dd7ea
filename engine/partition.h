/* Set partitioning in GLPK: choose columns so that every row is covered exactly once, cheapest.
 *
 * GLPK aborts on errors it believes to be ours; such faults are caught and answered with CR_E_INTERNAL. It is silent,
 * its branch and bound is stopped by a count of nodes, and whatever it says is only a suggestion to the caller.
 */
#ifndef ENGINE_PARTITION_H
#define ENGINE_PARTITION_H

#include "careround/base.h"

typedef struct partition_column {
    double cost;
    int32_t group;       /* at most one column of a group is chosen */
    const int32_t *rows; /* covered, counted from 0 */
    int32_t n_rows;
} partition_column;

typedef struct partition {
    int32_t n_rows, n_groups, n_columns;
    const partition_column *columns;
    int32_t nodes_most; /* of branch and bound */
    int time_most_ms;   /* 0: no limit, so that the answer depends on nothing but the question */
} partition;

/* chosen[j] tells whether column j is in. CR_OK: a solution was found; CR_E_INPUT: none within the limits;
 * CR_E_INTERNAL: GLPK failed (its environment was reset). */
cr_status partition_solve(const partition *p, bool *chosen);

/* Can each thread have a GLPK of its own? Otherwise all calls must come from one. */
bool partition_is_threaded(void);
/* A thread that called partition_solve() ends: GLPK's memory of that thread is freed. */
void partition_thread_ends(void);

#endif
