/* What a rota is changed by, and made by before it is used. */
#ifndef ENGINE_ROTA_INTERNAL_H
#define ENGINE_ROTA_INTERNAL_H

#include "rota.h"

/* Room in the states for a round of `cap` stops, its begin and its end. False: memory ran out. */
bool rota_take_states(rota *x, int32_t cap, size_t *ret_first);

/* Empty rounds are listed. */
static inline void rota_set_n_visits(rota *x, int32_t r, int32_t n)
{
    round_state *round = &x->rounds[r];
    round->n_visits = n;
    if (n == 0 && round->empty_place == CR_NONE) {
        round->empty_place = x->n_empty;
        x->empty[x->n_empty++] = r;
    } else if (n > 0 && round->empty_place != CR_NONE) {
        int32_t last = x->empty[--x->n_empty];
        x->empty[round->empty_place] = last;
        x->rounds[last].empty_place = round->empty_place;
        round->empty_place = CR_NONE;
    }
}

#endif
