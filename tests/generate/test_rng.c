/* Random numbers: the published sequence, and nothing but it. */
#include "rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_the_sequence_is_that_of_xoshiro256_star_star(void **state)
{
    /* From the state 1, 2, 3, 4 by hand: the first output is rotl(2 * 5, 7) * 9 = 1280 * 9. Then state[1] becomes
     * 2 ^ (3 ^ 1) = 0, so the second is 0. The rest as other implementations have it. */
    gen_rng rng = {{1, 2, 3, 4}};
    const uint64_t expected[] = {UINT64_C(11520), 0, UINT64_C(1509978240), UINT64_C(1215971899390074240)};
    for (int i = 0; i < 4; i++)
        assert_true(gen_rng_next(&rng) == expected[i]);
}

static void test_each_part_of_a_day_has_a_stream_of_its_own(void **state)
{
    gen_rng a = gen_rng_stream(1, "clients"), again = gen_rng_stream(1, "clients"), b = gen_rng_stream(1, "carers"),
            c = gen_rng_stream(2, "clients");
    assert_memory_equal(&a, &again, sizeof a);
    assert_memory_not_equal(&a, &b, sizeof a);
    assert_memory_not_equal(&a, &c, sizeof a);
}

static void test_dice_are_fair_and_stay_on_the_table(void **state)
{
    /* 60,000 throws: 10,000 of each face, give or take five standard deviations of 91. */
    gen_rng rng = gen_rng_stream(7, "dice");
    int32_t seen[6] = {0};
    for (int i = 0; i < 60000; i++) {
        int32_t face = gen_rng_between(&rng, 1, 6);
        assert_in_range(face, 1, 6);
        seen[face - 1]++;
    }
    for (int f = 0; f < 6; f++)
        assert_in_range(seen[f], 10000 - 456, 10000 + 456);
}

static void test_weights_decide_and_a_weight_of_nothing_never_comes(void **state)
{
    gen_rng rng = gen_rng_stream(7, "weights");
    const int32_t weights[] = {0, 3, 0, 1};
    int32_t seen[4] = {0};
    for (int i = 0; i < 40000; i++)
        seen[gen_rng_weighted(&rng, weights, 4)]++;
    assert_int_equal(seen[0], 0);
    assert_int_equal(seen[2], 0);
    assert_in_range(seen[1], 30000 - 433, 30000 + 433); /* five standard deviations of 87 */
}

static void test_a_shuffled_deck_has_each_card_once(void **state)
{
    gen_rng rng = gen_rng_stream(7, "deck");
    int32_t deck[52], seen[52] = {0};
    for (int32_t i = 0; i < 52; i++)
        deck[i] = i;
    gen_rng_shuffle(&rng, deck, 52);
    bool moved = false;
    for (int32_t i = 0; i < 52; i++) {
        seen[deck[i]]++;
        moved = moved || deck[i] != i;
    }
    assert_true(moved);
    for (int32_t i = 0; i < 52; i++)
        assert_int_equal(seen[i], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_sequence_is_that_of_xoshiro256_star_star),
        cmocka_unit_test(test_each_part_of_a_day_has_a_stream_of_its_own),
        cmocka_unit_test(test_dice_are_fair_and_stay_on_the_table),
        cmocka_unit_test(test_weights_decide_and_a_weight_of_nothing_never_comes),
        cmocka_unit_test(test_a_shuffled_deck_has_each_card_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
