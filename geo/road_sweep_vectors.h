/* The inner loops of a table for one width of vectors: included by road_sweep.c once for each, with
 * VECTOR (doubles in one), OF_WIDTH(name) and FOR_WIDTH (the function's attribute) defined. No guard: that is the
 * point.
 */

#define N_VECTORS (SWEEP_LANES / VECTOR)

typedef double OF_WIDTH(vec) __attribute__((vector_size(VECTOR * sizeof(double))));
typedef int64_t OF_WIDTH(masks) __attribute__((vector_size(VECTOR * sizeof(int64_t))));
typedef int32_t OF_WIDTH(ints) __attribute__((vector_size(VECTOR * sizeof(int32_t)), may_alias));

/* The lesser of each pair; the compiler knows it as one instruction. */
FOR_WIDTH static inline __attribute__((always_inline)) OF_WIDTH(vec) OF_WIDTH(least)(OF_WIDTH(vec) a, OF_WIDTH(vec) b)
{
    OF_WIDTH(vec) lesser;
    for (int lane = 0; lane < VECTOR; lane++)
        lesser[lane] = a[lane] < b[lane] ? a[lane] : b[lane];
    return lesser;
}

/* Of each pair the first where the mask says so. */
FOR_WIDTH static inline __attribute__((always_inline)) OF_WIDTH(vec)
    OF_WIDTH(where)(OF_WIDTH(masks) mask, OF_WIDTH(vec) yes, double no)
{
    OF_WIDTH(vec) others = (OF_WIDTH(vec)){0} + no;
    return (OF_WIDTH(vec))(((OF_WIDTH(masks))yes & mask) | ((OF_WIDTH(masks))others & ~mask));
}

FOR_WIDTH static void OF_WIDTH(sweep_down)(uint32_t n, const uint32_t *first, const uint32_t *tail, const double *cost,
                                           uint8_t *has_start, sweep_lanes *lanes)
{
    for (uint32_t v = 0; v < n; v++) {
        OF_WIDTH(vec) *own = (OF_WIDTH(vec) *)lanes[v].at, now[N_VECTORS];
        for (int i = 0; i < N_VECTORS; i++)
            now[i] = has_start[v] ? own[i] : (OF_WIDTH(vec)){0} + SWEEP_NO_WAY;
        has_start[v] = 0;
        for (uint32_t a = first[v]; a < first[v + 1]; a += 2) { /* the least so far waits for one of two */
            const OF_WIDTH(vec) *from = (const OF_WIDTH(vec) *)lanes[tail[a]].at;
            const OF_WIDTH(vec) *other = (const OF_WIDTH(vec) *)lanes[tail[a + 1]].at;
            for (int i = 0; i < N_VECTORS; i++)
                now[i] = OF_WIDTH(least)(now[i], OF_WIDTH(least)(from[i] + cost[a], other[i] + cost[a + 1]));
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

FOR_WIDTH static void OF_WIDTH(sweep_cells)(uint32_t n, const uint32_t *first, const sweep_end *ends,
                                            const sweep_lanes *lanes, sweep_lanes *cells)
{
    for (uint32_t j = 0; j < n; j++) {
        OF_WIDTH(vec) now[N_VECTORS], *cell = (OF_WIDTH(vec) *)cells[j].at;
        for (int i = 0; i < N_VECTORS; i++)
            now[i] = (OF_WIDTH(vec)){0} + SWEEP_NO_WAY;
        for (uint32_t e = first[j]; e < first[j + 1]; e++) {
            const OF_WIDTH(vec) *from = (const OF_WIDTH(vec) *)lanes[ends[e].state].at;
            for (int i = 0; i < N_VECTORS; i++)
                now[i] = OF_WIDTH(least)(now[i], from[i] + ends[e].cost);
        }
        for (int i = 0; i < N_VECTORS; i++)
            cell[i] = now[i];
    }
}

/* What sixteen lanes say of one target, in seconds and metres. A tenth in a double is a little more than that, so what
 * is cut off of a product with it is right. */
FOR_WIDTH static inline __attribute__((always_inline)) void OF_WIDTH(decode)(const sweep_lanes *cell,
                                                                             const sweep_lanes *walk_ds,
                                                                             int32_t there_ds, sweep_row *ret_time_s,
                                                                             sweep_row *ret_dist_m)
{
    for (int i = 0; i < N_VECTORS; i++) {
        OF_WIDTH(vec) cost = ((const OF_WIDTH(vec) *)cell->at)[i], walk = ((const OF_WIDTH(vec) *)walk_ds->at)[i];
        OF_WIDTH(ints) high = __builtin_convertvector(cost * (1.0 / (1 << COST_DM_BITS)), OF_WIDTH(ints));
        OF_WIDTH(vec) dm = cost - __builtin_convertvector(high, OF_WIDTH(vec)) * (1 << COST_DM_BITS);
        OF_WIDTH(vec) ds = __builtin_convertvector(high & ((1 << COST_DS_BITS) - 1), OF_WIDTH(vec)) + walk;
        OF_WIDTH(vec) time = (ds + (there_ds + 9)) * 0.1, dist = (dm + 5) * 0.1;
        OF_WIDTH(masks) leads = cost < SWEEP_NO_WAY;
        time = OF_WIDTH(where)(leads, time, CR_NO_WAY);
        dist = OF_WIDTH(where)(leads, dist, CR_NO_WAY);
        ((OF_WIDTH(ints) *)ret_time_s)[i] = __builtin_convertvector(time, OF_WIDTH(ints));
        ((OF_WIDTH(ints) *)ret_dist_m)[i] = __builtin_convertvector(dist, OF_WIDTH(ints));
    }
}

/* A square of numbers, its rows as columns: row i and row i + 8 are shuffled into one another like two halves of a pack
 * of cards, four times. */
FOR_WIDTH static inline __attribute__((always_inline)) void OF_WIDTH(transpose)(sweep_row *rows)
{
    for (int round = 0; round < 4; round++) {
        sweep_row was[SWEEP_LANES];
        for (int i = 0; i < SWEEP_LANES; i++)
            was[i] = rows[i];
        for (int i = 0; i < SWEEP_LANES / 2; i++) {
            rows[2 * i] =
                __builtin_shufflevector(was[i], was[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            rows[2 * i + 1] = __builtin_shufflevector(was[i], was[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                                      14, 30, 15, 31);
        }
    }
}

/* n numbers of a row, sixteen in each square's. */
FOR_WIDTH static inline __attribute__((always_inline)) void OF_WIDTH(put)(int32_t *row, uint32_t first, uint32_t n,
                                                                          const sweep_row *squares)
{
    uint32_t i = 0;
    for (; row && i + SWEEP_LANES <= n; i += SWEEP_LANES) /* one instruction each */
        memcpy(row + first + i, &squares[i], sizeof *squares);
    if (row && i < n)
        memcpy(row + first + i, &squares[i], (n - i) * sizeof *row);
}

/* Cells of targets are columns of the table: sixteen at a time they are turned into rows, and what a row has of them is
 * written as a whole line of the cache. Some are decoded in advance, for numbers just stored in halves are slow to
 * load. */
FOR_WIDTH static void OF_WIDTH(sweep_rows)(uint32_t n, const sweep_lanes *cells, const int32_t *there_ds,
                                           const sweep_lanes *walk_ds, int n_rows, int32_t *const *time_s,
                                           int32_t *const *dist_m)
{
    sweep_row time[4 * SWEEP_LANES] = {{0}}, dist[4 * SWEEP_LANES] = {{0}};
    for (uint32_t begin = 0; begin < n; begin += 4 * SWEEP_LANES) {
        uint32_t end = n - begin < 4 * SWEEP_LANES ? n : begin + 4 * SWEEP_LANES;
        for (uint32_t j = begin; j < end; j++)
            OF_WIDTH(decode)(&cells[j], walk_ds, there_ds[j], &time[j - begin], &dist[j - begin]);
        for (uint32_t first = begin; first < end; first += SWEEP_LANES) {
            OF_WIDTH(transpose)(&time[first - begin]);
            OF_WIDTH(transpose)(&dist[first - begin]);
        }
        for (int l = 0; l < n_rows; l++) {
            OF_WIDTH(put)(time_s[l], begin, end - begin, &time[l]);
            OF_WIDTH(put)(dist_m[l], begin, end - begin, &dist[l]);
        }
    }
}

#undef N_VECTORS
