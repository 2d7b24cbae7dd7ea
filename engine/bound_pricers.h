/* Pricing of all groups, on several threads. */
#ifndef ENGINE_BOUND_PRICERS_H
#define ENGINE_BOUND_PRICERS_H

#include "bound_price.h"

typedef struct bound_pricers bound_pricers;

/* should_stop: asked now and then, on any of the threads. CR_E_NOMEM. */
cr_status bound_pricers_new(const bound_nodes *b, int32_t n_threads, bool (*should_stop)(void *), void *user,
                            bound_pricers **ret_pricers);
bound_pricers *bound_pricers_free(bound_pricers *all);
CR_AUTO_DEFINE(bound_pricers)

/* Price every group at what rows and tolls are worth (tidy): its rounds are put on the list, in the order of the
 * groups, so that it is the same for any number of threads, and what they are worth at the least, or INT64_MIN where
 * that is no number, is in *ret_sum. *ret_done: nothing had to stop; where it is false, the sum is of no use.
 * CR_E_NOMEM. */
cr_status bound_pricers_run(bound_pricers *all, const int64_t *worth, const bound_tolls *tolls, bound_columns *list,
                            int64_t *ret_sum, bool *ret_done);

/* When groups have other nodes, and no more of them than there were at first. */
void bound_pricers_renew(bound_pricers *all);

/* Partial rounds looked at so far. */
int64_t bound_pricers_labels(const bound_pricers *all);

#endif
