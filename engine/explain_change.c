/* The smallest change that would place a visit, by insertion into the plan as it stands.
 *
 * First nothing at all, then one skill or attribute more (0 ticks), then wider windows and shifts by as few steps as
 * possible. Wider never shuts out what fitted before, so the least number of steps is found by halving. All changes of
 * that size make proposals; the most promising are priced exactly, and the cheapest that the checker passes wins.
 */
#include "explain_internal.h"

#include <stdlib.h>
#include <string.h>

#define PRICED_MOST 12 /* proposals of the least size that are priced exactly */

/* A change, the team that would then come, and a guess at the cost. */
typedef struct proposal {
    cr_change change;
    int64_t estimate;
    placement *team; /* n_slots of the visit */
} proposal;

typedef struct search {
    explainer *x;
    int32_t visit;
    placements as_is; /* where the visit's slots could go alone, without a change */
    cr_change change; /* being tried */
    bool only_ask;    /* whether any team fits; otherwise note proposals */
    int32_t n;        /* proposals, best estimate first */
    proposal proposals[PRICED_MOST];
} search;

bool change_is_smaller(const cr_change *a, const cr_change *b)
{
    bool a_is_nothing = a->kind == CR_CHANGE_NOTHING, b_is_nothing = b->kind == CR_CHANGE_NOTHING;
    if (a_is_nothing != b_is_nothing)
        return a_is_nothing;
    if (a->ticks != b->ticks)
        return a->ticks < b->ticks;
    if (a->cost != b->cost)
        return a->cost < b->cost;
    if (a->kind != b->kind)
        return a->kind < b->kind;
    if (a->shift != b->shift)
        return a->shift < b->shift;
    if (a->carer != b->carer)
        return a->carer < b->carer;
    if (a->window != b->window)
        return a->window < b->window;
    return a->kind == CR_CHANGE_SKILL ? a->skill < b->skill : a->attribute < b->attribute;
}

/* ---- proposals ---- */

cr_change no_change(cr_change_kind kind)
{
    return (cr_change){.kind = kind,
                       .window = CR_NONE,
                       .shift = CR_NONE,
                       .carer = CR_NONE,
                       .skill = CR_NONE,
                       .level = CR_NONE,
                       .attribute = CR_NONE,
                       .with_carer = CR_NONE,
                       .start = CR_FREE};
}

static int64_t estimate_team(const explainer *x, const placement *team, int32_t n)
{
    int64_t cost = 0;
    for (int32_t i = 0; i < n; i++)
        cost += detour_of(x, team[i].slot, team[i].shift, team[i].after).cost;
    return cost;
}

static bool is_better_proposal(const search *s, int64_t estimate, const proposal *than)
{
    if (s->change.ticks != than->change.ticks)
        return s->change.ticks < than->change.ticks;
    return estimate < than->estimate; /* equal: first come, first kept, in the order of the changes */
}

/* Keep the best few, sorted; the memory of the one that falls off is used again. */
static void note_proposal(search *s, int64_t estimate)
{
    int32_t n_slots = s->x->problem->visits[s->visit].slots.n, at = s->n;
    if (s->n == PRICED_MOST && !is_better_proposal(s, estimate, &s->proposals[s->n - 1]))
        return;
    if (s->n < PRICED_MOST)
        s->n++;
    else
        at--;
    placement *team = s->proposals[at].team;
    for (; at > 0 && is_better_proposal(s, estimate, &s->proposals[at - 1]); at--)
        s->proposals[at] = s->proposals[at - 1];
    s->proposals[at] = (proposal){s->change, estimate, team};
    memcpy(team, s->x->team, (size_t)n_slots * sizeof *team);
}

static bool team_found(explainer *x, void *user)
{
    search *s = user;
    if (s->only_ask)
        return true;
    note_proposal(s, estimate_team(x, x->team, x->problem->visits[s->visit].slots.n));
    return false;
}

static bool teams_with(search *s, const placements *seeds, const placements *others)
{
    for (int32_t i = 0; i < seeds->n; i++) {
        s->x->team[0] = seeds->items[i];
        if (complete_team(s->x, s->visit, 1, others, team_found, s))
            return true;
    }
    return false;
}

/* ---- one change at a time ---- */

#define LAYOUTS_MOST 64 /* of one slot in one shift */

/* Every place for the slots of the visit in one shift, if its carer may come. */
static cr_status gather_shift(search *s, int32_t shift, placements *found)
{
    explainer *x = s->x;
    cr_range slots = x->problem->visits[s->visit].slots;
    int32_t carer = x->problem->shifts[shift].carer;
    for (int32_t slot = slots.first; slot < slots.first + slots.n; slot++)
        if (person_rule(x->problem, slot, carer) == CR_REASON_N) {
            cr_status st = gather_placements(x, slot, shift, LAYOUTS_MOST, found);
            if (st)
                return st;
        }
    return CR_OK;
}

static cr_status gather_all(search *s, placements *found)
{
    cr_status st = CR_OK;
    for (int32_t shift = 0; !st && shift < s->x->problem->n_shifts; shift++)
        st = gather_shift(s, shift, found);
    return st;
}

/* A wider window: everybody may come at other times. A wider shift: one of the team comes in it, the others as the plan
 * stands. */
static cr_status try_wider(search *s, int32_t n_steps, bool *ret_found)
{
    placements found = {0};
    bool is_window = s->change.window != CR_NONE;
    s->change.ticks = n_steps * s->x->options->step;
    change_widen(s->x->problem, &s->change, s->change.ticks);
    cr_status st = is_window ? gather_all(s, &found) : gather_shift(s, s->change.shift, &found);
    if (!st)
        *ret_found =
            is_window ? complete_team(s->x, s->visit, 0, &found, team_found, s) : teams_with(s, &found, &s->as_is);
    change_widen(s->x->problem, &s->change, -s->change.ticks);
    placements_done(&found);
    return st;
}

/* ---- a skill or an attribute more ---- */

/* Does she lack exactly one thing for the slot? Then that is the change. The same skill at two levels is one thing. */
static bool lacks_one(const cr_problem *p, int32_t slot_idx, int32_t carer_idx, cr_change *ret_change)
{
    const cr_slot *slot = &p->slots[slot_idx];
    cr_change change = no_change(CR_CHANGE_NONE);
    change.carer = carer_idx;
    for (int32_t i = slot->skills.first; i < slot->skills.first + slot->skills.n; i++) {
        cr_skill needed = p->skills[i];
        if ((slot->accepted & CR_ACCEPT_SKILL) || carer_has_skill(p, carer_idx, needed))
            continue;
        if (change.kind != CR_CHANGE_NONE && change.skill != needed.skill)
            return false;
        change.kind = CR_CHANGE_SKILL;
        change.skill = needed.skill;
        change.level = needed.level > change.level ? needed.level : change.level;
    }
    for (int32_t i = slot->attributes.first; i < slot->attributes.first + slot->attributes.n; i++) {
        int32_t needed = p->ids[i];
        if ((slot->accepted & CR_ACCEPT_ATTRIBUTE) || carer_has_attribute(p, carer_idx, needed) ||
            (change.kind == CR_CHANGE_ATTRIBUTE && change.attribute == needed))
            continue;
        if (change.kind != CR_CHANGE_NONE)
            return false;
        change.kind = CR_CHANGE_ATTRIBUTE;
        change.attribute = needed;
    }
    *ret_change = change;
    return change.kind != CR_CHANGE_NONE;
}

static cr_status propose_for_carer(search *s, int32_t slot, int32_t carer)
{
    explainer *x = s->x;
    cr_reason rule = person_rule(x->problem, slot, carer);
    if ((rule != CR_REASON_SKILL && rule != CR_REASON_ATTRIBUTE) || !lacks_one(x->problem, slot, carer, &s->change))
        return CR_OK;
    placements seeds = {0};
    cr_status st = CR_OK;
    for (int32_t i = x->carer_first[carer]; !st && i < x->carer_first[carer + 1]; i++)
        st = gather_placements(x, slot, x->carer_shifts[i], LAYOUTS_MOST, &seeds);
    if (!st)
        teams_with(s, &seeds, &s->as_is);
    placements_done(&seeds);
    return st;
}

/* Only with the skill in one slot: a carer who gains entry to several shows up once for each. */
static cr_status propose_learning(search *s)
{
    const cr_problem *p = s->x->problem;
    cr_range slots = p->visits[s->visit].slots;
    cr_status st = CR_OK;
    for (int32_t slot = slots.first; !st && slot < slots.first + slots.n; slot++)
        for (int32_t carer = 0; !st && carer < p->n_carers; carer++)
            st = propose_for_carer(s, slot, carer);
    return st;
}

/* ---- wider windows and shifts ---- */

int32_t explain_room_beside(const explainer *x, int32_t shift, cr_change_kind kind)
{
    const cr_problem *p = x->problem;
    int32_t carer = p->shifts[shift].carer, room = INT32_MAX;
    if (kind == CR_CHANGE_SHIFT_EARLIER && p->as_of != CR_FREE) /* nobody begins before now */
        room = p->shifts[shift].begin > p->as_of ? p->shifts[shift].begin - p->as_of : 0;
    for (int32_t i = x->carer_first[carer]; i < x->carer_first[carer + 1]; i++) {
        const cr_shift *other = &p->shifts[x->carer_shifts[i]];
        int32_t between =
            kind == CR_CHANGE_SHIFT_EARLIER ? p->shifts[shift].begin - other->end : other->begin - p->shifts[shift].end;
        if (x->carer_shifts[i] != shift && between >= 0 && between < room)
            room = between;
    }
    return room;
}

typedef cr_status (*widening_fn)(search *s, int32_t n_steps, int32_t *best);

/* Each widening there is, in the documented order. */
static cr_status each_widening(search *s, widening_fn widen, int32_t *best)
{
    const explainer *x = s->x;
    const cr_problem *p = x->problem;
    const cr_visit *v = &p->visits[s->visit];
    int32_t most = x->options->most / x->options->step;
    cr_status st = CR_OK;
    if (v->locked_start == CR_FREE) /* a lock is the coordinator's decision: no window would matter */
        for (int32_t k = CR_CHANGE_WINDOW_EARLIER; k <= CR_CHANGE_WINDOW_LATER; k++)
            for (int32_t w = v->windows.first; !st && w < v->windows.first + v->windows.n; w++) {
                s->change = no_change(k);
                s->change.window = w;
                st = widen(s, most, best);
            }
    for (int32_t k = CR_CHANGE_SHIFT_EARLIER; k <= CR_CHANGE_SHIFT_LATER; k++)
        for (int32_t shift = 0; !st && shift < p->n_shifts; shift++) {
            if (p->shifts[shift].crew != CR_NONE)
                continue; /* the other's would have to be another too */
            int32_t room = explain_room_beside(x, shift, k) / x->options->step;
            s->change = no_change(k);
            s->change.shift = shift;
            s->change.carer = p->shifts[shift].carer;
            st = widen(s, room < most ? room : most, best);
        }
    return st;
}

/* Would this one do with fewer steps than the best so far, and how few? */
static cr_status find_least(search *s, int32_t n_steps, int32_t *best)
{
    int32_t too_few = 0, enough = n_steps < *best - 1 ? n_steps : *best - 1;
    bool found = false;
    cr_status st = enough > 0 ? try_wider(s, enough, &found) : CR_OK;
    if (st || !found)
        return st;
    while (!st && enough - too_few > 1) {
        int32_t middle = (too_few + enough) / 2;
        st = try_wider(s, middle, &found);
        if (found)
            enough = middle;
        else
            too_few = middle;
    }
    *best = enough;
    return st;
}

static cr_status propose_at_least(search *s, int32_t n_steps, int32_t *best)
{
    bool found;
    return n_steps < *best ? CR_OK : try_wider(s, *best, &found);
}

static cr_status propose_wider(search *s)
{
    const cr_explain_options *options = s->x->options;
    if (options->step <= 0 || options->most < options->step)
        return CR_OK;
    int32_t none = options->most / options->step + 1, best = none;
    s->only_ask = true;
    cr_status st = each_widening(s, find_least, &best);
    s->only_ask = false;
    return st || best == none ? st : each_widening(s, propose_at_least, &best);
}

/* ---- the cheapest of the smallest ---- */

/* The trial again, with the change in place. */
static cr_status price_proposal(search *s, const proposal *offer, cr_plan **ret_plan)
{
    explainer *x = s->x;
    int32_t n = x->problem->visits[s->visit].slots.n;
    cr_status st = CR_E_INTERNAL; /* it fitted a moment ago */
    change_widen(x->problem, &offer->change, offer->change.ticks);
    if (try_team(x, offer->team, n))
        st = price_trial(x, s->visit, ret_plan);
    undo_team(x, offer->team, n);
    change_widen(x->problem, &offer->change, -offer->change.ticks);
    return st;
}

/* Who does the first slot of the visit in the plan, and when? */
static void note_who_and_when(const cr_problem *p, int32_t visit, const cr_plan *plan, cr_change *change)
{
    for (int32_t r = 0; r < plan->n_rounds; r++)
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            const cr_stop *stop = &plan->stops[plan->rounds[r].stops.first + k];
            if (stop->slot != p->visits[visit].slots.first)
                continue;
            change->with_carer = p->shifts[plan->rounds[r].shift].carer;
            change->start = stop->start;
        }
}

cr_status offer_change(const explainer *x, const cr_change *change, cr_plan **plan, cr_explanation *explanation)
{
    cr_change offered = *change;
    bool is_sound = false;
    cr_status st = verify_change(x, explanation->visit, *plan, &offered, &is_sound);
    if (st || !is_sound)
        return st;
    if (explanation->change.kind != CR_CHANGE_NONE && !change_is_smaller(&offered, &explanation->change))
        return CR_OK;
    note_who_and_when(x->problem, explanation->visit, *plan, &offered);
    if ((st = count_moved(x, explanation->visit, *plan, &offered.n_moved)))
        return st;
    explanation->change = offered;
    cr_plan_free(explanation->plan);
    explanation->plan = cr_plan_take(plan);
    return CR_OK;
}

/* Price the proposals exactly; the first is priced however late it is. */
static cr_status settle(search *s, cr_explanation *explanation)
{
    for (int32_t i = 0; i < s->n; i++) {
        cr_auto(cr_plan) plan = NULL;
        if (i > 0 && explainer_is_out_of_time(s->x))
            break;
        cr_status st = price_proposal(s, &s->proposals[i], &plan);
        if (st || (st = offer_change(s->x, &s->proposals[i].change, &plan, explanation)))
            return st;
    }
    s->n = 0;
    return CR_OK;
}

static cr_status propose_nothing(search *s)
{
    s->change = no_change(CR_CHANGE_NOTHING);
    complete_team(s->x, s->visit, 0, &s->as_is, team_found, s);
    return CR_OK;
}

static cr_status find_smallest(search *s, cr_explanation *explanation)
{
    static cr_status (*const propose[])(search *) = {propose_nothing, propose_learning, propose_wider};
    cr_status st = gather_all(s, &s->as_is);
    for (size_t i = 0; i < sizeof propose / sizeof *propose; i++) {
        if (st || explanation->change.kind != CR_CHANGE_NONE)
            return st;
        st = propose[i](s);
        if (!st)
            st = settle(s, explanation);
    }
    return st;
}

cr_status explain_change(explainer *x, cr_explanation *explanation)
{
    explanation->change = no_change(CR_CHANGE_NONE);
    const cr_visit *visit = &x->problem->visits[explanation->visit];
    if ((visit->place == CR_NONE && !visit->is_anywhere) || lacks_other_half(x, explanation->visit))
        return CR_OK;
    search s = {.x = x, .visit = explanation->visit};
    placement *teams = calloc((size_t)visit->slots.n * PRICED_MOST, sizeof *teams);
    if (!teams)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < PRICED_MOST; i++)
        s.proposals[i].team = teams + (ptrdiff_t)i * visit->slots.n;
    cr_status st = find_smallest(&s, explanation);
    placements_done(&s.as_is);
    free(teams);
    return st;
}
