/* Fewer rounds, where using one more shift costs more than all travel: one round is taken apart, and its visits have to
 * find room in the others, moved on by guided ejection as in make_room.h (Nagata and Bräysy 2009, "A powerful route
 * minimization heuristic for the vehicle routing problem with time windows", Operations Research Letters 37). Among the
 * plans of one cost annealing never comes by this: on the way there are only plans that leave visits out. */
#ifndef ENGINE_FEWER_ROUNDS_H
#define ENGINE_FEWER_ROUNDS_H

#include "walk.h"

typedef struct round_saver round_saver;

/* The price of using the shifts that are used, if each of them costs more than all else that the plan pays for but
 * visits left out; otherwise 0. */
int64_t fewer_rounds_weight(const walk *w);

/* The walk is borrowed. CR_E_NOMEM. */
cr_status round_saver_new(walk *w, round_saver **ret_saver);
round_saver *round_saver_free(round_saver *rs);
CR_AUTO_DEFINE(round_saver)

/* Take a round apart. False: there is none that could be saved, as far as loads tell; nothing has changed. CR_E_NOMEM.
 */
cr_status round_saver_begin(round_saver *rs, bool *ret_begun);

/* After each iteration of the walk. True: all its visits are served in the other rounds, and it is over. */
bool round_saver_step(round_saver *rs);

/* Give up: back to the plan as it was when it began. CR_E_NOMEM. */
cr_status round_saver_end(round_saver *rs);

#endif
