/* Evaluate: the starts of a plan made by hand, and the checker's word on it.
 *
 * Rounds that share a visit or a gap form a cluster. A cluster whose rounds and stops are those of the last evaluation
 * keeps its starts. Any other is timed: at its cheapest (starts.c) where starts exist that satisfy the rules; otherwise
 * with slack, so that the sum of all that is over an end or off a gap is the least there is. Only carers who wait for
 * each other in a circle have no starts together at all; there somebody starts alone.
 */
#include "careround/evaluate.h"

#include "evaluate_draft.h"
#include "starts.h"

#include <stdlib.h>
#include <string.h>

#define OVERRUN_DAYS 7 /* past the last end of the problem; a round that takes longer gets no times */

struct cr_evaluator {
    const cr_problem *p;
    cr_evaluation now;
    draft *last; /* NULL: nothing was evaluated yet. Its plan is now.plan */
    starts solver;
    int32_t room_strays;
    cr_window *windows; /* the last of each visit open until slack.latest */
    starts_slack slack;
};

cr_evaluator *cr_evaluator_free(cr_evaluator *e)
{
    if (e) {
        draft_free(e->last);
        cr_check_free(e->now.check);
        starts_done(&e->solver);
        free(e->windows);
        free(e);
    }
    return NULL;
}

/* ---- the limits of slack ---- */

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int32_t latest_start(const cr_problem *p)
{
    int32_t latest = 0;
    for (int32_t s = 0; s < p->n_shifts; s++)
        latest = later(latest, p->shifts[s].end);
    for (int32_t b = 0; b < p->n_breaks; b++)
        latest = later(latest, p->breaks[b].close);
    for (int32_t w = 0; w < p->n_windows; w++)
        latest = later(latest, p->windows[w].close);
    for (int32_t v = 0; v < p->n_visits; v++)
        latest = later(latest, p->visits[v].locked_start);
    int64_t most = latest + INT64_C(86400) * OVERRUN_DAYS * p->ticks_per_unit;
    return most < INT32_MAX / 4 ? (int32_t)most : later(latest, INT32_MAX / 4);
}

static void widen_windows(cr_evaluator *e)
{
    const cr_problem *p = e->p;
    if (p->n_windows > 0)
        memcpy(e->windows, p->windows, (size_t)p->n_windows * sizeof *e->windows);
    for (int32_t v = 0; v < p->n_visits; v++)
        e->windows[p->visits[v].windows.first + p->visits[v].windows.n - 1].close = e->slack.latest;
    for (int32_t b = 0; b < p->n_breaks; b++)
        if (p->breaks[b].windows.n > 0)
            e->windows[p->breaks[b].windows.first + p->breaks[b].windows.n - 1].close = e->slack.latest;
}

cr_status cr_evaluator_new(const cr_problem *problem, cr_evaluator **ret_evaluator)
{
    cr_auto(cr_evaluator) e = calloc(1, sizeof *e);
    if (!e)
        return CR_E_NOMEM;
    e->p = problem;
    e->windows = malloc(((size_t)problem->n_windows + 1) * sizeof *e->windows);
    if (!e->windows || starts_init(&e->solver, problem, 0))
        return CR_E_NOMEM;
    e->slack.latest = latest_start(problem);
    e->slack.windows = e->windows;
    widen_windows(e);
    *ret_evaluator = cr_evaluator_take(&e);
    return CR_OK;
}

/* ---- the cluster being timed ---- */

typedef struct timed {
    cr_evaluator *e;
    draft *d;
    int32_t *rounds; /* of the draft, in this cluster */
    int32_t n;
    round_view *views;
    int32_t *stops; /* of the views: elements, or strays */
    int32_t *gaps, n_gaps;
    int32_t *strays, n_strays;
    int32_t *front;               /* of each view: the stop that it has come to */
    int32_t *n_here, *n_expected; /* of each visit: its stops that are at the front; that are not strays */
    bool *was_here;               /* of each view: its front is counted */
} timed;

static bool is_stray(const timed *t, int32_t stop)
{
    return stop >= t->e->p->n_slots + t->e->p->n_breaks;
}

static int32_t add_stray(timed *t, int32_t element)
{
    t->strays[t->n_strays++] = element;
    return t->e->p->n_slots + t->e->p->n_breaks + t->n_strays - 1;
}

/* What is there twice has a start of its own from the outset. */
static void describe_rounds(timed *t)
{
    const draft *d = t->d;
    int32_t n_stops = 0;
    t->n_strays = 0;
    for (int32_t i = 0; i < t->n; i++) {
        const cr_round *round = &d->plan->rounds[t->rounds[i]];
        round_view *view = &t->views[i];
        *view = (round_view){round->shift, 0, t->stops + n_stops};
        for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
            if (d->element[k] == CR_NONE)
                continue;
            t->stops[n_stops++] = d->is_double[k] ? add_stray(t, d->element[k]) : d->element[k];
            view->n++;
        }
    }
}

static bool is_whole(const timed *t, int32_t visit)
{
    return t->d->n_slots[visit] == t->e->p->visits[visit].slots.n;
}

/* n_expected is 0 for visits of other clusters. */
static void list_gaps(timed *t)
{
    const cr_problem *p = t->e->p;
    t->n_gaps = 0;
    for (int32_t g = 0; g < p->n_gaps; g++)
        if (t->n_expected[p->gaps[g].first] > 0 && is_whole(t, p->gaps[g].first) && is_whole(t, p->gaps[g].second))
            t->gaps[t->n_gaps++] = g;
}

static void count_visits(timed *t, int32_t by)
{
    for (int32_t i = 0; i < t->n; i++)
        for (int32_t k = 0; k < t->views[i].n; k++)
            if (t->views[i].stops[k] < t->e->p->n_slots) {
                int32_t visit = t->e->p->slots[t->views[i].stops[k]].visit;
                t->n_here[visit] = 0;
                t->n_expected[visit] = by ? t->n_expected[visit] + by : 0;
            }
}

/* ---- circles ---- */

/* The visit at the front of the view that waits for others; CR_NONE: none. */
static int32_t waits_for(const timed *t, int32_t i)
{
    if (t->front[i] == t->views[i].n)
        return CR_NONE;
    int32_t stop = t->views[i].stops[t->front[i]];
    int32_t visit = stop < t->e->p->n_slots ? t->e->p->slots[stop].visit : CR_NONE;
    return visit != CR_NONE && t->n_here[visit] < t->n_expected[visit] ? visit : CR_NONE;
}

static void arrive(timed *t, int32_t i)
{
    int32_t stop = t->front[i] < t->views[i].n ? t->views[i].stops[t->front[i]] : CR_NONE;
    if (stop != CR_NONE && stop < t->e->p->n_slots && !t->was_here[i])
        t->n_here[t->e->p->slots[stop].visit]++;
    t->was_here[i] = true;
}

/* Let every round run on as long as nobody has to be waited for who cannot come. True if one moved. */
static bool run_on(timed *t)
{
    bool moved = false;
    for (int32_t i = 0; i < t->n; i++)
        for (arrive(t, i); t->front[i] < t->views[i].n && waits_for(t, i) == CR_NONE; arrive(t, i)) {
            t->front[i]++;
            t->was_here[i] = false;
            moved = true;
        }
    return moved;
}

/* Those who are there begin; the others come to the visit by themselves. */
static void go_without(timed *t, int32_t visit)
{
    for (int32_t i = 0; i < t->n; i++) {
        int32_t *stops = t->stops + (t->views[i].stops - t->stops);
        for (int32_t k = t->front[i]; k < t->views[i].n; k++)
            if (stops[k] < t->e->p->n_slots && t->e->p->slots[stops[k]].visit == visit &&
                !(k == t->front[i] && t->was_here[i]))
                stops[k] = add_stray(t, stops[k]);
    }
    t->n_expected[visit] = t->n_here[visit];
}

static void open_circles(timed *t)
{
    const cr_problem *p = t->e->p;
    for (int32_t i = 0; i < t->n; i++) {
        t->front[i] = 0;
        t->was_here[i] = false;
    }
    for (;;) {
        while (run_on(t))
            ;
        int32_t first = CR_NONE;
        for (int32_t i = 0; i < t->n; i++) {
            int32_t visit = waits_for(t, i);
            if (visit != CR_NONE && (first == CR_NONE || p->windows[p->visits[visit].windows.first].open <
                                                             p->windows[p->visits[first].windows.first].open))
                first = visit;
        }
        if (first == CR_NONE)
            return;
        go_without(t, first);
    }
}

/* ---- times ---- */

static bool has_holes(const cr_problem *p, int32_t visit)
{
    return p->visits[visit].windows.n > 1 && p->visits[visit].locked_start == CR_FREE;
}

/* More than a move of all starts by a tick can cost, so that no cost is worth a tick past an end; where a start may
 * have to jump from window to window, more than any move. As far as whole numbers reach. */
static int64_t slack_price(const timed *t)
{
    const cr_problem *p = t->e->p;
    int64_t sum = 1 + p->prices.worst_lateness + p->prices.worst_idle, n = 1 + t->n_gaps, span = 1;
    for (int32_t i = 0; i < t->n; i++) {
        const cr_shift *shift = &p->shifts[t->views[i].shift];
        sum += 2 * (p->prices.waiting + p->carers[shift->carer].wage_price) + shift->overrun_price;
        for (int32_t k = 0; k < t->views[i].n; k++, n++) {
            int32_t stop = t->views[i].stops[k];
            stop = is_stray(t, stop) ? t->strays[stop - p->n_slots - p->n_breaks] : stop;
            if (stop >= p->n_slots) {
                span = p->breaks[stop - p->n_slots].windows.n > 0 ? t->e->slack.latest : span;
                continue;
            }
            const cr_visit *visit = &p->visits[p->slots[stop].visit];
            sum += visit->early_price + visit->late_price + p->prices.moved + visit->lateness_price * visit->slots.n;
            span = has_holes(p, p->slots[stop].visit) ? t->e->slack.latest : span;
        }
    }
    int64_t most = INT64_MAX / 16 / n;
    return sum <= most / span ? sum * span : most;
}

static cr_status solve_with_slack(timed *t)
{
    cr_evaluator *e = t->e;
    open_circles(t);
    if (t->n_strays > e->room_strays) {
        starts larger;
        cr_status st = starts_init(&larger, e->p, t->n_strays);
        if (st)
            return st;
        starts_done(&e->solver);
        e->solver = larger;
        e->room_strays = t->n_strays;
    }
    e->slack.n_strays = t->n_strays;
    e->slack.strays = t->strays;
    e->slack.price = slack_price(t);
    e->solver.slack = &e->slack;
    return starts_find(&e->solver, e->p, t->views, t->n, t->gaps, t->n_gaps, NULL);
}

static void read_times(timed *t)
{
    const cr_problem *p = t->e->p;
    int32_t *at = t->e->solver.at;
    for (int32_t i = 0; i < t->n; i++) {
        cr_round *round = &t->d->plan->rounds[t->rounds[i]];
        const round_view *view = &t->views[i];
        for (int32_t k = 0, stop = round->stops.first; k < view->n; stop++)
            if (t->d->element[stop] != CR_NONE)
                t->d->plan->stops[stop].start = at[start_of_stop(p, view->stops[k++])];
        if (view->n > 0)
            round_ends(p, t->e->solver.slack, view, at, &round->depart, &round->arrive);
    }
    for (int32_t i = 0; i < t->n; i++)
        for (int32_t k = 0; k < t->views[i].n; k++)
            at[start_of_stop(p, t->views[i].stops[k])] = CR_FREE;
}

/* It takes longer than the slack has. */
static void give_up(timed *t)
{
    for (int32_t i = 0; i < t->n; i++) {
        cr_round *round = &t->d->plan->rounds[t->rounds[i]];
        round->depart = round->arrive = t->e->p->shifts[round->shift].begin;
        for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++)
            t->d->plan->stops[k].start = round->depart;
    }
}

static cr_status time_cluster(timed *t)
{
    cr_evaluator *e = t->e;
    describe_rounds(t);
    count_visits(t, 1);
    list_gaps(t);
    e->solver.slack = NULL;
    cr_status st =
        t->n_strays > 0 ? CR_E_INPUT : starts_find(&e->solver, e->p, t->views, t->n, t->gaps, t->n_gaps, NULL);
    bool is_forced = st == CR_E_INPUT;
    if (is_forced)
        st = solve_with_slack(t);
    for (int32_t i = 0; i < t->n; i++)
        t->d->is_forced[t->rounds[i]] = is_forced;
    if (!st)
        read_times(t);
    else if (st == CR_E_INPUT)
        give_up(t);
    count_visits(t, 0);
    e->now.n_retimed += t->n;
    return st == CR_E_INPUT ? CR_OK : st;
}

/* ---- what is known already ---- */

static bool same_round(const draft *a, int32_t r, const draft *b, int32_t q)
{
    const cr_round *x = &a->plan->rounds[r], *y = &b->plan->rounds[q];
    size_t n = (size_t)x->stops.n;
    return x->stops.n == y->stops.n && a->is_timed[r] && b->is_timed[q] &&
           memcmp(a->element + x->stops.first, b->element + y->stops.first, n * sizeof *a->element) == 0 &&
           memcmp(a->is_double + x->stops.first, b->is_double + y->stops.first, n * sizeof *a->is_double) == 0;
}

static void copy_times(draft *d, int32_t r, const draft *last, int32_t q)
{
    cr_round *to = &d->plan->rounds[r];
    const cr_round *from = &last->plan->rounds[q];
    to->depart = from->depart;
    to->arrive = from->arrive;
    for (int32_t k = 0; k < to->stops.n; k++)
        if (d->element[to->stops.first + k] != CR_NONE)
            d->plan->stops[to->stops.first + k].start = last->plan->stops[from->stops.first + k].start;
    d->is_forced[r] = last->is_forced[q];
}

/* same: of each round of the draft, the round of the last evaluation with the same stops; CR_NONE. */
static bool is_known(const timed *t, const int32_t *same)
{
    const draft *last = t->e->last;
    int32_t cluster = same[t->rounds[0]] == CR_NONE ? CR_NONE : last->cluster[same[t->rounds[0]]];
    if (cluster == CR_NONE || last->n_in[cluster] != t->n)
        return false;
    for (int32_t i = 0; i < t->n; i++)
        if (same[t->rounds[i]] == CR_NONE || last->cluster[same[t->rounds[i]]] != cluster)
            return false;
    return true;
}

static void find_same_rounds(const cr_evaluator *e, const draft *d, int32_t *same)
{
    int32_t q = 0, n = e->last ? e->last->plan->n_rounds : 0;
    for (int32_t r = 0; r < d->plan->n_rounds; r++) {
        int32_t shift = d->plan->rounds[r].shift;
        same[r] = CR_NONE;
        while (q < n && (e->last->plan->rounds[q].shift < shift ||
                         (e->last->plan->rounds[q].shift == shift && !e->last->is_timed[q])))
            q++;
        if (q < n && e->last->plan->rounds[q].shift == shift && same_round(d, r, e->last, q))
            same[r] = q;
    }
}

/* ---- the whole ---- */

static void timed_done(timed *t)
{
    free(t->rounds);
    free(t->views);
    free(t->stops);
    free(t->gaps);
    free(t->strays);
    free(t->front);
    free(t->n_here);
    free(t->n_expected);
    free(t->was_here);
}

static bool timed_init(timed *t, cr_evaluator *e, draft *d)
{
    size_t n_rounds = (size_t)d->plan->n_rounds + 1, n_stops = (size_t)d->plan->n_stops + 1;
    size_t n_visits = (size_t)e->p->n_visits + 1;
    *t = (timed){.e = e, .d = d};
    t->rounds = malloc(n_rounds * sizeof *t->rounds);
    t->views = malloc(n_rounds * sizeof *t->views);
    t->stops = malloc(n_stops * sizeof *t->stops);
    t->gaps = malloc(((size_t)e->p->n_gaps + 1) * sizeof *t->gaps);
    t->strays = malloc(n_stops * sizeof *t->strays);
    t->front = malloc(n_rounds * sizeof *t->front);
    t->n_here = calloc(n_visits, sizeof *t->n_here);
    t->n_expected = calloc(n_visits, sizeof *t->n_expected);
    t->was_here = malloc(n_rounds * sizeof *t->was_here);
    return t->rounds && t->views && t->stops && t->gaps && t->strays && t->front && t->n_here && t->n_expected &&
           t->was_here;
}

static cr_status time_clusters(timed *t, int32_t *same, int32_t *next)
{
    draft *d = t->d;
    cr_status st = CR_OK;
    find_same_rounds(t->e, d, same);
    for (int32_t r = 0; r < d->plan->n_rounds; r++)
        next[r] = CR_NONE;
    for (int32_t r = d->plan->n_rounds; r-- > 0;) /* lists of the clusters, from their first rounds on */
        if (d->cluster[r] != r) {
            next[r] = next[d->cluster[r]];
            next[d->cluster[r]] = r;
        }
    for (int32_t r = 0; !st && r < d->plan->n_rounds; r++) {
        if (d->cluster[r] != r || !d->is_timed[r])
            continue;
        t->n = 0;
        for (int32_t q = r; q != CR_NONE; q = next[q])
            t->rounds[t->n++] = q;
        if (!is_known(t, same))
            st = time_cluster(t);
        else
            for (int32_t i = 0; i < t->n; i++)
                copy_times(d, t->rounds[i], t->e->last, same[t->rounds[i]]);
        for (int32_t i = 0; i < t->n; i++)
            t->e->now.n_forced += d->is_forced[t->rounds[i]];
    }
    return st;
}

static cr_status time_draft(cr_evaluator *e, draft *d)
{
    timed t;
    size_t n = (size_t)d->plan->n_rounds + 1;
    int32_t *same = malloc(n * sizeof *same), *next = malloc(n * sizeof *next);
    cr_status st = timed_init(&t, e, d) && same && next ? time_clusters(&t, same, next) : CR_E_NOMEM;
    timed_done(&t);
    free(same);
    free(next);
    return st;
}

/* The plan claims nothing, so it cannot claim wrongly: claims come last among the breaches. */
static void accept_cost(cr_plan *plan, cr_check *check)
{
    plan->cost = check->cost;
    while (check->n_breaches > 0 && check->breaches[check->n_breaches - 1].rule == CR_RULE_COST)
        check->n_breaches--;
}

cr_status cr_evaluate(cr_evaluator *e, const cr_plan *plan, const cr_evaluation **ret_evaluation)
{
    cr_auto(draft) d = NULL;
    cr_auto(cr_check) check = NULL;
    cr_evaluation before = e->now;
    e->now.n_retimed = e->now.n_forced = 0;
    cr_status st = draft_new(e->p, plan, &d);
    if (!st)
        st = time_draft(e, d);
    if (!st)
        st = cr_check_plan(e->p, d->plan, &check);
    if (st) {
        e->now = before;
        return st;
    }
    accept_cost(d->plan, check);
    draft_free(e->last);
    cr_check_free(e->now.check);
    e->now.plan = d->plan;
    e->now.check = cr_check_take(&check);
    e->last = draft_take(&d);
    *ret_evaluation = &e->now;
    return CR_OK;
}
