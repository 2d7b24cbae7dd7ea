/* Why each carer is shut out: the first rule in the order of cr_reason, so that the counts add up to all carers.
 *
 * A carer of a double-up is judged by the slot that lets her come furthest. Rules on persons look at the input only,
 * "no shift" at one empty shift, "no time" at the plan as it stands.
 */
#include "cost.h"
#include "explain_internal.h"

#include <stdlib.h>

#define LAYOUTS_MOST 64 /* of one slot in one shift, kept to build teams from */

/* ---- rules on persons ---- */

bool carer_has_skill(const cr_problem *p, int32_t carer, cr_skill needed)
{
    return has_skill(p, p->carers[carer].skills, needed);
}

bool carer_has_attribute(const cr_problem *p, int32_t carer, int32_t needed)
{
    return has_id(p, p->carers[carer].attributes, needed);
}

bool carers_may_meet(const cr_problem *p, int32_t visit, int32_t carer, int32_t other)
{
    return !p->visits[visit].same_provider || p->carers[carer].provider == p->carers[other].provider;
}

cr_reason person_rule(const cr_problem *p, int32_t slot_idx, int32_t carer)
{
    const cr_slot *slot = &p->slots[slot_idx];
    const cr_visit *visit = &p->visits[slot->visit];
    if (visit->place == CR_NONE && !visit->is_anywhere)
        return CR_REASON_NO_POSITION;
    if (slot->locked_carer != CR_NONE && slot->locked_carer != carer)
        return CR_REASON_LOCK;
    if (has_id(p, visit->forbidden, carer))
        return CR_REASON_FORBIDDEN;
    for (int32_t i = slot->skills.first; i < slot->skills.first + slot->skills.n; i++)
        if (!(slot->accepted & CR_ACCEPT_SKILL) && !carer_has_skill(p, carer, p->skills[i]))
            return CR_REASON_SKILL;
    for (int32_t i = slot->attributes.first; i < slot->attributes.first + slot->attributes.n; i++)
        if (!(slot->accepted & CR_ACCEPT_ATTRIBUTE) && !carer_has_attribute(p, carer, p->ids[i]))
            return CR_REASON_ATTRIBUTE;
    if (p->carers[carer].keeps_patches && !(slot->accepted & CR_ACCEPT_PATCH) && is_off_patch(p, visit, carer))
        return CR_REASON_PATCH;
    return CR_REASON_N;
}

/* ---- rules on shifts ---- */

/* The first rule up to most work that keeps the carer from the slot; CR_REASON_NO_TIME when only time is left. */
static cr_reason rule_before_time(const explainer *x, int32_t slot, int32_t carer)
{
    cr_reason reason = person_rule(x->problem, slot, carer);
    if (reason != CR_REASON_N)
        return reason;
    reason = CR_REASON_NO_SHIFT;
    for (int32_t i = x->carer_first[carer]; i < x->carer_first[carer + 1]; i++) {
        if (!fits_alone(x, slot, x->carer_shifts[i]))
            continue;
        if (!has_rest(x, x->carer_shifts[i]))
            reason = reason > CR_REASON_REST ? reason : CR_REASON_REST;
        else {
            cr_reason by_limits = limits_reason(x, slot, x->carer_shifts[i]);
            if (by_limits == CR_REASON_NO_TIME)
                return CR_REASON_NO_TIME;
            reason = reason > by_limits ? reason : by_limits;
        }
    }
    return reason;
}

/* ---- rules on the plan as it stands ---- */

static bool accept(explainer *x, void *user)
{
    return true;
}

/* Is there a team with her in it? */
static bool has_team(explainer *x, int32_t visit, const placements *candidates, int32_t carer)
{
    for (int32_t i = 0; i < candidates->n; i++) {
        if (x->problem->shifts[candidates->items[i].shift].carer != carer)
            continue;
        x->team[0] = candidates->items[i];
        if (complete_team(x, visit, 1, candidates, accept, NULL))
            return true;
    }
    return false;
}

static cr_status gather_for_carer(explainer *x, int32_t slot, int32_t carer, placements *candidates)
{
    cr_status st = CR_OK;
    for (int32_t i = x->carer_first[carer]; !st && i < x->carer_first[carer + 1]; i++)
        st = gather_placements(x, slot, x->carer_shifts[i], LAYOUTS_MOST, candidates);
    return st;
}

/* Her furthest reason before teams are looked at: CR_REASON_PARTNER stands for "alone she could". */
static cr_status judge_alone(explainer *x, int32_t visit, int32_t carer, placements *candidates, cr_reason *ret_reason)
{
    cr_range slots = x->problem->visits[visit].slots;
    cr_reason furthest = CR_REASON_NO_POSITION;
    int32_t n_before = candidates->n;
    for (int32_t slot = slots.first; slot < slots.first + slots.n; slot++) {
        cr_reason reason = rule_before_time(x, slot, carer);
        furthest = reason > furthest ? reason : furthest;
        /* Also without a shift in which it fits alone: where a detour is the shorter way it may fit between others. */
        cr_status st = reason >= CR_REASON_NO_SHIFT ? gather_for_carer(x, slot, carer, candidates) : CR_OK;
        if (st)
            return st;
    }
    *ret_reason = candidates->n > n_before ? CR_REASON_PARTNER : furthest;
    return CR_OK;
}

bool lacks_other_half(const explainer *x, int32_t visit)
{
    const timetable *tt = x->timetable;
    for (int32_t i = tt->gap_first[visit]; i < tt->gap_first[visit + 1]; i++) {
        const cr_gap *gap = &x->problem->gaps[tt->gap_of[i]];
        if (gap->both && !tt->is_served[gap->first == visit ? gap->second : gap->first])
            return true;
    }
    return false;
}

/* A visit of one carer has no partner to miss: what then fails is a gap that asks for another carer. */
static cr_reason judge_team(explainer *x, int32_t visit, int32_t carer, const placements *candidates)
{
    if (lacks_other_half(x, visit))
        return CR_REASON_PARTNER;
    if (has_team(x, visit, candidates, carer))
        return CR_REASON_FITS;
    return x->problem->visits[visit].slots.n > 1 ? CR_REASON_PARTNER : CR_REASON_NO_TIME;
}

static cr_status count_reasons(explainer *x, cr_explanation *explanation, cr_reason *reasons, placements *candidates)
{
    int32_t visit = explanation->visit, n_carers = x->problem->n_carers;
    for (int32_t c = 0; c < n_carers; c++) {
        cr_status st = judge_alone(x, visit, c, candidates, &reasons[c]);
        if (st)
            return st;
    }
    for (int32_t c = 0; c < n_carers; c++) {
        if (reasons[c] == CR_REASON_PARTNER)
            reasons[c] = judge_team(x, visit, c, candidates);
        explanation->count[reasons[c]]++;
    }
    return CR_OK;
}

/* ---- pairs ---- */

/* Which of the visit's slots may she do by the rules on persons? One bit a slot, the first 31. */
static uint32_t slots_open_to(const cr_problem *p, int32_t visit, int32_t carer)
{
    cr_range slots = p->visits[visit].slots;
    uint32_t open = 0;
    for (int32_t k = 0; k < slots.n && k < 31; k++)
        if (person_rule(p, slots.first + k, carer) == CR_REASON_N)
            open |= UINT32_C(1) << k;
    return open;
}

/* Two different slots for the two of them: not both tied to the same one. */
static bool pair_would_do(uint32_t a, uint32_t b)
{
    return a && b && !(a == b && (a & (a - 1)) == 0);
}

static cr_status count_pairs(const explainer *x, cr_explanation *explanation)
{
    const cr_problem *p = x->problem;
    if (p->visits[explanation->visit].slots.n < 2)
        return CR_OK;
    uint32_t *open = malloc(((size_t)p->n_carers + 1) * sizeof *open);
    if (!open)
        return CR_E_NOMEM;
    for (int32_t c = 0; c < p->n_carers; c++) {
        open[c] = slots_open_to(p, explanation->visit, c);
        for (int32_t other = 0; other < c; other++)
            explanation->n_pairs +=
                pair_would_do(open[c], open[other]) && carers_may_meet(p, explanation->visit, c, other);
    }
    free(open);
    return CR_OK;
}

cr_status explain_reasons(explainer *x, cr_explanation *explanation)
{
    placements candidates = {0};
    cr_reason *reasons = malloc(((size_t)x->problem->n_carers + 1) * sizeof *reasons);
    if (!reasons)
        return CR_E_NOMEM;
    cr_status st = count_reasons(x, explanation, reasons, &candidates);
    free(reasons);
    placements_done(&candidates);
    return st ? st : count_pairs(x, explanation);
}
