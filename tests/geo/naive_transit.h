/* Public transport looked at event by event: what RAPTOR is compared with, and what random feeds are made of. */
#ifndef TESTS_NAIVE_TRANSIT_H
#define TESTS_NAIVE_TRANSIT_H

#include "careround/transit.h"

#include <stdio.h>
#include <string.h>

#define STOPS     7
#define RUNS_MOST 150
#define LEN_MOST  5

typedef struct naive_run {
    int n, stop[LEN_MOST], arrive_s[LEN_MOST], depart_s[LEN_MOST];
} naive_run;

typedef struct naive {
    int n_runs;
    naive_run runs[RUNS_MOST];
    int change_s[STOPS][STOPS]; /* CR_NO_WAY: not possible */
} naive;

static inline uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static inline int below(uint64_t *state, int n)
{
    return (int)(next_random(state) % (uint64_t)n);
}

/* Time-expanded Dijkstra: the node (run, position) is an arrival; its time is known, so reached or not is all there is.
 */
static inline int32_t naive_time(const naive *w, const int32_t *from_s, const int32_t *to_s, int32_t walk_s,
                                 int32_t depart_s)
{
    static bool reached[RUNS_MOST][LEN_MOST], done[RUNS_MOST][LEN_MOST];
    memset(reached, 0, sizeof reached);
    memset(done, 0, sizeof done);
    for (int r = 0; r < w->n_runs; r++)
        for (int p = 0; p + 1 < w->runs[r].n; p++) {
            int32_t walk = from_s[w->runs[r].stop[p]];
            if (walk < CR_NO_WAY && depart_s + walk <= w->runs[r].depart_s[p])
                reached[r][p + 1] = true;
        }
    int32_t best_s = walk_s;
    for (;;) {
        int at_r = -1, at_p = 0;
        for (int r = 0; r < w->n_runs; r++)
            for (int p = 0; p < w->runs[r].n; p++)
                if (reached[r][p] && !done[r][p] &&
                    (at_r < 0 || w->runs[r].arrive_s[p] < w->runs[at_r].arrive_s[at_p])) {
                    at_r = r;
                    at_p = p;
                }
        if (at_r < 0)
            return best_s;
        const naive_run *run = &w->runs[at_r];
        done[at_r][at_p] = true;
        int32_t at_s = run->arrive_s[at_p], walk = to_s[run->stop[at_p]];
        if (walk < CR_NO_WAY && at_s + walk - depart_s < best_s)
            best_s = at_s + walk - depart_s;
        if (at_p + 1 < run->n)
            reached[at_r][at_p + 1] = true;
        for (int r = 0; r < w->n_runs; r++)
            for (int p = 0; p + 1 < w->runs[r].n; p++) {
                int32_t change_s = w->change_s[run->stop[at_p]][w->runs[r].stop[p]];
                if (change_s < CR_NO_WAY && at_s + change_s <= w->runs[r].depart_s[p])
                    reached[r][p + 1] = true;
            }
    }
}

static inline void put_time(FILE *out, int s)
{
    fprintf(out, ",%02d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

/* Least times and forbidden changes for transfers.txt; at a stop it takes same_stop_s otherwise. */
static inline void make_changes(uint64_t *random, int32_t same_stop_s, naive *w, FILE *transfers)
{
    for (int i = 0; i < STOPS; i++)
        for (int k = 0; k < STOPS; k++) {
            w->change_s[i][k] = i == k ? same_stop_s : CR_NO_WAY;
            if (below(random, 5) > 0)
                continue;
            int least_s = 60 * below(random, 15), type = below(random, 4) ? 2 : 3;
            fprintf(transfers, "S%d,S%d,%d,%d\n", i, k, type, least_s);
            w->change_s[i][k] = type == 2 ? least_s : CR_NO_WAY;
        }
}

#endif
