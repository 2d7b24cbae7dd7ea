/* From a day to a plan that may be shown: the one way, for the command line and for the service's worker. */
#ifndef API_PLAN_RUN_H
#define API_PLAN_RUN_H

#include "careround/solve.h"
#include "write.h"

typedef struct plan_request {
    double time_s;      /* of search; < 0 no limit */
    int64_t iterations; /* of search; < 0 no limit. One of the two must be set */
    double bound_s;     /* more, for a proved lower bound; < 0: as long as pays */
    uint64_t seed;
    int32_t n_threads;
    const cr_plan *published; /* NULL: none. The search begins from it */
    bool (*should_stop)(void *user);
    void (*on_best)(const cr_progress *progress, void *user); /* NULL */
    void *user;
} plan_request;

/* The best plan found in the time given. */
cr_status plan_search(const plan_request *request, const cr_day *day, cr_plan **ret_plan);

/* All that is known about a plan: what the checker says, the figures, the reasons, the bound. */
typedef struct plan_facts {
    cr_check *check;
    cr_report *report;
    cr_explanations *explanations;
    cr_bound bound;
    bool has_bound;
    answer_run run;
} plan_facts;

/* Judge a plan that was found. CR_E_INTERNAL, with every breach on standard error, if the checker finds fault with it:
 * that is ours, and the plan never leaves the program. */
cr_status plan_judge(const plan_request *request, const cr_day *day, const cr_plan *plan, plan_facts *ret_facts);
void plan_facts_done(plan_facts *facts);

/* The answer for the writers; facts, day and plan are borrowed. answer_done() ends it. */
cr_status plan_answer(const plan_facts *facts, const cr_day *day, const cr_plan *plan, answer *ret_answer);

#endif
