/* Roads for a day: a .roads file laid over the straight lines, and what it does not reach. */
#ifndef API_DAY_ROADS_H
#define API_DAY_ROADS_H

#include "careround/roads.h"
#include "reading.h"

typedef struct day_roads {
    day_reading *r;
    const cr_roads *roads; /* the reading's; NULL: the day has none */
    const char *path;
    cr_road_snap *snaps[CR_ROAD_MODES]; /* of all places; NULL: not asked for yet */
    bool *is_far, *is_cut_off;          /* by place, in any mode used */
    int32_t n_places;
    int64_t n_by_line; /* pairs of places, over all modes, that stay straight lines */
} day_roads;

/* For the roads that open_roads() found. */
cr_status day_roads_init(day_roads *d, day_reading *r, int32_t n_places);
void day_roads_done(day_roads *d);

/* Where the places meet the roads of a mode that is there. *ret_snaps: borrowed. */
cr_status day_roads_snap(day_roads *d, int32_t mode, const cr_place *places, const cr_road_snap **ret_snaps);

/* Replace what roads lead to in a matrix of straight lines between the places. A mode that the file does not have is
 * left alone; *ret_laid says whether it has it. */
cr_status day_roads_lay_over(day_roads *d, const char *mode_name, const cr_place *places, cr_matrix *matrix,
                             bool *ret_laid);

/* The same with the ways of one of the mode's periods (road modes and their periods, which must be there). */
cr_status day_roads_lay_period(day_roads *d, int32_t mode, int32_t period, const cr_place *places, cr_matrix *matrix);

/* How many cores there are to compute tables on. */
int32_t day_roads_n_cores(void);

/* Warnings for places far from any road or cut off. */
void day_roads_warn(const day_roads *d);

/* "area.roads of 2023-06-12". */
const char *day_roads_name(const day_roads *d);

#endif
