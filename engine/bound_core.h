/* The core of the bound's problem: of each group those visits that its rounds were met to serve.
 *
 * Pricing over the core takes a fraction of the time and mostly finds the same rounds. What it says is no bound: it is
 * how worths are found that are worth pricing over everything (as a few candidates at a time are in the "sifting" of
 * large linear programs; Bixby, Gregory, Lustig, Marsten, Shanno 1992, "Very large-scale linear programming: a case
 * study in combining interior point and simplex methods").
 */
#ifndef ENGINE_BOUND_CORE_H
#define ENGINE_BOUND_CORE_H

#include "bound_columns.h"
#include "bound_nodes.h"

typedef struct bound_core bound_core;

/* Of a problem, borrowed. old: what the core held where the same visits had other moments; NULL. CR_E_NOMEM. */
cr_status bound_core_new(const bound_nodes *b, const bound_core *old, bound_core **ret_core);
bound_core *bound_core_free(bound_core *core);
CR_AUTO_DEFINE(bound_core)

/* The visits of these rounds, when the core is next renewed. */
void bound_core_add(bound_core *core, const bound_columns *columns);

/* The problem with the nodes of the core alone; all of them until it is renewed for the first time. Borrowed. */
const bound_nodes *bound_core_view(const bound_core *core);

/* Bring the view up to date. */
void bound_core_renew(bound_core *core);

/* The nodes of the view, as a share of all. */
double bound_core_share(const bound_core *core);

#endif
