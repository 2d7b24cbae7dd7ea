/* The cheapest starts by a linear program: see lp_starts.h.
 *
 *   columns   a start for each visit and each break in a round, departure and return of each round,
 *             ticks too early, too late and past due of each visit, the worst of the latter
 *   rows      later - earlier >= distance, for each rule of time and each of those ticks
 *
 * The matrix is totally unimodular, so a basic solution is whole but for the noise of floating point.
 */
#include "lp_starts.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

typedef struct model {
    const cr_problem *p;
    cr_plan *plan;
    glp_prob *lp;
    int *visit_col;    /* 0: in no round */
    int *break_col;    /* of each break; 0 */
    int *round_col;    /* departure; the return is the next */
    int64_t *busy;     /* ticks of each round that are not waiting */
    cr_range *windows; /* of each visit, then of each break: those still allowed */
    int32_t *best;     /* values of the columns of starts, departures and returns */
    double best_cost;
    bool found;
    int idle_col;   /* the longest idle time */
    bool has_slack; /* ends and gaps may be broken, and what they are broken by is all that is minimised */
} model;

/* ---- columns and rows ---- */

static int add_col(const model *m, double lo, double hi, double price)
{
    int col = glp_add_cols(m->lp, 1);
    if (lo > -HUGE_VAL && hi < HUGE_VAL)
        glp_set_col_bnds(m->lp, col, lo < hi ? GLP_DB : GLP_FX, lo, hi);
    else if (lo == -HUGE_VAL && hi == HUGE_VAL)
        glp_set_col_bnds(m->lp, col, GLP_FR, 0, 0);
    else
        glp_set_col_bnds(m->lp, col, lo > -HUGE_VAL ? GLP_LO : GLP_UP, lo, hi);
    glp_set_obj_coef(m->lp, col, m->has_slack ? 0 : price);
    return col;
}

/* later - earlier >= distance; earlier 0: later >= distance. */
static void add_row(const model *m, int later, int earlier, double distance)
{
    int row = glp_add_rows(m->lp, 1), cols[] = {0, later, earlier};
    double values[] = {0, 1, -1};
    glp_set_row_bnds(m->lp, row, GLP_LO, distance, 0);
    glp_set_mat_row(m->lp, row, earlier ? 2 : 1, cols, values);
}

/* A column that is at least later - earlier + more and at least 0. */
static int add_excess(const model *m, int later, int earlier, double more, double price)
{
    int col = add_col(m, 0, HUGE_VAL, price);
    int row = glp_add_rows(m->lp, 1), cols[4] = {0, col}, n = 1;
    double values[4] = {0, 1};
    if (later) {
        cols[++n] = later;
        values[n] = -1;
    }
    if (earlier) {
        cols[++n] = earlier;
        values[n] = 1;
    }
    glp_set_row_bnds(m->lp, row, GLP_LO, more, 0);
    glp_set_mat_row(m->lp, row, n, cols, values);
    return col;
}

/* later - earlier >= distance, or so many ticks of slack. */
static void add_soft_row(const model *m, int later, int earlier, double distance)
{
    if (m->has_slack)
        glp_set_obj_coef(m->lp, add_excess(m, earlier, later, distance, 0), 1);
    else
        add_row(m, later, earlier, distance);
}

/* A column in [lo, hi], or past hi at a tick of slack each. */
static int add_soft_col(const model *m, double lo, double hi, double price)
{
    int col = add_col(m, lo, m->has_slack ? HUGE_VAL : hi, price);
    if (m->has_slack)
        glp_set_obj_coef(m->lp, add_excess(m, col, 0, -hi, 0), 1);
    return col;
}

/* ---- visits ---- */

/* Start i: that of a visit, or behind them of a break. */
static int col_of(const model *m, int32_t i)
{
    return i < m->p->n_visits ? m->visit_col[i] : m->break_col[i - m->p->n_visits];
}

static cr_range windows_of(const cr_problem *p, int32_t i)
{
    return i < p->n_visits ? p->visits[i].windows : p->breaks[i - p->n_visits].windows;
}

static void set_start_bounds(const model *m, int32_t i)
{
    cr_range all = windows_of(m->p, i), now = m->windows[i];
    int32_t lock = i < m->p->n_visits ? m->p->visits[i].locked_start : CR_FREE;
    double lo = m->p->windows[now.first].open, hi = m->p->windows[now.first + now.n - 1].close;
    bool is_last = now.first + now.n == all.first + all.n;
    if (lock != CR_FREE)
        lo = hi = lock;
    if (m->has_slack && (is_last || lock != CR_FREE))
        glp_set_col_bnds(m->lp, col_of(m, i), GLP_LO, lo, 0);
    else
        glp_set_col_bnds(m->lp, col_of(m, i), lo < hi ? GLP_DB : GLP_FX, lo, hi);
}

static void price_visit(const model *m, int32_t v, int worst)
{
    const cr_visit *visit = &m->p->visits[v];
    int s = m->visit_col[v];
    if (visit->prefer_open != CR_FREE && visit->early_price > 0)
        add_excess(m, 0, s, visit->prefer_open, (double)visit->early_price);
    if (visit->prefer_close != CR_FREE && visit->late_price > 0)
        add_excess(m, s, 0, -(double)visit->prefer_close, (double)visit->late_price);
    if (visit->published_start != CR_FREE && m->p->prices.moved > 0) {
        add_excess(m, 0, s, (double)visit->published_start - m->p->prices.moved_free, (double)m->p->prices.moved);
        add_excess(m, s, 0, -(double)visit->published_start - m->p->prices.moved_free, (double)m->p->prices.moved);
    }
    for (int32_t k = 0; visit->due != CR_FREE && k < visit->slots.n; k++) {
        double length = visit->late_by_end ? m->p->slots[visit->slots.first + k].duration : 0;
        int late = add_excess(m, s, 0, length - visit->due, (double)visit->lateness_price);
        add_row(m, worst, late, 0);
    }
}

static void add_visits(model *m)
{
    int worst = add_col(m, 0, HUGE_VAL, (double)m->p->prices.worst_lateness);
    for (int32_t r = 0; r < m->plan->n_rounds; r++)
        for (int32_t k = 0; k < m->plan->rounds[r].stops.n; k++) {
            int32_t slot = m->plan->stops[m->plan->rounds[r].stops.first + k].slot;
            if (slot == CR_NONE)
                continue;
            int32_t v = m->p->slots[slot].visit;
            if (!m->visit_col[v]) {
                const cr_visit *visit = &m->p->visits[v];
                m->visit_col[v] = add_soft_col(m, 0,
                                               visit->locked_start != CR_FREE
                                                   ? visit->locked_start
                                                   : m->p->windows[visit->windows.first + visit->windows.n - 1].close,
                                               0);
                set_start_bounds(m, v);
            }
            if (slot == m->p->visits[v].slots.first)
                price_visit(m, v, worst);
        }
}

static void add_gaps(const model *m)
{
    for (int32_t g = 0; g < m->p->n_gaps; g++) {
        const cr_gap *gap = &m->p->gaps[g];
        int first = m->visit_col[gap->first], second = m->visit_col[gap->second];
        if (!first || !second)
            continue;
        const cr_visit *visit = &m->p->visits[gap->first];
        double from = 0;
        for (int32_t k = 0; gap->from == CR_GAP_END_TO_START && k < visit->slots.n; k++)
            from = fmax(from, m->p->slots[visit->slots.first + k].duration);
        if (gap->min != CR_FREE)
            add_soft_row(m, second, first, from + gap->min);
        if (gap->max != CR_FREE)
            add_soft_row(m, first, second, -from - gap->max);
    }
}

/* ---- rounds ---- */

/* At least as long as any shift without a round is idle. */
static void add_idle(model *m)
{
    double least = 0;
    for (int32_t s = 0; s < m->p->n_shifts; s++) {
        const cr_shift *shift = &m->p->shifts[s];
        bool has_round = false;
        for (int32_t r = 0; r < m->plan->n_rounds; r++)
            has_round = has_round || m->plan->rounds[r].shift == s;
        double idle = (double)(shift->paid_end != CR_FREE ? shift->paid_end : shift->end) - shift->begin;
        least = has_round ? least : fmax(least, idle);
    }
    m->idle_col = add_col(m, least, HUGE_VAL, (double)m->p->prices.worst_idle);
}

/* Ticks of leg and door from place to the visit; < 0: no way. */
static int64_t way_to_visit(const cr_problem *p, const cr_shift *shift, int32_t from, const cr_visit *visit)
{
    if (visit->place == CR_NONE)
        return visit->is_anywhere ? 0 : -1;
    int64_t leg = from == CR_NONE ? 0 : cr_matrix_time(p->matrix[shift->mode], from, visit->place);
    return leg >= CR_NO_WAY ? -1 : leg + (from == visit->place ? 0 : visit->door);
}

static bool add_round(model *m, int32_t r)
{
    const cr_problem *p = m->p;
    const cr_round *round = &m->plan->rounds[r];
    const cr_shift *shift = &p->shifts[round->shift];
    double price = (double)(p->prices.waiting + p->carers[shift->carer].wage_price);
    int depart = m->round_col[r] = add_col(m, shift->begin, shift->leaves_at_begin ? shift->begin : HUGE_VAL, -price);
    int arrive = add_soft_col(m, -HUGE_VAL, shift->end, price);
    int before = depart;
    int64_t since = 0;
    int32_t at = shift->start_place;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
        const cr_stop *stop = &m->plan->stops[k];
        int64_t way = 0, length;
        int col;
        if (stop->slot != CR_NONE) {
            const cr_slot *slot = &p->slots[stop->slot];
            way = way_to_visit(p, shift, at, &p->visits[slot->visit]);
            if (way < 0)
                return false;
            at = p->visits[slot->visit].is_anywhere ? at : p->visits[slot->visit].place;
            length = cr_problem_duration(p, stop->slot, shift->carer);
            col = m->visit_col[slot->visit];
        } else {
            const cr_break *taken = &p->breaks[stop->brk];
            length = taken->length;
            col = m->break_col[stop->brk] = add_soft_col(m, taken->open, taken->close, 0);
        }
        add_row(m, col, before, (double)(since + way));
        before = col;
        since = length;
        m->busy[r] += way + length;
    }
    int64_t home =
        at == CR_NONE || shift->end_place == CR_NONE ? 0 : cr_matrix_time(p->matrix[shift->mode], at, shift->end_place);
    m->busy[r] += home;
    add_row(m, arrive, before, (double)(since + home));
    if (shift->paid_end != CR_FREE)
        add_excess(m, arrive, 0, -(double)shift->paid_end, (double)shift->overrun_price);
    if (m->p->prices.worst_idle > 0) {
        double until = shift->paid_end != CR_FREE ? shift->paid_end : shift->end;
        add_row(m, m->idle_col, 0, until - shift->begin - (double)m->busy[r]);
        add_row(m, m->idle_col, arrive, -(double)shift->begin - (double)m->busy[r]);
    }
    return home < CR_NO_WAY;
}

/* ---- solving ---- */

/* Prices of very different size are hard on the simplex method's tolerances: the largest becomes 1. */
static void scale_prices(const model *m)
{
    double largest = 1;
    for (int j = 1; j <= glp_get_num_cols(m->lp); j++)
        largest = fmax(largest, fabs(glp_get_obj_coef(m->lp, j)));
    for (int j = 1; j <= glp_get_num_cols(m->lp); j++)
        glp_set_obj_coef(m->lp, j, glp_get_obj_coef(m->lp, j) / largest);
}

static int32_t value(const model *m, int col)
{
    return (int32_t)lround(glp_get_col_prim(m->lp, col));
}

/* A start that falls between its windows; CR_NONE: none. */
static int32_t start_in_a_hole(const model *m, int32_t *ret_window)
{
    for (int32_t i = 0; i < m->p->n_visits + m->p->n_breaks; i++) {
        if (!col_of(m, i) || (i < m->p->n_visits && m->p->visits[i].locked_start != CR_FREE))
            continue;
        int32_t start = value(m, col_of(m, i));
        for (int32_t w = m->windows[i].first; w + 1 < m->windows[i].first + m->windows[i].n; w++)
            if (start > m->p->windows[w].close && start < m->p->windows[w + 1].open) {
                *ret_window = w;
                return i;
            }
    }
    return CR_NONE;
}

static bool solve(const model *m)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    glp_std_basis(m->lp);
    return glp_simplex(m->lp, &how) == 0 && glp_get_status(m->lp) == GLP_OPT;
}

static void branch(model *m)
{
    int32_t window = 0;
    if (!solve(m) || (m->found && glp_get_obj_val(m->lp) >= m->best_cost - 1e-12))
        return;
    int32_t i = start_in_a_hole(m, &window);
    if (i == CR_NONE) {
        m->found = true;
        m->best_cost = glp_get_obj_val(m->lp);
        for (int j = 1; j <= glp_get_num_cols(m->lp); j++)
            m->best[j] = value(m, j);
        return;
    }
    cr_range all = m->windows[i];
    m->windows[i].n = window + 1 - all.first;
    set_start_bounds(m, i);
    branch(m);
    m->windows[i] = (cr_range){window + 1, all.first + all.n - window - 1};
    set_start_bounds(m, i);
    branch(m);
    m->windows[i] = all;
    set_start_bounds(m, i);
}

static void read_best(const model *m)
{
    for (int32_t r = 0; r < m->plan->n_rounds; r++) {
        cr_round *round = &m->plan->rounds[r];
        round->depart = m->best[m->round_col[r]];
        round->arrive = m->best[m->round_col[r] + 1];
        for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
            cr_stop *stop = &m->plan->stops[k];
            stop->start =
                m->best[stop->slot == CR_NONE ? m->break_col[stop->brk] : m->visit_col[m->p->slots[stop->slot].visit]];
        }
    }
}

/* ---- the cost of the starts, in whole numbers ---- */

static int64_t past(int64_t time, int64_t limit)
{
    return time > limit ? time - limit : 0;
}

static int64_t cost_of_start(const cr_problem *p, const cr_visit *visit, int32_t start, int64_t *worst)
{
    int64_t cost = 0;
    if (visit->published_start != CR_FREE)
        cost += p->prices.moved * (past(visit->published_start, start + p->prices.moved_free) +
                                   past(start, visit->published_start + p->prices.moved_free));
    if (visit->prefer_open != CR_FREE)
        cost += visit->early_price * past(visit->prefer_open, start);
    if (visit->prefer_close != CR_FREE)
        cost += visit->late_price * past(start, visit->prefer_close);
    for (int32_t k = 0; visit->due != CR_FREE && k < visit->slots.n; k++) {
        int64_t length = visit->late_by_end ? p->slots[visit->slots.first + k].duration : 0;
        int64_t late = past(start + length, visit->due);
        cost += visit->lateness_price * late;
        *worst = late > *worst ? late : *worst;
    }
    return cost;
}

static int64_t cost_of_starts(const model *m)
{
    int64_t cost = 0, worst = 0;
    for (int32_t r = 0; r < m->plan->n_rounds; r++) {
        const cr_round *round = &m->plan->rounds[r];
        int64_t price = m->p->prices.waiting + m->p->carers[m->p->shifts[round->shift].carer].wage_price;
        cost += price * (round->arrive - round->depart - m->busy[r]);
        for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
            int32_t slot = m->plan->stops[k].slot;
            if (slot == CR_NONE)
                continue;
            const cr_visit *visit = &m->p->visits[m->p->slots[slot].visit];
            if (slot == visit->slots.first)
                cost += cost_of_start(m->p, visit, m->plan->stops[k].start, &worst);
        }
    }
    return cost + worst * m->p->prices.worst_lateness;
}

/* ---- the whole ---- */

static void *array(int32_t n, size_t size)
{
    void *made = calloc((size_t)n + 1, size);
    if (!made)
        abort();
    return made;
}

static bool solve_all(const cr_problem *problem, cr_plan *plan, bool has_slack, int64_t *ret_cost, double *ret_least)
{
    model m = {.p = problem, .plan = plan, .lp = glp_create_prob(), .has_slack = has_slack};
    m.visit_col = array(problem->n_visits, sizeof *m.visit_col);
    m.break_col = array(problem->n_breaks, sizeof *m.break_col);
    m.round_col = array(plan->n_rounds, sizeof *m.round_col);
    m.busy = array(plan->n_rounds, sizeof *m.busy);
    m.windows = array(problem->n_visits + problem->n_breaks, sizeof *m.windows);
    for (int32_t i = 0; i < problem->n_visits + problem->n_breaks; i++)
        m.windows[i] = windows_of(problem, i);
    add_visits(&m);
    add_gaps(&m);
    add_idle(&m);
    bool ways = true;
    for (int32_t r = 0; r < plan->n_rounds; r++)
        ways = add_round(&m, r) && ways;
    m.best = array(glp_get_num_cols(m.lp), sizeof *m.best);
    if (ways) {
        scale_prices(&m);
        branch(&m);
    }
    if (m.found) {
        read_best(&m);
        if (ret_cost)
            *ret_cost = cost_of_starts(&m);
        if (ret_least)
            *ret_least = m.best_cost;
    }
    glp_delete_prob(m.lp);
    free(m.visit_col);
    free(m.break_col);
    free(m.round_col);
    free(m.busy);
    free(m.windows);
    free(m.best);
    return m.found;
}

bool lp_starts(const cr_problem *problem, cr_plan *plan, int64_t *ret_cost)
{
    return solve_all(problem, plan, false, ret_cost, NULL);
}

bool lp_least_past(const cr_problem *problem, cr_plan *plan, int64_t *ret_ticks)
{
    double ticks;
    bool found = solve_all(problem, plan, true, NULL, &ticks);
    if (found)
        *ret_ticks = llround(ticks);
    return found;
}
