/* Polygons that cut a map: Osmosis .poly files and GeoJSON. */
#ifndef API_READ_POLYGON_H
#define API_READ_POLYGON_H

#include "careround/roads.h"
#include "findings.h"

typedef struct polygon_rings {
    cr_road_polygon polygon;
    size_t at_room, first_room;
} polygon_rings;

/* Everything wrong is a finding, also that there is no ring. Other statuses as text_file_read(). ret_rings is empty or
 * sound, and the caller's in any case. */
cr_status polygon_read_file(const char *path, polygon_rings *ret_rings, findings_book *findings);

/* The same for text of size bytes, NUL after them, that name stands for. */
cr_status polygon_read_text(const char *name, const char *text, size_t size, polygon_rings *ret_rings,
                            findings_book *findings);
void polygon_rings_done(polygon_rings *rings);

#endif
