/* Random numbers for the search: xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64. The same on every
 * machine. */
#ifndef ENGINE_RANDOM_H
#define ENGINE_RANDOM_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct rng {
    uint64_t s[4];
} rng;

static inline uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline rng rng_seeded(uint64_t seed)
{
    rng r;
    for (int i = 0; i < 4; i++)
        r.s[i] = splitmix64(&seed);
    return r;
}

static inline uint64_t rng_next(rng *r)
{
    uint64_t *s = r->s, times5 = s[1] * 5, result = ((times5 << 7) | (times5 >> 57)) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 45) | (s[3] >> 19);
    return result;
}

/* In [0, n), n > 0. */
static inline int32_t rng_below(rng *r, int32_t n)
{
    return (int32_t)(((rng_next(r) >> 32) * (uint64_t)n) >> 32);
}

/* In [0, 1). */
static inline double rng_unit(rng *r)
{
    return (double)(rng_next(r) >> 11) * 0x1.0p-53;
}

static inline bool rng_chance(rng *r, double probability)
{
    return rng_unit(r) < probability;
}

#endif
