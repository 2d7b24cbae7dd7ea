/* Making room for visits that are left out, where no single change does: for a short while each weighs more the longer
 * it stays out, so that it is put in at the price of others, which look for another place in their turn (Nagata and
 * Bräysy 2009, "A powerful route minimization heuristic for the vehicle routing problem with time windows", Operations
 * Research Letters 37). It ends with a cheaper plan, or with the plan that it began with. */
#ifndef ENGINE_MAKE_ROOM_H
#define ENGINE_MAKE_ROOM_H

#include "walk.h"

typedef struct room_maker room_maker;

/* The walk is borrowed. CR_E_NOMEM. */
cr_status room_maker_new(walk *w, room_maker **ret_maker);
room_maker *room_maker_free(room_maker *rm);
CR_AUTO_DEFINE(room_maker)

/* Before each iteration of the walk: begins when it is time and a visit is left out, goes on, ends. CR_E_NOMEM. */
cr_status room_maker_step(room_maker *rm);

/* Before the walk is left: what is under way ends. CR_E_NOMEM. */
cr_status room_maker_end(room_maker *rm);

#endif
