/* When a break may start: see breaks.h. */
#include "breaks.h"

int32_t break_start_from(const cr_problem *p, const cr_break *brk, int32_t bound)
{
    for (int32_t w = brk->windows.first; w < brk->windows.first + brk->windows.n; w++)
        if (bound <= p->windows[w].close)
            return bound > p->windows[w].open ? bound : p->windows[w].open;
    int32_t start = bound > brk->open ? bound : brk->open;
    return start <= brk->close ? start : INT32_MAX;
}

bool breaks_are_alike(const cr_problem *p, const cr_break *a, const cr_break *b)
{
    bool alike = a->open == b->open && a->close == b->close && a->length == b->length && a->windows.n == b->windows.n;
    for (int32_t k = 0; alike && k < a->windows.n; k++) {
        const cr_window *x = &p->windows[a->windows.first + k], *y = &p->windows[b->windows.first + k];
        alike = x->open == y->open && x->close == y->close;
    }
    alike = alike && a->rooms.n == b->rooms.n;
    for (int32_t k = 0; alike && k < a->rooms.n; k++) {
        const cr_room *x = &p->rooms[a->rooms.first + k], *y = &p->rooms[b->rooms.first + k];
        alike = x->kind == y->kind && x->most == y->most;
    }
    return alike;
}

/* For each set of breaks the soonest that all of it can be over, and the one that is then taken last (Held and Karp
 * 1962, "A dynamic programming approach to sequencing problems"): to be over sooner never hurts what follows. */
bool breaks_find_order(const cr_problem *p, const cr_shift *shift, int32_t ret_rank[BREAKS_ORDERED])
{
    int32_t over[1 << BREAKS_ORDERED];
    int8_t last[1 << BREAKS_ORDERED];
    const int32_t n = shift->breaks.n;
    if (n > BREAKS_ORDERED)
        return false;
    const uint32_t all = (UINT32_C(1) << n) - 1;
    over[0] = shift->begin;
    for (uint32_t set = 1; set <= all; set++) {
        over[set] = INT32_MAX;
        for (int32_t k = 0; k < n; k++) {
            const cr_break *brk = &p->breaks[shift->breaks.first + k];
            int32_t before = set >> k & 1 ? over[set ^ (UINT32_C(1) << k)] : INT32_MAX;
            int32_t start = before < INT32_MAX ? break_start_from(p, brk, before) : INT32_MAX;
            if (start == INT32_MAX || start + brk->length + brk->stay >= over[set])
                continue;
            over[set] = start + brk->length + brk->stay;
            last[set] = (int8_t)k;
        }
    }
    if (over[all] == INT32_MAX)
        return false;
    int32_t rank = n;
    for (uint32_t set = all; set; set ^= UINT32_C(1) << last[set])
        ret_rank[last[set]] = --rank;
    return true;
}
