/* One round of VROOM's on its way: places, lengths and ways of its stops. */
#include "vroom_walk.h"

int32_t vroom_walk_place(const vroom_walk *w, int32_t k)
{
    for (; k >= 0; k--)
        if (w->stops[k].slot != CR_NONE)
            return w->p->visits[w->p->slots[w->stops[k].slot].visit].place;
    return w->shift->start_place;
}

int32_t vroom_walk_length(const vroom_walk *w, int32_t k)
{
    const cr_stop *stop = &w->stops[k];
    return stop->slot == CR_NONE ? w->p->breaks[stop->brk].length
                                 : cr_problem_duration(w->p, stop->slot, w->shift->carer);
}

int32_t vroom_walk_way(const vroom_walk *w, int32_t k)
{
    int32_t from = vroom_walk_place(w, k - 1), to = k < w->n ? vroom_walk_place(w, k) : w->shift->end_place;
    return from == CR_NONE || to == CR_NONE ? 0 : cr_matrix_time(w->p->matrix[w->shift->mode], from, to);
}

int32_t vroom_walk_door(const vroom_walk *w, int32_t k)
{
    const cr_stop *stop = &w->stops[k];
    if (stop->slot == CR_NONE || vroom_walk_place(w, k - 1) == vroom_walk_place(w, k))
        return 0;
    return w->p->visits[w->p->slots[stop->slot].visit].door;
}
