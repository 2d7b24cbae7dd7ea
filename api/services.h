/* Outside services that the user has named on the command line; none by default.
 *
 * Only there: a folder of CSV files that somebody sent must not decide where coordinates and addresses go.
 */
#ifndef API_SERVICES_H
#define API_SERVICES_H

#include "careround/roads.h"
#include "careround/services.h"

#define SERVICES_MOST_ROUTERS 6

typedef struct service_router {
    int32_t mode; /* CR_ROAD_CAR ...; CR_NONE: each that it can serve */
    cr_router_kind kind;
    const char *url;
} service_router;

typedef struct day_services {
    int32_t n_routers;
    service_router routers[SERVICES_MOST_ROUTERS];
    const char *profile[CR_ROAD_MODES]; /* NULL: the kind's own */
    bool estimates;                     /* straight lines where a router has no answer, rather than an error */
    int32_t geocoder;                   /* cr_geocoder_kind; of no meaning without its URL */
    const char *geocoder_url;           /* NULL: none */
    const char *geocoder_cache;         /* a file; NULL: none */
    double geocoder_per_s;              /* requests a second; 0: the kind's own */
    double total_s;                     /* of a request; 0: the default */
    int32_t n_tries;                    /* of a request; 0: the default */
} day_services;

/* "osrm=http://127.0.0.1:5000", "bicycle:valhalla=https://...": NULL, or what is wrong with it. The text is kept. */
const char *services_take_router(day_services *s, const char *text);

/* "car=driving-traffic": NULL, or what is wrong with it. */
const char *services_take_profile(day_services *s, const char *text);

/* "postcodes.io=https://api.postcodes.io": NULL, or what is wrong with it. */
const char *services_take_geocoder(day_services *s, const char *text);

/* The router of a mode and its profile there; NULL: none is named for it. An OSRM has one profile, whatever it is asked
 * for, so one that is named for no mode is a car's. */
const service_router *services_router_for(const day_services *s, int32_t mode, const char **ret_profile);

cr_service_options services_options(const day_services *s);

#endif
