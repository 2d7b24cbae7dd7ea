/* Rounds by column generation, where the starts of visits that hang together are held.
 *
 * Where several carers come, or a gap ties visits, starts stay as they are in the plan. What is left is a routing
 * problem with time windows whose rounds do not hang together: column generation (bound.c, whose first stage is exact
 * for it) finds rounds that cover all visits cheapest, in parts, and dive.c chooses whole ones. On real days of short
 * rounds in hours that are scarce, ruin and recreate ends some percent above that, however long it goes on: there is no
 * room for what it takes out, but where it was. It then moves the starts that were held, from there.
 */
#include "priced_rounds.h"

#include "bound_guess.h"
#include "bound_rounds.h"
#include "dive.h"

#include <stdlib.h>

#define LEFT_OUT      15   /* typical legs: what leaving out a slot weighs beside ways while rounds are chosen */
#define LEFT_OUT_MOST 1000 /* the same while they are priced: what must be served has a price beyond all sums */
#define CHOOSING      0.25 /* of the time for pricing, and so much more for choosing */
#define TYPICAL_ROUND 100  /* what one costs in GLPK's numbers, which suit its tolerances */

typedef struct chooser {
    const cr_problem *held;
    const cr_plan *plan;
    const priced_options *options;
    double until_s;
    bound_columns columns; /* those of the plan first */
    int32_t n_known;
    partition_column *asked;
    bool *chosen;
    int32_t *needs, *counts, *rows;
    cr_plan *found;
    bool is_fault;
} chooser;

bool priced_rounds_suit(const model *m)
{
    return m->n_slots > m->n_visits && m->p->n_periods == 0 && m->n_placed == m->n_slots && !m->has_contracts &&
           !m->has_crews && m->n_goods == 0 && !m->is_held;
}

/* ---- the problem with starts held ---- */

static cr_status hold_starts(cr_problem *p, const cr_plan *plan, double mean_leg_cost)
{
    int64_t most = (int64_t)(LEFT_OUT_MOST * mean_leg_cost) + 1;
    bool *is_tied = calloc((size_t)p->n_visits + 1, sizeof *is_tied);
    if (!is_tied)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < p->n_visits; v++) {
        is_tied[v] = p->visits[v].slots.n > 1;
        if (p->visits[v].unallocated_price > most)
            p->visits[v].unallocated_price = most;
    }
    for (int32_t g = 0; g < p->n_gaps; g++)
        is_tied[p->gaps[g].first] = is_tied[p->gaps[g].second] = true;
    for (int32_t k = 0; k < plan->n_stops; k++) {
        const cr_stop *stop = &plan->stops[k];
        if (stop->slot != CR_NONE && is_tied[p->slots[stop->slot].visit])
            p->visits[p->slots[stop->slot].visit].locked_start = stop->start;
    }
    free(is_tied);
    return CR_OK;
}

/* ---- choosing ---- */

static bool serves_twice(const bound_columns *list, const bound_column *column)
{
    const bound_stay *stays = list->stays + column->stays.first;
    for (int32_t i = 0; i < column->stays.n; i++)
        for (int32_t j = 0; j < i; j++)
            if (stays[i].row == stays[j].row)
                return true;
    return false;
}

/* The rounds of the plan, and behind them what was priced. */
static cr_status take_columns(chooser *c, const bound_rounds *found)
{
    const bound_columns *list = bound_master_columns(found->master);
    cr_status st = bound_guess_columns(found->b, c->plan, &c->columns);
    c->n_known = c->columns.n;
    for (int32_t k = 0; k < list->n && !st; k++) {
        const bound_column *column = &list->items[k];
        if (!serves_twice(list, column))
            st = bound_columns_add(&c->columns, column->group, column->cost, list->stays + column->stays.first,
                                   column->stays.n);
    }
    return st;
}

/* What the plan serves is to be served, so often as it does. */
static void fill_question(chooser *c, const bound_nodes *b, double scale)
{
    for (size_t k = 0; k < c->columns.n_stays; k++)
        c->rows[k] = c->columns.stays[k].row;
    for (int32_t g = 0; g < b->n_groups; g++)
        c->counts[g] = b->groups[g].count;
    for (int32_t k = 0; k < c->columns.n; k++) {
        const bound_column *column = &c->columns.items[k];
        c->asked[k] = (partition_column){(double)column->cost / scale, column->group, c->rows + column->stays.first,
                                         column->stays.n};
        for (int32_t i = 0; k < c->n_known && i < column->stays.n; i++)
            c->needs[c->asked[k].rows[i]]++;
    }
}

static bool is_over(void *user)
{
    const chooser *c = user;
    const priced_options *o = c->options;
    return o->clock_s(o->user) >= c->until_s || (o->should_stop && o->should_stop(o->user));
}

static cr_status ask(chooser *c, const bound_nodes *b, bool *ret_is_other)
{
    size_t n = (size_t)c->columns.n + 1;
    double sum = 0;
    c->asked = malloc(n * sizeof *c->asked);
    c->chosen = calloc(n, sizeof *c->chosen);
    c->rows = malloc((c->columns.n_stays + 1) * sizeof *c->rows);
    c->needs = calloc((size_t)b->n_rows + 1, sizeof *c->needs);
    c->counts = calloc((size_t)b->n_groups + 1, sizeof *c->counts);
    if (!c->asked || !c->chosen || !c->rows || !c->needs || !c->counts)
        return CR_E_NOMEM;
    for (int32_t k = 0; k < c->n_known; k++)
        sum += (double)c->columns.items[k].cost;
    double scale = sum > 0 ? sum / (TYPICAL_ROUND * (double)c->n_known) : 1;
    fill_question(c, b, scale);
    dive d = {.n_rows = b->n_rows,
              .n_groups = b->n_groups,
              .n_columns = c->columns.n,
              .columns = c->asked,
              .needs = c->needs,
              .counts = c->counts,
              .left_out = LEFT_OUT * (double)b->parts * b->m->mean_leg_cost / scale,
              .time_most_ms = 1 + (int)(1000 * CHOOSING * c->options->time_s),
              .should_stop = is_over,
              .user = c};
    cr_status st = dive_solve(&d, c->chosen);
    c->is_fault = st == CR_E_INTERNAL;
    *ret_is_other = false;
    for (int32_t k = c->n_known; !st && k < c->columns.n; k++)
        *ret_is_other = *ret_is_other || c->chosen[k];
    return st == CR_E_NOMEM ? st : CR_OK;
}

/* ---- the plan ---- */

/* A slot of the row that no round has yet; CR_NONE: all are served. */
static int32_t take_slot(const bound_nodes *b, int32_t row, bool *is_served)
{
    const cr_range slots = b->m->p->visits[b->rows[row].visit].slots;
    for (int32_t s = slots.first; s < slots.first + slots.n; s++)
        if (!is_served[s] && bound_slots_are_alike(b->m, b->rows[row].slot, s)) {
            is_served[s] = true;
            return s;
        }
    return CR_NONE;
}

/* The column of each shift; CR_NONE: idle. */
static void share_out(const chooser *c, const bound_nodes *b, int32_t *column_of)
{
    int32_t n_shifts = b->m->n_shifts;
    for (int32_t r = 0; r < n_shifts; r++)
        column_of[r] = CR_NONE;
    for (int32_t k = 0; k < c->columns.n; k++) {
        int32_t r = 0;
        while (c->chosen[k] && r < n_shifts && (b->group_of[r] != c->columns.items[k].group || column_of[r] != CR_NONE))
            r++;
        if (c->chosen[k] && r < n_shifts)
            column_of[r] = k;
    }
}

/* When the plan has the break; an idle shift has it as soon as it may. */
static int32_t start_of_break(const chooser *c, int32_t brk)
{
    for (int32_t k = 0; k < c->plan->n_stops; k++)
        if (c->plan->stops[k].slot == CR_NONE && c->plan->stops[k].brk == brk)
            return c->plan->stops[k].start;
    return c->held->breaks[brk].open;
}

/* To the last round of the plan, by its start. */
static void add_stop(cr_plan *plan, cr_stop stop)
{
    cr_round *round = &plan->rounds[plan->n_rounds - 1];
    int32_t at = plan->n_stops++;
    for (; at > round->stops.first && plan->stops[at - 1].start > stop.start; at--)
        plan->stops[at] = plan->stops[at - 1];
    plan->stops[at] = stop;
    round->stops.n++;
}

static void add_round(chooser *c, const bound_nodes *b, int32_t r, const bound_column *column, bool *is_served)
{
    const cr_range breaks = c->held->shifts[r].breaks;
    c->found->rounds[c->found->n_rounds++] = (cr_round){.shift = r, .stops = {c->found->n_stops, 0}};
    for (int32_t i = 0; i < column->stays.n; i++) {
        const bound_stay *stay = &c->columns.stays[column->stays.first + i];
        int32_t slot = take_slot(b, stay->row, is_served);
        if (slot != CR_NONE)
            add_stop(c->found, (cr_stop){slot, CR_NONE, stay->start});
    }
    for (int32_t k = breaks.first; k < breaks.first + breaks.n; k++)
        add_stop(c->found, (cr_stop){CR_NONE, k, start_of_break(c, k)});
}

static cr_status make_plan(chooser *c, const bound_nodes *b)
{
    const cr_problem *p = c->held;
    int32_t *column_of = malloc(((size_t)p->n_shifts + 1) * sizeof *column_of);
    bool *is_served = calloc((size_t)p->n_slots + 1, sizeof *is_served);
    cr_status st =
        column_of && is_served ? cr_plan_new(p->n_shifts, p->n_slots + p->n_breaks, 0, &c->found) : CR_E_NOMEM;
    if (!st) {
        share_out(c, b, column_of);
        c->found->n_rounds = c->found->n_stops = 0; /* so far */
        for (int32_t r = 0; r < p->n_shifts; r++)
            if (column_of[r] != CR_NONE)
                add_round(c, b, r, &c->columns.items[column_of[r]], is_served);
    }
    free(column_of);
    free(is_served);
    return st;
}

static cr_status choose(void *user, const bound_rounds *found)
{
    chooser *c = user;
    bool is_other = false;
    cr_status st = take_columns(c, found);
    if (c->options->slot_worth)
        bound_guess_keep(found->b, found->worth, c->options->slot_worth);
    if (!st && c->n_known > 0)
        st = ask(c, found->b, &is_other);
    return st || !is_other ? st : make_plan(c, found->b);
}

cr_status priced_rounds_find(const model *m, const cr_plan *plan, const priced_options *options, cr_plan **ret_plan,
                             bool *ret_is_fault)
{
    cr_auto(cr_problem) held = NULL;
    cr_bound_options how = CR_BOUND_OPTIONS_INIT;
    how.time_s = options->time_s;
    how.start = plan;
    how.clock_s = options->clock_s;
    how.should_stop = options->should_stop;
    how.user = options->user;
    cr_status st = cr_problem_copy(m->p, &held);
    double until_s = options->clock_s(options->user) + (1 + CHOOSING) * options->time_s;
    chooser c = {.held = held, .plan = plan, .options = options, .until_s = until_s};
    if (!st)
        st = hold_starts(held, plan, m->mean_leg_cost);
    if (!st)
        st = bound_find_rounds(held, &how, options->slot_worth, choose, &c);
    bound_columns_done(&c.columns);
    free(c.asked);
    free(c.chosen);
    free(c.rows);
    free(c.needs);
    free(c.counts);
    if (st)
        c.found = cr_plan_free(c.found);
    *ret_plan = c.found;
    *ret_is_fault = c.is_fault;
    return st;
}
