/* What somebody has accepted: the plan keeps a rule as it is now, and would have broken it as it was before.
 *
 * What breaks the rule as it is now is a breach like any other, and is not listed here.
 */
#include "check_inside.h"

static void accept(cr_checking *c, cr_rule rule, int32_t shift, int32_t item, int64_t is, int64_t should)
{
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = rule;
    breach.shift = shift;
    breach.carer = c->problem->shifts[shift].carer;
    breach.item = item;
    breach.is = is;
    breach.should = should;
    cr_checking_accept(c, &breach);
}

/* CR_NONE: the window is no visit's. */
static int32_t visit_of_window(const cr_problem *p, int32_t window)
{
    for (int32_t v = 0; v < p->n_visits; v++)
        if (window >= p->visits[v].windows.first && window < p->visits[v].windows.first + p->visits[v].windows.n)
            return v;
    return CR_NONE;
}

/* The time allowed before that is nearest: the close that was, or the next window's open. */
static int32_t nearest_before(const cr_problem *p, const cr_visit *visit, const cr_concession *now, int32_t start)
{
    int32_t next = now->item + 1;
    bool has_next = next < visit->windows.first + visit->windows.n;
    bool is_nearer = has_next && (int64_t)p->windows[next].open - start < (int64_t)start - now->was;
    return is_nearer ? p->windows[next].open : now->was;
}

static void check_window(cr_checking *c, const cr_concession *now)
{
    const cr_problem *p = c->problem;
    int32_t v = visit_of_window(p, now->item), start;
    if (v == CR_NONE || p->visits[v].locked_start != CR_FREE || !cr_checking_start(c, v, &start) || start <= now->was ||
        start > p->windows[now->item].close)
        return;
    int32_t slot = p->visits[v].slots.first;
    while (c->served[slot].carer == CR_NONE)
        slot++;
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = CR_RULE_WINDOW;
    breach.visit = v;
    breach.shift = c->served[slot].shift;
    breach.carer = c->served[slot].carer;
    breach.is = start;
    breach.should = nearest_before(p, &p->visits[v], now, start);
    cr_checking_accept(c, &breach);
}

static void check_shift_end(cr_checking *c, const cr_concession *now)
{
    int32_t r = c->shift_round[now->item];
    if (r != CR_NONE && c->plan->rounds[r].arrive > now->was &&
        c->plan->rounds[r].arrive <= c->problem->shifts[now->item].end)
        accept(c, CR_RULE_SHIFT, now->item, CR_NONE, c->plan->rounds[r].arrive, now->was);
}

static void check_load(cr_checking *c, const cr_concession *now)
{
    int32_t r = c->shift_round[now->item];
    if (r != CR_NONE && c->rounds[r].load > now->was && c->rounds[r].load <= c->problem->shifts[now->item].max_load)
        accept(c, CR_RULE_MAX_LOAD, now->item, CR_NONE, c->rounds[r].load, now->was);
}

static void check_travel(cr_checking *c, const cr_concession *now)
{
    int32_t r = c->shift_round[now->item];
    if (r != CR_NONE && c->rounds[r].travel > now->was &&
        c->rounds[r].travel <= c->problem->shifts[now->item].max_travel)
        accept(c, CR_RULE_MAX_TRAVEL, now->item, CR_NONE, c->rounds[r].travel, now->was);
}

/* Who rides along in a crew has no metres of her own. */
static void check_distance(cr_checking *c, const cr_concession *now)
{
    const cr_shift *shift = &c->problem->shifts[now->item];
    int32_t r = c->shift_round[now->item];
    if (r != CR_NONE && !shift->rides && c->rounds[r].dist_m > now->was && c->rounds[r].dist_m <= shift->max_dist_m)
        accept(c, CR_RULE_MAX_DISTANCE, now->item, CR_NONE, c->rounds[r].dist_m, now->was);
}

static void accept_gap(cr_checking *c, cr_rule rule, int32_t g, int64_t is, int64_t should)
{
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = rule;
    breach.visit = c->problem->gaps[g].first;
    breach.other_visit = c->problem->gaps[g].second;
    breach.item = g;
    breach.is = is;
    breach.should = should;
    cr_checking_accept(c, &breach);
}

static void check_gap(cr_checking *c, const cr_concession *now)
{
    const cr_gap *gap = &c->problem->gaps[now->item];
    int64_t between;
    if (!cr_checking_between(c, gap, &between))
        return;
    int32_t n_common = cr_checking_in_common(c, gap);
    if (now->rule == CR_CONCEDED_GAP_MIN && between < now->was && (gap->min == CR_FREE || between >= gap->min))
        accept_gap(c, CR_RULE_GAP, now->item, between, now->was);
    if (now->rule == CR_CONCEDED_GAP_MAX && between > now->was && (gap->max == CR_FREE || between <= gap->max))
        accept_gap(c, CR_RULE_GAP, now->item, between, now->was);
    if (now->rule == CR_CONCEDED_GAP_CARERS && now->was == CR_GAP_SAME && n_common == 0)
        accept_gap(c, CR_RULE_GAP_CARERS, now->item, n_common, 1);
    if (now->rule == CR_CONCEDED_GAP_CARERS && now->was == CR_GAP_DIFFERENT && n_common > 0)
        accept_gap(c, CR_RULE_GAP_CARERS, now->item, n_common, 0);
}

static void accept_carer(cr_checking *c, cr_rule rule, int32_t carer, int32_t item, int64_t is, int64_t should)
{
    cr_breach breach = CR_BREACH_INIT;
    breach.rule = rule;
    breach.carer = carer;
    breach.item = item;
    breach.is = is;
    breach.should = should;
    cr_checking_accept(c, &breach);
}

static void check_work(cr_checking *c, const cr_concession *now)
{
    int64_t work = cr_checking_work(c, now->item, CR_NONE);
    if (work > now->was && work <= c->problem->carers[now->item].max_work)
        accept_carer(c, CR_RULE_MAX_WORK, now->item, CR_NONE, work, now->was);
}

/* Is there no round of this carer on this day before this one? */
static bool is_first_of_day(const cr_checking *c, int32_t round, const cr_shift *shift)
{
    for (int32_t r = 0; r < round; r++) {
        const cr_shift *other = cr_checking_shift(c, r);
        if (other && other->carer == shift->carer && other->day == shift->day)
            return false;
    }
    return true;
}

static void check_day_work(cr_checking *c, const cr_concession *now)
{
    for (int32_t r = 0; r < c->plan->n_rounds; r++) {
        const cr_shift *shift = cr_checking_shift(c, r);
        if (!shift || shift->carer != now->item || !is_first_of_day(c, r, shift))
            continue;
        int64_t work = cr_checking_work(c, now->item, shift->day);
        if (work > now->was && work <= c->problem->carers[now->item].max_day_work)
            accept_carer(c, CR_RULE_MAX_DAY_WORK, now->item, shift->day, work, now->was);
    }
}

static void check_rest(cr_checking *c, const cr_concession *now)
{
    for (int32_t r = 0; r < c->plan->n_rounds; r++)
        for (int32_t k = 0; k < c->plan->n_rounds; k++) {
            const cr_shift *sooner = cr_checking_shift(c, r), *later = cr_checking_shift(c, k);
            if (!sooner || !later || sooner->carer != now->item || later->carer != now->item ||
                sooner->day >= later->day || cr_checking_rest_is_over(sooner, later))
                continue;
            int64_t rest = (int64_t)later->begin - sooner->end;
            if (rest < now->was && rest >= c->problem->carers[now->item].min_rest)
                accept(c, CR_RULE_REST, c->plan->rounds[k].shift, c->plan->rounds[r].shift, rest, now->was);
        }
}

void cr_checking_concessions(cr_checking *c)
{
    static void (*const checks[CR_CONCEDED_N])(cr_checking *, const cr_concession *) = {
        [CR_CONCEDED_WINDOW] = check_window,
        [CR_CONCEDED_SHIFT] = check_shift_end,
        [CR_CONCEDED_GAP_MIN] = check_gap,
        [CR_CONCEDED_GAP_MAX] = check_gap,
        [CR_CONCEDED_GAP_CARERS] = check_gap,
        [CR_CONCEDED_MAX_WORK] = check_work,
        [CR_CONCEDED_MAX_DAY_WORK] = check_day_work,
        [CR_CONCEDED_MAX_LOAD] = check_load,
        [CR_CONCEDED_REST] = check_rest,
        [CR_CONCEDED_MAX_TRAVEL] = check_travel,
        [CR_CONCEDED_MAX_DISTANCE] = check_distance,
    };
    for (int32_t i = 0; i < c->problem->n_concessions; i++)
        checks[c->problem->concessions[i].rule](c, &c->problem->concessions[i]);
}
