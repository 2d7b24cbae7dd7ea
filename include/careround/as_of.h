/* A day that is under way: what of a published rota has begun, and what is left to plan. docs/model.md, section 9. */
#ifndef CAREROUND_AS_OF_H
#define CAREROUND_AS_OF_H

#include "careround/plan.h"

/* A carer who is not there from `from` until `to`: ill, gone early, or not arrived yet. */
typedef struct cr_absence {
    int32_t carer, from, to; /* ticks */
} cr_absence;

typedef struct cr_as_of {
    int32_t time; /* ticks: nothing that is not frozen happens before */
    int32_t n_absences;
    const cr_absence *absences;
} cr_as_of;

/* Find out what is frozen at that time: sets the held stops of each shift, and is_over where the published round has
 * nothing left. published: a plan of this problem, with sound indices and its rounds in the order of their shifts;
 * visits that it has nowhere are new. The problem has no held stops yet. CR_E_NOMEM. */
cr_status cr_problem_freeze(cr_problem *problem, const cr_plan *published, const cr_as_of *as_of);

/* Make of a problem with held stops that of the rest of the day: held visits are locked and no gap asks anything of
 * two of them, shifts begin when their carers can go on, absences and breaks that cannot be taken any more are taken
 * out, and limits that what has begun is beyond are raised. Validates: CR_E_INPUT with the message (size bytes) of
 * cr_problem_validate. CR_E_NOMEM. */
cr_status cr_problem_stand_at(cr_problem *problem, const cr_as_of *as_of, char *message, size_t size);

/* Is all that had begun in the published rota as it was? Asks the plan and the problem before cr_problem_freeze(), and
 * shares no code with it. CR_OK: *ret_breaches (may be 0) counts the frozen stops that are not where they were, and
 * other visits before the time or before them. CR_E_NOMEM. */
cr_status cr_check_frozen(const cr_problem *problem, const cr_plan *published, const cr_as_of *as_of,
                          const cr_plan *plan, int32_t *ret_breaches);

#endif
