/* The master problem of the bound in GLPK: which rounds, in parts, cover all rows at the least cost?
 *
 * What counts is what each row is worth in its answer (the duals); that is a suggestion, and nothing proved rests on
 * it. GLPK's faults are contained: after one the master is of no more use, and says so.
 */
#ifndef ENGINE_BOUND_MASTER_H
#define ENGINE_BOUND_MASTER_H

#include "bound_price.h"

typedef struct bound_master bound_master;

/* No row is worth more than its share of what leaving its visit out costs, nor (for a start) more than a few times
 * guess: a box that is opened where it binds. tolls: borrowed; those there are count from the beginning. CR_E_NOMEM, or
 * CR_E_INTERNAL when GLPK failed. */
cr_status bound_master_new(const bound_nodes *b, const int64_t *guess, bound_tolls *tolls, bound_master **ret_master);
bound_master *bound_master_free(bound_master *master);
/* Its columns stay, and nothing else of it is asked any more. A fault of GLPK's loses all problems there are, so before
 * another problem is made of which one could come, this one has to go. */
void bound_master_forget_lp(bound_master *master);
CR_AUTO_DEFINE(bound_master)

/* The columns of the list from `first` on. CR_E_NOMEM, CR_E_INTERNAL. */
cr_status bound_master_add(bound_master *master, const bound_columns *list, int32_t first);

typedef struct bound_answer {
    double value;     /* least cost, cost units */
    bool is_boxed;    /* the box still binds somewhere; it was opened there */
    double *worth;    /* of each row at its moments, and of the tolls there were before; filled in */
    double *of_group; /* what one more shift of the group would save, likewise */
} bound_answer;

/* Solve. time_most_ms: 0 for no limit. CR_OK; CR_E_UPSTREAM: no answer within the limits; CR_E_INTERNAL: GLPK failed.
 */
cr_status bound_master_solve(bound_master *master, int time_most_ms, bound_answer *answer);

/* After rows were added, and before anything else is: go on from the last answer. Within the limits, or not.
 * CR_E_INTERNAL. */
cr_status bound_master_settle(bound_master *master, int time_most_ms);

/* What it costs to leave the centre, for each unit of a worth, as a part of what its row needs: near to the centre, and
 * far from it, which is no less (du Merle, Villeneuve, Desrosiers, Hansen 1999, "Stabilized column generation"; with
 * five pieces: Ben Amor, Desrosiers, Frangioni 2009, "On the choice of explicit stabilizing terms in column
 * generation"). Nothing far: worths are not held. */
typedef struct bound_hold {
    double near, far;
} bound_hold;

/* Hold the worths of rows like that from now on; the answer's value then is less what its worths cost in this. centre:
 * borrowed for the call. CR_E_INTERNAL. */
cr_status bound_master_hold(bound_master *master, const int64_t *centre, bound_hold how);

/* All of them, less those that were dropped. Borrowed. */
const bound_columns *bound_master_columns(const bound_master *master);

/* From moment to moment a worth may change only so much, until this is asked where it would more. ret_opened: anywhere.
 * CR_E_INTERNAL. */
cr_status bound_master_open(bound_master *master, bool *ret_opened);

/* Where the last answer asks for more of a group at a visit than of all who meet there, add tolls. ret_added: any.
 * CR_E_NOMEM, CR_E_INTERNAL. */
cr_status bound_master_add_tolls(bound_master *master, bool *ret_added);

/* Where the last answer has more rounds with two of three rows than there can be, in parts, add trios, the worst ones.
 * ret_added: any. CR_E_NOMEM, CR_E_INTERNAL. */
cr_status bound_master_add_trios(bound_master *master, bool *ret_added);

/* Where the last answer has more of a row's rounds at a visit, in some pieces of its windows, than its carers meet
 * there, add pairs, the worst ones. ret_added: any. CR_E_NOMEM, CR_E_INTERNAL. */
cr_status bound_master_add_pairs(bound_master *master, bool *ret_added);

/* What a column earns at such worths. */
double bound_master_earns(const bound_master *master, const bound_columns *list, const bound_column *column,
                          const double *worth);

#endif
