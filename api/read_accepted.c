/* Accepted breaches: what the coordinator lets the carer of a lock break, who said so, when and why. */
#include "columns.h"
#include "reading.h"
#include "value.h"

#include <string.h>
#include <strings.h>

#define CANDIDATES 2000

static const struct {
    const char *name;
    int32_t bit;
} rules[] = {{"skill", CR_ACCEPT_SKILL}, {"attribute", CR_ACCEPT_ATTRIBUTE}, {"patch", CR_ACCEPT_PATCH}};

static int32_t read_rule(const row *at)
{
    const char *name = row_required(at, ACCEPTED_RULE);
    for (size_t i = 0; name && i < sizeof rules / sizeof *rules; i++)
        if (strcasecmp(name, rules[i].name) == 0)
            return rules[i].bit;
    if (name)
        row_error(at, ACCEPTED_RULE, "must be skill, attribute or patch; no other rule can be broken by a lock");
    return 0;
}

static int32_t find_visit(day_reading *r, const row *at)
{
    const char *id = row_required(at, ACCEPTED_VISIT), *ids[CANDIDATES];
    int32_t visit = id ? name_index_get(r->visit_index, id) : CR_NONE;
    int32_t n = r->n_visits < CANDIDATES ? r->n_visits : CANDIDATES;
    for (int32_t i = 0; i < n; i++)
        ids[i] = r->visits[i].visit_id;
    if (id && visit == CR_NONE)
        row_error(at, ACCEPTED_VISIT, "no such visit%s", findings_hint(r->findings, id, ids, n));
    return visit;
}

static int32_t find_carer(day_reading *r, const row *at)
{
    const char *id = row_required(at, ACCEPTED_CARER), *ids[CANDIDATES];
    int32_t carer = id ? name_index_get(r->carer_index, id) : CR_NONE;
    int32_t n = r->n_carers < CANDIDATES ? r->n_carers : CANDIDATES;
    for (int32_t i = 0; i < n; i++)
        ids[i] = r->carers[i].carer_id;
    if (id && carer == CR_NONE)
        row_error(at, ACCEPTED_CARER, "no such carer in carers.csv%s", findings_hint(r->findings, id, ids, n));
    return carer;
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

static bool accept_in(visit_record *visit, int32_t carer, int32_t rule)
{
    for (int32_t k = 0; k < visit->n_carers; k++)
        if (visit->locked[k] == carer) {
            visit->accepted[k] |= rule;
            return true;
        }
    return false;
}

/* The lock that it belongs to, of the visit or of its second carer's part. */
static bool accept(day_reading *r, const row *at, accepted_record *a)
{
    int32_t part = part_of_visit(r, a->visit);
    if (accept_in(&r->visits[a->visit], a->carer, a->rule))
        return true;
    if (part != CR_NONE && accept_in(&r->visits[part], a->carer, a->rule)) {
        a->visit = part;
        return true;
    }
    return row_error(at, ACCEPTED_CARER,
                     "visit '%s' is not locked to her; lock it first (lock_carer), for only a lock can break a rule",
                     r->visits[a->visit].visit_id);
}

static cr_status read_accepted_row(day_reading *r, int32_t i)
{
    row at = row_of(r, TABLE_ACCEPTED, i);
    accepted_record a = {find_visit(r, &at), find_carer(r, &at),
                         read_rule(&at),     row_required(&at, ACCEPTED_WHO),
                         read_when(&at),     row_required(&at, ACCEPTED_WHY)};
    if (row_is_bad(&at) || a.visit < 0 || a.carer < 0 || !accept(r, &at, &a))
        return CR_OK;
    if (!array_room((void **)&r->accepted, r->n_accepted, &r->accepted_room, sizeof *r->accepted))
        return CR_E_NOMEM;
    r->accepted[r->n_accepted++] = a;
    return CR_OK;
}

cr_status read_accepted(day_reading *r)
{
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->tables[TABLE_ACCEPTED].n_rows; i++)
        st = read_accepted_row(r, i);
    return st;
}
