/* The search for the best worths of one stage of the bound, and what it keeps. */
#ifndef ENGINE_BOUND_FINDER_H
#define ENGINE_BOUND_FINDER_H

#include "bound_climb.h"
#include "bound_core.h"
#include "bound_master.h"
#include "bound_pricers.h"
#include "bound_rounds.h"

#include <stdatomic.h>

#define BOUND_SMOOTH    0.6  /* share of the best worths so far in the next question, to begin with */
#define BOUND_CONVERGED 1e-5 /* so near to GLPK's value L has to come at last */

typedef struct bound_finder {
    const cr_bound_options *options;
    bound_nodes *b;
    bound_pricers *pricers;
    bound_core *core; /* NULL: everything is priced each time */
    bound_pricers *of_core;
    bool is_narrow;   /* only the core is priced, and L is what it would be if there were no more */
    int32_t n_narrow; /* so often since everything was */
    double wide_s;    /* what the last look at everything took */
    bound_master *master;
    bound_climb *climb;    /* NULL: there is no plan to begin from */
    bound_columns columns; /* that GLPK has not been told of: of the last round of pricing, or two */
    bound_tolls tolls;
    int64_t *centre, *worth; /* of rows and tolls: the best so far; as asked for */
    int64_t *moments;        /* room for two numbers for each */
    size_t room;             /* of the first two, and of the answer's worths */
    int64_t last_value;      /* L in the last round of pricing; */
    bool rose;               /* it was the best so far */
    int64_t centre_value;    /* L there; INT64_MIN: not known yet */
    int64_t best;            /* L, the highest of all stages, and what needs no pricing */
    int64_t labels;          /* of the stages before */
    double close;            /* of this stage */
    bound_hold hold;         /* price of leaving the centre */
    bool is_held;            /* GLPK knows it, and the centre */
    double share;            /* of the centre in the next question; the rest is GLPK's */
    bound_answer answer;
    double begun_s;
    int32_t n_stalled; /* rounds of pricing in which nothing moved */
    bool gave_up;
    atomic_bool stopped;
    atomic_flag asking; /* some thread asks whether to stop: the others go by what it says */
    cr_bound *result;
    bound_taker *take; /* NULL: rounds are of no interest. Otherwise the first stage is the only one */
    void *taker;
    const double *slot_worth; /* NULL: nothing is known of it */
    bool begins_near;         /* most worths are known, from a stage before or another problem */
} bound_finder;

double bound_finder_elapsed_s(const bound_finder *f);

/* user: the finder. On any of the threads. */
bool bound_finder_should_stop(void *user);

/* In time, and with rounds of pricing left. */
bool bound_finder_may_go_on(bound_finder *f);

/* For the worths of all tolls there are. CR_E_NOMEM. */
cr_status bound_finder_make_room(bound_finder *f);

/* Raise L until it is as near to GLPK's value as the stage asks for, or time is up. is_first: of the stages, which
 * begins with a guess. CR_E_NOMEM; CR_E_INTERNAL: GLPK failed. */
cr_status bound_finder_run(bound_finder *f, bool is_first);

#endif
