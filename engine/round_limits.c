/* Most work, most travel, most distance. */
#include "round_limits.h"

#include "days.h"

ways_left limits_ways_left(const rota *x, int32_t r)
{
    const cr_shift *shift = &x->m->p->shifts[r];
    const stop_state *stops = rota_stops(x, r);
    bool has_metres = shift->max_dist_m != CR_NONE && !shift->rides; /* who rides along has none of her own */
    ways_left left = {shift->max_travel != CR_NONE ? shift->max_travel : INT64_MAX / 4,
                      has_metres ? shift->max_dist_m : INT64_MAX / 4};
    for (int32_t k = 0; k <= rota_n(x, r); k++) { /* the way to the end is the last; breaks have none */
        left.time -= stops[k].leg_time;
        left.dist_m -= stops[k].leg_dist;
    }
    return left;
}

bool limits_hold(const rota *x, int32_t r)
{
    const model *m = x->m;
    const model_shift *shift = &m->shifts[r];
    int32_t most = m->p->carers[shift->carer].max_work;
    if ((most != CR_NONE && rota_work(x, shift->carer) > most) || (m->has_days && !days_hold(x, r)))
        return false;
    if (!shift->has_way_limits)
        return true;
    ways_left left = limits_ways_left(x, r);
    return left.time >= 0 && left.dist_m >= 0;
}

bool limits_hold_in_touched(const rota *x)
{
    for (size_t i = 0; i < x->n_saves; i++)
        if (!limits_hold(x, x->saves[i].r))
            return false;
    return true;
}
