/* Pricing: the cheapest round of a shift, where each visit served earns what its row is worth.
 *
 * Labels in order of time over ng-routes (Baldacci, Mingozzi, Roberti 2011, "New route relaxation and pricing
 * strategies for the vehicle routing problem"): a round may come to a visit again once it was at a stop that does not
 * remember it. All arithmetic is in integers, so the least value is exact for these rounds and holds for all true ones.
 */
#ifndef ENGINE_BOUND_PRICE_H
#define ENGINE_BOUND_PRICE_H

#include "bound_columns.h"
#include "bound_ways.h"
#include "bound_worth.h"

typedef struct bound_pricer bound_pricer;

/* ways: borrowed; pricers may share them, each with its own groups at a time. should_stop is asked now and then while a
 * group is priced. */
cr_status bound_pricer_new(const bound_nodes *b, bound_ways *ways, bool (*should_stop)(void *), void *user,
                           bound_pricer **ret_pricer);
bound_pricer *bound_pricer_free(bound_pricer *q);
CR_AUTO_DEFINE(bound_pricer)

/* Price a group's rounds at what each row is worth (tidy). Rounds that cost less than they earn are added to the list,
 * the least first and some good ones. *ret_least is no more than any true round of the group costs less its earnings,
 * and never above 0. below: as cheap the least is thought to be; if it is, only some of those below may be added. Any
 * number does, one near to it saves time. */
cr_status bound_price(bound_pricer *q, int32_t group, const int64_t *worth, const bound_tolls *tolls, int64_t below,
                      bound_columns *list, int64_t *ret_least);

int64_t bound_pricer_labels(const bound_pricer *q);

#endif
