/* The inner loops of a table for one width of vectors: included by road_sweep.c once for each, with
 * VECTOR (doubles in one), OF_WIDTH(name) and FOR_WIDTH (the function's attribute) defined. No guard: that is the
 * point.
 */

#define N_VECTORS (SWEEP_LANES / VECTOR)

typedef double OF_WIDTH(vec) __attribute__((vector_size(VECTOR * sizeof(double))));

/* The lesser of each pair; the compiler knows it as one instruction. */
FOR_WIDTH static inline __attribute__((always_inline)) OF_WIDTH(vec) OF_WIDTH(least)(OF_WIDTH(vec) a, OF_WIDTH(vec) b)
{
    OF_WIDTH(vec) lesser;
    for (int lane = 0; lane < VECTOR; lane++)
        lesser[lane] = a[lane] < b[lane] ? a[lane] : b[lane];
    return lesser;
}

FOR_WIDTH static void OF_WIDTH(sweep_down)(uint32_t n, const uint32_t *first, const uint32_t *tail, const double *cost,
                                           uint8_t *has_start, sweep_lanes *lanes)
{
    for (uint32_t v = 0; v < n; v++) {
        OF_WIDTH(vec) *own = (OF_WIDTH(vec) *)lanes[v].at, now[N_VECTORS];
        for (int i = 0; i < N_VECTORS; i++)
            now[i] = has_start[v] ? own[i] : (OF_WIDTH(vec)){0} + SWEEP_NO_WAY;
        has_start[v] = 0;
        for (uint32_t a = first[v]; a < first[v + 1]; a++) {
            const OF_WIDTH(vec) *from = (const OF_WIDTH(vec) *)lanes[tail[a]].at;
            for (int i = 0; i < N_VECTORS; i++)
                now[i] = OF_WIDTH(least)(now[i], from[i] + cost[a]);
        }
        for (int i = 0; i < N_VECTORS; i++)
            own[i] = now[i];
    }
}

FOR_WIDTH static void OF_WIDTH(sweep_up)(uint32_t n, const uint32_t *head, const double *cost, const sweep_lanes *from,
                                         sweep_lanes *lanes)
{
    const OF_WIDTH(vec) *own = (const OF_WIDTH(vec) *)from->at;
    for (uint32_t a = 0; a < n; a++) {
        OF_WIDTH(vec) *to = (OF_WIDTH(vec) *)lanes[head[a]].at;
        for (int i = 0; i < N_VECTORS; i++)
            to[i] = OF_WIDTH(least)(to[i], own[i] + cost[a]);
    }
}

#undef N_VECTORS
