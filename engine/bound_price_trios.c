/* Which trios and pairs a label keeps count of: see bound_worth.h.
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

/* The place of one with such a toll; -1: it is not among the dearest. */
static int place_for(trios *t, int64_t toll)
{
    if (t->n < TRIOS_MOST)
        return t->n++;
    int at = cheapest(t);
    return toll > t->toll[at] ? at : -1;
}

static void choose(bound_pricer *q, int64_t toll, int32_t until, trio_choice choice)
{
    trios *t = &q->trios;
    int at = place_for(t, toll);
    if (at < 0)
        return;
    t->toll[at] = toll;
    t->until[at] = until;
    t->chosen[at] = choice;
}

static void look_at_trio(bound_pricer *q, const bound_trio *trio)
{
    int32_t until = INT32_MIN;
    for (int i = 0; i < 3; i++) {
        int32_t last = q->trios.last[trio->rows[i]];
        until = last > until ? last : until;
    }
    int64_t toll = q->worth[trio->worth];
    if (until > INT32_MIN && toll > 0)
        choose(q, toll, until, (trio_choice){.trio = trio});
}

static void look_at_pair(bound_pricer *q, const bound_pair *pair)
{
    int64_t toll = q->worth[pair->worth];
    if (toll <= 0 || !bound_pair_concerns(q->b, pair, (int32_t)(q->group - q->b->groups)))
        return;
    int32_t until = q->trios.last[pair->row];
    const cr_range rows = q->b->rows_of[pair->visit];
    for (int32_t r = rows.first; r < rows.first + rows.n; r++)
        until = q->trios.last[r] > until ? q->trios.last[r] : until;
    choose(q, toll, until, (trio_choice){.pair = pair});
}

/* Those in which a node counts. */
static trio_bits bits_of(const trios *t, const bound_node *node)
{
    trio_bits bits = {{0}};
    for (int k = 0; k < t->n; k++) {
        const trio_choice *choice = &t->chosen[k];
        bool counts = choice->trio ? bound_is_in_trio(choice->trio, node->row)
                                   : bound_is_in_pair(choice->pair, node->row, node->visit, node->moment);
        bits.words[k / 64] |= (uint64_t)counts << (k % 64);
    }
    return bits;
}

void bound_price_choose_trios(bound_pricer *q)
{
    trios *t = &q->trios;
    t->n = 0;
    if (q->tolls->n_trios + q->tolls->n_pairs > 0)
        find_last(q);
    for (int32_t k = 0; k < q->tolls->n_trios; k++)
        look_at_trio(q, &q->tolls->trios[k]);
    for (int32_t k = 0; k < q->tolls->n_pairs; k++)
        look_at_pair(q, &q->tolls->pairs[k]);
    for (int32_t k = 0; k < q->group->nodes.n; k++)
        t->of_node[k] = bits_of(t, bound_price_node(q, k));
}
