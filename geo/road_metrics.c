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

/* Are the same hours shut, of those that turns of the mode have? */
static bool shuts_the_same(const roads_mode_view *mode, const roads_mode_counts *counts, const uint8_t *a,
                           const uint8_t *b)
{
    for (uint64_t i = 0; i < counts->n_nexts; i++)
        if ((a[turn_hours(mode->next_turn[i])] == HOURS_SHUT) != (b[turn_hours(mode->next_turn[i])] == HOURS_SHUT))
            return false;
    return true;
}

static void show(const road_metrics *metrics, size_t k, roads_mode_view *mode, roads_mode_counts *counts)
{
    const road_hierarchy *h = &metrics->of[k];
    counts->metrics[k].n_up = h->n_up;
    counts->metrics[k].n_down = h->n_down;
    mode->metrics[k] = (roads_metric_view){h->up_first, h->up_head,   h->down_first,   h->down_tail,
                                           h->up_cost,  h->down_cost, metrics->shut[k]};
}

static void note_hours(const cr_road_speeds *speeds, const struct cr_roads *view, int32_t k, uint8_t *shut)
{
    road_hours_in_period(view->hours, view->header.n_hours, speeds->periods, speeds->n_periods, k ? k - 1 : CR_NONE,
                         shut);
}

void road_metrics_note_hours(const cr_road_speeds *speeds, const struct cr_roads *view, road_metrics *metrics)
{
    for (int32_t k = 0; k <= speeds->n_periods; k++)
        if (metrics->shut[k])
            note_hours(speeds, view, k, metrics->shut[k]);
}

/* One metric; a period in which nothing is other than as built has none of its own. */
static cr_status make_one(road_contraction *contraction, const cr_road_speeds *speeds, struct cr_roads *view, int mode,
                          int32_t k, road_metrics *metrics)
{
    roads_mode_view *m = &view->modes[mode];
    roads_mode_counts *counts = &view->header.modes[mode];
    const cr_road_period *period = k ? &speeds->periods[k - 1] : NULL;
    uint8_t *shut = metrics->shut[k] = room_zeroed(HOURS_MOST, 1);
    counts->metrics[k].n_up = counts->metrics[k].n_down = 0;
    if (!shut)
        return CR_E_NOMEM;
    note_hours(speeds, view, k, shut);
    if (period && is_as_built(period) && shuts_the_same(m, counts, shut, m->metrics[0].shut))
        return CR_OK;
    cr_status st = road_contraction_customise(contraction, period, view->kinds, shut, &metrics->of[k]);
    if (!st) {
        road_hierarchy_park(&metrics->of[k], (uint32_t)counts->n_states, metrics->beside);
        show(metrics, (size_t)k, m, counts);
    }
    return st;
}

static cr_status make(const cr_road_speeds *speeds, bool only_periods, struct cr_roads *view, int which,
                      road_metrics *metrics)
{
    roads_mode_view *mode = &view->modes[which];
    roads_mode_counts *counts = &view->header.modes[which];
    road_contraction *contraction = NULL;
    cr_status st = road_contraction_make(mode, counts, &contraction);
    for (int32_t k = only_periods ? 1 : 0; !st && k <= speeds->n_periods; k++)
        st = make_one(contraction, speeds, view, which, k, metrics);
    road_contraction_free(contraction);
    memcpy(metrics->periods, speeds->periods, sizeof metrics->periods);
    mode->periods = metrics->periods;
    counts->n_periods = (uint64_t)speeds->n_periods;
    for (int32_t k = speeds->n_periods + 1; k < ROADS_METRICS; k++)
        counts->metrics[k].n_up = counts->metrics[k].n_down = 0;
    return st;
}

cr_status road_metrics_make(const cr_road_speeds *speeds, struct cr_roads *view, int mode, road_metrics *ret_metrics)
{
    return make(speeds, false, view, mode, ret_metrics);
}

cr_status road_metrics_make_periods(const cr_road_speeds *speeds, struct cr_roads *view, int mode,
                                    road_metrics *ret_metrics)
{
    return make(speeds, true, view, mode, ret_metrics);
}

void road_metrics_done(road_metrics *metrics)
{
    for (size_t k = 0; k < ROADS_METRICS; k++) {
        road_hierarchy_done(&metrics->of[k]);
        free(metrics->shut[k]);
    }
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
        if (cr_roads_has_mode(r->old, mode)) {
            r->modes[mode].beside = new_path;
            st = road_metrics_make_periods(&options->speeds[mode], &r->view, mode, &r->modes[mode]);
        }
    if (!st)
        st = roads_write(&r->view, new_path, message, size);
    for (int mode = 0; r && mode < CR_ROAD_MODES; mode++)
        road_metrics_done(&r->modes[mode]);
    if (r)
        cr_roads_free(r->old);
    free(r);
    return st;
}
