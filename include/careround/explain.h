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
    CR_REASON_PATCH,    /* she keeps to her patches, and it lies in none of them */
    CR_REASON_NO_SHIFT, /* no shift in which the visit fits, were it her only one */
    CR_REASON_REST,     /* too near to a shift of another day that she works */
    CR_REASON_MAX_WORK, /* most work or visits reached */
    CR_REASON_MAX_WAYS, /* most travel or distance of a shift reached */
    CR_REASON_ROOM,     /* no room on board for the visit's goods */
    CR_REASON_NO_TIME,  /* the rest of her round, a gap or a partner leaves no time */
    CR_REASON_PARTNER,  /* she could, but no second carer could with her */
    CR_REASON_FITS,     /* nothing: she could take it into her present round. A longer search would */
    CR_REASON_N
} cr_reason;

const char *cr_reason_name(cr_reason reason);

/* In the order in which equal changes (same ticks, same cost) are preferred; then by shift, carer, window. */
typedef enum cr_change_kind {
    CR_CHANGE_NONE,           /* none found within the limits */
    CR_CHANGE_NOTHING,        /* none is needed: the visit fits the problem as it is */
    CR_CHANGE_WINDOW_EARLIER, /* a window of the visit opens so many ticks earlier */
    CR_CHANGE_WINDOW_LATER,   /* ... or closes later */
    CR_CHANGE_SHIFT_EARLIER,  /* a shift begins so many ticks earlier */
    CR_CHANGE_SHIFT_LATER,    /* ... or ends later */
    CR_CHANGE_SKILL,          /* a carer has the skill at that level */
    CR_CHANGE_ATTRIBUTE,
    CR_CHANGE_N
} cr_change_kind;

/* "window earlier", ... as in plan.json. */
const char *cr_change_kind_name(cr_change_kind kind);

/* Indices that do not apply are CR_NONE. */
typedef struct cr_change {
    cr_change_kind kind;
    int32_t ticks;        /* how much wider; 0 for skill and attribute */
    int32_t window;       /* which, as an index into the problem's windows */
    int32_t shift, carer; /* whose shift, or who has one skill or attribute more */
    int32_t skill, level, attribute;
    int32_t with_carer; /* who would then do the visit (first slot) */
    int32_t start;      /* and when */
    int32_t n_moved;    /* other visits that would get another carer; 0: the plan stays and times shift */
    int64_t cost;       /* what the plan's cost would change by, cost units; */
    cr_cost terms;      /* the same by term. "unallocated" falls, for one more is served */
    bool is_smallest;   /* proved: no smaller one exists (tiny days). Otherwise it is the smallest found */
} cr_change;

typedef struct cr_explanation {
    int32_t visit;
    int32_t count[CR_REASON_N]; /* adds up to n_carers */
    int32_t n_pairs;  /* visits of two or more carers: pairs who may do two of its slots by every rule but time */
    cr_change change; /* verified: the checker passes the plan with it, and nobody else drops out */
    bool cut_short;   /* the time ran out before every change (or every team of carers) was tried */
    cr_plan *plan;    /* the plan with the change, when options.keep_plans asks for it and there is one */
} cr_explanation;

typedef struct cr_explanations {
    int32_t n;
    cr_explanation *items; /* most at risk first: time-critical, priority, lives alone, longest since the last visit */
} cr_explanations;

typedef struct cr_explain_options {
    int32_t step, most; /* ticks; widening in steps up to most (5 and 60 minutes) */
    int64_t iterations; /* of search allowed for each change tried; 0: insertion into the plan as it stands */
    int32_t visit;      /* only this one; CR_NONE: all unallocated visits */
    bool keep_plans;    /* keep the plan that shows each change */
    double time_s;      /* for all of it; < 0: no limit */
    double (*clock_s)(void *user); /* monotonic seconds; NULL: no limit */
    void *user;
} cr_explain_options;

#define CR_EXPLAIN_OPTIONS_INIT ((cr_explain_options){.step = 300, .most = 3600, .visit = CR_NONE, .time_s = -1})

/* Explain every unallocated visit of a valid plan. CR_E_INPUT if the plan breaks a rule (see cr_check_plan). Without a
 * clock the answer depends on nothing but the arguments. */
cr_status cr_explain_plan(const cr_problem *problem, const cr_plan *plan, const cr_explain_options *options,
                          cr_explanations **ret_explanations);
cr_explanations *cr_explanations_free(cr_explanations *explanations);
CR_AUTO_DEFINE(cr_explanations)

/* The problem as it would be with the change: a validated copy. Windows that meet by it become one. */
cr_status cr_explain_apply(const cr_problem *problem, int32_t visit, const cr_change *change, cr_problem **ret_problem);

#endif
