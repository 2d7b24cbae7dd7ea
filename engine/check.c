/* The checker: leads through rounds, visits, gaps, carers and cost, and keeps the list of breaches.
 *
 * The parts are in check_rounds.c, check_visits.c, check_contracts.c and check_cost.c; what they share is in
 * check_inside.h.
 */
#include "careround/check.h"

#include "check_inside.h"

#include <stdlib.h>

const char *cr_rule_name(cr_rule rule)
{
    static const char *const names[CR_RULE_N] = {
        [CR_RULE_STRUCTURE] = "structure",
        [CR_RULE_WINDOW] = "window",
        [CR_RULE_LOCKED_START] = "locked start",
        [CR_RULE_LOCKED_CARER] = "locked carer",
        [CR_RULE_TOGETHER] = "together",
        [CR_RULE_SAME_CARER_TWICE] = "same carer twice",
        [CR_RULE_SAME_PROVIDER] = "same provider",
        [CR_RULE_SKILL] = "skill",
        [CR_RULE_ATTRIBUTE] = "attribute",
        [CR_RULE_FORBIDDEN] = "forbidden",
        [CR_RULE_PATCH] = "patch",
        [CR_RULE_TRAVEL] = "travel",
        [CR_RULE_UNREACHABLE] = "unreachable",
        [CR_RULE_SHIFT] = "shift",
        [CR_RULE_BREAK] = "break",
        [CR_RULE_GAP] = "gap",
        [CR_RULE_GAP_CARERS] = "gap carers",
        [CR_RULE_BOTH] = "both or neither",
        [CR_RULE_MAX_WORK] = "most work",
        [CR_RULE_MAX_DAY_WORK] = "most work of a day",
        [CR_RULE_PROVIDER_CARE] = "most care of a provider",
        [CR_RULE_PROVIDER_SLOTS] = "most visits of a provider",
        [CR_RULE_REST] = "rest",
        [CR_RULE_MAX_LOAD] = "most load",
        [CR_RULE_BREAK_LOAD] = "load at a break",
        [CR_RULE_MAX_TRAVEL] = "most travel",
        [CR_RULE_MAX_DISTANCE] = "most distance",
        [CR_RULE_TWO_PLACES] = "two places",
        [CR_RULE_CREW] = "crew",
        [CR_RULE_HELD] = "begun",
        [CR_RULE_COST] = "cost",
    };
    return (int)rule >= 0 && rule < CR_RULE_N ? names[rule] : "?";
}

cr_check *cr_check_free(cr_check *check)
{
    if (check) {
        free(check->breaches);
        free(check->accepted);
        free(check);
    }
    return NULL;
}

/* ---- what the parts share ---- */

/* The list with one more; NULL: no memory, and the old list is as it was. */
static cr_breach *with_one_more(cr_breach *list, int32_t n, int32_t *room, const cr_breach *breach)
{
    if (n == *room) {
        int32_t more = *room > INT32_MAX / 2 ? INT32_MAX : 2 * *room + 8;
        cr_breach *grown = more > *room ? realloc(list, (size_t)more * sizeof *grown) : NULL;
        if (!grown)
            return NULL;
        list = grown;
        *room = more;
    }
    list[n] = *breach;
    return list;
}

void cr_checking_add(cr_checking *c, const cr_breach *breach)
{
    cr_check *check = c->check;
    cr_breach *list = with_one_more(check->breaches, check->n_breaches, &c->room, breach);
    c->no_memory = c->no_memory || !list;
    if (!list)
        return;
    check->breaches = list;
    check->n_breaches++;
}

void cr_checking_accept(cr_checking *c, const cr_breach *breach)
{
    cr_check *check = c->check;
    cr_breach *list = with_one_more(check->accepted, check->n_accepted, &c->accepted_room, breach);
    c->no_memory = c->no_memory || !list;
    if (!list)
        return;
    check->accepted = list;
    check->n_accepted++;
}

bool cr_checking_start(const cr_checking *c, int32_t visit, int32_t *ret_start)
{
    cr_range slots = c->problem->visits[visit].slots;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (c->served[i].carer != CR_NONE) {
            *ret_start = c->served[i].start;
            return true;
        }
    return false;
}

bool cr_checking_is_served(const cr_checking *c, int32_t visit)
{
    cr_range slots = c->problem->visits[visit].slots;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (c->served[i].carer == CR_NONE)
            return false;
    return true;
}

const cr_shift *cr_checking_shift(const cr_checking *c, int32_t round)
{
    int32_t shift = c->plan->rounds[round].shift;
    return shift >= 0 && shift < c->problem->n_shifts ? &c->problem->shifts[shift] : NULL;
}

/* ---- carers ---- */

int64_t cr_checking_work(const cr_checking *c, int32_t carer, int32_t day)
{
    int64_t work = 0;
    for (int32_t r = 0; r < c->plan->n_rounds; r++) {
        const cr_shift *shift = cr_checking_shift(c, r);
        if (shift && shift->carer == carer && (day == CR_NONE || shift->day == day))
            work += c->rounds[r].care - c->rounds[r].sleep + c->rounds[r].travel + c->rounds[r].door;
    }
    return work;
}

static void check_max_work(cr_checking *c, int64_t *work)
{
    const cr_problem *p = c->problem;
    for (int32_t r = 0; r < c->plan->n_rounds; r++) {
        const cr_shift *shift = cr_checking_shift(c, r);
        if (shift)
            work[shift->carer] += c->rounds[r].care - c->rounds[r].sleep + c->rounds[r].travel + c->rounds[r].door;
    }
    for (int32_t carer = 0; carer < p->n_carers; carer++) {
        if (p->carers[carer].max_work == CR_NONE || work[carer] <= p->carers[carer].max_work)
            continue;
        cr_breach breach = CR_BREACH_INIT;
        breach.rule = CR_RULE_MAX_WORK;
        breach.carer = carer;
        breach.is = work[carer];
        breach.should = p->carers[carer].max_work;
        cr_checking_add(c, &breach);
    }
}

/* ---- days of a carer ---- */

/* Told once for each day of a carer, at the first of its rounds. */
static void check_day_work(cr_checking *c, int32_t round, const cr_shift *shift)
{
    int64_t work = 0;
    for (int32_t r = 0; r < c->plan->n_rounds; r++) {
        const cr_shift *other = cr_checking_shift(c, r);
        if (!other || other->carer != shift->carer || other->day != shift->day)
            continue;
        if (r < round)
            return;
        work += c->rounds[r].care - c->rounds[r].sleep + c->rounds[r].travel + c->rounds[r].door;
    }
    int32_t most = c->problem->carers[shift->carer].max_day_work;
    if (most == CR_NONE || work <= most)
        return;
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = CR_RULE_MAX_DAY_WORK;
    breach.carer = shift->carer;
    breach.item = shift->day;
    breach.is = work;
    breach.should = most;
    cr_checking_add(c, &breach);
}

/* Between this round's shift and each later one, on another day, that is used too. */
static void check_rest(cr_checking *c, int32_t round, const cr_shift *shift)
{
    int32_t least = c->problem->carers[shift->carer].min_rest;
    for (int32_t r = 0; least > 0 && r < c->plan->n_rounds; r++) {
        const cr_shift *later = cr_checking_shift(c, r);
        if (!later || later->carer != shift->carer || later->day <= shift->day ||
            cr_checking_rest_is_over(shift, later))
            continue;
        int64_t rest = (int64_t)later->begin - shift->end;
        if (rest >= least)
            continue;
        cr_breach breach = CR_BREACH_INIT;
        breach.rule = CR_RULE_REST;
        breach.carer = shift->carer;
        breach.shift = c->plan->rounds[r].shift;
        breach.item = c->plan->rounds[round].shift;
        breach.is = rest;
        breach.should = least;
        cr_checking_add(c, &breach);
    }
}

static void check_days(cr_checking *c)
{
    for (int32_t r = 0; r < c->plan->n_rounds; r++) {
        const cr_shift *shift = cr_checking_shift(c, r);
        if (!shift)
            continue;
        const cr_carer *carer = &c->problem->carers[shift->carer];
        if (carer->max_day_work != CR_NONE)
            check_day_work(c, r, shift);
        if (carer->min_rest > 0)
            check_rest(c, r, shift);
    }
}

typedef struct presence {
    int32_t carer, shift, depart, arrive;
} presence;

static int compare_presence(const void *a, const void *b)
{
    const presence *x = a, *y = b;
    if (x->carer != y->carer)
        return x->carer < y->carer ? -1 : 1;
    if (x->depart != y->depart)
        return x->depart < y->depart ? -1 : 1;
    return x->shift < y->shift ? -1 : x->shift > y->shift;
}

/* Nobody is in two rounds at once: each departs when the carer's other rounds that began before are over. */
static void check_one_place(cr_checking *c, presence *by_carer, int32_t n)
{
    qsort(by_carer, (size_t)n, sizeof *by_carer, compare_presence);
    for (int32_t k = 1, longest = 0; k < n; k++) {
        const presence *now = &by_carer[k], *before = &by_carer[longest];
        if (before->carer == now->carer && now->depart < before->arrive) {
            cr_breach breach = CR_BREACH_INIT;
            breach.rule = CR_RULE_TWO_PLACES;
            breach.carer = now->carer;
            breach.shift = now->shift;
            breach.item = before->shift;
            breach.is = now->depart;
            breach.should = before->arrive;
            cr_checking_add(c, &breach);
        }
        if (before->carer != now->carer || now->arrive > before->arrive)
            longest = k;
    }
}

static void check_carers(cr_checking *c)
{
    int64_t *work = calloc((size_t)c->problem->n_carers + 1, sizeof *work);
    presence *by_carer = calloc((size_t)c->problem->n_shifts + 1, sizeof *by_carer);
    if (work && by_carer) {
        int32_t n = 0;
        for (int32_t s = 0; s < c->problem->n_shifts; s++) {
            if (c->shift_round[s] == CR_NONE)
                continue;
            const cr_round *round = &c->plan->rounds[c->shift_round[s]];
            by_carer[n++] = (presence){c->problem->shifts[s].carer, s, round->depart, round->arrive};
        }
        check_max_work(c, work);
        check_days(c);
        check_one_place(c, by_carer, n);
        cr_checking_contracts(c);
        cr_checking_concessions(c);
    } else {
        c->no_memory = true;
    }
    free(work);
    free(by_carer);
}

/* ---- the whole ---- */

static bool begin(cr_checking *c)
{
    const cr_problem *p = c->problem;
    c->served = malloc(((size_t)p->n_slots + 1) * sizeof *c->served);
    c->bank = calloc((size_t)p->n_visits + 1, sizeof *c->bank);
    c->shift_round = malloc(((size_t)p->n_shifts + 1) * sizeof *c->shift_round);
    c->rounds = calloc((size_t)c->plan->n_rounds + 1, sizeof *c->rounds);
    if (!c->served || !c->bank || !c->shift_round || !c->rounds)
        return false;
    for (int32_t i = 0; i < p->n_slots; i++)
        c->served[i] = (cr_served){CR_NONE, CR_NONE, 0};
    for (int32_t s = 0; s < p->n_shifts; s++)
        c->shift_round[s] = CR_NONE;
    return true;
}

static void end(cr_checking *c)
{
    free(c->served);
    free(c->bank);
    free(c->shift_round);
    free(c->rounds);
}

cr_status cr_check_plan(const cr_problem *problem, const cr_plan *plan, cr_check **ret_check)
{
    assert(plan->n_rounds >= 0 && plan->n_stops >= 0 && plan->n_unallocated >= 0);
    cr_auto(cr_check) check = calloc(1, sizeof *check);
    if (!check)
        return CR_E_NOMEM;
    cr_checking c = {.problem = problem, .plan = plan, .check = check};
    c.no_memory = !begin(&c);
    if (!c.no_memory) {
        cr_checking_rounds(&c);
        cr_checking_visits(&c);
        cr_checking_gaps(&c);
        check_carers(&c);
        cr_checking_held(&c);
        cr_checking_crews(&c);
        cr_checking_cost(&c);
    }
    end(&c);
    c.no_memory = c.no_memory || cr_problem_lacks_memory(problem);
    if (c.no_memory)
        return CR_E_NOMEM;
    *ret_check = cr_check_take(&check);
    return CR_OK;
}
