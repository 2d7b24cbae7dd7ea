/* Roads for a day: a .roads file laid over the straight lines, and what it does not reach. */
#ifndef API_DAY_ROADS_H
#define API_DAY_ROADS_H

#include "careround/roads.h"
#include "reading.h"

typedef struct day_roads {
    day_reading *r;
    cr_roads *roads; /* NULL: the day has none */
    const char *path;
    bool *is_far, *is_cut_off; /* by place, in any mode used */
    int32_t n_places;
    int64_t n_by_line; /* pairs of places, over all modes, that stay straight lines */
} day_roads;

/* Open what the options name, or area.roads in the folder. A file that is not sound is a finding. */
cr_status day_roads_open(day_roads *d, day_reading *r, int32_t n_places);
void day_roads_done(day_roads *d);

/* Replace what roads lead to in a matrix of straight lines between the places. A mode that the file does not have is
 * left alone; *ret_laid says whether it has it. */
cr_status day_roads_lay_over(day_roads *d, const char *mode_name, const cr_place *places, cr_matrix *matrix,
                             bool *ret_laid);

/* How many cores there are to compute tables on. */
int32_t day_roads_n_cores(void);

/* Warnings for places far from any road or cut off. */
void day_roads_warn(const day_roads *d);

/* "area.roads of 2023-06-12". */
const char *day_roads_name(const day_roads *d);

#endif
