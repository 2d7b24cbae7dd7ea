/* The best worths of one stage: see bound_finder.h.
 *
 * Each question is priced over all rounds, for the bound is that; or on large problems mostly over the core alone, and
 * over all now and then: what the core says of L is then put right, and what was found outside joins it.
 */
#include "bound_finder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SMOOTH_STEP  0.1 /* the share of the best so far goes up and down by so much, */
#define SMOOTH_LOW   0.4 /* between these two */
#define SMOOTH_HIGH  0.9
#define SMOOTH_LEAST 0.05  /* below, GLPK's own is asked for */
#define HOLD         0.3   /* first price of leaving the best so far, as a part of what a row needs; */
#define HOLD_NEXT    0.1   /* in the next stages, and from worths that are known, which begin near; */
#define HOLD_LOOSER  0.5   /* then it is so much of that, */
#define HOLD_LEAST   0.01  /* until it is less than this, and nothing */
#define HOLD_ENOUGH  0.05  /* or where another stage follows, than this; */
#define HELD_FIRST   1e-3  /* the same in the first of several stages */
#define HELD         3e-4  /* so near to GLPK's value, and worths are held less */
#define CLIMBS       10    /* questions before GLPK is asked, */
#define CLIMBS_NEXT  2     /* and where worths are known from a problem like this one */
#define TOLLS        0.005 /* so near, and tolls are asked for */
#define STALL        1e-9  /* of the value: no change */
#define STALLED_MOST 60
#define CORE_MOST    0.6  /* with more of all nodes in the core it is not worth it */
#define NARROW_MOST  12   /* times that the core is priced between two looks at everything */
#define WIDE_LAST    1.5  /* times what such a look takes: then it is time for the last one */
#define PAYS         1e-6 /* of its cost: what a column must earn more to be worth asking GLPK again */

double bound_finder_elapsed_s(const bound_finder *f)
{
    return f->options->clock_s ? f->options->clock_s(f->options->user) - f->begun_s : 0;
}

bool bound_finder_should_stop(void *user)
{
    bound_finder *f = user;
    if (atomic_flag_test_and_set(&f->asking))
        return f->stopped;
    if (!f->stopped && f->options->should_stop && f->options->should_stop(f->options->user))
        f->stopped = true;
    if (!f->stopped && f->options->clock_s && f->options->time_s >= 0 &&
        bound_finder_elapsed_s(f) >= f->options->time_s)
        f->stopped = true;
    atomic_flag_clear(&f->asking);
    return f->stopped;
}

static int time_left_ms(const bound_finder *f)
{
    if (!f->options->clock_s || f->options->time_s < 0)
        return 0;
    double left_ms = (f->options->time_s - bound_finder_elapsed_s(f)) * 1000;
    return left_ms < 1 ? 1 : left_ms > 1e9 ? 1000000000 : (int)left_ms;
}

/* ---- pricing ---- */

static cr_status grow(int64_t **worths, size_t from, size_t to)
{
    int64_t *grown = realloc(*worths, to * sizeof *grown);
    if (!grown)
        return CR_E_NOMEM;
    for (size_t k = from; k < to; k++)
        grown[k] = 0;
    *worths = grown;
    return CR_OK;
}

/* A new toll is nothing to begin with. */
cr_status bound_finder_make_room(bound_finder *f)
{
    if (f->room >= (size_t)f->tolls.n_worths + 1)
        return CR_OK;
    size_t room = 2 * ((size_t)f->tolls.n_worths + 1);
    cr_status st = grow(&f->centre, f->room, room);
    if (!st)
        st = grow(&f->worth, f->room, room);
    double *grown = st ? NULL : realloc(f->answer.worth, room * sizeof *grown);
    if (!grown)
        return CR_E_NOMEM;
    f->answer.worth = grown;
    for (size_t k = f->room; k < room; k++)
        grown[k] = 0;
    f->room = room;
    return CR_OK;
}

static void mix(bound_finder *f)
{
    for (int32_t k = 0; k < f->tolls.n_worths; k++) {
        double w = f->share * (double)f->centre[k] + (1 - f->share) * f->answer.worth[k];
        f->worth[k] = w >= 1 && w < (double)COST_NEVER ? (int64_t)w : 0; /* also where it is not a number */
    }
    bound_worth_tidy(f->b, &f->tolls, f->worth);
}

/* Price every group at f->worth; what comes of it is added to f->columns, and in f->centre. */
static cr_status price_more(bound_finder *f)
{
    int64_t of_groups, sum = bound_worth_in_all(f->b, &f->tolls, f->worth, f->moments);
    double begun_s = bound_finder_elapsed_s(f);
    bool done;
    cr_status st =
        bound_pricers_run(f->is_narrow ? f->of_core : f->pricers, f->worth, &f->tolls, &f->columns, &of_groups, &done);
    if (st || !done)
        return st;
    sum = bound_plus(sum, of_groups, 1);
    f->result->iterations++;
    f->result->columns += f->columns.n;
    f->rose = sum > f->centre_value;
    f->last_value = sum;
    if (sum > f->centre_value) {
        f->centre_value = sum;
        f->is_held = f->is_held && f->hold.far <= 0;
        for (int32_t k = 0; k < f->tolls.n_worths; k++)
            f->centre[k] = f->worth[k];
    }
    f->n_narrow++;
    if (f->is_narrow)
        return CR_OK;
    f->wide_s = bound_finder_elapsed_s(f) - begun_s;
    f->best = sum > f->best ? sum : f->best;
    return CR_OK;
}

static cr_status price_all(bound_finder *f)
{
    f->columns.n = 0;
    f->columns.n_stays = 0;
    return price_more(f);
}

/* Does a column pay at what GLPK thinks its rows are worth? */
static bool pays(const bound_finder *f, const bound_column *column)
{
    double earns = bound_master_earns(f->master, &f->columns, column, f->answer.worth);
    return earns - (double)column->cost - f->answer.of_group[column->group] > PAYS * fabs((double)column->cost);
}

static bool any_pays(const bound_finder *f)
{
    for (int32_t c = 0; c < f->columns.n; c++)
        if (pays(f, &f->columns.items[c]))
            return true;
    return false;
}

bool bound_finder_may_go_on(bound_finder *f)
{
    return !bound_finder_should_stop(f) &&
           (f->options->iterations < 0 || f->result->iterations < f->options->iterations);
}

/* Is L so near to GLPK's value, of which it can only fall short? */
static bool is_close(const bound_finder *f, double share)
{
    double value = f->answer.value + (double)f->b->unserved_cost;
    return (double)f->centre_value >= value * (1 - share) && !f->answer.is_boxed;
}

/* A stage that another follows which asks for more need not come as near. */
static double near_enough(const bound_finder *f)
{
    bool is_first = f->b->n_steps == 0 && f->close > BOUND_CONVERGED;
    return f->hold.far <= 0 ? f->close : is_first ? HELD_FIRST : HELD;
}

/* GLPK's tolerances are wider than ours: it may answer the same for ever, though columns pay. */
static bool is_stalled(bound_finder *f, double value_before, int64_t centre_before)
{
    bool moved = f->centre_value > centre_before || fabs(f->answer.value - value_before) > STALL * fabs(value_before);
    f->n_stalled = moved ? 0 : f->n_stalled + 1;
    return f->n_stalled >= STALLED_MOST;
}

/* Where worths are held GLPK's own are asked for, else nearer to the best so far after a question that was far from it,
 * nearer to GLPK's after one that was better. */
static double smoother(const bound_finder *f)
{
    double value = f->answer.value + (double)f->b->unserved_cost, centre = (double)f->centre_value;
    double share = f->share;
    if (f->hold.far > 0)
        return 0;
    if (f->rose)
        share -= SMOOTH_STEP;
    else if (centre - (double)f->last_value > value - centre)
        share += SMOOTH_STEP;
    return share < SMOOTH_LOW ? SMOOTH_LOW : share > SMOOTH_HIGH ? SMOOTH_HIGH : share;
}

/* What to ask for after this round of pricing. True: nothing is left to ask for. */
static bool next_question(bound_finder *f)
{
    if (any_pays(f))
        f->share = smoother(f);
    else if (f->share > 0)
        f->share = f->share > SMOOTH_LEAST ? f->share / 3 : 0;
    else
        return !f->answer.is_boxed;
    return false;
}

static void hold_first(bound_finder *f, double price)
{
    f->hold = (bound_hold){price, price};
    f->is_held = false;
    f->share = 0;
}

/* Where worths may leave the centre more cheaply, they had no reason before to go far. False: they were free. */
static bool hold_less(bound_finder *f)
{
    if (f->hold.far <= 0)
        return false;
    double price = f->hold.near * HOLD_LOOSER;
    f->hold = (bound_hold){price < HOLD_LEAST ? 0 : price, f->hold.near};
    f->is_held = false;
    f->share = f->hold.far > 0 ? 0 : BOUND_SMOOTH;
    return true;
}

/* The next stage begins near to where this one is. */
static bool is_held_enough(const bound_finder *f)
{
    return f->close > BOUND_CONVERGED && f->hold.near < HOLD_ENOUGH;
}

static cr_status ask_master(bound_finder *f)
{
    cr_status st = f->is_held ? CR_OK : bound_master_hold(f->master, f->centre, f->hold);
    f->is_held = true;
    return st ? st : bound_master_solve(f->master, time_left_ms(f), &f->answer);
}

/* From the guess. The rounds met on the way are GLPK's to begin with. */
static cr_status climb(bound_finder *f)
{
    int32_t n = f->begins_near ? CLIMBS_NEXT : CLIMBS;
    for (int32_t k = 0; f->climb && k < n && bound_finder_may_go_on(f); k++) {
        int64_t before = f->centre_value;
        if (before == INT64_MIN)
            memcpy(f->worth, f->centre, (size_t)f->tolls.n_worths * sizeof *f->worth);
        else
            bound_climb_step(f->climb, f->centre, before, f->worth);
        bound_worth_tidy(f->b, &f->tolls, f->worth);
        cr_status st = price_all(f);
        if (st || f->stopped)
            return st;
        bound_climb_note(f->climb, &f->columns, f->centre_value > before);
        if ((st = bound_master_add(f->master, &f->columns, 0)))
            return st;
    }
    return CR_OK;
}

/* What GLPK has not been asked for yet. If there is any, it is not done. */
static cr_status ask_for_more(bound_finder *f, bool *done)
{
    bool added, pairs = false, trios = false, opened = false;
    cr_status st = bound_master_add_tolls(f->master, &added);
    if (!st && f->b->n_steps > 0)
        st = bound_master_add_pairs(f->master, &pairs);
    added = added || pairs;
    if (!st && *done && !added && f->close <= BOUND_CONVERGED)
        st = bound_master_add_trios(f->master, &trios);
    if (!st)
        st = bound_finder_make_room(f);
    if (!st && (added || trios) && !f->take) /* rounds for a plan are looked for as they were */
        st = bound_master_settle(f->master, time_left_ms(f));
    if (!st && *done && !added && f->close <= BOUND_CONVERGED) /* the next stage would ask anew */
        st = bound_master_open(f->master, &opened);
    *done = *done && !added && !trios && !opened;
    return st;
}

/* What is known from the stage before, at the worths there were. */
static cr_status look_again(bound_finder *f)
{
    for (int32_t k = 0; k < f->tolls.n_worths; k++)
        f->worth[k] = f->centre[k];
    cr_status st = price_all(f);
    return st || f->stopped ? st : bound_master_add(f->master, &f->columns, 0);
}

/* From here on only what rounds were met to serve is priced, where that is much less. */
static void narrow(bound_finder *f)
{
    f->is_narrow = false;
    if (!f->core)
        return;
    bound_core_add(f->core, bound_master_columns(f->master));
    bound_core_renew(f->core);
    bound_pricers_renew(f->of_core);
    bool is_last = f->options->iterations >= 0 && f->result->iterations + 1 >= f->options->iterations;
    f->is_narrow = !is_last && bound_core_share(f->core) <= CORE_MOST;
    f->n_narrow = 0;
}

/* Is this the last time that everything can be looked at? */
static bool is_nearly_over(const bound_finder *f)
{
    if (f->options->iterations >= 0 && f->result->iterations + 1 >= f->options->iterations)
        return true;
    return f->options->clock_s && f->options->time_s >= 0 &&
           f->options->time_s - bound_finder_elapsed_s(f) < WIDE_LAST * f->wide_s;
}

/* What the core found counts for nothing until all has been looked at. done: as the core has it; as it is. */
static cr_status widen(bound_finder *f, bool *done)
{
    bool was_done = *done;
    *done = false;
    bound_core_add(f->core, &f->columns);
    f->is_narrow = false;
    f->centre_value = INT64_MIN;
    for (int32_t k = 0; k < f->tolls.n_worths; k++)
        f->worth[k] = f->centre[k];
    cr_status st = price_more(f); /* GLPK is told of both when it knows the new rows */
    if (st || f->stopped)
        return st;
    *done = is_close(f, near_enough(f));
    bound_core_add(f->core, &f->columns);
    if (*done || !was_done || any_pays(f)) /* else the core can do no more */
        narrow(f);
    return CR_OK;
}

cr_status bound_finder_run(bound_finder *f, bool is_first)
{
    bool done = false;
    cr_status begun = is_first ? climb(f) : bound_finder_may_go_on(f) ? look_again(f) : CR_OK;
    if (begun)
        return begun;
    hold_first(f, f->begins_near ? HOLD_NEXT : HOLD);
    narrow(f);
    while (!done && !f->gave_up && bound_finder_may_go_on(f)) {
        double value_before = f->answer.value;
        int64_t centre_before = f->centre_value;
        cr_status st = ask_master(f);
        if (st == CR_E_UPSTREAM)
            return CR_OK; /* no answer in time: what is proved stays */
        mix(f);
        if (!st)
            st = price_all(f);
        if (!st && !f->stopped) {
            done = is_close(f, near_enough(f)) || next_question(f);
            if (f->is_narrow && (done || f->n_narrow >= NARROW_MOST || is_nearly_over(f)))
                st = widen(f, &done);
        }
        if (!st && !f->stopped) {
            f->gave_up = is_stalled(f, value_before, centre_before);
            bool looser = done && hold_less(f);
            done = done && (!looser || is_held_enough(f));
            if (done || looser || (f->hold.far <= 0 && is_close(f, TOLLS)))
                st = ask_for_more(f, &done);
        }
        if (!st && !done)
            st = bound_master_add(f->master, &f->columns, 0);
        if (st)
            return st;
    }
    f->result->converged = done;
    return CR_OK;
}
