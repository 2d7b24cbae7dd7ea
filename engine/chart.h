/* Two coordinates for each place, made once of the travel times between them: there are no others here.
 *
 * FastMap (Faloutsos and Lin 1995, "FastMap: a fast algorithm for indexing, data-mining and visualization of
 * traditional and multimedia datasets", SIGMOD Record 24).
 */
#ifndef ENGINE_CHART_H
#define ENGINE_CHART_H

#include "careround/problem.h"

typedef struct chart {
    double (*at)[2]; /* of each place */
    int32_t *rank;   /* of each place: how far along a curve that stays near where it is (Hilbert 1891) */
} chart;

/* By the mode of the first shift. CR_E_NOMEM. */
cr_status chart_new(const cr_problem *p, chart **ret_chart);
chart *chart_free(chart *c);
CR_AUTO_DEFINE(chart)

#endif
