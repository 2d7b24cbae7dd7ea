/* The metrics of a mode: one contraction, customised for each period of the day.
 *
 * A period that changes nothing for a road of the map shares what was built. The order of the states is in their
 * numbers, so the periods of a file can be changed without the extract: cr_roads_set_periods().
 */
#include "road_metrics.h"

static bool is_as_built(const cr_road_period *period)
{
    for (int c = 0; c < CR_ROAD_CLASSES; c++)
        for (int area = 0; area < CR_ROAD_AREAS; area++)
            if (period->time_factor[c][area] != 1)
                return false;
    return true;
}

static void show(const road_hierarchy *h, roads_mode_view *mode, roads_mode_counts *counts, size_t k)
{
    counts->metrics[k].n_up = h->n_up;
    counts->metrics[k].n_down = h->n_down;
    mode->metrics[k] =
        (roads_metric_view){h->up_first, h->up_head, h->down_first, h->down_tail, h->up_cost, h->down_cost};
}

static cr_status make(const cr_road_speeds *speeds, const roads_kind *kinds, bool only_periods, roads_mode_view *mode,
                      roads_mode_counts *counts, road_metrics *metrics)
{
    road_contraction *contraction = NULL;
    cr_status st = road_contraction_make(mode, counts, &contraction);
    for (int32_t k = only_periods ? 1 : 0; !st && k <= speeds->n_periods; k++) {
        const cr_road_period *period = k ? &speeds->periods[k - 1] : NULL;
        counts->metrics[k].n_up = counts->metrics[k].n_down = 0;
        if (period && is_as_built(period))
            continue;
        st = road_contraction_customise(contraction, period, kinds, &metrics->of[k]);
        if (!st)
            show(&metrics->of[k], mode, counts, (size_t)k);
    }
    road_contraction_free(contraction);
    memcpy(metrics->periods, speeds->periods, sizeof metrics->periods);
    mode->periods = metrics->periods;
    counts->n_periods = (uint64_t)speeds->n_periods;
    for (int32_t k = speeds->n_periods + 1; k < ROADS_METRICS; k++)
        counts->metrics[k].n_up = counts->metrics[k].n_down = 0;
    return st;
}

cr_status road_metrics_make(const cr_road_speeds *speeds, const roads_kind *kinds, roads_mode_view *mode,
                            roads_mode_counts *counts, road_metrics *ret_metrics)
{
    return make(speeds, kinds, false, mode, counts, ret_metrics);
}

cr_status road_metrics_make_periods(const cr_road_speeds *speeds, const roads_kind *kinds, roads_mode_view *mode,
                                    roads_mode_counts *counts, road_metrics *ret_metrics)
{
    return make(speeds, kinds, true, mode, counts, ret_metrics);
}

void road_metrics_done(road_metrics *metrics)
{
    for (size_t k = 0; k < ROADS_METRICS; k++)
        road_hierarchy_done(&metrics->of[k]);
}

/* ---- other periods in a file ---- */

typedef struct retiming {
    cr_roads *old;
    struct cr_roads view; /* what of the old one stays, and the new metrics */
    road_metrics modes[CR_ROAD_MODES];
} retiming;

cr_status cr_roads_set_periods(const char *roads_path, const char *new_path, const cr_roads_options *options,
                               char *message, size_t size)
{
    retiming *r = calloc(1, sizeof *r);
    cr_status st = r ? cr_roads_open(roads_path, &r->old, message, size) : CR_E_NOMEM;
    if (!st)
        r->view = *r->old;
    for (int mode = 0; !st && mode < CR_ROAD_MODES; mode++)
        if (cr_roads_has_mode(r->old, mode))
            st = road_metrics_make_periods(&options->speeds[mode], r->view.kinds, &r->view.modes[mode],
                                           &r->view.header.modes[mode], &r->modes[mode]);
    if (!st)
        st = roads_write(&r->view, new_path, message, size);
    for (int mode = 0; r && mode < CR_ROAD_MODES; mode++)
        road_metrics_done(&r->modes[mode]);
    if (r)
        cr_roads_free(r->old);
    free(r);
    return st;
}
