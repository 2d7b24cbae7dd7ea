/* Taking visits out so that there is room for one that is left out. */
#include "begin_from.h"
#include "small_day.h"
#include "walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N_RUINS 200

enum { EARLY, ALL_DAY }; /* carers, each with a shift */
enum { BREAKFAST, LUNCH, OTHER_BREAKFAST, OTHER_LUNCH };

/* One client's breakfast and lunch are to come from the same carer, and who goes home early cannot bring lunch. */
static void begin_day(small_day *day)
{
    small_day_init(day);
    small_day_carer(day, HM(7, 0), HM(11, 0));
    small_day_carer(day, HM(7, 0), HM(14, 0));
    for (int32_t place = 1; place <= 2; place++) {
        small_day_visit(day, place, HM(8, 0), HM(8, 0), 30);
        small_day_visit(day, place, HM(12, 0), HM(12, 0), 30);
    }
    cr_gap gap = {BREAKFAST, LUNCH, CR_GAP_START_TO_START, 0, CR_FREE, CR_GAP_SAME, false, false};
    assert_int_equal(cr_problem_add_gap(day->problem, &gap), CR_OK);
}

typedef struct counts {
    int32_t breakfast, other_breakfast, other_lunch; /* how often it went */
} counts;

/* Make room for lunch, again and again from the same plan. */
static counts make_room_for_lunch(small_day *day)
{
    counts went = {0};
    cr_auto(model) m = NULL;
    cr_auto(walk) w = NULL;
    assert_int_equal(model_new(day->problem, &m), CR_OK);
    assert_int_equal(walk_new(m, 1, false, &w), CR_OK);
    assert_int_equal(begin_from(w->x, w->in, w->price, day->plan), CR_OK);
    assert_int_equal(walk_settle(w), CR_OK);
    for (int i = 0; i < N_RUINS; i++) {
        rota_mark mark = rota_now(w->x);
        assert_int_equal(ruin(w->ru, w->x, w->price, w->where, 1, &w->random), LUNCH);
        went.breakfast += !rota_is_in_rounds(w->x, BREAKFAST);
        went.other_breakfast += !rota_is_in_rounds(w->x, OTHER_BREAKFAST);
        went.other_lunch += !rota_is_in_rounds(w->x, OTHER_LUNCH);
        rota_undo(w->x, mark);
        price_undo(w->price);
    }
    return went;
}

static void test_where_its_carer_cannot_come_what_shares_her_goes_and_gets_room_too(void **state)
{
    small_day day;
    begin_day(&day);
    const int32_t rounds[][SMALL_DAY_STOPS] = {{BREAKFAST, CR_NONE}, {OTHER_BREAKFAST, OTHER_LUNCH, CR_NONE}};
    small_day_plan(&day, rounds, 2);
    const counts went = make_room_for_lunch(&day);
    assert_int_equal(went.breakfast, N_RUINS);
    assert_int_equal(went.other_breakfast, N_RUINS);
    assert_int_equal(went.other_lunch, N_RUINS);
    small_day_done(&day);
}

static void test_where_its_carer_could_come_room_is_made_in_her_round_as_often_as_not(void **state)
{
    small_day day;
    begin_day(&day);
    const int32_t rounds[][SMALL_DAY_STOPS] = {{OTHER_BREAKFAST, CR_NONE}, {BREAKFAST, OTHER_LUNCH, CR_NONE}};
    small_day_plan(&day, rounds, 2);
    const counts went = make_room_for_lunch(&day);
    assert_int_equal(went.other_lunch, N_RUINS);
    assert_int_equal(went.other_breakfast, 0);
    assert_in_range(went.breakfast, N_RUINS / 4, N_RUINS - 1);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_its_carer_cannot_come_what_shares_her_goes_and_gets_room_too),
        cmocka_unit_test(test_where_its_carer_could_come_room_is_made_in_her_round_as_often_as_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
