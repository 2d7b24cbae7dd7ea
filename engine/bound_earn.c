/* What a round can still earn: see bound_earn.h. */
#include "bound_earn.h"

#include <math.h>
#include <stdlib.h>

static int compare_by_visit(const void *a, const void *b)
{
    const bound_earning *x = a, *y = b;
    if (x->visit != y->visit)
        return x->visit < y->visit ? -1 : 1;
    return x->gain > y->gain ? -1 : x->gain < y->gain;
}

/* The most for its time comes first. */
static int compare_by_rate(const void *a, const void *b)
{
    const bound_earning *x = a, *y = b;
    double p = (double)x->gain * y->time, q = (double)y->gain * x->time;
    if (p != q)
        return p > q ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

/* A visit counts once: the best of its slots and windows, each by what suits it best. Returns how many there are. */
static int32_t list_earnings(const bound_nodes *b, int32_t g, const bound_gain *gain, bound_ways *ways,
                             bound_earning *list)
{
    const bound_group *group = &b->groups[g];
    const model_shift *shift = &b->m->shifts[group->shift];
    int32_t n = 0, n_visits = 0;
    for (int32_t k = 0; k < group->nodes.n; k++) {
        const bound_node *node = &b->nodes[b->ids[group->nodes.first + k]];
        if (gain[k].least >= 0)
            continue;
        const bound_least_way *way = bound_ways_least(ways, g, k);
        int64_t cost = gain[k].least + way->cost;
        if (cost < 0)
            list[n++] = (bound_earning){-cost, way->time + shift->length[node->slot], node->stop.hi, node->visit};
    }
    qsort(list, (size_t)n, sizeof *list, compare_by_visit);
    for (int32_t k = 0; k < n; k++) {
        if (k == 0 || list[k].visit != list[n_visits - 1].visit) {
            list[n_visits++] = list[k];
            continue;
        }
        bound_earning *same = &list[n_visits - 1];
        same->time = list[k].time < same->time ? list[k].time : same->time;
        same->hi = list[k].hi > same->hi ? list[k].hi : same->hi;
    }
    qsort(list, (size_t)n_visits, sizeof *list, compare_by_rate);
    return n_visits;
}

/* What doubles may be wrong by, of one so large. */
static int64_t rounding(int64_t gain)
{
    return 1 + (gain >> 48);
}

/* Of what is open at a time, as much as fits until the end; of the last visit a part. */
static int64_t most_from(const bound_earning *list, int32_t n, int64_t at, int64_t end)
{
    int64_t left = end - at, sum = 0;
    for (int32_t k = 0; k < n && left >= 0; k++) {
        if (list[k].hi < at)
            continue;
        if (list[k].time > left)
            return sum + (int64_t)ceil((double)list[k].gain * ((double)left / list[k].time)) + rounding(list[k].gain);
        sum += list[k].gain;
        left -= list[k].time;
    }
    return sum;
}

void bound_earn_find(const bound_nodes *b, int32_t group, const bound_gain *gain, bound_ways *ways, bound_earning *room,
                     bound_earn *ret_earn)
{
    const model_shift *shift = &b->m->shifts[b->groups[group].shift];
    int32_t n = list_earnings(b, group, gain, ways, room);
    ret_earn->begin = shift->begin;
    ret_earn->step = (shift->end - shift->begin) / BOUND_EARN_STEPS + 1;
    for (int32_t i = 0; i <= BOUND_EARN_STEPS; i++)
        ret_earn->most[i] = most_from(room, n, (int64_t)shift->begin + (int64_t)i * ret_earn->step, shift->end);
}
