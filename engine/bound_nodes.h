/* The relaxed problem of the bound: rows to cover, shifts that are alike, and the stops that a round may make.
 *
 * Compiled from the search's model, once, const from then on. Whatever the model holds that is not read here is left
 * out of the bound, which only lowers it.
 */
#ifndef ENGINE_BOUND_NODES_H
#define ENGINE_BOUND_NODES_H

#include "careround/bound.h"

#include "bound_shape.h"
#include "model.h"

/* Slots of one visit that are alike for every carer. */
typedef struct bound_row {
    int32_t visit, slot; /* the first of them */
    int32_t need;        /* how many */
    int32_t worth;       /* place in the worths of the first of its visit's moments */
} bound_row;

/* A piece of a visit's windows: between two of its moments, or one whole window; numbered by its first moment. Where
 * the carers of a visit meet in it, they meet, in parts, at its ends. */
typedef struct bound_end {
    int32_t moment, piece; /* both counted in the visit */
} bound_end;

/* One row in one piece: a stop that a round may make. */
typedef struct bound_node {
    int32_t row, visit, place, door, load, slot;
    int32_t moment;  /* the first of its piece, counted in the visit */
    int32_t span;    /* ticks to the next; 0: there is none, a start is worth the same at any time */
    shape_stop stop; /* its length depends on the shift, and is left open */
} bound_node;

/* Shifts that are alike in everything the bound looks at. */
typedef struct bound_group {
    int32_t shift; /* the first of them */
    int32_t count;
    cr_range nodes;   /* that it could serve, pool of ids, the earliest to close first */
    cr_range breaks;  /* of the problem; none if relaxed */
    int64_t waiting;  /* price of a tick, in parts; 0 if breaks are relaxed */
    int32_t max_work; /* INT32_MAX: cannot bind within the shift */
    int32_t max_load; /* likewise */
} bound_group;

#define BOUND_REST_STEPS    64
#define BOUND_REST_COARSE   24 /* rounds are found sooner, if not the bound */
#define BOUND_WAYS_MOST     4000000
#define BOUND_COLUMNS       3 /* with more each of GLPK's pivots takes longer; */
#define BOUND_COLUMNS_TAKEN 6 /* but there are more to make a plan of */

#define BOUND_NEAR          6 /* visits that a round remembers at a stop, the visit itself among them */

/* All costs here are in parts of a cost unit, b->parts to one, so that worths can be told apart where a whole plan
 * costs only thousands of units. */
typedef struct bound_nodes {
    const model *m;
    int64_t parts;
    int32_t rest_steps;   /* of a shift, by which is reckoned what a round can still earn (bound_rest.h) */
    int32_t columns_each; /* rounds kept in the master for each of its rows (bound_master.h) */
    size_t ways_most;     /* from node to node that a pricer keeps; more, as in a county, it works out each time */
    int32_t n_steps;      /* into so many a window is divided in which carers meet; 0: not at all */
    int32_t n_rows, n_nodes, n_groups, n_visits; /* visits: that somebody could serve */
    int32_t n_worths, n_moments;                 /* of all rows; of all visits */
    bound_row *rows;
    cr_range *rows_of;    /* of each visit; none if nobody could serve it */
    cr_range *moments_of; /* of each visit: between them its worths are told; one where its carers need not meet */
    int32_t *moments;     /* ticks */
    int32_t *moment_of;   /* of each worth: place in moments */
    cr_range *ends_of;    /* of each visit: of its pieces */
    bound_end *ends;
    int32_t n_ends;
    int32_t *met; /* of each visit: a number among those where carers meet */
    int32_t n_met;
    bound_node *nodes; /* the earliest to close first */
    bound_group *groups;
    int32_t *group_of; /* of each shift */
    bool *has_row;     /* [group * n_rows + row]: could it serve the row? */
    int32_t *ids;
    int32_t *near;         /* [visit * BOUND_NEAR + k]: the visit itself, then neighbours; CR_NONE ends a short list */
    int64_t unserved_cost; /* of the visits that nobody could serve */
    bool relaxed[CR_RELAXED_N];
} bound_nodes;

/* n_steps: the more, the nearer the carers of a visit come together, and the more nodes there are. */
cr_status bound_nodes_new(const model *m, int32_t n_steps, bound_nodes **ret_nodes);
bound_nodes *bound_nodes_free(bound_nodes *b);
CR_AUTO_DEFINE(bound_nodes)

/* The same for every carer: what they cost and how long they take. */
bool bound_slots_are_alike(const model *m, int32_t a, int32_t b);

/* What a slot costs with a carer, whatever the time; COST_NEVER. */
static inline int64_t bound_slot_price(const bound_nodes *b, int32_t slot, int32_t carer)
{
    int64_t price = model_slot_price(b->m, slot, carer);
    return price == COST_NEVER ? COST_NEVER : b->parts * price;
}

/* Could a group serve a row; and a visit? */
static inline bool bound_has_row(const bound_nodes *b, int32_t group, int32_t row)
{
    return b->has_row[(size_t)group * (size_t)b->n_rows + (size_t)row];
}

static inline bool bound_has_visit(const bound_nodes *b, int32_t group, int32_t visit)
{
    bool has = false;
    for (int32_t r = b->rows_of[visit].first; r < b->rows_of[visit].first + b->rows_of[visit].n; r++)
        has = has || bound_has_row(b, group, r);
    return has;
}

/* Do several carers come, who meet? */
static inline bool bound_is_met(const bound_nodes *b, int32_t visit)
{
    return b->m->p->visits[visit].slots.n > 1;
}

/* A start of a visit between two of its moments: what it counts for at the second, the rest of 1 at the first. */
typedef struct bound_between {
    int32_t moment; /* counted in the visit */
    double second;
} bound_between;

bound_between bound_start_between(const bound_nodes *b, int32_t visit, int32_t start);

/* The piece in which a start of a visit lies. */
int32_t bound_piece_of(const bound_nodes *b, int32_t visit, int32_t start);

/* What leaving a visit out costs. */
static inline int64_t bound_left_out(const bound_nodes *b, int32_t visit)
{
    return b->parts * b->m->p->visits[visit].unallocated_price * b->m->p->visits[visit].slots.n;
}

/* What a carer who leaves `from` (CR_NONE: an open start) needs and costs until she stands before a client, the door
 * included. False: no way. */
static inline bool bound_way(const bound_nodes *b, const model_shift *shift, int32_t from, const bound_node *to,
                             int32_t *ret_time, int64_t *ret_cost)
{
    leg way = from == CR_NONE ? (leg){0, 0} : *leg_of(b->m, shift, from, to->place);
    if (way.time >= CR_NO_WAY)
        return false;
    int32_t door = from == to->place ? 0 : to->door;
    *ret_time = way.time + door;
    *ret_cost = b->parts * (way.time * shift->travel_rate + way.dist_m * shift->dist_rate + door * shift->wage);
    return true;
}

#endif
