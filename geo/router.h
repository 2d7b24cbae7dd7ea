/* Routers inside: a block of a table, and what each kind of router makes of it. */
#ifndef GEO_ROUTER_H
#define GEO_ROUTER_H

#include "http.h"

#include <jansson.h>

/* 50 x 50: 100 coordinates for OSRM, 2,500 pairs for Valhalla, the limits that they come with. */
#define ROUTER_MOST_SIDE 50

/* Part of a table: from some places to some. time_s and dist_m have n_from x n_to cells, snap_m n_from. */
typedef struct router_block {
    const cr_place *places;
    const int32_t *from, *to; /* indices of places */
    int32_t n_from, n_to;
    int32_t *time_s, *dist_m;
    double *snap_m;
} router_block;

typedef enum router_verdict {
    ROUTER_ANSWERED,
    ROUTER_TOO_MUCH,  /* no block of this size is answered */
    ROUTER_TOO_FAR,   /* two places of this block are too far apart for it */
    ROUTER_PLACE_OFF, /* one of the places is at no road of the router's, and it does not answer for the others */
    ROUTER_REFUSED,   /* message says why */
    ROUTER_NO_MEMORY,
} router_verdict;

/* What to ask (its strings are malloc'ed), and reading what came: the block is filled when it was answered. A reply is
 * believed only if it has the right shape and every number is one that can be. */
cr_status osrm_question(const router_block *block, const char *profile, http_question *ret_question);
router_verdict osrm_read(const http_reply *reply, router_block *block, char *message, size_t size);

cr_status valhalla_question(const router_block *block, const char *costing, http_question *ret_question);
router_verdict valhalla_read(const http_reply *reply, router_block *block, char *message, size_t size);

/* ---- what both readers need ---- */

/* The reply as a JSON object, or NULL with the reason in message. */
json_t *router_json(const http_reply *reply, char *message, size_t size);

/* Seconds (rounded up) or metres (rounded) of a number, CR_NO_WAY of null; false if it is neither or cannot be. */
bool router_seconds(const json_t *value, int32_t *ret_s);
bool router_metres(const json_t *value, double metres_per_unit, int32_t *ret_m);

/* Put one cell; without a time or a length there is no answer to the pair. */
void router_put(router_block *block, size_t cell, int32_t time_s, int32_t dist_m);

#endif
