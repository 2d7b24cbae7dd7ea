/* A proved lower bound by column generation: see bound.h and docs/model.md section 8.
 *
 * For any worth w >= 0 of the rows, every plan costs at least
 *
 *   L(w) = sum over visits of min(unallocated price, what its rows are worth when its carers meet, at the least)
 *        + sum over groups of count x min(0, the least of a round's cost less what it earns)
 *
 * (Lagrangian relaxation). GLPK only suggests w; L(w) is summed here in integers from exact pricing, so it holds
 * whatever GLPK does, and at any stop. Its w are held near to the best so far by a price, which falls until there is
 * none (bound_master.h). From then on the w asked for lie between GLPK's and the best so far (Wentges 1997, "Weighted
 * Dantzig-Wolfe decomposition for linear mixed-integer programming"), nearer to the one or the other by what came of
 * the last (after Pessoa, Sadykov, Uchoa, Vanderbeck 2018, "Automation and combination of linear-programming based
 * stabilization techniques in column generation").
 */
#include "careround/bound.h"

#include "bound_climb.h"
#include "bound_first.h"
#include "bound_guess.h"
#include "bound_master.h"
#include "bound_pricers.h"
#include "bound_quickest.h"
#include "bound_rounds.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SMOOTH       0.6 /* share of the best worth so far in the next question, to begin with; */
#define SMOOTH_STEP  0.1 /* it goes up and down by so much, */
#define SMOOTH_LOW   0.4 /* between these two */
#define SMOOTH_HIGH  0.9
#define SMOOTH_LEAST 0.05 /* below, GLPK's own is asked for */
#define HOLD         0.3  /* first price of leaving the best so far, as a part of what a row needs; */
#define HOLD_NEXT    0.1  /* in the next stages, and from worths that are known, which begin near; */
#define HOLD_LOOSER  0.5  /* then it is so much of that, */
#define HOLD_LEAST   0.01 /* until it is less than this, and nothing */
#define HOLD_ENOUGH  0.05 /* or where another stage follows, than this; */
#define HELD         3e-4 /* so near to GLPK's value, and worths are held less */
#define CLIMBS       10   /* questions before GLPK is asked, */
#define CLIMBS_NEXT  2    /* and where worths are known from a problem like this one */
#define CONVERGED    1e-5
#define TOLLS        0.005 /* so near, and tolls are asked for */
#define STALL        1e-9  /* of the value: no change */
#define STALLED_MOST 60
#define PAYS         1e-6 /* of its cost: what a column must earn more to be worth asking GLPK again */

/* The carers of a visit come nearer together from stage to stage. */
static const struct stage {
    int32_t n_steps;
    double close; /* so near to GLPK's value, and the next begins */
} stages[] = {{0, 2e-4}, {4, 2e-4}, {8, CONVERGED}};

#define STAGES_N (int)(sizeof stages / sizeof *stages)

typedef struct finder {
    const cr_bound_options *options;
    bound_nodes *b;
    bound_pricers *pricers;
    bound_master *master;
    bound_climb *climb;    /* NULL: there is no plan to begin from */
    bound_columns columns; /* of the last round of pricing */
    bound_tolls tolls;
    int64_t *centre, *worth; /* of rows and tolls: the best so far; as asked for */
    int64_t *moments;        /* room for two numbers for each */
    size_t room;             /* of the first two, and of the answer's worths */
    int64_t last_value;      /* L in the last round of pricing; */
    bool rose;               /* it was the best so far */
    int64_t centre_value;    /* L there; INT64_MIN: not known yet */
    int64_t best;            /* L, the highest of all stages, and what needs no pricing */
    int64_t labels;          /* of the stages before */
    double close;            /* of this stage */
    bound_hold hold;         /* price of leaving the centre */
    bool is_held;            /* GLPK knows it, and the centre */
    double share;            /* of the centre in the next question; the rest is GLPK's */
    bound_answer answer;
    double begun_s;
    int32_t n_stalled; /* rounds of pricing in which nothing moved */
    bool gave_up;
    atomic_bool stopped;
    atomic_flag asking; /* some thread asks whether to stop: the others go by what it says */
    cr_bound *result;
    bound_taker *take; /* NULL: rounds are of no interest. Otherwise the first stage is the only one */
    void *taker;
    const double *slot_worth; /* NULL: nothing is known of it */
    bool begins_near;         /* most worths are known, from a stage before or another problem */
} finder;

static double elapsed_s(const finder *f)
{
    return f->options->clock_s ? f->options->clock_s(f->options->user) - f->begun_s : 0;
}

static bool should_stop(void *user)
{
    finder *f = user;
    if (atomic_flag_test_and_set(&f->asking))
        return f->stopped;
    if (!f->stopped && f->options->should_stop && f->options->should_stop(f->options->user))
        f->stopped = true;
    if (!f->stopped && f->options->clock_s && f->options->time_s >= 0 && elapsed_s(f) >= f->options->time_s)
        f->stopped = true;
    atomic_flag_clear(&f->asking);
    return f->stopped;
}

static int time_left_ms(const finder *f)
{
    if (!f->options->clock_s || f->options->time_s < 0)
        return 0;
    double left_ms = (f->options->time_s - elapsed_s(f)) * 1000;
    return left_ms < 1 ? 1 : left_ms > 1e9 ? 1000000000 : (int)left_ms;
}

/* ---- the bound ---- */

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
static cr_status make_room(finder *f)
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

static void mix(finder *f)
{
    for (int32_t k = 0; k < f->tolls.n_worths; k++) {
        double w = f->share * (double)f->centre[k] + (1 - f->share) * f->answer.worth[k];
        f->worth[k] = w >= 1 && w < (double)COST_NEVER ? (int64_t)w : 0; /* also where it is not a number */
    }
    bound_worth_tidy(f->b, &f->tolls, f->worth);
}

/* Price every group at f->worth; what comes of it is in f->columns and f->centre. */
static cr_status price_all(finder *f)
{
    int64_t of_groups, sum = bound_worth_in_all(f->b, &f->tolls, f->worth, f->moments);
    f->columns.n = 0;
    f->columns.n_stays = 0;
    bool done;
    cr_status st = bound_pricers_run(f->pricers, f->worth, &f->tolls, &f->columns, &of_groups, &done);
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
    f->best = sum > f->best ? sum : f->best;
    return CR_OK;
}

/* Does a column pay at what GLPK thinks its rows are worth? */
static bool pays(const finder *f, const bound_column *column)
{
    double earns = bound_master_earns(f->master, &f->columns, column, f->answer.worth);
    return earns - (double)column->cost - f->answer.of_group[column->group] > PAYS * fabs((double)column->cost);
}

static bool any_pays(const finder *f)
{
    for (int32_t c = 0; c < f->columns.n; c++)
        if (pays(f, &f->columns.items[c]))
            return true;
    return false;
}

static bool may_go_on(finder *f)
{
    return !should_stop(f) && (f->options->iterations < 0 || f->result->iterations < f->options->iterations);
}

/* Is L so near to GLPK's value, of which it can only fall short? */
static bool is_close(const finder *f, double share)
{
    double value = f->answer.value + (double)f->b->unserved_cost;
    return (double)f->centre_value >= value * (1 - share) && !f->answer.is_boxed;
}

/* GLPK's tolerances are wider than ours: it may answer the same for ever, though columns pay. */
static bool is_stalled(finder *f, double value_before, int64_t centre_before)
{
    bool moved = f->centre_value > centre_before || fabs(f->answer.value - value_before) > STALL * fabs(value_before);
    f->n_stalled = moved ? 0 : f->n_stalled + 1;
    return f->n_stalled >= STALLED_MOST;
}

/* Where worths are held GLPK's own are asked for, else nearer to the best so far after a question that was far from it,
 * nearer to GLPK's after one that was better. */
static double smoother(const finder *f)
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
static bool next_question(finder *f)
{
    if (any_pays(f))
        f->share = smoother(f);
    else if (f->share > 0)
        f->share = f->share > SMOOTH_LEAST ? f->share / 3 : 0;
    else
        return !f->answer.is_boxed;
    return false;
}

static void hold_first(finder *f, double price)
{
    f->hold = (bound_hold){price, price};
    f->is_held = false;
    f->share = 0;
}

/* Where worths may leave the centre more cheaply, they had no reason before to go far. False: they were free. */
static bool hold_less(finder *f)
{
    if (f->hold.far <= 0)
        return false;
    double price = f->hold.near * HOLD_LOOSER;
    f->hold = (bound_hold){price < HOLD_LEAST ? 0 : price, f->hold.near};
    f->is_held = false;
    f->share = f->hold.far > 0 ? 0 : SMOOTH;
    return true;
}

/* The next stage begins near to where this one is. */
static bool is_held_enough(const finder *f)
{
    return f->close > CONVERGED && f->hold.near < HOLD_ENOUGH;
}

static cr_status ask_master(finder *f)
{
    cr_status st = f->is_held ? CR_OK : bound_master_hold(f->master, f->centre, f->hold);
    f->is_held = true;
    return st ? st : bound_master_solve(f->master, time_left_ms(f), &f->answer);
}

/* From the guess. The rounds met on the way are GLPK's to begin with. */
static cr_status climb(finder *f)
{
    int32_t n = f->begins_near ? CLIMBS_NEXT : CLIMBS;
    for (int32_t k = 0; f->climb && k < n && may_go_on(f); k++) {
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
static cr_status ask_for_more(finder *f, bool *done)
{
    bool added, pairs = false, trios = false, opened = false;
    cr_status st = bound_master_add_tolls(f->master, &added);
    if (!st && f->b->n_steps > 0)
        st = bound_master_add_pairs(f->master, &pairs);
    added = added || pairs;
    if (!st && *done && !added && f->close <= CONVERGED)
        st = bound_master_add_trios(f->master, &trios);
    if (!st)
        st = make_room(f);
    if (!st && *done && !added && f->close <= CONVERGED) /* the next stage would ask anew */
        st = bound_master_open(f->master, &opened);
    *done = *done && !added && !trios && !opened;
    return st;
}

/* What is known from the stage before, at the worths there were. */
static cr_status look_again(finder *f)
{
    for (int32_t k = 0; k < f->tolls.n_worths; k++)
        f->worth[k] = f->centre[k];
    cr_status st = price_all(f);
    return st || f->stopped ? st : bound_master_add(f->master, &f->columns, 0);
}

static cr_status find(finder *f, bool is_first)
{
    bool done = false;
    cr_status begun = is_first ? climb(f) : may_go_on(f) ? look_again(f) : CR_OK;
    if (begun)
        return begun;
    hold_first(f, f->begins_near ? HOLD_NEXT : HOLD);
    while (!done && !f->gave_up && may_go_on(f)) {
        double value_before = f->answer.value;
        int64_t centre_before = f->centre_value;
        cr_status st = ask_master(f);
        if (st == CR_E_UPSTREAM)
            return CR_OK; /* no answer in time: what is proved stays */
        mix(f);
        if (!st)
            st = price_all(f);
        if (!st && !f->stopped) {
            done = is_close(f, f->hold.far > 0 ? HELD : f->close) || next_question(f);
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

/* ---- stages ---- */

static void finder_done(finder *f)
{
    bound_pricers_free(f->pricers);
    bound_master_free(f->master);
    bound_climb_free(f->climb);
    bound_columns_done(&f->columns);
    free(f->centre);
    free(f->worth);
    free(f->moments);
    bound_tolls_done(&f->tolls);
    free(f->answer.worth);
    free(f->answer.of_group);
    bound_nodes_free(f->b);
}

static cr_status make_parts(finder *f)
{
    f->moments = malloc((2 * (size_t)f->b->n_moments + 1) * sizeof *f->moments);
    f->answer.of_group = calloc((size_t)f->b->n_groups + 1, sizeof *f->answer.of_group);
    if (!f->moments || !f->answer.of_group)
        return CR_E_NOMEM;
    cr_status st = make_room(f);
    return st ? st : bound_pricers_new(f->b, f->options->n_threads, should_stop, f, &f->pricers);
}

static int64_t labels_of(const finder *f)
{
    return f->labels + (f->pricers ? bound_pricers_labels(f->pricers) : 0);
}

/* What holds before anything is priced. */
static cr_status prove_first(finder *f)
{
    bool found = false;
    cr_status st = bound_first_worths(f->b, should_stop, f, f->worth, &found);
    if (st || !found)
        return st;
    bound_worth_tidy(f->b, &f->tolls, f->worth);
    f->best = bound_worth_in_all(f->b, &f->tolls, f->worth, f->moments);
    return CR_OK;
}

static cr_status begin(finder *f, const model *m)
{
    cr_status st = bound_nodes_new(m, stages[0].n_steps, &f->b);
    if (st)
        return st;
    if (f->take)
        f->b->rest_steps = BOUND_REST_COARSE;
    bound_tolls_init(f->b, &f->tolls);
    st = make_parts(f);
    if (st || f->b->n_rows == 0)
        return st;
    st = prove_first(f);
    if (!st && f->options->start)
        st = bound_guess_columns(f->b, f->options->start, &f->columns);
    if (!st && f->options->start)
        st = bound_climb_new(f->b, f->b->parts * f->options->start->cost.total, &f->climb);
    if (st)
        return st;
    bound_guess(f->b, f->options->start, f->centre);
    f->begins_near = f->slot_worth && bound_guess_known(f->b, f->slot_worth, f->centre);
    bound_worth_tidy(f->b, &f->tolls, f->centre);
    st = bound_master_new(f->b, f->centre, &f->tolls, &f->master);
    return st ? st : bound_master_add(f->master, &f->columns, 0);
}

/* The next stage begins where this one ends. */
static cr_status go_on(finder *f, const model *m, int32_t n_steps)
{
    finder old = *f;
    *f = (finder){.options = old.options,
                  .result = old.result,
                  .centre_value = INT64_MIN,
                  .best = old.best,
                  .share = SMOOTH,
                  .begun_s = old.begun_s,
                  .labels = labels_of(&old),
                  .begins_near = true};
    cr_status st = bound_nodes_new(m, n_steps, &f->b);
    if (!st) {
        bound_tolls_init(f->b, &f->tolls);
        st = bound_tolls_move(old.b, &old.tolls, f->b, &f->tolls);
    }
    if (!st)
        st = make_parts(f);
    if (!st) {
        bound_worth_move(old.b, &old.tolls, old.centre, f->b, &f->tolls, f->centre);
        st = bound_master_new(f->b, f->centre, &f->tolls, &f->master);
    }
    if (!st)
        st = bound_master_add(f->master, bound_master_columns(old.master), 0);
    finder_done(&old);
    return st;
}

static cr_status go_through(finder *f, const model *m)
{
    cr_status st = begin(f, m);
    if (!st && f->b->n_rows == 0) {
        f->best = f->b->unserved_cost;
        f->result->converged = true;
        return CR_OK;
    }
    for (int k = 0; !st && k < STAGES_N && may_go_on(f); k++) {
        bool is_last = k + 1 == STAGES_N || f->b->n_met == 0 || f->take;
        if (k > 0)
            st = go_on(f, m, stages[k].n_steps);
        f->close = is_last ? CONVERGED : stages[k].close;
        if (!st)
            st = find(f, k == 0);
        if (is_last)
            break;
        f->result->converged = false;
    }
    if (!st && f->take && f->answer.value > 0)
        st = f->take(f->taker, &(bound_rounds){f->b, f->master, f->centre});
    return st;
}

/* ---- all of it ---- */

/* What providers are paid for their blocks, whatever the plan. */
static int64_t paid_anyway(const cr_problem *p)
{
    int64_t cost = 0;
    for (int32_t i = 0; i < p->n_providers; i++)
        cost += p->providers[i].block_price * p->providers[i].block;
    return cost;
}

static cr_status find_static(const cr_problem *problem, const cr_bound_options *options, const double *slot_worth,
                             bound_taker *take, void *taker, cr_bound *ret_bound)
{
    cr_bound result = {0};
    finder f = {.options = options,
                .result = &result,
                .centre_value = INT64_MIN,
                .best = INT64_MIN,
                .share = SMOOTH,
                .take = take,
                .taker = taker,
                .slot_worth = slot_worth};
    if (options->clock_s)
        f.begun_s = options->clock_s(options->user);
    cr_auto(model) m = NULL;
    cr_status st = model_new(problem, &m);
    if (!st)
        st = go_through(&f, m);
    if (st == CR_E_INTERNAL) { /* GLPK failed: what is proved stays */
        result.glpk_faults++;
        st = CR_OK;
    }
    if (!st) {
        result.labels = labels_of(&f);
        /* No plan costs a part of a unit: what is below a whole one is the next. */
        if (f.best > 0)
            result.cost = f.best / f.b->parts + (f.best % f.b->parts > 0);
        result.cost += paid_anyway(problem);
        for (int k = 0; k < CR_RELAXED_N; k++)
            result.relaxed[k] = f.b->relaxed[k];
        result.elapsed_s = elapsed_s(&f);
    }
    finder_done(&f);
    if (st)
        return st;
    *ret_bound = result;
    return CR_OK;
}

/* ---- travel by time of day ---- */

cr_status cr_bound_find(const cr_problem *problem, const cr_bound_options *options, cr_bound *ret_bound)
{
    if (problem->n_periods == 0)
        return find_static(problem, options, NULL, NULL, NULL, ret_bound);
    cr_auto(cr_problem) relaxed = NULL;
    cr_matrix *quickest[CR_MODES_MAX] = {NULL};
    cr_status st = cr_problem_copy(problem, &relaxed);
    if (!st)
        st = bound_make_quickest(relaxed, quickest);
    if (!st)
        st = find_static(relaxed, options, NULL, NULL, NULL, ret_bound);
    bound_quickest_done(quickest);
    return st;
}

cr_status bound_find_rounds(const cr_problem *problem, const cr_bound_options *options, const double *slot_worth,
                            bound_taker *take, void *taker)
{
    cr_bound bound;
    return find_static(problem, options, slot_worth, take, taker, &bound);
}
