/* What the parts of the explanation share: the plan's timetable, the placements of a visit in it, and the budget.
 *
 *   explain.c         the order of risk, the time each visit gets, the public functions
 *   explain_place.c   where in a shift could a slot go: cheap test first, trial second
 *   explain_teams.c   teams for visits of several
 *   explain_contracts.c  what the contracts with providers leave room for
 *   explain_reason.c  why each carer is shut out
 *   explain_price.c   the plan with the visit in it, its cost, and the checker's last word
 *   explain_change.c  the smallest change that would place the visit
 *   explain_replan.c  the same when the others may be planned anew
 *   explain_search.c  ... by a short search
 *   explain_exact.c   ... on tiny days: all plans there are
 *   explain_apply.c   the problem with a change in it
 */
#ifndef ENGINE_EXPLAIN_INTERNAL_H
#define ENGINE_EXPLAIN_INTERNAL_H

#include "careround/explain.h"
#include "timetable.h"

/* One way to put a slot into a shift: after so many of its visits, with its breaks laid out in one of several ways.
 * Looking at this round only, breaks left out, the visit could start in [earliest, latest]. */
typedef struct placement {
    int32_t slot, shift, after, layout;
    int32_t earliest, latest;
} placement;

typedef struct placements {
    int32_t n, room;
    placement *items;
} placements;

typedef struct explainer {
    const cr_problem *given;
    cr_problem *problem; /* a copy of it, in which changes are tried and taken back */
    const cr_plan *plan;
    cr_cost cost; /* of plan, as the checker says */
    const cr_explain_options *options;
    timetable *timetable;                    /* of plan in problem */
    int32_t *carer_first, *carer_shifts;     /* shifts of carer c from carer_first[c] to carer_first[c + 1] */
    int32_t *visits_first, *visits;          /* the slots of each shift's round in order, breaks left out */
    int64_t *provider_care, *provider_slots; /* of each provider, as the plan stands */
    int32_t longest_round;                   /* stops, with room for a slot and all breaks more */
    int32_t n_team_most;                     /* slots of the largest visit */
    int32_t *buffer;                         /* n_team_most rounds of longest_round elements */
    timetable_edit *edits;                   /* n_team_most */
    placement *team;                         /* n_team_most */
    int64_t n_trials, trials_most;           /* a budget that needs no clock */
    double deadline_s;                       /* of this visit */
    bool is_cut_short;                       /* one of the two ran out */
} explainer;

/* Has this visit used up its share? Looks at the clock now and then; stays true once it was. */
bool explainer_is_out_of_time(explainer *x);

/* ---- explain_place.c ---- */

typedef struct leg {
    int32_t time, door;
    int64_t dist_m;
} leg;

/* The way from a slot (CR_NONE: the start place) to a slot (CR_NONE: the end place), and what it costs but for waiting.
 */
leg leg_between(const cr_problem *p, int32_t shift, int32_t from_slot, int32_t to_slot);
int64_t leg_cost(const cr_problem *p, const cr_shift *shift, leg l);

/* What it costs that this carer does the slot, wherever it comes. */
int64_t person_cost(const cr_problem *p, int32_t slot, int32_t carer);

/* Work and cost that a slot adds when it comes after so many visits of a shift. */
typedef struct detour {
    int32_t way_in, way_on; /* leg and door time to the visit, and on to the next or home; CR_NO_WAY */
    int64_t work;           /* care, legs and door time more */
    int64_t travel, dist_m; /* of legs, more */
    int64_t cost;           /* of travel, mileage, wages, continuity, wishes, shift use: an estimate without waiting */
} detour;

detour detour_of(const explainer *x, int32_t slot, int32_t shift, int32_t after);

static inline int32_t shift_n_visits(const explainer *x, int32_t shift)
{
    return x->visits_first[shift + 1] - x->visits_first[shift];
}

/* Would the visit fit the shift were it the only one? */
bool fits_alone(const explainer *x, int32_t slot, int32_t shift);

/* Is the shift far enough from those of other days that its carer works? */
bool has_rest(const explainer *x, int32_t shift);

/* May the legs of a round come to so much? */
bool ways_within_limits(const cr_shift *shift, int64_t travel, int64_t dist_m);

/* What keeps the slot from every place in the shift, time aside: most work or most load, then most travel and distance,
 * then room on board. CR_REASON_NO_TIME: nothing. */
cr_reason limits_reason(const explainer *x, int32_t slot, int32_t shift);

/* Append every placement of the slot in the shift whose trial succeeds, up to most of them. */
cr_status gather_placements(explainer *x, int32_t slot, int32_t shift, int32_t most, placements *found);

void placements_done(placements *list);

/* The team's placements together, each slot of the visit once. True: timetable's least starts are in place. Undo with
 * undo_team, whatever the answer. */
bool try_team(explainer *x, const placement *team, int32_t n);
void undo_team(explainer *x, const placement *team, int32_t n);

/* Complete a team, whose first n placements are given in x->team, from the candidates (sorted by slot), different
 * carers all. Calls on_team for every complete team that fits, until it says stop. Returns true if stopped. */
typedef bool (*team_fn)(explainer *x, void *user);
bool complete_team(explainer *x, int32_t visit, int32_t n, const placements *candidates, team_fn on_team, void *user);

/* Gaps that ask for the same or for different carers, or for one provider, for a complete team. */
bool gap_carers_hold(const explainer *x, int32_t visit, const placement *team, int32_t n);

/* ---- explain_contracts.c ---- */

/* Count what each provider's carers do in the plan as it stands. */
cr_status contracts_note(explainer *x);

/* Do the caps of the providers leave room for these placements of one visit? */
bool contracts_leave_room(const explainer *x, const placement *team, int32_t n);

/* What the contract with the carer's provider costs more with the slot. */
int64_t contract_growth(const explainer *x, int32_t slot, int32_t carer);

/* Are the caps kept where slot k of the list is served by carer k of the other? */
bool contracts_are_kept(const cr_problem *p, const int32_t *slots, const int32_t *carers, int32_t n);

/* ---- explain_reason.c ---- */

/* The rule on persons that keeps a carer from a slot; CR_REASON_N: none. */
cr_reason person_rule(const cr_problem *problem, int32_t slot, int32_t carer);

/* Are two carers of one provider, or need they not be for the visit? */
bool carers_may_meet(const cr_problem *p, int32_t visit, int32_t carer, int32_t other);

bool carer_has_skill(const cr_problem *p, int32_t carer, cr_skill needed);
bool carer_has_attribute(const cr_problem *p, int32_t carer, int32_t needed);

/* Is there a visit, unallocated too, without which this one must not be served? */
bool lacks_other_half(const explainer *x, int32_t visit);

cr_status explain_reasons(explainer *x, cr_explanation *explanation);

/* ---- explain_price.c ---- */

/* The plan of a trial that fits and has not been undone, with its cheapest starts and cost. */
cr_status price_trial(const explainer *x, int32_t visit, cr_plan **ret_plan);

/* Does the checker pass the plan on the changed problem, with the visit and everybody served before? Then sets what the
 * change costs more than the plan as it stands. */
cr_status verify_change(const explainer *x, int32_t visit, const cr_plan *plan, cr_change *change, bool *ret_is_sound);

/* How many visits but this one have other carers in the plan than in the one as it stands? */
cr_status count_moved(const explainer *x, int32_t visit, const cr_plan *plan, int32_t *ret_n);

/* ---- explain_apply.c ---- */

/* Widen a window or shift by so many ticks; negative takes it back. Nothing for other kinds. */
void change_widen(cr_problem *problem, const cr_change *change, int32_t ticks);

/* ---- explain_exact.c ---- */

/* The cheapest plan, if there is one, that serves exactly these visits: every order of every shift, cut off where time
 * or cost is over. For tiny days. */
typedef struct exact exact;

bool exact_can_do(const cr_problem *problem, const bool *is_wanted);
cr_status exact_new(const cr_problem *problem, const bool *is_wanted, exact **ret_exact);
exact *exact_free(exact *e);
CR_AUTO_DEFINE(exact)

/* *ret_plan is untouched if there is none that costs less than below (INT64_MAX: any will do). any: the first will do.
 * n_nodes is what is left of a budget; 0 afterwards: given up, nothing is proved. */
cr_status exact_solve(exact *e, int64_t below, bool any, int64_t *n_nodes, cr_plan **ret_plan);

/* ---- explain_replan.c ---- */

/* A smaller change than the explanation's, if the others may be planned anew. */
cr_status explain_replan(explainer *x, cr_explanation *explanation);

/* ---- explain_search.c ---- */

/* The same by a short cr_solve for each change. is_wanted: who must be served, by visit. */
cr_status explain_search(explainer *x, cr_explanation *explanation, const bool *is_wanted);

/* ---- explain_change.c ---- */

/* How much wider could the shift be before it meets another of hers, or begins before now? Ticks. */
int32_t explain_room_beside(const explainer *x, int32_t shift, cr_change_kind kind);

/* A change with nothing in it yet. */
cr_change no_change(cr_change_kind kind);

/* Take the change and its plan into the explanation if the checker passes it and it is smaller than what is there. */
cr_status offer_change(const explainer *x, const cr_change *change, cr_plan **plan, cr_explanation *explanation);

/* Nothing at all is the smallest. Equal in ticks and cost, the earlier one in the order of the header is preferred. */
bool change_is_smaller(const cr_change *a, const cr_change *b);

cr_status explain_change(explainer *x, cr_explanation *explanation);

#endif
