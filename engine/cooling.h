/* How a search cools, by the problem and by how many iterations it will have. */
#ifndef ENGINE_COOLING_H
#define ENGINE_COOLING_H

#include "model.h"

/* The course of temperatures of ruin and recreate. */
typedef struct cooling {
    double hot, cold; /* first and last temperature, in the trajectory's scale */
    double power;     /* of the share of a fall that is behind: over 1 it stays hot for longer */
    int32_t n_falls;  /* the temperatures fall so often from hot to cold */
} cooling;

/* For a course of so many iterations (0: not known yet); `falls_once` if it must not be hot again. */
cooling cooling_of(const model *m, double n_iterations, bool falls_once);

/* What share of the way from hot to cold is behind when `share` of the course is. */
double cooling_fallen(const cooling *c, double share);

/* How often the temperatures fall in a course of so many iterations of the search over one order (order_search.h). */
int32_t cooling_falls_of_order(const model *m, double n_iterations);

/* What a round more is worth to ruin and recreate, in temperatures. */
double cooling_premium_of_rounds(const model *m);

#endif
