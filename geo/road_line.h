/* Lines: pieces of segments put together, and made simpler. */
#ifndef GEO_ROAD_LINE_H
#define GEO_ROAD_LINE_H

#include "roads_file.h"

typedef struct road_line {
    cr_road_position *at;
    size_t n, room;
    uint8_t *is_kept; /* scratch of road_line_simplify() */
    size_t kept_room;
} road_line;

/* Append the part of a segment from one fraction of its length to another, backward if from > to. */
cr_status road_line_add(road_line *line, const struct cr_roads *roads, uint32_t segment, double from, double to);

/* Leave out points within tolerance_m of the line between those that stay. */
cr_status road_line_simplify(road_line *line, double tolerance_m);

void road_line_done(road_line *line);

#endif
