/* Districts: each visit in one, all drawn alike, and those that are drawn one after the other are near each other. */
#include "districts.h"
#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define FEW       100
#define MANY      1000
#define PER_VISIT 1000 /* iterations for each */

typedef struct town {
    small_day day;
    model *m;
    districts *d;
} town;

/* One visit after the other along the line, to and fro. */
static void begin_town(town *t, int32_t n_visits)
{
    small_day_init(&t->day);
    small_day_carer(&t->day, HM(7, 0), HM(22, 0));
    for (int32_t v = 0; v < n_visits; v++)
        small_day_visit(&t->day, 1 + 7 * v % (SMALL_DAY_PLACES - 1), HM(8, 0), HM(20, 0), 10);
    assert_int_equal(model_new(t->day.problem, &t->m), CR_OK);
    assert_int_equal(districts_new(t->m, &t->d), CR_OK);
}

static void end_town(town *t)
{
    districts_free(t->d);
    model_free(t->m);
    small_day_done(&t->day);
}

typedef struct drawn {
    int32_t least, most; /* often, of all visits */
    double mean_step;    /* places from one to the next */
} drawn;

static drawn draw_many(town *t, int32_t n_visits)
{
    rng random = rng_seeded(1);
    int32_t *times = calloc((size_t)n_visits, sizeof *times), before = CR_NONE;
    drawn found = {INT32_MAX, 0, 0};
    assert_non_null(times);
    for (int32_t i = 0; i < PER_VISIT * n_visits; i++) {
        districts_step(t->d, &random);
        int32_t v = districts_draw(t->d, &random);
        assert_in_range(v, 0, n_visits - 1);
        times[v]++;
        if (before != CR_NONE)
            found.mean_step += abs(t->m->starts[v].place - t->m->starts[before].place);
        before = v;
    }
    for (int32_t v = 0; v < n_visits; v++) {
        found.least = times[v] < found.least ? times[v] : found.least;
        found.most = times[v] > found.most ? times[v] : found.most;
    }
    found.mean_step /= (double)PER_VISIT * n_visits - 1;
    free(times);
    return found;
}

static drawn draw_from_town(int32_t n_visits)
{
    town t;
    begin_town(&t, n_visits);
    drawn found = draw_many(&t, n_visits);
    end_town(&t);
    return found;
}

/* A third of the line lies between any two of its places: 20 of 60. */
static void test_few_visits_are_one_district(void **state)
{
    (void)state;
    drawn found = draw_from_town(FEW);
    assert_in_range(found.least, PER_VISIT * 8 / 10, PER_VISIT);
    assert_in_range(found.most, PER_VISIT, PER_VISIT * 12 / 10);
    assert_true(found.mean_step > 19 && found.mean_step < 21);
}

/* Eight districts, each of 125 visits and an eighth of the line. */
static void test_many_are_drawn_district_by_district_and_all_alike(void **state)
{
    (void)state;
    drawn found = draw_from_town(MANY);
    assert_in_range(found.least, PER_VISIT * 7 / 10, PER_VISIT);
    assert_in_range(found.most, PER_VISIT, PER_VISIT * 13 / 10);
    assert_true(found.mean_step < 4);
}

/* Nobody works, and there is no way to say who is near. */
static void test_a_day_without_shifts_is_one_district(void **state)
{
    (void)state;
    town t = {0};
    small_day_init(&t.day);
    for (int32_t v = 0; v < MANY; v++)
        small_day_visit(&t.day, 1, HM(8, 0), HM(20, 0), 10);
    assert_int_equal(model_new(t.day.problem, &t.m), CR_OK);
    assert_int_equal(districts_new(t.m, &t.d), CR_OK);
    assert_in_range(draw_many(&t, MANY).least, 1, PER_VISIT);
    end_town(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_visits_are_one_district),
        cmocka_unit_test(test_many_are_drawn_district_by_district_and_all_alike),
        cmocka_unit_test(test_a_day_without_shifts_is_one_district),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
