/* The timetable of one day inside: lines of trips that do not overtake, and what leads from stop to stop.
 *
 * Made by transit_build.c of what transit_days.c has found to run, constant from then on, searched by transit.c.
 */
#ifndef GEO_TRANSIT_H
#define GEO_TRANSIT_H

#include "careround/transit.h"

/* Trips along the same stops, each later than the one before at every stop. The times of trip t at position p are at
 * first_time + t * n_stops + p. */
typedef struct transit_line {
    int32_t first_stop, n_stops, n_trips;
    size_t first_time;
    size_t name; /* of its route, in text */
} transit_line;

typedef struct transit_at {
    int32_t line, position;
} transit_at;

typedef struct transit_path {
    int32_t from, to, time_s;
} transit_path;

struct cr_transit {
    cr_transit_counts counts;
    char *text;
    size_t *stop_name;
    cr_place *places;
    int32_t *change_s; /* at the stop; CR_NO_WAY: not possible */
    transit_line *lines;
    int32_t *line_stops;
    bool *may_board, *may_alight; /* beside line_stops */
    int32_t *arrive_s, *depart_s;
    int32_t *first_call; /* by stop, and one more: where its calls begin */
    transit_at *calls;
    int64_t *first_path; /* by stop, and one more */
    transit_path *paths;
};

cr_transit *cr_transit_free(cr_transit *transit);
CR_AUTO_DEFINE(cr_transit)

#endif
