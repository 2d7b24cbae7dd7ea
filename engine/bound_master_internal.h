/* What the files of the master share: GLPK's problem and the places of everything in it. */
#ifndef ENGINE_BOUND_MASTER_INTERNAL_H
#define ENGINE_BOUND_MASTER_INTERNAL_H

#include "bound_master.h"

#include <glpk.h>

#define SPARE_LEAST 1e-7 /* of a reduced cost, in units of the master */

struct bound_master {
    const bound_nodes *b;
    double scale; /* cost units in a unit of the master */
    bound_tolls *tolls;
    int32_t *toll_of; /* of each group and visit: where its toll is in the worths; CR_NONE */
    double *box;      /* of each visit with rows: what leaving it out costs here, cost units */
    int32_t *column;  /* of each visit: its column for being left out; those for the ends of its pieces come next */
    int32_t *row;     /* of each visit: that it is left out, or served at one of its moments */
    int n_fixed_rows, n_fixed_columns;
    int first_held;  /* of the fixed columns that hold the worths of rows */
    int first_shift; /* of the fixed columns that let a start count as a sooner or later one; to the last of them */
    bound_columns columns; /* of GLPK's, after the fixed */
    double *served;        /* by a group at each moment, */
    double share;          /* and by the column at hand */
    glp_prob *lp;          /* NULL: lost in a fault */
    int *index;            /* plain memory, so that nothing of GLPK's is needed to free it after a fault */
    double *value;
    double *reduced; /* of each column, when some are dropped */
    double *part;    /* of each column, in the last answer */
    size_t room;     /* of the four */
    /* of the question at hand */
    int n_values;
    bool any;
    const bound_columns *list;
    int32_t first;
    int time_most_ms;
    bound_answer *answer;
    const int64_t *guess, *centre;
    bound_hold hold;
    cr_status result;
};

/* Where the toll of a group at a visit is kept. */
static inline int32_t *bound_master_toll(const bound_master *master, int32_t group, int32_t visit)
{
    return &master->toll_of[(size_t)group * (size_t)master->b->n_met + (size_t)master->b->met[visit]];
}

/* Ask GLPK under its guard; after a fault the problem is gone. question gets
 * the master. CR_E_INTERNAL, or what the question left in master->result. */
cr_status bound_master_ask(bound_master *master, void (*question)(void *));

typedef void teller(void *info, int32_t worth, double value);

/* Tell in which of the worths a stay counts, and for what. */
void bound_master_tell(const bound_master *master, int32_t group, const bound_stay *stay, teller *tell, void *info);

/* GLPK's number of the row of a worth: tolls come last. */
int bound_master_row(const bound_master *master, int32_t worth);

/* The columns that hold worths, of no use yet: a part of making it. */
void bound_master_add_held(bound_master *master);

/* Twos of a trio that a column serves; and of a pair. */
int bound_master_twos(const bound_columns *list, const bound_column *column, const bound_trio *trio);
int bound_master_pair_twos(const bound_nodes *b, const bound_columns *list, const bound_column *column,
                           const bound_pair *pair);

/* The rows of the trios, or the pairs, from master->first on: questions. */
void bound_master_trio_rows(void *master);
void bound_master_pair_rows(void *master);

/* The rows of the tolls from master->first on: a question. */
void bound_master_toll_rows(void *master);

#endif
