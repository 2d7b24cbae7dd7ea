/* Outside services: routers and geocoders that the user names, asked over HTTP.
 *
 * Nothing here is used unless it is asked for. A router gets coordinates and nothing else, a geocoder the addresses or
 * postcodes that it is to find; no name of a client or carer is ever among them. What comes back is bounded and checked
 * before it is believed. Proxies and certificates follow the environment as they do for curl (http_proxy, https_proxy,
 * no_proxy; CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR; .netrc for passwords).
 */
#ifndef CAREROUND_SERVICES_H
#define CAREROUND_SERVICES_H

#include "careround/base.h"
#include "careround/place.h"

typedef struct cr_service_options {
    double connect_s, total_s; /* of one request */
    int32_t n_retries;         /* after no connection, a time-out, a reply cut off, 408, 425, 429, 500 and 502 to 504 */
    double wait_s;             /* before the first retry; doubled for each, times 0.5 to 1.5 at random, */
    double most_wait_s;        /* and never longer: a service that asks for more (Retry-After) has failed */
    double most_per_s;         /* requests a second; 0: as many as it answers */
    int64_t most_bytes;        /* of one reply, unpacked */
    const char *user_agent;
} cr_service_options;

#define CR_SERVICE_OPTIONS_INIT                                                                                        \
    {                                                                                                                  \
        5, 60, 4, 0.5, 30, 0, 8 << 20, "careround"                                                                     \
    }

/* ---- routers ---- */

typedef enum cr_router_kind {
    CR_ROUTER_OSRM,     /* project-osrm.org, HTTP API v1, service table */
    CR_ROUTER_VALHALLA, /* valhalla.github.io, service sources_to_targets */
    CR_ROUTER_KINDS
} cr_router_kind;

/* "osrm", "valhalla"; the kind of a name, or CR_NONE. */
const char *cr_router_kind_name(int32_t kind);
int32_t cr_router_kind_find(const char *name);

/* What the kind calls "car", "bicycle" or "foot"; NULL for another mode. */
const char *cr_router_profile(int32_t kind, const char *mode);

typedef struct cr_router cr_router; /* one thread at a time */

/* url: "http://127.0.0.1:5000", with a path or query of its own if the service wants one. options are copied.
 * CR_E_INPUT with a message (size bytes) if the URL is not one of http or https. Nothing is sent yet. */
cr_status cr_router_new(cr_router_kind kind, const char *url, const cr_service_options *options, cr_router **ret_router,
                        char *message, size_t size);
cr_router *cr_router_free(cr_router *router);
CR_AUTO_DEFINE(cr_router)

/* "OSRM at http://127.0.0.1:5000": without password, path and query, so that it can be shown. */
const char *cr_router_name(const cr_router *router);

/* What a router said. The arrays are the caller's: n x n row by row, and n. */
typedef struct cr_router_answer {
    int32_t *time_s, *dist_m; /* CR_NO_WAY: the router has no answer to this pair */
    double *snap_m;           /* from the place to the road; < 0: not said. May be NULL */
    int64_t n_requests;
    int64_t n_failed; /* pairs whose request failed; only with keep_going */
} cr_router_answer;

/* Seconds (rounded up) and metres from every place to every place, in requests of at most 50 x 50, smaller where the
 * service asks for less. A place that it cannot put on a road has no answer, the others have theirs; 0 from a place to
 * itself; no answer for places without position. message (size bytes) says what failed first: without keep_going
 * that is CR_E_UPSTREAM, with it the pairs are left without an answer, and after three failures in a row nothing more
 * is asked. */
cr_status cr_router_table(cr_router *router, const char *profile, const cr_place *places, int32_t n_places,
                          bool keep_going, cr_router_answer *answer, char *message, size_t size);

/* ---- geocoders ---- */

typedef enum cr_geocoder_kind {
    CR_GEOCODER_NOMINATIM,    /* nominatim.org, service search: an address or postcode at a time, one a second */
    CR_GEOCODER_POSTCODES_IO, /* postcodes.io, bulk service: 100 postcodes at a time */
    CR_GEOCODER_KINDS
} cr_geocoder_kind;

/* "nominatim", "postcodes.io"; the kind of a name, or CR_NONE. */
const char *cr_geocoder_kind_name(int32_t kind);
int32_t cr_geocoder_kind_find(const char *name);

typedef struct cr_geocoder cr_geocoder; /* one thread at a time */

/* As cr_router_new(). cache_path: a file that keeps what was found, made when it is not there and readable by its owner
 * only; NULL: none. CR_E_INPUT, too, if that file is something else. */
cr_status cr_geocoder_new(cr_geocoder_kind kind, const char *url, const cr_service_options *options,
                          const char *cache_path, cr_geocoder **ret_geocoder, char *message, size_t size);
cr_geocoder *cr_geocoder_free(cr_geocoder *geocoder);
CR_AUTO_DEFINE(cr_geocoder)

/* "Nominatim at https://...", as cr_router_name(). */
const char *cr_geocoder_name(const cr_geocoder *geocoder);

typedef struct cr_geocoder_counts {
    int32_t n_found, n_cached; /* texts; n_cached of them were not asked for */
    int64_t n_requests;
} cr_geocoder_counts;

/* Places of n texts: addresses for Nominatim, postcodes in the form of cr_postcode_parse() for postcodes.io.
 * CR_PLACE_NONE for those that it does not know. CR_E_UPSTREAM with a message (size bytes) when the service fails; what
 * it found before is then in the cache. */
cr_status cr_geocoder_find(cr_geocoder *geocoder, const char *const *texts, int32_t n, cr_place *ret_places,
                           cr_geocoder_counts *ret_counts, char *message, size_t size);

#endif
