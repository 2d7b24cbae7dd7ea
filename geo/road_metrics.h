/* The metrics of a mode: as built, and in each period of the day. */
#ifndef GEO_ROAD_METRICS_H
#define GEO_ROAD_METRICS_H

#include "road_order.h"
#include "roads_file.h"

/* What the view of a mode borrows. */
typedef struct road_metrics {
    const char *beside; /* where they are to be written, set before they are made; borrowed */
    road_hierarchy of[ROADS_METRICS];
    uint8_t *shut[ROADS_METRICS]; /* HOURS_MOST each: the map's hours become more from mode to mode */
    cr_road_period periods[CR_ROAD_PERIODS_MOST];
} road_metrics;

/* Compute them for a mode's graph in the view and the periods of its speeds, and show them in the view. */
cr_status road_metrics_make(const cr_road_speeds *speeds, struct cr_roads *view, int mode, road_metrics *ret_metrics);

/* The same without the first, which the view has already. */
cr_status road_metrics_make_periods(const cr_road_speeds *speeds, struct cr_roads *view, int mode,
                                    road_metrics *ret_metrics);

/* Once the map's hours are all known: what each time makes of them, for the file. */
void road_metrics_note_hours(const cr_road_speeds *speeds, const struct cr_roads *view, road_metrics *metrics);

void road_metrics_done(road_metrics *metrics);

/* Each segment's class of road, and how dense the roads lie around it. */
cr_status road_kinds_make(const road_import *import, const road_net *net, roads_kind **ret_kinds);

#endif
