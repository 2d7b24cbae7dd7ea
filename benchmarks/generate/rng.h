/* Random numbers that are the same on every machine: xoshiro256** seeded by splitmix64.
 *
 * The C library's rand() differs between systems, so the sample days would too. Each part of a day (clients, carers,
 * history ...) draws from a stream of its own, so that a change in one part leaves the others as they were.
 * D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021); written from the paper.
 */
#ifndef GENERATE_RNG_H
#define GENERATE_RNG_H

#include <stdbool.h>
#include <stdint.h>

typedef struct gen_rng {
    uint64_t state[4];
} gen_rng;

/* The stream of a part of the day: a hash of seed and name. */
gen_rng gen_rng_stream(uint64_t seed, const char *part);

uint64_t gen_rng_next(gen_rng *rng);
int32_t gen_rng_below(gen_rng *rng, int32_t n);                   /* 0 .. n - 1, each as likely; n >= 1 */
int32_t gen_rng_between(gen_rng *rng, int32_t low, int32_t high); /* both ends included */
bool gen_rng_percent(gen_rng *rng, int32_t percent);

/* An index, as likely as its weight. At least one weight is positive. */
int32_t gen_rng_weighted(gen_rng *rng, const int32_t *weights, int32_t n);

/* Fisher and Yates. */
void gen_rng_shuffle(gen_rng *rng, int32_t *items, int32_t n);

#endif
