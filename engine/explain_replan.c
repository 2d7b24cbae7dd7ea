/* The smallest change when the other visits may get other carers and orders too.
 *
 * On tiny days every plan is tried for every change that is not larger than what insertion found: what is left then is
 * the smallest, and proved so. On others a short search tries what it can (explain_search.c).
 */
#include "explain_internal.h"

#include <stdlib.h>

#define NODES_MOST INT64_C(30000000) /* of all plans tried for one visit; a few seconds */

typedef struct replan {
    explainer *x;
    cr_explanation *explanation;
    bool *is_wanted; /* by visit: served before, or the one to place, or needed by it */
    int64_t n_nodes; /* left */
} replan;

static bool has_change(const replan *r)
{
    return r->explanation->change.kind != CR_CHANGE_NONE;
}

/* The cheapest plan with this change, if it makes the change the smallest so far. */
static cr_status offer_cheapest(replan *r, const cr_change *change)
{
    explainer *x = r->x;
    const cr_change *best = &r->explanation->change;
    cr_auto(cr_problem) changed = NULL;
    cr_auto(exact) e = NULL;
    cr_auto(cr_plan) plan = NULL;
    cr_status st = cr_explain_apply(x->given, r->explanation->visit, change, &changed);
    if (st == CR_E_INPUT)
        return CR_OK; /* not a problem any more: a shift would run into another */
    bool is_rival = has_change(r) && best->ticks == change->ticks && change->kind != CR_CHANGE_NOTHING;
    int64_t below = is_rival ? x->cost.total + best->cost : INT64_MAX;
    if (st || (st = exact_new(changed, r->is_wanted, &e)) || (st = exact_solve(e, below, false, &r->n_nodes, &plan)))
        return st;
    return plan ? offer_change(x, change, &plan, r->explanation) : CR_OK;
}

/* Is there any plan at all with this change? */
static cr_status is_enough(replan *r, const cr_change *change, bool *ret_enough)
{
    cr_auto(cr_problem) changed = NULL;
    cr_auto(exact) e = NULL;
    cr_auto(cr_plan) plan = NULL;
    cr_status st = cr_explain_apply(r->x->given, r->explanation->visit, change, &changed);
    *ret_enough = false;
    if (st == CR_E_INPUT)
        return CR_OK;
    if (st || (st = exact_new(changed, r->is_wanted, &e)) || (st = exact_solve(e, INT64_MAX, true, &r->n_nodes, &plan)))
        return st;
    *ret_enough = plan != NULL;
    return CR_OK;
}

/* ---- a skill or an attribute more: whatever any wanted visit needs and she lacks ---- */

static cr_status learn_skill(replan *r, int32_t slot, int32_t carer)
{
    const cr_problem *p = r->x->given;
    cr_range skills = p->slots[slot].skills;
    cr_status st = CR_OK;
    for (int32_t i = skills.first; !st && i < skills.first + skills.n; i++)
        if (!carer_has_skill(p, carer, p->skills[i])) {
            cr_change change = no_change(CR_CHANGE_SKILL);
            change.carer = carer;
            change.skill = p->skills[i].skill;
            change.level = p->skills[i].level;
            st = offer_cheapest(r, &change);
        }
    return st;
}

static cr_status learn_attribute(replan *r, int32_t slot, int32_t carer)
{
    const cr_problem *p = r->x->given;
    cr_range attributes = p->slots[slot].attributes;
    cr_status st = CR_OK;
    for (int32_t i = attributes.first; !st && i < attributes.first + attributes.n; i++)
        if (!carer_has_attribute(p, carer, p->ids[i])) {
            cr_change change = no_change(CR_CHANGE_ATTRIBUTE);
            change.carer = carer;
            change.attribute = p->ids[i];
            st = offer_cheapest(r, &change);
        }
    return st;
}

typedef cr_status (*learn_fn)(replan *r, int32_t slot, int32_t carer);

/* The same thing asked by two slots is tried twice; the second time the bound ends it at once. */
static cr_status learn_each(replan *r, learn_fn learn)
{
    const cr_problem *p = r->x->given;
    cr_status st = CR_OK;
    for (int32_t carer = 0; carer < p->n_carers; carer++)
        for (int32_t slot = 0; !st && slot < p->n_slots; slot++)
            if (r->is_wanted[p->slots[slot].visit])
                st = learn(r, slot, carer);
    return st;
}

/* ---- wider windows and shifts ---- */

typedef cr_status (*widen_fn)(replan *r, cr_change *change, int32_t *steps);

static cr_status widen_each(replan *r, widen_fn widen, int32_t *steps)
{
    const cr_problem *p = r->x->given;
    const cr_visit *v = &p->visits[r->explanation->visit];
    cr_status st = CR_OK;
    for (int32_t k = CR_CHANGE_WINDOW_EARLIER; v->locked_start == CR_FREE && k <= CR_CHANGE_WINDOW_LATER; k++)
        for (int32_t w = v->windows.first; !st && w < v->windows.first + v->windows.n; w++) {
            cr_change change = no_change((cr_change_kind)k);
            change.window = w;
            st = widen(r, &change, steps);
        }
    for (int32_t k = CR_CHANGE_SHIFT_EARLIER; k <= CR_CHANGE_SHIFT_LATER; k++)
        for (int32_t s = 0; !st && s < p->n_shifts; s++) {
            cr_change change = no_change((cr_change_kind)k);
            change.shift = s;
            change.carer = p->shifts[s].carer;
            st = widen(r, &change, steps);
        }
    return st;
}

/* By how many steps may it be wider? */
static int32_t steps_most(const replan *r, const cr_change *change)
{
    return change->shift == CR_NONE ? INT32_MAX
                                    : explain_room_beside(r->x, change->shift, change->kind) / r->x->options->step;
}

/* Down from fewer steps than the best as long as it is enough. Mostly it is not, and one trial says so. */
static cr_status fewer_steps(replan *r, cr_change *change, int32_t *steps)
{
    int32_t step = r->x->options->step, most = steps_most(r, change);
    for (bool enough = true; enough && *steps > 1 && most > 0;) {
        int32_t tried = *steps - 1 < most ? *steps - 1 : most;
        change->ticks = tried * step;
        cr_status st = is_enough(r, change, &enough);
        if (st)
            return st;
        if (enough)
            *steps = tried;
    }
    return CR_OK;
}

static cr_status at_these_steps(replan *r, cr_change *change, int32_t *steps)
{
    if (*steps > steps_most(r, change))
        return CR_OK;
    change->ticks = *steps * r->x->options->step;
    return offer_cheapest(r, change);
}

static cr_status widen(replan *r)
{
    const cr_explain_options *options = r->x->options;
    if (options->step <= 0 || options->most < options->step)
        return CR_OK;
    int32_t most = options->most / options->step;
    int32_t steps = has_change(r) ? r->explanation->change.ticks / options->step : most + 1;
    cr_status st = widen_each(r, fewer_steps, &steps);
    return st || steps > most ? st : widen_each(r, at_these_steps, &steps);
}

/* ---- the whole ---- */

static cr_status try_every_plan(replan *r)
{
    cr_change nothing = no_change(CR_CHANGE_NOTHING);
    cr_status st = offer_cheapest(r, &nothing);
    if (!st && r->explanation->change.kind != CR_CHANGE_NOTHING && !(st = learn_each(r, learn_skill)) &&
        !(st = learn_each(r, learn_attribute)) && (!has_change(r) || r->explanation->change.ticks > 0))
        st = widen(r);
    r->explanation->change.is_smallest = !st && r->n_nodes > 0;
    return st;
}

/* Visits that are served both or neither are wanted together. */
static void want_other_halves(const cr_problem *p, bool *is_wanted)
{
    for (bool is_done = false; !is_done;) {
        is_done = true;
        for (int32_t g = 0; g < p->n_gaps; g++) {
            const cr_gap *gap = &p->gaps[g];
            if (!gap->both || is_wanted[gap->first] == is_wanted[gap->second])
                continue;
            is_wanted[gap->first] = is_wanted[gap->second] = true;
            is_done = false;
        }
    }
}

cr_status explain_replan(explainer *x, cr_explanation *explanation)
{
    if (x->is_cut_short) /* before it began */
        return CR_OK;
    replan r = {.x = x, .explanation = explanation, .n_nodes = NODES_MOST};
    r.is_wanted = malloc((size_t)x->given->n_visits + 1);
    if (!r.is_wanted)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < x->given->n_visits; v++)
        r.is_wanted[v] = x->timetable->is_served[v] || v == explanation->visit;
    want_other_halves(x->given, r.is_wanted);
    cr_status st =
        exact_can_do(x->given, r.is_wanted) ? try_every_plan(&r) : explain_search(x, explanation, r.is_wanted);
    free(r.is_wanted);
    return st;
}
