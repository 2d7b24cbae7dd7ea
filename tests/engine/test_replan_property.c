/* Re-planning random small days: what had begun stays, the checkers pass every plan, no visit is lost, and where
 * nothing happens nothing changes.
 *
 * CAREROUND_PROPERTY_RUNS says how many days; CAREROUND_PROPERTY_SEED begins elsewhere, to look at one failure again.
 */
#include "careround/check.h"
#include "careround/replan.h"
#include "careround/solve.h"

#include "dice.h"
#include "random_problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define USUAL_RUNS    300
#define ABSENCES_MOST 3
#define MANY          100 /* what holds of most days is asked of so many */

/* Days that once failed: a visit under way of a crew becomes longer for one of the two; who waits for her time would be
 * longer on the way than she may, by then; a visit goes that was a short cut; what took longer left too little rest;
 * the way home is shorter by a visit; a break comes after what was fetched is put down. */
static const uint64_t failed_once[] = {1618, 455, 2318, 6572, 6865, 6948};
#define N_FAILED_ONCE (sizeof failed_once / sizeof *failed_once)

static uint64_t number_from(const char *variable, uint64_t usual)
{
    const char *text = getenv(variable);
    return text ? strtoull(text, NULL, 10) : usual;
}

static cr_plan *publish(const cr_problem *p, uint64_t seed)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    options.iterations = 100;
    options.seed = seed;
    cr_plan *plan = NULL;
    assert_int_equal(cr_solve(p, &options, &plan, NULL), CR_OK);
    return plan;
}

/* The day after something happened, and what people had been told. */
typedef struct happening {
    cr_problem *problem;
    cr_plan *published;
    cr_absence absences[ABSENCES_MOST];
    int32_t *event_of_visit, *event_of_shift;
    cr_replan_options options;
} happening;

/* Out of the published plan: a visit that nobody knew of, or that is cancelled. */
static void take_out(happening *h, int32_t visit)
{
    cr_plan *plan = h->published;
    int32_t n_stops = 0, n_rounds = 0;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        cr_round round = plan->rounds[r];
        int32_t first = n_stops, n_visits = 0;
        for (int32_t k = round.stops.first; k < round.stops.first + round.stops.n; k++) {
            const cr_stop stop = plan->stops[k];
            if (stop.slot != CR_NONE && h->problem->slots[stop.slot].visit == visit)
                continue;
            plan->stops[n_stops++] = stop;
            n_visits += stop.slot != CR_NONE;
        }
        if (n_stops - first < round.stops.n)
            h->event_of_shift[round.shift] = visit;
        round.stops = (cr_range){first, n_stops - first};
        if (n_visits == 0)
            n_stops = first;
        else
            plan->rounds[n_rounds++] = round;
    }
    plan->n_rounds = n_rounds;
    plan->n_stops = n_stops;
}

static void let_happen(happening *h, dice *d, const cr_plan *published)
{
    int32_t latest = 0;
    for (int32_t k = 0; k < published->n_stops; k++)
        latest = published->stops[k].start > latest ? published->stops[k].start : latest;
    h->options.as_of.time = dice_between(d, -10, latest + 10);
    h->options.as_of.absences = h->absences;
    for (int32_t v = 0; v < h->problem->n_visits; v++)
        h->event_of_visit[v] = CR_NONE;
    for (int32_t s = 0; s < h->problem->n_shifts; s++)
        h->event_of_shift[s] = CR_NONE;
    for (int32_t n = dice_between(d, 0, ABSENCES_MOST); n > 0; n--) {
        int32_t from = dice_between(d, 0, latest), length = dice_between(d, 1, latest + 1);
        h->absences[h->options.as_of.n_absences++] =
            (cr_absence){dice_between(d, 0, h->problem->n_carers - 1), from, from + length};
    }
    for (int32_t n = dice_between(d, 0, 3); n > 0; n--) {
        int32_t v = dice_between(d, 0, h->problem->n_visits - 1);
        cr_visit *visit = &h->problem->visits[v];
        int32_t *duration = &h->problem->slots[visit->slots.first].duration;
        h->event_of_visit[v] = v;
        if (dice_chance(d, 40))
            *duration += dice_between(d, 0, latest / 10 + 1);
        else
            take_out(h, v);
        visit->place = dice_chance(d, 30) ? CR_NONE : visit->place;
    }
    h->options.has_events = true;
}

static int32_t n_served(const cr_problem *p, const cr_plan *plan)
{
    int32_t n = 0;
    for (int32_t k = 0; k < plan->n_stops; k++) {
        int32_t slot = plan->stops[k].slot;
        n += slot != CR_NONE && p->visits[p->slots[slot].visit].slots.first == slot;
    }
    return n;
}

static bool replan_one(const happening *h, uint64_t seed, int64_t *n_frozen, int64_t *n_changes)
{
    cr_auto(cr_replanned) x = NULL;
    char message[200] = "";
    cr_status st = cr_replan(h->problem, h->published, &h->options, &x, message, sizeof message);
    if (st) {
        print_error("seed %llu: status %d %s\n", (unsigned long long)seed, (int)st, message);
        return false;
    }
    cr_auto(cr_check) check = NULL;
    int32_t n_moved = -1;
    assert_int_equal(cr_check_plan(x->problem, x->plan, &check), CR_OK);
    assert_int_equal(check->n_breaches, 0);
    assert_int_equal(cr_check_frozen(h->problem, h->published, &h->options.as_of, x->plan, &n_moved), CR_OK);
    assert_int_equal(n_moved, 0);
    assert_int_equal(n_served(x->problem, x->plan) + x->plan->n_unallocated, h->problem->n_visits);
    *n_frozen += x->n_frozen;
    *n_changes += x->n_changes;
    if (!h->options.has_events) {
        assert_int_equal(x->n_changes, 0);
        assert_int_equal(x->plan->n_stops, h->published->n_stops);
        assert_memory_equal(x->plan->stops, h->published->stops,
                            (size_t)h->published->n_stops * sizeof *h->published->stops);
    }
    return true;
}

static void test_what_has_begun_stays_and_no_visit_is_lost(void **state)
{
    uint64_t first = number_from("CAREROUND_PROPERTY_SEED", 1), n = number_from("CAREROUND_PROPERTY_RUNS", USUAL_RUNS);
    int64_t n_failed = 0, n_frozen = 0, n_changes = 0, n_visits = 0;
    for (uint64_t i = 0; i < n + N_FAILED_ONCE; i++) {
        uint64_t seed = i < n ? first + i : failed_once[i - n];
        random_problem random;
        random_problem_init(&random, seed % 3 ? RANDOM_SMALL : RANDOM_COUPLED, seed);
        dice d = {seed ^ UINT64_C(0xFEED)};
        cr_auto(cr_plan) published = publish(random.problem, seed);
        happening h = {.options = CR_REPLAN_OPTIONS_INIT};
        h.options.iterations = 60;
        h.options.seed = seed;
        assert_int_equal(cr_problem_copy(random.problem, &h.problem), CR_OK);
        assert_int_equal(cr_plan_copy(published, &h.published), CR_OK);
        h.event_of_visit = calloc((size_t)h.problem->n_visits + 1, sizeof *h.event_of_visit);
        h.event_of_shift = calloc((size_t)h.problem->n_shifts + 1, sizeof *h.event_of_shift);
        h.options.event_of_visit = h.event_of_visit;
        h.options.event_of_shift = h.event_of_shift;
        let_happen(&h, &d, published);
        if (seed % 5 == 0) { /* nothing happens: the day as it was */
            cr_problem_free(h.problem);
            cr_plan_free(h.published);
            assert_int_equal(cr_problem_copy(random.problem, &h.problem), CR_OK);
            assert_int_equal(cr_plan_copy(published, &h.published), CR_OK);
            h.options.has_events = false;
            h.options.as_of.n_absences = 0;
            h.options.event_of_visit = h.options.event_of_shift = NULL;
        }
        n_failed += !replan_one(&h, seed, &n_frozen, &n_changes);
        n_visits += h.problem->n_visits;
        free(h.event_of_visit);
        free(h.event_of_shift);
        cr_problem_free(h.problem);
        cr_plan_free(h.published);
        random_problem_done(&random);
    }
    print_message("%llu days, %lld visits, %lld frozen, %lld changes, %lld failed\n", (unsigned long long)n,
                  (long long)n_visits, (long long)n_frozen, (long long)n_changes, (long long)n_failed);
    assert_int_equal(n_failed, 0);
    assert_true(n < MANY || (n_frozen * 10 > n_visits && n_frozen * 10 < 9 * n_visits));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_has_begun_stays_and_no_visit_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
