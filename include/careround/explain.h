/* Why a visit is unallocated, and the smallest change that would place it. */
#ifndef CAREROUND_EXPLAIN_H
#define CAREROUND_EXPLAIN_H

#include "careround/plan.h"

/* Rules in the order in which they are asked; a carer counts once, at the first that shuts her out. */
typedef enum cr_reason {
    CR_REASON_NO_POSITION, /* the client's place is unknown: counts every carer */
    CR_REASON_LOCK,        /* the visit is locked to somebody else */
    CR_REASON_FORBIDDEN,
    CR_REASON_SKILL,
    CR_REASON_ATTRIBUTE,
    CR_REASON_NO_SHIFT, /* no shift in which the visit fits, were it her only one */
    CR_REASON_MAX_WORK, /* most work or most visits reached */
    CR_REASON_NO_TIME,  /* the rest of her round, a gap or a partner leaves no time */
    CR_REASON_PARTNER,  /* she could, but no second carer could with her */
    CR_REASON_N
} cr_reason;

const char *cr_reason_name(cr_reason reason);

typedef enum cr_change_kind {
    CR_CHANGE_NONE,           /* none found within the limits */
    CR_CHANGE_WINDOW_EARLIER, /* the visit's window opens so many ticks earlier */
    CR_CHANGE_WINDOW_LATER,
    CR_CHANGE_SHIFT_EARLIER, /* the shift begins so many ticks earlier */
    CR_CHANGE_SHIFT_LATER,
    CR_CHANGE_SKILL, /* the carer has the skill at that level */
    CR_CHANGE_ATTRIBUTE,
} cr_change_kind;

typedef struct cr_change {
    cr_change_kind kind;
    int32_t ticks;        /* how much wider; 0 for skill and attribute */
    int32_t shift, carer; /* whose; CR_NONE for a window */
    int32_t skill, level, attribute;
    int32_t with_carer; /* who would then do the visit (first slot) */
    int32_t start;      /* and when */
    int64_t cost;       /* what the plan's cost would change by, cost units */
} cr_change;

typedef struct cr_explanation {
    int32_t visit;
    int32_t count[CR_REASON_N]; /* adds up to n_carers */
    int32_t n_pairs;  /* visits of two or more carers: pairs of carers who would do by every rule but time; else 0 */
    cr_change change; /* verified: the checker passes the plan with it, and nobody else drops out */
} cr_explanation;

typedef struct cr_explanations {
    int32_t n;
    cr_explanation *items; /* most at risk first: time-critical, priority, lives alone, hours since the last visit */
} cr_explanations;

typedef struct cr_explain_options {
    int32_t step, most; /* ticks; widening in steps up to most (5 and 60 minutes) */
    int64_t iterations; /* of search allowed for each change tried; 0: insertion into the plan as it stands */
    double time_s;      /* for all of it; < 0: no limit */
    double (*clock_s)(void *user); /* NULL: no limit */
    void *user;
} cr_explain_options;

cr_status cr_explain_plan(const cr_problem *problem, const cr_plan *plan, const cr_explain_options *options,
                          cr_explanations **ret_explanations);
cr_explanations *cr_explanations_free(cr_explanations *explanations);
CR_AUTO_DEFINE(cr_explanations)

#endif
