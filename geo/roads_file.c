/* The layout of a .roads file. */
#include "roads_file.h"

#include "whole_file.h"

int roads_sections(struct cr_roads *v, roads_section sections[ROADS_SECTIONS_MOST], uint64_t *ret_bytes)
{
    const roads_header *h = &v->header;
    int n = 0;
#define SECTION(field, count) sections[n++] = (roads_section){(const void **)&(field), (count), sizeof *(field), 0}
    SECTION(v->segments, h->n_segments + 1);
    SECTION(v->points, h->n_points);
    SECTION(v->leaf_segment, h->n_segments);
    SECTION(v->boxes, h->n_boxes);
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        const roads_mode_counts *c = &h->modes[mode];
        roads_mode_view *m = &v->modes[mode];
        if (!c->n_states)
            continue;
        SECTION(m->arc_of, 2 * h->n_segments);
        SECTION(m->arcs, c->n_arcs + 1);
        SECTION(m->next_state, c->n_nexts);
        SECTION(m->next_cost, c->n_nexts);
        SECTION(m->up_first, c->n_states + 1);
        SECTION(m->up_head, c->n_up);
        SECTION(m->up_cost, c->n_up);
        SECTION(m->down_first, c->n_states + 1);
        SECTION(m->down_tail, c->n_down);
        SECTION(m->down_cost, c->n_down);
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

uint64_t roads_checksum(const roads_header *header, const void *rest, size_t rest_bytes)
{
    size_t at = offsetof(roads_header, checksum) + sizeof header->checksum;
    uint64_t hash = whole_file_hash(WHOLE_FILE_HASH, (const char *)header + at, sizeof *header - at);
    return whole_file_hash(hash, rest, rest_bytes);
}
