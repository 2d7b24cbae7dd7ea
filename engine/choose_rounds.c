/* Choosing rounds by set partitioning.
 *
 * Rows are the slots that the shifts of a window serve now. Columns are rounds from the pool that serve only those.
 * Visits that move together with other rounds (double-ups, gaps) are held at their earliest starts as the rota stands;
 * a round that cannot meet them there is no column, so any choice of columns is feasible in time. What GLPK suggests is
 * put into the rota, checked and priced like any other change.
 */
#include "choose_rounds.h"

#include "halves.h"
#include "insert.h"
#include "partition.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_SHIFTS 8
#define COLUMNS_MOST  4000
#define NODES_MOST    300

struct chooser {
    const model *m;
    int32_t shifts[WINDOW_SHIFTS];
    int32_t n_shifts, n_rows;
    int32_t *group; /* of each shift; CR_NONE: not in the window */
    int32_t *row;   /* of each slot; CR_NONE: not in the window */
    int32_t *slots; /* in the window, by row */
    partition_column columns[COLUMNS_MOST];
    const pool_round *rounds[COLUMNS_MOST];
    bool chosen[COLUMNS_MOST];
    int32_t *rows; /* store of the columns' rows */
    size_t n_store, room_store;
    int32_t n_columns;
};

chooser *chooser_free(chooser *ch)
{
    if (ch) {
        free(ch->group);
        free(ch->row);
        free(ch->slots);
        free(ch->rows);
        free(ch);
    }
    return NULL;
}

cr_status chooser_new(const model *m, chooser **ret_chooser)
{
    cr_auto(chooser) ch = calloc(1, sizeof *ch);
    if (!ch)
        return CR_E_NOMEM;
    ch->m = m;
    ch->room_store = COLUMNS_MOST * 64;
    ch->group = malloc(((size_t)m->n_shifts + 1) * sizeof *ch->group);
    ch->row = malloc(((size_t)m->n_slots + 1) * sizeof *ch->row);
    ch->slots = malloc(((size_t)m->n_slots + 1) * sizeof *ch->slots);
    ch->rows = malloc(ch->room_store * sizeof *ch->rows);
    if (!ch->group || !ch->row || !ch->slots || !ch->rows)
        return CR_E_NOMEM;
    for (int32_t r = 0; r < m->n_shifts; r++)
        ch->group[r] = CR_NONE;
    for (int32_t s = 0; s < m->n_slots; s++)
        ch->row[s] = CR_NONE;
    *ret_chooser = chooser_take(&ch);
    return CR_OK;
}

/* ---- the window ---- */

static void take_shift(chooser *ch, const rota *x, int32_t r)
{
    if (r == CR_NONE || ch->group[r] != CR_NONE || ch->n_shifts == WINDOW_SHIFTS)
        return;
    ch->group[r] = ch->n_shifts;
    ch->shifts[ch->n_shifts++] = r;
    for (int32_t k = 0; k < rota_n(x, r); k++) {
        int32_t stop = rota_stops(x, r)[k].stop;
        if (is_break(ch->m, stop))
            continue;
        ch->row[stop] = ch->n_rows;
        ch->slots[ch->n_rows++] = stop;
    }
}

/* The rounds of the visits nearest to a random one. */
static void open_window(chooser *ch, const rota *x, rng *random)
{
    const model *m = ch->m;
    int32_t seed = rng_below(random, m->n_visits);
    for (int32_t k = -1; k < m->n_near && ch->n_shifts < WINDOW_SHIFTS; k++) {
        int32_t v = k < 0 ? seed : m->near[(size_t)seed * (size_t)m->n_near + (size_t)k];
        if (v == CR_NONE)
            break;
        for (int32_t i = 0; i < m->p->visits[v].slots.n; i++)
            take_shift(ch, x, rota_round_of(x, m->p->visits[v].slots.first + i));
    }
}

static void close_window(chooser *ch)
{
    for (int32_t i = 0; i < ch->n_shifts; i++)
        ch->group[ch->shifts[i]] = CR_NONE;
    for (int32_t i = 0; i < ch->n_rows; i++)
        ch->row[ch->slots[i]] = CR_NONE;
    ch->n_shifts = ch->n_rows = ch->n_columns = 0;
    ch->n_store = 0;
}

/* ---- the columns ---- */

static bool serves_only_window(const chooser *ch, const int32_t *stops, int32_t n)
{
    for (int32_t k = 0; k < n; k++)
        if (!is_break(ch->m, stops[k]) && ch->row[stops[k]] == CR_NONE)
            return false;
    return true;
}

/* Can the round be walked with coupled visits at their earliest starts? */
static bool meets_others(const rota *x, const pool_round *round, const int32_t *stops)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[round->shift];
    int32_t place = shift->start_place, ready = shift->begin;
    for (int32_t k = 0; k < round->n; k++) {
        const model_start *start = &m->starts[m->start_of[stops[k]]];
        if (!is_placeless(m, stops[k])) {
            ready = leg_arrive(m, shift, place, start->place, ready);
            ready += place == start->place ? 0 : start->door;
            place = start->place;
        }
        int32_t at = window_after(start, ready);
        if (start->coupled) {
            if (at > rota_earliest(x)[m->start_of[stops[k]]])
                return false;
            at = rota_earliest(x)[m->start_of[stops[k]]];
        }
        if (at > start->hi)
            return false;
        ready = at + shift->length[stops[k]];
    }
    ready = leg_arrive(m, shift, place, shift->end_place, ready);
    return ready <= shift->end;
}

static void add_column(chooser *ch, const pool_round *round, const int32_t *stops)
{
    if (ch->n_columns == COLUMNS_MOST || ch->n_store + (size_t)round->n_slots > ch->room_store)
        return;
    int32_t *rows = ch->rows + ch->n_store;
    int32_t n = 0;
    for (int32_t k = 0; k < round->n; k++)
        if (!is_break(ch->m, stops[k]))
            rows[n++] = ch->row[stops[k]];
    ch->n_store += (size_t)n;
    ch->rounds[ch->n_columns] = round;
    ch->columns[ch->n_columns++] =
        (partition_column){(double)round->cost / ch->m->mean_leg_cost, ch->group[round->shift], rows, n};
}

/* Newest first, so that the limit leaves out the oldest. */
static void list_columns(chooser *ch, const pool *q, const rota *x)
{
    for (int32_t i = pool_n(q) - 1; i >= 0; i--) {
        const pool_round *round = pool_at(q, i);
        const int32_t *stops = pool_stops(q, round);
        if (ch->group[round->shift] != CR_NONE && serves_only_window(ch, stops, round->n) &&
            meets_others(x, round, stops))
            add_column(ch, round, stops);
    }
}

/* ---- the choice ---- */

/* Take the visits out and put the chosen ones in. Breaks stay where they are and visits are put around them (a round
 * without its breaks is no round to the rota). False: a column has its breaks in another order. */
static bool put_rounds(chooser *ch, const pool *q, rota *x, pricer *price)
{
    for (int32_t i = 0; i < ch->n_shifts; i++) {
        int32_t r = ch->shifts[i];
        price_touch(price, r);
        for (int32_t k = rota_n(x, r) - 1; k >= 0; k--)
            if (!is_break(ch->m, rota_stops(x, r)[k].stop))
                rota_remove_stop(x, rota_stops(x, r)[k].stop, r, k);
    }
    for (int32_t j = 0; j < ch->n_columns; j++) {
        const pool_round *round = ch->rounds[j];
        const int32_t *stops = pool_stops(q, round);
        for (int32_t k = 0; ch->chosen[j] && k < round->n; k++) {
            if (!is_break(ch->m, stops[k]))
                rota_insert(x, stops[k], round->shift, k);
            else if (rota_stops(x, round->shift)[k].stop != stops[k])
                return false;
        }
    }
    return true;
}

static bool has_room_for_choice(const chooser *ch, rota *x)
{
    for (int32_t j = 0; j < ch->n_columns; j++)
        if (ch->chosen[j] && !rota_has_room_for(x, ch->rounds[j]->shift, ch->rounds[j]->n))
            return false;
    return true;
}

static bool is_change(const chooser *ch, const pool *q, const rota *x)
{
    for (int32_t j = 0; j < ch->n_columns; j++) {
        const pool_round *round = ch->rounds[j];
        if (!ch->chosen[j])
            continue;
        const int32_t *stops = pool_stops(q, round);
        if (round->n != rota_n(x, round->shift))
            return true;
        for (int32_t k = 0; k < round->n; k++)
            if (stops[k] != rota_stops(x, round->shift)[k].stop)
                return true;
    }
    return false;
}

static choice apply(chooser *ch, const pool *q, rota *x, pricer *price, int64_t before, int64_t *ret_start_cost)
{
    if (!is_change(ch, q, x) || !has_room_for_choice(ch, x))
        return CHOICE_NOTHING;
    rota_mark mark = rota_now(x);
    int64_t start_cost;
    if (put_rounds(ch, q, x, price) && rota_propagate(x, false) && carers_hold(x) && halves_hold(x) &&
        x->cost < before && price_now(price, x, &start_cost) && x->cost + start_cost < before) {
        *ret_start_cost = start_cost;
        return CHOICE_BETTER;
    }
    rota_undo(x, mark);
    rota_forget_waiting(x);
    price_undo(price);
    return CHOICE_NOTHING;
}

choice choose_rounds(chooser *ch, const pool *q, rota *x, pricer *price, int64_t start_cost, int time_most_ms,
                     rng *random, int64_t *ret_start_cost)
{
    choice result = CHOICE_NOTHING;
    open_window(ch, x, random);
    if (ch->n_shifts > 1) {
        list_columns(ch, q, x);
        partition p = {ch->n_rows, ch->n_shifts, ch->n_columns, ch->columns, NODES_MOST, time_most_ms};
        cr_status st = ch->n_columns > ch->n_shifts ? partition_solve(&p, ch->chosen) : CR_E_INPUT;
        if (st == CR_E_INTERNAL)
            result = CHOICE_FAULT;
        else if (!st)
            result = apply(ch, q, x, price, x->cost + start_cost, ret_start_cost);
    }
    close_window(ch);
    return result;
}
