/* Which trios a label keeps count of: see bound_worth.h.
 *
 * A label has a bit for each. Where a group has more of them than bits, the dearest count: a toll that is not asked for
 * makes rounds cheaper, and the bound holds.
 */
#include "bound_price_internal.h"

#include <string.h>

/* The last start of each row in the group. */
static void find_last(bound_pricer *q)
{
    for (int32_t r = 0; r < q->b->n_rows; r++)
        q->trios.last[r] = INT32_MIN;
    for (int32_t k = 0; k < q->group->nodes.n; k++) {
        const bound_node *node = bound_price_node(q, k);
        if (node->stop.hi > q->trios.last[node->row])
            q->trios.last[node->row] = node->stop.hi;
    }
}

/* The cheapest of those chosen. */
static int cheapest(const trios *t)
{
    int least = 0;
    for (int k = 1; k < t->n; k++)
        if (t->toll[k] < t->toll[least])
            least = k;
    return least;
}

void bound_price_choose_trios(bound_pricer *q)
{
    trios *t = &q->trios;
    const bound_trio *chosen[TRIOS_MOST];
    t->n = 0;
    memset(t->of_row, 0, (size_t)q->b->n_rows * sizeof *t->of_row);
    if (q->tolls->n_trios == 0)
        return;
    find_last(q);
    for (int32_t k = 0; k < q->tolls->n_trios; k++) {
        const bound_trio *trio = &q->tolls->trios[k];
        int32_t until = INT32_MIN, n = 0;
        for (int i = 0; i < 3; i++) {
            int32_t last = t->last[trio->rows[i]];
            until = last > until ? last : until;
            n += last > INT32_MIN;
        }
        int at = t->n < TRIOS_MOST ? t->n : cheapest(t);
        int64_t toll = q->worth[trio->worth];
        if (n == 0 || toll <= 0 || (t->n == TRIOS_MOST && toll <= t->toll[at]))
            continue;
        t->n = at == t->n ? t->n + 1 : t->n;
        t->toll[at] = toll;
        t->until[at] = until;
        chosen[at] = trio;
    }
    for (int k = 0; k < t->n; k++)
        for (int i = 0; i < 3; i++)
            t->of_row[chosen[k]->rows[i]] |= 1ull << k;
}
