/* How a search cools, by the problem and by how many iterations it will have. */
#ifndef ENGINE_COOLING_H
#define ENGINE_COOLING_H

#include "model.h"

#define COOLING_HOT                                                                                                    \
    2 /* first temperature of ruin and recreate, in typical legs, until it shows how long the course is */

/* How often the temperatures fall in a course of so many iterations, of ruin and recreate and of the search over one
 * order (order_search.h). */
int32_t cooling_falls(const model *m, double n_iterations);
int32_t cooling_falls_of_order(const model *m, double n_iterations);

/* First temperature of a course of so many iterations of ruin and recreate, in typical legs. */
double cooling_hot(const model *m, double n_iterations);

/* What a round more is worth to ruin and recreate, in temperatures. */
double cooling_premium_of_rounds(const model *m);

/* What share of the way from hot to cold is behind when `share` of the course is, if the temperatures fall n times. */
double cooling_share_of_fall(double share, int32_t n_falls);

#endif
