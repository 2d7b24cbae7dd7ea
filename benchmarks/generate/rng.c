/* Random numbers: see rng.h for the algorithm and why it is our own. */
#include "rng.h"

#include <assert.h>

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

gen_rng gen_rng_stream(uint64_t seed, const char *part)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ seed; /* FNV-1a over the name, from the seed */
    for (const char *c = part; *c; c++)
        hash = (hash ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
    gen_rng rng;
    for (int i = 0; i < 4; i++)
        rng.state[i] = splitmix64(&hash);
    return rng;
}

uint64_t gen_rng_next(gen_rng *rng)
{
    uint64_t *s = rng->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

int32_t gen_rng_below(gen_rng *rng, int32_t n)
{
    assert(n >= 1);
    /* Draws past the last whole multiple of n would favour the small numbers: throw them away. */
    uint64_t limit = UINT64_MAX - UINT64_MAX % (uint64_t)n;
    uint64_t draw;
    do
        draw = gen_rng_next(rng);
    while (draw >= limit);
    return (int32_t)(draw % (uint64_t)n);
}

int32_t gen_rng_between(gen_rng *rng, int32_t low, int32_t high)
{
    return low + gen_rng_below(rng, high - low + 1);
}

bool gen_rng_percent(gen_rng *rng, int32_t percent)
{
    return gen_rng_below(rng, 100) < percent;
}

int32_t gen_rng_weighted(gen_rng *rng, const int32_t *weights, int32_t n)
{
    int32_t total = 0;
    for (int32_t i = 0; i < n; i++)
        total += weights[i];
    int32_t draw = gen_rng_below(rng, total);
    int32_t i = 0;
    for (; draw >= weights[i]; i++)
        draw -= weights[i];
    return i;
}

void gen_rng_shuffle(gen_rng *rng, int32_t *items, int32_t n)
{
    for (int32_t i = n - 1; i > 0; i--) {
        int32_t j = gen_rng_below(rng, i + 1);
        int32_t item = items[i];
        items[i] = items[j];
        items[j] = item;
    }
}
