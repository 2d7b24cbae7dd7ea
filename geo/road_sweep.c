/* The inner loops of a table, in vectors.
 *
 * Costs are whole numbers in doubles: an addition and a minimum are one instruction each on every machine, seconds and
 * metres go together, and every sum is exact. The loops are written once (road_sweep_vectors.h) and compiled for each
 * width of vectors that x86 has; which one runs is seen when it runs. Built with -ffinite-math-only: there is no NaN.
 */
#include "road_sweep.h"

#include "road_build.h"

/* Of one row, what sixteen targets have. */
typedef int32_t sweep_row __attribute__((vector_size(SWEEP_LANES * sizeof(int32_t))));

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

#define LOOPS(width)                                                                                                   \
    {                                                                                                                  \
        sweep_down_##width, sweep_up_##width, sweep_cells_##width, sweep_rows_##width                                  \
    }

const sweep_loops *sweep_loops_for(int most)
{
    static const sweep_loops narrow = LOOPS(128);
#if defined(__x86_64__)
    static const sweep_loops wide = LOOPS(256), widest = LOOPS(512);
    if ((most == 0 || most >= 512) && __builtin_cpu_supports("avx512f"))
        return &widest;
    if ((most == 0 || most >= 256) && __builtin_cpu_supports("avx2"))
        return &wide;
#endif
    return &narrow;
}
