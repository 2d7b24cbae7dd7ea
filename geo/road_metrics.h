/* The metrics of a mode: as built, and in each period of the day. */
#ifndef GEO_ROAD_METRICS_H
#define GEO_ROAD_METRICS_H

#include "road_order.h"
#include "roads_file.h"

/* What the view of a mode borrows. */
typedef struct road_metrics {
    road_hierarchy of[ROADS_METRICS];
    cr_road_period periods[CR_ROAD_PERIODS_MOST];
} road_metrics;

/* Compute them for the mode's graph and the periods of its speeds, and show them in the view and its counts. */
cr_status road_metrics_make(const cr_road_speeds *speeds, const roads_kind *kinds, roads_mode_view *mode,
                            roads_mode_counts *counts, road_metrics *ret_metrics);

/* The same without the first, which the view has already. */
cr_status road_metrics_make_periods(const cr_road_speeds *speeds, const roads_kind *kinds, roads_mode_view *mode,
                                    roads_mode_counts *counts, road_metrics *ret_metrics);
void road_metrics_done(road_metrics *metrics);

/* Each segment's class of road, and how dense the roads lie around it. */
cr_status road_kinds_make(const road_import *import, const road_net *net, roads_kind **ret_kinds);

#endif
