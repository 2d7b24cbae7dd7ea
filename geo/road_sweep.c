/* The inner loops of a table, in vectors.
 *
 * Costs are whole numbers in doubles: an addition and a minimum are one instruction each on every machine, seconds and
 * metres go together, and every sum is exact. The loops are written once (road_sweep_vectors.h) and compiled for each
 * width of vectors that x86 has; which one runs is seen when it runs. Built with -ffinite-math-only: there is no NaN.
 */
#include "road_sweep.h"

#include "road_build.h"

#define VECTOR         2
#define OF_WIDTH(name) name##_128
#define FOR_WIDTH
#include "road_sweep_vectors.h"
#undef VECTOR
#undef OF_WIDTH
#undef FOR_WIDTH

#if defined(__x86_64__)
#define VECTOR         4
#define OF_WIDTH(name) name##_256
#define FOR_WIDTH      __attribute__((target("avx2")))
#include "road_sweep_vectors.h"
#undef VECTOR
#undef OF_WIDTH
#undef FOR_WIDTH

#define VECTOR         8
#define OF_WIDTH(name) name##_512
#define FOR_WIDTH      __attribute__((target("avx512f")))
#include "road_sweep_vectors.h"
#undef VECTOR
#undef OF_WIDTH
#undef FOR_WIDTH
#endif

int sweep_width(int most)
{
#if defined(__x86_64__)
    if ((most == 0 || most >= 512) && __builtin_cpu_supports("avx512f"))
        return 512;
    if ((most == 0 || most >= 256) && __builtin_cpu_supports("avx2"))
        return 256;
#endif
    return 128;
}

void sweep_down(int width, uint32_t n, const uint32_t *first, const uint32_t *tail, const double *cost,
                uint8_t *has_start, sweep_lanes *lanes)
{
#if defined(__x86_64__)
    if (width == 512) {
        sweep_down_512(n, first, tail, cost, has_start, lanes);
        return;
    }
    if (width == 256) {
        sweep_down_256(n, first, tail, cost, has_start, lanes);
        return;
    }
#endif
    sweep_down_128(n, first, tail, cost, has_start, lanes);
}

void sweep_up(int width, uint32_t n, const uint32_t *head, const double *cost, const sweep_lanes *from,
              sweep_lanes *lanes)
{
#if defined(__x86_64__)
    if (width == 512) {
        sweep_up_512(n, head, cost, from, lanes);
        return;
    }
    if (width == 256) {
        sweep_up_256(n, head, cost, from, lanes);
        return;
    }
#endif
    sweep_up_128(n, head, cost, from, lanes);
}

void sweep_decode(const sweep_lanes *lanes, const int32_t walk_ds[SWEEP_LANES], int32_t no_way,
                  int32_t ret_time_s[SWEEP_LANES], int32_t ret_dist_m[SWEEP_LANES])
{
    for (int l = 0; l < SWEEP_LANES; l++) {
        double cost = lanes->at[l];
        int32_t high = (int32_t)(cost * (1.0 / (1 << COST_DM_BITS))); /* entries and deciseconds */
        int32_t dm = (int32_t)(cost - (double)high * (1 << COST_DM_BITS));
        int32_t ds = (high & ((1 << COST_DS_BITS) - 1)) + walk_ds[l];
        ret_time_s[l] = cost < SWEEP_NO_WAY ? (ds + 9) / 10 : no_way;
        ret_dist_m[l] = cost < SWEEP_NO_WAY ? (dm + 5) / 10 : no_way;
    }
}
