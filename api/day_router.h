/* Outside routers for a day: their tables laid over the straight lines, and what they left unanswered. */
#ifndef API_DAY_ROUTER_H
#define API_DAY_ROUTER_H

#include "reading.h"

typedef struct day_router {
    day_reading *r;
    int32_t n_places;
    const char *names;   /* "OSRM at http://127.0.0.1:5000 (car)"; "": none has answered */
    int64_t n_estimated; /* pairs of places, over all modes, that stay straight lines */
} day_router;

void day_router_init(day_router *d, day_reading *r, int32_t n_places);

/* Is a router named for this mode? */
bool day_router_serves(const day_router *d, const char *mode_name);

/* Ask it for all pairs of places. Pairs without an answer stay straight lines where that was asked for, with a warning;
 * otherwise they are errors, as is a service that fails: CR_E_UPSTREAM. */
cr_status day_router_lay_over(day_router *d, const char *mode_name, const cr_place *places, cr_matrix *matrix);

#endif
