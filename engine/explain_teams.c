/* Teams for a visit: one placement for each of its slots, by different people who may meet.
 *
 * Built slot by slot from placements that fit alone (explain_place.c); only a whole team is tried in the timetable.
 */
#include "crew.h"
#include "explain_internal.h"

/* Half a crew, or both but at different stops? */
static bool is_crew_apart(const cr_problem *p, const placement *a, const placement *b)
{
    return crew_is_apart(cr_problem_crew(p, a->shift), cr_problem_crew(p, b->shift), b->shift, a->after, b->after) ||
           (p->shifts[a->shift].crew != CR_NONE && a->layout != b->layout);
}

/* Is she in it, of another provider than it must be, or does she share a car with somebody else? */
static bool team_has(const explainer *x, int32_t n, const placement *next)
{
    const cr_problem *p = x->problem;
    for (int32_t i = 0; i < n; i++)
        if (x->team[i].slot == next->slot || p->shifts[x->team[i].shift].carer == p->shifts[next->shift].carer ||
            is_crew_apart(p, &x->team[i], next) ||
            !carers_may_meet(p, p->slots[next->slot].visit, p->shifts[x->team[i].shift].carer,
                             p->shifts[next->shift].carer))
            return true;
    return false;
}

/* Do the starts that each would have alone leave one in common? Necessary, not sufficient. */
static bool team_may_meet(const explainer *x, int32_t n)
{
    int32_t earliest = INT32_MIN, latest = INT32_MAX;
    for (int32_t i = 0; i < n; i++) {
        earliest = x->team[i].earliest > earliest ? x->team[i].earliest : earliest;
        latest = x->team[i].latest < latest ? x->team[i].latest : latest;
    }
    return earliest <= latest;
}

/* The first slot of the visit that nobody in the team has. */
static int32_t open_slot(const explainer *x, int32_t visit, int32_t n)
{
    cr_range slots = x->problem->visits[visit].slots;
    for (int32_t slot = slots.first; slot < slots.first + slots.n; slot++) {
        bool is_taken = false;
        for (int32_t i = 0; i < n; i++)
            is_taken = is_taken || x->team[i].slot == slot;
        if (!is_taken)
            return slot;
    }
    return CR_NONE;
}

static bool team_fits(explainer *x, int32_t visit, int32_t n, team_fn on_team, void *user)
{
    bool stop = try_team(x, x->team, n) && gap_carers_hold(x, visit, x->team, n) &&
                contracts_leave_room(x, x->team, n) && on_team(x, user);
    undo_team(x, x->team, n);
    return stop;
}

bool complete_team(explainer *x, int32_t visit, int32_t n, const placements *candidates, team_fn on_team, void *user)
{
    int32_t slot = open_slot(x, visit, n);
    if (slot == CR_NONE)
        return team_fits(x, visit, n, on_team, user);
    for (int32_t i = 0; i < candidates->n; i++) {
        const placement *next = &candidates->items[i];
        if (next->slot != slot || team_has(x, n, next))
            continue;
        x->team[n] = *next;
        if (!team_may_meet(x, n + 1))
            continue;
        if (explainer_is_out_of_time(x))
            return false;
        if (complete_team(x, visit, n + 1, candidates, on_team, user))
            return true;
    }
    return false;
}

/* Is one of the visit's carers in the team? */
static bool shares_carer(const explainer *x, int32_t visit, const placement *team, int32_t n)
{
    const cr_problem *p = x->problem;
    cr_range slots = p->visits[visit].slots;
    for (int32_t slot = slots.first; slot < slots.first + slots.n; slot++)
        for (int32_t i = 0; i < n; i++)
            if (p->shifts[x->timetable->shift[slot]].carer == p->shifts[team[i].shift].carer)
                return true;
    return false;
}

/* Are all of the visit's carers of the provider of all of the team? */
static bool shares_provider(const explainer *x, int32_t visit, const placement *team, int32_t n)
{
    const cr_problem *p = x->problem;
    cr_range slots = p->visits[visit].slots;
    for (int32_t slot = slots.first; slot < slots.first + slots.n; slot++)
        for (int32_t i = 0; i < n; i++)
            if (p->carers[p->shifts[x->timetable->shift[slot]].carer].provider !=
                p->carers[p->shifts[team[i].shift].carer].provider)
                return false;
    return true;
}

bool gap_carers_hold(const explainer *x, int32_t visit, const placement *team, int32_t n)
{
    const timetable *tt = x->timetable;
    for (int32_t g = tt->gap_first[visit]; g < tt->gap_first[visit + 1]; g++) {
        const cr_gap *gap = &x->problem->gaps[tt->gap_of[g]];
        int32_t other = gap->first == visit ? gap->second : gap->first;
        if (!tt->is_served[other])
            continue;
        if (gap->carers != CR_GAP_ANY && shares_carer(x, other, team, n) != (gap->carers == CR_GAP_SAME))
            return false;
        if (gap->same_provider && !shares_provider(x, other, team, n))
            return false;
    }
    return true;
}
