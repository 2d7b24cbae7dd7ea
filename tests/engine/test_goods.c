/* Goods on board along a round: docs/model.md section 3, "most load".
 *
 * Places on a line, a minute from each to the next; Ada works from 08:00 to 12:00, from place 0 and back.
 */
#include "careround/check.h"
#include "careround/explain.h"
#include "careround/solve.h"

#include "small_day.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MEALS 2 /* a kind */

static int32_t begin(small_day *day, int32_t most)
{
    small_day_init(day);
    int32_t ada = small_day_carer(day, HM(8, 0), HM(12, 0));
    assert_int_equal(cr_problem_add_rooms(day->problem, &(cr_room){MEALS, most}, 1, &day->problem->shifts[ada].rooms),
                     CR_OK);
    return ada;
}

static int32_t add_visit(small_day *day, int32_t place, int32_t brings, int32_t takes)
{
    int32_t v = small_day_visit(day, place, HM(8, 0), HM(12, 0), 5);
    const cr_goods goods = {MEALS, brings, takes};
    assert_int_equal(cr_problem_add_goods(day->problem, &goods, 1, &day->problem->visits[v].goods), CR_OK);
    return v;
}

/* What the first visit takes is put down at the second. */
static void add_carried(small_day *day, int32_t from, int32_t to, int32_t n)
{
    cr_gap gap = CR_GAP_INIT;
    gap.first = add_visit(day, from, 0, n);
    gap.second = add_visit(day, to, 0, -n);
    gap.min = 1;
    gap.carers = CR_GAP_SAME;
    gap.both = true;
    assert_int_equal(cr_problem_add_gap(day->problem, &gap), CR_OK);
}

static cr_check *check(const small_day *day, const cr_plan *plan)
{
    cr_check *made = NULL;
    assert_int_equal(cr_check_plan(day->problem, plan, &made), CR_OK);
    return made;
}

/* Solved and sound; returns how many are left out. */
static int32_t solve(const small_day *day, int64_t *ret_cost)
{
    cr_solve_options options = CR_SOLVE_OPTIONS_INIT;
    cr_auto(cr_plan) plan = NULL;
    options.iterations = 300;
    assert_int_equal(cr_solve(day->problem, &options, &plan, NULL), CR_OK);
    cr_auto(cr_check) sound = check(day, plan);
    assert_int_equal(sound->n_breaches, 0);
    *ret_cost = plan->cost.total;
    return plan->n_unallocated;
}

static void assert_too_much(const small_day *day, int32_t visit, int64_t on_board, int64_t most)
{
    cr_auto(cr_check) made = check(day, day->plan);
    assert_int_equal(made->n_breaches, 1);
    assert_int_equal(made->breaches[0].rule, CR_RULE_MAX_LOAD);
    assert_int_equal(made->breaches[0].visit, visit);
    assert_int_equal(made->breaches[0].item, MEALS);
    assert_int_equal(made->breaches[0].is, on_board);
    assert_int_equal(made->breaches[0].should, most);
}

static void test_what_is_brought_makes_room_for_what_is_taken(void **state)
{
    /* 2 are brought to place 10, 2 taken from place 20, there is room for 3. First 10: 2 on board, 0, 2. First 20: 2,
     * 4, 2; the most is behind that visit. */
    small_day day;
    begin(&day, 3);
    int32_t brought = add_visit(&day, 10, 2, 0), taken = add_visit(&day, 20, 0, 2);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{brought, taken, CR_NONE}}, 1);
    cr_auto(cr_check) sound = check(&day, day.plan);
    assert_int_equal(sound->n_breaches, 0);
    day.plan = cr_plan_free(day.plan);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{taken, brought, CR_NONE}}, 1);
    assert_too_much(&day, taken, 4, 3);
    small_day_done(&day);
}

static void test_all_that_is_brought_is_on_board_as_she_sets_off(void **state)
{
    small_day day;
    begin(&day, 3);
    add_visit(&day, 10, 2, 0);
    int32_t second = add_visit(&day, 20, 2, 0);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, second, CR_NONE}}, 1);
    assert_too_much(&day, CR_NONE, 4, 3);
    int64_t cost;
    assert_int_equal(solve(&day, &cost), 1);
    small_day_done(&day);
}

static void test_other_kinds_have_room_without_limit(void **state)
{
    small_day day;
    begin(&day, 3);
    int32_t visit = add_visit(&day, 10, 0, 0);
    day.problem->goods[0] = (cr_goods){MEALS + 1, 1000, 1000};
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{visit, CR_NONE}}, 1);
    cr_auto(cr_check) sound = check(&day, day.plan);
    assert_int_equal(sound->n_breaches, 0);
    small_day_done(&day);
}

static void test_room_for_one_is_used_again_and_again(void **state)
{
    /* From 10 to 20, from 30 to 40, and from 45 back to 5: one after the other, 45 out and 45 home. */
    small_day day;
    int64_t cost;
    begin(&day, 1);
    add_carried(&day, 10, 20, 1);
    add_carried(&day, 30, 40, 1);
    add_carried(&day, 45, 5, 1);
    assert_int_equal(solve(&day, &cost), 0);
    assert_int_equal(cost, 90);
    small_day_done(&day);
}

static void test_the_way_is_longer_where_there_is_room_for_one(void **state)
{
    /* From 10 to 30 and from 20 to 40. With room for two: out and home, 80. With room for one: 10, 30, 20, 40 and home,
     * 10 + 20 + 10 + 20 + 40 = 100. */
    for (int32_t room = 1; room <= 2; room++) {
        small_day day;
        int64_t cost;
        begin(&day, room);
        add_carried(&day, 10, 30, 1);
        add_carried(&day, 20, 40, 1);
        assert_int_equal(solve(&day, &cost), 0);
        assert_int_equal(cost, room == 1 ? 100 : 80);
        small_day_done(&day);
    }
}

/* Ada takes half an hour's break with no more on board than this. */
static int32_t add_break(small_day *day, int32_t open, int32_t close, int32_t most)
{
    cr_problem *p = day->problem;
    assert_int_equal(cr_problem_add_break(p, open, close, 30, false), CR_OK);
    assert_int_equal(cr_problem_add_rooms(p, &(cr_room){MEALS, most}, 1, &p->breaks[p->n_breaks - 1].rooms), CR_OK);
    return p->n_breaks - 1;
}

static void test_a_break_asks_for_room(void **state)
{
    /* 2 are brought to place 10 and 3 to place 20: 5 on board as she sets off, then 3, then none. With at most 2 there
     * is no break before she is at both. */
    small_day day;
    begin(&day, 9);
    add_break(&day, HM(8, 0), HM(11, 0), 2);
    int32_t ten = add_visit(&day, 10, 2, 0), twenty = add_visit(&day, 20, 3, 0), rest = 2;
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{ten, rest, twenty, CR_NONE}}, 1);
    cr_auto(cr_check) made = check(&day, day.plan);
    assert_int_equal(made->n_breaches, 1);
    assert_int_equal(made->breaches[0].rule, CR_RULE_BREAK_LOAD);
    assert_int_equal(made->breaches[0].visit, ten);
    assert_int_equal(made->breaches[0].item, MEALS);
    assert_int_equal(made->breaches[0].is, 3);
    assert_int_equal(made->breaches[0].should, 2);
    assert_false(made->breaches[0].counts);
    day.plan = cr_plan_free(day.plan);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{twenty, rest, ten, CR_NONE}}, 1); /* 2 are left */
    cr_auto(cr_check) sound = check(&day, day.plan);
    assert_int_equal(sound->n_breaches, 0);
    small_day_done(&day);
}

static void test_the_search_keeps_the_load_at_a_break(void **state)
{
    /* The break is at 08:20 or so, what is brought to place 10 comes at 09:00: it is on board then. What is taken from
     * place 20 at any time comes after it. Both: 20 out and 20 home. */
    for (int32_t most = 0; most <= 2; most++) {
        small_day day;
        int64_t cost;
        begin(&day, 9);
        add_break(&day, HM(8, 20), HM(8, 25), most);
        add_visit(&day, 10, 2, 0);
        day.problem->windows[0].open = HM(9, 0);
        add_visit(&day, 20, 0, 3);
        assert_int_equal(solve(&day, &cost), most < 2);
        assert_int_equal(cost, most < 2 ? 40 + 1000 : 40);
        small_day_done(&day);
    }
}

static void assert_reason(const small_day *day, cr_reason reason)
{
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    cr_auto(cr_explanations) list = NULL;
    assert_int_equal(cr_explain_plan(day->problem, day->plan, &options, &list), CR_OK);
    assert_int_equal(list->n, 1);
    assert_int_equal(list->items[0].count[reason], 1);
}

static void test_a_break_leaves_no_room(void **state)
{
    /* One is brought to place 20 and one taken from there: before it as after it one is on board, and there must be
     * none at the break. If none is taken, the break comes after it, at 08:25 at the soonest. */
    small_day day;
    begin(&day, 3);
    add_break(&day, HM(8, 0), HM(11, 0), 0);
    add_visit(&day, 10, 0, 0);
    int32_t second = add_visit(&day, 20, 1, 1), rest = 2;
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, rest, CR_NONE}}, 1);
    assert_reason(&day, CR_REASON_ROOM);
    day.problem->goods[second].takes = 0;
    assert_reason(&day, CR_REASON_FITS);
    day.problem->breaks[0].close = HM(8, 24);
    assert_reason(&day, CR_REASON_NO_TIME);
    small_day_done(&day);
}

static void test_no_room_is_a_reason(void **state)
{
    small_day day;
    cr_explain_options options = CR_EXPLAIN_OPTIONS_INIT;
    cr_auto(cr_explanations) list = NULL;
    begin(&day, 3);
    add_visit(&day, 10, 2, 0);
    add_visit(&day, 20, 2, 0);
    small_day_plan(&day, (const int32_t[][SMALL_DAY_STOPS]){{0, CR_NONE}}, 1);
    assert_int_equal(cr_explain_plan(day.problem, day.plan, &options, &list), CR_OK);
    assert_int_equal(list->n, 1);
    assert_int_equal(list->items[0].count[CR_REASON_ROOM], 1);
    small_day_done(&day);
}

static void test_goods_that_cannot_be_are_named(void **state)
{
    small_day day;
    char message[200];
    const cr_goods twice[] = {{MEALS, 1, 0}, {MEALS, 0, 1}};
    begin(&day, 3);
    add_visit(&day, 10, 2, 0);
    cr_problem *p = day.problem;
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_OK);
    p->goods[0].brings = -1;
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_E_INPUT);
    assert_string_equal(message, "visit 0: brings -1 and takes 0 goods of kind 2");
    p->goods[0] = (cr_goods){CR_GOODS_MOST, 1, 0};
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_E_INPUT);
    assert_int_equal(cr_problem_add_goods(p, twice, 2, &p->visits[0].goods), CR_OK);
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_E_INPUT);
    p->visits[0].goods.n = 1;
    p->rooms[0].most = -1;
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_E_INPUT);
    assert_string_equal(message, "shift 0: room for -1 goods of kind 2");
    p->rooms[0].most = 3;
    p->visits[0].goods.n = 9;
    assert_int_equal(cr_problem_validate(p, message, sizeof message), CR_E_INPUT);
    small_day_done(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_brought_makes_room_for_what_is_taken),
        cmocka_unit_test(test_all_that_is_brought_is_on_board_as_she_sets_off),
        cmocka_unit_test(test_other_kinds_have_room_without_limit),
        cmocka_unit_test(test_room_for_one_is_used_again_and_again),
        cmocka_unit_test(test_the_way_is_longer_where_there_is_room_for_one),
        cmocka_unit_test(test_a_break_asks_for_room),
        cmocka_unit_test(test_the_search_keeps_the_load_at_a_break),
        cmocka_unit_test(test_a_break_leaves_no_room),
        cmocka_unit_test(test_no_room_is_a_reason),
        cmocka_unit_test(test_goods_that_cannot_be_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
