/* Small hands for the tests of the benchmark readers. */
#ifndef TESTS_BENCH_FIXTURE_H
#define TESTS_BENCH_FIXTURE_H

#include "bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A plan from lists of slots, one for each shift; -1 ends a list, all start at 0. Idle shifts have an empty list.
 * Visits without a slot in a list are unallocated. */
static inline cr_plan *plan_of_slots(const cr_problem *problem, const int32_t *const *slots, int32_t n_shifts)
{
    cr_plan *plan;
    assert_int_equal(cr_plan_new(problem->n_shifts, problem->n_slots, problem->n_visits, &plan), CR_OK);
    bool *served = calloc((size_t)problem->n_visits + 1, sizeof *served);
    plan->n_rounds = plan->n_stops = plan->n_unallocated = 0;
    for (int32_t s = 0; s < n_shifts; s++) {
        cr_round round = {.shift = s, .stops = {plan->n_stops, 0}};
        for (const int32_t *slot = slots[s]; *slot >= 0; slot++) {
            plan->stops[plan->n_stops++] = (cr_stop){.slot = *slot, .brk = CR_NONE};
            served[problem->slots[*slot].visit] = true;
        }
        round.stops.n = plan->n_stops - round.stops.first;
        if (round.stops.n)
            plan->rounds[plan->n_rounds++] = round;
    }
    for (int32_t v = 0; v < problem->n_visits; v++)
        if (!served[v])
            plan->unallocated[plan->n_unallocated++] = v;
    free(served);
    return plan;
}

/* The file PART of the shared data; NULL (and a loud word) where there is none. Yours to free(). */
static inline char *shared_path(const char *part)
{
    const char *shared = getenv("CAREROUND_SHARED");
    char *path;
    if (!shared) {
        fprintf(stderr, "SKIPPED: the shared instances are not there (CAREROUND_SHARED is unset)\n");
        return NULL;
    }
    assert_true(asprintf(&path, "%s/instances/%s", shared, part) > 0);
    return path;
}

/* A copy of text with the first FROM replaced by TO. Yours to free(). */
static inline char *text_with(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    char *changed;
    assert_true(asprintf(&changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) >= 0);
    return changed;
}

typedef struct broken_input {
    const char *from, *to; /* a change to a sound file */
    const char *message;   /* what is said of it */
} broken_input;

static inline void assert_refused(bench_parse_fn *parse, const char *sound, const broken_input *broken)
{
    char *text = text_with(sound, broken->from, broken->to);
    bench_instance *instance = NULL;
    bench_message message = {""};
    cr_status st = parse(text, strlen(text), &BENCH_CONVENTION_INIT, &instance, &message);
    if (!st)
        st = cr_problem_validate(instance->problem, message.text, sizeof message.text);
    bench_instance_free(instance);
    free(text);
    assert_string_equal(message.text, broken->message);
    assert_int_equal(st, CR_E_INPUT);
}

#endif
