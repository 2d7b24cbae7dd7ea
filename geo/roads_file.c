/* The layout of a .roads file. */
#include "roads_file.h"

#include "file_hash.h"

#include <math.h>

int roads_sections(struct cr_roads *v, roads_section sections[ROADS_SECTIONS_MOST], uint64_t *ret_bytes)
{
    const roads_header *h = &v->header;
    int n = 0;
#define SECTION(field, count) sections[n++] = (roads_section){(const void **)&(field), (count), sizeof *(field), 0}
    SECTION(v->segments, h->n_segments + 1);
    SECTION(v->kinds, h->n_segments);
    SECTION(v->points, h->n_points);
    SECTION(v->leaf_segment, h->n_segments);
    SECTION(v->boxes, h->n_boxes);
    SECTION(v->hours, h->n_hours);
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        const roads_mode_counts *c = &h->modes[mode];
        roads_mode_view *m = &v->modes[mode];
        if (!c->n_states)
            continue;
        SECTION(m->arc_of, 2 * h->n_segments);
        SECTION(m->arcs, c->n_arcs + 1);
        SECTION(m->next_state, c->n_nexts);
        SECTION(m->next_turn, c->n_nexts);
        SECTION(m->periods, c->n_periods);
        for (uint64_t k = 0; k <= c->n_periods; k++) {
            roads_metric_view *metric = &m->metrics[k];
            uint64_t n_up = c->metrics[k].n_up, n_down = c->metrics[k].n_down;
            if (k > 0 && n_up + n_down == 0)
                continue;
            SECTION(metric->up_first, c->n_states + 1);
            SECTION(metric->up_head, n_up);
            SECTION(metric->up_cost, n_up);
            SECTION(metric->down_first, c->n_states + 1);
            SECTION(metric->down_tail, n_down);
            SECTION(metric->down_cost, n_down);
            SECTION(metric->shut, h->n_hours);
        }
    }
#undef SECTION
    uint64_t bytes = sizeof *h;
    for (int i = 0; i < n; i++) {
        bytes = (bytes + ROADS_ALIGN - 1) / ROADS_ALIGN * ROADS_ALIGN;
        sections[i].offset = bytes;
        bytes += sections[i].n * sections[i].item_bytes;
    }
    *ret_bytes = bytes;
    return n;
}

/* ---- a look through it ---- */

roads_look roads_look_at(const struct cr_roads *roads, int32_t mode, int32_t period)
{
    const roads_mode_counts *c = &roads->header.modes[mode];
    const roads_mode_view *m = &roads->modes[mode];
    roads_look look = {roads, m, &m->metrics[0], NULL, (uint32_t)c->n_states, (uint32_t)c->n_arcs};
    if (period == CR_NONE)
        return look;
    assert(period >= 0 && (uint64_t)period < c->n_periods);
    look.period = &m->periods[period];
    if (c->metrics[period + 1].n_up + c->metrics[period + 1].n_down > 0)
        look.metric = &m->metrics[period + 1];
    return look;
}

bool cr_roads_is_as_built(const cr_roads *roads, int32_t mode, int32_t period)
{
    const roads_mode_counts *c = &roads->header.modes[mode];
    assert(period >= 0 && (uint64_t)period < c->n_periods);
    return c->metrics[period + 1].n_up + c->metrics[period + 1].n_down == 0;
}

road_cost roads_cost_in(const cr_road_period *period, roads_kind kind, road_cost cost)
{
    double ds = rint(cost_ds(cost) * period->time_factor[kind.road_class][kind.area]);
    return cost_of((uint64_t)fmin(fmax(ds, 1), (1 << COST_DS_BITS) - 1), cost_dm(cost));
}

/* ---- checksum ---- */

uint64_t roads_checksum(const roads_header *header, const void *rest, size_t rest_bytes)
{
    size_t at = offsetof(roads_header, checksum) + sizeof header->checksum;
    uint64_t hash = file_hash(FILE_HASH, (const char *)header + at, sizeof *header - at);
    return file_hash(hash, rest, rest_bytes);
}
