/* Stories of re-planning: a small day with what was published, what happens, and what came of it. */
#ifndef TESTS_REPLAN_STORY_H
#define TESTS_REPLAN_STORY_H

#include "careround/replan.h"

#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BOB };

#define VISITS_MOST 8

typedef struct story {
    small_day day;
    cr_absence away;
    int32_t event_of_visit[VISITS_MOST], event_of_shift[VISITS_MOST];
    cr_replan_options options;
    cr_replanned *x;
} story;

static inline void begin(story *s)
{
    *s = (story){.options = CR_REPLAN_OPTIONS_INIT};
    small_day_init(&s->day);
    s->day.problem->prices.changed_carer = 50;
    s->day.problem->prices.moved = 1;
    s->options.iterations = 500;
    s->options.has_events = true;
    for (int32_t v = 0; v < VISITS_MOST; v++)
        s->event_of_visit[v] = s->event_of_shift[v] = CR_NONE;
    s->options.event_of_visit = s->event_of_visit;
    s->options.event_of_shift = s->event_of_shift;
}

static inline void end(story *s)
{
    cr_replanned_free(s->x);
    small_day_done(&s->day);
}

static inline void is_away(story *s, int32_t carer, int32_t from, int32_t to)
{
    s->away = (cr_absence){carer, from, to};
    s->options.as_of.absences = &s->away;
    s->options.as_of.n_absences = 1;
}

static inline void replan_at(story *s, int32_t time)
{
    char message[200];
    s->options.as_of.time = time;
    assert_int_equal(cr_replan(s->day.problem, s->day.plan, &s->options, &s->x, message, sizeof message), CR_OK);
}

/* Who serves the visit's first slot, and when; CR_NONE: nobody. */
static inline int32_t carer_of(const story *s, int32_t visit, int32_t *ret_start)
{
    for (int32_t r = 0; r < s->x->plan->n_rounds; r++)
        for (int32_t k = 0; k < s->x->plan->rounds[r].stops.n; k++) {
            const cr_stop *stop = &s->x->plan->stops[s->x->plan->rounds[r].stops.first + k];
            if (stop->slot == s->x->problem->visits[visit].slots.first) {
                *ret_start = stop->start;
                return s->x->problem->shifts[s->x->plan->rounds[r].shift].carer;
            }
        }
    return CR_NONE;
}

static inline void expect(const story *s, int32_t visit, int32_t carer, int32_t start)
{
    int32_t is = CR_FREE;
    assert_int_equal(carer_of(s, visit, &is), carer);
    if (carer != CR_NONE)
        assert_int_equal(is, start);
}

#endif
