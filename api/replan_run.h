/* The rest of a day that is under way, planned anew: the one way, for the command line and for the service's worker. */
#ifndef API_REPLAN_RUN_H
#define API_REPLAN_RUN_H

#include "plan_run.h"

#define REPLAN_TIME_S 0.7 /* of search, unless said; the whole answer then comes within 2 seconds on 500 visits */

typedef struct replan_request {
    const char *published_path; /* the rota that people know, plan.json; the day was read with it */
    int32_t from;               /* ticks */
    double time_s;              /* of search; < 0 no limit */
    int64_t iterations;         /* likewise. One of the two must be set */
    uint64_t seed;
    bool (*should_stop)(void *user); /* NULL, or stop and keep the best */
    void *user;
} replan_request;

/* "07:30" or "2026-11-24 07:30" as ticks of the day: NULL, or why it is no time. */
const char *replan_time(const char *text, const cr_day *day, int32_t *ret_from);

/* Plan anew; day->problem is then the rest of the day. CR_E_INPUT: *ret_faults says what is wrong with the published
 * rota, or message (size bytes) why the day cannot stand at that time; else both are empty. *ret_faults is the
 * caller's, or NULL. */
cr_status replan_day(const replan_request *request, cr_day *day, cr_replanned **ret_replanned, plan_faults **ret_faults,
                     char *message, size_t size);

/* All that is known about the new plan; plan_answer() makes the answer of it, whose `replanned` is the caller's to set.
 */
cr_status replan_judge(const replan_request *request, const cr_day *day, const cr_plan *plan, plan_facts *ret_facts);

#endif
