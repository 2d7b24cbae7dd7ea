/* Room on board (docs/model.md section 3, "most load") by the problem as it is, for those who try rounds stop by stop.
 */
#ifndef ENGINE_ON_BOARD_H
#define ENGINE_ON_BOARD_H

#include "careround/problem.h"

/* Has the shift room for these stops in this order? Slots; n_slots and beyond: breaks. */
bool on_board_holds(const cr_problem *p, int32_t shift, const int32_t *stops, int32_t n);

/* Does a break of the shift limit what is on board, so that its place counts? */
bool on_board_asks_breaks(const cr_problem *p, int32_t shift);

#endif
