/* The itinerary of a plan: every leg, door, wait and end that lies between the starts that the plan states.
 *
 * A plan says who, in what order and when each stop starts (docs/model.md, section 2). People also want to know when
 * the carer sets off, how long she drives and whether she waits. That is worked out here once, for every writer: she
 * leaves as soon as the stop before is done and waits where she arrives.
 */
#ifndef API_ITINERARY_H
#define API_ITINERARY_H

#include "careround/plan.h"

typedef struct itinerary_leg {
    int32_t mode;
    int32_t day;            /* of the shift: past midnight it is still the same */
    int32_t from, to;       /* places; CR_NONE: an open side of the shift, or the client has no position */
    int32_t leave;          /* ticks */
    int32_t travel, dist_m; /* CR_NO_WAY where nothing leads; 0 for a break */
    int32_t arrive;         /* leave + travel */
} itinerary_leg;

typedef struct itinerary_stop {
    int32_t round;
    int32_t visit; /* CR_NONE for a break */
    itinerary_leg leg;
    int32_t door, wait; /* ticks between arrival and start; a plan that breaks the rule of travel has wait < 0 */
    int32_t start, end;
} itinerary_stop;

typedef struct itinerary {
    itinerary_stop *stops;   /* parallel to plan->stops */
    itinerary_leg *way_home; /* parallel to plan->rounds */
    int32_t *stop_of_slot;   /* by slot; CR_NONE: not served */
} itinerary;

cr_status itinerary_new(const cr_problem *problem, const cr_plan *plan, itinerary **ret_itinerary);
itinerary *itinerary_free(itinerary *it);
CR_AUTO_DEFINE(itinerary)

#endif
