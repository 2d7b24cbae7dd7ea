/* Opening a .roads file: nothing in it is believed until it was looked at.
 *
 * The checksum notices damage. A file made up with a right checksum must not harm either, so every index is compared
 * with what it points into, every arc leads to a more important state, and every list of copies goes upwards: no search
 * in the file can leave it or go round for ever.
 */
#include "roads_file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- checks ---- */

/* n + 1 numbers that do not fall, from 0 to n_items. */
static bool are_ranges(const uint32_t *first, uint64_t n, uint64_t n_items)
{
    if (first[0] != 0 || first[n] != n_items)
        return false;
    for (uint64_t i = 0; i < n; i++)
        if (first[i] > first[i + 1])
            return false;
    return true;
}

static bool are_below(const uint32_t *at, uint64_t n, uint64_t limit)
{
    for (uint64_t i = 0; i < n; i++)
        if (at[i] >= limit)
            return false;
    return true;
}

static bool are_costs(const road_cost *at, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        if (at[i] >= COST_NO_WAY)
            return false;
    return true;
}

/* Every other end is more important than the state itself. */
static bool lead_up(const uint32_t *first, const uint32_t *end, uint64_t n_states)
{
    for (uint64_t v = 0; v < n_states; v++)
        for (uint32_t i = first[v]; i < first[v + 1]; i++)
            if (end[i] >= v)
                return false;
    return true;
}

static bool is_map_sound(const struct cr_roads *v)
{
    const roads_header *h = &v->header;
    const roads_segment *s = v->segments;
    if (s[0].first_point != 0 || s[h->n_segments].first_point != h->n_points)
        return false;
    for (uint64_t i = 0; i < h->n_segments; i++)
        if (s[i + 1].first_point < s[i].first_point || s[i + 1].first_point - s[i].first_point < 2)
            return false;
    for (uint64_t i = 0; i < h->n_segments; i++)
        if (v->kinds[i].road_class >= CR_ROAD_CLASSES || v->kinds[i].area >= CR_ROAD_AREAS)
            return false;
    for (uint64_t i = 0; i < h->n_points; i++)
        if (v->points[i].lat_e7 < -900000000 || v->points[i].lat_e7 > 900000000 || v->points[i].lon_e7 < -1800000000 ||
            v->points[i].lon_e7 > 1800000000)
            return false;
    return are_below(v->leaf_segment, h->n_segments, h->n_segments);
}

static bool have_hours(const road_turn *turns, uint64_t n, uint64_t n_hours)
{
    for (uint64_t i = 0; i < n; i++)
        if (turn_hours(turns[i]) >= n_hours)
            return false;
    return true;
}

static bool are_arcs_sound(const struct cr_roads *v, const roads_mode_view *m, const roads_mode_counts *c)
{
    for (uint64_t i = 0; i < 2 * v->header.n_segments; i++)
        if (m->arc_of[i] != NO_ARC && m->arc_of[i] >= c->n_arcs)
            return false;
    for (uint64_t a = 0; a < c->n_arcs; a++) {
        const roads_arc *arc = &m->arcs[a];
        if (arc->segment / 2 >= v->header.n_segments || arc->state >= c->n_states ||
            arc->first_next > arc[1].first_next || arc->cost >= COST_ENTRY ||
            (arc->next_copy != NO_ARC && (arc->next_copy <= a || arc->next_copy >= c->n_arcs)))
            return false;
    }
    return m->arcs[0].first_next == 0 && m->arcs[c->n_arcs].first_next == c->n_nexts &&
           are_below(m->next_state, c->n_nexts, c->n_states) && have_hours(m->next_turn, c->n_nexts, v->header.n_hours);
}

static bool is_metric_sound(const roads_metric_view *m, uint64_t n_states, uint64_t n_up, uint64_t n_down)
{
    return are_ranges(m->up_first, n_states, n_up) && are_ranges(m->down_first, n_states, n_down) &&
           are_below(m->up_head, n_up, n_states) && are_below(m->down_tail, n_down, n_states) &&
           are_costs(m->up_cost, n_up) && are_costs(m->down_cost, n_down) &&
           lead_up(m->up_first, m->up_head, n_states) && lead_up(m->down_first, m->down_tail, n_states);
}

static bool are_factors(const cr_road_period *period)
{
    for (int c = 0; c < CR_ROAD_CLASSES; c++)
        for (int area = 0; area < CR_ROAD_AREAS; area++)
            if (!(period->time_factor[c][area] >= CR_ROAD_FACTOR_LEAST &&
                  period->time_factor[c][area] <= CR_ROAD_FACTOR_MOST))
                return false;
    return true;
}

/* Names end, times rise through one day. */
static bool are_periods_sound(const cr_road_period *periods, uint64_t n)
{
    for (uint64_t k = 0; k < n; k++)
        if (!memchr(periods[k].name, '\0', sizeof periods[k].name) || !are_factors(&periods[k]) ||
            periods[k].from_s < (k ? periods[k - 1].from_s + 1 : 0) || periods[k].from_s >= 86400 ||
            periods[k].weekend < 0 || (uint64_t)periods[k].weekend >= n)
            return false;
    return true;
}

static bool is_mode_sound(const struct cr_roads *v, int mode)
{
    const roads_mode_view *m = &v->modes[mode];
    const roads_mode_counts *c = &v->header.modes[mode];
    if (!c->n_states)
        return !c->n_arcs && !c->n_nexts && !c->n_periods;
    if (!are_arcs_sound(v, m, c) || !are_periods_sound(m->periods, c->n_periods))
        return false;
    for (uint64_t k = 0; k <= c->n_periods; k++)
        if ((k == 0 || c->metrics[k].n_up + c->metrics[k].n_down > 0) &&
            !is_metric_sound(&m->metrics[k], c->n_states, c->metrics[k].n_up, c->metrics[k].n_down))
            return false;
    return true;
}

static bool are_counts_sound(const roads_header *h)
{
    const uint64_t most = UINT32_MAX - 1;
    if (h->n_segments == 0 || h->n_segments >= most / 2 || h->n_hours == 0 || h->n_hours > HOURS_MOST ||
        h->n_points > most || h->n_boxes != snap_tree_n_boxes(h->n_segments) ||
        !(h->walk_kmh >= 0.1 && h->walk_kmh <= 100))
        return false;
    for (int mode = 0; mode < CR_ROAD_MODES; mode++) {
        const roads_mode_counts *c = &h->modes[mode];
        if (c->n_arcs > most || c->n_nexts > most || c->n_states > most || c->n_periods > CR_ROAD_PERIODS_MOST)
            return false;
        for (int k = 0; k < ROADS_METRICS; k++)
            if (c->metrics[k].n_up > most || c->metrics[k].n_down > most)
                return false;
    }
    return true;
}

/* NULL, or what is wrong with the file as a whole. */
static const char *fault_of_header(struct cr_roads *v, const void *bytes, size_t n_bytes)
{
    const roads_header *h = &v->header;
    if (n_bytes < sizeof h->magic || memcmp(bytes, ROADS_MAGIC, sizeof h->magic) != 0)
        return "is not a .roads file; 'careround roads build' makes one";
    if (n_bytes < sizeof *h)
        return "is cut short";
    memcpy(&v->header, bytes, sizeof *h);
    if (h->byte_order != ROADS_BYTE_ORDER)
        return "was made on a machine of the other byte order; build it again here";
    if (h->version != ROADS_VERSION)
        return "was made by another version of careround; build it again";
    if (h->file_bytes != n_bytes)
        return "is cut short or too long";
    if (h->checksum != roads_checksum(h, (const char *)bytes + sizeof *h, n_bytes - sizeof *h))
        return "is damaged: its checksum does not fit; build it again";
    return are_counts_sound(h) ? NULL : "is damaged: a count is out of range";
}

cr_status roads_view(const void *bytes, size_t n_bytes, struct cr_roads *ret_view, const char **ret_reason)
{
    struct cr_roads v = {.mapping = NULL};
    roads_section sections[ROADS_SECTIONS_MOST];
    uint64_t size = 0;
    *ret_reason = fault_of_header(&v, bytes, n_bytes);
    if (*ret_reason)
        return CR_E_INPUT;
    int n = roads_sections(&v, sections, &size);
    *ret_reason = "is damaged: its parts do not fit its length";
    if ((size + 7) / 8 * 8 != n_bytes)
        return CR_E_INPUT;
    for (int i = 0; i < n; i++)
        *sections[i].at = (const char *)bytes + sections[i].offset;
    *ret_reason = "is damaged: a number in it leads out of it";
    if (!is_map_sound(&v))
        return CR_E_INPUT;
    for (int mode = 0; mode < CR_ROAD_MODES; mode++)
        if (!is_mode_sound(&v, mode))
            return CR_E_INPUT;
    *ret_view = v;
    return CR_OK;
}

/* ---- files ---- */

static void *map_file(const char *path, size_t *ret_n)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return MAP_FAILED;
    void *mapping = MAP_FAILED;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
        mapping = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        *ret_n = (size_t)info.st_size;
    } else {
        errno = 0;
    }
    close(fd);
    return mapping;
}

cr_status cr_roads_open(const char *roads_path, cr_roads **ret_roads, char *message, size_t size)
{
    size_t n = 0;
    const char *reason = NULL;
    void *mapping = map_file(roads_path, &n);
    if (mapping == MAP_FAILED) {
        snprintf(message, size, "%s: %s", roads_path, errno ? strerror(errno) : "is not a .roads file");
        return CR_E_INPUT;
    }
    cr_roads *roads = calloc(1, sizeof *roads);
    cr_status st = roads ? roads_view(mapping, n, roads, &reason) : CR_E_NOMEM;
    if (st) {
        if (reason && st == CR_E_INPUT)
            snprintf(message, size, "%s: %s", roads_path, reason);
        munmap(mapping, n);
        free(roads);
        return st;
    }
    roads->mapping = mapping;
    roads->mapping_bytes = n;
    *ret_roads = roads;
    return CR_OK;
}

cr_roads *cr_roads_free(cr_roads *roads)
{
    if (roads && roads->mapping)
        munmap(roads->mapping, roads->mapping_bytes);
    free(roads);
    return NULL;
}

bool cr_roads_has_mode(const cr_roads *roads, int32_t mode)
{
    return roads->header.modes[mode].n_states > 0;
}

int64_t cr_roads_timestamp_s(const cr_roads *roads)
{
    return roads->header.timestamp_s;
}

int64_t cr_roads_checksum(const cr_roads *roads)
{
    return (int64_t)roads->header.checksum;
}

int32_t cr_roads_n_periods(const cr_roads *roads, int32_t mode)
{
    return (int32_t)roads->header.modes[mode].n_periods;
}

const cr_road_period *cr_roads_period(const cr_roads *roads, int32_t mode, int32_t period)
{
    assert(period >= 0 && period < cr_roads_n_periods(roads, mode));
    return &roads->modes[mode].periods[period];
}

int32_t cr_roads_find_period(const cr_roads *roads, int32_t mode, const char *name)
{
    for (int32_t k = 0; k < cr_roads_n_periods(roads, mode); k++)
        if (strcmp(cr_roads_period(roads, mode, k)->name, name) == 0)
            return k;
    return CR_NONE;
}
