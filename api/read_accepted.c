/* Accepted breaches: what the coordinator lets a plan break, how far, who said so, when and why.
 *
 * Rules on persons are broken by the carer of a lock. The others are made wider by what was accepted; the records keep
 * how much, and build_problem.c tells the checker what the rule was.
 */
#include "columns.h"
#include "reading.h"
#include "value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CANDIDATES  2000
#define UP_TO_MOST  (12 * 3600)
#define VISITS_MOST 1000
#define MILES_LEAST 0.1
#define MILES_MOST  1000

/* ---- who and what a row names ---- */

/* The text of a column that only some rules need; NULL: it is missing. */
static const char *needed(const row *at, int32_t column)
{
    const char *text = row_text(at, column);
    if (!*text)
        row_error(at, column, "is empty, but this rule needs it");
    return *text ? text : NULL;
}

static int32_t find_id(day_reading *r, const row *at, int32_t column, const name_index *index, const char *what,
                       const char *const *ids, int32_t n)
{
    const char *id = needed(at, column);
    int32_t found = id ? name_index_get(index, id) : CR_NONE;
    if (id && found == CR_NONE)
        row_error(at, column, "no such %s%s", what, findings_hint(r->findings, id, ids, n));
    return found;
}

static int32_t find_visit(day_reading *r, const row *at, int32_t column)
{
    const char *ids[CANDIDATES];
    int32_t n = r->n_visits < CANDIDATES ? r->n_visits : CANDIDATES;
    for (int32_t i = 0; i < n; i++)
        ids[i] = r->visits[i].visit_id;
    return find_id(r, at, column, r->visit_index, "visit", ids, n);
}

static int32_t find_carer(day_reading *r, const row *at)
{
    const char *ids[CANDIDATES];
    int32_t n = r->n_carers < CANDIDATES ? r->n_carers : CANDIDATES;
    for (int32_t i = 0; i < n; i++)
        ids[i] = r->carers[i].carer_id;
    return find_id(r, at, ACCEPTED_CARER, r->carer_index, "carer in carers.csv", ids, n);
}

/* By its id, or the only one of a carer. */
static int32_t find_shift(day_reading *r, const row *at)
{
    const char *ids[CANDIDATES];
    int32_t n = r->n_shifts < CANDIDATES ? r->n_shifts : CANDIDATES;
    for (int32_t i = 0; i < n; i++)
        ids[i] = r->shifts[i].shift_id;
    if (*row_text(at, ACCEPTED_SHIFT))
        return find_id(r, at, ACCEPTED_SHIFT, r->shift_index, "shift in carers.csv", ids, n);
    int32_t carer = find_carer(r, at);
    if (carer >= 0 && r->carers[carer].n_shifts != 1)
        row_error(at, ACCEPTED_SHIFT, "is empty, but '%s' has %d shifts; name the one", r->carers[carer].carer_id,
                  r->carers[carer].n_shifts);
    return carer >= 0 && r->carers[carer].n_shifts == 1 ? r->carers[carer].last_shift : CR_NONE;
}

static int32_t read_up_to(const row *at)
{
    int32_t s = 0;
    if (needed(at, ACCEPTED_UP_TO))
        row_duration(at, ACCEPTED_UP_TO, 60, UP_TO_MOST, &s);
    return s;
}

/* ---- rules on persons: the carer of a lock ---- */

static bool accept_in(visit_record *visit, int32_t carer, int32_t bit)
{
    for (int32_t k = 0; k < visit->n_carers; k++)
        if (visit->locked[k] == carer) {
            visit->accepted[k] |= bit;
            return true;
        }
    return false;
}

/* The lock that it belongs to, of the visit or of its second carer's part. */
static void accept_person(day_reading *r, const row *at, accepted_record *a, int32_t bit)
{
    a->visit = find_visit(r, at, ACCEPTED_VISIT);
    a->carer = find_carer(r, at);
    if (a->visit < 0 || a->carer < 0 || row_is_bad(at))
        return;
    int32_t part = part_of_visit(r, a->visit);
    if (accept_in(&r->visits[a->visit], a->carer, bit))
        return;
    if (part != CR_NONE && accept_in(&r->visits[part], a->carer, bit))
        a->visit = part;
    else
        row_error(at, ACCEPTED_CARER,
                  "visit '%s' is not locked to her; lock it first (lock_carer), for only a lock can break a rule",
                  r->visits[a->visit].visit_id);
}

static void accept_skill(day_reading *r, const row *at, accepted_record *a)
{
    accept_person(r, at, a, CR_ACCEPT_SKILL);
}

static void accept_attribute(day_reading *r, const row *at, accepted_record *a)
{
    accept_person(r, at, a, CR_ACCEPT_ATTRIBUTE);
}

static void accept_patch(day_reading *r, const row *at, accepted_record *a)
{
    accept_person(r, at, a, CR_ACCEPT_PATCH);
}

/* ---- rules that get wider ---- */

/* The second carer's part is late with the first. */
static void accept_window(day_reading *r, const row *at, accepted_record *a)
{
    a->visit = find_visit(r, at, ACCEPTED_VISIT);
    int32_t up_to_s = read_up_to(at), part = a->visit >= 0 ? part_of_visit(r, a->visit) : CR_NONE;
    if (a->visit < 0 || row_is_bad(at))
        return;
    if (r->visits[a->visit].locked_start != CR_FREE)
        row_warning(at, ACCEPTED_VISIT, "has a lock_time, so its windows do not count");
    r->visits[a->visit].late_s = up_to_s;
    if (part != CR_NONE)
        r->visits[part].late_s = up_to_s;
}

static void accept_shift(day_reading *r, const row *at, accepted_record *a)
{
    a->shift = find_shift(r, at);
    int32_t up_to_s = read_up_to(at);
    if (a->shift < 0 || row_is_bad(at))
        return;
    shift_record *shift = &r->shifts[a->shift];
    for (int32_t s = r->carers[shift->carer].last_shift; s != CR_NONE; s = r->shifts[s].previous)
        if (r->shifts[s].begin >= shift->end && r->shifts[s].begin < shift->end + up_to_s)
            row_error(at, ACCEPTED_UP_TO, "the carer's shift '%s' begins before that", r->shifts[s].shift_id);
    shift->late_s = up_to_s;
}

static void accept_visits(day_reading *r, const row *at, accepted_record *a)
{
    int32_t more = 0;
    a->shift = find_shift(r, at);
    if (needed(at, ACCEPTED_UP_TO))
        row_int(at, ACCEPTED_UP_TO, 1, VISITS_MOST, &more);
    if (a->shift < 0 || row_is_bad(at))
        return;
    if (r->shifts[a->shift].max_visits == CR_NONE)
        row_warning(at, ACCEPTED_RULE, "the shift '%s' has no most visits", r->shifts[a->shift].shift_id);
    r->shifts[a->shift].more_visits = more;
}

static void accept_travel(day_reading *r, const row *at, accepted_record *a)
{
    a->shift = find_shift(r, at);
    int32_t up_to_s = read_up_to(at);
    if (a->shift < 0 || row_is_bad(at))
        return;
    if (r->shifts[a->shift].max_travel_s == CR_NONE)
        row_warning(at, ACCEPTED_RULE, "the shift '%s' has no most travel", r->shifts[a->shift].shift_id);
    r->shifts[a->shift].more_travel_s = up_to_s;
}

static void accept_distance(day_reading *r, const row *at, accepted_record *a)
{
    double miles = 0;
    a->shift = find_shift(r, at);
    if (needed(at, ACCEPTED_UP_TO))
        row_number(at, ACCEPTED_UP_TO, MILES_LEAST, MILES_MOST, &miles);
    if (a->shift < 0 || row_is_bad(at))
        return;
    if (r->shifts[a->shift].max_dist_m == CR_NONE)
        row_warning(at, ACCEPTED_RULE, "the shift '%s' has no most distance", r->shifts[a->shift].shift_id);
    r->shifts[a->shift].more_dist_m = (int32_t)lround(miles * METRES_A_MILE);
}

/* The links between two visits, whichever was named first, that have such a rule. */
static void accept_links(day_reading *r, const row *at, accepted_record *a, bool on_carers, int32_t up_to_s)
{
    int32_t n = 0;
    a->visit = find_visit(r, at, ACCEPTED_VISIT);
    a->other_visit = find_visit(r, at, ACCEPTED_OTHER_VISIT);
    if (a->visit < 0 || a->other_visit < 0 || row_is_bad(at))
        return;
    for (int32_t i = 0; i < r->n_links; i++) {
        link_record *link = &r->links[i];
        bool is_it = (link->first == a->visit && link->second == a->other_visit) ||
                     (link->first == a->other_visit && link->second == a->visit);
        bool has_rule = on_carers ? link->carers != CR_GAP_ANY : link->min != CR_FREE || link->max != CR_FREE;
        if (!is_it || !has_rule)
            continue;
        link->gives_s = on_carers ? link->gives_s : up_to_s;
        link->any_carers = link->any_carers || on_carers;
        n++;
    }
    if (n == 0)
        row_error(at, ACCEPTED_OTHER_VISIT, "there is no such rule between the two visits");
}

static void accept_gap(day_reading *r, const row *at, accepted_record *a)
{
    accept_links(r, at, a, false, read_up_to(at));
}

static void accept_gap_carers(day_reading *r, const row *at, accepted_record *a)
{
    accept_links(r, at, a, true, 0);
}

static void accept_more_of(day_reading *r, const row *at, accepted_record *a, size_t limit, size_t more,
                           const char *column)
{
    a->carer = find_carer(r, at);
    int32_t up_to_s = read_up_to(at);
    if (a->carer < 0 || row_is_bad(at))
        return;
    carer_record *carer = &r->carers[a->carer];
    if (*(int32_t *)((char *)carer + limit) == CR_NONE)
        row_warning(at, ACCEPTED_RULE, "'%s' has no %s, so it has no effect", carer->carer_id, column);
    *(int32_t *)((char *)carer + more) = up_to_s;
}

static void accept_work(day_reading *r, const row *at, accepted_record *a)
{
    a->rule = r->n_days > 1 ? CR_RULE_MAX_DAY_WORK : CR_RULE_MAX_WORK;
    accept_more_of(r, at, a, offsetof(carer_record, max_work_s), offsetof(carer_record, more_work_s), "max_work");
}

static void accept_week_work(day_reading *r, const row *at, accepted_record *a)
{
    accept_more_of(r, at, a, offsetof(carer_record, max_week_work_s), offsetof(carer_record, more_week_work_s),
                   "max_week_work");
}

static void accept_rest(day_reading *r, const row *at, accepted_record *a)
{
    a->carer = find_carer(r, at);
    int32_t up_to_s = read_up_to(at);
    if (a->carer >= 0 && !row_is_bad(at))
        r->carers[a->carer].less_rest_s = up_to_s;
}

/* ---- rows ---- */

static const struct {
    const char *name;
    cr_rule rule;
    void (*accept)(day_reading *r, const row *at, accepted_record *a);
} rules[] = {
    {"skill", CR_RULE_SKILL, accept_skill},
    {"attribute", CR_RULE_ATTRIBUTE, accept_attribute},
    {"patch", CR_RULE_PATCH, accept_patch},
    {"window", CR_RULE_WINDOW, accept_window},
    {"shift", CR_RULE_SHIFT, accept_shift},
    {"gap", CR_RULE_GAP, accept_gap},
    {"gap carers", CR_RULE_GAP_CARERS, accept_gap_carers},
    {"most work", CR_RULE_MAX_WORK, accept_work},
    {"most week work", CR_RULE_MAX_WORK, accept_week_work},
    {"most visits", CR_RULE_MAX_LOAD, accept_visits},
    {"most travel", CR_RULE_MAX_TRAVEL, accept_travel},
    {"most distance", CR_RULE_MAX_DISTANCE, accept_distance},
    {"rest", CR_RULE_REST, accept_rest},
};

static void read_rule(day_reading *r, const row *at, accepted_record *a)
{
    const char *name = row_required(at, ACCEPTED_RULE);
    for (size_t i = 0; name && i < sizeof rules / sizeof *rules; i++)
        if (strcasecmp(name, rules[i].name) == 0) {
            a->rule = rules[i].rule;
            rules[i].accept(r, at, a);
            return;
        }
    if (name)
        row_error(at, ACCEPTED_RULE,
                  "must be skill, attribute, patch, window, shift, gap, gap carers, most work, most week work, most "
                  "visits, most travel, most distance or rest; no other rule can be broken");
}

static const char *read_when(const row *at)
{
    const char *when = row_required(at, ACCEPTED_WHEN);
    int32_t days, s;
    const char *wrong = when ? value_date_time(when, &days, &s) : NULL;
    if (wrong)
        row_error(at, ACCEPTED_WHEN, "%s", wrong);
    return when;
}

static cr_status read_accepted_row(day_reading *r, int32_t i)
{
    row at = row_of(r, TABLE_ACCEPTED, i);
    accepted_record a = {.visit = CR_NONE, .other_visit = CR_NONE, .carer = CR_NONE, .shift = CR_NONE};
    a.who = row_required(&at, ACCEPTED_WHO);
    a.when = read_when(&at);
    a.why = row_required(&at, ACCEPTED_WHY);
    read_rule(r, &at, &a);
    /* What is named here may be in a row with an error, which has been told, or cancelled. */
    if (row_is_bad(&at) || a.visit < CR_NONE || a.carer < CR_NONE || a.other_visit < CR_NONE)
        return CR_OK;
    if (!array_room((void **)&r->accepted, r->n_accepted, &r->accepted_room, sizeof *r->accepted))
        return CR_E_NOMEM;
    r->accepted[r->n_accepted++] = a;
    return CR_OK;
}

cr_status read_accepted(day_reading *r)
{
    return read_each_row(r, TABLE_ACCEPTED, read_accepted_row);
}
