/* What the rows of the bound are worth, by the time at which the carers of a visit meet.
 *
 * A row of a visit that several carers come to has a worth at each moment of the visit; between two of them it lies on
 * the straight line. The carers start together, so a visit that is served earns the sum over its rows at one and the
 * same time, which is least at one of the moments. And they are different people: a group may earn less at a visit
 * than others do (its toll), if what the visit earns is then less by the toll of each of its shifts.
 *
 * Rounds that serve two of three rows (a trio) pay a toll too: of three slots only one round can serve two, and with
 * slots that are alike as many as there are pairs (subset rows; Jepsen, Petersen, Spoorendonk, Pisinger 2008,
 * "Subset-row inequalities applied to the vehicle-routing problem with time windows"). What all earn is then less by
 * it.
 */
#ifndef ENGINE_BOUND_WORTH_H
#define ENGINE_BOUND_WORTH_H

#include "bound_nodes.h"

/* What the shifts of a group are worth less at a visit, at each of its moments. */
typedef struct bound_toll {
    int32_t group, visit;
    int32_t worth; /* place in the worths of that at the first moment */
} bound_toll;

/* What a round pays for each two that it serves of three rows. */
typedef struct bound_trio {
    int32_t rows[3]; /* rising */
    int32_t most;    /* twos in any plan: half of what the rows need */
    int32_t worth;   /* place in the worths of the toll */
} bound_trio;

/* What a round pays that serves a row, one slot, and another visit, in some pieces of its windows. */
typedef struct bound_pair {
    int32_t row, visit; /* of another visit; several meet here */
    uint64_t pieces;    /* bits */
    int32_t worth;      /* place in the worths of the toll */
} bound_pair;

#define BOUND_PIECES 64 /* a visit with more moments is in no pair */

typedef struct bound_tolls {
    int32_t n, n_trios, n_pairs;
    int32_t n_worths; /* of rows, and then of these, in the order in which they were added */
    size_t room, room_trios, room_pairs;
    bound_toll *items;
    bound_trio *trios;
    bound_pair *pairs;
} bound_tolls;

void bound_tolls_init(const bound_nodes *b, bound_tolls *tolls);
void bound_tolls_done(bound_tolls *tolls);

/* CR_OK or CR_E_NOMEM. */
cr_status bound_tolls_add(const bound_nodes *b, bound_tolls *tolls, int32_t group, int32_t visit);

/* rows: three, rising. CR_OK or CR_E_NOMEM. */
cr_status bound_trios_add(const bound_nodes *b, bound_tolls *tolls, const int32_t *rows);

/* CR_OK or CR_E_NOMEM. */
cr_status bound_pairs_add(bound_tolls *tolls, int32_t row, int32_t visit, uint64_t pieces);

/* Could a round of the group serve both? Others pay nothing, also if they come to one of them again. */
static inline bool bound_pair_concerns(const bound_nodes *b, const bound_pair *pair, int32_t group)
{
    return bound_has_row(b, group, pair->row) && bound_has_visit(b, group, pair->visit);
}

/* A visit that had few moments when its pair was found may have more pieces in a later stage than a pair can name. */
static inline bool bound_pieces_have(uint64_t pieces, int32_t piece)
{
    return piece < BOUND_PIECES && (pieces >> piece & 1);
}

/* Is a stop at a row in a piece of its visit one of a pair's? */
static inline bool bound_is_in_pair(const bound_pair *pair, int32_t row, int32_t visit, int32_t piece)
{
    return row == pair->row || (visit == pair->visit && bound_pieces_have(pair->pieces, piece));
}

/* Is the row one of a trio's? */
static inline bool bound_is_in_trio(const bound_trio *trio, int32_t row)
{
    return trio->rows[0] == row || trio->rows[1] == row || trio->rows[2] == row;
}

/* Make worths (>= 0, of rows and of tolls) such that between two moments they rise or fall by whole units a tick, and
 * that none counts for more than leaving its visit out costs. */
void bound_worth_tidy(const bound_nodes *b, const bound_tolls *tolls, int64_t *worth);

/* The same tolls, and what rows and tolls are worth, where the moments of visits are others: what it was at these
 * times. CR_E_NOMEM. */
cr_status bound_tolls_move(const bound_nodes *old, const bound_tolls *old_tolls, const bound_nodes *b,
                           bound_tolls *tolls);
void bound_worth_move(const bound_nodes *old, const bound_tolls *old_tolls, const int64_t *old_worth,
                      const bound_nodes *b, const bound_tolls *tolls, int64_t *ret_worth);

/* What all visits earn at least, each served at some moment or left out; INT64_MIN if that is no number. room: twice as
 * many as there are moments. */
int64_t bound_worth_in_all(const bound_nodes *b, const bound_tolls *tolls, const int64_t *worth, int64_t *room);

/* sum + each * count; INT64_MIN stands for all that is lower than a number can be. */
static inline int64_t bound_plus(int64_t sum, int64_t each, int32_t count)
{
    int64_t part;
    if (sum == INT64_MIN || __builtin_mul_overflow(each, count, &part) || __builtin_add_overflow(sum, part, &sum))
        return INT64_MIN;
    return sum;
}

#endif
