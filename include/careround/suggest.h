/* Suggest: who could do one visit, and when, each with what it costs, whom it delays and what it breaks. */
#ifndef CAREROUND_SUGGEST_H
#define CAREROUND_SUGGEST_H

#include "careround/evaluate.h"

#define CR_SUGGEST_CARERS_MOST   CR_SLOTS_MOST
#define CR_SUGGEST_GIVEN_UP_EACH 4 /* pieces of time held back that one carer gives up for the visit, at most */

/* Another visit that starts at another time for it than in the plan as it is. */
typedef struct cr_delay {
    int32_t visit, was, now; /* starts, ticks, as cr_evaluate() times the plan before and after */
} cr_delay;

/* Time held back (cr_visit.is_anywhere) that its carer gives up for it, and holds in the plan without it. */
typedef struct cr_given_up {
    int32_t visit, start; /* ticks */
} cr_given_up;

typedef struct cr_suggestion {
    int32_t n_carers;
    int32_t shift[CR_SUGGEST_CARERS_MOST]; /* of the visit's slots in their order */
    int32_t start;
    bool is_now;  /* the carers that the plan has there already, and nothing given up */
    cr_cost cost; /* by term, against the plan without the visit: "unallocated" falls, but for what is given up */
    int32_t n_given_up;
    cr_given_up given_up[CR_SUGGEST_CARERS_MOST * CR_SUGGEST_GIVEN_UP_EACH];
    int32_t n_broken;
    cr_breach *broken; /* rules that are broken with the visit there and not without it, or more so */
    int32_t n_delays;
    cr_delay *delays; /* by the new start */
} cr_suggestion;

typedef struct cr_suggestions {
    int32_t n;
    cr_suggestion *items; /* those that break nothing first, then by cost */
} cr_suggestions;

/* Where the visit, allocated or not, could go in a plan that may break rules itself. At most `most` are given. Every
 * carer is looked at in every place of her rounds, and in every place where she gives time held back up for the visit,
 * if it is not such time itself; the best places are then worked out exactly (cr_evaluate), so that the figures are
 * exact and the order among them is. Carers who give time up for nothing, being listed before without it, are left out.
 * The visit has not begun (cr_problem_has_begun()). CR_E_NOMEM; the caller frees the list, which has its own copies. */
cr_status cr_suggest(const cr_problem *problem, const cr_plan *plan, int32_t visit, int32_t most,
                     cr_suggestions **ret_suggestions);
cr_suggestions *cr_suggestions_free(cr_suggestions *suggestions);
CR_AUTO_DEFINE(cr_suggestions)

#endif
