/* A large day's travel: cells of a matrix by road, computed when they are asked for. */
#ifndef API_DAY_ON_DEMAND_H
#define API_DAY_ON_DEMAND_H

#include "day_roads.h"

/* The matrix of one mode that the roads have, the straight line where no road leads; the same cells as
 * day_roads_lay_over() gives, and the same warnings. The lines are its own from now on; the roads and their day must
 * outlive it. */
cr_status day_on_demand_new(day_roads *d, int32_t road_mode, cr_straight_lines *lines, const cr_place *places,
                            cr_matrix **ret_matrix);

/* The same in one of the mode's periods; `usual` is the matrix above, which must outlive it. */
cr_status day_on_demand_period(day_roads *d, int32_t road_mode, int32_t period, const cr_matrix *usual,
                               const cr_place *places, cr_matrix **ret_matrix);

/* The cells of `usual`, so many times as long. */
cr_status day_on_demand_times(const cr_matrix *usual, double factor, const cr_place *places, cr_matrix **ret_matrix);

/* So many times as long, rounded up; CR_NO_WAY stays. */
int32_t times_as_long(int32_t time_s, double factor);

#endif
