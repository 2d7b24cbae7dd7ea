/* The checker's questions to each visit (all there, together, at a time allowed, by people who may) and to each gap. */
#include "check_inside.h"

/* ---- all or nothing ---- */

static void add_structure(cr_checking *c, int32_t visit, int64_t is, int64_t should)
{
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = CR_RULE_STRUCTURE;
    breach.visit = visit;
    breach.is = is;
    breach.should = should;
    breach.counts = true;
    cr_checking_add(c, &breach);
}

static int32_t count_served(const cr_checking *c, int32_t visit)
{
    cr_range slots = c->problem->visits[visit].slots;
    int32_t n = 0;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        n += c->served[i].carer != CR_NONE;
    return n;
}

/* Served whole and not on the list, or on the list and in no round. */
static void check_whole(cr_checking *c, int32_t visit)
{
    int32_t wanted = c->bank[visit] ? 0 : c->problem->visits[visit].slots.n;
    int32_t n = count_served(c, visit);
    if (n != wanted)
        add_structure(c, visit, n, wanted);
}

static void read_unallocated(cr_checking *c)
{
    const cr_plan *plan = c->plan;
    for (int32_t k = 0; k < plan->n_unallocated; k++) {
        int32_t visit = plan->unallocated[k];
        if (visit < 0 || visit >= c->problem->n_visits) {
            add_structure(c, CR_NONE, visit, c->problem->n_visits);
            continue;
        }
        if (k > 0 && visit <= plan->unallocated[k - 1]) /* ascending, each once */
            add_structure(c, visit, visit, (int64_t)plan->unallocated[k - 1] + 1);
        c->bank[visit] = true;
    }
}

/* ---- when ---- */

static void add_time(cr_checking *c, cr_rule rule, int32_t slot, int32_t item, int64_t is, int64_t should)
{
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = rule;
    breach.visit = c->problem->slots[slot].visit;
    breach.shift = c->served[slot].shift;
    breach.carer = c->served[slot].carer;
    breach.item = item;
    breach.is = is;
    breach.should = should;
    cr_checking_add(c, &breach);
}

static void check_together(cr_checking *c, int32_t visit, int32_t first, int32_t start)
{
    cr_range slots = c->problem->visits[visit].slots;
    for (int32_t i = first; i < slots.first + slots.n; i++)
        if (c->served[i].carer != CR_NONE && c->served[i].start != start)
            add_time(c, CR_RULE_TOGETHER, i, i, c->served[i].start, start);
}

int32_t cr_checking_nearest(const cr_problem *p, cr_range windows, int32_t start)
{
    int32_t nearest = start;
    int64_t least = INT64_MAX;
    for (int32_t w = windows.first; w < windows.first + windows.n; w++) {
        int32_t open = p->windows[w].open, close = p->windows[w].close;
        int32_t to = start < open ? open : start > close ? close : start;
        int64_t away = to < start ? (int64_t)start - to : (int64_t)to - start;
        if (away < least) {
            least = away;
            nearest = to;
        }
    }
    return nearest;
}

static void check_when(cr_checking *c, int32_t v)
{
    const cr_visit *visit = &c->problem->visits[v];
    int32_t first = visit->slots.first;
    while (first < visit->slots.first + visit->slots.n && c->served[first].carer == CR_NONE)
        first++;
    if (first == visit->slots.first + visit->slots.n)
        return;
    int32_t start = c->served[first].start;
    check_together(c, v, first, start);
    if (visit->locked_start != CR_FREE) {
        if (start != visit->locked_start)
            add_time(c, CR_RULE_LOCKED_START, first, CR_NONE, start, visit->locked_start);
        return;
    }
    int32_t allowed = cr_checking_nearest(c->problem, visit->windows, start);
    if (start != allowed)
        add_time(c, CR_RULE_WINDOW, first, CR_NONE, start, allowed);
}

/* ---- who ---- */

static bool has_id(const cr_problem *p, cr_range ids, int32_t id)
{
    for (int32_t i = ids.first; i < ids.first + ids.n; i++)
        if (p->ids[i] == id)
            return true;
    return false;
}

bool cr_checking_works_patch(const cr_problem *p, int32_t carer, int32_t patch)
{
    cr_range patches = p->carers[carer].patches;
    return patch == CR_NONE || patches.n == 0 || has_id(p, patches, patch);
}

/* CR_NONE: not at all. */
static int32_t best_level(const cr_problem *p, cr_range had, int32_t skill)
{
    int32_t level = CR_NONE;
    for (int32_t i = had.first; i < had.first + had.n; i++)
        if (p->skills[i].skill == skill && p->skills[i].level > level)
            level = p->skills[i].level;
    return level;
}

/* A level may be any number, so "has it at that level" is asked of each line, not of the best. */
static bool has_skill(const cr_problem *p, cr_range had, cr_skill needed)
{
    for (int32_t i = had.first; i < had.first + had.n; i++)
        if (p->skills[i].skill == needed.skill && p->skills[i].level >= needed.level)
            return true;
    return false;
}

/* A rule on persons is broken; with the coordinator's word, if the slot is locked to this carer and accepts it. */
static void add_person(cr_checking *c, cr_rule rule, int32_t bit, int32_t slot, int32_t item, int64_t is,
                       int64_t should)
{
    const cr_slot *s = &c->problem->slots[slot];
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = rule;
    breach.visit = s->visit;
    breach.shift = c->served[slot].shift;
    breach.carer = c->served[slot].carer;
    breach.item = item;
    breach.is = is;
    breach.should = should;
    if (s->locked_carer != CR_NONE && s->locked_carer == breach.carer && (s->accepted & bit))
        cr_checking_accept(c, &breach);
    else
        cr_checking_add(c, &breach);
}

static void check_skills(cr_checking *c, int32_t slot)
{
    const cr_problem *p = c->problem;
    const cr_carer *carer = &p->carers[c->served[slot].carer];
    cr_range needed = p->slots[slot].skills, attributes = p->slots[slot].attributes;
    for (int32_t i = needed.first; i < needed.first + needed.n; i++)
        if (!has_skill(p, carer->skills, p->skills[i]))
            add_person(c, CR_RULE_SKILL, CR_ACCEPT_SKILL, slot, p->skills[i].skill,
                       best_level(p, carer->skills, p->skills[i].skill), p->skills[i].level);
    for (int32_t i = attributes.first; i < attributes.first + attributes.n; i++)
        if (!has_id(p, carer->attributes, p->ids[i]))
            add_person(c, CR_RULE_ATTRIBUTE, CR_ACCEPT_ATTRIBUTE, slot, p->ids[i], 0, 1);
}

static void check_who(cr_checking *c, int32_t slot)
{
    const cr_problem *p = c->problem;
    int32_t carer = c->served[slot].carer;
    if (carer == CR_NONE)
        return;
    check_skills(c, slot);
    if (has_id(p, p->visits[p->slots[slot].visit].forbidden, carer))
        add_time(c, CR_RULE_FORBIDDEN, slot, CR_NONE, 1, 0);
    int32_t patch = p->visits[p->slots[slot].visit].patch;
    if (p->carers[carer].keeps_patches && !cr_checking_works_patch(p, carer, patch))
        add_person(c, CR_RULE_PATCH, CR_ACCEPT_PATCH, slot, CR_NONE, patch, CR_NONE);
    if (p->slots[slot].locked_carer != CR_NONE && p->slots[slot].locked_carer != carer)
        add_time(c, CR_RULE_LOCKED_CARER, slot, CR_NONE, carer, p->slots[slot].locked_carer);
}

/* Told once for each carer, at the first of her slots. */
static void check_different_people(cr_checking *c, int32_t visit)
{
    cr_range slots = c->problem->visits[visit].slots;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++) {
        if (c->served[i].carer == CR_NONE)
            continue;
        int32_t n_before = 0, n = 0;
        for (int32_t k = slots.first; k < slots.first + slots.n; k++) {
            n += c->served[k].carer == c->served[i].carer;
            n_before += k < i && c->served[k].carer == c->served[i].carer;
        }
        if (n > 1 && n_before == 0)
            add_time(c, CR_RULE_SAME_CARER_TWICE, i, CR_NONE, n, 1);
    }
}

/* Told for each carer whose provider is not that of the first. */
static void check_same_provider(cr_checking *c, int32_t visit)
{
    const cr_problem *p = c->problem;
    cr_range slots = p->visits[visit].slots;
    int32_t first = CR_NONE;
    for (int32_t i = slots.first; p->visits[visit].same_provider && i < slots.first + slots.n; i++) {
        if (c->served[i].carer == CR_NONE)
            continue;
        first = first == CR_NONE ? i : first;
        int32_t is = p->carers[c->served[i].carer].provider, should = p->carers[c->served[first].carer].provider;
        if (is != should)
            add_time(c, CR_RULE_SAME_PROVIDER, i, CR_NONE, is, should);
    }
}

void cr_checking_visits(cr_checking *c)
{
    read_unallocated(c);
    for (int32_t v = 0; v < c->problem->n_visits; v++) {
        cr_range slots = c->problem->visits[v].slots;
        check_whole(c, v);
        check_when(c, v);
        for (int32_t i = slots.first; i < slots.first + slots.n; i++)
            check_who(c, i);
        check_different_people(c, v);
        check_same_provider(c, v);
    }
}

/* ---- gaps ---- */

static int32_t longest_slot(const cr_problem *p, int32_t visit)
{
    cr_range slots = p->visits[visit].slots;
    int32_t longest = 0;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (p->slots[i].duration > longest)
            longest = p->slots[i].duration;
    return longest;
}

static bool serves(const cr_checking *c, int32_t visit, int32_t carer)
{
    cr_range slots = c->problem->visits[visit].slots;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (c->served[i].carer == carer)
            return true;
    return false;
}

int32_t cr_checking_in_common(const cr_checking *c, const cr_gap *gap)
{
    cr_range slots = c->problem->visits[gap->first].slots;
    int32_t n = 0;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        n += serves(c, gap->second, c->served[i].carer);
    return n;
}

bool cr_checking_between(const cr_checking *c, const cr_gap *gap, int64_t *ret_between)
{
    int32_t first, second;
    if (!cr_checking_is_served(c, gap->first) || !cr_checking_is_served(c, gap->second) ||
        !cr_checking_start(c, gap->first, &first) || !cr_checking_start(c, gap->second, &second))
        return false;
    *ret_between = (int64_t)second - first;
    if (gap->from == CR_GAP_END_TO_START)
        *ret_between -= longest_slot(c->problem, gap->first);
    return true;
}

static void add_gap(cr_checking *c, cr_rule rule, int32_t g, int64_t is, int64_t should)
{
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = rule;
    breach.visit = c->problem->gaps[g].first;
    breach.other_visit = c->problem->gaps[g].second;
    breach.item = g;
    breach.is = is;
    breach.should = should;
    cr_checking_add(c, &breach);
}

/* Told once a gap: at the first carer of the second visit who is of another provider than one of the first visit's. */
static void check_gap_provider(cr_checking *c, int32_t g)
{
    const cr_problem *p = c->problem;
    cr_range first = p->visits[p->gaps[g].first].slots, second = p->visits[p->gaps[g].second].slots;
    for (int32_t k = second.first; k < second.first + second.n; k++)
        for (int32_t i = first.first; i < first.first + first.n; i++) {
            int32_t is = p->carers[c->served[k].carer].provider, should = p->carers[c->served[i].carer].provider;
            if (is == should)
                continue;
            add_gap(c, CR_RULE_SAME_PROVIDER, g, is, should);
            return;
        }
}

static void check_gap(cr_checking *c, int32_t g)
{
    const cr_gap *gap = &c->problem->gaps[g];
    int64_t between;
    bool has_first = cr_checking_is_served(c, gap->first), has_second = cr_checking_is_served(c, gap->second);
    if (gap->both && has_first != has_second)
        add_gap(c, CR_RULE_BOTH, g, has_first + has_second, 2);
    if (!cr_checking_between(c, gap, &between))
        return;
    if (gap->min != CR_FREE && between < gap->min)
        add_gap(c, CR_RULE_GAP, g, between, gap->min);
    if (gap->max != CR_FREE && between > gap->max)
        add_gap(c, CR_RULE_GAP, g, between, gap->max);
    int32_t n_common = cr_checking_in_common(c, gap);
    if (gap->carers == CR_GAP_SAME && n_common == 0)
        add_gap(c, CR_RULE_GAP_CARERS, g, n_common, 1);
    if (gap->carers == CR_GAP_DIFFERENT && n_common > 0)
        add_gap(c, CR_RULE_GAP_CARERS, g, n_common, 0);
    if (gap->same_provider)
        check_gap_provider(c, g);
}

void cr_checking_gaps(cr_checking *c)
{
    for (int32_t g = 0; g < c->problem->n_gaps; g++)
        check_gap(c, g);
}
