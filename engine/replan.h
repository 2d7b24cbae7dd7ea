/* What the parts of re-planning share: replan.c searches, replan_times.c keeps starts, replan_causes.c says why. */
#ifndef ENGINE_REPLAN_H
#define ENGINE_REPLAN_H

#include "careround/replan.h"

/* Give the rounds that hang on nothing that changed (by visits and gaps) the starts that they had, and cost the plan.
 * CR_E_NOMEM. */
cr_status replan_keep_times(const cr_problem *p, const cr_plan *published, const cr_replan_options *options,
                            cr_plan *plan);

/* List what changed, and why. CR_E_NOMEM. */
cr_status replan_list_changes(const cr_plan *published, const cr_replan_options *options, cr_replanned *x);

#endif
