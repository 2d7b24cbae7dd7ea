/* Memory that runs out while roads are built, opened and asked: a clean status each time, no leak, no file.
 *
 * The linker hands geo/'s own allocations to failing_memory.h and the functions below; those of zlib, expat and
 * protobuf-c are theirs.
 */
#include "../failing_memory.h"
#include "tiny_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails_now() ? NULL : __real_aligned_alloc(alignment, size);
}

/* Run until no allocation fails any more; before that each run must say CR_E_NOMEM. Returns how many failed. */
static int fail_each(cr_status (*run)(tiny_map *map), tiny_map *map)
{
    for (int n = 0;; n++) {
        n_until_failure = n;
        has_failed = false;
        cr_status st = run(map);
        n_until_failure = -1;
        if (!has_failed) {
            assert_int_equal(st, CR_OK);
            return n;
        }
        assert_int_equal(st, CR_E_NOMEM);
    }
}

static void draw(tiny_map *map)
{
    tiny_node(map, 1, 0, 0, "");
    tiny_node(map, 2, 500, 0, "");
    tiny_node(map, 3, 500, 500, "barrier=gate");
    tiny_node(map, 4, 500, 900, "");
    tiny_node(map, 5, 900, 0, "");
    tiny_way(map, 11, "1 2", "highway=residential");
    tiny_way(map, 12, "2 3 4", "highway=residential");
    tiny_way(map, 13, "2 5", "highway=residential");
    tiny_relation(map, 21, "from=w11 via=n2 to=w12", "type=restriction restriction=no_left_turn");
    tiny_relation(map, 22, "from=w13 via=w12 to=w11", "type=restriction restriction=no_u_turn");
    tiny_add_period(map, CR_ROAD_CAR, "peak", 7, 1.5);
    tiny_build(map);
}

static cr_status run_build(tiny_map *map)
{
    cr_roads_counts counts;
    unlink(map->roads_path);
    cr_status st = cr_roads_build(map->osm, map->roads_path, &map->options, &counts, map->message, sizeof map->message);
    assert_int_equal(access(map->roads_path, F_OK) == 0, st == CR_OK);
    return st;
}

static cr_status run_set_periods(tiny_map *map)
{
    return cr_roads_set_periods(map->roads_path, map->roads_path, &map->options, map->message, sizeof map->message);
}

static cr_status run_open(tiny_map *map)
{
    cr_auto(cr_roads) roads = NULL;
    return cr_roads_open(map->roads_path, &roads, map->message, sizeof map->message);
}

static cr_status run_table(tiny_map *map)
{
    cr_place places[3] = {tiny_place(100, 0), tiny_place(500, 800), tiny_place(800, 0)};
    cr_road_snap snaps[3];
    int32_t time_s[9], dist_m[9];
    cr_road_table_options options = {0, 1, NULL, NULL};
    cr_roads_snap(map->roads, CR_ROAD_CAR, places, 3, snaps);
    return cr_roads_table(map->roads, CR_ROAD_CAR, snaps, 3, snaps, 3, &options, time_s, dist_m);
}

static cr_status run_line(tiny_map *map)
{
    cr_auto(cr_road_finder) finder = NULL;
    cr_place places[2] = {tiny_place(100, 0), tiny_place(500, 800)};
    cr_road_snap snaps[2];
    const cr_road_position *at;
    int32_t n;
    cr_roads_snap(map->roads, CR_ROAD_CAR, places, 2, snaps);
    cr_status st = cr_road_finder_new(map->roads, CR_ROAD_CAR, 0, &finder);
    return st ? st : cr_road_finder_find(finder, &snaps[0], &snaps[1], 1, &at, &n);
}

static void test_every_allocation_fails_once(void **state)
{
    tiny_map *map = *state;
    draw(map);
    assert_true(fail_each(run_build, map) > 100);
    assert_true(fail_each(run_set_periods, map) > 20);
    assert_true(fail_each(run_open, map) >= 1);
    assert_true(fail_each(run_table, map) > 20);
    assert_true(fail_each(run_line, map) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_allocation_fails_once, tiny_new, tiny_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
