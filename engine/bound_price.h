/* Pricing: the cheapest round of a shift, where each visit served earns what its row is worth.
 *
 * Labels in order of time over ng-routes (Baldacci, Mingozzi, Roberti 2011, "New route relaxation and pricing
 * strategies for the vehicle routing problem"): a round may come to a visit again once it was at a stop that does not
 * remember it. All arithmetic is in integers, so the least value is exact for these rounds and holds for all true ones.
 */
#ifndef ENGINE_BOUND_PRICE_H
#define ENGINE_BOUND_PRICE_H

#include "bound_worth.h"

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

typedef struct bound_pricer bound_pricer;

/* should_stop is asked now and then while a group is priced. */
cr_status bound_pricer_new(const bound_nodes *b, bool (*should_stop)(void *), void *user, bound_pricer **ret_pricer);
bound_pricer *bound_pricer_free(bound_pricer *q);
CR_AUTO_DEFINE(bound_pricer)

/* Price a group's rounds at what each row is worth (tidy). Rounds that cost less than they earn are added to the list,
 * the least first and some good ones. *ret_least is no more than any true round of the group costs less its earnings,
 * and never above 0. */
cr_status bound_price(bound_pricer *q, int32_t group, const int64_t *worth, const bound_tolls *tolls,
                      bound_columns *list, int64_t *ret_least);

int64_t bound_pricer_labels(const bound_pricer *q);

#endif
