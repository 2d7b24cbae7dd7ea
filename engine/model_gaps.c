/* Gaps, compiled for the search: at most so long after, or at least, as arcs from each visit to others. */
#include "model_internal.h"

typedef struct arc {
    int32_t from, to, distance;
    bool is_most;
} arc;

/* Arcs of one gap; returns how many. */
static int32_t arcs_of(const cr_problem *p, const cr_gap *gap, arc arcs[2])
{
    int32_t n = 0, from = gap->from == CR_GAP_END_TO_START ? model_longest_slot(p, gap->first) : 0;
    if (gap->min != CR_FREE)
        arcs[n++] = (arc){gap->first, gap->second, from + gap->min, from + gap->min < 0};
    if (gap->max != CR_FREE)
        arcs[n++] = (arc){gap->second, gap->first, -from - gap->max, true};
    return n;
}

static void ranges_from_counts(cr_range *ranges, int32_t n, int32_t *at)
{
    for (int32_t i = 0; i < n; i++) {
        ranges[i].first = *at;
        *at += ranges[i].n;
        ranges[i].n = 0;
    }
}

cr_status model_compile_gaps(model *m)
{
    const cr_problem *p = m->p;
    size_t n_visits = (size_t)m->n_visits, n_gaps = (size_t)p->n_gaps;
    m->links_out = room_for(n_visits, sizeof *m->links_out);
    m->links_in = room_for(n_visits, sizeof *m->links_in);
    m->gaps_of = room_for(n_visits, sizeof *m->gaps_of);
    m->link_pool = room_for(4 * n_gaps, sizeof *m->link_pool);
    m->gap_pool = room_for(2 * n_gaps, sizeof *m->gap_pool);
    if (!m->links_out || !m->links_in || !m->gaps_of || !m->link_pool || !m->gap_pool)
        return CR_E_NOMEM;
    /* Two passes: count, then fill. */
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t g = 0; g < p->n_gaps; g++) {
            const cr_gap *gap = &p->gaps[g];
            const int32_t ends[2] = {gap->first, gap->second};
            m->has_same_provider = m->has_same_provider || gap->same_provider;
            for (int k = 0; k < 2; k++) {
                cr_range *range = &m->gaps_of[ends[k]];
                if (pass)
                    m->gap_pool[range->first + range->n] = g;
                range->n++;
                m->starts[ends[k]].coupled = m->starts[ends[k]].tracked = true;
            }
            arc arcs[2];
            int32_t n = arcs_of(p, gap, arcs);
            for (int32_t k = 0; k < n; k++) {
                cr_range *out = &m->links_out[arcs[k].from], *in = &m->links_in[arcs[k].to];
                if (pass) {
                    m->link_pool[out->first + out->n] = (model_link){arcs[k].to, arcs[k].distance, arcs[k].is_most};
                    m->link_pool[in->first + in->n] = (model_link){arcs[k].from, arcs[k].distance, arcs[k].is_most};
                }
                out->n++;
                in->n++;
                m->has_most_gaps = m->has_most_gaps || arcs[k].is_most;
            }
        }
        if (!pass) {
            int32_t at = 0, at_gap = 0;
            ranges_from_counts(m->links_out, m->n_visits, &at);
            ranges_from_counts(m->links_in, m->n_visits, &at);
            ranges_from_counts(m->gaps_of, m->n_visits, &at_gap);
        }
    }
    return CR_OK;
}
