/* Timetable: the orders of a plan as bounds between starts, the least starts that satisfy them, and "what if".
 *
 * For given orders every rule of time is a bound on one start or on the difference of two. Such bounds have a least
 * solution, several windows or not: any two solutions have a third in the earlier of each start. Raising starts until
 * every bound holds finds it exactly, or runs past a window or a shift and so proves that there is none. A trial
 * replaces the stops of a few rounds and repairs only what hangs on them, so that thousands can be tried.
 *
 * Used by the explanations only, which ask for feasibility; prices are cr_plan_time's. Memory is taken once.
 */
#ifndef ENGINE_TIMETABLE_H
#define ENGINE_TIMETABLE_H

#include "careround/plan.h"

/* What the legs of a round come to. */
typedef struct timetable_ways {
    int64_t travel, dist_m;
} timetable_ways;

/* Stops are "elements": slots by their index, then breaks by n_slots + index. A visit has one start, whatever the
 * number of its slots, so starts belong to "nodes": visits by their index, then breaks by n_visits + index. */
typedef struct timetable {
    const cr_problem *problem; /* borrowed; windows and shifts of what a trial edits may differ from call to call */
    int32_t n_elements, n_nodes;

    /* by element */
    int32_t *next, *prev;
    int32_t *way; /* leg + door time before it; where travel depends on the time of day, for who leaves as the
                   shift begins: it only says whether a way leads, and roughly how long */
    int32_t *at;  /* where the carer is after it */
    int32_t *shift;

    /* by shift */
    int32_t *first, *last; /* elements; CR_NONE: idle */
    int32_t *way_home;
    int64_t *work, *load; /* work as far as the ways are right */
    timetable_ways *ways; /* likewise, with the way home */

    /* the plan as it stands */
    int32_t *stops;       /* elements of all rounds, */
    int32_t *stops_first; /* those of shift s from stops_first[s] to stops_first[s + 1] */
    int64_t *carer_work;

    /* by node */
    int32_t *earliest;
    bool *is_served;

    int32_t *gap_first, *gap_of; /* the gaps of each visit */

    /* scratch */
    int32_t *queue, queue_head, queue_n;
    bool *is_queued;
    int32_t *trail_node, *trail_start, trail_n; /* starts before the trial */
    int32_t *reset, reset_n;
    bool *is_marked;
} timetable;

/* New stops for a shift. */
typedef struct timetable_edit {
    int32_t shift;
    const int32_t *stops; /* elements */
    int32_t n;
} timetable_edit;

/* The plan's own timetable. CR_E_INPUT if its orders leave no starts. */
cr_status timetable_new(const cr_problem *problem, const cr_plan *plan, timetable **ret_timetable);
timetable *timetable_free(timetable *timetable);
CR_AUTO_DEFINE(timetable)

/* Would these orders do? They differ from the plan's in that visit comes in. True: earliest[] holds the least starts.
 * Undo before the next trial, whatever the answer. */
bool timetable_try(timetable *tt, int32_t visit, const timetable_edit *edits, int32_t n_edits);
void timetable_undo(timetable *tt, int32_t visit, const timetable_edit *edits, int32_t n_edits);

/* The earliest start of the visit at bound or later that its windows or lock allow; INT32_MAX: none. And the latest
 * at bound or earlier; INT32_MIN: none. */
int32_t timetable_start_from(const cr_problem *problem, int32_t visit, int32_t bound);
int32_t timetable_start_until(const cr_problem *problem, int32_t visit, int32_t bound);

static inline bool timetable_is_slot(const timetable *tt, int32_t element)
{
    return element < tt->problem->n_slots;
}

static inline int32_t timetable_node(const timetable *tt, int32_t element)
{
    const cr_problem *p = tt->problem;
    return element < p->n_slots ? p->slots[element].visit : p->n_visits + (element - p->n_slots);
}

/* When she is at the element of a round (past the door, too) if she leaves the one before it, or her start place, then;
 * and at her end place. */
int32_t timetable_there(const timetable *timetable, int32_t element, int32_t leave);
int32_t timetable_home(const timetable *timetable, int32_t shift, int32_t leave);

/* Care, legs and door time of a shift at the least starts. */
int64_t timetable_work(const timetable *timetable, int32_t shift);

/* Its legs, likewise. */
timetable_ways timetable_ways_of(const timetable *timetable, int32_t shift);

/* Of an element when the carer of this shift has it, and what she stands by after it. */
static inline int32_t timetable_length(const timetable *tt, int32_t element, int32_t shift)
{
    const cr_problem *p = tt->problem;
    if (element >= p->n_slots)
        return p->breaks[element - p->n_slots].length + p->breaks[element - p->n_slots].stay;
    return cr_problem_duration(p, element, p->shifts[shift].carer) + p->slots[element].stay;
}

#endif
