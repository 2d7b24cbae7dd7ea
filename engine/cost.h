/* What the engine says a plan costs: the search's own sum, which the checker does not use. */
#ifndef ENGINE_COST_H
#define ENGINE_COST_H

#include "careround/plan.h"

/* Is the skill among these, at the level needed or a higher one? */
static inline bool has_skill(const cr_problem *p, cr_range had, cr_skill needed)
{
    for (int32_t i = had.first; i < had.first + had.n; i++)
        if (p->skills[i].skill == needed.skill && p->skills[i].level >= needed.level)
            return true;
    return false;
}

/* Is the attribute, carer or patch among these? */
static inline bool has_id(const cr_problem *p, cr_range had, int32_t id)
{
    for (int32_t i = had.first; i < had.first + had.n; i++)
        if (p->ids[i] == id)
            return true;
    return false;
}

/* Both shifts have begun (docs/model.md, section 9): what rest lies between them can no longer be another. */
static inline bool is_rest_over(const cr_shift *a, const cr_shift *b)
{
    return a->held.n > 0 && b->held.n > 0;
}

/* A metre that the carer of this shift goes; nothing where she rides in another's car. */
static inline int64_t distance_price(const cr_problem *p, const cr_shift *shift)
{
    int64_t own = p->carers[shift->carer].distance_price;
    return shift->rides ? 0 : own != CR_NONE ? own : p->prices.distance[shift->mode];
}

/* Does the visit lie in a patch that the carer does not work? */
bool is_off_patch(const cr_problem *p, const cr_visit *visit, int32_t carer);

/* Price of a carer for a slot, whatever the time: care, continuity, preference, patch. Exclusions are not looked at. */
void slot_terms(const cr_problem *p, int32_t slot, int32_t carer, cr_cost *cost);

/* Their sum, for who asks for all carers of a slot in turn and knows which have been with the client before. */
int64_t slot_price(const cr_problem *p, int32_t slot, int32_t carer, bool is_familiar);

/* The cost of a visit's start alone, for all its carers: lateness, preferred time, and being moved. */
int64_t start_price(const cr_problem *p, int32_t visit, int32_t start);

/* The terms that slots share: of a client with so many carers who are new to her, or with so many providers; of a carer
 * with so much work. */
int64_t faces_cost(const cr_problem *p, int32_t n_new, bool has_history);
int64_t providers_cost(const cr_problem *p, int32_t n_providers);
/* How far one of n carers is from the mean of all their work, in whole ticks, rounded up. */
int64_t off_mean(int64_t work, int64_t work_of_all, int64_t n);
int64_t overtime_cost(const cr_carer *carer, int64_t work);
int64_t shortfall_cost(const cr_carer *carer, int64_t work);

static inline int64_t hours_cost(const cr_carer *carer, int64_t work)
{
    return overtime_cost(carer, work) + shortfall_cost(carer, work);
}

/* What a provider is paid for a slot by its length; and for the care of all of them. */
int64_t length_price(const cr_problem *p, const cr_provider *provider, int32_t length);
int64_t contract_cost(const cr_provider *provider, int64_t care);
bool has_priced_hours(const cr_carer *carer);

/* Is another carer wanted there? True if the visit has published carers, and she is not among them. */
bool is_change_of_carer(const cr_problem *p, const cr_visit *visit, int32_t carer);

/* Set plan->cost from its rounds and starts. CR_E_NOMEM only. */
cr_status plan_set_cost(const cr_problem *p, cr_plan *plan);

#endif
