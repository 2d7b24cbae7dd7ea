/* Covering by columns in GLPK, quick and not exact: the relaxed problem is answered, the column of the largest part is
 * fixed, the rest is answered anew, and so on ("diving": Joncour, Michel, Sadykov, Sverdlov, Vanderbeck 2010, "Column
 * generation based primal heuristics"). Branch and bound finds nothing in that time where there are hundreds of rows.
 *
 * Whatever it says is only a suggestion to the caller; GLPK's faults are contained (glpk_guard.h).
 */
#ifndef ENGINE_DIVE_H
#define ENGINE_DIVE_H

#include "partition.h"

typedef struct dive {
    int32_t n_rows, n_groups, n_columns;
    const partition_column *columns;
    const int32_t *needs;            /* each row is covered so often, or more often, */
    const int32_t *counts;           /* by so many columns of each group at most */
    double left_out;                 /* what covering a row once less costs */
    int time_most_ms;                /* of one answer of GLPK's; 0: no limit */
    bool (*should_stop)(void *user); /* NULL or asked between two answers; true: there is none */
    void *user;
} dive;

/* chosen[j] tells whether column j is in; rows may stay uncovered. CR_OK; CR_E_NOMEM; CR_E_INPUT: no answer;
 * CR_E_INTERNAL: GLPK failed (its environment was reset). */
cr_status dive_solve(const dive *d, bool *chosen);

#endif
