/* data/tiny: the plan drawn in docs/sample-days.md is the best there is.
 *
 * Proof by trying everything. (1) For each shift all rounds are listed whose stops can be reached in their windows,
 * with the break at every place: a superset of the rounds of any plan. (2) All triples of rounds that serve each visit
 * in full are timed by cr_plan_time, but for those that cost too much even without a minute of waiting. (3) Leaving a
 * visit out costs more than the whole plan. So nothing cheaper was passed over.
 */
#include "day.h"

#include "careround/solve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_SHIFTS    3
#define N_VISITS    10
#define BREAK       N_VISITS /* as a stop */
#define MOST_STOPS  (N_VISITS + 1)
#define MOST_ROUNDS 20000

/* 121 pounds: worked out in docs/sample-days.md. */
#define BEST_PENCE 12100

typedef struct listed_round {
    int32_t n_stops;
    int8_t stops[MOST_STOPS]; /* visits, or BREAK */
    int64_t least_cost;       /* what it costs without waiting, lateness or a missed preferred time */
} listed_round;

/* The rounds of each shift, by the set of visits that they serve. */
typedef struct listing {
    const cr_problem *problem;
    int32_t n[N_SHIFTS];
    listed_round *rounds[N_SHIFTS];
    int32_t *of_set[N_SHIFTS]; /* heads of chains by visit set, -1 none */
    int32_t *next[N_SHIFTS];
} listing;

static cr_day *read_tiny(void)
{
    const char *source = getenv("CAREROUND_SOURCE");
    assert_non_null(source);
    char path[4096], defaults[4096];
    snprintf(path, sizeof path, "%s/data/tiny", source);
    snprintf(defaults, sizeof defaults, "%s/data/defaults.json", source);
    cr_auto(day_findings) findings = NULL;
    cr_day *day = NULL;
    cr_status st = cr_day_read(&(day_read_options){.path = path, .defaults_path = defaults}, &day, &findings);
    for (int32_t i = 0; findings && i < findings->n; i++)
        fprintf(stderr, "%s:%d %s: %s\n", findings->items[i].file, findings->items[i].row, findings->items[i].column,
                findings->items[i].text);
    assert_int_equal(st, CR_OK);
    return day;
}

/* ---- what a round is made of ---- */

static int32_t leg(const cr_problem *p, const cr_shift *shift, int32_t from, int32_t to)
{
    return cr_matrix_time(p->matrix[shift->mode], from, to);
}

static bool has_id(const cr_problem *p, cr_range range, int32_t id)
{
    for (int32_t i = range.first; i < range.first + range.n; i++)
        if (p->ids[i] == id)
            return true;
    return false;
}

/* Skills, attributes and the lock; tiny has no forbidden carers. */
static bool may_serve(const cr_problem *p, int32_t carer, const cr_slot *slot)
{
    const cr_carer *c = &p->carers[carer];
    if (slot->locked_carer != CR_NONE && slot->locked_carer != carer)
        return false;
    for (int32_t s = slot->skills.first; s < slot->skills.first + slot->skills.n; s++) {
        bool has = false;
        for (int32_t h = c->skills.first; h < c->skills.first + c->skills.n; h++)
            has = has || (p->skills[h].skill == p->skills[s].skill && p->skills[h].level >= p->skills[s].level);
        if (!has)
            return false;
    }
    for (int32_t a = slot->attributes.first; a < slot->attributes.first + slot->attributes.n; a++)
        if (!has_id(p, c->attributes, p->ids[a]))
            return false;
    return true;
}

/* ---- all rounds of a shift ---- */

typedef struct walk {
    listing *all;
    int32_t shift, at, now;
    uint32_t served;
    bool has_break;
    listed_round round;
} walk;

static void keep_round(walk w)
{
    const cr_problem *p = w.all->problem;
    const cr_shift *shift = &p->shifts[w.shift];
    int32_t home = leg(p, shift, w.at, shift->end_place);
    if (w.now + home > shift->end || w.has_break != (shift->breaks.n > 0 && w.served))
        return;
    w.round.least_cost += home * (p->carers[shift->carer].wage_price + p->prices.travel);
    int32_t index = w.all->n[w.shift]++;
    assert_in_range(index, 0, MOST_ROUNDS - 1);
    w.all->rounds[w.shift][index] = w.round;
    w.all->next[w.shift][index] = w.all->of_set[w.shift][w.served];
    w.all->of_set[w.shift][w.served] = index;
}

static void walk_on(walk w);

static void visit_next(walk w, int32_t v)
{
    const cr_problem *p = w.all->problem;
    const cr_shift *shift = &p->shifts[w.shift];
    const cr_visit *visit = &p->visits[v];
    const cr_slot *slot = &p->slots[visit->slots.first]; /* those of tiny's double-up are alike */
    const cr_window *window = &p->windows[visit->windows.first];
    bool locked = visit->locked_start != CR_FREE;
    int32_t open = locked ? visit->locked_start : window->open, close = locked ? visit->locked_start : window->close;
    int32_t way = leg(p, shift, w.at, visit->place);
    int32_t start = w.now + way > open ? w.now + way : open;
    if ((w.served >> v & 1) || start > close || !may_serve(p, shift->carer, slot))
        return;
    int64_t wage = p->carers[shift->carer].wage_price;
    w.round.least_cost += (int64_t)way * (wage + p->prices.travel) + slot->duration * wage;
    if (!cr_problem_familiar(p, visit->client, shift->carer))
        w.round.least_cost += p->prices.unfamiliar;
    w.round.stops[w.round.n_stops++] = (int8_t)v;
    w.served |= 1u << v;
    w.at = visit->place;
    w.now = start + slot->duration;
    walk_on(w);
}

static void rest_next(walk w)
{
    const cr_shift *shift = &w.all->problem->shifts[w.shift];
    if (w.has_break || shift->breaks.n == 0)
        return;
    const cr_break *brk = &w.all->problem->breaks[shift->breaks.first];
    int32_t start = w.now > brk->open ? w.now : brk->open;
    if (start > brk->close)
        return;
    w.round.stops[w.round.n_stops++] = BREAK;
    w.has_break = true;
    w.now = start + brk->length;
    walk_on(w);
}

static void walk_on(walk w)
{
    keep_round(w);
    for (int32_t v = 0; v < N_VISITS; v++)
        visit_next(w, v);
    rest_next(w);
}

static listing *list_rounds(const cr_problem *problem)
{
    listing *all = calloc(1, sizeof *all);
    assert_non_null(all);
    all->problem = problem;
    for (int32_t s = 0; s < N_SHIFTS; s++) {
        all->rounds[s] = calloc(MOST_ROUNDS, sizeof *all->rounds[s]);
        all->next[s] = calloc(MOST_ROUNDS, sizeof *all->next[s]);
        all->of_set[s] = malloc((1u << N_VISITS) * sizeof *all->of_set[s]);
        assert_true(all->rounds[s] && all->next[s] && all->of_set[s]);
        memset(all->of_set[s], 0xff, (1u << N_VISITS) * sizeof *all->of_set[s]);
        walk_on((walk){all, s, problem->shifts[s].start_place, problem->shifts[s].begin, 0, false, {0}});
    }
    return all;
}

static void free_rounds(listing *all)
{
    for (int32_t s = 0; s < N_SHIFTS; s++) {
        free(all->rounds[s]);
        free(all->next[s]);
        free(all->of_set[s]);
    }
    free(all);
}

/* ---- all plans ---- */

typedef struct trial {
    const listing *all;
    cr_plan *plan;  /* room to try in */
    cr_plan *best;  /* NULL until one was found */
    int64_t second; /* cost of the cheapest plan with other rounds than the best; INT64_MAX none */
    int32_t n_timed;
} trial;

/* The first carer of a double-up takes its first slot. */
static int32_t slot_for(const cr_problem *p, int32_t visit, bool *is_taken)
{
    int32_t slot = p->visits[visit].slots.first;
    while (is_taken[slot])
        slot++;
    is_taken[slot] = true;
    return slot;
}

static void lay_out(trial *t, const int32_t *chosen)
{
    const cr_problem *p = t->all->problem;
    cr_plan *plan = t->plan;
    bool is_taken[N_VISITS + 1] = {false};
    plan->n_rounds = plan->n_stops = plan->n_unallocated = 0;
    for (int32_t s = 0; s < N_SHIFTS; s++) {
        const listed_round *round = &t->all->rounds[s][chosen[s]];
        if (round->n_stops == 0)
            continue;
        plan->rounds[plan->n_rounds++] = (cr_round){.shift = s, .stops = {plan->n_stops, round->n_stops}};
        for (int32_t i = 0; i < round->n_stops; i++) {
            bool rests = round->stops[i] == BREAK;
            plan->stops[plan->n_stops++] = (cr_stop){.slot = rests ? CR_NONE : slot_for(p, round->stops[i], is_taken),
                                                     .brk = rests ? p->shifts[s].breaks.first : CR_NONE};
        }
    }
}

static void try_rounds(trial *t, const int32_t *chosen)
{
    int64_t least = 0;
    for (int32_t s = 0; s < N_SHIFTS; s++)
        least += t->all->rounds[s][chosen[s]].least_cost;
    if (least >= t->second)
        return;
    lay_out(t, chosen);
    t->n_timed++;
    if (cr_plan_time(t->all->problem, t->plan) != CR_OK || t->plan->cost.total >= t->second)
        return;
    if (t->best && t->plan->cost.total >= t->best->cost.total) {
        t->second = t->plan->cost.total;
        return;
    }
    t->second = t->best ? t->best->cost.total : INT64_MAX;
    t->best = cr_plan_free(t->best);
    assert_int_equal(cr_plan_copy(t->plan, &t->best), CR_OK);
}

static void try_sets(trial *t, const uint32_t *served)
{
    int32_t chosen[N_SHIFTS];
    for (chosen[0] = t->all->of_set[0][served[0]]; chosen[0] >= 0; chosen[0] = t->all->next[0][chosen[0]])
        for (chosen[1] = t->all->of_set[1][served[1]]; chosen[1] >= 0; chosen[1] = t->all->next[1][chosen[1]])
            for (chosen[2] = t->all->of_set[2][served[2]]; chosen[2] >= 0; chosen[2] = t->all->next[2][chosen[2]])
                try_rounds(t, chosen);
}

static bool serves_everybody(const cr_problem *p, const uint32_t *served)
{
    for (int32_t v = 0; v < N_VISITS; v++) {
        uint32_t n = (served[0] >> v & 1) + (served[1] >> v & 1) + (served[2] >> v & 1);
        if (n != (uint32_t)p->visits[v].slots.n)
            return false;
    }
    return true;
}

static void try_everything(trial *t)
{
    const uint32_t n_sets = 1u << N_VISITS, everybody = n_sets - 1;
    const listing *all = t->all;
    uint32_t served[N_SHIFTS];
    for (served[0] = 0; served[0] < n_sets; served[0]++) {
        for (served[1] = 0; all->of_set[0][served[0]] >= 0 && served[1] < n_sets; served[1]++) {
            if (all->of_set[1][served[1]] < 0)
                continue;
            /* The third takes what is left, and of the double-up's visitors may be the first or the second. */
            uint32_t left = everybody & ~(served[0] | served[1]);
            for (int32_t v = -1; v < N_VISITS; v++) {
                served[2] = v < 0 ? left : left | 1u << v;
                if ((v < 0 || served[2] != left) && serves_everybody(all->problem, served))
                    try_sets(t, served);
            }
        }
    }
}

/* ---- the tests ---- */

static void test_leaving_a_visit_out_costs_more_than_the_whole_plan(void **state)
{
    cr_auto(cr_day) day = read_tiny();
    for (int32_t v = 0; v < day->problem->n_visits; v++)
        assert_true(day->problem->visits[v].unallocated_price > BEST_PENCE * CR_COST_PENNY);
}

/* "Ann: V01 V03 V02 break V08 V09" */
static const char *say_round(const cr_day *day, const cr_plan *plan, int32_t r, char *text, size_t size)
{
    const cr_round *round = &plan->rounds[r];
    size_t used = (size_t)snprintf(text, size, "%s:", day->shifts[round->shift].shift_id);
    for (int32_t i = round->stops.first; i < round->stops.first + round->stops.n; i++) {
        const cr_stop *stop = &plan->stops[i];
        char clock[16];
        const char *what =
            stop->slot == CR_NONE ? "break" : day->visits[day->problem->slots[stop->slot].visit].visit_id;
        used += (size_t)snprintf(text + used, size - used, " %s %s", day_time_text(day, stop->start, clock), what);
    }
    return text;
}

static void test_the_plan_in_the_docs_is_the_best_of_all(void **state)
{
    static const char *const drawn[] = {
        "Ann: 07:50 V01 08:40 V03 09:20 V02 10:05 break 10:55 V08 11:50 V09",
        "Bea: 08:35 V04 09:20 V05 10:15 V06 11:00 V10",
        "Cal: 08:00 V07 08:40 V03",
    };
    cr_auto(cr_day) day = read_tiny();
    assert_int_equal(day->problem->n_visits, N_VISITS);
    assert_int_equal(day->problem->n_shifts, N_SHIFTS);
    listing *all = list_rounds(day->problem);
    trial t = {.all = all, .second = INT64_MAX};
    assert_int_equal(cr_plan_new(N_SHIFTS, N_VISITS + 1 + N_SHIFTS, N_VISITS, &t.plan), CR_OK);
    try_everything(&t);
    printf("tiny: %d, %d and %d rounds, %d plans timed; best %.2f pence, next %.2f\n", all->n[0], all->n[1], all->n[2],
           t.n_timed, (double)t.best->cost.total / CR_COST_PENNY, (double)t.second / CR_COST_PENNY);
    for (int32_t r = 0; r < t.best->n_rounds; r++) {
        char text[200];
        assert_string_equal(say_round(day, t.best, r, text, sizeof text), drawn[r]);
    }
    assert_int_equal(t.best->n_rounds, N_SHIFTS);
    assert_int_equal(t.best->cost.total, BEST_PENCE * CR_COST_PENNY);
    assert_true(t.second > t.best->cost.total); /* and it is the only one */
    free_rounds(all);
    cr_plan_free(t.plan);
    cr_plan_free(t.best);
}

static void test_the_search_finds_it_with_every_seed(void **state)
{
    cr_auto(cr_day) day = read_tiny();
    for (uint64_t seed = 1; seed <= 5; seed++) {
        cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
        options.iterations = 5000;
        options.seed = seed;
        cr_auto(cr_plan) plan = NULL;
        assert_int_equal(cr_solve(day->problem, &options, &plan, NULL), CR_OK);
        assert_int_equal(plan->cost.total, BEST_PENCE * CR_COST_PENNY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leaving_a_visit_out_costs_more_than_the_whole_plan),
        cmocka_unit_test(test_the_plan_in_the_docs_is_the_best_of_all),
        cmocka_unit_test(test_the_search_finds_it_with_every_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
