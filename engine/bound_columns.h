/* Rounds that pricing met, by what the master needs of them: whose they are, what they cost, what they serve and when.
 */
#ifndef ENGINE_BOUND_COLUMNS_H
#define ENGINE_BOUND_COLUMNS_H

#include "careround/plan.h"

/* A row, served from a tick on. */
typedef struct bound_stay {
    int32_t row, start;
} bound_stay;

typedef struct bound_column {
    int64_t cost; /* of the round in the relaxed problem */
    int32_t group;
    cr_range stays; /* in the pool of its list; a row may stand twice */
} bound_column;

typedef struct bound_columns {
    int32_t n;
    size_t n_stays, room, room_stays;
    bound_column *items;
    bound_stay *stays;
} bound_columns;

/* CR_OK or CR_E_NOMEM. The stays are copied. */
cr_status bound_columns_add(bound_columns *list, int32_t group, int64_t cost, const bound_stay *stays, int32_t n);
void bound_columns_done(bound_columns *list);

/* All of another list. CR_OK or CR_E_NOMEM. */
cr_status bound_columns_add_all(bound_columns *list, const bound_columns *more);

#endif
