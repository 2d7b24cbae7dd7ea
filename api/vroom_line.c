/* The line of a round on the map: Google's encoded polyline. */
#include "vroom_walk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define POLYLINE_SCALE   1e5 /* five digits */
#define LINE_TOLERANCE_M 10

/* Google's algorithm: five digits, differences, five bits a character. */
static void encode(FILE *out, double degrees, int64_t *before)
{
    int64_t now = llround(degrees * POLYLINE_SCALE), step = now - *before;
    uint64_t bits = step < 0 ? ~((uint64_t)step << 1) : (uint64_t)step << 1;
    *before = now;
    for (; bits >= 32; bits >>= 5)
        fputc((int)((32 | (bits & 31)) + 63), out);
    fputc((int)(bits + 63), out);
}

typedef struct pen {
    FILE *out;
    int64_t lat, lon;
} pen;

static void draw(pen *p, double lat_deg, double lon_deg)
{
    encode(p->out, lat_deg, &p->lat);
    encode(p->out, lon_deg, &p->lon);
}

/* The way along the roads, or a straight line where there are none. */
static cr_status draw_leg(const vroom_input *in, const vroom_table *table, cr_road_finder *finder, int32_t from,
                          int32_t to, pen *p)
{
    const cr_road_position *line = NULL;
    int32_t n = 0;
    cr_status st = CR_OK;
    if (finder) {
        cr_road_snap snaps[2];
        cr_place ends[2] = {in->places[from], in->places[to]};
        cr_roads_snap(in->roads, table->road_mode, ends, 2, snaps);
        st = cr_road_finder_find(finder, &snaps[0], &snaps[1], LINE_TOLERANCE_M, &line, &n);
    }
    for (int32_t i = 0; !st && i < n; i++)
        draw(p, line[i].lat_deg, line[i].lon_deg);
    draw(p, in->places[to].lat_deg, in->places[to].lon_deg);
    return st;
}

static cr_status draw_round(const vroom_input *in, const vroom_walk *w, pen *p)
{
    const vroom_table *table = &in->tables[in->vehicles[w->shift->carer].profile];
    cr_auto(cr_road_finder) finder = NULL;
    cr_status st =
        table->road_mode == CR_NONE ? CR_OK : cr_road_finder_new(in->roads, table->road_mode, CR_NONE, &finder);
    int32_t at = w->shift->start_place;
    if (at != CR_NONE)
        draw(p, in->places[at].lat_deg, in->places[at].lon_deg);
    for (int32_t k = 0; !st && k <= w->n; k++) {
        int32_t to = k < w->n ? vroom_walk_place(w, k) : w->shift->end_place;
        if (to == CR_NONE || to == at)
            continue;
        if (at == CR_NONE)
            draw(p, in->places[to].lat_deg, in->places[to].lon_deg);
        else
            st = draw_leg(in, table, finder, at, to, p);
        at = to;
    }
    return st;
}

cr_status vroom_put_geometry(const vroom_input *in, const vroom_walk *w, json_t *route)
{
    char *text = NULL;
    size_t size = 0;
    pen p = {open_memstream(&text, &size), 0, 0};
    if (!p.out)
        return CR_E_NOMEM;
    cr_status st = draw_round(in, w, &p);
    if (fclose(p.out))
        st = CR_E_NOMEM;
    if (!st && json_object_set_new(route, "geometry", json_string(text)))
        st = CR_E_NOMEM;
    free(text);
    return st;
}
