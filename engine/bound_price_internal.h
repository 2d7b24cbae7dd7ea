/* What the files of the pricer share: labels as they lie in memory, and the stops that they go to. */
#ifndef ENGINE_BOUND_PRICE_INTERNAL_H
#define ENGINE_BOUND_PRICE_INTERNAL_H

#include "bound_earn.h"
#include "bound_price.h"
#include "bound_rest.h"

#define TRIO_WORDS 2
#define TRIOS_MOST (64 * TRIO_WORDS) /* of a group, a bit for each; the dearest of more */

typedef struct trio_bits {
    uint64_t words[TRIO_WORDS];
} trio_bits;

/* A partial round: where it stands, what it has done, what it costs by time. */
typedef struct label {
    int64_t value, least, last; /* of its shape: at the first piece, the least, and when the shift ends */
    int32_t before;             /* visit before; CR_NONE */
    int32_t node;               /* place in the group's list; its length: at the start place */
    int32_t parent;             /* CR_NONE: nothing done yet */
    int32_t next;               /* in its bucket, by ready */
    int32_t ready;              /* where the shape begins */
    int32_t load, work;         /* 0 where it cannot bind */
    int32_t first_piece;
    trio_bits odd; /* those the trios and pairs of which it has served an odd number, while more can follow */
    uint16_t seen; /* bits of the visit's near list */
    uint8_t breaks, n_pieces;
    bool dead;
} label;

typedef enum look {
    LOOK_QUICK, /* past many rounds: the cheapest label that is ready first dominates */
    LOOK_EXACT,
} look;

typedef struct finish {
    int64_t value;
    int32_t label, leaves; /* the last stop, at that tick */
} finish;

/* One or the other. */
typedef struct trio_choice {
    const bound_trio *trio;
    const bound_pair *pair;
} trio_choice;

/* The trios and pairs that a group could serve two of, for a toll. */
typedef struct trios {
    int n;
    int64_t toll[TRIOS_MOST];
    int32_t until[TRIOS_MOST]; /* the last start of any of the stops that count */
    trio_choice chosen[TRIOS_MOST];
    trio_bits *of_node; /* of each node of the group */
    int32_t *last;      /* of each row: its last start in the group */
} trios;

struct bound_pricer {
    const bound_nodes *b;
    bound_ways *ways;
    bool (*should_stop)(void *);
    void *user;
    /* of the call */
    const bound_group *group;
    const model_shift *shift;
    const int64_t *worth;
    const bound_tolls *tolls;
    look look;
    bool gave_up;
    int64_t least;  /* found */
    int64_t cutoff; /* rounds that cost no less are not looked for; never above 0 */
    label *labels;
    shape_piece *pieces;
    uint64_t *heap; /* ready and label of those not extended yet */
    size_t n_labels, n_pieces, n_heap, room_labels, room_pieces;
    int32_t *buckets; /* [node * masks + breaks]: first label */
    finish *finishes; /* by last node */
    bound_gain *gain; /* of each node of the group */
    int32_t *toll_of; /* of each visit: where the group's toll is in the worths; CR_NONE */
    bound_earn earn;  /* what a round can still earn, by time */
    bound_earning *earnings;
    bound_rest *rest; /* likewise, by node and time */
    trios trios;
    uint64_t *marked; /* of each visit: is it in the label at hand? */
    uint64_t mark;
    bound_stay *path;
    size_t room_path;
    int64_t labels_made;
};

static inline const bound_node *bound_price_node(const bound_pricer *q, int32_t node)
{
    return &q->b->nodes[q->b->ids[q->group->nodes.first + node]];
}

static inline shape_view bound_price_shape(const bound_pricer *q, const label *l)
{
    return (shape_view){l->value, l->n_pieces, q->pieces + l->first_piece};
}

static inline int32_t bound_price_place(const bound_pricer *q, const label *l)
{
    return l->node == q->group->nodes.n ? q->shift->start_place : bound_price_node(q, l->node)->place;
}

/* What is to pay for the second, or the fourth, of each of the trios and pairs in a and in b. */
static inline int64_t bound_price_tolls(const bound_pricer *q, const trio_bits *a, const trio_bits *b)
{
    int64_t sum = 0;
    for (int w = 0; w < TRIO_WORDS; w++)
        for (uint64_t bits = a->words[w] & b->words[w]; bits; bits &= bits - 1)
            sum += q->trios.toll[64 * w + __builtin_ctzll(bits)];
    return sum;
}

/* Choose the trios and pairs of the group at hand. */
void bound_price_choose_trios(bound_pricer *q);

/* The stop at one of the group's breaks; and at a node, as long as this shift stays. */
shape_stop bound_price_break(const bound_pricer *q, int32_t k);
shape_stop bound_price_stop(const bound_pricer *q, int32_t node);

/* A label may be the last before home: the best of those that end at its node is kept. */
void bound_price_finish(bound_pricer *q, int32_t at);

/* The best finishes below a value, as columns. CR_E_NOMEM. */
cr_status bound_price_columns(bound_pricer *q, int64_t below, bound_columns *list);

#endif
