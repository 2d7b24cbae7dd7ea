/* Time held back, span by span: see held_spans.h. */
#include "held_spans.h"

#include <string.h>

bool held_spans_has(const answer *a, int32_t stop)
{
    int32_t visit = a->itinerary->stops[stop].visit;
    return visit != CR_NONE && a->day->problem->visits[visit].is_anywhere;
}

static const char *name_of(const answer *a, int32_t stop)
{
    return a->day->clients[a->day->visits[a->itinerary->stops[stop].visit].client].name;
}

static int32_t visit_before(const answer *a, int32_t stop)
{
    int32_t first = a->plan->rounds[a->itinerary->stops[stop].round].stops.first;
    while (stop-- > first)
        if (a->itinerary->stops[stop].visit != CR_NONE && !held_spans_has(a, stop))
            return a->itinerary->stops[stop].visit;
    return CR_NONE;
}

bool held_spans_next(const answer *a, int32_t *at, held_span *ret_span)
{
    const itinerary_stop *stops = a->itinerary->stops;
    while (*at < a->plan->n_stops && !held_spans_has(a, *at))
        ++*at;
    if (*at == a->plan->n_stops)
        return false;
    int32_t k = (*at)++;
    *ret_span = (held_span){stops[k].round, stops[k].start, stops[k].end, name_of(a, k), visit_before(a, k)};
    while (*at < a->plan->n_stops && held_spans_has(a, *at) && stops[*at].round == ret_span->round &&
           stops[*at].start == ret_span->end && strcmp(name_of(a, *at), ret_span->name) == 0)
        ret_span->end = stops[(*at)++].end;
    return true;
}
