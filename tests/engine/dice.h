/* Seeded dice for random problems: SplitMix64, the same numbers on every machine. */
#ifndef TESTS_DICE_H
#define TESTS_DICE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct dice {
    uint64_t state;
} dice;

static inline uint64_t dice_next(dice *d)
{
    uint64_t z = d->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* least, ..., most, all as likely. */
static inline int32_t dice_between(dice *d, int32_t least, int32_t most)
{
    assert(least <= most);
    return least + (int32_t)(dice_next(d) % ((uint64_t)((int64_t)most - least) + 1));
}

static inline bool dice_chance(dice *d, int32_t percent)
{
    return dice_between(d, 0, 99) < percent;
}

#endif
