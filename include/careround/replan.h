/* Replan: a published rota while the day is under way, changed as little as what happened asks for. */
#ifndef CAREROUND_REPLAN_H
#define CAREROUND_REPLAN_H

#include "careround/as_of.h"

typedef enum cr_cause {
    CR_CAUSE_NONE,  /* nothing that happened: it is cheaper so, its changes counted */
    CR_CAUSE_VISIT, /* something that happened to the visit */
    CR_CAUSE_CARER, /* something that happened to a carer it had */
    CR_CAUSE_ROOM,  /* to make room for another visit, or in the room that one left: which has a cause itself */
    CR_CAUSE_SHIFT, /* something that happened to a shift it was or is in: a visit is there no more */
} cr_cause;

typedef struct cr_visit_change {
    int32_t visit;
    int32_t was, now; /* its starts; CR_FREE: not served */
    bool has_other_carers;
    cr_cause cause;
    int32_t event; /* the caller's number, of the visit, the carer or the shift; CR_NONE */
    int32_t other; /* the other visit (CR_CAUSE_ROOM) or the carer (CR_CAUSE_CARER); CR_NONE */
} cr_visit_change;

typedef struct cr_replanned {
    cr_problem *problem; /* as it stands at the time; the published rota is the one given */
    cr_plan *plan;       /* of that problem: the checker has passed it, and what was frozen is as it was */
    int32_t n_changes;
    cr_visit_change *changes; /* by the new start (or the old one); with a start that differs or other carers */
    int32_t n_frozen;         /* visits */
} cr_replanned;

typedef struct cr_replan_options {
    cr_as_of as_of;
    bool has_events;                 /* false: nothing happened, and nothing is changed */
    const int32_t *event_of_visit;   /* NULL, or for each visit what happened to it; CR_NONE: nothing */
    const int32_t *event_of_shift;   /* NULL, or for each shift: a visit of its published round is there no more */
    const int32_t *event_of_absence; /* NULL, or for each absence */
    double time_s;                   /* of search; < 0: no limit */
    int64_t iterations;              /* likewise; one of the two must be set */
    uint64_t seed;
    double (*clock_s)(void *user);   /* monotonic seconds */
    bool (*should_stop)(void *user); /* NULL, or asked during the search: stop, and keep the best */
    void *user;
} cr_replan_options;

#define CR_REPLAN_OPTIONS_INIT ((cr_replan_options){.time_s = -1, .iterations = -1, .seed = 1})

/* Plan the rest of the day anew from the published rota, by a short search that does not run hot. Every change against
 * it has its price (cr_prices) and is listed with its cause. problem: what happened is in it (visits that came or went
 * or changed), it has no held stops. Rounds that nothing changed in keep their starts. CR_E_INPUT: message (size bytes)
 * says why the problem cannot stand at that time, or what rule the published rota breaks where it stays. CR_E_NOMEM,
 * CR_E_INTERNAL. */
cr_status cr_replan(const cr_problem *problem, const cr_plan *published, const cr_replan_options *options,
                    cr_replanned **ret_replanned, char *message, size_t size);
cr_replanned *cr_replanned_free(cr_replanned *replanned);
CR_AUTO_DEFINE(cr_replanned)

#endif
