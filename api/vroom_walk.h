/* A round on its way, stop by stop: for the files that settle its starts and write it down. */
#ifndef API_VROOM_WALK_H
#define API_VROOM_WALK_H

#include "vroom.h"

typedef struct vroom_walk {
    const cr_problem *p;
    const cr_shift *shift;
    const cr_stop *stops;
    int32_t n;
} vroom_walk;

/* Where the vehicle is at stop k (-1: before the first); CR_NONE: an open start. */
int32_t vroom_walk_place(const vroom_walk *w, int32_t k);
/* Seconds at stop k: the break, or the visit with what setup is part of it. */
int32_t vroom_walk_length(const vroom_walk *w, int32_t k);
/* Seconds on the way to stop k (n: to the end place). */
int32_t vroom_walk_way(const vroom_walk *w, int32_t k);
/* Seconds of setup that are paid at stop k as door time. */
int32_t vroom_walk_door(const vroom_walk *w, int32_t k);

/* The "geometry" of the round, an encoded polyline in `route`: along the roads, or straight where there are none. */
cr_status vroom_put_geometry(const vroom_input *in, const vroom_walk *w, json_t *route);

#endif
