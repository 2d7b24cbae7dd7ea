/* Itineraries: a plan walked once, stop by stop, as docs/model.md has it. */
#include "itinerary.h"

#include <stdlib.h>

itinerary *itinerary_free(itinerary *it)
{
    if (it) {
        free(it->stops);
        free(it->way_home);
        free(it->stop_of_slot);
        free(it);
    }
    return NULL;
}

/* An open side costs nothing; a client without a position cannot be reached. */
static itinerary_leg leg_between(const cr_problem *problem, const cr_shift *shift, int32_t from, int32_t to,
                                 bool is_open, int32_t leave)
{
    int32_t mode = shift->mode;
    itinerary_leg leg = {.mode = mode, .day = shift->day, .from = from, .to = to, .leave = leave};
    if (!is_open && from >= 0 && to >= 0) {
        leg.travel = cr_problem_travel(problem, mode, from, to, leave);
        leg.dist_m = shift->rides ? 0 : cr_problem_metres(problem, mode, from, to, leave);
    } else if (!is_open) {
        leg.travel = leg.dist_m = CR_NO_WAY;
    }
    leg.arrive = leave + (leg.travel < CR_NO_WAY ? leg.travel : 0);
    return leg;
}

static itinerary_stop visit_stop(const cr_problem *problem, const cr_shift *shift, const cr_stop *stop, int32_t from,
                                 bool is_open, int32_t leave)
{
    const cr_slot *slot = &problem->slots[stop->slot];
    const cr_visit *visit = &problem->visits[slot->visit];
    itinerary_stop s = {.visit = slot->visit,
                        .start = stop->start,
                        .end = stop->start + cr_problem_duration(problem, stop->slot, shift->carer)};
    if (visit->is_anywhere) { /* time held back is spent where she is */
        s.leg = (itinerary_leg){.mode = shift->mode, .from = from, .to = from, .leave = leave, .arrive = leave};
        s.wait = s.start - leave;
        return s;
    }
    s.leg = leg_between(problem, shift, from, visit->place, is_open, leave);
    s.door = visit->place != from ? visit->door : 0;
    s.wait = s.start - s.leg.arrive - s.door;
    return s;
}

/* A break is spent where the carer is. */
static itinerary_stop break_stop(const cr_problem *problem, const cr_stop *stop, int32_t at, int32_t leave)
{
    itinerary_stop s = {.visit = CR_NONE, .start = stop->start, .end = stop->start + problem->breaks[stop->brk].length};
    s.leg = (itinerary_leg){.mode = CR_NONE, .from = at, .to = at, .leave = leave, .arrive = leave};
    s.wait = s.start - leave;
    return s;
}

static void walk_round(const cr_problem *problem, const cr_plan *plan, int32_t r, itinerary *it)
{
    const cr_round *round = &plan->rounds[r];
    const cr_shift *shift = &problem->shifts[round->shift];
    int32_t at = shift->start_place, leave = round->depart;
    bool is_open = at == CR_NONE;
    int32_t stay = 0; /* she stands by before she goes on */
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
        const cr_stop *stop = &plan->stops[k];
        itinerary_stop *s = &it->stops[k];
        if (stop->slot == CR_NONE) {
            *s = break_stop(problem, stop, at, leave + stay);
            s->wait += stay;
            stay = problem->breaks[stop->brk].stay;
        } else {
            *s = visit_stop(problem, shift, stop, at, is_open, leave + stay);
            s->wait += stay;
            stay = problem->slots[stop->slot].stay;
            it->stop_of_slot[stop->slot] = k;
            at = s->leg.to;
            is_open = is_open && at == CR_NONE;
        }
        s->round = r;
        leave = s->end;
    }
    it->way_home[r] = leg_between(problem, shift, at, shift->end_place, shift->end_place == CR_NONE, leave);
}

cr_status itinerary_new(const cr_problem *problem, const cr_plan *plan, itinerary **ret_itinerary)
{
    cr_auto(itinerary) it = calloc(1, sizeof *it);
    if (!it)
        return CR_E_NOMEM;
    it->stops = calloc((size_t)plan->n_stops + 1, sizeof *it->stops);
    it->way_home = calloc((size_t)plan->n_rounds + 1, sizeof *it->way_home);
    it->stop_of_slot = calloc((size_t)problem->n_slots + 1, sizeof *it->stop_of_slot);
    if (!it->stops || !it->way_home || !it->stop_of_slot)
        return CR_E_NOMEM;
    for (int32_t slot = 0; slot < problem->n_slots; slot++)
        it->stop_of_slot[slot] = CR_NONE;
    for (int32_t r = 0; r < plan->n_rounds; r++)
        walk_round(problem, plan, r, it);
    *ret_itinerary = itinerary_take(&it);
    return CR_OK;
}
